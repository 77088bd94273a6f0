"""The report of `paths` as a page: what to look at first, the picture, then ways, ends and repeats."""

from __future__ import annotations

from productloop.apps.behaviour._labels import chain, known_names
from productloop.apps.behaviour._page_parts import doubts, of_hundred
from productloop.apps.behaviour.paths_types import Flow, Leaving, PathsReport
from productloop.foundation.page import Block, Cell, Chart, FlowLink, FlowPlace, Fold, Grid, Line, Numbers, Page
from productloop.foundation.wording import Say, say

MIN_SHARE_OF_LEAVING = 0.02
"""An event on which fewer of all visits end is no place to look at first."""
MIN_DIFFERENCE_P = 0.05


def paths_page(report: PathsReport) -> Page:
    """The page of a report."""
    if report.state == "none":
        return Page(title=_title(report), blocks=(Line(text=say("behaviour.paths.none")), *doubts(report.cautions)))
    blocks: list[Block] = [Line(text=sentence) for sentence in _sentences(report)]
    blocks.append(Numbers(items=((say("behaviour.label.visits_made"), report.visits), (say("behaviour.label.people"), report.people))))
    blocks.append(Line(text=_rule(report)))
    blocks += _pictures(report)
    blocks += _differences(report)
    blocks += [_nearest(report), _frequent(report), *_leaving(report), *_loops(report), *doubts(report.cautions)]
    details = (
        *_steps(report),
        Fold(title=say("behaviour.fold.edges"), blocks=_edges(report)),
        Fold(title=say("behaviour.fold.paths_method"), blocks=(Line(text=say("behaviour.paths.method")),)),
        *known_names(report.named),
    )
    return Page(title=_title(report), blocks=tuple(blocks), details=details)


def _title(report: PathsReport) -> Say:
    start, end = report.start_label, report.end_label
    if start is not None and end is not None:
        return say("behaviour.paths.title_between", start=start, end=end)
    if start is not None:
        return say("behaviour.paths.title_from", start=start)
    return say("behaviour.paths.title") if end is None else say("behaviour.paths.title_to", end=end)


def _sentences(report: PathsReport) -> list[Say]:
    start, end = report.start_label, report.end_label
    found: list[Say] = []
    if start is not None and end is not None:
        found.append(say("behaviour.paths.between", start=start, end=end, percent=of_hundred(report.reached)))
    elif report.nearest and end is not None:
        near = report.nearest[0]
        found.append(say("behaviour.paths.before", end=end, label=near.label, percent=of_hundred(near.share)))
    elif report.nearest and start is not None:
        near = report.nearest[0]
        ended = of_hundred(report.steps[0].ended)
        found.append(say("behaviour.paths.after", start=start, label=near.label, percent=of_hundred(near.share), ended=ended))
    elif report.nearest and report.frequent:
        near, way = report.nearest[0], report.frequent[0]
        found.append(
            say("behaviour.paths.begin", label=near.label, percent=of_hundred(near.share), path=_joined(way.steps), share=way.share)
        )
    dead_end = _dead_end(report)
    if dead_end is not None and dead_end.label != start:
        found.append(say("behaviour.paths.leaving", label=dead_end.label, percent=of_hundred(dead_end.of_its_visits)))
    if report.loops:
        loop = report.loops[0]
        found.append(say("behaviour.paths.loop", label=loop.label, people=loop.people, times=loop.median_times, most=loop.most_times))
    return found


def _joined(labels: tuple[Say | str, ...]) -> Say:
    joined = chain(labels)
    return joined if isinstance(joined, Say) else say("behaviour.label.plain_step", name=joined)


def _dead_end(report: PathsReport) -> Leaving | None:
    """The event on which the visits with it end most surely, by the lower limit; not the one that the product is for."""
    often = [line for line in report.leaving if (line.share.value or 0) >= MIN_SHARE_OF_LEAVING and not line.is_goal]
    return max(often, key=lambda line: line.of_its_visits.low or 0, default=None)


def _rule(report: PathsReport) -> Say:
    if report.own_sessions:
        return say("behaviour.paths.rule_sessions", steps=report.max_steps)
    return say("behaviour.paths.rule", minutes=report.silence_minutes, steps=report.max_steps)


def _pictures(report: PathsReport) -> list[Block]:
    if report.parts:
        return [_chart(report, part.flow, say("behaviour.chart.paths_of", value=part.value)) for part in report.parts]
    return [_chart(report, report.flow, say("behaviour.chart.paths"))] if report.flow.links else []


