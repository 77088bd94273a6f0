"""`behaviour paths` from imported events to the page: what is counted, what is asked, what is refused, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.apps.behaviour.event_workspace import run_of, workspace, written

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._paths import share_of_visits
from productloop.apps.behaviour.paths_types import PathsReport
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.page import Chart
from productloop.foundation.wording import Language, speak
from productloop.loop.action import perform
from productloop.loop.store import Store

DAY = "2026-03-02T10:"
VISITS = {
    # minute: event; "-" parts visits of one person by an hour
    "ann": "00 app_open 01 item_view 02 item_view 03 item_view 05 purchase",
    "bob": "00 app_open 02 item_view 04 purchase",
    "cat": "00 app_open 01 item_view",
    "dan": "00 app_open 01 contact_support",
}


def csv(columns: str = "", values: Mapping[str, str] | None = None) -> str:
    """The visits above as events, and a watchman two hours later at the end of the data."""
    rows = [f"user_id,event,timestamp{columns}"]
    for person, life in VISITS.items():
        words = life.split()
        rest = "" if values is None else f",{values[person]}"
        rows += [f"{person},{event},{DAY}{minute}:00Z{rest}" for minute, event in zip(words[::2], words[1::2], strict=True)]
    return "\n".join([*rows, "eve,app_open,2026-03-02T13:00:00Z" + ("," if values else "")]) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = workspace(tmp_path_factory.mktemp("paths"), events=csv(",platform", {"ann": "ios", "bob": "ios", "cat": "web", "dan": "web"}))
    yield opened
    opened.close()


def ask(store: Store, **request: Any) -> PathsReport:
    """The report of a request."""
    action = APP.action("paths")
    report = perform("behaviour.paths", action, action.request.model_validate(request), run_of(store))
    assert isinstance(report, PathsReport)
    return report


def said(label: Any, language: Language = "en") -> str:
    """A label as people read it."""
    return speak(label, APP.texts, language)


def test_edges_count_people_visits_and_minutes(store: Store) -> None:
    report = ask(store)
    edges = {(edge.place, said(edge.before), said(edge.after)): edge for edge in report.edges}
    edge = edges[1, "open app", "view item"]
    assert (edge.people.value, edge.visits.value) == (3, 3)
    assert edge.mean.value == pytest.approx(4 / 3)
    assert edge.median.value == 1
    # ann's three views are one step: from the first of them to the purchase
    assert edges[2, "view item", "purchase"].mean.value == pytest.approx(3)
    assert (report.visits.value, report.people.value) == (5, 5)


def test_ending_on_the_goal_is_no_dead_end(store: Store) -> None:
    action = APP.action("paths")
    run = run_of(store, behaviour__funnel="app_open,item_view,purchase")
    report = perform("behaviour.paths", action, action.request.model_validate({}), run)
    assert isinstance(report, PathsReport)
    assert {said(line.label) for line in report.leaving if line.is_goal} == {"purchase"}
    lines = "\n".join(written(action.page(report), "en"))
    assert "People leave most readily after" in lines
    assert "People leave most readily after “purchase”" not in lines


def test_where_visits_end_and_what_is_open(store: Store) -> None:
    report = ask(store)
    leaving = {said(line.label): line for line in report.leaving}
    assert leaving["purchase"].share.value == 0.5  # the watchman's visit is open and no end
    assert leaving["view item"].of_its_visits.value == pytest.approx(1 / 3)
    assert [step.visits.value for step in report.steps] == [5, 4, 2]
    assert [step.ended.value for step in report.steps] == [0, 0.5, 1]
    assert [(said(loop.label), loop.people.value, loop.most_times.value) for loop in report.loops] == [("view item", 1, 3)]


def test_after_before_and_between(store: Store) -> None:
    after = ask(store, start="item_view")
    assert [(said(near.label), near.share.value) for near in after.nearest] == [("purchase", pytest.approx(2 / 3))]
    before = ask(store, end="purchase")
    assert said(before.nearest[0].label) == "view item"
    assert before.leaving == ()
    between = ask(store, start="app_open", end="purchase", max_steps=2)
    assert between.reached.value == pytest.approx(2 / 5)
    assert [said(label) for label in between.frequent[0].steps] == ["open app", "purchase"] or "…" in map(said, between.frequent[0].steps)


def test_groups_and_ignored_events(store: Store) -> None:
    report = ask(store, group=["shop=item_*+purchase"], ignore=["app_*"])
    assert report.visits.value == 4
    assert [said(label) for label in report.frequent[0].steps] == ["shop"]
    assert [(said(loop.label), loop.most_times.value) for loop in report.loops] == [("shop", 4)]


def test_two_values_beside_each_other(store: Store) -> None:
    report = ask(store, scope={"by": "platform"})
    assert sorted(str(part.value) for part in report.parts) == ["ios", "web"]
    assert [part.visits.value for part in report.parts] == [2, 2]
    charts = [block for block in APP.action("paths").page(report).blocks if isinstance(block, Chart)]
    assert [chart.form for chart in charts] == ["sankey", "sankey"]


def test_the_picture_loses_nobody(store: Store) -> None:
    flow = ask(store).flow
    entering = [0] * len(flow.nodes)
    leaving = [0] * len(flow.nodes)
    for source, target, visits in flow.links:
        assert flow.nodes[target].place == flow.nodes[source].place + 1
        leaving[source] += visits
        entering[target] += visits
    for node, came, went in zip(flow.nodes, entering, leaving, strict=True):
        assert node.place == 1 or came == node.visits
        assert went <= node.visits
    assert sum(node.visits for node in flow.nodes if node.place == 1) == 5
    assert sum(node.visits for node in flow.nodes if node.end) == 4


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"start": "purchas"}, "event_unknown"),
        ({"group": ["nothing"]}, "paths_group_unreadable"),
        ({"start": "purchase", "ignore": ["purchase"]}, "paths_step_ignored"),
        ({"own_sessions": True}, "paths_no_sessions"),
        ({"ignore": ["nope_*"]}, "event_unknown"),
        ({"scope": {"by": "colour"}}, "breakdown_unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused(store: Store, request_: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(store, **request_)
    assert refused.value.code == code
    assert all(refused.value.render(language) for language in ("zh", "en"))


def test_no_visits_is_a_sentence(store: Store) -> None:
    report = ask(store, scope={"since": "2030-01-01"})
    assert report.state == "none"
    assert written(APP.action("paths").page(report), "zh")[1] == "这段时间里没有这样的访问：换个日期，或者换个起点、终点。"


def test_the_page_reads_in_both_languages(store: Store) -> None:
    page = APP.action("paths").page(ask(store))
    english, chinese = written(page, "en"), written(page, "zh")
    assert english[0] == "Paths"
    assert english[1].startswith("Of 100 visits, about 100 begin with “open app”")
    assert chinese[1].startswith("每 100 次访问，大约 100 次从“打开应用”开始")
    assert "1 person did “view item” several times in a row, typically 3 times and at most 3." in english
    assert len(english) == len(chinese)


def test_the_interval_of_a_share_takes_people_as_the_unit() -> None:
    hits = np.array([True] * 50 + [False] * 50)
    one_visit_each = share_of_visits(hits, np.arange(100))
    ten_visits_each = share_of_visits(hits, np.arange(100) // 10)
    assert one_visit_each.value == ten_visits_each.value == 0.5
    assert ten_visits_each.high - ten_visits_each.low > 2 * (one_visit_each.high - one_visit_each.low)
    assert np.isnan(share_of_visits(np.empty(0, dtype=np.bool_), np.empty(0, dtype=np.int64)).value)


def test_without_events_it_says_what_to_import(tmp_path: Path) -> None:
    empty = Store.create(tmp_path / "empty")
    action = APP.action("paths")
    with pytest.raises(MissingData) as refused:
        perform("behaviour.paths", action, action.request(), run_of(empty, as_of=1))
    assert refused.value.code == "nothing_imported"
