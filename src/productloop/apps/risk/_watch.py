"""`watch` from metrics to report: which left what was expected of them, since when, which part it comes from, and what happened about then.

A metric is said to have left its band where the largest of all stretches is larger than chance makes it, corrected for all metrics looked at
(Holm), at ALPHA: in quiet data about one reading in thirty says so wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from productloop.apps.risk import watch_wording as wording
from productloop.apps.risk._watch_days import WEEKDAYS, first_day, iso, weekday
from productloop.apps.risk._watch_metrics import read_metrics
from productloop.apps.risk._watch_near import countries_of, near
from productloop.apps.risk._watch_series import DAYS_OF, LEAST, WINDOW, Watch, watch
from productloop.apps.risk.watch_types import Point, Source, Verdict, Watched, WatchReport, WatchRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import say
from productloop.learning.attribution import Cells, attribute
from productloop.learning.change_points import Change
from productloop.learning.comparisons import holm
from productloop.loop.action import Finding, Run

ALPHA = 0.03
MAX_LOOKS = 3
SHOWN_PERIODS = {"day": 84, "week": 26, "month": 24}
REFERENCE = {"day": 56, "week": 12, "month": 12}
"""Periods before the window that say what share of the whole each part usually has."""
WORSE_UP = ("errors",)
WORSE_DOWN = ("active", "signups", "revenue", "rating")
TABLES = ("events", "actors", "orders", "feedback", "topics", "metrics", "changes")


def answer_watch(run: Run, request: WatchRequest) -> WatchReport:
    """The report. Raises UsageError for a breakdown or a metric that does not exist."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN, name=excerpt(run.scope.by))
    found = watched(run, request.metric)
    week_start = WEEKDAYS[run.settings.text("product.week_start")]
    chances = holm([one.change.p for one in found if one.change is not None])
    adjusted = dict(zip([place for place, one in enumerate(found) if one.change is not None], chances, strict=True))
    order = sorted(range(len(found)), key=lambda place: _rank(found[place], adjusted.get(place, 1.0), place))
    countries = countries_of(run, request.holidays)
    metrics = tuple(_shown(run, found[place], adjusted.get(place), week_start, countries) for place in order)
    looks = [one for one in metrics if one.outside][:MAX_LOOKS]
    return WatchReport(
        **run.frame("risk.watch", TABLES),
        state="ok" if metrics else "nothing",
        metrics=metrics,
        num_tested=len(adjusted),
        num_looks=len(looks),
        countries=countries,
        window_days=WINDOW["day"],
        together=_together(metrics),
        findings=tuple(_finding(one) for one in looks),
    )


def watched(run: Run, asked: str | None) -> list[Watch]:
    """Every metric (or the one asked for) with what was expected of it."""
    week_start, found = WEEKDAYS[run.settings.text("product.week_start")], []
    for place, metric in enumerate(read_metrics(run, asked)):
        run.progress("metrics", place, place + 1)
        found.append(watch(metric, week_start, run.seed))
    return found


def answer_watched(run: Run, names: Sequence[str]) -> dict[str, Watched]:
    """Each of these metrics by its name, judged together. Raises UsageError for one that does not exist."""
    week_start = WEEKDAYS[run.settings.text("product.week_start")]
    found = [watched(run, name)[0] for name in names]
    tested = [place for place, one in enumerate(found) if one.change is not None]
    chances = dict(zip(tested, holm([one.change.p for one in found if one.change is not None]), strict=True))
    countries = countries_of(run, ())
    return {
        name: _shown(run, one, chances.get(place), week_start, countries)
        for place, (name, one) in enumerate(zip(names, found, strict=True))
    }


def _rank(one: Watch, chance: float, place: int) -> tuple[Any, ...]:
    outside = chance < ALPHA
    worse = outside and one.change is not None and _is_worse(one.metric.kind, one.change.mean)
    return (not outside, not worse, chance if outside else 0.0, place)


def _is_worse(kind: str, gap: float) -> bool:
    return (kind in WORSE_UP and gap > 0) or (kind in WORSE_DOWN and gap < 0)


def _shown(run: Run, one: Watch, chance: float | None, week_start: int, countries: Sequence[str]) -> Watched:
    def figure(name: str, value: float | None, unit: str, definition: str, interval: tuple[float, float] | None = None) -> Figure:
        return run.figure(f"{one.metric.name}.{name}", value, unit, f"risk.define.watch_{definition}", interval=interval)

    unit, newest = one.metric.unit, float(one.values[-1]) if len(one.values) else float("nan")
    fields: dict[str, Any] = {
        "name": one.metric.name,
        "label": one.metric.label,
        "kind": one.metric.kind,
        "unit": unit,
        "period": one.period,
        "newest": figure("newest", _whole(newest, unit), unit, "newest"),
        "split": bool(one.metric.columns),
        "points": _points(one, week_start),
    }
    if one.expected is None:
        fields |= {name: figure(name, None, unit, name) for name in ("low", "high", "gap", "came", "expected", "chance")}
        missing = LEAST[one.period] - len(one.values)
        again = None
        if not one.small and missing > 0 and len(one.values):
            again = iso(first_day(one.first + len(one.values), one.period, week_start) + missing * DAYS_OF[one.period])
        return Watched(verdict="small" if one.small else "short", look_again=again, **fields)
    low, high = (float(end[-1]) for end in (one.expected.low, one.expected.high))
    change = one.change
    outside = change is not None and chance is not None and chance < ALPHA
    stretch = change if outside else None
    came, expected, band = _means(one, stretch)
    gap = None if stretch is None else came / expected - 1 if expected else None
    half = 0.0 if stretch is None else (stretch.high - stretch.low) / 2
    fields |= {
        "low": figure("low", _whole(low, unit), unit, "low"),
        "high": figure("high", _whole(high, unit), unit, "high"),
        "gap": figure("gap", gap, "share", "gap", None if gap is None else (gap - half, gap + half)),
        "came": figure("came", _whole(came, unit), unit, "came"),
        "expected": figure("expected", _whole(expected, unit), unit, "expected", band),
        "chance": figure("chance", chance, "share", "chance"),
    }
    verdict: Verdict = "below" if newest < low else "above" if newest > high else "inside"
    if outside and change is not None:
        verdict = "below" if change.mean < 0 else "above"
        fields |= _changed(run, one, change, week_start, countries)
    return Watched(verdict=verdict, outside=outside, **fields)


