"""`doctor` from events to report: each check of the kernel, its evidence in words, what it does to the headline, and the command against it.

The headline is the conversion of the default funnel (setting behaviour.funnel, else guessed) and the return of new people in week 1, counted
as `funnel` and `retention` count them, once as the data are and once without the fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _doctor_kernel as kernel
from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._dictionary import name_words
from productloop.apps.behaviour._doctor_kernel import DAY_US, HOUR_US, Events, Stop
from productloop.apps.behaviour._funnel import StepEvents, funnel
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._periods import period_index, running_period
from productloop.apps.behaviour._reading import FAR_US, Reading, reading
from productloop.apps.behaviour._retention import PeriodEvents, RetentionDefinition, retention
from productloop.apps.behaviour.doctor_types import CheckKind, DoctorReport, DoctorRequest, Fault, Headline
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import share_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

MAX_IDS = 5
MAX_STOPS = 5
MAX_COHORTS = 26
MIN_PAIRS = 5
PAIR_SHARE = 0.01
PAIR_GAP_US = HOUR_US
DEVICE_KEYS = (
    "device_id",
    "deviceid",
    "$device_id",
    "anonymous_id",
    "anonymousid",
    "email_hash",
    "phone_hash",
    "contact_hash",
    "openid",
    "unionid",
)
"""Properties that name one device or contact. A model of phone ("iPhone 15") is none."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What every check needs."""

    run: Run
    source: Reading
    events: Events
    names: tuple[str, ...]
    steps: tuple[str, ...]
    offset_us: int
    old: NDArray[np.int64]
    """People who had signed up before the data begin, who are nobody's new people."""

    def label(self, name: int) -> Say | str:
        return self.source.label(self.names[name])

    def day(self, day: int) -> str:
        return (date(1970, 1, 1) + timedelta(day)).isoformat()


