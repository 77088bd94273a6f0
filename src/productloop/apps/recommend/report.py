"""Reports of `recommend` as pages: what to show to whom and why; how good it is and what goes together; what a training did."""

from __future__ import annotations

from productloop.apps.recommend.tasks import MIN_ACTORS, MIN_ITEMS
from productloop.apps.recommend.types import EvaluateReport, PairLine, PersonLine, RecommendReport, TrainReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Numbers, Page
from productloop.foundation.wording import Say, say

NUM_SHORT = 3
NUM_PAIRS_SHOWN, NUM_PAIRS_FOLDED = 5, 50
WINDOW_MINUTES, PAIR_PEOPLE, PAIR_LEVEL = 30, 10, 0.002
"""As in `_pairs.py`, which loads SciPy; a test holds them equal."""


def recommend_page(report: RecommendReport) -> Page:
    """Who should see what, with reasons; a short table where nobody was named."""
    blocks: list[Block] = list(_state(report))
    if not report.popular:
        blocks.append(Line(text=say("recommend.lead.empty"), tone="caution"))
    elif report.sample:
        if report.people:
            blocks += [Line(text=say("recommend.lead.sample", people=len(report.people))), _sample_grid(report.people)]
        rows = tuple((line.title, line.people) for line in report.popular)
        columns = (say("recommend.column.item"), say("recommend.column.people"))
        blocks.append(Grid(title=say("recommend.grid.popular"), columns=columns, rows=rows))
    else:
        for line in report.people:
            blocks += _person(line)
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    details = [Fold(title=say("recommend.fold.method"), blocks=(Line(text=say("recommend.method")),))]
    if any(line.items for line in report.people):
        details.append(Fold(title=say("recommend.fold.lists"), blocks=(_full_grid(report.people),)))
    return Page(title=say("recommend.title"), blocks=tuple(blocks), details=tuple(details))


def _state(report: RecommendReport | EvaluateReport) -> list[Block]:
    if report.state == "live":
        return []
    if report.state == "not_trained":
        return [Line(text=say("recommend.state.not_trained"), tone="caution")]
    text = say(
        "recommend.state.too_few",
        people=report.enough_people,
        items=report.num_items,
        needed_people=MIN_ACTORS,
        needed_items=MIN_ITEMS,
    )
    return [Line(text=text, tone="caution")]


def _sample_grid(people: tuple[PersonLine, ...]) -> Grid:
    columns = (say("recommend.column.person"), say("recommend.column.next"), say("recommend.column.first_reason"))
    rows: list[tuple[Cell, ...]] = []
    for line in people:
        shown = say("recommend.several", items=[item.title for item in line.items[:NUM_SHORT]])
        rows.append((line.subject, shown if line.items else None, line.items[0].reason if line.items else None))
    return Grid(title=say("recommend.grid.people"), columns=columns, rows=tuple(rows))


def _person(line: PersonLine) -> list[Block]:
    heading = Heading(text=say("recommend.person", subject=line.subject))
    if not line.items:
        return [heading, Line(text=say("recommend.person.nothing", subject=line.subject), tone="caution")]
    rows = tuple((item.title, item.reason) for item in line.items)
    grid = Grid(columns=(say("recommend.column.item"), say("recommend.column.reason")), rows=rows)
    return [heading, Line(text=_basis(line)), grid]


def _basis(line: PersonLine) -> Say:
    if line.personal:
        return say("recommend.person.personal", subject=line.subject, choices=line.choices)
    if line.choices.value:
        return say("recommend.person.popular", subject=line.subject)
    return say("recommend.person.cold", subject=line.subject)


def _full_grid(people: tuple[PersonLine, ...]) -> Grid:
    keys = ("person", "item", "id", "score", "reason")
    rows = tuple((line.subject, item.title, item.item, item.score, item.reason) for line in people for item in line.items)
    return Grid(columns=tuple(say(f"recommend.column.{key}") for key in keys), rows=rows)


