"""Sentences of `risk drafts` and `risk approve`."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

DRAFTS_TITLE = Text("等您点头的消息", "Messages that wait for your approval")
APPROVE_TITLE = Text("同意一条消息", "Approve a message")

DRAFT_UNKNOWN = Problem(
    "risk_draft_unknown",
    Text("没有编号 {draft:quote} 的草稿", "there is no draft {draft:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("productloop risk drafts 列出全部", "productloop risk drafts lists them all"),
)

TEXTS: dict[str, Text] = {
    "risk.drafts.page": DRAFTS_TITLE,
    "risk.approve.page": APPROVE_TITLE,
    "risk.drafts.line.none": Text(
        "没有草稿：开始一次活动才会写（productloop risk prevent --start）。",
        "There are none: starting a campaign writes them (productloop risk prevent --start).",
    ),
    "risk.drafts.line.rule": Text(
        "每种做法一条，给这次活动里的所有人；同意之前不会跟名单一起给出去。同意：productloop risk approve 编号；不用：加 --reject。",
        "One message for each action, for everybody in that campaign; none leaves with a list before you approve it: productloop risk approve ID, "
        "or with --reject to drop it.",
    ),
    "risk.drafts.text": Text("{zh}{en||}", "{en}{zh||}"),
    "risk.drafts.head": Text("{action}（{status}）", "{action} ({status})"),
    "risk.drafts.line.about": Text("编号 {id}；{source}写的；活动 {campaign}", "id {id}; written by {source}; campaign {campaign}"),
    "risk.drafts.template": Text("模板", "a template"),
    "risk.drafts.line.approved": Text(
        "已同意 {id}：之后的名单会带上它（productloop risk prevent --campaign {campaign} --export list.csv）。",
        "Approved {id}: lists carry it from now on (productloop risk prevent --campaign {campaign} --export list.csv).",
    ),
    "risk.drafts.line.rejected": Text("不用 {id}：名单不会带上它。", "Dropped {id}: no list carries it."),
}
