"""The calls of the Segment spec, so that any SDK of that form (Segment, RudderStack, Jitsu) can send here.

    POST /v1/track  /v1/identify  /v1/page  /v1/screen  /v1/group  /v1/alias     one message
    POST /v1/batch                                                               {"batch": [messages], "context", "sentAt"}

Sources: segment.com/docs/connections/sources/catalog/libraries/server/http-api (paths, Basic authentication with the write key as user,
messageId, sentAt) and RFC 6585 and 9110 (429, 503, Retry-After). The write key is a token of this server. A message is known by its messageId:
sent again it adds nothing. What is answered with 200 was committed before; a batch is kept as a whole or not at all. Messages become rows
of `events` and `actors` and identity merges as in a file of the same form (`loop/sources/event_records.py`), masked like any posted row.
Browsers of other sites are refused like everywhere here (no CORS): send from a server or an app, or through a proxy of your own site.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError

from productloop.foundation.errors import DataProblem, ProductloopError, UsageError, WorkspaceProblem, excerpt
from productloop.foundation.privacy import mask
from productloop.foundation.row_identity import identity_of
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Text
from productloop.interfaces import server_wording as wording
from productloop.interfaces.ingest import MAX_ROWS, Cleaner
from productloop.interfaces.serving import Serving
from productloop.interfaces.session import clock
from productloop.interfaces.web import page_language
from productloop.loop.feedback import row_identity
from productloop.loop.identities import MERGES
from productloop.loop.sources.event_records import Fact, moment, segment
from productloop.loop.wording import STATE_UNWRITABLE

MAX_WAITING = 200_000
"""Rows that may wait for the lake; more, and senders are asked to come back."""
RETRY_SECONDS = 5
SKEW_US = 300_000_000
"""A clock that is more wrong than this is corrected by the time of sending, as Segment does."""
MB = 1_000_000
_NEEDS = {"track": ("event",), "group": ("groupId",), "alias": ("previousId",)}
Message = Mapping[str, Any]
Row = tuple[str, str, str]
router = APIRouter(prefix="/v1", tags=["Segment calls"])


async def body_of(request: Request) -> bytes:
    """The bytes of the request, without gzip. UsageError when more come out of it than a request may hold."""
    data = await request.body()
    if request.headers.get("content-encoding", "").lower() != "gzip":
        return data
    serving: Serving = request.app.state.serving
    limit = serving.settings.number("serve.body_limit_mb")
    unpack = zlib.decompressobj(31)
    try:
        plain = unpack.decompress(data, int(limit * MB) + 1)
    except zlib.error as error:
        raise _invalid(0, wording.SEGMENT_GZIP) from error
    if len(plain) > limit * MB or unpack.unconsumed_tail:
        raise _status(UsageError(wording.BODY_TOO_LARGE, limit=limit), 413)
    return plain


Body = Annotated[bytes, Depends(body_of)]


@router.post("/batch")
def accept_batch(request: Request, body: Body) -> JSONResponse:
    """Many messages of the Segment spec; all of them are kept, or none."""
    document = _parsed(body)
    batch = document.get("batch")
    if not isinstance(batch, list):
        raise _invalid(0, wording.SEGMENT_NO_BATCH)
    if len(batch) > MAX_ROWS:
        raise _status(UsageError(wording.TOO_MANY_ROWS, num=len(batch), limit=MAX_ROWS), 413)
    shared = {name: document[name] for name in ("context", "sentAt") if name in document}
    return _keep(request, [shared | message if isinstance(message, dict) else message for message in batch])


def _accept(call: str) -> None:
    def accept(request: Request, body: Body) -> JSONResponse:
        return _keep(request, [{**_parsed(body), "type": call}])

    accept.__doc__ = f"One `{call}` call of the Segment spec, known by its messageId."
    router.post(f"/{call}", name=f"segment_{call}")(accept)


for _call in ("track", "identify", "page", "screen", "group", "alias"):
    _accept(_call)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _invalid(0, wording.SEGMENT_NO_JSON) from error
    if not isinstance(document, dict):
        raise _invalid(0, wording.SEGMENT_NO_OBJECT)
    return document


def _keep(request: Request, messages: list[Any]) -> JSONResponse:
    """Check, clean and commit; only then is it acknowledged."""
    serving: Serving = request.app.state.serving
    now = clock()
    cleaner = Cleaner.of(serving)
    rows: list[Row] = []
    try:
        for number, message in enumerate(messages, 1):
            rows += _rows(serving, cleaner, _checked(message, number), number, now)
    except DataProblem as problem:
        raise _status(problem, 400) from None
    try:
        if serving.store.state.num_waiting() > MAX_WAITING:
            return later(request, UsageError(wording.TOO_BUSY, seconds=RETRY_SECONDS), 429)
        serving.keep_details(cleaner.details)
        with serving.receiving:
            accepted = serving.store.state.receive(rows, now)
    except DBAPIError as error:
        return later(request, WorkspaceProblem(STATE_UNWRITABLE, reason=str(error.orig)[:200]), 503)
    except WorkspaceProblem as problem:
        return later(request, problem, 503)
    return JSONResponse({"success": True, "accepted": accepted, "received": len(messages)})


def _checked(message: Any, number: int) -> Message:
    """A message as the spec has it. UsageError with the reason for any other."""
    if not isinstance(message, dict):
        raise _invalid(number, wording.SEGMENT_NO_OBJECT)
    call = message.get("type")
    if call not in ("track", "identify", "page", "screen", "group", "alias"):
        raise _invalid(number, wording.SEGMENT_NO_TYPE)
    if not any(_is_id(message.get(name)) for name in ("userId", "anonymousId")):
        raise _invalid(number, wording.SEGMENT_NOBODY)
    for name in _NEEDS.get(str(call), ()):
        if not _is_id(message.get(name)):
            raise _invalid(number, wording.SEGMENT_LACKS, call=str(call), name=name)
    for name in ("properties", "traits", "context"):
        if message.get(name) is not None and not isinstance(message[name], dict):
            raise _invalid(number, wording.SEGMENT_NO_FIELDS, name=name)
    return message


def _is_id(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool) and bool(str(value).strip())


def _rows(serving: Serving, cleaner: Cleaner, message: Message, number: int, now: int) -> Iterator[Row]:
    """What a message says, as rows of the inbox."""
    key, own = serving.store.identity_key(), str(message.get("messageId") or "")
    time = _time_of(message, now, number)
    for fact in segment({**message, "timestamp": time}):
        if fact.kind == "left_out":
            continue
        if fact.kind == MERGES:
            said = {name: cleaner.person(str(fact.fields[name])) for name in ("alias", "actor")}
            identity = identity_of(key, "\x1f".join((MERGES, said["alias"], said["actor"])))
            yield MERGES, identity, json.dumps({**said, "time": time, "source": fact.fields["source"]}, ensure_ascii=False)
            continue
        payload = cleaner.row(TABLES[fact.kind], _row_of(fact), number)
        identity = (
            identity_of(key, f"{fact.kind}|message|\x1f{own}")
            if own and fact.kind == "actors"
            else row_identity(serving.store, fact.kind, payload)
        )
        yield fact.kind, identity, json.dumps(payload, ensure_ascii=False)


def _row_of(fact: Fact) -> dict[str, Any]:
    return {**fact.fields, "properties": fact.extra}


def _time_of(message: Message, now: int, number: int) -> int:
    """When it happened, microseconds UTC: the message's time, corrected where the sender's clock is wrong; now where it says none."""
    given = moment(message.get("timestamp") or message.get("originalTimestamp"))
    if given is None:
        return now
    if isinstance(given, str):
        raise DataProblem(wording.TIME_UNREADABLE, number=number, column="timestamp", value=excerpt(mask(given).text))
    sent = moment(message.get("sentAt"))
    if isinstance(sent, int) and abs(now - sent) > SKEW_US and given <= sent:
        return now - (sent - given)
    return given


def _invalid(number: int, reason: Text, **slots: object) -> ProductloopError:
    told = Text(reason.render("zh", **slots), reason.render("en", **slots))
    return UsageError(wording.SEGMENT_INVALID, number=number, reason=told)


def _status(problem: ProductloopError, status: int) -> ProductloopError:
    problem.http_status = status
    return problem


def later(request: Request, problem: ProductloopError, status: int) -> JSONResponse:
    """A refusal that says when to come back."""
    happened, expected, fix = problem.render(page_language(request))
    body = {"ok": False, "error": {"code": problem.code, "happened": happened, "expected": expected, "fix": fix}}
    return JSONResponse(body, status_code=status, headers={"Retry-After": str(RETRY_SECONDS)})
