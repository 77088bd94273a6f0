"""The report of `label` as a page: what the labels are worth so far, then the texts to label next and the command that stores them."""

from __future__ import annotations

from productloop.apps.needs.label_types import LabelReport, Quality
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

METHODS = ("pick", "learn", "alone", "shares")


def page(report: LabelReport) -> Page:
    """The page of a report."""
    title = say("needs.label.title", question=report.name)
    blocks: list[Block] = [Line(text=say("needs.label.done", done=report.done), tone="good")] if report.done.value else []
    if not report.texts.value:
        return Page(title=title, blocks=(*blocks, Line(text=say("needs.label.empty"), tone="caution")))
    if report.quality is None:
        blocks.append(Line(text=_waiting(report)))
    else:
        blocks += _learned(report, report.quality)
    blocks += _live(report)
    blocks += _next(report)
    details: list[Block] = []
    if report.quality is not None:
        details.append(_numbers(report, report.quality))
    methods = tuple(Line(text=say(f"needs.label.method.{name}")) for name in METHODS)
    details.append(Fold(title=say("needs.label.fold.method"), blocks=methods))
    return Page(title=title, blocks=tuple(blocks), details=tuple(details))


def _waiting(report: LabelReport) -> Say:
    if not report.labelled.value:
        return say("needs.label.start", goal=report.goal)
    if report.one_answer:
        return say("needs.label.one_answer", labelled=report.labelled)
    if not report.missing.value:
        return say("needs.label.few_checks", labelled=report.labelled, goal=report.goal)
    return say("needs.label.more", labelled=report.labelled, goal=report.goal, missing=report.missing)


def _learned(report: LabelReport, quality: Quality) -> list[Block]:
    if quality.cold.value is None:
        without = say("needs.label.without.common", common=quality.common)
    else:
        without = say("needs.label.without.cold", cold=quality.cold, common=quality.common)
    blocks: list[Block] = [Line(text=say("needs.label.lead", labelled=report.labelled, right=quality.right, without=without))]
    if (quality.right.value or 0) <= max(quality.cold.value or 0, quality.common.value or 0):
        blocks.append(Line(text=say("needs.label.no_better"), tone="caution"))
    if report.checks_missing.value:
        blocks.append(Line(text=say("needs.label.alone_none", checks_missing=report.checks_missing)))
    elif quality.alone.value:
        slots = {name: getattr(quality, name) for name in ("open", "alone", "left", "checks", "alone_checks", "alone_wrong")}
        blocks.append(Line(text=say("needs.label.alone", **slots)))
    elif quality.open.value:
        blocks.append(Line(text=say("needs.label.alone_unsure", open=quality.open)))
    if quality.gain.value is not None and quality.gain.low is not None and quality.gain.high is not None:
        key = "gain_up" if quality.gain.low > 0 else "gain_flat" if quality.gain.high - quality.gain.low > 1 else "gain_done"
        blocks.append(Line(text=say(f"needs.label.{key}", **({"gain": quality.gain} if key == "gain_up" else {}))))
    if all(line.share.value is not None for line in report.answers):
        shares = [line.share for line in report.answers]
        series = Series(
            name=say("needs.column.label_share"),
            y=tuple(share.value for share in shares),
            low=tuple(share.low for share in shares),
            high=tuple(share.high for share in shares),
        )
        blocks.append(
            Chart(
                form="ranges", title=say("needs.label.shares"), x=tuple(line.name for line in report.answers), series=(series,), share=True
            )
        )
    columns = tuple(say(f"needs.column.{name}") for name in ("label_answer", "labelled", "decided", "label_share"))
    rows = tuple((line.name, line.labelled, line.decided, _range(line.share)) for line in report.answers)
    blocks.append(Grid(title=say("needs.label.table"), columns=columns, rows=rows))
    return blocks


def _live(report: LabelReport) -> list[Block]:
    """What is live, or what a release needs."""
    live = report.live
    if live is None:
        if not report.labelled.value or report.one_answer:
            return []
        key = "wait" if report.to_train.value else "ready"
        return [Line(text=say(f"needs.label.live.{key}", **({"to_train": report.to_train} if report.to_train.value else {})))]
    if live.better:
        slots = {"learned": live.learned, "right": live.right, "alone": live.alone}
        blocks: list[Block] = [Line(text=say("needs.label.live.good", release=live.release, **slots), tone="good")]
    else:
        blocks = [Line(text=say("needs.label.live.baseline", learned=live.learned), tone="caution")]
    if live.fresh.value:
        blocks.append(Line(text=say("needs.label.live.fresh", fresh=live.fresh)))
    return blocks


def _range(share: Figure) -> Cell:
    return None if share.value is None else say("needs.label.range", share=share)


def _next(report: LabelReport) -> list[Block]:
    if not report.asked:
        return [Line(text=say("needs.label.none_left"))]
    blocks: list[Block] = [Heading(text=say("needs.label.heading.next", asked=report.num_asked))]
    for one in report.asked:
        blocks += [Line(text=say("needs.label.asked", number=one.number)), Quotes(rows=(one.row,))]
    names = [line.name if isinstance(line.name, Say) else say("needs.label.own", name=line.name) for line in report.answers]
    blocks.append(Line(text=say("needs.label.how", answers=names)))
    blocks.append(Line(text=say("needs.label.command", command=report.command)))
    return blocks


def _numbers(report: LabelReport, quality: Quality) -> Fold:
    figures = {name: getattr(quality, name) for name in ("checks", "right", "cold", "common", "alone_checks", "alone_wrong", "gain")}
    figures["skipped"] = report.skipped
    rows = tuple((say(f"needs.label.number.{name}"), figure) for name, figure in figures.items() if figure.value is not None)
    columns = (say("needs.label.column.what"), say("needs.label.column.value"))
    return Fold(title=say("needs.label.fold.numbers"), blocks=(Grid(columns=columns, rows=rows),))
