"""Scores of opportunities as draws: expected unhappy people x severity x value, Ulwick's opportunity score, and RICE.

- Default: people who are unhappy about it, times how much more often such people leave (drawn towards 1 unless it is clear), times how
  much more they pay; divided by weeks of work where they were given. It comes first because it alone speaks of people at stake.
- Ulwick (2002), "Turn customer input into innovation", HBR: importance + max(importance - satisfaction, 0), both 0-10. Here importance is
  the share of voices that bring it up and satisfaction the share of those that are not unhappy; surveys would ask for both.
- RICE (McBride 2016, Intercom): reach x impact x confidence / effort. Reach: people, of the active users where these are known; impact:
  unhappy share x severity x value; confidence: lower limit of the unhappy people over their estimate; effort: weeks given, else 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._counting import PRIOR_VOICES, Counted
from productloop.learning.intervals import Interval
from productloop.learning.rank_draws import DRAWS, Ranks, draw_ratios, draw_shares, draw_together, rank_draws

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """Draws (draws, k) and ranks of k topics by each measure."""

    importance: Floats
    satisfaction: Floats
    severity: list[Interval]
    """(k) ratio of leaving as it enters the score; 1 where not known."""
    value: list[Interval]
    score: Floats
    ranks: Ranks
    ulwick: Ranks
    rice: Ranks
    people_only: Ranks
    """Unhappy people alone."""


def score_topics(
    topics: Sequence[Counted],
    num_writers: int,
    num_active: int | None,
    ratios: tuple[list[Interval], list[Interval]],
    clear: Sequence[bool],
    effort: Floats,
    seed: int,
) -> Scored:
    """`ratios`: how much more often the people of each topic leave, and pay, as measured (NaN = unknown); `clear`: the ratio of leaving is
    beyond chance; effort (k,) weeks.
    """
    random = np.random.default_rng(seed)
    share = draw_shares(random, [topic.num_voices for topic in topics], num_writers)
    trials = np.array([topic.num_felt + PRIOR_VOICES for topic in topics])
    unhappy = draw_shares(random, trials * [topic.unhappy_share.value for topic in topics], trials)
    severity, value = draw_severity(ratios[0], clear), draw_together(ratios[1])
    weight = draw_ratios(random, severity) * draw_ratios(random, value)
    people = share * num_writers * unhappy
    score = people * weight / effort
    importance, satisfaction = 10 * share, 10 * (1 - unhappy)
    confidence = np.array([min(1.0, t.unhappy_voices.low / t.unhappy_voices.value) if t.unhappy_voices.value > 0 else 0.0 for t in topics])
    rice = share * (num_active or num_writers) * unhappy * weight * confidence / effort
    assert len(share) == DRAWS
    return Scored(
        importance=importance,
        satisfaction=satisfaction,
        severity=severity,
        value=value,
        score=score,
        ranks=rank_draws(score),
        ulwick=rank_draws(importance + np.maximum(importance - satisfaction, 0)),
        rice=rank_draws(rice),
        people_only=rank_draws(people),
    )


def draw_severity(ratios: Sequence[Interval], clear: Sequence[bool]) -> list[Interval]:
    """Clear ratios as measured; the others drawn towards 1 by the spread among themselves, so that one large one does not vouch for all."""
    unknown = Interval(float("nan"), 0.0, float("inf"))
    drawn = draw_together([unknown if is_clear else ratio for ratio, is_clear in zip(ratios, clear, strict=True)])
    return [ratio if is_clear else other for ratio, other, is_clear in zip(ratios, drawn, clear, strict=True)]
