"""A text -> the points it makes: 「好吃但是送餐慢」 makes two, "I opened the app, tapped pay, and nothing happened" makes one.

Why not one text, one topic: a review often praises one thing and blames another; counted as a whole, one of the two is lost. Why not
every comma: a comma mostly continues a story or a condition, and half a sentence says nothing to the reader of a report.

How: the text is cut at every place where a point may end; then the pieces are joined again, left to right.
- A sentence end, line, bullet or run of emoji ends a point; so does a contrast (但是, but, although).
- A comma, a blank between Chinese clauses, or "and" ends one only if what stands before and what follows both judge, complain or wish, and
  the latter about something of its own. This is the elementary discourse unit of Mann and Thompson, Rhetorical Structure Theory,
  Text 8(3), 1988, narrowed to clauses that evaluate: cause, condition, time and sequence (因为, 如果, when, so) never part.
- What is very short and judges nothing joins its neighbour; so does a short sentence without a subject of its own ("It never works.").
- Greetings and thanks are no points where anything else is said.

The word lists were written for this project. Rules, not a model: microseconds a text, the same answer each time, and offsets for free.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import add

from productloop.text.chinese import to_simplified
from productloop.text.language import LanguageCode, detect_many
from productloop.text.point_words import (
    BAD_PAIRS_TEXT,
    BAD_TEXT,
    DEGREE_PAIRS_TEXT,
    DEGREE_TEXT,
    EMPTY_TEXT,
    FINITE_TEXT,
    GOOD_PAIRS_TEXT,
    GOOD_TEXT,
    LINKS_TEXT,
    NOT_NEGATION_TEXT,
    OUTBURSTS_TEXT,
    PRONOUNS_TEXT,
    WISH_PAIRS_TEXT,
    WISH_TEXT,
)

# --- where a point may end -----------------------------------------------------------------------------------------------------------
_SOFT, _AND, _WEAK_TURN, _TURN, _HARD, _BULLET = 1, 2, 3, 4, 5, 6
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d"
_ENDS = rf"。！？!?…；;\n\r~～।؟{_EMOJI}"
_BULLET_MARK = r"(?:[(（]?(?:[1-9]\d?|[a-e])[)）]|[1-9]\d?[.、．](?!\d)|[①-⑳]|[一二三四五六七八九][、.]|[-*•·●▪◆■]+(?=\s|[^\W\da-z])|"
_BULLET_MARK += r"(?:优点|缺点|好处|坏处|不足|[Pp]ros?|[Cc]ons?)[:：])"
# Every alternative looks back at a first character from one class, because only then the search skips what cannot begin a match.
_BOUNDARY = re.compile(
    rf"[{_ENDS}. ，,、\u3000但不可然就却只美唯而并另优缺好坏问建—](?:"
    r"(?<=[ ，,])(?:(?:(?P<turn>but|BUT|But|however|although|though|yet(?= (?:it|the|i|they|we|you)\b)"
    r"|(?:my |the )?only (?:problem|issue|complaint|downside)(?: is)?"
    r"|(?<=, )(?:plus|also|besides|moreover)|(?<=; )(?:plus|also))"
    r"|(?P<and>and|AND|also|plus|besides|moreover|&)"
    r"|(?P<weak>except(?: that| for)?|while|whereas))(?![a-zA-Z0-9'’])"
    rf"|(?<=[^A-Za-z][ ，,])(?P<bullet>{_BULLET_MARK})|(?<=[A-Za-z] )(?P<inner_bullet>[•●▪◆■]+ |[1-9]\d?\) )"
    r"|(?<=[\u3000-\u303f\u3400-\u9fff，！？；：] )(?P<blank>)(?=[\u3400-\u9fff])|(?P<dash>[-–—]+ ))"
    rf"|(?<=[，,、\u3000])(?!\d)(?P<soft>)(?:\s*(?P<soft_bullet>{_BULLET_MARK}))?"
    rf"|(?<=[{_ENDS}])(?P<hard>)[{_ENDS}\s.]*(?P<hard_bullet>{_BULLET_MARK})?"
    rf"|(?<=\.)(?=[\s\"'”’)）.]|$|[^\x00-\x7f])(?P<dot>)[{_ENDS}\s.]*(?P<dot_bullet>{_BULLET_MARK})?"
    r"|(?P<zh_turn>(?<=但)(?<![不非]但)是?(?![凡愿])|(?<=不)(?<![只再]不)过(?![来去关期分敏])|(?<=可)是(?!不)|(?<=然)而|(?<=可)惜"
    r"|(?<=美)中不足(?:的是)?|(?<=唯)一)"
    r"|(?P<zh_weak>(?<=就)是(?![说这那我你他她了])|(?<=[了好快大高多贵差错香吃看用]却)|(?<=只)是(?![说因为])|(?<=只)不过)"
    r"|(?P<zh_and>(?<=而)且|(?<=并)且|(?<=另)外)"
    r"|(?P<zh_label>(?:(?<=[优缺])点|(?<=[好坏])处|(?<=不)足|(?<=问)题|(?<=建)议)[:：])"
    r"|(?<=—)(?P<long_dash>)—+"
    r")"
)
_FIRST_BULLET = re.compile(rf"\s*{_BULLET_MARK}")
_KIND = {
    **dict.fromkeys(["soft", "blank", "dash", "long_dash"], _SOFT),
    **dict.fromkeys(["and", "zh_and"], _AND),
    **dict.fromkeys(["weak", "zh_weak"], _WEAK_TURN),
    **dict.fromkeys(["turn", "zh_turn"], _TURN),
    **dict.fromkeys(["hard", "dot"], _HARD),
    **dict.fromkeys(["bullet", "inner_bullet", "soft_bullet", "hard_bullet", "dot_bullet", "zh_label"], _BULLET),
}
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|mr|mrs|ms|dr|no|ver|approx|a\.m|p\.m)|\b[a-z])$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")

# --- what is trimmed off the ends, what is dropped -----------------------------------------------------------------------------------
_MARKS = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_MARKS += ",.;:!?~*_-–—|/\\'\"`^=><，。；：！？、～…·•●▪◆■“”‘’「」『』【】〈〉《》[]{}（(\ufe0f\u200d"
_LEAD = re.compile(
    r"(?:但是?(?![凡愿])|不过|可是|然而|而且|并且|另外|还有(?!人)|其次|首先|第[一二三四五]|最后(?=[，,])|再者|再有|此外|同时|虽然"
    r"|尽管|却|只是|就是"
    r"|美中不足(?:的是)?|(?:and|also|but|plus|besides|moreover|however|although|though|while|whereas|yet|except(?: that| for)?"
    r"|furthermore"
    r"|additionally|on the other hand|in addition|firstly|secondly|thirdly|finally|lastly|first of all)(?![a-zA-Z0-9'’]))",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:(?:你们?|您|大家|亲|客服|各位)?好[呀啊]?|(?:你好|您好|哈喽|嗨|在吗|在么|在不在|请问|亲|喂)(?:一下|客服|亲|啊|呀)*|"
    r"(?:(?:非常|十分|多|太)?(?:谢谢|感谢|多谢|谢了|谢啦|感恩)(?:你们?|您们?|大家|了|啦|哦|呀|！|支持|回复|配合|理解|解答|帮助)*)"
    r"|辛苦(?:了|啦|你们了?|大家了?)|"
    r"麻烦(?:了|你们了|您了)|"
    r"(?:请|麻烦|希望|望|求|尽快|赶紧|马上|抓紧)+"
    r"(?:你们|您|官方|客服|开发者|能)*(?:尽快|赶紧|马上|抓紧|早日|帮忙|帮我|及时)*(?:处理|解决|修复|看看|看一?下|查一?下|改进|回复"
    r"|核实)(?:一下|下)?(?:吧|啊)?|"
    r"拜托了?|此致|敬礼|祝好|如题|急+|在线等|"
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)(?: (?:there|all|team|guys|folks|everyone|support|sir|madam|"
    r"dev(?:eloper)?s?|"
    r"support team|dev team|customer service|sir or madam|sir/madam|to whom it may concern))*|to whom it may concern|"
    r"(?:many |big )?(?:thanks|thank you|thx|cheers|ty)(?: (?:a lot|so much|very much|again|all|guys|team|in advance|you|"
    r"for (?:your |the )?(?:quick |fast |prompt |great )?(?:reply|response|help|update|time|reading|support|understanding|assistance|"
    r"attention|quick response)))*|"
    r"(?:best |kind |warm )?regards|please (?:help|fix|advise|check|respond|reply|look into)(?: me| it| this| that| asap| soon| into it|"
    r" into this)*|help|sincerely|have a (?:nice|good|great) day)",
    re.IGNORECASE,
)
_MAX_COURTESY = 60
_COURTESY_FIRST = frozenset("你您大各亲客好在哈嗨请喂非十多太谢感辛麻望拜此敬祝如急求希尽赶马抓hHgGdDtTmMbBcCkKpPsSwWrR")

# --- what binds a clause to the next or to the one before ----------------------------------------------------------------------------
_OPENS = re.compile(
    r"(?:如果|要是|假如|假设|倘若|若|因为|由于|当|每次|每当|只要|只有|一旦|既然|为了|自从|除了|即使|就算|哪怕|无论|不管|一(?:打开|点"
    r"|开|用|进|按|到|更新)|"
    r"(?:and |but )?(?:if|when|whenever|after|before|once|since|because|as soon as|every time|each time|everytime|unless|until|to|"
    r"in order to|due to|as|"
    r"even if|even though|even after|even when|whether|given|despite|instead of|in (?:my|the)|for|from|with|by|during|upon|on|at|without)(?![\w'’]))",
    re.IGNORECASE,
)
_ENDS_OPEN = re.compile(r"(?:(?<![小平及准超按临同随])时|的?时候|(?<![售最])后|的话|[以之]?前|期间|下来|过程中|来说|而言|那天|之下)$")
_CONTINUES = re.compile(
    r"(?:每次|经常|一直|总是|老是|天天|动不动|到现在|至今|说好|叫不|怀念|还是|都(?!好|挺|很)|完全|所以|因此|因而|导致|结果|就(?!是)"
    r"|才|那就|那么|然后|接着|于是|以至|以致|害得|害我|使得|便|否则|不然|要不然|这样|这就|搞得|弄得|以免|因为|由于|毕竟|"
    r"直到|让我|让人|令人|使我|根本|甚至|简直|怪不得|难怪|显得|看来|说明(?!书)|可见|比如|例如|像|包括|其中|尤其|特别是|说是|告诉|等到|再|"
    r"(?:and |or )?(?:that's|that is|it's|it|they|this is|he|she|so(?! (?:slow|bad|good|many|much|expensive|easy|nice))|"
    r"because|which|who|whom|whose|that|then|where|when|"
    r"whenever|if|after|until|since|as|unless|making|leaving|"
    r"causing|meaning|resulting|therefore|thus|hence|especially|particularly|such as|like|including|"
    r"e\.g|i\.e|instead|or|nor|without|with|to|for|than|even|despite|due to|"
    r"in order|at least|you know|i think|i guess|i believe|i mean|right|please note)(?![\w'’]))",
    re.IGNORECASE,
)
_STILL = re.compile(r"还是|仍然|依然|依旧|也没|都没|still\b|to no avail|no luck")
"""A turn that only goes on: all was tried, but it still fails."""
_MORE = re.compile(r"还有|另外|其次|最好|以及|(?:and )?(?:maybe|perhaps|also|ideally|possibly)\b")
"""One more wish after a wish."""
_YIELDS = re.compile(r"(?:虽然|虽|尽管|although|though|while|whereas|even though)(?![\w'’])|虽然|尽管|虽说", re.IGNORECASE)
"""Opens a concession: the comma after it is the contrast."""

# --- what judges: single Han characters and English words, and pairs of Han characters -----------------------------------------------
_DETERMINERS = frozenset(
    ["the", "my", "your", "our", "their", "his", "her", "its", "this", "that", "these", "those", "a", "an", "some", "all"]
)
_CONNECTOR = re.compile(
    r"(?:(?P<turn>however|though|although|on the other hand|that said|otherwise|instead)|also|plus|besides|moreover|furthermore|additionally"
    r"|in addition|for (?:example|instance)"
    r"|overall|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly|next|then|honestly|sadly|unfortunately|luckily)",
    re.IGNORECASE,
)
"""A connector with a comma behind it, alone between two places: the place before it counts for the clause after it."""
_LEAVES = re.compile(
    r"(?:i'm (?:out|done|leaving|switching|cancell?ing|uninstalling)|(?:uninstall|cancel|switch)(?:l?ing|l?ed)\b|don't buy"
    r"|do not buy|avoid\b"
    r"|i want (?:a refund|my money)|please )"
)
"""A farewell or a demand is a point of its own."""
_DEMANDS = re.compile(r"(?:bring|give|let|fix|add|make|put) ")
_QUESTIONS = frozenset(
    ["how", "what", "when", "where", "why", "who", "can", "could", "is", "are", "do", "does", "did", "will", "would", "mine"]
)
_PRONOUNS = frozenset(PRONOUNS_TEXT.split())
_LINKS = frozenset(LINKS_TEXT.split())
_OUTBURSTS = frozenset(OUTBURSTS_TEXT.split())
_NOT_NEGATION = frozenset(NOT_NEGATION_TEXT.split())

_GOOD, _BAD, _WISH, _DEGREE = 1, 2, 4, 8


def _bits(*lists: tuple[int, str]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for bit, text in lists:
        for word in text.split():
            bits[word] = bits.get(word, 0) | bit
    return bits


_WORD_BITS = _bits((_GOOD, GOOD_TEXT), (_BAD, BAD_TEXT), (_WISH, WISH_TEXT), (_DEGREE, DEGREE_TEXT))
_PAIR_BITS = _bits((_GOOD, GOOD_PAIRS_TEXT), (_BAD, BAD_PAIRS_TEXT), (_WISH, WISH_PAIRS_TEXT), (_DEGREE, DEGREE_PAIRS_TEXT))
_BAD_WORDS, _JUDGING, _JUDGING_PAIRS = frozenset(BAD_TEXT.split()), frozenset(_WORD_BITS), frozenset(_PAIR_BITS)
_FINITE = frozenset(FINITE_TEXT.split())
_EMPTY = (
    frozenset(EMPTY_TEXT.split())
    | _JUDGING
    | (frozenset((GOOD_PAIRS_TEXT + BAD_PAIRS_TEXT).replace("\n", " ")) - frozenset("量卫生广告头发小时退款卸载"))
)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ASKS = ("can you", "could you", "can we", "could we", "can i get", "would you", "is it possible", "any chance")
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['-][^\W_\u3040-\u30ff\u3400-\u9fff]+)*")

_SHORT = 12
"""Four Han characters or three words: a Han character weighs 3, a word 4."""
_BRIEF = 22
"""Up to seven characters or five words a sentence without a subject of its own continues the one before."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point: `text[start:end]`, without the blanks, marks and connectors at its ends, and the language it is written in."""

    start: int
    end: int
    language: LanguageCode


