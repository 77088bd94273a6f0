import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.duplicates import exact_groups, level, near_groups
from productloop.text.encoders import encode


def test_width_case_blanks_and_marks_do_not_make_a_difference():
    assert exact_groups(["很好！", "很 好", "ＡＢＣ", "abc.", "很好吃", "👍", "👎", ""]).tolist() == [0, 0, 1, 1, 2, 3, 4, 5]
    assert level("👍 👍") == "👍👍"


def test_near_duplicates_by_letters():
    texts = [
        "这个软件更新以后一直闪退，打开就闪退，请尽快修复谢谢",
        "界面很好看，用起来也顺手，推荐给大家",
        "这个软件更新以后一直闪退，打开就闪退，请尽快修复！谢谢啦",
        "完全不同的另外一条评论，说的是物流问题",
    ]
    assert near_groups(texts).tolist() == [0, 1, 0, 2]


def test_other_numbers_or_another_negation_are_another_report():
    texts = ["The app crashes in version 1.2 on my phone", "The app crashes in version 1.3 on my phone", "鱼香肉丝好吃", "鱼香肉丝的不好吃"]
    assert near_groups(texts, encode(texts), similar_vectors=0.8).tolist() == [0, 1, 2, 3]


def test_near_duplicates_by_meaning():
    vectors = np.array([[1, 0], [0, 1], [0.99, 0.141], [0, 1]], dtype=np.float32)
    assert near_groups(["a", "b", "c", "d"], vectors).tolist() == [0, 1, 0, 1]


def test_nothing_and_one():
    assert near_groups([]).tolist() == []
    assert near_groups(["x"]).tolist() == [0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="退款到账慢refund 12不", max_size=30), max_size=12))
def test_groups_are_numbered_by_first_appearance_and_hold_exact_ones_together(texts):
    groups, exact = near_groups(texts), exact_groups(texts)
    seen = list(dict.fromkeys(groups.tolist()))
    assert seen == list(range(len(seen)))
    for number in set(exact.tolist()):
        assert len(set(groups[exact == number].tolist())) == 1
