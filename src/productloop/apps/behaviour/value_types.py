"""What can be asked of `behaviour value`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.loop.action import Report, Request


class ValueRequest(Request):
    """What is a customer worth?"""

    months: int = Field(default=12, ge=1, le=60, description="how many months ahead | 往后看几个月")
    currency: str | None = Field(
        default=None,
        description="only orders in this currency, such as CNY; empty: the most frequent one | 只看哪种货币的订单，例如 CNY；不填则取订单最多的一种",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Tenth(_Part):
    """A tenth of the customers, the most valuable first."""

    people: Figure
    ahead: Figure
    """Money expected per customer."""
    share: Figure
    """Of the money expected from all."""


class ValueCohort(_Part):
    """The customers whose first purchase fell in one month."""

    start: str
    """First day of the month."""
    people: Figure
    so_far: Figure
    """Money paid so far per customer."""
    ahead: Figure
    """Money expected per customer."""
    again: Figure
    """Share expected to buy at least once."""


class Customer(_Part):
    """One customer, by the source's own id."""

    id: str
    orders: Figure
    so_far: Figure
    ahead: Figure
    alive: Figure
    last_order: str


class Backtest(_Part):
    """Fitted on the first part of the data only, and held against what came after."""

    until: str
    """Last day that the fit saw."""
    num_weeks: int
    """Length of the part it did not see."""
    people: Figure
    predicted: Figure
    """Purchases expected of these people."""
    actual: Figure
    naive: Figure
    """Purchases if each had repeated the period of the same length before."""
    predicted_money: Figure
    actual_money: Figure
    error: Figure
    """Mean absolute error, purchases per customer."""
    naive_error: Figure
    gain: Figure
    """Error of the baseline minus the model's, with interval: above 0 the model is better."""
    verdict: Literal["better", "same", "worse"]


class ValueReport(Report):
    """What customers without a contract are worth."""

    state: Literal["ok", "none", "subscription", "periodic", "few"]
    """subscription: all orders belong to subscriptions; periodic: people buy on a schedule; few: too little to fit."""
    months: int
    currency: str
    people: Figure
    repeaters: Figure
    """Customers who bought on at least two days."""
    missing: Figure
    """Customers, or repeating customers, still needed before a fit is worth it."""
    steady: Figure
    """Share of customers whose gaps between orders are nearly equal."""
    ahead: Figure
    """Money expected from the average customer."""
    so_far: Figure
    """Money the average customer has paid, refunds taken off."""
    total_ahead: Figure
    alive: Figure
    """Repeating customers who are probably still there."""
    again: Figure
    """Customers expected to buy at least once."""
    tenths: tuple[Tenth, ...] = ()
    cohorts: tuple[ValueCohort, ...] = ()
    top: tuple[Customer, ...] = ()
    backtest: Backtest | None = None
    purchase_parameters: tuple[Figure, ...] = ()
    """BG/NBD r, alpha (weeks), a, b, with 90 % intervals."""
    spend_parameters: tuple[Figure, ...] = ()
    """Gamma-Gamma p, q, gamma, with 90 % intervals."""
    spend_correlation: Figure | None = None
    """Of how often a customer buys and how much at a time; the models take it for 0."""
