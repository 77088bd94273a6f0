"""The report of `risk model` as a page: can it be trusted, what does it go by, what is it roughly; measures and methods folded."""

from __future__ import annotations

from functools import reduce

from productloop.apps.risk.model_types import CurveView, ModelReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

FEW_JUDGED = 300
"""Below this the expected calibration error of a right model is several points (simulated), so a verdict says little."""


def model_page(report: ModelReport) -> Page:
    """The page of a report."""
    title = say("risk.model.title")
    if report.state == "number":
        told = Line(text=say("risk.model.number", task=report.task))
        return Page(title=title, blocks=(told, *_weights(report), *_curves(report)), details=tuple(_marks(report)))
    if report.state == "baseline":
        lines: list[Block] = []
        if report.rate is not None:
            lines.append(Line(text=say("risk.line.baseline", rate=report.rate, event=report.event), tone="caution"))
        lines.append(Line(text=say("risk.line.baseline_next"), tone="caution"))
        return Page(title=title, blocks=tuple(lines), details=tuple(_marks(report)))
    blocks = [*_trust(report), *_classes(report), *_weights(report), *_curves(report), *_tree(report)]
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    folds = [*_marks(report), *_bins(report), *_order(report), *_alone(report), *_corrections(report), *_method(report)]
    return Page(title=title, blocks=tuple(blocks), details=tuple(folds))


def _trust(report: ModelReport) -> list[Block]:
    blocks: list[Block] = []
    if report.hits is not None and report.base is not None:
        key = "risk.line.hits" if report.dated else "risk.line.hits_undated"
        blocks.append(Line(text=Say(key=key, slots={"of": report.of, "hits": report.hits, "base": report.base, "event": report.event})))
    if report.trust is None or report.gap is None or report.luck is None:
        return blocks
    tone = "good" if report.trust == "right" else "caution"
    text = Say(key=f"risk.model.trust_{report.trust}", slots={"gap": _tenths(report.gap), "luck": _tenths(report.luck)})
    blocks.append(Line(text=text, tone=tone))  # type: ignore[arg-type]
    num = report.gap.n or 0
    if num < FEW_JUDGED:
        blocks.append(Line(text=say("risk.model.few_judged", num=num), tone="caution"))
    blocks.append(_reliability(report))
    return blocks


def _classes(report: ModelReport) -> list[Block]:
    if not report.classes:
        return []
    rows: list[tuple[Cell, ...]] = []
    for one in report.classes:
        told = say("risk.model.class_hits", of=one.of, hits=one.hits, base=one.base)
        rows.append((one.name, one.rate, told))
    columns = (say("risk.model.column_class"), say("risk.model.column_class_rate"), say("risk.model.column_class_hits"))
    example = say("risk.model.class_more", task=report.task, name=report.classes[0].name)
    return [Heading(text=say("risk.model.heading_classes")), Grid(columns=columns, rows=tuple(rows)), Line(text=example)]


def _tenths(figure: Figure) -> Figure:
    return figure.model_copy(update={"value": round(float(figure.value or 0), 1)})


def _reliability(report: ModelReport) -> Chart:
    said = tuple(float(one.predicted.value or 0) for one in report.bins)
    happened = Series(
        name=say("risk.model.happened"),
        y=tuple(one.happened.value for one in report.bins),
        low=tuple(one.happened.low for one in report.bins),
        high=tuple(one.happened.high for one in report.bins),
    )
    return Chart(
        form="lines",
        title=say("risk.model.chart_said"),
        x=tuple(f"{100 * level:.0f} %" for level in said),
        series=(happened, Series(name=say("risk.model.exact"), y=said)),
        share=True,
        x_title=say("risk.model.axis_said"),
    )


def _weights(report: ModelReport) -> list[Block]:
    if not report.weights:
        return []
    first = report.weights[0]
    if len(report.weights) > 1:
        second = report.weights[1]
        text = say("risk.model.most_two", first=first.name, share=first.share, second=second.name, second_share=second.share)
    else:
        text = say("risk.model.most", first=first.name, share=first.share)
    chart = Chart(
        form="ranges",
        title=say("risk.model.chart_weights"),
        x=tuple(weight.name for weight in report.weights),
        series=(
            Series(
                name=say("risk.model.weight"),
                y=tuple(weight.share.value for weight in report.weights),
                low=tuple(weight.share.low for weight in report.weights),
                high=tuple(weight.share.high for weight in report.weights),
            ),
        ),
        share=True,
    )
    return [
        Heading(text=say("risk.model.heading_goes_by")),
        Line(text=text),
        Line(text=say("risk.model.association_number" if report.state == "number" else "risk.model.association"), tone="caution"),
        chart,
    ]


def _curves(report: ModelReport) -> list[Block]:
    if not report.curves:
        return []
    heading = say("risk.model.heading_curves_number" if report.state == "number" else "risk.model.heading_curves")
    return [Heading(text=heading), *(_curve(report, curve) for curve in report.curves)]


def _curve(report: ModelReport, curve: CurveView) -> Chart:
    is_number = report.state == "number"
    title = say("risk.model.chart_curve_number" if is_number else "risk.model.chart_curve", feature=curve.name, event=report.event)
    name = say("risk.model.curve_mean_number" if is_number else "risk.model.curve_mean")
    return Chart(
        form="bars" if curve.form in ("categories", "among") else "lines",
        title=title,
        x=curve.at,
        series=(Series(name=name, y=curve.mean, low=curve.low, high=curve.high),),
        share=not is_number,
        x_title=curve.name if isinstance(curve.name, Say) else say("risk.model.category", name=curve.name),
    )


