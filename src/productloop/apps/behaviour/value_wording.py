"""Sentences of `behaviour value`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

VALUE_TITLE = Text("一个顾客值多少钱", "What a customer is worth")

NO_BREAKDOWN = Problem(
    "value_no_breakdown",
    Text("顾客价值不能用 --by {name:quote} 拆分", "customer value cannot be split with --by {name:quote}"),
    Text("一次看一类人", "one kind of people at a time"),
    Text("改用 --segment 或 --where {name}=某个值，各看一次", "use --segment, or --where {name}=VALUE once for each value"),
)

TEXTS = {
    "behaviour.value.title": Text("一个顾客值多少钱", "What a customer is worth"),
    "behaviour.value.lead": Text(
        "平均每个顾客未来 {months} 个月还会花 {ahead:money}（九成把握：{ahead:range}）；到现在为止平均已经花了 {so_far:money}。",
        "The average customer will spend another {ahead:money} in the next {months} {months|month|months} (nine times in ten {ahead:range}); "
        "so far they have spent {so_far:money} each.",
    ),
    "behaviour.value.again": Text(
        "{people} 个顾客里，未来 {months} 个月大概有 {again:range} 人会再来买。",
        "Of {people} {people|customer|customers}, about {again:range} will buy again within {months} {months|month|months}.",
    ),
    "behaviour.value.top": Text(
        "最有价值的十分之一（{people} 人）占了未来收入的 {share}。{alive}",
        "The most valuable tenth ({people} {people|customer|customers}) brings {share} of what is to come. {alive}",
    ),
    "behaviour.value.alive": Text(
        "买过不止一次的 {repeaters} 人里，大概还有 {alive:range} 人没走。",
        "Of the {repeaters} who bought more than once, about {alive:range} are probably still there.",
    ),
    "behaviour.value.tested": Text(
        "拿过去检验：只给它看到 {until} 为止的订单，它估计之后 {weeks} 周会有 {predicted} 次购买，实际 {actual} 次；按“和上一段时间一样”估计是 {naive} 次。",
        "Held against the past: shown only the orders up to {until}, it expected {predicted} purchases in the {weeks} weeks after; {actual} came. "
        "“The same as in the period before” would have said {naive}.",
    ),
    "behaviour.value.better": Text(
        "逐个顾客看，它比“和上一段时间一样”准。", "Customer by customer it is closer than “the same as before”."
    ),
    "behaviour.value.same": Text(
        "逐个顾客看，它并不比“和上一段时间一样”准：只能当粗略的参考。",
        "Customer by customer it is no closer than “the same as before”: take it as a rough guide only.",
    ),
    "behaviour.value.worse": Text(
        "逐个顾客看，它还不如“和上一段时间一样”准：先别用这些数字做决定。",
        "Customer by customer it is worse than “the same as before”: do not decide on these numbers yet.",
    ),
    "behaviour.value.untested": Text(
        "历史太短，没法拿过去检验：这些数字还没被证实过。",
        "The history is too short to hold this against the past: nothing has confirmed these numbers yet.",
    ),
    "behaviour.value.none": Text(
        "订单里没有一次性购买，算不了顾客价值。", "There are no single purchases among the orders: nothing to work out a value from."
    ),
    "behaviour.value.subscription": Text(
        "这些订单都是订阅（新订、续费、升降级）：什么时候再付钱由周期决定，不是顾客随时决定的，这里的算法不适用。"
        "改看 productloop behaviour revenue。",
        "All these orders belong to subscriptions: the period decides when people pay again, not they themselves, so this method does not apply. "
        "See productloop behaviour revenue instead.",
    ),
    "behaviour.value.periodic": Text(
        "买过三次以上的顾客里，{steady} 每次间隔都差不多，像是按周期付费：什么时候再付钱由周期决定，这里的算法不适用。"
        "改看 productloop behaviour revenue。",
        "Of the customers who bought three times or more, {steady} do so at nearly equal intervals, as with a subscription: the period decides when "
        "they pay again, so this method does not apply. See productloop behaviour revenue instead.",
    ),
    "behaviour.value.few": Text(
        "现在只有 {people} 个顾客，其中 {repeaters} 人买过不止一次，太少了；再多 {missing} 个（并且有人回购）左右才值得估计。",
        "There {people|is|are} {people} {people|customer|customers}, and {repeaters} of them bought more than once: too few. About {missing} more, "
        "some of them coming back, would make an estimate worthwhile.",
    ),
    "behaviour.value.short": Text(
        "{people} 个顾客的订单前后还不到两个月，看不出他们会不会回来；攒够两个月再看。",
        "The orders of the {people} {people|customer|customers} cover less than two months: too short to see who comes back. Look again then.",
    ),
    "behaviour.value.so_far": Text(
        "能说的只有：{people} 个顾客平均已经花了 {so_far:money}。",
        "What can be said: the {people} {people|customer has|customers have} spent {so_far:money} each so far.",
    ),
    "behaviour.value.rule": Text(
        "怎么算：只看一次性购买，同一天的算一次；退款按目前的比例扣掉；假设价格、活动和产品大体照旧。新顾客不在里面。",
        "How it counts: single purchases only, those of one day as one; refunds are taken off at their present share; prices, campaigns and the product are "
        "taken to stay roughly as they are. Customers yet to come are not in it.",
    ),
    "behaviour.value.top_rule": Text(
        "按未来预计的花费从高到低。“还没走”是按他以前多久买一次、最近一次是什么时候估的。",
        "By the money expected, most first. “Still there” follows from how often they used to buy and when they last did.",
    ),
    "behaviour.value.method": Text(
        "购买次数用 BG/NBD（Fader、Hardie、Lee 2005），每次金额用 Gamma-Gamma（Fader、Hardie 2013），最大似然估计；区间来自加权自助法（九成）。"
        "只买过一次的人，这个模型不会判断他走了。两个模型假设买得勤和每次花得多互不相关，下面列出实际的相关。",
        "How often: BG/NBD (Fader, Hardie and Lee 2005); how much each time: Gamma-Gamma (Fader and Hardie 2013), by maximum likelihood; intervals from the "
        "weighted bootstrap (nine times in ten). The model never takes people who bought once for gone. It assumes that how often and how much are unrelated; "
        "the correlation found stands below.",
    ),
    "behaviour.heading.value_cohorts": Text("按第一次购买的月份", "By month of the first purchase"),
    "behaviour.chart.tenths_plain": Text("未来 {months} 个月每人预计花费", "Expected spending per customer in {months} months"),
    "behaviour.chart.tenths": Text(
        "未来 {months} 个月每人预计花费（{currency}）", "Expected spending per customer in {months} months ({currency})"
    ),
    "behaviour.label.customers": Text("顾客", "customers"),
    "behaviour.label.customer": Text("顾客", "customer"),
    "behaviour.label.ahead_each": Text("未来每人", "to come, each"),
    "behaviour.label.ahead_all": Text("未来合计", "to come, all"),
    "behaviour.label.so_far_each": Text("至今每人", "so far, each"),
    "behaviour.label.first_month": Text("首次购买", "first bought in"),
    "behaviour.label.again": Text("会再买", "will buy again"),
    "behaviour.label.alive": Text("还没走", "still there"),
    "behaviour.label.orders": Text("购买次数", "purchases"),
    "behaviour.label.last_order": Text("最近一次", "last bought on"),
    "behaviour.label.tenth": Text("第 {num} 档", "tenth {num}"),
    "behaviour.label.part": Text("十档（从高到低）", "tenth, best first"),
    "behaviour.label.share": Text("占比", "share"),
    "behaviour.label.parameter": Text("参数", "parameter"),
    "behaviour.label.spend_correlation": Text("购买次数与每次金额的相关", "correlation of how often and how much"),
    "behaviour.label.measure": Text("检验项", "measure"),
    "behaviour.label.predicted": Text("估计", "expected"),
    "behaviour.label.actual": Text("实际", "came"),
    "behaviour.label.naive": Text("和上一段时间一样", "same as before"),
    "behaviour.label.money": Text("金额", "money"),
    "behaviour.label.error": Text("每个顾客平均差几次", "mean error per customer, purchases"),
    "behaviour.label.gain": Text("比“和上一段时间一样”少差几次", "error saved against “the same as before”"),
    "behaviour.fold.top_customers": Text("最有价值的顾客", "The most valuable customers"),
    "behaviour.fold.tenths": Text("十档明细", "All tenths"),
    "behaviour.fold.value_test": Text("拿过去检验的明细", "Held against the past, in numbers"),
    "behaviour.fold.value_models": Text("用了什么模型", "The models behind it"),
    "behaviour.caution.currencies": Text(
        "这里只算 {shown}；还有 {others} 的订单，没有约定汇率，不相加。用 --currency 换一种看。",
        "This is {shown} only. There are orders in {others} too; without a stated rate they are not added up. Use --currency to see another.",
    ),
    "behaviour.caution.no_currency": Text(
        "订单没写币种：在设置 product.currency 里写上，例如 CNY。",
        "The orders name no currency: write it into the setting product.currency, such as CNY.",
    ),
    "behaviour.caution.value_subscriptions": Text(
        "另有 {num:count} 笔订阅订单没算在这里，看 productloop behaviour revenue。",
        "{num:count} subscription {num|order is|orders are} not in here; see productloop behaviour revenue.",
    ),
    "behaviour.value.total_worse": Text(
        "看总数，“和上一段时间一样”反而更接近实际。", "In total, “the same as before” was closer to what came."
    ),
    "behaviour.caution.value_far": Text(
        "订单历史只有 {weeks} 周，却要看 {months} 个月之后：越远越没把握，区间里没有包括这一层。",
        "The history is {weeks} {weeks|week|weeks} long and the look ahead {months} {months|month|months}: the further out the less is known, "
        "and the intervals do not show that.",
    ),
    "behaviour.caution.value_correlation": Text(
        "买得勤的人每次花的钱也明显不同（相关 {value}）：对最勤的顾客，估计会有偏差。",
        "People who buy often also spend differently each time (correlation {value}): expect a bias for the most frequent ones.",
    ),
    "behaviour.d.value_people": Text("有过一次性购买的人", "people with at least one single purchase"),
    "behaviour.d.value_repeaters": Text("在至少两天买过的人", "people who bought on at least two days"),
    "behaviour.d.value_missing": Text(
        "离 30 个顾客、其中 10 人回购还差多少", "how many are missing to 30 customers, 10 of them with a second purchase"
    ),
    "behaviour.d.value_steady": Text(
        "买过至少三次的人里，每次间隔的变异系数小于 0.2 的比例",
        "among people with at least three purchases: the share whose gaps have a coefficient of variation below .2",
    ),
    "behaviour.d.value_unknown": Text("数据不够，没有估计", "not estimated: the data do not allow it"),
    "behaviour.d.value_ahead": Text(
        "每个顾客预计的购买次数乘以预计的每次金额，扣除退款比例，取平均",
        "purchases expected of each customer times the amount expected each time, less the share refunded; mean over customers",
    ),
    "behaviour.d.value_total": Text("所有现有顾客预计花费之和", "sum of what is expected from all present customers"),
    "behaviour.d.value_so_far": Text("每个顾客已付金额减去退款，取平均", "what each customer paid less refunds; mean over customers"),
    "behaviour.d.value_alive": Text(
        "买过不止一次的人，各自还没走的概率之和", "sum of the probabilities of still being there, over people who bought more than once"
    ),
    "behaviour.d.value_alive_share": Text("还没走的概率", "probability of still being there"),
    "behaviour.d.value_again": Text("每个顾客至少再买一次的概率之和", "sum of the probabilities of at least one more purchase"),
    "behaviour.d.value_again_share": Text("至少再买一次的概率，取平均", "mean probability of at least one more purchase"),
    "behaviour.d.value_tenth": Text("按预计花费从高到低排，每十分之一的人数", "people of each tenth, ordered by the money expected"),
    "behaviour.d.value_share": Text("这一档占全部预计花费的比例", "this tenth's share of all money expected"),
    "behaviour.d.value_cohort": Text("第一次购买在这个月的人", "people whose first purchase fell in this month"),
    "behaviour.d.value_orders": Text("有购买的天数", "days with a purchase"),
    "behaviour.d.value_predicted": Text(
        "只用前一段数据估计的之后的购买", "purchases after the cut, estimated from the data before it only"
    ),
    "behaviour.d.value_actual": Text("之后实际发生的购买", "purchases that came after the cut"),
    "behaviour.d.value_naive": Text(
        "这些顾客在之前同样长的时间里的回购次数", "repeat purchases of these customers in the period of the same length before the cut"
    ),
    "behaviour.d.value_error": Text(
        "每个顾客估计次数与实际次数之差的绝对值，取平均", "mean absolute difference of purchases expected and come, per customer"
    ),
    "behaviour.d.value_protocol": Text(
        "用最后三分之一时间之前的数据拟合，在最后三分之一上比较",
        "fitted on what lies before the last third of the time, compared on the last third",
    ),
    "behaviour.d.value_gain": Text(
        "照搬上一段时间的误差减去模型的误差，每个顾客；大于 0 表示模型更准",
        "error of repeating the period before, minus the model's, per customer; above 0 the model is closer",
    ),
    "behaviour.d.value_purchase_parameters": Text("BG/NBD 的参数，时间以周计", "parameter of BG/NBD, time in weeks"),
    "behaviour.d.value_spend_parameters": Text(
        "Gamma-Gamma 的参数，金额以最小单位（分）计", "parameter of Gamma-Gamma, amounts in minor units"
    ),
    "behaviour.d.value_correlation": Text(
        "回购过的人：购买次数与每次金额（取对数）的相关系数",
        "among people with repeats: correlation of how often they bought and the logarithm of how much each time",
    ),
}
