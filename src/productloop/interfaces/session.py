"""What every door shares: the clock, the language, the opened workspace, progress and interruption, and errors as people read them.

Only the interfaces read the clock. Ctrl-C stops at the next call of `progress` (where nothing is half-written); a second one at once.
"""

from __future__ import annotations

import json
import locale
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from productloop.foundation.errors import Cancelled, ProductloopError, ProviderUnreachable, UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Language
from productloop.interfaces import wording
from productloop.loop.action import Action, App, Progress, Report, Request, Run, perform
from productloop.loop.providers import provider_from
from productloop.loop.store import SETTINGS_FILE, Store
from productloop.loop.wording import NO_WORKSPACE

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


def clock() -> int:
    """Now, in microseconds UTC."""
    return time.time_ns() // 1000


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Session:
    """One command: where it runs and how it answers."""

    language: Language
    environment: Mapping[str, str]
    folder: Path
    now: int
    workspace: Path | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)
    json: bool = False
    details: bool = False
    output: Path | None = None
    progress: Progress = silent

    def root(self) -> Path | None:
        """The workspace this command is about: the one named, else the one at or above the present folder."""
        if self.workspace is not None:
            if Store.find(self.workspace) != self.workspace:
                raise UsageError(NO_WORKSPACE, path=str(self.workspace))
            return self.workspace
        return Store.find(self.folder)

    def require_root(self) -> Path:
        """The workspace; UsageError where there is none."""
        root = self.root()
        if root is None:
            raise UsageError(NO_WORKSPACE, path=str(self.folder))
        return root

    def say(self, key: str, **values: object) -> str:
        """A sentence of the doors."""
        return wording.TEXTS[key].render(self.language, **values)

    def log(self, key: str, **values: object) -> None:
        """A line on standard error: standard output belongs to the answer."""
        write_line(sys.stderr, self.say(key, **values))


def choose_language(flag: str | None, setting: str, environment: Mapping[str, str]) -> Language:
    """Flag > setting > LANGUAGE, LC_ALL, LC_MESSAGES, LANG > the system's own > English."""
    for wanted in (flag, setting):
        if wanted in ("zh", "en"):
            return "zh" if wanted == "zh" else "en"
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    system = locale.getlocale()[0] or ""
    return "zh" if system.lower().startswith(("zh", "chinese")) else "en"


def open_run(root: Path, flags: Mapping[str, Any], environment: Mapping[str, str], now: int, progress: Progress) -> Run:
    """Settings, store and provider of a workspace, after the rows that arrived over HTTP were taken in. The caller closes `run.store`."""
    settings = load_settings(root / SETTINGS_FILE, environment, flags)
    store = Store(root)
    if store.state.inbox():
        from productloop.loop.arrivals import drain  # loads the whole import

        drain(store, now)
    try:
        provider = provider_from(settings, environment)
    except ProviderUnreachable as problem:
        language = choose_language(None, settings.text("interface.language"), environment)
        reason = problem.render(language)[0]
        write_line(sys.stderr, wording.TEXTS["door.no_provider"].render(language, reason=reason))
        provider = None
    return Run(store, settings, provider, store.as_of(), now, settings.number("loop.seed"), progress)


@contextmanager
def opened(session: Session, root: Path | None = None) -> Iterator[Run]:
    """The run of a command, closed at its end."""
    run = open_run(root or session.require_root(), session.flags, session.environment, session.now, session.progress)
    try:
        yield run
    finally:
        run.store.close()


def perform_action(run: Run, app: App, action: Action, request: Request, *, fresh: bool = False) -> Report:
    """Run one action of an app under its full name."""
    return perform(f"{app.name}.{action.name}", action, request, run, fresh=fresh)


# progress and interruption -------------------------------------------------------------------------------------------


class Watcher:
    """Progress bars on standard error (only on a terminal) and the one place where an interruption is noticed."""

    def __init__(self, language: Language, stream: TextIO) -> None:
        self._language = language
        self._stream = stream
        self._bars: Bars | None = None
        self._tasks: dict[str, Any] = {}
        self.interrupted = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """One step of `stage`; raises Cancelled when the person interrupted."""
        if self.interrupted:
            raise Cancelled
        if not self._stream.isatty():
            return
        if self._bars is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
            self._bars = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._bars.start()
        if stage not in self._tasks:
            for earlier in self._tasks.values():
                self._bars.update(earlier, visible=False)
            self._tasks[stage] = self._bars.add_task(self._name(stage), total=max(total, 1))
        self._bars.update(self._tasks[stage], completed=done, total=max(total, 1), visible=True)

    def _name(self, stage: str) -> str:
        text = wording.TEXTS.get(f"progress.{stage}")
        return stage if text is None else text.in_language(self._language)

    def close(self) -> None:
        """Take the bars away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks = {}

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """First Ctrl-C: stop at the next safe place. Second: at once."""
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        write_line(self._stream, wording.TEXTS["door.stopping"].in_language(self._language))


@contextmanager
def watching(language: Language) -> Iterator[Watcher]:
    """A watcher that listens to Ctrl-C until the block ends."""
    watcher = Watcher(language, sys.stderr)
    try:
        before = signal.signal(signal.SIGINT, watcher.on_signal)
    except ValueError:  # not in the main thread: whoever runs us handles signals
        before = None
    try:
        yield watcher
    finally:
        watcher.close()
        if before is not None:
            signal.signal(signal.SIGINT, before)


# writing -------------------------------------------------------------------------------------------------------------


def prepare_streams() -> None:
    """A console of an old code page (GBK, ASCII) shows "?" for what it cannot write, and never stops a report."""
    if sys.stdout is None:  # closed by the caller, or a program without a console
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def write_line(stream: TextIO, text: str) -> None:
    """One line."""
    stream.write(text + "\n")
    stream.flush()


def write_json(document: Mapping[str, Any]) -> None:
    """One JSON object on standard output; on a console that is not UTF-8 with escapes, so that nothing is lost."""
    plain = not (sys.stdout.encoding or "ascii").lower().startswith("utf")
    write_line(sys.stdout, json.dumps(document, ensure_ascii=plain, default=str))


def show_error(error: ProductloopError, language: Language, as_json: bool) -> int:
    """The error in three sentences on standard error, or as JSON on standard output; returns its exit code."""
    happened, expected, fix = error.render(language)
    if as_json:
        write_json({"ok": False, "error": {"code": error.code, "happened": happened, "expected": expected, "fix": fix}})
    else:
        for key, text in (("happened", happened), ("expected", expected), ("fix", fix)):
            write_line(sys.stderr, wording.TEXTS[f"door.{key}"].render(language, text=text))
    return error.exit_code


def show_cancelled(language: Language, as_json: bool) -> int:
    """What an interruption says; returns 130."""
    sentence = wording.TEXTS["door.cancelled"].in_language(language)
    if as_json:
        write_json({"ok": False, "error": {"code": "cancelled", "happened": sentence, "expected": "", "fix": ""}})
    else:
        write_line(sys.stderr, sentence)
    return Cancelled.exit_code
