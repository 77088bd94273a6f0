"""Chats copied or exported as plain text: lines with a speaker before them, or a line with speaker and time above each message.

    [2026-01-02 10:00] Anna: hello          02/01/2026, 10:00 - Anna: hello          [02/01/2026, 10:00:05] Anna: hello      (WhatsApp)
    Anna 2026-01-02 10:00:00                2026-01-02 10:00:00 Anna                 (the message follows on the next lines)
    Customer: hello                         Agent: good morning
A line that begins like none of these belongs to the message above it. A rule of dashes, or a line that numbers a conversation, begins the
next conversation. Whether 02/01 is day first follows from a part above 12 anywhere in the file, else from the clock (12 hours: month
first, as American phones write).
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from productloop.foundation.wording import say
from productloop.loop.sources.chats import Heard, Message, conversation_id, table_of_messages
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.records import RawTable, Reader, ReadOptions
from productloop.loop.sources.speakers import role_of

if TYPE_CHECKING:
    import duckdb

HEAD_LINES = 200
MIN_LINES = 2
MIN_SPOKEN_SHARE = 0.5
"""Lines without a time: from this share of lines with a speaker on a file is a conversation and not one text a line."""
MAX_SPEAKERS = 6

_DATE = r"(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
_CLOCK = r"(?P<clock>(?:上午|下午|凌晨|中午|晚上)?\s?\d{1,2}:\d{2}(?::\d{2})?(?:[\s\u202f]?[AaPp]\.?[Mm]\.?)?)"
_TIME = rf"{_DATE}[,，T]?\s*{_CLOCK}"
_NAME = r"(?P<name>[^:：\n\[\]]{1,40}?)"
_TIMED = (
    re.compile(rf"^[\[［【(（]\s*{_TIME}\s*[\]］】)）]\s*-?\s*{_NAME}\s*[:：]\s*(?P<text>.*)$"),
    re.compile(rf"^{_TIME}\s*[-–—|]?\s*{_NAME}\s*[:：]\s*(?P<text>.*)$"),
)
_ABOVE = (
    re.compile(rf"^{_NAME}[\s,，]+[(（]?{_TIME}[)）]?\s*[:：]?(?P<text>)$"),
    re.compile(rf"^{_TIME}\s+{_NAME}(?P<text>)$"),
)
_SPOKEN = re.compile(r"^(?P<name>[^:：\n\"'{}\[\],，。!?！？/]{1,24}?)\s*[:：](?!//)\s*(?P<text>.*)$")
_RULE = re.compile(r"^\s*(?:[-=_*—─]{4,}|#{3,})\s*$")
_CONVERSATION = re.compile(
    r"^\s*[#=\-*\[【]*\s*(?:会话|对话|工单|conversation|session|chat|ticket|transcript)\s*(?:id|编号|no\.?|#|号)?\s*[:：#]?\s*"
    r"(?P<id>[\w\-]*\d[\w\-]*)\s*[#=\-*\]】]*\s*$",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(
    r"^\s*\u200e?(?:<[^<>]{3,40}(?:omitted|attached:[^<>]*)>|<附件[^<>]*>|(?:image|video|audio|sticker|gif|document|contact card) omitted"
    r"|[\[【](?:图片|语音|视频|表情|文件|位置|链接|名片|红包|动画表情|卡片消息|image|photo|voice|video|file|sticker|picture)[\]】])\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(rf"^[\[［【(（]?\s*{_TIME}\s*[\]］】)）]?\s*[-–—]?\s*\S")


@dataclass(frozen=True, slots=True)
class _Start:
    """The first line of a message."""

    name: str
    text: str
    date: str = ""
    clock: str = ""


def matches(path: Path, head: bytes) -> bool:
    """A text file whose first lines are those of a conversation."""
    text = decode_head(head)
    if text is None or path.suffix.lower() not in READER.suffixes:
        return False
    lines = [line.strip() for line in text.splitlines()[:HEAD_LINES] if line.strip()]
    return _style(lines) is not None


def is_timed(text: str) -> bool:
    """Whether a text is a chat with a time at each message."""
    return _style([line.strip() for line in text.splitlines()[:HEAD_LINES] if line.strip()]) in (_TIMED, _ABOVE)


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table of messages. Raises DataProblem when no message holds text."""
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        plain = to_utf8(path, folder, options.encoding)
        lines = plain.path.read_text(encoding="utf-8-sig").splitlines()
        heard = parse(lines, path.stem)
        return [table_of_messages(connection, heard, path, folder, plain.encoding, options)]


READER = Reader("transcripts", (".txt", ".log", ".md", ".text", ""), matches, read)


