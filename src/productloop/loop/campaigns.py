"""Campaigns in `state.db`: what was started for people at risk, and the messages written for it.

Who was drawn into which arm stands in the lake table `assignments` (experiment = the campaign's id), so that erasing a person reaches it; here
stand no people. A message is written once for an action of a campaign and leaves the house only after a person approved it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import insert, select, update

from productloop.loop.migrations import newest_schema
from productloop.loop.store import Store

DraftStatus = Literal["waiting", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign. Times are microseconds UTC: when people were assigned, until when the data reached then, when its outcomes are complete.

    plan: how it was made (rule, share held out, actions with their costs, how many people of each arm), as the risk app wrote it.
    """

    id: str
    task: str
    started_at: int
    data_until: int
    ends_at: int
    plan: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message in both languages. source: "template" or the provider that wrote it."""

    id: str
    campaign: str
    action: str
    zh: str
    en: str
    source: str
    status: DraftStatus
    changed_at: int


def add_campaign(store: Store, campaign: Campaign, drafts: Sequence[Draft]) -> None:
    """Remember a campaign and its messages, in one transaction."""
    tables = newest_schema().tables
    plan = json.dumps(campaign.plan, ensure_ascii=False, sort_keys=True)
    row = {"id": campaign.id, "task": campaign.task, "started_at": campaign.started_at, "data_until": campaign.data_until,
           "ends_at": campaign.ends_at, "plan": plan}  # fmt: skip
    rows = [{name: getattr(draft, name) for name in Draft.__slots__} for draft in drafts]
    with store.state.engine.begin() as connection:
        connection.execute(insert(tables["campaigns"]).values(**row))
        if rows:
            connection.execute(insert(tables["drafts"]), rows)


def campaigns(store: Store, task: str | None = None) -> tuple[Campaign, ...]:
    """All campaigns, oldest first; those of one task when it is named."""
    table = newest_schema().tables["campaigns"]
    statement = select(table).order_by(table.c.started_at, table.c.id)
    if task is not None:
        statement = statement.where(table.c.task == task)
    with store.state.engine.connect() as connection:
        rows = connection.execute(statement).fetchall()
    return tuple(Campaign(row.id, row.task, row.started_at, row.data_until, row.ends_at, json.loads(row.plan)) for row in rows)


def drafts(store: Store, campaign: str | None = None) -> tuple[Draft, ...]:
    """All messages, newest campaign first; those of one campaign when it is named."""
    table = newest_schema().tables["drafts"]
    statement = select(table).order_by(table.c.campaign.desc(), table.c.id)
    if campaign is not None:
        statement = statement.where(table.c.campaign == campaign)
    with store.state.engine.connect() as connection:
        rows = connection.execute(statement).fetchall()
    return tuple(Draft(row.id, row.campaign, row.action, row.zh, row.en, row.source, _status(row.status), row.changed_at) for row in rows)


def _status(value: str) -> DraftStatus:
    return "approved" if value == "approved" else "rejected" if value == "rejected" else "waiting"


def set_draft(store: Store, draft: str, status: DraftStatus, at: int) -> None:
    """A person approved or rejected a message."""
    table = newest_schema().tables["drafts"]
    with store.state.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == draft).values(status=status, changed_at=at))
