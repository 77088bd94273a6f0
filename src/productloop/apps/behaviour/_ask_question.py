"""What stands in a question, piece by piece: days, windows, conditions, events; the kinds of questions are made of these (`_ask_grammar`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_columns import Column, find_conditions
from productloop.apps.behaviour._ask_dates import find_days
from productloop.apps.behaviour._ask_day_rules import Calendar
from productloop.apps.behaviour._ask_events import EventFinder, Mention, steps_of
from productloop.apps.behaviour._ask_kinds import Asked
from productloop.apps.behaviour._ask_text import Sentence, read_sentence, search
from productloop.apps.behaviour._ask_windows import DAYS, horizon_of, until_of, window_of
from productloop.apps.behaviour._dictionary import EventNames

CUE_WORDS = cues.KNOWN_WORDS.split("|")


@dataclass(frozen=True)
class Catalogue:
    """What can be asked about: events with their names, columns with their values, and the last day of the data."""

    events: EventNames
    columns: tuple[Column, ...]
    today: date
    week_start: int = 0

    @cached_property
    def finder(self) -> EventFinder:
        """The ways to name these events, made once."""
        return EventFinder(self.events)


@dataclass(slots=True)
class Question:
    """A question with what was found in it."""

    original: str
    sentence: Sentence
    scope: dict[str, Any]
    window_days: float | None
    period: str | None
    horizon: tuple[int, str] | None
    finder: EventFinder
    mentions: list[Mention]
    today: str

    @property
    def text(self) -> str:
        return self.sentence.free

    def has(self, pattern: str) -> bool:
        return search(pattern, self.sentence.free) is not None

    def said(self, pattern: str) -> bool:
        """Whether the whole question, with days and conditions, has it."""
        return search(pattern, self.sentence.text) is not None


def read_question(question: str, catalogue: Catalogue) -> Question:
    """A question taken apart."""
    finder = catalogue.finder
    sentence = read_sentence(question, {*CUE_WORDS, *finder.vocabulary()})
    horizon = horizon_of(sentence)
    if horizon is None and search(cues.FORECAST, sentence.text) is not None:
        horizon = until_of(sentence, catalogue.today)
    window = window_of(sentence)
    days = find_days(sentence, Calendar(catalogue.today, catalogue.week_start))
    period = days.compared or _period(sentence)
    named = [(mention.start, mention.end) for mention in finder.find(sentence) if mention.strength > 1]
    conditions = find_conditions(sentence, catalogue.columns, named)
    scope = {"since": days.since, "until": days.until, "where": conditions.where, "by": conditions.by}
    mentions = finder.find(sentence)
    looks_ahead = search(r"预测|预计|预估|会|能|\bwill\b|\bforecast|\bpredict|\bproject|\bexpect", sentence.text)
    if horizon is not None and looks_ahead is None and len(steps_of(mentions)) > 1:
        window, horizon = window or round(horizon[0] * DAYS[horizon[1]], 4), None
    return Question(question, sentence, scope, window, period, horizon, finder, mentions, catalogue.today.isoformat())


def _period(sentence: Sentence) -> str | None:
    """The unit of time the answer is wanted in; the words stay, since some say the kind, too."""
    places = {unit: match.start() for unit, pattern in cues.PERIODS if (match := sentence.find(pattern)) is not None}
    return min(places, key=lambda unit: places[unit]) if places else None


def asked(found: Question) -> Asked:
    """What the second opinion needs to know of a question."""
    scope = found.scope
    dated = scope["since"] is not None or scope["until"] is not None
    return Asked(
        found.text, found.mentions, found.window_days is not None, found.horizon is not None, dated, scope["by"] is not None, found.period
    )
