from __future__ import annotations

from pathlib import Path

import pytest

import productloop
from productloop.foundation.errors import UsageError


def test_public_names_exist_and_stay_few() -> None:
    names = dir(productloop)
    assert len(names) <= 25
    assert all(getattr(productloop, name) is not None for name in names)
    with pytest.raises(AttributeError):
        productloop.nothing  # noqa: B018


def test_plain_python_answers_with_reports(folder: Path, fake: None) -> None:
    shop = productloop.open("shop")
    assert shop.import_file("reviews.csv")[0].num_new == 4
    report = shop.fake.count(since="2026-03-02", where=["rating<=4"], words="慢,slow", limit=3)
    assert report.texts.value == 2
    assert report.echo["words"] == ["慢", "slow"]
    shop.save(report, folder / "out.html", "zh")
    assert "数出来了" in (folder / "out.html").read_text("utf-8")
    with pytest.raises(UsageError, match="limit"):
        shop.fake.count(limt=3)
    with pytest.raises(UsageError, match="limit"):
        shop.fake.count(limit="many")
    with pytest.raises(AttributeError, match="count"):
        shop.fake.cuont()
    with pytest.raises(AttributeError, match="fake"):
        _ = shop.nobody
