"""`aspects`: the parts of the product people speak of, and how they feel about each.

Aspects are what a live release of `needs.aspect` says, else found over all texts of the scope (text.aspects), or taken from a column
(`by`); people and feelings are counted over the time that "now" means, as everywhere in `needs`. A part is worse or better than the others
by Fisher's exact test of its unhappy voices against those of all other parts, both ways, corrected for all parts (Holm 1979). A voice
counts once for each part it speaks of; pooled by voices instead, the others would look worse than they are, because who speaks of many
parts is unhappy about one of them sooner.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import aspects_wording
from productloop.apps.needs._aspect_release import LearnedParts, learned_feelings, learned_parts
from productloop.apps.needs._compare import both_ways
from productloop.apps.needs._counting import MIN_VOICES, NUM_QUOTES, QUOTE_LETTERS, unhappy_voices
from productloop.apps.needs._keywords import trend_of
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs._sides import column_values, value_name
from productloop.apps.needs._study import MIN_TEXTS, Study, embed, study
from productloop.apps.needs.aspects_types import AspectLine, AspectsReport, AspectsRequest
from productloop.apps.needs.compare_types import WordLine
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import holm
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.text.aspects import find_targets, group_targets
from productloop.text.lexicon import polarity
from productloop.text.tokens import is_content, words

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_P = 0.05
MIN_FELT = 8
"""Voices whose feeling is known, below which a part is not compared."""
NUM_WORDS = 5
MIN_WORD_VOICES = 2
USUAL_VOICES = 5
"""Added to all voices of a word before it is weighed: two voices nobody joins are no pattern."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One aspect: its units are points, or whole texts where a column names it."""

    id: str
    name: Say
    terms: tuple[str, ...]
    units: Ints


@dataclass(frozen=True, slots=True)
class _Units:
    """What aspects are counted over: points, or texts where a column names the aspects; (u,) each."""

    text: Ints
    voice: Ints
    sentiment: Floats
    said: list[str]


def feel_aspects(run: Run, request: AspectsRequest) -> AspectsReport:
    """The report. UsageError for an aspect or column that does not exist."""
    found = study(run)
    column = run.scope.by
    enough = len(found.texts) >= MIN_TEXTS
    parts: list[_Part] = []
    learned, feelings = None, None
    points = found.points
    units = _Units(points.text, found.voice, points.sentiment, points.words)
    if column is not None:
        texts = found.texts
        units = _Units(np.arange(len(texts)), texts.voice, found.sentiment, texts.text)
        parts = _of_column(column_values(run, found, column), column) if enough else []
    elif enough:
        learned = learned_parts(run, points.words)
        feelings = None if learned is None else learned_feelings(run, points.words)
        parts = _found(run, found) if learned is None else _of_release(learned)
        if feelings is not None:
            units = replace(units, sentiment=np.where(np.isfinite(found.stars[points.text]), points.sentiment, feelings[1]))
    run.progress("count", 3, 4)
    counter = _Counter(run, found, units, parts)
    chosen = _choose(counter.parts, request.aspect) if request.aspect is not None and enough else counter.parts
    everybody = len(np.unique(found.texts.voice[found.recent]))
    return AspectsReport(
        **run.frame("needs.aspects", ("feedback",)),
        counts_people=found.texts.counts_people,
        enough=enough,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(found.texts)), "texts", "needs.d.missing"),
        column=column,
        release=None if learned is None else learned.release,
        right=None if learned is None else _right(run, learned),
        feelings=None if feelings is None else feelings[0],
        people=run.figure("people", everybody, counter.heads, f"needs.d.{counter.heads}"),
        texts=run.figure("texts", int(found.recent.sum()), "texts", "needs.d.texts"),
        covered=counter.share("covered", len(np.unique(units.voice[counter.any])), everybody, "needs.d.aspects_covered"),
        unhappy_share=counter.share("unhappy_share", *counter.overall, "needs.d.aspects_overall"),
        aspects=tuple(counter.line(part) for part in chosen[: request.num_aspects]),
        num_aspects=run.figure("num_aspects", len(counter.parts), "number", "needs.d.num_aspects"),
        one=request.aspect is not None,
    )


