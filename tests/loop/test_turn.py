"""Once round the loop: what the gate says in each case, skipping, and taking up again after a kill."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.loop.fake_task import NOW, SETTINGS, bring_people, make_run, make_task, outcomes, write_people

from productloop.foundation.settings import load_settings
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop import turn as turn_module
from productloop.loop.records import Outcomes
from productloop.loop.release import card_of, load_release, roll_back
from productloop.loop.store import Store
from productloop.loop.turn import TurnResult, turn

TASK = make_task(CONSTANT, LOGISTIC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


@pytest.fixture
def people(store: Store, tmp_path: Path) -> Callable[..., None]:
    def add(num: int, **more: Any) -> None:
        bring_people(store, write_people(tmp_path / f"people_{more.get('first', 0)}.csv", num, **more))

    return add


def once(store: Store, task: Any = TASK, **more: Any) -> TurnResult:
    (result,) = turn(make_run(store, **more), (task,))
    return result


def test_the_first_release_beats_the_baseline_and_scores_everybody(store: Store, people: Callable[..., None]) -> None:
    people(240)
    result = once(store, make_task())
    assert (result.verdict, result.num_labelled, result.num_scored) == ("first", 240, 240)
    assert store.state.live("churn") == result.release == result.live
    card = card_of(store, result.release or "")
    assert card is not None
    assert card.beats_baseline
    assert card.split == "by time"
    assert card.quality.value < card.baseline.value
    assert card.quality.low < card.quality.value < card.quality.high
    assert card.quality.n == card.baseline.n
    assert 0.2 * 240 < (card.quality.n or 0) < 0.3 * 240
    assert {"gain", "accuracy", "roc_auc", "ece", "precision_top_tenth"} <= set(card.figures)
    assert card.versions == {name: version for name, version in store.versions().items() if name in ("actors", "outcomes")}
    scores = store.rows("SELECT s.subject, s.value, o.value FROM scores s JOIN outcomes o USING (subject) WHERE s.task = 'churn'")
    assert len(scores) == 240
    left, stayed = ([score for _, score, said in scores if said == value] for value in ("Yes", "No"))
    assert np.mean(left) > np.mean(stayed) + 0.1


def test_without_a_signal_the_baseline_is_live(store: Store, people: Callable[..., None]) -> None:
    people(160, signal=False)
    result = once(store)
    assert result.verdict == "baseline"
    card = card_of(store, result.live or "")
    assert card is not None
    assert (card.recipe, card.beats_baseline, card.quality) == ("constant", False, card.baseline)
    assert store.rows("SELECT count(DISTINCT value) FROM scores") == [(1,)]


@pytest.mark.parametrize(("num", "missing"), [(20, 10), (0, 30)])
def test_too_few_rows_to_learn_from_are_said(store: Store, people: Callable[..., None], num: int, missing: int) -> None:
    if num:
        people(num)
    else:
        people(5)
        store.delete_rows("outcomes", "true")
        store.delete_rows("actors", "true")
    result = once(store)
    assert (result.verdict, result.missing, result.live, store.state.releases()) == ("no_data", missing, None, [])


def test_one_class_is_no_data(store: Store, people: Callable[..., None]) -> None:
    people(60)
    everybody_stays = replace(TASK, outcomes=lambda s, k, a: Outcomes(np.zeros(len(k), np.int64), k.at, np.ones(len(k))))
    assert once(store, everybody_stays).verdict == "no_data"


def test_unknown_outcomes_are_not_learned_as_no(store: Store, people: Callable[..., None]) -> None:
    people(120)

    def half(asked_store: Store, keys: Any, as_of: int | None) -> Outcomes:
        told = outcomes(asked_store, keys, as_of)
        return replace(told, value=np.where(np.arange(len(keys)) % 2 == 0, told.value, -1))

    assert once(store, replace(TASK, outcomes=half)).num_labelled == 60


def test_nothing_changed_is_skipped_and_a_change_is_not(store: Store, people: Callable[..., None]) -> None:
    people(120)
    first = once(store)
    trained = store.state.releases()
    assert once(store) == replace(first, verdict="skipped")
    assert once(store, now=NOW + 1).verdict == "skipped", "the clock alone changes nothing"
    assert store.state.releases() == trained
    people(40, first=500, start="2026-07-01")
    result = once(store)
    assert (result.verdict, result.missing, result.live) == ("too_few", 60, first.live)
    assert result.num_scored == 160, "new people are scored by the live release"
    assert once(store, settings=load_settings(None, {"PRODUCTLOOP_LOOP_MIN_ROWS": "30"})).verdict in ("refresh", "refused")


def test_newer_data_refresh_the_release_and_one_pointer_rolls_back(store: Store, people: Callable[..., None]) -> None:
    people(160)
    first = once(store)
    people(160, first=200, start="2026-07-01")
    second = once(store)
    assert (second.verdict, second.num_labelled) == ("refresh", 320)
    assert second.live != first.live
    assert card_of(store, second.live or "").trained_until > card_of(store, first.live or "").trained_until  # type: ignore[union-attr]
    before = sorted(path for path in store.models.rglob("*") if path.is_file())
    assert roll_back(store, "churn", NOW) == (second.live, first.live)
    assert store.state.live("churn") == first.live
    assert sorted(path for path in store.models.rglob("*") if path.is_file()) == before
    assert load_release(store, TASK, first.live or "")[0].recipe == "logistic"


def test_a_better_recipe_replaces_the_live_one(store: Store, people: Callable[..., None]) -> None:
    people(80, signal=False)
    assert once(store).verdict == "baseline"
    people(320, first=100, start="2026-04-01")
    result = once(store)
    assert result.verdict == "replace"
    assert card_of(store, result.live or "").recipe == "logistic"  # type: ignore[union-attr]


def test_a_worse_recipe_is_refused_and_the_live_one_stays(
    store: Store, people: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    people(200)
    first = once(store)
    people(160, first=300, start="2026-08-01")
    worse = replace(CONSTANT, name="worse")
    monkeypatch.setattr(turn_module, "choose_recipe", lambda *_: (worse, {}))
    result = once(store)
    assert (result.verdict, result.release, result.live) == ("refused", None, first.live)
    assert len(store.state.releases()) == 1
    assert once(store).verdict == "skipped"


@pytest.mark.parametrize("step", ["save_release", "point_to", "score_all"])
def test_a_turn_killed_after_any_step_is_taken_up_again(
    store: Store, people: Callable[..., None], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    people(120)
    real = getattr(turn_module, step)

    def dying(*given: Any, **more: Any) -> None:
        real(*given, **more)
        raise MemoryError

    monkeypatch.setattr(turn_module, step, dying)
    with pytest.raises(MemoryError):
        once(store)
    monkeypatch.undo()
    again = Store(store.root)
    assert again.state.turn("churn") is None
    result = once(again)
    assert result.live == again.state.live("churn") is not None
    assert result.num_scored == 120
    assert again.count("scores") == 120
    assert len(again.state.releases()) == len(again.state.pointer_history("churn")) == 1
    assert once(again).verdict == "skipped"


def test_a_half_saved_release_is_not_seen(store: Store, people: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    people(120)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        once(store)
    monkeypatch.undo()
    assert (store.state.live("churn"), store.state.releases()) == (None, [])
    assert once(store).verdict == "first"
    assert not [path for path in store.models.iterdir() if path.suffix == ".partial"]


def test_the_same_data_give_the_same_release(tmp_path: Path) -> None:
    records = []
    for name in ("a", "b"):
        store = Store.create(tmp_path / name)
        (store.home / "identity.key").write_bytes(b"k" * 32)
        bring_people(store, write_people(tmp_path / "people.csv", 120))
        result = once(store)
        folder = store.models / (result.release or "")
        records.append({path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()})
        records[-1]["scores"] = json.dumps(store.rows("SELECT subject, value FROM scores ORDER BY subject")).encode()
    assert records[0].keys() == records[1].keys()
    assert [name for name in records[0] if records[0][name] != records[1][name]] == []


def test_tasks_do_not_disturb_each_other(store: Store, people: Callable[..., None]) -> None:
    people(120)
    other = make_task(CONSTANT, LOGISTIC, name="it's", template="other.kind")
    results = turn(make_run(store), (TASK, other))
    assert [result.verdict for result in results] == ["first", "first"]
    assert [result.num_scored for result in results] == [120, 0], "only risk tasks are scored in batches"
    named = replace(other, template="risk.outcome")
    turn(make_run(store), (named,))
    assert store.rows("SELECT task, count(*) FROM scores GROUP BY task ORDER BY task") == [("churn", 120), ("it's", 120)]
    assert SETTINGS.number("loop.min_rows") == 100
