"""How long things take in the simulated app, where it crashes, and who stays away because of it.

Times are log-normal, a session ends in a crash with CRASH_RATE. In the slow version on its platform one event takes SLOW_FACTOR times as
long and SLOW_CRASH_RATE of the sessions end in a crash; who meets that leaves out some of their sessions for two weeks. Left out are whole
sessions in which nothing was signed up for, bought or asked, so that orders, feedback and the sign-up funnel stay as they are.

The numbers are this simulation's own choices (`simulation_model.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.simulation_activity import Steps
from productloop.loop.simulation_model import (
    AWAY,
    AWAY_DAYS,
    CRASH_RATE,
    DEVICES,
    DURATIONS,
    END_TIME,
    PATIENCE_MS,
    SLOW_CRASH_RATE,
    SLOW_EVENT,
    SLOW_FACTOR,
    SLOW_VERSION,
    WEEK,
    Carriers,
    Columns,
    Flags,
    Floats,
    Integers,
    choose,
)
from productloop.loop.simulation_people import NEVER, People, versions_at

CRASH = "app_crash"
_SECOND = 1_000_000
_STAYING = ("sign_up", "purchase", "contact_support")
"""A session with one of these is never left out."""


def with_performance(
    generator: np.random.Generator, people: People, steps: Steps, events: Columns, truths: tuple[Carriers, frozenset[str]]
) -> Columns:
    """`events`, the table of `steps`, with `device` and `duration_ms` (NaN where nothing is timed), crashes, and without what was left out.

    `truths` are what carries them and which are planted. Rows that were there keep their values, but for the running `sequence`.
    """
    carriers, planted = truths
    slow = (versions_at(people, steps.actors, steps.times) == carriers.slow_version) & (
        people.platforms[steps.actors] == carriers.slow_platform
    )
    slow &= SLOW_VERSION in planted
    devices = _draw_devices(generator, people)
    durations = _draw_durations(generator, steps, slow)
    last, session = _last_events(steps)
    crashed = generator.random(len(last)) < np.where(slow[last], SLOW_CRASH_RATE, CRASH_RATE)
    crash_times = steps.times[last] + generator.integers(_SECOND, 6 * _SECOND, len(last))
    crashed &= crash_times < END_TIME
    bad = slow & ((durations > PATIENCE_MS) | np.isin(np.arange(len(slow)), last[crashed]))
    away = _left_out(generator, steps, session, bad)
    kept, crashes = np.flatnonzero(~away[session]), last[crashed & ~away]
    rows = np.concatenate([kept, crashes])
    table = {name: values[rows] for name, values in events.items()}
    table["device"] = devices[steps.actors[rows]]
    table["duration_ms"] = durations[rows]
    added = np.arange(len(rows)) >= len(kept)
    table["name"][added], table["item"][added], table["duration_ms"][added] = CRASH, None, np.nan
    table["time"][added] = crash_times[crashed & ~away]
    order = np.argsort(table["time"], kind="stable")
    table = {name: values[order] for name, values in table.items()}
    table["sequence"] = np.arange(len(rows), dtype=np.int64)
    return table


def _draw_devices(generator: np.random.Generator, people: People) -> NDArray[Any]:
    """(people,) one device of the platform each."""
    devices = np.full(len(people.ids), None, dtype=object)
    for platform, options in DEVICES.items():
        mine = people.platforms == platform
        devices[mine] = choose(generator, options, int(mine.sum()))
    return devices


def _draw_durations(generator: np.random.Generator, steps: Steps, slow: Flags) -> Floats:
    """(events,) whole milliseconds, NaN for events that are not timed."""
    durations = np.full(len(steps.times), np.nan)
    for name, (median, spread) in DURATIONS.items():
        mine = steps.names == name
        durations[mine] = median * np.exp(spread * generator.standard_normal(int(mine.sum())))
    durations[slow & (steps.names == SLOW_EVENT)] *= SLOW_FACTOR
    return np.round(durations)


def _last_events(steps: Steps) -> tuple[Integers, Integers]:
    """(sessions,) row of each session's last event, and (events,) the session of each event."""
    _, first, inverse = np.unique(steps.sessions[::-1], return_index=True, return_inverse=True)
    return len(steps.sessions) - 1 - first, inverse[::-1]


def _left_out(generator: np.random.Generator, steps: Steps, session: Integers, bad: Flags) -> Flags:
    """(sessions,) those that do not happen because of what their person met for the first time shortly before."""
    num_actors = int(steps.actors.max()) + 1 if len(steps.actors) else 0
    met = np.full(num_actors, NEVER, dtype=np.int64)
    np.minimum.at(met, steps.actors[bad], steps.times[bad])
    _, first = np.unique(session, return_index=True)
    since = steps.times[first] - met[steps.actors[first]]
    stays = np.zeros(len(first), dtype=np.bool_)
    stays[session[np.isin(steps.names, _STAYING)]] = True
    return np.asarray((since > 0) & (since <= AWAY_DAYS * WEEK // 7) & ~stays & (generator.random(len(first)) < AWAY))
