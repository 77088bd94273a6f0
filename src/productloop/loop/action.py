"""Action, App, Run: what a person can ask for. Every interface (command line, HTTP, Python, docs) is derived from these.

`perform` runs an action: it computes the content key, answers from the kept reports when nothing changed, and makes all writes
visible in the last step. An app is a plain value; apps never import each other and meet only in the store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from productloop.foundation.errors import MissingData, Problem, UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.page import Page
from productloop.foundation.settings import Settings
from productloop.foundation.tables import CANONICAL
from productloop.foundation.wording import Say, Text
from productloop.llm.provider import Provider
from productloop.loop import wording
from productloop.loop.marks import OwnChange, marked, own_changes
from productloop.loop.scope import Scope
from productloop.loop.source_code import own_fingerprint
from productloop.loop.store import Store
from productloop.loop.task import TaskTemplate

Progress = Callable[[str, int, int], None]
"""progress(stage, done, total): the only cancellation point; raises Cancelled when the person interrupted."""


class Request(BaseModel):
    """What is asked. Every request contains a Scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Scope = Scope()


class SourceState(BaseModel):
    """How far the data of one table reaches."""

    model_config = ConfigDict(frozen=True)

    table: str
    num_rows: int
    until: int | None
    """Microseconds UTC; None when the table has no dates."""


class Report(BaseModel):
    """An answer: a tree of Figures, quote row ids and sentence keys, without rendered text, at most 1,000 rows."""

    model_config = ConfigDict(frozen=True)

    id: str
    action: str
    as_of: int | None
    time_zone: str
    simulated: bool
    sources: tuple[SourceState, ...]
    versions: dict[str, int]
    cautions: tuple[Say, ...] = ()
    """What not to believe, in a sentence each."""
    findings: tuple[Finding, ...] = ()
    """What deserves a place on the first page."""
    own_changes: tuple[OwnChange, ...] = ()
    """What was changed in the time that the charts show: versions, prices, campaigns, outages. Every chart over dates carries them."""


class Finding(BaseModel):
    """One finding that an app offers to the first page."""

    model_config = ConfigDict(frozen=True)

    kind: str
    subject: str
    text: Say
    people: Figure | None = None
    was: Figure | None = None
    now: Figure | None = None
    money: Figure | None = None
    quotes: tuple[str, ...] = ()
    strength: float
    """0..1: how sure and how large; orders findings across apps."""
    tone: Literal["problem", "chance", "good_news"] = "problem"
    """Problems come before chances, chances before good news."""
    advice: Say | None = None
    since: int | None = None
    apart: bool = False
    """Whether `was` is told of the others and `now` of those it is about, both of the same time."""


Report.model_rebuild()


