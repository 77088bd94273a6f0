"""Built-in demo data: half a year of a simulated payment startup, with six planted truths of known size.

It lets a person try the whole loop without data of their own, and lets a test ask of every method both questions that count: does
it find what is there, and does it stay silent when it is not? Each truth can be left out; then the same amount of it is spread
without pattern, so that totals stay and the effect is gone. Everything follows from the seed. `docs/demo.md` describes the model.

The texts are real sentences of BANKING77 (Casanueva et al. 2020, CC BY 4.0) and Chinese ones written for this project; the startup,
its users and what they do are invented.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.loop import simulation_activity as activity
from productloop.loop import simulation_model as model
from productloop.loop.simulation_model import TRUTHS, Carriers, Columns, Integers
from productloop.loop.simulation_people import Lives, People, draw_leak_words, draw_lives, draw_people, draw_sign_ups, versions_at
from productloop.loop.simulation_performance import with_performance
from productloop.loop.simulation_texts import NEUTRAL, PRAISE, Writer, compose, read_demo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """One simulated startup. Tables have the column names of `foundation/tables.py`.

    Times are int64 microseconds UTC, money int64 minor units, ids the source's own strings; missing text is None and a
    missing rating NaN.
    """

    seed: int
    planted: frozenset[str]
    actors: Columns
    events: Columns
    orders: Columns
    items: Columns
    feedback: Columns
    changes: Columns
    outcomes: Columns
    needs: NDArray[Any]
    """The true need of each feedback row: an answer key for tests, never written to the files."""
    carriers: dict[str, Any]
    """Which need, step, items and version each truth has or would have; for null tests."""
    truths: dict[str, dict[str, Any]]
    """Planted truths only: name -> what carries it and how large it is."""

    def tables(self) -> dict[str, Columns]:
        """Canonical table name -> columns."""
        names = ("actors", "events", "orders", "items", "feedback", "changes", "outcomes")
        return {name: getattr(self, name) for name in names}


def simulate(seed: int, scale: float = 1.0, planted: frozenset[str] | Literal["all"] = "all") -> Simulated:
    """Simulate `scale` x 1,200 actors over 26 weeks that end on Sunday 2026-06-28. `planted` holds names of `TRUTHS`.

    Raises ValueError for a scale that is not positive or a name that is no truth.
    """
    chosen = TRUTHS if planted == "all" else frozenset(planted)
    if scale <= 0 or not chosen <= TRUTHS:
        raise ValueError(f"scale must be positive and planted a subset of {sorted(TRUTHS)}: {scale}, {sorted(chosen)}")
    streams = [np.random.default_rng([seed, stream]) for stream in range(11)]
    carriers = model.draw_carriers(streams[0])
    people = draw_people(streams[1], scale)
    sign_ups = draw_sign_ups(streams[2], people, carriers, chosen)
    lives = draw_lives(streams[3], people, activity.is_onboarded(sign_ups), carriers, chosen)
    steps = activity.draw_steps(streams[4], people, lives, sign_ups, carriers, chosen)
    feedback, needs = _feedback_table(streams[6], streams[7], people, lives), lives.needs
    if model.LEAKING_STEP in chosen:
        words = draw_leak_words(streams[8], people, lives, sign_ups, carriers)
        feedback, needs = _with_words(streams[9], people, (feedback, needs), words)
    every_truth = _truths(carriers)
    return Simulated(
        seed=seed,
        planted=chosen,
        actors=_actors_table(people),
        events=with_performance(streams[10], people, steps, activity.events_table(people, steps), (carriers, chosen)),
        orders=activity.orders_table(streams[5], people, lives, sign_ups, steps),
        items=_items_table(),
        feedback=feedback,
        changes=_changes_table(),
        outcomes=_outcomes_table(people, lives),
        needs=needs,
        carriers=asdict(carriers),
        truths={name: every_truth[name] for name in sorted(chosen)},
    )


def _actors_table(people: People) -> Columns:
    first_seen = people.first_seen()
    return {
        "actor": people.ids,
        "account": people.accounts,
        "first_seen": first_seen,
        "plan": people.plans,
        "platform": people.platforms,
        "country": people.countries,
        "known_at": first_seen.copy(),
    }


def _items_table() -> Columns:
    rows = read_demo("items.csv")
    columns: Columns = {name: np.array([row[name] for row in rows], dtype=object) for name in ("item", "title", "title_zh", "category")}
    columns["price"] = np.array([int(row["price"]) for row in rows], dtype=np.int64)
    return columns


def _with_words(
    generator: np.random.Generator, people: People, before: tuple[Columns, NDArray[Any]], words: Lives
) -> tuple[Columns, NDArray[Any]]:
    """Feedback and its needs with the leak's words sorted in by time; texts that were there keep everything, the new ones get the next ids."""
    table, needs = before
    added = _feedback_table(generator, generator, people, words, table)
    order = np.argsort(np.concatenate([table["time"], added["time"]]), kind="stable")
    return {name: np.concatenate([table[name], added[name]])[order] for name in table}, np.concatenate([needs, words.needs])[order]


