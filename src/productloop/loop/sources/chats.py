"""Conversations with customers as the service desks export them: one row a message, with who spoke and in which conversation.

JSON (whole documents or one object a line)
    WeCom message archive   msgid, action, from, tolist, roomid, msgtime (ms), msgtype, text.content. Ids of outsiders begin with wm or wo,
                            those of robots with wb (developer.work.weixin.qq.com/document/path/91774); "revoke" takes a message back
    WeChat customer service sync_msg: open_kfid, external_userid, send_time (s), origin 3 customer, 4 system, 5 staff (document/path/94670)
    Zendesk                 tickets with comments: who is not the requester is staff, unless the users of the export say otherwise;
                            private comments are never read (developer.zendesk.com, Ticket Comments)
    Intercom                source and conversation_parts of a conversation; notes are never read (developers.intercom.com, Conversations)
Flat tables (CSV, XLSX, JSON; any reader has read them): `refine`
    Sobot                   senderType 0 visitor, 1 robot, 2 staff, or the Chinese words for them
    Intercom                message_body, message_author_type
Messages that hold no text (pictures, events) are left out and counted.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from productloop.foundation.errors import DataProblem, excerpt
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, say
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.notes_wording import NO_CONVERSATION
from productloop.loop.sources.records import RawTable, Reader, ReadOptions
from productloop.loop.sources.speakers import role_of, status_of
from productloop.loop.sources.wording import BROKEN_FILE
from productloop.text.cleaning import strip_html, tidy_whitespace

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. `author` is the system's own id of a person, `name` a name that a person goes by; `time` is text with its zone."""

    conversation: str
    role: str
    text: str
    id: str = ""
    title: str = ""
    time: str = ""
    author: str = ""
    name: str = ""
    channel: str = ""


COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "id"),
    ("conversation", "conversation"),
    ("time", "time"),
    ("author_id", "author"),
    ("author name", "name"),
    ("role", "role"),
    ("title", "title"),
    ("text", "text"),
    ("channel", "channel"),
)
"""(header, field of `Message`). A name becomes a pseudonym; an id can be joined with behaviour, and comes before a name."""


@dataclass(slots=True)
class Heard:
    """The messages of a file and what was left out, by kind."""

    messages: list[Message] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[Say] = field(default_factory=list)

    def add(self, message: Message) -> None:
        """Keep a message that says something."""
        text = tidy_whitespace(message.text)
        if text:
            self.messages.append(replace(message, text=text))
        else:
            self.left_out["empty"] += 1


