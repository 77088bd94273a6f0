"""A question that people answer about texts: what it is called, which answers it has, and which texts are asked by lot.

`needs label` asks it, `needs.label` learns from the answers; both must mean the same by the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from productloop.apps.needs import label_wording as wording
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, Text, say
from productloop.learning.few_shot_model import FirstGuess
from productloop.text.feedback_types import TYPES

SKIPPED = "skip"
SENTIMENTS = ("negative", "neutral", "positive")
BUILT_IN = {"sentiment": SENTIMENTS, "type": TYPES}
MAX_NAME_LETTERS = 40

_COMMA = re.compile(r"[,，;；、\n]")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `kind` is sentiment, type or own; `key` is what labels are kept under."""

    kind: str
    key: str
    answers: tuple[str, ...]

    @property
    def name(self) -> Say | str:
        """How a page calls it."""
        return self.key if self.kind == "own" else say(f"needs.label.question.{self.kind}")

    def answer_name(self, answer: str) -> Say | str:
        """How a page calls an answer."""
        return answer if self.kind == "own" else say(f"needs.label.answer.{answer}")

    @property
    def guess(self) -> FirstGuess:
        """What is thought of a text before anything is labelled; even where the answers name no matter."""
        if self.kind == "sentiment":
            return FirstGuess("sentiment", self.answers)
        if self.kind == "type":
            return FirstGuess("type", self.answers)
        plain = any(answer.lower() in wording.PLAIN_WORDS for answer in self.answers)
        return FirstGuess("even" if plain else "names", self.answers)

    @property
    def task(self) -> str:
        """Name of the task that learns it; of letters that every file system takes, with a digest where that is not the whole question."""
        letters = re.sub(r"\W+", "-", self.key).strip("-")
        if letters.replace("-", " ") == self.key and len(letters) <= MAX_NAME_LETTERS:
            return f"label-{letters}"
        digest = blake2b(self.key.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
        return "-".join(part for part in ("label", letters[:MAX_NAME_LETTERS], digest) if part)


def question_of(asked: str, given: Iterable[str], stored: Mapping[str, Iterable[str]]) -> Question:
    """The question that a person means. `given` answers, else (for a question of one's own) those in `stored`: question -> values so far.

    UsageError where fewer than two answers are known, or one is none of a built-in question's.
    """
    asked = " ".join(asked.replace('"', " ").split())
    kind = next((name for name, words in wording.QUESTION_WORDS.items() if asked.lower() in words), "own")
    named = tuple(dict.fromkeys(part.strip() for text in given for part in _COMMA.split(text) if part.strip()))
    if kind == "own":
        key = asked.lower()
        answers = named or tuple(sorted(set(stored.get(key, ())) - {SKIPPED}))
    else:
        key, known = kind, BUILT_IN[kind]
        wanted = {answer_of(text, known, "built in") for text in named}
        answers = tuple(answer for answer in known if answer in wanted) if named else known
    if len(answers) < 2 or not key:
        raise UsageError(wording.NO_ANSWERS, question=excerpt(asked))
    return Question(kind, key, answers)


def answer_of(text: str, known: tuple[str, ...], kind: str) -> str:
    """The answer that a text means. UsageError for none of them."""
    lowered = text.strip().lower()
    if lowered in wording.SKIP_WORDS:
        return SKIPPED
    for answer in known:
        if lowered == answer.lower() or (kind != "own" and lowered in wording.ANSWER_WORDS[answer]):
            return answer
    raise UsageError(wording.ANSWER_UNKNOWN, answer=excerpt(text), known=_listed(known, kind))


def _listed(known: tuple[str, ...], kind: str) -> Text:
    if kind == "own":
        return Text("、".join(known), ", ".join(known))
    names = [wording.TEXTS[f"needs.label.answer.{answer}"] for answer in known]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def parts_of(text: str) -> list[str]:
    """What stands between commas of either script, or on lines; blanks cut off."""
    return [part.strip() for part in _COMMA.split(text)]


def lot(question: str, row: str) -> int:
    """Place of a text in the lot of a question: 64 bits, drawn once and for all."""
    return int.from_bytes(blake2b(f"{question}\x00{row}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def is_check(question: str, row: str) -> bool:
    """Whether a text is asked by lot, so that its label may judge a model."""
    return lot(question, row) % 2 == 0
