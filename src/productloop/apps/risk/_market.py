"""`market`: what competitors' ratings, ranks, prices and releases did, on what, and what it means for us.

Every weekly series is held against chance with one step anywhere (`productloop.learning.step_change`), and p is corrected for all series
(Holm): with nothing to find one report in twenty names something. A posted price is no estimate: its last change is said as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import whole
from productloop.apps.risk._market_series import (
    Reviews,
    Series,
    all_products,
    metric_series,
    read_reviews,
    review_series,
    same,
    whole_weeks,
)
from productloop.apps.risk._market_topics import Felt, blamed, find_gaps, read_felt
from productloop.apps.risk._naming import Names, names_of
from productloop.apps.risk.market_types import Blamed, Gap, Happened, MarketReport, MarketRequest, Standing
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text, say
from productloop.learning.comparisons import holm
from productloop.learning.step_change import Step, find_step, mean_interval
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.marks import Change, changes_in
from productloop.loop.store import Store
from productloop.loop.weeks import local_day, week_edges

SHOWN_TABLES = ("feedback", "metrics", "changes")
NOW_WEEKS, BEFORE_WEEKS = 4, 12
MAX_P = {"reviews": 0.05, "metrics": 0.01}
"""A posted number resembles that of the week before, which makes chance harder to know: it has to be clearer."""
NEAR_DAYS = (21, 7)
"""A release this many days before, or after, the weeks in which a step may lie stands beside it."""
MAX_STANDINGS, MAX_HAPPENED, MIN_VERSION = 40, 12, 5
LOWER_IS_BETTER = ("rank",)
HIGHER_IS_BETTER = ("rating", "downloads")
RECENT_DAYS = 28


@dataclass(frozen=True, slots=True)
class _Found:
    """What the parts share."""

    run: Run
    store: Store
    ours: str
    at: int
    days: list[date]
    edges: NDArray[np.int64]
    reviews: Reviews
    felt: Felt
    changes: tuple[Change, ...]
    names: Names


def answer_market(run: Run, request: MarketRequest) -> MarketReport:
    """The report."""
    at = run.as_of or run.now
    with whole(run) as store:
        run.progress("read", 0, 2)
        named, segments = all_products(store), store.count("metrics") > 0
        at = max(at, _last_metric(store))
        begin = at - request.weeks * 7 * DAY_US
        changes = changes_in(store, begin, at + 1, 1000)
        ours = _ours(run, request, named)
        if ours is None:
            return _empty(run, "ours_unknown", tuple(named))
        days, edges = week_edges(begin, at, run.time_zone, run.settings.text("product.week_start"), request.weeks + 1)
        days, edges = whole_weeks(days, edges, at)
        reviews = read_reviews(store, ours, edges)
        felt = read_felt(store, reviews)
        found = _Found(run, store, ours, at, days, edges, reviews, felt, changes, names_of(store))
        owners = [change.product for change in changes if change.product]
        known = list(dict.fromkeys([ours, *named, *owners]))
        series = [*review_series(reviews, len(days)), *(metric_series(store, known, edges) if segments else [])]
        rivals = _rivals(found, series)
        theirs = [change for change in changes if _is_theirs(found, change)]
        if not rivals and not theirs:
            return _empty(run, "none", ())
        run.progress("compare", 1, 2)
        return _report(found, series, rivals, theirs)


def _report(found: _Found, series: list[Series], rivals: tuple[str, ...], theirs: list[Change]) -> MarketReport:
    run, reviews = found.run, found.reviews
    standings, num_compared = _standings(found, series)
    about_them = np.isfinite(reviews.stars) & (reviews.product != found.ours)
    gaps, compared = _gaps(found)
    return MarketReport(
        **run.frame("risk.market", SHOWN_TABLES),
        state="ok",
        ours=found.ours,
        products=rivals,
        num_reviews=run.figure("num_reviews", int(about_them.sum()), "texts", "risk.market.d.reviews"),
        has_reviews=bool(about_them.any()),
        has_metrics=any(one.source == "metrics" for one in series),
        has_changes=bool(theirs),
        has_topics=found.store.count("topics") > 0,
        weeks=tuple(day.isoformat() for day in found.days),
        num_compared=num_compared,
        standings=standings,
        gaps=gaps,
        compared_topics=compared,
        happened=_happened(found, theirs),
        marks=tuple((local_day(change.time, run.time_zone).isoformat(), _title(change)) for change in theirs),
    )


def _empty(run: Run, state: str, products: tuple[str, ...]) -> MarketReport:
    return MarketReport.model_validate(
        {
            **run.frame("risk.market", SHOWN_TABLES),
            "state": state,
            "ours": None,
            "products": products,
            "num_reviews": run.figure("num_reviews", 0, "texts", "risk.market.d.reviews"),
            **dict.fromkeys(("has_reviews", "has_metrics", "has_changes", "has_topics"), False),
            "num_compared": 0,
            "compared_topics": "no_reviews",
            **dict.fromkeys(("weeks", "standings", "gaps", "happened", "marks"), ()),
        }
    )


def _last_metric(store: Store) -> int:
    value = store.rows("SELECT max(time) FROM metrics")[0][0]
    return 0 if value is None else int(value)


def _ours(run: Run, request: MarketRequest, named: list[str]) -> str | None:
    """Our product's name; None where texts name several and nobody said which is ours (a guess would call us a rival)."""
    wanted = request.ours or run.settings.text("product.name")
    known = next((name for name in named if same(name, wanted)), None)
    if known is not None or len(named) < 2:
        return known or wanted or (named[0] if named else "")
    return wanted if request.ours or _has_nameless(run) else None


