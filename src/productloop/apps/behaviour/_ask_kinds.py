"""The likely kind of a question, as a second opinion where the words of the rules are not firm.

A multinomial logistic regression (Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 4.4) on marks: which lists of
words a question matches, how many events it names, which spans of time it has. Where these marks make the kind that the rules found unlikely,
the default encoder's vector of the question joins them, events replaced by one word, days and conditions left out. `benchmarks/ask_kinds.py`
fits both heads on written questions and measures them with each set left out in turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_events import Mention, steps_of
from productloop.apps.behaviour._ask_text import TAKEN, search
from productloop.text.encoders import encode

FILE = "ask_kinds.json"
VECTOR_SCALE = 8.0
"""Vectors have length 1 and marks are 0 or 1: stretched, both sides have a say."""
DOUBT = 0.5
"""Below this chance of the rules' kind by the marks alone, the encoder is asked."""
UNLIKELY, LIKELY = 0.1, 0.4
"""The rules' kind gives way when its chance is below the first and another's above the second."""
UNLIKELY_REFUSAL, LIKELY_KIND = 0.3, 0.6
"""The same where the rules found no kind at all: the encoder is asked in any case."""
REFUSE = "refuse"
_HAN = re.compile(r"[\u3400-\u9fff]")
_SECTIONS = (
    "DOCTOR", "EXPERIMENT", "PERFORMANCE", "SESSIONS", "PATHS", "SEGMENTS", "VALUE", "REVENUE", "FORECAST", "STICKINESS", "LIFECYCLE", "DRIVERS",
    "WHY", "WRITTEN", "DROP", "CHANGES", "RETENTION", "FUNNEL", "OF_THOSE", "STRICT", "UNORDERED", "ON_OR_AFTER", "RECURRING", "COUNT_TIMES",
    "COUNT_PEOPLE", "SUM", "AVERAGE", "DURATION", "TREND", "RATIO", "ACTIVE_PEOPLE", "MONEY_WORDS", "JOINED", "WHERE_LOST", "BROKEN", "ONLY_PEOPLE",
    "NET_RETENTION", "LOST_MOST", "CHANGE_NOUN", "NOT_EVENTS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the grammar has read of a question, as far as its kind depends on it."""

    free: str
    mentions: Sequence[Mention]
    window: bool
    horizon: bool
    dated: bool
    split: bool
    period: str | None


def marks(asked: Asked) -> NDArray[np.float64]:
    """0 or 1 for each list of words, number of events, span of time."""
    found = [search(cues.section(name), asked.free) is not None for name in _SECTIONS]
    many = len(steps_of(asked.mentions))
    found += [many == count for count in (0, 1, 2)] + [many > 2]
    found += [asked.window, asked.horizon, asked.dated, asked.split, *(asked.period == unit for unit in ("day", "week", "month"))]
    return np.array(found, dtype=np.float64)


def masked(asked: Asked) -> str:
    """The question with one word for every event, without days and conditions."""
    chinese = _HAN.search(asked.free) is not None
    text = asked.free
    for mention in reversed(asked.mentions):
        text = text[: mention.start] + ("下单" if chinese else " order ") + text[mention.end :]
    return re.sub(" +", " ", re.sub(f"{TAKEN}+", "" if chinese else " ", text)).strip()


@dataclass(frozen=True, slots=True)
class Head:
    """Scores of k kinds: (features, k) and (k,)."""

    coefficients: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def chances(self, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        scores = inputs @ self.coefficients + self.intercept
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum())


@cache
def heads() -> tuple[tuple[str, ...], Head, Head]:
    """(kinds, head of the marks, head of marks and vector)."""
    content = json.loads(files("productloop.apps.behaviour").joinpath(FILE).read_text(encoding="utf-8"))
    by_marks, by_both = (Head(np.array(content[name]["coefficients"]), np.array(content[name]["intercept"])) for name in ("marks", "both"))
    return tuple(content["kinds"]), by_marks, by_both


def second_opinion(asked: Asked, kind: str) -> str | None:
    """A kind that is much more likely than the one the rules found ("refuse" for none); None where that one may stand."""
    kinds, by_marks, by_both = heads()
    seen = marks(asked)
    if kind != REFUSE and by_marks.chances(seen)[kinds.index(kind)] >= DOUBT:
        return None
    chances = by_both.chances(np.concatenate([seen, VECTOR_SCALE * encode([masked(asked)])[0].astype(np.float64)]))
    best = int(chances.argmax())
    unlikely, likely = (UNLIKELY_REFUSAL, LIKELY_KIND) if kind == REFUSE else (UNLIKELY, LIKELY)
    return kinds[best] if chances[kinds.index(kind)] < unlikely and chances[best] > likely else None
