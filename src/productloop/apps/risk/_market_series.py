"""Weekly series about products: stars of reviews by product and place, and the numbers of `metrics` that name a product.

A place is store, market and language, as far as the data hold several: stores differ in who writes and how, so nothing is averaged over them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk.market_types import What
from productloop.loop.features import DAY_US
from productloop.loop.roles import ROBOT_ROLES, STAFF_ROLES, folded
from productloop.loop.store import Store

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PLACES = ("channel", "market", "language")
MIN_REVIEWS = 20
MAX_SERIES = 60
MAX_VALUES = 12
"""Values of a place column; a column with more is no store or market."""
KINDS: tuple[tuple[What, re.Pattern[str]], ...] = (
    ("rank", re.compile(r"\brank(?:ing)?\b|排名|榜单|名次", re.IGNORECASE)),
    ("price", re.compile(r"\bprices?\b|\bfee\b|价格|定价|月费|售价", re.IGNORECASE)),
    ("rating", re.compile(r"\brating\b|\bstars?\b|\breview score\b|评分|星级", re.IGNORECASE)),
    ("downloads", re.compile(r"\bdownloads?\b|\binstalls?\b|下载量|安装量", re.IGNORECASE)),
)
_CUT = re.compile(r"\s*[|/·:：,，]\s*|\s+-\s+")


@dataclass(frozen=True, slots=True)
class Reviews:
    """(n,) texts of the weeks with the product they are about: week -1 = before the first."""

    row_id: NDArray[np.object_]
    product: NDArray[np.object_]
    place: NDArray[np.object_]
    """Values of the place columns, joined by a tab."""
    time: Integers
    week: Integers
    stars: Floats
    voice: Integers
    """Who wrote: the author, else the text itself."""
    version: NDArray[np.object_]

    def take(self, rows: NDArray[np.bool_]) -> Reviews:
        """Only these."""
        return Reviews(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Series:
    """One weekly series: means (W,) NaN where nothing is known, and how many values stand behind each."""

    product: str
    place: tuple[str, ...]
    source: Literal["reviews", "metrics"]
    what: What
    name: str
    unit: str
    means: Floats
    sizes: Floats


def all_products(store: Store) -> list[str]:
    """Products that texts name, most texts first."""
    rows = store.rows("SELECT product, count(*) FROM feedback WHERE product IS NOT NULL AND product <> '' GROUP BY 1 ORDER BY 2 DESC, 1")
    return [str(name) for name, _ in rows]


def same(left: str | None, right: str | None) -> bool:
    """Whether two names are one, whatever their case."""
    return bool(left) and bool(right) and str(left).strip().lower() == str(right).strip().lower()


def read_reviews(store: Store, ours: str, edges: Integers) -> Reviews:
    """What users said about products within the weeks; texts that name none are about ours. Staff and robots are left out."""
    found = store.columns(
        """SELECT row_id, coalesce(nullif(product, ''), ?) AS product, channel, market, language, role, version, coalesce(time, 0) AS time, rating,
        coalesce(author, -1) AS author FROM feedback WHERE time >= ? AND time < ? AND coalesce(status, '') <> 'deleted' ORDER BY time, row_id""",
        [ours, int(edges[0]), int(edges[-1])],
    )
    own = np.array([folded(role) not in STAFF_ROLES and folded(role) not in ROBOT_ROLES for role in found["role"]], dtype=bool)
    found = {name: values[own] for name, values in found.items()}
    product = np.array([ours if same(str(name), ours) else str(name) for name in found["product"]], dtype=object)
    time, author = found["time"].astype(np.int64), found["author"].astype(np.int64)
    return Reviews(
        row_id=found["row_id"],
        product=product,
        place=_places(found, len(time)),
        time=time,
        week=np.searchsorted(edges, time, side="right") - 1,
        stars=found["rating"].astype(np.float64),
        voice=np.where(author >= 0, author, -2 - np.arange(len(time))),
        version=found["version"],
    )


def _places(found: dict[str, NDArray[np.object_]], size: int) -> NDArray[np.object_]:
    columns = []
    for name in PLACES:
        values = np.array(["" if value is None else str(value) for value in found[name]], dtype=object)
        if 2 <= len(set(values.tolist()) - {""}) <= MAX_VALUES:
            columns.append(values)
    return np.array(["\t".join(column[row] for column in columns) for row in range(size)], dtype=object)


def place_of(joined: str) -> tuple[str, ...]:
    """The values of a place, without the unknown ones."""
    return tuple(part for part in joined.split("\t") if part)


def review_series(reviews: Reviews, num_weeks: int) -> list[Series]:
    """Mean stars by week of each product in each place with MIN_REVIEWS rated texts, those with most first."""
    rated = reviews.take(np.isfinite(reviews.stars))
    pairs = [f"{product}\n{place}" for product, place in zip(rated.product, rated.place, strict=True)]
    names, code, counts = np.unique(np.array(pairs, dtype=str), return_inverse=True, return_counts=True)
    found = []
    for place in np.argsort(-counts, kind="stable")[:MAX_SERIES].tolist():
        if counts[place] < MIN_REVIEWS:
            continue
        mine = code == place
        sizes = np.bincount(rated.week[mine], minlength=num_weeks).astype(np.float64)
        sums = np.bincount(rated.week[mine], weights=rated.stars[mine], minlength=num_weeks)
        means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.nan)
        product, _, where = str(names[place]).partition("\n")
        found.append(Series(product, place_of(where), "reviews", "rating", "rating", "stars", means, sizes))
    return found


def kind_of(metric: str) -> What | None:
    """What a metric's name says it is."""
    return next((kind for kind, pattern in KINDS if pattern.search(metric.replace("_", " "))), None)


