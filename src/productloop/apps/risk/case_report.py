"""The report of `case` as a page: what to know before the call first, every part after it, lists folded."""

from __future__ import annotations

from typing import Any

from productloop.apps.risk.case_types import CaseReport, Moved, Promise
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Say, Text, say
from productloop.loop.weeks import local_day

MAX_SHOWN_WAITING, MAX_CALL = 3, 6
SOON_DAYS = 45
ABOUT_SAME = 0.1


def case_page(report: CaseReport) -> Page:
    """The page of a report."""
    blocks: list[Block] = [*_head(report), *_call(report), *_reasons(report), *_moved(report), *_said(report)]
    blocks += [*_waiting(report), *_promised(report), *_paid(report), *_alike(report)]
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=say("risk.case.title", name=report.name), blocks=tuple(blocks), details=tuple(_folds(report)))


def _day(report: CaseReport, instant: int | None) -> str:
    return "?" if instant is None else local_day(instant, report.time_zone).isoformat()


def _event(report: CaseReport) -> Say:
    return report.event or say("risk.event.inactive", days=28)


def _head(report: CaseReport) -> list[Block]:
    facts: list[Say] = []
    if (report.num_people.value or 0) > 1:
        facts.append(say("risk.case.fact.people", num=report.num_people))
    if report.plans:
        facts.append(say("risk.case.fact.plan", plans=", ".join(report.plans)))
    if report.since is not None:
        facts.append(say("risk.case.fact.since", day=_day(report, report.since)))
    if report.last_seen is not None and report.silent_days is not None:
        day, days = _day(report, report.last_seen), report.silent_days
        facts.append(say("risk.case.fact.last", day=day, days=days) if days.value else say("risk.case.fact.last_day", day=day))
    else:
        facts.append(say("risk.case.fact.unseen"))
    blocks: list[Block] = [Line(text=say("risk.case.who", facts=facts))]
    if report.id_asked != report.name:
        blocks.append(Line(text=say("risk.case.belongs", asked=report.id_asked, name=report.name)))
    if report.state == "gone" and report.left_on is not None:
        text = say("risk.case.gone", day=_day(report, report.left_on), event=_event(report), moment=_day(report, report.moment))
        blocks.append(Line(text=text, tone="bad"))
    elif report.state == "gone":
        blocks.append(Line(text=say("risk.case.gone_undated", event=_event(report)), tone="bad"))
    elif report.state == "some_left":
        text = say("risk.case.some_left", people=report.num_people, left=report.num_left, event=_event(report))
        blocks.append(Line(text=text, tone="bad"))
    if report.state != "gone":
        blocks.append(_chance(report))
    items = [(say("risk.case.label.paid"), paid.paid) for paid in report.paid]
    items += [(say("risk.case.label.lately"), paid.lately) for paid in report.paid[:1]]
    if report.knows_answers == "yes":
        items.append((say("risk.case.label.waiting"), report.num_waiting))
    return [*blocks, Numbers(items=tuple(items))] if items else blocks


def _chance(report: CaseReport) -> Line:
    event = _event(report)
    if report.told_apart is None:
        return Line(text=say("risk.case.no_model"), tone="caution")
    if not report.told_apart or report.like_this is None or report.average is None or report.riskiest is None:
        average = report.average if report.average is not None else 0
        if report.group is not None:
            group = report.group
            text = say("risk.case.group", name=group.name, rate=group.rate, other=group.other, event=event)
            return Line(text=text, tone="bad")
        return Line(text=say("risk.case.baseline", average=average, event=event))
    if report.expected is not None:
        num = len([person for person in report.people if not person.left])
        return Line(text=say("risk.case.expected", num=num, expected=report.expected, event=event, person=report.riskiest))
    slots: dict[str, Any] = {"person": report.riskiest, "hits": report.like_this, "event": event, "average": report.average}
    if report.window_days is None:
        return Line(text=Say(key="risk.case.chance_undated", slots=slots))
    return Line(text=Say(key="risk.case.chance", slots={**slots, "days": report.window_days}))


def _reasons(report: CaseReport) -> list[Block]:
    if not report.reasons:
        return []
    rows = tuple(
        (
            one.text,
            say("risk.direction.up") if one.raises else say("risk.direction.down"),
            say("risk.change.yes") if one.changeable else say("risk.change.no"),
        )
        for one in report.reasons
    )
    columns = (say("risk.column.why"), say("risk.column.direction"), say("risk.column.change"))
    return [Heading(text=say("risk.case.heading.reasons")), Grid(columns=columns, rows=rows)]


