"""`retention` from files to page: calendar periods in the product's zone, who is new, open cells, means, errors, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_workspace import NOW, ask_retention, at, quiet, run_of, stories, workspace, written

from productloop.apps.behaviour import APP, _activity
from productloop.apps.behaviour.retention_report import retention_page
from productloop.apps.behaviour.retention_types import RetentionReport
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import LANGUAGES, Language
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store

LIVES = {
    "a": "A0 A8 A15",
    "b": "A1 A9",
    "c": "A2",
    "d": "A3 A17",
    "e": "A7 A14",
    "f": "A8",
}


def shares(report: RetentionReport) -> list[list[float | int | None]]:
    return [[figure.value for figure in cohort.shares] for cohort in report.cohorts]


def test_weeks_of_new_people(tmp_path: Path) -> None:
    # The data end on Friday of the fourth week: that week is in progress.
    report = ask_retention(workspace(tmp_path, events=stories(LIVES, end="2026-03-27")), {"start": "A"})
    assert [(cohort.start, cohort.people.value) for cohort in report.cohorts] == [("2026-03-02", 4), ("2026-03-09", 2)]
    assert shares(report) == [[1.0, 0.5, 0.5, None], [1.0, 0.5, None, None]]
    # Weighted: (2 + 1) of (4 + 2).
    assert report.mean[1].value == 0.5
    assert report.mean[1].n == 6
    assert report.mean[2].n == 4
    assert (report.mean[1].low or 0) < 0.5 < (report.mean[1].high or 0)
    assert report.mean[3].value is None


def test_shares_over_time_where_groups_are_large_enough(tmp_path: Path) -> None:
    lives = {f"{week}-{who}": f"A{7 * week} A{7 * week + 7 + 7 * (who % 2)}" for week in range(5) for who in range(12)}
    store = workspace(tmp_path, events=stories(lives, end="2026-04-24"))
    report = ask_retention(store, {"start": "A"})
    (lines,) = [block for block in retention_page(report).blocks if block.kind == "chart" and block.form == "lines"]
    assert lines.days() is not None
    assert [series.y for series in lines.series] == [(0.5,) * 5, (0.0,) * 3 + (None,) * 2]
    small = report.model_copy(update={"cohorts": report.cohorts[:3]})
    assert not [block for block in retention_page(small).blocks if block.kind == "chart" and block.form == "lines"]
    no_numbers = ask_retention(store, {"start": "A", "measure": "sum", "column": "value"})
    assert not [block for block in retention_page(no_numbers).blocks if block.kind in ("chart", "grid")]


def test_recurring_and_on_or_after(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories(LIVES, end="2026-03-27"))
    recurring = ask_retention(store, {"start": "A", "back": "A", "cohorts": "recurring"})
    assert [cohort.people.value for cohort in recurring.cohorts] == [4, 4, 3]
    assert recurring.cohorts_are == "recurring"
    later = ask_retention(store, {"start": "A", "rule": "on_or_after"})
    assert shares(later)[0][:3] == [1.0, 0.75, 0.5]


def test_days_in_the_products_zone(tmp_path: Path) -> None:
    # 23:45 and 00:01 of the next day in Shanghai are 15:45 and 16:01 UTC.
    events = "user_id,event,timestamp\nu,A,2026-03-02T15:45:00Z\nu,A,2026-03-02T16:01:00Z\nw,Z,2026-03-10T00:00:00Z\n"
    store = workspace(tmp_path, events=events)
    shanghai = ask_retention(store, {"period": "day", "start": "A", "back": "A"}, run_of(store, product__time_zone="Asia/Shanghai"))
    assert shares(shanghai)[0][1] == 1.0
    assert shares(ask_retention(store, {"period": "day", "start": "A", "back": "A"}))[0][1] == 0.0


def test_week_start_and_month(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 A6 A40"}))
    sunday = ask_retention(store, {"start": "A"}, run_of(store, product__week_start="sunday"))
    assert sunday.cohorts[0].start == "2026-03-01"
    assert shares(sunday)[0][1] == 1.0
    assert shares(ask_retention(store, {"start": "A"}))[0][1] == 0.0
    assert shares(ask_retention(store, {"start": "A", "period": "month"}))[0][:2] == [1.0, 1.0]


def test_people_who_signed_up_before_the_data_are_not_new(tmp_path: Path) -> None:
    events = stories({"old": "A0 A8", "new": "A1 A9", "late": "A2"})
    actors = "user_id,signed_up_at\nold,2025-01-01\nnew,2026-03-03\nlate,2026-03-04\nwatchman,2026-06-30\n"
    report = ask_retention(workspace(tmp_path, events=events, actors=actors))
    assert report.left_out.value == 1
    assert report.cohorts[0].people.value == 2
    assert report.mean[1].value == 0.5
    assert any("1 person had signed up before" in line for line in written(retention_page(report), "en"))
    folder = tmp_path / "without"
    folder.mkdir()
    unknown = ask_retention(workspace(folder, events=events))
    assert unknown.cohorts[0].people.value == 3
    assert unknown.cautions[0].key == "behaviour.caution.old_people"


def test_range_binds_cohorts_and_active_event_comes_from_the_settings(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=stories({"a": "A0 B8", "b": "A8 A15", "c": "A8 B16"}))
    run = run_of(store, metrics__active="B")
    report = ask_retention(store, {"start": "A", "scope": {"since": "2026-03-09", "until": "2026-03-15"}}, run)
    assert report.back == "B"
    assert [(cohort.start, cohort.people.value) for cohort in report.cohorts] == [("2026-03-09", 2)]
    assert shares(report)[0][1] == 0.5


def test_nothing_to_say_and_errors(tmp_path: Path) -> None:
    with pytest.raises(MissingData):
        ask_retention(Store.create(tmp_path / "empty"))
    store = workspace(tmp_path, events="user_id,event,timestamp\nu,open,2026-03-02\n")
    report = ask_retention(store)
    assert report.mean[1].value is None
    assert any("Too early" in line for line in written(retention_page(report), "en"))
    assert written(retention_page(ask_retention(store, {"scope": {"where": ("platform=ios",)}})), "zh")
    with pytest.raises(UsageError) as error:
        ask_retention(store, {"back": "opne"})
    assert error.value.parameters["nearest"] == "open"
    with pytest.raises(UsageError):
        ask_retention(store, {"scope": {"by": "platfrom"}})
    with pytest.raises(UsageError):
        ask_retention(store, {"measure": "sum", "column": "worth"})


def modes() -> str:
    """Events with a value and a platform: a and b start on ios, c on android; a buys twice."""
    rows = ["user_id,event,timestamp,value,platform"]
    for who, event, day, value, platform in [
        ("a", "A", 0, "", "ios"), ("a", "B", 8, 3, "ios"), ("a", "B", 9, 5, "web"), ("a", "A", 9, "", "web"), ("b", "A", 1, "", "ios"),
        ("b", "B", 16, 4, "ios"), ("c", "A", 2, "", "android"), ("c", "B", 2, 1, "android"), ("w", "zzz", 60, "", ""),
    ]:  # fmt: skip
        rows.append(f"{who},{event},{at(day)},{value},{platform}")
    return "\n".join(rows) + "\n"


def test_brackets_rolling_and_least_times(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=modes())
    bracket = ask_retention(store, {"start": "A", "back": "B", "brackets": (1, 2)})
    assert bracket.columns == ((1, 1), (2, 3))
    assert shares(bracket) == [[1.0, pytest.approx(1 / 3), pytest.approx(1 / 3)]]
    assert any("weeks 2–3" in line for line in written(retention_page(bracket), "en"))
    twice = ask_retention(store, {"start": "A", "back": "B", "min_occurrences": 2, "num_periods": 2})
    assert shares(twice)[0] == [1.0, pytest.approx(1 / 3), 0.0]
    own = ask_retention(store, {"start": "A", "back": "B", "clock": "rolling", "num_periods": 2})
    assert shares(own)[0] == [1.0, pytest.approx(1 / 3), pytest.approx(1 / 3)]
    assert any("7 天算一段" in line for line in written(retention_page(own), "zh"))
    simple = ask_retention(store, {"start": "A", "back": "B", "mean": "simple", "cohorts": "recurring", "num_periods": 1})
    assert simple.mean[1].value == pytest.approx(1 / 6)


def test_midnight_is_day_one_of_the_calendar_and_not_of_ones_own_clock(tmp_path: Path) -> None:
    events = "user_id,event,timestamp\nu,S,2026-03-02T23:45:00Z\nu,R,2026-03-03T00:01:00Z\nw,Z,2026-03-10T00:00:00Z\n"
    store = workspace(tmp_path, events=events)
    day = {"period": "day", "start": "S", "back": "R"}
    assert shares(ask_retention(store, day))[0][1] == 1.0
    assert shares(ask_retention(store, {**day, "clock": "rolling"}))[0][1] == 0.0


def test_sums_and_averages_of_what_people_came_back_for(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=modes())
    total = ask_retention(store, {"start": "A", "back": "B", "measure": "sum", "num_periods": 2})
    assert shares(total)[0] == [1.0, 8.0, 4.0]
    assert [figure.value for figure in total.mean] == pytest.approx([1 / 3, 8 / 3, 4 / 3])
    assert "brings 2.67 on average in week 1" in "\n".join(written(retention_page(total), "en"))
    average = ask_retention(store, {"start": "A", "back": "B", "measure": "average", "num_periods": 2})
    assert shares(average)[0] == [1.0, 4.0, 4.0]
    assert any("平均" in line for line in written(retention_page(average), "zh"))
    none = ask_retention(store, {"start": "A", "back": "A", "measure": "sum"})
    assert none.cautions[-1].key == "behaviour.caution.few_retention" or any("no_values" in said.key for said in none.cautions)


def test_breakdown_takes_the_value_at_the_first_start(tmp_path: Path) -> None:
    report = ask_retention(workspace(tmp_path, events=modes()), {"start": "A", "back": "B", "scope": {"by": "platform"}})
    assert [(part.value, part.people.value, part.mean[1].value) for part in report.parts] == [("ios", 2, 0.5), ("android", 1, 0.0)]
    assert report.num_values == 2
    assert any("no kind of people clearly" in line for line in written(retention_page(report), "en"))


def test_first_that_meets_the_conditions_and_first_of_all(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=modes())
    web = {"start": "A", "scope": {"where": ("platform=web",)}}
    assert ask_retention(store, web).people.value == 1
    assert ask_retention(store, {**web, "cohorts": "first_ever"}).people.value == 0
    ios = ask_retention(store, {"start": "A", "cohorts": "first_ever", "scope": {"where": ("platform=ios",)}})
    assert ios.people.value == 2
    assert any("very first start" in line for line in written(retention_page(ios), "en"))


def test_days_are_read_once_and_kept_for_these_events_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = workspace(tmp_path, events=modes())
    expected = shares(ask_retention(store, {"start": "A"}))
    assert len(list((store.cache / "days").glob("*.npz"))) == 2
    monkeypatch.setattr(_activity, "read_days", None)  # would fail if it were called
    assert shares(ask_retention(store, {"start": "A", "num_periods": 8})) == expected
    monkeypatch.undo()
    for kept in (store.cache / "days").glob("*.npz"):
        kept.write_bytes(b"torn")
    assert shares(ask_retention(store, {"start": "A", "num_periods": 7}))[0] == expected[0][:8]
    (tmp_path / "more.csv").write_text("user_id,event,timestamp\nq,A,2026-03-05\n", encoding="utf-8")
    import_path(store, load_settings(None, {}), ImportRequest(tmp_path / "more.csv", table="events"), NOW, quiet)
    assert ask_retention(store, {"start": "A"}).people.value == 4
    assert len({kept.name.split("-")[0] for kept in (store.cache / "days").glob("*.npz")}) == 1


def test_every_definition_stands_in_the_texts_without_slots(tmp_path: Path) -> None:
    report = ask_retention(workspace(tmp_path, events=stories(LIVES)))
    figures = retention_page(report).figures()
    assert figures
    for figure in figures:
        assert not APP.texts[figure.definition].slots("zh")
    for language in LANGUAGES:
        assert written(retention_page(report), language)


GOLDEN_ZH = """\
留存
每 100 个新来的人，大约 50 个在下一周（第 1 周）还回来。
怎么算：初始行为是“A”，后续行为是任意事件；正好在第几个周期回来才算。按产品时区的自然周期算，还没走完的周期留空（进行中），不是 0。
(heat) 各批人的留存: 第 1 周, 第 2 周, 第 3 周
  2026-03-02: [0.5, 0.5, None]
  2026-03-09: [0.5, None, None]