class _Piece:
    """A stretch between two places where a point may end, and what is known of it."""

    __slots__ = ("brief", "end", "kind", "lowered", "num_han", "short", "sign", "start", "tokens")

    def __init__(self, text: str, start: int, end: int, kind: int) -> None:
        self.start, self.end, self.kind = start, end, kind
        self.lowered = lowered = text[start:end].lower().replace("’", "'")
        self.tokens = tokens = _TOKEN.findall(lowered)
        self.num_han = num_han = 0 if lowered.isascii() else len(_HAN.findall(lowered))
        weight = 3 * num_han + 4 * (len(tokens) - num_han)
        self.short, self.brief = weight < _SHORT, weight <= _BRIEF
        self.sign = _sign(lowered, tokens, num_han)


def split_points(text: str) -> tuple[Point, ...]:
    """The points of one text in order; none where it has no letter, else at least one. Points never overlap."""
    return split_many([text])[0]


def split_many(texts: Sequence[str]) -> list[tuple[Point, ...]]:
    """The points of many texts, (n,) in the order of `texts`; the same answers as `split_points` one by one."""
    spans = [_spans(text) for text in texts]
    codes = iter(detect_many([text[start:end] for text, found in zip(texts, spans, strict=True) for start, end in found]))
    return [tuple([Point(start, end, next(codes)) for start, end in found]) for found in spans]


