"""`value` from files to page: estimates and their test, refusals with the reason, currencies apart, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_workspace import run_of, workspace, written
from order_workspace import ask, chance_buyers, orders_csv

from productloop.apps.behaviour.value_report import value_page
from productloop.foundation.errors import MissingData, UsageError
from productloop.loop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rows = chance_buyers(400, 420, 5)
    rows += [("c1", 200, 5.0, "CNY", "refund", ""), ("x1", 100, 9.0, "USD", "purchase", ""), ("s1", 50, 30.0, "CNY", "renewal", "pro")]
    return workspace(tmp_path_factory.mktemp("value"), orders=orders_csv(rows))


def test_what_customers_are_worth(store: Store) -> None:
    report = ask(store, "value")
    assert report.state == "ok"
    assert report.currency == "CNY"
    assert report.people.value == 400
    assert report.ahead.unit == "money:CNY"
    assert report.ahead.low < report.ahead.value < report.ahead.high
    assert report.alive.value <= report.repeaters.value
    assert sum(tenth.people.value for tenth in report.tenths) == 400
    assert sum(tenth.share.value for tenth in report.tenths) == pytest.approx(1)
    assert [tenth.ahead.value for tenth in report.tenths] == sorted((tenth.ahead.value for tenth in report.tenths), reverse=True)
    assert sum(cohort.people.value for cohort in report.cohorts) == 400
    assert report.total_ahead.value == pytest.approx(400 * report.ahead.value, abs=400)
    assert report.top[0].id.startswith("c")
    longer = ask(store, "value", {"months": 24})
    assert report.ahead.value < longer.ahead.value < 2 * report.ahead.value
    assert ask(store, "value").model_dump() == report.model_dump()


def test_it_is_held_against_what_came(store: Store) -> None:
    test = ask(store, "value").backtest
    assert test.verdict in ("better", "same")
    assert test.predicted.value == pytest.approx(test.actual.value, rel=0.3)
    assert test.error.value < test.naive_error.value * 1.05
    assert test.gain.value == pytest.approx(test.naive_error.value - test.error.value)


def test_refunds_are_taken_off(store: Store) -> None:
    report = ask(store, "value", {"currency": "usd"})
    assert report.state == "few"
    assert report.so_far.value == 900
    rows = [("a", 0, 10.0, "CNY", "purchase", ""), ("a", 9, 4.0, "CNY", "refund", "")]
    assert "600" not in str(rows)
    own = workspace(store.root / "refunds", orders=orders_csv(rows))
    assert ask(own, "value").so_far.value == 600


def test_pages_in_both_languages(store: Store) -> None:
    page = value_page(ask(store, "value"))
    english, chinese = written(page, "en"), written(page, "zh")
    assert english[1].startswith("The average customer will spend another")
    assert chinese[1].startswith("平均每个顾客未来 12 个月还会花")
    text = "\n".join(english)
    assert "1 subscription order is not in here" in text
    assert "orders in USD" in text
    first_screen = text[: text.index("--\n")]
    assert "BG/NBD" not in first_screen


def monthly(num: int, kind: str, plan: str) -> list[tuple[str, int, float, str, str, str]]:
    return [(f"m{person}", person % 25 + 30 * month, 20.0, "CNY", kind, plan) for person in range(num) for month in range(6)]


@pytest.mark.parametrize(("kind", "plan", "state"), [("", "", "periodic"), ("renewal", "pro", "subscription")])
def test_subscriptions_are_refused_with_the_reason(tmp_path: Path, kind: str, plan: str, state: str) -> None:
    report = ask(workspace(tmp_path, orders=orders_csv(monthly(40, kind, plan))), "value")
    assert report.state == state
    assert report.ahead.value is None
    assert not report.top
    for language in ("en", "zh"):
        assert "productloop behaviour revenue" in "\n".join(written(value_page(report), language))


def test_little_data_is_said(tmp_path: Path) -> None:
    one = ask(workspace(tmp_path / "one", orders=orders_csv([("a", 0, 10.0, "CNY", "", "")])), "value")
    assert one.state == "few"
    assert one.missing.value == 29
    text = "\n".join(written(value_page(one), "en"))
    assert "too few" in text
    assert "have spent 10.00 CNY" in text or "has spent 10.00 CNY" in text
    refunds = ask(workspace(tmp_path / "refunds", orders=orders_csv([("a", 0, 10.0, "CNY", "refund", "")])), "value")
    assert refunds.state == "none"
    assert len(written(value_page(refunds), "zh")) == 2
    short = ask(workspace(tmp_path / "short", orders=orders_csv(chance_buyers(80, 40, 1))), "value")
    assert short.state == "few"


def test_no_orders_and_no_breakdown(tmp_path: Path, store: Store) -> None:
    with pytest.raises(MissingData):
        ask(workspace(tmp_path), "value")
    with pytest.raises(UsageError) as error:
        ask(store, "value", {"scope": {"by": "plan"}})
    assert error.value.code == "value_no_breakdown"


def test_the_range_binds_first_purchases(store: Store) -> None:
    report = ask(store, "value", {"scope": {"since": "2025-03-01"}}, run_of(store))
    assert min(cohort.start for cohort in report.cohorts) == "2025-03-01"
    assert report.people.value < 400
