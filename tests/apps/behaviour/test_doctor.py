"""`doctor`: each fault planted is found with its evidence, effect and fix; clean data raise no alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from event_workspace import run_of, workspace, written
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import APP
from productloop.apps.behaviour import _doctor_kernel as kernel
from productloop.apps.behaviour.doctor_report import doctor_page
from productloop.apps.behaviour.doctor_types import DoctorReport
from productloop.foundation.wording import LANGUAGES
from productloop.loop.action import perform
from productloop.loop.store import Store

START = datetime(2026, 3, 2, tzinfo=UTC)
NUM_PEOPLE = 160
NUM_DAYS = 70
Row = dict[str, Any]


def clean(seed: int = 7) -> list[Row]:
    """Ten weeks of people who sign up, add a card, top up and open the app between 7 and 23 o'clock, with milliseconds."""
    random = Random(seed)
    rows: list[Row] = []
    for person in range(NUM_PEOPLE):
        day = random.randrange(NUM_DAYS - 10)
        hour = 7 + 12 * random.random()
        life = [("sign_up", 0.0)]
        if random.random() < 0.8:
            life.append(("add_card", 0.01 + random.random() / 50))
            if random.random() < 0.7:
                life.append(("top_up", 0.04 + random.random() / 50))
        opened = [later for later in range(NUM_DAYS - day) if random.random() < 0.35]
        life += [("app_open", later + (7 + 16 * random.random() - hour) / 24 if later else 0.1) for later in opened]
        rows += [
            {
                "user_id": f"u{person}",
                "event": name,
                "time": START + timedelta(days=day + after, hours=hour),
                "version": "4.1",
                "session": "",
            }
            for name, after in life
        ]
    return rows


def store_of(folder: Path, rows: list[Row], extra: dict[str, str] | None = None) -> Store:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(columns)]
    for row in rows:
        cells = [row.get(name, "") for name in columns]
        lines.append(",".join(cell.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(cell, datetime) else str(cell) for cell in cells))
    return workspace(folder, events="\n".join(lines).replace("time,", "timestamp,", 1) + "\n", **(extra or {}))


def ask(store: Store, **flags: Any) -> DoctorReport:
    action = APP.action("doctor")
    report = perform("behaviour.doctor", action, action.request(), run_of(store, **flags))
    assert isinstance(report, DoctorReport)
    return report


def test_clean_data_raise_no_alarm(tmp_path: Path) -> None:
    report = ask(store_of(tmp_path, clean()))
    assert report.faults == ()
    assert report.steps == ("sign_up", "add_card", "top_up")
    assert 0.4 < (report.headline.conversion.value or 0) < 0.75
    lines = written(doctor_page(report), "zh")
    assert any("没查出问题" in line for line in lines)
    assert any("时区" in line and "重复上报" in line for line in lines)


def twice(rows: list[Row]) -> list[Row]:
    return rows + [row | {"time": row["time"] + timedelta(milliseconds=1)} for row in rows if row["event"] == "top_up"]


def on_seconds(rows: list[Row]) -> list[Row]:
    starts = {row["user_id"]: row["time"] for row in rows if row["event"] == "sign_up"}
    cards = [
        row | {"time": starts[row["user_id"]]} if row["event"] == "add_card" and int(row["user_id"][1:]) % 3 == 0 else row for row in rows
    ]
    return [row | {"time": row["time"].replace(microsecond=0)} for row in cards]


def eight_hours_late(rows: list[Row]) -> list[Row]:
    return [row | {"time": row["time"] + timedelta(hours=10)} for row in rows]


def with_bot(rows: list[Row]) -> list[Row]:
    return rows + [
        {"user_id": "crawler", "event": "app_open", "time": START + timedelta(days=30, seconds=20 * n, milliseconds=n), "version": "4.1"}
        for n in range(2500)
    ]


def stopped(rows: list[Row]) -> list[Row]:
    many = [
        {"user_id": row["user_id"], "event": "item_view", "time": row["time"] + timedelta(seconds=40), "version": "4.1"}
        for row in rows
        if row["event"] == "app_open" and row["time"] < START + timedelta(days=50)
    ]
    return rows + many


def with_gap(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not START + timedelta(days=40) <= row["time"] < START + timedelta(days=42)]


def wrong_clocks(rows: list[Row]) -> list[Row]:
    return [
        row | {"time": datetime(1970, 1, 2, tzinfo=UTC)}
        if place % 90 == 1
        else row | {"time": row["time"].replace(year=2031)}
        if place % 97 == 1
        else row
        for place, row in enumerate(rows)
    ]


def two_ids(rows: list[Row]) -> list[Row]:
    """Before they sign in, every third person is somebody anonymous in the same session."""
    found = []
    for row in rows:
        person = int(row["user_id"][1:])
        found.append(row | {"session": f"s{person}" if row["event"] == "sign_up" else ""})
        if row["event"] == "sign_up" and person % 3 == 0:
            found.append(
                row | {"user_id": f"anon{person}", "event": "app_open", "time": row["time"] - timedelta(minutes=5), "session": f"s{person}"}
            )
    return found


def spelled(rows: list[Row]) -> list[Row]:
    return [row | {"event": "addCard"} if row["event"] == "add_card" and int(row["user_id"][1:]) % 2 else row for row in rows]


def without_versions(rows: list[Row]) -> list[Row]:
    return [row | {"version": ""} if place % 3 else row for place, row in enumerate(rows)]


def sudden(rows: list[Row]) -> list[Row]:
    return rows + [
        row | {"event": "banner_view", "time": row["time"] + timedelta(seconds=9)}
        for row in rows
        if row["event"] == "app_open" and row["time"] >= START + timedelta(days=45)
    ]


