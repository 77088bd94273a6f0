"""Whether two sides differ only because their mix does: the unhappy share of both as counted, and with one mix for both.

Direct standardisation: the share within each value of a column, weighed by the voices of both sides together. The interval treats the
values as independent strata (variance = sum of weight squared x p (1 - p) / n; Cochran, Sampling Techniques, 1977, 5.6). The mix differs
by the total variation distance between the two.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._counting import unhappy_voices
from productloop.apps.needs._segments import columns_of
from productloop.apps.needs._sides import Pair, column_values
from productloop.apps.needs._study import Study
from productloop.apps.needs.compare_types import MixLine
from productloop.foundation.figures import INTERVAL_LEVEL, Figure
from productloop.learning.intervals import Interval, share_interval
from productloop.loop.action import Run

Floats = NDArray[np.float64]

MIX_COLUMNS = ("channel", "market", "product", "language", "version", "platform")
MIN_VALUE_VOICES = 5
"""A value counts as a stratum when both sides have this many voices of it."""
MIN_SHIFT, MIN_MOVE = 0.1, 0.02


def mixes(run: Run, found: Study, pair: Pair, name: str) -> tuple[MixLine, ...]:
    """One line for each column with at least two values on both sides, the largest shift first."""
    lines = [
        line
        for column in MIX_COLUMNS
        if column not in pair.columns and column in columns_of(found, run.store)
        for line in [_mix(run, found, pair, column, f"{name}.mix_{column}")]
        if line is not None
    ]
    return tuple(sorted(lines, key=lambda line: (not line.matters, -(line.shift.value or 0), line.column)))


def _mix(run: Run, found: Study, pair: Pair, column: str, name: str) -> MixLine | None:
    values = column_values(run, found, column)
    counts = {}
    for value in sorted({str(value) for value in values if value is not None}):
        inside = values == value
        its = [unhappy_voices(found.texts.voice[inside & side], found.sentiment[inside & side]) for side in (pair.this, pair.that)]
        counts[value] = its
    kept = [value for value, its in counts.items() if min(felt for _, felt in its) >= MIN_VALUE_VOICES]
    if len(kept) < 2:
        return None
    unhappy = np.array([[counts[value][side][0] for value in kept] for side in (0, 1)], dtype=float)
    felt = np.array([[counts[value][side][1] for value in kept] for side in (0, 1)], dtype=float)
    weight = felt.sum(axis=0) / felt.sum()
    counted = [share_interval(int(unhappy[side].sum()), int(felt[side].sum())) for side in (0, 1)]
    level = [_standardised(unhappy[side], felt[side], weight) for side in (0, 1)]
    mix = felt / felt.sum(axis=1, keepdims=True)
    shift = 0.5 * float(np.abs(mix[0] - mix[1]).sum())
    as_counted, levelled = counted[0].value - counted[1].value, level[0].value - level[1].value
    left_out = sum(felt for value, its in counts.items() if value not in kept for _, felt in its)

    def share(part: str, interval: Interval, definition: str) -> Figure:
        return run.figure(f"{name}.{part}", interval.value, "share", definition, interval=(interval.low, interval.high))

    return MixLine(
        column=column,
        this_counted=share("this_counted", counted[0], "needs.d.compare_counted"),
        that_counted=share("that_counted", counted[1], "needs.d.compare_counted"),
        this_level=share("this_level", level[0], "needs.d.compare_level"),
        that_level=share("that_level", level[1], "needs.d.compare_level"),
        shift=run.figure(f"{name}.shift", shift, "share", "needs.d.compare_shift"),
        matters=shift >= MIN_SHIFT and abs(levelled - as_counted) >= MIN_MOVE,
        turns=as_counted * levelled < 0,
        left_out=run.figure(f"{name}.left_out", left_out, "people", "needs.d.compare_left_out"),
    )


def _standardised(unhappy: Floats, felt: Floats, weight: Floats) -> Interval:
    share = unhappy / felt
    value = float((weight * share).sum())
    # the shares within are drawn towards a half by one voice each, so that a stratum of all or none is not certain
    softened = (unhappy + 0.5) / (felt + 1.0)
    spread = math.sqrt(float((weight**2 * softened * (1 - softened) / felt).sum()))
    reach = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * spread
    return Interval(value, max(0.0, value - reach), min(1.0, value + reach))