def _call(report: CaseReport) -> list[Block]:
    """At most MAX_CALL things, what we owe before what they do."""
    lines: list[Line] = []
    if report.waiting:
        lines.append(Line(text=say("risk.case.call.waiting", num=report.num_waiting, days=report.waiting[0].days), tone="bad"))
    lines += [
        Line(text=say("risk.case.call.overdue", day=_day(report, one.at), due=_day(report, one.due)), tone="bad")
        for one in report.promises[::-1]
        if one.overdue
    ]
    lines += [_shipped_line(report, one) for one in report.promises if one.shipped][:1]
    for renewal in report.renewals[:2]:
        if renewal.lapsed:
            lines.append(Line(text=say("risk.case.call.lapsed", day=_day(report, renewal.at)), tone="bad"))
        elif float(renewal.days.value or 0) <= SOON_DAYS:
            lines.append(Line(text=say("risk.case.call.due", day=_day(report, renewal.at), days=renewal.days), tone="caution"))
    clear = [one for one in report.moved if one.clear and one.what in ("actions", "days")]
    if clear:
        fell = float(clear[0].now.value or 0) < float(clear[0].was.value or 0)
        lines.append(Line(text=say("risk.case.call.less") if fell else say("risk.case.call.more"), tone="bad" if fell else "good"))
    worst = next((one for one in report.topics if float(one.unhappy.value or 0) > 0), None)
    if worst is not None:
        lines.append(Line(text=say("risk.case.call.topic", topic=worst.topic, num=worst.unhappy)))
    if report.state != "gone" and _is_higher(report):
        num, left = report.alike_num, report.alike_num_left
        lines.append(Line(text=say("risk.case.call.alike", num=num, left=left), tone="bad"))
    known = report.compared in ("yes", "alone") and report.knows_answers != "no"
    nothing = say("risk.case.call.nothing") if known else say("risk.case.call.nothing_known")
    heading = Heading(text=say("risk.case.heading.back") if report.state == "gone" else say("risk.case.heading.call"))
    return [heading, *(lines[:MAX_CALL] or [Line(text=nothing, tone="good" if known else "plain")])]


def _is_higher(report: CaseReport) -> bool:
    """Whether those alike left more often than all, beyond chance."""
    left, base = report.alike_left, report.alike_base
    return left is not None and base is not None and float(left.low or 0) > float(base.value or 0)


def _shipped_line(report: CaseReport, one: Promise) -> Line:
    when, title = one.shipped[0]
    return Line(text=say("risk.case.call.shipped", day=_day(report, one.at), title=title, shipped=_day(report, when)), tone="good")


def _moved(report: CaseReport) -> list[Block]:
    key = "risk.case.heading.moved_gone" if report.state == "gone" else "risk.case.heading.moved"
    blocks: list[Block] = [Heading(text=Say(key=key, slots={"days": report.days_before or 90}))]
    if report.compared in ("no_events", "new"):
        key = "risk.case.no_events" if report.compared == "no_events" else "risk.case.new"
        return [*blocks, Line(text=Say(key=key)), *_chart(report)]
    clear = [one for one in report.moved if one.clear]
    if any(one.what == "actions" for one in clear):
        clear = [one for one in clear if one.what != "days"]  # both say the same
    for one in clear:
        fell = float(one.now.value or 0) < float(one.was.value or 0)
        blocks.append(Line(text=_moved_sentence(one), tone="bad" if fell else "plain"))
        blocks += [Line(text=say("risk.case.part", name=name, was=was, now=now)) for name, was, now in one.parts]
    if not clear:
        blocks.append(Line(text=say("risk.case.not_moved") if report.compared == "yes" else say("risk.case.not_moved_alone")))
    return [*blocks, *_chart(report)]


def _moved_sentence(one: Moved) -> Say:
    slots: dict[str, Any] = {"what": say(f"risk.case.what.{one.what}"), "was": _tenths(one.was), "now": _tenths(one.now)}
    if one.common is None:
        return Say(key="risk.case.moved_alone", slots={**slots, "ratio": _tenths(one.ratio)})
    if one.ratio.value is None or one.ratio.high is None:
        return Say(key="risk.case.moved_up", slots=slots)
    if abs(float(one.common.value or 0) - 1) < ABOUT_SAME:
        return Say(key="risk.case.moved_same", slots={**slots, "ratio": _tenths(one.ratio)})
    return Say(key="risk.case.moved", slots={**slots, "common": _tenths(one.common), "ratio": _tenths(one.ratio)})


