"""Who dropped and may still be won, with a reason each; and the tenth of them that is left alone, so that the rest can be measured.

Reasons: the window is still open; they wrote about it (or at all, where no topic stands out) and nobody answered; they came back since; they
dropped within RECENT_DAYS. Somebody silent for longer, whose window is over, is not listed. The tenth is drawn by a hash of the person's own
id, the experiment and the seed, as in any hash-based assignment, and written to `assignments`: who is in it once stays in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel import FunnelResult, Status
from productloop.apps.behaviour.leaks_types import Reason
from productloop.learning.intervals import Interval, difference_interval
from productloop.loop.action import Run

DAY_US = 86_400_000_000
RECENT_DAYS = 14
CAME_BACK_US = 3_600_000_000
"""An event this long after the step is another visit."""
LIST_NAME = "leaks: "
"""Begins the name under which a list and its tenth stand in `assignments`."""
HELD_OUT_SHARE = 0.1
HELD_OUT, LISTED = "holdout", "contact"
ORDER: tuple[Reason, ...] = ("wrote", "open", "active", "recent")
"""The reasons, the strongest first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may still be won: code, when they took the step, last seen, platform, why."""

    actor: int
    stopped_us: int
    last_seen_us: int
    platform: str | None
    reasons: tuple[Reason, ...]


def candidates(
    result: FunnelResult,
    step: int,
    seen: Mapping[int, tuple[int, str | None]],
    unanswered: NDArray[np.int64],
    end_us: int,
) -> list[Candidate]:
    """People who stopped at `step` and have a reason, the best chances first. `seen`: (last instant, platform) by actor."""
    found = []
    wrote = set(unanswered.tolist())
    stopped = np.flatnonzero((result.stopped_at == step) & (result.status != Status.CONVERTED))
    for row in stopped.tolist():
        actor, at = int(result.actor[row]), int(result.step_time_us[row, step - 1])
        last, platform = seen.get(actor, (at, None))
        recent = end_us - at <= RECENT_DAYS * DAY_US
        active = last - at >= CAME_BACK_US and end_us - last <= RECENT_DAYS * DAY_US
        is_open = result.status[row] == Status.IN_PROGRESS
        holds: dict[Reason, bool] = {"wrote": actor in wrote, "open": bool(is_open), "active": active, "recent": recent}
        if is_open or recent or active:
            found.append(Candidate(actor, at, last, platform, tuple(reason for reason in ORDER if holds[reason])))
    return sorted(found, key=lambda one: ([reason not in one.reasons for reason in ORDER], -one.last_seen_us, one.actor))


def is_held_out(experiment: str, person: str, seed: int) -> bool:
    """Whether the hash of a person's own id falls into the tenth that is kept aside."""
    digest = hashlib.sha256(f"{experiment}|{seed}|{person}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < HELD_OUT_SHARE * 2**64


def remembered(run: Run, experiment: str) -> dict[int, tuple[str, int]]:
    """(variant, when) of everybody assigned before."""
    if not run.store.exists("assignments"):
        return {}
    rows = run.store.rows(
        "SELECT actor, arg_min(variant, time), min(time) FROM assignments WHERE experiment = ? GROUP BY actor", [experiment]
    )
    return {int(actor): (str(variant), int(time)) for actor, variant, time in rows}


def assign(run: Run, experiment: str, people: Mapping[int, str]) -> dict[int, bool]:
    """Who of `people` (code -> own id) is held out; those not known yet are written when the report is done."""
    before = remembered(run, experiment)
    held = {
        code: before[code][0] == HELD_OUT if code in before else is_held_out(experiment, name, run.seed) for code, name in people.items()
    }
    new = [code for code in sorted(held) if code not in before]
    if new:
        run.at_end(lambda: run.store.append("assignments", _rows(experiment, new, held, run.now), 0))
    return held


def _rows(experiment: str, codes: Sequence[int], held: Mapping[int, bool], now: int) -> Any:
    import arro3.core as arrow

    types = arrow.DataType
    row_ids = [hashlib.sha256(f"{experiment}|{code}".encode()).hexdigest()[:24] for code in codes]
    return arrow.Table.from_pydict(
        {
            "row_id": arrow.Array(row_ids, types.utf8()),
            "import_id": arrow.Array([0] * len(codes), types.int64()),
            "sequence": arrow.Array(list(range(len(codes))), types.int64()),
            "experiment": arrow.Array([experiment] * len(codes), types.utf8()),
            "actor": arrow.Array(list(codes), types.int32()),
            "variant": arrow.Array([HELD_OUT if held[code] else LISTED for code in codes], types.utf8()),
            "propensity": arrow.Array([HELD_OUT_SHARE if held[code] else 1 - HELD_OUT_SHARE for code in codes], types.float64()),
            "time": arrow.Array([now] * len(codes), types.int64()),
        }
    )


def measured(run: Run, experiment: str, step_name: str) -> tuple[Interval, tuple[int, int]] | None:
    """(share that took the step since they were assigned, listed minus held out; people of both), of everybody assigned before."""
    before = remembered(run, experiment)
    if not before:
        return None
    done = run.store.rows("SELECT actor, max(time) FROM events WHERE name = ? GROUP BY actor", [step_name])
    last = {int(actor): int(time) for actor, time in done}
    counts = {HELD_OUT: [0, 0], LISTED: [0, 0]}
    for actor, (variant, time) in before.items():
        counts[variant][0] += last.get(actor, time) > time
        counts[variant][1] += 1
    if not counts[HELD_OUT][1] or not counts[LISTED][1] or (run.as_of or 0) <= min(time for _, time in before.values()):
        return None
    return difference_interval(*counts[LISTED], *counts[HELD_OUT]), (counts[LISTED][1], counts[HELD_OUT][1])
