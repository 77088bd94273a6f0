"""Polarity of a text before anyone has labelled anything: word lists, negation and intensity, Chinese and English.

A cold start only: a head trained on a few hundred of the user's own labels is better (benchmarks), and replaces it. The words
(`lexicon.csv`: word, language, weight from -3 to 3) were written for this project from general knowledge, before any measurement, and
hold words of apps, shops, food and service, where general lists are blind ("闪退", "crashes"). A weight of 0 is evidence of neither
side ("一般", "average"); an empty weight only shields ("好像" is not 好, "looks like" is not like).

Rules, after Taboada et al., Lexicon-based methods for sentiment analysis, Computational Linguistics 37(2), 2011: the longest phrase
wins; a negator turns the next word round and weakens it, two negators cancel; intensifiers multiply; what follows "but" weighs more,
what stands before it less; wishes and questions assert little; a quoted praise ("真是“好”"), "/s" and 🙄 are irony. With n findings of
sum s (a word of weight 2 counts 1), x = s / n^.25 and polarity is x / sqrt(x^2 + 3): one word .5, four agreeing ones .85, so that a
long text is not extreme by its length alone. The factors are judgement, not fitted.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from productloop.text.cleaning import to_half_width
from productloop.text.tokens import stem

_ZH_NEGATORS = """
不 没 没有 不是 不太 不够 不怎么 不算 并不 并不是 并没有 并非 毫不 毫无 别 未 无 谈不上 不能 不会 说不上 算不上 不那么 没那么 没啥
没什么 不敢 从不 从没 从未 从来没 从来不 不再 绝不 没法 没能 不可能 不是很 不是太 不至于 未必 难以 缺乏 缺少 非 不要 不用 不必 没怎么
"""
_ZH_STRONG = """
太 非常 特别 十分 超 超级 极其 极 最 巨 贼 相当 实在 真的 真心 真是 完全 简直 彻底 根本 极度 格外 尤其 绝对 无比 异常地 老 忒 死 爆 怪 暴
超超 特 特么 可太 也太 实在是 真的是 真的很 真的太 非常非常 特别特别 十足 万分 极为 颇为 严重 疯狂 频繁
"""
_ZH_PLAIN = "很 挺 蛮 好 真 更 越来越 总 一直 经常 总是 每次 天天 都 确实 的确 更加 越发 还是很"
_ZH_WEAK = "有点 有点儿 有些 稍微 稍 略 略微 一点 还算 比较 较 稍稍 略显 些许 偶尔 有时 有时候 一点点 多少有点 算是 可能"
_ZH_FACTORS = {
    **dict.fromkeys(_ZH_STRONG.split(), 1.5),
    **dict.fromkeys(_ZH_PLAIN.split(), 1.2),
    **dict.fromkeys(_ZH_WEAK.split(), 0.6),
}
_ZH_TURNS = "但是 不过 可是 然而 但 可惜 只不过 只可惜 奈何 偏偏 结果 谁知 没想到却 反而 却"
_ZH_CLAUSE_TURNS = ("就是", "只是", "可", "而")
_ZH_CONCESSIONS = "虽然 虽说 虽 尽管 除了 固然 即使 就算 原以为 本以为 还以为 以为 原本 本来"
_ZH_WISHES = """
希望 要是 要是能 如果能 如果可以 若能 能不能 能否 可不可以 建议 最好能 但愿 求 恳请 什么时候能 何时能 啥时候能 应该 麻烦 请尽快 期望能
"""
_ZH_QUESTIONS = ("吗", "么", "呢", "没")

_EN_NEGATORS = """
not no never none nothing neither nor without nobody isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't
cannot couldn't won't wouldn't shouldn't ain't dont doesnt didnt cant wont isnt wasnt arent couldnt wouldnt havent hasnt hardly barely
scarcely rarely seldom zero
"""
_EN_INABILITY = frozenset(["can't", "cannot", "couldn't", "cant", "couldnt", "won't", "wont", "doesn't", "doesnt", "didn't", "never"])
"""Negators that complain even when no word of praise or blame follows: "I can't see the button"."""
_EN_STRONG = """
very really so extremely absolutely totally completely incredibly super highly too such truly insanely ridiculously unbelievably
exceptionally especially particularly deeply utterly entirely seriously freaking fucking bloody damn hella hugely massively terribly
always constantly definitely whole entirely thoroughly perfectly wildly awfully immensely most
"""
_EN_FAINT = "slightly somewhat bit little kinda sorta fairly mostly rather partly sometimes occasionally relatively moderately almost quite"
_EN_FACTORS = dict.fromkeys(_EN_STRONG.split(), 1.4) | dict.fromkeys(_EN_FAINT.split(), 0.6)
_EN_TURNS = frozenset(["but", "however", "though", "yet", "unfortunately", "except", "sadly", "nevertheless"])
_EN_CONCESSIONS = frozenset(["although", "while", "despite", "besides"])
_EN_WISHES = frozenset(["wish", "would", "could", "if"])
"""First words of phrases after which praise is only wished for: "would be great if it worked"."""
_EN_IRREALIS = frozenset(("would be", "could be", "should be", "should have", "needs to", "need to", "hoping for", "hope to", "if it"))

_EMOJI = {
    **dict.fromkeys("😀😃😄😁😆😊🙂😍🥰😘😋🤩😎👍👏🙏💪❤♥💖💯🎉✨🌹😇🥳💕💗💓🧡💛💚💙💜🤗😻⭐🌟👌🙌🤝🍻🌸🌺😚😙🤤😌☺🔝✌🥂🏆", 1.0),
    **dict.fromkeys("😞😔😟🙁☹😣😖😫😩😢😤😠😡🤬👎💔🤮🤢😒🙄😓😰😱💩😑😾🤦🤡😨😧😦🥱🙅😿🖕🤥😕☠💀👿😵", -1.0),
    **dict.fromkeys("😭😥😅🙃😶😐🤔🤷😬🥲😪🤨", -0.4),
    **dict.fromkeys("😂🤣😏🐶", 0.1),
}
_MOST_EMOJI = 3
_IRONY = re.compile(r"🙄|🤡|(?<!\S)/s(?!\S)|\bjust great\b|\bthanks for nothing\b|\byeah right\b|呵呵|真行|真有你")

_RESOLVED = frozenset(
    [
        "修复",
        "修复了",
        "终于修复",
        "解决了",
        "已解决",
        "终于解决",
        "顺利解决",
        "及时解决",
        "完美解决",
        "解决问题",
        "终于好了",
        "修好了",
        "搞定了",
        "恢复正常",
        "好多了",
        "fixed",
        "resolved",
        "solved",
        "sorted",
    ]
)
"""What they follow is over: 「闪退问题终于修复了」 is no complaint."""
_OVER = 0.2
_NEGATED_PRAISE, _NEGATED_BLAME = -0.8, -0.55
"""A negated word is the opposite, but weaker: "not great" is less than "bad", "not bad" less than "good"."""
_BEFORE_TURN, _AFTER_TURN = 0.6, 1.4
_CONCEDED = 0.5
_WISH = -0.4
_WISHED = 0.25
_ASKED_PRAISE, _ASKED_BLAME = 0.4, 0.8
_IRONIC = -0.8
_UNUSED_INABILITY = -0.4
_SOFTENING = 3.0
_LENGTH_POWER = 0.25
_ZH_SCOPE = 6
"""Characters between a negator and the word it turns round: 「没有想象中那么好吃」."""
_EN_SCOPE = 4
_ZH_CLAUSE = re.compile(r"([^，。！？；、,.!?;:：\n~～…（）()\s]+)([，。！？；、,.!?;:：\n~～…（）()\s]*)")
_EN_CLAUSE = re.compile(r"([^.!?;,:\n()]+)([.!?;,:\n()]*)")
_EN_WORD = re.compile(r"[a-z0-9+]+(?:['/-][a-z0-9]+)*")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_SPAN = re.compile(r"[a-z0-9][a-z0-9'+/ .,!?;:\-\n()]*")
_OPENING, _CLOSING = "“\"'「‘『", "”\"'」’』"
_LONGEST_QUOTED = 4


class _Words(NamedTuple):
    """Weights of one language (None shields), and the lengths that occur behind a first character or word, longest first."""

    weights: dict[str, float | None]
    lengths: dict[str, tuple[int, ...]]


def polarity(text: str) -> float | None:
    """Polarity from -1 to 1, or None where the text gives no evidence at all (which is not the same as neutral, 0)."""
    return polarity_and_evidence(text)[0]


def evidence(text: str) -> float:
    """Sum of the absolute weights found, 0 or more: how much `polarity` rests on (an ordinary word of praise counts 1)."""
    return polarity_and_evidence(text)[1]


def polarity_and_evidence(text: str) -> tuple[float | None, float]:
    """`polarity` and `evidence` of a text that is read once."""
    values = _values(text)
    if not values:
        return None, 0.0
    total = sum(values) / math.pow(len(values), _LENGTH_POWER)
    return total / math.sqrt(total * total + _SOFTENING), sum(map(abs, values))


def _values(text: str) -> list[float]:
    lowered = to_half_width(text).lower().replace("’", "'")
    values: list[float] = []
    chinese = _HAN.search(lowered) is not None
    if chinese:
        _read_zh(lowered, values)
    for span in _LATIN_SPAN.findall(lowered):
        # 「给个nice」 and 「5星」 are words of the Chinese list
        if not (chinese and span.strip() in _rows()["zh"]):
            _read_en(span, values)
    values += [_EMOJI[character] for character in lowered if character in _EMOJI][:_MOST_EMOJI]
    if _IRONY.search(lowered):
        values = [value * _IRONIC if value > 0 else value for value in values]
    return values


def _lengths(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for first, length in pairs:
        found.setdefault(first, set()).add(length)
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


@cache
def _rows() -> dict[str, dict[str, float | None]]:
    text = files("productloop.text").joinpath("lexicon.csv").read_text(encoding="utf-8")
    weights: dict[str, dict[str, float | None]] = {"zh": {}, "en": {}}
    for row in csv.DictReader(text.splitlines()):
        weights[row["language"]][row["word"]] = float(row["weight"]) / 2 if row["weight"] else None
    return weights


@cache
def _en_words() -> _Words:
    weights = _rows()["en"]
    return _Words(weights, _lengths((word.split()[0], len(word.split())) for word in weights))


@cache
def _zh_words() -> tuple[_Words, dict[str, str]]:
    """The words, and the kind of each function word: negator, factor, turn, concession, wish. Praise and blame come first."""
    weights = _rows()["zh"]
    kinds = dict.fromkeys(_ZH_FACTORS, "factor")
    for kind, words in (("turn", _ZH_TURNS), ("concession", _ZH_CONCESSIONS), ("wish", _ZH_WISHES), ("negator", _ZH_NEGATORS)):
        kinds |= dict.fromkeys(words.split(), kind)
    return _Words(weights, _lengths((word[0], len(word)) for word in (*weights, *kinds))), kinds


def _turn(values: list[float]) -> float:
    values[:] = [value * _BEFORE_TURN for value in values]
    return _AFTER_TURN


def _asked(value: float) -> float:
    return value * (_ASKED_PRAISE if value > 0 else _ASKED_BLAME)


def _read_zh(text: str, values: list[float]) -> None:
    scale = 1.0
    for clause, marks in _ZH_CLAUSE.findall(text):
        if clause.startswith(_ZH_CLAUSE_TURNS) and values:
            scale = _turn(values)
        start = len(values)
        scale = _read_zh_clause(clause, values, scale)
        if "?" in marks or "？" in marks or clause.endswith(_ZH_QUESTIONS):
            values[start:] = map(_asked, values[start:])
        if "。" in marks or "\n" in marks:
            scale = 1.0


def _read_zh_clause(clause: str, values: list[float], scale: float) -> float:
    words, kinds = _zh_words()
    position, size = 0, len(clause)
    negated_at: list[int] = []
    factor, factor_end, conceded, wished = 1.0, -9, 1.0, False
    while position < size:
        word = ""
        for length in words.lengths.get(clause[position], ()):
            word = clause[position : position + length]
            if word in words.weights or word in kinds:
                break
        else:
            position += 1
            continue
        end = position + len(word)
        if (kind := kinds.get(word)) is not None and (word not in words.weights or words.weights[word] is None):
            if kind == "factor":
                factor, factor_end = _ZH_FACTORS[word], end
            elif kind == "negator":
                negated_at.append(end)
            elif kind == "turn":
                scale = _turn(values)
            elif kind == "concession":
                conceded = _CONCEDED
            elif kind == "wish":
                wished = True
                values.append(_WISH)
        elif (weight := words.weights[word]) is not None:
            near = sum(position - at <= _ZH_SCOPE for at in negated_at) % 2 == 1
            value = _modified(weight, near) * (factor if position - factor_end <= 2 else 1.0) * conceded * scale
            if value > 0 and word in _RESOLVED:
                values[:] = [earlier * _OVER if earlier < 0 else earlier for earlier in values]
            if value > 0 and (wished or _is_quoted(clause, position, end)):
                value *= _WISHED if wished else _IRONIC
            values.append(value)
            negated_at.clear()
            factor = 1.0
        position = end
    return scale


def _modified(weight: float, negated: bool) -> float:
    if not negated:
        return weight
    return weight * (_NEGATED_PRAISE if weight > 0 else _NEGATED_BLAME)


def _is_quoted(clause: str, start: int, end: int) -> bool:
    if end - start > _LONGEST_QUOTED or start == 0 or end >= len(clause):
        return False
    return clause[start - 1] in _OPENING and clause[end] in _CLOSING


def _read_en(text: str, values: list[float]) -> None:
    scale = 1.0
    for clause, marks in _EN_CLAUSE.findall(text):
        start = len(values)
        scale = _read_en_clause(_EN_WORD.findall(clause), values, scale)
        if "?" in marks:
            values[start:] = map(_asked, values[start:])
        if "." in marks or "!" in marks or "\n" in marks:
            scale = 1.0


def _read_en_clause(found: list[str], values: list[float], scale: float) -> float:
    position, size = 0, len(found)
    negators: list[int] = []
    last_end, last_negated, conceded, wished = -9, False, 1.0, False
    while position < size:
        length, weight = _longest_en(found, position)
        word = found[position]
        if length == 0 or (length == 1 and word in _EN_TURNS):
            if word in _EN_TURNS:
                scale = _turn(values)
                negators.clear()
            elif word in _EN_NEGATOR_SET:
                negators.append(position)
            elif word in _EN_CONCESSIONS:
                conceded = _CONCEDED
            elif word == "please" or f"{word} {found[position + 1] if position + 1 < size else ''}" in _EN_IRREALIS:
                wished = True
            position += 1
            continue
        if weight is not None:
            near = sum(position - at <= _EN_SCOPE for at in negators) % 2 == 1
            joined = last_negated and position - last_end == 1 and found[position - 1] in ("or", "nor", "and")
            value = _modified(weight, near or joined) * _en_factor(found, position) * conceded * scale
            if value > 0 and word in _RESOLVED and not wished:
                values[:] = [earlier * _OVER if earlier < 0 else earlier for earlier in values]
            values.append(value * _WISHED if wished and value > 0 else value)
            last_end, last_negated = position + length, near or joined or (length > 1 and word in _EN_NEGATOR_SET)
            wished = wished or word in _EN_WISHES
            negators.clear()
        position += length
    if any(found[at] in _EN_INABILITY for at in negators):
        values.append(_UNUSED_INABILITY * scale)
    return scale


_EN_NEGATOR_SET = frozenset(_EN_NEGATORS.split())


def _longest_en(found: list[str], position: int) -> tuple[int, float | None]:
    """Length in words of the longest phrase at `position`, 0 when there is none, and its weight."""
    words = _en_words()
    first = found[position]
    for length in words.lengths.get(first, ()):
        phrase = first if length == 1 else " ".join(found[position : position + length])
        if phrase in words.weights and position + length <= len(found):
            return length, words.weights[phrase]
    base = stem(first)
    if base not in words.weights:
        return 0, None
    weight: float | None = words.weights[base]
    return 1, weight


def _en_factor(found: list[str], position: int) -> float:
    factor = 1.0
    for other in found[max(0, position - 2) : position]:
        factor *= _EN_FACTORS.get(other, 1.0)
    return factor
