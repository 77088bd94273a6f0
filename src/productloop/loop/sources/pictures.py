"""Pictures of reviews and chats: text by OCR (extra `ocr`: RapidOCR with the PP-OCR models in its wheel, offline), one card or bubble a row.

Lines come with their boxes. Lines that follow each other closely in one column are a block; a gap wider than `GAP_SHARE` of a line's height,
or a shift of both edges (the other side of a chat), begins the next one. Rows of stars and of dates give rating and time; what stands
beside a date (a nickname) is left away, and so are the phone's status bar, buttons, and short scraps that OCR is not sure of.
Long screenshots are cut at empty rows, since the recogniser would shrink them.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from productloop.foundation.errors import DataProblem, NotInstalled
from productloop.foundation.wording import say
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.notes import join_lines
from productloop.loop.sources.notes_wording import NO_TEXT_IN_PICTURE, OCR_MISSING
from productloop.loop.sources.records import RawTable, Reader, ReadOptions
from productloop.loop.sources.speakers import status_of
from productloop.loop.sources.wording import BROKEN_FILE

if TYPE_CHECKING:
    import duckdb

GAP_SHARE = 0.8
SHIFT_SHARE = 3.0
"""Of a line's height: gap between blocks, and shift of both edges between the sides of a chat."""
DOUBT = 0.9
SCRAP_SCORE, SCRAP_CHARACTERS = 0.8, 8
MAX_NICKNAME_CHARACTERS = 20
MAX_HEIGHT, CUT_WINDOW = 1600, 500
"""Pixels of a piece of a long screenshot, and how far above its end an empty row is looked for."""
STATUS = "screenshot"

_STARS = re.compile(r"[★☆⭐✩✪\s]{1,12}")
_RATING = re.compile(r"([1-5](?:\.\d)?)\s*(?:分|星|颗星|stars?|/\s*5)", re.IGNORECASE)
_TIME = re.compile(r"(20\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?(?:\s+(\d{1,2}:\d{2}(?::\d{2})?))?")
_AGO = r"\d+\s*(?:分钟|小时|天|周|个月|年)前|(?:\d+|an?)\s*(?:minute|hour|day|week|month|year)s? ago"
_DAY = r"\d{1,2}-\d{1,2}|昨天|今天|前天|刚刚|yesterday|today"
_ONLY_TIME = re.compile(rf"{_TIME.pattern}|\d{{1,2}}:\d{{2}}|(?:{_DAY})(?:\s*\d{{1,2}}:\d{{2}})?|{_AGO}", re.IGNORECASE)
_BUTTON_ZH = "回复|赞|踩|点赞|评论|有用|没用|举报|更多|展开|收起|全文|发送|返回|删除|分享|写评价|写评论|全部评价|最新|最热"
_BUTTON_EN = "reply|like|helpful|report|more|share|send|back|see all|write a review|ratings? (?:&|and) reviews?"
_BUTTON = re.compile(rf"(?:{_BUTTON_ZH}|{_BUTTON_EN})\s*[（(]?\d*[）)]?", re.IGNORECASE)
_WORD = re.compile(r"[\u3400-\u9fff]{2}|[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that OCR found: its text, how sure it is (0..1), and its box in pixels."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Card:
    """One review or bubble."""

    texts: list[str] = field(default_factory=list)
    rating: str = ""
    time: str = ""
    score: float = 1.0
    side: str = ""
    """"left" or "right" for a bubble that leaves the other side free."""
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    @property
    def text(self) -> str:
        """All its lines as one text."""
        return join_lines(self.texts)


def matches(path: Path, head: bytes) -> bool:
    """PNG, JPEG or WebP by name and first bytes: a picture called .csv is a mistake, and is told as one."""
    if path.suffix.lower() not in READER.suffixes:
        return False
    return head.startswith((b"\x89PNG", b"\xff\xd8\xff")) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table of cards. Raises NotInstalled without the extra, DataProblem: broken, no text in it."""
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        raise NotInstalled(OCR_MISSING, path=path.name)
    cards = find_cards(list(_lines(path)))
    if not cards:
        raise DataProblem(NO_TEXT_IN_PICTURE, path=path.name)
    header: tuple[str, ...] = ("text", "rating", "time", "channel", "status")
    rows: list[list[str | None]] = [
        [card.text, card.rating or None, card.time or None, STATUS, status_of("user", card.text) or STATUS] for card in cards
    ]
    sides = {card.side for card in cards if card.side}
    if len(sides) == 2:
        header = (*header, "side")
        rows = [[*row, card.side or None] for row, card in zip(rows, cards, strict=True)]
    kept = [index for index in range(len(header)) if any(row[index] for row in rows)]
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        cut = ([row[index] for index in kept] for row in rows)
        relation, width = land(connection, enumerate(cut, 1), len(kept), Path(name), path)
        found = Found(path, width, tuple(header[index] for index in kept), 1)
        found.notes.append(say("pictures.rows", count=len(rows), num_doubtful=sum(card.score < DOUBT for card in cards)))
        if len(sides) == 2:
            found.notes.append(say("pictures.sides"))
        return [finish(connection, relation, found, options)]


READER = Reader("pictures", (".png", ".jpg", ".jpeg", ".webp"), matches, read)


@functools.cache
def _engine() -> Any:
    """The recogniser, loaded once (about a second)."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": 2 * MAX_HEIGHT})


