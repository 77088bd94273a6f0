"""The statistics behind two planted truths, with the true needs in place of topics: the ratio of leaving, and the version that fixed a need.

Simulated startups as in the demo, without their words (the same draws, a fifth of a second each). `leaving`: the ratio of those who wrote about
the planted need as `risk` and `needs opportunities` compute it (`learning.met`), beside the same within crossed strata, without allowing for
late starts or without time since people came; bias, spread against the interval's own width, and how often the interval holds the planted 2.5.
`newcomers`: lives of another kind, in which newcomers leave `factor` times as often for three windows; planted 2.2. `fixed`: in how many startups
`needs` names the version that fixed the planted need, and how many name any other version for any need; `drifting`: the same where nothing is
planted and every need's rate rises or falls by so much a week.

    python benchmarks/true_needs.py leaving 3000 3400
    python benchmarks/true_needs.py newcomers 0 60
    python benchmarks/true_needs.py fixed 900 920
    python benchmarks/true_needs.py drifting 5000 5060 --slope 0.05
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from productloop.apps.needs._calendar import count_weeks
from productloop.apps.needs._releases import Release, effects
from productloop.learning.intervals import Interval
from productloop.learning.met import EXACT, NEVER, Met, Points, met_ratio, met_topic
from productloop.learning.stratified import combine_codes, stratified_ratio, without_late_starts
from productloop.loop import simulation_activity as activity
from productloop.loop import simulation_model as model
from productloop.loop import simulation_people as people

DAY = 86_400_000_000
WINDOW = 28 * DAY
NEUTRAL = "neutral"


@dataclass
class Startup:
    """Who wrote about what, when, on which version; who left; events."""

    carriers: model.Carriers
    who: people.People
    left: np.ndarray
    writer: np.ndarray
    time: np.ndarray
    need: np.ndarray
    version: np.ndarray
    events: tuple[np.ndarray, np.ndarray]


def startup(seed: int, planted: frozenset[str], with_events: bool = False) -> Startup:
    """The same draws as `productloop.loop.simulation.simulate`."""
    streams = [np.random.default_rng([seed, stream]) for stream in range(11)]
    carriers = model.draw_carriers(streams[0])
    who = people.draw_people(streams[1], 1.0)
    sign_ups = people.draw_sign_ups(streams[2], who, carriers, planted)
    lives = people.draw_lives(streams[3], who, activity.is_onboarded(sign_ups), carriers, planted)
    events = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if with_events:
        table = activity.events_table(who, activity.draw_steps(streams[4], who, lives, sign_ups, carriers, planted))
        places = {name: place for place, name in enumerate(who.ids)}
        events = np.array([places[name] for name in table["actor"]]), table["time"]
    said = [lives]
    if model.LEAKING_STEP in planted:
        said.append(people.draw_leak_words(streams[8], who, lives, sign_ups, carriers))
    writer, need = (np.concatenate([getattr(one, name) for one in said]) for name in ("writers", "needs"))
    time = model.to_time(np.concatenate([one.said for one in said]))
    order = np.argsort(time, kind="stable")
    writer, need, time = writer[order], need[order], time[order]
    version = np.array(model.VERSIONS, dtype=object)[people.versions_at(who, writer, time)]
    return Startup(carriers, who, lives.left, writer, time, need, version, events)


def thirds(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Which third of its moment a value lies in."""
    found = np.zeros(len(at), dtype=np.int64)
    for moment in np.unique(at):
        rows = at == moment
        found[rows] = np.searchsorted(np.quantile(values[rows], [1 / 3, 2 / 3]), values[rows], side="left")
    return found


