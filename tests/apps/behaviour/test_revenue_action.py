"""`revenue` from files to page: movements by hand, the running month, currencies apart, accounts, what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_workspace import workspace, written
from order_workspace import ask, orders_csv

from productloop.apps.behaviour.revenue_report import revenue_page
from productloop.foundation.errors import MissingData, UsageError
from productloop.loop.store import Store

MOVES = ("mrr", "new", "reactivated", "expansion", "contraction", "lost")
HEADER = "order_id,customer_id,order_date,amount,currency,kind,plan,period_start,period_end"


def bill(rows: list[tuple[str, str, float, str, str]], currency: str = "CNY") -> str:
    """(customer, month, amount, kind, plan) as CSV, each paid on the fifth for one month from then on."""
    lines = [HEADER]
    for number, (who, month, amount, kind, plan) in enumerate(rows):
        year, at = (int(part) for part in month.split("-"))
        after = f"{year + at // 12}-{at % 12 + 1:02d}-05"
        lines.append(f"o{number},{who},{month}-05T10:00:00Z,{amount},{currency},{kind},{plan},{month}-05,{after}")
    return "\n".join(lines) + "\n"


ROWS = [
    ("old", "2025-12", 10, "renewal", "basic"),
    ("old", "2026-01", 10, "renewal", "basic"), ("a", "2026-01", 10, "new", "basic"), ("b", "2026-01", 20, "new", "pro"),
    ("old", "2026-02", 10, "renewal", "basic"), ("a", "2026-02", 20, "upgrade", "pro"), ("b", "2026-02", 10, "downgrade", "basic"),
    ("a", "2026-03", 20, "renewal", "pro"), ("c", "2026-03", 10, "new", "basic"),
    ("a", "2026-04", 20, "renewal", "pro"), ("b", "2026-04", 10, "new", "basic"), ("c", "2026-04", 10, "renewal", "basic"),
    ("a", "2026-05", 20, "renewal", "pro"), ("c", "2026-05", 4, "refund", ""), ("z", "2026-05", 99, "add_on", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return workspace(tmp_path_factory.mktemp("revenue"), orders=bill(ROWS))


def test_movements_by_hand(store: Store) -> None:
    report = ask(store, "revenue")
    assert report.state == "ok"
    table = {row.start[:7]: [getattr(row, name).value for name in MOVES] for row in report.months}
    assert table == {
        "2026-01": [4000, None, None, None, None, None],
        "2026-02": [4000, 0, 0, 1000, 1000, 0],
        "2026-03": [3000, 1000, 0, 0, 0, 2000],
        "2026-04": [4000, 0, 1000, 0, 0, 0],
        "2026-05": [None] * 6,
    }
    assert [row.running for row in report.months] == [False, False, False, False, True]
    assert report.months[1].net_retention.value == 1.0
    assert report.months[1].gross_retention.value == pytest.approx(0.75)
    assert report.months[2].gross_retention.value == pytest.approx(0.5)
    assert report.inferred.value == 0
    assert report.last.start == "2026-04-01"
    assert report.span == 3
    assert report.year_net.value == pytest.approx(30 / 40)
    may = report.months[-1]
    assert may.refunds.value == 400
    assert may.single.value == 9900


def test_by_plan_and_start(store: Store) -> None:
    report = ask(store, "revenue")
    assert [(group.name, group.accounts.value, group.mrr.value, group.each.value) for group in report.by_plan] == [
        ("basic", 2, 2000, 1000),
        ("pro", 1, 2000, 2000),
    ]
    cohorts = {group.name[:7]: (group.started.value, group.accounts.value, group.mrr.value) for group in report.by_cohort}
    assert cohorts == {"2025-12": (1, 0, 0), "2026-01": (2, 2, 3000), "2026-03": (1, 1, 1000)}


def test_pages_in_both_languages(store: Store) -> None:
    page = revenue_page(ask(store, "revenue"))
    english, chinese = written(page, "en"), written(page, "zh")
    assert english[1] == "[good] At the end of 2026-04, 40.00 CNY recur each month, 10.00 CNY more than a month before; 3 accounts pay."
    assert chinese[1].startswith("[good] 2026-04 月底的月经常性收入是 40.00 CNY")
    assert any(line.startswith("2026-05 | in progress") for line in english)


def test_currencies_are_never_added_up(tmp_path: Path) -> None:
    own = bill(ROWS) + "\n".join(
        bill([("e", f"2026-0{month}", 7, "renewal", "basic") for month in range(1, 6)], "EUR").splitlines()[1:]
    ).replace("o", "e")
    report = ask(workspace(tmp_path, orders=own), "revenue")
    assert report.currency == "CNY"
    assert [(line.currency, line.mrr.value) for line in report.others] == [("EUR", 700)]
    assert [row.mrr.value for row in report.months][:4] == [4000, 4000, 3000, 4000]
    assert "orders in EUR" in "\n".join(written(revenue_page(report), "en"))
    euros = ask(workspace(tmp_path, orders=own), "revenue", {"currency": "eur"})
    assert euros.last.mrr.value == 700
    assert euros.last.net_retention.value == 1.0


def test_people_of_one_account_count_once(tmp_path: Path) -> None:
    actors = "user_id,account,plan\na,acme,pro\nb,acme,pro\nold,solo,basic\n"
    report = ask(workspace(tmp_path, orders=bill(ROWS), actors=actors), "revenue")
    assert report.accounts_known
    assert report.months[0].accounts.value == 2
    assert report.months[1].expansion.value == 0  # one up, one down within the account
    assert report.months[2].lost.value == 1000
    assert report.months[2].contraction.value == 1000


def test_periods_are_inferred_from_gaps_and_said(tmp_path: Path) -> None:
    rows = [
        (f"m{person}", person + 30 * month, 12.0, "CNY", "renewal" if month else "new", "pro") for person in range(10) for month in range(8)
    ]
    report = ask(workspace(tmp_path, orders=orders_csv(rows)), "revenue")
    assert report.inferred.value == 1.0
    assert [row.mrr.value for row in report.months if not row.running and row.start < "2025-08"][1:] == [12000] * 5
    assert "80 of 80 subscription orders name no period" in "\n".join(written(revenue_page(report), "en"))


def test_what_cannot_be_known_is_said(tmp_path: Path, store: Store) -> None:
    single = ask(workspace(tmp_path / "single", orders=orders_csv([("a", 0, 5.0, "CNY", "purchase", "")])), "revenue")
    assert single.state == "single"
    assert "productloop behaviour value" in "\n".join(written(revenue_page(single), "zh"))
    short = ask(workspace(tmp_path / "short", orders=orders_csv([("a", 0, 5.0, "CNY", "new", "pro")])), "revenue")
    assert short.state == "short"
    assert ask(store, "revenue", {"currency": "USD"}).state == "none"
    with pytest.raises(MissingData):
        ask(workspace(tmp_path), "revenue")
    with pytest.raises(UsageError) as error:
        ask(store, "revenue", {"scope": {"by": "plan"}})
    assert error.value.code == "revenue_no_breakdown"
