from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.needs import _trend
from productloop.apps.needs._calendar import count_weeks, local_days
from productloop.apps.needs._points import with_context
from productloop.apps.needs._reading import find_campaigns, whole_text, whole_text_with_origin
from productloop.apps.needs._sentiment import of_columns, of_labels, of_points, of_ratings, of_texts
from productloop.apps.needs._topic_ids import matched_ids
from productloop.apps.needs._trend import find_trends, weekly_voices
from productloop.text.cleaning import DELETED_MARKER
from productloop.text.duplicates import near_groups
from productloop.text.points import split_points
from productloop.text.sentiment import cold_sentiment

DAY = 86_400_000_000
MONDAY = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp()) * 1_000_000


# calendar -----------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2_000_000_000), st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Europe/Berlin"]))
def test_days_are_those_of_the_zone(second: int, zone: str) -> None:
    expected = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).date()
    day = int(local_days(np.array([second * 1_000_000]), zone)[0])
    assert datetime(1970, 1, 1) + timedelta(days=day) == datetime.combine(expected, datetime.min.time())


def test_the_running_week_and_the_week_in_which_data_begin_are_not_whole() -> None:
    times = np.array([MONDAY + 2 * DAY + DAY * day for day in range(26)])  # Wednesday to a Sunday three weeks later
    source = np.zeros(len(times), dtype=np.int64)
    weeks = count_weeks(times, source, int(times[-1]), "UTC", "monday")
    assert (weeks.last - weeks.first, weeks.first_whole - weeks.first, weeks.last_whole - weeks.last) == (3, 1, 0)
    earlier = count_weeks(times[:-1], source[:-1], int(times[-2]), "UTC", "monday")
    assert earlier.last_whole == earlier.last - 1
    assert weeks.day(weeks.first).isoformat() == "2026-03-02"
    assert count_weeks(times, source, int(times[-1]), "UTC", "sunday").day(weeks.first).weekday() == 6


def test_a_second_product_that_begins_later_sets_the_first_comparable_week() -> None:
    times = np.concatenate([MONDAY + DAY * np.arange(70), MONDAY + 30 * DAY + DAY * np.arange(40)])
    weeks = count_weeks(times, np.repeat([0, 1], [70, 40]), int(times.max()), "UTC", "monday")
    assert weeks.first_whole - weeks.first == 5


# reading ------------------------------------------------------------------------------------------------------------------


def test_neither_the_marker_nor_the_developers_answer_is_the_users_text() -> None:
    assert whole_text(None, DELETED_MARKER + "打不开") == "打不开"
    assert whole_text("闪退", "闪退，打不开") == "闪退，打不开"
    assert whole_text("Login", "I cannot get in") == "Login\nI cannot get in"
    assert whole_text("重大bug", "更新后闪退\n ------------- \n 开发者回复：感谢您的反馈。") == "重大bug\n更新后闪退"
    assert whole_text(None, "") == ""


def test_a_campaign_is_many_authors_in_one_week_and_a_common_phrase_is_not() -> None:
    slogan = "支持国货，这个软件是我用过的最好的软件，强烈推荐给大家"
    texts = [slogan] * 6 + ["很好"] * 6 + ["完全不同的一句话"]
    copies, zh = near_groups(texts), ["zh"] * len(texts)
    time = np.full(len(texts), MONDAY)
    authors = np.arange(len(texts))
    assert find_campaigns(texts, zh, copies, time, authors).tolist() == [0] * 6 + [-1] * 7
    assert (find_campaigns(texts, zh, copies, time, np.zeros(len(texts), dtype=np.int64)) == -1).all()
    assert (find_campaigns(texts, zh, copies, MONDAY + 20 * DAY * np.arange(len(texts)), authors) == -1).all()
    assert (find_campaigns(texts, zh, copies, np.zeros(len(texts), dtype=np.int64), authors) == -1).all()


# sentiment ----------------------------------------------------------------------------------------------------------------


