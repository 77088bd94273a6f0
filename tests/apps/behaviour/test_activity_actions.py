"""`lifecycle` and `stickiness` from files to page: who is new, the running period, days and weeks, ratios, errors, both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import arro3.core as arrow
import numpy as np
import pytest
from event_workspace import run_of, stories, workspace, written

from productloop.apps.behaviour import APP, _activity
from productloop.apps.behaviour.lifecycle_report import lifecycle_page
from productloop.apps.behaviour.lifecycle_types import LifecycleReport
from productloop.apps.behaviour.stickiness_report import stickiness_page
from productloop.apps.behaviour.stickiness_types import StickinessReport
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.page import Page
from productloop.foundation.wording import LANGUAGES
from productloop.loop.action import Run, perform
from productloop.loop.store import Store

LIVES = {"a": "A0 A8 A22", "b": "A1 A9 B15", "c": "B2 A9 A16", "d": "A8 A9 A10 A16"}


def ask(store: Store, name: str, request: dict[str, Any] | None = None, run: Run | None = None) -> Any:
    action = APP.action(name)
    return perform(f"behaviour.{name}", action, action.request.model_validate(request or {}), run or run_of(store))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return workspace(tmp_path_factory.mktemp("activity"), events=stories(LIVES, end="2026-03-27"))


def rows(report: LifecycleReport) -> list[tuple[Any, ...]]:
    return [
        (period.start, period.new.value, period.returning.value, period.resurrecting.value, period.dormant.value)
        for period in report.periods
    ]


def test_weeks_of_life(store: Store) -> None:
    report = ask(store, "lifecycle")
    # The first week, in which everybody is new, is not shown; nobody is silent in the running one.
    assert rows(report) == [("2026-03-09", 1, 3, 0, 0), ("2026-03-16", 0, 3, 0, 1), ("2026-03-23", 1, 0, 1, None)]
    assert [period.over for period in report.periods] == [True, True, False]
    assert report.last == 1
    assert (report.came.value, report.went.value, report.balance.value) == (1, 1, 1.0)
    assert (report.net.value, report.judged, lifecycle_page(report).blocks[0].tone) == (0, "same", "plain")
    # Active by A only: c was born by B in the first week, so its first A is no birth.
    of_event = ask(store, "lifecycle", {"event": "A"})
    assert rows(of_event)[0] == ("2026-03-09", 1, 2, 1, 0)
    for language in LANGUAGES:
        lines = "\n".join(written(lifecycle_page(report), language))
        assert "-1" in lines
        assert ("沉默" if language == "zh" else "silent") in lines


@pytest.mark.parametrize(("begin", "judged", "word"), [(8, "more", "8 more on balance"), (1, "less", "8 fewer on balance")])
def test_people_are_gained_or_lost_beyond_chance(tmp_path: Path, begin: int, judged: str, word: str) -> None:
    lives = {"z": "A0 A9 A16"} | {f"p{who}": f"B0 A{begin}" if judged == "more" else "A0 A1" for who in range(8)}
    report = ask(workspace(tmp_path, events=stories(lives, end="2026-03-18")), "lifecycle", {"event": "A"})
    assert report.judged == judged
    assert word in "\n".join(written(lifecycle_page(report), "en"))


def test_who_signed_up_before_the_data_is_never_new(tmp_path: Path) -> None:
    actors = "user_id,signed_up_at\nd,2025-01-01\na,2026-03-02\n"
    report = ask(workspace(tmp_path, events=stories(LIVES, end="2026-03-27"), actors=actors), "lifecycle")
    assert rows(report)[0] == ("2026-03-09", 0, 3, 1, 0)
    assert report.known_before.value == 1
    assert not any("lifecycle_old" in said.key for said in report.cautions)


def test_days_of_a_week(store: Store) -> None:
    report: StickinessReport = ask(store, "stickiness")
    assert report.start == "2026-03-16"
    assert [(times.num, times.people.value) for times in report.times] == [(1, 3)]
    assert report.mean.value == 1.0
    assert report.before.value == 1.5  # d came on three days, three others on one
    before = ask(store, "stickiness", {"scope": {"until": "2026-03-15"}})
    assert [(times.num, times.people.value, times.or_more.value) for times in before.times] == [(1, 3, 1.0), (2, 0, 0.25), (3, 1, 0.25)]
    assert [week.weekly.value for week in report.weeks] == [3, 4, 3]
    assert report.weeks[1].daily.value == pytest.approx(6 / 7)
    assert report.weeks[1].daily_of_weekly.value == pytest.approx(6 / 28)
    assert [week.monthly.value for week in report.weeks] == [None, None, None]  # not yet 28 days


def test_month_and_four_weeks(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 A30 A37 A38 A44", "b": "A31"}, end="2026-05-05"))
    months = ask(store, "stickiness", {"period": "month", "unit": "week"})
    assert months.start == "2026-04-01"
    assert [(times.num, times.people.value) for times in months.times] == [(1, 1), (2, 0), (3, 1)]
    days = ask(store, "stickiness", {"period": "month"})
    assert days.mean.value == 2.5
    assert days.weeks[4].start == "2026-03-30"
    assert (days.weeks[4].weekly.value, days.weeks[4].monthly.value) == (2, 2)
    assert days.weeks[4].daily_of_monthly.value == pytest.approx(2 / 7 / 2)
    for language in LANGUAGES:
        assert written(stickiness_page(days), language)
        assert written(stickiness_page(months), language)


def test_a_segment_is_a_choice_among_the_kept_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace(tmp_path, events=stories(LIVES, end="2026-03-27"))
    codes = [row[0] for row in store.rows("SELECT code FROM actor_codes WHERE id IN ('a', 'd') ORDER BY id")]
    number, text = arrow.Array.from_numpy(np.arange(2)), arrow.DataType.utf8()
    columns = {
        "row_id": arrow.Array(["x", "y"], text),
        "import_id": number,
        "sequence": number,
        "segment": arrow.Array(["keen", "keen"], text),
        "actor": arrow.Array.from_numpy(np.array(codes, dtype=np.int32)),
    }
    store.append("segments", arrow.Table.from_pydict(columns), 0)
    store.refresh()
    assert rows(ask(store, "lifecycle"))[0] == ("2026-03-09", 1, 3, 0, 0)
    monkeypatch.setattr(_activity, "read_days", None)  # would fail if the events were read again
    keen = {"scope": {"segment": "keen"}}
    assert rows(ask(store, "lifecycle", keen))[0] == ("2026-03-09", 1, 1, 0, 0)
    assert ask(store, "stickiness", {"scope": {"segment": "keen", "until": "2026-03-15"}}).mean.value == 2.0


def test_nothing_to_say_and_errors(store: Store, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "none").mkdir()
    short = workspace(tmp_path / "one", events="user_id,event,timestamp\nu,open,2026-03-03\n")
    pages: dict[str, Any] = {"lifecycle": lifecycle_page, "stickiness": stickiness_page}
    for name, page in pages.items():
        with pytest.raises(MissingData):
            ask(Store.create(tmp_path / "none" / name), name)
        with pytest.raises(UsageError):
            ask(store, name, {"scope": {"by": "nothing_like_it"}})
        with pytest.raises(UsageError):
            ask(store, name, {"event": "AA"})
        made: Page = page(ask(short, name))
        assert len(written(made, "zh")) == len(written(made, "en")) == 2
        nobody: Page = page(ask(store, name, {"scope": {"where": ("platform=ios",)}}))
        assert written(nobody, "en")
    with pytest.raises(UsageError):
        ask(store, "stickiness", {"unit": "week"})


def test_definitions_stand_in_the_texts(store: Store) -> None:
    for page in (lifecycle_page(ask(store, "lifecycle")), stickiness_page(ask(store, "stickiness"))):
        assert page.figures()
        assert all(not APP.texts[figure.definition].slots("zh") for figure in page.figures())
