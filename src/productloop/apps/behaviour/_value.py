"""`value` from orders to report: what a customer is worth, refused where people buy on a schedule, held against what came later.

Purchases are orders outside subscriptions with an amount above 0; those of one local day are one. What is expected is net of refunds: it is
multiplied by the share of paid money that was kept so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import value_wording as wording
from productloop.apps.behaviour._orders import REFUND, Orders, main_currency, read_orders
from productloop.apps.behaviour._periods import period_index, period_start
from productloop.apps.behaviour.value_types import Backtest, Customer, Tenth, ValueCohort, ValueReport, ValueRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import INTERVAL_LEVEL, Figure
from productloop.foundation.wording import Say, say
from productloop.learning import lifetime_value as model
from productloop.learning.resampling import mean_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

Floats = NDArray[np.float64]
State = Literal["ok", "none", "subscription", "periodic", "few"]

WEEKS_PER_MONTH = 365.25 / 12 / 7
MIN_CUSTOMERS, MIN_REPEATERS, MIN_WEEKS = 30, 10, 8
MIN_STEADY_CUSTOMERS, STEADY_SHARE = 5, 0.5
"""Half of those who bought three times or more keep a schedule: the model of chance purchases does not hold."""
HOLDOUT_SHARE, MIN_HOLDOUT_WEEKS = 1 / 3, 4
MAX_DRAW_CELLS, MIN_DRAWS = 4_000_000, 40
NUM_TENTHS, MAX_TOP, MAX_COHORTS = 10, 20, 24
CORRELATED = 0.3


@dataclass(frozen=True, slots=True)
class Fitted:
    """Both models and what they expect of each customer of `history` within `weeks`: money (n,), draws of money (m, n) as means."""

    history: model.History
    purchases: model.PurchaseModel
    spend: model.SpendModel
    weights: Floats
    weeks: float
    kept: float
    """Share of paid money that was not refunded."""

    def money(self, purchases: Floats, spend: Floats) -> Floats:
        """(n,) minor units expected of each customer under these parameters."""
        past = self.history
        often = model.expected_purchases(purchases, past.frequency, past.recency, past.age, self.weeks)
        return often * model.expected_spend(spend, past.frequency + 1, past.spend) * self.kept


def answer_value(run: Run, request: ValueRequest) -> ValueReport:
    """The report. Raises UsageError for a breakdown, MissingData without orders."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN, name=excerpt(run.scope.by))
    require(run.store.exists("orders"), loop_wording.NOTHING_IMPORTED, tables="orders")
    run.progress("read", 0, 3)
    orders = read_orders(run)
    currency, currencies = main_currency(orders, request.currency)
    orders = orders.take(orders.currency == currency)
    loose = orders.take(~orders.subscription)
    bought = loose.take((loose.kind != REFUND) & (loose.amount > 0))
    day = period_index(bought.time, run.time_zone, "day")
    bought, day = _begun_since(run, bought, day)
    refunds = loose.take((loose.kind == REFUND) & np.isin(loose.actor, bought.actor))
    end_day = _end_day(run, orders)
    history = model.purchase_history(bought.actor, day, bought.amount.astype(np.float64), end_day)
    num_steady, steady = model.order_regularity(bought.actor, day)
    state, missing = _state(orders, history, num_steady, steady)
    frame = _frame(run, request, currency, history, steady, missing)
    frame["cautions"] = _cautions(run, orders, currency, currencies, state)
    weeks = request.months * WEEKS_PER_MONTH
    if state == "ok" and weeks > history.age.max():
        frame["cautions"] = (say("behaviour.caution.value_far", months=request.months, weeks=round(history.age.max())), *frame["cautions"])
    if state != "ok":
        nothing: dict[str, Any] = {
            name: run.figure(name, None, "number", "behaviour.d.value_unknown") for name in ("ahead", "total_ahead", "alive", "again")
        }
        return ValueReport(state=state, so_far=_so_far(run, currency, bought, refunds, history), **nothing, **frame)
    paid = float(bought.amount.sum())
    kept = min(1.0, max(0.0, 1 + float(refunds.amount.sum()) / paid))
    fitted = _fit(run, history, weeks, kept)
    run.progress("fit", 1, 3)
    net = _net(bought, refunds, history)
    tested = _backtest(run, currency, bought, day, end_day)
    parameters, related = _parameters(run, fitted)
    if related is not None and abs(related) > CORRELATED:
        frame["cautions"] = (say("behaviour.caution.value_correlation", value=round(related, 2)), *frame["cautions"])
    run.progress("test", 2, 3)
    return ValueReport(
        state="ok",
        so_far=_so_far(run, currency, bought, refunds, history),
        **_totals(run, currency, fitted),
        tenths=_tenths(run, currency, fitted),
        cohorts=_cohorts(run, currency, fitted, net),
        top=_top(run, currency, fitted, net, bought, day),
        backtest=tested,
        **parameters,
        **frame,
    )


