"""`keywords`: which words unhappy, happy and all people use, in each language by itself, and how given words move over time.

Words of a mood are those with the highest log-odds against everybody else (Monroe, Colaresi and Quinn 2008; text.keywords), counted by
voices. Words of all people are simply the most frequent ones: there is nobody to compare with. A trend is the test of `analyse`
(Fisher, corrected for all words of the report).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import local_days
from productloop.apps.needs._counting import NUM_QUOTES, QUOTE_LETTERS, unhappy_voices
from productloop.apps.needs._phrases import count_voices, more_than, newest, read_phrases, together
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs._study import MIN_TEXTS, Study, study
from productloop.apps.needs._trend import MAX_P, Trend, find_trends
from productloop.apps.needs._weekly import shown_weeks
from productloop.apps.needs.keywords_types import FollowedLine, KeywordsReport, KeywordsRequest, Mood, PhraseGroup, PhraseLine, Side
from productloop.foundation.figures import Figure
from productloop.foundation.wording import say
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.text.chinese import to_simplified
from productloop.text.keywords import KeyPhrase, Phrase, PhraseCounts, select_phrases
from productloop.text.tokens import stem, words

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOODS: tuple[Mood, ...] = ("unhappy", "happy", "all")
SIDES: tuple[Side, ...] = ("zh", "en")
MIN_GROUP_VOICES = 8
"""A group of fewer voices has no words of its own."""
MIN_SCORE = 1.64
"""Below this a phrase may be there by chance (one-sided, one in twenty)."""


class _Counting:
    """Phrases of the texts read, with the rows that hold each."""

    def __init__(self, run: Run, found: Study) -> None:
        self.run, self.found = run, found
        texts = found.texts
        self.heads = "people" if texts.counts_people else "texts"
        self.rows = newest(texts, np.ones(len(texts), dtype=bool))
        self.phrases = read_phrases(texts, self.rows.tolist(), tuple(run.settings.words("product.words")), run.progress)
        self.side = np.array(["zh" if language in ("zh", "mixed") else "en" for language in texts.language])
        self.holders: dict[Phrase, list[int]] = {}
        for row in self.rows.tolist():
            for phrase in self.phrases[row]:
                self.holders.setdefault(phrase, []).append(row)

    def group(self, mood: Mood, side: Side, num_words: int, num_tests: int) -> PhraseGroup | None:
        """The phrases of a mood in a language; None where too few wrote."""
        feeling, texts = self.found.sentiment, self.found.texts
        spoken = self.rows[self.side[self.rows] == side]
        inside = {"unhappy": feeling[spoken] < NEGATIVE_BELOW, "happy": feeling[spoken] > POSITIVE_ABOVE}.get(mood)
        ours = spoken if inside is None else spoken[inside]
        others = spoken[:0] if inside is None else spoken[~inside]
        part = count_voices(texts, ours.tolist(), self.phrases)
        rest = count_voices(texts, others.tolist(), self.phrases)
        if part.num_texts < MIN_GROUP_VOICES:
            return None
        if rest.num_texts:
            keys = [key for key in more_than(part, rest, num_words) if key.score >= MIN_SCORE]
        else:
            keys = select_phrases(part, together(part, rest), num_words, 2)
        name = f"{mood}.{side}"
        lines = [self.line(key, part, rest, f"{name}.{place}", num_tests) for place, key in enumerate(keys)]
        return PhraseGroup(
            mood=mood,
            language=side,
            people=self.run.figure(f"{name}.people", part.num_texts, self.heads, "needs.d.keywords_people"),
            others=self.run.figure(f"{name}.others", rest.num_texts, self.heads, "needs.d.keywords_others"),
            phrases=tuple(lines),
        )

    def line(self, key: KeyPhrase, part: PhraseCounts, rest: PhraseCounts, name: str, num_tests: int) -> PhraseLine:
        """One phrase of a group. Dates and trend are those of everybody who uses it."""
        found = next((phrase for phrase, surfaces in part.surfaces.items() if key.phrase in surfaces), ())
        rows = np.array(self.holders.get(found, []), dtype=np.int64)
        elsewhere = self._share(f"{name}.elsewhere", key.num_texts_elsewhere, rest.num_texts) if rest.num_texts else None
        score = self.run.figure(f"{name}.score", key.score, "number", "needs.d.keywords_score") if rest.num_texts else None
        return self._line(key.phrase, rows, (key.num_texts, part.num_texts), (elsewhere, score), (name, num_tests))

    def followed(self, word: str, place: int, num_tests: int) -> FollowedLine:
        """A word that was asked for, among all texts."""
        texts, name = self.found.texts, f"word_{place}"
        holds = _holds(word)
        rows = np.array([row for row, text in enumerate(texts.text) if holds(text)], dtype=np.int64)
        voices, everybody = len(np.unique(texts.voice[rows])), len(np.unique(texts.voice))
        unhappy, felt = unhappy_voices(texts.voice[rows], self.found.sentiment[rows])
        return FollowedLine(
            line=self._line(word, rows, (voices, everybody), (None, None), (name, num_tests)),
            unhappy_share=self._share(f"{name}.unhappy_share", unhappy, felt, "needs.d.unhappy_share"),
            by_week=_by_week(self.found, rows),
            quotes=self._quotes(rows),
        )

    def _line(
        self, phrase: str, rows: Ints, counts: tuple[int, int], compared: tuple[Figure | None, Figure | None], known: tuple[str, int]
    ) -> PhraseLine:
        name, num_tests = known
        trend = trend_of(self.found, rows, num_tests)
        since = None if trend is None or trend.since is None or self.found.weeks is None else self.found.weeks.day(trend.since).isoformat()
        times = self.found.texts.time[rows]
        times = times[times > 0]
        return PhraseLine(
            phrase=phrase,
            people=self.run.figure(f"{name}.people", counts[0], self.heads, "needs.d.keywords_users", n=counts[1]),
            share=self._share(f"{name}.share", *counts),
            elsewhere=compared[0],
            score=compared[1],
            first_seen=self._day(int(times.min())) if len(times) else None,
            last_seen=self._day(int(times.max())) if len(times) else None,
            trend="unknown" if trend is None else trend.direction,
            since=since,
        )

    def _share(self, name: str, hits: int, total: int, definition: str = "needs.d.keywords_share") -> Figure:
        interval = share_interval(hits, total)
        return self.run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))

    def _day(self, time: int) -> str:
        return (date(1970, 1, 1) + timedelta(days=int(local_days(np.array([time]), self.run.time_zone)[0]))).isoformat()

    def _quotes(self, rows: Ints) -> tuple[str, ...]:
        """The newest readable texts, each by another voice."""
        texts = self.found.texts
        quotes: dict[int, str] = {}
        for row in rows[np.argsort(-texts.time[rows], kind="stable")].tolist():
            if QUOTE_LETTERS[0] <= len(texts.text[row]) <= QUOTE_LETTERS[1]:
                quotes.setdefault(int(texts.voice[row]), str(texts.row_id[row]))
            if len(quotes) == NUM_QUOTES:
                break
        return tuple(quotes.values())


def find_keywords(run: Run, request: KeywordsRequest) -> KeywordsReport:
    """The report."""
    found = study(run)
    texts, weeks = found.texts, found.weeks
    enough = len(texts) >= MIN_TEXTS
    counting = _Counting(run, found) if enough or request.words else None
    groups: list[PhraseGroup] = []
    followed: list[FollowedLine] = []
    run.progress("count", 3, 4)
    asked = tuple(dict.fromkeys(word.strip() for word in request.words if word.strip()))
    moods = MOODS if request.mood is None else (request.mood,)
    num_tests = len(asked) or len(moods) * len(SIDES) * request.num_words
    if counting is not None:
        followed = [counting.followed(word, place, num_tests) for place, word in enumerate(asked)]
        wanted = [] if asked or not enough else [(mood, side) for mood in moods for side in SIDES]
        made = [counting.group(mood, side, request.num_words, num_tests) for mood, side in wanted]
        groups = [group for group in made if group is not None and group.phrases]
    return KeywordsReport(
        **run.frame("needs.keywords", ("feedback",)),
        counts_people=texts.counts_people,
        enough=enough,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(texts)), "texts", "needs.d.missing"),
        people=run.figure(
            "people",
            len(np.unique(texts.voice)),
            "people" if texts.counts_people else "texts",
            f"needs.d.{'people' if texts.counts_people else 'texts'}",
        ),
        texts=run.figure("texts", len(texts), "texts", "needs.d.texts"),
        groups=tuple(groups),
        followed=tuple(followed),
        weeks=tuple(weeks.day(week).isoformat() for week in shown_weeks(weeks)) if weeks is not None else (),
        no_mood=not bool(np.isfinite(found.sentiment).any()),
        reason=say("needs.keywords.no_mood") if enough and not np.isfinite(found.sentiment).any() else None,
        read=run.figure("read", 0 if counting is None else len(counting.rows), "texts", "needs.d.keywords_read"),
    )


def trend_of(found: Study, rows: Ints, num_tests: int) -> Trend | None:
    """How the share of voices who wrote `rows` moved, corrected for `num_tests` words; None where weeks do not suffice."""
    weeks, texts = found.weeks, found.texts
    if weeks is None:
        return None
    holds = np.zeros(len(texts), dtype=bool)
    holds[rows] = True
    weekly = np.zeros((2, weeks.last - weeks.first + 1), dtype=np.int64)
    dated = (weeks.week >= weeks.first) & (weeks.week <= weeks.last)
    for line, inside in enumerate((dated & holds, dated)):
        once = np.unique(np.column_stack([weeks.week[inside] - weeks.first, texts.voice[inside]]), axis=0)
        np.add.at(weekly[line], once[:, 0], 1)
    weekly[1] -= weekly[0]
    trend = find_trends(weekly, weeks)[0]
    if trend.direction == "unknown":
        return None
    if trend.direction != "steady" and trend.p_adjusted * num_tests >= MAX_P:
        return Trend("steady", trend.before, trend.now, trend.ratio, min(1.0, trend.p_adjusted * num_tests))
    return trend


def _by_week(found: Study, rows: Ints) -> tuple[int | None, ...]:
    weeks = found.weeks
    if weeks is None:
        return ()
    its = weeks.week[rows]
    return tuple(
        len(np.unique(found.texts.voice[rows[its == week]])) if weeks.first_whole <= week <= weeks.last_whole else None
        for week in shown_weeks(weeks)
    )


def _holds(word: str) -> Callable[[str], bool]:
    """Whether a text uses the word: Chinese by its characters, English by whole words whatever their plural."""
    simple = to_simplified(word).lower()
    if not simple.isascii():
        return lambda text: simple in to_simplified(text).lower()
    wanted = [stem(part) for part in words(simple)]

    def holds(text: str) -> bool:
        said = [stem(part) for part in words(text)] if simple.split()[0][:3] in text.lower() else []
        return any(said[start : start + len(wanted)] == wanted for start in range(len(said) - len(wanted) + 1))

    return holds if wanted else lambda text: simple in text.lower()
