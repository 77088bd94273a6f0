"""Reports of the risk app as pages: the first screen in plain words, measures and comparisons in folds."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from productloop.apps.risk.number_report import grid_of_all, number_blocks, number_text
from productloop.apps.risk.number_types import NumberPart
from productloop.apps.risk.types import Cause, ExplainReport, Person, Quality, ScoreReport, TrainReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Say, say

MAX_ON_SCREEN = 10
"""People on the first screen; the others of the list stand in a fold."""


def score_page(report: ScoreReport) -> Page:
    """Who is at risk, what goes with it, whom to call first."""
    title = say("risk.page.score")
    if report.event is None:
        lines = [Line(text=say("risk.line.no_task"), tone="caution")]
        if report.said_by is not None:
            lines.append(Line(text=say("risk.line.said_by", column=report.said_by[0], value=report.said_by[1])))
        else:
            lines.append(Line(text=say("risk.line.no_task_next")))
        return Page(title=title, blocks=tuple(lines))
    if report.numbers is not None:
        return _number_page(title, report, report.numbers)
    blocks: list[Block] = [*_headline(report), *_causes(report), *_call(report), *_rules(report)]
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_details(report)))


def _number_page(title: Say, report: ScoreReport, part: NumberPart) -> Page:
    """Of a task whose answer is a number."""
    blocks = number_blocks(report, part) + [Line(text=caution, tone="caution") for caution in report.cautions]
    everybody = grid_of_all(part)
    details: list[Block] = [] if everybody is None else [Fold(title=say(f"risk.number.heading.{part.kind}"), blocks=(everybody,))]
    details += [] if report.quality is None else _quality_folds(report.quality)
    return Page(title=title, blocks=tuple(blocks), details=tuple(details))


def _headline(report: ScoreReport) -> list[Block]:
    event = _event(report)
    items: list[tuple[Say, Figure]] = []
    if report.people is not None:
        items.append((say("risk.label.people"), report.people))
    if report.expected is not None and report.window_days is not None:
        items.append((say("risk.label.expected", days=report.window_days, event=event), report.expected))
    if report.flagged is not None:
        items.append((say("risk.label.flagged"), report.flagged))
    if report.money is not None:
        items.append((say("risk.label.money"), report.money))
    if report.expected is None and report.rate is not None and report.rate.value is not None:
        items.append((say("risk.label.rate", event=event), report.rate))
    blocks: list[Block] = [Numbers(items=tuple(items))]
    blocks += [Line(text=text, tone="caution") for text in _state_lines(report)]
    if report.hits is not None and report.base is not None:
        key = "risk.line.hits" if report.dated else "risk.line.hits_undated"
        blocks.append(Line(text=Say(key=key, slots={"of": report.of, "hits": report.hits, "base": report.base, "event": event})))
    blocks += _cost(report)
    if report.state in ("model", "baseline") and not report.dated:
        blocks.append(Line(text=say("risk.line.undated", event=event), tone="caution"))
    blocks += _left_out(report.num_gone, report.num_silent)
    return blocks


def _cost(report: ScoreReport) -> list[Block]:
    if report.cost is None:
        return []
    cost = report.cost
    slots = {"contact": cost.contact, "missed": cost.missed, "threshold": cost.threshold, "people": cost.people, "saving": cost.saving}
    if cost.verdict in ("nobody", "never"):
        return [
            Line(text=Say(key=f"risk.cost.{cost.verdict}", slots={**slots, "highest": cost.highest, "worth": cost.worth}), tone="caution")
        ]
    kept = say("risk.cost.all_kept") if cost.kept.value == 1 else say("risk.cost.some_kept", kept=cost.kept)
    return [Line(text=Say(key=f"risk.cost.{cost.verdict}", slots={**slots})), Line(text=kept, tone="caution")]


def _cost_fold(report: ScoreReport) -> list[Block]:
    if report.cost is None:
        return []
    lines: list[Block] = [Line(text=say("risk.cost.rule"))]
    if report.cost.verdict == "some":
        lines.append(Line(text=say("risk.cost.against_everybody", saving=report.cost.against_everybody)))
    if report.cost.checked is not None:
        lines.append(Line(text=say("risk.cost.checked", saving=report.cost.checked, num=report.cost.checked.n or 0)))
    return [Fold(title=say("risk.cost.fold"), blocks=tuple(lines))]


def _left_out(gone: int, silent: int) -> list[Block]:
    if gone and silent:
        return [Line(text=say("risk.line.gone", gone=gone, silent=silent))]
    if gone:
        return [Line(text=say("risk.line.gone_only", gone=gone))]
    return [Line(text=say("risk.line.silent_only", silent=silent))] if silent else []


def _event(report: ScoreReport | TrainReport | ExplainReport) -> Say:
    assert report.event is not None
    return report.event


def _state_lines(report: ScoreReport) -> list[Say]:
    num = 0 if report.labelled is None else int(report.labelled.value or 0)
    if report.state == "few":
        return [say("risk.line.few", num=num, missing=report.missing)]
    if report.state == "one_class":
        return [say("risk.line.one_class", event=_event(report))]
    if report.state == "untrained":
        return [say("risk.line.untrained", num=num)]
    if report.state == "baseline" and report.rate is not None:
        return [say("risk.line.baseline", rate=report.rate, event=_event(report)), say("risk.line.baseline_next")]
    return []


def _causes(report: ScoreReport) -> list[Block]:
    named = [cause for cause in report.causes if cause.named]
    if not report.dated or (not named and not report.causes and report.has_topics):
        return []
    blocks: list[Block] = [Heading(text=say("risk.heading.causes"))]
    for cause in named:
        sentence = say(
            "risk.line.cause",
            name=_cause_name(cause), event=_event(report), ratio=cause.ratio, rate=cause.rate, other=cause.other, people=cause.people,
        )  # fmt: skip
        blocks.append(Line(text=sentence, tone="bad"))
        if cause.quotes:
            blocks.append(Quotes(rows=cause.quotes))
    if named:
        blocks.append(Line(text=say("risk.line.association"), tone="caution"))
    elif report.causes:
        blocks.append(Line(text=say("risk.line.no_cause")))
    if not report.has_topics:
        blocks.append(Line(text=say("risk.line.no_topics", event=_event(report))))
    return blocks


def _cause_name(cause: Cause) -> Say:
    return say("risk.cause.topic", name=cause.name) if cause.kind == "topic" else say("risk.cause.event", name=cause.name)


def _call(report: ScoreReport) -> list[Block]:
    if not report.persons:
        return []
    blocks: list[Block] = [Heading(text=say("risk.heading.call"))]
    has_money = report.persons[0].paid is not None
    blocks.append(Line(text=say("risk.line.call") if has_money else say("risk.line.call_no_money")))
    blocks.append(_people_grid(report, report.persons[:MAX_ON_SCREEN]))
    total = 0 if report.people is None else int(report.people.value or 0)
    shown = len(report.persons)
    rest = "risk.line.rest" if report.in_table else "risk.line.rest_later"
    blocks.append(Line(text=Say(key=rest, slots={"shown": shown, "total": total})))
    if not report.has_experiment:
        blocks.append(Line(text=say("risk.line.no_experiment"), tone="caution"))
    return blocks


def _people_grid(report: ScoreReport, persons: tuple[Person, ...]) -> Grid:
    columns = [say("risk.column.who"), say("risk.column.chance", event=_event(report)), say("risk.column.why")]
    has_money = any(person.paid is not None for person in persons)
    has_seen = any(person.last_seen is not None for person in persons)
    is_several = any(person.likely is not None for person in persons)
    columns += [say("risk.number.column.likely")] * is_several
    columns += [say("risk.column.paid")] * has_money + [say("risk.column.last_seen")] * has_seen
    rows = []
    for person in persons:
        why = say("risk.reasons", reasons=list(person.reasons)) if person.reasons else say("risk.reason.none")
        row: list[Cell] = [person.subject, person.chance, why, *([person.likely] * is_several)]
        row += [person.paid] * has_money + [_day(person.last_seen, report.time_zone)] * has_seen
        rows.append(tuple(row))
    return Grid(columns=tuple(columns), rows=tuple(rows))


def _day(time: int | None, zone: str) -> str | None:
    return None if time is None else datetime.fromtimestamp(time / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def _rules(report: ScoreReport) -> list[Block]:
    if report.state == "model" or (not report.rules and report.state == "one_class"):
        return []
    blocks: list[Block] = [Heading(text=say("risk.heading.rules"))]
    for rule in report.rules:
        sentence = say("risk.line.rule", name=rule.name, rate=rule.rate, other=rule.other, people=rule.people, event=_event(report))
        blocks.append(Line(text=sentence))
    if not report.rules:
        blocks.append(Line(text=say("risk.line.no_rule")))
    return blocks


def _details(report: ScoreReport) -> list[Block]:
    folds: list[Block] = []
    if len(report.persons) > MAX_ON_SCREEN:
        folds.append(Fold(title=say("risk.heading.call"), blocks=(_people_grid(report, report.persons),)))
    folds += _cost_fold(report)
    if report.quality is not None:
        folds += _quality_folds(report.quality)
    if report.causes:
        columns = tuple(say(key) for key in _CAUSE_COLUMNS)
        rows = tuple((_cause_name(one), one.people, one.rate, one.other, one.ratio) for one in report.causes)
        folds.append(
            Fold(title=say("risk.fold.causes"), blocks=(Grid(columns=columns, rows=rows), Line(text=say("risk.line.association"))))
        )
    if len(report.periods) >= 2:
        chart = Chart(
            form="lines",
            title=say("risk.chart.periods", event=_event(report)),
            x=tuple(_day(period.at, report.time_zone) or "" for period in report.periods),
            series=(
                Series(
                    name=say("risk.chart.happened"),
                    y=tuple(period.rate.value for period in report.periods),
                    low=tuple(period.rate.low for period in report.periods),
                    high=tuple(period.rate.high for period in report.periods),
                ),
            ),
            share=True,
        )
        folds.append(Fold(title=say("risk.fold.periods"), blocks=(chart,)))
    return folds


_CAUSE_COLUMNS = ("risk.column.what", "risk.column.people", "risk.column.rate", "risk.column.other", "risk.column.ratio")


def _quality_folds(quality: Quality) -> list[Block]:
    versus = "risk.line.versus" if quality.quality.definition == "loop.metric.log_loss" else "risk.number.versus"
    blocks: list[Block] = [
        Line(text=say("risk.line.release", release=quality.release, recipe=quality.recipe, num=quality.num_rows)),
        Line(text=Say(key=versus, slots={"quality": quality.quality, "baseline": quality.baseline})),
    ]
    if quality.quality.protocol is not None:
        blocks.append(Line(text=Say(key=quality.quality.protocol)))
    if quality.measures:
        rows = tuple((Say(key=measure.definition), measure) for measure in quality.measures)
        blocks.append(Grid(columns=(say("risk.column.measure"), say("risk.column.value")), rows=rows))
    if quality.calibration:
        blocks.append(_reliability(quality))
    folds: list[Block] = [Fold(title=say("risk.fold.measures"), blocks=tuple(blocks))]
    if quality.weights:
        weights = tuple((weight.name, weight.share) for weight in quality.weights)
        grid = Grid(columns=(say("risk.column.input"), say("risk.column.weight")), rows=weights)
        folds.append(Fold(title=say("risk.fold.importance"), blocks=(grid,)))
    return folds


def _reliability(quality: Quality) -> Chart:
    return Chart(
        form="bars",
        title=say("risk.chart.calibration"),
        x=tuple(f"{100 * predicted:.0f} %" for predicted, _, _ in quality.calibration),
        series=(
            Series(name=say("risk.chart.predicted"), y=tuple(predicted for predicted, _, _ in quality.calibration)),
            Series(name=say("risk.chart.happened"), y=tuple(observed for _, observed, _ in quality.calibration)),
        ),
        share=True,
    )


def train_page(report: TrainReport) -> Page:
    """What training did, in plain words; the marks in a fold."""
    tone = {"first": "good", "replace": "good", "refresh": "good", "skipped": "plain"}.get(report.verdict, "caution")
    slots = {"num": report.num_labelled, "missing": report.missing}
    of_number = report.quality is not None and report.quality.quality.definition != "loop.metric.log_loss"
    key = (
        f"risk.number.verdict.{report.verdict}"
        if of_number and report.verdict in ("first", "baseline")
        else f"risk.verdict.{report.verdict}"
    )
    blocks: list[Block] = [Line(text=Say(key=key, slots=slots), tone=tone)]  # type: ignore[arg-type]
    if report.hits is not None and report.base is not None:
        blocks.append(Line(text=say("risk.line.hits", of=report.of, hits=report.hits, base=report.base, event=_event(report))))
        blocks.append(Line(text=say("risk.line.hits_range", of=report.of, hits=report.hits)))
    if report.num_scored:
        blocks.append(Line(text=say("risk.line.scored", num=report.num_scored)))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    blocks.append(Line(text=say("risk.line.next")))
    details = () if report.quality is None else tuple(_quality_folds(report.quality))
    return Page(title=say("risk.page.train", task=report.task), blocks=tuple(blocks), details=details)


def explain_page(report: ExplainReport) -> Page:
    """One person: the chance, why, what can be changed, what they said."""
    event = _event(report)
    blocks: list[Block] = []
    if report.already:
        blocks.append(Line(text=say("risk.line.already", subject=report.subject), tone="caution"))
    if report.numbers is not None:
        number = number_text(report.numbers, report.numbers.persons[0].number)
        blocks.append(Line(text=say(f"risk.number.one_{report.numbers.kind}", subject=report.subject, number=number, event=event)))
    elif report.told_apart:
        blocks.append(Line(text=say("risk.line.like_this", subject=report.subject, hits=report.like_this, event=event)))
        blocks.append(Line(text=say("risk.line.average", hits=report.average)))
    else:
        blocks.append(_counted(report))
        blocks.append(Line(text=say("risk.line.average", hits=report.average)))
    if report.likely is not None:
        blocks.append(Line(text=say("risk.number.line.likely", likely=report.likely)))
    blocks += _reasons(report)
    if report.has_texts:
        blocks.append(Heading(text=say("risk.heading.said")))
        blocks.append(Quotes(rows=report.quotes) if report.quotes else Line(text=say("risk.line.no_words", subject=report.subject)))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    folds = [*_alternative(report), *([] if report.quality is None else _quality_folds(report.quality))]
    return Page(title=say("risk.page.explain", subject=report.subject), blocks=tuple(blocks), details=tuple(folds))


def _counted(report: ExplainReport) -> Line:
    """Without a model: the group that the person is in, else that nothing can be said."""
    group = report.group
    if group is None:
        return Line(text=say("risk.line.explain_baseline"), tone="caution")
    event = _event(report)
    text = say("risk.line.explain_group", subject=report.subject, name=group.name, rate=group.rate, other=group.other, event=event)
    return Line(text=text, tone="bad")


def _reasons(report: ExplainReport) -> list[Block]:
    if not report.reasons:
        return [Line(text=say("risk.explain.silent"), tone="caution")] if report.told_apart else []
    names = tuple(reason.text for reason in report.reasons)
    pushes = Series(name=say("risk.explain.push"), y=tuple(reason.push for reason in report.reasons))
    blocks: list[Block] = [Heading(text=say("risk.heading.reasons"))]
    columns = (say("risk.column.why"), say("risk.column.direction"))
    for changeable, title in ((True, say("risk.explain.can")), (False, say("risk.explain.cannot"))):
        rows = tuple(
            (reason.text, say("risk.direction.up") if reason.raises else say("risk.direction.down"))
            for reason in report.reasons
            if reason.changeable == changeable
        )
        if rows:
            blocks.append(Grid(title=title, columns=columns, rows=rows))
    return [*blocks, Chart(form="bars", title=say("risk.explain.chart"), x=names, series=(pushes,), share=True)]


def _alternative(report: ExplainReport) -> list[Block]:
    if report.alternative is None:
        return []
    found = report.alternative
    sentence = say("risk.explain.alternative", now=list(found.now), instead=list(found.instead), chance=found.chance, own=report.chance)
    lines = (
        Line(text=sentence),
        Line(text=say("risk.explain.association"), tone="caution"),
        Line(text=say("risk.explain.threshold", threshold=found.threshold)),
    )
    return [Fold(title=say("risk.explain.fold"), blocks=lines)]
