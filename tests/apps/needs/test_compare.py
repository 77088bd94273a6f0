"""compare: a planted difference is found, nothing is found where nothing was, and a changed mix is not mistaken for a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run
from hypothesis import given
from hypothesis import strategies as st

from productloop.apps.needs import APP
from productloop.apps.needs._compare import MAX_P, _count, _tests, both_ways
from productloop.apps.needs._mix import _standardised
from productloop.apps.needs._study import study
from productloop.apps.needs.actions import COMPARE
from productloop.apps.needs.compare_report import page
from productloop.apps.needs.compare_types import CompareReport, CompareRequest
from productloop.foundation.errors import UsageError
from productloop.interfaces.markdown import render_markdown
from productloop.learning.comparisons import holm
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.store import Store

DAY = 86_400_000_000
MONDAY = 1_772_409_600_000_000
CRASH = ["一打开就闪退", "更新之后老是闪退", "闪退闪退，根本打不开", "用着用着就闪退了", "每天闪退好几次", "苹果手机上一直闪退"]
REFUND = ["退款一直没到账", "申请退款两周了还没到", "退款去哪了，客服不管", "说好三天退款，骗人", "取消订单不给退款", "退款太慢了，失望"]
PRAISE = ["很好用，推荐给大家", "界面清爽，喜欢", "非常方便，好评", "用了三年，一直很满意", "简单好用，点赞", "做得很棒，加油"]
GROUPS = {"crash": (CRASH, 1.0), "refund": (REFUND, 2.0), "praise": (PRAISE, 5.0)}


def columns(plan: Sequence[tuple[str, int, dict[str, Any]]]) -> dict[str, list[Any]]:
    """Texts of a kind, as many as said, each by another person, with these columns."""
    rows: list[dict[str, Any]] = []
    for kind, count, extra in plan:
        texts, stars = GROUPS[kind]
        for number in range(count):
            ending = ("", "。", "！", "，唉", "，真的", "，说实话")[number // len(texts) % 6]
            rows.append({"text": texts[number % len(texts)] + ending, "rating": stars, "author": f"u{len(rows)}", **extra})
    names = sorted({name for row in rows for name in row})
    return {name: [row.get(name) for row in rows] for name in names}


def ask(store: Store, request: CompareRequest) -> CompareReport:
    report = perform("needs.compare", COMPARE, request, make_run(store))
    assert isinstance(report, CompareReport)
    for language in ("zh", "en"):
        text = render_markdown(page(report), APP.texts, language, {})
        assert "{" not in text
    return report


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    plan = [
        ("crash", 40, {"version": "4.3", "channel": "ios"}),
        ("refund", 20, {"version": "4.3", "channel": "ios"}),
        ("praise", 20, {"version": "4.3", "channel": "android"}),
        ("crash", 6, {"version": "4.2", "channel": "ios"}),
        ("refund", 24, {"version": "4.2", "channel": "android"}),
        ("praise", 50, {"version": "4.2", "channel": "android"}),
    ]
    return feedback_workspace(tmp_path_factory.mktemp("planted"), columns(plan))


def test_the_planted_difference_is_found(planted: Store) -> None:
    report = ask(planted, CompareRequest(this=("version=4.3",), that=("version=4.2",)))
    (pair,) = report.pairs
    assert report.kind == "conditions"
    assert (pair.this.people.value, pair.that.people.value) == (80, 80)
    more = [line for line in pair.topics if line.state in ("more", "only_this")]
    assert more
    assert any("闪退" in str(line.name.slots.get("zh")) for line in more)
    assert all(line.ratio.low is not None and line.ratio.low > 1 for line in more)
    assert pair.unhappy == "higher"
    assert pair.stars == "lower"
    assert pair.stars_difference.high is not None
    assert pair.stars_difference.high < 0
    assert any("闪退" in word.phrase for word in pair.this.words)
    assert more[0].quotes


def test_by_a_column_gives_the_same_sides_and_all_others_fill_the_other_side(planted: Store) -> None:
    by = ask(planted, CompareRequest(scope=Scope(by="version")))
    rest = ask(planted, CompareRequest(this=("version=4.2",)))
    assert by.kind == "column"
    assert len(by.pairs) == 1
    assert by.pairs[0].this.people.value == rest.pairs[0].this.people.value == 80
    assert by.pairs[0].unhappy == rest.pairs[0].unhappy == "lower"


def test_texts_on_both_sides_are_said_and_counted_once(planted: Store) -> None:
    report = ask(planted, CompareRequest(this=("version=4.3",), that=("version>=4.2",)))
    assert report.pairs[0].overlap.value == 80
    assert report.pairs[0].that.people.value == 80


def test_a_tiny_side_is_not_compared(planted: Store) -> None:
    report = ask(planted, CompareRequest(this=("version=9.9",)))
    assert report.pairs[0].tiny
    assert report.num_tests.value == 0
    assert report.num_different.value == 0


def test_wrong_questions_are_told(planted: Store) -> None:
    for request in (
        CompareRequest(that=("version=4.2",)),
        CompareRequest(this=("colour=red",)),
        CompareRequest(this=("date>=yesterday",)),
        CompareRequest(this=("version=4.2",), scope=Scope(by="version")),
        CompareRequest(scope=Scope(by="colour")),
    ):
        with pytest.raises(UsageError):
            ask(planted, request)


def test_without_dates_it_says_what_else_can_be_compared(planted: Store) -> None:
    report = ask(planted, CompareRequest())
    assert report.kind == "none"
    assert report.reason is not None
    assert report.reason.key == "needs.compare.undated"
    assert ask(planted, CompareRequest(scope=Scope(by="market"))).reason is not None


def test_weeks_are_compared_by_default_and_days_as_conditions(tmp_path: Path) -> None:
    plan = [("crash" if week >= 8 else "praise", 10, {"time": MONDAY + week * 7 * DAY}) for week in range(12)]
    plan.append(("praise", 1, {"time": MONDAY + 84 * DAY}))
    store = feedback_workspace(tmp_path, columns(plan))
    report = ask(store, CompareRequest())
    assert report.kind == "weeks"
    assert report.pairs[0].this.people.value == 40
    assert report.pairs[0].that.people.value == 80
    assert report.pairs[0].unhappy == "higher"
    same = ask(store, CompareRequest(this=("date>=2026-04-27", "date<2026-05-25"), that=("date<2026-04-27",)))
    assert same.pairs[0].this.people.value == 40


def test_too_few_texts_are_said(tmp_path: Path) -> None:
    report = ask(feedback_workspace(tmp_path, columns([("crash", 5, {"version": "1"})])), CompareRequest(scope=Scope(by="version")))
    assert report.kind == "none"
    assert report.reason is not None


def test_a_changed_mix_is_said_and_both_numbers_are_given(tmp_path: Path) -> None:
    """The store is as angry as before, the forum is as happy as before; only where people write has changed."""
    plan = [
        ("crash", 64, {"version": "2", "channel": "store"}),
        ("praise", 16, {"version": "2", "channel": "store"}),
        ("crash", 4, {"version": "2", "channel": "forum"}),
        ("praise", 16, {"version": "2", "channel": "forum"}),
        ("crash", 16, {"version": "1", "channel": "store"}),
        ("praise", 4, {"version": "1", "channel": "store"}),
        ("crash", 16, {"version": "1", "channel": "forum"}),
        ("praise", 64, {"version": "1", "channel": "forum"}),
    ]
    report = ask(feedback_workspace(tmp_path, columns(plan)), CompareRequest(this=("version=2",), that=("version=1",)))
    (mix,) = [line for line in report.pairs[0].mixes if line.column == "channel"]
    assert mix.matters
    assert mix.this_counted.value == pytest.approx(0.68)
    assert mix.that_counted.value == pytest.approx(0.32)
    assert mix.this_level.value == pytest.approx(0.5)
    assert mix.that_level.value == pytest.approx(0.5)
    assert mix.shift.value == pytest.approx(0.6)


def test_where_nothing_was_planted_nothing_is_found(tmp_path: Path) -> None:
    """Twenty permutations of one column over the same texts: at most one of them may show a difference."""
    kinds = [("crash", 60, {}), ("refund", 60, {}), ("praise", 80, {})]
    values = columns(kinds)
    for draw in range(20):
        values[f"colour_{draw}"] = list(np.random.default_rng(draw).permutation(["a", "b"] * 100))
    found = study(make_run(feedback_workspace(tmp_path, values)))
    different = 0
    for draw in range(20):
        ours = np.array(values[f"colour_{draw}"]) == "a"
        chances = _tests(_count(found, ours), _count(found, ~ours))
        assert len(chances) >= 4
        different += min(holm(list(chances.values()))) < MAX_P
    assert different <= 1


def test_people_who_write_more_do_not_seem_to_say_everything_more(tmp_path: Path) -> None:
    """Both sides draw from the same texts; those of one side write four times each."""
    random = np.random.default_rng(3)
    everything = [*CRASH, *REFUND, *PRAISE]
    rows = [(side, person) for side, times in (("a", 4), ("b", 1)) for person in range(80) for _ in range(times)]
    said = {
        "text": [f"{random.choice(everything)}{random.choice(['', '！', '。'])}" for _ in rows],
        "author": [f"{side}{person}" for side, person in rows],
        "version": [side for side, _ in rows],
    }
    report = ask(feedback_workspace(tmp_path, said), CompareRequest(this=("version=a",)))
    assert report.pairs[0].one_each
    assert report.pairs[0].this.texts.value == 80
    assert report.num_different.value == 0


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_the_chance_is_the_same_from_either_side(hits: int, more: int, other: int, rest: int) -> None:
    here = both_ways(hits, hits + more, other, other + rest)
    assert 0 <= here <= 1
    assert here == pytest.approx(both_ways(other, other + rest, hits, hits + more))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=6))
def test_a_standardised_share_lies_between_its_parts(parts: list[tuple[int, int]]) -> None:
    unhappy = np.array([hits for hits, _ in parts], dtype=float)
    felt = unhappy + np.array([rest for _, rest in parts], dtype=float)
    weight = felt / felt.sum()
    interval = _standardised(unhappy, felt, weight)
    assert interval.low <= interval.value <= interval.high
    assert (unhappy / felt).min() - 1e-9 <= interval.value <= (unhappy / felt).max() + 1e-9
    assert interval.value == pytest.approx(unhappy.sum() / felt.sum())
