import csv
import re
from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.foundation.tables import TABLES, fold_header
from productloop.loop.simulation import Simulated, simulate, write_files
from productloop.loop.simulation_model import (
    CUT_OFF_WEEKS,
    DURATIONS,
    END_TIME,
    LABEL_WEEKS,
    NUM_WEEKS,
    SLOW_EVENT,
    START_TIME,
    STEPS,
    TRUTHS,
    VERSIONS,
    WEEK,
    to_time,
)
from productloop.loop.simulation_texts import NEUTRAL, PRAISE, Writer, compose, need_names, read_demo, sentences

SEEDS = (1, 2, 3, 4)
ALL, NONE = "all", frozenset()


@cache
def made(seed: int, planted: object) -> Simulated:
    return simulate(seed, 1.0, planted)  # type: ignore[arg-type]


def pooled(measure, planted) -> float:
    """Ratio of two rates, each pooled over SEEDS: `measure` returns (hits, trials, other hits, other trials)."""
    hits, trials, other_hits, other_trials = np.sum([measure(made(seed, planted)) for seed in SEEDS], axis=0)
    return float((hits / trials) / (other_hits / other_trials))


def growth(simulated: Simulated) -> tuple[int, ...]:
    """The need's share of all that is said but praise in the last four weeks, against the first twenty."""
    week = (simulated.feedback["time"] - START_TIME) // WEEK
    own = simulated.needs == simulated.carriers["growing_need"]
    other = ~np.isin(simulated.needs, [simulated.carriers[name] for name in ("growing_need", "fixed_need")])
    late, early = week >= NUM_WEEKS - 4, week < NUM_WEEKS - 6
    return (own & late).sum(), (other & late).sum(), (own & early).sum(), (other & early).sum()


def leaving(simulated: Simulated) -> tuple[int, ...]:
    """Share leaving after each cut-off: people who had written the need, against people who had written something else."""
    counts = [0, 0, 0, 0]
    outcomes, feedback = simulated.outcomes, simulated.feedback
    for week in CUT_OFF_WEEKS:
        before = feedback["time"] < START_TIME + week * WEEK
        wrote = set(feedback["author"][before & (simulated.needs == simulated.carriers["leaving_need"])])
        spoke = set(feedback["author"][before]) - wrote
        row = outcomes["time"] == START_TIME + (week + LABEL_WEEKS) * WEEK
        for subject, value in zip(outcomes["subject"][row], outcomes["value"][row], strict=True):
            if subject in wrote or subject in spoke:
                counts[0 if subject in wrote else 2] += value == "1"
                counts[1 if subject in wrote else 3] += 1
    return tuple(counts)


def leak(simulated: Simulated) -> tuple[int, ...]:
    """Pass rate of the step on the platform after the version came out, against everybody else."""
    carriers, events = simulated.carriers, simulated.events
    step = carriers["leak_step"]
    came = {actor: i for i, actor in enumerate(events["actor"]) if events["name"][i] == STEPS[STEPS.index(step) - 1]}
    passed = set(events["actor"][events["name"] == step])
    first_seen = dict(zip(simulated.actors["actor"], simulated.actors["first_seen"], strict=True))
    release = simulated.changes["time"][list(simulated.changes["version"]).index(VERSIONS[carriers["leak_version"]])]
    counts = [0, 0, 0, 0]
    for actor, i in came.items():
        if first_seen[actor] < END_TIME - WEEK:
            inside = events["platform"][i] == carriers["leak_platform"] and first_seen[actor] >= release
            counts[0 if inside else 2] += actor in passed
            counts[1 if inside else 3] += 1
    return tuple(counts)


def pairs(simulated: Simulated) -> tuple[int, ...]:
    """How often the second item comes right after the first in a session, against after any other item."""
    events, items = simulated.events, simulated.items["item"]
    view = events["name"] == "item_view"
    order = np.lexsort((events["sequence"][view], events["session"][view].astype(str)))
    session, item = events["session"][view][order], events["item"][view][order]
    same = session[1:] == session[:-1]
    counts = np.zeros(4, dtype=int)
    for first, second in simulated.carriers["pairs"]:
        after, follows = same & (item[:-1] == items[first]), item[1:] == items[second]
        counts += [(after & follows).sum(), after.sum(), (same & ~after & follows).sum(), (same & ~after).sum()]
    return tuple(counts)


