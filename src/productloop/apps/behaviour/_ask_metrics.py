"""What is to be counted: "people(EVENT)", "count(EVENT)", "sum(EVENT.value)", "average(EVENT.duration_ms)", and one divided by the other.

Times are counted where the question says times, 次数, 笔数 or a plain number of things; otherwise people are, as everywhere in productloop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_events import EventFinder, Mention
from productloop.apps.behaviour._ask_text import TAKEN, Sentence, search, search_all

_AND = r"和|与|跟|以及|及|、|,|，|;|；|\band\b|\bplus\b|\bas well as\b|\bvs\.?\b|\bversus\b|&"


_PER_PERSON = (
    r"人均|每人|每个?(?:玩家|用户|人|客户|学生)(?!多少次)|平均每个(?:人|用户|学生|客户)"
    r"|\b(?:per|each|by each) (?:active |paying |single )?"
    r"(?:user|people|person|student|customer|member|learner|shopper|player|buyer|visitor|subscriber|account|head)\b"
)


def trend_metrics(sentence: Sentence, mentions: Sequence[Mention], finder: EventFinder) -> tuple[str, ...]:
    """The metrics a question asks for, in its order; empty when nothing it names can be counted."""
    text = sentence.free
    named, mentions = mentions, _strong(mentions)
    ratio = _ratio(text, named, finder)
    if ratio is not None:
        return (ratio,)
    money = list(search_all(cues.MONEY_WORDS, text))
    for match in money:
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    mentions = [m for m in mentions if m.event == finder.money_event() or not any(w.start() < m.end and m.start < w.end() for w in money)]
    if mentions and len({mention.event for mention in mentions}) == 1:
        mentions = mentions[:1]
    found: list[tuple[int, str]] = []
    for place, mention in enumerate(mentions):
        if money and mention.event == finder.money_event() and not _counted_beside(sentence.free, mention, money):
            continue
        start = mentions[place - 1].end if place else 0
        end = mentions[place + 1].start if place + 1 < len(mentions) else len(text)
        found += [(mention.start, metric) for metric in _of_event(text, mention, start, end, finder, len(mentions) > 1)]
    per_order = search(_PER_ORDER, sentence.free) is not None
    for match in money:
        found += [(match.start(), metric) for metric in _without_event(sentence.free if per_order else match.group(), finder)]
    active = finder.active_event()
    for match in search_all(r"\b[dwm]au\b|[日周月]活(?!跃)", text) if found and active is not None else ():
        if search(_AND, text[match.end() : match.end() + 4]) or search(_AND, text[max(0, match.start() - 5) : match.start()]):
            found.append((match.start(), f"people({active})"))
    if not found:
        found = [(0, metric) for metric in _without_event(text, finder)]
    return tuple(dict.fromkeys(metric for _, metric in sorted(found, key=lambda entry: entry[0])))


def _counted_beside(text: str, mention: Mention, money: Sequence[re.Match[str]]) -> bool:
    """Whether the money event is counted beside its amounts: "orders and GMV", 订单数和销售额, but not "GMV of orders"."""
    if any(match.start() < mention.end and mention.start < match.end() for match in money):
        return False
    between = [text[mention.end : match.start()] if mention.end <= match.start() else text[match.end() : mention.start] for match in money]
    return any(search(_AND, part) for part in between)


def forecast_metric(sentence: Sentence, mentions: Sequence[Mention], finder: EventFinder) -> str | None:
    """The one metric to look ahead with; None when nothing it names can be counted."""
    metrics = trend_metrics(sentence, mentions, finder)
    if metrics:
        return metrics[0]
    event = finder.money_event()
    if search(cues.REVENUE, sentence.text) and event is not None:
        return f"sum({event}.value)"
    return None


def _strong(mentions: Sequence[Mention]) -> list[Mention]:
    strong = [mention for mention in mentions if mention.strength > 0]
    return strong or list(mentions)


_RATE = r"(?:退款|退货|取消|退订|崩溃|投诉|分享|收藏)率|\b(?:refund|return|cancel\w*|crash|share|unsubscribe) rate\b"


def _ratio(text: str, mentions: Sequence[Mention], finder: EventFinder) -> str | None:
    events = list(dict.fromkeys(mention.event for mention in mentions))
    if len(events) >= 2 and is_ratio(text, mentions):
        pair = _pair_around_division(text, mentions) or (events[0], events[1])
        people = search(
            r"\bper (?:active |paying )?(?:user|person|customer|member|player|shopper|student)\b|(?:每个?|人均)(?:活跃|付费)?(?:用户|人)",
            text,
        )
        if people is not None and pair[0] != pair[1]:
            return f"count({pair[0]}) / people({pair[1]})"
        per = search(r"\bper\b", text)
        if per is not None:
            below = next((text[m.start : m.end] for m in mentions if m.event == pair[1] and m.start >= per.end()), "")
            return f"count({pair[0]}) / {'people' if _is_people(below + 's') else 'count'}({pair[1]})"
        named = [text[mention.start : mention.end] for mention in mentions if mention.event in pair]
        plural = all(search(r"^[a-z ]+s$", word) for word in named) and not search(r"\b(?:who|users|people)\b", text)
        times = search(r"次数|笔数|单数|\bnumber of (?!people|users)|\btimes\b", text) and not search(r"人", text)
        kind = "count" if plural or times else "people"
        return f"{kind}({pair[0]}) / {kind}({pair[1]})"
    spender = finder.money_event()
    if spender is not None and search(_PER_PERSON, text) and search(_SPENDING, text) and set(events) <= {spender}:
        return f"sum({spender}.value) / people({spender})"
    if (
        len(events) == 1
        and search(_PER_PERSON, text)
        and search(cues.SUM, text)
        and not search(f"{cues.COUNT_TIMES}|{cues.DURATION}", text)
    ):
        return f"sum({events[0]}.value) / people({events[0]})"
    if len(events) == 1 and search(cues.AVERAGE, text) and search(r"几|多少", text[mentions[0].start : mentions[0].end]):
        return f"count({events[0]}) / people({events[0]})"
    if len(events) == 1 and search(_PER_PERSON, text) and not search(f"{cues.SUM}|{cues.DURATION}|{cues.MONEY_WORDS}", text):
        return f"count({events[0]}) / people({events[0]})"
    rate = next((m for m in mentions if re.match(r"率|(?: request)? rate\b", text[m.end :])), None)
    if (len(events) == 1 and rate is not None) or search(_RATE, text):
        if len(events) != 1:
            return None
        after_paying = search(r"退|取消|\brefund|\breturn|\bcancel|\bunsubscri", text) is not None and finder.money_event() not in (
            None,
            events[0],
        )
        whole = finder.money_event() if after_paying else finder.active_event()
        return f"people({events[0]}) / people({whole})" if whole is not None and whole != events[0] else None
    return None


_SPENDING = r"消费(?!次|几|多少次)|花费|花(?:了)?多少|花钱|氪金?(?!次|几次|多少次)|\bspen(?:d|ds|t|ding)\b"

_RIGHT_BEFORE = r"/|占(?!比|多少)|\bper (?!hour|day|week|month|year)(?:\w+ ){0,1}$|\bover (?:\w+ ){0,3}$"
"""What stands between two events of which one is divided by the other."""


def is_ratio(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether one event is to be divided by another: a word of division, or a sign or "over" right between two events."""
    if search(
        r"除以|之比|比值|比率|÷|比上|\bratio\b|\bdivided by\b|\bas a (?:share|percentage|fraction|proportion|%) of\b|(?:和|与|跟).{1,14}的比(?!例)",
        text,
    ):
        return True
    pairs = pairwise(mentions)
    return any(
        left.event != right.event and search(_RIGHT_BEFORE, text[left.end : right.start])
        for left, right in pairs
        if right.start - left.end < 40
    )


