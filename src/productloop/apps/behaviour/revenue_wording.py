"""Sentences of `behaviour revenue`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

REVENUE_TITLE = Text("订阅收入：多了什么，少了什么", "Recurring revenue: what came and what went")

NO_BREAKDOWN = Problem(
    "revenue_no_breakdown",
    Text("收入不能用 --by {name:quote} 拆分", "revenue cannot be split with --by {name:quote}"),
    Text("按套餐和按开始月份已经列在报告里", "by plan and by start month it stands in the report"),
    Text("别的拆分改用 --segment 或 --where {name}=某个值", "for anything else use --segment or --where {name}=VALUE"),
)

TEXTS = {
    "behaviour.revenue.title": Text("订阅收入", "Recurring revenue"),
    "behaviour.revenue.none": Text("没有这种货币的订单。", "There are no orders in this currency."),
    "behaviour.revenue.single": Text(
        "没有订阅订单（新订、续费、升降级），只有一次性购买：看 productloop behaviour value。",
        "There are no subscription orders (new, renewal, upgrade, downgrade), only single purchases: see productloop behaviour value.",
    ),
    "behaviour.revenue.short": Text(
        "订单还没有盖满一个完整的自然月，月度收入要等到月底才知道。",
        "The orders do not cover one whole calendar month yet; monthly revenue is known at its end.",
    ),
    "behaviour.revenue.up": Text(
        "{month} 月底的月经常性收入是 {mrr:money}，比上月多 {change:money}；{accounts} 个账户在付费。",
        "At the end of {month}, {mrr:money} recur each month, {change:money} more than a month before; {accounts} {accounts|account pays|accounts pay}.",
    ),
    "behaviour.revenue.down": Text(
        "{month} 月底的月经常性收入是 {mrr:money}，比上月少 {change:money}；{accounts} 个账户在付费。",
        "At the end of {month}, {mrr:money} recur each month, {change:money} less than a month before; {accounts} {accounts|account pays|accounts pay}.",
    ),
    "behaviour.revenue.flat": Text(
        "{month} 月底的月经常性收入是 {mrr:money}，和上月一样；{accounts} 个账户在付费。",
        "At the end of {month}, {mrr:money} recur each month, as a month before; {accounts} {accounts|account pays|accounts pay}.",
    ),
    "behaviour.revenue.first": Text(
        "{month} 月底的月经常性收入是 {mrr:money}，{accounts} 个账户在付费；涨跌要等下一个完整的月。",
        "At the end of {month}, {mrr:money} recur each month from {accounts} {accounts|account|accounts}; movements need another whole month.",
    ),
    "behaviour.revenue.moves": Text(
        "这个月：新增 {new:money}，回流 {reactivated:money}，扩张 {expansion:money}；收缩 {contraction:money}，流失 {lost:money}。",
        "In that month: new {new:money}, back again {reactivated:money}, grown {expansion:money}; shrunk {contraction:money}, lost {lost:money}.",
    ),
    "behaviour.revenue.kept": Text(
        "{span} 个月前的每 100 {currency} 月收入，现在同一批账户还剩 {gross:range}；算上他们加购、升级和涨价是 {net:range}（九成把握）。",
        "Of every 100 {currency} a month {span} {span|month|months} ago, the same accounts still pay {gross:range}; with what they added, upgraded or pay "
        "at a higher price it is {net:range} (nine times in ten).",
    ),
    "behaviour.revenue.rule": Text(
        "怎么算：月底那天在有效期内的订阅，按月折算（年付除以 12）；一次性购买和退款单独列，不算在内；没过完的月份是“进行中”。",
        "How it counts: subscriptions in force on the last day of the month, per month (a yearly one by 12); single purchases and refunds stand apart; "
        "a month that is not over is “in progress”.",
    ),
    "behaviour.revenue.method": Text(
        "一笔订单从周期开始管到周期结束；没写周期的，按同一人同一套餐两次付款的间隔推断。同一个人后一笔订阅接替前一笔。晚付不超过 7 天不算流失。"
        "从没付过的账户是新增，付过又停、再付的是回流。净留存 =（上月 + 扩张 − 收缩 − 流失）/ 上月，总留存不加扩张。涨价后续费算扩张。",
        "An order covers its period; where none is given, the gap between payments of the same person for the same plan. A later subscription order of a "
        "person replaces the earlier. A payment up to 7 days late is no loss. An account that never paid before is new; one that stopped and pays again "
        "is back. Net retention = (month before + grown - shrunk - lost) / month before; gross leaves out what has grown. "
        "A renewal at a higher price counts as grown.",
    ),
    "behaviour.heading.revenue_months": Text("逐月", "Month by month"),
    "behaviour.heading.by_plan": Text("按套餐（最近一个完整的月底）", "By plan (end of the last whole month)"),
    "behaviour.heading.by_cohort": Text("按开始付费的月份", "By month of the first payment"),
    "behaviour.heading.revenue_money": Text("一次性收入与退款", "Single purchases and refunds"),
    "behaviour.heading.currencies": Text("其他货币（不相加）", "Other currencies (never added up)"),
    "behaviour.chart.moves": Text("月经常性收入的变化（{currency}）", "What moved monthly recurring revenue ({currency})"),
    "behaviour.chart.kept": Text("上个月的收入这个月还在的比例", "Share of last month's recurring revenue that is still there"),
    "behaviour.fold.revenue_moves": Text("逐月的变化", "What moved it, month by month"),
    "behaviour.fold.revenue_cohorts": Text("按开始付费的月份", "By month of the first payment"),
    "behaviour.fold.revenue_money": Text("一次性收入与退款", "Single purchases and refunds"),
    "behaviour.fold.revenue_method": Text("具体规则", "The exact rules"),
    "behaviour.label.month": Text("月份", "month"),
    "behaviour.label.mrr": Text("月经常性收入", "recurring a month"),
    "behaviour.label.new": Text("新增", "new"),
    "behaviour.label.reactivated": Text("回流", "back again"),
    "behaviour.label.expansion": Text("扩张", "grown"),
    "behaviour.label.contraction": Text("收缩", "shrunk"),
    "behaviour.label.lost": Text("流失", "lost"),
    "behaviour.label.net_month": Text("月净留存", "kept, net"),
    "behaviour.label.gross_month": Text("月总留存", "kept, gross"),
    "behaviour.label.accounts": Text("付费账户", "paying accounts"),
    "behaviour.label.paying": Text("在付费", "paying"),
    "behaviour.label.started": Text("开始时", "started"),
    "behaviour.label.each": Text("每户每月", "each, a month"),
    "behaviour.label.plan_name": Text("套餐", "plan"),
    "behaviour.label.cohort_name": Text("开始月份", "started in"),
    "behaviour.label.no_plan": Text("（没写套餐）", "(no plan named)"),
    "behaviour.label.single": Text("一次性收入", "single purchases"),
    "behaviour.label.refunds": Text("退款", "refunds"),
    "behaviour.label.currency": Text("货币", "currency"),
    "behaviour.label.in_progress_month": Text("进行中", "in progress"),
    "behaviour.caution.revenue_inferred": Text(
        "{total:count} 笔订阅订单里有 {num:count} 笔没写周期，是按付款间隔推断的；能导入 period_start、period_end 会更准。",
        "{num:count} of {total:count} subscription orders name no period; it was inferred from the gaps between payments. "
        "Importing period_start and period_end makes this exact.",
    ),
    "behaviour.caution.revenue_old": Text(
        "有 {num:count} 人的第一笔订单就是续费：他们在数据开始之前就在付费，却会被算进“新增”。",
        "{num:count} {num|person begins|people begin} with a renewal: they paid before the data begin and yet count as new.",
    ),
    "behaviour.d.revenue_mrr": Text("月底有效的订阅按月折算之和", "subscriptions in force at the end of the month, per month"),
    "behaviour.d.revenue_new": Text("以前从没付过的账户带来的月收入", "monthly revenue of accounts that never paid before"),
    "behaviour.d.revenue_reactivated": Text("停过又回来的账户带来的月收入", "monthly revenue of accounts that had stopped and pay again"),
    "behaviour.d.revenue_expansion": Text("留下的账户多付的月收入", "monthly revenue added by accounts that stayed"),
    "behaviour.d.revenue_contraction": Text("留下的账户少付的月收入", "monthly revenue taken off by accounts that stayed"),
    "behaviour.d.revenue_lost": Text(
        "上月底在付、这月底不付的账户的月收入", "monthly revenue of accounts that paid a month before and no longer do"
    ),
    "behaviour.d.revenue_net": Text(
        "同一批账户现在的月收入占当时的比例，含扩张，不含新增和回流",
        "monthly revenue of the same accounts now over then, with what they added, without new and returning accounts",
    ),
    "behaviour.d.revenue_gross": Text(
        "同一批账户现在的月收入占当时的比例，每户最多算到当时的数", "the same, each account counted at most at what it paid then"
    ),
    "behaviour.d.revenue_accounts": Text(
        "月底在付费的账户（没有账户信息时是人）", "accounts (people, where none are known) that pay at the end of the month"
    ),
    "behaviour.d.revenue_refunds": Text("当月退回的钱", "money paid back in the month"),
    "behaviour.d.revenue_single": Text("当月订阅之外的收入", "money from orders outside subscriptions in the month"),
    "behaviour.d.revenue_started": Text("第一次付费在这个月的账户", "accounts whose first payment fell in this month"),
    "behaviour.d.revenue_each": Text("每个付费账户的月收入，取平均", "mean monthly revenue of a paying account"),
    "behaviour.d.revenue_inferred": Text("没写周期的订阅订单的比例", "share of subscription orders that name no period"),
}