def _tenths(figure: Figure) -> Figure:
    """To a tenth (a hundredth below a tenth): nobody reads a ratio of 0.3471."""
    parts = {name: getattr(figure, name) for name in ("value", "low", "high")}
    return figure.model_copy(update={name: None if one is None else round(one, 1 if one >= 0.1 else 2) for name, one in parts.items()})


def _chart(report: CaseReport) -> list[Block]:
    if len(report.weeks) < 2:
        return []
    series = [Series(name=say("risk.case.series.own"), y=_numbers(report.activity))]
    if report.usual:
        series.append(Series(name=say("risk.case.series.usual"), y=_numbers(report.usual)))
    marks = tuple((day, _plain(title)) for day, title in report.marks)
    return [Chart(form="lines", title=say("risk.case.chart"), x=report.weeks, series=tuple(series), marks=marks)]


def _plain(title: Say | Text | str) -> Say | str:
    return say("risk.case.id", name=title) if isinstance(title, Text) else title


def _numbers(figures: tuple[Figure, ...]) -> tuple[float | None, ...]:
    return tuple(None if figure.value is None else float(figure.value) for figure in figures)


def _said(report: CaseReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.case.heading.said"))]
    if not report.num_texts.value:
        return [*blocks, Line(text=say("risk.case.silent"))]
    if report.unhappy is None:
        blocks.append(Line(text=say("risk.case.said", num=report.num_texts)))
    else:
        blocks.append(Line(text=say("risk.case.said_unhappy", num=report.num_texts, unhappy=report.unhappy)))
    blocks += [Line(text=say("risk.case.topic", topic=one.topic, num=one.texts, bad=one.unhappy)) for one in report.topics[:3]]
    if not report.has_topics:
        blocks.append(Line(text=say("risk.case.no_topics"), tone="caution"))
    return [*blocks, Quotes(rows=report.quotes)] if report.quotes else blocks


def _waiting(report: CaseReport) -> list[Block]:
    if report.knows_answers == "nothing_said":
        return []
    blocks: list[Block] = [Heading(text=say("risk.case.heading.waiting"))]
    if report.knows_answers == "no":
        return [*blocks, Line(text=say("risk.case.answers_unknown"), tone="caution")]
    if not report.waiting:
        return [*blocks, Line(text=say("risk.case.all_answered"), tone="good")]
    for one in report.waiting[:MAX_SHOWN_WAITING]:
        blocks += [Line(text=say("risk.case.waiting", days=one.days, day=_day(report, one.at)), tone="bad"), Quotes(rows=(one.row_id,))]
    rest = int(report.num_waiting.value or 0) - min(len(report.waiting), MAX_SHOWN_WAITING)
    return [*blocks, Line(text=say("risk.case.more_waiting", num=rest))] if rest > 0 else blocks


def _promised(report: CaseReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.case.heading.promised"))]
    if not report.has_replies:
        return [*blocks, Line(text=say("risk.case.no_replies"), tone="caution")]
    if not report.promises:
        return [*blocks, Line(text=say("risk.case.no_promises"))]
    for one in report.promises[:3]:
        if one.at is None:
            text = say("risk.case.promise_undated")
        elif one.due is None:
            text = say("risk.case.promise", day=_day(report, one.at))
        else:
            text = say("risk.case.promise_due", day=_day(report, one.at), due=_day(report, one.due))
        blocks += [Line(text=text, tone="bad" if one.overdue else "plain"), Quotes(rows=(one.row_id,))]
        titles = [say("risk.case.shipped", day=_day(report, when), title=title) for when, title in one.shipped]
        if titles:
            blocks.append(Line(text=say("risk.case.promise_shipped", titles=titles), tone="good"))
        elif one.at is not None:
            blocks.append(Line(text=say("risk.case.promise_open")))
    return blocks


def _paid(report: CaseReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.case.heading.paid"))]
    if not report.has_orders:
        return [*blocks, Line(text=say("risk.case.no_orders"), tone="caution")]
    if not report.paid:
        return [*blocks, Line(text=say("risk.case.never_paid"))]
    for paid in report.paid:
        blocks.append(Line(text=say("risk.case.paid", paid=paid.paid, num=paid.num_orders, lately=paid.lately)))
        if paid.refunded.value:
            blocks.append(Line(text=say("risk.case.refunded", refunded=paid.refunded), tone="caution"))
    for one in report.renewals:
        plan = one.plan or say("risk.case.a_plan")
        key = "risk.case.lapsed" if one.lapsed else "risk.case.renewal"
        slots: dict[str, Any] = {"person": one.person, "plan": plan, "day": _day(report, one.at), "days": one.days}
        blocks.append(Line(text=Say(key=key, slots=slots), tone="bad" if one.lapsed else "plain"))
    if not report.has_periods:
        blocks.append(Line(text=say("risk.case.no_periods")))
    return blocks


def _alike(report: CaseReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.case.heading.alike"))]
    left, base = report.alike_left, report.alike_base
    if left is None or base is None:
        return [*blocks, Line(text=say("risk.case.alike_few") if report.alike_by == "few" else say("risk.case.alike_none"))]
    slots: dict[str, Any] = {"num": report.alike_num, "left": report.alike_num_left, "share": left, "base": base}
    if report.alike_by == "quiet":
        blocks.append(Line(text=Say(key="risk.case.alike_quiet", slots=slots)))
    else:
        blocks.append(Line(text=Say(key="risk.case.alike", slots={**slots, "event": _event(report)})))
    usual = float(base.value or 0)
    if _is_higher(report):
        blocks.append(Line(text=say("risk.case.alike_higher"), tone="bad"))
    elif float(left.high if left.high is not None else 1) < usual:
        blocks.append(Line(text=say("risk.case.alike_lower"), tone="good"))
    else:
        blocks.append(Line(text=say("risk.case.alike_same")))
    if report.alike_now:
        ids = [say("risk.case.id", name=one.id) for one in report.alike_now]
        blocks.append(Line(text=say("risk.case.alike_now", ids=ids), tone="caution"))
    return blocks


# details -----------------------------------------------------------------------------------------------------------------


def _columns(*names: str) -> tuple[Say, ...]:
    return tuple(say(f"risk.case.column.{name}") for name in names)


def _folds(report: CaseReport) -> list[Block]:
    folds: list[Block] = []
    if report.timeline:
        rows: list[tuple[Cell, ...]] = [
            (_day(report, one.at), say(f"risk.case.kind.{one.kind}"), _plain(one.what), one.person or "") for one in report.timeline
        ]
        folds.append(
            Fold(title=say("risk.case.fold.timeline"), blocks=(Grid(columns=_columns("when", "kind", "what", "who"), rows=tuple(rows)),))
        )
    if len(report.people) > 1:
        rows = [
            (
                one.id,
                one.plan or "",
                _when(report, one.first_seen),
                _when(report, one.last_seen),
                say("risk.case.state.left") if one.left else say("risk.case.state.here"),
            )
            for one in report.people
        ]
        grid = Grid(columns=_columns("who", "plan", "first", "last", "state"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.case.fold.people"), blocks=(grid,)))
    if report.orders:
        rows = [(_day(report, one.at), one.person, one.kind or "", one.what or "", one.amount) for one in report.orders]
        grid = Grid(columns=_columns("when", "who", "kind", "what", "amount"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.case.fold.orders"), blocks=(grid,)))
    return [*folds, *_comparison_folds(report)]


def _when(report: CaseReport, instant: int | None) -> str:
    return "" if instant is None else _day(report, instant)


def _comparison_folds(report: CaseReport) -> list[Block]:
    folds: list[Block] = []
    if report.moved:
        rows: list[tuple[Cell, ...]] = [
            (say(f"risk.case.what.{one.what}"), one.was, one.now, one.common, _between(one.ratio), f"{one.p:.3f}") for one in report.moved
        ]
        grid = Grid(columns=_columns("what", "was", "now", "common", "ratio", "p"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.case.fold.moved"), blocks=(grid, Line(text=say("risk.case.how_moved")))))
    if report.alike:
        rows = [
            (
                one.id,
                _when(report, one.at),
                f"{one.distance:.2f}",
                say("risk.case.became.left") if one.left else say("risk.case.became.stayed"),
            )
            for one in report.alike
        ]
        grid = Grid(columns=_columns("customer", "when", "distance", "became"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.case.fold.alike"), blocks=(grid, Line(text=say("risk.case.how_alike")))))
    return folds


def _between(figure: Figure) -> Cell:
    if figure.value is None or figure.low is None or figure.high is None:
        return figure
    ends = {"low": figure.low, "high": figure.high, "value": figure.value}
    parts = {name: figure.model_copy(update={"value": round(end, 2), "low": None, "high": None}) for name, end in ends.items()}
    return Say(key="risk.case.between", slots={**parts})
