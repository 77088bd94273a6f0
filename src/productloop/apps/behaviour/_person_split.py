"""People by the value of a column: for answers about people over many periods, in which everybody keeps one value.

A person counts with the value at their first event that has one (for a column or property of events), else with the last known value of a
column of `actors`. So every person is in exactly one part: parts add up to the whole in every period. Who had several values is counted and
told. The largest values stand alone, the others together, and those without a value apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._person_values import column_values, person_columns
from productloop.apps.behaviour._reading import Reading, Split
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import holm
from productloop.loop.action import Run

MAX_PARTS = 8
FEW_PEOPLE = 30
CLEAR = 0.05
Judged = Literal["more", "less", "same", "few", "rest"]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PersonValues:
    """`actor` (n,) codes, ascending; `value` (n,) texts, None = not known; `several` (n,) whether the person had other values too; `rule`: how."""

    actor: Codes
    value: NDArray[np.object_]
    several: Flags
    rule: Say

    def of(self, actors: Codes) -> PersonValues:
        """The same for exactly these people; nobody's value is not known."""
        place = np.minimum(np.searchsorted(self.actor, actors), max(len(self.actor) - 1, 0))
        value, several = np.full(len(actors), None, dtype=object), np.zeros(len(actors), dtype=np.bool_)
        if len(self.actor):
            known = self.actor[place] == actors
            value[known], several[known] = self.value[place[known]], self.several[place[known]]
        return PersonValues(actors, value, several, self.rule)


@dataclass(frozen=True, slots=True)
class Part:
    """People of one value, or of all smaller ones, or of none; `named` only for a value of its own. `inside`: flags of the people asked for."""

    label: Say | str
    inside: Flags
    named: bool


def read_split(run: Run, source: Reading, column: str) -> PersonValues:
    """Everybody's value at their first event that has one. Raises UsageError for a column that neither events nor actors have."""
    rule = say("behaviour.split.first_value", column=column)
    return _read(run, source, column, rule, lambda split: source.columns(_FIRST.format(value=split.sql)))


def read_split_before(run: Run, source: Reading, column: str, actors: Codes, at_us: Codes) -> PersonValues:
    """Everybody's value at their last event up to their own instant `at_us` (n,), for what must not depend on what came later."""

    def newest(split: Split) -> dict[str, NDArray[Any]]:
        found = source.columns(
            f"SELECT * FROM (SELECT actor, time, sequence, {split.sql} AS value FROM events WHERE actor IS NOT NULL) WHERE value IS NOT NULL "
            "ORDER BY actor, time, sequence"
        )
        actor, time = found["actor"].astype(np.int64), found["time"].astype(np.int64)
        until = np.searchsorted(actors, actor)
        until = np.minimum(until, max(len(actors) - 1, 0))
        kept = (actors[until] == actor) & (time <= at_us[until]) if len(actors) else np.zeros(len(actor), dtype=np.bool_)
        actor, value = actor[kept], found["value"][kept]
        last = np.r_[actor[1:] != actor[:-1], True] if len(actor) else np.zeros(0, dtype=np.bool_)
        return {"actor": actor[last], "value": value[last], "several": np.zeros(int(last.sum()), dtype=np.bool_)}

    return _read(run, source, column, say("behaviour.split.value_before", column=column), newest)


_FIRST = """
SELECT actor, arg_min(value, (time, sequence)) AS value, min(value) <> max(value) AS several
FROM (SELECT actor, time, sequence, {value} AS value FROM events WHERE actor IS NOT NULL)
WHERE value IS NOT NULL GROUP BY actor ORDER BY actor
"""


def _read(run: Run, source: Reading, column: str, rule: Say, read: Callable[[Split], dict[str, NDArray[Any]]]) -> PersonValues:
    try:
        split = source.split(column)
    except UsageError:
        if column not in person_columns(run):
            raise
        split = None
    if split is not None:
        found = read(split)
        if len(found["actor"]) or column not in person_columns(run):
            value = np.array([None if one is None else str(one) for one in found["value"]], dtype=object)
            return PersonValues(found["actor"].astype(np.int64), value, found["several"].astype(np.bool_), rule)
    actor, value = column_values(run, column)
    return PersonValues(actor, value, np.zeros(len(actor), dtype=np.bool_), say("behaviour.split.actor_value", column=column))


def parts_of(people: PersonValues, counted: Flags, most: int = MAX_PARTS) -> tuple[list[Part], int]:
    """(the parts of the people, the largest first, and how many values there are). Only `counted` (n,) people decide what is large.

    Every person is in one part, whether counted or not; a part that holds nobody counted is left out.
    """
    value = people.value
    known = np.array([one is not None for one in value], dtype=np.bool_)
    texts = np.where(known, value, "").astype(str)
    names, sizes = np.unique(texts[known & counted], return_counts=True)
    order = sorted(range(len(names)), key=lambda place: (-int(sizes[place]), str(names[place])))
    shown = [str(names[place]) for place in order[:most]]
    found = [Part(name, known & (texts == name), True) for name in shown]
    rest = known & ~np.isin(texts, shown) if shown else known
    if len(names) > len(shown):
        found.append(Part(say("behaviour.label.others", num=len(names) - len(shown)), rest, False))
    if bool((~known & counted).any()):
        found.append(Part(say("behaviour.label.unknown"), ~known, False))
    return found, len(names)


def judge(parts: Sequence[Part], sizes: Sequence[tuple[int, int]], found: Sequence[tuple[float, float] | None]) -> list[Judged]:
    """Each part against everybody else, from `sizes` (people of the part, all others) and (difference, p): clear where p, adjusted for all the
    values that are compared (Holm), is below CLEAR; fewer than FEW_PEOPLE on a side are not compared.
    """
    judged: list[Judged] = ["few" if part.named else "rest" for part in parts]
    compared = [
        (place, one) for place, one in enumerate(found) if one is not None and parts[place].named and min(sizes[place]) >= FEW_PEOPLE
    ]
    for (place, (difference, _)), p in zip(compared, holm([one[1] for _, one in compared]), strict=True):
        judged[place] = "same" if not p < CLEAR else "more" if difference > 0 else "less"
    return judged
