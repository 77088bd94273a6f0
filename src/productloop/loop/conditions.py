"""A condition of a scope (`platform=android`, `plan!=pro`) as SQL.

What a table does not tell itself is told by its people: of events, orders and feedback without a column called plan, `plan=pro` leaves those
of the people whose newest known value in `actors` is pro.
"""

from __future__ import annotations

import math


def literal(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def people_with(column: str, operator: str, value: str) -> str:
    """A subquery of the people whose newest known value in a column of `actors` meets a condition."""
    newest = f'arg_max("{column}", coalesce(known_at, first_seen, 0))'
    return f"(SELECT actor FROM actors GROUP BY actor HAVING {comparison(newest, operator, value)})"


def comparison(expression: str, operator: str, value: str) -> str:
    """An expression held against a value: numbers as numbers, everything else as text; ~ is contained in it."""
    try:
        number = float(value)
    except ValueError:
        number = None
    if number is not None and not math.isfinite(number):
        number = None  # "nan" and "inf" are words here
    if operator == "~":
        return f"contains(lower({expression}::VARCHAR), lower({literal(value)}))"
    if operator in ("=", "!="):
        sql = "=" if operator == "=" else "IS DISTINCT FROM"
        same_text = f"({expression}::VARCHAR {sql} {literal(value)})"
        if number is None:
            return same_text
        joint = "OR" if operator == "=" else "AND"
        return f"({same_text} {joint} TRY_CAST({expression} AS DOUBLE) {sql} {number!r})"
    if number is None:
        return f"({expression}::VARCHAR {operator} {literal(value)})"
    return f"(TRY_CAST({expression} AS DOUBLE) {operator} {number!r})"
