"""What can be asked of `risk case`, and what it answers. Times are microseconds UTC, money in minor units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.risk.types import ReasonView, Rule
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text
from productloop.loop.action import Report, Request


class CaseRequest(Request):
    """Everything about one customer, to read before a call."""

    account: str = Field(
        description="an account's or a user's id in your data | 您数据里这个账户或用户的编号", json_schema_extra={"positional": True}
    )
    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class CasePerson(_Part):
    """One person of the customer, by the source's own id."""

    id: str
    plan: str | None
    first_seen: int | None
    last_seen: int | None
    """Last event or order."""
    left: bool
    chance: Figure | None
    """Of the outcome, from the live model; None where there is none or it tells nobody apart."""


class Paid(_Part):
    """Money of one currency."""

    paid: Figure
    lately: Figure
    """In the last 12 weeks."""
    refunded: Figure
    num_orders: Figure


class Order(_Part):
    """One payment or refund."""

    at: int
    person: str
    kind: str | None
    what: str | None
    """Plan, else item."""
    amount: Figure


class Renewal(_Part):
    """A paid period that ends, or has ended without another payment."""

    at: int
    person: str
    plan: str | None
    amount: Figure | None
    days: Figure
    """Until then; days since, where it lapsed."""
    lapsed: bool


class Mentioned(_Part):
    """One topic that its people brought up."""

    topic: Say | str
    texts: Figure
    unhappy: Figure
    last: int | None


class Promise(_Part):
    """A reply of ours that looks like a promise."""

    row_id: str
    at: int | None
    due: int | None
    """End of the day it names, such as tomorrow or within three days."""
    overdue: bool
    """It named a day that has passed, and nothing was said to them since."""
    shipped: tuple[tuple[int, Say | Text | str], ...]
    """(when, title) of documents and changes since then that share words with it."""


class Waiting(_Part):
    """Something its people wrote that nobody answered."""

    row_id: str
    at: int
    days: Figure
    in_conversation: bool


class Moved(_Part):
    """One measure in the days before against its own level before those, beside customers alike."""

    what: Literal["actions", "days", "payments", "messages"]
    was: Figure
    """A week."""
    now: Figure
    ratio: Figure
    """Own change divided by theirs (by 1 where nobody is alike)."""
    common: Figure | None
    """What those alike did: ratio after to before."""
    p: float
    """Adjusted for all measures."""
    clear: bool
    parts: tuple[tuple[str, float, float], ...] = ()
    """The actions that moved most: (name, was, is) a week."""


class Alike(_Part):
    """One customer that looked like this one at some moment."""

    id: str
    at: int | None
    distance: float
    left: bool | None
    """None: it is a customer of today."""


class Entry(_Part):
    """One line of the timeline."""

    at: int
    kind: Literal["did", "said", "paid", "promised", "changed"]
    what: Say | Text | str
    person: str | None = None


class CaseReport(Report):
    """One customer."""

    id_asked: str
    name: str
    """The account's id, or the person's own where there is no account."""
    people: tuple[CasePerson, ...]
    """At most 50, those here last first."""
    num_people: Figure
    plans: tuple[str, ...]
    since: int | None
    last_seen: int | None
    silent_days: Figure | None
    state: Literal["here", "some_left", "gone"]
    num_left: Figure
    left_on: int | None
    """When it was known; None without a date."""
    event: Say | None
    """What counts as leaving; None where nothing was said to count."""
    window_days: int | None
    moment: int | None
    """The moment that "the days before" and "looked like it" mean: now, or before it left."""
    told_apart: bool | None
    """None: no live model."""
    expected: Figure | None
    """Of its people, how many will leave by the model; only with several."""
    like_this: Figure | None
    average: Figure | None
    riskiest: str | None
    group: Rule | None = None
    """Where no model tells people apart: the counted group with more of the outcome that one of its people is in."""
    reasons: tuple[ReasonView, ...]
    paid: tuple[Paid, ...]
    orders: tuple[Order, ...]
    """The newest 20."""
    renewals: tuple[Renewal, ...]
    has_orders: bool
    has_periods: bool
    weeks: tuple[str, ...]
    """First days of weeks."""
    activity: tuple[Figure, ...]
    """Actions a week; None in a week that is not over."""
    usual: tuple[Figure, ...]
    """Mean of those alike in the same weeks; empty without any."""
    marks: tuple[tuple[str, Say | Text | str], ...]
    has_events: bool
    quotes: tuple[str, ...]
    num_texts: Figure
    unhappy: Figure | None
    topics: tuple[Mentioned, ...]
    has_topics: bool
    promises: tuple[Promise, ...]
    has_replies: bool
    """Whether the data hold replies of ours at all."""
    waiting: tuple[Waiting, ...]
    num_waiting: Figure
    knows_answers: Literal["yes", "no", "nothing_said"]
    """no: neither replies nor statuses are in the data."""
    moved: tuple[Moved, ...]
    compared: Literal["yes", "alone", "new", "no_events"]
    """Against those alike, against itself only, too short here, or nothing to compare."""
    days_before: int
    alike_by: Literal["result", "quiet", "few", "none"]
    """What "left" means for those alike: the known result, or 28 quiet days; too few; nothing to compare with."""
    alike_left: Figure | None
    """Share of those alike that left."""
    alike_num: int
    alike_num_left: int
    alike_base: Figure | None
    alike: tuple[Alike, ...]
    alike_now: tuple[Alike, ...]
    """For a customer who left: customers of today that look as it did then."""
    timeline: tuple[Entry, ...]
