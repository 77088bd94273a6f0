"""From the effects of versions to the report of `releases`: which version did what, what its note promised, and when to look again."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from productloop.apps.needs import releases_wording
from productloop.apps.needs._calendar import local_days
from productloop.apps.needs._counting import Counted, count_topics
from productloop.apps.needs._figures import entry_name, topic_state
from productloop.apps.needs._releases import NOTED, WEEKS_NEEDED, Effect, Release, effects, has_versions, read_releases, version_key
from productloop.apps.needs._study import MIN_TEXTS, Study, embed_aligned, study
from productloop.apps.needs._topics import choose
from productloop.apps.needs.releases_types import EffectLine, ReleaseLine, ReleasesReport, ReleasesRequest
from productloop.apps.needs.types import VersionLine
from productloop.foundation.errors import MissingData, UsageError
from productloop.learning.intervals import Interval
from productloop.loop.action import Run
from productloop.text.language import detect


def judge_releases(run: Run, request: ReleasesRequest) -> ReleasesReport:
    """The report. MissingData without versions, UsageError for one that does not exist."""
    releases = read_releases(run.store, run.as_of)
    if not releases:
        raise MissingData(releases_wording.NO_VERSIONS)
    if request.version is not None and request.version not in [release.version for release in releases]:
        raise UsageError(releases_wording.NO_SUCH_VERSION, version=request.version, known=", ".join(r.version for r in releases[-10:]))
    found = study(run)
    run.progress("count", 3, 4)
    counted = {topic.number: topic for topic in count_topics(found) if topic_state(topic) in ("need", "praise", "too_small")}
    compared = effects(found, releases, sorted(counted), run.time_zone)
    shown = {topic.number for topic in choose(list(counted.values()), request.topic)} if request.topic is not None else set(counted)
    promised = {number for number, topic in counted.items() if topic_state(topic) != "praise"}  # a note promises to end trouble, not praise
    noted = {pair for pair in _noted(found, releases, run) if pair[1] in promised}
    lines = [
        _line(run, found, releases, place, [e for e in compared if e.release == place and e.topic in shown], (counted, noted))
        for place in range(len(releases))
        if request.version is None or releases[place].version == request.version
    ]
    return ReleasesReport(
        **run.frame("needs.releases", ("feedback", "changes")),
        enough=len(found.texts) >= MIN_TEXTS,
        dated=found.weeks is not None,
        by_version=has_versions(found),
        releases=tuple(reversed(lines)),
        num_compared=run.figure("num_compared", len(compared), "number", "needs.d.num_compared"),
    )


def moved_by_version(run: Run, found: Study, counted: list[Counted]) -> tuple[VersionLine, ...]:
    """Topics that clearly fell or rose with a version, the clearest first; none where versions are not known."""
    releases = read_releases(run.store, run.as_of)
    known = {topic.number: topic for topic in counted if topic_state(topic) in ("need", "praise", "too_small")}
    moved = [effect for effect in effects(found, releases, sorted(known), run.time_zone) if effect.direction != "unchanged"]
    moved.sort(key=lambda effect: (effect.p, effect.topic))
    lines = [(releases[effect.release], effect) for effect in moved]
    return tuple(
        VersionLine(version=release.version, effect=_effect(run, effect, known[effect.topic], release, noted=False))
        for release, effect in lines
    )


def _line(
    run: Run,
    found: Study,
    releases: list[Release],
    place: int,
    its: list[Effect],
    known: tuple[dict[int, Counted], set[tuple[int, int]]],
) -> ReleaseLine:
    counted, noted = known
    release = releases[place]
    day = int(local_days(np.array([release.time]), run.time_zone)[0])
    weeks = found.weeks
    early = None
    if weeks is not None:
        start = (day + (3 - weeks.week_start) % 7) // 7
        if weeks.last_whole - start + 1 < WEEKS_NEEDED:
            early = weeks.day(start + WEEKS_NEEDED)
    texts = found.texts
    if has_versions(found):
        wanted = version_key(release.version)
        on_it = np.array([value is not None and version_key(str(value)) >= wanted for value in texts.version], dtype=bool)
    else:
        on_it = texts.time >= release.time
    people = len(np.unique(texts.voice[on_it]))
    ordered = sorted(its, key=lambda effect: (effect.direction == "unchanged", effect.p_adjusted, effect.p, effect.topic))
    return ReleaseLine(
        version=release.version,
        date=(date(1970, 1, 1) + timedelta(days=day)).isoformat(),
        title=release.row_id,
        note=release.note,
        state="too_early" if early is not None else ("judged" if its else "too_few"),
        look_again=None if early is None else early.isoformat(),
        people=run.figure(f"{release.version}.people", people, "people" if texts.counts_people else "texts", "needs.d.release_people"),
        effects=tuple(_effect(run, effect, counted[effect.topic], release, noted=(place, effect.topic) in noted) for effect in ordered),
    )


def _effect(run: Run, effect: Effect, topic: Counted, release: Release, *, noted: bool) -> EffectLine:
    name = f"{release.version}.{topic.id}"

    def figure(part: str, interval: Interval, unit: str) -> dict[str, object]:
        ends = (interval.low, interval.high)
        return {part: run.figure(f"{name}.{part}", interval.value, unit, f"needs.d.release_{part}", interval=ends)}

    return EffectLine.model_validate(
        {
            "topic": topic.id,
            "name": entry_name(topic.entry),
            "direction": effect.direction,
            "noted": noted,
            **figure("was", effect.was, "share"),
            **figure("now", effect.now, "share"),
            **figure("ratio", effect.ratio, "ratio"),
        }
    )


def _noted(found: Study, releases: list[Release], run: Run) -> set[tuple[int, int]]:
    """(release, topic) where the release note speaks of the topic: near in meaning, in any of its lines or languages."""
    if found.ledger is None:
        return set()
    parts = [(place, part.strip()) for place, release in enumerate(releases) for part in release.note.replace("\n", "/").split("/")]
    parts = [(place, part) for place, part in parts if part]
    if not parts:
        return set()
    sides = ["zh" if detect(part) in ("zh", "mixed") else "en" for _, part in parts]
    vectors = embed_aligned([part for _, part in parts], sides, run.store, run.progress)
    topic, cosine = found.ledger.space(found.vectors.shape[1]).nearest(vectors, sides)
    return {(place, int(topic[row])) for row, (place, _) in enumerate(parts) if cosine[row] >= NOTED}
