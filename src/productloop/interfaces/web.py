"""The pages: the first page, each app's reports with a form, data, models, settings. They hold no logic of an app.

Forms are plain HTML and work without the script; `static/app.js` only sends dropped files and follows jobs. A page that is read changes
nothing: whatever writes or reveals is asked for with a button.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from productloop.foundation.errors import ProductloopError, UsageError, excerpt
from productloop.foundation.page import Heading, Line, Page
from productloop.foundation.wording import Language, say
from productloop.interfaces import jobs, uploads
from productloop.interfaces import server_wording as wording
from productloop.interfaces.answering import page_meta, quote_rows, quote_texts
from productloop.interfaces.commands import Decide
from productloop.interfaces.first_page import REVIEW_DAYS, FirstPage, build_page
from productloop.interfaces.html import render_blocks, render_html, render_inside
from productloop.interfaces.registry import apps, find_action, find_app
from productloop.interfaces.session import Session, choose_language, clock, open_run, perform_action, silent
from productloop.interfaces.web_forms import make_form, read_form
from productloop.interfaces.web_rendering import STATIC, Words, render, safe, static_file, texts
from productloop.interfaces.web_workspace import data_page, models_page, settings_page
from productloop.loop.action import Action, App, Report, Run
from productloop.loop.release import roll_back

SIGN_IN, UPLOAD = "/sign-in", "/upload"
UPLOAD_LIMIT_MB = 4000
MIN_TOKEN = 16
"""Characters that a token has at least."""
DAY_US = 86_400_000_000
NUM_DRAWN = 24
_drawn: dict[tuple[str, Language], str] = {}
OWN_NAMES = ("language", "job", "again")
router = APIRouter(include_in_schema=False)
Sent = dict[str, list[str]]


async def sent_form(request: Request) -> Sent:
    """Names and values of a sent form (application/x-www-form-urlencoded)."""
    return parse_qs((await request.body()).decode("utf-8", "replace"))


SentForm = Annotated[Sent, Depends(sent_form)]


def page_language(request: Request) -> Language:
    """?language= > cookie > the workspace's setting > Accept-Language > the system's."""
    asked = next(
        (given for given in (request.query_params.get("language"), request.cookies.get("language")) if given in ("zh", "en")), None
    )
    accepted = request.headers.get("accept-language", "")
    environment = {"LANG": accepted} if accepted else request.app.state.environment
    return choose_language(asked, request.app.state.serving.settings.text("interface.language"), environment)


Spoken = Annotated[Language, Depends(page_language)]


@contextmanager
def reading(request: Request) -> Iterator[Run]:
    """A run for one request, closed at its end."""
    state = request.app.state
    run = open_run(state.serving.root, state.flags, state.environment, clock(), silent)
    try:
        yield run
    finally:
        run.store.close()


def session_of(request: Request, language: Language) -> Session:
    """The session of a command that a page gives."""
    state = request.app.state
    return Session(language, state.environment, state.serving.root, clock(), state.serving.root, state.flags)


# the overview --------------------------------------------------------------------------------------------------------


@router.get("/")
def overview(request: Request, language: Spoken) -> Response:
    """The first page, or what to do before there is one."""
    from productloop.interfaces.main_job import last_first_page

    with reading(request) as run:
        record = last_first_page(run.store)
        values: dict[str, Any] = {
            "job": _job(request, jobs.RUN_EVERYTHING, language),
            "waiting": uploads.waiting(run.store),
            "upload": UPLOAD,
            "record": record,
            "has_data": bool(run.store.versions()),
        }
        if record is None:
            return render(request, "welcome.html", language, **values, questions=_questions(language))
        values |= _first_page(run, record, language)
    return render(request, "overview.html", language, **values)


def _questions(language: Language) -> dict[str, list[tuple[str, str]]]:
    """Table -> (address, question) of the apps that it is enough for."""
    brought = ("feedback", "events", "actors", "orders")
    return {name: [(f"/app/{app.name}", app.question.in_language(language)) for app in apps() if name in app.tables] for name in brought}


def _first_page(run: Run, record: FirstPage, language: Language) -> dict[str, Any]:
    """The parts of the first page around its decisions, which are forms here."""
    page = build_page(record, language)
    quotes = quote_texts(run.store, record.quote_rows(), record.time_zone)
    place = next(i for i, block in enumerate(page.blocks) if isinstance(block, Heading) and block.text.key == "first.decide")
    rest = [
        block for block in page.blocks[place + 1 :] if not (isinstance(block, Line) and block.text.key in ("first.how", "first.command"))
    ]
    drawn = [render_blocks(blocks, texts(), language, quotes) for blocks in (page.blocks[:place], tuple(rest))]
    details = render_inside(Page(title=page.title, blocks=(), details=page.details), texts(), language, quotes)
    title = render_blocks((Line(text=page.title),), texts(), language, {}).removeprefix("<p>").removesuffix("</p>")
    decided = {row["finding"]: row for row in run.store.state.decisions() if row["at"] >= record.made_at}
    offers = []
    for number, offer in enumerate(record.offers, 1):
        text = render_blocks((Line(text=say("first.finding", number=number, finding=offer.finding.text)),), texts(), language, quotes)
        offers.append({"number": number, "text": safe(text), "noted": _noted(decided.get(offer.key), run, language)})
    return {
        "title": safe(title),
        "before": safe(drawn[0]),
        "offers": offers,
        "after": safe(drawn[1]),
        "details": safe(details),
        "review": moment(record.made_at + REVIEW_DAYS * DAY_US, record.time_zone)[:10],
        "reports": [
            (f"/app/{made.action.replace('.', '/')}", made.title_zh if language == "zh" else made.title_en) for made in record.reports
        ],
        "made_at": moment(record.made_at, record.time_zone),
    }


def _noted(decision: dict[str, Any] | None, run: Run, language: Language) -> str | None:
    if decision is None:
        return None
    words = Words(language)
    day = moment(decision["review_at"], run.time_zone)[:10] if decision["review_at"] else "–"
    return words("server.noted", choice=words(f"decide.choice.{decision['choice']}"), day=day)


@router.post("/run")
def run_now(request: Request) -> Response:
    """Start `productloop run`."""
    state = request.app.state
    job = jobs.start_job(state.serving.store, jobs.RUN_EVERYTHING, {}, state.flags, state.environment)
    return RedirectResponse(f"/?job={job}", 303)


@router.post("/decide")
def decide_form(request: Request, form: SentForm, language: Spoken) -> Response:
    """Note a decision about a finding."""
    given = {name: values[-1].strip() for name, values in form.items() if values[-1].strip()}
    if given.get("choice") not in ("do", "answer", "wait"):
        raise UsageError(wording.REQUEST_INVALID, place="choice", reason="do / answer / wait")
    decide(request, Decide.model_validate({name: given[name] for name in Decide.model_fields if name in given}), language)
    return RedirectResponse("/#decide", 303)


def decide(request: Request, asked: Decide, language: Language) -> dict[str, Any]:
    """Note a decision, as `productloop decide` does; returns what it says as data."""
    from productloop.interfaces.workspace_commands import decide as perform_decide

    return dict(perform_decide(session_of(request, language), asked).data)


# uploads and jobs ----------------------------------------------------------------------------------------------------


@router.post(UPLOAD)
async def upload(request: Request, name: str) -> Response:
    """One file as the body of the request, into the inbox."""
    kept = await uploads.receive(request.app.state.serving.store, name, request.stream())
    return JSONResponse({"ok": True, "name": kept}, 201)


@router.post("/jobs/{job}/cancel")
def cancel(request: Request, job: str, form: SentForm) -> Response:
    """Stop a job, then back to where it was started."""
    if jobs.look_at(request.app.state.serving.store, job, "en") is not None:
        jobs.cancel(request.app.state.serving.store, job)
    back = form.get("back", ["/"])[0]
    return RedirectResponse(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)


def _job(request: Request, action: str, language: Language) -> dict[str, Any] | None:
    """The job of this action that is at work, or the one just started from this page, unless it is done."""
    store = request.app.state.serving.store
    named = request.query_params.get("job")
    for row in store.state.jobs():
        if row["action"] == action and (row["status"] in jobs.OPEN or row["id"] == named):
            found = jobs.look_at(store, row["id"], language)
            if found is not None and (found["status"] in jobs.OPEN or (row["id"] == named and found["status"] != "done")):
                return found | {"open": found["status"] in jobs.OPEN}
    return None


# reports -------------------------------------------------------------------------------------------------------------


@router.get("/app/{app_name}")
def first_action(request: Request, app_name: str) -> Response:
    """The first action of an app."""
    app = find_app(app_name)
    if app is None:
        raise UsageError(wording.NOT_FOUND, path=excerpt(request.url.path))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/app/{app.name}/{app.actions[0].name}{query}", 307)


@router.get("/app/{app_name}/{action_name}")
def report_page(request: Request, app_name: str, action_name: str, language: Spoken) -> Response:
    """The report of an action and the form that changes what is counted."""
    app, action = _found(request, app_name, action_name)
    given = _given(request)
    form = make_form(action.request, given, language)
    values: dict[str, Any] = {
        "app": app, "action": action, "form": form, "job": _job(request, f"{app.name}.{action.name}", language),
        "here": request.url.path, "at_once": _at_once(action), "query": urlencode(given, doseq=True), "problem": None, "report": None,
        "older": False, "when": None,
    }  # fmt: skip
    status = 200
    with reading(request) as run:
        try:
            report, row = _report(run, app, action, given)
            if report is not None:
                meta = page_meta(run.store, run.settings, report, language)
                values |= {"report": safe(_inside(run, action, report, language)), "meta": meta}
            if row is not None:
                values |= {"when": moment(row["created_at"], run.time_zone), "older": _is_older(run, action, row["versions"])}
        except ProductloopError as problem:
            values["problem"], status = problem.render(language), 200 if problem.http_status == 409 else problem.http_status
    return render(request, "report.html", language, status, **values)


def _inside(run: Run, action: Action, report: Report, language: Language) -> str:
    """The report drawn; the last ones are kept, since drawing charts takes longer than anything else. An erase gives reports new ids."""
    key = (report.id, language)
    drawn = _drawn.pop(key, None)
    if drawn is None:
        page = action.shown(report)
        drawn = render_inside(page, texts(), language, quote_texts(run.store, quote_rows(page, report), report.time_zone))
    _drawn[key] = drawn
    for oldest in list(_drawn)[:-NUM_DRAWN]:
        _drawn.pop(oldest, None)
    return drawn


@router.get("/app/{app_name}/{action_name}/file")
def report_file(request: Request, app_name: str, action_name: str, language: Spoken) -> Response:
    """The report as one HTML file that can be passed on."""
    app, action = _found(request, app_name, action_name)
    with reading(request) as run:
        report, _ = _report(run, app, action, _given(request))
        if report is None:
            raise UsageError(wording.NOT_FOUND, path=excerpt(request.url.path))
        page = action.shown(report)
        quotes = quote_texts(run.store, quote_rows(page, report), report.time_zone)
        document = render_html(page, texts(), language, quotes, page_meta(run.store, run.settings, report, language))
    name = f"{app.name}-{action.name}.{language}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
    return Response(document, media_type="text/html; charset=utf-8", headers=headers)


@router.post("/app/{app_name}/{action_name}")
def start_action(request: Request, app_name: str, action_name: str, form: SentForm) -> Response:
    """Start an action that takes a while or that writes; its page shows how far it is."""
    app, action = _found(request, app_name, action_name)
    given = {name: values for name, values in form.items() if name not in OWN_NAMES}
    asked = read_form(action.request, given)
    state, name = request.app.state, f"{app.name}.{action.name}"
    job = jobs.start_job(state.serving.store, name, asked.model_dump(mode="json"), state.flags, state.environment)
    return RedirectResponse(f"{request.url.path}?{urlencode({**given, 'job': job}, doseq=True)}", 303)


def _found(request: Request, app_name: str, action_name: str) -> tuple[App, Action]:
    found = find_action(f"{app_name}.{action_name}")
    if found is None:
        raise UsageError(wording.NOT_FOUND, path=excerpt(request.url.path))
    return found


def _given(request: Request) -> Sent:
    return {name: request.query_params.getlist(name) for name in request.query_params if name not in OWN_NAMES}


def _at_once(action: Action) -> bool:
    return action.length == "quick" and action.effect == "reads"


def _report(run: Run, app: App, action: Action, given: Sent) -> tuple[Report | None, dict[str, Any] | None]:
    """A quick report is made at once; of a long one the newest kept, the one that was asked for if there is one, with its row."""
    if not make_form(action.request, given, "en").complete:
        return None, None
    asked = read_form(action.request, given)
    if _at_once(action):
        return perform_action(run, app, action, asked), None
    rows = run.store.state.reports(f"{app.name}.{action.name}")
    same = [row for row in rows if row["request"] == asked.model_dump_json()]
    row = same[-1] if same else rows[-1] if rows and not given else None
    if row is None:
        return None, None
    try:
        return action.report.model_validate_json(row["body"]), row
    except ValidationError:
        return None, None  # kept by an earlier version whose report had other fields: as if never made


def _is_older(run: Run, action: Action, versions: str) -> bool:
    """Whether a table that the action reads, and does not write itself, changed since."""
    before, now = json.loads(versions), run.store.versions()
    return any(before.get(name) != now.get(name) for name in action.reads if name not in action.writes)


# data, models, settings ----------------------------------------------------------------------------------------------


@router.get("/data")
def data(request: Request, language: Spoken) -> Response:
    """What was imported, until when it reaches, and what could not be used."""
    with reading(request) as run:
        return render(request, "data.html", language, upload=UPLOAD, waiting=uploads.waiting(run.store), **data_page(run, language))


@router.get("/models")
def models(request: Request, language: Spoken) -> Response:
    """Where the loop stands, and how good each live model is."""
    with reading(request) as run:
        return render(request, "models.html", language, **models_page(run, session_of(request, language)))


@router.post("/models/{task}/rollback")
def rollback(request: Request, task: str, language: Spoken) -> Response:
    """Make the release live that was live before."""
    before, now = roll_back(request.app.state.serving.store, task, clock())
    with reading(request) as run:
        values = models_page(run, session_of(request, language))
    notice = Words(language)("server.rolled_back", before=before, after=now)
    return render(request, "models.html", language, **{**values, "notice": notice})


@router.get("/settings")
def settings(request: Request, language: Spoken) -> Response:
    """Every setting with its value, where that comes from, and its meaning."""
    return render(request, "settings.html", language, **settings_page(request.app.state.serving.settings, language))


# small things --------------------------------------------------------------------------------------------------------


@router.get(STATIC + "{name}")
def static(request: Request, name: str) -> Response:
    """Script and style sheets."""
    found = static_file(name)
    if found is None:
        raise UsageError(wording.NOT_FOUND, path=excerpt(request.url.path))
    return found


@router.get(SIGN_IN)
def sign_in(request: Request, language: Spoken) -> Response:
    """Where the token is given."""
    return sign_in_page(request, language, 200)


@router.post(SIGN_IN)
def sign_in_with(request: Request, form: SentForm, language: Spoken) -> Response:
    """Keep the token in a cookie that scripts and other sites cannot use."""
    token = form.get("token", [""])[0].strip()
    configured = request.app.state.environment.get("PRODUCTLOOP_TOKEN", "")
    if not configured or not hmac.compare_digest(token.encode(), configured.encode()):
        return sign_in_page(request, language)
    answer = RedirectResponse("/", 303)
    answer.set_cookie("token", token, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def sign_in_page(request: Request, language: Language, status: int = 401) -> Response:
    """The page that asks for the token."""
    return render(request, "sign_in.html", language, status)


def problem_page(request: Request, error: ProductloopError, language: Language, status: int | None = None) -> Response:
    """What went wrong, what was expected, what to do next."""
    code = status or (404 if error.problem is wording.NOT_FOUND else error.http_status)
    return render(request, "problem.html", language, code, problem=error.render(language))


def moment(at: int, time_zone: str) -> str:
    """An instant (microseconds UTC) in a zone: 2026-03-31 08:00."""
    return datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
