"""`performance` from events to report: crashes and errors, how long things take, where it is worse, and what it costs.

A fault is an event whose name says so (crash, ANR, exception, error, failure, timeout, 崩溃, 闪退 ...) or that the request names. What is slow is
the slowest tenth of the times of each event, or what takes longer than the request says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour import performance_wording as wording
from productloop.apps.behaviour._dictionary import name_words
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._performance_kernel import CLEAR_P, MIN_PEOPLE, PersonWeeks, cost_of, person_weeks
from productloop.apps.behaviour._periods import period_index, running_period
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.performance_types import Cost, FaultEvent, PerformanceReport, PerformanceRequest, Place, Timing
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.experiments import compare
from productloop.learning.intervals import difference_interval, share_interval
from productloop.learning.quantiles import people_quantiles, quantile_ratio, quantiles
from productloop.loop.action import Finding, Run, is_simulated

DAY_US = 86_400_000_000
FAULT_WORDS = (
    "crash", "crashed", "anr", "exception", "error", "errors", "fail", "failed", "failure", "timeout", "freeze", "frozen", "hang", "fatal",
)  # fmt: skip
FAULT_CHARACTERS = ("崩溃", "闪退", "报错", "出错", "异常", "卡死", "超时", "失败", "无响应")
MIN_TIMES = 30
MAX_FAULTS, MAX_TIMINGS, MAX_PLACES, MAX_VALUES = 20, 20, 30, 12
MAX_WEEKS = 26
SLOW_SHARE = 0.9
SLOWER = 1.2
"""A median that is less than a fifth above the others' is not worth a line."""
STARS_DAYS = 28
COLUMNS = ("version", "device", "platform")
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Events:
    """(n,) events of the range: person, instant, place of the name, milliseconds (NaN = none), local day and week."""

    actor: Integers
    time: Integers
    place: Integers
    duration: Floats
    day: Integers
    week: Integers
    names: tuple[str, ...]
    fault: Flags
    slow: Flags
    goal: Flags
    columns: dict[str, NDArray[Any]]


def answer_performance(run: Run, request: PerformanceRequest) -> PerformanceReport:
    """The report. Raises UsageError for an event that never happened or a breakdown."""
    if run.scope.by is not None:
        raise UsageError(wording.PERFORMANCE_NO_BREAKDOWN, name=excerpt(run.scope.by))
    with reading(run) as source:
        run.progress("read", 0, 3)
        source.checked([*request.crashes, *([request.goal] if request.goal else [])])
        faults = request.crashes or tuple(name for name in source.names if is_fault(name))
        goal = _goal(run, source, request, faults)
        events = _read(run, source, request, faults, goal)
        labels: dict[str, Say | str] = {name: source.label(name) for name in (*events.names, *([goal] if goal else []))}
        running = running_period(source.data_end_us, run.time_zone, "week", _weekday(run))
    has_faults, has_durations = bool(events.fault.any()), bool(np.isfinite(events.duration).sum() >= MIN_TIMES)
    active = len(np.unique(events.actor[~events.fault])) if len(events.actor) else 0
    met = len(np.unique(events.actor[events.fault]))
    frame: dict[str, Any] = {
        **run.frame("behaviour.performance", ("events", "feedback")),
        "has_faults": has_faults,
        "has_durations": has_durations,
        "goal": labels.get(goal) if goal else None,
        "active": run.figure("active", active, "people", "behaviour.d.performance_active"),
        "people": run.figure("people", met, "people", "behaviour.d.fault_people"),
        "share": _share(run, "share", met, max(active, met), "behaviour.d.fault_share"),
        "slow_ms": request.slow_ms,
    }
    cautions = (say("behaviour.caution.simulated"),) if is_simulated(run.store) else ()
    if not len(events.actor) or not (has_faults or has_durations):
        state: Literal["nothing", "no_events"] = "nothing" if len(events.actor) else "no_events"
        return PerformanceReport(state=state, cautions=cautions, **frame)
    run.progress("compare", 1, 3)
    timings, timed = _timings(run, events, labels)
    places = _places(run, events, timed, active)
    run.progress("cost", 2, 3)
    costs = _costs(run, events, running)
    weeks, fault_weeks, timing_weeks = _trend(run, events, timed, running)
    return PerformanceReport(
        state="ok",
        cautions=cautions,
        findings=tuple(_finding(place) for place in places if place.worse)[:2],
        faults=_faults(run, events, labels, active),
        timings=timings,
        timed=None if timed is None else labels[timed],
        places=places,
        costs=costs,
        weeks=weeks,
        fault_weeks=fault_weeks,
        timing_weeks=timing_weeks,
        **frame,
    )


