"""Prevention from list to measured effect: who is drawn is remembered first, outcomes are read anew, lists switch by themselves, nothing leaves unapproved."""

from __future__ import annotations

import csv
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import run_on, settings_of, write

from productloop.apps.risk import APP, _delivery, _drafts
from productloop.apps.risk._playbook import BUILT_IN, read_playbook, who_fits
from productloop.apps.risk._prevent_list import choose_by_gain, choose_by_stake, pick
from productloop.apps.risk._treated import without_treated
from productloop.apps.risk._trial import is_held_out
from productloop.apps.risk.campaigns_report import campaigns_page
from productloop.apps.risk.campaigns_types import CampaignsRequest
from productloop.apps.risk.drafts_report import approve_page, drafts_page
from productloop.apps.risk.drafts_types import ApproveRequest, DraftsRequest
from productloop.apps.risk.prevent_report import prevent_page
from productloop.apps.risk.prevent_types import PreventRequest
from productloop.apps.risk.tasks import risk_tasks
from productloop.foundation.errors import MissingData, ProviderUnreachable, UsageError
from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES, speak
from productloop.learning import uplift
from productloop.llm.provider import Scripted
from productloop.loop.action import Request, Run, perform
from productloop.loop.campaigns import campaigns, drafts
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store
from productloop.loop.train import build_examples, known
from productloop.loop.upkeep import erase

START = 20_000 * DAY_US
OFFER = {"cost": 20, "currency": "CNY", "zh": "年付优惠", "en": "Annual offer", "fits": "plan = plus"}


def workspace(root: Path, num: int = 400, seed: int = 0, cases: float = 0.3, members: int = 1) -> Store:
    """People with a plan, a payment and one result each; `members` people an account. Nothing is hidden in them."""
    random = np.random.default_rng(seed)
    store = Store.create(root)
    code = list(range(num))
    write(store, "actor_codes", {"code": code, "id": [f"u{i:04d}" for i in code]})
    plan = ["plus" if one else "free" for one in random.random(num) < 0.7]
    write(store, "actors", {"actor": code, "plan": plan, "account": [f"firm{i // members}" for i in code], "known_at": [0] * num})
    amount = random.integers(1_000, 20_000, num)
    write(store, "orders", {"id": code, "actor": code, "time": [START - DAY_US] * num, "amount": amount, "currency": ["CNY"] * num})
    left = random.random(num) < cases
    time = [START - 30 * DAY_US] * num
    values = ["1" if one else "0" for one in left]
    write(store, "outcomes", {"subject": code, "task": ["churn"] * num, "value": values, "time": time})
    return store


def act(run: Run, name: str, request: Request) -> Any:
    """An action as an interface performs it; the store sees what was written."""
    return perform(f"risk.{name}", APP.action(name), request, replace(run, store=run.store))


def with_playbook(**playbook: Any) -> Settings:
    return replace(settings_of(product__name="Acme", product__currency="CNY"), playbook=playbook)


def outcomes_after(store: Store, effect: float, rate: float = 0.4, seed: int = 1, moved: str | None = None) -> None:
    """Results 28 days after the start: `rate` leave, `effect` fewer of the treated (only those on the plan `moved`)."""
    random = np.random.default_rng(seed)
    rows = store.rows(
        "SELECT a.actor, a.variant, max(a.time), any_value(p.plan) FROM assignments a JOIN actors p USING (actor) GROUP BY 1, 2 ORDER BY 1"
    )
    values = [
        "1" if random.random() < rate - effect * (variant == "treated" and moved in (None, plan)) else "0" for _, variant, _, plan in rows
    ]
    time = [int(at) + 28 * DAY_US for _, _, at, _ in rows]
    write(store, "outcomes", {"subject": [row[0] for row in rows], "task": ["churn"] * len(rows), "value": values, "time": time})
    store.refresh()


