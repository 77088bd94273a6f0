"""From counts to the report of `storm`: the newest storm with its people, copies, places, topics and wishes, and drafts of a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import storm_wording
from productloop.apps.needs._figures import entry_name
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs._storm import (
    MIN_PAST_DAYS,
    Arrivals,
    Expected,
    Storm,
    count_arrivals,
    expect,
    local_hours,
    usual_range,
)
from productloop.apps.needs._storm_detail import Window, describe, unhappiest
from productloop.apps.needs._storm_replies import draft, readable
from productloop.apps.needs._storm_topics import Flare, find_flares
from productloop.apps.needs._study import Study, study
from productloop.apps.needs.storm_types import Reply, State, StormChart, StormDetail, StormLine, StormReport, StormRequest, TopicStorm
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Language, say
from productloop.loop.action import Finding, Run

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_STORMS, MAX_FLARES = 20, 20
RECENT_DAYS = 14
"""A storm that ended longer ago than this is history."""
CHART_DAYS = 60


@dataclass(frozen=True, slots=True)
class _Seen:
    """A study with the hour of each text (-1 without a date) and what was found in it."""

    study: Study
    hour: Ints
    unhappy: Flags
    arrivals: Arrivals | None
    """None without dates."""
    expected: Expected | None
    storms: list[Storm]
    """Oldest first."""

    @property
    def judged(self) -> bool:
        """Whether at least the last period can be held against what is usual."""
        return self.expected is not None and bool(np.isfinite(self.expected.mean[-1]))


def report_storms(run: Run, request: StormRequest) -> StormReport:
    """The report. UsageError for a storm that does not exist."""
    found = study(run)
    run.progress("count", 3, 4)
    seen = _look(run, found)
    lines = [_line(run, seen, storm, number) for number, storm in enumerate(reversed(seen.storms), 1)]
    if request.number > max(1, len(lines)):
        raise UsageError(storm_wording.NO_SUCH_STORM, number=request.number, known=len(lines))
    detail = _detail(run, seen, lines, request.number)
    state = _state(seen)
    last, usual = _last_day(run, seen)
    arrivals = seen.arrivals
    wanted = state in ("running", "over") or request.number > 1 or (detail is not None and not seen.judged and state != "empty")
    return StormReport(
        **run.frame("needs.storm", ("feedback",)),
        counts_people=found.texts.counts_people,
        state=state,
        dates_only=arrivals is not None and arrivals.hours > 1,
        days=run.figure("days", 0 if arrivals is None else arrivals.num_days, "days", "needs.d.storm_days"),
        last_day=last,
        usual=usual,
        num_storms=run.figure("num_storms", len(lines), "number", "needs.d.storm_num"),
        storms=tuple(lines[:MAX_STORMS]),
        detail=detail,
        topic_storms=_flares(run, seen),
        replies=_replies(run, found, detail) if wanted and detail is not None else (),
        chart=_chart(seen, seen.storms[-request.number] if seen.storms else None),
    )


def storm_findings(run: Run, found: Study) -> tuple[Finding, ...]:
    """The storm that runs as the data end, for the first page; nothing where there is none."""
    seen = _look(run, found)
    if not seen.storms or not seen.storms[-1].running:
        return ()
    line = _line(run, seen, seen.storms[-1], 1)
    window, unit = _window(seen, seen.storms[-1]), _unit(found)
    rows = np.flatnonzero(window.inside & seen.unhappy)
    text = say(
        "needs.finding.storm",
        start=line.start,
        people=say(f"needs.storm.unhappy.{unit}", num=line.people),
        usual=say("needs.storm.usual.hardly" if not line.usual.high else f"needs.storm.usual.{unit}", num=line.usual),
    )
    return (
        Finding(
            kind="storm",
            subject=line.start,
            text=text,
            people=line.people,
            was=line.usual,
            now=line.people,
            quotes=tuple(str(found.texts.row_id[row]) for row in unhappiest(found, rows)[:2]),
            strength=1.0,
            tone="problem",
            advice=say("needs.advice.storm"),
            since=int(found.texts.time[rows].min()),
        ),
    )


def _look(run: Run, found: Study) -> _Seen:
    texts = found.texts
    felt = np.nan_to_num(found.sentiment)
    unhappy, content = felt < NEGATIVE_BELOW, felt > POSITIVE_ABOVE
    hour = np.full(len(texts), -1, dtype=np.int64)
    if found.weeks is None:
        return _Seen(found, hour, unhappy, None, None, [])
    dated = np.flatnonzero(texts.time > 0)
    hour[dated] = local_hours(texts.time[dated], run.time_zone)
    as_of = int(texts.time.max()) if run.as_of is None else run.as_of
    until = max(int(hour.min(where=hour >= 0, initial=np.iinfo(np.int64).max)), int(local_hours(np.array([as_of]), run.time_zone)[0]))
    arrivals = count_arrivals(hour, texts.voice, unhappy, content, until)
    if arrivals.num_days <= MIN_PAST_DAYS:
        return _Seen(found, hour, unhappy, arrivals, None, [])
    return _Seen(found, hour, unhappy, arrivals, *expect(arrivals))


def _state(seen: _Seen) -> State:
    if not seen.unhappy.any() and len(seen.study.texts) == 0:
        return "empty"
    if seen.arrivals is None:
        return "undated"
    if not seen.judged:
        return "short"
    if not seen.storms:
        return "none"
    newest = seen.storms[-1]
    if newest.running:
        return "running"
    age_hours = (len(seen.arrivals.unhappy) - newest.end) * seen.arrivals.hours
    return "over" if age_hours <= 24 * RECENT_DAYS else "none"


def _name(arrivals: Arrivals, period: int) -> str:
    return arrivals.when(period).strftime("%Y-%m-%d" if arrivals.hours > 1 else "%Y-%m-%d %H:00")


def _window(seen: _Seen, storm: Storm) -> Window:
    arrivals = seen.arrivals
    assert arrivals is not None
    start, end = (arrivals.first + period * arrivals.hours for period in (storm.start, storm.end))
    inside = (seen.hour >= start) & (seen.hour < end)
    before = (seen.hour >= 0) & (seen.hour < start) & (seen.hour >= start - 24 * 56)
    return Window(inside, before, (seen.hour >= 0) & (seen.hour < start), arrivals.when(storm.start))


def _line(run: Run, seen: _Seen, storm: Storm, number: int) -> StormLine:
    arrivals, expected = seen.arrivals, seen.expected
    assert arrivals is not None
    assert expected is not None
    window = _window(seen, storm)
    rows = np.flatnonzero(window.inside & seen.unhappy)
    people = len(np.unique(seen.study.texts.voice[rows]))
    size = float(np.nan_to_num(expected.size[storm.start], nan=1.0))
    return StormLine(
        number=number,
        start=_name(arrivals, storm.start),
        # the last day is named where only days are known, the hour in which it was over else
        end=_name(arrivals, storm.end - 1 if arrivals.hours > 1 else storm.end),
        peak=_name(arrivals, storm.peak),
        running=storm.running,
        people=run.figure(f"storm_{number}.people", people, _unit(seen.study), "needs.d.storm_people", n=len(rows)),
        usual=_usual(run, f"storm_{number}.usual", storm.num_expected, size, _unit(seen.study)),
    )


def _usual(run: Run, name: str, mean: float, size: float, unit: str) -> Figure:
    return run.figure(name, round(mean, 2), unit, "needs.d.storm_usual", interval=usual_range(max(mean, 1e-9), size))


def _unit(found: Study) -> str:
    return "people" if found.texts.counts_people else "texts"


def _last_day(run: Run, seen: _Seen) -> tuple[Figure, Figure]:
    """(unhappy voices of the last 24 hours or day, what is usual)."""
    unit = _unit(seen.study)
    unknown = run.figure("usual", None, unit, "needs.d.storm_usual")
    if seen.arrivals is None:
        return run.figure("last_day", None, unit, "needs.d.storm_last"), unknown
    arrivals = seen.arrivals
    until = arrivals.first + len(arrivals.unhappy) * arrivals.hours
    rows = np.flatnonzero((seen.hour >= until - 24) & (seen.hour < until) & seen.unhappy)
    last = run.figure("last_day", len(np.unique(seen.study.texts.voice[rows])), unit, "needs.d.storm_last", n=len(rows))
    if seen.expected is None or not seen.judged:
        return last, unknown
    mean = float(seen.expected.mean[-(24 // arrivals.hours) :].sum())
    return last, _usual(run, "usual", mean, float(seen.expected.size[-1]), unit)


def _detail(run: Run, seen: _Seen, lines: list[StormLine], number: int) -> StormDetail | None:
    """Of the storm asked for; of everything where storms cannot be told."""
    if lines:
        return describe(run, seen.study, seen.unhappy, _window(seen, seen.storms[-number]), lines[number - 1])
    if seen.judged or not seen.unhappy.any():
        return None
    everything = np.ones(len(seen.hour), dtype=bool)
    return describe(run, seen.study, seen.unhappy, Window(everything, ~everything, ~everything, None), None)


def _flares(run: Run, seen: _Seen) -> tuple[TopicStorm, ...]:
    arrivals = seen.arrivals
    if arrivals is None or not seen.judged or seen.study.ledger is None:
        return ()
    flares = find_flares(seen.study, seen.hour, arrivals)
    return tuple(_flare(run, seen, arrivals, flare, rank) for rank, flare in enumerate(flares[:MAX_FLARES]))


def _flare(run: Run, seen: _Seen, arrivals: Arrivals, flare: Flare, rank: int) -> TopicStorm:
    assert seen.study.ledger is not None
    day = datetime(1970, 1, 1) + timedelta(hours=arrivals.first)
    unit, per_day = _unit(seen.study), 24 // arrivals.hours
    within = any(storm.start < flare.end * per_day and flare.start * per_day < storm.end for storm in seen.storms)
    return TopicStorm(
        name=entry_name(seen.study.ledger.entries[flare.topic]),
        start=f"{day + timedelta(days=flare.start):%Y-%m-%d}",
        end=f"{day + timedelta(days=flare.end - 1):%Y-%m-%d}",
        recent=flare.end > arrivals.num_days - RECENT_DAYS and not within,
        people=run.figure(f"topic_storm_{rank}.people", flare.num_voices, unit, "needs.d.storm_topic"),
        usual=_usual(run, f"topic_storm_{rank}.usual", flare.num_expected, flare.size, unit),
    )


def _replies(run: Run, found: Study, detail: StormDetail) -> tuple[Reply, ...]:
    languages: tuple[Language, ...] = ("zh", "en")
    replies = []
    for language in languages:
        heard = storm_wording.HEARD[_unit(found)].render(language, num=detail.people)
        values = {"heard": heard} if detail.line is None else {"people": heard}
        if detail.line is not None:
            values["start"] = storm_wording.moment(detail.line.start, language)
        named = [topic.name for topic in detail.topics if topic.storms] or [topic.name for topic in detail.topics]
        asked = [ask.name for ask in detail.asks if ask.name is not None]
        for slot, names in (("topic", named), ("asks", asked)):
            chosen = next((name for name in names if readable(str(name.slots.get(language, "")), language)), None)
            if chosen is not None and str(chosen.slots[language]) not in values.values():
                values[slot] = str(chosen.slots[language])
        where = [line for line in detail.where if line.column in storm_wording.PLACES]
        if where:
            values["where"] = storm_wording.PLACES[where[0].column].render(language, value=where[0].value)
        replies.append(draft(language, values, run.provider))
    return tuple(replies)


def _chart(seen: _Seen, storm: Storm | None) -> StormChart | None:
    """Days around the storm, or the last ones, with the range of the usual."""
    arrivals, expected = seen.arrivals, seen.expected
    if arrivals is None or expected is None:
        return None
    per_day = 24 // arrivals.hours
    last = arrivals.num_days if storm is None else min(arrivals.num_days, storm.end // per_day + CHART_DAYS // 3)
    shown = range(max(0, last - CHART_DAYS), last)
    people = [float(arrivals.unhappy[day * per_day : (day + 1) * per_day].sum()) for day in shown]
    means = [float(expected.mean[day * per_day : (day + 1) * per_day].sum()) for day in shown]
    known = [mean == mean for mean in means]
    limits = [
        usual_range(mean, float(expected.size[day * per_day])) if mean == mean else (0, 0) for day, mean in zip(shown, means, strict=True)
    ]
    return StormChart(
        days=tuple(f"{arrivals.when(day * per_day):%Y-%m-%d}" for day in shown),
        people=tuple(people),
        usual=tuple(round(mean, 2) if its else None for mean, its in zip(means, known, strict=True)),
        low=tuple(float(low) if its else None for (low, _), its in zip(limits, known, strict=True)),
        high=tuple(float(high) if its else None for (_, high), its in zip(limits, known, strict=True)),
    )
