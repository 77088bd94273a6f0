"""What every next-item model must do, and what the linear one promises."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from productloop.foundation.errors import DataProblem
from productloop.learning import next_item, profile_linear
from productloop.learning.history import NO_ITEM, History, build_history, latest_per_item, leave_last_new_out, leave_last_out
from productloop.learning.item_knn import ItemKnn
from productloop.learning.next_item import NextItemModel
from productloop.learning.popularity import MICROSECONDS_PER_DAY, Popularity, popularity_of_items
from productloop.learning.profile_linear import ProfileLinear, Settings, actors_per_pair, ease
from productloop.learning.ranking_metrics import evaluate_ranking

MODELS = (Popularity, lambda: Popularity(half_life_days=3), ItemKnn, ProfileLinear, lambda: ProfileLinear(max_items=4))
NUM_PAIRS = 15


def planted_pairs(seed: int = 0, num_actors: int = 200) -> History:
    """Items 2p and 2p + 1 are always used one after the other; which pairs an actor uses is chance."""
    rng = np.random.default_rng(seed)
    pairs = np.stack([rng.permutation(NUM_PAIRS)[:4] for _ in range(num_actors)])
    items = np.stack([2 * pairs, 2 * pairs + 1], axis=2).reshape(num_actors, -1)
    actors = np.repeat(np.arange(num_actors), 8)
    return build_history(actors, items.ravel(), np.tile(np.arange(8), num_actors), np.arange(items.size))


def shuffled(seed: int = 0) -> History:
    """No structure but popularity: each actor draws 8 of 40 items with probabilities that fall by rank."""
    rng = np.random.default_rng(seed)
    chance = 1 / np.arange(1, 41)
    items = np.stack([rng.choice(40, 8, replace=False, p=chance / chance.sum()) for _ in range(400)])
    return build_history(np.repeat(np.arange(400), 8), items.ravel(), np.tile(np.arange(8), 400), np.arange(items.size))


def fitted(make, history: History, seed: int = 0) -> NextItemModel:
    model = make()
    model.fit(history, None, None, seed)
    return model


def one_actor(*items: int) -> History:
    return build_history(
        np.zeros(len(items), dtype=int), items, range(len(items)), range(len(items)), num_actors=1, num_items=2 * NUM_PAIRS
    )


@pytest.mark.parametrize("make", [ItemKnn, ProfileLinear])
def test_what_is_used_together_is_recommended_together(make):
    model = fitted(make, planted_pairs())
    for item in range(0, 2 * NUM_PAIRS, 2):
        assert model.predict_top(one_actor(item), 1)[0].tolist() == [[item + 1]]


def test_planted_pairs_beat_popularity_by_far():
    past, targets = leave_last_out(planted_pairs(), 1)
    scores = {make: evaluate_ranking(fitted(make, past), past, targets).ndcg.mean() for make in (Popularity, ProfileLinear)}
    assert scores[ProfileLinear] > 0.95
    assert scores[Popularity] < 0.6


@pytest.mark.parametrize("make", [ItemKnn, ProfileLinear])
def test_nothing_beats_popularity_where_there_is_nothing_to_learn(make):
    past, targets = leave_last_out(shuffled(), 1)
    gain = evaluate_ranking(fitted(make, past), past, targets).ndcg - evaluate_ranking(fitted(Popularity, past), past, targets).ndcg
    assert gain.mean() <= 2 * gain.std(ddof=1) / math.sqrt(len(gain))


@pytest.mark.parametrize("make", MODELS)
def test_a_new_actor_gets_what_is_popular(make):
    history = shuffled()
    model = fitted(make, history)
    nobody = build_history([], [], [], [], num_actors=2, num_items=history.num_items)
    items, scores = model.predict_top(nobody, 5)
    half_life = getattr(model, "half_life_days", None)
    expected = np.argsort(-popularity_of_items(history, half_life), kind="stable")[:5]
    assert items.tolist() == [expected.tolist()] * 2
    assert np.isfinite(scores).all()


def test_the_first_click_counts_at_once():
    model = fitted(ProfileLinear, planted_pairs())
    before = model.predict_top(one_actor(), 1)[0][0, 0]
    first = 4 if before != 5 else 6
    assert model.predict_top(one_actor(first), 1)[0][0, 0] == first + 1


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize(
    "rows",
    [
        ([], [], [], []),
        ([0], [0], [0], [0]),
        ([0, 0, 0], [0, 1, 2], [1, 1, 1], [0, 1, 2]),
        ([0, 1, 2], [0, 0, 0], [1, 2, 3], [0, 1, 2]),
        ([0, 0, 0], [0, 0, 0], [1, 2, 3], [0, 1, 2]),
    ],
    ids=["nothing", "one row", "one actor, all ties", "one item", "one actor, one item, three times"],
)
def test_tiny_histories_are_fitted_and_scored(make, rows, tmp_path):
    history = build_history(*rows)
    model = fitted(make, history)
    scores = model.predict(history)
    assert scores.shape == (history.num_actors, history.num_items)
    assert np.isfinite(scores).all()
    items, _ = model.predict_top(history, 4)
    for actor in range(history.num_actors):
        used = set(history.between(actor, actor + 1).items.tolist())
        assert used.isdisjoint(items[actor].tolist())
    model.save(tmp_path)
    np.testing.assert_array_equal(type(model).load(tmp_path).predict(history), scores)


@pytest.mark.parametrize("make", MODELS)
def test_saved_and_loaded_is_the_same_and_the_same_bytes(make, tmp_path):
    history = planted_pairs()
    model = fitted(make, history)
    model.save(tmp_path / "a")
    loaded = type(model).load(tmp_path / "a")
    np.testing.assert_array_equal(loaded.predict(history), model.predict(history))
    assert loaded.facts() == model.facts()
    loaded.save(tmp_path / "b")
    fitted(make, history).save(tmp_path / "c")
    for name in ("arrays.npz", "model.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()
    json.loads((tmp_path / "a" / "model.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_another_models_folder_is_refused(tmp_path):
    fitted(Popularity, planted_pairs()).save(tmp_path)
    with pytest.raises(DataProblem, match="model_files_malformed"):
        ProfileLinear.load(tmp_path)


@pytest.mark.parametrize("make", MODELS)
def test_one_by_one_in_chunks_and_at_once_agree(make, monkeypatch):
    history = planted_pairs(num_actors=30)
    model = fitted(make, history)
    at_once, top = model.predict(history), model.predict_top(history, 3)
    monkeypatch.setattr(next_item, "CHUNK_CELLS", 7 * history.num_items)
    assert np.array_equal(model.predict(history), at_once)
    for actor in range(30):
        alone = model.predict_top(history.between(actor, actor + 1), 3)
        assert alone[0][0].tolist() == top[0][actor].tolist()


@pytest.mark.parametrize("make", MODELS)
def test_seen_items_come_back_only_when_asked(make):
    history = planted_pairs(num_actors=50)
    model = fitted(make, history)
    everything, _ = model.predict_top(history, history.num_items, exclude_seen=False)
    unseen, _ = model.predict_top(history, history.num_items)
    assert (np.sort(everything, axis=1) == np.arange(history.num_items)).all()
    assert (unseen[:, -8:] == NO_ITEM).all()


@pytest.mark.parametrize("make", MODELS)
def test_items_newer_than_the_training_change_nothing(make):
    model = fitted(make, planted_pairs())
    later = build_history([0, 0], [4, 999], [1, 2], [0, 1])
    assert np.array_equal(model.predict(later), model.predict(one_actor(4)))


def test_popularity_counts_people_and_forgets_by_half_life():
    days = np.array([0, 0, 10, 10]) * MICROSECONDS_PER_DAY
    history = build_history([0, 0, 1, 0], [0, 0, 0, 1], days, range(4))
    assert popularity_of_items(history).tolist() == [2, 1]
    assert popularity_of_items(history, 10).tolist() == [1.5, 1]


def test_item_knn_is_the_cosine():
    model = fitted(ItemKnn, build_history([0, 0, 1, 1, 2], [0, 1, 0, 2, 0], [1, 2, 1, 2, 1], range(5)))
    assert model.predict(build_history([0], [0], [1], [0]))[0] == pytest.approx([0, 1 / math.sqrt(3), 1 / math.sqrt(3)])


def test_item_knn_in_blocks_equals_item_knn_at_once(monkeypatch):
    history = planted_pairs()
    whole = fitted(ItemKnn, history).predict(history)
    monkeypatch.setattr("productloop.learning.item_knn.CHUNK_CELLS", 4 * history.num_items)
    assert np.array_equal(fitted(ItemKnn, history).predict(history), whole)


def test_ease_is_the_published_closed_form():
    once = latest_per_item(shuffled())
    gram = actors_per_pair(once)
    inverse = np.linalg.inv(gram.astype(np.float64) + 30 * np.eye(len(gram)))
    expected = np.eye(len(gram)) - inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    assert ease(gram, 30) == pytest.approx(expected, abs=1e-6, rel=1e-7)


def test_reasons_name_what_was_used_with_it_and_are_the_score_itself():
    model = ProfileLinear(Settings(ridge=50, half_life_steps=5, blend=0.5))
    model.fit(planted_pairs(), None, None, 0)
    past = one_actor(8, 9, 2)
    items, shares = model.reasons(past, 3)
    assert items[0] == 2
    assert shares[0] > 0.9
    assert shares.sum() <= 1 + 1e-6
    everything = [model.contributions(latest_per_item(past), column).sum() for column in range(model.num_items)]
    difference = model.predict(past)[0] - np.array(everything)
    np.testing.assert_allclose(difference, difference[0], atol=1e-4)


def test_there_is_no_reason_where_popularity_spoke():
    model = fitted(ProfileLinear, planted_pairs())
    for past, item in ((one_actor(), 3), (one_actor(2), 999), (one_actor(2), -1)):
        items, shares = model.reasons(past, item)
        assert len(items) == len(shares) == 0


def test_recency_outweighs_what_is_long_past():
    model = ProfileLinear(Settings(half_life_steps=1, blend=0))
    model.fit(planted_pairs(), None, None, 0)
    assert model.predict_top(one_actor(0, 10, 20), 3)[0].tolist() == [[21, 11, 1]]


def test_weights_speak_in_the_profile():
    model = ProfileLinear(Settings(half_life_steps=math.inf, blend=0))
    model.fit(planted_pairs(), None, None, 0)
    past = build_history([0, 0], [0, 10], [1, 2], [0, 1], [5.0, 1.0], num_items=30)
    assert model.predict_top(past, 1)[0].tolist() == [[1]]


def test_above_the_item_guard_the_most_used_stay_and_the_model_says_so():
    history = shuffled()
    model = fitted(lambda: ProfileLinear(max_items=10), history)
    facts = model.facts()
    assert (facts["num_items"], facts["num_items_modelled"]) == (40, 10)
    popularity = popularity_of_items(history)
    kept = np.sort(np.argsort(-popularity, kind="stable")[:10])
    assert facts["share_rows_modelled"] == pytest.approx(popularity[kept].sum() / popularity.sum())
    order = model.predict_top(history.between(0, 1), 40, exclude_seen=False)[0][0]
    assert set(order[:10].tolist()) == set(kept.tolist())
    assert (np.diff(popularity[order[10:]]) <= 0).all()


def test_settings_come_from_the_last_item_of_what_is_given_and_defaults_where_it_is_too_little():
    facts = fitted(ProfileLinear, planted_pairs()).facts()
    assert facts["validation_actors"] == 200
    assert facts["validation_ndcg"] is not None
    assert facts["validation_ndcg"] > 0.9
    few = fitted(ProfileLinear, planted_pairs(num_actors=profile_linear.MIN_VALIDATION_ACTORS - 1))
    assert few.facts()["validation_ndcg"] is None
    assert few.settings == Settings()


def test_a_fit_knows_nothing_of_what_was_held_out():
    history = planted_pairs()
    past, _ = leave_last_out(history, 1)
    other = History(history.indptr, history.items.copy(), history.times_us, history.weights, history.num_items)
    other.items[other.indptr[1:] - 1] = 0
    again, _ = leave_last_out(other, 1)
    assert np.array_equal(fitted(ProfileLinear, past).predict(past), fitted(ProfileLinear, again).predict(past))


def test_repeats_do_not_tell_the_choice_what_is_missing():
    rng = np.random.default_rng(0)
    items = rng.choice(40, 400 * 20, p=1 / np.arange(1, 41) / (1 / np.arange(1, 41)).sum())
    history = build_history(np.repeat(np.arange(400), 20), items, np.tile(np.arange(20), 400), np.arange(len(items)))
    past, targets = leave_last_new_out(history)
    by_popularity = evaluate_ranking(fitted(Popularity, past), past, targets)
    mean, error = by_popularity.means()["ndcg"]
    chosen = fitted(ProfileLinear, history).facts()["validation_ndcg"]
    assert chosen is not None
    assert chosen <= mean + 3 * error  # the best of 120 settings on noise may stand a little above it


def test_many_actors_are_sampled_by_seed(monkeypatch):
    monkeypatch.setattr(profile_linear, "MAX_VALIDATION_ACTORS", 50)
    history = shuffled()
    first, second = (fitted(ProfileLinear, history, seed=3) for _ in range(2))
    assert first.facts() == second.facts()
    assert first.facts()["validation_actors"] == 50