def lines_of(page: Any, language: Any) -> list[str]:
    """Every sentence of the first screen, said."""
    return [speak(block.text, {**APP.texts}, language) for block in page.blocks if block.kind in ("line", "heading")]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that tests copy: writing one takes longer than most tests."""
    root = tmp_path_factory.mktemp("template") / "w"
    workspace(root).close()
    return root


@pytest.fixture
def store(tmp_path: Path, template: Path) -> Iterator[Store]:
    shutil.copytree(template, tmp_path / "w")
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


# leaving the house -------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]], list[int]]]:
    """A server on this machine: (address, what it got, codes it answers with, 200 once they are used up)."""
    got: list[tuple[str, dict[str, Any]]] = []
    codes: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = codes.pop(0) if codes else 200
            got.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/lists", got, codes
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_list_is_posted_with_ids_and_actions_only_and_the_message_after_approval(
    store: Store, receiver: tuple[str, list[tuple[str, dict[str, Any]]], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, got, codes = receiver
    monkeypatch.setattr(_delivery, "PART_LINES", 20)
    monkeypatch.setattr(_delivery, "FIRST_WAIT_SECONDS", 0.0)
    run = run_on(store)
    act(run, "prevent", PreventRequest(capacity=30, start=True, action=("message",)))
    name = campaigns(store)[0].id
    codes.append(503)
    report = act(run, "prevent", PreventRequest(campaign=name, webhook=address))
    assert report.num_sent == 30
    worths = [line.worth[0].value for line in report.lines]
    assert worths == sorted(worths, reverse=True)
    assert [body["part"] for _, body in got] == [1, 1, 2]
    assert got[0][0] == got[1][0] != got[2][0]
    line = got[0][1]["lines"][0]
    assert set(line) == {"account", "people", "action", "message"}
    assert line["message"] is None
    listed = act(run, "drafts", DraftsRequest())
    assert [draft.status for draft in listed.drafts] == ["waiting"]
    assert drafts_page(listed).blocks
    assert approve_page(act(run, "approve", ApproveRequest(draft=listed.drafts[0].id))).blocks
    assert {draft.status for draft in drafts(store)} == {"approved"}
    act(run, "prevent", PreventRequest(campaign=name, webhook=address))
    assert "Acme" not in got[-1][1]["lines"][0]["message"]["en"]
    assert "our product" in got[-1][1]["lines"][0]["message"]["en"]


@pytest.mark.parametrize(("code", "tries"), [(404, 1), (302, 1), (500, 3)])
def test_a_list_that_does_not_arrive_is_an_error_that_says_how_to_go_on(
    receiver: tuple[str, list[tuple[str, dict[str, Any]]], list[int]], code: int, tries: int
) -> None:
    address, got, codes = receiver
    codes += [code] * 3
    with pytest.raises(ProviderUnreachable) as error:
        _delivery.post_list(address, "prevent:churn:x", [{"account": "a"}], {}, first_wait=0.0)
    assert len(got) == tries
    assert f"HTTP {code}" in str(error.value)
    assert "/lists" not in str(error.value)
    assert error.value.exit_code == 4


@pytest.mark.parametrize(
    "address", ["http://example.com/x", "file:///etc/passwd", "https://a:b@example.com", "ftp://example.com", "x", "https://["]
)
def test_a_list_goes_to_no_unsafe_address(address: str) -> None:
    with pytest.raises(UsageError):
        _delivery.check_address(address)
    assert _delivery.check_address("https://example.com/hook?key=1") == "example.com"


@pytest.mark.parametrize("name", ["../x.csv", "/tmp/x.csv", "x.txt", "a/b.csv", ".csv", "C:\\x.csv", "lists/../x.csv"])
def test_a_list_is_written_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        _delivery.list_path(tmp_path, name)
    assert _delivery.list_path(tmp_path, "名单 1.csv") == tmp_path / "lists" / "名单 1.csv"


def test_a_list_leaves_only_once_it_was_started(store: Store) -> None:
    run = run_on(store)
    for request in (
        PreventRequest(export="x.csv"),
        PreventRequest(webhook="https://example.com"),
        PreventRequest(campaign="x", start=True),
    ):
        with pytest.raises(UsageError):
            act(run, "prevent", request)
    with pytest.raises(UsageError):
        act(run, "prevent", PreventRequest(campaign="nothing"))
    assert not (store.root / "lists").exists()


def test_a_file_escapes_formulas_and_opens_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "lists" / "x.csv"
    _delivery.write_list(path, ["customer"], [["=cmd()"], ["公司"]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "lists" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["customer", "'=cmd()", "公司"]


# messages ----------------------------------------------------------------------------------------------------------------


def test_a_model_may_word_a_message_but_add_no_number(store: Store) -> None:
    good = json.dumps({"zh": "您好，{product}最近用得顺手吗？", "en": "Hello, how is {product} going?"}, ensure_ascii=False)
    bad = json.dumps({"zh": "您好，{product}给您打五折！", "en": "Half price on {product}!"}, ensure_ascii=False)
    run = replace(run_on(store, settings_of(product__name="Acme")), provider=Scripted([good, bad, "no json"]))
    made = _drafts.make_drafts(run, "prevent:churn:x", BUILT_IN, 5)
    assert [draft.source for draft in made] == ["scripted", "template", "template"]
    assert made[0].en == "Hello, how is Acme going?"
    assert made[1].en == BUILT_IN[1].message.en.replace("{product}", "Acme")
    with pytest.raises(UsageError):
        act(run, "approve", ApproveRequest(draft="nothing"))


@pytest.mark.parametrize("text", ["3 days", "two weeks free", "八折", "一半", "https://x.cn", "{name}", "", "x" * 700, "50％", "<b>"])
def test_what_a_model_may_not_write(text: str) -> None:
    assert not _drafts.is_locked(text, "Hello {product}")
    assert _drafts.is_locked("Hello, {product} misses you", "Hello {product}")


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
