"""People's names in the middle of sentences, where no word announces them: 「李娜帮我处理了」, "Daniel never called back".

A name is believed where all agrees: it begins a clause or follows a word that takes a person (跟, 让, "spoke to"), it is made of a common surname
with characters that parents choose, or of a listed first name, and what follows is what people do (帮我, 说, "told me", "was rude") or own
("Daniel's attitude"). Words that only look like names (黄金, 方便, Victoria, Wendy's) are left. Word lists written for this project from general
knowledge. Offsets are characters of the text; linear in its length.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

import re
from collections.abc import Iterator

from productloop.foundation.name_lists import COMMON_SURNAMES, COMPOUND_SURNAMES, FOLLOWING, GIVEN_CHARACTERS, NOT_NAMES
from productloop.foundation.name_lists_english import AMBIGUOUS_FIRST_NAMES, FIRST_NAMES, LAST_NAMES

# --- Chinese ---------------------------------------------------------------------------------------------------------------------------

_SURNAMES = "".join(sorted(COMMON_SURNAMES - frozenset("高方白安万成时明游车包单解强景全文向于任常连和关平边房项费左路温牛冉计童范辛季")))
_GIVEN = "".join(
    sorted(GIVEN_CHARACTERS - frozenset("来会能可如言任立公本今给和中大天真最生儿子人之也有元化业品平正全常方利力通达理量意心前"))
)
# Characters that hardly stand in a word but in names.
_NAMELIKE = (
    "伟芳娜敏静丽磊军洋勇艳杰娟涛超霞刚桂玲婷雪琴晶晨燕莉萍梦琳颖佳慧倩雯欣怡婉雅诗嘉瑶璐璇薇蕾菲蓉茜瑾瑜琪琦珍凤莲菊媛妍姗娅婧娇嫣妮"
    "淑芬芝芸茵莹菁萌蔓宸尧峰岚峻巍彤彦彬斌旭昊昕晖晗曦曼楠梓森鹏浩涵渊炜炫烨焕煜熙玥珂琛瑞瑛璟硕祥祺翔翰聪荣莎萱豪轩辰鑫钊钧铭锋锐霖"
    "韬骏骥鸿鹤麒麟卓哲娣桐毅沛泓潇灿冰华辉强伦琼遥岩宏恒凯坤建志涓昌俊健刘帆飞莺蓓丹宁栋婵璞珊玮勤雷斐祎雁钰轶怀飏蒙筠滢偉靜麗軍傑濤華"
)
_DOES = (
    r"帮我|帮忙|帮[他她你大]|替我|给我|给[他她你大客]|说(?!明)|讲[得的解课过了话]|告[诉知]|答应|承诺|保证|处理|解决|打(?:来|了|过"
    r"|个)?电话|打给|来电|致电|联系|回[复访电]|态度|服务"
    r"|很(?:热|耐|负|专|细|贴|礼|用|努|敬|好|不|有|认|快)|特别(?:热|耐|负|专|细|贴|有|好)|非常|十分|骂|推荐|介绍|推销|拒[绝接不]"
    r"|负责|迟到|一直(?!播)|不(?:理|接|回|给|承)"
    r"|没(?:有?(?:回|来|理|接|给|送|处|道))|先生|女士|老师|师傅|经理|您?好[,，!！ 。]|你好|提交|申请|签(?:收|字|名)|接(?:待|电|我|了"
    r"|听)|确认|沟通|反[映馈]|要求|表示|通知|约|偷"
    r"|拉(?:进|黑|我)|把|本人|同学|送(?:来|到|我|餐|货|的)|修(?:好|的|了|得)|来(?:接|了|修|送|的|电|处|我)|上门|点(?:个|了|名)?赞"
    r"|交[流涉待接]|商量|对接|核[实对]|聊|谈[过好了]|吵|道歉|解答|讲解"
    r"|预约|投诉|反应|尽快|这个?(?:客服|人|师傅|骑手|司机|销售|店员|老师|医生)|撒谎|骗|威胁|辱骂|扣了?我|催|跟进|耐心|教(?:我|得|的"
    r"|会|了)|负|迟迟|至今|已经|昨[天晚]|今[天早]|刚[才刚]|上[周次午]|下午|都(?:说|没|有|很|是|不|在)|也(?:说|没|很|是|不|在|遇)"
    r"|的(?:态度|服务|回[访复]|课"
    r"|反馈|账[号户]|帐号|电话|成绩|手机|名字|快[递件]|建议|耐心|帮助|邮件|作业|头像|密码|订单|包裹|会员|身份|微信|号码|评价|留言"
    r"|回答|工作|讲解|介绍|意见|投诉|申请|照片|信息|东西|话|车|专业|热情|处理|生日)"
)
_RECEIVED = "(?:的是|就是|款给|转给|寄给|发给|联系|谢谢|感谢|表扬|换成|改成|头写)"
_THEN = (
    rf"(?=(?:{_DOES}|[和跟与、](?:[{_SURNAMES}][{_GIVEN}]{{2}}|[{_SURNAMES}].)(?:{_DOES}|一[起同]|两)|一[起同]|两[个人位]"
    rf"|(?:(?<={_RECEIVED}..)|(?<={_RECEIVED}...))(?:$|[,，。!！?？]|就行)))"
)
_NICKNAMED = "王李张刘陈杨赵周吴徐孙胡朱林郭罗梁郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎潘戴汪姜谭廖邹陆郝崔邱秦侯孟"
_PAIRED = "".join(sorted({name[0] for name in COMPOUND_SURNAMES}))
# One set of characters first, so that the search skips what cannot begin a name.
_UNANNOUNCED = re.compile(
    rf"[{_SURNAMES}{_PAIRED}小老阿](?:"
    rf"(?P<full>(?<=[{_SURNAMES}])(?:[{_GIVEN}]{{2}}|[{_GIVEN}])){_THEN}"
    rf"|(?P<compound>(?<=[{_PAIRED}])[{''.join(sorted({name[1] for name in COMPOUND_SURNAMES}))}][{_GIVEN}]{{1,2}}){_THEN}"
    rf"|(?P<nickname>(?<=[小老阿])[{_NICKNAMED}玲芳珍英兰霞])(?={_DOES}|人(?:很|特|超|真|非)|[,，](?=[你我昨今上请麻这那怎]))"
    rf"|(?P<kin>(?<=[{_NICKNAMED}]))(?=[姐哥总工叔姨嫂队](?:{_DOES}|人|打扫|尽|马上|来|去|在|那|[,，。!！]|$)))"
)
_OPENED = "在的到说和对让跟给被找由向与同请是谢系扬诉自天晚午才刚把、问见等听次周为但好亏有如经得现烦醒望识位叫于托约换"
"""What may stand straight before a name that is not at the beginning of a clause."""
_TAKES_PERSON = (
    "跟",
    "和",
    "给",
    "被",
    "让",
    "找",
    "由",
    "向",
    "与",
    "同",
    "请",
    "叫",
    "谢",
    "联系",
    "表扬",
    "投诉",
    "来自",
    "昨天",
    "今天",
    "昨晚",
    "刚才",
    "刚刚",
    "委托",
    "上次",
    "换",
    "就是",
    "问",
    "约",
    "、",
)
_SURELY_PERSON = ("跟", "联系", "委托", "告诉", "表扬", "的是", "款给", "头写")
_VOCATIVE = re.compile(rf"[{_SURNAMES}](?:[{_GIVEN}][{_NAMELIKE}]|[{_NAMELIKE}][{_GIVEN}]|[{_NAMELIKE}])(?=[,，:] ?[我你您这请麻])")
_BEFORE_CHINESE = re.compile(r"[\s,，。.!！?？;；:：、~\]】)）\"”]")
_NOT_WITH = frozenset(
    (
        "江西 江东 金融 黄昏 安静 文静 温馨 金华 王者 金刚 钟点 汪汪 水果 康熙 马桶 马路 路灯 石英 石化 牛奶 雷霆 毛巾 乔丹 时尚 陈冰"
        " 黎明 项链 雷达 郑重 卢布 万宁 梅雨 陶瓷 辛勤 武强 陆军 武林 贺岁 葛根 叶脉 阳台 柳絮 严峻 严冰 金辉 海尔 龙华 余辉 金强 谢意"
        " 祝好"
    ).split()
)


WORDS_AS_NAMES = frozenset(
    (
        "江山 江南 江河 方圆 文静 文章 温暖 温馨 高原 高歌 高翔 夏天 夏雨 秦岭 黄河 安然 安宁 安康 常乐 林木 叶子 武艺 童年 丁香"
        " 海洋 马丁 苗条 简单 梅花 路遥 高洁 金星"
        " 水晶 云海 史诗 龙江 白雪 白洁 白云 白杨 田甜 唐诗 汤圆 姚远 钱进 于谦 石磊 方正 方舟 金玉 金鑫 汪洋 时光 乐天 余味 夏至"
        " 秋水 向阳 向前 成功 程功 马到"
    ).split()
)
"""Words that are a person's name after a role: 用户江南反馈."""
_PET_NAME = re.compile(
    rf"([{_NAMELIKE}丁苗东方楠蕊安毛圆豆乐果朵多可贝甜暖米朱依])\1|[小阿](?!学|爱|度|布|艺|冰|区|大|中|子|提|天|方|米|明星|时|程"
    rf"|心)[{_NAMELIKE}美雨玉红花月文阳明龙东军甜琪安]"
)
_NO_PETS = frozenset("刚刚 明明 静静 姗姗 楚楚 彬彬 娓娓 依依 翩翩 小强 小超 小勇 小康 小辰 小伦 小毅".split())
_PERSON_AHEAD = re.compile(rf"{_DOES}|$|[,，。.!！:：;；\s]|人(?:很|特|超|真)|帮|给|说|特|很|全程|服务|的|在|也|都|一直|约|没|不")


