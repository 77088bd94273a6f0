"""A small convolutional network on words in their order, with word vectors that were learned elsewhere: a side of `text_blend`.

Kim 2014, "Convolutional neural networks for sentence classification", EMNLP (arXiv 1408.5882), its static form: filters of one, two and
three words, the strongest answer of each filter in the text, drop-out, one layer on top. The words of a text are its words, numbers and
punctuation marks one by one. Their vectors are sums of the default encoder's vectors of word pieces (before the encoder has seen the
words around), brought down to their main directions in the training, which keep what tells words apart at an eighth of the size.
They are kept in the file, so that a model predicts without the encoder's table; a word that the training lacks has the mean, 0.

Trained as `text_network` is (Adam with decoupled decay, a falling rate); only the window where a filter answers most has a slope.
numpy only. For languages written with blanks: on Chinese characters it added nothing (see the log of what was tried).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from productloop.learning.text_network import DROPPED_UNITS, RATE, TINY, descend
from productloop.text.cleaning import to_half_width
from productloop.text.encoders import DEFAULT_ENCODER, check_weights

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Numbers = NDArray[np.int64]

WIDTHS = (1, 2, 3)
NUM_SLOTS = sum(WIDTHS)
"""A filter of w words has w slots, each as long as a word's vector."""
NUM_DIRECTIONS, NUM_FILTERS, NUM_EPOCHS, BATCH_TEXTS = 64, 64, 12, 64
DECAY, DROPPED_WORDS = 1e-3, 0.2
LEAST_EPOCHS, MOST_SEEN_WORDS = 2, 1_000_000
"""Many or long texts are gone through less often, until about so many words were seen; a limit of time, not tried for its own sake."""
MOST_WORDS, MOST_IN_TEXT = 10_000, 160
"""Words kept in the file, the most frequent first; words of a text that are read."""
BATCHES_SORTED = 20
"""Batches whose texts are sorted by length together, so that little is padded."""

_WORD = re.compile("[\u3400-\u9fff\U00020000-\U000323af]|[^\\W_\u3400-\u9fff]+|[^\\w\\s]")


def cut_words(text: str) -> list[str]:
    """Words, Chinese characters and punctuation marks in order."""
    return _WORD.findall(to_half_width(text).casefold())[:MOST_IN_TEXT]


class Vocabulary:
    """Words and their vectors: word number n stands in row n; row 0 is every other word."""

    def __init__(self, words: Sequence[str], table: NDArray[np.float16]) -> None:
        """Words (w,) for the rows from 1 on of `table` (1 + w, d)."""
        self.words, self.table = list(words), table
        self.numbers = {word: number for number, word in enumerate(words, start=1)}

    def lines(self, texts: Sequence[str]) -> Lines:
        """Word numbers of each text; a text without words has one unknown word."""
        get = self.numbers.get
        return Lines([np.array([get(word, 0) for word in cut_words(text)] or [0], dtype=np.int64) for text in texts], self.table)


class Lines:
    """Texts as word numbers, with the vectors of the words; rows are picked as from an array."""

    def __init__(self, numbers: list[Numbers], table: NDArray[np.float16]) -> None:
        self.numbers, self.table = numbers, table

    def __getitem__(self, rows: NDArray[np.intp]) -> Lines:
        return Lines([self.numbers[row] for row in rows], self.table)


def learn_vocabulary(texts: Sequence[str]) -> Vocabulary:
    """The most frequent words of the training and their vectors along the main directions of what stands there."""
    in_texts: Counter[str] = Counter()
    for text in texts:
        in_texts.update(cut_words(text))
    kept = sorted(in_texts, key=lambda word: (-in_texts[word], word))[:MOST_WORDS]
    kept.sort()
    if not kept:
        return Vocabulary([], np.zeros((1, 1), dtype=np.float16))
    vectors = _piece_vectors(kept)
    share = np.sqrt(np.array([in_texts[word] for word in kept], dtype=np.float64))
    vectors -= share @ vectors / share.sum()
    weighed = vectors * share[:, None]
    values, directions = np.linalg.eigh(weighed.T @ weighed / (share @ share))
    main = np.argsort(-values, kind="stable")[:NUM_DIRECTIONS]
    scale = float(np.sqrt(max(values[main].mean(), float(TINY))))
    table = np.vstack([np.zeros((1, len(main))), vectors @ directions[:, main] / scale])
    return Vocabulary(kept, table.astype(np.float16))


