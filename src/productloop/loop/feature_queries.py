"""What is asked of each table before each moment: one pass of DuckDB over a table gives all sums of it for all keys.

Every query joins on `time < at` (or `known_at <= at`). Sums are of whole numbers (counts, microseconds, minor units, sentiment in
1/10,000), so that they do not depend on the order in which DuckDB adds: a row alone has the same features as in a batch.

A session ends after 30 minutes without an event (the definition of Google Analytics); a wait counts as slow from 3 seconds (the first step
of Nielsen's "attention" limit that people leave at) and up to two minutes, beyond which a duration is a stay, not a wait. A trend is the
weekly rate of the last 4 weeks over that of the up to 12 weeks before them, half an event added on both sides, at most 4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.records import Keys
from productloop.loop.store import Store

DAY_US = 86_400_000_000
FAR = 2**62
"""The moment of an undated key: after everything that is known."""
RawColumns = dict[str, NDArray[Any]]
SESSION_US = 30 * 60 * 1_000_000
SLOW_MS, STAY_MS = 3_000, 120_000
MAX_TREND = 4
EVENT_SUFFIX, TOPIC_PREFIX = "_28_days", "topic:"

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[一-鿿]+")
FAULT_WORDS = frozenset(
    ("crash", "crashed", "anr", "exception", "error", "errors", "fail", "failed", "failure", "timeout", "freeze", "frozen", "hang", "fatal")
)
FAULT_CHARACTERS = ("崩溃", "闪退", "报错", "出错", "异常", "卡死", "超时", "失败", "无响应")
CONTACT_WORDS = frozenset(("support", "ticket", "complaint", "complain", "helpdesk", "hotline"))
CONTACT_CHARACTERS = ("客服", "工单", "投诉", "求助", "人工服务")
CONTACT_CHANNELS = (
    *("ticket", "tickets", "support", "chat", "livechat", "email", "mail", "call", "phone", "hotline", "helpdesk", "im", "wecom"),
    *("工单", "客服", "在线客服", "会话", "邮件", "电话", "热线", "企业微信", "投诉"),
)
STAFF_ROLES = ("staff", "robot", "system")
REFUND_KINDS = ("refund", "refunded", "chargeback", "退款", "退货", "拒付")
SUBSCRIPTION_KINDS = (
    *("new", "subscribe", "subscription", "start", "renewal", "renew", "recurring", "upgrade", "downgrade"),
    *("首购", "新购", "新订", "订阅", "开通", "首次订阅", "续费", "续订", "续约", "自动续费", "升级", "升档", "降级", "降档"),
)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class KeysView:
    """The keys as a table `subject_keys(row, actor, at)` beside the store's views, for the length of one call."""

    def __init__(self, store: Store, keys: Keys) -> None:
        import arro3.core as arrow

        self._cursor = store.db.cursor()
        at = np.where(keys.at > 0, keys.at, FAR)
        self._table = arrow.Table.from_pydict(
            {
                "row": arrow.Array.from_numpy(np.arange(len(keys), dtype=np.int64)),
                "actor": arrow.Array.from_numpy(np.ascontiguousarray(keys.code, dtype=np.int32)),
                "at": arrow.Array.from_numpy(np.ascontiguousarray(at, dtype=np.int64)),
            }
        )

    def __enter__(self) -> KeysView:
        self._cursor.register("subject_keys", self._table)
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.unregister("subject_keys")
        self._cursor.close()

    def __call__(self, sql: str, parameters: Sequence[Any] = ()) -> RawColumns:
        """Run a query that gives one row per key with a column `row`; columns come back in key order."""
        found = self._cursor.execute(f"SELECT * FROM ({sql}) ORDER BY row", list(parameters)).fetchnumpy()
        return {name: _feature(values) for name, values in found.items() if name != "row"}


