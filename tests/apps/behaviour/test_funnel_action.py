"""`funnel` from files to page: the micro vectors, open windows, ranges, breakdowns, leaks, errors, both languages."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from event_workspace import ask_funnel, ask_retention, at, people, run_of, simulated_workspace, stories, workspace, written

from productloop.apps.behaviour import APP
from productloop.apps.behaviour.report import funnel_page
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.wording import LANGUAGES, Language
from productloop.loop.simulation import simulate
from productloop.loop.store import Store

ABC = ("A", "B", "C")
VECTORS = {
    "ordered": [
        ("A0 B1 C2", ABC, 3),
        ("A0 B7", ABC, 2),
        ("A0 B7.0001", ABC, 1),
        ("B0 A1 C2", ABC, 1),
        ("A0 C1 B2 C3", ABC, 3),
        ("A0 A5 B8 C9", ABC, 3),
        ("A0 B6 C8", ABC, 2),
        ("A1 B1", ("A", "B"), 2),
        ("B1 A1", ("A", "B"), 2),
        ("A0", ("A", "A"), 1),
        ("A0 A1", ("A", "A"), 2),
    ],
    "strict": [("A0 x1 B2", ("A", "B"), 1), ("A0 A1 B2", ("A", "B"), 2), ("A0 B1 x2 C3", ABC, 2)],
    "unordered": [("C0 A1 B2", ABC, 3), ("A0 B8 C9", ABC, 2)],
}


def test_micro_vectors_through_the_action(tmp_path: Path) -> None:
    # One workspace for all: a property says to which vector an event belongs. Somebody else does everything, so that all names exist.
    rows = ["user_id,event,timestamp,vector", *(f"other,{name},2026-06-01T00:00:00Z," for name in "ABC"), "end,Z,2026-06-30T00:00:00Z,"]
    cases = [(order, *vector) for order, vectors in VECTORS.items() for vector in vectors]
    for place, (_, life, _, _) in enumerate(cases):
        rows += [f"u{place},{word[0]},{at(float(word[1:]))},v{place}" for word in life.split()]
    store = workspace(tmp_path, events="\n".join(rows) + "\n")
    for place, (order, life, steps, furthest) in enumerate(cases):
        report = ask_funnel(store, {"steps": steps, "order": order, "scope": {"where": (f"vector=v{place}",)}})
        assert people(report) == [1] * furthest + [0] * (len(steps) - furthest), (order, life)
        assert report.settled.value == 1


def test_a_range_binds_the_first_step_only(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 B3", "b": "A2 B3", "c": "A9 B10"}))
    report = ask_funnel(store, {"steps": ("A", "B"), "scope": {"since": "2026-03-02", "until": "2026-03-03"}})
    assert people(report) == [1, 1]
    report = ask_funnel(store, {"steps": ("A", "B"), "scope": {"since": "2026-03-04", "until": "2026-03-04"}})
    assert people(report) == [1, 1]


def test_open_windows_are_in_progress_and_stand_in_no_share(tmp_path: Path) -> None:
    report = ask_funnel(tiny(tmp_path), {"steps": ("A", "B")})
    first, last = report.steps
    assert (first.people.value, first.dropped.value, first.in_progress.value) == (16, 3, 5)
    assert last.people.value == 8
    assert report.settled.value == 10
    assert last.of_previous.value == 0.7
    assert last.of_previous.n == 10
    assert 0.4 < (last.of_previous.low or 0) < 0.7 < (last.of_previous.high or 0) < 0.9
    assert report.closed_until == "2026-03-15"
    assert last.lost.value == 3
    keys = [caution.key for caution in report.cautions]
    assert "behaviour.caution.open" in keys
    assert "behaviour.caution.few" in keys


def test_nothing_is_final_while_every_window_is_open(tmp_path: Path) -> None:
    report = ask_funnel(workspace(tmp_path, events=stories({"a": "A0 B1", "b": "A0"}, end="2026-03-05")), {"steps": ("A", "B")})
    assert people(report) == [2, 1]
    assert report.steps[1].of_previous.value is None
    assert report.closed_until is None
    assert any("Too early" in line for line in written(funnel_page(report), "en"))


def test_conversions_after_the_range_count_but_not_after_as_of(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 B5", "b": "A1", "c": "B0"}))
    assert people(ask_funnel(store, {"steps": ("A", "B"), "scope": {"until": "2026-03-03"}})) == [2, 1]
    as_of = 1_772_409_600_000_000 + 2 * 86_400_000_000
    report = ask_funnel(store, {"steps": ("A", "B")}, run_of(store, as_of=as_of))
    assert people(report) == [2, 0]
    assert report.steps[0].in_progress.value == 2


SPLIT = (
    "user_id,event,timestamp,platform,plan_name\n"
    + "".join(
        f"u{n},A,{at(n % 20)},{'ios' if n % 2 else 'android'},{'gold' if n < 9 else ''}\n"
        + (f"u{n},B,{at(n % 20 + 1)},web,\n" if n % 4 else "")
        for n in range(80)
    )
    + f"w,Z,{at(60)},,\n"
)


def test_breakdown_takes_the_value_at_the_first_step(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=SPLIT)
    report = ask_funnel(store, {"steps": ("A", "B"), "scope": {"by": "platform"}})
    assert report.by == "platform"
    found = {part.value: [figure.value for figure in part.people] for part in report.parts}
    assert found == {"android": [40, 20], "ios": [40, 40]}
    by_property = ask_funnel(store, {"steps": ("A", "B"), "scope": {"by": "plan_name"}})
    assert [part.people[0].value for part in by_property.parts] == [9, 71]
    assert by_property.parts[1].value.key == "behaviour.label.unknown"  # type: ignore[union-attr]
    assert sum(part.people[0].value or 0 for part in by_property.parts) == by_property.entered.value


def test_breakdown_by_what_only_people_tell(tmp_path: Path) -> None:
    """The newest value of each person, whatever it was at the step; who is not in the table of people is not known. Retention takes it alike."""
    actors = "user_id,plan,known_at\na,free,2026-01-01\na,pro,2026-05-01\nb,free,2026-01-01\n"
    store = workspace(tmp_path, events=stories({"a": "A0 B1", "b": "A0", "c": "A0 B2"}), actors=actors)
    report = ask_funnel(store, {"steps": ("A", "B"), "scope": {"by": "plan"}})
    found = {
        part.value if isinstance(part.value, str) else part.value.key: [figure.value for figure in part.people] for part in report.parts
    }
    assert found == {"pro": [1, 1], "free": [1, 0], "behaviour.label.unknown": [1, 1]}
    assert "known of the person now" in " ".join(written(funnel_page(report), "en"))
    kept = ask_retention(store, {"scope": {"by": "plan"}})
    assert kept.by_person
    assert {str(part.value) for part in kept.parts} >= {"pro", "free"}


def test_unknown_names_are_answered_with_the_nearest(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=SPLIT.replace(",A,", ",sign_up,").replace(",B,", ",top_up,"))
    with pytest.raises(UsageError) as unknown_event:
        ask_funnel(store, {"steps": ("Signup", "top_up")})
    assert unknown_event.value.parameters["nearest"] == "sign_up"
    assert "sign_up" in unknown_event.value.render("zh")[1]
    with pytest.raises(UsageError) as unknown_column:
        ask_funnel(store, {"steps": ("sign_up", "top_up"), "scope": {"by": "plan"}})
    assert unknown_column.value.parameters["nearest"] == "plan_name"
    with pytest.raises(UsageError):
        ask_funnel(store, {}, run_of(store, behaviour__funnel="sign_up,gone"))


def test_setting_names_the_funnel_and_the_window(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 B5", "b": "A1 B2"}))
    report = ask_funnel(store, {}, run_of(store, behaviour__funnel="A,B", behaviour__window_days=3))
    assert report.steps_from == "setting"
    assert people(report) == [2, 1]


def test_no_events_one_person_one_event(tmp_path: Path) -> None:
    with pytest.raises(MissingData):
        ask_funnel(Store.create(tmp_path / "empty"))
    store = workspace(tmp_path, events="user_id,event,timestamp\nu,A,2026-03-02\n")
    report = ask_funnel(store)
    assert [step.name for step in report.steps] == ["A"]
    for language in LANGUAGES:
        assert written(funnel_page(report), language)
    nobody = ask_funnel(store, {"scope": {"where": ("platform=ios",)}})
    assert nobody.entered.value == 0
    assert written(funnel_page(nobody), "en") == ["Funnel", "Nobody took the first step in this time."]


def test_all_at_the_same_instant_is_said(tmp_path: Path) -> None:
    rows = "".join(f"u{n},{name},2026-03-02T10:00:00Z\n" for n in range(40) for name in ("B", "A"))
    store = workspace(tmp_path, events="user_id,event,timestamp\n" + rows + f"w,Z,{at(50)}\n")
    report = ask_funnel(store, {"steps": ("A", "B")})
    assert people(report) == [40, 40]
    assert [caution.key for caution in report.cautions] == ["behaviour.caution.ties"]


def leaking(lost_on_android: bool) -> str:
    """90 people a week for 12 weeks; from week 6 on every second one on Android stops after A, if asked."""
    rows, chance = ["user_id,event,timestamp,platform,place"], Random(1)
    for week in range(12):
        for n in range(90):
            name, day, platform = f"u{week}-{n}", 7 * week + (n % 7), ("android", "ios", "web")[n % 3]
            rows.append(f"{name},A,{at(day)},{platform},p{n % 5}")
            leaks = lost_on_android and platform == "android" and week >= 6
            stops = chance.random() < (0.55 if leaks else 0.1)
            if not stops:
                rows.append(f"{name},B,{at(day + 0.5)},{platform},p{n % 5}")
    return "\n".join([*rows, f"w,Z,{at(100)},,"]) + "\n"


def test_leaking_segment_is_found_and_dated(tmp_path: Path) -> None:
    report = ask_funnel(workspace(tmp_path, events=leaking(True)), {"steps": ("A", "B")})
    (leak,) = report.leaks
    assert (leak.column, leak.value, leak.from_step, leak.to_step, leak.since) == ("platform", "android", "A", "B", "2026-04-13")
    assert leak.here.value == pytest.approx(0.45, abs=0.08)
    assert leak.elsewhere.value == pytest.approx(0.9, abs=0.03)
    assert 7 < (leak.lost_per_week.low or 0) < (leak.lost_per_week.value or 0) < (leak.lost_per_week.high or 0) < 20
    (finding,) = report.findings
    assert finding.kind == "leaking_step"
    assert 0 < finding.strength <= 1
    assert finding.since == 1_776_038_400_000_000
    assert finding.people == leak.people


def test_no_segment_is_blamed_when_all_are_alike(tmp_path: Path) -> None:
    report = ask_funnel(workspace(tmp_path, events=leaking(False)), {"steps": ("A", "B")})
    assert report.leaks == ()
    assert report.findings == ()
    assert report.num_comparisons == 8


@pytest.mark.parametrize("seed", [201, 202, 203])
def test_simulated_startup_shows_its_leaking_step(seed: int, tmp_path: Path) -> None:
    simulated = simulate(seed)
    report = ask_funnel(simulated_workspace(tmp_path, simulated))
    truth = simulated.truths["leaking_step"]
    assert [step.name for step in report.steps] == ["sign_up", "verify_identity", "add_card", "top_up"]
    assert report.steps_from == "guess"
    assert report.cautions[0].key == "behaviour.caution.guessed"
    assert [(leak.to_step, leak.column, leak.value) for leak in report.leaks] == [(truth["step"], "platform", truth["platform"])]


def test_simulated_startup_without_truths_has_no_finding(tmp_path: Path) -> None:
    report = ask_funnel(simulated_workspace(tmp_path, simulate(204, planted=frozenset())))
    assert report.findings == ()
    assert report.num_comparisons > 20


def test_every_definition_stands_in_the_texts_without_slots(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=leaking(True))
    reports = [ask_funnel(store, {"steps": ("A", "B")}), ask_funnel(store, {"steps": ("A", "B"), "scope": {"by": "platform"}})]
    figures = [figure for report in reports for figure in funnel_page(report).figures()]
    assert len({figure.id for figure in figures}) > 20
    for figure in figures:
        assert not APP.texts[figure.definition].slots("zh")
        assert not APP.texts[figure.definition].slots("en")


def test_unordered_rows_count_steps_and_repeated_steps_are_told_apart(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({f"u{n}": "B0 A1" for n in range(5)} | {"v": "A0"}))
    report = ask_funnel(store, {"steps": ("A", "B"), "order": "unordered"})
    assert people(report) == [6, 5]
    assert "any 1 of them | 6 | - | - | 1 | 0 | -" in written(funnel_page(report), "en")
    twice = ask_funnel(store, {"steps": ("A", "A")})
    assert any(line.startswith("A (time 2) | 0") for line in written(funnel_page(twice), "en"))


@pytest.mark.shared
def test_simple_shop(tmp_path: Path, shared_data) -> None:  # type: ignore[no-untyped-def]
    csv = shared_data("simple_shop/simple-onlineshop.csv").read_text(encoding="utf-8")
    report = ask_funnel(workspace(tmp_path, events=csv))
    assert [step.name for step in report.steps] == ["catalog", "cart", "delivery_choice", "payment_choice", "payment_done"]
    # People who ever did the step, as the data set's own counts: on the way nobody is added.
    assert [step.people.value for step in report.steps] == [3611, 1924, 1356, 958, 653]
    assert report.biggest_leak == 1


GOLDEN_ZH = """\
漏斗：A → B
流失最多的一步是“A”到“B”：每 100 个走到前一步的人，大约 70 个接着走下去，3 人停住了。
没有可比较的属性（每类至少 30 人），没法看哪一类人更容易停下。
怎么算：从第一步起 7 天的转化窗口内，按顺序做完各步骤，中间可以做别的事。
比例和用时只算 2026-03-15 及以前进入、转化窗口已经走完的 10 人；窗口还没走完的算“进行中”，不算流失。
进入漏斗: 16 | 走完全程: 70.0 %
走完全程的人里，一半在 24 小时以内走完。
(bars) 各步骤人数: A, B
  走到这一步: [16.0, 8.0]
  其中进行中: [5.0, 0.0]
