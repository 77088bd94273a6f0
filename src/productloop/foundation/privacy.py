"""What is stored of personal details: tags in texts, classes of columns, keyed names for joining.

Masking replaces each detail that `recognisers.find` sees by a tag that is the same in every language: [email], [phone], [id], [card],
[ip], [link], [name], [address]. Masking a masked text changes nothing.
A pseudonym is the first 24 hexadecimal digits (96 bits) of HMAC-SHA256 (RFC 2104) over kind and normalised value: equal contacts join,
nobody without the key can go back, and among a billion people two share one with a chance below 1e-10 (birthday bound).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from productloop.foundation.recognisers import DetailKind, Span, find, is_bank_card, is_id_card, plain

__all__ = [
    "TAGS",
    "ColumnClass",
    "Detail",
    "DetailKind",
    "Masked",
    "Span",
    "classify_column",
    "find",
    "mask",
    "mask_many",
    "normalise_contact",
    "pseudonym",
    "row_hmac",
]

TAGS: dict[DetailKind, str] = {
    "email": "[email]",
    "mobile": "[phone]",
    "landline": "[phone]",
    "id_card": "[id]",
    "bank_card": "[card]",
    "ip": "[ip]",
    "url_token": "[link]",
    "name": "[name]",
    "address": "[address]",
}


# --- texts -------------------------------------------------------------------------------------------------------------------------------


class Detail(NamedTuple):
    """One detail taken out of a text: as written, and in the form in which equal details are equal."""

    kind: DetailKind
    value: str
    normalised: str


class Masked(NamedTuple):
    """A text with tags in place of its details, and the details in order of place."""

    text: str
    details: tuple[Detail, ...]


def mask(text: str, own_words: frozenset[str] = frozenset()) -> Masked:
    """Replace the personal details of a text by tags, except the product's own words and addresses.

    A detail is the product's own if it stands inside one of `own_words` or equals one, whatever its spacing and case.
    """
    details: list[Detail] = []
    while spans := _foreign(text, find(text), own_words):
        pieces, end, found = [], 0, []
        for span in spans:
            value = text[span.start : span.end]
            pieces += [text[end : span.start], TAGS[span.kind]]
            found.append(Detail(span.kind, value, _normalised(span.kind, value)))
            end = span.end
        # A detail can come to light only when its neighbour is gone; each round takes digits, an @ or letters away, so this ends.
        text = "".join((*pieces, text[end:]))
        details += found
    return Masked(text, tuple(details))


def mask_many(texts: Sequence[str | None], own_words: frozenset[str] = frozenset()) -> list[Masked | None]:
    """`mask` for a column: each distinct value is masked once; None stays None."""
    done: dict[str | None, Masked | None] = {None: None}
    for text in texts:
        if text not in done:
            assert text is not None
            done[text] = mask(text, own_words)
    return [done[text] for text in texts]


def _foreign(text: str, spans: list[Span], own_words: frozenset[str]) -> list[Span]:
    """The spans that are not the product's own."""
    if not spans or not own_words:
        return spans
    line = plain(text).lower()
    own = {plain(word).lower() for word in own_words if word}
    own_normalised = {_normalised(span.kind, word) for word in own for span in find(word) if span.end - span.start == len(word)}
    places = [(at.start(), at.end()) for word in own for at in re.finditer(re.escape(word), line)]
    return [
        span
        for span in spans
        if _normalised(span.kind, text[span.start : span.end]) not in own_normalised
        and not any(first <= span.start and span.end <= last for first, last in places)
    ]


def _normalised(kind: DetailKind, value: str) -> str:
    value = plain(value).strip()
    if kind == "email":
        return re.sub(r"\s", "", re.sub(r"[(\[] ?at ?[)\]]", "@", re.sub(r" ?[(\[] ?dot ?[)\]] ?|。", ".", value.lower())))
    if kind in ("mobile", "landline"):
        return _phone_number(value) or value
    if kind == "ip":
        return ipaddress.ip_address(value).compressed
    if kind == "url_token":
        return value
    if kind in ("name", "address"):
        return re.sub(r"[\s,，]+", " ", value.lower())
    return re.sub("[^0-9X]", "", value.upper())


