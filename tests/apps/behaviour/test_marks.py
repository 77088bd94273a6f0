"""Marks: what a change is called in both languages, and which ones a span holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_workspace import NOW, at, quiet, run_of, workspace

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._marks import MAX_MARKS, change_label, changes_between
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import speak
from productloop.loop.importing import ImportRequest, import_path


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
    assert speak(label, APP.texts, "zh") == chinese
    assert speak(label, APP.texts, "en") == english


def test_only_those_of_the_span_oldest_first(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=f"user_id,event,timestamp\nu,A,{at(0)}\n")
    assert changes_between(run_of(store), 0, NOW) == ()
    path = tmp_path / "changes.csv"
    path.write_text("time,kind,title,version\n" + "".join(f"{at(50 - day)},version,x,{day}.1\n" for day in range(45)), encoding="utf-8")
    import_path(store, load_settings(None, {}), ImportRequest(path, table="changes"), NOW, quiet)
    found = changes_between(run_of(store), 0, NOW)
    assert len(found) == MAX_MARKS
    assert [day for day, _ in found] == sorted(day for day, _ in found)
    assert found[-1][0] == "2026-04-21"
