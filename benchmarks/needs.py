"""How long `needs analyse` takes on a folder of reviews: first run (texts are encoded, topics found) and again (nothing new).

    python benchmarks/needs.py ../shared/data/waimai_10k/waimai_10k.csv --rows 10000

Each run is a process of its own, as a person would start it; CPU seconds and peak memory are the operating system's.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """(CPU seconds, peak MB) of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-m", "productloop", *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    chosen = parser.parse_args()
    opened = gzip.open if chosen.file.suffix == ".gz" else open
    with opened(chosen.file, "rt", encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))[: chosen.rows + 1]
    print(f"| {len(rows) - 1:,} texts | CPU s | peak MB so far |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(rows)
        steps = (("init", ["init", "."]), ("import", ["import", "reviews.csv"]), ("analyse, first", ["needs", "analyse"]))
        again = (("analyse, again", ["needs", "analyse"]), ("topics", ["needs", "topics"]), ("storm", ["needs", "storm"]))
        for name, command in (*steps, *again):
            seconds, peak = measured(command, folder)
            print(f"| {name} | {seconds:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
