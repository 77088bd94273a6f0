"""What we or the world changed, as marks on a chart over time: read once here for every app that draws time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from productloop.foundation.wording import Text
from productloop.loop.store import Store

HAN = re.compile(r"[\u4e00-\u9fff]")
MAX_TITLE = 60


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