def is_fault(name: str) -> bool:
    """Whether the name of an event says that something went wrong."""
    return any(word in FAULT_WORDS for word in name_words(name)) or any(word in name for word in FAULT_CHARACTERS)


def _weekday(run: Run) -> int:
    return weeks_of.WEEKDAYS[run.settings.text("product.week_start")]


def _goal(run: Run, source: Reading, request: PerformanceRequest, faults: tuple[str, ...]) -> str | None:
    star = run.settings.text("metrics.north_star")
    if request.goal or star:
        return request.goal or (star if star in source.names else None)
    steps = [step for step in guess_steps(source) if step not in faults]
    return steps[-1] if len(steps) > 1 else None


def _read(run: Run, source: Reading, request: PerformanceRequest, faults: tuple[str, ...], goal: str | None) -> _Events:
    since, until = source.range_us
    present = [column for column in COLUMNS if any(split.name == column for split in source.splits())]
    picked = "".join(f', "{column}"::VARCHAR AS "{column}"' for column in present)
    found = source.columns(
        f"SELECT actor, time, name, duration_ms::DOUBLE AS duration{picked} FROM events "
        "WHERE actor IS NOT NULL AND name IS NOT NULL AND time >= ? AND time < ?",
        [since, until],
    )
    names, place = (
        np.unique(found["name"].astype(str), return_inverse=True) if len(found["name"]) else (np.empty(0, dtype=str), np.empty(0, int))
    )
    duration = np.asarray(found["duration"], dtype=np.float64)
    duration = np.where(duration >= 0, duration, np.nan)
    time = found["time"].astype(np.int64)
    slow = np.zeros(len(time), dtype=np.bool_)
    for number in range(len(names)):
        mine = (place == number) & np.isfinite(duration)
        if mine.sum() >= MIN_TIMES:
            line = request.slow_ms or quantiles(duration[mine], [SLOW_SHARE])[0]
            slow[mine] = duration[mine] >= line
    listed = [str(name) for name in names]
    return _Events(
        actor=found["actor"].astype(np.int64),
        time=time,
        place=place.astype(np.int64),
        duration=duration,
        day=period_index(time, run.time_zone, "day"),
        week=period_index(time, run.time_zone, "week", _weekday(run)),
        names=tuple(listed),
        fault=np.isin(place, [number for number, name in enumerate(listed) if name in faults]),
        slow=slow,
        goal=np.isin(place, [number for number, name in enumerate(listed) if name == goal]),
        columns={column: found[column] for column in present},
    )


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    found = share_interval(hits, total)
    return run.figure(name, found.value, "share", definition, n=total, interval=(found.low, found.high))


def _faults(run: Run, events: _Events, labels: dict[str, Say | str], active: int) -> tuple[FaultEvent, ...]:
    found = []
    for number in np.unique(events.place[events.fault]).tolist():
        mine = events.place == number
        people, times = len(np.unique(events.actor[mine])), int(mine.sum())
        name = f"fault_{number}"
        found.append(
            FaultEvent(
                name=events.names[number],
                label=labels[events.names[number]],
                people=run.figure(f"{name}_people", people, "people", "behaviour.d.fault_people"),
                share=_share(run, f"{name}_share", people, max(active, people), "behaviour.d.fault_share"),
                times=run.figure(f"{name}_times", times, "events", "behaviour.d.fault_times"),
            )
        )
    return tuple(sorted(found, key=lambda one: -float(one.people.value or 0))[:MAX_FAULTS])


