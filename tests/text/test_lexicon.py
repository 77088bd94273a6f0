import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from productloop.text.lexicon import polarity


@pytest.mark.parametrize(
    "text",
    [
        "好吃",
        "没问题",
        "味道不错，送得很快",
        "虽然贵，但是质量很好",
        "Love it, works great",
        "no problems so far",
        "not bad at all",
        "👍👍",
        "没有不好",
    ],
)
def test_praise(text):
    assert polarity(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "不好吃",
        "不太好吃",
        "闪退",
        "味道不错，但是送餐太慢",
        "客服态度不好",
        "The app crashes every time",
        "not great",
        "Terrible support, never again",
        "😡",
    ],
)
def test_blame(text):
    assert polarity(text) < 0


@pytest.mark.parametrize("text", ["", "今天星期三", "I opened it on Wednesday", "123"])
def test_no_evidence_is_not_neutral(text):
    assert polarity(text) is None


def test_intensity_counts():
    assert polarity("非常好吃") > polarity("好吃") > polarity("有点好吃") > 0
    assert polarity("very slow") < polarity("slow") < polarity("slightly slow") < 0


@given(st.text(max_size=60))
def test_polarity_stays_within_its_scale(text):
    value = polarity(text)
    assert value is None or -1.0 <= value <= 1.0


@pytest.mark.shared
def test_real_reviews_are_told_apart_without_a_label(shared_data):
    with shared_data("waimai_10k/waimai_10k.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))[::6]
    assert roc_auc_score([int(row["label"]) for row in rows], [polarity(row["review"]) or 0.0 for row in rows]) > 0.8