def _has_nameless(run: Run) -> bool:
    """Texts without a product are ours: then every named one is a rival's."""
    return bool(run.settings.text("product.name")) and bool(
        run.store.rows("SELECT 1 FROM feedback WHERE product IS NULL OR product = '' LIMIT 1")
    )


def _is_theirs(found: _Found, change: Change) -> bool:
    return change.kind == "competitor" or (change.product is not None and not same(change.product, found.ours))


def _rivals(found: _Found, series: list[Series]) -> tuple[str, ...]:
    names = [str(name) for name in found.reviews.product if name != found.ours]
    counts: dict[str, int] = {}
    for name in [*names, *(one.product for one in series if one.product != found.ours)]:
        counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


# who moved ---------------------------------------------------------------------------------------------------------------


def _standings(found: _Found, series: list[Series]) -> tuple[tuple[Standing, ...], int]:
    steps = [None if one.what == "price" else find_step(one.means, one.sizes, found.run.seed, _known(found, one)) for one in series]
    tested = [place for place, step in enumerate(steps) if step is not None]
    adjusted = dict(zip(tested, holm([step.p for step in steps if step is not None]), strict=True))
    lines = [_standing(found, one, number, steps[number], adjusted.get(number)) for number, one in enumerate(series)]
    kept = [line for line in lines if line.now.value is not None or line.was.value is not None]
    kept.sort(key=lambda line: (not line.moved, line.ours, line.source != "reviews", -(line.now.n or 0)))
    return tuple(kept[:MAX_STANDINGS]), len(tested)


def _known(found: _Found, one: Series) -> list[int]:
    """The weeks in which a change of that product came, and those after."""
    mine = [
        change for change in found.changes if (_of(change, one.product) if one.product != found.ours else not _is_theirs(found, change))
    ]
    weeks = {int(np.searchsorted(found.edges, change.time, side="right")) - 1 for change in mine}
    return sorted(weeks | {week + 1 for week in weeks})


def _standing(found: _Found, one: Series, number: int, step: Step | None, p: float | None) -> Standing:
    run, name = found.run, f"series_{number}"
    weeks = len(one.means)
    now = _level(run, one, f"{name}_now", slice(max(0, weeks - NOW_WEEKS), weeks))
    was = _level(run, one, f"{name}_was", slice(max(0, weeks - NOW_WEEKS - BEFORE_WEEKS), max(0, weeks - NOW_WEEKS)))
    line = Standing(
        product=one.product, place=one.place, ours=same(one.product, found.ours), source=one.source, what=one.what, name=one.name,
        was=was, now=now, moved=False, better=None, from_level=None, to_level=None, since=None, since_first=None, since_last=None,
        p=p, release=None, release_day=None, blamed=None,
        weekly=tuple(None if not np.isfinite(value) else round(float(value), 3) for value in one.means),
    )  # fmt: skip
    if one.what == "price":
        return _price_move(found, one, line, name)
    if step is None or p is None or p >= MAX_P[one.source]:
        return line
    gap = step.difference.value
    better = gap > 0 if one.what in HIGHER_IS_BETTER else gap < 0 if one.what in LOWER_IS_BETTER else None
    levels = [
        run.figure(f"{name}_{part}", round(level.value, 3), one.unit, f"risk.market.d.{one.source}", interval=(level.low, level.high))
        for part, level in (("from", step.before), ("to", step.after))
    ]
    release, day = _release_near(found, one.product, step)
    blame = _blame(found, one, step, better) if one.source == "reviews" else None
    moved = {
        "moved": True, "better": better, "from_level": levels[0], "to_level": levels[1], "since": found.days[step.place].isoformat(),
        "since_first": found.days[step.first].isoformat(), "since_last": found.days[step.last].isoformat(), "release": release,
        "release_day": day, "blamed": blame,
    }  # fmt: skip
    return line.model_copy(update=moved)


