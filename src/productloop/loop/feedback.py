"""Feedback: what people and the world answer. Outcomes posted later become rows of `outcomes`; decisions are kept with a review date."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from productloop.foundation.errors import DataProblem
from productloop.foundation.row_identity import identity_of, own_id_text
from productloop.foundation.tables import TABLES
from productloop.loop import wording
from productloop.loop.store import Store

CHOICES = ("do", "answer", "wait")


def post_outcomes(store: Store, rows: Sequence[Mapping[str, Any]], at: int) -> int:
    """Accept late outcomes {subject, task, value, time?}; durable when this returns. Returns how many were new."""
    prepared = []
    for number, row in enumerate(rows, 1):
        for name in ("subject", "task", "value"):
            if row.get(name) in (None, ""):
                raise DataProblem(wording.OUTCOME_INCOMPLETE, number=number, column=name)
        given: dict[str, Any] = {name: str(row[name]) for name in ("subject", "task", "value")}
        given |= {"time": int(row["time"])} if row.get("time") else {}
        identity = row_identity(store, "outcomes", given)  # without the moment of arrival: an outcome sent twice is one outcome
        prepared.append(("outcomes", identity, json.dumps({"time": at, **given}, ensure_ascii=False)))
    return store.state.receive(prepared, at)


def row_identity(store: Store, table: str, payload: Mapping[str, Any]) -> str:
    """Identity of a row that arrived over HTTP: its own id if it has one, else an HMAC of its content."""
    own = payload.get("id")
    if own and TABLES[table].key == ("id",):
        return identity_of(store.identity_key(), own_id_text(table, str(own)))  # the same as of the row in a file
    body = json.dumps([table, own] if own else [table, payload], sort_keys=True, ensure_ascii=False)
    return identity_of(store.identity_key(), body)


def decide(store: Store, finding: str, choice: str, owner: str, at: int, review_at: int | None, figure: str | None = None) -> int:
    """Keep a decision about a finding: do, answer or wait."""
    if choice not in CHOICES:
        raise DataProblem(wording.CHOICE_UNKNOWN, choice=choice, known=", ".join(CHOICES))
    return store.state.add_decision(
        {"at": at, "finding": finding, "choice": choice, "owner": owner, "review_at": review_at, "figure": figure}
    )
