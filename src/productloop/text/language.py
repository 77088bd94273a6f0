"""Which language a text is in, by counting scripts: Chinese, English, mixed, Japanese, Korean or other.

Why not a trained detector: users of Chinese apps write "APP老是闪退", and detectors trained on clean sentences swallow the English
word or the Chinese one. Counting scripts is right for this pair, costs microseconds and needs no file.

How it decides: one Latin word weighs as much as 1.6 Han characters (the mean length of a Chinese word in running text, Unicode
ranges of scripts from the Unicode Character Database, Scripts.txt). Full-width Latin letters and half-width kana count as their
script. A Latin text counts as English unless its accented letters or its little words say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LanguageCode = Literal["zh", "en", "mixed", "ja", "ko", "other"]

_HAN, _KANA, _HANGUL, _LATIN, _ACCENTED, _OTHER = 1, 2, 3, 4, 5, 6
_NUM_SCRIPTS = 7

_RANGES: tuple[tuple[int, int, int], ...] = (
    (0x0041, 0x005A, _LATIN),
    (0x0061, 0x007A, _LATIN),
    (0x00C0, 0x00D6, _ACCENTED),
    (0x00D8, 0x00F6, _ACCENTED),
    (0x00F8, 0x024F, _ACCENTED),
    (0x0370, 0x10FF, _OTHER),  # Greek, Cyrillic, Hebrew, Arabic, Indic, Thai, Georgian
    (0x1100, 0x11FF, _HANGUL),
    (0x1200, 0x1CFF, _OTHER),
    (0x1E00, 0x1EFF, _ACCENTED),
    (0x1F00, 0x1FFF, _OTHER),
    (0x3005, 0x3007, _HAN),
    (0x3041, 0x3096, _KANA),
    (0x30A1, 0x30FA, _KANA),
    (0x3105, 0x312F, _HAN),  # Bopomofo
    (0x3131, 0x318E, _HANGUL),
    (0x31F0, 0x31FF, _KANA),
    (0x3400, 0x4DBF, _HAN),
    (0x4E00, 0x9FFF, _HAN),
    (0xAC00, 0xD7A3, _HANGUL),
    (0xF900, 0xFAFF, _HAN),
    (0xFF21, 0xFF3A, _LATIN),  # full-width A-Z
    (0xFF41, 0xFF5A, _LATIN),  # full-width a-z
    (0xFF66, 0xFF6F, _KANA),  # half-width kana
    (0xFF71, 0xFF9D, _KANA),
    (0x20000, 0x323AF, _HAN),
)

_HAN_PER_WORD = 1.6
_ZH_SHARE = 0.65
"""From this share of words on, a text is Chinese with English words in it rather than mixed."""
_EN_SHARE = 0.15
"""Up to this share of Chinese words, a text is English."""
_KANA_SHARE = 0.2
"""Running Japanese is about half kana; a single decorative の does not make a Chinese name Japanese."""
_HANGUL_SHARE = 0.3
_ACCENTED_SHARE = 0.04
"""English borrows a few accented words (café); French, German, Spanish, Portuguese and Vietnamese have more."""

_OTHER_LITTLE_WORDS_TEXT = """
c'est très bien merci beaucoup avec el la los las de del que y en un una es por con para no muy le les des et est une pas pour dans
je il der die das und ist nicht ein eine ich mit auf zu di che non per sono molto o os um uma não com mais muito het een van niet ik
yang dan tidak ini untuk saya
"""
_OTHER_LITTLE_WORDS = frozenset(_OTHER_LITTLE_WORDS_TEXT.split())
_ENGLISH_LITTLE_WORDS_TEXT = """
the a an is are was be to of and in it i my me you your this that for on with not no have has do does can can't don't but so very
good great please how what when why app all at from or if as they we
"""
_ENGLISH_LITTLE_WORDS = frozenset(_ENGLISH_LITTLE_WORDS_TEXT.split())
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f']+")


def detect(text: str) -> LanguageCode:
    """Language of one text; "other" where there is no letter at all."""
    return detect_many([text])[0]


def detect_many(texts: Sequence[str]) -> list[LanguageCode]:
    """Languages of many texts, (n,) codes in the order of `texts`; the same answers as `detect` one by one."""
    counts, latin_words = _count_scripts(texts)
    codes: list[LanguageCode] = []
    for text, row, num_words in zip(texts, counts.tolist(), latin_words.tolist(), strict=True):
        codes.append(_decide(text, row, num_words))
    return codes


def _decide(text: str, counts: list[int], num_latin_words: int) -> LanguageCode:
    han, kana, hangul, latin, accented, other = counts[1:]
    asian = han + kana + hangul
    letters = asian + latin + accented + other
    if letters == 0 or other > max(asian, latin + accented):
        return "other"
    if hangul > _HANGUL_SHARE * asian and hangul >= latin * 0.5:
        return "ko"
    if kana >= 2 and kana > _KANA_SHARE * asian and asian >= num_latin_words:
        return "ja"
    zh_words = han / _HAN_PER_WORD
    share = zh_words / (zh_words + num_latin_words) if zh_words + num_latin_words else 0.0
    if share >= _ZH_SHARE:
        return "zh"
    if share > _EN_SHARE:
        return "mixed"
    return "en" if _is_english(text, latin, accented) else "other"


def _is_english(text: str, latin: int, accented: int) -> bool:
    if latin + accented == 0 or accented > _ACCENTED_SHARE * (latin + accented):
        return False
    words = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH_LITTLE_WORDS for word in words)
    foreign = sum(word in _OTHER_LITTLE_WORDS for word in words)
    return not (foreign >= 2 and foreign > english)


@cache
def _script_table() -> NDArray[np.uint8]:
    """Script of every code point, 1.1 MB, built once."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for first, last, script in _RANGES:
        table[first : last + 1] = script
    table[[0x00D7, 0x00F7]] = 0  # multiplication and division signs
    return table


def _count_scripts(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Letters of each script, (n, 7), and runs of Latin letters (words), (n,)."""
    num_texts = len(texts)
    # a line feed closes each text, so that no word runs over into the next one
    joined = "\n".join(texts) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    scripts = _script_table()[points]
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=num_texts)
    owner = np.repeat(np.arange(num_texts), lengths) if num_texts else np.zeros(1, dtype=np.int64)
    counts = np.bincount(owner * _NUM_SCRIPTS + scripts, minlength=num_texts * _NUM_SCRIPTS)[: num_texts * _NUM_SCRIPTS]
    latin = (scripts == _LATIN) | (scripts == _ACCENTED)
    starts = latin.copy()
    starts[1:] &= ~latin[:-1]
    words = np.bincount(owner[starts], minlength=num_texts)[:num_texts]
    return counts.reshape(num_texts, _NUM_SCRIPTS), words
