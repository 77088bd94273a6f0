"""Risk models on public tables: the recipe picked inside training beside what others use, on the same rows.

    python benchmarks/risk.py telco german --seeds 5
    python benchmarks/risk.py --keep /tmp/risk --autogluon /path/to/python/with/autogluon

Protocol: stratified five-fold cross-validation (scikit-learn's StratifiedKFold, shuffled), one pass per seed; whatever is chosen (recipe,
sizes, shares, strength, calibration) is chosen inside the training folds; the predictions of the five test folds are pooled and judged on the
same rows for all. Intervals: 90 %, bootstrap over rows of the mean over seeds. ECE: ten equal-width bins; beside it the one that a model
would have whose probabilities were exactly right (outcomes drawn from them, 200 times). CPU seconds: process time of one fit, one thread.
CatBoost is compared where it is installed, AutoGluon-tabular where a Python that has it is named (its own process, seed 0 only, so many seconds
a fit); neither is a dependency. `--keep` stores predictions, so that a run can be continued and others added.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.boosting import BoostingModel
from productloop.learning.columns import Columns
from productloop.learning.logistic import LogisticModel
from productloop.learning.metrics import brier, ece, log_loss, log_losses, pr_auc, roc_auc
from productloop.learning.model import Model
from productloop.learning.resampling import mean_interval
from productloop.learning.selection import SelectedModel
from risk_data import TABLES

Floats = NDArray[np.float64]
PICKED = "picked inside training"
NUM_DRAWS, CALIBRATION_DRAWS = 200, 200
AUTOGLUON_SECONDS = 60
SMALL_LIGHTGBM = {
    "n_estimators": 250,
    "num_leaves": 7,
    "learning_rate": 0.03,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.8,
}
AUTOGLUON = """
import os, sys, time, tempfile, numpy as np, pandas as pd
from autogluon.tabular import TabularPredictor
data = np.load(sys.argv[1])
def frame(values):
    table = pd.DataFrame(values)
    for place in data["categories"]:
        table[place] = table[place].map(lambda code: None if code != code else f"c{int(code)}").astype("category")
    return table.rename(columns=str)
start = time.perf_counter()
train = frame(data["train"]).assign(outcome=data["outcomes"])
predictor = TabularPredictor("outcome", "binary", "log_loss", path=tempfile.mkdtemp(), verbosity=0)
predictor.fit(train, time_limit=float(sys.argv[3]), num_cpus=1, num_gpus=0)
chance = predictor.predict_proba(frame(data["test"]))[1].to_numpy()
used = os.times()
cpu = used.user + used.system + used.children_user + used.children_system
models = "; ".join(predictor.model_names())
np.savez(sys.argv[2], chance=chance, seconds=cpu, clock=time.perf_counter() - start, models=models)
"""


class Peer:
    """A scikit-learn-like classifier on the same columns: categories as pandas-free integer codes."""

    def __init__(self, make: Callable[[list[int], int], Any], as_objects: bool = False) -> None:
        """`make(places of categories, seed)`; `as_objects`: categories as text, numbers as they are."""
        self.make, self.as_objects = make, as_objects

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Fit with the library's own ways for categories and gaps."""
        self.model = self.make(np.flatnonzero(inputs.is_category).tolist(), seed)
        self.model.fit(self._values(inputs), outcomes)

    def predict(self, inputs: Columns) -> Floats:
        """(n, 2) probabilities."""
        return np.asarray(self.model.predict_proba(self._values(inputs)), dtype=np.float64)

    def _values(self, inputs: Columns) -> Any:
        if not self.as_objects:
            return inputs.values
        values = inputs.values.astype(object)
        for place in np.flatnonzero(inputs.is_category):
            values[:, place] = ["none" if code != code else f"c{int(code)}" for code in inputs.values[:, place]]
        return values


def lightgbm_peer(**parameters: Any) -> Callable[[], Any]:
    """LightGBM with these settings, else its defaults; categories by its own way."""

    def make(categories: list[int], seed: int) -> Any:
        import lightgbm

        class Booster:
            def fit(self, values: Floats, outcomes: NDArray[Any]) -> None:
                model = lightgbm.LGBMClassifier(
                    random_state=seed, n_jobs=1, verbosity=-1, deterministic=True, force_row_wise=True, **parameters
                )
                self.booster = model.fit(values, outcomes, categorical_feature=categories).booster_

            def predict_proba(self, values: Floats) -> Floats:
                one = np.asarray(self.booster.predict(values, num_threads=1))
                return np.stack([1.0 - one, one], axis=1)

        return Booster()

    return lambda: Peer(make)


