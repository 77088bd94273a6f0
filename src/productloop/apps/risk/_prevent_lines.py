"""Customers as lines of a list: the source's own ids, the chance to leave, what they are worth by currency, what to do and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._candidates import Candidates, Floats
from productloop.apps.risk._playbook import Treatment
from productloop.apps.risk.prevent_types import ListLine
from productloop.loop.action import Run
from productloop.loop.store import Store


def list_lines(
    run: Run, store: Store, people: Candidates, rows: NDArray[np.intp], actions: Sequence[Treatment], gains: Floats | None
) -> tuple[ListLine, ...]:
    """One line for each of these accounts. gains: (accounts,) minor units, or None before an effect is known."""
    leaders = people.leaders()
    reasons = people.reasons(store, leaders[rows].tolist())
    members: dict[int, list[str]] = {}
    for row, place in enumerate(people.accounts.place.tolist()):
        members.setdefault(place, []).append(str(people.keys.ids[row]))
    yearly = {one: people.accounts.sums(people.yearly(one)) for one in people.paid}
    known = people.inputs is not None or len(np.unique(people.chance)) > 1
    lines = []
    for number, row in enumerate(rows.tolist()):
        worth = tuple(
            run.figure(f"worth_{number}_{place}", round(float(sums[row])), f"money:{one}", "risk.prevent.define.worth")
            for place, (one, sums) in enumerate(yearly.items())
            if sums[row] > 0
        )
        chance, gain = float(people.chance[leaders[row]]), None
        if gains is not None:
            gain = run.figure(f"gain_{number}", round(float(gains[row])), f"money:{people.currency}", "risk.prevent.define.gain_line")
        lines.append(
            ListLine(
                account=str(people.accounts.ids[row]),
                people=tuple(members[row]),
                action=actions[number].name,
                title=actions[number].named(),
                chance=run.figure(f"chance_{number}", chance, "share", "risk.define.chance") if known else None,
                worth=worth,
                gain=gain,
                reasons=reasons[number],
            )
        )
    return tuple(lines)
