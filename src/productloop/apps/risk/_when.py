"""`risk when`: survival curves by group, when the risk is highest, who is expected to leave next, and how well people can be ordered.

The column to show is the one whose values differ most, among those whose log-rank test passes after Holm's correction over all columns:
it has the largest lower limit of the ratio (happened / expected) between its fastest and slowest value. Expected leavers: the rate of each
stretch of time (of the person's group, where that has enough cases) runs on for everybody still here; the interval holds luck and the
uncertainty of the rates. The order: Cox's model on what was known at the start, five folds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import find_task, inside, whole
from productloop.apps.risk._inputs import grow_along
from productloop.apps.risk._people import present_people
from productloop.apps.risk._targets import UNIT_DAYS, duration_column, unit_of
from productloop.apps.risk._when_lives import Lives, begun_by_person, lives_along, lives_by_date
from productloop.apps.risk.tasks import event_of, make_outcome
from productloop.apps.risk.when_types import Unit, WhenAge, WhenColumn, WhenReport, WhenRequest, WhenSegment
from productloop.apps.risk.when_wording import NOT_YES_OR_NO, NOTHING_TO_SPLIT
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import INTERVAL_LEVEL, Figure
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import holm
from productloop.learning.cox import CoxOrder
from productloop.learning.splitting import stratified_folds
from productloop.learning.survival import Curve, Spans, concordance, kaplan_meier, log_rank, rates_by_age
from productloop.loop.action import Run
from productloop.loop.features import DAY_US, describe, encode, raw_columns
from productloop.loop.store import Store
from productloop.loop.task import Task

SHOWN = ("outcomes", "actors", "events", "orders")
MIN_EVENTS, MIN_PEOPLE = 10, 30
MIN_AT_RISK = 5
"""A curve ends where fewer people are watched."""
MIN_GROUP = 30
MAX_VALUES, MAX_COLUMNS, MAX_SHOWN = 8, 30, 6
CLEAR_P = 0.01
NUM_AGES = 26
SOON_DAYS, LATER_DAYS = 28, 84
STRETCHES = {
    "weeks": (0, 4, 8, 13, 26, 39, 52, 78, 104, 156, 208, 312, 520),
    "days": (0, 7, 14, 28, 56, 91, 182, 364, 728, 1456, 3640),
    "months": (0, 1, 3, 6, 12, 24, 36, 48, 60, 84, 120, 240),
    "years": (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60),
}
MIN_STRETCH_EVENTS = 5
MIN_GROUP_EVENTS = 20
MAX_ORDERED = 10_000
NUM_FOLDS = 5
_QUANTILE = 1.6448536269514722
assert INTERVAL_LEVEL == 0.90
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Group:
    """A column's people by value: (n,) codes, -1 for rare values, with the names of the codes and what was found."""

    name: str
    codes: NDArray[np.int64]
    values: tuple[str, ...]
    ratio: tuple[float, float, float]
    p: float


def answer_when(run: Run, request: WhenRequest) -> WhenReport:
    """The report. Raises UsageError for a question that is not about whether, and for a column that nobody can be split by."""
    task, options = _asked_task(run, request)
    frame = run.frame("risk.when", SHOWN)
    if task is None:
        return WhenReport(**frame, state="no_task")
    fields: dict[str, Any] = {"task": task.name, "event": event_of(task), "dated": task.dated}
    with whole(run) as store:
        run.progress("people", 0, 3)
        column = None if task.dated else duration_column(store, options)
        if not task.dated and column is None:
            return WhenReport(**frame, state="no_duration", **fields)
        if column is None:
            lives = lives_by_date(store, task, run.as_of)
        else:
            unit = unit_of(store, column, options)
            fields |= {
                "duration": column,
                "guessed": unit_of(store, column, {**options, "unit": None}) == unit and _is_guess(column, options),
            }
            lives = lives_along(store, task, run.as_of, column, unit)
            fields["unit"] = unit
        lives = _narrowed(run, lives)
        if column is None:
            fields["unit"] = unit = "weeks" if _longest(lives) <= 3 * 365 else "months"
            lives = _in_unit(lives, UNIT_DAYS[unit])
        events = int(lives.spans.happened.sum())
        fields |= {
            "people": run.figure("people", len(lives.spans), "people", "risk.define.watched"),
            "left": run.figure("left", events, "people", "risk.define.left"),
            "num_unknown": lives.num_unknown,
            "num_at_once": lives.num_at_once,
            "delayed": lives.delayed,
        }
        if events < MIN_EVENTS or len(lives.spans) < MIN_PEOPLE:
            return WhenReport(**frame, state="nobody" if events == 0 and len(lives.spans) else "few", **fields)
        fields |= _answer(run, store, task, lives, fields)
    return WhenReport(**frame, state="ok", **fields)


