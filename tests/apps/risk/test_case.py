"""`risk case`: what a planted customer did, said, paid, was promised and never heard; the others, the empty and the unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from case_workspace import END, FELL_WEEK, START, company, moment
from hypothesis import given, settings
from hypothesis import strategies as st
from risk_workspaces import customers, run_on, write
from test_risk_actions import ask, check_page, keys_of_lines

from productloop.apps.risk import APP
from productloop.apps.risk._case_words import due_days, looks_like_promise
from productloop.apps.risk.case_types import CaseReport, CaseRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Chart, Heading
from productloop.foundation.wording import Text
from productloop.loop.features import DAY_US
from productloop.loop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return company(tmp_path_factory.mktemp("case") / "workspace")


@pytest.fixture(scope="module")
def acme(store: Store) -> CaseReport:
    report: CaseReport = ask(store, "case", CaseRequest(account="acme"))
    return report


def keys_of_page(report: CaseReport) -> set[str]:
    page = APP.action("case").page(report)
    return keys_of_lines(page) | {block.text.key for block in page.blocks if isinstance(block, Heading)}


def test_who_they_are(acme: CaseReport) -> None:
    assert (acme.name, acme.num_people.value, acme.plans) == ("acme", 3, ("team",))
    assert acme.since is not None
    assert START <= acme.since <= moment(0)
    assert acme.state == "here"
    assert {person.id for person in acme.people} == {"ann", "bob", "cyd"}


def test_a_user_answers_for_their_account(store: Store, acme: CaseReport) -> None:
    report: CaseReport = ask(store, "case", CaseRequest(account="bob"))
    assert (report.name, report.id_asked) == ("acme", "bob")
    assert report.activity[0].value == acme.activity[0].value
    assert "risk.case.belongs" in keys_of_page(report)
    assert "risk.case.belongs" not in keys_of_page(acme)


def test_what_they_did_is_beyond_chance_and_dated(acme: CaseReport) -> None:
    actions = next(one for one in acme.moved if one.what == "actions")
    assert acme.compared == "yes"
    assert actions.clear
    assert actions.ratio.high is not None
    assert actions.ratio.high < 1
    assert actions.now.value < actions.was.value
    assert actions.common is not None
    assert 0.8 < float(actions.common.value or 0) < 1.2
    assert len(actions.parts) == 2
    weeks = [float(figure.value) for figure in acme.activity if figure.value is not None]
    assert np.mean(weeks[-8:]) < 0.3 * np.mean(weeks[: FELL_WEEK - 8])
    assert acme.usual
    chart = next(block for block in APP.action("case").shown(acme).blocks if isinstance(block, Chart))
    assert chart.marks
    assert len(chart.series) == 2


def test_what_was_never_answered(acme: CaseReport) -> None:
    assert acme.knows_answers == "yes"
    waiting = {one.row_id: one for one in acme.waiting}
    assert set(waiting) == {"feedback-5", "feedback-7"}, "neither the greeting, nor praise, nor what was answered"
    assert waiting["feedback-5"].days.value == (END - moment(180)) // DAY_US
    assert acme.waiting[0].row_id == "feedback-5", "the oldest first"


def test_what_they_were_promised(acme: CaseReport) -> None:
    promises = {one.row_id: one for one in acme.promises}
    assert set(promises) == {"feedback-1", "feedback-4"}
    assert promises["feedback-1"].shipped == ((moment(150), Text("导出失败已修复", "Export failure fixed")),)
    assert not promises["feedback-1"].overdue
    assert promises["feedback-4"].overdue
    assert promises["feedback-4"].due is not None
    assert promises["feedback-4"].due <= moment(171) + 7 * DAY_US


def test_what_they_paid_and_what_falls_due(acme: CaseReport) -> None:
    paid = {one.paid.unit: (one.paid.value, one.refunded.value, one.lately.value) for one in acme.paid}
    assert paid == {"money:USD": (21_800, 2_000, 4_900), "money:CNY": (9_000, 0, 9_000)}, "currencies are never added"
    renewals = {one.person: one.lapsed for one in acme.renewals}
    assert renewals == {"bob": True, "cyd": False}, "the period of ann ends too far ahead"


def test_the_first_lines_say_what_to_do(acme: CaseReport, store: Store) -> None:
    found = keys_of_page(acme)
    assert {"risk.case.call.waiting", "risk.case.call.overdue", "risk.case.call.shipped", "risk.case.call.lapsed"} <= found
    assert "risk.case.no_model" in found
    assert "texts were never answered, the oldest" in check_page(store, "case", acme)


def test_a_customer_who_left(store: Store) -> None:
    report: CaseReport = ask(store, "case", CaseRequest(account="gil"))
    assert report.state == "gone"
    assert report.left_on == moment(196, 0)
    assert report.moment == moment(168, 0)
    assert report.alike_now
    assert "gil" not in {one.id for one in report.alike_now}
    assert "risk.case.gone" in keys_of_page(report)
    assert check_page(store, "case", report)


def test_what_became_of_those_alike(acme: CaseReport) -> None:
    assert acme.alike_by == "result"
    assert acme.alike_left is not None
    assert acme.alike_left.value == acme.alike_num_left / acme.alike_num
    assert "acme" not in {one.id for one in acme.alike}
    assert len({one.id for one in acme.alike}) == len(acme.alike), "each account once"
    assert [one.distance for one in acme.alike] == sorted(one.distance for one in acme.alike)


def test_the_timeline_holds_all_four(acme: CaseReport) -> None:
    assert {one.kind for one in acme.timeline} >= {"did", "said", "paid", "promised"}
    assert [one.at for one in acme.timeline] == sorted((one.at for one in acme.timeline), reverse=True)


def test_someone_new_has_no_earlier_level(store: Store) -> None:
    report: CaseReport = ask(store, "case", CaseRequest(account="new"))
    assert report.compared == "new"
    assert {"risk.case.new", "risk.case.silent", "risk.case.never_paid"} <= keys_of_page(report)


def test_nothing_is_said_to_have_changed_where_nothing_did(store: Store) -> None:
    reports = [ask(store, "case", CaseRequest(account=name)) for name in ("shop03", "shop11")]
    assert [one for report in reports for one in report.moved if one.clear] == []
    assert all(any(one.what == "actions" for one in report.moved) for report in reports)


def test_an_unknown_id_names_the_nearest(store: Store) -> None:
    with pytest.raises(UsageError) as error:
        ask(store, "case", CaseRequest(account="Acmee"))
    assert "acme" in str(error.value.parameters["nearest"])


def test_a_table_without_dates_events_or_words(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    plans = [["basic", "pro"][int(x)] for x in random.integers(0, 2, 80)]
    left = ["1" if plan == "basic" and random.random() < 0.6 else "0" for plan in plans]
    store = customers(tmp_path / "workspace", [f"c{n}" for n in range(80)], left, {"plan": plans, "seats": random.uniform(1, 9, 80)})
    stays = next(f"c{n}" for n in range(80) if left[n] == "0")
    report: CaseReport = ask(store, "case", CaseRequest(account=stays))
    assert (report.compared, report.knows_answers, report.has_orders) == ("no_events", "nothing_said", False)
    assert report.alike_num >= 8
    gone: CaseReport = ask(store, "case", CaseRequest(account=next(f"c{n}" for n in range(80) if left[n] == "1")))
    assert (gone.state, gone.left_on) == ("gone", None)
    assert "risk.case.gone_undated" in keys_of_page(gone)
    assert check_page(store, "case", gone)


def test_events_only(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    write(store, "actor_codes", {"code": [0, 1], "id": ["a", "b"]})
    times = [START + day * DAY_US for day in range(0, 120, 2)]
    write(store, "events", {"actor": [0] * 60 + [1], "name": ["open"] * 61, "time": [*times, times[3]]})
    report: CaseReport = ask(store, "case", CaseRequest(account="a"))
    assert (report.compared, report.alike_by) == ("alone", "few")
    assert report.event is None
    one: CaseReport = ask(store, "case", CaseRequest(account="b"))
    assert one.compared in ("alone", "new")
    assert check_page(store, "case", one)


def test_no_text_and_no_contact_stands_in_the_report(acme: CaseReport) -> None:
    written = acme.model_dump_json()
    assert "Still nothing on my card" not in written, "quotes are row ids, masked when they are fetched"
    assert APP.action("case").effect == "reads"


PROMISES = (
    ("我们会尽快处理", None), ("下周给您答复，预计周三上线", 14), ("已安排退款，3个工作日内到账", 4.8), ("We'll get back to you tomorrow.", 1),
    ("The team will fix it in the next release", None), ("You should see it within two days", 3.2),
)  # fmt: skip
NO_PROMISES = (
    "感谢您的反馈", "我们会继续努力，为您提供更好的服务", "这个功能我们不会做", "Thanks for telling us!", "We will not add this.",
    "We'll keep improving", "请问您的系统版本是多少？", "Could you send a screenshot?", "保证金可以退",
)  # fmt: skip


@pytest.mark.parametrize(("text", "days"), PROMISES)
def test_promises_are_recognised(text: str, days: float | None) -> None:
    assert looks_like_promise(text)
    found = due_days(text)
    assert found == days if days is None else found == pytest.approx(days)


@pytest.mark.parametrize("text", NO_PROMISES)
def test_politeness_and_refusals_are_no_promises(text: str) -> None:
    assert not looks_like_promise(text)


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert looks_like_promise(text) in (True, False)
    found = due_days(text)
    assert found is None or found >= 0


def test_the_run_reads_no_clock(store: Store) -> None:
    run: Any = run_on(store)
    assert run.as_of is not None
    assert run.as_of <= END