def _feedback_table(
    texts: np.random.Generator, generator: np.random.Generator, people: People, lives: Lives, before: Columns | None = None
) -> Columns:
    """Channel and stars by what is said: praise is mostly a review with 4-5 stars, a need mostly a ticket; reviews of needs have 1-3."""
    size = len(lives.said)
    times = model.to_time(lives.said)
    own = people.languages[lives.writers]
    other = np.where(own == "zh", "en", "zh").astype(object)
    languages = np.where(generator.random(size) < model.SHARE_OTHER_LANGUAGE, other, own)
    versions = np.array(model.VERSIONS, dtype=object)[versions_at(people, lives.writers, times)]
    praise, neutral = lives.needs == PRAISE, lives.needs == NEUTRAL
    channels = model.choose(generator, (("ticket", 0.45), ("review", 0.30), ("chat", 0.25)), size)
    kind = model.choose(generator, (("review", 0.85), ("chat", 0.15)), size)
    channels = np.where(praise | neutral, kind, channels)
    stars = model.choose(generator, ((1.0, 0.45), (2.0, 0.30), (3.0, 0.20), (4.0, 0.05)), size)  # type: ignore[arg-type]
    stars = np.where(praise, model.choose(generator, ((5.0, 0.75), (4.0, 0.25)), size), stars)  # type: ignore[arg-type]
    stars = np.where(neutral, model.choose(generator, ((3.0, 0.65), (4.0, 0.2), (2.0, 0.15)), size), stars)  # type: ignore[arg-type]
    months = _months(people.first_seen()[lives.writers])
    writers = [Writer(*row) for row in zip(lives.needs, languages, people.platforms[lives.writers], versions, months, strict=True)]
    written = before["text"].tolist() if before else []
    return {
        "id": np.array([f"f_{i:06d}" for i in range(len(written) + 1, len(written) + size + 1)], dtype=object),
        "text": np.array(compose(texts, writers, written), dtype=object),
        "time": times,
        "rating": np.where(channels == "review", stars, np.nan).astype(np.float64),
        "author": people.ids[lives.writers],
        "version": versions,
        "channel": channels,
        "language": languages,
    }


def _months(times: Integers) -> list[int]:
    return [(_EPOCH + timedelta(microseconds=int(time))).month for time in times]


def _changes_table() -> Columns:
    """Releases, one price change and one campaign, each on the Monday it began; titles stand in both languages."""
    rows = read_demo("changes.csv")
    weeks = iter(model.RELEASE_WEEKS[1:])
    versions = iter(model.VERSIONS[1:])
    dated: list[tuple[int, str, str, str | None]] = []
    for row in rows:
        title = f"{row['title']} / {row['title_zh']}"
        if row["kind"] == "version":
            dated.append((next(weeks), row["kind"], title, next(versions)))
        else:
            dated.append((model.PRICE_WEEK if row["kind"] == "price" else model.CAMPAIGN_WEEK, row["kind"], title, None))
    dated.sort(key=lambda change: change[0])
    _, kinds, titles, known_versions = (np.array(column, dtype=object) for column in zip(*dated, strict=True))
    times = np.array([model.START_TIME + week * model.WEEK for week, _, _, _ in dated], dtype=np.int64)
    return {"time": times, "kind": kinds, "title": titles, "version": known_versions}


def _outcomes_table(people: People, lives: Lives) -> Columns:
    """For each Monday of CUT_OFF_WEEKS, everybody there: "1" if they left within the four weeks after it; observed at their end."""
    subjects, values, times = [], [], []
    for week in model.CUT_OFF_WEEKS:
        there = np.flatnonzero((people.signed_up < week) & (lives.left >= week))
        subjects.append(people.ids[there])
        values.append(np.where(lives.left[there] < week + model.LABEL_WEEKS, "1", "0").astype(object))
        times.append(np.full(len(there), model.START_TIME + (week + model.LABEL_WEEKS) * model.WEEK, dtype=np.int64))
    task = np.full(sum(map(len, subjects)), "churn", dtype=object)
    return {"subject": np.concatenate(subjects), "task": task, "value": np.concatenate(values), "time": np.concatenate(times)}


