"""Feedback as it arrives -> the words a person meant: markup, quoted mail, signatures and invisible characters go, emoji stay.

Each step is a list of edits (start, end, replacement), so that one implementation serves `clean` and `clean_with_offsets`.
Nothing that carries meaning is removed: Chinese punctuation keeps its width, emoji are kept and set apart by blanks so that
they are words of their own, and `a < b` or `<3` are not taken for tags (only names from the HTML standard are).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Edit = tuple[int, int, str]
"""text[start:end] becomes the replacement; edits of one step are in order and do not overlap."""

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

_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
"""What `html.unescape` looks for (HTML standard, 13.2.5.72)."""

_REPLY = re.compile(
    r"(?:\s*(?:[-—_=*]{2,})\s*|\n\s*)[【\[(（]?(?:开发者|开发商|商家|卖家|官方|客服)(?:的)?(?:回复|回應|回复内容)[】\])）]?\s*[:：].*"
    r"|(?:\s*(?:[-—_=*]{2,})\s*|\n\s*)(?:(?:developer|seller|owner|merchant)(?:'s)?|response from(?: the)? (?:developer"
    r"|owner))\s*(?:response|reply)?\s*[:：].*",
    re.IGNORECASE | re.DOTALL,
)
"""What the developer answered, which some stores' exports append on a new line or after a rule."""
_DEVICE_LINE = re.compile(
    r"\s*(?:(?<![^\s.,!?。，！？])(?:sent|get outlook) (?:from my|for) (?:iphone|ipad|ios|android|samsung(?: galaxy)?|huawei"
    r"|xiaomi|mobile|phone)(?: (?:\d+\w?|pro|plus|max|mini|ultra|device|phone))*"
    r"|(?:发自|来自)我的?\s?(?:iPhone|iPad|华为|小米|三星|手机|安卓|Android)(?: ?(?:\d+|pro|plus|max|mini|ultra|手机|客户端))*)[.。]?\s*$",
    re.IGNORECASE,
)
_DEVICE_WORDS = re.compile(r"[Ss]ent from|[Gg]et [Oo]utlook|SENT FROM|发自|来自")
_LABEL = re.compile(
    r"^[ \t>#*\-•\d.、(（【\[]*(?:steps? to reproduce|reproduction steps|repro steps|expected (?:behaviou?r|results?)"
    r"|actual (?:behaviou?r|results?)"
    r"|describe (?:the|your) (?:bug|issue|problem)|(?:issue |bug |problem )?description|device(?: info(?:rmation)?| model)?"
    r"|environment|app version|os(?: version)?"
    r"|operating system|browser|additional (?:context|information|comments)|how can we help(?: you)?|your (?:message|feedback"
    r"|question)|message|category|order (?:number|id)"
    r"|what happened|summary|severity|priority|attachments?|screenshots?|contact(?: info(?:rmation)?)?"
    r"|问题描述|问题详情|问题类型|问题分类|反馈内容|反馈类型|详细描述|描述|复现步骤|重现步骤|操作步骤|期望结果|预期结果|实际结果|设备信息|设备型号|手机型号|机型|系统版本|操作系统|系统"
    r"|软件版本|应用版本|版本号|版本|浏览器|网络环境|联系方式|联系电话|订单号|订单编号|发生时间|截图|附件|备注|补充说明|建议内容|标题|用户建议)"
    r"\**[】\])）]?\**[ \t]*(?:\((?:optional|required)\)|[(（](?:选填|必填|可选)[)）])?[ \t]*(?:[:：]\**[ \t]*|(?<=[】\]])[ \t]*|$)",
    re.IGNORECASE | re.MULTILINE,
)
_MIN_LABELS = 2
"""One label alone ("Summary: I like it") may be the writer's own; two or more are a form."""
_FORM_LINE = re.compile(
    r"^[ \t]*(?:#*[-–— ]*please type your reply above this line[-–— #]*|(?:this is an )?(?:automated|automatic) (?:message|reply"
    r"|response|email)\b.*"
    r"|thank you for (?:contacting|reaching out to|getting in touch with) .{2,80}|your (?:request|ticket"
    r"|case) (?:\(?#?\w+\)? )?has been (?:received|created|updated).*"
    r"|(?:ticket|case|request) (?:id|no\.?|number)?\s*[:#：]\s*\w{2,20}|you (?:are receiving|received) this (?:email|message"
    r"|because).*|do not reply to this .*"
    r"|(?:您好|尊敬的用户|亲爱的用户|亲)?[，,！! ]*(?:欢迎(?:使用|咨询|光临|联系).{0,30}(?:客服|服务|中心|反馈).{0,20}"
    r"|感谢您的(?:反馈|来信|咨询|支持).{0,40}(?:尽快|处理|回复|联系).{0,20})"
    r"|(?:此|本)(?:邮件|消息|信息)(?:为|由).{0,10}自动(?:发送|回复|生成).*|(?:工单|单号|工单号|工单编号)\s*[:：#]\s*\w{2,20}|请勿(?:直接)?回复.{0,20})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)

_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_LINES = re.compile(r"\s*\n\s*")
_BREAKS = re.compile(r"\r\n?")


def clean(text: str) -> str:
    """One text made plain: the steps below in order. Lines are kept, as single line feeds.

    Deleted markers are not touched here, because the caller must store the fact: see `strip_deleted_marker`.
    """
    for step in _STEPS:
        text = _edited(text, step(text))
    return text


def clean_with_offsets(text: str) -> tuple[str, NDArray[np.int64]]:
    """(clean(text), index): character i of the clean text begins at `text[index[i]]`; `index` is one longer, its last the end.

    So `cleaned[start:end]` was `text[index[start] : index[end]]`, together with what was removed within it.
    """
    starts, ends = np.arange(len(text)), np.arange(1, len(text) + 1)
    for step in _STEPS:
        edits = step(text)
        if edits:
            sources = _sources(len(text), edits)
            # a character put in stands at the place of what it replaces
            padded_starts, padded_ends = np.append(starts, ends[-1:]), np.append(ends, ends[-1:])
            starts, ends = padded_starts[sources[:, 0]], np.where(sources[:, 1] > 0, padded_ends[sources[:, 1] - 1], 0)
            text = _edited(text, edits)
    return text, np.append(starts, ends[-1] if len(ends) else 0).astype(np.int64)


def strip_deleted_marker(text: str) -> tuple[str, bool]:
    """(text without the store's marker 「（该条评论已经被删除）」, whether it was there)."""
    rest = _DELETED.sub("", text, count=1)
    return rest, rest != text and _DELETED.match(text) is not None


def strip_html(text: str) -> str:
    """Tags out, line-breaking ones as line feeds, entities as their characters; text without `<` or `&` comes back as it is."""
    for step in (_hidden, _breaking_tags, _tags, _entities):
        text = _edited(text, step(text))
    return text


def to_half_width(text: str) -> str:
    """Full-width letters, digits and technical signs as ASCII; Chinese punctuation stays full-width."""
    return text.translate(_NARROW)


def separate_emoji(text: str) -> str:
    """Blanks around each run of emoji; the emoji themselves stay."""
    return _edited(text, _emoji(text))


def find_emoji(text: str) -> list[str]:
    """Runs of emoji in the order they stand in the text."""
    return [match.group() for match in _EMOJI.finditer(text)]


def strip_quoted_mail(text: str) -> str:
    """What the writer wrote: quoted lines, the mail that was answered, and signatures are cut.

    If nothing would be left (a mail that is only a quotation), the text comes back whole: silence is not an answer.
    """
    return _edited(text, _quoted_mail(text))


def strip_reply(text: str) -> str:
    """The review without the developer's answer appended to it; an answer with no review before it stays."""
    return _edited(text, _reply(text))


def strip_form(text: str) -> str:
    """The answers of a form without its labels ("Steps to reproduce:", 「问题描述：」), ticket numbers and automatic greetings."""
    for step in (_form_lines, _labels):
        text = _edited(text, step(text))
    return text


def tidy_whitespace(text: str) -> str:
    """Invisible characters out, runs of blanks as one, empty lines out, ends trimmed."""
    for step in (_line_ends, _invisible, _blanks, _empty_lines, _ends):
        text = _edited(text, step(text))
    return text


def _edited(text: str, edits: Sequence[Edit]) -> str:
    if not edits:
        return text
    parts: list[str] = []
    position = 0
    for start, end, replacement in edits:
        parts += (text[position:start], replacement)
        position = end
    return "".join(parts) + text[position:]


def _sources(length: int, edits: Sequence[Edit]) -> NDArray[np.int64]:
    """(first, one past the last) character of the text before the edits for each one after them."""
    parts: list[NDArray[np.int64]] = []
    position = 0
    for start, end, replacement in edits:
        kept = np.arange(position, start)
        parts += (np.stack([kept, kept + 1], axis=1), np.tile(np.array([[start, end]]), (len(replacement), 1)))
        position = end
    kept = np.arange(position, length)
    return np.concatenate([*parts, np.stack([kept, kept + 1], axis=1)]).astype(np.int64)


def _replaced(pattern: re.Pattern[str], text: str, replacement: str) -> list[Edit]:
    return [(*match.span(), replacement) for match in pattern.finditer(text) if match.group() != replacement]


def _hidden(text: str) -> list[Edit]:
    return _replaced(_HIDDEN, text, " ") if "<" in text else []


def _breaking_tags(text: str) -> list[Edit]:
    return _replaced(_BREAK, text, "\n") if "<" in text else []


def _tags(text: str) -> list[Edit]:
    return _replaced(_TAG, text, "") if "<" in text else []


def _entities(text: str) -> list[Edit]:
    if "&" not in text:
        return []
    found = ((match.span(), match.group(), html.unescape(match.group())) for match in _ENTITY.finditer(text))
    return [(*span, new) for span, old, new in found if new != old]


def _wide(text: str) -> list[Edit]:
    if text.isascii():
        return []
    narrow = text.translate(_NARROW)
    return (
        [(place, place + 1, new) for place, (old, new) in enumerate(zip(text, narrow, strict=True)) if old != new] if narrow != text else []
    )


def _emoji(text: str) -> list[Edit]:
    if text.isascii():
        return []
    return [(place, place, " ") for match in _EMOJI.finditer(text) for place in match.span()]


def _reply(text: str) -> list[Edit]:
    match = _REPLY.search(text) if "回" in text or "respon" in text.lower() or "reply" in text.lower() else None
    return [(*match.span(), "")] if match and text[: match.start()].strip() else []


def _device(text: str) -> list[Edit]:
    match = _DEVICE_LINE.search(text) if _DEVICE_WORDS.search(text) else None
    return [(*match.span(), "")] if match and text[: match.start()].strip() else []


def _form_lines(text: str) -> list[Edit]:
    edits = _replaced(_FORM_LINE, text, "")
    return edits if edits and _edited(text, edits).strip() else []


def _labels(text: str) -> list[Edit]:
    if "\n" not in text:
        return []
    edits = _replaced(_LABEL, text, "")
    return edits if len(edits) >= _MIN_LABELS and _edited(text, edits).strip() else []


def _quoted_mail(text: str) -> list[Edit]:
    if "\n" not in text and len(text.splitlines()) < 2:
        return []
    lines = text.splitlines()
    kept = _kept_lines(lines)
    if not any(lines[number].strip() for number in kept):
        return []
    edits: list[Edit] = []
    place = 0
    wanted, last = set(kept), max(kept)
    for number, whole in enumerate(text.splitlines(keepends=True)):
        end, next_place = place + len(lines[number]), place + len(whole)
        if number not in wanted:
            edits.append((place, next_place, ""))
        elif number == last and next_place > end:
            edits.append((end, next_place, ""))
        elif number != last and text[end:next_place] != "\n":
            edits.append((end, next_place, "\n"))
        place = next_place
    return edits


def _kept_lines(lines: Sequence[str]) -> list[int]:
    """Numbers of the lines that the writer wrote."""
    kept: list[int] = []
    for number, line in enumerate(lines):
        if _QUOTE_HEADERS.match(line) or _is_mail_header(lines, number):
            break
        if line.strip() == "--" or _SIGNATURE.match(line):
            if kept or line.strip() == "--":
                break
            continue
        if not line.lstrip().startswith(">"):
            kept.append(number)
    filled = [place for place, number in enumerate(kept) if lines[number].strip()]
    for place in filled[-_CLOSING_LINES:]:
        if place != filled[0] and _CLOSING.match(lines[kept[place]]):
            return kept[:place]
    return kept


def _is_mail_header(lines: Sequence[str], number: int) -> bool:
    """Two different mail fields in a row (From:, Sent:) start a quoted mail; one alone may be the user's own words."""
    if not _MAIL_FIELD.match(lines[number]):
        return False
    return number + 1 < len(lines) and _MAIL_FIELD.match(lines[number + 1]) is not None


def _line_ends(text: str) -> list[Edit]:
    return _replaced(_BREAKS, text, "\n") if "\r" in text else []


def _invisible(text: str) -> list[Edit]:
    return _replaced(_INVISIBLE, text, "")


def _blanks(text: str) -> list[Edit]:
    return _replaced(_BLANKS, text, " ")


def _empty_lines(text: str) -> list[Edit]:
    return _replaced(_LINES, text, "\n") if "\n" in text else []


def _ends(text: str) -> list[Edit]:
    left, right = len(text) - len(text.lstrip()), len(text.rstrip())
    if right == 0:
        return [(0, len(text), "")] if text else []
    return [(start, end, "") for start, end in ((0, left), (right, len(text))) if start < end]


_STEPS: tuple[Callable[[str], list[Edit]], ...] = (
    *(_hidden, _breaking_tags, _tags, _entities),
    *(_wide, _reply, _quoted_mail, _device, _form_lines, _labels),
    *(_emoji, _line_ends, _invisible, _blanks, _empty_lines, _ends),
)
