"""Reviews copied from a web page: some lines for each (a name, stars, a date, the words), blocks set apart by blank lines.

A file is one of these when most blocks hold a line that is a date and nothing else, or a line of stars. Lines are told by what they are,
not by their place, since pages leave out what is missing: a date, a rating, a version, "评分：5" and the like; of the lines left over a
short first one is the name, the others are the words. From a line that says 回复 or "Developer response" on the words are the answer.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from productloop.foundation.wording import say
from productloop.loop.sources.conversion import AMBIGUOUS_FORMATS, TIME_FORMATS
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.records import RawTable, Reader, ReadOptions

if TYPE_CHECKING:
    import duckdb

MIN_BLOCKS, MIN_SHARE, MAX_LINES = 3, 0.8, 30
MAX_NAME = 30
"""A longer first line is no name."""
COLUMNS = ("用户昵称", "评分", "评论时间", "应用版本", "评论内容", "回复内容")
_NAME, _RATING, _TIME, _VERSION, _WORDS, _REPLY = range(len(COLUMNS))
_DATES = tuple(pattern for name, pattern in TIME_FORMATS if name not in (*AMBIGUOUS_FORMATS, "month", "compact_date", "compact_time"))
_STARS = re.compile(r"[★⭐☆️\s]{1,20}|[1-5](?:\.0)?\s*(?:星|颗星|分|stars?|/\s*5)|(?:一|二|三|四|五)星(?:好评|中评|差评)?", re.IGNORECASE)
_LABEL = re.compile(
    r"(?P<label>用户昵称|昵称|用户名?|作者|评分|星级|(?:评论|评价|发表)?(?:时间|日期)|应用版本|版本号?|评论内容|内容|机型|设备|"
    r"user|author|rating|stars|date|time|version|review)\s*[:：]\s*(?P<value>.*)",
    re.IGNORECASE,
)
_VERSION_LINE = re.compile(r"(?:应用)?(?:版本|version)?\s*[vV]?\d+(?:\.\d+){1,3}", re.IGNORECASE)
_ANSWER = re.compile(r"(?:开发者|官方|商家|客服)?(?:的)?回复|developer response|response from", re.IGNORECASE)
_TARGETS = (
    (re.compile("昵称|用户|作者|user|author", re.IGNORECASE), _NAME),
    (re.compile("评分|星级|rating|stars", re.IGNORECASE), _RATING),
    (re.compile("时间|日期|date|time", re.IGNORECASE), _TIME),
    (re.compile("版本|version", re.IGNORECASE), _VERSION),
)


def matches(path: Path, head: bytes) -> bool:
    """A text file of blocks, most of which hold a date or stars in a line of their own."""
    if path.suffix.lower() not in READER.suffixes:
        return False
    text = decode_head(head)
    found = [] if text is None else list(blocks(text))[:200]
    if len(found) < MIN_BLOCKS or any(len(block) > MAX_LINES for block in found):
        return False
    several = [block for block in found if len(block) > 1]
    told = sum(any(_told(line) for line in block) for block in several)
    return len(several) >= MIN_SHARE * len(found) and told >= MIN_SHARE * len(several)


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table, one row a block. Raises DataProblem for an unknown encoding."""
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        plain = to_utf8(path, folder, options.encoding)
        found_blocks = list(blocks(plain.path.read_text(encoding="utf-8-sig")))
        named = 2 * sum(_name_first(block) and row_of(block)[_WORDS] is not None for block in found_blocks) > len(found_blocks)
        rows = [row_of(block, name_first=named and _name_first(block)) for block in found_blocks]
        relation, width = land(connection, enumerate(rows, 1), len(COLUMNS), folder, path)
        found = Found(path, width, COLUMNS, 1, plain.encoding)
        found.notes.append(say("source.pasted", count=len(rows)))
        return [finish(connection, relation, found, options)]


READER = Reader("pasted", (".txt", ".text", ""), matches, read)


def blocks(text: str) -> Iterator[list[str]]:
    """Lines of each block, without blanks at their ends."""
    block: list[str] = []
    for line in (*text.splitlines(), ""):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


def row_of(block: list[str], *, name_first: bool = False) -> list[str | None]:
    """The cells of one block in the order of `COLUMNS`; `name_first` when the page has a name above each, so that a lone line is one."""
    row: list[str | None] = [None] * len(COLUMNS)
    left: list[str] = []
    answer: list[str] | None = None
    for line in block:
        if answer is None and left and _ANSWER.match(line):
            answer = [re.sub(rf"^(?:{_ANSWER.pattern})\s*[:：]?\s*", "", line, flags=re.IGNORECASE)]
        elif answer is not None:
            if not _is_date(line):
                answer.append(line)
        else:
            _place(line, row, left)
    if row[_NAME] is None and left and (len(left) > 1 or name_first) and _may_be_name(left[0]):
        row[_NAME] = left.pop(0)
    row[_RATING], row[_TIME], row[_VERSION] = _stars(row[_RATING]), _iso(row[_TIME]), _bare(row[_VERSION])
    row[_WORDS] = "\n".join(left) or None
    row[_REPLY] = "\n".join(part for part in answer or () if part) or None
    return row


def _may_be_name(line: str) -> bool:
    return len(line) <= MAX_NAME and re.search(r"[。！？!?，,；;]", line) is None


def _name_first(block: list[str]) -> bool:
    """Whether a block begins with what may be a name, above its stars or date."""
    return len(block) > 1 and _may_be_name(block[0]) and not _told(block[0]) and _told(block[1])


def _stars(line: str | None) -> str | None:
    """★★★★☆, 4星, 四星 -> 4; anything else as it is."""
    if line is None:
        return None
    signs = sum(line.count(sign) for sign in "★⭐")
    word = next((number for number, sign in enumerate("一二三四五", 1) if line.startswith(sign)), None)
    digit = re.match(r"\d+(?:\.\d+)?", line)
    return str(signs or word or (digit.group() if digit else line))


def _iso(line: str | None) -> str | None:
    """2026年3月4日 -> 2026-3-4, since one page may mix its forms; a date that does not begin with its year stays."""
    numbers = re.findall(r"\d+", line or "")
    if line is None or not re.match(r"\d{4}", line) or not 3 <= len(numbers) <= 6:
        return line
    return f"{numbers[0]}-{int(numbers[1]):02d}-{int(numbers[2]):02d}" + (" " + ":".join(numbers[3:]) if len(numbers) > 4 else "")


def _bare(version: str | None) -> str | None:
    return (version and re.sub(r"^\D*", "", version)) or version


def _place(line: str, row: list[str | None], left: list[str]) -> None:
    """Put a line where it belongs; what is nothing else goes to the words."""
    label = _LABEL.fullmatch(line)
    if label is not None:
        target = next((index for pattern, index in _TARGETS if pattern.search(label["label"])), None)
        if target is not None and row[target] is None:
            row[target] = label["value"].strip() or None
            return
        if target is None and label["label"] not in ("机型", "设备"):
            left.append(label["value"].strip())
            return
    for index, told in ((_TIME, _is_date(line)), (_RATING, _STARS.fullmatch(line)), (_VERSION, _VERSION_LINE.fullmatch(line))):
        if told and row[index] is None:
            row[index] = line
            return
    left.append(line)


def _told(line: str) -> bool:
    """Whether a line is a date or stars, with or without a label before it."""
    if _is_date(line) or _STARS.fullmatch(line) is not None:
        return True
    label = _LABEL.fullmatch(line)
    return label is not None and any(pattern.search(label["label"]) for pattern, target in _TARGETS if target in (_RATING, _TIME))


def _is_date(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in _DATES)
