"""Is this number unusual? Posted points of metrics are stored as any posted row is, and each is judged as it comes.

    POST /v1/metrics    [{"metric": "errors", "time": "2026-03-05T10:00:00Z", "value": 42, "segment": "android"}]

The answer says of each point, in the order of the request, whether it is unusual, what was expected and a sentence in the reader's language.
A point that is sent again adds nothing and gets the same answer for a week; one before the last of its series is stored and not judged. As
for the calls of Segment's SDKs: 200 is said after the commit, 429 and 503 say when to come back.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Language
from productloop.interfaces import server_wording as wording
from productloop.interfaces.ingest import Cleaner, Rows, limit_rows
from productloop.interfaces.segment import MAX_WAITING, RETRY_SECONDS, later
from productloop.interfaces.serving import Serving
from productloop.interfaces.session import clock
from productloop.interfaces.web import page_language
from productloop.loop.feedback import row_identity
from productloop.loop.metric_points import Point, PointAnswer, judge_points
from productloop.loop.wording import STATE_UNWRITABLE

SHOWN_DIGITS = 6
router = APIRouter(prefix="/v1", tags=["rows and models"])


@router.post("/metrics")
def accept_metrics(request: Request, rows: Rows) -> JSONResponse:
    """Points of metrics: stored, and each judged by what came before it in its series (metric and segment)."""
    serving: Serving = request.app.state.serving
    limit_rows(rows)
    cleaner = Cleaner.of(serving)
    payloads = [cleaner.row(TABLES["metrics"], row, number) for number, row in enumerate(rows, 1)]
    points = [
        Point(row_identity(serving.store, "metrics", one), str(one["metric"]), str(one.get("segment", "")), one["time"], one["value"])
        for one in payloads
    ]
    prepared = [("metrics", point.row_id, json.dumps(one, ensure_ascii=False)) for point, one in zip(points, payloads, strict=True)]
    try:
        if serving.store.state.num_waiting() > MAX_WAITING:
            return later(request, UsageError(wording.TOO_BUSY, seconds=RETRY_SECONDS), 429)
        serving.keep_details(cleaner.details)
        with serving.receiving:
            with serving.reading() as view:
                answers = judge_points(serving.store, view, points, serving.settings.text("product.time_zone"), clock())
            accepted = serving.store.state.receive(prepared, clock())
    except DBAPIError as error:
        return later(request, WorkspaceProblem(STATE_UNWRITABLE, reason=str(error.orig)[:200]), 503)
    except WorkspaceProblem as problem:
        return later(request, problem, 503)
    language = page_language(request)
    told = [_told(point, answer, language) for point, answer in zip(points, answers, strict=True)]
    return JSONResponse({"accepted": accepted, "received": len(rows), "points": told})


def _told(point: Point, answer: PointAnswer, language: Language) -> dict[str, Any]:
    """A point with its answer as JSON."""
    named = {"metric": point.metric, "segment": point.segment or None, "time": point.time, "value": point.value}
    rounded = {name: float(f"{value:.{SHOWN_DIGITS}g}") if isinstance(value, float) else value for name, value in asdict(answer).items()}
    return named | rounded | {"text": _sentence(point, answer, language)}


def _sentence(point: Point, answer: PointAnswer, language: Language) -> str:
    if answer.late:
        return wording.POINT_LATE.render(language)
    if answer.unusual is None:
        return wording.POINT_LEARNING.render(language, num=answer.missing)
    is_inside = answer.low is not None and answer.high is not None and answer.low <= point.value <= answer.high
    if answer.unusual:
        text = wording.POINT_SHIFTED if answer.shifted and is_inside else wording.POINT_UNUSUAL
    else:
        text = wording.POINT_USUAL if is_inside else wording.POINT_OUTSIDE
    name = wording.POINT_NAME.render(language, metric=point.metric, segment=point.segment) if point.segment else point.metric
    return text.render(language, name=name, value=float(point.value), low=answer.low, high=answer.high)
