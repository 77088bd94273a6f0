"""Notes of interviews and research: Markdown, Word and PDF, and plain text that says it is an interview. One paragraph or answer a row.

A file is one conversation. Headings become the column "section"; they are not put before the texts, because a heading is often the
interviewer's question, and what staff say is no need. "Q:", "问：", "Interviewer:", "主持人：" begin what staff say, "A:", "答：",
"Participant:", "用户：" what a user says; a paragraph without such a word belongs to whoever spoke last, or answers the question where a file
marks questions only. Author and date come from lines like "Participant: Anna" at the top or from a file name like "Interview 3 – Anna, 2026-05-02".
Lines of a PDF are joined to paragraphs: a line that ends well before the margin ends its paragraph, a hyphen at the end of a line goes,
Chinese is joined without blanks, and what repeats at the top or bottom of most pages (titles, page numbers) is left away.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from productloop.foundation.errors import DataProblem, excerpt
from productloop.foundation.wording import say
from productloop.loop.sources import spreadsheet, transcripts
from productloop.loop.sources.chats import conversation_id
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.notes_wording import NO_TEXT_IN_NOTES, NOTES_PASSWORD, OLD_WORD
from productloop.loop.sources.records import RawTable, Reader, ReadOptions
from productloop.loop.sources.speakers import is_greeting, role_of, status_of
from productloop.loop.sources.wording import BROKEN_FILE, EMPTY_FILE
from productloop.text.cleaning import strip_html, tidy_whitespace

if TYPE_CHECKING:
    import duckdb

MARKDOWN = (".md", ".markdown")
MAX_LABEL_CHARACTERS = 16
MAX_FACT_CHARACTERS = 30
NUM_FACT_BLOCKS = 8
"""Facts such as the participant's name stand among the first blocks."""
REPEATED_PAGES_SHARE = 0.6
SHORT_LINE_SHARE, FULL_LINE_SHARE = 0.7, 0.88
"""A line of a PDF shorter than this share of the widest ends its paragraph, since a wrapped line is nearly full; the second share where the
line ends a sentence."""
MIN_WIDTH = 32
"""Columns (a Chinese character takes two); where all lines are shorter, each is a paragraph."""

_SPEAKER = re.compile(rf"^(?P<name>[^:：\n。，,.!?！？]{{1,{MAX_LABEL_CHARACTERS}}}?)\s*[:：]\s*(?P<text>.*)$", re.DOTALL)
_QUESTION = re.compile(r"^(?:q|question|问|提问|问题)\s*\d*$", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:a|answer|答|回答)\s*\d*$", re.IGNORECASE)
_DATE_LABEL = re.compile(r"^(?:访谈)?(?:日期|时间)$|^(?:interview )?date$", re.IGNORECASE)
_NAME_LABEL = re.compile(
    r"^(?:姓名|受访者|受访人|访谈对象|被访者|被访人|参与者|用户|name|participant|interviewee|respondent|user|customer)$", re.IGNORECASE
)
_FACT_LABEL = re.compile(
    r"^(?:地点|时长|公司|职位|职务|年龄|城市|访谈者|访谈人|访谈员|主持人|记录人|记录|整理人|方式|location|duration|company|job|job title|role|age|city"
    r"|interviewer"
    r"|moderator|facilitator|note ?taker|notes by|method|length)$",
    re.IGNORECASE,
)
_INTERVIEW = re.compile(r"访谈|采访|座谈|焦点小组|回访|interview|focus group|usability|user (?:test|call|research)", re.IGNORECASE)
_ABOUT_NOTES = re.compile(r"访谈|采访|座谈|笔记|纪要|记录|调研|\b(?:interviews?|notes|transcript|minutes|research)\b", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(20\d{2})[-_./年]?(\d{1,2})[-_./月]?(\d{1,2})日?(?!\d)")
_NAME_EN = re.compile(r"[A-Z][a-z'’]+(?: [A-Z][a-z'’.]*){0,2}")
_NAME_ZH = re.compile(r"[\u4e00-\u9fff]{2,4}")
_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
_BULLET = re.compile(r"^\s*(?:[-*+•·●○▪◦–]|\d{1,2}[.)、]|[（(]\d{1,2}[)）])\s+(?=\S)")
_SENTENCE_END = re.compile(r"[。！？.!?…:：;；”\"』」]$")
_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:/|of)\s*\d{1,4})?$|^第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?$", re.IGNORECASE
)

