"""`risk market`: the planted fall is named with its release, its week and its topic, and nothing else; a null market is quiet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from market_workspace import END, FALL_WEEK, OURS, RIVAL, START, THIRD, market, metrics
from risk_workspaces import settings_of, write
from test_risk_actions import ask, check_page, keys_of_lines

from productloop.apps.risk import APP
from productloop.apps.risk._market_series import kind_of
from productloop.apps.risk.market_types import MarketReport, MarketRequest
from productloop.foundation.page import Chart, Grid
from productloop.foundation.wording import Text
from productloop.loop.features import DAY_US
from productloop.loop.marks import in_both
from productloop.loop.store import Store
from productloop.loop.weeks import local_day


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return market(tmp_path_factory.mktemp("market") / "workspace")


@pytest.fixture(scope="module")
def planted(store: Store) -> MarketReport:
    report: MarketReport = ask(store, "market", MarketRequest(ours=OURS))
    return report


def week_of(number: int) -> str:
    return local_day(START + number * 7 * DAY_US, "UTC").isoformat()


def test_only_the_fall_is_named_in_both_stores(planted: MarketReport) -> None:
    moved = [one for one in planted.standings if one.moved]
    assert {(one.product, one.place) for one in moved} == {(RIVAL, ("appstore",)), (RIVAL, ("googleplay",))}, "stores are never averaged"
    for one in moved:
        assert one.better is False
        assert one.since_first is not None
        assert one.since_last is not None
        assert one.since_first <= week_of(FALL_WEEK) <= one.since_last
        assert one.from_level is not None
        assert one.to_level is not None
        assert one.from_level.value > one.to_level.value
        assert one.to_level.high < one.from_level.value
    assert planted.products == (RIVAL, THIRD)
    assert planted.standings[0].moved, "moved ones stand first"


def test_the_release_and_the_topic_stand_beside_it(planted: MarketReport) -> None:
    first = planted.standings[0]
    assert first.release == in_both("Other Pay 5.2: new sign-in / Other Pay 5.2：新的登录")
    assert isinstance(first.release, Text)
    assert first.blamed is not None
    assert "login" in str(first.blamed.topic)
    assert first.blamed.after.low is not None
    assert first.blamed.after.low > first.blamed.before.high
    assert first.blamed.quotes


def test_what_it_means_for_us(planted: MarketReport) -> None:
    gaps = {str(gap.topic): gap for gap in planted.gaps}
    serve = next(gap for name, gap in gaps.items() if "login" in name)
    worse = next(gap for name, gap in gaps.items() if "refund" in name)
    assert (serve.kind, serve.product, worse.kind) == ("serve", RIVAL, "worse")
    assert serve.ratio.low is not None
    assert serve.ratio.low > 1
    assert not [name for name in gaps if "fees" in name]


def test_the_page(store: Store, planted: MarketReport) -> None:
    page = APP.action("market").page(planted)
    assert {"risk.market.release", "risk.market.blamed_more", "risk.market.look.fell_topic", "risk.market.serve", "risk.market.worse"} <= (
        keys_of_lines(page)
    )
    charts = [block for block in page.blocks if isinstance(block, Chart)]
    assert len(charts) == 2
    assert all(len(chart.series) == 2 and chart.marks for chart in charts)
    assert any(isinstance(block, Grid) and len(block.rows) == 6 for block in page.blocks)
    assert "Other Pay 5.2: new sign-in" in check_page(store, "market", planted)


def test_a_null_market_is_quiet(tmp_path: Path) -> None:
    moved = gaps = 0
    for seed in range(2):
        store = market(tmp_path / str(seed), seed=20 + seed, planted=False)
        report: MarketReport = ask(store, "market", MarketRequest(ours=OURS))
        moved += sum(one.moved for one in report.standings)
        gaps += len(report.gaps)
        assert report.num_compared == 6
    assert moved == 0, "the mix of stores changes in week 12, and nothing else"
    assert gaps == 0
    assert "risk.market.quiet" in keys_of_lines(APP.action("market").page(report))


def test_a_version_in_reviews_stands_for_an_unnamed_release(tmp_path: Path) -> None:
    store = market(tmp_path / "workspace", with_topics=False)
    store.delete_rows("changes", "kind = 'competitor'")
    report: MarketReport = ask(store, "market", MarketRequest(ours=OURS))
    first = report.standings[0]
    assert first.moved
    assert "5.2" in str(first.release)
    assert first.blamed is None
    assert report.compared_topics == "no_topics"
    assert "risk.market.gap_topics" in keys_of_lines(APP.action("market").page(report))


def test_metrics_only(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    metrics(store)
    report: MarketReport = ask(store, "market", MarketRequest(), settings_of(product__name=OURS))
    moved = {(one.product, one.what): one for one in report.standings if one.moved}
    assert set(moved) == {(RIVAL, "rank"), (RIVAL, "price")}
    rank, price = moved[RIVAL, "rank"], moved[RIVAL, "price"]
    assert rank.better is False, "a higher rank is a worse one"
    assert rank.place == ("CN",)
    assert price.from_level is not None
    assert price.to_level is not None
    assert (price.from_level.value, price.to_level.value, price.since) == (4.99, 5.99, week_of(FALL_WEEK))
    assert check_page(store, "market", report)


def test_metrics_that_do_not_move(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    metrics(store, seed=3, moves=False)
    report: MarketReport = ask(store, "market", MarketRequest(), settings_of(product__name=OURS))
    assert [one for one in report.standings if one.moved] == []
    assert report.num_compared == 2, "prices are not estimated"


def test_nothing_about_competitors_names_the_imports(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    write(store, "feedback", {"text": ["fine"], "time": [START], "rating": [4.0]})
    report: MarketReport = ask(store, "market", MarketRequest())
    assert report.state == "none"
    text = check_page(store, "market", report)
    assert text.count("productloop import") == 3


def test_nobody_said_which_product_is_ours(store: Store) -> None:
    report: MarketReport = ask(store, "market", MarketRequest())
    assert (report.state, set(report.products)) == ("ours_unknown", {OURS, RIVAL, THIRD})
    assert "--ours" in check_page(store, "market", report)


def test_only_a_release_of_theirs(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    write(store, "feedback", {"text": ["fine"], "time": [END], "rating": [4.0]})
    write(store, "changes", {"time": [END - 3 * DAY_US], "kind": ["competitor"], "title": ["Other Pay cuts its fees"], "version": [None]})
    report: MarketReport = ask(store, "market", MarketRequest())
    assert report.state == "ok"
    assert "risk.market.look.happened" in keys_of_lines(APP.action("market").page(report))
    assert "risk.market.too_short" in keys_of_lines(APP.action("market").page(report))
    assert check_page(store, "market", report)


@pytest.mark.parametrize(
    ("metric", "kind"),
    [
        ("rating", "rating"),
        ("app_rating", "rating"),
        ("榜单排名", "rank"),
        ("Monthly price", "price"),
        ("下载量", "downloads"),
        ("revenue", None),
    ],
)
def test_what_a_metric_is(metric: str, kind: Any) -> None:
    assert kind_of(metric) == kind
