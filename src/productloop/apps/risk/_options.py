"""Options of a risk task as they are written in productloop.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from productloop.apps.risk import wording
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Text
from productloop.learning.selection import EFFORTS, Effort


def filled(text: Text, **slots: object) -> Text:
    """The text with its slots filled in both languages."""
    return Text(text.render("zh", **slots), text.render("en", **slots))


def days_option(name: str, options: Mapping[str, Any], option: str, default: int, smallest: int) -> int:
    """An option that is a whole number of days, at least `smallest`. Raises UsageError for anything else."""
    value = options.get(option, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option=option, value=value, expected=f"{smallest}, {smallest + 1}, ...")
    return value


def effort_option(name: str, options: Mapping[str, Any]) -> Effort:
    """How much is tried before a model is picked. Raises UsageError for an unknown word."""
    for effort in EFFORTS:
        if options.get("effort", "normal") == effort:
            return effort
    raise UsageError(wording.OPTION_UNREADABLE, task=name, option="effort", value=options["effort"], expected=", ".join(EFFORTS))
