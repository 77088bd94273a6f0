"""`performance` from files to page: planted crashes and slowness by version and device, their cost, and what to send where nothing is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from event_workspace import at, workspace, written
from order_workspace import ask

from productloop.apps.behaviour._performance import is_fault
from productloop.apps.behaviour.performance_report import performance_page
from productloop.foundation.errors import UsageError
from productloop.loop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """400 people over ten weeks. Version 2.1 crashes five times as often; who met a crash comes back less and gives two stars less."""
    random = np.random.default_rng(0)
    rows, stars = ["user_id,event,timestamp,version,device,duration_ms"], ["user_id,text,timestamp,stars"]
    for person in range(400):
        version, device = ("2.1" if person % 4 == 0 else "1.9"), ("old phone" if person % 5 == 0 else "new phone")
        write = False
        for week in range(10):
            crashed = random.random() < (0.35 if version == "2.1" else 0.07)
            for _ in range(1 + random.poisson(2)):
                took = int(random.lognormal(6.5 + 0.6 * (device == "old phone"), 0.3))
                day = 7 * week + 6.9 * random.random()
                rows.append(f"u{person},open,{at(day)},{version},{device},{took}")
                if random.random() < 0.2:
                    rows.append(f"u{person},buy,{at(min(day + 0.01, 7 * week + 6.95))},{version},{device},")
            if crashed:
                rows.append(f"u{person},app_crash,{at(7 * week + 3)},{version},{device},")
                write = write or week
            if random.random() < 0.03 + 0.25 * crashed:
                break
        if person % 2:
            score = np.clip(round(4.2 - 2 * bool(write) + random.normal(0, 0.7)), 1, 5)
            stars.append(f"u{person},text number {person},{at(7 * (write or week) + 5)},{int(score)}")
    rows.append(f"watchman,zzz,{at(80)},1.9,new phone,")
    return workspace(tmp_path_factory.mktemp("performance"), events="\n".join(rows) + "\n", feedback="\n".join(stars) + "\n")


def test_planted_truths_are_found(store: Store) -> None:
    report = ask(store, "performance", {"goal": "buy"})
    assert [fault.name for fault in report.faults] == ["app_crash"]
    worse = [(place.column, place.value) for place in report.places if place.worse]
    assert worse == [("version", "2.1")]
    slower = [(place.column, place.value) for place in report.places if place.slower]
    assert slower == [("device", "old phone")]
    ratio = next(place.slowness for place in report.places if place.value == "old phone")
    assert ratio.low < np.exp(0.6) < ratio.high
    costs = {(cost.met, cost.outcome): cost for cost in report.costs}
    assert costs["fault", "retention"].clear
    assert costs["fault", "retention"].difference.low < -25 < costs["fault", "retention"].difference.high
    assert costs["fault", "stars"].clear
    assert costs["fault", "stars"].difference.value == pytest.approx(-1.8, abs=0.4)
    assert not costs["slow", "retention"].clear
    assert report.timed is not None
    assert report.timings[0].median.low <= report.timings[0].median.value <= report.timings[0].median.high
    assert report.findings[0].subject == "version=2.1"
    english = "\n".join(written(performance_page(report), "en"))
    assert "Where version is 2.1," in english
    assert "stars less in the four weeks after" in english
    assert "Mantel" not in english[: english.index("--\n")]
    assert "version 是 2.1 的人里" in "\n".join(written(performance_page(report), "zh"))


def test_slow_as_the_request_says(store: Store) -> None:
    report = ask(store, "performance", {"slow_ms": 900, "goal": "buy"})
    assert report.slow_ms == 900
    assert any(cost.met == "slow" for cost in report.costs)


def test_what_to_send_where_nothing_is_known(tmp_path: Path) -> None:
    plain = workspace(tmp_path, events=f"user_id,event,timestamp\nu,A,{at(0)}\nu,A,{at(9)}\n")
    report = ask(plain, "performance")
    assert report.state == "nothing"
    assert "duration_ms" in "\n".join(written(performance_page(report), "en"))
    assert "app_crash" in "\n".join(written(performance_page(report), "zh"))
    named = ask(plain, "performance", {"crashes": ["A"]})
    assert named.state == "ok"
    assert named.people.value == 1
    assert "No event carries duration_ms" in "\n".join(written(performance_page(named), "en"))
    for request in ({"crashes": ["nothing"]}, {"scope": {"by": "platform"}}):
        with pytest.raises(UsageError):
            ask(plain, "performance", request)
    empty = ask(plain, "performance", {"scope": {"since": "2030-01-01"}})
    assert empty.state == "no_events"


@pytest.mark.parametrize("name", ["app_crash", "AppCrashed", "payment_failed", "$exception", "支付失败", "闪退", "ANR", "request-timeout"])
def test_names_of_faults(name: str) -> None:
    assert is_fault(name)


@pytest.mark.parametrize("name", ["open", "terror_movie_play", "hangout", "注册", "anrede"])
def test_other_names_are_none(name: str) -> None:
    assert not is_fault(name)
