import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.text.points import Point, split_many, split_points


def pieces(text):
    return [text[point.start : point.end] for point in split_points(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("好吃但是送餐慢", ["好吃", "送餐慢"]),
        (
            "The app is great but it keeps crashing and support never answers",
            ["The app is great", "it keeps crashing", "support never answers"],
        ),
        ("虽然好吃，但是送餐慢", ["好吃", "送餐慢"]),
        ("味道不错，送餐很快，就是有点贵", ["味道不错", "送餐很快", "有点贵"]),
        ("Although the app is nice, it crashes a lot.", ["the app is nice", "it crashes a lot"]),
        ("好吃不過送餐慢", ["好吃", "送餐慢"]),
        ("雖然貴，服務卻很差", ["貴", "服務卻很差"]),
        ("好吃😋送餐慢😡", ["好吃", "送餐慢"]),
        ("界面好看而且很流畅", ["界面好看", "很流畅"]),
        ("When I click pay, it crashes, and support ignores me", ["When I click pay, it crashes", "support ignores me"]),
        (
            "The food was great, delivery took two hours, and the driver was rude.",
            ["The food was great", "delivery took two hours", "the driver was rude"],
        ),
        ("Setup was easy. However, the manual is in Chinese only.", ["Setup was easy", "the manual is in Chinese only"]),
        ("The pen skips, the cap cracked, ink smears", ["The pen skips", "the cap cracked", "ink smears"]),
        ("Great sound, lousy mic", ["Great sound", "lousy mic"]),
        ("Ads are annoying, plus they cover the button", ["Ads are annoying", "they cover the button"]),
        ("Dark mode broken • Widgets missing", ["Dark mode broken", "Widgets missing"]),
        ("Slow. Buggy.", ["Slow", "Buggy"]),
        ("The price doubled. I'm out.", ["The price doubled", "I'm out"]),
    ],
)
def test_contrasts_and_clauses_that_judge_part(text, expected):
    assert pieces(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "因为下雨，所以晚到了",
        "I opened the app, tapped pay, and nothing happened",
        "如果不登录，就看不到价格",
        "更新到v2.1.3后，打开就闪退",
        "It is slow, buggy and ugly",
        "I love it and use it daily",
        "I love ❤️ this app",
        "这就是我要的",
        "等了一个小时。太慢了",
        "It crashes on launch. It never works",
        "The app and the website are slow",
        "The guy who delivered my parcel was rude",
        "I called three times and nobody answered",
        "Great to play music, turn on lights",
        "App crashes all the time. Terrible",
    ],
)
def test_stories_conditions_and_lists_of_adjectives_stay_whole(text):
    assert pieces(text) == [text]


def test_bullets_numbers_and_labels_part():
    assert pieces("- dark mode please\n- export to CSV\n* fix crash。2、加个搜索") == [
        "dark mode please",
        "export to CSV",
        "fix crash",
        "加个搜索",
    ]
    assert pieces("1、好吃 2、送餐慢 3、价格贵") == ["好吃", "送餐慢", "价格贵"]
    assert pieces("优点：便宜 缺点：质量差") == ["便宜", "质量差"]
    assert pieces("Pros: cheap. Cons: slow") == ["cheap", "slow"]


def test_greetings_and_thanks_are_points_only_where_nothing_else_is_said():
    assert pieces("你好，我的订单一直没到，客服也不回复，谢谢") == ["我的订单一直没到", "客服也不回复"]
    assert pieces("Hi team, the export is broken. Thanks!") == ["the export is broken"]
    assert pieces("谢谢！") == ["谢谢"]
    assert pieces("Hello") == ["Hello"]


def test_nothing_said_is_no_point():
    assert split_many(["", " \n", "!!!", "👍👍", "12345"]) == [()] * 5


def test_each_point_has_its_own_language():
    assert split_points("送餐慢。The app is great!") == (Point(0, 3, "zh"), Point(4, 20, "en"))


LETTER = re.compile(r"[^\W\d_]")
ALPHABET = st.sampled_from(
    [*"好吃慢，。但 而且a\n1、.,!😀（)", " but ", " and ", "the app is ", "crashes", "不过", "就是", "你好", "thanks", "2、"]
)


@given(st.lists(ALPHABET, max_size=25).map("".join) | st.text(max_size=60))
def test_points_are_ordered_trimmed_and_never_overlap(text):
    points = split_points(text)
    assert bool(points) == (LETTER.search(text) is not None)
    end = 0
    for point in points:
        assert end <= point.start < point.end <= len(text)
        piece = text[point.start : point.end]
        assert piece == piece.strip()
        assert LETTER.search(piece)
        end = point.end


@given(st.lists(st.lists(ALPHABET, max_size=8).map("".join), max_size=6))
def test_many_at_once_answer_as_one_by_one(texts):
    assert split_many(texts) == [split_points(text) for text in texts]


SETS = Path(__file__).parents[1] / "sets"


def agreement(rows):
    """(boundary F1, share of texts with the right number of points); a cut is right where it meets the gap between two true points."""
    hits = num_found = num_true = num_exact = 0
    for row, found in zip(rows, split_many([row["text"] for row in rows]), strict=True):
        true = row["points"]
        gaps = [(left[1], right[0]) for left, right in pairwise(true)]
        cuts = [(left.end, right.start) for left, right in pairwise(found)]
        num_true, num_found, num_exact = num_true + len(gaps), num_found + len(cuts), num_exact + (len(true) == len(found))
        for start, end in cuts:
            met = next((gap for gap in gaps if start <= gap[1] and gap[0] <= end), None)
            if met is not None:
                gaps.remove(met)
                hits += 1
    return 2 * hits / (num_found + num_true), num_exact / len(rows)


@pytest.mark.parametrize(("half", "lowest_f1", "lowest_exact"), [("a", 0.92, 0.88), ("b", 0.75, 0.60)])
def test_written_set(half, lowest_f1, lowest_exact):
    rows = [json.loads(line) for line in (SETS / f"points_{half}.jsonl").read_text(encoding="utf-8").splitlines()]
    f1, exact = agreement(rows)
    assert f1 >= lowest_f1, f"F1 {f1:.3f}"
    assert exact >= lowest_exact, f"exact {exact:.3f}"
