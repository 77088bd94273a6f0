"""Text copied from a page: tables with tabs, and blocks set apart by blank lines."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from productloop.loop.sources import pasted


def test_blocks(bring, rows, notes):
    (done,) = bring("pasted_blocks.txt")
    assert notes(done)["source.pasted"] == {"count": 4}
    assert notes(done)["source.rating_only_mean"] == {"count": 1, "mean": 4}
    found = rows("text, rating, time, version, status, 回复内容")
    assert found == [
        {
            "text": "很好用，换手机也没丢笔记\n就是字体少了点",
            "rating": 5,
            "time": 1_772_359_200_000_000,
            "version": "1.2.0",
            "status": None,
            "回复内容": None,
        },
        {
            "text": "登录一直转圈，卸载重装也不行",
            "rating": 1,
            "time": 1_772_409_600_000_000,
            "version": None,
            "status": "replied",
            "回复内容": "您好，已修复，请更新",
        },
        {"text": "希望有夜间模式", "rating": 3, "time": 1_772_582_400_000_000, "version": "1.2.1", "status": None, "回复内容": None},
    ]
    assert bring("pasted_blocks.txt")[0].num_new == 0


def test_a_table_with_tabs(bring, rows):
    (done,) = bring("pasted_tabs.txt")
    assert done.num_new == 3
    assert rows("text, rating, version, 机型")[1] == {"text": "同步有点慢，能不能快一点", "rating": 4, "version": "1.2.1", "机型": "Mi 11"}


def test_prose_and_one_text_a_line_are_not_blocks():
    for text in ("很好用\n\n不好用\n\n一般\n", "第一段话。\n还有一句。\n\n第二段话。\n第二句。\n\n第三段。\n又一句。\n"):
        assert not pasted.matches(Path("a.txt"), text.encode())


@given(
    st.lists(
        st.sampled_from(["小明", "★★★★☆", "2026-03-01", "评分：4", "1.2.3", "很好用，就是慢", "开发者回复：谢谢", "谢谢"]),
        min_size=1,
        max_size=8,
    )
)
def test_no_line_of_a_block_is_lost(block):
    kept = "\n".join(cell for cell in pasted.row_of(block) if cell)
    for line in block:
        forms = (line, {"★★★★☆": "4"}.get(line, line.removeprefix("评分：").removeprefix("开发者回复：")))
        assert any(form in kept for form in forms) or (line == "2026-03-01" and "谢谢" in kept)