def _timings(run: Run, events: _Events, labels: dict[str, Say | str]) -> tuple[tuple[Timing, ...], str | None]:
    """Times by event, the slowest first; and the event whose times are compared: among those of half as many people as the widest, the slowest."""
    known = np.isfinite(events.duration)
    found: list[tuple[float, int, Timing]] = []
    for number in np.unique(events.place[known]).tolist():
        mine = known & (events.place == number)
        if mine.sum() < MIN_TIMES:
            continue
        people = len(np.unique(events.actor[mine]))
        parts = people_quantiles(events.duration[mine], events.actor[mine], (0.5, 0.9, 0.99), run.seed)
        name = f"timing_{number}"
        figures = {
            key: run.figure(
                f"{name}_{key}",
                round(one.value),
                "milliseconds",
                f"behaviour.d.{key}",
                n=int(mine.sum()),
                interval=(round(one.low), round(one.high)),
            )
            for key, one in zip(("median", "ninety", "ninety_nine"), parts, strict=True)
        }
        found.append(
            (
                -parts[0].value,
                people,
                Timing(
                    name=events.names[number],
                    label=labels[events.names[number]],
                    people=run.figure(f"{name}_people", people, "people", "behaviour.d.timed_people"),
                    **figures,
                ),
            )
        )
    found.sort(key=lambda one: (one[0], one[2].name))
    widest = max((people for _, people, _ in found), default=0)
    timed = next((timing.name for _, people, timing in found if 2 * people >= widest), None)
    return tuple(timing for _, _, timing in found[:MAX_TIMINGS]), timed


def _places(run: Run, events: _Events, timed: str | None, active: int) -> tuple[Place, ...]:
    """Every version, device and platform with enough people against all others; p is adjusted for all of them."""
    groups = []
    for column, values in events.columns.items():
        texts = np.array(["" if value is None else str(value) for value in values], dtype=object).astype(str)
        names, counts = np.unique(texts[texts != ""], return_counts=True)
        for value in names[np.argsort(-counts, kind="stable")][:MAX_VALUES]:
            inside = texts == value
            here, there = np.unique(events.actor[inside]), np.unique(events.actor[(~inside) & (texts != "")])
            if min(len(here), len(there)) >= MIN_PEOPLE:
                groups.append((column, str(value), inside, (~inside) & (texts != ""), here, there))
    counted = []
    for _, _, inside, outside, here, there in groups:
        hits, other = (len(np.unique(events.actor[part & events.fault])) for part in (inside, outside))
        counted.append(((hits, len(here)), (other, len(there))))
    chances = holm([fisher_tail(*one, *two) for one, two in counted]) if events.fault.any() else [1.0] * len(groups)
    found = []
    for number, ((column, value, inside, outside, here, _), (one, two), p) in enumerate(zip(groups, counted, chances, strict=True)):
        gap = difference_interval(*one, *two)
        name = f"place_{number}"
        median, slowness = _slowness(run, events, timed, (inside, outside), name)
        found.append(
            Place(
                column=column,
                value=value,
                people=run.figure(f"{name}_people", len(here), "people", "behaviour.d.place_people"),
                faults=_share(run, f"{name}_faults", *one, "behaviour.d.fault_share"),
                faults_elsewhere=_share(run, f"{name}_elsewhere", *two, "behaviour.d.fault_share"),
                difference=run.figure(
                    f"{name}_gap", 100 * gap.value, "points", "behaviour.d.place_gap", interval=(100 * gap.low, 100 * gap.high)
                ),
                median=median,
                slowness=slowness,
                worse=p < CLEAR_P and gap.low > 0,
                slower=(slowness.low or 0.0) > 1.0 and float(slowness.value or 0.0) >= SLOWER,
            )
        )
    found.sort(key=lambda one: (not one.worse, not one.slower, -float(one.difference.value or 0)))
    return tuple(found[:MAX_PLACES])


