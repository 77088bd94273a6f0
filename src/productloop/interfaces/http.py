"""The HTTP door: routes derived from the apps' actions, jobs, models, and the pages. Loopback only, unless a token protects it.

Quick actions answer 200; long ones 202 with a job. Errors are JSON in the reader's language (?language=, cookie, Accept-Language).
Guards: a request whose Host or Origin is not this server is refused (DNS rebinding, cross-site posts); bodies have a limit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import productloop
from productloop.foundation.errors import Cancelled, ProductloopError, UsageError, WorkspaceProblem, excerpt
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Language
from productloop.interfaces import ingest, jobs, metric_points, segment, web
from productloop.interfaces import server_wording as wording
from productloop.interfaces.answering import report_answer
from productloop.interfaces.commands import Decide
from productloop.interfaces.registry import apps, tasks_of
from productloop.interfaces.serving import Serving
from productloop.interfaces.session import clock, open_run, perform_action, silent
from productloop.interfaces.web import page_language as language_of
from productloop.interfaces.web_rendering import STATIC
from productloop.loop.action import Action, App
from productloop.loop.release import card_of, roll_back
from productloop.loop.store import SETTINGS_FILE
from productloop.loop.task import Task
from productloop.loop.wording import STATE_UNWRITABLE

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MB = 1_000_000
OPEN_PATHS = (web.SIGN_IN, STATIC)
"""Pages that need no token: the one where it is given, and its style sheet."""


def create_app(root: Path, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> FastAPI:
    """The server of one workspace; its threads end with its life. Raises UsageError when others could reach it without a token."""
    environment = os.environ if environment is None else environment
    host = load_settings(root / SETTINGS_FILE, environment, flags).text("serve.host")
    if host not in LOOPBACK and len(environment.get("PRODUCTLOOP_TOKEN", "")) < web.MIN_TOKEN:
        raise UsageError(wording.TOKEN_MISSING)
    serving = Serving(root, environment, flags or {})

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        serving.close()

    server = FastAPI(
        title="productloop",
        version=productloop.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    server.state.serving, server.state.environment, server.state.flags = serving, environment, dict(flags or {})
    server.add_middleware(_Guard)
    server.add_middleware(GZipMiddleware, minimum_size=1000)
    server.add_exception_handler(ProductloopError, _answer_problem)
    server.add_exception_handler(Cancelled, _answer_cancelled)
    server.add_exception_handler(DBAPIError, _answer_database)
    server.add_exception_handler(RequestValidationError, _answer_invalid)
    server.add_exception_handler(HTTPException, _answer_missing)
    server.include_router(segment.router)  # before the tables: /v1/track is no table
    server.include_router(metric_points.router)
    server.include_router(ingest.router)  # routes are tried in order, and these are asked most
    for app in apps():
        for action in app.actions:
            _add_action(server, app, action)
    _add_workspace(server)
    _add_models(server)
    server.include_router(web.router)
    return server


def serve_forever(root: Path, flags: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Serve one workspace until Ctrl-C. Raises UsageError when the port is taken, or when others could reach it without a token."""
    import uvicorn

    server = create_app(root, environment, flags)
    serving: Serving = server.state.serving
    host, port = serving.settings.text("serve.host"), serving.settings.number("serve.port")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as listening:
        if os.name != "nt":  # there it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            serving.close()
            raise UsageError(wording.PORT_TAKEN, host=host, port=port) from error
        config = uvicorn.Config(server, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # uvicorn raises its Ctrl-C once more at its end
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            signal.signal(signal.SIGINT, before)


def _add_action(server: FastAPI, app: App, action: Action) -> None:
    """One route for one action, typed by its request."""
    request_type: type[BaseModel] = action.request

    def answer(request: Request, body: Any) -> Response:
        serving: Serving = request.app.state.serving
        if action.length == "long":
            return _start(request, f"{app.name}.{action.name}", body.model_dump(mode="json"))
        run = open_run(serving.root, request.app.state.flags, request.app.state.environment, clock(), silent)
        try:
            report = perform_action(run, app, action, body)
            shown = report_answer(run.store, run.settings, report, action.shown(report), language_of(request))
        finally:
            run.store.close()
        return JSONResponse({"ok": True, **shown.data})

    answer.__annotations__ = {"request": Request, "body": request_type, "return": Response}
    server.post(
        f"/api/{app.name}/{action.name}", name=f"{app.name}_{action.name}", summary=action.title.en, description=action.title.zh, tags=[app.name],
        status_code=202 if action.length == "long" else 200, response_class=JSONResponse,
    )(answer)  # fmt: skip


def _start(request: Request, action: str, asked: Mapping[str, Any]) -> JSONResponse:
    """202 and where to look."""
    state = request.app.state
    job = jobs.start_job(state.serving.store, action, asked, state.flags, state.environment)
    return JSONResponse({"ok": True, "job": job, "address": f"/api/jobs/{job}"}, status_code=202)


def _add_workspace(server: FastAPI) -> None:
    @server.get("/api/health", tags=["workspace"])
    def health(request: Request) -> dict[str, Any]:
        """Whether rows and predictions reach the disk, and until when the data reach (microseconds UTC)."""
        serving: Serving = request.app.state.serving
        with serving.reading() as store:
            as_of = store.as_of()
        trouble = serving.failed or serving.log.failed
        waiting = len(serving.store.state.inbox())
        return {"ok": trouble is None, "trouble": trouble, "version": productloop.__version__, "as_of": as_of, "waiting": waiting}

    @server.get("/api/apps", tags=["workspace"])
    def list_apps() -> list[dict[str, Any]]:
        """Every app with its actions and what they can be asked."""
        return [_app_as_json(app) for app in apps()]

    @server.post("/api/run", status_code=202, tags=["workspace"])
    def run_now(request: Request) -> Response:
        """Once round the loop, as `productloop run` does."""
        return _start(request, jobs.RUN_EVERYTHING, {})

    @server.post("/api/decisions", status_code=201, tags=["workspace"])
    def decide(request: Request, body: Decide) -> dict[str, Any]:
        """Note a decision about a finding of the first page."""
        return web.decide(request, body, language_of(request))

    @server.get("/api/jobs/{job}", tags=["jobs"])
    def show_job(request: Request, job: str) -> dict[str, Any]:
        """How far a job is."""
        found = jobs.look_at(request.app.state.serving.store, job, language_of(request))
        if found is None:
            raise UsageError(wording.JOB_UNKNOWN, job=excerpt(job))
        return found

    @server.delete("/api/jobs/{job}", tags=["jobs"])
    def cancel_job(request: Request, job: str) -> dict[str, Any]:
        """Stop a job at its next safe place; nothing stays half-written."""
        show_job(request, job)
        jobs.cancel(request.app.state.serving.store, job)
        return show_job(request, job)


def _app_as_json(app: App) -> dict[str, Any]:
    return {
        "name": app.name,
        "title": {"zh": app.title.zh, "en": app.title.en},
        "question": {"zh": app.question.zh, "en": app.question.en},
        "actions": [
            {
                "name": action.name,
                "title": {"zh": action.title.zh, "en": action.title.en},
                "length": action.length,
                "effect": action.effect,
                "request": action.request.model_json_schema(),
            }
            for action in app.actions
        ],
    }


def _add_models(server: FastAPI) -> None:
    @server.get("/api/tasks", tags=["models"])
    def list_tasks(request: Request) -> list[dict[str, Any]]:
        """What this workspace learns, with the live model release of each task and its card."""
        serving: Serving = request.app.state.serving
        with serving.reading() as store:
            return [_task_as_json(serving, task) for task in tasks_of(store, serving.settings)]

    @server.post("/api/tasks/{task}/rollback", tags=["models"])
    def rollback(request: Request, task: str) -> dict[str, str]:
        """Make the release live that was live before."""
        before, now = roll_back(request.app.state.serving.store, task, clock())
        return {"task": task, "from": before, "to": now}


def _task_as_json(serving: Serving, task: Task) -> dict[str, Any]:
    live = serving.store.state.live(task.name)
    card = card_of(serving.store, live) if live else None
    title = {"zh": task.title.zh, "en": task.title.en}
    return {
        "name": task.name,
        "title": title,
        "template": task.template,
        "live": live,
        "card": None if card is None else card.model_dump(mode="json"),
    }


# guards --------------------------------------------------------------------------------------------------------------


GUARD_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # "no-referrer" would make the Origin of our own forms "null"
    "X-Frame-Options": "DENY",
}


