"""The report of `changes` as a page: clear effects, what is too early, what cannot be told apart; the chart with its marks; all numbers folded."""

from __future__ import annotations

from productloop.apps.behaviour._page_parts import doubts
from productloop.apps.behaviour.changes_types import ChangeEntry, ChangesReport, MetricEffect
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_CLEAR = 6


def changes_page(report: ChangesReport) -> Page:
    """The page of a report."""
    title = say("behaviour.changes.title")
    if report.state != "ok":
        text = say("behaviour.changes.none")
        if report.state == "unknown":
            text = say("behaviour.changes.unknown", asked=report.asked or "")
        elif report.state == "no_data":
            text = say("behaviour.changes.no_data")
        return Page(title=title, blocks=(Line(text=text, tone="caution"), *doubts(report.cautions)))
    clear = [(entry, effect) for entry in report.changes for effect in entry.effects if effect.clear]
    blocks: list[Block] = []
    for entry, effect in clear[:MAX_CLEAR]:
        blocks.append(Line(text=_sentence(entry, effect)))
        blocks.append(Line(text=say("behaviour.changes.chance", share=effect.by_chance)))
    if not clear and any(effect.state == "ok" for entry in report.changes for effect in entry.effects):
        blocks.append(Line(text=say("behaviour.changes.quiet", num=len(report.changes))))
    blocks += _warnings(report)
    if clear and (report.num_clear_expected.n or 0) > 1:
        blocks.append(Line(text=say("behaviour.changes.expected", num=report.num_clear_expected), tone="caution"))
    blocks += [*_chart(report), Line(text=say("behaviour.changes.rule", days=report.days, before=report.before)), *doubts(report.cautions)]
    return Page(title=title, blocks=tuple(blocks), details=(_fold(report),))


def _sentence(entry: ChangeEntry, effect: MetricEffect) -> Say:
    low, high = float(effect.change.low or 0), float(effect.change.high or 0)
    size = effect.change.model_copy(update={"low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))})
    return say(
        "behaviour.changes.more" if low > 0 else "behaviour.changes.less",
        day=entry.day,
        change=entry.label,
        metric=effect.label,
        size=size,
        before=_rounded(effect.before),
        after=_rounded(effect.after),
    )


def _rounded(figure: Figure) -> Figure:
    return figure.model_copy(update={"value": None if figure.value is None else float(f"{figure.value:.3g}")})


def _warnings(report: ChangesReport) -> list[Block]:
    """Changes that fall together, and those that are too new."""
    lines: list[Block] = []
    said: list[Say | str] = []
    for entry in report.changes:
        if entry.together and entry.label not in said:
            others: list[Say] = [one if isinstance(one, Say) else say("behaviour.event", name=one) for one in entry.together]
            lines.append(Line(text=say("behaviour.changes.together", day=entry.day, change=entry.label, others=others), tone="caution"))
            said += entry.together
        early = [effect for effect in entry.effects if effect.state == "early" and effect.look_again]
        if early:
            look = max(effect.look_again or "" for effect in early)
            text = say("behaviour.changes.early", day=entry.day, change=entry.label, look=look)
            if len(early) < len(entry.effects):
                metrics = [one.label if isinstance(one.label, Say) else say("behaviour.event", name=one.label) for one in early]
                text = say("behaviour.changes.early_some", day=entry.day, change=entry.label, metrics=metrics, look=look)
            lines.append(Line(text=text, tone="caution"))
    return lines


def _chart(report: ChangesReport) -> list[Block]:
    if len(report.chart_days) < 2 or report.chart_name is None:
        return []
    title = say("behaviour.changes.chart", metric=report.chart_name)
    series = Series(name=report.chart_name, y=report.chart_values)
    return [Chart(form="lines", title=title, x=report.chart_days, series=(series,))]


def _fold(report: ChangesReport) -> Fold:
    columns = ("day", "change", "metric", "before", "after", "effect", "by_chance", "note")
    rows: list[tuple[Cell, ...]] = [
        (
            entry.day,
            entry.label,
            effect.label,
            _rounded(effect.before) if effect.before.value is not None else None,
            _rounded(effect.after) if effect.after.value is not None else None,
            _between(effect.change),
            effect.by_chance if effect.by_chance.value is not None else None,
            _note(entry, effect),
        )
        for entry in report.changes
        for effect in entry.effects
    ]
    grid = Grid(columns=tuple(say(f"behaviour.changes.{name}") for name in columns), rows=tuple(rows))
    return Fold(title=say("behaviour.changes.fold"), blocks=(Line(text=say("behaviour.changes.fold_text")), grid))


def _between(figure: Figure) -> Cell:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    low, high = (figure.model_copy(update={"value": round(end, 3), "low": None, "high": None}) for end in (figure.low, figure.high))
    return say("behaviour.changes.between", low=low, high=high)


def _note(entry: ChangeEntry, effect: MetricEffect) -> Say:
    if effect.state == "early":
        return say("behaviour.changes.state_early", look=effect.look_again or "")
    if effect.state != "ok":
        return say(f"behaviour.changes.state_{effect.state}")
    if effect.clear and entry.together:
        return say("behaviour.changes.state_together")
    return say("behaviour.changes.state_clear" if effect.clear else "behaviour.changes.state_ok")
