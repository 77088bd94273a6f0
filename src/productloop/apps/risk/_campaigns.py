"""`risk campaigns` from the store to the report: what each campaign did, counted anew from the outcomes as they are known now.

Effect: share who left among those left alone minus that among the contacted, Newcombe's interval; where people of one account were drawn together, the
difference of means weighed by 1 / chance with errors by account (learning/uplift.py). Money: the same difference of (worth x stayed), never an average
worth times an average effect, since those who are kept need not be the average customer. Both are multiplied by the people contacted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import whole
from productloop.apps.risk._candidates import YEAR_DAYS, payments
from productloop.apps.risk._effects import Learned, learn
from productloop.apps.risk._people import PAID_DAYS
from productloop.apps.risk._prevent import lessons_of
from productloop.apps.risk._prevent_start import planned
from productloop.apps.risk._trial import Arms, arms_of, reach_of, yes_no_task
from productloop.apps.risk.campaigns_types import (
    ActionEffect,
    Arm,
    CampaignLine,
    CampaignsReport,
    CampaignsRequest,
    Ordering,
    PartLine,
    State,
)
from productloop.apps.risk.tasks import event_of
from productloop.foundation.figures import Figure
from productloop.learning.columns import Columns
from productloop.learning.experiments import MISMATCH_P, mismatch
from productloop.learning.intervals import Interval, difference_interval, share_interval
from productloop.learning.uplift import Trial, mean_effect
from productloop.learning.uplift_metrics import judge_ranking, parts_of
from productloop.loop.accounts import roll_up
from productloop.loop.action import Run
from productloop.loop.campaigns import campaigns
from productloop.loop.features import DAY_US
from productloop.loop.store import Store
from productloop.loop.task import Task

SHOWN = ("assignments", "outcomes", "events", "orders", "actors")
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def answer_campaigns(run: Run, request: CampaignsRequest) -> CampaignsReport:
    """Every campaign of a task, newest first, and what all together taught."""
    task = yes_no_task(run, request.task)
    frame = run.frame("risk.campaigns", SHOWN)
    if task is None:
        return CampaignsReport(**frame)
    with whole(run) as store:
        reach = reach_of(run, store)
        arms = [arms_of(store, task, campaign, reach) for campaign in campaigns(store, task.name)]
        run.progress("campaigns", 0, 2)
        lines = tuple(_line(run, store, task, one, reach, number) for number, one in enumerate(reversed(arms)))
        run.progress("effects", 1, 2)
        used = sorted({str(name) for one in arms for name in one.action})
        overall = learn(store, task, arms, run.seed, tuple(used)) if used else None
        return CampaignsReport(
            **frame,
            task=task.name,
            campaigns=lines,
            lessons=None if overall is None else lessons_of(run, overall),
            differs=overall is not None and overall.kind == "uplift",
            ordering=None if overall is None else _ordering(run, overall),
        )


def _line(run: Run, store: Store, task: Task, arms: Arms, reach: int, number: int) -> CampaignLine:
    campaign, plan = arms.campaign, arms.campaign.plan
    name = f"campaign_{number}"
    contacted, alone = _arm(run, f"{name}_contacted", arms, arms.treated), _arm(run, f"{name}_alone", arms, ~arms.treated)
    gap = _fewer(arms, np.ones(len(arms.code), dtype=bool))
    chance = mismatch(_lines_of(arms), [1 - float(plan["holdout"]), float(plan["holdout"])])
    return CampaignLine(
        id=campaign.id,
        started=_day(campaign.started_at, run.time_zone),
        look_again=_day(campaign.ends_at, run.time_zone),
        event=event_of(task),
        mode=plan["mode"],
        state=_state(arms, gap, reach),
        contacted=contacted,
        alone=alone,
        fewer=_points(run, f"{name}_fewer", gap, contacted.known),
        kept=_times(run, (f"{name}_kept", "people", "risk.campaigns.define.kept"), gap, contacted.known),
        **_money_part(run, store, arms, name, contacted.known),
        mismatch_p=chance,
        mismatched=chance < MISMATCH_P,
        num_erased=max(0, int(plan["num_treated"]) + int(plan["num_held_out"]) - len(arms.code)),
        num_unknown=int((~arms.known).sum()),
        actions=_by_action(run, name, arms),
    )


def _times(run: Run, named: tuple[str, str, str], effect: Interval, num: int, less: float = 0.0) -> Figure:
    """An effect on one of the contacted, for all of them. named: name, unit and definition of the figure."""
    name, unit, definition = named
    if not num or effect.value != effect.value:
        return run.figure(name, None, unit, definition, n=num)
    value, low, high = (round(num * part - less) for part in (effect.value, effect.low, effect.high))
    return run.figure(name, value, unit, definition, n=num, interval=(low, high))


def _money_part(run: Run, store: Store, arms: Arms, name: str, num: int) -> dict[str, Any]:
    plan = arms.campaign.plan
    currency, cost = plan["currency"], float(plan["cost"])
    if currency is None:
        return {"money": None, "net": None, "cost": run.figure(f"{name}_cost", cost / 100, "number", "risk.prevent.define.cost")}
    unit = f"money:{currency}"
    found = _money(store, arms, currency, float(plan["margin"]))
    return {
        "money": _times(run, (f"{name}_money", unit, "risk.campaigns.define.money"), found, num),
        "net": _times(run, (f"{name}_net", unit, "risk.campaigns.define.net"), found, num, cost),
        "cost": run.figure(f"{name}_cost", round(cost), unit, "risk.prevent.define.cost"),
    }


def _day(at: int, zone: str) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def _state(arms: Arms, gap: Interval, reach: int) -> State:
    if reach + DAY_US < arms.campaign.ends_at:
        return "early"
    if not (arms.known & arms.treated).any() or not (arms.known & ~arms.treated).any():
        return "empty"
    return "kept" if gap.low > 0 else "harmed" if gap.high < 0 else "unclear"


def _arm(run: Run, name: str, arms: Arms, rows: Flags) -> Arm:
    known = rows & arms.known
    left, num = int((arms.left[known] == 1).sum()), int(known.sum())
    limits = share_interval(left, num)
    return Arm(
        people=run.figure(f"{name}_people", int(rows.sum()), "people", "risk.campaigns.define.people"),
        known=num,
        left=run.figure(
            f"{name}_left", limits.value if num else None, "share", "risk.campaigns.define.left", n=num, interval=(limits.low, limits.high)
        ),
    )


def _shared_accounts(arms: Arms) -> bool:
    return len(set(arms.account.tolist())) < len(arms.account)


def _fewer(arms: Arms, rows: Flags) -> Interval:
    """By how much fewer of the contacted left, as a share."""
    known = rows & arms.known
    contacted, alone = known & arms.treated, known & ~arms.treated
    if contacted.any() and alone.any() and _shared_accounts(arms):
        return mean_effect(_bare_trial(arms, known, 1.0 - arms.left[known].astype(np.float64)))
    left = [int((arms.left[one] == 1).sum()) for one in (alone, contacted)]
    return difference_interval(left[0], int(alone.sum()), left[1], int(contacted.sum()))


def _bare_trial(arms: Arms, rows: Flags, outcome: Floats) -> Trial:
    nothing = Columns(np.empty((int(rows.sum()), 0)), (), (), ())
    return Trial(nothing, arms.treated[rows], outcome, arms.propensity[rows], roll_up(arms.account[rows]).place)


def _money(store: Store, arms: Arms, currency: str, margin: float) -> Interval:
    """Worth kept per person contacted, minor units."""
    found = payments(store, arms.campaign.data_until, arms.code, arms.campaign.plan["pays"], currency)
    paid = found.get(currency, np.zeros(len(arms.code), dtype=np.int64))
    worth = margin * np.maximum(paid, 0) * (YEAR_DAYS / PAID_DAYS)
    known = arms.known
    return mean_effect(_bare_trial(arms, known, np.asarray((worth * (arms.left == 0))[known], dtype=np.float64)))


def _lines_of(arms: Arms) -> list[int]:
    """Customers drawn into each arm: accounts, since they were drawn together."""
    return [len(set(arms.account[rows].tolist())) for rows in (arms.treated, ~arms.treated)]


def _by_action(run: Run, name: str, arms: Arms) -> tuple[ActionEffect, ...]:
    known = planned(arms.campaign)
    found = []
    for place, action in enumerate(sorted({str(one) for one in arms.action})):
        rows = np.array([one == action for one in arms.action], dtype=bool)
        contacted = _arm(run, f"{name}_{place}_contacted", arms, rows & arms.treated)
        found.append(
            ActionEffect(
                title=known[action].named(),
                contacted=contacted,
                alone=_arm(run, f"{name}_{place}_alone", arms, rows & ~arms.treated),
                fewer=_points(run, f"{name}_{place}_fewer", _fewer(arms, rows), contacted.known),
            )
        )
    return tuple(found)


def _points(run: Run, name: str, gap: Interval, num: int) -> Figure:
    interval = (100 * gap.low, 100 * gap.high) if gap.value == gap.value else None
    return run.figure(name, 100 * gap.value, "points", "risk.campaigns.define.fewer", n=num, interval=interval)


def _ordering(run: Run, one: Learned) -> Ordering | None:
    """The curve of the learned order over everybody whose outcome is known; None before differences were looked for."""
    if one.verdict is None or one.trial is None:
        return None
    trial, effects = one.trial, one.verdict.effects
    ranked = judge_ranking(effects, trial.treated, trial.outcome, trial.propensity, trial.groups, seed=run.seed)
    curve = ranked.curve
    parts = parts_of(effects, trial.treated, trial.outcome == 1)

    def area(name: str, found: Interval) -> Figure:
        return run.figure(name, found.value, "number", f"risk.campaigns.define.{name}", n=len(trial), interval=(found.low, found.high))

    return Ordering(
        share=_numbers(curve.share),
        gain=_numbers(100 * curve.gain),
        low=_numbers(100 * curve.low),
        high=_numbers(100 * curve.high),
        qini=area("qini", ranked.qini),
        auuc=area("auuc", ranked.auuc),
        parts=tuple(
            PartLine(
                first=part.first,
                last=part.last,
                contacted=part.num_treated,
                alone=part.num_held_out,
                fewer=_points(run, f"part_{number}", part.effect, part.num_treated + part.num_held_out),
            )
            for number, part in enumerate(parts)
        ),
    )


def _numbers(values: Sequence[float] | NDArray[Any]) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
