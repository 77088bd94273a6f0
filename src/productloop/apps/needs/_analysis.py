"""`analyse` from feedback to report: read, feel, group, compare weeks, count, and say what not to believe."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._bombs import bomb_cautions
from productloop.apps.needs._cautions import cautions
from productloop.apps.needs._counting import Counted, count_topics
from productloop.apps.needs._figures import Counter
from productloop.apps.needs._findings import findings
from productloop.apps.needs._naming import reworded
from productloop.apps.needs._reading import Texts
from productloop.apps.needs._releases_answer import moved_by_version
from productloop.apps.needs._sentiment_answer import unhappy_overall
from productloop.apps.needs._storm_answer import storm_findings
from productloop.apps.needs._study import MIN_TEXTS, Study, study
from productloop.apps.needs._topics import map_places
from productloop.apps.needs._trend import Trend
from productloop.apps.needs._weekly import shown_weeks, trends
from productloop.apps.needs._writing import keep_findings, keep_topics
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.loop.action import Run
from productloop.loop.scope import Scope
from productloop.text.keywords import KeyPhrase, key_phrases

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAX_KEYWORD_TEXTS = 2_000
"""Texts on either side from which keywords are taken, the newest first."""


Line = tuple[Counted, Trend | None, tuple[int | None, ...]]
"""A topic, how it moved, its voices by week (None where the week is open)."""


def analyse_feedback(run: Run, request: AnalyseRequest) -> AnalyseReport:
    """The report; registers the writes of points, topics and findings when the scope is everything."""
    found = study(run, request.granularity)
    if run.provider is not None and found.ledger is not None and request.scope == Scope():
        known = frozenset(str(row[0]) for row in run.store.rows("SELECT topic FROM topics"))
        found = replace(found, ledger=reworded(found.ledger, found.points, known, run.provider))
    run.progress("count", 3, 4)
    counted = count_topics(found)
    moved = trends(found)
    report = _report(run, request, found, [(topic, *its) for topic, its in zip(counted, moved, strict=True)])
    if request.scope == Scope():
        keep_topics(run, found)
        keep_findings(run, report)
    return report


def _keywords(texts: Texts, sentiment: Floats, recent: Flags, product_words: tuple[str, ...]) -> list[KeyPhrase]:
    """Phrases of unhappy texts against the others of the window; one text of each group of copies."""
    first_of_kind = np.zeros(len(texts), dtype=bool)
    first_of_kind[np.unique(texts.copy_group, return_index=True)[1]] = True
    newest = np.argsort(-texts.time, kind="stable")
    rows = [int(row) for row in newest if recent[row] and first_of_kind[row]]
    unhappy = [texts.text[row] for row in rows if sentiment[row] < -1 / 3][:MAX_KEYWORD_TEXTS]
    others = [texts.text[row] for row in rows if not sentiment[row] < -1 / 3][:MAX_KEYWORD_TEXTS]
    return key_phrases(unhappy, others, num_phrases=12, product_words=product_words) if unhappy else []


def _report(run: Run, request: AnalyseRequest, found: Study, topics: list[Line]) -> AnalyseReport:
    texts, weeks = found.texts, found.weeks
    counter = Counter(run, found)
    lines = [counter.topic(topic, trend, by_week, weeks) for topic, trend, by_week in topics]
    ranked = sorted((line for line in lines if line.state == "need"), key=lambda line: (-(line.unhappy.value or 0), line.id))
    needs = tuple(line.id for line in ranked[: request.num_needs])
    shown = shown_weeks(weeks) if weeks is not None else []
    keywords = _keywords(texts, found.sentiment, found.recent, tuple(run.settings.words("product.words")))
    return AnalyseReport(
        **run.frame("needs.analyse", ("feedback",)),
        cautions=(*cautions(run, found, counter.num_recent), *bomb_cautions(run, found)),
        findings=(*storm_findings(run, found), *findings(run, lines)),
        counts_people=texts.counts_people,
        enough=len(texts) >= MIN_TEXTS,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(texts)), "texts", "needs.d.missing"),
        precise=run.figure("precise", 68, "texts", "needs.d.precise"),
        window_since=None if found.since is None or weeks is None else weeks.day(found.since).isoformat(),
        window_until=None if found.since is None or weeks is None else weeks.day(weeks.last).isoformat(),
        sentiment_from={
            name: run.figure(f"sentiment_{name}", n, "texts", f"needs.d.sentiment_{name}") for name, n in found.sources.items()
        },
        release=found.release,
        active_users=run.figure("active_users", _num_active(run, found), "people", "needs.d.active_users"),
        by_version=moved_by_version(run, found, [topic for topic, _, _ in topics]),
        needs=needs,
        unhappy_overall=unhappy_overall(run, found),
        topics=tuple(lines),
        places=tuple((float(across), float(up)) for across, up in map_places(found)[[topic.number for topic, _, _ in topics]].tolist()),
        num_small=run.figure("topics_too_small", sum(line.state == "too_small" for line in lines), "number", "needs.d.too_small"),
        weeks=tuple(weeks.day(week).isoformat() for week in shown) if weeks is not None else (),
        unhappy_by_week=tuple(counter.unhappy_in(weeks, week) for week in shown) if weeks is not None else (),
        keywords=tuple(counter.keyword(place, key) for place, key in enumerate(keywords)),
        **counter.totals(found.reading),
    )


def _num_active(run: Run, found: Study) -> int | None:
    """Different people with events in the window; None without events."""
    if not run.store.exists("events"):
        return None
    start = 0
    if found.since is not None and found.weeks is not None:
        midnight = datetime.combine(found.weeks.day(found.since), datetime.min.time(), ZoneInfo(run.time_zone))
        start = int(midnight.timestamp() * 1_000_000)
    return int(run.store.rows("SELECT count(DISTINCT actor) FROM events WHERE time >= ?", [start])[0][0]) or None
