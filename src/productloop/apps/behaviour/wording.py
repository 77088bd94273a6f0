"""Sentences of `behaviour`, in Chinese and English: titles, what the pages say, how each number is counted, problems."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

TITLE = Text("用户行为", "behaviour")
QUESTION = Text("用户都在做什么？", "What do users do?")
FUNNEL_TITLE = Text("漏斗：人走到哪一步，在哪一步流失", "Funnel: how far people get, and where they stop")

EVENT_UNKNOWN = Problem(
    "event_unknown",
    Text("数据里没有叫 {name:quote} 的事件", "no event is called {name:quote}"),
    Text("出现过的事件名；最接近的是 {nearest:quote}", "an event that happened; the nearest is {nearest:quote}"),
    Text("改事件名再来；常见的有：{known}", "change the name; frequent ones: {known}"),
)
BREAKDOWN_UNKNOWN = Problem(
    "breakdown_unknown",
    Text("事件里没有叫 {name:quote} 的列或属性", "events have no column or property called {name:quote}"),
    Text("已有的列或属性；最接近的是 {nearest:quote}", "a column or property that exists; the nearest is {nearest:quote}"),
    Text("改 --by 再来；可以拆分的有：{known}", "change --by; one can split by: {known}"),
)

TEXTS: dict[str, Text] = {
    # names of events
    "behaviour.event": Text("{name}", "{name}"),
    "behaviour.chain": Text("{first} → {then}", "{first} → {then}"),
    "behaviour.named": Text("{label} = {name}", "{label} = {name}"),
    "behaviour.names": Text(
        "事件在数据里的名字：{names}。叫法不对，就在 productloop.toml 的 [events] 里改。",
        "Events as the data name them: {names}. Call them otherwise in [events] of productloop.toml.",
    ),
    # funnel: titles and labels
    "behaviour.funnel.title": Text("漏斗：{steps}", "Funnel: {steps}"),
    "behaviour.funnel.title_empty": Text("漏斗", "Funnel"),
    "behaviour.heading.steps": Text("每一步", "Step by step"),
    "behaviour.heading.by": Text("按 {column} 拆分", "Split by {column}"),
    "behaviour.heading.doubt": Text("看之前要知道", "What to keep in mind"),
    "behaviour.label.entered": Text("进入漏斗", "entered"),
    "behaviour.label.conversion": Text("走完全程", "went all the way"),
    "behaviour.label.any_of": Text("做过其中 {num} 个", "any {num} of them"),
    "behaviour.label.again": Text("{name}（第 {num} 次）", "{name} (time {num})"),
    "behaviour.label.unknown": Text("（未知）", "(not known)"),
    "behaviour.label.other": Text("（其他值合计）", "(all other values)"),
    "behaviour.column.step": Text("步骤", "step"),
    "behaviour.column.people": Text("人数", "people"),
    "behaviour.column.of_first": Text("占第一步", "of first"),
    "behaviour.column.of_previous": Text("占上一步", "of previous"),
    "behaviour.column.dropped": Text("停下", "stopped"),
    "behaviour.column.in_progress": Text("进行中", "in progress"),
    "behaviour.column.duration_seconds": Text("中位用时（秒）", "median seconds"),
    "behaviour.column.duration_minutes": Text("中位用时（分钟）", "median minutes"),
    "behaviour.column.duration_hours": Text("中位用时（小时）", "median hours"),
    "behaviour.column.duration_days": Text("中位用时（天）", "median days"),
    "behaviour.column.value": Text("取值", "value"),
    "behaviour.column.went_on": Text("{step}：占上一步", "{step}: of previous"),
    "behaviour.column.whole": Text("走完全程", "went all the way"),
    "behaviour.column.where": Text("哪些人", "who"),
    "behaviour.column.here": Text("这些人通过", "go on here"),
    "behaviour.column.elsewhere": Text("其他人通过", "go on elsewhere"),
    "behaviour.column.difference": Text("相差", "difference"),
    "behaviour.column.lost_per_week": Text("每周多流失（人）", "people lost a week"),
    "behaviour.column.p": Text("校正后的 p 值", "adjusted p"),
    "behaviour.chart.funnel": Text("各步骤人数", "People at each step"),
    "behaviour.chart.reached": Text("走到这一步", "reached it"),
    "behaviour.chart.in_progress": Text("其中进行中", "of these in progress"),
    "behaviour.chart.by_week": Text("各周进入的人，有多少走到下一步", "Share that went on to each step, by week of entry"),
    "behaviour.chart.leak": Text(
        "“{from_step}”到“{to_step}”：每周通过的比例", "From “{from_step}” to “{to_step}”: share that went on, by week of entry"
    ),
    "behaviour.chart.week": Text("进入的那一周", "week of entry"),
    "behaviour.chart.others": Text("其他人", "all others"),
    # funnel: sentences
    "behaviour.funnel.biggest": Text(
        "流失最多的一步是“{from_step}”到“{to_step}”：每 100 个走到前一步的人，大约 {percent} 个接着走下去，{lost} 人停住了。",
        "Most people are lost between “{from_step}” and “{to_step}”: of 100 who get to the first, about {percent} go on; "
        "{lost} {lost|person|people} did not.",
    ),
    "behaviour.funnel.no_loss": Text("转化窗口走完的人里，没有一个中途停下。", "Nobody whose window is over stopped on the way."),
    "behaviour.funnel.nobody": Text("这段时间没有人做过第一步。", "Nobody took the first step in this time."),
    "behaviour.funnel.too_early": Text(
        "还太早：进入的 {people} 人转化窗口都没走完，现在只能看人数，不能看比例。",
        "Too early: the window is still open for all {people} {people|person|people} who entered. There are counts, but no shares yet.",
    ),
    "behaviour.funnel.one_step": Text(
        "只有一个步骤，看不出在哪里流失；用 --steps 按顺序写出至少两个事件。",
        "With one step there is nothing to lose; give at least two events in order with --steps.",
    ),
    "behaviour.funnel.leak": Text(
        "{column} 是 {value} 的人里，只有 {here} 从“{from_step}”走到“{to_step}”，其他人是 {elsewhere}：大约每周多流失 {lost:range} 人。",
        "Where {column} is {value}, only {here} go from “{from_step}” to “{to_step}”, elsewhere {elsewhere}: about {lost:range} people lost a week.",
    ),
    "behaviour.funnel.leak_since": Text(
        "{column} 是 {value} 的人里，只有 {here} 从“{from_step}”走到“{to_step}”，其他人是 {elsewhere}：大约每周多流失 {lost:range} 人，"
        "差不多从 {since} 那一周开始。",
        "Where {column} is {value}, only {here} go from “{from_step}” to “{to_step}”, elsewhere {elsewhere}: about {lost:range} people lost a week, "
        "since about the week of {since}.",
    ),
    "behaviour.funnel.no_leak": Text(
        "按平台、版本等属性比较了 {num:count} 组，没有哪一类人在某一步明显更容易停下。",
        "We compared {num:count} {num|group|groups} by platform, version and the like: none clearly stops more often than the others.",
    ),
    "behaviour.funnel.nothing_compared": Text(
        "没有可比较的属性（每类至少 30 人），没法看哪一类人更容易停下。",
        "There was no attribute to compare people by (with 30 people of each kind), so we cannot say who stops more often.",
    ),
    "behaviour.funnel.rule_ordered": Text(
        "怎么算：从第一步起 {days} 天的转化窗口内，按顺序做完各步骤，中间可以做别的事。",
        "How it counts: all steps in this order within {days} {days|day|days} from the first step; other things may happen in between.",
    ),
    "behaviour.funnel.rule_strict": Text(
        "怎么算：从第一步起 {days} 天的转化窗口内，各步骤一个紧接一个，中间不能有别的事件。",
        "How it counts: each step directly after the one before, within {days} {days|day|days} from the first step; any other event breaks it.",
    ),
    "behaviour.funnel.rule_unordered": Text(
        "怎么算：{days} 天的转化窗口内做过这些步骤里的几个，不分先后；第一行是做过其中任意一个的人。",
        "How it counts: how many of the steps were done within {days} {days|day|days}, in any order; the first row is who did any of them.",
    ),
    "behaviour.funnel.settled": Text(
        "比例和用时只算 {until} 及以前进入、转化窗口已经走完的 {people} 人；窗口还没走完的算“进行中”，不算流失。",
        "Shares and times count the {people} {people|person|people} who entered by {until}, whose window is over; "
        "people whose window is still open are “in progress”, never lost.",
    ),
    "behaviour.funnel.took_seconds": Text(
        "走完全程的人里，一半在 {duration} 秒以内走完。", "Half of the people who went all the way needed at most {duration} seconds."
    ),
    "behaviour.funnel.took_minutes": Text(
        "走完全程的人里，一半在 {duration} 分钟以内走完。", "Half of the people who went all the way needed at most {duration} minutes."
    ),
    "behaviour.funnel.took_hours": Text(
        "走完全程的人里，一半在 {duration} 小时以内走完。", "Half of the people who went all the way needed at most {duration} hours."
    ),
    "behaviour.funnel.took_days": Text(
        "走完全程的人里，一半在 {duration} 天以内走完。", "Half of the people who went all the way needed at most {duration} days."
    ),
    "behaviour.funnel.range": Text(
        "时间范围只限定第一步，后面的步骤在转化窗口内都算。",
        "The dates bound the first step only; later steps count up to the end of the window.",
    ),
    "behaviour.funnel.values": Text(
        "{column} 取第一步那条事件上的值；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is that of the first step's event; there are {num:count}, the largest are listed.",
    ),
    # funnel: first page
    "behaviour.finding.leak": Text(
        "{column} 是 {value} 的人只有 {here} 从“{from_step}”走到“{to_step}”，其他人是 {elsewhere}：大约每周多流失 {lost:range} 人。",
        "Where {column} is {value}, only {here} go from “{from_step}” to “{to_step}”, elsewhere {elsewhere}: about {lost:range} people lost a week.",
    ),
    "behaviour.finding.leak_since": Text(
        "{column} 是 {value} 的人只有 {here} 从“{from_step}”走到“{to_step}”，其他人是 {elsewhere}：大约每周多流失 {lost:range} 人，"
        "差不多从 {since} 那一周开始。",
        "Where {column} is {value}, only {here} go from “{from_step}” to “{to_step}”, elsewhere {elsewhere}: about {lost:range} people lost a week, "
        "since about the week of {since}.",
    ),
    "behaviour.advice.leak": Text(
        "在 {column} 为 {value} 的环境里亲手走一遍“{from_step}”到“{to_step}”，再对照那一周上线了什么",
        "Walk from “{from_step}” to “{to_step}” yourself where {column} is {value}, and look at what went live that week",
    ),
    "behaviour.label.people": Text("人数", "people"),
    # what not to believe
    "behaviour.caution.guessed": Text(
        "漏斗步骤是从数据里猜的：{steps}。不对就用 --steps 写明，或写进设置 behaviour.funnel。",
        "The steps were guessed from the data: {steps}. If that is wrong, name them with --steps or in the setting behaviour.funnel.",
    ),
    "behaviour.caution.open": Text(
        "进入的 {of:count} 人里有 {people:count} 人转化窗口还没走完，比例还会变。",
        "For {people:count} of the {of:count} people who entered, the window is still open; the shares will move.",
    ),
    "behaviour.caution.few": Text(
        "转化窗口走完的只有 {people:count} 人，不到 {needed:count} 人，比例只能当参考。",
        "Only {people:count} {people|person|people} had the whole window, fewer than {needed:count}: read the shares with care.",
    ),
    "behaviour.caution.ties": Text(
        "有 {people:count} 人的不同步骤落在同一时刻（时间可能只精确到秒），分不清先后，按对漏斗有利的顺序算。",
        "{people:count} {people|person|people} took different steps at the same instant (times may be whole seconds); their order is not known, "
        "and any order that helps counts.",
    ),
    "behaviour.caution.simulated": Text(
        "数据是模拟的，不能用来说明真实的公司。", "The data are simulated and say nothing about a real company."
    ),
    # how each number is counted
    "behaviour.d.people": Text(
        "到数据结束时走到这一步的人，每人只算一次", "people who reached the step by the end of the data, each counted once"
    ),
    "behaviour.d.settled": Text(
        "进入得够早、转化窗口在数据结束前已经走完的人",
        "people who entered early enough for their whole window to be over when the data end",
    ),
    "behaviour.d.dropped": Text(
        "停在这一步、而且没有哪次尝试还在转化窗口内的人", "people who stopped at this step with no attempt whose window is still open"
    ),
    "behaviour.d.in_progress": Text(
        "目前停在这一步、转化窗口还没走完的人，还可能走下去", "people at this step whose window is still open: they may still go on"
    ),
    "behaviour.d.of_first": Text(
        "转化窗口已走完、做过第一步的人里，在窗口内走到这一步的比例",
        "among people who took the first step and whose window is over: the share that reached this step within it",
    ),
    "behaviour.d.of_previous": Text(
        "转化窗口已走完、做过上一步的人里，在窗口内走到这一步的比例",
        "among people who took the step before and whose window is over: the share that reached this step within it",
    ),
    "behaviour.d.lost": Text(
        "转化窗口已走完、做过上一步却没走到这一步的人", "people who took the step before and, with their window over, not this one"
    ),
    "behaviour.d.duration": Text("走到的人里，一半用时不超过这个数", "half of the people who got there needed at most this long"),
    "behaviour.d.difference": Text("其他人通过的比例减去这些人的比例", "share that goes on elsewhere minus the share here"),
    "behaviour.d.leak_people": Text("这段时间里做过前一步的这类人", "people of this kind who took the first of the two steps in this time"),
    "behaviour.d.lost_per_week": Text(
        "如果这些人的通过比例和其他人一样，每周会多走下去的人数",
        "how many more would go on each week if these people went on as often as the others",
    ),
    "behaviour.d.p_adjusted": Text(
        "两个比例其实相同的情况下，碰巧差这么多的概率；已乘以比较的次数（Bonferroni）",
        "probability of such a difference by chance if both shares were equal, times the number of comparisons made (Bonferroni)",
    ),
}
