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

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]
Source = Literal["model", "stars", "labels", "lexicon", "none"]

NEGATIVE_BELOW, POSITIVE_ABOVE = -1 / 3, 1 / 3
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


def of_words(texts: list[str]) -> Floats:
    """(n,) sentiment by word lists; NaN where a text gives no evidence."""
    found = [polarity(text) for text in texts]
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def read_sentiment(texts: list[str], rating: Floats, label: Strings, model: Floats | None) -> tuple[Floats, dict[Source, int]]:
    """(sentiment (n,), texts by where it comes from). `model` (n,) is the chance of "positive" by the live release, or None."""
    given = of_ratings(rating)
    labels = of_labels(label, texts)
    counts: dict[Source, int] = {"stars": int(np.isfinite(given).sum())}
    from_label = ~np.isfinite(given) & np.isfinite(labels)
    counts["labels"] = int(from_label.sum())
    sentiment = np.where(from_label, labels, given)
    open_rows = np.flatnonzero(~np.isfinite(sentiment))
    if model is not None:
        sentiment[open_rows] = 2.0 * model[open_rows] - 1.0
        counts["model"] = len(open_rows)
    else:
        sentiment[open_rows] = of_words([texts[row] for row in open_rows])
        counts["lexicon"] = int(np.isfinite(sentiment[open_rows]).sum())
    counts["none"] = int((~np.isfinite(sentiment)).sum())
    return sentiment, {source: count for source, count in counts.items() if count}
