"""How good the live model is on people it had not seen, what it goes by, and a small tree that says roughly the same.

Measures come from the predictions behind the Card; importance, curves and the tree from the live model itself, asked about the people whose
result is known (at most `MAX_ROWS` of them, drawn once: they say what the model does, not how good it is).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import model_wording as wording
from productloop.apps.risk._asking import inside, whole
from productloop.apps.risk._class_choice import Chosen, choose_classes, find_any_task
from productloop.apps.risk._corrections import corrections
from productloop.apps.risk._judged import JudgedRows, judged_rows
from productloop.apps.risk._live import Live, groups_of, of_flagged, open_model, quality_of, rows_of_first
from productloop.apps.risk._naming import TOPIC, Names, names_of, tidy
from productloop.apps.risk._people import yes_or_no
from productloop.apps.risk._scoring import FLAGGED_SHARE, asked_rows, share_figure
from productloop.apps.risk.model_types import (
    AloneView,
    BinView,
    ClassView,
    CurveView,
    GroupWeight,
    MarkView,
    ModelReport,
    ModelRequest,
    RuleView,
    TreeView,
)
from productloop.apps.risk.tasks import event_of
from productloop.foundation.errors import MissingData
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.columns import Columns
from productloop.learning.conformal import conformal_threshold
from productloop.learning.importance import Curve, contribution_importance, curve_of, shuffled_importance
from productloop.learning.intervals import Interval, share_interval
from productloop.learning.metrics import brier, ece, pr_auc, roc_auc
from productloop.learning.model import Explained
from productloop.learning.reasons import ColumnGroup
from productloop.learning.reliability import Bin, found_and_disturbed, found_and_right, perfect_quality, reliability, yes_no_log_loss
from productloop.learning.surrogate import MISSING, UNSEEN, Condition, learn_surrogate
from productloop.loop.action import Run
from productloop.loop.records import Signature
from productloop.loop.scope import Scope
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_ROWS = 2_000
CURVE_ROWS = 500
NUM_WEIGHTS = 8
NUM_CURVES = 3
ALONE_ERROR = 0.1
MIN_BIN = 20
"""A bin with fewer people has no say in whether the chances are too high or too low."""
SHOWN = ("outcomes", "actors", "events", "orders", "feedback")
Floats = NDArray[np.float64]
Trust = Literal["right", "too_high", "too_low", "mixed"]


def answer_model(run: Run, request: ModelRequest) -> ModelReport:
    """The report of `risk model`."""
    task = find_any_task(run, request.task)
    if task is None:
        raise MissingData(wording.MODEL_NO_TASK)
    with whole(run) as store:
        live = open_model(store, task)
        if live is None:
            raise MissingData(wording.MODEL_NOT_TRAINED, task=task.name)
        frame: dict[str, Any] = {**run.frame("risk.model", SHOWN), "task": task.name, "event": event_of(task), "dated": task.dated}
        if task.kind != "classes":
            return ModelReport(**frame, state="number", quality=quality_of(live), **_number_goes_by(run, store, live))
        rate = live.release.card.figures.get("base_rate")
        if not live.told_apart:
            return ModelReport(**frame, state="baseline", rate=_overall(run, store, task), quality=quality_of(live))
        chosen = choose_classes(live, request.value)
        frame["event"] = chosen.event
        run.progress("judge", 0, 3)
        judged = replace(judged_rows(run, store, live), places=chosen.places)
        classes = _classes(run, live, judged, chosen) if run.scope == Scope() else ()
        of, hits, base = of_flagged(run, live) if run.scope == Scope() else (10, None, None)
        if request.value is not None:
            mine = next((one for one in classes if one.name == request.value), None)
            of, hits, base, rate = (10, None, None, None) if mine is None else (mine.of, mine.hits, mine.base, mine.rate)
        fields = {"of": of, "hits": hits, "base": base, "rate": rate, "classes": classes, **_trust(run, live, judged)}
        run.progress("weights", 1, 3)
        fields |= _goes_by(run, store, live, chosen)
        if request.imbalance:
            run.progress("corrections", 2, 3)
            fields["corrections"] = corrections(run, store, live)
        cautions = tuple(Say(key=key) for key in live.release.card.warnings)
        return ModelReport(**frame, state="model", quality=quality_of(live), cautions=cautions, **fields)


def _overall(run: Run, store: Store, task: Task) -> Figure:
    """The share with the outcome among the rows that `risk score` counts, so that both pages say one number."""
    keys = task.keys(store, run.as_of)
    asked = asked_rows(keys, yes_or_no(task, task.outcomes(store, keys, run.as_of)), inside(run, keys.code))
    return share_figure(run, "rate", int(asked.happened.sum()), len(asked.keys), "risk.define.rate")


def _classes(run: Run, live: Live, judged: JudgedRows, chosen: Chosen) -> tuple[ClassView, ...]:
    """Each of several classes by itself, the most frequent first; nothing for a question of yes or no."""
    num, protocol = len(judged.keys), live.release.card.quality.protocol
    found = []
    for place, name in enumerate(chosen.others if num else ()):
        one = replace(judged, places=(place,))
        share = share_interval(int(one.happened.sum()), num)
        top = rows_of_first(one.chance, max(1, round(FLAGGED_SHARE * num)))
        right = share_interval(int(one.happened[top].sum()), len(top))
        of = 10 if round(10 * share.value) >= 1 and round(10 * right.value) >= round(10 * share.value) + 2 else 100
        limits = (of * right.low, of * right.high)
        found.append(
            ClassView(
                name=name,
                of=of,
                rate=run.figure(f"class_{place}", share.value, "share", "risk.define.rate", n=num, interval=(share.low, share.high)),
                hits=run.figure(
                    f"class_{place}_hits",
                    round(of * right.value),
                    "people",
                    "risk.define.hits",
                    n=len(top),
                    interval=limits,
                    protocol=protocol,
                ),
                base=run.figure(f"class_{place}_base", round(of * share.value), "people", "risk.define.base", n=num),
            )
        )
    return tuple(sorted(found, key=lambda one: -float(one.rate.value or 0)))


def _trust(run: Run, live: Live, judged: JudgedRows) -> dict[str, Any]:
    """Fields about how far the chances can be taken at their word."""
    protocol = live.release.card.quality.protocol
    happened, chance = judged.happened.astype(np.float64), judged.chance
    num = len(chance)
    if num == 0:
        return {}
    bins = reliability(happened, chance)
    perfect = perfect_quality(chance, run.seed)

    def figure(name: str, value: float, unit: str, definition: str, limits: Interval | None = None) -> Figure:
        interval = None if limits is None else (limits.low, limits.high)
        return run.figure(name, value, unit, definition, n=num, interval=interval, protocol=protocol)

    gap = ece(happened, chance)
    luck = perfect["ece"]
    found = conformal_threshold(judged.probabilities, judged.outcomes, ALONE_ERROR)
    alone, wrong = (share_interval(round(share * num), num) for share in (found.share, found.wrong))
    return {
        "trust": _verdict(bins, gap, luck, float(chance.mean() - happened.mean())),
        "gap": figure("gap", 100 * gap, "points", "risk.define.model_gap"),
        "luck": figure("luck", 100 * luck.high, "points", "risk.define.model_luck"),
        "bins": tuple(_bin(run, number, one, protocol) for number, one in enumerate(bins)),
        "marks": _marks(figure, happened, chance, perfect),
        "found": found_and_right(happened, chance),
        "disturbed": found_and_disturbed(happened, chance),
        "alone": AloneView(
            share=figure("alone", alone.value, "share", "risk.define.model_alone", alone),
            wrong=figure("alone_wrong", wrong.value, "share", "risk.define.model_alone_wrong", wrong),
            threshold=figure("alone_threshold", found.threshold, "share", "risk.define.model_alone_threshold"),
        ),
    }


def _verdict(bins: Sequence[Bin], gap: float, luck: Interval, lean: float) -> Trust:
    """Right while luck explains the gap; else the side on which all the bins that are off lie."""
    if gap <= luck.high:
        return "right"
    off = [one for one in bins if one.num_rows >= MIN_BIN and not one.happened.low <= one.predicted <= one.happened.high]
    sides = {one.predicted > one.happened.value for one in off}
    if len(sides) == 1:
        return "too_high" if sides.pop() else "too_low"
    return "mixed" if sides else ("too_high" if lean > 0 else "too_low")


def _bin(run: Run, number: int, one: Bin, protocol: str | None) -> BinView:
    limits = (one.happened.low, one.happened.high)
    happened = run.figure(
        f"bin_{number}", one.happened.value, "share", "risk.define.model_bin", n=one.num_rows, interval=limits, protocol=protocol
    )
    predicted = run.figure(f"bin_{number}_said", one.predicted, "share", "risk.define.model_said", n=one.num_rows)
    return BinView(
        predicted=predicted, happened=happened, people=run.figure(f"bin_{number}_people", one.num_rows, "rows", "risk.define.labelled")
    )


def _marks(figure: Callable[..., Figure], happened: Floats, chance: Floats, perfect: dict[str, Interval]) -> tuple[MarkView, ...]:
    rate = np.full(len(chance), happened.mean())
    measures = {"log_loss": yes_no_log_loss, "brier": brier, "ece": ece}
    found = [
        MarkView(
            model=figure(name, measure(happened, chance), "score", "risk.define.model_brier" if name == "brier" else f"loop.metric.{name}"),
            perfect=figure(f"{name}_perfect", perfect[name].value, "score", "risk.define.model_perfect", perfect[name]),
            overall=figure(f"{name}_overall", round(measure(happened, rate), 12), "score", "risk.define.model_overall"),
        )
        for name, measure in measures.items()
    ]
    for name, area in (("roc_auc", roc_auc), ("pr_auc", pr_auc)):
        overall = figure(f"{name}_overall", area(happened, rate), "score", "risk.define.model_overall")
        found.append(MarkView(model=figure(name, area(happened, chance), "score", f"loop.metric.{name}"), overall=overall))
    return tuple(found)


# what it goes by ---------------------------------------------------------------------------------------------------------


def _goes_by(run: Run, store: Store, live: Live, chosen: Chosen) -> dict[str, Any]:
    """Fields about what moves the live model's chances."""
    task, signature = live.task, live.release.signature
    inputs, names = _known_inputs(run, store, live), names_of(store)
    if len(inputs) == 0:
        return {}
    groups = groups_of(inputs, names)

    def chance(columns: Columns) -> Floats:
        return np.asarray(live.model.predict(columns)[:, list(chosen.places)].sum(axis=1), dtype=np.float64)

    parts = live.model.contributions(inputs) if isinstance(live.model, Explained) and len(task.classes) == 2 else None
    shuffled = parts is None or not np.abs(parts[:, :-1]).sum() > 0  # a selection over a model that cannot explain itself gives zeros
    if shuffled or parts is None:
        shares = shuffled_importance(chance, inputs, groups, run.seed)
        strongest = [group.places[0] for group in groups]
    else:
        shares = contribution_importance(parts, groups, run.seed)
        sizes = np.abs(parts[:, : len(inputs.names)]).mean(axis=0)
        strongest = [max(group.places, key=lambda place: float(sizes[place])) for group in groups]
    order = [place for place in np.argsort([-one.value for one in shares], kind="stable") if shares[place].value > 0]
    few = inputs.take(np.arange(min(len(inputs), CURVE_ROWS)))
    curves = [(place, curve_of(chance, few, strongest[place], run.seed)) for place in order[:NUM_CURVES]]
    return {
        "shuffled": bool(shuffled),
        "weights": tuple(_weight(run, number, groups[place], shares[place], names, len(inputs)) for number, place in enumerate(order[:NUM_WEIGHTS])),
        "curves": tuple(_curve(curve, strongest[place], signature, names) for place, curve in curves if curve is not None),
        "tree": _tree(run, inputs, chance(inputs), signature, names),
    }  # fmt: skip


