"""What a customer's people said, what we promised them, what was shipped since, and what nobody answered.

A promise is a staff line that holds words of one ("we will", "by Friday", 会尽快, 下周), found by patterns: the page says "looks like a
promise" and shows the line, since only a reader can tell. Polite closings ("we will keep improving", 我们会继续努力) are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from productloop.apps.risk._case_who import Customer
from productloop.apps.risk._naming import Names
from productloop.apps.risk.case_types import Mentioned, Promise, Waiting
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.marks import changes_in, in_both
from productloop.loop.roles import ANSWERED, ROBOT_ROLES, STAFF_ROLES, folded
from productloop.loop.store import Store

NUM_QUOTES, NUM_TOPICS, NUM_PROMISES, NUM_WAITING, NUM_SHIPPED = 6, 6, 6, 10, 3
NEGATIVE_BELOW = -0.2
"""Sentiment of a point below which it is unhappy (-1 to 1)."""
NO_ANSWER_NEEDED = frozenset(["greeting", "deleted"])
_PROMISE = re.compile(
    r"我们会|我会(?:帮|为|给|跟|让|再)|会(?:尽快|尽早|第一时间|马上|立即|立刻)|(?:尽快|马上|立即|稍后|随后)(?:为|给|帮|安排|处理|解决|修复|"
    r"回复|联系|跟进|退|补)|(?:明天|后天|本周|下周|周[一二三四五六日天]|月底|下个?月|下个?版本?|新版本?|近期|年底)(?:[^，。！？]{0,12})"
    r"(?:会|修复|上线|解决|处理|回复|联系|到账|退|发布|更新|给您|完成)|(?:\d+|[一二两三五七十]+)\s*个?(?:小时|天|工作日|个工作日|周)(?:之?内|以内)|"
    r"(?:会|将)(?:跟进|反馈给|安排|修复|解决|退款|退还|补偿|补发|联系您|回电|优化|支持|上线|增加|改进)|承诺|保证(?!金)|预计"
    r"|\b(?:we|i|they|our \w+|the team)(?:'ll|’ll| will)(?! not\b)\b|\b(?:we|i)(?:'re|’re| are|'m|’m| am) going to\b"
    r"|\bwill be (?:fixed|released|refunded|shipped|available|resolved|sent|credited|added|live|back)\b|\bget back to you\b"
    r"|\bwithin (?:the next )?(?:\d+|an?|one|two|three|few|a few) (?:business |working )?(?:hours?|days?|weeks?)\b"
    r"|\b(?:by|before|on) (?:tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the end of)\b"
    r"|\b(?:next|coming) (?:week|month|release|version|update|sprint|build)\b|\b(?:promise|guarantee)\b|\bexpect(?:ed)? to (?:ship|release|fix|have)\b",
    re.IGNORECASE,
)
_NO_PROMISE = re.compile(
    r"不会|无法保证|不能保证|如(?:果|有)[^，。]{0,12}(?:随时|再)|继续努力|不断(?:努力|改进|优化|完善)|更好的(?:服务|体验)|一如既往|竭诚"
    r"|\b(?:won't|will not|cannot promise|can't promise|keep (?:improving|working hard|up)|do our best|strive|continue to improve|always be here)\b",
    re.IGNORECASE,
)
_DUE: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"今天|今日|今晚|\btoday\b|\btonight\b", re.IGNORECASE), 0),
    (re.compile(r"明天|明日|\btomorrow\b", re.IGNORECASE), 1),
    (re.compile(r"后天", re.IGNORECASE), 2),
    (re.compile(r"本周|这周|\bthis week\b|\bby the end of the week\b", re.IGNORECASE), 7),
    (re.compile(r"下周|\bnext week\b|\bcoming week\b", re.IGNORECASE), 14),
    (re.compile(r"月底|\bend of the month\b|\bthis month\b", re.IGNORECASE), 31),
    (re.compile(r"下个?月|\bnext month\b", re.IGNORECASE), 62),
)
"""Words that name a day -> the latest number of days it can mean."""
_WITHIN = re.compile(
    r"(\d+|[一二两三五七十])\s*个?(小时|天|工作日|周)(?:之?内|以内)|within (?:the next )?(\d+|an?|one|two|three) (?:business |working )?(hour|day|week)"
)
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "五": 5, "七": 7, "十": 10, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_UNITS = {"小时": 1 / 24, "天": 1.0, "工作日": 1.6, "周": 7.0, "hour": 1 / 24, "day": 1.6, "week": 7.0}
"""Days; a working day may reach over a weekend."""
_LATIN = re.compile(r"[a-z][a-z0-9'-]{3,}")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_COMMON = frozenset(
    [
        "with",
        "that",
        "this",
        "your",
        "have",
        "will",
        "from",
        "they",
        "been",
        "were",
        "please",
        "thanks",
        "thank",
        "team",
        "next",
        "week",
        "version",
        "release",
        "update",
        "fixed",
    ]
)
_COMMON_HAN = frozenset(
    ("我们", "您好", "你好", "尽快", "问题", "已经", "可以", "版本", "用户", "反馈", "处理", "解决", "修复", "一下", "现在", "更新", "支持")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a conversation or a review."""

    row_id: str
    text: str
    time: int | None
    author: int | None
    role: str
    conversation: str | None
    status: str

    @property
    def is_staff(self) -> bool:
        """Whether one of us wrote it."""
        return self.role in STAFF_ROLES


