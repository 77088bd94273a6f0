"""Protocol adapters: rows and outcomes that other programs post, and questions to live models. Everything is acknowledged after commit.

    POST /v1/outcomes        [{"subject": "u1", "task": "churn", "value": "1"}]
    POST /v1/feedback        rows of a canonical table, by its own column names (also events, orders, actors, items, changes ...)
    POST /v1/predict/TASK    [{"subject": "u1"}] or the inputs themselves; ?reasons=3 says why, in words

Posted rows are treated as imported ones are: texts masked, contact details turned into pseudonyms, columns that no table knows kept,
masked or dropped by what they hold, times in microseconds, amounts ("12.50") in minor units.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.privacy import classify_column, mask, normalise_contact, pseudonym
from productloop.foundation.tables import CANONICAL, TABLES, Column, Table
from productloop.foundation.wording import Language, speak
from productloop.interfaces import server_wording as wording
from productloop.interfaces.serving import Answer, Serving
from productloop.interfaces.session import clock
from productloop.interfaces.web import page_language
from productloop.interfaces.web_rendering import texts
from productloop.loop.feedback import post_outcomes, row_identity

OPEN_TABLES = tuple(table.name for table in CANONICAL if table.name != "outcomes")
MAX_ROWS = 10_000
MAX_TEXT = 100_000
"""Characters of one value; what is longer is cut (a whole log file pasted into a ticket)."""
FIRST_US, END_US = 0, 4_133_980_800_000_000
"""1970 to 2100, as for imported files."""
TRUE, FALSE = ("true", "1", "yes", "是"), ("false", "0", "no", "否")
MAX_REASONS = 20
Rows = Annotated[list[dict[str, Any]], Body()]
Reasons = Annotated[int, Query(ge=0, le=MAX_REASONS)]
router = APIRouter(prefix="/v1", tags=["rows and models"])


@router.post("/outcomes")
def accept_outcomes(request: Request, rows: Rows) -> dict[str, Any]:
    """What really happened to subjects; joined with the predictions that were made, and learned from at the next turn."""
    serving: Serving = request.app.state.serving
    limit_rows(rows)
    cleaner = Cleaner.of(serving)
    cleaned = [cleaner.outcome(row, number) for number, row in enumerate(rows, 1)]
    serving.keep_details(cleaner.details)
    with serving.receiving:
        return {"accepted": post_outcomes(serving.store, cleaned, clock()), "received": len(rows)}


@router.post("/predict/{task}")
async def predict(request: Request, task: str, rows: Rows, reasons: Reasons = 0) -> Response:
    """Answers of the task's live model release, each with an id; late outcomes are joined to them by subject.

    `reasons`: with each the strongest of them in words, in the reader's language (`language=zh`, Accept-Language): null where that release
    gives none. A person is looked up as of the last instant in the data (`as_of`, microseconds UTC).
    """
    serving: Serving = request.app.state.serving
    limit_rows(rows)
    if any(row.get("subject") for row in rows):
        cleaner = Cleaner.of(serving)
        rows = [row | {"subject": cleaner.person(str(row["subject"]))} if row.get("subject") else row for row in rows]
    answers = serving.predict_at_once(task, rows, reasons)
    if answers is None:
        answers = await run_in_threadpool(serving.predict, task, rows, reasons)
    told = [_told(answer, page_language(request) if reasons else None) for answer in answers]
    return JSONResponse({"release": answers[0].prediction.release if answers else None, "predictions": told})


def _told(answer: Answer, language: Language | None) -> dict[str, Any]:
    """One answer as JSON; with its reasons where a language says that they were asked for."""
    told = answer.prediction.model_dump() | ({} if answer.as_of is None else {"as_of": answer.as_of})
    if language is None:
        return told
    given = [
        {"text": speak(one.text, texts(), language), "raises": one.raises, "changeable": one.changeable, "push": round(one.push, 4)}
        for one in answer.reasons or ()
    ]
    return told | {"reasons": None if answer.reasons is None else given}


@router.post("/{table}")
def accept_rows(request: Request, table: str, rows: Rows) -> dict[str, Any]:
    """Rows of a canonical table; texts are masked before they are stored; a row that came before is not stored twice."""
    if table not in OPEN_TABLES:
        raise UsageError(wording.NO_SUCH_TABLE, table=excerpt(table), known=", ".join(OPEN_TABLES))
    limit_rows(rows)
    serving: Serving = request.app.state.serving
    cleaner = Cleaner.of(serving)
    prepared = []
    for number, row in enumerate(rows, 1):
        payload = cleaner.row(TABLES[table], row, number)
        prepared.append((table, row_identity(serving.store, table, payload), json.dumps(payload, ensure_ascii=False)))
    serving.keep_details(cleaner.details)
    with serving.receiving:
        return {"accepted": serving.store.state.receive(prepared, clock()), "received": len(rows)}


@dataclass(slots=True)
class Cleaner:
    """Makes posted rows fit to be stored. `details` are the contact details taken out: (pseudonym, kind, value), for the vault."""

    key: bytes
    own_words: frozenset[str] = frozenset()
    zone: str = "UTC"
    currency: str = ""
    details: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, serving: Serving) -> Cleaner:
        """A cleaner with the workspace's key and words."""
        settings = serving.settings
        words, zone, currency = (
            frozenset(settings.words("product.words")),
            settings.text("product.time_zone"),
            settings.text("product.currency"),
        )
        return cls(serving.store.identity_key(), words, zone, currency)

    def row(self, table: Table, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        """The row in the table's own columns; DataProblem for a missing column or a value that cannot be read."""
        payload: dict[str, Any] = {}
        for column in table.columns:
            value = self._others(table, row) if column.type == "json" else self._value(column, row.get(column.name), number)
            if value is not None:
                payload[column.name] = value
        if table.name == "feedback" and "text" not in payload and "title" in payload:
            payload["text"] = payload["title"]  # a review that is only a title says something
        if table.name == "orders" and "currency" not in payload and self.currency:
            payload["currency"] = self.currency
        missing = next((column.name for column in table.required if column.name not in payload), None)
        if missing is not None:
            raise DataProblem(wording.ROW_INCOMPLETE, number=number, column=missing, table=table.name)
        return payload

    def outcome(self, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        """A posted outcome: {subject, task, value} and, if it is known, when it was observed (`time` or `observed_at`)."""
        given = row.get("time", row.get("observed_at"))
        cleaned = {name: written(row[name]) for name in ("subject", "task", "value") if row.get(name) is not None}
        if cleaned.get("subject"):
            cleaned["subject"] = self.person(cleaned["subject"])
        return cleaned | ({} if given in (None, "") else {"time": read_time(given, "time", number, self.zone)})

    def person(self, value: str) -> str:
        """The source's own id as it is; a telephone number, mail address or open id as its pseudonym."""
        value = written(value).strip()
        privacy, kind = classify_column("id", [value])
        if privacy not in ("drop", "pseudonym"):
            return value
        contact = normalise_contact(value) or (kind, value)
        hidden = pseudonym(self.key, *contact)
        self.details.append((hidden, contact[0], value))
        return hidden

    def _value(self, column: Column, value: Any, number: int) -> Any:
        if value is None or value == "":
            return None
        if column.type == "time":
            return read_time(value, column.name, number, self.zone)
        if column.type in ("number", "integer", "money", "boolean"):
            return read_value(value, column, number)
        if column.type == "actor":
            return self.person(written(value)) or None
        return (self._masked(written(value)) if column.privacy == "mask" else written(value)) or None

    def _masked(self, text: str) -> str:
        masked = mask(text, self.own_words)
        self.details += [(pseudonym(self.key, found.kind, found.normalised), found.kind, found.value) for found in masked.details]
        return masked.text

    def _others(self, table: Table, row: Mapping[str, Any]) -> str | None:
        """Columns that the table does not know, as one JSON object."""
        given = row.get("properties")
        extra = {
            **(given if isinstance(given, Mapping) else {}),
            **{name: value for name, value in row.items() if name not in table.by_name},
        }
        kept = {written(name): value for name, value in ((n, self._other(n, v)) for n, v in extra.items()) if value is not None}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None

    def _other(self, name: str, value: Any) -> Any:
        """A value of an unknown column: kept, masked, replaced by a pseudonym, or None where it is dropped."""
        if value is None or value == "" or isinstance(value, bool):
            return None if value == "" else value
        if isinstance(value, float) and not math.isfinite(value):
            return None
        text = written(value)
        privacy, kind = classify_column(name, [text])
        if privacy == "drop":
            return None
        if privacy == "pseudonym":
            contact = normalise_contact(text) or (kind, text.strip())
            hidden = pseudonym(self.key, *contact)
            self.details.append((hidden, contact[0], text))
            return hidden
        masked = self._masked(text)
        return value if masked == text and isinstance(value, int | float) else masked


def written(value: Any) -> str:
    """A value as text that can be stored everywhere: nested ones as JSON, half characters replaced, at most 100,000 characters."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, Mapping | list) else str(value)
    return text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def read_time(value: Any, column: str, number: int, zone: str) -> int:
    """Microseconds UTC from ISO 8601 (without an offset: in `zone`), or from seconds, milliseconds or microseconds since 1970."""
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            moment = datetime.fromisoformat(value.strip())
            found = round((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1_000_000)
        else:
            count = float(value)
            found = int(count * (1_000_000 if count < 1e11 else 1000 if count < 1e14 else 1))
        if FIRST_US <= found < END_US and not isinstance(value, bool):
            return found
    except (TypeError, ValueError, OverflowError) as error:
        raise DataProblem(wording.TIME_UNREADABLE, number=number, column=column, value=excerpt(mask(str(value)).text)) from error
    raise DataProblem(wording.TIME_UNREADABLE, number=number, column=column, value=excerpt(mask(str(value)).text))


def read_value(value: Any, column: Column, number: int) -> float | int | bool:
    """A number, whole number, yes or no, or an amount of money in minor units (two decimals, half away from zero, as in files)."""
    kinds = {"integer": wording.ANSWER_WHOLE, "money": wording.ANSWER_MONEY, "boolean": wording.ANSWER_BOOLEAN}
    text = str(value).strip().lower()
    if column.type == "boolean" and text in (*TRUE, *FALSE):
        return text in TRUE
    try:
        amount = Decimal(text)
        if column.type != "boolean" and not isinstance(value, bool) and amount.is_finite() and abs(amount) < 10**15:
            if column.type == "money":
                return int((100 * amount).quantize(Decimal(1), ROUND_HALF_UP))
            if column.type == "number":
                return float(amount)
            if amount == int(amount):
                return int(amount)
    except InvalidOperation:
        pass
    kind = kinds.get(column.type, wording.ANSWER_NUMBER)
    raise DataProblem(wording.VALUE_UNREADABLE, number=number, column=column.name, value=excerpt(mask(text).text), kind=kind)


def limit_rows(rows: Rows) -> None:
    """Raises UsageError for more rows than one request may hold."""
    if len(rows) > MAX_ROWS:
        raise UsageError(wording.TOO_MANY_ROWS, num=len(rows), limit=MAX_ROWS)
