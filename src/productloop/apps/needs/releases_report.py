"""The report of `releases` as a page: the clearest change first, then each version, newest first."""

from __future__ import annotations

from productloop.apps.needs.releases_types import EffectLine, ReleaseLine, ReleasesReport
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import say

MAX_DRAWN = 10


def page(report: ReleasesReport) -> Page:
    """The page of a report."""
    title = say("needs.releases.title")
    if not report.enough or not report.dated:
        key = "needs.releases.undated" if report.enough else "needs.releases.few"
        return Page(title=title, blocks=(Line(text=say(key), tone="caution"),))
    blocks: list[Block] = [_lead(report)]
    moved = [(line, effect) for line in report.releases for effect in line.effects if effect.direction in ("fell", "rose")]
    if moved:
        blocks.append(_chart(moved))
    for line in report.releases:
        blocks += [Heading(text=say("needs.releases.heading", version=line.version, date=line.date, note=line.note)), *_said(line)]
    blocks.append(Line(text=say("needs.releases.caution"), tone="caution"))
    return Page(title=title, blocks=tuple(blocks), details=(_fold(report),))


def _lead(report: ReleasesReport) -> Line:
    moved = [(effect, line) for line in report.releases for effect in line.effects if effect.direction in ("fell", "rose")]
    if not moved:
        return Line(text=say("needs.releases.lead.none"))
    effect, line = min(moved, key=lambda pair: (pair[0].direction != "fell", -(pair[0].was.value or 0)))
    direction = say(f"needs.releases.{effect.direction}")
    text = say("needs.releases.lead", version=line.version, topic=effect.name, direction=direction, was=effect.was, now=effect.now)
    return Line(text=text, tone="good" if effect.direction == "fell" else "bad")


def _said(line: ReleaseLine) -> list[Block]:
    if line.state == "too_early":
        return [Line(text=say("needs.releases.too_early", date=line.look_again or ""))]
    if line.state == "too_few":
        return [Line(text=say("needs.releases.too_few"))]
    said: list[Block] = []
    for effect in line.effects:
        if effect.direction in ("fell", "rose"):
            text = say(f"needs.releases.effect.{effect.direction}", topic=effect.name, was=effect.was, now=effect.now, ratio=effect.ratio)
            said.append(Line(text=text, tone="good" if effect.direction == "fell" else "bad"))
        elif effect.noted:
            said.append(Line(text=say("needs.releases.noted.unchanged", topic=effect.name, ratio=effect.ratio), tone="caution"))
    return said or [Line(text=say("needs.releases.quiet"))]


def _chart(moved: list[tuple[ReleaseLine, EffectLine]]) -> Chart:
    shown = moved[:MAX_DRAWN]
    names = tuple(say("needs.releases.chart.name", topic=effect.name, version=line.version) for line, effect in shown)
    values = [effect.ratio for _, effect in shown]
    y, low, high = (tuple(getattr(value, part) for value in values) for part in ("value", "low", "high"))
    series = Series(name=say("needs.releases.chart.series"), y=y, low=low, high=high)
    return Chart(form="ranges", title=say("needs.releases.chart"), x=names, series=(series,))


def _fold(report: ReleasesReport) -> Fold:
    key = "needs.releases.method.version" if report.by_version else "needs.releases.method.week"
    columns = tuple(say(f"needs.column.{name}") for name in ("version", "topic", "was", "now", "ratio"))
    rows: list[tuple[Cell, ...]] = [
        (line.version, effect.name, effect.was, effect.now, effect.ratio) for line in report.releases for effect in line.effects
    ]
    return Fold(
        title=say("needs.releases.fold"), blocks=(Line(text=say(key, num=report.num_compared)), Grid(columns=columns, rows=tuple(rows)))
    )