def answer_doctor(run: Run, request: DoctorRequest) -> DoctorReport:
    """The report. Raises UsageError for a setting that names an unknown event."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        run.progress("read", 0, 2)
        case = _case(run, source)
        headline = _headline(case, case.events, "as_is")
        run.progress("check", 1, 2)
        num_events = run.figure("num_events", len(case.events), "events", "behaviour.d.doctor_events")
        found = _clock(case)
        settled = found[0].without if found else None
        if found:  # one clock in the future moves every window and week: the other faults are weighed without it
            case = replace(case, events=case.events.of(~kernel.wrong_clock(case.events, run.now)))
        for check in CHECKS:
            found += check(case)
        checked = tuple(kind for kind in KINDS if kind != "versions" or "version" in run.store.names("events"))
    return DoctorReport(
        **run.frame("behaviour.doctor", ("events",)),
        cautions=(say("behaviour.caution.simulated"),) if is_simulated(run.store) else (),
        num_events=num_events,
        checked=checked,
        steps=case.steps,
        headline=headline,
        settled=settled,
        faults=tuple(found),
    )


def _case(run: Run, source: Reading) -> _Case:
    names = source.names
    cases = " ".join(f"WHEN ? THEN {place}" for place in range(len(names)))
    found = source.columns(
        f"""SELECT actor::BIGINT AS actor, time, sequence::BIGINT AS sequence, coalesce(hash(item), 0)::UBIGINT AS item,
        {f"(CASE name {cases} END)" if names else "0"}::BIGINT AS name FROM events WHERE name IS NOT NULL AND time IS NOT NULL""",
        list(names),
    )
    time_us = found["time"].astype(np.int64)
    events = Events(
        found["actor"].astype(np.int64),
        time_us,
        found["name"].astype(np.int64),
        found["sequence"].astype(np.int64),
        found["item"].view(np.int64) if found["item"].dtype == np.uint64 else found["item"].astype(np.int64),
    )
    written = run.settings.words("behaviour.funnel")
    steps = source.checked(written) if written else guess_steps(source)
    middle = int(np.median(time_us)) if len(time_us) else 0
    middle = min(max(middle, kernel.OLDEST_US), 4_000_000_000_000_000)
    offset = ZoneInfo(run.time_zone).utcoffset(datetime.fromtimestamp(middle / 1e6, UTC))
    return _Case(run, source, events, names, steps, round(offset.total_seconds() * 1e6) if offset else 0, _old_people(run, source))


def _old_people(run: Run, source: Reading) -> NDArray[np.int64]:
    if not run.store.exists("actors"):
        return np.empty(0, dtype=np.int64)
    weekday = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    first = int(period_index(np.array([max(source.data_begin_us, kernel.OLDEST_US)]), run.time_zone, "week", weekday)[0])
    begin = weeks_of.span_of(first, run.time_zone, "week", weekday).start_us
    rows = run.store.rows("SELECT actor FROM actors GROUP BY actor HAVING min(first_seen) < ?", [begin])
    return np.array([row[0] for row in rows], dtype=np.int64)


def _headline(case: _Case, events: Events, name: str) -> Headline:
    conversion, retained = _conversion(case, events), _retention(case, events)

    def share(which: str, counts: tuple[int, int]) -> Figure:
        interval = share_interval(*counts) if counts[1] else None
        ends = (interval.low, interval.high) if interval else None
        definition = f"behaviour.d.doctor_{which}"
        return case.run.figure(f"{which}_{name}", interval.value if interval else None, "share", definition, n=counts[1], interval=ends)

    return Headline(conversion=share("conversion", conversion), retention=share("retention", retained))


def _conversion(case: _Case, events: Events) -> tuple[int, int]:
    if len(case.steps) < 2 or len(events) == 0:
        return 0, 0
    places = {name: place for place, name in enumerate(case.names)}
    bits = np.zeros(len(case.names), dtype=np.uint8)
    for step, name in enumerate(case.steps):
        bits[places[name]] |= np.uint8(1 << step)
    mask = bits[events.name]
    keep = mask > 0
    window_us = case.run.settings.number("behaviour.window_days") * DAY_US
    end = int(events.time_us.max())
    definition = FunnelDefinition(len(case.steps), window_us, (-FAR_US, max(-FAR_US + 1, end - window_us + 1)), end, "ordered")
    result = funnel(StepEvents(events.actor[keep], events.time_us[keep], events.sequence[keep], mask[keep]), definition)
    return int(np.count_nonzero(result.furthest >= len(case.steps))), len(result)


def _retention(case: _Case, events: Events) -> tuple[int, int]:
    if len(events) == 0:
        return 0, 0
    weekday = weeks_of.WEEKDAYS[case.run.settings.text("product.week_start")]
    inside = (events.time_us > kernel.OLDEST_US) & (events.time_us < 4_000_000_000_000_000)
    events = events.of(inside & ~np.isin(events.actor, case.old))
    if len(events) == 0:
        return 0, 0
    week = period_index(events.time_us, case.run.time_zone, "week", weekday)
    last = int(week.max())
    first = max(int(week.min()), last - MAX_COHORTS + 1)
    running = running_period(int(events.time_us.max()), case.run.time_zone, "week", weekday)
    entries = PeriodEvents(events.actor, week)
    result = retention(entries, entries, RetentionDefinition(first, last - first + 1, 1, running, "first", "on"))
    retained, size = result.pooled()
    return int(retained[1]), int(size[1])


def _without(case: _Case, kind: str, events: Events) -> Headline:
    return _headline(case, events, f"without_{kind}")


def _count(case: _Case, name: str, value: int, unit: str) -> Figure:
    return case.run.figure(name, value, unit, "behaviour.d.doctor_found", n=len(case.events))


def _clock(case: _Case) -> list[Fault]:
    wrong = kernel.wrong_clock(case.events, case.run.now)
    if not wrong.any():
        return []
    times = case.events.time_us[wrong]
    future, old = int((times > kernel.OLDEST_US).sum()), int((times < kernel.OLDEST_US).sum())
    evidence = say("behaviour.doctor.clock", future=_count(case, "future", future, "events"), old=_count(case, "old", old, "events"))
    good = case.events.time_us[~wrong]
    day = weeks_of.local_day(int(good.max()), case.run.time_zone).isoformat() if len(good) else "YYYY-MM-DD"
    command = f"productloop behaviour funnel --since 2000-01-01 --until {day}"
    return [
        Fault(
            kind="clock",
            evidence=evidence,
            without=_without(case, "clock", case.events.of(~wrong)),
            fix=say("behaviour.fix.clock"),
            command=command,
        )
    ]


def _doubled(case: _Case) -> list[Fault]:
    twice = kernel.doubled(case.events)
    number = int(twice.sum())
    if number < kernel.MIN_DOUBLE or number < kernel.DOUBLE_SHARE * len(case.events):
        return []
    names, counts = np.unique(case.events.name[twice], return_counts=True)
    worst = int(names[counts.argmax()])
    evidence = say(
        "behaviour.doctor.doubled",
        events=_count(case, "doubled", number, "events"),
        share=case.run.figure("doubled_share", number / len(case.events), "share", "behaviour.d.doctor_found"),
        name=case.label(worst),
        of_name=_count(case, "doubled_most", int(counts.max()), "events"),
    )
    without = _without(case, "doubled", case.events.of(~twice))
    return [
        Fault(
            kind="doubled",
            evidence=evidence,
            without=without,
            fix=say("behaviour.fix.doubled"),
            command="productloop import FILE --map id=MESSAGE_ID",
        )
    ]


def _ties(case: _Case) -> list[Fault]:
    whole, people = kernel.tied_people(case.events)
    everybody = len(np.unique(case.events.actor))
    if len(people) < kernel.TIED_SHARE * everybody or len(people) == 0 or not whole:
        return []
    evidence = say("behaviour.doctor.ties", people=_count(case, "tied", len(people), "people"), of=everybody)
    without = _without(case, "ties", case.events.of(~np.isin(case.events.actor, people)))
    return [Fault(kind="ties", evidence=evidence, without=without, fix=say("behaviour.fix.ties"), command=None)]


def _zone(case: _Case) -> list[Fault]:
    shift = kernel.clock_shift(case.events, case.offset_us)
    share = _share_before_sign_up(case)
    found: list[Fault] = []
    if shift is not None:
        profile = kernel.hour_profile(case.events, case.offset_us)
        night = case.run.figure("night", float(profile[0:6].sum()), "share", "behaviour.d.doctor_night")
        evidence = say("behaviour.doctor.zone", night=night, hours=abs(shift))
        moved = _without(case, "zone", case.events.shifted(shift * HOUR_US))
        zone = _zone_name(shift)
        command = f"productloop import FILE --time-zone {zone}" if case.run.time_zone == "UTC" else None
        command = f"productloop behaviour funnel --set product.time_zone={zone}" if command else None
        found.append(Fault(kind="zone", evidence=evidence, without=moved, fix=say("behaviour.fix.zone", zone=zone), command=command))
    if share >= kernel.BEFORE_SIGN_UP_SHARE:
        evidence = say(
            "behaviour.doctor.before_sign_up", share=case.run.figure("before_sign_up", share, "share", "behaviour.d.doctor_before")
        )
        command = "productloop import FILE --time-zone Asia/Shanghai"
        found.append(
            Fault(kind="before_sign_up", evidence=evidence, without=None, fix=say("behaviour.fix.before_sign_up"), command=command)
        )
    return found


def _zone_name(shift: int) -> str:
    """A zone that lies so many hours east of UTC, by its largest city; the plain offset elsewhere."""
    cities = {8: "Asia/Shanghai", 9: "Asia/Tokyo", 7: "Asia/Bangkok", 1: "Europe/Berlin", -5: "America/New_York", -8: "America/Los_Angeles"}
    return cities.get(shift, f"Etc/GMT{-shift:+d}")


def _share_before_sign_up(case: _Case) -> float:
    if not case.run.store.exists("actors"):
        return 0.0
    rows = case.run.store.rows("SELECT actor, min(first_seen) FROM actors WHERE first_seen IS NOT NULL GROUP BY actor ORDER BY actor")
    if not rows or len(case.events) == 0:
        return 0.0
    people, place = np.unique(case.events.actor, return_inverse=True)
    first = np.full(len(people), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, place, case.events.time_us)
    known = {int(actor): int(seen) for actor, seen in rows}
    begin = int(case.events.time_us.min()) + DAY_US
    pairs = [(int(time), known[int(actor)]) for actor, time in zip(people, first, strict=True) if known.get(int(actor), 0) >= begin]
    if len(pairs) < 20:
        return 0.0
    array = np.array(pairs, dtype=np.int64) + case.offset_us
    return kernel.before_sign_up(array[:, 0], array[:, 1])


def _bots(case: _Case) -> list[Fault]:
    people, most = kernel.bots(case.events, case.offset_us)
    if len(people) == 0:
        return []
    theirs = np.isin(case.events.actor, people)
    order = np.argsort(-most, kind="stable")[:MAX_IDS]
    codes = [int(people[place]) for place in order]
    found = case.run.store.source_ids(np.array(codes))
    ids = [str(found.get(code, code)) for code in codes]
    evidence = say(
        "behaviour.doctor.bots",
        people=_count(case, "bots", len(people), "people"),
        most=_count(case, "bots_most", int(most.max()), "events"),
        share=case.run.figure("bots_share", float(theirs.mean()), "share", "behaviour.d.doctor_found"),
        ids=", ".join(ids),
    )
    where = " ".join(f"--where actor!={one}" if one.isalnum() else f'--where "actor!={one}"' for one in ids)
    without = _without(case, "bots", case.events.of(~theirs))
    return [
        Fault(
            kind="bots", evidence=evidence, without=without, fix=say("behaviour.fix.bots"), command=f"productloop behaviour funnel {where}"
        )
    ]


def _stops(case: _Case) -> list[Fault]:
    found = kernel.stops(case.events, case.offset_us)
    return [_stop(case, stop) for stop in sorted(found, key=lambda stop: -stop.per_day_before)[:MAX_STOPS]]


def _stop(case: _Case, stop: Stop) -> Fault:
    day = (case.events.time_us + case.offset_us) // DAY_US
    since = case.day(stop.first_day)
    before = case.run.figure(f"before_{stop.name}_{stop.first_day}", round(stop.per_day_before, 1), "events", "behaviour.d.doctor_per_day")
    if stop.name is None:
        evidence = say("behaviour.doctor.gap", since=since, until=case.day(stop.last_day), before=before)
        outside = (day < stop.first_day) | (day > stop.last_day)
        return Fault(
            kind="gap",
            evidence=evidence,
            without=_without(case, f"gap_{since}", case.events.of(outside)),
            fix=say("behaviour.fix.gap"),
            command=f"productloop import FILE  # {since}",
        )
    release = _release_near(case, stop.first_day)
    name = case.label(stop.name)
    evidence = say("behaviour.doctor.stopped", name=name, since=since, before=before)
    if release is not None:
        evidence = say("behaviour.doctor.stopped_release", name=name, since=since, before=before, release=release)
    until = case.day(stop.first_day - 1)
    without = _without(case, f"stopped_{stop.name}", case.events.of(day < stop.first_day))
    command = f"productloop behaviour funnel --until {until}"
    return Fault(
        kind="stopped", evidence=evidence, without=without, fix=say("behaviour.fix.stopped", name=case.names[stop.name]), command=command
    )


def _release_near(case: _Case, day: int) -> str | None:
    """The change (version, title) on the day before, that day or the day after."""
    if not case.run.store.exists("changes"):
        return None
    rows = case.run.store.rows("SELECT time, coalesce(version, title, kind) FROM changes WHERE time IS NOT NULL ORDER BY time")
    near = [str(title) for time, title in rows if abs((int(time) + case.offset_us) // DAY_US - day) <= 1 and title is not None]
    return near[0] if near else None


def _identities(case: _Case) -> list[Fault]:
    pairs = _pairs(case)
    everybody = len(np.unique(case.events.actor))
    if len(pairs) < max(MIN_PAIRS, PAIR_SHARE * everybody):
        return []
    merged = {int(left): int(right) for left, right in pairs}
    codes, place = np.unique(case.events.actor, return_inverse=True)
    one = np.array([merged.get(int(code), int(code)) for code in codes], dtype=np.int64)[place]
    joined = Events(one, case.events.time_us, case.events.name, case.events.sequence, case.events.item)
    ids = case.run.store.source_ids(pairs[0])
    example = " = ".join(str(ids.get(int(code), code)) for code in pairs[0])
    evidence = say("behaviour.doctor.identities", pairs=_count(case, "pairs", len(pairs), "people"), example=example)
    without = _without(case, "identities", joined)
    return [
        Fault(
            kind="identities",
            evidence=evidence,
            without=without,
            fix=say("behaviour.fix.identities"),
            command="productloop import aliases.jsonl",
        )
    ]


def _pairs(case: _Case) -> NDArray[np.int64]:
    """(p, 2) people who share a session within an hour, or a device or contact."""
    found = []
    if "session" in case.run.store.names("events"):
        rows = case.source.columns(
            "SELECT actor::BIGINT AS actor, hash(session)::UBIGINT AS key, min(time) AS a, max(time) AS z FROM events WHERE session IS NOT NULL GROUP BY ALL"
        )
        actor, key = rows["actor"].astype(np.int64), rows["key"].astype(np.uint64).view(np.int64)
        if len(actor):
            _, place = np.unique(key, return_inverse=True)
            begin, end = np.full(place.max() + 1, FAR_US), np.full(place.max() + 1, -FAR_US)
            np.maximum.at(end, place, rows["a"].astype(np.int64))
            np.minimum.at(begin, place, rows["z"].astype(np.int64))
            close = (end - begin <= PAIR_GAP_US)[place]
            found.append(np.stack(kernel.shared_keys(actor[close], key[close]), axis=1))
    for split in case.source.splits():
        if split.name.lower() in DEVICE_KEYS:
            rows = case.source.columns(
                f"SELECT DISTINCT actor::BIGINT AS actor, hash({split.sql})::UBIGINT AS key FROM events WHERE {split.sql} IS NOT NULL"
            )
            if len(rows["actor"]):
                found.append(
                    np.stack(kernel.shared_keys(rows["actor"].astype(np.int64), rows["key"].astype(np.uint64).view(np.int64)), axis=1)
                )
    return np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), dtype=np.int64)


def _spellings(case: _Case) -> list[Fault]:
    groups = kernel.spellings(case.names, [name_words(name) for name in case.names])
    if not groups:
        return []
    one = np.arange(len(case.names), dtype=np.int64)
    for group in groups:
        wanted = next((place for place in group if case.names[place] in case.steps), group[0])
        one[list(group)] = wanted
    events = Events(case.events.actor, case.events.time_us, one[case.events.name], case.events.sequence, case.events.item)
    shown = "; ".join(", ".join(case.names[place] for place in group) for group in groups[:MAX_STOPS])
    evidence = say("behaviour.doctor.spellings", names=shown)
    return [
        Fault(
            kind="spellings",
            evidence=evidence,
            without=_without(case, "spellings", events),
            fix=say("behaviour.fix.spellings"),
            command=None,
        )
    ]


def _versions(case: _Case) -> list[Fault]:
    if "version" not in case.run.store.names("events"):
        return []
    total, known = case.source.rows("SELECT count(*), count(version) FROM events")[0]
    if not known or int(total) - int(known) < kernel.MISSING_SHARE * int(total):
        return []
    share = case.run.figure("versions_missing", 1 - int(known) / int(total), "share", "behaviour.d.doctor_found")
    evidence = say("behaviour.doctor.versions", share=share)
    return [
        Fault(
            kind="versions",
            evidence=evidence,
            without=None,
            fix=say("behaviour.fix.versions"),
            command="productloop import FILE --map version=COLUMN",
        )
    ]


def _sudden(case: _Case) -> list[Fault]:
    found = []
    for name, day, rows in kernel.sudden_events(case.events, case.offset_us)[:MAX_STOPS]:
        evidence = say(
            "behaviour.doctor.sudden", name=case.label(name), since=case.day(day), events=_count(case, f"sudden_{name}", rows, "events")
        )
        without = _without(case, f"sudden_{name}", case.events.of(case.events.name != name)) if case.names[name] not in case.steps else None
        command = f"productloop behaviour funnel --since {case.day(day)}"
        found.append(
            Fault(
                kind="sudden", evidence=evidence, without=without, fix=say("behaviour.fix.sudden", name=case.names[name]), command=command
            )
        )
    return found


CHECKS: tuple[Callable[[_Case], list[Fault]], ...] = (
    _doubled,
    _zone,
    _stops,
    _bots,
    _identities,
    _spellings,
    _ties,
    _versions,
    _sudden,
)
KINDS: tuple[CheckKind, ...] = (
    "clock", "doubled", "zone", "before_sign_up", "stopped", "gap", "bots", "identities", "spellings", "ties", "versions", "sudden",
)  # fmt: skip
