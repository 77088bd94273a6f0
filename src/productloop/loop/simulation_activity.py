"""What the simulated users do and pay: sign-up steps, sessions, chains of item views, purchases, subscriptions.

A session is a fixed order of optional steps. An item chain is a first-order Markov chain: the next item is the partner of the
current one with PAIR_PROBABILITY if the current one opens a pair, else a draw from the person's taste. Without paired items
the same share of steps goes to the partners' items, whatever came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.simulation_model import (
    CURRENCY,
    END_TIME,
    FADE,
    FADE_WEEKS,
    MAX_VIEWS,
    MINUTE,
    NOT_ONBOARDED_SESSIONS,
    NUM_WEEKS,
    PAIR_PROBABILITY,
    PAIRED_ITEMS,
    PERIOD_DAYS,
    PLAN_PRICES,
    PRICE_WEEK,
    PURCHASE_RATE,
    REFUND_RATE,
    START_TIME,
    STEPS,
    TASTE,
    VERSIONS,
    VIEW_MORE,
    VIEW_RATE,
    WEEK,
    Carriers,
    Columns,
    Flags,
    Floats,
    Integers,
    to_time,
    week_of,
)
from productloop.loop.simulation_people import NEVER, Lives, People, versions_at
from productloop.loop.simulation_texts import read_demo

_DAY = WEEK // 7
_ALONE = (("view_balance", 0.55, False), ("top_up", 0.12, True), ("transfer", 0.25, True), ("card_payment", 0.20, True))
"""Session steps before the offers: name, probability, and whether only who finished signing up can do it."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Events as parallel arrays: actor row, name, time in microseconds UTC, item row or -1, session number."""

    actors: Integers
    names: NDArray[Any]
    times: Integers
    items: Integers
    sessions: Integers


def _steps(actors: Integers, name: str, times: Integers, sessions: Integers, items: Integers | None = None) -> Steps:
    names = np.full(len(actors), name, dtype=object)
    return Steps(actors, names, times, np.full(len(actors), -1, dtype=np.int64) if items is None else items, sessions)


def _concatenate(parts: list[Steps]) -> Steps:
    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    return Steps(column("actors"), column("names"), column("times"), column("items"), column("sessions"))


