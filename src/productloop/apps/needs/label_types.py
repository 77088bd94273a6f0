"""What can be asked of `needs label`, and what it answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class LabelRequest(Request):
    """Which texts should a person label, and what can a model do with the labels?"""

    question: str = Field(
        default="sentiment",
        max_length=200,
        description="what to ask of each text: sentiment, type, or a question of your own"
        " | 每条内容问什么：sentiment（情绪）、type（类型），或自己的问题",
    )
    answers: tuple[str, ...] = Field(
        default=(), max_length=20, description="the answers allowed, such as yes,no | 可选的答案，例如 是,否；自己的问题要写"
    )
    mark: tuple[str, ...] = Field(
        default=(),
        max_length=500,
        description="your answers, ROW=ANSWER,ROW=ANSWER; skip where nobody can tell | 您的答案：编号=答案,编号=答案；说不准的写“跳过”",
    )
    num_texts: int = Field(default=10, ge=1, le=50, description="texts to label next | 下一批给几条")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AskedText(_Part):
    """A text that a person should label next."""

    number: str
    """Short form of the row id, enough to tell it from all others."""
    row: str


class AnswerLine(_Part):
    """One answer: how many labels say it, how many texts the head gives it by itself, and its share among all."""

    answer: str
    name: Say | str
    labelled: Figure
    decided: Figure
    share: Figure
    """Of all voices; None before there are enough checks."""


class Quality(_Part):
    """How well the head does on the checks: texts drawn by lot, answered by a head that had not seen their label."""

    checks: Figure
    right: Figure
    """Of 10 texts."""
    cold: Figure
    """Of 10 texts, without labels; None where there is nothing to start from."""
    common: Figure
    """Of 10 texts, if always the most common answer were given."""
    open: Figure
    """Texts without a label, copies included."""
    alone: Figure
    """Those that the head may decide alone."""
    left: Figure
    """Those that a person should decide."""
    alone_checks: Figure
    alone_wrong: Figure
    """Checks that it would decide alone, and of these wrongly."""
    gain: Figure
    """Texts of 10 that it decides rightly more often than with half of the labels; None with too few."""


class LiveHead(_Part):
    """The model of this question that is live: other programs get its answers, and it stays until a better one is trained."""

    release: str
    better: bool
    """Than always giving the most common answer; otherwise that is what is live."""
    learned: Figure
    """Answers it learned from."""
    fresh: Figure
    """Answers given since."""
    right: Figure
    """Of 10 texts drawn by lot, each judged by a model that had not learned it."""
    alone: Figure
    """Of 10 such texts, those it can decide alone."""


class LabelReport(Report):
    """The texts to label next, and what a head learnt from the labels so far."""

    question: str
    name: Say | str
    answers: tuple[AnswerLine, ...]
    done: Figure
    """Answers stored by this request."""
    skipped: Figure
    labelled: Figure
    goal: Figure
    missing: Figure
    """Labels that are missing before a head is trained; 0 when there is one."""
    one_answer: bool
    """All labels say the same: nothing to learn yet."""
    texts: Figure
    """Different texts that can be labelled."""
    counts_people: bool
    quality: Quality | None
    """None before there are enough labels."""
    live: LiveHead | None
    """None before a turn of the loop has trained one."""
    to_train: Figure
    """Answers that are missing before a turn trains one."""
    checks_missing: Figure
    """Checks that are missing before anything is decided alone."""
    asked: tuple[AskedText, ...]
    num_asked: Figure
    command: str
    """The next command, with the ids filled in."""
