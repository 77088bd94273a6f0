"""`ledger`: the topics with their permanent ids, what the last run changed, and what a person wants changed.

A change by hand reads the kept ledger and, where meaning matters, the cached vectors; no analysis is run. It is written in the last step,
under the lock, on top of whatever is then the newest version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import arro3.core as arrow
import duckdb
import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import _hand, ledger_wording
from productloop.apps.needs._hand import Hand, Heap, Part, named
from productloop.apps.needs._ledger import Change, Cloud, Entry, Kept, groups, read_kept
from productloop.apps.needs._points import Points
from productloop.apps.needs._reading import SIGNED_SHARE, whole_text_with_origin
from productloop.apps.needs._space import space_of
from productloop.apps.needs._study import MIN_TEXTS, embed_aligned, study
from productloop.apps.needs._writing import RunNote, keep_topics, topics_table
from productloop.apps.needs.ledger_types import ChangeLine, LedgerReport, LedgerRequest, LedgerTopic
from productloop.foundation.errors import DataProblem, MissingData, UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run
from productloop.loop.scope import Scope
from productloop.loop.store import Store
from productloop.text.alignment import SPACE
from productloop.text.chinese import to_simplified
from productloop.text.language import detect

HANDS = ("rename", "merge", "split", "pin", "unpin", "define", "undo")
MAX_LIVE, MAX_GONE = 300, 100

Apply = Callable[[Kept], Hand]


@dataclass(frozen=True, slots=True)
class Shown:
    """A ledger as the page shows it."""

    entries: list[Entry]
    changes: tuple[Change, ...]
    since: int | None
    until: int | None
    seen: dict[str, tuple[int | None, int | None]]
    done: Say | None = None
    found_anew: bool = False


def show_ledger(run: Run, request: LedgerRequest) -> LedgerReport:
    """The report. A change by hand, a refit and the first ledger are written in the last step. UsageError, MissingData as they say."""
    if request.scope != Scope():
        raise UsageError(ledger_wording.NO_SCOPE)
    given = [name for name in ("refit", *HANDS) if getattr(request, name) not in (None, False)]
    if len(given) > 1:
        raise UsageError(ledger_wording.ONE_AT_A_TIME, given=", ".join(f"--{name}" for name in given))
    kept = read_kept(run.store)
    present = kept if kept is not None and kept.space == SPACE else None
    if given and given[0] != "refit":
        if present is None:
            raise MissingData(ledger_wording.NO_LEDGER)
        return _report(run, _undone(run, present) if request.undo else _by_hand(run, request, present))
    if present is None or request.refit:
        return _report(run, _found(run, refit=request.refit))
    with _relabelled(run.store, {}) as cursor:
        shown = Shown(list(present.entries.values()), present.changes, present.since, present.ran, _seen(cursor))
    return _report(run, shown)


def _found(run: Run, *, refit: bool) -> Shown | None:
    """The ledger found now, to be kept; None with too few texts."""
    found = study(run, refit=refit)
    ledger = found.ledger
    if ledger is None:
        return None
    entries = keep_topics(run, found)
    seen: dict[str, tuple[int | None, int | None]] = {}
    for number, entry in enumerate(ledger.entries):
        times = found.texts.time[found.rows_of(number)]
        times = times[times > 0]
        seen[entry.id] = (int(times.min()), int(times.max())) if len(times) else (None, None)
    until = run.as_of if ledger.ran is None else ledger.ran
    return Shown(entries, ledger.changes, ledger.since, until, seen, found_anew=refit)


# by hand ------------------------------------------------------------------------------------------------------------------------


def _by_hand(run: Run, request: LedgerRequest, kept: Kept) -> Shown:
    apply = _apply(run, request, kept)
    hand = apply(kept)
    root = run.store.root

    def write() -> None:
        store = Store(root)
        try:
            newest = read_kept(store)
            if newest is None:
                raise MissingData(ledger_wording.NO_LEDGER)
            _write(store, newest, apply(newest))
        finally:
            store.close()

    run.at_end(write)
    with _relabelled(run.store, _moves(hand)) as cursor:
        entries = _hand.settle(hand.entries, _counts(cursor), _dimension(hand))
        said = hand.said
        if request.define is not None:
            head = _head(run)
            (new,) = (entry for entry in entries if entry.id not in kept.entries)
            number = run.figure("defined", _heads(new, head), head, f"needs.d.ledger_{head}")
            said = say("needs.ledger.defined", name=named(new), now=say(f"needs.ledger.{head}", num=number))
        return Shown(entries, kept.changes, kept.since, kept.ran, _seen(cursor), said)


def _apply(run: Run, request: LedgerRequest, kept: Kept) -> Apply:
    """What to do to the ledger, whichever version it will be; everything slow is done here, before the lock."""
    if request.rename is not None:
        order = request.rename
        return lambda now: _hand.rename(now, order)
    if request.merge is not None:
        merged = request.merge
        return lambda now: _hand.merge(now, merged)
    wanted = request.pin if request.pin is not None else request.unpin
    if wanted is not None:
        name, held = wanted, request.pin is not None
        return lambda now: _hand.pin(now, name, held=held)
    if request.split is not None:
        topic = _hand.find_entry(kept, request.split)
        parts = _parts(run, kept, topic)
        return lambda now: _hand.split(now, topic.id, parts)
    part = _defined(run, kept, (request.define or "").strip())
    return lambda now: _hand.define(now, part)


def _parts(run: Run, kept: Kept, topic: Entry) -> list[Part]:
    """The parts of a topic. DataProblem where it does not fall apart."""
    cloud, heap = _gather(run, topic.id)
    if topic.state != "live" or not heap.keys:
        raise UsageError(ledger_wording.NOT_LIVE, topic=topic.name_zh)
    space = space_of([entry.means for entry in kept.live], heap.vectors.shape[1])
    for dial in _hand.PART_DIALS:
        found = groups(cloud, dial)
        chosen = _hand.choose_parts(found, heap, space)
        if len(chosen) >= 2:
            names = [found.names[int(found.labels[rows[0]])] for rows in chosen]
            return [Part(zh, en, phrases, heap.part(rows)) for (zh, en, phrases), rows in zip(names, chosen, strict=True)]
    raise DataProblem(ledger_wording.SPLIT_WHOLE, topic=topic.name_zh, points=len(heap.keys))


def _defined(run: Run, kept: Kept, sentence: str) -> Part:
    """The points that mean what the sentence says. DataProblem where hardly any do."""
    _, heap = _gather(run, None)
    held = {entry.id for entry in kept.entries.values() if entry.held}
    number = {topic: place for place, topic in enumerate(kept.entries)}
    rows: list[int] = []
    if sentence and heap.keys:
        side = "zh" if detect(sentence) in ("zh", "mixed") else "en"
        vector = embed_aligned([to_simplified(sentence)], [side], run.store, run.progress)
        space = space_of([entry.means for entry in kept.live], vector.shape[1])
        labels = np.array([number.get(topic or "", -1) for topic in heap.topic], dtype=np.int64)
        rows = _hand.near(space.moved(vector, [side])[0], space.moved(heap.vectors, heap.sides), labels)
    rows = [row for row in rows if heap.topic[row] not in held]
    if len(rows) < _hand.MIN_DEFINED:
        raise DataProblem(ledger_wording.DEFINE_NOTHING, sentence=excerpt(sentence))
    name = sentence[: _hand.MAX_NAME]
    return Part(name, name, (), heap.part(rows))


def _gather(run: Run, topic: str | None) -> tuple[Cloud, Heap]:
    """The kept points of one topic, or all, with their words and vectors; a text that changed since makes no wrong words, only none."""
    condition, parameters = ("WHERE p.topic = ?", [topic]) if topic is not None else ("", [])
    rows = run.store.rows(
        'SELECT p.feedback, p.start, p."end", p.language, p.topic, f.title, f.text FROM points p '
        f"JOIN feedback f ON f.row_id = p.feedback {condition} ORDER BY p.sequence",
        parameters,
    )
    texts: dict[str, tuple[str, NDArray[np.int64]]] = {}
    words = []
    for feedback, start, end, _, _, title, text in rows:
        if feedback not in texts:
            texts[feedback] = whole_text_with_origin(title, text)
        cleaned, origin = texts[feedback]
        first, last = np.searchsorted(origin[:-1], start, "left"), np.searchsorted(origin[:-1], end - 1, "right")
        words.append(to_simplified(cleaned[first:last]))
    number = {feedback: place for place, feedback in enumerate(texts)}
    unknown = np.full(len(rows), np.nan)
    points = Points(
        np.array([number[row[0]] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
        words,
        [str(row[3]) for row in rows],
        unknown,
        unknown,
    )
    keys = [(str(row[0]), int(row[1])) for row in rows]
    vectors = embed_aligned(words, points.sides, run.store, run.progress) if words else np.zeros((0, 1), dtype=np.float32)
    cloud = Cloud(keys, points, vectors, tuple(run.settings.words("product.words")), run.seed)
    return cloud, Heap(keys, points.sides, vectors, [row[4] for row in rows])


def _undone(run: Run, kept: Kept) -> Shown:
    """The ledger as it was before the last change by hand."""
    root = run.store.root

    def write() -> None:
        store = Store(root)
        try:
            newest = read_kept(store)
            with _before(root, newest) as earlier:
                for table in ("points", "topics"):
                    if earlier.versions()[table] != store.versions()[table]:
                        store.overwrite(table, earlier.db.sql(f"SELECT * FROM {table} ORDER BY sequence"))
        finally:
            store.close()

    with _before(root, kept) as earlier:
        try:
            was = read_kept(earlier)
        except duckdb.IOException as error:
            raise DataProblem(ledger_wording.UNDO_GONE) from error
    if was is None:
        raise DataProblem(ledger_wording.UNDO_GONE)
    run.at_end(write)
    moves = {f"p{row}-{start}": topic for (row, start), topic in was.topic_of.items() if kept.topic_of.get((row, start)) != topic}
    with _relabelled(run.store, moves) as cursor:
        seen = _seen(cursor)
    return Shown(list(was.entries.values()), was.changes, was.since, was.ran, seen, say("needs.ledger.undone"))


@contextmanager
def _before(root: Any, kept: Kept | None) -> Iterator[Store]:
    if kept is None or kept.undo is None:
        raise UsageError(ledger_wording.NOTHING_TO_UNDO)
    store = Store(root, pinned={"topics": kept.undo[0], "points": kept.undo[1]})
    try:
        yield store
    finally:
        store.close()


def _write(store: Store, kept: Kept, hand: Hand) -> None:
    """Points, then topics; the versions before are noted, so that it can be undone."""
    versions = store.versions()
    undo = (versions["topics"], versions["points"])
    with _relabelled(store, _moves(hand)) as cursor:
        entries = _hand.settle(hand.entries, _counts(cursor), _dimension(hand))
        if hand.moves:
            store.overwrite("points", cursor.sql("SELECT * FROM moved ORDER BY sequence"))
    changes = {change.topic: change for change in kept.changes}
    store.overwrite("topics", topics_table(entries, changes, kept.dial, RunNote(kept.since, kept.ran, undo)))


def _dimension(hand: Hand) -> int:
    return next((len(mean) for entry in hand.entries.values() for _, mean in entry.means.values()), 1)


def _moves(hand: Hand) -> dict[str, str]:
    return {f"p{row}-{start}": topic for (row, start), topic in hand.moves.items()}


@contextmanager
def _relabelled(store: Store, moves: dict[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor with the view `moved`: points (by row id) after the moves."""
    cursor = store.db.cursor()
    try:
        text = arrow.DataType.utf8()
        columns: dict[str, Any] = {"row_id": arrow.Array(list(moves), text), "goes": arrow.Array(list(moves.values()), text)}
        cursor.register("moves", arrow.Table.from_pydict(columns))
        cursor.execute(
            "CREATE TEMP VIEW moved AS SELECT p.* REPLACE (coalesce(m.goes, p.topic) AS topic) FROM points p LEFT JOIN moves m USING (row_id)"
        )
        yield cursor
    finally:
        cursor.close()


