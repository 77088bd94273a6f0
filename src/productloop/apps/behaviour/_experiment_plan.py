"""What an experiment could show before it starts, from the product's own traffic: people of the newest whole weeks, their present value."""

from __future__ import annotations

from typing import Any

import numpy as np

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._person_values import Windows, parse_metric, values_of
from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour.experiment_types import ExperimentRequest, WeekPlan
from productloop.learning import experiments
from productloop.loop.action import Run

DAY_US = 86_400_000_000
MIN_WEEKS, MAX_WEEKS = 2, 6
MIN_PEOPLE = 30


def plan_experiment(run: Run, source: Reading, request: ExperimentRequest) -> dict[str, Any]:
    """The fields of a report about the future; state "nothing" where the data say nothing about it."""
    end = min(source.data_end_us + 1, source.range_us[1])
    spans = weeks_of.whole_weeks(source.data_begin_us, end, run.time_zone, run.settings.text("product.week_start"), MAX_WEEKS)
    if not source.names or len(spans) < MIN_WEEKS:
        return {"state": "nothing"}
    asked = request.metrics[0] if request.metrics else _default(run, source)
    metric = parse_metric(run, source, asked)
    window_us = round((request.window_days or float(run.settings.number("behaviour.window_days"))) * DAY_US)
    begin = spans[0].start_us
    found = source.columns(
        "SELECT actor, min(time) AS time FROM events WHERE time >= ? AND time < ? GROUP BY actor ORDER BY actor", [begin, end]
    )
    actor, start = found["actor"].astype(np.int64), found["time"].astype(np.int64)
    over = start + window_us <= source.data_end_us + 1
    windows = Windows(actor[over], start[over], start[over] + window_us)
    values = values_of(run, source, metric, windows)
    values = values[np.isfinite(values)]
    if len(values) < MIN_PEOPLE or values.std() == 0:
        return {"state": "nothing"}
    share = experiments.is_share(values)
    mean, variance = float(values.mean()), float(values.var(ddof=1))
    plan = []
    for weeks in range(MIN_WEEKS, len(spans) + 1):
        people = source.rows(
            "SELECT count(DISTINCT actor) FROM events WHERE time >= ? AND time < ?", [spans[-weeks].start_us, spans[-1].end_us]
        )[0][0]
        smallest = experiments.smallest_effect(people / 2, people / 2, variance)
        plan.append(
            WeekPlan(
                weeks=weeks,
                people=run.figure(f"plan_people_{weeks}", int(people) // 2, "people", "behaviour.d.plan_people"),
                smallest=run.figure(
                    f"plan_smallest_{weeks}", smallest * (100 if share else 1), "points" if share else "number", "behaviour.d.smallest"
                ),
                relative=run.figure(
                    f"plan_relative_{weeks}", smallest / abs(mean) if mean else None, "share", "behaviour.d.smallest_relative"
                ),
            )
        )
    last = spans[-1]
    weekly = source.rows("SELECT count(DISTINCT actor) FROM events WHERE time >= ? AND time < ?", [last.start_us, last.end_us])[0][0]
    needed = experiments.people_needed(abs(mean) * request.effect / 100, variance)
    return {
        "state": "plan",
        "window_days": window_us / DAY_US,
        "plan_metric": metric.label,
        "plan_value": run.figure("plan_value", mean, "share" if share else "number", "behaviour.d.plan_value", n=len(values)),
        "plan_traffic": run.figure("plan_traffic", int(weekly), "people", "behaviour.d.plan_traffic"),
        "needed": run.figure("needed", round(needed), "people", "behaviour.d.needed"),
        "plan": tuple(plan),
        "guessed_metrics": not request.metrics,
    }


def _default(run: Run, source: Reading) -> str:
    star = run.settings.text("metrics.north_star")
    steps = guess_steps(source)
    return f"people({star or (steps[-1] if steps else source.names[0])})"
