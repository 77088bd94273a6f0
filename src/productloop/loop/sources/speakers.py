"""Who speaks in a conversation, by the words people write in front of a line, and the lines that say nothing of their own.

Roles are four: "user", "staff", "robot", "system". A line of a user that only greets, thanks, agrees or says good-bye gets the status
"greeting": it is kept, because a conversation should be whole, and it never counts as a need.
The word lists are hand-written from what Chinese and English service desks and interviewers put before a line.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["user", "staff", "robot", "system"]
GREETING = "greeting"
"""Status of a user's line without content of its own."""
MAX_GREETING_CHARACTERS = 40

_ROBOT = re.compile(r"机器人|智能(?:客服|助手)|自动回复|\b(?:chat)?bot\b|\brobot\b|\bvirtual assistant\b|\bautomation\b", re.IGNORECASE)
_SYSTEM = re.compile(r"^(?:系统(?:消息|通知|提示)?|system(?: message)?)$", re.IGNORECASE)
_STAFF = re.compile(
    r"客服|坐席|座席|人工|店主|卖家|商家|运营|顾问|管家|管理员|工作人员|技术支持|主持人|访谈者|访谈员|采访者|访员|提问者"
    r"|\b(?:agent|support|staff|admin|administrator|operator|representative|advisor|seller|merchant|moderator|interviewer|researcher"
    r"|facilitator|customer (?:service|care|success)|help ?desk)\b",
    re.IGNORECASE,
)
_USER = re.compile(
    r"^(?:用户|客户|顾客|访客|买家|会员|受访者|被访者|参与者|嘉宾|回答者|[a-z]{0,2}\d{0,3}号?(?:用户|受访者)"
    r"|user|customer|client|visitor|guest|buyer|caller|end[- ]user|lead|contact|participant|interviewee|respondent|subject)"
    r"\s*[a-z]?\d{0,3}$",
    re.IGNORECASE,
)
_CODES: dict[str, Role] = {"0": "user", "1": "robot", "2": "staff", "3": "system"}
"""senderType of Sobot's message records: visitor, robot, agent, system."""

_GREETING_WORDS = (
    # hello
    "你好啊 你好呀 你好 您好 哈喽 哈啰 嗨 喂 亲 亲亲 在吗 在么 在嘛 在不在 在不 有人吗 有人在吗 有人么 早上好 上午好 中午好 下午好 晚上好 早 "
    "hello hi hey hiya yo anybodythere anyonethere areyouthere goodmorning goodafternoon goodevening there "
    # thanks
    "谢谢你 谢谢您 谢谢了 谢谢啦 谢谢 多谢 感谢 非常感谢 辛苦了 麻烦了 麻烦你了 麻烦您了 "
    "thanksalot thankssomuch thankyousomuch thankyouverymuch thankyou thanks thx thankx ty tks cheers appreciateit muchappreciated "
    # agreed, understood
    "好的 好吧 好滴 好哒 好嘞 好 行 可以 可以的 可以了 嗯嗯 嗯 恩 哦哦 哦 噢 喔 收到 知道了 "
    "明白了 明白 了解了 了解 懂了 没事 没事了 没关系 不客气 是的 是 对 对的 "
    "没有了 没有 没了 不用了 不用 解决了 那先这样 先这样 就这样 "
    "okay ok oki okey k kk sure alright allright gotit isee understood noted great perfect cool nice awesome wonderful yes yeah yep yup no nope nothanks "
    "noproblem nevermind youtoo that'sall thatsall thatisall allgood fine "
    # good-bye
    "再见 拜拜 拜 祝好 晚安 bye byebye goodbye seeyou haveaniceday haveagoodday haveagoodone goodnight goodday"
)
_WORDS = "|".join(sorted(map(re.escape, _GREETING_WORDS.split()), key=len, reverse=True))
_TAIL = "[啊呀吧哈啦哒呢了哦喔嘛的亲]"
_GREETING = re.compile(rf"(?:(?:{_WORDS}){_TAIL}{{0,2}})+")
_NO_WORD = re.compile(r"[^\w']|_")


def role_of(label: str) -> Role | None:
    """The role that a name or label in front of a line tells; None where it is only a name."""
    name = label.strip()
    if name in _CODES:
        return _CODES[name]
    if _SYSTEM.search(name):
        return "system"
    if _ROBOT.search(name):
        return "robot"
    if _USER.search(name):
        return "user"
    return "staff" if _STAFF.search(name) else None


def status_of(role: str, text: str) -> str | None:
    """The status "greeting" for a user's line that only greets, thanks, agrees or says good-bye; None for every other."""
    return GREETING if role == "user" and is_greeting(text) else None


def is_greeting(text: str) -> bool:
    """Whether a text is nothing but greetings, thanks, agreement, good-bye, or signs without words."""
    if len(text) > MAX_GREETING_CHARACTERS:
        return False
    bare = _NO_WORD.sub("", text.lower())
    return not bare or _GREETING.fullmatch(bare) is not None
