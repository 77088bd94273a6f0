"""Leak alarms: each planted leak is caught over several seeds, and clean tables raise none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.columns import Columns
from productloop.learning.leaks import copies, gives_away, identifiers, is_identifier, later_than_asked, total_of_today, value_of_today
from productloop.learning.splitting import stratified_folds

SEEDS = range(6)
NUM = 800


def clean(seed: int, num: int = NUM) -> tuple[Columns, np.ndarray]:
    """A table like many: strong but honest signals, a dose, flags, gaps, few-valued and continuous columns."""
    generator = np.random.default_rng(seed)
    products = generator.choice([1, 2, 3, 4], num, p=[0.45, 0.4, 0.1, 0.05])
    age, balance = generator.normal(40, 10, num).round(), generator.gamma(2, 500, num).round(2) * (generator.random(num) < 0.6)
    contract = generator.integers(0, 3, num)
    odds = -3 + 0.08 * (age - 40) + np.array([0, 0, -0.5, 3.0, 12.0])[products] + np.array([2.5, 0, -1.5])[contract]
    happened = (generator.random(num) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    rating = np.where(generator.random(num) < 0.5, np.nan, generator.integers(1, 6, num))
    flag, many = generator.integers(0, 2, num), generator.integers(0, 60, num)
    values = np.column_stack([products, age, balance, contract, rating, flag, many]).astype(np.float64)
    kinds = ("number", "number", "number", "category", "number", "number", "category")
    return Columns(values, ("products", "age", "balance", "contract", "rating", "flag", "many"), kinds, (0, 0, 0, 3, 0, 0, 60)), happened


def with_column(columns: Columns, name: str, values: np.ndarray, num_categories: int = 0) -> Columns:
    kind = "category" if num_categories else "number"
    return Columns(
        np.column_stack([columns.values, values.astype(np.float64)]),
        (*columns.names, name),
        (*columns.kinds, kind),  # type: ignore[arg-type]
        (*columns.num_categories, num_categories),
    )


def judges_of(happened: np.ndarray) -> np.ndarray:
    judges = np.zeros(len(happened), dtype=bool)
    judges[stratified_folds(happened, 5, 0)[0].test] = True
    return judges


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_table_raises_none(seed: int) -> None:
    columns, happened = clean(seed)
    assert 0.1 < happened.mean() < 0.9
    assert gives_away(columns, happened, seed) == []
    assert identifiers(columns, np.arange(NUM)) == []
    assert copies(columns, np.arange(NUM), judges_of(happened)) == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", ["number", "two-sided", "category", "reason", "fee", "closed"])
def test_a_column_that_knows_the_answer_is_named_with_rows(seed: int, how: str) -> None:
    columns, happened = clean(seed)
    generator = np.random.default_rng(100 + seed)
    noise = generator.normal(size=NUM)
    some = happened * (generator.random(NUM) < 0.5)
    values, categories = {
        "number": (happened + 0.1 * noise, 0),
        "two-sided": (np.where(happened == 1, np.sign(noise) * (3 + np.abs(noise)), noise / 3), 0),
        "category": (np.where(happened == 1, 20, generator.integers(0, 20, NUM)), 21),
        "reason": (np.where(some == 1, generator.integers(0, 3, NUM), np.nan), 3),  # written down for half of those who left
        "fee": (some * generator.gamma(2, 10, NUM), 0),
        "closed": (np.where(some == 1, 3, generator.integers(0, 3, NUM)), 4),
    }[how]
    found = gives_away(with_column(columns, "planted", values, categories), happened, seed)
    assert [leak.column for leak in found] == ["planted"]
    assert found[0].kind == ("answer" if how in ("number", "two-sided", "category") else "value")
    assert found[0].number > 0.98
    assert len(found[0].rows) == 2


def test_a_dose_is_no_flag_but_a_flag_is() -> None:
    happened = np.array([0] * 800 + [1] * 200)
    dose = np.array([0] * 700 + [1] * 100 + [0] * 20 + [1] * 120 + [2] * 60)
    flag = np.array([0] * 800 + [0] * 140 + [1] * 60)
    columns = Columns(np.column_stack([dose, flag]).astype(float), ("dose", "flag"), ("number", "number"), (0, 0))
    assert [(leak.column, leak.value, leak.num_rows) for leak in gives_away(columns, happened, 0)] == [("flag", 1.0, 60)]


def test_too_few_rows_are_not_judged() -> None:
    happened = np.array([0, 1] * 20)
    columns = Columns(happened[:, None].astype(float), ("same",), ("number",), (0,))
    assert gives_away(columns, happened, 0) == []
    rare = np.array([1] * 5 + [0] * 95)
    assert gives_away(Columns(rare[:, None].astype(float), ("same",), ("number",), (0,)), rare, 0) == []


def test_dates_after_the_moment_but_not_planned_ones() -> None:
    asked = np.full(100, 1000.0)
    cancelled = np.where(np.arange(100) < 20, 1010.0 + np.arange(100) % 7, np.nan)
    found = later_than_asked("cancelled_at", cancelled, asked, 1030.0)
    assert found is not None
    assert (found.num_rows, found.number, found.rows) == (20, 0.2, (0, 19))
    assert later_than_asked("signed_at", np.full(100, 999.0), asked, 1030.0) is None
    assert later_than_asked("renews_at", 1000.0 + np.arange(100), asked, 1030.0) is None, "most of it lies beyond the data: it is planned"
    assert later_than_asked("seen_at", np.where(np.arange(100) < 3, 1005.0, 990.0), asked, 1030.0) is None, "three rows may be a slip"


@given(st.integers(0, 10_000), st.integers(60, 300))
def test_a_counter_is_an_identifier_wherever_it_starts(start: int, num: int) -> None:
    order = np.random.default_rng(num).permutation(num)
    assert is_identifier((start + order).astype(float))
    assert is_identifier(np.cumsum(1 + order).astype(float)), "rising with the rows"
    assert not is_identifier(np.sqrt(order.astype(float)))
    assert not is_identifier((order // 2).astype(float))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_identifier_is_named_and_each_subject_counts_once(seed: int) -> None:
    columns, _ = clean(seed)
    codes = np.random.default_rng(seed).permutation(NUM)
    assert [leak.column for leak in identifiers(with_column(columns, "row", codes), np.arange(NUM))] == ["row"]
    subject = np.repeat(np.arange(NUM // 4), 4)
    assert [leak.column for leak in identifiers(with_column(columns, "row", subject), subject)] == ["row"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sum_that_goes_on_after_the_moment_is_caught_and_one_that_stops_there_is_not(seed: int) -> None:
    generator = np.random.default_rng(seed)
    then = generator.integers(0, 40, 300).astype(float)
    now = then + generator.poisson(6, 300)
    found = total_of_today("orders_total", 1.13 * now, then, now)
    assert found is not None
    assert found.number == 1.0
    assert total_of_today("orders_so_far", then, then, now) is None
    assert total_of_today("age", generator.integers(18, 80, 300).astype(float), then, now) is None
    assert total_of_today("nothing new", now, now, now) is None
    assert total_of_today("nothing", np.zeros(300), then, now) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_category_written_over_later_is_caught_and_one_that_was_not_is_not(seed: int) -> None:
    generator = np.random.default_rng(seed)
    then, now = (generator.choice(["free", "plus", "pro"], 200).astype(object) for _ in range(2))
    found = value_of_today("plan", now, then, now)
    assert found is not None
    assert found.kind == "present"
    assert found.num_rows == int((then != now).sum())
    assert value_of_today("plan", then, then, now) is None
    assert value_of_today("plan", np.full(200, None, dtype=object), then, now) is None
    assert value_of_today("plan", now, now, now) is None


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", ["copies", "near_copies"])
def test_rows_learned_before_they_judge(seed: int, how: str) -> None:
    columns, happened = clean(seed)
    again = np.random.default_rng(seed).choice(NUM, NUM // 8, replace=False)
    values = np.vstack([columns.values, columns.values[again]])
    if how == "near_copies":
        values[NUM:, 1] += 1
    whole = Columns(values, columns.names, columns.kinds, columns.num_categories)
    outcomes = np.concatenate([happened, happened[again]])
    found = copies(whole, np.arange(len(values)), judges_of(outcomes))
    assert [leak.kind for leak in found] == [how]
    first, second = found[0].rows
    assert (values[first] != values[second])[~np.isnan(values[first])].sum() == (how == "near_copies")
    assert copies(whole, np.concatenate([np.arange(NUM), again]), judges_of(outcomes)) == [], "the same subject at another moment"


def test_few_categories_make_twins_by_chance_alone() -> None:
    generator = np.random.default_rng(0)
    columns = Columns(generator.integers(0, 3, (300, 4)).astype(float), tuple("abcd"), ("category",) * 4, (3,) * 4)
    happened = generator.integers(0, 2, 300)
    assert copies(columns, np.arange(300), judges_of(happened)) == []


@pytest.mark.shared
@pytest.mark.parametrize(("name", "outcome", "counted", "leaks"), [
    ("telco_churn/Telco-Customer-Churn.csv", "Churn", "Yes", set()), ("bank_churn/Churn_Modelling.csv", "Exited", "1", set()),
    ("german_credit/GermanCredit_selva86.csv", "credit_risk", "0", set()), ("heart_disease/heart_disease.csv", "Disease", "1", set()),
    ("ai4i2020/ai4i2020.csv", "Machine failure", "1", {"TWF", "HDF", "PWF", "OSF"}),
])  # fmt: skip
def test_public_tables(name: str, outcome: str, counted: str, leaks: set[str], shared_data: Callable[[str], Path]) -> None:
    import csv

    with shared_data(name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index(outcome)
    happened = np.array([row[place] == counted for row in rows], dtype=np.int64)
    values, names, kinds, sizes = [], [], [], []
    for position, title in enumerate(header):
        cells = [row[position].strip() for row in rows]
        if position == place or title in ("customerID", "RowNumber", "CustomerId", "Surname", "UID", "Product ID"):
            continue
        is_number = all(cell.replace(".", "", 1).replace("-", "", 1).isdigit() for cell in cells if cell)
        codes = {cell: code for code, cell in enumerate(sorted(set(cells) - {""}))}
        values.append([np.nan if not cell else float(cell) if is_number else codes[cell] for cell in cells])
        names.append(title)
        kinds.append("number" if is_number else "category")
        sizes.append(0 if is_number else len(codes))
    columns = Columns(np.array(values, dtype=np.float64).T.copy(), tuple(names), tuple(kinds), tuple(sizes))
    assert {leak.column for leak in gives_away(columns, happened, 0)} == leaks
    assert identifiers(columns, np.arange(len(rows))) == []
    assert copies(columns, np.arange(len(rows)), judges_of(happened)) == []
