"""Which parts of a product people speak of, found without labels: opinion targets of Chinese and English, grouped by meaning.

Targets are frequent nouns that stand beside words of judgement (Hu and Liu, Mining and summarizing customer reviews, KDD 2004), by rules
rather than a parser: Chinese nouns by the word classes of the dictionary of jieba, read from its file; English nouns by the
company they keep, since no tagger is at hand: what stands behind an article or possessive, before a form of "be", or behind a word of
judgement, is a noun when it does so often enough. A word whose meaning is known (`text.concepts`) may be a verb: 登录, "shipping".

Targets of like meaning form one aspect: those of one concept first, which joins the languages; the others by average linkage over their
word vectors (Sokal and Michener 1958) as far as MIN_ALIKE.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from productloop.text.concepts import find_concepts, glossary
from productloop.text.lexicon import polarity
from productloop.text.stopwords import PARTICLES, STOP_WORDS, WEAK_WORDS
from productloop.text.tokens import is_content, stem, word_runs

Vectors = NDArray[np.float32]

MIN_VOICES = 3
"""A target that fewer voices name is no aspect."""
MIN_SHARE = 0.004
"""Share of voices that must name a target; Hu and Liu ask for one in a hundred sentences, which loses what few but angry people say."""
MIN_JUDGED = 0.15
"""Share of its points in which something is judged; what is named without any judgement (iPhone, wife) is no aspect."""
MIN_NOUN = 0.25
"""Share of an English word's uses that only a noun has."""
MIN_ALIKE = 0.62
"""Mean cosine of word vectors from which two groups of targets are one aspect; a choice."""
MAX_TARGETS = 400
_ARTICLES = frozenset(
    "the a an my your our their his her its this that these those no any some every each more less with of for in".split()  # noqa: SIM905
)
_BE = frozenset("is are was were isn't aren't wasn't weren't isnt be seems looks feels sounds works has".split())  # noqa: SIM905
_NOUNS = ("n", "nz", "vn", "an")
_VAGUE = """
人 时候 时间 感觉 事情 东西 时 地方 方面 问题 情况 样子 朋友 老婆 老公 家人 孩子 媳妇 车主 车友 楼主 网友 人员 先生 同事 同学 哥们 兄弟 女士 消费者
原因 结果 办法 方式 方法 能力 效果 程度 时期 过程 机会 关系 意思 事 话 点 面 总体 整体 部分 优点 缺点 毛病 不足 本人 人家 个人 亮点 特点 心情 心理 生活
公司 国家 中国 北京 上海 市场 现象 水平 标准 要求 需求 条件 状态 状况 期间 全家 后期 前期 目前 晚上 早上 小时 公里 万元 左右 之间 好评 差评 评论 建议
很多 大部分 基本 基本上 是不是 是否 考虑 选择 影响 区别 更换 开始 打开 结束 出现 发现 使用 购买 准备 决定 支持 回复 解决 处理 介绍 推荐 比较 对比 理由
实话 老实 开头 名字 号码 数字 内容 全部 之前 以上 以下 今后 日子 周末 假期 春节 年底 月份 城市 市区 本地 当地 别人 新手 大神 老板 顾客 客户 群众 经验
打算 习惯 关键 下降 上升 自动 后来 最后 变化 检查 了解 关注
day days year years month months week weeks time times thing things way lot problem problems issue issues people person one everyone wife
husband son daughter kid kids family friend friends mom mother dad home house product item purchase review reviews reason fact part point
case end world job work start beginning little whole different long longer short next half number name kind type while moment hour minute
morning night buy buying asking learning watching checking listening talking using trying somebody addition extra additional enough option
"""
VAGUE: frozenset[str] = frozenset(_VAGUE.split())
"""Nouns that name no part of a product."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One part of the product. `terms` are the words for it, the most frequent first."""

    name_zh: str
    name_en: str
    terms: tuple[str, ...]


