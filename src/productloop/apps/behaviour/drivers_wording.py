"""Sentences of `behaviour drivers`, Chinese and English. They say what goes together, never what makes what happen."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

DRIVERS_TITLE = Text("早期行为：留下、付费、流失的人，头几天有什么不同", "Early behaviour of people who stay, pay or leave")

DRIVERS_NO_BREAKDOWN = Problem(
    "drivers_no_breakdown",
    Text("这里不能用 --by {name:quote} 拆分", "this cannot be split with --by {name:quote}"),
    Text("平台、版本这些列本来就在比较之内", "columns such as platform are compared anyway"),
    Text("只看一类人，用 --where {name}=某个值", "to look at one kind of people only, use --where {name}=VALUE"),
)

TEXTS = {
    "behaviour.drivers.title": Text(
        "留下、付费、流失的人，头 {days} 天有什么不同", "What people who stay, pay or leave did in their first {days} {days|day|days}"
    ),
    "behaviour.drivers.heading_stay": Text("第 {week} 周还在", "Still active in week {week}"),
    "behaviour.drivers.heading_pay": Text("头几天之后第一次付费", "A first order after those days"),
    "behaviour.drivers.heading_leave": Text("头几天之后再没来", "Never seen again after those days"),
    "behaviour.drivers.base_stay": Text(
        "{people} 人里，{share} 第 {week} 周还在。", "Of {people} people, {share} were active in week {week}."
    ),
    "behaviour.drivers.base_pay": Text(
        "{people} 个当时还没付过费的人里，{share} 在第 {week} 周结束前第一次下了单。",
        "Of {people} people who had not paid by then, {share} made their first order by the end of week {week}.",
    ),
    "behaviour.drivers.base_leave": Text(
        "{people} 人里，{share} 头几天之后到第 {week} 周结束都没再来。",
        "Of {people} people, {share} were not seen again by the end of week {week}.",
    ),
    "behaviour.drivers.more": Text(
        "{label}的 {people} 人里是 {here}，其他人 {elsewhere}{adjusted}。",
        "{label}: {here} of those {people}, {elsewhere} of the others{adjusted}.",
    ),
    "behaviour.drivers.adjusted_more": Text(
        "；和一样活跃的人比，高 {gap:range} 个百分点", "; among equally active people {gap:range} points more"
    ),
    "behaviour.drivers.adjusted_less": Text(
        "；和一样活跃的人比，低 {gap:range} 个百分点", "; among equally active people {gap:range} points less"
    ),
    "behaviour.drivers.plain": Text(
        "{label}的 {people} 人里是 {here}，其他人 {elsewhere}。", "{label}: {here} of those {people}, {elsewhere} of the others."
    ),
    "behaviour.drivers.none": Text(
        "比较了 {num} 种早期行为和属性，没有一种和它明显相关。",
        "{num} early behaviours and attributes were compared: none clearly goes with it.",
    ),
    "behaviour.drivers.rule_line": Text(
        "最简单的分界：{rule}。做到的人里 {here} 如此，没做到的 {elsewhere}；如此的人里有 {coverage} 做到了。（一半人里找出来，在另一半 {people} 人里验证。）",
        "The simplest line to draw: {rule}. Of those who did, {here}; of the others, {elsewhere}; {coverage} of the people with this outcome did. "
        "(Found among one half of the people, measured on the other {people}.)",
    ),
    "behaviour.drivers.only_activity": Text(
        "和一样活跃的人比，这条分界就看不出差别了：它多半只是“来得多”的另一种说法。",
        "Among equally active people that line makes no clear difference: it is probably another way of saying “came often”.",
    ),
    "behaviour.drivers.chart": Text(
        "比例相差多少（同样活跃的人之间；活跃程度本身除外）",
        "How far the shares differ (among equally active people, except for activity itself)",
    ),
    "behaviour.drivers.no_rule": Text(
        "没有哪条“几天内做够几次”的分界，在另一半人里也成立。",
        "No line of the kind “so often within so many days” held among the other half of the people.",
    ),
    "behaviour.drivers.few": Text(
        "观察期已满的只有 {people} 人，至少要 60 个才说得出什么。",
        "Only {people} {people|person has|people have} their time over; at least 60 are needed to say anything.",
    ),
    "behaviour.drivers.no_orders": Text(
        "没有订单数据，看不了付费。导入一张订单表就能看。", "There are no orders: import a table of orders to see who pays."
    ),
    "behaviour.drivers.all_equal": Text(
        "{people} 人的结果都一样（{share}），没有可比的。", "All {people} people ended the same way ({share}): nothing to compare."
    ),
    "behaviour.drivers.association": Text(
        "这些只是一起出现，不是原因：本来就想留下的人，也更愿意多做。要知道推着大家去做有没有用，做实验：productloop behaviour experiment。",
        "These go together; that is not a cause: people who want to stay also do more. Whether nudging people towards it helps, only an experiment can "
        "tell: productloop behaviour experiment.",
    ),
    "behaviour.drivers.rule_how": Text(
        "怎么算：从每个人第一次出现起看 {days} 天，再看到第 {week} 周结束；还没到的 {open} 人在进行中，不算流失。",
        "How it counts: {days} {days|day|days} from a person's first event, then up to the end of week {week}; {open} people whose time is not over are "
        "in progress, not gone.",
    ),
    "behaviour.driver.did": Text("做过“{event}”", "did “{event}”"),
    "behaviour.driver.days_active": Text("来了至少 {num} 天", "active on at least {num} days"),
    "behaviour.driver.sessions": Text("至少 {num} 次会话", "at least {num} sessions"),
    "behaviour.driver.attribute": Text("{column} 是 {value}", "{column} is {value}"),
    "behaviour.driver.rule": Text(
        "{days} 天内至少做 {times} 次“{event}”", "“{event}” at least {times} {times|time|times} within {days} {days|day|days}"
    ),
    "behaviour.drivers.label": Text("早期行为", "early behaviour"),
    "behaviour.drivers.people": Text("人数", "people"),
    "behaviour.drivers.here": Text("有它的人", "with it"),
    "behaviour.drivers.elsewhere": Text("没有的人", "without"),
    "behaviour.drivers.difference": Text("同样活跃时相差", "among equally active"),
    "behaviour.drivers.ratio": Text("同样活跃时的倍数", "ratio among equally active"),
    "behaviour.drivers.p": Text("校正后的 p 值", "adjusted p"),
    "behaviour.drivers.fold_stay": Text("留下：全部比较", "Staying: all comparisons"),
    "behaviour.drivers.fold_pay": Text("付费：全部比较", "Paying: all comparisons"),
    "behaviour.drivers.fold_leave": Text("流失：全部比较", "Leaving: all comparisons"),
    "behaviour.drivers.fold_text": Text(
        "倍数和相差按头几天活跃的天数（1、2、3-4、5 天以上）分层后合并（Mantel-Haenszel）；活跃天数和会话本身不分层。"
        "p 对这 {num} 个比较用 Holm 校正，.05 以下算明显。至少 20 人有、20 人没有才比较。",
        "Ratio and difference are pooled over strata of days active early on (1, 2, 3-4, 5 and more; Mantel-Haenszel); days active and sessions themselves "
        "are not stratified. p is adjusted for these {num} comparisons (Holm), clear below .05. Compared where at least 20 people have it and 20 do not.",
    ),
    "behaviour.finding.driver": Text(
        "{rule}的人，第 {week} 周有 {here} 还在，其他人 {elsewhere}（只是相关）。",
        "Of people with {rule}, {here} are active in week {week}; of the others, {elsewhere} (they go together, no more).",
    ),
    "behaviour.caution.drivers_old": Text(
        "没有注册时间，所以不算数据头 {days} 天里出现的 {people} 人：他们可能早就在了。",
        "Sign-ups are not known, so the {people} people who appear in the first {days} days of the data are left out: they may have been there before.",
    ),
    "behaviour.d.drivers_open": Text("开始了、观察期还没满的人。", "People who began and whose time is not over."),
    "behaviour.d.drivers_left_out": Text("数据开始之前就在的人，没有算进去。", "People who were there before the data begin, left out."),
    "behaviour.d.drivers_people": Text("观察期已满的人。", "People whose time is over."),
    "behaviour.d.stay": Text("那一周里做过任何事的人的比例。", "Share who did anything in that week."),
    "behaviour.d.pay": Text(
        "头几天没付费、之后第一次下单的人的比例。", "Share with a first order after the first days, of people who had not paid in them."
    ),
    "behaviour.d.leave": Text("头几天之后什么都没再做的人的比例。", "Share who did nothing at all after the first days."),
    "behaviour.d.driver_share": Text("这些人里有这个结果的比例。", "Share of these people with the outcome."),
    "behaviour.d.driver_people": Text("头几天里有这个行为或属性的人。", "People with the behaviour or attribute in their first days."),
    "behaviour.d.driver_ratio": Text(
        "和同样活跃的人相比的倍数（Mantel-Haenszel）。", "Ratio of shares among equally active people (Mantel-Haenszel)."
    ),
    "behaviour.d.driver_difference": Text("和同样活跃的人相比差几个百分点。", "Difference in points among equally active people."),
    "behaviour.d.driver_p": Text(
        "其实无关时碰巧相差这么大的概率，按所有比较做 Holm 校正。",
        "Chance of so large a difference if there were none, adjusted for all comparisons (Holm).",
    ),
    "behaviour.d.rule_here": Text(
        "另一半人里，做到的人有这个结果的比例。", "Among the other half: share with the outcome of those who did it."
    ),
    "behaviour.d.rule_elsewhere": Text(
        "另一半人里，没做到的人有这个结果的比例。", "Among the other half: share with the outcome of those who did not."
    ),
    "behaviour.d.rule_coverage": Text(
        "另一半人里，有这个结果的人做到了的比例。", "Among the other half: share of people with the outcome who did it."
    ),
    "behaviour.d.rule_people": Text("用来验证的那一半人。", "People of the half it was measured on."),
}
