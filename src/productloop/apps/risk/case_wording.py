"""Sentences of `risk case`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

CASE_TITLE = Text("一个客户的来龙去脉，打电话前看", "One customer, to read before a call")

CUSTOMER_UNKNOWN = Problem(
    "risk_customer_unknown",
    Text("数据里没有编号是 {asked:quote} 的账户或用户", "no account or user in the data is called {asked:quote}"),
    Text(
        "您自己数据里的账户编号或用户编号，大小写要一致", "an account's or a user's id as your own data write it, capital letters included"
    ),
    Text("最接近的编号：{nearest}", "the nearest ids are: {nearest}"),
)

TEXTS: dict[str, Text] = {
    "risk.case.title": Text("客户 {name}", "Customer {name}"),
    # who
    "risk.case.who": Text("{facts}。", "{facts}."),
    "risk.case.fact.people": Text("{num:count} 个人在用", "{num:count} {num|person|people}"),
    "risk.case.fact.plan": Text("套餐 {plans}", "plan {plans}"),
    "risk.case.fact.since": Text("{day} 起是客户", "a customer since {day}"),
    "risk.case.fact.last": Text(
        "最后一次使用是 {day}（{days:count} 天前）", "last seen on {day} ({days:count} {days|day|days} before the end of the data)"
    ),
    "risk.case.fact.last_day": Text("数据的最后一天（{day}）还在用", "seen on the last day of the data ({day})"),
    "risk.case.fact.unseen": Text("没有任何使用记录", "never seen in events or orders"),
    "risk.case.belongs": Text(
        "{asked} 属于账户 {name}，下面说的是整个账户。", "{asked} belongs to the account {name}; this page is about the whole account."
    ),
    "risk.case.gone": Text(
        "已经走了：{day} 得知（{event}）。下面的“之前”都指 {moment} 以前。",
        "Left on {day} (it is known since then that they {event}). “Before” on this page means before {moment}.",
    ),
    "risk.case.gone_undated": Text("已经走了（{event}），数据里没写是哪天。", "They are gone ({event}); your data do not say since when."),
    "risk.case.some_left": Text(
        "{people:count} 个人里有 {left:count} 个已经{event}。",
        "{left:count} of its {people:count} people {left|was|were} already seen to {event}.",
    ),
    "risk.case.label.paid": Text("一共付了", "paid in all"),
    "risk.case.label.lately": Text("最近 12 周付了", "paid in the last 12 weeks"),
    "risk.case.label.refunded": Text("退了", "refunded"),
    "risk.case.label.waiting": Text("没人回的话", "texts nobody answered"),
    # the chance
    "risk.case.chance": Text(
        "像 {person} 这样的 100 人里，大约 {hits:count} 人会在 {days:count} 天内{event}（大概 {hits:range} 人，九成把握）；全部人平均是 "
        "{average:count} 人。",
        "Of 100 people like {person}, about {hits:count} {event} within {days:count} days ({hits:range}, nine times in ten); over everybody "
        "it is {average:count}.",
    ),
    "risk.case.chance_undated": Text(
        "像 {person} 这样的 100 人里，大约 {hits:count} 人会{event}（大概 {hits:range} 人，九成把握）；全部人平均是 {average:count} 人。",
        "Of 100 people like {person}, about {hits:count} {event} ({hits:range}, nine times in ten); over everybody it is {average:count}.",
    ),
    "risk.case.expected": Text(
        "它的 {num:count} 个人里，大约 {expected:number} 个会{event}（大概 {expected:range} 个）；最危险的是 {person}。",
        "Of its {num:count} people about {expected:number} will {event} ({expected:range}); the one most at risk is {person}.",
    ),
    "risk.case.no_model": Text(
        "还没有风险模型：说不了它会不会走。有了知道结果的记录，运行 productloop risk train。",
        "There is no risk model yet, so its chance is not known. With known results: productloop risk train.",
    ),
    "risk.case.baseline": Text(
        "现在的模型分不出谁更危险：对每个人都只能说 100 人里大约 {average:count} 人会{event}。",
        "The present model cannot tell people apart: for everybody it is about {average:count} of 100 who {event}.",
    ),
    "risk.case.group": Text(
        "没有模型能把单个客户分出来，但数得出来，它在比例更高的一组里：{name}，{rate} {event}，其他人 {other}。",
        "No model tells single customers apart, but this one is in a group that does worse ({name}): {rate} {event}; the others {other}.",
    ),
    "risk.case.heading.reasons": Text("模型为什么这么看", "Why the model says so"),
    # before the call
    "risk.case.heading.call": Text("打电话前", "Before the call"),
    "risk.case.heading.back": Text("想挽回之前", "Before you try to win them back"),
    "risk.case.call.waiting": Text(
        "先回话：有 {num:count} 条没人回，最久的等了 {days:count} 天。",
        "Answer first: {num:count} {num|text was|texts were} never answered, the oldest {days:count} days ago.",
    ),
    "risk.case.call.overdue": Text(
        "{day} 答应过，说的日子（{due}）已经过了，之后没有下文。先把它了结。",
        "Something promised on {day} was due by {due}, and nothing was said since. Settle it first.",
    ),
    "risk.case.call.shipped": Text(
        "{day} 答应过的事，之后上线的“{title}”（{shipped}）可能就是：可以告诉他们。",
        "What was promised on {day} may have come with “{title}” ({shipped}): tell them.",
    ),
    "risk.case.call.due": Text(
        "{day} 到期，还有 {days:count} 天：谈续费。", "The paid period ends on {day}, in {days:count} days: speak about renewing."
    ),
    "risk.case.call.lapsed": Text("{day} 到期后没有再付。", "The paid period ended on {day}, and nothing was paid since."),
    "risk.case.call.less": Text(
        "用得明显少了（见下）：问问发生了什么。", "They clearly do less than before (see below): ask what happened."
    ),
    "risk.case.call.more": Text("用得明显多了（见下）。", "They clearly do more than before (see below)."),
    "risk.case.call.topic": Text(
        "最不满的是“{topic}”，说过 {num:count} 次。", "What they are most unhappy about is “{topic}”, {num:count} {num|time|times}."
    ),
    "risk.case.call.alike": Text(
        "当时像它的 {num:count} 个客户，{left:count} 个后来走了，比一般多（见下）。",
        "Of {num:count} customers that looked like it {left:count} went on to leave, more than usual (see below).",
    ),
    "risk.case.call.nothing": Text(
        "没有什么特别紧急的事：没欠回话，没到期，用得也和以前差不多。",
        "Nothing presses: no answer is owed, nothing falls due, and there is no change beyond chance.",
    ),
    "risk.case.call.nothing_known": Text(
        "从这些数据里看不出要马上处理的事；缺什么数据，下面各处都写了。",
        "These data show nothing that presses; what they lack is said in each part below.",
    ),
    # what changed
    "risk.case.heading.moved": Text("之前 {days:count} 天变了什么", "What changed in the {days:count} days before"),
    "risk.case.heading.moved_gone": Text("走之前 {days:count} 天变了什么", "What changed in the {days:count} days before they left"),
    "risk.case.what.actions": Text("操作次数", "Actions"),
    "risk.case.what.days": Text("来的天数", "Days of use"),
    "risk.case.what.payments": Text("付款次数", "Payments"),
    "risk.case.what.messages": Text("说话次数", "Messages"),
    "risk.case.moved": Text(
        "每周{what}：{was:number} → {now:number}。像它的客户同期变成原来的 {common:number} 倍，它是他们的 {ratio:range} 倍（九成把握），不像巧合。",
        "{what} a week: {was:number} → {now:number}. Customers alike did {common:number} times as much as before; against them it is "
        "{ratio:range} times (nine times in ten), more than chance does.",
    ),
    "risk.case.moved_same": Text(
        "每周{what}：{was:number} → {now:number}。像它的客户同期和以前差不多，它是他们的 {ratio:range} 倍（九成把握），不像巧合。",
        "{what} a week: {was:number} → {now:number}. Customers alike did about as much as before; against them it is {ratio:range} times "
        "(nine times in ten), more than chance does.",
    ),
    "risk.case.moved_up": Text(
        "每周{what}：{was:number} → {now:number}。像它的客户没有这样涨，不像巧合。",
        "{what} a week: {was:number} → {now:number}. Customers alike did not rise like that: more than chance does.",
    ),
    "risk.case.moved_alone": Text(
        "每周{what}：{was:number} → {now:number}，是它自己以前的 {ratio:range} 倍（九成把握）。没有足够多相像的客户可以比。",
        "{what} a week: {was:number} → {now:number}, {ratio:range} times its own earlier level (nine times in ten). Too few customers are "
        "alike to compare with.",
    ),
    "risk.case.part": Text("其中 {name}：每周 {was:number} → {now:number}。", "Of these {name}: {was:number} → {now:number} a week."),
    "risk.case.not_moved": Text(
        "和以前比、和像它的客户比，都没有超出巧合的变化。",
        "Against its own earlier level and customers alike, nothing moved beyond chance.",
    ),
    "risk.case.not_moved_alone": Text(
        "和它自己以前比，没有超出巧合的变化；相像的客户太少，没法和别人比。",
        "Against its own earlier level nothing moved beyond chance; too few customers are alike to compare with.",
    ),
    "risk.case.new": Text(
        "来的时间太短，还没有“以前”可比（至少要 8 周）。",
        "They have not been here long enough to have an earlier level (8 weeks at least).",
    ),
    "risk.case.no_events": Text(
        "没有行为数据，看不了用得多了还是少了：用 productloop import 导入事件（用户、事件名、时间）。",
        "There are no events of them, so whether they do less is not known: import events (user, event, time) with productloop import.",
    ),
    "risk.case.chart": Text("每周操作次数", "Actions a week"),
    "risk.case.series.own": Text("这个客户", "this customer"),
    "risk.case.series.usual": Text("像它的客户，平均", "customers alike, mean"),
    # said
    "risk.case.heading.said": Text("他们说过什么", "What they said"),
    "risk.case.said": Text("说过 {num:count} 次话。", "They wrote {num:count} {num|text|texts}."),
    "risk.case.said_unhappy": Text(
        "说过 {num:count} 次话，其中 {unhappy:count} 次不满。", "They wrote {num:count} {num|text|texts}, {unhappy:count} of them unhappy."
    ),
    "risk.case.topic": Text(
        "“{topic}”：{num:count} 次，其中 {bad:count} 次不满。", "“{topic}”: {num:count} {num|time|times}, {bad:count} of them unhappy."
    ),
    "risk.case.no_topics": Text("还没有话题：先运行 productloop needs。", "There are no topics yet: run productloop needs first."),
    "risk.case.silent": Text("数据里没有他们说过的话。", "The data hold nothing they wrote."),
    # paid
    "risk.case.heading.paid": Text("付过什么钱", "What they paid"),
    "risk.case.paid": Text(
        "一共 {paid:money}，{num:count} 笔；最近 12 周 {lately:money}。",
        "{paid:money} in all, in {num:count} {num|payment|payments}; {lately:money} in the last 12 weeks.",
    ),
    "risk.case.refunded": Text("其中退了 {refunded:money}。", "{refunded:money} was refunded."),
    "risk.case.never_paid": Text("没有付过钱。", "They never paid."),
    "risk.case.no_orders": Text("没有订单数据，看不了付过多少。", "There are no orders in the data, so what they paid is not known."),
    "risk.case.renewal": Text(
        "{person} 的 {plan} 到 {day} 为止，还有 {days:count} 天。",
        "{plan} of {person} runs until {day}, {days:count} days from the end of the data.",
    ),
    "risk.case.lapsed": Text(
        "{person} 的 {plan} {day} 就到期了，之后没有再付（{days:count} 天）。",
        "{plan} of {person} ended on {day}, and nothing was paid since ({days:count} days).",
    ),
    "risk.case.a_plan": Text("套餐", "The plan"),
    "risk.case.no_periods": Text(
        "订单里没写付到哪天，所以不知道什么时候续费。", "The orders do not say until when they pay, so renewals are not known."
    ),
    # promised
    "risk.case.heading.promised": Text("我们答应过什么", "What they were promised"),
    "risk.case.promise": Text("{day} 这句像是承诺：", "On {day}, this looks like a promise:"),
    "risk.case.promise_due": Text(
        "{day} 这句像是承诺，说的最晚是 {due}：", "On {day}, this looks like a promise, due by {due} at the latest:"
    ),
    "risk.case.promise_undated": Text("这句像是承诺（没有日期）：", "This looks like a promise (without a date):"),
    "risk.case.promise_shipped": Text("之后上线、用词相近的：{titles}。", "Shipped since, in like words: {titles}."),
    "risk.case.promise_open": Text("之后没看到用词相近的版本、公告或文档。", "Nothing shipped or written since shares words with it."),
    "risk.case.shipped": Text("{day}“{title}”", "“{title}” on {day}"),
    "risk.case.no_promises": Text("在我们的回复里没找到像承诺的话。", "No reply of ours to them looks like a promise."),
    "risk.case.no_replies": Text(
        "数据里没有我们的回复（会话里角色是客服的行），所以不知道答应过什么。",
        "The data hold no replies of ours (lines of a conversation whose role is staff), so promises are not known.",
    ),
    # never answered
    "risk.case.heading.waiting": Text("一直没回的话", "What we never answered"),
    "risk.case.waiting": Text("等了 {days:count} 天（{day}）：", "Waiting for {days:count} days ({day}):"),
    "risk.case.more_waiting": Text("还有 {num:count} 条更新的没列出来。", "{num:count} newer ones are not listed."),
    "risk.case.all_answered": Text("他们说过的话我们都回了，或者不用回。", "Everything they wrote was answered, or needs no answer."),
    "risk.case.answers_unknown": Text(
        "数据里看不出哪些话回过：既没有会话里的客服回复，也没有“已回复”的状态。",
        "The data do not say what was answered: they hold neither replies of staff in conversations nor a status such as “replied”.",
    ),
    # alike
    "risk.case.heading.alike": Text("当时像它的客户，后来怎样", "Customers that looked like it, and what became of them"),
    "risk.case.alike": Text(
        "最像它的 {num:count} 个客户里，{left:count} 个后来{event}（{share:range}，九成把握）；全部客户是 {base}。",
        "Of the {num:count} customers most like it, {left:count} went on to {event} ({share:range}, nine times in ten); of all it is {base}.",
    ),
    "risk.case.alike_quiet": Text(
        "最像它的 {num:count} 个客户里，{left:count} 个接下来 28 天没动静（{share:range}，九成把握）；全部客户是 {base}。没有流失结果，"
        "所以拿没动静来数。",
        "Of the {num:count} customers most like it, {left:count} did nothing in the 28 days after ({share:range}, nine times in ten); of "
        "all it is {base}. No result says who left, so silence is counted.",
    ),
    "risk.case.alike_higher": Text("比一般高，不像巧合。", "More often than usual, beyond chance."),
    "risk.case.alike_lower": Text("比一般低，不像巧合。", "Less often than usual, beyond chance."),
    "risk.case.alike_same": Text("看不出比一般高还是低。", "Whether that is more or less than usual cannot be told."),
    "risk.case.alike_few": Text(
        "知道后来怎样的客户太少（不到 20 个），没法比。", "Too few customers whose result is known (under 20) to compare with."
    ),
    "risk.case.alike_none": Text(
        "没有结果也没有行为数据，没法找像它的客户。", "There are neither results nor events, so customers alike cannot be found."
    ),
    "risk.case.alike_now": Text(
        "现在看起来像它走之前的：{ids}。可以先看看他们。", "These look today as it did before it left: {ids}. Look at them first."
    ),
    "risk.case.id": Text("{name}", "{name}"),
    # details
    "risk.case.fold.timeline": Text("时间线", "Timeline"),
    "risk.case.fold.people": Text("账户里的人", "Its people"),
    "risk.case.fold.orders": Text("最近的订单", "Latest orders"),
    "risk.case.fold.alike": Text("最像它的客户", "The customers most like it"),
    "risk.case.fold.moved": Text("每一项怎么变的，怎么比的", "Every measure, and how it was compared"),
    "risk.case.how_moved": Text(
        "相像的客户：当时就在、之前用得差不多、来的时间差不多的客户，最多 400 个。每个客户都算同样的变化，只有比他们绝大多数都大、"
        "并且算上一共比了几项之后仍然少见的才说出来。",
        "Customers alike were here by then, did about as much before and came about as long ago; at most 400. The same change is computed "
        "for each of them, and only "
        "one larger than nearly all of theirs, allowing for the number of measures, is named. p is that share after Holm's correction.",
    ),
    "risk.case.how_alike": Text(
        "像不像：按当时知道的一切来比（使用、付款、说过的话、套餐……），说同一件事的几列合起来只算一份。0 是一模一样，1 是完全不同。",
        "Likeness is over everything known then (use, payments, words, plan ...); columns that say the same count once together. 0 is the "
        "same, 1 nothing in common.",
    ),
    "risk.case.column.when": Text("什么时候", "when"),
    "risk.case.column.kind": Text("哪一类", "kind"),
    "risk.case.column.what": Text("什么", "what"),
    "risk.case.column.who": Text("谁", "who"),
    "risk.case.column.plan": Text("套餐", "plan"),
    "risk.case.column.first": Text("第一次", "first seen"),
    "risk.case.column.last": Text("最后一次", "last seen"),
    "risk.case.column.state": Text("状态", "state"),
    "risk.case.column.amount": Text("金额", "amount"),
    "risk.case.column.was": Text("以前，每周", "was, a week"),
    "risk.case.column.now": Text("之前这段，每周", "is, a week"),
    "risk.case.column.common": Text("像它的客户变成几倍", "those alike, times"),
    "risk.case.column.ratio": Text("它是他们的几倍", "against them, times"),
    "risk.case.column.p": Text("p（校正后）", "p (adjusted)"),
    "risk.case.column.customer": Text("客户", "customer"),
    "risk.case.column.distance": Text("差别", "distance"),
    "risk.case.column.became": Text("后来", "what became of it"),
    "risk.case.state.here": Text("还在", "here"),
    "risk.case.state.left": Text("走了", "left"),
    "risk.case.became.left": Text("走了", "left"),
    "risk.case.became.stayed": Text("留下了", "stayed"),
    "risk.case.kind.did": Text("做", "did"),
    "risk.case.kind.said": Text("说", "said"),
    "risk.case.kind.paid": Text("付", "paid"),
    "risk.case.kind.promised": Text("我们答应", "promised"),
    "risk.case.kind.changed": Text("变更", "changed"),
    "risk.case.entry.did": Text("{num:count} 次操作，最多的是 {name}", "{num:count} {num|action|actions}, mostly {name}"),
    "risk.case.entry.said": Text("说了一句话", "wrote something"),
    "risk.case.entry.topic": Text("说到“{topic}”", "wrote about “{topic}”"),
    "risk.case.entry.paid": Text("{amount:money}，{what}", "{amount:money} for {what}"),
    "risk.case.entry.paid_plain": Text("{amount:money}", "{amount:money}"),
    "risk.case.entry.promised": Text("一句像承诺的话", "a line that looks like a promise"),
    "risk.case.mark.plan": Text("套餐从 {was} 换成 {now}", "plan from {was} to {now}"),
    "risk.case.mark.left": Text("得知已走", "known to have left"),
    "risk.case.between": Text("{value:number}（{low:number}-{high:number}）", "{value:number} ({low:number}-{high:number})"),
    # definitions
    "risk.case.d.people": Text("账户里的人（没有账户时是这一个人）", "people of the account (or the one person)"),
    "risk.case.d.silent_days": Text("最后一次事件或订单距数据末尾的天数", "days from the last event or order to the end of the data"),
    "risk.case.d.num_left": Text("最新的已知结果是算数的那个值的人", "people whose latest known result is the counted one"),
    "risk.case.d.paid": Text("订单金额之和，不含退款，不同币种不相加", "sum of order amounts without refunds; currencies are never added"),
    "risk.case.d.lately": Text("最近 84 天的订单金额之和", "sum of order amounts of the last 84 days"),
    "risk.case.d.refunded": Text("退款金额之和（负数，或类型是退款的行）", "sum of refunds (negative amounts, or rows whose kind says so)"),
    "risk.case.d.num_orders": Text("订单行数，不含退款", "rows of orders without refunds"),
    "risk.case.d.order": Text("这一行订单的金额", "amount of this order row"),
    "risk.case.d.renewal": Text("上一个周期付的钱", "what the last period cost"),
    "risk.case.d.renewal_days": Text("从数据末尾到周期结束的天数", "days between the end of the data and the end of the period"),
    "risk.case.d.texts": Text("账户里的人写过的话", "texts its people wrote"),
    "risk.case.d.unhappy": Text("至少有一处不满的话", "texts that hold an unhappy point"),
    "risk.case.d.topic": Text("提到这个话题的话", "texts that bring the topic up"),
    "risk.case.d.topic_unhappy": Text("其中不满的", "of these, the unhappy ones"),
    "risk.case.d.waiting": Text("从写下到数据末尾的天数", "days from the text to the end of the data"),
    "risk.case.d.num_waiting": Text(
        "之后没有我们回复的话，一个会话算一条；夸奖和问候不算",
        "texts with no reply of ours after them, one a conversation; praise and greetings do not count",
    ),
    "risk.case.d.expected": Text("模型给每个人的可能性之和", "sum of the chances the model gives its people"),
    "risk.case.d.activity": Text(
        "账户里的人一周做的事（事件数）；没过完的周不画", "events of its people in a week; a week that is not over is open"
    ),
    "risk.case.d.usual": Text("最像的 50 个客户同一周的平均", "mean of the 50 customers most alike in the same week"),
    "risk.case.d.actions": Text("每周事件数", "events a week"),
    "risk.case.d.days": Text("每周有事件的天数（按人）", "days a week with any event, by person"),
    "risk.case.d.payments": Text("每周订单数", "orders a week"),
    "risk.case.d.messages": Text("每周写的话", "texts a week"),
    "risk.case.d.ratio": Text(
        "它自己前后的倍数，除以像它的客户前后的倍数；区间放宽到装得下十之八九的他们",
        "own ratio after to before over that of customers alike; widened until it holds nine in ten of theirs",
    ),
    "risk.case.d.common": Text("像它的客户合起来，每周操作前后的倍数", "of customers alike together, the weekly rate after over before"),
    "risk.case.d.alike_left": Text("最像它的客户里后来走了的占比", "share of the customers most like it that left afterwards"),
    "risk.case.d.alike_base": Text("所有已知结果里走了的占比", "share of all known results that are leaving"),
}