def _found(run: Run, found: Study) -> list[_Part]:
    """Aspects of the texts."""
    named = find_targets(found.points.words, found.voice, run.settings.words("product.words"))
    # the product itself is no part of it
    own_names = {str(name).lower() for name in (run.settings.text("product.name"), *set(found.texts.product)) if name}
    voices: dict[str, set[int]] = {}
    for point, its in enumerate(named):
        for target in its:
            if target not in own_names:
                voices.setdefault(target, set()).add(int(found.voice[point]))
    ordered = sorted(voices, key=lambda target: (-len(voices[target]), target))
    aspects = group_targets({target: len(voices[target]) for target in ordered}, embed(ordered, run.store, run.progress))
    number = {term: place for place, aspect in enumerate(aspects) for term in aspect.terms}
    units: list[list[int]] = [[] for _ in aspects]
    for point, its in enumerate(named):
        for place in sorted({number[target] for target in its if target in number}):
            units[place].append(point)
    return [
        _Part(aspect.terms[0], say("needs.topic", zh=aspect.name_zh, en=aspect.name_en), aspect.terms, np.array(its, dtype=np.int64))
        for aspect, its in zip(aspects, units, strict=True)
    ]


def _of_release(learned: LearnedParts) -> list[_Part]:
    """Aspects as the live release knows them."""
    return [
        _Part(name, say("needs.topic", zh=name, en=name), (name,), np.flatnonzero(learned.part == place))
        for place, name in enumerate(learned.names)
    ]


def _right(run: Run, learned: LearnedParts) -> Figure:
    value = None if learned.right is None else round(10 * learned.right, 1)
    return run.figure("right", value, "number", "needs.d.aspects_right", n=learned.num_judged)


def _of_column(values: NDArray[np.object_], column: str) -> list[_Part]:
    known = sorted({str(value) for value in values if value is not None})
    plain = {value: say("needs.topic", zh=value, en=value) for value in known}
    names = {value: value_name(column, value) for value in known} if column in ("language", "product", "version", "channel") else plain
    return [_Part(value, names[value], (value,), np.flatnonzero(values == value)) for value in known]


def _choose(parts: list[_Part], wanted: str) -> list[_Part]:
    lowered = wanted.strip().lower()
    exact = [part for part in parts if lowered in (term.lower() for term in part.terms)]
    if exact:
        return exact
    names = [term for part in parts for term in part.terms]
    close = difflib.get_close_matches(lowered, names, 5, 0.2) or [part.id for part in parts[:5]]
    raise UsageError(aspects_wording.NO_SUCH_ASPECT, aspect=wanted, known=", ".join(close) or "–")


@lru_cache(maxsize=1 << 15)
def _polarity(word: str) -> float:
    return polarity(word) or 0.0


