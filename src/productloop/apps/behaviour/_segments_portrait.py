"""A group in words: what sets it apart, who is in it, what they like and how they go, each with its size of effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._paths_kernel import NONE, PathsDefinition, VisitEvents, most_frequent, visit_paths
from productloop.apps.behaviour._reading import FAR_US, Reading
from productloop.apps.behaviour._segments_features import EVENING, NIGHT, WEEKEND, WEEKS, Habits
from productloop.apps.behaviour._segments_person import CATEGORY_SQL
from productloop.apps.behaviour._visits_reading import Steps
from productloop.apps.behaviour.segments_types import BehaviourGroup, Label, Trait
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.effects import standardised_difference
from productloop.learning.groups import Groups
from productloop.learning.intervals import Interval, ratio_interval, share_interval
from productloop.loop.action import Run

SILENCE_US, PATH_STEPS = 1_800_000_000, 5
MAX_P, MIN_EFFECT, MIN_RATIO = 0.05, 0.3, 1.3
"""Below a standardised difference of 0.3, or a ratio of 1.3, a difference is not worth a word even if it is sure."""
DOES_MORE = 0.7
"""What people do names them better than what they do not: a "less" must be so much stronger to give the name."""
LARGEST = 1e9
"""An effect without end, such as a ratio to nobody, as a number that a report can hold."""
MAX_TRAITS, MAX_LIKES = 4, 5
MAX_ITEMS, MAX_VALUES = 40, 10
PEOPLE_COLUMNS = ("plan", "country")


@dataclass(slots=True)
class _Comparison:
    """One value of a group against all others, before and after correction."""

    group: int
    kind: str
    """habit, who or likes."""
    key: str
    label: Label
    here: float
    elsewhere: float
    effect: Interval
    p: float
    num_here: int
    adjusted: float = 1.0


class Portraits:
    """The descriptions of all groups of one run."""

    def __init__(
        self, run: Run, source: Reading, steps: Steps, events: VisitEvents, window_us: tuple[int, int], found: Habits, groups: Groups
    ) -> None:
        self._run, self._source, self._steps, self._events = run, source, steps, events
        self._window_us, self._found, self._groups = window_us, found, groups
        self._used: dict[str, Label] = {}

    def all(self) -> tuple[BehaviourGroup, ...]:
        """One description for each group, the largest first."""
        if not self._groups.num_groups:
            return ()
        compared = [*self._habits(), *self._who(), *self._likes()]
        for comparison, adjusted in zip(compared, holm([entry.p for entry in compared]), strict=True):
            comparison.adjusted = adjusted
        taken: set[str] = set()
        return tuple(
            self._group(number, [entry for entry in compared if entry.group == number], taken) for number in range(self._groups.num_groups)
        )

    def named(self) -> tuple[tuple[str, Label], ...]:
        """(name, label) of every event that is named."""
        return tuple(self._used.items())

    def _label(self, code: int) -> Label:
        label = self._steps.label(code, self._source)
        self._used[self._steps.names[code]] = label
        return label

    def _column(self, column: int | str) -> tuple[str, Label]:
        if isinstance(column, int):
            return self._steps.names[column], self._label(column)
        return column, say(f"behaviour.habit.{column}")

    # comparisons -----------------------------------------------------------------------------------------------------

    def _habits(self) -> list[_Comparison]:
        compared = []
        for group in range(self._groups.num_groups):
            inside = self._groups.labels == group
            for place in np.flatnonzero(self._found.kept).tolist():
                key, label = self._column(self._found.columns[place])
                values, raw = self._found.values[:, place], self._found.raw[:, place]
                effect = standardised_difference(values[inside], values[~inside])
                here, elsewhere = float(raw[inside].mean()), float(raw[~inside].mean())
                compared.append(_Comparison(group, "habit", key, label, here, elsewhere, effect.interval, effect.p, int(inside.sum())))
        return compared

    def _who(self) -> list[_Comparison]:
        columns = {}
        if self._source.rows("SELECT 1 FROM events WHERE platform IS NOT NULL LIMIT 1"):
            columns["platform"] = self._source.rows(
                """
                SELECT actor, platform FROM events WHERE platform IS NOT NULL GROUP BY actor, platform
                QUALIFY row_number() OVER (PARTITION BY actor ORDER BY count(*) DESC, platform) = 1
                """
            )
        for name in PEOPLE_COLUMNS if self._run.store.exists("actors") else ():
            columns[name] = self._source.rows(
                f"""
                SELECT actor, {name} FROM actors WHERE {name} IS NOT NULL
                QUALIFY row_number() OVER (PARTITION BY actor ORDER BY known_at DESC NULLS LAST, sequence DESC) = 1
                """
            )
        compared = []
        for name, rows in columns.items():
            pairs = [(int(actor), str(entry)) for actor, entry in rows]
            compared += self._shares("who", pairs, MAX_VALUES, partial(_is, say(f"behaviour.who.{name}")))
        return compared

    def _likes(self) -> list[_Comparison]:
        inside = "time >= ? AND time < ?"
        limits = [self._window_us[0], self._window_us[1] + 1]
        items = self._source.rows(f"SELECT DISTINCT actor, item FROM events WHERE item IS NOT NULL AND {inside} ORDER BY 1, 2", limits)
        compared = self._shares("likes", [(int(actor), str(item)) for actor, item in items], MAX_ITEMS, lambda item: item)
        rows = self._source.rows(
            f"SELECT DISTINCT e.actor, i.category FROM events e {CATEGORY_SQL} WHERE i.category IS NOT NULL AND e.{inside} ORDER BY 1, 2",
            limits,
        )
        pairs = [(int(actor), str(entry)) for actor, entry in rows]
        return compared + self._shares("likes", pairs, MAX_VALUES, lambda entry: say("behaviour.likes.category", name=entry))

    def _shares(self, kind: str, pairs: Sequence[tuple[int, str]], most: int, label: Callable[[str], Label]) -> list[_Comparison]:
        """Each value's share of the people of a group, among those with any value, against its share of all other people."""
        place = {int(actor): row for row, actor in enumerate(self._found.actor.tolist())}
        known = [(place[actor], entry) for actor, entry in pairs if actor in place]
        people = np.unique(np.array([row for row, _ in known], dtype=np.int64))
        by_value: dict[str, list[int]] = {}
        for row, entry in known:
            by_value.setdefault(entry, []).append(row)
        often = sorted(by_value, key=lambda entry: (-len(by_value[entry]), entry))[:most]
        labels = self._groups.labels
        totals = np.bincount(labels[people], minlength=self._groups.num_groups)
        compared = []
        for entry in often if len(often) > 1 else []:
            hits = np.bincount(labels[np.unique(by_value[entry])], minlength=self._groups.num_groups)
            for group in range(self._groups.num_groups):
                here, elsewhere = int(hits[group]), int(hits.sum() - hits[group])
                total, others = int(totals[group]), int(totals.sum() - totals[group])
                if min(total, others) == 0:
                    continue
                effect = ratio_interval(here, total, elsewhere, others)
                p = min(1.0, 2 * min(fisher_tail(here, total, elsewhere, others), fisher_tail(elsewhere, others, here, total)))
                compared.append(_Comparison(group, kind, entry, label(entry), here / total, elsewhere / others, effect, p, total))
        return compared

    # one group -------------------------------------------------------------------------------------------------------

    def _group(self, number: int, compared: list[_Comparison], taken: set[str]) -> BehaviourGroup:
        sure = [entry for entry in compared if entry.adjusted < MAX_P]
        habits = [entry for entry in sure if entry.kind == "habit" and abs(entry.effect.value) >= MIN_EFFECT]
        more = sorted((entry for entry in habits if entry.effect.value > 0), key=lambda entry: -entry.effect.value)[:MAX_TRAITS]
        less = sorted((entry for entry in habits if entry.effect.value < 0), key=lambda entry: entry.effect.value)[:MAX_TRAITS]
        who, likes = (
            sorted((e for e in sure if e.kind == kind and e.effect.value >= MIN_RATIO), key=lambda entry: -entry.effect.low)[:MAX_LIKES]
            for kind in ("who", "likes")
        )
        name, label = _called(more, less, taken)
        inside = self._groups.labels == number
        share = share_interval(int(inside.sum()), len(inside))
        path, path_share = self._path(self._found.actor[inside])
        figure = self._run.figure
        return BehaviourGroup(
            name=name,
            label=label,
            people=figure(f"{name}_people", int(inside.sum()), "people", "behaviour.d.segment_people"),
            share=figure(f"{name}_share", share.value, "share", "behaviour.d.group_share", n=len(inside), interval=(share.low, share.high)),
            stability=figure(f"{name}_stability", float(self._groups.stability[number]), "share", "behaviour.d.group_stability"),
            more=self._traits(name, "more", more),
            less=self._traits(name, "less", less),
            who=self._traits(name, "who", who),
            likes=self._traits(name, "likes", likes),
            path=path,
            path_share=figure(f"{name}_path", path_share, "share", "behaviour.d.typical_path"),
        )

    def _traits(self, name: str, kind: str, entries: Sequence[_Comparison]) -> tuple[Trait, ...]:
        traits = []
        for place, entry in enumerate(entries):
            key = f"{name}_{kind}_{place}"
            shares = entry.kind != "habit" or entry.key in (NIGHT, EVENING, WEEKEND, WEEKS)
            unit, definition = ("share", "behaviour.d.trait_share") if shares else ("number", "behaviour.d.trait_rate")
            effect = ("number", "behaviour.d.trait_difference") if entry.kind == "habit" else ("ratio", "behaviour.d.trait_ratio")
            interval = (max(entry.effect.low, -LARGEST), min(entry.effect.high, LARGEST))
            traits.append(
                Trait(
                    label=entry.label,
                    here=self._run.figure(f"{key}_here", entry.here, unit, definition, n=entry.num_here),
                    elsewhere=self._run.figure(f"{key}_elsewhere", entry.elsewhere, unit, definition),
                    effect=self._run.figure(f"{key}_effect", min(entry.effect.value, LARGEST), *effect, interval=interval),
                    p_adjusted=self._run.figure(f"{key}_p", entry.adjusted, "number", "behaviour.d.p_adjusted"),
                )
            )
        return tuple(traits)

    def _path(self, people: NDArray[np.int64]) -> tuple[tuple[Label, ...], float | None]:
        """The most frequent way of more than one step, and its share of all such visits."""
        inside = np.isin(self._events.actor, people)
        its = VisitEvents(self._events.actor[inside], self._events.time_us[inside], self._events.name[inside])
        visits = visit_paths(its, PathsDefinition(SILENCE_US, PATH_STEPS, (-FAR_US, FAR_US), self._window_us[1]))
        steps = visits.steps[visits.steps[:, 1] != NONE]
        if not len(steps):
            return (), None
        ways, group = np.unique(steps, axis=0, return_inverse=True)
        codes, rows, _ = most_frequent(group.reshape(-1), np.zeros(len(steps), dtype=np.int64))
        return tuple(self._label(int(code)) for code in ways[codes[0]] if code != NONE), float(rows[0] / len(steps))


def _is(column: Say, entry: str) -> Say:
    return say("behaviour.who.is", column=column, value=entry)


def _called(more: Sequence[_Comparison], less: Sequence[_Comparison], taken: set[str]) -> tuple[str, Label]:
    """The name of a group after what sets it apart most: for commands, and for pages."""
    strongest = max(
        [*more[:1], *less[:1]], key=lambda entry: abs(entry.effect.value) * (1.0 if entry.effect.value > 0 else DOES_MORE), default=None
    )
    if strongest is None:
        name, label = "average", say("behaviour.group.average")
    else:
        often = strongest.effect.value > 0
        if strongest.key in (NIGHT, EVENING, WEEKEND, WEEKS):
            name = strongest.key if often else f"not_{strongest.key}"
            label = say(f"behaviour.group.{name}")
        else:
            name = f"{'often' if often else 'rarely'}_{strongest.key}"
            label = say("behaviour.group.often" if often else "behaviour.group.rarely", event=strongest.label)
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique)
    return unique, label if unique == name else say("behaviour.group.again", label=label, num=number - 1)