# --- identity ----------------------------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"[a-z0-9._%+'\u00df-\u024f-]{1,64}@(?:[a-z0-9\u00df-\u024f](?:[a-z0-9\u00df-\u024f-]{0,62})\.)+[a-z]{2,24}")
_PHONE_SHAPE = re.compile(r"[(]?\+?[0-9(][0-9 ().\-/]{5,24}")
_EXTENSION = re.compile(r" ?(?:转|轉|ext\.?|x|#) ?[0-9]{1,6}$", re.IGNORECASE)
_OPAQUE_KINDS = frozenset({"openid", "unionid"})


def normalise_contact(value: str, kind: str | None = None) -> tuple[str, str] | None:
    """(kind, one form) of a contact detail, so that the same person is the same wherever they are written; None if it is none.

    "138-0013-8000", "+86 138 0013 8000" and "13800138000.0" (a spreadsheet's number) are all ("phone", "+8613800138000").
    Kinds are "email", "phone", "id_card" and, because only a header can say so, "openid", "unionid" and "ip" when `kind` asks for them.
    A detail with hidden characters (138****1234, j***@x.com) belongs to many people and is never a key: None.
    """
    text = plain(value).strip()
    if kind in _OPAQUE_KINDS:
        return (kind, text) if len(text) >= 6 and not re.search(r"[\s*•…]", text) else None
    if kind == "ip":
        try:
            return "ip", ipaddress.ip_address(text).compressed
        except ValueError:
            return None
    address = text.lower().removeprefix("mailto:")
    if "@" in address:
        return ("email", address) if kind in (None, "email") and _EMAIL.fullmatch(address) else None
    number = re.sub("[ -]", "", text).upper()
    if kind in (None, "id_card") and is_id_card(number):
        return "id_card", number
    phone = _phone_number(re.sub(r"\.0$", "", text.removeprefix("tel:"))) if kind in (None, "phone") else None
    return None if phone is None else ("phone", phone)


def _phone_number(text: str) -> str | None:
    """The number as E.164 where its country is known, else its digits; None unless it has 7 to 15 digits and no other signs."""
    text = _EXTENSION.sub("", text)
    if re.fullmatch(r".*[0-9]{7,8}-[0-9]{1,4}", text):  # 010-88888888-801
        text = text.rsplit("-", 1)[0]
    if not _PHONE_SHAPE.fullmatch(text):
        return None
    international = text.lstrip("( ").startswith(("+", "00"))
    digits = re.sub("[^0-9]", "", text)
    if international:
        digits = digits.removeprefix("00") if not text.lstrip("( ").startswith("+") else digits
    elif re.fullmatch("0?1[3-9][0-9]{9}", digits):
        digits, international = "86" + digits.removeprefix("0"), True
    elif re.fullmatch("86(?:1[3-9][0-9]{9})|852[4-9][0-9]{7}", digits):
        international = True
    elif re.fullmatch("0(?:10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}", digits):
        digits, international = "86" + digits[1:], True
    elif re.fullmatch("1?[2-9][0-9]{2}[2-9][0-9]{6}", digits):
        digits, international = "1" + digits[-10:], True
    if international and digits.startswith("860"):  # +86 (0)10 ...
        digits = "86" + digits[3:]
    if not 7 <= len(digits) <= 15:
        return None
    return "+" + digits if international else digits


def pseudonym(key: bytes, kind: str, normalised: str) -> str:
    """The letters p_ and 24 hexadecimal digits: the same for the same contact under one key, and nothing to anybody else."""
    return "p_" + hmac.new(key, f"{kind}\x00{normalised}".encode(), hashlib.sha256).hexdigest()[:24]


def row_hmac(key: bytes, row: bytes) -> str:
    """64 hexadecimal digits that identify a raw row (before masking) without telling what it says."""
    return hmac.new(key, row, hashlib.sha256).hexdigest()


# --- columns -----------------------------------------------------------------------------------------------------------------------------

ColumnClass = Literal["keep", "mask", "pseudonym", "drop"]

