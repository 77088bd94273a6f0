"""What exactly a funnel request asks for: steps that may be skipped, exclusions, windows, a property held constant; and its events.

Syntax: `NAME?` is a step that may be skipped, `NAME@2` an exclusion between steps 2 and 3 only; an event that is really called so wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import wording
from productloop.apps.behaviour._funnel import FunnelResult, StepEvents, funnel, funnel_holding, in_order
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._reading import Reading, Split
from productloop.apps.behaviour.types import FunnelRequest, Order
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Say
from productloop.loop.action import Run

DAY_US = 86_400_000_000
_AT = re.compile(r"^(.+)@([1-9])$")
StepsFrom = Literal["request", "setting", "guess"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A request understood. `optional` bit j: step j + 1 may be skipped. `exclusions`: (event, bits of the gaps it must not lie in)."""

    steps: tuple[str, ...]
    steps_from: StepsFrom
    order: Order
    window_days: float
    step_window_days: float | None
    optional: int
    exclusions: tuple[tuple[str, int], ...]
    hold: Split | None

    @property
    def window_us(self) -> int:
        """The window from the first step, microseconds."""
        return round(self.window_days * DAY_US)

    def definition(self, range_us: tuple[int, int], data_end_us: int) -> FunnelDefinition:
        """The same for the kernels."""
        step_window_us = None if self.step_window_days is None else round(self.step_window_days * DAY_US)
        return FunnelDefinition(max(1, len(self.steps)), self.window_us, range_us, data_end_us, self.order, step_window_us, self.optional)

    def excluded(self, source: Reading) -> tuple[tuple[str | Say, int | None], ...]:
        """(label, step after which; None = anywhere) of each exclusion."""
        everywhere = (1 << (len(self.steps) - 1)) - 1
        return tuple((source.label(name), None if gaps == everywhere else gaps.bit_length()) for name, gaps in self.exclusions)


@dataclass(frozen=True, slots=True)
class FunnelEvents:
    """The events of a funnel, with the code of the value that must stay the same (None = nothing is held; -1 = no value)."""

    events: StepEvents
    held: NDArray[np.int64] | None

    def count(self, definition: FunnelDefinition) -> FunnelResult:
        """The funnel of these events."""
        return funnel(self.events, definition) if self.held is None else funnel_holding(self.events, self.held, definition)

    def of(self, rows: NDArray[Any]) -> FunnelEvents:
        """The same for some rows: a mask or places."""
        return FunnelEvents(self.events.of(rows), None if self.held is None else self.held[rows])


def plan_of(run: Run, request: FunnelRequest, source: Reading) -> Plan:
    """The plan. Raises UsageError for an event that never happened and for what cannot be combined."""
    steps, steps_from, optional = _steps(run, request, source)
    exclusions = _exclusions(request.exclude, len(steps), source)
    if len(steps) > 1 and (optional & 1 or optional >> (len(steps) - 1) & 1):
        raise UsageError(wording.OPTIONAL_PLACE, steps=", ".join(request.steps))
    asked = [name for name, wanted in (("NAME?", optional), ("--exclude", exclusions)) if wanted]
    if asked and request.order != "ordered":
        raise UsageError(wording.ORDER_NEEDED, option=" / ".join(asked), order=request.order)
    if request.step_window_days is not None and request.order == "unordered":
        raise UsageError(wording.ORDER_NEEDED, option="--step-window-days", order=request.order)
    if asked and len(set(steps)) < len(steps):
        raise UsageError(wording.STEP_TWICE, option=" / ".join(asked), steps=", ".join(steps))
    for name, step in (("--attribution-step", request.attribution_step), ("--dropped-at", request.dropped_at)):
        if step is not None and step > max(1, len(steps)):
            raise UsageError(wording.STEP_BEYOND, option=name, step=step, num=len(steps))
    hold = source.split(request.hold) if request.hold is not None else None
    window_days = request.window_days or float(run.settings.number("behaviour.window_days"))
    return Plan(steps, steps_from, request.order, window_days, request.step_window_days, optional, exclusions, hold)


