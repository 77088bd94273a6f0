"""`compare`: what one side says that the other does not, beyond chance.

Topics: voices of the side who bring a topic up against all voices of the side, Fisher's exact test both ways (twice the smaller tail),
corrected together with mood and stars for everything compared (Holm 1979). Mean stars: a mean per voice, their difference by Welch's
(1947) z on samples of at least MIN_SIDE_VOICES; interval by bootstrap. A side is never averaged in silence: where the mix of channels, markets,
products, languages or versions changed between the sides, the unhappy share is also given as it would be with one mix for both (direct
standardisation; Simpson 1951 shows why: every part may improve while the whole gets worse).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._counting import Counted, count_topics, unhappy_voices
from productloop.apps.needs._figures import entry_name, topic_state
from productloop.apps.needs._mix import mixes
from productloop.apps.needs._phrases import count_voices, more_than, newest, read_phrases
from productloop.apps.needs._sides import MIN_SIDE_VOICES, Pair, sides
from productloop.apps.needs._study import MIN_TEXTS, Study, study
from productloop.apps.needs.compare_types import CompareReport, CompareRequest, DifferenceLine, PairLine, SideLine, WordLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, bootstrap_interval, difference_interval, ratio_interval, share_interval
from productloop.loop.action import Run

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Direction = Literal["higher", "lower", "same", "unknown"]

MAX_P = 0.05
MIN_HITS = 8
"""Voices of both sides together below which a topic is not compared."""
NUM_WORDS = 8
MIN_SCORE = 2.6
"""Standard deviations from which a phrase is listed for a side: one in a hundred by chance, for each phrase."""
MANY_ON_BOTH = 0.1
BOOTSTRAP_DRAWS = 1_000
MAX_UNEVEN = 1.25
"""Where the voices of one side wrote this many times as many texts each, only the newest text of each counts: else whoever wrote longer
would seem to bring up everything more."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One side counted."""

    inside: Flags
    num_voices: int
    num_unhappy: int
    num_felt: int
    stars: Floats
    """Mean stars of each voice that gave any."""
    topics: list[Counted]


def compare_sides(run: Run, request: CompareRequest) -> CompareReport:
    """The report. UsageError for conditions that cannot be read."""
    found = study(run)
    kind, pairs, reason = sides(run, found, request.this, request.that)
    if len(found.texts) < MIN_TEXTS:
        kind, pairs, reason = "none", [], _too_few(run, found)
    run.progress("count", 3, 4)
    said = [_texts_per_voice(found, pair) for pair in pairs]
    uneven = [max(its) > MAX_UNEVEN * min(its) > 0 for its in said]
    pairs = [_one_text_each(found, pair) if differs else pair for pair, differs in zip(pairs, uneven, strict=True)]
    counted = [(_count(found, pair.this), _count(found, pair.that)) for pair in pairs]
    tests = [_tests(ours, theirs) for ours, theirs in counted]
    adjusted = iter(holm([p for its in tests for p in its.values()]))
    chances = [{name: next(adjusted) for name in its} for its in tests]
    lines = [
        _pair(run, request, found, pair, (*its, chance, f"pair_{place}"))
        for place, (pair, its, chance) in enumerate(zip(pairs, counted, chances, strict=True))
    ]
    lines = [
        line.model_copy(
            update={
                "one_each": differs,
                "this_texts_each": run.figure(f"pair_{place}.this_each", round(its[0], 2), "number", "needs.d.compare_each"),
                "that_texts_each": run.figure(f"pair_{place}.that_each", round(its[1], 2), "number", "needs.d.compare_each"),
            }
        )
        for place, (line, its, differs) in enumerate(zip(lines, said, uneven, strict=True))
    ]
    num_tests = sum(len(its) for its in tests)
    num_different = sum(p < MAX_P for its in chances for p in its.values())
    return CompareReport(
        **run.frame("needs.compare", ("feedback",)),
        counts_people=found.texts.counts_people,
        kind=kind,
        reason=reason,
        pairs=tuple(lines),
        num_tests=run.figure("num_tests", num_tests, "number", "needs.d.compare_tests"),
        num_different=run.figure("num_different", num_different, "number", "needs.d.compare_different"),
    )


def _texts_per_voice(found: Study, pair: Pair) -> tuple[float, float]:
    """Mean number of texts of each side's voices; who writes more brings up more."""
    means = [float(side.sum()) / max(1, len(np.unique(found.texts.voice[side]))) for side in (pair.this, pair.that)]
    return means[0], means[1]


def _one_text_each(found: Study, pair: Pair) -> Pair:
    """The pair with only the newest text of each voice on each side."""
    texts = found.texts
    kept = []
    for side in (pair.this, pair.that):
        rows = np.flatnonzero(side)
        rows = rows[np.argsort(-texts.time[rows], kind="stable")]
        newest_of_voice = np.zeros(len(texts), dtype=bool)
        newest_of_voice[rows[np.unique(texts.voice[rows], return_index=True)[1]]] = True
        kept.append(newest_of_voice)
    return replace(pair, this=kept[0], that=kept[1])


