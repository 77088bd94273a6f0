"""Metrics as people write them, and their values by period: the one grammar that trends, forecasts and questions share.

    count(EVENT)   people(EVENT)   sum(EVENT.COLUMN)   average(EVENT.COLUMN)   median(EVENT.COLUMN)   p90(EVENT.COLUMN)
    NAME                     revenue, or a metric of the table `metrics`
    A + B   A - B   A * B   A / B   (A)   -A   12.5

`*` and `/` bind before `+` and `-`, and what stands left before what stands right. EVENT may be `any`; a column left out is `value`.
A name with signs or spaces is written in quotes: people("Order (paid)"), "weekly visits" / 7.

A period in which nothing happened is 0 for people, counts and sums, and unknown for everything else; what is divided by 0 is unknown.
The 90th percentile and the median interpolate linearly between values (the default of NumPy).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import metric_wording as wording
from productloop.apps.behaviour._activity import activity, day_edges
from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start
from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour._weeks import WEEKDAYS
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, Text, say
from productloop.loop.action import Run

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MetricPeriod = Literal["hour", "day", "week", "month"]

VERBS = ("count", "people", "sum", "average", "median", "p90")
ANY = ("any", "*", "")
HOUR_US = 3_600_000_000
MAX_DEPTH = 20
MAX_CELLS = 1 << 26
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NAME = re.compile(r"""[^\s()+\-*/"'“”]+""")
_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|“([^”]*)”)\s*(?:\.(.*))?$""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """Something counted of one event. `event` may hold the column too (EVENT.COLUMN) until the names of the data are known."""

    verb: str
    event: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A number that has a name of its own: revenue, or a metric of the table `metrics`."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Combined:
    """Two metrics and the sign between them."""

    sign: str
    left: Tree
    right: Tree


