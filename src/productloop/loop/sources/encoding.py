"""Bytes to UTF-8: which encoding a text file has, and a UTF-8 copy where it has another.

DuckDB's parallel reader takes UTF-8 only, so UTF-8 files go in as they are and all others are transcoded in blocks of one megabyte.

Order of decisions: byte-order mark; zero bytes at one parity only -> UTF-16; valid UTF-8; UTF-8 with few broken bytes
(at least 20 whole multi-byte characters for each broken one); GB18030 when at least 90 % of the byte pairs lie in the two-byte region that
GB 2312-80 fills with characters in use; else Windows-1252 where its extra signs (80-9F) occur, else ISO 8859-1, which never fails.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from productloop.foundation.errors import DataProblem
from productloop.loop.sources.wording import UNKNOWN_ENCODING

BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_GB_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_WHOLE_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A UTF-8 file ready for a reader; `num_lines` counts line ends (and an unfinished last line), blank lines at the end left out."""

    path: Path
    encoding: str
    num_replaced: int
    num_lines: int
    num_quotes: int


@dataclass(slots=True)
class _Count:
    lines: int = 0
    quotes: int = 0
    size: int = 0
    returns: int = 0
    zeros: int = 0
    tail: bytes = b""

    def add(self, block: bytes) -> None:
        self.lines += block.count(b"\n")
        self.quotes += block.count(b'"')
        self.returns += block.count(b"\r")
        self.zeros += block.count(b"\0")
        self.size += len(block)
        self.tail = (self.tail + block)[-4096:]

    def num_lines(self) -> int:
        if self.lines == 0 and self.returns:  # old Macintosh line ends
            return self.returns + (not self.tail.endswith(b"\r"))
        stripped = self.tail.rstrip(b"\r\n")
        return self.lines - self.tail[len(stripped) :].count(b"\n") + (1 if stripped else 0)


def to_utf8(path: Path, folder: Path, declared: str | None = None) -> PlainText:
    """`path` itself when it is UTF-8, else a UTF-8 copy in `folder`. Raises DataProblem for an encoding that does not exist."""
    if declared is not None:
        try:
            "".encode(declared)  # refuses what is no encoding of texts, such as base64
            name = codecs.lookup(declared).name
        except (LookupError, ValueError):
            raise DataProblem(UNKNOWN_ENCODING, encoding=declared) from None
        if name != "utf-8":
            return _transcode(path, folder, name)
    with path.open("rb") as file:
        head = file.read(8192)
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None) or _utf16_without_mark(head)
    if marked and marked != "utf-8-sig":
        return _transcode(path, folder, marked)
    count, valid = _scan(path)
    if valid and not count.zeros:
        return PlainText(path, "utf-8", 0, count.num_lines(), count.quotes)
    if marked or valid or declared:
        return _transcode(path, folder, "utf-8-sig")
    return _transcode(path, folder, _guess(path))


def decode_head(head: bytes) -> str | None:
    """The first bytes of a file as text; None when they are no text in any encoding (zero bytes, many control characters)."""
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None) or _utf16_without_mark(head)
    if marked:
        return head.decode(marked, errors="replace")
    control = sum(head.count(byte) for byte in (*range(9), *range(14, 27), 28, 29, 30))
    if control > len(head) * 0.01:
        return None
    return head.decode("utf-8", errors="replace").lstrip("\ufeff")


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(2, 0.02 * len(head)) or min(even, odd) > 0.1 * max(even, odd):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2 - 2].decode(name, errors="replace")
    return name if "\n" in text and "\ufffd" not in text and "\0" not in text else None


def _scan(path: Path) -> tuple[_Count, bool]:
    count, valid = _Count(), True
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            count.add(block)
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
    if valid:
        try:
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            valid = False
    return count, valid


def _guess(path: Path) -> str:
    """Encoding of a file that is not valid UTF-8, from the first 256 kB of bytes above 127."""
    high: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while (block := file.read(BLOCK)) and size < BLOCK // 4:
            runs = _HIGH_RUN.findall(block)
            size += sum(map(len, runs))
            high.extend(runs)
    whole = broken = pairs = singles = 0
    windows = False
    for run in high:
        num_whole = len(_WHOLE_UTF8.findall(run))
        whole += num_whole
        broken += len(_WHOLE_UTF8.sub(b"", run)) > 0
        num_pairs = len(_GB_PAIR.findall(run))
        pairs += num_pairs
        singles += len(run) - 2 * num_pairs
        windows = windows or any(0x80 <= byte <= 0x9F for byte in run)
    if whole >= 20 * broken:
        return "utf-8-sig"
    if pairs >= 9 * singles or (pairs >= 4 * singles and pairs > 200):
        return "gb18030"
    return "cp1252" if windows else "latin-1"


def _transcode(path: Path, folder: Path, encoding: str) -> PlainText:
    target = folder / "utf8.txt"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    count, num_replaced = _Count(), 0
    with path.open("rb") as source, target.open("wb") as out:
        while True:
            block = source.read(BLOCK)
            text = decoder.decode(block, final=not block)
            num_replaced += text.count("\ufffd") + text.count("\0")
            if encoding.startswith("utf-8"):
                num_replaced -= block.count(b"\xef\xbf\xbd")
            data = text.replace("\0", "").encode("utf-8", errors="replace")
            count.add(data)
            out.write(data)
            if not block:
                break
    return PlainText(target, "utf-8" if encoding == "utf-8-sig" else encoding, max(0, num_replaced), count.num_lines(), count.quotes)
