"""Days in a question: 上周, last month, Q1, 5月1号到7号, since Jan 1, past 30 days -> first and last day, both included.

"Today" is the last day of the data. Weeks begin as the settings say; "last week" is the calendar week before this one, "the last 7 days"
end today. A month or quarter without a year is the latest that has begun. "Since" leaves the end open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from productloop.apps.behaviour._ask_day_rules import RULES, TO_DATE, Calendar, Span
from productloop.apps.behaviour._ask_text import Sentence, search, search_all


@dataclass(frozen=True, slots=True)
class Days:
    """The range a question names; None = open."""

    since: str | None = None
    until: str | None = None
    compared: str | None = None
    """The unit of two periods that are set side by side: this month against last month is both, by month."""


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    start: int
    end: int


def find_days(sentence: Sentence, calendar: Calendar) -> Days:
    """The range named in what is not yet understood, which is then taken; open on both sides when none is named."""
    for pattern, unit in TO_DATE:
        match = sentence.find(pattern)
        if match is not None:
            sentence.take(match.start(), match.end())
            return Days(since=calendar.span(unit, 0)[0].isoformat())
    found = _all(sentence, calendar)
    if not found:
        return Days()
    side_by_side = _compared(sentence, found, calendar)
    if side_by_side is not None:
        return side_by_side
    pair = _range_of_two(sentence, found)
    if pair is not None:
        return pair
    return _single(sentence, found[0], calendar)


def _all(sentence: Sentence, calendar: Calendar) -> list[_Found]:
    found: list[_Found] = []
    text = sentence.free
    for pattern, rule in RULES:
        for match in search_all(pattern, text):
            if match.end() == match.start() or any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            span = rule(match, calendar)
            if span is not None:
                found.append(_whole_week(_Found(span, match.start(), match.end()), text, calendar))
    return sorted(found, key=lambda entry: entry.start)


def _whole_week(found: _Found, text: str, calendar: Calendar) -> _Found:
    """The week of a day: "the week of May 11", 5月11日那周."""
    ahead = search(r"\b(?:the )?week (?:of|starting|beginning|commencing)(?: on)?(?: the)? $", text[: found.start])
    behind = re.match(r"(?:那|当|这|所在的?)一?个?(?:周|星期)", text[found.end :])
    if found.span[0] != found.span[1] or (ahead is None and behind is None):
        return found
    first = found.span[0] - timedelta((found.span[0].weekday() - calendar.week_start) % 7)
    start = ahead.start() if ahead is not None else found.start
    return _Found((first, first + timedelta(6)), start, found.end + (behind.end() if behind is not None else 0))


_AGAINST = re.compile(
    r"vs\b|versus|compar|\bthan\b|against|\brelative to\b|\bor\b|比|较|对比|相比|跟|和|与|还是|环比|\bover\b|\bdown from\b|\bup from\b"
)
_SET_AGAINST = r"比(?!例|率)|相差|差(?:多少|异|别|距)|\bcompar\w*|\bdifferen\w*|\bbetter\b|\bmore\b|\bchanged?\b"
_LENGTHS = {1: "day", 7: "week", 28: "month", 29: "month", 30: "month", 31: "month"}


def _compared(sentence: Sentence, found: list[_Found], calendar: Calendar) -> Days | None:
    """Two days, weeks or months that follow each other and are set against each other: both, in steps of one; else None."""
    if len(found) == 1:
        return _with_before(sentence, found[0], calendar)
    if len(found) != 2 or not _AGAINST.search(sentence.free):
        return None
    first, second = sorted(found, key=lambda entry: entry.span)
    whole = first.span[1] + timedelta(1) == second.span[0]
    unit = _LENGTHS.get((first.span[1] - first.span[0]).days + 1)
    if not whole or unit is None or calendar.span(unit, _back(calendar, unit, first.span[0]))[0] != first.span[0]:
        return None
    if unit != "day" and second.span[1] != calendar.today and _LENGTHS.get((second.span[1] - second.span[0]).days + 1) != unit:
        return None
    between = sentence.free[found[0].end : found[1].start]
    joined = between.strip() in ("and", "和", "与", "跟", "or", "、", ",")
    if (not joined and not _AGAINST.search(between)) or (joined and not search(_SET_AGAINST, sentence.free)):
        return None
    for entry in found:
        sentence.take(entry.start, entry.end)
    match = sentence.find(r"\b(?:compared (?:to|with)|vs\.?|versus|against|relative to)(?= )")
    if match is not None:
        sentence.take(match.start(), match.end())
    return Days(first.span[0].isoformat(), second.span[1].isoformat(), unit)


def _with_before(sentence: Sentence, found: _Found, calendar: Calendar) -> Days | None:
    """Only the earlier period is named, "compared to last month", 环比上月: that one and the one that runs."""
    before = search(
        r"(?:环比|相比|对比|比(?!例|率)|较|\bcompared (?:to|with)|\bvs\.?|\bversus|\bagainst|\bthan|\brelative to)\s*(?:in |the )?$",
        sentence.free[: found.start],
    )
    unit = _LENGTHS.get((found.span[1] - found.span[0]).days + 1)
    if before is None or unit is None or calendar.span(unit, 1) != found.span:
        return None
    return _taken(sentence, before.start(), found.end, Days(found.span[0].isoformat(), calendar.today.isoformat(), unit))


def _back(calendar: Calendar, unit: str, day: date) -> int:
    """How many units before this one a day lies."""
    if unit == "month":
        return (calendar.today.year - day.year) * 12 + calendar.today.month - day.month
    start = calendar.span(unit, 0)[0]
    return -((day - start).days // (7 if unit == "week" else 1))


_TO = re.compile(r"^\s*(?:到|至|~|-|–|—|to|through|thru|until|till|and|and end(?:ing)?|和|与|or|或|\.\.)\s*(?:the )?$")


def _range_of_two(sentence: Sentence, found: list[_Found]) -> Days | None:
    for left, right in pairwise(found):
        if not _TO.match(sentence.free[left.end : right.start]):
            continue
        between = sentence.free[left.end : right.start].strip()
        if search(r"\bbetween\s+(?:the )?$", sentence.free[: left.start]):
            between = "to"
        since, until = left.span[0], right.span[1]
        if between in ("and", "和", "与", "or", "或") and right.span[0] != left.span[1] + timedelta(1):
            continue
        if since > until:
            since = since.replace(year=since.year - 1)
        return _taken(sentence, left.start, right.end, Days(since.isoformat(), until.isoformat()))
    left = found[0]
    later = re.match(r"\s*(?:到|至|-|~|to|through)\s*(\d{1,2})[日号]?(?!\d|[月:.])", sentence.free[left.end :])
    if later is not None and left.span[0] == left.span[1] and int(later.group(1)) >= left.span[0].day:
        until = left.span[0].replace(day=min(int(later.group(1)), 28) if int(later.group(1)) > 31 else int(later.group(1)))
        return _taken(sentence, left.start, left.end + later.end(), Days(left.span[0].isoformat(), until.isoformat()))
    return None


def _single(sentence: Sentence, found: _Found, calendar: Calendar) -> Days:
    before, after = sentence.free[: found.start], sentence.free[found.end :]
    since, until = found.span
    begins = search(r"(?:\bsince|\bstarting(?: from| in| on)?|\bfrom|\bas of|从|自从?|自|so far in)\s*(?:the )?$", before)
    onwards = re.match(_ONWARDS, after)
    if onwards is not None and since == until == calendar.today:
        return _taken(sentence, found.start, found.end + onwards.end(), Days(since.isoformat(), until.isoformat()))
    then = sentence.find(_SINCE_THEN)
    if (
        onwards is not None
        or then is not None
        or (begins is not None and not _is_range(sentence.free[found.start : found.end]) and not re.match(r"\s*(?:注册|sign up)", after))
    ):
        start = begins.start() if begins is not None else found.start
        first = since + timedelta(4) if (until.day, since.day) == (20, 11) else since  # "since mid May"
        days = _taken(sentence, start, found.end + (onwards.end() if onwards else 0), Days(since=first.isoformat()))
        if then is not None:
            sentence.take(then.start(), then.end())
        return days
    behind = search(r"\bafter\s*(?:the )?$", before)
    if behind is not None:
        return _taken(sentence, behind.start(), found.end, Days(since=(until + timedelta(1)).isoformat()))
    closes = search(r"(?:\b(?:up )?until|\btill|\bup to|\bthrough|\bno later than|\bnot later than|截至|截止到?|到)\s*(?:the )?$", before)
    if closes is not None:
        return _taken(sentence, closes.start(), found.end, Days(until=until.isoformat()))
    ahead = search(r"\b(?:before|prior to|earlier than)\s*(?:the )?$", before)
    prior = re.match(r"\s*(?:之前|以前)", after)
    if ahead is not None or prior is not None:
        start = ahead.start() if ahead is not None else found.start
        end = found.end + (prior.end() if prior is not None else 0)
        ends = until if since.day == 21 and until > since else since - timedelta(1)  # 5月底之前
        return _taken(sentence, start, end, Days(until=ends.isoformat()))
    return _taken(sentence, found.start, found.end, Days(since.isoformat(), until.isoformat()))


def _is_range(text: str) -> bool:
    """Whether the words name both ends: "from 3 to 9 May"."""
    return search(r"\d ?[-–~] ?\d{1,2}(?: |月)|\bto\b|\bthrough\b|\band\b|[到至]", text) is not None


_UP_TO_NOW = r"(?:至今|到现在|到今天|到今日|到目前(?:为止)?|截至目前|截止目前|到目前为止)"
_BEGAN = r"(?:那天|当天|上线|开始|发布|活动|预售|开卖|开学|开服|开业|开放|改版|更新|推出|涨价|降价|促销|[的了])"
_ONWARDS = (
    rf"\s*(?:以来|以后|之后|起(?![飞来])|开始|{_UP_TO_NOW}|[^，。,？?\d]{{1,9}}(?:起|以来|至今)(?=[，,。？?]|$)|{_BEGAN}{{1,4}}(?:以来|以后|之后|后|起(?![飞来])|{_UP_TO_NOW})"
    r"|onwards?\b|on\b(?! (?:the |our )?"
    r"(?:ios|android|web|pc|h5|mobile|desktop|iphone))|and later\b|(?:till|until|up to|to) now\b|so far\b|to date\b|thus far\b)"
)
"""Words behind a day that leave the end open."""
_SINCE_THEN = (
    r"(?:从|自)?那(?:天|时|时候|会儿|一天)(?:起|到现在|至今|以来|开始|之后|以后)"
    r"|\bsince then\b|\bfrom (?:then|that day|there) on\w*\b|\bever since\b"
)
"""A day named before, taken up again."""


def _taken(sentence: Sentence, start: int, end: int, days: Days) -> Days:
    sentence.take(start, end)
    return days
