"""The risk app: who will have an outcome (leave, default, fail), what goes with it, and whom to call first."""

from productloop.apps.risk import wording
from productloop.apps.risk.actions import ACTIONS
from productloop.apps.risk.tasks import OUTCOME
from productloop.loop.action import App

APP = App(
    name="risk",
    title=wording.APP_TITLE,
    question=wording.APP_QUESTION,
    tables=("outcomes", "events", "orders"),
    actions=ACTIONS,
    templates=(OUTCOME,),
    texts=wording.TEXTS,
)
