"""The report of `segments` as a page: whom to look after, the value segments, then groups by behaviour in words."""

from __future__ import annotations

from productloop.apps.behaviour._labels import chain, known_names
from productloop.apps.behaviour._page_parts import doubts, number
from productloop.apps.behaviour.segments_types import BehaviourGroup, SegmentsReport, Trait
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

NEEDED = 80


def segments_page(report: SegmentsReport) -> Page:
    """The page of a report."""
    title = say("behaviour.segments.title")
    if report.state == "none":
        return Page(title=title, blocks=(Line(text=say("behaviour.segments.none")), *doubts(report.cautions)))
    blocks: list[Block] = [Line(text=sentence) for sentence in _lead(report)]
    blocks += [
        *_person(report),
        Heading(text=say("behaviour.heading.value_segments")),
        Line(text=_rule(report)),
        _chart(report),
        _values(report),
    ]
    if report.groups:
        blocks.append(Heading(text=say("behaviour.heading.groups")))
        blocks += [Line(text=sentence) for group in report.groups for sentence in _portrait(group)]
        blocks.append(_group_grid(report))
    blocks.append(Line(text=say("behaviour.segments.use", name=(report.groups or report.value_segments)[0].name)))
    blocks += doubts(report.cautions)
    return Page(title=title, blocks=tuple(blocks), details=(*_all_traits(report), _method(report), *known_names(report.named)))


def _plain(figure: Figure) -> Figure:
    return figure.model_copy(update={"low": None, "high": None})


def _lead(report: SegmentsReport) -> list[Say]:
    found: list[Say] = []
    by_name = {segment.name: segment for segment in report.value_segments}
    save = by_name.get("slipping_best") or by_name.get("at_risk")
    if save is not None:
        slots = {"label": save.label, "people": save.people, "recency": save.recency, "advice": save.advice}
        orders = report.value_from == "orders"
        found.append(say("behaviour.segments.save_first" if orders else "behaviour.segments.save_first_events", **slots))
    best = by_name.get("champions")
    if best is not None and best.money_share.value is not None:
        found.append(say("behaviour.segments.best", label=best.label, people=best.people, share=_plain(best.share), money=best.money_share))
    return [*found, _groups_sentence(report)]


def _groups_sentence(report: SegmentsReport) -> Say:
    if report.outcome == "groups":
        names = [group.label if isinstance(group.label, Say) else say("behaviour.event", name=group.label) for group in report.groups]
        return say("behaviour.segments.groups", weeks=report.weeks, people=report.judged, num=len(names), names=names)
    if report.outcome == "too_few":
        return say("behaviour.segments.too_few", weeks=report.weeks, people=report.judged, needed=NEEDED)
    return say(f"behaviour.segments.{report.outcome}", weeks=report.weeks, people=report.judged)


def _rule(report: SegmentsReport) -> Say:
    if report.value_from == "orders":
        return say("behaviour.segments.rule_orders", people=report.value_people)
    return say("behaviour.segments.rule_events", people=report.value_people)


def _chart(report: SegmentsReport) -> Chart:
    title = say("behaviour.chart.value_segments_people")
    series = [Series(name=say("behaviour.label.of_people"), y=tuple(number(segment.share) for segment in report.value_segments))]
    if any(segment.money_share.value is not None for segment in report.value_segments):
        title = say("behaviour.chart.value_segments")
        series.append(
            Series(name=say("behaviour.label.of_money"), y=tuple(number(segment.money_share) for segment in report.value_segments))
        )
    names = tuple(segment.label for segment in report.value_segments)
    return Chart(form="bars", title=title, x=names, series=tuple(series), share=True)


def _values(report: SegmentsReport) -> Grid:
    source = report.value_from
    columns = [say("behaviour.column.segment"), say("behaviour.column.people"), say(f"behaviour.column.recency_{source}")]
    columns += [say(f"behaviour.column.frequency_{source}"), say("behaviour.column.advice"), say("behaviour.column.segment_name")]
    rows: list[tuple[Cell, ...]] = [
        (line.label, line.people, line.recency, line.frequency, line.advice, line.name) for line in report.value_segments
    ]
    return Grid(columns=tuple(columns), rows=tuple(rows))