def _number_goes_by(run: Run, store: Store, live: Live) -> dict[str, Any]:
    """The same of a number: what moves it and, of a number of times, how it runs along the strongest inputs."""
    if not live.told_apart or not isinstance(live.model, Explained):
        return {}
    inputs, names, signature = _known_inputs(run, store, live), names_of(store), live.release.signature
    if len(inputs) == 0:
        return {}
    groups, parts = groups_of(inputs, names), live.model.contributions(inputs)
    shares = contribution_importance(parts, groups, run.seed)
    order = [place for place in np.argsort([-one.value for one in shares], kind="stable") if shares[place].value > 0]
    sizes = np.abs(parts[:, : len(inputs.names)]).mean(axis=0)
    strongest = [max(groups[place].places, key=lambda one: float(sizes[one])) for place in order[:NUM_CURVES]]
    few = inputs.take(np.arange(min(len(inputs), CURVE_ROWS)))
    is_finite = np.isfinite(live.model.predict(few)).all()  # a median of remaining time may be beyond what was seen
    curves = [(place, curve_of(live.model.predict, few, place, run.seed)) for place in strongest] if is_finite else []
    return {
        "weights": tuple(_weight(run, number, groups[place], shares[place], names, len(inputs)) for number, place in enumerate(order[:NUM_WEIGHTS])),
        "curves": tuple(_curve(curve, place, signature, names) for place, curve in curves if curve is not None),
    }  # fmt: skip


