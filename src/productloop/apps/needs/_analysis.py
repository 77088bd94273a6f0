"""`analyse` from feedback to report: read, feel, group, compare weeks, count, and say what not to believe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks, count_weeks
from productloop.apps.needs._cautions import cautions
from productloop.apps.needs._figures import Counter
from productloop.apps.needs._findings import findings
from productloop.apps.needs._reading import Reading, Texts, read_texts
from productloop.apps.needs._release import judge
from productloop.apps.needs._sentiment import Source, of_ratings, read_sentiment
from productloop.apps.needs._topics import Counted, Window, count_topics, embed, group, topic_ids
from productloop.apps.needs._trend import Trend, find_trends, weekly_voices
from productloop.apps.needs._writing import keep_findings, keep_topics
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.loop.action import Run
from productloop.loop.scope import Scope
from productloop.text.keywords import KeyPhrase, key_phrases

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MIN_TEXTS = 30
"""Fewer texts than this: no topics and no ranking."""
NOW_WEEKS = 12
"""What users need "now" is counted over the last whole weeks and the running one, if at least MIN_TEXTS texts lie there; else over everything."""
MAX_KEYWORD_TEXTS = 2_000
"""Texts on either side from which keywords are taken, the newest first."""


Line = tuple[Counted, Trend | None, tuple[int | None, ...]]
"""A topic, how it moved, its voices by week (None where the week is open)."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known before topics are."""

    reading: Reading
    counter: Counter
    sources: dict[Source, int]
    release: str | None
    weeks: Weeks | None
    since: int | None
    """First week of the window that "now" means; None for everything."""


def analyse_feedback(run: Run, request: AnalyseRequest) -> AnalyseReport:
    """The report; registers the writes of points, topics and findings when the scope is everything."""
    run.progress("read", 0, 4)
    reading = read_texts(run.store)
    texts = reading.texts
    model, release = judge(run, texts)
    sentiment, sources = read_sentiment(texts.text, texts.rating, texts.label, model)
    weeks = _weeks(run, texts)
    recent, since = _recent(texts, weeks)
    window = Window(texts, sentiment, _stars(texts), recent)
    facts = _Facts(reading, Counter(run, window), sources, release, weeks, since)
    if len(texts) < MIN_TEXTS:
        return _report(run, request, facts, [])
    vectors = embed(texts.text, run.store, run.progress)
    run.progress("topics", 2, 4)
    topics = group(texts, vectors, request.granularity, run.seed, run.settings.words("product.words"))
    earlier = {str(row): str(topic) for row, topic in run.store.rows("SELECT feedback, topic FROM points WHERE topic IS NOT NULL")}
    ids = topic_ids(topics.labels, [str(row) for row in texts.row_id], earlier)
    run.progress("count", 3, 4)
    counted = count_topics(window, topics, ids)
    moved = _trends(texts, topics.labels, weeks, len(counted))
    report = _report(run, request, facts, [(topic, *its) for topic, its in zip(counted, moved, strict=True)])
    if request.scope == Scope():
        keep_topics(run, texts, topics, counted, sentiment)
        keep_findings(run, report)
    return report


def _stars(texts: Texts) -> Floats:
    """Ratings where they are stars from 1 to 5, else NaN for all."""
    known = texts.rating[np.isfinite(texts.rating)]
    is_stars = len(known) > 0 and known.min() >= 1 and 1 < known.max() <= 5 and bool(np.isfinite(of_ratings(texts.rating)).any())
    return texts.rating if is_stars else np.full(len(texts), np.nan)


def _weeks(run: Run, texts: Texts) -> Weeks | None:
    if not texts.dated:
        return None
    sources = np.array([str(product) for product in texts.product], dtype=object)
    _, source = np.unique(sources, return_inverse=True)
    as_of = run.as_of if run.as_of is not None else int(texts.time.max())
    # a source of a few texts says nothing about when the data begin
    large = np.flatnonzero(np.bincount(source) >= 0.05 * len(texts))
    source = np.where(np.isin(source, large), source, large[0] if len(large) else 0)
    return count_weeks(texts.time, source, as_of, run.time_zone, run.settings.text("product.week_start"))


