"""needs.label: answers of people become a task with a Card, a gate and a live release; planted matters are learned, chance is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run

from productloop.apps.needs import APP
from productloop.apps.needs._label_question import is_check, question_of
from productloop.apps.needs.actions import LABEL as LABEL_ACTION
from productloop.apps.needs.label_report import page
from productloop.apps.needs.label_tasks import ERROR, LABEL, MIN_NEW, MIN_ROWS, suggest_labels
from productloop.apps.needs.label_types import LabelReport, LabelRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import tasks_of
from productloop.loop.action import perform
from productloop.loop.release import card_of
from productloop.loop.serve import open_live, predict_row
from productloop.loop.store import Store
from productloop.loop.task import Task
from productloop.loop.train import build_examples, known
from productloop.loop.turn import TurnResult, turn
from productloop.loop.upkeep import erase
from productloop.testing import check_task

QUESTION = "about money"
MONEY = (
    "退款一直没到账",
    "多扣了我的钱",
    "会员太贵了",
    "怎么开发票",
    "the price went up again",
    "I was charged twice",
    "refund never came",
)
OTHER = ("登录总是失败", "界面很好看", "打开就闪退", "希望有深色模式", "crashes on start", "love the new design", "search is very slow")
START, DAY = 1_760_000_000_000_000, 86_400_000_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Texts of which every other one is about money, each by a person of its own, with dates."""
    texts = [f"{text}，{number}" for number in range(8) for pair in zip(MONEY, OTHER, strict=True) for text in pair]
    return feedback_workspace(
        tmp_path,
        {"text": texts, "time": [START + row * DAY for row in range(len(texts))], "author": [f"u{row}" for row in range(len(texts))]},
    )


def answer(store: Store, rows: range, *, by_chance: bool = False, at: int = 1, question: str = QUESTION) -> None:
    draw = np.random.default_rng(1)
    truth = {f"r{row:06d}": ("yes", "no")[row % 2 if not by_chance else int(draw.integers(2))] for row in rows}
    store.state.add_labels(question, list(truth.items()), at)


def task_of(store: Store) -> Task:
    (task,) = [task for task in tasks_of(store, load_settings(None, {})) if task.template == "needs.label"]
    return task


def once(store: Store) -> TurnResult:
    (result,) = turn(make_run(store), (task_of(store),))
    return result


def test_answers_are_outcomes_and_the_rest_is_unknown(store: Store) -> None:
    store.state.add_labels(QUESTION, [("r000000", "yes"), ("r000001", "no"), ("r000002", "skip"), ("gone", "yes")], 1)
    task = task_of(store)
    assert task.name == "label-about-money"
    assert task.classes == ("no", "yes")
    examples = build_examples(task, store, store.as_of())
    assert examples.outcomes.value[:3].tolist() == [1, 0, -1]
    assert (examples.outcomes.value[3:] == -1).all()
    assert len(known(examples).keys) == 2
    check_task(task, store, store.as_of())


def test_copies_count_once_by_the_newest_answer_and_never_teach_themselves(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, {"text": ["太贵了", "闪退", "太贵了！", "很好"]})
    store.state.add_labels(QUESTION, [("r000000", "yes"), ("r000001", "no")], 1)
    store.state.add_labels(QUESTION, [("r000002", "no")], 2)
    task = task_of(store)
    examples = build_examples(task, store, None)
    assert examples.outcomes.value.tolist() == [-1, 0, 0, -1]
    assert examples.keys.code[0] == examples.keys.code[2]
    assert task.recipes[1].make().pool() == ["很好"]  # type: ignore[attr-defined]


def test_a_turn_waits_for_enough_answers_then_trains_and_says_what_the_model_can_do(store: Store) -> None:
    answer(store, range(10))
    result = once(store)
    assert (result.verdict, result.num_labelled, result.missing) == ("no_data", 10, MIN_ROWS - 10)
    answer(store, range(10, 40))
    result = once(store)
    assert result.verdict == "first"
    card = card_of(store, str(result.live))
    assert card is not None
    assert card.beats_baseline
    assert card.recipe == "few_shot"
    assert card.num_labelled == 40
    checks = sum(is_check(QUESTION, f"r{row:06d}") for row in range(40))
    assert card.quality.n == card.figures["accuracy"].n == checks
    assert card.quality.low is not None
    assert card.quality.low < (card.quality.value or 0) < (card.baseline.value or 0)
    assert (card.figures["accuracy"].value or 0) > 0.8
    assert 0 < (card.figures["alone_threshold"].value or 0) < 1
    assert (card.figures["alone"].value or 0) > 0.5
    assert (card.figures["alone_wrong"].value or 0) <= ERROR + 1 / checks
    assert "loop.warning.answered" in card.warnings
    value, _, _ = predict_row(open_live(store, task_of(store)), store, {"text": "又多收了一笔费用，要求退款"}, 0)
    assert value["yes"] > 0.6
    assert once(store).verdict == "skipped"


def test_answers_by_chance_do_not_beat_the_base_rate(store: Store) -> None:
    answer(store, range(60), by_chance=True)
    result = once(store)
    assert result.verdict == "baseline"
    card = card_of(store, str(result.live))
    assert card is not None
    assert not card.beats_baseline