def fix(simulated: Simulated) -> tuple[int, ...]:
    """Texts about the need against texts about steady needs, on the fixing version or later and before it."""
    number = np.array([VERSIONS.index(version) for version in simulated.feedback["version"]])
    own = simulated.needs == simulated.carriers["fixed_need"]
    other = ~np.isin(simulated.needs, [simulated.carriers[name] for name in ("growing_need", "fixed_need")])
    after = number >= simulated.carriers["fixed_version"]
    return (own & after).sum(), (other & after).sum(), (own & ~after).sum(), (other & ~after).sum()


def slow(simulated: Simulated) -> tuple[int, ...]:
    """Share of the event's times above three seconds, in the version on its platform and everywhere else."""
    carriers, events = simulated.carriers, simulated.events
    inside, timed = inside_slow(simulated), events["name"] == SLOW_EVENT
    assert carriers["slow_version"] not in (carriers["fixed_version"], carriers["leak_version"])
    above = events["duration_ms"] > 3000
    return (timed & above & inside).sum(), (timed & inside).sum(), (timed & above & ~inside).sum(), (timed & ~inside).sum()


def inside_slow(simulated: Simulated) -> np.ndarray:
    carriers, events = simulated.carriers, simulated.events
    return (events["version"] == VERSIONS[carriers["slow_version"]]) & (events["platform"] == carriers["slow_platform"])


MEASURES = {  # expected ratio when planted, and when not
    "growing_need": (growth, (2.4, 3.7), (0.75, 1.3)),
    "leaving_need": (leaving, (2.0, 3.0), (0.75, 1.3)),
    "leaking_step": (leak, (0.36, 0.54), (0.9, 1.1)),
    "paired_items": (pairs, (8.0, 40.0), (0.7, 1.35)),
    "fixed_need": (fix, (0.12, 0.28), (0.8, 1.25)),
    "slow_version": (slow, (5.0, 9.0), (0.9, 1.1)),
}


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_a_planted_truth_has_its_size_and_is_absent_when_not_planted(truth: str) -> None:
    measure, planted, absent = MEASURES[truth]
    assert planted[0] < pooled(measure, ALL) < planted[1]
    assert absent[0] < pooled(measure, NONE) < absent[1]


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_truths_are_switched_one_by_one(truth: str) -> None:
    only = simulate(1, 0.1, frozenset({truth}))
    assert list(only.truths) == [truth]
    for other, (measure, planted, absent) in MEASURES.items():
        hits, trials, other_hits, other_trials = measure(made(1, frozenset({truth})))
        ratio = (hits / trials) / (other_hits / other_trials)
        nearer_planted = abs(np.log(ratio / np.mean(planted))) < abs(np.log(ratio / np.mean(absent)))
        assert nearer_planted == (other == truth), (other, ratio)


def writing(simulated: Simulated) -> np.ndarray:
    """People who wrote about the leak's need or about anything else within a week after the step before it, and how many there are:
    of those who stopped where it leaks, then of those who got through there."""
    carriers, events, feedback = simulated.carriers, simulated.events, simulated.feedback
    step = carriers["leak_step"]
    release = simulated.changes["time"][list(simulated.changes["version"]).index(VERSIONS[carriers["leak_version"]])]
    first_seen = dict(zip(simulated.actors["actor"], simulated.actors["first_seen"], strict=True))
    began = (events["name"] == STEPS[STEPS.index(step) - 1]) & (events["platform"] == carriers["leak_platform"])
    passed = set(events["actor"][events["name"] == step])
    wrote: dict[str, list[tuple[int, bool]]] = {}
    for author, time, need in zip(feedback["author"], feedback["time"], simulated.needs, strict=True):
        wrote.setdefault(author, []).append((time, need == carriers["leak_need"]))
    counts = np.zeros((2, 3), dtype=int)
    for actor, time in zip(events["actor"][began], events["time"][began], strict=True):
        if release <= first_seen[actor] and time < END_TIME - 2 * WEEK:
            after = {own for said, own in wrote.get(actor, []) if time <= said < time + WEEK}
            counts[int(actor in passed)] += (True in after, False in after, 1)
    return counts


