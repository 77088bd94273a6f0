"""How a sentence feels before the product has labelled a single one: chances of negative, neutral and positive.

The evidence of the word lists (`lexicon.polarity`) goes through a logistic curve for each class.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.text.lexicon import polarity

Floats = NDArray[np.float64]

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
STEEPNESS = 3.0
NO_EVIDENCE = (0.3, 0.45, 0.25)
"""Chances of a text without a word of feeling."""


def cold_sentiment(texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> Floats:
    """(n, 3) chances of negative, neutral and positive; `vectors` (n, d) are those of the default encoder, where there are any."""
    chances = np.empty((len(texts), 3))
    for row, text in enumerate(texts):
        value = polarity(text)
        chances[row] = NO_EVIDENCE if value is None else (np.exp(-STEEPNESS * value), 1.0, np.exp(STEEPNESS * value))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float64)
