"""Lists of items for people: live model, business rules, reasons; what most people choose where there is nothing personal to go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from productloop.apps.recommend._catalogue import Catalogue, read_catalogue
from productloop.apps.recommend._setting import Setting
from productloop.apps.recommend.types import ItemLine, PersonLine, PopularLine, RecommendRequest
from productloop.foundation.wording import Say, say
from productloop.learning.history import History
from productloop.loop.action import Run
from productloop.loop.records import Keys
from productloop.loop.serve import Live

NUM_SAMPLE = 10
NUM_REASONS = 2
FAR = 2**62


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything the report shows of people."""

    people: tuple[PersonLine, ...]
    popular: tuple[PopularLine, ...]


def make_lists(run: Run, request: RecommendRequest, setting: Setting, live: Live | None) -> Lists:
    """Lists for the people asked for, or for those who chose something last."""
    catalogue = read_catalogue(run.store)
    counts = _people_per_item(run, setting)
    subjects = request.subject or _recent(run, setting)
    maker = _Maker(run, request, setting, live, catalogue, counts)
    popular = tuple(
        PopularLine(item=item, title=catalogue.title(item), people=run.figure(f"popular_{place}", people, "people", "recommend.d.popular"))
        for place, (item, people) in enumerate([(item, n) for item, n in counts.items() if item not in request.exclude][: request.k])
    )
    return Lists(tuple(maker.person(place, subject) for place, subject in enumerate(subjects)), popular)


def _people_per_item(run: Run, setting: Setting) -> dict[str, int]:
    """Item -> people who chose it, most first."""
    source, parameters = setting.choosing.query()
    query = f"SELECT item, count(DISTINCT actor) AS people FROM ({source}) GROUP BY item ORDER BY people DESC, item"
    return {str(item): int(people) for item, people in run.store.rows(query, parameters)}


def _recent(run: Run, setting: Setting) -> tuple[str, ...]:
    source, parameters = setting.choosing.query()
    query = f"SELECT actor FROM ({source}) GROUP BY actor HAVING count(*) >= 3 ORDER BY max(time) DESC, actor LIMIT {NUM_SAMPLE}"
    codes = np.array([row[0] for row in run.store.rows(query, parameters)], dtype=np.int32)
    names = run.store.source_ids(codes)
    return tuple(names.get(int(code), str(code)) for code in codes)


class _Maker:
    """Makes one person's list after the other, in the same way as a single answer over HTTP: one history, one row of scores."""

    def __init__(
        self, run: Run, request: RecommendRequest, setting: Setting, live: Live | None, catalogue: Catalogue, counts: Mapping[str, int]
    ) -> None:
        self.run, self.request, self.setting, self.live, self.catalogue, self.counts = run, request, setting, live, catalogue, counts

    def person(self, place: int, subject: str) -> PersonLine:
        """The list of one person; somebody unknown or without any past gets what most people choose."""
        found = self.run.store.rows("SELECT code FROM actor_codes WHERE id = ? LIMIT 1", [subject])
        past = self._past(int(found[0][0])) if found else ()
        ranked: list[tuple[str, float]] = []
        history: History | None = None
        if self.live is not None and past:
            history = self._history(int(found[0][0]))
            if len(history.items):
                ranked = self._ranked(self.live, history)
        personal = bool(ranked) and self.live is not None and self.live.release.recipe != "popularity"
        if not ranked:
            ranked = [(item, float(people)) for item, people in self.counts.items()]
        chosen = self._by_rules(ranked, set(past))
        items = tuple(self._line(place, rank, item, score, history if personal else None) for rank, (item, score) in enumerate(chosen))
        count = self.run.figure(f"person_{place}.choices", len(past), "number", "recommend.d.choices")
        return PersonLine(subject=subject, known=bool(found), personal=personal, choices=count, items=items)

    def _past(self, code: int) -> tuple[str, ...]:
        source, parameters = self.setting.choosing.query()
        rows = self.run.store.rows(f"SELECT DISTINCT item FROM ({source}) WHERE actor = ? ORDER BY item", [*parameters, code])
        return tuple(str(row[0]) for row in rows)

    def _history(self, code: int) -> History:
        assert self.live is not None
        at = FAR if self.run.as_of is None else self.run.as_of
        keys = Keys(np.array([code], dtype=np.int32), np.array([at], dtype=np.int64), np.array([""], dtype=object))
        history, _ = self.live.task.inputs(self.run.store, keys, self.live.release.signature)
        assert isinstance(history, History)
        return history

    def _ranked(self, live: Live, history: History) -> list[tuple[str, float]]:
        scores = live.model.predict(history)[0]
        names = live.release.signature.columns[0].categories
        order = np.argsort(-scores, kind="stable")
        return [(names[code], float(scores[code])) for code in order]

    def _by_rules(self, ranked: Sequence[tuple[str, float]], past: set[str]) -> list[tuple[str, float]]:
        """The first k that the rules allow, in order."""
        chosen: list[tuple[str, float]] = []
        taken: dict[str, int] = {}
        hidden = set(self.request.exclude)
        for item, score in ranked:
            if len(chosen) == self.request.k:
                break
            category = self.catalogue.category.get(item)
            full = self.request.per_category > 0 and category is not None and taken.get(category, 0) >= self.request.per_category
            if item in hidden or full or (item in past and not self.request.repeat):
                continue
            if category is not None:
                taken[category] = taken.get(category, 0) + 1
            chosen.append((item, score))
        return chosen

    def _line(self, place: int, rank: int, item: str, score: float, history: History | None) -> ItemLine:
        because = () if history is None else self._because(history, item)
        return ItemLine(
            item=item,
            title=self.catalogue.title(item),
            score=self.run.figure(f"person_{place}.score_{rank}", score, "score", "recommend.d.score"),
            reason=self._reason(because, history is not None),
            because=because,
        )

    def _because(self, history: History, item: str) -> tuple[str, ...]:
        assert self.live is not None
        reasons: Any = getattr(self.live.model, "reasons", None)
        if reasons is None:
            return ()
        names = self.live.release.signature.columns[0].categories
        codes, _ = reasons(history, names.index(item), NUM_REASONS)
        return tuple(names[code] for code in codes)

    def _reason(self, because: tuple[str, ...], personal: bool) -> Say:
        if because:
            return say("recommend.because", items=[self.catalogue.title(item) for item in because])
        return say("recommend.because.alike" if personal else "recommend.because.popular")