Tree = Term | Named | Constant | Combined


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that was read: what was written, and what it means."""

    text: str
    tree: Tree

    @property
    def leaves(self) -> tuple[Term | Named, ...]:
        """Everything that must be counted or looked up, each once, in the order of the text."""
        return tuple(dict.fromkeys(_leaves(self.tree)))

    @property
    def terms(self) -> tuple[Term, ...]:
        """What must be counted of events."""
        return tuple(leaf for leaf in self.leaves if isinstance(leaf, Term))

    @property
    def names(self) -> tuple[str, ...]:
        """What must be looked up."""
        return tuple(leaf.name for leaf in self.leaves if isinstance(leaf, Named))

    @property
    def unit(self) -> str:
        """people, events, share (of the people of any event), ratio or number."""
        if isinstance(self.tree, Term):
            return {"people": "people", "count": "events"}.get(self.tree.verb, "number")
        if not isinstance(self.tree, Combined) or self.tree.sign != "/":
            return "number"
        top, bottom = self.tree.left, self.tree.right
        people = all(isinstance(side, Term) and side.verb == "people" for side in (top, bottom))
        return "share" if people and isinstance(bottom, Term) and bottom.event.lower() in ANY else "ratio"

    def per(self, other: Tree) -> Metric:
        """The metric divided by another."""
        return Metric(self.text, Combined("/", self.tree, other))


def parse(text: str) -> Metric:
    """The metric written in `text`. Raises UsageError (metric_unreadable) with the place where reading stopped."""
    reader = _Reader(text)
    tree = reader.sum(0)
    reader.skip()
    if reader.at < len(text):
        raise reader.stop(wording.WANTED_END)
    return Metric(text.strip(), tree)


class _Reader:
    """Reads one metric from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def skip(self) -> str:
        """The next sign that is no space; empty at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def stop(self, wanted: Text, at: int | None = None) -> UsageError:
        at = self.at if at is None else at
        found: str | Text = excerpt(self.text[at : at + 20]) if at < len(self.text) else wording.THE_END
        return UsageError(wording.METRIC_UNREADABLE, text=excerpt(self.text), place=at + 1, found=found, wanted=wanted)

    def sum(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise self.stop(wording.WANTED_FLATTER)
        return self._chain("+-", lambda: self.product(depth))

    def product(self, depth: int) -> Tree:
        return self._chain("*/", lambda: self.single(depth))

    def _chain(self, signs: str, part: Callable[[], Tree]) -> Tree:
        found = part()
        while self.skip() and self.skip() in signs:
            sign = self.text[self.at]
            self.at += 1
            found = Combined(sign, found, part())
        return found

    def single(self, depth: int) -> Tree:
        sign = self.skip()
        if sign == "(":
            return self._inside(depth)
        if sign == "-":
            self.at += 1
            if depth > MAX_DEPTH:
                raise self.stop(wording.WANTED_FLATTER)
            return Combined("-", Constant(0.0), self.single(depth + 1))
        if sign in ('"', "“"):
            return Named(self._quoted())
        number = _NUMBER.match(self.text, self.at)
        if number is not None and not _NAME.match(self.text[number.end() : number.end() + 1]):
            self.at = number.end()
            return Constant(float(number.group()))
        name = _NAME.match(self.text, self.at)
        if name is None:
            raise self.stop(wording.WANTED_METRIC)
        begin, self.at = self.at, name.end()
        if self.skip() != "(":
            return Named(name.group())
        verb = name.group().lower()
        if verb not in VERBS:
            raise self.stop(wording.WANTED_VERB, begin)
        return _term(verb, self._argument())

    def _inside(self, depth: int) -> Tree:
        self.at += 1
        found = self.sum(depth + 1)
        if self.skip() != ")":
            raise self.stop(wording.WANTED_CLOSE)
        self.at += 1
        return found

    def _quoted(self) -> str:
        begin, close = self.at, '"' if self.text[self.at] == '"' else "”"
        end = self.text.find(close, begin + 1)
        if end < 0:
            raise self.stop(wording.WANTED_QUOTE, len(self.text))
        self.at = end + 1
        return self.text[begin + 1 : end]

    def _argument(self) -> str:
        """What stands between the parentheses of a call; quotes protect signs, and pairs of parentheses may stand in it."""
        begin, depth, quoted = self.at + 1, 0, ""
        for place in range(self.at, len(self.text)):
            sign = self.text[place]
            if quoted:
                quoted = "" if sign == quoted else quoted
            elif sign in '"“':
                quoted = '"' if sign == '"' else "”"
            elif sign in "()":
                depth += 1 if sign == "(" else -1
                if depth == 0:
                    self.at = place + 1
                    return self.text[begin:place]
        raise self.stop(wording.WANTED_QUOTE if quoted else wording.WANTED_CLOSE, len(self.text))


def _term(verb: str, inner: str) -> Term:
    quoted = _QUOTED.match(inner)
    if quoted is None:
        return Term(verb, inner.strip())
    column = (quoted.group(3) or "").strip()
    return Term(verb, quoted.group(1) or quoted.group(2) or "", column or None)


def _leaves(tree: Tree) -> list[Term | Named]:
    if isinstance(tree, Combined):
        return _leaves(tree.left) + _leaves(tree.right)
    return [] if isinstance(tree, Constant) else [tree]


def combine(tree: Tree, values: Mapping[Term | Named, Floats]) -> Floats:
    """The values of a metric from those of its leaves, element by element; NaN where something is unknown or divided by 0."""
    if isinstance(tree, Constant):
        return np.full(next(iter(values.values())).shape if values else (), tree.value)
    if not isinstance(tree, Combined):
        return values[tree]
    left, right = combine(tree.left, values), combine(tree.right, values)
    if tree.sign == "/":
        nothing: Floats = np.full(np.broadcast_shapes(left.shape, right.shape), np.nan)
        return np.asarray(np.divide(left, right, out=nothing, where=right != 0))
    found: Floats = left + right if tree.sign == "+" else left - right if tree.sign == "-" else left * right
    return found


def resolved(source: Reading, term: Term) -> Term:
    """The same term with its event and column apart. Raises UsageError for an event or column that does not exist."""
    event, column = term.event, term.column
    if column is None and event not in source.names and event.lower() not in ANY:
        head, _, tail = event.rpartition(".")
        event, column = (head, tail) if head and (head in source.names or head.lower() in ANY) else (event, None)
    if event.lower() in ANY:
        event = "any"
    else:
        source.checked([event])
    if term.verb in ("count", "people"):
        return Term(term.verb, event)
    column = column or "value"
    source.split(column)
    return Term(term.verb, event, column)


def label(source: Reading, tree: Tree) -> Say | str:
    """What a page calls the metric."""
    if isinstance(tree, Term):
        term = resolved(source, tree)
        if term.event == "any" and term.column is None:
            return say(f"behaviour.metric.{term.verb}_any")
        event = say("behaviour.metric.any") if term.event == "any" else source.label(term.event)
        return say(f"behaviour.metric.{term.verb}", event=event, column=term.column or "")
    if isinstance(tree, Named):
        return say("behaviour.metric.revenue") if tree.name.lower() == "revenue" else tree.name
    if isinstance(tree, Constant):
        return f"{tree.value:g}"
    if tree.sign == "/":
        return say("behaviour.metric.ratio", top=_within(source, tree.left, "+-"), bottom=_within(source, tree.right, "+-*/"))
    left, right = (_within(source, side, "+-") if tree.sign == "*" else label(source, side) for side in (tree.left, tree.right))
    right = _within(source, tree.right, "+-") if tree.sign == "-" else right
    return say("behaviour.metric.combined", left=left, sign="×" if tree.sign == "*" else tree.sign, right=right)


def _within(source: Reading, tree: Tree, signs: str) -> Say | str:
    inner = label(source, tree)
    return say("behaviour.metric.group", inner=inner) if isinstance(tree, Combined) and tree.sign in signs else inner


# periods ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodRange:
    """`num` periods from number `first` on, of one unit."""

    unit: MetricPeriod
    first: int
    num: int


def weekday_of(run: Run) -> int:
    """The number of the weekday on which weeks begin."""
    return WEEKDAYS[run.settings.text("product.week_start")]


def start_of(number: int, unit: MetricPeriod, weekday: int) -> str:
    """The first day (or hour) of a period as people write it."""
    if unit == "hour":
        return str(np.datetime64(number, "h")).replace("T", " ") + ":00"
    return str(period_start(np.array([number]), unit, weekday)[0])


def number_of(time_us: Integers, run: Run, unit: MetricPeriod) -> Integers:
    """(n,) periods of instants; hours are those of the local clock."""
    if unit != "hour":
        known: PeriodUnit = unit
        return period_index(time_us, run.time_zone, known, weekday_of(run))
    day = period_index(time_us, run.time_zone, "day")
    # the offset of a local clock is a whole number of quarters, so the hour follows from the local day of each earlier hour
    days = np.unique(day)
    offset = np.array([_offset_hours(run.time_zone, int(one)) for one in days], dtype=np.int64)
    return np.asarray(time_us // HOUR_US + offset[np.searchsorted(days, day)], dtype=np.int64)


def _offset_hours(time_zone: str, day: int) -> int:
    noon = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    offset = noon.astimezone(ZoneInfo(time_zone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 3600)


def whole_periods(run: Run, ends_us: tuple[int, int], unit: MetricPeriod) -> PeriodRange:
    """The periods that lie wholly within the instants [ends_us[0], ends_us[1])."""
    if ends_us[1] <= ends_us[0]:
        return PeriodRange(unit, 0, 0)
    before, after = (int(one) for one in number_of(np.array([ends_us[0] - 1, ends_us[1]], dtype=np.int64), run, unit))
    return PeriodRange(unit, before + 1, max(0, after - before - 1))


def covered(source: Reading) -> tuple[int, int]:
    """The instants [begin, end) that both the data and the range of the request cover."""
    since, until = source.range_us
    return max(source.data_begin_us, since), min(source.data_end_us + 1, until)


# values -------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Groups:
    """A column's SQL over `events`, the values that are shown on their own; behind them come all others, and events without a value."""

    sql: str
    values: tuple[str, ...]

    @property
    def num(self) -> int:
        """Groups in all."""
        return len(self.values) + 2