def _pair_around_division(text: str, mentions: Sequence[Mention]) -> tuple[str, str] | None:
    """The events on both sides of "/", 除以 or "divided by"; also "A to B ratio"."""
    for match in search_all(r"除以|/|÷|divided by|\bover\b|比上|占|\bper\b|\bas a (?:share|percentage|fraction|proportion|%) of\b", text):
        left = [mention for mention in mentions if mention.end <= match.start()]
        right = [mention for mention in mentions if mention.start >= match.end()]
        if left and right and left[-1].event != right[0].event:
            return left[-1].event, right[0].event
    return None


_TIMES = r"次数|多少次|几次|\bhow (?:many times|often)\b|\bnumber of times\b|\bfrequen\w+"
"""Words that want times counted, whoever is named beside them."""


def _is_people(words: str) -> bool:
    """Whether an event is named by those who do it: 新增用户, "new subscribers", "buyers"."""
    return (
        search(r"(?:用户|人|客|玩家|学生|会员|顾客|者)$|\b(?:users?|customers?|members?|\w{3,}ers|visitors?|actives)$", words) is not None
        and search(r"\b(?:orders?|transfers|offers)$", words) is None
    )


def _of_event(text: str, mention: Mention, start: int, end: int, finder: EventFinder, several: bool) -> list[str]:
    """Metrics of one event, from the words around it: those near it when several events are named."""
    around = text[start:end] if several else text
    if several and not search(f"{cues.COUNT_TIMES}|{cues.COUNT_PEOPLE}|{cues.SUM}|{cues.AVERAGE}", around):
        around = text
    money_too = search(f"{cues.SUM}|{cues.AVERAGE}", around) is not None
    of_people = re.match(r"(?:了|过)?的?(?:用户|人(?!均)|学生|会员|顾客|玩家|者)(?!.{0,3}次)", text[mention.end :]) and search(
        r"多少|数|几|量|趋势|走势", text
    )
    if not money_too and (of_people or _is_people(text[mention.start : mention.end])) and not search(_TIMES, text):
        return [f"people({mention.event})"]
    words = around.replace(text[mention.start : mention.end], " ", 1)
    wants: list[tuple[int, str]] = []
    average, total = search(cues.AVERAGE, words), search(cues.SUM, words)
    duration = search(cues.DURATION, words) or search(r"\b(?:watch|viewing|play|listening) time\b", around)
    times, people = search(cues.COUNT_TIMES, words), search(cues.COUNT_PEOPLE, words)
    if duration is not None:
        lasting = finder.end_of(mention.event) if mention.strength < 2 else mention.event  # how long a match is, its end says
        return [f"{'sum' if search('总|total', words) else 'average'}({lasting}.duration_ms)"]
    if average is not None and (
        total is not None
        or search(r"客单|\baov\b|\bvalue\b|\bsize\b|\bprice\b|价|多少钱|金额|\bamount\b", words)
        or (times is None and people is None)
    ):
        wants.append((average.start(), f"average({mention.event}.value)"))
    elif total is not None:
        wants.append((total.start(), f"sum({mention.event}.value)"))
    if (times is not None and not (total is not None and total.start() <= times.start() < total.end()) and times.group() != "量") or (
        times is not None and times.group() == "量" and total is None
    ):
        wants.append((times.start(), f"count({mention.event})"))
    explicit = search(_TIMES, words)
    if explicit is not None and people is not None and explicit.start() <= people.start():
        people = None
    of_all = people is not None and people.group() == "的人" and search(r"^(?!数)", words[people.end() :]) is not None
    if (people is not None and not of_all) or (people is not None and not wants):
        wants.append((people.start(), f"people({mention.event})"))
    if not wants:
        return [_plain(text, mention)]
    money = total or average
    if (
        money is not None
        and len(wants) == 1
        and search(_AND, _between(text, mention, money.group()))
        and _plain(text, mention).startswith("count")
    ):
        return [_plain(text, mention), wants[0][1]]
    first, last = min(wants)[0], max(wants)[0]
    if len(wants) > 1 and not search(r"和|与|跟|以及|及|、|，|;|；|\band\b|\bplus\b|\bas well as\b|&", words[first:last]):
        wants = [min(wants, key=lambda want: _rank(want[1]))]
    return [metric for _, metric in sorted(wants)]