def hist_gradient_boosting(categories: list[int], seed: int) -> Any:
    """scikit-learn's defaults with its native categories."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed, categorical_features=categories or None)


def catboost(categories: list[int], seed: int) -> Any:
    """CatBoost's defaults."""
    from catboost import CatBoostClassifier

    return CatBoostClassifier(random_seed=seed, thread_count=1, verbose=0, allow_writing_files=False, cat_features=categories)


def contenders(effort: str) -> dict[str, Callable[[], Any]]:
    """Everybody who fits in this process."""
    found: dict[str, Callable[[], Any]] = {
        PICKED: SelectedModel if effort == "normal" else lambda: SelectedModel(effort),  # type: ignore[arg-type]
        "logistic, C chosen": LogisticModel,
        "small boosting": BoostingModel,
        "logistic C=1": lambda: LogisticModel(c=1.0),
        "LightGBM 250x7": lightgbm_peer(**SMALL_LIGHTGBM),
        "LightGBM default": lightgbm_peer(),
        "HistGB default": lambda: Peer(hist_gradient_boosting),
    }
    if importlib.util.find_spec("catboost") is None:
        print("CatBoost: not installed")
    else:
        found["CatBoost default"] = lambda: Peer(catboost, as_objects=True)
    return found


@dataclass(frozen=True, slots=True)
class Pooled:
    """(n,) chances of the outcome for rows that did not train, CPU seconds of one fit, and what was picked."""

    chance: Floats
    seconds: float
    picks: tuple[str, ...] = ()


