"""What to do about it: whom to contact with what, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.foundation.wording import Text
from productloop.loop.action import Action

PREVENTION_ACTIONS: tuple[Action, ...] = ()
PREVENTION_TEXTS: Mapping[str, Text] = {}
