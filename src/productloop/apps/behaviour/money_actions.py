"""The actions of `behaviour` about money and what lies ahead: value."""

from __future__ import annotations

from productloop.apps.behaviour import value_wording
from productloop.apps.behaviour.value_report import value_page
from productloop.apps.behaviour.value_types import ValueReport, ValueRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def value(run: Run, request: ValueRequest) -> ValueReport:
    """What a customer without a contract is worth, and whether that estimate was ever right."""
    from productloop.apps.behaviour._value import answer_value  # loads SciPy

    return answer_value(run, request)


MONEY_ACTIONS: tuple[Action, ...] = (
    Action(
        name="value",
        title=value_wording.VALUE_TITLE,
        run=value,
        page=value_page,
        request=ValueRequest,
        report=ValueReport,
        effect="reads",
        length="quick",
        reads=("orders",),
    ),
)
MONEY_TEXTS: dict[str, Text] = {**value_wording.TEXTS}