def _known_inputs(run: Run, store: Store, live: Live) -> Columns:
    """The inputs of rows whose result is known, at most `MAX_ROWS` of them, drawn once."""
    keys = live.task.keys(store, run.as_of)
    keys = keys.take(np.flatnonzero(live.task.outcomes(store, keys, run.as_of).known))
    if len(keys) > MAX_ROWS:
        keys = keys.take(np.sort(np.random.default_rng(run.seed).choice(len(keys), MAX_ROWS, replace=False)))
    inputs: Columns = live.task.inputs(store, keys, live.release.signature)[0]
    return inputs


def _weight(run: Run, number: int, group: ColumnGroup, share: Interval, names: Names, num: int) -> GroupWeight:
    figure = run.figure(f"weight_{number}", share.value, "share", "risk.define.weight", n=num, interval=(share.low, share.high))
    return GroupWeight(name=names.group(group.name), share=figure)


def _curve(curve: Curve, place: int, signature: Signature, names: Names) -> CurveView:
    column = signature.columns[place]
    labels = tuple(column.categories[int(one)] if column.kind == "category" else f"{tidy(float(one)):,.10g}" for one in curve.at)
    lists = (tuple(float(one) for one in values) for values in (curve.mean, curve.low, curve.high))
    mean, low, high = lists
    return CurveView(name=names.feature(column.name), form=curve.kind, at=labels, mean=mean, low=low, high=high)


