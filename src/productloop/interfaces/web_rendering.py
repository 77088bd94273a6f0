"""How pages are drawn: templates, our own script and style sheets under names that change with their content, and what every page carries.

Everything comes from this server: a content security policy (W3C Content Security Policy Level 3) forbids other addresses and inline scripts.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

import productloop
from productloop.foundation.wording import LANGUAGES, Language, Text
from productloop.interfaces import server_wording, wording
from productloop.interfaces.html import LANGUAGE_TAGS
from productloop.interfaces.registry import all_texts, apps
from productloop.interfaces.serving import Serving
from productloop.loop.action import is_simulated

CONTENT_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
STATIC = "/static/"
KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
FILES = ("app.css", "pages.css", "app.js")
YEAR_SECONDS = 31_536_000
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e69"/>'
    '<path d="M23 12a8 8 0 1 0 1 6" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/><path d="M26 7v7h-7z" fill="#fff"/></svg>'
)
FOLDER = resources.files("productloop.interfaces")


@functools.cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Name with hash -> (kind of file, content)."""
    found = {}
    for name in FILES:
        content = FOLDER.joinpath("static", name).read_bytes()
        stem, _, kind = name.rpartition(".")
        found[f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{kind}"] = (KINDS[kind], content)
    return found


@functools.cache
def addresses() -> dict[str, str]:
    """Name of a file -> its address: "app.css" is at "/static/app.1234567890.css"."""
    return {f"{name.split('.')[0]}.{name.split('.')[2]}": STATIC + name for name in static_files()}


def static_file(name: str) -> Response | None:
    """One of our own files, kept by browsers for ever; None when there is no such file."""
    found = static_files().get(name)
    if found is None:
        return None
    return Response(found[1], media_type=found[0], headers={"Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable"})


@functools.cache
def _templates() -> Environment:
    """Only our own templates; every value is escaped, and a missing one is an error."""
    loader = FunctionLoader(lambda name: FOLDER.joinpath("templates", name).read_text("utf-8"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@functools.cache
def texts() -> Mapping[str, Text]:
    """Every sentence of the pages and of the reports on them."""
    return {**all_texts(), **wording.TEXTS, **server_wording.TEXTS}


@dataclass(frozen=True, slots=True)
class Words:
    """Says the sentences of the pages in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The sentence `key`."""
        return texts()[key].render(self.language, **values)


def render(request: Request, template: str, language: Language, status: int = 200, **values: Any) -> Response:
    """A whole page with navigation around it."""
    serving: Serving = request.app.state.serving
    say = Words(language)
    around = {
        "say": say,
        "tag": LANGUAGE_TAGS[language],
        "static": addresses(),
        "icon": "data:image/svg+xml," + quoted(ICON),
        "product": serving.settings.text("product.name") or serving.root.resolve().name,
        "simulated": is_simulated(serving.store),
        "navigation": _navigation(request.url.path, say),
        "languages": _languages(request, language),
        "version": productloop.__version__,
        "notice": None,
    }
    page = _templates().get_template(template).render(**{**around, **values})
    response = HTMLResponse(page, status, headers={"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"})
    if request.query_params.get("language") in LANGUAGES:
        response.set_cookie("language", language, max_age=YEAR_SECONDS, samesite="lax", httponly=True)
    return response


def _navigation(path: str, say: Words) -> list[tuple[str, str, bool]]:
    """(address, name, whether we are there)."""
    places = [("/", say("server.overview"))]
    places += [(f"/app/{app.name}", app.title.in_language(say.language)) for app in apps()]
    places += [(f"/{name}", say(f"server.{name}")) for name in ("data", "models", "settings")]
    places = [(address, name[:1].upper() + name[1:]) for address, name in places]
    return [(address, name, path == address or (address != "/" and path.startswith(f"{address}/"))) for address, name in places]


def _languages(request: Request, language: Language) -> list[tuple[str, str, str, bool]]:
    """(address of this page in that language, its name, its tag, whether it is the present one)."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name not in ("language", "job")]
    path = request.url.path if request.method == "GET" else "/"
    names: dict[Language, str] = {"zh": "中文", "en": "English"}
    return [
        (f"{path}?{urlencode([*others, ('language', code)])}", names[code], LANGUAGE_TAGS[code], code == language) for code in LANGUAGES
    ]


def safe(fragment: str) -> Markup:
    """HTML that a renderer of ours made, with every text in it escaped there."""
    return Markup(fragment)  # noqa: S704 (only called with what interfaces/html.py rendered)
