"""How often a step in a weekly series, and a change of one customer, are found where they are planted, and named where there is none.

    python benchmarks/market.py steps
    python benchmarks/market.py levels
    python benchmarks/market.py accounts WORKSPACE

`steps`: 24 weeks of mean stars (8 to 40 reviews a week of spread 1.2, weeks differ by .1 besides), 200 series a row; "correlated": 30 weeks of a
first-order autoregression without a step. `levels`: one customer beside 40, 100 or 400 alike whose own levels change by a gamma factor of mean 1 and
spread .5; its level falls to a half, a fifth, or not at all; 400 draws a row. `accounts`: every change that `risk case` names over all
accounts of a workspace, such as the demo's, in which no single account was made to change.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._case_time import find_peers, spans_before, what_moved
from productloop.apps.risk._case_who import find_customer, read_seen
from productloop.foundation.settings import load_settings
from productloop.learning.alike import level_change
from productloop.learning.step_change import find_step
from productloop.loop.action import Run
from productloop.loop.store import SETTINGS_FILE, Store

Floats = NDArray[np.float64]
PLACE = 16


def stars(random: np.random.Generator, step: float) -> tuple[Floats, Floats]:
    """Weekly means and the reviews behind each."""
    sizes = random.integers(8, 40, 24).astype(float)
    level = 4.0 + np.where(np.arange(24) >= PLACE, step, 0.0) + random.normal(0, 0.1, 24)
    return level + random.normal(0, 1.2, 24) / np.sqrt(sizes), sizes


def correlated(random: np.random.Generator, likeness: float) -> tuple[Floats, Floats]:
    """30 weeks that resemble their neighbours, without a step."""
    values = np.zeros(30)
    for week in range(1, 30):
        values[week] = likeness * values[week - 1] + random.normal()
    return values, np.ones(30)


def steps(num: int) -> None:
    """Found, place and size covered, by planted step."""
    print("| series | step anywhere, p < .05 | p < .01 | at a known week, p < .05 | p < .01 | place covered | size covered |")
    print("|---|---|---|---|---|---|---|")
    for step in (-0.9, -0.5, -0.3, 0.0):
        drawn = [stars(np.random.default_rng(seed), step) for seed in range(num)]
        free = [found for means, sizes in drawn if (found := find_step(means, sizes, 0)) is not None]
        known = [found for means, sizes in drawn if (found := find_step(means, sizes, 0, (PLACE,))) is not None]
        shares = [np.mean([one.p < limit for one in group]) for group in (free, known) for limit in (0.05, 0.01)]
        place = np.mean([one.first <= PLACE <= one.last for one in free])
        size = np.mean([one.difference.low <= step <= one.difference.high for one in known])
        cells = [f"{share:.3f}" for share in shares] + ([f"{place:.2f}", f"{size:.2f}"] if step else ["", ""])
        print(f"| stars, {step:+.1f} | {' | '.join(cells)} |")
    for likeness in (0.3, 0.5, 0.7):
        found = [one for seed in range(num) if (one := find_step(*correlated(np.random.default_rng(seed), likeness), 0)) is not None]
        cells = [f"{np.mean([one.p < limit for one in found]):.3f}" for limit in (0.05, 0.01)]
        print(f"| correlated {likeness} | {' | '.join(cells)} | | | | |")


def levels(num: int) -> None:
    """Named and covered, by how many are alike and how far the customer fell."""
    print("| alike | falls to | p < .05 | p < .0125 (first of four measures) | interval covers |")
    print("|---|---|---|---|---|")
    for size in (40, 100, 400):
        for factor in (1.0, 0.5, 0.2):
            p, covered = [], []
            for seed in range(num):
                random = np.random.default_rng(seed)
                level, moves = random.gamma(2.0, 20.0, size), random.gamma(4.0, 0.25, size)
                before, after = random.poisson(level).astype(float), random.poisson(0.8 * level * moves).astype(float)
                own = random.gamma(2.0, 20.0)
                mine = (
                    np.array([random.poisson(own)], float),
                    np.array([random.poisson(0.8 * own * factor * random.gamma(4.0, 0.25))], float),
                )
                found = level_change(*mine, before, after)
                if found is not None:
                    p.append(found.p)
                    covered.append(found.ratio.low <= factor <= found.ratio.high)
            row = np.array(p)
            print(f"| {size} | {factor} | {(row < 0.05).mean():.3f} | {(row < 0.0125).mean():.3f} | {np.mean(covered):.2f} |")


def accounts(folder: Path) -> None:
    """How many accounts of a workspace have a named change."""
    store = Store(folder)
    as_of = store.as_of() or 0
    run = Run(store, load_settings(folder / SETTINGS_FILE, {}), None, as_of, as_of + 1, 0, lambda stage, done, total: None)
    seen, compared, named = read_seen(store), 0, 0
    for (name,) in store.rows("SELECT DISTINCT account FROM actors WHERE account IS NOT NULL ORDER BY account"):
        customer = find_customer(store, str(name), as_of)
        mine = seen.of(customer.codes)
        spans = spans_before(int(mine.first.min()), as_of) if len(mine.code) else None
        if spans is not None:
            own, peers = find_peers(store, customer, seen, spans)
            _, moved = what_moved(run, store, customer, spans, own, peers)
            compared, named = compared + bool(moved), named + any(one.clear for one in moved)
    print(f"{compared} accounts compared, {named} with a named change")


def main() -> None:
    """One of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("steps", "levels", "accounts"))
    parser.add_argument("workspace", nargs="?", type=Path)
    given = parser.parse_args()
    if given.what == "steps":
        steps(200)
    elif given.what == "levels":
        levels(400)
    elif given.workspace is None:
        parser.error("accounts needs a workspace")
    else:
        accounts(given.workspace)


if __name__ == "__main__":
    main()