@dataclass(frozen=True, slots=True)
class Words:
    """Everything about the customer: `own` by its people, `all` with what stands in the same conversations, in order."""

    own: tuple[Row, ...]
    all: tuple[Row, ...]
    has_replies: bool
    has_statuses: bool


def read_words(store: Store, customer: Customer) -> Words:
    """Texts of its people and of their conversations, and whether the data say at all who answered."""
    query = """SELECT row_id, text, time, author, role, conversation, status FROM feedback
        WHERE author IN (SELECT unnest(?)) OR conversation IN (
            SELECT conversation FROM feedback WHERE author IN (SELECT unnest(?)) AND conversation IS NOT NULL)
        ORDER BY coalesce(time, 0), sequence, row_id"""
    rows = tuple(
        Row(str(row_id), str(text or ""), None if time is None else int(time), author, folded(role), conversation, folded(status))
        for row_id, text, time, author, role, conversation, status in store.rows(query, [customer.listed, customer.listed])
    )
    mine = set(customer.listed)
    own = tuple(row for row in rows if row.author in mine and not row.is_staff and row.role not in ROBOT_ROLES)
    replies = store.rows(
        "SELECT 1 FROM feedback WHERE lower(trim(role)) IN (SELECT unnest(?)) AND conversation IS NOT NULL LIMIT 1", [sorted(STAFF_ROLES)]
    )
    statuses = store.rows("SELECT 1 FROM feedback WHERE lower(trim(status)) IN (SELECT unnest(?)) LIMIT 1", [list(ANSWERED)])
    return Words(own, rows, bool(replies), bool(statuses))


def said(words: Words) -> tuple[str, ...]:
    """Row ids of the newest texts worth quoting."""
    told = [row for row in words.own if row.text.strip() and row.status != "greeting"]
    return tuple(row.row_id for row in reversed(told[-NUM_QUOTES:]))


def feelings(run: Run, store: Store, words: Words, names: Names) -> tuple[Figure | None, tuple[Mentioned, ...], frozenset[str]]:
    """(its unhappy texts, topics, row ids of nothing but praise); (None, (), ()) before `needs` was run."""
    ids = [row.row_id for row in words.own]
    points = store.rows("SELECT feedback, sentiment, topic, type FROM points WHERE feedback IN (SELECT unnest(?))", [ids])
    time = {row.row_id: row.time for row in words.own}
    felt: dict[str, list[float]] = {}
    kinds: dict[str, set[str]] = {}
    by_topic: dict[str, dict[str, list[float]]] = {}
    for row_id, sentiment, topic, kind in points:
        kinds.setdefault(row_id, set()).add(str(kind))
        if sentiment is not None:
            felt.setdefault(row_id, []).append(float(sentiment))
        if topic is not None:
            by_topic.setdefault(str(topic), {}).setdefault(row_id, []).append(0.0 if sentiment is None else float(sentiment))
    if not felt:
        return None, (), frozenset()
    num_unhappy = sum(min(values) < NEGATIVE_BELOW for values in felt.values())
    unhappy = run.figure("unhappy", num_unhappy, "texts", "risk.case.d.unhappy", n=len(felt))
    topics = []
    order = sorted(
        by_topic, key=lambda topic: (-sum(min(v) < NEGATIVE_BELOW for v in by_topic[topic].values()), -len(by_topic[topic]), topic)
    )
    for topic in order[:NUM_TOPICS]:
        rows = by_topic[topic]
        dated = [when for row_id in rows if (when := time.get(row_id)) is not None]
        bad = sum(min(values) < NEGATIVE_BELOW for values in rows.values())
        topics.append(
            Mentioned(
                topic=names.topic(topic),
                texts=run.figure(f"topic_{topic}", len(rows), "texts", "risk.case.d.topic"),
                unhappy=run.figure(f"topic_{topic}_unhappy", bad, "texts", "risk.case.d.topic_unhappy"),
                last=max(dated) if dated else None,
            )
        )
    praise = frozenset(row_id for row_id, found in kinds.items() if found == {"praise"})
    return unhappy, tuple(topics), praise


# promises ----------------------------------------------------------------------------------------------------------------


