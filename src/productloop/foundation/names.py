"""Where people's names stand in a text, Chinese and English: rules on word lists, no model.

A name is believed beside a word that announces one: 我叫 / 姓名 / 联系人 / 客服X / X先生 / @X / a telephone number after it; "my name is",
"Mr X", "spoke with X", "Regards, X". Strong cues (姓名：, "Mr") take any surname or capitalised word; weak ones (我是, "I'm") only a common
surname with characters that parents choose, or a listed first name. Brands, places and common words (高兴, 黄金, Alexa) are no names. Names
without such a word are found in `unannounced_names` where the sentence is about a person; others, above all those of people in public
life, are left: a text stays readable, and what is lost there is measured on the written cases. Offsets are characters of the text. Linear in its length.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from productloop.foundation.english_names import CERTAIN_FIRST_NAMES, find_english, may_hold_english
from productloop.foundation.name_lists import COMMON_SURNAMES, COMPOUND_SURNAMES, FOLLOWING, GIVEN_CHARACTERS, NOT_NAMES, RARE_SURNAMES
from productloop.foundation.unannounced_names import (
    WORDS_AS_NAMES,
    is_person_ahead,
    is_pet_name,
    may_hold_lower,
    may_hold_unannounced,
    others_beside,
    unannounced_chinese,
    unannounced_lower,
)

_HAN = "\u4e00-\u9fff"
_COMPOUND = COMPOUND_SURNAMES

# --- Chinese ---------------------------------------------------------------------------------------------------------------------------

# What each word announces: the name of the person it labels (姓名：X), a person in that role (客服X), the title of the name before it (X先生),
# or weakly a name after it (我是X).
_LABELS = (
    "姓名 名字 联系人 聯絡人 收件人 收货人 寄件人 取件人 签收人 经办人 负责人 申请人 投诉人 预订人 订票人 入住人 乘车人 乘客 患者 户名"
    " 账号名 持卡人 机主 署名 落款 当事人 发件人 曾用名 推荐人 担保人 报名人 开户人 经手人 汇款人 付款人 收款人 接待人 介绍人 租客"
    " 承租人 出租人 借款人 贷款人 委托人 监护人 抬头 被保险人 投保人 受益人 法人 家属 客户 用户 会员 顾客 买家 卖家 客服 骑手 司机"
    " 医生 护士 老师 经理 店长 工号 销售 顾问 学生 孩子 本名 真名"
).split()
_ROLES = (
    "客服 骑手 快递员 外卖员 配送员 送餐员 司机 销售 销售员 导购 店员 服务员 技师 医生 护士 老师 店长 顾问 主管 工程师 同事 同学 朋友"
    " 师傅 教练 律师 主任 经理 家长 业务员 店主 老板 老公 老婆 妻子 丈夫 儿子 女儿 孩子 哥哥 弟弟 姐姐 妹妹 爸爸 妈妈 父亲 母亲"
    " 男友 女友 患者 学员 柜员 专员 管家 前台 接待 负责人 联系人 收件人 收货人 投诉人 小哥 团长 室友 邻居 物业 房东 保安 主播 博主"
    " 群主 楼长 用户 客户 人员 代表 助理 秘书 会计 乘客 车主 房客 租客 业主 售后 保洁 美容师 设计师 摄影师 化妆师 造型师 理发师"
    " 发型师 美发师 美甲师 按摩师 月嫂 育婴师 保姆 护工 护士长 导游 领队 教官 辅导员 讲师 教授 助教 作者 译者 主编 编辑 记者 警官"
    " 民警 警察 中介 经纪人 收银员 收银 营业员 售货员 理货员 服务生 门卫 代驾 乘务员 空乘 电工 维修员 维修工 安装工 工长 监理 领班"
    " 组长 班长 队长 科长 处长 局长 院长 校长 园长 董事长 总监 创始人 技术员 对接人 接线员 话务员 审核员 调解员 志愿者 药师 营养师"
    " 康复师 咨询师 理财师 代理人 医师 大夫 同桌 闺蜜 舅舅 叔叔 姑姑 伯伯 奶奶 爷爷 外婆 外公 姥姥 姥爷 侄子 侄女 外甥 表哥 表姐"
    " 表弟 表妹 堂哥 堂弟 媳妇 爱人 未婚妻 未婚夫 前夫 前妻 租户 住户 户主 考生 选手 网友 队友 员工 职员 掌柜 厂长 村长 书记 实习生"
    " 申请人 签收人 经办人 寄件人 取件人 预订人 入住人 乘车人 持卡人 机主 当事人 家属 投保人 受益人 会员 顾客 买家 卖家 学生 宝宝"
    " 老板娘 站长 网格员 私教 陪练 家教 司仪 主持人 讲解员 检票员 安检员 调度 调度员 仓管 质检员 代购 邮递员 邮差 外教 牙医 兽医"
    " 评论员 被告 原告 担保人 委托人 见证人 监护人 联络员 带教 师兄 师姐 学长 学姐 队员 同伴 舍友 战友 合伙人 股东 老乡 邻居家 弟媳"
    " 嫂子 发件人 推荐人 报名人 开户人 经手人 汇款人 付款人 收款人 接待人 介绍人 承租人 出租人 借款人 经纪 我爸 我爸爸 我妈 我妈妈"
    " 我哥哥 我姐姐 我弟弟 我妹妹 我哥 我姐 我弟"
    " 我妹 岳父 岳母 婆婆 公公"
).split()
_TITLES = (
    "小姐姐 "
    "先生 女士 小姐 太太 老师 老師 经理 總監 总监 主任 医生 醫生 大夫 师傅 師傅 教授 律师 同学 同學 阿姨 叔叔 大哥 大姐 主管 店长"
    " 老板 护士 警官 专员 客服 顾问 教练 工程师 博士 校长 院长 队长 大叔 大妈 大爷 奶奶 爷爷 医师 老板娘 站长 同志 书记 局长 处长"
    " 科长 部长 董事长 馆长 园长 师兄 师姐 学长 学姐 护士长 组长 班长 导游 姑娘 美女 帅哥 妹妹 姐姐 哥哥 弟弟 师父 会计 秘书 助理"
    " 法师 校医 村长 厂长 行长 社长 导师 技师"
).split()
_CALLS = ("我的名字是 我叫做 我叫 名叫 我姓名 名字叫 妈叫 爸叫 他叫 她叫 儿叫 友叫 工叫 生叫").split()
_WEAK = (
    "我是 我就是 这里是 叫做 叫 尊敬的 亲爱的 您好 你好 感谢 谢谢 多谢 表扬 投诉 联系 转告 请问 找 @ ＠ —— -- 签名 敬礼 此致"
    " 祝好 过的 人是 写的是 填的是 问过 告诉 通知 询问 委托 认识 名为 绰号 昵称 负责的是 接待的是"
).split()
_PHONES = "电话 手机 微信 phone] id]".split()
_BY_KIND = (
    ("label", _LABELS),
    ("call", _CALLS),
    ("role", _ROLES),
    ("title", _TITLES),
    ("weak", _WEAK),
    ("phone", _PHONES),
    ("line", ["\n"]),
    ("surname", ["姓"]),
)
_KINDS = {word: tuple(kind for kind, words in _BY_KIND if word in words) for _, words in _BY_KIND for word in words}


def _by_first_character(words: Iterable[str]) -> str:
    """A pattern of one alternative for each first character: `re` skips to the next such character, then tries few words, the longest first."""
    ends: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        ends.setdefault(word[0], []).append(word[1:])
    return "|".join(re.escape(first) + "(?:" + "|".join(map(re.escape, rest)) + ")" for first, rest in ends.items())


_CUES = re.compile(_by_first_character(_KINDS))
_LABEL_JOINT = re.compile("(?:信息|本人)?(?: ?[:=：] ?| |(?:叫做|叫|是|为|改成|改为|写的是|填的是|写的) ?)")
_CALL_JOINT = re.compile("[:： ]?")
_WEAK_JOINT = re.compile(r"[,，!！。:：\s]{0,3}")
_NICKNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎潘杜戴汪姜姚谭廖邹熊陆郝崔邱秦顾侯邵孟"
)
_PHONE = re.compile(r"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])|\[phone\]|\[id\]|电话[号: 是]|手机[号: 是]|微信[号: 是]|身份证")
_BEFORE_PHONE = re.compile(r"(?:^|[^" + _HAN + r"])(?P<name>[" + _HAN + r"]{2,4}?)的?(?:联系)?[ ,，:：;；、(（\n+86-]{0,5}$")
_AFTER_PHONE = re.compile(r"(?:(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|\[phone\])[ ,，:、)(]{0,2}(?:联系人[:是]?|找)?")
_SIGNATURE = re.compile(r"\n\s*(?:——|--|-)?\s*(?P<name>[" + _HAN + r"]{2,4})\s*(?:敬上|谨上|留|上)?\s*(?=$|\n\s*(?:20)?[0-9]{2})")
_DOTTED = re.compile(
    r"["
    + _HAN
    + r"]{2,8}(?:[·•・]["
    + _HAN
    + r"]{2,8}?){1,2}(?=$|[^"
    + _HAN
    + "·•・]|的|说|是|在|老师|师傅|先生|女士|小姐|帮|给|很|也|和|来|态度|服务|您|你)"
)
_LATIN_AFTER_CUE = re.compile(r" ?(?P<name>[A-Z][a-z]{1,14})(?![A-Za-z0-9])")
_HAN_ONLY = re.compile("[" + _HAN + "]")
_AFTER_NAME = re.compile(
    r"$|[^"
    + _HAN
    + r"]|的|先生|女士|小姐|老师|同学|您好|你好|本人|"
    + "|".join(_TITLES)
    + r"|吗|呢|吧|啊|帮|很|态度|服务|处理|说|给|在|也|都|就|想|要|为|跟|和|与|是|了|这|那"
)


_MOBILE = re.compile("1[3-9][0-9][0-9 -]{8}")


# Two sets of characters are searched some ten times faster than four hundred alternatives; a cue of one character ends the first.
_ONE = "".join(word for word in _KINDS if len(word) == 1)
_MAY_BE_CUE = re.compile(
    "[" + "".join(sorted({re.escape(word[0]) for word in _KINDS})) + "]"
    "(?:(?<=[" + _ONE + "])|[" + "".join(sorted({re.escape(word[1]) for word in _KINDS if len(word) > 1})) + "])"
)


def _may_hold_chinese(text: str) -> bool:
    return (_MAY_BE_CUE.search(text) is not None and _CUES.search(text) is not None) or _MOBILE.search(text) is not None


# What a name can begin with; a surname alone can end before a title.
_STARTS = (
    COMMON_SURNAMES
    | RARE_SURNAMES
    | {name[0] for name in _COMPOUND}
    | {name[1] for name in _COMPOUND}
    | frozenset("小老阿 ABCDEFGHIJKLMNOPQRSTUVWXYZ")
)


def _given(character: str) -> bool:
    return character in GIVEN_CHARACTERS


def _chinese_end(line: str, start: int, strict: bool) -> int:
    """The end of a Chinese name that begins at `start`, or `start` where there is none."""
    surname = 2 if line[start : start + 2] in _COMPOUND else 1
    first = line[start : start + 1]
    if surname == 1 and first not in COMMON_SURNAMES and (strict or first not in RARE_SURNAMES):
        return start
    one, two = line[start + surname : start + surname + 1], line[start + surname + 1 : start + surname + 2]
    after = line[start + surname + 2 : start + surname + 3]
    if not one or not _HAN_ONLY.match(one) or one + two in FOLLOWING:
        return start
    if surname == 1 and line[start : start + 2] in NOT_NAMES and not (two and _given(one) and _given(two) and not _HAN_ONLY.match(after)):
        return start
    if strict and surname == 1 and not _given(one):
        return start
    alone = not two or not _HAN_ONLY.match(two)
    if not strict and not _given(one) and not alone and _HAN_ONLY.match(after):
        return start
    ends_after_two = not after or not _HAN_ONLY.match(after)
    takes_two = (
        not alone
        and two + after not in FOLLOWING
        and (_given(two) or (not strict and ends_after_two and two not in "的了是在吗呢吧也都就"))
    )
    if takes_two and two in "来会能可和人最太真如言任全立公本今给和中大天" and not ends_after_two:
        takes_two = False
    end = start + surname + (2 if takes_two else 1)
    return start if line[start:end] in NOT_NAMES else end


def _chinese(line: str) -> Iterator[tuple[int, int]]:
    late: set[str] = set()
    for cue in _CUES.finditer(line):
        start, end = cue.span()
        for kind in _KINDS[cue.group()]:
            if kind == "title":
                yield from _before_title(line, start)
            elif kind == "label":
                joint = _LABEL_JOINT.match(line, end)
                if joint is not None:
                    yield from _named(line, joint.end(), strict=joint.group() == " ")
                elif cue.group().endswith(("人", "名")):
                    yield from _to_the_end(line, end)
            elif kind == "role":
                yield from _in_role(line, end + (line[end : end + 1] in ("“", "「", " ")))
            elif kind == "surname":
                yield from _surname(line, end)
            elif kind in ("phone", "line"):
                late.add(kind)
            else:
                joint = (_CALL_JOINT if kind == "call" else _WEAK_JOINT).match(line, end)
                after = joint.end() if joint else end
                yield from _named(line, after, strict=kind == "weak")
                if (
                    kind == "weak" and line[after : after + 2] in WORDS_AS_NAMES and cue.group() in _MEETS and _ENDS.match(line, after + 2)
                ) or (is_pet_name(line[after : after + 2]) and _ENDS.match(line, after + 2)):
                    yield after, after + 2
    if "phone" in late or _MOBILE.search(line):
        for phone in _PHONE.finditer(line):
            before = _BEFORE_PHONE.search(line, max(0, phone.start() - 10), phone.start())
            if before is not None and _chinese_end(line, before.start("name"), True) == before.end("name"):
                yield before.span("name")
        for cue in _AFTER_PHONE.finditer(line):
            yield from _named(line, cue.end(), strict=True)
    if "line" in late:
        for signed in _SIGNATURE.finditer(line):
            start, end = signed.span("name")
            if _chinese_end(line, start, True) == end:
                yield start, end


_MEETS = frozenset("我是 找 联系 告诉 通知 认识".split())
_ENDS = re.compile("$|[^" + _HAN + "]")


def _to_the_end(line: str, start: int) -> Iterator[tuple[int, int]]:
    """The name straight after a label that ends its clause: 曾用名孔令奇."""
    end = _chinese_end(line, start, False)
    pair = line[start : start + 2]
    if end > start and _ENDS.match(line, end):
        yield start, end
    elif pair in WORDS_AS_NAMES and _ENDS.match(line, start + 2):
        yield start, start + 2


def _surname(line: str, start: int) -> Iterator[tuple[int, int]]:
    """我姓祝, 姓王的客服."""
    first, after = line[start : start + 1], line[start + 1 : start + 2]
    if (first in COMMON_SURNAMES or first in RARE_SURNAMES) and first and (not after or after == "的" or not _HAN_ONLY.match(after)):
        yield start, start + 1


def _in_role(line: str, start: int) -> Iterator[tuple[int, int]]:
    """The name straight after a role: also one that is a word elsewhere (用户江南反馈) or a pet name (店员小雨), if a person's verb follows."""
    pair = line[start : start + 2]
    is_pet = is_pet_name(pair)
    if (is_pet and pair[0] != "小") or ((is_pet or pair in WORDS_AS_NAMES) and is_person_ahead(line, start + 2)):
        yield start, start + 2
        return
    if line[start : start + 1] in _NICKNAMES and line[start + 1 : start + 2] in "姐哥总工叔姨嫂" and len(pair) == 2:
        yield start, start + 1
        return
    yield from _named(line, start, strict=True, needs_boundary=False)