_NAME_ZH = re.compile(
    r"姓名|姓氏|名字|昵称|暱稱|网名|用户名|用戶名|用户名称|会员名|会员昵称|作者|评论者|评价人|评论人|发布者|发帖人|楼主|博主|联系人|收件人|收货人|寄件人|客户名|客户姓名|顾客"
    r"|买家(?!评|留言)|经办人|负责人|申请人|持卡人|真实姓名|账号名|微信名|法人"
    r"|提交人|提交者|反馈人|填写人|评论用户|创建人|报告人|经手人"
)
_NAME_EN = re.compile(
    r"(?:(?:user|customer|client|member|author|reviewer|contact|buyer|guest|player|patient|employee|owner|holder|recipient"
    r"|consignee|sender|account|agent|full|first|last|middle"
    r"|given|family|maiden|nick|display|screen|real|legal|contact person|card holder|profile|person)(?: ?s)?(?: user)? ?name"
    r"|name|surname|forename|(?:reviewer )?nickname|username|nick|handle|author|reviewer|contact"
    r"|reporter|creator|created by|submitter|assignee"
    r"|contact person|recipient|consignee|cardholder|screenname)"
)
_ADDRESS_ZH = re.compile(
    r"(?<!邮箱)(?<!邮件)(?<!网)(?<!链接)(?<!页面)(?<!图片)(?<!钱包)(?<!站点)(?<![Pp])(?<![Cc])地址|住址|门牌|住所|收货信息|户籍|家庭地址"
)
_ADDRESS_EN = re.compile(
    r"(?:(?:home|street|shipping|billing|delivery|postal|mailing|residential|user|customer|contact|full|company"
    r"|office|invoice) )?(?:address|addr)(?: ?(?:line ?)?[12])?|street(?: name)?|house number"
)
_CONTACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("unionid", re.compile(r"union ?id")),
    ("openid", re.compile(r"open ?id")),
    (
        "id_card",
        re.compile(r"身份证|证件号|护照|(?:^| )(?:id ?card|identity ?card|national id|ssn|social security|passport)(?: ?(?:no|number))?$"),
    ),
    ("email", re.compile(r"邮箱|邮件地址|电子邮[件箱]|电邮|(?:^| )e ?mail(?: address| addr)?$|^mail$")),
    (
        "phone",
        re.compile(
            r"手机(?:号|$)|手机号码|电话|联系方式|座机|固话|传真"
            r"|(?:^| )(?:phone|mobile|cell|cellphone|telephone|tel|fax|msisdn|whatsapp)(?: ?(?:no|number|num|phone))?$"
        ),
    ),
    ("ip", re.compile(r"(?:^| )ip(?: ?(?:address|addr|v4|v6|地址))?$|ip地址")),
)
_CARD_HEADER = re.compile(r"银行卡|信用卡号|储蓄卡|卡号$|(?:credit|debit|bank) ?card ?(?:no|number|num)$|card ?number$|iban|bank account")
_IDENTIFIER_HEADER = re.compile(r"(?:^| )(?:id|uuid|guid|no|key|code|sku|asin|hash)$|编号$|单号$|流水号$|序号$|代码$|id$")
_ORDER_HEADER = re.compile(r"订单|单号|流水|order|transaction|invoice|tracking|serial|sku|imei|设备|device|商品|product|item")
_DATE = re.compile(
    r"[12][0-9]{3}([-/.年]?)[01]?[0-9](?:\1|月)[0-3]?[0-9]日?(?:[ T].*)?|[0-3]?[0-9]([-/.])[0-3]?[0-9]\2(?:[12][0-9])?[0-9]{2}(?: .*)?"
    r"|[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?"
    r"|(?:[A-Za-z]{3,9}[ ,]+)?(?:[0-3]?[0-9][- ][A-Za-z]{3,9}|[A-Za-z]{3,9}[- ][0-3]?[0-9],?)[- ](?:[12][0-9])?[0-9]{2}(?: .*)?"
)
_NUMBER = re.compile(r"[-+]?[$¥￥€£]? ?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)? ?%?")
_BOOLEANS = frozenset("true false yes no y n t f 0 1 是 否 有 无 真 假 对 错 on off 1.0 0.0".split())  # noqa: SIM905 - a row of words reads better
_SHORT = 24  # characters; a category is a label, not a sentence
_MOST_CATEGORIES = 50