def matches(path: Path, head: bytes) -> bool:
    """JSON whose names are those of one of the systems above."""
    text = (decode_head(head) or "").lstrip()
    return text.startswith(("{", "[")) and _system(text) is not None


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table of messages. Raises DataProblem: not JSON, no message with text in it."""
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        plain = to_utf8(path, folder, options.encoding)
        text = plain.path.read_text(encoding="utf-8-sig")
        heard = Heard()
        _SYSTEMS[_system(text) or ""][1](_documents(text, path), heard)
        return [table_of_messages(connection, heard, path, folder, plain.encoding, options)]


READER = Reader("chats", (".json", ".jsonl", ".ndjson"), matches, read)


def table_of_messages(
    connection: duckdb.DuckDBPyConnection, heard: Heard, path: Path, folder: Path, encoding: str, options: ReadOptions
) -> RawTable:
    """The messages as a raw table whose header the aliases of `feedback` understand; columns that hold nothing are left away."""
    if not heard.messages:
        raise DataProblem(NO_CONVERSATION, path=path.name, left_out=sum(heard.left_out.values()))
    columns = [(header, name) for header, name in COLUMNS if any(getattr(message, name) for message in heard.messages)]
    statuses = [status_of(message.role, message.text) for message in heard.messages]
    rows: list[list[str | None]] = [[getattr(message, name) or None for _, name in columns] for message in heard.messages]
    header = [each for each, _ in columns]
    if any(statuses):
        header.append("status")
        rows = [[*row, status] for row, status in zip(rows, statuses, strict=True)]
    relation, width = land(connection, enumerate(rows, 1), len(header), folder, path)
    found = Found(path, width, tuple(header), 1, encoding)
    found.notes += summary(heard, sum(status is not None for status in statuses))
    return finish(connection, relation, found, options)


def summary(heard: Heard, num_greetings: int) -> list[Say]:
    """What a person should know: who spoke how often, which lines do not count, what was left out."""
    roles = Counter(message.role for message in heard.messages)
    conversations = len({message.conversation for message in heard.messages})
    notes = [
        say(
            "chats.roles",
            conversations=conversations,
            user=roles["user"],
            staff=roles["staff"],
            robot=roles["robot"] + roles["system"],
        )
    ]
    if num_greetings:
        notes.append(say("chats.greetings", count=num_greetings))
    notes += [say(f"chats.left_out.{kind}", count=count) for kind, count in sorted(heard.left_out.items()) if kind in LEFT_OUT]
    others = sum(count for kind, count in heard.left_out.items() if kind not in LEFT_OUT)
    if others:
        kinds = sorted(kind for kind in heard.left_out if kind not in LEFT_OUT)
        notes.append(say("chats.left_out", count=others, kinds=excerpt(", ".join(kinds), 80)))
    return [*notes, *heard.notes]


LEFT_OUT = frozenset(["private", "recalled", "event", "empty"])
"""Kinds that have a sentence of their own; the others are named as the system names them (image, voice ...)."""


# --- JSON ------------------------------------------------------------------------------------------------------------------------------


def _system(text: str) -> str | None:
    return next((name for name, (names, _) in _SYSTEMS.items() if all(re.search(pattern, text) for pattern in names)), None)


def _documents(text: str, path: Path) -> list[Any]:
    """The whole document, or one object a line."""
    try:
        return [json.loads(text)]
    except RecursionError:
        raise DataProblem(BROKEN_FILE, path=path.name, detail="JSON") from None
    except json.JSONDecodeError as error:
        problem = error
    documents = []
    for line in text.splitlines():
        if line.strip():
            try:
                documents.append(json.loads(line))
            except (json.JSONDecodeError, RecursionError):
                raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(problem, 80)) from None
    return documents


def _records(documents: Iterable[Any], name: str) -> Iterator[Record]:
    """Every object that has the field `name`, in order, wherever it stands; what lies inside one is not searched."""
    for part in documents:
        if isinstance(part, dict):
            if name in part:
                yield part
            else:
                yield from _records(part.values(), name)
        elif isinstance(part, list):
            yield from _records(part, name)


def _wecom(documents: Sequence[Any], heard: Heard) -> None:
    records = list(_records(documents, "msgid"))
    recalled = {str(record["revoke"].get("pre_msgid", "")) for record in records if isinstance(record.get("revoke"), dict)}
    for record in records:
        kind = str(record.get("msgtype", ""))
        if record.get("action", "send") != "send" or kind == "revoke":
            heard.left_out["event"] += 1
        elif str(record["msgid"]) in recalled:
            heard.left_out["recalled"] += 1
        elif kind not in ("text", "mixed"):
            heard.left_out[kind or "event"] += 1
        else:
            sender = str(record.get("from", ""))
            receivers = [str(each) for each in record["tolist"]] if isinstance(record.get("tolist"), list) else []
            heard.add(
                Message(
                    conversation=str(record.get("roomid") or "") or conversation_id(sender, *receivers[:1]),
                    role="user" if sender.startswith(("wm", "wo")) else "robot" if sender.startswith("wb") else "staff",
                    text=_wecom_text(record),
                    id=str(record["msgid"]),
                    time=_instant(record.get("msgtime"), 1000),
                    author=sender,
                    channel="wecom",
                )
            )


def _content(value: object) -> str:
    """The words of a message's body, which some tools unwrap."""
    return str(value.get("content", "")) if isinstance(value, dict) else str(value or "")


def _dicts(value: object) -> list[Record]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _wecom_text(record: Record) -> str:
    if record.get("msgtype") == "text":
        return _content(record.get("text"))
    parts = []
    mixed = record.get("mixed")
    for item in _dicts(mixed.get("item") if isinstance(mixed, dict) else None):
        if item.get("type") == "text":
            content = item.get("content", "")
            try:
                parts.append(str(json.loads(content)["content"]))
            except (TypeError, KeyError, json.JSONDecodeError):
                parts.append(str(content))
    return "\n".join(parts)


