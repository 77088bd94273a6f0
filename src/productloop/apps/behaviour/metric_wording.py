"""What metrics are called, and what is said about one that cannot be read, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

METRIC_UNREADABLE = Problem(
    "metric_unreadable",
    Text(
        "指标 {text:quote} 读到第 {place:count} 个字符（{found}）就读不懂了",
        "the metric {text:quote} cannot be read from character {place:count} on ({found})",
    ),
    Text("这里应该是{wanted}", "here should stand {wanted}"),
    Text(
        "写法：people(事件)、count(事件)、sum(事件.列)、average、median、p90，可以用 + - * / 和括号；带符号或空格的名字加双引号",
        "write people(EVENT), count(EVENT), sum(EVENT.COLUMN), average, median or p90, with + - * / and parentheses; put a name with signs "
        "or spaces in double quotes",
    ),
)
METRIC_NOT_HERE = Problem(
    "metric_not_here",
    Text("这里用不了指标 {name:quote}", "the metric {name:quote} cannot be used here"),
    Text("由事件算出来的指标", "a metric that is counted from events"),
    Text("写成 people(事件) 或 count(事件)", "write people(EVENT) or count(EVENT)"),
)
METRIC_UNKNOWN = Problem(
    "metric_unknown",
    Text("没有叫 {name:quote} 的指标", "there is no metric {name:quote}"),
    Text(
        "people(事件)、count(事件)、sum(事件.列)、average(事件.列)、revenue，或 metrics 表里的指标；最接近的是 {nearest:quote}",
        "people(EVENT), count(EVENT), sum(EVENT.COLUMN), average(EVENT.COLUMN), revenue or a metric of the table metrics; the nearest is {nearest:quote}",
    ),
    Text("换一个再来，例如：{known}", "try another, such as: {known}"),
)
METRIC_IS_EVENT = Problem(
    "metric_is_event",
    Text("{name:quote} 是事件，不是指标", "{name:quote} is an event, not a metric"),
    Text("说明数什么：人数还是次数", "what to count of it: people or times"),
    Text("写成 people({name}) 或 count({name})", "write people({name}) or count({name})"),
)
THE_END = Text("结尾", "the end")
WANTED_END = Text(" + - * / 或结尾", "+, -, *, / or the end")
WANTED_METRIC = Text("一个指标、数字或左括号", "a metric, a number or an opening parenthesis")
WANTED_VERB = Text(" count、people、sum、average、median 或 p90", "count, people, sum, average, median or p90")
WANTED_CLOSE = Text("右括号", "a closing parenthesis")
WANTED_QUOTE = Text("收尾的引号", "the closing quote")
WANTED_FLATTER = Text("层数少一些的公式", "a formula with fewer levels")

TEXTS: dict[str, Text] = {
    "behaviour.metric.people": Text("{event}的人数{column}", "people with {event}{column}"),
    "behaviour.metric.people_any": Text("活跃人数", "active people"),
    "behaviour.metric.count_any": Text("事件总数", "number of events"),
    "behaviour.metric.count": Text("{event}的次数{column}", "number of {event}{column}"),
    "behaviour.metric.sum": Text("{event}的 {column} 合计", "sum of {column} of {event}"),
    "behaviour.metric.average": Text("{event}的 {column} 平均", "average {column} of {event}"),
    "behaviour.metric.median": Text("{event}的 {column} 中位数", "median {column} of {event}"),
    "behaviour.metric.p90": Text("{event}的 {column} 90 分位数", "90th percentile of {column} of {event}"),
    "behaviour.metric.ratio": Text("{top} / {bottom}", "{top} / {bottom}"),
    "behaviour.metric.combined": Text("{left} {sign} {right}", "{left} {sign} {right}"),
    "behaviour.metric.group": Text("({inner})", "({inner})"),
    "behaviour.metric.any": Text("任意事件", "any event"),
    "behaviour.metric.revenue": Text("收入（退款已扣）", "revenue less refunds"),
}
