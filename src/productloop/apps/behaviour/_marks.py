"""The product's own changes as marks of a chart: one function for every chart over time.

A report keeps `marks: tuple[tuple[str, Say | str], ...]` from `changes_between`, and its page hands them to `Chart(marks=...)`: charts draw those
within their dates and say them below.
"""

from __future__ import annotations

from productloop.apps.behaviour._weeks import local_day
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run
from productloop.loop.marks import in_both

MAX_MARKS = 40
KINDS = ("version", "price", "campaign", "outage", "policy", "competitor")


def changes_between(run: Run, begin_us: int, end_us: int) -> tuple[tuple[str, Say | str], ...]:
    """(local day, what changed) from `begin_us` to before `end_us`, oldest first, at most the newest MAX_MARKS; empty without the table."""
    if not run.store.exists("changes"):
        return ()
    found = run.store.rows(
        "SELECT time, kind, title, version FROM changes WHERE time >= ? AND time < ? ORDER BY time DESC, sequence DESC LIMIT ?",
        [begin_us, end_us, MAX_MARKS],
    )
    return tuple(
        (local_day(int(time), run.time_zone).isoformat(), change_label(kind, title, version))
        for time, kind, title, version in reversed(found)
    )


def change_label(kind: str | None, title: str | None, version: str | None) -> Say | str:
    """What a mark is called: "version 4.3", else its kind and title, as short as they are."""
    word = (kind or "").strip().lower()
    named = say(f"behaviour.change.{word}") if word in KINDS else None
    if version:
        return say("behaviour.mark.version", version=version)
    text = in_both(title or "")
    if named is None:
        return say("behaviour.mark.plain", title=text) if text else kind or "?"
    return say("behaviour.mark.titled", kind=named, title=text) if text else named