class _Guard:
    """Host, origin, token and size, before anything else is read. Plain ASGI: the other kind costs each request two tasks and a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in GUARD_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = _refusal(Request(scope))
        await (self.app if refusal is None else refusal)(scope, receive, guarded)


def _refusal(request: Request) -> Response | None:
    serving: Serving = request.app.state.serving
    host = request.headers.get("host", "").lower()
    origin = request.headers.get("origin")
    asked = _host_name(f"//{host}")
    reads = request.method in ("GET", "HEAD")
    on_loopback = serving.settings.text("serve.host") in LOOPBACK
    foreign = not reads and (
        request.headers.get("sec-fetch-site") == "cross-site" or (origin is not None and origin.lower().partition("://")[2] != host)
    )
    if (on_loopback and asked not in LOOPBACK) or foreign:
        return _turned_away(request, UsageError(wording.FOREIGN_REQUEST, host=excerpt(origin if foreign and origin else host or "-")), 403)
    if not on_loopback and not request.url.path.startswith(OPEN_PATHS) and not _has_token(request, serving):
        return _turned_away(request, UsageError(wording.TOKEN_MISSING), 401)
    limit = web.UPLOAD_LIMIT_MB if request.url.path == web.UPLOAD else serving.settings.number("serve.body_limit_mb")
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > limit * MB:
        return _turned_away(request, UsageError(wording.BODY_TOO_LARGE, limit=limit), 413)
    return None


def _host_name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _given_token(authorization: str) -> str:
    """The token of "Bearer TOKEN", or the user name of Basic authentication, which is where Segment's SDKs put the write key."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return authorization.removeprefix("Bearer ").strip()
    try:
        user, _, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except ValueError:
        return ""
    return user or password


