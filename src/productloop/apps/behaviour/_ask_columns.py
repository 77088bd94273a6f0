"""Columns and their values in a question: 安卓 is platform=android, "4.5 or later" is version>=4.5, "iOS vs Android" splits by platform.

Words for frequent columns and values stand in `ask_words.csv` (written for this project); every other column is known by its name and its
values by their own words. Short and everyday values (5, free, plus) count only beside the column's name or the word for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_text import EN_NUMBER, Sentence, search, search_all
from productloop.apps.behaviour._ask_words import words_of
from productloop.apps.behaviour._dictionary import name_words

MAX_VALUES = 200
_HAN = re.compile(r"[\u3400-\u9fff]")
_PEOPLE = f"(?:{cues.PEOPLE_WORDS})"
_ZH_PEOPLE = f"(?:的)?(?:{cues.ZH_PEOPLE_WORDS})"
_EVERYDAY = frozenset(
    {
        "free",
        "plus",
        "pro",
        "paid",
        "none",
        "basic",
        "web",
        "other",
        "new",
        "old",
        "us",
        "gold",
        "silver",
        "standard",
        "premium",
        "team",
        "business",
    }
)
_NOT = (
    r"(?:\bnot (?:on |from |in |using )?|\bexcept (?:for )?|\bexcluding |\bother than |\bwithout "
    r"|\boutside(?: of)? |\b(?:everyone|everybody|anyone|all|everywhere|anywhere|everything) (?:but|except(?: for)?|besides)(?: in| on| from)? "
    r"|\bnon[- ]?|\bbesides |\bminus |\bapart from |\bignoring |\bleaving out |\bbut not "
    r"|不算|不包括|不看|去掉|剔除|除开|不要|不计|除了|除|不是|非|排除|不含)(?:the )?$"
)
"""What stands before a value that is left out."""
_LATER = r"\s*(?:or (?:later|newer|above|higher|up)|and (?:later|newer|above|up|higher)|\+|及以上|以上|及之后|之后|以后|及以后|或更新|或以上|起|onwards?)"
_EARLIER = r"\s*(?:or (?:earlier|older|below|lower)|and (?:earlier|older|below|lower)|及以下|以下|及之前|或更早|或以下)"


_OPERATORS = (
    (r"\b(?:since|starting (?:with|from|at)|from|at least|no (?:older|lower|earlier) than|minimum)$|(?:至少|不低于|不小于|不早于)$", ">="),
    (r"\b(?:at most|up to|no (?:newer|higher|later) than|maximum)$|(?:最多|至多|不高于|不大于|不超过|不晚于)$", "<="),
    (r"\b(?:before|(?:older|lower|earlier|less|smaller) than|below|under)$|(?:低于|小于|早于|老于|旧于|不到)$", "<"),
    (r"\b(?:after|(?:newer|higher|later|more|greater) than|above|over)$|(?:高于|大于|晚于|新于|超过)$", ">"),
)
"""What stands before a number, and the comparison it says."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column people can be told apart by: what it is called, and its values."""

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a question says of columns."""

    where: tuple[str, ...] = ()
    by: str | None = None


def column(name: str, values: tuple[str, ...], zh: str = "", en: str = "") -> Column:
    """A column with all its names: those given, those of the word list, its own."""
    known_zh, known_en = words_of("column", name)
    own = " ".join(name_words(name))
    return Column(name, _once(zh, *known_zh, name), _once(en, *known_en, own, name.lower()), values[:MAX_VALUES])


def _once(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.lower() for word in words if word))


@dataclass(frozen=True, slots=True)
class _Value:
    column: Column
    value: str
    start: int
    end: int
    operator: str = "="


def find_conditions(sentence: Sentence, columns: tuple[Column, ...], named: Sequence[tuple[int, int]] = ()) -> Conditions:
    """Conditions and the split of a question; what was understood is taken. Two values of one column are a comparison: a split.

    `named` are the places of events: "invite a member" says nothing of the role called member.
    """
    by = _split(sentence, columns)
    found = [
        value
        for value in _values(sentence, columns)
        if not any(s <= value.start and value.end <= e and e - s > value.end - value.start for s, e in named)
    ]
    per_column: dict[str, list[_Value]] = {}
    for value in found:
        per_column.setdefault(value.column.name, []).append(value)
    where: list[str] = []
    for name, values in per_column.items():
        distinct = list(dict.fromkeys(value.value for value in values))
        if len(distinct) > 1 or _is_set_against_others(sentence.free, values[0]):
            by = by or name
        elif name != by:
            where.append(f"{name}{values[0].operator}{distinct[0]}")
    for value in found:
        behind = re.match(rf"[ -]{_any(value.column.en)}s?\b", sentence.free[value.end :])
        sentence.take(value.start, value.end + (behind.end() if behind is not None else 0))
    return Conditions(tuple(where), by)


def _is_set_against_others(text: str, value: _Value) -> bool:
    """Whether one value is compared with all others of its column: 安卓是不是比别的端慢, "slower on iOS than on other platforms"."""
    if value.operator != "=":
        return False
    names = _any((*value.column.zh, *value.column.en, *(_plural(word) for word in value.column.en)))
    zh_names = rf"(?:{names}|人|用户|{cues.ZH_PEOPLE_WORDS})"
    chinese = (
        rf"(?:比|跟|和|与|相比|相对)起?(?:(?:别的|(?:其他|其它|另外|其余)的?)(?:几个)?\s?{zh_names}|别人|其余|其他(?=[^\u4e00-\u9fff]|$))"
    )
    english = (
        r"\b(?:than|vs\.?|versus|compared (?:to|with)|from|against|and|with) (?:\w+ ){0,3}?(?:the )?"
        rf"(?:other {names}|others|the rest|everyone else|rest of)\b"
    )
    return search(chinese, text) is not None or search(english, text) is not None


def _split(sentence: Sentence, columns: tuple[Column, ...]) -> str | None:
    best: tuple[int, int, int, str] | None = None
    for entry in columns:
        for pattern in (*_zh_splits(entry), *_en_splits(entry)):
            match = sentence.find(pattern)
            if match is not None:
                found = (-(match.end() - match.start()), match.start(), match.end(), entry.name)
                best = found if best is None or found < best else best
    if best is None:
        return None
    sentence.take(best[1], best[2])
    return best[3]


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _zh_splits(entry: Column) -> tuple[str, ...]:
    names = _any(tuple(name for name in entry.zh))
    ending = r"(?:来|去)?(?:拆分|拆开|拆|分开|分组|分别|分布|划分|细分|区分|对比|比较|看|分|展开|排)?"
    return (
        rf"(?:按照?|依|根据|分|以)(?:用户)?(?:不同)?(?:的)?\s?{names}(?:维度)?{ending}",
        rf"(?:各个?|不同(?:的)?|每个|每种|各种|各类|每一个|几个)\s?{names}(?:之间)?(?:的)?",
        rf"(?:哪个|哪种|哪些|哪一个|哪类|什么|啥)(?:样的)?\s?{names}",
        rf"{names}(?:(?:之间|间)(?:的)?(?:差异|差别|区别|对比|比较)?|(?:的)?(?:差异|差别|区别|对比|比较))",
        rf"{names}(?:维度|拆分|对比|分布|拆开|排名|排行|排序)",
        rf"(?:[几两二三四五六七八九十]|\d{{1,2}})(?:个|种|类)?{names}(?:之间|间)?(?:的|都|来|放一起|分别|各自|都各)*(?:对比|比较|比一比|比一下|各自|分别|分开|各是|各有|比比|哪个|谁)",
        rf"(?:前[\d一二三四五六七八九十]+|最[高多大好差低少强弱快慢]|领先|垫底)(?:的|名|个|几|位)*{names}",
    )


def _en_splits(entry: Column) -> tuple[str, ...]:
    names = _any(tuple(dict.fromkeys([*entry.en, *(_plural(word) for word in entry.en)])))
    return (
        rf"\b(?:{cues.SPLIT_VERB})?\s?\b(?:{cues.SPLIT_BY})\s(?:the )?(?:different |various |user |individual )?{names}\b",
        rf"\b(?:which|what|each|every|different|various|compare|comparing) (?:app |user |acquisition |kind of |type of )?{names}\b",
        rf"\b(?:top|best|worst|bottom|leading|strongest|weakest|highest|lowest|biggest)[ -](?:{EN_NUMBER} )?(?:\w+ing )?{names}\b",
        rf"\b{names} (?:split|breakdown|ranking|comparison|by {names})\b",
        rf"\bby[ -]{names}\b",
        rf"\b(?:how (?:do|did|does) )?(?:the |our )?{names} (?:compare|differ|stack up|rank)\b|\b{names}[- ]?(?:wise|level)\b",
        (
            rf"\b(?:some|certain|one|any|particular) {names} (?:\w+ )?(?:than|over|versus|vs\.?|and not|but not|to) "
            r"(?:on |in |for )?(?:the )?(?:others?|another|rest)\b"
        ),
        rf"\b(?:depend(?:s|ing)? on|var(?:y|ies)(?: by| with| across)?|differ\w*(?: by| with| across)?) (?:the |which )?{names}\b",
    )


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"


def _values(sentence: Sentence, columns: tuple[Column, ...]) -> list[_Value]:
    found: list[_Value] = []
    for entry in columns:
        for value in entry.values:
            found += _places(sentence, entry, value)
    found.sort(key=lambda place: (-(place.end - place.start), place.start, [column.name for column in columns].index(place.column.name)))
    kept: list[_Value] = []
    for place in found:
        if all(place.end <= other.start or other.end <= place.start for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda place: place.start)


def _places(sentence: Sentence, entry: Column, value: str) -> list[_Value]:
    """Where a value is named, with the words that belong to it."""
    zh, en = words_of("value", value)
    patterns: list[str] = []
    if re.fullmatch(r"[\d.]+", value):
        patterns += _number_patterns(entry, value)
    else:
        for word in _once(value, *en):
            patterns += _word_patterns(entry, word)
        patterns += [re.escape(word) for word in zh if len(word) > 1]
    if value.isupper():
        shouted = [word for word in (value.lower(), *en) if word in sentence.capitals]
        patterns += [rf"(?<![a-z0-9_]){re.escape(word)}(?![a-z0-9_])" for word in shouted]
    found = []
    for pattern in patterns:
        for match in search_all(pattern, sentence.free):
            begin = match.start("v") if "v" in match.re.groupindex else match.start()
            operator, end = _operator(sentence.free, match.start(), match.end(), value)
            negated = search(
                _NOT,
                sentence.free[:begin],
            ) or re.match(r"\s?(?:users? )?(?:excluded|除外|不算|以外|之外|的不算)", sentence.free[match.end() :])
            start = negated.start() if negated and negated.end() <= begin and negated.string != sentence.free[match.end() :] else begin
            found.append(_Value(entry, value, start, end, "!=" if negated else operator))
    return found


def _operator(text: str, start: int, end: int, value: str) -> tuple[str, int]:
    """(operator, where its words end) of a number: 4.5及以上, "since 4.5", 4.5之前的版本; "=" without such words."""
    if not re.fullmatch(r"[\d.]+", value):
        return "=", end
    for pattern, operator in ((_LATER, ">="), (_EARLIER, "<="), (r"\s*(?:之前|以前)(?:的)?", "<")):
        match = re.match(r"(?:的?版本?)?" + pattern, text[end:])
        if match is not None:
            return operator, end + match.end()
    before = text[:start]
    return next((operator for pattern, operator in _OPERATORS if search(pattern, before.rstrip())), "="), end


def _word_patterns(entry: Column, word: str) -> list[str]:
    loose = r"[\s_-]?".join(re.escape(part) for part in re.split(r"[\s_-]+", word))
    if _HAN.search(word):
        return [loose]
    whole = rf"(?<![a-z0-9_]){loose}s?(?![a-z0-9_])"
    if word not in _EVERYDAY and (len(word) > 2 or word == "pc" or re.search(r"\d", word)):
        return [whole]
    names = _any((*entry.en, *entry.zh))
    if word == "us":
        return [r"(?:\bin|\bfrom|\bthe|\bfor) us(?: users?| customers?| market)?\b(?! (?:more|to|leave|the))", rf"\bus {_PEOPLE}\b"]
    beside = [rf"{whole}(?=\s?-?{_PEOPLE}\b)", rf"{whole}(?=\s?{_ZH_PEOPLE})", rf"{whole}(?=\s?{names})"]
    beside.append(rf"{names}\s?(?:is |=|为|是)?\s?{whole}")
    versus = r"(?:vs\.?|versus|or|and|against|compared (?:to|with)|和|与|跟|还是|对比)"
    others = _any(tuple(other.lower() for other in entry.values if other.lower() != word))
    beside += [rf"{whole}(?=\s?{versus}\s?{others})", rf"{others}\s?{versus}\s?(?P<v>{whole})"]
    beside.append(rf"{others}.{{0,40}}\b{versus}\s?(?:the )?(?P<v>{whole})(?=\s?(?:ones?|{_PEOPLE})?\s*(?:[,?.，。？]|$))")
    beside += [rf"(?<={no} ){whole}" for no in ("excluding", "except", "without", "besides", "only", "除了")]
    beside += [rf"{whole}(?= only)", rf"(?<=, ){whole}(?=\s*(?:[,?.]|$))", rf"(?<=，){whole}(?=\s*(?:[，,？?。]|$))"]
    return beside if len(word) <= 2 else [*beside, rf"(?<=on ){whole}", rf"(?<=on the ){whole}"]


def _number_patterns(entry: Column, value: str) -> list[str]:
    names = _any(
        tuple(
            dict.fromkeys(
                [
                    *entry.en,
                    *entry.zh,
                    *(short for name in (*entry.en, *entry.zh) if (short := re.sub(r"\s?(?:等级|级别|level)$", "", name))),
                ]
            )
        )
    )
    number = rf"(?<![\d.]){re.escape(value)}(?![\d]|\.\d)"
    patterns = [rf"{names}\s?(?:is |=|为|是|in )?v?\s?{number}", rf"v{number}", rf"{number}\s?(?:的)?{_any(entry.zh)}"]
    if "." in value:  # 4.5 alone is a version where a column has such values
        patterns += [number]
    for word in (_ORDINALS.get(value, ""), f"{value}th"):
        if word:
            patterns += [
                rf"\b{word}[ -](?:{'|'.join(re.escape(name) for name in entry.en)}|year)s?\b",
                rf"\b{word}[ -](?:{'|'.join(re.escape(name) for name in entry.en)})rs?\b",
            ]
    patterns += [rf"{_any(tuple(re.escape(name) for name in entry.en))}rs? {number}"] if entry.en else []
    zh = _ZH_DIGITS.get(value)
    return [*patterns, rf"{zh}{_any(entry.zh)}"] if zh else patterns


_ORDINALS = {
    "1": "first",
    "2": "second",
    "3": "third",
    "4": "fourth",
    "5": "fifth",
    "6": "sixth",
    "7": "seventh",
    "8": "eighth",
    "9": "ninth",
    "10": "tenth",
}
_ZH_DIGITS: Mapping[str, str] = {"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "七", "8": "八", "9": "九"}
