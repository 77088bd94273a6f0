"""A first guess of the funnel when nobody named one: what must come before what, and how many people are left at each.

Only first occurrences are looked at, one per person and event name.
- The entry is what people do once in a life at its start (at most one kind of event before it), else what comes before all others.
- b follows a when nearly everybody (NEED) who did b did a before, and fewer people did b than a. That order has no cycles.
- The funnel is the longest such chain from the entry, at most MAX_GUESSED steps; among equally long ones that with the most people
  at its end. What people do once in a life (sign up, verify) ends at the first thing they do again and again: an onboarding funnel.
The guess is always said on the page: it is a place to start, not an answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._reading import Reading

MAX_NAMES = 40
MAX_GUESSED = 5
NEED = 0.95
MIN_SHARE = 0.03
"""A step that fewer of the entrants take says little about where people stop."""
MIN_ENTRY_SHARE = 0.05
MAX_PEOPLE = 200_000
"""More people than this are sampled by their code: an order is seen in far fewer."""
ONCE = 1.15
"""Mean times per person up to which an event is something people do once."""
MAX_EARLIER = 1.25
"""Mean number of other kinds of events before an entry that people do once."""
NEVER = np.iinfo(np.int64).max

Times = NDArray[np.int64]


def guess_steps(reading: Reading) -> tuple[str, ...]:
    """Names of the guessed steps; fewer than two when the data show no order. Empty without events."""
    names, first, repeats = _first_times(reading)
    if not names:
        return ()
    entry = _entry(first, repeats)
    entrants = first[first[:, entry] < NEVER]
    entrants = np.where(entrants < entrants[:, [entry]], NEVER, entrants)
    chain = _longest_chain(entrants, entry, repeats)
    if len(chain) == 1:
        others = (entrants < NEVER).sum(axis=0)
        others[entry] = 0
        if others.max() > 0:
            chain = [entry, int(others.argmax())]
    return tuple(names[place] for place in chain)


def _first_times(reading: Reading) -> tuple[list[str], Times, NDArray[np.float64]]:
    """(names (k,), first time of each person and name (n, k), NEVER where they did not, mean times per person (k,))."""
    counted = reading.rows(
        "SELECT name, count(*), count(DISTINCT actor) FROM events WHERE name IS NOT NULL GROUP BY name ORDER BY 3 DESC, name LIMIT ?",
        [MAX_NAMES],
    )
    names = [str(row[0]) for row in counted]
    if not names:
        return [], np.empty((0, 0), dtype=np.int64), np.empty(0)
    people = int(reading.rows("SELECT count(DISTINCT actor) FROM events")[0][0])
    sample = f"AND hash(actor) % {-(-people // MAX_PEOPLE)} = 0" if people > MAX_PEOPLE else ""
    cases = " ".join(f"WHEN ? THEN {place}" for place in range(len(names)))
    found = reading.columns(
        f"""
        SELECT actor, place, min(time) AS time FROM (SELECT actor, time, (CASE name {cases} END)::INTEGER AS place FROM events WHERE true {sample})
        WHERE place IS NOT NULL GROUP BY actor, place
        """,
        names,
    )
    _, row = np.unique(found["actor"], return_inverse=True)
    first = np.full((int(row.max()) + 1 if len(row) else 0, len(names)), NEVER, dtype=np.int64)
    first[row, found["place"]] = found["time"]
    return names, first, np.array([events / max(actors, 1) for _, events, actors in counted])


def _entry(first: Times, repeats: NDArray[np.float64]) -> int:
    done = first < NEVER
    num_done = done.sum(axis=0)
    # How many kinds of events its people did before it; opening the app comes before everything and is no beginning.
    earlier = [float((first[done[:, place]] < first[done[:, place], place][:, None]).sum(axis=1).mean()) for place in range(len(repeats))]
    common = [place for place in range(len(repeats)) if num_done[place] >= MIN_ENTRY_SHARE * len(first)]
    births = [place for place in common if repeats[place] <= ONCE and earlier[place] <= MAX_EARLIER and num_done[place] > 1]
    return min(births or common, key=lambda place: (round(earlier[place], 1), -int(num_done[place]), place))


def _longest_chain(entrants: Times, entry: int, repeats: NDArray[np.float64]) -> list[int]:
    num_names = entrants.shape[1]
    done = entrants < NEVER
    people = done.sum(axis=0)
    usable = [place for place in range(num_names) if people[place] >= max(1, MIN_SHARE * people[entry]) and place != entry]
    usable.sort(key=lambda place: (-int(people[place]), place))
    onboarding = repeats[entry] <= ONCE
    best: dict[int, list[int]] = {entry: [entry]}
    for place in usable:
        chains = []
        for before, chain in best.items():
            ended = onboarding and before != entry and repeats[before] > ONCE
            if len(chain) < MAX_GUESSED and not ended and people[place] < people[before]:
                doers = done[:, place]
                # Equal instants (whole seconds) hold either order.
                if (entrants[doers, before] <= entrants[doers, place]).mean() >= NEED:
                    chains.append([*chain, place])
        if chains:
            best[place] = max(chains, key=lambda chain: (len(chain), -chain[-2]))
    return max(best.values(), key=lambda chain: (len(chain), int(people[chain[-1]]), -chain[-1]))
