"""Sentences about one person's reasons and about people like them, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

EXPLAIN_TEXTS = {
    "risk.explain.can": Text("可以想办法的", "What can be worked on"),
    "risk.explain.cannot": Text("改不了的（说明背景）", "What cannot be changed (for the picture)"),
    "risk.explain.chart": Text(
        "往右推高风险，往左拉低风险：各占全部推力的多少", "Pushes the risk up (right) or down (left), as a share of all pushes"
    ),
    "risk.explain.push": Text("推力", "push"),
    "risk.explain.column_push": Text("推力", "push"),
    "risk.explain.silent": Text(
        "这个模型说不出单个人的原因；它总体看重什么，见 productloop risk model。",
        "This model cannot say why for one person; what it goes by overall: productloop risk model.",
    ),
    "risk.explain.fold": Text("像这样、但可能性低的人，差在哪里", "People like this with a lower chance, and what they differ in"),
    "risk.explain.alternative": Text(
        "背景相近、可能性低的人里，差别最小的一种是：现在是“{now}”，他们是“{instead}”。这样的人，模型给的可能性是 {chance}，这个人是 {own}。",
        "Among people of the same background with a lower chance, the smallest difference is this: now “{now}”, they have “{instead}”. To such people the "
        "model gives a chance of {chance}, to this one {own}.",
    ),
    "risk.explain.association": Text(
        "这只说明两类人不一样，不说明改了就管用：管不管用，要留一批人对照才知道（productloop risk prevent）。",
        "That tells two kinds of people apart; it does not say that changing it works. Whether it does, only people kept apart can show (productloop risk "
        "prevent).",
    ),
    "risk.explain.threshold": Text(
        "低，指低于最危险的一成人的门槛（{threshold}）。", "Lower means below the riskiest tenth of people ({threshold})."
    ),
    "risk.define.alternative": Text(
        "换上这些真实存在的值后，模型给的可能性", "the model's chance with these values, which real people have"
    ),
    "risk.define.alternative_threshold": Text(
        "现在所有人里最危险的一成从这个可能性起", "the riskiest tenth of people now begins at this chance"
    ),
}
