"""The risk app: who will have an outcome (leave, default, fail), what goes with it, and whom to call first."""

from productloop.apps.risk import wording
from productloop.apps.risk.actions import ACTIONS
from productloop.apps.risk.case_actions import CASE_TEXTS
from productloop.apps.risk.check_actions import CHECK_TEXTS
from productloop.apps.risk.market_actions import MARKET_TEXTS
from productloop.apps.risk.prevention_actions import PREVENTION_TEXTS
from productloop.apps.risk.tasks import OUTCOME
from productloop.apps.risk.timing_actions import TIMING_TEXTS
from productloop.apps.risk.understanding_actions import UNDERSTANDING_TEXTS
from productloop.apps.risk.watch_actions import WATCH_TEXTS
from productloop.loop.action import App

APP = App(
    name="risk",
    title=wording.APP_TITLE,
    question=wording.APP_QUESTION,
    tables=("outcomes", "events", "orders"),
    actions=ACTIONS,
    templates=(OUTCOME,),
    texts={
        **wording.TEXTS,
        **PREVENTION_TEXTS,
        **CASE_TEXTS,
        **CHECK_TEXTS,
        **TIMING_TEXTS,
        **UNDERSTANDING_TEXTS,
        **WATCH_TEXTS,
        **MARKET_TEXTS,
    },
)
