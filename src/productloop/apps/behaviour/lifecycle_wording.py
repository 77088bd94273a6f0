"""Sentences of `behaviour lifecycle`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

LIFECYCLE_TITLE = Text("生命周期：新增、留下、回流、沉默", "Lifecycle: new, returning, back again, silent")

TEXTS: dict[str, Text] = {
    "behaviour.lifecycle.title": Text("生命周期", "Lifecycle"),
    "behaviour.lifecycle.nothing": Text(
        "至少要有两个周期的数据：第一个周期里人人都是新的，说明不了什么。",
        "At least two periods are needed: in the first one everybody is new, which says nothing.",
    ),
    "behaviour.lifecycle.too_early": Text("还太早：没有一个周期已经走完。", "Too early: no period is over yet."),
    "behaviour.lifecycle.net_more": Text(
        "人在变多：{span}，新增和回流 {came} 人次，沉默 {went} 人次，净增 {net} 人（九成把握：{low}-{high}）。",
        "People are gained: in {span}, {came} were new or back again and {went} fell silent, {net} more on balance (nine times in ten {low}-{high}).",
    ),
    "behaviour.lifecycle.net_less": Text(
        "人在变少：{span}，新增和回流 {came} 人次，沉默 {went} 人次，净减 {net} 人（九成把握：{low}-{high}）。",
        "People are lost: in {span}, {came} were new or back again, but {went} fell silent, {net} fewer on balance (nine times in ten {low}-{high}).",
    ),
    "behaviour.lifecycle.net_same": Text(
        "人数没有明显增减：{span}，新增和回流 {came} 人次，沉默 {went} 人次，两者的差在碰巧的范围内（九成把握：{low} 到 {high} 人）。",
        "Neither clearly more nor fewer people: in {span}, {came} were new or back again and {went} fell silent, no more apart than chance makes them "
        "({low} to {high} people, nine times in ten).",
    ),
    "behaviour.lifecycle.span_day": Text("最近 {num} 天", "the last {num} {num|day|days}"),
    "behaviour.lifecycle.span_week": Text("最近 {num} 周", "the last {num} {num|week|weeks}"),
    "behaviour.lifecycle.span_month": Text("最近 {num} 个月", "the last {num} {num|month|months}"),
    "behaviour.lifecycle.net_rule": Text(
        "增减是否明显：只看开始之前和最后一个周期里谁在，每人算一次（McNemar，加一人的连续性校正），再加上以往各周期整体起伏的部分；"
        "九成区间不含 0 才算明显。",
        "Whether people are clearly gained or lost: who was there before and who is in the last of these periods, each person once (McNemar, "
        "corrected by one person), and what whole periods varied so far beyond that; clear where nine times in ten leave out 0.",
    ),
    "behaviour.lifecycle.last_day": Text(
        "{start} 这一天有 {active} 人活跃：{new} 人新来，{returning} 人前一天也在，{resurrecting} 人隔了一阵又回来；前一天还在的人里 {dormant} 人没来。",
        "On {start}, {active} {active|person was|people were} active: {new} new, {returning} there the day before too, "
        "{resurrecting} back after a break; {dormant} of the day before did not come.",
    ),
    "behaviour.lifecycle.last_week": Text(
        "{start} 那一周有 {active} 人活跃：{new} 人新来，{returning} 人上一周也在，{resurrecting} 人隔了一阵又回来；上一周还在的人里 {dormant} 人没来。",
        "In the week of {start}, {active} {active|person was|people were} active: {new} new, {returning} there the week before too, "
        "{resurrecting} back after a break; {dormant} of the week before did not come.",
    ),
    "behaviour.lifecycle.last_month": Text(
        "{start} 开始的那个月有 {active} 人活跃：{new} 人新来，{returning} 人上个月也在，{resurrecting} 人隔了一阵又回来；上个月还在的人里 {dormant} 人没来。",
        "In the month from {start}, {active} {active|person was|people were} active: {new} new, {returning} there the month before too, "
        "{resurrecting} back after a break; {dormant} of the month before did not come.",
    ),
    "behaviour.lifecycle.part_less_day": Text(
        "{column} 是“{value}”的人留不住：前一天来过的每 100 人里，这天又来的只有 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} stay away: of 100 there the day before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_more_day": Text(
        "{column} 是“{value}”的人更愿意回来：前一天来过的每 100 人里，这天又来了 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} come again more often: of 100 there the day before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_less_week": Text(
        "{column} 是“{value}”的人留不住：上一周来过的每 100 人里，这周又来的只有 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} stay away: of 100 there the week before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_more_week": Text(
        "{column} 是“{value}”的人更愿意回来：上一周来过的每 100 人里，这周又来了 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} come again more often: of 100 there the week before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_less_month": Text(
        "{column} 是“{value}”的人留不住：上个月来过的每 100 人里，这个月又来的只有 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} stay away: of 100 there the month before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_more_month": Text(
        "{column} 是“{value}”的人更愿意回来：上个月来过的每 100 人里，这个月又来了 {stayed} 个，全部人是 {all} 个。",
        "People with {column} = {value} come again more often: of 100 there the month before, about {stayed} came again; of everybody {all}.",
    ),
    "behaviour.lifecycle.part_same": Text(
        "按 {column} 看，没有哪一类人明显更常回来、或更少回来。",
        "By {column}, no kind of people clearly comes again more or less often than the others.",
    ),
    "behaviour.lifecycle.by_day": Text("{start} 这一天，按 {column}", "{start} by {column}"),
    "behaviour.lifecycle.by_week": Text("{start} 那一周，按 {column}", "The week of {start} by {column}"),
    "behaviour.lifecycle.by_month": Text("{start} 开始的那个月，按 {column}", "The month from {start} by {column}"),
    "behaviour.lifecycle.stayed": Text("又来的比例", "came again"),
    "behaviour.lifecycle.judged": Text(
        "“又来的比例”：上个周期来过的人里，这个周期又来的。每个值都和其他所有人比，按比较的个数校正（Holm），不到 30 人的不比。",
        "“Came again”: of the people of the period before, those who came in this one. Each value is compared with everybody else, adjusted for the "
        "number of comparisons (Holm); fewer than 30 people are not compared.",
    ),
    "behaviour.chart.lifecycle_by": Text("活跃的人，按 {column}", "Active people by {column}"),
    "behaviour.d.lifecycle_stayed": Text(
        "上个周期活跃的人里，这个周期又活跃的比例", "share of the people active in the period before who are active in this one too"
    ),
    "behaviour.lifecycle.rule": Text(
        "怎么算：做了{event}就算活跃。新来 = 全部数据里的第一次；留下 = 上个周期也在；回流 = 隔了至少一个周期又来；"
        "沉默 = 上个周期在、这个周期没来，只在第一个没来的周期算一次。正在进行的周期还不算沉默。",
        "How it counts: {event} makes a person active. New: their first event in all the data. Returning: there in the period before too. "
        "Back again: after at least one period without. Silent: there in the period before and not in this one, counted once, in the first "
        "silent period. In the running period nobody is silent yet.",
    ),
    "behaviour.lifecycle.known_before": Text(
        "{people} 人在数据开始之前就注册了，不算新来的，第一次出现算回流。",
        "{people} {people|person|people} had signed up before the data begin: never new, their first time counts as back again.",
    ),
    "behaviour.lifecycle.active": Text("活跃", "active"),
    "behaviour.lifecycle.new": Text("新来", "new"),
    "behaviour.lifecycle.returning": Text("留下", "returning"),
    "behaviour.lifecycle.resurrecting": Text("回流", "back again"),
    "behaviour.lifecycle.dormant": Text("沉默", "silent"),
    "behaviour.lifecycle.running": Text("{start}（进行中）", "{start} (in progress)"),
    "behaviour.chart.lifecycle": Text("每个周期的人（沉默画在下面）", "People in each period (silent ones below)"),
    "behaviour.fold.lifecycle": Text("每个周期的数字", "The numbers of each period"),
    "behaviour.caution.lifecycle_old": Text(
        "数据从 {since} 开始，又没有用户的注册时间：最早几个周期“新来”的人里可能有老用户。",
        "The data begin on {since} and nobody's sign-up date is known: “new” people of the first periods may be old ones.",
    ),
    "behaviour.d.lifecycle_balance": Text(
        "最近几个走完的周期里，新来和回流的人次除以沉默的人次",
        "people who were new or back again over people who fell silent, in the last periods that are over",
    ),
    "behaviour.d.lifecycle_net": Text(
        "最后一个走完的周期里活跃的人，比最近几个周期开始之前多多少",
        "people active in the newest period that is over, less those active in the period before the last few",
    ),
    "behaviour.d.lifecycle_came": Text(
        "最近几个走完的周期里，新来和回流的人次", "people new or back again in the last periods that are over"
    ),
    "behaviour.d.lifecycle_went": Text("最近几个走完的周期里，沉默的人次", "people who fell silent in the last periods that are over"),
    "behaviour.d.lifecycle_before": Text("注册时间早于数据开始的人", "people whose sign-up is older than the first event of the data"),
    "behaviour.d.lifecycle_active": Text("这个周期里活跃的人，每人算一次", "people active in this period, each counted once"),
    "behaviour.d.lifecycle_new": Text(
        "全部数据里的第一个事件落在这个周期的活跃的人", "active people whose first event in all the data lies in this period"
    ),
    "behaviour.d.lifecycle_returning": Text("这个周期和上个周期都活跃的人", "people active in this period and in the one before"),
    "behaviour.d.lifecycle_resurrecting": Text(
        "这个周期活跃、上个周期没来、又不是新来的人", "people active in this period, not in the one before, and not new"
    ),
    "behaviour.d.lifecycle_dormant": Text("上个周期活跃、这个周期没来的人", "people active in the period before and not in this one"),
}
