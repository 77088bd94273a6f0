"""Small parts that the pages of several actions share."""

from __future__ import annotations

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Heading, Line
from productloop.foundation.wording import Say, say


def doubts(cautions: tuple[Say, ...]) -> list[Block]:
    """What not to believe, under its heading; nothing when there is nothing."""
    if not cautions:
        return []
    return [Heading(text=say("behaviour.heading.doubt")), *(Line(text=caution, tone="caution") for caution in cautions)]


def number(figure: Figure) -> float | None:
    """The value for a chart; None while in progress or not known."""
    return None if figure.value is None else float(figure.value)


def of_hundred(share: Figure) -> Figure:
    """The same share as "of 100": the place in the report stays its id."""
    ends = {"low": None if share.low is None else 100 * share.low, "high": None if share.high is None else 100 * share.high}
    return share.model_copy(update={"value": None if share.value is None else round(100 * share.value), "unit": "number", **ends})