def _lines(path: Path) -> Iterator[Line]:
    import numpy as np

    images: Any = importlib.import_module("PIL.Image")  # comes with the recogniser
    try:
        with images.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]  # the recogniser takes blue first
    except (OSError, SyntaxError, ValueError, images.DecompressionBombError):
        raise DataProblem(BROKEN_FILE, path=path.name, detail=path.suffix) from None
    for start, end in pieces(pixels.std(axis=(1, 2)).tolist()):
        found = _engine()(np.ascontiguousarray(pixels[start:end]))
        if found.boxes is None:
            continue
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            across, down = [float(point[0]) for point in box], [float(point[1]) + start for point in box]
            yield Line(str(text).strip(), float(score), min(across), min(down), max(across), max(down))


def pieces(spread: Sequence[float]) -> list[tuple[int, int]]:
    """(first row, row after the last) of the pieces of a picture, cut where `spread`, the variation of colour in a row, is least."""
    found, start = [], 0
    while len(spread) - start > MAX_HEIGHT:
        window = range(start + MAX_HEIGHT - CUT_WINDOW, start + MAX_HEIGHT)
        end = min(reversed(window), key=lambda row: spread[row])
        found.append((start, end))
        start = end
    return [*found, (start, len(spread))]


def find_cards(lines: Sequence[Line]) -> list[Card]:
    """Cards and bubbles from top to bottom, from the lines of a picture in any order."""
    lines = [line for line in lines if line.text]
    if not lines:
        return []
    height = statistics.median(line.bottom - line.top for line in lines)
    first, last = min(line.left for line in lines), max(line.right for line in lines)
    blocks = [_card(block) for block in _blocks(_rows(lines), height)]
    for card in blocks:
        card.side = _side(card.left - first, last - card.right, height)
    cards: list[Card] = []
    waiting: Card | None = None
    for number, card in enumerate(blocks):
        if card.texts:
            if waiting is not None:
                card.rating, card.time = card.rating or waiting.rating, card.time or waiting.time
            cards.append(card)
            waiting = None
        elif card.rating or card.time:  # a heading or a footer of its own: it belongs to the nearer neighbour
            after = blocks[number + 1].top - card.bottom if number + 1 < len(blocks) else float("inf")
            before = card.top - cards[-1].bottom if cards else float("inf")
            if before < after:
                cards[-1].rating, cards[-1].time = cards[-1].rating or card.rating, cards[-1].time or card.time
            else:
                waiting = card
    return cards


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, from left to right; rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        last = rows[-1][-1] if rows else None
        if last is not None and min(last.bottom, line.bottom) - max(last.top, line.top) > 0.5 * min(
            last.bottom - last.top, line.bottom - line.top
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _blocks(rows: Sequence[list[Line]], height: float) -> list[list[list[Line]]]:
    blocks: list[list[list[Line]]] = []
    for row in rows:
        if blocks:
            above = blocks[-1][-1]
            gap = min(line.top for line in row) - max(line.bottom for line in above)
            left = abs(row[0].left - above[0].left)
            right = abs(max(line.right for line in row) - max(line.right for line in above))
            if gap <= GAP_SHARE * height and not (left > SHIFT_SHARE * height and right > SHIFT_SHARE * height):
                blocks[-1].append(row)
                continue
        blocks.append([row])
    return blocks


def _card(block: Sequence[Sequence[Line]]) -> Card:
    card = Card(top=min(line.top for line in block[0]), bottom=max(line.bottom for line in block[-1]))
    card.left, card.right = min(line.left for row in block for line in row), max(line.right for row in block for line in row)
    for row in block:
        dated = any(_ONLY_TIME.fullmatch(line.text) for line in row)
        parts = []
        for line in row:
            stars, rating = _STARS.fullmatch(line.text), _RATING.fullmatch(line.text)
            if stars and re.search(r"[★⭐✪]", line.text):
                card.rating = card.rating or str(min(5, len(re.findall(r"[★⭐✪]", line.text))))
            elif rating:
                card.rating = card.rating or rating[1]
            elif _ONLY_TIME.fullmatch(line.text):
                card.time = card.time or _time_in(line.text)
            elif not (dated and len(line.text) <= MAX_NICKNAME_CHARACTERS) and not _is_scrap(line):
                parts.append(line.text)
                card.score = min(card.score, line.score)
        if parts:
            card.texts.append(" ".join(parts))
    if not _WORD.search(" ".join(card.texts)):
        card.texts.clear()
    return card


def _side(left: float, right: float, height: float) -> str:
    """The side of a bubble, from what it leaves free on both sides."""
    if left < height and right > SHIFT_SHARE * height:
        return "left"
    return "right" if right < height and left > SHIFT_SHARE * height else ""


def _is_scrap(line: Line) -> bool:
    return _BUTTON.fullmatch(line.text) is not None or (line.score < SCRAP_SCORE and len(line.text) <= SCRAP_CHARACTERS)


def _time_in(text: str) -> str:
    found = _TIME.search(text)
    if found is None:
        return ""
    year, month, day, clock = found.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}" + (f" {clock}" if clock else "")
