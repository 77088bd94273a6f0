"""What a person can ask of `recommend`. The first action is the default. Heavy parts are imported when an action runs."""

from __future__ import annotations

from productloop.apps.recommend import report as pages
from productloop.apps.recommend import wording
from productloop.apps.recommend.types import (
    EvaluateReport,
    EvaluateRequest,
    RecommendReport,
    RecommendRequest,
    TrainReport,
    TrainRequest,
)
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import say
from productloop.loop.action import Action, Run
from productloop.loop.scope import Scope

TABLES = ("events", "orders", "items")
SOURCES = ("events", "orders")


def recommend(run: Run, request: RecommendRequest) -> RecommendReport:
    """The next items for the people asked for, with reasons; without a name, for those who chose something last."""
    from productloop.apps.recommend._lists import make_lists
    from productloop.apps.recommend._setting import find_setting, live_of

    setting = find_setting(run)
    live = live_of(run, setting)
    lists = make_lists(run, request, setting, live)
    strangers = tuple(say("recommend.caution.unknown", subject=line.subject) for line in lists.people if not line.known)
    return RecommendReport(
        **run.frame("recommend.recommend", TABLES),
        state=setting.state,
        release=None if live is None else live.release.id,
        recipe=None if live is None else live.release.recipe,
        sample=not request.subject,
        people=lists.people,
        popular=lists.popular,
        enough_people=setting.people,
        num_items=setting.items,
        cautions=strangers,
    )


def evaluate(run: Run, request: EvaluateRequest) -> EvaluateReport:
    """How good the live recommender is, and which items go together."""
    from productloop.apps.recommend._evaluation import evaluate_live
    from productloop.apps.recommend._setting import find_setting

    return evaluate_live(run, request, find_setting(run))


def train(run: Run, request: TrainRequest) -> TrainReport:
    """One turn of the loop for the recommender, now."""
    from productloop.apps.recommend._evaluation import hits_of_hundred
    from productloop.apps.recommend._setting import find_setting
    from productloop.learning.ranking import POPULARITY
    from productloop.loop.release import card_of
    from productloop.loop.turn import turn

    if request.scope != Scope():
        raise UsageError(wording.SCOPE_NOT_FOR_TRAINING)
    result = turn(run, (find_setting(run).task,))[0]
    card = None if result.live is None else card_of(run.store, result.live)
    return TrainReport(
        **run.frame("recommend.train", TABLES),
        verdict=result.verdict,
        release=result.release,
        live=result.live,
        beats_baseline=card is not None and card.beats_baseline,
        people=run.figure("people", result.num_labelled, "people", "recommend.d.people"),
        missing=run.figure("missing", result.missing, "people", "recommend.d.missing"),
        hits=hits_of_hundred(run, card, "hits", None if card is None else card.recipe),
        baseline_hits=hits_of_hundred(run, card, "baseline_hits", POPULARITY.name),
    )


RECOMMEND = Action(
    name="recommend",
    title=wording.RECOMMEND_TITLE,
    run=recommend,
    page=pages.recommend_page,
    request=RecommendRequest,
    report=RecommendReport,
    effect="reads",
    length="quick",
    reads=TABLES,
)
EVALUATE = Action(
    name="evaluate",
    title=wording.EVALUATE_TITLE,
    run=evaluate,
    page=pages.evaluate_page,
    request=EvaluateRequest,
    report=EvaluateReport,
    effect="reads",
    length="quick",
    reads=TABLES,
    on_run=True,
)
TRAIN = Action(
    name="train",
    title=wording.TRAIN_TITLE,
    run=train,
    page=pages.train_page,
    request=TrainRequest,
    report=TrainReport,
    effect="writes",
    length="long",
    reads=SOURCES,
)
ACTIONS = (RECOMMEND, EVALUATE, TRAIN)
