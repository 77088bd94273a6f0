"""`segments` from events and orders to report and table: value segments, groups by behaviour, what one person likes.

Every comparison between a group and all others is corrected for all that were made (Holm 1979). Groups differ by construction in what
they were formed by, so those effects rank the words of a description; they are no evidence that there are groups (that is
`learning.groups`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _segments_rfm as value
from productloop.apps.behaviour import segments_wording as wording
from productloop.apps.behaviour._orders import main_currency, read_orders
from productloop.apps.behaviour._paths_kernel import VisitEvents
from productloop.apps.behaviour._periods import period_index
from productloop.apps.behaviour._reading import reading
from productloop.apps.behaviour._segments_features import Habits, habits, window_begin
from productloop.apps.behaviour._segments_person import likings, segments_of
from productloop.apps.behaviour._segments_portrait import Portraits
from productloop.apps.behaviour._visits_reading import steps_of, visit_events
from productloop.apps.behaviour._weeks import WEEKDAYS
from productloop.apps.behaviour.segments_types import GroupTrial, SegmentsReport, SegmentsRequest, ValueSegment
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.learning.groups import Groups, clear_groups, robust_scale
from productloop.learning.intervals import share_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

DAY_US = 86_400_000_000
MIN_BUYERS = 50
"""People with an order below which worth is judged by events."""
MIN_PEOPLE = 80
FEW_PEOPLE = 200
Outcome = Literal["groups", "no_groups", "no_habits", "too_few"]


@dataclass(frozen=True, slots=True)
class _Worth:
    """(n,) people with their recency, frequency and money, and the segments made of them."""

    source: Literal["orders", "events"]
    currency: str
    actor: NDArray[np.int64]
    columns: list[NDArray[np.float64]]
    found: value.Rfm


def answer_segments(run: Run, request: SegmentsRequest) -> SegmentsReport:
    """The report; the table `segments` is replaced in the last step.

    Raises UsageError for a breakdown or an unknown person, MissingData without events.
    """
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN_HERE, name=excerpt(run.scope.by))
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    person = None if request.person is None else run.store.code_of(request.person)
    if request.person is not None and person is None:
        raise UsageError(wording.PERSON_UNKNOWN, person=excerpt(request.person))
    weekday = WEEKDAYS[run.settings.text("product.week_start")]
    with reading(run) as source:
        run.progress("read", 0, 4)
        steps = steps_of(source, (), ())
        events, _ = visit_events(source, steps, False)
        inside = events.time_us < source.range_us[1]
        end_us = min(source.data_end_us, source.range_us[1])
        events = VisitEvents(events.actor[inside], events.time_us[inside], events.name[inside])
        run.progress("value", 1, 4)
        worth = _worth(run, events, end_us, weekday)
        run.progress("groups", 2, 4)
        begin_us = window_begin(end_us, run.time_zone, request.weeks, weekday)
        recent = events.time_us >= begin_us
        window = VisitEvents(events.actor[recent], events.time_us[recent], events.name[recent])
        found = habits(window.actor.astype(np.int64), window.time_us, window.name.astype(np.int64), run.time_zone, weekday)
        groups, outcome = _groups(run, request, found)
        run.progress("describe", 3, 4)
        portraits = Portraits(run, source, steps, window, (begin_us, end_us), found, groups)
        described = portraits.all()
        report = _report(run, request, worth, found, groups, outcome)
        report = report.model_copy(update={"groups": described, "named": portraits.named()})
        table = _members(report, worth, found, groups)
        if person is not None:
            update = {"person_segments": segments_of(report, table, person), "likings": likings(run, source, person)}
            report = report.model_copy(update=update)
    _keep(run, table)
    return report


def _worth(run: Run, events: VisitEvents, end_us: int, weekday: int) -> _Worth:
    orders = read_orders(run)
    currency, _ = main_currency(orders, None)
    orders = orders.take((orders.currency.astype(str) == currency) & (orders.time <= end_us))
    bought = orders.take(orders.amount > 0)
    if len(np.unique(bought.actor)) >= MIN_BUYERS:
        actor, row = np.unique(bought.actor, return_inverse=True)
        last = np.zeros(len(actor), dtype=np.int64)
        np.maximum.at(last, row, bought.time)
        known = np.isin(orders.actor, actor)
        money = np.bincount(np.searchsorted(actor, orders.actor[known]), weights=orders.amount[known], minlength=len(actor))
        columns: list[NDArray[np.float64]] = [_days(end_us - last), np.bincount(row).astype(np.float64), np.asarray(money)]
        return _Worth("orders", currency, actor, columns, value.rfm(columns[0], columns[1], columns[2]))
    actor, row = np.unique(events.actor.astype(np.int64), return_inverse=True)
    day = period_index(events.time_us, run.time_zone, "day", weekday)
    last = np.full(len(actor), -(1 << 62), dtype=np.int64)
    np.maximum.at(last, row, events.time_us)
    days = np.unique(np.stack([row, day], axis=1), axis=0) if len(row) else np.empty((0, 2), dtype=np.int64)
    columns = [_days(end_us - last), np.bincount(days[:, 0], minlength=len(actor)).astype(np.float64)]
    return _Worth("events", "", actor, columns, value.rfm(columns[0], columns[1], None))


def _days(spans_us: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(spans_us / DAY_US, dtype=np.float64)


def _groups(run: Run, request: SegmentsRequest, found: Habits) -> tuple[Groups, Outcome]:
    nothing = Groups(np.empty(0, dtype=np.int64), np.empty(0), ())
    if len(found.actor) < MIN_PEOPLE:
        return nothing, "too_few"
    if not found.kept.any():
        return nothing, "no_habits"
    groups = clear_groups(robust_scale(found.values[:, found.kept]), run.seed, request.max_groups, request.method)
    return groups, "groups" if groups.num_groups else "no_groups"


def _report(run: Run, request: SegmentsRequest, worth: _Worth, found: Habits, groups: Groups, outcome: Outcome) -> SegmentsReport:
    num_people = len(worth.actor)
    trials = tuple(
        GroupTrial(
            num_groups=trial.num_groups,
            stability=run.figure(f"trial_{trial.num_groups}", trial.stability, "number", "behaviour.d.group_stability"),
            p=run.figure(f"trial_{trial.num_groups}_p", trial.p, "number", "behaviour.d.group_p"),
        )
        for trial in groups.trials
    )
    return SegmentsReport(
        **run.frame("behaviour.segments", ("events", "orders")),
        cautions=_cautions(run, num_people),
        state="ok" if num_people else "none",
        value_from=worth.source,
        currency=worth.currency,
        value_people=run.figure("value_people", num_people, "people", "behaviour.d.segment_people"),
        value_segments=_value_segments(run, worth) if num_people else (),
        recency_cuts=_finite(worth.found.recency_cuts),
        frequency_cuts=_finite(worth.found.frequency_cuts),
        money_cuts=_finite(worth.found.money_cuts),
        outcome=outcome,
        trials=trials,
        judged=run.figure("judged", len(found.actor), "people", "behaviour.d.judged"),
        left_out=run.figure("left_out", found.num_left_out, "people", "behaviour.d.segments_left_out"),
        num_kept=int(np.count_nonzero(found.kept)),
        num_columns=len(found.columns),
        weeks=request.weeks,
        person=request.person,
    )


def _finite(cuts: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(cut for cut in cuts if np.isfinite(cut))


def _value_segments(run: Run, worth: _Worth) -> tuple[ValueSegment, ...]:
    stable = value.stability(worth.columns, worth.found.segment, run.seed)
    everything = float(worth.columns[2].sum()) if len(worth.columns) > 2 else 0.0
    lines = []
    for number, name in enumerate(value.NAMES):
        inside = worth.found.segment == number
        size = int(np.count_nonzero(inside))
        if not size:
            continue
        share = share_interval(size, len(inside))
        money = float(worth.columns[2][inside].sum()) / everything if everything > 0 else None
        definition = "behaviour.d.recency_orders" if worth.source == "orders" else "behaviour.d.recency_events"
        frequency = "behaviour.d.frequency_orders" if worth.source == "orders" else "behaviour.d.frequency_events"
        lines.append(
            ValueSegment(
                name=name,
                label=say(f"behaviour.segment.{name}"),
                advice=say(f"behaviour.segment_advice.{name}"),
                people=run.figure(f"{name}_people", size, "people", "behaviour.d.segment_people"),
                share=run.figure(
                    f"{name}_share", share.value, "share", "behaviour.d.segment_share", n=len(inside), interval=(share.low, share.high)
                ),
                recency=run.figure(f"{name}_recency", round(float(np.median(worth.columns[0][inside])), 1), "days", definition),
                frequency=run.figure(f"{name}_frequency", float(np.median(worth.columns[1][inside])), "number", frequency),
                money_share=run.figure(f"{name}_money", money, "share", "behaviour.d.segment_money"),
                stability=run.figure(f"{name}_stability", float(stable[number]), "share", "behaviour.d.value_stability"),
            )
        )
    return tuple(lines)


def _members(report: SegmentsReport, worth: _Worth, found: Habits, groups: Groups) -> list[tuple[str, NDArray[np.int64]]]:
    """(segment, its people) of every segment that is written."""
    members = [(segment.name, worth.actor[worth.found.segment == value.NAMES.index(segment.name)]) for segment in report.value_segments]
    return members + [(group.name, found.actor[groups.labels == number]) for number, group in enumerate(report.groups)]


def _keep(run: Run, members: list[tuple[str, NDArray[np.int64]]]) -> None:
    """Register the write of `segments`: people are in one value segment and in at most one group by behaviour."""
    rows = [(name, int(actor)) for name, people in sorted(members) for actor in people.tolist()]

    def write() -> None:
        run.store.overwrite("segments", _table(rows, run.as_of))

    run.at_end(write)


def _table(rows: list[tuple[str, int]], as_of: int | None) -> Any:
    import arro3.core as arrow

    types = arrow.DataType
    columns: dict[str, tuple[list[Any], Any]] = {
        "row_id": ([f"{name}-{actor}" for name, actor in rows], types.utf8()),
        "import_id": ([0] * len(rows), types.int64()),
        "sequence": (list(range(len(rows))), types.int64()),
        "segment": ([name for name, _ in rows], types.utf8()),
        "actor": ([actor for _, actor in rows], types.int32()),
        "time": ([as_of] * len(rows), types.int64()),
    }
    return arrow.Table.from_pydict({name: arrow.Array(values, kind) for name, (values, kind) in columns.items()})


def _cautions(run: Run, num_people: int) -> tuple[Say, ...]:
    found: list[Say] = []
    if 0 < num_people < FEW_PEOPLE:
        found.append(say("behaviour.caution.few_segments", people=num_people, needed=FEW_PEOPLE))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
