"""Sentences of `behaviour changes`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

CHANGES_TITLE = Text("每次变更之后，数字怎么样了", "What the numbers did after each change")

CHANGES_NO_BREAKDOWN = Problem(
    "changes_no_breakdown",
    Text("这里不能用 --by {name:quote} 拆分", "this cannot be split with --by {name:quote}"),
    Text("一次看一类人", "one kind of people at a time"),
    Text("改用 --where，比如 --where {name}=某个值", "use --where instead, such as --where {name}=VALUE"),
)

TEXTS = {
    "behaviour.changes.title": Text("每次变更之后，数字怎么样了", "What the numbers did after each change"),
    "behaviour.changes.none": Text(
        "还没有变更记录。导入一张表（时间、类型、标题、版本），类型写 version、price、campaign、outage 等：productloop import changes.csv --table changes。",
        "No changes are recorded yet. Import a table with time, kind (version, price, campaign, outage ...), title and version: "
        "productloop import changes.csv --table changes.",
    ),
    "behaviour.changes.unknown": Text(
        "没有叫“{asked}”的变更；不加 --change 看全部。", "No change is called “{asked}”; without --change all are shown."
    ),
    "behaviour.changes.no_data": Text("没有按天的数据可以对照。", "There are no daily data to hold the changes against."),
    "behaviour.changes.more": Text(
        "{day} {change} 之后，{metric}比照之前的星期几和走势多 {size:range}（原来 {before}，后来 {after}）。",
        "After {change} ({day}), {metric}: {size:range} more than the same weekdays and the trend before make expected (was {before}, is {after}).",
    ),
    "behaviour.changes.less": Text(
        "{day} {change} 之后，{metric}比照之前的星期几和走势少 {size:range}（原来 {before}，后来 {after}）。",
        "After {change} ({day}), {metric}: {size:range} less than the same weekdays and the trend before make expected (was {before}, is {after}).",
    ),
    "behaviour.changes.chance": Text(
        "没有这次变更的日子里，这么大的变化占 {share}。", "Around earlier days without it, a change as large appears {share} of the time."
    ),
    "behaviour.changes.quiet": Text(
        "看了 {num} 次变更，没有一次之后的数字明显变了。",
        "{num} {num|change was|changes were} looked at: the numbers did not clearly move after any of them.",
    ),
    "behaviour.changes.early_some": Text(
        "{day} {change}：{metrics}还太早，{look} 再来看。", "{change} ({day}): too early for {metrics}, look again on {look}."
    ),
    "behaviour.changes.early": Text("{day} {change}：还太早，{look} 再来看。", "{change} ({day}): too early, look again on {look}."),
    "behaviour.changes.together": Text(
        "{day} {change}和{others}在同一周，效果分不开。",
        "{change} ({day}) fell in the same week as {others}: their effects cannot be told apart.",
    ),
    "behaviour.changes.expected": Text(
        "这么多次比较里，光凭碰巧大约会有 {num} 个看起来“明显”。", "Among so many comparisons about {num} would look clear by chance alone."
    ),
    "behaviour.changes.rule": Text(
        "怎么算：变更之后 {days} 天，和之前 {before} 天里同样的星期几比，扣掉当时的走势；区间放宽到能包住之前日子里九成的自然波动。"
        "只是时间上的先后：同一时期发生的别的事也在里面。",
        "How it counts: the {days} days after a change against the same weekdays of the {before} days before, less the drift of that time; the interval is "
        "widened until it holds nine in ten of what earlier days did by themselves. It is what came after: anything else of those weeks is in it.",
    ),
    "behaviour.changes.conversion": Text("从“{first}”到“{last}”的转化", "conversion from “{first}” to “{last}”"),
    "behaviour.changes.complaints": Text("每天打一两星的人", "people who gave one or two stars"),
    "behaviour.changes.wrote": Text("每天写反馈的人", "people who wrote to us"),
    "behaviour.changes.chart": Text("{metric}：每天，竖线是变更", "{metric}: by day, changes as vertical lines"),
    "behaviour.changes.fold": Text("每次变更、每个指标", "Every change and number"),
    "behaviour.changes.fold_text": Text(
        "次数类指标用中断时间序列（Poisson，离散度校正，星期几作暴露），其他用每日残差的 Welch 区间；"
        "“碰巧”是把之前每一天都当作有变更、做同样比较的占比（placebo），当时的走势是前四周这些比较的中位数；少于 19 天算不出来。",
        "Counts use an interrupted series (Poisson, corrected for dispersion, weekdays as exposure), other numbers Welch's interval of daily "
        "residuals. “By chance” is the share of earlier days that show as much when the same is done there (placebo), the drift the median of four weeks; "
        "it takes at least 19 such days.",
    ),
    "behaviour.changes.day": Text("日期", "day"),
    "behaviour.changes.change": Text("变更", "change"),
    "behaviour.changes.metric": Text("指标", "number"),
    "behaviour.changes.before": Text("之前", "before"),
    "behaviour.changes.after": Text("之后", "after"),
    "behaviour.changes.effect": Text("变化", "change of it"),
    "behaviour.changes.by_chance": Text("碰巧也有这么大", "as large by chance"),
    "behaviour.changes.note": Text("说明", "note"),
    "behaviour.changes.between": Text("{low} 到 {high}", "{low} to {high}"),
    "behaviour.changes.state_ok": Text("看不出变化", "no clear change"),
    "behaviour.changes.state_clear": Text("明显", "clear"),
    "behaviour.changes.state_together": Text("和同周的变更分不开", "with others of its week"),
    "behaviour.changes.state_early": Text("还太早，{look} 再看", "too early, look again on {look}"),
    "behaviour.changes.state_short": Text("之前的数据不够长", "too little before it"),
    "behaviour.changes.state_few": Text("人太少", "too few"),
    "behaviour.finding.change": Text(
        "{change} 之后，{metric}变了（{size:range}，和之前同样的星期几比）。",
        "After {change}, {metric} moved ({size:range} against the same weekdays before).",
    ),
    "behaviour.d.changes_expected": Text("做了的比较数乘以 5 %。", "5 % of the comparisons that were made."),
    "behaviour.d.changes_before": Text("变更之前那些天的每天平均（或比例）。", "Mean a day, or the share, of the days before."),
    "behaviour.d.changes_after": Text("变更之后那些天的每天平均（或比例）。", "Mean a day, or the share, of the days after."),
    "behaviour.d.changes_effect": Text(
        "之后除以之前同样的星期几和当时走势应有的数，减 1。",
        "What came, divided by what the same weekdays and the drift before make expected, less one.",
    ),
    "behaviour.d.changes_chance": Text(
        "之前的日子里，同样的比较显示出这么大变化的占比。", "Share of earlier days around which the same comparison shows as much."
    ),
}
