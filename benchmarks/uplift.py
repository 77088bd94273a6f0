"""Whom to offer something: the profit of lists made by uplift, by risk and by chance, in a simulated campaign whose truth is known.

    python benchmarks/uplift.py                 ten seeds, every learner and every rule
    python benchmarks/uplift.py --null          the offer does nothing: how often is an effect claimed all the same?

World. Customers, prices and the risk of leaving are real: IBM Telco churn, 7,043 customers x 19 columns; the chance to leave without the offer is a logistic
regression on the real column Churn. What the offer does is DRAWN BY US, so this shows the method, not what any offer does. In log-odds of leaving,
times a strength drawn for each seed from 0.8 to 1.2:
    by the month, at least six months here, no technical support     -2.0   can be won
    by the month, at least six months here, with it                  -1.0
    chance to leave above 60 %                                        0     have decided: these are the highest risks
    a contract of one or two years                                   +0.4   reminded that they could leave
    everybody else                                                   -0.3
Each seed: 3,534 customers at random are the experiment (half of them get the offer by lot; `--share .8` for another lot), one stay-or-leave is drawn for each;
the other 3,509 are the campaign. The offer costs 20, a customer kept is worth 30 % of a year's price. A list is judged by its true expected profit:
sum of (true change of the chance to stay x value - cost). Lists of 20 % of the customers, but never anybody whom the rule itself expects to lose money on
where it knows money. Nothing was tuned on seeds 0-9; settings of the learners were fixed before on seeds 100-104.
The folder of the public sets is `../shared/data` beside the checkout, or PRODUCTLOOP_SHARED_DATA.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning.boosting import BoostingModel
from productloop.learning.columns import ColumnKind, Columns
from productloop.learning.logistic import LogisticModel
from productloop.learning.uplift import LEARNERS, Learner, Trial, fit_uplift, judge_trial
from productloop.learning.uplift_metrics import judge_ranking

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
Floats = NDArray[np.float64]
NUM_CAMPAIGN, COST, VALUE_SHARE, TREATED_SHARE = 3_509, 20.0, 0.30, 0.20


@dataclass(frozen=True)
class World:
    """Everybody's columns, a year's value, and the chance to leave without and with the offer."""

    inputs: Columns
    value: Floats
    leave: Floats
    leave_with: Floats


def read() -> tuple[Columns, NDArray[np.intp], dict[str, NDArray[np.str_]]]:
    """Columns, who left, and the cells as they are written."""
    with (SHARED / "telco_churn" / "Telco-Customer-Churn.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    cells = {name: np.array([row[place].strip() for row in rows]) for place, name in enumerate(header)}
    values: list[Floats] = []
    sizes: list[int] = []
    for name in header[1:-1]:
        if name in ("tenure", "MonthlyCharges", "TotalCharges"):
            values.append(np.array([float(cell) if cell else np.nan for cell in cells[name]]))
            sizes.append(0)
        else:
            found, codes = np.unique(cells[name], return_inverse=True)
            values.append(codes.astype(np.float64))
            sizes.append(len(found))
    kinds: tuple[ColumnKind, ...] = tuple("category" if size else "number" for size in sizes)
    inputs = Columns(np.stack(values, axis=1), tuple(header[1:-1]), kinds, tuple(sizes))
    return inputs, (cells["Churn"] == "Yes").astype(np.intp), cells


def make_world(seed: int, null: bool) -> World:
    """The truth of one seed."""
    inputs, left, cells = read()
    model = LogisticModel()
    model.fit(inputs, left, None, 0)
    leave = np.clip(model.predict(inputs)[:, 1], 1e-4, 1 - 1e-4)
    strength = np.random.default_rng([seed, 1]).uniform(0.8, 1.2)
    tenure = cells["tenure"].astype(float)
    monthly = cells["Contract"] == "Month-to-month"
    change = np.full(len(leave), -0.3)
    change[monthly & (tenure >= 6)] = -1.0
    change[monthly & (tenure >= 6) & (cells["TechSupport"] == "No")] = -2.0
    change[~monthly] = 0.4
    change[leave > 0.6] = 0.0
    odds = np.log(leave / (1 - leave)) + (0.0 if null else strength) * change
    price = cells["MonthlyCharges"].astype(float)
    return World(inputs, VALUE_SHARE * 12 * price, leave, 1 / (1 + np.exp(-odds)))


def experiment(world: World, rows: NDArray[np.intp], share: float, seed: int) -> Trial:
    """Who got the offer by lot, and who stayed."""
    random = np.random.default_rng([seed, 2])
    treated = random.random(len(rows)) < share
    chance = np.where(treated, world.leave_with[rows], world.leave[rows])
    stayed = (random.random(len(rows)) >= chance).astype(np.float64)
    return Trial(world.inputs.take(rows), treated, stayed, np.full(len(rows), share))


def one_seed(seed: int, share: float) -> dict[str, float]:
    """True profit of every rule's list, and its Qini on the campaign's customers (by the true effect, per 1,000)."""
    world = make_world(seed, null=False)
    order = np.random.default_rng([seed, 0]).permutation(len(world.leave))
    campaign, learned = order[:NUM_CAMPAIGN], order[NUM_CAMPAIGN:]
    trial = experiment(world, learned, share, seed)
    inputs, value = world.inputs.take(campaign), world.value[campaign]
    truth = (world.leave - world.leave_with)[campaign] * value - COST
    size = round(TREATED_SHARE * len(campaign))
    risk_model = BoostingModel()
    untreated = np.flatnonzero(~trial.treated)
    risk_model.fit(trial.inputs.take(untreated), (1 - trial.outcome[untreated]).astype(np.intp), None, seed)
    risk = risk_model.predict(inputs)[:, 1]

    def profit(score: Floats, only_gains: bool = False, most: int = size) -> float:
        chosen = np.argsort(-score, kind="stable")[:most]
        return float(truth[chosen[score[chosen] > 0] if only_gains else chosen].sum())

    found = {
        "oracle": profit(truth, only_gains=True),
        "everybody": float(truth.sum()),
        "random": float(truth[np.random.default_rng([seed, 3]).permutation(len(truth))[:size]].sum()),
        "highest risk first": profit(risk),
        "risk x value": profit(risk * value),
    }
    for learner in LEARNERS:
        effect = fit_uplift(trial, learner, seed).predict(inputs)
        found[f"{learner}: uplift only"] = profit(effect)
        found[f"{learner}: uplift x value - cost"] = profit(effect * value - COST, only_gains=True)
        found[f"{learner}: the same, no limit"] = profit(effect * value - COST, only_gains=True, most=len(truth))
        tau = (world.leave - world.leave_with)[campaign]
        ranked = np.argsort(-effect, kind="stable")
        gained = np.r_[0.0, np.cumsum(tau[ranked])] / len(tau)
        found[f"{learner}: true Qini x 1000"] = 1000 * float(np.trapezoid(gained - np.linspace(0, 1, len(gained)) * gained[-1]) / len(tau))
    return found


def compare_rules(seeds: range, share: float) -> None:
    """Mean profit over seeds of every rule, beside the oracle's."""
    started = time.process_time()
    results = [one_seed(seed, share) for seed in seeds]
    oracle = float(np.mean([one["oracle"] for one in results]))
    first = float(np.mean([one["highest risk first"] for one in results]))
    print(f"{len(results)} seeds, {share:.0%} of the experiment got the offer, {time.process_time() - started:.0f} CPU s")
    print("| rule | mean profit | of the oracle's | times highest risk first | least of the seeds, of the oracle's |")
    print("|---|---|---|---|---|")
    for name in results[0]:
        values = np.array([one[name] for one in results])
        if "Qini" in name:
            print(f"| {name} | {values.mean():.2f} +- {values.std(ddof=1):.2f} | | | |")
            continue
        worst = min(one[name] / one["oracle"] for one in results)
        print(f"| {name} | {values.mean():,.0f} | {values.mean() / oracle:.1%} | {values.mean() / first:.1f} | {worst:.1%} |")