def _feature(values: Any) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        if values.dtype.kind in "iufb":
            plain = np.asarray(values.data, dtype=np.float64).copy()
            plain[mask] = np.nan
            return plain
        text = np.asarray(values.data, dtype=object).copy()
        text[mask] = None
        return text
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype.kind in "iufb" else array.astype(object)


# who they are ------------------------------------------------------------------------------------------------------------


def attributes(store: Store, query: KeysView) -> RawColumns:
    """What was known of each person: their newest attributes, days since sign-up, and how often their plan changed in 24 weeks."""
    names = [name for name, kind in store.attributes("actors") if kind in ("DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR", "INTEGER")]
    listed = ", ".join(f'any_value(a."{name}") FILTER (a.newest = 1) AS "{name}"' for name in ("plan", "platform", "country", *names))
    # Of several rows known by `at` the newest counts; a row without known_at counts always (the leak alarm says so).
    columns = query(
        f"""
        WITH known AS (
          SELECT *, lag(plan) OVER (PARTITION BY actor ORDER BY known_at NULLS FIRST, sequence) AS plan_before
          FROM actors WHERE actor IN (SELECT actor FROM subject_keys)
        ), valid AS (
          SELECT k.row AS key_row, k.at AS key_at, a.*, row_number() OVER (PARTITION BY k.row ORDER BY a.known_at DESC NULLS LAST, a.sequence DESC) AS newest
          FROM subject_keys k LEFT JOIN known a ON a.actor = k.actor AND (a.known_at IS NULL OR a.known_at <= k.at)
        )
        SELECT a.key_row AS row, {listed}, (a.key_at - any_value(a.first_seen) FILTER (a.newest = 1)) / {DAY_US} AS days_since_sign_up,
          count(*) FILTER (a.plan <> a.plan_before AND a.known_at >= a.key_at - 168 * {DAY_US}) AS plan_changes_168_days
        FROM valid a GROUP BY a.key_row, a.key_at
        """
    )
    undated = columns["days_since_sign_up"] > FAR / DAY_US / 2
    columns["days_since_sign_up"][undated] = np.nan
    return {name: values for name, values in columns.items() if not _is_empty(values)}


def _is_empty(values: NDArray[Any]) -> bool:
    return bool(all(value is None for value in values)) if values.dtype == object else bool(np.isnan(values).all())


_ACCOUNTS = f"""
    WITH people AS (
      SELECT account, actor, min(coalesce(known_at, first_seen, 0)) AS since FROM actors WHERE account IS NOT NULL GROUP BY ALL
    ), shared AS (SELECT * FROM people WHERE account IN (SELECT account FROM people GROUP BY account HAVING count(*) > 1)),
    mine AS (
      SELECT k.row, k.at, max_by(p.account, p.since) AS account FROM subject_keys k JOIN shared p ON p.actor = k.actor AND p.since <= k.at
      GROUP BY k.row, k.at
    ), asked AS (SELECT DISTINCT m.account, m.at FROM mine m),
    sizes AS (
      SELECT q.account, q.at, count(DISTINCT p.actor) AS num, count(DISTINCT e.actor) AS lively
      FROM asked q JOIN shared p ON p.account = q.account AND p.since <= q.at
      LEFT JOIN events e ON e.actor = p.actor AND e.time < q.at AND e.time >= q.at - 28 * {DAY_US} GROUP BY q.account, q.at
    )
    SELECT k.row, coalesce(any_value(s.num), 1) AS account_people, any_value(s.lively) / any_value(s.num) AS account_active_share
    FROM subject_keys k LEFT JOIN mine m ON m.row = k.row LEFT JOIN sizes s ON s.account = m.account AND s.at = m.at GROUP BY k.row
"""


def accounts(query: KeysView) -> RawColumns:
    """The customer a person belongs to: how many people it has, and which share of them was active in the last 28 days."""
    return query(_ACCOUNTS)


# what they do ------------------------------------------------------------------------------------------------------------


