"""needs: what users need, from what they say. Every number counts people where they are known, every claim is backed by quotes."""

from __future__ import annotations

from productloop.apps.needs.actions import ACTIONS
from productloop.apps.needs.aspect_tasks import ASPECT
from productloop.apps.needs.aspects_wording import TEXTS as ASPECTS_TEXTS
from productloop.apps.needs.compare_wording import TEXTS as COMPARE_TEXTS
from productloop.apps.needs.keywords_wording import TEXTS as KEYWORDS_TEXTS
from productloop.apps.needs.kinds_wording import TEXTS as KINDS_TEXTS
from productloop.apps.needs.label_tasks import LABEL
from productloop.apps.needs.label_wording import TEXTS as LABEL_TEXTS
from productloop.apps.needs.ledger_wording import TEXTS as LEDGER_TEXTS
from productloop.apps.needs.opportunities_wording import TEXTS as OPPORTUNITIES_TEXTS
from productloop.apps.needs.releases_wording import TEXTS as RELEASES_TEXTS
from productloop.apps.needs.search_wording import TEXTS as SEARCH_TEXTS
from productloop.apps.needs.sentiment_wording import TEXTS as SENTIMENT_TEXTS
from productloop.apps.needs.storm_wording import TEXTS as STORM_TEXTS
from productloop.apps.needs.tasks import TEMPLATES
from productloop.apps.needs.topics_wording import TEXTS as TOPICS_TEXTS
from productloop.apps.needs.wording import QUESTION, TITLE
from productloop.apps.needs.wording import TEXTS as ANALYSE_TEXTS
from productloop.loop.action import App

TEXTS = {
    **ANALYSE_TEXTS,
    **TOPICS_TEXTS,
    **KEYWORDS_TEXTS,
    **COMPARE_TEXTS,
    **ASPECTS_TEXTS,
    **SEARCH_TEXTS,
    **RELEASES_TEXTS,
    **LEDGER_TEXTS,
    **OPPORTUNITIES_TEXTS,
    **STORM_TEXTS,
    **LABEL_TEXTS,
    **KINDS_TEXTS,
    **SENTIMENT_TEXTS,
}

APP = App(
    name="needs", title=TITLE, question=QUESTION, tables=("feedback",), actions=ACTIONS, templates=(*TEMPLATES, LABEL, ASPECT), texts=TEXTS
)
