"""Accounts: which customer a person belongs to, and sums of people by customer.

A business customer is an account with many users; a consumer is their own account. `actors.account` says which, row by row and with the
date since when it is known, so a person may move. Where no account is known the person's own id stands in its place: lists then open in the
tool that the ids came from, in either case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.loop.store import Store

Codes = NDArray[np.int32]
Ids = NDArray[np.object_]
_ALWAYS = -(2**62)
"""A row without `known_at` was always known."""
_FOR_EVER = 2**62


@dataclass(frozen=True, slots=True)
class Accounts:
    """People rolled up: `ids` (m,) of the accounts in order of their first person, `place` (n,) the row in `ids` of each person."""

    ids: Ids
    place: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def num_people(self) -> NDArray[np.int64]:
        """(m,) people of each account."""
        return np.bincount(self.place, minlength=len(self.ids)).astype(np.int64)

    def sums(self, values: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
        """(n,) values of people -> (m,) sums of accounts: money, chances (= people expected to leave), events."""
        return np.bincount(self.place, weights=np.asarray(values, dtype=np.float64), minlength=len(self.ids)).astype(np.float64)

    def largest(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) values of people -> (m,) the largest of each account: the chance of whom to call first."""
        found = np.full(len(self.ids), -np.inf)
        np.maximum.at(found, self.place, np.asarray(values, dtype=np.float64))
        return found

    def people(self, account: int) -> NDArray[np.intp]:
        """Rows of the people of the account in row `account`."""
        return np.flatnonzero(self.place == account)


def accounts_of(store: Store, codes: Codes, at: int | NDArray[np.int64]) -> Ids:
    """(n,) codes of people, microseconds UTC (one, or (n,); 0 = no date, everything known) -> (n,) ids of their accounts at that moment.

    The person's own id where no account is known by then. Of several rows of a person the newest that names an account counts.
    """
    codes = np.asarray(codes, dtype=np.int32)
    asked = np.broadcast_to(np.asarray(at, dtype=np.int64), codes.shape)
    asked = np.where(asked > 0, asked, _FOR_EVER)
    own = store.source_ids(np.unique(codes))
    found = np.array([own.get(int(code), str(code)) for code in codes], dtype=object)
    rows = store.columns(
        f"""SELECT actor, account, coalesce(known_at, {_ALWAYS}) AS known_at FROM actors
        WHERE actor IS NOT NULL AND account IS NOT NULL AND account <> '' ORDER BY actor, known_at, sequence"""
    )
    if not len(rows["actor"]) or not len(codes):
        return found
    # Rows and questions in one order, each question behind the rows known by then: the row before it is the one that counts.
    actor = np.concatenate([rows["actor"].astype(np.int64), codes])
    time = np.concatenate([rows["known_at"].astype(np.int64), asked])
    question = np.concatenate([np.zeros(len(rows["actor"]), dtype=np.int64), np.ones(len(codes), dtype=np.int64)])
    number = np.arange(len(actor))
    order = np.lexsort((number, question, time, actor))
    last = np.maximum.accumulate(np.where(question[order] == 0, np.arange(len(order)), -1))
    row = np.where(last >= 0, order[np.maximum(last, 0)], -1)
    answers = question[order] == 1
    asked_rows = order[answers] - len(rows["actor"])
    given = row[answers]
    same = (given >= 0) & (actor[given] == codes[asked_rows])
    found[asked_rows[same]] = rows["account"][given[same]]
    return found


def roll_up(ids: Ids) -> Accounts:
    """(n,) account ids of people, as `accounts_of` gives them -> the accounts and where each person belongs."""
    _, first, inverse = np.unique(np.asarray(ids, dtype=str), return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return Accounts(np.asarray(ids, dtype=object)[first[order]], place[inverse.reshape(-1)])


def has_accounts(store: Store) -> bool:
    """Whether any two people share an account: else a list by account is the list by person."""
    query = "SELECT 1 FROM actors WHERE account IS NOT NULL AND account <> '' GROUP BY account HAVING count(DISTINCT actor) > 1 LIMIT 1"
    return bool(store.rows(query))


def people_of(store: Store, name: str, at: int) -> Codes:
    """Codes of the people of the account called `name` at `at` (0 = all that is known), else of the one person called so; empty for nobody."""
    candidates = store.columns("SELECT DISTINCT actor FROM actors WHERE account = ? AND actor IS NOT NULL ORDER BY actor", [name])
    codes = candidates["actor"].astype(np.int32)
    mine = codes[accounts_of(store, codes, at) == name] if len(codes) else codes
    if len(mine):
        return mine
    code = store.code_of(name)
    return np.array([] if code is None else [code], dtype=np.int32)