def _named(line: str, start: int, strict: bool, needs_boundary: bool = True) -> Iterator[tuple[int, int]]:
    """The name straight after a cue, if there is one."""
    first = line[start : start + 1]
    if first not in _STARTS and "·" not in line and "•" not in line:
        return
    if "\u4e00" <= first <= "\u9fff":
        dotted = _DOTTED.match(line, start) if "·" in line or "•" in line else None
        if dotted is not None:
            yield dotted.span()
        elif first in "小老阿" and line[start + 1 : start + 2] in _NICKNAMES and line[start + 2 : start + 3] not in ("书", "店", "程"):
            yield start, start + 2
        else:
            end = _chinese_end(line, start, strict)
            if end > start and (not strict or not needs_boundary or _AFTER_NAME.match(line, end)):
                yield start, end
        return
    latin = _LATIN_AFTER_CUE.match(line, start)
    if latin is not None and latin.group("name").lower() in CERTAIN_FIRST_NAMES:
        yield latin.span("name")


# A brand, a founder in public life, thanks.
_NOT_TITLED_ZH = frozenset({"康师傅", "雷老板", "马老板", "谢师傅", "谢老师", "谢同学", "谢客服", "谢店长", "车主管"})
# Before a bare surname with a title no other character may make a word with it: 语文老师, 现任经理.
_MAKES_WORDS = frozenset("向任文时单安成方于何温房路高常和金白明易游范车边包全管程年水项顾强章祝左江马田")


