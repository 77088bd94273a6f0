"""The ways to name a day or a period: 上周, Q1, 5月中旬, "the week of May 11", Black Friday, 2026-05-01 -> its first and last day.

Days of lunar holidays are those of the Hong Kong Observatory's conversion tables, 2023 to 2029.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from productloop.apps.behaviour._ask_text import EN_NUMBER, ZH_NUMBER, number_of, search

Span = tuple[date, date]
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_EN_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_VERBS = ("may", "march", "mar", "sep", "dec")
_NAMES_A_MONTH = re.compile(
    r"^$|(?:\b(?:in|since|from|for|of|during|by|until|before|after|through|to|and|or|over|between|with|against|versus|last|this|vs|late|early|mid|till|than)"
    r"|[-,(])\s*$"
)
"""What stands before "may" or "march" when it is the month."""
_IS_A_MONTH = (
    r"^ (?:(?:and|or|to|through|vs\.?|versus|until) (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"cohorts?|sign|numbers|figures|users|sales|orders|revenue|release|campaign|installs|data|(?:\w+ )?cohorts?)\b"
)
_HOLIDAYS = {"双十一": ((11, 11), (11, 11)), "双11": ((11, 11), (11, 11)), "双十二": ((12, 12), (12, 12)), "双12": ((12, 12), (12, 12)),
             "618": ((6, 18), (6, 18)), "国庆": ((10, 1), (10, 7)), "十一长假": ((10, 1), (10, 7)), "五一": ((5, 1), (5, 5)),
             "劳动节": ((5, 1), (5, 5)), "元旦": ((1, 1), (1, 1)), "圣诞节": ((12, 25), (12, 25)), "圣诞": ((12, 25), (12, 25)),
             "情人节": ((2, 14), (2, 14)), "儿童节": ((6, 1), (6, 1)), "妇女节": ((3, 8), (3, 8)), "平安夜": ((12, 24), (12, 24)),
             "christmas day": ((12, 25), (12, 25)), "christmas eve": ((12, 24), (12, 24)), "christmas": ((12, 25), (12, 25)),
             "singles' day": ((11, 11), (11, 11)), "singles day": ((11, 11), (11, 11)), "double eleven": ((11, 11), (11, 11)),
             "new year's day": ((1, 1), (1, 1)), "new year's eve": ((12, 31), (12, 31)), "valentine's day": ((2, 14), (2, 14)),
             "valentine s day": ((2, 14), (2, 14)), "halloween": ((10, 31), (10, 31)), "labour day": ((5, 1), (5, 5)),
             "national day": ((10, 1), (10, 7))}  # fmt: skip
_LUNAR = {
    "春节": ((2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13)),
    "端午": ((2023, 6, 22), (2024, 6, 10), (2025, 5, 31), (2026, 6, 19), (2027, 6, 9), (2028, 5, 28), (2029, 6, 16)),
    "中秋": ((2023, 9, 29), (2024, 9, 17), (2025, 10, 6), (2026, 9, 25), (2027, 9, 15), (2028, 10, 3), (2029, 9, 22)),
}
"""First days; the Spring Festival has a week."""
_LUNAR_WORDS = {"春节": "春节", "过年": "春节", "chinese new year": "春节", "lunar new year": "春节", "spring festival": "春节", "端午节": "端午",
                "端午": "端午", "dragon boat festival": "端午", "中秋节": "中秋", "中秋": "中秋", "mid-autumn festival": "中秋"}  # fmt: skip
_ZH_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY_WORDS = {
    "今天": 0,
    "今日": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "昨夜": 1,
    "今晚": 0,
    "今早": 0,
    "今晨": 0,
    "last night": 1,
    "this morning": 0,
    "tonight": 0,
    "前天": 2,
    "today": 0,
    "yesterday": 1,
    "the day before yesterday": 2,
    "the day before": 2,
    "前一天": 2,
    "大前天": 3,
}
_UNITS = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季度": "quarter",
    "季": "quarter",
    "年": "year",
}


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
    relative = {"今年": 0, "今": 0, "去年": 1, "前年": 2, "this year": 0, "last year": 1, "本年": 0}
    return today.year - relative[word] if word in relative else int(word.removesuffix("年")) + (2000 if len(word) == 2 else 0)


Rule = tuple[str, Callable[[re.Match[str], Calendar], Span | None]]


def _zh_day(match: re.Match[str], calendar: Calendar) -> Span | None:
    year, month, day = match.group("y"), round(number_of(match.group("m"))), match.group("d") or match.group("d2")

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
    (1, 10): ("early", "start of", "beginning of", "上旬", "初", "月初"),
    (11, 20): ("mid", "middle of", "中旬"),
    (21, 31): ("late", "end of", "下旬", "底", "末"),
    (1, 14): ("first half of",),
    (15, 31): ("second half of",),
    (1, 15): ("上半月", "前半月", "前半个月", "前半段"),
    (16, 31): ("下半月", "后半月", "后半个月", "后半段"),
}
_WEEKS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "第一": 0, "头一": 0, "首": 0, "第二": 1, "第三": 2, "第四": 3}
_MONTHS_BACK = {"this": 0, "last": 1, "previous": 1, "本": 0, "这": 0, "当": 0, "上": 1, "上上": 2}


def _named_month(match: re.Match[str], calendar: Calendar, cut: Callable[[Span], Span]) -> Span:
    """A part of the month that is named (`m`, `y`) or counted back from this one (`r`)."""
    back = match.groupdict().get("r")
    if back is not None:
        return cut(calendar.span("month", _MONTHS_BACK[back]))
    word = match.group("m")
    english = word[0].isalpha() and word.isascii()
    month = next(p for p, name in enumerate(_MONTHS) if name.startswith(word[:3])) if english else round(number_of(word)) - 1
    return calendar.latest(lambda year: cut(_months(year * 12 + month, 1)), match.group("y"))


def _part_of_month(match: re.Match[str], calendar: Calendar) -> Span | None:
    first, last = next(days for days, words in _PARTS.items() if match.group("h") in words)
    return _named_month(match, calendar, lambda whole: (whole[0].replace(day=first), whole[0].replace(day=min(last, whole[1].day))))


def _week_of_month(match: re.Match[str], calendar: Calendar) -> Span | None:
    """Days 1 to 7, 8 to 14 and so on of a month; the last seven for the last week."""
    place = _WEEKS.get(match.group("h"))

    def cut(whole: Span) -> Span:
        first = whole[1] - timedelta(6) if place is None else whole[0] + timedelta(7 * place)
        return first, first + timedelta(6)

    return _named_month(match, calendar, cut)


def _months_zh(match: re.Match[str], calendar: Calendar) -> Span | None:
    """3到5月, 三四月, 3、4月: whole months that follow each other."""
    first, last = round(number_of(match.group("a"))), round(number_of(match.group("b")))
    return calendar.latest(lambda year: _months(year * 12 + first - 1, last - first + 1), match.group("y")) if first < last <= 12 else None


def _days_en(match: re.Match[str], calendar: Calendar) -> Span | None:
    """1-7 May, "the 3rd to the 9th of May"."""
    month = next(place for place, name in enumerate(_MONTHS) if name.startswith(match.group("m")[:3]))
    first, last = int(match.group("a")), int(match.group("b"))

    def at(year: int) -> Span:
        whole = _months(year * 12 + month, 1)
        return whole[0].replace(day=min(first, whole[1].day)), whole[0].replace(day=min(last, whole[1].day))

    return calendar.latest(at, match.group("y")) if 1 <= first < last else None


def _with_slash(match: re.Match[str], calendar: Calendar) -> Span | None:
    """5/1 and 5/1/2026, month first; without a year only beside words of time, since 1/3 is also a share."""
    month, day, year = int(match.group("a")), int(match.group("b")), match.group("y")
    around = search(
        r"(?:\b(?:on|since|from|between|until|till|by|before|after|and|to|through)|[-~到至从自和])\s*$", match.string[: match.start()]
    )
    ahead = re.match(r"\s*(?:-|~|到|至|to\b|through\b|起|以来|之后|以后|之前|那天|当天)", match.string[match.end() :])
    if not 1 <= month <= 12 or not 1 <= day <= _months(2024 * 12 + month - 1, 1)[1].day or (year is None and not around and ahead is None):
        return None

    def at(found: int) -> Span:
        exact = date(found, month, min(day, _months(found * 12 + month - 1, 1)[1].day))
        return exact, exact

    return calendar.latest(at, year)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(match: re.Match[str], calendar: Calendar) -> Span | None:
    """上周三, "last Friday", 周五: that day of the week named, else the latest one."""
    found, word = match.groupdict(), match.group("d")
    if word in ("末", "weekend"):
        sunday = calendar.today - timedelta((calendar.today.weekday() + 1) % 7)
        back = {None: 0, "上": 1, "上上": 2}.get(found.get("w"), 0)
        monday = calendar.today - timedelta(calendar.today.weekday() + 7 * back)
        return (monday + timedelta(5), monday + timedelta(6)) if back else (sunday - timedelta(1), sunday)
    place = _WEEKDAYS.index(word) if word in _WEEKDAYS else "一二三四五六日天".index(word) % 7 if word != "天" else 6
    if found.get("w") is not None:
        monday = calendar.today - timedelta(calendar.today.weekday() + 7 * {"上上": 2, "上": 1}.get(found["w"], 0))
        return monday + timedelta(place), monday + timedelta(place)
    behind = (calendar.today.weekday() - place) % 7
    exact = calendar.today - timedelta(behind or (7 if word in _WEEKDAYS else 0))
    return exact, exact


def _ago(match: re.Match[str], calendar: Calendar) -> Span | None:
    unit = match.group("u")
    return calendar.span(_UNITS.get(unit, unit), round(number_of(match.group("n")) if match.group("n") else 2))


def _lunar(match: re.Match[str], calendar: Calendar) -> Span | None:
    name = _LUNAR_WORDS[match.group("h")]
    begun = [date(*day) for day in _LUNAR[name] if date(*day) <= calendar.today]
    year = None if match.group("y") is None else _year(match.group("y"), calendar.today)
    day = next((day for day in begun if day.year == year), None) if year is not None else (begun[-1] if begun else None)
    return None if day is None else (day, day + timedelta(6 if name == "春节" else 0))


def _black_friday(match: re.Match[str], calendar: Calendar) -> Span | None:
    """The day after the fourth Thursday of November; the Monday after it for Cyber Monday."""
    later = 3 if match.group("h").startswith("cyber") else 0

    def at(year: int) -> Span:
        first = date(year, 11, 1)
        day = first + timedelta((3 - first.weekday()) % 7 + 22 + later)
        return day, day

    return calendar.latest(at, match.group("y"))


def _half(match: re.Match[str], calendar: Calendar) -> Span | None:
    second = match.group("h") in ("下", "后", "2", "second")
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
    return calendar.latest(lambda year: (date(year, month, first), date(year, month, last)), match.group("y") or match.group("y2"))


_ZH_YEAR = r"(?:(?P<y>20\d\d|\d\d(?=年)|今年|去年|前年|本年)年?的?)?"
_EN_YEAR = r"(?:(?:,? ?| of )(?P<y>20\d\d|(?:this|last) year))?"
RULES: tuple[Rule, ...] = (
    (r"\b(?P<h>black friday|cyber monday)\b" + _EN_YEAR, _black_friday),
    (
        rf"\b(?:the )?(?P<h>first|second|third|fourth|last) week (?:of|in) (?:(?P<m>{_EN_MONTH})\b{_EN_YEAR}|(?P<r>last|this|previous) month)",
        _week_of_month,
    ),
    (
        rf"(?:{_ZH_YEAR}(?<![\d.])(?P<m>{_ZH_MONTH})月(?:份)?|(?P<r>上上|上|本|这)个?月)(?:的)?(?P<h>第[一二三四]|头一|首|最后一)个?(?:周|星期|礼拜)",
        _week_of_month,
    ),
    (
        (
            rf"\b(?:the )?(?P<h>early|mid|late|start of|beginning of|middle of|end of|first half of|second half of)[ -](?:in )?"
            rf"(?:(?P<m>{_EN_MONTH})\b{_EN_YEAR}|(?P<r>last|this|previous) month)"
        ),
        _part_of_month,
    ),
    (
        (
            rf"(?:{_ZH_YEAR}(?<![\d.])(?P<m>{_ZH_MONTH})月(?:份)?|(?P<r>上上|上|本|这)个?月)(?:的)?"
            r"(?P<h>上旬|中旬|下旬|上半月|下半月|[前后]半个?月|[前后]半段|初|底|末)"
        ),
        _part_of_month,
    ),
    (
        _ZH_YEAR
        + rf"(?<![\d.])(?P<a>{_ZH_MONTH})月?(?:份)?(?:到|至|-|~|—|–)(?P<b>{_ZH_MONTH})月(?!\d+[日号]|[一二三十]+[日号]|[初底末中上下])",
        _months_zh,
    ),
    (_ZH_YEAR + r"(?<![\d.一二三四五六七八九十])(?P<a>[一二三四五六七八])、?(?P<b>[二三四五六七八九])月", _months_zh),
    (_ZH_YEAR + r"(?<![\d.])(?P<a>\d{1,2})[、,和](?P<b>\d{1,2})月(?!\d+[日号])", _months_zh),
    (
        (
            r"\b(?:the )?(?P<a>\d{1,2})(?:st|nd|rd|th)?(?: ?[-–~] ?| to | through | and | until )(?:the )?(?P<b>\d{1,2})(?:st|nd|rd|th)? (?:of )?"
            rf"(?P<m>{_EN_MONTH})\b"
        )
        + _EN_YEAR,
        _days_en,
    ),
    (r"(?<![\d./])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>20\d\d|\d\d))?(?![\d/.])", _with_slash),
    (
        r"(?P<y>今年|去年|前年|20\d\d年)(?:的)?(?P<h>前|头|后|最后)(?P<n>[一二两三四五六七八九十\d]+)个?(?:月|季度)",
        lambda m, c: _first_of_year(m, c),
    ),
    (
        r"(?P<y>今|去|前)?年的?年?(?P<h>初|底|末)(?!前|之前|以前|时|能|会|大概)",
        lambda m, c: _edge_of_year(m, c),
    ),
    (r"(20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d|\.\d)", _iso),
    (
        _ZH_YEAR
        + rf"(?<![\d.])(?P<m>{_ZH_MONTH})月(?!一个?点)(?:份)?(?:"
        + r"(?P<d>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]|(?P<d2>\d{1,2})(?=以来|以后|之后|起|到|至|开始|之前))?",
        _zh_day,
    ),
    (rf"\b(?P<m>{_EN_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)" + _EN_YEAR, _en_day),
    (rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_EN_MONTH})\b" + _EN_YEAR, _en_day),
    (rf"\b(?P<m>{_EN_MONTH})\b" + _EN_YEAR, _en_day),
    (_ZH_YEAR + r"(?:第(?P<q>[一二三四1-4])季度?|(?P<q2>[一二三四])季度)", lambda m, c: _quarter_zh(m, c)),
    (_ZH_YEAR + r"\bq(?P<q>[1-4])(?!\d)(?:,? ?(?P<y2>20\d\d|(?:this|last) year))?", lambda m, c: _quarter_en(m, c)),
    (r"\b(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter" + _EN_YEAR, lambda m, c: _quarter_word(m, c)),
    (_ZH_YEAR + r"(?P<h>[上下])半年", _half),
    (r"(?P<y>今年|去年|前年|20\d\d年)的?(?P<h>[前后])半年", _half),
    (r"\b(?:the )?(?P<h>first|second) half(?: of)?(?: the year)?" + _EN_YEAR, _half),
    (r"\bh(?P<h>[12])\b" + _EN_YEAR, _half),
    (r"(?P<w>上上|上|这|本)个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])(?![共个次点周均活留])", _weekday),
    (
        r"(?<![每按逐上这本一两二三四几\d各隔])(?:周|星期)(?P<d>[一二三四五六日])(?![共个次点周月均活留起])",
        _weekday,
    ),
    (r"\b(?:last|this past|past|over the|at the|on the|during the|this) (?P<d>weekend)\b", _weekday),
    (rf"\b(?:last |this past |on )?(?P<d>{'|'.join(_WEEKDAYS)})\b", _weekday),
    (rf"\b(?P<n>{EN_NUMBER}) (?P<u>day|week|month|quarter|year)s? ago\b", _ago),
    (rf"(?P<n>{ZH_NUMBER})个?(?P<u>天|周|星期|礼拜|月)(?:之|以)?前(?![\d一二两三])", _ago),
    (r"\bthe (?P<u>week|month|quarter|year) before last(?P<n>)\b", _ago),
    (rf"(?:{_ZH_YEAR})(?P<h>{'|'.join(_LUNAR_WORDS)})(?:期间|假期|前后)?" + "(?: this year)?", _lunar),
    (rf"(?:最近|过去|近|这)(?:的)?(?P<n>{ZH_NUMBER})(?:个)?(?P<u>天|日|周|星期|礼拜|月|季度|年)(?:内|里|以来|来)?(?!前)", _past),
    (r"(?P<w>上上|上|本|这|当|今|去|前)(?:一)?(?:个)?(?P<u>周|星期|礼拜|月|季度|季|年)(?!\d)", _relative),
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
    (
        r"\b(?:in|during|for|year|throughout|all of|the whole of) (20\d\d)\b()()",
        lambda m, c: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31)),
    ),
    (r"(20\d\d)年(?:全年)?", lambda m, c: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (
        _ZH_YEAR + "(?P<h>" + "|".join(_HOLIDAYS) + ")(?:期间|当天|假期|大促|那天|黄金周)?(?!\\d)" + _EN_YEAR.replace("<y>", "<y2>"),
        _holiday,
    ),
    (
        (
            r"last night|this morning|tonight|the day before yesterday|the day before$|the day before(?=\?)|yesterday|today"
            r"|昨晚|昨夜|今晚|今早|今晨|大前天|前一天(?=.{0,4}比)|今天|今日|昨天|昨日|前天"
        ),
        _fixed,
    ),
)
TO_DATE = (
    (r"(?:本周|这周|周初|周一)(?:以来|至今|到现在)|\bweek to date\b|\bwtd\b|\bso far this week\b", "week"),
    (
        (
            r"今?年初(?:到现在|至今|以来)|(?:今年|开年|年初)(?:到|至|截至|截止)?(?:现在|今|目前|以来)"
            r"|\byear to date\b|\bytd\b|\bso far this year\b|\bthe year so far\b|\bsince the (?:start|beginning) of the year\b"
        ),
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


def _first_of_year(match: re.Match[str], calendar: Calendar) -> Span | None:
    found = match.groupdict()
    count = round(number_of(found["n"])) * (3 if "季" in match.group() else 1)
    first = 12 - count if found["h"] in ("后", "最后") else 0
    return calendar.latest(lambda year: _months(year * 12 + first, count), found["y"]) if 0 < count <= 12 else None


def _edge_of_year(match: re.Match[str], calendar: Calendar) -> Span | None:
    """January for 年初, December for 年底."""
    found = match.groupdict()
    year = (found["y"] or "") + "年"
    first = 0 if found["h"] == "初" else 11
    return calendar.latest(lambda at: _months(at * 12 + first, 1), year if len(year) > 1 else None)


def _past_one(match: re.Match[str], calendar: Calendar) -> Span | None:
    return calendar.past(1.0, match.group("u") or match.group("u2"))
