"""The report of `drivers` as a page: per outcome what goes with it, the simplest line to draw, and that this is no cause."""

from __future__ import annotations

from productloop.apps.behaviour._page_parts import doubts
from productloop.apps.behaviour.drivers_types import Driver, DriversReport, OutcomeDrivers
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_LINES = 3
MAX_BARS = 8


def drivers_page(report: DriversReport) -> Page:
    """The page of a report."""
    blocks: list[Block] = []
    for one in report.outcomes:
        blocks += _section(report, one)
    if any(driver.clear for one in report.outcomes for driver in one.drivers):
        blocks.append(Line(text=say("behaviour.drivers.association"), tone="caution"))
    blocks.append(Line(text=say("behaviour.drivers.rule_how", days=report.days, week=report.week, open=report.in_progress)))
    folds = tuple(_fold(one) for one in report.outcomes if one.drivers)
    return Page(title=say("behaviour.drivers.title", days=report.days), blocks=(*blocks, *doubts(report.cautions)), details=folds)


def _section(report: DriversReport, one: OutcomeDrivers) -> list[Block]:
    heading = Heading(text=say(f"behaviour.drivers.heading_{one.outcome}", week=report.week))
    if one.state != "ok":
        slots: dict[str, Figure] = {"people": one.people, "share": one.share}
        if one.state == "no_orders":
            slots = {}
        elif one.state == "few":
            slots = {"people": one.people}
        return [heading, Line(text=Say(key=f"behaviour.drivers.{one.state}", slots={**slots}), tone="caution")]
    base = Line(text=say(f"behaviour.drivers.base_{one.outcome}", people=one.people, share=one.share, week=report.week))
    clear = [driver for driver in one.drivers if driver.clear]
    if not clear:
        return [heading, base, Line(text=say("behaviour.drivers.none", num=one.num_compared))]
    lines: list[Block] = [heading, base, *(Line(text=_sentence(driver)) for driver in _first(clear))]
    if one.rule is not None:
        rule = one.rule
        text = say(
            "behaviour.drivers.rule_line",
            rule=rule.label,
            here=rule.here,
            elsewhere=rule.elsewhere,
            coverage=rule.coverage,
            people=rule.people,
        )
        lines.append(Line(text=text))
        if not rule.beyond_activity:
            lines.append(Line(text=say("behaviour.drivers.only_activity")))
    elif one.outcome != "leave":
        lines.append(Line(text=say("behaviour.drivers.no_rule")))
    return [*lines, _chart(clear)]


def _first(clear: list[Driver]) -> list[Driver]:
    """What to say first: behaviours and attributes, then one line about how active people were."""
    behaviours = [driver for driver in clear if driver.adjusted]
    activity = [driver for driver in clear if not driver.adjusted]
    return [*behaviours[: MAX_LINES - min(1, len(activity))], *activity[:1]]


def _sentence(driver: Driver) -> Say:
    low, high = float(driver.difference.low or 0), float(driver.difference.high or 0)
    size = driver.difference.model_copy(update={"low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))})
    slots: dict[str, Figure | Say] = {"label": driver.label, "people": driver.people, "here": driver.here, "elsewhere": driver.elsewhere}
    if not driver.adjusted:
        return Say(key="behaviour.drivers.plain", slots={**slots})
    adjusted = say("behaviour.drivers.adjusted_more" if low > 0 else "behaviour.drivers.adjusted_less", gap=size)
    return Say(key="behaviour.drivers.more", slots={**slots, "adjusted": adjusted})


def _chart(clear: list[Driver]) -> Chart:
    shown = clear[:MAX_BARS]
    gaps = [driver.difference for driver in shown]
    series = Series(
        name=say("behaviour.drivers.difference"),
        y=tuple(None if gap.value is None else float(gap.value) / 100 for gap in gaps),
        low=tuple(None if gap.low is None else gap.low / 100 for gap in gaps),
        high=tuple(None if gap.high is None else gap.high / 100 for gap in gaps),
    )
    return Chart(
        form="ranges", title=say("behaviour.drivers.chart"), x=tuple(driver.label for driver in shown), series=(series,), share=True
    )


def _fold(one: OutcomeDrivers) -> Fold:
    columns = ("label", "people", "here", "elsewhere", "difference", "ratio", "p")
    rows: list[tuple[Cell, ...]] = [
        (driver.label, driver.people, driver.here, driver.elsewhere, _gap(driver.difference), _gap(driver.ratio), driver.p)
        for driver in one.drivers
    ]
    grid = Grid(columns=tuple(say(f"behaviour.drivers.{name}") for name in columns), rows=tuple(rows))
    return Fold(
        title=say(f"behaviour.drivers.fold_{one.outcome}"),
        blocks=(Line(text=say("behaviour.drivers.fold_text", num=one.num_compared)), grid),
    )


def _gap(figure: Figure) -> Cell:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    ends = {"low": figure.low, "high": figure.high, "value": figure.value}
    parts = {name: figure.model_copy(update={"value": float(f"{end:.2g}"), "low": None, "high": None}) for name, end in ends.items()}
    return Say(key="behaviour.experiment.gap_points" if figure.unit == "points" else "behaviour.experiment.gap_number", slots={**parts})