_AFTER_PET = frozenset("老师 同学 医生 教练 师傅 阿姨 小姐 女士".split())
_DOTTED_BEFORE = re.compile(r"[" + _HAN + r"]{2,8}(?:[·•・][" + _HAN + r"]{2,8}){1,2}$")


def _before_title(line: str, title: int) -> Iterator[tuple[int, int]]:
    """A full name before a title, else the surname alone (王先生)."""
    if line[title - 1 : title] not in GIVEN_CHARACTERS and line[title - 1 : title] not in _STARTS and "·" not in line:
        return
    if "·" in line or "•" in line:
        dotted = _DOTTED_BEFORE.search(line, max(0, title - 16), title)
        if dotted is not None:
            yield dotted.span()
            return
    pet = title - 2
    if (
        pet >= 0
        and (line[pet] in "小阿" or line[pet] == line[pet + 1])
        and is_pet_name(line[pet:title])
        and line[title : title + 2] in _AFTER_PET
        and (
            line[pet] == line[pet + 1] or pet == 0 or not _HAN_ONLY.match(line[pet - 1]) or line[pet - 1] in "的和跟给找是叫被让请对谢问约"
        )
    ):
        yield pet, title
        return
    for length in (4, 3, 2):
        start = title - length
        if start >= 0 and _chinese_end(line, start, True) == title and (length < 4 or line[start : start + 2] in _COMPOUND):
            if (
                length == 2
                and line[start] in _MAKES_WORDS
                and start
                and _HAN_ONLY.match(line[start - 1])
                and line[start - 1] not in "的找跟和给"
            ):
                continue
            yield start, title
            return
    if title >= 2 and line[title - 2 : title] in _COMPOUND:
        yield title - 2, title
        return
    surname, before = line[title - 1 : title], line[title - 2 : title - 1] if title >= 2 else ""
    if (
        title == 0
        or surname in "向单全解"
        or surname not in COMMON_SURNAMES
        or line[title - 1 : title + 2] in _NOT_TITLED_ZH
        or before + surname == "谢谢"
    ):
        return
    if (
        before
        and _HAN_ONLY.match(before)
        and (
            (surname in _MAKES_WORDS and before not in "找跟给打请让")
            or before not in "找跟和给请的是叫与向由让位问对谢是有被见到说了把烦打东机工后洁理员长师后打约听经约同户主友"
        )
    ):
        return
    yield title - 1, title


def may_hold_names(text: str) -> bool:
    """A cheap look (a microsecond or two): False means that `find_names` would find nothing."""
    return (
        (not text.isascii() and (_may_hold_chinese(text) or may_hold_unannounced(text))) or may_hold_english(text) or may_hold_lower(text)
    )


def find_names(line: str) -> list[tuple[int, int]]:
    """(start, end) of people's names in a text, in order; of two that overlap the first found (stronger cue) wins."""
    found: list[tuple[int, int]] = []
    if not line.isascii():
        if _may_hold_chinese(line):
            _keep(found, _chinese(line))
        if may_hold_unannounced(line):
            _keep(found, unannounced_chinese(line))
    if may_hold_english(line):
        _keep(found, find_english(line))
        _keep(found, [other for _, end in found for other in others_beside(line, end)])
    if may_hold_lower(line):
        _keep(found, unannounced_lower(line))
    return sorted(found) if len(found) > 1 else found


def _keep(found: list[tuple[int, int]], candidates: Iterable[tuple[int, int]]) -> None:
    for start, end in candidates:
        if all(end <= first or last <= start for first, last in found):
            found.append((start, end))
