"""Whom it pays to contact: a threshold from what a lost person and a contact cost, and what it is expected to save."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._judged import judged_rows
from productloop.apps.risk._live import Live, sum_interval
from productloop.apps.risk.cost_wording import COSTS_INCOMPLETE
from productloop.apps.risk.types import CostView, ScoreRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.learning.thresholds import Costs, saved_each
from productloop.loop.action import Run
from productloop.loop.store import Store
from productloop.loop.task import Task

MINOR_UNITS = 100
Verdict = Literal["some", "nobody", "everybody", "never"]
Floats = NDArray[np.float64]


def costs_of(run: Run, task: Task, request: ScoreRequest) -> Costs | None:
    """The costs of a request, else those of the settings, else None; in minor units of money. Raises UsageError when one of two is missing."""
    written = run.settings.tasks.get(task.name, {}).get("costs")
    written = written if isinstance(written, dict) else {}
    missed, contact, kept = (
        given if given is not None else written.get(name)
        for name, given in (("missed", request.cost_missed), ("contact", request.cost_contact), ("kept", request.kept_share))
    )
    if missed is None and contact is None:
        return None
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) and one > 0 for one in (missed, contact)):
        raise UsageError(COSTS_INCOMPLETE, task=task.name)
    share = float(kept) if isinstance(kept, (int, float)) and 0 < kept <= 1 else 1.0
    return Costs(float(missed) * MINOR_UNITS, float(contact) * MINOR_UNITS, share)  # type: ignore[arg-type]


def cost_part(run: Run, store: Store, live: Live, chance: Floats, costs: Costs, currency: str) -> CostView:
    """What the threshold says about the people of now, and what it would have saved among people with a known result."""
    currency = currency or run.settings.text("product.currency")
    chosen = costs.chosen(chance)

    def money(name: str, value: float, definition: str, limits: tuple[float, float] | None = None, n: int | None = None) -> Figure:
        unit, scale = (f"money:{currency}", 1) if currency else ("number", MINOR_UNITS)
        ends = None if limits is None else (_rounded(limits[0]) / scale, _rounded(limits[1]) / scale)
        return run.figure(name, _rounded(value) / scale if scale > 1 else _rounded(value), unit, definition, n=n, interval=ends)

    def saving(name: str, rows: NDArray[np.bool_], definition: str, sign: int) -> Figure:
        """Saved by contacting `rows` (sign 1), or by leaving them alone (-1)."""
        num = int(rows.sum())
        ends = [sign * costs.saved(cases, num) for cases in (sum_interval(live, chance[rows]) if num else (0.0, 0.0))]
        return money(name, sign * costs.saved(float(chance[rows].sum()), num), definition, (min(ends), max(ends)), num)

    verdict: Verdict = "never" if costs.threshold >= 1 else "nobody" if not chosen.any() else "everybody" if chosen.all() else "some"
    judged = judged_rows(run, store, live)
    each = saved_each(judged.happened, judged.chance, costs, judged.keys.code, run.seed)
    checked: dict[str, Any] = {}
    if len(judged.keys) and verdict in ("some", "everybody"):
        checked["checked"] = money("cost_checked", each.value, "risk.define.cost_checked", (each.low, each.high), len(judged.keys))
    return CostView(
        verdict=verdict,
        contact=money("cost_contact", costs.contact, "risk.define.cost_contact"),
        missed=money("cost_missed", costs.missed, "risk.define.cost_missed"),
        worth=money("cost_worth", costs.missed * costs.kept, "risk.define.cost_worth"),
        kept=run.figure("cost_kept", costs.kept, "share", "risk.define.cost_kept"),
        threshold=run.figure("cost_threshold", min(costs.threshold, 1.0), "share", "risk.define.cost_threshold"),
        highest=run.figure("cost_highest", float(chance.max(initial=0.0)), "share", "risk.define.chance"),
        people=run.figure("cost_people", int(chosen.sum()), "people", "risk.define.cost_people"),
        saving=saving("cost_saving", chosen, "risk.define.cost_saving", 1),
        against_everybody=saving("cost_everybody", ~chosen, "risk.define.cost_everybody", -1),
        **checked,
    )


def _rounded(minor_units: float) -> int:
    """Three digits are all that an expectation carries; small amounts to the cent."""
    digits = 2 - math.floor(math.log10(abs(minor_units))) if abs(minor_units) >= 1 else 0
    return int(round(minor_units, min(0, digits)))
