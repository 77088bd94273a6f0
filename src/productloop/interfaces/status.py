"""`productloop status`: the loop with real numbers, and for each task how good its live model is, in plain words."""

from __future__ import annotations

import json
from typing import Any

from productloop.foundation.page import Block, Grid, Heading, Line, Page
from productloop.foundation.tables import CANONICAL
from productloop.foundation.wording import Language, Say, say
from productloop.interfaces.answering import Answer, day_of, workspace_meta
from productloop.interfaces.first_page import DAY_US, STALE_DAYS
from productloop.interfaces.registry import all_texts, tasks_of
from productloop.interfaces.session import Session
from productloop.loop.action import Run, is_simulated, live_pointers
from productloop.loop.monitor import track
from productloop.loop.records import Card
from productloop.loop.release import card_of
from productloop.loop.store import Store
from productloop.loop.task import Task

STAGES = ("sources", "store", "features", "train", "evaluate", "release", "serve", "monitor", "feedback")
MAX_DRIFTED = 5
FEW = 0.1
"""Below this share, quality is told of a hundred people instead of ten."""


def status(run: Run, session: Session) -> Answer:
    """The page, and the same numbers as data."""
    store = run.store
    tasks = tasks_of(store, run.settings)
    ring = _ring(run, tasks)
    blocks: list[Block] = []
    simulated = is_simulated(store)
    if run.as_of is not None and not simulated and run.now - run.as_of > STALE_DAYS * DAY_US:
        day = day_of(run.as_of, run.time_zone) or ""
        blocks.append(Line(text=say("status.old", day=day, num=(run.now - run.as_of) // DAY_US), tone="bad"))
    rows = tuple((say(f"status.{name}"), sentence) for name, sentence, _ in ring)
    blocks += [
        Grid(title=say("status.ring"), columns=(say("status.stage"), say("status.state")), rows=rows),
        Heading(text=say("status.tasks")),
    ]
    described = [_task(run, task, session.language) for task in tasks]
    for lines, _ in described:
        blocks += lines
    if not tasks:
        blocks.append(Line(text=say("status.no_tasks")))
    product = run.settings.text("product.name") or store.root.name
    data = {
        "as_of": run.as_of, "simulated": simulated, "loop": {name: numbers for name, _, numbers in ring},
        "tasks": [numbers for _, numbers in described],
    }  # fmt: skip
    meta = workspace_meta(store, run.settings, session.language, simulated, run.as_of, "status")
    return Answer(data, Page(title=say("status.title", product=product), blocks=tuple(blocks)), meta=meta)


def _ring(run: Run, tasks: tuple[Task, ...]) -> list[tuple[str, Say, dict[str, Any]]]:
    """(stage, sentence, numbers) once round."""
    store = run.store
    releases = store.state.releases()
    tables = {table.name: store.count(table.name) for table in CANONICAL if store.exists(table.name)}
    beating = sum(Card.model_validate_json(row["card"]).beats_baseline for row in releases)
    numbers: dict[str, dict[str, Any]] = {
        "sources": {
            "num_imports": len(store.state.imports("done")),
            "num_waiting": _num_waiting(store),
            "num_rows": len(store.state.inbox()),
        },
        "store": tables,
        "features": {
            "num_people": store.count("actor_codes"),
            "num_attributes": sum(len(store.attributes(name)) for name in tables),
            "num_points": store.count("points"),
        },
        "train": {"num_tasks": len(tasks), "num_releases": len(releases)},
        "evaluate": {"num": beating},
        "release": {"num": len(live_pointers(store))},
        "serve": {"num_scores": store.count("scores"), "num_predictions": sum(len(store.state.predictions(task.name)) for task in tasks)},
        "monitor": {"num": sum(track(store, task.name).num_known for task in tasks)},
        "feedback": {"num_outcomes": store.count("outcomes"), "num_decisions": len(store.state.decisions())},
    }
    listed = [say("status.table", table=say(f"table.{name}"), num=num) for name, num in tables.items()]
    held = say("status.tables", tables=listed) if listed else say("status.empty")
    return [(name, held if name == "store" else say(f"status.{name}_state", **numbers[name]), numbers[name]) for name in STAGES]


def _num_waiting(store: Store) -> int:
    """Files of the inbox that no import has the name of."""
    names = {str(row["source"]).rpartition("/")[2] for row in store.state.imports("done")}
    files = [path.name for path in store.inbox.iterdir() if not path.name.startswith(".")] if store.inbox.is_dir() else []
    return sum(name not in names for name in files)


def _task(run: Run, task: Task, language: Language) -> tuple[list[Block], dict[str, Any]]:
    """The lines about one task, and its numbers."""
    store = run.store
    blocks: list[Block] = [Line(text=say("status.task", name=task.name, title=task.title.in_language(language)))]
    numbers: dict[str, Any] = {"task": task.name, "template": task.template, "live": store.state.live(task.name)}
    last = store.state.turn(task.name)
    if last is None:
        return [*blocks, Line(text=say("status.never"))], numbers
    result = json.loads(last["result"])
    numbers["last_turn"] = result
    blocks.append(Line(text=say("status.labelled", num=int(result["num_labelled"]))))
    live = store.state.live(task.name)
    card = card_of(store, live) if live is not None else None
    if card is None:
        blocks.append(Line(text=say("status.not_live")))
    else:
        blocks += [Line(text=say("status.live", release=card.release)), *_quality(card)]
        numbers["card"] = card.model_dump(mode="json")
    if result["missing"]:
        blocks.append(Line(text=say("status.missing" if card is not None else "status.missing_first", num=int(result["missing"]))))
    tracked = track(store, task.name)
    if tracked.accuracy is not None:
        blocks.append(Line(text=say("status.tracked", num=tracked.num_known, accuracy=tracked.accuracy)))
    day = day_of(last["at"], run.time_zone) or ""
    drifted = result.get("drifted") or []
    if drifted:
        names = [say("status.name", name=name) for name in drifted[:MAX_DRIFTED]]
        blocks = [*blocks, Line(text=say("status.drifted", names=names, num=len(drifted)), tone="caution")]
    return [*blocks, Line(text=say("status.turn", day=day, verdict=say(f"status.verdict.{result['verdict']}")))], numbers


def _quality(card: Card) -> list[Block]:
    """How good a model is, as a product manager would say it, and what it is compared with."""
    figures = card.figures
    blocks: list[Block] = []
    flagged, base, right, recall = (figures.get(name) for name in ("precision_top_tenth", "base_rate", "accuracy", "recall"))
    if (
        card.template.startswith("risk.")
        and flagged is not None
        and flagged.value is not None
        and base is not None
        and base.value is not None
    ):
        of = 10 if base.value >= FEW else 100
        blocks.append(Line(text=say("status.quality_flagged", of=of, hits=round(of * flagged.value), base=round(of * base.value))))
    elif right is not None and right.value is not None:
        blocks.append(Line(text=say("status.quality_right", hits=round(10 * right.value))))
    elif recall is not None and recall.value is not None:
        blocks.append(Line(text=say("status.quality_next", hits=round(100 * recall.value))))
    blocks.append(
        Line(text=say("status.beats"), tone="good") if card.beats_baseline else Line(text=say("status.not_beats"), tone="caution")
    )
    known = all_texts()
    return blocks + [Line(text=say(key), tone="caution") for key in card.warnings if key in known and not known[key].slots("en")]
