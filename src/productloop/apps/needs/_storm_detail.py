"""One storm from close by: people, accounts and copies, where it is, what it is about, what people ask for, what was changed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import storm_wording
from productloop.apps.needs._figures import entry_name
from productloop.apps.needs._reading import num_authors
from productloop.apps.needs._segments import MAX_P, MIN_RATIO, columns_of
from productloop.apps.needs._sentiment import NEGATIVE_BELOW
from productloop.apps.needs._storm import local_hours
from productloop.apps.needs._study import Study
from productloop.apps.needs.storm_types import AskLine, ChangeLine, CopiedLine, StormDetail, StormLine, StormTopic, WhereLine
from productloop.foundation.figures import Figure
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.text.keywords import key_phrases

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CHANGE_DAYS = 3
"""Changes of so many days before the start are named."""
MIN_PLACE = 5
"""Voices of a version, store or region that may stand out."""
MAX_WHERE, MAX_TOPICS, MAX_ASKS, MAX_COPIED, MAX_CHANGES, NUM_QUOTES, NUM_WORDS = 5, 8, 5, 5, 5, 3, 8
MAX_KEYWORD_TEXTS = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """Texts of the storm, of the weeks before it and of all time before it, (n,) each; its local start where it has one."""

    inside: Flags
    before: Flags
    earlier: Flags
    start: datetime | None


def describe(run: Run, study: Study, unhappy: Flags, window: Window, line: StormLine | None) -> StormDetail:
    """The storm's texts are the unhappy ones of its time."""
    texts = study.texts
    rows = np.flatnonzero(window.inside & unhappy)
    before = np.flatnonzero(window.before & unhappy)
    name = "all" if line is None else f"storm_{line.number}"
    head = "people" if texts.counts_people else "texts"
    groups, counts = np.unique(texts.copy_group[rows], return_counts=True)
    copies = int(counts[counts > 1].sum())
    accounts = texts.author[rows]
    known = np.unique(accounts[accounts >= 0])
    new = None if line is None or len(known) == 0 else int((~np.isin(known, texts.author[window.earlier])).sum())
    share = share_interval(copies, len(rows))
    limits = (share.low, share.high)
    topics = _topics(run, study, rows, before, name)
    shown = [topic.quotes for topic in topics if topic.quotes and (topic.storms or line is None)]
    said = tuple(dict.fromkeys([*(quotes[0] for quotes in shown), *(quote for quotes in shown for quote in quotes)]))
    return StormDetail(
        line=line,
        people=run.figure(f"{name}.people", len(np.unique(texts.voice[rows])), head, "needs.d.storm_people", n=len(rows)),
        accounts=run.figure(f"{name}.accounts", num_authors(accounts), head, "needs.d.storm_accounts"),
        texts=run.figure(f"{name}.texts", len(rows), "texts", "needs.d.storm_texts"),
        copies=run.figure(f"{name}.copies", copies, "texts", "needs.d.storm_copies"),
        copies_share=run.figure(f"{name}.copies_share", share.value, "share", "needs.d.storm_copies_share", n=len(rows), interval=limits),
        new_authors=run.figure(f"{name}.new_authors", new, head, "needs.d.storm_new"),
        where=_where(run, study, rows, before, name),
        topics=topics,
        asks=_asks(run, study, window.inside & ~(np.nan_to_num(study.sentiment) > 0), name),
        copied=_copied(run, study, rows, [int(group) for group in groups[np.argsort(-counts, kind="stable")] if group >= 0], name),
        changes=_changes(run, window),
        words=() if topics else _words(run, study, rows),
        quotes=said[:NUM_QUOTES] or tuple(str(texts.row_id[row]) for row in unhappiest(study, rows)),
    )


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value if total else None, "share", definition, n=total, interval=(interval.low, interval.high))


