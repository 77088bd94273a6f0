"""The written test sets are well formed: sizes, labels, spans, ids, and halves that share nothing (see README.md)."""

import json
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
SIZES = {"points": 80, "languages": 150, "types": 120, "sentiment": 200, "search": 40, "names_and_addresses": 150}
LANGUAGES = {"zh", "en", "mixed", "ja", "ko", "es", "fr", "de", "pt", "it", "id", "vi", "ru", "ar", "th", "hi", "tr", "other"}
TYPES = {"bug", "request", "praise", "question", "complaint", "churn_threat", "other"}
SENTIMENTS = {"negative": 80, "neutral": 50, "positive": 70}
NEAR_COPY_RATIO = 0.85
HALVES = [(name, half) for name in SIZES for half in "ab"]


def read(name: str) -> list[dict[str, Any]]:
    """All rows of one JSON-lines file of this folder."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def half(name: str, letter: str) -> list[dict[str, Any]]:
    return read(f"{name}_{letter}.jsonl")


def text_of(row: dict[str, Any]) -> str:
    return str(row["query"] if "query" in row else row["text"])


@pytest.mark.parametrize(("name", "letter"), HALVES)
def test_sizes_and_texts(name: str, letter: str) -> None:
    rows = half(name, letter)
    assert len(rows) == SIZES[name]
    assert all(text_of(row) == text_of(row).strip() != "" for row in rows)
    assert {row["language"] for row in rows} <= LANGUAGES


@pytest.mark.parametrize("name", SIZES)
def test_halves_share_no_text(name: str) -> None:
    first = [text_of(row) for row in half(name, "a")]
    second = [text_of(row) for row in half(name, "b")]
    assert len(set(first) | set(second)) == len(first) + len(second)
    for one in first:
        matcher = SequenceMatcher(None, "", one, autojunk=False)
        for other in second:
            matcher.set_seq1(other)
            near = matcher.real_quick_ratio() > NEAR_COPY_RATIO and matcher.quick_ratio() > NEAR_COPY_RATIO
            assert not near or len(one) < 6 or matcher.ratio() <= NEAR_COPY_RATIO, (one, other)


@pytest.mark.parametrize("letter", "ab")
def test_points_are_ordered_spans_without_edges(letter: str) -> None:
    rows = half("points", letter)
    assert Counter(row["language"] for row in rows) == {"zh": 40, "en": 30, "mixed": 10}
    for row in rows:
        position = 0
        assert row["points"]
        for start, end in row["points"]:
            assert position <= start < end <= len(row["text"])
            inside = row["text"][start:end]
            assert inside == inside.strip(" ,.;，。；、！!")
            position = end


@pytest.mark.parametrize("letter", "ab")
def test_types_are_known_and_mixed_alike(letter: str) -> None:
    rows = half("types", letter)
    assert {row["type"] for row in rows} == TYPES
    assert Counter(row["language"] for row in rows) == {"zh": 60, "en": 60}
    other = Counter((row["language"], row["type"]) for row in half("types", "b" if letter == "a" else "a"))
    assert Counter((row["language"], row["type"]) for row in rows) == other


@pytest.mark.parametrize("letter", "ab")
def test_sentiments_are_known_and_mixed_alike(letter: str) -> None:
    rows = half("sentiment", letter)
    assert Counter(row["sentiment"] for row in rows) == SENTIMENTS
    assert Counter(row["language"] for row in rows) == {"zh": 100, "en": 100}


def test_search_queries_name_texts_in_both_languages() -> None:
    texts = read("search_texts.jsonl")
    language = {row["id"]: row["language"] for row in texts}
    assert Counter(language.values()) == {"zh": 200, "en": 200}
    assert len({row["text"] for row in texts}) == 400
    for letter in "ab":
        for row in half("search", letter):
            found = Counter(language[identifier] for identifier in row["relevant"])
            assert len(set(row["relevant"])) == len(row["relevant"])
            assert min(found["zh"], found["en"]) >= 3


@pytest.mark.parametrize("letter", "ab")
def test_names_and_addresses_are_spans_and_often_absent(letter: str) -> None:
    rows = half("names_and_addresses", letter)
    assert sum(not row["spans"] for row in rows) >= 0.4 * len(rows)
    for row in rows:
        position = 0
        for start, end, kind in row["spans"]:
            assert position <= start < end <= len(row["text"])
            assert kind in {"name", "address"}
            assert row["text"][start:end] == row["text"][start:end].strip(" ,，。\n")
            position = end


def test_topic_names_cover_all_labels() -> None:
    rubric = json.loads((FOLDER / "topic_names.json").read_text(encoding="utf-8"))
    assert {name: len(labels) for name, labels in rubric.items()} == {"banking77": 77, "smp2019_ecdt": 29}
    for labels in rubric.values():
        for words in labels.values():
            assert 4 <= len(words) <= 10
            assert len(set(words)) == len(words)
            assert all(word == word.strip().lower() != "" for word in words)
