from __future__ import annotations

from pathlib import Path

import pytest
from feedback_workspace import feedback_workspace, make_run

from productloop.apps.needs import APP
from productloop.apps.needs.actions import SEARCH
from productloop.apps.needs.search_report import page
from productloop.apps.needs.search_types import SearchReport, SearchRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Language
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.store import Store

TEXTS = {
    "refund": ["退款一直没到账", "申请退款两周还没收到钱", "My refund has not arrived", "Still waiting for the money back", "退款太慢了"],
    "dark": ["希望有深色模式", "晚上太刺眼，想要夜间模式", "Please add a dark mode", "A night theme would be great", "求黑色主题"],
    "crash": [
        "一打开就闪退",
        "更新以后老是崩溃",
        "The app crashes every time I open it",
        "It keeps crashing after the update",
        "闪退，打不开",
    ],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    columns: dict[str, list[object]] = {"row_id": [], "text": [], "author": []}
    for matter, texts in TEXTS.items():
        for place, text in enumerate([*texts, *(f"{text} !" for text in texts)]):
            columns["row_id"].append(f"{matter}-{place:02d}")
            columns["text"].append(text)
            columns["author"].append(f"{matter}{place}")
    return feedback_workspace(tmp_path_factory.mktemp("search"), columns)  # type: ignore[arg-type]


def ask(store: Store, query: str, num_results: int = 8) -> SearchReport:
    report = perform("needs.search", SEARCH, SearchRequest(query=query, num_results=num_results), make_run(store))
    assert isinstance(report, SearchReport)
    return report


@pytest.mark.parametrize(
    ("query", "matter"), [("退款没到", "refund"), ("night mode", "dark"), ("崩溃闪退", "crash"), ("app crashes", "crash")]
)
def test_what_is_meant_is_found_in_both_languages(store: Store, query: str, matter: str) -> None:
    report = ask(store, query)
    rows = [result.quote for result in report.results]
    assert sum(row.startswith(matter) for row in rows) >= 6
    assert {"zh", "en"} <= {result.language for result in report.results}
    scores = [result.closeness.value or 0 for result in report.results]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_words_of_people(store: Store, language: Language) -> None:
    shown = page(ask(store, "refund"))
    text = render_markdown(shown, APP.texts, language, store.quotes(shown.quote_rows()))
    assert "refund has not arrived" in text
    assert "{" not in text
    assert all(figure.definition in APP.texts for figure in shown.figures())


def test_one_text_a_voice_and_no_more_than_asked(tmp_path: Path) -> None:
    others = [text for texts in TEXTS.values() for text in texts]
    texts = ["退款没到账"] * 9 + others
    store = feedback_workspace(tmp_path, {"text": texts, "author": ["same"] * 9 + [f"u{place}" for place in range(len(others))]})
    found = ask(store, "退款", num_results=20)
    assert sum(quote <= "r000008" for quote in (result.quote for result in found.results)) == 1
    assert len(ask(store, "退款", num_results=1).results) == 1


def test_nothing_to_look_for_is_refused_and_nothing_to_search_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(store, "   ")
    assert caught.value.code == "needs_no_query"
    empty = ask(feedback_workspace(tmp_path, {"text": ["  "]}), "退款")
    assert empty.results == ()
    assert len(page(empty).blocks) == 1
