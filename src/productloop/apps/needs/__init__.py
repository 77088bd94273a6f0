"""needs: what users need, from what they say. Every number counts people where they are known, every claim is backed by quotes."""

from __future__ import annotations

from productloop.apps.needs.actions import ACTIONS
from productloop.apps.needs.tasks import TEMPLATES
from productloop.apps.needs.wording import QUESTION, TEXTS, TITLE
from productloop.loop.action import App

APP = App(name="needs", title=TITLE, question=QUESTION, tables=("feedback",), actions=ACTIONS, templates=TEMPLATES, texts=TEXTS)
