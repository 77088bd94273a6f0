"""`alerts` from rules to report: what fires, what is sent, what was sent lately, what is tried again.

What was sent stands in `state.db`, one record for each rule: for each channel when it was sent last, and the message that could not be sent.
It is written at once after each message, not with the action's other writes: a message that left cannot be taken back, so its record must not be
lost to a later error. A lock keeps two runs from sending the same.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from filelock import FileLock

from productloop.apps.risk import alerts_wording, watch_wording
from productloop.apps.risk._alerts_rules import Judged, day_of, judge, read_rules
from productloop.apps.risk._alerts_send import Message, channel_name, deliver
from productloop.apps.risk.alerts_types import AlertsReport, AlertsRequest, Channel, ChannelState, Rule
from productloop.apps.risk.watch_report import part_name
from productloop.foundation.errors import MissingData
from productloop.foundation.wording import Language, Say, say, speak
from productloop.loop.action import Run, is_simulated
from productloop.loop.state import State

DAY_US = 86_400_000_000
TEXTS = {**watch_wording.TEXTS, **alerts_wording.TEXTS}
TABLES = ("events", "actors", "orders", "feedback", "metrics")


def answer_alerts(run: Run, request: AlertsRequest) -> AlertsReport:
    """The report; with `send` the messages leave. Raises MissingData without rules, UsageError for a rule that cannot be used."""
    if not run.settings.alerts:
        raise MissingData(alerts_wording.NO_RULES)
    judged = judge(run, read_rules(run.settings.alerts, request.rule))
    with FileLock(run.store.home / "alerts.lock", timeout=60):
        rules = [_rule(run, one, request.send) for one in judged]
    states = [channel.state for rule in rules for channel in rule.channels]
    return AlertsReport(
        **run.frame("risk.alerts", TABLES),
        rules=tuple(sorted(rules, key=lambda rule: not rule.fires)),
        sending=request.send,
        num_sent=states.count("sent"),
        num_failed=states.count("failed"),
    )


def _rule(run: Run, judged: Judged, send: bool) -> Rule:
    record = _Record(run.store.state, judged.rule.name)
    message = _message(run, judged) if judged.fires else None
    channels = tuple(_channel(run, judged, record, channel, message, send) for channel in judged.rule.to)
    return Rule(
        name=judged.rule.name,
        metric=judged.watched.label,
        fires=judged.fires,
        told=judged.told,
        value=judged.watched.newest,
        channels=channels,
    )


class _Record:
    """What a rule sent, by channel: {"at": when last, "waiting": the message that did not arrive}."""

    def __init__(self, state: State, rule: str) -> None:
        self._state, self._name = state, f"alert:{rule}"
        kept = state.turn(self._name)
        self.channels: dict[str, dict[str, Any]] = {} if kept is None else json.loads(kept["result"])["channels"]

    def of(self, channel: str) -> dict[str, Any]:
        """The record of a channel."""
        return self.channels.get(_key(channel), {})

    def save(self, channel: str, record: dict[str, Any], at: int) -> None:
        """Write it down at once."""
        self.channels[_key(channel)] = record
        self._state.save_turn(self._name, self._name, at, {"channels": self.channels})


def _key(channel: str) -> str:
    """A channel in the record: no address with a secret in it is kept."""
    return hashlib.sha256(channel.encode()).hexdigest()[:16]


def _channel(run: Run, judged: Judged, record: _Record, channel: str, message: Message | None, send: bool) -> Channel:
    kept, name = record.of(channel), channel_name(channel)
    until = int(kept["at"] + judged.rule.cool_down_days * DAY_US) if kept.get("at") is not None else None
    cooling = until is not None and run.now < until
    waiting: dict[str, Any] | None = kept.get("waiting")
    due = None if cooling else message
    late = due is None and waiting is not None
    if due is None and waiting is not None:
        due = Message(**waiting)
    if due is None:
        state: ChannelState = "cooling" if cooling and message is not None else "quiet"
        return Channel(name=name, state=state, until=day_of(until) if state == "cooling" and until is not None else None)
    if not send:
        return Channel(name=name, state="would_send", waiting=late)
    error = deliver(run.settings, channel, due)
    if error is not None:
        record.save(channel, {**kept, "waiting": {"title": due.title, "text": due.text, "data": due.data}}, run.now)
        return Channel(name=name, state="failed", waiting=late, error=error)
    record.save(channel, {"at": run.now}, run.now)
    return Channel(name=name, state="sent", waiting=late)


def _message(run: Run, judged: Judged) -> Message:
    """The message in the language of the settings, in both where they name none."""
    one, asked = judged.watched, run.settings.text("interface.language")
    languages: tuple[Language, ...] = ("zh",) if asked == "zh" else ("en",) if asked == "en" else ("zh", "en")
    product = run.settings.text("product.name") or "productloop"
    told = [_said(judged, language, is_simulated(run.store)) for language in languages]
    data = {
        "product": product,
        "rule": judged.rule.name,
        "metric": one.name,
        "period": one.period,
        "value": one.newest.value,
        "unit": one.unit,
        "low": one.low.value,
        "high": one.high.value,
        "since": one.since,
        "gap": one.gap.value,
        "sources": [{"part": dict(zip(source.columns, source.values, strict=True)), "share": source.share.value} for source in one.sources],
        "simulated": is_simulated(run.store),
        "as_of": run.as_of,
    }
    return Message(f"{product}: {judged.rule.name}", "\n\n".join(told), data)


def _said(judged: Judged, language: Language, simulated: bool) -> str:
    one = judged.watched
    lines: list[Say] = [judged.told]
    if one.outside:
        lines += [say("risk.watch.source", share=part.share, usual=part.usual, part=part_name(part)) for part in one.sources]
        lines += [say(f"risk.watch.near_{event.kind}", day=event.day, name=event.name, detail=event.detail) for event in one.near]
    lines.append(say(f"risk.watch.check_{one.kind}"))
    if simulated:
        lines.append(say("risk.alerts.simulated"))
    return "\n".join(speak(line, TEXTS, language) for line in lines)
