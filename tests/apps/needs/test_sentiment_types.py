from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run
from hypothesis import given
from hypothesis import strategies as st

from productloop.apps.needs import TEXTS, kinds_report, sentiment_report
from productloop.apps.needs._kinds import count_kinds
from productloop.apps.needs._points import types_of
from productloop.apps.needs._sentiment_answer import tell_sentiment, voice_moods
from productloop.apps.needs.kinds_types import TypesReport, TypesRequest
from productloop.apps.needs.sentiment_types import SentimentReport, SentimentRequest
from productloop.interfaces.markdown import render_markdown
from productloop.loop.store import Store
from productloop.text.cues import cues

DAY = 86_400_000_000
START = 1_760_000_000_000_000
BROKEN = ["一打开就闪退", "The app crashes on start", "付款页面白屏", "Login button does nothing"]
FINE = ["很好用，推荐给大家", "Love it, works great", "界面漂亮，用着舒服", "Excellent and easy to use"]
LEAVING = ["已经卸载，换别家了", "I'm cancelling my subscription"]


def planted(folder: Path, *, differ: bool) -> Store:
    """80 people on two versions; on 2.0 everybody is unhappy, or the moods are dealt evenly; two people leave."""
    texts: list[str] = []
    stars: list[float] = []
    version: list[str] = []
    for person in range(80):
        new, bad = person % 2 == 1, (person % 2 == 1) if differ else (person // 2 % 2 == 1)
        texts.append(f"{(BROKEN if bad else FINE)[person // 4 % 4]}")
        stars.append(1.0 if bad else 5.0)
        version.append("2.0" if new else "1.0")
    texts += LEAVING
    columns: dict[str, Any] = {
        "text": texts,
        "rating": [*stars, 1.0, 1.0],
        "version": [*version, "1.0", "2.0"],
        "author": [f"a{row}" for row in range(82)],
        "time": [START + row * DAY for row in range(82)],
    }
    return feedback_workspace(folder, columns)


def mood(store: Store) -> SentimentReport:
    return tell_sentiment(make_run(store), SentimentRequest())


def kinds(store: Store) -> TypesReport:
    return count_kinds(make_run(store), TypesRequest())


def rendered(store: Store, report: Any, page: Any) -> list[str]:
    shown = page(report)
    texts = [render_markdown(shown, TEXTS | _own(), language, store.quotes(shown.quote_rows())) for language in ("zh", "en")]
    for text in texts:
        assert not re.search(r"\{[a-z_]+(?:[:|][^}]*)?\}|needs\.[a-z]+\.", text)
    return texts


def _own() -> dict[str, Any]:
    from productloop.interfaces.wording import TEXTS as PAGE_TEXTS

    return dict(PAGE_TEXTS)


def test_a_version_where_everybody_is_unhappy_is_found_and_chance_is_not(tmp_path: Path) -> None:
    report = mood(planted(tmp_path / "a", differ=True))
    found = {(line.column, line.value): line for line in report.segments if line.differs}
    assert found[("version", "2.0")].share.value > 0.9  # type: ignore[operator]
    assert found[("version", "1.0")].rest.value > 0.9  # type: ignore[operator]
    assert sum(figure.value or 0 for figure in (report.unhappy, report.neutral, report.happy)) == pytest.approx(1)
    assert not any(line.differs for line in mood(planted(tmp_path / "b", differ=False)).segments)


def test_those_who_report_a_fault_and_those_who_leave_are_counted(tmp_path: Path) -> None:
    store = planted(tmp_path, differ=True)
    report = kinds(store)
    lines = {line.kind: line for line in report.kinds}
    assert report.kinds[0].kind == "churn_threat"
    assert lines["churn_threat"].people.value == 2
    assert 30 <= (lines["bug"].people.value or 0) <= 42
    assert (lines["praise"].people.value or 0) >= 30
    by_version = {line.version: line.share.value for line in report.by_version}
    assert (by_version["2.0"] or 0) > 0.7 > 0.1 > (by_version["1.0"] or 0)
    zh, en = rendered(store, report, kinds_report.page)
    assert "说要走" in zh
    assert "leaving" in en


def test_both_pages_can_be_read_in_both_languages(tmp_path: Path) -> None:
    store = planted(tmp_path, differ=True)
    zh, en = rendered(store, mood(store), sentiment_report.page)
    assert "不满意" in zh
    assert "unhappy" in en


LITTLE: dict[str, tuple[dict[str, list[Any]], tuple[str, str], tuple[str, str]]] = {
    "two texts that say nothing": (
        {"text": ["第一条", "second"]},
        ("看得出态度的 **2** 条里，**0-57** % 不满意", "Of **2** texts whose feeling is known, **0-57** % are unhappy"),
        ("**2** 条反馈里，**0** 条说有东西坏了；没有一条说要走。", "Of **2** texts, **0** report something broken; none speaks of leaving."),
    ),
    "one person": (
        {"text": ["好用"] * 3, "rating": [5.0] * 3, "author": ["a"] * 3},
        ("看得出态度的 **1** 人里，**0-73** % 不满意", "Of **1** person whose feeling is known, **0-73** % are unhappy"),
        ("写过反馈的 **1** 人里，**0** 人说有东西坏了；没有人说要走。", "Of **1** person who wrote, **0** report something broken; nobody speaks of leaving."),
    ),
    "no words": ({"text": [""]}, ("没有可以分析的内容。", "There is no text to analyse."), ("没有可以分析的内容。", "There is no text to analyse.")),
    "all equal": (
        {"text": ["闪退"] * 40},
        ("看得出态度的 **40** 条里，**94-100** % 不满意", "Of **40** texts whose feeling is known, **94-100** % are unhappy"),
        ("**40** 条反馈里，**40** 条说有东西坏了；没有一条说要走。", "Of **40** texts, **40** report something broken; none speaks of leaving."),
    ),
}  # fmt: skip
"""Case -> (columns of feedback, what the page of moods says first in Chinese and English, what the page of kinds says first)."""


@pytest.mark.parametrize("case", LITTLE)
def test_little_or_equal_data_make_a_sentence_and_no_error(tmp_path: Path, case: str) -> None:
    columns, moods, types = LITTLE[case]
    store = feedback_workspace(tmp_path, columns)
    for report, page, leads in ((mood(store), sentiment_report.page, moods), (kinds(store), kinds_report.page, types)):
        for text, lead in zip(rendered(store, report, page), leads, strict=True):
            assert lead in text.split("\n\n")[1], "the sentence below the title"


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-1, 1) | st.just(float("nan"))), max_size=30))
def test_a_voice_counts_once_and_its_mood_lies_between_its_texts(pairs: list[tuple[int, float]]) -> None:
    voice, felt = np.array([pair[0] for pair in pairs], dtype=np.int64), np.array([pair[1] for pair in pairs], dtype=np.float64)
    voices, means = voice_moods(voice, felt)
    assert set(voices.tolist()) == {pair[0] for pair in pairs if pair[1] == pair[1]}
    for one, mean in zip(voices, means, strict=True):
        its = felt[(voice == one) & np.isfinite(felt)]
        assert its.min() - 1e-9 <= mean <= its.max() + 1e-9


def test_a_point_of_no_clear_kind_has_none_and_the_product_s_own_model_goes_first() -> None:
    words = ["今天", "一打开就闪退"]
    kinds = np.zeros((2, 7))
    kinds[:, 1], kinds[0, 1], kinds[0, 0] = 0.9, 0.4, 0.4
    assert types_of(words, np.zeros((2, 4), dtype=np.float32), cues(words), kinds) == [None, "request"]
    assert types_of([], np.zeros((0, 4), dtype=np.float32), cues([]), None) == []
