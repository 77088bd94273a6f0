import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text import duplicates
from productloop.text.duplicates import DAY_US, exact_groups, find_bombs, level, near_groups, weigh
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


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="退款到账慢refund 12不", min_size=8, max_size=30), min_size=2, max_size=8))
def test_a_pair_that_is_joined_by_letters_shares_them(texts):
    """The true similarity decides: each group of two near texts has .8 of their runs of three letters in common."""
    groups = near_groups(texts)
    for first, one in enumerate(texts):
        for second in range(first):
            if groups[first] == groups[second] and (groups == groups[first]).sum() == 2 and level(one) != level(texts[second]):
                runs = [{text[at : at + 3] for at in range(len(text) - 2)} for text in (level(one), level(texts[second]))]
                assert len(runs[0] & runs[1]) >= 0.8 * len(runs[0] | runs[1])


def test_signatures_do_not_depend_on_the_texts_beside_them(monkeypatch):
    texts = [f"第{row}条评论说的是物流太慢了没人管 shipping {row % 7}" for row in range(60)] + [
        "退款三天没到账请尽快处理谢谢",
        "退款三天没到账请尽快处理！谢谢啊",
    ]
    together = near_groups(texts)
    assert together[60] == together[61]
    monkeypatch.setattr(duplicates, "_BLOCK_SHINGLES", 7)
    assert near_groups(texts).tolist() == together.tolist()
    assert near_groups(texts[60:]).tolist() == [0, 0]


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


LONG = "这个版本太离谱了大家一起去打一星让他们看看"


def integers(*values):
    return np.array(values, dtype=np.int64)


def test_copies_weigh_one_together_and_short_words_are_each_persons_own():
    texts = [LONG, LONG, LONG, LONG, "很好", "很好", "很好", "别的"]
    time = integers(1, 2, 3, 30, 1, 2, 3, 4) * DAY_US
    weights = weigh(texts, exact_groups(texts), time, integers(1, 2, 3, 4, 1, 2, 2, 5))
    assert weights == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1, 0.5, 0.5, 1])


def test_unknown_authors_are_different_people():
    texts = [LONG, LONG, "很好", "很好"]
    assert weigh(texts, exact_groups(texts), integers(0, 0, 0, 0), integers(-1, -1, -1, -1)) == pytest.approx([0.5, 0.5, 1, 1])
    assert weigh([], integers(), integers(), integers()).tolist() == []


ROWS = st.lists(
    st.tuples(
        st.sampled_from([LONG, "很好", "the app is so bad that nobody should ever pay for it"]), st.integers(0, 40), st.integers(-1, 3)
    ),
    max_size=25,
)


@given(ROWS)
def test_weights_never_exceed_what_was_said(rows):
    texts, days, authors = [row[0] for row in rows], integers(*(row[1] for row in rows)), integers(*(row[2] for row in rows))
    groups = exact_groups(texts)
    weights = weigh(texts, groups, days * DAY_US, authors)
    assert ((weights > 0) & (weights <= 1 + 1e-12)).all()
    for author in set(authors.tolist()) - {-1}:
        for group in set(groups.tolist()):
            assert weights[(authors == author) & (groups == group)].sum() <= 1 + 1e-9


def series(random, num_days, daily_low, daily_high, planted=()):
    days = np.arange(num_days)
    low, high = random.poisson(daily_low, num_days), random.poisson(daily_high, num_days)
    for day, extra in planted:
        low[day] += extra
    time = np.concatenate([np.repeat(days, low), np.repeat(days, high)]) * DAY_US + 1000 * DAY_US
    rating = np.concatenate([np.full(low.sum(), 1.0), np.full(high.sum(), 5.0)])
    return time.astype(np.int64), rating, np.arange(len(time), dtype=np.int64)


def test_a_planted_bomb_is_found_with_its_days():
    time, rating, author = series(np.random.default_rng(0), 90, 2.0, 8.0, planted=[(60, 30), (61, 25)])
    (bomb,) = find_bombs(time, rating, author, author)
    assert (bomb.start, bomb.end) == (1060 * DAY_US, 1062 * DAY_US)
    assert bomb.num_texts >= 55
    assert bomb.num_expected < 12
    assert bomb.share_negative > 0.6
    assert bomb.num_new_authors == bomb.num_texts


def test_without_a_bomb_there_is_almost_no_alarm():
    alarms = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        time, rating, author = series(random, 120, random.gamma(2.0, 1.0, 120), 8.0)
        alarms += len(find_bombs(time, rating, author, author))
    assert alarms <= 2


def test_a_launch_and_one_angry_person_are_no_bombs():
    random = np.random.default_rng(3)
    growth = np.where(np.arange(90) >= 60, 8.0, 1.0)
    time, rating, author = series(random, 90, 2.0 * growth, 8.0 * growth)
    assert find_bombs(time, rating, author, author) == []
    time, rating, author = series(random, 60, 1.0, 5.0)
    angry = np.full(40, 50 * DAY_US + 1000 * DAY_US)
    who = np.append(author, np.full(40, 10_000))
    assert find_bombs(np.append(time, angry), np.append(rating, np.full(40, 1.0)), who, np.append(author, np.full(40, 7))) == []


def test_unknown_times_ratings_and_authors():
    nothing = np.zeros(3, dtype=np.int64)
    assert find_bombs(nothing, np.array([1.0, np.nan, 2.0]), nothing - 1, nothing) == []
    assert find_bombs(nothing[:0], np.array([]), nothing[:0], nothing[:0]) == []
    time, rating, author = series(np.random.default_rng(1), 60, 1.0, 4.0, planted=[(40, 30)])
    (bomb,) = find_bombs(time, rating, np.full(len(author), -1), author)
    assert bomb.num_new_authors is None
