from __future__ import annotations

import io
from pathlib import Path

import pytest

from productloop.foundation.errors import Cancelled
from productloop.foundation.page import Line
from productloop.interfaces.first_page import FirstPage, build_page, with_links
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.session import Watcher, choose_language
from productloop.interfaces.wording import TEXTS
from productloop.loop.action import SourceState

DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("flag", "setting", "environment", "language"),
    [
        ("en", "zh", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, "zh", {"LANG": "en_US.UTF-8"}, "zh"),
        (None, "", {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        (None, "", {"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_language_is_flag_then_setting_then_system(flag: str | None, setting: str, environment: dict[str, str], language: str) -> None:
    assert choose_language(flag, setting, environment) == language


def test_the_first_interrupt_stops_at_the_next_step_the_second_at_once() -> None:
    stream = io.StringIO()
    watcher = Watcher("zh", stream)
    watcher("read", 0, 1)
    watcher.on_signal(2, None)
    assert "正在停下" in stream.getvalue()
    with pytest.raises(Cancelled):
        watcher("read", 1, 1)
    with pytest.raises(KeyboardInterrupt):
        watcher.on_signal(2, None)


def page_text(record: FirstPage) -> str:
    return render_markdown(build_page(record, "en"), TEXTS, "en", {})


def test_first_page_says_what_is_old_behind_and_missing() -> None:
    sources = (SourceState(table="feedback", num_rows=10, until=100 * DAY), SourceState(table="orders", num_rows=5, until=90 * DAY))
    record = FirstPage(product="p", simulated=False, time_zone="UTC", as_of=100 * DAY, made_at=107 * DAY, sources=sources)
    text = page_text(record)
    assert "7 days old" in text
    assert "orders lag behind" in text
    assert "Not there yet: events, actors" in text
    assert "A quiet week" in text
    fresh = page_text(record.model_copy(update={"made_at": 101 * DAY}))
    assert "days old" not in fresh


def test_a_workspace_without_data_says_how_to_begin() -> None:
    record = FirstPage(product="p", simulated=False, time_zone="UTC", as_of=None, made_at=0, sources=())
    assert any(isinstance(block, Line) and block.text.key == "first.no_data" for block in build_page(record, "zh").blocks)


def test_links_are_escaped(tmp_path: Path) -> None:
    document = with_links("<main>x</main>", "<All>", [("a.html", "<b>")])
    assert document == '<main>x<nav><h2>&lt;All&gt;</h2>\n<ul><li><a href="a.html">&lt;b&gt;</a></li></ul></nav>\n</main>'
