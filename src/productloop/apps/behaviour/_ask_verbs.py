"""Chinese names of events as people say them: 完成任务 is also 做完任务, 把任务做完, 任务完成; 新建项目 is also 建了个项目.

A name of a verb and a noun is taken apart; the verb stands for all verbs that say the same of such a noun, on either side of it. Written
from general knowledge of the language; a verb of one character counts only right beside the noun.
"""

from __future__ import annotations

import re

_FILLER = (
    "(?:几次|多少次|几个|多少个|几笔|几张|了|过|完|的|个|好|着|上|一次|一个|一笔|一单|首次|第一次|第一节|第一个|一节|一张|新|该|这个|成功)?"
)
_START_FILLER = _FILLER.replace("|完|", "|")
"""上完课 is no beginning of a lesson."""
_COMPLETE = (
    "完成|完结|结束|通过|搞定|弄完|搞完|走完|过完|做完|上完|学完|听完|看完|读完|打完|玩完|跑完|办完|做了|过了|[做上学听看打玩跑办]不完"
)
_VERBS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("开始", "开启", "启动", "开通"), "开始|开启|启动|进入|点进|点开|打开|开通|申请|开|进|起"),
    (("完成", "结束", "通过"), _COMPLETE),
    (("提交",), "提交|上交|递交|交上|交|做|答"),
    (("新建", "创建", "建立"), "新建|创建|建立|搭建|建起|建好|新增|新开|建|搭|加"),
    (("查看", "浏览", "观看"), "查看|浏览|观看|点开|点进|翻看|打开|看|翻|逛"),
    (("打开",), "打开|点开|进入|登录|启动|进|上|开"),
    (("添加", "绑定"), "添加|新增|绑定|关联|绑上|加|绑"),
    (("邀请",), "邀请|邀|拉|请|叫"),
    (("上传",), "上传|传"),
    (("导出",), "导出|下载|导"),
    (("接入", "连接"), "接入|接上|连接|对接|打通|接通|接|连"),
    (("加入",), "加入|参加|进入|放进|放入|加进|加到|丢进|扔进|放到|加|进|入|放"),
    (("申请",), "申请|发起|要求|提出|提|要"),
    (("联系",), "联系|咨询|求助|找|问|打"),
    (("取消",), "取消|退掉|停掉|停|退"),
    (("播放",), "播放|观看|点开|看|放|播"),
    (("升级",), "升级|升到|升"),
)
"""(verbs of names, verbs that mean them)."""
_NOUNS = {
    "课程": "课(?:程|堂)?",
    "上课": "(?:上课|课(?:程|堂)?(?!.{0,2}完))",
    "成员": "(?:成员|同事|队友|组员|伙伴)",
    "应用": "(?:应用|app|软件)",
    "商品详情": "(?:商品详情|详情|商品)",
    "报表": "(?:报表|报告)",
    "新手引导": "新手(?:引导|教程|指引)?",
    "订阅": "(?:订阅|会员)",
}
"""Nouns with shorter or other words for them."""
_BETWEEN = "(?:里|却|又|可|给|都|也|就|能|会|没|没有|不|真的|顺利|全|一次)*"


def zh_pattern(phrase: str, begins: bool = False) -> re.Pattern[str]:
    """The ways to say a name: its characters with 了, 过, 首次 and the like between them, its verb by other verbs, its noun in front.

    `begins` says that another event is the end of it, so that 完 must not stand inside.
    """
    if phrase.isascii():
        return re.compile(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", re.ASCII)
    phrase, filler = phrase.replace(" ", ""), _START_FILLER if begins else _FILLER
    whole = _spread(phrase, filler)
    if len(phrase) == 2:
        return re.compile(f"{phrase[0]}{filler}{filler}{phrase[1]}|把{phrase[1]}(?:都|给)*{phrase[0]}" + ("(?!完)" if begins else ""))
    for verbs, alike in _VERBS:
        verb = next((verb for verb in verbs if verb in (phrase[: len(verb)], phrase[-len(verb) :]) and len(phrase) > len(verb)), None)
        if verb is not None:
            noun = phrase.removeprefix(verb) if phrase.startswith(verb) else phrase.removesuffix(verb)
            thing = _NOUNS.get(noun) or _spread(noun, filler)
            twice = "|".join(other for other in alike.split("|") if len(other) > 1)
            once = "|".join(other for other in alike.split("|") if len(other) == 1)
            behind = f"{twice}|(?:{once})(?:完|好|上|了|起来|掉|成|下来|出来)" if once else twice
            return re.compile(f"{whole}|(?:{alike}){filler}{filler}{thing}(?!人数|率)|{thing}{_BETWEEN}(?:{behind})")
    return re.compile(whole)


def _spread(phrase: str, filler: str) -> str:
    return filler.join(re.escape(character) for character in phrase)
