from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from risk_workspaces import customers, settings_of, simulated_workspace, write

from productloop.apps.risk.tasks import make_outcome, risk_tasks, suggest_outcome, with_effort
from productloop.foundation.errors import UsageError
from productloop.loop.features import DAY_US
from productloop.loop.store import Store

START = 1_700_000_000_000_000 // DAY_US * DAY_US


def active(root: Path, days: dict[str, list[int]]) -> Store:
    """People who did something on these days after START."""
    store = Store.create(root)
    names = list(days)
    write(store, "actor_codes", {"code": list(range(len(names))), "id": names})
    rows = sorted((code, START + day * DAY_US + 5) for code, name in enumerate(names) for day in days[name])
    write(store, "events", {"actor": [code for code, _ in rows], "name": ["use"] * len(rows), "time": [time for _, time in rows]})
    return store


def test_moment_of_a_dated_outcome_lies_before_its_window(tmp_path: Path) -> None:
    store, made = simulated_workspace(tmp_path, 3, scale=0.1)
    task = make_outcome("churn", {"outcome": "Churn=1"}, store)
    keys = task.keys(store, store.as_of())
    assert task.dated
    assert task.classes == ("0", "1")
    assert len(keys) == len(made.outcomes["subject"])
    assert set(keys.at + 28 * DAY_US) == set(made.outcomes["time"])
    gap = make_outcome("churn", {"outcome": "churn=1", "gap_days": 7}, store).keys(store, store.as_of())
    assert set(gap.at + 35 * DAY_US) == set(made.outcomes["time"])
    outcomes = task.outcomes(store, keys, store.as_of())
    assert outcomes.known.all()
    assert outcomes.value.sum() == (made.outcomes["value"] == "1").sum()


def test_an_outcome_observed_later_is_unknown(tmp_path: Path) -> None:
    store, made = simulated_workspace(tmp_path, 3, scale=0.1)
    task = make_outcome("churn", {"outcome": "churn=1"}, store)
    moments = np.unique(made.outcomes["time"])
    keys = task.keys(store, int(moments[1]))
    outcomes = task.outcomes(store, keys, int(moments[1]))
    assert (outcomes.value[outcomes.known_at > moments[1]] == -1).all()
    assert outcomes.known[outcomes.known_at <= moments[1]].all()
    assert (outcomes.known_at > moments[1]).any()


def test_undated_outcomes_have_no_moment_and_leave_the_outcome_out(tmp_path: Path) -> None:
    ids = [f"c{i}" for i in range(40)]
    left = ["Yes" if i % 4 == 0 else "No" for i in range(40)]
    store = customers(tmp_path, ids, left, {"visits": np.arange(40.0) % 5, "Churn": left, "colour": ["a", "b"] * 20})
    task = make_outcome("churn", {"outcome": "Churn=Yes"}, store)
    keys = task.keys(store, None)
    inputs, signature = task.inputs(store, keys, None)
    assert (keys.at == 0).all()
    assert [column.name for column in signature.columns] == ["colour", "visits"]
    assert task.outcomes(store, keys, None).value.sum() == 10
    assert len(inputs) == 40


def test_yes_and_no_are_the_same_in_every_spelling(tmp_path: Path) -> None:
    store = customers(tmp_path, ["a", "b", "c", "d", "e"], ["Yes", "No", "1", "0", "是"], {"plan": ["x", "y", "x", "y", "x"]})
    task = make_outcome("churn", {"outcome": "churn=Yes"}, store)
    outcomes = task.outcomes(store, task.keys(store, None), None)
    assert task.classes == ("0", "Yes")
    assert outcomes.value.tolist() == [1, 0, 1, 0, 1]


def test_no_activity_after_the_cut_off_counts_and_an_open_window_is_unknown(tmp_path: Path) -> None:
    stays, leaves = list(range(70)), list(range(30))
    store = active(tmp_path, {"stays": stays, "leaves": leaves})
    task = make_outcome("quiet", {"inactive_days": 14}, store)
    as_of = store.as_of()
    keys = task.keys(store, as_of)
    outcomes = task.outcomes(store, keys, as_of)
    for name, at, value, known_at in zip(keys.ids, keys.at, outcomes.value, outcomes.known_at, strict=True):
        last = START + (leaves if name == "leaves" else stays)[-1] * DAY_US + 5
        assert at - 14 * DAY_US <= last  # active before the cut-off
        assert known_at == at + 14 * DAY_US
        assert value == (-1 if known_at > as_of + 1 else int(last < at))
    assert set(outcomes.value) == {-1, 0, 1}
    assert len(np.unique(np.diff(np.unique(keys.at)))) == 1


def test_cut_offs_stay_where_they_are_when_time_goes_on(tmp_path: Path) -> None:
    store = active(tmp_path, {"a": list(range(60)), "b": list(range(0, 60, 3))})
    task = make_outcome("quiet", {"inactive_days": 7}, store)
    early = task.keys(store, START + 40 * DAY_US)
    late = task.keys(store, START + 50 * DAY_US)
    assert set(early.at) <= set(late.at) | {early.at.min()}