def _portrait(group: BehaviourGroup) -> list[Say]:
    label = group.label
    found = [say("behaviour.segments.group", label=label, people=group.people, share=_plain(group.share))]
    for kind in ("more", "less", "who", "likes"):
        traits: tuple[Trait, ...] = getattr(group, kind)
        if traits:
            found.append(say(f"behaviour.segments.{kind}", traits=[_trait(trait) for trait in traits[:3]]))
    if group.path:
        path = chain(group.path)
        found.append(say("behaviour.segments.path", path=path))
    return found


def _trait(trait: Trait) -> Say:
    key = "behaviour.segments.trait_share" if trait.here.unit == "share" else "behaviour.segments.trait_rate"
    return say(key, label=trait.label, here=trait.here, elsewhere=trait.elsewhere)


def _group_grid(report: SegmentsReport) -> Grid:
    columns = tuple(say(f"behaviour.column.{name}") for name in ("segment", "people", "stability", "segment_name"))
    rows: list[tuple[Cell, ...]] = [(group.label, group.people, group.stability, group.name) for group in report.groups]
    return Grid(columns=columns, rows=tuple(rows))


def _all_traits(report: SegmentsReport) -> list[Block]:
    if not report.groups:
        return []
    columns = tuple(say(f"behaviour.column.{name}") for name in ("segment", "trait", "group_here", "group_elsewhere", "effect", "p"))
    rows: list[tuple[Cell, ...]] = [
        (group.label, trait.label, trait.here, trait.elsewhere, trait.effect, trait.p_adjusted)
        for group in report.groups
        for trait in (*group.more, *group.less, *group.who, *group.likes)
    ]
    return [Fold(title=say("behaviour.fold.traits"), blocks=(Grid(columns=columns, rows=tuple(rows)),))]


def _method(report: SegmentsReport) -> Fold:
    blocks: list[Block] = [Line(text=say("behaviour.segments.method", kept=report.num_kept, columns=report.num_columns))]
    if report.trials:
        columns = tuple(say(f"behaviour.column.{name}") for name in ("num_groups", "stability", "group_p"))
        rows: list[tuple[Cell, ...]] = [
            (str(trial.num_groups), trial.stability, trial.p if trial.p.value is not None else None) for trial in report.trials
        ]
        blocks.append(Grid(columns=columns, rows=tuple(rows)))
    source = report.value_from
    money = tuple(cut / 100 for cut in report.money_cuts)
    named = (
        (say(f"behaviour.column.recency_{source}"), report.recency_cuts),
        (say(f"behaviour.column.frequency_{source}"), report.frequency_cuts),
        (say("behaviour.label.money_of", currency=report.currency), money),
    )
    blocks += [
        Line(text=say("behaviour.segments.cuts", name=name, cuts=", ".join(f"{cut:g}" for cut in cuts))) for name, cuts in named if cuts
    ]
    columns = tuple(say(f"behaviour.column.{name}") for name in ("segment", "stability"))
    blocks.append(Grid(columns=columns, rows=tuple((line.label, line.stability) for line in report.value_segments)))
    return Fold(title=say("behaviour.fold.segments_method"), blocks=tuple(blocks))


def _person(report: SegmentsReport) -> list[Block]:
    if report.person is None:
        return []
    labels = [label if isinstance(label, Say) else say("behaviour.event", name=label) for label in report.person_segments]
    known = say("behaviour.segments.person", person=report.person, segments=labels)
    blocks: list[Block] = [Heading(text=say("behaviour.heading.person"))]
    blocks.append(Line(text=known if labels else say("behaviour.segments.person_none", person=report.person)))
    if not report.likings:
        return [*blocks, Line(text=say("behaviour.segments.no_likings", person=report.person))]
    columns = tuple(say(f"behaviour.column.{name}") for name in ("liking", "times", "affinity"))
    rows: list[tuple[Cell, ...]] = [
        (line.name if line.kind == "item" else say("behaviour.likes.category", name=line.name), line.times, line.affinity)
        for line in report.likings
    ]
    return [*blocks, Grid(columns=columns, rows=tuple(rows))]
