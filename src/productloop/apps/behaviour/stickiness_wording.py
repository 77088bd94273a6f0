"""Sentences of `behaviour stickiness`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

STICKINESS_TITLE = Text("粘性：来过的人多久来一次", "Stickiness: how often people come")

WEEKS_OF_WEEK = Problem(
    "stickiness_weeks_of_week",
    Text("一周里只有一周，没法数来了几周", "a week holds one week: there is nothing to count"),
    Text("按周看时数天，按月看时数天或数周", "days of a week, or days or weeks of a month"),
    Text("去掉 --unit week，或加上 --period month", "leave out --unit week, or add --period month"),
)

TEXTS: dict[str, Text] = {
    "behaviour.stickiness.title": Text("粘性", "Stickiness"),
    "behaviour.stickiness.too_early_week": Text("数据里还没有完整的一周。", "The data hold no whole week yet."),
    "behaviour.stickiness.too_early_month": Text("数据里还没有完整的一个月。", "The data hold no whole month yet."),
    "behaviour.stickiness.nobody_week": Text("最近完整的一周里没有人来过。", "Nobody came in the newest whole week."),
    "behaviour.stickiness.nobody_month": Text("最近完整的一个月里没有人来过。", "Nobody came in the newest whole month."),
    "behaviour.stickiness.mean_day_of_week": Text(
        "{start} 那一周来过的 {people} 人，平均来了 {mean} 天。",
        "The {people} {people|person|people} who came in the week of {start} came on {mean} days on average.",
    ),
    "behaviour.stickiness.mean_day_of_month": Text(
        "{start} 开始的那个月来过的 {people} 人，平均来了 {mean} 天。",
        "The {people} {people|person|people} who came in the month from {start} came on {mean} days on average.",
    ),
    "behaviour.stickiness.mean_week_of_month": Text(
        "{start} 开始的那个月来过的 {people} 人，平均有 {mean} 周来过。",
        "The {people} {people|person|people} who came in the month from {start} came in {mean} of its weeks on average.",
    ),
    "behaviour.stickiness.often_day": Text(
        "每 100 个来过的人，大约 {percent} 个来了 {num} 天或更多。", "Of 100 who came, about {percent} came on {num} days or more."
    ),
    "behaviour.stickiness.often_week": Text(
        "每 100 个来过的人，大约 {percent} 个在 {num} 周或更多周来过。", "Of 100 who came, about {percent} came in {num} weeks or more."
    ),
    "behaviour.stickiness.more": Text("比上一个周期（{before}）来得更勤。", "That is more often than in the period before ({before})."),
    "behaviour.stickiness.less": Text("不如上一个周期（{before}）来得勤。", "That is less often than in the period before ({before})."),
    "behaviour.stickiness.same": Text("和上一个周期（{before}）比，看不出差别。", "No clear difference from the period before ({before})."),
    "behaviour.stickiness.part_less_day": Text(
        "{column} 是“{value}”的人来得少：平均来 {mean} 天，全部人是 {all} 天。",
        "People with {column} = {value} come less often: on {mean} days on average; everybody on {all}.",
    ),
    "behaviour.stickiness.part_more_day": Text(
        "{column} 是“{value}”的人来得勤：平均来 {mean} 天，全部人是 {all} 天。",
        "People with {column} = {value} come more often: on {mean} days on average; everybody on {all}.",
    ),
    "behaviour.stickiness.part_less_week": Text(
        "{column} 是“{value}”的人来得少：平均有 {mean} 周来过，全部人是 {all} 周。",
        "People with {column} = {value} come less often: in {mean} weeks on average; everybody in {all}.",
    ),
    "behaviour.stickiness.part_more_week": Text(
        "{column} 是“{value}”的人来得勤：平均有 {mean} 周来过，全部人是 {all} 周。",
        "People with {column} = {value} come more often: in {mean} weeks on average; everybody in {all}.",
    ),
    "behaviour.stickiness.part_same": Text(
        "按 {column} 看，没有哪一类人明显来得更勤或更少。",
        "By {column}, no kind of people clearly comes more or less often than the others.",
    ),
    "behaviour.stickiness.by_week": Text("{start} 那一周，按 {column}", "The week of {start} by {column}"),
    "behaviour.stickiness.by_month": Text("{start} 开始的那个月，按 {column}", "The month from {start} by {column}"),
    "behaviour.stickiness.mean_day": Text("平均来了几天", "days on average"),
    "behaviour.stickiness.mean_week": Text("平均来了几周", "weeks on average"),
    "behaviour.stickiness.at_least_day": Text("{num} 天或更多", "{num} days or more"),
    "behaviour.stickiness.at_least_week": Text("{num} 周或更多", "{num} weeks or more"),
    "behaviour.stickiness.judged_day": Text(
        "每个值的平均天数和其他所有人比（Welch），按比较的个数校正（Holm），不到 30 人的不比。",
        "Each value's days on average are compared with everybody else's (Welch), adjusted for the number of comparisons (Holm); fewer than 30 "
        "people are not compared.",
    ),
    "behaviour.stickiness.judged_week": Text(
        "每个值的平均周数和其他所有人比（Welch），按比较的个数校正（Holm），不到 30 人的不比。",
        "Each value's weeks on average are compared with everybody else's (Welch), adjusted for the number of comparisons (Holm); fewer than 30 "
        "people are not compared.",
    ),
    "behaviour.chart.stickiness_by": Text("每周的日活/月活，按 {column}", "DAU/MAU by week and {column}"),
    "behaviour.stickiness.usual_day": Text(
        "四周里来过的每 100 人，平常一天大约有 {percent} 人在（DAU/MAU，到 {start} 那一周为止）。",
        "Of 100 people who come within four weeks, about {percent} are there on a usual day (DAU/MAU, up to the week of {start}).",
    ),
    "behaviour.stickiness.rule_day": Text(
        "怎么算：做了{event}就算来过；数每个人在这个周期里来了几个自然日，只看这个周期来过的人。还没走完的周期不看。",
        "How it counts: {event} is coming; counted are the calendar days of the period on which each person came, of those who came at all. "
        "A period that is not over is not looked at.",
    ),
    "behaviour.stickiness.rule_week": Text(
        "怎么算：做了{event}就算来过；数每个人在这个月里有几个自然周来过，只看这个月来过的人。还没走完的周期不看。",
        "How it counts: {event} is coming; counted are the calendar weeks of the month in which each person came, of those who came at all. "
        "A period that is not over is not looked at.",
    ),
    "behaviour.stickiness.ratios": Text(
        "日活是一周七天的平均；周活、月活里每人只算一次；月活是到这一周结束为止的 28 天，不足 28 天的留空。",
        "Daily is the mean of the week's seven days; weekly and monthly count each person once; monthly is the 28 days that end with the week, "
        "empty where the data do not reach back so far.",
    ),
    "behaviour.stickiness.daily": Text("日活 DAU", "daily (DAU)"),
    "behaviour.stickiness.weekly": Text("周活 WAU", "weekly (WAU)"),
    "behaviour.stickiness.monthly": Text("月活 MAU（28 天）", "monthly (MAU, 28 days)"),
    "behaviour.stickiness.daily_of_weekly": Text("日活/周活", "DAU/WAU"),
    "behaviour.stickiness.daily_of_monthly": Text("日活/月活", "DAU/MAU"),
    "behaviour.stickiness.weekly_of_monthly": Text("周活/月活", "WAU/MAU"),
    "behaviour.chart.stickiness_day": Text("{start} 起的周期：来了几天的各有多少人", "Period from {start}: people by number of days"),
    "behaviour.chart.stickiness_week": Text("{start} 起的周期：来了几周的各有多少人", "Period from {start}: people by number of weeks"),
    "behaviour.chart.stickiness_weeks": Text("每周的粘性比例", "Stickiness by week"),
    "behaviour.label.num_days": Text("来了几天", "days"),
    "behaviour.label.num_weeks": Text("来了几周", "weeks"),
    "behaviour.label.or_more": Text("这么多或更多", "this many or more"),
    "behaviour.fold.stickiness_times": Text("来了几次的各有多少人", "How many came how often"),
    "behaviour.fold.stickiness_weeks": Text("每周的日活、周活、月活", "Daily, weekly and monthly people by week"),
    "behaviour.caution.stickiness_few": Text(
        "最近完整的周期里只有 {people:count} 人来过，不到 {needed:count} 人，比例只能当参考。",
        "Only {people:count} {people|person|people} came in the newest whole period, fewer than {needed:count}: read the shares with care.",
    ),
    "behaviour.d.stickiness_people": Text("最近完整的周期里来过的人", "people who came in the newest whole period"),
    "behaviour.d.stickiness_mean": Text(
        "每个来过的人在这个周期里来了几天（或几周），取平均",
        "days (or weeks) of the period on which each person who came was there, averaged",
    ),
    "behaviour.d.stickiness_times": Text("正好来了这么多天（或周）的人", "people who came on exactly so many days (or weeks)"),
    "behaviour.d.stickiness_exactly": Text(
        "正好来了这么多天（或周）的人，占这个周期来过的人", "people who came on exactly so many, of all who came in the period"
    ),
    "behaviour.d.stickiness_or_more": Text(
        "来了这么多天（或周）或更多的人，占这个周期来过的人", "people who came on so many or more, of all who came in the period"
    ),
    "behaviour.d.stickiness_daily": Text(
        "这一周七天的日活跃人数取平均", "people active on a day, averaged over the seven days of the week"
    ),
    "behaviour.d.stickiness_weekly": Text("这一周来过的人，每人算一次", "people active in the week, each counted once"),
    "behaviour.d.stickiness_monthly": Text(
        "到这一周结束的 28 天里来过的人，每人算一次", "people active in the 28 days that end with the week"
    ),
    "behaviour.d.stickiness_daily_of_weekly": Text("平均日活除以周活", "mean daily people over weekly people"),
    "behaviour.d.stickiness_daily_of_monthly": Text("平均日活除以 28 天月活", "mean daily people over the people of 28 days"),
    "behaviour.d.stickiness_weekly_of_monthly": Text("周活除以 28 天月活", "weekly people over the people of 28 days"),
}
