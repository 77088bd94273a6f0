"""A list is started: who is contacted and who is left alone is written down before anybody sees it; and a started list is shown, filed or posted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from productloop.apps.risk import prevent_wording as wording
from productloop.apps.risk._candidates import Candidates, candidates_of, payments
from productloop.apps.risk._delivery import check_address, list_path, post_list, write_list
from productloop.apps.risk._drafts import make_drafts
from productloop.apps.risk._live import open_model
from productloop.apps.risk._playbook import Treatment
from productloop.apps.risk._power import horizon_days, look_again
from productloop.apps.risk._prevent_lines import list_lines
from productloop.apps.risk._prevent_list import Choice, Picked
from productloop.apps.risk._trial import arms_of, assignment_rows, reach_of
from productloop.apps.risk.prevent_types import ListLine, PreventReport, PreventRequest
from productloop.apps.risk.tasks import event_of
from productloop.apps.risk.wording import TEXTS as RISK_TEXTS
from productloop.foundation.errors import MissingData, UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Language, Say, Text, format_value, speak
from productloop.loop.accounts import has_accounts
from productloop.loop.action import Run
from productloop.loop.campaigns import Campaign, Draft, add_campaign, campaigns, drafts
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_LINES = 200


def start(
    run: Run,
    store: Store,
    request: PreventRequest,
    task: Task,
    name: str,
    plan: dict[str, Any],
    chosen: tuple[Candidates, Choice, Picked, Sequence[Treatment]],
) -> dict[str, Any]:
    """Write assignments, campaign, messages and the file in the last step; what the report says about it."""
    people, choice, picked, treatments = chosen
    if not picked.treated.any():
        raise MissingData(wording.NOBODY_TO_START)
    now = max(run.now, run.as_of or 0)
    campaign = Campaign(name, task.name, now, run.as_of or run.now, now + horizon_days(task) * DAY_US, plan)
    members = [np.flatnonzero(people.accounts.place == row) for row in picked.rows.tolist()]
    codes = [int(code) for rows in members for code in people.keys.code[rows]]
    treated = [bool(one) for one, rows in zip(picked.treated, members, strict=True) for _ in rows]
    actions = [treatments[choice.action[row]].name for row, rows in zip(picked.rows.tolist(), members, strict=True) for _ in rows]
    used = sorted({name for name, one in zip(actions, treated, strict=True) if one})
    messages = make_drafts(run, name, [one for one in treatments if one.name in used], now)
    rows = assignment_rows(campaign, codes, treated, actions, request.holdout)

    def write() -> None:
        run.store.append("assignments", rows, 0)
        add_campaign(run.store, campaign, messages)
        run.store.state.close()  # the narrowed store of the action was closed before this step opened it again

    run.at_end(write)
    file = None
    if request.export is not None:
        path = list_path(run.store.root, request.export)
        rows_treated = picked.rows[picked.treated]
        lines = list_lines(run, store, people, rows_treated, [treatments[place] for place in choice.action[rows_treated]], None)
        header, table = file_rows(run, lines, messages, request.texts)
        run.at_end(lambda: write_list(path, header, table))
        file = shown_file(run.store.root, path)
    return {"num_drafts": len(messages), "file": file}


def shown_file(root: Path, path: Path) -> str:
    """Where a file lies, seen from the workspace."""
    return path.relative_to(root).as_posix()


def shown_list(run: Run, store: Store, task: Task, request: PreventRequest, frame: Mapping[str, Any]) -> PreventReport:
    """A started campaign's list as it was assigned; filed or posted where asked."""
    campaign = find_campaign(store, str(request.campaign), task.name)
    arms = arms_of(store, task, campaign, reach_of(run, store))
    codes, actions = arms.code[arms.treated], arms.action[arms.treated]
    own = store.source_ids(codes)
    ids = np.array([own.get(int(code), str(code)) for code in codes], dtype=object)
    keys = Keys(codes, np.full(len(codes), campaign.data_until, dtype=np.int64), ids)
    paid = payments(store, campaign.data_until, codes, campaign.plan["pays"], campaign.plan["currency"] or "")
    people = candidates_of(store, keys, campaign.data_until, open_model(store, task), 1.0, paid)
    action_of = {int(place): str(name) for place, name in zip(people.accounts.place, actions, strict=True)}
    known = planned(campaign)
    order = np.arange(len(people.accounts))
    stake = people.accounts.sums(people.chance * (people.yearly(people.currency) if people.currency is not None else 1.0))
    order = order[np.argsort(-stake, kind="stable")]
    lines = list_lines(run, store, people, order, [known[action_of[int(row)]] for row in order], None)
    messages = drafts(store, campaign.id)
    fields: dict[str, Any] = {}
    if request.export is not None:
        path = list_path(run.store.root, request.export)
        header, table = file_rows(run, lines, messages, request.texts)
        run.at_end(lambda: write_list(path, header, table))
        fields["file"] = shown_file(run.store.root, path)
    if request.webhook is not None:
        address = run.settings.text("risk.webhook") if request.webhook == "setting" else request.webhook
        if not address:
            raise UsageError(wording.NO_WEBHOOK)
        fields["sent_to"] = check_address(address)
        fields["num_sent"] = post_list(address, campaign.id, posted(lines, messages), {"task": task.name})
    unit = "number" if people.currency is None else f"money:{people.currency}"
    cost = campaign.plan["cost"] if people.currency is not None else campaign.plan["cost"] / 100
    return PreventReport(
        **frame,
        state="shown",
        mode=campaign.plan["mode"],
        task=task.name,
        event=event_of(task),
        window_days=horizon_days(task),
        campaign=campaign.id,
        by_account=has_accounts(store),
        has_money=people.currency is not None,
        margin=campaign.plan["margin"],
        holdout=campaign.plan["holdout"],
        lines=lines[:MAX_LINES],
        contacted=run.figure("contacted", len(lines), "number", "risk.prevent.define.contacted"),
        held_out=run.figure("held_out", len(set(arms.account[~arms.treated].tolist())), "number", "risk.prevent.define.held_out"),
        cost=run.figure("cost", cost, unit, "risk.prevent.define.cost"),
        look_again=look_again(run, task, campaign.started_at),
        num_drafts=len(messages),
        **fields,
    )


