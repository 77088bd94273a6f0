"""`risk prevent` as a page: the numbers, what the list goes by, how we will know, the list, whom to leave alone; tests and costs in folds."""

from __future__ import annotations

from typing import Any

from productloop.apps.risk.prevent_types import Lessons, ListLine, PreventReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Numbers, Page
from productloop.foundation.wording import Say, say

MAX_ON_SCREEN = 10


def prevent_page(report: PreventReport) -> Page:
    """Whom to contact with what, and whom to leave alone."""
    title = say("risk.prevent.page")
    if report.state == "no_task":
        return Page(title=title, blocks=(Line(text=say("risk.prevent.state.no_task"), tone="caution"),))
    if report.state == "nobody":
        return Page(title=title, blocks=(Line(text=say("risk.prevent.state.nobody")), *_alone(report)))
    blocks: list[Block] = [_numbers(report), *_state(report), *_mode(report), *_power(report), *_list(report), *_alone(report)]
    blocks += _assumptions(report)
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_details(report)))


def _numbers(report: PreventReport) -> Numbers:
    found = [("contacted", report.contacted), ("held_out", report.held_out)]
    found += [("cost", report.cost)] if report.cost is not None and report.cost.value else []
    found += [("gain", report.gain)] if report.gain is not None else [("at_stake", report.at_stake)]
    return Numbers(items=tuple((Say(key=f"risk.prevent.label.{name}"), figure) for name, figure in found if figure is not None))


def _state(report: PreventReport) -> list[Block]:
    blocks: list[Block] = []
    slots = {"campaign": report.campaign or "", "day": report.look_again or ""}
    if report.state == "started":
        blocks.append(Line(text=Say(key="risk.prevent.state.started", slots={**slots}), tone="good"))
    elif report.state == "shown":
        blocks.append(Line(text=Say(key="risk.prevent.state.shown", slots={**slots})))
    elif report.mode != "stop":
        empty = not report.lines
        blocks.append(Line(text=say("risk.prevent.state.empty") if empty else say("risk.prevent.state.preview"), tone="caution"))
    if report.file is not None:
        blocks.append(Line(text=say("risk.prevent.line.file", file=report.file), tone="good"))
    if report.num_sent is not None:
        blocks.append(Line(text=say("risk.prevent.line.sent", num=report.num_sent, host=report.sent_to or ""), tone="good"))
    if report.num_drafts:
        blocks.append(Line(text=say("risk.prevent.line.drafts", num=report.num_drafts)))
    return blocks


def _mode(report: PreventReport) -> list[Block]:
    if report.state == "shown":
        return []
    slots = {} if report.lessons is None else _lesson_slots(report.lessons)
    key = f"risk.prevent.mode.{report.mode}"
    if report.mode == "rules" and not report.rules:
        key = "risk.prevent.mode.rules_none"
    if report.mode in ("risk", "value", "groups") and not report.has_money:
        key = f"risk.prevent.mode.{report.mode}_no_money"
    blocks: list[Block] = [Line(text=Say(key=key, slots=slots), tone="caution" if report.mode == "stop" else "plain")]
    if report.mode == "stop":
        blocks.append(Line(text=say("risk.prevent.mode.stop_next")))
    if report.mode in ("rules", "groups") and report.rules and report.event is not None:
        blocks.append(Heading(text=say("risk.prevent.heading.rules")))
        for rule in report.rules:
            sentence = say("risk.line.rule", name=rule.name, rate=rule.rate, other=rule.other, people=rule.people, event=report.event)
            blocks.append(Line(text=sentence))
    if report.lessons is not None and report.mode in ("rules", "groups", "value", "risk"):
        known = "none" if report.lessons.any_p is not None else "early"
        if report.lessons.effect.low is None:
            known = "waiting"
        blocks.append(Line(text=Say(key=f"risk.prevent.lessons.{known}", slots=slots)))
    return blocks


def _lesson_slots(lessons: Lessons) -> dict[str, Any]:
    effect = lessons.effect
    slots: dict[str, Any] = {"people": lessons.people, "left": lessons.left, "missing": lessons.missing}
    if effect.low is not None and effect.high is not None:
        slots |= {"effect": effect, "low": round(float(effect.low), 1), "high": round(float(effect.high), 1)}
    return slots


def _tenths(figure: Figure) -> Figure:
    """People of a hundred, to a tenth of one."""
    return figure if figure.value is None else figure.model_copy(update={"value": round(float(figure.value), 1)})


