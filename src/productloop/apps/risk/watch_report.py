"""The report of `watch` as a page: what deserves a look with its picture, then every metric in a table."""

from __future__ import annotations

from datetime import date

from productloop.apps.risk._watch import absolute
from productloop.apps.risk.watch_types import Source, Watched, WatchReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

MANY = 1.0
"""A gap above this share reads better as so many times what was expected."""
WHOLE_FROM = 5
"""From here on a mean of people, events or texts is said without decimals."""


def watch_page(report: WatchReport) -> Page:
    """The page of a report."""
    title = say("risk.watch.title")
    if report.state == "nothing":
        return Page(title=title, blocks=(Line(text=say("risk.watch.nothing"), tone="caution"),))
    looks = report.metrics[: report.num_looks]
    blocks: list[Block] = [_headline(report)]
    if report.together:
        blocks.append(Line(text=say("risk.watch.together"), tone="caution"))
    for one in looks:
        blocks += _look(one)
    others = sum(one.outside for one in report.metrics) - len(looks)
    if others > 0:
        blocks.append(Line(text=say("risk.watch.more", num=others)))
    if not looks and len(report.metrics) == 1:
        blocks.append(chart(report.metrics[0]))
    blocks.append(_table(report))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_folds(report)))


def _headline(report: WatchReport) -> Line:
    if report.num_looks:
        return Line(text=say("risk.watch.looks", num=report.num_looks, total=report.num_tested), tone="bad")
    if not report.num_tested:
        return Line(text=say("risk.watch.untested"), tone="caution")
    if len(report.metrics) == 1:
        return Line(text=say("risk.watch.quiet_one", metric=report.metrics[0].label), tone="good")
    return Line(text=say("risk.watch.quiet", num=report.num_tested), tone="good")


def first_news(report: WatchReport) -> Say | None:
    """What the first page says of it: the metric that deserves the first look, and how many more do; None when none does."""
    if not report.num_looks:
        return None
    what = sentence(report.metrics[0])
    return say("risk.watch.first_of", what=what, num=report.num_looks - 1) if report.num_looks > 1 else what


def _look(one: Watched) -> list[Block]:
    blocks: list[Block] = [Heading(text=Say(key="risk.watch.heading", slots={"metric": one.label})), Line(text=sentence(one), tone="bad")]
    blocks.append(Line(text=say(f"risk.watch.means_{one.period}", came=_tidy(one.came), expected=_tidy(one.expected))))
    if one.sources:
        blocks += [
            Line(text=say("risk.watch.source", share=source.share, usual=source.usual, part=part_name(source))) for source in one.sources
        ]
    else:
        blocks.append(Line(text=say("risk.watch.everywhere" if one.split else "risk.watch.unsplit")))
    for event in one.near:
        blocks.append(Line(text=say(f"risk.watch.near_{event.kind}", day=event.day, name=event.name, detail=event.detail)))
    if not one.near:
        blocks.append(Line(text=say("risk.watch.near_none")))
    blocks += [Line(text=say(f"risk.watch.check_{one.kind}")), chart(one)]
    return blocks


def sentence(one: Watched) -> Say:
    """What happened to a metric that left its band, in one sentence."""
    lasting = "lasting" if one.lasting else "over"
    since, until = (date.fromisoformat(day or "1970-01-01") for day in (one.since, one.until))
    day = say(f"risk.watch.weekday_{one.weekday or 0}")
    if one.verdict == "above" and float(one.gap.value or 0) > MANY:
        ratio = round(1 + float(one.gap.value or 0), 1)
        times = one.gap.model_copy(update={"value": ratio, "low": None, "high": None, "unit": "ratio"})
        return say(f"risk.watch.times_{lasting}", metric=one.label, times=times, day=since, weekday=day, until=until)
    return say(f"risk.watch.{one.verdict}_{lasting}", metric=one.label, gap=absolute(one.gap), day=since, weekday=day, until=until)


def part_name(source: Source) -> str:
    """A part as its columns and values, such as platform = android, plan = plus."""
    return ", ".join(f"{column} = {value}" for column, value in zip(source.columns, source.values, strict=True))


def chart(one: Watched) -> Chart:
    """What came, what was expected with its band, and marks of the change and of what happened about then."""
    by = 100.0 if one.unit.startswith("money:") else 1.0

    def line(name: str) -> tuple[float | None, ...]:
        return tuple(None if getattr(point, name) is None else getattr(point, name) / by for point in one.points)

    marks: list[tuple[str, Say | str]] = []
    if one.outside and one.since is not None:
        marks.append((one.since, say("risk.watch.mark_since")))
    expected = Series(name=say("risk.watch.line_expected"), y=line("expected"), low=line("low"), high=line("high"))
    return Chart(
        form="lines",
        title=say("risk.watch.chart", metric=one.label),
        x=tuple(point.start for point in one.points),
        series=(Series(name=say("risk.watch.line_actual"), y=line("value")), expected),
        share=one.unit == "share",
        marks=tuple(marks),
    )


def _table(report: WatchReport) -> Grid:
    names = ("metric", "newest", "band", "verdict")
    rows: list[tuple[Cell, ...]] = []
    for one in report.metrics:
        newest = None if one.newest.value is None else say(f"risk.watch.newest_{one.period}", value=one.newest)
        band = None if one.low.value is None else say("risk.watch.band", low=_short(one.low), high=_short(one.high))
        rows.append((one.label, newest, band, _verdict(one)))
    return Grid(title=say("risk.watch.table"), columns=tuple(say(f"risk.watch.column_{name}") for name in names), rows=tuple(rows))


def _short(figure: Figure) -> Figure:
    """An end of a band to what its unit can show."""
    if figure.value is None or figure.unit not in ("people", "events", "texts"):
        return figure
    return figure.model_copy(update={"value": round(float(figure.value))})


def _tidy(figure: Figure) -> Figure:
    """A mean of things that can be counted: whole where a decimal says nothing."""
    return _short(figure) if figure.value is not None and float(figure.value) >= WHOLE_FROM else figure


def _verdict(one: Watched) -> Say:
    if one.outside and one.since is not None:
        since = date.fromisoformat(one.since)
        if not one.lasting and one.until is not None:
            return say(f"risk.watch.verdict_{one.verdict}_over", day=since, until=date.fromisoformat(one.until))
        return say(f"risk.watch.verdict_{one.verdict}_out", day=since)
    if one.verdict == "short" and one.look_again is not None:
        return say("risk.watch.verdict_short_until", day=one.look_again)
    return say(f"risk.watch.verdict_{one.verdict}")


def _folds(report: WatchReport) -> list[Block]:
    blocks: list[Block] = [Line(text=say("risk.watch.method", days=report.window_days)), Line(text=say("risk.watch.method_parts"))]
    if report.countries:
        blocks.append(Line(text=say("risk.watch.method_holidays", countries=", ".join(report.countries))))
    tested = [(one.label, one.gap, one.chance) for one in report.metrics if one.chance.value is not None]
    if tested:
        columns = (say("risk.watch.column_metric"), say("risk.watch.column_verdict"), say("risk.watch.column_chance"))
        blocks.append(Grid(columns=columns, rows=tuple(tested)))
    return [Fold(title=say("risk.watch.fold_method"), blocks=tuple(blocks))]
