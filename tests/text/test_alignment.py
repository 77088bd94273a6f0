"""The map that brings both languages together: what ships is what was learned from the written pairs, and it does what it is for."""

import csv
import io
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text import alignment
from productloop.text.alignment import align, fit_alignment, parallel_sentences, teaching_digest, teaching_pairs
from productloop.text.encoders import DEFAULT_ENCODER, encode

PAIRS = [
    ("我的包裹三天了还没到", "my parcel still has not arrived after three days"),
    ("扣了两次款", "I was charged twice"),
    ("一打开就闪退", "it crashes as soon as I open it"),
    ("希望能导出成表格", "please let me export to a spreadsheet"),
    ("客服态度很差", "the support staff were rude"),
    ("界面简洁好上手", "clean interface and easy to learn"),
    ("电池半天就没电", "the battery is flat after half a day"),
    ("房间隔音太差，一晚没睡", "thin walls, I did not sleep all night"),
]


def own_share(left, right):
    return float((np.argmax(left @ right.T, axis=1) == np.arange(len(left))).mean())


def test_the_shipped_map_was_learned_from_the_present_words():
    content = np.load(io.BytesIO(files("productloop.text").joinpath(alignment.ALIGNMENT_FILE).read_bytes()), allow_pickle=False)
    assert str(content["digest"]) == teaching_digest(), "make it again: python benchmarks/alignment.py build"


def test_the_same_said_in_two_languages_comes_together():
    zh, en = encode([a for a, _ in PAIRS]), encode([b for _, b in PAIRS])
    left, right = align(zh, ["zh"] * len(zh)), align(en, ["en"] * len(en))
    before, after = np.einsum("ij,ij->i", zh, en).mean(), np.einsum("ij,ij->i", left, right).mean()
    assert own_share(left, right) >= 0.85
    apart = (left @ right.T)[~np.eye(len(PAIRS), dtype=bool)]
    assert after - apart.mean() > before - (zh @ en.T)[~np.eye(len(PAIRS), dtype=bool)].mean()


@given(st.lists(st.sampled_from(["zh", "mixed", "en", "other"]), max_size=6))
@settings(max_examples=20, deadline=None)
def test_lengths_are_one_and_nothing_depends_on_the_neighbours(languages):
    vectors = np.random.default_rng(len(languages)).normal(size=(len(languages), DEFAULT_ENCODER.dimension)).astype(np.float32)
    found = align(vectors, languages)
    assert found.shape == (len(languages), alignment.NUM_DIRECTIONS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    for row, language in enumerate(languages):
        assert np.allclose(align(vectors[row : row + 1], [language]), found[row : row + 1], atol=1e-6)


def test_texts_without_a_vector_and_other_encoders_stay_as_they_are():
    nothing = np.zeros((2, DEFAULT_ENCODER.dimension), dtype=np.float32)
    assert not align(nothing, ["zh", "en"]).any()
    other = np.ones((2, 7), dtype=np.float32)
    assert align(other, ["zh", "en"], "another") is other


def test_a_planted_common_part_is_found_and_the_rest_is_left_out(monkeypatch):
    """Two languages share 5 directions of 40, turned differently in each; noise in the others is as strong."""
    monkeypatch.setattr(alignment, "NUM_DIRECTIONS", 5)
    random = np.random.default_rng(3)
    meaning = random.normal(size=(800, 5))
    sides = [
        (meaning @ random.normal(size=(5, 40)) + 2.0 * random.normal(size=(800, 40)) @ np.diag(np.r_[np.zeros(20), np.ones(20)])).astype(
            np.float32
        )
        for _ in range(2)
    ]
    made = fit_alignment(sides[0][:600], sides[1][:600], np.ones(600))
    unit = [
        (side[600:] - mean) @ turn
        for side, mean, turn in zip(sides, (made.chinese_mean, made.english_mean), (made.chinese, made.english), strict=True)
    ]
    unit = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in unit]
    raw = [side[600:] / np.linalg.norm(side[600:], axis=1, keepdims=True) for side in sides]
    assert own_share(*unit) > 0.5 > 0.05 > own_share(*raw)


def test_the_written_pairs_are_whole_and_different():
    rows = parallel_sentences()
    assert all(set(row) == {"matter", "zh", "en"} and all(row.values()) for row in rows)
    assert len({row["zh"] for row in rows}) == len({row["en"] for row in rows}) == len(rows)
    zh, en, weights = teaching_pairs()
    assert len(zh) == len(en) == len(weights) > 5_000
    raw = files("productloop.text").joinpath("parallel.csv").read_text(encoding="utf-8")
    assert next(iter(csv.reader(raw.splitlines()))) == ["matter", "zh", "en"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_language_keeps_its_own_neighbours(language):
    """What is alike within a language stays alike: the map must not buy one side with the other."""
    texts = {
        "zh": ["退款一直没到账", "钱还没退给我", "字体太小看不清", "希望字再大一点"],
        "en": ["my refund has not come", "still waiting for the money back", "the font is too small", "please make the text larger"],
    }[language]
    found = align(encode(texts), [language] * 4)
    likeness = found @ found.T
    assert min(likeness[0, 1], likeness[2, 3]) > max(likeness[0, 2], likeness[0, 3], likeness[1, 2], likeness[1, 3])