def _too_few(run: Run, found: Study) -> Say:
    texts = run.figure("texts", len(found.texts), "texts", "needs.d.texts")
    missing = run.figure("missing", MIN_TEXTS - len(found.texts), "texts", "needs.d.missing")
    return say("needs.topics.few", texts=texts, missing=missing) if len(found.texts) else say("needs.lead.empty")


def _count(found: Study, inside: Flags) -> _Side:
    voice = found.texts.voice[inside]
    unhappy, felt = unhappy_voices(voice, found.sentiment[inside])
    stars = found.stars[inside]
    known = np.isfinite(stars)
    _, whose = np.unique(voice[known], return_inverse=True)
    means = np.bincount(whose, weights=stars[known]) / np.bincount(whose) if known.any() else np.zeros(0)
    return _Side(inside, len(np.unique(voice)), unhappy, felt, means, count_topics(found, inside))


def _tests(ours: _Side, theirs: _Side) -> dict[str, float]:
    """Name of what is compared -> p, both ways. Empty where a side is too small."""
    if min(ours.num_voices, theirs.num_voices) < MIN_SIDE_VOICES:
        return {}
    tests: dict[str, float] = {}
    for mine, other in zip(ours.topics, theirs.topics, strict=True):
        if mine.num_voices + other.num_voices >= MIN_HITS and not (mine.entry.varied and not mine.entry.held):
            tests[mine.id] = both_ways(mine.num_voices, ours.num_voices, other.num_voices, theirs.num_voices)
    if min(ours.num_felt, theirs.num_felt) >= MIN_SIDE_VOICES:
        tests["unhappy"] = both_ways(ours.num_unhappy, ours.num_felt, theirs.num_unhappy, theirs.num_felt)
    if min(len(ours.stars), len(theirs.stars)) >= MIN_SIDE_VOICES:
        tests["stars"] = _welch(ours.stars, theirs.stars)
    return tests


def both_ways(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """P of Fisher's exact test, twice the smaller tail."""
    more = fisher_tail(hits, total, other_hits, other_total)
    return min(1.0, 2 * min(more, fisher_tail(other_hits, other_total, hits, total)))


def _welch(ours: Floats, theirs: Floats) -> float:
    spread = ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs)
    difference = abs(float(ours.mean() - theirs.mean()))
    if spread == 0:
        return 0.0 if difference > 0 else 1.0
    return math.erfc(difference / math.sqrt(2 * float(spread)))


def _pair(run: Run, request: CompareRequest, found: Study, pair: Pair, known: tuple[_Side, _Side, dict[str, float], str]) -> PairLine:
    ours, theirs, chance, name = known
    words = _words(run, found, pair) if chance else ([], [])
    both = len(np.intersect1d(found.texts.voice[pair.this], found.texts.voice[pair.that]))
    smaller = max(1, min(ours.num_voices, theirs.num_voices))
    heads = "people" if found.texts.counts_people else "texts"
    unhappy = difference_interval(ours.num_unhappy, ours.num_felt, theirs.num_unhappy, theirs.num_felt)
    stars = _stars_difference(ours.stars, theirs.stars, run.seed)
    topics = [
        _difference(run, mine, other, (ours.num_voices, theirs.num_voices), chance.get(mine.id), f"{name}.{mine.id}")
        for mine, other in zip(ours.topics, theirs.topics, strict=True)
        if topic_state(mine) != "varied" and mine.num_voices + other.num_voices > 0
    ]
    topics.sort(key=lambda line: (line.state in ("same", "too_few"), line.state == "too_few", line.chance.value or 0, line.topic))
    return PairLine(
        this=_side(run, ours, pair.this_name, words[0], (heads, f"{name}.this")),
        that=_side(run, theirs, pair.that_name, words[1], (heads, f"{name}.that")),
        tiny=min(ours.num_voices, theirs.num_voices) < MIN_SIDE_VOICES,
        overlap=run.figure(f"{name}.overlap", pair.overlap, "texts", "needs.d.compare_overlap"),
        both=run.figure(f"{name}.both", both, heads, "needs.d.compare_both"),
        many_on_both=both / smaller > MANY_ON_BOTH,
        one_each=False,
        this_texts_each=run.figure(f"{name}.this_each", None, "number", "needs.d.compare_each"),
        that_texts_each=run.figure(f"{name}.that_each", None, "number", "needs.d.compare_each"),
        unhappy_difference=_figure(run, f"{name}.unhappy_difference", unhappy, "share", "compare_unhappy_difference"),
        unhappy=_direction(chance.get("unhappy"), unhappy.value),
        stars_difference=_figure(run, f"{name}.stars_difference", stars, "stars", "compare_stars_difference"),
        stars=_direction(chance.get("stars"), stars.value),
        topics=tuple(topics[: request.num_topics]),
        mixes=mixes(run, found, pair, name) if chance else (),
    )