def find_targets(points: Sequence[str], voice: NDArray[np.int64], product_words: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """The targets that each point names, (p,); English by stem. `voice` (p,) whose point it is: frequency is counted in voices."""
    own = tuple(product_words)
    runs = [word_runs(point, own) for point in points]
    judged = np.array([polarity(point) is not None for point in points], dtype=bool)
    nouns = _english_nouns(runs)
    named = [tuple(dict.fromkeys(target for run in its for target in _targets(run, nouns))) for its in runs]
    voices: dict[str, set[int]] = {}
    uses: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    for row, its in enumerate(named):
        for target in its:
            voices.setdefault(target, set()).add(int(voice[row]))
            uses[target] += 1
            beside[target] += bool(judged[row])
    floor = max(MIN_VOICES, MIN_SHARE * len(np.unique(voice)))
    kept = [target for target in voices if len(voices[target]) >= floor and beside[target] >= MIN_JUDGED * uses[target]]
    often = frozenset(sorted(kept, key=lambda target: (-len(voices[target]), target))[:MAX_TARGETS])
    return [_longest([target for target in its if target in often]) for its in named]


def group_targets(num_voices: dict[str, int], vectors: Vectors) -> list[Aspect]:
    """Aspects of the targets (in the order of `num_voices`) with their word vectors (t, d), of unit length; the most voices first."""
    targets = list(num_voices)
    groups: dict[str, list[int]] = {}
    for row, target in enumerate(targets):
        concepts = set(find_concepts(target))
        groups.setdefault(next(iter(concepts)) if len(concepts) == 1 else f"={target}", []).append(row)
    joined = _join(list(groups.values()), vectors)
    joined.sort(key=lambda rows: (-sum(num_voices[targets[row]] for row in rows), rows[0]))
    return [_aspect([targets[row] for row in rows], num_voices) for rows in joined]


def _aspect(terms: list[str], num_voices: dict[str, int]) -> Aspect:
    ordered = sorted(terms, key=lambda term: (-num_voices[term], term))
    zh = [term for term in ordered if not term.isascii()]
    en = [term for term in ordered if term.isascii()]
    return Aspect((zh or en)[0], (en or zh)[0], tuple(ordered))


def _join(groups: list[list[int]], vectors: Vectors) -> list[list[int]]:
    """Average linkage until no two groups are alike enough."""
    groups = [list(rows) for rows in groups]
    sums = np.array([vectors[rows].sum(axis=0) for rows in groups], dtype=np.float64).reshape(len(groups), vectors.shape[1])
    sizes = np.array([len(rows) for rows in groups], dtype=np.float64)
    alike = sums @ sums.T / np.outer(sizes, sizes)
    np.fill_diagonal(alike, -1.0)
    alive = np.ones(len(groups), dtype=bool)
    while alive.sum() > 1:
        first, second = divmod(int(np.argmax(alike)), len(groups))
        if alike[first, second] < MIN_ALIKE:
            break
        groups[first] += groups[second]
        sums[first] += sums[second]
        sizes[first] += sizes[second]
        alive[second] = False
        alike[second, :] = alike[:, second] = -1.0
        row = np.where(alive, sums @ sums[first] / (sizes * sizes[first]), -1.0)
        row[first] = -1.0
        alike[first, :] = alike[:, first] = row
    return [rows for rows, lives in zip(groups, alive, strict=True) if lives]


def _targets(run: list[str], nouns: frozenset[str]) -> list[str]:
    """Nouns and pairs of nouns of one run of words."""
    found: list[str] = []
    before: str | None = None
    for word in run:
        target = _target(word, nouns)
        if target is not None:
            found.append(target)
            if before is not None and target != before:
                found.append(before + target if not before.isascii() and not target.isascii() else f"{before} {target}")
        before = target
    return found


def _target(word: str, nouns: frozenset[str]) -> str | None:
    if word in VAGUE or word in WEAK_WORDS or not is_content(word):
        return None
    if word.isascii():
        base = stem(word)
        return base if base in nouns and base not in VAGUE and base not in WEAK_WORDS else None
    if len(word) < 2 or polarity(word) is not None:
        return None
    word_class = _word_classes().get(word)
    return word if word_class in _NOUNS or (word in glossary().chinese and word_class not in ("a", "d", "ad")) else None


def _longest(targets: list[str]) -> tuple[str, ...]:
    """Targets that are no part of a longer one."""
    return tuple(one for one in targets if not any(one != other and one in other for other in targets))


def _english_nouns(runs: list[list[list[str]]]) -> frozenset[str]:
    """Stems of words that often stand where only nouns do."""
    uses: Counter[str] = Counter()
    as_noun: Counter[str] = Counter()
    for its in runs:
        for run in its:
            for place, word in enumerate(run):
                if not word.isascii() or not is_content(word) or polarity(word) is not None or len(word) < 3:
                    continue
                base = stem(word)
                uses[base] += 1
                before = run[place - 1] if place else ""
                after = run[place + 1] if place + 1 < len(run) else ""
                ends = after == "" or after in STOP_WORDS or after in PARTICLES
                judged_before = before.isascii() and before.isalpha() and polarity(before) is not None
                as_noun[base] += (after in _BE and before not in ("it", "i", "which")) or (ends and (before in _ARTICLES or judged_before))
    known = glossary().english
    return frozenset(
        base for base, count in uses.items() if as_noun[base] >= (0.5 if base in known else 1) * MIN_NOUN * count and as_noun[base]
    )


@cache
def _word_classes() -> dict[str, str]:
    """Word -> its class in the dictionary of jieba (its file, without loading jieba), about .3 s, once per process."""
    lines = files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: kind for word, _, kind in (line.split(" ") for line in lines)}
