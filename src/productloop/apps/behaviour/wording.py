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
OPTIONAL_PLACE = Problem(
    "funnel_optional_place",
    Text("第一步和最后一步不能跳过：{steps}", "the first and the last step cannot be skipped: {steps}"),
    Text("带 ? 的步骤夹在两个必经步骤之间", "a step with ? between two that must happen"),
    Text("去掉首尾的 ?，或在后面再加一个必经步骤", "take the ? off, or add a step that must happen after it"),
)
ORDER_NEEDED = Problem(
    "funnel_order_needed",
    Text("{option} 不能和 --order {order} 一起用", "{option} does not go with --order {order}"),
    Text("按顺序的漏斗（--order ordered）", "an ordered funnel (--order ordered)"),
    Text("去掉 {option}，或去掉 --order {order}", "leave out {option} or --order {order}"),
)
STEP_TWICE = Problem(
    "funnel_step_twice",
    Text("同一个事件当了两个步骤（{steps}），就不能再用 {option}", "one event is two steps ({steps}), which does not go with {option}"),
    Text("每个步骤是不同的事件", "each step another event"),
    Text("去掉重复的步骤，或去掉 {option}", "leave out the repeated step or {option}"),
)
STEP_BEYOND = Problem(
    "funnel_step_beyond",
    Text("{option} 写了第 {step} 步，漏斗里没有这个位置", "{option} names step {step}, which this funnel does not have"),
    Text("1 到 {num}", "1 to {num}"),
    Text("改成 1 到 {num} 之间的数", "write a number from 1 to {num}"),
)
ATTRIBUTION_STEP = Problem(
    "funnel_attribution_step",
    Text("--attribution step 没有说是第几步", "--attribution step does not say which step"),
    Text("步骤的序号，1 是第一步", "the number of a step, 1 = the first"),
    Text("加上 --attribution-step，例如 --attribution-step 2", "add --attribution-step, such as --attribution-step 2"),
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
    "behaviour.label.repeated": Text("{name}（第 {num} 次）", "{name} (time {num})"),
    "behaviour.label.unknown": Text("（未知）", "(not known)"),
    "behaviour.label.others": Text("（另外 {num} 个值合计）", "(and {num} {num|other|others})"),
    "behaviour.split.first_value": Text(
        "按 {column} 拆分：每个人算在第一个有值的事件的值里，一直不变，所以各行加起来就是全部。",
        "Split by {column}: each person counts with the value at their first event that has one, for good, so the rows add up to everybody.",
    ),
    "behaviour.split.actor_value": Text(
        "按 {column} 拆分：每个人算在用户资料里最后知道的值里，所以各行加起来就是全部。",
        "Split by {column}: each person counts with the last value known of them, so the rows add up to everybody.",
    ),
    "behaviour.split.value_before": Text(
        "按 {column} 拆分：用每个人进入实验那一刻之前最后的值，实验本身改不了它。",
        "Split by {column}: each person counts with their last value up to the moment they entered, which the experiment cannot have changed.",
    ),
    "behaviour.split.several": Text(
        "{people} 人后来还有别的值，仍算在第一个里。",
        "{people} {people|person|people} had other values later and {people|stays|stay} with the first.",
    ),
    "behaviour.split.nothing": Text(
        "{column} 在这些人身上没有值，没法拆分。", "Nobody has a value of {column}: there is nothing to split by."
    ),
    "behaviour.split.more": Text("更多", "more"),
    "behaviour.split.less": Text("更少", "fewer"),
    "behaviour.split.same": Text("看不出差别", "no clear difference"),
    "behaviour.split.few": Text("人太少", "too few"),
    "behaviour.split.rest": Text("不比", "not compared"),
    "behaviour.split.judged": Text("和其他人比", "against all others"),
    "behaviour.d.split_several": Text("这一列有过不止一个值的人", "people who had more than one value of this column"),
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
    "behaviour.by_person": Text(
        "{column} 取用户资料里现在的值，不是当时的值：后来才变成这样的人，从一开始就算在里面；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is what is known of the person now, not what it was then: who changed later counts there from the start; "
        "there are {num:count}, the largest are listed.",
    ),
    "behaviour.funnel.values": Text(
        "{column} 取第一步那条事件上的值；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is that of the first step's event; there are {num:count}, the largest are listed.",
    ),
    # funnel: options and details
    "behaviour.label.optional": Text("{name}（可跳过）", "{name} (may be skipped)"),
    "behaviour.funnel.rule_step_window": Text(
        "另外，相邻两步之间最多隔 {days} 天。", "Each step must also follow the one before within {days} {days|day|days}."
    ),
    "behaviour.funnel.rule_hold": Text(
        "关联属性：同一次尝试里，各步骤的 {column} 必须相同。", "All steps of an attempt carry the same {column}."
    ),
    "behaviour.funnel.rule_optional": Text(
        "{names}可以跳过：没做也能往下走，不算流失。", "{names} may be skipped: whoever skips goes on, and nobody is lost there."
    ),
    "behaviour.funnel.rule_exclude": Text(
        "排除：步骤之间出现“{name}”，这一次就不算。", "A try with “{name}” between its steps does not count."
    ),
    "behaviour.funnel.rule_exclude_at": Text(
        "排除：第 {step} 步之后、下一步之前出现“{name}”，这一次就不算。",
        "A try with “{name}” after step {step} and before the next does not count.",
    ),
    "behaviour.funnel.excluded": Text(
        "因此有 {people} 人不在这个漏斗里。", "This leaves {people} {people|person|people} out of the funnel."
    ),
    "behaviour.funnel.values_last": Text(
        "{column} 取每个人最后一个步骤事件上的值；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is that of the last step event of each person; there are {num:count}, the largest are listed.",
    ),
    "behaviour.funnel.values_all": Text(
        "每一行只用带这个 {column} 值的事件来算，一个人可以出现在几行里；共 {num:count} 种，列出人数最多的几种。",
        "Each row counts only events with that {column}; a person may be in several. There are {num:count}, the largest are listed.",
    ),
    "behaviour.funnel.values_step": Text(
        "按第 {step} 步的 {column} 分组，没走到这一步的人不在表里；共 {num:count} 种，列出人数最多的几种。",
        "The value of {column} is that of step {step}; who did not get there is in no row. There are {num:count}, the largest are listed.",
    ),
    "behaviour.heading.times": Text("每一步要多久", "How long each step takes"),
    "behaviour.heading.open_weeks": Text("还没走完的几周", "Weeks that are not finished"),
    "behaviour.heading.dropped": Text("在“{step}”停下的人", "Who stopped at “{step}”"),
    "behaviour.heading.spread": Text("同一个漏斗，换个算法是多少", "The same funnel under other rules"),
    "behaviour.column.from_to": Text("从哪一步到哪一步", "from which step to which"),
    "behaviour.column.took_mean_seconds": Text("平均（秒）", "mean seconds"),
    "behaviour.column.took_mean_minutes": Text("平均（分钟）", "mean minutes"),
    "behaviour.column.took_mean_hours": Text("平均（小时）", "mean hours"),
    "behaviour.column.took_mean_days": Text("平均（天）", "mean days"),
    "behaviour.column.within": Text("{percent} % 的人不超过", "{percent} % needed at most"),
    "behaviour.column.week": Text("进入的那一周", "week of entry"),
    "behaviour.column.so_far": Text("目前走完", "all the way so far"),
    "behaviour.column.person": Text("用户", "person"),
    "behaviour.column.stopped_on": Text("停在这一步的日子", "took the step on"),
    "behaviour.column.last_seen": Text("最后一次来", "last seen"),
    "behaviour.column.platform": Text("平台", "platform"),
    "behaviour.column.rule": Text("算法", "rule"),
    "behaviour.column.why": Text("为什么不一样", "why it differs"),
    "behaviour.funnel.open_weeks": Text(
        "这几周进入的人，转化窗口还没走完，只有人数，没有比例。",
        "For people who entered in these weeks the window is still open: counts so far, no shares.",
    ),
    "behaviour.funnel.dropped": Text(
        "在“{step}”停下、转化窗口已经走完的有 {people} 人，最近停下的排在前面。",
        "{people} {people|person|people} stopped at “{step}” and their window is over; the latest come first.",
    ),
    "behaviour.funnel.dropped_rest": Text("另外 {num:count} 人没有列出。", "{num:count} more are not listed."),
    "behaviour.funnel.spread": Text(
        "同样的事件，按不同工具的算法，转化率从 {low} 到 {high} 都有：和别人比数字之前，先比算法。",
        "The same events give a conversion from {low} to {high}, depending on the tool's rule: compare rules before you compare numbers.",
    ),
    "behaviour.funnel.other_explained": Text(
        "您另一个工具说的 {other}，最接近“{rule}”这个算法（{share}，差 {gap} 个百分点）：差别多半来自算法，不是数据。",
        "The {other} of your other tool comes nearest to the rule “{rule}” ({share}, {gap} points off): most likely the rule differs, not the data.",
    ),
    "behaviour.funnel.other_unexplained": Text(
        "您另一个工具说的 {other}，哪个算法都对不上，最接近的是“{rule}”（{share}，差 {gap} 个百分点）：先核对事件和时间范围是不是同一批。",
        "No rule gives the {other} of your other tool; the nearest is “{rule}” ({share}, {gap} points off): check that events and dates are the same.",
    ),
    "behaviour.spread.ours": Text("我们的算法", "our rule"),
    "behaviour.spread.latest_start": Text("每次从头开始都算（PostHog、ClickHouse）", "each new start counts (PostHog, ClickHouse)"),
    "behaviour.spread.first_entry": Text("只从第一次进入算起（Mixpanel 默认）", "only from the first entry (Mixpanel's default)"),
    "behaviour.spread.reentry": Text("窗口过了才能重新进入（Mixpanel 可选）", "a new try once the window is over (Mixpanel's option)"),
    "behaviour.spread.step_to_step": Text("窗口从上一步算起", "window from step to step"),
    "behaviour.spread.no_window": Text("不限时间（retentioneering）", "no window (retentioneering)"),
    "behaviour.spread.unordered": Text("不分先后", "any order"),
    "behaviour.spread.strict": Text("一步紧接一步", "one directly after the other"),
    "behaviour.spread.inside_range": Text("全部事件都在时间范围内（PostHog）", "all events inside the dates (PostHog)"),
    "behaviour.spread.why.ours": Text(
        "只算转化窗口已经走完的人，还在窗口里的不当成流失。",
        "Counts only people whose window is over; who may still convert is not a loss.",
    ),
    "behaviour.spread.why.latest_start": Text(
        "步骤规则和我们一样，但窗口还没走完的人也放进分母，看起来像流失。",
        "The same steps as ours, but people whose window is still open count as lost.",
    ),
    "behaviour.spread.why.first_entry": Text(
        "窗口只从第一次进入算起，后来重新开始、走完的人不算转化。",
        "The window runs from the first entry only; who starts again later and gets through is not counted.",
    ),
    "behaviour.spread.why.reentry": Text(
        "上一个窗口过完之后重新开始的才算新的一次，窗口之内的重新开始不算。",
        "A new try begins only after the last window is over; starting again within it does not reset the clock.",
    ),
    "behaviour.spread.why.step_to_step": Text(
        "每走一步，窗口重新计时，总共可以拖得更久。", "Each step starts the clock again, so the whole way may take longer."
    ),
    "behaviour.spread.why.no_window": Text("隔多久都算转化。", "Any time later counts."),
    "behaviour.spread.why.unordered": Text(
        "先后不管，做全了就算；分母是做过其中任意一步的人。", "Order does not matter; the base is everybody who did any of the steps."
    ),
    "behaviour.spread.why.strict": Text("两步之间做了任何别的事就断了。", "Anything else in between breaks the way."),
    "behaviour.spread.why.inside_range": Text(
        "后面的步骤落在时间范围之外就不算，范围末尾进来的人像是流失了。",
        "Later steps outside the dates do not count, so people who entered late look lost.",
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
    "behaviour.d.excluded": Text(
        "进入了漏斗，但走得最远的每一次尝试都碰到了要排除的事件的人",
        "people who entered, but whose furthest tries all met an excluded event",
    ),
    "behaviour.d.time_people": Text("转化窗口已走完、两步都做过的人", "people whose window is over and who did both steps"),
    "behaviour.d.time_mean": Text("两步之间的平均用时", "mean time between the two steps"),
    "behaviour.d.time_percentile": Text("这么多比例的人用时不超过这个数", "that share of the people needed at most this long"),
    "behaviour.d.spread_entered": Text("按这条算法进入漏斗的人", "people who entered under this rule"),
    "behaviour.d.spread_converted": Text("按这条算法走完全程的人", "people who went all the way under this rule"),
    "behaviour.d.spread_ours": Text(
        "转化窗口已走完的人里，走完全程的比例", "among people whose window is over: the share that went all the way"
    ),
    "behaviour.d.spread_latest_start": Text(
        "进入的人里，从任意一次第一步起在窗口内走完全程的比例",
        "among all who entered: the share that went all the way within the window of any of their first steps",
    ),
    "behaviour.d.spread_first_entry": Text(
        "进入的人里，从第一次第一步起在窗口内走完全程的比例",
        "among all who entered: the share that went all the way within the window of their very first step",
    ),
    "behaviour.d.spread_reentry": Text(
        "进入的人里走完全程的比例；上一个窗口过完后的第一步才算新的一次",
        "among all who entered: the share that went all the way, a new try beginning only after the window of the last",
    ),
    "behaviour.d.spread_step_to_step": Text(
        "进入的人里，每一步都在上一步之后的窗口内、走完全程的比例",
        "among all who entered: the share that went all the way with each step within the window after the one before",
    ),
    "behaviour.d.spread_no_window": Text(
        "进入的人里，之后任何时候走完全程的比例", "among all who entered: the share that went all the way at any time"
    ),
    "behaviour.d.spread_unordered": Text(
        "做过任意一步的人里，在窗口内做全各步骤的比例，不分先后",
        "among all who did any step: the share that did all of them within the window, in any order",
    ),
    "behaviour.d.spread_strict": Text(
        "进入的人里，各步骤一个紧接一个走完的比例", "among all who entered: the share that did the steps one directly after the other"
    ),
    "behaviour.d.spread_inside_range": Text(
        "进入的人里，在时间范围之内走完全程的比例", "among all who entered: the share that went all the way inside the dates"
    ),
    "behaviour.d.other": Text("您给出的另一个工具的转化率", "the conversion that you say another tool shows"),
    "behaviour.d.other_gap": Text(
        "最接近的算法和另一个工具的数字差几个百分点", "points between the nearest rule and the number of the other tool"
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
