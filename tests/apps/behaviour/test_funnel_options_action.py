"""`funnel` with its options from files to page: the vectors, what is refused, breakdowns by whose value, who dropped, other tools' rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from event_workspace import ask_funnel, at, people, stories, workspace, written

from productloop.apps.behaviour._funnel import StepEvents
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._funnel_spread import spread
from productloop.apps.behaviour.report import funnel_page
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import LANGUAGES
from productloop.loop.store import Store

DAY = 86_400_000_000


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return workspace(
        tmp_path_factory.mktemp("lives"),
        events=stories({"out": "A0 x1 B2", "again": "A0 x1 A2 B3", "plain": "A0 B1 C3", "slow": "A0 B4", "skip": "A0 C2", "late": "A109"}),
    )


def asked(store: Store, **request: Any) -> list[float | int | None]:
    return people(ask_funnel(store, request))


def test_exclusions_leave_people_out_and_say_so(lives: Store) -> None:
    assert asked(lives, steps=("A", "B"), exclude=("x",)) == [5, 3]
    assert asked(lives, steps=("A", "B", "C"), exclude=("x@1",)) == [5, 3, 1]
    assert asked(lives, steps=("A", "B", "C"), exclude=("x@2",)) == [6, 4, 1]
    report = ask_funnel(lives, {"steps": ("A", "B"), "exclude": ("x",)})
    assert report.excluded is not None
    assert report.excluded.value == 1
    page = written(funnel_page(report), "en")
    assert "A try with “x” between its steps does not count." in page
    assert "This leaves 1 person out of the funnel." in page


def test_steps_to_skip_and_a_window_per_step(lives: Store) -> None:
    report = ask_funnel(lives, {"steps": ("A", "B?", "C")})
    assert people(report) == [6, 4, 2]
    assert [step.optional for step in report.steps] == [False, True, False]
    assert report.steps[1].lost.value is None
    assert report.steps[2].of_previous.value == 2 / 6
    assert report.steps[0].dropped.value == 4
    assert report.biggest_leak == 2
    assert [(time.from_label, time.to_label) for time in report.times] == [("A", "B"), ("A", "C"), ("A", "C")]
    assert asked(lives, steps=("A", "B"), step_window_days=2) == [6, 3]
    for language in LANGUAGES:
        assert any("B" in line and ("skip" in line or "跳过" in line) for line in written(funnel_page(report), language))


def test_a_held_property(tmp_path: Path) -> None:
    rows = [
        "user_id,event,timestamp,item_id",
        f"a,A,{at(0)},one",
        f"a,B,{at(1)},two",
        f"b,A,{at(0)},one",
        f"b,B,{at(1)},one",
        f"z,Z,{at(60)},",
    ]
    store = workspace(tmp_path, events="\n".join(rows) + "\n")
    assert asked(store, steps=("A", "B")) == [2, 2]
    assert asked(store, steps=("A", "B"), hold="item") == [2, 1]


@pytest.mark.parametrize(
    "request_",
    [
        {"steps": ("A?", "B")},
        {"steps": ("A", "B?")},
        {"steps": ("A", "B"), "exclude": ("x",), "order": "strict"},
        {"steps": ("A", "B?", "C"), "order": "unordered"},
        {"steps": ("A", "B"), "step_window_days": 1, "order": "unordered"},
        {"steps": ("A", "A"), "exclude": ("x",)},
        {"steps": ("A", "B"), "exclude": ("x@2",)},
        {"steps": ("A", "B"), "exclude": ("nothing",)},
        {"steps": ("A", "B"), "dropped_at": 3},
        {"steps": ("A", "B"), "attribution": "step", "scope": {"by": "platform"}},
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(lives: Store, request_: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        ask_funnel(lives, request_)
    for language in LANGUAGES:
        assert all(refused.value.render(language))


def test_whose_value_counts_in_a_breakdown(tmp_path: Path) -> None:
    rows = ["user_id,event,timestamp,platform"]
    rows += [f"a,A,{at(0)},ios", f"a,B,{at(1)},web", f"b,A,{at(0)},web", f"b,B,{at(1)},web", f"c,A,{at(0)},ios", f"z,Z,{at(60)},"]
    store = workspace(tmp_path, events="\n".join(rows) + "\n")

    def parts(**request: Any) -> dict[Any, list[float | int | None]]:
        report = ask_funnel(store, {"steps": ("A", "B"), "scope": {"by": "platform"}, **request})
        assert written(funnel_page(report), "zh")
        return {part.value: [figure.value for figure in part.people] for part in report.parts}

    assert parts() == {"ios": [2, 1], "web": [1, 1]}
    assert parts(attribution="last") == {"ios": [1, 0], "web": [2, 2]}
    assert parts(attribution="all") == {"ios": [2, 0], "web": [1, 1]}
    assert parts(attribution="step", attribution_step=2) == {"web": [2, 2]}
    assert parts(attribution="step", attribution_step=1) == {"ios": [2, 1], "web": [1, 1]}


def test_who_dropped_are_listed_by_their_own_ids(lives: Store) -> None:
    report = ask_funnel(lives, {"steps": ("A", "B"), "dropped_at": 1})
    assert [one.id for one in report.dropped] == ["late", "skip"]  # the latest first; nobody in progress
    assert report.num_dropped is not None
    assert report.num_dropped.value == 2
    assert report.dropped[1].last_seen - report.dropped[1].stopped_at == 2 * DAY
    assert any(line.startswith("skip | 2026-03-02 | 2026-03-04") for line in written(funnel_page(report), "en"))


def test_the_rules_of_other_tools_and_which_of_them_explains_a_number(lives: Store) -> None:
    report = ask_funnel(lives, {"steps": ("A", "B", "C"), "other": 16.6})
    found = {rule.rule: (rule.converted.value, rule.entered.value) for rule in report.spread}
    assert found["ours"] == (1, 6)
    assert found["unordered"] == (1, 6)
    assert found["strict"] == (1, 6)
    assert report.other_rule == 0
    page = written(funnel_page(report), "en")
    assert any("of your other tool comes nearest to the rule “our rule”" in line for line in page)
    assert any("No rule gives" in line for line in written(funnel_page(ask_funnel(lives, {"steps": ("A", "B"), "other": 5})), "en"))


def test_each_rule_by_its_own_story() -> None:
    """One person per rule; A, B, C within seven days of the first step."""
    stories_of = {1: "A0 A5 B8 C9", 2: "A0 A9 B12 C14", 3: "A0 B6 C8", 4: "A0 B20 C30", 5: "C0 A1 B2", 6: "A0 x1 B2 C3", 7: "A8 B9 C12"}
    rows = [(who, float(word[1:]), word[0]) for who, story in stories_of.items() for word in story.split()]
    time = np.array([round(day * DAY) for _, day, _ in rows], dtype=np.int64)
    mask = np.array([{"A": 1, "B": 2, "C": 4}.get(name, 0) for *_, name in rows], dtype=np.uint8)
    events = StepEvents(np.array([who for who, *_ in rows]), time, np.arange(len(rows)), mask)
    found = {
        one.rule: (one.num_converted, one.num_entered) for one in spread(events, FunnelDefinition(3, 7 * DAY, (0, 10 * DAY), 99 * DAY))
    }
    assert found == {
        "latest_start": (4, 7),  # 1, 2, 6, 7
        "first_entry": (2, 7),  # 6, 7
        "reentry": (3, 7),  # 2, 6, 7
        "step_to_step": (5, 7),  # and 3
        "no_window": (6, 7),  # and 4
        "unordered": (5, 7),  # 5 as well
        "strict": (3, 7),  # 6 is broken by x
        "inside_range": (2, 7),  # 1 and 6 are through by day 10
    }