_COMPATIBLE = re.compile("[\u2f00-\u2fd5\ufb00-\ufb06]")
_RADICALS = str.maketrans(
    "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "民虎西见角贝车長长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
"""CJK radicals that have no compatibility mapping: EquivalentUnifiedIdeograph.txt of the Unicode Character Database."""

Kind = Literal["heading", "text"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, or a paragraph, list entry or row of a table."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What becomes a row. `role` is None where nobody is named."""

    text: str
    section: str = ""
    role: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about the talk: who and when."""

    author: str = ""
    time: str = ""
    is_interview: bool = False


def matches(path: Path, head: bytes) -> bool:
    """Markdown, Word and PDF; plain text whose name says that it holds notes."""
    suffix = path.suffix.lower()
    if head.startswith(b"%PDF") or suffix in (".docx", ".doc"):
        return True
    text = decode_head(head) if suffix in (*MARKDOWN, ".txt") else None
    if text is None or transcripts.is_timed(text):
        return False
    return suffix in MARKDOWN or _is_prose(text, path.stem)


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table of paragraphs. Raises DataProblem: a scan, a password, an old Word file, empty, broken."""
    with path.open("rb") as file:
        head = file.read(8)
    encoding = "utf-8"
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        if head.startswith(b"%PDF"):
            blocks = pdf_blocks(_pdf_pages(path))
        elif head.startswith(b"PK"):
            blocks = _word_blocks(path)
        elif path.suffix.lower() in (".docx", ".doc"):
            raise _no_word_file(path, head)
        else:
            plain = to_utf8(path, folder, options.encoding)
            encoding = plain.encoding
            text = plain.path.read_text(encoding="utf-8-sig")
            blocks = list(markdown_blocks(text)) if path.suffix.lower() in MARKDOWN else pdf_blocks([text])
        paragraphs, about = understand(blocks, path.stem)
        if not paragraphs:
            raise DataProblem(NO_TEXT_IN_NOTES if head.startswith((b"%PDF", b"PK")) else EMPTY_FILE, path=path.name)
        return [_table(connection, paragraphs, about, path, folder, encoding, options)]


READER = Reader("notes", (".md", ".markdown", ".docx", ".pdf"), matches, read)


def _table(
    connection: duckdb.DuckDBPyConnection,
    paragraphs: Sequence[Paragraph],
    about: About,
    path: Path,
    folder: Path,
    encoding: str,
    options: ReadOptions,
) -> RawTable:
    conversation, channel = conversation_id(path.stem), "interview" if about.is_interview else "notes"
    header = ("conversation", "time", "author name", "role", "section", "text", "channel", "status")
    rows: list[list[str | None]] = [
        [
            conversation,
            about.time or None,
            None if paragraph.role == "staff" else about.author or None,
            paragraph.role,
            paragraph.section or None,
            paragraph.text,
            channel,
            status_of(paragraph.role or "", paragraph.text),
        ]
        for paragraph in paragraphs
    ]
    kept = [index for index in range(len(header)) if any(row[index] for row in rows)]
    cut = ([row[index] for index in kept] for row in rows)
    relation, width = land(connection, enumerate(cut, 1), len(kept), folder, path)
    found = Found(path, width, tuple(header[index] for index in kept), 1, encoding)
    found.notes.append(say("notes.rows", count=len(rows)))
    return finish(connection, relation, found, options)


def _is_prose(text: str, stem: str) -> bool:
    """Questions with answers, or paragraphs under a name that says notes; one text a line is a table of texts."""
    lines = [line.strip() for line in text.splitlines()]
    roles = Counter(_role(line) for line in lines)
    asked = sum(_QUESTION.match(found["name"]) is not None for line in lines if (found := _SPEAKER.match(line)))
    if asked >= 2 and roles["user"] >= 2:
        return True
    blank = sum(not line for line in lines[1:-1])
    marked = roles["staff"] + roles["user"]
    return _ABOUT_NOTES.search(stem) is not None and (marked >= 2 or (blank >= 2 and 3 * blank >= len(lines) - blank))


# --- paragraphs ------------------------------------------------------------------------------------------------------------------------


def understand(blocks: Iterable[Block], stem: str) -> tuple[list[Paragraph], About]:
    """Paragraphs with section and speaker, and who and when, from blocks in order and the file's name without its suffix."""
    given = list(blocks)
    about, facts = _about(given, stem)
    answers = any(_role(block.text) == "user" for block in given if block.kind == "text")
    section, role = "", None
    paragraphs = []
    for number, block in enumerate(given):
        if number in facts:
            continue
        marked = _role(block.text)
        if block.kind == "heading":
            asks = marked == "staff" or block.text.endswith(("?", "？"))
            section, role = block.text, "user" if asks else None  # what stands below a question answers it
            continue
        text = block.text
        if marked is not None:
            role, text = marked, _SPEAKER.sub(r"\g<text>", text).strip()
        elif role == "staff" and not answers:
            role = "user"
        if text:
            paragraphs.append(Paragraph(text, section, role))
    return paragraphs, replace(about, is_interview=about.is_interview or any(paragraph.role for paragraph in paragraphs))


def _role(text: str) -> str | None:
    """Who speaks, by the words before a colon."""
    found = _SPEAKER.match(text)
    if found is None:
        return None
    name = found["name"].strip(" *_")
    if _QUESTION.match(name):
        return "staff"
    if _ANSWER.match(name):
        return "user"
    return None if name.isdigit() else role_of(name)


def _about(blocks: Sequence[Block], stem: str) -> tuple[About, set[int]]:
    """Who and when, and which blocks say nothing else."""
    author, time = _author_in(stem), _date_in(stem)
    facts = set()
    for number, block in enumerate(blocks[:NUM_FACT_BLOCKS]):
        if block.kind == "heading":
            continue
        found = _SPEAKER.match(block.text)
        if found is None or len(found["text"]) > MAX_FACT_CHARACTERS or _SENTENCE_END.search(found["text"]):
            break  # the talk has begun
        label, value = found["name"].strip(" *_"), found["text"].strip(" *_")
        if _DATE_LABEL.match(label) and _date_in(value):
            time = _date_in(value)
        elif _NAME_LABEL.match(label) and _looks_name(value):
            author = value
        elif not _FACT_LABEL.match(label) or (role_of(label) == "staff" and not _looks_name(value)):
            break
        facts.add(number)
    is_interview = _INTERVIEW.search(stem) is not None or any(
        block.kind == "heading" and _INTERVIEW.search(block.text) for block in blocks[:2]
    )
    return About(author, time, is_interview), facts


def _looks_name(value: str) -> bool:
    return not is_greeting(value) and bool(
        _NAME_EN.fullmatch(value) or _NAME_ZH.fullmatch(value) or re.fullmatch(r"[A-Za-z]{0,12}[ -]?\d{1,4}", value)
    )


def _author_in(stem: str) -> str:
    """The only part of an interview's file name that looks like a person's name."""
    if not _INTERVIEW.search(stem):
        return ""
    rest = _DATE.sub(" ", stem)
    parts = [part.strip() for part in re.split(r"[–—_,，()（）\[\]【】、+]|\s-\s|-|\s{2,}", rest)]
    parts = [re.sub(r"\s*\d+$", "", part) for part in parts if part and not _ABOUT_NOTES.search(part)]
    names = [part for part in parts if _NAME_EN.fullmatch(part) or _NAME_ZH.fullmatch(part)]
    return names[0] if len(names) == 1 else ""


def _date_in(text: str) -> str:
    found = _DATE.search(text)
    if found is None:
        return ""
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""


# --- Markdown --------------------------------------------------------------------------------------------------------------------------


def markdown_blocks(text: str) -> Iterator[Block]:
    """Blocks of Markdown: CommonMark's headings, lists, quotes and tables; code and comments are left out."""
    text = re.sub(r"\A---\n(.*?)\n---\n", r"\1\n\n", text, flags=re.DOTALL)
    text = re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    lines: list[str] = []
    for line in (*text.splitlines(), ""):
        bare = line.strip()
        heading = re.match(r"^#{1,6}\s+(.*?)\s*#*$", bare)
        rule = re.fullmatch(r"(?:[-*_=]\s*){3,}|\|?[\s:|-]*-{2,}[\s:|-]*", bare)
        begins = _BULLET.match(line) or bare.startswith("|") or _role(_plain(bare)) is not None or _is_fact(bare)
        if lines and (not bare or heading or rule or begins):
            yield Block("text", join_lines(lines))
            lines = []
        if heading:
            yield Block("heading", _plain(heading[1]))
        elif bare and not rule:
            lines.append(_plain(_BULLET.sub("", line).strip()))
            lines = [each for each in lines if each]


def _is_fact(line: str) -> bool:
    found = _SPEAKER.match(_plain(line))
    return found is not None and any(pattern.match(found["name"].strip()) for pattern in (_DATE_LABEL, _NAME_LABEL, _FACT_LABEL))


def _plain(text: str) -> str:
    """A line of Markdown without its marks."""
    text = re.sub(r"^(?:>\s*)+", "", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*{1,3}|_{2,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    if text.startswith("|"):
        text = " / ".join(cell.strip() for cell in text.strip("|").split("|") if cell.strip())
    text = re.sub(r"^\[[ xX]\]\s+", "", text)
    return tidy_whitespace(strip_html(text))


# --- Word ------------------------------------------------------------------------------------------------------------------------------


def _word_blocks(path: Path) -> list[Block]:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        document = Document(str(path))
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(error, 80)) from None
    blocks = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                cells = list(dict.fromkeys(tidy_whitespace(cell.text) for cell in row.cells))
                blocks.append(Block("text", " / ".join(cell for cell in cells if cell)))
            continue
        style = (part.style.name or "").lower() if part.style is not None else ""
        heading = style.startswith(("heading", "title", "subtitle", "标题"))
        texts = [part.text] if heading else part.text.split("\n")
        blocks += [Block("heading" if heading else "text", tidy_whitespace(text)) for text in texts]
    return [block for block in blocks if block.text]


def _no_word_file(path: Path, head: bytes) -> DataProblem:
    if not head.startswith(spreadsheet.OLE) and path.suffix.lower() != ".doc":
        return DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(path.suffix))
    with path.open("rb") as file:
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1 << 20)
    return DataProblem(NOTES_PASSWORD if encrypted else OLD_WORD, path=path.name)


# --- PDF -------------------------------------------------------------------------------------------------------------------------------


def _pdf_pages(path: Path) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DataProblem(NOTES_PASSWORD, path=path.name)
        pages = [page.extract_text() for page in reader.pages]
    except FileNotDecryptedError:
        raise DataProblem(NOTES_PASSWORD, path=path.name) from None
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(error, 80)) from None
    if not any(re.search(r"\w", page) for page in pages):
        raise DataProblem(NO_TEXT_IN_NOTES, path=path.name)
    return [plain_characters(page) for page in pages]


