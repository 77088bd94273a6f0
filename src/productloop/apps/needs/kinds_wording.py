"""Sentences of `needs types`, Chinese and English; and the words by which other systems call the kinds of feedback."""

from __future__ import annotations

from productloop.foundation.wording import Text

TYPES_TITLE = Text(
    "反馈里有多少故障、建议、咨询、投诉和要走的人", "How much is broken, wished for, asked, complained about, and who is leaving"
)
TASK_TITLE = Text(
    "一句反馈是哪一类：故障、建议、好评、咨询、投诉、要走",
    "What kind of feedback is a text: bug, request, praise, question …?",
)

KIND_WORDS: dict[str, tuple[str, ...]] = {
    "bug": (
        *("bug", "bugs", "bug report", "problem", "problem discovery", "pd", "error", "crash", "defect", "fault", "issue", "incident"),
        *("缺陷", "故障", "错误", "闪退", "问题反馈", "程序错误", "功能异常", "异常", "报错", "bug反馈"),
    ),
    "request": (
        *("request", "feature request", "feature requests", "feature", "fr", "suggestion", "idea", "enhancement", "improvement", "wish"),
        *("建议", "需求", "功能建议", "功能需求", "产品建议", "优化建议", "改进", "改进建议", "意见建议"),
    ),
    "praise": ("praise", "compliment", "kudos", "positive feedback", "表扬", "好评", "赞美", "夸奖", "点赞", "感谢表扬"),
    "question": ("question", "questions", "how to", "inquiry", "enquiry", "help", "咨询", "提问", "疑问", "求助", "使用咨询", "询问"),
    "complaint": ("complaint", "complaints", "grievance", "投诉", "抱怨", "差评", "吐槽", "不满"),
    "churn_threat": (
        "churn",
        "churn threat",
        "churn risk",
        "cancel",
        "cancellation",
        "cancelation",
        "retention",
        "流失",
        "退订",
        "注销",
        "取消订阅",
        "流失预警",
    ),
    "other": ("other", "others", "misc", "none", "spam", "其他", "其它", "无", "闲聊", "无意义"),
}

TEXTS = {
    "needs.types.title": Text("反馈都是哪几类", "What kinds of feedback people give"),
    "needs.types.lead.people": Text(
        "写过反馈的 {people} 人里，{broken} 人说有东西坏了，{leaving} 人说要走。",
        "Of {people} {people|person|people} who wrote, {broken} {broken|reports|report} something broken; {leaving} {leaving|is|say they are} leaving.",
    ),
    "needs.types.lead.texts": Text(
        "{people} 条反馈里，{broken} 条说有东西坏了，{leaving} 条说要走。",
        "Of {people} {people|text|texts}, {broken} {broken|reports|report} something broken; {leaving} {leaving|speaks|speak} of leaving.",
    ),
    "needs.types.lead.people.stay": Text(
        "写过反馈的 {people} 人里，{broken} 人说有东西坏了；没有人说要走。",
        "Of {people} {people|person|people} who wrote, {broken} {broken|reports|report} something broken; nobody speaks of leaving.",
    ),
    "needs.types.lead.texts.stay": Text(
        "{people} 条反馈里，{broken} 条说有东西坏了；没有一条说要走。",
        "Of {people} {people|text|texts}, {broken} {broken|reports|report} something broken; none speaks of leaving.",
    ),
    "needs.types.chart.people": Text("每周人数", "People by week"),
    "needs.types.chart.texts": Text("每周条数", "Texts by week"),
    "needs.types.grid": Text("按类别", "By kind"),
    "needs.types.column.kind": Text("类别", "Kind"),
    "needs.types.column.most": Text("说得最多的", "Most about"),
    "needs.types.about": Text("主要在说：{topics}。", "Mostly about {topics}."),
    "needs.types.topic": Text("「{topic}」（{people}）", "“{topic}” ({people})"),
    "needs.types.versions": Text("各版本里说有东西坏了的占比", "Share who report something broken, by version"),
    "needs.types.caution.cold": Text(
        "类别是按句子估计的，没有用您自己的标注；{unsure} 的话看不出是哪一类，没有算进任何一类。",
        "Kinds are guessed from the sentences, without labels of your own; {unsure} of the points are of no clear kind and count for none.",
    ),
    "needs.types.caution.model": Text(
        "类别由您自己数据训练的模型判断；{unsure} 的话看不出是哪一类，没有算进任何一类。",
        "Kinds are judged by the model trained on your own labels; {unsure} of the points are of no clear kind and count for none.",
    ),
    "needs.types.fold": Text("怎么分的类", "How kinds are told apart"),
    "needs.types.method": Text(
        "一条内容可以说几件事，每件单独归类，所以一个人可能出现在几类里。要走、投诉、故障撞在一起时算要走；没有一句提到离开的，不算要走。",
        "A text may make several points, each of a kind of its own, so a person may stand in several. Leaving wins over complaint and bug.",
    ),
    "needs.kind.bug": Text("东西坏了", "something broken"),
    "needs.kind.request": Text("提建议", "wishes"),
    "needs.kind.praise": Text("表扬", "praise"),
    "needs.kind.question": Text("问怎么用", "questions"),
    "needs.kind.complaint": Text("不满意（价格、服务、质量）", "complaints (price, service, quality)"),
    "needs.kind.churn_threat": Text("说要走", "say they are leaving"),
    "needs.kind.other": Text("其他（打招呼、没内容）", "other (greetings, no content)"),
    "needs.d.kind_people": Text(
        "至少有一句属于这一类的人（或条）；n 是句数。", "Voices with at least one point of this kind; n is the points."
    ),
    "needs.d.kind_share": Text("占写过反馈的人的比例，Wilson 区间。", "Of all who wrote; Wilson interval."),
    "needs.d.kind_topic": Text("在这个话题里说过这一类话的人。", "Voices whose points of this kind lie in the topic."),
    "needs.d.kind_unsure": Text("没有一类的把握达到一半的句子。", "Points for which no kind reaches a chance of one half."),
    "needs.d.kind_version": Text(
        "这个版本写反馈的人里，说有东西坏了的占比（全部时间），Wilson 区间。",
        "Of those who wrote from the version, who report something broken, over all time; Wilson interval.",
    ),
    "needs.d.kind_version_people": Text("从这个版本写反馈的人。", "Who wrote from the version."),
}
