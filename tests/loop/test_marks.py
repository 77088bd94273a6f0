"""Changes as marks: titles in two languages, whose change it was, nothing without the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.loop.fake_task import bring

from productloop.foundation.page import Chart, Fold, Page, Series
from productloop.foundation.wording import Text, say, speak
from productloop.loop.marks import OwnChange, change_label, changes_in, in_both, marked, own_changes
from productloop.loop.store import Store
from productloop.loop.wording import TEXTS


def test_a_title_in_two_languages_is_read_in_the_readers() -> None:
    assert in_both("Faster home screen / 首页提速") == Text("首页提速", "Faster home screen")
    assert in_both("首页提速 / Faster home screen") == Text("首页提速", "Faster home screen")
    assert in_both("on / off") == "on / off"
    assert in_both("") == ""


def test_changes_between_two_moments(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    assert changes_in(store, 0, 2**62) == ()
    path = tmp_path / "changes.csv"
    path.write_text(
        "date,kind,title,version,product\n2026-03-02,Version,New home,4.2,\n2026-03-09,competitor,Other pay 5.2,5.2,Other Pay\n", "utf-8"
    )
    bring(store, path, table="changes")
    first, second = changes_in(store, 0, 2**62)
    assert (first.kind, first.title, first.version, first.product) == ("version", "New home", "4.2", None)
    assert (second.kind, second.product) == ("competitor", "Other Pay")
    assert changes_in(store, second.time, 2**62) == (second,)
    assert changes_in(store, 0, 2**62, most=1) == (second,)


@pytest.mark.parametrize(
    ("change", "chinese", "english"),
    [
        (("version", "Faster / 更快", "4.3"), "版本 4.3", "version 4.3"),
        (("price", "Plus costs more / Plus 涨价", None), "价格：Plus 涨价", "price: Plus costs more"),
        (("price", "涨价 / dearer", None), "价格：涨价", "price: dearer"),
        (("outage", "", None), "故障", "outage"),
        (("merger", "We bought them", None), "We bought them", "We bought them"),
        (("campaign", "A / B", None), "活动：A / B", "campaign: A / B"),
        (("merger", None, None), "merger", "merger"),
        ((None, None, None), "?", "?"),
    ],
)
def test_names_in_both_languages(change: tuple[str | None, str | None, str | None], chinese: str, english: str) -> None:
    label = change_label(*change)
    assert speak(label, TEXTS, "zh") == chinese
    assert speak(label, TEXTS, "en") == english


def chart(*days: str, form: str = "lines", marks: tuple[tuple[str, str], ...] = ()) -> Chart:
    return Chart.model_validate(
        {"form": form, "title": say("x"), "x": days, "series": (Series(name="a", y=(1.0,) * len(days)),), "marks": marks}
    )


def page(*charts: Chart) -> Page:
    return Page(title=say("x"), blocks=charts[:1], details=(Fold(title=say("x"), blocks=charts[1:]),))


def marks_of(shown: Page) -> list[tuple[tuple[str, str], ...]]:
    inside = shown.details[0]
    assert isinstance(inside, Fold)
    return [
        tuple((day, speak(label, TEXTS, "en")) for day, label in block.marks)
        for block in (*shown.blocks, *inside.blocks)
        if isinstance(block, Chart)
    ]


def test_every_chart_over_dates_carries_the_changes_of_its_time_the_weightiest_first(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    weeks = chart("2026-03-02", "2026-03-09", "2026-03-16")
    assert own_changes(store, page(weeks), "UTC", ("Ours",)) == ()
    path = tmp_path / "changes.csv"
    path.write_text(
        "date,kind,title,version,product\n2026-03-01,version,Too old,4.1,\n2026-03-02,version,New home,4.2,ours\n"
        "2026-03-04,version,,4.2.1,\n2026-03-05,price,Dearer,,\n2026-03-09,version,Their new sign-in,7.0,Other Pay\n"
        "2026-03-22,version,,5.0,\n2026-03-23,version,Too new,5.1,\n",
        "utf-8",
    )
    bring(store, path, table="changes")
    assert own_changes(store, page(chart("one", "two")), "UTC", ("Ours",)) == ()
    found = own_changes(store, page(weeks), "UTC", ("Ours",))
    assert [change.day for change in found] == ["2026-03-02", "2026-03-04", "2026-03-05", "2026-03-09", "2026-03-22"]
    assert [change.competitor for change in found] == [False, False, False, True, False]
    mine = chart("2026-03-02", "2026-03-09", marks=(("2026-03-09", "their release"),))
    shown = marks_of(marked(page(weeks, chart("2026-02", "2026-03", form="bars"), chart("a", "b"), mine), found))
    everything = (
        ("2026-03-05", "price: Dearer"),
        ("2026-03-22", "version 5.0"),
        ("2026-03-09", "competitor: Their new sign-in"),
        ("2026-03-02", "version 4.2: New home"),
        ("2026-03-04", "version 4.2.1"),
    )
    assert shown[0] == everything
    assert shown[1] == everything
    assert shown[2] == ()
    assert shown[3] == (("2026-03-09", "their release"), everything[0], everything[3], everything[4])


def test_nothing_changed_leaves_the_page_alone() -> None:
    alone = page(chart("2026-03-02", "2026-03-09"))
    assert marked(alone, ()) is alone
    outside = OwnChange(day="2025-01-01", label="old", weight=4)
    assert marks_of(marked(alone, (outside,))) == [()]
