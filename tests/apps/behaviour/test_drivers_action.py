"""`drivers` from files to page: planted behaviour, who counts, what cannot be said, and never a word of cause."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from event_workspace import at, workspace, written
from order_workspace import ask

from productloop.apps.behaviour import drivers_wording
from productloop.apps.behaviour.drivers_report import drivers_page
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Text


def planted(num: int = 500, strength: float = 0.4, seed: int = 0) -> tuple[str, str]:
    """(events, orders): people begin in weeks 3 to 10; who invites somebody stays and pays more often."""
    random = np.random.default_rng(seed)
    rows, orders = ["user_id,event,timestamp,platform"], ["order_id,user_id,order_date,amount,currency"]
    for person in range(num):
        begin = 15 + 50 * random.random()
        platform = random.choice(["ios", "android"])
        rows.append(f"u{person},open,{at(begin)},{platform}")
        rows += [f"u{person},look,{at(begin + 6 * random.random())},{platform}" for _ in range(random.poisson(2))]
        invites = random.random() < 0.4
        if invites:
            rows.append(f"u{person},invite,{at(begin + 2 * random.random() + 0.1)},{platform}")
        if random.random() < 0.3 + strength * invites:
            rows.append(f"u{person},open,{at(begin + 21 + 6 * random.random())},{platform}")
        if random.random() < 0.1 + strength * invites:
            orders.append(f"o{person},u{person},{at(begin + 8 + 10 * random.random())},10,CNY")
    rows += [f"old,open,{at(0)},ios", f"late,open,{at(99)},ios", f"watchman,zzz,{at(100)},ios"]
    return "\n".join(rows) + "\n", "\n".join(orders) + "\n"


def test_planted_behaviour_is_found(tmp_path: Path) -> None:
    events, orders = planted()
    report = ask(workspace(tmp_path, events=events, orders=orders), "drivers")
    stay, pay, leave = report.outcomes
    assert stay.people.value == 500
    assert report.in_progress.value == 2  # "late" and the watchman
    assert report.left_out.value == 1
    for outcome in (stay, pay):
        first = next(driver for driver in outcome.drivers if driver.adjusted)
        assert first.label.slots["event"] is not None
        assert first.clear
        assert first.difference.low < 40 < first.difference.high
        assert outcome.rule is not None
        assert (outcome.rule.times, outcome.rule.days) == (1, 3)
        assert outcome.rule.beyond_activity
    assert leave.share.value < 0.6
    english = "\n".join(written(drivers_page(report), "en"))
    assert "“invite” at least 1 time within 3 days" in english
    assert "only an experiment can tell" in english
    assert report.findings
    assert report.findings[0].subject == "stay"
    assert "只是一起出现" in "\n".join(written(drivers_page(report), "zh"))


def test_nothing_where_nothing_is(tmp_path: Path) -> None:
    events, _ = planted(strength=0.0, seed=1)
    report = ask(workspace(tmp_path, events=events), "drivers")
    stay, pay, _ = report.outcomes
    assert not any(driver.clear for driver in stay.drivers)
    assert stay.rule is None
    assert pay.state == "no_orders"
    english = "\n".join(written(drivers_page(report), "en"))
    assert "none clearly goes with it" in english
    assert "import a table of orders" in english


def test_what_cannot_be_known_is_said(tmp_path: Path) -> None:
    few = ask(workspace(tmp_path, events=f"user_id,event,timestamp\nu,A,{at(0)}\n"), "drivers", {"outcome": "stay"})
    assert few.outcomes[0].state == "few"
    rows = ["user_id,event,timestamp"]
    for person in range(80):
        rows += [f"u{person},A,{at(20 + person / 10)}", f"u{person},A,{at(42 + person / 10)}"]
    same = workspace(tmp_path / "same", events="\n".join([*rows, f"w,z,{at(90)}", f"o,z,{at(0)}"]) + "\n")
    equal = ask(same, "drivers", {"outcome": "stay"})
    assert equal.outcomes[0].state == "all_equal"
    assert "nothing to compare" in "\n".join(written(drivers_page(equal), "en"))
    with pytest.raises(UsageError):
        ask(same, "drivers", {"scope": {"by": "platform"}})


CAUSE_EN = re.compile(r"\b(caus\w+|because|leads? to|makes? people|drives?|due to|thanks to|results? in|effect of|impact)\b", re.IGNORECASE)
CAUSE_ZH = re.compile("因为|导致|带来|促使|使得|引起|影响|拉动|提升了|所以")
DENIALS = ("behaviour.drivers.association", "behaviour.caution.drivers_old")


def test_no_word_of_cause() -> None:
    texts = {**drivers_wording.TEXTS, "title": drivers_wording.DRIVERS_TITLE}
    for key, text in texts.items():
        assert isinstance(text, Text)
        if key not in DENIALS:
            assert not CAUSE_EN.search(text.en), (key, text.en)
            assert not CAUSE_ZH.search(text.zh), (key, text.zh)
    assert "not a cause" in drivers_wording.TEXTS["behaviour.drivers.association"].en
    assert "不是原因" in drivers_wording.TEXTS["behaviour.drivers.association"].zh
