"""The report of `stickiness` as a page: how often people come, the picture, the ratios by week."""

from __future__ import annotations

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number, of_hundred
from productloop.apps.behaviour.stickiness_types import StickinessReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_LINES = 5
RATIOS = ("daily_of_monthly", "daily_of_weekly", "weekly_of_monthly")


def stickiness_page(report: StickinessReport) -> Page:
    """The page of a report."""
    title = say("behaviour.stickiness.title")
    if report.start is None or not report.people.value:
        key = "too_early" if report.start is None else "nobody"
        return Page(title=title, blocks=(Line(text=say(f"behaviour.stickiness.{key}_{report.period}")), *doubts(report.cautions)))
    blocks: list[Block] = [*_lead(report), *_clearest(report), *_usual_day(report), Line(text=_rule(report)), _histogram(report)]
    blocks += [*_ratio_chart(report), *_split(report)]
    names = known_names([(report.event, report.event_label)] if report.event and report.event_label else [])
    return Page(title=title, blocks=(*blocks, *doubts(report.cautions)), details=(_times(report), *_weeks(report), *names))


def _lead(report: StickinessReport) -> list[Block]:
    kind = f"{report.unit}_of_{report.period}"
    lines: list[Block] = [
        Line(text=say(f"behaviour.stickiness.mean_{kind}", start=report.start or "", people=report.people, mean=report.mean))
    ]
    often = report.often
    more = next((times.or_more for times in report.times if times.num == often), None)
    if more is not None:
        lines.append(Line(text=say(f"behaviour.stickiness.often_{report.unit}", num=often, percent=of_hundred(more))))
    if report.before.value is not None and report.mean.low is not None and report.before.low is not None:
        apart = (report.mean.low or 0) > (report.before.high or 0) or (report.mean.high or 0) < (report.before.low or 0)
        key = "same" if not apart else "more" if float(report.mean.value or 0) > float(report.before.value) else "less"
        lines.append(Line(text=say(f"behaviour.stickiness.{key}", before=report.before)))
    return lines


def _clearest(report: StickinessReport) -> list[Block]:
    """The value whose people came clearly less (else more) often than all others."""
    if report.by is None:
        return []
    if not report.num_values:
        return [Line(text=say("behaviour.split.nothing", column=report.by), tone="caution")]
    for judged in ("less", "more"):
        clear = [part for part in report.parts if part.judged == judged]
        if clear:
            part = max(clear, key=lambda one: abs(float(one.mean.value or 0) - float(report.mean.value or 0)))
            slots = {"column": report.by, "value": part.value, "mean": part.mean, "all": report.mean}
            key = f"behaviour.stickiness.part_{judged}_{report.unit}"
            return [Line(text=Say(key=key, slots={**slots}), tone="bad" if judged == "less" else "good")]
    return [Line(text=say("behaviour.stickiness.part_same", column=report.by))]


def _split(report: StickinessReport) -> list[Block]:
    """DAU/MAU of the largest values over time, and the newest period by value."""
    if report.by is None or not report.num_values:
        return []
    blocks: list[Block] = []
    shown = [part for part in report.parts[:MAX_LINES] if sum(value is not None for value in part.by_week) > 1]
    if shown:
        title = say("behaviour.chart.stickiness_by", column=report.by)
        x = tuple(week.start for week in report.weeks)
        blocks.append(
            Chart(form="lines", title=title, x=x, series=tuple(Series(name=part.value, y=part.by_week) for part in shown), share=True)
        )
    columns = (
        say("behaviour.column.value"),
        say("behaviour.label.people"),
        say(f"behaviour.stickiness.mean_{report.unit}"),
        say(f"behaviour.stickiness.at_least_{report.unit}", num=report.often),
        say("behaviour.stickiness.daily_of_monthly"),
        say("behaviour.split.judged"),
    )
    rows = tuple(
        (
            part.value,
            part.people,
            _known(part.mean),
            _known(part.often),
            _known(part.daily_of_monthly),
            say(f"behaviour.split.{part.judged}"),
        )
        for part in report.parts
    )
    title = say(f"behaviour.stickiness.by_{report.period}", column=report.by, start=report.start or "")
    blocks += [
        Grid(title=title, columns=columns, rows=rows),
        *([Line(text=report.split_rule)] if report.split_rule is not None else []),
        Line(text=say(f"behaviour.stickiness.judged_{report.unit}")),
    ]
    if report.several is not None and report.several.value:
        blocks.append(Line(text=say("behaviour.split.several", people=report.several), tone="caution"))
    return blocks


def _usual_day(report: StickinessReport) -> list[Block]:
    known = [week for week in report.weeks if week.daily_of_monthly.value is not None]
    if not known:
        return []
    return [Line(text=say("behaviour.stickiness.usual_day", percent=of_hundred(known[-1].daily_of_monthly), start=known[-1].start))]


def _rule(report: StickinessReport) -> Say:
    event = say("behaviour.retention.any")
    if report.event_label is not None:
        event = say("behaviour.retention.event", name=report.event_label)
    return say(f"behaviour.stickiness.rule_{report.unit}", event=event)


def _histogram(report: StickinessReport) -> Chart:
    return Chart(
        form="bars",
        title=say(f"behaviour.chart.stickiness_{report.unit}", start=report.start or ""),
        x=tuple(str(times.num) for times in report.times),
        series=(Series(name=say("behaviour.label.people"), y=tuple(number(times.people) for times in report.times)),),
        x_title=say(f"behaviour.label.num_{report.unit}s"),
    )


def _ratio_chart(report: StickinessReport) -> list[Block]:
    if len(report.weeks) < 2:
        return []
    lines = tuple(
        Series(name=say(f"behaviour.stickiness.{name}"), y=tuple(number(getattr(week, name)) for week in report.weeks)) for name in RATIOS
    )
    x = tuple(week.start for week in report.weeks)
    return [Chart(form="lines", title=say("behaviour.chart.stickiness_weeks"), x=x, series=lines, share=True)]


def _times(report: StickinessReport) -> Fold:
    columns = (
        say(f"behaviour.label.num_{report.unit}s"),
        say("behaviour.label.people"),
        say("behaviour.label.share"),
        say("behaviour.label.or_more"),
    )
    rows = tuple((str(times.num), times.people, times.share, times.or_more) for times in report.times)
    return Fold(title=say("behaviour.fold.stickiness_times"), blocks=(Grid(columns=columns, rows=rows),))


def _weeks(report: StickinessReport) -> list[Block]:
    if not report.weeks:
        return []
    names = ("daily", "weekly", "monthly", *RATIOS)
    columns = (say("behaviour.label.from_week"), *(say(f"behaviour.stickiness.{name}") for name in names))
    rows = tuple((week.start, *(_known(getattr(week, name)) for name in names)) for week in report.weeks)
    note = Line(text=say("behaviour.stickiness.ratios"))
    return [Fold(title=say("behaviour.fold.stickiness_weeks"), blocks=(note, Grid(columns=columns, rows=rows)))]


def _known(figure: Figure) -> Figure | None:
    return figure if figure.value is not None else None
