"""What the simulated users write: sentences of `demo_data/` with greetings, closings and invented contacts around them.

English needs are an excerpt of BANKING77 (Casanueva et al. 2020, arXiv:2003.04807, CC BY 4.0; see `demo_data/ATTRIBUTION.md`);
the Chinese ones, praise and templates were written for this project. Counts in reports are of people, so a text may serve several
people; each deck of sentences is dealt out before it is shuffled again, and a text already used is decorated until it is new
(at most `RETRIES` times), which keeps exact repeats rare.

The shares below are this simulation's own choices: nothing is estimated from a real startup.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

PRAISE, NEUTRAL = "praise", "neutral"
SHARE_PREFIXED, SHARE_SUFFIXED = 0.30, 0.35
SHARE_LOWERED, SHARE_UNFINISHED = 0.12, 0.15
SHARE_WITH_CONTACT = 0.015
RETRIES = 12
_ENDS = "。！？!?~～….，,"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes one text, and about what: a need of `need_names()`, PRAISE or NEUTRAL. `month` (1-12) is when they joined."""

    need: str
    language: str
    platform: str
    version: str
    month: int


def read_demo(name: str) -> list[dict[str, str]]:
    """Rows of one packaged CSV of `demo_data/`, in file order."""
    text = files("productloop.loop").joinpath("demo_data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def need_names() -> tuple[str, ...]:
    """The 12 BANKING77 intents of the excerpt, in file order."""
    return tuple(dict.fromkeys(row["intent"] for row in read_demo("banking77_excerpt.csv")))


@cache
def sentences() -> dict[tuple[str, str], tuple[str, ...]]:
    """(need, language) -> sentences; needs are `need_names()`, PRAISE and NEUTRAL, languages "en" and "zh"."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_demo("banking77_excerpt.csv"):
        found[row["intent"], "en"].append(row["text"])
    for row in read_demo("needs_zh.csv"):
        found[row["need"], "zh"].append(row["text"])
    for language in ("en", "zh"):
        for row in read_demo(f"praise_{language}.csv"):
            found[row["kind"], language].append(row["text"])
    return {key: tuple(texts) for key, texts in found.items()}


@cache
def templates() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(language, kind, place) -> fragments. Places of greetings are "prefix" and "suffix", of devices the platform, of months 1-12."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in read_demo("templates.csv"):
        found[row["language"], row["kind"], row["place"]].append(row["text"])
    return {key: tuple(texts) for key, texts in found.items()}


def compose(generator: np.random.Generator, writers: list[Writer], written: Iterable[str] = ()) -> list[str]:
    """One text for each writer, in order; `written` are the texts that are there already."""
    decks: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = set(written)
    texts = []
    for writer in writers:
        key = (writer.need, writer.language)
        if not decks[key]:
            decks[key] = [sentences()[key][i] for i in generator.permutation(len(sentences()[key]))]
        sentence = decks[key].pop()
        text = _decorate(generator, sentence, writer, SHARE_PREFIXED, SHARE_SUFFIXED)
        for _ in range(RETRIES):
            if text not in seen:
                break
            text = _decorate(generator, sentence, writer, 0.6, 0.8)
        if generator.random() < SHARE_WITH_CONTACT:
            text = _append(text, _fill(generator, _pick(generator, templates()[writer.language, "contact", "suffix"]), writer))
        seen.add(text)
        texts.append(text)
    return texts


def _decorate(generator: np.random.Generator, sentence: str, writer: Writer, prefixed: float, suffixed: float) -> str:
    kind = "need" if writer.need in need_names() else "praise"
    lower, unfinished, before, after = generator.random(4)
    text = sentence
    if unfinished < SHARE_UNFINISHED and text.endswith((".", "。")):
        text = text[:-1]
    if lower < SHARE_LOWERED and writer.language == "en" and not text.startswith(("I ", "I'")):
        text = text[0].lower() + text[1:]
    if before < prefixed:
        text = _prepend(_fill(generator, _pick(generator, templates()[writer.language, kind, "prefix"]), writer), text)
    if after < suffixed:
        text = _append(text, _fill(generator, _pick(generator, templates()[writer.language, kind, "suffix"]), writer))
    return text


def _prepend(prefix: str, text: str) -> str:
    """Nobody greets twice: a sentence that greets keeps its own greeting."""
    if text[:2] in ("你好", "您好", "请问") or text.lower().startswith(("hi", "hello", "hey")):
        return text
    after_comma = prefix.rstrip().endswith(",") and not text.startswith(("I ", "I'"))
    return prefix + (text[0].lower() + text[1:] if after_comma else text)


def _append(text: str, suffix: str) -> str:
    """After a mark or an emoji a Chinese closing drops its own leading mark; before an English sentence the first one is ended."""
    ended = text[-1] in _ENDS or ord(text[-1]) > 0x1F000
    if not ended and suffix[0] == " " and len(suffix) > 12 and suffix[1] != "(":
        text += "."
    return text + (suffix.lstrip("，。…") if ended and suffix[0] in "，。…" else suffix)


def _pick(generator: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(generator.integers(len(options)))]


def _fill(generator: np.random.Generator, fragment: str, writer: Writer) -> str:
    parts = templates()
    return fragment.format(
        product=parts[writer.language, "product", ""][0],
        device=_pick(generator, parts[writer.language, "device", writer.platform]),
        month=parts[writer.language, "month", str(writer.month)][0],
        version=writer.version,
        name=_pick(generator, parts[writer.language, "name", ""]),
        digits2=f"{generator.integers(100):02d}",
        digits3=f"{generator.integers(1000):03d}",
    )
