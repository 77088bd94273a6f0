"""Who speaks in a conversation, and whether a text was answered: the words that exports use for it."""

from __future__ import annotations

STAFF_ROLES = frozenset(
    (
        *("staff", "admin", "agent", "operator", "support", "employee", "moderator", "team", "seller", "merchant", "developer"),
        *("客服", "员工", "坐席", "商家", "卖家", "运营", "官方", "管理员", "开发者"),
    )
)
ROBOT_ROLES = frozenset(("bot", "robot", "assistant", "system", "automation", "automatic", "机器人", "系统", "自动回复", "自动"))
ANSWERED = ("replied", "answered", "closed", "resolved", "solved", "done", "已回复", "已解决", "已关闭", "已处理", "完成")
"""Values of `feedback.status` (in lower case) that say that somebody answered."""


def folded(value: object) -> str:
    """A role or status as it is compared."""
    return "" if value is None else str(value).strip().lower()
