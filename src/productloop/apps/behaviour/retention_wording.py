"""Sentences of `behaviour retention`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

RETENTION_TITLE = Text("留存：来过的人还回来吗", "Retention: do people come back")

NO_BREAKDOWN_HERE = Problem(
    "retention_no_breakdown",
    Text("留存还不能用 --by {name:quote} 拆分", "retention cannot be split with --by {name:quote}"),
    Text("一次看一类人", "one kind of people at a time"),
    Text("改用 --where，比如 --where {name}=某个值，各看一次", "use --where instead, such as --where {name}=VALUE, once for each value"),
)

TEXTS: dict[str, Text] = {
    "behaviour.retention.title": Text("留存", "Retention"),
    "behaviour.retention.first_day": Text(
        "每 100 个新来的人，大约 {percent} 个第二天（第 1 天）还回来。", "Of 100 new people, about {percent} come back on day 1."
    ),
    "behaviour.retention.first_week": Text(
        "每 100 个新来的人，大约 {percent} 个在下一周（第 1 周）还回来。", "Of 100 new people, about {percent} come back in week 1."
    ),
    "behaviour.retention.first_month": Text(
        "每 100 个新来的人，大约 {percent} 个在下个月（第 1 个月）还回来。", "Of 100 new people, about {percent} come back in month 1."
    ),
    "behaviour.retention.recurring_day": Text(
        "每 100 个某天来过的人，大约 {percent} 个第二天（第 1 天）还回来。",
        "Of 100 people who were there on a day, about {percent} come back on day 1.",
    ),
    "behaviour.retention.recurring_week": Text(
        "每 100 个某周来过的人，大约 {percent} 个在下一周（第 1 周）还回来。",
        "Of 100 people who were there in a week, about {percent} come back in week 1.",
    ),
    "behaviour.retention.recurring_month": Text(
        "每 100 个某月来过的人，大约 {percent} 个在下个月（第 1 个月）还回来。",
        "Of 100 people who were there in a month, about {percent} come back in month 1.",
    ),
    "behaviour.retention.later": Text("到{period}，大约还有 {percent} 个。", "At {period} it is about {percent}."),
    "behaviour.retention.too_early": Text(
        "还太早：没有一批人之后的整个周期已经走完，看不了留存。",
        "Too early: for no group of people is a whole later period over, so nothing can be said about coming back.",
    ),
    "behaviour.retention.nobody": Text("这段时间没有人做过初始行为。", "Nobody did the starting event in this time."),
    "behaviour.retention.rule_on": Text(
        "怎么算：初始行为是{start}，后续行为是{back}；正好在第几个周期回来才算。按产品时区的自然周期算，还没走完的周期留空（进行中），不是 0。",
        "How it counts: people start with {start} and come back with {back}, in exactly that period. Calendar periods of the product's zone; "
        "a period that is not over stays empty (in progress), never 0.",
    ),
    "behaviour.retention.rule_on_or_after": Text(
        "怎么算：初始行为是{start}，后续行为是{back}；在第几个周期或更晚回来都算。按产品时区的自然周期算，还没走完的周期留空（进行中），不是 0。",
        "How it counts: people start with {start} and come back with {back}, in that period or any later one. Calendar periods of the product's "
        "zone; a period that is not over stays empty (in progress), never 0.",
    ),
    "behaviour.retention.any": Text("任意事件", "any event"),
    "behaviour.retention.event": Text("“{name}”", "“{name}”"),
    "behaviour.retention.left_out": Text(
        "另有 {people} 人在数据开始之前就注册了，不算新来的。",
        "{people} {people|person|people} had signed up before the data begin and {people|does|do} not count as new.",
    ),
    "behaviour.heading.cohorts": Text("一批一批看", "Group by group"),
    "behaviour.chart.retention": Text("各批人的留存", "Share that came back, by when people started"),
    "behaviour.column.cohort_day": Text("开始那天", "started on"),
    "behaviour.column.cohort_week": Text("开始那周", "week of start"),
    "behaviour.column.cohort_month": Text("开始那月", "month of start"),
    "behaviour.column.period_day": Text("第 {num} 天", "day {num}"),
    "behaviour.column.period_week": Text("第 {num} 周", "week {num}"),
    "behaviour.column.period_month": Text("第 {num} 个月", "month {num}"),
    "behaviour.label.mean": Text("合计（按人数加权）", "all together (weighted by size)"),
    "behaviour.caution.few_retention": Text(
        "之后的整个周期已经走完的只有 {people:count} 人，不到 {needed:count} 人，比例只能当参考。",
        "Only {people:count} {people|person|people} had a whole later period, fewer than {needed:count}: read the shares with care.",
    ),
    "behaviour.caution.old_people": Text(
        "数据从 {since} 开始，又没有用户的注册时间：最早几批“新来的人”里可能有老用户。",
        "The data begin on {since} and nobody's sign-up date is known: the first groups of “new” people may hold old ones.",
    ),
    "behaviour.d.cohort": Text("在这个周期开始的人", "people who started in this period"),
    "behaviour.d.retained": Text("这一批人里，在之后第几个周期回来过的比例", "share of this group that came back that many periods later"),
    "behaviour.d.retention_mean": Text(
        "所有周期已走完的批次合起来，回来的人占开始的人的比例",
        "people who came back over people who started, over all groups whose period is over",
    ),
    "behaviour.d.retention_people": Text("表中各批的人数之和", "sum of the people of all groups shown"),
    "behaviour.d.left_out": Text("注册时间早于数据开始的人", "people whose sign-up is older than the first event of the data"),
}