class _Counter:
    """Counts the units of the window and makes Figures of them."""

    def __init__(self, run: Run, found: Study, units: _Units, parts: list[_Part]) -> None:
        self.run, self.found, self.units = run, found, units
        self.heads = "people" if found.texts.counts_people else "texts"
        self.recent = found.recent[units.text]
        large = [(len(np.unique(units.voice[self.inside(part)])), part) for part in parts]
        self.parts = [part for count, part in sorted(large, key=lambda pair: (-pair[0], pair[1].id)) if count >= MIN_VOICES]
        inside = np.zeros(len(units.text), dtype=bool)
        for part in self.parts:
            inside[self.inside(part)] = True
        self.any = np.flatnonzero(inside)
        self.judging: dict[int, dict[str, float]] = {}
        self.compared = self._compared()
        self.chance = self._chances()

    def inside(self, part: _Part) -> Ints:
        """Units of the part in the window."""
        return part.units[self.recent[part.units]]

    @property
    def overall(self) -> tuple[int, int]:
        """(unhappy, felt) voices of all parts together, once for each part."""
        return sum(its[0] for its in self.compared.values()), sum(its[1] for its in self.compared.values())

    def _compared(self) -> dict[str, tuple[int, int, int, int]]:
        """Part -> (unhappy, felt) voices of it and of the other parts. A voice counts once for each part: who speaks of more has more chances."""
        counts = {}
        for part in self.parts:
            its = self.inside(part)
            counts[part.id] = unhappy_voices(self.units.voice[its], self.units.sentiment[its])
        unhappy, felt = (sum(count[place] for count in counts.values()) for place in (0, 1))
        return {name: (*its, unhappy - its[0], felt - its[1]) for name, its in counts.items()}

    def _chances(self) -> dict[str, float]:
        """Part -> adjusted p against all other parts."""
        tests = {name: both_ways(*its) for name, its in self.compared.items() if min(its[1], its[3]) >= MIN_FELT}
        return dict(zip(tests, holm(list(tests.values())), strict=True))

    def share(self, name: str, hits: int, total: int, definition: str) -> Figure:
        """A share with its interval."""
        interval = share_interval(hits, total)
        return self.run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))

    def line(self, part: _Part) -> AspectLine:
        """One part."""
        its, name = self.inside(part), f"aspect.{part.id}"
        voice, felt = self.units.voice[its], self.units.sentiment[its]
        unhappy, known = unhappy_voices(voice, felt)
        happy = len(np.setdiff1d(voice[felt > POSITIVE_ABOVE], voice[felt < NEGATIVE_BELOW]))
        num_voices = len(np.unique(voice))
        trend = trend_of(self.found, np.unique(self.units.text[part.units]), len(self.parts))
        since = None if trend is None or trend.since is None or self.found.weeks is None else self.found.weeks.day(trend.since).isoformat()
        stars = self.found.stars[np.unique(self.units.text[its])]
        stars = stars[np.isfinite(stars)]
        chance = self.chance.get(part.id)
        return AspectLine(
            id=part.id,
            name=part.name,
            terms=part.terms,
            state=self._state(part),
            people=self.run.figure(f"{name}.people", num_voices, self.heads, "needs.d.aspects_people"),
            share=self.share(
                f"{name}.share", num_voices, len(np.unique(self.found.texts.voice[self.found.recent])), "needs.d.aspects_share"
            ),
            unhappy_share=self.share(f"{name}.unhappy_share", unhappy, known, "needs.d.aspects_unhappy"),
            happy_share=self.share(f"{name}.happy_share", happy, known, "needs.d.aspects_happy"),
            stars=self.run.figure(f"{name}.stars", float(stars.mean()) if len(stars) else None, "stars", "needs.d.stars", n=len(stars)),
            chance=self.run.figure(f"{name}.chance", chance, "number", "needs.d.aspects_chance"),
            trend="unknown" if trend is None else trend.direction,
            since=since,
            praise=self._words(part, its, 1.0, f"{name}.praise"),
            blame=self._words(part, its, -1.0, f"{name}.blame"),
            quotes=self._quotes(its, self._state(part) == "worse"),
        )

    def _state(self, part: _Part) -> Literal["worse", "better", "usual", "too_few"]:
        chance = self.chance.get(part.id)
        if chance is None:
            return "too_few"
        if chance >= MAX_P:
            return "usual"
        unhappy, known, other_unhappy, other_known = self.compared[part.id]
        return "worse" if unhappy * other_known > other_unhappy * known else "better"

    def _words(self, part: _Part, its: Ints, side: float, name: str) -> tuple[WordLine, ...]:
        """Words of praise (side 1) or blame (side -1) said with the part; what is said of everything alike ("bad") stands behind."""
        voices = self._voices_by_word(its, side)
        others = self._voices_by_word(np.setdiff1d(self.any, its), side)
        kept = [word for word in voices if len(voices[word]) >= MIN_WORD_VOICES and word not in part.terms]

        def weight(word: str) -> float:
            return len(voices[word]) ** 2 / (len(voices[word]) + len(others.get(word, ())) + USUAL_VOICES)

        often = sorted(kept, key=lambda word: (-weight(word), word))
        return tuple(
            WordLine(
                phrase=word,
                people=self.run.figure(f"{name}_{place}", len(voices[word]), self.heads, "needs.d.aspects_word"),
                elsewhere=self.run.figure(
                    f"{name}_{place}_elsewhere", len(others.get(word, ())), self.heads, "needs.d.aspects_word_elsewhere"
                ),
            )
            for place, word in enumerate(often[:NUM_WORDS])
        )

    def _voices_by_word(self, rows: Ints, side: float) -> dict[str, set[int]]:
        voices: dict[str, set[int]] = {}
        for unit in rows[side * self.units.sentiment[rows] > POSITIVE_ABOVE].tolist():
            if unit not in self.judging:
                found = {word for word in words(self.units.said[unit]) if len(word) > 1 and is_content(word)}
                self.judging[unit] = {word: value for word in found if (value := _polarity(word))}
            for word, value in self.judging[unit].items():
                if side * value > 0:
                    voices.setdefault(word, set()).add(int(self.units.voice[unit]))
        return voices

    def _quotes(self, its: Ints, blamed: bool) -> tuple[str, ...]:
        """Texts of readable length, the clearest feelings of the larger side (or the complaints) first, each by another voice."""
        texts, felt = self.found.texts, np.nan_to_num(self.units.sentiment[its])
        mood = -1.0 if blamed or (felt < NEGATIVE_BELOW).sum() >= (felt > POSITIVE_ABOVE).sum() else 1.0
        quotes: dict[int, str] = {}
        groups: set[int] = set()
        for place in np.argsort(-mood * felt, kind="stable").tolist():
            row = int(self.units.text[its[place]])
            voice, group = int(texts.voice[row]), int(texts.copy_group[row])
            if QUOTE_LETTERS[0] <= len(texts.text[row]) <= QUOTE_LETTERS[1] and voice not in quotes and group not in groups:
                quotes[voice] = str(texts.row_id[row])
                groups.add(group)
            if len(quotes) == NUM_QUOTES:
                break
        return tuple(quotes.values())
