"""Polarity of a text before anyone has labelled anything: word lists, negation and intensity, Chinese and English.

A cold start only: a head trained on a few hundred of the user's own labels is better (benchmarks), and replaces it. The lists were
written for this project and hold words of apps, shops, food and service, where general lists are blind ("闪退", "crashes").

Rules, after Taboada et al., Lexicon-based methods for sentiment analysis, Computational Linguistics 37(2), 2011: a negator just
before a word turns it round and weakens it (不好吃; "not great"); an intensifier multiplies it; what follows "but" weighs more, what
stands before it less; the sum s becomes s / sqrt(s^2 + 4), so that one word is .45 and three agreeing ones .83.
"""

from __future__ import annotations

import math
import re
from functools import cache

from productloop.text.cleaning import to_half_width
from productloop.text.tokens import stem

_ZH_POSITIVE = """
不错 很好 挺好 蛮好 真好 好吃 好喝 好用 好看 好玩 好评 好听 好闻 美味 可口 鲜美 新鲜 入味 香 喜欢 喜爱 热爱 爱了 满意 棒 赞 点赞
优秀 完美 推荐 值得 划算 实惠 便宜 超值 物美价廉 方便 便捷 快捷 迅速 神速 很快 挺快 准时 及时 提前 流畅 顺畅 顺利 稳定 清晰 清楚
舒服 舒适 干净 整洁 卫生 安静 温馨 热情 热心 耐心 周到 贴心 细心 礼貌 友好 亲切 专业 负责 靠谱 放心 安心 省心 省事 信赖 开心 高兴
愉快 惊喜 感动 感谢 谢谢 辛苦 给力 厉害 强大 漂亮 精致 精美 大方 时尚 高端 丰富 齐全 全面 简单易用 实用 好使 耐用 结实 性价比高
分量足 量足 量大 足量 回头客 再来 还会来 五星 没问题 没毛病 不贵 不差 不赖 不失望 良心 业界良心 良好 优质 正品 宽敞 便利 爽 酷 可爱
期待 支持 加油 正宗 地道 酥脆 嫩 好极了 物超所值 无可挑剔 有用 管用 省钱 提升 进步 改善 人性化 智能
"""
_ZH_NEGATIVE = """
差 很差 太差 极差 差劲 差评 不好 不行 不满 不爽 不值 不推荐 不新鲜 不干净 不卫生 不方便 不稳定 不合理 不负责 不专业 不耐烦 不靠谱
不好吃 难吃 难喝 难用 难看 难受 难闻 难找 恶心 垃圾 烂 糟糕 糟 坑 坑人 坑爹 骗 骗子 骗人 欺骗 忽悠 虚假 假货 诈骗 投诉 退款 退货
失望 后悔 生气 愤怒 气愤 气人 无语 郁闷 烦 烦人 讨厌 恶劣 态度差 冷漠 敷衍 推脱 推卸 慢 太慢 很慢 好慢 缓慢 超时 迟到 延迟 拖延 等了
久等 催 卡 卡顿 卡死 死机 闪退 崩溃 崩 黑屏 白屏 掉线 断线 断开 报错 出错 错误 故障 失败 失灵 失效 异常 bug 漏洞 打不开 进不去
登不上 登录不上 连不上 用不了 不能用 没法用 没用 无用 无效 无法 不了 没反应 没人 没送 没收到 没有收到 漏送 送错 少送 漏 洒 撒了 坏
坏了 破 破损 脏 臭 异味 头发 虫 拉肚子 馊 过期 变质 凉 凉了 冷了 硬 太硬 咸 太咸 油腻 太油 腻 太辣 太甜 没味道 无味 少 太少 很少
量少 份量少 贵 太贵 偏贵 很贵 昂贵 涨价 乱收费 扣费 扣钱 吵 吵闹 噪音 隔音差 破旧 陈旧 老旧 简陋 狭小 麻烦 复杂 繁琐 鸡肋 一般
一般般 凑合 勉强 可惜 遗憾 不足 缺点 问题 广告太多 流氓 强制 耗电 发热 发烫 卸载 再也不 不会再 别买 慎买 避雷 踩雷 呵呵 服了 醉了
欠费 丢失 丢了 封号 霸王 黑心 无良 最差 敢不敢 太次 次品 瑕疵 掉色 开裂 质量差 伪劣 抠门 心塞 差远了
"""
_ZH_NEGATORS_TEXT = """
不 没 没有 不是 不太 不够 不怎么 不算 并不 并非 毫不 毫无 别 未 无 谈不上 不能 不会 说不上 算不上 不那么 没那么 没啥 没什么 不敢
"""
_ZH_NEGATION = re.compile(rf"(?:{'|'.join(_ZH_NEGATORS_TEXT.split())})(?:$|很|太|那么|是|有|到)")
_ZH_STRONG = """
太 非常 特别 十分 超 超级 极其 极 最 巨 贼 相当 实在 真的 真心 真是 完全 简直 彻底 根本
"""
_ZH_PLAIN = """
很 挺 蛮 好 真 更 越来越 老 总 一直 经常
"""
_ZH_WEAK = """
有点 有点儿 有些 稍微 稍 略 略微 一点 还算 比较 不太
"""
_ZH_INTENSIFIERS = {
    **dict.fromkeys(_ZH_STRONG.split(), 1.6),
    **dict.fromkeys(_ZH_PLAIN.split(), 1.25),
    **dict.fromkeys(_ZH_WEAK.split(), 0.6),
}
_ZH_TURNS = ("但是", "不过", "可是", "然而", "就是", "只是", "但")

