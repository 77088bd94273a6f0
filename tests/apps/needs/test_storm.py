from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run, table
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.needs import APP, storm_wording
from productloop.apps.needs._storm import (
    Arrivals,
    Storm,
    count_arrivals,
    expect,
    first_of_day,
    local_hours,
    only_dates,
    upper_tail,
    usual_range,
)
from productloop.apps.needs._storm_replies import draft, keeps_numbers_locked
from productloop.apps.needs.actions import ANALYSE, STORM
from productloop.apps.needs.storm_report import page
from productloop.apps.needs.storm_types import StormReport, StormRequest
from productloop.apps.needs.types import AnalyseRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Language, speak
from productloop.interfaces.markdown import render_markdown
from productloop.llm.provider import Scripted
from productloop.loop.action import perform
from productloop.loop.store import Store

HOUR = 3_600_000_000
MONDAY = 1_772_409_600_000_000
"""2026-03-02, UTC"""
NUM_DAYS = 70
SLOW = [
    "导出太慢了，等了好几分钟",
    "页面加载很慢，受不了",
    "搜索结果总是出错",
    "通知老是收不到，失望",
    "字体太小看不清",
    "登录总要重来，烦",
]
GOOD = ["很好用，推荐给大家", "界面清爽，喜欢", "非常方便，好评", "简单好用，点赞"]
PAY = ["付款之后钱扣了订单没了", "付款失败但是扣了钱，太差", "扣款两次，没人管", "付不了款，一直报错", "支付页面打不开，气死"]
WANTED = ["希望尽快退款", "请把钱退给我", "希望给个说法"]
COPY = "这个版本支付功能完全不能用，扣了钱不给订单，大家不要更新，强烈要求退款"


def quiet(seed: int, rate: float = 4.0) -> dict[str, list[Any]]:
    """Ten weeks of ordinary feedback, by as many people."""
    random = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {name: [] for name in ("text", "rating", "author", "time", "version", "channel")}
    for day in range(NUM_DAYS):
        for _ in range(int(random.poisson(rate * (1.5 if day % 7 >= 5 else 1.0)))):
            bad = bool(random.random() < 0.6)
            columns["text"].append(str(random.choice(SLOW if bad else GOOD)) + "！" * int(random.integers(0, 3)))
            columns["rating"].append(1.0 if bad else 5.0)
            columns["author"].append(f"u{random.integers(0, 500)}")
            columns["time"].append(MONDAY + day * 24 * HOUR + int(random.integers(7, 24)) * HOUR + int(random.integers(0, HOUR)))
            columns["version"].append(str(random.choice(["8.9", "9.0", "9.1"], p=[0.3, 0.6, 0.1])))
            columns["channel"].append(str(random.choice(["app store", "google play", "huawei"])))
    return columns


def stormy(start_hour: int, seed: int = 1) -> dict[str, list[Any]]:
    """Within 30 hours 80 unhappy texts by 70 people on 9.1 in one store, 25 of them the same text by 25 people."""
    columns, random = quiet(seed), np.random.default_rng(99)
    hours = sorted([0.01, 29.9, *random.uniform(0, 30, 78)])
    copied = set(random.choice(80, 25, replace=False).tolist())
    others = [row for row in range(80) if row not in copied]
    author = {row: f"s{number}" for number, row in enumerate(sorted(copied))}
    author |= {row: f"s{25 + min(number, number % 45)}" for number, row in enumerate(others)}
    for row, hour in enumerate(hours):
        own = PAY[row % 5] + "，" + WANTED[row % 3] if row % 2 else PAY[row % 5] + f"，用的是我妈的手机{'唉' * (row % 4)}"
        columns["text"].append(COPY if row in copied else own + f"，订单 {row}")
        columns["rating"].append(1.0)
        columns["author"].append(author[row])
        columns["time"].append(MONDAY + int((start_hour + hour) * HOUR))
        columns["version"].append("9.1")
        columns["channel"].append("huawei")
    return columns


def storm(store: Store, request: StormRequest | None = None, **extra: Any) -> StormReport:
    run = make_run(store, **{"product.time_zone": "UTC", **extra})
    report = perform("needs.storm", STORM, request or StormRequest(), run)
    assert isinstance(report, StormReport)
    return report


def spoken(report: StormReport, language: Language) -> list[str]:
    return [speak(block.text, APP.texts, language) for block in page(report).blocks if block.kind in ("line", "heading")]


