"""The ledger as a person meets it: topics changed by hand, what the last run changed, little data, and needs that were planted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import NOW, analyse, feedback_workspace, make_run, simulated_workspace, table

from productloop.apps.needs import APP, _hand
from productloop.apps.needs._ledger import Kept, read_kept
from productloop.apps.needs._ledger_answer import show_ledger
from productloop.apps.needs._study import study
from productloop.apps.needs._writing import keep_topics
from productloop.apps.needs.actions import LEDGER
from productloop.apps.needs.ledger_report import page
from productloop.apps.needs.ledger_types import LedgerReport, LedgerRequest
from productloop.foundation.errors import DataProblem, MissingData, UsageError
from productloop.foundation.wording import Language, speak
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.simulation import Simulated, simulate
from productloop.loop.store import Store

WEEK = 7 * 86_400_000_000

# by hand --------------------------------------------------------------------------------------------------------------------

LOGIN = [
    "忘记密码登不进去",
    "密码忘了怎么重置",
    "登录密码不对",
    "重置密码收不到邮件",
    "I forgot my password",
    "cannot log in with my password",
]
DELIVERY = ["快递一周还没送到", "送货太慢了", "包裹还没到", "物流停了三天", "the parcel has not arrived", "delivery takes far too long"]
REFUND = [
    "退款一直没到账",
    "申请退款两周了还没到",
    "什么时候能退款",
    "退款太慢了",
    "my refund has not arrived",
    "still waiting for the refund",
]
ENDS = ("", "！", "，真的", "，唉", "，求解决", "，第二次了")


def columns() -> dict[str, list[object]]:
    texts = [f"{text}{end}" for end in ENDS for group in (LOGIN, DELIVERY, REFUND) for text in group]
    size = len(texts)
    return {"text": texts, "author": [f"u{row}" for row in range(size)], "time": [NOW - 20 * WEEK + row * WEEK // 8 for row in range(size)]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = feedback_workspace(tmp_path / "w", columns())
    analyse(made)
    made.refresh()
    return made


def ledger(store: Store, **wanted: Any) -> LedgerReport:
    store.refresh()
    report = perform("needs.ledger", LEDGER, LedgerRequest(**wanted), make_run(store))
    store.refresh()
    assert isinstance(report, LedgerReport)
    return report


def spoken(report: LedgerReport, language: Language) -> str:
    text = render_markdown(page(report), APP.texts, language, {})
    assert "{" not in text
    return text


def what(report: LedgerReport) -> list[tuple[object, ...]]:
    return [(line.kind, line.topic, line.was.value, line.now.value, line.others) for line in report.changes]


def live(report: LedgerReport) -> list[str]:
    return [topic.id for topic in report.topics if topic.state == "live"]


def test_a_renamed_topic_keeps_its_name_and_its_old_one_is_not_remembered(store: Store) -> None:
    topic = live(ledger(store))[0]
    done = ledger(store, rename=f"{topic}=登录 问题|Login")
    assert "登录 问题" in spoken(done, "zh")
    assert "“Login”" in spoken(done, "en")
    analyse(store)
    refitted = ledger(store, refit=True)
    (line,) = (line for line in refitted.topics if line.id == topic)
    assert line.held
    assert line.name.slots == {"zh": "登录 问题", "en": "Login"}
    ledger(store, rename="Login=账号")
    (line,) = (line for line in ledger(store).topics if line.id == topic)
    assert line.name.slots == {"zh": "账号", "en": "账号"}


def test_merged_topics_are_counted_as_one_and_the_old_id_still_finds_it(store: Store) -> None:
    before = ledger(store)
    a, b = live(before)[:2]
    people = {line.id: line.people.value for line in before.topics}
    after = ledger(store, merge=f"{a}+{b}")
    lines = {line.id: line for line in after.topics}
    assert lines[a].state == "merged"
    assert lines[a].into is not None
    assert lines[b].people.value == (people[a] or 0) + (people[b] or 0)
    ledger(store, rename=f"{a}=两件事")
    kept = read_kept(store)
    assert kept is not None
    assert kept.entries[b].name_zh == "两件事"
    assert a not in kept.topic_of.values()
    analyse(store)
    again = ledger(store, refit=True)
    assert {line.id: line.people.value for line in again.topics}[b] == lines[b].people.value


def test_pin_unpin_and_undo(store: Store) -> None:
    before = ledger(store)
    a, b = live(before)[:2]
    assert ledger(store, pin=a).num_held.value == 1
    assert ledger(store, unpin=a).num_held.value == 0
    ledger(store, merge=f"{a}+{b}")
    undone = ledger(store, undo=True)
    assert [(line.id, line.people.value, line.state) for line in undone.topics] == [
        (line.id, line.people.value, line.state) for line in before.topics
    ]
    ledger(store, undo=True)
    assert ledger(store).num_held.value == 1, "the unpinning is taken back, too"
    analyse(store)
    with pytest.raises(UsageError) as caught:
        ledger(store, undo=True)
    assert caught.value.code == "needs_ledger_nothing_to_undo"


def test_a_topic_defined_in_chinese_finds_english_and_stays(store: Store) -> None:
    merged = live(ledger(store))
    if len(merged) > 1:
        ledger(store, merge="+".join(merged))
        ledger(store, unpin=merged[-1])
    ledger(store, define="快递还没送到")
    kept = read_kept(store)
    assert kept is not None
    (mine,) = (entry for entry in kept.entries.values() if entry.name_zh == "快递还没送到")
    texts = {str(row): str(text) for row, text in store.rows("SELECT row_id, text FROM feedback")}
    found = [texts[row] for (row, _), topic in kept.topic_of.items() if topic == mine.id]
    of_delivery = [any(text.startswith(start) for start in DELIVERY) for text in found]
    assert sum(of_delivery) >= 15
    assert np.mean(of_delivery) >= 0.8
    assert any("parcel" in text for text in found)
    analyse(store)
    ledger(store, refit=True)
    again = read_kept(store)
    assert again is not None
    assert [texts[row] for (row, _), topic in again.topic_of.items() if topic == mine.id] == found


def test_a_topic_of_two_matters_falls_apart_and_one_of_one_matter_does_not(store: Store) -> None:
    topics = live(ledger(store))
    if len(topics) > 1:
        ledger(store, merge="+".join(topics))
    last = topics[-1]
    done = ledger(store, split=last)
    assert len(live(done)) >= 2
    assert last in live(done)
    assert all(line.held for line in done.topics if line.state == "live")
    for _ in range(4):
        one = live(done)[-1]
        try:
            done = ledger(store, split=one)
        except DataProblem:
            break
    else:
        pytest.fail("one matter was split again and again")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"rename": "nobody=x"}, "needs_ledger_no_topic"),
        ({"rename": "no equals sign"}, "needs_ledger_rename_shape"),
        ({"merge": "only"}, "needs_ledger_no_topic"),
        ({"define": "the moon landing was filmed in a studio"}, "needs_ledger_define_nothing"),
        ({"define": "  "}, "needs_ledger_define_nothing"),
        ({"pin": "a", "undo": True}, "needs_ledger_one_at_a_time"),
        ({"pin": "a", "scope": Scope(product="x")}, "needs_ledger_no_scope"),
        ({"undo": True}, "needs_ledger_nothing_to_undo"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(store: Store, wanted: dict[str, Any], code: str) -> None:
    with pytest.raises((UsageError, DataProblem)) as caught:
        ledger(store, **wanted)
    assert caught.value.code == code
    assert all(part for language in ("zh", "en") for part in caught.value.render(language))


def test_the_change_of_a_person_survives_an_analysis_that_ran_meanwhile(store: Store) -> None:
    running = make_run(store)
    found = study(running, refit=True)
    keep_topics(running, found)
    topic = live(ledger(store))[0]
    ledger(store, rename=f"{topic}=我改的")
    with store.writing():
        for step in running.last_steps:
            step()
    store.refresh()
    kept = read_kept(store)
    assert kept is not None
    assert kept.entries[topic].name_zh == "我改的"


def test_two_people_at_once_lose_nothing(store: Store) -> None:
    a, b = live(ledger(store))[:2]
    runs = [make_run(Store(store.root)) for _ in range(2)]
    show_ledger(runs[0], LedgerRequest(rename=f"{a}=甲"))
    show_ledger(runs[1], LedgerRequest(rename=f"{b}=乙"))
    for run in runs:
        for step in run.last_steps:
            step()
    store.refresh()
    kept = read_kept(store)
    assert kept is not None
    assert (kept.entries[a].name_zh, kept.entries[b].name_zh) == ("甲", "乙")


def test_the_changes_of_the_last_run_stay_until_a_run_changes_something(store: Store) -> None:
    kept = read_kept(store)
    assert kept is not None
    assert kept.changes == ()
    assert kept.since is None
    more = {"text": [f"{text}，第{n}回" for n in range(4) for text in LOGIN], "author": [f"n{n}" for n in range(24)], "time": [NOW] * 24}
    ids = [f"z{row}" for row in range(24)]
    with store.writing():
        store.append(
            "feedback", table({"row_id": ids, "import_id": [2] * 24, "sequence": range(24), "text": more["text"], "time": more["time"]}), 2
        )
    store.refresh()
    analyse(store)
    told = ledger(store)
    assert "grew" in {change.kind for change in told.changes}
    assert told.since is not None
    assert told.until is not None
    assert told.since < told.until
    analyse(store)
    assert what(ledger(store)) == what(told)
    for language in ("zh", "en"):
        assert speak(page(told).blocks[0].text, APP.texts, language) in spoken(told, language).replace("**", "")  # type: ignore[union-attr, arg-type]


def test_what_is_noted_of_a_change_can_be_read_back(store: Store) -> None:
    notes = [json.loads(row[0]) for row in store.rows("SELECT change FROM topics")]
    assert all(note["undo"] is None for note in notes)
    assert _hand.find_entry(read_kept(store) or Kept({}, {}, None), live(ledger(store))[0]).state == "live"


# little data ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 29])
def test_too_few_texts_are_a_sentence(tmp_path: Path, size: int) -> None:
    made = feedback_workspace(tmp_path / "w", {"text": columns()["text"][:size]})
    report = ledger(made)
    assert not report.enough
    assert report.missing.value == 30 - size
    assert "30" not in spoken(report, "zh")
    assert spoken(report, "en")
    with pytest.raises(MissingData):
        ledger(made, pin="a")


def test_the_first_ledger_is_kept_without_an_analysis_and_without_dates(tmp_path: Path) -> None:
    made = feedback_workspace(tmp_path / "w", {"text": columns()["text"]})
    report = ledger(made)
    assert report.enough
    assert report.since is None
    assert not report.counts_people
    assert live(ledger(made)) == live(report)
    assert {line.first_seen for line in report.topics} == {None}


# planted --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def startup(tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulated, Store, Kept, Kept]:
    """A simulated startup; its ledger after 20 weeks and after 26."""
    simulated = simulate(3, scale=0.4)
    feedback = simulated.feedback
    late = feedback["time"] >= int(feedback["time"].max()) - 6 * WEEK
    store = simulated_workspace(tmp_path_factory.mktemp("w"), replace(simulated, feedback={n: v[~late] for n, v in feedback.items()}))
    analyse(store)
    store.refresh()
    before = read_kept(store)
    size = int(late.sum())
    rows = {"row_id": feedback["id"][late].tolist(), "import_id": [2] * size, "sequence": range(size)}
    with store.writing():
        store.append("feedback", table(rows | {name: feedback[name][late].tolist() for name in ("text", "time", "rating")}), 2)
    store.refresh()
    analyse(store)
    store.refresh()
    after = read_kept(store)
    assert before is not None
    assert after is not None
    return simulated, store, before, after


def test_ids_survive_six_more_weeks_and_what_grows_is_said_to_grow(startup: tuple[Simulated, Store, Kept, Kept]) -> None:
    simulated, _, before, after = startup
    same = [after.topic_of.get(key) == topic for key, topic in before.topic_of.items()]
    assert np.mean(same) >= 0.6
    need = dict(zip(simulated.feedback["id"].tolist(), simulated.needs.tolist(), strict=True))
    growing = simulated.truths["growing_need"]["need"]
    homes = [topic for (row, _), topic in after.topic_of.items() if need[row] == growing]
    home = max(set(homes), key=homes.count)
    assert {change.topic: change.kind for change in after.changes}[home] in ("grew", "new", "split", "merged")


def test_a_topic_defined_by_the_sentence_of_a_need_holds_that_need(startup: tuple[Simulated, Store, Kept, Kept]) -> None:
    simulated, store, _, kept = startup
    need = dict(zip(simulated.feedback["id"].tolist(), simulated.needs.tolist(), strict=True))
    ledger(store, define="忘记密码登不进去")
    after = read_kept(store)
    assert after is not None
    (mine,) = set(after.entries) - set(kept.entries)
    found = {row for (row, _), topic in after.topic_of.items() if topic == mine}
    true = {row for row, _ in after.topic_of if need[row] == "passcode_forgotten"}
    assert len(found & true) / len(found) >= 0.8
    assert len(found & true) / len(true) >= 0.6
    assert set(after.topic_of) == set(kept.topic_of)
