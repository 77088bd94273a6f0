"""`behaviour sessions`: visits, their length and their ends, periods that are not over, and what another silence would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.apps.behaviour.event_workspace import run_of, workspace, written

from productloop.apps.behaviour import APP
from productloop.apps.behaviour.sessions_types import SessionsReport
from productloop.foundation.errors import UsageError
from productloop.loop.action import perform
from productloop.loop.store import Store

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def csv() -> str:
    """Two people over three weeks: ann twice a week for ten minutes, bob once a week for one event; the last week is not over."""
    rows = ["user_id,event,timestamp,session,plan"]
    for week in range(3):
        for day, minutes in ((0, (0, 4, 10)), (1, (0, 10))):
            for place, minute in enumerate(minutes):
                at = MONDAY + timedelta(weeks=week, days=day, minutes=minute)
                rows.append(f"ann,{'open' if place == 0 else 'read'},{at.isoformat()},a{week}{day},pro")
        rows.append(f"bob,open,{(MONDAY + timedelta(weeks=week, days=2)).isoformat()},b{week},free")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = workspace(tmp_path_factory.mktemp("sessions"), events=csv())
    yield opened
    opened.close()


def ask(store: Store, **request: Any) -> SessionsReport:
    """The report of a request."""
    action = APP.action("sessions")
    report = perform("behaviour.sessions", action, action.request.model_validate(request), run_of(store))
    assert isinstance(report, SessionsReport)
    return report


def test_visits_people_and_length(store: Store) -> None:
    total = ask(store).total
    assert (total.visits.value, total.people.value, total.each.value) == (9, 2, 4.5)
    assert total.median_minutes.value == 10
    assert total.median_events.value == 2  # bob's last visit is open: 3, 2, 3, 2, 3, 2 and his 1, 1
    assert total.single.value == pytest.approx(2 / 8)


def test_a_period_that_is_not_over_shows_nothing(store: Store) -> None:
    report = ask(store)
    assert [(row.start, row.visits.value, row.people.value) for row in report.periods] == [
        ("2026-03-02", 3, 2),
        ("2026-03-09", 3, 2),
        ("2026-03-16", None, None),
    ]
    assert [row.visits.value for row in ask(store, period="month").periods] == [None]


def test_first_and_last_events(store: Store) -> None:
    report = ask(store)
    assert [(line.label, line.share.value) for line in report.first] == [(report.first[0].label, 1.0)]
    assert [line.share.value for line in report.last] == [0.75, 0.25]


def test_by_a_column_and_by_own_sessions(store: Store) -> None:
    report = ask(store, scope={"by": "plan"})
    assert [(part.value, part.visits.value) for part in report.parts] == [("pro", 6), ("free", 3)]
    own = ask(store, own_sessions=True, silence_minutes=1)
    assert (own.total.visits.value, own.silences) == (9, ())
    with pytest.raises(UsageError) as refused:
        ask(store, scope={"by": "colour"})
    assert refused.value.code == "breakdown_unknown"


def test_another_silence_is_shown_beside(store: Store) -> None:
    lines = {line.minutes: line for line in ask(store).silences}
    assert lines[30].visits.value == 9
    assert lines[5].visits.value == 15  # ten minutes of silence part each of ann's visits
    assert ask(store, silence_minutes=5).total.visits.value == 15


def test_the_page_reads_in_both_languages(store: Store) -> None:
    page = APP.action("sessions").page(ask(store))
    english, chinese = written(page, "en"), written(page, "zh")
    assert english[1].startswith("2 people made 9 visits, 4.5 each on average")
    assert chinese[1].startswith("2 人来过 9 次，平均每人 4.5 次")
    assert len(english) == len(chinese)


def test_no_visits_is_a_sentence(store: Store) -> None:
    report = ask(store, scope={"since": "2030-01-01"})
    assert report.state == "none"
    assert written(APP.action("sessions").page(report), "en")[1] == "No visits in this range."