步骤 | 人数 | 占第一步 | 占上一步 | 停下 | 进行中 | 中位用时（小时）
A | 16 | - | - | 3 | 5 | -
B | 8 | 70.0 % | 70.0 % | - | - | 24
## 看之前要知道
[caution] 进入的 16 人里有 5 人转化窗口还没走完，比例还会变。
[caution] 转化窗口走完的只有 10 人，不到 30 人，比例只能当参考。
--
> 每一步要多久
  从哪一步到哪一步 | 人数 | 平均（小时） | 10 % 的人不超过 | 25 % 的人不超过 | 50 % 的人不超过 | 75 % 的人不超过 | 90 % 的人不超过
  A → B | 7 | 24 | 24 | 24 | 24 | 24 | 24
> 还没走完的几周
  这几周进入的人，转化窗口还没走完，只有人数，没有比例。
  进入的那一周 | 人数 | 目前走完 | 进行中
  2026-03-16 | 6 | 1 | 5
"""
GOLDEN_EN = """\
Funnel: A → B
Most people are lost between “A” and “B”: of 100 who get to the first, about 70 go on; 3 people did not.
There was no attribute to compare people by (with 30 people of each kind), so we cannot say who stops more often.
How it counts: all steps in this order within 7 days from the first step; other things may happen in between.
Shares and times count the 10 people who entered by 2026-03-15, whose window is over; people whose window is still open are “in progress”, never lost.
entered: 16 | went all the way: 70.0 %
Half of the people who went all the way needed at most 24 hours.
(bars) People at each step: A, B
  reached it: [16.0, 8.0]
  of these in progress: [5.0, 0.0]
