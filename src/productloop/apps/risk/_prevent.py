"""`risk prevent` from the store to the report: whom to contact with what, whom to leave alone, and how we will know.

Before an effect was measured the list goes by chance to leave x worth; a share of it is left alone by lot, remembered in `assignments` before anybody sees
the list. What earlier campaigns taught (_effects.py) changes the order by itself: measured effect x worth - cost, for each person where effects
differ, else the mean for everybody; and no list at all where the action was measured and cannot earn its cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import prevent_wording as wording
from productloop.apps.risk._asking import inside, narrow, whole
from productloop.apps.risk._candidates import Candidates, candidates_of, counted_chances, paid_by_currency, payments
from productloop.apps.risk._effects import ENOUGH_LEFT, Learned, learn
from productloop.apps.risk._live import open_model
from productloop.apps.risk._people import Present, present_people
from productloop.apps.risk._playbook import Treatment, read_playbook, who_fits
from productloop.apps.risk._power import look_again, power_of
from productloop.apps.risk._prevent_lines import list_lines
from productloop.apps.risk._prevent_list import Choice, Picked, choose_by_gain, choose_by_stake, pick
from productloop.apps.risk._prevent_start import shown_list, start
from productloop.apps.risk._scoring import asked_rows
from productloop.apps.risk._treated import CAMPAIGN_PREFIX
from productloop.apps.risk._trial import Arms, arms_of, busy_people, is_held_out, reach_of, yes_no_task
from productloop.apps.risk.prevent_types import Lessons, ListLine, Mode, PlaybookLine, PreventReport, PreventRequest
from productloop.apps.risk.tasks import event_of
from productloop.apps.risk.types import Rule
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.loop.accounts import has_accounts
from productloop.loop.action import Run
from productloop.loop.campaigns import Campaign, campaigns
from productloop.loop.features import raw_columns
from productloop.loop.store import Store
from productloop.loop.task import Task

SHOWN = ("outcomes", "actors", "events", "orders", "feedback", "assignments")
MAX_LINES = 200
LISTED_SHARE = 0.1
COMPARED_ROWS = 30
"""Fewer people like those on the list in earlier campaigns than this: the gain of the list is counted with the mean effect."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything a list stands on. effects: (actions, n) change of the chance to stay, once measured."""

    task: Task
    at: int
    candidates: Candidates
    treatments: tuple[Treatment, ...]
    mode: Mode
    rules: tuple[Rule, ...]
    learned: Mapping[str, Learned]
    overall: Learned | None
    effects: Floats | None
    num_busy: int
    base_rate: float
    pays: str | None
    """The column that stands for orders, where there are none."""


def answer_prevent(run: Run, request: PreventRequest) -> PreventReport:
    """The list; with `start` it is written down, with `campaign` an earlier one is shown."""
    task = yes_no_task(run, request.task)
    frame = run.frame("risk.prevent", SHOWN)
    if task is None:
        return PreventReport(**frame, state="no_task")
    treatments = read_playbook(run.settings, request.action)
    check_request(request)
    with whole(run) as store:
        if request.campaign is not None:
            return shown_list(run, store, task, request, frame)
        ground = _ground(run, store, task, treatments, request.pays)
        fields: dict[str, Any] = {
            "task": task.name, "event": event_of(task), "window_days": _horizon_days(task), "margin": request.margin, "holdout": request.holdout,
            "built_in": treatments[0].built_in, "mode": ground.mode, "busy": ground.num_busy, "rules": ground.rules,
            "has_money": ground.candidates.currency is not None, "by_account": has_accounts(store), "pays": ground.pays,
        }  # fmt: skip
        fields["lessons"] = None if ground.overall is None else lessons_of(run, ground.overall)
        if len(ground.candidates.keys) == 0:
            return PreventReport(**frame, state="nobody", **fields)
        return _list(run, store, request, ground, {**frame, **fields})


def check_request(request: PreventRequest) -> None:
    """Raise UsageError for what cannot be asked together: a list leaves only once it was started."""
    if request.start and request.campaign is not None:
        raise UsageError(wording.START_OR_SHOW)
    if request.export is not None and not request.start and request.campaign is None:
        raise UsageError(wording.NOT_STARTED, option="--export")
    if request.webhook is not None and request.campaign is None:
        raise UsageError(wording.NOT_STARTED, option="--webhook")


def _horizon_days(task: Task) -> int:
    options = dict(task.options or {})
    return int(options["window_days"]) + int(options.get("gap_days", 0))