def _asked_task(run: Run, request: WhenRequest) -> tuple[Task | None, dict[str, Any]]:
    """The yes/no task behind what was asked, and how to read its time."""
    named = run.settings.tasks.get(request.task or "", {})
    if named.get("target") == "time":
        plain = {key: value for key, value in named.items() if key not in ("template", "target")}
        task: Task | None = make_outcome(str(request.task), plain, run.store)
    else:
        task = find_task(run, request.task, every_kind=request.task is not None)
    if task is not None and task.kind != "classes":
        raise UsageError(NOT_YES_OR_NO, task=task.name, known="–")
    written = run.settings.tasks.get("" if task is None else task.name, {})
    options: dict[str, Any] = {key: written[key] for key in ("duration", "unit") if key in written}
    asked = {key: value for key, value in (("duration", request.duration), ("unit", request.unit)) if value is not None}
    return task, {**options, **asked}


def _is_guess(column: str, options: dict[str, Any]) -> bool:
    words = ("day", "week", "month", "year", "天", "周", "月", "年")
    return "unit" not in options and not any(word in column.lower() for word in words)


def _narrowed(run: Run, lives: Lives) -> Lives:
    """The people in the request's scope."""
    rows = inside(run, lives.keys.code)
    return replace(lives, keys=lives.keys.take(rows), spans=lives.spans.take(rows), begun_days=lives.begun_days[rows])


def _longest(lives: Lives) -> float:
    return float(lives.spans.exit.max()) if len(lives.spans) else 0.0


def _in_unit(lives: Lives, days: float) -> Lives:
    spans = Spans(lives.spans.entry / days, lives.spans.exit / days, lives.spans.happened)
    return replace(lives, spans=spans, unit_days=days)


def _answer(run: Run, store: Store, task: Task, lives: Lives, known: dict[str, Any]) -> dict[str, Any]:
    """Fields of the report where there is enough to say."""
    raw = raw_columns(store, lives.keys)
    hidden = {str(dict(task.options or {}).get("column", "")), fold_header(str(known.get("duration") or ""))}
    raw = {name: values for name, values in raw.items() if fold_header(name) not in hidden}
    curve = kaplan_meier(lives.spans, MIN_AT_RISK)
    ages = np.linspace(0.0, max(curve.until, 1e-9), NUM_AGES)
    run.progress("groups", 1, 3)
    groups = _compared(lives.spans, _categories(store, raw))
    chosen = _chosen(run, groups)
    everybody = _segment(run, "everybody", "", lives.spans, curve, ages)
    segments: list[WhenSegment] = []
    if chosen is not None:
        for number, value in enumerate(chosen.values[:MAX_SHOWN]):
            spans = lives.spans.take(chosen.codes == number)
            segments.append(_segment(run, f"segment_{number}", value, spans, kaplan_meier(spans, MIN_AT_RISK), ages))
    unit: Unit = known["unit"]
    stretches, peak, rest = _stretches(run, lives, unit, curve.until)
    run.progress("order", 2, 3)
    lengths = raw | {"": lives.spans.exit} if not task.dated else {}
    left_out = grow_along(lengths, "")
    return {
        "here": run.figure("here", int(lives.here.sum()), "people", "risk.define.here"),
        "everybody": everybody,
        "ages": tuple(float(age) for age in ages),
        "column": None if chosen is None else _column_name(chosen.name),
        "asked_column": run.scope.by is not None,
        "segments": tuple(segments),
        "columns": tuple(_column(run, number, group) for number, group in enumerate(groups)),
        "stretches": stretches,
        "peak": peak,
        "rest": rest,
        **_expected(run, store, task, lives, chosen),
        **_order(run, lives, {name: values for name, values in raw.items() if name not in left_out}),
        "left_out": left_out,
    }


