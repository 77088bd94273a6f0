"""What `analyse` keeps for the other apps: `points`, `topics` (the ledger) and its `findings`. Written in the last step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from productloop.apps.needs._edges import edges
from productloop.apps.needs._ledger import Change, Entry, Ledger, centroid_text, change_text
from productloop.apps.needs._study import Study
from productloop.apps.needs.types import AnalyseReport
from productloop.loop.action import Run
from productloop.text.alignment import SPACE


def keep_topics(run: Run, study: Study) -> list[Entry]:
    """Register the writes of `points` and `topics`; the entries as they are written, those that are gone last.

    Where a person changed the topics meanwhile, theirs stand and nothing is written.
    """
    ledger = study.ledger
    if ledger is None:
        return []
    members = [study.rows_of(number) for number in range(len(ledger.entries))]
    counted = [
        replace(entry, num_texts=len(rows), num_people=len(np.unique(study.texts.voice[rows])))
        for entry, rows in zip(ledger.entries, members, strict=True)
    ]
    gone = [replace(entry, num_texts=0, num_people=0) for entry in ledger.gone]
    changes = {change.topic: change for change in ledger.changes}
    run_note = RunNote(ledger.since, run.as_of if ledger.ran is None else ledger.ran)
    entries = [*counted, *gone]
    points, topics = _points_table(study, ledger), topics_table(entries, changes, ledger.dial, run_note)

    def write() -> None:
        present = run.store.current_version("topics") if run.store.exists("topics") else None
        if present == ledger.version:
            run.store.overwrite("points", points)
            run.store.overwrite("topics", topics)

    run.at_end(write)
    return entries


def _points_table(study: Study, ledger: Ledger) -> Any:
    points, texts = study.points, study.texts
    rows = [str(texts.row_id[row]) for row in points.text]
    ids = np.array([entry.id for entry in ledger.entries], dtype=object)
    return _table(
        [f"p{row}-{start}" for row, start in zip(rows, points.start.tolist(), strict=True)],
        {
            "feedback": ("utf8", rows),
            "start": ("int64", points.start.tolist()),
            "end": ("int64", points.end.tolist()),
            "language": ("utf8", points.language),
            "sentiment": ("float64", [round(float(value), 4) if np.isfinite(value) else None for value in points.sentiment]),
            "certainty": ("float64", [round(float(value), 4) if np.isfinite(value) else None for value in points.certainty]),
            "type": ("utf8", points.type or [None] * len(rows)),
            "topic": ("utf8", [ledger.entries[label].id if label >= 0 else None for label in ledger.labels]),
            "near": ("utf8", [" ".join(ids[edge]) for edge in edges(study)]),
            "voice": ("int64", study.voice.tolist()),
        },
    )


@dataclass(frozen=True, slots=True)
class RunNote:
    """When the changes of the ledger were measured, and what undoes the last change by hand."""

    since: int | None
    ran: int | None
    undo: tuple[int, int] | None = None


def topics_table(entries: Sequence[Entry], changes: Mapping[str, Change], dial: float | None, note: RunNote) -> Any:
    """The ledger as an Arrow table."""
    return _table(
        [entry.id for entry in entries],
        {
            "topic": ("utf8", [entry.id for entry in entries]),
            "name_zh": ("utf8", [entry.name_zh for entry in entries]),
            "name_en": ("utf8", [entry.name_en for entry in entries]),
            "num_texts": ("int64", [entry.num_texts for entry in entries]),
            "num_people": ("int64", [entry.num_people for entry in entries]),
            "state": ("utf8", [entry.state for entry in entries]),
            "merged_into": ("utf8", [entry.merged_into for entry in entries]),
            "held": ("bool", [entry.held for entry in entries]),
            "middle": ("int64", [entry.middle for entry in entries]),
            "coarse": ("int64", [entry.coarse for entry in entries]),
            "stability": ("float64", [round(entry.stability, 4) for entry in entries]),
            "cohesion": ("float64", [round(entry.cohesion, 4) for entry in entries]),
            "varied": ("bool", [entry.varied for entry in entries]),
            "phrases": ("utf8", [json.dumps(entry.phrases, ensure_ascii=False) for entry in entries]),
            "encoder": ("utf8", [SPACE] * len(entries)),
            "dial": ("float64", [dial] * len(entries)),
            "centroid": ("utf8", [centroid_text(entry) for entry in entries]),
            "change": ("utf8", [change_text(changes.get(entry.id), note.since, note.ran, note.undo) for entry in entries]),
        },
    )


def keep_findings(run: Run, report: AnalyseReport) -> None:
    """Register the write of this action's findings; the earlier ones are replaced."""
    found = report.findings
    table = _table(
        [f"needs.analyse.{finding.kind}.{finding.subject}" for finding in found],
        {
            "app": ("utf8", ["needs"] * len(found)),
            "action": ("utf8", ["analyse"] * len(found)),
            "kind": ("utf8", [finding.kind for finding in found]),
            "subject": ("utf8", [finding.subject for finding in found]),
            "strength": ("float64", [finding.strength for finding in found]),
            "people": ("int64", [None if finding.people is None else finding.people.value for finding in found]),
            "time": ("int64", [run.as_of] * len(found)),
            "report": ("utf8", [report.id] * len(found)),
            "properties": ("utf8", [finding.model_dump_json() for finding in found]),
        },
    )

    def write() -> None:
        run.store.delete_rows("findings", "app = 'needs' AND action = 'analyse'")
        if found:
            run.store.append("findings", table, 0)

    run.at_end(write)


def _table(row_ids: list[str], columns: dict[str, tuple[str, Sequence[Any]]]) -> Any:
    """An Arrow table with the bookkeeping columns before its own."""
    import arro3.core as arrow

    types = arrow.DataType
    kinds = {"utf8": types.utf8(), "int64": types.int64(), "float64": types.float64(), "bool": types.bool()}
    own = {name: arrow.Array(list(values), kinds[kind]) for name, (kind, values) in columns.items()}
    return arrow.Table.from_pydict(
        {
            "row_id": arrow.Array(row_ids, kinds["utf8"]),
            "import_id": arrow.Array([0] * len(row_ids), kinds["int64"]),
            "sequence": arrow.Array(list(range(len(row_ids))), kinds["int64"]),
            **own,
        }
    )