def metric_series(store: Store, products: list[str], edges: Integers) -> list[Series]:
    """Weekly means of the metrics that name a product, in their segment or in their name.

    A segment such as `Other Pay | CN` is a product and its place; it counts as a product where reviews or changes name it too, or where the
    metric is a rating, a rank, a price or downloads.
    """
    found = store.columns(
        "SELECT metric, coalesce(segment, '') AS segment, time, value, coalesce(unit, '') AS unit FROM metrics WHERE time >= ? AND time < ? "
        "AND value IS NOT NULL ORDER BY metric, segment, time",
        [int(edges[0]), int(edges[-1])],
    )
    if not len(found["metric"]):
        return []
    pairs = np.array([f"{metric}\n{segment}" for metric, segment in zip(found["metric"], found["segment"], strict=True)], dtype=str)
    week = np.searchsorted(edges, found["time"].astype(np.int64), side="right") - 1
    series = []
    for pair in np.unique(pairs).tolist():
        metric, _, segment = pair.partition("\n")
        product, place = _product_in(metric, segment, products)
        kind = kind_of(metric)
        if product is None or (kind is None and not any(same(product, known) for known in products)):
            continue
        mine = pairs == pair
        sizes = np.bincount(week[mine], minlength=len(edges) - 1).astype(np.float64)
        sums = np.bincount(week[mine], weights=found["value"][mine].astype(np.float64), minlength=len(edges) - 1)
        means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.nan)
        unit = str(found["unit"][mine][0]) or ("stars" if kind == "rating" else "number")
        series.append(Series(product, place, "metrics", kind or "other", metric, unit, means, (sizes > 0).astype(np.float64)))
    return series[:MAX_SERIES]


def _product_in(metric: str, segment: str, products: list[str]) -> tuple[str | None, tuple[str, ...]]:
    parts = tuple(part for part in _CUT.split(segment) if part)
    for place, part in enumerate(parts):
        known = next((product for product in products if same(product, part)), None)
        if known is not None:
            return known, (*parts[:place], *parts[place + 1 :])
    named = next((product for product in sorted(products, key=len, reverse=True) if product.lower() in metric.lower()), None)
    if named is not None:
        return named, parts
    return (parts[0], parts[1:]) if parts and kind_of(metric) is not None else (None, ())


def whole_weeks(days: list[date], edges: Integers, until: int) -> tuple[list[date], Integers]:
    """Without the last week where it is not over (its last day may be the last of the data)."""
    return (days[:-1], edges[:-1]) if edges[-1] > until + DAY_US and len(days) > 1 else (days, edges)
