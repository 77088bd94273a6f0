"""Who brings a topic up more than others do: by language, product, version, market, channel and what is known of the people.

Voices who bring it up against all voices who wrote, each value against the rest (Fisher's exact test; Fisher 1934), corrected for every
comparison made (Holm 1979). Named are values with an adjusted p below MAX_P, at least MIN_RATIO times as often and MIN_VOICES voices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._study import Study
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, ratio_interval
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_P, MIN_RATIO, MIN_VOICES = 0.05, 1.3, 8
MAX_VALUES = 20
"""Values of one column that are compared, the most frequent ones."""
TEXT_COLUMNS = ("language", "product", "version", "market", "channel")
PEOPLE_COLUMNS = ("plan", "platform", "country")


@dataclass(frozen=True, slots=True)
class Over:
    """A value that is over-represented in a topic."""

    column: str
    value: str
    num_voices: int
    """Of the value who bring the topic up."""
    num_others: int
    """Of the value in all."""
    ratio: Interval
    p_adjusted: float


def columns_of(study: Study, store: Store) -> dict[str, NDArray[np.object_]]:
    """Column -> value of each text (n,), None where unknown. What is known of people is their latest row."""
    texts = study.texts
    language: NDArray[np.object_] = np.array([code if code in ("zh", "en") else None for code in texts.language], dtype=object)
    found = {"language": language, "product": texts.product, "version": texts.version, "market": texts.market, "channel": texts.channel}
    if store.exists("actors") and (texts.author >= 0).any():
        names = ", ".join(PEOPLE_COLUMNS)
        rows = store.rows(
            f"SELECT actor, {names} FROM actors QUALIFY row_number() OVER (PARTITION BY actor ORDER BY known_at DESC NULLS LAST) = 1"
        )
        for place, name in enumerate(PEOPLE_COLUMNS, 1):
            known = {int(row[0]): row[place] for row in rows}
            found[name] = np.array([known.get(int(author)) for author in texts.author], dtype=object)
    return {name: values for name, values in found.items() if len({value for value in values if value is not None}) > 1}


def over_represented(
    study: Study, columns: dict[str, NDArray[np.object_]], recent: Flags, topics: Sequence[int]
) -> dict[int, tuple[Over, ...]]:
    """Topic number -> the values that bring it up more than others, the largest ratio's lower limit first."""
    assert study.ledger is not None
    voices_of = _voices_of_topics(study, recent, topics)
    tested: list[tuple[int, Over]] = []
    for name, values in columns.items():
        by_value = _voices_by_value(values, study.texts.voice, recent)
        everybody = set().union(*by_value.values())
        for value, ours in by_value.items():
            others = everybody - ours
            if min(len(ours), len(others)) < MIN_VOICES:
                continue
            for topic in topics:
                hits, other_hits = len(ours & voices_of[topic]), len(others & voices_of[topic])
                if hits + other_hits >= MIN_VOICES:
                    ratio = ratio_interval(hits, len(ours), other_hits, len(others))
                    p = fisher_tail(hits, len(ours), other_hits, len(others))
                    tested.append((topic, Over(name, value, hits, len(ours), ratio, p)))
    found: dict[int, list[Over]] = {}
    for (topic, over), adjusted in zip(tested, holm([over.p_adjusted for _, over in tested]), strict=True):
        if adjusted < MAX_P and over.ratio.value >= MIN_RATIO and over.num_voices >= MIN_VOICES:
            found.setdefault(topic, []).append(replace(over, p_adjusted=adjusted))
    return {topic: tuple(sorted(values, key=lambda over: -over.ratio.low)) for topic, values in found.items()}


def _voices_of_topics(study: Study, recent: Flags, topics: Sequence[int]) -> dict[int, set[int]]:
    rows = {topic: study.rows_of(topic) for topic in topics}
    return {topic: {int(voice) for voice in study.texts.voice[its[recent[its]]]} for topic, its in rows.items()}


def _voices_by_value(values: NDArray[np.object_], voice: Ints, recent: Flags) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in np.flatnonzero(recent):
        if values[row] is not None:
            found.setdefault(str(values[row]), set()).add(int(voice[row]))
    often = sorted(found, key=lambda value: (-len(found[value]), value))[:MAX_VALUES]
    return {value: found[value] for value in often}
