"""Sentences of `behaviour sessions`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

SESSIONS_TITLE = Text("访问：多久来一次，一次待多久", "Sessions: how often people come, and how long they stay")

TEXTS = {
    "behaviour.sessions.title": Text("访问", "Sessions"),
    "behaviour.sessions.none": Text("这段时间里没有访问。", "No visits in this range."),
    "behaviour.sessions.lead": Text(
        "{people} 人来过 {visits} 次，平均每人 {each} 次；一次访问一般 {minutes} 分钟、{events} 个动作，十次里有一次超过 {long} 分钟。",
        "{people} {people|person|people} made {visits} visits, {each} each on average; a visit typically takes {minutes} minutes and {events} events, "
        "and one in ten takes more than {long} minutes.",
    ),
    "behaviour.sessions.more": Text(
        "每人每个周期来的次数在变多：最近 {recent:number} 次，之前 {before:number} 次。",
        "People come more often than before: {recent:number} visits each per period lately, {before:number} before.",
    ),
    "behaviour.sessions.less": Text(
        "每人每个周期来的次数在变少：最近 {recent:number} 次，之前 {before:number} 次。",
        "People come less often than before: {recent:number} visits each per period lately, {before:number} before.",
    ),
    "behaviour.sessions.single": Text(
        "每 100 次访问，大约 {percent} 次只做了一件事就走了。", "Of 100 visits, about {percent} end after a single event."
    ),
    "behaviour.sessions.rule": Text(
        "怎么算：静默 {minutes} 分钟算一次访问结束；时长从第一个动作到最后一个动作，只有一个动作的访问时长是 0。没过完的周期不显示数字。",
        "How it counts: a visit ends after {minutes} {minutes|minute|minutes} of silence; it lasts from its first to its last event, 0 where "
        "there is one only. Periods that are not over show no numbers.",
    ),
    "behaviour.sessions.rule_own": Text(
        "怎么算：访问按数据自带的会话编号；时长从第一个动作到最后一个动作，只有一个动作的访问时长是 0。没过完的周期不显示数字。",
        "How it counts: visits are the sessions that the data give; a visit lasts from its first to its last event, 0 where there is one only. "
        "Periods that are not over show no numbers.",
    ),
    "behaviour.sessions.silences": Text(
        "静默时间是一个约定。换一个约定，访问次数和时长会这样变：",
        "The silence is a convention. With another one, visits and their length would be:",
    ),
    "behaviour.chart.visits_day": Text("每天的访问次数", "Visits a day"),
    "behaviour.chart.visits_week": Text("每周的访问次数", "Visits a week"),
    "behaviour.chart.visits_month": Text("每月的访问次数", "Visits a month"),
    "behaviour.heading.first_events": Text("访问从什么开始", "What visits begin with"),
    "behaviour.heading.last_events": Text("访问在哪里结束", "What visits end with"),
    "behaviour.heading.sessions_by": Text("按 {column} 拆分", "Split by {column}"),
    "behaviour.fold.sessions_periods": Text("逐个周期", "Period by period"),
    "behaviour.fold.silences": Text("换一个静默时间会怎样", "What another silence would change"),
    "behaviour.label.everybody": Text("所有人", "everybody"),
    "behaviour.label.visits_each": Text("每人次数", "visits each"),
    "behaviour.label.median_minutes": Text("一般时长（分钟）", "typical minutes"),
    "behaviour.label.p90_minutes": Text("最长的一成超过（分钟）", "longest tenth exceeds (minutes)"),
    "behaviour.label.median_events": Text("一般动作数", "typical events"),
    "behaviour.label.single_event": Text("只有一个动作", "one event only"),
    "behaviour.label.silence": Text("静默（分钟）", "silence (minutes)"),
    "behaviour.column.period": Text("开始于", "from"),
    "behaviour.caution.open_sessions": Text(
        "有 {visits} 次访问在数据结束时还没完，不算时长和结尾。",
        "{visits} {visits|visit was|visits were} not over at the end of the data: counted as begun, without length and end.",
    ),
    "behaviour.d.visits_begun": Text("在这段时间里开始的访问", "visits that begin in the range"),
    "behaviour.d.visits_each": Text("来过的人平均每人的访问次数", "visits per person who came"),
    "behaviour.d.visit_length": Text(
        "已结束访问从第一个到最后一个动作的分钟数，取中位数", "median minutes from the first to the last event of a finished visit"
    ),
    "behaviour.d.visit_length_p90": Text("十次已结束访问里有一次比它长", "one finished visit in ten is longer"),
    "behaviour.d.visit_events": Text("已结束访问里动作数的中位数", "median number of events of a finished visit"),
    "behaviour.d.visit_single": Text("已结束访问里只有一个动作的比例", "share of finished visits with a single event"),
    "behaviour.d.visit_first": Text("以它开头的访问占所有访问的比例", "share of all visits that begin with it"),
    "behaviour.d.visit_last": Text("以它结尾的访问占所有已结束访问的比例", "share of all finished visits that end with it"),
}
