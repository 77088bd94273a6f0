"""Where people's names stand in a text, Chinese and English: rules on word lists, no model.

A name is believed only beside a word that announces one: 我叫 / 姓名 / 联系人 / 客服X / X先生 / @X / a telephone number after it; "my name is",
"Mr X", "spoke with X", "Regards, X". Strong cues (姓名：, "Mr") take any surname or capitalised word; weak ones (我是, "I'm") only a common
surname with characters that parents choose, or a listed first name. Brands, places and common words (高兴, 黄金, Alexa) are no names. Names
without such a word, above all those of people in public life, are left: a text stays readable, and what is lost there is measured on the
written cases. Offsets are characters of the text. Linear in its length.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

import re
from collections.abc import Iterator

from productloop.foundation.name_lists import COMMON_SURNAMES, COMPOUND_SURNAMES, FOLLOWING, GIVEN_CHARACTERS, NOT_NAMES, RARE_SURNAMES
from productloop.foundation.name_lists_english import AMBIGUOUS_FIRST_NAMES, FIRST_NAMES, LAST_NAMES

_HAN = "\u4e00-\u9fff"
_COMPOUND = COMPOUND_SURNAMES

# --- Chinese ---------------------------------------------------------------------------------------------------------------------------

# What each word announces: the name of the person it labels (姓名：X), a person in that role (客服X), the title of the name before it (X先生),
# or weakly a name after it (我是X).
_LABELS = (
    "真实姓名 姓名 名字 联系人 聯絡人 收件人 收货人 寄件人 取件人 签收人 经办人 负责人 申请人 投诉人 预订人 订票人 入住人 乘车人 乘客 患者"
    " 户名 账户名 账号名 持卡人 开户名 机主 署名 落款 当事人"
    " 被保险人 投保人 受益人 法人 家属 客户 用户 会员 顾客 买家 卖家 客服 骑手 司机 医生 护士 老师 经理 店长 工号 销售 顾问 学生 孩子 本名 真名"
).split()
_ROLES = (
    "客服 骑手 快递员 快递小哥 外卖员 外卖小哥 配送员 送餐员 司机 销售 销售员 导购 店员 服务员 技师 医生 护士 老师 班主任 店长 顾问 主管"
    " 工程师 同事 同学 朋友 师傅 教练 律师 主任 经理 家长 业务员"
    " 店主 老板 老公 老婆 妻子 丈夫 儿子 女儿 孩子 哥哥 弟弟 姐姐 妹妹 爸爸 妈妈 父亲 母亲 男友 女友 患者 学员 柜员 专员 管家 前台 接待"
    " 负责人 联系人 收件人 收货人 投诉人 小哥 小姐姐 团长 室友 邻居"
    " 物业 房东 保安 主播 博主 群主 楼长 用户 客户 人员 代表 助理 秘书 会计 乘客 车主 房客 租客 业主"
).split()
_TITLES = (
    "先生 女士 小姐 太太 老师 老師 经理 總監 总监 主任 医生 醫生 大夫 师傅 師傅 教授 律师 同学 同學 阿姨 叔叔 大哥 大姐 主管 店长 老板 护士"
    " 警官 专员 客服 顾问 教练 工程师 博士 校长 院长 队长"
).split()
_CALLS = "我名叫 我的名字是 我的名字叫 我叫做 我叫 名叫 我姓名 名字叫".split()
_WEAK = (
    "我是 我就是 这里是 本人是 本人 他叫 她叫 叫做 叫 尊敬的 亲爱的 您好 你好 感谢 谢谢 多谢 表扬 投诉 联系 转告 请问 找 @ ＠ —— -- 签名"
    " 敬礼 此致 祝好 过的 人是 写的是 填的是"
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
)
_KINDS = {word: tuple(kind for kind, words in _BY_KIND if word in words) for _, words in _BY_KIND for word in words}
# Alternatives that begin with a plain character let `re` skip to the next such character; the longest word wins.
_CUES = re.compile("|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)))
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
_DOTTED = re.compile(r"[" + _HAN + r"]{2,8}[·•・][" + _HAN + r"]{2,10}(?:[·•・][" + _HAN + r"]{2,8})?")
_LATIN_AFTER_CUE = re.compile(r" ?(?P<name>[A-Z][a-z]{1,14})(?![A-Za-z0-9])")
_HAN_ONLY = re.compile("[" + _HAN + "]")
_AFTER_NAME = re.compile(
    r"$|[^"
    + _HAN
    + r"]|的|先生|女士|小姐|老师|同学|您好|你好|本人|"
    + "|".join(_TITLES)
    + r"|吗|呢|吧|啊|帮|很|态度|服务|处理|说|给|在|也|都|就|想|要|为|跟|和|与|是|了|这|那"
)


# Two sets of characters are searched some ten times faster than two hundred alternatives.
_MAY_BE_CUE = re.compile(
    "[" + "".join(sorted({re.escape(word[0]) for word in _KINDS if len(word) > 1})) + "]"
    "[" + "".join(sorted({re.escape(word[1]) for word in _KINDS if len(word) > 1})) + "]"
)


_MOBILE = re.compile("1[3-9][0-9][0-9 -]{8}")


def _may_hold_chinese(text: str) -> bool:
    if _MAY_BE_CUE.search(text) is not None or "叫" in text or "找" in text or "\n" in text or "@" in text or "＠" in text:
        return _CUES.search(text) is not None or _MOBILE.search(text) is not None
    return _MOBILE.search(text) is not None


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
            elif kind == "role":
                yield from _named(line, end + (line[end : end + 1] in ("“", "「", " ")), strict=True, needs_boundary=False)
            elif kind in ("phone", "line"):
                late.add(kind)
            else:
                joint = (_CALL_JOINT if kind == "call" else _WEAK_JOINT).match(line, end)
                yield from _named(line, joint.end() if joint else end, strict=kind == "weak")
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
    if latin is not None and latin.group("name").lower() in _CERTAIN_FIRST_NAMES:
        yield latin.span("name")


# A brand, a founder in public life, thanks.
_NOT_TITLED_ZH = frozenset({"康师傅", "雷老板", "马老板", "谢师傅", "谢老师", "谢同学", "谢客服", "谢店长", "车主管"})
# Before a bare surname with a title no other character may make a word with it: 语文老师, 现任经理.
_MAKES_WORDS = frozenset("向任文时单安成方于何温房路高常和金白明易游范车边包全管程年水项顾强章祝左江马田")


def _before_title(line: str, title: int) -> Iterator[tuple[int, int]]:
    """A full name before a title, else the surname alone (王先生)."""
    if line[title - 1 : title] not in GIVEN_CHARACTERS and line[title - 1 : title] not in _STARTS:
        return
    for length in (4, 3, 2):
        start = title - length
        if start >= 0 and _chinese_end(line, start, True) == title and (length < 4 or line[start : start + 2] in _COMPOUND):
            if length == 2 and line[start] in _MAKES_WORDS and start and _HAN_ONLY.match(line[start - 1]):
                continue
            yield start, title
            return
    if title >= 2 and line[title - 2 : title] in _COMPOUND:
        yield title - 2, title
        return
    surname, before = line[title - 1 : title], line[title - 2 : title - 1] if title >= 2 else ""
    if title == 0 or surname not in COMMON_SURNAMES or line[title - 1 : title + 2] in _NOT_TITLED_ZH or before + surname == "谢谢":
        return
    if (
        before
        and _HAN_ONLY.match(before)
        and (surname in _MAKES_WORDS or before not in "找跟和给请的是叫与向由让位问对谢是有被见到说了把烦打")
    ):
        return
    yield title - 1, title


# --- English ---------------------------------------------------------------------------------------------------------------------------

_CAPITAL = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'’]*(?:-[A-Z][a-z]+)?"
_STRONG_EN = re.compile(
    r"(?:\b[Mm][Yy] (?:[Ff]ull |[Ff]irst |[Ll]ast |[Rr]eal )?[Nn][Aa][Mm][Ee](?:'?[Ss]| [Ii][Ss])|\b(?:[Ff]ull |[Ff]irst |[Ll]ast "
    r"|[Cc]ustomer |[Cc]ontact |[Uu]ser |[Bb]illing )?[Nn]ame ?:"
    r"|\b(?:Attn|ATTN|Attention|Recipient|Cardholder|Customer|Contact|Passenger|Patient|Guest|Signed|Signature|From|To|Cc|Author) ?:"
    r"|\bthe name(?: is|'s| of)|\bunder the name(?: of)?|\bname on (?:the )?(?:account|card|order|file|booking) ?(?:is|:))"
    r" *(?P<name>[A-Za-z\u00c0-\u024f'’.-]+(?: +[A-Za-z\u00c0-\u024f'’.-]+){0,2})"
)
_TITLED_EN = re.compile(
    r"\b(?:M(?:r|rs|s|iss|x)|Dr|Prof(?:essor)?|Sir|Madam)\b\.? (?P<name>" + _CAPITAL + r"(?: (?:[A-Z]\.? )?" + _CAPITAL + r")?)"
)
_NOT_TITLED = frozenset(
    "pepper coffee robot who clean beast bean strange martens dre seuss phil fox office word excel and or i the it office house teams paint"
    " evil no worldwide".split()
)
_CERTAIN_FIRST_NAMES = FIRST_NAMES - AMBIGUOUS_FIRST_NAMES
_ANY_NAME = FIRST_NAMES | AMBIGUOUS_FIRST_NAMES | LAST_NAMES
_HAS_TITLE = re.compile("Mr|Ms|Miss|Mx|Dr|Prof|Sir|Madam")
_WORD_EN = re.compile(_CAPITAL)
_LISTED_EN = re.compile("[A-Z][A-Za-z]+")
_BEFORE_WORD = re.compile(r"(?<![A-Za-z0-9@#_./'’-])")
_MORE_EN = re.compile(
    r" (?:(?P<initial>[A-Z])\.? )?(?P<word>(?:(?:van|de|der|von|al|bin|del|da) ){0,2}" + _CAPITAL + r")|[ ](?P<only>[A-Z])\.?(?![A-Za-z'])"
)
_BEFORE_EN = re.compile(
    r"(?:\b(?:[Ii] ?(?:'m|’m| am)|[Ii]m|[Tt]his is|[Ii]t(?:'s|’s| is)|[Cc]all(?:ed)? me|[Nn]amed|[Cc]alled|[Nn]ame(?:'s| is|:)"
    r"|(?:[Ss]poke|[Ss]peaking|[Ss]peak|[Tt]alk(?:ed|ing)?|[Cc]hat(?:ted|ting)?|[Dd]ealt|[Dd]ealing|[Ww]orked|[Mm]et|[Cc]all)(?: (?:with"
    r"|to))?(?: (?:a|an|the|your|our|my))?"
    r"|(?:[Hh]elped|[Aa]ssisted|[Ss]erved|[Hh]andled|[Ss]igned|[Aa]nswered|[Pp]rocessed|[Dd]elivered|[Tt]old|[Pp]romised) by"
    r"|[Tt]hank(?:s|ing)?(?: you)?(?: so much| very much| a lot)?(?: to)?,?|[Kk]udos to|[Ss]hout ?-?out to|[Pp]rops to"
    r"|[Aa]sk(?:ed)?(?: for)?|[Cc]ontact(?:ed)?|[Rr]each(?: out to)?|[Ee]mail(?:ed)?|[Tt]ell|[Rr]emove|[Aa]dd|[Ii]nvite|[Rr]efund"
    r"|[Aa]ssign(?:ed)?(?: to)?|[Ww]ho is|(?:[Pp]arcel|[Pp]ackage|[Ii]nvoice|[Oo]rder|[Ll]etter|[Aa]ccount|[Bb]ooking|[Rr]eservation"
    r"|[Tt]icket|[Rr]efund|[Aa]ppointment|[Dd]elivery|[Cc]harge|[Pp]ayment|[Cc]ard)(?: is| was)? (?:for|to|from|of|under)|[Dd]ear|[Hh]i"
    r"|[Hh]ello|[Hh]ey|[Aa]ttn:?"
    r"|(?:[Aa]gent|[Rr]ep|[Rr]epresentative|[Mm]anager|[Tt]echnician|[Dd]river|[Cc]olleague|[Ss]upervisor|[Aa]dvisor|[Aa]ssociate"
    r"|[Ss]pecialist|[Oo]perator|[Cc]ourier|[Dd]octor|[Nn]urse|[Tt]eacher|[Tt]rainer|[Cc]oach"
    r"|[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Ff]riend|[Bb]oss|[Ww]aiter|[Ww]aitress|[Cc]ashier|[Rr]eceptionist|[Hh]ost"
    r"|[Ll]andlord|[Pp]artner|[Tt]enant|[Pp]atient|[Cc]ustomer|[Cc]lient|[Tt]utor|[Ii]nstructor|[Pp]lumber|[Ee]lectrician|[Nn]eighbou?r"
    r"|[Rr]oommate|[Cc]lassmate|[Uu]ncle|[Aa]unt(?:ie)?|[Gg]rand(?:pa|ma|father|mother)|[Nn]ephew|[Nn]iece|[Cc]ousin|[Bb]eneficiary"
    r"|[Aa]pplicant|[Hh]older|[Ss]ender|[Rr]ecipient|[Bb]uyer|[Ss]eller|[Gg]uest|[Mm]ember|[Uu]ser|[Ee]mployee|[Mm]um|[Mm]om|[Dd]ad)(?:,| is"
    r"| was|'s name is| named| called)?"
    r"|[Rr]egards|[Ss]incerely|[Cc]heers|[Yy]ours(?: truly| sincerely| faithfully)?|[Bb]est(?: wishes)?|[Ss]igned|[Ll]ove)[,.!:]?\s*|(?:^"
    r"|[\n.!?] ?)(?:-{1,2}|—|~) ?)$"
)
_SIGN_OFF = re.compile(
    r"(?:[Rr]egards|[Ss]incerely|[Yy]ours(?: truly| faithfully)?|[Rr]espectfully|[Bb]est wishes|[Cc]heers|[Tt]hanks|[Tt]hank you|[Bb]est),?[ ]*\n\s*"
    r"(?P<name>" + _CAPITAL + r"(?: (?:[A-Z]\.? )?" + _CAPITAL + r"){0,2}|[A-Z]\. ?" + _CAPITAL + r")\s*(?=$|\n|,)"
)
_NOT_A_NAME = frozenset(
    (
        "not n/a none no yes is the a an my your our this that it i and or for from to in on at of with was were are be but if so very just"
        " still also here there please thanks thank hi hello"
        " team support customer service amazon google apple microsoft alexa siri echo kindle samsung facebook paypal uber admin user test"
        " unknown anonymous app account email phone address"
        " monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december"
        " inc llc ltd corp company bank store shop street road avenue card order who when where why what how because since has have had will"
        " would can could does did you we they he she"
        " everyone all sir madam guys there folks developer developers dear regards sent date subject re mr mrs ms dr now today yesterday"
        " please god jesus christmas easter prime"
    ).split()
)


def _english(line: str) -> Iterator[tuple[int, int]]:
    if "ame" in line or "AME" in line or ":" in line:
        for match in _STRONG_EN.finditer(line):
            yield from _stated(line, *match.span("name"))
    for match in _TITLED_EN.finditer(line) if _HAS_TITLE.search(line) else ():
        words = match.group("name").split()
        if words[0].lower() not in _NOT_TITLED:
            start = match.start("name")
            end = match.end("name") if len(words) > 1 and words[-1].lower() not in _NOT_A_NAME else start + len(words[0])
            yield start, _without_possessive(line, end)
    for match in _SIGN_OFF.finditer(line) if "\n" in line else ():
        if not any(word.lower().strip(".") in _NOT_A_NAME for word in match.group("name").split()):
            yield match.span("name")
    if _ANY_NAME.isdisjoint(map(str.lower, _LISTED_EN.findall(line))):
        return
    for match in _WORD_EN.finditer(line):
        if _BEFORE_WORD.match(line, match.start()):
            yield from _listed(line, match.start(), match.end())


def _stated(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The one to three words after "my name is": capitalised, or a listed first name in lower case."""
    stop = start
    for position, match in enumerate(re.finditer(r"[^ ]+", line[start:end])):
        word = match.group().rstrip(".,")
        low = word.lower().removesuffix("'s")
        known = low in FIRST_NAMES or low in LAST_NAMES
        if low in _NOT_A_NAME or not low or not (word[0].isupper() or (known and (position or low not in AMBIGUOUS_FIRST_NAMES))):
            break
        stop = start + match.start() + len(word)
        if match.group() != word and len(word) > 1:
            break
    if stop > start:
        yield start, _without_possessive(line, stop)


