"""The need that goes with leaving, with topics as they are found: how often it is named first, and whether the interval holds the planted 2.5.

A whole simulated startup costs half a minute, since its topics must be sought. Here that is done for few (made once, kept in FOLDER); many more
startups are drawn without their words (`true_needs.startup`), and each of their texts is filed as a text of the same need and language was
filed in one of those few, with its topic and the topics it stands at the edge of. What is named is decided as in `risk` and `needs
opportunities` (`learning.met`). Prints, for startups with the truths and for quiet ones, the counts for each; about a second each.

    python benchmarks/misfiled_needs.py FOLDER --found 900-907 960-967 --planted 20000-20159 --quiet 30000-30155
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from productloop.apps.needs import _severity as severity
from productloop.apps.risk import _causes as causes
from productloop.foundation.settings import load_settings
from productloop.interfaces.registry import find_app
from productloop.interfaces.session import perform_action
from productloop.learning.comparisons import holm
from productloop.learning.met import Met, Points, first_met, hold_beside, met_ratio, met_topic
from productloop.loop import simulation_model as model
from productloop.loop.action import Run
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.simulation import simulate, write_files
from productloop.loop.store import Store
from true_needs import WINDOW, Startup, asked_at_moments, startup, thirds


@dataclass
class Filed:
    """Texts whose topics were found: true need and language of each, its topic, the topics it stands at the edge of."""

    places: dict[tuple[str, str], np.ndarray]
    topic: np.ndarray
    edge: np.ndarray


def filed(folder: Path, seed: int) -> Filed:
    """One simulated startup, its topics sought once."""
    simulated, settings, home = simulate(seed), load_settings(None, {}), folder / str(seed)
    if not (home / "done").exists():
        store = Store.create(home / "workspace")
        for file in write_files(simulated, home / "files"):
            import_path(store, settings, ImportRequest(file), 1, silent)
        app = find_app("needs")
        assert app is not None
        perform_action(Run(store, settings, None, store.as_of(), 2, 0, silent), app, app.action("analyse"), app.action("analyse").request())
        store.close()
        (home / "done").touch()
    store = Store(home / "workspace")
    rows = store.rows("""SELECT p.topic, coalesce(p.near, ''), f.id, f.language FROM points p JOIN feedback f ON p.feedback = f.row_id
        WHERE p.topic IS NOT NULL AND f.author IS NOT NULL ORDER BY f.id, p.topic""")
    store.close()
    topics = {name: place for place, name in enumerate(sorted({str(row[0]) for row in rows}))}
    needs = dict(zip(simulated.feedback["id"], simulated.needs, strict=True))
    edge = np.zeros((len(rows), len(topics)), dtype=bool)
    places: dict[tuple[str, str], list[int]] = {}
    for place, (_, near, row, language) in enumerate(rows):
        edge[place, [topics[name] for name in str(near).split() if name in topics]] = True
        places.setdefault((str(needs[row]), str(language)), []).append(place)
    return Filed({key: np.array(its) for key, its in places.items()}, np.array([topics[str(row[0])] for row in rows]), edge)


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def points_of(one: Startup, like: Filed, random: np.random.Generator) -> tuple[Points, list[str]]:
    """The startup's texts filed as those of the other, and the need most texts of each topic are about."""
    other = random.random(len(one.writer)) < model.SHARE_OTHER_LANGUAGE
    language = np.where((one.who.languages[one.writer] == "zh") != other, "zh", "en")
    pick = np.full(len(one.writer), -1)
    for key in sorted(set(zip(one.need.tolist(), language.tolist(), strict=True))):
        rows = np.flatnonzero((one.need == key[0]) & (language == key[1]))
        if key in like.places:
            pick[rows] = random.choice(like.places[key], len(rows))
    kept = pick >= 0
    topic = like.topic[pick[kept]]
    points = Points(one.writer[kept].astype(np.int64), one.time[kept], topic, like.edge[pick[kept]])
    about = [Counter(one.need[kept][topic == number].tolist()).most_common(1) for number in range(like.edge.shape[1])]
    return points, [its[0][0] if its else "" for its in about]


