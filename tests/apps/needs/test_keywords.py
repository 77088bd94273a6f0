"""keywords: planted words of unhappy people are found, voices are counted and not repetitions, and given words are followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run
from hypothesis import given
from hypothesis import strategies as st

from productloop.apps.needs import APP
from productloop.apps.needs._keywords import _holds
from productloop.apps.needs.actions import KEYWORDS
from productloop.apps.needs.keywords_report import page
from productloop.apps.needs.keywords_types import KeywordsReport, KeywordsRequest
from productloop.foundation.errors import UsageError
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.store import Store

DAY = 86_400_000_000
MONDAY = 1_772_409_600_000_000
SAID = {
    "zh": (["更新以后老是闪退", "总是闪退，没法用", "手机上闪退好多次"], ["界面清爽，很喜欢", "界面简单又好看", "喜欢这个界面"]),
    "en": (
        ["the refund never arrived", "my refund is still missing", "no refund for weeks"],
        ["lovely design and colours", "the design is clean", "I love the design"],
    ),
}


def columns() -> dict[str, list[Any]]:
    """120 texts of 120 people over 16 weeks, half of them unhappy, half of them English; closed by one more day."""
    rows = []
    for number in range(120):
        language = "zh" if number % 2 else "en"
        happy = number % 4 >= 2
        text = SAID[language][happy][number // 4 % 3] + ("", "!", " ...", "~")[number // 12 % 4]
        rows.append((text, 5.0 if happy else 1.0, f"u{number}", MONDAY + (number % 112) * DAY))
    text, rating, author, time = (list(values) for values in zip(*rows, strict=True))
    return {"text": text, "rating": rating, "author": author, "time": time}


def ask(store: Store, **asked: Any) -> KeywordsReport:
    report = perform("needs.keywords", KEYWORDS, KeywordsRequest(**asked), make_run(store))
    assert isinstance(report, KeywordsReport)
    for language in ("zh", "en"):
        assert "{" not in render_markdown(page(report), APP.texts, language, {})
    return report


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return feedback_workspace(tmp_path_factory.mktemp("words"), columns())


def test_each_mood_has_its_words_in_each_language(store: Store) -> None:
    report = ask(store)
    words = {(group.mood, group.language): [line.phrase for line in group.phrases] for group in report.groups}
    assert any("闪退" in phrase for phrase in words["unhappy", "zh"])
    assert any("refund" in phrase for phrase in words["unhappy", "en"])
    assert any("界面" in phrase for phrase in words["happy", "zh"])
    assert any("design" in phrase for phrase in words["happy", "en"])
    assert not any("界面" in phrase or "闪退" in phrase for phrase in words["unhappy", "en"])
    for group in report.groups:
        for line in group.phrases:
            assert line.share.low is not None
            assert line.share.low <= (line.share.value or 0) <= (line.share.high or 0)
            assert line.people.value is not None
            assert line.people.value <= (group.people.value or 0)
            assert line.first_seen is not None


def test_a_person_who_repeats_a_word_is_one_voice(tmp_path: Path) -> None:
    values = columns()
    values["author"] = ["u0" if "闪退" in text else author for text, author in zip(values["text"], values["author"], strict=True)]
    report = ask(feedback_workspace(tmp_path, values), words=("闪退",))
    assert report.followed[0].line.people.value == 1


def test_words_are_followed_over_time(store: Store) -> None:
    report = ask(store, words=("闪退", "refunds", "nothing like this"))
    crash, refund, nothing = report.followed
    assert crash.line.people.value == 30
    assert refund.line.people.value == 30
    assert nothing.line.people.value == 0
    assert crash.unhappy_share.value == 1.0
    assert crash.quotes
    assert len(crash.by_week) == len(report.weeks)
    assert report.groups == ()


def test_without_any_difference_no_word_of_a_mood_stands_out(tmp_path: Path) -> None:
    values = columns()
    random = np.random.default_rng(0)
    found = 0
    for draw in range(5):
        values["rating"] = list(random.permutation(values["rating"]))
        report = ask(feedback_workspace(tmp_path / str(draw), values))
        found += sum(len(group.phrases) for group in report.groups if group.mood != "all")
    # four groups of some thirty phrases in each draw; each passes by chance once in twenty times
    assert found <= 15


def test_few_texts_no_dates_and_no_stars(tmp_path: Path) -> None:
    few = ask(feedback_workspace(tmp_path / "few", {"text": ["闪退了", "很好"], "rating": [1.0, 5.0]}))
    assert not few.enough
    assert few.groups == ()
    bare = ask(feedback_workspace(tmp_path / "bare", {"text": columns()["text"]}))
    assert bare.enough
    assert not bare.counts_people
    assert bare.weeks == ()
    assert ask(feedback_workspace(tmp_path / "empty", {"text": ["  "]})).texts.value == 0


def test_a_split_is_refused(store: Store) -> None:
    with pytest.raises(UsageError):
        ask(store, scope=Scope(by="language"))


@given(st.text(min_size=1, max_size=20), st.text(max_size=40))
def test_looking_for_a_word_never_fails(word: str, text: str) -> None:
    if word.strip():
        assert _holds(word.strip())(text) in (True, False)


def test_english_words_are_whole_and_chinese_ones_need_no_borders() -> None:
    assert _holds("refund")("Two refunds, please")
    assert not _holds("fun")("my refund")
    assert _holds("退款")("申请退款了")
    assert _holds("退款")("申請退款了")
