"""Names of topics in a language model's words, where one is set: the extractive names stay wherever it does not answer as asked.

It sees the key phrases and a few masked points of each topic, as data; what comes back must be one short name in each language without a
number, and never touches a topic that a person named. Only topics without such a name are asked about, so a run costs one question.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from productloop.apps.needs import topics_wording
from productloop.apps.needs._ledger import Ledger
from productloop.apps.needs._points import Points
from productloop.foundation.errors import ProviderUnreachable
from productloop.llm.provider import Provider

MAX_ASKED = 30
"""Topics named in one question, the largest first."""
NUM_POINTS, POINT_LETTERS = 4, 160
MAX_LETTERS = {"zh": 16, "en": 48}
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "names": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "zh": {"type": "string"}, "en": {"type": "string"}},
                "required": ["id", "zh", "en"],
            },
        }
    },
    "required": ["names"],
}


def reworded(ledger: Ledger, points: Points, known: frozenset[str], provider: Provider) -> Ledger:
    """The ledger with names by the provider for topics that are new (not among the ids `known`); as it was where it cannot be asked."""
    wanted = [entry for entry in ledger.entries if entry.id not in known and not entry.held and not entry.varied][:MAX_ASKED]
    if not wanted:
        return ledger
    number = {entry.id: place for place, entry in enumerate(ledger.entries)}
    data = [{"id": entry.id, "phrases": entry.phrases[:8], "points": _examples(ledger, points, number[entry.id])} for entry in wanted]
    try:
        answer = provider.complete(
            topics_wording.NAME_TOPICS.in_language("en"), json.dumps(data, ensure_ascii=False), max_tokens=60 * len(wanted), schema=SCHEMA
        )
    except ProviderUnreachable:
        return ledger
    names = read_names(answer.text, {entry.id for entry in wanted})
    entries = [
        replace(entry, name_zh=names[entry.id][0], name_en=names[entry.id][1]) if entry.id in names else entry for entry in ledger.entries
    ]
    return replace(ledger, entries=tuple(entries))


def read_names(answer: str, wanted: set[str]) -> dict[str, tuple[str, str]]:
    """{id: (zh, en)} of the names that are as asked: known ids, one short line in each language, no digit."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1]) if 0 <= start < end else {}
    except json.JSONDecodeError:
        return {}
    listed = found.get("names") if isinstance(found, dict) else None
    names: dict[str, tuple[str, str]] = {}
    for one in listed if isinstance(listed, list) else []:
        zh, en = (str(one.get(side) or "").strip() for side in ("zh", "en")) if isinstance(one, dict) else ("", "")
        if isinstance(one, dict) and one.get("id") in wanted and _is_name(zh, "zh") and _is_name(en, "en"):
            names[str(one["id"])] = (zh, en)
    return names


def _is_name(name: str, side: str) -> bool:
    return 0 < len(name) <= MAX_LETTERS[side] and "\n" not in name and not any(letter.isnumeric() and letter.isascii() for letter in name)


def _examples(ledger: Ledger, points: Points, number: int) -> list[str]:
    rows = np.flatnonzero(ledger.labels == number)
    middle = sorted(rows.tolist(), key=lambda row: (not 10 <= len(points.words[row]) <= POINT_LETTERS, row))
    return [points.words[row][:POINT_LETTERS] for row in middle[:NUM_POINTS]]