def _wechat_service(documents: Sequence[Any], heard: Heard) -> None:
    roles = {"3": "user", "4": "system", "5": "staff"}
    for record in _records(documents, "msgid"):
        kind = str(record.get("msgtype", ""))
        if kind != "text":
            heard.left_out[kind or "event"] += 1
            continue
        role = roles.get(str(record.get("origin")), "system")
        customer = str(record.get("external_userid", ""))
        heard.add(
            Message(
                conversation=conversation_id(str(record.get("open_kfid", "")), customer),
                role=role,
                text=_content(record.get("text")),
                id=str(record["msgid"]),
                time=_instant(record.get("send_time"), 1),
                author=customer if role == "user" else str(record.get("servicer_userid", "") or ""),
                channel="wechat_service",
            )
        )


def _zendesk(documents: Sequence[Any], heard: Heard) -> None:
    roles: dict[str, str] = {
        str(user.get("id")): "user" if user["role"] == "end-user" else "staff"
        for document in documents
        for user in _dicts(document.get("users") if isinstance(document, dict) else None)
        if "role" in user
    }
    for ticket in _records(documents, "comments"):
        requester = _id_of(ticket, "requester")
        comments = _dicts(ticket["comments"])
        named = False
        for comment in comments:
            if comment.get("public") is False:
                heard.left_out["private"] += 1
                continue
            author = _id_of(comment, "author")
            role = "user" if author == requester else "system" if author in ("", "-1") else roles.get(author, "staff")
            body = comment.get("plain_body") or comment.get("body") or strip_html(str(comment.get("html_body") or ""))
            title = str(ticket.get("subject") or "") if role == "user" and not named else ""
            named = named or role == "user"
            via = comment.get("via") or ticket.get("via")
            channel = via.get("channel") if isinstance(via, dict) else via
            heard.add(
                Message(
                    conversation=str(ticket.get("id", "")) or conversation_id(requester, str(comments[0].get("created_at", ""))),
                    role=role,
                    text=str(body),
                    id=str(comment.get("id", "") or ""),
                    title=title,
                    time=str(comment.get("created_at", "") or ""),
                    author=author,
                    channel=str(channel or "zendesk"),
                )
            )


def _id_of(record: Record, name: str) -> str:
    """The id of a person who is named by id or stands nested."""
    nested = record.get(name)
    value = record.get(f"{name}_id", nested.get("id", "") if isinstance(nested, dict) else "")
    return "" if value is None else str(value)


def _intercom(documents: Sequence[Any], heard: Heard) -> None:
    for conversation in _records(documents, "conversation_parts"):
        parts = conversation["conversation_parts"]
        parts = _dicts(parts.get("conversation_parts") if isinstance(parts, dict) else parts)
        first = next(iter(_dicts([conversation.get("source"), conversation.get("conversation_message")])), {})
        number = str(conversation.get("id", ""))
        for part in (first, *parts):
            author = part["author"] if isinstance(part.get("author"), dict) else {}
            body = tidy_whitespace(strip_html(str(part.get("body") or "")))
            if part.get("part_type") == "note":
                heard.left_out["private"] += 1
            elif not body:
                heard.left_out["event"] += part is not first or not part.get("subject")
            else:
                kind = str(author.get("type", ""))
                heard.add(
                    Message(
                        conversation=number or conversation_id(str(first.get("id", ""))),
                        role=INTERCOM_ROLES.get(kind, "system"),
                        text=body,
                        id=str(part.get("id", "") or ""),
                        title=tidy_whitespace(strip_html(str(first.get("subject") or ""))) if part is first else "",
                        time=_instant(part.get("created_at") or (conversation.get("created_at") if part is first else None), 1),
                        author=str(author.get("id", "") or ""),
                        channel=str(first.get("type") or "intercom"),
                    )
                )


INTERCOM_ROLES = {"user": "user", "lead": "user", "contact": "user", "visitor": "user", "admin": "staff", "team": "staff", "bot": "robot"}

_SYSTEMS: dict[str, tuple[tuple[str, ...], Callable[[Sequence[Any], Heard], None]]] = {
    "wechat_service": (('"open_kfid"', '"msgid"', '"origin"'), _wechat_service),
    "wecom": (('"msgid"', '"msgtime"', '"msgtype"', '"tolist"'), _wecom),
    "intercom": (('"conversation_parts"\\s*:',), _intercom),
    "zendesk": (('"comments"\\s*:\\s*\\[\\s*\\{', '"(?:author_id|author)"\\s*:', '"(?:requester_id|requester)"\\s*:'), _zendesk),
}
"""System -> (patterns that all stand in its files, how its records become messages)."""


