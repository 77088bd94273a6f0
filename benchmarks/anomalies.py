"""The streaming detector on files of the Numenta Anomaly Benchmark, standard profile, beside the two plainest detectors of its own README.

    python benchmarks/anomalies.py FOLDER [--half both]

FOLDER holds `GROUP__FILE.csv` (timestamp, value) and `combined_windows.json`. Within each group the files, sorted by name, go by turns to two halves:
the 1st, 3rd ... choose one threshold for each detector, the 2nd, 4th ... are scored with it. Our settings were chosen on the first half only.

- windowed Gaussian: 1 minus the tail probability of the value under a normal distribution fitted to a sliding window (6,400 values moved on
  by 100 at a time; and 1,000 moved on by 1, which does better here)
- random: a uniform draw for each row (mean of 20 seeds, each with its own threshold)
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning.anomalies import Detector, likelihoods
from productloop.learning.nab_score import Scored, best_threshold, score_at

Floats = NDArray[np.float64]
NUM_SEEDS = 20


@dataclass(frozen=True, slots=True)
class Series:
    """One file."""

    name: str
    hours: NDArray[np.int64]
    values: Floats
    windows: tuple[tuple[int, int], ...]


def read(path: Path, windows: dict[str, list[list[str]]]) -> Series:
    """A file with the rows of its windows."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["timestamp"], float(row["value"])) for row in csv.DictReader(file)]
    stamps = [stamp for stamp, _ in rows]
    places = tuple(
        (stamps.index(first.split(".")[0]), stamps.index(last.split(".")[0])) for first, last in windows[path.name.replace("__", "/")]
    )
    hours = np.array([datetime.fromisoformat(stamp).hour for stamp in stamps])
    return Series(path.name, hours, np.array([value for _, value in rows]), places)


def halves(folder: Path) -> tuple[list[Series], list[Series]]:
    """(files that choose the threshold, files that prove it)."""
    windows = json.loads((folder / "combined_windows.json").read_text(encoding="utf-8"))
    groups: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.csv")):
        groups.setdefault(path.name.split("__")[0], []).append(path)
    chosen = [read(path, windows) for paths in groups.values() for path in paths[0::2]]
    return chosen, [read(path, windows) for paths in groups.values() for path in paths[1::2]]


def ours(series: Series) -> Floats:
    """The detector with one season, the hours of a day."""
    return likelihoods(series.values, series.hours[:, None], (24,))


def gaussian(window: int, step: int) -> Callable[[Series], Floats]:
    """The windowed Gaussian detector."""

    def score(series: Series) -> Floats:
        found, held, waiting = np.zeros(len(series.values)), [], []
        mean, deviation = 0.0, 1.0
        for row, value in enumerate(series.values.tolist()):
            if held:
                found[row] = 1 - 0.5 * math.erfc(abs(value - mean) / (deviation * math.sqrt(2)))
            if len(held) < window:
                held.append(value)
            else:
                waiting.append(value)
                if len(waiting) < step:
                    continue
                held, waiting = held[step:] + waiting, []
            mean, deviation = float(np.mean(held)), float(np.std(held)) or 1e-6
        return found

    return score


def random(seed: int) -> Callable[[Series], Floats]:
    """A uniform draw for each row."""
    generator = np.random.default_rng(seed)
    return lambda series: generator.random(len(series.values))


def judged(detector: Callable[[Series], Floats], chosen: list[Series], proof: list[Series]) -> tuple[float, float, float]:
    """(threshold, score on the files that chose it, score on the others)."""
    threshold, best = best_threshold([Scored(detector(one), one.windows) for one in chosen])
    return threshold, best, score_at([Scored(detector(one), one.windows) for one in proof], threshold) if proof else float("nan")


def speed(series: Series) -> tuple[float, float]:
    """(median, 99th percentile) milliseconds for one value, judged and learned."""
    detector, took = Detector(seasons=(24,)), []
    for value, hour in zip(series.values.tolist(), series.hours.tolist(), strict=True):
        begin = time.perf_counter()
        detector.add(value, (hour,))
        took.append(1000 * (time.perf_counter() - begin))
    return float(np.percentile(took, 50)), float(np.percentile(took, 99))


def main() -> None:
    """Print one row for each detector."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("first", "both"), default="both", help="first: look only at the files that choose the threshold")
    arguments = parser.parse_args()
    chosen, proof = halves(arguments.folder)
    print(f"{len(chosen)} files with {sum(len(one.windows) for one in chosen)} windows choose, ", end="")
    print(f"{len(proof)} files with {sum(len(one.windows) for one in proof)} windows prove.\n")
    proof = proof if arguments.half == "both" else []
    print("| detector | threshold | score where it was chosen | score on the other half |")
    print("|---|---|---|---|")
    for name, detector in (
        ("streaming detector", ours),
        ("windowed Gaussian, 1,000", gaussian(1000, 1)),
        ("windowed Gaussian, 6,400", gaussian(6400, 100)),
    ):
        threshold, best, other = judged(detector, chosen, proof)
        print(f"| {name} | {threshold:.6f} | {best:.1f} | {other:.1f} |", flush=True)
    draws = np.array([judged(random(seed), chosen, proof) for seed in range(NUM_SEEDS)]).mean(axis=0)
    print(f"| random, {NUM_SEEDS} seeds | {draws[0]:.6f} | {draws[1]:.1f} | {draws[2]:.1f} |")
    median, slow = speed(max(chosen, key=lambda one: len(one.values)))
    print(f"\nOne value judged and learned: {median:.3f} ms (median), {slow:.3f} ms (99 of 100).")


if __name__ == "__main__":
    main()
