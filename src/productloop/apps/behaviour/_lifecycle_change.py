"""Are there more people than some periods ago, or is it within what chance does?

New and resurrecting less dormant people, added up over some periods, is who was there at the end less who was there before the beginning
(the two sums of `_lifecycle.py`). So each person counts once: came in (there at the end only), fell out (there before only), or neither.

- Chance among people: the difference of the two counts has the variance of their sum (McNemar 1947), with the continuity correction of
  Edwards (1948, one person), which keeps it as strict as the exact sign test where few people changed.
- Chance of whole periods (a holiday, a mailing moves everybody at once): what the changes from one period to the next vary beyond the
  variance of their people is added, where `MIN_CHANGES` of them are known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._lifecycle import LifecycleResult, LifecycleState
from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

MIN_CHANGES = 6


def net_change(days: DayBitmap, edges: Sequence[int], result: LifecycleResult, first: int, last: int) -> Interval:
    """People more at the end of the periods at places `first` to `last` of the result than in the period before them, with its interval.

    `edges` as for `lifecycle`. All these periods are over. Raises ValueError where the places are not.
    """
    num_over = min(max(result.running_period - result.first_period, 0), result.num_actors.shape[1])
    if not 0 <= first <= last < num_over:
        raise ValueError("the change is counted over periods that are over")
    before, after = days.active(edges[first], edges[first + 1]), days.active(edges[last + 1], edges[last + 2])
    gained, lost = int(np.count_nonzero(after & ~before)), int(np.count_nonzero(before & ~after))
    deviation = math.sqrt(gained + lost + _of_whole_periods(result, num_over))
    reach = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * deviation + 1.0
    net = float(gained - lost)
    return Interval(net, net - reach, net + reach)


def _of_whole_periods(result: LifecycleResult, num_over: int) -> float:
    """Variance of the change between two periods beyond that of their people; 0 where too few changes are known."""
    counts = result.num_actors[:, :num_over]
    came = counts[LifecycleState.NEW] + counts[LifecycleState.RESURRECTING]
    went = counts[LifecycleState.DORMANT]
    if num_over < MIN_CHANGES:
        return 0.0
    return max(0.0, float(np.var(came - went, ddof=1) - np.mean(came + went)))
