"""`stickiness` from kept days to report: on how many days of a week people come, and what share of a month's people a day holds.

Stickiness per person as in PostHog's open source runner: the number of distinct days on which a person was there, over the people who
were there at all. DAU/MAU: people of a usual day over people of four weeks; a month here is the 28 days that end with the week, so that
every month has the same number of weekends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour import stickiness_wording as wording
from productloop.apps.behaviour._activity import activity, day_edges
from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start
from productloop.apps.behaviour._person_split import Judged, Part, PersonValues, judge, parts_of, read_split
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.stickiness_types import StickinessPart, StickinessReport, StickinessRequest, StickinessTimes, StickinessWeek
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.experiments import compare
from productloop.learning.intervals import share_interval
from productloop.learning.resampling import mean_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

MAX_WEEKS = 26
MONTH_DAYS = 28
FEW_PEOPLE = 30
OFTEN: dict[tuple[str, str], int] = {("week", "day"): 4, ("month", "day"): 12, ("month", "week"): 4}
"""What is called often: on how many days of a week or month, in how many weeks of a month."""
MAX_DRAWN = 20_000
"""The interval of a mean over more people than this is narrower than anybody would read; it is drawn from so many."""


def answer_stickiness(run: Run, request: StickinessRequest) -> StickinessReport:
    """The report. Raises UsageError for an event that never happened or a breakdown that is not there, MissingData without events."""
    if request.unit == "week" and request.period == "week":
        raise UsageError(wording.WEEKS_OF_WEEK)
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    event = request.event or run.settings.text("metrics.active") or None
    with reading(run) as source:
        source.checked([] if event is None else [event])
        days = activity(run, source, [] if event is None else [event])
        whole = _whole_periods(run, source, request.period)
        weeks = _whole_periods(run, source, "week")
        first_whole_day = int(period_index(np.array([source.data_begin_us]), run.time_zone, "day")[0]) + 1
        label = None if event is None else source.label(event)
        split = None if run.scope.by is None else read_split(run, source, run.scope.by)
    weekday = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    counts = [times_in(days, edges, request.unit, weekday) for edges in _edges(whole[-2:], request.period, weekday)]
    newest = counts[-1] if counts else np.empty(0, dtype=np.int64)
    often = OFTEN[request.period, request.unit]
    shown = _edges(weeks[-MAX_WEEKS:], "week", weekday)
    parts = (
        {}
        if split is None
        else _split(run, days, split, (_edges(whole[-1:], request.period, weekday), shown), (request.unit, often, weekday, first_whole_day))
    )
    return StickinessReport(
        **run.frame("behaviour.stickiness", ("events",)),
        cautions=_cautions(run, len(newest), bool(whole)),
        period=request.period,
        unit=request.unit,
        event=event,
        event_label=label,
        start=str(period_start(np.array(whole[-1:]), request.period, weekday)[0]) if whole else None,
        people=run.figure("people", len(newest), "people", "behaviour.d.stickiness_people"),
        mean=_mean(run, "mean", newest),
        before=_mean(run, "before", counts[0] if len(counts) > 1 else newest[:0]),
        times=_times(run, newest),
        weeks=tuple(
            _week(run, days, edges, first_whole_day, str(period_start(np.array([week]), "week", weekday)[0]))
            for week, edges in zip(weeks[-MAX_WEEKS:], shown, strict=True)
        ),
        often=often,
        **parts,
    )


def times_in(days: DayBitmap, edges: tuple[int, int], unit: str, weekday: int) -> NDArray[np.int64]:
    """(n,) on how many days, or in how many calendar weeks, of [edges[0], edges[1]) each person was there, for those who were at all."""
    if unit == "day":
        found = days.num_days(*edges)
    else:
        starts = [day for day in range(edges[0] + 1, edges[1]) if (day + 3 - weekday) % 7 == 0]
        found = days.periods([edges[0], *starts, edges[1]]).sum(axis=0)
    return np.asarray(found[found > 0], dtype=np.int64)


def _split(
    run: Run,
    days: DayBitmap,
    split: PersonValues,
    spans: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    how: tuple[Literal["day", "week"], int, int, int],
) -> dict[str, Any]:
    """The fields of the report for its breakdown: `spans` are the newest whole period (or none) and the weeks shown."""
    (period, weeks), (unit, often, weekday, first_whole_day) = spans, how
    if not period:
        return {"by": run.scope.by}
    people = split.of(days.actor)
    there = days.active(*period[0])
    parts, num_values = parts_of(people, there)
    chosen = [DayBitmap(days.first_day, days.actor[part.inside], days.bits[:, part.inside]) for part in parts]
    counts = [times_in(one, period[0], unit, weekday) for one in chosen]
    judged = _judged(run, parts, counts)
    rows = []
    for place, (part, one, mine) in enumerate(zip(parts, chosen, counts, strict=True)):
        by_week = [_week(run, one, edges, first_whole_day, f"part{place}_{number}").daily_of_monthly for number, edges in enumerate(weeks)]
        nothing = run.figure(f"part{place}_ratio", None, "share", "behaviour.d.stickiness_daily_of_monthly")
        rows.append(
            StickinessPart(
                value=part.label,
                people=run.figure(f"part{place}_people", len(mine), "people", "behaviour.d.stickiness_people"),
                mean=_mean(run, f"part{place}_mean", mine),
                often=_share(run, f"part{place}_often", int((mine >= often).sum()), len(mine), "behaviour.d.stickiness_or_more"),
                daily_of_monthly=by_week[-1] if by_week else nothing,
                judged=judged[place],
                by_week=tuple(None if figure.value is None else float(figure.value) for figure in by_week),
            )
        )
    several = int(np.count_nonzero(people.several & there))
    return {
        "by": run.scope.by,
        "parts": tuple(rows),
        "num_values": num_values,
        "split_rule": split.rule,
        "several": run.figure("several", several, "people", "behaviour.d.split_several"),
    }


def _judged(run: Run, parts: list[Part], counts: list[NDArray[np.int64]]) -> list[Judged]:
    """Each part's mean against everybody else's."""
    everybody = np.concatenate(counts) if counts else np.empty(0, dtype=np.int64)
    ends = np.cumsum([len(one) for one in counts])
    others = [np.delete(everybody, slice(end - len(one), end)) for one, end in zip(counts, ends, strict=True)]
    found = [
        compare(one.astype(np.float64), other.astype(np.float64), run.seed, adjusted=True) if min(len(one), len(other)) > 1 else None
        for one, other in zip(counts, others, strict=True)
    ]
    return judge(
        parts,
        [(len(one), len(other)) for one, other in zip(counts, others, strict=True)],
        [None if one is None else (one.difference.value, one.p) for one in found],
    )


def _whole_periods(run: Run, source: Reading, unit: PeriodUnit) -> list[int]:
    """The periods that lie wholly within the data and the range, oldest first."""
    since, until = source.range_us
    begin, end = max(since, source.data_begin_us), min(until, source.data_end_us + 1)
    if end <= begin or not source.names:
        return []
    weekday = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    first, last = (int(period) for period in period_index(np.array([begin, end], dtype=np.int64), run.time_zone, unit, weekday))
    starts = weeks_of.span_of(first, run.time_zone, unit, weekday).start_us >= _begin_of_day(run, begin)
    return list(range(first if starts else first + 1, last))


def _begin_of_day(run: Run, instant_us: int) -> int:
    """The data cover the whole of their first day, at whatever hour its first event came."""
    day = int(period_index(np.array([instant_us], dtype=np.int64), run.time_zone, "day")[0])
    return weeks_of.span_of(day, run.time_zone, "day", 0).start_us


def _edges(periods: Sequence[int], unit: PeriodUnit, weekday: int) -> list[tuple[int, int]]:
    return list(pairwise(day_edges(periods[0], len(periods), unit, weekday))) if periods else []


def _mean(run: Run, name: str, counts: NDArray[np.int64]) -> Figure:
    if not len(counts):
        return run.figure(name, None, "number", "behaviour.d.stickiness_mean")
    few = counts if len(counts) <= MAX_DRAWN else np.random.default_rng(run.seed).choice(counts, MAX_DRAWN, replace=False)
    ends = mean_interval(few.astype(np.float64), subjects=np.arange(len(few)), seed=run.seed) if len(few) > 1 else None
    interval = None if ends is None else (ends.low, ends.high)
    return run.figure(name, float(counts.mean()), "number", "behaviour.d.stickiness_mean", n=len(counts), interval=interval)


def _times(run: Run, counts: NDArray[np.int64]) -> tuple[StickinessTimes, ...]:
    people = np.bincount(counts, minlength=1)
    found = []
    for num in range(1, len(people)):
        here, more = int(people[num]), int(people[num:].sum())
        shares = [
            _share(run, f"{name}_{num}", hits, len(counts), f"behaviour.d.stickiness_{name}")
            for name, hits in (("exactly", here), ("or_more", more))
        ]
        found.append(
            StickinessTimes(
                num=num,
                people=run.figure(f"people_{num}", here, "people", "behaviour.d.stickiness_times"),
                share=shares[0],
                or_more=shares[1],
            )
        )
    return tuple(found)


def _week(run: Run, days: DayBitmap, edges: tuple[int, int], first_whole_day: int, start: str) -> StickinessWeek:
    begin, end = edges
    daily = sum(int(days.active(day, day + 1).sum()) for day in range(begin, end)) / (end - begin)
    weekly = int(days.active(begin, end).sum())
    known = end - MONTH_DAYS >= first_whole_day - 1
    monthly = int(days.active(end - MONTH_DAYS, end).sum()) if known else None

    def figure(name: str, value: float | None, unit: str) -> Figure:
        return run.figure(f"{start}_{name}", value, unit, f"behaviour.d.stickiness_{name}")

    return StickinessWeek(
        start=start,
        daily=figure("daily", daily, "people"),
        weekly=figure("weekly", weekly, "people"),
        monthly=figure("monthly", monthly, "people"),
        daily_of_weekly=figure("daily_of_weekly", daily / weekly if weekly else None, "share"),
        daily_of_monthly=figure("daily_of_monthly", daily / monthly if monthly else None, "share"),
        weekly_of_monthly=_share(run, f"{start}_weekly_of_monthly", weekly, monthly or 0, "behaviour.d.stickiness_weekly_of_monthly"),
    )


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    if not total:
        return run.figure(name, None, "share", definition)
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))


def _cautions(run: Run, num_people: int, any_whole: bool) -> tuple[Say, ...]:
    said: list[Say] = []
    if any_whole and num_people < FEW_PEOPLE:
        said.append(say("behaviour.caution.stickiness_few", people=num_people, needed=FEW_PEOPLE))
    if is_simulated(run.store):
        said.append(say("behaviour.caution.simulated"))
    return tuple(said)
