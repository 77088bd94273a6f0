"""What a plain question becomes: one query object of a known kind, checked field by field before anything is counted.

The union `Query` is the whole schema: the grammar fills it, a language model is asked for exactly it, and what does not fit is refused.
Fields that were not asked for stay empty, so that the action's own default holds.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Period = Literal["day", "week", "month"]


class AskRequest(Request):
    """Ask in plain words."""

    question: str = Field(
        default="",
        max_length=500,
        description="the question, in English or Chinese | 用中文或英文写的问题",
        json_schema_extra={"positional": True},
    )
    go: bool = Field(
        default=False,
        description="answer at once; without it the query is shown first | 直接作答；不加则先把理解成的查询给人看",
    )


class _Exact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QueryScope(_Exact):
    """Which part of the data is asked about: days as YYYY-MM-DD, both included."""

    since: str | None = None
    until: str | None = None
    where: tuple[str, ...] = ()
    by: str | None = None


class _Query(_Exact):
    scope: QueryScope = QueryScope()


class FunnelQuery(_Query):
    """How many get from step to step."""

    action: Literal["funnel"] = "funnel"
    steps: tuple[str, ...] = ()
    window_days: float | None = Field(default=None, gt=0)
    order: Literal["ordered", "strict", "unordered"] | None = None


class RetentionQuery(_Query):
    """Who comes back."""

    action: Literal["retention"] = "retention"
    start: str | None = None
    back: str | None = None
    period: Period | None = None
    cohorts: Literal["first", "recurring"] | None = None
    rule: Literal["on", "on_or_after"] | None = None


class LifecycleQuery(_Query):
    """New, staying, returning and lost people."""

    action: Literal["lifecycle"] = "lifecycle"
    period: Period | None = None


class StickinessQuery(_Query):
    """On how many days of a period people come."""

    action: Literal["stickiness"] = "stickiness"
    period: Period | None = None
    event: str | None = None


class TrendsQuery(_Query):
    """Numbers over time: "people(EVENT)", "count(EVENT)", "sum(EVENT.value)", "average(EVENT.value)", "people(A) / people(B)"."""

    action: Literal["trends"] = "trends"
    metrics: tuple[str, ...] = Field(min_length=1)
    period: Period | None = None


class PathsQuery(_Query):
    """What people do after an event, or before it."""

    action: Literal["paths"] = "paths"
    start: str | None = None
    end: str | None = None


class SessionsQuery(_Query):
    """How long and how often people stay."""

    action: Literal["sessions"] = "sessions"
    period: Period | None = None


class SegmentsQuery(_Query):
    """Which kinds of people there are."""

    action: Literal["segments"] = "segments"


class RevenueQuery(_Query):
    """Money by period."""

    action: Literal["revenue"] = "revenue"
    currency: str | None = None
    period: Literal["month"] | None = None


class ValueQuery(_Query):
    """What a customer is worth."""

    action: Literal["value"] = "value"


class ForecastQuery(_Query):
    """A number some periods ahead."""

    action: Literal["forecast"] = "forecast"
    metric: str
    horizon: int | None = Field(default=None, ge=1)
    period: Period | None = None


class ExperimentQuery(_Query):
    """Which variant of an experiment did better."""

    action: Literal["experiment"] = "experiment"
    experiment: str | None = None


class PerformanceQuery(_Query):
    """How slow and how often broken the product is."""

    action: Literal["performance"] = "performance"


class LeaksQuery(_Query):
    """Why people stop at a step."""

    action: Literal["leaks"] = "leaks"
    steps: tuple[str, ...] = ()


class DriversQuery(_Query):
    """Which early behaviour goes with staying, paying or leaving."""

    action: Literal["drivers"] = "drivers"
    outcome: Literal["stay", "pay", "leave"] | None = None


class ChangesQuery(_Query):
    """What a version, a price change or a campaign did."""

    action: Literal["changes"] = "changes"
    version: str | None = None
    title: str | None = None


class DoctorQuery(_Query):
    """Whether the data can be believed."""

    action: Literal["doctor"] = "doctor"


class Refusal(_Query):
    """A question that is none of these."""

    action: Literal["refuse"] = "refuse"


Query = Annotated[
    FunnelQuery
    | RetentionQuery
    | LifecycleQuery
    | StickinessQuery
    | TrendsQuery
    | PathsQuery
    | SessionsQuery
    | SegmentsQuery
    | RevenueQuery
    | ValueQuery
    | ForecastQuery
    | ExperimentQuery
    | PerformanceQuery
    | LeaksQuery
    | DriversQuery
    | ChangesQuery
    | DoctorQuery
    | Refusal,
    Field(discriminator="action"),
]
QUERIES: TypeAdapter[Query] = TypeAdapter(Query)


def given_fields(query: Query) -> dict[str, Any]:
    """The fields that were asked for, without the action and without what was left open."""
    found: dict[str, Any] = query.model_dump(mode="json", exclude={"action"}, exclude_none=True)
    scope = {name: value for name, value in found.pop("scope").items() if value}
    return {name: value for name, value in found.items() if value not in ([], ())} | ({"scope": scope} if scope else {})


REPORTED_ANYWAY = {"revenue": ("plan",), "performance": ("version", "device", "platform")}
"""Columns by which a report splits without being asked, and which its request therefore does not take."""


def request_fields(query: Query) -> dict[str, Any]:
    """The fields as the action's request has them: what a report says anyway (months, plans, versions) is no field of its request."""
    found = given_fields(query)
    if isinstance(query, RevenueQuery):
        found.pop("period", None)
    if isinstance(query, ChangesQuery):
        named = [found.pop(name) for name in ("version", "title") if name in found]
        found |= {"change": named[0]} if named else {}
    if query.action in REPORTED_ANYWAY:
        split = [("by", column) for column in REPORTED_ANYWAY[query.action]]
        scope = {name: value for name, value in found.pop("scope", {}).items() if (name, value) not in split}
        found |= {"scope": scope} if scope else {}
    return found


class AskReport(Report):
    """The question, what it was taken to mean, and (with `go`) the answer of the action that knows it."""

    question: str
    query: Query
    source: Literal["grammar", "provider"]
    sentence: Say
    """The query in one sentence."""
    command: str | None
    """The command that asks the same; None for a refused question."""
    unknown: tuple[str, ...]
    """Words that were not understood."""
    suggestions: tuple[str, ...]
    """Questions near to a refused one that can be answered."""
    answer_action: str | None
    """Name of the action that answered; None when nothing was run."""
    answer: dict[str, Any] | None
    """The report of that action."""
