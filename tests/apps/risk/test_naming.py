"""Every input that the snapshot builder makes has a plain name in both languages, a group, and a date is said as one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from risk_workspaces import write

from productloop.apps.risk import wording
from productloop.apps.risk._naming import Names, given_groups, is_changeable, names_of, reason_text
from productloop.foundation.wording import Say, speak
from productloop.learning.reasons import Reason
from productloop.loop.features import DAY_US, describe, encode, raw_columns
from productloop.loop.records import Keys
from productloop.loop.store import Store

START = 1_772_323_200_000_000
NOBODY = Names({}, frozenset({"app_crash", "contact_support", "open"}))


def test_every_feature_has_a_name_and_a_group(tmp_path: Path) -> None:
    store = Store.create(tmp_path)
    write(store, "actor_codes", {"code": [0, 1], "id": ["a", "b"]})
    write(
        store, "actors", {"actor": [0, 1], "account": ["x", "x"], "first_seen": [START] * 2, "known_at": [START] * 2, "plan": ["free"] * 2}
    )
    write(store, "events", {"actor": [0, 1], "name": ["open", "app_crash"], "time": [START + DAY_US] * 2})
    write(store, "orders", {"actor": [0], "time": [START + DAY_US], "amount": [100]})
    write(store, "feedback", {"author": [0], "time": [START + DAY_US], "rating": [3.0]})
    keys = Keys(np.array([0, 1], dtype=np.int32), np.full(2, START + 40 * DAY_US), np.array(["a", "b"], dtype=object))
    names, columns = names_of(store), raw_columns(store, keys)
    assert len(columns) > 25
    for name in columns:
        assert isinstance(names.feature(name), Say), name
    alone = {"plan", "days_to_renewal"}
    assert set(columns) - set(given_groups(names, list(columns))) <= alone
    for group in set(given_groups(names, list(columns)).values()):
        said = names.group(group)
        assert isinstance(said, Say)
        assert said.key in wording.TEXTS
    assert names.group("age") == "age", "a column of the user's that is called like a group of ours keeps its own name"
    store.close()


def test_crashes_and_calls_for_help_stand_with_what_they_mean() -> None:
    assert NOBODY.group_of("app_crash_28_days") == NOBODY.group_of("errors_28_days") == "trouble"
    assert NOBODY.group_of("contact_support_28_days") == NOBODY.group_of("days_unanswered") == "help"
    assert NOBODY.group_of("open_28_days") == "activity"
    assert is_changeable("days_unanswered")
    assert is_changeable("errors_28_days")
    assert not is_changeable("days_to_renewal")
    assert not is_changeable("account_people")


def test_a_date_is_said_as_a_date() -> None:
    raw = {"signed": np.array(["2026-03-02", "2026-04-07", None], dtype=object)}
    signature = describe(raw)
    values = encode(raw, signature, 3).values[0]
    said = [
        speak(reason_text(Reason("signed", 0.4, place, float(value)), signature, values.tolist(), NOBODY), wording.TEXTS, "en")
        for place, value in enumerate(values)
    ]
    assert said == ["signed: 2026-03-02 (usually 2026-03-02)", "day of the week of signed: Monday", "month of signed: 3 (usually 3)"]
