"""Sentences of `behaviour leaks`, in Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

LEAKS_TITLE = Text(
    "流失的一步：谁停下了，他们说了什么，还能挽回谁", "Leaks: who drops out at a step, what they wrote, who can still be won"
)

TEXTS: dict[str, Text] = {
    "behaviour.leaks.title": Text("停在“{step}”的人", "Who drops out after “{step}”"),
    "behaviour.leaks.title_empty": Text("流失的一步", "Leaks"),
    "behaviour.leaks.nobody": Text(
        "没有人在中途停下，或转化窗口都还没走完：没有可看的流失。",
        "Nobody has stopped on the way yet, or every window is still open: there is no leak to look at.",
    ),
    "behaviour.leaks.lead_topic": Text(
        "在“{from_step}”和“{to_step}”之间停下的 {of} 人里，有 {dropped} 人在前后 {days} 天里写信说“{topic}”："
        "是走过去的人的 {ratio} 倍（九成把握：{ratio:range} 倍）。",
        "Of the {of} people who stopped between “{from_step}” and “{to_step}”, {dropped} wrote about “{topic}” within {days} {days|day|days}: "
        "{ratio} times as often as those who went on (nine times in ten {ratio:range}).",
    ),
    "behaviour.leaks.lead_topic_only": Text(
        "在“{from_step}”和“{to_step}”之间停下的 {of} 人里，有 {dropped} 人在前后 {days} 天里写信说“{topic}”；走过去的人没有一个这么说。",
        "Of the {of} people who stopped between “{from_step}” and “{to_step}”, {dropped} wrote about “{topic}” within {days} {days|day|days}; "
        "nobody who went on did.",
    ),
    "behaviour.leaks.lead_silent": Text(
        "在“{from_step}”和“{to_step}”之间停下的 {of} 人里，有 {wrote} 人在前后 {days} 天里写过话，但没有哪个话题比走过去的人明显多："
        "原因不在他们写的话里，去亲手走一遍这一步。",
        "Of the {of} people who stopped between “{from_step}” and “{to_step}”, {wrote} wrote to us within {days} {days|day|days}, but about nothing "
        "clearly more often than those who went on: the words do not say why. Walk the step yourself.",
    ),
    "behaviour.leaks.no_topics": Text(
        "还没有话题，没法看他们说了什么：先运行 productloop needs topics。",
        "There are no topics yet, so what they wrote cannot be compared: run productloop needs topics first.",
    ),
    "behaviour.leaks.whose": Text(
        "主要是 {column} 为 {value} 的人：只有 {here} 走过去，其他人是 {elsewhere}。",
        "It is mostly where {column} is {value}: {here} go on there, {elsewhere} elsewhere.",
    ),
    "behaviour.leaks.whose_since": Text(
        "主要是 {column} 为 {value} 的人：只有 {here} 走过去，其他人是 {elsewhere}，差不多从 {since} 那一周开始。",
        "It is mostly where {column} is {value}: {here} go on there, {elsewhere} elsewhere, since about the week of {since}.",
    ),
    "behaviour.leaks.no_kind": Text(
        "没有哪一类人（平台、版本等）在这一步明显停得更多。",
        "No kind of people (by platform, version and the like) clearly stops more often here.",
    ),
    "behaviour.leaks.cost": Text(
        "代价：每周大约 {lost:range} 人；如果他们和走过去的人花一样多（平均每人 {each}），就是每周 {money:range}。",
        "What it costs: about {lost:range} people a week; if they were worth as much as those who went on ({each} each on average), {money:range} a week.",
    ),
    "behaviour.leaks.cost_people": Text("代价：每周大约 {lost:range} 人。", "What it costs: about {lost:range} people a week."),
    "behaviour.leaks.currencies": Text("金额没有算进这些币种：{names}。", "Not in these amounts: {names}."),
    "behaviour.leaks.association": Text(
        "这是停下的人和走过去的人的差别，不等于原因。",
        "This is a difference between those who stopped and those who went on, not yet a cause.",
    ),
    "behaviour.leaks.rule": Text(
        "怎么比：每人每个话题只算一次，只算走到“{from_step}”前后 {days} 天里写的；比较了 {num:count} 个话题，按比较次数校正过。",
        "How it compares: each person counts once a topic, with what they wrote within {days} {days|day|days} of “{from_step}”; {num:count} "
        "{num|topic was|topics were} compared, and the chances are adjusted for that.",
    ),
    "behaviour.leaks.win": Text(
        "现在还来得及联系 {people} 人，理由写在每个人后面，把握大的排前面。",
        "{people} {people|person|people} can still be won; the reason stands beside each, the best chances first.",
    ),
    "behaviour.leaks.win_nobody": Text(
        "没有人还来得及挽回：窗口都过了，也没有再来过。", "Nobody can still be won: the windows are over and none of them has come back."
    ),
    "behaviour.leaks.held": Text(
        "另有 {people} 人（一成）特意不联系，以后拿来对照；名单记在“{experiment}”名下，以后不会变。",
        "{people} more (one in ten) are left alone on purpose, to compare with later; they are remembered under “{experiment}” and stay the same.",
    ),
    "behaviour.leaks.measured": Text(
        "上次名单里的 {listed} 人，和留着不联系的 {held} 人相比，走过这一步的比例相差 {gain:percent}（{gain:range}）。",
        "Of the {listed} people on earlier lists, the share that has taken the step since "
        "differs from that of the {held} left alone by {gain:percent} ({gain:range}).",
    ),
    "behaviour.leaks.listed_rest": Text("另外 {num:count} 人没有列出。", "{num:count} more are not listed."),
    "behaviour.leaks.finding": Text(
        "在“{from_step}”和“{to_step}”之间停下的 {of} 人里，有 {dropped} 人写信说“{topic}”，明显多于走过去的人。",
        "Of the {of} people who stopped between “{from_step}” and “{to_step}”, {dropped} wrote about “{topic}”, clearly more than among those who went on.",
    ),
    "behaviour.leaks.few": Text(
        "停下的只有 {people:count} 人，话题的差别只能当线索。",
        "Only {people:count} {people|person|people} stopped: take differences between topics as hints.",
    ),
    "behaviour.leaks.reasons": Text("{reasons}", "{reasons}"),
    "behaviour.leaks.reason.open": Text("转化窗口还没走完", "window still open"),
    "behaviour.leaks.reason.wrote": Text("写信说过，没人回", "wrote about it, unanswered"),
    "behaviour.leaks.reason.wrote_any": Text("写过信，没人回", "wrote to us, unanswered"),
    "behaviour.leaks.reason.active": Text("停下之后又来过", "came back since"),
    "behaviour.leaks.reason.recent": Text("两周内停下的", "dropped in the last two weeks"),
    "behaviour.leaks.heading.words": Text("他们写了什么", "What they wrote"),
    "behaviour.leaks.heading.groups": Text("是谁的流失", "Whose leak it is"),
    "behaviour.leaks.heading.win": Text("还能挽回的人", "Who can still be won"),
    "behaviour.leaks.heading.held": Text("特意不联系、留作对照的人", "Left alone on purpose"),
    "behaviour.leaks.column.topic": Text("话题", "topic"),
    "behaviour.leaks.column.dropped": Text("停下的人里", "who dropped"),
    "behaviour.leaks.column.passed": Text("走过去的人里", "who went on"),
    "behaviour.leaks.column.ratio": Text("几倍", "times as often"),
    "behaviour.leaks.column.p": Text("校正后的 p 值", "adjusted p"),
    "behaviour.leaks.column.column": Text("哪一列", "column"),
    "behaviour.leaks.column.value": Text("取值", "value"),
    "behaviour.leaks.column.people": Text("走到这一步", "got to the step"),
    "behaviour.leaks.column.went_on": Text("接着走下去", "went on"),
    "behaviour.leaks.column.why": Text("为什么还有机会", "why there is a chance"),
    "behaviour.leaks.chart": Text("走到每一步的比例", "Share that got to each step"),
    "behaviour.leaks.chart.others": Text("其他人", "all others"),
    "behaviour.leaks.chart.all": Text("所有人", "everybody"),
    "behaviour.leaks.label.lost": Text("每周流失", "lost a week"),
    "behaviour.leaks.label.money": Text("每周约合", "worth a week"),
    "behaviour.leaks.label.winnable": Text("还能挽回", "can still be won"),
    "behaviour.leaks.d.dropped": Text(
        "走到前一步、转化窗口走完也没走到后一步的人；有明显漏人的那一类时，只算这一类、从开始漏的那一周起",
        "people who took the first step, and with their window over not the next; where one kind clearly stops more often, only these, since then",
    ),
    "behaviour.leaks.d.passed": Text("同一段时间里走到后一步的人", "people who took the next step in the same time"),
    "behaviour.leaks.d.wrote": Text(
        "其中在走到前一步前后几天里写过话的人", "of these, people who wrote anything within the days around the first step"
    ),
    "behaviour.leaks.d.topic_people": Text("其中写过这个话题的人，每人只算一次", "of these, people who wrote about the topic, each once"),
    "behaviour.leaks.d.topic_share": Text("写过这个话题的人占全组的比例", "share of the group that wrote about the topic"),
    "behaviour.leaks.d.ratio": Text(
        "停下的人里写这个话题的比例，除以走过去的人里的比例",
        "share that wrote about it among those who dropped, divided by that among those who went on",
    ),
    "behaviour.leaks.d.p_adjusted": Text(
        "两组其实一样的情况下，碰巧差这么多的概率（Fisher 精确检验），已按全部话题校正（Holm）",
        "probability of such a difference by chance if both groups were alike (Fisher's exact test), adjusted for all topics (Holm)",
    ),
    "behaviour.leaks.d.group_people": Text("这一类里走到前一步的人", "people of this kind who took the first step"),
    "behaviour.leaks.d.went_on": Text("其中走到后一步的比例", "share of these that took the next step"),
    "behaviour.leaks.d.lost_all": Text("平均每周在这一步停下的人", "people who stop here in an average week"),
    "behaviour.leaks.d.value_each": Text(
        "走过去的人从这一步起平均每人的订单金额，退款已减去",
        "mean value of orders of those who went on, from that step on, refunds subtracted",
    ),
    "behaviour.leaks.d.money": Text(
        "每周流失的人数乘以走过去的人平均每人的订单金额", "people lost a week times the mean value of somebody who went on"
    ),
    "behaviour.leaks.d.winnable": Text(
        "停下的人里，窗口还没走完、两周内停下或之后又来过的人，不含留作对照的",
        "people who stopped and whose window is open, or who stopped or came back within two weeks, without those left alone",
    ),
    "behaviour.leaks.d.held_out": Text("其中按编号随机留出、不去联系的一成", "the tenth of these, drawn by their ids, that is left alone"),
    "behaviour.leaks.d.measured": Text(
        "名单上的人后来走过这一步的比例，减去留作对照的人的比例",
        "share of the listed that took the step since, minus that of the people left alone",
    ),
}