def evaluate(
    run: Run, source: Reading, metric: Metric, periods: PeriodRange, groups: Groups | None = None, named: Mapping[str, Floats] | None = None
) -> Floats:
    """(P,) values of the periods, or (G, P) by group; NaN = unknown. `named`: (P,) values of the names in the metric.

    Raises UsageError for an event, a column or a name that does not exist.
    """
    known = named or {}
    values: dict[Term | Named, Floats] = {}
    for leaf in metric.leaves:
        if isinstance(leaf, Term):
            values[leaf] = _term_values(run, source, resolved(source, leaf), periods, groups)
        elif leaf.name in known:
            values[leaf] = known[leaf.name]
        else:
            raise UsageError(wording.METRIC_NOT_HERE, name=excerpt(leaf.name))
    shape = (periods.num,) if groups is None else (groups.num, periods.num)
    return np.array(np.broadcast_to(combine(metric.tree, values), shape), dtype=np.float64)


def _term_values(run: Run, source: Reading, term: Term, periods: PeriodRange, groups: Groups | None) -> Floats:
    names = [] if term.event == "any" else [term.event]
    if term.verb == "people" and groups is None and periods.unit != "hour":
        days = activity(run, source, names)
        people: Floats = days.periods(day_edges(periods.first, periods.num, periods.unit, weekday_of(run))).sum(axis=1).astype(np.float64)
        return people
    found = _rows(source, term, names, groups)
    place = number_of(found["time"].astype(np.int64), run, periods.unit) - periods.first
    inside = (place >= 0) & (place < periods.num)
    if term.column is not None:
        inside &= np.isfinite(found["amount"].astype(np.float64))
    num_groups = 1 if groups is None else groups.num
    cell = place[inside] + periods.num * found["part"][inside].astype(np.int64)
    num_cells = num_groups * periods.num
    if term.verb == "people":
        values = _distinct(found["actor"][inside].astype(np.int64), cell, num_cells)
    else:
        amount = None if term.column is None else found["amount"][inside].astype(np.float64)
        values = _statistic(term.verb, cell, amount, num_cells)
    return values if groups is None else values.reshape(num_groups, periods.num)


