"""Feedback as it arrives -> the words a person meant: markup, quoted mail, signatures and invisible characters go, emoji stay.

Nothing that carries meaning is removed: Chinese punctuation keeps its width, emoji are kept and set apart by blanks so that
they are words of their own, and `a < b` or `<3` are not taken for tags (only names from the HTML standard are).
"""

from __future__ import annotations

import html
import re

DELETED_MARKER = "（该条评论已经被删除）"
"""What app stores' exports put before a review that was taken down. It predicts the star, so it must never reach a model."""

_DELETED = re.compile(r"^\s*[（(]\s*该条评论已经?被?删除\s*[）)]\s*")

_TAG_NAMES = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|button|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|fieldset|figcaption|figure|font|footer|"
    "form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|legend|li|link|main|mark|meta|nav|object|ol|option|p|picture|pre|q|s|samp|section|select|"
    "small|source|span|strike|strong|sub|summary|sup|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|audio|svg|path|o:p"
)
_HIDDEN = re.compile(r"<(script|style|head)\b[^>]*>.*?</\1\s*>|<!--.*?-->|<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*|/)?>", re.IGNORECASE)

# Letters, digits and technical signs become half-width; ， ！ ？ ： ； （ ） ～ are right in Chinese and stay.
_KEPT_WIDE = "，！？：；（）～"
_NARROW = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F) if chr(point) not in _KEPT_WIDE} | {0x3000: " "}
# Soft hyphen, zero-width space and joiners outside emoji, direction marks, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0e-\x1f\x7f]")

_EMOJI_ATOM = (
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f900-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
)
_EMOJI = re.compile(rf"(?:{_EMOJI_ATOM}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?(?:\u200d{_EMOJI_ATOM}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?)*)+")

_QUOTE_HEADERS = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|forwarded message|原始邮件|转发邮件|邮件原件)\s*-{2,}.*"
    r"|on\b.{4,120}\bwrote\s*[:：]\s*"
    r"|(?:在\s*)?\d{4}\s*[年/-].{0,80}写道\s*[:：]\s*"
    r"|.{0,60}于.{4,60}写道\s*[:：]\s*"
    r"|_{10,}\s*"
    r")$",
    re.IGNORECASE,
)
_MAIL_FIELD = re.compile(r"^\s*\*?(from|sent|to|subject|date|发件人|发送时间|收件人|主题|日期)\*?\s*[:：]", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^\s*(?:--\s?|(?:sent|get outlook) (?:from my|from|for) .{2,60}|发自我的.{1,40}|发自.{0,20}(?:客户端|手机|邮箱).{0,10}"
    r"|来自.{0,20}(?:客户端|手机)|通过.{1,20}客户端发送)\s*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:best(?: regards| wishes)?|kind regards|regards|many thanks|thanks|cheers|sincerely|yours (?:sincerely|truly)"
    r"|此致|顺祝商祺|祝好|敬礼)\s*[,，!！.。]?\s*$",
    re.IGNORECASE,
)
_CLOSING_LINES = 4
"""A closing word counts as a signature only this near the end: "thanks" in the middle of a text is not one."""

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """One text made plain: the steps below in order. Lines are kept, as single line feeds.

    Deleted markers are not touched here, because the caller must store the fact: see `strip_deleted_marker`.
    """
    plain = strip_html(text)
    plain = strip_quoted_mail(to_half_width(plain))
    return tidy_whitespace(separate_emoji(plain))


def strip_deleted_marker(text: str) -> tuple[str, bool]:
    """(text without the store's marker 「（该条评论已经被删除）」, whether it was there)."""
    rest = _DELETED.sub("", text, count=1)
    return rest, rest != text and _DELETED.match(text) is not None


def strip_html(text: str) -> str:
    """Tags out, line-breaking ones as line feeds, entities as their characters; text without `<` or `&` comes back as it is."""
    if "<" in text:
        text = _HIDDEN.sub(" ", text)
        text = _TAG.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def to_half_width(text: str) -> str:
    """Full-width letters, digits and technical signs as ASCII; Chinese punctuation stays full-width."""
    return text.translate(_NARROW)


def separate_emoji(text: str) -> str:
    """Blanks around each run of emoji; the emoji themselves stay."""
    return _EMOJI.sub(lambda match: f" {match.group()} ", text)


def find_emoji(text: str) -> list[str]:
    """Runs of emoji in the order they stand in the text."""
    return [match.group() for match in _EMOJI.finditer(text)]


def strip_quoted_mail(text: str) -> str:
    """What the writer wrote: quoted lines, the mail that was answered, and signatures are cut.

    If nothing would be left (a mail that is only a quotation), the text comes back whole: silence is not an answer.
    """
    lines = text.splitlines()
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _QUOTE_HEADERS.match(line) or _is_mail_header(lines, number):
            break
        if line.strip() == "--" or _SIGNATURE.match(line):
            if kept or line.strip() == "--":
                break
            continue
        if not line.lstrip().startswith(">"):
            kept.append(line)
    kept = _cut_closing(kept)
    return "\n".join(kept) if any(line.strip() for line in kept) else text


def tidy_whitespace(text: str) -> str:
    """Invisible characters out, runs of blanks as one, empty lines out, ends trimmed."""
    visible = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n", _BLANKS.sub(" ", visible)).strip()


def _is_mail_header(lines: list[str], number: int) -> bool:
    """Two different mail fields in a row (From:, Sent:) start a quoted mail; one alone may be the user's own words."""
    if not _MAIL_FIELD.match(lines[number]):
        return False
    return number + 1 < len(lines) and _MAIL_FIELD.match(lines[number + 1]) is not None


def _cut_closing(lines: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for number in filled[-_CLOSING_LINES:]:
        if number != filled[0] and _CLOSING.match(lines[number]):
            return lines[:number]
    return lines