def plain_characters(text: str) -> str:
    """Characters as people type them: PDF writers that share one glyph for 月 and its radical often give the radical, and ligatures."""
    text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return text.translate(_RADICALS)


def pdf_blocks(pages: Sequence[str]) -> list[Block]:
    """Paragraphs from the lines of the pages."""
    paragraphs: list[list[str]] = [[]]
    lines = _without_page_furniture([[line.strip() for line in page.splitlines()] for page in pages])
    width = sorted(map(display_width, lines))[int(0.95 * (len(lines) - 1))] if lines else 0
    for line in lines:
        begins = _BULLET.match(line) is not None or _role(line) is not None or _is_fact(line)
        last = paragraphs[-1][-1] if paragraphs[-1] else ""
        full = FULL_LINE_SHARE if _SENTENCE_END.search(last) else SHORT_LINE_SHARE
        short = bool(last) and (width < MIN_WIDTH or display_width(last) < full * width)
        if not line or begins or short:
            paragraphs.append([])
        if line:
            paragraphs[-1].append(_BULLET.sub("", line))
    texts = [join_lines(paragraph) for paragraph in paragraphs if paragraph]
    return [Block("heading" if _is_heading(text, after) else "text", text) for text, after in zip(texts, [*texts[1:], ""], strict=True)]


