"""What a person can ask the risk app for: who is at risk, train now, explain one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from productloop.apps.risk import wording
from productloop.apps.risk.case_actions import CASE_ACTIONS
from productloop.apps.risk.check_actions import CHECK_ACTIONS
from productloop.apps.risk.market_actions import MARKET_ACTIONS
from productloop.apps.risk.prevention_actions import PREVENTION_ACTIONS
from productloop.apps.risk.report import explain_page, score_page, train_page
from productloop.apps.risk.timing_actions import TIMING_ACTIONS
from productloop.apps.risk.types import (
    ExplainReport,
    ExplainRequest,
    ReasonView,
    ScoreReport,
    ScoreRequest,
    State,
    TrainReport,
    TrainRequest,
)
from productloop.apps.risk.understanding_actions import UNDERSTANDING_ACTIONS
from productloop.apps.risk.watch_actions import WATCH_ACTIONS
from productloop.foundation.errors import MissingData
from productloop.foundation.wording import Say, say
from productloop.loop.action import Action, Run

if TYPE_CHECKING:
    from productloop.loop.task import Task

READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points", "scores", "assignments", "actor_codes")
SHOWN = ("outcomes", "actors", "events", "orders", "feedback")
NUM_REASONS = 6
NUM_QUOTES = 3


def score(run: Run, request: ScoreRequest) -> ScoreReport:
    """Who is at risk now, what goes with it, whom to call first."""
    from productloop.apps.risk import _scoring as parts
    from productloop.apps.risk._asking import find_task, inside, narrow, whole
    from productloop.apps.risk._live import open_model
    from productloop.apps.risk._people import present_people
    from productloop.apps.risk.tasks import event_of

    task = find_task(run, request.task)
    frame = run.frame("risk.score", SHOWN)
    if task is None:
        return ScoreReport(**frame, state="no_task")
    at = run.as_of or run.now
    with whole(run) as store:
        run.progress("people", 0, 3)
        keys = task.keys(store, run.as_of)
        outcomes = task.outcomes(store, keys, run.as_of)
        asked = parts.asked_rows(keys, outcomes, inside(run, keys.code))
        live = open_model(store, task)
        hits, num = int(asked.happened.sum()), len(asked.keys)
        state = _state(num, hits, task.min_rows, live)
        options = dict(task.options or {})
        present = present_people(store, at, keys, outcomes, options.get("inactive_days"))
        present = narrow(run, present)
        fields: dict[str, Any] = {
            "task": task.name,
            "event": event_of(task),
            "dated": task.dated,
            "window_days": int(options["window_days"]),
            "labelled": run.figure("labelled", num, "rows", "risk.define.labelled"),
            "missing": max(0, task.min_rows - num),
            "rate": parts.share_figure(run, "rate", hits, num, "risk.define.rate"),
            "people": run.figure("people", len(present.keys), "people", "risk.define.people"),
            "num_gone": present.num_gone,
            "num_silent": present.num_silent,
            "has_experiment": store.count("assignments") > 0,
            "has_topics": store.count("topics") > 0,
            "periods": parts.period_part(run, asked),
        }
        if live is not None and state in ("baseline", "model") and len(present.keys):
            fields |= parts.people_part(run, store, live, present, at, request)
        run.progress("causes", 1, 3)
        fields["causes"], findings = parts.cause_part(run, store, task, asked, at)
        run.progress("rules", 2, 3)
        if state != "model":
            fields["rules"] = parts.rule_part(run, store, task, asked)
    return ScoreReport(**frame, state=state, findings=findings, cautions=_cautions(task, fields), **fields)


def train(run: Run, request: TrainRequest) -> TrainReport:
    """Train one risk model now and say what came of it."""
    from productloop.apps.risk._asking import find_task
    from productloop.apps.risk._live import of_flagged, open_model, quality_of
    from productloop.apps.risk.tasks import event_of, with_effort
    from productloop.loop.turn import turn

    task = find_task(run, request.task)
    if task is None:
        raise MissingData(wording.TASK_MISSING)
    if request.effort is not None:
        task = with_effort(task, request.effort)
    result = turn(run, (task,))[0]
    live = open_model(run.store, task)
    of, hits, base = (10, None, None) if live is None else of_flagged(run, live)
    return TrainReport(
        **run.frame("risk.train", SHOWN),
        task=task.name,
        event=event_of(task),
        verdict=result.verdict,
        num_labelled=result.num_labelled,
        missing=result.missing,
        num_scored=result.num_scored,
        of=of,
        hits=hits,
        base=base,
        quality=None if live is None else quality_of(live),
        cautions=() if live is None else tuple(Say(key=key) for key in live.release.card.warnings),
    )


def explain(run: Run, request: ExplainRequest) -> ExplainReport:
    """One person's chance, the reasons for it, and what they wrote last."""
    import numpy as np

    from productloop.apps.risk._asking import find_task, whole
    from productloop.apps.risk._live import chances, in_words, like_this, open_model, quality_of, reasons_of
    from productloop.apps.risk._naming import is_changeable, names_of
    from productloop.apps.risk.tasks import event_of
    from productloop.loop.serve import current_subjects, keys_of

    task = find_task(run, request.task)
    if task is None:
        raise MissingData(wording.TASK_MISSING)
    at = run.as_of or run.now
    with whole(run) as store:
        live = open_model(store, task)
        if live is None:
            raise MissingData(wording.NOT_TRAINED, task=task.name)
        key = keys_of(store, request.subject, at)
        chance, inputs = chances(live, store, key)
        reasons: tuple[ReasonView, ...] = ()
        if live.told_apart:
            names = names_of(store)
            _, everyone = chances(live, store, current_subjects(store, at))
            found = reasons_of(live, inputs, everyone, names, NUM_REASONS)[0]
            columns = live.release.signature.columns
            reasons = tuple(
                ReasonView(
                    text=text,
                    raises=reason.contribution > 0,
                    changeable=is_changeable(columns[reason.place].name),
                    weight=reason.contribution,
                )
                for reason, text in zip(found, in_words(found, live, everyone, names), strict=True)
            )
        asked = task.keys(store, run.as_of)
        known = task.outcomes(store, asked, run.as_of)
        mine = known.value[(asked.code == key.code[0]) & known.known]
        said = "SELECT row_id FROM feedback WHERE author = ? AND text IS NOT NULL ORDER BY time DESC NULLS LAST, row_id LIMIT ?"
        rate = float(np.mean(known.value[known.known])) if known.known.any() else None
        return ExplainReport(
            **run.frame("risk.explain", SHOWN),
            task=task.name,
            event=event_of(task),
            subject=request.subject,
            window_days=int(dict(task.options or {})["window_days"]) if task.dated else None,
            told_apart=live.told_apart,
            already=bool(len(mine) and mine[-1] == 1 and "inactive_days" not in dict(task.options or {})),
            chance=run.figure("chance", float(chance[0]), "share", "risk.define.chance"),
            like_this=like_this(run, live, float(chance[0])),
            average=run.figure("average", None if rate is None else round(100 * rate), "people", "risk.define.rate"),
            reasons=reasons,
            quotes=tuple(str(row_id) for (row_id,) in store.rows(said, [int(key.code[0]), NUM_QUOTES])),
            quality=quality_of(live),
            cautions=tuple(Say(key=warning) for warning in live.release.card.warnings),
        )