def _tree(run: Run, inputs: Columns, chance: Floats, signature: Signature, names: Names) -> TreeView | None:
    found = learn_surrogate(inputs, chance, run.seed)
    if found is None:
        return None
    limits = share_interval(round(found.agreement * found.num_judged), found.num_judged)
    num = len(inputs)
    return TreeView(
        rules=tuple(
            RuleView(
                conditions=tuple(condition_text(one, signature, names) for one in leaf.conditions),
                chance=run.figure(f"rule_{number}", leaf.chance, "share", "risk.define.model_rule", n=round(leaf.share * num)),
                people=run.figure(f"rule_{number}_share", leaf.share, "share", "risk.define.model_rule_share", n=num),
            )
            for number, leaf in enumerate(found.leaves)
        ),
        agreement=run.figure(
            "tree_agreement", round(100 * found.agreement), "people", "risk.define.model_agreement",
            n=found.num_judged, interval=(100 * limits.low, 100 * limits.high),
        ),
        gap=run.figure("tree_gap", 100 * found.gap, "points", "risk.define.model_tree_gap", n=found.num_judged),
        r_squared=run.figure("tree_r_squared", found.r_squared, "score", "risk.define.model_r_squared", n=found.num_judged),
    )  # fmt: skip


def condition_text(condition: Condition, signature: Signature, names: Names) -> Say:
    """A side of a split in words."""
    column = signature.columns[condition.place]
    feature = names.feature(column.name)
    if condition.codes:
        values = [_category(code, column.categories) for code in sorted(condition.codes, reverse=True)]
        return say(
            "risk.model.is", feature=feature, values=reduce(lambda first, second: say("risk.model.or", first=first, second=second), values)
        )
    if column.name.startswith(TOPIC):
        return say(
            "risk.feature.topic" if condition.above is not None else "risk.reason.silent",
            topic=names.topic(column.name.removeprefix(TOPIC)),
        )
    if condition.above is not None and condition.up_to is not None:
        return say("risk.model.between", feature=feature, above=tidy(condition.above), up_to=tidy(condition.up_to))
    if condition.up_to is not None:
        return say("risk.rule.up_to", feature=feature, value=tidy(condition.up_to))
    return say("risk.rule.above", feature=feature, value=tidy(condition.above or 0.0))


def _category(code: int, categories: Sequence[str]) -> Say:
    if code == MISSING:
        return say("risk.model.missing")
    return say("risk.model.other") if code == UNSEEN else say("risk.model.category", name=categories[code])
