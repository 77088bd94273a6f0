"""What every action of `needs` starts from: the texts that count, their points and feelings, and the topics of the ledger.

`analyse` and `ledger` write points and topics; everything else takes them as they stand and places what is newer in memory. So all
answers about one workspace speak of the same topics, and none but the first has to find them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks, count_weeks, local_days
from productloop.apps.needs._ledger import Cloud, Ledger, assign, read_kept
from productloop.apps.needs._points import Points, feel, split
from productloop.apps.needs._reading import Reading, Texts, read_texts
from productloop.apps.needs._release import judge, judge_kinds
from productloop.apps.needs._sentiment import Source, of_columns, of_ratings, of_texts
from productloop.apps.needs._topic_ids import Key
from productloop.learning.text_features import remember
from productloop.loop.action import Run, require
from productloop.loop.judged import once_a_text
from productloop.loop.store import Store
from productloop.loop.wording import NOTHING_IMPORTED
from productloop.text.alignment import align
from productloop.text.cues import cues
from productloop.text.encoders import DEFAULT_ENCODER, encode
from productloop.text.vectors import VectorCache

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Vectors = NDArray[np.float32]

MIN_TEXTS = 30
"""Fewer texts than this: no topics and no ranking."""
NOW_WEEKS = 12
"""What users need "now" is counted over the last whole weeks and the running one, if at least MIN_TEXTS texts lie there; else over everything."""
CHUNK_TEXTS = 500
"""Texts encoded between two looks at whether the person has interrupted: below a second of work."""


@dataclass(frozen=True, slots=True)
class Study:
    """n texts, p points, k topics. `ledger` is None with fewer than MIN_TEXTS texts."""

    reading: Reading
    points: Points
    encoded: Vectors
    """(p, e) of the points, as the encoder gives them."""
    vectors: Vectors
    """(p, d) of the points, in the space that both languages share."""
    sentiment: Floats
    """(n,) of texts, -1..1, NaN where unknown."""
    stars: Floats
    """(n,) from 1 to 5, NaN where unknown."""
    sources: dict[Source, int]
    """Texts by where their feeling comes from."""
    release: str | None
    """Model release that judged feelings."""
    weeks: Weeks | None
    """None without dates."""
    recent: Flags
    """(n,) texts of the time that "now" means."""
    since: int | None
    """First week of that time; None for everything."""
    ledger: Ledger | None

    @property
    def texts(self) -> Texts:
        """The texts that count."""
        return self.reading.texts

    @property
    def voice(self) -> Ints:
        """(p,) whose voice each point is."""
        return np.asarray(self.texts.voice[self.points.text], dtype=np.int64)

    @property
    def keys(self) -> list[Key]:
        """(p,) row id of the text and place in it."""
        return point_keys(self.texts, self.points)

    def rows_of(self, number: int) -> Ints:
        """Rows of the texts that hold a point of topic `number` of the ledger, ascending."""
        assert self.ledger is not None
        return np.unique(self.points.text[self.ledger.labels == number])


def study(run: Run, granularity: float | None = None, *, refit: bool = False) -> Study:
    """Read, split, feel, and find or place topics. Nothing is written. Raises MissingData where no feedback was ever imported."""
    require(run.store.exists("feedback"), NOTHING_IMPORTED, tables="feedback")
    run.progress("read", 0, 4)
    reading = read_texts(run.store)
    texts = reading.texts
    points = split(texts)
    weeks = weeks_of(run, texts)
    recent, since = _recent(texts, weeks)
    given, sources = of_columns(texts.text, texts.rating, texts.label)
    encoded = embed(points.words, run.store, run.progress)
    remember(points.words, encoded)  # a live model asks for the same vectors
    model, release = judge(run, points.words)
    marks = once_a_text(run.store, "cues", points.words, cues) if len(points) else cues([])
    points = feel(points, given, encoded, marks, model, judge_kinds(run, points.words))
    sentiment, by_words = of_texts(given, points.text, points.sentiment, points.certainty)
    if model is not None:
        by_words = {"model": by_words.pop("lexicon", 0), **by_words}
    sources = {source: count for source, count in {**sources, **by_words}.items() if count}
    vectors = align(encoded, points.sides)
    ledger = None
    if len(texts) >= MIN_TEXTS and len(points):
        run.progress("topics", 2, 4)
        cloud = Cloud(point_keys(texts, points), points, vectors, tuple(run.settings.words("product.words")), run.seed)
        ledger = replace(assign(cloud, read_kept(run.store), granularity, refit=refit), version=run.store.versions().get("topics"))
    return Study(reading, points, encoded, vectors, sentiment, _stars(texts), sources, release, weeks, recent, since, ledger)


def point_keys(texts: Texts, points: Points) -> list[Key]:
    """(p,) row id of the text and place in it."""
    return [(str(texts.row_id[row]), int(start)) for row, start in zip(points.text.tolist(), points.start.tolist(), strict=True)]


def embed(words: list[str], store: Store, progress: Callable[[str, int, int], None]) -> Vectors:
    """Vectors (p, d) of texts, from the workspace's cache or encoded in steps."""
    cache = VectorCache(store.cache / "vectors")
    distinct = sorted(set(words), key=lambda text: (len(text), text))
    for start in range(0, len(distinct), CHUNK_TEXTS):
        progress("encode", start, len(distinct))
        encode(distinct[start : start + CHUNK_TEXTS], DEFAULT_ENCODER, cache)
    return encode(words, DEFAULT_ENCODER, cache)


