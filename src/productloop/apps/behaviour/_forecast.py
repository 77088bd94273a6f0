"""`forecast` from a metric to report: where it is going, with intervals, and whether that was ever better than repeating the season before."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import forecast_wording as wording
from productloop.apps.behaviour._metric import start_of
from productloop.apps.behaviour._series import Series, read_series
from productloop.apps.behaviour._weeks import WEEKDAYS
from productloop.apps.behaviour.forecast_types import ForecastPeriod, ForecastReport, ForecastRequest, Step
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.forecast import MIN_VALUES, Forecast, forecast, mean_ahead
from productloop.learning.resampling import mean_interval
from productloop.loop.action import Run, is_simulated

HORIZON: dict[ForecastPeriod, int] = {"hour": 168, "day": 28, "week": 12, "month": 12}
SEASON: dict[ForecastPeriod, int] = {"hour": 168, "day": 7, "week": 52, "month": 12}
YEAR_OF_DAYS = 365
MAX_SHOWN = 120
NEGLIGIBLE = 0.002
"""Of the usual value: a difference of errors that nobody would see."""
MIN_TESTED = 5
"""Fewer past origins than this say nothing about how good the forecast is."""


def answer_forecast(run: Run, request: ForecastRequest) -> ForecastReport:
    """The report. Raises UsageError for a breakdown or an unknown metric, MissingData where the table of the metric is absent."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN, name=excerpt(run.scope.by))
    star = run.settings.text("metrics.north_star")
    metric = request.metric or (f"people({star})" if star else "people(any)")
    run.progress("read", 0, 2)
    series = read_series(run, metric, request.period, request.currency)
    horizon = request.horizon or HORIZON[series.period]
    num = int(np.isfinite(series.values).sum())
    frame: dict[str, Any] = {
        **run.frame("behaviour.forecast", ("events", "orders", "metrics")),
        "metric": metric,
        "name": series.name,
        "unit": series.unit,
        "period": series.period,
        "horizon": horizon,
        "combined": series.combined,
        "num_periods": run.figure("num_periods", num, "number", "behaviour.d.forecast_periods"),
    }
    if num < MIN_VALUES or not np.nanmax(np.abs(series.values)) > 0:
        state: Literal["none", "few"] = "none" if num == 0 or not np.nanmax(np.abs(series.values)) > 0 else "few"
        empty = ("ahead", "recent", "error", "naive_error", "gain", "mase", "coverage")
        nothing: dict[str, Any] = {name: run.figure(name, None, "number", "behaviour.d.forecast_unknown") for name in empty}
        return ForecastReport(state=state, season=1, verdict="unknown", cautions=_cautions(run, series, None, horizon), **nothing, **frame)
    run.progress("fit", 1, 2)
    found, season = _fit(series, horizon, run.seed)
    return ForecastReport(
        state="ok", season=season, cautions=_cautions(run, series, found, horizon), **_figures(run, series, found, horizon), **frame
    )


def _fit(series: Series, horizon: int, seed: int) -> tuple[Forecast, int]:
    """(forecast, its season): days are tried with a season of a year too, where the history holds two and more."""
    season = SEASON[series.period]
    found = forecast(series.values, season, horizon, seed)
    if series.period == "day" and len(series.values) >= 2 * YEAR_OF_DAYS + horizon:
        yearly = forecast(series.values, YEAR_OF_DAYS, horizon, seed)
        if yearly.error < found.error:
            return yearly, YEAR_OF_DAYS
    return found, season if found.seasonal else 1


