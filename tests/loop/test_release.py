"""Releases: files without pickle whose hashes are checked, the gate's arithmetic, and one pointer that can be turned back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.fake_task import NOW, bring_people, keys, make_run, make_task, write_people

from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.learning.metrics import log_loss
from productloop.loop.records import Keys
from productloop.loop.release import (
    card_of,
    content_key,
    judge,
    load_judged,
    load_release,
    new_rows,
    point_to,
    release_id,
    roll_back,
    row_hashes,
)
from productloop.loop.serve import Live, predict_keys
from productloop.loop.store import Store
from productloop.loop.turn import turn

TASK = make_task(CONSTANT, LOGISTIC)


@pytest.fixture
def released(tmp_path: Path) -> tuple[Store, str]:
    store = Store.create(tmp_path / "workspace")
    bring_people(store, write_people(tmp_path / "people.csv", 120))
    (result,) = turn(make_run(store), (TASK,))
    assert result.release is not None
    return store, result.release


def test_what_was_saved_predicts_the_same_once_loaded(released: tuple[Store, str]) -> None:
    store, name = released
    release, model = load_release(store, TASK, name)
    assert release.card == card_of(store, name)
    assert not [path for path in (store.models / name).rglob("*") if path.suffix in (".pkl", ".pickle", ".joblib")]
    everybody = keys(store, None)
    scored = store.columns("SELECT value FROM scores ORDER BY subject")["value"]
    np.testing.assert_allclose(predict_keys(Live(TASK, release, model), store, everybody)[:, 1], scored, rtol=0, atol=1e-12)


def test_the_predictions_behind_the_card_are_kept(released: tuple[Store, str]) -> None:
    store, name = released
    judged, card = load_judged(store, name), card_of(store, name)
    assert judged is not None
    assert card is not None
    assert card.quality.value == pytest.approx(log_loss(judged.outcomes, judged.probabilities), abs=1e-12)
    assert np.isin(judged.rows, row_hashes(keys(store, None))).all()
    assert load_judged(store, "no such release") is None


def test_a_file_that_changed_is_refused_by_name(released: tuple[Store, str]) -> None:
    store, name = released
    release, _ = load_release(store, TASK, name)
    for file in release.hashes:
        path = store.models / name / file
        content = path.read_bytes()
        for changed in (content + b" ", None):
            path.unlink() if changed is None else path.write_bytes(changed)
            with pytest.raises(DataProblem) as caught:
                load_release(store, TASK, name)
            assert caught.value.code == "release_changed"
            assert file in caught.value.render("en")[0]
            path.write_bytes(content)
    load_release(store, TASK, name)


def test_files_or_recipe_that_are_gone_are_said(released: tuple[Store, str]) -> None:
    store, name = released
    with pytest.raises(DataProblem) as caught:
        load_release(store, replace(TASK, recipes=(CONSTANT,)), name)
    assert caught.value.code == "recipe_gone"
    with pytest.raises(DataProblem) as caught:
        load_release(store, TASK, "churn-0000000000")
    assert caught.value.code == "release_gone"
    assert card_of(store, "churn-0000000000") is None


def test_rows_it_was_not_trained_on(released: tuple[Store, str]) -> None:
    store, name = released
    trained = keys(store, None)
    assert not new_rows(store, name, trained).any()
    later = Keys(trained.code, trained.at + 1, trained.ids)
    assert new_rows(store, name, later).all()


@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 4 * 10**15)), unique=True, max_size=200))
def test_row_hashes_tell_rows_apart(rows: list[tuple[int, int]]) -> None:
    code, at = np.array([r[0] for r in rows], dtype=np.int32), np.array([r[1] for r in rows], dtype=np.int64)
    assert len(np.unique(row_hashes(Keys(code, at, code.astype(object))))) == len(rows)


def test_the_same_person_at_another_moment_is_another_row() -> None:
    code, at = np.meshgrid(np.arange(300, dtype=np.int32), np.arange(300, dtype=np.int64) * 86_400_000_000)
    assert len(np.unique(row_hashes(Keys(code.ravel(), at.ravel(), code.ravel().astype(object))))) == 90_000


@given(
    st.lists(st.floats(-1, 1), max_size=40), st.floats(0.01, 2), st.floats(-0.1, 0.1), st.floats(0, 0.1), st.booleans(), st.integers(1, 30)
)
def test_the_gate(gain: list[float], live_loss: float, low: float, width: float, same: bool, min_rows: int) -> None:
    decision = judge(np.array(gain), live_loss, low, low + width, same, min_rows)
    assert decision.num_new == len(gain)
    if len(gain) < min_rows:
        assert (decision.verdict, decision.accepted, decision.missing) == ("too_few", False, min_rows - len(gain))
    elif same:
        assert decision.accepted == (decision.verdict == "refresh") == (low > -0.01 * live_loss)
    else:
        assert decision.accepted == (decision.verdict == "replace") == (low > 0)
    if len(gain) >= min_rows:
        assert (decision.low, decision.high) == (low, low + width)
        assert decision.verdict in ("refresh", "replace", "refused")


def test_rolling_back_walks_the_way_it_came(released: tuple[Store, str]) -> None:
    store, first = released
    with pytest.raises(UsageError) as caught:
        roll_back(store, "churn", NOW)
    assert caught.value.code == "no_earlier_release"
    for name in ("churn-b", "churn-c"):
        point_to(store, "churn", name, NOW, "replace")
    assert roll_back(store, "churn", NOW) == ("churn-c", "churn-b")
    assert roll_back(store, "churn", NOW) == ("churn-b", first), "a second step goes further back, not forward again"
    with pytest.raises(UsageError):
        roll_back(store, "churn", NOW)
    point_to(store, "churn", "churn-d", NOW, "replace")
    assert roll_back(store, "churn", NOW) == ("churn-d", first)
    assert [row["release"] for row in store.state.pointer_history("churn")] == [
        first,
        "churn-b",
        "churn-c",
        "churn-b",
        first,
        "churn-d",
        first,
    ]


def test_nothing_live_cannot_be_rolled_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        roll_back(Store.create(tmp_path / "workspace"), "churn", NOW)
    assert caught.value.code == "nothing_live"


def test_names_of_releases() -> None:
    key = content_key(["churn", {"b": 1, "a": 2}])
    assert key == content_key(["churn", {"a": 2, "b": 1}])
    assert release_id("流失", key) == f"流失-{key[:10]}"
