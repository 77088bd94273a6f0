"""aspects: planted parts are found with their mood in both languages, nothing is worse where nothing was planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run

from productloop.apps.needs import APP
from productloop.apps.needs.actions import ASPECTS
from productloop.apps.needs.aspects_report import page
from productloop.apps.needs.aspects_types import AspectLine, AspectsReport, AspectsRequest
from productloop.foundation.errors import UsageError
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.store import Store

SAID = [
    ("电池太差了，半天就没电", 1.0, "power"),
    ("电池很垃圾", 1.0, "power"),
    ("这个电池真的很烂", 2.0, "power"),
    ("屏幕很漂亮", 5.0, "screen"),
    ("屏幕清晰，喜欢", 5.0, "screen"),
    ("这块屏幕非常好", 5.0, "screen"),
    ("the battery is terrible", 1.0, "power"),
    ("I hate the battery", 1.0, "power"),
    ("my battery is really bad", 1.0, "power"),
    ("the screen is beautiful", 5.0, "screen"),
    ("I love the screen", 5.0, "screen"),
    ("the screen is great", 5.0, "screen"),
]


def columns() -> dict[str, list[Any]]:
    rows = [(*SAID[number % len(SAID)], f"u{number}") for number in range(120)]
    text, rating, subject, author = (list(values) for values in zip(*rows, strict=True))
    text = [f"{one}{('', '!', '~')[number // 12 % 3]}" for number, one in enumerate(text)]
    return {"text": text, "rating": rating, "subject": subject, "author": author}


def ask(store: Store, **asked: Any) -> AspectsReport:
    report = perform("needs.aspects", ASPECTS, AspectsRequest(**asked), make_run(store))
    assert isinstance(report, AspectsReport)
    for language in ("zh", "en"):
        assert "{" not in render_markdown(page(report), APP.texts, language, {})
    return report


def with_term(report: AspectsReport, term: str) -> AspectLine:
    (line,) = [line for line in report.aspects if term in line.terms]
    return line


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return feedback_workspace(tmp_path_factory.mktemp("aspects"), columns())


def test_planted_parts_are_found_once_for_both_languages_with_their_mood(store: Store) -> None:
    report = ask(store)
    battery, screen = with_term(report, "电池"), with_term(report, "屏幕")
    assert "battery" in battery.terms
    assert "screen" in screen.terms
    assert (battery.people.value, screen.people.value) == (60, 60)
    assert (battery.state, screen.state) == ("worse", "better")
    assert battery.unhappy_share.value is not None
    assert battery.unhappy_share.value > 0.9
    assert screen.happy_share.value is not None
    assert screen.happy_share.value > 0.9
    assert battery.stars.value is not None
    assert battery.stars.value < 2
    assert any(word.phrase in ("垃圾", "terrible", "hate", "太差", "bad") for word in battery.blame)
    assert battery.quotes
    assert report.covered.value == 1.0


def test_one_aspect_by_any_of_its_words(store: Store) -> None:
    assert [line.id for line in ask(store, aspect="battery").aspects] == [line.id for line in ask(store, aspect="电池").aspects]
    with pytest.raises(UsageError):
        ask(store, aspect="wheels")


def test_labels_name_the_parts_where_there_are_any(store: Store) -> None:
    report = ask(store, scope=Scope(by="subject"))
    assert report.column == "subject"
    states = {line.id: (line.state, line.people.value) for line in report.aspects}
    assert states == {"power": ("worse", 60), "screen": ("better", 60)}
    with pytest.raises(UsageError):
        ask(store, scope=Scope(by="colour"))


def test_where_nothing_was_planted_no_part_is_worse(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    mild = ["电池", "屏幕", "客服", "价格", "物流", "包装"]
    text = [f"{mild[number % 6]}{random.choice(['很差', '很好'])}" for number in range(300)]
    rating = [1.0 if "差" in one else 5.0 for one in text]
    columns = {"text": text, "rating": rating, "author": [f"u{number}" for number in range(300)]}
    report = ask(feedback_workspace(tmp_path, columns))
    assert len(report.aspects) >= 4
    assert {line.state for line in report.aspects} == {"usual"}


def test_few_texts_and_texts_that_name_nothing(tmp_path: Path) -> None:
    few = ask(feedback_workspace(tmp_path / "few", {"text": ["电池太差", "屏幕很好"]}))
    assert not few.enough
    assert few.aspects == ()
    empty = ask(feedback_workspace(tmp_path / "none", {"text": [f"很好{'啊' * (n % 9)}" for n in range(40)]}))
    assert empty.enough
    assert empty.aspects == ()
    assert ask(feedback_workspace(tmp_path / "nothing", {"text": ["  "]})).texts.value == 0
