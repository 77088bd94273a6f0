"""Sentences that the renderers of pages add themselves: banners, captions, folds, units. Everything else comes from the apps."""

from __future__ import annotations

from productloop.foundation.wording import Text

TEXTS: dict[str, Text] = {
    "render.data_until": Text(zh="数据截至 {as_of}", en="Data until {as_of}"),
    "render.data_until_unknown": Text(zh="数据里没有日期", en="The data carry no dates"),
    "render.source_until": Text(zh="{name}：到 {until}", en="{name}: until {until}"),
    "render.simulated": Text(
        zh="模拟数据。这一页上的用户和数字都是编的，只用来演示。",
        en="Simulated data. The people and numbers on this page are made up, for show only.",
    ),
    "render.made_by": Text(zh="由 {generated_by} 生成", en="Made by {generated_by}"),
    "render.report_id": Text(zh="报告编号 {report_id}", en="Report {report_id}"),
    "render.versions": Text(zh="所用数据版本：{versions}", en="Data versions: {versions}"),
    "render.details": Text(zh="依据与明细", en="How we know, and the rest"),
    "render.details_hidden": Text(
        zh="还有 {num_folds} 处明细没有展开，加 --details 查看。",
        en="{num_folds} more {num_folds|part|parts} folded; add --details to see.",
    ),
    "render.definitions": Text(zh="这些数字是怎么算的", en="How each number is counted"),
    "render.definitions_lead": Text(
        zh="每个数字都能追到源头：用 productloop show 加上编号，就能重新算一遍。",
        en="Every number can be traced: productloop show with its id counts it again.",
    ),
    "render.number": Text(zh="数值", en="Value"),
    "render.interval_column": Text(zh="大概范围（九成把握）", en="Likely range (nine times in ten)"),
    "render.rows_column": Text(zh="依据的条数", en="Based on"),
    "render.figure_id": Text(zh="编号", en="Id"),
    "render.likely": Text(zh="大概 {interval}（九成把握）", en="about {interval}, nine times in ten"),
    "render.based_on": Text(zh="依据 {n:count} 条", en="n = {n:count}"),
    "render.measured": Text(zh="测法：{protocol}", en="How it was measured: {protocol}"),
    "render.quotes": Text(zh="用户原话", en="In their own words"),
    "render.dissent": Text(zh="也有人不这么看", en="Some say otherwise"),
    "render.quote_gone": Text(zh="（这条原话已删除）", en="(this text has been erased)"),
    "render.chart_numbers": Text(zh="看数字", en="See the numbers"),
    "render.chart_unknown": Text(zh="空缺处：还没结束，或暂时不知道。", en="Gaps are still open or not known yet; they are not zero."),
    "render.not_yet": Text(zh="尚无", en="not yet"),
    "render.nothing": Text(zh="暂无内容。", en="Nothing here yet."),
    "render.tone_good": Text(zh="好消息", en="Good news"),
    "render.tone_bad": Text(zh="坏消息", en="Bad news"),
    "render.tone_caution": Text(zh="注意", en="Take care"),
    "render.label": Text(zh="{label}：", en="{label}: "),
    "render.unit.people": Text(zh="{value|人|人}", en="{value|person|people}"),
    "render.unit.texts": Text(zh="{value|条|条}", en="{value|text|texts}"),
    "render.unit.rows": Text(zh="{value|行|行}", en="{value|row|rows}"),
    "render.unit.events": Text(zh="{value|次|次}", en="{value|event|events}"),
    "render.unit.points": Text(zh="{value|个百分点|个百分点}", en="{value|point|points}"),
    "render.unit.days": Text(zh="{value|天|天}", en="{value|day|days}"),
    "render.unit.seconds": Text(zh="{value|秒|秒}", en="{value|second|seconds}"),
    "render.unit.stars": Text(zh="{value|星|星}", en="{value|star|stars}"),
}
