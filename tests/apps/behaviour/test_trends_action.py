"""`trends` from files to page: whole periods, the running one, formulas, breakdown, usual changes, what the product changed, errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from event_workspace import at, run_of, workspace, written
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._trends import _moving, _standing
from productloop.apps.behaviour.trends_report import trends_page
from productloop.apps.behaviour.trends_types import TrendsReport
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.wording import LANGUAGES
from productloop.loop.action import Run, perform
from productloop.loop.store import Store


def planted() -> str:
    """Ten weeks: u0 every week, five more people every second week; B in week w has value w; the eleventh week is running."""
    rows = ["user_id,event,timestamp,value,platform"]
    for week in range(11):
        rows.append(f"u0,A,{at(7 * week)},,ios")
        rows.append(f"u0,B,{at(7 * week + 1)},{week},ios")
        rows += [f"u{who},A,{at(7 * week + 2)},,web" for who in range(1, 6) if week % 2]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    changes = "time,kind,title\n2026-03-17T00:00:00Z,version,New home screen\n2025-01-01T00:00:00Z,version,Long ago\n"
    metrics = "metric,time,value,unit\n" + "".join(f"weekly visits,{at(7 * week)},{100 + week},visits\n" for week in range(10))
    return workspace(tmp_path_factory.mktemp("trends"), events=planted(), changes=changes, metrics=metrics)


def ask(store: Store, request: dict[str, Any] | None = None, run: Run | None = None) -> TrendsReport:
    action = APP.action("trends")
    report = perform("behaviour.trends", action, action.request.model_validate(request or {}), run or run_of(store))
    assert isinstance(report, TrendsReport)
    return report


def test_weeks_and_the_running_one(store: Store) -> None:
    report = ask(store)
    assert report.period == "week"
    assert report.periods[0] == "2026-03-02"
    assert report.lines[0].values == (1, 6, 1, 6, 1, 6, 1, 6, 1, 6, None)
    assert report.last_start == "2026-05-04"
    assert (report.lines[0].last.value, report.lines[0].before.value, report.lines[0].change.value) == (6, 1, 5.0)
    assert report.lines[0].standing == "usual"
    assert report.changes == (("2026-03-17", "New home screen"),)
    english = "\n".join(written(trends_page(report), "en"))
    assert "active people: 6 in the week of 2026-05-04, 500.0 % more than the week before (1)." in english
    assert "Ups and downs of this size are usual" in english
    assert "2026-05-11 (in progress) | -" in english
    assert "New home screen" in english


def test_formulas_moving_means_and_per_person(store: Store) -> None:
    report = ask(store, {"metrics": ["sum(B.value) * 2 + 1", "count(A) / people(A)"], "moving": 3})
    assert report.lines[0].values[:4] == (1, 3, 5, 7)
    assert report.lines[0].moving[:4] == (None, None, 3, 5)
    assert report.lines[0].moving[-1] is None
    assert set(report.lines[1].values[:-1]) == {1.0}
    per = ask(store, {"metrics": ["count(any)"], "per_person": True})
    assert per.lines[0].values[:2] == (2, 7 / 6)
    assert "active" in "\n".join(written(trends_page(per), "en"))
    table = ask(store, {"metrics": ["weekly visits", '"weekly visits" / people(any)']})
    assert table.lines[0].values[:2] == (100, 101)
    assert table.lines[1].values[1] == 101 / 6


def test_breakdown(store: Store) -> None:
    report = ask(store, {"metrics": ["people(A)"], "scope": {"by": "platform"}})
    assert [(line.value, line.values[1]) for line in report.lines] == [(None, 6), ("web", 5), ("ios", 1)]
    assert report.num_values == 2
    for language in LANGUAGES:
        assert any("platform" in line for line in written(trends_page(report), language))
    with pytest.raises(UsageError):
        ask(store, {"metrics": ["weekly visits"], "scope": {"by": "platform"}})


def test_days_months_ranges_and_both_languages(store: Store) -> None:
    march = {"scope": {"since": "2026-03-02", "until": "2026-03-11"}}
    days = ask(store, march)
    assert days.period == "day"
    assert len(days.periods) == 10
    assert days.running is False
    assert days.lines[0].values[:3] == (1, 1, 0)
    assert ask(store, {"period": "month"}).lines[0].values == (6, None)
    for period in ("hour", "day", "week", "month"):
        for language in LANGUAGES:
            assert len(written(trends_page(ask(store, {"period": period, "metrics": ["people(B)", "p90(B.value)"]})), language)) > 4


def test_nothing_to_say_and_errors(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MissingData):
        ask(Store.create(tmp_path / "empty"))
    short = ask(workspace(tmp_path, events="user_id,event,timestamp\nu,open,2026-03-03T10:00:00Z\n"))
    assert written(trends_page(short), "zh")[1].startswith("这段时间里还没有走完的周期")
    for metric, code in (("people(A", "metric_unreadable"), ("people(Q)", "event_unknown"), ("visitors", "metric_unknown")):
        with pytest.raises(UsageError) as error:
            ask(store, {"metrics": [metric]})
        assert error.value.code == code
    nobody = ask(store, {"scope": {"where": ("platform=tv",)}})
    assert set(nobody.lines[0].values[:-1]) == {0}
    assert written(trends_page(nobody), "en")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0, 9)), max_size=12), st.integers(2, 5))
def test_moving_means(values: list[float], num: int) -> None:
    found = _moving(np.array(values), num)
    assert len(found) == len(values)
    for place, value in enumerate(found):
        window = values[place - num + 1 : place + 1] if place >= num - 1 else [float("nan")]
        expected = sum(window) / len(window)
        assert value is None if np.isnan(expected) else value == pytest.approx(expected)


def test_a_change_is_large_only_against_earlier_ones() -> None:
    quiet = np.array([100.0, 102, 100, 103, 101, 99, 100, 102, 100, 101])
    assert _standing(np.append(quiet, 150)) == "up"
    assert _standing(np.append(quiet, 60)) == "down"
    assert _standing(np.append(quiet, 101.5)) == "usual"
    assert _standing(quiet[:6]) == "unknown"
    assert _standing(np.append(quiet, 0)) == "unknown"
