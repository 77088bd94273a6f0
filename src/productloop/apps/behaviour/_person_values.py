"""A number for each person: did they do it, how often, how much, what they paid, what a column of `actors` says.

    people(EVENT)  count(EVENT)  sum(EVENT.COLUMN)  revenue  COLUMN of actors      with a minus in front where less is better

Events are written as in `_metric`, the grammar that all actions share; one metric for each person, so there are no formulas here.

Events and orders count within each person's own window, [start, start + window); the same number before the start is taken over [start - before, start).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import experiment_wording as wording
from productloop.apps.behaviour._metric import Term, parse, resolved
from productloop.apps.behaviour._orders import main_currency, read_orders
from productloop.apps.behaviour._reading import Reading
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
TERM = re.compile(r"^\s*(people|count|sum)\s*\(\s*(.+?)\s*\)\s*$", re.IGNORECASE)
YES = ("true", "yes", "y", "t", "1", "是", "有")
NO = ("false", "no", "n", "f", "0", "否", "无")
MAX_LISTED = 12


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as asked: what is counted (`verb`), of which event or column, and whether more is better."""

    asked: str
    verb: str
    event: str
    column: str
    higher_is_better: bool
    label: Say | str

    @property
    def dated(self) -> bool:
        """Whether it is counted from events or orders with dates, not read from a column."""
        return self.verb != "column"


@dataclass(frozen=True, slots=True)
class Windows:
    """(n,) people by code, sorted, with the instants [start, end) in which things count."""

    actor: Integers
    start: Integers
    end: Integers


def parse_metric(run: Run, source: Reading, asked: str) -> Metric:
    """The metric. Raises UsageError for one that cannot be read, with what is there."""
    text = asked.strip()
    higher = not text.startswith("-")
    text = text.lstrip("-").strip()
    columns = person_columns(run)
    if text in columns:
        return Metric(asked, "column", "", text, higher, text)
    if text.lower() == "revenue" and run.store.exists("orders"):
        return Metric(asked, "revenue", "", "", higher, say("behaviour.person.revenue"))
    tree = parse(text).tree
    if isinstance(tree, Term) and tree.verb in ("people", "count", "sum"):
        term = resolved(source, tree)
        event, column = term.event, term.column or ""
        named = say("behaviour.metric.any") if event == "any" else source.label(event)
        return Metric(asked, term.verb, event, column, higher, say(f"behaviour.person.{term.verb}", event=named, column=column))
    known = [*columns, *(f"people({name})" for name in source.names)][:MAX_LISTED]
    raise UsageError(wording.PERSON_METRIC_UNKNOWN, name=excerpt(asked), known=", ".join(known) or "-")


def person_columns(run: Run) -> list[str]:
    """Columns of actors that may say something about a person."""
    if not run.store.exists("actors"):
        return []
    return [*("plan", "platform", "country"), *(name for name, _ in run.store.attributes("actors"))]


def column_values(run: Run, column: str) -> tuple[Integers, NDArray[np.object_]]:
    """(actor codes, sorted; the last known value of each as text, None = not known) of a column of actors."""
    name = '"' + column.replace('"', '""') + '"'
    found = run.store.columns(
        f"SELECT actor, arg_max({name}::VARCHAR, (coalesce(known_at, 0), sequence)) AS value FROM actors WHERE actor IS NOT NULL "
        "GROUP BY actor ORDER BY actor"
    )
    return found["actor"].astype(np.int64), np.asarray(found["value"], dtype=object)


def as_numbers(texts: NDArray[np.object_]) -> Floats | None:
    """(n,) numbers, yes and no as 1 and 0, NaN = not known; None where a value is neither."""
    distinct, places = np.unique(np.array(["" if text is None else str(text).strip().lower() for text in texts]), return_inverse=True)
    numbers = np.empty(len(distinct))
    for place, text in enumerate(distinct):
        if text == "":
            numbers[place] = np.nan
        elif text in YES or text in NO:
            numbers[place] = float(text in YES)
        else:
            try:
                numbers[place] = float(text)
            except ValueError:
                return None
    return np.asarray(numbers[places], dtype=np.float64)


def values_of(run: Run, source: Reading, metric: Metric, windows: Windows) -> Floats:
    """(n,) values of the people of `windows`; NaN where not known. Raises UsageError for a column that holds no numbers."""
    if metric.verb == "column":
        actor, texts = column_values(run, metric.column)
        numbers = as_numbers(texts)
        if numbers is None:
            raise UsageError(wording.COLUMN_NOT_NUMBERS, name=excerpt(metric.column))
        result = np.full(len(windows.actor), np.nan)
        place = np.searchsorted(actor, windows.actor)
        place = np.minimum(place, max(0, len(actor) - 1))
        found = actor[place] == windows.actor if len(actor) else np.zeros(len(windows.actor), dtype=np.bool_)
        result[found] = numbers[place[found]]
        return result
    actor, time, amount = _dated(run, source, metric)
    counted = within(windows, actor, time, amount)
    return np.minimum(counted, 1.0) if metric.verb == "people" else counted


def within(windows: Windows, actor: Integers, time: Integers, amount: Floats) -> Floats:
    """(n,) sums of `amount` over the rows of each person that lie in the person's window."""
    if len(windows.actor) == 0 or len(actor) == 0:
        return np.zeros(len(windows.actor))
    place = np.minimum(np.searchsorted(windows.actor, actor), len(windows.actor) - 1)
    inside = (windows.actor[place] == actor) & (time >= windows.start[place]) & (time < windows.end[place])
    return np.bincount(place[inside], weights=amount[inside], minlength=len(windows.actor)).astype(np.float64)


def _dated(run: Run, source: Reading, metric: Metric) -> tuple[Integers, Integers, Floats]:
    if metric.verb == "revenue":
        orders = read_orders(run)
        orders = orders.take(orders.currency == main_currency(orders, None)[0])
        return orders.actor, orders.time, orders.amount.astype(np.float64) / 100
    amount = f"TRY_CAST({source.split(metric.column).sql} AS DOUBLE)" if metric.verb == "sum" else "1.0::DOUBLE"
    where, parameters = ("", []) if metric.event == "any" else ("WHERE name = ?", [metric.event])
    found = source.columns(f"SELECT actor, time, {amount} AS amount FROM events {where}", parameters)
    known = np.isfinite(found["amount"].astype(np.float64))
    return found["actor"].astype(np.int64)[known], found["time"].astype(np.int64)[known], found["amount"].astype(np.float64)[known]
