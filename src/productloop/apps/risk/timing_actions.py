"""When it will happen: time to an outcome."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import when_wording
from productloop.foundation.wording import Text
from productloop.loop.action import Action

TIMING_ACTIONS: tuple[Action, ...] = ()
TIMING_TEXTS: Mapping[str, Text] = {**when_wording.TEXTS}