def conversation_id(*parts: str) -> str:
    """An id made of people's ids or a file's name that shows none of them."""
    return "c" + hashlib.sha256("\x1f".join(sorted(parts)).encode()).hexdigest()[:16]


def _instant(value: object, per_second: int) -> str:
    """Seconds or milliseconds since 1970, or a time already written, as text with its zone."""
    try:
        number = float(str(value)) / per_second
    except ValueError:
        return str(value) if value else ""
    try:
        return datetime.fromtimestamp(number, UTC).isoformat(timespec="seconds") if number > 0 else ""
    except (OverflowError, OSError, ValueError):
        return ""


# --- flat tables -----------------------------------------------------------------------------------------------------------------------

_FLAT: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "conversation": ("会话id", "会话编号", "会话", "cid", "sessionid", "conversationid"),
        "role": ("发送方", "发送者类型", "发送方类型", "发送人类型", "消息发送方", "sendertype"),
        "text": ("消息内容", "聊天内容", "message", "msg", "content", "消息"),
        "time": ("发送时间", "消息时间", "sendtime", "时间", "time", "t", "ts"),
        "author_id": ("访客id", "用户id", "客户id", "visitorid", "userid", "partnerid", "uid"),
        "author name": ("发送人", "发送者", "发送人名称", "发送者名称", "sendername", "sender"),
        "id": ("消息id", "msgid", "messageid"),
    },
    {
        "conversation": ("conversationid",),
        "role": ("messageauthortype",),
        "text": ("messagebody",),
        "time": ("messagecreatedat", "createdat", "messagetime"),
        "author_id": ("messageauthorid", "userid"),
        "author name": ("messageauthorname", "messageauthoremail"),
        "id": ("messageid",),
        "part": ("messagetype", "messageparttype", "parttype"),
    },
)
"""Column -> folded headers, for Sobot and for an exporter of Intercom."""
_NEEDED = ("conversation", "role", "text")


def refine(connection: duckdb.DuckDBPyConnection, raw: RawTable, options: ReadOptions) -> RawTable:
    """A flat export of messages with roles in words and texts without markup; every other table as it came."""
    folded = [fold_header(name) for name in raw.header]
    for names in _FLAT:
        at = {column: next((folded.index(name) for name in aliases if name in folded), None) for column, aliases in names.items()}
        if options.columns is None and raw.header_found and all(at[column] is not None for column in _NEEDED):
            return _refined(connection, raw, {column: index for column, index in at.items() if index is not None})
    return raw


def _refined(connection: duckdb.DuckDBPyConnection, raw: RawTable, at: dict[str, int]) -> RawTable:
    heard = Heard()
    rows: list[tuple[int, list[str | None]]] = []
    names = [name for name in ("id", "conversation", "time", "author_id", "author name") if name in at]
    others = [index for index in range(len(raw.header)) if index not in at.values()]
    of_customer = "author_id" in at and fold_header(raw.header[at["author_id"]]) != "messageauthorid"
    num_greetings = 0
    for line, *cells in connection.execute(f"SELECT * FROM {raw.relation} ORDER BY line").fetchall():
        text = tidy_whitespace(strip_html(cells[at["text"]] or ""))
        sender = str(cells[at["role"]] or "").strip()
        role = INTERCOM_ROLES.get(sender.lower()) or role_of(sender) or "system"
        if "part" in at and str(cells[at["part"]]).startswith("note"):
            heard.left_out["private"] += 1
        elif not text:
            heard.left_out["empty"] += 1
        else:
            status = status_of(role, text)
            num_greetings += status is not None
            if of_customer and role != "user":  # the column names the customer of the whole conversation
                cells[at["author_id"]] = None
            rows.append((line, [*(cells[at[name]] for name in names), role, text, status, *(cells[index] for index in others)]))
            heard.messages.append(Message(str(cells[at["conversation"]]), role, text))
    if not rows:
        raise DataProblem(NO_CONVERSATION, path=raw.path.name, left_out=sum(heard.left_out.values()))
    header = (*names, "role", "text", "status", *(raw.header[index] for index in others))
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        relation, _ = land(connection, rows, len(header), Path(name), raw.path)
    return replace(raw, relation=relation, header=header, num_rows=len(rows), notes=(*raw.notes, *summary(heard, num_greetings)))
