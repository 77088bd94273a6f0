"""What the Card of a risk model warns of: columns that give the answer away, ids, attributes without dates, twins, few cases.

The Card keeps only the keys of the sentences; which column it was, with its evidence, is what `risk check` answers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from productloop.learning.leaks import gives_away, is_identifier
from productloop.loop.records import Outcomes, Signature
from productloop.loop.store import Store

TWIN_SHARE = 0.2
"""More rows than this with an exact twin, over at least MIN_TWIN_COLUMNS columns: the judging rows were partly learned."""
MIN_TWIN_COLUMNS = 5
MIN_CASES = 50
SEED = 0
"""Folds in which a column alone is judged; a Card's warnings do not hang on the run's seed."""


def lacks_history(store: Store) -> bool:
    """Whether attributes of people carry no date of being known."""
    return bool(store.rows("SELECT 1 FROM actors WHERE known_at IS NULL LIMIT 1"))


def guards(lacks_history: bool, inputs: Any, signature: Signature, outcomes: Outcomes) -> list[str]:
    """Keys of warnings: a column that gives the answer away, ids, attributes without dates, twins on both sides of a split, few cases."""
    found = []
    values, happened = inputs.values, outcomes.value
    if gives_away(inputs, happened, SEED):
        found.append("risk.warning.leak")
    if any(kind == "number" and is_identifier(values[:, place]) for place, kind in enumerate(inputs.kinds)):
        found.append("risk.warning.id_like")
    if lacks_history:
        found.append("loop.warning.no_history")
    if values.shape[1] >= MIN_TWIN_COLUMNS and len(values):
        _, counts = np.unique(np.nan_to_num(values, nan=-1e300), axis=0, return_counts=True)
        if counts[counts > 1].sum() > TWIN_SHARE * len(values):
            found.append("risk.warning.duplicates")
    if 0 < (happened == 1).sum() < MIN_CASES:
        found.append("risk.warning.few_cases")
    return found