def _where(run: Run, study: Study, rows: Ints, before: Ints, name: str) -> tuple[WhereLine, ...]:
    """Values with a larger part of the storm's voices than of the unhappy voices before (Fisher, corrected by Holm), the largest part first."""
    if len(before) == 0:
        return ()
    voice = study.texts.voice
    tested: list[tuple[str, str, int, int, int, int]] = []
    for column, values in columns_of(study, run.store).items():
        here, there = (its[[values[row] is not None for row in its]] for its in (rows, before))
        total, others = len(np.unique(voice[here])), len(np.unique(voice[there]))
        if total < MIN_PLACE or others < MIN_PLACE:
            continue
        for value in sorted({str(values[row]) for row in here}):
            hits, other_hits = (len(np.unique(voice[its[[str(values[row]) == value for row in its]]])) for its in (here, there))
            if hits >= MIN_PLACE and hits * others >= MIN_RATIO * other_hits * total:
                tested.append((column, value, hits, total, other_hits, others))
    adjusted = holm([fisher_tail(*one[2:]) for one in tested])
    kept = [one for one, p in zip(tested, adjusted, strict=True) if p < MAX_P]
    kept.sort(key=lambda one: (-one[2] / one[3] + one[4] / one[5], one[0], one[1]))
    return tuple(
        WhereLine(
            column=column,
            value=value,
            people=run.figure(f"{name}.where_{rank}.people", hits, "people", "needs.d.storm_where", n=total),
            share=_share(run, f"{name}.where_{rank}.share", hits, total, "needs.d.storm_share"),
            before=_share(run, f"{name}.where_{rank}.before", other_hits, others, "needs.d.storm_before"),
        )
        for rank, (column, value, hits, total, other_hits, others) in enumerate(kept[:MAX_WHERE])
    )


def by_name(study: Study) -> Ints:
    """(p,) topic of each point, -1 for none; topics that read the same count as the first of them, since nobody could tell them apart."""
    if study.ledger is None:
        return np.full(len(study.points), -1, dtype=np.int64)
    first: dict[str, int] = {}
    same = [first.setdefault(entry_name(entry).model_dump_json(), number) for number, entry in enumerate(study.ledger.entries)]
    labels = study.ledger.labels
    return np.where(labels >= 0, np.array(same, dtype=np.int64)[labels], -1).astype(np.int64)


def _topics(run: Run, study: Study, rows: Ints, before: Ints, name: str) -> tuple[StormTopic, ...]:
    """Topics by voices of the storm; those that are clearly more frequent than before first."""
    if study.ledger is None or len(rows) == 0:
        return ()
    voice = study.texts.voice
    total, others = len(np.unique(voice[rows])), len(np.unique(voice[before]))
    found = []
    labels = by_name(study)
    for topic in np.unique(labels[labels >= 0]).tolist():
        members = np.unique(study.points.text[labels == topic])
        its = np.intersect1d(members, rows)
        hits, other_hits = len(np.unique(voice[its])), len(np.unique(voice[np.intersect1d(members, before)]))
        if hits:
            found.append((topic, its, hits, other_hits))
    adjusted = holm([fisher_tail(hits, total, other, others) if others else 1.0 for _, _, hits, other in found])
    storms = {one[0]: p < MAX_P and one[2] >= MIN_PLACE for one, p in zip(found, adjusted, strict=True)}
    found.sort(key=lambda one: (not storms[one[0]], study.ledger is not None and study.ledger.entries[one[0]].varied, -one[2], one[0]))
    return tuple(
        StormTopic(
            name=entry_name(study.ledger.entries[topic]),
            people=run.figure(f"{name}.topic_{rank}.people", hits, "people", "needs.d.storm_topic", n=total),
            share=_share(run, f"{name}.topic_{rank}.share", hits, total, "needs.d.storm_share"),
            before=_share(run, f"{name}.topic_{rank}.before", other, others, "needs.d.storm_before"),
            storms=storms[topic],
            quotes=tuple(str(study.texts.row_id[row]) for row in unhappiest(study, its)),
        )
        for rank, (topic, its, hits, other) in enumerate(found[:MAX_TOPICS])
    )


