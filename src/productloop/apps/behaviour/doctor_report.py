"""`doctor` as a page: is something wrong, what, how much it matters, what to do; then what was looked for."""

from __future__ import annotations

from productloop.apps.behaviour._labels import chain
from productloop.apps.behaviour.doctor_types import DoctorReport, Fault, Headline
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Numbers, Page
from productloop.foundation.wording import Say, say


def doctor_page(report: DoctorReport) -> Page:
    """The verdict first, each fault with its evidence, its effect and its fix; all checks folded."""
    title = say("behaviour.doctor.title")
    if not report.num_events.value:
        return Page(title=title, blocks=(Line(text=say("behaviour.doctor.nothing")),))
    num = len(report.faults)
    blocks: list[Block] = [
        Line(text=say("behaviour.doctor.found", num=num), tone="bad") if num else Line(text=say("behaviour.doctor.well"), tone="good")
    ]
    blocks.append(Numbers(items=_numbers(report.headline)))
    if len(report.steps) > 1:
        blocks.append(Line(text=say("behaviour.doctor.funnel", steps=chain(list(report.steps)))))
    for fault in report.faults:
        blocks += _fault(fault, report.headline if fault.kind == "clock" else report.settled or report.headline)
    if report.settled is not None and num > 1:
        blocks.append(Line(text=say("behaviour.doctor.settled")))
    if num:
        blocks.append(Grid(title=say("behaviour.doctor.effects"), columns=_columns(), rows=tuple(_row(fault) for fault in report.faults)))
    blocks.append(Line(text=say("behaviour.doctor.checked", names=[say(f"behaviour.check.{kind}") for kind in report.checked])))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    how = tuple(Line(text=say(f"behaviour.how.{kind}")) for kind in report.checked)
    return Page(
        title=title,
        blocks=tuple(blocks),
        details=(Fold(title=say("behaviour.doctor.how"), blocks=(*how, Line(text=say("behaviour.doctor.other")))),),
    )


def _numbers(headline: Headline) -> tuple[tuple[Say, Figure], ...]:
    return ((say("behaviour.label.conversion"), headline.conversion), (say("behaviour.label.week_1"), headline.retention))


def _columns() -> tuple[Say, ...]:
    return (say("behaviour.column.fault"), say("behaviour.column.conversion_without"), say("behaviour.column.retention_without"))


def _row(fault: Fault) -> tuple[Cell, ...]:
    name = say(f"behaviour.check.{fault.kind}")
    return (name, None, None) if fault.without is None else (name, fault.without.conversion, fault.without.retention)


def _fault(fault: Fault, headline: Headline) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(f"behaviour.check.{fault.kind}")), Line(text=fault.evidence, tone="bad")]
    if fault.without is not None:
        pairs = {name: (getattr(headline, name), getattr(fault.without, name)) for name in ("conversion", "retention")}
        blocks.append(Line(text=say("behaviour.doctor.moves", **{name: _moved(name, *pair) for name, pair in pairs.items()})))
    blocks.append(Line(text=fault.fix))
    if fault.command is not None:
        blocks.append(Line(text=say("behaviour.doctor.command", command=fault.command)))
    return blocks


def _moved(name: str, now: Figure, without: Figure) -> Say:
    if without.value is None:
        return say(f"behaviour.doctor.unknown_{name}")
    if now.value is None:
        return say(f"behaviour.doctor.known_{name}", without=without)
    same = round(float(now.value), 3) == round(float(without.value), 3)
    return say(f"behaviour.doctor.{'same' if same else 'moved'}_{name}", now=now, without=without)
