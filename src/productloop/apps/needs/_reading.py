"""What users said, ready to be counted: whose voice each text is, what is left out, what is a copy.

Counted are voices: a person where the author is known, else a conversation, else the single text. A campaign (the same long text by many
authors within a week) is one voice, because its copies do not say how many people came to that view by themselves.
Left out are staff and robots, greetings, rows without words, and texts in languages that are not read here (only Chinese and English
are); texts that a store has deleted stay in, counted apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.roles import ROBOT_ROLES, STAFF_ROLES, folded
from productloop.loop.store import Store
from productloop.text.cleaning import clean_with_offsets, strip_deleted_marker
from productloop.text.duplicates import level, near_groups
from productloop.text.language import detect_many

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Strings = NDArray[np.object_]

GREETING = "greeting"
"""Status of a line that only greets or closes a conversation."""
READ_LANGUAGES = frozenset(["zh", "en", "mixed", "other"])
""""other" has no letters of a language that could be told: emoji, numbers, names."""

CAMPAIGN_COPIES, CAMPAIGN_AUTHORS, CAMPAIGN_DAYS = 5, 3, 7
"""A campaign: at least this many copies by this many authors within these days, and these are half of all copies or more."""
CAMPAIGN_LETTERS = {"zh": 12, "en": 40}
"""Shorter equal texts ("很好", "works great") are what many people write by themselves."""
SIGNED_SHARE = 0.5
"""From this share of signed texts on, a report counts people, an unsigned text as one of them."""
DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Texts:
    """The n texts that count, by row id. Times are microseconds UTC, 0 where unknown; ratings NaN where unknown."""

    row_id: Strings
    text: list[str]
    """Title and text, cleaned."""
    origin: list[Ints]
    """Where each character of the cleaned text, and its end, stands in what is stored: the title, a line feed and the text; or the text."""
    time: Ints
    rating: Floats
    label: Strings
    language: list[str]
    deleted: Flags
    voice: Ints
    """0..num_voices-1"""
    author: Ints
    """Actor codes, -1 where unknown."""
    copy_group: Ints
    """Texts that say the same in (nearly) the same words share a number."""
    campaign: Ints
    """Number of the campaign, -1 for the others."""
    product: Strings
    version: Strings
    market: Strings
    channel: Strings

    def __len__(self) -> int:
        return len(self.text)

    @property
    def signed(self) -> Flags:
        """(n,) whether the author is known."""
        return self.author >= 0

    @property
    def counts_people(self) -> bool:
        """Whether most texts are signed, so that voices may be called people."""
        return len(self) > 0 and bool(self.signed.mean() >= SIGNED_SHARE)

    @property
    def dated(self) -> bool:
        """Whether every text, or all but a few in a hundred, has a date."""
        return len(self) > 0 and bool((self.time > 0).mean() >= 0.95)


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts that count and how many rows do not."""

    texts: Texts
    num_rows: int
    num_staff: int
    num_robot: int
    num_wordless: int
    num_greeting: int
    unread: dict[str, int]
    """Texts in other languages, by language, most first."""


def read_texts(store: Store) -> Reading:
    """All feedback in the store's scope."""
    raw = store.columns(
        "SELECT row_id, title, text, coalesce(time, 0) AS time, rating, coalesce(author, -1) AS author, product, role, "
        "conversation, status, label, version, market, channel FROM feedback ORDER BY import_id, sequence, row_id"
    )
    roles = [folded(role) for role in raw["role"]]
    staff = np.array([role in STAFF_ROLES for role in roles], dtype=bool)
    robot = np.array([role in ROBOT_ROLES for role in roles], dtype=bool)
    marked = np.array([strip_deleted_marker(text or "")[1] for text in raw["text"]], dtype=bool)
    written = [whole_text_with_origin(title, text) for title, text in zip(raw["title"], raw["text"], strict=True)]
    wordless = np.array([not text for text, _ in written], dtype=bool)
    greeting = raw["status"] == GREETING
    rows = np.flatnonzero(~staff & ~robot & ~wordless & ~greeting)
    codes = detect_many([written[row][0] for row in rows])
    unread = Counter(code for code in codes if code not in READ_LANGUAGES)
    read = [place for place, code in enumerate(codes) if code in READ_LANGUAGES]
    return Reading(
        _texts(raw, rows[read], [written[row] for row in rows[read]], [codes[place] for place in read], marked[rows[read]]),
        num_rows=len(roles),
        num_staff=int(staff.sum()),
        num_robot=int((robot & ~staff).sum()),
        num_wordless=int((wordless & ~staff & ~robot).sum()),
        num_greeting=int((greeting & ~wordless & ~staff & ~robot).sum()),
        unread=dict(sorted(unread.items(), key=lambda item: (-item[1], item[0]))),
    )


