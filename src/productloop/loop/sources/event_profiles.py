"""What an export has said so far of each person, group and item, so that every row of `actors` and `items` says all that is known by then.

Records of profiles name only what changes: some set a value, some only the first time, some count a number up, lengthen a list or take a
value back (神策: profile_set, profile_set_once, profile_increment, profile_append, profile_unset, profile_delete; manual.sensorsdata.cn, data
format). Traits of a group (PostHog: $groupidentify) belong to everybody whose events name the group, whenever either is told
(posthog.com/docs/product-analytics/group-analytics). A number that is counted up before it was ever set begins at 0 where the file begins;
how often that happened is counted, because the export may not begin where the person did.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from productloop.loop.sources.event_records import ACCOUNT_TRAIT, Fact

Row = tuple[str, dict[str, Any], dict[str, str]]
"""(table, its fields, further properties as text)."""
_ID = {"actors": "actor", "items": "item"}
_FIELD = "\0"
"""Marks what is held for a column of the table, beside further properties of the same name."""


@dataclass(slots=True)
class Profiles:
    """Everything said so far in one file."""

    held: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    """Traits of each group, named as they stand in the rows of its people."""
    members: dict[str, dict[str, None]] = field(default_factory=dict)
    num_begun_at_zero: int = 0

    def rows(self, fact: Fact, extra: Mapping[str, str], written: Mapping[str, str]) -> Iterator[Row]:
        """Rows that a fact of the kind actors, items or groups adds; none where it says nothing new.

        `extra` and `written` are its further properties and its fields as text.
        """
        if fact.kind == "groups":
            yield from self._group(fact, extra)
            return
        name = _ID[fact.kind]
        who = str(fact.fields.get(name))
        held = self.held.setdefault((fact.kind, who), {})
        before = dict(held)
        moved = {f"{_FIELD}{column}": value for column, value in written.items() if column not in (name, "known_at")}
        self._change(held, fact, moved, extra)
        account = written.get("account")
        if account is not None:
            self.members.setdefault(account, {})[who] = None
            held.update(self.groups.get(account, {}))
        if held != before:
            yield _row(fact.kind, fact.fields.get(name), fact.fields.get("known_at"), held)

    def _change(self, held: dict[str, str], fact: Fact, moved: Mapping[str, str], extra: Mapping[str, str]) -> None:
        if fact.change == "clear":
            held.clear()
        elif fact.change == "unset":
            for key in (*moved, *extra):
                held.pop(key, None)
        elif fact.change == "add":
            for key, value in extra.items():
                self.num_begun_at_zero += key not in held
                held[key] = _sum(held.get(key, "0"), value)
        elif fact.change == "append":
            for key, value in extra.items():
                held[key] = _longer(held.get(key), value)
        else:
            held.update(moved)
            held.update({key: value for key, value in extra.items() if key not in fact.once or key not in held})

    def _group(self, fact: Fact, extra: Mapping[str, str]) -> Iterator[Row]:
        """The traits of a group are those of all its people from now on."""
        account = str(fact.fields["account"])
        traits = self.groups.setdefault(account, {})
        traits.update({f"{ACCOUNT_TRAIT}{key}": value for key, value in extra.items()})
        for who in self.members.get(account, {}):
            held = self.held["actors", who]
            if held.get(f"{_FIELD}account") == account and not traits.items() <= held.items():
                held.update(traits)
                yield _row("actors", who, fact.fields.get("known_at"), held)


def _row(table: str, who: Any, known_at: Any, held: Mapping[str, str]) -> Row:
    fields = {key.removeprefix(_FIELD): value for key, value in held.items() if key.startswith(_FIELD)}
    return (
        table,
        {**fields, _ID[table]: who, "known_at": known_at},
        {key: value for key, value in held.items() if not key.startswith(_FIELD)},
    )


def _sum(held: str, more: str) -> str:
    """Both as a number; what is no number gives way to the newer value."""
    try:
        total = float(held) + float(more)
    except ValueError:
        return more
    return str(int(total)) if total.is_integer() and abs(total) < 2**53 else repr(total)


def _longer(held: str | None, more: str) -> str:
    """A list as JSON with the new values at its end, each once."""
    both = [one for value in (held, more) if value is not None for one in _values(value)]
    return json.dumps(list(dict.fromkeys(both)), ensure_ascii=False)


def _values(value: str) -> list[str]:
    if value.startswith("["):
        try:
            found = json.loads(value)
        except json.JSONDecodeError:
            return [value]
        return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in found]
    return [value]