def embed_aligned(words: list[str], sides: list[str], store: Store, progress: Callable[[str, int, int], None]) -> Vectors:
    """Vectors (p, d) of texts in the space of `Study.vectors`; `sides` (p,) are "zh" or "en"."""
    return align(embed(words, store, progress), sides)


def weeks_of(run: Run, texts: Texts) -> Weeks | None:
    """The weeks of the texts; None where they carry no dates."""
    if not texts.dated:
        return None
    sources = np.array([str(product) for product in texts.product], dtype=object)
    _, source = np.unique(sources, return_inverse=True)
    as_of = run.as_of if run.as_of is not None else int(texts.time.max())
    # a source of a few texts says nothing about when the data begin
    large = np.flatnonzero(np.bincount(source) >= 0.05 * len(texts))
    source = np.where(np.isin(source, large), source, large[0] if len(large) else 0)
    weeks = count_weeks(texts.time, source, as_of, run.time_zone, run.settings.text("product.week_start"))
    cut = _cut_until(run)
    if cut is None:
        return weeks
    days = local_days(np.array([cut], dtype=np.int64), run.time_zone) + (3 - weeks.week_start) % 7
    return replace(weeks, first_whole=max(weeks.first_whole, -(-int(days[0]) // 7)))


def _cut_until(run: Run) -> int | None:
    """End of the month with which a capped export begins (microseconds UTC): what is older in it was not exported."""
    ends = []
    for row in run.store.state.imports("done"):
        for note in json.loads(row["notes"]) if row["target"] == "feedback" else ():
            if isinstance(note, dict) and note.get("key") == "source.capped":
                year, month = map(int, str(note["slots"]["first"]).split("-"))
                ends.append(datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))
    return int(max(ends).timestamp()) * 1_000_000 if ends else None


def _stars(texts: Texts) -> Floats:
    """Ratings where they are stars from 1 to 5, else NaN for all."""
    known = texts.rating[np.isfinite(texts.rating)]
    is_stars = len(known) > 0 and known.min() >= 1 and 1 < known.max() <= 5 and bool(np.isfinite(of_ratings(texts.rating)).any())
    return texts.rating if is_stars else np.full(len(texts), np.nan)


def _recent(texts: Texts, weeks: Weeks | None) -> tuple[Flags, int | None]:
    """(texts of the window that "now" means, its first week or None for everything)."""
    everything = np.ones(len(texts), dtype=bool)
    if weeks is None or weeks.num_whole < NOW_WEEKS:
        return everything, None
    first = weeks.last_whole - NOW_WEEKS + 1
    recent = weeks.week >= first
    return (recent, first) if recent.sum() >= MIN_TEXTS else (everything, None)
