"""How a sentence feels before the product has labelled a single one: chances of negative, neutral and positive.

A head on sentence vectors and the evidence of the word lists, fitted on written sentences only (`cold_start`). The product's own labels
or stars train something better as soon as there are some; this is what stands until then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.text.cold_start import chances

Floats = NDArray[np.float64]

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2


def cold_sentiment(texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> Floats:
    """(n, 3) chances of negative, neutral and positive; `vectors` (n, d) are those of the default encoder, where there are any."""
    return chances("sentiment", texts, vectors)
