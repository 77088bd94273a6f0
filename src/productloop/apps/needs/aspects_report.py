"""The report of `aspects` as a page: the worst and the best part, all of them with their mood, quotes; words and method in the fold."""

from __future__ import annotations

from productloop.apps.needs.aspects_types import AspectLine, AspectsReport
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

MAX_DRAWN, MAX_QUOTED, NUM_TERMS = 12, 2, 12


def page(report: AspectsReport) -> Page:
    """The page of a report."""
    title = say("needs.aspects.title")
    if not report.enough:
        few = say("needs.lead.empty") if not report.texts.value else say("needs.aspects.few", texts=report.texts, missing=report.missing)
        return Page(title=title, blocks=(Line(text=few, tone="caution"),))
    if not report.aspects:
        return Page(title=title, blocks=(Line(text=say("needs.aspects.none"), tone="caution"),), details=_details(report))
    blocks: list[Block] = [*_leads(report), _grid(report), _heat(report.aspects)]
    quoted = report.aspects if report.one else sorted(report.aspects, key=_worst)[:MAX_QUOTED]
    for line in quoted:
        if line.quotes:
            blocks += [Heading(text=say("needs.quotes", topic=line.name)), Quotes(rows=line.quotes)]
    return Page(title=title, blocks=tuple(blocks), details=_details(report))


def _worst(line: AspectLine) -> tuple[bool, float]:
    """Worse ones first, those that make most people unhappy before the others."""
    return line.state != "worse", -(line.people.value or 0) * (line.unhappy_share.value or 0)


def _leads(report: AspectsReport) -> list[Block]:
    first = min(report.aspects, key=_worst)
    if first.state == "worse":
        text = say(
            "needs.aspects.lead.worse", name=first.name, people=first.people, unhappy=first.unhappy_share, overall=report.unhappy_share
        )
        lines: list[Block] = [Line(text=text, tone="bad")]
    else:
        most = max(report.aspects, key=lambda line: line.people.value or 0)
        lines = [Line(text=say("needs.aspects.lead.usual", name=most.name, people=most.people))]
    best = [line for line in report.aspects if line.state == "better"]
    if best:
        line = max(best, key=lambda line: (line.people.value or 0) * (1 - (line.unhappy_share.value or 0)))
        lines.append(Line(text=say("needs.aspects.better", name=line.name, people=line.people, unhappy=line.unhappy_share), tone="good"))
    growing = [line for line in report.aspects if line.trend == "growing" and line.since]
    lines += [Line(text=say("needs.aspects.growing", name=line.name, since=line.since or "")) for line in growing[:3]]
    if report.release is not None and report.right is not None:
        lines.append(Line(text=say("needs.aspects.by_release", right=report.right)))
    if report.column is None and not report.one:
        lines.append(Line(text=say("needs.aspects.covered", covered=report.covered)))
    return lines


def _grid(report: AspectsReport) -> Grid:
    stars = any(line.stars.value is not None for line in report.aspects)
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    keys = ["aspect", "people", "unhappy", *(["stars"] if stars else []), "against", "blame"]
    rows: list[tuple[Cell, ...]] = []
    for line in report.aspects:
        unhappy = line.unhappy_share if line.unhappy_share.value is not None else None
        cells: list[Cell] = [line.name, line.people, unhappy]
        cells += [line.stars if line.stars.value is not None else None] if stars else []
        rows.append((*cells, say(f"needs.aspects.state.{line.state}"), ", ".join(word.phrase for word in line.blame[:2])))
    columns = tuple(people if key == "people" else say(f"needs.column.{key}") for key in keys)
    return Grid(title=say("needs.aspects.grid"), columns=columns, rows=tuple(rows))


def _heat(lines: tuple[AspectLine, ...]) -> Chart:
    known = [line for line in lines if line.unhappy_share.value is not None][:MAX_DRAWN]
    moods: tuple[Say, ...] = tuple(say(f"needs.aspects.mood.{mood}") for mood in ("unhappy", "neither", "happy"))
    series = []
    for line in known:
        unhappy, happy = float(line.unhappy_share.value or 0), float(line.happy_share.value or 0)
        series.append(Series(name=line.name, y=(unhappy, max(0.0, round(1 - unhappy - happy, 6)), happy)))
    return Chart(form="heat", title=say("needs.aspects.heat"), x=moods, series=tuple(series), share=True)


def _methods(report: AspectsReport) -> list[Block]:
    if report.column is not None:
        return [Line(text=say("needs.aspects.method_column", column=report.column))]
    if report.release is None:
        return [Line(text=say("needs.aspects.method"))]
    lines: list[Block] = [Line(text=say("needs.aspects.method_release", release=report.release))]
    if report.feelings is not None:
        lines.append(Line(text=say("needs.aspects.method_feelings", release=report.feelings)))
    return lines


def _details(report: AspectsReport) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            line.name,
            line.share,
            line.happy_share if line.happy_share.value is not None else None,
            line.chance if line.chance.value is not None else None,
            say(f"needs.trend.{line.trend}", since=line.since or ""),
            ", ".join(word.phrase for word in line.praise),
            ", ".join(line.terms[:NUM_TERMS]),
        )
        for line in report.aspects
    ]
    columns = tuple(say(f"needs.column.{key}") for key in ("aspect", "share", "happy", "chance", "trend", "praise", "terms"))
    return (Fold(title=say("needs.aspects.fold"), blocks=(*_methods(report), Grid(columns=columns, rows=tuple(rows)))),)
