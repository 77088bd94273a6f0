"""The parts of the score report: people now and whom to call, causes with their figures, counted rules, earlier periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._causes import MIN_CASES, Compared, compare, evidence
from productloop.apps.risk._costs import cost_part, costs_of
from productloop.apps.risk._live import (
    Live,
    chances,
    in_words,
    likely_class,
    of_flagged,
    quality_of,
    reasons_of,
    rows_of_first,
    sum_interval,
    weights_of,
)
from productloop.apps.risk._naming import TOPIC, Names, names_of, tidy
from productloop.apps.risk._people import Present, paid_lately
from productloop.apps.risk._rules import Group, count_rules
from productloop.apps.risk.tasks import WINDOW_DAYS, event_of
from productloop.apps.risk.types import Cause, Period, Person, Rule, ScoreRequest
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.columns import Columns
from productloop.learning.intervals import share_interval
from productloop.learning.reasons import Reason
from productloop.loop.action import Finding, Run
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_LISTED = 50
NUM_REASONS = 3
MAX_PERIODS = 12
FLAGGED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows with a known outcome."""

    keys: Keys
    happened: NDArray[np.bool_]


def asked_rows(keys: Keys, outcomes: Outcomes, inside: NDArray[np.bool_]) -> Asked:
    """The rows whose outcome is known, of the people in scope."""
    rows = np.flatnonzero(outcomes.known & inside)
    return Asked(keys.take(rows), outcomes.value[rows] == 1)


def people_part(run: Run, store: Store, live: Live, present: Present, at: int, request: ScoreRequest) -> dict[str, Any]:
    """Fields of the report about people now."""
    chance, inputs = chances(live, store, present.keys)
    fields: dict[str, Any] = {"in_table": _in_table(store, live, at)}
    dated = live.task.dated
    if dated:
        fields["expected"] = _expected(run, live, "expected", chance)
    if not live.told_apart:
        return {**fields, "quality": quality_of(live)}
    names = names_of(store)
    paid = paid_lately(store, at, present.keys.code)
    size = max(1, round(FLAGGED_SHARE * len(chance)))
    costs = costs_of(run, live.task, request)
    if costs is not None:
        fields["cost"] = cost_part(run, store, live, chance, costs, "" if paid is None else paid[1])
        size = int(costs.chosen(chance).sum())
    if request.capacity is not None:
        size = request.capacity if costs is None else min(size, request.capacity)
    flagged = rows_of_first(chance, min(len(chance), size))
    fields["flagged"] = run.figure("flagged", len(flagged), "people", "risk.define.flagged")
    if dated:
        fields["expected_flagged"] = _expected(run, live, "expected_flagged", chance[flagged])
    if paid is not None:
        fields["money"] = run.figure("money", int(paid[0][flagged].sum()), f"money:{paid[1]}", "risk.define.money", n=len(flagged))
    worth = np.zeros(len(flagged)) if paid is None else chance[flagged] * np.maximum(paid[0][flagged], 0)
    listed = flagged[np.lexsort((-chance[flagged], -worth))][:MAX_LISTED]
    reasons = _raising(live, inputs, listed, names)
    fields["persons"] = tuple(
        Person(
            subject=str(present.keys.ids[row]),
            chance=run.figure(f"chance_{number}", float(chance[row]), "share", "risk.define.chance"),
            reasons=in_words(reasons[number], live, inputs, names),
            paid=None if paid is None else run.figure(f"paid_{number}", int(paid[0][row]), f"money:{paid[1]}", "risk.define.paid"),
            last_seen=present.last_seen.get(int(present.keys.code[row])),
            likely=likely_class(live, inputs, int(row), live.task.counted_codes),
        )
        for number, row in enumerate(listed)
    )
    fields["of"], fields["hits"], fields["base"] = of_flagged(run, live)
    fields["quality"] = quality_of(live, weights_of(run, live, inputs, names))
    return fields


def _raising(live: Live, inputs: Columns, rows: NDArray[np.intp], names: Names) -> list[tuple[Reason, ...]]:
    """The strongest reasons that raise each person's risk."""
    found = reasons_of(live, inputs.take(rows), inputs, names, 3 * NUM_REASONS)
    return [tuple(reason for reason in reasons if reason.contribution > 0)[:NUM_REASONS] for reasons in found]


def _expected(run: Run, live: Live, name: str, chance: NDArray[np.float64]) -> Figure:
    low, high = sum_interval(live, chance)
    return run.figure(name, round(float(chance.sum())), "people", "risk.define.expected", n=len(chance), interval=(round(low), round(high)))


def _in_table(store: Store, live: Live, at: int) -> bool:
    """Whether `scores` holds this release's scores; without dates the moment they were written does not matter."""
    moment = at if live.task.dated else None
    query = "SELECT 1 FROM scores WHERE task = ? AND release = ? AND (?::BIGINT IS NULL OR time = ?) LIMIT 1"
    return bool(store.rows(query, [live.task.name, live.release.id, moment, moment]))


def share_figure(run: Run, name: str, hits: int, size: int, definition: str) -> Figure:
    """A counted share with its 90 % interval."""
    limits = share_interval(hits, size)
    value = limits.value if size else None
    return run.figure(name, value, "share", definition, n=size, interval=(limits.low, limits.high))


