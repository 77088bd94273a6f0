"""`forecast` from files to page: what can be forecast, whole periods only, the test beside repeating the season, errors, both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from event_workspace import run_of, workspace, written
from order_workspace import ask, orders_csv

from productloop.apps.behaviour.forecast_report import forecast_page
from productloop.foundation.errors import MissingData, UsageError
from productloop.loop.store import Store

BEGIN = np.datetime64("2026-01-05")
NUM_DAYS = 70


def planted() -> str:
    """Ten people a day on weekdays and two at the weekend, each doing A once and B half the time with value 3."""
    rows = ["user_id,event,timestamp,value"]
    for day in range(NUM_DAYS):
        for person in range(10 if day % 7 < 5 else 2):
            rows.append(f"u{person},A,{BEGIN + day}T10:00:00Z,")
            rows.append(f"u{person},A,{BEGIN + day}T10:05:00Z,")
            if person % 2:
                rows.append(f"u{person},B,{BEGIN + day}T11:00:00Z,3")
    return "\n".join([*rows, f"u0,A,{BEGIN}T00:00:00Z,", f"u0,A,{BEGIN + NUM_DAYS}T00:00:01Z,"]) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    series = ["metric,time,value,unit"]
    series += [f"stars,{BEGIN + day}T08:00:00Z,{4 + 0.1 * (day % 7)},stars" for day in range(40) if day != 20]
    series += [f"downloads,{BEGIN + 7 * week}T08:00:00Z,{100 + week},downloads" for week in range(20)]
    money = orders_csv([(f"c{day % 9}", day, 10.0, "CNY", "purchase", "") for day in range(60)] + [("c1", 5, 4.0, "CNY", "refund", "")])
    return workspace(tmp_path_factory.mktemp("forecast"), events=planted(), metrics="\n".join(series) + "\n", orders=money)


@pytest.mark.parametrize(
    ("metric", "weekday", "weekend"),
    [("people(A)", 10, 2), ("count(A)", 20, 4), ("sum(B.value)", 15, 3), ("average(B.value)", 3, 3), ("people(B)/people(any)", 0.5, 0.5)],
)
def test_events_are_forecast_by_day(store: Store, metric: str, weekday: float, weekend: float) -> None:
    report = ask(store, "forecast", {"metric": metric, "horizon": 7})
    assert report.state == "ok"
    assert report.num_periods.value == NUM_DAYS
    assert report.season == 7
    assert [step.value.value for step in report.steps] == pytest.approx([*[weekday] * 5, weekend, weekend], abs=0.01 * weekday)
    assert report.steps[0].start == str(BEGIN + NUM_DAYS)
    assert report.ahead.value == pytest.approx((5 * weekday + 2 * weekend) / 7, rel=0.02)
    assert report.verdict != "better"  # the weeks repeat themselves exactly


def test_only_whole_periods_count(store: Store) -> None:
    weeks = ask(store, "forecast", {"metric": "people(A)", "period": "week", "horizon": 4})
    assert weeks.num_periods.value == 10
    assert weeks.season == 1
    assert "yearly pattern" in "\n".join(written(forecast_page(weeks), "en"))
    hours = ask(store, "forecast", {"metric": "count(A)", "period": "hour", "horizon": 24})
    assert hours.num_periods.value == 24 * NUM_DAYS
    assert hours.steps[0].start == f"{BEGIN + NUM_DAYS} 00:00"
    assert max(range(24), key=lambda place: hours.steps[place].value.value) == 10


def test_the_local_day_counts(store: Store) -> None:
    shanghai = ask(
        store, "forecast", {"metric": "count(A)", "period": "hour", "horizon": 24}, run_of(store, product__time_zone="Asia/Shanghai")
    )
    start = shanghai.steps[0].start
    peak = max(range(24), key=lambda place: shanghai.steps[place].value.value)
    assert (int(start[11:13]) + peak) % 24 == 18


def test_table_metrics_keep_their_own_interval(store: Store) -> None:
    stars = ask(store, "forecast", {"metric": "stars", "horizon": 7})
    assert stars.period == "day"
    assert stars.combined == "mean"
    assert stars.num_periods.value == 39
    assert "1 of the 40 periods has no value" in "\n".join(written(forecast_page(stars), "en"))
    downloads = ask(store, "forecast", {"metric": "downloads", "horizon": 4})
    assert downloads.period == "week"
    assert downloads.ahead.value == pytest.approx(121.5, abs=4)


def test_revenue_is_net_of_refunds(store: Store) -> None:
    report = ask(store, "forecast", {"metric": "revenue", "horizon": 7})
    assert report.unit == "money:CNY"
    assert report.ahead.value == pytest.approx(1000, abs=60)
    assert dict(report.history)["2025-01-11"] == 600


def test_what_cannot_be_known_is_said(store: Store, tmp_path: Path) -> None:
    short = "user_id,event,timestamp\n" + "".join(f"u,A,{BEGIN + day}T10:00:00Z\n" for day in range(6))
    report = ask(workspace(tmp_path, events=short), "forecast")
    assert report.state == "few"
    assert "at least 8" in "\n".join(written(forecast_page(report), "en"))
    one = ask(workspace(tmp_path / "one", events="user_id,event,timestamp\nu,A,2026-01-05T10:00:00Z\n"), "forecast")
    assert one.state == "none"
    for metric, code in (("people(nothing)", "event_unknown"), ("A", "metric_is_event"), ("start", "metric_unknown")):
        with pytest.raises(UsageError) as error:
            ask(store, "forecast", {"metric": metric})
        assert error.value.code == code
    with pytest.raises(UsageError):
        ask(store, "forecast", {"scope": {"by": "platform"}})
    with pytest.raises(MissingData):
        ask(workspace(tmp_path / "two", events=short), "forecast", {"metric": "revenue"})


def test_pages_in_both_languages(store: Store) -> None:
    page = forecast_page(ask(store, "forecast", {"metric": "people(A)"}))
    english, chinese = "\n".join(written(page, "en")), "\n".join(written(page, "zh"))
    assert "In the next 28 days, people with A: about 7.71 a day" in english
    assert "未来 28 天，A的人数平均每天约 7.71" in chinese
    assert "MASE" not in english[: english.index("--\n")]
    assert "no better than “the same day of the week before”" in english
