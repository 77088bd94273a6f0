"""The report of `pricing` as a page: what people say they would pay, who would buy at which price, what followed a change of price."""

from __future__ import annotations

from productloop.apps.behaviour.pricing_types import Compared, DemandReport, MeterReport, PriceChange, PricingReport
from productloop.foundation.page import Block, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import say
from productloop.loop.marks import in_both

CURVES = ("too_cheap", "cheap", "expensive", "too_expensive")


def pricing_page(report: PricingReport) -> Page:
    """The page of a report; what is missing for each part is said."""
    blocks: list[Block] = []
    details: list[Block] = []
    if report.meter is not None:
        blocks += _meter(report.meter)
        details.append(_curves(report.meter, report.currency))
    if report.demand is not None:
        blocks += _demand(report.demand, report.currency)
    for change in report.changes:
        blocks += _change(change)
    if report.meter is None and report.demand is None:
        key = "few" if report.few else "no_survey"
        blocks.append(Line(text=say(f"behaviour.pricing.{key}"), tone="caution"))
    elif report.few:
        blocks.append(Line(text=say(f"behaviour.pricing.few_{report.few}"), tone="caution"))
    if not report.changes:
        blocks.append(Line(text=say("behaviour.pricing.no_changes")))
    if report.cautions:
        blocks.append(Heading(text=say("behaviour.heading.doubt")))
        blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    details.append(Fold(title=say("behaviour.fold.pricing_method"), blocks=(Line(text=say("behaviour.pricing.method")),)))
    return Page(title=say("behaviour.pricing.title"), blocks=tuple(blocks), details=tuple(details))


def _meter(meter: MeterReport) -> list[Block]:
    return [
        Heading(text=say("behaviour.heading.meter")),
        Line(text=say("behaviour.pricing.range", people=meter.people, lowest=meter.lowest, highest=meter.highest)),
        Line(text=say("behaviour.pricing.optimal", optimal=meter.optimal, indifference=meter.indifference)),
        Grid(
            columns=tuple(say(f"behaviour.label.{name}") for name in ("point", "price")),
            rows=tuple((say(f"behaviour.label.{name}"), getattr(meter, name)) for name in ("lowest", "optimal", "indifference", "highest")),
        ),
        Line(text=say("behaviour.pricing.said")),
    ]


def _curves(meter: MeterReport, currency: str) -> Fold:
    series = tuple(Series(name=say(f"behaviour.label.{name}"), y=curve) for name, curve in zip(CURVES, meter.curves, strict=True))
    chart = Chart(
        form="lines",
        title=say("behaviour.chart.meter", currency=currency) if currency else say("behaviour.chart.meter_plain"),
        x=tuple(f"{price:g}" for price in meter.prices),
        series=series,
        share=True,
    )
    return Fold(title=say("behaviour.fold.meter"), blocks=(chart,))


def _demand(demand: DemandReport, currency: str) -> list[Block]:
    best = demand.points[demand.best]
    key = "best" if float(best.chance.value or 0) >= 0.9 else "best_unsure"
    columns = tuple(say(f"behaviour.label.{name}") for name in ("price", "asked", "would_buy", "revenue_hundred", "best_chance"))
    return [
        Heading(text=say("behaviour.heading.demand")),
        Line(text=say(f"behaviour.pricing.{key}", price=best.price, share=best.share, revenue=best.revenue, chance=best.chance)),
        Grid(columns=columns, rows=tuple((one.price, one.asked, one.share, one.revenue, one.chance) for one in demand.points)),
        Chart(
            form="lines",
            title=say("behaviour.chart.demand", currency=currency) if currency else say("behaviour.chart.demand_plain"),
            x=tuple(f"{float(one.price.value or 0) / (100 if currency else 1):g}" for one in demand.points),
            series=(
                Series(
                    name=say("behaviour.label.would_buy"),
                    y=tuple(one.share.value for one in demand.points),
                    low=tuple(one.share.low for one in demand.points),
                    high=tuple(one.share.high for one in demand.points),
                ),
            ),
            share=True,
        ),
    ]


def _change(change: PriceChange) -> list[Block]:
    title = in_both(change.title) or change.day
    blocks: list[Block] = [Heading(text=say("behaviour.heading.price_change", day=change.day, title=title))]
    if change.state == "early":
        return [*blocks, Line(text=say("behaviour.pricing.early", day=change.look_again or ""), tone="caution")]
    if change.state == "short":
        return [*blocks, Line(text=say("behaviour.pricing.short", days=2 * change.follow_days), tone="caution")]
    blocks += [_moved(one) for one in change.measures if one.verdict in ("more", "less")]
    if not any(one.verdict in ("more", "less") for one in change.measures):
        blocks.append(Line(text=say("behaviour.pricing.unclear")))
    blocks.append(Line(text=say("behaviour.pricing.no_cause"), tone="caution"))
    columns = tuple(say(f"behaviour.label.{name}") for name in ("measure", "old_price", "new_price", "gap"))
    rows = tuple(
        (
            say(f"behaviour.label.pricing_{one.measure}"),
            one.old if one.old.value is not None else None,
            one.new if one.new.value is not None else None,
            one.difference if one.difference.value is not None else None,
        )
        for one in change.measures
    )
    blocks.append(Grid(columns=columns, rows=rows))
    blocks.append(Line(text=say("behaviour.pricing.rule", days=change.follow_days, cohort=change.cohort_days)))
    return blocks


def _moved(one: Compared) -> Line:
    good = (one.verdict == "more") == (one.measure == "paid")
    return Line(text=say(f"behaviour.pricing.{one.verdict}_{one.measure}", old=one.old, new=one.new), tone="good" if good else "bad")