@pytest.mark.parametrize(
    ("kind", "plant"),
    [
        ("doubled", twice),
        ("ties", on_seconds),
        ("zone", eight_hours_late),
        ("bots", with_bot),
        ("stopped", stopped),
        ("gap", with_gap),
        ("clock", wrong_clocks),
        ("identities", two_ids),
        ("spellings", spelled),
        ("versions", without_versions),
        ("sudden", sudden),
    ],
)
def test_a_planted_fault_is_found_and_nothing_else(tmp_path: Path, kind: str, plant: Callable[[list[Row]], list[Row]]) -> None:
    report = ask(store_of(tmp_path, plant(clean())))
    assert {fault.kind for fault in report.faults} == {kind}
    for language in LANGUAGES:
        lines = written(doctor_page(report), language)
        assert len(lines) > 8
        assert any("productloop" in line for line in lines) or report.faults[0].command is None


def test_what_a_fault_costs_is_told(tmp_path: Path) -> None:
    """Half of the cards under another spelling: without the fault the funnel is what it was on clean data."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = ask(store_of(tmp_path / "a", clean()), behaviour__funnel="sign_up,add_card,top_up")
    report = ask(store_of(tmp_path / "b", spelled(clean())), behaviour__funnel="sign_up,add_card,top_up")
    fault = report.faults[0]
    assert fault.without is not None
    assert fault.without.conversion.value == pytest.approx(before.headline.conversion.value)
    assert (report.headline.conversion.value or 0) < 0.7 * (before.headline.conversion.value or 0)


def test_events_before_sign_up_point_to_the_zone(tmp_path: Path) -> None:
    rows = clean()
    starts = {row["user_id"]: row["time"] + timedelta(days=1) for row in rows if row["event"] == "sign_up"}
    actors = "user_id,signup_date\n" + "".join(f"{person},{time:%Y-%m-%d %H:%M:%S}\n" for person, time in starts.items())
    report = ask(store_of(tmp_path, rows, {"actors": actors}))
    assert "before_sign_up" in {fault.kind for fault in report.faults}


def test_a_stop_names_the_release_of_that_day(tmp_path: Path) -> None:
    changes = f"date,kind,title,version\n{(START + timedelta(days=50)).date()},version,New home,4.2\n"
    report = ask(store_of(tmp_path, stopped(clean()), {"changes": changes}))
    assert any("4.2" in line for line in written(doctor_page(report), "en"))


def test_the_bot_can_be_left_out_by_the_command(tmp_path: Path) -> None:
    store = store_of(tmp_path, with_bot(clean()))
    command = ask(store).faults[0].command or ""
    condition = command.partition("--where ")[2]
    action = APP.action("doctor")
    again = perform("behaviour.doctor", action, action.request.model_validate({"scope": {"where": (condition,)}}), run_of(store))
    assert isinstance(again, DoctorReport)
    assert again.faults == ()


def test_other_faults_are_weighed_without_impossible_times(tmp_path: Path) -> None:
    """Clocks in 2031 leave no week finished: what a crawler moves could not be told."""
    report = ask(store_of(tmp_path, with_bot(clean()) + wrong_clocks(clean())[1::97]))
    assert [fault.kind for fault in report.faults] == ["clock", "bots"]
    clock, bots = (fault.without for fault in report.faults)
    assert report.headline.retention.value is None
    assert report.settled == clock
    assert bots is not None
    assert bots.retention.value is not None
    english = "\n".join(written(doctor_page(report), "en"))
    assert "week 1 retention cannot be told now, it is" in english
    assert "with the impossible times left out first" in english
    assert "--where actor!=crawler" in english


def test_an_empty_table_and_one_event_are_no_fault(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, events="user_id,event,timestamp\nu1,A,2026-03-02T00:00:00Z\n"))
    assert report.faults == ()
    assert report.headline.conversion.value is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_doubled_rows_are_those_a_slow_loop_finds(rows: list[tuple[int, int, int]]) -> None:
    array = np.array(rows, dtype=np.int64).reshape(-1, 3)
    events = kernel.Events(array[:, 0], array[:, 1] * 300_000, array[:, 2], np.arange(len(array)), np.zeros(len(array), dtype=np.int64))
    seen: set[tuple[int, int, int]] = set()
    expected = 0
    for actor, time, name in zip(events.actor.tolist(), events.time_us.tolist(), events.name.tolist(), strict=True):
        key = (actor, time // 1_000_000, name)
        expected += key in seen
        seen.add(key)
    found = kernel.doubled(events)
    assert int(found.sum()) == expected
    assert len(np.unique(np.stack([events.actor, events.time_us // 1_000_000, events.name])[:, ~found], axis=1).T) == len(seen)


@given(st.integers(-11, 12))
@settings(max_examples=24, deadline=None)
def test_a_shifted_clock_is_moved_back_to_the_night(hours: int) -> None:
    random = np.random.default_rng(3)
    day = random.integers(0, 60, 4000) * kernel.DAY_US
    awake = (7 * kernel.HOUR_US + random.random(4000) * 16 * kernel.HOUR_US).astype(np.int64)
    time = 1_700_000_000_000_000 // kernel.DAY_US * kernel.DAY_US + day + awake + hours * kernel.HOUR_US
    zeros = np.zeros(4000, dtype=np.int64)
    shift = kernel.clock_shift(kernel.Events(zeros, time, zeros, zeros, zeros), 0)
    if shift is None:
        assert abs(hours) <= 7
    else:
        assert kernel.clock_shift(kernel.Events(zeros, time + shift * kernel.HOUR_US, zeros, zeros, zeros), 0) is None
