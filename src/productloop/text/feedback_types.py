"""What kind of feedback a text is, before anybody has labelled one: a bug report, a wish, praise, a question, a complaint, a threat to leave.

A head on sentence vectors and cues, fitted on written sentences only (`cold_start`). The kinds are those of the test sets: `bug` does not
work as built, `request` asks for what is not there, `complaint` is unhappiness without a malfunction, `churn_threat` wins over both, and
`other` is greeting, thanks or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.text.cold_start import LABELS, chances
from productloop.text.cues import LEAVING_CUE, cues

TYPES = LABELS["type"]


UNSAID_LEAVING = 0.002
"""Chance of `churn_threat` is multiplied by this where no word speaks of leaving: one prototype in seven threatens to leave, but far fewer
of those who write, and a false alarm sends a team after a customer who only asked."""


def cold_types(
    texts: Sequence[str], vectors: NDArray[np.float32] | None = None, marks: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(n, 7) chances of TYPES; `vectors` (n, d) are those of the default encoder, where there are any, `marks` those of `cues` where known."""
    marks = cues(texts) if marks is None else marks
    found = chances("type", texts, vectors, marks)
    found[marks[:, LEAVING_CUE] == 0, TYPES.index("churn_threat")] *= UNSAID_LEAVING
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)
