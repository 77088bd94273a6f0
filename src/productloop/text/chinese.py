"""Traditional Chinese -> simplified, character by character, so that 「閃退」 and 「闪退」 are one word and offsets still hold.

Why characters and not phrases: phrase tables (software terms of Taiwan and Hong Kong) change the number of characters, and a span found
in the simplified text must be the same span of the original. The tables are those of OpenCC (configuration t2s, Apache-2.0); characters of
one traditional form for several simplified ones (乾 -> 干) follow its phrases where these keep the length.

OpenCC is loaded only when a text holds a character that is written in traditional Chinese alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_FIRST, _LAST = 0x3400, 0x9FFF


def to_simplified(text: str) -> str:
    """The text in simplified characters, as long as it was: character i of the answer stands for character i of `text`."""
    return text if text.isascii() or not has_traditional(text) else _convert(text)


def to_simplified_many(texts: Sequence[str]) -> list[str]:
    """`to_simplified` of each text, (n,)."""
    return [to_simplified(text) for text in texts]


def has_traditional(text: str) -> bool:
    """Whether a character of the text is written in traditional Chinese alone (or in Japanese as there)."""
    return not text.isascii() and not _traditional().isdisjoint(text)


def _convert(text: str) -> str:
    try:
        converted = str(_converter().convert(text))
    except UnicodeEncodeError:  # half of a character, from a file cut in the middle of an emoji
        converted = ""
    if len(converted) == len(text):
        return converted
    table = _character_table()
    return "".join([table.get(character, character) for character in text])


@lru_cache(maxsize=1)
def _traditional() -> frozenset[str]:
    return frozenset(_character_table())


@lru_cache(maxsize=1)
def _character_table() -> dict[str, str]:
    """Simplified form of each character that has another one; one call for all, about 10 ms, once per process."""
    every = [chr(point) for point in range(_FIRST, _LAST + 1)]
    # a line feed between two characters keeps phrases from forming
    forms = str(_converter().convert("\n".join(every))).split("\n")
    return {old: new for old, new in zip(every, forms, strict=True) if old != new and len(new) == 1}


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
