from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from productloop.learning.constant import ConstantModel
from productloop.learning.metrics import accuracy, log_loss
from productloop.learning.splitting import stratified_folds
from productloop.learning.text_classifier import TEXT_RECIPES, TextLettersModel
from productloop.learning.text_features import letter_runs
from productloop.testing import PICKLE_SUFFIXES
from productloop.text.duplicates import level

GOOD = ["很好用", "非常方便", "喜欢这个软件", "速度很快", "works great", "love this app", "easy and quick", "so helpful"]
BAD = ["闪退打不开", "垃圾软件", "一直卡死", "登录不上去", "keeps crashing", "useless app", "slow and broken", "cannot log in"]
ENDS = ["", "！", "，今天", "，iPhone 上", " again", " today", "，更新之后", " on my phone"]


def planted() -> tuple[np.ndarray, np.ndarray]:
    texts = [sentence + end for sentence in (*GOOD, *BAD) for end in ENDS]
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array, np.array([1] * len(GOOD) * len(ENDS) + [0] * len(BAD) * len(ENDS))


def fitted(texts: np.ndarray, outcomes: np.ndarray, seed: int = 0) -> TextLettersModel:
    model = TextLettersModel()
    model.fit(texts, outcomes, None, seed)
    return model


def test_chinese_gives_characters_and_english_gives_pieces_of_words() -> None:
    assert set(letter_runs("闪退")) == {"闪", "退", "闪退"}
    assert set(letter_runs("Bad")) == {" b", "ba", "ad", "d ", " ba", "bad", "ad ", " bad", "bad ", " bad "}
    assert letter_runs("ＡＰＰ闪退") == letter_runs("app闪退")
    assert letter_runs("   ")[" "] == 0


def test_separates_what_is_separable_and_stays_a_probability() -> None:
    texts, outcomes = planted()
    predicted = fitted(texts, outcomes).predict(texts)
    assert predicted.shape == (len(texts), 2)
    assert np.allclose(predicted.sum(axis=1), 1.0)
    assert accuracy(outcomes, predicted) > 0.95
    assert fitted(texts, outcomes).predict(np.array(["", "☂☂☂"], dtype=object)).shape == (2, 2)


def test_saved_and_loaded_predicts_the_same_bytes_without_pickle(tmp_path: Path) -> None:
    texts, outcomes = planted()
    model = fitted(texts, outcomes)
    model.save(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.suffix in PICKLE_SUFFIXES]
    again = TextLettersModel.load(tmp_path)
    assert np.array_equal(model.predict(texts), again.predict(texts))
    assert np.array_equal(model.predict(texts[:1]), again.predict(texts)[:1])


def test_neither_order_nor_a_second_fit_changes_it() -> None:
    texts, outcomes = planted()
    order = np.random.default_rng(1).permutation(len(texts))
    first, second = fitted(texts, outcomes).predict(texts), fitted(texts[order], outcomes[order]).predict(texts)
    assert np.array_equal(first, fitted(texts, outcomes).predict(texts))
    assert np.allclose(first, second, atol=1e-6)


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_hardly_any_rows(rows: int) -> None:
    texts, outcomes = planted()
    picked = np.linspace(0, len(texts) - 1, rows).astype(int)
    predicted = fitted(texts[picked], outcomes[picked]).predict(texts[:3])
    assert predicted.shape == (3, 2)
    assert np.isfinite(predicted).all()


def test_one_class_is_likely_and_the_other_not_impossible() -> None:
    texts, _ = planted()
    predicted = fitted(texts, np.ones(len(texts), dtype=int)).predict(texts[:4])
    assert (predicted[:, 1] > 0.9).all()
    assert (predicted[:, 0] > 0).all()


def test_three_classes() -> None:
    texts, _ = planted()
    assert fitted(texts, np.arange(len(texts)) % 3).predict(texts[:5]).shape == (5, 3)


def test_nothing_is_learned_from_shuffled_labels() -> None:
    texts, outcomes = planted()
    shuffled = np.random.default_rng(4).permutation(outcomes)
    train, test = np.arange(0, len(texts), 2), np.arange(1, len(texts), 2)
    model, baseline = fitted(texts[train], shuffled[train]), ConstantModel()
    baseline.fit(texts[train], shuffled[train], None, 0)  # type: ignore[arg-type]
    assert log_loss(shuffled[test], model.predict(texts[test])) > 0.9 * log_loss(shuffled[test], baseline.predict(texts[test]))  # type: ignore[arg-type]


def test_the_baseline_comes_first_and_predicting_needs_no_scikit_learn(tmp_path: Path) -> None:
    assert [recipe.name for recipe in TEXT_RECIPES] == ["constant", "text_letters", "text_blend"]
    texts, outcomes = planted()
    fitted(texts, outcomes).save(tmp_path)
    program = (
        "import sys, pathlib, numpy as np\nfrom productloop.learning.text_classifier import TextLettersModel\n"
        f"TextLettersModel.load(pathlib.Path({str(tmp_path)!r})).predict(np.array(['闪退'], dtype=object))\nassert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.shared
def test_food_delivery_reviews(shared_data) -> None:  # type: ignore[no-untyped-def]
    with shared_data("waimai_10k/waimai_10k.csv").open(encoding="utf-8") as file:
        rows = [(row["review"], int(row["label"])) for row in csv.DictReader(file)][::4]
    texts, outcomes = np.array([text for text, _ in rows], dtype=object), np.array([label for _, label in rows])
    groups = np.unique(np.array([level(text) for text in texts], dtype=str), return_inverse=True)[1]
    fold = stratified_folds(outcomes, 5, 0, groups=groups)[0]
    predicted = fitted(texts[fold.train], outcomes[fold.train]).predict(texts[fold.test])
    assert accuracy(outcomes[fold.test], predicted) > 0.84