step | people | of first | of previous | stopped | in progress | median hours
A | 16 | - | - | 3 | 5 | -
B | 8 | 70.0 % | 70.0 % | - | - | 24
## What to keep in mind
[caution] For 5 of the 16 people who entered, the window is still open; the shares will move.
[caution] Only 10 people had the whole window, fewer than 30: read the shares with care.
--
> How long each step takes
  from which step to which | people | mean hours | 10 % needed at most | 25 % needed at most | 50 % needed at most | 75 % needed at most | 90 % needed at most
  A → B | 7 | 24 | 24 | 24 | 24 | 24 | 24
> Weeks that are not finished
  For people who entered in these weeks the window is still open: counts so far, no shares.
  week of entry | people | all the way so far | in progress
  2026-03-16 | 6 | 1 | 5
"""


def tiny(folder: Path) -> Store:
    """Ten people with a finished window, of whom seven go on, and six who came in the last days."""
    gone, went_on = {f"d{n}": "A0" for n in range(3)}, {f"c{n}": "A0 B1" for n in range(7)}
    return workspace(folder, events=stories(gone | went_on | {f"o{n}": "A18" for n in range(5)} | {"q": "A18 B18.5"}, end="2026-03-22"))


@pytest.mark.parametrize(("language", "golden"), [("zh", GOLDEN_ZH), ("en", GOLDEN_EN)])
def test_page_reads_as_agreed(language: Language, golden: str, tmp_path: Path) -> None:
    report = ask_funnel(tiny(tmp_path), {"steps": ("A", "B")})
    assert written(funnel_page(report), language) == golden.splitlines()