def _level(run: Run, one: Series, name: str, span: slice) -> Figure:
    """The mean of some weeks; by the sizes of the weeks."""
    means, sizes = one.means[span], one.sizes[span]
    known = np.isfinite(means) & (sizes > 0)
    found = mean_interval(means[known], sizes[known])
    value = round(found.value, 3) if known.any() else None
    finite = np.isfinite(found.low)
    interval = (found.low, found.high) if value is not None and finite and one.what != "price" else None
    return run.figure(name, value, one.unit, f"risk.market.d.{one.source}", n=int(sizes[known].sum()), interval=interval)


def _price_move(found: _Found, one: Series, line: Standing, name: str) -> Standing:
    """A posted price: its last change, if it changed at all."""
    known = np.flatnonzero(np.isfinite(one.means))
    places = known[1:][np.diff(one.means[known]) != 0]
    if not len(places):
        return line
    place = int(places[-1])
    before, after = float(one.means[known[known < place][-1]]), float(one.means[known[-1]])
    levels = [
        found.run.figure(f"{name}_{part}", round(value, 2), one.unit, "risk.market.d.metrics")
        for part, value in (("from", before), ("to", after))
    ]
    day = found.days[place].isoformat()
    return line.model_copy(
        update={
            "moved": before != after,
            "from_level": levels[0],
            "to_level": levels[1],
            "since": day,
            "since_first": day,
            "since_last": day,
        }
    )


def _release_near(found: _Found, product: str, step: Step) -> tuple[Say | Text | str | None, str | None]:
    """The release nearest to the step: from `changes`, else the first week of a version that reviews name."""
    begin = int(found.edges[step.first]) - NEAR_DAYS[0] * DAY_US
    end = int(found.edges[step.last]) + (7 + NEAR_DAYS[1]) * DAY_US
    middle = int(found.edges[step.place])
    near = [
        change
        for change in found.changes
        if begin <= change.time < end and (_of(change, product) if product != found.ours else not _is_theirs(found, change))
    ]
    if near:
        best = min(near, key=lambda change: (abs(change.time - middle), change.time))
        return _title(best), local_day(best.time, found.run.time_zone).isoformat()
    reviews = found.reviews
    mine = np.array([same(name, product) for name in reviews.product], dtype=bool) & np.array(
        [bool(v) for v in reviews.version], dtype=bool
    )
    firsts = []
    for version in sorted({str(version) for version in reviews.version[mine]}):
        times = np.sort(reviews.time[mine & (reviews.version == version)])
        if len(times) >= MIN_VERSION and begin <= times[0] < end and times[0] > found.edges[0] + 14 * DAY_US:
            firsts.append((abs(int(times[0]) - middle), int(times[0]), version))
    if not firsts:
        return None, None
    _, first, version = min(firsts)
    return say("risk.market.version", version=version), local_day(first, found.run.time_zone).isoformat()


def _of(change: Change, product: str) -> bool:
    """Whether a change is that product's: by its column, else by its title."""
    if change.product is not None:
        return same(change.product, product)
    title = " ".join((change.title.zh, change.title.en)) if isinstance(change.title, Text) else change.title
    return change.kind == "competitor" and product.lower() in title.lower()


def _title(change: Change) -> Say | Text | str:
    if change.title:
        return change.title
    return say("risk.market.version", version=change.version) if change.version else change.kind


def _blame(found: _Found, one: Series, step: Step, better: bool | None) -> Blamed | None:
    where = "\t".join(one.place)
    mine = np.array(
        [name == one.product and "\t".join(part for part in str(place).split("\t") if part) == where
         for name, place in zip(found.reviews.product, found.reviews.place, strict=True)], dtype=bool,
    )  # fmt: skip
    named = blamed(found.run, found.reviews, found.felt, mine, int(found.edges[step.place]), worse=better is False)
    return None if named is None else named[1].model_copy(update={"topic": found.names.topic(named[0])})


# what it means for us ----------------------------------------------------------------------------------------------------


def _gaps(found: _Found) -> tuple[tuple[Gap, ...], Literal["yes", "few", "no_topics", "no_reviews"]]:
    if not (found.reviews.product != found.ours).any():
        return (), "no_reviews"
    if not len(found.felt.row):
        return (), "no_topics"
    weeks = len(found.days)
    recent = found.reviews.week >= weeks - NOW_WEEKS - BEFORE_WEEKS
    gaps = find_gaps(found.run, found.reviews, found.felt, found.ours, recent, found.names)
    return ((), "few") if gaps is None else (gaps, "yes")


def _happened(found: _Found, theirs: list[Change]) -> tuple[Happened, ...]:
    zone = found.run.time_zone
    since = local_day(found.at, zone) - timedelta(days=RECENT_DAYS)
    return tuple(
        Happened(
            day=local_day(change.time, zone).isoformat(), product=change.product, title=_title(change),
            recent=local_day(change.time, zone) >= since,
        )
        for change in theirs[: -MAX_HAPPENED - 1 : -1]
    )  # fmt: skip