def _is_heading(text: str, after: str) -> bool:
    """A short line without an end of a sentence above something longer."""
    if _SENTENCE_END.search(text) or _role(text) is not None or _is_fact(text):
        return False
    return display_width(text) <= 40 and display_width(after) >= 2 * display_width(text) and _role(after) != "user"


def _without_page_furniture(pages: Sequence[list[str]]) -> list[str]:
    """All lines without page numbers and without what stands first or last on most pages."""
    edges = [{re.sub(r"\d+", "#", line) for line in _edges(page)} for page in pages]
    counts = Counter(line for edge in edges for line in edge)
    repeated = {line for line, count in counts.items() if len(pages) >= 3 and count >= REPEATED_PAGES_SHARE * len(pages)}
    lines: list[str] = []
    for page in pages:
        ends = set(_edges(page))
        kept = [line for line in page if not (line in ends and (re.sub(r"\d+", "#", line) in repeated or _PAGE_NUMBER.match(line)))]
        while kept and not kept[-1]:
            kept.pop()
        lines += kept[next((number for number, line in enumerate(kept) if line), len(kept)) :]
    return lines


def _edges(page: Sequence[str]) -> list[str]:
    filled = [line for line in page if line]
    return [*filled[:1], *filled[-1:]]


def display_width(text: str) -> int:
    """Columns that a text takes: a Chinese character two, others one."""
    return len(text) + len(re.findall(f"[{_HAN}]", text))


def join_lines(lines: Iterable[str]) -> str:
    """One paragraph of wrapped lines: hyphens at a line's end go, Chinese is joined without blanks."""
    text = ""
    for line in lines:
        if re.search(r"[a-zà-ÿ]-$", text) and re.match(r"[a-zà-ÿ]", line):
            text = text[:-1] + line
        elif text and re.search(f"[{_HAN}]$", text) and re.match(f"[{_HAN}]", line):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text
