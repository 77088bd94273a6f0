"""Which next-item task this workspace has, whether there is enough to learn from, and what is live."""

from __future__ import annotations

from dataclasses import dataclass

from productloop.apps.recommend.tasks import (
    MIN_ACTORS,
    MIN_ITEMS,
    NEXT_ITEM,
    SUGGESTED_NAME,
    Choosing,
    enough_to_learn,
    find_choosing,
    make,
)
from productloop.apps.recommend.types import State
from productloop.foundation.figures import Figure
from productloop.loop.action import Run
from productloop.loop.serve import Live, open_live
from productloop.loop.task import Task


@dataclass(frozen=True, slots=True)
class Setting:
    """The task and how far it is."""

    task: Task
    choosing: Choosing
    people: Figure
    """With enough choices to learn from."""
    items: Figure
    state: State


def find_setting(run: Run) -> Setting:
    """The first task of the settings made from this app's template, else the one that needs no settings."""
    configured = [(name, options) for name, options in run.settings.tasks.items() if options.get("template") == NEXT_ITEM.name]
    name, given = configured[0] if configured else (SUGGESTED_NAME, {})
    options = {key: value for key, value in given.items() if key != "template"}
    task = make(name, options, run.store)
    choosing = find_choosing(options, run.store)
    people, items = enough_to_learn(run.store, choosing)
    state: State = "not_trained" if people >= MIN_ACTORS and items >= MIN_ITEMS else "too_few"
    if run.store.state.live(name) is not None:
        state = "live"
    return Setting(
        task,
        choosing,
        run.figure("enough_people", people, "people", "recommend.d.enough_people"),
        run.figure("num_items", items, "number", "recommend.d.num_items"),
        state,
    )


def live_of(run: Run, setting: Setting) -> Live | None:
    """The live release, or None."""
    return open_live(run.store, setting.task) if setting.state == "live" else None
