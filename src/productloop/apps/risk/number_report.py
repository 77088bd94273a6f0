"""Pages of risk tasks whose answer is a number: who has how many, who goes how soon, and how far the numbers can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Grid, Heading, Line, Numbers
from productloop.foundation.wording import Say, say

if TYPE_CHECKING:
    from productloop.apps.risk.number_types import NumberPart, NumberPerson
    from productloop.apps.risk.types import ScoreReport

MAX_ON_SCREEN = 10


def number_blocks(report: ScoreReport, part: NumberPart) -> list[Block]:
    """The first screen."""
    event = report.event or say("risk.number.it")
    items: list[tuple[Say, Figure]] = []
    if report.people is not None:
        items.append((say("risk.label.people"), report.people))
    if part.mean is not None and part.mean.value is not None:
        items.append((say("risk.number.label.mean", what=event), part.mean))
    if part.total is not None and report.window_days is not None:
        items.append((say("risk.number.label.total", what=event, days=report.window_days), part.total))
    blocks: list[Block] = [Numbers(items=tuple(items))]
    blocks += [Line(text=text, tone="caution") for text in _state(report)]
    blocks += _quality(part, event)
    if part.persons:
        blocks += [Heading(text=say(f"risk.number.heading.{part.kind}")), _grid(part, part.persons[:MAX_ON_SCREEN])]
    if part.kind == "time" and part.num_beyond:
        blocks.append(Line(text=say("risk.number.beyond", num=part.num_beyond, event=event)))
    return blocks


def _state(report: ScoreReport) -> list[Say]:
    num = 0 if report.labelled is None else int(report.labelled.value or 0)
    if report.state == "few":
        return [say("risk.number.few", num=num, missing=report.missing)]
    if report.state == "one_class":
        return [say("risk.number.alike")]
    if report.state == "untrained":
        return [say("risk.line.untrained", num=num)]
    return [say("risk.number.baseline")] if report.state == "baseline" else []


def _quality(part: NumberPart, event: Say) -> list[Block]:
    if part.kind == "count" and part.persons and part.of_highest is not None and part.of_all is not None:
        return [Line(text=say("risk.number.hits", high=part.of_highest, mean=part.of_all, event=event))]
    if part.kind == "time" and part.persons and part.order is not None and part.order.value is not None:
        of_ten = part.order.model_copy(update={"value": round(10 * float(part.order.value)), "low": None, "high": None})
        return [Line(text=say("risk.number.order", pairs=of_ten, event=event))]
    return []


def grid_of_all(part: NumberPart) -> Grid | None:
    """Everybody listed, for the details."""
    return _grid(part, part.persons) if len(part.persons) > MAX_ON_SCREEN else None


def _grid(part: NumberPart, persons: tuple[NumberPerson, ...]) -> Grid:
    names = ("who", f"number_{part.kind}", "why")
    columns = tuple(
        say("risk.column.who" if name == "who" else "risk.column.why" if name == "why" else f"risk.number.{name}") for name in names
    )
    rows: list[tuple[Cell, ...]] = []
    for person in persons:
        why = say("risk.reasons", reasons=list(person.reasons)) if person.reasons else say("risk.reason.none")
        rows.append((person.subject, number_text(part, person.number), why))
    return Grid(columns=columns, rows=tuple(rows))


def number_text(part: NumberPart, figure: Figure) -> Say:
    """The number with its limits, in words."""
    known = figure.model_copy(update={"low": None, "high": None})
    slots: dict[str, Figure | Say | float] = {"number": known}
    key = "count" if part.kind == "count" else f"time.{part.unit}"
    if figure.value is None:
        return say("risk.number.unknown")
    if figure.low is None or figure.high is None:
        return Say(key=f"risk.number.{key}_open", slots={**slots, "low": _tidy(figure.low or 0.0)})
    return Say(key=f"risk.number.{key}", slots={**slots, "low": _tidy(figure.low), "high": _tidy(figure.high)})


def _tidy(value: float) -> float:
    return float(round(value)) if value >= 10 else round(value, 1)
