"""One customer: everything that happened, and what was never answered."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.foundation.wording import Text
from productloop.loop.action import Action

CASE_ACTIONS: tuple[Action, ...] = ()
CASE_TEXTS: Mapping[str, Text] = {}
