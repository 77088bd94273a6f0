"""Public holidays on which people use a product otherwise, so that a dip on such a day is read as what it is.

China: the days off that the State Council announces each November (国务院办公厅关于部分节假日安排的通知, 2024 to 2026; compared day by day with the package
`chinesecalendar` 1.11), plus the two large sales (18 June, 11 November), which are no days off. For 2027 only the days of the law are listed
(全国年节及纪念日放假办法, 2024), since the exchange of working days is announced a year before: the days around them may be missing.
Others by rule: United States (5 U.S.C. 6103 and the Friday after Thanksgiving), England and Wales (gov.uk/bank-holidays), Germany (days of all its
states), France (Code du travail L3133-1), Japan (Act on National Holidays; equinoxes by the usual formula, right from 1980 to 2099). Easter by
Meeus 1991, Astronomical Algorithms. Substitute days off that follow a holiday on a weekend are not listed. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from productloop.foundation.wording import Text

NEW_YEAR, SPRING, QINGMING = Text("元旦", "New Year"), Text("春节", "Spring Festival"), Text("清明节", "Qingming")
LABOUR, DRAGON_BOAT, MID_AUTUMN = (
    Text("劳动节", "Labour Day"),
    Text("端午节", "Dragon Boat Festival"),
    Text("中秋节", "Mid-Autumn Festival"),
)
NATIONAL, SALE_618, SALE_1111 = Text("国庆节", "National Day"), Text("618 大促", "the 618 sale"), Text("双十一", "the Double 11 sale")
EASTER, CHRISTMAS = Text("复活节", "Easter"), Text("圣诞节", "Christmas")
PENTECOST, ASCENSION = Text("圣灵降临节", "Whit Monday"), Text("耶稣升天节", "Ascension Day")

_CHINA: dict[int, tuple[tuple[str, str, Text], ...]] = {
    2024: (
        ("01-01", "01-01", NEW_YEAR), ("02-10", "02-17", SPRING), ("04-04", "04-06", QINGMING), ("05-01", "05-05", LABOUR),
        ("06-08", "06-10", DRAGON_BOAT), ("09-15", "09-17", MID_AUTUMN), ("10-01", "10-07", NATIONAL),
    ),
    2025: (
        ("01-01", "01-01", NEW_YEAR), ("01-28", "02-04", SPRING), ("04-04", "04-06", QINGMING), ("05-01", "05-05", LABOUR),
        ("05-31", "06-02", DRAGON_BOAT), ("10-06", "10-06", MID_AUTUMN), ("10-01", "10-08", NATIONAL),
    ),
    2026: (
        ("01-01", "01-03", NEW_YEAR), ("02-15", "02-23", SPRING), ("04-04", "04-06", QINGMING), ("05-01", "05-05", LABOUR),
        ("06-19", "06-21", DRAGON_BOAT), ("09-25", "09-27", MID_AUTUMN), ("10-01", "10-07", NATIONAL),
    ),
    2027: (
        ("01-01", "01-01", NEW_YEAR), ("02-05", "02-08", SPRING), ("04-05", "04-05", QINGMING), ("05-01", "05-02", LABOUR),
        ("06-09", "06-09", DRAGON_BOAT), ("09-15", "09-15", MID_AUTUMN), ("10-01", "10-03", NATIONAL),
    ),
}  # fmt: skip
COUNTRIES = ("CN", "US", "GB", "DE", "FR", "JP")
ZONE_COUNTRIES = {
    "Asia/Shanghai": "CN", "Asia/Chongqing": "CN", "Asia/Urumqi": "CN", "PRC": "CN", "Asia/Tokyo": "JP", "Japan": "JP",
    "Europe/London": "GB", "GB": "GB", "Europe/Berlin": "DE", "Europe/Paris": "FR", "America/New_York": "US", "America/Chicago": "US",
    "America/Denver": "US", "America/Los_Angeles": "US", "America/Phoenix": "US",
}  # fmt: skip
"""Country of a time zone, for those above."""


def holidays(first: date, last: date, countries: Iterable[str]) -> dict[date, tuple[tuple[str, Text], ...]]:
    """Day -> (country, name) of every holiday from `first` to `last`, both inside. Countries that are not known give none."""
    found: dict[date, tuple[tuple[str, Text], ...]] = {}
    for country in dict.fromkeys(countries):
        for year in range(first.year, last.year + 1):
            for day, name in _of(country, year):
                if first <= day <= last:
                    found[day] = (*found.get(day, ()), (country, name))
    return dict(sorted(found.items()))


def known_year(country: str, year: int) -> bool:
    """Whether the days of a country are known for that year."""
    return country in COUNTRIES and (country != "CN" or year in _CHINA)


@lru_cache(maxsize=256)
def _of(country: str, year: int) -> tuple[tuple[date, Text], ...]:
    rules = {"CN": _china, "US": _united_states, "GB": _england, "DE": _germany, "FR": _france, "JP": _japan}
    rule = rules.get(country)
    return () if rule is None else tuple(rule(year).items())


def _china(year: int) -> dict[date, Text]:
    found: dict[date, Text] = {}
    for first, last, name in _CHINA.get(year, ()):
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last}"):
            found.setdefault(day, name)
            day += timedelta(days=1)
    return {**found, date(year, 6, 18): found.get(date(year, 6, 18), SALE_618), date(year, 11, 11): SALE_1111}


def _united_states(year: int) -> dict[date, Text]:
    thanksgiving = _weekday(year, 11, 3, 4)
    return {
        date(year, 1, 1): NEW_YEAR,
        _weekday(year, 1, 0, 3): Text("马丁·路德·金纪念日", "Martin Luther King Day"),
        _weekday(year, 2, 0, 3): Text("总统日", "Presidents' Day"),
        _weekday(year, 6, 0, 1) - timedelta(days=7): Text("阵亡将士纪念日", "Memorial Day"),
        date(year, 6, 19): Text("六月节", "Juneteenth"),
        date(year, 7, 4): Text("美国独立日", "Independence Day"),
        _weekday(year, 9, 0, 1): LABOUR,
        _weekday(year, 10, 0, 2): Text("哥伦布日", "Columbus Day"),
        date(year, 11, 11): Text("退伍军人节", "Veterans Day"),
        thanksgiving: Text("感恩节", "Thanksgiving"),
        thanksgiving + timedelta(days=1): Text("黑色星期五", "Black Friday"),
        date(year, 12, 25): CHRISTMAS,
    }


def _england(year: int) -> dict[date, Text]:
    easter, bank = _easter(year), Text("英国银行假日", "bank holiday")
    return {
        date(year, 1, 1): NEW_YEAR,
        easter - timedelta(days=2): EASTER,
        easter + timedelta(days=1): EASTER,
        _weekday(year, 5, 0, 1): bank,
        _weekday(year, 6, 0, 1) - timedelta(days=7): bank,
        _weekday(year, 9, 0, 1) - timedelta(days=7): bank,
        date(year, 12, 25): CHRISTMAS,
        date(year, 12, 26): CHRISTMAS,
    }


def _germany(year: int) -> dict[date, Text]:
    easter = _easter(year)
    return {
        date(year, 1, 1): NEW_YEAR,
        easter - timedelta(days=2): EASTER,
        easter + timedelta(days=1): EASTER,
        date(year, 5, 1): LABOUR,
        easter + timedelta(days=39): ASCENSION,
        easter + timedelta(days=50): PENTECOST,
        date(year, 10, 3): Text("德国统一日", "German Unity Day"),
        date(year, 12, 25): CHRISTMAS,
        date(year, 12, 26): CHRISTMAS,
    }


def _france(year: int) -> dict[date, Text]:
    easter = _easter(year)
    return {
        date(year, 1, 1): NEW_YEAR,
        easter + timedelta(days=1): EASTER,
        date(year, 5, 1): LABOUR,
        date(year, 5, 8): Text("二战胜利日", "Victory Day"),
        easter + timedelta(days=39): ASCENSION,
        easter + timedelta(days=50): PENTECOST,
        date(year, 7, 14): Text("法国国庆日", "Bastille Day"),
        date(year, 8, 15): Text("圣母升天节", "Assumption Day"),
        date(year, 11, 1): Text("诸圣节", "All Saints' Day"),
        date(year, 11, 11): Text("停战日", "Armistice Day"),
        date(year, 12, 25): CHRISTMAS,
    }


def _japan(year: int) -> dict[date, Text]:
    since = year - 1980
    spring, autumn = (int(start + 0.242194 * since) - since // 4 for start in (20.8431, 23.2488))
    golden, sports = Text("日本黄金周", "Golden Week"), Text("体育之日", "Sports Day")
    named = {(1, 1): NEW_YEAR, (1, 2): NEW_YEAR, (1, 3): NEW_YEAR, (2, 11): Text("建国纪念日", "Foundation Day")}
    named |= {(2, 23): Text("天皇诞生日", "Emperor's Birthday"), (3, spring): Text("春分", "Spring Equinox")}
    named |= dict.fromkeys(((4, 29), (5, 3), (5, 4), (5, 5)), golden)
    named |= {(8, 11): Text("山之日", "Mountain Day"), (9, autumn): Text("秋分", "Autumn Equinox")}
    named |= {(11, 3): Text("文化节", "Culture Day"), (11, 23): Text("勤劳感谢日", "Labour Thanksgiving Day")}
    return {
        **{date(year, month, day): name for (month, day), name in named.items()},
        _weekday(year, 1, 0, 2): Text("成人节", "Coming of Age Day"),
        _weekday(year, 7, 0, 3): Text("海之日", "Marine Day"),
        _weekday(year, 9, 0, 3): Text("敬老日", "Respect for the Aged Day"),
        _weekday(year, 10, 0, 2): sports,
    }


def _weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`th weekday (0 = Monday) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
