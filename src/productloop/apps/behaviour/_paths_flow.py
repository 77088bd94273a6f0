"""The picture of paths: at each place the steps with the most visits, all others together, and visits that ended before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._paths_kernel import NONE, Visits
from productloop.apps.behaviour.paths_types import Flow, FlowNode, Label
from productloop.foundation.wording import say

MAX_NODES = 6
"""Steps shown one by one at a place; more cannot be told apart in a picture of 390 pixels."""
OTHER, ENDED, NOWHERE = -10, -11, -12


def flow_of(visits: Visits, name: Callable[[int], Label], ends: bool) -> Flow:
    """Nodes and links of the visits; `ends` says whether visits that end get a node of their own."""
    if not len(visits):
        return Flow(nodes=(), links=())
    shown = np.column_stack([_shown(visits.steps[:, place]) for place in range(visits.steps.shape[1])])
    if ends:
        length = np.count_nonzero(visits.steps != NONE, axis=1)
        ended = np.flatnonzero((length < shown.shape[1]) & ~visits.is_open)
        shown[ended, length[ended]] = ENDED
    numbers: dict[tuple[int, int], int] = {}
    nodes: list[FlowNode] = []
    for place in range(shown.shape[1]):
        counts = Counter(shown[:, place].tolist())
        for code in sorted((code for code in counts if code != NOWHERE), key=lambda code: (code in (OTHER, ENDED), -counts[code], code)):
            numbers[place, code] = len(nodes)
            label = say("behaviour.label.other_steps") if code == OTHER else say("behaviour.label.ended") if code == ENDED else name(code)
            nodes.append(FlowNode(place=place + 1, label=label, visits=counts[code], end=code == ENDED))
    links = []
    for place in range(shown.shape[1] - 1):
        pairs = Counter(zip(shown[:, place].tolist(), shown[:, place + 1].tolist(), strict=True))
        for (before, after), num_visits in sorted(pairs.items()):
            if NOWHERE not in (before, after):
                links.append((numbers[place, before], numbers[place + 1, after], num_visits))
    return Flow(nodes=tuple(nodes), links=tuple(links))


def _shown(column: NDArray[np.int32]) -> NDArray[np.int64]:
    """Codes of one place as they are shown: the largest, OTHER, or NOWHERE."""
    known = column[column != NONE]
    codes, counts = np.unique(known, return_counts=True)
    largest = codes[np.lexsort((codes, -counts))][: MAX_NODES if len(codes) > MAX_NODES + 1 else MAX_NODES + 1]
    shown = np.where(np.isin(column, largest), column, OTHER).astype(np.int64)
    shown[column == NONE] = NOWHERE
    return shown
