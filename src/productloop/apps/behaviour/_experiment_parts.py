"""`experiment` by the value of a column: the deciding metric within each value, with every guard against finding what is not there.

The verdict stays that of everybody. Values are those of the moment at which people entered; all comparisons of the table share one Holm
correction (while it runs without a fixed length, one always-valid bound); a value with few people, or whose groups do not have the sizes they
should, gets no verdict; and whether the effect differs between values at all is tested on its own (Cochran's Q).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._experiment_groups import Assigned
from productloop.apps.behaviour._person_split import FEW_PEOPLE, Part, PersonValues, parts_of
from productloop.apps.behaviour.experiment_types import PartResult
from productloop.foundation.figures import Figure
from productloop.learning import experiments
from productloop.learning.comparisons import holm
from productloop.learning.experiments import Comparison
from productloop.learning.intervals import share_interval
from productloop.learning.sequential import always_valid_half
from productloop.loop.action import Run

Clear = Literal["better", "worse", "same", "few", "sizes", "rest"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PartNumbers:
    """(n,) people: `compared` are their `values` less what the time before explains, `variant` their group (0 = the control)."""

    compared: Floats
    values: Floats
    variant: NDArray[np.int64]
    share: bool
    adjusted: bool
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    """One variant among the people of one part."""

    part: Part
    variant: int
    mine: NDArray[np.bool_]
    control: NDArray[np.bool_]
    state: Clear | None
    """Why it is not judged; None where it is."""
    comparison: Comparison | None


def split_experiment(run: Run, people: PersonValues, numbers: PartNumbers, groups: Assigned, sequential: bool) -> dict[str, Any]:
    """The fields of the report for its breakdown; `people` are those of `numbers`."""
    parts, num_values = parts_of(people, np.ones(len(numbers.values), dtype=np.bool_))
    cells = [cell for part in parts for cell in _cells(run, numbers, groups, part, len(parts))]
    judged = [cell for cell in cells if cell.state is None and cell.comparison is not None]
    adjusted = dict(zip([id(cell) for cell in judged], holm([cell.comparison.p for cell in judged if cell.comparison]), strict=True))
    rows = [
        _row(run, numbers, groups, (f"part{place}", cell), adjusted.get(id(cell)), len(judged) if sequential else 0)
        for place, cell in enumerate(cells)
    ]
    return {
        "split_rule": people.rule,
        "parts": tuple(rows),
        "num_values": num_values,
        "num_compared": len(judged),
        "differs": run.figure("differs", _differs(judged, len(groups.names)), "number", "behaviour.d.experiment_differs", n=len(judged)),
    }


def _cells(run: Run, numbers: PartNumbers, groups: Assigned, part: Part, num_parts: int) -> list[_Cell]:
    """Each variant of a part; none is judged where one group is small, or where people were not split as they should have been."""
    sizes = np.bincount(numbers.variant[part.inside], minlength=len(groups.names))
    state: Clear | None = None if part.named else "rest"
    if sizes.min() < FEW_PEOPLE:
        state = "few"
    elif experiments.mismatch(sizes.tolist(), groups.weights) < experiments.MISMATCH_P / num_parts:
        state = "sizes"
    control = part.inside & (numbers.variant == 0)
    found = []
    for variant in range(1, len(groups.names)):
        mine = part.inside & (numbers.variant == variant)
        comparison = None
        if state in (None, "rest"):
            comparison = experiments.compare(numbers.compared[mine], numbers.compared[control], run.seed, adjusted=numbers.adjusted)
        found.append(_Cell(part, variant, mine, control, state, comparison))
    return found


def _differs(judged: list[_Cell], num_groups: int) -> float | None:
    """Cochran's p: the smallest over the variants, times their number (Bonferroni)."""
    chances = []
    for variant in range(1, num_groups):
        mine = [cell.comparison for cell in judged if cell.variant == variant and cell.comparison is not None]
        if len(mine) > 1:
            chances.append(experiments.heterogeneity([one.difference.value for one in mine], [one.standard_error for one in mine]))
    return min(1.0, min(chances) * len(chances)) if chances else None


def _row(run: Run, numbers: PartNumbers, groups: Assigned, named: tuple[str, _Cell], p: float | None, num_looks: int) -> PartResult:
    """`p` adjusted, None where nothing is judged; `num_looks`: comparisons that share the always-valid bound, 0 where the usual p decides."""
    name, cell = named
    gap = None if cell.comparison is None else cell.comparison.difference
    scale, unit = (100.0, "points") if numbers.share else (1.0, "number")
    return PartResult(
        value=cell.part.label,
        variant=groups.names[cell.variant],
        people=run.figure(f"{name}_people", int((cell.mine | cell.control).sum()), "people", "behaviour.d.experiment_people"),
        control=group_value(run, f"{name}_control", numbers.values[cell.control], numbers.share),
        treated=group_value(run, f"{name}_value", numbers.values[cell.mine], numbers.share),
        difference=run.figure(
            f"{name}_difference",
            None if gap is None else gap.value * scale,
            unit,
            "behaviour.d.experiment_difference",
            interval=None if gap is None else (gap.low * scale, gap.high * scale),
        ),
        p=run.figure(f"{name}_p", p, "number", "behaviour.d.experiment_p"),
        clear=_verdict(numbers, cell, p, num_looks),
    )


def _verdict(numbers: PartNumbers, cell: _Cell, p: float | None, num_looks: int) -> Clear:
    if cell.state is not None:
        return cell.state
    if cell.comparison is None or p is None:
        return "few"
    sure = p < experiments.SIGNIFICANCE
    if num_looks:
        people = int((cell.mine | cell.control).sum())
        half = float(always_valid_half(cell.comparison.standard_error, people, 1 - experiments.SIGNIFICANCE / num_looks))
        sure = abs(cell.comparison.difference.value) > half
    if not sure:
        return "same"
    return "better" if (cell.comparison.difference.value > 0) == numbers.higher_is_better else "worse"


def group_value(run: Run, name: str, values: Floats, share: bool) -> Figure:
    """The share or mean of one group with its interval; None for nobody."""
    if not len(values):
        return run.figure(name, None, "share" if share else "number", "behaviour.d.experiment_mean")
    if share:
        found = share_interval(float(values.sum()), len(values))
        return run.figure(name, found.value, "share", "behaviour.d.experiment_share", n=len(values), interval=(found.low, found.high))
    half = 1.645 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else float("inf")
    mean = float(values.mean())
    return run.figure(name, mean, "number", "behaviour.d.experiment_mean", n=len(values), interval=(mean - half, mean + half))
