"""What the columns of a raw table hold, from a sample: times, numbers, ratings, free text, identifiers, addresses.

The sample is at most 2,000 rows spread evenly over the file; nothing but day-first or month-first needs the whole column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from productloop.loop.sources.conversion import AMBIGUOUS_FORMATS, ZONE_END, number_format, time_format
from productloop.loop.sources.records import RawTable

if TYPE_CHECKING:
    import duckdb

SAMPLE_ROWS = 2000
MANY_ROWS, STRETCHES = 500_000, 20
"""From so many rows on, the sample of a Parquet file is so many stretches, evenly apart."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|/\S*")
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Profile:
    """One column of a sample. `width` is the mean display width (a Chinese character counts two); shares are of filled cells."""

    index: int
    values: tuple[str, ...]
    num_rows: int
    distinct_share: float
    num_distinct: int
    width: float
    time: str | None
    """Time format without help of a header."""
    named_time: str | None
    """Time format if the header says that it is a time."""
    number: str | None
    numbers: tuple[float, ...]

    @property
    def filled_share(self) -> float:
        """Share of rows with a value."""
        return len(self.values) / max(1, self.num_rows)

    @property
    def is_text(self) -> bool:
        """Free text: long, varied, neither numbers nor times nor addresses."""
        if not self.values or self.number or self.time or self.is_address:
            return False
        return self.width >= 10 and (self.num_distinct > 20 or self.distinct_share > 0.5) and any(_words(value) for value in self.values)

    @property
    def is_address(self) -> bool:
        """Links, or paths."""
        return bool(self.values) and sum(_ADDRESS.fullmatch(value) is not None for value in self.values) >= 0.8 * len(self.values)

    @property
    def is_identifier(self) -> bool:
        """Codes of many different things: no blanks inside, no decimals."""
        if not self.values or self.time:
            return False
        return self.num_distinct > 1 and all(" " not in value and len(value) <= 64 for value in self.values) and not self.has_decimals

    @property
    def has_decimals(self) -> bool:
        """Numbers with a fraction."""
        return self.number is not None and any(value != int(value) for value in self.numbers)

    @property
    def is_rating(self) -> bool:
        """Whole or half numbers within 0 .. 10, at most 21 different ones."""
        return (
            bool(self.numbers)
            and self.number is not None
            and min(self.numbers) >= 0
            and max(self.numbers) <= 10
            and self.num_distinct <= 21
        )


def profile(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> list[Profile]:
    """A `Profile` for each column of `raw`."""
    step = max(1, raw.num_rows // SAMPLE_ROWS)
    spread = f"SELECT * EXCLUDE (line) FROM {raw.relation} WHERE line % {step} = {1 % step} ORDER BY line LIMIT {SAMPLE_ROWS}"
    if raw.lazy and raw.num_rows > MANY_ROWS:  # reading a stretch of a Parquet file costs nothing, picking rows from all of it does
        width, apart = SAMPLE_ROWS // STRETCHES, raw.num_rows // STRETCHES
        spread = " UNION ALL ".join(
            f"SELECT * EXCLUDE (line) FROM {raw.relation} WHERE line BETWEEN {start + 1} AND {start + width}"
            for start in range(0, apart * STRETCHES, apart)
        )
    rows = connection.execute(spread).fetchall()
    columns = [[row[index] for row in rows] for index in range(len(raw.header))]
    for index in _rare(connection, raw, [index for index, cells in enumerate(columns) if not any(cells)] if step > 1 else []):
        found = connection.execute(f"SELECT c{index} FROM {raw.relation} WHERE c{index} IS NOT NULL LIMIT {SAMPLE_ROWS}").fetchall()
        columns[index][: len(found)] = [row[0] for row in found]
    return [_column(index, cells) for index, cells in enumerate(columns)]


def _rare(connection: duckdb.DuckDBPyConnection, raw: RawTable, empty: Sequence[int]) -> list[int]:
    """Of the columns without a value in the sample those that hold one elsewhere: a property of one event among many."""
    if not empty:
        return []
    counts = connection.execute(f"SELECT {', '.join(f'count(c{index})' for index in empty)} FROM {raw.relation}").fetchall()[0]
    return [index for index, num in zip(empty, counts, strict=True) if num]


def day_or_month_first(connection: duckdb.DuckDBPyConnection, raw: RawTable, index: int) -> tuple[bool, bool]:
    """(day first?, certain?) of a column like 5/10/2019: whichever part exceeds 12 anywhere is the day; undecided means month first."""
    first_part, second_part = (
        f"max(TRY_CAST(regexp_extract(c{index}, '^\\s*(\\d{{1,2}})[-/.](\\d{{1,2}})', {group}) AS INTEGER))" for group in (1, 2)
    )
    row = connection.execute(f"SELECT {first_part}, {second_part} FROM {raw.relation}").fetchone()
    first, second = row or (0, 0)
    day_first, month_first = (first or 0) > 12, (second or 0) > 12
    return day_first and not month_first, day_first != month_first


def has_zones(connection: duckdb.DuckDBPyConnection, raw: RawTable, index: int) -> bool:
    """Whether any cell of the column ends with a zone (Z, +08:00): looked up in the whole column, since a zone shifts the instant."""
    if index in raw.without_zone:
        return False
    # the few characters in which a zone can end are looked at first: they cost a tenth of the pattern
    cell = f"c{index}"
    maybe = f"contains({cell}, '+') OR contains(right({cell}, 6), '-') OR right({cell}, 1) IN ('Z', 'C', 'T')"
    found = connection.execute(
        f"SELECT 1 FROM {raw.relation} WHERE length(c{index}) > 10 AND ({maybe}) AND regexp_matches(c{index}, ':{ZONE_END[:2]}.*{ZONE_END}') LIMIT 1"
    ).fetchone()
    return found is not None


def _column(index: int, cells: Sequence[str | None]) -> Profile:
    values = tuple(cell.strip() for cell in cells if cell and cell.strip())
    distinct = len(set(values))
    named = time_format(values, named=True)
    plain = named if named not in AMBIGUOUS_FORMATS else None
    number = number_format(values)
    if number in ("number", "decimal_comma") and plain in ("compact_date", "compact_time") and distinct < 2:
        plain = None  # one eight-digit number is no date
    whole = "".join(values)
    width = (len(whole) + len(_CJK.findall(whole))) / max(1, len(values))
    numbers = tuple(number for number in map(_float, values) if number is not None) if number == "number" else ()
    return Profile(index, values, len(cells), distinct / max(1, len(values)), distinct, width, plain, named, number, numbers)


def _float(value: str) -> float | None:
    try:
        return float(re.sub(r"[^\d.eE+-]", "", value))
    except ValueError:
        return None


def _words(value: str) -> bool:
    return " " in value or _CJK.search(value) is not None
