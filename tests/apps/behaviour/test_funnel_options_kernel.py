"""Funnels with a window per step, exclusions, steps to skip and a property held constant, against plain references one event at a time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import _funnel
from productloop.apps.behaviour._funnel import (
    NO_TIME,
    FunnelDefinition,
    FunnelResult,
    Status,
    StepEvents,
    funnel,
    funnel_holding,
    merge,
    time_to_convert,
)

DAY = 86_400_000_000
FAR = 10**15
Row = tuple[int, int, int, int, int]
"""(actor, time, mask, exclusion, value)."""


def events_of(rows: list[Row], exclusions: bool = True) -> StepEvents:
    actor, time, mask, exclusion, _ = (np.array([row[column] for row in rows], dtype=np.int64) for column in range(5))
    excluded = exclusion.astype(np.uint8) if exclusions else None
    return StepEvents(actor, time, np.arange(len(rows)), mask.astype(np.uint8), excluded)


def story(text: str, steps: str, exclude: dict[str, int] | None = None) -> StepEvents:
    """'A0 x1 B2' with steps 'AB' and x excluded in gap 1."""
    rows = []
    for word in text.split():
        mask = sum(1 << place for place, letter in enumerate(steps) if letter == word[0])
        rows.append((1, round(float(word[1:]) * DAY), mask, (exclude or {}).get(word[0], 0), 0))
    return events_of(rows, exclude is not None)


def definition(num_steps: int, step_window: float | None = None, optional: int = 0, end: int = FAR) -> FunnelDefinition:
    step_window_us = None if step_window is None else round(step_window * DAY)
    return FunnelDefinition(num_steps, 7 * DAY, (-FAR, FAR), end, "ordered", step_window_us, optional)


@pytest.mark.parametrize(
    ("text", "exclude", "furthest"),
    [
        ("A0 x1 B2", {"x": 1}, None),
        ("A0 x1 A2 B3", {"x": 1}, 2),
        ("A0 B1 x2", {"x": 1}, 2),
        ("x0 A1 B2", {"x": 1}, 2),
        ("A0 x0 B1", {"x": 1}, 2),  # at the very instant of a step: any order that helps counts
        ("A0 x2 B2", {"x": 1}, 2),
        ("A0 x1", {"x": 1}, None),
        ("A0 x1 A2", {"x": 1}, 1),
        ("A0 x8", {"x": 1}, 1),  # after the window
        ("A0 B1 x2 B3 C4", {"x": 2}, None),
        ("A0 B1 x2 A3 B4 C5", {"x": 2}, 3),
        ("A0 B1 x2 A3 C20", {"x": 2}, None),  # the attempt that got furthest was stopped
        ("A0 C1 B2", {"C": 1}, None),  # a later step may be an exclusion, too
    ],
)
def test_exclusions(text: str, exclude: dict[str, int], furthest: int | None) -> None:
    steps = "ABC" if "C" in text else "AB"
    result = funnel(story(text, steps, exclude), definition(len(steps)))
    assert result.furthest.tolist() == ([] if furthest is None else [furthest])
    assert result.excluded.tolist() == ([1] if furthest is None else [])


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("A0 C1", [0, None, 1]),
        ("A0 B1 C2", [0, 1, 2]),
        ("A0 C1 B2", [0, None, 1]),
        ("A0 B1", [0, 1, None]),
        ("B0 A1 C2", [1, None, 2]),
        ("A0 B1 A5 C6", [5, None, 6]),  # the later attempt, though it skipped B
        ("A0 B1 C9", [0, 1, None]),
    ],
)
def test_steps_that_may_be_skipped(text: str, times: list[int | None]) -> None:
    result = funnel(story(text, "ABC"), definition(3, optional=0b10))
    found = [None if time == NO_TIME else time // DAY for time in result.step_time_us[0].tolist()]
    assert found == times
    assert result.status[0] == (Status.CONVERTED if times[2] is not None else Status.DROPPED)


def test_a_skipped_step_is_not_counted_and_loses_nobody() -> None:
    rows = [(1, 0, 1, 0, 0), (1, 1, 2, 0, 0), (2, 0, 1, 0, 0), (2, 1, 4, 0, 0), (3, 0, 1, 0, 0), (3, 2, 2, 0, 0), (3, 3, 4, 0, 0)]
    result = funnel(events_of(rows, False), definition(3, optional=0b10))
    counts = result.counts()
    assert counts.num_reached.tolist() == [3, 2, 2]
    assert counts.num_dropped.tolist() == [1, 0, 0]
    assert result.stopped_at.tolist() == [1, 3, 3]
    assert time_to_convert(result, 1, 3, ()).num_actors == 2
    assert time_to_convert(result, 2, 3, ()).num_actors == 1


@pytest.mark.parametrize(
    ("text", "step_window", "times"),
    [
        ("A0 B2 C4", 2, [0, 2, 4]),
        ("A0 B2 C4.1", 2, [0, 2, None]),
        ("A0 B1 B4 C7", 4, [0, 4, 7]),  # the second B keeps the attempt alive
        ("A0 B3 C6 ", 2, [0, None, None]),
        ("A0 B4 C8", 4, [0, 4, None]),  # the window from the first step counts as well
        ("A0 A3 B4 C5", 2, [3, 4, 5]),
    ],
)
def test_a_window_per_step(text: str, step_window: float, times: list[int | None]) -> None:
    result = funnel(story(text, "ABC"), definition(3, step_window))
    assert [None if time == NO_TIME else time // DAY for time in result.step_time_us[0].tolist()] == times


def test_an_attempt_past_its_step_window_or_stopped_is_not_in_progress() -> None:
    assert funnel(story("A0", "AB"), definition(2, 2, end=1 * DAY)).status.tolist() == [Status.IN_PROGRESS]
    assert funnel(story("A0", "AB"), definition(2, 2, end=3 * DAY)).status.tolist() == [Status.DROPPED]
    assert funnel(story("A0 B1 x2 A3 B4 A5", "ABC", {"x": 2}), definition(3, end=6 * DAY)).status.tolist() == [Status.IN_PROGRESS]
    assert len(funnel(story("A0 x1", "AB", {"x": 1}), definition(2, end=2 * DAY))) == 0


def test_all_steps_carry_the_same_value() -> None:
    rows = [(1, 0, 1, 0, 0), (1, 1, 2, 0, 1), (2, 0, 1, 0, 0), (2, 1, 1, 0, 1), (2, 2, 2, 0, 1), (3, 0, 1, 0, -1)]
    value = np.array([row[4] for row in rows])
    result = funnel_holding(events_of(rows, False), value, definition(2))
    assert (result.actor.tolist(), result.furthest.tolist()) == ([1, 2], [1, 2])
    assert result.entry_us.tolist() == [0, 1]


def test_what_cannot_be_combined_is_refused() -> None:
    with pytest.raises(ValueError, match="ordered mode"):
        funnel(story("A0 A1", "AA", {"x": 1}), definition(2))
    with pytest.raises(ValueError, match="optional"):
        definition(3, optional=0b100)
    with pytest.raises(ValueError, match="optional"):
        replace(definition(3), mode="strict", optional=0b10)
    with pytest.raises(ValueError, match="window per step"):
        replace(definition(3), mode="unordered", step_window_us=1)
    with pytest.raises(ValueError, match="same length"):
        StepEvents(np.zeros(1, int), np.zeros(1, int), np.zeros(1, int), np.zeros(1, np.uint8), np.zeros(2, np.uint8))


# --- against plain references ---------------------------------------------------------------------------------------------------------


@dataclass
class Attempt:
    """One attempt at one step: its start (place in the list of events), when it first and last got here, and what it came from."""

    start: int
    start_time: int
    first: tuple[int, int]
    last: tuple[int, int]
    come_from: tuple[int, Attempt] | None
    stopped: bool = False


def by_state(rows: list[tuple[int, int, int]], rule: FunnelDefinition) -> tuple[int, list[int], bool] | str | None:
    """(furthest, step times with NO_TIME, still open) of one actor's (time, mask, exclusion) rows; "excluded"; None = never entered.

    The rule as it is written, event after event: `kept` is the attempt kept at each step, `seen` all that ever were there.
    """
    kept: dict[int, Attempt] = {}
    seen: dict[int, list[Attempt]] = {}
    optional = [step for step in range(1, rule.num_steps + 1) if rule.optional >> (step - 1) & 1]
    step_window = FAR * 9 if rule.step_window_us is None else rule.step_window_us
    rows = [row for row in rows if rule.range_us[0] <= row[0] <= rule.data_end_us]
    place = 0
    for now in sorted({time for time, _, _ in rows}):
        for step in sorted(mask.bit_length() for time, mask, _ in rows if time == now and mask):
            place += 1
            if step == 1:
                if now < rule.range_us[1]:
                    kept[1] = Attempt(place, now, (now, place), (now, place), None)
                    seen.setdefault(1, []).append(kept[1])
                continue
            best: tuple[int, Attempt] | None = None
            for earlier in range(step - 1, 0, -1):
                one = kept.get(earlier)
                if one and not one.stopped and now - one.start_time <= rule.window_us and now - one.last[0] <= step_window:
                    best = (earlier, one) if best is None or one.start > best[1].start else best
                if earlier not in optional:
                    break
            if best is None or (step in kept and kept[step].start > best[1].start):
                continue
            origin = (best[0], replace(best[1]))
            if step in kept and kept[step].start == best[1].start:
                kept[step].last, kept[step].come_from = (now, place), origin
            else:
                kept[step] = Attempt(best[1].start, best[1].start_time, (now, place), (now, place), origin)
                kept[step].stopped = False
                seen.setdefault(step, []).append(replace(kept[step]))
        for step, one in kept.items():
            hit = any(time == now and exclusion >> (step - 1) & 1 for time, _, exclusion in rows) and step < rule.num_steps
            if hit and one.first[0] < now <= one.start_time + rule.window_us:
                one.stopped = True
    if not seen:
        return None
    furthest = max(seen)

    def stopped(one: Attempt) -> bool:
        inside = [t for t, _, exclusion in rows if exclusion >> (furthest - 1) & 1 and one.first[0] < t <= one.start_time + rule.window_us]
        return furthest < rule.num_steps and bool(inside)

    clean = [one for one in seen[furthest] if not stopped(one)]
    if not clean:
        return "excluded"
    times = [NO_TIME] * rule.num_steps
    chosen = clean[0]
    if rule.step_window_us is not None:
        step, one = furthest, replace(chosen, last=chosen.first)
        while True:
            times[step - 1] = one.last[0]
            if one.come_from is None:
                break
            step, one = one.come_from
    else:
        times[furthest - 1], bound = chosen.first[0], chosen.first[1]
        for step in range(furthest - 1, 0, -1):
            for one in seen.get(step, []):
                if one.start == chosen.start and one.first[1] < bound:
                    times[step - 1], bound = one.first[0], one.first[1]
    still = any(
        not one.stopped and rule.data_end_us - one.start_time < rule.window_us and rule.data_end_us - one.last[0] < step_window
        for step, one in kept.items()
        if step < rule.num_steps or rule.num_steps == 1
    )
    return furthest, times, still


def longest_chain(rows: list[tuple[int, int]], rule: FunnelDefinition) -> int:
    """The furthest step of any chain of distinct events, each within both windows; no exclusions."""
    step_window = FAR * 9 if rule.step_window_us is None else rule.step_window_us
    furthest = 0

    def extend(step: int, used: frozenset[int], start: int, now: int) -> None:
        nonlocal furthest
        furthest = max(furthest, step)
        for following in range(step + 1, rule.num_steps + 1):
            for index, (time, mask) in enumerate(rows):
                inside = now <= time <= min(start + rule.window_us, now + step_window, rule.data_end_us)
                if index not in used and mask >> (following - 1) & 1 and inside:
                    extend(following, used | {index}, start, time)
            if not rule.optional >> (following - 1) & 1:
                break

    for index, (time, mask) in enumerate(rows):
        if mask & 1 and rule.range_us[0] <= time < rule.range_us[1] and time <= rule.data_end_us:
            extend(1, frozenset([index]), time, time)
    return furthest


def strict_by_steps(rows: list[tuple[int, int]], rule: FunnelDefinition) -> int:
    """Furthest step by the state machine: per step (start, when it was reached); each event matches at most one step."""
    state: dict[int, tuple[int, int]] = {}
    furthest = 0
    for now in sorted({time for time, _ in rows}):
        if not rule.range_us[0] <= now <= rule.data_end_us:
            continue
        moment = sorted(mask.bit_length() for time, mask in rows if time == now)
        for step in moment:
            if step == 1 and now < rule.range_us[1]:
                state[1] = (now, now)
            elif step > 1 and step - 1 in state:
                start, last = state[step - 1]
                if now - start <= rule.window_us and now - last <= (rule.step_window_us or 0):
                    state[step] = max(state.get(step, (-FAR, -FAR)), (start, now))
        furthest = max([furthest, *state])
        state = {step: held for step, held in state.items() if step in moment}
    return furthest


@st.composite
def worlds(draw: st.DrawFn, overlap: bool = False) -> tuple[list[Row], FunnelDefinition]:
    num_steps = draw(st.integers(1, 5))
    single = [0, *(1 << step for step in range(num_steps))]
    masks = st.integers(0, (1 << min(num_steps, 3)) - 1) if overlap else st.sampled_from(single)
    longest = draw(st.sampled_from([0, 2, 6, 12, 30]))
    exclusion = st.sampled_from([0, 0, 0, *(1 << gap for gap in range(num_steps - 1))])
    row = st.tuples(st.integers(0, draw(st.integers(0, 2))), st.integers(0, longest), masks, exclusion, st.integers(-1, 1))
    rows = draw(st.lists(row, max_size=8 if overlap else 16))
    since = draw(st.integers(0, min(longest, 3)))
    optional = 0 if overlap else draw(st.integers(0, (1 << num_steps) - 1)) & max((1 << (num_steps - 1)) - 2, 0)
    step_window = draw(st.none() | st.integers(0, 6))
    range_us = (since, since + draw(st.integers(0, 30)) + 1)
    return rows, FunnelDefinition(num_steps, draw(st.integers(0, 12)), range_us, draw(st.integers(0, 40)), "ordered", step_window, optional)


def own_rows(rows: list[Row], columns: int) -> dict[int, list[tuple[int, ...]]]:
    return {actor: [row[1:columns] for row in rows if row[0] == actor] for actor in {row[0] for row in rows}}


def found_of(result: FunnelResult) -> dict[int, tuple[int, list[int], bool] | str]:
    found: dict[int, tuple[int, list[int], bool] | str] = dict.fromkeys(result.excluded.tolist(), "excluded")
    for actor, furthest, times, status in zip(result.actor, result.furthest, result.step_time_us, result.status, strict=True):
        found[int(actor)] = (int(furthest), times.tolist(), bool(status == Status.IN_PROGRESS))
    return found


def assert_as_state(result: FunnelResult, rows: list[Row], rule: FunnelDefinition) -> None:
    expected = {actor: by_state(own, rule) for actor, own in own_rows(rows, 4).items()}  # type: ignore[arg-type]
    wanted = {}
    for actor, one in expected.items():
        if one is not None:
            wanted[actor] = one if isinstance(one, str) else (one[0], one[1], one[2] and one[0] < rule.num_steps)
    assert found_of(result) == wanted


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_options_equal_the_state_machine(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    assert_as_state(funnel(events_of(rows), rule), rows, rule)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_without_exclusions_the_furthest_step_is_that_of_the_longest_chain(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    result = funnel(events_of(rows, False), rule)
    expected = {actor: longest_chain(own, rule) for actor, own in own_rows(rows, 3).items()}  # type: ignore[arg-type]
    assert dict(zip(result.actor.tolist(), result.furthest.tolist(), strict=True)) == {a: found for a, found in expected.items() if found}
    if rule.step_window_us is not None:
        for times in result.step_time_us.tolist():
            known = [time for time in times if time != NO_TIME]
            gaps = [later - earlier for earlier, later in itertools.pairwise(known)]
            assert all(0 <= gap <= rule.step_window_us for gap in gaps)
            assert known[-1] - known[0] <= rule.window_us


@settings(max_examples=60, deadline=None)
@given(worlds(overlap=True))
def test_a_window_per_step_where_an_event_is_several_steps(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    rule = replace(rule, step_window_us=rule.step_window_us or 2)
    result = funnel(events_of(rows, False), rule)
    expected = {actor: longest_chain(own, rule) for actor, own in own_rows(rows, 3).items()}  # type: ignore[arg-type]
    assert dict(zip(result.actor.tolist(), result.furthest.tolist(), strict=True)) == {a: found for a, found in expected.items() if found}


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_strict_with_a_window_per_step(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    rule = replace(rule, mode="strict", optional=0, step_window_us=rule.step_window_us or 1)
    result = funnel(events_of(rows, False), rule)
    expected = {actor: strict_by_steps(own, rule) for actor, own in own_rows(rows, 3).items()}  # type: ignore[arg-type]
    assert dict(zip(result.actor.tolist(), result.furthest.tolist(), strict=True)) == {a: found for a, found in expected.items() if found}


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_holding_a_value_equals_the_funnel_of_each_value(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    result = funnel_holding(events_of(rows), np.array([row[4] for row in rows], dtype=np.int64), rule)
    best: dict[int, tuple[int, int]] = {}
    for value in (0, 1):
        part = funnel(events_of([row for row in rows if row[4] == value]), rule)
        for actor, furthest, times in zip(part.actor.tolist(), part.furthest.tolist(), part.step_time_us.tolist(), strict=True):
            best[actor] = max(best.get(actor, (0, 0)), (furthest, -times[furthest - 1]))
    last = result.step_time_us[np.arange(len(result)), result.furthest - 1].tolist()
    found = zip(result.actor.tolist(), result.furthest.tolist(), last, strict=True)
    assert {actor: (furthest, -time) for actor, furthest, time in found} == best


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_partitions_and_row_order_change_nothing(world, random) -> None:  # type: ignore[no-untyped-def]
    rows, rule = world
    whole = funnel(events_of(sorted(rows)), rule)
    shuffled = list(rows)
    random.shuffle(shuffled)
    halves = merge([funnel(events_of([row for row in rows if row[0] % 2 == odd]), rule) for odd in (1, 0)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_funnel, "ROWS_PER_PART", 2)
        parts = funnel(events_of(sorted(rows)), rule)
    for other in (funnel(events_of(shuffled), rule), halves, parts):
        for field in ("actor", "furthest", "step_time_us", "status", "excluded"):
            assert np.array_equal(getattr(whole, field), getattr(other, field))


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_options_that_ask_for_nothing_are_the_plain_funnel(world: tuple[list[Row], FunnelDefinition]) -> None:
    rows, rule = world
    plain = replace(rule, step_window_us=None, optional=0)
    events = events_of(rows, False)
    empty = StepEvents(events.actor, events.time_us, events.sequence, events.step_mask, np.zeros(len(events), dtype=np.uint8))
    one, other = funnel(events, plain), funnel(empty, plain)
    for field in ("actor", "furthest", "step_time_us", "status"):
        assert np.array_equal(getattr(one, field), getattr(other, field))
