"""The actions of `behaviour` about money and what lies ahead: value, forecast, revenue, pricing."""

from __future__ import annotations

from productloop.apps.behaviour import forecast_wording, pricing_wording, revenue_wording, value_wording
from productloop.apps.behaviour.forecast_report import forecast_page
from productloop.apps.behaviour.forecast_types import ForecastReport, ForecastRequest
from productloop.apps.behaviour.pricing_report import pricing_page
from productloop.apps.behaviour.pricing_types import PricingReport, PricingRequest
from productloop.apps.behaviour.revenue_report import revenue_page
from productloop.apps.behaviour.revenue_types import RevenueReport, RevenueRequest
from productloop.apps.behaviour.value_report import value_page
from productloop.apps.behaviour.value_types import ValueReport, ValueRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def value(run: Run, request: ValueRequest) -> ValueReport:
    """What a customer without a contract is worth, and whether that estimate was ever right."""
    from productloop.apps.behaviour._value import answer_value  # loads SciPy

    return answer_value(run, request)


def forecast(run: Run, request: ForecastRequest) -> ForecastReport:
    """Where a number is going, with intervals, and whether that was ever better than repeating the season before."""
    from productloop.apps.behaviour._forecast import answer_forecast  # loads the array kernels

    return answer_forecast(run, request)


def revenue(run: Run, request: RevenueRequest) -> RevenueReport:
    """Monthly recurring revenue by new, back again, grown, shrunk and lost, and how much of it stays."""
    from productloop.apps.behaviour._revenue import answer_revenue  # loads the array kernels

    return answer_revenue(run, request)


def pricing(run: Run, request: PricingRequest) -> PricingReport:
    """What people say they would pay, and what followed a change of price."""
    from productloop.apps.behaviour._pricing import answer_pricing  # loads the array kernels

    return answer_pricing(run, request)


MONEY_ACTIONS: tuple[Action, ...] = (
    Action(
        name="value",
        title=value_wording.VALUE_TITLE,
        run=value,
        page=value_page,
        request=ValueRequest,
        report=ValueReport,
        effect="reads",
        length="quick",
        reads=("orders",),
    ),
    Action(
        name="forecast",
        title=forecast_wording.FORECAST_TITLE,
        run=forecast,
        page=forecast_page,
        request=ForecastRequest,
        report=ForecastReport,
        effect="reads",
        length="quick",
        reads=("events", "orders", "metrics"),
    ),
    Action(
        name="revenue",
        title=revenue_wording.REVENUE_TITLE,
        run=revenue,
        page=revenue_page,
        request=RevenueRequest,
        report=RevenueReport,
        effect="reads",
        length="quick",
        reads=("orders",),
    ),
    Action(
        name="pricing",
        title=pricing_wording.PRICING_TITLE,
        run=pricing,
        page=pricing_page,
        request=PricingRequest,
        report=PricingReport,
        effect="reads",
        length="quick",
        reads=("feedback", "actors", "outcomes", "orders", "events", "changes"),
    ),
)
MONEY_TEXTS: dict[str, Text] = {**value_wording.TEXTS, **forecast_wording.TEXTS, **revenue_wording.TEXTS, **pricing_wording.TEXTS}
