"""Days in a question: 上周, last month, Q1, 5月1号到7号, since Jan 1, past 30 days -> first and last day, both included.

"Today" is the last day of the data. Weeks begin as the settings say; "last week" is the calendar week before this one, "the last 7 days"
end today. A month or quarter without a year is the latest that has begun. "Since" leaves the end open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from productloop.apps.behaviour._ask_text import EN_NUMBER, ZH_NUMBER, Sentence, number_of, search, search_all

Span = tuple[date, date]
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_EN_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_VERBS = ("may", "march", "mar", "sep", "dec")
_NAMES_A_MONTH = re.compile(
    r"^$|(?:\b(?:in|since|from|for|of|during|by|until|before|after|through|to|and|last|this|vs|late|early|mid|until|till)|[-,(])\s*$"
)
"""What stands before "may" or "march" when it is the month."""
_IS_A_MONTH = r"^ (?:cohorts?|sign|numbers|figures|users|sales|orders|revenue|release|campaign|installs|data|(?:\w+ )?cohorts?)\b"
_HOLIDAYS = {"双十一": ((11, 11), (11, 11)), "双11": ((11, 11), (11, 11)), "双十二": ((12, 12), (12, 12)), "618": ((6, 18), (6, 18)),
             "国庆": ((10, 1), (10, 7)), "五一": ((5, 1), (5, 5)), "元旦": ((1, 1), (1, 1))}  # fmt: skip
_ZH_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY_WORDS = {
    "今天": 0,
    "今日": 0,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
    "today": 0,
    "yesterday": 1,
    "the day before yesterday": 2,
    "the day before": 2,
    "前一天": 2,
    "大前天": 3,
}
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter", "年": "year"}


@dataclass(frozen=True, slots=True)
class Days:
    """The range a question names; None = open."""

    since: str | None = None
    until: str | None = None
    compared: str | None = None
    """The unit of two periods that are set side by side: this month against last month is both, by month."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today, and the weekday on which weeks begin (0 = Monday)."""

    today: date
    week_start: int = 0

    def span(self, unit: str, back: int) -> Span:
        """The day, week, month, quarter or year so many before this one."""
        today = self.today
        if unit == "day":
            return today - timedelta(back), today - timedelta(back)
        if unit == "week":
            first = today - timedelta((today.weekday() - self.week_start) % 7 + 7 * back)
            return first, first + timedelta(6)
        if unit == "month":
            return _months(today.year * 12 + today.month - 1 - back, 1)
        if unit == "quarter":
            return _months((today.year * 4 + (today.month - 1) // 3 - back) * 3, 3)
        return date(today.year - back, 1, 1), date(today.year - back, 12, 31)

    def latest(self, months: Callable[[int], Span], year: str | None) -> Span:
        """A part of the year named, or of the latest year in which it has begun."""
        if year is not None:
            return months(_year(year, self.today))
        this = months(self.today.year)
        return this if this[0] <= self.today else months(self.today.year - 1)

    def past(self, count: float, unit: str) -> Span:
        """The last so many days, weeks, months, quarters or years, ending today."""
        if unit in ("day", "week"):
            return self.today - timedelta(round(count * (7 if unit == "week" else 1)) - 1), self.today
        months = {"month": count, "quarter": 3 * count, "year": 12 * count}[unit]
        if months < 1:
            return self.today - timedelta(14), self.today
        place = self.today.year * 12 + self.today.month - 1 - round(months)
        last = _months(place, 1)[1].day
        return date(place // 12, place % 12 + 1, min(self.today.day, last)) + timedelta(1), self.today


def _months(place: int, count: int) -> Span:
    end = place + count
    return date(place // 12, place % 12 + 1, 1), date(end // 12, end % 12 + 1, 1) - timedelta(1)


def _year(word: str, today: date) -> int:
    relative = {"今年": 0, "去年": 1, "前年": 2, "this year": 0, "last year": 1, "本年": 0}
    return today.year - relative[word] if word in relative else int(word) + (2000 if len(word) == 2 else 0)


Rule = tuple[str, Callable[[re.Match[str], Calendar], Span | None]]


def _zh_day(match: re.Match[str], calendar: Calendar) -> Span | None:
    year, month, day = match.group("y"), round(number_of(match.group("m"))), match.group("d")

    def at(found: int) -> Span:
        whole = _months(found * 12 + month - 1, 1)
        if day is None:
            return whole
        exact = whole[0].replace(day=min(round(number_of(day)), whole[1].day))
        return exact, exact

    return calendar.latest(at, year)


def _en_day(match: re.Match[str], calendar: Calendar) -> Span | None:
    found = match.groupdict()
    month = next(place for place, name in enumerate(_MONTHS) if name.startswith(found["m"][:3]))
    day = found.get("d")
    if found["m"] == "may" and search(r"^ (?:i|we|you|be|not|have)\b", match.string[match.end() :]):
        return None
    if (
        found["m"] in _VERBS
        and day is None
        and found.get("y") is None
        and not (_NAMES_A_MONTH.search(match.string[: match.start()]) or search(_IS_A_MONTH, match.string[match.end() :]))
    ):
        return None

    def at(year: int) -> Span:
        whole = _months(year * 12 + month, 1)
        if day is None:
            return whole
        exact = whole[0].replace(day=min(int(day), whole[1].day))
        return exact, exact

    return calendar.latest(at, found.get("y"))


def _iso(match: re.Match[str], calendar: Calendar) -> Span | None:
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or month is None or not 1 <= month <= 12:
        return None
    whole = _months(year * 12 + month - 1, 1)
    if day is None:
        return whole
    exact = whole[0].replace(day=min(max(day, 1), whole[1].day))
    return exact, exact


_PARTS = {
    "first": (1, 14),
    "second": (15, 31),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "上半月": (1, 15),
    "下半月": (16, 31),
    "初": (1, 10),
    "底": (21, 31),
}


def _part_of_month(match: re.Match[str], calendar: Calendar) -> Span | None:
    word = match.group("m")
    english = word[:3].isascii() and word[0].isalpha()
    month = next(p for p, name in enumerate(_MONTHS) if name.startswith(word[:3])) if english else round(number_of(word)) - 1
    first, last = _PARTS[match.group("h")]

    def at(year: int) -> Span:
        whole = _months(year * 12 + month, 1)
        return whole[0].replace(day=first), whole[0].replace(day=min(last, whole[1].day))

    return calendar.latest(at, match.group("y"))


def _week_of_month(match: re.Match[str], calendar: Calendar) -> Span | None:
    """Days 1 to 7, 8 to 14 and so on of a month; the last seven for the last week."""
    word, half = match.group("m"), match.group("h")
    month = (
        next((p for p, name in enumerate(_MONTHS) if name.startswith(word[:3])), -1)
        if word[0].isalpha() and word.isascii()
        else round(number_of(word)) - 1
    )
    place = {"first": 0, "second": 1, "third": 2, "fourth": 3, "第一": 0, "第二": 1, "第三": 2, "第四": 3}.get(half)

    def at(year: int) -> Span:
        whole = _months(year * 12 + month, 1)
        first = whole[1] - timedelta(6) if place is None else whole[0] + timedelta(7 * place)
        return first, first + timedelta(6)

    return calendar.latest(at, match.group("y"))


def _half(match: re.Match[str], calendar: Calendar) -> Span | None:
    second = match.group("h") in ("下", "2", "second")
    return calendar.latest(lambda year: _months(year * 12 + 6 * second, 6), match.group("y"))


def _relative(match: re.Match[str], calendar: Calendar) -> Span | None:
    back = {"本": 0, "这": 0, "当": 0, "今": 0, "上": 1, "上上": 2, "去": 1, "前": 2}[match.group("w")]
    span = calendar.span(_UNITS[match.group("u")], back)
    return span if back else (span[0], calendar.today)


def _en_relative(match: re.Match[str], calendar: Calendar) -> Span | None:
    back = {"this": 0, "current": 0, "last": 1, "previous": 1, "prior": 1}[match.group("w")]
    span = calendar.span(match.group("u"), back)
    return span if back else (span[0], calendar.today)


def _past(match: re.Match[str], calendar: Calendar) -> Span | None:
    unit = match.group("u")
    count = number_of(match.group("n")) if match.group("n") else 1.0
    return calendar.past(count, _UNITS.get(unit, unit))


def _fixed(match: re.Match[str], calendar: Calendar) -> Span | None:
    return calendar.span("day", _DAY_WORDS[match.group()])


def _holiday(match: re.Match[str], calendar: Calendar) -> Span | None:
    (month, first), (_, last) = _HOLIDAYS[match.group("h")]
    return calendar.latest(lambda year: (date(year, month, first), date(year, month, last)), match.group("y"))


_ZH_YEAR = r"(?:(?P<y>20\d\d|\d\d(?=年)|今年|去年|前年|本年)年?的?)?"
_EN_YEAR = r"(?:(?:,? ?| of )(?P<y>20\d\d|(?:this|last) year))?"
RULES: tuple[Rule, ...] = (
    (
        rf"\b(?:the )?(?P<h>first|second|third|fourth|last) week (?:of|in) (?P<m>{_EN_MONTH})\b" + _EN_YEAR,
        lambda m, c: _week_of_month(m, c),
    ),
    (_ZH_YEAR + rf"(?<![\d.])(?P<m>{_ZH_MONTH})月(?:份)?(?:的)?(?P<h>第[一二三四]|最后一)(?:个)?周", lambda m, c: _week_of_month(m, c)),
    (rf"\b(?P<h>first|second) half of (?P<m>{_EN_MONTH})\b" + _EN_YEAR, lambda m, c: _part_of_month(m, c)),
    (
        _ZH_YEAR + rf"(?<![\d.])(?P<m>{_ZH_MONTH})月(?:份)?(?:的)?(?P<h>上旬|中旬|下旬|上半月|下半月|初|底)",
        lambda m, c: _part_of_month(m, c),
    ),
    (r"(20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d.])", _iso),
    (
        _ZH_YEAR
        + rf"(?<![\d.])(?P<m>{_ZH_MONTH})月(?!一个?点)(?:份)?(?:(?P<d>\d{{1,2}}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?",
        _zh_day,
    ),
    (rf"\b(?P<m>{_EN_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)" + _EN_YEAR, _en_day),
    (rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_EN_MONTH})\b" + _EN_YEAR, _en_day),
    (rf"\b(?P<m>{_EN_MONTH})\b" + _EN_YEAR, _en_day),
    (_ZH_YEAR + r"(?:第(?P<q>[一二三四1-4])季度?|(?P<q2>[一二三四])季度)", lambda m, c: _quarter_zh(m, c)),
    (_ZH_YEAR + r"\bq(?P<q>[1-4])(?!\d)(?:,? ?(?P<y2>20\d\d|(?:this|last) year))?", lambda m, c: _quarter_en(m, c)),
    (r"\b(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter" + _EN_YEAR, lambda m, c: _quarter_word(m, c)),
    (_ZH_YEAR + r"(?P<h>[上下])半年", _half),
    (r"\b(?:the )?(?P<h>first|second) half(?: of)?(?: the year)?" + _EN_YEAR, _half),
    (r"\bh(?P<h>[12])\b" + _EN_YEAR, _half),
    (rf"(?:最近|过去|近|这)(?:的)?(?P<n>{ZH_NUMBER})(?:个)?(?P<u>天|日|周|星期|礼拜|月|季度|年)(?:内|里|以来|来)?(?!前)", _past),
    (r"(?P<w>上上|上|本|这|当|今|去|前)(?:一)?(?:个)?(?P<u>周|星期|礼拜|月|季度|年)(?!\d)", _relative),
    (rf"\b(?:the )?(?:last|past|previous|trailing|latest) (?P<n>{EN_NUMBER})(?: of)?[ -](?P<u>day|week|month|quarter|year)s?\b", _past),
    (
        r"\bthe past (?P<n>)(?P<u>day|week|month|quarter|year)\b|\bpast (?P<n2>)(?P<u2>week|month|quarter|year)\b",
        lambda m, c: _past_one(m, c),
    ),
    (r"\b(?:the )?(?:last|past|previous) fortnight\b", lambda m, c: c.past(2, "week")),
    (r"\b(?:the )?(?:last|past|previous) half[- ]?(?:a )?year\b", lambda m, c: c.past(6, "month")),
    (
        r"(?:\b(?:last|past|previous) |最近|过去|近)(?P<n>24|48|72) ?(?:hours|小时|个小时)",
        lambda m, c: c.past(int(m.group("n")) / 24, "day"),
    ),
    (r"\b(?P<w>this|current|last|previous|prior) (?P<u>week|month|quarter|year)\b", _en_relative),
    (r"\b(?:in|during|for|year|throughout) (20\d\d)\b()()", lambda m, c: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (r"(20\d\d)年(?:全年)?", lambda m, c: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (_ZH_YEAR + "(?P<h>" + "|".join(_HOLIDAYS) + ")(?:期间|当天|假期|大促|那天|黄金周)?(?!\\d)", _holiday),
    (
        r"the day before yesterday|the day before$|the day before(?=\?)|大前天|前一天(?=.{0,4}比)|yesterday|today|今天|今日|昨天|昨日|前天",
        _fixed,
    ),
)
TO_DATE = (
    (r"(?:本周|这周|周初|周一)(?:以来|至今|到现在)|\bweek to date\b|\bwtd\b|\bso far this week\b", "week"),
    (
        r"今?年初(?:到现在|至今|以来)|今年以来|今年到现在|\byear to date\b|\bytd\b|\bso far this year\b|\bsince the (?:start|beginning) of the year\b",
        "year",
    ),
    (r"月初(?:到现在|至今|以来)|本月(?:以来|至今|到现在)|\bmonth to date\b|\bmtd\b|\bso far this month\b", "month"),
    (r"(?:本)?季度?(?:初)?(?:以来|至今|到现在)|\bquarter to date\b|\bqtd\b|\bso far this quarter\b", "quarter"),
)


def _quarter_zh(match: re.Match[str], calendar: Calendar) -> Span | None:
    number = round(number_of(match.group("q") or match.group("q2")))
    return calendar.latest(lambda year: _months(year * 12 + 3 * number - 3, 3), match.group("y"))


def _quarter_en(match: re.Match[str], calendar: Calendar) -> Span | None:
    number = int(match.group("q"))
    return calendar.latest(lambda year: _months(year * 12 + 3 * number - 3, 3), match.group("y") or match.group("y2"))


def _quarter_word(match: re.Match[str], calendar: Calendar) -> Span | None:
    number = {"f": 1, "s": 2, "t": 3, "1": 1, "2": 2, "3": 3, "4": 4}[match.group("q")[0]] if match.group("q") != "fourth" else 4
    return calendar.latest(lambda year: _months(year * 12 + 3 * number - 3, 3), match.group("y"))


def _past_one(match: re.Match[str], calendar: Calendar) -> Span | None:
    return calendar.past(1.0, match.group("u") or match.group("u2"))


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
                found.append(_Found(span, match.start(), match.end()))
    return sorted(found, key=lambda entry: entry.start)


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


_TO = re.compile(r"^\s*(?:到|至|~|-|–|—|to|through|thru|until|till|and|and end(?:ing)?|和|与)\s*(?:the )?$")


def _range_of_two(sentence: Sentence, found: list[_Found]) -> Days | None:
    for left, right in pairwise(found):
        if not _TO.match(sentence.free[left.end : right.start]):
            continue
        between = sentence.free[left.end : right.start].strip()
        if search(r"\bbetween\s+(?:the )?$", sentence.free[: left.start]):
            between = "to"
        since, until = left.span[0], right.span[1]
        if between in ("and", "和", "与") and right.span[0] != left.span[1] + timedelta(1):
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
    begins = search(r"(?:\bsince|\bstarting(?: from| in| on)?|\bfrom|\bas of|从|自从?|自)\s*(?:the )?$", before)
    onwards = re.match(
        r"\s*(?:以来|以后|之后|起|开始|至今|到现在|到今天|onwards?\b|on\b|and later\b|till now\b|until now\b|to now\b)", after
    )
    if onwards is not None and since == until == calendar.today:
        return _taken(sentence, found.start, found.end + onwards.end(), Days(since.isoformat(), until.isoformat()))
    if onwards is not None or (begins is not None and not re.match(r"\s*(?:注册|sign up)", after)):
        start = begins.start() if begins is not None else found.start
        return _taken(sentence, start, found.end + (onwards.end() if onwards else 0), Days(since=since.isoformat()))
    behind = search(r"\bafter\s*(?:the )?$", before)
    if behind is not None:
        return _taken(sentence, behind.start(), found.end, Days(since=(until + timedelta(1)).isoformat()))
    closes = search(r"(?:\buntil|\btill|\bup to|\bthrough|截至|截止到?|到)\s*(?:the )?$", before)
    if closes is not None:
        return _taken(sentence, closes.start(), found.end, Days(until=until.isoformat()))
    ahead = search(r"\bbefore\s*(?:the )?$", before)
    prior = re.match(r"\s*(?:之前|以前)", after)
    if ahead is not None or prior is not None:
        start = ahead.start() if ahead is not None else found.start
        end = found.end + (prior.end() if prior is not None else 0)
        return _taken(sentence, start, end, Days(until=(since - timedelta(1)).isoformat()))
    return _taken(sentence, found.start, found.end, Days(since.isoformat(), until.isoformat()))


def _taken(sentence: Sentence, start: int, end: int, days: Days) -> Days:
    sentence.take(start, end)
    return days