def _chart(report: PathsReport, flow: Flow, title: Say) -> Chart:
    backwards = report.end is not None and report.start is None
    steps = range(1, report.max_steps + 1)
    names = tuple(_before(report.max_steps - step) if backwards else say("behaviour.label.step_number", num=step) for step in steps)
    places = tuple(FlowPlace(column=node.place - 1, label=node.label, value=node.visits, muted=node.end) for node in flow.nodes)
    links = tuple(FlowLink(source=source, target=target, value=value) for source, target, value in flow.links)
    return Chart(form="sankey", title=title, x=names, series=(), places=places, links=links)


def _before(num: int) -> Say:
    return say("behaviour.label.before_end", num=num) if num else say("behaviour.label.the_end")


def _nearest(report: PathsReport) -> Grid:
    key = "after" if report.start is not None else "before" if report.end is not None else "begin"
    columns = tuple(say(f"behaviour.column.{name}") for name in ("event", "of_visits", "people"))
    rows = tuple((line.label, line.share, line.people) for line in report.nearest)
    return Grid(title=say(f"behaviour.heading.{key}"), columns=columns, rows=rows)


def _frequent(report: PathsReport) -> Grid:
    columns = tuple(say(f"behaviour.column.{name}") for name in ("path", "of_visits", "people"))
    rows: list[tuple[Cell, ...]] = [(chain(line.steps), line.share, line.people) for line in report.frequent]
    return Grid(title=say("behaviour.heading.frequent"), columns=columns, rows=tuple(rows))


def _leaving(report: PathsReport) -> list[Block]:
    if not report.leaving:
        return []
    columns = tuple(say(f"behaviour.column.{name}") for name in ("event", "of_all_visits", "of_its_visits", "people"))
    rows = tuple((line.label, line.share, line.of_its_visits, line.people) for line in report.leaving)
    return [Grid(title=say("behaviour.heading.leaving"), columns=columns, rows=rows)]


def _loops(report: PathsReport) -> list[Block]:
    if not report.loops:
        return []
    columns = tuple(say(f"behaviour.column.{name}") for name in ("event", "people", "loop_visits", "loop_median", "loop_most"))
    rows = tuple((line.label, line.people, line.visits, line.median_times, line.most_times) for line in report.loops)
    return [Grid(title=say("behaviour.heading.loops"), columns=columns, rows=rows)]


def _steps(report: PathsReport) -> list[Block]:
    if not report.steps:
        return []
    columns = (say("behaviour.column.place"), say("behaviour.label.visits"), say("behaviour.column.people"), say("behaviour.column.ended"))
    rows = tuple((say("behaviour.label.step_number", num=step.place), step.visits, step.people, step.ended) for step in report.steps)
    grid = Grid(columns=columns, rows=rows)
    return [Fold(title=say("behaviour.heading.path_steps"), blocks=(grid,))]


def _edges(report: PathsReport) -> tuple[Block, ...]:
    names = ("place", "before", "after", "people", "visits", "mean_minutes", "median_minutes")
    columns = tuple(say("behaviour.label.visits") if name == "visits" else say(f"behaviour.column.{name}") for name in names)
    rows = tuple(
        (say("behaviour.label.step_number", num=edge.place), edge.before, edge.after, edge.people, edge.visits, edge.mean, edge.median)
        for edge in report.edges
    )
    grid = Grid(columns=columns, rows=rows)
    if report.num_edges <= len(report.edges):
        return (grid,)
    return (Line(text=say("behaviour.paths.more_edges", num=report.num_edges, shown=len(report.edges))), grid)


def _differences(report: PathsReport) -> list[Block]:
    if len(report.parts) < 2:
        return []
    first, second = (part.value for part in report.parts)
    found = [line for line in report.differences if (line.p_adjusted.value or 0) < MIN_DIFFERENCE_P and line.p_adjusted.value is not None]
    if not found:
        return [Line(text=say("behaviour.paths.same", first=first, second=second))]
    top = found[0]
    said = say("behaviour.paths.different", first=first, second=second, before=top.before, after=top.after, one=top.first, two=top.second)
    columns = (
        say("behaviour.column.before"), say("behaviour.column.after"), say("behaviour.label.value_share", value=first),
        say("behaviour.label.value_share", value=second), say("behaviour.column.difference"),
    )  # fmt: skip
    rows = tuple((line.before, line.after, line.first, line.second, line.difference) for line in found)
    return [Line(text=said), Grid(title=say("behaviour.heading.path_differences"), columns=columns, rows=rows)]
