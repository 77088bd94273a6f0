"""Text -> words, Chinese and English in one stream: 「微信login失败」 is 微信, login, 失败.

Chinese is cut by jieba with the product's own words added; English is split at blanks and lowered. A word is never a whole clause
(the default of tools made for English): Han runs always go through the cutter, and punctuation always ends a run.

jieba is used through private `Tokenizer` objects whose dictionary is read from the package: its own `initialize` would read and
write a marshal file in the shared temporary folder, where processes race and another user could plant one; its log stays silent.
`stem` is the "S" stemmer of D. Harman, How effective is suffixing?, JASIS 42(1), 1991, extended by -ches, -shes, -sses, -xes.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from productloop.text.cleaning import to_half_width
from productloop.text.stopwords import PARTICLES, STOP_WORDS

_PRODUCT_WORDS = """
小程序 公众号 视频号 闪退 卡顿 卡死 黑屏 白屏 花屏 掉线 断网 扫码 二维码 验证码 短信验证码 登录 登陆 注册 注销 退款 退货 退换货 包邮
秒杀 优惠券 红包 满减 客服 售后 快递 物流 外卖 骑手 送餐 配送费 起送价 会员 年费 续费 自动续费 充值 提现 余额 银行卡 信用卡 转账
手续费 汇率 支付宝 微信 抖音 快手 淘宝 京东 拼多多 美团 饿了么 米家 智能家居 夜间模式 深色模式 推送 弹窗 广告 开屏广告 浏览器 客户端
网页版 更新版 新版本 旧版本 性价比 实名认证 人脸识别 指纹 导出 导入 批量 权限 隐私 云同步 备份 死机 续航 发热 信号 流量 套餐 打不开
进不去 登不上
"""
PRODUCT_WORDS: tuple[str, ...] = tuple(_PRODUCT_WORDS.split())
"""Words of apps, shops and services that the general dictionary cuts in two (小程序) or lacks; written for this project."""

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    r"|(?P<latin>[a-z\u00c0-\u024f][a-z0-9\u00c0-\u024f]*(?:['’][a-z]+)*(?:[-_+#.&][a-z0-9\u00c0-\u024f]+)*[+#]*)"
    r"|(?P<number>\d+(?:[.,:]\d+)*(?:[a-z]{1,4}\b)?)"
    r"|(?P<other>[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d]+|[\uac00-\ud7a3\u1100-\u11ff]+|[\u0370-\u10ff\u1200-\u1fff]+)"
    r"|(?P<mark>[^\w\s])"
)
_MAX_WORD = 40
"""Longer runs are addresses, keys or noise, never words."""
_SOFT_MARKS = frozenset("-_'’`\"“”‘’*/")
"""Marks that do not end a phrase."""

_lock = threading.Lock()


def words(text: str, product_words: Iterable[str] = ()) -> list[str]:
    """All words in order, lowered, no punctuation; numbers and stop words are still there."""
    return [word for phrase in word_runs(text, product_words) for word in phrase]


def content_words(text: str, product_words: Iterable[str] = ()) -> list[str]:
    """Words that can carry a topic: no stop words, particles, bare numbers or single Latin letters."""
    return [word for word in words(text, product_words) if is_content(word)]


def is_content(word: str) -> bool:
    """Whether a word can carry a topic by itself."""
    if word in STOP_WORDS or word in PARTICLES or not any(character.isalpha() for character in word):
        return False
    return len(word) > 1 or "\u3400" <= word <= "\U000323af"


def word_runs(text: str, product_words: Iterable[str] = ()) -> list[list[str]]:
    """Words in runs that no punctuation or line end interrupts: a phrase never crosses from one run into the next."""
    own = _own_words(tuple(product_words))
    cutter = _cutter(own.han)
    lowered = to_half_width(text).lower()
    runs: list[list[str]] = [[]]
    for line in lowered.splitlines():
        for piece, is_own in _split_own(line, own.pattern):
            if is_own:
                runs[-1].append(piece)
            else:
                _read_piece(piece, cutter, runs)
        runs.append([])
    return [run for run in runs if run]


def single_characters(run: str) -> frozenset[int]:
    """Places of the characters that are a word of their own in a run of Chinese."""
    alone, place = [], 0
    for word in _cutter(()).cut(run, HMM=False):
        if len(word) == 1:
            alone.append(place)
        place += len(word)
    return frozenset(alone)


def stem(word: str) -> str:
    """English plural and third-person -s removed, so that "cards" and "card" count as one; other words as they are."""
    if len(word) < 4 or not word.isascii() or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word if word.endswith(("us", "ss", "is")) else word[:-1]


class _OwnWords:
    """The product's own words: purely Chinese ones are taught to the cutter, the others (5G套餐, Mi-Home) are found by pattern."""

    def __init__(self, words_given: Sequence[str]) -> None:
        lowered = sorted({to_half_width(word).strip().lower() for word in words_given} - {""})
        self.han = tuple(word for word in lowered if re.fullmatch(f"[{_HAN}]+", word))
        others = sorted((word for word in lowered if word not in self.han), key=len, reverse=True)
        alternatives = "|".join(re.escape(word) for word in others)
        self.pattern = re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])") if others else None


@lru_cache(maxsize=16)
def _own_words(product_words: tuple[str, ...]) -> _OwnWords:
    return _OwnWords(product_words)


def _split_own(line: str, pattern: re.Pattern[str] | None) -> list[tuple[str, bool]]:
    if pattern is None:
        return [(line, False)]
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in pattern.finditer(line):
        pieces.append((line[position : match.start()], False))
        pieces.append((match.group(), True))
        position = match.end()
    pieces.append((line[position:], False))
    return pieces


def _read_piece(piece: str, cutter: Any, runs: list[list[str]]) -> None:
    """Append the words of `piece` to the last run; open a new run at each mark that ends a phrase."""
    for match in _RUN.finditer(piece):
        kind, value = match.lastgroup, match.group()
        if kind == "han":
            runs[-1].extend(cutter.cut(value, HMM=True))
        elif kind == "mark":
            if value not in _SOFT_MARKS:
                runs.append([])
        elif len(value) <= _MAX_WORD and value.isascii():
            runs[-1].append(value.removesuffix("'s"))
        elif len(value) <= _MAX_WORD:
            # the ranges of letters hold a few rare blanks, such as U+1680
            runs[-1].extend(part.removesuffix("'s") for part in value.replace("’", "'").split())


@lru_cache(maxsize=4)
def _cutter(own_han_words: tuple[str, ...]) -> Any:
    """A private jieba tokenizer that knows PRODUCT_WORDS and `own_han_words`."""
    frequencies, total = _dictionary()
    tokenizer = _import_jieba().Tokenizer()
    tokenizer.FREQ = dict(frequencies)
    tokenizer.total = total
    tokenizer.initialized = True
    with _lock:  # add_word also writes to a module-wide set
        for word in (*PRODUCT_WORDS, *own_han_words):
            tokenizer.add_word(word)
    return tokenizer


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], int]:
    """Dictionary of jieba as (frequency of each word and prefix, total), about .7 CPU seconds, once per process."""
    tokenizer = _import_jieba().Tokenizer()
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    return frequencies, total


def _import_jieba() -> Any:
    with warnings.catch_warnings():
        # jieba imports pkg_resources, which announces its own end, and has invalid escapes in its patterns; neither is the user's business
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(60)  # above CRITICAL: it writes to stderr by itself
    return jieba
