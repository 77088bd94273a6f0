"""What happened about when a metric changed: the product's own changes, versions first seen then, holidays. Near in time, which proves no cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from productloop.apps.risk import watch_wording as wording
from productloop.apps.risk._watch_days import DAY_US, local_day
from productloop.apps.risk.watch_types import Near, WatchPeriod
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.holidays import COUNTRIES, ZONE_COUNTRIES, holidays
from productloop.foundation.wording import Text
from productloop.loop.action import Run

BEFORE_DAYS: dict[WatchPeriod, int] = {"day": 3, "week": 7, "month": 31}
AFTER_DAYS: dict[WatchPeriod, int] = {"day": 1, "week": 6, "month": 30}
MAX_NEAR, HOLIDAY_DAYS = 3, 2
LEAST_SHARE = 0.1
EPOCH = date(1970, 1, 1)


def countries_of(run: Run, asked: Sequence[str]) -> tuple[str, ...]:
    """The countries whose holidays count: those asked for, else that of the time zone and those of a tenth of the users and more.

    Raises UsageError for one that is not known.
    """
    if asked:
        wanted = tuple(one.strip().upper() for one in asked)
        for one in wanted:
            if one not in COUNTRIES:
                raise UsageError(wording.COUNTRY_UNKNOWN, name=excerpt(one), known=", ".join(COUNTRIES))
        return wanted
    rows = run.store.rows(
        "SELECT upper(country), count(DISTINCT actor) FROM actors WHERE country IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    total = sum(int(many) for _, many in rows)
    often = [str(name) for name, many in rows if int(many) >= LEAST_SHARE * total and str(name) in COUNTRIES]
    home = ZONE_COUNTRIES.get(run.time_zone)
    return tuple(dict.fromkeys([*([home] if home else []), *often]))


def near(run: Run, since: int, until: int, period: WatchPeriod, countries: Sequence[str]) -> tuple[Near, ...]:
    """What happened from shortly before the first day to shortly after it."""
    first, last = since - BEFORE_DAYS[period], since + AFTER_DAYS[period]
    found = [*_changes(run, first, last), *_versions(run, first, last)]
    seen = {one.detail for one in found if one.kind == "change"}
    found = [one for one in found if one.kind != "version" or str(one.name) not in seen]
    return (*found[:MAX_NEAR], *_holidays(since, until, countries))


def _changes(run: Run, first: int, last: int) -> list[Near]:
    rows = run.store.rows(
        "SELECT time, kind, title, version FROM changes WHERE time >= ? AND time < ? ORDER BY time, kind, title",
        [(first - 1) * DAY_US, (last + 2) * DAY_US],
    )
    found = []
    for time, kind, title, version in rows:
        day = local_day(int(time), run.time_zone)
        if first <= day <= last:
            found.append(Near(day=_iso(day), kind="change", name=_title(str(title or version or kind)), detail=str(version or kind)))
    return found


def _title(text: str) -> str | Text:
    """A title written in both languages, with a bar or stroke between them, is read in the reader's."""
    parts = [part.strip() for part in text.replace(" | ", " / ").split(" / ")]
    if len(parts) != 2:
        return text
    chinese = [any("一" <= sign <= "鿿" for sign in part) for part in parts]
    if chinese[0] == chinese[1]:
        return text
    return Text(parts[chinese.index(True)], parts[chinese.index(False)])


def _versions(run: Run, first: int, last: int) -> list[Near]:
    """Versions whose first day with a hundredth of the events lies then."""
    rows = run.store.rows(
        "SELECT version, quantile_disc(time, 0.01) FROM events WHERE version IS NOT NULL GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1"
    )
    days = [(local_day(int(time), run.time_zone), str(version)) for version, time in rows]
    return [Near(day=_iso(day), kind="version", name=version) for day, version in sorted(days)[1:] if first <= day <= last]


def _holidays(since: int, until: int, countries: Sequence[str]) -> list[Near]:
    begin, end = EPOCH + timedelta(days=since - 1), EPOCH + timedelta(days=min(until, since + HOLIDAY_DAYS))
    found: dict[tuple[str, str], Near] = {}
    for day, names in holidays(begin, end, countries).items():
        for country, name in names:
            found.setdefault((country, name.en), Near(day=day.isoformat(), kind="holiday", name=name, detail=country))
    return list(found.values())[:MAX_NEAR]


def _iso(day: int) -> str:
    return (EPOCH + timedelta(days=day)).isoformat()
