"""`leaks` from files to page: whose leak, whose words, what it costs, who can be won, who is left alone; nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from event_workspace import at, run_of, stories, workspace, written
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._leaks_winnable import is_held_out
from productloop.apps.behaviour._leaks_words import Words, compare_topics
from productloop.apps.behaviour.leaks_report import leaks_page
from productloop.apps.behaviour.leaks_types import LeaksReport
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.wording import LANGUAGES
from productloop.loop.action import Run, perform
from productloop.loop.store import Store

NUM_WEEKS, A_WEEK = 12, 60


def ask(store: Store, run: Run | None = None, **request: object) -> LeaksReport:
    action = APP.action("leaks")
    asked = action.request.model_validate({"steps": ("A", "B"), **request})
    report = perform("behaviour.leaks", action, asked, run or run_of(store))
    assert isinstance(report, LeaksReport)
    store.refresh()
    return report


def leaking(folder: Path, planted: bool, topics: bool = True) -> Store:
    """60 people a week; from week 6 on every second one on Android stops after A, and half of those write about paying."""
    chance = Random(3)
    events, texts = ["user_id,event,timestamp,platform"], ["id,text,created_at,user_id"]
    orders = ["order_id,user_id,created_at,amount,currency,kind"]
    about: dict[str, str] = {}
    for week in range(NUM_WEEKS):
        for n in range(A_WEEK):
            name, day, platform = f"u{week}-{n}", 7 * week + n % 7, ("android", "ios")[n % 2]
            events.append(f"{name},A,{at(day)},{platform}")
            stops = chance.random() < (0.6 if planted and platform == "android" and week >= 6 else 0.15)
            said = chance.random()
            if planted and stops and platform == "android" and week >= 6 and said < 0.5:
                about[f"f{len(texts)}"] = "paying"
                texts.append(f"f{len(texts)},I cannot pay with my card,{at(day + 1)},{name}")
            elif said > 0.9:
                about[f"f{len(texts)}"] = "colour"
                texts.append(f"f{len(texts)},the colour is nice,{at(day + 2)},{name}")
            if not stops:
                events.append(f"{name},B,{at(day + 0.5)},{platform}")
                orders.append(f"o{name},{name},{at(day + 1)},10.00,USD,new")
            elif week == NUM_WEEKS - 1:
                events.append(f"{name},C,{at(day + 3)},{platform}")
    events.append(f"watch,Z,{at(7 * NUM_WEEKS + 4)},")
    store = workspace(folder, events="\n".join(events) + "\n", feedback="\n".join(texts) + "\n", orders="\n".join(orders) + "\n")
    if topics:
        write_topics(store, about)
    return store


def write_topics(store: Store, about: dict[str, str]) -> None:
    """The two tables as `needs` leaves them, with the columns that matter here."""
    rows = store.rows("SELECT row_id, id FROM feedback ORDER BY id")
    values = ", ".join(f"('p{row_id}', '{row_id}', '{about[str(name)]}')" for row_id, name in rows)
    import duckdb

    connection = duckdb.connect()
    points = (
        f"SELECT row_id, 0::BIGINT AS import_id, 0::BIGINT AS sequence, feedback, topic FROM (VALUES {values}) v(row_id, feedback, topic)"
    )
    topics = """SELECT topic AS row_id, 0::BIGINT AS import_id, 0::BIGINT AS sequence, topic, zh AS name_zh, en AS name_en
        FROM (VALUES ('paying', '付不了款', 'cannot pay'), ('colour', '颜色', 'colour')) v(topic, zh, en)"""
    store.overwrite("points", connection.sql(points))
    store.overwrite("topics", connection.sql(topics))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return leaking(tmp_path_factory.mktemp("planted"), True)


def test_whose_leak_and_whose_words(planted: Store) -> None:
    report = ask(planted)
    assert report.leak is not None
    assert (report.leak.column, report.leak.value, report.from_step, report.to_step) == ("platform", "android", 1, 2)
    assert report.leak.since == "2026-04-13"
    topic = report.topics[0]
    assert (topic.topic, topic.named, topic.passed.value) == ("paying", True, 0)
    assert [one.topic for one in report.topics if one.named] == ["paying"]
    assert 30 < (topic.dropped.value or 0) < (report.wrote_dropped.value or 0) <= (report.dropped.value or 0) < 130
    assert len(topic.quotes) == 3
    (finding,) = report.findings
    assert finding.subject == "A > B | platform=android | paying"
    groups = {(group.column, group.value): group.went_on.value for group in report.groups}
    assert groups["platform", "android"] == pytest.approx(0.4, abs=0.1)
    assert groups["platform", "ios"] == pytest.approx(0.85, abs=0.08)
    assert len(report.funnel_here) == len(report.funnel_elsewhere) == 2


def test_what_it_costs(planted: Store) -> None:
    report = ask(planted)
    assert report.value_each.unit == "money:USD"
    assert report.value_each.value == 1000
    lost, money = report.lost_per_week, report.money_per_week
    assert 8 < (lost.low or 0) < (lost.value or 0) < (lost.high or 0) < 20
    assert money.value == round((lost.value or 0) * 1000)
    assert (money.low or 0) < (money.value or 0) < (money.high or 0)


def test_who_can_be_won_and_who_is_left_alone(planted: Store) -> None:
    report = ask(planted)
    assert (
        len({one.id for one in report.winnable})
        == len(report.winnable)
        == (report.num_winnable.value or 0) + (report.num_held_out.value or 0)
    )
    assert all(one.reasons and one.platform == "android" for one in report.winnable)
    assert report.winnable[0].reasons[0] == "wrote"
    held = {one.id for one in report.winnable if one.held_out}
    assert held
    assert held == {one.id for one in report.winnable if is_held_out(report.experiment, one.id, 0)}
    assert planted.rows("SELECT count(*), count(DISTINCT actor) FROM assignments")[0] == (len(report.winnable),) * 2
    # Another seed changes nobody who is remembered.
    again = ask(planted, replace(run_of(planted), seed=7))
    assert {one.id for one in again.winnable if one.held_out} == held
    assert planted.count("assignments") == len(report.winnable)
    assert again.measured is None  # they were put on the list after the data end


def test_the_effect_is_measured_against_those_left_alone(tmp_path: Path) -> None:
    lives = {f"u{n}": "A0 B1" if n % 3 else "A90" for n in range(300)}
    store = workspace(tmp_path, events=stories(lives, end="2026-06-05"))
    first = ask(store, replace(run_of(store), now=run_of(store).as_of or 0))
    assert first.num_winnable.value
    more = tmp_path / "more.csv"
    end = "2026-07-01T00:00:00Z"
    rows = [f"{one.id},B,2026-06-06T00:00:00Z" for one in first.winnable if not one.held_out]
    more.write_text("\n".join(["user_id,event,timestamp", *rows, f"watchman,zzz,{end}"]) + "\n", encoding="utf-8")
    from productloop.foundation.settings import load_settings
    from productloop.loop.importing import ImportRequest, import_path

    import_path(store, load_settings(None, {}), ImportRequest(more, table="events"), 5, lambda *_: None)
    report = ask(store)
    assert report.measured is not None
    assert report.measured.value == 1.0
    assert sum(report.measured_people) == len(first.winnable)
    assert any("left alone by 100" in line for line in written(leaks_page(report), "en"))


def test_nothing_is_claimed_where_nothing_is(tmp_path: Path) -> None:
    report = ask(leaking(tmp_path, False))
    assert report.leak is None
    assert report.findings == ()
    assert not any(topic.named for topic in report.topics)
    assert report.lost_per_week.value == pytest.approx(0.15 * A_WEEK, abs=3)
    for language in LANGUAGES:
        assert written(leaks_page(report), language)


def test_without_topics_the_page_names_the_command(tmp_path: Path) -> None:
    report = ask(leaking(tmp_path, True, topics=False))
    assert report.leak is not None
    assert not report.has_topics
    assert any("productloop needs topics" in line for line in written(leaks_page(report), "en"))


def test_pages_in_both_languages(planted: Store) -> None:
    report = ask(planted)
    english, chinese = (written(leaks_page(report), language) for language in ("en", "zh"))
    assert any("wrote about “cannot pay” within 7 days; nobody who went on did." in line for line in english)
    assert any("付不了款" in line for line in chinese)
    assert leaks_page(report).quote_rows() == list(report.topics[0].quotes)
    for figure in leaks_page(report).figures():
        assert not APP.texts[figure.definition].slots("zh")


def test_no_events_nobody_lost_wrong_step(tmp_path: Path) -> None:
    with pytest.raises(MissingData):
        ask(Store.create(tmp_path / "empty"))
    store = workspace(tmp_path, events=stories({"a": "A0 B1", "b": "A2 B3"}))
    report = ask(store)
    assert report.winnable == ()
    for language in LANGUAGES:
        assert written(leaks_page(report), language)
    one_step = ask(store, steps=("A",))
    assert one_step.from_step is None
    with pytest.raises(UsageError):
        ask(store, step=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["a", "b", None])), max_size=60), st.integers(0, 20))
def test_topics_count_people_once(rows: list[tuple[int, str | None]], cut: int) -> None:
    actor = np.array([who for who, _ in rows], dtype=np.int64)
    topic = np.array([name for _, name in rows] + [None], dtype=object)[:-1]
    words = Words(actor, np.array([str(place) for place in range(len(rows))], dtype=object), topic, np.zeros(len(rows), dtype=np.bool_))
    dropped, passed = np.arange(cut), np.arange(cut, 31)
    found = {one.topic: one for one in compare_topics(words, dropped, passed)}
    for name in ("a", "b"):
        people = {who for who, about in rows if about == name}
        hits, others = len({who for who in people if who < cut}), len({who for who in people if who >= cut})
        if hits + others >= 5 and cut > 0:
            assert (found[name].num_dropped, found[name].num_passed) == (hits, others)
        else:
            assert name not in found
