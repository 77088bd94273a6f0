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


def score(run: Run, request: ScoreRequest) -> ScoreReport:
    """Who is at risk now, what goes with it, whom to call first."""
    from productloop.apps.risk import _scoring as parts
    from productloop.apps.risk._asking import find_task, inside, narrow, whole
    from productloop.apps.risk._live import open_model
    from productloop.apps.risk._people import present_people, yes_or_no
    from productloop.apps.risk.tasks import event_of, said_by

    task = find_task(run, request.task, every_kind=True)
    frame = run.frame("risk.score", SHOWN)
    if task is None:
        return ScoreReport(**frame, state="no_task", said_by=said_by(run.store))
    at = run.as_of or run.now
    if task.kind == "number":
        return _score_numbers(run, task, frame, at)
    with whole(run) as store:
        run.progress("people", 0, 3)
        keys = task.keys(store, run.as_of)
        outcomes = yes_or_no(task, task.outcomes(store, keys, run.as_of))
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


def _score_numbers(run: Run, task: Task, frame: dict[str, Any], at: int) -> ScoreReport:
    """Who has how many, or who goes how soon."""
    from productloop.apps.risk._asking import whole
    from productloop.apps.risk._live import open_model
    from productloop.apps.risk._numbers import alike, number_fields

    with whole(run) as store:
        live = open_model(store, task)
        fields = number_fields(run, store, task, live, at)
        outcomes = task.outcomes(store, task.keys(store, run.as_of), run.as_of)
        num = int(fields["labelled"].value)
        state = _state(num, 0 if alike(outcomes) else -1, task.min_rows, live)
    return ScoreReport(**frame, state=state, cautions=_cautions(task, fields), **fields)


def train(run: Run, request: TrainRequest) -> TrainReport:
    """Train one risk model now and say what came of it."""
    from productloop.apps.risk._asking import find_task
    from productloop.apps.risk._live import of_flagged, open_model, quality_of
    from productloop.apps.risk.tasks import event_of, with_effort
    from productloop.loop.turn import turn

    task = find_task(run, request.task, every_kind=True)
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
    from productloop.apps.risk._explain import answer_explain

    return answer_explain(run, request)


def _state(num: int, hits: int, min_rows: int, live: Any) -> State:
    if live is not None:
        return "model" if live.told_apart else "baseline"
    if num < min_rows:
        return "few"
    return "one_class" if hits in (0, num) else "untrained"


def _cautions(task: Task, fields: dict[str, Any]) -> tuple[Say, ...]:
    quality = fields.get("quality")
    found = [] if quality is None else [Say(key=key) for key in quality.warnings if key != "loop.warning.undated"]  # the page says it
    listed = fields.get("persons") or getattr(fields.get("numbers"), "persons", ())
    if not task.dated and listed:
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