def _ground(run: Run, store: Store, task: Task, treatments: tuple[Treatment, ...], pays: str | None) -> Ground:
    at = run.as_of or run.now
    run.progress("people", 0, 3)
    keys = task.keys(store, run.as_of)
    outcomes = task.outcomes(store, keys, run.as_of)
    asked = asked_rows(keys, outcomes, inside(run, keys.code))
    hits = int(asked.happened.sum())
    base_rate = hits / len(asked.keys) if len(asked.keys) else 0.0
    present = narrow(run, present_people(store, at, keys, outcomes, dict(task.options or {}).get("inactive_days")))
    earlier, reach = campaigns(store, task.name), reach_of(run, store)
    present, num_busy = _free(store, present, earlier, reach)
    live = open_model(store, task)
    pays = None if paid_by_currency(store, at, present.keys.code) else pays
    paid = payments(store, at, present.keys.code, pays, run.settings.text("product.currency"))
    candidates = candidates_of(store, present.keys, at, live if hits >= ENOUGH_LEFT else None, base_rate, paid)
    rules: tuple[Rule, ...] = ()
    mode: Mode = "risk" if candidates.inputs is not None else "value"
    if hits < ENOUGH_LEFT or candidates.inputs is None:
        counted = counted_chances(run, store, task, asked, present.keys, base_rate)
        rules, candidates = counted.rules, replace(candidates, chance=counted.chance, told=counted.told)
        mode = "rules" if hits < ENOUGH_LEFT else "groups" if rules else "value"
    run.progress("effects", 1, 3)
    learned, overall = _learned(run, store, task, [arms_of(store, task, one, reach) for one in earlier], treatments)
    effects = _effects(store, task, candidates, treatments, learned)
    if effects is not None:
        mode = _mode(learned, treatments)
    ground = Ground(task, at, candidates, treatments, mode, rules, learned, overall, effects, num_busy, base_rate, pays)
    return replace(ground, mode="stop") if _is_hopeless(ground) else ground


def _free(store: Store, present: Present, earlier: Sequence[Campaign], now: int) -> tuple[Present, int]:
    busy = np.isin(present.keys.code, busy_people(store, earlier, now))
    return replace(present, keys=present.keys.take(~busy)), int(busy.sum())


def _learned(
    run: Run, store: Store, task: Task, arms: Sequence[Arms], treatments: Sequence[Treatment]
) -> tuple[dict[str, Learned], Learned | None]:
    """(what is known of each action: its own campaigns where they are enough, else all together; what all campaigns say)."""
    used = sorted({str(name) for one in arms for name in one.action})
    if not used:
        return {}, None
    overall = learn(store, task, arms, run.seed, tuple(used))
    found: dict[str, Learned] = {}
    for treatment in treatments:
        own = learn(store, task, arms, run.seed, (treatment.name,)) if treatment.name in used and len(used) > 1 else None
        chosen = own if own is not None and own.kind != "early" else overall
        if chosen is not None and treatment.name in used:
            found[treatment.name] = chosen
    return found, overall


def _effects(
    store: Store, task: Task, candidates: Candidates, treatments: Sequence[Treatment], learned: Mapping[str, Learned]
) -> Floats | None:
    """(actions, n) measured effects; None as long as none was found."""
    if not any(one.kind in ("uplift", "mean", "harm") for one in learned.values()):
        return None
    rows = []
    for treatment in treatments:
        one = learned.get(treatment.name)
        if one is None or one.kind in ("early", "none"):
            rows.append(np.zeros(len(candidates.keys)))
        elif one.model is None:
            rows.append(np.full(len(candidates.keys), one.mean.value))
        else:
            inputs, _ = task.inputs(store, candidates.keys, one.signature)
            rows.append(one.effects(inputs))
    return np.minimum(np.array(rows).reshape(len(treatments), len(candidates.keys)), candidates.chance)  # nobody stays who would not leave


def _mode(learned: Mapping[str, Learned], treatments: Sequence[Treatment]) -> Mode:
    kinds = {learned[treatment.name].kind for treatment in treatments if treatment.name in learned}
    return "uplift" if "uplift" in kinds else "mean" if "mean" in kinds else "stop"


def _is_hopeless(ground: Ground) -> bool:
    """Measured, and even at the upper end of the interval it does not earn its cost on the average customer."""
    one = ground.overall
    currency = ground.candidates.currency
    costs = [treatment.cost for treatment in ground.treatments]
    if one is None or one.kind != "none" or currency is None or min(costs) <= 0 or len(ground.candidates.keys) == 0:
        return False
    worth = float(ground.candidates.accounts.sums(ground.candidates.yearly(currency)).mean())
    return one.mean.high * worth < min(costs)


