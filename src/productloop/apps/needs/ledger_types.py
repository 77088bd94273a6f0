"""What can be asked of `needs ledger`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class LedgerRequest(Request):
    """Which topics are there, what became of them, and what should they be?"""

    refit: bool = Field(default=False, description="find the topics anew and show what changed | 重新归纳话题，并列出变化")
    rename: str | None = Field(
        default=None,
        description="TOPIC=NAME, or TOPIC=Chinese|English; never renamed by a run again"
        " | 改名：话题=新名字，或 话题=中文名|English name，以后不会被自动改掉",
    )
    merge: str | None = Field(
        default=None, description="A+B puts A into B; A+B+C puts both into C | 合并：A+B 把 A 并入 B，A+B+C 把前两个并入 C"
    )
    split: str | None = Field(default=None, description="a topic, into the parts found in it | 拆开一个话题")
    pin: str | None = Field(default=None, description="a topic that no run shall change | 固定一个话题，以后不再自动改动")
    unpin: str | None = Field(default=None, description="a topic that runs may change again | 取消固定")
    define: str | None = Field(
        default=None,
        description="a sentence: a topic of everything that means this, in both languages | 用一句话定义一个话题，中英文里意思相近的都归进来",
    )
    undo: bool = Field(default=False, description="take back the last change made by hand | 撤销上一次人工改动")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ChangeLine(_Part):
    """What became of one topic since the run before."""

    kind: Literal["new", "grew", "shrank", "split", "merged", "faded"]
    topic: str
    name: Say
    was: Figure
    now: Figure
    others: tuple[Say, ...]
    """Split: what it came out of; merged: what went into it; faded: what holds its points now."""


class LedgerTopic(_Part):
    """One topic of the ledger."""

    id: str
    name: Say
    state: Literal["live", "faded", "merged"]
    held: bool
    people: Figure
    texts: Figure
    first_seen: str | None
    last_seen: str | None
    into: Say | None
    """Merged: the topic it went into."""


class LedgerReport(Report):
    """The ledger: topics with their permanent ids, and what the last run changed."""

    enough: bool
    """False: too few texts for topics."""
    texts: Figure
    missing: Figure
    counts_people: bool
    done: Say | None
    """What was just done by hand."""
    found_anew: bool
    since: str | None
    """Day until which the data reached in the run before; None on the first run or without dates."""
    until: str | None
    """Day until which the data reached in the last run that changed anything."""
    changes: tuple[ChangeLine, ...]
    num_same: Figure
    counts: dict[str, Figure]
    """Topics by what became of them."""
    num_topics: Figure
    num_held: Figure
    topics: tuple[LedgerTopic, ...]
    """Those that are there, then those that are gone; at most 400."""
