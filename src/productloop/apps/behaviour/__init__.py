"""behaviour: what people do, from the events they leave. Funnels and retention; people are counted, never rows."""

from __future__ import annotations

from productloop.apps.behaviour.actions import ACTIONS
from productloop.apps.behaviour.activity_actions import ACTIVITY_TEXTS
from productloop.apps.behaviour.asking_actions import ASKING_TEXTS
from productloop.apps.behaviour.comparison_actions import COMPARISON_TEXTS
from productloop.apps.behaviour.journey_actions import JOURNEY_TEXTS
from productloop.apps.behaviour.leaks_actions import LEAKS_TEXTS
from productloop.apps.behaviour.money_actions import MONEY_TEXTS
from productloop.apps.behaviour.wording import QUESTION, TEXTS, TITLE
from productloop.loop.action import App

APP = App(
    name="behaviour",
    title=TITLE,
    question=QUESTION,
    tables=("events",),
    actions=ACTIONS,
    templates=(),
    texts={**TEXTS, **LEAKS_TEXTS, **ACTIVITY_TEXTS, **JOURNEY_TEXTS, **MONEY_TEXTS, **ASKING_TEXTS, **COMPARISON_TEXTS},
)
"""What a person can ask of `behaviour`. The first action is the default."""
