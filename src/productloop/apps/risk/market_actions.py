"""The market: what competitors' ratings, ranks, prices and releases did, and what it means for us."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import market_wording
from productloop.apps.risk.market_report import market_page
from productloop.apps.risk.market_types import MarketReport, MarketRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def market(run: Run, request: MarketRequest) -> MarketReport:
    """Who moved, on what, since when, and what it means for us."""
    from productloop.apps.risk._market import answer_market  # loads the array kernels

    return answer_market(run, request)


MARKET_ACTIONS: tuple[Action, ...] = (
    Action(
        name="market",
        title=market_wording.MARKET_TITLE,
        run=market,
        page=market_page,
        request=MarketRequest,
        report=MarketReport,
        effect="reads",
        length="quick",
        reads=("feedback", "metrics", "changes", "points", "topics", "actors", "outcomes", "events", "orders"),
    ),
)
MARKET_TEXTS: Mapping[str, Text] = market_wording.TEXTS