def classify_column(header: str, sample: Sequence[str]) -> tuple[ColumnClass, str]:
    """What to do with a column that no table maps, and what it holds, from its header and some of its values.

    Names and nicknames and postal addresses are dropped, contact details become pseudonyms, free text is masked, numbers, dates, booleans,
    few short categories and the source's own ids are kept. In doubt text is masked.
    """
    words = _header_words(header)
    values = [value for value in (plain(str(value)).strip() for value in sample) if value]
    shape = _shape(values)
    contact = _contact_in(values)
    by_header = _class_by_header(words, shape, values)
    if by_header is not None:
        return by_header
    if contact is not None and not _ORDER_HEADER.search(words):
        return ("drop", contact) if contact == "bank_card" else ("pseudonym", contact)
    if shape is not None and shape != "category":
        return "keep", shape
    holds_details = any(find(value) for value in values)
    if (
        _IDENTIFIER_HEADER.search(words)
        and (not holds_details or _ORDER_HEADER.search(words))
        and all(len(value) <= 64 and " " not in value for value in values)
    ):
        return "keep", "id"
    if shape == "category" and not holds_details:
        return "keep", "category"
    return "mask", "text"


def _header_words(header: str) -> str:
    """A header in lower case with single spaces: userName, USER_NAME and "User Name" are all "user name"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", plain(header))
    return re.sub(r"[\s_\-./:()\[\]]+", " ", spaced).strip().lower()


def _class_by_header(words: str, shape: str | None, values: list[str]) -> tuple[ColumnClass, str] | None:
    flag = shape in ("boolean", "date") or (shape == "number" and all(len(value) < 6 for value in values))
    if values and flag:  # "email opened", "phone service": about a contact, not one
        return None
    for kind, pattern in _CONTACTS:
        # A "mobile" column may hold "iPhone 12": a telephone or mail column needs one value that looks like it.
        if pattern.search(words) and not (values and kind in ("phone", "email") and not any(map(_looks_contact, values))):
            return "pseudonym", kind
    if _CARD_HEADER.search(words):
        return "drop", "bank_card"
    if _ADDRESS_ZH.search(words) or _ADDRESS_EN.fullmatch(words):
        return "drop", "address"
    if shape == "number":
        return None
    if _NAME_EN.fullmatch(words) or (_NAME_ZH.search(words) and not re.search(r"id$|编号|类型|等级|数$|性别", words)):
        # A bare "name" that repeats a few labels is the name of a thing (an event, a plan).
        return None if words == "name" and shape == "category" else ("drop", "name")
    return None


def _looks_contact(value: str) -> bool:
    return "*" in value or normalise_contact(value) is not None


def _shape(values: list[str]) -> str | None:
    """boolean, number, date, category, or None for anything else."""
    if not values:
        return None
    distinct = set(values)
    if {value.lower() for value in distinct} <= _BOOLEANS:
        return "boolean"
    if all(_DATE.fullmatch(value) for value in distinct):
        return "date"
    if all(_NUMBER.fullmatch(value) for value in distinct):
        return "number"
    short = max(map(len, distinct)) <= _SHORT and len(distinct) <= min(_MOST_CATEGORIES, max(1, len(values) // 2))
    return "category" if short else None


def _contact_in(values: list[str]) -> str | None:
    """The kind of contact that at least half of the values are, by forms that only contacts have."""
    kinds: dict[str, int] = {}
    for value in values:
        contact = normalise_contact(value)
        kind = None
        if contact is not None and (contact[0] != "phone" or re.match(r"\+|861[3-9]|0?1[3-9][0-9]{9}$", re.sub("[^0-9+]", "", value))):
            kind = contact[0]
        elif is_bank_card(re.sub("[ -]", "", value)):
            kind = "bank_card"
        if kind is not None:
            kinds[kind] = kinds.get(kind, 0) + 1
    best = max(kinds, key=lambda kind: kinds[kind], default=None)
    return best if best is not None and 2 * kinds[best] >= len(values) else None
