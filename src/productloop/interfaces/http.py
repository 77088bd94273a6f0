"""The HTTP door: routes derived from the apps' actions, jobs, models, and the pages. Loopback only, unless a token protects it.

Quick actions answer 200; long ones 202 with a job. Errors are JSON in the reader's language (Accept-Language or ?language=).
Guards: a request whose Host or Origin is not this server is refused (DNS rebinding, cross-site posts); bodies have a limit.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

import productloop
from productloop.foundation.errors import ProductloopError, UsageError
from productloop.foundation.wording import Language
from productloop.interfaces import ingest, jobs, web, wording
from productloop.interfaces.answering import report_answer
from productloop.interfaces.registry import apps, tasks_of
from productloop.interfaces.serving import Serving
from productloop.interfaces.session import choose_language, clock, open_run, perform_action, silent
from productloop.loop.action import Action, App
from productloop.loop.release import card_of, roll_back

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]", "testserver")


def create_app(root: Path, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> FastAPI:
    """The server of one workspace."""
    environment = os.environ if environment is None else environment
    serving = Serving(root, environment, flags or {})

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        serving.close()

    server = FastAPI(title="productloop", version=productloop.__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    server.state.serving, server.state.environment, server.state.flags = serving, environment, dict(flags or {})
    server.middleware("http")(_guard)
    server.add_exception_handler(ProductloopError, _answer_problem)
    server.add_exception_handler(RequestValidationError, _answer_invalid)
    for app in apps():
        for action in app.actions:
            _add_action(server, app, action)
    _add_workspace(server)
    server.include_router(ingest.router)
    server.include_router(web.router)
    return server


def language_of(request: Request) -> Language:
    """?language= > cookie > Accept-Language > the workspace's setting."""
    asked = request.query_params.get("language") or request.cookies.get("language")
    setting = request.app.state.serving.settings.text("interface.language")
    accepted = request.headers.get("accept-language", "")
    return choose_language(asked, setting, {"LANG": accepted} if accepted else {})


def _add_action(server: FastAPI, app: App, action: Action) -> None:
    """One route for one action, typed by its request."""
    request_type: type[BaseModel] = action.request

    def answer(request: Request, body: Any) -> Response:
        serving: Serving = request.app.state.serving
        if action.length == "long":
            job = jobs.start_job(serving.store, f"{app.name}.{action.name}", body.model_dump(mode="json"))
            return JSONResponse({"job": job, "address": f"/api/jobs/{job}"}, status_code=202)
        run = open_run(serving.root, request.app.state.flags, request.app.state.environment, clock(), silent)
        try:
            report = perform_action(run, app, action, body)
            shown = report_answer(run.store, run.settings, report, action.page(report), language_of(request))
        finally:
            run.store.close()
        return JSONResponse({"ok": True, **shown.data})

    answer.__annotations__ = {"request": Request, "body": request_type, "return": Response}
    server.post(
        f"/api/{app.name}/{action.name}", name=f"{app.name}_{action.name}", summary=action.title.en, description=action.title.zh, tags=[app.name],
        status_code=202 if action.length == "long" else 200,
    )(answer)  # fmt: skip


