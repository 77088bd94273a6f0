"""Topics beside the market: what grew with a rival's move, and where one side's users are unhappier in the same places.

Unhappy voices about a topic, of all voices. A move: after against before it, Fisher's exact test over all topics with MIN_VOICES, corrected
by Holm. The gap between theirs and ours: Mantel and Haenszel's ratio within places (store, market, language), so that two stores are never
mixed; a topic is named at an adjusted p below MAX_P, a ratio of MIN_RATIO, and MIN_VOICES unhappy voices.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._market_series import Reviews
from productloop.apps.risk._naming import Names
from productloop.apps.risk.market_types import Blamed, Gap
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, ratio_interval, share_interval
from productloop.learning.stratified import combine_codes, stratified_ratio
from productloop.loop.action import Run
from productloop.loop.store import Store

NEGATIVE_BELOW = -0.2
MIN_VOICES = 5
MIN_SIDE = 30
MAX_P, MIN_RATIO = 0.05, 1.5
NUM_QUOTES, NUM_GAPS = 2, 4
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Felt:
    """Unhappy points of the reviews: row of the review, topic, how unhappy."""

    row: NDArray[np.int64]
    topic: NDArray[np.object_]
    feeling: NDArray[np.float64]


def read_felt(store: Store, reviews: Reviews) -> Felt:
    """The unhappy points that `needs` found in these texts."""
    found = store.columns("SELECT feedback, topic, sentiment FROM points WHERE topic IS NOT NULL AND sentiment < ?", [NEGATIVE_BELOW])
    place = {str(row_id): row for row, row_id in enumerate(reviews.row_id.tolist())}
    rows = np.array([place.get(str(row_id), -1) for row_id in found["feedback"]], dtype=np.int64)
    kept = rows >= 0
    return Felt(rows[kept], found["topic"][kept], found["sentiment"][kept].astype(np.float64))


def blamed(run: Run, reviews: Reviews, felt: Felt, mine: Flags, since: int, worse: bool) -> tuple[str, Blamed] | None:
    """The topic that grew (or, for a product that got better, shrank) most when `mine` moved at `since`; (its id, what it did)."""
    late = reviews.time >= since
    sides = (mine & late, mine & ~late) if worse else (mine & ~late, mine & late)
    totals = [len(np.unique(reviews.voice[side])) for side in sides]
    if min(totals) < MIN_SIDE:
        return None
    topics = sorted({str(topic) for topic in felt.topic[mine[felt.row]]})
    counted = []
    for topic in topics:
        rows = felt.row[felt.topic == topic]
        counts = [len(np.unique(reviews.voice[rows[side[rows]]])) for side in sides]
        if counts[0] >= MIN_VOICES:
            counted.append((topic, counts))
    p = holm([fisher_tail(counts[0], totals[0], counts[1], totals[1]) for _, counts in counted])
    named = [(value, topic, counts) for value, (topic, counts) in zip(p, counted, strict=True) if value < MAX_P]
    if not named:
        return None
    _, topic, counts = min(named, key=lambda one: (-one[2][0] / totals[0] + one[2][1] / totals[1], one[1]))
    rows = felt.row[(felt.topic == topic) & sides[0][felt.row]]
    order = rows[np.argsort(felt.feeling[(felt.topic == topic) & sides[0][felt.row]], kind="stable")]
    name = f"blamed_{topic}_{since}"
    shares = [share_interval(count, total) for count, total in zip(counts, totals, strict=True)]
    figures = [
        run.figure(f"{name}_{place}", one.value, "share", "risk.market.d.unhappy", n=total, interval=(one.low, one.high))
        for place, (one, total) in enumerate(zip(shares, totals, strict=True))
    ]
    ratio = ratio_interval(counts[0], totals[0], counts[1], totals[1])
    return topic, Blamed(
        topic=topic,
        before=figures[1] if worse else figures[0],
        after=figures[0] if worse else figures[1],
        ratio=run.figure(
            f"{name}_ratio", _finite(ratio.value), "ratio", "risk.market.d.ratio", interval=(ratio.low, min(ratio.high, 999.0))
        ),
        quotes=tuple(dict.fromkeys(str(row_id) for row_id in reviews.row_id[order]))[:NUM_QUOTES],
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def find_gaps(run: Run, reviews: Reviews, felt: Felt, ours: str, recent: Flags, names: Names) -> tuple[Gap, ...] | None:
    """Topics of which one side's users are unhappier, the most unhappy people first; None with too few voices on either side."""
    own = np.array([product == ours for product in reviews.product], dtype=bool)
    rows = np.flatnonzero(recent)
    voices = combine_codes(own[rows].astype(np.int64), reviews.voice[rows])
    _, first = np.unique(voices, return_index=True)
    side, place = own[rows][first], np.unique(reviews.place[rows][first].astype(str), return_inverse=True)[1].astype(np.int64)
    if min(int(side.sum()), int((~side).sum())) < MIN_SIDE:
        return None
    felt_voice = np.full(len(reviews.time), -1, dtype=np.int64)
    felt_voice[rows] = voices
    counted = []
    for topic in sorted({str(topic) for topic in felt.topic}):
        mine = (felt.topic == topic) & recent[felt.row]
        unhappy = np.isin(np.arange(len(first)), np.unique(felt_voice[felt.row[mine]]))
        theirs, ourselves = int(unhappy[~side].sum()), int(unhappy[side].sum())
        if max(theirs, ourselves) >= MIN_VOICES:
            counted.append((topic, unhappy, theirs, ourselves))
    pooled = [stratified_ratio(~side, unhappy, place) for _, unhappy, *_ in counted]
    adjusted = holm([one.p for one in pooled])
    found = []
    for (topic, _, theirs, ourselves), one, p in zip(counted, pooled, adjusted, strict=True):
        serve = one.ratio.value > 1 if np.isfinite(one.ratio.value) else theirs > ourselves
        ratio, people = one.ratio if serve else _turned(one.ratio), theirs if serve else ourselves
        if p >= MAX_P or people < MIN_VOICES or (np.isfinite(ratio.value) and ratio.value < MIN_RATIO):
            continue
        limits = share_interval(theirs, int((~side).sum())), share_interval(ourselves, int(side.sum()))
        quoted = (felt.topic == topic) & recent[felt.row] & (own[felt.row] != serve)
        rows_of = felt.row[quoted][np.argsort(felt.feeling[quoted], kind="stable")]
        said = Counter(str(reviews.product[row]) for row in felt.row[(felt.topic == topic) & recent[felt.row] & ~own[felt.row]])
        found.append(
            Gap(
                topic=names.topic(topic),
                kind="serve" if serve else "worse",
                product=min(said, key=lambda name: (-said[name], name)) if said else "",
                theirs=run.figure(f"gap_{topic}_theirs", limits[0].value, "share", "risk.market.d.unhappy", n=int((~side).sum()),
                                  interval=(limits[0].low, limits[0].high)),
                ours=run.figure(f"gap_{topic}_ours", limits[1].value, "share", "risk.market.d.unhappy", n=int(side.sum()),
                                interval=(limits[1].low, limits[1].high)),
                ratio=run.figure(f"gap_{topic}_ratio", _finite(ratio.value), "ratio", "risk.market.d.gap",
                                 interval=(ratio.low, min(ratio.high, 999.0))),
                people=run.figure(f"gap_{topic}_people", people, "people", "risk.market.d.people"),
                quotes=tuple(dict.fromkeys(str(row_id) for row_id in reviews.row_id[rows_of]))[:NUM_QUOTES],
            )
        )  # fmt: skip
    found.sort(key=lambda gap: (-float(gap.people.value or 0), gap.product))
    return tuple(found[:NUM_GAPS])


def _turned(ratio: Interval) -> Interval:
    """One over a ratio."""
    ends = (1 / end if end > 0 else np.inf for end in (ratio.value, ratio.high, ratio.low))
    return Interval(*(float(end) for end in ends))