def _slowness(run: Run, events: _Events, timed: str | None, sides: tuple[Flags, Flags], name: str) -> tuple[Figure, Figure]:
    nothing = (
        run.figure(f"{name}_median", None, "milliseconds", "behaviour.d.median"),
        run.figure(f"{name}_slowness", None, "ratio", "behaviour.d.slowness"),
    )
    if timed is None:
        return nothing
    mine = np.isfinite(events.duration) & (events.place == events.names.index(timed))
    here, there = (mine & side for side in sides)
    if min(len(np.unique(events.actor[here])), len(np.unique(events.actor[there]))) < MIN_PEOPLE:
        return nothing
    ratio = quantile_ratio((events.duration[here], events.actor[here]), (events.duration[there], events.actor[there]), 0.5, run.seed)
    median = float(quantiles(events.duration[here], [0.5])[0])
    return (
        run.figure(f"{name}_median", round(median), "milliseconds", "behaviour.d.median", n=int(here.sum())),
        run.figure(f"{name}_slowness", ratio.value, "ratio", "behaviour.d.slowness", interval=(ratio.low, ratio.high)),
    )


def _costs(run: Run, events: _Events, running: int) -> tuple[Cost, ...]:
    flags = {
        "timed": np.isfinite(events.duration) & ~events.fault,
        "fault": events.fault,
        "slow": events.slow & ~events.fault,
        "goal": events.goal,
    }
    rows = person_weeks(events.actor, events.week, events.day, flags)
    found: list[Cost] = []
    everybody = np.ones(len(rows.actor), dtype=np.bool_)
    kinds: tuple[tuple[Literal["fault", "slow"], Flags, Flags], ...] = (
        ("fault", rows.faults > 0, everybody),
        ("slow", rows.slow > 0, rows.timed > 0),
    )
    for met, flag, eligible in kinds:
        for outcome in ("retention", "conversion") if events.goal.any() else ("retention",):
            one = _cost(run, rows, (met, flag, eligible), outcome, running - 1)
            found += [one] if one is not None else []
        stars = _stars(run, events, met)
        found += [stars] if stars is not None else []
    return tuple(found)


def _cost(run: Run, rows: PersonWeeks, what: tuple[Literal["fault", "slow"], Flags, Flags], outcome: Any, last_week: int) -> Cost | None:
    met, flag, eligible = what
    counted = cost_of(rows, flag, eligible, outcome, last_week)
    if counted is None:
        return None
    gap, ratio = counted.difference, counted.ratio
    name = f"cost_{met}_{outcome}"
    num_weeks = max(1, last_week - int(rows.week.min()))
    a_week = counted.met[1] / num_weeks
    lost = -gap.value * a_week
    return Cost(
        met=met,
        outcome=outcome,
        people=run.figure(f"{name}_people", counted.num_people, "people", "behaviour.d.cost_people"),
        here=_share(run, f"{name}_here", *counted.met, f"behaviour.d.cost_{outcome}"),
        elsewhere=_share(run, f"{name}_elsewhere", *counted.others, f"behaviour.d.cost_{outcome}"),
        ratio=run.figure(f"{name}_ratio", ratio.value, "ratio", "behaviour.d.cost_ratio", interval=(ratio.low, ratio.high)),
        difference=run.figure(f"{name}_gap", 100 * gap.value, "points", "behaviour.d.cost_gap", interval=(100 * gap.low, 100 * gap.high)),
        lost=run.figure(
            f"{name}_lost",
            round(lost, 1),
            "people",
            "behaviour.d.cost_lost",
            interval=(round(-gap.high * a_week, 1), round(-gap.low * a_week, 1)),
        ),
        clear=counted.p < CLEAR_P and (gap.high < 0 or gap.low > 0),
    )


