"""Sentences of `needs opportunities`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

OPPORTUNITIES_TITLE = Text("先做什么：按影响排出的机会", "What to build first: opportunities ranked by what is at stake")

NO_SUCH_PRODUCT = Problem(
    "needs_no_such_product",
    Text("数据里没有叫 {product:quote} 的产品", "the data have no product {product:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("改一下 --ours", "correct --ours"),
)
EFFORT_UNREADABLE = Problem(
    "needs_effort_unreadable",
    Text("看不懂工作量 {part:quote}", "cannot read the effort {part:quote}"),
    Text("话题=周数，用分号隔开，例如 退款=0.5;汇率=3", "topic=weeks, parted by semicolons, such as refund=0.5;exchange rate=3"),
    Text("照这个写法改 --effort", "write --effort like that"),
)

_PAGE = {
    "needs.opportunities.title": Text("先做什么", "What to build first"),
    "needs.opportunities.few": Text(
        "内容太少，还排不出先做什么；再有 {missing} 条左右就可以。", "Too few texts to rank anything; it takes about {missing} more."
    ),
    "needs.opportunities.none": Text(
        "没有哪个话题让足够多的人不满意，排不出该先做什么。", "No topic makes enough people unhappy: there is nothing to rank."
    ),
    "needs.opportunities.lead.people": Text(
        "先做「{topic}」：{window}说话的 {people} 人里，大约 {unhappy:range} 人对它不满意{sure}",
        "Start with “{topic}”: {window}about {unhappy:range} of the {people} people who spoke are unhappy about it{sure}",
    ),
    "needs.opportunities.lead.texts": Text(
        "先做「{topic}」：{window}全部 {people} 条内容里，大约 {unhappy:range} 条对它不满意{sure}",
        "Start with “{topic}”: {window}about {unhappy:range} of {people} texts are unhappy about it{sure}",
    ),
    "needs.opportunities.lead.leaving": Text(
        "先做「{topic}」：{window}说话的 {people} 人里，大约 {unhappy:range} 人对它不满意，而且{reason}{sure}",
        "Start with “{topic}”: {window}about {unhappy:range} of the {people} people who spoke are unhappy about it, and {reason}{sure}",
    ),
    "needs.opportunities.reason.leaving": Text(
        "提过它的人流失的可能是同类人的 {ratio} 倍", "people who bring it up leave {ratio} times as often as others like them"
    ),
    "needs.opportunities.sure": Text(
        "。它该排第一，这一点比较确定（{first} 的把握）。", ". That it belongs first is fairly certain ({first} sure)."
    ),
    "needs.opportunities.unsure": Text(
        "。不过它排第一的把握只有 {first}，和后面几个还分不太开。",
        ". That it belongs first is only {first} sure: the next ones are close.",
    ),
    "needs.opportunities.leaving": Text(
        "说「{topic}」的人更容易流失：接下来 {days} 天里离开的可能是同类人的 {ratio} 倍（九成把握在 {ratio:range} 倍之间；{theirs} 对 {others}）。"
        "这是一起出现，不等于它就是原因。",
        "People who say “{topic}” leave {ratio} times as often as others like them within {days} days ({ratio:range} nine times in ten; "
        "{theirs} against {others}). They go together; that alone does not make it the cause.",
    ),
    "needs.opportunities.leaving.first": Text(
        "提过它的人，{days} 天内流失 {theirs}，同类人 {others}；倍数九成把握在 {ratio:range} 之间。这是一起出现，不等于它就是原因。",
        "Within {days} days {theirs} of those who bring it up leave, against {others} of the others; the factor lies at {ratio:range} nine times in "
        "ten. They go together; that alone does not make it the cause.",
    ),
    "needs.opportunities.outcome": Text(
        "说「{topic}」的人里，{outcome} 的比例是同类人的 {ratio} 倍（九成把握在 {ratio:range} 倍之间；{theirs} 对 {others}）。这是一起出现，不等于它就是原因。",
        "Among people who say “{topic}”, {outcome} is {ratio} times as frequent as among others like them ({ratio:range} nine times in ten; "
        "{theirs} against {others}). They go together; that alone does not make it the cause.",
    ),
    "needs.opportunities.range": Text("{value}（{value:range}）", "{value} ({value:range})"),
    "needs.opportunities.rank": Text("第 {low} 到 {high}", "{low} to {high}"),
    "needs.opportunities.grid": Text("机会（{all} 个里的 {shown} 个）", "Opportunities ({shown} of {all})"),
    "needs.opportunities.ahead": Text("「{first}」排在「{second}」前面：{ahead} 的把握。", "“{first}” before “{second}”: {ahead} sure."),
    "needs.opportunities.equal": Text(
        "「{first}」和「{second}」难分先后（前者在前的把握 {ahead}），再多问些人也不一定分得出；先做省事的那个。",
        "“{first}” and “{second}” are level ({ahead} sure that the first is ahead), and more answers would hardly tell: take the cheaper one.",
    ),
    "needs.opportunities.settle.people": Text(
        "「{first}」排在「{second}」前面的把握只有 {ahead}；如果差距不变，再有大约 {more} 人说话就能定下来。",
        "“{first}” before “{second}” is only {ahead} sure; if the gap stays, about {more} more {more|person|people} speaking would settle it.",
    ),
    "needs.opportunities.settle.texts": Text(
        "「{first}」排在「{second}」前面的把握只有 {ahead}；如果差距不变，再有大约 {more} 条内容就能定下来。",
        "“{first}” before “{second}” is only {ahead} sure; if the gap stays, about {more} more {more|text|texts} would settle it.",
    ),
    "needs.opportunities.whichever": Text(
        "换别的算法，排第一的也都是「{topic}」。", "“{topic}” comes first by every other way of counting, too."
    ),
    "needs.opportunities.otherwise": Text("「{topic}」（{measures}）", "“{topic}” ({measures})"),
    "needs.opportunities.otherwise.all": Text(
        "换个算法，排第一的会不同：{parts}。", "Counted otherwise, something else comes first: {parts}."
    ),
    "needs.measure.people_only": Text("只看不满意的人数", "by unhappy people alone"),
    "needs.measure.ulwick": Text("按重要性和满意度（Ulwick）", "by importance and satisfaction (Ulwick)"),
    "needs.measure.rice": Text("按 RICE", "by RICE"),
    "needs.measure.all_time": Text("算上全部时间", "over all time"),
    "needs.measure.three_stars": Text("三星也算不满意", "if three stars count as unhappy"),
    "needs.measure.talked_about": Text("只看提到的人数", "by how many bring it up"),
    "needs.opportunities.chart": Text(
        "机会得分，横线是九成把握的范围", "Score of each opportunity; the line is where it lies nine times in ten"
    ),
    "needs.opportunities.fold.reach": Text("影响多少人、多少钱", "How many people and how much money"),
    "needs.opportunities.fold.scores": Text("得分怎么算的，以及 Ulwick 和 RICE", "How the score is made, with Ulwick and RICE beside it"),
    "needs.opportunities.fold.orders": Text("换个算法的名次", "Places by other ways of counting"),
    "needs.opportunities.fold.leaving": Text("提到每个话题的人，后来怎样了", "What became of those who bring up each topic"),
    "needs.opportunities.fold.tested": Text("拿过去检验：这张表灵不灵", "Tested on the past: does this list come true?"),
    "needs.opportunities.reach": Text(
        "说话的有 {people} 人，这段时间活跃的有 {active} 人。“用户”一列假设没说话的人和说话的人一样；爱说话的人往往更不满意，所以当作上限看。",
        "{people} people spoke, {active} were active. The column “users” supposes that those who say nothing are like those who speak; since who "
        "speaks is often unhappier, read it as a ceiling.",
    ),
    "needs.opportunities.reach.unknown": Text(
        "没有事件和订单（或内容没有日期），不知道没说话的用户有多少。",
        "Without events and orders (or dates of the texts) it is not known how many users say nothing.",
    ),
    "needs.opportunities.silent": Text(
        "「{topic}」：提到它的人，事前七天里做过「{event}」的比例是其他说话的人的 {ratio} 倍。另有 {people} 人也做过，却一句没说。",
        "“{topic}”: those who bring it up did “{event}” in the seven days before {ratio} times as often as other writers. {people} more did it and "
        "wrote nothing.",
    ),
    "needs.opportunities.silent.none": Text(
        "没说话的用户里有多少人遇到同样的事，现在看不出来：没有哪个事件是这些话题特有的。",
        "How many silent users met the same cannot be told: no event is particular to any of these topics.",
    ),
    "needs.opportunities.no_money": Text(
        "没有订单，或付费的人太少：没有按钱加权。", "No orders, or too few people who pay: money does not weigh in the order."
    ),
    "needs.opportunities.method": Text(
        "默认得分 = 不满意的人数 × 流失倍数 × 付费倍数，给了工作量就再除以周数；它说的是有多少人、多少钱要紧，所以用来排序。"
        "流失明显更多的话题按量到的倍数算，其余的倍数向 1 收缩，免得噪声决定名次。"
        "Ulwick：重要性（提到的占比，0-10）加上重要性超出满意度的部分。RICE：影响人数 × 不满意占比 × 倍数 × 把握 ÷ 工作量（没给就算一周）。"
        "名次的范围来自四千次抽样：人数和占比按贝塔分布，倍数按对数正态。",
        "The score is unhappy people × ratio of leaving × ratio of paying, divided by weeks of work where given; it orders the list because it speaks of "
        "people and money at stake. A topic whose people clearly leave more counts with its ratio; all others are drawn towards one, so that noise does not "
        "order the list. "
        "Ulwick: importance (share that bring it up, 0-10) plus what it exceeds satisfaction by. RICE: people reached × unhappy share × ratios × "
        "confidence ÷ effort (one week where none is given). Places are over four thousand draws: shares from beta distributions, ratios log-normal.",
    ),
    "needs.opportunities.no_outcome": Text(
        "没有导入结果（比如谁流失了）：不知道哪个话题的人更容易离开。导入一个带用户编号、结果和日期的表就能看。",
        "No outcomes (such as who left) are imported, so it is not known whose people leave. A table of user id, result and date is enough.",
    ),
    "needs.opportunities.no_overlap": Text(
        "有结果的人里，写过反馈的太少，比不出来。", "Too few of the people with a known outcome wrote anything: nothing to compare."
    ),
    "needs.opportunities.method.dated": Text(
        "{outcome}：只看 {days} 天的窗口开始之前写过的人，和同一时间、同一套餐、差不多活跃、差不多爱说话的人比；可能归错话题的内容，"
        "按它真属于这个话题的可能折算，窗口里才说的人已经扣掉。泊松回归得出的比值，按话题数校正（Holm）。",
        "{outcome}: people who wrote before the window of {days} days begins, against others of the same time and plan, about as active and as "
        "talkative. Texts that may stand under the wrong topic count by their chance to belong to it; who only wrote within the window is "
        "allowed for. Ratio by Poisson regression, corrected for all topics (Holm).",
    ),
    "needs.opportunities.method.undated": Text(
        "{outcome}：结果没有日期，不知道是先说还是先发生（窗口 {days} 天用不上）；和同一套餐、差不多爱说话的人比。泊松回归得出的比值，按话题数校正（Holm）。",
        "{outcome}: the outcomes carry no dates, so whether people spoke before it is not known (no window of {days} days can be set); compared with "
        "others of the same plan, about as talkative. Ratio by Poisson regression, corrected for all topics (Holm).",
    ),
    "needs.opportunities.tested": Text(
        "把最近 {weeks} 周留出来：当时的前 {top} 名里，有 {named} 个后来真的进了不满意人数的前 {top}（一共 {topics} 个话题）。",
        "With the last {weeks} weeks held back, the top {top} of that day held {named} of the {top} topics that most people were then unhappy about "
        "(of {topics} in all).",
    ),
    "needs.opportunities.tested.others": Text(
        "只按提到的人数排能中 {by_people} 个，按最近四周的不满排能中 {by_trend} 个，随便猜大约 {by_chance} 个（都是前 {top} 名）。"
        "话题是用今天的数据分的，几种排法都沾了一点光。",
        "By people alone {by_people}, by the last four weeks {by_trend}, by chance about {by_chance} of {top}. The topics are today’s, which flatters all "
        "of these a little.",
    ),
    "needs.opportunities.untested": Text("数据不够长，没法留出几周来检验。", "The data are too short to hold weeks back for a test."),
    "needs.opportunities.finding": Text(
        "说「{topic}」的人流失的可能是同类人的 {ratio} 倍（{ratio:range}）。",
        "People who say “{topic}” leave {ratio} times as often as others like them ({ratio:range}).",
    ),
    "needs.opportunities.advice": Text(
        "先读原话，找出能先救的人；修好之后看流失有没有降。",
        "Read the quotes and save who can be saved; once fixed, see whether fewer leave.",
    ),
}

_MARKET = {
    "needs.market.title": Text("别家没做好的", "What others fail at"),
    "needs.market.one_product": Text(
        "数据里只有一个产品；导入竞品的评论（product 一列写明是谁）就能看别家哪里没做好。",
        "Only one product is in the data; import reviews of competitors (a column product says whose) to see what they fail at.",
    ),
    "needs.market.unnamed": Text(
        "数据里有 {products} 个产品，不知道哪个是自己的，所以放在一起排。用 --ours 产品名 指定自己的，其余的就当竞品来比。",
        "The data hold {products} products and nobody said which is yours, so all are ranked together. "
        "Name yours with --ours, and the others are compared as competitors.",
    ),
    "needs.market.too_few": Text("竞品的内容太少，和「{ours}」比不出来。", "Too few texts of competitors to compare with “{ours}”."),
    "needs.market.none": Text(
        "没有哪个需求是别家用户明显比「{ours}」的用户更不满意的。",
        "There is no need that others’ users are clearly unhappier about than those of “{ours}”.",
    ),
    "needs.market.they_fail": Text(
        "「{topic}」是机会：别家（尤其是 {product}）的用户里 {theirs:range} 对它不满意，我们只有 {ours:range}。",
        "“{topic}” is a chance: {theirs:range} of others’ users (above all of {product}) are unhappy about it, and only {ours:range} of ours.",
    ),
    "needs.market.only_theirs": Text(
        "「{topic}」是机会：别家（尤其是 {product}）的用户里 {theirs:range} 对它不满意，我们这边还没人抱怨过（占比在 {ours:range} 之内）。",
        "“{topic}” is a chance: {theirs:range} of others’ users (above all of {product}) are unhappy about it, "
        "and none of ours have complained ({ours:range}).",
    ),
}

_EVIDENCE = {
    "needs.evidence.title": Text("证据：{topic}", "Evidence: {topic}"),
    "needs.evidence.lead": Text(
        "「{topic}」：{people} 人，{texts} 条内容。下面每个数字都能用它的编号重新算一遍（productloop show 编号）。",
        "“{topic}”: {people} {people|person|people}, {texts} {texts|text|texts}. Each number below is made again by its id (productloop show ID).",
    ),
    "needs.evidence.unlisted": Text(
        "这个话题不在机会清单里：要么多是好评，要么太小，要么没有主题。",
        "It is not in the list: mostly praise, too small, or without a theme.",
    ),
    "needs.evidence.fold.made": Text("怎么算的", "How it was made"),
    "needs.evidence.made": Text(
        "随机种子 {seed}，抽样 {draws} 次，向量 {encoder}，程序版本 {package}，数据版本 {versions}。同样的数据和种子，结果一字不差。",
        "Seed {seed}, {draws} draws, vectors of {encoder}, program {package}, data versions {versions}. The same data and seed give the same bytes.",
    ),
    "needs.evidence.fold.rows": Text("全部原文编号", "Ids of all texts"),
}

_COLUMNS = {
    "needs.column.place": Text("名次", "Place"),
    "needs.column.rank": Text("名次范围", "Place lies"),
    "needs.column.unhappy_people": Text("不满意的人", "Unhappy people"),
    "needs.column.unhappy_texts": Text("不满意的条数", "Unhappy texts"),
    "needs.column.leaving": Text("流失倍数", "Leave × as often"),
    "needs.column.outcome": Text("结果倍数", "Outcome × as often"),
    "needs.column.effort": Text("工作量（周）", "Weeks of work"),
    "needs.column.users": Text("用户（上限）", "Users (ceiling)"),
    "needs.column.money": Text("他们付的钱", "What they paid"),
    "needs.column.opportunity_score": Text("得分", "Score"),
    "needs.column.severity": Text("流失倍数（收缩后）", "Leaving, shrunk"),
    "needs.column.value": Text("付费倍数（收缩后）", "Paying, shrunk"),
    "needs.column.importance": Text("重要性", "Importance"),
    "needs.column.satisfaction": Text("满意度", "Satisfaction"),
    "needs.column.ulwick": Text("Ulwick", "Ulwick"),
    "needs.column.rice": Text("RICE", "RICE"),
    "needs.column.first": Text("排第一的把握", "First in"),
    "needs.column.their_share": Text("提到的人里", "Of those who bring it up"),
    "needs.column.other_share": Text("其他人里", "Of others"),
    "needs.column.cases": Text("其中发生的", "It happened to"),
    "needs.column.product": Text("哪家最多", "Mostly of"),
    "needs.column.theirs": Text("别家", "Others"),
    "needs.column.ours": Text("我们", "Ours"),
    "needs.column.definition": Text("是什么", "What it is"),
    "needs.column.number": Text("数", "Number"),
    "needs.column.query": Text("编号", "Id"),
    "needs.column.text_id": Text("原文编号", "Text id"),
}

_DEFINITIONS = {
    "needs.d.active": Text("这段时间里有事件、订单或说过话的人。", "People with an event, an order or a text in the window."),
    "needs.d.num_needs": Text(
        "算作需求的话题：够大、够稳，而且不是好评。", "Topics that are needs: large and steady enough, and not praise."
    ),
    "needs.d.opportunity_rank": Text("按得分的名次；范围是抽样里九成落在哪里。", "Place by score; where it lies in nine of ten draws."),
    "needs.d.opportunity_first": Text("抽样里它排第一的占比。", "Share of draws in which it comes first."),
    "needs.d.opportunity_ahead": Text("抽样里它排在下一个前面的占比。", "Share of draws in which it comes before the next one."),
    "needs.d.opportunity_settle": Text(
        "差距不变的话，再有多少人（或条）说话，十次抽样里九次先后一致；0 是已经分清。",
        "More voices until nine of ten draws agree on it and the next one, if the gap stays; 0 when they do.",
    ),
    "needs.d.opportunity_score": Text(
        "不满意的人数 × 流失倍数 × 付费倍数，给了工作量就除以周数。",
        "Unhappy people × ratio of leaving × ratio of paying, by weeks of work where given.",
    ),
    "needs.d.opportunity_users": Text(
        "活跃用户数乘以说话的人里提到它的占比。", "Active users times the share of those who spoke that brings it up."
    ),
    "needs.d.opportunity_leaving": Text(
        "提到它的人出现这个结果的可能，是同类人的几倍（泊松回归得出的比值，归错话题的内容已经折算）。",
        "How many times as often those who bring it up have the outcome as people alike (ratio by Poisson regression, misfiled texts allowed for).",
    ),
    "needs.d.opportunity_severity": Text(
        "流失倍数；不明显的，按随机误差的大小向 1 收缩。",
        "Ratio of leaving; unless it is clear, drawn towards one by as much as chance explains.",
    ),
    "needs.d.opportunity_money": Text(
        "提到它的人这段时间付的钱，退款已扣；n 是付过钱的人。",
        "What those who bring it up paid in the window, net of refunds; n counts who paid.",
    ),
    "needs.d.opportunity_value": Text(
        "他们平均付的钱是所有说话的人的几倍，按随机误差的大小向 1 收缩。",
        "What they pay on average over what all writers pay, drawn towards one by as much as chance explains.",
    ),
    "needs.d.opportunity_importance": Text("提到它的人的占比，换成 0 到 10。", "Share of voices that bring it up, as 0 to 10."),
    "needs.d.opportunity_satisfaction": Text(
        "提到它的人里没有不满意的占比，换成 0 到 10。", "Share of them that is not unhappy, as 0 to 10."
    ),
    "needs.d.opportunity_ulwick": Text("重要性 + max(重要性 - 满意度, 0)。", "Importance + max(importance - satisfaction, 0)."),
    "needs.d.opportunity_rice": Text(
        "影响人数 × 不满意占比 × 倍数 × 把握 ÷ 工作量；把握是不满意人数的下限除以估计值。",
        "People reached × unhappy share × ratios × confidence ÷ effort; confidence is the lower limit of unhappy people over their estimate.",
    ),
    "needs.d.opportunity_effort": Text("给出的工作量（周）；没给的算 1。", "Weeks of work as given; 1 where none are."),
    "needs.d.opportunity_felt": Text("看得出态度的人。", "Voices whose mood is known."),
    "needs.d.opportunity_theirs": Text(
        "提到它的人里，出现这个结果的占比（一人每次被问算一次）。",
        "Share with the outcome among those who bring it up, each time they were asked.",
    ),
    "needs.d.opportunity_others": Text(
        "其他人里，出现这个结果的占比（一人每次被问算一次）。", "Share with the outcome among the others, each time they were asked."
    ),
    "needs.d.opportunity_compared": Text("确实提到过它、结果已知的人。", "People who surely brought it up and whose outcome is known."),
    "needs.d.opportunity_cases": Text("其中出现这个结果的人。", "Those of them who have the outcome."),
    "needs.d.silent_ratio": Text(
        "提到它的人事前七天做过这件事的占比，除以其他说话的人的占比。",
        "Share of its writers who did this in the seven days before, over the share of other writers.",
    ),
    "needs.d.silent_share": Text("提到它的人事前七天做过这件事的占比。", "Share of its writers who did this in the seven days before."),
    "needs.d.silent_people": Text("这段时间做过这件事、但一句没说的人。", "People who did this in the window and wrote nothing."),
    "needs.d.num_products": Text("数据里的产品。", "Products in the data."),
    "needs.d.opportunity_market_theirs": Text("别家说话的人里，对它不满意的占比。", "Share of others’ voices unhappy about it."),
    "needs.d.opportunity_market_ours": Text("我们这边说话的人里，对它不满意的占比。", "Share of our voices unhappy about it."),
    "needs.d.opportunity_market_ratio": Text("别家的占比除以我们的。", "Their share over ours."),
    "needs.d.market_people": Text("别家用户里对它不满意的人。", "Voices of others unhappy about it."),
    "needs.d.back_test_weeks": Text("留出来的整周。", "Whole weeks held back."),
    "needs.d.back_test_topics": Text("参加检验的话题。", "Topics in the test."),
    "needs.d.back_test_top": Text(
        "看前几名：十个，话题不到二十个时看一半。", "Places looked at: ten, or half of the topics where there are fewer than twenty."
    ),
    "needs.d.back_test_named": Text("当时的前几名里，后来真的进了前几名的。", "Topics of the list’s top that came to be in the top."),
    "needs.d.back_test_by_people": Text("同上，按提到的人数排。", "The same, ranked by people who bring it up."),
    "needs.d.back_test_by_trend": Text("同上，按最近四周不满意的人数排。", "The same, ranked by unhappy people of the last four weeks."),
    "needs.d.back_test_by_chance": Text("随便猜平均能中几个。", "What guessing names on average."),
}

TEXTS = {**_PAGE, **_MARKET, **_EVIDENCE, **_COLUMNS, **_DEFINITIONS}