def _counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Topic -> (texts, people)."""
    query = "SELECT topic, count(DISTINCT feedback), count(DISTINCT voice) FROM moved WHERE topic IS NOT NULL GROUP BY topic"
    return {str(topic): (int(texts), int(people)) for topic, texts, people in cursor.execute(query).fetchall()}


def _seen(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int | None, int | None]]:
    """Topic -> first and last time, µs UTC."""
    query = (
        "SELECT m.topic, min(f.time), max(f.time) FROM moved m JOIN feedback f ON f.row_id = m.feedback "
        "WHERE m.topic IS NOT NULL GROUP BY m.topic"
    )
    return {str(topic): (first, last) for topic, first, last in cursor.execute(query).fetchall()}


# the report ---------------------------------------------------------------------------------------------------------------------


def _report(run: Run, shown: Shown | None) -> LedgerReport:
    head, num_texts = _head(run), run.store.count("feedback")
    there = shown if shown is not None else Shown([], (), None, None, {})
    names = {entry.id: entry for entry in there.entries}
    live = sorted((entry for entry in there.entries if entry.state == "live"), key=lambda entry: -_heads(entry, head))
    gone = [entry for entry in there.entries if entry.state != "live"]
    lines = tuple(_change(run, change, names, head) for change in there.changes if _is_told(change, names))
    kinds = dict.fromkeys(line.kind for line in lines)
    return LedgerReport(
        **run.frame("needs.ledger", ("feedback",)),
        enough=shown is not None,
        texts=run.figure("texts", num_texts, "texts", "needs.d.texts"),
        missing=run.figure("missing", max(0, MIN_TEXTS - num_texts), "texts", "needs.d.missing"),
        counts_people=head == "people",
        done=there.done,
        found_anew=there.found_anew,
        since=_day(run, there.since),
        until=_day(run, there.until),
        changes=lines[:MAX_LIVE],
        num_same=run.figure("num_same", sum(change.kind == "same" for change in there.changes), "number", "needs.d.ledger_changes"),
        counts={
            kind: run.figure(f"num_{kind}", sum(line.kind == kind for line in lines), "number", "needs.d.ledger_changes") for kind in kinds
        },
        num_topics=run.figure("num_topics", len(live), "number", "needs.d.ledger_topics"),
        num_held=run.figure("num_held", sum(entry.held for entry in live), "number", "needs.d.ledger_held"),
        topics=tuple(_topic(run, entry, there, names, head) for entry in [*live[:MAX_LIVE], *gone[:MAX_GONE]]),
    )


def _is_told(change: Change, names: dict[str, Entry]) -> bool:
    """What a person has merged away since is told no more."""
    return change.kind != "same" and change.topic in names and (names[change.topic].state == "live") == (change.kind != "faded")


def _head(run: Run) -> str:
    """Whether people or texts are counted."""
    (signed,) = run.store.rows("SELECT avg((author IS NOT NULL)::INT) FROM feedback")[0]
    return "people" if (signed or 0.0) >= SIGNED_SHARE else "texts"


def _heads(entry: Entry, head: str) -> int:
    return entry.num_people if head == "people" else entry.num_texts


def _change(run: Run, change: Change, names: dict[str, Entry], head: str) -> ChangeLine:
    entry = names[change.topic]
    assert change.kind != "same"
    return ChangeLine(
        kind=change.kind,
        topic=entry.id,
        name=named(entry),
        was=run.figure(f"{entry.id}.was", change.people_was, head, "needs.d.ledger_was"),
        now=run.figure(f"{entry.id}.now", _heads(entry, head), head, f"needs.d.ledger_{head}"),
        others=tuple(_hand.quoted(names[other]) for other in change.others if other in names),
    )


def _topic(run: Run, entry: Entry, shown: Shown, names: dict[str, Entry], head: str) -> LedgerTopic:
    first, last = shown.seen.get(entry.id, (None, None))
    into = names.get(entry.merged_into or "")
    return LedgerTopic(
        id=entry.id,
        name=named(entry),
        state=entry.state,
        held=entry.held,
        people=run.figure(f"{entry.id}.people", _heads(entry, head), head, f"needs.d.ledger_{head}"),
        texts=run.figure(f"{entry.id}.texts", entry.num_texts, "texts", "needs.d.ledger_texts"),
        first_seen=_day(run, first),
        last_seen=_day(run, last),
        into=named(into) if into is not None else None,
    )


def _day(run: Run, microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).astimezone(ZoneInfo(run.time_zone)).date().isoformat()