def is_fault(name: str) -> bool:
    """Whether an event is a crash or an error, by its name."""
    return not FAULT_WORDS.isdisjoint(_words(name)) or any(part in name for part in FAULT_CHARACTERS)


def is_contact(name: str) -> bool:
    """Whether an event is a call for help, by its name: contact_support, 联系客服."""
    return not CONTACT_WORDS.isdisjoint(_words(name)) or any(part in name for part in CONTACT_CHARACTERS)


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


_EVENTS = f"""
    WITH seen AS (
      SELECT actor, time, name, duration_ms, name IN (SELECT unnest(?)) AS fault, name IN (SELECT unnest(?)) AS contact,
        time - lag(time) OVER (PARTITION BY actor ORDER BY time) AS gap
      FROM events WHERE actor IN (SELECT actor FROM subject_keys)
    )
    SELECT k.row,
      count(e.time) FILTER (e.time >= k.at - 7 * {DAY_US}) AS events_7_days,
      count(e.time) FILTER (e.time >= k.at - 28 * {DAY_US}) AS events_28_days,
      count(e.time) FILTER (e.time < k.at - 28 * {DAY_US} AND e.time >= k.at - 56 * {DAY_US}) AS events_28_days_before,
      count(e.time) FILTER (e.time < k.at - 28 * {DAY_US} AND e.time >= k.at - 112 * {DAY_US}) AS events_before,
      count(DISTINCT e.time // {DAY_US}) FILTER (e.time >= k.at - 28 * {DAY_US}) AS active_days_28_days,
      (k.at - max(e.time)) / {DAY_US} AS days_since_last_event,
      (k.at - min(e.time)) / {DAY_US} AS days_since_first_event,
      count(e.time) FILTER (e.time >= k.at - 28 * {DAY_US} AND (e.gap IS NULL OR e.gap > {SESSION_US})) AS sessions_28_days,
      sum(e.gap) FILTER (e.time >= k.at - 28 * {DAY_US} AND e.gap <= {SESSION_US}) / 60000000 AS busy_minutes,
      max(e.gap) FILTER (e.time >= k.at - 84 * {DAY_US}) / {DAY_US} AS longest_gap_days_84_days,
      count(e.time) FILTER (e.fault AND e.time >= k.at - 28 * {DAY_US}) AS errors_28_days,
      count(e.time) FILTER (e.duration_ms BETWEEN {SLOW_MS} AND {STAY_MS} AND e.time >= k.at - 28 * {DAY_US}) AS slow_loads_28_days,
      count(e.time) FILTER (e.contact AND e.time >= k.at - 84 * {DAY_US}) AS support_contacts_84_days
      {{counts}}
    FROM subject_keys k LEFT JOIN seen e ON e.actor = k.actor AND e.time < k.at GROUP BY k.row, k.at
"""
SUMS_OF_EVENTS = ("events_28_days", "active_days_28_days", "sessions_28_days", "errors_28_days", "slow_loads_28_days")
"""Columns that end as the count of one event does, and are no such count."""


def events(store: Store, query: KeysView, counted: Sequence[str]) -> RawColumns:
    """Recency, frequency, trend, sessions, faults, waits and calls for help; and the count of each event in `counted`."""
    names = [str(name) for (name,) in store.rows("SELECT DISTINCT name FROM events WHERE name IS NOT NULL ORDER BY name")]
    counts = "".join(f", count(e.time) FILTER (e.name = ? AND e.time >= k.at - 28 * {DAY_US}) AS e{i}" for i in range(len(counted)))
    flags = [[name for name in names if is_fault(name)], [name for name in names if is_contact(name)]]
    found = query(_EVENTS.format(counts=counts), [*flags, *counted])
    for place, name in enumerate(counted):
        found[f"{name}{EVENT_SUFFIX}"] = found.pop(f"e{place}")
    before, minutes = found.pop("events_before"), found.pop("busy_minutes")
    with np.errstate(invalid="ignore", divide="ignore"):
        weeks = np.minimum(found["days_since_first_event"] - 28, 84) / 7
        trend = (found["events_28_days"] + 0.5) / 4 / ((before + 0.5) / weeks)
        found["events_trend"] = np.where(weeks >= 1, np.minimum(trend, MAX_TREND), np.nan)
        sessions = found["sessions_28_days"]
        found["mean_session_minutes"] = np.where(sessions > 0, np.nan_to_num(minutes) / np.maximum(sessions, 1), np.nan)
    return found


