"""Prices in the columns of a survey: which column is which by the words of its header, numbers and yes or no out of what was written.

The columns are attributes that an import brought to `feedback` (one row an open answer: a respondent counts once), `actors` or `outcomes`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import pricing_wording as wording
from productloop.apps.behaviour.pricing_types import PricingRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.tables import fold_header
from productloop.loop.store import Store

Floats = NDArray[np.float64]

TABLES = {"feedback": "coalesce(conversation, author::VARCHAR, row_id)", "actors": "actor::VARCHAR", "outcomes": "subject::VARCHAR"}
"""Where survey columns may stand, and who one respondent is."""
METER = ("too_cheap", "cheap", "expensive", "too_expensive")
METER_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("too_expensive", re.compile(r"tooexpensive|soexpensive|toohigh|太贵|过贵|贵到|贵得|不会考虑|买不起|过高")),
    ("too_cheap", re.compile(r"toocheap|socheap|solow|toolow|太便宜|过于便宜|便宜到|便宜得|怀疑质量|过低")),
    ("cheap", re.compile(r"cheap|bargain|goodvalue|greatbuy|便宜|划算|实惠|物超所值")),
    ("expensive", re.compile(r"expensive|pricey|贵")),
)
"""In this order: the first that fits a header names it."""
BUY_WORDS = re.compile(
    r"wouldyoubuy|buyat|purchaseat|willing|wouldbuy|likelytobuy|buyfor|会买|会购买|购买吗|买吗|愿意买|愿意购买|会不会买|愿意付|buy"
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
QUESTION_NUMBER = re.compile(r"^\s*(?:q|第)?\s*\d+\s*[、.．)）:：题_]\s*", re.IGNORECASE)
YES = frozenset(
    (
        *(
            "yes",
            "y",
            "true",
            "1",
            "1.0",
            "definitely",
            "probably",
            "definitelyyes",
            "probablyyes",
            "definitelywouldbuy",
            "probablywouldbuy",
        ),
        *("wouldbuy", "会", "会买", "会购买", "是", "是的", "愿意", "肯定会", "一定会", "可能会", "大概会", "能接受", "接受", "买"),
    )
)
NO = frozenset(
    (
        *("no", "n", "false", "0", "0.0", "never", "maybe", "notsure", "unsure", "definitelynot", "probablynot", "mightormightnot"),
        *("definitelywouldnotbuy", "probablywouldnotbuy", "wouldnotbuy", "不会", "不会买", "不会购买", "否", "不是", "不愿意", "肯定不会"),
        *("一定不会", "可能不会", "大概不会", "不一定", "不确定", "说不好", "不能接受", "不接受", "不买"),
    )
)
MIN_READABLE = 0.5
"""A column is one of prices when at least half of what it holds are numbers."""
SIGNS = (
    ("CNY", re.compile(r"元|¥|￥|人民币|rmb", re.IGNORECASE)),
    ("USD", re.compile(r"\$|usd", re.IGNORECASE)),
    ("EUR", re.compile(r"€|eur", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class MeterAnswers:
    """(n, 4) prices and the columns they came from."""

    answers: Floats
    columns: tuple[str, str, str, str]
    guessed: bool
    currency: str


@dataclass(frozen=True, slots=True)
class BuyAnswers:
    """Tested prices (k,) ascending, answers (n, k) and the columns they came from."""

    prices: Floats
    answers: Floats
    columns: tuple[str, ...]
    guessed: bool
    currency: str


def as_price(value: Any) -> float:
    """The first number of what was written, NaN without one."""
    if value is None or isinstance(value, bool):
        return float("nan")
    if isinstance(value, (int, float)):
        return float(value)
    match = NUMBER.search(str(value))
    return float(match.group().replace(",", ".")) if match else float("nan")


def as_buy(value: Any) -> float:
    """1 would buy, 0 would not, NaN not answered. "Definitely" and "probably" are a yes, "not sure" is none."""
    folded = fold_header(str(value)) if value is not None else ""
    return 1.0 if folded in YES else 0.0 if folded in NO else float("nan")


def meter_answers(store: Store, request: PricingRequest) -> MeterAnswers | None:
    """The four price columns of the first table that has them. Raises UsageError for a named column that is nowhere."""
    named = {role: getattr(request, role) for role in METER if getattr(request, role)}
    for table in TABLES:
        if not store.exists(table):
            continue
        columns = [name for name, _ in store.attributes(table)]
        found = {role: _named(columns, name) for role, name in named.items()}
        for name in columns:
            role = _role(name)
            if role is not None and role not in named and role not in found and _is_price(store, table, name):
                found[role] = name
        if all(found.get(role) for role in METER):
            chosen = [str(found[role]) for role in METER]
            rows = _respondents(store, table, chosen)
            answers = np.array([[as_price(value) for value in row] for row in rows], dtype=np.float64).reshape(-1, 4)
            columns_used = (chosen[0], chosen[1], chosen[2], chosen[3])
            return MeterAnswers(answers, columns_used, len(named) < 4, _currency(chosen, rows))
    _check_named(store, list(named.values()))
    return None


def buy_answers(store: Store, request: PricingRequest) -> BuyAnswers | None:
    """The answers about given prices of the first table that has them. Raises UsageError for a named column that is nowhere."""
    for table in TABLES:
        if not store.exists(table):
            continue
        columns = [name for name, _ in store.attributes(table)]
        if request.price is not None and len(request.buy) == 1:
            pair = [_named(columns, request.price), _named(columns, request.buy[0])]
            if all(pair):
                return _long(store, table, [str(name) for name in pair])
            continue
        named = [found for name in request.buy if (found := _named(columns, name))]
        chosen = [name for name in named or columns if np.isfinite(_header_price(name)) and (named or _asks_to_buy(store, table, name))]
        if len(chosen) >= 2:
            chosen.sort(key=_header_price)
            rows = _respondents(store, table, chosen)
            answers = np.array([[as_buy(value) for value in row] for row in rows], dtype=np.float64).reshape(-1, len(chosen))
            prices = np.array([_header_price(name) for name in chosen])
            asked: NDArray[np.bool_] = np.asarray(np.isfinite(answers).any(axis=0))
            return BuyAnswers(
                prices[asked], answers[:, asked], tuple(name for name, there in zip(chosen, asked, strict=True) if there),
                not named, _currency(chosen, []),
            )  # fmt: skip
    _check_named(store, [*request.buy, *([request.price] if request.price else [])])
    return None


def _long(store: Store, table: str, pair: list[str]) -> BuyAnswers:
    """Rows of (respondent, price, answer) as one row a respondent; the last answer at a price counts."""
    key = TABLES[table]
    rows = store.rows(f"SELECT {key}, {_quoted(pair[0])}, {_quoted(pair[1])} FROM {table} ORDER BY import_id, sequence")
    found = {(str(who), as_price(price)): as_buy(answer) for who, price, answer in rows}
    known = {pair: answer for pair, answer in found.items() if np.isfinite(pair[1]) and np.isfinite(answer)}
    people, prices = sorted({who for who, _ in known}), sorted({price for _, price in known})
    answers = np.full((len(people), len(prices)), np.nan)
    places = {who: place for place, who in enumerate(people)}
    for (who, price), answer in known.items():
        answers[places[who], prices.index(price)] = answer
    return BuyAnswers(np.array(prices, dtype=np.float64), answers, tuple(pair), False, _currency(pair, [[row[1]] for row in rows]))


def _respondents(store: Store, table: str, columns: Sequence[str]) -> list[list[Any]]:
    """One row a respondent: the first answer to each column."""
    key = TABLES[table]
    firsts = ", ".join(f"first({_quoted(name)} ORDER BY import_id, sequence) FILTER ({_quoted(name)} IS NOT NULL)" for name in columns)
    return [list(row[1:]) for row in store.rows(f"SELECT {key} AS who, {firsts} FROM {table} GROUP BY who ORDER BY who")]


def _role(header: str) -> str | None:
    folded = fold_header(QUESTION_NUMBER.sub("", header))
    return next((role for role, words in METER_WORDS if words.search(folded)), None)


def _is_price(store: Store, table: str, name: str) -> bool:
    values = [row[0] for row in store.rows(f"SELECT {_quoted(name)} FROM {table} WHERE {_quoted(name)} IS NOT NULL LIMIT 200")]
    return bool(values) and sum(np.isfinite(as_price(value)) for value in values) >= MIN_READABLE * len(values)


def _header_price(header: str) -> float:
    return as_price(QUESTION_NUMBER.sub("", header).replace("_", " "))


def _asks_to_buy(store: Store, table: str, name: str) -> bool:
    if not BUY_WORDS.search(fold_header(name)):
        return False
    values = [row[0] for row in store.rows(f"SELECT {_quoted(name)} FROM {table} WHERE {_quoted(name)} IS NOT NULL LIMIT 200")]
    return bool(values) and sum(np.isfinite(as_buy(value)) for value in values) >= MIN_READABLE * len(values)


def _named(columns: Sequence[str], wanted: str) -> str | None:
    """The column of that name; spaces and marks do not count."""
    folded = {fold_header(name): name for name in columns}
    return folded.get(fold_header(wanted))


def _check_named(store: Store, wanted: Sequence[str]) -> None:
    columns = [name for table in TABLES if store.exists(table) for name, _ in store.attributes(table)]
    for name in wanted:
        if _named(columns, name) is None:
            near = difflib.get_close_matches(name, columns, 1, 0)
            raise UsageError(wording.COLUMN_UNKNOWN, name=excerpt(name), nearest=excerpt(near[0]) if near else "-")


def _currency(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The currency that a header or an answer names; empty without one."""
    written = " ".join([*headers, *(str(value) for row in rows[:50] for value in row if isinstance(value, str))])
    return next((name for name, sign in SIGNS if sign.search(written)), "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