def lessons_of(run: Run, one: Learned) -> Lessons:
    """What was learned, as a report shows it."""
    points = (100 * one.mean.low, 100 * one.mean.high) if math.isfinite(one.mean.low) else None
    return Lessons(
        people=run.figure("lessons_people", one.num_people, "people", "risk.prevent.define.lessons"),
        left=run.figure("lessons_left", one.num_left, "people", "risk.prevent.define.lessons"),
        missing=max(0, ENOUGH_LEFT - one.num_left),
        effect=run.figure(
            "lessons_effect", 100 * one.mean.value, "points", "risk.prevent.define.effect", n=one.num_people, interval=points
        ),
        any_p=None if one.verdict is None else one.verdict.any_p,
        differs_p=None if one.verdict is None else one.verdict.differs_p,
    )


# the list ----------------------------------------------------------------------------------------------------------------


def _list(run: Run, store: Store, request: PreventRequest, ground: Ground, fields: dict[str, Any]) -> PreventReport:
    people, treatments = ground.candidates, ground.treatments
    currency = people.currency
    _check_currency(treatments, currency)
    cost = np.array([treatment.cost for treatment in treatments], dtype=np.float64)
    worth = request.margin * people.yearly(currency) if currency is not None else np.ones(len(people.keys))
    raw = raw_columns(store, people.keys) if any(treatment.fits for treatment in treatments) else {}
    fits = _fits_accounts(people, who_fits(treatments, raw, people.account_paid(), len(people.keys)))
    choice = _choice(ground, worth, fits, cost, currency is not None)
    campaign = _campaign_name(ground, store, run)
    default = max(1, round(LISTED_SHARE * len(people.accounts)))
    budget = None if request.budget is None else 100 * request.budget
    capacity = request.capacity or (default if budget is None else len(people.accounts))

    def alone(row: int) -> bool:
        return is_held_out(campaign, str(people.accounts.ids[row]), run.seed, request.holdout)

    none = Picked(np.empty(0, dtype=np.intp), np.empty(0, dtype=bool))
    picked = none if ground.mode == "stop" else pick(choice, cost, alone, capacity, budget)
    stop = ground.mode == "stop"
    fields |= {"never_pays": int(choice.never_pays.sum()), "no_action": int(choice.no_action.sum()), "campaign": None}
    fields["not_moved"] = len(people.accounts) if stop else int(choice.not_moved.sum())
    fields |= _money(run, ground, choice, picked, worth, cost)
    fields["lines"] = _lines(run, store, ground, choice, picked, currency)
    fields["playbook"] = _playbook_lines(run, treatments, choice, picked, currency)
    if ground.mode in ("rules", "groups", "value", "risk"):  # what was measured needs no promise
        fields["power"] = power_of(run, ground.task, people, picked, request.holdout)
    if request.start:
        started = start(
            run, store, request, ground.task, campaign, _plan(run, request, ground, choice, picked), (people, choice, picked, treatments)
        )
        fields |= {"campaign": campaign, **started}
    fields["look_again"] = look_again(run, ground.task, max(run.now, ground.at))
    return PreventReport(state="started" if request.start else "preview", **fields)


def _choice(ground: Ground, worth: Floats, fits: NDArray[np.bool_], cost: Floats, has_money: bool) -> Choice:
    sums = ground.candidates.accounts.sums
    if ground.effects is None:
        return choose_by_stake(sums(ground.candidates.chance * worth), fits, cost, has_money)
    charged = cost if has_money else np.zeros(len(cost))
    gain = np.array([sums(effect * worth) - price for effect, price in zip(ground.effects, charged, strict=True)])
    return choose_by_gain(gain, fits)


