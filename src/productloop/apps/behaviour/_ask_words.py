"""The word list of questions: what people call frequent columns and values, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    text = files("productloop.apps.behaviour").joinpath("ask_words.csv").read_text(encoding="utf-8")
    return {(kind, name): (tuple(zh.split("|")), tuple(en.split("|"))) for kind, name, zh, en in csv.reader(text.splitlines()[1:])}


def column_names() -> tuple[str, ...]:
    """The columns of the list."""
    return tuple(name for kind, name in _lists() if kind == "column")


def words_of(kind: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(Chinese words, English words) of a column or value; those of a device with its maker's other name in front, too."""
    found = _lists().get((kind, name.lower()), ((), ()))
    maker, _, model = name.lower().partition(" ")
    zh, en = _lists().get(("brand", maker), ((), ())) if kind == "value" and model else ((), ())
    chinese = [f"{word}{gap}{model}" for word in zh for gap in ("", " ")]
    return (*found[0], *chinese), (*found[1], *(f"{word} {name.lower()}" for word in en))