def _recent(texts: Texts, weeks: Weeks | None) -> tuple[Flags, int | None]:
    """(texts of the window that "now" means, its first week or None for everything)."""
    everything = np.ones(len(texts), dtype=bool)
    if weeks is None or weeks.num_whole < NOW_WEEKS:
        return everything, None
    first = weeks.last_whole - NOW_WEEKS + 1
    recent = weeks.week >= first
    return (recent, first) if recent.sum() >= MIN_TEXTS else (everything, None)


def _trends(
    texts: Texts, labels: NDArray[np.int64], weeks: Weeks | None, num_topics: int
) -> list[tuple[Trend | None, tuple[int | None, ...]]]:
    """Trend and voices by week of each topic."""
    if weeks is None:
        return [(None, ()) for _ in range(num_topics)]
    weekly = weekly_voices(labels, texts.voice, weeks, num_topics)
    shown = _shown_weeks(weeks)
    lines: list[tuple[Trend | None, tuple[int | None, ...]]] = []
    for row, trend in enumerate(find_trends(weekly, weeks)):
        whole = [weeks.first_whole <= week <= weeks.last_whole for week in shown]
        values = tuple(int(weekly[row, week - weeks.first]) if open_ else None for week, open_ in zip(shown, whole, strict=True))
        lines.append((trend, values))
    return lines


def _shown_weeks(weeks: Weeks) -> list[int]:
    """Up to a year of weeks, the running one last."""
    return list(range(max(weeks.first, weeks.last - 51), weeks.last + 1))


def _keywords(texts: Texts, sentiment: Floats, recent: Flags, product_words: tuple[str, ...]) -> list[KeyPhrase]:
    """Phrases of unhappy texts against the others of the window; one text of each group of copies."""
    first_of_kind = np.zeros(len(texts), dtype=bool)
    first_of_kind[np.unique(texts.copy_group, return_index=True)[1]] = True
    newest = np.argsort(-texts.time, kind="stable")
    rows = [int(row) for row in newest if recent[row] and first_of_kind[row]]
    unhappy = [texts.text[row] for row in rows if sentiment[row] < -1 / 3][:MAX_KEYWORD_TEXTS]
    others = [texts.text[row] for row in rows if not sentiment[row] < -1 / 3][:MAX_KEYWORD_TEXTS]
    return key_phrases(unhappy, others, num_phrases=12, product_words=product_words) if unhappy else []


def _report(run: Run, request: AnalyseRequest, facts: _Facts, topics: list[Line]) -> AnalyseReport:
    reading, counter, weeks = facts.reading, facts.counter, facts.weeks
    texts = reading.texts
    lines = [counter.topic(topic, trend, by_week, weeks) for topic, trend, by_week in topics]
    ranked = sorted((line for line in lines if line.state == "need"), key=lambda line: (-(line.unhappy.value or 0), line.id))
    needs = tuple(line.id for line in ranked[: request.num_needs])
    shown = _shown_weeks(weeks) if weeks is not None else []
    keywords = _keywords(texts, counter.sentiment, counter.recent, run.settings.words("product.words"))
    return AnalyseReport(
        **run.frame("needs.analyse", ("feedback",)),
        cautions=cautions(run, reading, weeks, facts.sources, counter.num_recent),
        findings=findings(run, lines),
        counts_people=texts.counts_people,
        enough=len(texts) >= MIN_TEXTS,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(texts)), "texts", "needs.d.missing"),
        precise=run.figure("precise", 68, "texts", "needs.d.precise"),
        window_since=None if facts.since is None or weeks is None else weeks.day(facts.since).isoformat(),
        window_until=None if facts.since is None or weeks is None else weeks.day(weeks.last).isoformat(),
        sentiment_from={
            name: run.figure(f"sentiment_{name}", n, "texts", f"needs.d.sentiment_{name}") for name, n in facts.sources.items()
        },
        release=facts.release,
        needs=needs,
        topics=tuple(lines),
        num_small=run.figure("topics_too_small", sum(line.state == "too_small" for line in lines), "number", "needs.d.too_small"),
        weeks=tuple(weeks.day(week).isoformat() for week in shown) if weeks is not None else (),
        unhappy_by_week=tuple(counter.unhappy_in(weeks, week) for week in shown) if weeks is not None else (),
        keywords=tuple(counter.keyword(place, key) for place, key in enumerate(keywords)),
        **counter.totals(reading),
    )