def is_pet_name(pair: str) -> bool:
    """安安, 小雨, 阿玲."""
    return len(pair) == 2 and (pair[0] in "小阿" or pair[0] == pair[1]) and pair not in _NO_PETS and _PET_NAME.fullmatch(pair) is not None


def is_person_ahead(line: str, position: int) -> bool:
    """Whether what follows is what people do or have, or the end of the clause."""
    return _PERSON_AHEAD.match(line, position) is not None


def may_hold_unannounced(line: str) -> bool:
    """A cheap look for `unannounced_chinese`."""
    return _UNANNOUNCED.search(line) is not None or _VOCATIVE.match(line) is not None


def unannounced_chinese(line: str) -> Iterator[tuple[int, int]]:
    """Names of people in Chinese without a word that announces them: (start, end)."""
    for match in _UNANNOUNCED.finditer(line):
        start, end = match.span()
        before = line[start - 1 : start]
        opens = not before or _BEFORE_CHINESE.match(before) is not None
        if not opens and before not in _OPENED:
            continue
        kind = match.lastgroup
        if kind == "compound" and line[start : start + 2] not in COMPOUND_SURNAMES:
            continue
        if kind != "full" or _is_full_name(line, start, end, opens):
            yield start, end
    vocative = _VOCATIVE.match(line)
    if vocative is not None and vocative.group() not in NOT_NAMES and vocative.group() not in _NOT_WITH:
        yield vocative.span()


