import json
from pathlib import Path

import numpy as np
import pytest

from productloop.foundation.errors import DataProblem
from productloop.text.alignment import align
from productloop.text.encoders import encode
from productloop.text.language import detect_many
from productloop.text.search import SearchIndex, search_words

SETS = Path(__file__).parents[1] / "sets"


def read(name):
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def aligned(texts):
    """Vectors as the application uses them: in the space that both languages share."""
    return align(encode(texts), ["en" if language == "en" else "zh" for language in detect_many(texts)])


def measure(half):
    """{part: (recall@10, nDCG@10)} over all texts, those in the question's language, and the others."""
    texts, questions = read("search_texts"), read(f"search_{half}")
    index = SearchIndex([row["text"] for row in texts], aligned([row["text"] for row in texts]))
    language = {row["id"]: row["language"] for row in texts}
    sums = {"all": [], "same": [], "cross": []}
    for row, vector in zip(questions, aligned([row["query"] for row in questions]), strict=True):
        ranked = [texts[place]["id"] for place, _ in index.search(row["query"], vector, len(texts))]
        for part, values in sums.items():
            kept = {found for found in language if part == "all" or (language[found] == row["language"]) == (part == "same")}
            relevant, first = kept & set(row["relevant"]), [found for found in ranked if found in kept][:10]
            gain = sum(1 / np.log2(place + 2) for place, found in enumerate(first) if found in relevant)
            best = sum(1 / np.log2(place + 2) for place in range(min(len(relevant), 10)))
            values.append((len(relevant & set(first)) / min(len(relevant), 10), gain / best))
    return {part: tuple(np.mean(values, axis=0)) for part, values in sums.items()}


@pytest.mark.parametrize(("half", "lowest_recall", "lowest_across"), [("a", 0.30, 0.44), ("b", 0.26, 0.40)])
def test_written_set(half, lowest_recall, lowest_across):
    found = measure(half)
    assert found["all"][0] >= lowest_recall, found
    assert found["cross"][0] >= lowest_across, found


TEXTS = [
    "错误码 E1024 登录不上",
    "物流很快，包装也好",
    "The courier was late",
    "The refund never arrived",
    "退款一直没有到账",
    "這個軟體登錄失敗",
]


@pytest.fixture(scope="module")
def index():
    return SearchIndex(TEXTS, encode(TEXTS))


def ask(index, query, num=10):
    return [row for row, _ in index.search(query, encode([query])[0], num)]


def test_names_and_codes_are_found_by_their_words(index):
    assert ask(index, "E1024", 1) == [0]
    assert ask(index, "登录失败", 2) in ([5, 0], [0, 5])


def test_the_other_language_is_found(index):
    assert set(ask(index, "refund not received", 2)) == {3, 4}
    assert set(ask(index, "退款没到", 2)) == {3, 4}


def test_scores_fall_and_the_answer_is_the_same_each_time(index):
    vector = encode(["late delivery"])[0]
    found = index.search("late delivery", vector, 6)
    assert found == index.search("late delivery", vector, 6)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert found[:2] == index.search("late delivery", vector, 2)


def test_nothing_and_what_does_not_fit(index):
    empty = SearchIndex([], np.zeros((0, 4), dtype=np.float32))
    assert len(empty) == 0
    assert empty.search("x", np.zeros(4, dtype=np.float32), 3) == []
    assert index.search("x", encode(["x"])[0], 0) == []
    assert isinstance(index.search("", np.zeros_like(encode(["x"])[0]), 3), list)
    with pytest.raises(DataProblem):
        SearchIndex(["a"], np.zeros((2, 4), dtype=np.float32))
    with pytest.raises(DataProblem):
        index.search("a", np.zeros(3, dtype=np.float32), 3)


def test_words_are_stems_and_pairs():
    assert search_words("the cards 人脸识别") == ["card", "人脸识别", "人脸", "脸识", "识别"]