def _tree(report: ModelReport) -> list[Block]:
    if report.tree is None:
        return []
    rows: list[tuple[Cell, ...]] = []
    everybody = say("risk.model.everybody")
    for rule in report.tree.rules:
        who = (
            reduce(lambda first, second: say("risk.model.and", first=first, second=second), rule.conditions)
            if rule.conditions
            else everybody
        )
        rows.append((who, rule.chance, rule.people))
    columns = (
        say("risk.model.column_rule"),
        say("risk.model.column_chance", event=report.event),
        say("risk.model.column_people"),
    )
    fidelity = say("risk.model.fidelity", agreement=report.tree.agreement, gap=_tenths(report.tree.gap))
    return [Heading(text=say("risk.model.heading_tree")), Grid(columns=columns, rows=tuple(rows)), Line(text=fidelity)]


# folds -------------------------------------------------------------------------------------------------------------------


def _marks(report: ModelReport) -> list[Block]:
    quality = report.quality
    if quality is None:
        return []
    blocks: list[Block] = [
        Line(text=say("risk.line.release", release=quality.release, recipe=quality.recipe, num=quality.num_rows)),
        Line(text=say("risk.line.versus", quality=quality.quality, baseline=quality.baseline)),
    ]
    if quality.quality.protocol is not None:
        blocks.append(Line(text=Say(key=quality.quality.protocol)))
    if report.marks:
        rows: list[tuple[Cell, ...]] = []
        for mark in report.marks:
            perfect = None if mark.perfect is None else _between(mark.perfect)
            rows.append((Say(key=mark.model.definition), mark.model, perfect, mark.overall))
        columns = tuple(say(key) for key in _MARK_COLUMNS)
        blocks.append(Grid(columns=columns, rows=tuple(rows)))
    return [Fold(title=say("risk.model.fold_marks"), blocks=tuple(blocks))]


def _between(figure: Figure) -> Say:
    """A score with the ends of its range, three digits each."""
    parts = {
        name: figure.model_copy(update={"value": end, "low": None, "high": None})
        for name, end in (("value", figure.value), ("low", figure.low), ("high", figure.high))
    }
    return Say(key="risk.model.range", slots={**parts})


_MARK_COLUMNS = ("risk.column.measure", "risk.model.column_model", "risk.model.column_perfect", "risk.model.column_overall")


def _bins(report: ModelReport) -> list[Block]:
    if not report.bins:
        return []
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.predicted, say("risk.model.share_range", value=one.happened), one.people) for one in report.bins
    )
    columns = (say("risk.model.column_said"), say("risk.model.column_happened"), say("risk.model.column_records"))
    return [Fold(title=say("risk.model.fold_bins"), blocks=(Grid(columns=columns, rows=rows),))]


def _order(report: ModelReport) -> list[Block]:
    if not report.found or not report.disturbed:
        return []
    rate = None if report.rate is None else report.rate.value
    found = Chart(
        form="lines",
        title=say("risk.model.chart_found", event=report.event),
        x=tuple(f"{100 * share:.0f} %" for share, _ in report.found),
        series=(
            Series(name=say("risk.model.right"), y=tuple(right for _, right in report.found)),
            Series(name=say("risk.model.by_luck"), y=tuple(rate for _ in report.found)),
        ),
        share=True,
        x_title=say("risk.model.axis_found"),
    )
    disturbed = Chart(
        form="lines",
        title=say("risk.model.chart_disturbed", event=report.event),
        x=tuple(f"{100 * share:.0f} %" for share, _ in report.disturbed),
        series=(
            Series(name=say("risk.model.found"), y=tuple(share for _, share in report.disturbed)),
            Series(name=say("risk.model.by_luck"), y=tuple(share for share, _ in report.disturbed)),
        ),
        share=True,
        x_title=say("risk.model.axis_disturbed"),
    )
    return [Fold(title=say("risk.model.fold_curves"), blocks=(found, disturbed))]


def _alone(report: ModelReport) -> list[Block]:
    if report.alone is None:
        return []
    blocks = (
        Line(text=say("risk.model.alone", share=report.alone.share, wrong=report.alone.wrong)),
        Line(text=say("risk.model.alone_threshold", threshold=report.alone.threshold)),
    )
    return [Fold(title=say("risk.model.fold_alone"), blocks=blocks)]


def _corrections(report: ModelReport) -> list[Block]:
    if not report.corrections:
        return []
    heads = tuple(Say(key=figure.definition) for figure in report.corrections[0].marks)
    rows: tuple[tuple[Cell, ...], ...] = tuple((one.name, *one.marks) for one in report.corrections)
    grid = Grid(columns=(say("risk.model.column_correction"), *heads), rows=rows)
    return [Fold(title=say("risk.model.fold_corrections"), blocks=(Line(text=say("risk.model.corrections")), grid))]


def _method(report: ModelReport) -> list[Block]:
    lines: list[Block] = []
    if report.weights:
        lines.append(Line(text=say("risk.model.method_shuffled") if report.shuffled else say("risk.model.method_weights")))
    for curve in report.curves:
        key = f"risk.model.method_{'values' if curve.form == 'categories' else curve.form}"
        lines.append(Line(text=Say(key=key, slots={"feature": curve.name})))
    if report.tree is not None:
        lines.append(Line(text=say("risk.model.method_tree", r_squared=report.tree.r_squared)))
    return [Fold(title=say("risk.model.fold_method"), blocks=tuple(lines))] if lines else []
