"""What items are called, in both languages, and what category they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from productloop.foundation.wording import Say, say
from productloop.loop.store import Store


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names (zh, en) and categories by item id; an item without a row is called by its id."""

    names: Mapping[str, tuple[str, str]]
    category: Mapping[str, str]

    def title(self, item: str) -> Say:
        """What people read."""
        zh, en = self.names.get(item, (item, item))
        return say("recommend.item", zh=zh, en=en)


def read_catalogue(store: Store) -> Catalogue:
    """The newest row of each item; a title missing in one language is taken from the other."""
    query = "SELECT item, title, title_zh, category FROM items WHERE item IS NOT NULL ORDER BY known_at NULLS FIRST, import_id, sequence"
    names: dict[str, tuple[str, str]] = {}
    categories: dict[str, str] = {}
    for item, title, title_zh, category in store.rows(query):
        en = title or title_zh or item
        names[str(item)] = (str(title_zh or en), str(en))
        if category:
            categories[str(item)] = str(category)
    return Catalogue(names, categories)