def _is_full_name(line: str, start: int, end: int, opens: bool) -> bool:
    name, after = line[start:end], line[end - 1 : end + 1]
    if (
        name[:2] in NOT_NAMES
        or name in NOT_NAMES
        or name in _NOT_WITH
        or name[:2] in _NOT_WITH
        or name[1:] in FOLLOWING
        or after in FOLLOWING
    ):
        return False
    given = name[1:]
    if len(given) == 2:
        return (given[0] in _NAMELIKE or given[1] in _NAMELIKE) and (
            opens or line.endswith(_TAKES_PERSON, 0, start) or given[1] in _NAMELIKE
        )
    return (given in _NAMELIKE and (opens or line.endswith(_TAKES_PERSON, 0, start))) or line.endswith(_SURELY_PERSON, 0, start)


# --- English ---------------------------------------------------------------------------------------------------------------------------

NOT_BARE = frozenset(
    (
        "alexa alexia alexis victoria charlotte adelaide harry jack elsa mario harsh penny dean min robin sandy frank miles drew"
        " jackson logan"
        " fran lan kim len lin ling hong fang jia dot jordan tony edison don viola violet ida ian-x wendy denny carl martin chase"
        " troy lara max"
        " mercury kelly regina santiago diego jose luis juan carlos-x francisco isla lima paris kent roland kenji stella corona"
        " cameron ashley"
        " kayla morgan levi cody marshall lloyd ernest leo leon eric-x simon alice cooper nelson warren dell barry jim jimmy johnny"
        " cortana bixby siri google watson amazon netflix roomba oscar felix grant hugo boss calvin nathan-x bella sonos philips"
    ).split()
)
_SPEAKS = (
    r"(?:helped|assisted|told|said|says|promised|explained|answered|replied|responded|called|emailed|never|refused|hung|stole|took"
    r"|made|went"
    r"|fixed|resolved|handled|solved|sorted|delivered|served|treated|apologi[sz]ed|forgot|ignored|insisted|confirmed|assured|suggested"
    r"|recommended|advised|signed|wrote|sent|gave|kept|yelled|shouted|swore|lied|charged|cancelled|canceled|transferred|forwarded"
    r"|contacted"
    r"|walked me|guided|showed|taught|greeted|accused|threatened|claimed|quoted|offered|agreed|arrived|came|left|dropped|threw|knew"
    r"|(?:call|help|tell|email|contact|ring|reply|come|fix|explain|know)(?= (?:me|us|that|him|her|it|back|how|what|she|he)|[.,!?]|$)"
    r"|did(?:n't| not)?|doesn't|won't|wouldn't|couldn't|can't|hasn't|keeps|wants|needs|deserves|rocks|here(?= ?[,.!]| from| and"
    r"| again| still|$)"
    r"|(?:from|in|at) (?:the |your |our )?(?:\w+ )?(?:billing|support|sales|customer|accounts?|returns?|reception|front|help ?desk"
    r"|service|finance|store"
    r"|shop|branch|office|counter|tech(?:nical)?|delivery|desk|dispatch|team|department|call cent(?:er|re))"
    r"|(?:was|is|were|are|has been|have been)(?: (?:so|very|really|super|extremely|always|also|incredibly|absolutely|both|quite|just"
    r"|not|too|the"
    r"|most|on|a|an|such|truly))*"
    r" (?:rude|helpful|kind|nice|friendly|patient|great|amazing|fantastic|wonderful|awesome|polite|professional|excellent|awful|terrible"
    r"|horrible|unhelpful|lovely|sweet|brilliant|knowledgeable|courteous|gentle|attentive|supposed|able|unable|best|arguing|angry|upset"
    r"|star|gem|lifesaver|legend|delight|pleasure|dismissive|aggressive|condescending|arrogant|efficient|thorough|phone|late|lazy"
    r"|incompetent"
    r"|asking|trying|using|working|calling|waiting|handling|super|superb|outstanding|incredible|honest|understanding"
    r"|accommodating))(?!\w)"
)
_OWNS = (
    r"(?:'s|’s) (?:attitude|behaviou?r|manners?|patience|help|professionalism|iPhone|iPad|phone|account|laptop|e?mail|appointment"
    r"|profile|room|birthday"
    r"|advice|reply|response|class|lesson|name|number|kindness|tone|manager|explanation|instructions|knowledge|desk|shift|signature"
    r"|wife|husband|kids?"
    r"|son|daughter|login|password)(?!\w)"
)
_NAME = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
_FULL = rf"{_NAME}(?: (?:[A-Z]\. ?)?(?:(?:van|de|der|von|al|bin|del|da) )?(?:O'|Mc|Mac)?{_NAME})?"
_WHO_DOES = re.compile(
    rf"(?P<name>{_FULL})(?:(?:,? and | ?& ?|, )(?P<other>{_FULL}))?(?:(?:,? (?:who|also|then|even|just|really|actually|still)) "
    rf"| )(?:{_SPEAKS})"
)
_WHO_OWNS = re.compile(rf"(?P<name>{_FULL})(?=(?:{_OWNS}))")
_INITIALED = re.compile(r"(?<![A-Za-z.&'0-9])(?P<name>[A-Z]\. ?(?:[A-Z]\. ?)?(?P<last>(?:O'|Mc)?[A-Z][a-z]+))(?![A-Za-z])")
_PARTED = re.compile(r"(?<![A-Za-z'’])O['’][A-Z][a-z]+(?:['’]s)?")
_VOCATIVE_EN = re.compile(rf"(?P<name>{_NAME})(?:,| -) (?=(?:please|I|thank|thanks|can|could|you|your|we|my|the|any)\b)")
_HANDLE = re.compile(r"(?<![A-Za-z0-9._@-])@(?P<name>[a-z]+)(?![A-Za-z0-9._@-])")
_LOWER = re.compile(
    r"\b(?:i am|i'm|im|this is|named|spoke (?:to|with)|talked (?:to|with)|agent|thanks) (?P<name>(?P<first>[a-z]+)(?: (?P<last>[a-z]+))?)\b",
    re.IGNORECASE,
)
_AND_OTHER = re.compile(rf"(?:,? and | ?& ?|, )(?P<name>{_NAME})(?![A-Za-z'’])")
_CHINESE_LAST = frozenset(
    "zhang wang li liu chen yang zhao huang zhou wu xu sun hu zhu gao lin guo luo liang song zheng xie tang deng feng han cao zeng"
    " peng xiao cai"
    " pan tian dong yuan yu jiang fu su lu wei ren shen yao liao lei dai qin fang meng xiong shi hou qiu hao duan kong bai".split()
)
_CHINESE_GIVEN = _CHINESE_LAST | frozenset("na bo jun ting ping yun qian juan rong hua lili".split())
_COLOURS_AND_THINGS = frozenset(
    "white black green gray grey brown hill park west long price stone woods wood king rose page field fields short young".split()
)
_OPENS_EN = re.compile(
    r"(?:^|[.!?;:,\n(\"“-] ?|\b(?i:that|when|because|and|but|so|then|while|if|since|as|can|could|did|does|is|was|has|will|would|let"
    r"|it was|also|today|yesterday) )$"
)
_TRUSTED = FIRST_NAMES - AMBIGUOUS_FIRST_NAMES - NOT_BARE
PERSON_WORDS = frozenset(
    "will grace joy mark rose hope faith ivy ruby amber crystal daisy bill rich grant pearl holly dawn iris jade eve max drew dean"
    " robin tyler wade bob spencer"
    " mason hunter jay frank".split()
)
_BEGINS = FIRST_NAMES | AMBIGUOUS_FIRST_NAMES | _CHINESE_LAST
_FAMOUS = frozenset(
    "ashley furniture|harry potter|jack daniels|taylor swift|ralph lauren|hugo boss|calvin klein|tommy hilfiger|michael kors|tom"
    " ford|peter pan|john deere"
    "|john lewis|steve jobs|tim cook|bill gates|elon musk|jeff bezos|donald trump|joe biden|justin bieber|ed sheeran|michael"
    " jackson|james bond|tim hortons"
    "|papa john|trader joe|paul smith|ted baker|mary kay|jamie oliver|gordon ramsay|martha stewart|rachael ray|bobbi brown|kate"
    " spade|marc jacobs|tony hawk"
    "||johnny walker|johnnie walker|victoria secret|charlotte tilbury|laura mercier|elizabeth arden|sara lee|betty crocker|jimmy choo|sam smith".split(
        "|"
    )
)
_TAKES_EN = re.compile(r"\b(?i:without|to|with|for|let|about|praise|from|under|says|and|asked|gave|give|told|because of) $")
_PRODUCED = re.compile(
    r"\b(?i:play|songs?|music|listen|album|books?|movies?|shows?|app|hotel|store|available|flights?|trips?) (?i:\w+ ){0,2}$"
)
_NOT_LAST = frozenset(
    "and or app store card bank service support team online express street road station airport hotel school shop games".split()
)