def test_who_stops_at_the_leak_writes_about_it() -> None:
    planted, absent = (sum(writing(made(seed, chosen)) for seed in SEEDS) for chosen in (ALL, frozenset({"slow_version"})))
    shares = planted[:, :2] / planted[:, 2:]
    assert 0.22 < shares[0, 0] < 0.38  # of those who stop, about the need
    assert shares[0, 1] < 0.25  # and about anything else, as before
    assert shares[1, 0] < 0.06
    assert (absent[:, 0] / absent[:, 2]).max() < 0.06
    for seed in SEEDS:
        carriers = made(seed, ALL).carriers
        assert carriers["leak_need"] not in {carriers[name] for name in ("growing_need", "leaving_need", "fixed_need")}
        assert made(seed, ALL).truths["leaking_step"]["need"] == carriers["leak_need"]


def test_words_about_the_leak_are_added_and_nothing_else_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    full = simulate(2, 0.5)
    monkeypatch.setattr("productloop.loop.simulation_people.LEAK_WORDS", 0.0)
    before = simulate(2, 0.5)
    kept = np.isin(full.feedback["id"], before.feedback["id"])
    assert 0 < (~kept).sum() < 40
    assert set(full.needs[~kept]) == {full.carriers["leak_need"]}
    assert len(set(full.feedback["id"])) == len(kept)
    for column, values in before.feedback.items():
        np.testing.assert_array_equal(values, full.feedback[column][kept])
    for name in set(full.tables()) - {"feedback"}:
        for column, values in before.tables()[name].items():
            np.testing.assert_array_equal(values, full.tables()[name][column])


def test_the_slow_version_crashes_and_people_stay_away() -> None:
    without = TRUTHS - {"slow_version"}
    crashes, sessions = np.zeros((2, 2), dtype=int), np.zeros((2, 2), dtype=int)
    for seed in SEEDS:
        for number, planted in enumerate((ALL, without)):
            events, inside = made(seed, planted).events, inside_slow(made(seed, planted))
            crash = events["name"] == "app_crash"
            assert not np.isfinite(events["duration_ms"][crash]).any()
            crashes[number] += (crash & inside).sum(), (crash & ~inside).sum()
            sessions[number] += len(set(events["session"][inside])), len(set(events["session"][~inside]))
    shares = crashes / sessions
    assert 0.045 < shares[0, 0] < 0.075
    assert 0.001 < shares[1, 0] < 0.006
    assert np.all((shares[:, 1] > 0.002) & (shares[:, 1] < 0.004))
    assert 0.8 < sessions[0, 0] / sessions[1, 0] < 0.95
    for seed in SEEDS[:1]:
        planted, quiet = made(seed, ALL), made(seed, without)
        for name in set(planted.tables()) - {"events"}:
            for column, values in quiet.tables()[name].items():
                np.testing.assert_array_equal(values, planted.tables()[name][column])
        rows, other = (
            Counter(zip(*(s.events[name] for name in ("actor", "name", "time", "session", "device")), strict=True))
            for s in (planted, quiet)
        )
        added, left_out = rows - other, other - rows
        assert {name for _, name, *_ in added} == {"app_crash"}
        assert not {"sign_up", "add_card", "verify_identity", "purchase", "contact_support"} & {name for _, name, *_ in left_out}
        assert sum(left_out.values()) < 0.03 * len(quiet.events["actor"])


def test_times_are_log_normal_and_one_person_has_one_device() -> None:
    events = made(1, NONE).events
    timed = np.isfinite(events["duration_ms"])
    assert set(events["name"][timed]) == set(DURATIONS)
    for name, (median, spread) in DURATIONS.items():
        logs = np.log(events["duration_ms"][events["name"] == name])
        assert np.exp(np.median(logs)) == pytest.approx(median, rel=0.05)
        assert logs.std() == pytest.approx(spread, rel=0.05)
    devices = Counter(actor for actor, _ in set(zip(events["actor"], events["device"], strict=True)))
    assert set(devices.values()) == {1}
    assert None not in set(events["device"])


def test_without_truths_the_totals_stay() -> None:
    def totals(planted: object) -> np.ndarray:
        every = [made(seed, planted) for seed in SEEDS]
        return np.array(
            [
                sum(len(s.feedback["id"]) for s in every),
                sum(len(s.events["actor"]) for s in every),
                sum((s.outcomes["value"] == "1").sum() for s in every),
                sum((s.events["name"] == s.carriers["leak_step"]).sum() for s in every),
                sum((s.needs == s.carriers["growing_need"]).sum() for s in every),
                sum((s.needs == s.carriers["fixed_need"]).sum() for s in every),
                sum(np.isin(s.events["item"], [s.items["item"][b] for _, b in s.carriers["pairs"]]).sum() for s in every),
            ]
        )

    assert totals(NONE) == pytest.approx(totals(ALL), rel=0.12)
    assert made(1, NONE).truths == {}
    assert made(1, NONE).carriers == made(1, ALL).carriers


