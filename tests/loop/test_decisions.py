from __future__ import annotations

from typing import Any

import pytest

from productloop.foundation.figures import Figure
from productloop.foundation.wording import say
from productloop.loop.action import Finding
from productloop.loop.decisions import Offer, follow_up, strongest, waiting

DAY = 86_400_000_000


def figure(value: float, interval: tuple[float, float] | None = None, unit: str = "people") -> Figure:
    low, high = interval if interval is not None else (None, None)
    return Figure(id="a.b", value=value, unit=unit, low=low, high=high, definition="d")


def offer(subject: str, strength: float = 0.5, **figures: Figure) -> Offer:
    finding = Finding(kind="growing", subject=subject, text=say("x"), strength=strength, **figures)
    return Offer(app="needs", action="analyse", report="r", finding=finding)


def decided(made: Offer, review_at: int | None, at: int = 0, choice: str = "do") -> dict[str, Any]:
    return {"finding": made.key, "figure": made.model_dump_json(), "choice": choice, "owner": "", "at": at, "review_at": review_at}


def test_at_most_three_strongest_each_once_without_those_that_wait() -> None:
    offers = [offer("a", 0.1), offer("b", 0.9), offer("c", 0.5), offer("d", 0.7), offer("b", 0.2), offer("e", 0.0)]
    assert [found.finding.subject for found in strongest(offers, frozenset())] == ["b", "d", "c"]
    held = waiting([decided(offer("b"), 10 * DAY), decided(offer("d"), 1 * DAY)], 5 * DAY)
    assert [found.finding.subject for found in strongest(offers, held)] == ["d", "c", "a"]
    assert strongest([], frozenset()) == ()


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (offer("x", people=figure(100)), offer("x", people=figure(40)), "worked"),
        (offer("x", people=figure(100)), offer("x", people=figure(190)), "did_not"),
        (offer("x", people=figure(100)), offer("x", people=figure(95)), "unclear"),
        (offer("x", people=figure(100)), offer("y", people=figure(40)), "faded"),
        (offer("x"), offer("x"), "still"),
        (  # a share that was falling when it was decided about: rising again is what was wanted
            offer("x", was=figure(0.9, (0.88, 0.92), "share"), now=figure(0.4, (0.35, 0.45), "share")),
            offer("x", was=figure(0.4, (0.35, 0.45), "share"), now=figure(0.8, (0.75, 0.85), "share")),
            "worked",
        ),
        (
            offer("x", was=figure(0.9, (0.88, 0.92), "share"), now=figure(0.4, (0.35, 0.45), "share")),
            offer("x", was=figure(0.4, (0.35, 0.45), "share"), now=figure(0.43, (0.38, 0.48), "share")),
            "unclear",
        ),
    ],
)
def test_what_became_of_a_decision(then: Offer, now: Offer, verdict: str) -> None:
    (followed,) = follow_up([decided(then, 3 * DAY)], [now], 5 * DAY)
    assert followed.verdict == verdict


def test_before_the_review_it_is_too_early_and_the_last_decision_counts() -> None:
    made = offer("x", people=figure(100))
    (followed,) = follow_up([decided(made, 3 * DAY, 1), decided(made, 9 * DAY, 2, "wait")], [offer("x", people=figure(1))], 5 * DAY)
    assert (followed.verdict, followed.choice) == ("too_early", "wait")
