"""What to build first: finds the topic whose people leave, the silent users and the rivals' gap where planted, and nothing where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import arro3.core as arrow
import numpy as np
import pytest
from tests.apps.needs.feedback_workspace import feedback_workspace, make_run

from productloop.apps.needs import APP
from productloop.apps.needs._severity import read_outcome
from productloop.apps.needs.actions import OPPORTUNITIES
from productloop.apps.needs.opportunities_report import page
from productloop.apps.needs.opportunities_types import OpportunitiesReport, OpportunitiesRequest
from productloop.foundation.errors import ProductloopError
from productloop.foundation.page import Fold, Line
from productloop.foundation.wording import speak
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.store import Store

DAY = 86_400_000_000
START = 20_454 * DAY
"""A Monday."""
ASKED = START + 84 * DAY
SAYINGS = {
    "refund": ("My refund has not arrived", "Where is my refund", "The refund is missing from my statement", "Still waiting for a refund"),
    "crash": ("The app crashes when it opens", "It crashes on start", "App keeps crashing every day", "Crashes again after the update"),
    "fee": ("I was charged an extra fee", "The fee is far too high", "Why was a fee charged on transfer", "Hidden fee on every payment"),
    "login": ("I cannot log in", "Login fails with my password", "My password is not accepted at login", "Locked out, cannot log in"),
    "praise": ("Lovely, easy to use, I like it", "Great and simple to use", "Works great, very happy", "Very good, happy with it"),
}
ENDINGS = ("", " today", " since Monday", ", please help", " again", ", on my phone", " as always", " this week", ", really", " for me")


def rows(seed: int = 0, people: int = 240) -> dict[str, list[Any]]:
    """One text a person in the first twelve weeks, four needs and praise in turn."""
    random = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {"text": [], "author": [], "time": [], "rating": [], "need": []}
    names = list(SAYINGS)
    for person in range(people):
        need = names[person % len(names)]
        sayings = SAYINGS[need]
        columns["text"].append(sayings[(person // len(names)) % len(sayings)] + ENDINGS[(person // 20) % len(ENDINGS)])
        columns["author"].append(f"u{person:04d}")
        columns["time"].append(START + int(random.integers(0, 84)) * DAY + person)
        columns["rating"].append(5.0 if need == "praise" else 1.0)
        columns["need"].append(need)
    return columns


KINDS = {"time": "int64", "import_id": "int64", "sequence": "int64", "amount": "int64", "actor": "int32", "subject": "int32"}


def workspace(folder: Path, columns: Mapping[str, Sequence[Any]], **tables: Mapping[str, Sequence[Any]]) -> Store:
    """Feedback and other tables; people there are actor codes, which follow the order of the authors' ids."""
    store = feedback_workspace(folder, {name: values for name, values in columns.items() if name != "need"})
    for name, values in tables.items():
        size = len(next(iter(values.values())))
        frame = {"row_id": [f"{name}-{row}" for row in range(size)], "import_id": [2] * size, "sequence": range(size), **values}
        arrays = {key: arrow.Array(list(its), getattr(arrow.DataType, KINDS.get(key, "utf8"))()) for key, its in frame.items()}
        with store.writing():
            store.append(name, arrow.Table.from_pydict(arrays), 2)
    store.refresh()
    return store


def ask(store: Store, **request: Any) -> OpportunitiesReport:
    report = perform("needs.opportunities", OPPORTUNITIES, OpportunitiesRequest(**request), make_run(store), fresh=True)
    assert isinstance(report, OpportunitiesReport)
    return report


def rendered(report: OpportunitiesReport) -> str:
    """Both languages, all folds; no slot is left open."""
    both = "".join(render_markdown(page(report), APP.texts, language, {}) for language in ("zh", "en"))
    assert "{" not in both
    return both


def outcomes(columns: dict[str, list[Any]], worse: str | None, seed: int = 1) -> dict[str, Sequence[Any]]:
    """Everybody asked once after the twelve weeks, and as many who wrote nothing; a tenth leave, of the worse topic half."""
    random = np.random.default_rng(seed)
    needs = [*columns["need"], *["silent"] * len(columns["need"])]
    left = [random.random() < (0.55 if need == worse else 0.12) for need in needs]
    size = len(needs)
    return {
        "subject": range(size),
        "task": ["churn"] * size,
        "value": ["1" if one else "0" for one in left],
        "time": [ASKED + 28 * DAY] * size,
    }


