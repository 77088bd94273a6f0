"""The rules behind `mapping.py`: which table fits a header and its content, which column fits a target.

Rules are tried from the most to the least particular; the first that holds decides. They are hand-written choices, checked on the public
files that the tests name, not learned.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from productloop.foundation.errors import shown_path
from productloop.foundation.tables import CANONICAL, EVENTS, FEEDBACK, Column, Table, fold_header
from productloop.loop.sources.profile import Profile
from productloop.loop.sources.records import RawTable

BY_NAME: dict[str, Table] = {table.name: table for table in CANONICAL}
ALIAS, CONTENT = 0.9, 0.6
"""Confidence of a table found by header names, and by content."""
RATE, INTERACT = "rate", "interact"
"""Event names for files of (user, item) pairs with and without a value: such files name no event."""
MAX_NAME_WIDTH = 40
"""Names and identifiers are shorter on average than this; texts under a person's header are not names."""
MAX_FEEDBACK_COLUMNS = 8
"""A wide file with one row a number and only short texts describes subjects; its texts are addresses and names of things."""
_BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_OF_OTHERS = re.compile("回复|答复|处理|开发者|客服|商家|官方|系统|安卓|鸿蒙|android|ios|os")
"""Beginnings of Chinese headers about the answer or the device: 系统版本 is no version of the product, 回复时间 not when the user wrote."""
_ID_HEADER = re.compile(r"(id|no|number|code|key|编号|号|编码)$")


def nearest(name: str, known: Iterable[str]) -> str:
    """The most similar of the known names, a dash when none is."""
    names = [each for each in known if each]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.4) or difflib.get_close_matches(fold_header(name), names, n=1, cutoff=0.4)
    return close[0] if close else "-"


def by_alias(raw: RawTable, profiles: Sequence[Profile], table: Table, taken: set[int], claimed: set[str]) -> dict[str, int]:
    """{target: column index} by header names, exact ones before fields of nested objects and Chinese names that end with an alias; one column, one target."""
    folded = [fold_header(name) for name in raw.header]
    bare = [fold_header(_BRACKETS.sub("", name)) for name in raw.header]
    result: dict[str, int] = {}
    used = set(taken)
    for contained in (False, True):
        for column in table.columns:
            if column.name in result or column.name in claimed or column.type == "json":
                continue
            candidates = [
                index
                for index in range(len(folded))
                if index not in used
                and _named(column, raw.header[index], folded[index], bare[index], contained=contained)
                and _agrees(column, profiles[index])
            ]
            if candidates:
                best = max(candidates, key=lambda index: _preference(column, folded[index], profiles[index]))
                result[column.name] = best
                used.add(best)
    return result


def by_content(
    raw: RawTable, profiles: Sequence[Profile], table: Table, taken: set[int], claimed: set[str], *, named: bool
) -> dict[str, int]:
    """{target: column index} for what no name gave: required columns always, the helpful ones in files without a header."""
    free = [held for held in profiles if held.index not in taken and held.values]
    result: dict[str, int] = {}

    def claim(target: str, candidates: Sequence[Profile]) -> None:
        wanted = target in table.by_name and target not in claimed and target not in result
        if wanted and candidates and (table.column(target).required or not named or table.column(target).type in ("time", "text")):
            result[target] = candidates[0].index
            free.remove(candidates[0])

    times = [held for held in free if held.time or (not named and held.named_time and held.named_time != "excel" and _instants(held))]
    claim("time", times)
    if table.name != "items":
        claim("text", sorted((held for held in free if held.is_text), key=lambda held: -held.width)[:1])
    if len(profiles) == 1:
        claim("text", [held for held in free if not held.number])
    claim("address", [held for held in free if held.is_address])
    if not named:
        _claim_unnamed(table, free, claim)
    if table.name == "actors":
        claim(
            "actor", [h for h in free if h.distinct_share == 1 and h.is_identifier and _ID_HEADER.search(fold_header(raw.header[h.index]))]
        )
    if table.name == "metrics" and "value" not in claimed:
        numeric = [held for held in free if held.number]
        claim("value", numeric if len(numeric) == 1 else [])
    return result


def constants(raw: RawTable, profiles: Sequence[Profile], table: Table, claimed: Mapping[str, int]) -> dict[str, str]:
    """Values of required columns that the file says elsewhere: the metric's name in header or file name, "rate" for ratings."""
    if table is EVENTS and "name" not in claimed and "item" in claimed:
        value = claimed.get("value")
        return {"name": RATE if value is not None and profiles[value].is_rating else INTERACT}
    if table.name == "metrics" and "metric" not in claimed and "value" in claimed:
        header = raw.header[claimed["value"]]
        generic = not raw.header_found or fold_header(header) in table.column("value").aliases
        return {"metric": shown_path(raw.path.name).split(".")[0] if generic else header}
    return {}