def _stars(run: Run, events: _Events, met: Literal["fault", "slow"]) -> Cost | None:
    """Stars of people who met it in the four weeks before they wrote, against other active writers; the mean of each person."""
    if not run.store.exists("feedback"):
        return None
    wrote = run.store.columns(
        "SELECT author AS actor, time, rating FROM feedback WHERE author IS NOT NULL AND time IS NOT NULL AND rating IS NOT NULL"
    )
    if not len(wrote["actor"]):
        return None
    flag = events.fault if met == "fault" else events.slow
    bad: dict[int, list[int]] = {}
    for actor, time in zip(events.actor[flag].tolist(), events.time[flag].tolist(), strict=True):
        bad.setdefault(actor, []).append(time)
    active = set(np.unique(events.actor).tolist())
    groups: dict[bool, dict[int, list[float]]] = {True: {}, False: {}}
    for actor, time, rating in zip(wrote["actor"].tolist(), wrote["time"].tolist(), wrote["rating"].tolist(), strict=True):
        if actor in active:
            before = any(0 <= time - one <= STARS_DAYS * DAY_US for one in bad.get(actor, ()))
            groups[before].setdefault(actor, []).append(rating)
    here, elsewhere = (np.array([float(np.mean(stars)) for stars in groups[side].values()]) for side in (True, False))
    if min(len(here), len(elsewhere)) < MIN_PEOPLE:
        return None
    found = compare(here, elsewhere, run.seed, adjusted=True)
    name, gap = f"cost_{met}_stars", found.difference
    ratio = found.ratio
    return Cost(
        met=met,
        outcome="stars",
        people=run.figure(f"{name}_people", len(here), "people", "behaviour.d.cost_people"),
        here=run.figure(f"{name}_here", float(here.mean()), "stars", "behaviour.d.cost_stars", n=len(here)),
        elsewhere=run.figure(f"{name}_elsewhere", float(elsewhere.mean()), "stars", "behaviour.d.cost_stars", n=len(elsewhere)),
        ratio=run.figure(f"{name}_ratio", ratio.value, "ratio", "behaviour.d.cost_ratio", interval=(ratio.low, ratio.high)),
        difference=run.figure(f"{name}_gap", gap.value, "stars", "behaviour.d.cost_stars_gap", interval=(gap.low, gap.high)),
        lost=run.figure(f"{name}_lost", None, "people", "behaviour.d.cost_lost"),
        clear=found.p < CLEAR_P,
    )


def _trend(run: Run, events: _Events, timed: str | None, running: int) -> tuple[tuple[str, ...], tuple[Figure, ...], tuple[Figure, ...]]:
    """By whole week: share of active people who met a fault, and the median of the compared event."""
    begin = int(events.week.min()) + 1 if len(events.week) else 0
    weeks = list(range(max(begin, running - MAX_WEEKS), running))
    days, faults, medians = [], [], []
    for week in weeks:
        inside = events.week == week
        active, met = (len(np.unique(events.actor[inside & side])) for side in (~events.fault, events.fault))
        day = weeks_of.span_of(week, run.time_zone, "week", _weekday(run)).day.isoformat()
        days.append(day)
        faults.append(_share(run, f"week_{day}_faults", min(met, active), active, "behaviour.d.fault_share"))
        mine = inside & np.isfinite(events.duration) & (events.place == events.names.index(timed)) if timed else np.zeros(0, dtype=np.bool_)
        value = float(quantiles(events.duration[mine], [0.5])[0]) if mine.any() else None
        medians.append(run.figure(f"week_{day}_median", None if value is None else round(value), "milliseconds", "behaviour.d.median"))
    return tuple(days), tuple(faults), tuple(medians)


def _finding(place: Place) -> Finding:
    text = say("behaviour.finding.performance", column=place.column, value=place.value, here=place.faults, elsewhere=place.faults_elsewhere)
    strength = max(0.0, float(place.difference.low or 0.0)) / 100
    return Finding(
        kind="crashing",
        subject=f"{place.column}={place.value}",
        text=text,
        people=place.people,
        now=place.faults,
        strength=round(min(1.0, strength), 3),
    )
