"""Labels of events on pages: chains of steps, and the line that says which name in the data each label stands for."""

from __future__ import annotations

from collections.abc import Sequence

from productloop.foundation.page import Line
from productloop.foundation.wording import Say, say


def chain(labels: Sequence[Say | str]) -> Say | str:
    """The labels with arrows between them; a single one as it is. Raises IndexError when there is none."""
    joined = labels[0]
    for label in labels[1:]:
        joined = say("behaviour.chain", first=joined, then=label)
    return joined


def known_names(named: Sequence[tuple[str, Say | str]]) -> list[Line]:
    """A line that gives the name behind every (name, label), for whoever types it; empty where all labels are the names themselves."""
    pairs = {name: say("behaviour.named", label=label, name=name) for name, label in named if label != name}
    return [Line(text=say("behaviour.names", names=list(pairs.values())))] if pairs else []
