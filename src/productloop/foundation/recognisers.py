"""Where personal details stand in a text: recognisers for Chinese and English.

Details with a form are found here (an address of mail, a number with a checksum); people's names and postal addresses, which words announce,
in `names` and `addresses`.
Each recogniser is a regular expression plus a check, so that every decision can be explained and costs microseconds.

Sources
    id card      GB 11643-1999: region, birth date, ISO 7064 MOD 11-2 check digit
    bank card    ISO/IEC 7812-1: issuer ranges, 13 to 19 digits, Luhn check digit
    telephone    ITU-T E.164 (at most 15 digits); mainland mobiles 1[3-9] + 9 digits; NANP 3-3-4; Hong Kong 8 digits from 4 to 9
    e-mail       RFC 5322 atoms as people write them (no quoted local parts); a local part has at most 64 characters (RFC 5321)
    ip           RFC 791, RFC 4291 (the standard library's `ipaddress` judges)
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from productloop.foundation.addresses import find_addresses, may_hold_addresses
from productloop.foundation.names import find_names, may_hold_names
from productloop.foundation.secret_links import find_urls, is_secret_link

DetailKind = Literal["email", "mobile", "landline", "id_card", "bank_card", "ip", "url_token", "name", "address"]


class Span(NamedTuple):
    """One personal detail in a text: `text[start:end]`, offsets in characters."""

    kind: DetailKind
    start: int
    end: int


# One character for one character, so that offsets in the plain form are offsets in the text.
_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f\u200b\u200c\u200d\ufeff"), " ")
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
# Full-width punctuation that ends a clause keeps its meaning as a boundary.
for _kept in "，；！？":
    del _PLAIN[ord(_kept)]

_MAYBE = re.compile("[0-9０-９@＠:：=]")
_SEVEN_DIGITS = re.compile(r"[0-9](?:[^0-9]{0,4}[0-9]){6}")


_NOT_PLAIN = re.compile("[" + "".join(map(re.escape, map(chr, sorted(_PLAIN)))) + "]")


def plain(text: str) -> str:
    """The text with full-width letters, digits and signs, odd spaces and dashes in ASCII form; as long as the text."""
    return text if text.isascii() or _NOT_PLAIN.search(text) is None else text.translate(_PLAIN)


def may_hold_details(text: str) -> bool:
    """A cheap look (some microseconds at most): False means that `find` would find nothing."""
    return _may_hold_numbers(text) or may_hold_names(text) or may_hold_addresses(text)


def _may_hold_numbers(text: str) -> bool:
    if text.isascii():  # thirteen looks of some 20 ns each, whatever the length; a pattern needs 10 ns a character
        return (
            "0" in text
            or "1" in text
            or "2" in text
            or "3" in text
            or "4" in text
            or "5" in text
            or "6" in text
            or "7" in text
            or "8" in text
            or "9" in text
            or "@" in text
            or ":" in text
            or "=" in text
            or "at)" in text
            or "at]" in text
        )
    return _MAYBE.search(text) is not None or "at)" in text or "at]" in text


def find(text: str) -> list[Span]:
    """The personal details of a text in order of place; spans never overlap (the more certain kind wins)."""
    spans: list[Span] = []
    if numbers := _may_hold_numbers(text):
        spans = _numbers(plain(text))
    if (numbers or "村" in text or "住" in text or "址" in text) and may_hold_addresses(text):
        _add(spans, (Span("address", start, end) for start, end in find_addresses(plain(text))))
    names = find_names(text)
    if names:
        _add(spans, (Span("name", start, end) for start, end in names))
    return sorted(spans, key=lambda span: span.start) if len(spans) > 1 else spans


def _numbers(line: str) -> list[Span]:
    """Details with a form, in the order in which one excludes another."""
    urls = find_urls(line)
    spans: list[Span] = []
    for start, end in urls:
        if is_secret_link(line[start:end]):
            spans.append(Span("url_token", start, end))
    if "@" in line or "at)" in line or "at]" in line:
        _add(spans, _emails(line))
    if _SEVEN_DIGITS.search(line):
        _add(spans, _id_cards(line))
        _add(spans, _bank_cards(line, urls))
        for telephones in (_mainland_mobiles, _international, _landlines, _hong_kong_mobiles, _called_numbers):
            _add(spans, telephones(line))
    if line.count(".") >= 3:
        _add(spans, _ipv4(line))
    if line.count(":") >= 2:
        _add(spans, _ipv6(line))
    return spans


def _add(spans: list[Span], found: Iterator[Span]) -> None:
    for span in found:
        if all(span.end <= other.start or other.end <= span.start for other in spans):
            spans.append(span)


# --- what the words around a number say --------------------------------------------------------------------------------------------

_OTHER_NUMBER = re.compile(
    r"imei|meid|iccid|设备[号码]|设备编?号|设备id|序列[号码]|串[号码]|机身码|订单|单子?号|运单|包裹号|流水|交易[号单]|凭证|编[号码]|条形?码|货号|商品[号id]|批[次号]"
    r"|型号|工单|发票号?|合同|保单|会员[号卡]|积分|账单号|时间戳|群号|群|房间号"
    r"|取件码|提货码|验证码|优惠码|券码|兑换码|激活码|礼品卡|税号|信用代码|学号|工号|案件|金额"
    r"|余额|价格|[¥￥$€£] ?$|qq"
    r"|(?<![a-z])(?:sn|s/n|serial|order|tracking|track|invoice|ticket|case|ref|reference|transaction|txn|barcode|upc|ean|isbn|issn|sku|asin|part|model|uid|uuid|id"
    r"|(?:user|member|device|product|item|booking|request|session|customer|account|policy|batch|lot|log|error|trade|event|message"
    r"|video|app)[ _-]?(?:id|no|number|code)"
    r"|timestamp|epoch|ts|build|version|firmware|parcel|shipment|package|coupon|voucher|promo|confirmation|receipt|po|rma"
    r"|awb|gtin|vin|mac|score|amount|total|price|gift card|card code|code|batch|item|product)(?![a-z])",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"电话|電話|手机|手機|联系|聯系|聯絡|微信|致电|拨打|拨|打给|座机|固话|热线|传真|短信|号码|加我|加v|呼叫|回电|来电|打我|打[过来这到]|机主|预留"
    r"|(?<![a-z])(?:tel|telephone|phones?|mobile|mob|cell|cellphone|calls?|called|calling|text|txt|sms|whatsapp|wechat|weixin|wx|vx|telegram|signal|fax|contact|reach"
    r"|ring|dial|landline|hotline|ph|number is|my number)(?![a-z])",
    re.IGNORECASE,
)
# Such a word, and what may stand between it and seven or more bare digits that it calls a telephone number (another number before an "or").
_CALLED = re.compile(
    r"(?:电话|電話|手机|手機|致电|拨打|拨|打给|打到|座机|固话|传真|回电|联系方式|联系我|(?<![a-z])(?:tel|telephone|phones?|mobile|mob|cell|cellphone|call|dial|ring"
    r"|whatsapp|fax|landline|hotline|ph|reach|text|txt|contact|number is|sms)(?![a-z]))(?:[\s:#=(.-]|号码?|码|是|为|我|的|请|在|就|也"
    r"|[0-9][0-9 -]{6,}(?=or|and|[或和/、])[或和/、]?"
    r"|(?<![a-z])(?:at|on|is|me|us|him|her|them|my|the|number|no|to|back|via|by|or|and|please)(?![a-z]))*",
    re.IGNORECASE,
)
_CARD_WORD = re.compile(
    r"银行卡|卡号|信用卡|储蓄卡|借记卡|账号|账户|帐号|收款|转账|打款|(?<![a-z])(?:card|visa|mastercard|amex|debit|credit|pan|cc)(?![a-z])",
    re.IGNORECASE,
)
_OTHER_NUMBER_AFTER = re.compile(
    r"\s*[(（]?(?:这个|这是|是|为|is|was)?\s*(?:我的|我|the|my|an?)?\s*(?:订单|单号|运单|快递单|imei|设备号|序列号|编号|流水号|order|serial|tracking|元|块钱|yuan|dollars|人民币|美元|[人个次条件步]次?(?![a-z])|字节|毫秒|bytes?|ms|usd|rmb|cny)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[。，,;；!！?？\n]|\[(?:email|phone|id|card|ip|link|name|address)\]")
_REACH = 10  # characters between a word and the number it still speaks of; fits "订单号是：" and "order number is #"
_NUMBER_BETWEEN = re.compile("[0-9]{3}")
_AFTER_LETTERS = re.compile(
    r"(?:wx|vx|v|wechat|weixin|whatsapp|qq|tel|or|and|call|text|thanks|thx|pls|please|ext|x)(?![a-z])", re.IGNORECASE
)


def _last_end(pattern: re.Pattern[str], window: str) -> int:
    end = -1
    for match in pattern.finditer(window):
        end = match.end()
    return end


def _words_before(line: str, start: int) -> str:
    """What stands in the same clause before a number, at most 30 characters."""
    window = line[max(0, start - 30) : start]
    cut = 0
    for match in _CLAUSE_END.finditer(window):
        # "订单号，123": a comma straight before the number ends nothing.
        if window[match.end() :].strip(" :#"):
            cut = match.end()
    return window[cut:]


def _says(line: str, start: int, end: int, good: re.Pattern[str]) -> int:
    """+1: the words just before call it what `good` names; -1: they call it another number; 0: they say nothing."""
    if _OTHER_NUMBER_AFTER.match(line, end):
        return -1
    window = _words_before(line, start)
    good_end, other_end = _last_end(good, window), _last_end(_OTHER_NUMBER, window)
    if good_end < 0 and other_end < 0:
        return 0
    if good_end >= other_end:
        return 1 if len(window) - good_end <= 2 * _REACH else 0
    # "订单 20240101 13812345678": the word has already named the first number.
    return -1 if len(window) - other_end <= _REACH and not _NUMBER_BETWEEN.search(window, other_end) else 0


def _stands_alone(line: str, start: int, end: int, good: re.Pattern[str]) -> bool:
    """False where letters touch the number (a serial, a hash), unless those letters are a word about it: "tel138...", "138...wx"."""
    if start and (line[start - 1].isascii() and (line[start - 1].isalpha() or line[start - 1] == "_")):
        window = line[max(0, start - 12) : start]
        if _last_end(good, window) != len(window):
            return False
    after = line[end : end + 1]
    return not (after.isascii() and (after.isalpha() or after == "_")) or _AFTER_LETTERS.match(line, end) is not None


# --- e-mail --------------------------------------------------------------------------------------------------------------------------

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+([A-Za-z]{2,24})")
_FILE_ENDINGS = re.compile(r"png|jpe?g|gif|svg|webp|ico|css|js|ts|json|tgz|gz|zip|pdf", re.IGNORECASE)  # "icon@2x.png"
_AT = re.compile(r" ?(?:@|[(\[] ?at ?[)\]]) ?")
_MAIL_HOST = re.compile(
    r" ?((?:vip\.)?(?:qq|163|126|139|189|sina|sohu|foxmail|aliyun|yeah"
    r"|gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|proton|protonmail))"
    r" ?(?:\.|。|[(\[] ?dot ?[)\]]) ?(com\.cn|com|cn|net|me)(?![A-Za-z])",
    re.IGNORECASE,
)
_SPELT_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?: ?(?:\.|[(\[] ?dot ?[)\]]) ?[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z])")


def _emails(line: str) -> Iterator[Span]:
    for sign in _AT.finditer(line):
        start, end = _local_start(line, sign.start()), -1
        if start == sign.start():
            continue
        if sign.group() == "@":
            match = _DOMAIN.match(line, sign.end()) or _MAIL_HOST.match(line, sign.end())
        else:
            match = _MAIL_HOST.match(line, sign.end()) or (_SPELT_DOMAIN.match(line, sign.end()) if "at" in sign.group().lower() else None)
        if match is None:
            continue
        end = match.end()
        # "git@github.com:me/project" names a repository.
        if line[start:end] == "git@github.com" or (match.re is _DOMAIN and _FILE_ENDINGS.fullmatch(match.group(1))):
            continue
        yield Span("email", start, end)


def _local_start(line: str, at: int) -> int:
    start = at
    while start and at - start < 64 and (line[start - 1] in _LOCAL or "\u00c0" <= line[start - 1] <= "\u024f"):
        start -= 1
    while start < at and line[start] in ".'-%+":
        start += 1
    return start


# --- numbers with a checksum ---------------------------------------------------------------------------------------------------------

_ID_CARD = re.compile(
    r"(?<![0-9])([1-9][0-9]{5})[ -]?((?:19|20)[0-9]{2})[ -]?([0-9]{2})[ -]?([0-9]{2})[ -]?([0-9]{3})([0-9Xx])(?![0-9A-Za-z])"
)
_REGIONS = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_id_card(number: str) -> bool:
    """Whether 18 characters are a mainland id card number: region, birth date (1900 to 2049) and check digit all right."""
    if len(number) != 18 or not (number.isascii() and number[:17].isdigit()) or not _REGIONS.match(number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True)) % 11
    return 1900 <= born.year < 2050 and number[17].upper() == "10X98765432"[remainder]


def _id_cards(line: str) -> Iterator[Span]:
    for match in _ID_CARD.finditer(line):
        if is_id_card("".join(match.groups())):
            yield Span("id_card", match.start(), match.end())


_CARD = re.compile(r"(?<![0-9])(?<![0-9][-.])[2-9][0-9]{2,18}(?:([ -])[0-9]{1,13}(?:\1[0-9]{1,7}){0,5})?(?![0-9]|[-.][0-9])")
_CARD_GROUPS = re.compile(
    r"4(?:,4){2,3}(?:,[1-4])?|4,6,[45]|6,(?:9|10|12|13)|4,4,4,4,3|6,4,4,[2-5]|6,6,[4-7]|4,12|8,8|3,4,4,4|8,11|4,15|4,4,8|4,8,4"
)
# Issuer ranges with the lengths in use; 60, 62, 9558 and 9559 hold the debit cards of mainland banks.
_ISSUERS = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{17,18})|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|3[47][0-9]{13}"
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}|35(?:2[89]|[3-8][0-9])[0-9]{12}|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12,15}|6[0258][0-9]{14,17}"
    r"|(?:50|5[6-8]|6[379])[0-9]{14,17}|955[89][0-9]{12,15}"
)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    doubled = "0246813579"
    return sum(int(digit if index % 2 == 0 else doubled[int(digit)]) for index, digit in enumerate(reversed(digits))) % 10 == 0


def is_bank_card(digits: str) -> bool:
    """Whether 13 to 19 digits are in an issuer range and carry the right check digit."""
    return 13 <= len(digits) <= 19 and _ISSUERS.fullmatch(digits) is not None and passes_luhn(digits)


def _bank_cards(line: str, urls: list[tuple[int, int]]) -> Iterator[Span]:
    for match in _CARD.finditer(line):
        start, end = match.span()
        parts = re.split("[ -]", match.group())
        if len(parts) > 1 and not _CARD_GROUPS.fullmatch(",".join(str(len(part)) for part in parts)):
            continue
        digits = "".join(parts)
        if not is_bank_card(digits) or _inside(urls, start, end) or not _stands_alone(line, start, end, _CARD_WORD):
            continue
        context = _says(line, start, end, _CARD_WORD)
        # Thirteen and fourteen digits are mostly bar codes and time stamps: a word must say that it is a card.
        if context > 0 or (context == 0 and len(digits) >= 15):
            yield Span("bank_card", start, end)


def _inside(urls: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in urls)


# --- telephone -----------------------------------------------------------------------------------------------------------------------

_EXTENSION = r"(?: ?(?:转|轉|ext\.?|x|#) ?[0-9]{1,6}|-[0-9]{1,4})?"
_EXTENSION_END = re.compile(r" ?(?:转|轉|ext\.?|x|#) ?[0-9]{1,6}$", re.IGNORECASE)
_ALONE = r"(?<![0-9])(?<![0-9][-.])"
_MAINLAND = re.compile(
    _ALONE + r"(?:(?:[(] ?(?:\+|00) ?86 ?[)]|(?:\+|00) ?86)[ -]{0,3}|[(]86[)][ -]?|86[ -]?)?0?"
    r"1(?:[3-9][0-9]{9}|[3-9][0-9]([ .-]{1,2})[0-9]{4}\1[0-9]{4}|[3-9][0-9]([ -])[0-9]{3}\2[0-9]{5}|[3-9][0-9]{2}([ -])[0-9]{3}\3[0-9]{4}"
    r"|[3-9][0-9][ -][0-9]{8}|[3-9][0-9]{5}[ -][0-9]{4}|[3-9][0-9]{3}[ -][0-9]{6}|[3-9][0-9]{2}[ -][0-9]{7}"
    r"|([ -])[3-9](?:\4[0-9]){9}|[3-9][0-9]([ -])[0-9]{2}(?:\5[0-9]{2}){3})" + _EXTENSION + r"(?![0-9]|[-.][0-9])",
    re.IGNORECASE,
)
# Country codes of E.164; the plus sign must open the number.
_COUNTRY = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-69][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[79][0-9]|8[058][0-9]|9[679][0-9])"
)
_INTERNATIONAL = re.compile(
    r"(?<![0-9A-Za-z+])(?:[(]\+" + _COUNTRY + r"[)]|\+ ?" + _COUNTRY + r"|00" + _COUNTRY + r"(?=[ -]|[0-9]{8}))"
    r"[ .-]{0,2}[(]?[0-9]{1,12}[)]?(?:(?:[ .-]{1,2}[(]?|[(]|(?<=[)]))[0-9]{1,12}[)]?){0,5}" + _EXTENSION + r"(?![0-9])",
    re.IGNORECASE,
)
_HONG_KONG = re.compile(_ALONE + r"(?:[(]?852[)]?[ -]?)?[4-9][0-9]{3}[ -]?[0-9]{4}(?![0-9]|[-.][0-9])")
_HONG_KONG_WORD = re.compile(r"香港|(?<![a-z])(?:hk|hong kong|whatsapp)(?![a-z])", re.IGNORECASE)
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_CN_LANDLINE = re.compile(
    _ALONE
    + r"(?:[(]0"
    + _AREA
    + r"[)] ?-?|(?:(?:[(](?:\+|00) ?86[)]|(?:\+|00) ?86|86[ -])[ -]{0,2}[(]?0?"
    + _AREA
    + r"[)]?|0"
    + _AREA
    + r")[ -]{0,3})"
    r"[1-9](?:[0-9]{6,7}|[0-9]{3}[ -][0-9]{4}|[0-9]{2}[ -][0-9]{4})" + _EXTENSION + r"(?![0-9]|[-.][0-9])",
    re.IGNORECASE,
)
_US_LANDLINE = re.compile(
    _ALONE
    + r"(?<![+])(?:1[ .-]?)?(?:[(][2-9][0-9]{2}[)] ?[0-9]{3}[ .-]?[0-9]{4}|([2-9][0-9]{2})([ .-])[0-9]{3}\2[0-9]{4})"
    + _EXTENSION
    + r"(?![0-9]|[-.][0-9])",
    re.IGNORECASE,
)
_CALLED_PHONE = re.compile(_ALONE + r"[0-9]{3,12}(?:[ -][0-9]{3,8}){0,3}" + _EXTENSION + r"(?![0-9]|[-.][0-9])", re.IGNORECASE)
# Lines that belong to a company: 400 and 800 (China), toll-free codes of the NANP, 1800 and 0800.
_SERVICE_LINE = re.compile(
    r"(?:(?:00)?86)?0?(?:400|800)[0-9]{6,7}|(?:(?:00)?1)?(?:800|833|844|855|866|877|888|900)[0-9]{7}|(?:1800|1300|0800|0808|95|96|12)[0-9]{3,7}"
)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _mainland_mobiles(line: str) -> Iterator[Span]:
    for match in _MAINLAND.finditer(line):
        start, end = match.span()
        context = _says(line, start, end, _PHONE_WORD)
        spaced_out = match.group(4) is not None or match.group(5) is not None  # "1 3 8 0 ..." may be a row of small numbers
        if context >= (1 if spaced_out else 0) and _stands_alone(line, start, end, _PHONE_WORD):
            yield Span("mobile", start, end)


def _international(line: str) -> Iterator[Span]:
    for match in _INTERNATIONAL.finditer(line):
        start, end = match.span()
        number = match.group()
        count = len(_digits(number.lstrip("+ 0(")))
        written_apart = any(sign in number.strip("+ ") for sign in " -.(")
        is_cn_landline = _CN_LANDLINE.fullmatch(number) is not None
        enough = 9 if written_apart else 10
        if (
            enough <= count <= 15
            and not is_cn_landline
            and _says(line, start, end, _PHONE_WORD) >= 0
            and not _SERVICE_LINE.fullmatch(_digits(number))
        ):
            yield Span("mobile", start, end)


def _hong_kong_mobiles(line: str) -> Iterator[Span]:
    for match in _HONG_KONG.finditer(line):
        start, end = match.span()
        number = match.group().lstrip("(")
        with_code = number.startswith("852") and len(_digits(number)) == 11
        # Eight digits in one go are as well a mainland landline without its area code.
        if not with_code and " " not in number and "-" not in number and not _HONG_KONG_WORD.search(line, max(0, start - 30), start):
            continue
        if _says(line, start, end, _PHONE_WORD) >= (0 if with_code else 1) and _stands_alone(line, start, end, _PHONE_WORD):
            yield Span("mobile", start, end)


def _landlines(line: str) -> Iterator[Span]:
    for pattern in (_CN_LANDLINE, _US_LANDLINE):
        yield from _fixed_lines(line, pattern, 0)


def _called_numbers(line: str) -> Iterator[Span]:
    # Seven to twelve digits of no known form: a word must call them a telephone number. 07 and 09 open mobiles in Britain and Taiwan.
    for span in _fixed_lines(line, _CALLED_PHONE, 1):
        digits = _digits(line[span.start : span.end])
        called = max((match.end() for match in _CALLED.finditer(line, max(0, span.start - 30), span.start)), default=-1) == span.start
        if called and 7 <= len(digits) <= 12:
            yield span._replace(kind="mobile") if re.fullmatch("07[0-9]{9}|09[0-9]{8}", digits) else span


def _fixed_lines(line: str, pattern: re.Pattern[str], least: int) -> Iterator[Span]:
    for match in pattern.finditer(line):
        start, end = match.span()
        number = match.group()
        if _SERVICE_LINE.fullmatch(_digits(_EXTENSION_END.sub("", number))) or number.count("(") != number.count(")"):
            continue
        if _says(line, start, end, _PHONE_WORD) >= least and _stands_alone(line, start, end, _PHONE_WORD):
            yield Span("landline", start, end)


# --- internet addresses ----------------------------------------------------------------------------------------------------------------

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(r"(?<![0-9.])(?:" + _OCTET + r"\.){3}" + _OCTET + r"(?![0-9]|\.[0-9])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4})(?![0-9A-Za-z])")
_VERSION_WORD = re.compile(
    r"版本|固件|内核|升级|更新|章节?|条款|小节|编号|型号|客户端|驱动"
    r"|(?<![a-z])(?:v|ver|version|versions|firmware|build|release|sdk|kernel|driver|update|updated|upgrade|upgraded|section|clause|chapter|api"
    r"|android|ios|ipados|macos|windows|chrome|firefox|safari|edge|app|python|java|node|nginx|mysql|redis|oid|patch)(?![a-z])",
    re.IGNORECASE,
)
_IP_WORD = re.compile(
    r"地址|登录|登陆|服务器|网关|主机|访问|来自|异地|封|代理|(?<![a-z])(?:ip|ips|ipv4|address|addresses|host|server|from|login|logged|ping|gateway|dns|proxy|subnet|client|remote|peer|source|port|router|ssh|blocked|banned)(?![a-z])",
    re.IGNORECASE,
)
_IP_WORD_AFTER = re.compile(
    r" ?(?:访问|登[录陆]|连接|发起|请求|的?(?:主机|服务器|机器|网关)|(?:logged|signed|keeps|is down|gets|times out))"
)


def _ipv4(line: str) -> Iterator[Span]:
    for match in _IPV4.finditer(line):
        start, end = match.span()
        before = _words_before(line, start)
        version, address = _last_end(_VERSION_WORD, before), _last_end(_IP_WORD, before)
        octets = [int(part) for part in match.group().split(".")]
        touched = before[-1:].isascii() and (before[-1:].isalpha() or before[-1:] in {"_", "-"})
        if octets[0] in (0, 127) or octets[0] > 223 or (touched and address != len(before)):
            continue
        with_port = re.match(r":[0-9]{2,5}(?![0-9])|/[0-9]{1,2}(?![0-9])", line[end : end + 6]) is not None
        if version > address:
            continue
        # Without a word to tell, small parts are a version (8.0.32.1); an address has nearly always a part above 63.
        if address >= 0 or with_port or max(octets) > 63 or min(octets) > 9 or _IP_WORD_AFTER.match(line, end):
            yield Span("ip", start, end)


def _ipv6(line: str) -> Iterator[Span]:
    for match in _IPV6.finditer(line):
        start, candidate = match.start(), match.group()
        if candidate.endswith(":") and not candidate.endswith("::"):
            candidate = candidate[:-1]
        groups = [group for group in candidate.split(":") if group]
        # "12::30" and "::1" are not somebody's address; two groups need one of three digits or more.
        if len(groups) < 2 or max(map(len, groups)) < 3 or not any(character.isdigit() for character in candidate):
            continue
        try:
            ipaddress.IPv6Address(candidate)
        except ValueError:
            continue
        yield Span("ip", start, start + len(candidate))