def _has_token(request: Request, serving: Serving) -> bool:
    given = _given_token(request.headers.get("authorization", "")) or request.cookies.get("token", "")
    configured = request.app.state.environment.get("PRODUCTLOOP_TOKEN", "")
    if configured and hmac.compare_digest(given.encode(), configured.encode()):
        return True
    return bool(given) and serving.store.state.has_token(hashlib.sha256(given.encode()).hexdigest())


# errors --------------------------------------------------------------------------------------------------------------


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api", "/v1")) or "text/html" not in request.headers.get("accept", "")


def _turned_away(request: Request, error: ProductloopError, status: int) -> Response:
    if _for_programs(request):
        return _problem(error, language_of(request), status)
    if status == 401:
        return web.sign_in_page(request, language_of(request))
    return web.problem_page(request, error, language_of(request), status)


def _problem(error: ProductloopError, language: Language, status: int | None = None) -> JSONResponse:
    happened, expected, fix = error.render(language)
    body = {"ok": False, "error": {"code": error.code, "happened": happened, "expected": expected, "fix": fix}}
    return JSONResponse(body, status_code=status or error.http_status)


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProductloopError)
    if _for_programs(request):
        return _problem(error, language_of(request))
    return web.problem_page(request, error, language_of(request))


async def _answer_cancelled(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": {"code": "cancelled"}}, status_code=Cancelled.http_status)


async def _answer_database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    return await _answer_problem(request, WorkspaceProblem(STATE_UNWRITABLE, reason=str(error.orig)[:200]))


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return _problem(UsageError(wording.REQUEST_INVALID, place=excerpt(place), reason=first["msg"]), language_of(request), 422)


async def _answer_missing(request: Request, error: Exception) -> Response:
    """No such route, or not this method."""
    assert isinstance(error, HTTPException)
    return _turned_away(request, UsageError(wording.NOT_FOUND, path=excerpt(request.url.path)), error.status_code)
