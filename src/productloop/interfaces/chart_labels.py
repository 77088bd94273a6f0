"""Labels of charts: short dates, wrapped names, short numbers, and how wide a text is.

Width is counted in halves of an em: East Asian wide characters take two, all others one (Unicode Standard Annex #11).
"""

from __future__ import annotations

import re
import unicodedata

from productloop.foundation.page import date_positions
from productloop.foundation.wording import Language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PIECES = re.compile(r"[^\W\d_a-zA-Z]|\s+|[^\s\u2e80-\uffff]+|.", re.DOTALL)


def text_width(text: str) -> int:
    """Width of a text in halves of an em."""
    return sum(0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def cut(text: str, columns: int) -> str:
    """The text, at most `columns` wide, with an ellipsis where it was cut."""
    if text_width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character) > columns - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """The text in at most `most` lines of `columns`: broken at spaces and between Chinese characters, longer words are cut."""
    columns = max(columns, 4)
    lines = [""]
    for piece in _PIECES.findall(" ".join(text.split())):
        if text_width(lines[-1] + piece) <= columns:
            lines[-1] += piece
        elif piece.isspace():
            lines.append("")
        elif lines[-1].strip():
            lines.append(piece)
        else:
            lines[-1] = piece
    lines = [line.strip() for line in lines if line.strip()] or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [cut(line, columns) for line in lines]


def date_labels(names: list[str], language: Language) -> list[str] | None:
    """Short dates ("Mar 2", 「3月2日」), with the year where it is first seen if there are several; None where labels are not dates."""
    if date_positions(names) is None:
        return None
    several = len({name[:4] for name in names}) > 1
    labels, before = [], ""
    for name in names:
        year, month, day = name[:4], int(name[5:7]), int(name[8:]) if len(name) == 10 else None
        written = {"zh": f"{month}月" + (f"{day}日" if day else ""), "en": _MONTHS[month - 1] + (f" {day}" if day else "")}
        label = written[language]
        if several and year != before:
            label = f"{year}年{label}" if language == "zh" else f"{label} {year}"
        before = year
        labels.append(label)
    return labels


def thinned(num_labels: int, most: int) -> list[int]:
    """Evenly spaced places, at most `most`, the first always among them."""
    step = max(1, -(-num_labels // max(most, 1)))
    return list(range(0, num_labels, step))


def number_label(value: float, share: bool, language: Language) -> str:
    """A value as it stands on a chart: "18 %", "4.2", "12,300", "1.2M", 「120 万」."""
    if share:
        percent = 100 * value
        return f"{percent:.1f} %" if 0 < abs(percent) < 10 and not percent.is_integer() else f"{percent:.0f} %"
    size = abs(value)
    if language == "zh" and size >= 100_000:
        return f"{value / 1e8:.3g} 亿" if size >= 1e8 else f"{value / 1e4:,.4g} 万"
    if language == "en" and size >= 1_000_000:
        return f"{value / 1e9:.3g}B" if size >= 1e9 else f"{value / 1e6:.3g}M"
    if size >= 1000 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.3g}"