def draw_steps(
    generator: np.random.Generator, people: People, lives: Lives, sign_ups: Integers, carriers: Carriers, planted: frozenset[str]
) -> Steps:
    """Every event between START and END, sorted by time; ties keep the order in which they were done."""
    tastes = draw_tastes(generator, len(people.ids), carriers)  # first, so that it does not depend on what is planted
    starters, starts = _sessions(generator, people, lives, sign_ups)
    onboarded = sign_ups[starters, -1] <= starts
    number = np.arange(len(starters), dtype=np.int64)
    parts = [_steps(starters, "app_open", starts, number)]
    for slot, (name, probability, needs_account) in enumerate(_ALONE, start=1):
        does = (generator.random(len(starters)) < probability) & (onboarded | (not needs_account))
        parts.append(_steps(starters[does], name, starts[does] + _offset(generator, slot, int(does.sum())), number[does]))
    looks = np.flatnonzero(generator.random(len(starters)) < VIEW_RATE)
    slot = len(_ALONE) + 1
    parts.append(_steps(starters[looks], "view_offer", starts[looks] + _offset(generator, slot, len(looks)), number[looks]))
    chains = draw_chains(generator, starters[looks], tastes, carriers, planted)
    for view in range(MAX_VIEWS):
        seen = chains[:, view] >= 0
        who, items = looks[seen], chains[seen, view]
        times = starts[who] + _offset(generator, slot + 1 + 2 * view, len(who))
        parts.append(_steps(starters[who], "item_view", times, number[who], items))
        buys = onboarded[who] & (generator.random(len(who)) < PURCHASE_RATE)
        parts.append(_steps(starters[who][buys], "purchase", times[buys] + MINUTE // 2, number[who][buys], items[buys]))
    parts += _sign_up_steps(people, lives, sign_ups, len(number))
    parts += _contact_steps(generator, lives, 2 * len(number) + len(people.ids))
    every = _concatenate(parts)
    order = np.argsort(every.times, kind="stable")
    order = order[(every.times[order] >= START_TIME) & (every.times[order] < END_TIME)]
    return Steps(every.actors[order], every.names[order], every.times[order], every.items[order], every.sessions[order])


def _offset(generator: np.random.Generator, slot: int, size: int) -> Integers:
    """Microseconds after the session's start: a slot of 45 seconds each, within it at random, so that the order holds."""
    return (slot * 45_000_000 + generator.integers(0, 15_000_000, size)).astype(np.int64)


def _sessions(generator: np.random.Generator, people: People, lives: Lives, sign_ups: Integers) -> tuple[Integers, Integers]:
    """(actor rows, start times) of all sessions apart from the first one of a newcomer."""
    weeks = np.arange(NUM_WEEKS, dtype=np.float64)[None, :]
    begin = np.maximum(people.signed_up[:, None], weeks)
    exposure = np.clip(np.minimum(lives.left[:, None], weeks + 1) - begin, 0, None)
    fading = np.where(lives.left[:, None] - weeks <= FADE_WEEKS, FADE, 1.0)
    ready = np.where(sign_ups[:, -1] < NEVER, 1.0, NOT_ONBOARDED_SESSIONS)
    counts = generator.poisson(people.engagement[:, None] * ready[:, None] * exposure * fading)
    actors, week = (np.repeat(index, counts[counts > 0]) for index in np.nonzero(counts))
    return actors, to_time(begin[actors, week] + exposure[actors, week] * generator.random(len(actors)))


@dataclass(frozen=True, slots=True)
class Tastes:
    """What draws people to items."""

    popularity: Floats
    """(items,) shares."""
    categories: NDArray[Any]
    """(items,)"""
    favourites: NDArray[Any]
    """(actors,) category."""


def draw_tastes(generator: np.random.Generator, num_actors: int, carriers: Carriers) -> Tastes:
    """Popularity by a Zipf-like law (rank^-0.7); the first item of each pair has rank 5, 7 or 9, or nobody would see the pair."""
    categories = np.array([row["category"] for row in read_demo("items.csv")], dtype=object)
    ranks = generator.permutation(len(categories))
    for place, (first, _) in enumerate(carriers.pairs, start=2):
        holder = int(np.flatnonzero(ranks == 2 * place)[0])
        ranks[[first, holder]] = ranks[[holder, first]]
    weights = (ranks + 1.0) ** -0.7
    return Tastes(np.asarray(weights / weights.sum()), categories, generator.choice(sorted(set(categories)), num_actors).astype(object))


def draw_chains(generator: np.random.Generator, actors: Integers, tastes: Tastes, carriers: Carriers, planted: frozenset[str]) -> Integers:
    """(len(actors), MAX_VIEWS) item rows viewed one after the other, -1 after the end; at least one, more with VIEW_MORE each."""
    firsts = np.array([first for first, _ in carriers.pairs])
    partner = np.full(len(tastes.popularity), -1, dtype=np.int64)
    partner[firsts] = [second for _, second in carriers.pairs]
    lottery = tastes.popularity[firsts] / tastes.popularity[firsts].sum()
    chains = np.full((len(actors), MAX_VIEWS), -1, dtype=np.int64)
    going = np.ones(len(actors), dtype=bool)
    for view in range(MAX_VIEWS):
        drawn = _by_taste(generator, tastes, actors)
        if view:
            going &= generator.random(len(actors)) < VIEW_MORE
            current = chains[:, view - 1]
            opens = going & (partner[current] >= 0)
            follows = opens & (generator.random(len(actors)) < PAIR_PROBABILITY)
            target = partner[current]
            if PAIRED_ITEMS not in planted:
                follows = going & (generator.random(len(actors)) < PAIR_PROBABILITY * opens.sum() / max(going.sum(), 1))
                target = partner[generator.choice(firsts, len(actors), p=lottery)]
            drawn = np.where(follows, target, drawn)
        chains[:, view] = np.where(going, drawn, -1)
    return chains


def _by_taste(generator: np.random.Generator, tastes: Tastes, actors: Integers) -> Integers:
    """An item for each actor: with TASTE from the favourite category, else from everybody's popularity."""
    drawn = generator.choice(len(tastes.popularity), len(actors), p=tastes.popularity)
    own = generator.random(len(actors)) < TASTE
    for category in sorted(set(tastes.categories)):
        members = np.flatnonzero(tastes.categories == category)
        takes = own & (tastes.favourites[actors] == category)
        shares = tastes.popularity[members] / tastes.popularity[members].sum()
        drawn[takes] = generator.choice(members, int(takes.sum()), p=shares)
    return drawn.astype(np.int64)


def _sign_up_steps(people: People, lives: Lives, sign_ups: Integers, first_session: int) -> list[Steps]:
    """The funnel of newcomers, each in a session of their own, with the app opened 40 seconds before they sign up."""
    gone = np.where(np.isinf(lives.left), END_TIME, to_time(np.where(np.isinf(lives.left), 0.0, lives.left)))
    parts = []
    new = np.flatnonzero(people.signed_up >= 0)
    parts.append(_steps(new, "app_open", sign_ups[new, 0] - 40_000_000, first_session + new))
    for step, name in enumerate(STEPS):
        done = new[sign_ups[new, step] < gone[new]]
        parts.append(_steps(done, name, sign_ups[done, step], first_session + done))
    return parts


def _contact_steps(generator: np.random.Generator, lives: Lives, first_session: int) -> list[Steps]:
    """Half of what people say is said from within the app: a short session with `contact_support` at that moment."""
    inside = np.flatnonzero(generator.random(len(lives.said)) < 0.5)
    times = to_time(lives.said[inside])
    sessions = first_session + inside
    return [
        _steps(lives.writers[inside], "app_open", times - MINUTE, sessions),
        _steps(lives.writers[inside], "contact_support", times, sessions),
    ]


def events_table(people: People, steps: Steps) -> Columns:
    """The canonical events, with `sequence` = row number; sessions are numbered in order of their first event."""
    item_ids = np.array([row["item"] for row in read_demo("items.csv")] + [None], dtype=object)
    _, first, inverse = np.unique(steps.sessions, return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(1, len(first) + 1)
    versions = np.array(VERSIONS, dtype=object)[versions_at(people, steps.actors, steps.times)]
    return {
        "actor": people.ids[steps.actors],
        "name": steps.names,
        "time": steps.times,
        "sequence": np.arange(len(steps.times), dtype=np.int64),
        "platform": people.platforms[steps.actors],
        "version": versions,
        "item": item_ids[steps.items],
        "session": np.array([f"s_{i:06d}" for i in number], dtype=object)[inverse],
    }


def orders_table(generator: np.random.Generator, people: People, lives: Lives, sign_ups: Integers, steps: Steps) -> Columns:
    """The canonical orders, sorted by time: "new" and "renewal" of paid plans each PERIOD_DAYS, "add_on" items, and their "refund"."""
    actors, times, amounts, kinds, plans = _subscriptions(people, lives, sign_ups)
    prices = np.array([int(row["price"]) for row in read_demo("items.csv")], dtype=np.int64)
    item_ids = np.array([row["item"] for row in read_demo("items.csv")] + [None], dtype=object)
    bought = np.flatnonzero(steps.names == "purchase")
    returned = bought[generator.random(len(bought)) < REFUND_RATE]
    returned_at = steps.times[returned] + generator.integers(_DAY, 8 * _DAY, len(returned))
    returned, returned_at = returned[returned_at < END_TIME], returned_at[returned_at < END_TIME]
    every_time = np.concatenate([times, steps.times[bought], returned_at])
    none = np.full(len(bought) + len(returned), None, dtype=object)
    order = np.argsort(every_time, kind="stable")
    return {
        "id": np.array([f"o_{i:06d}" for i in range(1, len(order) + 1)], dtype=object),
        "actor": people.ids[np.concatenate([actors, steps.actors[bought], steps.actors[returned]])][order],
        "time": every_time[order],
        "amount": np.concatenate([amounts, prices[steps.items[bought]], -prices[steps.items[returned]]])[order],
        "currency": np.full(len(order), CURRENCY, dtype=object),
        "kind": np.concatenate([kinds, np.repeat(np.array(["add_on", "refund"], dtype=object), [len(bought), len(returned)])])[order],
        "plan": np.concatenate([plans, none])[order],
        "item": np.concatenate([np.full(len(times), None, dtype=object), item_ids[steps.items[bought]], item_ids[steps.items[returned]]])[
            order
        ],
    }


def _subscriptions(people: People, lives: Lives, sign_ups: Integers) -> tuple[Integers, Integers, Integers, NDArray[Any], NDArray[Any]]:
    """(actor rows, times, amounts, kinds, plans): from the end of sign-up to leaving, the part that falls into the simulated weeks."""
    rows: list[tuple[int, int, int, str, str]] = []
    for actor in np.flatnonzero((people.plans != "free") & (sign_ups[:, -1] < NEVER)):
        plan = str(people.plans[actor])
        start = int(sign_ups[actor, -1])
        stays = bool(np.isinf(lives.left[actor]))
        end = END_TIME if stays else int(to_time(lives.left[actor : actor + 1])[0])
        for time in range(start, min(end, END_TIME), PERIOD_DAYS * _DAY):
            if time >= START_TIME:
                later = int(week_of(np.array([time]))[0]) >= PRICE_WEEK
                rows.append((int(actor), time, PLAN_PRICES[plan][later], "new" if time == start else "renewal", plan))
    actors, times, amounts, kinds, plans = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    whole = [np.array(column, dtype=np.int64) for column in (actors, times, amounts)]
    return whole[0], whole[1], whole[2], np.array(kinds, dtype=object), np.array(plans, dtype=object)


def is_onboarded(sign_ups: Integers) -> Flags:
    """(n,) whether the actor finished (or will finish) signing up."""
    return np.asarray(sign_ups[:, -1] < NEVER)
