"""Events in a question, by the names of the dictionary: "finish their first lesson" is lesson_complete, 下了单 is order_placed.

A name is looked for whole first (its words in any order, close together; in Chinese with 了, 过, 首次 and the like between its characters),
then by the words that only this event has ("quiz" where one event has a quiz). What stands for an event that the product calls otherwise
(buying where there is only order_placed) is found through groups of events that mean one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_text import TAKEN, Sentence, Token, base, meaning, search, search_all, tokens
from productloop.apps.behaviour._ask_verbs import zh_pattern
from productloop.apps.behaviour._dictionary import EventNames, name_words

_FILLERS = frozenset(cues.FILLER_WORDS.split("|"))
_GENERIC = frozenset(base(word) for word in cues.GENERIC_WORDS.split("|"))
"""Words that say too little alone."""
_BREAKS = frozenset(("who", "that", "which", "then", "and", "but", "or", "after", "before", "from", "without", "within"))
"""Words over which no name of an event reaches."""
_AFTER_VERB = frozenset(cues.AFTER_VERB_WORDS.split("|"))
"""Words behind "bought" that are no thing of their own."""
_ZH_GENERIC = frozenset(cues.ZH_GENERIC_WORDS.split("|"))
_ZH_OTHER_THING = (
    r"^(?:了|过)?(?!东西|商品|货|单|的|过|了|吗|么|多|几|一|两|并|又|再|还|后|之|完|人|用户|且|但|却|和|与|跟|或|呢|没|不|比|占|是|有|次|数|量|率|频|金|总|情|趋|走|排|，)"
    r"[\u4e00-\u9fff]{2,}"
)
"""What stands behind 买了 when it is a thing that no event knows."""
GROUPS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("top up", "topup", "recharge", "deposit", "add money"), r"首充|充钱|充了钱|充了|充(?=多少|几)|入金|加钱|存钱进",
     r"\b(?:recharg\w+|deposit\w*|(?:load|add)(?:ed|ing|s)? (?:money|funds|cash|their wallets?|the wallet))\b"),
    (
        ("order placed", "place order", "purchase", "buy", "order completed", "create order", "order created", "submit order", "order paid",
         "in app purchase", "payment success", "payment", "pay", "subscribe", "start subscription", "subscription started", "upgrade",
         "upgrade plan", "renew"),
        r"首充|首单|首购|第一单|(?<=多少)单|(?<=几)单|单量|成单|出单|付钱|付了钱|掏钱|买单|剁手|氪金|花钱|花了钱|充(?:了|过)?[钱值]|卖|购买|买东西|买(?:了|过)?|付(?:了|过|完|上)?[费款钱]|下(?:了|过|完)?单|成交|订单|消费|支付",
        (r"\b(?:purchas(?:e|es|ed|ing)|spen(?:d|ds|t|ding) money|buy|buys|bought|buying|orders?|ordered|ordering|buyers?|purchasers?|payers?"
        r"|paying (?:users?|customers?|players?|members?)|reorder(?:s|ed|ing)?|paid|pays?|paying|transactions?)\b"),
    ),
    (
        ("sign up", "register", "signup", "user register", "user registered", "user signed up", "signed up", "create account", "account created",
         "open account"),
        r"注册|新用户|新增用户|新增|拉新|新客|开户|建号|(?:开|创建|建)(?:了|过)?(?:新)?(?:账号|账户|号)",
        r"\b(?:sign up|register(?:ed|s|ing)?|registrations?|new users?|new customers?|join(?:ed|s|ing)?|new accounts?|new members?)\b",
    ),
    (
        ("app open", "open app", "app launch", "app start", "page view", "pageview", "screen view", "session start", "login", "log in", "lesson start"),
        r"打开(?:应用|app)?|访问|浏览量|访客|登录|启动|来过|活跃|使用(?:应用|产品)?|上线",
        r"\b(?:active|visit(?:s|ed|ing|ors?)?|pvs?|uvs?|open(?:s|ed|ing)?|log in|logged in|logins?|browse|browsing|use the app|used the app|dau|wau|mau)\b",
    ),
    (
        ("add to cart", "add cart", "product added", "cart"),
        r"加购|购物车|加车",
        r"\b(?:add(?:ed|ing|s)? (?:\w+ )?to (?:the |their )?(?:cart|basket|bag)|cart|basket)\b",
    ),
    (("trial start", "start trial", "trial started", "start free trial", "free trial"), r"试用", r"\btrial(?:s|l?ed|l?ing|l?ists?)?\b"),
    (("contact support", "support contact", "support ticket", "open ticket"), r"(?:找|问|打|联系)(?:了|过)?(?:人工)?客服|工单|求助",
     r"\b(?:support (?:tickets?|requests?|contacts?|cases?)|contact(?:s|ed|ing)? us)\b"),
    (("product view", "item view", "view item", "view product", "page view"), r"逛|浏览|看(?:了|过)(?:商品|东西|页面)", r"\bbrows(?:e|es|ed|ing|ers?)\b"),
    (("search", "product search", "search product", "search items"), r"搜(?!索)", r"\bsearch\w*\b"),
    (("refund request", "request refund", "refund", "order refunded"), r"退款|退货|退钱|退单", r"\b(?:refund\w*|money back)\b"),
    (("crash", "app crash", "app crashed"), r"崩溃|闪退|崩了", r"\bcrash\w*\b"),
    (("verify identity", "identity verified", "kyc", "kyc completed", "verification completed"), r"实名|身份验证|认证|实了名",
     r"\b(?:kyc|verif\w+|(?:identity|id) checks?)\b"),
    (("transfer", "send money", "money sent", "transfer money"), r"转钱|汇款|打钱", r"\b(?:send|sent|sending|wire|wired|remit\w*) (?:money|cash)\b"),
    (("add card", "link card", "bind card", "card added"), r"绑(?:了|定|上|好)?(?:银行|信用)?卡|加卡",
     r"\b(?:link|bind|bound|attach|register)\w* (?:a |their |the )?cards?\b"),
    (("card payment", "pay by card", "card paid", "pay with card"), r"刷卡|刷(?:了|过)?(?=$|[的，。？?吗呢])|(?:用|拿)卡(?:付|支付|买|消费|结)\w{0,2}",
     r"\b(?:swip\w+|tap\w*) (?:a |their |the )?cards?\b"),
    (("join guild", "guild join", "guild joined", "join group"), r"入会|入盟", r"\bguild members\b"),
    (("comment", "post comment", "comment posted", "comment create"), r"留言|发评|评了",
     r"\b(?:left|leave|wrote|write|post\w*) (?:a |some )?(?:comments?|notes?)\b"),
    (("invite member", "member invite", "invite", "invite friend", "invite sent"), r"拉人|拉了人|邀人|发邀请|邀请", r"\binvit\w+\b"),
    (("tutorial complete", "complete tutorial", "onboarding complete", "complete onboarding", "onboarding completed", "tutorial completed"),
     r"新手引导|新手教程|教程", r"\b(?:tutorial|onboarding)\b"),
    (("match end", "end match", "finish match", "match finished", "match completed", "game end"), r"[打玩]完(?:了|过)?.{0,3}[局把场]",
     r"\b(?:finish\w*|complet\w*) (?:a |their |the )?(?:first )?(?:match(?:es)?|games?)\b"),
    (("match start", "start match", "game start", "start game", "match end", "play"),
     r"对局|开局|(?:[打玩开])?(?:了|过)?(?:几|多少|一|\d+)[局把场]|开黑|局数|场次",
     r"\b(?:match(?:es)?|games? played)\b"),
    (("cancel", "subscription cancelled", "subscription canceled", "unsubscribe", "cancel subscription"), r"退订|取消", r"\b(?:unsubscrib\w+|cancel\w*)\b"),
)  # fmt: skip
"""(names of one meaning, what Chinese says for it, what English says); the first name a product has is meant."""
_MONEY, _SIGN_UP, _ACTIVE = GROUPS[1][0], GROUPS[2][0], GROUPS[3][0]


@dataclass(frozen=True, slots=True)
class Mention:
    """An event named in a question; `strength` is 2 for a whole name, 1 for part of one, 0 for a word of the same meaning."""

    event: str
    start: int
    end: int
    strength: int
    natural: bool = True
    """False where a plain verb stands behind its noun: in "start a lesson complete it" the lesson belongs to the start."""


class EventFinder:
    """All the ways to name the events of a product, made once per catalogue."""

    def __init__(self, names: EventNames) -> None:
        self.names = names.names
        self._called = {name: {" ".join(name_words(name)), " ".join(name_words(names.text(name).en))} for name in self.names}
        self._english: list[tuple[str, frozenset[str]]] = []
        self._literal: dict[str, set[str]] = {}
        self._across: set[frozenset[str]] = set()
        """Names that reach over "to": add a product to the cart, but not "tutorial complete to match start"."""
        self._chinese: list[tuple[str, re.Pattern[str], int]] = []
        for name in self.names:
            for phrase in names.phrases(name, "en"):
                said = name_words(phrase)
                left_out = ("to", "a", "the", "of", "in") if len(said) > 2 else ("to", "a", "the", "of")  # "sign in" is more than "sign"
                words = frozenset(meaning(base(word)) for word in said if word not in left_out)
                if words:
                    self._english.append((name, words))
                    self._literal.setdefault(name, set()).update(base(word) for word in said)
                    if "to" in said:
                        self._across.add(words)
            begins = meaning(base("start")) in {meaning(base(word)) for word in name_words(name)}
            for phrase in names.phrases(name, "zh"):
                self._chinese.append((name, zh_pattern(phrase, begins), len(phrase)))
        self._english_parts = self._unique_english()
        self._chinese_parts = self._unique_chinese(names)
        self._groups = [
            (member, re.compile(zh), re.compile(en, re.ASCII))
            for members, zh, en in GROUPS
            if (member := next((n for wanted in members for n in self.names if wanted in self._called[n]), None)) is not None
        ]

    def vocabulary(self) -> set[str]:
        """English words that name events, for putting near misses right."""
        return {word for name in self.names for word in name_words(name) if len(word) > 3}

    def _unique_english(self) -> dict[str, str]:
        owners: dict[str, set[str]] = {}
        for name, words in self._english:
            for word in words - _GENERIC:
                if len(word) > 2 or word in ("ad", "qr"):
                    owners.setdefault(word, set()).add(name)
        return {word: next(iter(events)) for word, events in owners.items() if len(events) == 1}

    def _unique_chinese(self, names: EventNames) -> dict[str, str]:
        owners: dict[str, set[str]] = {}
        for name in self.names:
            label = names.text(name).zh
            parts = {label[i:j] for i in range(len(label)) for j in range(i + 2, len(label) + 1)} - _ZH_GENERIC
            for part in parts:
                owners.setdefault(part, set()).add(name)
        return {part: next(iter(events)) for part, events in owners.items() if len(events) == 1 and not part.isascii()}

    def find(self, sentence: Sentence) -> list[Mention]:
        """The events named in what is not yet understood, in order, without overlaps."""
        text = sentence.free
        for match in search_all(cues.NOT_EVENTS, text):  # "in any order" names no order
            text = text[: match.start()] + TAKEN * (match.end() - match.start()) + text[match.end() :]
        found = [*self._in_english(text), *self._in_chinese(text)]
        found.sort(
            key=lambda m: (-m.strength, -(m.end - m.start if m.natural else m.end - m.start - 3), m.start, self.names.index(m.event))
        )
        kept: list[Mention] = []
        for mention in found:
            if all(mention.end <= other.start or other.end <= mention.start for other in kept):
                kept.append(mention)
        kept += self._by_meaning(text, kept)
        kept += self._by_shared_noun(text, kept)
        return sorted(kept, key=lambda mention: mention.start)

    def _in_english(self, text: str) -> list[Mention]:
        words = tokens(text)
        meanings = [meaning(token.base) for token in words]
        objects = _objects(words, meanings, self._english)
        found = []
        for name, wanted in self._english:
            for place in range(len(words)):
                if meanings[place] in wanted and (len(wanted) == 1 or words[place].word not in ("up", "in", "out")):
                    end = _window(words, [objects.get(i, m) for i, m in enumerate(meanings)], place, wanted, text, wanted in self._across)
                    if end is not None:
                        plain = (
                            len(wanted) > 1
                            and meanings[end] in _VERBS
                            and words[end].word == words[end].word.removesuffix("ed").removesuffix("ion")
                        )
                        found.append(Mention(name, words[place].start, words[end].end, 2, not plain))
        found += self._elliptic(words, meanings)
        found += [
            Mention(self._english_parts[m], token.start, token.end, 1)
            for token, m in zip(words, meanings, strict=True)
            if m in self._english_parts and (m not in _VERBS or token.base in self._literal[self._english_parts[m]])
        ]
        return found

    def _elliptic(self, words: Sequence[Token], meanings: Sequence[str]) -> list[Mention]:
        """A verb whose noun was said before: "start a lesson, then complete"."""
        nouns = {word for _, wanted in self._english if len(wanted) == 2 for word in wanted if word not in _VERBS}
        found, last = [], None
        for token, word in zip(words, meanings, strict=True):
            if word in nouns:
                last = word
            elif word in _VERBS and last is not None:
                found += [Mention(name, token.start, token.end, 1) for name, wanted in self._english if wanted == {word, last}][:1]
        return found

    def _in_chinese(self, text: str) -> list[Mention]:
        found = [Mention(name, match.start(), match.end(), 2) for name, pattern, _ in self._chinese for match in pattern.finditer(text)]
        for part, name in self._chinese_parts.items():
            # 优惠 is part of 优惠券, which is something else
            found += [Mention(name, match.start(), match.end(), 1) for match in search_all(re.escape(part) + "(?![券码卡价包])", text)]
        return found

    def _by_meaning(self, text: str, kept: Sequence[Mention]) -> list[Mention]:
        found: list[Mention] = []
        for event, zh, en in self._groups:
            for match in (*zh.finditer(text), *en.finditer(text)):
                if all(match.end() <= other.start or other.end <= match.start() for other in (*kept, *found)) and not _is_verb_of_next(
                    text, match.end(), kept
                ):
                    found.append(Mention(event, match.start(), match.end(), 0))
        return found

    def is_of_something_else(self, text: str, mentions: Sequence[Mention]) -> bool:
        """Whether the only event is buying, paying or using a thing that no event knows: "how many people bought insurance"."""
        general = {self.money_event(), self.active_event()}
        if search(r"^join", text[mentions[0].start : mentions[0].end] if mentions else ""):
            general.add(mentions[0].event)
        if len({mention.event for mention in mentions}) != 1:
            return False
        if mentions[0].strength < 2 and search(r"用(?:了|过)?(?!户|的|人)[\u4e00-\u9fff]{2,6}$", text[: mentions[0].start]):
            return True  # 用花呗付款
        if mentions[0].event not in general:
            return False
        behind = text[mentions[-1].end :]
        if search(r"^(?:购?买|使用|用)(?:了|过)?$", text[mentions[-1].start : mentions[-1].end]) and search(_ZH_OTHER_THING, behind):
            return True  # 买了保险
        match = search(r"^ (?:(?:a|an|the|some|our) )?([a-z]+)\b", behind)
        verb = search(r"^(?:[a-z]+ed|bought|buy|paid|pay|use|order|purchase)$", text[mentions[-1].start : mentions[-1].end])
        return (
            verb is not None and match is not None and match.group(1) not in _AFTER_VERB and base(match.group(1)) not in self._english_parts
        )

    def sibling(self, event: str) -> str | None:
        """The event that begins what `event` completes: lesson_start of lesson_complete; None when there is none."""
        words = {meaning(base(word)) for word in name_words(event)}
        if not words & {meaning(base("complete")), meaning(base("submit"))}:
            return None
        starts = {meaning(base("start")), meaning(base("open"))}
        others = ((name, {meaning(base(word)) for word in name_words(name)}) for name in self.names if name != event)
        return next((name for name, its in others if its & starts and (its - starts) & words), None)

    def end_of(self, event: str) -> str:
        """The event that completes what `event` begins; itself when there is none."""
        return next((name for name in self.names if name != event and self.sibling(name) == event), event)

    def _by_shared_noun(self, text: str, kept: Sequence[Mention]) -> list[Mention]:
        """A noun that several events have ("lessons") stands for the one that begins or adds it, where nothing else names one."""
        found: list[Mention] = []
        for token in tokens(text):
            word = meaning(token.base)
            owners = list(dict.fromkeys(name for name, wanted in self._english if word in wanted and len(wanted) == 2))
            if (
                len(owners) < 2
                or word in _VERBS
                or not (token.word.endswith("s") or search(r"(?:(?:->|→|>|,)\s*(?:first |a |the |their )?|\bfirst )$", text[: token.start]))
            ):
                continue
            if any((token.end > other.start and other.end > token.start) or other.event in owners for other in kept):
                continue
            first = next((name for name in owners if {meaning(base(w)) for w in name_words(name)} & _BEGIN), owners[0])
            found.append(Mention(first, token.start, token.end, 1))
        return found

    def active_event(self) -> str | None:
        """The event that best says "was there": opening the app, a page, a session, a log-in; None when none does."""
        wanted = _ACTIVE
        return next((name for want in wanted for name in self.names if want in self._called[name]), None)

    def money_event(self) -> str | None:
        """The event at which money is paid; None when the product has none."""
        wanted = _MONEY
        return next((name for want in wanted for name in self.names if want in self._called[name]), None)

    def entry_event(self) -> str | None:
        """What people do before they buy: look at a product, else come at all; None when the product has neither."""
        wanted = ("product view", "item view", "view item", "view product", "product viewed", *_SIGN_UP, *_ACTIVE)
        return next((name for want in wanted for name in self.names if want in self._called[name]), None)

    def sign_up_event(self) -> str | None:
        """The event with which people begin; None when the product has none."""
        wanted = _SIGN_UP
        return next((name for want in wanted for name in self.names if want in self._called[name]), None)


def _is_verb_of_next(text: str, end: int, kept: Sequence[Mention]) -> bool:
    """Whether a verb belongs to the thing behind it: "opened a support ticket" opens no app."""
    return any(search(r"^ (?:(?:a|an|the|their|our|his|her|first|some|new) ){1,2}$", text[end : other.start]) for other in kept)


def _window(words: Sequence[Token], meanings: Sequence[str], place: int, wanted: frozenset[str], text: str, across: bool) -> int | None:
    """Place of the last word of a name that begins at `place`, at most three fillers further; None when a word is missing."""
    missing = set(wanted) - {meanings[place]}
    fillers, last = 0, place
    for following in range(place + 1, min(len(words), place + len(wanted) + 4)):
        if (
            not missing
            or words[following].word in _BREAKS
            or (words[following].word == "to" and not across)
            or search(rf"[.;?!,，。、→>{TAKEN}]|->", text[words[last].end : words[following].start])
        ):
            break
        if meanings[following] in missing:
            missing.discard(meanings[following])
            last = following
        elif words[following].word in _FILLERS:
            fillers += 1
        else:
            fillers += 2
        if fillers > 3:
            break
    return last if not missing else None


def _objects(words: Sequence[Token], meanings: Sequence[str], names: Iterable[tuple[str, frozenset[str]]]) -> dict[int, str]:
    """What "it" and "them" stand for: the last noun before that belongs to an event."""
    nouns = {word for _, wanted in names if len(wanted) > 1 for word in wanted if word not in _VERBS}
    found: dict[int, str] = {}
    last: str | None = None
    for place, token in enumerate(words):
        if meanings[place] in nouns and token.word not in ("pay", "pays", "paid", "paying"):
            last = meanings[place]
        elif (
            token.word in ("it", "them", "one")
            and last is not None
            and place
            and (meanings[place - 1] in _VERBS or words[place - 1].word in ("with", "using"))
        ):
            found[place] = last
    return found


_BEGIN = frozenset(meaning(base(word)) for word in ("start", "add", "open", "view"))
_VERBS = frozenset(meaning(base(word)) for word in cues.EVENT_VERBS.split("|"))


def steps_of(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The events in order, the same one twice in a row once."""
    return tuple(m.event for place, m in enumerate(mentions) if place == 0 or mentions[place - 1].event != m.event)
