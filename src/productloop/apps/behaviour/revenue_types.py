"""What can be asked of `behaviour revenue`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.loop.action import Report, Request


class RevenueRequest(Request):
    """How does recurring revenue move?"""

    currency: str | None = Field(
        default=None,
        description="only orders in this currency, such as CNY; empty: the most frequent one | 只看哪种货币的订单，例如 CNY；不填则取订单最多的一种",
    )
    months: int = Field(default=12, ge=1, le=60, description="how many months to show | 显示最近几个月")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class RevenueMonth(_Part):
    """One month. In the running month only the money that came in so far is known; everything else is None."""

    start: str
    """First day of the month."""
    running: bool
    mrr: Figure
    """Monthly recurring revenue on its last day."""
    new: Figure
    reactivated: Figure
    expansion: Figure
    contraction: Figure
    lost: Figure
    net_retention: Figure
    gross_retention: Figure
    accounts: Figure
    """Paying accounts on its last day."""
    refunds: Figure
    """Money paid back, above 0."""
    single: Figure
    """Money from orders outside subscriptions."""


class RevenueGroup(_Part):
    """Accounts of one plan, or of one start month."""

    name: str | None
    """Plan, or first day of the month; None = no plan is named."""
    started: Figure
    """Accounts that ever were in the group (by plan: the same as `accounts`)."""
    accounts: Figure
    """Paying at the end of the last whole month."""
    mrr: Figure
    each: Figure
    """Recurring revenue per paying account, with interval."""


class CurrencyLine(_Part):
    """Recurring revenue in another currency; never added to the rest."""

    currency: str
    mrr: Figure
    accounts: Figure


class RevenueReport(Report):
    """Monthly recurring revenue: what came, grew, shrank and went."""

    state: Literal["ok", "none", "single", "short"]
    """none: no orders; single: no subscriptions; short: not one whole month."""
    currency: str
    last: RevenueMonth | None
    """The last whole month with a month before it."""
    base: RevenueMonth | None
    """The last whole month, where it is the only one."""
    months: tuple[RevenueMonth, ...] = ()
    year_net: Figure
    """Net retention of the accounts of `span` months before the last whole month."""
    year_gross: Figure
    span: int
    """12, or as many whole months as there are."""
    by_plan: tuple[RevenueGroup, ...] = ()
    by_cohort: tuple[RevenueGroup, ...] = ()
    others: tuple[CurrencyLine, ...] = ()
    inferred: Figure
    """Share of subscription orders whose period was inferred."""
    accounts_known: bool
    """True where people are gathered into accounts."""
