from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation.anonymity import k_anonymity

COLUMNS = st.integers(1, 30).flatmap(
    lambda rows: st.fixed_dictionaries(
        {
            "age": st.lists(st.integers(18, 80), min_size=rows, max_size=rows),
            "city": st.lists(st.sampled_from(["浙江省杭州市", "浙江省宁波市", "江苏省南京市", "US, Texas"]), min_size=rows, max_size=rows),
            "day": st.lists(st.dates(date(2024, 1, 1), date(2024, 4, 1)).map(str), min_size=rows, max_size=rows),
            "plan": st.lists(st.sampled_from(["free", "paid", None]), min_size=rows, max_size=rows),
        }
    )
)


@given(COLUMNS, st.integers(1, 6))
def test_sizes_are_those_of_the_groups(columns, k):
    report = k_anonymity(columns, ["age", "city", "day"], k)
    sizes = Counter(zip(columns["age"], columns["city"], columns["day"], strict=True))
    assert report.num_rows == len(columns["age"])
    assert report.num_groups == len(sizes)
    assert report.smallest_group == min(sizes.values())
    assert report.num_rows_below == sum(size for size in sizes.values() if size < k)
    assert report.share_below == report.num_rows_below / report.num_rows


@given(COLUMNS, st.integers(1, 6))
def test_advice_never_makes_it_worse_and_reaches_k_where_the_rows_allow_it(columns, k):
    report = k_anonymity(columns, ["age", "city", "day", "plan"], k)
    left = [step.num_rows_below for step in report.advice]
    assert left == sorted(left, reverse=True)
    assert all(rows <= report.num_rows_below for rows in left)
    assert report.reached == (report.num_rows >= k)
    assert (report.advice == ()) == (report.num_rows_below == 0)


@given(COLUMNS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(columns, random):
    order = list(range(len(columns["age"])))
    random.shuffle(order)
    mixed = {name: [values[index] for index in order] for name, values in columns.items()}
    names = ["age", "city", "day"]
    assert k_anonymity(columns, names, sensitive="plan") == k_anonymity(mixed, names, sensitive="plan")


@given(COLUMNS)
def test_a_column_more_never_makes_groups_larger(columns):
    fewer, more = k_anonymity(columns, ["city"]), k_anonymity(columns, ["city", "plan"])
    assert more.smallest_group <= fewer.smallest_group
    assert more.num_rows_below >= fewer.num_rows_below


def test_coarsening_comes_before_leaving_out():
    days = {"day": [f"2024-01-{day:02}" for day in range(1, 11)]}
    [step] = k_anonymity(days, ["day"]).advice
    assert step == ("day", "month", 10, 0)
    [step] = k_anonymity({"age": [20, 21, 22, 23, 24]}, ["age"]).advice
    assert step == ("age", "band_5", 5, 0)
    [step] = k_anonymity({"city": ["浙江省杭州市", "浙江省宁波市", "浙江省温州市"]}, ["city"], k=3).advice
    assert step == ("city", "first_level", 3, 0)
    [step] = k_anonymity({"name": ["a", "b", "c"]}, ["name"], k=3).advice
    assert step == ("name", "drop", 3, 0)


def test_the_worst_column_is_named_first():
    columns = {"id": list(range(10)), "plan": ["free"] * 5 + ["paid"] * 5}
    report = k_anonymity(columns, ["plan", "id"])
    assert report.causes[0] == ("id", 10, 10)
    assert report.causes[1].num_rows_saved == 0


def test_a_group_with_one_sensitive_value_gives_it_away():
    columns = {"city": ["A"] * 5 + ["B"] * 5, "illness": ["flu"] * 5 + ["flu", "cold", "flu", "cold", "flu"]}
    report = k_anonymity(columns, ["city"], sensitive="illness")
    assert (report.num_rows_below, report.num_values_sensitive, report.num_rows_given_away) == (0, 1, 5)
    assert report.reached


def test_no_rows_and_wrong_requests():
    assert k_anonymity({"a": []}, ["a"]).smallest_group == 0
    with pytest.raises(KeyError):
        k_anonymity({"a": [1]}, ["b"])
    with pytest.raises(ValueError, match="lengths"):
        k_anonymity({"a": [1], "b": []}, ["a"])
    with pytest.raises(ValueError, match="k 0"):
        k_anonymity({"a": [1]}, ["a"], k=0)