def _steps(run: Run, request: FunnelRequest, source: Reading) -> tuple[tuple[str, ...], StepsFrom, int]:
    written = request.steps or run.settings.words("behaviour.funnel")
    if not written:
        return guess_steps(source), "guess", 0
    skipped = [name.endswith("?") and name not in source.names for name in written]
    names = [name[:-1].rstrip() if skip else name for name, skip in zip(written, skipped, strict=True)]
    return source.checked(names), "request" if request.steps else "setting", sum(1 << place for place, skip in enumerate(skipped) if skip)


def _exclusions(written: Sequence[str], num_steps: int, source: Reading) -> tuple[tuple[str, int], ...]:
    found = []
    for word in written:
        at = None if word in source.names else _AT.match(word)
        gaps = (1 << (num_steps - 1)) - 1
        if at is not None:
            gap = int(at.group(2))
            if gap >= num_steps:
                raise UsageError(wording.STEP_BEYOND, option="--exclude", step=gap, num=num_steps - 1)
            gaps = 1 << (gap - 1)
        found.append((source.checked([at.group(1) if at else word])[0], gaps))
    return tuple(found)


def read_events(source: Reading, plan: Plan) -> FunnelEvents:
    """The events that matter to the plan; without options exactly the columns that the plain kernels use, sorted by (actor, time)."""
    if not plan.steps:
        return FunnelEvents(in_order(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.uint8)), None)
    if not plan.exclusions and plan.hold is None:
        return FunnelEvents(_plain_events(source, plan), None)
    events, values = read_with_value(source, plan, plan.hold)
    if values is None:
        return FunnelEvents(events, None)
    return FunnelEvents(events, value_codes(values)[1])


def _plain_events(source: Reading, plan: Plan) -> StepEvents:
    bits = _bits(plan.steps)
    where = "" if plan.order == "strict" else "WHERE step_mask > 0"  # a third faster than comparing the names once more
    query = f"SELECT * FROM (SELECT actor, time, ({_cases(bits)})::UTINYINT AS step_mask FROM events) {where}"
    found = source.columns_of_events(query, list(bits))
    return in_order(found["actor"], found["time"], found["step_mask"].astype(np.uint8, copy=False))


def _bits(steps: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(steps):
        found[name] = found.get(name, 0) | 1 << place
    return found


def read_with_value(source: Reading, plan: Plan, split: Split | None) -> tuple[StepEvents, NDArray[Any] | None]:
    """(events, the value of a column at each, None = not known) of a plan, its exclusions included."""
    bits = _bits(plan.steps)
    gaps: dict[str, int] = {}
    for name, mask in plan.exclusions:
        gaps[name] = gaps.get(name, 0) | mask
    names = list(dict.fromkeys([*bits, *gaps]))
    columns = ["actor", "time", "sequence::INTEGER AS sequence", f"({_cases(bits)})::UTINYINT AS step_mask"]
    columns += [f"({_cases(gaps)})::UTINYINT AS exclusion_mask"] if gaps else []
    columns += [f"{split.sql} AS value"] if split is not None else []
    where = "" if plan.order == "strict" else f"WHERE name IN ({', '.join('?' * len(names))})"
    found = source.columns(f"SELECT {', '.join(columns)} FROM events {where}", [*bits, *gaps, *(names if where else ())])
    exclusion = found["exclusion_mask"].astype(np.uint8) if gaps else None
    events = StepEvents(found["actor"], found["time"], found["sequence"], found["step_mask"], exclusion)
    return events, found.get("value")


def _cases(bits: dict[str, int]) -> str:
    return "CASE name " + " ".join(f"WHEN ? THEN {mask}" for mask in bits.values()) + " ELSE 0 END"


def value_codes(values: NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """(values sorted, code (n,) of each row, -1 = not known)."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    names, codes = np.unique(values[known].astype(str), return_inverse=True) if known.any() else (np.empty(0, dtype=str), np.empty(0))
    found = np.full(len(values), -1, dtype=np.int64)
    found[known] = codes
    return [str(name) for name in names], found