def _spans(text: str) -> list[tuple[int, int]]:
    text = to_simplified(text)  # as long as it was, so offsets hold
    stretches = _stretches(text)
    if len(stretches) < 2:
        return [_without_lead(text, start, end) for start, end, _ in stretches]
    joined = _joined(text, [_Piece(text, *stretch) for stretch in stretches])
    return [_without_lead(text, start, end) for start, end in joined]


def _stretches(text: str) -> list[tuple[int, int, int]]:
    """(start, end, kind of place before) of each stretch between two places where a point may end; greetings only if there is no other."""
    said: list[tuple[int, int, int]] = []
    courtesies: list[tuple[int, int, int]] = []
    first = _FIRST_BULLET.match(text)
    start, kind = (first.end(), _BULLET) if first else (0, _HARD)
    for match in _BOUNDARY.finditer(text):
        group = match.lastgroup or ""
        found, end = _KIND[group], match.start()
        if group == "dot" and _ABBREVIATION.search(text, max(0, end - 8), end):
            continue
        stretch = _without_marks(text, start, end)
        if found == _SOFT and kind != _SOFT and (connector := _CONNECTOR.fullmatch(text, *stretch)) is not None:
            kind = max(kind, _TURN if connector.group("turn") else kind)
        elif _LETTER.search(text, *stretch):
            (courtesies if _is_courtesy(text, stretch) else said).append((*stretch, kind))
            kind = found
        elif found != _AND:  # ", and" is a comma
            kind = max(kind, found)
        start = match.end()
    stretch = _without_marks(text, start, len(text))
    if _LETTER.search(text, *stretch):
        (courtesies if _is_courtesy(text, stretch) else said).append((*stretch, kind))
    if said or courtesies:
        return said or courtesies[:1]
    whole = _without_marks(text, 0, len(text))
    return [(*whole, _HARD)] if _LETTER.search(text, *whole) else []


