"""How easily a row of an export leads back to a person: k-anonymity and l-diversity, and which column to coarsen.

A table is k-anonymous when every combination of values in the columns that others may know as well (quasi-identifiers: age, city, dates) is
shared by at least k rows (Sweeney 2002, "k-anonymity: a model for protecting privacy"). It is l-diverse when each such group holds at least
l values of the sensitive column, for otherwise the group gives the value away (Machanavajjhala et al. 2007, "l-diversity"). k = 5 is the
usual least group size for passing data on. The advice is greedy: each step takes the change that leaves the fewest rows in small groups, and
coarsens rather than drops. The optimum is NP-hard (Meyerson and Williams 2004). Pure functions of the columns; linear in the rows a step.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

Change = Literal["month", "year", "band_5", "band_10", "band_20", "first_level", "drop"]
"""What to do with a column: dates to months or years, numbers to bands of 5, 10 or 20, places to their first level, or leave it out."""

_DATE = re.compile(r"([12][0-9]{3})[-/.年]([01]?[0-9])(?:[-/.月].*)?")
_PLACE_END = re.compile(r"[,，/>|·]| - ")
_PROVINCE = re.compile(r"[^省市]{2,7}?(?:省|自治区|特别行政区)(?=.)|(?:北京|上海|天津|重庆)市?(?=.)")
_SHARE_OF_KIND = 0.9  # of the values that must look alike for a column to be dates, numbers or places


class ColumnRisk(NamedTuple):
    """One quasi-identifier: its distinct values, and the rows that would leave small groups if it were left out."""

    name: str
    num_values: int
    num_rows_saved: int


class Step(NamedTuple):
    """One change of the advice, and what is left after it and those before it."""

    column: str
    change: Change
    smallest_group: int
    num_rows_below: int


class Anonymity(NamedTuple):
    """The report. Sizes and numbers are rows; `share_below` is between 0 and 1; `smallest_group` of no rows is 0.

    `causes` has the worst column first; `advice` is empty when k is reached, and `reached` says whether its last step reaches it.
    `num_values_sensitive` is the fewest values of the sensitive column in a group, `num_rows_given_away` the rows in groups with fewer than
    `least_diversity` of them; both are None without such a column.
    """

    k: int
    num_rows: int
    num_groups: int
    smallest_group: int
    num_rows_below: int
    share_below: float
    causes: tuple[ColumnRisk, ...]
    advice: tuple[Step, ...]
    reached: bool
    num_values_sensitive: int | None = None
    num_rows_given_away: int | None = None


def k_anonymity(
    columns: Mapping[str, Sequence[object]],
    quasi_identifiers: Sequence[str],
    k: int = 5,
    sensitive: str | None = None,
    least_diversity: int = 2,
) -> Anonymity:
    """Judge a table of equally long columns; `quasi_identifiers` and `sensitive` name some of them. None counts as a value of its own.

    KeyError for a name that is no column; ValueError for columns of different length or k or least_diversity below 1.
    """
    used = {name: columns[name] for name in dict.fromkeys(quasi_identifiers)}
    hidden = None if sensitive is None else columns[sensitive]
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1 or k < 1 or least_diversity < 1:
        raise ValueError(f"lengths {sorted(lengths)}, k {k}, least_diversity {least_diversity}")
    num_rows = lengths.pop() if lengths else 0
    codes = {name: _codes(values) for name, values in used.items()}
    groups = _groups(codes, num_rows)
    sizes = Counter(groups)
    below = _below(sizes, k)
    causes = sorted(
        (ColumnRisk(name, len(set(codes[name])), below - _below(Counter(_groups(_without(codes, name), num_rows)), k)) for name in codes),
        key=lambda cause: (-cause.num_rows_saved, -cause.num_values, cause.name),
    )
    advice = _advice(used, codes, num_rows, k) if below else ()
    return Anonymity(
        k,
        num_rows,
        len(sizes),
        min(sizes.values(), default=0),
        below,
        below / num_rows if num_rows else 0.0,
        tuple(causes) if below else (),
        advice,
        not below or (bool(advice) and advice[-1].num_rows_below == 0),
        *_diversity(groups, hidden, least_diversity),
    )


def _codes(values: Sequence[object]) -> list[int]:
    """Small integers, equal where the values are equal."""
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(value if isinstance(value, Hashable) else repr(value), len(seen)) for value in values]


def _groups(codes: Mapping[str, Sequence[int]], num_rows: int) -> list[tuple[int, ...]]:
    return list(zip(*codes.values(), strict=True)) if codes else [()] * num_rows


def _below(sizes: Counter[tuple[int, ...]], k: int) -> int:
    return sum(size for size in sizes.values() if size < k)


def _without(codes: Mapping[str, list[int]], name: str) -> dict[str, list[int]]:
    return {other: values for other, values in codes.items() if other != name}


def _diversity(groups: list[tuple[int, ...]], hidden: Sequence[object] | None, least: int) -> tuple[int | None, int | None]:
    if hidden is None:
        return None, None
    found: dict[tuple[int, ...], set[int]] = {}
    for group, value in zip(groups, _codes(hidden), strict=True):
        found.setdefault(group, set()).add(value)
    poor = {group for group, values in found.items() if len(values) < least}
    return min(map(len, found.values()), default=0), sum(group in poor for group in groups)


# --- advice ------------------------------------------------------------------------------------------------------------------------------


def _advice(used: Mapping[str, Sequence[object]], codes: dict[str, list[int]], num_rows: int, k: int) -> tuple[Step, ...]:
    """Changes in order until k is reached or no column is left; of equal ones the mildest first."""
    codes = dict(codes)
    options: dict[str, list[tuple[Change, list[int]]]] = {name: _options(values) for name, values in used.items()}
    steps: list[Step] = []
    below = num_rows
    while codes and (not steps or below):
        best: tuple[int, int, str] | None = None
        for name in codes:
            for rank, (change, coarse) in enumerate(options[name]):
                left = _without(codes, name) if change == "drop" else {**codes, name: coarse}
                rows = _below(Counter(_groups(left, num_rows)), k)
                # A column is left out only where no coarser form of any column saves as much.
                key = (rows, 100 if change == "drop" else rank, name)
                best = key if best is None or key < best else best
        assert best is not None
        _, rank, name = best
        change, coarse = options[name][min(rank, len(options[name]) - 1)]
        if change == "drop":
            codes = _without(codes, name)
        else:
            codes[name] = coarse
            options[name] = options[name][rank + 1 :]
        sizes = Counter(_groups(codes, num_rows))
        below = _below(sizes, k)
        steps.append(Step(name, change, min(sizes.values(), default=0), below))
    return tuple(steps)


def _options(values: Sequence[object]) -> list[tuple[Change, list[int]]]:
    """The changes that suit a column, from mild to harsh, each with the codes it would have; "drop" is always the last."""
    known = [value for value in values if value is not None and value != ""]
    found: list[tuple[Change, list[int]]] = []
    coarsenings: tuple[tuple[Change, Callable[[object], object]], ...] = (
        ("month", lambda value: _dated(value, 2)),
        ("year", lambda value: _dated(value, 1)),
        ("band_5", lambda value: _banded(value, 5)),
        ("band_10", lambda value: _banded(value, 10)),
        ("band_20", lambda value: _banded(value, 20)),
        ("first_level", _first_level),
    )
    num_now = len(set(_codes(values)))
    for change, coarsen in coarsenings:
        coarse = [coarsen(value) for value in values]
        if known and sum(value is not None for value in coarse) >= _SHARE_OF_KIND * len(known):
            codes = _codes(coarse)
            if len(set(codes)) < num_now:
                found.append((change, codes))
                num_now = len(set(codes))
    return [*found, ("drop", [0] * len(values))]


def _dated(value: object, parts: int) -> tuple[int, ...] | None:
    """(year, month) or (year,) of a date, a moment or their text; None for anything else."""
    if isinstance(value, date | datetime):
        return (value.year, value.month)[:parts]
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if match is None else (int(match.group(1)), int(match.group(2)))[:parts]


def _banded(value: object, width: int) -> int | None:
    """The number of the band of `width` in which a number lies; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value // width
    if isinstance(value, float):
        return int(value // width) if abs(value) < 1e15 else None
    return int(value) // width if isinstance(value, str) and re.fullmatch("-?[0-9]{1,15}", value.strip()) else None


def _first_level(value: object) -> str | None:
    """The first part of a place written from large to small ("浙江省杭州市", "US, Texas"); None where there is one part only."""
    if not isinstance(value, str):
        return None
    province = _PROVINCE.match(value)
    if province is not None:
        return province.group()
    parts = _PLACE_END.split(value, maxsplit=1)
    return parts[0].strip() if len(parts) > 1 else None
