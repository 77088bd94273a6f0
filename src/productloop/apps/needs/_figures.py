"""The numbers of `analyse` as Figures: head counts, shares with intervals, lines of topics, copies and languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks, local_days
from productloop.apps.needs._counting import Counted
from productloop.apps.needs._ledger import Entry
from productloop.apps.needs._reading import Reading, num_authors
from productloop.apps.needs._sentiment import NEGATIVE_BELOW
from productloop.apps.needs._study import Study
from productloop.apps.needs._trend import Trend
from productloop.apps.needs.types import CopyLine, Keyword, TopicLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import Interval, bootstrap_interval, share_interval
from productloop.loop.action import Run
from productloop.text.keywords import KeyPhrase

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

MAX_COPIES = 10
MIN_WEEK_VOICES = 5
"""A week in which fewer voices said how they feel shows no share."""


class Counter:
    """Counts the texts of one run and makes Figures of them."""

    def __init__(self, run: Run, study: Study, recent: Flags | None = None) -> None:
        self.run, self.texts, self.sentiment, self.stars = run, study.texts, study.sentiment, study.stars
        self.recent = study.recent if recent is None else recent
        self.head = "people" if study.texts.counts_people else "texts"
        self.num_recent = len(np.unique(study.texts.voice[self.recent]))

    def totals(self, reading: Reading) -> dict[str, Any]:
        """The fields of the report that count everything in the window."""
        texts, run, recent = self.texts, self.run, self.recent
        groups = np.unique(texts.copy_group)
        unhappy, felt = self._unhappy(recent)
        return {
            "people": run.figure("people", self.num_recent, self.head, f"needs.d.{self.head}", n=int(recent.sum())),
            "texts": run.figure("texts", int(recent.sum()), "texts", "needs.d.texts"),
            "deleted": run.figure("deleted", int(texts.deleted[recent].sum()), "texts", "needs.d.deleted"),
            "staff": run.figure("staff", reading.num_staff, "rows", "needs.d.staff"),
            "robots": run.figure("robots", reading.num_robot, "rows", "needs.d.robots"),
            "wordless": run.figure("wordless", reading.num_wordless, "rows", "needs.d.wordless"),
            "greetings": run.figure("greetings", reading.num_greeting, "rows", "needs.d.greetings"),
            "unread": {code: run.figure(f"unread_{code}", num, "texts", "needs.d.unread") for code, num in reading.unread.items()},
            "unhappy_share": self._share("unhappy_share", unhappy, felt, "needs.d.unhappy_share"),
            "stars": self._mean_stars(),
            "copies": self._copies(),
            "num_copies": run.figure("copies", len(texts) - len(groups), "texts", "needs.d.copies"),
            "languages": self._languages(),
        }

    def _share(self, name: str, hits: int, total: int, definition: str) -> Figure:
        interval = share_interval(hits, total)
        return self.run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))

    def _mean_stars(self) -> Figure:
        """Mean stars; the interval draws texts, which are nearly one per person."""
        known = self.stars[self.recent & np.isfinite(self.stars)]
        if len(known) == 0:
            return self.run.figure("stars", None, "stars", "needs.d.stars", n=0)
        found = bootstrap_interval(known, lambda rows: float(rows.mean()), self.run.seed, draws=1000)
        return self.run.figure("stars", found.value, "stars", "needs.d.stars", n=len(known), interval=(found.low, found.high))

    def _unhappy(self, rows: Flags) -> tuple[int, int]:
        felt = rows & np.isfinite(self.sentiment)
        unhappy = felt & (np.nan_to_num(self.sentiment) < NEGATIVE_BELOW)
        return len(np.unique(self.texts.voice[unhappy])), len(np.unique(self.texts.voice[felt]))

    def unhappy_in(self, weeks: Weeks, week: int) -> tuple[float | None, float | None, float | None]:
        """(share, low, high) of unhappy voices in a week; None where it is open or too few said how they feel."""
        unhappy, felt = self._unhappy(weeks.week == week)
        if not weeks.first_whole <= week <= weeks.last_whole or felt < MIN_WEEK_VOICES:
            return None, None, None
        interval = share_interval(unhappy, felt)
        return round(interval.value, 4), round(interval.low, 4), round(interval.high, 4)

    def topic(self, topic: Counted, trend: Trend | None, by_week: tuple[int | None, ...], weeks: Weeks | None) -> TopicLine:
        """One line of the report."""
        known = trend if trend is not None and trend.direction != "unknown" else None
        since = None if known is None or known.since is None or weeks is None else weeks.day(known.since).isoformat()
        return TopicLine(
            id=topic.id,
            name=entry_name(topic.entry),
            state=topic_state(topic),
            texts=self._topic_figure(topic, "texts", topic.num_texts, "texts"),
            people=self._topic_figure(topic, "people", topic.num_voices, self.head, definition=f"needs.d.{self.head}", n=topic.num_texts),
            share=self._share(f"{topic.id}.share", topic.num_voices, self.num_recent, "needs.d.share"),
            unhappy_share=self._interval(topic, "unhappy_share", topic.unhappy_share, "share", topic.num_felt),
            unhappy=self._interval(topic, "unhappy", _rounded(topic.unhappy_voices), self.head, topic.num_felt),
            stars=self._topic_figure(topic, "stars", topic.mean_stars, "stars"),
            drag=self._topic_figure(topic, "drag", topic.drag, "stars"),
            stability=self._topic_figure(topic, "stability", topic.entry.stability, "number"),
            cohesion=self._topic_figure(topic, "cohesion", topic.entry.cohesion, "number"),
            held=topic.entry.held,
            first_seen=self._day(topic, min),
            last_seen=self._day(topic, max),
            keywords=topic.entry.phrases,
            quotes=topic.quotes,
            dissent=topic.dissent,
            trend="unknown" if known is None else known.direction,
            was=self._interval(topic, "was", None if known is None else known.before, self.head),
            now=self._interval(topic, "now", None if known is None else known.now, self.head),
            ratio=self._interval(topic, "ratio", None if known is None else known.ratio, "ratio"),
            since=since,
            by_week=by_week,
        )

    def _day(self, topic: Counted, end: Callable[[Ints], int]) -> str | None:
        times = self.texts.time[topic.members]
        times = times[times > 0]
        if len(times) == 0:
            return None
        return (date(1970, 1, 1) + timedelta(days=int(local_days(np.array([end(times)]), self.run.time_zone)[0]))).isoformat()

    def _topic_figure(
        self, topic: Counted, name: str, value: float | int, unit: str, definition: str | None = None, n: int | None = None
    ) -> Figure:
        return self.run.figure(f"{topic.id}.{name}", value, unit, definition or f"needs.d.topic_{name}", n=n)

    def _interval(self, topic: Counted, name: str, found: Interval | None, unit: str, n: int | None = None) -> Figure:
        if found is None or not np.isfinite([found.value, found.low, found.high]).all():
            return self.run.figure(f"{topic.id}.{name}", None, unit, f"needs.d.topic_{name}", n=n)
        return self.run.figure(f"{topic.id}.{name}", found.value, unit, f"needs.d.topic_{name}", n=n, interval=(found.low, found.high))

    def keyword(self, place: int, key: KeyPhrase) -> Keyword:
        """One phrase of unhappy texts."""
        return Keyword(
            phrase=key.phrase,
            texts=self.run.figure(f"keyword_{place}", key.num_texts, "texts", "needs.d.keyword"),
            elsewhere=self.run.figure(f"keyword_{place}_elsewhere", key.num_texts_elsewhere, "texts", "needs.d.keyword_elsewhere"),
        )

    def _copies(self) -> tuple[CopyLine, ...]:
        """The texts posted most often, campaigns first."""
        texts = self.texts
        numbers, first, counts = np.unique(texts.copy_group, return_index=True, return_counts=True)
        often = [place for place in range(len(numbers)) if counts[place] > 1]
        often.sort(key=lambda place: (texts.campaign[first[place]] < 0, -counts[place], numbers[place]))
        lines = []
        for rank, place in enumerate(often[:MAX_COPIES]):
            row = int(first[place])
            accounts = num_authors(texts.author[texts.copy_group == numbers[place]])
            lines.append(
                CopyLine(
                    quote=str(texts.row_id[row]),
                    copies=self.run.figure(f"copy_{rank}", int(counts[place]), "texts", "needs.d.copies_of"),
                    people=self.run.figure(f"copy_{rank}_people", accounts, self.head, "needs.d.copies_by"),
                    campaign=bool(texts.campaign[row] >= 0),
                )
            )
        return tuple(lines)

    def _languages(self) -> dict[str, Figure]:
        names, counts = np.unique(np.array(self.texts.language, dtype=str), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {str(names[i]): self.run.figure(f"language_{names[i]}", int(counts[i]), "texts", "needs.d.language") for i in order}


def entry_name(entry: Entry) -> Say:
    """A topic's name in each language; a group without a theme says so, unless a person named it."""
    if entry.varied and not entry.held:
        return say("needs.varied")
    return say("needs.topic", zh=entry.name_zh, en=entry.name_en)


def topic_state(topic: Counted) -> Literal["need", "praise", "varied", "too_small"]:
    """What kind of topic it is."""
    if topic.entry.varied and not topic.entry.held:
        return "varied"
    if topic.too_small:
        return "too_small"
    return "praise" if topic.is_praise else "need"


def _rounded(interval: Interval) -> Interval:
    """Heads are whole."""
    return Interval(float(round(interval.value)), float(np.floor(interval.low)), float(np.ceil(interval.high)))
