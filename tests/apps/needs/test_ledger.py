"""The ledger on written points: ids that stay, what became of each topic, means of topics, and the time it takes to place texts."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.needs._ledger import (
    Change,
    Cloud,
    Entry,
    Kept,
    assign,
    changes_between,
    place_points,
)
from productloop.apps.needs._points import Points
from productloop.apps.needs._space import combine, reach, space_of, topic_means, without
from productloop.apps.needs._topic_ids import Key, matched_ids

WORDS = (("crash", "freeze", "start"), ("refund", "money", "days"), ("dark", "mode", "night"), ("price", "expensive", "plan"))


def cloud_of(subjects: list[int], seed: int = 0, spread: float = 0.35, first: int = 0) -> Cloud:
    """Points of written subjects: each a direction of its own with noise, words of its own."""
    draw = np.random.default_rng([seed, first])
    axes = np.linalg.qr(np.random.default_rng(99).normal(size=(32, 8)))[0].T
    vectors = axes[subjects] + spread * draw.normal(size=(len(subjects), 32)) / np.sqrt(32) * 2
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    words = [" ".join(draw.permutation(WORDS[subject % len(WORDS)])) + f" {draw.integers(10**6)}" for subject in subjects]
    size = len(subjects)
    unknown = np.full(size, np.nan)
    rows = np.arange(size, dtype=np.int64)
    points = Points(rows, 0 * rows, 0 * rows + 9, words, ["en"] * size, unknown, unknown)
    return Cloud([(f"r{first + row:05d}", 0) for row in range(size)], points, vectors, (), 0)


def joined(*clouds: Cloud) -> Cloud:
    keys = [key for cloud in clouds for key in cloud.keys]
    rows = np.arange(len(keys), dtype=np.int64)
    words = [word for cloud in clouds for word in cloud.points.words]
    unknown = np.full(len(keys), np.nan)
    points = Points(rows, 0 * rows, 0 * rows + 9, words, ["en"] * len(keys), unknown, unknown)
    return Cloud(keys, points, np.concatenate([cloud.vectors for cloud in clouds]), (), 0)


def permuted(cloud: Cloud, order: list[int]) -> Cloud:
    p = cloud.points
    points = replace(p, words=[p.words[row] for row in order], language=[p.language[row] for row in order])
    return Cloud([cloud.keys[row] for row in order], points, cloud.vectors[order], (), 0)


def kept_of(cloud: Cloud, ledger: Any) -> Kept:
    """What would be read back after the ledger was written."""
    entries = {entry.id: entry for entry in (*ledger.entries, *ledger.gone)}
    ids = [ledger.entries[label].id if label >= 0 else None for label in ledger.labels]
    topic_of = {key: topic for key, topic in zip(cloud.keys, ids, strict=True) if topic is not None}
    return Kept(entries, topic_of, ledger.dial, ledger.changes)


def topics_of(cloud: Cloud, ledger: Any) -> dict[Key, str]:
    return kept_of(cloud, ledger).topic_of


def plain(id_: str, **more: Any) -> Entry:
    vector = np.ones(4, dtype=np.float32) / 2
    return Entry(id_, f"名{id_}", f"name {id_}", (), {"en": (10, vector)}, 0.3, 1.0, 0.5, varied=False, **more)


THREE = [0] * 40 + [1] * 40 + [2] * 40


@pytest.fixture(scope="module")
def first() -> tuple[Cloud, Kept]:
    """Three subjects of 40 points, as three topics of a ledger."""
    cloud = cloud_of(THREE)
    means = topic_means(cloud.vectors, cloud.points.sides, np.array(THREE), 3)
    limits = reach(space_of(means, 32), cloud.vectors, cloud.points.sides, np.array(THREE))
    ids = ("ta", "tb", "tc")
    entries = {id_: replace(plain(id_), means=means[place], reach=limits[place]) for place, id_ in enumerate(ids)}
    return cloud, Kept(entries, {key: ids[subject] for key, subject in zip(cloud.keys, THREE, strict=True)}, 0.3)


# assign ---------------------------------------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_the_rows(random: Any) -> None:
    cloud = cloud_of([0] * 20 + [1] * 20)
    order = list(range(40))
    random.shuffle(order)
    shuffled = permuted(cloud, order)
    assert topics_of(cloud, assign(cloud, None, 0.3)) == topics_of(shuffled, assign(shuffled, None, 0.3))


@settings(max_examples=15)
@given(st.lists(st.integers(0, 5), min_size=0, max_size=35), st.integers(0, 9))
def test_placing_moves_no_old_point_and_gives_each_new_one_a_topic(first: tuple[Cloud, Kept], subjects: list[int], seed: int) -> None:
    cloud, kept = first
    grown = joined(cloud, cloud_of(subjects, seed, first=1000)) if subjects else cloud
    ledger = assign(grown, kept, None)
    assert not ledger.found_anew
    now = topics_of(grown, ledger)
    assert {key: now[key] for key in cloud.keys} == kept.topic_of
    assert set(now) == set(grown.keys)
    assert len({entry.id for entry in ledger.entries}) == len(ledger.entries)
    for entry in ledger.entries:
        if entry.id in kept.entries:
            assert entry.reach == kept.entries[entry.id].reach


def test_a_refit_on_the_same_data_changes_nothing() -> None:
    cloud = cloud_of(THREE)
    kept = kept_of(cloud, assign(cloud, None, 0.3))
    again = assign(cloud, kept, None, refit=True)
    assert again.found_anew
    assert topics_of(cloud, again) == kept.topic_of
    assert {entry.id for entry in again.entries} == set(kept.entries)
    assert all(change.kind == "same" for change in again.changes)


def test_what_fits_nowhere_becomes_a_topic_when_there_is_enough_of_it(first: tuple[Cloud, Kept]) -> None:
    cloud, kept = first
    few = assign(joined(cloud, cloud_of([5] * 10, first=500)), kept, None)
    assert {entry.id for entry in few.entries} == set(kept.entries)
    grown = joined(cloud, cloud_of([5] * 34, 1, spread=0.1, first=500))
    many = assign(grown, kept, None)
    assert not many.found_anew
    now = topics_of(grown, many)
    born = {now[key] for key in grown.keys[120:]} - set(kept.entries)
    assert born
    assert {change.kind for change in many.changes if change.topic in born} == {"new"}
    assert all(entry.reach < 1 for entry in many.entries)
    again = assign(grown, kept_of(grown, many), None)
    assert topics_of(grown, again) == now
    assert again.changes == many.changes, "a run without new points keeps what was said of the last one"


def test_topics_are_found_anew_when_the_points_have_grown_by_more_than_half(first: tuple[Cloud, Kept]) -> None:
    cloud, kept = first
    grown = joined(cloud, cloud_of([0] * 70 + [3] * 70, first=800))
    ledger = assign(grown, kept, None)
    assert ledger.found_anew
    assert set(topics_of(grown, ledger)) == set(grown.keys)
    told = {change.topic for change in ledger.changes} | {other for change in ledger.changes for other in change.others}
    assert set(kept.entries) <= told
    assert {entry.id for entry in ledger.gone} | {entry.id for entry in ledger.entries} >= set(kept.entries)


def test_a_held_topic_keeps_name_and_members_through_a_refit(first: tuple[Cloud, Kept]) -> None:
    cloud, kept = first
    mine = kept.topic_of[cloud.keys[0]]
    half = {key: topic if topic != mine or row < 20 else "tother" for row, (key, topic) in enumerate(kept.topic_of.items())}
    entries = kept.entries | {
        mine: replace(kept.entries[mine], name_zh="我的", held=True),
        "tother": replace(kept.entries[mine], id="tother"),
    }
    ledger = assign(cloud, Kept(entries, half, kept.dial), None, refit=True)
    now = topics_of(cloud, ledger)
    assert [key for key in cloud.keys if now[key] == mine] == list(cloud.keys[:20])
    assert [entry.name_zh for entry in ledger.entries if entry.id == mine] == ["我的"]


def test_strays_never_go_into_a_held_topic(first: tuple[Cloud, Kept]) -> None:
    _cloud, kept = first
    held = [replace(entry, held=True) for entry in kept.entries.values()]
    far = cloud_of([6, 7], first=900)
    labels, strays = place_points(held, far.vectors, ["en", "en"])
    assert strays.all()
    assert labels.tolist() == [-1, -1]
    one_free = [*held[:-1], replace(held[-1], held=False)]
    labels, _ = place_points(one_free, far.vectors, ["en", "en"])
    assert labels.tolist() == [len(held) - 1] * 2


def test_a_held_topic_whose_texts_are_all_gone_takes_new_ones_again(first: tuple[Cloud, Kept]) -> None:
    cloud, kept = first
    mine = kept.topic_of[cloud.keys[0]]
    entries = kept.entries | {mine: replace(kept.entries[mine], held=True)}
    rest = permuted(cloud, list(range(40, 120)))
    empty = assign(rest, Kept(entries, kept.topic_of, kept.dial), None)
    (gone,) = empty.gone
    assert (gone.id, gone.state, gone.held) == (mine, "faded", True)
    back = joined(rest, cloud_of([0] * 5, 3, first=700))
    again = assign(back, kept_of(rest, empty), None)
    assert {topics_of(back, again)[key] for key in back.keys[80:]} == {mine}


def test_few_points_or_all_held_are_no_error() -> None:
    cloud = cloud_of([0, 0, 1])
    ledger = assign(cloud, None, None)
    kept = kept_of(cloud, ledger)
    held = replace(kept, entries={topic: replace(entry, held=True) for topic, entry in kept.entries.items()})
    assert topics_of(cloud, assign(cloud, held, None, refit=True)) == kept.topic_of


# what became of them --------------------------------------------------------------------------------------------------------


def written(was: dict[str, int], now: list[tuple[str | None, str, int]]) -> dict[str, Change]:
    """Changes where `now` says how many points of which topic (None: new points) are in which topic now."""
    keys: list[Key] = []
    topic_of: dict[Key, str] = {}
    labels: list[str] = []
    for number, (source, topic, count) in enumerate(now):
        for row in range(count):
            keys.append((f"{number}-{row}", 0))
            labels.append(topic)
            if source is not None:
                topic_of[keys[-1]] = source
    assert {topic: sum(t == topic for t in topic_of.values()) for topic in was} == was
    names = sorted(set(labels))
    kept = Kept({topic: plain(topic) for topic in was}, topic_of, None)
    found = changes_between(kept, [plain(name) for name in names], np.array([names.index(label) for label in labels]), keys)
    assert len(found) == len({change.topic for change in found})
    return {change.topic: change for change in found}


def test_growth_is_told_only_where_it_is_more_than_a_share_of_what_came() -> None:
    even = written({"a": 100, "b": 100}, [("a", "a", 100), ("b", "b", 100), (None, "a", 31), (None, "b", 29)])
    assert {change.kind for change in even.values()} == {"same"}
    odd = written({"a": 100, "b": 100}, [("a", "a", 100), ("b", "b", 100), (None, "a", 55), (None, "b", 5)])
    assert (odd["a"].kind, odd["b"].kind) == ("grew", "same")


def test_split_merged_new_and_faded_are_recognised() -> None:
    split = written({"a": 100}, [("a", "a", 55), ("a", "b", 45)])
    assert (split["b"].kind, split["b"].others, split["a"].kind) == ("split", ("a",), "shrank")
    merged = written({"a": 60, "b": 40}, [("a", "a", 60), ("b", "a", 40)])
    assert (merged["a"].kind, merged["a"].others) == ("merged", ("b",))
    assert "b" not in merged
    three = written({"a": 30, "b": 30, "c": 30}, [("a", "n", 30), ("b", "n", 30), ("c", "n", 30)])
    assert (three["n"].kind, three["n"].others) == ("merged", ("a", "b", "c"))
    new = written({"a": 50}, [("a", "a", 50), (None, "n", 20), (None, "a", 1)])
    assert new["n"].kind == "new"
    faded = written(
        {"a": 30, "b": 50, "c": 50}, [("a", "b", 14), ("a", "c", 14), (None, "b", 2), ("a", "n", 2), ("b", "b", 50), ("c", "c", 50)]
    )
    assert faded["a"].kind == "faded"
    assert faded["a"].others[:2] == ("b", "c")


def test_an_id_is_never_used_twice_not_even_that_of_a_topic_that_is_gone() -> None:
    keys: list[Key] = [(f"r{row}", 0) for row in range(10)]
    labels = np.zeros(10, dtype=np.int64)
    (once,) = matched_ids(labels, keys, {}, set())
    (twice,) = matched_ids(labels, keys, {}, {once})
    assert once != twice


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=60))
def test_every_topic_before_and_now_has_exactly_one_change_or_went_into_another(moves: list[tuple[str, int]]) -> None:
    keys: list[Key] = [(f"r{row}", 0) for row in range(len(moves))]
    labels = np.array([label for _, label in moves])
    earlier = dict(zip(keys, (topic for topic, _ in moves), strict=True))
    numbers = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    ids = matched_ids(numbers, keys, earlier, set())
    assert len(set(ids)) == len(ids)
    kept = Kept({topic: plain(topic) for topic in set(earlier.values())}, earlier, None)
    found = changes_between(kept, [plain(id_) for id_ in ids], numbers, keys)
    told = [change.topic for change in found] + [other for change in found if change.kind == "merged" for other in change.others]
    assert sorted(told) == sorted(set(told))
    assert set(told) == set(ids) | set(earlier.values())


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["zh", "en"])), min_size=4, max_size=30), st.integers(0, 5))
def test_means_of_parts_make_the_mean_of_the_whole(rows: list[tuple[int, str]], seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(rows), 6)).astype(np.float32)
    sides = [side for _, side in rows]
    parts = topic_means(vectors, sides, np.array([part for part, _ in rows]), 3)
    (whole,) = topic_means(vectors, sides, np.zeros(len(rows), dtype=np.int64), 1)
    made = combine(parts)
    rest = without(whole, parts[0])
    left = combine(parts[1:])
    for found, expected in ((made, whole), (rest, left)):
        assert {side: number for side, (number, _) in found.items()} == {side: number for side, (number, _) in expected.items()}
        for side, (_, mean) in found.items():
            np.testing.assert_allclose(mean, expected[side][1], atol=1e-4)


def test_no_topics_make_an_empty_space() -> None:
    assert space_of([], 4).centroids.shape == (0, 4)


# speed ----------------------------------------------------------------------------------------------------------------------


def test_a_thousand_texts_are_placed_without_reading_the_old_ones() -> None:
    draw = np.random.default_rng(0)
    entries = []
    for number in range(150):
        mean = draw.normal(size=512).astype(np.float32)
        entries.append(replace(plain(f"t{number}"), means={"zh": (300, mean / 23), "en": (300, mean / 22)}, reach=0.2))
    vectors = draw.normal(size=(1000, 512)).astype(np.float32)
    start = time.process_time()
    labels, _ = place_points(entries, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), ["zh", "en"] * 500)
    assert time.process_time() - start < 1.0
    assert labels.min() >= 0


def test_a_ledger_of_another_space_is_measured_anew_and_keeps_what_people_did(first: tuple[Cloud, Kept]) -> None:
    """Another encoder or another map of the languages: topics keep ids, names and members, and lie where their points lie now."""
    cloud, kept = first
    before = assign(cloud, kept, None)
    held = {topic: replace(entry, name_zh="人起的名字", held=True) for topic, entry in kept.entries.items()}
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(32, 32)))[0].astype(np.float32)
    again = assign(replace(cloud, vectors=cloud.vectors @ turn), replace(kept, entries=held, space="another space"), None)
    assert again.labels.tolist() == before.labels.tolist()
    assert [entry.id for entry in again.entries] == [entry.id for entry in before.entries]
    assert {entry.name_zh for entry in again.entries} == {"人起的名字"}
    assert np.allclose(again.space(32).centroids, before.space(32).centroids @ turn, atol=1e-4)
