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
