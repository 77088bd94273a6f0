from __future__ import annotations

import math

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
    attribute_first,
    break_down,
    funnel,
    merge,
    time_to_convert,
)

DAY = 86_400_000_000
LONG_AGO, FAR = -(10**15), 10**15


def events_of(rows: list[tuple[int, int, int]]) -> StepEvents:
    """(actor, time, mask) rows in file order."""
    actor, time, mask = (np.array([row[column] for row in rows], dtype=np.int64) for column in range(3))
    return StepEvents(actor, time, np.arange(len(rows)), mask.astype(np.uint8))


def story(text: str, steps: str) -> StepEvents:
    """'A0 B1.5' with steps 'AB': one actor, days as times; the same letter may be several steps."""
    rows = []
    for word in text.split():
        mask = sum(1 << position for position, letter in enumerate(steps) if letter == word[0])
        rows.append((1, round(float(word[1:]) * DAY), mask))
    return events_of(rows)


def definition(num_steps: int, mode: str = "ordered", window: int = 7 * DAY, since: int = LONG_AGO, until: int = FAR, end: int = FAR):
    return FunnelDefinition(num_steps, window, (since, until), end, mode)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "steps", "mode", "furthest"),
    [
        ("A0 B1 C2", "ABC", "ordered", 3),
        ("A0 B7", "ABC", "ordered", 2),
        ("A0 B7.0001", "ABC", "ordered", 1),
        ("B0 A1 C2", "ABC", "ordered", 1),
        ("A0 C1 B2 C3", "ABC", "ordered", 3),
        ("A0 A5 B8 C9", "ABC", "ordered", 3),
        ("A0 B6 C8", "ABC", "ordered", 2),
        ("A1 B1", "AB", "ordered", 2),
        ("B1 A1", "AB", "ordered", 2),
        ("A0", "AA", "ordered", 1),
        ("A0 A1", "AA", "ordered", 2),
        ("A0 A0", "AA", "ordered", 2),
        ("A0 A0 B0", "AAB", "ordered", 3),
        ("A0 B0", "AAB", "ordered", 1),
        ("A0 x1 B2", "AB", "strict", 1),
        ("A0 A1 B2", "AB", "strict", 2),
        ("A0 B1 x2 C3", "ABC", "strict", 2),
        ("A0 B1 B2 C3", "ABC", "strict", 3),
        ("A0 x1 A2 B3", "AB", "strict", 2),
        ("A0 x1 B1", "AB", "strict", 2),
        ("A0 B8", "AB", "strict", 1),
        ("C0 A1 B2", "ABC", "unordered", 3),
        ("A0 B8 C9", "ABC", "unordered", 2),
        ("A0 B7 C7.1", "ABC", "unordered", 2),
        ("A0", "AA", "unordered", 1),
        ("A0 A1", "AA", "unordered", 2),
    ],
)
def test_reference_stories(text: str, steps: str, mode: str, furthest: int) -> None:
    result = funnel(story(text, steps), definition(len(steps), mode))
    assert result.furthest.tolist() == [furthest]


