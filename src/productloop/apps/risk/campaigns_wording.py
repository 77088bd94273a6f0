"""Sentences of `risk campaigns`: what every campaign did, and what all together taught."""

from __future__ import annotations

from productloop.foundation.wording import Text

CAMPAIGNS_TITLE = Text("每次挽留活动的效果", "What each campaign did")

TEXTS: dict[str, Text] = {
    "risk.campaigns.page": CAMPAIGNS_TITLE,
    "risk.campaigns.line.none": Text(
        "还没有开始过活动。先看名单：productloop risk prevent", "No campaign was started yet. See the list first: productloop risk prevent"
    ),
    "risk.campaigns.heading.one": Text("{day} 开始的活动（{id}）", "The campaign started on {day} ({id})"),
    "risk.campaigns.state.early": Text(
        "现在看太早，{day} 再看。联系了 {contacted:count} 人，留出 {alone:count} 人。",
        "Too early: look again on {day}. {contacted:count} people were contacted, {alone:count} left alone.",
    ),
    "risk.campaigns.state.empty": Text(
        "时间到了，但至少有一组一个结果都没有：导入结果表再看（谁、什么结果、哪天知道的）。",
        "Its time is over, but one of the two groups has no result at all: import outcomes (who, what, when it was observed) and look again.",
    ),
    "risk.campaigns.state.kept": Text(
        "有用：联系的人 {treated} {event}，留出的人 {held}；每联系 100 人少走 {fewer:number} 个（{low:number} 到 {high:number}，九成把握）。",
        "It worked: {treated} of those contacted {event}, {held} of those left alone; of 100 contacted {fewer:number} fewer leave "
        "({low:number} to {high:number}, nine times in ten).",
    ),
    "risk.campaigns.state.harmed": Text(
        "帮了倒忙：联系的人 {treated} {event}，留出的人才 {held}；每联系 100 人反而多走，少走的人数是 {low:number} 到 {high:number}（九成把握）。",
        "It did harm: {treated} of those contacted {event}, {held} of those left alone; of 100 contacted, fewer leave by {low:number} to {high:number}, "
        "that is: more do (nine times in ten).",
    ),
    "risk.campaigns.state.unclear": Text(
        "看不出有没有用：联系的人 {treated} {event}，留出的人 {held}；每联系 100 人少走的可能是 {low:number} 到 {high:number} 个（九成把握），人数还不够分辨。",
        "It cannot be told whether it worked: {treated} of those contacted {event}, {held} of those left alone; of 100 contacted {low:number} to "
        "{high:number} fewer leave (nine times in ten). There are too few people to tell.",
    ),
    "risk.campaigns.line.kept": Text(
        "因此留住大约 {kept:number} 人（{low:number} 到 {high:number}）。",
        "So about {kept:number} people were kept ({low:number} to {high:number}).",
    ),
    "risk.campaigns.line.money": Text(
        "折成钱 {money:money}（{money_low:money} 到 {money_high:money}），花费 {cost:money}，净赚 {net:money}（{net_low:money} 到 {net_high:money}）。",
        "In money {money:money} ({money_low:money} to {money_high:money}), cost {cost:money}, net {net:money} ({net_low:money} to {net_high:money}).",
    ),
    "risk.campaigns.line.mismatch": Text(
        "两组人数和抽签的比例对不上（p = {p:number}）：多半有人被漏掉或另外加进来了，先别信这次的比较。",
        "The sizes of the two groups do not fit the lot (p = {p:number}): people were probably lost or added. Do not trust this comparison yet.",
    ),
    "risk.campaigns.line.erased": Text(
        "有 {num:count} 人的数据后来被删除，不再算在内。", "{num:count} {num|person was|people were} erased since and no longer count."
    ),
    "risk.campaigns.line.unknown": Text(
        "{num:count} 人还没有结果，没有当作留下。",
        "{num:count} {num|person has|people have} no result yet and {num|is|are} not counted as staying.",
    ),
    "risk.campaigns.heading.learned": Text("学到了什么", "What they taught"),
    "risk.campaigns.learned.early": Text(
        "所有活动加起来有 {people:count} 人有结果，{left:count} 人流失；再有 {missing:count} 个流失的结果，名单才会改按“联系对谁有用”排。",
        "All campaigns together hold {people:count} people with a result, {left:count} of whom left; {missing:count} more who left, and lists will go by whom "
        "contacting keeps.",
    ),
    "risk.campaigns.learned.differs": Text(
        "看得出联系对谁更有用：从 {people:count} 人的结果看，排在前面的人联系后少走得明显更多。下一份名单已经按这个排。",
        "It can be seen whom contacting keeps: among {people:count} people with a result, it kept clearly more of those now put first. "
        "The next list goes by that.",
    ),
    "risk.campaigns.learned.same": Text(
        "{people:count} 人的结果里，看不出人和人有差别：下一份名单按所有人同样的效果算。",
        "Among {people:count} people with a result, nobody in particular is moved more: the next list counts everybody alike.",
    ),
    "risk.campaigns.learned.none": Text(
        "{people:count} 人的结果里，还不能肯定有用，也看不出对谁更有用：下一份名单仍按风险排，照样留出一部分人。",
        "Among {people:count} people with a result it is not yet sure that it works, nor for whom: the next list still goes by risk, and some are still "
        "left alone.",
    ),
    "risk.campaigns.line.teaches": Text(
        "联系过的人后来走没走，不会拿去教风险模型（留下可能正是因为联系了）；留出的人替他们算进去。",
        "Results of people who were contacted do not teach the risk model (they may have stayed because of it); those left alone stand for them.",
    ),
    "risk.campaigns.column.action": Text("做法", "action"),
    "risk.campaigns.column.contacted": Text("联系的人", "contacted"),
    "risk.campaigns.column.contacted_left": Text("其中{event}", "of them {event}"),
    "risk.campaigns.column.alone": Text("留出的人", "left alone"),
    "risk.campaigns.column.alone_left": Text("其中{event}", "of them {event}"),
    "risk.campaigns.column.fewer": Text("100 人里少走几个", "fewer of 100"),
    "risk.campaigns.column.part": Text("按估计的效果从高到低", "by estimated effect, highest first"),
    "risk.campaigns.part": Text("{first:percent} 到 {last:percent}", "{first:percent} to {last:percent}"),
    "risk.campaigns.gap": Text("{value:number}（{low:number} 到 {high:number}）", "{value:number} ({low:number} to {high:number})"),
    "risk.campaigns.fold.actions": Text("每种做法分开看：{id}", "Each action by itself: {id}"),
    "risk.campaigns.fold.order": Text("按学到的顺序联系，能留住多少（Qini 曲线）", "How many are kept in the learned order (Qini curve)"),
    "risk.campaigns.chart.order": Text(
        "每 100 人里留住几个：联系顺序最前面的这么多人", "people kept per 100 of everybody, when the first part of the order is contacted"
    ),
    "risk.campaigns.chart.learned": Text("学到的顺序", "learned order"),
    "risk.campaigns.chart.random": Text("随机的顺序", "random order"),
    "risk.campaigns.chart.share": Text("联系了多大一份人", "share contacted"),
    "risk.campaigns.line.areas": Text(
        "Qini 系数 {qini:number}（{qini_low:number} 到 {qini_high:number}，0 = 随机），AUUC {auuc:number}（{auuc_low:number} 到 {auuc_high:number}），"
        "按全部人平均；每个人的估计来自没见过他的模型，区间是对账户重抽样。",
        "Qini coefficient {qini:number} ({qini_low:number} to {qini_high:number}; 0 = random), AUUC {auuc:number} ({auuc_low:number} to {auuc_high:number}), "
        "per head of everybody; each person's estimate comes from a model that never saw them, intervals by bootstrap over accounts.",
    ),
    "risk.campaigns.define.people": Text("抽到这一组、还在数据里的人", "people drawn into this group who are still in the data"),
    "risk.campaigns.define.left": Text("这一组里结果已知的人中流失的比例", "share of those with a known result in this group who left"),
    "risk.campaigns.define.fewer": Text(
        "留出的人流失的比例减去联系的人流失的比例，百分点；同一账户的人一起算误差",
        "share who left among those left alone minus that among the contacted, in points; errors by account",
    ),
    "risk.campaigns.define.kept": Text("上面的差 × 联系了、结果已知的人数", "that difference x people contacted whose result is known"),
    "risk.campaigns.define.money": Text(
        "两组里“留下的人值的钱”的平均差 × 联系的人数；值多少按活动开始前 84 天的付款折成一年再乘当时的 --margin",
        "difference of the mean worth of those who stayed x people contacted; worth = payments of the 84 days before the start as a year, times the margin",
    ),
    "risk.campaigns.define.net": Text("折成的钱减去花费", "that money less the cost"),
    "risk.campaigns.define.qini": Text(
        "曲线和随机顺序之间的面积（Radcliffe 2007）", "area between the curve and a random order (Radcliffe 2007)"
    ),
    "risk.campaigns.define.auuc": Text("提升曲线下的面积", "area under the uplift curve"),
}
