"""From text cells to the types of the canonical tables: which format a column has, and the DuckDB expression that converts it.

Formats are decided on a sample of a column by regular expressions and written into `ColumnMap.format`; the expressions give NULL where a
cell cannot be converted, so that the importer can set the row aside. All of it is vectorised SQL, no Python per row.

Times become microseconds since 1970 UTC. A time without a zone is taken as UTC here (the importer shifts it into the source's zone);
formats that begin with "epoch" or "zoned" are instants already. Excel serials count days since 1899-12-30 (ECMA-376 part 1, 18.17.4.1).
Years outside 1970 .. 2100 are NULL: they are typing errors (20255) far more often than facts.
Money becomes integer minor units, two decimals, half away from zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from productloop.foundation.tables import ColumnType

FIRST_US, END_US = 0, 4_133_980_800_000_000
"""1970-01-01 and 2101-01-01 in microseconds."""
MIN_SHARE = 0.8
"""A format counts when this share of the filled cells of the sample has it."""

_CLOCK = r"(?:[T ]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))"
ZONE_END = r"\d(\.\d+)? ?(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
TIME_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("zoned", re.compile(rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}[T ]+\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?{_ZONE}")),
    ("iso_half_day", re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}(?::\d{2})? ?[AaPp][Mm]")),
    ("iso", re.compile(r"\d{4,5}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?")),
    ("chinese", re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}[日号])?\s*(?:\d{1,2}[:时点]\d{0,2}[分]?(?::?\d{1,2}秒?)?)?")),
    ("dotted", re.compile(rf"\d{{4}}\.\d{{1,2}}\.\d{{1,2}}{_CLOCK}")),
    ("day_month_name", re.compile(rf"\d{{1,2}}[- ][A-Za-z]{{3,9}}[- ]\d{{4}}{_CLOCK}")),
    ("day_month_name_short", re.compile(rf"\d{{1,2}}[- ][A-Za-z]{{3,9}}[- ]\d{{2}}{_CLOCK}")),
    ("month_name_day", re.compile(rf"[A-Za-z]{{3,9}} \d{{1,2}},? \d{{4}}{_CLOCK}")),
    ("slashes", re.compile(rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}{_CLOCK}")),
    ("slashes_short", re.compile(rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2}}{_CLOCK}")),
    ("month", re.compile(r"(?:19|20)\d{2}[-/]\d{1,2}")),
    ("compact_date", re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")),
    ("compact_time", re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-2]\d[0-5]\d[0-5]\d")),
    ("epoch_us", re.compile(r"\d{15,16}")),
    ("epoch_ms", re.compile(r"\d{12,13}(?:\.\d+)?")),
    ("epoch_s", re.compile(r"\d{9,10}(?:\.\d+)?")),
    ("excel", re.compile(r"[2-7]\d{4}(?:\.\d+)?")),
)
AMBIGUOUS_FORMATS = ("epoch_us", "epoch_ms", "epoch_s", "excel")
"""Plain numbers: a time only when the header says so, or in a file without a header."""
_NAMED = {
    "day_month_name": ("%d-%b-%Y", "%d-%B-%Y"),
    "day_month_name_short": ("%d-%b-%y", "%d-%B-%y"),
    "month_name_day": ("%b-%d-%Y", "%B-%d-%Y"),
    "day_first": ("%d-%m-%Y",),
    "month_first": ("%m-%d-%Y",),
    "day_first_short": ("%d-%m-%y",),
    "month_first_short": ("%m-%d-%y",),
}
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_TRUE = ("true", "t", "yes", "y", "1", "是", "对", "有", "真", "开")
_FALSE = ("false", "f", "no", "n", "0", "否", "错", "无", "没有", "假", "关")
_FULL_WIDTH = "０１２３４５６７８９．，－％＋", "0123456789.,-%+"
_TO_HALF_WIDTH = str.maketrans(*_FULL_WIDTH)
_CHINESE_STARS = ("一", "二", "三", "四", "五")
_NUMBER = re.compile(
    r"[-+(]?\s*[¥￥$€£]?\s*[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?\s*(?:%|元|圆|块|CNY|RMB|USD|EUR)?\)?", re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"[-+]?[€$£]?\s*\d{1,3}(?:\.?\d{3})*,\d{1,2}\s*€?")
_STAR_WORDS = re.compile(r"[一二三四五1-5]\s*(?:星级?|颗星|分|stars?)(?:好评)?", re.IGNORECASE)
_STAR_SIGNS = re.compile(r"[★⭐]+[☆️ ]*|☆+")
_FRACTION = re.compile(r"\d+(?:\.\d+)?\s*/\s*(?:5|10)")


def time_format(values: Sequence[str], *, named: bool) -> str | None:
    """Format of a column of times, from a sample of its filled cells; plain numbers count only when `named` (the header says time)."""
    texts = Counter(value.strip() for value in values if value.strip())
    if not texts:
        return None
    best: tuple[int, str | None] = (0, None)
    for name, pattern in TIME_FORMATS:
        if name in AMBIGUOUS_FORMATS and not named:
            continue
        num = _num_of_format(pattern, texts)
        if num > best[0]:
            best = (num, name)
        if num == texts.total():
            break
    return best[1]


def number_format(values: Sequence[str]) -> str | None:
    """Format of a column of numbers, ratings or amounts: "number", "decimal_comma", "star_words", "star_signs", "fraction" or None."""
    texts: Counter[str] = Counter()
    for value, num in Counter(values).items():
        if value.strip() and not missing_word(value):
            texts[value.strip().translate(_TO_HALF_WIDTH)] += num
    if not texts:
        return None
    patterns = (
        ("decimal_comma", _DECIMAL_COMMA),
        ("number", _NUMBER),
        ("star_words", _STAR_WORDS),
        ("star_signs", _STAR_SIGNS),
        ("fraction", _FRACTION),
    )
    for name, pattern in patterns:
        if _num_of_format(pattern, texts):
            return name
    return None


def _num_of_format(pattern: re.Pattern[str], texts: Counter[str]) -> int:
    """How many of the texts have the format; 0 as soon as they are seen to be fewer than MIN_SHARE of all."""
    total = left = texts.total()
    for text, num in texts.items():
        if pattern.fullmatch(text) is None:
            left -= num
            if left < MIN_SHARE * total:
                return 0
    return left


def missing_word(value: str) -> bool:
    """Words that stand for "no value" where a column holds numbers, times or booleans; in texts they are texts."""
    return value.strip().lower() in {"null", "na", "n/a", "nan", "none", "nil", "-", "--", "无", "空", "暂无", "未知", "\\n"}


def is_boolean(values: Sequence[str]) -> bool:
    """Whether all filled cells are words for yes and no."""
    texts = {value.strip().lower() for value in values if value.strip() and not missing_word(value)}
    return bool(texts) and texts <= {*_TRUE, *_FALSE}


def sql_expression(cell: str, kind: ColumnType, chosen: str | None) -> str:
    """DuckDB expression that converts the text expression `cell` to the stored form of `kind`; NULL where it cannot."""
    if chosen is not None and chosen.startswith("constant:"):
        return "'" + chosen.removeprefix("constant:").replace("'", "''") + "'"
    if chosen == "line":
        return "CAST(line AS VARCHAR)"
    text = f"nullif(trim({cell}, ' \t\r\n　'), '')"
    if kind == "time":
        slow = _in_range(_time_sql(text, chosen or "iso"))
        return f"coalesce({_plain_time(cell)}, {slow})" if chosen in (None, "iso") else slow
    if kind == "money":
        return f"CAST(round(TRY_CAST({_clean_number(text, chosen)} AS DECIMAL(30, 6)) * 100) AS BIGINT)"
    if kind in ("number", "integer"):
        number = _number_sql(text, chosen)
        return number if kind == "number" else f"TRY_CAST(round({number}) AS BIGINT)"
    if kind == "boolean":
        true, false = (", ".join(f"'{word}'" for word in words) for words in (_TRUE, _FALSE))
        return f"CASE WHEN lower({text}) IN ({true}) THEN true WHEN lower({text}) IN ({false}) THEN false END"
    if chosen == "whole_number":
        return f"regexp_replace({text}, '\\.0+$', '')"
    return text


def currency_sql(cell: str, default: str) -> str:
    """DuckDB expression for the currency an amount names itself, NULL where it names none. The sign of yuan and yen is read as `default` if that is JPY."""
    yuan = "JPY" if default.upper() == "JPY" else "CNY"
    signs = (("[$]|USD", "USD"), ("€|EUR", "EUR"), ("£", "GBP"), ("[¥￥元圆块]|CNY|RMB", yuan))
    cases = " ".join(f"WHEN regexp_matches({cell}, '(?i){sign}') THEN '{code}'" for sign, code in signs)
    return f"CASE {cases} END"


def sql_reason(cell: str, kind: ColumnType, chosen: str | None) -> str:
    """DuckDB expression for why a filled cell gave NULL: 'year_out_of_range', 'unreadable', or NULL where nothing is wrong."""
    text = f"nullif(trim({cell}, ' \t\r\n　'), '')"
    if kind in ("text", "category", "id", "actor", "json"):
        return "NULL"
    words = ", ".join(f"'{word}'" for word in ("null", "na", "n/a", "nan", "none", "nil", "-", "--", "无", "空", "暂无", "未知"))
    cases = f"WHEN {text} IS NULL OR lower({text}) IN ({words}) THEN NULL WHEN {sql_expression(cell, kind, chosen)} IS NOT NULL THEN NULL "
    if kind == "time":
        cases += (
            f"WHEN {_time_sql(text, chosen or 'iso')} IS NOT NULL OR regexp_matches({text}, '^\\d{{5,}}[-/年]') THEN 'year_out_of_range' "
        )
    return f"CASE {cases}ELSE 'unreadable' END"


def _in_range(microseconds: str) -> str:
    return _once(microseconds, f"CASE WHEN x >= {FIRST_US} AND x < {END_US} THEN x END")


def _plain_time(cell: str) -> str:
    """A time in range that needs no cleaning, as most cells are: twice a cast costs less than once with everything around it."""
    time = f"TRY_CAST({cell} AS TIMESTAMP)"
    return f"CASE WHEN {time} BETWEEN make_timestamp({FIRST_US}) AND make_timestamp({END_US - 1}) THEN epoch_us({time}) END"


def _time_sql(text: str, chosen: str) -> str:
    iso = f"epoch_us(TRY_CAST({text} AS TIMESTAMP))"
    if chosen.startswith("zoned"):
        instant = f"epoch_us(TRY_CAST(regexp_replace({text}, ' ([+-]\\d)', '\\1') AS TIMESTAMPTZ))"
        return f"CASE WHEN regexp_matches({text}, '{ZONE_END}') THEN {instant} ELSE {iso} END"
    if chosen in ("epoch_s", "epoch_ms", "epoch_us"):
        factor = {"epoch_s": 1_000_000, "epoch_ms": 1000, "epoch_us": 1}[chosen]
        return f"TRY_CAST(TRY_CAST({text} AS DECIMAL(30, 6)) * {factor} AS BIGINT)"
    if chosen == "excel":
        return f"TRY_CAST(round((TRY_CAST({text} AS DOUBLE) - 25569) * 86400) * 1000000 AS BIGINT)"
    if chosen == "chinese":
        plain = f"regexp_replace({text}, '\\s*[日号]\\s*', ' ')"
        for old, new in (("年", "-"), ("月", "-"), ("时", ":"), ("点", ":"), ("分", ":"), ("秒", "")):
            plain = f"replace({plain}, '{old}', '{new}')"
        return _strptime(f"rtrim({plain}, ' :-')", ("%Y-%m-%d", "%Y-%m"), clocks=("", " %H:%M", " %H:%M:%S", " %H"))
    if chosen == "dotted":
        return _strptime(text, ("%Y.%m.%d",))
    if chosen == "month":
        return _strptime(f"replace({text}, '/', '-')", ("%Y-%m",), clocks=("",))
    if chosen == "compact_date":
        return _strptime(text, ("%Y%m%d",), clocks=("",))
    if chosen == "compact_time":
        return _strptime(text, ("%Y%m%d%H%M%S",), clocks=("",))
    if chosen in _NAMED:
        date_part = f"regexp_replace({text}, '^(\\w+)[-/. ]+(\\w+),?[-/. ]+(\\d+)[T ]*', '\\1-\\2-\\3 ')"
        return f"coalesce({_strptime(f'trim({date_part})', _NAMED[chosen])}, {iso})"
    if chosen == "iso_half_day":
        return _strptime(f"replace({text}, '/', '-')", ("%Y-%m-%d",), clocks=_CLOCKS[4:])
    return iso


def _strptime(text: str, dates: Sequence[str], clocks: Sequence[str] = _CLOCKS) -> str:
    formats = ", ".join(f"'{date}{clock}'" for date in dates for clock in clocks)
    return f"epoch_us(TRY_STRPTIME({text}, [{formats}]))"


def _clean_number(text: str, chosen: str | None) -> str:
    half = f"translate({text}, '{_FULL_WIDTH[0]}', '{_FULL_WIDTH[1]}')"
    bare = f"regexp_replace({half}, '(?i)(CNY|RMB|USD|EUR|[¥￥$€£%元圆块\\s])', '', 'g')"
    bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
    if chosen == "decimal_comma":
        return f"replace(replace({bare}, '.', ''), ',', '.')"
    return f"replace({bare}, ',', '')"


def _number_sql(text: str, chosen: str | None) -> str:
    if chosen == "star_words":
        words = " ".join(f"WHEN starts_with({text}, '{word}') THEN {value}" for value, word in enumerate(_CHINESE_STARS, 1))
        return f"CASE {words} ELSE TRY_CAST(regexp_extract({text}, '^[1-5]') AS DOUBLE) END"
    if chosen == "star_signs":
        return f"nullif(CAST(length(regexp_replace({text}, '[^★⭐]', '', 'g')) AS DOUBLE), 0)"
    if chosen == "fraction":
        return f"TRY_CAST(trim(split_part({text}, '/', 1)) AS DOUBLE)"
    value = f"TRY_CAST({_clean_number(text, chosen)} AS DOUBLE)"
    cleaned = _once(value, "CASE WHEN isfinite(x) THEN x END")
    if chosen == "decimal_comma":
        return cleaned
    plain = f"TRY_CAST({text} AS DOUBLE)"  # most cells are plain numbers; only the others are cleaned
    return f"coalesce(CASE WHEN isfinite({plain}) THEN {plain} END, {cleaned})"


def _once(value: str, result: str) -> str:
    """SQL for `result` (an expression of x) with x computed once a row: repeating it would parse each cell again."""
    return f"list_transform([{value}], lambda x: {result})[1]"
