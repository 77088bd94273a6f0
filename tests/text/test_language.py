import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.text.language import detect, detect_many, language_spans


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("物流很快，包装也好👍", "zh"),
        ("APP老是闪退", "zh"),
        ("優の良品很好吃", "zh"),
        ("这个app的UI很好看，但是经常崩溃", "zh"),
        ("The app crashes every time I open it", "en"),
        ("ｈｅｌｌｏ ｗｏｒｌｄ", "en"),
        ("Met him at a café in Paris and the app worked", "en"),
        ("微信 login fail", "zh"),
        ("有bug", "zh"),
        ("J'adore", "fr"),
        ("Nhân viên nhiệt tình", "vi"),
        ("please check 支付宝 payment page", "en"),
        ("质量不错，will definitely buy again", "mixed"),
        ("发货快，客服nice", "zh"),
        ("とても良いアプリです", "ja"),
        ("ｱﾌﾟﾘがすぐ落ちる", "ja"),
        ("앱이 자꾸 꺼져요", "ko"),
        ("Отличное приложение", "ru"),
        ("Цей застосунок не працює, їжа холодна", "other"),
        ("C'est très bien, merci beaucoup", "fr"),
        ("el producto no es muy bueno para la casa", "es"),
        ("To jest bardzo dobrze, dziękuję", "other"),
        ("Nice", "en"),
        ("", "other"),
        ("12345 !!! 😀", "other"),
    ],
)
def test_detect(text, code):
    assert detect(text) == code


@given(st.lists(st.text(max_size=30), max_size=8))
def test_many_at_once_answer_as_one_by_one(texts):
    assert detect_many(texts) == [detect(text) for text in texts]


def test_lone_surrogates_do_not_stop_a_file():
    assert detect_many(["很好\ud83d", "ok"]) == ["zh", "en"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The app is great. 但是送餐慢。Muy bueno, muchas gracias.",
            [("The app is great. ", "en"), ("但是送餐慢。", "zh"), ("Muy bueno, muchas gracias.", "es")],
        ),
        ("质量不错，will definitely buy again", [("质量不错，", "zh"), ("will definitely buy again", "en")]),
        ("用Excel打开是乱码", [("用Excel打开是乱码", "zh")]),
        ("please check 支付宝 payment page", [("please check 支付宝 payment page", "en")]),
    ],
)
def test_spans_change_where_the_language_does(text, expected):
    assert [(text[start:end], code) for start, end, code in language_spans(text)] == expected


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["送餐慢", " the app is slow", "。", ". ", "Excel", "とても良い", "muy bueno", "1", "\n"])).map("".join)
)
def test_spans_are_the_whole_text_and_neighbours_differ(text):
    spans = language_spans(text)
    assert "".join(text[start:end] for start, end, _ in spans) == text
    assert all(left[1] == right[0] and left[2] != right[2] for left, right in pairwise(spans))


@pytest.mark.parametrize(("half", "lowest"), [("a", 0.97), ("b", 0.95)])
def test_written_set(half, lowest):
    path = Path(__file__).parents[1] / "sets" / f"languages_{half}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    codes = detect_many([row["text"] for row in rows])
    share = sum(code == row["language"] for code, row in zip(codes, rows, strict=True)) / len(rows)
    assert share >= lowest, f"{share:.3f}"