def _between(text: str, mention: Mention, word: str) -> str:
    """What stands between an event and a word, whichever comes first."""
    behind = text.find(word, mention.end)
    if behind >= 0:
        return text[mention.end : behind]
    ahead = text.rfind(word, 0, mention.start)
    return text[ahead + len(word) : mention.start] if ahead >= 0 else ""


def _rank(metric: str) -> int:
    """Without an "and" only one number is asked for: an average before a sum, a sum before people, people before times."""
    return ["average", "sum", "people", "count"].index(metric.partition("(")[0])


def _plain(text: str, mention: Mention) -> str:
    """Neither people nor times were named: "how many orders" counts orders, "how many signed up" people, 下单数 orders."""
    behind = text[mention.end : mention.end + 2]
    ahead = text[: mention.start]
    if search(r"几|多少|次", text[mention.start : mention.end]):  # 抽几次卡, 打几局
        return f"count({mention.event})"
    if re.match(
        r"(?:了|过)?(?:多少|几)(?:[个份条张篇件次笔单把局首集])?(?!人|用户|玩家|客户|学生|会员|顾客|钱|天|久|周|月|个|[？?])[\u4e00-\u9fff]",
        text[mention.end :],
    ):
        return f"count({mention.event})"  # 上传多少文件
    if text[mention.start :].startswith("log ins"):
        return f"count({mention.event})"
    if re.match(r"sign ?ups?$|regist", text[mention.start : mention.end]):  # done once in a life: times are people
        return f"people({mention.event})"
    if re.match(r"数|量|笔|单|次", behind + text[mention.end - 1 : mention.end]) and not behind.startswith("数据"):
        return f"count({mention.event})"
    word = text[mention.start : mention.end]
    if re.match(r"[a-z]+s (?:[a-z]+ed|made|sent|done)$", word) or re.match(
        r" (?:views|plays|clicks|starts|events|actions|requests|tickets|submissions|visits|attempts)\b", text[mention.end :]
    ):
        return f"count({mention.event})"  # lessons completed, ad views
    if word.startswith("pv"):
        return f"count({mention.event})"
    if search(r"\b(?:how many|number of)\s*$", ahead) and search(r"^[a-z]+s\b", word):
        return f"count({mention.event})"
    if search(r"\b(?:daily|weekly|monthly)\s*$", ahead) and search(
        r"^\s*(?:forecast|count|volume|trend|number|total)", text[mention.end :]
    ):
        return f"count({mention.event})"
    if search(r"(?:how many|number of|count of|total|volume of|all|any)\s+(?:\w+\s){0,2}$", ahead) and search(r"s$", word):
        return f"count({mention.event})"
    if search(r"s$", word) and re.match(r"[a-z -]+$", word) and not search(r"\bwho\b|\busers?\b", ahead):
        return f"count({mention.event})"
    return f"people({mention.event})"