_EN_POSITIVE = """
good great nice excellent awesome amazing fantastic wonderful perfect brilliant superb outstanding love loved loving like liked
enjoy enjoyed enjoyable best better happy glad pleased satisfied delighted impressed impressive recommend recommended easy easier
easily simple intuitive smooth smoothly fast quick quickly responsive reliable reliably stable helpful useful handy convenient
comfortable clean clear beautiful gorgeous elegant friendly polite patient professional kind thanks thank grateful appreciate
appreciated worth affordable cheap bargain free fun cool sweet delicious tasty fresh works worked flawless flawlessly solid powerful
accurate secure safe favorite favourite win winner improved improvement fixed solved resolved success successful successfully
pleasant welcome wow yay stunning durable sturdy generous thoughtful lovely neat super fine
"""
_EN_NEGATIVE = """
bad worse worst terrible horrible awful poor poorly disappointing disappointed disappointment hate hated annoying annoyed
frustrating frustrated frustration useless worthless pointless garbage trash junk crap rubbish sucks suck waste wasted broken break
breaks broke crash crashes crashed crashing freeze freezes froze frozen freezing lag lags laggy lagging slow slowly sluggish bug
bugs buggy glitch glitches glitchy error errors fail fails failed failing failure problem problems issue issues wrong missing lost
lose loses stuck unable impossible difficult hard confusing confused complicated cumbersome unusable unreliable unstable
unresponsive unhelpful unprofessional rude unacceptable ridiculous pathetic scam fraud fake cheat cheated steal stole expensive
overpriced overcharged charged refund cancel cancelled uninstall uninstalled uninstalling delete deleted deleting spam ads adverts
intrusive nightmare angry upset sad unhappy dislike disliked regret late delayed delay never nothing ugly dirty noisy loud cold
stale cheaply flimsy defective damaged dead dies died drain drains draining disconnect disconnects disconnected blank unfortunately
lack lacks lacking inaccurate misleading deceptive terribly horribly avoid beware hassle inconvenient outdated clunky poorest meh
mediocre
"""
_EN_NEGATORS_TEXT = """
not no never none nothing neither nor without hardly barely isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't
can't cannot couldn't won't wouldn't shouldn't ain't dont doesnt didnt cant wont isnt wasnt
"""
_EN_NEGATORS = frozenset(_EN_NEGATORS_TEXT.split())
_EN_STRONG = "very really so extremely absolutely totally completely incredibly super highly too such truly"
_EN_FAINT = "slightly somewhat bit little kinda fairly mostly rather"
_EN_INTENSIFIERS = dict.fromkeys(_EN_STRONG.split(), 1.5) | dict.fromkeys(_EN_FAINT.split(), 0.6)
_EN_WEAK_NEGATED_TEXT = """
problem problems issue issues bug bugs error errors hassle complaint complaints glitch glitches regret ads
"""
_EN_WEAK_NEGATED = frozenset(_EN_WEAK_NEGATED_TEXT.split())
"""With a plain "no" before them these are praise: "no problems"."""
_EMOJI_POSITIVE = frozenset("😀😃😄😁😆😊🙂😍🥰😘😋🤩😎👍👏🙏💪❤♥💖💯🎉✨🌹😇🥳")
_EMOJI_NEGATIVE = frozenset("😞😔😟🙁☹😣😖😫😩😢😭😤😠😡🤬👎💔🤮🤢😒🙄😓😰😱💩")