def parse(lines: Sequence[str], stem: str) -> Heard:
    """The messages of a transcript; `stem` names the conversation where the file does not."""
    heard = Heard()
    patterns = _style([line.strip() for line in lines if line.strip()]) or ()
    said: list[tuple[str, _Start, list[str]]] = []
    conversation, number = stem, 1
    for line in lines:
        text = line.strip().strip("\u200e\u200f\ufeff")
        named = _CONVERSATION.match(text)
        if named or _RULE.match(text):
            if named:
                conversation = f"{stem} {named['id']}"
            elif said and said[-1][0] == conversation:
                number += 1
                conversation = f"{stem} {number}"
            continue
        start = _start(text, patterns)
        if start is not None:
            said.append((conversation, start, [start.text]))
        elif _DATED.match(text) and patterns is _TIMED:
            heard.left_out["event"] += 1  # "Anna joined the group"
        elif said and said[-1][0] == conversation:
            said[-1][2].append(text)
    _add(said, heard)
    return heard


def _add(said: Sequence[tuple[str, _Start, list[str]]], heard: Heard) -> None:
    roles = {name: role_of(name) for name in {start.name for _, start, _ in said}}
    day_first = _day_first([start for _, start, _ in said])
    for conversation, start, parts in said:
        body = "\n".join(part for part in parts if not _NOT_TEXT.match(part)).strip()
        if not body and any(_NOT_TEXT.match(part) for part in parts):
            heard.left_out["image"] += 1
            continue
        role = roles[start.name] or "user"
        plain_label = roles[start.name] is not None and len(start.name) <= 12 and not start.date
        heard.add(
            Message(
                conversation_id(conversation), role, body, time=_time(start, day_first is not False), name="" if plain_label else start.name
            )
        )
    if heard.messages and all(message.role == "user" for message in heard.messages) and len(roles) > 1:
        heard.notes.append(say("chats.roles_unknown"))
    if day_first is not None:
        heard.notes.append(say("chats.day_first" if day_first else "chats.month_first"))


def _style(lines: Sequence[str]) -> tuple[re.Pattern[str], ...] | None:
    """The patterns that fit most lines; None when the text is no conversation."""
    if not lines:
        return None
    timed = sum(any(pattern.match(line) for pattern in _TIMED) for line in lines)
    if timed >= max(MIN_LINES, 0.2 * len(lines)):
        return _TIMED
    above = [next((found["name"] for pattern in _ABOVE if (found := pattern.match(line))), None) for line in lines]
    names = Counter(name for name in above if name)
    if (
        names.total() >= MIN_LINES
        and names.total() >= 0.15 * len(lines)
        and above[0]
        and above[-1] is None
        and len(names) <= max(2, 0.6 * names.total())
    ):
        return _ABOVE
    spoken = Counter(found["name"].strip() for line in lines if (found := _SPOKEN.match(line)))
    known = {name for name in spoken if role_of(name) is not None}
    if len(known) >= MIN_LINES and sum(spoken[name] for name in known) >= max(MIN_LINES, MIN_SPOKEN_SHARE * _own_lines(lines)):
        return (_SPOKEN,) if len(spoken) <= MAX_SPEAKERS else (_only(known),)
    return None


def _own_lines(lines: Iterable[str]) -> int:
    return sum(not _RULE.match(line) and not _CONVERSATION.match(line) for line in lines)


def _only(names: Iterable[str]) -> re.Pattern[str]:
    """Lines of the known speakers alone, in a text where many lines hold a colon."""
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"^(?P<name>{known})\s*[:：]\s*(?P<text>.*)$")


def _start(line: str, patterns: Sequence[re.Pattern[str]]) -> _Start | None:
    for pattern in patterns:
        found = pattern.match(line)
        if found:
            parts = found.groupdict()
            return _Start(parts["name"].strip(" -–—|"), parts["text"], parts.get("date") or "", parts.get("clock") or "")
    return None


def _day_first(starts: Sequence[_Start]) -> bool | None:
    """Whether dates like 02/01/2026 begin with the day; None when there are none."""
    parts = [re.split(r"[-/.]", start.date) for start in starts if start.date and not re.match(r"\d{4}", start.date)]
    if not parts:
        return None
    first, second = max(int(part[0]) for part in parts), max(int(part[1]) for part in parts)
    if (first > 12) != (second > 12):
        return first > 12
    return not any(re.search(r"[AaPp]\.?[Mm]", start.clock) for start in starts)


def _time(start: _Start, day_first: bool) -> str:
    """As "2026-01-02 10:00:00" in the zone of the writer; empty where a date does not exist."""
    numbers = [int(part) for part in re.findall(r"\d+", start.date)]
    if len(numbers) != 3:
        return ""
    if len(re.findall(r"\d+", start.date)[0]) == 4:
        year, month, day = numbers
    else:
        year = numbers[2] + 2000 * (numbers[2] < 100)
        day, month = (numbers[0], numbers[1]) if day_first else (numbers[1], numbers[0])
    hour, minute, second = (*(int(part) for part in re.findall(r"\d+", start.clock)), 0)[:3]
    if re.search(r"[Pp]\.?[Mm]|下午|晚上", start.clock) and hour < 12:
        hour += 12
    elif re.search(r"[Aa]\.?[Mm]|凌晨", start.clock) and hour == 12:
        hour = 0
    try:
        return str(datetime(year, month, day, hour, minute, second))
    except ValueError:
        return ""
