"""The report of `keywords` as a page: the words of each mood, or the words asked for over time; the method in the fold."""

from __future__ import annotations

from productloop.apps.needs.keywords_types import FollowedLine, KeywordsReport, PhraseGroup
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

MAX_MOVING = 3


def page(report: KeywordsReport) -> Page:
    """The page of a report."""
    title = say("needs.keywords.title")
    if report.followed:
        return Page(title=title, blocks=tuple(_followed(report)))
    if not report.enough:
        few = say("needs.lead.empty") if not report.texts.value else say("needs.keywords.few", texts=report.texts, missing=report.missing)
        return Page(title=title, blocks=(Line(text=few, tone="caution"),))
    blocks: list[Block] = [Line(text=lead) for lead in _leads(report)]
    if report.reason is not None:
        blocks.append(Line(text=report.reason, tone="caution"))
    blocks += _moving(report)
    blocks += [_grid(group) for group in report.groups]
    method = Line(text=say("needs.keywords.method", num=report.read))
    fold = Fold(title=say("needs.keywords.fold"), blocks=(method, *(_numbers(group) for group in report.groups)))
    return Page(title=title, blocks=tuple(blocks), details=(fold,))


def _leads(report: KeywordsReport) -> list[Say]:
    """The first word of the unhappy, else of the happy, else of all; where both languages are spoken one of each."""
    if not report.groups:
        return [say("needs.keywords.none")]
    order = ("unhappy", "happy", "all")
    mood = min((group.mood for group in report.groups), key=order.index)
    groups = sorted((group for group in report.groups if group.mood == mood), key=lambda group: -(group.people.value or 0))
    leads = []
    for group in groups:
        first = group.phrases[0]
        key = "needs.keywords.lead" if group.mood == "unhappy" else "needs.keywords.lead.happy"
        if first.elsewhere is None:
            lead = say("needs.keywords.lead.all", first=first.phrase, ours=first.share)
        else:
            lead = say(key, first=first.phrase, ours=first.share, theirs=first.elsewhere)
        leads.append(say("needs.keywords.in", speech=say(f"needs.language.{group.language}"), lead=lead) if len(groups) > 1 else lead)
    return leads


def _moving(report: KeywordsReport) -> list[Block]:
    """Words that grow or fade, each once."""
    moving = {line.phrase: line for group in report.groups for line in group.phrases if line.trend in ("growing", "fading") and line.since}
    lines = sorted(moving.values(), key=lambda line: (line.trend != "growing", -(line.people.value or 0), line.phrase))
    keys = {"growing": "needs.keywords.moving", "fading": "needs.keywords.fading"}
    return [Line(text=say(keys[line.trend], phrase=line.phrase, since=line.since or "")) for line in lines[:MAX_MOVING]]


def _grid(group: PhraseGroup) -> Grid:
    compared = any(line.elsewhere is not None for line in group.phrases)
    moving = any(line.trend != "unknown" for line in group.phrases)
    keys = ("phrase", "people", "here", *(("others",) if compared else ()), *(("trend",) if moving else ()))
    rows: list[tuple[Cell, ...]] = []
    for line in group.phrases:
        cells: list[Cell] = [line.phrase, line.people, line.share, *([line.elsewhere] if compared else [])]
        rows.append((*cells, *([say(f"needs.trend.{line.trend}", since=line.since or "")] if moving else [])))
    return Grid(title=_title(group), columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(rows))


def _title(group: PhraseGroup) -> Say:
    return say(f"needs.keywords.group.{group.mood}", speech=say(f"needs.language.{group.language}"), people=group.people)


def _numbers(group: PhraseGroup) -> Grid:
    columns = tuple(say(f"needs.column.{key}") for key in ("phrase", "score", "first_seen", "last_seen"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((line.phrase, line.score, line.first_seen, line.last_seen) for line in group.phrases)
    return Grid(title=_title(group), columns=columns, rows=rows)


def _followed(report: KeywordsReport) -> list[Block]:
    blocks: list[Block] = [Line(text=_followed_text(its)) for its in report.followed]
    drawn = [its for its in report.followed if its.line.people.value]
    if len(report.weeks) > 1 and drawn:
        series = tuple(Series(name=its.line.phrase, y=tuple(None if y is None else float(y) for y in its.by_week)) for its in drawn)
        blocks.append(Chart(form="lines", title=say("needs.keywords.chart"), x=report.weeks, series=series))
    for its in drawn:
        if its.quotes:
            blocks += [Heading(text=say("needs.compare.quotes", topic=its.line.phrase)), Quotes(rows=its.quotes)]
    return blocks


def _followed_text(its: FollowedLine) -> Say:
    line = its.line
    if not line.people.value:
        return say("needs.keywords.unused", word=line.phrase)
    slots: dict[str, Figure | str] = {"word": line.phrase, "people": line.people, "share": line.share, "unhappy": its.unhappy_share}
    if line.first_seen is None:
        return say("needs.keywords.followed_undated", **slots)
    trend = say(f"needs.keywords.trend.{line.trend}")
    return say("needs.keywords.followed", first=line.first_seen, last=line.last_seen or "", trend=trend, **slots)
