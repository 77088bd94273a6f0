"""The actions of `recommend` on workspaces made by importing files."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from recommend_workspace import NOW, ask, clicks, make_run, said, silent, workspace

from productloop.apps.recommend import APP
from productloop.apps.recommend.tasks import make, suggest
from productloop.apps.recommend.types import EvaluateRequest, RecommendRequest, TrainRequest
from productloop.foundation.errors import DataProblem, UsageError
from productloop.foundation.settings import load_settings
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.scope import Scope
from productloop.loop.serve import open_live, predict_row
from productloop.loop.simulation import Simulated
from productloop.loop.store import Store
from productloop.testing import check_task

Trained = tuple[Store, Simulated]


def test_evaluate_says_in_plain_words_how_good_it_is(trained: Trained) -> None:
    report = ask(trained[0], "evaluate")
    assert report.state == "live"
    assert report.beats_baseline
    assert report.recipe in ("profile-linear", "item-knn")
    assert report.hits.low <= report.hits.value <= report.hits.high
    assert report.hits.value > report.baseline_hits.value
    assert report.hits.n == report.baseline_hits.n > 100
    assert {line.recipe for line in report.recipes} == {"popularity", "item-knn", "profile-linear"}
    for line in report.recipes:
        for figure in (line.ndcg, line.recall, line.mrr):
            assert figure.low <= figure.value <= figure.high
            assert figure.protocol == "loop.protocol.last_item"
    said(report, "evaluate")


def test_the_planted_pairs_are_on_the_page_and_the_surest_is_a_finding(trained: Trained) -> None:
    store, simulated = trained
    report = ask(store, "evaluate", EvaluateRequest())
    assert {(pair.first, pair.second) for pair in report.pairs} == set(simulated.truths["paired_items"]["pairs"])
    assert len(report.findings) == 1
    finding = report.findings[0]
    assert finding.people == report.pairs[0].people
    assert finding.people.value >= 10
    assert 0 < finding.strength <= 1
    assert all(pair.lift.low > 1 for pair in report.pairs)


def test_lists_leave_out_what_was_chosen_and_give_reasons(trained: Trained) -> None:
    store, _ = trained
    sample = ask(store, "recommend")
    assert sample.sample
    assert len(sample.people) == 10
    assert sample.popular
    said(sample, "recommend")
    subject = sample.people[0].subject
    past = {
        row[0]
        for row in store.rows(
            "SELECT item FROM events JOIN actor_codes ON code = actor WHERE actor_codes.id = ? AND item IS NOT NULL", [subject]
        )
    }
    report = ask(store, "recommend", RecommendRequest(subject=(subject,), k=5))
    line = report.people[0]
    assert line.known
    assert line.personal
    assert len(line.items) == 5
    assert not past & {item.item for item in line.items}
    scores = [item.score.value for item in line.items]
    assert scores == sorted(scores, reverse=True)
    assert all(set(item.because) <= past for item in line.items)
    assert any(item.because for item in line.items)
    assert "因为选过" in said(report, "recommend")


def test_business_rules(trained: Trained) -> None:
    store, _ = trained
    subject = ask(store, "recommend").people[0].subject
    plain = ask(store, "recommend", RecommendRequest(subject=(subject,))).people[0]
    hidden = (plain.items[0].item, plain.items[2].item)
    without = ask(store, "recommend", RecommendRequest(subject=(subject,), exclude=hidden)).people[0]
    assert not {item.item for item in without.items} & set(hidden)
    category = dict(store.rows("SELECT item, category FROM items"))
    capped = ask(store, "recommend", RecommendRequest(subject=(subject,), per_category=1)).people[0]
    shown = [category[item.item] for item in capped.items]
    assert len(shown) == len(set(shown))
    again = ask(store, "recommend", RecommendRequest(subject=(subject,), repeat=True, k=20)).people[0]
    assert {item.item for item in again.items} - {item.item for item in plain.items}


def test_somebody_new_gets_what_most_people_choose_and_it_says_so(trained: Trained) -> None:
    report = ask(trained[0], "recommend", RecommendRequest(subject=("nobody-yet",)))
    line = report.people[0]
    assert not line.known
    assert not line.personal
    assert [item.item for item in line.items] == [popular.item for popular in report.popular]
    assert "many people choose it" in said(report, "recommend")
    assert report.cautions


def test_one_click_is_enough_over_the_api(trained: Trained) -> None:
    store, _ = trained
    task = make("next_item", {}, store)
    live = open_live(store, task)
    item = live.release.signature.columns[0].categories[3]
    ranked, _, _ = predict_row(live, store, {"items": [item, "never seen"]}, NOW)
    assert len(ranked) == 10
    assert item not in {line["item"] for line in ranked}
    nothing, _, _ = predict_row(live, store, {"items": ["never seen"]}, NOW)
    assert len(nothing) == 10
    with pytest.raises(DataProblem):
        predict_row(live, store, {"clicks": 3}, NOW)


def test_the_battery_of_tasks_holds(trained: Trained) -> None:
    store, simulated = trained
    task = make("next_item", {}, store)
    check_task(task, store, None)
    middle = int(np.quantile(simulated.events["time"], 0.5))
    check_task(task, store, middle, num_rows=4)
    assert 0 < len(task.keys(store, middle)) < len(task.keys(store, None))
    check_task(make("bought", {"events": "purchase"}, store), store, None, num_rows=3)


def test_nothing_live_says_which_command_makes_it_and_too_few_says_how_many(tmp_path: Path) -> None:
    few = workspace(tmp_path / "few", [clicks(tmp_path / "few.csv", 12, 12)])
    assert suggest(few) is None
    assert "12 people have chosen" in said(ask(few, "evaluate"), "evaluate")
    verdict = ask(few, "train")
    assert (verdict.verdict, verdict.missing.value) == ("no_data", 18)
    said(verdict, "train")
    few.close()
    enough = workspace(tmp_path / "enough", [clicks(tmp_path / "enough.csv", 60, 12)])
    assert suggest(enough) == ("next_item", {})
    for action in ("evaluate", "recommend"):
        assert "productloop recommend train" in said(ask(enough, action), action)
    assert ask(enough, "recommend").popular
    enough.close()


def test_a_second_turn_with_new_items_and_people_is_judged_on_the_same_people(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w", [clicks(tmp_path / "first.csv", 200, 30)])
    first = ask(store, "train")
    assert first.verdict == "first"
    said(first, "train")
    assert ask(store, "train").verdict == "skipped"
    more = clicks(tmp_path / "second.csv", 260, 34, seed=9, day=12)
    more.write_text(more.read_text(encoding="utf-8").replace(",i3", ",a3"), encoding="utf-8")  # ids that sort before all others
    import_path(store, load_settings(None, {}), ImportRequest(more), NOW, silent)
    second = ask(store, "train")
    assert second.verdict in ("refresh", "refused")
    live = open_live(store, make("next_item", {}, store))
    known = len(live.release.signature.columns[0].categories)
    assert known == (30 if second.verdict == "refused" else known)
    said(ask(store, "recommend"), "recommend")
    store.close()


def test_options_and_errors(trained: Trained) -> None:
    store, _ = trained
    bought = make("bought", {"events": "purchase"}, store)
    assert len(bought.keys(store, None)) < len(make("all", {}, store).keys(store, None))
    with pytest.raises(UsageError, match="event"):
        make("x", {"events": ["purchases"]}, store)
    with pytest.raises(UsageError, match="option"):
        make("x", {"event": "purchase"}, store)
    report = ask(store, "evaluate", tasks={"bought": {"template": "recommend.next_item", "events": ["purchase"]}})
    assert report.state != "live"
    with pytest.raises(UsageError):
        ask(store, "train", TrainRequest(scope=Scope(where=("platform=ios",))))


def test_orders_count_where_no_event_has_an_item(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = ["order_id,user_id,created_at,amount,currency,kind,item_id"]
    for person in range(35):
        rows += [f"o{person}_{n},u{person},2026-01-{1 + n:02d},5.00,USD,add_on,i{(person + n) % 11}" for n in range(4)]
        rows.append(f"r{person},u{person},2026-01-20,-5.00,USD,refund,refunded")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    store = workspace(tmp_path / "w", [path])
    assert suggest(store) == ("next_item", {})
    check_task(make("next_item", {}, store), store, None, num_rows=3)
    history, signature = (task := make("next_item", {}, store)).inputs(store, task.keys(store, None), None)
    assert "refunded" not in signature.columns[0].categories
    assert history.lengths.tolist() == [4] * 35
    store.close()


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, productloop.apps.recommend; print([m for m in ('duckdb', 'sklearn', 'scipy', 'lightgbm', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_request_field_is_described_in_both_languages() -> None:
    for action in APP.actions:
        for name, field in action.request.model_fields.items():
            assert name == "scope" or " | " in (field.description or ""), name


@pytest.mark.slow
@pytest.mark.shared
def test_movielens_through_import_and_turn(tmp_path: Path, shared_data: Callable[[str], Path]) -> None:
    path = tmp_path / "u.data"
    path.write_bytes(gzip.decompress(shared_data("movielens_100k/u.data.gz").read_bytes()))
    store = workspace(tmp_path / "w", [path], table="events", columns=("actor", "item", "value", "time"))
    verdict = ask(store, "train")
    assert verdict.verdict == "first"
    report = ask(store, "evaluate")
    assert report.hits.n == 943
    assert report.recipe == "profile-linear"
    assert report.quality.value >= 0.100
    assert report.quality.low > next(line.ndcg.high for line in report.recipes if line.recipe == "popularity")
    assert make_run(store).store.state.live("next_item") == verdict.live
    store.close()
