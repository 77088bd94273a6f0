"""Metrics under watch, alerts, and what competitors did."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.foundation.wording import Text
from productloop.loop.action import Action

WATCH_ACTIONS: tuple[Action, ...] = ()
WATCH_TEXTS: Mapping[str, Text] = {}