def evaluate_page(report: EvaluateReport) -> Page:
    """In plain words: how many find their next item, against the best-seller list; then what goes together."""
    blocks: list[Block] = [*_state(report), *_quality(report.hits, report.baseline_hits, report.beats_baseline)]
    if report.pairs:
        lead = report.pairs[0]
        text = say("recommend.pairs.lead", first=lead.first_title, second=lead.second_title, people=lead.people, lift=lead.lift)
        blocks += [Line(text=text, tone="good"), _pairs_grid(report.pairs[:NUM_PAIRS_SHOWN])]
    elif report.num_tested.value:
        blocks.append(Line(text=say("recommend.pairs.none")))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=say("recommend.evaluate.title"), blocks=tuple(blocks), details=_evaluate_details(report))


def _quality(hits: Figure, baseline: Figure, beats_baseline: bool) -> list[Block]:
    if hits.value is None or baseline.value is None:
        return []
    if not beats_baseline:
        return [Line(text=say("recommend.quality.baseline", hits=hits))]
    return [Line(text=say("recommend.quality", hits=hits, baseline=baseline), tone="good")]


def _pairs_grid(pairs: tuple[PairLine, ...]) -> Grid:
    keys = ("first", "second", "pair_people", "expected", "lift")
    rows = tuple((pair.first_title, pair.second_title, pair.people, pair.expected, pair.lift) for pair in pairs)
    return Grid(title=say("recommend.grid.pairs"), columns=tuple(say(f"recommend.column.{key}") for key in keys), rows=rows)


def _evaluate_details(report: EvaluateReport) -> tuple[Block, ...]:
    details: list[Block] = []
    if report.recipes:
        keys = ("recipe", "live", "ndcg", "recall", "mrr", "coverage")
        rows = tuple(
            (
                say(f"recommend.recipe.{line.recipe}"),
                say("recommend.live.yes") if line.live else None,
                *(line.ndcg, line.recall, line.mrr, line.coverage),
            )
            for line in report.recipes
        )
        grid = Grid(columns=tuple(say(f"recommend.column.{key}") for key in keys), rows=rows)
        lines: list[Block] = [Line(text=say("recommend.method.quality")), grid]
        if report.gain is not None:
            lines.append(Numbers(items=((say("recommend.number.gain"), report.gain),)))
        details.append(Fold(title=say("recommend.fold.recipes"), blocks=tuple(lines)))
    if report.num_tested.value:
        method = say("recommend.method.pairs", minutes=WINDOW_MINUTES, tested=report.num_tested, level=PAIR_LEVEL, people=PAIR_PEOPLE)
        blocks: list[Block] = [Line(text=method)]
        if report.pairs:
            names = ("first", "second", "pair_people", "expected", "lift", "forward", "backward")
            pairs = tuple(
                (p.first_title, p.second_title, p.people, p.expected, p.lift, p.forward, p.backward)
                for p in report.pairs[:NUM_PAIRS_FOLDED]
            )
            blocks.append(Grid(columns=tuple(say(f"recommend.column.{name}") for name in names), rows=pairs))
        details.append(Fold(title=say("recommend.fold.pairs"), blocks=tuple(blocks)))
    return tuple(details)


def train_page(report: TrainReport) -> Page:
    """What happened, and how good what is live now is."""
    verdict = say(f"recommend.train.{report.verdict}", **_verdict_slots(report))
    good = report.verdict in ("first", "replace", "refresh")
    blocks: list[Block] = [Line(text=verdict, tone="good" if good else "plain")]
    blocks += _quality(report.hits, report.baseline_hits, report.beats_baseline)
    return Page(title=say("recommend.train.title"), blocks=tuple(blocks))


def _verdict_slots(report: TrainReport) -> dict[str, Figure]:
    return {"people": report.people, "missing": report.missing}
