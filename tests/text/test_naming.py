"""Names of topics: in each language from its own texts, whole words, no pieces of sentences."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.language import detect_many
from productloop.text.naming import name_topics, naming_members

ENGLISH = ["the exchange rate is wrong", "wrong exchange rate again", "exchange rate of my purchase is wrong", "bad exchange rate"]
CHINESE = ["汇率算错了", "汇率不对，比官方汇率高", "汇率算错，多收了钱"]
OTHERS = ["转账对方没收到", "钱转了，对方没收到", "朋友说没收到转账", "money not received", "my friend did not receive the money"]


def named(*topics: list[str]) -> list[tuple[str, str]]:
    names = name_topics(topics, np.zeros(len(topics), dtype=bool), ())
    return [(name.zh, name.en) for name in names]


def test_each_language_is_named_from_its_own_texts() -> None:
    (zh, en), _ = named([*ENGLISH * 3, *CHINESE], OTHERS)
    assert "汇率" in zh
    assert "exchange rate" in en


def test_not_received_is_not_confiscated() -> None:
    _, (zh, _) = named([*ENGLISH, *CHINESE], OTHERS)
    assert "没收到" in zh
    assert "没收、" not in zh


def test_pieces_of_sentences_name_nothing_while_there_are_words() -> None:
    texts = ["余额低了自动充值不了", "余额低了自动充值失败", "余额低了自动充值怎么关", "忘了关自动充值"]
    (zh, _), _ = named(texts, OTHERS)
    assert "低了" not in zh
    assert "自动充值" in zh


def test_scolding_and_other_spellings_name_nothing() -> None:
    texts = ["垃圾玩意 wifi 连不上", "垃圾玩意 wi-fi 连不上", "wifi 总断，垃圾玩意", "wi-fi 连不上，垃圾玩意"]
    (zh, _), _ = named(texts, OTHERS)
    assert "垃圾" not in zh
    assert ("wifi" in zh) != ("wi-fi" in zh)


def test_the_rarer_language_is_looked_for_beyond_the_most_central() -> None:
    texts = ["exchange rate wrong"] * 80 + CHINESE + ["card lost"] * 20
    places = naming_members(detect_many(texts), 60)
    assert places[:60] == list(range(60))
    assert {80, 81, 82} <= set(places)
    assert len(places) == 63


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=40), st.integers(1, 12))
def test_naming_members_are_different_places(texts: list[str], most: int) -> None:
    places = naming_members(detect_many(texts), most)
    assert len(places) == len(set(places)) <= len(texts)
    assert set(range(min(most, len(texts)))) <= set(places)
