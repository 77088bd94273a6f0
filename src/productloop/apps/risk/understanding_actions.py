"""How good the live models are, what they lean on, whom they treat differently, and what in the data gives the answer away."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.foundation.wording import Text
from productloop.loop.action import Action

UNDERSTANDING_ACTIONS: tuple[Action, ...] = ()
UNDERSTANDING_TEXTS: Mapping[str, Text] = {}
