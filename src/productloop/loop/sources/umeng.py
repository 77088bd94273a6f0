"""Reports of totals by day (友盟 and tools like it): one row a day and channel with a column a number becomes one row a number.

Source of the column names: developer.umeng.com, 应用概况 and 渠道分析 exports. What is a share ("31.5%") becomes a fraction, a length of time
("00:03:21") seconds, "--" nothing; lines of sums and means are left out, since they would be counted twice.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from productloop.foundation.tables import METRICS, fold_header
from productloop.foundation.wording import say
from productloop.loop.sources.records import RawTable, new_relation

if TYPE_CHECKING:
    import duckdb

_DATES = ("日期", "时间", "date", "统计日期")
_TOTALS = frozenset(
    {"新增用户", "活跃用户", "启动次数", "累计用户", "新用户", "启动用户", "新增用户数", "活跃用户数", "新增设备", "活跃设备"}
)
"""At least two of these give such a report away."""
_SEGMENTS = re.compile(r"渠道|版本|国家|地区|省|城市|平台|机型|分群|channel|version|country")
_WORDS = "'合计', '总计', '均值', '平均', '平均值', '汇总', '总和'"


def is_report(raw: RawTable) -> bool:
    """Whether the header is that of a report of totals."""
    folded = [_bare(name) for name in raw.header]
    return any(name in _DATES for name in folded) and len(_TOTALS.intersection(folded)) >= 2


def unpivot(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """Rows of `metrics`: the number's name is the column's, the channel or version is the segment."""
    folded = [_bare(name) for name in raw.header]
    date = next(index for index, name in enumerate(folded) if name in _DATES)
    segments = [index for index, name in enumerate(folded) if index != date and _SEGMENTS.search(name) and name not in _TOTALS]
    numbers = [index for index in range(len(folded)) if index != date and index not in segments]
    segment = " || ' ' || ".join(f"coalesce(c{index}, '')" for index in segments) or "''"
    rows = " UNION ALL ".join(
        f"SELECT line, {place} AS place, c{date} AS day, nullif(trim({segment}), '') AS segment, {_text(raw.header[index])} AS metric, c{index} AS cell "
        f"FROM {raw.relation}"
        for place, index in enumerate(numbers)
    )
    relation = new_relation()
    clock = "regexp_full_match(cell, '\\d+:\\d{2}(:\\d{2})?')"
    seconds = "list_reduce([0.0] || list_transform(string_split(cell, ':'), lambda x: x::DOUBLE), lambda a, b: a * 60 + b)"
    share = "regexp_full_match(cell, '-?[\\d.,]+%')"
    connection.execute(
        f"""CREATE TEMP TABLE {relation} AS SELECT row_number() OVER (ORDER BY line, place) AS line, day AS c0, metric AS c1, segment AS c2,
        CASE WHEN {clock} THEN ({seconds})::VARCHAR WHEN {share} THEN (TRY_CAST(replace(replace(cell, '%', ''), ',', '') AS DOUBLE) / 100)::VARCHAR
             ELSE replace(cell, ',', '') END AS c3,
        CASE WHEN {clock} THEN 's' WHEN {share} THEN 'share' END AS c4
        FROM ({rows}) WHERE cell IS NOT NULL AND trim(cell) NOT IN ('', '-', '--', '—') AND day IS NOT NULL AND trim(day) NOT IN ({_WORDS})"""
    )
    sums = connection.execute(f"SELECT count(*) FROM {raw.relation} WHERE trim(c{date}) IN ({_WORDS})").fetchall()[0][0]
    num = int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
    connection.execute(f"DROP TABLE {raw.relation}")
    notes = [*raw.notes, say("source.export", name=say("export.umeng")), say("source.umeng.rows", days=raw.num_rows - sums, num=num)]
    if sums:
        notes.append(say("source.umeng.sums", num=int(sums)))
    names = ("time", "metric", "segment", "value", "unit")
    return replace(
        raw,
        relation=relation,
        header=names,
        num_rows=num,
        notes=tuple(notes),
        table=METRICS.name,
        known=tuple((name, index) for index, name in enumerate(names)),
        complete=True,
    )


def _bare(name: str) -> str:
    """A folded header without what stands in brackets: 活跃用户(人)."""
    return re.sub(r"[(（].*?[)）]", "", fold_header(name))


def _text(value: str) -> str:
    return "'" + value.strip().replace("'", "''") + "'"