def _direction(chance: float | None, difference: float) -> Direction:
    if chance is None:
        return "unknown"
    if chance >= MAX_P:
        return "same"
    return "higher" if difference > 0 else "lower"


def _side(run: Run, side: _Side, title: Say, words: list[Any], known: tuple[str, str]) -> SideLine:
    heads, name = known
    share = share_interval(side.num_unhappy, side.num_felt)
    stars = Interval(math.nan, math.nan, math.nan)
    if len(side.stars):
        stars = bootstrap_interval(side.stars, lambda rows: float(rows.mean()), run.seed, draws=BOOTSTRAP_DRAWS)
    return SideLine(
        name=title,
        texts=run.figure(f"{name}.texts", int(side.inside.sum()), "texts", "needs.d.compare_texts"),
        people=run.figure(f"{name}.people", side.num_voices, heads, f"needs.d.{heads}"),
        unhappy_share=_figure(run, f"{name}.unhappy_share", share, "share", "unhappy_share", side.num_felt),
        stars=_figure(run, f"{name}.stars", stars, "stars", "stars", len(side.stars)),
        words=tuple(
            WordLine(
                phrase=key.phrase,
                people=run.figure(f"{name}.word_{place}", key.num_texts, heads, "needs.d.compare_word"),
                elsewhere=run.figure(f"{name}.word_{place}_elsewhere", key.num_texts_elsewhere, heads, "needs.d.compare_word"),
            )
            for place, key in enumerate(words)
        ),
    )


def _difference(run: Run, mine: Counted, other: Counted, totals: tuple[int, int], chance: float | None, name: str) -> DifferenceLine:
    hits, other_hits = mine.num_voices, other.num_voices
    ratio = ratio_interval(hits, totals[0], other_hits, totals[1])
    more = hits * totals[1] > other_hits * totals[0]
    state: Literal["more", "less", "only_this", "only_that", "same", "too_few"]
    if chance is None or chance >= MAX_P:
        state = "too_few" if chance is None else "same"
    elif hits == 0 or other_hits == 0:
        state = "only_this" if more else "only_that"
    else:
        state = "more" if more else "less"
    return DifferenceLine(
        topic=mine.id,
        name=entry_name(mine.entry),
        state=state,
        this_people=run.figure(f"{name}.this", hits, "people", "needs.d.compare_topic_people", n=totals[0]),
        that_people=run.figure(f"{name}.that", other_hits, "people", "needs.d.compare_topic_people", n=totals[1]),
        this_share=_figure(run, f"{name}.this_share", share_interval(hits, totals[0]), "share", "compare_topic_share", totals[0]),
        that_share=_figure(run, f"{name}.that_share", share_interval(other_hits, totals[1]), "share", "compare_topic_share", totals[1]),
        ratio=_figure(run, f"{name}.ratio", ratio, "ratio", "compare_ratio"),
        chance=run.figure(f"{name}.chance", chance, "number", "needs.d.compare_chance"),
        quotes=(mine if more else other).quotes,
    )


def _stars_difference(ours: Floats, theirs: Floats, seed: int) -> Interval:
    """Percentile bootstrap of the difference of means; each side is drawn by itself."""
    if min(len(ours), len(theirs)) == 0:
        return Interval(math.nan, math.nan, math.nan)
    random = np.random.default_rng(seed)
    drawn = [side[random.integers(0, len(side), (BOOTSTRAP_DRAWS, len(side)))].mean(axis=1) for side in (ours, theirs)]
    low, high = np.quantile(drawn[0] - drawn[1], [0.05, 0.95])
    return Interval(float(ours.mean() - theirs.mean()), float(low), float(high))


def _words(run: Run, found: Study, pair: Pair) -> tuple[list[Any], list[Any]]:
    """Phrases that each side uses more than the other."""
    rows = [newest(found.texts, side) for side in (pair.this, pair.that)]
    phrases = read_phrases(found.texts, np.concatenate(rows).tolist(), tuple(run.settings.words("product.words")), run.progress)
    counts = [count_voices(found.texts, its.tolist(), phrases) for its in rows]
    first, second = (more_than(counts[side], counts[1 - side], NUM_WORDS) for side in (0, 1))
    return [key for key in first if key.score >= MIN_SCORE], [key for key in second if key.score >= MIN_SCORE]


def _figure(run: Run, name: str, found: Interval, unit: str, definition: str, n: int | None = None) -> Figure:
    if not math.isfinite(found.value):
        return run.figure(name, None, unit, f"needs.d.{definition}", n=n)
    ends = (found.low, found.high) if math.isfinite(found.low) and math.isfinite(found.high) else None
    return run.figure(name, found.value, unit, f"needs.d.{definition}", n=n, interval=ends)
