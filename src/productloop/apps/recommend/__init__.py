"""recommend: what each user should see next, learned from what people chose, with reasons, an honest measure and items that go together."""

from __future__ import annotations

from productloop.apps.recommend.actions import ACTIONS
from productloop.apps.recommend.tasks import TEMPLATES
from productloop.apps.recommend.wording import QUESTION, TEXTS, TITLE
from productloop.loop.action import App

APP = App(name="recommend", title=TITLE, question=QUESTION, tables=("events", "orders"), actions=ACTIONS, templates=TEMPLATES, texts=TEXTS)