def rendered(store: Store, report: StormReport) -> dict[str, str]:
    shown = page(report)
    languages: tuple[Language, ...] = ("zh", "en")
    texts = {language: render_markdown(shown, APP.texts, language, store.quotes(shown.quote_rows())) for language in languages}
    assert all("{" not in text and "needs." not in text for text in texts.values()), texts
    return texts


STORM_START = (NUM_DAYS - 10) * 24 + 9


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, StormReport]:
    store = feedback_workspace(tmp_path_factory.mktemp("storm"), stormy(STORM_START))
    changes = {
        "row_id": ["c1", "c2"],
        "import_id": [2, 2],
        "sequence": [0, 1],
        "kind": ["version", "price"],
        "title": ["9.1 新支付页", "涨价"],
    }
    with store.writing():
        store.append("changes", table({**changes, "time": [MONDAY + (STORM_START - 20) * HOUR, MONDAY]}), 2)
    return store, storm(store)


def test_a_planted_storm_is_found_with_its_times_people_and_copies(planted: tuple[Store, StormReport]) -> None:
    _, report = planted
    assert report.state == "over"
    assert report.num_storms.value == 1
    line, detail = report.storms[0], report.detail
    assert detail is not None
    assert abs((np.datetime64(line.start.replace(" ", "T")) - np.datetime64("2026-05-01T09:00")).astype("timedelta64[h]").astype(int)) <= 1
    assert abs((np.datetime64(line.end.replace(" ", "T")) - np.datetime64("2026-05-02T15:00")).astype("timedelta64[h]").astype(int)) <= 2
    usual = 8  # people of an ordinary day and a quarter may be within
    assert 70 <= (detail.accounts.value or 0) <= 70 + usual
    assert 46 <= (detail.people.value or 0) <= 46 + usual
    assert 80 <= (detail.texts.value or 0) <= 80 + usual
    assert detail.copied[0].copies.value == 25
    assert 70 <= (detail.new_authors.value or 0) <= 70 + usual


def test_the_version_the_store_and_the_change_before_it_are_named(planted: tuple[Store, StormReport]) -> None:
    _, report = planted
    assert report.detail is not None
    assert {(line.column, line.value) for line in report.detail.where} == {("version", "9.1"), ("channel", "huawei")}
    assert [change.title for change in report.detail.changes] == ["9.1 新支付页"]
    assert any("不等于原因" in line for line in spoken(report, "zh"))


def test_what_people_ask_for_is_listed_with_quotes(planted: tuple[Store, StormReport]) -> None:
    store, report = planted
    assert report.detail is not None
    assert report.detail.asks
    assert sum(int(ask.people.value or 0) for ask in report.detail.asks) >= 15
    quotes = store.quotes([row for ask in report.detail.asks for row in ask.quotes])
    names = [speak(ask.name, APP.texts, "zh") for ask in report.detail.asks if ask.name is not None]
    assert len(names) == len(set(names))
    assert any("退" in str(quote) for quote in quotes.values())


def test_the_first_line_says_what_since_when_how_many_and_that_it_is_over(planted: tuple[Store, StormReport]) -> None:
    store, report = planted
    assert report.detail is not None
    people = f"{report.detail.people.value}"
    for language, word in (("zh", "已经过去"), ("en", "is over")):
        first = spoken(report, language)[0]  # type: ignore[arg-type]
        assert word in first
        assert people in first
        assert "2026-05-01" in first
    assert "9.1" in rendered(store, report)["en"]


def test_a_storm_at_the_end_of_the_data_still_runs(tmp_path: Path) -> None:
    columns = stormy(STORM_START)
    until = MONDAY + (STORM_START + 25) * HOUR
    kept = [row for row, time in enumerate(columns["time"]) if time <= until]
    store = feedback_workspace(tmp_path, {name: [values[row] for row in kept] for name, values in columns.items()})
    report = storm(store)
    assert report.state == "running"
    assert "还没过去" in spoken(report, "zh")[0]
    assert "still running" in spoken(report, "en")[0]
    rendered(store, report)
    assert report.chart is not None
    assert report.chart.days[-1] == "2026-05-02"  # the open day is drawn
    assert report.chart.people[-1] > 10
    first_page = perform("needs.analyse", ANALYSE, AnalyseRequest(), make_run(store, **{"product.time_zone": "UTC"})).findings
    assert first_page[0].kind == "storm"
    assert report.storms[0].start in speak(first_page[0].text, APP.texts, "zh")
    assert len(first_page[0].quotes) == 2


