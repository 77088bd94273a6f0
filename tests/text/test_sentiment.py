from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.metrics import macro_f1
from productloop.text.cold_start import LABELS, fit_head, heads
from productloop.text.cues import NUM_CUES, cues
from productloop.text.encoders import encode
from productloop.text.feedback_types import TYPES, cold_types
from productloop.text.sentiment import NEGATIVE, NEUTRAL, POSITIVE, cold_sentiment

SETS = Path(__file__).resolve().parents[1] / "sets"


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_chances_are_chances_whatever_is_written(texts: list[str]) -> None:
    for found, size in ((cold_sentiment(texts), 3), (cold_types(texts), 7)):
        assert found.shape == (len(texts), size)
        assert (found >= 0).all()
        assert np.allclose(found.sum(axis=1), 1)
    assert cues(texts).shape == (len(texts), NUM_CUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("很好用，推荐", POSITIVE),
        ("完全不好用", NEGATIVE),
        ("不错，没有让我失望", POSITIVE),
        ("真是“好”软件，天天闪退", NEGATIVE),
        ("请问怎么修改密码？", NEUTRAL),
        ("Not bad at all, I love it", POSITIVE),
        ("Great, another crash 🙄", NEGATIVE),
        ("How do I change my password?", NEUTRAL),
        ("The box has two cables", NEUTRAL),
    ],
)
def test_negation_irony_and_plain_questions(text: str, expected: int) -> None:
    assert int(cold_sentiment([text], encode([text]))[0].argmax()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一打开就闪退", "bug"),
        ("希望增加夜间模式", "request"),
        ("太好用了，强烈推荐", "praise"),
        ("请问怎么退款", "question"),
        ("会员太贵了，客服态度还差", "complaint"),
        ("已经卸载，再也不用了", "churn_threat"),
        ("你好", "other"),
        ("It crashes every time I open a photo", "bug"),
        ("Please add a dark mode", "request"),
        ("Where can I see my invoices?", "question"),
        ("I'm cancelling my subscription and moving to another app", "churn_threat"),
        ("hello", "other"),
    ],
)
def test_kinds_of_feedback(text: str, expected: str) -> None:
    assert TYPES[int(cold_types([text], encode([text]))[0].argmax())] == expected


def test_without_vectors_the_words_decide_and_copies_are_alike() -> None:
    texts = ["很好用", "太差了", "很好用"]
    alone = cold_sentiment(texts)
    assert np.array_equal(alone, cold_sentiment(texts, np.zeros((3, 4), dtype=np.float32)))
    assert np.array_equal(alone[0], alone[2])
    assert alone[0, POSITIVE] > alone[0, NEGATIVE]
    assert alone[1, NEGATIVE] > alone[1, POSITIVE]
    assert cold_sentiment([]).shape == (0, 3)


def test_the_shipped_heads_are_those_of_the_prototypes() -> None:
    for name in ("sentiment", "type"):
        made, shipped = fit_head(name, None), heads()[f"{name}_cues"]
        assert np.allclose(made.coefficients, shipped.coefficients, atol=0.01)
        assert np.allclose(made.intercept, shipped.intercept, atol=0.01)


FLOORS = {"sentiment": ("sentiment_a", 0.62), "type": ("types_a", 0.90)}


def test_floors_on_the_open_halves_of_the_written_sets() -> None:
    for name, (file, floor) in FLOORS.items():
        read = rows(file)
        texts = [row["text"] for row in read]
        found = (cold_sentiment if name == "sentiment" else cold_types)(texts, encode(texts))
        truth = np.array([LABELS["sentiment" if name == "sentiment" else "type"].index(row[name]) for row in read])
        assert macro_f1(truth, found) >= floor


def test_nobody_is_said_to_leave_without_a_word_of_leaving() -> None:
    texts = [
        "where is my last money transaction",
        "换了新手机要重新绑卡",
        "I use it now and then",
        "分账功能绝了，再也不用算了",
        "Shouldn't my new card be here by now",
    ]
    found = cold_types(texts, encode(texts))
    assert not (found.argmax(axis=1) == TYPES.index("churn_threat")).any()