_NEGATED = -0.7
"""A negated word is the opposite, but weaker: "not great" is less than "bad"."""
_BEFORE_TURN, _AFTER_TURN = 0.5, 1.5
_SOFTENING = 4.0
_CLAUSE = re.compile(r"[，。！？；、,.!?;:：\n~～…（）()\s]+")
_EN_CLAUSE = re.compile(r"[.!?;,:\n()]+")
_EN_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_EN_WINDOW = 3
_LATIN_SPAN = re.compile(r"[a-z][a-z0-9'’ .,!?;:\-\n()]*")


def polarity(text: str) -> float | None:
    """Polarity from -1 to 1, or None where the text gives no evidence at all (which is not the same as neutral, 0)."""
    lowered = to_half_width(text).lower()
    values = _zh_values(lowered)
    for span in _LATIN_SPAN.findall(lowered):
        values += _en_values(span)
    values += [1.0 for character in lowered if character in _EMOJI_POSITIVE]
    values += [-1.0 for character in lowered if character in _EMOJI_NEGATIVE]
    if not values:
        return None
    total = sum(values)
    return total / math.sqrt(total * total + _SOFTENING)


def _zh_values(text: str) -> list[float]:
    pattern, weights = _zh_words()
    values: list[float] = []
    for clause in _CLAUSE.split(text):
        if not clause:
            continue
        turn = next((word for word in _ZH_TURNS if clause.startswith(word)), None)
        if turn is not None:
            values = [value * _BEFORE_TURN for value in values]
        scale = 1.0 if turn is None else _AFTER_TURN
        end = 0
        for match in pattern.finditer(clause):
            before = clause[max(end, match.start() - 4) : match.start()]
            values.append(scale * weights[match.group()] * _zh_modifier(before))
            end = match.end()
    return values


def _zh_modifier(before: str) -> float:
    """Effect of the up to four characters before a word, and after the word found earlier: negation times intensity."""
    factor = next((strength for word, strength in _ZH_INTENSIFIERS.items() if word in before), 1.0)
    negated = _ZH_NEGATION.search(before) is not None
    return factor * (_NEGATED if negated else 1.0)


@cache
def _zh_words() -> tuple[re.Pattern[str], dict[str, float]]:
    """All words as one pattern, longest first, so that 不错 and 不好吃 are found before 错 and 好吃."""
    weights = dict.fromkeys(_ZH_NEGATIVE.split(), -1.0) | dict.fromkeys(_ZH_POSITIVE.split(), 1.0)
    longest_first = sorted(weights, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), weights


@cache
def _en_words() -> dict[str, float]:
    return dict.fromkeys(_EN_NEGATIVE.split(), -1.0) | dict.fromkeys(_EN_POSITIVE.split(), 1.0)


def _en_values(text: str) -> list[float]:
    weights = _en_words()
    values: list[float] = []
    for clause in _EN_CLAUSE.split(text):
        found = [word.replace("’", "'") for word in _EN_WORD.findall(clause)]
        scale = 1.0
        for position, word in enumerate(found):
            if word in ("but", "however", "though", "although"):
                values = [value * _BEFORE_TURN for value in values]
                scale = _AFTER_TURN
                continue
            weight = weights.get(word, weights.get(stem(word)))
            if weight is not None:
                values.append(scale * weight * _en_modifier(found[max(0, position - _EN_WINDOW) : position], word))
    return values


def _en_modifier(before: list[str], word: str) -> float:
    factor = 1.0
    for other in before:
        factor *= _EN_INTENSIFIERS.get(other, 1.0)
    if word in ("never", "nothing"):
        return 0.5 * factor
    negated = any(other in _EN_NEGATORS for other in before)
    if negated and word in _EN_WEAK_NEGATED:
        return -1.0 * factor
    return factor * (_NEGATED if negated else 1.0)
