"""`types`: how many voices report something broken, wish, praise, ask, complain or are leaving; with trend, topics, quotes and versions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._counting import MIN_VOICES
from productloop.apps.needs._figures import entry_name
from productloop.apps.needs._release import has_kinds
from productloop.apps.needs._study import Study, study
from productloop.apps.needs._weekly import shown_weeks
from productloop.apps.needs.kinds_types import KindLine, KindTopic, TypesReport, TypesRequest, VersionLine
from productloop.foundation.figures import Figure
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run

Flags = NDArray[np.bool_]

ORDER = ("churn_threat", "bug", "complaint", "request", "question", "praise", "other")
NUM_QUOTES = 3
MAX_VERSIONS = 12


def count_kinds(run: Run, request: TypesRequest) -> TypesReport:
    """The report; without a text everything is 0."""
    found = study(run)
    run.progress("count", 3, 4)
    texts, kind = found.texts, np.array(found.points.type, dtype=object)
    recent = found.recent[found.points.text] if len(kind) else np.zeros(0, dtype=bool)
    head = "people" if texts.counts_people else "texts"
    everybody = len(np.unique(texts.voice[found.recent]))
    lines = tuple(_line(run, found, name, kind == name, recent, request.num_topics) for name in ORDER)
    unsure = int(np.sum([value is None for value in kind[recent]]))
    weeks = found.weeks
    return TypesReport(
        **run.frame("needs.types", ("feedback",)),
        counts_people=texts.counts_people,
        enough=len(texts) > 0,
        people=run.figure("people", everybody, head, f"needs.d.{head}", n=int(found.recent.sum())),
        kinds=lines,
        unsure=run.figure(
            "unsure", unsure / int(recent.sum()) if recent.any() else None, "share", "needs.d.kind_unsure", n=int(recent.sum())
        ),
        by_model=has_kinds(run),
        by_version=_versions(run, found, kind == "bug"),
        weeks=tuple(weeks.day(week).isoformat() for week in shown_weeks(weeks)) if weeks is not None else (),
    )


def _line(run: Run, found: Study, name: str, its: Flags, recent: Flags, num_topics: int) -> KindLine:
    head = "people" if found.texts.counts_people else "texts"
    inside = np.flatnonzero(its & recent)
    voices = len(np.unique(found.voice[inside]))
    everybody = len(np.unique(found.texts.voice[found.recent]))
    return KindLine(
        kind=name,
        people=run.figure(f"{name}.people", voices, head, "needs.d.kind_people", n=len(inside)),
        share=_share(run, f"{name}.share", voices, everybody, "needs.d.kind_share"),
        by_week=_by_week(found, its),
        topics=_topics(run, found, name, inside)[:num_topics],
        quotes=_quotes(found, inside),
    )


def _by_week(found: Study, its: Flags) -> tuple[int | None, ...]:
    """Voices of each shown week, None where the week is open."""
    weeks = found.weeks
    if weeks is None:
        return ()
    week = weeks.week[found.points.text]
    return tuple(
        len(np.unique(found.voice[its & (week == one)])) if weeks.first_whole <= one <= weeks.last_whole else None
        for one in shown_weeks(weeks)
    )


def _topics(run: Run, found: Study, name: str, inside: NDArray[np.intp]) -> tuple[KindTopic, ...]:
    if found.ledger is None:
        return ()
    head = "people" if found.texts.counts_people else "texts"
    labels = found.ledger.labels[inside]
    counts = {int(topic): len(np.unique(found.voice[inside[labels == topic]])) for topic in np.unique(labels[labels >= 0])}
    kept = sorted((topic for topic in counts if not found.ledger.entries[topic].varied), key=lambda topic: (-counts[topic], topic))
    entries = found.ledger.entries
    return tuple(
        KindTopic(
            topic=entries[topic].id,
            name=entry_name(entries[topic]),
            people=run.figure(f"{name}.{entries[topic].id}.people", counts[topic], head, "needs.d.kind_topic"),
        )
        for topic in kept
    )


def _quotes(found: Study, inside: NDArray[np.intp]) -> tuple[str, ...]:
    """Row ids of readable texts, the newest first, each by another voice and none a copy of another."""
    texts = found.texts
    rows: list[int] = []
    newest = sorted(
        (int(found.points.text[point]) for point in inside), key=lambda row: (not 8 <= len(texts.text[row]) <= 200, -texts.time[row], row)
    )
    for row in newest:
        if all(texts.voice[row] != texts.voice[other] and texts.copy_group[row] != texts.copy_group[other] for other in rows):
            rows.append(row)
        if len(rows) == NUM_QUOTES:
            break
    return tuple(str(texts.row_id[row]) for row in rows)


def _versions(run: Run, found: Study, bug: Flags) -> tuple[VersionLine, ...]:
    """Share of the voices of each version who report something broken, over all time; versions of few voices are left out."""
    texts = found.texts
    head = "people" if texts.counts_people else "texts"
    version = texts.version
    reporting = np.zeros(len(texts), dtype=bool)
    reporting[found.points.text[bug]] = True
    lines: list[tuple[int, VersionLine]] = []
    for value in sorted({str(one) for one in version if one is not None}):
        here = np.array([one is not None and str(one) == value for one in version], dtype=bool)
        voices, hits = len(np.unique(texts.voice[here])), len(np.unique(texts.voice[here & reporting]))
        if voices >= MIN_VOICES:
            people = run.figure(f"version_{value}.people", voices, head, "needs.d.kind_version_people")
            share = _share(run, f"version_{value}.share", hits, voices, "needs.d.kind_version")
            lines.append((int(texts.time[here].max()), VersionLine(version=value, people=people, share=share)))
    newest = sorted(lines, key=lambda line: -line[0])[:MAX_VERSIONS]
    return tuple(line for _, line in reversed(newest))


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))