def looks_like_promise(text: str) -> bool:
    """Whether a staff line promises something, by its words; a sentence that declines or only closes politely does not."""
    sentences = re.split(r"[。！？!?\n;；]|(?<=[a-z)])\.(?:\s|$)", text)
    return any(_PROMISE.search(one) is not None and _NO_PROMISE.search(one) is None for one in sentences)


def due_days(text: str) -> float | None:
    """Days until the latest day that a promise can mean; None where it names none."""
    found = _WITHIN.search(text.lower())
    if found is not None:
        number, unit = (found.group(1), found.group(2)) if found.group(1) else (found.group(3), found.group(4))
        return (float(number) if number.isdigit() else float(_NUMBERS[number])) * _UNITS[unit]
    named = [days for pattern, days in _DUE if pattern.search(text)]
    return float(min(named)) if named else None


def promised(store: Store, words: Words, at: int) -> tuple[Promise, ...]:
    """Staff lines that look like promises, the newest first, with what was shipped since that shares words with them."""
    found = []
    talks: dict[str, list[Row]] = {}
    for row in words.all:
        if row.conversation is not None:
            talks.setdefault(row.conversation, []).append(row)
    for lines in talks.values():
        for place, line in enumerate(lines):
            if not line.is_staff or not looks_like_promise(line.text):
                continue
            days = due_days(line.text)
            due = None if days is None or line.time is None else line.time + int((days + 1) * DAY_US)
            later = any(other.is_staff and due is not None and (other.time or 0) >= (line.time or 0) for other in lines[place + 1 :])
            asked = [other.text for other in lines[:place] if not other.is_staff][-2:]
            shipped = _shipped(store, " ".join((*asked, line.text)), line.time, at)
            overdue = due is not None and due <= at and not later and not shipped
            found.append(Promise(row_id=line.row_id, at=line.time, due=due, overdue=overdue, shipped=shipped))
    found.sort(key=lambda one: (-(one.at or 0), one.row_id))
    return tuple(found[:NUM_PROMISES])


def _shipped(store: Store, text: str, since: int | None, at: int) -> tuple[tuple[int, Say | Text | str], ...]:
    """Changes of ours and documents after `since` whose title shares words with the text."""
    if since is None:
        return ()
    told = _content(text)
    own = [
        (change.time, change.title, change.version)
        for change in changes_in(store, since, at + 1)
        if change.kind not in ("competitor", "outage") and (change.title or change.version)
    ]
    pages = store.rows(
        "SELECT time, title FROM documents WHERE time >= ? AND time <= ? AND title IS NOT NULL ORDER BY time LIMIT 500", [since, at]
    )
    both = [(time, title, " ".join((title.zh, title.en)) if isinstance(title, Text) else title) for time, title, _ in own if title]
    both += [(int(time), in_both(str(title)), str(title)) for time, title in pages]
    return tuple((time, title) for time, title, plain in both if told & _content(plain))[:NUM_SHIPPED]


def _content(text: str) -> frozenset[str]:
    """Latin words of four letters and more and pairs of Chinese characters, without those that any reply holds."""
    lowered = text.lower()
    latin = {word.rstrip("s") for word in _LATIN.findall(lowered)} - _COMMON
    han = {run[place : place + 2] for run in _HAN_RUN.findall(lowered) for place in range(len(run) - 1)} - _COMMON_HAN
    return frozenset(latin | han)


# what was never answered -------------------------------------------------------------------------------------------------


def unanswered(run: Run, words: Words, praise: frozenset[str], at: int) -> tuple[Literal["yes", "no", "nothing_said"], list[Waiting]]:
    """Its texts with no reply of ours after them, the oldest first; one for each conversation. Praise and greetings wait for nothing."""
    asked = [row for row in words.own if row.text.strip() and row.status not in NO_ANSWER_NEEDED and row.row_id not in praise]
    if not words.own:
        return "nothing_said", []
    if not words.has_replies and not words.has_statuses:
        return "no", []
    last_reply: dict[str, int] = {}
    for place, row in enumerate(words.all):
        if row.is_staff and row.conversation is not None:
            last_reply[row.conversation] = place
    place_of = {row.row_id: place for place, row in enumerate(words.all)}
    waiting: dict[str, Waiting] = {}
    for row in asked:
        if row.status in ANSWERED or row.time is None:
            continue
        talk = row.conversation
        if talk is not None and words.has_replies:
            if last_reply.get(talk, -1) > place_of[row.row_id]:
                continue
        elif not words.has_statuses:
            continue
        days = run.figure(f"waiting_{row.row_id}", max(0, at - row.time) // DAY_US, "days", "risk.case.d.waiting")
        waiting[talk or row.row_id] = Waiting(row_id=row.row_id, at=row.time, days=days, in_conversation=talk is not None)
    return "yes", sorted(waiting.values(), key=lambda one: (one.at, one.row_id))