def _piece_vectors(words: Sequence[str]) -> Floats:
    """(n, 512) sums of the default encoder's vectors of the pieces of each word."""
    check_weights(DEFAULT_ENCODER)
    resources = files(DEFAULT_ENCODER.ref) / "resources"
    with as_file(resources / "sp.model") as path:
        cut = import_module(f"{DEFAULT_ENCODER.ref}.tokenizer").UseTokenizer(str(path)).encode
    pieces = [np.array(cut(word, out_type=int), dtype=np.int64) for word in words]
    flat, owner = np.concatenate(pieces), np.repeat(np.arange(len(words)), [len(its) for its in pieces])
    found = np.zeros((len(words), DEFAULT_ENCODER.dimension or 0))
    with as_file(resources / "weights.npz") as path, np.load(path, allow_pickle=False) as arrays:
        lowest, scale = arrays["lo"].astype(np.float64), arrays["scale"].astype(np.float64)
        for part in range(len(scale)):  # piece p stands in row p // parts of table p % parts, as bytes between two values
            here = flat % len(scale) == part
            rows = arrays[f"q{part + 1}"][flat[here] // len(scale)] * scale[part] + lowest[part]
            np.add.at(found, owner[here], rows)
    return found


class Convolution:
    """One score for each class: the strongest answers of the filters, weighed."""

    def __init__(self, table: NDArray[np.float16], filters: Singles, bias: Singles, last: Floats, last_bias: Floats) -> None:
        """(1 + words, d), (d, slots * filters), (widths * filters,), (widths * filters, k), (k,)"""
        self.table, self.filters, self.bias, self.last, self.last_bias = table, filters, bias, last, last_bias
        self._answers: Singles | None = None

    def scores(self, lines: Lines) -> Floats:
        """(n, k) scores of n texts. A text is looked at by itself, so its scores do not depend on the others."""
        if self._answers is None:
            self._answers = self.table.astype(np.float32) @ self.filters  # of every filter's slot to every word, once
        found = np.zeros((len(lines.numbers), len(self.bias)), dtype=np.float32)
        for row, numbers in enumerate(lines.numbers):
            found[row] = _strongest(self._answers[numbers][None], None)[0][0]
        kept = np.maximum(found + self.bias, 0.0).astype(np.float64)
        weighed = [np.add.reduce(kept * its, axis=1) for its in self.last.T]  # sums, no matrix product
        return np.stack(weighed, axis=1) + self.last_bias


def _strongest(answers: Singles, empty: NDArray[np.bool_] | None) -> tuple[Singles, Numbers]:
    """(b, widths * filters) strongest answers and where in the text, of the slots' answers (b, words, slots * filters).

    `empty` (b, words) says which places are behind the end of the text, where no window starts.
    """
    num_filters, slot = answers.shape[2] // NUM_SLOTS, 0
    values, places = [], []
    for width in WIDTHS:
        total = answers[:, :, slot * num_filters : (slot + 1) * num_filters].copy()
        for step in range(1, width):
            total[:, :-step] += answers[:, step:, (slot + step) * num_filters : (slot + step + 1) * num_filters]
        if empty is not None:
            total[empty] = -np.inf
        place = total.argmax(axis=1)
        values.append(np.take_along_axis(total, place[:, None], axis=1)[:, 0])
        places.append(place)
        slot += width
    return np.concatenate(values, axis=1), np.concatenate(places, axis=1)


def fit_convolution(lines: Lines, codes: NDArray[np.intp], weight: Floats, seed: int) -> Convolution:
    """Log-loss of n texts with classes (n,) 0 .. k - 1; rare classes count more, by the root of how rare they are."""
    num_classes = int(codes.max()) + 1
    share = (weight / np.sqrt(np.bincount(codes, weight, num_classes))[codes]).astype(np.float32)
    share /= share.mean()
    truth, random = np.eye(num_classes, dtype=np.float32)[codes], np.random.default_rng((seed, len(WIDTHS)))
    table = lines.table.astype(np.float32)
    layers = _first_layers(table.shape[1], num_classes, random)
    running = [(np.zeros_like(one), np.zeros_like(one)) for one in layers]
    lengths = np.array([len(numbers) for numbers in lines.numbers])
    num_epochs = min(NUM_EPOCHS, max(LEAST_EPOCHS, MOST_SEEN_WORDS // int(lengths.sum())))
    num_steps, step = num_epochs * -(-len(codes) // BATCH_TEXTS), 0
    for _ in range(num_epochs):
        for rows in _batches(lengths, random):
            words = np.zeros((len(rows), lengths[rows].max()), dtype=np.int64)
            for place, row in enumerate(rows):
                words[place, : lengths[row]] = lines.numbers[row]
            words[random.random(words.shape) < DROPPED_WORDS] = 0
            empty = np.arange(words.shape[1]) >= lengths[rows][:, None]
            slopes = _slopes(layers, table[words], empty, truth[rows], share[rows, None] / np.float32(len(rows)), random)
            step += 1
            rate = RATE * (1.0 - step / (num_steps + 1))
            descend(layers, running, slopes, rate, DECAY, step)
    filters, bias, last, last_bias = layers
    exact, exact_bias = last.astype(np.float64), last_bias.astype(np.float64)
    # the scores of a text sum to 0, as those of the other sides do
    return Convolution(lines.table, filters, bias, exact - exact.mean(axis=1, keepdims=True), exact_bias - exact_bias.mean())


def _first_layers(width: int, num_classes: int, random: np.random.Generator) -> list[Singles]:
    """Filters, their biases, last weights, their biases; a filter's answers have the same spread whatever its width."""
    slots = [random.normal(size=(width, NUM_FILTERS)) / np.sqrt(2 * its * width) for its in WIDTHS for _ in range(its)]
    num_units = len(WIDTHS) * NUM_FILTERS
    last = random.normal(size=(num_units, num_classes)) / 20
    drawn = (np.concatenate(slots, axis=1), np.zeros(num_units), last, np.zeros(num_classes))
    return [one.astype(np.float32) for one in drawn]


def _batches(lengths: Numbers, random: np.random.Generator) -> list[NDArray[np.intp]]:
    """All rows in random batches of about the same length."""
    shuffled, size = random.permutation(len(lengths)), BATCHES_SORTED * BATCH_TEXTS
    parts = [shuffled[start : start + size] for start in range(0, len(lengths), size)]
    ordered = np.concatenate([part[np.argsort(lengths[part], kind="stable")] for part in parts])
    batches = [ordered[start : start + BATCH_TEXTS] for start in range(0, len(ordered), BATCH_TEXTS)]
    return [batches[place] for place in random.permutation(len(batches))]


def _slopes(
    layers: list[Singles], inputs: Singles, empty: NDArray[np.bool_], truth: Singles, share: Singles, random: np.random.Generator
) -> list[Singles]:
    """Slope of the loss by each layer for some texts, inputs (b, words, d), with some units dropped."""
    filters, bias, last, last_bias = layers
    answers = (inputs.reshape(-1, inputs.shape[2]) @ filters).reshape(*inputs.shape[:2], -1)
    strongest, places = _strongest(answers, empty)
    strongest += bias
    kept = (random.random(strongest.shape, dtype=np.float32) >= DROPPED_UNITS).astype(np.float32) / np.float32(1.0 - DROPPED_UNITS)
    open_units = kept * (strongest > 0)
    units = strongest * open_units
    scores = units @ last + last_bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    error = (raised / raised.sum(axis=1, keepdims=True) - truth) * share
    back = (error @ last.T) * open_units
    num_filters, column, parts = filters.shape[1] // NUM_SLOTS, 0, []
    texts, num_words = np.arange(len(inputs))[:, None], inputs.shape[1]
    for width in WIDTHS:
        its = slice(column, column + num_filters)
        for step in range(width):
            where = places[:, its] + step
            inside = where < num_words
            seen = inputs[texts, np.minimum(where, num_words - 1)]  # (b, filters, d)
            parts.append(np.einsum("bfd,bf->df", seen, back[:, its] * inside))
        column += num_filters
    return [np.concatenate(parts, axis=1), back.sum(axis=0), units.T @ error, error.sum(axis=0)]
