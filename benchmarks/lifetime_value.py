"""BG/NBD and Gamma-Gamma on CDNOW: estimates beside the published ones, weeks 40-78 beside what came, seconds; prints tables.

    python benchmarks/lifetime_value.py FOLDER

FOLDER holds `cdnow/CDNOW_sample.txt` (2,357 customers, a tenth) and `cdnow/CDNOW_master.txt.gz` (23,570). Fitted on the first 39 weeks. Published:
Fader, Hardie and Lee 2005 (r, alpha, a, b), Fader and Hardie 2013 (p, q, gamma). The baseline repeats each customer's repeat purchases
of the first 39 weeks. Errors are purchases per customer.
"""

from __future__ import annotations

import argparse
import gzip
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning import lifetime_value as model

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "p": 6.25, "q": 3.74, "gamma": 15.44}
WEEKS = 39.0
Integers = NDArray[np.int64]


def purchases(path: Path) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """(customer, day, amount): the last four words of a line are customer, date, number of discs and dollars."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    rows = [line.split()[-4:] for line in text.splitlines() if line.strip() and line.split()[-1].replace(".", "").isdigit()]
    days = np.array([f"{date[:4]}-{date[4:6]}-{date[6:]}" for _, date, _, _ in rows], dtype="datetime64[D]").astype(np.int64)
    return np.array([int(row[0]) for row in rows]), days, np.array([float(row[3]) for row in rows])


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "cdnow"
    end = int(np.datetime64("1997-09-30").astype(np.int64))
    estimates: list[tuple[str, NDArray[np.float64], NDArray[np.float64]]] = []
    print("| customers | expected, weeks 40-78 | came | the 39 weeks again | mean error | its error | CPU s, fit and 200 draws |")
    print("|---|---|---|---|---|---|---|")
    for name in ("CDNOW_sample.txt", "CDNOW_master.txt.gz"):
        customer, day, amount = purchases(folder / name)
        past = model.purchase_history(customer, day, amount, end)
        begin = time.process_time()
        weights = model.bootstrap_weights(len(past.customer), model.NUM_DRAWS, 0)
        often = model.fit_purchases(past.frequency, past.recency, past.age, weights)
        spend = model.fit_spend(past.frequency, past.repeat_spend, weights)
        seconds = time.process_time() - begin
        later = np.unique(np.column_stack([customer, day])[day > end], axis=0)
        came = np.bincount(np.searchsorted(past.customer, later[:, 0]), minlength=len(past.customer))
        expected = model.expected_purchases(often.parameters, past.frequency, past.recency, past.age, WEEKS)
        error, plain = np.abs(expected - came).mean(), np.abs(past.frequency - came).mean()
        print(
            f"| {len(past.customer)} | {expected.sum():.0f} | {came.sum()} | {past.frequency.sum():.0f} | {error:.3f} | {plain:.3f} | {seconds:.2f} |"
        )
        parameters, errors = np.append(often.parameters, spend.parameters), np.append(often.errors, spend.errors)
        estimates.append((name, parameters, errors))
    print("\n| parameter | published (a tenth) | a tenth | all |\n|---|---|---|---|")
    for place, (key, value) in enumerate(PUBLISHED.items()):
        found = " | ".join(f"{parameters[place]:.4g} ± {errors[place]:.2g}" for _, parameters, errors in estimates)
        print(f"| {key} | {value} | {found} |")


if __name__ == "__main__":
    main()