@dataclass(frozen=True, slots=True)
class Run:
    """Everything an action may use. `store` is already narrowed to the request's scope."""

    store: Store
    settings: Settings
    provider: Provider | None
    as_of: int | None
    now: int
    seed: int
    progress: Progress
    key: str = ""
    scope: Scope = field(default_factory=Scope)
    last_steps: list[Callable[[], None]] = field(default_factory=list)

    @property
    def time_zone(self) -> str:
        """Zone in which days and weeks are counted."""
        return self.settings.text("product.time_zone")

    def figure(
        self,
        name: str,
        value: float | int | None,
        unit: str,
        definition: str,
        *,
        n: int | None = None,
        interval: tuple[float, float] | None = None,
        protocol: str | None = None,
    ) -> Figure:
        """A figure of this run's report; its id names the report's key and `name`."""
        low, high = (None, None) if interval is None or value is None else (float(interval[0]), float(interval[1]))
        value = None if value is None or value != value else value
        return Figure(
            id=f"{self.key[:12]}.{name}", value=value, unit=unit, n=n, low=low, high=high, definition=definition, protocol=protocol
        )

    def at_end(self, step: Callable[[], None]) -> None:
        """Register a write; all writes of an action happen together, after its answer is known."""
        self.last_steps.append(step)

    def frame(self, action: str, tables: tuple[str, ...]) -> dict[str, Any]:
        """The fields that every report has."""
        return {
            "id": self.key,
            "action": action,
            "as_of": self.as_of,
            "time_zone": self.time_zone,
            "simulated": is_simulated(self.store),
            "sources": source_states(self.store, tables),
            "versions": {name: v for name, v in self.store.versions().items() if name in tables},
        }


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can ask for."""

    name: str
    title: Text
    run: Callable[[Run, Any], Report]
    page: Callable[[Any], Page]
    request: type[Request]
    report: type[Report]
    effect: Literal["reads", "writes", "reveals"]
    length: Literal["quick", "long"]
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    on_run: bool | Callable[[Store], bool] = False
    """True, or a function that says so for a workspace: `productloop run` makes this report too."""
    on_first_page: Literal["all", "line", "nothing"] = "all"
    """What the first page takes from it: findings, cautions and a line; only the line; or only the link, so that it stays short."""
    headline: Callable[[Any], Say | None] | None = None
    """The line, or None for a report without news; not given: the first sentence of its page."""

    def is_on_run(self, store: Store) -> bool:
        """Whether `productloop run` makes this report in this workspace."""
        return self.on_run(store) if callable(self.on_run) else self.on_run

    def shown(self, report: Report) -> Page:
        """The page of a report as every door shows it: charts over dates carry the changes of their time."""
        return marked(self.page(report), report.own_changes)


@dataclass(frozen=True, slots=True)
class App:
    """One application: all apps look alike. The first action is the default."""

    name: str
    title: Text
    question: Text
    tables: tuple[str, ...]
    """The tables without which the app has nothing to say (any one is enough)."""
    actions: tuple[Action, ...]
    templates: tuple[TaskTemplate, ...]
    texts: Mapping[str, Text]

    def action(self, name: str) -> Action:
        """The action called `name`; KeyError when there is none."""
        return (
            next(action for action in self.actions if action.name == name)
            if any(a.name == name for a in self.actions)
            else _no_action(name)
        )


def _no_action(name: str) -> Action:
    raise KeyError(name)


def report_key(action_name: str, request: Request, run: Run, reads: tuple[str, ...]) -> str:
    """sha256 of everything an answer depends on, the code among it: nothing else invalidates a kept report."""
    versions = {name: version for name, version in run.store.versions().items() if name in (*reads, "changes")}  # charts carry changes
    live = sorted((row["task"], row["release"]) for row in live_pointers(run.store))
    settings = {name: value for name, value in run.settings.values.items() if not name.startswith(("serve.", "interface.", "provider."))}
    parts = [
        action_name,
        request.model_dump(mode="json"),
        run.as_of,
        versions,
        run.store.state.merges_mark(),
        live,
        settings,
        run.settings.tasks,
        {name: (label.zh, label.en) for name, label in run.settings.events.items()},
        run.seed,
        own_fingerprint(),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def live_pointers(store: Store) -> list[dict[str, str]]:
    """(task, release) of every live release."""
    tasks = sorted({row["task"] for row in store.state.releases()})
    return [{"task": task, "release": live} for task in tasks if (live := store.state.live(task)) is not None]


def perform(action_name: str, action: Action, request: Request, run: Run, *, fresh: bool = False) -> Report:
    """Run an action (or answer from the kept report), then make its writes visible and keep the report."""
    missing = [table for table in action.reads if not run.store.exists(table)]
    if action.reads and len(missing) == len(action.reads):
        importable = [table.name for table in CANONICAL if table.name in action.reads]
        raise MissingData(wording.NOTHING_IMPORTED, tables=", ".join(importable or action.reads))
    as_of = run.as_of
    if request.scope.segment is not None:
        _check_segment(run.store, request.scope.segment)
    narrowed = replace(run, store=run.store.narrowed(request.scope, run.time_zone, as_of), scope=request.scope, last_steps=[])
    reads = action.reads if request.scope.segment is None else (*action.reads, "segments")
    key = report_key(action_name, request, run, reads)
    kept = None if fresh or action.effect != "reads" else run.store.state.report(key)
    if kept is not None:
        try:
            return action.report.model_validate_json(kept["body"])
        except ValidationError:
            pass  # kept by an earlier version whose report had other fields: made anew below
    narrowed = replace(narrowed, key=key)
    try:
        report = _with_changes(action.run(narrowed, request), action, narrowed)
    finally:
        narrowed.store.close()
    if narrowed.last_steps:
        with run.store.writing():
            for step in narrowed.last_steps:
                step()
        run.store.refresh()
    run.store.state.save_report(
        {
            "id": key,
            "action": action_name,
            "request": request.model_dump_json(),
            "as_of": as_of,
            "versions": json.dumps(run.store.versions()),
            "created_at": run.now,
            "body": report.model_dump_json(),
        }
    )
    return report


def _with_changes(report: Report, action: Action, run: Run) -> Report:
    """The report with the changes of the time that its charts show."""
    if not run.store.exists("changes"):
        return report
    products = (run.settings.text("product.name"), run.scope.product or "")
    return report.model_copy(update={"own_changes": own_changes(run.store, action.page(report), run.time_zone, products)})


def _check_segment(store: Store, segment: str) -> None:
    """Raise UsageError for a segment that nobody is in: an empty report would look like an answer."""
    known = [str(row[0]) for row in store.rows("SELECT DISTINCT segment FROM segments ORDER BY segment")]
    if segment not in known:
        raise UsageError(wording.SEGMENT_UNKNOWN, segment=excerpt(segment), known=", ".join(known) or "-")


def is_simulated(store: Store) -> bool:
    """Whether this workspace holds the simulated demo; said wherever its numbers are shown."""
    return (store.home / "simulated").exists()


def source_states(store: Store, tables: tuple[str, ...]) -> tuple[SourceState, ...]:
    """Rows and last date of each table that was imported."""
    states = []
    for name in tables:
        if store.exists(name):
            timed = "time" in store.names(name)
            latest = "max(time)" if timed else "NULL"
            count, until = store.rows(f'SELECT count(*), {latest} FROM "{name}"')[0]
            states.append(SourceState(table=name, num_rows=int(count), until=None if until is None else int(until)))
    return tuple(states)


def require(condition: bool, problem: Problem, **parameters: object) -> None:
    """Raise MissingData unless `condition`."""
    if not condition:
        raise MissingData(problem, **parameters)
