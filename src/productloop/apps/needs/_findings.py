"""What deserves a place on the first page: needs that grow or fade beyond chance."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from productloop.apps.needs.types import TopicLine
from productloop.foundation.wording import say
from productloop.loop.action import Finding, Run

KINDS = {"growing": "need_growing", "fading": "need_fading"}


def findings(run: Run, lines: list[TopicLine]) -> tuple[Finding, ...]:
    """Findings, strongest first. Strength: 1 - 1 / (lower limit of the ratio), so 0 = no change and .5 = surely doubled."""
    found = [_finding(line, line.trend) for line in lines if line.state == "need" and line.trend in ("growing", "fading")]
    return tuple(sorted(found, key=lambda finding: (-finding.strength, finding.subject)))


def _finding(line: TopicLine, trend: Literal["growing", "fading", "steady", "unknown"]) -> Finding:
    low, high = line.ratio.low or 0.0, line.ratio.high or 0.0
    sure = 1 - 1 / low if trend == "growing" and low > 1 else (1 - high if trend == "fading" and 0 < high < 1 else 0.0)
    return Finding(
        kind=KINDS[trend],
        subject=line.id,
        text=say(f"needs.finding.{trend}", topic=line.name, was=line.was, now=line.now, since=line.since or ""),
        people=line.people,
        was=line.was,
        now=line.now,
        quotes=line.quotes[:2],
        strength=round(min(1.0, max(0.0, sure)), 3),
        tone="problem" if trend == "growing" else "good_news",
        advice=say(f"needs.advice.{trend}", topic=line.name),
        since=None if line.since is None else int(datetime.fromisoformat(line.since).replace(tzinfo=UTC).timestamp() * 1_000_000),
    )
