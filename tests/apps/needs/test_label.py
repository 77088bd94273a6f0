"""Labelling: what is asked, what is stored, what is promised; and whether the promises hold on texts whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run
from hypothesis import given
from hypothesis import strategies as st

from productloop.apps.needs import APP
from productloop.apps.needs._label import GOAL, MIN_LABELS, _find_row, _num_shared
from productloop.apps.needs._label_head import ERROR, Labels, Space, learn
from productloop.apps.needs.actions import LABEL
from productloop.apps.needs.label_report import page
from productloop.apps.needs.label_types import LabelReport, LabelRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.store import Store
from productloop.loop.upkeep import erase
from productloop.text.prototypes import prototypes


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A hundred and twenty written sentences, each by a person of its own; the true feeling is the label column."""
    return sentences(tmp_path)


def sentences(folder: Path, each: int = 40, language: str = "zh") -> Store:
    texts: dict[str, str] = {}
    for name in ("negative", "neutral", "positive"):
        its = [row.text for row in prototypes("sentiment") if row.label == name and row.language == language]
        texts |= dict.fromkeys(its[:each], name)
    return feedback_workspace(folder, {"text": list(texts), "label": list(texts.values()), "author": [f"u{n}" for n in range(len(texts))]})


def label(store: Store, **request: Any) -> LabelReport:
    report = perform("needs.label", LABEL, LabelRequest(**request), make_run(store))
    assert isinstance(report, LabelReport)
    return report


def truth_of(store: Store) -> dict[str, str]:
    return {str(row): str(value) for row, value in store.rows("SELECT row_id, label FROM feedback")}


def answer_all(store: Store, report: LabelReport, **request: Any) -> LabelReport:
    """The person answers everything that is asked, rightly."""
    truth = truth_of(store)
    return label(store, mark=tuple(f"{one.number}={truth[one.row]}" for one in report.asked), **request)


def shown(report: LabelReport) -> str:
    both = "\n".join(render_markdown(page(report), APP.texts, language, {}) for language in LANGUAGES)
    assert "{" not in both
    return both


# asking and storing -----------------------------------------------------------------------------------------------------------


def test_the_first_page_lists_texts_and_the_command_with_their_ids(store: Store) -> None:
    report = label(store)
    assert len(report.asked) == 10
    assert report.labelled.value == 0
    assert report.quality is None
    assert all(f"{one.number}=" in report.command for one in report.asked)
    assert "--question sentiment --mark=" in report.command
    assert "还没有标过" in shown(report)
    assert [one.row for one in label(store).asked] == [one.row for one in report.asked]


def test_the_command_of_a_page_works_when_answers_are_filled_in(store: Store) -> None:
    first = label(store)
    filled = first.command.split('--mark="')[1].rstrip('"').replace("=", "=负面")
    report = label(store, mark=(filled,))
    assert report.done.value == 10
    assert report.labelled.value == 10
    assert report.one_answer
    assert not {one.row for one in report.asked} & {one.row for one in first.asked}
    shown(report)


def test_answers_are_kept_and_the_newest_counts(store: Store) -> None:
    label(store, mark=("r000001=positive, r000002=差评", "r000003＝skip"))
    report = label(store, mark=("r000001=negative",))
    assert store.state.labels("sentiment") == {"r000002": "negative", "r000003": "skip", "r000001": "negative"}
    assert (report.labelled.value, report.skipped.value, report.done.value) == (2, 1, 1)
    assert label(store).labelled.value == 2
    assert label(store, question="type").labelled.value == 0


def test_the_answers_about_an_erased_person_are_gone(store: Store) -> None:
    label(store, mark=("r000001=positive,r000002=negative",))
    assert erase(store, load_settings(None, {}), "u1")["labels"] == 1
    assert store.state.labels("sentiment") == {"r000002": "negative"}
    assert label(store).labelled.value == 1