def _is_courtesy(text: str, stretch: tuple[int, int]) -> bool:
    return (
        stretch[1] - stretch[0] <= _MAX_COURTESY and text[stretch[0]] in _COURTESY_FIRST and _COURTESY.fullmatch(text, *stretch) is not None
    )


def _joined(text: str, pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Pieces -> spans of points: each piece opens a point of its own or continues the last one."""
    last = pieces[0]
    spans = [(last.start, last.end)]
    sign, slight = last.sign, last.short and not last.sign
    for piece, after in zip(pieces[1:], [*pieces[2:], None], strict=True):
        seen = piece
        if piece.kind == _HARD and after is not None and after.kind == _SOFT and not piece.num_han and _OPENS.match(piece.lowered):
            seen = _Piece(text, piece.start, after.end, _HARD)  # "As for the timer, it is off" opens with what it says later
        if _parts(last, seen, sign, slight):
            spans.append((piece.start, piece.end))
            sign, slight = piece.sign, piece.short and not piece.sign
        else:
            spans[-1] = (spans[-1][0], piece.end)
            sign |= piece.sign
            slight = slight and piece.short and not piece.sign
        last = piece
    return spans


def _parts(last: _Piece, piece: _Piece, sign: int, slight: bool) -> bool:
    """Whether `piece` opens a point. `sign`: judgements so far in the open one; `slight`: it is very short and judges nothing."""
    if piece.kind == _BULLET:
        return True
    if (
        piece.kind == _HARD
        and not slight
        and piece.num_han == last.num_han == 0
        and (_LEAVES.match(piece.lowered + " ") or _DEMANDS.match(piece.lowered))
    ):
        return True
    if slight or (piece.short and not piece.sign):
        return False
    if piece.kind == _HARD:
        stands = bool(piece.sign) or (piece.num_han == 0 and _has_subject(piece) and piece.tokens[0] not in _PRONOUNS)
        if piece.num_han == 0 and piece.brief and last.num_han == 0 and _names_a_flaw(last, piece):
            return True
        return not piece.brief or (stands and _has_topic(piece)) or _opposite(sign, piece.sign) or bool(piece.sign & ~sign & _WISH)
    goes_on = piece.brief and _STILL.match(piece.lowered) is not None
    if last.num_han == 0 and not last.sign and piece.kind != _TURN and _YIELDS.match(last.lowered):
        return False  # a circumstance: "although it was raining"
    if piece.kind == _TURN or _YIELDS.match(last.lowered):
        return not goes_on
    if goes_on or _CONTINUES.match(piece.lowered) or _OPENS.match(last.lowered) or (last.num_han and _ENDS_OPEN.search(last.lowered)):
        return False
    if sign & _WISH and _MORE.match(piece.lowered):
        return _has_topic(piece)
    independent = piece.num_han == 0 and _has_subject(piece)
    if piece.num_han == last.num_han == 0 and (own := _own_aspect(last, piece, sign, independent)) is not None:
        return own
    if not (sign and piece.sign):
        return independent and _has_subject(last) and bool(sign or piece.sign) and "i" not in (piece.tokens[0], last.tokens[0])
    if piece.kind == _WEAK_TURN:
        return True
    if piece.kind == _AND or (piece.num_han == last.num_han == 0 and _has_subject(last)):
        return _has_subject(piece)
    return _has_topic(piece) or _opposite(sign, piece.sign) or bool(piece.sign & ~sign & _WISH)


def _own_aspect(last: _Piece, piece: _Piece, sign: int, independent: bool) -> bool | None:
    """Whether an English clause after a comma or "and" is about something of its own; None where judgements must decide."""
    if not piece.tokens or not last.tokens:
        return None
    first, before = piece.tokens[0], last.tokens[0]
    if _LEAVES.match(piece.lowered) and not _LEAVES.match(last.lowered):
        return True
    if piece.kind == _SOFT and sign & _BAD and _DEMANDS.match(piece.lowered):
        return True
    if first in _QUESTIONS:
        return None
    if first in ("no", "nothing", "none", "zero") and piece.kind == _SOFT and not _has_subject(piece):
        return False
    if independent and first not in _PRONOUNS and before not in _PRONOUNS and _has_subject(last):
        return True
    if piece.kind != _SOFT or first in _PRONOUNS or first in _FINITE:
        return None
    fragments = 2 <= len(piece.tokens) <= 4 and 2 <= len(last.tokens) <= 4 and not _has_subject(piece) and not _has_subject(last)
    if fragments and piece.sign and _has_topic(piece) and _has_topic(last) and before not in _FINITE and first not in _LINKS:
        return True
    return None


def _names_a_flaw(last: _Piece, piece: _Piece) -> bool:
    """Whether a very short English sentence says something new: "Buggy." after "Slow."."""
    first = piece.tokens[0] if piece.tokens else ""
    return (
        len(piece.tokens) <= 2
        and bool(_WORD_BITS.get(first, 0) & 3)
        and first not in _OUTBURSTS
        and not set(piece.tokens) & set(last.tokens)
    )


def _has_topic(piece: _Piece) -> bool:
    """Whether it names a thing of its own: "delivery is fast", not "it works"."""
    return not _EMPTY.issuperset(piece.tokens)


def _opposite(sign: int, other: int) -> bool:
    return (sign & 3, other & 3) in ((_GOOD, _BAD), (_BAD, _GOOD))


def _sign(lowered: str, tokens: Sequence[str], num_han: int) -> int:
    """Which kinds of judgement a piece holds, as bits."""
    sign = 0
    for word in _JUDGING.intersection(tokens):
        sign |= _WORD_BITS[word]
    if num_han < 2:
        return sign | _WISH if lowered.startswith(_ASKS) else sign
    pairs = list(map(add, lowered, lowered[1:]))
    if sign & _BAD and not _NOT_NEGATION.isdisjoint(pairs):
        excused = "".join(pair for pair in pairs if pair in _NOT_NEGATION)
        if all(token in excused for token in tokens if token in _BAD_WORDS):
            sign &= ~_BAD
    for pair in _JUDGING_PAIRS.intersection(pairs):
        sign |= _PAIR_BITS[pair]
    return sign | _WISH if lowered.endswith("吗") else sign


def _has_subject(piece: _Piece) -> bool:
    """Whether an English clause has a subject and a finite verb of its own: "support never answers", not "never answers"."""
    tokens = piece.tokens
    if 2 * piece.num_han >= len(tokens):
        return True
    if len(tokens) < 2 or tokens[0] in _FINITE:
        return False
    return tokens[0] in _PRONOUNS or not _FINITE.isdisjoint(tokens[1:7]) or _has_past(tokens)


def _has_past(tokens: Sequence[str]) -> bool:
    """Whether a noun with a verb in -ed follows: "the cap cracked", "menus moved"."""
    if tokens[0] in _LINKS or tokens[0].endswith("ed"):
        return False
    return any(
        token.endswith("ed") and len(token) > 4 and before not in _DETERMINERS and before not in _JUDGING and not before.endswith("ly")
        for before, token in pairwise(tokens[:5])
    )


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end].rstrip(_MARKS)
    if stretch.endswith((")", "）")) and "(" not in stretch and "（" not in stretch:
        stretch = stretch.rstrip(_MARKS + ")）")
    end = start + len(stretch)
    return end - len(stretch.lstrip(_MARKS + ")）")), end


def _without_lead(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without connectors at its beginning; one of nothing but connectors stays as it is."""
    while match := _LEAD.match(text, start, end):
        rest = _without_marks(text, match.end(), end)
        if not _LETTER.search(text, *rest):
            break
        start = rest[0]
    return start, end
