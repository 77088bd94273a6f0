import json

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from productloop.foundation.errors import DataProblem, UsageError
from productloop.text import wording
from productloop.text.encoders import encode, normalise_rows
from productloop.text.topics import Sources, _companions, _list_size, find_topics, num_neighbours, place

THEMES = ["退款 到账", "闪退 崩溃", "夜间 模式", "export pdf", "login password"]


def made_up(num_texts, seed=0, dimension=32, noise=0.08):
    """Texts of five themes with vectors around five directions."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.normal(size=(dimension, len(THEMES))))[0].T
    truth = random.integers(0, len(THEMES), num_texts)
    vectors = centres[truth] + noise * random.normal(size=(num_texts, dimension))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"{THEMES[theme]} {row}" for row, theme in enumerate(truth)]
    return texts, vectors.astype(np.float32), [f"{row:05d}" for row in range(num_texts)], truth


def test_themes_are_found_named_and_shown():
    texts, vectors, ids, truth = made_up(400)
    topics = find_topics(texts, vectors, ids, granularity=0.0)
    assert adjusted_rand_score(truth, topics.labels) > 0.95
    assert topics.sizes.sum() == 400
    assert list(topics.sizes) == sorted(topics.sizes, reverse=True)
    assert set(topics.labels.tolist()) == set(range(topics.num_topics))
    for topic, name in enumerate(topics.names):
        theme = THEMES[truth[topics.labels == topic][0]]
        assert name.zh.split("、")[0].split()[0] in theme.replace(" ", "") or name.en.split()[0].strip(",") in theme
        assert all(topics.labels[row] == topic for row in topics.representatives[topic])
        assert len(set(topics.representatives[topic])) == 5
    assert (topics.stability > 0.8).all()
    assert ((topics.cohesion > 0.5) & (topics.cohesion <= 1.0)).all()


def test_the_order_of_the_rows_does_not_matter():
    texts, vectors, ids, _ = made_up(300, noise=0.25)
    first = find_topics(texts, vectors, ids)
    shuffled = np.random.default_rng(5).permutation(300)
    again = find_topics([texts[row] for row in shuffled], vectors[shuffled], [ids[row] for row in shuffled])
    assert np.array_equal(again.labels, first.labels[shuffled])
    assert again.names == first.names
    assert np.array_equal(again.centroids, first.centroids)
    assert np.array_equal(again.stability, first.stability)


def test_the_dial_goes_from_coarse_to_fine():
    texts, vectors, ids, _ = made_up(600, noise=0.3)
    numbers = [find_topics(texts, vectors, ids, granularity=dial).num_topics for dial in (0.0, 0.5, 1.0)]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[2]
    with pytest.raises(UsageError):
        find_topics(texts, vectors, ids, granularity=1.5)


def test_new_texts_are_placed_where_their_like_are():
    texts, vectors, ids, _ = made_up(400)
    topics = find_topics(texts, vectors, ids, granularity=0.0)
    assert np.array_equal(place(vectors, topics), topics.labels)
    assert place(vectors[:0], topics).shape == (0,)
    with pytest.raises(DataProblem):
        place(vectors[:, :5], topics)


def test_a_slogan_posted_often_is_one_voice_in_the_graph():
    texts, vectors, ids, truth = made_up(300)
    slogan = np.repeat(vectors[:1], 200, axis=0)
    ids_more = ids + [f"z{row}" for row in range(200)]
    topics = find_topics(texts + [texts[0]] * 200, np.vstack([vectors, slogan]), ids_more, granularity=0.0)
    assert adjusted_rand_score(truth, topics.labels[:300]) > 0.95
    assert set(topics.labels[300:]) == {topics.labels[0]}
    assert topics.sizes.sum() == 500


@pytest.mark.parametrize("num_texts", [1, 2, 3, 5, 12, 30])
def test_few_texts_work(num_texts):
    texts, vectors, ids, _ = made_up(num_texts)
    topics = find_topics(texts, vectors, ids)
    assert topics.labels.shape == (num_texts,)
    assert topics.sizes.sum() == num_texts
    assert topics.num_topics == len(topics.representatives) == len(topics.stability) == len(topics.varied)
    assert ((topics.stability >= 0) & (topics.stability <= 1)).all()


def test_no_texts():
    topics = find_topics([], np.zeros((0, 7), dtype=np.float32), [])
    assert topics.num_topics == 0
    with pytest.raises(DataProblem):
        place(np.ones((1, 7), dtype=np.float32), topics)
    with pytest.raises(DataProblem):
        find_topics(["a"], np.zeros((2, 7), dtype=np.float32), ["1"])


def test_equal_texts_are_one_topic():
    texts = ["退款一直没到账"] * 40
    topics = find_topics(texts, encode(texts), [str(row) for row in range(40)])
    assert topics.num_topics == 1
    assert not topics.varied[0]
    assert "退款" in topics.names[0].zh
    assert topics.representatives[0] == (0,)


def test_five_texts_without_a_theme_say_so():
    texts = ["退款没到账", "The chart is pretty", "快递太慢", "I lost my password", "字体太小"]
    topics = find_topics(texts, encode(texts), list("abcde"))
    assert topics.num_topics == 1
    assert topics.varied[0]
    assert topics.names[0].zh == wording.VARIED.zh


def test_size_rule():
    assert [num_neighbours(n) for n in (2, 9, 50, 100, 1000, 3080, 10000)] == [2, 3, 7, 10, 15, 17, 30]


def test_lists_of_large_sets_are_longer_the_more_directions_vectors_use():
    random = np.random.default_rng(0)
    few, some, many = (np.repeat(normalise_rows(random.standard_normal((1000, d), dtype=np.float32)), 5, axis=0) for d in (4, 30, 99))
    one, mate = np.zeros(5000, dtype=np.int64), (np.arange(5000) // 5 * 5)[:, None]
    assert [_list_size(points, mate, one) for points in (few, some, many)] == [21, 28, 42]
    assert _list_size(some, mate[::-1], one) == 21  # what is near is unlike
    assert _list_size(some[:4995], mate[:4995], one[:4995]) == 21
    assert _list_size(some, mate, np.arange(5000) % 2) == 42  # two languages: twice as many, whatever the vectors


@pytest.mark.shared
def test_topics_of_real_chinese_utterances_follow_their_domains(shared_data):
    rows = json.loads(shared_data("smp2019_ecdt/train.json").read_text(encoding="utf-8"))[::3]
    texts = [row["text"] for row in rows]
    topics = find_topics(texts, encode(texts), [f"{row:05d}" for row in range(len(texts))])
    assert 15 <= topics.num_topics <= 60
    assert adjusted_rand_score([row["domain"] for row in rows], topics.labels) > 0.3


def test_more_texts_than_are_fitted_follow_their_neighbours(monkeypatch):
    monkeypatch.setattr("productloop.text.topics.MAX_FITTED", 200)
    texts, vectors, ids, truth = made_up(700)
    topics = find_topics(texts, vectors, ids, granularity=0.0)
    assert adjusted_rand_score(truth, topics.labels) > 0.95
    shuffled = np.random.default_rng(1).permutation(700)
    again = find_topics([texts[row] for row in shuffled], vectors[shuffled], [ids[row] for row in shuffled], granularity=0.0)
    assert np.array_equal(again.labels, topics.labels[shuffled])


def test_the_same_seed_gives_the_same_topics():
    texts, vectors, ids, _ = made_up(200, noise=0.3)
    first, again = find_topics(texts, vectors, ids), find_topics(texts, vectors, ids)
    assert np.array_equal(first.labels, again.labels)
    assert np.array_equal(first.stability, again.stability)


def test_three_nested_levels():
    texts, vectors, ids, _ = made_up(600, noise=0.3)
    topics = find_topics(texts, vectors, ids, granularity=1.0)
    assert topics.parents.shape == (topics.num_topics, 2)
    num_middle, num_coarse = (len(set(level)) for level in topics.parents.T.tolist())
    assert topics.num_topics > num_middle > num_coarse >= 2
    for middle in set(topics.parents[:, 0].tolist()):
        assert len(set(topics.parents[topics.parents[:, 0] == middle, 1].tolist())) == 1


def test_points_of_one_message_are_companions():
    # rows 0 and 1 are one message, rows 2, 3 and 4 another; rows 1 and 4 say the same, point 1
    found = _companions(np.array([0, 1, 2, 3, 1]), [7, 7, 3, 3, 3]).toarray()
    assert found.tolist() == [[0, 1, 0, 0], [1, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]]
    assert _companions(np.array([0, 1, 0]), None).nnz == 0


def test_messages_of_one_text_each_change_nothing():
    texts, vectors, ids, _ = made_up(120)
    alone = find_topics(texts, vectors, ids, 0.0, sources=Sources(["zh"] * 120))
    again = find_topics(texts, vectors, ids, 0.0, sources=Sources(["zh"] * 120, list(range(120))))
    assert np.array_equal(alone.labels, again.labels)


def bilingual(num_each, join, seed=0, dimension=32):
    """Chinese and English texts of four themes each; the same four where `join`, each language in its own corner of the space."""
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.normal(size=(dimension, 10)))[0].T
    truth = np.tile(np.arange(4), num_each // 4)
    zh = axes[truth] + axes[8] + 0.08 * random.normal(size=(num_each, dimension))
    en = axes[truth + (0 if join else 4)] + axes[9] + 0.08 * random.normal(size=(num_each, dimension))
    vectors = normalise_rows(np.vstack([zh, en]).astype(np.float32))
    texts = ["退款 到账 一", "夜间 模式 二", "快递 很慢 三", "密码 忘记 四"], ["alpha beta", "gamma delta", "omega sigma", "kappa theta"]
    written = [texts[0][theme] for theme in truth] + [texts[1][theme] for theme in truth]
    labels = np.concatenate([truth, truth + (0 if join else 4)])
    return written, vectors, [f"{row:05d}" for row in range(2 * num_each)], labels


def test_one_need_in_two_languages_is_one_topic():
    texts, vectors, ids, truth = bilingual(200, join=True)
    topics = find_topics(texts, vectors, ids, granularity=0.0)
    assert adjusted_rand_score(truth, topics.labels) > 0.95
    assert any("退款" in name.zh and "alpha" in name.en for name in topics.names)
    languages = ["zh"] * 200 + ["en"] * 200
    assert np.array_equal(place(vectors, topics, languages), topics.labels)
    assert set(topics.centres) == {"zh", "en"}


def test_needs_of_one_language_stay_by_themselves():
    texts, vectors, ids, truth = bilingual(200, join=False)
    topics = find_topics(texts, vectors, ids, granularity=0.0)
    zh, en = topics.labels[:200], topics.labels[200:]
    assert not set(zh.tolist()) & set(en.tolist())
    assert adjusted_rand_score(truth, topics.labels) > 0.9


def test_topics_of_one_name_are_one_unless_a_finer_look_is_asked_for():
    """Thirty reports in four sets of words: each is one topic, and no two topics have one name."""
    said = ["App crashes on start", "Cannot log in since update", "Refund never came", "too many ads"]
    texts = [f"{said[row % 4]} {row // 4}" for row in range(32)]
    topics = find_topics(texts, encode(texts), [f"{row:03d}" for row in range(32)])
    assert adjusted_rand_score([row % 4 for row in range(32)], topics.labels) == 1.0
    assert not topics.varied.any()
    texts, vectors, ids, _ = made_up(600, noise=0.3)
    names = [(name.zh, name.en) for name in find_topics(texts, vectors, ids).names]
    assert len(set(names)) == len(names)
    assert find_topics(texts, vectors, ids, granularity=1.0).num_topics > len(names)
