"""Sentences of `behaviour trends`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

TRENDS_TITLE = Text("趋势：数字怎么变", "Trends: how numbers move")

TEXTS: dict[str, Text] = {
    "behaviour.trends.title": Text("趋势", "Trends"),
    "behaviour.trends.too_early": Text(
        "这段时间里还没有走完的周期，看不了趋势。", "No period of this time is over yet: there is no trend to see."
    ),
    "behaviour.trends.more_hour": Text(
        "{name}：{start} 这一小时是 {last}，比前一小时（{before}）多 {size}。",
        "{name}: {last} in the hour of {start}, {size} more than the hour before ({before}).",
    ),
    "behaviour.trends.less_hour": Text(
        "{name}：{start} 这一小时是 {last}，比前一小时（{before}）少 {size}。",
        "{name}: {last} in the hour of {start}, {size} less than the hour before ({before}).",
    ),
    "behaviour.trends.same_hour": Text(
        "{name}：{start} 这一小时是 {last}，和前一小时（{before}）一样。",
        "{name}: {last} in the hour of {start}, the same as the hour before ({before}).",
    ),
    "behaviour.trends.only_hour": Text("{name}：{start} 这一小时是 {last}。", "{name}: {last} in the hour of {start}."),
    "behaviour.trends.more_day": Text(
        "{name}：{start} 这一天是 {last}，比前一天（{before}）多 {size}。",
        "{name}: {last} on {start}, {size} more than the day before ({before}).",
    ),
    "behaviour.trends.less_day": Text(
        "{name}：{start} 这一天是 {last}，比前一天（{before}）少 {size}。",
        "{name}: {last} on {start}, {size} less than the day before ({before}).",
    ),
    "behaviour.trends.same_day": Text(
        "{name}：{start} 这一天是 {last}，和前一天（{before}）一样。",
        "{name}: {last} on {start}, the same as the day before ({before}).",
    ),
    "behaviour.trends.only_day": Text("{name}：{start} 这一天是 {last}。", "{name}: {last} on {start}."),
    "behaviour.trends.more_week": Text(
        "{name}：{start} 那一周是 {last}，比上一周（{before}）多 {size}。",
        "{name}: {last} in the week of {start}, {size} more than the week before ({before}).",
    ),
    "behaviour.trends.less_week": Text(
        "{name}：{start} 那一周是 {last}，比上一周（{before}）少 {size}。",
        "{name}: {last} in the week of {start}, {size} less than the week before ({before}).",
    ),
    "behaviour.trends.same_week": Text(
        "{name}：{start} 那一周是 {last}，和上一周（{before}）一样。",
        "{name}: {last} in the week of {start}, the same as the week before ({before}).",
    ),
    "behaviour.trends.only_week": Text("{name}：{start} 那一周是 {last}。", "{name}: {last} in the week of {start}."),
    "behaviour.trends.more_month": Text(
        "{name}：{start} 开始的那个月是 {last}，比上个月（{before}）多 {size}。",
        "{name}: {last} in the month from {start}, {size} more than the month before ({before}).",
    ),
    "behaviour.trends.less_month": Text(
        "{name}：{start} 开始的那个月是 {last}，比上个月（{before}）少 {size}。",
        "{name}: {last} in the month from {start}, {size} less than the month before ({before}).",
    ),
    "behaviour.trends.same_month": Text(
        "{name}：{start} 开始的那个月是 {last}，和上个月（{before}）一样。",
        "{name}: {last} in the month from {start}, the same as the month before ({before}).",
    ),
    "behaviour.trends.only_month": Text("{name}：{start} 开始的那个月是 {last}。", "{name}: {last} in the month from {start}."),
    "behaviour.trends.not_known": Text("{name}：{start} 开始的周期没有值。", "{name}: no value for the period from {start}."),
    "behaviour.trends.up": Text(
        "以前十次变化里有九次没有这么大：值得看看发生了什么。", "Nine in ten earlier changes were smaller: worth looking at what happened."
    ),
    "behaviour.trends.down": Text(
        "以前十次变化里有九次没有跌这么多：值得看看发生了什么。", "Nine in ten earlier changes fell less: worth looking at what happened."
    ),
    "behaviour.trends.usual": Text("这样的起伏平常就有，先不用当回事。", "Ups and downs of this size are usual: nothing to act on yet."),
    "behaviour.trends.rule": Text(
        "怎么算：按产品时区的自然周期；同一个人在一个周期里只算一次人数；还没走完的周期留空，不是 0。",
        "How it counts: calendar periods of the product's zone; a person counts once in a period; a period that is not over stays empty, never 0.",
    ),
    "behaviour.trends.rule_per_person": Text(
        "怎么算：除以同一周期里活跃的人数；按产品时区的自然周期，还没走完的周期留空，不是 0。",
        "How it counts: divided by the people active in the same period; calendar periods of the product's zone; a period that is not over stays "
        "empty, never 0.",
    ),
    "behaviour.trends.by": Text(
        "{column} 取每条事件自己的值，一个人可能在几类里都出现；共 {num:count} 种，列出最常见的几种。",
        "The value of {column} is that of each event, so a person may stand in several; there are {num:count}, the most frequent are listed.",
    ),
    "behaviour.trends.running": Text("{start}（进行中）", "{start} (in progress)"),
    "behaviour.trends.name": Text("{name}", "{name}"),
    "behaviour.chart.trends": Text("各指标", "metrics"),
    "behaviour.chart.trend": Text("{name}的变化", "{name} over time"),
    "behaviour.chart.trend_by": Text("{name}的变化，按 {column} 拆分", "{name} over time, by {column}"),
    "behaviour.chart.moving": Text("{name}（{num} 期移动平均）", "{name} (mean of {num})"),
    "behaviour.label.metric": Text("指标", "metric"),
    "behaviour.label.last": Text("最近一期", "newest"),
    "behaviour.label.before": Text("上一期", "before"),
    "behaviour.label.change": Text("变化", "change"),
    "behaviour.label.changed": Text("改了什么", "what changed"),
    "behaviour.fold.trends": Text("每个周期的数字", "The numbers of each period"),
    "behaviour.fold.trends_changes": Text("这段时间产品自己的变化", "What the product changed in this time"),
    "behaviour.d.trends_last": Text("最近一个走完的周期的值", "value of the newest period that is over"),
    "behaviour.d.trends_before": Text("再往前一个周期的值", "value of the period before it"),
    "behaviour.d.trends_change": Text("最近一期除以上一期，再减 1", "newest over the one before, minus 1"),
    "behaviour.d.trends_value": Text("这个周期的值", "value of this period"),
}
