"""The sums that are asked of each table: worked by hand on a few people, and none of them sees what comes after the moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.loop.fake_task import bring

from productloop.loop.feature_queries import is_contact, is_fault
from productloop.loop.features import DAY_US, describe, encode, raw_columns
from productloop.loop.records import Keys
from productloop.loop.store import Store

AT = 1_772_323_200_000_000 + 100 * DAY_US  # 2026-06-09
NAMES = ("u1", "u2")
FILES = {
    "actors.csv": "user_id,company,signup_date,plan,known_at\nu1,acme,2026-01-01,free,2026-01-01\nu1,acme,2026-01-01,pro,2026-05-01\n"
    "u1,acme,2026-01-01,gold,2026-07-01\nu2,acme,2026-02-01,pro,2026-02-01\nu3,acme,2026-06-20,pro,2026-06-20\n",
    "events.csv": "user_id,event,timestamp,duration_ms\n"
    "u1,open,2026-06-01T08:00:00,100\nu1,view,2026-06-01T08:10:00,5000\nu1,app_crash,2026-06-01T08:20:00,\n"
    "u1,open,2026-06-05T08:00:00,400000\nu1,contact_support,2026-05-01T08:00:00,\nu1,open,2026-04-10T08:00:00,3000\n"
    "u1,app_crash,2026-06-20T08:00:00,9000\nu2,open,2026-02-01T08:00:00,\n",
    "orders.csv": "order_id,user_id,order_date,amount,kind,plan\no1,u1,2026-03-20,10,new,free\no2,u1,2026-04-20,10,renewal,free\n"
    "o3,u1,2026-05-20,12,renewal,free\no4,u1,2026-05-25,-5,refund,\no5,u1,2026-06-20,30,renewal,pro\no6,u2,2026-06-01,7,add_on,\n",
    "feedback.csv": "user_id,text,rating,time,channel,conversation,role\n"
    "u1,it broke,1,2026-05-01,chat,c1,user\nagent,sorry,,2026-05-02,chat,c1,staff\nu1,again,2,2026-06-04,chat,c1,user\n"
    "agent,on it,,2026-06-15,chat,c1,staff\nu2,fine,5,2026-06-01,review,,\nu1,later,1,2026-07-01,chat,c1,user\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("queries")
    store = Store.create(folder / "workspace")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
        bring(store, folder / name, table=name.removesuffix(".csv"))
    return store


def asked(store: Store, at: int = AT) -> Keys:
    codes = dict(store.rows("SELECT id, code FROM actor_codes"))
    return Keys(np.array([codes[n] for n in NAMES], dtype=np.int32), np.full(2, at, dtype=np.int64), np.array(NAMES, dtype=object))


def test_what_a_person_did_paid_and_said(store: Store) -> None:
    raw = raw_columns(store, asked(store))
    first = {name: values[0] for name, values in raw.items()}
    assert first["sessions_28_days"] == 2
    assert first["mean_session_minutes"] == 10.0
    assert first["longest_gap_days_84_days"] == 31.0  # 1 May to 1 June, both at eight
    assert first["errors_28_days"] == 1
    assert first["slow_loads_28_days"] == 1  # five seconds; 400 is a stay, and three seconds in April are not lately
    assert first["support_contacts_84_days"] == 3  # one event, two messages in a chat
    weeks = (AT - 1_775_808_000_000_000) / DAY_US / 7 - 4
    assert first["events_trend"] == pytest.approx((4.5 / 4) / (2.5 / weeks), rel=0.01)
    assert first["refunds_84_days"] == 1
    assert first["amount_84_days"] == 27.0
    assert first["dearer_renewals_168_days"] == 1
    assert first["days_to_renewal"] == pytest.approx(10.0)  # 20 May + 30 days, seen from 9 June
    assert first["plan_changes_168_days"] == 1  # free to pro in the attributes; the order that says so comes later
    assert first["days_unanswered"] == pytest.approx(5.0)
    assert first["plan"] == "pro"
    assert first["account_people"] == 2
    assert first["account_active_share"] == 0.5


def test_who_did_nothing_has_no_trend_and_no_session(store: Store) -> None:
    raw = raw_columns(store, asked(store))
    for name in ("mean_session_minutes", "days_unanswered", "days_to_renewal", "longest_gap_days_84_days"):
        assert np.isnan(raw[name][1]), name
    assert raw["support_contacts_84_days"][1] == 0
    assert raw["events_trend"][1] == pytest.approx((0.5 / 4) / (0.5 / 12), rel=1e-9), "one event long ago: nothing lately, nothing before"


def test_nothing_changes_when_the_future_is_deleted(store: Store, tmp_path: Path) -> None:
    before = raw_columns(store, asked(store))
    past = Store.create(tmp_path / "past")
    limit = "2026-06-09"
    for name, text in FILES.items():
        header, *rows = text.splitlines()
        place = {"actors.csv": -1, "events.csv": 2, "orders.csv": 2, "feedback.csv": 3}[name]
        kept = [row for row in rows if row.split(",")[place] < limit]
        (tmp_path / name).write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
        bring(past, tmp_path / name, table=name.removesuffix(".csv"))
    after = raw_columns(past, asked(past))
    assert before.keys() == after.keys()
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)
    past.close()


def test_a_batch_is_the_same_as_one_by_one(store: Store) -> None:
    keys = asked(store)
    many = Keys(np.tile(keys.code, 15), np.repeat(AT - np.arange(15) * 9 * DAY_US, 2), np.tile(keys.ids, 15))
    raw = raw_columns(store, many)
    signature = describe(raw)
    together = encode(raw, signature, len(many)).values
    for row in range(1, 30, 9):
        alone = encode(raw_columns(store, many.take(np.array([row])), trained=signature), signature, 1).values
        assert np.array_equal(alone[0], together[row], equal_nan=True)


def test_without_dates_no_window_is_asked(store: Store) -> None:
    raw = raw_columns(store, asked(store, 0))
    assert raw["orders"].tolist() == [5.0, 1.0]
    assert raw["events_28_days"].tolist() == [0.0, 0.0]
    for name in ("days_to_renewal", "days_unanswered", "mean_session_minutes", "days_since_sign_up"):
        assert name not in raw or np.isnan(raw[name]).all(), name


@pytest.mark.parametrize(("name", "fault", "contact"), [
    ("app_crash", True, False), ("paymentFailed", True, False), ("支付失败", True, False), ("contact_support", False, True),
    ("联系客服", False, True), ("ticket_created", False, True), ("failover_done", False, False), ("view_item", False, False),
])  # fmt: skip
def test_faults_and_calls_for_help_are_known_by_name(name: str, fault: bool, contact: bool) -> None:
    assert is_fault(name) is fault
    assert is_contact(name) is contact