def _truths(carriers: Carriers) -> dict[str, dict[str, Any]]:
    items = [row["item"] for row in read_demo("items.csv")]
    leak_step = model.STEPS.index(carriers.leak_step)
    return {
        model.GROWING_NEED: {
            "need": carriers.growing_need,
            "ratio": model.GROWTH[-1],
            "weekly_factors": model.GROWTH,
            "from_week": model.NUM_WEEKS - len(model.GROWTH),
            "time": model.START_TIME + (model.NUM_WEEKS - len(model.GROWTH)) * model.WEEK,
        },
        model.LEAVING_NEED: {
            "need": carriers.leaving_need,
            "probability_ratio": model.LEAVING_RATIO,
            "probability": model.LEAVING_PROBABILITY,
            "window_days": 7 * model.LABEL_WEEKS,
        },
        model.LEAKING_STEP: {
            "platform": carriers.leak_platform,
            "from_step": model.STEPS[leak_step - 1],
            "step": carriers.leak_step,
            "version": model.VERSIONS[carriers.leak_version],
            "time": model.START_TIME + model.RELEASE_WEEKS[carriers.leak_version] * model.WEEK,
            "pass_rate": model.PASS_RATES[leak_step],
            "leaking_pass_rate": model.PASS_RATES[leak_step] * model.LEAK,
            "need": carriers.leak_need,
            "writing": model.LEAK_WORDS,
        },
        model.PAIRED_ITEMS: {
            "pairs": tuple((items[first], items[second]) for first, second in carriers.pairs),
            "probability": model.PAIR_PROBABILITY,
        },
        model.FIXED_NEED: {
            "need": carriers.fixed_need,
            "version": model.VERSIONS[carriers.fixed_version],
            "time": model.START_TIME + model.RELEASE_WEEKS[carriers.fixed_version] * model.WEEK,
            "ratio": model.FIXED_RATIO,
        },
        model.SLOW_VERSION: {
            "version": model.VERSIONS[carriers.slow_version],
            "platform": carriers.slow_platform,
            "time": model.START_TIME + model.RELEASE_WEEKS[carriers.slow_version] * model.WEEK,
            "event": model.SLOW_EVENT,
            "factor": model.SLOW_FACTOR,
            "crashes": model.SLOW_CRASH_RATE,
            "usual_crashes": model.CRASH_RATE,
        },
    }


_FILES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "feedback": (
        ("id", "id", "text"),
        ("user_id", "author", "text"),
        ("created_at", "time", "time"),
        ("text", "text", "text"),
        ("rating", "rating", "stars"),
        ("channel", "channel", "text"),
        ("app_version", "version", "text"),
        ("language", "language", "text"),
    ),
    "events": (
        ("user_id", "actor", "text"),
        ("event", "name", "text"),
        ("timestamp", "time", "time"),
        ("platform", "platform", "text"),
        ("app_version", "version", "text"),
        ("device", "device", "text"),
        ("duration_ms", "duration_ms", "number"),
        ("item_id", "item", "text"),
        ("session_id", "session", "text"),
    ),
    "orders": (
        ("order_id", "id", "text"),
        ("user_id", "actor", "text"),
        ("created_at", "time", "time"),
        ("amount", "amount", "money"),
        ("currency", "currency", "text"),
        ("kind", "kind", "text"),
        ("plan", "plan", "text"),
        ("item_id", "item", "text"),
    ),
    "actors": (
        ("user_id", "actor", "text"),
        ("account_id", "account", "text"),
        ("signed_up_at", "first_seen", "time"),
        ("plan", "plan", "text"),
        ("platform", "platform", "text"),
        ("country", "country", "text"),
        ("known_at", "known_at", "time"),
    ),
    "items": (
        ("item_id", "item", "text"),
        ("title", "title", "text"),
        ("title_zh", "title_zh", "text"),
        ("category", "category", "text"),
        ("price", "price", "money"),
    ),
    "changes": (("date", "time", "date"), ("kind", "kind", "text"), ("title", "title", "text"), ("version", "version", "text")),
    "outcomes": (
        ("user_id", "subject", "text"),
        ("task", "task", "text"),
        ("value", "value", "text"),
        ("observed_at", "time", "time"),
    ),
}
"""Table -> (header in the file, column, form)."""


def write_files(simulated: Simulated, folder: Path) -> list[Path]:
    """Write the seven CSV files such a startup would export (UTF-8, comma, header); the folder is made. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, columns in _FILES.items():
        table = simulated.tables()[name]
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(header for header, _, _ in columns)
            writer.writerows(zip(*(_written(table[column], form) for _, column, form in columns), strict=True))
        written.append(path)
    return written


def _written(values: NDArray[Any], form: str) -> list[str]:
    if form in ("time", "date"):
        moments = (_EPOCH + timedelta(microseconds=int(value)) for value in values)
        return [moment.strftime("%Y-%m-%d") if form == "date" else f"{moment:%Y-%m-%dT%H:%M:%S}Z" for moment in moments]
    if form == "money":
        return [f"{int(value) / 100:.2f}" for value in values]
    if form in ("stars", "number"):
        return ["" if np.isnan(value) else f"{value:.0f}" for value in values]
    return ["" if value is None else str(value) for value in values]