def unannounced_english(line: str, start: int, word: str) -> Iterator[tuple[int, int]]:
    """The name that begins with the capitalised `word` at `start`, where no word announces it: "Daniel never", "Daniel's attitude"."""
    if word.lower().replace("’", "'").removesuffix("'s").split("-")[0] not in _BEGINS:
        return
    does = _WHO_DOES.match(line, start)
    if does is not None and _OPENS_EN.search(line, max(0, start - 12), start):
        yield from _trusted(line, does, "name")
        if does.group("other"):
            yield from _trusted(line, does, "other")
        return
    takes = _TAKES_EN.search(line, max(0, start - 12), start)
    if takes is not None and not _PRODUCED.search(line, max(0, start - 40), start):
        yield from _taken(line, start)
        return
    owns = _WHO_OWNS.match(line, start)
    if owns is not None:
        yield from _trusted(line, owns, "name")
    elif start == 0:
        called = _VOCATIVE_EN.match(line)
        if called is not None:
            yield from _trusted(line, called, "name")


def initialed(line: str) -> Iterator[tuple[int, int]]:
    """J. Smith, O'Brien."""
    if "." in line:
        for match in _INITIALED.finditer(line):
            last = match.group("last").lower()
            if (last in LAST_NAMES or "'" in last) and last not in _COLOURS_AND_THINGS:
                yield match.span("name")
    if "O'" in line or "O’" in line:
        for match in _PARTED.finditer(line):
            name = match.group().replace("’", "'").removesuffix("'s").lower()
            if name in LAST_NAMES:
                yield match.start(), match.start() + len(name)


