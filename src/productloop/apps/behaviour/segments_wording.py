"""Sentences of `behaviour segments`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

SEGMENTS_TITLE = Text("人群：谁值得先照顾，大家用法有什么不同", "Segments: who matters most, and how people differ in what they do")

NO_BREAKDOWN_HERE = Problem(
    "segments_no_breakdown",
    Text("人群不能用 --by {name:quote} 拆分", "segments cannot be split with --by {name:quote}"),
    Text("人群本身就是拆分的结果", "segments are a split themselves"),
    Text("改用 --where {name}=某个值，或在别的动作里用 --segment", "use --where {name}=VALUE, or --segment with another action"),
)
PERSON_UNKNOWN = Problem(
    "segments_person_unknown",
    Text("数据里没有编号为 {person:quote} 的用户", "nobody in the data is called {person:quote}"),
    Text("来源里的用户编号", "the source's own id of a person"),
    Text("核对编号，大小写也要一致", "check the id, capitals included"),
)

TEXTS = {
    "behaviour.segments.title": Text("人群", "Segments"),
    "behaviour.segments.none": Text("没有可以分群的人：先导入事件或订单。", "There is nobody to divide: import events or orders first."),
    "behaviour.segments.save_first": Text(
        "最该先去留住的是“{label}”：{people} 人，过去花过不少，现在已经 {recency} 天没有下单。{advice}",
        "Look after “{label}” first: {people} {people|person|people} who used to spend and have not ordered for {recency} days. {advice}",
    ),
    "behaviour.segments.save_first_events": Text(
        "最该先去留住的是“{label}”：{people} 人，以前常来，现在已经 {recency} 天没来。{advice}",
        "Look after “{label}” first: {people} {people|person|people} who used to come often and have been away for {recency} days. {advice}",
    ),
    "behaviour.segments.best": Text(
        "“{label}”有 {people} 人，占买家的 {share}，贡献了 {money} 的收入。",
        "“{label}” are {people} {people|person|people}, {share} of the buyers, and bring {money} of the money.",
    ),
    "behaviour.segments.groups": Text(
        "按最近 {weeks} 周的用法，{people} 个常来的人明显分成 {num} 群：{names}。",
        "By what they did in the last {weeks} {weeks|week|weeks}, {people} regular people fall into {num} clear groups: {names}.",
    ),
    "behaviour.segments.no_groups": Text(
        "按最近 {weeks} 周的用法，{people} 个常来的人没有明显的分群：大家的差别是渐变的，中间没有分界，硬切成几群没有意义。",
        "By what they did in the last {weeks} {weeks|week|weeks}, {people} regular people fall into no clear groups: they differ by degrees, "
        "without a gap between one kind and another.",
    ),
    "behaviour.segments.no_habits": Text(
        "按最近 {weeks} 周的用法，{people} 个常来的人没有明显的分群：每个人这周和下周做的事都不一样，谈不上习惯。",
        "By what they did in the last {weeks} {weeks|week|weeks}, {people} regular people fall into no clear groups: what somebody does in one week says "
        "nothing about the next.",
    ),
    "behaviour.segments.too_few": Text(
        "还看不出按用法能分几群：最近 {weeks} 周里至少来过两周的只有 {people} 人，要 {needed} 人左右才够。",
        "Too early for groups by behaviour: only {people} {people|person|people} came in two weeks or more of the last {weeks}; about {needed} are needed.",
    ),
    "behaviour.segments.group": Text("{label}：{people} 人（{share}）。", "{label}: {people} {people|person|people} ({share})."),
    "behaviour.segments.more": Text("做得更多：{traits}。", "More than others: {traits}."),
    "behaviour.segments.less": Text("做得更少：{traits}。", "Less than others: {traits}."),
    "behaviour.segments.who": Text("多半是：{traits}。", "More often: {traits}."),
    "behaviour.segments.likes": Text("更喜欢：{traits}。", "They like: {traits}."),
    "behaviour.segments.path": Text("最常见的走法：{path}。", "Their usual way: {path}."),
    "behaviour.segments.trait_rate": Text(
        "{label}（活跃周里每周 {here:number} 次，其他人 {elsewhere:number} 次）",
        "{label} ({here:number} times an active week, others {elsewhere:number})",
    ),
    "behaviour.segments.trait_share": Text("{label}（{here}，其他人 {elsewhere}）", "{label} ({here}, others {elsewhere})"),
    "behaviour.segments.rule_orders": Text(
        "怎么算：{people} 个买过东西的人，按最近一次下单、下单次数、花了多少钱各分五档，再合成七类。",
        "How it counts: {people} {people|person|people} who bought something, in five steps each by last order, number of orders and money, "
        "made into seven segments.",
    ),
    "behaviour.segments.rule_events": Text(
        "怎么算：订单太少，{people} 个人按最近一次来、来过的天数各分五档，再合成七类。",
        "How it counts: too few orders, so {people} {people|person|people} in five steps each by last visit and days with a visit, made into seven segments.",
    ),
    "behaviour.segments.use": Text(
        "这些人群已经存好，别的动作可以直接用，例如 productloop behaviour funnel --segment {name}。",
        "The segments are kept for every other action, such as productloop behaviour funnel --segment {name}.",
    ),
    "behaviour.segments.cuts": Text("{name}的分档点：{cuts}。", "Cut points of {name}: {cuts}."),
    "behaviour.segments.method": Text(
        "只用人们一周周保持下来的行为（单双周一致）分群，{kept} / {columns} 项够稳定。群数取换一半人重分后最稳定的那个，而且要比一团没有群的数据分得更紧，"
        "否则就说没有。平台、套餐、国家不参与分群，只用来描述。各群之间的差别在分群用到的项目上必然大，只用来说明特点，不是证据。",
        "Groups are formed by habits only: {kept} of {columns} columns agree between odd and even weeks. Their number is the one that changes least when half "
        "of the people are drawn anew, and they must be tighter than k-means makes them in data without groups; else there are none. Platform, plan and "
        "country describe groups and form none. Groups differ by construction in what formed them: that describes them and proves nothing.",
    ),
    "behaviour.segments.person": Text("{person} 属于：{segments}。", "{person} is in: {segments}."),
    "behaviour.segments.person_none": Text("{person} 还不在任何人群里。", "{person} is in no segment yet."),
    "behaviour.segments.no_likings": Text("还看不出 {person} 特别喜欢什么。", "Nothing yet that {person} likes more than others do."),
    "behaviour.segment.champions": Text("最好的客户", "best customers"),
    "behaviour.segment.loyal": Text("稳定的老客", "steady customers"),
    "behaviour.segment.recent": Text("刚来或偶尔来", "new or now and then"),
    "behaviour.segment.fading": Text("有点冷下来", "cooling down"),
    "behaviour.segment.slipping_best": Text("快要失去的好客户", "good customers slipping away"),
    "behaviour.segment.at_risk": Text("有流失风险", "at risk"),
    "behaviour.segment.asleep": Text("早就不来了", "long gone"),
    "behaviour.segment_advice.champions": Text(
        "请他们推荐，先给他们试新功能。", "Ask them to recommend you, and show them new things first."
    ),
    "behaviour.segment_advice.loyal": Text("让他们多用一样东西。", "Give them one more thing to use."),
    "behaviour.segment_advice.recent": Text("帮他们走完第二次。", "Help them to a second time."),
    "behaviour.segment_advice.fading": Text("提醒一次，给个回来的理由。", "Remind them once, with a reason to return."),
    "behaviour.segment_advice.slipping_best": Text(
        "这周就一个个联系，问问怎么了。", "Talk to them this week, one by one, and ask what happened."
    ),
    "behaviour.segment_advice.at_risk": Text("问问为什么少来了，再决定给什么。", "Ask why they come less before you offer anything."),
    "behaviour.segment_advice.asleep": Text("不值得多花钱，最多群发一次。", "Spend little: one message to all of them at most."),
    "behaviour.group.often": Text("常做“{event}”的人", "people who often do “{event}”"),
    "behaviour.group.rarely": Text("很少“{event}”的人", "people who rarely do “{event}”"),
    "behaviour.group.night": Text("夜里来的人", "people who come at night"),
    "behaviour.group.not_night": Text("不在夜里来的人", "people who never come at night"),
    "behaviour.group.evening": Text("晚上来的人", "people who come in the evening"),
    "behaviour.group.not_evening": Text("白天来的人", "people who come by day"),
    "behaviour.group.weekend": Text("周末来的人", "people who come at weekends"),
    "behaviour.group.not_weekend": Text("工作日来的人", "people who come on working days"),
    "behaviour.group.weeks": Text("几乎每周都来的人", "people who come nearly every week"),
    "behaviour.group.not_weeks": Text("隔几周才来的人", "people who stay away for weeks"),
    "behaviour.group.average": Text("没有明显特点的人", "people without a mark of their own"),
    "behaviour.group.again": Text("{label}（{num}）", "{label} ({num})"),
    "behaviour.habit.night": Text("夜里（0–6 点）的占比", "share at night (0 to 6)"),
    "behaviour.habit.evening": Text("晚上（18–24 点）的占比", "share in the evening (18 to 24)"),
    "behaviour.habit.weekend": Text("周末的占比", "share at weekends"),
    "behaviour.habit.weeks": Text("有来的周占比", "share of weeks with a visit"),
    "behaviour.who.platform": Text("平台", "platform"),
    "behaviour.who.plan": Text("套餐", "plan"),
    "behaviour.who.country": Text("国家", "country"),
    "behaviour.who.is": Text("{column} {value}", "{column} {value}"),
    "behaviour.likes.category": Text("{name} 类", "category {name}"),
    "behaviour.heading.value_segments": Text("按价值", "By worth"),
    "behaviour.heading.groups": Text("按用法", "By behaviour"),
    "behaviour.heading.person": Text("这个人", "This person"),
    "behaviour.fold.traits": Text("每群的全部差别", "All differences of each group"),
    "behaviour.fold.segments_method": Text("怎么分的，有多稳", "How it was done, and how stable it is"),
    "behaviour.chart.value_segments_people": Text("各人群占人数的比例", "Share of people by segment"),
    "behaviour.chart.value_segments": Text("各人群占人数和收入的比例", "Share of people and of money by segment"),
    "behaviour.label.money_of": Text("金额（{currency}）", "money ({currency})"),
    "behaviour.label.of_people": Text("占人数", "of people"),
    "behaviour.label.of_money": Text("占收入", "of money"),
    "behaviour.column.segment": Text("人群", "segment"),
    "behaviour.column.segment_name": Text("--segment 里写", "for --segment"),
    "behaviour.column.recency_orders": Text("距上次下单（天）", "days since last order"),
    "behaviour.column.recency_events": Text("距上次来（天）", "days since last visit"),
    "behaviour.column.frequency_orders": Text("下单次数", "orders"),
    "behaviour.column.frequency_events": Text("来过的天数", "days with a visit"),
    "behaviour.column.advice": Text("可以做什么", "what to do"),
    "behaviour.column.stability": Text("稳定性", "stability"),
    "behaviour.column.trait": Text("差别", "difference"),
    "behaviour.column.group_here": Text("这群人", "this group"),
    "behaviour.column.group_elsewhere": Text("其他人", "all others"),
    "behaviour.column.effect": Text("效应大小", "size of effect"),
    "behaviour.column.num_groups": Text("分几群", "groups"),
    "behaviour.column.group_p": Text("没有群也会这么紧的机会", "chance of it without groups"),
    "behaviour.column.liking": Text("喜欢", "likes"),
    "behaviour.column.times": Text("次数", "times"),
    "behaviour.column.affinity": Text("是平均的几倍", "times the average"),
    "behaviour.caution.few_segments": Text(
        "只有 {people} 人；少于 {needed} 人，各人群的大小只能看个大概。",
        "Only {people} people; below {needed}, sizes of segments are rough at best.",
    ),
    "behaviour.d.segment_people": Text("这个人群里的不同的人", "different people of the segment"),
    "behaviour.d.segment_share": Text("占所有被打分的人的比例", "share of all people with a score"),
    "behaviour.d.segment_money": Text("扣掉退款后的收入占所有人收入的比例", "share of the money of all people, refunds taken off"),
    "behaviour.d.recency_orders": Text(
        "到数据结束为止，距最近一次付钱的天数，取中位数", "median days from the last paid order to the end of the data"
    ),
    "behaviour.d.recency_events": Text(
        "到数据结束为止，距最近一次有动作的天数，取中位数", "median days from the last event to the end of the data"
    ),
    "behaviour.d.frequency_orders": Text("付钱订单数的中位数", "median number of paid orders"),
    "behaviour.d.frequency_events": Text("有动作的天数的中位数", "median number of days with an event"),
    "behaviour.d.value_stability": Text(
        "换一批人重定分档点，还留在这类里的人的比例", "share that stays when the cut points come from people drawn anew"
    ),
    "behaviour.d.group_share": Text("占至少来过两周的人的比例", "share of the people with two active weeks or more"),
    "behaviour.d.group_stability": Text(
        "换一半人重分，同一群前后重合的程度（1 = 完全一样）",
        "how alike the group is when half of the people are divided anew (1 = the same)",
    ),
    "behaviour.d.group_p": Text("没有分群的数据也会分得这么紧的机会", "chance that data without groups are divided as tightly"),
    "behaviour.d.judged": Text("这段时间里至少来过两周的人", "people who came in two weeks or more of the range"),
    "behaviour.d.segments_left_out": Text("只来过一周的人，看不出习惯", "people who came in one week only: no habit to be seen"),
    "behaviour.d.trait_rate": Text("有来的周里平均每周次数", "mean times an active week"),
    "behaviour.d.trait_share": Text("比例", "share"),
    "behaviour.d.trait_difference": Text("比其他人高几个标准差（对数次数）", "standard deviations above all others (of log times)"),
    "behaviour.d.trait_ratio": Text("这群人的比例是其他人的几倍", "share here over share elsewhere"),
    "behaviour.d.typical_path": Text("占两步以上访问的比例", "share of the visits of two steps or more"),
    "behaviour.d.liking_times": Text("这个人碰过几次", "how often the person touched it"),
    "behaviour.d.affinity": Text(
        "在这个人的所有对象里的占比，是所有人占比的几倍", "its share of all this person touches over its share of all that is touched"
    ),
}
