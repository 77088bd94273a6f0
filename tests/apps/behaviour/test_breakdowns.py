"""`--by` of lifecycle and stickiness: parts that add up, counted person by person, planted differences found, quiet where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from day_rows import day_bits
from event_workspace import at, workspace, written
from hypothesis import given, settings
from hypothesis import strategies as st
from order_workspace import ask

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._lifecycle import LifecycleState, lifecycle
from productloop.apps.behaviour._lifecycle_split import Counted
from productloop.apps.behaviour._person_split import Part, PersonValues, judge, parts_of
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import LANGUAGES, say
from productloop.loop.store import Store

NUM_DAYS = 71
STATES = ("active", "new", "resurrecting", "dormant")


def values(texts: list[str | None], several: list[bool] | None = None) -> PersonValues:
    flags = np.array(several or [False] * len(texts), dtype=np.bool_)
    return PersonValues(np.arange(len(texts)), np.array(texts, dtype=object), flags, say("x"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=1, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 27)), max_size=40),
    st.integers(1, 3),
)
def test_parts_are_everybody_and_each_is_counted_as_if_it_were_alone(
    texts: list[str | None], rows: list[tuple[int, int]], most: int
) -> None:
    rows = [row for row in rows if row[0] < len(texts)]
    days = day_bits(np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.int64), 0, 28)
    edges = [0, 7, 14, 21, 28]
    counted = Counted(days, days.first(), edges, lifecycle(days, days.first(), edges, 1, 4))
    people = values(texts).of(days.actor)
    parts, num_values = parts_of(people, days.active(0, 28), most)
    assert num_values == len({texts[actor] for actor, _ in rows} - {None})
    assert sum(part.named for part in parts) == min(most, num_values)
    inside = np.array([part.inside for part in parts]).reshape(len(parts), len(days.actor))
    assert (inside.sum(axis=0) == 1).all()  # whoever is in the bitmap was active, and is in one part
    total = np.sum([counted.of(part.inside).num_actors for part in parts], axis=0) if parts else np.zeros((4, 3))
    assert (total == counted.result.num_actors).all()
    for part in parts:
        own = {actor for actor, flag in zip(days.actor.tolist(), part.inside.tolist(), strict=True) if flag}
        if part.named:
            assert own == {actor for actor, _ in rows if texts[actor] == part.label}
        weeks = [{actor for actor, day in rows if actor in own and 7 * week <= day < 7 * week + 7} for week in range(4)]
        result = counted.of(part.inside)
        for place in range(3):
            before, here = weeks[place], weeks[place + 1]
            assert result.num_actors[LifecycleState.DORMANT, place] == (len(before - here))
            assert result.num_active[place] == len(here)


def test_only_values_of_their_own_with_people_enough_are_judged_and_all_of_them_count_for_the_correction() -> None:
    flags = np.zeros(1, dtype=np.bool_)
    parts = [Part(name, flags, True) for name in "abc"] + [Part(say("x"), flags, False)]
    sizes = [(100, 300), (29, 300), (200, 200), (80, 300)]
    found: list[tuple[float, float] | None] = [(-0.2, 0.02), (0.5, 0.0), (0.1, 0.3), (0.9, 0.0)]
    assert judge(parts, sizes, found) == ["less", "few", "same", "rest"]
    found[0] = (-0.2, 0.03)
    assert judge(parts, sizes, found)[0] == "same"  # .03 twice is above .05
    assert judge(parts[:1], sizes[:1], [None]) == ["few"]
    assert judge([], [], []) == []


def planted(seed: int = 0, num: int = 600) -> str:
    """People who come in a week with chance .8 (android: .5) on 3 (android: 1) days; a few models, some without; one plan for each person."""
    random = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp,platform,model"]
    for person in range(num):
        platform = ("ios", "android", "web")[person % 3]
        model = f"m{min(int(random.exponential(3)), 14)}" if person % 5 else ""
        for week in range(NUM_DAYS // 7):
            if random.random() < (0.5 if platform == "android" else 0.8):
                days = random.choice(7, 1 if platform == "android" else 3, replace=False)
                rows += [f"u{person},open,{at(7 * week + day + 0.5)},{platform},{model}" for day in days]
    return "\n".join([*rows, f"watchman,zzz,{at(NUM_DAYS)},,"]) + "\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    plans = "user_id,plan\n" + "".join(f"u{person},{('free', 'plus')[person % 2]}\n" for person in range(600))
    return workspace(tmp_path_factory.mktemp("by"), events=planted(), actors=plans)


def lines(name: str, report: Any, language: str = "en") -> str:
    return "\n".join(written(APP.action(name).page(report), "zh" if language == "zh" else "en"))


def test_lifecycle_by_platform_finds_the_planted_kind_of_people(store: Store) -> None:
    report = ask(store, "lifecycle", {"scope": {"by": "platform"}})
    whole = ask(store, "lifecycle")
    assert report.periods[report.last].active.value == whole.periods[whole.last].active.value
    judged = {str(part.value): part.judged for part in report.parts}
    assert judged["android"] == "less"
    assert {judged["ios"], judged["web"]} <= {"more", "same"}
    last = report.periods[report.last]
    for state in STATES:
        assert sum(getattr(part, state).value for part in report.parts) == getattr(last, state).value
    for place, period in enumerate(report.periods):
        shown = [part.by_period[place] for part in report.parts]
        assert sum(shown) == period.active.value if period.over else shown == [None] * len(shown)
    android = next(part for part in report.parts if part.value == "android")
    assert android.stayed.low < 0.5 < android.stayed.high
    assert android.stayed.n < report.stayed.n
    assert "People with platform = android stay away: of 100 there the week before, about" in lines("lifecycle", report)
    assert "platform 是“android”的人留不住" in lines("lifecycle", report, "zh")


def test_stickiness_by_platform_finds_the_planted_kind_of_people(store: Store) -> None:
    report = ask(store, "stickiness", {"scope": {"by": "platform"}})
    assert {part.value: part.judged for part in report.parts} == {"ios": "more", "web": "more", "android": "less"}
    assert sum(part.people.value for part in report.parts) == report.people.value
    means = {part.value: part.mean for part in report.parts}
    assert means["android"].value == 1.0
    assert means["ios"].value == 3.0
    assert sum(part.mean.value * part.people.value for part in report.parts) == pytest.approx(report.mean.value * report.people.value)
    assert all(len(part.by_week) == len(report.weeks) for part in report.parts)
    assert "People with platform = android come less often: on 1 days on average" in lines("stickiness", report)
    month = ask(store, "stickiness", {"scope": {"by": "platform"}, "period": "month", "unit": "week"})
    assert {part.value: part.judged for part in month.parts}["android"] == "less"
    assert "平均有" in lines("stickiness", month, "zh")


@pytest.mark.parametrize("name", ["lifecycle", "stickiness"])
def test_many_values_none_and_columns_of_people(store: Store, name: str) -> None:
    report = ask(store, name, {"scope": {"by": "model"}})
    assert report.num_values > 8
    assert [part.judged for part in report.parts[-2:]] == ["rest", "rest"]
    assert not {part.judged for part in report.parts} & {"less", "more"}  # models say nothing: nothing is claimed
    assert f"(and {report.num_values - 8} others)" in lines(name, report)
    assert "(not known)" in lines(name, report)
    assert "no kind of people clearly comes" in lines(name, report)
    plans = ask(store, name, {"scope": {"by": "plan"}})
    assert plans.num_values == 2
    assert "the last value known of them" in lines(name, plans)
    with pytest.raises(UsageError):
        ask(store, name, {"scope": {"by": "plann"}})
    for language in LANGUAGES:
        assert len(written(APP.action(name).page(report), language)) == len(written(APP.action(name).page(report), "en"))


def test_who_changes_stays_with_the_first_value_and_is_told(tmp_path: Path) -> None:
    rows = [f"u{person},open,{at(7 * week)},{'web' if person < 3 and week == 0 else 'ios'}" for person in range(40) for week in range(5)]
    store = workspace(tmp_path, events="user_id,event,timestamp,platform\n" + "\n".join(rows) + "\n")
    for name in ("lifecycle", "stickiness"):
        report = ask(store, name, {"scope": {"by": "platform"}})
        assert report.several.value == 3
        assert [(part.value, part.judged) for part in report.parts] == [("ios", "few"), ("web", "few")]
        assert "3 people had other values later and stay with the first" in lines(name, report)
    empty = ask(store, "lifecycle", {"scope": {"by": "version"}})
    assert empty.num_values == 0
    assert "Nobody has a value of version" in lines("lifecycle", empty)
