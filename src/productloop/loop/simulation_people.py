"""Who the simulated users are, how far their sign-up goes, what they say and when they leave.

Leaving is a weekly hazard: with p the probability of leaving within four weeks, a week's is 1 - (1 - p)^(1/4) (constant hazard).
Somebody who wrote the leaving need has p times LEAVING_RATIO from the next Monday on. Without that truth the same number of people
gets the higher hazard each week, drawn by lot: the same share leaves, and the words say nothing about who.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.simulation_model import (
    CAMPAIGN_SIGN_UPS,
    CAMPAIGN_WEEK,
    COUNTRIES,
    EARLIER_WEEKS,
    ENGAGEMENT_SHAPE,
    FIXED_NEED,
    FIXED_RATIO,
    GROWING_NEED,
    GROWTH,
    LABEL_WEEKS,
    LEAK,
    LEAK_WORDS,
    LEAK_WORDS_WEEKS,
    LEAKING_STEP,
    LEAVING_NEED,
    LEAVING_PROBABILITY,
    LEAVING_RATIO,
    MINUTE,
    NEED_RATE,
    NEUTRAL_RATE,
    NOT_ONBOARDED_LEAVING,
    NUM_ACTORS,
    NUM_WEEKS,
    PASS_RATES,
    PLAN_LEAVING,
    PLANS,
    PLATFORMS,
    PRAISE_RATE,
    RELEASE_WEEKS,
    SESSION_RATE,
    SHARE_CHINESE,
    SHARE_EARLIER,
    SHARE_SHARED_ACCOUNT,
    START_TIME,
    STEP_MINUTES,
    STEP_SPREAD,
    STEPS,
    WEEK,
    WEEKLY_UPGRADE,
    WRITER_SHAPE,
    Carriers,
    Flags,
    Floats,
    Integers,
    choose,
    to_time,
    week_of,
)
from productloop.loop.simulation_texts import NEUTRAL, PRAISE, need_names

NEVER = np.iinfo(np.int64).max
"""A time that does not come."""


@dataclass(frozen=True, slots=True)
class People:
    """One entry per actor, sorted by sign-up; n actors."""

    ids: NDArray[Any]
    accounts: NDArray[Any]
    signed_up: Floats
    """(n,) week time; negative for those who were there before."""
    plans: NDArray[Any]
    platforms: NDArray[Any]
    countries: NDArray[Any]
    languages: NDArray[Any]
    engagement: Floats
    """(n,) sessions a week."""
    talkativeness: Floats
    """(n,) factor of mean 1 on every rate of saying something."""
    versions: Integers
    """(n, NUM_WEEKS) row number of VERSIONS in use that week."""

    def first_seen(self) -> Integers:
        """(n,) microseconds UTC."""
        return to_time(self.signed_up)


@dataclass(frozen=True, slots=True)
class Lives:
    """What became of the people, and what they said; m texts in order of time."""

    left: Floats
    """(n,) week time of leaving, infinity for who stayed."""
    writers: Integers
    """(m,) row number of the actor."""
    said: Floats
    """(m,) week time."""
    needs: NDArray[Any]
    """(m,) the true need: one of `need_names()`, PRAISE or NEUTRAL."""


def draw_people(generator: np.random.Generator, scale: float) -> People:
    """About NUM_ACTORS x scale actors, at least 60."""
    num_actors = max(60, round(NUM_ACTORS * scale))
    num_earlier = round(num_actors * SHARE_EARLIER)
    weekly = np.ones(NUM_WEEKS)
    weekly[CAMPAIGN_WEEK] = CAMPAIGN_SIGN_UPS
    new = generator.choice(NUM_WEEKS, num_actors - num_earlier, p=weekly / weekly.sum()) + generator.random(num_actors - num_earlier)
    signed_up = np.sort(np.concatenate([-EARLIER_WEEKS * generator.random(num_earlier), new]))
    account = np.arange(num_actors)
    for actor in np.flatnonzero(generator.random(num_actors) < SHARE_SHARED_ACCOUNT):
        account[actor] = account[generator.integers(actor + 1)]
    chinese = generator.random(num_actors) < SHARE_CHINESE
    platforms = choose(generator, PLATFORMS, num_actors)
    return People(
        ids=np.array([f"u_{i:05d}" for i in range(1, num_actors + 1)], dtype=object),
        accounts=np.array([f"a_{i + 1:05d}" for i in account], dtype=object),
        signed_up=signed_up,
        plans=choose(generator, PLANS, num_actors)[account],
        platforms=platforms,
        countries=np.where(chinese, choose(generator, COUNTRIES["zh"], num_actors), choose(generator, COUNTRIES["en"], num_actors)),
        languages=np.where(chinese, "zh", "en").astype(object),
        engagement=generator.gamma(ENGAGEMENT_SHAPE, SESSION_RATE / ENGAGEMENT_SHAPE, num_actors),
        talkativeness=generator.gamma(WRITER_SHAPE, 1 / WRITER_SHAPE, num_actors),
        versions=_draw_versions(generator, signed_up, platforms),
    )


def _draw_versions(generator: np.random.Generator, signed_up: Floats, platforms: NDArray[Any]) -> Integers:
    """Newcomers and the web have the newest version; an older app is brought up to date with WEEKLY_UPGRADE each week."""
    versions = np.zeros((len(signed_up), NUM_WEEKS), dtype=np.int64)
    for week in range(NUM_WEEKS):
        newest = sum(week >= release for release in RELEASE_WEEKS) - 1
        upgraded = (generator.random(len(signed_up)) < WEEKLY_UPGRADE) | (platforms == "web") | (signed_up >= week)
        versions[:, week] = np.where(upgraded, newest, versions[:, max(week - 1, 0)])
    return versions


def draw_sign_ups(generator: np.random.Generator, people: People, carriers: Carriers, planted: frozenset[str]) -> Integers:
    """(n, steps) microseconds UTC at which each step of STEPS was done, NEVER where it was not; earlier users did all in their time.

    Without the leak every newcomer's pass rate is lowered alike, to the same share overall.
    """
    num_actors = len(people.signed_up)
    new = people.signed_up >= 0
    release = RELEASE_WEEKS[carriers.leak_version]
    factor = np.where((people.platforms == carriers.leak_platform) & (people.signed_up >= release), LEAK, 1.0)
    if LEAKING_STEP not in planted:
        factor = np.full(num_actors, factor[new].mean())
    times = np.full((num_actors, len(STEPS)), NEVER, dtype=np.int64)
    times[:, 0] = people.first_seen()
    going = np.ones(num_actors, dtype=bool)
    for step in range(1, len(STEPS)):
        rate = PASS_RATES[step] * (factor if STEPS[step] == carriers.leak_step else 1.0)
        going &= generator.random(num_actors) < np.where(new, rate, PASS_RATES[step])
        minutes = STEP_MINUTES[step] * np.exp(STEP_SPREAD * generator.standard_normal(num_actors))
        times[going, step] = times[going, step - 1] + (minutes[going] * MINUTE).astype(np.int64)
    return times


def draw_lives(generator: np.random.Generator, people: People, onboarded: Flags, carriers: Carriers, planted: frozenset[str]) -> Lives:
    """Week by week: what the people still there say, who of them leaves, and whose hazard rises because of what they said."""
    num_actors = len(people.signed_up)
    names = np.array([*need_names(), PRAISE, NEUTRAL], dtype=object)
    rates = _rates(generator, people, carriers, planted)
    leaving = (
        LEAVING_PROBABILITY * np.array([PLAN_LEAVING[plan] for plan in people.plans]) * np.where(onboarded, 1.0, NOT_ONBOARDED_LEAVING)
    )
    left = np.full(num_actors, np.inf)
    marked = np.zeros(num_actors, dtype=bool)
    wrote = np.zeros(num_actors, dtype=bool)
    parts: list[tuple[Integers, Floats, Integers]] = []
    for week in range(NUM_WEEKS):
        probability = np.where(marked, np.minimum(leaving * LEAVING_RATIO, 0.9), leaving)
        hazard = 1 - (1 - probability) ** (1 / LABEL_WEEKS)
        chance, moment = generator.random(num_actors), generator.random(num_actors)
        goes = (people.signed_up < week) & np.isinf(left) & (chance < hazard)
        left[goes] = week + moment[goes]
        begin = np.maximum(people.signed_up, week)
        exposure = np.clip(np.minimum(left, week + 1) - begin, 0, None)
        counts = generator.poisson(people.talkativeness[:, None] * exposure[:, None] * rates(week))
        actor, need = (np.repeat(index, counts[counts > 0]) for index in np.nonzero(counts))
        parts.append((actor, begin[actor] + exposure[actor] * generator.random(len(actor)), need))
        authors = np.unique(actor[names[need] == carriers.leaving_need])
        fresh = authors[~wrote[authors]]
        wrote[fresh] = True
        if LEAVING_NEED not in planted:
            fresh = generator.permutation(np.flatnonzero(~marked & np.isinf(left) & (people.signed_up < week + 1)))[: len(fresh)]
        marked[fresh] = True
    writers, said, need = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(said, kind="stable")
    return Lives(left=left, writers=writers[order], said=said[order], needs=names[need[order]])


def draw_leak_words(generator: np.random.Generator, people: People, lives: Lives, sign_ups: Integers, carriers: Carriers) -> Lives:
    """What those who stopped at the leaking step on its platform say about it, on top of everything else; who has left says nothing."""
    step = STEPS.index(carriers.leak_step)
    inside = (people.platforms == carriers.leak_platform) & (people.signed_up >= RELEASE_WEEKS[carriers.leak_version])
    stopped = np.flatnonzero(inside & (sign_ups[:, step - 1] < NEVER) & (sign_ups[:, step] == NEVER))
    chance, moment = generator.random((2, len(stopped)))
    said = (sign_ups[stopped, step - 1] - START_TIME) / WEEK + LEAK_WORDS_WEEKS * moment
    says = (chance < LEAK_WORDS) & (said < np.minimum(lives.left[stopped], NUM_WEEKS))
    order = np.argsort(said[says], kind="stable")
    writers = stopped[says][order]
    return Lives(left=lives.left, writers=writers, said=said[says][order], needs=np.full(len(writers), carriers.leak_need, dtype=object))


@dataclass(frozen=True, slots=True)
class _Rates:
    """Texts a week by actor and need: a row of weights, times the growth of one need and the fix of another."""

    weights: Floats
    growing: int
    growth: Floats
    fixed: int
    fix: Floats

    def __call__(self, week: int) -> Floats:
        """(n, needs + 2) expected texts in a whole week, for a person of average talkativeness."""
        rates = np.tile(self.weights, (len(self.fix), 1))
        rates[:, self.growing] *= self.growth[week]
        rates[:, self.fixed] *= self.fix[:, week]
        return rates


def _rates(generator: np.random.Generator, people: People, carriers: Carriers, planted: frozenset[str]) -> _Rates:
    names = need_names()
    shares = generator.uniform(0.8, 1.2, len(names))
    fixed, leaving, growing = (names.index(name) for name in (carriers.fixed_need, carriers.leaving_need, carriers.growing_need))
    shares[[fixed, leaving]] = 1.6, 1.3
    weights = np.array([*(NEED_RATE * shares / shares.sum()), PRAISE_RATE, NEUTRAL_RATE])
    growth = np.ones(NUM_WEEKS)
    growth[-len(GROWTH) :] = GROWTH
    if GROWING_NEED not in planted:
        growth[:] = growth.mean()
    there = people.signed_up[:, None] < np.arange(NUM_WEEKS)[None, :] + 1
    fix = np.where(people.versions >= carriers.fixed_version, FIXED_RATIO, 1.0)
    if FIXED_NEED not in planted:
        fix[:] = fix[there].mean()
    return _Rates(weights=weights, growing=growing, growth=growth, fixed=fixed, fix=fix)


def versions_at(people: People, actors: Integers, times: Integers) -> Integers:
    """Row number of VERSIONS each of `actors` used at `times` (microseconds UTC, within the simulated weeks)."""
    return people.versions[actors, np.clip(week_of(times), 0, NUM_WEEKS - 1)]