# what they pay -----------------------------------------------------------------------------------------------------------

_ORDERS = f"""
    WITH told AS (
      SELECT actor, time, amount, currency, plan, period_end, sequence,
        coalesce(lower(kind) IN ({_listed(REFUND_KINDS)}), false) OR coalesce(amount < 0, false) AS refund,
        coalesce(lower(kind) IN ({_listed(SUBSCRIPTION_KINDS)}), false) OR period_end IS NOT NULL AS subscription
      FROM orders WHERE actor IN (SELECT actor FROM subject_keys)
    ), paid AS (
      SELECT *, subscription AND NOT refund AS due, lag(amount) OVER before AS amount_before, lag(currency) OVER before AS currency_before,
        lag(plan) OVER before AS plan_before, time - lag(time) OVER before AS pause
      FROM told WINDOW before AS (PARTITION BY actor, subscription AND NOT refund ORDER BY time, sequence, amount)
    )
    SELECT k.row,
      count(o.time) AS orders,
      count(o.time) FILTER (o.time >= k.at - 84 * {DAY_US}) AS orders_84_days,
      coalesce(sum(o.amount) FILTER (o.time >= k.at - 84 * {DAY_US}), 0) / 100 AS amount_84_days,
      coalesce(sum(o.amount) FILTER (o.time < k.at - 84 * {DAY_US} AND o.time >= k.at - 168 * {DAY_US}), 0) / 100 AS amount_84_days_before,
      (k.at - max(o.time)) / {DAY_US} AS days_since_last_order,
      count(*) FILTER (o.refund AND o.time >= k.at - 84 * {DAY_US}) AS refunds_84_days,
      count(*) FILTER (o.due AND o.plan <> o.plan_before AND o.time >= k.at - 168 * {DAY_US}) AS plan_changes_168_days,
      count(*) FILTER (o.due AND o.plan IS NOT DISTINCT FROM o.plan_before AND o.currency IS NOT DISTINCT FROM o.currency_before
        AND o.amount > 1.01 * o.amount_before AND o.amount_before > 0 AND o.time >= k.at - 168 * {DAY_US}) AS dearer_renewals_168_days,
      (max(CASE WHEN o.due THEN coalesce(o.period_end, o.time + o.pause) END) - k.at) / {DAY_US} AS days_to_renewal
    FROM subject_keys k LEFT JOIN paid o ON o.actor = k.actor AND o.time < k.at GROUP BY k.row, k.at
"""


def orders(query: KeysView) -> RawColumns:
    """Frequency, value, refunds, changes of plan and price, and the day the next payment falls due (below 0: overdue)."""
    found = query(_ORDERS)
    found["days_to_renewal"][found["days_to_renewal"] < -FAR / DAY_US / 2] = np.nan  # an undated key
    return found


# what they say -----------------------------------------------------------------------------------------------------------