def count_claims(seeds: range, share: float, null: bool, learners: tuple[Learner, ...]) -> None:
    """How often an effect, or a difference between people, is claimed."""
    print(
        "| learner | experiments | an effect claimed | a difference claimed | any claim | interval holds the mean effect | Qini interval above 0 |"
    )
    print("|---|---|---|---|---|---|---|")
    for learner in learners:
        effect = difference = either = covered = qini = 0
        for seed in seeds:
            world = make_world(seed, null)
            rows = np.random.default_rng([seed, 0]).permutation(len(world.leave))[NUM_CAMPAIGN:]
            trial = experiment(world, rows, share, seed)
            verdict = judge_trial(trial, learner, seed)
            true = float((world.leave - world.leave_with)[rows].mean())
            effect, difference = effect + verdict.claims_effect, difference + verdict.claims_difference
            either += verdict.claims_effect or verdict.claims_difference
            covered += verdict.mean.low <= true <= verdict.mean.high
            ranked = judge_ranking(verdict.effects, trial.treated, trial.outcome, trial.propensity, seed=seed, num_draws=200)
            qini += ranked.qini.low > 0
        print(f"| {learner} | {len(seeds)} | {effect} | {difference} | {either} | {covered} | {qini} |")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--null", action="store_true")
    parser.add_argument("--claims", action="store_true", help="count claims where the offer does work")
    parser.add_argument("--learner", action="append", choices=LEARNERS, help="count claims of this learner only")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    if arguments.null or arguments.claims:
        count_claims(seeds, arguments.share, arguments.null, tuple(arguments.learner or LEARNERS))
    else:
        compare_rules(seeds, arguments.share)


if __name__ == "__main__":
    main()