def find_campaign(store: Store, name: str, task: str) -> Campaign:
    """The campaign of that name (its end is enough where only one ends so). Raises UsageError."""
    known = campaigns(store, task)
    found = [one for one in known if one.id == name] or [one for one in known if one.id.endswith(name)]
    if len(found) != 1:
        raise UsageError(wording.CAMPAIGN_UNKNOWN, campaign=excerpt(name), known=", ".join(one.id for one in known[-5:]) or "-")
    return found[0]


def planned(campaign: Campaign) -> dict[str, Treatment]:
    """The actions of a campaign as they were when it started."""
    return {
        name: Treatment(name, Text(one["zh"], one["en"]), int(one["cost"]), None, (), Text("", ""), False)
        for name, one in campaign.plan["actions"].items()
    }


def posted(lines: Sequence[ListLine], messages: Sequence[Draft]) -> list[dict[str, Any]]:
    """Lines as they are posted: ids and what to do, and the message once a person approved it."""
    approved = {draft.action: {"zh": draft.zh, "en": draft.en} for draft in messages if draft.status == "approved"}
    return [
        {"account": line.account, "people": list(line.people), "action": line.action, "message": approved.get(line.action)}
        for line in lines
    ]


def file_rows(run: Run, lines: Sequence[ListLine], messages: Sequence[Draft], asked: Language | None) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of the file in one language."""
    language: Language = asked or ("zh" if run.settings.text("interface.language") == "zh" else "en")
    texts = {**RISK_TEXTS, **wording.TEXTS}
    by_action = {draft.action: draft for draft in messages}
    header = [wording.FILE_COLUMNS[name].in_language(language) for name in wording.FILE_COLUMNS]
    rows = []
    for line in lines:
        draft = by_action.get(line.action)
        status = Say(key=f"risk.drafts.status.{draft.status}") if draft is not None else None
        rows.append(
            [
                line.account,
                "; ".join(line.people),
                speak(line.title, texts, language),
                "" if line.chance is None else format_value(line.chance, language),
                _joined(line.worth, language),
                "; ".join(speak(reason, texts, language) for reason in line.reasons),
                "" if draft is None else draft.zh if language == "zh" else draft.en,
                "" if status is None else speak(status, texts, language),
            ]
        )
    return header, rows


def _joined(figures: Sequence[Figure], language: Language) -> str:
    return "; ".join(format_value(figure, language) for figure in figures)