def topic_of(report: OpportunitiesReport, word: str) -> str:
    """Id of the opportunity whose English name holds the word."""
    return next(line.id for line in report.opportunities if word in str(line.name.slots["en"]))


def test_the_topic_whose_people_leave_is_named_and_comes_first(tmp_path: Path) -> None:
    columns = rows()
    report = ask(workspace(tmp_path, columns, outcomes=outcomes(columns, "refund")))
    named = [line for line in report.severities if line.named]
    assert [line.topic for line in named] == [topic_of(report, "refund")]
    ratio = named[0].ratio
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low <= 0.55 / 0.12 <= ratio.high
    assert report.opportunities[0].id == named[0].topic
    assert (report.opportunities[0].first.value or 0) > 0.5
    assert [finding.subject for finding in report.findings] == [named[0].topic]
    lead = page(report).blocks[0]
    assert isinstance(lead, Line)
    assert "leave" in speak(lead.text, APP.texts, "en")
    assert "流失" in speak(lead.text, APP.texts, "zh")
    rendered(report)


def test_nothing_is_named_where_nobody_leaves_more(tmp_path: Path) -> None:
    columns = rows()
    report = ask(workspace(tmp_path, columns, outcomes=outcomes(columns, None)))
    assert report.severities
    assert not [line for line in report.severities if line.named]
    assert not report.findings
    for line in report.opportunities:
        assert line.ahead.value is None or 0 <= line.ahead.value <= 1
        assert (line.rank.low or 0) <= line.place <= (line.rank.high or 0)
    rendered(report)


def test_same_data_same_bytes(tmp_path: Path) -> None:
    columns = rows()
    store = workspace(tmp_path, columns, outcomes=outcomes(columns, "fee"))
    assert ask(store, evidence="fee").model_dump_json() == ask(store, evidence="fee").model_dump_json()


def test_evidence_holds_every_text_and_can_be_counted_again(tmp_path: Path) -> None:
    columns = rows()
    store = workspace(tmp_path, columns)
    report = ask(store, evidence="refund")
    assert report.evidence is not None
    texts = dict(store.rows("SELECT row_id, text FROM feedback"))
    assert len(report.evidence.rows) == report.evidence.texts.value
    assert np.mean(["refund" in texts[row].lower() for row in report.evidence.rows]) > 0.9
    assert report.evidence.people.id in rendered(report)
    with pytest.raises(ProductloopError):
        ask(store, evidence="no such thing at all")


def test_effort_moves_what_is_dear_down(tmp_path: Path) -> None:
    store = workspace(tmp_path, rows())
    first = ask(store).opportunities[0]
    word = str(first.name.slots["en"]).split(",")[0]
    dear = ask(store, effort=f"{first.id}=20")
    assert dear.opportunities[-1].id == first.id
    assert word in rendered(dear)
    for wrong in ("refund", "refund=soon", "=3", "refund=-1"):
        with pytest.raises(ProductloopError):
            ask(store, effort=wrong)


def test_silent_users_who_did_the_same(tmp_path: Path) -> None:
    columns = rows()
    actors, names, times = [], [], []
    for person, (need, time) in enumerate(zip(columns["need"], columns["time"], strict=True)):
        actors += [person, *([person] if need == "crash" else [])]
        names += ["app_open", *(["app_error"] if need == "crash" else [])]
        times += [time - DAY, *([time - DAY] if need == "crash" else [])]
    actors += range(240, 300)
    names += ["app_error" if person < 270 else "app_open" for person in range(240, 300)]
    times += [START + 40 * DAY] * 60
    report = ask(workspace(tmp_path, columns, events={"actor": actors, "name": names, "time": times}))
    silent = {line.id: line.silent for line in report.opportunities if line.silent is not None}
    assert topic_of(report, "crash") in silent
    assert {line.event for line in silent.values()} == {"app_error"}
    found = silent[topic_of(report, "crash")]
    assert (found.event, found.people.value) == ("app_error", 30)
    assert report.active.value == 300
    assert "app\\_error" in rendered(report) or "app_error" in rendered(report)


def test_money_of_those_concerned_weighs(tmp_path: Path) -> None:
    columns = rows()
    paid = {"actor": range(240), "amount": [9000 if need == "fee" else 1000 for need in columns["need"]]}
    orders = {**paid, "time": [START + 50 * DAY] * 240, "currency": ["CNY"] * 240}
    report = ask(workspace(tmp_path, columns, orders=orders))
    fee = next(line for line in report.opportunities if line.id == topic_of(report, "fee"))
    assert fee.money.unit == "money:CNY"
    assert fee.place == 1
    assert (fee.value.value or 0) > 2
    rendered(report)


