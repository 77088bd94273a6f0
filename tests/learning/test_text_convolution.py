from __future__ import annotations

import numpy as np
import pytest

from productloop.learning import text_convolution
from productloop.learning.text_convolution import (
    MOST_IN_TEXT,
    NUM_FILTERS,
    WIDTHS,
    Lines,
    Vocabulary,
    cut_words,
    fit_convolution,
    learn_vocabulary,
)

TABLE = np.random.default_rng(0).normal(size=(9, 6)).astype(np.float16)
TABLE[0] = 0


def in_order(num_texts: int, seed: int) -> tuple[Lines, np.ndarray]:
    """Texts with the words 1 and 2 side by side among others; only which of the two comes first says the class."""
    random = np.random.default_rng(seed)
    codes = random.integers(0, 2, num_texts)
    numbers = []
    for code in codes:
        text = random.integers(3, 9, random.integers(0, 7)).tolist()
        place = random.integers(0, len(text) + 1)
        numbers.append(np.array(text[:place] + ([1, 2] if code else [2, 1]) + text[place:], dtype=np.int64))
    return Lines(numbers, TABLE), codes.astype(np.intp)


def test_words_marks_and_characters_one_by_one() -> None:
    assert cut_words("Can't OPEN it!! 打不开v2") == ["can", "'", "t", "open", "it", "!", "!", "打", "不", "开", "v2"]
    assert cut_words(" \n_") == []
    assert len(cut_words("a " * 500)) == MOST_IN_TEXT


def test_the_order_of_words_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, codes = in_order(800, 1)
    side = fit_convolution(lines, codes, np.ones(len(codes)), 0)
    assert side.bias.shape == (len(WIDTHS) * NUM_FILTERS,)
    fresh, truth = in_order(300, 2)
    scores = side.scores(fresh)
    assert (scores.argmax(axis=1) == truth).mean() > 0.95
    assert np.allclose(scores.sum(axis=1), 0.0, atol=1e-5)
    alone = [side.scores(fresh[np.array([row])])[0] for row in range(20)]
    assert np.array_equal(scores[:20], np.stack(alone))
    monkeypatch.setattr(text_convolution, "NUM_EPOCHS", 1)
    first, again = (fit_convolution(lines, codes, np.ones(len(codes)), 3).scores(fresh) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_a_window_never_starts_behind_the_end() -> None:
    """The strongest answers of a text in a padded batch are those of the text alone."""
    answers = np.random.default_rng(4).normal(size=(1, 3, sum(WIDTHS) * 5)).astype(np.float32) - 9
    padded = np.concatenate([answers, np.zeros((1, 4, answers.shape[2]), dtype=np.float32)], axis=1)
    alone = text_convolution._strongest(answers, None)
    among = text_convolution._strongest(padded, np.arange(7)[None] >= 3)
    assert np.array_equal(alone[0], among[0])
    assert np.array_equal(alone[1], among[1])


def test_unknown_words_and_no_words() -> None:
    vocabulary = Vocabulary(["good", "!"], TABLE[:3])
    assert [its.tolist() for its in vocabulary.lines(["Good, good!", "", "never seen"]).numbers] == [[1, 0, 1, 2], [0], [0, 0]]


def test_words_alike_stand_near_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of the encoder is read as it is written: pieces of other rows would be alike by chance only."""
    good, great, shout, ask, nothing = text_convolution._piece_vectors(["good", "great", "!", "?", ""])
    good, great, shout, ask = (its / np.linalg.norm(its) for its in (good - nothing, great - nothing, shout - nothing, ask - nothing))
    assert good @ great > max(good @ shout, great @ shout, good @ ask, great @ ask) + 0.2
    monkeypatch.setattr(text_convolution, "_piece_vectors", lambda words: np.ones((len(words), 8)))
    assert not learn_vocabulary(["all words alike"]).table.any()
    assert learn_vocabulary(["", " "]).lines(["x"]).numbers[0].tolist() == [0]