def _begun_since(run: Run, bought: Orders, day: NDArray[np.int64]) -> tuple[Orders, NDArray[np.int64]]:
    """Only customers whose first purchase lies in the range: their whole past counts."""
    start, _ = run.scope.range_us(run.time_zone)
    if start is None or not len(bought.actor):
        return bought, day
    codes, place = np.unique(bought.actor, return_inverse=True)
    first = np.full(len(codes), np.iinfo(np.int64).max)
    np.minimum.at(first, place, bought.time)
    keep = first[place] >= start
    return bought.take(keep), day[keep]


def _end_day(run: Run, orders: Orders) -> int:
    """The local day on which observation ends: the last day of the range, or of the newest order of all."""
    newest = run.store.narrowed(run.scope.model_copy(update={"where": (), "segment": None, "since": None}), run.time_zone, run.as_of)
    try:
        last = newest.rows("SELECT max(time) FROM orders")[0][0]
    finally:
        newest.close()
    if last is None:
        return 0
    return int(period_index(np.array([last], dtype=np.int64), run.time_zone, "day")[0])


def _state(orders: Orders, history: model.History, num_steady: int, steady: float) -> tuple[State, int]:
    """(state, customers still missing)."""
    num, repeaters = len(history.customer), int((history.frequency > 0).sum())
    if num == 0:
        return ("subscription" if orders.subscription.any() else "none"), 0
    if num_steady >= MIN_STEADY_CUSTOMERS and steady >= STEADY_SHARE:
        return "periodic", 0
    missing = max(MIN_CUSTOMERS - num, MIN_REPEATERS - repeaters, 0)
    return ("few" if missing or history.age.max() < MIN_WEEKS else "ok"), missing


def _frame(run: Run, request: ValueRequest, currency: str, history: model.History, steady: float, missing: int) -> dict[str, Any]:
    num, repeaters = len(history.customer), int((history.frequency > 0).sum())
    return {
        **run.frame("behaviour.value", ("orders",)),
        "months": request.months,
        "currency": currency,
        "people": run.figure("people", num, "people", "behaviour.d.value_people"),
        "repeaters": run.figure("repeaters", repeaters, "people", "behaviour.d.value_repeaters", n=num),
        "missing": run.figure("missing", missing, "people", "behaviour.d.value_missing"),
        "steady": run.figure("steady", steady, "share", "behaviour.d.value_steady"),
    }


def _cautions(run: Run, orders: Orders, currency: str, currencies: tuple[str, ...], state: str) -> tuple[Say, ...]:
    found: list[Say] = []
    others = [name for name in currencies if name != currency]
    if others:
        found.append(say("behaviour.caution.currencies", shown=currency or "?", others=", ".join(name or "?" for name in others)))
    if not currency and len(orders.actor):
        found.append(say("behaviour.caution.no_currency"))
    if state != "subscription" and orders.subscription.any():
        found.append(say("behaviour.caution.value_subscriptions", num=int(orders.subscription.sum())))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)


