"""Protocol adapters: rows and outcomes that other programs post, and questions to live models. Everything is acknowledged after commit.

    POST /v1/outcomes        [{"subject": "u1", "task": "churn", "value": "1"}]
    POST /v1/feedback        rows of a canonical table, by its own column names (also events, orders, actors, items, changes, metrics)
    POST /v1/predict/TASK    [{"subject": "u1"}] or the inputs themselves
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Body, Request

from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.privacy import mask
from productloop.foundation.tables import CANONICAL, TABLES, Table
from productloop.interfaces import wording
from productloop.interfaces.session import clock
from productloop.loop.feedback import post_outcomes, row_identity

OPEN_TABLES = tuple(table.name for table in CANONICAL if table.name != "outcomes")
MAX_ROWS = 10_000
router = APIRouter(prefix="/v1")


@router.post("/outcomes")
def accept_outcomes(request: Request, rows: list[dict[str, Any]] = Body(...)) -> dict[str, Any]:
    """What really happened to subjects; joined with the predictions that were made, and learned from at the next turn."""
    _limit(rows)
    return {"accepted": post_outcomes(request.app.state.serving.store, [_timed(row) for row in rows], clock()), "received": len(rows)}


@router.post("/predict/{task}")
def predict(request: Request, task: str, rows: list[dict[str, Any]] = Body(...)) -> dict[str, Any]:
    """Answers of the task's live model release, each with an id that late outcomes are joined to."""
    _limit(rows)
    answers = request.app.state.serving.predict(task, rows)
    return {"release": answers[0].release if answers else None, "predictions": [answer.model_dump() for answer in answers]}


@router.post("/{table}")
def accept_rows(request: Request, table: str, rows: list[dict[str, Any]] = Body(...)) -> dict[str, Any]:
    """Rows of a canonical table; texts are masked before they are stored; a row that came before is not stored twice."""
    if table not in OPEN_TABLES:
        raise UsageError(wording.NO_SUCH_TABLE, table=excerpt(table), known=", ".join(OPEN_TABLES))
    _limit(rows)
    store = request.app.state.serving.store
    own_words = frozenset(request.app.state.serving.settings.words("product.words"))
    prepared = []
    for number, row in enumerate(rows, 1):
        payload = clean_row(TABLES[table], row, number, own_words)
        prepared.append((table, row_identity(store, table, payload), json.dumps(payload, ensure_ascii=False)))
    return {"accepted": store.state.receive(prepared, clock()), "received": len(rows)}


def clean_row(table: Table, row: Mapping[str, Any], number: int, own_words: frozenset[str]) -> dict[str, Any]:
    """A posted row in the table's own columns, masked; DataProblem for a missing column or an unreadable time."""
    payload: dict[str, Any] = {}
    for column in table.columns:
        value = row.get(column.name)
        if column.type == "json":
            others = {name: mask(str(v), own_words).text for name, v in row.items() if name not in table.by_name and v is not None}
            value = json.dumps(others, ensure_ascii=False) if others else None
        elif value in (None, ""):
            value = None
        elif column.type == "time":
            value = read_time(value, column.name, number)
        elif column.privacy == "mask":
            value = mask(str(value), own_words).text
        if value is None and column.required:
            raise DataProblem(wording.ROW_INCOMPLETE, number=number, column=column.name, table=table.name)
        if value is not None:
            payload[column.name] = value
    return payload


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    time = row.get("time", row.get("observed_at"))
    return {**row, "time": None if time is None else read_time(time, "time", 1)}


def read_time(value: Any, column: str, number: int) -> int:
    """Microseconds UTC from ISO 8601, or from a number of seconds, milliseconds or microseconds since 1970."""
    try:
        if isinstance(value, str) and not value.isdigit():
            moment = datetime.fromisoformat(value)
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000_000)
        count = float(value)
    except ValueError as error:
        raise DataProblem(wording.TIME_UNREADABLE, number=number, column=column, value=excerpt(value)) from error
    factor = 1_000_000 if count < 1e11 else 1000 if count < 1e14 else 1
    return int(count * factor)


def _limit(rows: list[dict[str, Any]]) -> None:
    if len(rows) > MAX_ROWS:
        raise UsageError(wording.TOO_MANY_ROWS, num=len(rows), limit=MAX_ROWS)
