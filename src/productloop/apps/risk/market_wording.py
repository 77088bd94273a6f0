"""Sentences of `risk market`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

MARKET_TITLE = Text("竞品动了没有，对我们意味着什么", "What competitors did, and what it means for us")

TEXTS: dict[str, Text] = {
    "risk.market.title": Text("市场上的动静", "The market"),
    # nothing to read
    "risk.market.none": Text(
        "数据里没有竞品：既没有别家产品的评价，也没有写着产品名的评分、排名、价格，也没有竞品的动作。下面三样有一样就行。",
        "The data hold no competitor: no reviews of other products, no rating, rank or price that names one, and nothing they did. Any one "
        "of these will do.",
    ),
    "risk.market.import_reviews": Text(
        "别家的评价（一行一条，有产品名一列）：productloop import reviews.csv --table feedback --map text=review,rating=stars,time=date,product=app",
        "Reviews of theirs (a row each, with a column naming the product): "
        "productloop import reviews.csv --table feedback --map text=review,rating=stars,time=date,product=app",
    ),
    "risk.market.import_metrics": Text(
        "评分、排名、价格的历史（列：metric, segment, time, value；segment 写产品名，如 Other Pay | CN）：productloop import market.csv "
        "--table metrics",
        "The history of ratings, ranks and prices (columns metric, segment, time, value; segment names the product, such as Other Pay | CN): "
        "productloop import market.csv --table metrics",
    ),
    "risk.market.import_changes": Text(
        "竞品的版本和动作（列：date, kind, title, product；kind 写 competitor）：productloop import changes.csv --table changes",
        "Releases and moves of theirs (columns date, kind, title, product; kind is competitor): productloop import changes.csv --table changes",
    ),
    "risk.market.ours_unknown": Text(
        "数据里有几个产品：{products}，但没说哪个是我们的。",
        "The data hold several products ({products}), and nothing says which one is ours.",
    ),
    "risk.market.say_ours": Text(
        '加上 --ours "名字" 再来一次，或在 productloop.toml 的 [product] 里写 name。',
        'Ask again with --ours "NAME", or write name under [product] in productloop.toml.',
    ),
    "risk.market.product": Text("{name}", "{name}"),
    # who moved
    "risk.market.what.rating": Text("评分", "rating"),
    "risk.market.what.rank": Text("排名", "rank"),
    "risk.market.what.price": Text("价格", "price"),
    "risk.market.what.downloads": Text("下载量", "downloads"),
    "risk.market.what.other": Text("{name}", "{name}"),
    "risk.market.who": Text("{product}", "{product}"),
    "risk.market.who_ours": Text("我们（{product}）", "{product} (ours)"),
    "risk.market.who_at": Text("{product}（{place}）", "{product} ({place})"),
    "risk.market.who_ours_at": Text("我们（{product}，{place}）", "{product} (ours, {place})"),
    "risk.market.verb.down": Text("降到", "fell from"),
    "risk.market.verb.up": Text("升到", "rose from"),
    "risk.market.verb.to": Text("变到", "went from"),
    "risk.market.moved": Text(
        "{who}的{what}从 {was:number}（{was:range}）{verb} {now:number}（{now:range}），从 {since} 那一周开始，不像巧合。",
        "{who}: {what} {verb} {was:number} ({was:range}) to {now:number} ({now:range}) since the week of {since}, more than chance does.",
    ),
    "risk.market.moved_between": Text(
        "{who}的{what}从 {was:number}（{was:range}）{verb} {now:number}（{now:range}），大约从 {since} 那一周开始（最早 {first}，最晚 "
        "{last}），不像巧合。",
        "{who}: {what} {verb} {was:number} ({was:range}) to {now:number} ({now:range}) since about the week of {since} (between {first} and {last}), "
        "more than chance does.",
    ),
    "risk.market.price_moved": Text(
        "{who}的{what}从 {was:number} {verb} {now:number}，在 {since} 那一周。",
        "{who}: {what} {verb} {was:number} to {now:number} in the week of {since}.",
    ),
    "risk.market.release": Text("就在它的“{release}”（{day}）前后。", "That was around its “{release}” ({day})."),
    "risk.market.version": Text("版本 {version}", "version {version}"),
    "risk.market.blamed_more": Text(
        "一起多起来的是“{topic}”：为它不满的人从 {before}（{before:range}）到 {after}（{after:range}）。",
        "What grew with it is “{topic}”: the share of people unhappy about it went from {before} ({before:range}) to {after} ({after:range}).",
    ),
    "risk.market.blamed_less": Text(
        "一起少下去的是“{topic}”：为它不满的人从 {before}（{before:range}）到 {after}（{after:range}）。",
        "What faded with it is “{topic}”: the share of people unhappy about it went from {before} ({before:range}) to {after} ({after:range}).",
    ),
    "risk.market.no_blame": Text("没有哪个话题明显跟着变。", "No topic clearly moved with it."),
    "risk.market.quiet": Text(
        "过去 {weeks:count} 周没有谁动得超出巧合（比了 {num:count} 条线）。",
        "In the last {weeks:count} weeks nobody moved beyond chance ({num:count} {num|series|series} compared).",
    ),
    "risk.market.too_short": Text(
        "数据还太短（每条线至少要 6 个有数的周），看不出谁动了。",
        "The data are too short to say who moved (each series needs at least 6 weeks with numbers).",
    ),
    # what it means
    "risk.market.heading.meaning": Text("对我们意味着什么", "What it means for us"),
    "risk.market.serve": Text(
        "可以接住的：“{topic}”。他们的用户 {theirs} 为它不满，我们的 {ours}，是我们的 {ratio:range} 倍（同一商店、市场、语言里比，"
        "九成把握）；说得最多的是 {product} 的用户。",
        "We could serve: “{topic}”. {theirs} of their users are unhappy about it, {ours} of ours: {ratio:range} times as often (within the "
        "same store, market and "
        "language, nine times in ten); users of {product} say it most.",
    ),
    "risk.market.serve_only": Text(
        "可以接住的：“{topic}”。他们的用户 {theirs} 为它不满，我们这边没人说；说得最多的是 {product} 的用户。",
        "We could serve: “{topic}”. {theirs} of their users are unhappy about it, none of ours; users of {product} say it most.",
    ),
    "risk.market.worse": Text(
        "我们更差的：“{topic}”。我们的用户 {ours} 为它不满，他们的 {theirs}，是他们的 {ratio:range} 倍（同一商店、市场、语言里比，九成把握）。",
        "We are worse at “{topic}”: {ours} of our users are unhappy about it, {theirs} of theirs: {ratio:range} times as often (within the "
        "same store, market and "
        "language, nine times in ten).",
    ),
    "risk.market.worse_only": Text(
        "我们更差的：“{topic}”。我们的用户 {ours} 为它不满，他们那边没人说。",
        "We are worse at “{topic}”: {ours} of our users are unhappy about it, none of theirs.",
    ),
    "risk.market.no_gap": Text(
        "同一商店、市场、语言里比，没有哪个话题一边明显比另一边更不满。",
        "Within the same store, market and language, no topic makes one side clearly unhappier than the other.",
    ),
    "risk.market.gap_few": Text("一边不到 30 个人，比不了话题。", "Fewer than 30 people on one side: topics cannot be compared."),
    "risk.market.gap_topics": Text(
        "还没有话题，说不了“在哪件事上”：先运行 productloop needs。",
        "There are no topics yet, so nothing can be said about what it is over: run productloop needs first.",
    ),
    "risk.market.gap_reviews": Text("没有别家的评价，比不了话题。", "There are no reviews of theirs, so topics cannot be compared."),
    # what to look at
    "risk.market.heading.look": Text("这周看什么", "What to look at this week"),
    "risk.market.look.fell_topic": Text(
        "读几条 {product} 用户说“{topic}”的话，再试一遍我们自己的这一块：想换的人正在找替代。",
        "Read what users of {product} say about “{topic}” and try that part of ours: people who want to switch are looking now.",
    ),
    "risk.market.look.fell": Text(
        "读 {product} 在 {since} 之后的差评：大家在抱怨什么。",
        "Read the bad reviews of {product} since {since}: what do people complain about?",
    ),
    "risk.market.look.rose": Text(
        "看看 {product} 在 {since} 前后做了什么：它变好了。", "See what {product} did around {since}: it got better."
    ),
    "risk.market.look.ours": Text(
        "我们自己在 {since} 前后变差了：运行 productloop needs releases，看是哪个版本。",
        "We got worse around {since} ourselves: productloop needs releases says which version did it.",
    ),
    "risk.market.look.moved": Text(
        "{product} 的{what}在 {since} 前后变了：去看一眼为什么。", "{product}: {what} changed around {since}; see why."
    ),
    "risk.market.look.worse": Text(
        "“{topic}”上我们比别人差：看看值不值得先修。", "We are worse than others at “{topic}”: is it worth mending first?"
    ),
    "risk.market.look.happened": Text("{day}，{product}：{title}。看看它改了什么。", "{day}, {product}: {title}. See what changed."),
    "risk.market.look.someone": Text("竞品", "a competitor"),
    "risk.market.look.nothing": Text("没有要特别看的。", "Nothing needs a look."),
    # table and chart
    "risk.market.heading.table": Text("各家现在在哪", "Where everyone stands"),
    "risk.market.table_note": Text(
        "“以前”是最近四周之前的十二周，“现在”是最近四个整周；动过的写动之前和之后。每个商店、市场、语言分开算，从不混着平均。",
        "“Was” is the twelve weeks before the newest four, “is” the newest four whole weeks; for what moved, the levels before and after. Stores, "
        "markets and languages stand apart and are never averaged.",
    ),
    "risk.market.who_what": Text("{who}：{what}", "{who}: {what}"),
    "risk.market.column.num": Text("近四周条数", "texts in four weeks"),
    "risk.market.column.product": Text("产品", "product"),
    "risk.market.column.what": Text("看什么", "what"),
    "risk.market.column.was": Text("以前", "was"),
    "risk.market.column.now": Text("现在", "is"),
    "risk.market.column.day": Text("哪天", "day"),
    "risk.market.column.title": Text("做了什么", "what"),
    "risk.market.column.p": Text("p（校正后）", "p (adjusted)"),
    "risk.market.column.since": Text("从哪周起", "since"),
    "risk.market.between": Text("{value:number}（{low:number}-{high:number}）", "{value:number} ({low:number}-{high:number})"),
    "risk.market.chart": Text("{product} 每周平均几星", "Mean stars of {product} by week"),
    "risk.market.chart_at": Text("{product} 每周平均几星（{place}）", "Mean stars of {product} by week ({place})"),
    "risk.market.ours": Text("我们", "ours"),
    # details
    "risk.market.fold.series": Text("每条线怎么比的", "How each series was compared"),
    "risk.market.fold.happened": Text("竞品做过什么", "What competitors did"),
    "risk.market.how": Text(
        "每条线找一个最像台阶的地方，再问：没有台阶的线里，最像台阶的地方有多少会这么大。"
        "相邻两周本来就像的，造的假线也一样像。有版本的那几周另外单独比。"
        "p 按一共比了几条线校正，评价小于 0.05、指标小于 0.01 才说动了。",
        "For each series the place most like a step is sought, and then how often series without one hold a step as large; where neighbouring weeks "
        "resemble each other, those do too. Weeks with a release are judged by themselves as well. p is adjusted for all series (Holm); "
        "below .05 for "
        "reviews and .01 for metrics counts as a move.",
    ),
    # definitions
    "risk.market.d.reviews": Text("这些周里打了星的、关于别家产品的评价", "rated texts of these weeks about other products"),
    "risk.market.d.metrics": Text(
        "指标按周平均，区间来自周与周之间的差别", "weekly means of the metric; the interval comes from how weeks differ"
    ),
    "risk.market.d.unhappy": Text("为这个话题不满的人占所有说话的人", "people unhappy about the topic, of all who wrote"),
    "risk.market.d.ratio": Text("之后的占比除以之前的", "the share after over the share before"),
    "risk.market.d.gap": Text(
        "更不满的一边除以另一边，在同一商店、市场、语言里比再合起来",
        "the unhappier side over the other, within store, market and language, pooled",
    ),
    "risk.market.d.people": Text("更不满的一边里，为它不满的人", "unhappy people of the unhappier side"),
}