def _state(num: int, hits: int, min_rows: int, live: Any) -> State:
    if live is not None:
        return "model" if live.told_apart else "baseline"
    if num < min_rows:
        return "few"
    return "one_class" if hits in (0, num) else "untrained"


def _cautions(task: Task, fields: dict[str, Any]) -> tuple[Say, ...]:
    quality = fields.get("quality")
    found = [] if quality is None else [Say(key=key) for key in quality.warnings if key != "loop.warning.undated"]  # the page says it
    if not task.dated and quality is not None:
        found.append(say("risk.caution.in_sample"))
    return tuple(found)


ACTIONS = (
    Action("score", wording.SCORE_TITLE, score, score_page, ScoreRequest, ScoreReport, "reads", "quick", READS, on_run=True),
    Action("train", wording.TRAIN_TITLE, train, train_page, TrainRequest, TrainReport, "writes", "long", READS, ("scores",)),
    Action("explain", wording.EXPLAIN_TITLE, explain, explain_page, ExplainRequest, ExplainReport, "reads", "quick", READS),
    *PREVENTION_ACTIONS,
    *CASE_ACTIONS,
    *TIMING_ACTIONS,
    *CHECK_ACTIONS,
    *UNDERSTANDING_ACTIONS,
    *WATCH_ACTIONS,
    *MARKET_ACTIONS,
)
