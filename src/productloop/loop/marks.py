"""What we or the world changed, as marks on a chart over time: read once here for every app that draws time.

`own_changes` finds those that fall within the charts of a page, and `marked` hands them to its charts: no app has to think of it. A change says
how much it weighs, so that a chart without room for all keeps prices, campaigns, outages and great versions before small ones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from productloop.foundation.page import Block, Chart, Fold, Page
from productloop.foundation.wording import Say, Text, say
from productloop.loop.store import Store
from productloop.loop.weeks import local_day, midnight

HAN = re.compile(r"[\u4e00-\u9fff]")
MAX_TITLE = 60
MAX_OWN = 500
"""Changes that a report keeps for its charts."""
KINDS = ("version", "price", "campaign", "outage", "policy", "competitor")
_WEIGHTS = {"outage": 4, "price": 4, "campaign": 4, "policy": 4, "competitor": 2}
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Change:
    """One row of `changes`. Times are microseconds UTC; `kind` in lower case, such as version, price, outage, competitor."""

    time: int
    kind: str
    title: Text | str
    version: str | None
    market: str | None
    product: str | None
    """Whose change, where the rows say so in a further column `product`; of a competitor."""


class OwnChange(BaseModel):
    """A change as a report keeps it for its charts."""

    model_config = ConfigDict(frozen=True)

    day: str
    """Local day, YYYY-MM-DD."""
    label: Say | str
    weight: int
    """The larger, the more it deserves a place on a crowded chart."""
    competitor: bool = False


def in_both(title: str) -> Text | str:
    """A title written as "English / 中文" (or the other way round) in the reader's language; any other as it is."""
    first, slash, second = (part.strip() for part in title.partition(" / "))
    if not slash or bool(HAN.search(first)) == bool(HAN.search(second)):
        return title.strip()[:MAX_TITLE]
    chinese, english = (first, second) if HAN.search(first) else (second, first)
    return Text(chinese[:MAX_TITLE], english[:MAX_TITLE])


def changes_in(store: Store, begin_us: int, end_us: int, most: int = 200) -> tuple[Change, ...]:
    """The changes from `begin_us` to before `end_us`, oldest first, at most the newest `most`; empty without the table."""
    if not store.exists("changes"):
        return ()
    product = "product" if "product" in store.names("changes") else "NULL"
    found = store.rows(
        f"SELECT time, kind, title, version, market, {product} FROM changes WHERE time >= ? AND time < ? "
        "ORDER BY time DESC, sequence DESC LIMIT ?",
        [begin_us, end_us, most],
    )
    return tuple(
        Change(int(time), (kind or "").strip().lower(), in_both(title or ""), version or None, market or None, owner or None)
        for time, kind, title, version, market, owner in reversed(found)
    )


def change_label(kind: str | None, title: Text | str | None, version: str | None) -> Say | str:
    """What a mark is called: "version 4.3", else its kind and title, as short as they are."""
    word = (kind or "").strip().lower()
    named = say(f"loop.change.{word}") if word in KINDS else None
    if version:
        return say("loop.mark.version", version=version)
    text = in_both(title or "") if title is None or isinstance(title, str) else title
    if named is None:
        return say("loop.mark.plain", title=text) if text else kind or "?"
    return say("loop.mark.titled", kind=named, title=text) if text else named


def own_changes(store: Store, page: Page, time_zone: str, products: Sequence[str]) -> tuple[OwnChange, ...]:
    """The changes within the dates of the page's charts, oldest first, at most the newest MAX_OWN; empty where no chart has dates.

    `products`: what our product is called. What another one did is called a competitor's change.
    """
    if not store.exists("changes"):
        return ()
    spans = [span for chart in _charts(page) if (span := _span(chart)) is not None]
    if not spans:
        return ()
    begin, end = (midnight(date.fromordinal(day), time_zone) for day in (min(first for first, _ in spans), max(last for _, last in spans)))
    ours = {name.strip().casefold() for name in products if name.strip()}
    return tuple(_own(change, time_zone, ours) for change in changes_in(store, begin, end, MAX_OWN))


def marked(page: Page, changes: Sequence[OwnChange]) -> Page:
    """The page, its charts over dates with these changes as marks after the marks that they have already.

    A competitor's change is left out on a day that the chart marks already: it is a page about competitors then.
    """
    if not changes:
        return page
    ordered = sorted(changes, key=lambda change: (change.weight, change.day), reverse=True)
    blocks, details = ([_marked(block, ordered) for block in part] for part in (page.blocks, page.details))
    return page.model_copy(update={"blocks": tuple(blocks), "details": tuple(details)})


def _marked(block: Block, changes: Sequence[OwnChange]) -> Block:
    if isinstance(block, Fold):
        return block.model_copy(update={"blocks": tuple(_marked(inner, changes) for inner in block.blocks)})
    span = _span(block) if isinstance(block, Chart) else None
    if not isinstance(block, Chart) or span is None:
        return block
    days = {day for day, _ in block.marks}
    first, last = (date.fromordinal(day).isoformat() for day in span)
    inside = [change for change in changes if first <= change.day < last and not (change.competitor and change.day in days)]
    return block.model_copy(update={"marks": (*block.marks, *((change.day, change.label) for change in inside))})


def _charts(page: Page) -> Iterator[Chart]:
    waiting = [*page.blocks, *page.details]
    for block in waiting:
        if isinstance(block, Fold):
            waiting.extend(block.blocks)
        elif isinstance(block, Chart):
            yield block


def _span(chart: Chart) -> tuple[int, int] | None:
    """(first day, first day after) of a chart over dates, days since year 1; its last place is as long as the shortest before it."""
    days = chart.days()
    if days is None:
        return None
    return min(days), max(days) + min((later - earlier for earlier, later in itertools.pairwise(sorted(set(days)))), default=1)


def _own(change: Change, time_zone: str, ours: set[str]) -> OwnChange:
    theirs = change.kind == "competitor" or (change.product is not None and bool(ours) and change.product.strip().casefold() not in ours)
    label = change_label("competitor" if theirs else change.kind, change.title, None if theirs and change.title else change.version)
    if change.version and change.title and not theirs:
        label = say("loop.mark.release", version=change.version, title=change.title)
    weight = _WEIGHTS["competitor"] if theirs else _WEIGHTS.get(change.kind, _version_weight(change.version))
    return OwnChange(day=local_day(change.time, time_zone).isoformat(), label=label, weight=weight, competitor=theirs)


def _version_weight(version: str | None) -> int:
    """3 for 5.0, 2 for 5.1 (and where nothing is known), 1 for 5.1.2."""
    numbers = [int(part) for part in _NUMBERS.findall(version or "")]
    if not numbers:
        return 2
    return 3 if not any(numbers[1:]) else 1 if any(numbers[2:]) else 2