def _texts(raw: dict[str, Any], rows: Ints, written: list[tuple[str, Ints]], language: list[str], marked: Flags) -> Texts:
    time, author = raw["time"][rows].astype(np.int64), raw["author"][rows].astype(np.int64)
    texts = [text for text, _ in written]
    copies = near_groups(texts)
    campaign = find_campaigns(texts, language, copies, time, author)
    return Texts(
        row_id=raw["row_id"][rows],
        text=texts,
        origin=[origin for _, origin in written],
        time=time,
        rating=raw["rating"][rows].astype(np.float64),
        label=raw["label"][rows],
        language=language,
        deleted=(raw["status"][rows] == "deleted") | marked,
        voice=_voices(author, raw["conversation"][rows], campaign),
        author=author,
        copy_group=copies,
        campaign=campaign,
        product=raw["product"][rows],
        version=raw["version"][rows],
        market=raw["market"][rows],
        channel=raw["channel"][rows],
    )


def whole_text(title: str | None, text: str | None) -> str:
    """Title and text as one cleaned text; a title that the text repeats is not said twice.

    A store's deleted-marker and a developer's answer never stay in: neither was said by the user.
    """
    return whole_text_with_origin(title, text)[0]


def whole_text_with_origin(title: str | None, text: str | None) -> tuple[str, Ints]:
    """(`whole_text`, where each of its characters and its end stand in the stored title, line feed and text)."""
    stored = text or ""
    rest, _ = strip_deleted_marker(stored)
    said, said_at = clean_with_offsets(rest)
    said_at = said_at + (len(stored) - len(rest)) + (len(title) + 1 if title else 0)
    head, head_at = clean_with_offsets(title or "")
    if not head or said.startswith(head):
        return said, said_at
    if not said:
        return head, head_at
    return f"{head}\n{said}", np.concatenate([head_at[:-1], [len(title or "")], said_at])


def find_campaigns(texts: list[str], language: list[str], copies: Ints, time: Ints, author: Ints) -> Ints:
    """Campaign of each text, -1 for none. Without dates none can be told from a common phrase."""
    campaign = np.full(len(texts), -1, dtype=np.int64)
    if len(texts) == 0:
        return campaign
    order = np.argsort(copies, kind="stable")
    starts = np.flatnonzero(np.diff(copies[order], prepend=-1))
    number = 0
    for members in np.split(order, starts[1:]):
        if len(members) < CAMPAIGN_COPIES or (time[members] <= 0).any():
            continue
        first = int(members[0])
        if len(level(texts[first])) < CAMPAIGN_LETTERS["zh" if language[first] in ("zh", "mixed", "ja") else "en"]:
            continue
        burst = _densest_week(members, time)
        if len(burst) >= max(CAMPAIGN_COPIES, len(members) / 2) and num_authors(author[burst]) >= CAMPAIGN_AUTHORS:
            campaign[members] = number
            number += 1
    return campaign


def num_authors(author: Ints) -> int:
    """Different authors; an unknown one is nobody else."""
    return len(np.unique(author[author >= 0])) + int((author < 0).sum())


def _densest_week(members: Ints, time: Ints) -> Ints:
    """The members within the 7 days that hold most of them."""
    by_time = members[np.argsort(time[members], kind="stable")]
    times = time[by_time]
    ends = np.searchsorted(times, times + CAMPAIGN_DAYS * DAY_US, side="left")
    best = int(np.argmax(ends - np.arange(len(times))))
    return by_time[best : ends[best]]


def _voices(author: Ints, conversation: Strings, campaign: Ints) -> Ints:
    names: list[Any] = []
    for row in range(len(author)):
        if campaign[row] >= 0:
            names.append(("campaign", int(campaign[row])))
        elif author[row] >= 0:
            names.append(("author", int(author[row])))
        elif conversation[row] is not None:
            names.append(("conversation", str(conversation[row])))
        else:
            names.append(("text", row))
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