def _net(bought: Orders, refunds: Orders, history: model.History) -> Floats:
    """(n,) minor units each customer has paid, refunds taken off."""
    place = np.searchsorted(history.customer, np.concatenate([bought.actor, refunds.actor]))
    amount = np.concatenate([bought.amount, refunds.amount]).astype(np.float64)
    return np.bincount(place, weights=amount, minlength=len(history.customer)).astype(np.float64)


def _so_far(run: Run, currency: str, bought: Orders, refunds: Orders, history: model.History) -> Figure:
    if not len(history.customer):
        return run.figure("so_far", None, f"money:{currency}", "behaviour.d.value_so_far")
    mean = mean_interval(_net(bought, refunds, history), seed=run.seed)
    return _money(run, currency, "so_far", mean.value, "behaviour.d.value_so_far", (mean.low, mean.high), n=len(history.customer))


def _money(
    run: Run, currency: str, name: str, value: float, definition: str, interval: tuple[float, float] | None = None, n: int | None = None
) -> Figure:
    return run.figure(name, round(value), f"money:{currency}", definition, n=n, interval=interval)


def _fit(run: Run, history: model.History, weeks: float, kept: float) -> Fitted:
    num = len(history.customer)
    num_draws = max(MIN_DRAWS, min(model.NUM_DRAWS, MAX_DRAW_CELLS // num))
    weights = model.bootstrap_weights(num, num_draws, run.seed)
    purchases = model.fit_purchases(history.frequency, history.recency, history.age, weights)
    spend = model.fit_spend(history.frequency + 1, history.spend, weights)
    return Fitted(history, purchases, spend, weights, weeks, kept)


def _totals(run: Run, currency: str, fitted: Fitted) -> dict[str, Any]:
    """Money ahead of the average and of all, who is still there, who buys again."""
    past, num = fitted.history, len(fitted.history.customer)
    money, still, again = [], [], []
    random = np.random.default_rng(run.seed)
    repeats = past.frequency > 0
    seen = (past.frequency, past.recency, past.age)
    for weight, purchases, spend in zip(fitted.weights, fitted.purchases.draws, fitted.spend.draws, strict=True):
        share = weight / weight.sum()
        money.append(float(share @ fitted.money(purchases, spend)))
        chance = model.alive(purchases, *seen)[repeats]
        still.append(chance.sum() + random.normal() * np.sqrt((chance * (1 - chance)).sum()))
        buys = model.buys_again(purchases, *seen, fitted.weeks)
        again.append(buys.sum() + random.normal() * np.sqrt((buys * (1 - buys)).sum()))
    parameters = fitted.purchases.parameters
    ahead = float(fitted.money(parameters, fitted.spend.parameters).mean())
    low, high = _limits(money)
    low, high = min(low, ahead), max(high, ahead)  # where all customers are alike the draws lie on one side
    alive, buys = model.alive(parameters, *seen)[repeats].sum(), model.buys_again(parameters, *seen, fitted.weeks).sum()
    return {
        "ahead": _money(run, currency, "ahead", ahead, "behaviour.d.value_ahead", (low, high), n=num),
        "total_ahead": _money(run, currency, "total_ahead", ahead * num, "behaviour.d.value_total", (low * num, high * num), n=num),
        "alive": run.figure(
            "alive", round(float(alive)), "people", "behaviour.d.value_alive", n=int(repeats.sum()), interval=_counts(still, repeats.sum())
        ),
        "again": run.figure("again", round(float(buys)), "people", "behaviour.d.value_again", n=num, interval=_counts(again, num)),
    }


def _limits(draws: list[float]) -> tuple[float, float]:
    low, high = np.quantile(draws, [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2])
    return float(low), float(high)


def _counts(draws: list[float], most: int) -> tuple[float, float]:
    low, high = _limits(draws)
    return float(np.clip(np.floor(low), 0, most)), float(np.clip(np.ceil(high), 0, most))


def _tenths(run: Run, currency: str, fitted: Fitted) -> tuple[Tenth, ...]:
    money = np.sort(fitted.money(fitted.purchases.parameters, fitted.spend.parameters))[::-1]
    total = float(money.sum())
    found = []
    for place, part in enumerate(np.array_split(money, NUM_TENTHS), 1):
        found.append(
            Tenth(
                people=run.figure(f"tenth_{place}.people", len(part), "people", "behaviour.d.value_tenth"),
                ahead=_money(run, currency, f"tenth_{place}.ahead", float(part.mean()), "behaviour.d.value_ahead", n=len(part)),
                share=run.figure(f"tenth_{place}.share", float(part.sum()) / total if total else None, "share", "behaviour.d.value_share"),
            )
        )
    return tuple(found)


def _cohorts(run: Run, currency: str, fitted: Fitted, net: Floats) -> tuple[ValueCohort, ...]:
    past = fitted.history
    month = past.first_day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    money = fitted.money(fitted.purchases.parameters, fitted.spend.parameters)
    again = model.buys_again(fitted.purchases.parameters, past.frequency, past.recency, past.age, fitted.weeks)
    found = []
    for number in np.unique(month)[-MAX_COHORTS:]:
        own = month == number
        start = period_start(np.array([number]), "month")[0].item().isoformat()
        name, size = f"cohort_{start}", int(own.sum())
        found.append(
            ValueCohort(
                start=start,
                people=run.figure(f"{name}.people", size, "people", "behaviour.d.value_cohort"),
                so_far=_money(run, currency, f"{name}.so_far", float(net[own].mean()), "behaviour.d.value_so_far", n=size),
                ahead=_money(run, currency, f"{name}.ahead", float(money[own].mean()), "behaviour.d.value_ahead", n=size),
                again=run.figure(f"{name}.again", float(again[own].mean()), "share", "behaviour.d.value_again_share", n=size),
            )
        )
    return tuple(found)


def _top(run: Run, currency: str, fitted: Fitted, net: Floats, bought: Orders, day: NDArray[np.int64]) -> tuple[Customer, ...]:
    past = fitted.history
    money = fitted.money(fitted.purchases.parameters, fitted.spend.parameters)
    chance = model.alive(fitted.purchases.parameters, past.frequency, past.recency, past.age)
    best = np.argsort(-money, kind="stable")[:MAX_TOP]
    names = run.store.source_ids(past.customer[best])
    last_day = np.round(past.first_day + past.recency * model.DAYS_PER_WEEK).astype(np.int64)
    found = []
    for rank, place in enumerate(best.tolist(), 1):
        code = int(past.customer[place])
        found.append(
            Customer(
                id=names.get(code, str(code)),
                orders=run.figure(f"top_{rank}.orders", int(past.frequency[place]) + 1, "number", "behaviour.d.value_orders"),
                so_far=_money(run, currency, f"top_{rank}.so_far", float(net[place]), "behaviour.d.value_so_far"),
                ahead=_money(run, currency, f"top_{rank}.ahead", float(money[place]), "behaviour.d.value_ahead"),
                alive=run.figure(f"top_{rank}.alive", float(chance[place]), "share", "behaviour.d.value_alive_share"),
                last_order=str(last_day[place].astype("datetime64[D]")),
            )
        )
    return tuple(found)


def _backtest(run: Run, currency: str, bought: Orders, day: NDArray[np.int64], end_day: int) -> Backtest | None:
    """None where the first part of the data is too small to fit."""
    num_weeks = int((end_day - int(day.min())) / model.DAYS_PER_WEEK * HOLDOUT_SHARE)
    cut = end_day - 7 * num_weeks
    amount = bought.amount.astype(np.float64)
    past = model.purchase_history(bought.actor, day, amount, cut)
    repeaters = int((past.frequency > 0).sum())
    if num_weeks < MIN_HOLDOUT_WEEKS or len(past.customer) < MIN_CUSTOMERS or repeaters < MIN_REPEATERS:
        return None
    purchases = model.fit_purchases(past.frequency, past.recency, past.age)
    spend = model.fit_spend(past.frequency + 1, past.spend)
    often = model.expected_purchases(purchases.parameters, past.frequency, past.recency, past.age, float(num_weeks))
    money = often * model.expected_spend(spend.parameters, past.frequency + 1, past.spend)
    came, paid = _bought(past, bought.actor, day, amount, (cut, end_day), repeats_only=False)
    naive, _ = _bought(past, bought.actor, day, amount, (cut - 7 * num_weeks, cut), repeats_only=True)
    error, naive_error = np.abs(often - came), np.abs(naive - came)
    gain = mean_interval(naive_error - error, seed=run.seed)
    num = len(past.customer)

    def count(name: str, value: float) -> Figure:
        return run.figure(f"backtest.{name}", round(value), "number", f"behaviour.d.value_{name}", n=num)

    def mean_error(name: str, value: float) -> Figure:
        return run.figure(f"backtest.{name}", value, "number", "behaviour.d.value_error", n=num, protocol="behaviour.d.value_protocol")

    verdict: Literal["better", "same", "worse"] = "better" if gain.low > 0 else "worse" if gain.high < 0 else "same"
    return Backtest(
        until=str(np.int64(cut).astype("datetime64[D]")),
        num_weeks=num_weeks,
        people=run.figure("backtest.people", num, "people", "behaviour.d.value_people"),
        predicted=count("predicted", float(often.sum())),
        actual=count("actual", float(came.sum())),
        naive=count("naive", float(naive.sum())),
        predicted_money=_money(run, currency, "backtest.predicted_money", float(money.sum()), "behaviour.d.value_predicted"),
        actual_money=_money(run, currency, "backtest.actual_money", float(paid.sum()), "behaviour.d.value_actual"),
        error=mean_error("error", float(error.mean())),
        naive_error=mean_error("naive_error", float(naive_error.mean())),
        gain=run.figure("backtest.gain", gain.value, "number", "behaviour.d.value_gain", n=num, interval=(gain.low, gain.high)),
        verdict=verdict,
    )


def _bought(
    past: model.History,
    actor: NDArray[np.int64],
    day: NDArray[np.int64],
    amount: Floats,
    days: tuple[int, int],
    repeats_only: bool,
) -> tuple[Floats, Floats]:
    """(days with purchases, money) of each customer of `past` after days[0] and up to days[1]; without first purchases if so asked."""
    place = np.searchsorted(past.customer, actor)
    place = np.minimum(place, len(past.customer) - 1)
    keep = (past.customer[place] == actor) & (day > days[0]) & (day <= days[1])
    if repeats_only:
        keep &= day > past.first_day[place]
    pairs = np.unique(np.column_stack([place[keep], day[keep]]), axis=0)
    often = np.bincount(pairs[:, 0], minlength=len(past.customer)).astype(np.float64)
    return often, np.bincount(place[keep], weights=amount[keep], minlength=len(past.customer)).astype(np.float64)


def _parameters(run: Run, fitted: Fitted) -> tuple[dict[str, Any], float | None]:
    """(the parameters of both models as figures, the correlation of how often and how much)."""
    found: dict[str, Any] = {}
    for field, names, fit in (
        ("purchase_parameters", ("r", "alpha", "a", "b"), fitted.purchases),
        ("spend_parameters", ("p", "q", "gamma"), fitted.spend),
    ):
        limits = np.quantile(fit.draws, [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2], axis=0)
        found[field] = tuple(
            run.figure(name, float(value), "number", f"behaviour.d.value_{field}", interval=(float(low), float(high)))
            for name, value, low, high in zip(names, fit.parameters, *limits, strict=True)
        )
    repeats = fitted.history.frequency > 0
    often, spent = fitted.history.frequency[repeats], np.log(fitted.history.spend[repeats])
    varied = len(often) > 2 and often.std() > 0 and spent.std() > 0
    value = float(np.corrcoef(often, spent)[0, 1]) if varied else None
    found["spend_correlation"] = run.figure("spend_correlation", value, "number", "behaviour.d.value_correlation", n=int(repeats.sum()))
    return found, value
