"""How good the live recommender is (from its Card) and which items go together."""

from __future__ import annotations

from productloop.apps.recommend._catalogue import Catalogue, read_catalogue
from productloop.apps.recommend._pairs import Pair, pairs_together
from productloop.apps.recommend._setting import Setting
from productloop.apps.recommend.types import EvaluateReport, EvaluateRequest, PairLine, RecipeLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.ranking import POPULARITY, RANKING_RECIPES
from productloop.loop.action import Finding, Run
from productloop.loop.records import Card
from productloop.loop.release import card_of

PROTOCOL = "loop.protocol.last_item"
MAX_PAIRS = 100


def evaluate_live(run: Run, request: EvaluateRequest, setting: Setting) -> EvaluateReport:
    """The report of `evaluate`."""
    release = run.store.state.live(setting.task.name)
    card = card_of(run.store, release) if release is not None else None
    keys = setting.task.keys(run.store, run.as_of)
    history, signature = setting.task.inputs(run.store, keys, None)
    together = pairs_together(history)
    names, catalogue = signature.columns[0].categories, read_catalogue(run.store)
    pairs = tuple(_line(run, place, pair, names, catalogue) for place, pair in enumerate(together.found[:MAX_PAIRS]))
    return EvaluateReport(
        **run.frame("recommend.evaluate", ("events", "orders", "items")),
        state=setting.state,
        release=release,
        recipe=None if card is None else card.recipe,
        beats_baseline=card is not None and card.beats_baseline,
        hits=hits_of_hundred(run, card, "hits", None if card is None else card.recipe),
        baseline_hits=hits_of_hundred(run, card, "baseline_hits", POPULARITY.name),
        quality=run.figure("ndcg", None, "score", "loop.metric.ndcg", protocol=PROTOCOL) if card is None else card.quality,
        gain=None if card is None else card.figures.get("gain"),
        recipes=() if card is None else _recipes(card),
        pairs=pairs,
        num_pairs=run.figure("num_pairs", len(together.found), "number", "recommend.d.num_pairs", n=together.num_people),
        num_tested=run.figure("num_tested", together.num_tested, "number", "recommend.d.num_tested"),
        enough_people=setting.people,
        num_items=setting.items,
        findings=_findings(pairs),
        cautions=_cautions(card),
    )


def hits_of_hundred(run: Run, card: Card | None, name: str, recipe: str | None) -> Figure:
    """Recall@10 of a recipe as people out of a hundred, with interval; not known without a Card."""
    found = None if card is None or recipe is None else card.figures.get(f"recall.{recipe}")
    if found is None or found.value is None:
        return run.figure(name, None, "people", "recommend.d.hits", protocol=PROTOCOL)
    interval = None if found.low is None or found.high is None else (round(100 * found.low, 1), round(100 * found.high, 1))
    return run.figure(name, round(100 * found.value), "people", "recommend.d.hits", n=found.n, interval=interval, protocol=PROTOCOL)


def _recipes(card: Card) -> tuple[RecipeLine, ...]:
    lines = []
    for recipe in RANKING_RECIPES:
        figures = [card.figures.get(f"{name}.{recipe.name}") for name in ("ndcg", "recall", "mrr", "coverage")]
        if all(figure is not None for figure in figures):
            ndcg, recall, mrr, coverage = (figure for figure in figures if figure is not None)
            lines.append(
                RecipeLine(recipe=recipe.name, live=recipe.name == card.recipe, ndcg=ndcg, recall=recall, mrr=mrr, coverage=coverage)
            )
    return tuple(lines)


def _line(run: Run, place: int, pair: Pair, names: tuple[str, ...], catalogue: Catalogue) -> PairLine:
    first, second, forward, backward = pair.first, pair.second, pair.forward, pair.backward
    if backward > forward:
        first, second, forward, backward = second, first, backward, forward
    key = f"pair_{place}"
    return PairLine(
        first=names[first],
        second=names[second],
        first_title=catalogue.title(names[first]),
        second_title=catalogue.title(names[second]),
        people=run.figure(f"{key}.people", pair.people, "people", "recommend.d.pair_people"),
        expected=run.figure(f"{key}.expected", round(pair.expected) if pair.expected >= 10 else round(pair.expected, 1), "people", "recommend.d.pair_expected"),
        lift=run.figure(
            f"{key}.lift", round(pair.lift, 2), "ratio", "recommend.d.pair_lift",
            n=pair.people, interval=(round(pair.low, 2), round(pair.high, 2)), protocol="recommend.protocol.pairs",
        ),
        forward=run.figure(f"{key}.forward", forward, "events", "recommend.d.pair_forward"),
        backward=run.figure(f"{key}.backward", backward, "events", "recommend.d.pair_backward"),
    )  # fmt: skip


def _findings(pairs: tuple[PairLine, ...]) -> tuple[Finding, ...]:
    """Only the surest pair: the table has the others. Strength: 1 - 1 / (lower limit of the ratio)."""
    if not pairs:
        return ()
    pair = pairs[0]
    slots: dict[str, Say] = {"first": pair.first_title, "second": pair.second_title}
    low = pair.lift.low or 1.0
    return (
        Finding(
            kind="items_together",
            subject=f"{pair.first}|{pair.second}",
            text=say("recommend.finding.pair", people=pair.people, lift=pair.lift, expected=pair.expected, **slots),
            people=pair.people,
            strength=round(min(1.0, max(0.0, 1 - 1 / low)), 3),
            tone="chance",
            advice=say("recommend.advice.pair", **slots),
        ),
    )


def _cautions(card: Card | None) -> tuple[Say, ...]:
    if card is None:
        return ()
    return (say("recommend.caution.offline"),) if card.beats_baseline else (say("recommend.caution.no_better"),)