def _add_workspace(server: FastAPI) -> None:
    @server.get("/api/health")
    def health(request: Request) -> dict[str, Any]:
        serving: Serving = request.app.state.serving
        return {"ok": serving.log.failed is None, "version": productloop.__version__, "as_of": serving.store.as_of()}

    @server.get("/api/apps")
    def list_apps() -> list[dict[str, Any]]:
        return [
            {
                "name": app.name,
                "title": {"zh": app.title.zh, "en": app.title.en},
                "question": {"zh": app.question.zh, "en": app.question.en},
                "actions": [
                    {"name": a.name, "title": {"zh": a.title.zh, "en": a.title.en}, "length": a.length, "effect": a.effect, "request": a.request.model_json_schema()}
                    for a in app.actions
                ],
            }
            for app in apps()
        ]

    @server.post("/api/run", status_code=202)
    def run_now(request: Request) -> dict[str, str]:
        job = jobs.start_job(request.app.state.serving.store, jobs.RUN_EVERYTHING, {})
        return {"job": job, "address": f"/api/jobs/{job}"}

    @server.get("/api/jobs/{job}")
    def show_job(request: Request, job: str) -> dict[str, Any]:
        found = jobs.look_at(request.app.state.serving.store, job)
        if found is None:
            raise UsageError(wording.JOB_UNKNOWN, job=job)
        return found

    @server.delete("/api/jobs/{job}")
    def cancel_job(request: Request, job: str) -> dict[str, Any]:
        show_job(request, job)
        jobs.cancel(request.app.state.serving.store, job)
        return show_job(request, job)

    @server.get("/api/tasks")
    def list_tasks(request: Request) -> list[dict[str, Any]]:
        serving: Serving = request.app.state.serving
        return [_task(serving, task.name, task.template) for task in tasks_of(serving.store, serving.settings)]

    @server.post("/api/tasks/{task}/rollback")
    def rollback(request: Request, task: str) -> dict[str, str]:
        serving: Serving = request.app.state.serving
        before, now = roll_back(serving.store, task, clock())
        return {"task": task, "from": before, "to": now}


def _task(serving: Serving, name: str, template: str) -> dict[str, Any]:
    live = serving.store.state.live(name)
    card = card_of(serving.store, live) if live else None
    return {"name": name, "template": template, "live": live, "card": None if card is None else card.model_dump(mode="json")}


async def _guard(request: Request, call_next: Callable[[Request], Any]) -> Response:
    """Host, origin, token and size, before anything else is read."""
    serving: Serving = request.app.state.serving
    host = serving.settings.text("serve.host")
    on_loopback = host in LOOPBACK
    asked = (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").lower()
    origin = request.headers.get("origin")
    foreign = origin is not None and (urlsplit(origin).hostname or "").lower() != asked
    if (on_loopback and asked not in LOOPBACK) or foreign or (request.method != "GET" and request.headers.get("sec-fetch-site") == "cross-site"):
        return _problem(UsageError(wording.FOREIGN_REQUEST, host=asked or "-"), language_of(request), 403)
    if not on_loopback and not _has_token(request, serving):
        return _problem(UsageError(wording.TOKEN_MISSING), language_of(request), 401)
    limit = serving.settings.number("serve.body_limit_mb") * 1_000_000
    length = request.headers.get("content-length", "0")
    chunked = "chunked" in request.headers.get("transfer-encoding", "")
    if chunked or not length.isdigit() or int(length) > limit:
        return _problem(UsageError(wording.BODY_TOO_LARGE, limit=limit // 1_000_000), language_of(request), 413)
    response: Response = await call_next(request)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Frame-Options", "DENY")
    return response


def _has_token(request: Request, serving: Serving) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip() or request.cookies.get("token", "")
    configured = request.app.state.environment.get("PRODUCTLOOP_TOKEN", "")
    if configured and hmac.compare_digest(given.encode(), configured.encode()):
        return True
    return bool(given) and serving.store.state.has_token(hashlib.sha256(given.encode()).hexdigest())


def _problem(error: ProductloopError, language: Language, status: int | None = None) -> JSONResponse:
    happened, expected, fix = error.render(language)
    body = {"ok": False, "error": {"code": error.code, "happened": happened, "expected": expected, "fix": fix}}
    return JSONResponse(body, status_code=status or error.http_status)


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProductloopError)
    if request.url.path.startswith(("/api", "/v1")):
        return _problem(error, language_of(request))
    return web.problem_page(request, error, language_of(request))


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return _problem(UsageError(wording.REQUEST_INVALID, place=place, reason=first["msg"]), language_of(request), 422)
