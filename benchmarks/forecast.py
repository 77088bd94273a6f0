"""Forecasts of public series from rolling origins: error beside the season before (MASE), and how many values lie within the 90 % intervals.

    python benchmarks/forecast.py FOLDER [--half first|second|both] [--max-origins 20]

FOLDER holds `forecast_series/` (passengers and champagne by month, temperatures by day) and `bike_sharing_hourly/bike.csv`. Horizons are 12
months, 28 days and 168 hours, seasons 12, 365 and 168. Settings were chosen on the first half: passengers, temperatures of 1981-1985, hours of 2011.
The second half proves them: champagne, temperatures of 1986-1990, hours of 2012. Every origin sees only the values before it. MASE is the mean
absolute error over all origins by that of repeating the season before, on the same values. Below the series stand months, days and hours pooled: every
step of every origin of every series counts once, its error divided by the mean error of the season before on that series.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning.forecast import forecast

Floats = NDArray[np.float64]


def column(path: Path, name: str) -> Floats:
    """A column of a CSV file as numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


def hours(path: Path) -> Floats:
    """Rentals of every hour from the first to the last; hours without a row are unknown."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["dteday"], int(row["hr"]), float(row["cnt"])) for row in csv.DictReader(file)]
    days = [np.datetime64(f"{year}-{int(month):02d}-{int(day):02d}") for month, day, year in (text.split("/") for text, _, _ in rows)]
    place = np.array([int((day - days[0]) / np.timedelta64(1, "D")) * 24 + hour for day, (_, hour, _) in zip(days, rows, strict=True)])
    y = np.full(place[-1] + 1, np.nan)
    y[place] = [count for _, _, count in rows]
    return y


def series(folder: Path, half: str) -> dict[str, tuple[Floats, int, int, int]]:
    """Name -> (values, period, horizon, first origin)."""
    if half == "both":
        return {**series(folder, "first"), **series(folder, "second")}
    monthly, daily = folder / "forecast_series", column(folder / "forecast_series" / "daily-min-temperatures.csv", "Temp")
    bike = hours(folder / "bike_sharing_hourly" / "bike.csv")
    year = 365 * 24
    if half == "first":
        return {
            "passengers (month)": (column(monthly / "airline-passengers.csv", "Passengers"), 12, 12, 60),
            "temperature 1981-85 (day)": (daily[: 5 * 365], 365, 28, 3 * 365),
            "bicycles 2011 (hour)": (bike[:year], 168, 168, 12 * 168),
        }
    return {
        "champagne (month)": (column(monthly / "monthly_champagne_sales.csv", "Sales"), 12, 12, 48),
        "temperature 1986-90 (day)": (daily, 365, 28, 5 * 365),
        "bicycles 2012 (hour)": (bike, 168, 168, year),
    }


def main() -> None:
    """Print one row for each series."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("first", "second", "both"), default="second")
    parser.add_argument("--max-origins", type=int, default=20)
    arguments = parser.parse_args()
    print("| series | origins | MAE | MAE of the season before | MASE | within 90 % | its own estimate of both | CPU s each |")
    print("|---|---|---|---|---|---|---|---|")
    pooled: dict[str, list[tuple[Floats, NDArray[np.bool_]]]] = {}
    for name, (y, period, horizon, first) in series(arguments.folder, arguments.half).items():
        origins = np.unique(np.linspace(first, len(y) - horizon, arguments.max_origins).astype(int))
        miss, naive, inside, own, begin = [], [], [], [], time.process_time()
        for origin in origins.tolist():
            found = forecast(y[:origin], period, horizon, 0)
            came = y[origin : origin + horizon]
            before = y[origin - period : origin][np.arange(horizon) % period]
            known = np.isfinite(came) & np.isfinite(before)
            miss.append(np.abs(found.point - came)[known])
            naive.append(np.abs(before - came)[known])
            inside.append(((found.low <= came) & (came <= found.high))[known])
            own.append((found.mase, found.coverage))
        seconds = (time.process_time() - begin) / len(origins)
        error, plain = float(np.concatenate(miss).mean()), float(np.concatenate(naive).mean())
        pooled.setdefault(name[name.index("(") :], []).append((np.concatenate(miss) / plain, np.concatenate(inside)))
        mase, cover = np.nanmean(np.array(own), axis=0)
        print(
            f"| {name} | {len(origins)} | {error:.3g} | {plain:.3g} | {error / plain:.3f} | {np.concatenate(inside).mean():.3f} "
            f"| {mase:.2f}, {cover:.2f} | {seconds:.2f} |"
        )
    print("\n| pooled | values | MASE | within 90 % |\n|---|---|---|---|")
    for unit, parts in pooled.items():
        scaled, covered = np.concatenate([part for part, _ in parts]), np.concatenate([part for _, part in parts])
        print(f"| {unit.strip('()')} | {len(scaled)} | {scaled.mean():.3f} | {covered.mean():.3f} |")


if __name__ == "__main__":
    main()
