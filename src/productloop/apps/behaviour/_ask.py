"""`ask` from a plain question to a checked query and, with `go`, to the report of the action that knows the answer.

The grammar always answers. With a language model its query is taken instead when it fits the schema and names only events, columns and days
that exist; else the grammar's stands, and the report says so. No number comes from here: whatever is counted, an action counts it.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour import ask_wording
from productloop.apps.behaviour._ask_columns import Column, column, find_conditions
from productloop.apps.behaviour._ask_grammar import parse
from productloop.apps.behaviour._ask_question import Catalogue
from productloop.apps.behaviour._ask_sentence import command, sentence
from productloop.apps.behaviour._ask_text import read_sentence
from productloop.apps.behaviour._ask_words import column_names
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.ask_types import QUERIES, AskReport, AskRequest, Query, Refusal, given_fields, request_fields
from productloop.foundation.errors import ProviderUnreachable
from productloop.foundation.privacy import mask
from productloop.foundation.wording import Language, Say, say
from productloop.llm.provider import Provider
from productloop.loop import wording as loop_wording
from productloop.loop.action import Action, Run, is_simulated, perform, require
from productloop.loop.scope import parse_condition
from productloop.text.tokens import content_words

MAX_VALUES = 60
MAX_SUGGESTIONS = 3
MAX_TOKENS = 400
MONEY_KINDS = ("revenue", "value")
"""Kinds that read orders and people, and may therefore be split by their columns."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_EVENT = re.compile(r"\(([^().]+)(?:\.\w+)?\)")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The catalogue and which of its columns stand on events."""

    catalogue: Catalogue
    event_columns: frozenset[str]