def _figures(run: Run, series: Series, found: Forecast, horizon: int) -> dict[str, Any]:
    weekday = WEEKDAYS[run.settings.text("product.week_start")]
    first = series.first + len(series.values)

    def shown(name: str, value: float, definition: str, interval: tuple[float, float] | None = None) -> Figure:
        value = round(value) if series.unit.startswith("money:") else value
        return run.figure(name, value, series.unit, definition, interval=interval)

    steps = tuple(
        Step(
            start=start_of(first + place, series.period, weekday),
            value=shown(f"step_{place + 1}", float(value), "behaviour.d.forecast_step", (float(low), float(high))),
        )
        for place, (value, low, high) in enumerate(zip(found.point, found.low, found.high, strict=True))
    )
    value, low, high = mean_ahead(found)
    recent = float(np.nanmean(series.values[-horizon:])) if np.isfinite(series.values[-horizon:]).any() else float("nan")
    gain, verdict = _judged(found, horizon, run.seed)
    tested = len(found.tested)
    newest = min(len(series.values), max(MAX_SHOWN, horizon))
    return {
        "ahead": shown("ahead", value, "behaviour.d.forecast_ahead", (low, high)),
        "recent": shown("recent", recent, "behaviour.d.forecast_recent"),
        "error": run.figure(
            "error", found.error, "number", "behaviour.d.forecast_error", n=tested, protocol="behaviour.d.forecast_protocol"
        ),
        "naive_error": run.figure("naive_error", found.naive_error, "number", "behaviour.d.forecast_naive", n=tested),
        "gain": run.figure("gain", gain[0], "number", "behaviour.d.forecast_gain", n=tested, interval=(gain[1], gain[2])),
        "mase": run.figure("mase", found.mase, "ratio", "behaviour.d.forecast_mase", n=tested, protocol="behaviour.d.forecast_protocol"),
        "coverage": run.figure("coverage", found.coverage, "share", "behaviour.d.forecast_coverage", n=tested),
        "verdict": verdict,
        "history": tuple(
            (start_of(first - newest + place, series.period, weekday), None if np.isnan(one) else float(one))
            for place, one in enumerate(series.values[-newest:])
        ),
        "steps": steps,
        "weights": tuple(
            (name, run.figure(f"weight_{name.replace(' ', '_')}", share, "share", "behaviour.d.forecast_weight"))
            for name, share in sorted(found.weights.items(), key=lambda pair: -pair[1])
        ),
    }


def _judged(found: Forecast, horizon: int, seed: int) -> tuple[tuple[float, float, float], Literal["better", "same", "worse", "unknown"]]:
    """(error saved with its interval, the verdict): origins whose horizons overlap are drawn together."""
    known = np.isfinite(found.gain)
    if known.sum() < MIN_TESTED:
        return (float("nan"), float("nan"), float("nan")), "unknown"
    blocks: NDArray[np.int64] = found.origins[known] // horizon
    gain = mean_interval(found.gain[known], subjects=blocks, seed=seed)
    if len(np.unique(blocks)) < 2:
        return (gain.value, gain.low, gain.high), "unknown"
    if abs(gain.value) < NEGLIGIBLE * float(np.nanmean(np.abs(found.came))):
        return (gain.value, gain.low, gain.high), "same"
    return (gain.value, gain.low, gain.high), "better" if gain.low > 0 else "worse" if gain.high < 0 else "same"


def _cautions(run: Run, series: Series, found: Forecast | None, horizon: int) -> tuple[Say, ...]:
    said: list[Say] = []
    missing = int(np.isnan(series.values).sum())
    if series.other_currencies:
        others = ", ".join(name or "?" for name in series.other_currencies)
        said.append(say("behaviour.caution.currencies", shown=series.unit.removeprefix("money:") or "?", others=others))
    if found is not None and not found.seasonal:
        said.append(say(f"behaviour.caution.no_season_{series.period}"))
    if found is not None and 2 * horizon > len(series.values):
        said.append(say("behaviour.caution.forecast_far", horizon=horizon, num=len(series.values)))
    if missing:
        said.append(say("behaviour.caution.forecast_gaps", num=missing, total=len(series.values)))
    if is_simulated(run.store):
        said.append(say("behaviour.caution.simulated"))
    return tuple(said)
