"""`releases`: what each version changed in what people say.

For each topic and version, voices who bring the topic up among all voices who wrote, by week, with and without the version: a Poisson
regression in which the step must explain
clearly more than a drift does (`learning.interrupted`). Where texts carry their version, those who have it are set against those who
do not yet, week by week; else the weeks since against the weeks before. Windows reach 12 weeks to either side. All topics and versions
tested count in the correction (Holm); a topic that moves is ascribed to the version with the smallest p, since its neighbours see part of
the same change. It is an association in time, and the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks, local_days
from productloop.apps.needs._study import Study
from productloop.learning.comparisons import holm
from productloop.learning.interrupted import CLEAR_STEP, interrupted
from productloop.learning.intervals import Interval, share_interval
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

KINDS = ("version", "release", "update", "app_version", "版本", "发版", "上线", "更新")
WINDOW_WEEKS = 12
WEEKS_NEEDED = 4
"""Whole weeks after a version before it is judged."""
MIN_VOICES = 15
"""Voices of a topic within the window; fewer cannot show a change."""
MIN_SIDE = 30
"""Voices with the version, and without it."""
MAX_P, FELL, ROSE = 0.05, 1 / 1.3, 1.3
WITH_VERSION = 0.5
"""From this share of texts with a version on, versions are compared instead of weeks."""
NOTED = 0.35
"""Cosine from which a topic is what a release note speaks of (languages centred)."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version of the product."""

    version: str
    time: int
    """Microseconds UTC."""
    row_id: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One topic and one version."""

    topic: int
    release: int
    was: Interval
    now: Interval
    ratio: Interval
    p: float
    step_over_trend: float
    p_adjusted: float = 1.0
    ascribed: bool = False
    """The version to which this topic's change is ascribed."""

    @property
    def direction(self) -> Literal["fell", "rose", "unchanged"]:
        """What happened, beyond chance."""
        if not self.ascribed or self.p_adjusted >= MAX_P or self.step_over_trend < CLEAR_STEP:
            return "unchanged"
        return "fell" if self.ratio.value <= FELL else "rose" if self.ratio.value >= ROSE else "unchanged"


def read_releases(store: Store, as_of: int | None) -> list[Release]:
    """Versions that `changes` knows, oldest first; one version once."""
    if not store.exists("changes"):
        return []
    rows = store.rows("SELECT row_id, time, kind, coalesce(title, ''), version FROM changes WHERE time IS NOT NULL ORDER BY time, row_id")
    found: dict[str, Release] = {}
    for row_id, time, kind, title, version in rows:
        if str(kind).strip().lower() in KINDS and (as_of is None or time <= as_of):
            name = str(version) if version else str(title)
            found.setdefault(name, Release(name, int(time), str(row_id), str(title)))
    return list(found.values())


def version_key(version: str) -> tuple[int, ...]:
    """Order of versions: the numbers in them, so that 4.10 comes after 4.9."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:4])


def has_versions(study: Study) -> bool:
    """Whether enough texts say which version they are about."""
    return len(study.texts) > 0 and float(np.mean([value is not None for value in study.texts.version])) >= WITH_VERSION


def effects(study: Study, releases: Sequence[Release], topics: Sequence[int], time_zone: str) -> list[Effect]:
    """Every topic with every version that can be judged, corrected for all of them, and each change ascribed to one version."""
    weeks = study.weeks
    if study.ledger is None or weeks is None:
        return []
    found: list[Effect] = []
    voices = {topic: study.rows_of(topic) for topic in topics}
    for number, release in enumerate(releases):
        cells = _cells(study, weeks, release, time_zone)
        if cells is None:
            continue
        for topic in topics:
            effect = _effect(study, cells, voices[topic])
            if effect is not None:
                found.append(replace(effect, topic=topic, release=number))
    best: dict[int, int] = {}
    for place, effect in enumerate(found):
        if effect.topic not in best or effect.p < found[best[effect.topic]].p:
            best[effect.topic] = place
    adjusted = holm([effect.p for effect in found])
    return [replace(effect, p_adjusted=adjusted[place], ascribed=best[effect.topic] == place) for place, effect in enumerate(found)]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Rows (texts) in the window of one version, the week of each and whether it has the version."""

    rows: Ints
    week: Ints
    new: Flags


def _cells(study: Study, weeks: Weeks, release: Release, time_zone: str) -> _Cells | None:
    """None where the version is too young, or too few voices have it."""
    day = int(local_days(np.array([release.time]), time_zone)[0])
    start = (day + (3 - weeks.week_start) % 7) // 7
    if weeks.last_whole - start + 1 < WEEKS_NEEDED:
        return None
    first, last = max(weeks.first_whole, start - WINDOW_WEEKS), min(weeks.last_whole, start + WINDOW_WEEKS - 1)
    inside = (weeks.week >= first) & (weeks.week <= last)
    if has_versions(study):
        inside &= np.array([value is not None for value in study.texts.version])
        wanted = version_key(release.version)
        new = np.array([value is not None and version_key(str(value)) >= wanted for value in study.texts.version])
    else:
        new = weeks.week >= start
    rows = np.flatnonzero(inside)
    voice = study.texts.voice
    if min(len(np.unique(voice[rows[new[rows]]])), len(np.unique(voice[rows[~new[rows]]]))) < MIN_SIDE:
        return None
    return _Cells(rows, weeks.week[rows], new[rows])


def _effect(study: Study, cells: _Cells, members: Ints) -> Effect | None:
    voice = study.texts.voice[cells.rows]
    holds = np.isin(cells.rows, members)
    if len(np.unique(voice[holds])) < MIN_VOICES:
        return None
    all_voices = _distinct(cells.week, cells.new, voice)
    topic_voices = _distinct(cells.week[holds], cells.new[holds], voice[holds])
    keys = sorted(all_voices)
    counts = np.array([topic_voices.get(key, 0) for key in keys], dtype=np.int64)
    exposure = np.array([all_voices[key] for key in keys], dtype=np.float64)
    dose = np.array([float(new) for _, new in keys])
    fitted = interrupted(counts, exposure, dose, np.array([float(week) for week, _ in keys]))
    if fitted is None:
        return None
    was, now = (_share(voice, holds, cells.new == side) for side in (False, True))
    return Effect(-1, -1, was, now, fitted.ratio, fitted.p, fitted.step_over_trend)


def _distinct(week: Ints, new: Flags, voice: Ints) -> dict[tuple[int, bool], int]:
    """(week, has the version) -> different voices."""
    once = np.unique(np.column_stack([week, new.astype(np.int64), voice]), axis=0)
    cells, counts = np.unique(once[:, :2], axis=0, return_counts=True)
    return {(int(cell[0]), bool(cell[1])): int(count) for cell, count in zip(cells, counts, strict=True)}


def _share(voice: Ints, holds: Flags, side: Flags) -> Interval:
    return share_interval(len(np.unique(voice[holds & side])), len(np.unique(voice[side])))