def _categories(store: Store, raw: dict[str, NDArray[Any]]) -> list[tuple[str, NDArray[np.int64], tuple[str, ...]]]:
    """(name, (n,) codes, values) of attributes with a few values, largest group first; -1 for rare values and gaps."""
    attributes = {"plan", "platform", "country"} | {name for name, _ in store.attributes("actors")}
    found = []
    for name in sorted(attributes & set(raw)):
        values = raw[name]
        plain = [None if _is_gap(value) else _written(value) for value in values]
        counts = {value: plain.count(value) for value in set(plain) if value is not None} if len(set(plain)) <= 4 * MAX_VALUES else {}
        kept = sorted((value for value, size in counts.items() if size >= MIN_GROUP), key=lambda value: (-counts[value], value))[
            :MAX_VALUES
        ]
        if len(kept) >= 2:
            places = {value: code for code, value in enumerate(kept)}
            found.append((name, np.array([places.get(value or "", -1) for value in plain], dtype=np.int64), tuple(kept)))
    return found[:MAX_COLUMNS]


def _is_gap(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _compared(spans: Spans, categories: list[tuple[str, NDArray[np.int64], tuple[str, ...]]]) -> list[_Group]:
    """Every column with its test, those that differ most first; p for all columns together."""
    groups = []
    for name, codes, values in categories:
        rows = codes >= 0
        test = log_rank(spans.take(rows), codes[rows])
        if len(test.happened) == len(values):
            groups.append(_Group(name, codes, values, _ratio(test.happened, test.expected), test.p))
    adjusted = holm([group.p for group in groups])
    again = [_Group(one.name, one.codes, one.values, one.ratio, p) for one, p in zip(groups, adjusted, strict=True)]
    return sorted(again, key=lambda one: (one.p >= CLEAR_P, -one.ratio[1], one.name))


def _ratio(happened: Floats, expected: Floats) -> tuple[float, float, float]:
    """(ratio, low, high) of the fastest value's happened / expected to the slowest's; half a case added where there is none."""
    speed = (happened + 0.5) / (expected + 0.5)
    fast, slow = int(speed.argmax()), int(speed.argmin())
    half = _QUANTILE * math.sqrt(1 / (happened[fast] + 0.5) + 1 / (happened[slow] + 0.5))
    centre = math.log(speed[fast] / speed[slow])
    return math.exp(centre), math.exp(centre - half), math.exp(centre + half)


def _chosen(run: Run, groups: list[_Group]) -> _Group | None:
    wanted = run.scope.by
    if wanted is not None:
        for group in groups:
            if fold_header(group.name) == fold_header(wanted):
                return group
        raise UsageError(NOTHING_TO_SPLIT, name=excerpt(wanted), known=", ".join(group.name for group in groups) or "–")
    return groups[0] if groups and groups[0].p < CLEAR_P else None


def _column(run: Run, number: int, group: _Group) -> WhenColumn:
    value, low, high = group.ratio
    ratio = run.figure(f"column_{number}", value, "ratio", "risk.define.speed", n=int((group.codes >= 0).sum()), interval=(low, high))
    people = run.figure(f"column_{number}_people", int((group.codes >= 0).sum()), "people", "risk.define.watched")
    name = _column_name(group.name)
    return WhenColumn(column=name, num_values=len(group.values), people=people, ratio=ratio, adjusted_p=group.p, differs=group.p < CLEAR_P)


def _column_name(name: str) -> Say | str:
    return say(f"risk.feature.{name}") if name in ("plan", "platform", "country") else name


def _segment(run: Run, name: str, value: str, spans: Spans, curve: Curve, ages: Floats) -> WhenSegment:
    median = curve.quantile(0.5)
    figure = run.figure(f"{name}_median", median.value, "number", "risk.define.half_life", n=len(spans))
    limits = {part: end if math.isfinite(end) else None for part, end in (("low", median.low), ("high", median.high))}
    last = float(curve.times[-1]) if len(curve.times) else curve.until
    survival, low, high = (found.tolist() for found in curve.at(ages))
    still = [float(found[0]) for found in curve.at(np.array([last]))]
    return WhenSegment(
        value=value,
        people=run.figure(f"{name}_people", len(spans), "people", "risk.define.watched"),
        left=run.figure(f"{name}_left", int(spans.happened.sum()), "people", "risk.define.left"),
        median=figure.model_copy(update=limits),
        still=run.figure(f"{name}_still", still[0], "share", "risk.define.still", n=len(spans), interval=(still[1], still[2])),
        still_at=last,
        survival=tuple(None if math.isnan(share) else share for share in survival),
        low=tuple(None if math.isnan(share) else share for share in low),
        high=tuple(None if math.isnan(share) else share for share in high),
    )


def _edges(lives: Lives, unit: str, until: float) -> Floats:
    """Ends of the stretches, joined until each has enough cases."""
    edges = [edge for edge in STRETCHES[unit] if edge < until] + [until]
    while len(edges) > 2:
        counts = rates_by_age(lives.spans, np.array(edges)).happened
        place = int(counts.argmin())
        if counts[place] >= MIN_STRETCH_EVENTS:
            break
        edges.pop(place if place == len(counts) - 1 else place + 1)
    return np.array(edges, dtype=np.float64)


def _stretches(run: Run, lives: Lives, unit: str, until: float) -> tuple[tuple[WhenAge, ...], int | None, Figure | None]:
    """The risk along the time with us, which stretch stands out (beyond chance, all stretches counted), and the rest's rate."""
    edges = _edges(lives, unit, until)
    rates = rates_by_age(lives.spans, edges)
    span = SOON_DAYS / lives.unit_days

    def of_hundred(name: str, rates: tuple[float, float, float], n: int) -> Figure:
        value, bottom, top = (100 * (1 - math.exp(-one * span)) for one in rates)
        return run.figure(name, round(value, 1), "people", "risk.define.of_hundred", n=n, interval=(bottom, top))

    found = []
    for place in range(len(edges) - 1):
        left = run.figure(f"stretch_{place}_left", int(rates.happened[place]), "people", "risk.define.left")
        three = (float(rates.rate[place]), float(rates.low[place]), float(rates.high[place]))
        rate = of_hundred(f"stretch_{place}", three, int(rates.happened[place]))
        last = place == len(edges) - 2
        found.append(WhenAge(start=float(edges[place]), end=None if last else float(edges[place + 1]), left=left, rate=rate))
    if len(found) < 2 or np.isnan(rates.rate).any():
        return tuple(found), None, None
    peak = int(rates.rate.argmax())
    others = float(rates.happened.sum() - rates.happened[peak]), float(rates.watched.sum() - rates.watched[peak])
    gap = math.log(max(rates.rate[peak], 1e-12) / ((others[0] + 0.5) / others[1]))
    z = gap / math.sqrt(1 / max(rates.happened[peak], 1) + 1 / (others[0] + 0.5))
    stands_out = math.erfc(z / math.sqrt(2)) * len(found) < CLEAR_P
    rest = of_hundred("rest", (others[0] / others[1], *_rate_limits(*others)), int(others[0]))
    return tuple(found), peak if stands_out else None, rest


def _rate_limits(cases: float, watched: float) -> tuple[float, float]:
    from scipy.special import gammaincinv

    tail = (1 - INTERVAL_LEVEL) / 2
    low = float(gammaincinv(cases, tail)) if cases > 0 else 0.0
    return low / watched, float(gammaincinv(cases + 1, 1 - tail)) / watched


def _expected(run: Run, store: Store, task: Task, lives: Lives, chosen: _Group | None) -> dict[str, Figure]:
    """People still here who are expected to leave within 4 and 12 weeks."""
    codes = np.zeros(len(lives.spans), dtype=np.int64) if chosen is None else chosen.codes
    age, group = lives.spans.exit[lives.here], codes[lives.here]
    if task.dated:
        age, group = _present(run, store, task, lives, codes)
    figures = {}
    for name, days in (("soon", SOON_DAYS), ("later", LATER_DAYS)):
        total = spread = level = 0.0
        for code in np.unique(group).tolist():
            own = lives.spans.take(codes == code)
            spans = own if code >= 0 and own.happened.sum() >= MIN_GROUP_EVENTS else lives.spans
            chance = _chances(spans, age[group == code], days / lives.unit_days)
            total += float(chance.sum())
            spread += float((chance * (1 - chance)).sum())
            level += float(chance.sum()) ** 2 / max(float(spans.happened.sum()), 1.0)
        half = _QUANTILE * math.sqrt(spread + level)
        limits = (float(round(max(0.0, total - half))), float(round(min(float(len(age)), total + half))))
        figures[name] = run.figure(name, round(total), "people", "risk.define.expected_when", n=len(age), interval=limits)
    figures["here"] = run.figure("here", len(age), "people", "risk.define.here")
    return figures


def _present(run: Run, store: Store, task: Task, lives: Lives, codes: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """(age in the report's unit, group or -1) of everybody who is here now, also of the newest, who were never asked about; those who went quiet
    are not here any more, and of whom nothing says when they began, the age is the middle one.
    """
    at = run.as_of or run.now
    keys = task.keys(store, run.as_of)
    present = present_people(store, at, keys, task.outcomes(store, keys, run.as_of), dict(task.options or {}).get("inactive_days"))
    people = present.keys.code[inside(run, present.keys.code)]
    begun = begun_by_person(store)
    start = np.array([begun.get(int(code), math.nan) for code in people], dtype=np.float64)
    age = np.maximum((at - start) / DAY_US / lives.unit_days, 0.0)
    middle = float(np.nanmedian(age)) if np.isfinite(age).any() else 0.0
    groups = dict(zip(lives.keys.code.tolist(), codes.tolist(), strict=True))
    return np.where(np.isnan(age), middle, age), np.array([groups.get(int(code), -1) for code in people], dtype=np.int64)


def _chances(spans: Spans, age: Floats, horizon: float) -> Floats:
    """(n,) chance to leave within `horizon` from each age: the rate of each stretch, the last one's beyond it."""
    until = float(spans.exit.max())
    cases = np.quantile(spans.exit[spans.happened], np.linspace(0, 1, 9)[1:-1], method="higher")
    edges = np.unique(np.concatenate([[0.0], cases[(cases > 0) & (cases < until)], [until]]))
    rates = rates_by_age(spans, edges)
    rate = np.where(np.isnan(rates.rate), 0.0, rates.rate)
    reach = np.concatenate([edges[:-1], [np.inf]])
    inside_ = np.clip(np.minimum((age + horizon)[:, None], reach[1:]) - np.maximum(age[:, None], reach[:-1]), 0.0, None)
    return np.asarray(-np.expm1(-(inside_ * rate).sum(axis=1)), dtype=np.float64)


def _order(run: Run, lives: Lives, raw: dict[str, NDArray[Any]]) -> dict[str, Figure]:
    """How well people can be ordered by what was known at the start, on people the model had not seen; from the first moment asked on."""
    spans = Spans(np.zeros(len(lives.spans)), lives.spans.exit - lives.spans.entry, lives.spans.happened)
    rows = np.arange(len(spans))
    if len(rows) > MAX_ORDERED:
        rows = np.sort(np.random.default_rng(run.seed).choice(rows, MAX_ORDERED, replace=False))
    raw = {name: values[rows] for name, values in raw.items()}
    signature = describe(raw)
    spans = spans.take(rows)
    if not signature.columns or int(spans.happened.sum()) < 2 * MIN_EVENTS:
        return {}
    columns = encode(raw, signature, len(rows))
    plain, weighted = [], []
    for split in stratified_folds(spans.happened.astype(np.intp), NUM_FOLDS, run.seed):
        order = CoxOrder()
        order.fit(columns.take(split.train), spans.take(split.train))
        risk = order.risk(columns.take(split.test))
        plain.append(concordance(spans.take(split.test), risk))
        weighted.append(concordance(spans.take(split.test), risk, inverse=True))
    found = {}
    for name, values in (("order", plain), ("order_uno", weighted)):
        half = _QUANTILE * float(np.std(values, ddof=1)) / math.sqrt(NUM_FOLDS)
        mean = float(np.mean(values))
        definition = "loop.metric.concordance" if name == "order" else "risk.define.uno"
        found[name] = run.figure(
            name, mean, "score", definition, n=len(rows), interval=(mean - half, mean + half), protocol="risk.protocol.folds"
        )
    return found
