"""`productloop show FIGURE`: a number of a report is counted again on the very versions of the tables it was counted on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Line, Numbers, Page
from productloop.foundation.wording import Language, say
from productloop.interfaces import wording
from productloop.interfaces.answering import Answer, definitions_of, page_meta
from productloop.interfaces.registry import all_texts, find_action
from productloop.loop.action import Report, Run
from productloop.loop.store import Store

KEY_LENGTH = 12


def show(run: Run, figure_id: str, language: Language) -> Answer:
    """The number, how it is counted, what it was counted on, and what counting again gives."""
    row = run.store.state.report(figure_id.partition(".")[0]) if len(figure_id.partition(".")[0]) >= KEY_LENGTH else None
    found = find_action(row["action"]) if row is not None else None
    if row is None or found is None:
        raise UsageError(wording.FIGURE_UNKNOWN, figure=figure_id)
    try:
        kept = found[1].report.model_validate_json(row["body"])
    except ValidationError:  # kept by an earlier version whose report had other fields
        raise UsageError(wording.FIGURE_UNKNOWN, figure=figure_id) from None
    figure = _find(kept, figure_id)
    if figure is None:
        raise UsageError(wording.FIGURE_UNKNOWN, figure=figure_id)
    versions = json.loads(row["versions"])
    again = _count_again(run, row, versions)
    counted = None if again is None else _find(again, figure_id)
    items = [(say("show.value"), figure), *([(say("show.again"), counted)] if counted is not None else [])]
    blocks: list[Block] = [Numbers(items=tuple(items))]
    if counted is None:
        blocks.append(Line(text=say("show.gone"), tone="caution"))
    else:
        same = (counted.value, counted.low, counted.high) == (figure.value, figure.low, figure.high)
        blocks.append(Line(text=say("show.same"), tone="good") if same else Line(text=say("show.differs"), tone="caution"))
    texts = all_texts()
    blocks += [Line(text=say("show.definition", definition=say(figure.definition)))] if figure.definition in texts else []
    blocks += [Line(text=say("show.protocol", protocol=say(figure.protocol)))] if figure.protocol in texts else []
    read = ", ".join(f"{name} {number}" for name, number in versions.items() if name in kept.versions or not kept.versions)
    blocks += [Line(text=say("show.origin", action=row["action"], versions=read)), Line(text=say("show.request", request=row["request"]))]
    data = {
        "figure": figure.model_dump(mode="json"), "again": None if counted is None else counted.model_dump(mode="json"),
        "action": row["action"], "request": json.loads(row["request"]), "versions": versions,
        "definitions": definitions_of(figure.model_dump(mode="json"), texts, language),
    }  # fmt: skip
    page = Page(title=say("show.title", figure=figure_id), blocks=tuple(blocks))
    return Answer(data, page, meta=page_meta(run.store, run.settings, kept, language))


def _count_again(run: Run, row: dict[str, Any], versions: dict[str, int]) -> Report | None:
    """The same action and request on the pinned versions, without its writes; None when those versions were cleaned away."""
    from deltalake.exceptions import DeltaError
    from duckdb import IOException

    found = find_action(row["action"])
    assert found is not None
    action = found[1]
    request = action.request.model_validate_json(row["request"])
    pinned = Store(run.store.root, pinned=versions)
    try:
        narrowed = pinned.narrowed(request.scope, run.time_zone, row["as_of"])
        again = replace(run, store=narrowed, scope=request.scope, as_of=row["as_of"], last_steps=[], key=row["id"])
        try:
            return action.run(again, request)
        finally:
            narrowed.close()
    except (DeltaError, IOException, FileNotFoundError, WorkspaceProblem):
        return None
    finally:
        pinned.close()


def _find(report: Report, figure_id: str) -> Figure | None:
    return next((figure for figure in _figures(report) if figure.id == figure_id), None)


def _figures(part: Any) -> Iterator[Figure]:
    """Every figure of a report, wherever it stands."""
    if isinstance(part, Figure):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _figures(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _figures(value)
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            yield from _figures(getattr(part, name))
