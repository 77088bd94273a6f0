"""Sentences of `behaviour retention`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

RETENTION_TITLE = Text("留存：来过的人还回来吗", "Retention: do people come back")

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
    "behaviour.retention.first_column": Text(
        "每 100 个新来的人，大约 {percent} 个在{period}回来过。", "Of 100 new people, about {percent} come back in {period}."
    ),
    "behaviour.retention.recurring_column": Text(
        "每 100 个来过的人，大约 {percent} 个在之后{period}又回来。",
        "Of 100 people who were there, about {percent} come back in {period} after it.",
    ),
    "behaviour.retention.sum": Text(
        "每个开始的人，在{period}平均带来 {mean}（{column} 的合计除以开始的人数）；从开始到{last}一共 {total}。",
        "Each person who starts brings {mean} on average in {period} ({column} added up, over all who started); from the start to {last} {total} in all.",
    ),
    "behaviour.retention.average": Text(
        "回来的人在{period}，每次的 {column} 平均是 {mean}。", "In {period}, {column} is {mean} on average each time somebody comes back."
    ),
    "behaviour.retention.rolling_on": Text(
        "怎么算：初始行为是{start}，后续行为是{back}；每个人从自己开始的那一刻起，每{length}算一段，正好在第几段回来才算。"
        "还没走完的留空（进行中），不是 0。",
        "How it counts: people start with {start} and come back with {back}. Each person has their own clock, in steps of {length} from the moment "
        "they started, and must come back in exactly that step. What is not over stays empty (in progress), never 0.",
    ),
    "behaviour.retention.rolling_on_or_after": Text(
        "怎么算：初始行为是{start}，后续行为是{back}；每个人从自己开始的那一刻起，每{length}算一段，在第几段或更晚回来都算。"
        "还没走完的留空（进行中），不是 0。",
        "How it counts: people start with {start} and come back with {back}. Each person has their own clock, in steps of {length} from the moment "
        "they started, and may come back in that step or any later one. What is not over stays empty (in progress), never 0.",
    ),
    "behaviour.retention.length_day": Text(" 24 小时", "24 hours"),
    "behaviour.retention.length_week": Text(" 7 天", "7 days"),
    "behaviour.retention.length_month": Text(" 30 天", "30 days"),
    "behaviour.retention.times": Text("要回来至少 {num} 次才算。", "They must come back at least {num} times in it."),
    "behaviour.retention.ever": Text(
        "只算有史以来第一次开始就符合条件的人。", "Only people whose very first start meets the conditions are counted."
    ),
    "behaviour.retention.best": Text(
        "按 {column} 看，{best} 的人最留得住（{high}），{worst} 的人最容易走（{low}）。",
        "By {column}: people with {best} stay most ({high}), people with {worst} least ({low}).",
    ),
    "behaviour.retention.alike": Text(
        "按 {column} 看，各类人的留存没有明显差别。", "By {column}, no kind of people clearly stays longer than another."
    ),
    "behaviour.retention.by": Text(
        "{column} 取每个人在这段时间第一次开始时的值；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is that of a person's first start in this time; there are {num:count}, the largest are listed.",
    ),
    "behaviour.heading.retention_by": Text("按 {column} 拆分", "Split by {column}"),
    "behaviour.heading.cohorts": Text("一批一批看", "Group by group"),
    "behaviour.chart.retention_sum": Text("各批人带来的 {column} 合计", "Sum of {column} that each group brought"),
    "behaviour.chart.retention_average": Text("各批人每次的 {column} 平均", "Average {column} each time, by when people started"),
    "behaviour.chart.retention_over_time": Text("留存随时间怎么变（按开始的时间）", "The same over time, by when people started"),
    "behaviour.chart.retention": Text("各批人的留存", "Share that came back, by when people started"),
    "behaviour.column.cohort_day": Text("开始那天", "started on"),
    "behaviour.column.cohort_week": Text("开始那周", "week of start"),
    "behaviour.column.cohort_month": Text("开始那月", "month of start"),
    "behaviour.column.period_day": Text("第 {num} 天", "day {num}"),
    "behaviour.column.period_week": Text("第 {num} 周", "week {num}"),
    "behaviour.column.period_month": Text("第 {num} 个月", "month {num}"),
    "behaviour.column.period_days": Text("第 {first}–{last} 天", "days {first}–{last}"),
    "behaviour.column.period_weeks": Text("第 {first}–{last} 周", "weeks {first}–{last}"),
    "behaviour.column.period_months": Text("第 {first}–{last} 个月", "months {first}–{last}"),
    "behaviour.column.period_own": Text("当期", "at once"),
    "behaviour.label.simple_mean": Text("平均（每批一份）", "mean of the groups"),
    "behaviour.label.mean_sum": Text("每个开始的人", "per person who started"),
    "behaviour.label.mean_average": Text("所有批次", "all groups"),
    "behaviour.label.mean": Text("合计（按人数加权）", "all together (weighted by size)"),
    "behaviour.caution.few_retention": Text(
        "之后的整个周期已经走完的只有 {people:count} 人，不到 {needed:count} 人，比例只能当参考。",
        "Only {people:count} {people|person|people} had a whole later period, fewer than {needed:count}: read the shares with care.",
    ),
    "behaviour.caution.no_values": Text(
        "回来的事件上都没有 {column} 的数值，合计和平均无从算起；用 --column 换一列。",
        "No event that people came back with has a number in {column}; choose another with --column.",
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
    "behaviour.d.retention_simple": Text(
        "先算每一批的比例，再对周期已走完的批次取平均，每批算一份",
        "share of each group whose period is over, averaged, each group counting the same",
    ),
    "behaviour.d.retained_sum": Text(
        "这一批人在那个周期里，后续行为上这一列的合计", "this column added up over what the group came back for in that period"
    ),
    "behaviour.d.retained_average": Text(
        "这一批人在那个周期里，后续行为上这一列的平均（有数值的才算）",
        "mean of this column over what the group came back for in that period, where it has a number",
    ),
    "behaviour.d.retention_sum_mean": Text(
        "周期已走完的批次合起来，合计除以开始的人数", "sum over people who started, over the groups whose period is over"
    ),
    "behaviour.d.retention_average_mean": Text(
        "周期已走完的批次合起来，合计除以有数值的次数", "sum over the number of values, over the groups whose period is over"
    ),
    "behaviour.d.retention_people": Text("表中各批的人数之和", "sum of the people of all groups shown"),
    "behaviour.d.left_out": Text("注册时间早于数据开始的人", "people whose sign-up is older than the first event of the data"),
}
