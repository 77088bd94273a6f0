"""`experiment --by`: an effect of one kind of people found, none claimed where all are alike, guards against small and broken parts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from event_workspace import at, workspace, written
from order_workspace import ask

from productloop.apps.behaviour.experiment_report import experiment_page
from productloop.foundation.errors import UsageError
from productloop.learning.experiments import compare, heterogeneity

SEEN = {"exposure": "seen", "variant": "variant", "metrics": ["people(buy)"], "scope": {"by": "platform"}}
NUMBER = re.compile(r"\D+")
PLATFORMS = ("ios", "android", "web")


def planted(gain: dict[str, float], num: int = 900, seed: int = 0, days: int = 20, tail: int = 12) -> str:
    """`num` people a variant, a third on each platform, who buy with chance .2, in "new" `gain` more; everybody opens on the platform before."""
    random = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp,variant,platform"]
    for name in ("control", "new"):
        for person in range(num):
            platform = PLATFORMS[person % 3]
            start = 1 + random.random() * days
            rows += [f"{name}{person},open,{at(start - 0.5)},,{platform}", f"{name}{person},seen,{at(start)},{name},"]
            if random.random() < 0.2 + (gain.get(platform, 0.0) if name == "new" else 0.0):
                rows.append(f"{name}{person},buy,{at(start + 2 * random.random())},,other")  # a value from after the start must not count
    return "\n".join([*rows, f"watchman,zzz,{at(days + tail)},,"]) + "\n"


def by_value(report: Any) -> dict[str, Any]:
    return {part.value if isinstance(part.value, str) else part.value.key: part for part in report.parts}


def test_an_effect_on_one_kind_of_people_is_found_there(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted({"ios": 0.25}))
    report = ask(store, "experiment", SEEN)
    parts = by_value(report)
    assert sorted(parts) == ["android", "ios", "web"]
    assert {name: part.clear for name, part in parts.items()} == {"ios": "better", "android": "same", "web": "same"}
    assert parts["ios"].difference.low < 25 < parts["ios"].difference.high
    assert sum(part.people.value for part in report.parts) == sum(group.people.value for group in report.groups)
    assert report.num_compared == 3
    assert report.differs.value < 0.01
    english = "\n".join(written(experiment_page(report), "en"))
    assert "The effect depends on platform, which is unlikely to be chance" in english
    assert "this table makes 3 comparisons" in english
    assert "which the experiment cannot have changed" in english
    assert "这张表做了 3 次比较" in "\n".join(written(experiment_page(report), "zh"))
    plain = ask(store, "experiment", {**SEEN, "scope": {}})
    assert plain.parts == ()
    assert (plain.winner, plain.winner_best.value) == (report.winner, report.winner_best.value)
    with pytest.raises(UsageError):
        ask(store, "experiment", {**SEEN, "scope": {"by": "platfrom"}})


def test_the_same_effect_everywhere_is_no_difference_between_kinds(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, events=planted(dict.fromkeys(PLATFORMS, 0.1))), "experiment", SEEN)
    assert report.winner == "new"
    assert report.differs.value > 0.05
    assert "no sign that the effect depends on platform" in "\n".join(written(experiment_page(report), "en"))


def test_small_parts_and_parts_of_the_wrong_size_are_not_judged(tmp_path: Path) -> None:
    lines = planted({"ios": 0.3}).splitlines()
    new = [line for line in lines if line.startswith("new")]
    gone = {line.split(",")[0] for line in new if line.endswith(",android")}
    gone = {name for name in gone if int(name[3:]) % 2}  # half of the android people of one group were never recorded
    few = {line.split(",")[0] for line in lines if line.endswith(",web") and int(NUMBER.sub("", line.split(",")[0])) > 60}
    kept = [line for line in lines if line.split(",")[0] not in gone | few]
    store = workspace(tmp_path, events="\n".join(kept) + "\n")
    report = ask(store, "experiment", {**SEEN, "split": ["control=620", "new=470"]})
    parts = by_value(report)
    assert {name: part.clear for name, part in parts.items()} == {"ios": "better", "android": "sizes", "web": "few"}
    assert parts["android"].difference.value is None
    assert parts["web"].p.value is None
    assert report.num_compared == 1
    assert "fewer than two kinds of people can be compared" in "\n".join(written(experiment_page(report), "en"))


def test_columns_of_a_table_and_looking_early(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    rows = ["user_id,group,plan,spend"]
    rows += [f"u{n},{'ab'[n % 2]},{('free', 'plus')[n // 2 % 2]},{random.normal(50 + 4 * (n % 4 == 3), 10):.3f}" for n in range(1_200)]
    report = ask(workspace(tmp_path, actors="\n".join(rows) + "\n"), "experiment", {"metrics": ["spend"], "scope": {"by": "plan"}})
    assert {name: part.clear for name, part in by_value(report).items()} == {"plus": "better", "free": "same"}
    assert report.differs.value < 0.05
    store = workspace(tmp_path / "early", events=planted({"ios": 0.12}, tail=1))
    early = ask(store, "experiment", {**SEEN, "window_days": 2.1})
    late = ask(store, "experiment", {**SEEN, "window_days": 2.1, "days": 1})
    assert early.sequential
    assert not late.sequential
    assert (by_value(early)["ios"].clear, by_value(late)["ios"].clear) == ("same", "better")


def test_heterogeneity_is_cochrans_q() -> None:
    assert heterogeneity([1.0, 1.0, 1.0], [0.2, 0.3, 0.4]) == pytest.approx(1.0)
    assert heterogeneity([0.0, 2.0], [1.0, 1.0]) == pytest.approx(0.1573, abs=1e-4)  # Q = 2 on one degree of freedom
    assert heterogeneity([0.0, 2.0, float("nan")], [1.0, 1.0, 0.0]) == pytest.approx(0.1573, abs=1e-4)
    assert heterogeneity([1.0], [1.0]) == 1.0
    random = np.random.default_rng(5)
    chances = []
    for _ in range(400):
        found = [compare(random.normal(1, 2, 60), random.normal(0, 2, 60), 0) for _ in range(3)]
        chances.append(heterogeneity([one.difference.value for one in found], [one.standard_error for one in found]))
    assert 0.02 < float(np.mean(np.array(chances) < 0.05)) < 0.09