def folds(outcomes: NDArray[np.intp], seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(training rows, test rows) five times."""
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(5, shuffle=True, random_state=seed).split(outcomes, outcomes))


def pooled(make: Callable[[], Model], columns: Columns, outcomes: NDArray[np.intp], seed: int) -> Pooled:
    """Fit five times, predict the rest."""
    chance, seconds, picks = np.empty(len(outcomes)), 0.0, []
    for train, test in folds(outcomes, seed):
        model, start = make(), time.process_time()
        model.fit(columns.take(train), outcomes[train], None, seed)
        seconds += time.process_time() - start
        chance[test] = model.predict(columns.take(test))[:, 1]
        if isinstance(model, SelectedModel):
            picks.append(f"{model.name}+{model.calibration.kind}")
    return Pooled(chance, seconds / 5, tuple(picks))


def pooled_by_autogluon(python: str, columns: Columns, outcomes: NDArray[np.intp], seed: int) -> Pooled:
    """The same with AutoGluon-tabular in processes of another Python."""
    chance, seconds = np.empty(len(outcomes)), 0.0
    for train, test in folds(outcomes, seed):
        with tempfile.TemporaryDirectory() as name:
            given, answer = Path(name) / "given.npz", Path(name) / "answer.npz"
            categories = np.flatnonzero(columns.is_category)
            np.savez(given, train=columns.values[train], test=columns.values[test], outcomes=outcomes[train], categories=categories)
            subprocess.run([python, "-c", AUTOGLUON, given, answer, str(AUTOGLUON_SECONDS)], check=True, capture_output=True)
            found = np.load(answer)
            chance[test] = found["chance"]
            seconds += float(found["seconds"])
            print(f"AutoGluon: {found['seconds']:.1f} CPU s in {found['clock']:.1f} s by the clock: {found['models']}", flush=True)
    return Pooled(chance, seconds / 5)


def kept(folder: Path | None, key: str, make: Callable[[], Pooled]) -> Pooled:
    """From the folder if it is there, else made and put there."""
    path = None if folder is None else folder / (key.replace(" ", "_") + ".json")
    if path is not None and path.exists():
        content = json.loads(path.read_text(encoding="utf-8"))
        return Pooled(np.array(content["chance"]), content["seconds"], tuple(content["picks"]))
    found = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"chance": found.chance.tolist(), "seconds": found.seconds, "picks": list(found.picks)}
        path.write_text(json.dumps(content), encoding="utf-8")
    return found


def two(chance: Floats) -> Floats:
    """(n,) -> (n, 2)."""
    return np.stack([1.0 - chance, chance], axis=1)


def perfect_ece(chance: Floats) -> float:
    """Mean ECE of outcomes drawn from these chances: what noise alone gives."""
    generator = np.random.default_rng(0)
    return float(np.mean([ece((generator.random(len(chance)) < chance).astype(float), chance) for _ in range(CALIBRATION_DRAWS)]))


def auc_interval(outcomes: NDArray[np.intp], first: list[Pooled], second: list[Pooled]) -> tuple[float, float]:
    """90 % bootstrap over rows of the difference in ROC-AUC, mean over seeds."""
    generator = np.random.default_rng(0)
    gaps = np.empty(NUM_DRAWS)
    for draw in range(NUM_DRAWS):
        rows = np.bincount(generator.integers(0, len(outcomes), len(outcomes)), minlength=len(outcomes)).astype(float)
        pairs = zip(first, second, strict=True)
        gaps[draw] = np.mean([roc_auc(outcomes, a.chance, rows) - roc_auc(outcomes, b.chance, rows) for a, b in pairs])
    low, high = np.quantile(gaps, [0.05, 0.95])
    return float(low), float(high)


def report(name: str, columns: Columns, outcomes: NDArray[np.intp], results: dict[str, list[Pooled]]) -> None:
    """Print the table of one data set and the paired differences."""
    print(
        f"\n{name}: {len(outcomes)} rows x {len(columns.names)}, {outcomes.mean():.3f} with the outcome; pooled five folds, mean over seeds"
    )
    print(f"{'':24s} seeds  ROC-AUC   PR-AUC  log-loss    Brier      ECE  perfect  CPU s a fit")
    losses = {}
    for contender, runs in results.items():
        rows = [
            (
                roc_auc(outcomes, run.chance),
                pr_auc(outcomes, run.chance),
                log_loss(outcomes, two(run.chance)),
                brier(outcomes, run.chance),
                ece(outcomes, run.chance),
                perfect_ece(run.chance),
                run.seconds,
            )
            for run in runs
        ]
        losses[contender] = [log_losses(outcomes, two(run.chance)) for run in runs]
        print(f"{contender:24s} {len(runs):5d} " + " ".join(f"{value:8.4f}" for value in np.mean(rows, axis=0)), flush=True)
    mine = results[PICKED]
    for contender, runs in results.items():
        if contender == PICKED:
            continue
        num = len(runs)
        gap = np.mean(losses[PICKED][:num], axis=0) - np.mean(losses[contender], axis=0)
        limits, error = mean_interval(gap, seed=0), gap.std() / np.sqrt(len(gap))
        low, high = auc_interval(outcomes, mine[:num], runs)
        print(
            f"picked minus {contender}: log-loss {limits.value:+.4f} (90 % {limits.low:+.4f} to {limits.high:+.4f}; standard error {error:.4f}), "
            f"ROC-AUC 90 % {low:+.4f} to {high:+.4f}",
            flush=True,
        )
    picks = [pick for run in mine for pick in run.picks]
    print("picks:", {pick: picks.count(pick) for pick in sorted(set(picks))}, flush=True)


def main() -> None:
    """Run the data sets named, or all, and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", help=", ".join(TABLES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--effort", default="normal", choices=("quick", "normal", "thorough"))
    parser.add_argument("--only", nargs="*", help="contenders, by the start of their names; the picked one is always there")
    parser.add_argument("--one-seed", nargs="*", default=["CatBoost"], help="contenders, by the start of their names, that run seed 0 only")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--autogluon", help="a Python that has autogluon.tabular")
    arguments = parser.parse_args()
    found = contenders(arguments.effort)
    if arguments.only is not None:
        found = {name: make for name, make in found.items() if name == PICKED or name.startswith(tuple(arguments.only))}
    if not arguments.autogluon:
        print("AutoGluon-tabular: not installed")
    for data in arguments.data or list(TABLES):
        columns, outcomes = TABLES[data]()
        folder = None if arguments.keep is None else arguments.keep / data / arguments.effort
        results: dict[str, list[Pooled]] = {}
        for name, make in found.items():
            seeds = range(1 if name.startswith(tuple(arguments.one_seed)) else arguments.seeds)
            results[name] = [kept(folder, f"{name}-{seed}", partial(pooled, make, columns, outcomes, seed)) for seed in seeds]
        if arguments.autogluon:
            run = partial(pooled_by_autogluon, arguments.autogluon, columns, outcomes, 0)
            results["AutoGluon"] = [kept(folder, "AutoGluon-0", run)]
        report(data, columns, outcomes, results)


if __name__ == "__main__":
    main()