def test_ratings_on_every_usual_scale() -> None:
    nan = float("nan")
    assert of_ratings(np.array([1.0, 3.0, 5.0, nan]))[:3].tolist() == [-1, 0, 1]
    assert of_ratings(np.array([0.0, 6.0, 8.0, 10.0])).tolist() == [-1, -1, 0, 1]
    assert of_ratings(np.array([0.0, 1.0])).tolist() == [-1, 1]
    assert np.isnan(of_ratings(np.array([1.0, 1.0, nan]))).all(), "an export of the worst stars alone is not one of the happiest"
    assert np.isnan(of_ratings(np.array([0.0, 55.0, 100.0]))).all()
    assert np.isnan(of_ratings(np.array([nan, nan]))).all()


def test_labels_count_only_where_they_are_about_liking() -> None:
    texts = ["太好用了，喜欢", "垃圾软件，闪退"] * 5
    assert of_labels(np.array(["pos", "neg"] * 5, dtype=object), texts).tolist() == [1, -1] * 5
    assert of_labels(np.array(["1", "0"] * 5, dtype=object), texts).tolist() == [1, -1] * 5
    assert np.isnan(of_labels(np.array(["0", "1"] * 5, dtype=object), texts)).all()  # 1 marks the bad ones: spam, perhaps
    assert np.isnan(of_labels(np.array(["ham", "spam"] * 5, dtype=object), texts)).all()


def test_stars_come_before_words_and_points_differ_within_a_text() -> None:
    nothing = np.array([None] * 3, dtype=object)
    given, sources = of_columns(["", "", ""], np.array([5.0, 1.0, np.nan]), nothing)
    assert given[:2].tolist() == [1, -1]
    assert sources == {"stars": 2, "labels": 0}
    words = ["太垃圾了", "很好用", "非常慢，失望"]
    text = np.array([0, 1, 1])
    vectors = np.zeros((3, 4), dtype=np.float32)
    single = np.array([True, False, False])
    sentiment, certainty = of_points(cold_sentiment(words, vectors), given[[0, 2, 2]], single, None)
    assert sentiment[0] == 1, "the whole text feels as its stars say"
    assert sentiment[1] > 1 / 3
    assert sentiment[2] < -1 / 3
    assert ((certainty > 0) & (certainty <= 1)).all()
    whole, counts = of_texts(np.array([1.0, np.nan, np.nan]), text, sentiment, certainty)
    assert whole[0] == 1
    assert abs(whole[1]) < 0.6
    assert np.isnan(whole[2])
    assert counts == {"lexicon": 1, "none": 1}
    judged, _ = of_points(cold_sentiment(words, vectors), np.full(3, np.nan), single, np.array([0.01, 0.99, 0.01]))
    assert judged[1] > 0 > judged[2]


# identity -----------------------------------------------------------------------------------------------------------------


def test_an_id_survives_new_texts_and_another_order_of_topics() -> None:
    rows = [(f"r{i}", 0) for i in range(20)]
    labels = np.array([0] * 12 + [1] * 8)
    ids = matched_ids(labels, rows, {}, set())
    assert len(set(ids)) == 2
    assert ids == matched_ids(labels, rows, {}, set())
    earlier = dict(zip(rows, [ids[label] for label in labels], strict=True))
    grown = matched_ids(np.array([1] * 12 + [0] * 8 + [2] * 5), [*rows, *((f"new{i}", 0) for i in range(5))], earlier, set())
    assert grown[:2] == [ids[1], ids[0]]
    assert grown[2] not in ids
    split = matched_ids(np.array([0] * 9 + [2] * 3 + [1] * 8), rows, earlier, set())
    assert split[:2] == ids
    assert split[2] not in ids


# trend --------------------------------------------------------------------------------------------------------------------


