from collections import Counter

import pytest

from productloop.text.language import detect
from productloop.text.lexicon import polarity
from productloop.text.prototypes import prototypes

LABELS = {
    "sentiment": {"negative", "neutral", "positive"},
    "type": {"bug", "request", "praise", "question", "complaint", "churn_threat", "other"},
}


@pytest.mark.parametrize(("name", "each"), [("sentiment", 150), ("type", 66)])
def test_every_label_has_as_many_sentences_in_each_language(name, each):
    counts = Counter((row.label, row.language) for row in prototypes(name))
    assert counts == {(label, language): each for label in LABELS[name] for language in ("zh", "en")}


@pytest.mark.parametrize("name", LABELS)
def test_no_sentence_stands_twice(name):
    texts = [row.text for row in prototypes(name)]
    assert len(set(texts)) == len(texts)
    assert all(text == text.strip() and text for text in texts)


@pytest.mark.parametrize("name", LABELS)
def test_sentences_are_in_the_language_they_name(name):
    rows = [row for row in prototypes(name) if len(row.text) >= 12]
    wrong = [row.text for row in rows if detect(row.text) != row.language]
    assert len(wrong) <= 0.01 * len(rows), wrong


def test_an_unknown_set_is_an_error():
    with pytest.raises(KeyError):
        prototypes("weather")


def test_word_lists_agree_with_the_sentences():
    sign = {"positive": 1, "negative": -1}
    rows = [row for row in prototypes("sentiment") if row.label in sign]
    agree = sum((polarity(row.text) or 0) * sign[row.label] > 0 for row in rows)
    opposed = sum((polarity(row.text) or 0) * sign[row.label] < 0 for row in rows)
    assert agree > 0.6 * len(rows)
    assert opposed < 0.1 * len(rows)
