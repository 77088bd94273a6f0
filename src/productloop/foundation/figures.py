"""A number that can be checked: every number a report shows is a `Figure` and knows where it came from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

INTERVAL_LEVEL = 0.90
"""One interval level everywhere: nine times in ten."""

Unit = Literal["people", "texts", "rows", "events", "share", "points", "days", "seconds", "stars", "score", "ratio", "number"] | str
"""A plain unit word. Money is `money:CNY`, its value in minor units (cents, 分)."""


class Figure(BaseModel):
    """One number of a report.

    `id` is `KEY.NAME`: KEY names the action, request, table versions and code that made it (`productloop show` re-runs it),
    NAME the place in the report. `value` None means "not known", never 0. `low` and `high` are the 90 % interval.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    value: float | int | None
    unit: Unit
    n: int | None = None
    """How many rows or people stand behind it."""
    low: float | None = None
    high: float | None = None
    definition: str
    """Key of the sentence that says how it is counted."""
    protocol: str | None = None
    """Key of the sentence that says how it was measured, for measures of quality."""
