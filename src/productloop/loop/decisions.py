"""Decisions and what became of them: a finding that a person decided about is compared with the same finding now.

A change counts only when it can be told from chance: the 90 % intervals do not touch, or, for plain counts without an interval, the
difference exceeds 1.645 sqrt(a + b) (normal approximation of the difference of two Poisson counts).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.loop.action import Finding

CHANCE = 1.645
NUM_SHOWN = 3
"""A first page shows at most three changes: more is a list nobody works through."""
Verdict = Literal["worked", "did_not", "unclear", "faded", "still", "too_early"]


class Offer(BaseModel):
    """A finding with the report it comes from."""

    model_config = ConfigDict(frozen=True)

    app: str
    action: str
    report: str
    finding: Finding

    @property
    def key(self) -> str:
        """Name of the finding that stays the same from run to run."""
        return f"{self.app}/{self.finding.kind}/{self.finding.subject}"


class Followed(BaseModel):
    """A decision and its outcome so far."""

    model_config = ConfigDict(frozen=True)

    offer: Offer
    choice: str
    owner: str
    decided_at: int
    review_at: int | None
    verdict: Verdict
    was: Figure | None = None
    now: Figure | None = None


TONES = ("problem", "chance", "good_news")


def strongest(offers: Sequence[Offer], waiting: frozenset[str]) -> tuple[Offer, ...]:
    """The few findings to put before a person: problems first, then the strongest, each once, without those already decided and not yet due."""
    found: dict[str, Offer] = {}
    for offer in sorted(offers, key=lambda offer: (TONES.index(offer.finding.tone), -offer.finding.strength, offer.key)):
        if offer.finding.strength > 0 and offer.key not in waiting:
            found.setdefault(offer.key, offer)
    return tuple(found.values())[:NUM_SHOWN]


def waiting(decisions: Sequence[Mapping[str, Any]], as_of: int) -> frozenset[str]:
    """Findings whose last decision is not due for review yet."""
    last = {str(row["finding"]): row for row in decisions}
    return frozenset(key for key, row in last.items() if row["review_at"] is not None and row["review_at"] > as_of)


def follow_up(decisions: Sequence[Mapping[str, Any]], offers: Sequence[Offer], as_of: int, limit: int = 5) -> tuple[Followed, ...]:
    """The last decisions, newest first, each with what became of it. `as_of`: how far the data reach, microseconds UTC."""
    present = {offer.key: offer for offer in offers}
    latest = list({str(row["finding"]): row for row in decisions if row["figure"]}.values())
    latest.sort(key=lambda row: -int(row["at"]))
    return tuple(_follow(row, present, as_of) for row in latest[:limit])


def _follow(row: Mapping[str, Any], present: Mapping[str, Offer], as_of: int) -> Followed:
    then = Offer.model_validate_json(row["figure"])
    verdict, was, now = _verdict(then, present.get(then.key), row["review_at"], as_of)
    return Followed(
        offer=then, choice=row["choice"], owner=row["owner"], decided_at=row["at"], review_at=row["review_at"], verdict=verdict, was=was, now=now,
    )  # fmt: skip


def _verdict(then: Offer, present: Offer | None, review_at: int | None, as_of: int) -> tuple[Verdict, Figure | None, Figure | None]:
    if review_at is not None and as_of < review_at:
        return "too_early", None, None
    if present is None:
        return "faded", None, None
    was, now = _measure(then.finding), _measure(present.finding)
    if was is None or now is None or was.unit != now.unit or was.value is None or now.value is None:
        return "still", None, None
    if not apart(was, now):
        return "unclear", was, now
    rose = now.value > was.value
    return ("did_not" if rose == _worsens_upwards(then.finding) else "worked"), was, now


def _measure(finding: Finding) -> Figure | None:
    return finding.now if finding.now is not None else finding.people


def _worsens_upwards(finding: Finding) -> bool:
    """Whether the number that was decided about was on its way up; fewer people touched is better where no direction is known."""
    if finding.was is None or finding.now is None or finding.was.value is None or finding.now.value is None:
        return True
    return finding.now.value >= finding.was.value


def apart(first: Figure, second: Figure) -> bool:
    """True when two figures of the same unit differ by more than chance."""
    assert first.value is not None
    assert second.value is not None
    if first.low is not None and first.high is not None and second.low is not None and second.high is not None:
        return first.high < second.low or second.high < first.low
    if first.unit in ("people", "texts", "rows", "events"):
        return abs(first.value - second.value) > CHANCE * math.sqrt(max(first.value + second.value, 0))
    return False
