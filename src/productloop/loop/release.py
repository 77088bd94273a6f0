"""Release: a trained model is saved without pickle, judged by the gate, and made live by one pointer that can be turned back.

Gate (paired, on labelled rows newer than both trainings): *replace* (another recipe or other features) needs the 90 % interval of the
gain to exclude 0; *refresh* (same recipe and features, newer data) needs it to exclude a loss above 1 %. Fewer than `min_rows` new
rows: no automatic release. The first release must beat the baseline, else the baseline is live. *Renew*: where people changed or withdrew
answers that the live release learned, the next one is judged as the first.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.columns import Columns
from productloop.learning.drift import describe_bins, learn_bins
from productloop.learning.model import Model
from productloop.loop import wording
from productloop.loop.records import Card, Examples, Judged, Keys, Release
from productloop.loop.store import Store
from productloop.loop.task import Task

REFRESH_LOSS = 0.01
"""Relative loss of quality above which a refresh is refused."""
ROLLED_BACK = "rolled back from"
TRAINED_FILE = "trained_rows.npz"
JUDGED_FILE = "judged_rows.npz"
Verdict = Literal["first", "baseline", "replace", "refresh", "renewed", "refused", "too_few"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate said, with the numbers it said it on."""

    verdict: Verdict
    accepted: bool
    num_new: int
    missing: int = 0
    gain: float | None = None
    low: float | None = None
    high: float | None = None


def save_release(store: Store, task: Task, model: Model, examples: Examples, card: Card, judged: Judged | None = None) -> Release:
    """Write the model's files and its record. The record is written last: a folder without a record is garbage and is swept.

    judged: the predictions behind the Card's measures, kept so that every later question about quality is answered from the same ones.
    """
    folder = store.models / card.release
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    model.save(partial)
    np.savez(partial / TRAINED_FILE, rows=row_hashes(examples.keys), answers=_answer_hashes(task, examples))
    if judged is not None:
        np.savez(partial / JUDGED_FILE, rows=judged.rows, outcomes=judged.outcomes, probabilities=judged.probabilities)
    hashes = {path.relative_to(partial).as_posix(): _sha256(path) for path in sorted(partial.rglob("*")) if path.is_file()}
    bins = tuple(describe_bins(learn_bins(examples.inputs))) if isinstance(examples.inputs, Columns) else ()
    release = Release(
        id=card.release, task=task.name, recipe=card.recipe, signature=examples.signature, card=card, hashes=hashes, bins=bins
    )
    (partial / "release.json").write_text(release.model_dump_json(indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    store.state.add_release(
        {
            "id": card.release,
            "task": task.name,
            "recipe": card.recipe,
            "created_at": card.as_of,
            "status": "candidate",
            "card": card.model_dump_json(),
        }
    )
    return release


def load_release(store: Store, task: Task, release_id: str) -> tuple[Release, Model]:
    """The release and its model, hashes checked first."""
    folder = store.models / release_id
    record = folder / "release.json"
    if not record.exists():
        raise DataProblem(wording.RELEASE_GONE, release=release_id, task=task.name)
    release = Release.model_validate_json(record.read_text(encoding="utf-8"))
    for name, digest in release.hashes.items():
        path = folder / name
        if not path.exists() or _sha256(path) != digest:
            raise DataProblem(wording.RELEASE_CHANGED, release=release_id, file=name)
    recipe = next((recipe for recipe in task.recipes if recipe.name == release.recipe), None)
    if recipe is None:
        raise DataProblem(wording.RECIPE_GONE, release=release_id, recipe=release.recipe)
    return release, recipe.load(folder)


def load_judged(store: Store, release_id: str) -> Judged | None:
    """The predictions behind the Card's measures; None where the release kept none (the overall rate, a ranking, an older version)."""
    path = store.models / release_id / JUDGED_FILE
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        return Judged(stored["rows"], stored["outcomes"], stored["probabilities"])


def new_rows(store: Store, release_id: str, keys: Keys) -> NDArray[np.bool_]:
    """(n,) True for keys that the release was not trained on."""
    path = store.models / release_id / TRAINED_FILE
    with np.load(path, allow_pickle=False) as stored:
        seen = stored["rows"]
    return ~np.isin(row_hashes(keys), seen)


def withdrawn(store: Store, task: Task, release_id: str, labelled: Examples) -> bool:
    """Whether people changed or withdrew an answer that the release learned."""
    if not task.answered:
        return False
    with np.load(store.models / release_id / TRAINED_FILE, allow_pickle=False) as stored:
        learned = stored["answers"]
    return not bool(np.isin(learned, _answer_hashes(task, labelled)).all())


def _answer_hashes(task: Task, examples: Examples) -> NDArray[np.uint64]:
    """(n,) one number per subject, moment and name of its class; none where outcomes are no answers of people."""
    if not task.answered:
        return np.zeros(0, dtype=np.uint64)
    digests = [int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big") for name in task.classes]
    said: NDArray[np.uint64] = np.array(digests, dtype=np.uint64)[examples.outcomes.value]
    return row_hashes(examples.keys) ^ said


def row_hashes(keys: Keys) -> NDArray[np.uint64]:
    """(n,) one number per (subject, moment), mixed so that sums do not collide."""
    mixed = keys.code.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return mixed ^ (keys.at.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))


def judge(gain: NDArray[np.float64], live_loss: float, low: float, high: float, same_recipe: bool, min_rows: int) -> Decision:
    """The gate's verdict on paired gains (n,) of the candidate over the live release (positive = better)."""
    num = len(gain)
    if num < min_rows:
        return Decision("too_few", False, num, missing=min_rows - num)
    mean = float(gain.mean())
    if same_recipe:
        accepted = low > -REFRESH_LOSS * abs(live_loss)
        return Decision("refresh" if accepted else "refused", accepted, num, gain=mean, low=low, high=high)
    return Decision("replace" if low > 0 else "refused", low > 0, num, gain=mean, low=low, high=high)


def point_to(store: Store, task: str, release_id: str, at: int, reason: str) -> None:
    """Make a release live."""
    store.state.set_release_status(release_id, "accepted")
    store.state.point(task, release_id, at, reason)


def roll_back(store: Store, task: str, at: int) -> tuple[str, str]:
    """Turn the pointer back to the release that was live before; returns (from, to)."""
    trail: list[str] = []
    for row in store.state.pointer_history(task):
        if row["reason"].startswith(ROLLED_BACK):
            trail.pop()  # so that a second step goes further back instead of forward again
        elif trail[-1:] != [row["release"]]:
            trail.append(row["release"])
    if not trail:
        raise UsageError(wording.NOTHING_LIVE, task=task)
    if len(trail) < 2:
        raise UsageError(wording.NO_EARLIER_RELEASE, task=task, release=trail[-1])
    store.state.point(task, trail[-2], at, f"{ROLLED_BACK} {trail[-1]}")
    return trail[-1], trail[-2]


def card_of(store: Store, release_id: str) -> Card | None:
    """The card of a release, or None."""
    for row in store.state.releases():
        if row["id"] == release_id:
            return Card.model_validate_json(row["card"])
    return None


def release_id(task: str, key: str) -> str:
    """Name of a release: its task and the first ten characters of its content key."""
    return f"{task}-{key[:10]}"


def content_key(parts: Any) -> str:
    """sha256 of JSON-able parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