def test_dates_without_hours_give_a_storm_in_days(tmp_path: Path) -> None:
    columns = stormy(STORM_START)
    columns["time"] = [time - time % (24 * HOUR) for time in columns["time"]]
    report = storm(feedback_workspace(tmp_path, columns))
    assert report.dates_only
    assert [(line.start, line.end) for line in report.storms] == [("2026-05-01", "2026-05-02")]
    assert "24" not in spoken(report, "zh")[1]


def test_copies_of_one_person_are_no_storm(tmp_path: Path) -> None:
    columns = quiet(3)
    for row in range(200):
        columns["text"].append(COPY)
        columns["rating"].append(1.0)
        columns["author"].append("angry")
        columns["time"].append(MONDAY + 60 * 24 * HOUR + row * HOUR // 8)
        columns["version"].append("9.1")
        columns["channel"].append("huawei")
    store = feedback_workspace(tmp_path, columns)
    report = storm(store)
    assert report.state == "none"
    assert "No storm" in spoken(report, "en")[0]
    rendered(store, report)


def found_in(counts: np.ndarray[Any, Any], hours: int) -> list[Storm]:
    return expect(Arrivals(0, hours, counts.astype(np.float64), np.zeros(len(counts))))[1]


@pytest.mark.parametrize("hours", [1, 24])
def test_quiet_data_hold_no_storm(hours: int) -> None:
    false = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        weekly = np.tile([1.0, 1.0, 1.0, 1.0, 1.2, 1.6, 1.5], 20)
        daily = 8 * weekly * random.gamma(25, 1 / 25, len(weekly))
        share = np.array([0.2] * 7 + [1.3] * 17) / 23.5
        rate = np.outer(daily, share).reshape(-1) if hours == 1 else daily
        false += len(found_in(random.poisson(rate), hours))
    assert false <= 1


@pytest.mark.parametrize("extra", [20, 40, 80])
def test_a_storm_is_found_on_top_of_a_noisy_week(extra: int) -> None:
    random = np.random.default_rng(5)
    counts = random.poisson(np.full(100 * 24, 6 / 24))
    counts[80 * 24 + 10 : 80 * 24 + 22] += random.multinomial(extra, np.full(12, 1 / 12))
    storms = found_in(counts, 1)
    assert len(storms) == 1
    assert abs(storms[0].start - (80 * 24 + 10)) <= 2
    assert not storms[0].running


def test_few_undated_texts_say_what_they_can(tmp_path: Path) -> None:
    texts = [*PAY, *WANTED, *[COPY] * 4]
    store = feedback_workspace(tmp_path, {"text": texts})
    report = storm(store)
    assert report.state == "undated"
    assert report.detail is not None
    assert report.detail.copies.value == 4
    assert report.detail.asks
    assert "没有日期" in spoken(report, "zh")[0]
    assert "since when" in spoken(report, "en")[0]
    assert len(report.replies) == 2
    rendered(store, report)


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_a_few_dated_texts_are_too_short_to_judge(tmp_path: Path, rows: int) -> None:
    columns = {"text": PAY[:1] * rows, "rating": [1.0] * rows, "author": ["a"] * rows, "time": [MONDAY + row for row in range(rows)]}
    store = feedback_workspace(tmp_path, columns)
    report = storm(store)
    assert report.state == "short"
    rendered(store, report)


def test_happy_people_only(tmp_path: Path) -> None:
    size = 60
    columns = {"text": GOOD * 15, "rating": [5.0] * size, "time": [MONDAY + row * 12 * HOUR for row in range(size)]}
    store = feedback_workspace(tmp_path, columns)
    report = storm(store)
    assert (report.state, report.last_day.value) == ("none", 0)
    rendered(store, report)


def test_a_storm_that_does_not_exist_is_refused(planted: tuple[Store, StormReport]) -> None:
    store, _ = planted
    with pytest.raises(UsageError):
        storm(store, StormRequest(number=7))


def test_a_review_bomb_is_a_caution_of_analyse_and_its_copies_are_one_voice(planted: tuple[Store, StormReport]) -> None:
    store, _ = planted
    report = perform("needs.analyse", ANALYSE, AnalyseRequest(), make_run(store, **{"product.time_zone": "UTC"}), fresh=True)
    said = [caution for caution in report.cautions if caution.key.startswith("needs.caution.bomb")]
    assert len(said) == 1
    assert all(finding.kind != "storm" for finding in report.findings)  # it is over
    assert 80 <= int(str(said[0].slots["low"])) <= 80 + 12  # of two whole days
    assert f"{said[0].slots['first']}" == "2026-05-01"
    assert "一两星" in speak(said[0], APP.texts, "zh")
    assert "never seen before" in speak(said[0], APP.texts, "en")


# replies ------------------------------------------------------------------------------------------------------------------


def test_replies_in_both_languages_hold_the_figures_and_blanks(planted: tuple[Store, StormReport]) -> None:
    _, report = planted
    assert [reply.language for reply in report.replies] == ["zh", "en"]
    assert report.detail is not None
    for reply, blank in zip(report.replies, ("【请填写", "[fill in"), strict=True):
        assert blank in reply.text
        assert f"{report.detail.people.value}" in reply.text
        assert "9.1" in reply.text
        assert "{" not in reply.text
        assert reply.source == "template"


VALUES = {"people": " 46 位用户的反馈", "start": "2026-05-01 9 点", "topic": "支付", "asks": "退款"}


def test_a_provider_may_reword_a_draft_but_not_its_numbers() -> None:
    good = "真的对不起。{start}起收到{people}，说到「{topic}」，希望「{asks}」。原因：{cause}。{back}之前再答复。"
    reply = draft("zh", VALUES, Scripted([good]))
    assert reply.source == "provider"
    assert "46 位用户" in reply.text
    for bad in (
        good + "我们会赔 100 元。",
        good.replace("{people}", "很多"),
        good + "一半用户受影响。",
        good.replace("{cause}", "服务器"),
        good + "{reason}",
        "",
    ):
        assert draft("zh", VALUES, Scripted([bad])).source == "template"
    assert draft("en", VALUES, Scripted([])).source == "template"


def test_the_provider_never_sees_the_numbers() -> None:
    provider = Scripted(["-"])
    draft("en", {**VALUES, "people": "4711"}, provider)
    assert "4711" not in "".join(provider.asked[0])


@given(st.text(max_size=30), st.sampled_from("0123456789三百②½"))
def test_a_number_outside_slots_is_never_let_through(text: str, number: str) -> None:
    assert not keeps_numbers_locked("{people}", "{people}" + text + number)


# arithmetic ---------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 60), st.floats(0.1, 40), st.floats(0.5, 200))
def test_the_upper_tail_falls_with_the_count(count: int, mean: float, size: float) -> None:
    chances = upper_tail(np.array([count, count + 1.0]), np.full(2, mean), np.full(2, size))
    assert 0 <= chances[1] <= chances[0] <= 1
    low, high = usual_range(mean, size)
    assert low <= high


def test_the_tail_is_that_of_the_negative_binomial() -> None:
    random = np.random.default_rng(0)
    drawn = random.poisson(random.gamma(3, 10 / 3, 200_000))
    assert upper_tail(np.array([20.0]), np.array([10.0]), np.array([3.0]))[0] == pytest.approx(float((drawn >= 20).mean()), abs=0.003)


def test_local_hours_follow_the_zone_and_its_summer_time() -> None:
    times = np.array([MONDAY, MONDAY + 150 * 24 * HOUR], dtype=np.int64)
    assert (local_hours(times, "Asia/Shanghai") * HOUR - times == 8 * HOUR).all()
    assert (local_hours(times, "Europe/Berlin") * HOUR - times).tolist() == [HOUR, 2 * HOUR]
    assert (local_hours(times, "Asia/Kolkata") * HOUR - times == 5 * HOUR).all()


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 5)), min_size=1, max_size=60))
def test_each_voice_counts_once_a_day(rows: list[tuple[int, int]]) -> None:
    hour, voice = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    kept = first_of_day(hour, voice, np.arange(len(rows)))
    assert len(kept) == len({(int(h) // 24, int(v)) for h, v in rows})
    arrivals = count_arrivals(hour, voice, np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool), 200)
    assert arrivals.unhappy.sum() == len(kept)
    assert len(arrivals.unhappy) * arrivals.hours >= 201 - hour.min()


def test_dates_without_hours_are_recognised() -> None:
    assert only_dates(np.arange(50) * 24 + 8)
    assert not only_dates(np.arange(50) * 7)


def test_every_slot_of_a_reply_can_be_filled() -> None:
    known = {"start", "people", "heard", "topic", "where", "asks", *storm_wording.BLANKS}
    for part in storm_wording.REPLY:
        assert part.slots("zh") == part.slots("en") <= known