开始那周 | 人数 | 第 1 周 | 第 2 周 | 第 3 周
合计（按人数加权） | 6 | 50.0 % | 50.0 % | -
## 看之前要知道
[caution] 之后的整个周期已经走完的只有 6 人，不到 30 人，比例只能当参考。
--
> 一批一批看
  开始那周 | 人数 | 第 1 周 | 第 2 周 | 第 3 周
  2026-03-02 | 4 | 50.0 % | 50.0 % | -
  2026-03-09 | 2 | 50.0 % | - | -
"""
GOLDEN_EN = """\
Retention
Of 100 new people, about 50 come back in week 1.
How it counts: people start with “A” and come back with any event, in exactly that period. Calendar periods of the product's zone; \
a period that is not over stays empty (in progress), never 0.
(heat) Share that came back, by when people started: week 1, week 2, week 3
  2026-03-02: [0.5, 0.5, None]
  2026-03-09: [0.5, None, None]
week of start | people | week 1 | week 2 | week 3
all together (weighted by size) | 6 | 50.0 % | 50.0 % | -
## What to keep in mind
[caution] Only 6 people had a whole later period, fewer than 30: read the shares with care.
--
> Group by group
  week of start | people | week 1 | week 2 | week 3
  2026-03-02 | 4 | 50.0 % | 50.0 % | -
  2026-03-09 | 2 | 50.0 % | - | -
"""


@pytest.mark.parametrize(("language", "golden"), [("zh", GOLDEN_ZH), ("en", GOLDEN_EN)])
def test_page_reads_as_agreed(language: Language, golden: str, tmp_path: Path) -> None:
    report = ask_retention(workspace(tmp_path, events=stories(LIVES, end="2026-03-27")), {"start": "A"})
    assert written(retention_page(report), language) == golden.splitlines()
