"""`changes` from the table of changes to report: what each number did after each change, against the same weekdays before, with placebo days.

Default numbers: active people a day; of people who take the first step of the (set or guessed) funnel for the first time that day, how many
reach its last within the window; people who wrote with at most two stars (all who wrote where there are no stars) a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import changes_wording as wording
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._periods import period_index
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._series import read_series
from productloop.apps.behaviour.changes_types import ChangeEntry, ChangesReport, ChangesRequest, MetricEffect
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.learning.change_effect import DailySeries, change_effect
from productloop.loop.action import Finding, Run, is_simulated
from productloop.loop.marks import change_label

DAY_US = 86_400_000_000
MAX_CHANGES = 20
CLEAR = 0.05
TOGETHER_DAYS = 7
MAX_CHART_DAYS = 182
BAD_STARS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Daily:
    """A number by day: day 0 is local day `first` (days since 1970)."""

    metric: str
    label: Say | str
    unit: str
    first: int
    series: DailySeries
    lag_days: int = 0
    """Days after a day until its number is final."""


@dataclass(frozen=True, slots=True)
class _Change:
    day: int
    kind: str
    label: Say | str
    title: str | None
    version: str | None


def answer_changes(run: Run, request: ChangesRequest) -> ChangesReport:
    """The report. Raises UsageError for a breakdown or a metric that cannot be read."""
    if run.scope.by is not None:
        raise UsageError(wording.CHANGES_NO_BREAKDOWN, name=excerpt(run.scope.by))
    run.progress("read", 0, 2)
    everything = _read_changes(run)
    chosen = [change for change in everything if _matches(change, request.change)]
    frame: dict[str, Any] = {
        **run.frame("behaviour.changes", ("changes", "events", "feedback")),
        "cautions": (say("behaviour.caution.simulated"),) if is_simulated(run.store) else (),
        "asked": request.change,
        "days": request.days,
        "before": request.before,
    }
    if not chosen:
        empty = run.figure("expected", None, "number", "behaviour.d.changes_expected")
        return ChangesReport(state="unknown" if everything else "none", num_clear_expected=empty, **frame)
    daily = _daily(run, request)
    run.progress("compare", 1, 2)
    entries = tuple(
        _entry(run, request, change, everything, daily, number) for number, change in enumerate(reversed(chosen[-MAX_CHANGES:]))
    )
    made = sum(effect.by_chance.value is not None for entry in entries for effect in entry.effects)
    return ChangesReport(
        state="ok" if daily else "no_data",
        changes=entries,
        findings=_findings(entries),
        num_clear_expected=run.figure("expected", round(CLEAR * made, 1), "number", "behaviour.d.changes_expected", n=made),
        **_chart(daily),
        **frame,
    )


def _read_changes(run: Run) -> list[_Change]:
    """All changes, oldest first."""
    if not run.store.exists("changes"):
        return []
    start, end = run.scope.range_us(run.time_zone)
    rows = run.store.rows("SELECT time, kind, title, version FROM changes WHERE time IS NOT NULL ORDER BY time, sequence")
    kept = [row for row in rows if (start is None or row[0] >= start) and (end is None or row[0] < end)]
    days = period_index(np.array([row[0] for row in kept], dtype=np.int64), run.time_zone, "day").tolist()
    return [
        _Change(day, str(kind or ""), change_label(kind, title, version), title, version)
        for day, (_, kind, title, version) in zip(days, kept, strict=True)
    ]


def _matches(change: _Change, asked: str | None) -> bool:
    wanted = (asked or "").strip().lower()
    return not wanted or wanted == _iso(change.day) or wanted == (change.version or "").lower() or wanted in (change.title or "").lower()


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _daily(run: Run, request: ChangesRequest) -> list[_Daily]:
    """The numbers by day: those asked for, else the three default ones as far as there are data."""
    if request.metrics:
        return [_asked(run, metric) for metric in request.metrics]
    found = []
    if run.store.exists("events"):
        active = run.settings.text("metrics.active")
        found.append(_asked(run, f'people("{active}")' if active else "people(any)"))
        with reading(run) as source:
            conversion = _conversion(run, source)
        found += [conversion] if conversion is not None else []
    complaints = _complaints(run)
    return [one for one in (*found, *([complaints] if complaints is not None else [])) if len(one.series.values)]


def _asked(run: Run, metric: str) -> _Daily:
    series = read_series(run, metric, "day", None)
    values: Floats = np.asarray(series.values, dtype=np.float64) / (100 if series.unit.startswith("money:") else 1)
    counts = series.unit in ("people", "events")
    unit = series.unit if counts else "number"
    return _Daily(metric, series.name, unit, series.first, DailySeries(values, np.where(np.isfinite(values), 1.0, np.nan), counts))


def _conversion(run: Run, source: Reading) -> _Daily | None:
    """Of people by the day of their first first step: how many reached the last step within the window."""
    steps = run.settings.words("behaviour.funnel") or guess_steps(source)
    if len(steps) < 2:
        return None
    window_us = round(float(run.settings.number("behaviour.window_days")) * DAY_US)
    found = source.columns(
        """
        SELECT f.time, max((e.time IS NOT NULL)::INTEGER) AS done
        FROM (SELECT actor, min(time) AS time FROM events WHERE name = ? GROUP BY actor) f
        LEFT JOIN (SELECT actor, time FROM events WHERE name = ?) e ON e.actor = f.actor AND e.time >= f.time AND e.time <= f.time + ?
        GROUP BY f.actor, f.time
        """,
        [steps[0], steps[-1], window_us],
    )
    ends = np.array([source.data_begin_us, source.data_end_us - window_us], dtype=np.int64)
    if not len(found["time"]) or ends[1] <= ends[0]:
        return None
    first, last = (int(day) for day in period_index(ends, run.time_zone, "day"))
    day = period_index(found["time"].astype(np.int64), run.time_zone, "day") - first
    inside = (day >= 0) & (day < last - first)
    entered = np.bincount(day[inside], minlength=last - first).astype(np.float64)
    done = np.bincount(day[inside], weights=found["done"][inside].astype(np.float64), minlength=last - first).astype(np.float64)
    label = say("behaviour.changes.conversion", first=source.label(steps[0]), last=source.label(steps[-1]))
    lag = -(-window_us // DAY_US)
    return _Daily("conversion", label, "share", first + 1, DailySeries(done[1:], entered[1:], True), int(lag))  # the first day is not whole


def _complaints(run: Run) -> _Daily | None:
    if not run.store.exists("feedback"):
        return None
    found = run.store.columns(
        "SELECT coalesce(author::VARCHAR, row_id) AS who, time, rating FROM feedback WHERE time IS NOT NULL AND text IS NOT NULL"
    )
    if not len(found["time"]):
        return None
    rating = found["rating"].astype(np.float64)
    stars = bool(np.isfinite(rating).mean() > 0.2)
    day = period_index(found["time"].astype(np.int64), run.time_zone, "day")
    first, last = int(day.min()) + 1, int(day.max())
    keep = (day >= first) & (day < last) & ((rating <= BAD_STARS) if stars else True)
    who = np.unique(found["who"].astype(str), return_inverse=True)[1]
    pairs = np.unique(np.column_stack([day[keep] - first, who[keep]]), axis=0)
    values = np.bincount(pairs[:, 0], minlength=max(0, last - first)).astype(np.float64)
    label = say("behaviour.changes.complaints" if stars else "behaviour.changes.wrote")
    return _Daily("complaints", label, "people", first, DailySeries(values, np.ones(len(values)), True))


def _entry(
    run: Run, request: ChangesRequest, change: _Change, everything: Sequence[_Change], daily: list[_Daily], number: int
) -> ChangeEntry:
    together = [other.label for other in everything if other is not change and abs(other.day - change.day) < TOGETHER_DAYS]
    effects = tuple(_effect(run, request, change, one, f"change{number}_{place}") for place, one in enumerate(daily))
    return ChangeEntry(
        day=_iso(change.day), kind=change.kind, label=change.label, title=change.title, together=tuple(together), effects=effects
    )


def _effect(run: Run, request: ChangesRequest, change: _Change, daily: _Daily, name: str) -> MetricEffect:
    at = change.day - daily.first
    num = len(daily.series.values)
    state: Literal["ok", "early", "short", "few"] = "ok"
    look = None
    found = None
    if at + request.days > num:
        state, look = "early", _iso(change.day + request.days + daily.lag_days)
    elif at < request.before:
        state = "short"
    else:
        found = change_effect(daily.series, at, request.before, request.days)
        state = "ok" if found is not None else "few"
    nothing = float("nan")
    ratio = (nothing, nothing, nothing) if found is None else (found.ratio.value - 1, found.ratio.low - 1, found.ratio.high - 1)
    return MetricEffect(
        metric=daily.metric,
        label=daily.label,
        state=state,
        look_again=look,
        before=run.figure(f"{name}_before", None if found is None else found.before, daily.unit, "behaviour.d.changes_before"),
        after=run.figure(f"{name}_after", None if found is None else found.after, daily.unit, "behaviour.d.changes_after"),
        change=run.figure(f"{name}_change", ratio[0], "share", "behaviour.d.changes_effect", interval=(ratio[1], ratio[2])),
        by_chance=run.figure(
            f"{name}_chance",
            None if found is None else found.p,
            "share",
            "behaviour.d.changes_chance",
            n=None if found is None else len(found.placebos),
        ),
        clear=found is not None and found.p < CLEAR and not found.ratio.low <= 1 <= found.ratio.high,
    )


def _findings(entries: Sequence[ChangeEntry]) -> tuple[Finding, ...]:
    found = []
    for entry in entries:
        for effect in entry.effects:
            alone = float(effect.by_chance.value or 1.0) * ((effect.by_chance.n or 0) + 1) < 1.5  # no earlier day shows as much
            if effect.clear and not entry.together and alone:
                change = abs(float(effect.change.value or 0.0))
                text = say("behaviour.finding.change", change=entry.label, metric=effect.label, size=effect.change)
                found.append(
                    Finding(kind="after_a_change", subject=f"{entry.day} | {effect.metric}", text=text, strength=round(min(1.0, change), 3))
                )
    return tuple(found[:3])


def _chart(daily: list[_Daily]) -> dict[str, Any]:
    if not daily:
        return {}
    one = daily[0]
    num = len(one.series.values)
    begin = max(0, num - MAX_CHART_DAYS)
    days = tuple(_iso(one.first + place) for place in range(begin, num))
    values = tuple(None if not np.isfinite(value) else float(value) for value in one.series.values[begin:])
    return {"chart_days": days, "chart_values": values, "chart_name": one.label}