def answer_ask(run: Run, request: AskRequest) -> AskReport:
    """The query of a question; with `go` the report of its action, too. Raises what that action raises."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        run.progress("read", 0, 2)
        asked = _asked(run, source)
        query, from_provider, notes = _query(run.provider, request.question, asked.catalogue)
        told = sentence(query, source.label)
    run.progress("answer", 1, 2)
    problem = _problem(query, asked) or _missing_split(query, request.question, asked.catalogue)
    action = None if isinstance(query, Refusal) else _action(query.action)
    if problem is None and action is not None:
        problem = _unsupported(query, action)
    if problem is None and action is None and not isinstance(query, Refusal):
        problem = say("behaviour.ask.not_built", action=query.action)
    answer = None
    if request.go and action is not None and problem is None:
        answer = perform(f"behaviour.{action.name}", action, action.request.model_validate(request_fields(query)), run).model_dump(
            mode="json"
        )
    refused = isinstance(query, Refusal)
    cautions = [
        *notes,
        *([problem] if problem is not None else []),
        *([say("behaviour.caution.simulated")] if is_simulated(run.store) else []),
    ]
    return AskReport(
        **run.frame("behaviour.ask", ("events",)),
        cautions=tuple(cautions),
        question=request.question,
        query=query,
        source="provider" if from_provider else "grammar",
        sentence=told,
        command=command(query),
        unknown=_unknown(request.question, asked.catalogue) if refused and request.question else (),
        suggestions=suggestions(request.question, asked.catalogue) if refused else (),
        answer_action=action.name if answer is not None and action is not None else None,
        answer=answer,
    )


def _asked(run: Run, source: Reading) -> _Asked:
    columns: list[Column] = []
    for split in source.splits():
        rows = source.rows(
            f"SELECT {split.sql} AS v, count(*) FROM events WHERE {split.sql} IS NOT NULL GROUP BY v ORDER BY 2 DESC, 1 LIMIT {MAX_VALUES + 1}"
        )
        if rows:  # of a column with countless values only its name is known
            columns.append(column(split.name, tuple(str(row[0]) for row in rows) if len(rows) <= MAX_VALUES else ()))
    on_events = frozenset(entry.name for entry in columns)
    for table, name in (("actors", "country"), ("actors", "plan"), ("orders", "plan")):
        if name not in {entry.name for entry in columns} and run.store.exists(table) and name in run.store.names(table):
            rows = run.store.rows(
                f'SELECT DISTINCT "{name}"::VARCHAR AS v FROM {table} WHERE "{name}" IS NOT NULL ORDER BY 1 LIMIT {MAX_VALUES}'
            )
            columns.append(column(name, tuple(str(row[0]) for row in rows)))
    last = max(source.data_end_us, 0)
    today = weeks_of.local_day(last, run.time_zone)
    start = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    return _Asked(Catalogue(source.event_names, tuple(columns), today, start), on_events)


def _query(provider: Provider | None, question: str, catalogue: Catalogue) -> tuple[Query, bool, list[Say]]:
    """(query, was it the provider's?, what to say about it)."""
    own = parse(question, catalogue) if question.strip() else Refusal()
    if provider is None or not question.strip():
        return own, False, []
    written = provider_query(provider, question, catalogue)
    if written is None:
        return own, False, [say("behaviour.ask.fallback")]
    return written, True, [say("behaviour.ask.by_model")]


def provider_query(provider: Provider, question: str, catalogue: Catalogue) -> Query | None:
    """The query a language model writes, masked question in, schema out; None unless everything it names exists."""
    language: Language = "zh" if _HAN.search(question) else "en"
    events = "; ".join(f"{name} ({catalogue.events.text(name).zh}, {catalogue.events.text(name).en})" for name in catalogue.events.names)
    columns = "; ".join(f"{entry.name}: {', '.join(entry.values)}" for entry in catalogue.columns)
    system = ask_wording.INSTRUCTIONS.render(language, today=catalogue.today, events=events, columns=columns)
    try:
        completion = provider.complete(system, mask(question).text, max_tokens=MAX_TOKENS, schema=QUERIES.json_schema())
        query = QUERIES.validate_python(json.loads(completion.text))
    except (ProviderUnreachable, ValidationError, ValueError):
        return None
    return query if is_known(query, catalogue) else None


def is_known(query: Query, catalogue: Catalogue) -> bool:
    """Whether all events, columns and days that a query names exist."""
    fields = given_fields(query)
    scope = fields.get("scope", {})
    named = [*fields.get("steps", ()), *(fields[name] for name in ("start", "back", "end", "event") if name in fields)]
    for metric in (*fields.get("metrics", ()), *([fields["metric"]] if "metric" in fields else [])):
        found = _EVENT.findall(metric)
        if not found:
            return False
        named += found
    columns = {entry.name for entry in catalogue.columns}
    used = [parse_condition(condition)[0] for condition in scope.get("where", ()) if re.search(r"[=<>~]", condition)]
    used += [scope["by"]] if "by" in scope else []
    try:
        days = [date.fromisoformat(scope[name]) for name in ("since", "until") if name in scope]
    except ValueError:
        return False
    ordered = len(days) < 2 or days[0] <= days[1]
    return ordered and len(used) >= len(scope.get("where", ())) and set(named) <= set(catalogue.events.names) and set(used) <= columns


def _problem(query: Query, asked: _Asked) -> Say | None:
    """A condition that would be left out in silence is told instead."""
    if query.action in MONEY_KINDS:
        return None
    used = [parse_condition(condition)[0] for condition in query.scope.where] + ([query.scope.by] if query.scope.by else [])
    missing = next((name for name in used if name not in asked.event_columns), None)
    return None if missing is None else say("behaviour.ask.not_in_events", column=missing)


def _missing_split(query: Query, question: str, catalogue: Catalogue) -> Say | None:
    """A frequent column by which the question wants a split and which the data do not have."""
    if query.scope.by is not None or isinstance(query, Refusal):
        return None
    known = {word for entry in catalogue.columns for word in (*entry.zh, *entry.en)}
    for name in column_names():
        entry = column(name, ())
        if not known & {*entry.zh, *entry.en} and find_conditions(read_sentence(question), (entry,)).by is not None:
            return say("behaviour.ask.not_in_data", column=name)
    return None


def _action(name: str) -> Action | None:
    from productloop.apps.behaviour.actions import ACTIONS  # the list holds `ask` itself

    return next((action for action in ACTIONS if action.name == name), None)


def _unsupported(query: Query, action: Action) -> Say | None:
    """A field that the action does not know or cannot take."""
    fields = request_fields(query)
    missing = [name for name in fields if name not in action.request.model_fields]
    if not missing:
        try:
            action.request.model_validate(fields)
        except ValidationError as error:
            missing = sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]}) or ["?"]
    return say("behaviour.ask.not_supported", action=action.name, fields=", ".join(missing)) if missing else None


def _unknown(question: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Words of a refused question that name no event, column or value."""
    known = " ".join(
        [*(phrase for name in catalogue.events.names for language in ("zh", "en") for phrase in catalogue.events.phrases(name, language))]
        + [word for entry in catalogue.columns for word in (*entry.zh, *entry.en, *(value.lower() for value in entry.values))]
    )
    return tuple(dict.fromkeys(word for word in content_words(mask(question).text) if word not in known))[:6]


def suggestions(question: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Up to three questions that are understood, those with the most in common first, in the language of the question."""
    language: Language = "zh" if _HAN.search(question) else "en"
    events = catalogue.events
    usual = [name for name in (catalogue.finder.sign_up_event(), catalogue.finder.money_event()) if name is not None]
    mentioned = [mention.event for mention in catalogue.finder.find(read_sentence(question))]
    begin = usual[:1] if len(set(mentioned)) == 1 and catalogue.finder.sign_up_event() is not None else []
    named = list(dict.fromkeys([*begin, *mentioned, *usual, *events.names]))
    pair = [events.text(name).in_language(language) for name in named[:2]] + ["", ""]
    written = [
        example.render(language, a=pair[0], b=pair[1]) if pair[1] or not example.slots(language) else "" for example in ask_wording.EXAMPLES
    ]
    fits = [text for text in written if text and not isinstance(parse(text, catalogue), Refusal)]
    return tuple(sorted(fits, key=lambda text: -difflib.SequenceMatcher(None, question.lower(), text.lower()).ratio())[:MAX_SUGGESTIONS])
