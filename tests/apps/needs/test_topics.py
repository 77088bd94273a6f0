from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run
from test_analyse import small_columns

from productloop.apps.needs import APP
from productloop.apps.needs.actions import TOPICS
from productloop.apps.needs.topics_report import page
from productloop.apps.needs.topics_types import TopicsReport, TopicsRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Language
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.store import Store


def ask(store: Store, request: TopicsRequest | None = None) -> TopicsReport:
    report = perform("needs.topics", TOPICS, request or TopicsRequest(), make_run(store))
    assert isinstance(report, TopicsReport)
    return report


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    columns = small_columns()
    versions = ["2.0" if "退款" in str(text) else "1.9" for text in columns["text"]]
    return feedback_workspace(tmp_path_factory.mktemp("topics"), {**columns, "version": versions})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_in_both_languages(store: Store, language: Language) -> None:
    report = ask(store)
    shown = page(report)
    text = render_markdown(shown, APP.texts, language, store.quotes(shown.quote_rows()))
    assert "{" not in text
    assert all(figure.definition in APP.texts for figure in shown.figures())
    assert "退款" in text
    assert any(block.kind == "chart" and block.form == "map" for block in shown.blocks)


def test_who_says_it_more_is_named_and_nobody_where_all_are_alike(store: Store) -> None:
    report = ask(store)
    over = {(line.column, line.value) for topic in report.topics for line in topic.over}
    assert ("version", "2.0") in over
    refund = next(topic for topic in report.topics if "退款" in str(topic.line.name.slots["zh"]))
    assert refund.over[0].value == "2.0"
    assert (refund.over[0].ratio.low or 0) > 1
    random = np.random.default_rng(3)
    columns = small_columns()
    shuffled = [str(value) for value in random.permutation(["1.9", "2.0"] * 60)][: len(columns["text"])]
    mixed = ask(feedback_workspace(store.root.parent / "mixed", {**columns, "version": shuffled}))
    assert not [line for topic in mixed.topics for line in topic.over]


def test_levels_group_the_topics_and_every_topic_is_in_one_group(store: Store) -> None:
    fine = ask(store)
    for level in ("middle", "coarse"):
        report = ask(store, TopicsRequest(level=level))
        listed = [topic for group in report.groups for topic in group.topics]
        assert sorted(listed) == sorted(topic.line.id for topic in fine.topics)
        assert len(report.groups) <= len(fine.topics)
    assert fine.groups == ()


def test_one_topic_by_words_or_id_and_a_stranger_is_refused(store: Store) -> None:
    report = ask(store, TopicsRequest(topic="退款"))
    assert report.one
    assert report.topics
    assert all("退款" in str(topic.line.name.slots["zh"]) for topic in report.topics)
    assert len(ask(store, TopicsRequest(topic=report.topics[0].line.id)).topics) == 1
    assert any(block.kind == "quotes" for block in page(report).blocks)
    with pytest.raises(UsageError) as caught:
        ask(store, TopicsRequest(topic="宇宙飞船"))
    assert caught.value.code == "needs_no_such_topic"


def test_places_on_the_map_lie_within_the_frame(store: Store) -> None:
    for topic in ask(store).topics:
        assert -1 <= topic.across <= 1
        assert -1 <= topic.up <= 1
        assert topic.line.first_seen is not None
        assert topic.line.last_seen is not None
        assert topic.line.first_seen <= topic.line.last_seen


def test_too_few_texts_and_a_single_person_are_no_error(tmp_path: Path) -> None:
    few = ask(feedback_workspace(tmp_path / "few", {"text": ["闪退", "太慢"], "rating": [1.0, 2.0]}))
    assert not few.enough
    assert len(page(few).blocks) == 1
    columns = {name: values for name, values in small_columns().items() if name in ("text", "rating")}
    one = ask(feedback_workspace(tmp_path / "one", {**columns, "author": ["me"] * len(columns["text"])}))
    assert one.people.value == 1


def test_the_map_is_drawn_in_the_html_report(store: Store) -> None:
    from productloop.interfaces.charts import chart_svg

    chart = next(block for block in page(ask(store)).blocks if block.kind == "chart" and block.form == "map")
    for width in (640, 330):
        drawing = chart_svg(chart, APP.texts, "zh", width)
        assert drawing.startswith("<svg")
        names = [str(topic.line.name.slots["zh"])[:4] for topic in ask(store).topics if topic.line.name.slots]
        assert any(name in drawing for name in names), "names stand beside their circles where there is room"