def test_carriers_differ_between_seeds_and_from_each_other() -> None:
    carriers = [simulate(seed, 0.05).carriers for seed in range(30)]
    for name in ("growing_need", "leaving_need", "fixed_need", "leak_step", "leak_platform", "leak_version", "fixed_version", "pairs"):
        assert len({c[name] for c in carriers}) > 1
    for c in carriers:
        assert len({c["growing_need"], c["leaving_need"], c["fixed_need"]}) == 3
        assert c["leak_version"] != c["fixed_version"]
        assert 2 <= len(c["pairs"]) <= 3
        assert len({item for pair in c["pairs"] for item in pair}) == 2 * len(c["pairs"])


def test_same_seed_same_data_and_another_seed_other_data() -> None:
    first, again, other = simulate(5, 0.1), simulate(5, 0.1), simulate(6, 0.1)
    for name, columns in first.tables().items():
        for column, values in columns.items():
            np.testing.assert_array_equal(values, again.tables()[name][column])
    assert list(first.feedback["text"]) != list(other.feedback["text"])
    assert first.truths == again.truths


def test_sizes_at_scale_one() -> None:
    for seed in SEEDS:
        simulated = made(seed, ALL)
        assert len(simulated.actors["actor"]) == 1200
        assert 60_000 < len(simulated.events["actor"]) < 120_000
        assert 2_500 < len(simulated.feedback["id"]) < 4_000
        assert 1_000 < len(simulated.orders["id"]) < 6_000
        chinese = (simulated.feedback["language"] == "zh").mean()
        assert 0.3 < chinese < 0.55
        assert 0.08 < (simulated.outcomes["value"] == "1").mean() < 0.16
    assert len(simulate(1, 0.25).actors["actor"]) == 300


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 0.2), planted=st.frozensets(st.sampled_from(sorted(TRUTHS))))
def test_tables_fit_together(seed: int, scale: float, planted: frozenset[str]) -> None:
    simulated = simulate(seed, scale, planted)
    actors = set(simulated.actors["actor"])
    items = set(simulated.items["item"])
    for name, columns in simulated.tables().items():
        known = {column.name for column in TABLES[name].columns} | {"sequence"}
        assert set(columns) <= known
        assert {column.name for column in TABLES[name].required} <= set(columns)
        assert len({len(values) for values in columns.values()}) == 1
    for table, who in (("events", "actor"), ("orders", "actor"), ("feedback", "author"), ("outcomes", "subject")):
        assert set(simulated.tables()[table][who]) <= actors
    for table in ("events", "orders", "feedback"):
        times = simulated.tables()[table]["time"]
        assert np.all(np.diff(times) >= 0)
        assert times.min() >= START_TIME
        assert times.max() < END_TIME
    assert set(simulated.events["item"]) - {None} <= items
    first_seen = dict(zip(simulated.actors["actor"], simulated.actors["first_seen"], strict=True))
    assert all(time >= first_seen[who] for who, time in zip(simulated.feedback["author"], simulated.feedback["time"], strict=True))
    assert np.all(simulated.actors["known_at"] <= simulated.actors["first_seen"])
    assert len(simulated.needs) == len(simulated.feedback["id"])
    assert set(simulated.truths) == planted


def test_who_left_does_nothing_more() -> None:
    simulated = made(1, ALL)
    last = dict(zip(simulated.events["actor"], simulated.events["time"], strict=True))
    left = simulated.outcomes["value"] == "1"
    for subject, time in zip(simulated.outcomes["subject"][left], simulated.outcomes["time"][left], strict=True):
        assert last.get(subject, 0) < time + 3_600_000_000


def test_texts_hardly_repeat_and_both_languages_say_every_need() -> None:
    simulated = made(2, ALL)
    counts = Counter(simulated.feedback["text"])
    assert sum(count - 1 for count in counts.values()) < 0.02 * len(simulated.feedback["id"])
    said = set(zip(simulated.needs, simulated.feedback["language"], strict=True))
    assert said == {(need, language) for need in (*need_names(), PRAISE, NEUTRAL) for language in ("en", "zh")}
    assert not [text for text in counts if "{" in text or "}" in text or not text.strip()]