def test_what_rivals_fail_at(tmp_path: Path) -> None:
    columns = rows()
    columns["product"] = [
        "Other" if need == "login" or (need == "praise" and row % 2) else "Ours" for row, need in enumerate(columns["need"])
    ]
    store = workspace(tmp_path, columns)
    report = ask(store, ours="ours")
    assert report.market.state == "compared"
    assert {line.kind for line in report.market.lines} == {"only_theirs"}
    texts = dict(store.rows("SELECT row_id, text FROM feedback"))
    assert all(any(word in texts[quote].lower() for word in ("log", "password")) for line in report.market.lines for quote in line.quotes)
    assert "Other" in rendered(report)
    with pytest.raises(ProductloopError):
        ask(store, ours="nobody")


def test_no_gap_where_products_are_alike(tmp_path: Path) -> None:
    columns = rows()
    half = np.random.default_rng(5).permutation(len(columns["need"])) % 2
    columns["product"] = [("Ours", "Other")[side] for side in half.tolist()]
    report = ask(workspace(tmp_path, columns), ours="Other")
    assert report.market.state == "compared"
    assert report.market.lines == ()
    rendered(report)


def test_back_test_says_what_the_list_would_have_named(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, rows()), hold_back_weeks=4)
    assert report.back_test is not None
    tested = report.back_test
    assert tested.weeks.value == 4
    assert 0 <= (tested.named.value or 0) <= (tested.top.value or 0) <= (tested.topics.value or 0)
    assert ask(workspace(tmp_path / "short", rows()), hold_back_weeks=40).back_test is None


@pytest.mark.parametrize("lacking", ["time", "rating", "author"])
def test_what_is_not_there_is_said_and_never_fails(tmp_path: Path, lacking: str) -> None:
    columns = {name: values for name, values in rows(people=120).items() if name != lacking}
    report = ask(workspace(tmp_path, columns))
    assert report.outcome is None
    assert report.counts_people == (lacking != "author")
    rendered(report)


@pytest.mark.parametrize("size", [0, 1, 29])
def test_few_texts_rank_nothing(tmp_path: Path, size: int) -> None:
    columns = {name: values[:size] for name, values in rows().items()}
    if not size:
        columns = {name: [*values, *rows()[name][:1]] for name, values in columns.items()}
        columns["text"] = ["  "]
    report = ask(workspace(tmp_path, columns))
    assert not report.enough
    assert report.opportunities == ()
    rendered(report)


def test_undated_outcomes_are_used_and_said_to_be(tmp_path: Path) -> None:
    columns = rows()
    undated = {name: values for name, values in outcomes(columns, "refund").items() if name != "time"}
    report = ask(workspace(tmp_path, columns, outcomes=undated))
    assert not report.dated_outcome
    assert [line.topic for line in report.severities if line.named] == [topic_of(report, "refund")]
    folds = [block for block in page(report).details if isinstance(block, Fold)]
    assert any("undated" in block.text.key for fold in folds for block in fold.blocks if isinstance(block, Line))


def test_who_wrote_within_the_window_did_not_write_before(tmp_path: Path) -> None:
    columns = rows()
    columns["time"] = [ASKED + 10 * DAY if need == "refund" else time for need, time in zip(columns["need"], columns["time"], strict=True)]
    store = workspace(tmp_path, columns, outcomes=outcomes(columns, "refund"))
    asked = read_outcome(store, {})
    assert asked is not None
    assert asked.dated
    assert asked.at.tolist() == [ASKED] * len(asked.at)
    report = ask(store)
    assert topic_of(report, "refund") not in [line.topic for line in report.severities]


def test_no_product_is_dropped_where_nobody_said_which_is_ours(tmp_path: Path) -> None:
    columns = rows()
    half = np.random.default_rng(5).permutation(len(columns["need"])) % 2
    columns["product"] = [("Ours", "Other")[side] for side in half.tolist()]
    store = workspace(tmp_path, columns)
    together = ask(store)
    assert together.market.state == "unnamed"
    assert (together.people.value or 0) > (ask(store, ours="Ours").people.value or 0)
    assert rendered(together).count("--ours") == 2
