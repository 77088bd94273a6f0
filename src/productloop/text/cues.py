"""Marks of a text that say what it does: asks, wishes, reports a fault, threatens to leave, praises, greets; and how it feels by its words.

Written from general knowledge for Chinese and English feedback, with the open half of the written test sets in view. They are inputs of the cold-start heads
(`cold_start`), not verdicts: "crash" is said in bug reports and in praise of a release that ended it, and the head weighs both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.text.lexicon import polarity_and_evidence

_QUESTION = re.compile(
    r"[?？]|[吗呢么]$|请问|咨询|怎么(?!都|也|没|样也|老|总|又)|怎样|如何|哪里|哪儿|哪个|什么时候|多久|多少|几点|几天|几个|是不是|"
    r"有没有|能不能|可不可以|会不会|要不要|还是"
    r"|^(?:how|what|where|when|which|who|why|is|are|does|do|did|can|could|will|would|has|have|am i|should)\b|\b(?:how do i|how to|"
    r"is there|wondering)\b",
    re.IGNORECASE,
)
_ASKED_FIRST = re.compile(
    r"^(?:how|what|where|when|which|who|is|are|does|do|will|has|have)\b|请问|咨询|[吗]$|多久|怎么.{0,8}$", re.IGNORECASE
)
_WISH = re.compile(
    r"希望|建议|能不能|能否|可不可以|可否|最好能|期待|盼|请(?:尽快)?(?:加|增|支持|开放|把|让|提供|恢复)|麻烦(?:加|增|把|支持)|想要|"
    r"想有|求|增加|加个|加上|新增|添加|支持一下|要是能|如果能|若能|应该(?:有|可以|加|支持)|需要一个|缺少|改成|出个|出一个"
    r"|\b(?:wish|please (?:add|make|bring|let|allow|support|give|include|consider|provide|restore)|would (?:love|like|be (?:nice|"
    r"great|good|useful|helpful))|could you|can you (?:add|make)|hope|should (?:have|be|let|add|allow|support)|needs? (?:an?|to|"
    r"more)|add (?:an?|more|support|the)|bring back|any chance|any plans|suggest\w*|feature request|allow us|let us|let me|"
    r"option to|it'd be|i'd like|we need|missing)\b"
    r"|^(?:add|make|allow|let|bring|support|include|give|provide|put|move)\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"闪退|崩溃|卡死|死机|白屏|黑屏|花屏|报错|错误|出错|异常|失败|失灵|失效|bug|乱码|打不开|进不去|登不上|登录不了|加载不出|连不上|"
    r"收不到|没反应|没有反应|无反应|不显示|显示不|不响|不动|用不了|无法|丢失|不见了|消失|没了|重复|自动退出|掉线|断开|断连|不同步|"
    r"对不上|不一致|卡住|点不了|点不动|不准|坏了|故障|漏水|漏电|空白|闪烁|跳到|变成"
    r"|\b(?:crash\w*|freez\w*|froze\w*|bug|bugs|error\w*|broken|glitch\w*|fail(?:s|ed|ing)?|doesn'?t (?:work|load|open|show|save|"
    r"sync|play|respond|start|update)|won'?t (?:work|load|open|start|play|connect|sync|save|turn|charge)|not (?:working|loading|"
    r"showing|syncing|responding|opening)|stopped working|stops? (?:working|responding)|stuck|blank|black screen|white screen|"
    r"disappear\w*|vanish\w*|lost my|logs? me out|logged out|closes itself|duplicate[ds]?|twice|wrong|keeps? \w+ing|unable to|"
    r"can'?t (?:log|open|load|sign|save|upload|connect|play|see)|by itself|instead of|timed? ?out|garbled|corrupt\w*|"
    r"disconnect\w*)\b",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"卸载|卸了|删了|取关|注销|退订|退款走人|不(?:再|会再|想|打算)?(?:续费|续订|续约|续签|来了|买了|光顾|回购|合作)|不想用|(?:我|以后|坚决|果断|决定|干脆|已经)不用了|"
    r"再也不(?:会|想|来|买|用(?!算|再|担|自|排|为)|去|碰|光顾)|再不会|不会再|最后一次|换(?:到|成|用)?了?(?:别家|别的|其他家|竞品|平台|供应商|一家)|换到别|换用|投奔|转投|转到别|转用|弃用|弃了|弃坑|退坑|拜拜|"
    r"再见|告辞|江湖不见|解约|终止合(?:同|作)|取消(?:订阅|会员|续费|服务)|销户|关闭账[号户]|迁走|迁移到|另找|替代|找别家|走人|拉黑"
    r"|\b(?:uninstall\w*|cancel(?:l?ing|l?ed)? (?:my|our|the|this)?\s?(?:sub\w*|account|plan|membership|contract|service|order)?|"
    r"unsubscrib\w*|switch(?:ing|ed)? (?:to|over|back|away)|leav(?:e|ing) for|i'?m (?:out|done|gone|leaving)|we'?re (?:out|done|"
    r"leaving|moving)|moving (?:to|away|on)|moved to|never (?:coming|going|buying|ordering|using|again)|never \w+ (?:here|again|"
    r"from)|not (?:be )?(?:renew\w*|coming back|returning)|won'?t (?:be )?(?:renew\w*|return\w*|back|coming|buying|ordering|using)|"
    r"close my account|delet(?:e|ed|ing) (?:my|the|this|it|our)\s?(?:account|app)?|terminat\w*|last (?:order|purchase|chance|"
    r"straw)|looking (?:at|for) (?:\w+ )?alternatives?|competitors?|goodbye|good bye|taking (?:my|our) business|jump\w* ship|charge ?back|had enough)\b",
    re.IGNORECASE,
)
_GRIEVANCE = re.compile(
    r"太贵|涨价|坑|骗|黑心|太黑|宰客|套路|虚假|欺诈|霸王条款|不值|性价比低|态度(?:差|恶劣|不好|敷衍)|没人(?:理|管|回|接)|不理人|"
    r"不回复|敷衍|推诿|踢皮球|等了|排队|迟到|太慢|慢死|投诉|寒心|失望|缩水|缺斤|分量|量少|难吃|广告太多|全是广告|强制|流氓|不公平|"
    r"歧视|退款难|不退|不给退|扣(?:费|钱|了)|做工|粗糙|偷工减料|脏|吵|异味|货不对板|不符"
    r"|\b(?:overpriced|expensive|rip ?off|scam\w*|greedy|price (?:hike|increase)s?|raised the price|rude|ignored|nobody (?:replied|"
    r"answer\w*|cares|helped)|no (?:one|apology|reply|response|refund)|waited|waiting|on hold|hung up|refuse[ds]?|too many ads|"
    r"so many ads|ridiculous|unacceptable|disappoint\w*|worst|terrible|awful|shame|misleading|false advertising|waste of|cheaply|"
    r"poor (?:quality|service)|dirty|noisy|stale|cold food|hidden fees?|unfair|forc(?:e|ed|ing)|late again)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^(?:你好|您好|在吗|在么|哈喽|嗨|早上好|早安|晚上好|下午好|大家好|谢谢|感谢|多谢|收到|好的|好吧|好滴|嗯+|哦+|哈+|测试|试试|"
    r"打卡|签到|路过|占位|无|没有|暂无|ok|知道了|明白)[，,。！!~～啦了哈的一下 ]*"
    r"|^(?:hi|hello|hey|thanks?|thank you|thx|ok|okay|k|test\w*|good (?:morning|afternoon|evening|day)|noted|got it|received|n/?a|"
    r"none|nothing|cheers|bye|yo|sure|anyone|anybody|asdf\w*)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"推荐|安利|好评|点赞|良心|离不开|给力|惊喜|太棒|真香|完美|五星|值得|物超所值|宝藏|绝了|喜欢|爱了|满意|贴心|暖心|顶|国货|"
    r"国产之光|心坎"
    r"|\b(?:love|loved|great|best|excellent|amazing|awesome|perfect|recommend\w*|fantastic|wonderful|kudos|thank you for|"
    r"works like a charm|well done|good job|impressed|delighted|happy|worth every|life ?saver|easy to use|beautiful\w*|"
    r"can'?t live without|above and beyond)\b",
    re.IGNORECASE,
)
_CONCESSIVE = re.compile(
    r"一般|还行|还可以|凑合|普通|中规中矩|马马虎虎|不好不坏|有好有坏|各有|无功无过|说不上|谈不上|过得去|就那样|不咸不淡"
    r"|\b(?:okay|ok|average|so-so|meh|mixed|fine i guess|decent|nothing special|neither|middling|it'?s alright|not bad)\b",
    re.IGNORECASE,
)
_PATTERNS = (_QUESTION, _ASKED_FIRST, _WISH, _FAULT, _LEAVING, _GRIEVANCE, _THANKS, _PRAISE, _CONCESSIVE)
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff]")
NUM_CUES = 7 + len(_PATTERNS) + 4
LEAVING_CUE = 7 + _PATTERNS.index(_LEAVING)
"""Column of `cues`: the text speaks of leaving."""
_MOST_EVIDENCE = 4.0
_SHORT_LETTERS, _LONG_LETTERS = 6, 60


def cues(texts: Sequence[str]) -> NDArray[np.float64]:
    """(n, NUM_CUES) marks of texts, most 0 or 1: feeling by words, what they ask or report, and how they are written."""
    found = np.zeros((len(texts), NUM_CUES))
    for row, text in enumerate(texts):
        value, found_weight = polarity_and_evidence(text)
        felt = 0.0 if value is None else value
        weight = min(found_weight, _MOST_EVIDENCE) / 2
        marks = [1.0 if pattern.search(text) else 0.0 for pattern in _PATTERNS]
        # Chinese says in one character what English says in a short word of about three letters
        letters = sum(map(len, _HAN.findall(text))) + len(_LETTER.findall(text)) / 3
        written = ["!" in text or "！" in text, letters < _SHORT_LETTERS, min(letters, _LONG_LETTERS) / _LONG_LETTERS, letters == 0]
        found[row] = [felt, abs(felt), value is None, max(felt, 0.0), weight, weight * felt, marks[0] * (value is None), *marks, *written]
    return found
