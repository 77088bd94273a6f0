"""How good the live models are, what they lean on, whom they treat differently, and what in the data gives the answer away."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import fairness_wording, model_wording
from productloop.apps.risk.cost_wording import COST_TEXTS
from productloop.apps.risk.explain_wording import EXPLAIN_TEXTS
from productloop.apps.risk.fairness_report import fairness_page
from productloop.apps.risk.fairness_types import FairnessReport, FairnessRequest
from productloop.apps.risk.model_report import model_page
from productloop.apps.risk.model_types import ModelReport, ModelRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run

READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points", "actor_codes")


def model(run: Run, request: ModelRequest) -> ModelReport:
    """How far the live model's chances can be trusted, what it goes by, and roughly what it says."""
    from productloop.apps.risk._model import answer_model  # loads scikit-learn and LightGBM

    return answer_model(run, request)


def fairness(run: Run, request: FairnessRequest) -> FairnessReport:
    """Rates and errors of the live model by group, and which differences are more than chance."""
    from productloop.apps.risk._fairness import answer_fairness  # loads scikit-learn and LightGBM

    return answer_fairness(run, request)


UNDERSTANDING_ACTIONS: tuple[Action, ...] = (
    Action(
        name="model",
        title=model_wording.MODEL_TITLE,
        run=model,
        page=model_page,
        request=ModelRequest,
        report=ModelReport,
        effect="reads",
        length="quick",
        reads=READS,
    ),
    Action(
        name="fairness",
        title=fairness_wording.FAIRNESS_TITLE,
        run=fairness,
        page=fairness_page,
        request=FairnessRequest,
        report=FairnessReport,
        effect="reads",
        length="quick",
        reads=READS,
    ),
)
UNDERSTANDING_TEXTS: Mapping[str, Text] = {**model_wording.TEXTS, **COST_TEXTS, **EXPLAIN_TEXTS, **fairness_wording.TEXTS}
