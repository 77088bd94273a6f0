"""Names in a question that no list holds: of an experiment, of a change."""

from __future__ import annotations

import re

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_text import search


def experiment_name(question: str) -> str | None:
    """The name of the experiment: an identifier, something in quotes, or the words before "experiment" or 实验."""
    quoted = search(r"[\"“”「『'‘]([^\"“”」』'’]{2,40})[\"“”」』'’]", question)
    if quoted is not None:
        return quoted.group(1)
    identifier = search(r"\b([A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)+)\b(?<!A-B)(?<!a-b)", question)
    if identifier is not None and identifier.group(1).lower() not in ("a-b", "ab-test", "check-in", "sign-up"):
        return identifier.group(1)
    named = search(
        r"(?i)\b(?:the|our|of|in|called|named)\s+((?:(?!the\b|our\b|of\b|in\b|a/b\b|ab\b)[\w-]+\s+){1,4}?)"
        r"(?:a/?b[- ])?(?:experiment|test|variant|ab[- ]test|split test)\b",
        question,
    )
    if named is not None:
        return named.group(1).strip()
    after = search(
        r"(?i)\b(?:experiment|test)\s+(?:called|named|on|for|about|with)\s+(?:the |our )?([\w -]{2,40}?)"
        r"(?:\s+(?:win|won|do|work|going|perform|result)|[?.!,]|$)",
        question,
    )
    if after is not None:
        return after.group(1).strip()
    zh = search(
        r"(?i)([\u4e00-\u9fffA-Za-z0-9]{2,16}?)(?:这个|那个|的)?(?:a/?b ?)?(?:实验|AB测试|ab测试|A/B测试|A/B 测试|测试)",
        question,
    )
    if zh is not None:
        name = re.sub(r"^(?:我们|那个|这个|上次|最近|关于|请问|看看|看下|看一下|帮我看|的|做的|咱们|之前|现在)+", "", zh.group(1))
        return name or None
    return None


def change_title(question: str) -> str | None:
    """The words around what was changed: "the January price increase", 春节活动; None when nothing is named."""
    noun = f"(?:{cues.CHANGE_NOUN})"
    english = search(
        rf"(?i)\b(?:the|our|of|that|this|a|did|new|last)\s+((?:(?!the\b|our\b|what\b|did\b|how\b|of\b|do\b|effect\b|impact\b)[\w'’-]+\s+){{0,4}}{noun})\b",
        question,
    )
    if english is not None:
        return re.sub(r"(?i)^(?:the|our|that|this|a)\s+", "", english.group(1)).strip()
    plain = search(rf"(?i)\b({noun})\b", question)
    if plain is not None:
        return plain.group(1)
    zh = search(
        r"((?:[\u4e00-\u9fffA-Za-z0-9]{0,10}?)(?:新版[\u4e00-\u9fff]{0,4}?(?:流程|页面|首页|界面)?|提价|加价|打折|补贴|红包|满减|优惠券|弹窗|费率调整|涨价|降价|调价|价格调整|活动|大促|促销|改版|新功能|新手引导|发布|上线|宕机|故障|更新|改动))",
        question,
    )
    if zh is None:
        return None
    return (
        re.sub(
            r"^(?:[\d一二三四五六七八九十]+月(?:份|[\d一二三四五六七八九十]+[日号])?|去年|今年|上个?月|上周|我们|那次|这次|上次|那个|这个|请问|看看|看下|看一下|想知道|最近|的|做的|咱们|之前|关于|分析|一下|在|次|因为)+",
            "",
            zh.group(1),
        )
        or None
    )
