from __future__ import annotations

import csv
import gzip
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.aspects import find_targets, group_targets
from productloop.text.encoders import encode
from productloop.text.points import split_many


def test_judged_nouns_are_targets_and_others_are_not() -> None:
    points = ["电池太差", "the battery is bad", "老婆很喜欢", "总的来说很满意"] * 5
    named = find_targets(points, np.arange(len(points)))
    assert named[:4] == [("电池",), ("battery",), (), ()]


def test_rare_targets_are_left_out() -> None:
    points = ["电池太差"] * 10 + ["屏幕太差"]
    assert find_targets(points, np.arange(11))[10] == ()


def test_one_person_who_repeats_a_target_is_one_voice() -> None:
    assert find_targets(["电池太差"] * 10, np.zeros(10, dtype=np.int64)) == [()] * 10


def test_one_concept_is_one_aspect_in_both_languages() -> None:
    vectors = np.eye(4, dtype=np.float32)
    aspects = group_targets({"屏幕": 9, "screen": 7, "display": 2, "引擎盖": 5}, vectors)
    assert [aspect.terms for aspect in aspects] == [("屏幕", "screen", "display"), ("引擎盖",)]
    assert (aspects[0].name_zh, aspects[0].name_en) == ("屏幕", "screen")


def test_targets_of_like_meaning_are_joined() -> None:
    vectors = np.array([[1, 0], [0.9, 0.436], [0, 1]], dtype=np.float32)
    aspects = group_targets({"前机盖": 3, "后机盖": 2, "挡泥板": 1}, vectors)
    assert [aspect.terms for aspect in aspects] == [("前机盖", "后机盖"), ("挡泥板",)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_text_is_read(points: list[str]) -> None:
    assert len(find_targets(points, np.arange(len(points)))) == len(points)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.integers(0, 99))
def test_every_target_is_in_one_aspect(size: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(size, 3)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    terms = [f"词{number}" for number in range(size)]
    aspects = group_targets({term: size - place for place, term in enumerate(terms)}, vectors)
    assert sorted(term for aspect in aspects for term in aspect.terms) == sorted(terms)


@pytest.mark.shared
def test_aspects_of_car_forums_follow_their_labelled_subjects(shared_data):  # type: ignore[no-untyped-def]
    """The half of the posts that no word list was read from: posts that name one aspect only (measured: NMI .60, purity .85, 31 % of posts)."""
    with gzip.open(shared_data("ccf_car_reviews/train.csv.gz"), "rt", encoding="utf-8") as file:
        rows = sorted({(row["content"], row["subject"]) for row in csv.DictReader(file) if zlib.crc32(row["content"].encode()) % 2})
    texts = [content for content, _ in rows]
    points = [
        (row, text[point.start : point.end]) for row, (text, its) in enumerate(zip(texts, split_many(texts), strict=True)) for point in its
    ]
    post = np.unique(texts, return_inverse=True)[1]
    named = find_targets([words for _, words in points], post[[row for row, _ in points]])
    voices: dict[str, set[int]] = {}
    for (row, _), its in zip(points, named, strict=True):
        for target in its:
            voices.setdefault(target, set()).add(int(post[row]))
    ordered = sorted(voices, key=lambda target: (-len(voices[target]), target))
    aspects = group_targets({target: len(voices[target]) for target in ordered}, encode(ordered))
    number = {term: place for place, aspect in enumerate(aspects) for term in aspect.terms}
    found: dict[int, set[int]] = {}
    for (row, _), its in zip(points, named, strict=True):
        found.setdefault(row, set()).update(number[target] for target in its)
    single = [row for row, its in found.items() if len(its) == 1]
    by_aspect: dict[int, list[str]] = {}
    for row in single:
        by_aspect.setdefault(min(found[row]), []).append(rows[row][1])
    pure = sum(max(subjects.count(subject) for subject in set(subjects)) for subjects in by_aspect.values())
    assert len(single) / len(rows) > 0.25
    assert pure / len(single) > 0.75
    assert sum(bool(its) for its in found.values()) / len(rows) > 0.85
