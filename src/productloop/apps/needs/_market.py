"""The market view: needs that the users of other products are unhappy about and ours are not, or that nobody speaks of here.

Voices who bring a topic up and are unhappy about it, of all voices of the product's texts; theirs against ours by Fisher's exact test,
corrected for all topics (Holm). Everything a rival's reviews hold is said about the rival; that we could serve it is for people to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._counting import MIN_VOICES
from productloop.apps.needs._sentiment import NEGATIVE_BELOW
from productloop.apps.needs._study import Study
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, ratio_interval, share_interval

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_P, MIN_RATIO = 0.05, 1.5


@dataclass(frozen=True, slots=True)
class Gap:
    """One topic: share of unhappy voices among theirs and among ours."""

    topic: int
    product: str
    """The rival whose users say it most."""
    num_unhappy: int
    theirs: Interval
    ours: Interval
    ratio: Interval
    kind: Literal["they_fail", "only_theirs"]
    quotes: tuple[str, ...]
    p_adjusted: float


def own_product(study: Study, wanted: str) -> str | None:
    """Which of several products is ours: the one named; None with fewer than two, or where nobody said (a guess would drop people)."""
    names = sorted({str(product) for product in study.texts.product if product is not None})
    if len(names) < 2:
        return None
    return next((name for name in names if name.strip().lower() == wanted.strip().lower()), None)


def own_rows(study: Study, ours: str | None) -> Flags:
    """(n,) texts about our product; texts that name none are ours."""
    if ours is None:
        return np.ones(len(study.texts), dtype=bool)
    return np.array([product is None or str(product) == ours for product in study.texts.product], dtype=bool)


def gaps(study: Study, own: Flags, topics: Sequence[int]) -> list[Gap]:
    """Topics where rivals' users are unhappy more often than ours, the largest number of unhappy people first."""
    assert study.ledger is not None
    voice = study.texts.voice
    num_theirs, num_ours = (len(np.unique(voice[study.recent & side])) for side in (~own, own))
    if min(num_theirs, num_ours) < MIN_VOICES:
        return []
    found, chances = [], []
    point_row, felt = study.points.text, study.points.sentiment
    for topic in topics:
        its = (study.ledger.labels == topic) & study.recent[point_row] & (felt < NEGATIVE_BELOW)
        their_points, our_points = np.flatnonzero(its & ~own[point_row]), np.flatnonzero(its & own[point_row])
        theirs, ours = (len(np.unique(study.voice[points])) for points in (their_points, our_points))
        if theirs < MIN_VOICES:
            continue
        chances.append(fisher_tail(theirs, num_theirs, ours, num_ours))
        said = Counter(str(study.texts.product[row]) for row in point_row[their_points])
        rows = point_row[their_points[np.argsort(felt[their_points], kind="stable")]]
        quotes = tuple(dict.fromkeys(str(study.texts.row_id[row]) for row in rows))[:2]
        found.append(
            Gap(
                topic=topic,
                product=min(said, key=lambda name: (-said[name], name)),
                num_unhappy=theirs,
                theirs=share_interval(theirs, num_theirs),
                ours=share_interval(ours, num_ours),
                ratio=ratio_interval(theirs, num_theirs, ours, num_ours),
                kind="only_theirs" if ours == 0 else "they_fail",
                quotes=quotes,
                p_adjusted=1.0,
            )
        )
    adjusted = holm(chances)
    kept = [replace(gap, p_adjusted=p) for gap, p in zip(found, adjusted, strict=True) if p < MAX_P and gap.ratio.value >= MIN_RATIO]
    return sorted(kept, key=lambda gap: (-gap.num_unhappy, gap.topic))