def test_the_completing_attempt_gives_the_times() -> None:
    # Start 0 cannot complete; start 5 can, with its earliest B; a later completion changes nothing.
    result = funnel(story("A0 B1 A5 B8 B9 C10 A11 B11 C12", "ABC"), definition(3))
    assert (result.step_time_us // DAY).tolist() == [[5, 8, 10]]
    assert result.status.tolist() == [Status.CONVERTED]
    # Among people who stopped, the attempt that got there first, with the latest start that could.
    result = funnel(story("A0 A1 B2 A3 B4", "ABC"), definition(3))
    assert (result.step_time_us[0, :2] // DAY).tolist() == [1, 2]
    assert result.step_time_us[0, 2] == NO_TIME


def test_the_range_binds_only_the_first_step() -> None:
    inside = definition(2, since=0, until=10 * DAY, end=30 * DAY)
    assert funnel(story("A9 B15", "AB"), inside).furthest.tolist() == [2]
    assert len(funnel(story("A10 B11", "AB"), inside)) == 0
    assert len(funnel(story("A-1 B1", "AB"), inside)) == 0
    # A new start outside the range does not replace the one inside.
    assert funnel(story("A5 A10 B11", "AB"), inside).step_time_us.tolist() == [[5 * DAY, 11 * DAY]]
    # Unordered: whichever event comes first is the entry.
    unordered = definition(2, "unordered", since=0, until=10 * DAY, end=30 * DAY)
    assert funnel(story("B9 A15", "AB"), unordered).furthest.tolist() == [2]
    assert len(funnel(story("B11 A15", "AB"), unordered)) == 0


@pytest.mark.parametrize("mode", ["ordered", "strict", "unordered"])
def test_who_may_still_convert_is_in_progress(mode: str) -> None:
    def status(text: str, end: float) -> int:
        return int(funnel(story(text, "AB"), definition(2, mode, end=round(end * DAY))).status[0])

    assert status("A0", 6.9) == Status.IN_PROGRESS
    assert status("A0", 7) == Status.DROPPED
    assert status("A0 A9", 10) == Status.IN_PROGRESS
    assert status("A0 B1", 2) == Status.CONVERTED
    assert status("A0 B3", 2) == Status.IN_PROGRESS  # an event after the end of the data is not seen


def test_a_broken_strict_attempt_is_not_in_progress() -> None:
    assert funnel(story("A0 x1", "AB"), definition(2, "strict", end=2 * DAY)).status.tolist() == [Status.DROPPED]


def test_counts_time_and_breakdown() -> None:
    rows = [(1, 0, 1), (1, 4, 2), (2, 0, 1), (3, 95, 1), (4, 2, 1), (4, 10, 2), (5, 0, 2)]
    events, rule = events_of(rows), definition(2, window=10, end=100)
    result = funnel(events, rule)
    counts = result.counts()
    assert result.actor.tolist() == [1, 2, 3, 4]
    assert counts.num_reached.tolist() == [4, 2]
    assert counts.num_dropped.tolist() == [1, 0]
    assert counts.num_in_progress.tolist() == [1, 0]
    took = time_to_convert(result, percents=(0, 50, 100))
    assert (took.num_actors, took.mean_us, took.median_us) == (2, 6.0, 6.0)
    assert took.percentiles == ((0.0, 4.0), (50.0, 6.0), (100.0, 8.0))
    value = np.array(["ios", "web", "web", "ios", "web", "ios", "ios"])
    first = attribute_first(events, value, rule)
    assert dict(zip(first.actor.tolist(), first.value.tolist(), strict=True)) == {1: "ios", 2: "web", 3: "ios", 4: "web"}
    parts = dict(break_down(result, first))
    assert {name: part.counts().num_reached.tolist() for name, part in parts.items()} == {"ios": [2, 1], "web": [2, 1]}


def test_first_touch_takes_time_then_sequence_in_any_row_order() -> None:
    events = StepEvents(np.array([7, 7, 7, 3]), np.array([5, 2, 2, 9]), np.array([0, 9, 4, 1]), np.array([1, 1, 1, 2], dtype=np.uint8))
    first = attribute_first(events, np.array([10, 11, 12, 13]), definition(2))
    assert (first.actor.tolist(), first.value.tolist()) == ([7], [12])
    unordered = attribute_first(events, np.array([10, 11, 12, 13]), definition(2, "unordered"))
    assert (unordered.actor.tolist(), unordered.value.tolist()) == ([3, 7], [13, 12])


@pytest.mark.parametrize("mode", ["ordered", "strict", "unordered"])
def test_nothing_in_nothing_out(mode: str) -> None:
    for events in (events_of([]), events_of([(1, 5, 0)]), events_of([(1, 5, 2)])):
        result = funnel(events, definition(3, mode, since=100))
        assert len(result) == 0
        assert result.step_time_us.shape == (0, 3)
        assert result.counts().num_reached.tolist() == [0, 0, 0]
        assert math.isnan(time_to_convert(result).median_us)
        assert break_down(result, attribute_first(events, np.zeros(len(events)), definition(3, mode, since=100))) == ()


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond 2"):
        funnel(events_of([(1, 0, 4)]), definition(2))
    with pytest.raises(ValueError, match="1 to 8"):
        definition(9)
    with pytest.raises(ValueError, match="window_us"):
        definition(2, window=-1)
    with pytest.raises(ValueError, match="mode"):
        definition(2, "random")
    with pytest.raises(ValueError, match="range"):
        definition(2, since=3, until=2)
    with pytest.raises(ValueError, match="same length"):
        StepEvents(np.zeros(2, int), np.zeros(1, int), np.zeros(1, int), np.zeros(1, np.uint8))
    one = funnel(events_of([(1, 0, 1)]), definition(2))
    with pytest.raises(ValueError, match="two partitions"):
        merge([one, one])
    with pytest.raises(ValueError, match="from < to"):
        time_to_convert(one, 2, 1)


# --- against plain references ---------------------------------------------------------------------------------------------------------


def ordered_by_search(rows: list[tuple[int, int]], rule: FunnelDefinition) -> tuple[int, list[int]] | None:
    """(furthest, step times) of one actor's (time, mask) rows by trying every chain of distinct events."""
    chains: dict[int, set[tuple[int, int]]] = {}

    def extend(depth: int, used: frozenset[int], start: int, now: int) -> None:
        chains.setdefault(depth, set()).add((now, -start))
        if depth == rule.num_steps:
            return
        for index, (time, mask) in enumerate(rows):
            if index not in used and mask >> depth & 1 and now <= time <= min(start + rule.window_us, rule.data_end_us):
                extend(depth + 1, used | {index}, start, time)

    for index, (time, mask) in enumerate(rows):
        if mask & 1 and rule.range_us[0] <= time < rule.range_us[1] and time <= rule.data_end_us:
            extend(1, frozenset([index]), time, time)
    if not chains:
        return None
    furthest = max(chains)
    _, negative_start = min(chains[furthest])  # first to get there, then the latest start
    times = [min(time for time, begun in chains[depth] if begun == negative_start) for depth in range(1, furthest)]
    return furthest, [*times, min(time for time, begun in chains[furthest] if begun == negative_start)]


def strict_by_steps(rows: list[tuple[int, int]], rule: FunnelDefinition) -> int:
    """Furthest step of one actor by the state machine as the rule states it; each event matches at most one step."""
    state: dict[int, int] = {}
    furthest = 0
    for now in sorted({time for time, _ in rows}):
        if not rule.range_us[0] <= now <= rule.data_end_us:
            continue
        moment = sorted(mask.bit_length() for time, mask in rows if time == now)
        for step in moment:
            if step == 1 and now < rule.range_us[1]:
                state[1] = now
            elif step > 1 and step - 1 in state and now - state[step - 1] <= rule.window_us:
                state[step] = max(state.get(step, LONG_AGO), state[step - 1])
        furthest = max([furthest, *state])
        state = {step: start for step, start in state.items() if step in moment}
    return furthest


def unordered_by_search(rows: list[tuple[int, int]], rule: FunnelDefinition) -> tuple[int, list[int]] | None:
    """(most steps, when each was added) of the attempt done first, among those the latest start, by matching every window with augmenting paths."""

    def matching(masks: list[int]) -> int:
        owner: dict[int, int] = {}

        def place(index: int, seen: set[int]) -> bool:
            for step in range(rule.num_steps):
                if masks[index] >> step & 1 and step not in seen:
                    seen.add(step)
                    if step not in owner or place(owner[step], seen):
                        owner[step] = index
                        return True
            return False

        return sum(place(index, set()) for index in range(len(masks)))

    found = []
    seen_rows = sorted((time, mask) for time, mask in rows if mask and time <= rule.data_end_us)
    for start, _ in seen_rows:
        if rule.range_us[0] <= start < rule.range_us[1]:
            for end, _ in seen_rows:
                if start <= end <= start + rule.window_us:
                    size = matching([mask for time, mask in seen_rows if start <= time <= end])
                    found.append((-size, end, -start))
    if not found:
        return None
    most, _, chosen = min(found)
    return -most, [min(end for size, end, start in found if start == chosen and -size >= step) for step in range(1, 1 - most)]


@st.composite
def small_worlds(draw: st.DrawFn, overlap: bool) -> tuple[list[tuple[int, int, int]], FunnelDefinition]:
    num_steps = draw(st.integers(1, 4))
    masks = st.integers(0, (1 << num_steps) - 1) if overlap else st.sampled_from([0, *(1 << step for step in range(num_steps))])
    longest = draw(st.sampled_from([0, 1, 3, 8, 30]))
    rows = draw(st.lists(st.tuples(st.integers(0, draw(st.integers(0, 3))), st.integers(0, longest), masks), max_size=14))
    since = draw(st.integers(0, min(longest, 4)))
    rule = FunnelDefinition(
        num_steps, draw(st.integers(0, 10)), (since, since + draw(st.integers(0, 30)) + 1), draw(st.integers(0, 40)), "ordered"
    )
    return rows, rule


def rows_by_actor(rows: list[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    return {actor: [(time, mask) for who, time, mask in rows if who == actor] for actor in {row[0] for row in rows}}


def as_times(result: FunnelResult) -> dict[int, tuple[int, list[int]]]:
    return {
        int(actor): (int(furthest), times[:furthest].tolist())
        for actor, furthest, times in zip(result.actor, result.furthest, result.step_time_us, strict=True)
    }


@settings(max_examples=400, deadline=None)
@given(st.booleans().flatmap(small_worlds))
def test_ordered_equals_trying_every_chain(world: tuple[list[tuple[int, int, int]], FunnelDefinition]) -> None:
    rows, rule = world
    expected = {actor: ordered_by_search(own, rule) for actor, own in rows_by_actor(rows).items()}
    assert as_times(funnel(events_of(rows), rule)) == {actor: found for actor, found in expected.items() if found}


@settings(max_examples=300, deadline=None)
@given(small_worlds(overlap=False))
def test_strict_equals_the_state_machine(world: tuple[list[tuple[int, int, int]], FunnelDefinition]) -> None:
    rows, rule = world
    rule = FunnelDefinition(rule.num_steps, rule.window_us, rule.range_us, rule.data_end_us, "strict")
    expected = {actor: strict_by_steps(own, rule) for actor, own in rows_by_actor(rows).items()}
    result = funnel(events_of(rows), rule)
    assert dict(zip(result.actor.tolist(), result.furthest.tolist(), strict=True)) == {a: found for a, found in expected.items() if found}
    for furthest, times in as_times(result).values():
        assert times == sorted(times)
        assert len(times) == furthest
        assert times[-1] - times[0] <= rule.window_us


@settings(max_examples=300, deadline=None)
@given(st.booleans().flatmap(small_worlds))
def test_unordered_equals_matching_every_window(world: tuple[list[tuple[int, int, int]], FunnelDefinition]) -> None:
    rows, rule = world
    rule = FunnelDefinition(rule.num_steps, rule.window_us, rule.range_us, rule.data_end_us, "unordered")
    expected = {actor: unordered_by_search(own, rule) for actor, own in rows_by_actor(rows).items()}
    assert as_times(funnel(events_of(rows), rule)) == {actor: best for actor, best in expected.items() if best}


@settings(max_examples=150, deadline=None)
@given(st.booleans().flatmap(small_worlds), st.sampled_from(["ordered", "strict", "unordered"]), st.randoms(use_true_random=False))
def test_partitions_row_order_and_packing_change_nothing(world, mode, random) -> None:  # type: ignore[no-untyped-def]
    rows, rule = world
    rule = FunnelDefinition(rule.num_steps, rule.window_us, rule.range_us, rule.data_end_us, mode)
    whole = funnel(events_of(sorted(rows)), rule)
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = funnel(events_of(shuffled), rule)
    halves = merge([funnel(events_of([row for row in rows if row[0] % 2 == odd]), rule) for odd in (1, 0)])
    # Actors so far apart that one 64-bit integer cannot hold the sort key.
    wide = events_of(shuffled)
    wide = funnel(StepEvents(wide.actor * (1 << 61) - (1 << 62), wide.time_us, wide.sequence, wide.step_mask), rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_funnel, "ROWS_PER_PART", 2)
        parts = funnel(events_of(sorted(rows)), rule)
    for other in (again, halves, parts):
        for field in ("actor", "furthest", "step_time_us", "status"):
            assert np.array_equal(getattr(whole, field), getattr(other, field))
    assert np.array_equal(whole.step_time_us, wide.step_time_us)
    counts = whole.counts()
    following = np.append(counts.num_reached[1:], np.count_nonzero(whole.status == Status.CONVERTED))
    assert np.array_equal(counts.num_reached - following, counts.num_dropped + counts.num_in_progress)


def test_ordered_and_overlapping_kernels_agree_at_size_with_many_ties() -> None:
    random = np.random.default_rng(11)
    num = 60_000
    events = StepEvents(
        random.integers(0, 900, num),
        random.integers(0, 4_000, num) * 60_000_000,
        np.arange(num),
        (1 << random.integers(0, 4, num)).astype(np.uint8),
    )
    rule = definition(4, window=90 * 60_000_000, since=0, until=3_000 * 60_000_000, end=4_000 * 60_000_000)
    fast = funnel(events, rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("productloop.apps.behaviour._funnel_kernels.has_overlap", lambda mask: True)
        general = funnel(events, rule)
    assert fast.counts().num_reached[-1] > 30
    for field in ("actor", "furthest", "step_time_us", "status"):
        assert np.array_equal(getattr(fast, field), getattr(general, field))


@pytest.mark.shared
@pytest.mark.parametrize("hours", [1, 24, 24 * 30])
def test_a_real_shop_counts_as_a_join_in_sql_does(shared_data, hours: int) -> None:  # type: ignore[no-untyped-def]
    import duckdb

    path = shared_data("simple_shop") / "simple-onlineshop.csv"
    connection = duckdb.connect()
    connection.execute("CREATE TABLE e AS SELECT user_id AS a, event AS n, epoch_us(timestamp) AS t FROM read_csv(?)", [str(path)])
    steps = "CASE n WHEN 'catalog' THEN 1 WHEN 'cart' THEN 2 WHEN 'payment_done' THEN 4 ELSE 0 END"
    rows = connection.execute(f"SELECT a, t, {steps}::UTINYINT AS m FROM e").fetchnumpy()
    events = StepEvents(rows["a"], rows["t"], np.arange(len(rows["a"])), rows["m"])
    window = hours * 3_600_000_000
    end = int(rows["t"].max())
    result = funnel(events, FunnelDefinition(3, window, (int(rows["t"].min()), end + 1), end, "ordered"))
    joined = connection.execute(
        """SELECT count(DISTINCT x.a), count(DISTINCT y.a) FROM e x JOIN e y ON x.a = y.a AND y.n = 'cart' AND y.t BETWEEN x.t AND x.t + $1
           WHERE x.n = 'catalog'""",
        [window],
    ).fetchone()
    completed = connection.execute(
        """SELECT count(DISTINCT x.a) FROM e x JOIN e y ON x.a = y.a AND y.n = 'cart' AND y.t BETWEEN x.t AND x.t + $1
           JOIN e z ON x.a = z.a AND z.n = 'payment_done' AND z.t BETWEEN y.t AND x.t + $1 WHERE x.n = 'catalog'""",
        [window],
    ).fetchone()
    assert joined is not None
    assert completed is not None
    entered = len(np.unique(rows["a"][rows["m"] == 1]))
    assert result.counts().num_reached.tolist() == [entered, joined[1], completed[0]]
    assert completed[0] > 0
