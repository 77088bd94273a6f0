"""`experiment` from files to page: planted winners, no winner where there is none, sample ratio, waiting, plans, errors, both languages."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from event_workspace import at, workspace, written
from order_workspace import ask

from productloop.apps.behaviour._person_values import Windows, as_numbers, within
from productloop.apps.behaviour.experiment_report import experiment_page
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store


def planted(rates: dict[str, float], num: int = 400, days: int = 20, seed: int = 0, tail: int = 12) -> str:
    """People exposed over `days`, `num` a variant, who buy within two days at the variant's rate; the data go on for `tail` days."""
    random = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp,variant,value"]
    for number, (name, rate) in enumerate(rates.items()):
        for person in range(num):
            start = random.random() * days
            rows.append(f"{name}{person},seen,{at(start)},{name},")
            if random.random() < rate:
                rows.append(f"{name}{person},buy,{at(start + 0.01 + 2 * random.random())},,{5 + number}")
            if random.random() < 0.05:
                rows.append(f"{name}{person},crash,{at(start + 0.5)},,")
    return "\n".join([*rows, f"watchman,zzz,{at(days + tail)},,"]) + "\n"


SEEN = {"exposure": "seen", "variant": "variant", "metrics": ["people(buy)", "sum(buy.value)"], "guards": ["-people(crash)"]}


def test_a_planted_winner_is_found(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted({"control": 0.2, "new": 0.35}))
    report = ask(store, "experiment", SEEN)
    assert (report.state, report.winner, report.sequential) == ("decided", "new", False)
    first, money, guard = report.metrics
    assert first.results[0].clear == "better"
    assert first.results[0].difference.low < 15 < first.results[0].difference.high
    assert money.results[0].clear == "better"
    assert guard.results[0].clear == "same"
    assert not guard.higher_is_better
    assert [group.name for group in report.groups] == ["control", "new"]
    english = "\n".join(written(experiment_page(report), "en"))
    assert "“new” won; the chance that it is the best: 100 %" in english
    assert "None of the metrics that must not get worse clearly did." in english
    assert "CUPED" not in english[: english.index("--\n")]
    assert "“new”赢了" in "\n".join(written(experiment_page(report), "zh"))


def test_no_winner_where_there_is_none(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted({"a": 0.2, "b": 0.2}))
    report = ask(store, "experiment", SEEN)
    assert (report.state, report.winner) == ("unclear", None)
    assert report.needed.value > 800
    assert "no difference can be told: between" in "\n".join(written(experiment_page(report), "en"))


def test_while_it_runs_only_the_strict_interval_decides(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted({"a": 0.2, "b": 0.26}, num=450, tail=1))
    report = ask(store, "experiment", {**SEEN, "window_days": 2.1, "effect": 40})
    assert report.sequential
    assert report.state in ("open", "unclear")
    assert sum(group.in_progress.value for group in report.groups) > 0
    clear = workspace(tmp_path / "clear", events=planted({"a": 0.2, "b": 0.5}, tail=1))
    assert ask(clear, "experiment", {**SEEN, "window_days": 2.1}).winner == "b"
    waiting = ask(clear, "experiment", {**SEEN, "window_days": 2.1, "days": 40})
    assert (waiting.state, waiting.winner) == ("open", None)
    assert waiting.look_again == "2026-04-13"
    assert "look again on 2026-04-13" in "\n".join(written(experiment_page(waiting), "en"))


def test_sizes_that_do_not_fit_refuse_a_verdict(tmp_path: Path) -> None:
    csv = planted({"a": 0.2, "b": 0.6}, num=400)
    some = [line for number, line in enumerate(csv.splitlines()) if not (line.startswith("b") and number % 3 == 0)]
    kept = {line.split(",")[0] for line in some if ",seen," in line}
    store = workspace(tmp_path, events="\n".join(line for line in some if line.split(",")[0] in kept | {"user_id", "watchman"}) + "\n")
    report = ask(store, "experiment", SEEN)
    assert (report.state, report.winner, report.metrics) == ("mismatch", None, ())
    assert "robots in one group only" in "\n".join(written(experiment_page(report), "en"))
    assert ask(store, "experiment", {**SEEN, "split": ["a=400", "b=270"]}).state == "decided"


def test_people_in_two_variants_are_left_out(tmp_path: Path) -> None:
    csv = planted({"a": 0.2, "b": 0.2}, num=100) + "".join(f"a{person},seen,{at(19)},b,\n" for person in range(5))
    report = ask(workspace(tmp_path, events=csv), "experiment", SEEN)
    assert report.crossed.value == 5
    assert [group.people.value for group in report.groups] == [95, 100]