def table_of(raw: RawTable, profiles: Sequence[Profile], explicit: Mapping[str, int], *, named: bool) -> tuple[Table, float] | None:
    """(table, confidence) of a file; None when no rule holds."""
    possible = [table for table in CANONICAL if all(target in table.by_name for target in explicit)]
    has = {
        table.name: {**explicit, **(by_alias(raw, profiles, table, set(explicit.values()), set(explicit)) if named else {})}
        for table in possible
    }
    if named:
        for name, rule in _RULES:
            if name in has and rule(has, raw, profiles):
                return BY_NAME[name], ALIAS
    for table in (*_by_shape(has, raw, profiles, named=named), *(possible if explicit and len(possible) == 1 else ())):
        if table in possible:
            return table, CONTENT
    return None


# --- tables by names ---------------------------------------------------------------------------------------------------------------------

_Has = Mapping[str, Mapping[str, int]]


def _all(has: _Has, table: str, *targets: str) -> bool:
    return all(target in has.get(table, {}) for target in targets)


def _is_outcomes(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    return _all(has, "outcomes", "subject", "task", "value")


def _is_documents(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    personal = any(target in has.get("feedback", {}) for target in ("author", "rating"))
    return _all(has, "documents", "text", "address") and not personal


def _is_items(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    found = has.get("items", {})
    described = sum(target in found for target in ("title", "category", "price", "picture"))
    person = "actor" in has.get("events", {}) or "author" in has.get("feedback", {}) or "rating" in has.get("feedback", {})
    unique = "item" in found and found["item"] >= 0 and profiles[found["item"]].distinct_share == 1
    review = "text" in has.get("feedback", {}) and fold_header(raw.header[has["feedback"]["text"]]) not in ("description", "描述")
    return unique and described >= 1 and not person and not review and ("time" not in has.get("events", {}) or described >= 2)


def _is_changes(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    found = has.get("changes", {})
    person = "actor" in has.get("events", {}) or "rating" in has.get("feedback", {})
    return _all(has, "changes", "time", "kind") and ("version" in found or "title" in found) and not person


def _is_feedback(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    return _all(has, "feedback", "text")


def _is_orders(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    return _all(has, "orders", "actor", "time", "amount") and ("id" in has["orders"] or not _all(has, "events", "actor", "name", "time"))


def _is_events(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    return _all(has, "events", "actor", "time") and ("name" in has["events"] or "item" in has["events"])


def _is_metrics(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    person = "actor" in has.get("events", {}) or "author" in has.get("feedback", {})
    return _all(has, "metrics", "time", "value") and not person


def _is_actors(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    found = has.get("actors", {})
    if "actor" not in found:
        return False
    index = found["actor"]
    if index < 0:
        return True
    plain_id = fold_header(raw.header[index]) == "id" and any(held.is_text for held in profiles)  # texts with a running number
    return profiles[index].distinct_share > 0.5 and not plain_id


_RULES = (
    ("outcomes", _is_outcomes),
    ("documents", _is_documents),
    ("items", _is_items),
    ("changes", _is_changes),
    ("feedback", _is_feedback),
    ("orders", lambda has, raw, profiles: not _value_is_event(has, raw, profiles) and _is_orders(has, raw, profiles)),
    ("events", _is_events),
    ("metrics", _is_metrics),
    ("actors", _is_actors),
)


def _value_is_event(has: _Has, raw: RawTable, profiles: Sequence[Profile]) -> bool:
    """(actor, item, value, time) is a rating or a click, not a sale, when "value" is all that hints at money."""
    amount = has.get("orders", {}).get("amount")
    if amount is None or amount < 0 or fold_header(raw.header[amount]) != "value":
        return False
    return "item" in has.get("events", {}) and "id" not in has.get("orders", {})


# --- tables by content -------------------------------------------------------------------------------------------------------------------


def _by_shape(has: _Has, raw: RawTable, profiles: Sequence[Profile], *, named: bool) -> list[Table]:
    """Tables that the content suggests, best first."""
    texts = [held for held in profiles if held.is_text]
    times = [held for held in profiles if held.time or (not named and held.named_time and _instants(held))]
    people = {found[target] for found in has.values() for target in ("actor", "author", "subject") if target in found}
    person = any(index < 0 or fold_header(raw.header[index]) != "id" for index in people)
    found: list[Table] = []
    if len(profiles) == 1:
        return [FEEDBACK] if not profiles[0].number and not profiles[0].time else []
    if not named:
        return _by_shape_unnamed(profiles, texts, times)
    if texts and not person:
        found.append(FEEDBACK)
    if times and not person and not texts and sum(held.number is not None and held not in times for held in profiles) == 1:
        found.insert(0, BY_NAME["metrics"])
    if person and times and any(held.has_decimals for held in profiles) and not texts:
        found.append(BY_NAME["orders"])
    if any(_unique_id(held, raw) for held in profiles) and not any(held.width > MAX_NAME_WIDTH for held in texts):
        found.insert(0 if len(profiles) > MAX_FEEDBACK_COLUMNS else len(found), BY_NAME["actors"])
    return found


def _by_shape_unnamed(profiles: Sequence[Profile], texts: Sequence[Profile], times: Sequence[Profile]) -> list[Table]:
    others = [held for held in profiles if held not in texts and held not in times]
    identifiers = [held for held in others if held.is_identifier]
    first = profiles[0]
    if first.distinct_share == 1 and first.is_identifier and any(held.is_address for held in profiles) and texts:
        return [BY_NAME["items"]]
    if texts:
        return [FEEDBACK]
    if times and any(held.has_decimals for held in others) and identifiers:
        return [BY_NAME["orders"]]
    if times and len(identifiers) >= 2:
        return [EVENTS]
    if times and len(profiles) == 2 and others[0].number:
        return [BY_NAME["metrics"]]
    return []


def _claim_unnamed(table: Table, free: list[Profile], claim: object) -> None:
    """People first, then things, then numbers: the order in which such files are written."""
    assert callable(claim)
    if table.name == "orders":
        claim("amount", [held for held in free if held.has_decimals])
        claim("actor", [held for held in free if held.is_identifier])
        claim(
            "quantity", [held for held in free if held.number and not held.has_decimals and held.num_distinct <= 200 and not _padded(held)]
        )
    elif table.name == "events":
        claim("actor", [held for held in free if held.is_identifier])
        words = [held for held in free if not held.number and held.num_distinct <= 200]
        claim("name", words)
        claim("item", [held for held in free if held.is_identifier and not held.is_rating])
        claim("value", [held for held in free if held.number])
    elif table.name == "feedback":
        claim("rating", [held for held in free if held.is_rating and 1 < held.num_distinct <= 11])
    elif table.name in ("items", "actors"):
        claim("item" if table.name == "items" else "actor", [held for held in free if held.is_identifier and held.distinct_share == 1])
        claim("title", [held for held in free if not held.number and not held.is_address and held.distinct_share > 0.5])


# --- columns -----------------------------------------------------------------------------------------------------------------------------


def _named(column: Column, header: str, folded: str, bare: str, *, contained: bool) -> bool:
    names = {fold_header(column.name), *column.aliases}
    if not contained:
        return folded in names or bare in names
    if "." in header and fold_header(header.rsplit(".", 1)[1]) in names:  # a field of a nested object
        return True
    if _OF_OTHERS.match(bare):
        return False
    return any(len(name) >= 2 and bare.endswith(name) for name in names if _CHINESE.search(name))


def _agrees(column: Column, held: Profile) -> bool:
    """Whether the content may be what the header says; an empty column disagrees with nothing but helps nobody."""
    if not held.values:
        return False
    if column.type == "time":
        return held.named_time is not None
    if column.type in ("number", "integer", "money"):
        return held.number is not None
    if column.type == "text":
        if column.name == "title" and held.num_distinct <= 20 < len(held.values):
            return False  # a few repeated words are a category
        return held.number is None and held.named_time is None and not held.is_address
    if column.name == "address":
        return held.is_address
    if column.type in ("actor", "id"):
        return held.width <= MAX_NAME_WIDTH and not held.has_decimals
    if column.name in ("name", "kind"):
        return held.num_distinct <= max(50, 0.5 * len(held.values))
    return True


def _preference(column: Column, folded: str, held: Profile) -> tuple[float, ...]:
    """Text: the longest. Else the plain name, then the order of the aliases, then the fuller column, then the first."""
    rank = column.aliases.index(folded) if folded in column.aliases else len(column.aliases)
    own = folded == fold_header(column.name)
    if column.type == "text" and column.required:
        return (round(held.filled_share, 1), held.width, own, -rank)
    return (own, -rank, held.filled_share, -held.index)


def _instants(held: Profile) -> bool:
    """Seconds since 1970 between 1990 and 2050 in a file without names: long numbers that lie close together."""
    numbers = held.numbers
    if not numbers or held.named_time not in ("epoch_s", "epoch_ms", "epoch_us"):
        return False
    scale = {"epoch_s": 1.0, "epoch_ms": 1e3, "epoch_us": 1e6}[held.named_time]
    return min(numbers) / scale > 6.3e8 and max(numbers) / scale < 2.5e9


def _unique_id(held: Profile, raw: RawTable) -> bool:
    return held.distinct_share == 1 and held.is_identifier and _ID_HEADER.search(fold_header(raw.header[held.index])) is not None


def _padded(held: Profile) -> bool:
    """Numbers written with leading zeros are codes."""
    return any(value.startswith("0") and len(value) > 1 and "." not in value for value in held.values)
