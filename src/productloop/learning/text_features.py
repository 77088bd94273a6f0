"""Texts as features: runs of letters and words weighed by TF-IDF, sentence vectors, and marks that need no labels.

Runs: those of `text_classifier` (1-3 Chinese characters; 2-5 letters within a word of another script) and, beside them, words and pairs of
neighbouring words, as Wang and Manning found for sentiment and topics (2012, "Baselines and bigrams", ACL). The weight of a run is
(1 + log count) * (1 + log((1 + n) / (1 + texts with it))) (Manning, Raghavan and Schutze, Introduction to Information Retrieval, 6.4),
scaled to length 1 within letters and within words, so that neither side drowns the other.

A text alone and among others gets the same numbers to the byte: sums go text by text, and matrix products always have the same number of
rows (`in_equal_blocks`), since a product rounds differently with the number of rows.

Vectors: of the default sentence encoder. The last ones are remembered, since encoding is most of the cost. A text encoded among others
may differ from the text alone by a rounding step (3e-5), so its prediction may in the fifth digit.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, pairwise, repeat
from operator import add
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from productloop.text.cleaning import to_half_width
from productloop.text.cold_start import LABELS, SetName, chances
from productloop.text.cues import NUM_CUES, cues
from productloop.text.encoders import DEFAULT_ENCODER, encode, resolve_encoder
from productloop.text.tokens import words

Floats = NDArray[np.float64]

HAN_RUNS, LETTER_RUNS = (1, 3), (2, 5)
MIN_TEXTS = 2
"""Runs that stand in fewer texts than this are left out, once there are 200 texts: they cannot be told from chance."""
MAX_FEATURES = 200_000
MAX_LETTERS = 2_000
"""What stands later in a text is not read; one pasted log must not outweigh all others in time."""
LEAST_LENGTH = 1e-6
"""Vectors nearer to their mean than this are taken as the same."""
EQUAL_ROWS = 16
"""Rows of every matrix product in predictions; more waste time on a text alone, fewer on many."""
REMEMBERED_VECTORS = 50_000
"""Vectors kept in memory by `vectors_of`: 2 KB each."""

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_BLANKS = re.compile(r"\s+")
_TURN = re.compile(r"一般|还行|凑合|但|不过|就是|可惜|\b(?:but|however|although)\b", re.IGNORECASE)
COLD_SETS: tuple[SetName, ...] = ("sentiment", "type")
NUM_MARKS = NUM_CUES + 7 + sum(len(LABELS[name]) for name in COLD_SETS)
"""Columns of `described`."""


def plain_letters(text: str) -> str:
    """Half width, without case, one blank between words, at most MAX_LETTERS."""
    return _BLANKS.sub(" ", to_half_width(text).casefold())[:MAX_LETTERS].strip()


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in the text."""
    return _HAN.search(text) is not None


def letter_runs(text: str) -> Counter[str]:
    """Runs of letters of one text with their counts."""
    plain = plain_letters(text)
    runs: Counter[str] = Counter()
    if _HAN.search(plain):
        found = list(plain)
        for size in range(1, HAN_RUNS[1] + 1):
            if size >= HAN_RUNS[0]:
                runs.update(found)
            found = list(map(add, found, plain[size:]))  # each run and the letter behind it
        return runs
    runs.update(chain.from_iterable(map(_runs_in_word, plain.split(" "))))
    return runs


@lru_cache(maxsize=20_000)
def _runs_in_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    sizes = range(LETTER_RUNS[0], min(LETTER_RUNS[1], len(padded)) + 1)
    return tuple(padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1))


def word_runs(text: str) -> Counter[str]:
    """Words and pairs of neighbouring words of one text with their counts; Chinese is cut by the dictionary."""
    found = words(text[:MAX_LETTERS])
    return Counter(found + [f"{first} {second}" for first, second in pairwise(found)])


