"""Sentences of `behaviour pricing`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

PRICING_TITLE = Text("该卖多少钱，改价之后怎么样", "What to charge, and what a new price did")

NO_BREAKDOWN = Problem(
    "pricing_no_breakdown",
    Text("定价分析不能用 --by {name:quote} 拆分", "pricing cannot be split with --by {name:quote}"),
    Text("一次看一类人", "one kind of people at a time"),
    Text("改用 --segment 或 --where {name}=某个值，各看一次", "use --segment, or --where {name}=VALUE once for each value"),
)
COLUMN_UNKNOWN = Problem(
    "pricing_column",
    Text("导入的数据里没有叫 {name:quote} 的列", "no imported column is called {name:quote}"),
    Text("问卷里的一列；最接近的是 {nearest:quote}", "a column of the survey; the nearest is {nearest:quote}"),
    Text("改列名再来，或者不填，让它按表头找", "change the name, or leave it out to have it found by its header"),
)

TEXTS = {
    "behaviour.pricing.title": Text("定价", "Pricing"),
    "behaviour.pricing.no_survey": Text(
        "没有找到价格问卷。两种都行：四列“太便宜 / 便宜 / 贵 / 太贵”各填一个价格；或者几列“XX 元会买吗”填会、不会。"
        "导入后再来，表头认不出时用 --too-cheap 等选项写明列名。",
        "No price survey was found. Either kind will do: four columns with a price each, too cheap / cheap / expensive / too expensive; or several columns "
        "“would you buy at PRICE” with yes and no. Import one and ask again; where headers are not recognised, name the columns with --too-cheap and so on.",
    ),
    "behaviour.pricing.few": Text(
        "找到了价格问卷的列，但能用的回答不到 5 份：四个价格要从“太便宜”到“太贵”依次升高。检查列是不是认错了。",
        "Columns of a price survey were found, but fewer than 5 people gave usable answers: the four prices must rise from too cheap to too expensive. "
        "Check whether the columns were taken rightly.",
    ),
    "behaviour.pricing.few_meter": Text(
        "“太便宜 / 便宜 / 贵 / 太贵”四列能用的回答不到 5 份。",
        "Fewer than 5 usable answers stand in the four columns too cheap to too expensive.",
    ),
    "behaviour.pricing.few_demand": Text(
        "“XX 元会买吗”的回答不到 5 份，或只问了一个价格。",
        "Fewer than 5 people answered “would you buy at PRICE”, or only one price was asked.",
    ),
    "behaviour.pricing.range": Text(
        "{people} 人的回答里，能接受的价格大致在 {lowest} 到 {highest} 之间。",
        "By the answers of {people} {people|person|people}, prices from about {lowest} to {highest} are acceptable.",
    ),
    "behaviour.pricing.optimal": Text(
        "觉得太便宜和觉得太贵的人一样多的价格是 {optimal}（九成把握：{optimal:range}）；觉得便宜和觉得贵的人一样多的是 {indifference}。",
        "As many find it too cheap as too expensive at {optimal} (nine times in ten {optimal:range}); as many find it cheap as expensive at {indifference}.",
    ),
    "behaviour.pricing.said": Text(
        "这是大家嘴上说的，不是真的掏钱；定下之前用小范围的真实价格试一次。",
        "This is what people say, not what they pay; before you decide, try it as a real price on a few.",
    ),
    "behaviour.pricing.best": Text(
        "试过的价格里 {price} 收入最高：{share} 的人说会买，每 100 个被问的人大约带来 {revenue:range}（九成把握）。",
        "Of the prices asked, {price} brings the most: {share} say they would buy, about {revenue:range} for every 100 people asked (nine times in ten).",
    ),
    "behaviour.pricing.best_unsure": Text(
        "试过的价格里 {price} 看起来收入最高（{share} 的人说会买），但只有 {chance} 的把握是它：先多问一些人。",
        "Of the prices asked, {price} seems to bring the most ({share} say they would buy), but that is only {chance} sure: ask more people first.",
    ),
    "behaviour.pricing.no_changes": Text(
        "没有记录过改价：把改价的日期写进 changes 表（类型 price），以后就能比较改价前后的人。",
        "No change of price is recorded: put its date into the table changes (kind price) to compare the people before and after.",
    ),
    "behaviour.pricing.early": Text("还太早，{day} 再看。", "Too early; look again on {day}."),
    "behaviour.pricing.short": Text(
        "改价之前的数据不到 {days} 天，没有可比的老价格用户。",
        "There are fewer than {days} days of data before the change: nobody at the old price to compare with.",
    ),
    "behaviour.pricing.unclear": Text(
        "付费、退订、退款、谈论价格，都看不出明显的不同。",
        "Nothing clearly differs: paying, stopping, refunds, or writing about the price.",
    ),
    "behaviour.pricing.no_cause": Text(
        "这只是改价前后两批人的差别，同期别的变化也在里面；没有同时保留老价格的对照组，不能说是改价造成的。",
        "This is a difference between people before and after; whatever else changed at the time is in it. Without a control that kept the old price "
        "it cannot be said that the price caused it.",
    ),
    "behaviour.pricing.rule": Text(
        "怎么算：每人看 {days} 天；新人是改价前后各 {cohort} 天内注册的；付费用户是开始看的前一天订阅有效的人；谈论价格只数这些天里活跃的人。",
        "How it counts: everybody is watched for {days} {days|day|days}; newcomers signed up within {cohort} {cohort|day|days} before or after; "
        "payers had a subscription in force on the day before; writing about the price counts among people active in those days.",
    ),
    "behaviour.pricing.more_paid": Text(
        "新价格下有更多新人付费：{new}，老价格时是 {old}。", "More newcomers pay at the new price: {new}, at the old one {old}."
    ),
    "behaviour.pricing.less_paid": Text(
        "新价格下付费的新人少了：{new}，老价格时是 {old}。", "Fewer newcomers pay at the new price: {new}, at the old one {old}."
    ),
    "behaviour.pricing.more_stopped": Text(
        "改价后降级或退订的付费用户多了：{new}，之前是 {old}。",
        "More payers stepped down or stopped after the change: {new}, before it {old}.",
    ),
    "behaviour.pricing.less_stopped": Text(
        "改价后降级或退订的付费用户少了：{new}，之前是 {old}。",
        "Fewer payers stepped down or stopped after the change: {new}, before it {old}.",
    ),
    "behaviour.pricing.more_refunded": Text(
        "改价后退款的付费用户多了：{new}，之前是 {old}。", "More payers got a refund after the change: {new}, before it {old}."
    ),
    "behaviour.pricing.less_refunded": Text(
        "改价后退款的付费用户少了：{new}，之前是 {old}。", "Fewer payers got a refund after the change: {new}, before it {old}."
    ),
    "behaviour.pricing.more_wrote": Text(
        "改价后更多人写到价格：{new}，之前是 {old}。", "More people wrote about the price after the change: {new}, before it {old}."
    ),
    "behaviour.pricing.less_wrote": Text(
        "改价后写到价格的人少了：{new}，之前是 {old}。", "Fewer people wrote about the price after the change: {new}, before it {old}."
    ),
    "behaviour.pricing.method": Text(
        "价格敏感度用 Van Westendorp（1976）：“太便宜”与“不便宜”的交点到“不贵”与“太贵”的交点是可接受范围；四个回答没有依次升高的人不算。"
        "购买意愿用 Gabor-Granger（1966）：价格越高说会买的人不该越多，反过来的相邻价格合并。区间是对人做自助抽样（九成）。",
        "Price sensitivity follows Van Westendorp (1976): the range reaches from where “too cheap” meets “not cheap” to where “not expensive” meets "
        "“too expensive”; people whose four answers do not rise are left out. Willingness to buy follows Gabor-Granger (1966): shares "
        "that rise with the price are pooled. Intervals are bootstraps over people (nine times in ten).",
    ),
    "behaviour.heading.meter": Text("大家觉得多少钱合适", "What people find a fair price"),
    "behaviour.heading.demand": Text("各个价格有多少人会买", "Who would buy at which price"),
    "behaviour.heading.price_change": Text("{day} 改价：{title}", "New price on {day}: {title}"),
    "behaviour.chart.meter": Text("在各个价格（{currency}）这样觉得的人", "Share of people who find it so at each price ({currency})"),
    "behaviour.chart.demand": Text("各个价格（{currency}）说会买的人", "Share who say they would buy, by price ({currency})"),
    "behaviour.chart.meter_plain": Text("在各个价格这样觉得的人", "Share of people who find it so at each price"),
    "behaviour.chart.demand_plain": Text("各个价格说会买的人", "Share who say they would buy, by price"),
    "behaviour.fold.meter": Text("四条曲线", "The four curves"),
    "behaviour.fold.pricing_method": Text("怎么算的", "How it is worked out"),
    "behaviour.label.point": Text("位置", "point"),
    "behaviour.label.price": Text("价格", "price"),
    "behaviour.label.lowest": Text("再低就让人怀疑", "below this people grow suspicious"),
    "behaviour.label.optimal": Text("太便宜与太贵的人一样多", "as many find it too cheap as too expensive"),
    "behaviour.label.indifference": Text("便宜与贵的人一样多", "as many find it cheap as expensive"),
    "behaviour.label.highest": Text("再高就没人考虑", "above this too many turn away"),
    "behaviour.label.too_cheap": Text("太便宜", "too cheap"),
    "behaviour.label.cheap": Text("便宜", "cheap"),
    "behaviour.label.expensive": Text("贵", "expensive"),
    "behaviour.label.too_expensive": Text("太贵", "too expensive"),
    "behaviour.label.asked": Text("问了", "asked"),
    "behaviour.label.would_buy": Text("说会买", "would buy"),
    "behaviour.label.revenue_hundred": Text("每 100 人收入", "revenue per 100 asked"),
    "behaviour.label.best_chance": Text("是最高的把握", "sure to be the best"),
    "behaviour.label.old_price": Text("老价格", "old price"),
    "behaviour.label.new_price": Text("新价格", "new price"),
    "behaviour.label.gap": Text("相差", "difference"),
    "behaviour.label.pricing_paid": Text("新人付费", "newcomers who pay"),
    "behaviour.label.pricing_stopped": Text("付费用户降级或退订", "payers who step down or stop"),
    "behaviour.label.pricing_refunded": Text("付费用户退款", "payers with a refund"),
    "behaviour.label.pricing_wrote": Text("写到价格的活跃用户", "active people who wrote about the price"),
    "behaviour.caution.pricing_meter_columns": Text(
        "四个价格是按表头认的：太便宜 = {a:quote}，便宜 = {b:quote}，贵 = {c:quote}，太贵 = {d:quote}。"
        "不对就用 --too-cheap、--cheap、--expensive、--too-expensive 写明。",
        "The four prices were found by their headers: too cheap = {a:quote}, cheap = {b:quote}, expensive = {c:quote}, too expensive = {d:quote}. "
        "If that is wrong, name them with --too-cheap, --cheap, --expensive and --too-expensive.",
    ),
    "behaviour.caution.pricing_demand_columns": Text(
        "“会不会买”是按表头认的：{columns}。不对就用 --buy 写明。",
        "The questions about buying were found by their headers: {columns}. If that is wrong, name them with --buy.",
    ),
    "behaviour.caution.pricing_few": Text(
        "只有 {people:count} 份回答，不到 {needed:count} 份，价格只能当参考。",
        "Only {people:count} {people|answer|answers}, fewer than {needed:count}: take the prices as a hint.",
    ),
    "behaviour.caution.pricing_inconsistent": Text(
        "另有 {num} 人的四个价格没有依次升高，没有算进去。",
        "{num} more {num|person|people} gave four prices that do not rise and {num|is|are} left out.",
    ),
    "behaviour.d.pricing_people": Text("回答能用的人", "people with usable answers"),
    "behaviour.d.pricing_inconsistent": Text("四个价格没有依次升高的人", "people whose four prices do not rise"),
    "behaviour.d.pricing_optimal": Text(
        "说太便宜的人和说太贵的人一样多的价格", "price at which as many find it too cheap as too expensive"
    ),
    "behaviour.d.pricing_indifference": Text("说便宜的人和说贵的人一样多的价格", "price at which as many find it cheap as expensive"),
    "behaviour.d.pricing_lowest": Text("说太便宜的人和说不便宜的人一样多的价格", "price at which as many find it too cheap as not cheap"),
    "behaviour.d.pricing_highest": Text(
        "说不贵的人和说太贵的人一样多的价格", "price at which as many find it not expensive as too expensive"
    ),
    "behaviour.d.pricing_tested": Text("问卷里问过的价格", "a price the survey asked about"),
    "behaviour.d.pricing_asked": Text("被问到这个价格的人", "people asked about this price"),
    "behaviour.d.pricing_share": Text("说会买的人占被问的人", "share of the people asked who say they would buy"),
    "behaviour.d.pricing_revenue": Text(
        "价格乘以每 100 人里说会买的人数（价格越高不得越多）", "price times how many of 100 would buy (never more at a higher price)"
    ),
    "behaviour.d.pricing_chance": Text("抽样重复中这个价格收入最高的比例", "share of bootstrap draws in which this price brings the most"),
    "behaviour.d.pricing_paid": Text("注册后这些天内有第一笔付款的新人的比例", "share of newcomers with a first payment within the days"),
    "behaviour.d.pricing_stopped": Text(
        "这些天里月付金额变少或停了的付费用户的比例", "share of payers whose monthly amount fell or ended within the days"
    ),
    "behaviour.d.pricing_refunded": Text("这些天里有退款的付费用户的比例", "share of payers with a refund within the days"),
    "behaviour.d.pricing_wrote": Text(
        "这些天里活跃的人中，写过提到价格的反馈的比例", "share of people active in the days who wrote a text that mentions the price"
    ),
    "behaviour.d.pricing_difference": Text("新价格的比例减去老价格的比例", "share at the new price minus the share at the old"),
}
