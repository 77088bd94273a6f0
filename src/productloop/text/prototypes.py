"""Sentences that stand for a label before anyone has labelled anything: what a bug report or a satisfied review sounds like.

A text is compared with them in the space of an encoder, and the nearest label is a first guess (prototype classification: Snell et al.,
Prototypical Networks for Few-shot Learning, NeurIPS 2017). All sentences (`prototypes.csv`: set, label, language, text) were written
for this project from general knowledge, across apps, food, hotels, shops, electronics, cars, money, software and games, and before any
measurement; none is taken from a data set.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Prototype:
    """One sentence that stands for `label`; `language` is zh or en."""

    label: str
    language: str
    text: str


@cache
def prototypes(name: str) -> tuple[Prototype, ...]:
    """Prototypes of the set `name`, in the order of the file: by label, Chinese first.

    `sentiment` has the labels negative, neutral and positive (150 each and language); `type` has bug, request, praise, question,
    complaint (service, price or quality, no bug), churn_threat and other (greetings, thanks, no content; 60 each and language). The two
    sets share sentences. KeyError for another name.
    """
    return _sets()[name]


@cache
def _sets() -> dict[str, tuple[Prototype, ...]]:
    text = files("productloop.text").joinpath("prototypes.csv").read_text(encoding="utf-8")
    found: dict[str, list[Prototype]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["set"], []).append(Prototype(row["label"], row["language"], row["text"]))
    return {name: tuple(rows) for name, rows in found.items()}
