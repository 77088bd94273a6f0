"""Changes as marks: titles in two languages, whose change it was, nothing without the table."""

from __future__ import annotations

from pathlib import Path

from tests.loop.fake_task import bring

from productloop.foundation.wording import Text
from productloop.loop.marks import changes_in, in_both
from productloop.loop.store import Store


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