class Features(NamedTuple):
    """Known runs of texts, text by text: owner (n,) number of the text, number (n,) of the run, value (n,) its weight."""

    owners: NDArray[np.int64]
    numbers: NDArray[np.int64]
    values: Floats

    def sums(self, weights: NDArray[Any], num_texts: int) -> Floats:
        """(num_texts, k) sum over a text's runs of value * weights (n, k)."""
        total = np.zeros((num_texts, weights.shape[1]))
        if len(self.owners):
            starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
            total[self.owners[starts]] = np.add.reduceat(self.values[:, None] * weights, starts, axis=0)
        return total


def joined(first: Features, second: Features, num_first: int) -> Features:
    """Both kinds of runs of the same texts, text by text; numbers of the second kind go on from `num_first`."""
    owners = np.concatenate([first.owners, second.owners])
    order = np.argsort(owners, kind="stable")
    numbers = np.concatenate([first.numbers, second.numbers + num_first])
    return Features(owners[order], numbers[order], np.concatenate([first.values, second.values])[order])


def in_equal_blocks(product: Callable[[Floats], Floats], rows: Floats) -> Floats:
    """`product` of (n, d) rows, computed on blocks of EQUAL_ROWS rows, the last one filled with zeros; n = 0 gives the shape, too."""
    padded = np.zeros((max(1, -(-len(rows) // EQUAL_ROWS)) * EQUAL_ROWS, rows.shape[1]))
    padded[: len(rows)] = rows
    blocks = [product(padded[start : start + EQUAL_ROWS]) for start in range(0, len(padded), EQUAL_ROWS)]
    return np.concatenate(blocks)[: len(rows)]


class RunWeights:
    """Feature numbers and inverse document frequencies of one kind of runs."""

    def __init__(self, runs: Sequence[str], idf: Floats) -> None:
        self.runs = {run: number for number, run in enumerate(runs)}
        self.idf = idf

    def features(self, counted: Sequence[Counter[str]]) -> Features:
        """Of texts, each of length 1; a text without any known run has none."""
        numbers: list[int] = []
        counts: list[int] = []
        for runs in counted:
            numbers.extend(map(self.runs.get, runs, repeat(-1)))
            counts.extend(runs.values())
        found = np.array(numbers, dtype=np.int64)
        known = found >= 0
        owners, found = np.repeat(np.arange(len(counted)), [len(runs) for runs in counted])[known], found[known]
        values = (1.0 + np.log(np.array(counts, dtype=np.float64)[known])) * self.idf[found]
        squares = np.bincount(owners, values**2, len(counted))
        return Features(owners, found, values / np.sqrt(squares[owners]))

    def matrix(self, counted: Sequence[Counter[str]]) -> Any:
        """(n, features) sparse rows."""
        from scipy import sparse

        owners, numbers, values = self.features(counted)
        starts = np.searchsorted(owners, np.arange(len(counted) + 1))
        rows = sparse.csr_matrix((values, numbers, starts), shape=(len(counted), len(self.runs)))
        rows.sort_indices()
        return rows


def learn_runs(counted: Sequence[Counter[str]]) -> RunWeights:
    """Keep the runs that stand in enough of these texts, most frequent first where there are too many."""
    in_texts: Counter[str] = Counter()
    for runs in counted:
        in_texts.update(runs.keys())
    least = MIN_TEXTS if len(counted) >= 200 else 1
    kept = sorted((run for run, count in in_texts.items() if count >= least), key=lambda run: (-in_texts[run], run))[:MAX_FEATURES]
    kept.sort()
    shared = np.array([in_texts[run] for run in kept], dtype=np.float64)
    return RunWeights(kept, 1.0 + np.log((1.0 + len(counted)) / (1.0 + shared)))


class Centred:
    """Vectors around the mean of the training, the mean square of their length 1: some encoders keep all texts in a narrow cone
    (Ethayarajh 2019, "How contextual are contextualized word representations?", EMNLP), where a kernel sees no difference.
    """

    def __init__(self, mean: Floats, scale: float) -> None:
        self.mean, self.scale = mean, scale

    def points(self, vectors: Floats) -> Floats:
        """(n, d) of (n, d) vectors."""
        return (vectors - self.mean) * self.scale


def learn_centre(vectors: Floats) -> Centred:
    """Mean and scale of (n, d) vectors, n >= 1; vectors that are all the same keep their size."""
    mean = vectors.mean(axis=0)
    length = float(np.sqrt(((vectors - mean) ** 2).sum(axis=1).mean()))
    return Centred(mean, 1.0 / length if length > LEAST_LENGTH else 1.0)


_memory: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
_memory_lock = threading.Lock()


def vectors_of(texts: Sequence[str], encoder_id: str = DEFAULT_ENCODER.id) -> Floats:
    """(n, d) sentence vectors of length 1; those that are not remembered are encoded together."""
    spec = resolve_encoder(encoder_id)
    if len(texts) == 0:
        return np.zeros((0, spec.dimension or 0))
    cut = [text[:MAX_LETTERS] for text in texts]
    with _memory_lock:
        known = {text: _memory[spec.id, text] for text in cut if (spec.id, text) in _memory}
    missing = [text for text in dict.fromkeys(cut) if text not in known]
    if missing:
        fresh = encode(missing, spec)
        known.update(zip(missing, fresh, strict=True))
        remember(missing, fresh, spec.id)
    return np.stack([known[text] for text in cut]).astype(np.float64)


def remember(texts: Sequence[str], vectors: NDArray[np.float32], encoder_id: str = DEFAULT_ENCODER.id) -> None:
    """Give the vectors (n, d) of `texts` to whoever asks `vectors_of` next in this process; the oldest are forgotten."""
    with _memory_lock:
        for text, vector in zip(texts, vectors, strict=True):
            if len(text) <= MAX_LETTERS:
                _memory[encoder_id, text] = vector
        while len(_memory) > REMEMBERED_VECTORS:
            _memory.popitem(last=False)


def described(texts: Sequence[str], vectors: Floats) -> Floats:
    """(n, NUM_MARKS) what can be said of texts without any label; vectors (n, d) are those of the default encoder.

    Columns 0 and 1 are the polarity of the word lists from -1 to 1 (0 without evidence) and whether there is evidence; then the other
    marks of `cues`, how the text is written (length, ! and ?, dots, digits, capitals, a word that turns the sentence), and the chances
    of `cold_start` for feelings and kinds of feedback as centred logarithms, a quarter of them so that all columns have one scale.
    """
    cut = [text[:MAX_LETTERS] for text in texts]
    marks = cues(cut)
    written = np.array([_written(text) for text in cut]).reshape(len(cut), -1 if cut else 7)
    cold = [_cold_marks(name, vectors, marks) for name in COLD_SETS]
    return np.hstack([marks[:, :1], 1.0 - marks[:, 2:3], marks[:, 1:2], marks[:, 3:], written, *cold])


def _cold_marks(name: SetName, vectors: Floats, marks: Floats) -> Floats:
    """(n, labels) centred logarithms of the chances of a set, a quarter of them."""
    width = vectors.shape[1]

    def judged(both: Floats) -> Floats:
        return chances(name, [""] * len(both), both[:, :width].astype(np.float32), both[:, width:])

    found = np.zeros((len(vectors), len(LABELS[name])))
    for rows in (vectors.any(axis=1), ~vectors.any(axis=1)):  # without a vector the words decide alone
        if rows.any():
            found[rows] = in_equal_blocks(judged, np.hstack([vectors[rows], marks[rows]]))
    logs = np.log(np.maximum(found, 1e-4))
    return np.asarray((logs - logs.mean(axis=1, keepdims=True)) / 4, dtype=np.float64)


def _written(text: str) -> list[float]:
    plain = _BLANKS.sub(" ", text).strip()
    length, shouts, asks = len(plain), plain.count("!") + plain.count("！"), plain.count("?") + plain.count("？")
    digits, capitals = (sum(map(kind, plain)) / (length + 1) for kind in (str.isdigit, str.isupper))
    dots = float("..." in plain or "…" in plain)
    return [math.log1p(length) / 5, min(shouts, 5) / 5, min(asks, 3) / 3, dots, digits, capitals, float(bool(_TURN.search(plain)))]
