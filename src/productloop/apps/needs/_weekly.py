"""Each topic of a study by week: how it moved, and its voices in the weeks that are shown."""

from __future__ import annotations

from productloop.apps.needs._calendar import Weeks
from productloop.apps.needs._study import Study
from productloop.apps.needs._trend import Trend, find_trends, weekly_voices


def trends(found: Study) -> list[tuple[Trend | None, tuple[int | None, ...]]]:
    """Trend and voices by week of each topic."""
    if found.ledger is None:
        return []
    num_topics, weeks = len(found.ledger.entries), found.weeks
    if weeks is None:
        return [(None, ()) for _ in range(num_topics)]
    weekly = weekly_voices(found.ledger.labels, found.voice, weeks.week[found.points.text], weeks, num_topics)
    shown = shown_weeks(weeks)
    lines: list[tuple[Trend | None, tuple[int | None, ...]]] = []
    for row, trend in enumerate(find_trends(weekly, weeks)):
        whole = [weeks.first_whole <= week <= weeks.last_whole for week in shown]
        values = tuple(int(weekly[row, week - weeks.first]) if open_ else None for week, open_ in zip(shown, whole, strict=True))
        lines.append((trend, values))
    return lines


def shown_weeks(weeks: Weeks) -> list[int]:
    """Up to a year of weeks, the running one last."""
    return list(range(max(weeks.first, weeks.last - 51), weeks.last + 1))