def may_hold_lower(text: str) -> bool:
    """A cheap look for `unannounced_lower`."""
    return "@" in text or "i am " in text or "i'm " in text


def unannounced_lower(line: str) -> Iterator[tuple[int, int]]:
    """Names in small letters: @robert, "i am jack wilson"."""
    if "@" in line:
        for match in _HANDLE.finditer(line):
            if match.group("name") in _TRUSTED:
                yield match.span("name")
    for match in _LOWER.finditer(line):
        first, last = match.group("first").lower(), (match.group("last") or "").lower()
        if first in FIRST_NAMES and last in LAST_NAMES and last not in _COLOURS_AND_THINGS:
            yield match.span("name")
        elif first in _TRUSTED and match.group("first").islower() and len(first) > 3:
            yield match.span("first")


def others_beside(line: str, end: int) -> Iterator[tuple[int, int]]:
    """The listed first name joined to one that ends at `end`: "Jessica and Mike"."""
    match = _AND_OTHER.match(line, end)
    if match is not None and match.group("name").lower() in _TRUSTED:
        yield match.span("name")


_TAKEN = re.compile(rf"(?P<name>{_FULL})(?=$|[.,!?;)]| (?:[a-z]))")


def _taken(line: str, start: int) -> Iterator[tuple[int, int]]:
    match = _TAKEN.match(line, start)
    if match is not None:
        yield from _trusted(line, match, "name")


def _trusted(line: str, match: re.Match[str], group: str) -> Iterator[tuple[int, int]]:
    name = match.group(group)
    words = name.lower().replace("’", "'").split()
    start = match.start(group)
    first, last = words[0], words[-1]
    if " ".join(words[:2]) in _FAMOUS or (len(words) > 1 and last in _NOT_LAST):
        return
    if (
        first in _TRUSTED
        or (first.split("-")[0] in _TRUSTED and "-" in first)
        or (len(words) > 1 and first in FIRST_NAMES | AMBIGUOUS_FIRST_NAMES and last in LAST_NAMES)
        or (len(words) == 2 and is_pinyin(first, last))
        or (
            len(words) == 1
            and first in PERSON_WORDS
            and re.match(r" (?:in|at|from|told|said|helped|explained|promised) ", line[match.end(group) : match.end(group) + 12])
        )
    ):
        yield start, start + len(name)


def is_pinyin(first: str, last: str) -> bool:
    """Zhang Wei, Wei Zhang."""
    return any(
        surname in _CHINESE_LAST and (given in FIRST_NAMES or given in AMBIGUOUS_FIRST_NAMES or given in _CHINESE_GIVEN)
        for surname, given in ((first, last), (last, first))
    )