def period_part(run: Run, asked: Asked) -> tuple[Period, ...]:
    """The observed share in each of the last periods."""
    found = []
    for number, at in enumerate(np.unique(asked.keys.at[asked.keys.at > 0])[-MAX_PERIODS:].tolist()):
        rows = asked.keys.at == at
        rate = share_figure(run, f"period_{number}", int(asked.happened[rows].sum()), int(rows.sum()), "risk.define.rate")
        found.append(Period(at=at, rate=rate))
    return tuple(found)


def cause_part(run: Run, store: Store, task: Task, asked: Asked, at: int) -> tuple[tuple[Cause, ...], tuple[Finding, ...]]:
    """Topics and events that go with the outcome, and what of it deserves the first page."""
    if not task.dated or int(asked.happened.sum()) < MIN_CASES:
        return (), ()
    names = names_of(store)
    options = dict(task.options or {})
    compared = compare(store, asked.keys, asked.happened, int(options.get("window_days", WINDOW_DAYS)) + int(options.get("gap_days", 0)))
    causes, findings = [], []
    for number, one in enumerate(compared):
        if not math.isfinite(one.ratio.value):
            continue
        cause = _cause(run, store, one, asked, names, number)
        causes.append(cause)
        if one.named:
            findings.append(_finding(run, store, task, one, cause, asked, at))
    return tuple(causes), tuple(findings)


def _cause(run: Run, store: Store, one: Compared, asked: Asked, names: Names, number: int) -> Cause:
    hits, other_hits = round(one.rate * one.num_rows), round(one.other * one.num_others)
    quotes: tuple[str, ...] = ()
    since: int | None = None
    if one.named and one.kind == "topic":
        cases = one.row_numbers[asked.happened[one.row_numbers]]
        quotes, since = evidence(store, one.key, asked.keys, cases)
    ratio = run.figure(
        f"cause_{number}_ratio", one.ratio.value, "ratio", "risk.define.ratio", n=one.num_people, interval=(one.ratio.low, one.ratio.high)
    )
    return Cause(
        kind=one.kind,
        key=one.key,
        name=names.topic(one.key) if one.kind == "topic" else one.key,
        people=run.figure(f"cause_{number}_people", one.num_people, "people", "risk.define.exposed"),
        rate=share_figure(run, f"cause_{number}_rate", hits, one.num_rows, "risk.define.group_rate"),
        other=share_figure(run, f"cause_{number}_other", other_hits, one.num_others, "risk.define.other_rate"),
        ratio=ratio,
        num_cases=one.num_cases,
        adjusted_p=one.adjusted_p,
        named=one.named,
        quotes=quotes,
        since=since,
    )


def _finding(run: Run, store: Store, task: Task, one: Compared, cause: Cause, asked: Asked, at: int) -> Finding:
    paid = paid_lately(store, at, np.unique(asked.keys.code[one.row_numbers]))
    name = cause.name
    event = event_of(task)
    text = (
        say("risk.finding.topic", name=name, event=event, ratio=cause.ratio)
        if one.kind == "topic"
        else say("risk.finding.event", name=name, event=event, ratio=cause.ratio)
    )
    money = None
    if paid is not None:
        money = run.figure(f"finding_{one.kind}_{one.key}_money", int(paid[0].sum()), f"money:{paid[1]}", "risk.define.money")
    return Finding(
        kind=f"risk.{one.kind}",
        subject=one.key,
        text=text,
        people=cause.people,
        was=cause.other,
        apart=True,
        now=cause.rate,
        money=money,
        quotes=cause.quotes,
        strength=min(0.95, 0.5 + 0.25 * math.log2(max(one.ratio.low, 1.0))),
        advice=say("risk.finding.advice"),
        since=cause.since,
    )


def rule_part(run: Run, store: Store, task: Task, asked: Asked) -> tuple[Rule, ...]:
    """Groups that can simply be counted."""
    if len(asked.keys) == 0 or asked.happened.all() or not asked.happened.any():
        return ()
    inputs, signature = task.inputs(store, asked.keys, None)
    names = names_of(store)
    return tuple(
        Rule(
            name=_rule_name(group, signature, names, bool(np.nanmin(inputs.values[:, group.place]) >= 0)),
            rate=share_figure(run, f"rule_{number}_rate", group.hits, group.num_rows, "risk.define.group_rate"),
            other=share_figure(run, f"rule_{number}_other", group.other_hits, group.num_others, "risk.define.other_rate"),
            people=run.figure(f"rule_{number}_rows", group.num_rows, "rows", "risk.define.labelled"),
        )
        for number, group in enumerate(count_rules(inputs, asked.happened))
    )


def _rule_name(group: Group, signature: Signature, names: Names, counted: bool) -> Say:
    column = signature.columns[group.place]
    feature = names.feature(column.name)
    if group.code is not None:
        return say("risk.reason.category", feature=feature, value=column.categories[group.code])
    if column.name.startswith(TOPIC):
        topic = names.topic(column.name.removeprefix(TOPIC))
        return say("risk.reason.silent", topic=topic) if group.high is not None else say("risk.feature.topic", topic=topic)
    if group.high == 0 and counted:  # never below: up to 0 is none at all
        return say("risk.rule.none", feature=feature)
    if group.high is not None:
        return say("risk.rule.up_to", feature=feature, value=tidy(group.high))
    return say("risk.rule.above", feature=feature, value=tidy(group.low or 0.0))