def _power(report: PreventReport) -> list[Block]:
    power = report.power
    blocks: list[Block] = []
    if power is not None and power.smallest.value is None:
        blocks.append(Line(text=say("risk.prevent.power.nobody_alone"), tone="caution"))
    elif power is not None:
        slots = {
            "rate": _tenths(power.rate),
            "smallest": _tenths(power.smallest),
            "needed": power.needed,
            "weeks": power.weeks or 0,
            "day": report.look_again or "",
        }
        far = power.tellable == "several" and (power.smallest.value or 0) >= (power.rate.value or 0)
        key = f"risk.prevent.power.{power.tellable}{'_far' if far else ''}"
        tone = "plain" if power.tellable == "one" else "caution"
        blocks.append(Line(text=Say(key=key, slots=slots), tone=tone))  # type: ignore[arg-type]
    if report.break_even is not None and report.gain is None:
        blocks.append(Line(text=say("risk.prevent.line.break_even", people=report.break_even)))
    return blocks


def _list(report: PreventReport) -> list[Block]:
    if not report.lines:
        return []
    blocks: list[Block] = [Heading(text=say("risk.prevent.heading.list")), _grid(report, report.lines[:MAX_ON_SCREEN])]
    total = 0 if report.contacted is None else int(report.contacted.value or 0)
    if total > MAX_ON_SCREEN:
        blocks.append(Line(text=say("risk.prevent.line.rest", shown=min(MAX_ON_SCREEN, len(report.lines)), total=total)))
    return blocks


def _grid(report: PreventReport, lines: tuple[ListLine, ...]) -> Grid:
    has_chance = any(line.chance is not None for line in lines)
    has_gain = any(line.gain is not None for line in lines)
    has_why = any(line.reasons for line in lines)
    event = report.event or ""
    columns = [say("risk.prevent.column.customer")]
    columns += [say("risk.prevent.column.people")] * report.by_account
    columns += [say("risk.prevent.column.chance", event=event)] * has_chance + [say("risk.prevent.column.worth")] * report.has_money
    columns += (
        [say("risk.prevent.column.action")] + [say("risk.prevent.column.gain")] * has_gain + [say("risk.prevent.column.why")] * has_why
    )
    rows = []
    for line in lines:
        row: list[Cell] = [line.account]
        row += [_people(line)] * report.by_account + [line.chance] * has_chance
        worth = say("risk.prevent.worths", worths=[say("risk.prevent.money", money=one) for one in line.worth]) if line.worth else None
        row += [worth] * report.has_money + [line.title] + [line.gain] * has_gain
        why = say("risk.reasons", reasons=list(line.reasons)) if line.reasons else say("risk.reason.none")
        rows.append(tuple(row + [why] * has_why))
    return Grid(columns=tuple(columns), rows=tuple(rows))


def _people(line: ListLine) -> Cell:
    if len(line.people) == 1:
        return line.people[0]
    return say("risk.prevent.people_more", first=line.people[0], others=len(line.people) - 1)


def _alone(report: PreventReport) -> list[Block]:
    counts = (("never", report.never_pays), ("no_action", report.no_action), ("not_moved", report.not_moved), ("busy", report.busy))
    lines: list[Block] = [Line(text=Say(key=f"risk.prevent.alone.{name}", slots={"num": num})) for name, num in counts if num]
    return [Heading(text=say("risk.prevent.heading.alone")), *lines] if lines else []


def _percent(share: float) -> float:
    """A share that a person set, in percent as they would say it."""
    return round(100 * share, 1)


def _assumptions(report: PreventReport) -> list[Block]:
    if report.state == "shown":
        return []
    blocks: list[Block] = []
    if report.built_in:
        blocks.append(Line(text=say("risk.prevent.line.built_in"), tone="caution"))
    money = say("risk.prevent.line.margin", share=_percent(report.margin)) if report.has_money else say("risk.prevent.line.no_money")
    if report.pays is not None:
        money = say("risk.prevent.line.pays", column=report.pays, share=_percent(report.margin))
    return [*blocks, Line(text=money)]


def _details(report: PreventReport) -> list[Block]:
    folds: list[Block] = []
    if len(report.lines) > MAX_ON_SCREEN:
        folds.append(Fold(title=say("risk.prevent.heading.list"), blocks=(_grid(report, report.lines),)))
    if report.playbook:
        columns = (say("risk.prevent.column.action"), say("risk.prevent.column.cost"), say("risk.prevent.column.lines"))
        rows = tuple((line.title, line.cost, line.lines) for line in report.playbook)
        folds.append(Fold(title=say("risk.prevent.fold.playbook"), blocks=(Grid(columns=columns, rows=rows),)))
    if report.lessons is not None and report.lessons.effect.low is not None:
        slots = _lesson_slots(report.lessons)
        if report.lessons.any_p is not None:
            slots |= {"any_p": report.lessons.any_p, "differs_p": report.lessons.differs_p}
            text = Say(key="risk.prevent.line.tests", slots=slots)
        else:
            text = say("risk.prevent.line.no_tests")
        folds.append(Fold(title=say("risk.prevent.fold.lessons"), blocks=(Line(text=text),)))
    return folds