def _whole(value: float, unit: str) -> float:
    return round(value) if unit.startswith("money:") and value == value else value


def _means(one: Watch, change: Change | None) -> tuple[float, float, tuple[float, float]]:
    """(what came, what was expected, the band of that) per period while a change lasts, or in the whole window."""
    assert one.expected is not None
    start, end = (0, one.width) if change is None else (change.start, change.end)
    values, said = one.values[-one.width :][start:end], one.expected.point[start:end]
    known = np.isfinite(values)
    came, expected = float(values[known].mean()), float(said[known].mean())
    half = 0.0 if change is None else (change.high - change.low) / 2
    low = expected * (1 - half)
    return came, expected, (max(low, 0.0) if float(np.nanmin(one.values)) >= 0 else low, expected * (1 + half))


def _changed(run: Run, one: Watch, change: Change, week_start: int, countries: Sequence[str]) -> dict[str, Any]:
    begin = one.first + len(one.values) - one.width
    since = first_day(begin + change.start, one.period, week_start)
    until = first_day(begin + change.end, one.period, week_start) - 1
    return {
        "lasting": change.end == one.width,
        "since": iso(since),
        "until": iso(until),
        "weekday": weekday(since),
        "sources": _sources(run, one, change),
        "near": near(run, since, until, one.period, countries),
    }


def _sources(run: Run, one: Watch, change: Change) -> tuple[Source, ...]:
    """The parts the change comes from, by their columns and values."""
    metric = one.metric
    if not metric.columns or one.expected is None:
        return ()
    window = len(one.values) - one.width
    changed = np.arange(window + change.start, window + change.end)
    reference = np.arange(max(0, window - REFERENCE[one.period]), window)
    if len(reference) < 4:
        return ()
    said = one.expected.point[change.start : change.end]
    cells = Cells(metric.codes, one.cells, one.sizes)
    if one.sizes is None:
        expected = float(said.sum())
    else:
        size = one.sizes[:, changed].sum(axis=0)
        expected = float((said * size).sum() / max(float(size.sum()), 1e-300))
    parts = attribute(cells, reference, changed, expected, run.seed)
    return tuple(
        Source(
            columns=tuple(metric.columns[column] for column, _ in part.path),
            values=tuple(metric.values[column][code] for column, code in part.path),
            share=run.figure(
                f"{metric.name}.part_{place}",
                part.share,
                "share",
                "risk.define.watch_part",
                interval=(part.low, min(part.high, max(1.0, part.share))),
            ),
            usual=run.figure(f"{metric.name}.usual_{place}", part.usual, "share", "risk.define.watch_usual"),
        )
        for place, part in enumerate(parts)
    )


def _points(one: Watch, week_start: int) -> tuple[Point, ...]:
    """The newest periods, and in the window what was expected."""
    num = min(len(one.values), SHOWN_PERIODS[one.period])
    begin = len(one.values) - num
    found = []
    for place in range(begin, len(one.values)):
        value = float(one.values[place])
        point = Point(start=iso(first_day(one.first + place, one.period, week_start)), value=value if value == value else None)
        ahead = place - (len(one.values) - one.width)
        if one.expected is not None and ahead >= 0:
            said, low, high = (float(line[ahead]) for line in (one.expected.point, one.expected.low, one.expected.high))
            point = point.model_copy(update={"expected": said, "low": low, "high": high})
        found.append(point)
    return tuple(found)


def _together(metrics: Sequence[Watched]) -> bool:
    """Whether three metrics and more fell at the same time: that looks like rows that never arrived."""
    fell = [
        date.fromisoformat(one.since).toordinal() for one in metrics if one.outside and one.verdict == "below" and one.lasting and one.since
    ]
    return any(sum(abs(one - other) <= 1 for one in fell) >= MAX_LOOKS for other in fell)


def _finding(one: Watched) -> Finding:
    gap = float(one.gap.value or 0.0)
    worse = _is_worse(one.kind, gap)
    known = one.kind in (*WORSE_UP, *WORSE_DOWN)
    day = date.fromisoformat(one.since) if one.since else date(1970, 1, 1)
    return Finding(
        kind="metric",
        subject=one.name,
        text=say(f"risk.watch.finding_{one.verdict}", metric=one.label, gap=absolute(one.gap), day=day),
        was=one.expected,
        now=one.came,
        strength=min(1.0, 0.4 + abs(gap)),
        tone="problem" if worse or not known else "good_news",
    )


def absolute(figure: Figure) -> Figure:
    """The size of a gap without its sign, its ends in order."""
    if figure.value is None or figure.low is None or figure.high is None:
        return figure
    ends = sorted((abs(figure.low), abs(figure.high))) if figure.low * figure.high > 0 else [0.0, max(abs(figure.low), abs(figure.high))]
    return figure.model_copy(update={"value": abs(float(figure.value)), "low": ends[0], "high": ends[1]})