def _weeks_of(rates: list[list[float]], seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(time, topic, voice) with these mean texts a week by topic, each text another voice."""
    random = np.random.default_rng(seed)
    rows = [
        (MONDAY + week * 7 * DAY + int(random.integers(0, 7 * DAY)), topic)
        for topic, weekly in enumerate(rates)
        for week, rate in enumerate(weekly)
        for _ in range(int(random.poisson(rate)))
    ]
    rows += [(MONDAY, 0), (MONDAY + len(rates[0]) * 7 * DAY - 1, 0)]
    time, topic = np.array(rows).T
    return time, topic, np.arange(len(rows))


def _trends(rates: list[list[float]], seed: int = 0) -> tuple[list[_trend.Trend], int]:
    time, topic, voice = _weeks_of(rates, seed)
    weeks = count_weeks(time, np.zeros(len(time), dtype=np.int64), int(time.max()), "UTC", "monday")
    return find_trends(weekly_voices(topic, voice, weeks.week, weeks, len(rates)), weeks), weeks.last_whole


def test_a_rise_and_a_fall_are_found_with_their_first_week() -> None:
    steady = [20.0] * 20
    found, last = _trends([[6.0] * 15 + [24.0] * 5, [30.0] * 14 + [5.0] * 6, steady, steady, steady])
    assert [trend.direction for trend in found] == ["growing", "fading", "steady", "steady", "steady"]
    assert found[0].since == last - 4
    assert abs(found[1].since - (last - 5)) <= 1  # type: ignore[operator]
    assert found[0].ratio.low > 1.5
    assert found[0].before.value == pytest.approx(6, abs=1.5)
    assert found[0].now.value == pytest.approx(24, abs=3)


def test_interval_of_a_weekly_mean_is_exact_poisson() -> None:
    mean = _trend._weekly_mean(10, 1)
    assert (mean.value, mean.low, mean.high) == (10, 5.4, 17.0)  # Garwood 1936: 5.43 to 16.96
    assert _trend._weekly_mean(0, 4).low == 0


def test_chance_alone_moves_nothing() -> None:
    moved = [trend.direction for seed in range(40) for trend in _trends([[rate] * 24 for rate in (4, 8, 8, 12, 12, 20, 30)], seed)[0]]
    assert set(moved) == {"steady"}


def test_too_few_weeks_are_not_judged() -> None:
    found, _ = _trends([[5.0] * 11, [5.0] * 7 + [40.0] * 4])
    assert {trend.direction for trend in found} == {"unknown"}


def test_one_voice_counts_once_a_week() -> None:
    time, topic, _ = _weeks_of([[5.0] * 16 + [30.0] * 4, [20.0] * 20])
    weeks = count_weeks(time, np.zeros(len(time), dtype=np.int64), int(time.max()), "UTC", "monday")
    one = weekly_voices(topic, np.zeros(len(time), dtype=np.int64), weeks.week, weeks, 2)
    assert one.max() == 1
    assert find_trends(one, weeks)[0].direction == "steady"


# places ------------------------------------------------------------------------------------------------------------------------


_WRITTEN = st.text(alphabet="ab 好坏，。!&<b>\n：ＡＢ😀-", max_size=40)


@given(st.none() | _WRITTEN, _WRITTEN)
@settings(max_examples=150)
def test_every_character_of_a_text_leads_back_to_what_is_stored(title: str | None, text: str) -> None:
    whole, origin = whole_text_with_origin(title, text)
    stored = f"{title}\n{text}" if title else text
    assert len(origin) == len(whole) + 1
    assert whole == whole_text(title, text)
    assert (np.diff(origin) >= 0).all()
    for place, character in enumerate(whole):
        if character in "ab好坏":
            assert stored[origin[place]] in (character, "Ａ", "Ｂ", "&")


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("好吃但是送餐慢", ["好吃", "送餐慢"]),
        ("I topped up yesterday. The money is missing.", ["I topped up yesterday. The money is missing"]),
        ("The app keeps crashing. Support is rude and useless.", ["The app keeps crashing", "Support is rude and useless"]),
        ("我用的是苹果手机。一打开就闪退", ["我用的是苹果手机。一打开就闪退"]),
    ],
)
def test_a_point_that_judges_takes_what_does_not_judge_along(text: str, points: list[str]) -> None:
    assert [text[point.start : point.end] for point in with_context(text, split_points(text))] == points