@dataclass
class Judged:
    """Of one app: the needs named, the strongest by its lower limit first, with the limits."""

    named: list[tuple[str, float, float]]


def judge(one: Startup, points: Points, about: list[str]) -> tuple[Judged, Judged]:
    """What `risk` and what `needs opportunities` name."""
    person, at, happened, activity = asked_at_moments(one)
    plan = np.unique(one.who.plans.astype(str), return_inverse=True)[1][person]
    alike = [np.unique(at, return_inverse=True)[1], plan, thirds(activity, at), thirds(at - one.who.first_seen()[person], at)]
    wrote = [first_met(points.person[its], points.time[its], person) < at for its in (points.topic == topic for topic in range(len(about)))]
    counts, compared = np.sum(wrote, axis=0), list[Any]()
    for topic in range(len(about)):
        met = met_topic(points, topic, (person, at), WINDOW)
        if min(len(np.unique(person[side])) for side in (met.exposed, met.others)) >= causes.MIN_EXPOSED:
            its_alike = [*alike, np.minimum(counts - wrote[topic], 2)]
            cases = len(np.unique(person[met.exposed & happened]))
            compared.append((about[topic], met, its_alike, met_ratio(met, happened, its_alike), cases))
    adjusted = holm([pooled.p for *_, pooled, _ in compared])

    def named(limit: float, most: int | None, by_p: bool) -> Judged:
        order = sorted(range(len(compared)), key=lambda place: compared[place][3].p if by_p else -compared[place][3].ratio.low)
        strong = [p for p in order if adjusted[p] < limit and compared[p][3].ratio.value > 1 and compared[p][4] >= causes.MIN_CASES]
        who: list[Met] = [compared[place][1] for place in strong]
        held = hold_beside(who, happened, [compared[place][2] for place in strong], [limit / len(compared)] * len(strong), most)
        found = [(compared[strong[place]][0], compared[strong[place]][3].ratio) for place in held]
        return Judged(sorted(((need, ratio.low, ratio.high) for need, ratio in found), key=lambda its: -its[1]))

    return named(causes.MAX_ADJUSTED_P, causes.MAX_NAMED, by_p=False), named(severity.MAX_P, None, by_p=True)


def main() -> None:
    """Print a line for each app, with the truths and without."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("--found", "--planted", "--quiet"):
        parser.add_argument(name, nargs="+", default=[])
    chosen = parser.parse_args()
    sources = [filed(chosen.folder, seed) for seed in _seeds(chosen.found)]
    for truths, seeds in ((model.TRUTHS, list(_seeds(chosen.planted))), (frozenset[str](), list(_seeds(chosen.quiet)))):
        counts = {"risk": [0, 0, 0], "needs opportunities": [0, 0, 0]}
        for seed in seeds:
            one = startup(seed, truths, with_events=True)
            points, about = points_of(one, sources[seed % len(sources)], np.random.default_rng([seed, 5]))
            for count, its in zip(counts.values(), judge(one, points, about), strict=True):
                first = bool(its.named) and its.named[0][0] == one.carriers.leaving_need
                holds = first and its.named[0][1] <= model.LEAVING_RATIO <= its.named[0][2]
                count[:] = [count[0] + bool(its.named), count[1] + first, count[2] + holds]
        for app, (any_named, first, both) in counts.items() if seeds else ():
            said = f"the need first in {first}, and its interval holds the ratio in {both}" if truths else f"a topic named in {any_named}"
            sys.stdout.write(f"{app}, {'planted' if truths else 'quiet'}: {said} of {len(seeds)}\n")


def _seeds(ranges: list[str]) -> Iterator[int]:
    for one in ranges:
        first, _, last = one.partition("-")
        yield from range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    main()