def test_new_answers_pass_the_gate_and_changed_ones_train_anew(store: Store) -> None:
    answer(store, range(30))
    first = once(store)
    answer(store, range(30, 34), at=2)
    few = once(store)
    assert (few.verdict, few.missing, few.live) == ("too_few", MIN_NEW - 4, first.live)
    answer(store, range(34, 60), at=3)
    assert once(store).verdict in ("refresh", "refused")
    store.state.add_labels(QUESTION, [("r000003", "yes")], 4)
    changed = once(store)
    assert changed.verdict == "renewed"
    assert changed.live not in (first.live, None)


def test_a_third_answer_is_a_new_class_and_the_live_model_keeps_its_own(store: Store) -> None:
    answer(store, range(30))
    once(store)
    store.state.add_labels(QUESTION, [(f"r{row:06d}", "maybe") for row in range(60, 66)], 2)
    answer(store, range(30, 50), at=2)
    task = task_of(store)
    assert task.classes == ("maybe", "no", "yes")
    assert once(store).verdict in ("refresh", "refused")
    live = open_live(store, task)
    value, _, _ = predict_row(live, store, {"text": "退款"}, 0)
    assert tuple(value) == live.release.signature.classes


def test_erasing_a_person_takes_their_answers_out_of_the_next_training(store: Store) -> None:
    answer(store, range(30))
    first = once(store)
    erase(store, load_settings(None, {}), "u4")
    assert "r000004" not in store.state.labels(QUESTION)
    result = once(store)
    assert (result.verdict, result.num_labelled) == ("renewed", 29)
    assert result.live != first.live


def test_each_question_is_a_task_of_its_own_and_a_written_one_is_not_doubled(store: Store) -> None:
    answer(store, range(4))
    answer(store, range(4), question="提到竞品?")
    store.state.add_labels("sentiment", [("r000000", "negative")], 1)
    names = [name for name, _ in suggest_labels(store)]
    assert len(names) == 3
    assert "label-sentiment" in names
    assert any(name.startswith("label-提到竞品-") for name in names)
    store.state.add_labels("lonely", [("r000000", "yes")], 1)
    assert len(suggest_labels(store)) == 3
    path = store.root / "more.toml"
    path.write_text('[tasks.money]\ntemplate = "needs.label"\nquestion = "about  money"\n', encoding="utf-8")
    tasks = {task.name: task for task in tasks_of(store, load_settings(path, {}))}
    assert "money" in tasks
    assert "label-about-money" not in tasks
    for task in tasks.values():
        check_task(task, store, store.as_of())


def test_the_page_says_what_is_missing_then_what_is_live(store: Store) -> None:
    def page_of() -> tuple[LabelReport, str]:
        report = perform("needs.label", LABEL_ACTION, LabelRequest(question=QUESTION), make_run(store))
        assert isinstance(report, LabelReport)
        both = "\n".join(render_markdown(page(report), APP.texts, language, {}) for language in LANGUAGES)
        assert "{" not in both
        return report, both

    answer(store, range(12))
    report, shown = page_of()
    assert (report.live, report.to_train.value) == (None, MIN_ROWS - 12)
    assert "再标 **12** 条" in shown
    answer(store, range(12, 30))
    assert "标得够了" in page_of()[1]
    live = once(store).live
    answer(store, range(30, 33))
    report, shown = page_of()
    assert report.live is not None
    assert (report.live.release, report.live.learned.value, report.live.fresh.value) == (live, 30, 3)
    assert report.live.right.low is not None
    assert str(live) in shown
    assert "**3** answers were given since" in shown


def test_the_page_says_so_when_the_answers_taught_nothing(store: Store) -> None:
    answer(store, range(30), by_chance=True)
    assert once(store).verdict == "baseline"
    report = perform("needs.label", LABEL_ACTION, LabelRequest(question=QUESTION), make_run(store))
    assert isinstance(report, LabelReport)
    assert report.live is not None
    assert not report.live.better
    assert "no model of yours is live" in render_markdown(page(report), APP.texts, "en", {})


def test_names_of_tasks_are_names_of_files() -> None:
    for asked in ("a/b", "a b", "a-b", "../x", "会不会走？", "x" * 90):
        name = question_of(asked, ("yes,no",), {}).task
        assert all(letter.isalnum() or letter in "-_" for letter in name), name
        assert len(name) < 60
    assert question_of("a-b", ("yes,no",), {}).task != question_of("a b", ("yes,no",), {}).task


def test_a_task_without_a_question_or_answers_is_an_error_that_helps(store: Store) -> None:
    with pytest.raises(UsageError, match="needs_label_question_missing"):
        LABEL.make("x", {}, store)
    with pytest.raises(UsageError, match="needs_label_no_answers"):
        LABEL.make("x", {"question": "never asked"}, store)
    with pytest.raises(UsageError, match="needs_option_unknown"):
        LABEL.make("x", {"question": "sentiment", "label": "a"}, store)
    assert LABEL.make("x", {"question": "never asked", "answers": "yes,no"}, store).classes == ("yes", "no")