_PER_ORDER = (
    r"客单价|(?:每|单|平均每?一?|一)[单笔].{0,4}(?:金额|多少钱|价|花|消费)|笔单价|\baov\b|\baverage order value\b|\bbasket size\b"
    r"|\b(?:average|avg|mean) (?:basket|ticket|order|cart|purchase)\b"
)


def _without_event(text: str, finder: EventFinder) -> list[str]:
    money, active = finder.money_event(), finder.active_event()
    if money is not None and search(_PER_ORDER, text):
        return [f"average({money}.value)"]
    if search(cues.MONEY_WORDS, text) and money is not None:
        return [f"sum({money}.value)"]
    if search(cues.ACTIVE_PEOPLE, text) and active is not None:
        return [f"people({active})"]
    if active is not None and _is_of_people_only(text):
        return [f"people({active})"]
    return []


def _is_of_people_only(text: str) -> bool:
    """Whether nothing but people is named: "how many users by country", 总共有多少用户."""
    rest = re.sub(rf"\b(?:{cues.PEOPLE_WORDS})\b|{cues.ZH_PEOPLE_WORDS}|{cues.ONLY_PEOPLE}", " ", text, flags=re.ASCII)
    return (
        search(r"[a-z\u4e00-\u9fff]", rest) is None
        and search(r"多少|几|数|分布|\bhow many\b|\bnumber\b|\bcount\b|\bper\b|\bby\b|" + TAKEN, text) is not None
    )
