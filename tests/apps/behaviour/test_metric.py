"""Metrics as people write them: what is read, what is refused and where, arithmetic against Python's own, values against plain counting."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from event_workspace import at, run_of, workspace
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import APP, _metric
from productloop.apps.behaviour._metric import (
    Combined,
    Constant,
    Groups,
    Named,
    PeriodRange,
    Term,
    combine,
    covered,
    evaluate,
    label,
    number_of,
    parse,
    resolved,
    whole_periods,
)
from productloop.apps.behaviour._reading import reading
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import LANGUAGES, speak
from productloop.loop.store import Store

A, B = Term("people", "a"), Term("count", "b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("people(a)", A),
        (" People ( a ) ", A),
        ("people(a) / count(b)", Combined("/", A, B)),
        ("people(a) - count(b) - 2", Combined("-", Combined("-", A, B), Constant(2))),
        ("people(a) + count(b) * 2.5", Combined("+", A, Combined("*", B, Constant(2.5)))),
        ("(people(a) + count(b)) * 100", Combined("*", Combined("+", A, B), Constant(100))),
        ("-people(a)", Combined("-", Constant(0), A)),
        ("revenue / people(a)", Combined("/", Named("revenue"), A)),
        ('"weekly visits" / 7', Combined("/", Named("weekly visits"), Constant(7))),
        ("sum(购买.金额)", Term("sum", "购买.金额")),
        ('average("Order (paid)".value)', Term("average", "Order (paid)", "value")),
        ("p90(Order (paid).ms)", Term("p90", "Order (paid).ms")),
        ("count(*)", Term("count", "*")),
        ("count()", Term("count", "")),
        ("7d_active", Named("7d_active")),
        ("app.opens", Named("app.opens")),
    ],
)
def test_what_is_read(text: str, tree: object) -> None:
    assert parse(text).tree == tree


def test_units() -> None:
    units = {
        "people(a)": "people", "count(a)": "events", "sum(a)": "number", "people(a) / people(any)": "share", "people(a) / people(b)": "ratio",
        "count(a) / people(any)": "ratio", "people(a) + 1": "number",
    }  # fmt: skip
    assert {text: parse(text).unit for text in units} == units


@pytest.mark.parametrize(
    ("text", "place", "wanted"),
    [
        ("", 1, "a metric"),
        ("people(a", 9, "closing parenthesis"),
        ("people(a) people(b)", 11, "or the end"),
        ("people(a) / ", 13, "a metric"),
        ("(people(a)", 11, "closing parenthesis"),
        ("number(a)", 1, "count, people"),
        ('people("a)', 11, "closing quote"),
        ('"a', 3, "closing quote"),
        ("people(a))", 10, "or the end"),
        ("* people(a)", 1, "a metric"),
        ("(" * 30 + "1" + ")" * 30, 22, "fewer levels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, place: int, wanted: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(text)
    assert error.value.code == "metric_unreadable"
    assert error.value.parameters["place"] == place
    english, chinese = (" ".join(error.value.render(language)) for language in ("en", "zh"))
    assert wanted in english
    assert f"第 {place} 个字符" in chinese


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab(). +-*/"“”12people', max_size=25))
def test_anything_is_read_or_refused(text: str) -> None:
    place, metric = 1, None
    try:
        metric = parse(text)
    except UsageError as error:
        place = int(str(error.parameters["place"]))
    assert 1 <= place <= len(text) + 1
    assert metric is None or metric.text == text.strip()


numbers = st.integers(0, 9).map(lambda number: (str(number), float(number)))
trees = st.recursive(
    numbers,
    lambda parts: st.tuples(parts, st.sampled_from("+-*/"), parts).map(
        lambda drawn: (
            f"({drawn[0][0]} {drawn[1]} {drawn[2][0]})",
            math.nan
            if drawn[1] == "/" and drawn[2][1] == 0
            else {"+": float.__add__, "-": float.__sub__, "*": float.__mul__, "/": float.__truediv__}[drawn[1]](drawn[0][1], drawn[2][1]),
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_arithmetic(drawn: tuple[str, float]) -> None:
    text, expected = drawn
    assert float(combine(parse(text).tree, {})) == pytest.approx(expected, nan_ok=True)


def test_signs_without_parentheses_bind_as_in_school() -> None:
    for text in ("2 + 3 * 4 - 6 / 3 / 2", "1 - 2 - 3", "8 / 4 * 2", "2 * -3 + 1"):
        assert float(combine(parse(text).tree, {})) == pytest.approx(eval(text))


ROWS = [
    ("u1", "buy", 0.1, 10, "ios"), ("u1", "buy", 0.2, 20, "ios"), ("u2", "buy", 0.3, "", "web"), ("u2", "see", 1.1, "", "web"),
    ("u3", "buy", 1.2, 60, ""), ("u1", "see", 2.5, "", "ios"), ("u9", "see", 3.5, "", "ios"),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    lines = [f"{who},{name},{at(day)},{value},{platform}" for who, name, day, value, platform in ROWS]
    return workspace(tmp_path_factory.mktemp("metric"), events="\n".join(["user_id,event,timestamp,value,platform", *lines]) + "\n")


def values(store: Store, text: str, groups: Groups | None = None, unit: _metric.MetricPeriod = "day") -> list[object]:
    run = run_of(store)
    with reading(run) as source:
        first = int(number_of(np.array([source.data_begin_us]), run, unit)[0])
        found = evaluate(run, source, parse(text), PeriodRange(unit, first, 4 if unit == "day" else 24), groups)
    return [[None if math.isnan(one) else one for one in row] for row in np.atleast_2d(found).tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(buy)", [3, 1, 0, 0]),
        ("people(buy)", [2, 1, 0, 0]),
        ("people(any)", [2, 2, 1, 1]),
        ("sum(buy)", [30, 60, 0, 0]),
        ("average(buy.value)", [15, 60, None, None]),
        ("median(buy.value)", [15, 60, None, None]),
        ("p90(buy.value)", [19, 60, None, None]),
        ("count(buy) / people(buy)", [1.5, 1, None, None]),
        ("100 * people(see) / people(any)", [0, 50, 100, 100]),
        ("sum(any.value) - 1", [29, 59, -1, -1]),
        ("3", [3, 3, 3, 3]),
    ],
)
def test_values_by_day(store: Store, text: str, expected: list[float | None]) -> None:
    assert values(store, text) == [expected]


def test_values_by_group_and_hour(store: Store) -> None:
    groups = Groups('"platform"', ("ios",))
    assert values(store, "people(any)", groups) == [[1, 0, 1, 1], [1, 1, 0, 0], [0, 1, 0, 0]]
    assert values(store, "average(buy.value)", groups) == [[15, None, None, None], [None] * 4, [None, 60, None, None]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_metric, "MAX_CELLS", 0)
        assert values(store, "people(any)", groups) == [[1, 0, 1, 1], [1, 1, 0, 0], [0, 1, 0, 0]]
    assert sum(sum(row) for row in values(store, "people(buy)", unit="hour")) == 3  # type: ignore[arg-type,misc]


def test_only_whole_periods_and_names_that_exist(store: Store, tmp_path: Path) -> None:
    run = run_of(store)
    with reading(run) as source:
        assert whole_periods(run, covered(source), "day").num == 2
        assert resolved(source, Term("sum", "buy.platform")) == Term("sum", "buy", "platform")
        for text, code in (("people(bye)", "event_unknown"), ("sum(buy.worth)", "breakdown_unknown"), ("visits", "metric_not_here")):
            with pytest.raises(UsageError) as error:
                evaluate(run, source, parse(text), PeriodRange("day", 0, 1))
            assert error.value.code == code
        tree = parse("(count(buy) + 1) * people(see) / (people(any) - 2) - (p90(buy.value) - revenue)").tree
        for language in LANGUAGES:
            shown = speak(label(source, tree), APP.texts, language)
            assert shown.count("(") == shown.count(")") >= 3
    assert whole_periods(run, (5, 5), "week").num == 0