def test_what_was_before_sharpens(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    rows = ["user_id,group,spend,spend_before"]
    for person in range(2_000):
        before = random.normal(50, 10)
        rows.append(f"u{person},{'ab'[person % 2]},{before + random.normal(0, 4) + (1.0 if person % 2 else 0.0):.3f},{before:.3f}")
    store = workspace(tmp_path, actors="\n".join(rows) + "\n")
    plain = ask(store, "experiment", {"metrics": ["spend"]})
    sharp = ask(store, "experiment", {"metrics": ["spend"], "before": "spend_before"})
    assert plain.metrics[0].reduction.value is None
    assert sharp.metrics[0].reduction.value == pytest.approx(0.86, abs=0.03)
    assert sharp.winner == "b"
    width = [report.metrics[0].results[0].difference.high - report.metrics[0].results[0].difference.low for report in (plain, sharp)]
    assert width[1] < 0.5 * width[0]


def test_before_the_start_traffic_says_what_can_be_seen(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    rows = ["user_id,event,timestamp"]
    for person in range(600):
        for week in range(10):
            if random.random() < 0.5:
                day = 7 * week + 6 * random.random()
                rows.append(f"u{person},open,{at(day)}")
                if random.random() < 0.3:
                    rows.append(f"u{person},buy,{at(day + 0.1)}")
    store = workspace(tmp_path, events="\n".join(rows) + "\n")
    report = ask(store, "experiment", {"metrics": ["people(buy)"]})
    assert report.state == "plan"
    assert [week.weeks for week in report.plan] == [2, 3, 4, 5, 6]
    smallest = [week.smallest.value for week in report.plan]
    assert smallest == sorted(smallest, reverse=True)
    share, people = report.plan_value.value, report.plan[0].people.value
    assert smallest[0] == pytest.approx(100 * 2.8 * (2 * share * (1 - share) / people) ** 0.5, rel=0.01)
    assert "can only show a difference of" in "\n".join(written(experiment_page(report), "en"))
    assert "周只看得出" in "\n".join(written(experiment_page(report), "zh"))


def test_what_cannot_be_known_is_said(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted({"a": 0.2, "b": 0.2}, num=10))
    few = ask(store, "experiment", SEEN)
    assert few.state == "few"
    assert "30" in "\n".join(written(experiment_page(few), "en"))
    assert ask(store, "experiment").state == "nothing"
    for request, code in (
        ({"exposure": "seen"}, "no_variant_column"),
        ({"exposure": "nothing", "variant": "variant"}, "event_unknown"),
        ({"variant": "nothing"}, "variant_unknown"),
        ({**SEEN, "control": "c"}, "control_unknown"),
        ({**SEEN, "split": ["a=1"]}, "split_unreadable"),
        ({"experiment": "x"}, "experiment_unknown"),
        ({**SEEN, "scope": {"by": "nothing"}}, "breakdown_unknown"),
    ):
        with pytest.raises(UsageError) as error:
            ask(store, "experiment", request)
        assert error.value.code == code
    enough = workspace(tmp_path / "two", events=planted({"a": 0.2, "b": 0.2}, num=40))
    with pytest.raises(UsageError) as error:
        ask(enough, "experiment", {**SEEN, "metrics": ["buy"]})
    assert error.value.code == "person_metric_unknown"


def test_assignments_of_the_product_itself(tmp_path: Path) -> None:
    import arro3.core as arrow

    store = workspace(tmp_path, events=planted({"a": 0.2, "b": 0.5}, num=200))
    exposed = store.columns(
        "SELECT actor, min(time) AS time, min(json_extract_string(properties, '$.variant')) AS variant FROM events WHERE name = 'seen' GROUP BY actor"
    )
    num = len(exposed["actor"])
    columns = {
        "row_id": arrow.Array([f"r{i}" for i in range(num)], type=arrow.DataType.string()),
        "import_id": arrow.Array(np.zeros(num, dtype=np.int64)),
        "sequence": arrow.Array(np.arange(num, dtype=np.int64)),
        "experiment": arrow.Array(["price page"] * num, type=arrow.DataType.string()),
        "actor": arrow.Array(exposed["actor"].astype(np.int32)),
        "variant": arrow.Array([str(one) for one in exposed["variant"]], type=arrow.DataType.string()),
        "propensity": arrow.Array(np.full(num, 0.5)),
        "time": arrow.Array(exposed["time"].astype(np.int64)),
    }
    kept = columns | {"experiment": arrow.Array(["leaks: seen > buy"] * num, type=arrow.DataType.string())}
    with store.writing():
        store.append("assignments", arrow.Table.from_pydict(kept), 1)
    assert ask(store, "experiment").experiment is None  # the tenth that `leaks` leaves alone is no experiment of theirs
    assert ask(store, "experiment", {"experiment": "leaks: seen > buy", "metrics": ["people(buy)"]}).winner == "b"
    with store.writing():
        store.append("assignments", arrow.Table.from_pydict(columns), 2)
    report = ask(store, "experiment", {"metrics": ["people(buy)"]})
    assert (report.experiment, report.winner) == ("price page", "b")


def test_numbers_within_windows() -> None:
    windows = Windows(np.array([1, 4]), np.array([10, 20]), np.array([20, 30]))
    actor, time = np.array([1, 1, 1, 4, 9]), np.array([9, 10, 20, 29, 25])
    assert within(windows, actor, time, np.array([1.0, 2.0, 4.0, 8.0, 16.0])).tolist() == [2.0, 8.0]
    assert as_numbers(np.array(["TRUE", "no", None, "2.5"], dtype=object)).tolist()[:2] == [1.0, 0.0]
    assert as_numbers(np.array(["x"], dtype=object)) is None


@pytest.mark.shared
def test_cookie_cats_as_published(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "cookie_cats.csv"
    path.write_bytes(gzip.decompress(shared_data("cookie_cats/cookie_cats.csv.gz").read_bytes()))
    store = Store.create(tmp_path / "workspace")
    import_path(store, load_settings(None, {}), ImportRequest(path), 0, lambda *_: None)
    report = ask(store, "experiment")
    assert (report.guessed_variant, report.winner) == ("version", "gate_30")
    values = {metric.metric: (metric.control.value, metric.results[0].value.value) for metric in report.metrics}
    assert values["retention_7"] == pytest.approx((0.1902, 0.1820), abs=5e-5)
    assert values["retention_1"] == pytest.approx((0.44819, 0.44228), abs=5e-6)
    clear = {metric.metric: metric.results[0].clear for metric in report.metrics}
    assert clear == {"retention_7": "worse", "retention_1": "same", "sum_gamerounds": "same"}
    assert report.mismatch_p.value == pytest.approx(0.0086, abs=1e-4)
