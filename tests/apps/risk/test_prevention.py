"""Prevention from list to measured effect: who is drawn is remembered first, outcomes are read anew, lists switch by themselves, nothing leaves unapproved."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from prevention_workspace import OFFER, START, act, lines_of, outcomes_after, with_playbook, workspace
from risk_workspaces import customers, run_on, settings_of, write

from productloop.apps.risk._candidates import counted_group
from productloop.apps.risk._playbook import BUILT_IN, read_playbook, who_fits
from productloop.apps.risk._prevent_list import choose_by_gain, choose_by_stake, pick
from productloop.apps.risk._treated import without_treated
from productloop.apps.risk._trial import is_held_out
from productloop.apps.risk.campaigns_report import campaigns_page
from productloop.apps.risk.campaigns_types import CampaignsRequest
from productloop.apps.risk.prevent_report import prevent_page
from productloop.apps.risk.prevent_types import PreventRequest
from productloop.apps.risk.tasks import risk_tasks
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.wording import LANGUAGES
from productloop.learning import uplift
from productloop.loop.campaigns import campaigns
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store
from productloop.loop.train import build_examples, known
from productloop.loop.upkeep import erase


@pytest.fixture
def store(tmp_path: Path, prevention_template: Path) -> Iterator[Store]:
    shutil.copytree(prevention_template, tmp_path / "w")
    made = Store(tmp_path / "w")
    yield made
    made.close()


# the list ----------------------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing_and_start_gives_the_same_list(store: Store) -> None:
    run = run_on(store, with_playbook(annual_offer=OFFER))
    preview = act(run, "prevent", PreventRequest(capacity=30))
    assert preview.state == "preview"
    assert not store.exists("assignments")
    started = act(run, "prevent", PreventRequest(capacity=30, start=True))
    assert started.state == "started"
    assert [line.account for line in started.lines] == [line.account for line in preview.lines]
    rows = store.rows("SELECT variant, count(*), min(propensity), any_value(action) FROM assignments GROUP BY 1 ORDER BY 1")
    assert rows[1][:3] == ("treated", 30, 0.8)
    assert rows[0][0] == "holdout"
    assert rows[0][1] == preview.held_out.value > 0
    assert {row[3] for row in rows} == {"annual_offer"}
    (campaign,) = campaigns(store)
    assert campaign.plan["num_treated"] == 30
    assert campaign.ends_at - campaign.started_at == 28 * DAY_US


def test_those_left_alone_are_on_no_list(store: Store) -> None:
    report = act(run_on(store), "prevent", PreventRequest(capacity=100, start=True, export="all.csv"))
    with (store.root / "lists" / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row[0] for row in list(csv.reader(file))[1:]}
    assert len(listed) == report.contacted.value == 100
    alone = store.rows("SELECT k.id FROM assignments a JOIN actor_codes k ON k.code = a.actor WHERE variant = 'holdout'")
    accounts = {f"firm{int(name[1:])}" for (name,) in alone}
    assert accounts
    assert not accounts & listed


def test_nobody_is_in_two_campaigns_at_once(store: Store) -> None:
    run = run_on(store)
    act(run, "prevent", PreventRequest(capacity=50, start=True))
    again = act(run, "prevent", PreventRequest(capacity=50, start=True))
    assert again.busy == store.rows("SELECT count(*) FROM assignments WHERE experiment = ?", [campaigns(store)[0].id])[0][0]
    assert [one.id.endswith(":2") for one in campaigns(store)] == [False, True]
    assert store.rows("SELECT max(n) FROM (SELECT count(*) AS n FROM assignments GROUP BY actor)")[0][0] == 1


def test_what_can_never_earn_its_cost_is_left_alone(store: Store) -> None:
    dear = with_playbook(visit={"cost": 40, "currency": "CNY"})
    report = act(run_on(store, dear), "prevent", PreventRequest(margin=0.3))
    worths = [line.worth[0].value * 0.3 for line in report.lines]
    assert report.never_pays > 50
    assert worths
    assert min(worths) * 0.35 > 4_000  # chance x worth of every line is at least the cost, in minor units
    assert any("cost" in text for text in lines_of(prevent_page(report), "en"))


def test_a_budget_is_never_exceeded_and_who_is_left_alone_costs_nothing(store: Store) -> None:
    run = run_on(store, with_playbook(annual_offer=OFFER))
    report = act(run, "prevent", PreventRequest(budget=410))
    assert report.cost.value == 40_000
    assert report.contacted.value == 20
    assert report.break_even.value > 0


def test_people_of_one_account_are_one_line_and_one_draw(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", num=300, members=3)
    report = act(run_on(made), "prevent", PreventRequest(capacity=40, start=True))
    assert report.by_account
    assert {len(line.people) for line in report.lines} <= {1, 2, 3}
    assert max(len(line.people) for line in report.lines) > 1
    arms = made.rows("SELECT p.account, count(DISTINCT a.variant) FROM assignments a JOIN actors p USING (actor) GROUP BY 1")
    assert {num for _, num in arms} == {1}
    assert report.lines[0].worth[0].unit == "money:CNY"
    made.close()


def test_few_results_use_counted_groups_and_say_so(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", num=200, cases=0.2)
    report = act(run_on(made), "prevent", PreventRequest(capacity=10))
    assert report.mode == "rules"
    assert any("100" in text for text in lines_of(prevent_page(report), "en"))
    assert report.power.tellable in ("several", "never")
    made.close()


def test_without_a_model_the_list_goes_by_the_groups_that_risk_names(tmp_path: Path) -> None:
    plan = ["free" if i % 3 == 0 else "pro" for i in range(480)]
    gone = ["1" if i % 10 < (8 if plan[i] == "free" else 1) else "0" for i in range(480)]
    with_groups = customers(tmp_path / "g", [f"u{i}" for i in range(480)], gone, {"plan": plan})
    report = act(run_on(with_groups), "prevent", PreventRequest(capacity=10))
    assert report.mode == "groups"
    assert {line.reasons[0].slots["value"] for line in report.lines} == {"free"}
    assert report.lines[0].chance.value == pytest.approx(0.8, abs=0.05)
    assert any("plan: free" in text for text in lines_of(prevent_page(report), "en")), "the group and its share stand above the list"
    run = run_on(with_groups)
    task = risk_tasks(with_groups, run.settings)[0]
    known_rows = (task.keys(with_groups, None), task.outcomes(with_groups, task.keys(with_groups, None), None))
    free, pro = (counted_group(run, with_groups, task, known_rows, known_rows[0].take(np.array([row]))) for row in (0, 1))
    assert free is not None, "the page of one customer names the same group with the same share"
    assert (free.name, free.rate.value) == (report.lines[0].reasons[0], report.lines[0].chance.value)
    assert pro is None
    with_groups.close()
    alike = customers(tmp_path / "a", [f"u{i}" for i in range(480)], [str(i // 2 % 2) for i in range(480)], {"plan": ["a", "b"] * 240})
    assert act(run_on(alike), "prevent", PreventRequest(capacity=10)).mode == "value", "no group differs"
    alike.close()


def test_you_will_not_be_able_to_tell_is_an_answer(tmp_path: Path) -> None:
    made = workspace(tmp_path / "w", num=60, cases=0.1)
    report = act(run_on(made), "prevent", PreventRequest(capacity=5))
    assert report.power.tellable == "never"
    assert report.power.weeks is None
    assert any("not be able to tell" in text for text in lines_of(prevent_page(report), "en"))
    assert any("说不出有没有用" in text for text in lines_of(prevent_page(report), "zh"))
    made.close()


def test_without_money_or_a_task_there_is_a_sentence(tmp_path: Path) -> None:
    empty = Store.create(tmp_path / "e")
    write(empty, "actor_codes", {"code": [0], "id": ["a"]})
    write(empty, "actors", {"actor": [0]})
    report = act(run_on(empty), "prevent", PreventRequest())
    assert report.state == "no_task"
    assert act(run_on(empty), "campaigns", CampaignsRequest()).campaigns == ()
    write(empty, "outcomes", {"subject": [0], "task": ["churn"], "value": ["1"], "time": [START]})
    write(empty, "outcomes", {"subject": [0], "task": ["churn"], "value": ["0"], "time": [START - DAY_US]})
    empty.refresh()
    again = act(run_on(empty), "prevent", PreventRequest())
    assert again.state in ("nobody", "preview")
    assert prevent_page(again).blocks
    empty.close()


def test_without_orders_a_column_says_what_people_pay(tmp_path: Path) -> None:
    made = Store.create(tmp_path / "w")
    num = 200
    write(made, "actor_codes", {"code": list(range(num)), "id": [f"u{i}" for i in range(num)]})
    write(made, "actors", {"actor": list(range(num)), "MonthlyCharges": np.linspace(10, 209, num)})
    write(made, "outcomes", {"subject": list(range(num)), "task": ["churn"] * num, "value": [str(i % 2) for i in range(num)]})
    run = run_on(made, settings_of(product__currency="USD"))
    report = act(run, "prevent", PreventRequest(pays="MonthlyCharges", capacity=5, start=True, holdout=0.05))
    assert report.pays == "MonthlyCharges"
    assert report.lines[0].worth[0].unit == "money:USD"
    assert report.lines[0].worth[0].value == pytest.approx(12 * 20_800, rel=0.05)
    assert campaigns(made)[0].plan["pays"] == "MonthlyCharges"
    without = act(run, "prevent", PreventRequest(capacity=5))
    assert not without.has_money
    assert any("--pays" in text for text in lines_of(prevent_page(without), "en"))
    made.close()


# the effect --------------------------------------------------------------------------------------------------------------


def test_a_campaign_is_too_early_then_measured_and_says_who_is_missing(store: Store) -> None:
    run = run_on(store, with_playbook(annual_offer=OFFER))
    started = act(run, "prevent", PreventRequest(capacity=120, start=True, holdout=0.4))
    early = act(run, "campaigns", CampaignsRequest())
    assert early.campaigns[0].state == "early"
    assert early.campaigns[0].look_again in " ".join(lines_of(campaigns_page(early), "zh"))
    outcomes_after(store, effect=0.35, rate=0.6)
    measured = act(run, "campaigns", CampaignsRequest())
    (line,) = measured.campaigns
    assert line.state == "kept"
    assert line.fewer.low < 35 < line.fewer.high
    assert line.kept.value == pytest.approx(line.contacted.known / 100 * line.fewer.value, abs=1)
    assert line.net.value == line.money.value - line.cost.value
    assert line.cost.value == line.contacted.known * 2_000
    assert line.money.low < line.money.value < line.money.high
    assert (line.mismatched, line.num_unknown, line.num_erased) == (False, 0, 0)
    pages = [prevent_page(started), campaigns_page(measured)]
    assert all(text for language in LANGUAGES for page in pages for text in lines_of(page, language))
    gone, last = (
        store.rows(f"SELECT k.id, a.actor FROM assignments a JOIN actor_codes k ON k.code = a.actor ORDER BY a.actor {way} LIMIT 1")[0]
        for way in ("", "DESC")
    )
    store.delete_rows("outcomes", f"subject = {last[1]} AND time > {START}")
    erase(store, run.settings, gone[0])
    store.delete_rows("assignments", f"variant = 'holdout' AND actor % 2 = 0 AND actor != {last[1]}")
    again = act(run, "campaigns", CampaignsRequest())
    assert again.campaigns[0].num_unknown == 1
    assert again.campaigns[0].num_erased > 1
    assert again.campaigns[0].mismatched
    said = " ".join(lines_of(campaigns_page(again), "en"))
    assert "erased" in said
    assert "Do not trust this comparison" in said


def test_lists_go_by_what_was_measured_once_there_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplift, "NUM_OUTCOME_TREES", 50)
    monkeypatch.setattr(uplift, "NUM_EFFECT_TREES", 40)
    monkeypatch.setattr(uplift, "NUM_FOLDS", 3)
    made = workspace(tmp_path / "w", num=900, cases=0.6)
    offer = {**OFFER, "cost": 15, "fits": []}
    run = run_on(made, with_playbook(annual_offer=offer))
    act(run, "prevent", PreventRequest(capacity=180, start=True, holdout=0.5))
    outcomes_after(made, effect=0.5, rate=0.6, moved="plus")
    report = act(run, "prevent", PreventRequest(capacity=50))
    assert report.mode == "uplift"
    assert report.lessons.differs_p < 0.05
    assert report.gain.low < report.gain.value <= report.gain.high
    plans = dict(made.rows("SELECT 'u' || lpad(actor::VARCHAR, 4, '0'), plan FROM actors"))
    assert np.mean([plans[line.people[0]] == "plus" for line in report.lines]) > 0.9
    assert report.not_moved > 0
    learned = act(run, "campaigns", CampaignsRequest())
    assert learned.differs
    assert learned.ordering.qini.low > 0
    assert learned.ordering.parts[0].fewer.value > learned.ordering.parts[-1].fewer.value
    assert "risk.campaigns.fold.order" in str(campaigns_page(learned).details[-1])
    made.close()


def test_an_action_that_does_harm_is_stopped(store: Store) -> None:
    run = run_on(store)
    act(run, "prevent", PreventRequest(capacity=60, start=True, holdout=0.5))
    outcomes_after(store, effect=-0.4, rate=0.2)
    report = act(run, "prevent", PreventRequest())
    assert report.mode == "stop"
    assert report.lines == ()
    assert any("not worth doing" in text for text in lines_of(prevent_page(report), "en"))


def test_what_a_campaign_changed_does_not_teach_and_those_left_alone_stand_for_it(store: Store) -> None:
    run = run_on(store)
    act(run, "prevent", PreventRequest(capacity=50, start=True))
    store.refresh()
    rows = store.rows("SELECT actor, variant, time FROM assignments ORDER BY actor")
    codes = np.array([actor for actor, _, _ in rows], dtype=np.int32)
    arm = np.array([variant == "treated" for _, variant, _ in rows])
    time = int(rows[0][2])
    keys = Keys(codes, np.full(len(codes), time - DAY_US, dtype=np.int64), codes.astype(str).astype(object))
    ones = np.ones(len(codes))
    touched = Outcomes(np.zeros(len(codes), dtype=np.int64), np.full(len(codes), time + 20 * DAY_US, dtype=np.int64), ones)
    weight = without_treated(store, keys, touched, 28).weight
    assert set(weight[arm]) == {0.0}
    assert set(weight[~arm]) == {5.0}
    before = replace(touched, known_at=np.full(len(codes), time - DAY_US, dtype=np.int64))
    assert set(without_treated(store, keys, before, 28).weight) == {1.0}
    long_after = replace(keys, at=np.full(len(codes), time + 60 * DAY_US, dtype=np.int64))
    assert set(without_treated(store, long_after, replace(touched, known_at=long_after.at + 28 * DAY_US), 28).weight) == {1.0}
    outcomes_after(store, effect=0.0)
    (task,) = risk_tasks(store, run.settings)
    later = START + 60 * DAY_US
    examples = build_examples(task, store, later)
    treated = {int(actor) for (actor,) in store.rows("SELECT actor FROM assignments WHERE variant = 'treated'")}
    assigned = int(store.rows("SELECT min(time) FROM assignments")[0][0])
    after = examples.outcomes.known_at >= assigned
    taught = known(examples)
    assert treated & set(examples.keys.code[after].tolist()) == treated
    assert not treated & set(taught.keys.code[taught.outcomes.known_at >= assigned].tolist())
    assert taught.outcomes.weight.max() == pytest.approx(5.0)


# playbook and choice -----------------------------------------------------------------------------------------------------


def test_a_written_playbook_is_read_and_what_cannot_be_read_is_named() -> None:
    (offer,) = read_playbook(with_playbook(annual_offer=OFFER))
    assert (offer.cost, offer.currency, offer.fits, offer.title.zh) == (2_000, "CNY", ("plan = plus",), "年付优惠")
    assert read_playbook(with_playbook()) == BUILT_IN
    for wrong in (
        {"cots": 1},
        {"cost": -1},
        {"cost": "x"},
        {"cost": True},
        {"fits": 3},
        {"fits": "plan"},
        {"zh": ""},
        {"message_en": "{who}"},
    ):
        with pytest.raises(UsageError):
            read_playbook(with_playbook(x=wrong))
    with pytest.raises(UsageError):
        read_playbook(with_playbook(annual_offer=OFFER), ["call"])


def test_conditions_hold_for_words_and_numbers_and_what_is_unknown_fits_nothing() -> None:
    raw = {"plan": np.array(["Plus", "free", None], dtype=object), "age": np.array([3.0, np.nan, 9.0])}

    def fits(condition: Any) -> list[bool]:
        return [bool(one) for one in who_fits(read_playbook(with_playbook(x={"fits": condition})), raw, None, 3)[0]]

    assert fits("plan = plus") == [True, False, False]
    assert fits("plan != plus") == [False, True, True]
    assert fits("plan ~ re") == [False, True, False]
    assert fits("age >= 3") == [True, False, True]
    assert fits(["age >= 3", "plan = plus"]) == [True, False, False]
    with pytest.raises(UsageError):
        fits("nothing = 1")


def test_costs_in_another_currency_are_refused(store: Store) -> None:
    dear = with_playbook(x={"cost": 5, "currency": "USD"}, y={"cost": 900, "currency": "CNY"})
    with pytest.raises(UsageError):
        act(run_on(store, dear), "prevent", PreventRequest())
    with pytest.raises(MissingData):  # nobody is worth so much
        act(run_on(store, dear), "prevent", PreventRequest(start=True, action=("y",)))
    assert not store.exists("assignments")


def test_the_best_action_is_chosen_and_nothing_is_an_action() -> None:
    fits = np.array([[True, True, False], [True, False, False]])
    stake = choose_by_stake(np.array([30.0, 5.0, 99.0]), fits, np.array([10.0, 1.0]), counts_money=True)
    assert stake.action.tolist() == [0, -1, -1]
    assert (stake.never_pays.tolist(), stake.no_action.tolist()) == ([False, True, False], [False, False, True])
    gain = choose_by_gain(np.array([[4.0, -1.0, 9.0], [6.0, 7.0, 9.0]]), fits)
    assert gain.action.tolist() == [1, -1, -1]
    assert gain.not_moved.tolist() == [False, True, False]


def test_a_budget_takes_the_most_gain_for_its_cost() -> None:
    choice = choose_by_gain(np.array([[10.0, 9.0, 8.0]] * 2), np.array([[True, False, False], [False, True, True]]))
    picked = pick(choice, np.array([10.0, 4.0]), lambda row: False, 10, 8.0)
    assert picked.rows.tolist() == [1, 2]
    alone = pick(choice, np.array([10.0, 4.0]), lambda row: row == 1, 10, 4.0)
    assert (alone.rows.tolist(), alone.treated.tolist()) == ([1, 2], [False, True])


def test_the_lot_is_fair_and_stays() -> None:
    drawn = [is_held_out("prevent:churn:x", f"a{i}", 0, 0.2) for i in range(4_000)]
    assert drawn == [is_held_out("prevent:churn:x", f"a{i}", 0, 0.2) for i in range(4_000)]
    assert 0.17 < np.mean(drawn) < 0.23
    assert drawn != [is_held_out("prevent:churn:y", f"a{i}", 0, 0.2) for i in range(4_000)]
