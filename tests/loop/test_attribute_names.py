"""Columns beyond the declared ones: the lake does not tell names apart by capitals, and neither does an import."""

from __future__ import annotations

from pathlib import Path

from tests.loop.fake_task import bring

from productloop.loop.store import Store


def test_a_column_that_differs_in_capitals_only_is_the_one_already_stored(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    for number, header in enumerate(("Tags", "tags", "TAGS")):
        path = tmp_path / f"reviews{number}.csv"
        rows = "".join(f"It is slow since the update {number}{row},mobile\n" for row in range(3))
        path.write_text(f"review,{header}\n{rows}", encoding="utf-8")
        bring(store, path, table="feedback")
        store.refresh()
    assert [name for name, _ in store.attributes("feedback") if name.lower() == "tags"] == ["Tags"]
    assert store.rows('SELECT count(*), count("Tags") FROM feedback') == [(9, 9)]
