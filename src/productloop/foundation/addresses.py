"""Where postal addresses stand in a text, Chinese and English: rules, no model.

Chinese addresses go from large to small (GB/T 23705-2009, address coding: province, city, district, town, road, number, building, unit,
room); English ones from small to large (number, road with its type, unit, city, state and ZIP or postcode). A road without a house number, a
city alone or a shop's branch (人民路店) is no personal detail and stays. ZIP codes are those of the USPS (5 or 5+4 digits after a state),
postcodes those of the Royal Mail (outward and inward code), the Canada Post and the six digits of India Post after a city.
Offsets are characters of the text. Linear in its length.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = "\u4e00-\u9fff"

# --- Chinese ---------------------------------------------------------------------------------------------------------------------------

_PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|臺灣|内蒙古|广西|西藏|宁夏|新疆"
    "|香港|澳门|台北|臺北|高雄|台中|新北|九龙|九龍|广州|深圳|杭州|南京|成都|武汉|西安|苏州|厦门|青岛|长沙|郑州|宁波|东莞|佛山|合肥|福州|济南"
    "|大连|沈阳|昆明|无锡|温州|珠海|中山|惠州"
)
_NUMBER = r"(?:[0-9]{1,5}(?:[-—之/][0-9]{1,5})?|[A-Za-z][0-9]{0,3}|[零一二三四五六七八九十百]{1,5})"
# What lies inside a building: 3栋2单元501室, 12号楼1203, 5幢, B座18层.
_INSIDE = (
    r"(?:[ ,，]?(?:第?"
    + _NUMBER
    + r" ?(?:号楼|號樓|号院|栋|棟|幢|座|单元|單元|号房|室|楼层|楼|樓|层|层楼|户|房|号|號)|[东西南北]区|[东西南北]门|[A-Z][座栋区]))"
)
_ROOM = r"(?:[ -]?[0-9]{3,4}(?![0-9])(?!年|元|块|人|次|万))?"
_ROAD = (
    r"["
    + _HAN
    + r"]{1,12}?(?:大道|大街|街道|马路|公路|路|街|巷|弄|胡同|里|道)(?:[东西南北中]?[一二三四五六七八九十]段|[东西南北中]段|[东西南北](?=[0-9]))?"
    r" ?[0-9]{1,5}(?:[-—之][0-9]{1,4})?(?:弄[0-9]{1,4})? ?(?:号|號|弄|巷)(?!线|線|口|出口|门|公交|地铁|店|车|路|桌|服务区|技师|客服|高速)(?:院|楼|樓)?"
)
_ESTATE = (
    r"["
    + _HAN
    + r"A-Za-z0-9·]{2,14}?(?:小区|花园|花苑|家园|公寓|大厦|大楼|新村|新城|名苑|名邸|华府|公馆|山庄|庭院|苑|城|里|园|府|湾|郡|庄|寓|村|居|轩"
    r"|阁|坊|宿舍|广场|中心|园区|产业园|科技园)"
)
_CN_DETAIL = re.compile(
    r"(?:"
    + _ROAD
    + r"(?:[ ,，]?"
    + _ESTATE
    + r"(?=[ ,，]?[0-9A-Za-z第]))?"
    + _INSIDE
    + r"*"
    + _ROOM
    + r"|"
    + _ESTATE
    + r"(?:[一二三四五六七八九十]期|[东西南北]区)?"
    + _INSIDE
    + r"{2,}"
    + _ROOM
    + r"|"
    + _ESTATE
    + r"(?:[一二三四五六七八九十]期|[东西南北]区)? ?[0-9A-Z]{1,3} ?(?:号楼|栋|棟|幢|座|单元) ?(?:[0-9]{1,2}单元)?[ -]?[0-9]{3,4}(?![0-9])(?:室|房|号)?"
    + r"|["
    + _HAN
    + r"]{1,8}(?:县|镇|乡|街道|区|市)["
    + _HAN
    + r"]{1,8}村(?:第?[0-9一二三四五六七八九十]{1,3}(?:组|队|社))?(?:["
    + _HAN
    + r"]{0,6}[0-9]{1,4}号)?(?:["
    + _HAN
    + r"]{1,5}(?:组|屯|湾))?"
    + r")"
)
_LABELLED = re.compile(
    r"(?:(?:收货|收件|寄件|家庭|详细|联系|通讯|通信|邮寄|配送|送货|现居住?|居住|户籍|常住|公司|单位|发票|取件|上门|安装|快递|新|旧)?(?:地址"
    r"|住址|住所)(?:信息)?|家住|现住|住在|户籍所在地)(?: ?[:=] ?|是|为|改成|改为|改到|在|填的是|写的是| )?"
    r"(?P<place>(?:(?:"
    + _PROVINCES
    + r")(?:省|市|自治区|特别行政区)?|["
    + _HAN
    + r"]{2,6}(?:省|市|县|区|州))["
    + _HAN
    + r"0-9A-Za-z #-]{4,40})"
)
# The larger places before a road; where they begin is found from their own endings or names.
_AREAS = re.compile(
    r"(?:中国)?(?:(?:" + _PROVINCES + r")(?:省|市|县|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?[ ,，]?)"
    r"(?:[" + _HAN + r"]{1,7}?(?:自治州|地区|市|州|盟|区|县|旗|镇|乡|街道|開發區|开发区|高新区|新区|區|縣)[ ,，]?){0,4}"
    r"|(?:[" + _HAN + r"]{1,6}?(?:自治州|市|区|县|旗|镇|乡|區|縣)[ ,，]?){1,4}"
)
# None of these characters stands in the name of a road or place, nearly never in that of a larger one: what is before it is no address.
_LEADING = re.compile(
    r"地址|住址|家住|住在|位于|寄到|送到|发到|邮寄|改成|改为|收货|收件|公司|我家|我们|配送|麻烦|请"
    r"|[在到是为寄送往去给址我了的您你他她们说把让叫有这那就从住想要帮和跟离距找来:：]"
)
_STARTS_KEPT = re.compile(r"^(?:来宾|来安|来凤|和平|和县|和田|和林|到滘|中山|要|有)")
_TAIL = re.compile(r"(?:[ ,，]?(?:[0-9]{3,4}(?:室|房)|[(（][" + _HAN + r"0-9A-Za-z]{2,15}[)）](?=[ ,，。;；]|$)))?")
_NOT_ROADS = re.compile(
    r"(?:公里|里程|[几0-9]里|这里|那里|哪里|家里|手里|心里|城里|店里|夜里|嘴里|怀里|线路|一路|道路|套路|网路|思路|味道|渠道|频道|知道|通道"
    r"|管道|报道|轨道|赛道|公交|第[0-9])"
)


def _chinese(line: str) -> Iterator[tuple[int, int]]:
    for match in _LABELLED.finditer(line):
        start, end = match.span("place")
        place = line[start:end].rstrip(" -")
        if re.search(r"[0-9路街道巷村镇]|小区|花园|大厦|公寓|科技园", place):
            yield start, start + len(_cut_place(place))
    for match in _CN_DETAIL.finditer(line):
        start, end = match.start(), match.end()
        if _NOT_ROADS.search(line[start:end]) and not re.search(r"市|区|县|镇|省", line[start:end]):
            continue
        start = _left(line, start)
        start = _trim(line, start, end)
        yield start, end


def _cut_place(place: str) -> str:
    """The labelled place up to the first word that belongs to no address."""
    stop = re.search(r"电话|手机|联系|收件|收货|姓名|邮编|的|了|是|我|请|谢|但|怎|不|没|无法|能|帮|一直|已经|为什么| {2}", place)
    cut = place[: stop.start()] if stop else place
    return cut.rstrip(" -,，")


def _left(line: str, start: int) -> int:
    """Where the run of Chinese characters that leads to `start` begins, at most 30 characters back."""
    first = start
    while (
        first
        and start - first < 30
        and (
            "\u4e00" <= line[first - 1] <= "\u9fff" or (line[first - 1] in " ,，" and first >= 2 and line[first - 2] in "市区县省镇乡區縣")
        )
    ):
        first -= 1
    return first


def _trim(line: str, start: int, end: int) -> int:
    """The start without the words that lead to an address (我住在, 寄到); a province or a city inside the run begins it."""
    first_digit = next((index for index in range(start, end) if line[index].isdigit()), end)
    province = re.search(_PROVINCES, line[start:first_digit])
    if province is not None and re.match(
        r"[" + _HAN + r" ,，]*(?:省|市|区|县|路|街|道|巷|弄)", line[start + province.end() : first_digit] + " "
    ):
        return start + province.start()
    best = start
    for match in _LEADING.finditer(line, start, first_digit):
        if not _STARTS_KEPT.match(line[match.start() : match.start() + 3]) and not re.match(r"[都安]", line[match.end() : match.end() + 1]):
            best = match.end()
    return best if best < end else start


# --- English ---------------------------------------------------------------------------------------------------------------------------

_STATES = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|PR"
    r"|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas"
    r"|Kentucky|Louisiana|Maine|Maryland"
    r"|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North"
    r"|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon"
    r"|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming|NSW|VIC|QLD|TAS|ACT|ON|QC|BC|AB|MB|SK|NS|NB)"
)
_UK_POSTCODE = r"(?:[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2})"
_CA_POSTCODE = r"(?:[ABCEGHJ-NPR-TVXY][0-9][A-Z] ?[0-9][A-Z][0-9])"
_ZIP = r"(?:[0-9]{5}(?:-[0-9]{4})?)"
_POSTCODE = r"(?:" + _UK_POSTCODE + r"|" + _CA_POSTCODE + r"|" + _ZIP + r"|[0-9]{3} ?[0-9]{3}|[0-9]{4})"
_WORD = r"(?:[A-Z][A-Za-z]{0,2}\.|[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'’-]*)"
_TYPE = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Ter|Square|Sq|Highway|Hwy|Parkway"
    r"|Pkwy|Circle|Cir|Close|Crescent|Cres|Grove|Gardens|Gdns"
    r"|Mews|Row|Hill|Walk|Trail|Quay|Wharf|Alley|Broadway|Loop|Pike|Turnpike|Park|Parade|Esplanade|Nagar|Marg|Layout|Expressway)"
)
_UNIT = (
    r"(?:(?:Apartment|Apt|Unit|Suite|Ste|Flat|Room|Rm|Floor|Fl|Bldg|Building|Block|Tower"
    r"|No)\.? ?(?:No\.? ?)?#?[0-9]{0,5}[A-Za-z]?(?:-[0-9A-Z]{1,4})?|# ?[0-9]{1,5}[A-Za-z]?|[0-9]{1,3}(?:st|nd|rd|th) [Ff]loor)"
)
_CITY = r"(?:" + _WORD + r"(?: (?:upon|on|of|the|de|la|le) " + _WORD + r"| " + _WORD + r"){0,3})"
_AFTER_ROAD = (
    r"(?:,? ?(?i:" + _UNIT + r")(?![a-z]))?"
    r"(?:(?:,| -)? ?\n?" + _CITY + r"(?=,| [A-Z]{2} [0-9]| ?" + _POSTCODE + r"(?![0-9A-Za-z])))?"
    r"(?:,? ?" + _CITY + r"(?=,? ?" + _POSTCODE + r"(?![0-9A-Za-z])))?"
    r"(?:,? ?" + _STATES + r"(?![A-Za-z]))?(?:,? ?-? ?" + _POSTCODE + r"(?![0-9A-Za-z]))?"
    r"(?:,? (?:USA|U\.S\.A\.|United States|UK|U\.K\.|United Kingdom|England|Scotland|Wales|Ireland|Canada|Australia|India|New Zealand"
    r"|Singapore)(?![A-Za-z]))?"
)
_ROAD_EN = re.compile(
    r"(?<![0-9A-Za-z$£€.#:/-])(?:(?i:" + _UNIT + r"),? )?[0-9]{1,5}(?:-[0-9]{1,5})?[A-Za-z]?(?:/[0-9]{1,4})?,? "
    r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?(?P<road>(?:(?:"
    + _WORD
    + r"|[0-9]{1,3}(?:st|nd|rd|th)|of|the|la|de|del) ){1,4}?"
    + _TYPE
    + r")\.?(?![A-Za-z'’])"
    r"(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)(?![A-Za-z]))?" + _AFTER_ROAD
)
_BROADWAY = re.compile(
    r"(?<![0-9A-Za-z$£€.#:/-])[0-9]{1,5} (?:Broadway|Bowery|Piccadilly|Strand|Embarcadero|The Strand|High Holborn)(?![A-Za-z])"
    + _AFTER_ROAD
)
_LOWER_ROAD = re.compile(
    r"(?<![0-9A-Za-z$£€.#:/-])[0-9]{1,5}[a-z]? (?:(?:n|s|e|w|north|south|east|west)\.? )?(?P<road>(?:(?:[a-z]{2,14}|[0-9]{1,3}(?:st|nd|rd"
    r"|th)) ){1,3}?(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln))(?![a-z'])"
    r"(?:,? (?:apt|apartment|unit|suite|flat|#)\.? ?#?[0-9]{1,5}[a-z]?(?![a-z0-9]))?",
    re.IGNORECASE,
)
_NO_ROAD = frozenset(
    "minutes minute min mins hour hours day days week weeks month months year years mile miles km block blocks star stars times time people"
    " cars car the a an on in down up along across from to of and or my our"
    " your for off over lane lanes way feet ft meters metres gb tb mb hard flash usb thumb disk dollars percent per more other different new"
    " busy side best great good full half test times items".split()
)
_PO_BOX = re.compile(
    r"\b(?:P\.? ?O\.? ?|Post Office |GPO |Private |Locked )(?:Box|BOX|box|Bag)(?: No\.?)? ?#?[0-9]{1,7}(?![0-9])" + _AFTER_ROAD
)
_CITY_ZIP = re.compile(r"(?<![A-Za-z])" + _CITY + r",? " + _STATES + r",? " + _ZIP + r"(?![0-9-])")
_POSTCODE_ALONE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])")
_POSTCODE_SAID = re.compile(
    r"\b(?:[Zz][Ii][Pp](?: ?[Cc]ode)?|[Pp]ost ?[Cc]ode|[Pp]ostal [Cc]ode|[Pp]in ?code|PIN code)(?: is| was|:|,"
    r"|=)? ?#?(?P<code>[0-9]{5,6}(?:-[0-9]{4})?(?![0-9])|(?i:" + _UK_POSTCODE + r"|" + _CA_POSTCODE + r")(?![A-Za-z0-9]))"
)
_FLAT_EN = re.compile(
    r"(?<![A-Za-z0-9])(?:Flat|House|Plot|Door|H|D|Villa|Apartment|Apt|Unit|Room|Block)\.? ?(?:No|Number)?\.? ?#?[0-9]{1,5}[A-Z]?(?:[-/][0-9A-Z]{1,5})?"
    r"(?:, ?[A-Z0-9][A-Za-z0-9'’. -]{1,30}){1,5}(?:,? ?-? ?" + _POSTCODE + r"(?![0-9A-Za-z]))?"
)
_FLAT_WORDS = re.compile(_TYPE + r"\b|Sector|Phase|Colony|Apartments|Society|Cross|Main|Estate|[0-9]{6}$|" + _UK_POSTCODE)
_ROAD_OTHER = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + _WORD
    + r"(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|straat|laan)|"
    + _WORD
    + r"[ -]"
    + r"(?:Straße|Strasse|Allee|Platz|Weg)) [0-9]{1,4} ?[a-z]?(?![0-9A-Za-z])(?:,? (?:D-|A-|CH-|NL-)?[0-9]{4,5}(?: [A-Z]{2})? "
    + _CITY
    + r")?"
    r"|(?<![A-Za-z0-9])[0-9]{1,4}(?: bis| ter)?,? (?:[Rr]ue|avenue|boulevard|place|chemin|allée|quai|impasse) (?:(?:de la|de l'|des|du|de|d'|la|le) ?)?"
    + _WORD
    + r"(?:[ -]"
    + _WORD
    + r"){0,3}(?:,? [0-9]{5} "
    + _CITY
    + r")?"
    r"|(?<![A-Za-z0-9])(?:Calle|C/|Avenida|Av\.|Avda\.|Paseo|Plaza|Carrera|Via|Viale|Piazza|Corso|Rua) (?:(?:de la|de los|de las|de|del"
    r"|della|dei|di|da|do) )?"
    + _WORD
    + r"(?: "
    + _WORD
    + r"){0,3},? (?:#|n[º°.]? ?)?[0-9]{1,4}(?:-[0-9]{1,3})?(?![0-9])(?:,? [0-9]{4,5} "
    + _CITY
    + r")?"
)


_NUMBER_WORD = re.compile(r"[0-9]{1,5}(?:[-/A-Za-z][0-9A-Za-z]{0,5})?,? [A-Za-z0-9\u00c0-\u00de]")
_UNIT_BEFORE = re.compile(r"(?<![A-Za-z0-9])" + _UNIT + r",? $", re.IGNORECASE)
_BOX_GATE = re.compile("[Bb]ox |BOX |Bag ")
_OTHER_GATE = re.compile(
    "[sS]tra|str\\.|weg|Weg|platz|Platz|gasse|llee|laan|[rR]ue |venue|oulevard|place |chemin|quai|impasse|Calle|C/|Aven"
    "|Av\\.|Avda|Paseo|Plaza|Carrer|Via|Piazza|Corso|Rua"
)
_FLAT_GATE = re.compile("Flat|House|Plot|Door|H\\.|D\\.|H |D |Villa|Ap|Unit|Room|Block")
_FIVE_DIGITS = re.compile("[0-9]{5}")
_OUTWARD = re.compile("[0-9A-Z] [0-9][A-Z]{2}")


def _english(line: str) -> Iterator[tuple[int, int]]:
    for number in _NUMBER_WORD.finditer(line):
        for pattern in (_ROAD_EN, _BROADWAY):
            match = pattern.match(line, number.start())
            words = (match.groupdict().get("road") or "").split()[:-1] if match is not None else []
            if match is not None and not any(word.lower().strip(".,") in _NO_ROAD - {"the", "of"} for word in words):
                unit = _UNIT_BEFORE.search(line, max(0, match.start() - 25), match.start())
                yield unit.start() if unit else match.start(), _no_comma(line, match.start(), match.end())
        match = _LOWER_ROAD.match(line, number.start())
        if match is not None and not any(word.lower().strip(".") in _NO_ROAD for word in match.group("road").split()[:-1]):
            yield match.span()
    guarded = ((_PO_BOX, _BOX_GATE), (_ROAD_OTHER, _OTHER_GATE), (_CITY_ZIP, _FIVE_DIGITS), (_POSTCODE_ALONE, _OUTWARD))
    for pattern, gate in guarded:
        if gate.search(line):
            for match in pattern.finditer(line):
                yield match.start(), _no_comma(line, match.start(), match.end())
    if _FLAT_GATE.search(line):
        for match in _FLAT_EN.finditer(line):
            if _FLAT_WORDS.search(match.group()):
                yield match.start(), _no_comma(line, match.start(), match.end())
    if "ode" in line or "ip" in line or "IP" in line:
        for match in _POSTCODE_SAID.finditer(line):
            yield match.span("code")


def _no_comma(line: str, start: int, end: int) -> int:
    while end > start and line[end - 1] in ", \n-":
        end -= 1
    return end


_GATE_ZH = re.compile("号|號|弄|巷|栋|棟|幢|座|单元|單元|室|村|地址|住址|住所|家住|现住|住在|户籍")
_NUMBERED_ZH = re.compile(
    "[0-9０-９A-Za-z一二三四五六七八九十] ?[号號弄巷栋棟幢座室]|单元|單元|[县镇乡道区市].{1,8}村|地址|住址|住所|家住|现住|住在|户籍"
)
# Every way to write a type of road holds one of these; the other alternatives are boxes, postcodes and flats. Compared without case.
_GATE_EN = re.compile(
    "street|st|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|way|ter|sq|hwy|parkway|pkwy|cir|close|cres|grove|gardens"
    "|gdns|mews|row|hill|walk|trail"
    "|quay|wharf|alley|loop|pike|turnpike|park|bowery|piccadilly|embarcadero|holborn|esplanade|nagar|marg|layout|box|bag|allee|allée|weg"
    "|platz|gasse|laan|straße|rue|chemin|quai"
    "|impasse|calle|c/|paseo|carrera|via|piazza|corso|rua|zip|code|sector|phase|colony|apartments|society|cross|main|estate"
)
_POSTCODE_GATE = re.compile(r"[A-Z]{2},? [0-9]{5}|[0-9] [0-9][A-Z]{2}|[0-9][A-Z] [0-9][A-Z]{2}|[a-z],? [0-9]{5}")
_DIGIT = re.compile("[0-9]")
_BESIDE = re.compile("[0-9A-Za-z.:,#] [0-9A-Za-z#]")


def may_hold_addresses(text: str) -> bool:
    """A cheap look (some microseconds at most): False means that `find_addresses` would find nothing."""
    return (not text.isascii() and _may_hold_chinese(text)) or _may_hold_english(text)


def _may_hold_chinese(text: str) -> bool:
    return _GATE_ZH.search(text) is not None and _NUMBERED_ZH.search(text) is not None


def _may_hold_english(text: str) -> bool:
    if _BESIDE.search(text) is None or _DIGIT.search(text) is None:
        return False
    return _GATE_EN.search(text.lower()) is not None or _POSTCODE_GATE.search(text) is not None


def find_addresses(line: str) -> list[tuple[int, int]]:
    """(start, end) of postal addresses in a line in plain form, in order; of two that overlap the longer wins."""
    candidates: list[tuple[int, int]] = []
    if not line.isascii() and _may_hold_chinese(line):
        candidates += _chinese(line)
    if _may_hold_english(line):
        candidates += _english(line)
    found: list[tuple[int, int]] = []
    for start, end in sorted(candidates, key=lambda span: (span[0] - span[1], span[0])):
        if start < end and all(end <= first or last <= start for first, last in found):
            found.append((start, end))
    return sorted(found)