def _listed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A listed first name (with the words of a last name) after a cue, or before an address of mail."""
    end = _without_possessive(line, end)
    first = line[start:end].lower()
    is_first, is_last = first in FIRST_NAMES or first in AMBIGUOUS_FIRST_NAMES, first in LAST_NAMES
    if not is_first and not is_last:
        return
    last_end = end
    more = _MORE_EN.match(line, end)
    while more is not None and line[more.start() + 1 : more.end()].lower() not in _NOT_A_NAME:
        last_end = _without_possessive(line, more.end())
        more = _MORE_EN.match(line, last_end) if last_end == more.end() and last_end - end < 30 else None
    alone = last_end == end
    if alone and (not is_first or first in AMBIGUOUS_FIRST_NAMES):
        return
    if not is_first and line[end:last_end].split()[-1].lower() not in FIRST_NAMES:
        return
    before = _BEFORE_EN.search(line, max(0, start - 45), start)
    if before is not None or re.match(r" ?[<(\[]\[?(?:email|[A-Za-z0-9._+-]+@)", line[last_end : last_end + 40]):
        yield start, last_end


def _without_possessive(line: str, end: int) -> int:
    return end - 2 if line[end - 2 : end] in ("'s", "’s") else end


# Patterns of one set of characters or one literal are searched some ten times faster than alternatives.
_ASCII_CAPITAL = re.compile("[A-HJ-Z]")
_ASCII_I = re.compile("I[a-z]")
_CAPITAL_IN_CHINESE = re.compile(r"[A-Z\u00c0-\u00de][a-z\u00e0-\u00ff. ]")


def _may_hold_english(text: str) -> bool:
    if text.isascii():
        return (
            _ASCII_CAPITAL.search(text, 1) is not None
            or "ame" in text
            or "AME" in text
            or _ASCII_I.search(text, 1) is not None
            or " <" in text
        )
    return _CAPITAL_IN_CHINESE.search(text) is not None or "name" in text


def _may_be_listed(text: str) -> bool:
    """Whether a listed name, a title, a label or a sign-off is there at all."""
    return (
        not _ANY_NAME.isdisjoint(map(str.lower, _LISTED_EN.findall(text)))
        or "\n" in text
        or ":" in text
        or "ame" in text
        or "AME" in text
        or _HAS_TITLE.search(text) is not None
    )


def may_hold_names(text: str) -> bool:
    """A cheap look (a microsecond or two): False means that `find_names` would find nothing."""
    return (not text.isascii() and _may_hold_chinese(text)) or (_may_hold_english(text) and _may_be_listed(text))


def find_names(line: str) -> list[tuple[int, int]]:
    """(start, end) of people's names in a text, in order; of two that overlap the first found (stronger cue) wins."""
    found: list[tuple[int, int]] = []
    if not line.isascii() and _may_hold_chinese(line):
        _keep(found, _chinese(line))
    if _may_hold_english(line) and _may_be_listed(line):
        _keep(found, _english(line))
    return sorted(found) if len(found) > 1 else found


def _keep(found: list[tuple[int, int]], candidates: Iterator[tuple[int, int]]) -> None:
    for start, end in candidates:
        if all(end <= first or last <= start for first, last in found):
            found.append((start, end))