_FEEDBACK = f"""
    WITH views AS (
      SELECT feedback, sum(CAST(round(sentiment * 10000) AS BIGINT)) AS tone, count(sentiment) AS num, list(DISTINCT topic) AS topics
      FROM points GROUP BY feedback
    ), said AS (
      SELECT f.author, f.time, f.rating, v.tone, v.num, v.topics, lower(f.channel) IN ({_listed(CONTACT_CHANNELS)}) AS contact
      FROM feedback f LEFT JOIN views v ON v.feedback = f.row_id
      WHERE f.author IN (SELECT actor FROM subject_keys) AND coalesce(f.role, '') NOT IN ({_listed(STAFF_ROLES)})
    )
    SELECT k.row,
      count(f.time) AS feedback_84_days,
      avg(f.rating) AS mean_rating_84_days,
      count(*) FILTER (f.contact) AS support_contacts_84_days,
      sum(f.tone) / 10000 / sum(f.num) AS mean_sentiment_84_days,
      count(*) FILTER (f.num > 0 AND f.tone < -2500 * f.num) AS unhappy_messages_84_days
      {{counts}}
    FROM subject_keys k LEFT JOIN said f ON f.author = k.actor AND f.time < k.at AND f.time >= k.at - 84 * {DAY_US} GROUP BY k.row
"""
_UNANSWERED = f"""
    WITH answers AS (SELECT conversation, time FROM feedback WHERE role = 'staff' AND time IS NOT NULL),
    asks AS (
      SELECT author, time, conversation FROM feedback
      WHERE author IN (SELECT actor FROM subject_keys) AND conversation IS NOT NULL AND time IS NOT NULL AND coalesce(role, 'user') = 'user'
    ), met AS (
      SELECT q.author, q.time, a.time AS answered FROM asks q ASOF LEFT JOIN answers a ON a.conversation = q.conversation AND a.time >= q.time
    )
    SELECT k.row, CASE WHEN (SELECT min(time) FROM answers) < k.at AND k.at < {FAR} THEN
      (k.at - max(m.time) FILTER (m.answered IS NULL OR m.answered >= k.at)) / {DAY_US} END AS days_unanswered
    FROM subject_keys k LEFT JOIN met m ON m.author = k.actor AND m.time < k.at AND m.time >= k.at - 84 * {DAY_US} GROUP BY k.row, k.at
"""


def feedback(query: KeysView, topics: Sequence[str]) -> RawColumns:
    """How much they wrote, how it sounded, about what (`topics`), how often they asked for help, and since when they wait for an answer."""
    counts = "".join(f", count(*) FILTER (list_contains(f.topics, ?)) > 0 AS t{place}" for place in range(len(topics)))
    found = query(_FEEDBACK.format(counts=counts), list(topics))
    for place, name in enumerate(topics):
        found[f"{TOPIC_PREFIX}{name}"] = found.pop(f"t{place}")
    return found | query(_UNANSWERED)


# sums over all the past ---------------------------------------------------------------------------------------------------


def totals(query: KeysView) -> RawColumns:
    """All that was ever counted of each person before the moment: events, days of use, orders, money in minor units, messages."""
    found = query(
        f"""SELECT k.row, count(e.time) AS events, count(DISTINCT e.time // {DAY_US}) AS active_days
        FROM subject_keys k LEFT JOIN events e ON e.actor = k.actor AND e.time < k.at GROUP BY k.row"""
    )
    found |= query(
        """SELECT k.row, count(o.time) AS orders, coalesce(sum(o.amount), 0) AS amount
        FROM subject_keys k LEFT JOIN orders o ON o.actor = k.actor AND o.time < k.at GROUP BY k.row"""
    )
    return found | query(
        """SELECT k.row, count(f.time) AS feedback
        FROM subject_keys k LEFT JOIN feedback f ON f.author = k.actor AND f.time < k.at GROUP BY k.row"""
    )


def paid_plan(query: KeysView) -> NDArray[Any]:
    """(n,) the plan of the last order before each moment that names one, None without any."""
    return query(
        """SELECT k.row, max_by(o.plan, (o.time, o.sequence)) AS plan
        FROM subject_keys k LEFT JOIN orders o ON o.actor = k.actor AND o.time < k.at AND o.plan IS NOT NULL GROUP BY k.row"""
    )["plan"]
