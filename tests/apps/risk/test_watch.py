"""`watch`: a planted fall is found with its day, its size, its part and the release beside it; quiet data give a quiet week."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import run_on, settings_of, write
from watch_workspaces import DAY_US, START_US, active_people, metric_rows

from productloop.apps.risk import APP
from productloop.apps.risk._watch_days import day_sql, first_day, iso, local_day, periods_of
from productloop.apps.risk.watch_report import first_news, watch_page
from productloop.apps.risk.watch_types import WatchReport, WatchRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Chart, Line
from productloop.foundation.wording import LANGUAGES, speak
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.store import Store


def ask(store: Store, metric: str | None = None, settings: Any = None, **scope: Any) -> WatchReport:
    request = WatchRequest(metric=metric, scope=Scope(**scope))
    report = perform("risk.watch", APP.action("watch"), request, run_on(store, settings), fresh=True)
    assert isinstance(report, WatchReport)
    return report


def said(report: WatchReport) -> dict[str, list[str]]:
    lines = [block for block in watch_page(report).blocks if isinstance(block, Line)]
    return {language: [speak(line.text, APP.texts, language) for line in lines] for language in LANGUAGES}


@pytest.fixture(scope="module")
def fallen(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return active_people(tmp_path_factory.mktemp("fallen"), 1, fall=0.9)


def test_a_planted_fall_is_found_with_day_size_part_and_release(fallen: Store) -> None:
    report = ask(fallen)
    assert report.num_looks == 1
    one = report.metrics[0]
    assert (one.name, one.verdict, one.lasting, one.period) == ("active", "below", True, "day")
    assert one.since in ("2026-05-31", "2026-06-01", "2026-06-02")
    assert one.gap.low is not None
    assert one.gap.high is not None
    assert one.gap.low <= -0.15 <= one.gap.high < 0  # nine tenths of a sixth
    source = one.sources[0]
    assert dict(zip(source.columns, source.values, strict=True)) == {"platform": "android", "plan": "paid"}
    assert source.share.low is not None
    assert source.share.low > 0.5
    assert [near.detail for near in one.near if near.kind == "change"] == ["4.5"]
    assert [finding.subject for finding in report.findings] == ["active"]
    assert report.findings[0].tone == "problem"


def test_the_page_says_it_in_both_languages_with_a_picture(fallen: Store) -> None:
    report = ask(fallen, "active")
    lines = said(report)
    assert any("under what was expected since" in line and "2026-06-01" in line for line in lines["en"])
    assert any("platform = android" in line and "plan = paid" in line for line in lines["en"])
    assert any("比预期少" in line for line in lines["zh"])
    assert any("新支付" in line and "New payments" not in line for line in lines["zh"])
    chart = next(block for block in watch_page(report).blocks if isinstance(block, Chart))
    assert chart.marks[0][0] == report.metrics[0].since
    assert chart.marks[0][0] in chart.x
    assert sum(low is not None for low in chart.series[1].low) == report.window_days


def test_a_fall_that_is_everywhere_names_no_part(tmp_path: Path) -> None:
    one = ask(active_people(tmp_path, 2, fall=0.35, everywhere=True)).metrics[0]
    assert one.outside
    assert one.sources == ()


def test_quiet_data_give_a_quiet_week(tmp_path: Path) -> None:
    report = ask(active_people(tmp_path / "people", 3))
    assert report.num_looks == 0
    assert first_news(report) is None, "the first page stays short"
    assert report.findings == ()
    assert "Nothing unusual" in said(report)["en"][0]
    many = ask(metric_rows(tmp_path / "metrics", 0, num=3))
    assert many.num_looks == 0
    assert "A quiet week: 3 metrics" in said(many)["en"][0]
    assert "一切平静" in said(many)["zh"][0]


def test_of_many_metrics_only_the_planted_one_is_named(tmp_path: Path) -> None:
    report = ask(metric_rows(tmp_path, 5, num=3, drops={2: 0.3}))
    assert [one.name for one in report.metrics if one.outside] == ["m2"]
    assert report.metrics[0].gap.value == pytest.approx(-0.3, abs=0.08)
    assert report.num_tested == 3


def test_several_falls_on_one_day_ask_for_the_data_first(tmp_path: Path) -> None:
    report = ask(metric_rows(tmp_path, 6, num=4, drops=dict.fromkeys(range(4), 0.6)))
    assert report.num_looks == 3
    news = first_news(report)
    assert news is not None
    assert "2 more metrics deserve a look" in speak(news, APP.texts, "en")
    assert report.together
    lines = said(report)["en"]
    assert any("all data of those days" in line for line in lines)
    assert any("1 more also left" in line for line in lines)


def test_segments_of_the_table_are_two_columns(tmp_path: Path) -> None:
    store, random, rows = Store.create(tmp_path), np.random.default_rng(0), []
    for segment, level in (("android/paid", 60), ("android/free", 60), ("ios/paid", 50), ("ios/free", 50)):
        for day in range(84):
            mean = level * (0.1 if segment == "android/paid" and day >= 72 else 1)
            rows.append((segment, START_US + day * DAY_US, float(random.poisson(mean))))
    write(
        store,
        "metrics",
        {
            "metric": ["orders placed"] * len(rows),
            "segment": [r[0] for r in rows],
            "time": [r[1] for r in rows],
            "value": [r[2] for r in rows],
        },
    )
    one = ask(store, "orders placed").metrics[0]
    assert one.outside
    assert set(one.sources[0].values) == {"android", "paid"}


def test_too_short_and_too_few_are_answers(tmp_path: Path) -> None:
    report = ask(metric_rows(tmp_path / "short", 1, num=2, days=30))
    assert {one.verdict for one in report.metrics} == {"short"}
    assert report.metrics[0].look_again is not None
    assert "too little data" in said(report)["en"][0]
    store = Store.create(tmp_path / "one")
    write(store, "events", {"actor": [0], "name": ["open"], "time": [START_US]})
    alone = ask(store)
    assert alone.num_looks == 0
    assert said(alone)["en"]


def test_unknown_names_are_errors_that_help(fallen: Store) -> None:
    with pytest.raises(UsageError) as caught:
        ask(fallen, "actve")
    assert "active" in caught.value.render("en")[1]
    with pytest.raises(UsageError):
        ask(fallen, by="platform")
    assert ask(fallen, "count(open)").metrics[0].unit == "events"
    with pytest.raises(UsageError):
        perform("risk.watch", APP.action("watch"), WatchRequest(holidays=("ZZ",)), run_on(fallen), fresh=True)


def test_a_scope_narrows_what_is_watched(fallen: Store) -> None:
    assert ask(fallen, "active", where=("platform=android",)).metrics[0].gap.value == pytest.approx(-0.45, abs=0.12)


def test_days_are_those_of_the_local_calendar(fallen: Store) -> None:
    zone = "Europe/Berlin"
    instants = [START_US + 6 * DAY_US + hour * 3_600_000_000 for hour in range(-30, 30)]  # summer time begins on 29 March 2026
    values = ", ".join(f"({one})" for one in instants)
    sql = day_sql("t", zone, instants[0], instants[-1])
    assert [row[0] for row in fallen.rows(f"SELECT {sql} FROM (VALUES {values}) v(t)")] == [local_day(one, zone) for one in instants]
    assert iso(local_day(START_US, "Asia/Shanghai")) == "2026-03-23"
    week = periods_of(np.array([local_day(START_US, "UTC")]), "week", 6)
    assert iso(first_day(int(week[0]), "week", 6)) == "2026-03-22"
    assert ask(fallen, "active", settings_of(product__time_zone="Asia/Shanghai")).countries == ("CN",)
