"""How each text feels: by the product's own model where one is live, else by its stars or labels, else by word lists; it is said which.

A text is negative below -1/3, positive above 1/3 on the scale from -1 to 1; between them it is neither, and no evidence is NaN.
Stars: 1-2 negative, 3 neither, 4-5 positive. A scale of 0-10 is read as a recommendation score (Reichheld 2003, Harvard Business
Review): 0-6 negative, 9-10 positive.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.text.lexicon import polarity
from productloop.text.sentiment import NEGATIVE, NEUTRAL, POSITIVE

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]
Source = Literal["model", "stars", "labels", "lexicon", "none"]

NEGATIVE_BELOW, POSITIVE_ABOVE = -1 / 3, 1 / 3
ABSTAIN_BELOW = 0.5
"""A point is called neither negative, neutral nor positive unless one of them has this chance."""
BY_STARS = ((0.75, 0.15, 0.10), (0.30, 0.45, 0.25), (0.12, 0.13, 0.75))
"""Chances that a point is negative, neutral, positive in a text of 1-2, 3 and 4-5 stars: a choice, since who gives five stars still wishes for things."""
_WORDS = {
    **dict.fromkeys(["neg", "negative", "bad", "unhappy", "complaint", "负", "负面", "负向", "消极", "差评", "不满意", "差"], -1.0),
    **dict.fromkeys(["pos", "positive", "good", "happy", "praise", "正", "正面", "正向", "积极", "好评", "满意", "好"], 1.0),
    **dict.fromkeys(["neutral", "neu", "中", "中性", "中立", "中评", "一般"], 0.0),
}
_AGREEING = 0.1
"""Labels 0 and 1 count as sentiment only if texts labelled 1 are at least this much more positive by the word lists: 1 may mean spam."""
_CHECKED_TEXTS = 400


def of_ratings(rating: Floats) -> Floats:
    """(n,) sentiment from -1 to 1 of ratings; all NaN where the scale is none that people use for liking."""
    known = rating[np.isfinite(rating)]
    if len(known) == 0 or known.min() < 0 or known.max() > 10:
        return np.full(len(rating), np.nan)
    if known.max() > 5:
        bounds = np.select([rating <= 6, rating < 9, rating >= 9], [-1.0, 0.0, 1.0], default=np.nan)
        return np.asarray(bounds, dtype=np.float64)
    if known.min() == known.max() == 1:
        return np.full(len(rating), np.nan)  # the worst of five stars, or the better half of yes and no: the words say which
    if known.max() <= 1:
        return np.asarray(2.0 * rating - 1.0, dtype=np.float64)
    return np.asarray((rating - 3.0) / 2.0, dtype=np.float64)


def of_labels(label: Strings, texts: list[str]) -> Floats:
    """(n,) sentiment of a label column; all NaN where its values are not about liking."""
    values = [None if value is None else str(value).strip().lower() for value in label]
    present = {value for value in values if value}
    found = np.full(len(values), np.nan)
    if not present:
        return found
    binary = present <= {"0", "1", "0.0", "1.0"}
    if not binary and not present <= set(_WORDS):
        return found
    for row, value in enumerate(values):
        if value:
            found[row] = 2.0 * float(value) - 1.0 if binary else _WORDS[value]
    return found if not binary or _agrees(found, texts) else np.full(len(values), np.nan)


def _agrees(found: Floats, texts: list[str]) -> bool:
    """Whether texts labelled 1 are more positive by the word lists than those labelled 0, on the first few hundred of each."""
    means = []
    for side in (-1.0, 1.0):
        rows = np.flatnonzero(found == side)[:_CHECKED_TEXTS]
        known = [value for row in rows if (value := polarity(texts[row])) is not None]
        if not known:
            return False
        means.append(float(np.mean(known)))
    return means[1] - means[0] >= _AGREEING


def of_points(cold: Floats, given: Floats, single: NDArray[np.bool_], model: Floats | None) -> tuple[Floats, Floats]:
    """(sentiment (p,) from -1 to 1, its certainty (p,)) of points in texts whose stars or labels say `given` (p,), NaN where nothing does.

    The chances by words (`cold` (p, 3), or by the product's own `model` (p,)) are multiplied with those by stars, as if both were independent witnesses.
    A point that is its whole text (`single`) feels as the text is said to. Where no class reaches ABSTAIN_BELOW, the sentiment is NaN.
    """
    chances = cold.copy()
    if model is not None:
        felt = 1.0 - chances[:, NEUTRAL]
        chances = np.column_stack([felt * (1.0 - model), chances[:, NEUTRAL], felt * model])
    known = np.isfinite(given)
    star = np.select([given[known] < NEGATIVE_BELOW, given[known] > POSITIVE_ABOVE], [0, 2], default=1)
    chances[known] *= np.array(BY_STARS)[star]
    chances /= chances.sum(axis=1, keepdims=True)
    sentiment = chances[:, POSITIVE] - chances[:, NEGATIVE]
    certainty = chances.max(axis=1)
    # a question that sounds a little cross is still a question: where neither side is likelier than none, it is neither
    neither = chances.argmax(axis=1) == NEUTRAL
    sentiment = np.where(neither, np.clip(sentiment, NEGATIVE_BELOW, POSITIVE_ABOVE), sentiment)
    sentiment = np.where(certainty < ABSTAIN_BELOW, np.nan, sentiment)
    told = known & single
    sentiment[told] = given[told]
    certainty[known] = np.maximum(certainty[known], chances[known, star])
    return sentiment, certainty


def of_texts(given: Floats, text: NDArray[np.int64], sentiment: Floats, certainty: Floats) -> tuple[Floats, dict[Source, int]]:
    """(sentiment (n,) of texts, how many owe it to their words): what is given, else the mean of their points by certainty."""
    sure = np.isfinite(sentiment)
    weight = np.bincount(text[sure], weights=certainty[sure], minlength=len(given))
    total = np.bincount(text[sure], weights=certainty[sure] * sentiment[sure], minlength=len(given))
    by_words = np.divide(total, weight, out=np.full(len(given), np.nan), where=weight > 0)
    open_rows = ~np.isfinite(given)
    return np.where(open_rows, by_words, given), {
        "lexicon": int((open_rows & np.isfinite(by_words)).sum()),
        "none": int((open_rows & ~np.isfinite(by_words)).sum()),
    }


def of_columns(texts: list[str], rating: Floats, label: Strings) -> tuple[Floats, dict[Source, int]]:
    """(sentiment (n,) that stars and labels say, NaN elsewhere, texts by which of them)."""
    stars = of_ratings(rating)
    labels = of_labels(label, texts)
    from_label = ~np.isfinite(stars) & np.isfinite(labels)
    return np.where(from_label, labels, stars), {"stars": int(np.isfinite(stars).sum()), "labels": int(from_label.sum())}