def _rows(source: Reading, term: Term, names: Sequence[str], groups: Groups | None) -> dict[str, NDArray[np.generic]]:
    amount = "" if term.column is None else f", TRY_CAST({source.split(term.column).sql} AS DOUBLE) AS amount"
    part, parameters = "0::UTINYINT", []
    if groups is not None:
        cases = " ".join(f"WHEN ? THEN {number}" for number in range(len(groups.values)))
        case = f"CASE {groups.sql} {cases} ELSE {len(groups.values)} END" if groups.values else str(len(groups.values))
        part = f"(CASE WHEN {groups.sql} IS NULL THEN {len(groups.values) + 1} ELSE {case} END)::UTINYINT"
        parameters = list(groups.values)
    begin, end = covered(source)
    where = "AND name = ?" if names else ""
    query = f"SELECT actor, time, {part} AS part{amount} FROM events WHERE time >= ? AND time < ? {where}"
    return source.columns(query, [*parameters, begin, end, *names])


def _distinct(actor: Integers, cell: Integers, num_cells: int) -> Floats:
    """(num_cells,) different actors in each cell."""
    if not len(actor):
        return np.zeros(num_cells)
    width = int(actor.max()) + 1
    if width * num_cells <= MAX_CELLS:
        seen = np.zeros(width * num_cells, dtype=np.bool_)
        seen[cell * width + actor] = True
        return np.asarray(seen.reshape(num_cells, width).sum(axis=1), dtype=np.float64)
    return np.bincount(np.unique(cell * width + actor) // width, minlength=num_cells).astype(np.float64)


def _statistic(verb: str, cell: Integers, amount: Floats | None, num_cells: int) -> Floats:
    many: Floats = np.bincount(cell, minlength=num_cells).astype(np.float64)
    if verb == "count" or amount is None:
        return many
    if verb in ("sum", "average"):
        total: Floats = np.bincount(cell, weights=amount, minlength=num_cells).astype(np.float64)
        return (
            total if verb == "sum" else combine(Combined("/", Named("total"), Named("many")), {Named("total"): total, Named("many"): many})
        )
    order = np.argsort(cell, kind="stable")
    parts = np.split(amount[order], np.cumsum(many.astype(np.int64))[:-1])
    share = 50 if verb == "median" else 90
    return np.array([np.percentile(part, share) if len(part) else np.nan for part in parts])