def test_packaged_texts_are_as_described() -> None:
    excerpt, chinese = read_demo("banking77_excerpt.csv"), read_demo("needs_zh.csv")
    assert Counter(row["intent"] for row in excerpt) == dict.fromkeys(need_names(), 60)
    assert len(need_names()) == 12
    assert len({row["text"] for row in chinese}) == len(chinese) >= 160
    assert set(Counter(row["need"] for row in chinese)) == {*need_names(), PRAISE}
    assert all(10 <= count <= 16 for count in Counter(row["need"] for row in chinese).values())
    assert all(len(texts) >= 10 for texts in sentences().values())


_MAIL = re.compile(r"[\w.+-]+@([\w.-]+\w)")
_NUMBER = re.compile(r"\+?\d[\d ]{7,}\d")
_OF_NOBODY = re.compile(r"(07700900\d{3}|\+?1202555(01\d\d)|(\+?86)?138(00138000|00100500|00210500))$")


def test_contacts_belong_to_nobody_and_some_are_there() -> None:
    numbers, mails = 0, 0
    for seed in SEEDS:
        for text in made(seed, ALL).feedback["text"]:
            for number in _NUMBER.findall(text):
                assert _OF_NOBODY.match(number.replace(" ", "")), number
                numbers += 1
            for domain in _MAIL.findall(text):
                assert domain in {"example.com", "example.org"}
                mails += 1
    assert numbers > 20
    assert mails > 20


def test_compose_is_deterministic_and_names_version_and_device() -> None:
    writers = [Writer(need_names()[0], "zh", "android", "4.3", 3)] * 200
    texts = compose(np.random.default_rng(0), writers)
    assert texts == compose(np.random.default_rng(0), writers)
    assert any("4.3" in text for text in texts)
    assert any("3月" in text for text in texts)
    assert not any("iPhone" in text for text in texts)


@given(st.lists(st.floats(-40, 26, exclude_max=True), min_size=2, max_size=50))
def test_the_clock_keeps_order_and_weeks(weeks: list[float]) -> None:
    ordered = np.sort(np.array(weeks))
    times = to_time(ordered)
    assert np.all(np.diff(times) >= 0)
    assert np.all(np.abs(times - (START_TIME + ordered * WEEK)) <= WEEK / 7)


def test_files_have_the_headers_a_startup_would_have(tmp_path) -> None:
    simulated = simulate(3, 0.1)
    paths = write_files(simulated, tmp_path / "new" / "folder")
    assert sorted(path.name for path in paths) == sorted(f"{name}.csv" for name in simulated.tables())
    for path in paths:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle))
        table = simulated.tables()[path.stem]
        assert len(rows) - 1 == len(next(iter(table.values())))
        assert {len(row) for row in rows} == {len(rows[0])}
        spec = TABLES[path.stem]
        for header in rows[0]:
            folded = fold_header(header)
            assert any(folded in column.aliases or folded == fold_header(column.name) for column in spec.columns), (path.name, header)
    with (tmp_path / "new" / "folder" / "events.csv").open(encoding="utf-8", newline="") as handle:
        events = list(csv.DictReader(handle))
    assert [row["event"] for row in events] == list(simulated.events["name"])
    assert re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", events[0]["timestamp"])
    with (tmp_path / "new" / "folder" / "orders.csv").open(encoding="utf-8", newline="") as handle:
        assert [round(100 * float(row["amount"])) for row in csv.DictReader(handle)] == list(simulated.orders["amount"])
    again = write_files(simulate(3, 0.1), tmp_path / "again")
    assert [path.read_bytes() for path in sorted(paths)] == [path.read_bytes() for path in sorted(again)]


@pytest.mark.parametrize(("scale", "planted"), [(0.0, "all"), (-1.0, "all"), (1.0, frozenset({"gravity"}))])
def test_impossible_requests_are_refused(scale: float, planted: object) -> None:
    with pytest.raises(ValueError, match="scale must be positive"):
        simulate(1, scale, planted)  # type: ignore[arg-type]


@pytest.mark.shared
def test_the_excerpt_is_word_for_word_from_its_source(shared_data) -> None:
    with (shared_data("banking77") / "train.csv").open(encoding="utf-8", newline="") as handle:
        published = {(row["category"], row["text"]) for row in csv.DictReader(handle)}
    assert {(row["intent"], row["text"]) for row in read_demo("banking77_excerpt.csv")} <= published
