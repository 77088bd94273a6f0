"""`leaks` from events, words and orders to report: who dropped at a step, what they wrote, what it costs, who can still be won.

Whose words: where one kind of people clearly stops more often (`_leaks`), those of that kind who dropped since then, beside everybody who
went on in the same time. Otherwise all who dropped beside all who went on. Money: mean value of the orders of those who went on, from that
step on, times the people lost a week: what it would be worth if they were like those who went on, which nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel import FunnelResult, Status
from productloop.apps.behaviour._funnel_answer import Counted, count_funnel, drop_of, leak_of
from productloop.apps.behaviour._funnel_details import last_seen
from productloop.apps.behaviour._funnel_plan import DAY_US, plan_of, read_events
from productloop.apps.behaviour._leaks import FoundLeak, aligned, find_leaks
from productloop.apps.behaviour._leaks_winnable import LIST_NAME, Candidate, assign, candidates, measured
from productloop.apps.behaviour._leaks_words import TopicCount, compare_topics, words_around
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.leaks_types import LeakGroup, LeaksReport, LeaksRequest, LeakTopic, Winnable
from productloop.apps.behaviour.types import FunnelRequest
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text, say
from productloop.learning.intervals import Interval, bootstrap_interval, share_interval
from productloop.loop.action import Finding, Run, is_simulated

MAX_LISTED = 1000
MAX_TOPICS = 12
MAX_GROUPS = 12
MIN_CONVERTERS = 10
"""Fewer people who went on say nothing about what somebody is worth."""
DRAWS = 4_000
GROUP_COLUMNS = ("platform", "version")


@dataclass(frozen=True, slots=True)
class _Leaking:
    """The step looked at: people who got there (codes sorted), who of them dropped, who went on; and since when."""

    step: int
    to_step: int
    found: FoundLeak | None
    since_us: int
    dropped: FunnelResult
    passed: FunnelResult


def answer_leaks(run: Run, request: LeaksRequest) -> LeaksReport:
    """The report. Raises UsageError for an event that never happened or a step that the funnel does not have."""
    with reading(run) as source:
        run.progress("read", 0, 3)
        asked = FunnelRequest(scope=request.scope, steps=request.steps, window_days=request.window_days, dropped_at=request.step)
        plan = plan_of(run, asked, source)
        counted = count_funnel(run, plan, source, read_events(source, plan))
        run.progress("compare", 1, 3)
        leaking = _leaking(counted, source, request.step)
        run.progress("words", 2, 3)
        return _report(run, request, counted, source, leaking)


def _leaking(counted: Counted, source: Reading, wanted: int | None) -> _Leaking | None:
    settled = counted.settled
    steps = [step for step in range(1, settled.num_steps) if not settled.optional >> (step - 1) & 1]
    if not steps or len(settled) == 0:
        return None
    actor, values = source.entry_values(counted.steps[:1], source.splits())
    found = find_leaks(settled, actor, values)[0]
    mine = [leak for leak in found if wanted is None or leak.step == wanted]
    stopped = [int(np.count_nonzero(settled.stopped_at == step)) for step in steps]
    if mine:
        leak = min(mine, key=lambda one: (one.p_adjusted, one.step))
        step = leak.step
    else:
        leak, step = None, wanted if wanted in steps else steps[int(np.argmax(stopped))]
    since_us = counted.closed_definition.range_us[0]
    result = settled
    if leak is not None:
        week = drop_of(counted, leak)
        if week is not None:
            since_us = counted.weeks[week].start_us
            result = counted.events.count(replace(counted.closed_definition, range_us=(since_us, counted.closed_definition.range_us[1])))
    to_step = result.following(step)
    gone = (result.stopped_at == step) & (result.status == Status.DROPPED)
    if leak is not None:
        gone &= np.isin(result.actor, leak.members)
    return _Leaking(step, to_step, leak, since_us, result.of(gone), result.of(result.reached(to_step)))


def _report(run: Run, request: LeaksRequest, counted: Counted, source: Reading, leaking: _Leaking | None) -> LeaksReport:
    labels = tuple(source.label(name) for name in counted.plan.steps)
    leak = leak_of(run, counted, leaking.found, source) if leaking and leaking.found else None
    around_us = round(request.around_days * DAY_US)
    topics, wrote = _words(run, leaking, around_us)
    lost = leak.lost_per_week if leak else _lost_per_week(run, counted, leaking)
    each, money, others = _money(run, leaking, lost)
    experiment = f"{LIST_NAME}{counted.steps[leaking.step - 1]} > {counted.steps[leaking.to_step - 1]}" if leaking else ""
    winnable, num_winnable, num_held = _winnable(run, counted, source, leaking, experiment, around_us, topics)
    effect = measured(run, experiment, counted.steps[leaking.to_step - 1]) if leaking else None
    here, elsewhere = _two_funnels(run, counted, leaking)
    report = LeaksReport(
        **run.frame("behaviour.leaks", ("events", "feedback", "orders")),
        cautions=_cautions(run, leaking),
        steps=counted.plan.steps,
        labels=labels,
        steps_from=counted.plan.steps_from,
        window_days=counted.plan.window_days,
        around_days=request.around_days,
        from_step=leaking.step if leaking else None,
        to_step=leaking.to_step if leaking else None,
        leak=leak,
        dropped=run.figure("dropped", len(leaking.dropped) if leaking else None, "people", "behaviour.leaks.d.dropped"),
        passed=run.figure("passed", len(leaking.passed) if leaking else None, "people", "behaviour.leaks.d.passed"),
        wrote_dropped=run.figure("wrote_dropped", wrote[0], "people", "behaviour.leaks.d.wrote"),
        wrote_passed=run.figure("wrote_passed", wrote[1], "people", "behaviour.leaks.d.wrote"),
        has_topics=run.store.exists("points") and run.store.exists("topics"),
        topics=tuple(_topic(run, place, one, leaking) for place, one in enumerate(topics[:MAX_TOPICS])) if leaking else (),
        num_topics=len(topics),
        groups=_groups(run, counted, source, leaking),
        lost_per_week=lost,
        value_each=each,
        money_per_week=money,
        other_currencies=others,
        funnel_here=here,
        funnel_elsewhere=elsewhere,
        winnable=winnable,
        num_winnable=num_winnable,
        num_held_out=num_held,
        experiment=experiment,
        measured=None
        if effect is None
        else run.figure("measured", effect[0].value, "share", "behaviour.leaks.d.measured", interval=(effect[0].low, effect[0].high)),
        measured_people=(0, 0) if effect is None else effect[1],
    )
    return report.model_copy(update={"findings": _findings(report)})


def _words(run: Run, leaking: _Leaking | None, around_us: int) -> tuple[list[TopicCount], tuple[int | None, int | None]]:
    if leaking is None:
        return [], (None, None)
    people = np.concatenate([leaking.dropped.actor, leaking.passed.actor])
    at = np.concatenate([result.step_time_us[:, leaking.step - 1] for result in (leaking.dropped, leaking.passed)])
    order = np.argsort(people)
    words = words_around(run.store, people[order], at[order], around_us)
    wrote = len(words.writers(leaking.dropped.actor)), len(words.writers(leaking.passed.actor))
    return compare_topics(words, leaking.dropped.actor, leaking.passed.actor), wrote


def _topic(run: Run, place: int, one: TopicCount, leaking: _Leaking) -> LeakTopic:
    names = run.store.rows("SELECT name_zh, name_en FROM topics WHERE topic = ?", [one.topic]) if run.store.exists("topics") else []
    zh, en = names[0] if names else (None, None)
    name = say("behaviour.event", name=Text(str(zh or en or one.topic), str(en or zh or one.topic)))
    sizes = (one.num_dropped, len(leaking.dropped)), (one.num_passed, len(leaking.passed))
    shares = [share_interval(*size) for size in sizes]
    dropped, passed = (
        run.figure(
            f"topic{place}_share_{who}", share.value, "share", "behaviour.leaks.d.topic_share", n=size[1], interval=(share.low, share.high)
        )
        for who, share, size in zip(("dropped", "passed"), shares, sizes, strict=True)
    )
    known = np.isfinite([one.ratio.value, one.ratio.high]).all()
    interval = (one.ratio.low, one.ratio.high) if known else None
    return LeakTopic(
        topic=one.topic,
        name=name,
        dropped=run.figure(f"topic{place}_dropped", one.num_dropped, "people", "behaviour.leaks.d.topic_people"),
        passed=run.figure(f"topic{place}_passed", one.num_passed, "people", "behaviour.leaks.d.topic_people"),
        share_dropped=dropped,
        share_passed=passed,
        ratio=run.figure(f"topic{place}_ratio", one.ratio.value if known else None, "ratio", "behaviour.leaks.d.ratio", interval=interval),
        p_adjusted=run.figure(f"topic{place}_p", one.p_adjusted, "number", "behaviour.leaks.d.p_adjusted"),
        named=one.named,
        quotes=one.quotes if one.named else (),
    )


def _lost_per_week(run: Run, counted: Counted, leaking: _Leaking | None) -> Figure:
    """All who drop here, where no kind of people stands out."""
    if leaking is None or len(leaking.dropped) + len(leaking.passed) == 0:
        return run.figure("lost_per_week", None, "people", "behaviour.leaks.d.lost_all")
    result = counted.settled
    num_weeks = max((counted.closed_definition.range_us[1] - int(result.entry_us.min())) / (7 * DAY_US), 1.0)
    total = len(leaking.dropped) + len(leaking.passed)
    share, per_week = share_interval(len(leaking.dropped), total), total / num_weeks
    interval = (round(share.low * per_week, 1), round(share.high * per_week, 1))
    return run.figure("lost_per_week", round(share.value * per_week, 1), "people", "behaviour.leaks.d.lost_all", interval=interval)


def _money(run: Run, leaking: _Leaking | None, lost: Figure) -> tuple[Figure, Figure, tuple[str, ...]]:
    """(mean value of who went on, people lost a week x that value, currencies left out)."""

    def unknown() -> tuple[Figure, Figure, tuple[str, ...]]:
        names = ("value_each", "behaviour.leaks.d.value_each"), ("money_per_week", "behaviour.leaks.d.money")
        each, money = (run.figure(name, None, "money:", key) for name, key in names)
        return each, money, ()

    if leaking is None or len(leaking.passed) < MIN_CONVERTERS or not run.store.exists("orders"):
        return unknown()
    rows = run.store.rows(
        "SELECT actor, time, amount, currency FROM orders WHERE actor IS NOT NULL AND amount IS NOT NULL AND currency IS NOT NULL"
    )
    begin = dict(zip(leaking.passed.actor.tolist(), leaking.passed.step_time_us[:, leaking.step - 1].tolist(), strict=True))
    own = [
        (int(actor), int(amount), str(currency)) for actor, time, amount, currency in rows if actor in begin and time >= begin[int(actor)]
    ]
    if not own:
        return unknown()
    currencies = sorted({currency for *_, currency in own}, key=lambda name: (-sum(c == name for *_, c in own), name))
    unit = f"money:{currencies[0]}"
    place = {actor: at for at, actor in enumerate(begin)}
    paid = np.zeros(len(begin))
    for actor, amount, currency in own:
        paid[place[actor]] += amount if currency == currencies[0] else 0
    mean = bootstrap_interval(paid, lambda values: float(values.mean()), run.seed)
    low, high = _product(mean, lost, run.seed)
    each = run.figure(
        "value_each", round(mean.value), unit, "behaviour.leaks.d.value_each", n=len(paid), interval=(round(mean.low), round(mean.high))
    )
    money = run.figure(
        "money_per_week", round(mean.value * (lost.value or 0)), unit, "behaviour.leaks.d.money", interval=(round(low), round(high))
    )
    return each, money, tuple(currencies[1:])


def _product(mean: Interval, lost: Figure, seed: int) -> tuple[float, float]:
    """Interval of mean x people by draws of both as normal (their standard errors from their intervals), 5 % and 95 %."""
    random = np.random.default_rng(seed)
    value = float(lost.value or 0)
    low, high = (value if end is None else float(end) for end in (lost.low, lost.high))
    first = mean.value + (mean.high - mean.low) / 3.29 * random.standard_normal(DRAWS)
    second = value + (high - low) / 3.29 * random.standard_normal(DRAWS)
    ends = np.percentile(first * second, [5, 95])
    return max(0.0, float(ends[0])), float(ends[1])


def _groups(run: Run, counted: Counted, source: Reading, leaking: _Leaking | None) -> tuple[LeakGroup, ...]:
    """How many of each platform and version took the next step, since the leak is seen."""
    if leaking is None:
        return ()
    splits = [split for split in source.splits() if split.name in {*GROUP_COLUMNS, leaking.found.column if leaking.found else "platform"}]
    actor, values = source.entry_values(counted.steps[:1], splits)
    result = counted.events.count(replace(counted.closed_definition, range_us=(leaking.since_us, counted.closed_definition.range_us[1])))
    result = result.of(result.reached(leaking.step))
    groups = []
    for split in splits:
        value = np.array([None if entry is None else str(entry) for entry in aligned(result, actor, values[split.name])], dtype=object)
        names = sorted({entry for entry in value.tolist() if entry is not None}, key=lambda name: (-int(np.sum(value == name)), name))
        for name in names[:MAX_GROUPS]:
            own = result.of(value == name)
            hits, total = int(np.count_nonzero(own.reached(leaking.to_step))), len(own)
            share = share_interval(hits, total)
            key = f"group_{split.name}_{name}"
            groups.append(
                LeakGroup(
                    column=split.name,
                    value=name,
                    people=run.figure(f"{key}_people", total, "people", "behaviour.leaks.d.group_people"),
                    went_on=run.figure(key, share.value, "share", "behaviour.leaks.d.went_on", n=total, interval=(share.low, share.high)),
                )
            )
    return tuple(groups)


def _winnable(
    run: Run, counted: Counted, source: Reading, leaking: _Leaking | None, experiment: str, around_us: int, topics: list[TopicCount]
) -> tuple[tuple[Winnable, ...], Figure, Figure]:
    listed: list[Candidate] = []
    held: dict[int, bool] = {}
    ids: dict[int, str] = {}
    if leaking is not None:
        everybody = counted.everybody
        if leaking.found is not None:
            everybody = everybody.of(np.isin(everybody.actor, _of_kind(counted, source, leaking.found)))
        stopped = everybody.of((everybody.stopped_at == leaking.step) & (everybody.status != Status.CONVERTED))
        stopped = stopped.of(~_went_on_later(source, stopped, leaking, counted.steps[leaking.to_step - 1]))
        words = words_around(run.store, stopped.actor, stopped.step_time_us[:, leaking.step - 1], around_us)
        named = [one.topic for one in topics if one.named]
        about = np.isin(words.topic.astype(str), named) if named else np.ones(len(words.actor), dtype=np.bool_)
        unanswered: NDArray[np.int64] = np.unique(words.actor[about & ~words.answered])
        seen = last_seen(source, stopped.actor.tolist())
        listed = candidates(stopped, leaking.step, seen, unanswered, source.data_end_us)
        ids = run.store.source_ids(np.array([one.actor for one in listed], dtype=np.int64))
        listed = [one for one in listed if one.actor in ids]
        held = assign(run, experiment, {one.actor: ids[one.actor] for one in listed})
    people = tuple(
        Winnable(
            id=ids[one.actor],
            reasons=one.reasons,
            stopped_at=one.stopped_us,
            last_seen=one.last_seen_us,
            platform=one.platform,
            held_out=held[one.actor],
        )
        for one in listed[:MAX_LISTED]
    )
    num_held = sum(held[one.actor] for one in listed)
    return (
        people,
        run.figure("num_winnable", len(listed) - num_held, "people", "behaviour.leaks.d.winnable"),
        run.figure("num_held_out", num_held, "people", "behaviour.leaks.d.held_out"),
    )


def _went_on_later(source: Reading, stopped: FunnelResult, leaking: _Leaking, name: str) -> NDArray[np.bool_]:
    """(m,) who took the next step after all, once the window was over: there is nobody to win."""
    done = source.columns("SELECT actor, max(time) AS last FROM events WHERE name = ? GROUP BY actor", [name])
    last = dict(zip(done["actor"].tolist(), done["last"].tolist(), strict=True))
    at = stopped.step_time_us[:, leaking.step - 1].tolist()
    return np.array([last.get(actor, begun) > begun for actor, begun in zip(stopped.actor.tolist(), at, strict=True)], dtype=np.bool_)


def _of_kind(counted: Counted, source: Reading, leak: FoundLeak) -> NDArray[np.int64]:
    """Everybody of the leaking kind, also those whose window is still open."""
    split = source.split(leak.column)
    actor, values = source.entry_values(counted.steps[:1], (split,))
    return actor[np.array([entry is not None and str(entry) == leak.value for entry in values[split.name]], dtype=np.bool_)]


def _two_funnels(run: Run, counted: Counted, leaking: _Leaking | None) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    if leaking is None:
        return (), ()
    result = counted.settled
    if leaking.found is not None and leaking.since_us != counted.closed_definition.range_us[0]:
        result = counted.events.count(
            replace(counted.closed_definition, range_us=(leaking.since_us, counted.closed_definition.range_us[1]))
        )
    groups = [("here", result)]
    if leaking.found is not None:
        groups = [
            (name, result.of(np.isin(result.actor, codes)))
            for name, codes in (("here", leaking.found.members), ("elsewhere", leaking.found.others))
        ]
    found = []
    for name, own in groups:
        shares = [share_interval(int(np.count_nonzero(own.reached(step))), len(own)) for step in range(1, own.num_steps + 1)]
        found.append(
            tuple(
                run.figure(f"funnel_{name}_{step}", one.value, "share", "behaviour.d.of_first", n=len(own), interval=(one.low, one.high))
                for step, one in enumerate(shares, 1)
            )
        )
    return found[0], found[1] if len(found) > 1 else ()


def _findings(report: LeaksReport) -> tuple[Finding, ...]:
    """One finding for each topic that stands out."""
    if report.from_step is None or report.to_step is None:
        return ()
    where = f" | {report.leak.column}={report.leak.value}" if report.leak else ""
    step = f"{report.steps[report.from_step - 1]} > {report.steps[report.to_step - 1]}"
    return tuple(
        Finding(
            kind="leak_topic",
            subject=f"{step}{where} | {topic.topic}",
            text=say(
                "behaviour.leaks.finding",
                from_step=report.labels[report.from_step - 1],
                to_step=report.labels[report.to_step - 1],
                topic=topic.name,
                dropped=topic.dropped,
                of=report.dropped,
            ),
            people=topic.dropped,
            quotes=topic.quotes,
            strength=round(1 - 1 / max(float(topic.ratio.low or 1.0), 1.0), 3),
        )
        for topic in report.topics
        if topic.named
    )


def _cautions(run: Run, leaking: _Leaking | None) -> tuple[Say, ...]:
    found = []
    if leaking is not None and len(leaking.dropped) < 30:
        found.append(say("behaviour.leaks.few", people=len(leaking.dropped)))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
