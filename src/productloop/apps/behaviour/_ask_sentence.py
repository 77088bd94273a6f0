"""A query as a sentence and as the command that asks the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from productloop.apps.behaviour._labels import chain
from productloop.apps.behaviour.ask_types import (
    ChangesQuery,
    DriversQuery,
    ExperimentQuery,
    ForecastQuery,
    FunnelQuery,
    LeaksQuery,
    PathsQuery,
    Query,
    Refusal,
    RetentionQuery,
    TrendsQuery,
    given_fields,
    request_fields,
)
from productloop.foundation.wording import Say, say

Label = Callable[[str], Say | str]
_PART = re.compile(r"(people|count|sum|average)\(([^().]+?)(?:\.(value|duration_ms))?\)")
EXTRA_DETAILS = ("order", "rule", "cohorts")


def sentence(query: Query, label: Label) -> Say:
    """What the query asks, in one sentence; `label` says what events are called."""
    details = _details(query)
    what = _what(query, label)
    return say("behaviour.query.scoped", what=what, details=details) if details else what


def _what(query: Query, label: Label) -> Say:
    match query:
        case FunnelQuery() | LeaksQuery():
            steps = chain([label(step) for step in query.steps]) if query.steps else say("behaviour.query.every")
            return say(f"behaviour.query.{query.action}", steps=steps)
        case RetentionQuery():
            start, back = (say("behaviour.query.any") if name is None else label(name) for name in (query.start, query.back))
            return say("behaviour.query.retention", start=start, back=back)
        case TrendsQuery():
            return say("behaviour.query.trends", metrics=[_metric(metric, label) for metric in query.metrics])
        case ForecastQuery():
            return say("behaviour.query.forecast", metrics=_metric(query.metric, label))
        case PathsQuery():
            return say("behaviour.query.paths", way=_way(query, label))
        case ExperimentQuery():
            return say("behaviour.query.experiment", name=query.experiment or say("behaviour.query.every"))
        case ChangesQuery():
            return say("behaviour.query.changes", name=query.version or query.title or say("behaviour.query.every"))
        case DriversQuery():
            return say("behaviour.query.drivers", outcome=say(f"behaviour.query.{query.outcome or 'stay'}"))
        case _:
            return say(f"behaviour.query.{query.action}")


def _metric(metric: str, label: Label) -> Say:
    """A metric in words: people(top_up) is "people who top up"; as it is written where it is none of the known forms."""
    parts = [_PART.fullmatch(part.strip()) for part in metric.split(" / ")]
    said = [
        say(f"behaviour.ask.metric.{match[1]}{'.' + match[3] if match[3] else ''}", name=label(match[2]))
        for match in parts
        if match is not None
    ]
    if len(said) != len(parts) or len(said) not in (1, 2):
        return say("behaviour.ask.metric.other", metric=metric)
    return said[0] if len(said) == 1 else say("behaviour.ask.metric.ratio", first=said[0], second=said[1])


def _way(query: PathsQuery, label: Label) -> Say:
    if query.start is not None and query.end is not None:
        return say("behaviour.query.between", first=label(query.start), last=label(query.end))
    if query.end is not None:
        return say("behaviour.query.before", name=label(query.end))
    return say("behaviour.query.every") if query.start is None else say("behaviour.query.after", name=label(query.start))


def _details(query: Query) -> list[Say]:
    fields, scope = given_fields(query), query.scope
    found: list[Say] = []
    if scope.since and scope.until:
        found.append(say("behaviour.detail.range", since=scope.since, until=scope.until))
    elif scope.since:
        found.append(say("behaviour.detail.since", day=scope.since))
    elif scope.until:
        found.append(say("behaviour.detail.until", day=scope.until))
    found += [say("behaviour.detail.where", condition=condition) for condition in scope.where]
    if "window_days" in fields:
        found.append(say("behaviour.detail.window", days=fields["window_days"]))
    if "horizon" in fields:
        found.append(say("behaviour.detail.horizon", num=fields["horizon"]))
    if "period" in fields:
        found.append(say(f"behaviour.detail.{fields['period']}"))
    if "currency" in fields:
        found.append(say("behaviour.detail.currency", currency=fields["currency"]))
    found += [say(f"behaviour.detail.{fields[name]}") for name in EXTRA_DETAILS if fields.get(name) not in (None, "on", "first")]
    if scope.by:
        found.append(say("behaviour.detail.by", column=scope.by))
    return found


def command(query: Query) -> str | None:
    """The command that asks the same; None for a refused question."""
    if isinstance(query, Refusal):
        return None
    words = ["productloop", "behaviour", query.action]
    fields = request_fields(query)
    scope = fields.pop("scope", {})
    for name, value in fields.items():
        text = ",".join(value) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
        words += ["--" + name.replace("_", "-"), _quoted(text)]
    for name in ("since", "until", "by"):
        if name in scope:
            words += [f"--{name}", _quoted(scope[name])]
    for condition in scope.get("where", ()):
        words += ["--where", _quoted(condition)]
    return " ".join(words)


def _quoted(text: str) -> str:
    """In double quotes where a shell would cut or read it: both families of shells take them so."""
    plain = all(character.isalnum() or character in "_.,=-:" for character in text)
    return text if plain and text else '"' + text.replace('"', '\\"') + '"'