def _fits_accounts(people: Candidates, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(actions, accounts): an action fits an account when it fits one of its people."""
    return np.array([people.accounts.sums(row.astype(np.int64)) > 0 for row in fits], dtype=bool).reshape(len(fits), len(people.accounts))


def _check_currency(treatments: Sequence[Treatment], currency: str | None) -> None:
    for treatment in treatments:
        if treatment.cost > 0 and treatment.currency is not None and currency and treatment.currency.upper() != currency.upper():
            raise UsageError(wording.OTHER_CURRENCY, action=treatment.name, currency=treatment.currency, orders=currency)


def _campaign_name(ground: Ground, store: Store, run: Run) -> str:
    """The task and the day until which the data reach; a second one of a day gets a number."""
    day = datetime.fromtimestamp(ground.at / 1_000_000, UTC).astimezone(ZoneInfo(run.time_zone)).date().isoformat()
    name = f"{CAMPAIGN_PREFIX}{ground.task.name}:{day}"
    taken = {campaign.id for campaign in campaigns(store)}
    number = 1
    while (name if number == 1 else f"{name}:{number}") in taken:
        number += 1
    return name if number == 1 else f"{name}:{number}"


def _plan(run: Run, request: PreventRequest, ground: Ground, choice: Choice, picked: Picked) -> dict[str, Any]:
    actions = choice.action[picked.rows[picked.treated]].tolist()
    size = ground.candidates.accounts.num_people
    rows, treated = picked.rows, picked.treated
    return {
        "mode": ground.mode,
        "holdout": request.holdout,
        "margin": request.margin,
        "seed": run.seed,
        "budget": request.budget,
        "currency": ground.candidates.currency,
        "pays": ground.pays,
        "cost": round(sum(ground.treatments[place].cost for place in actions)),
        "actions": {one.name: {"zh": one.title.zh, "en": one.title.en, "cost": one.cost} for one in ground.treatments},
        "num_lines": int(treated.sum()),
        "num_lines_held_out": int((~treated).sum()),
        "num_treated": int(size[rows[treated]].sum()),
        "num_held_out": int(size[rows[~treated]].sum()),
    }


def _money(run: Run, ground: Ground, choice: Choice, picked: Picked, worth: Floats, cost: Floats) -> dict[str, Any]:
    people, currency = ground.candidates, ground.candidates.currency
    rows = picked.rows[picked.treated]
    spent = float(cost[choice.action[rows]].sum()) if len(rows) else 0.0
    unit = "number" if currency is None else f"money:{currency}"
    stake = people.accounts.sums(people.chance * worth)[rows]
    inside_list = np.isin(people.accounts.place, rows)
    total_worth = float(worth[inside_list].sum())
    fields: dict[str, Any] = {
        "contacted": run.figure("contacted", len(rows), "number", "risk.prevent.define.contacted"),
        "held_out": run.figure("held_out", int((~picked.treated).sum()), "number", "risk.prevent.define.held_out"),
        "cost": run.figure("cost", round(spent) if currency is not None else spent / 100, unit, "risk.prevent.define.cost"),
    }
    if currency is None:
        return fields
    fields["at_stake"] = run.figure("at_stake", round(float(stake.sum())), unit, "risk.prevent.define.at_stake", n=len(rows))
    if spent > 0 and total_worth > 0:
        fields["break_even"] = run.figure("break_even", 100 * spent / total_worth, "people", "risk.prevent.define.break_even")
    if ground.effects is not None and len(rows):
        fields["gain"] = _gain(run, ground, choice, rows, worth, spent, unit)
    return fields


def _gain(run: Run, ground: Ground, choice: Choice, rows: NDArray[np.intp], worth: Floats, spent: float, unit: str) -> Figure:
    """Expected gain of the list: the effect that the experiments found among people like those on it, with its interval, times their worth, less cost."""
    effects = ground.effects
    assert effects is not None
    place = ground.candidates.accounts.place
    action = choice.action[place]
    chosen = np.isin(place, rows)
    total = float(worth[chosen].sum())
    mine = effects[np.maximum(action, 0), np.arange(len(place))]
    one = next((ground.learned[t.name] for t in ground.treatments if t.name in ground.learned), None)
    assert one is not None
    mean = one.mean
    if one.verdict is not None and one.kind == "uplift":
        alike = one.verdict.effects >= float(np.quantile(mine[chosen], 0.1))
        if alike.sum() >= COMPARED_ROWS:
            pseudo = one.verdict.pseudo[alike]
            half = 1.6448536269514722 * float(pseudo.std(ddof=1)) / math.sqrt(len(pseudo))
            mean = type(mean)(float(pseudo.mean()), float(pseudo.mean()) - half, float(pseudo.mean()) + half)
    most = float(ground.candidates.chance[chosen].mean())
    value, low, high = (round(total * min(effect, most) - spent) for effect in (mean.value, mean.low, mean.high))
    return run.figure("gain", value, unit, "risk.prevent.define.gain", n=int(chosen.sum()), interval=(low, high))


def _lines(run: Run, store: Store, ground: Ground, choice: Choice, picked: Picked, currency: str | None) -> tuple[ListLine, ...]:
    rows = picked.rows[picked.treated][:MAX_LINES]
    gains = choice.score if ground.effects is not None and currency is not None else None
    return list_lines(run, store, ground.candidates, rows, [ground.treatments[place] for place in choice.action[rows]], gains)


def _playbook_lines(
    run: Run, treatments: Sequence[Treatment], choice: Choice, picked: Picked, currency: str | None
) -> tuple[PlaybookLine, ...]:
    used = choice.action[picked.rows[picked.treated]]
    unit = "number" if currency is None else f"money:{currency}"
    return tuple(
        PlaybookLine(
            name=treatment.name,
            title=treatment.named(),
            cost=run.figure(
                f"playbook_{place}_cost",
                treatment.cost if currency is not None else treatment.cost / 100,
                unit,
                "risk.prevent.define.cost_line",
            ),
            lines=run.figure(f"playbook_{place}", int((used == place).sum()), "number", "risk.prevent.define.contacted"),
        )
        for place, treatment in enumerate(treatments)
    )
