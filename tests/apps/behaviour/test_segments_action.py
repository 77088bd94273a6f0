"""`behaviour segments`: planted kinds of people are found and said in words, none are found in chance, and other actions can use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.apps.behaviour.event_workspace import ask_funnel, run_of, workspace, written

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._segments_features import habits, local_hours
from productloop.apps.behaviour._segments_person import affinity
from productloop.apps.behaviour._segments_rfm import GRID, NAMES, cut_points, rfm, stability
from productloop.apps.behaviour.segments_types import SegmentsReport
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import speak
from productloop.loop.action import perform
from productloop.loop.store import Store

EVENTS = ("search", "play", "share")
RATES = {"searcher": (9.0, 1.0, 0.3), "player": (1.0, 8.0, 0.3), "sharer": (0.5, 1.0, 7.0)}
WEEK_S = 7 * 86_400
BEGIN_S = 1_772_409_600  # Monday 2026-03-02, UTC
NUM_WEEKS = 6


def people_csv(seed: int, kinds: bool) -> str:
    """Events of 120 people over six weeks: of three kinds, or all alike."""
    generator = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp,item,platform"]
    for person in range(120):
        kind = list(RATES)[person % 3]
        rates = RATES[kind] if kinds else (2.0, 2.0, 2.0)
        for week in range(NUM_WEEKS):
            for name, count in zip(EVENTS, generator.poisson(np.array(rates)), strict=True):
                for second in generator.integers(0, WEEK_S, count).tolist():
                    time = np.datetime64(BEGIN_S + week * WEEK_S + second, "s")
                    item = "song_a" if kinds and kind == "player" else f"song_{generator.integers(4)}"
                    rows.append(f"{kind}_{person},{name},{time}Z,{item},{('ios', 'web')[int(generator.integers(2))]}")
    return "\n".join(rows) + "\n"


def orders_csv() -> str:
    """Orders of 60 of them: the first twenty often and lately, the next twenty often and long ago, the rest once."""
    rows = ["order_id,user_id,timestamp,amount,currency"]
    for person in range(60):
        name = f"{list(RATES)[person % 3]}_{person}"
        for number in range(6 if person < 40 else 1):
            day = 40 - number if person < 20 else 12 - number if person < 40 else 20 + person % 15
            rows.append(f"{person}-{number},{name},{np.datetime64(BEGIN_S + day * 86_400, 's')}Z,{20 if person < 40 else 3},EUR")
    return "\n".join(rows) + "\n"


def ask(store: Store, **request: Any) -> SegmentsReport:
    """The report of a request, written to the store."""
    action = APP.action("segments")
    report = perform("behaviour.segments", action, action.request.model_validate(request), run_of(store))
    assert isinstance(report, SegmentsReport)
    return report


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, SegmentsReport]:
    store = workspace(tmp_path_factory.mktemp("segments"), events=people_csv(1, True), orders=orders_csv())
    return store, ask(store, max_groups=4)


def test_three_planted_kinds_are_found_and_named(found: tuple[Store, SegmentsReport]) -> None:
    store, report = found
    assert report.outcome == "groups"
    assert {group.name for group in report.groups} == {"often_search", "often_play", "often_share"}
    for group in report.groups:
        rows = store.rows("SELECT c.id FROM segments s JOIN actor_codes c ON c.code = s.actor WHERE segment = ?", [group.name])
        kinds = [str(row[0]).split("_")[0] for row in rows]
        planted = {"often_search": "searcher", "often_play": "player", "often_share": "sharer"}[group.name]
        assert kinds.count(planted) >= 0.95 * len(kinds)
        assert len(kinds) == group.people.value
        assert group.more[0].effect.value is not None
        assert group.more[0].effect.value > 1
        assert (group.stability.value or 0) >= 0.85
        assert group.who == ()  # platforms were drawn by lot


def test_what_a_group_likes_is_said_with_its_ratio(found: tuple[Store, SegmentsReport]) -> None:
    players = next(group for group in found[1].groups if group.name == "often_play")
    assert [like.label for like in players.likes][:1] == ["song_a"]
    assert (players.likes[0].here.value or 0) > 0.95
    assert (players.likes[0].p_adjusted.value or 0) < 0.01


def test_other_actions_take_a_segment(found: tuple[Store, SegmentsReport]) -> None:
    store, report = found
    size = next(group for group in report.groups if group.name == "often_play").people.value
    funnel = ask_funnel(store, {"steps": ["play", "share"], "scope": {"segment": "often_play"}})
    assert funnel.steps[0].people.value == size
    with pytest.raises(UsageError) as refused:
        ask_funnel(store, {"steps": ["play"], "scope": {"segment": "often_plya"}})
    assert refused.value.code == "segment_unknown"


def test_worth_is_told_from_orders(found: tuple[Store, SegmentsReport]) -> None:
    store, report = found
    assert (report.value_from, report.currency, report.value_people.value) == ("orders", "EUR", 60)
    people = {segment.name: segment.people.value for segment in report.value_segments}
    assert people["champions"] == 20
    assert people["slipping_best"] == 20
    assert sum(segment.money_share.value or 0 for segment in report.value_segments) == pytest.approx(1)
    written_rows = store.rows("SELECT count(*) FROM segments WHERE segment = 'champions'")
    assert written_rows == [(20,)]


def test_the_page_says_whom_to_look_after(found: tuple[Store, SegmentsReport]) -> None:
    page = APP.action("segments").page(found[1])
    english, chinese = written(page, "en"), written(page, "zh")
    assert english[1].startswith("Look after “good customers slipping away” first: 20 people who used to spend")
    assert chinese[1].startswith("最该先去留住的是“快要失去的好客户”：20 人")
    assert any("people fall into 3 clear groups" in line for line in english)
    assert any(line.startswith("More than others: play (") for line in english)
    assert len(english) == len(chinese)


def test_one_person_with_what_they_like(found: tuple[Store, SegmentsReport]) -> None:
    report = ask(found[0], person="player_1", max_groups=4)
    assert [(liking.kind, liking.name) for liking in report.likings] == [("item", "song_a")]
    assert "people who often do “play”" in [speak(label, APP.texts, "en") for label in report.person_segments]
    with pytest.raises(UsageError) as refused:
        ask(found[0], person="nobody")
    assert refused.value.code == "segments_person_unknown"


def test_no_groups_in_chance_and_worth_by_events(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, events=people_csv(2, False)), max_groups=4)
    assert report.outcome in ("no_habits", "no_groups")
    assert report.groups == ()
    assert report.value_from == "events"
    assert {segment.name for segment in report.value_segments} <= set(NAMES)


def test_two_people_are_too_few(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, events="user_id,event,timestamp\na,x,2026-03-02T10:00:00Z\nb,y,2026-03-09T10:00:00Z\n"))
    assert report.outcome == "too_few"
    assert "还看不出" in " ".join(written(APP.action("segments").page(report), "zh"))


def test_equal_people_have_equal_scores_and_cuts_are_round() -> None:
    cuts = cut_points(np.array([1.0] * 70 + [2.0] * 20 + [12.34] * 10))
    assert cuts == (1.0, 2.0, 2.0, 2.0)
    assert cut_points(np.array([1234.0] * 9)) == (1200.0, 1200.0, np.inf, np.inf)
    days = np.arange(100.0)
    result = rfm(days, 100 - days, 100 - days)
    assert NAMES[result.segment[0]] == "champions"
    assert NAMES[result.segment[99]] == "asleep"
    assert len(GRID) == len(GRID[0]) == 5
    stable = stability([days, 100 - days, 100 - days], result.segment, 1)
    assert stable[NAMES.index("champions")] > 0.8
    assert np.isnan(stable[NAMES.index("at_risk")])


def test_habits_are_what_people_keep_from_week_to_week() -> None:
    generator = np.random.default_rng(3)
    actor, week = np.repeat(np.arange(100), 60), np.tile(np.repeat(np.arange(6), 10), 100)
    kept = (generator.random(6000) < np.where(actor % 2 == 0, 0.8, 0.1)).astype(np.int64)
    time_us = (BEGIN_S + week * WEEK_S + np.sort(generator.integers(0, WEEK_S, (600, 10)), axis=1).reshape(-1)) * 1_000_000
    found = habits(actor, time_us, kept, "UTC", 0)
    assert len(found.actor) == 100
    by_name = dict(zip(found.columns, found.reliability.tolist(), strict=True))
    assert by_name[0] > 0.9
    assert by_name[1] > 0.9
    assert by_name["night"] < 0.3
    rates = found.raw[:, found.columns.index(1)]
    assert rates[::2].mean() == pytest.approx(8, abs=0.4)
    shuffled = habits(actor, time_us, generator.permutation(kept), "UTC", 0)
    assert not shuffled.kept[: len([column for column in shuffled.columns if isinstance(column, int)])].any()


def test_hours_are_local() -> None:
    hour, weekend = local_hours(np.array([1_772_409_600_000_000, 1_772_323_200_000_000 + 3_600_000_000]), "Asia/Shanghai")
    assert hour.tolist() == [8, 9]
    assert weekend.tolist() == [False, True]


def test_affinity_is_smoothed() -> None:
    assert affinity(0, 0, 10, 100) == pytest.approx(1)
    assert 1 < affinity(1, 1, 1, 1000) / 100 < 3
    assert affinity(50, 100, 10, 100) == pytest.approx((50 + 0.5) / 105 / 0.1)
