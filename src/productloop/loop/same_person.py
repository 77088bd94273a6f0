"""The rules by which statements "this id is that person" count.

They are those of the tools that make such statements, none of which lets a device join two users (Mixpanel "simplified ID merge", the
one-to-one scheme of Sensors Data, PostHog, which refuses to merge people who are identified already):
  - statements count in the order of their times, so that the order of imports does not matter and history can be filled in later;
  - an id stands for one person: a second statement about it is set aside ("taken"), as with a device that two people use;
  - a statement that would close a circle is set aside ("circle"); chains are followed to their end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Verdict = Literal["counts", "taken", "circle"]


def resolve(pairs: Iterable[tuple[int, int]]) -> tuple[dict[int, int], list[Verdict]]:
    """(alias -> the person at the end of its chain, what became of each pair), the pairs in the order in which they count."""
    parent: dict[int, int] = {}
    told: dict[int, int] = {}

    def root(code: int) -> int:
        path = []
        while code in parent:
            path.append(code)
            code = parent[code]
        for each in path:
            parent[each] = code
        return code

    verdicts: list[Verdict] = []
    for alias, actor in pairs:
        if alias in told:
            verdicts.append("counts" if told[alias] == actor else "taken")
        elif root(actor) == alias:
            verdicts.append("circle")
        else:
            told[alias] = actor
            parent[alias] = root(actor)
            verdicts.append("counts")
    return {alias: root(alias) for alias in told}, verdicts