def _asks(run: Run, study: Study, inside: Flags, name: str) -> tuple[AskLine, ...]:
    """Who asks for something, by kind or in words ("please refund me" is a complaint that asks), by topic; of no topic last.

    Cutting a text into points drops "please fix it soon", which is about nothing: then all the text's points tell what is to be fixed.
    """
    points, wish = study.points, storm_wording.WISH
    kinds = points.type or [None] * len(points)
    said = np.array([bool(inside[row]) and wish.search(text) is not None for row, text in enumerate(study.texts.text)], dtype=bool)
    exact = np.array(
        [kind == "request" or wish.search(words) is not None for kind, words in zip(kinds, points.words, strict=True)], dtype=bool
    )
    exact &= inside[points.text]
    told = np.zeros(len(study.texts), dtype=bool)
    told[points.text[exact]] = True
    asking = np.flatnonzero(exact | (said & ~told)[points.text])
    topic = by_name(study)[asking]
    lines = []
    for number in np.unique(topic):
        its = np.unique(points.text[asking[topic == number]])
        lines.append((int(number), its, len(np.unique(study.texts.voice[its]))))
    lines.sort(key=lambda line: (line[0] < 0, -line[2], line[0]))
    entries = () if study.ledger is None else study.ledger.entries
    return tuple(
        AskLine(
            name=entry_name(entries[number]) if number >= 0 else None,
            people=run.figure(f"{name}.ask_{rank}", voices, "people", "needs.d.storm_asks"),
            quotes=tuple(str(study.texts.row_id[row]) for row in unhappiest(study, its)[:2]),
        )
        for rank, (number, its, voices) in enumerate(lines[:MAX_ASKS])
    )


def _copied(run: Run, study: Study, rows: Ints, groups: list[int], name: str) -> tuple[CopiedLine, ...]:
    lines = []
    for rank, group in enumerate(groups[:MAX_COPIED]):
        its = rows[study.texts.copy_group[rows] == group]
        if len(its) > 1:
            copies = run.figure(f"{name}.copied_{rank}", len(its), "texts", "needs.d.storm_copies_of")
            accounts = run.figure(f"{name}.copied_{rank}.by", num_authors(study.texts.author[its]), "people", "needs.d.storm_copies_by")
            lines.append(CopiedLine(quote=str(study.texts.row_id[int(its[0])]), copies=copies, accounts=accounts))
    return tuple(lines)


def _changes(run: Run, window: Window) -> tuple[ChangeLine, ...]:
    """What was changed in the CHANGE_DAYS before the start, or in its first hour."""
    if window.start is None or not run.store.exists("changes"):
        return ()
    rows = run.store.rows("SELECT time, kind, coalesce(title, version, '') FROM changes WHERE time IS NOT NULL ORDER BY time, row_id")
    if not rows:
        return ()
    hours = local_hours(np.array([int(row[0]) for row in rows], dtype=np.int64), run.time_zone)
    lines = []
    for hour, (_, kind, title) in zip(hours.tolist(), rows, strict=True):
        when = datetime(1970, 1, 1) + timedelta(hours=int(hour))
        if window.start - timedelta(days=CHANGE_DAYS) <= when <= window.start + timedelta(hours=1):
            lines.append(ChangeLine(date=f"{when:%Y-%m-%d}", kind=str(kind), title=str(title)))
    return tuple(lines[-MAX_CHANGES:])


def _words(run: Run, study: Study, rows: Ints) -> tuple[str, ...]:
    """Phrases of the storm's texts against the others; one text of each group of copies."""
    _, first = np.unique(study.texts.copy_group, return_index=True)
    inside = np.isin(first, rows)
    ours = [study.texts.text[row] for row in first[inside][-MAX_KEYWORD_TEXTS:]]
    others = [study.texts.text[row] for row in first[~inside][-MAX_KEYWORD_TEXTS:]]
    words = tuple(run.settings.words("product.words"))
    return tuple(key.phrase for key in key_phrases(ours, others, num_phrases=NUM_WORDS, product_words=words)) if ours else ()


def unhappiest(study: Study, rows: Ints) -> list[int]:
    """Texts of different voices and words, the unhappiest of readable length first."""
    texts = study.texts
    feeling = np.nan_to_num(study.sentiment[rows])
    readable = np.array([8 <= len(texts.text[row]) <= 200 for row in rows], dtype=bool)
    quotes: list[int] = []
    for row in rows[np.lexsort((rows, -texts.time[rows], feeling > NEGATIVE_BELOW, ~readable))].tolist():
        if all(texts.voice[row] != texts.voice[other] and texts.copy_group[row] != texts.copy_group[other] for other in quotes):
            quotes.append(row)
        if len(quotes) == NUM_QUOTES:
            break
    return quotes
