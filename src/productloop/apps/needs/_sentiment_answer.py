"""`sentiment`: how voices feel in the window, by week, source and part; what the unhappy say; and how often the judgement is right.

A voice is unhappy when the mean of its texts lies below -1/3, happy above 1/3, else neutral: each voice counts once, so the three shares
add up to one. Parts (version, channel, language, market, product) are compared with the rest by Fisher's exact test in the direction seen,
doubled, and corrected for all comparisons (Holm 1979). Reliability (DeGroot and Fienberg 1983, The Statistician 32): texts that words
alone call negative with a chance of at least .6, .8 and .9, and how many of them carry 1 or 2 stars; the cold start, which never saw the stars.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks
from productloop.apps.needs._counting import MIN_VOICES, unhappy_voices
from productloop.apps.needs._figures import Counter, entry_name
from productloop.apps.needs._segments import MAX_P, MAX_VALUES, columns_of
from productloop.apps.needs._segments import MIN_VOICES as MIN_PART
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs._study import Study, study
from productloop.apps.needs._weekly import shown_weeks
from productloop.apps.needs.sentiment_types import CheckLine, SegmentLine, SentimentReport, SentimentRequest, UnhappyTopic
from productloop.foundation.figures import Figure
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.text.sentiment import NEGATIVE, cold_sentiment

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVELS = (0.6, 0.8, 0.9)
MIN_CHECKED = 10
LOW_STARS = 2.0
NUM_QUOTES, NUM_UNSURE = 3, 4
MIN_QUOTE_LETTERS = 6


def tell_sentiment(run: Run, request: SentimentRequest) -> SentimentReport:
    """The report; without a feeling anywhere its shares are not known."""
    found = study(run)
    run.progress("count", 3, 4)
    texts, weeks, counter = found.texts, found.weeks, Counter(run, found)
    voices, mood = voice_moods(found.texts.voice[found.recent], found.sentiment[found.recent])
    unhappy, happy = int((mood < NEGATIVE_BELOW).sum()), int((mood > POSITIVE_ABOVE).sum())
    size = len(voices)
    shown = shown_weeks(weeks) if weeks is not None else []
    return SentimentReport(
        **run.frame("needs.sentiment", ("feedback",)),
        counts_people=texts.counts_people,
        people=run.figure("people", counter.num_recent, counter.head, f"needs.d.{counter.head}", n=int(found.recent.sum())),
        felt=run.figure("felt", size, counter.head, "needs.d.mood_felt"),
        unhappy=_share(run, "unhappy", unhappy, size, "needs.d.mood_unhappy"),
        ever=_share(run, "ever", *unhappy_voices(texts.voice[found.recent], found.sentiment[found.recent]), "needs.d.unhappy_share"),
        neutral=_share(run, "neutral", size - unhappy - happy, size, "needs.d.mood_neutral"),
        happy=_share(run, "happy", happy, size, "needs.d.mood_happy"),
        by_week=tuple(_in_week(found, weeks, week) for week in shown) if weeks is not None else (),
        weeks=tuple(weeks.day(week).isoformat() for week in shown) if weeks is not None else (),
        judged_by={name: run.figure(f"source_{name}", n, "texts", f"needs.d.sentiment_{name}") for name, n in found.sources.items()},
        segments=_segments(run, found),
        topics=_topics(run, found, set(voices[mood < NEGATIVE_BELOW].tolist()), request.num_topics),
        quotes=_quotes(found, found.recent & (np.nan_to_num(found.sentiment) < NEGATIVE_BELOW), NUM_QUOTES),
        unsure=_quotes(found, found.recent & ~np.isfinite(found.sentiment), NUM_UNSURE),
        checks=_checks(run, found),
    )


def unhappy_overall(run: Run, found: Study) -> Figure:
    """Share of voices of the window that are unhappy where all their texts are taken together: the `unhappy` of this report."""
    _, mood = voice_moods(found.texts.voice[found.recent], found.sentiment[found.recent])
    return _share(run, "unhappy_overall", int((mood < NEGATIVE_BELOW).sum()), len(mood), "needs.d.mood_unhappy")


def voice_moods(voice: NDArray[np.int64], sentiment: Floats) -> tuple[NDArray[np.int64], Floats]:
    """(voices (v,), their mean sentiment (v,)) of those whose feeling is known in at least one text."""
    known = np.isfinite(sentiment)
    voices, place = np.unique(voice[known], return_inverse=True)
    if len(voices) == 0:
        return voices, np.zeros(0)
    total = np.bincount(place, weights=sentiment[known], minlength=len(voices))
    return voices, np.asarray(total / np.bincount(place, minlength=len(voices)), dtype=np.float64)


def _in_week(found: Study, weeks: Weeks, week: int) -> tuple[float | None, float | None, float | None]:
    """(share, low, high) of unhappy voices in a week; None where it is open or few said how they feel."""
    hits, total = _unhappy(found, weeks.week == week)
    if not weeks.first_whole <= week <= weeks.last_whole or total < MIN_VOICES:
        return None, None, None
    interval = share_interval(hits, total)
    return round(interval.value, 4), round(interval.low, 4), round(interval.high, 4)


def _segments(run: Run, found: Study) -> tuple[SegmentLine, ...]:
    texts = found.texts
    head = "people" if texts.counts_people else "texts"
    parts: list[tuple[str, str, int, int, int, int, float]] = []
    for column, values in columns_of(found, run.store).items():
        known = np.array([value is not None for value in values], dtype=bool) & found.recent
        names, counts = np.unique(values[known].astype(str), return_counts=True) if known.any() else (np.zeros(0, dtype=str), np.zeros(0))
        for name in names[np.argsort(-counts, kind="stable")][:MAX_VALUES]:
            here = known & (np.where(known, values, "").astype(str) == name)
            hits, total = _unhappy(found, here)
            others, rest = _unhappy(found, known & ~here)
            if min(total, rest) >= MIN_PART:
                seen_more = hits * rest >= others * total
                tail = fisher_tail(hits, total, others, rest) if seen_more else fisher_tail(others, rest, hits, total)
                parts.append((column, str(name), hits, total, others, rest, min(1.0, 2.0 * tail)))
    adjusted = holm([part[6] for part in parts])
    lines = []
    for (column, name, hits, total, others, rest, _), p in zip(parts, adjusted, strict=True):
        key = f"{column}_{name}"
        lines.append(
            SegmentLine(
                column=column,
                value=name,
                people=run.figure(f"{key}.people", total, head, "needs.d.mood_part_people"),
                share=_share(run, f"{key}.share", hits, total, "needs.d.mood_part"),
                rest=_share(run, f"{key}.rest", others, rest, "needs.d.mood_rest"),
                differs=p < MAX_P,
            )
        )
    return tuple(lines)


def _unhappy(found: Study, rows: Flags) -> tuple[int, int]:
    _, mood = voice_moods(found.texts.voice[rows], found.sentiment[rows])
    return int((mood < NEGATIVE_BELOW).sum()), len(mood)


def _topics(run: Run, found: Study, unhappy: set[int], num_topics: int) -> tuple[UnhappyTopic, ...]:
    """Topics by the unhappy voices with a negative point in them."""
    if found.ledger is None:
        return ()
    head = "people" if found.texts.counts_people else "texts"
    negative = found.recent[found.points.text] & (np.nan_to_num(found.points.sentiment) < NEGATIVE_BELOW)
    counts: list[tuple[int, int]] = []
    for number, entry in enumerate(found.ledger.entries):
        voices = set(found.voice[negative & (found.ledger.labels == number)].tolist()) & unhappy
        if len(voices) >= MIN_VOICES and not entry.varied:
            counts.append((len(voices), number))
    entries = found.ledger.entries
    return tuple(
        UnhappyTopic(
            topic=entries[number].id,
            name=entry_name(entries[number]),
            people=run.figure(f"{entries[number].id}.unhappy", count, head, "needs.d.mood_topic"),
        )
        for count, number in sorted(counts, key=lambda pair: (-pair[0], pair[1]))[:num_topics]
    )


def _quotes(found: Study, rows: Flags, number: int) -> tuple[str, ...]:
    """Row ids, the newest first, each by another voice and none a copy of another."""
    texts = found.texts
    chosen: list[int] = []
    for row in sorted(np.flatnonzero(rows).tolist(), key=lambda row: (-texts.time[row], row)):
        apart = all(texts.voice[row] != texts.voice[other] and texts.copy_group[row] != texts.copy_group[other] for other in chosen)
        if apart and len(texts.text[row]) >= MIN_QUOTE_LETTERS:
            chosen.append(row)
        if len(chosen) == number:
            break
    return tuple(str(texts.row_id[row]) for row in chosen)


def _checks(run: Run, found: Study) -> tuple[CheckLine, ...]:
    """How often words alone are right, on texts with stars, one of each group of copies."""
    points, stars = found.points, found.stars
    if not np.isfinite(stars).any():
        return ()
    first = np.zeros(len(stars), dtype=bool)
    first[np.unique(found.texts.copy_group, return_index=True)[1]] = True
    chance = cold_sentiment(points.words, found.encoded)[:, NEGATIVE]
    size = np.bincount(points.text, minlength=len(stars))
    mean = np.divide(np.bincount(points.text, weights=chance, minlength=len(stars)), size, out=np.zeros(len(stars)), where=size > 0)
    lines = []
    for level in LEVELS:
        called = first & np.isfinite(stars) & (mean >= level)
        if called.sum() >= MIN_CHECKED:
            hits = int((stars[called] <= LOW_STARS).sum())
            lines.append(CheckLine(level=level, right=_share(run, f"check_{level}", hits, int(called.sum()), "needs.d.mood_check")))
    return tuple(lines)


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))