def asked_at_moments(one: Startup) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(m,) person, moment, whether they left within the window, and their events of the four weeks before."""
    asked = [(week, np.flatnonzero((one.who.signed_up < week) & (one.left >= week))) for week in model.CUT_OFF_WEEKS]
    person = np.concatenate([there for _, there in asked])
    week = np.repeat([week for week, _ in asked], [len(there) for _, there in asked])
    at, happened = model.START_TIME + week * model.WEEK, one.left[person] < week + model.LABEL_WEEKS
    activity = np.zeros(len(person), dtype=np.int64)
    for moment in np.unique(at):
        inside = (one.events[1] < moment) & (one.events[1] >= moment - 28 * DAY)
        activity[at == moment] = np.bincount(one.events[0][inside], minlength=len(one.left))[person[at == moment]]
    return person, at, happened, activity


def leaving(seed: int) -> dict[str, tuple[float, float, float]]:
    """Ways of estimating -> (value, low, high)."""
    one = startup(seed, model.TRUTHS, with_events=True)
    person, at, happened, activity_before = asked_at_moments(one)
    needs = sorted(set(one.need) - {NEUTRAL})
    wrote = {name: np.full(len(one.left), NEVER) for name in needs}
    for name in needs:
        np.minimum.at(wrote[name], one.writer[one.need == name], one.time[one.need == name])
    mine = one.carriers.leaving_need
    others = np.minimum(sum((wrote[name][person] < at).astype(int) for name in needs if name != mine), 2)
    plan = np.unique(one.who.plans.astype(str), return_inverse=True)[1][person]
    moment = np.unique(at, return_inverse=True)[1]
    before = [moment, plan, thirds(activity_before, at), others]
    alike = [*before, thirds(at - one.who.first_seen()[person], at)]
    rows = np.flatnonzero(one.need == mine)
    met = met_topic(points(one.writer[rows], one.time[rows]), 0, (person, at), WINDOW, EXACT)
    found = {
        "crossed strata, no late starts, no time since they came": stratified_ratio(met.exposed, happened, combine_codes(*before)).ratio,
        "crossed strata, all of it": crossed(met, happened, alike),
        "main effects, no time since they came": met_ratio(met, happened, before).ratio,
        "main effects, all of it": met_ratio(met, happened, alike).ratio,
    }
    return {name: (ratio.value, ratio.low, ratio.high) for name, ratio in found.items()}


def crossed(met: Met, happened: np.ndarray, alike: list[np.ndarray]) -> Interval:
    """The ratio within every combination of what makes people alike, late starts allowed for."""
    return without_late_starts(stratified_ratio(met.exposed, happened, combine_codes(*alike)).ratio, met.late[0])


def points(person: np.ndarray, time: np.ndarray) -> Points:
    """Points of one topic whose line is known."""
    return Points(person.astype(np.int64), time, np.zeros(len(time), dtype=np.int64), np.zeros((len(time), 1), dtype=bool))


def newcomers(seed: int, factor: float) -> dict[str, tuple[float, float, float]]:
    """1,200 people, seven per cent a window leave, newcomers `factor` times as many; asked at eight moments."""
    random = np.random.default_rng(seed)
    window, size, ratio = 1_000, 1_200, 2.2
    moments = np.arange(2_000, 10_000, window)
    entered = random.integers(-12_000, 8_000, size)
    met = entered + random.exponential(15_000, size).astype(np.int64)
    left = np.full(size, NEVER)
    for step in range(-12_000, 10_000, 100):
        share = 0.07 * np.where(step - entered < 3 * window, factor, 1.0) * np.where(met < step, ratio, 1.0)
        goes = (left == NEVER) & (entered <= step) & (random.random(size) < 1 - (1 - np.minimum(share, 0.95)) ** (100 / window))
        left[goes] = step + 50
    met = np.where(met < left, met, NEVER)
    place, person = np.nonzero((entered < moments[:, None]) & (left >= moments[:, None]))
    at = moments[place]
    rows = np.flatnonzero(met < NEVER)
    who, moment = met_topic(points(rows, met[rows]), 0, (person, at), window, EXACT), np.unique(at, return_inverse=True)[1]
    happened, came = left[person] < at + window, thirds(at - entered[person], at)
    found = {
        "without time since they came": met_ratio(who, happened, [moment]).ratio,
        "crossed with its thirds": crossed(who, happened, [moment, came]),
        "its thirds as main effects": met_ratio(who, happened, [moment, came]).ratio,
    }
    return {name: (value.value, value.low, value.high) for name, value in found.items()}


def drifting(seed: int, slope: float) -> Startup:
    """Nothing planted; every need rises or falls by `slope` a week all the time, thinned from startups that write more."""
    usual = people.NEED_RATE
    people.NEED_RATE = 0.9 * usual * math.exp(13 * slope)  # type: ignore[attr-defined]
    one = startup(seed, frozenset())
    people.NEED_RATE = usual  # type: ignore[attr-defined]
    random = np.random.default_rng([seed, 77])
    sign = {name: random.choice([-1, 1]) * (name not in ("praise", NEUTRAL)) for name in sorted(set(one.need))}
    drift = slope * np.array([sign[name] for name in one.need])
    week = (one.time - model.START_TIME) // model.WEEK
    kept = random.random(len(drift)) < np.where(drift == 0, 1.0, np.exp(drift * (week - 13) - 13 * slope))
    one.writer, one.time, one.need, one.version = one.writer[kept], one.time[kept], one.need[kept], one.version[kept]
    return one


class Texts(SimpleNamespace):
    """Texts that know how many they are."""

    def __len__(self) -> int:
        return len(self.voice)


def moved(one: Startup) -> list[tuple[str, str, str]]:
    """(version, need, direction) of all that `needs` ascribes to a version."""
    names = sorted(set(one.need) - {NEUTRAL})
    weeks = count_weeks(one.time, np.zeros(len(one.time), dtype=np.int64), model.END_TIME - 1, "UTC", "monday")
    texts = Texts(voice=one.writer.astype(np.int64), version=one.version)
    study: Any = SimpleNamespace(texts=texts, weeks=weeks, ledger=object(), rows_of=lambda place: np.flatnonzero(one.need == names[place]))
    dates = zip(model.VERSIONS[1:], model.RELEASE_WEEKS[1:], strict=True)
    releases = [Release(version, model.START_TIME + week * model.WEEK, None, "") for version, week in dates]
    found = effects(study, releases, list(range(len(names))), "UTC")
    return [(releases[one.release].version, names[one.topic], one.direction) for one in found if one.direction != "unchanged"]


def table(rows: list[dict[str, tuple[float, float, float]]], truth: float) -> str:
    """Mean (geometric), spread of its logarithm, the interval's own standard error, how many hold the truth."""
    lines = []
    for name in rows[0]:
        value, low, high = (np.array([row[name][place] for row in rows]) for place in range(3))
        error = np.log(high / low).mean() / (2 * 1.6448536)
        held = int(((low <= truth) & (truth <= high)).sum())
        mean = math.exp(float(np.log(value).mean()))
        lines.append(f"{name}: mean {mean:.3f}, spread {np.log(value).std():.3f}, own error {error:.3f}, holds {held} of {len(rows)}\n")
    return "".join(lines)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("leaving", "newcomers", "fixed", "drifting"))
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--slope", type=float, default=0.05)
    parser.add_argument("--factor", type=float, default=2.0)
    chosen = parser.parse_args()
    seeds = range(chosen.first, chosen.last)
    if chosen.part == "leaving":
        sys.stdout.write(table([leaving(seed) for seed in seeds], model.LEAVING_RATIO))
    elif chosen.part == "newcomers":
        sys.stdout.write(table([newcomers(seed, chosen.factor) for seed in seeds], 2.2))
    else:
        found = others = 0
        for seed in seeds:
            one = startup(seed, model.TRUTHS) if chosen.part == "fixed" else drifting(seed, chosen.slope)
            named = moved(one)
            wanted = (model.VERSIONS[one.carriers.fixed_version], one.carriers.fixed_need, "fell")
            found += chosen.part == "fixed" and wanted in named
            others += any(name != wanted[1] or chosen.part == "drifting" for _, name, _ in named)
        sys.stdout.write(f"the version that fixed it named in {found} of {len(seeds)}; startups with any other ascribed: {others}\n")


if __name__ == "__main__":
    main()
