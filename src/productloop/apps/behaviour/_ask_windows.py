"""Spans of time that are no dates: within how many days something follows, and how far a question looks ahead."""

from __future__ import annotations

from datetime import date, timedelta

from productloop.apps.behaviour._ask_text import EN_NUMBER, ZH_NUMBER, Sentence, number_of

UNIT = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "年": "year",
    "小时": "hour",
    "礼拜": "week",
}
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "quarter": 90.0, "year": 365.0}


def window_of(sentence: Sentence) -> float | None:
    """Days within which something must follow: 7天内, within two weeks, the same day."""
    patterns = (
        rf"(?<!最近)(?<!过去)(?<!近)(?<!最近的)(?<!未来)(?<!接下来)(?:在|头|前|首|的)?(?P<n>{ZH_NUMBER})(?:个)?(?P<u>小时|天|日|周|星期|礼拜|月)(?:之内|以内|内|里面|里)(?!回)",
        rf"(?P<n>{EN_NUMBER})[- ](?P<u>hour|day|week|month)s? (?:window|or less|later|(?=of sign|after|from))",
        (
            r"\b(?:within|in under|inside|in less than|in at most|no later than)(?: the)?(?: first| next| their first)? ?"
            rf"(?P<n>{EN_NUMBER})?[- ]?(?P<u>hour|day|week|month)s?\b"
        ),
        (
            rf"\bin (?:the|their) first (?P<n>{EN_NUMBER} )?(?P<u>hour|day|week|month)s?\b"
            r"(?! (?:of|in) (?:the )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
        ),
        rf"(?:注册|下单|登录|安装|首次\w{{0,4}}|之)后(?:的)?(?:前|头)?(?P<n>{ZH_NUMBER})(?:个)?(?P<u>天|日|周|小时)(?!留存|后)",
        r"(?P<n>当|同一)(?P<u>天|日)(?:内|就|里)",
        r"(?<=[后完了人过且并])(?P<n>当)(?P<u>天|日)(?!的?数据)",
        r"(?P<n>同一)(?P<u>天|日|周)",
        r"\b(?:on )?the (?P<n>same) (?P<u>day)\b|\bsame-(?P<u2>day)\b",
        r"(?P<n>首)(?P<u>日|周)(?:内|就|(?=[^留活内]{2}))",
        rf"(?<!最近)(?<!之)前(?P<n>{ZH_NUMBER})个?(?P<u>天|日|周)(?!的?数据)",
    )
    for pattern in patterns:
        match = sentence.find(pattern)
        if match is not None:
            found = match.groupdict()
            number = (found.get("n") or "1").strip()
            count = 1.0 if number in ("当", "同一", "same", "首") else number_of(number)
            unit = found.get("u") or found.get("u2") or "day"
            sentence.take(match.start(), match.end())
            return round(count * DAYS[UNIT.get(unit, unit)], 4)
    return None


def horizon_of(sentence: Sentence) -> tuple[int, str] | None:
    """(how many, of which unit) a question looks ahead."""
    patterns: tuple[str, ...] = (
        rf"(?:未来|接下来|往后|今后|后续)(?:的)?(?P<n>{ZH_NUMBER})(?:个)?(?P<u>天|日|周|星期|礼拜|月|季度|年)",
        rf"(?<![看查说讲报拉列])下(?P<n>{ZH_NUMBER})个?(?P<u>周|星期|(?<=个)月|季度)",
        rf"\b(?:(?:the|over the|for the|in the) )?(?:next|coming|upcoming|following) (?P<n>{EN_NUMBER})[ -](?P<u>day|week|month|quarter|year)s?\b",
        rf"\b(?P<n>{EN_NUMBER}) (?P<u>day|week|month|quarter|year)s? (?:ahead|out|from now|forward|into the future)\b",
        r"(?P<n>)下个?(?P<u>周|星期|礼拜|月|季度)(?!\d)|明(?P<u2>年)",
        r"\b(?:the )?(?:next|coming|upcoming)(?P<n>) (?P<u>week|month|quarter|year)\b",
    )
    if sentence.find(r"\bwill\b|\bforecast|\bpredict|\bproject|\bexpect") is not None:
        patterns = (*patterns, rf"\bin (?P<n>{EN_NUMBER}) (?P<u>day|week|month|quarter|year)s?\b")
    if sentence.find(r"会(?!员|话|计|场)|能(?:有|到|卖|达)|预计|预测|预估") is not None:
        patterns = (
            *patterns,
            rf"(?:后面|往后|以后|之后|今后|再过|后续)(?:的)?(?:这)?(?P<n>{ZH_NUMBER})个?(?P<u>天|日|周|星期|礼拜|月|季度)(?!之?后)",
        )
    for pattern in patterns:
        match = sentence.find(pattern)
        if match is not None:
            found = match.groupdict()
            unit = found.get("u") or found.get("u2") or "month"
            number = number_of(found["n"]) if found.get("n") else 1.0
            unit, per = UNIT.get(unit, unit), 1
            if number == 0.5 and unit == "year":
                number, unit = 6, "month"
            if unit in ("quarter", "year"):
                unit, per = "month", 3 if unit == "quarter" else 12
            sentence.take(match.start(), match.end())
            return round(number * per), unit
    return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def until_of(sentence: Sentence, today: date) -> tuple[int, str] | None:
    """(how many weeks, "week") up to a day ahead: 年底前, 12月底前, by the end of the year, by December; None when none is named."""
    month = sentence.find(
        rf"(?:到|在|截至)?(?P<m>{ZH_NUMBER})月(?:底|末|份)?(?:之前|以前|前|为止)|到(?P<m2>{ZH_NUMBER})月(?:底|末)"
        r"|\bby (?:the )?(?:end of |late |mid[- ]?)?(?P<e>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    )
    whole = sentence.find(
        r"(?:到|在|截至)?(?:今|本)?(?P<u>年|季度|月)(?:底|末)(?:之前|以前|前|为止|时)?"
        r"|\bby (?:the )?(?:end of (?:the |this )?)?(?P<e>year|quarter|month)\b(?:[- ]end)?"
    )
    match = month or whole
    if match is None:
        return None
    found = match.groupdict()
    if month is not None:
        named = found["m"] or found["m2"]
        number = round(number_of(named)) if named else _MONTHS.index(found["e"]) + 1
        end = _month_end(today.year + (number < today.month), number) if 1 <= number <= 12 else today
    else:
        unit = UNIT.get(found["u"] or "", found["e"])
        end = _month_end(today.year, {"year": 12, "quarter": (today.month + 2) // 3 * 3}.get(unit or "", today.month))
    if end <= today:
        return None
    sentence.take(match.start(), match.end())
    return max(1, round((end - today).days / 7)), "week"


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
