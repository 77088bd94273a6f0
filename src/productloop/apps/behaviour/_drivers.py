"""`drivers` from events to report: what people did in their first days, and what became of them.

A person begins with the first event in the data. People who were there before the data begin are left out: those who signed up earlier, and
where no sign-ups are known, those who appear in the first two weeks. People whose time is not over are in progress, never counted as gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import drivers_wording as wording
from productloop.apps.behaviour._drivers_kernel import (
    CLEAR_P,
    Association,
    Early,
    activity_strata,
    associate,
    best_rule,
    count_early,
)
from productloop.apps.behaviour._reading import FAR_US, Reading, reading
from productloop.apps.behaviour.drivers_types import Driver, DriversReport, DriversRequest, OutcomeDrivers, OutcomeName, Rule
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import difference_interval, share_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Finding, Run, is_simulated, require

DAY_US = 86_400_000_000
MAX_EVENTS = 60
MAX_VALUES = 8
MAX_SHOWN = 20
UNKNOWN_DAYS = 14
FEW_PEOPLE = 60
STEPS = (2, 3, 5)
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _People:
    """(n,) people whose time is over: what they did early, in which later days they were there, when they began."""

    early: Early
    names: tuple[str, ...]
    begin: Integers
    later: Flags
    """(n, days): anything on that day since the first."""
    sessions: Integers
    num_open: int
    num_left_out: int
    knows_sign_ups: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: Any
    label: Say
    flag: Flags
    adjusted: bool


def answer_drivers(run: Run, request: DriversRequest) -> DriversReport:
    """The report. Raises UsageError for a breakdown, MissingData without events."""
    if run.scope.by is not None:
        raise UsageError(wording.DRIVERS_NO_BREAKDOWN, name=excerpt(run.scope.by))
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        run.progress("read", 0, 2)
        people = _people(run, source, request)
        candidates = _candidates(source, people, request)
    run.progress("compare", 1, 2)
    wanted: tuple[OutcomeName, ...] = ("stay", "pay", "leave") if request.outcome == "all" else (request.outcome,)
    labels = [source.label(name) for name in people.names]
    outcomes = tuple(_outcome(run, request, people, candidates, name, labels) for name in wanted)
    return DriversReport(
        **run.frame("behaviour.drivers", ("events", "actors", "orders")),
        cautions=_cautions(run, people),
        findings=tuple(finding for one in outcomes if (finding := _finding(one, request)) is not None),
        days=request.days,
        week=request.week,
        in_progress=run.figure("in_progress", people.num_open, "people", "behaviour.d.drivers_open"),
        left_out=run.figure("left_out", people.num_left_out, "people", "behaviour.d.drivers_left_out"),
        outcomes=outcomes,
    )


def _people(run: Run, source: Reading, request: DriversRequest) -> _People:
    num_days = 7 * request.week
    begins = source.columns("SELECT actor, min(time) AS time FROM events WHERE actor IS NOT NULL GROUP BY actor ORDER BY actor")
    actor, begin = begins["actor"].astype(np.int64), begins["time"].astype(np.int64)
    old, known = _there_before(run, source)
    fresh = ~np.isin(actor, old) if known else begin >= source.data_begin_us + UNKNOWN_DAYS * DAY_US
    since, until = source.range_us
    inside = (begin >= since) & (begin < until)
    over = begin + num_days * DAY_US <= source.data_end_us + 1
    kept = fresh & inside & over
    names = tuple(source.names[:MAX_EVENTS])
    cases = " ".join(f"WHEN ? THEN {place}" for place in range(len(names)))
    found = source.columns(
        f"""
        SELECT actor, day, place, count(*) AS times FROM (
          SELECT e.actor, (e.time - b.begin) // {DAY_US} AS day, (CASE e.name {cases or "WHEN NULL THEN 0"} ELSE -1 END)::BIGINT AS place
          FROM events e JOIN (SELECT actor, min(time) AS begin FROM events GROUP BY actor) b USING (actor)
          WHERE e.time < b.begin + {num_days * DAY_US})
        GROUP BY actor, day, place
        """,
        names,
    )
    mine = np.isin(found["actor"], actor[kept])
    rows = {name: found[name][mine].astype(np.int64) for name in ("actor", "day", "place", "times")}
    early = count_early(rows["actor"], rows["place"], rows["day"], rows["times"], (max(1, len(names)), request.days))
    place = np.searchsorted(early.actor, rows["actor"])
    later = np.zeros((len(early.actor), num_days), dtype=np.bool_)
    later[place, rows["day"]] = True
    return _People(
        early, names, begin[kept], later, _sessions(source, early.actor, request.days), int((fresh & inside & ~over).sum()),
        int((~fresh & inside).sum()), known,
    )  # fmt: skip


def _there_before(run: Run, source: Reading) -> tuple[Integers, bool]:
    """(people who signed up before the data begin, are any sign-ups known?)"""
    if not run.store.exists("actors") or int(run.store.rows("SELECT count(first_seen) FROM actors")[0][0]) == 0:
        return np.empty(0, dtype=np.int64), False
    rows = run.store.rows("SELECT actor FROM actors GROUP BY actor HAVING min(first_seen) < ?", [source.data_begin_us])
    return np.array([row[0] for row in rows], dtype=np.int64), True


def _sessions(source: Reading, actor: Integers, days: int) -> Integers:
    """(n,) sessions in the first days; 0 for everybody where the source names none."""
    found = source.columns(
        f"""
        SELECT e.actor, count(DISTINCT e.session) AS num FROM events e JOIN (SELECT actor, min(time) AS begin FROM events GROUP BY actor) b USING (actor)
        WHERE e.time < b.begin + {days * DAY_US} AND e.session IS NOT NULL GROUP BY e.actor
        """
    )
    result = np.zeros(len(actor), dtype=np.int64)
    place = np.searchsorted(actor, found["actor"])
    place = np.minimum(place, max(0, len(actor) - 1))
    if len(actor):
        same = actor[place] == found["actor"]
        result[place[same]] = found["num"][same]
    return result


def _candidates(source: Reading, people: _People, request: DriversRequest) -> list[_Candidate]:
    found = [
        _Candidate("did", say("behaviour.driver.did", event=source.label(name)), people.early.within(place, request.days) > 0, True)
        for place, name in enumerate(people.names)
    ]
    active = people.early.days_active
    found += [
        _Candidate("days_active", say("behaviour.driver.days_active", num=num), active >= num, False)
        for num in STEPS
        if num <= request.days
    ]
    if people.sessions.any():
        found += [_Candidate("sessions", say("behaviour.driver.sessions", num=num), people.sessions >= num, False) for num in STEPS]
    if len(people.names) and len(people.early.actor):
        actor, values = source.entry_values(people.names, source.splits())
        place = np.searchsorted(actor, people.early.actor)
        place = np.minimum(place, max(0, len(actor) - 1))
        there = actor[place] == people.early.actor
        for column, given in values.items():
            texts = np.where(there, np.array(["" if one is None else str(one) for one in given], dtype=object)[place], "")
            distinct, counts = np.unique(texts[texts != ""].astype(str), return_counts=True)
            if len(distinct) > 5 * MAX_VALUES:
                continue  # a name or a number, not a kind of people
            for name in distinct[np.argsort(-counts, kind="stable")][:MAX_VALUES]:
                label = say("behaviour.driver.attribute", column=column, value=str(name))
                found.append(_Candidate("attribute", label, np.asarray(texts == name, dtype=np.bool_), True))
    return found


def _happened(run: Run, request: DriversRequest, people: _People, outcome: OutcomeName) -> tuple[Flags, Flags] | None:
    """(who counts, with whom it happened) of an outcome; None without orders for paying."""
    everybody = np.ones(len(people.early.actor), dtype=np.bool_)
    if outcome == "stay":
        return everybody, np.asarray(people.later[:, 7 * (request.week - 1) :].any(axis=1), dtype=np.bool_)
    if outcome == "leave":
        return everybody, np.asarray(~people.later[:, request.days :].any(axis=1), dtype=np.bool_)
    if not run.store.exists("orders"):
        return None
    orders = run.store.columns("SELECT actor, min(time) AS time FROM orders WHERE coalesce(amount, 1) > 0 GROUP BY actor ORDER BY actor")
    first = np.full(len(everybody), FAR_US)
    place = np.minimum(np.searchsorted(orders["actor"], people.early.actor), max(0, len(orders["actor"]) - 1))
    if len(orders["actor"]):
        there = orders["actor"][place] == people.early.actor
        first[there] = orders["time"][place[there]]
    since = first - people.begin
    return since >= request.days * DAY_US, (since >= request.days * DAY_US) & (since < 7 * request.week * DAY_US)


def _outcome(
    run: Run, request: DriversRequest, people: _People, candidates: list[_Candidate], outcome: OutcomeName, labels: list[Say | str]
) -> OutcomeDrivers:
    found = _happened(run, request, people, outcome)
    counts, happened = found if found is not None else (np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_))
    num = int(counts.sum())
    happened = happened[counts]
    share = share_interval(int(happened.sum()), num)
    head: dict[str, Any] = {
        "outcome": outcome,
        "people": run.figure(f"{outcome}_people", num, "people", "behaviour.d.drivers_people"),
        "share": run.figure(f"{outcome}_share", share.value, "share", f"behaviour.d.{outcome}", n=num, interval=(share.low, share.high)),
    }
    if found is None:
        return OutcomeDrivers(state="no_orders", num_compared=0, **head)
    if num < FEW_PEOPLE:
        return OutcomeDrivers(state="few", num_compared=0, **head)
    if happened.all() or not happened.any():
        return OutcomeDrivers(state="all_equal", num_compared=0, **head)
    strata = activity_strata(people.early.days_active)[counts]
    whole = np.zeros(num, dtype=np.int64)
    made = associate([one.flag[counts] for one in candidates], happened, [strata if one.adjusted else whole for one in candidates])
    pairs = [(one, result) for one, result in zip(candidates, made, strict=True) if result is not None]
    pairs.sort(key=lambda pair: (pair[1].p, -abs(pair[1].difference.value)))
    drivers = tuple(_driver(run, f"{outcome}_{place}", one, result) for place, (one, result) in enumerate(pairs[:MAX_SHOWN]))
    early = Early(people.early.actor[counts], people.early.times[counts])
    rule = _rule(run, request, early, happened, outcome, labels)
    return OutcomeDrivers(state="ok", num_compared=len(pairs), drivers=drivers, rule=rule, **head)


def _driver(run: Run, name: str, candidate: _Candidate, result: Association) -> Driver:
    def share(part: str, counted: tuple[int, int]) -> Figure:
        one = share_interval(*counted)
        return run.figure(f"{name}_{part}", one.value, "share", "behaviour.d.driver_share", n=counted[1], interval=(one.low, one.high))

    gap = result.difference
    known = gap.value == gap.value
    return Driver(
        kind=candidate.kind,
        label=candidate.label,
        people=run.figure(f"{name}_people", result.with_it[1], "people", "behaviour.d.driver_people"),
        here=share("here", result.with_it),
        elsewhere=share("elsewhere", result.without),
        ratio=run.figure(
            f"{name}_ratio", result.ratio.value, "ratio", "behaviour.d.driver_ratio", interval=(result.ratio.low, result.ratio.high)
        ),
        difference=run.figure(
            f"{name}_difference", 100 * gap.value, "points", "behaviour.d.driver_difference", interval=(100 * gap.low, 100 * gap.high)
        ),
        p=run.figure(f"{name}_p", result.p, "number", "behaviour.d.driver_p"),
        adjusted=candidate.adjusted,
        clear=known and result.p < CLEAR_P and (gap.low > 0 or gap.high < 0),
    )


def _rule(run: Run, request: DriversRequest, early: Early, happened: Flags, outcome: str, labels: list[Say | str]) -> Rule | None:
    """The rule of half of the people, measured on the others; None where it does not hold there, and for leaving."""
    if outcome == "leave":
        return None
    half = np.random.default_rng(run.seed).random(len(happened)) < 0.5
    chosen = best_rule(early, happened, half, request.days)
    if chosen is None:
        return None
    event, times, days = chosen
    flag, came = (early.within(event, days) >= times)[~half], happened[~half]
    strata = activity_strata(early.days_active)[~half]
    [held], [alike] = associate([flag], came, [np.zeros(len(came), dtype=np.int64)]), associate([flag], came, [strata])
    if held is None or held.p >= CLEAR_P or held.difference.low <= 0:
        return None
    plain = difference_interval(*held.with_it, *held.without)
    here, elsewhere, coverage = (
        share_interval(*pair) for pair in (held.with_it, held.without, (held.with_it[0], held.with_it[0] + held.without[0]))
    )
    figures = {
        name: run.figure(f"{outcome}_rule_{name}", one.value, "share", f"behaviour.d.rule_{name}", interval=(one.low, one.high))
        for name, one in (("here", here), ("elsewhere", elsewhere), ("coverage", coverage))
    }
    return Rule(
        label=say("behaviour.driver.rule", event=labels[event], times=times, days=days),
        times=times,
        days=days,
        people=run.figure(f"{outcome}_rule_people", len(came), "people", "behaviour.d.rule_people"),
        difference=run.figure(
            f"{outcome}_rule_difference",
            100 * plain.value,
            "points",
            "behaviour.d.driver_difference",
            interval=(100 * plain.low, 100 * plain.high),
        ),
        beyond_activity=alike is not None and alike.p < CLEAR_P and alike.difference.low > 0,
        **figures,
    )


def _finding(one: OutcomeDrivers, request: DriversRequest) -> Finding | None:
    if one.outcome != "stay" or one.rule is None:
        return None
    text = say("behaviour.finding.driver", rule=one.rule.label, here=one.rule.here, elsewhere=one.rule.elsewhere, week=request.week)
    strength = max(0.0, float(one.rule.difference.low or 0.0)) / 100
    return Finding(kind="early_behaviour", subject="stay", text=text, strength=round(min(1.0, strength), 3), tone="chance")


def _cautions(run: Run, people: _People) -> tuple[Say, ...]:
    found: list[Say] = []
    if not people.knows_sign_ups and people.num_left_out:
        found.append(say("behaviour.caution.drivers_old", days=UNKNOWN_DAYS, people=people.num_left_out))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