def test_suggestion_takes_the_named_or_the_rarer_value(tmp_path: Path) -> None:
    ids = [f"c{i}" for i in range(30)]
    named = customers(tmp_path / "a", ids, ["yes"] * 20 + ["no"] * 10, {"x": np.arange(30.0)})
    assert suggest_outcome(named) == ("churn", {"outcome": "churn=yes"})
    rarer = customers(tmp_path / "b", ids, ["good"] * 20 + ["bad"] * 10, {"x": np.arange(30.0)}, task="credit")
    assert suggest_outcome(rarer) == ("credit", {"outcome": "credit=bad"})
    three = customers(tmp_path / "c", ids, ["a", "b", "c"] * 10, {"x": np.arange(30.0)})
    assert suggest_outcome(three) is None


def test_inactivity_is_suggested_only_when_the_settings_say_so(tmp_path: Path) -> None:
    store = active(tmp_path, {"a": list(range(60))})
    assert risk_tasks(store, settings_of()) == ()
    tasks = risk_tasks(store, settings_of(risk__inactive_days=14))
    assert [task.name for task in tasks] == ["churn"]
    (tmp_path / "productloop.toml").write_text("[risk]\ninactive_days = 21\n", encoding="utf-8")
    assert suggest_outcome(store) == ("churn", {"inactive_days": 21})


@pytest.mark.parametrize(
    "options", [{}, {"outcome": "churn"}, {"inactive_days": 0}, {"inactive_days": "7"}, {"outcome": "a=b", "gap_days": -1}]
)
def test_options_that_say_nothing_are_refused(tmp_path: Path, options: dict[str, object]) -> None:
    store = Store.create(tmp_path)
    with pytest.raises(UsageError):
        make_outcome("churn", options, store)


def test_effort_says_how_much_is_tried_and_keeps_the_recipes_name(tmp_path: Path) -> None:
    store = active(tmp_path, {"a": list(range(60))})
    quick = make_outcome("quiet", {"inactive_days": 7, "effort": "quick"}, store)
    normal = make_outcome("quiet", {"inactive_days": 7}, store)
    assert [dict(task.options or {})["effort"] for task in (quick, normal, with_effort(normal, "thorough"))] == [
        "quick",
        "normal",
        "thorough",
    ]
    assert quick.recipes[1].make().effort == "quick"  # type: ignore[attr-defined]
    assert quick.recipes[1].name == normal.recipes[1].name  # a release opens whatever effort made it
    with pytest.raises(UsageError, match="quick, normal, thorough"):
        make_outcome("churn", {"outcome": "churn=1", "effort": "huge"}, store)


def test_guards_name_what_gives_the_answer_away(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    left = generator.random(300) < 0.3
    values = ["Yes" if one else "No" for one in left]
    attributes = {"fair": generator.normal(size=300), "refund": left + generator.normal(size=300) * 0.01, "number": np.arange(300.0)}
    store = customers(tmp_path, [f"c{i}" for i in range(300)], values, attributes)
    task = make_outcome("churn", {"outcome": "churn=Yes"}, store)
    keys = task.keys(store, None)
    inputs, signature = task.inputs(store, keys, None)
    assert task.guards is not None
    found = task.guards(inputs, signature, task.outcomes(store, keys, None))
    assert found == ["risk.warning.leak", "risk.warning.id_like"]


def test_attributes_without_dates_and_twins_are_said(tmp_path: Path) -> None:
    ids = [f"c{i}" for i in range(120)]
    attributes = {f"x{place}": np.arange(120) % 2 * 1.0 for place in range(6)}
    store = customers(tmp_path, ids, ["1" if i % 3 else "0" for i in range(120)], attributes)
    undated = make_outcome("churn", {"outcome": "churn=1"}, store)
    keys = undated.keys(store, None)
    inputs, signature = undated.inputs(store, keys, None)
    assert undated.guards is not None
    assert undated.guards(inputs, signature, undated.outcomes(store, keys, None)) == ["risk.warning.duplicates"]
    write(store, "events", {"actor": [0], "name": ["use"], "time": [START]})
    inactive = make_outcome("quiet", {"inactive_days": 7}, store)
    assert inactive.guards is not None
    assert "loop.warning.no_history" in inactive.guards(inputs, signature, undated.outcomes(store, keys, None))


def test_a_row_given_by_a_caller_may_lean_on_what_is_stored(tmp_path: Path) -> None:
    ids = [f"c{i}" for i in range(40)]
    store = customers(tmp_path, ids, ["1" if i % 3 else "0" for i in range(40)], {"x": np.arange(40.0), "colour": ["a", "b"] * 20})
    task = make_outcome("churn", {"outcome": "churn=1"}, store)
    _, signature = task.inputs(store, task.keys(store, None), None)
    assert task.row_input is not None
    given = task.row_input(store, {"x": 3, "colour": "b"}, signature)
    assert given.values.tolist() == [[1.0, 3.0]]
    mixed = task.row_input(store, {"subject": "c7", "x": 100}, signature)
    assert mixed.values.tolist() == [[1.0, 100.0]]
    unknown = task.row_input(store, {"subject": "nobody", "x": 1}, signature)
    assert np.isnan(unknown.values[0, 0])