def test_an_error_names_the_answers_in_the_readers_language(store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        label(store, mark=("r000001=很好",))
    assert "负面、中性、正面" in caught.value.render("zh")[1]
    assert "negative, neutral, positive" in caught.value.render("en")[1]


def test_one_unreadable_answer_stores_nothing(store: Store) -> None:
    wrong = {
        "r000001=wonderful": "needs_label_answer_unknown",
        "r000001": "needs_label_mark_shape",
        "=positive": "needs_label_mark_shape",
        "zzz=positive": "needs_label_no_such_text",
        "r0000=positive": "needs_label_several_texts",
    }
    for mark, code in wrong.items():
        with pytest.raises(UsageError) as caught:
            label(store, mark=(f"r000002=positive,{mark}",))
        assert caught.value.code == code
    assert store.state.labels("sentiment") == {}


def test_an_own_question_needs_its_answers_once(store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        label(store, question="Mentions a rival")
    assert caught.value.code == "needs_label_no_answers"
    report = label(store, question="Mentions a rival", answers=("yes,no",), mark=("r000001=yes,r000002=No",))
    assert '--question "mentions a rival" --answers "yes,no"' in report.command
    assert [line.answer for line in label(store, question="mentions  a rival").answers] == ["no", "yes"]
    shown(report)


def test_copies_masks_and_one_voice_are_asked_once(tmp_path: Path) -> None:
    texts = ["付款的时候闪退"] * 5 + ["[phone]", "[name] [link]"] + [f"第{n}个功能找不到入口" for n in range(6)]
    store = feedback_workspace(tmp_path, {"text": texts, "author": [*map(str, range(7)), *["talker"] * 3, "x", "y", "z"]})
    report = label(store, num_texts=4)
    rows = [one.row for one in report.asked]
    assert len(rows) == 4
    assert not {"r000005", "r000006"} & set(rows)
    assert len({"r000000", "r000001", "r000002", "r000003", "r000004"} & set(rows)) <= 1
    assert len({"r000007", "r000008", "r000009"} & set(rows)) <= 1
    marked = label(store, mark=("r000003=negative",), num_texts=50)
    assert not {f"r00000{n}" for n in range(5)} & {one.row for one in marked.asked}


def test_without_any_text_a_sentence_says_so(tmp_path: Path) -> None:
    report = label(feedback_workspace(tmp_path, {"text": ["[phone]"]}))
    assert report.asked == ()
    assert "没有可以标的内容" in shown(report)


def test_no_breakdown(store: Store) -> None:
    with pytest.raises(UsageError):
        label(store, scope={"by": "version"})


rows = st.lists(st.text("ab01", min_size=1, max_size=6), min_size=1, max_size=20, unique=True)


@given(rows, st.data())
def test_a_shortened_id_is_found_again(ids: list[str], data: st.DataObject) -> None:
    ids = sorted(ids)
    row = data.draw(st.sampled_from(ids))
    longest = max((_num_shared(row, other) for other in ids if other != row), default=0)
    assert _find_row(row[: longest + 1], ids) == row
    assert _find_row(row, ids) == row


# learning ---------------------------------------------------------------------------------------------------------------------


def test_thirty_labels_end_in_a_head_that_says_what_it_can_do(store: Store) -> None:
    report = label(store)
    for _ in range(3):
        report = answer_all(store, report)
    assert report.labelled.value == GOAL
    quality = report.quality
    assert quality is not None
    assert quality.checks.value == 21
    assert quality.right.value is not None
    assert quality.cold.value is not None
    assert quality.common.value is not None
    assert quality.right.value >= quality.cold.value >= quality.common.value
    assert quality.open.value == 90
    assert (quality.alone.value or 0) + (quality.left.value or 0) == 90
    assert sum(line.decided.value or 0 for line in report.answers) == quality.alone.value
    assert sum(line.share.value or 0 for line in report.answers) == pytest.approx(1, abs=0.05)
    assert all((line.share.low or 0) <= 1 / 3 <= (line.share.high or 0) for line in report.answers)
    assert "模型大约判对" in shown(report)
    again = label(store)
    assert again.command == report.command
    assert again.quality is not None
    assert [f.value for _, f in again.quality] == [f.value for _, f in quality]


def test_few_labels_and_few_checks_promise_nothing(store: Store) -> None:
    truth = truth_of(store)
    few = label(store, mark=tuple(f"{row}={truth[row]}" for row in list(truth)[:7]))
    assert few.quality is None
    assert few.missing.value == MIN_LABELS - 7
    first = answer_all(store, few)
    assert first.quality is None or first.checks_missing.value is not None
    for report in (few, first):
        shown(report)


# promises on planted truth ----------------------------------------------------------------------------------------------------


def clouds(seed: int, size: int = 250, noise: float = 1.0) -> tuple[Space, np.ndarray]:
    """Vectors around two directions, a first guess that is right seven times in ten, and the truth."""
    draw = np.random.default_rng(seed)
    truth = (draw.random(size) < 0.35).astype(np.intp)
    vectors = np.zeros((size, 8))
    vectors[:, 0] = 2.0 * truth - 1.0
    vectors += noise * draw.normal(size=vectors.shape) / np.sqrt(2)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    guess = np.where(draw.random(size) < 0.7, truth, 1 - truth)
    prior = np.where(np.eye(2)[guess] > 0, 0.65, 0.35)
    return Space(vectors, prior, np.full(size, 1 / size)), truth


def test_promises_hold_over_twenty_seeds() -> None:
    """30 labels, 21 of them by lot: errors alone, shares and the claimed quality against the truth of the other texts."""
    wrong, inside, claimed, real, cold = [], [], [], [], []
    for seed in range(20):
        space, truth = clouds(seed)
        picked = np.random.default_rng([seed, 7]).permutation(len(truth))[:30]
        found = learn(space, Labels(picked, truth[picked], np.arange(30) < 21), seed)
        others = np.setdiff1d(np.arange(len(truth)), picked)
        chances = found.chances[others]
        correct = chances.argmax(axis=1) == truth[others]
        wrong.append(float((found.conformal.alone(chances) & ~correct).mean()))
        inside.append(found.shares[1].low <= truth.mean() <= found.shares[1].high)
        claimed.append(float(found.right.mean()))
        real.append(float(correct.mean()))
        cold.append(float((space.prior[others].argmax(axis=1) == truth[others]).mean()))
    assert np.mean(wrong) <= ERROR + 0.02
    assert np.sum(inside) >= 16
    assert abs(np.mean(claimed) - np.mean(real)) <= 0.05
    assert np.mean(real) >= np.mean(cold) + 0.03


def test_labels_that_say_nothing_promise_nothing() -> None:
    """Answers by the toss of a coin: hardly a text may be decided alone, and no gain is claimed."""
    alone, gains = [], []
    for seed in range(6):
        space, _ = clouds(seed, size=200)
        space = Space(space.vectors, np.full((200, 2), 0.5), space.weight)
        draw = np.random.default_rng(seed)
        found = learn(space, Labels(draw.permutation(200)[:30], draw.integers(0, 2, 30), np.arange(30) < 21), seed)
        alone.append(float(found.conformal.alone(found.chances).mean()))
        gains.append(found.gain is not None and found.gain.low > 0)
    assert np.mean(alone) <= 0.35
    assert sum(gains) <= 1


# public data ------------------------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_thirty_labels_on_public_reviews(tmp_path: Path, shared_data: Callable[[str], Path]) -> None:
    """Reviews of a shop with two answers, through the action itself: the claim about quality holds for the texts nobody labelled."""
    rows = [
        json.loads(line)
        for name in ("train_few_all.json", "dev_few_all.json")
        for line in shared_data(f"fewclue_eprstmt/{name}").read_text(encoding="utf-8").splitlines()
    ]
    texts = {row["sentence"]: row["label"].lower() for row in rows}
    store = feedback_workspace(tmp_path, {"text": list(texts), "label": list(texts.values())})
    asked = {"question": "sentiment", "answers": ("negative", "positive")}
    report = label(store, **asked)
    for _ in range(3):
        report = answer_all(store, report, **asked)
    assert report.quality is not None
    right, lines = report.quality.right, {line.answer: line for line in report.answers}
    assert right.value is not None
    assert right.value >= 7
    true_share = sum(value == "negative" for value in texts.values()) / len(texts)
    share = lines["negative"].share
    assert (share.low or 0) - 0.1 <= true_share <= (share.high or 0) + 0.1
