"""What `analyse` keeps for the other apps: `points` (one per text), `topics` (the ledger) and its `findings`. Written in the last step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._reading import Texts
from productloop.apps.needs._topics import Counted
from productloop.apps.needs.types import AnalyseReport
from productloop.loop.action import Run
from productloop.text.encoders import DEFAULT_ENCODER
from productloop.text.topics import Topics


def keep_topics(run: Run, texts: Texts, topics: Topics, counted: list[Counted], sentiment: NDArray[np.float64]) -> None:
    """Register the writes of `points` and `topics`; the centroid is stored with the centre it was measured from, to place new texts."""
    points = _table(
        [f"p{row}" for row in texts.row_id],
        {
            "feedback": ("utf8", [str(row) for row in texts.row_id]),
            "start": ("int64", [0] * len(texts)),
            "end": ("int64", [len(text) for text in texts.text]),
            "language": ("utf8", texts.language),
            "sentiment": ("float64", [round(float(value), 4) if np.isfinite(value) else None for value in sentiment]),
            "topic": ("utf8", [counted[label].id for label in topics.labels]),
        },
    )
    centroids = [json.dumps([round(float(x), 5) for x in row]) for row in topics.centroids]
    people = [len(np.unique(texts.voice[topic.members])) for topic in counted]
    ledger = _table(
        [topic.id for topic in counted],
        {
            "topic": ("utf8", [topic.id for topic in counted]),
            "name_zh": ("utf8", [topic.name_zh for topic in counted]),
            "name_en": ("utf8", [topic.name_en for topic in counted]),
            "num_texts": ("int64", [len(topic.members) for topic in counted]),
            "num_people": ("int64", people),
            "encoder": ("utf8", [DEFAULT_ENCODER.id] * len(counted)),
            "centroid": ("utf8", centroids),
        },
    )
    run.at_end(lambda: run.store.overwrite("points", points))
    run.at_end(lambda: run.store.overwrite("topics", ledger))


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

    kinds = {"utf8": arrow.DataType.utf8(), "int64": arrow.DataType.int64(), "float64": arrow.DataType.float64()}
    own = {name: arrow.Array(list(values), kinds[kind]) for name, (kind, values) in columns.items()}
    return arrow.Table.from_pydict(
        {
            "row_id": arrow.Array(row_ids, kinds["utf8"]),
            "import_id": arrow.Array([0] * len(row_ids), kinds["int64"]),
            "sequence": arrow.Array(list(range(len(row_ids))), kinds["int64"]),
            **own,
        }
    )
