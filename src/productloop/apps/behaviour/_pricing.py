"""`pricing` from survey columns, orders and recorded changes to report: what people say they would pay, and what followed a new price."""

from __future__ import annotations

from typing import Literal

import numpy as np

from productloop.apps.behaviour import pricing_wording as wording
from productloop.apps.behaviour._pricing_changes import price_changes
from productloop.apps.behaviour._pricing_survey import BuyAnswers, MeterAnswers, buy_answers, meter_answers
from productloop.apps.behaviour.pricing_types import DemandPoint, DemandReport, MeterReport, PricingReport, PricingRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import Interval
from productloop.learning.price_sensitivity import Demand, PriceMeter, demand, price_meter
from productloop.loop.action import Run, is_simulated

MIN_PEOPLE, FEW_PEOPLE = 5, 30
MAX_DRAWN = 40


def answer_pricing(run: Run, request: PricingRequest) -> PricingReport:
    """The report. Raises UsageError for a breakdown or a named column that is nowhere."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN, name=excerpt(run.scope.by))
    run.progress("read", 0, 2)
    asked, bought = meter_answers(run.store, request), buy_answers(run.store, request)
    known = next((found.currency for found in (asked, bought) if found is not None and found.currency), "")
    currency = known or run.settings.text("product.currency").upper()
    meter, few_meter = _meter(run, asked, currency)
    wanted, few_demand = _demand(run, bought, currency)
    run.progress("count", 1, 2)
    changes = price_changes(run, request.follow_days)
    few: Literal["", "meter", "demand"] = "meter" if few_meter else "demand" if few_demand else ""
    return PricingReport(
        **run.frame("behaviour.pricing", ("feedback", "actors", "outcomes", "orders", "events", "changes")),
        cautions=_cautions(run, meter, wanted),
        currency=currency,
        meter=meter,
        demand=wanted,
        changes=changes,
        few=few,
    )


def _price(run: Run, currency: str, name: str, interval: Interval, definition: str) -> Figure:
    """A price: money where the currency is known, else a number as it was written."""
    by, unit = (100.0, f"money:{currency}") if currency else (1.0, "number")
    value = round(interval.value * by) if currency else interval.value
    return run.figure(name, value, unit, f"behaviour.d.pricing_{definition}", interval=(interval.low * by, interval.high * by))


def _meter(run: Run, asked: MeterAnswers | None, currency: str) -> tuple[MeterReport | None, bool]:
    """(the meter, whether there were columns and too few complete answers)."""
    if asked is None:
        return None, False
    if np.isfinite(asked.answers).all(axis=1).sum() < MIN_PEOPLE:
        return None, True
    try:
        found = price_meter(asked.answers, run.seed)
    except ValueError:  # nobody's answers rise: the columns are mixed up, or not about prices
        return None, True
    prices, curves = _drawn(found)
    return (
        MeterReport(
            columns=asked.columns,
            guessed=asked.guessed,
            people=run.figure("meter.people", found.num_people, "people", "behaviour.d.pricing_people"),
            inconsistent=run.figure("meter.inconsistent", found.num_inconsistent, "people", "behaviour.d.pricing_inconsistent"),
            optimal=_price(run, currency, "meter.optimal", found.optimal, "optimal"),
            indifference=_price(run, currency, "meter.indifference", found.indifference, "indifference"),
            lowest=_price(run, currency, "meter.lowest", found.lowest, "lowest"),
            highest=_price(run, currency, "meter.highest", found.highest, "highest"),
            prices=prices,
            curves=curves,
        ),
        False,
    )


def _drawn(found: PriceMeter) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    places = np.unique(np.linspace(0, len(found.prices) - 1, min(MAX_DRAWN, len(found.prices))).round().astype(int))
    curves = (found.too_cheap, found.cheap, found.expensive, found.too_expensive)
    return tuple(found.prices[places].tolist()), tuple(tuple(curve[places].tolist()) for curve in curves)


def _demand(run: Run, bought: BuyAnswers | None, currency: str) -> tuple[DemandReport | None, bool]:
    if bought is None:
        return None, False
    people = int(np.isfinite(bought.answers).any(axis=1).sum())
    if people < MIN_PEOPLE or len(bought.prices) < 2:
        return None, True
    found = demand(bought.prices, bought.answers[np.isfinite(bought.answers).any(axis=1)], run.seed)
    points = tuple(_point(run, currency, found, place) for place in range(len(found.prices)))
    number = run.figure("demand.people", people, "people", "behaviour.d.pricing_people")
    return DemandReport(columns=bought.columns, guessed=bought.guessed, people=number, points=points, best=found.best), False


def _point(run: Run, currency: str, found: Demand, place: int) -> DemandPoint:
    name = f"demand.{place + 1}"
    price, share = float(found.prices[place]), found.share[place]
    asked = int(found.asked[place])
    plain = _price(run, currency, f"{name}.price", Interval(price, price, price), "tested").model_copy(update={"low": None, "high": None})
    return DemandPoint(
        price=plain,
        asked=run.figure(f"{name}.asked", asked, "people", "behaviour.d.pricing_asked"),
        share=run.figure(f"{name}.share", share.value, "share", "behaviour.d.pricing_share", n=asked, interval=(share.low, share.high)),
        revenue=_price(run, currency, f"{name}.revenue", found.revenue[place], "revenue"),
        chance=run.figure(f"{name}.chance", float(found.chance[place]), "share", "behaviour.d.pricing_chance"),
    )


def _cautions(run: Run, meter: MeterReport | None, wanted: DemandReport | None) -> tuple[Say, ...]:
    found: list[Say] = []
    if meter is not None and meter.guessed:
        a, b, c, d = (excerpt(name, 30) for name in meter.columns)
        found.append(say("behaviour.caution.pricing_meter_columns", a=a, b=b, c=c, d=d))
    if wanted is not None and wanted.guessed:
        found.append(say("behaviour.caution.pricing_demand_columns", columns=", ".join(excerpt(name, 30) for name in wanted.columns)))
    people = [int(report.people.value or 0) for report in (meter, wanted) if report is not None]
    if people and min(people) < FEW_PEOPLE:
        found.append(say("behaviour.caution.pricing_few", people=min(people), needed=FEW_PEOPLE))
    if meter is not None and float(meter.inconsistent.value or 0) > 0:
        found.append(say("behaviour.caution.pricing_inconsistent", num=meter.inconsistent))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
