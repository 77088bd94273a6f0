"""What a server has prepared for questions about single people: their inputs, and how the reasons of a live model are said.

People are looked up as of the last instant in the data, as `risk` and the table `scores` are, so that all say one number. The inputs of
everybody are made when the second question comes after a change of the data, at most so often that it takes a twentieth of one core: while
rows keep arriving, people are looked up one by one.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from productloop.loop.prepared import Prepared, prepare
from productloop.loop.records import RowExplainer
from productloop.loop.serve import Live
from productloop.loop.store import Store

WORTH_IT = 2
"""Questions after a change of the data before everybody's inputs are made."""
REST = 20
"""Times as long as making them took until they are made again."""
REASONS_SECONDS = 3600
"""How long names and what is usual stay as they were when reasons were first asked for, while the data change."""


@dataclass(slots=True)
class _People:
    """What is held for one live model and one view of the data. Times: seconds of a clock that only goes forward."""

    release: str
    view: Store
    num_asked: int = 0
    prepared: Prepared | None = None
    next_at: float = -math.inf


@dataclass(frozen=True, slots=True)
class _Reasons:
    release: str
    view: Store
    made_at: float
    explainer: RowExplainer | None


class Lookups:
    """Made under the lock of the reading store; read without it, since what is made never changes."""

    def __init__(self) -> None:
        self._people: dict[str, _People] = {}
        self._reasons: dict[str, _Reasons] = {}
        self._as_of: tuple[Store, int | None] | None = None

    def as_of(self, store: Store, now: int) -> int:
        """The last instant in the data, not later than now; now where nothing has a date."""
        if self._as_of is None or self._as_of[0] is not store:
            self._as_of = (store, store.as_of())
        return min(self._as_of[1] or now, now)

    def ready(self, live: Live, view: Store) -> Prepared | None:
        """Everybody's inputs if they stand ready for this view of the data."""
        held = self._people.get(live.task.name)
        return held.prepared if held is not None and held.view is view and held.release == live.release.id else None

    def people(self, live: Live, store: Store, now: int) -> Prepared | None:
        """Everybody's inputs, made now if it is worth it; None where a person is to be looked up alone."""
        held = self._people.get(live.task.name)
        if held is None or held.release != live.release.id:
            held = self._people[live.task.name] = _People(live.release.id, store)
        if held.view is not store:
            held.view, held.prepared, held.num_asked = store, None, 0
        held.num_asked += 1
        started = time.monotonic()
        if held.prepared is None and held.num_asked >= WORTH_IT and started >= held.next_at:
            held.prepared = prepare(live, store, self.as_of(store, now))
            ended = time.monotonic()
            held.next_at = ended + (REST * (ended - started) if held.prepared is not None else REASONS_SECONDS)
        return held.prepared

    def explainer_ready(self, live: Live, view: Store) -> RowExplainer | None:
        """How the reasons of a live model are said, if that is prepared."""
        held = self._reasons.get(live.task.name)
        return held.explainer if held is not None and self._is_fresh(held, live, view) else None

    def explainer(self, live: Live, store: Store, now: int) -> RowExplainer | None:
        """How its reasons are said, prepared now if need be; None for a model that gives none."""
        if live.task.explainer is None:
            return None
        held = self._reasons.get(live.task.name)
        if held is None or not self._is_fresh(held, live, store):
            made = live.task.explainer(live.task, store, live.release, live.model, self.as_of(store, now))
            held = self._reasons[live.task.name] = _Reasons(live.release.id, store, time.monotonic(), made)
        return held.explainer

    @staticmethod
    def _is_fresh(held: _Reasons, live: Live, view: Store) -> bool:
        return held.release == live.release.id and (held.view is view or time.monotonic() < held.made_at + REASONS_SECONDS)
