"""People's names in Latin script that a word announces: "my name is", "Mr X", "spoke with X", "Regards, X", "my landlord X".

Strong cues ("Mr", "Name:") take any capitalised word; others only a listed first name, with the words of a last name after it. What no word
announces is looked for in `unannounced_names`. Word lists written for this project from general knowledge.
"""

# ruff: noqa: SIM905 - rows of words read better

from __future__ import annotations

import re
from collections.abc import Iterator

from productloop.foundation.name_lists_english import AMBIGUOUS_FIRST_NAMES, FIRST_NAMES, LAST_NAMES
from productloop.foundation.unannounced_names import NOT_BARE, PERSON_WORDS, initialed, is_pinyin, unannounced_english

_CAPITAL = r"[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'’]*(?:-[A-Z][a-z]+)?"
_STRONG_EN = re.compile(
    r"(?:\b[Mm][Yy] (?:[Ff]ull |[Ff]irst |[Ll]ast |[Rr]eal )?[Nn][Aa][Mm][Ee](?:'?[Ss]| [Ii][Ss])|\b(?:[Ff]ull |[Ff]irst |[Ll]ast "
    r"|[Cc]ustomer |[Cc]ontact |[Uu]ser |[Bb]illing )?[Nn]ame ?:"
    r"|\b(?:Attn|ATTN|Attention|Recipient|Cardholder|Customer|Contact|Passenger|Patient|Guest|Signed|Signature|From|To|Cc|Author) ?:"
    r"|\bthe name(?: is|'s| of)|\bunder the name(?: of)?|\bname on (?:the )?(?:account|card|order|file|booking) ?(?:is|:))"
    r" *(?P<name>[A-Za-z\u00c0-\u024f'’.-]+(?: +[A-Za-z\u00c0-\u024f'’.-]+){0,2})"
)
_TITLED_EN = re.compile(
    r"\b(?:M(?:r|rs|s|iss|x)|Dr|Prof(?:essor)?|Sir|Madam)\b\.? (?P<name>" + _CAPITAL + r"(?: (?:[A-Z]\.? )?" + _CAPITAL + r")?)"
)
_NOT_TITLED = frozenset(
    "pepper coffee robot who clean beast bean strange martens dre seuss phil fox office word excel and or i the it office house"
    " teams paint"
    " evil no worldwide".split()
)
CERTAIN_FIRST_NAMES = FIRST_NAMES - AMBIGUOUS_FIRST_NAMES
_ANY_NAME = FIRST_NAMES | AMBIGUOUS_FIRST_NAMES | LAST_NAMES
_HAS_TITLE = re.compile("Mr|Ms|Miss|Mx|Dr|Prof|Sir|Madam")
_WORD_EN = re.compile(_CAPITAL)
_LISTED_EN = re.compile("[A-Z][A-Za-z]+")
_BEFORE_WORD = re.compile(r"(?<![A-Za-z0-9@#_./'’-])")
_MORE_EN = re.compile(
    r" (?:(?P<initial>[A-Z])\.? )?(?P<word>(?:(?:van|de|der|von|al|bin|del|da) ){0,2}" + _CAPITAL + r")|[ ](?P<only>[A-Z])\.?(?![A-Za-z'])"
)
_BEFORE_EN = re.compile(
    r"(?:\b(?:[Ii] ?(?:'m|’m| am)|[Ii]m|[Tt]his is|[Ii]t(?:'s|’s| is)|[Cc]all(?:ed)? me|[Nn]amed|[Cc]alled|[Nn]ame(?:'s| is| was|:| to)"
    r"|(?:[Ss]poke|[Ss]peaking|[Ss]peak|[Tt]alk(?:ed|ing)?|[Cc]hat(?:ted|ting)?|[Dd]ealt|[Dd]ealing|[Ww]orked|[Mm]et|[Cc]all)(?: (?:with"
    r"|to))?(?: (?:a|an|the|your|our|my))?"
    r"|(?:[Hh]elped|[Aa]ssisted|[Ss]erved|[Hh]andled|[Ss]igned|[Aa]nswered|[Pp]rocessed|[Dd]elivered|[Tt]old|[Pp]romised) by"
    r"|[Tt]hank(?:s|ing)?(?: you)?(?: so much| very much| a lot)?(?: to)?,?|[Kk]udos to|[Ss]hout ?-?out to|[Pp]rops to"
    r"|[Aa]sk(?:ed)?(?: for)?|[Cc]ontact(?:ed)?|[Rr]each(?: out to)?|[Ee]mail(?:ed)?|[Tt]ell|[Rr]emove|[Aa]dd|[Ii]nvite|[Rr]efund"
    r"|[Aa]ssign(?:ed)?(?: (?:this|it|that|them|me|us))?(?: to)?|[Aa]ccording to|(?:[Rr]eply|[Rr]esponse|[Aa]nswer|[Cc]all"
    r"|[Ee]-?mails?|[Mm]essages?|[Hh]elp|[Nn]ote|[Rr]equest|[Ss]ent) (?:from|by)"
    r"|[Ii]t was|[Ss]igned by|(?:[Nn]ame|[Hh]older|[Bb]eneficiary|[Cc]ontact) (?:should|must|needs to) be|[Cc]redit to|[Pp]raise for"
    r"|[Gg]rateful to|[Hh]ats off to|[Bb]ig up"
    r"|[Tt]hx|[Tt]y|[Cc]c|CC|[Aa]ppreciate|[Tt]hanks again|[Rr]eport(?:ed)?|[Cc]omplain(?:t|ing)?(?: about| against)?|[Ff]ire"
    r"|[Gg]ave|[Bb]less|[Ww]orking with|[Dd]ealings? with"
    r"|[Ww]ho is|(?:[Pp]arcel|[Pp]ackage|[Ii]nvoice|[Oo]rder|[Ll]etter|[Aa]ccount|[Bb]ooking|[Rr]eservation"
    r"|[Tt]icket|[Rr]efund|[Aa]ppointment|[Dd]elivery|[Cc]harge|[Pp]ayment|[Cc]ard)(?: is| was)? (?:for|to|from|of|under)|[Dd]ear|[Hh]i"
    r"|[Hh]ello|[Hh]ey|[Aa]ttn:?"
    r"|(?:[Aa]gent|[Rr]ep|[Rr]epresentative|[Mm]anager|[Tt]echnician|[Dd]river|[Cc]olleague|[Ss]upervisor|[Aa]dvisor|[Aa]ssociate"
    r"|[Ss]pecialist|[Oo]perator|[Cc]ourier|[Dd]octor|[Nn]urse|[Tt]eacher|[Tt]rainer|[Cc]oach"
    r"|[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Ff]riend|[Bb]oss|[Ww]aiter|[Ww]aitress|[Cc]ashier|[Rr]eceptionist"
    r"|[Hh]ost"
    r"|[Gg]uide|(?:[Dd]elivery|[Mm]aintenance|[Rr]epair|[Cc]able|[Ss]ales|[Ss]ervice)? ?(?:man|guy|woman|lady|girl|gentleman|boy"
    r"|person|clerk)|[Mm]ailman|[Pp]ostman"
    r"|[Aa]ssistant|[Ss]erver|[Bb]arten?der|[Bb]arista|[Cc]hef|[Cc]leaner|[Nn]anny|[Bb]abysitter|[Ss]tylist|[Hh]airdresser|[Bb]arber"
    r"|[Tt]herapist|[Dd]entist|[Vv]et"
    r"|[Ll]awyer|[Aa]ttorney|[Aa]ccountant|[Bb]anker|[Bb]roker|[Cc]onsultant|[Ee]ngineer|[Dd]esigner|[Mm]echanic|[Cc]ontractor"
    r"|[Ii]nstaller|[Ii]nspector|[Oo]fficer"
    r"|[Ss]ecurity guard|[Cc]aptain|[Pp]ilot|[Ss]teward(?:ess)?|[Ff]light attendant|[Cc]oncierge|[Dd]irector|[Pp]rincipal"
    r"|[Pp]rofessor|[Ll]ecturer|[Ss]tudent|[Bb]oyfriend"
    r"|[Gg]irlfriend|[Ff]ianc[eé]e?|[Ss]pouse|[Mm]other|[Ff]ather|[Gg]randson|[Gg]randdaughter|[Ss]tepson|[Mm]ate|[Ff]latmate"
    r"|[Hh]ousemate|[Tt]eammate|[Cc]o-?worker"
    r"|[Ii]ntern|[Cc]lerk|[Tt]eller|[Ss]ales(?:man|woman|person)|[Aa]uthor|[Ee]ditor|[Nn]arrator|[Oo]wner|[Vv]endor|[Mm]erchant"
    r"|[Ss]hopper|[Rr]ider|[Pp]assenger"
    r"|[Cc]aller|[Cc]laimant|[Pp]ayee|[Pp]ayer|[Cc]arer|[Cc]aregiver|[Mm]idwife|[Pp]harmacist|[Ss]urgeon|[Ll]andlady|[Pp]ainter"
    r"|[Bb]uilder|[Gg]ardener|[Tt]ech|[Pp]hysio"
    r"|[Ll]andlord|[Pp]artner|[Tt]enant|[Pp]atient|[Cc]ustomer|[Cc]lient|[Tt]utor|[Ii]nstructor|[Pp]lumber|[Ee]lectrician|[Nn]eighbou?r"
    r"|[Rr]oommate|[Cc]lassmate|[Uu]ncle|[Aa]unt(?:ie)?|[Gg]rand(?:pa|ma|father|mother)|[Nn]ephew|[Nn]iece|[Cc]ousin|[Bb]eneficiary"
    r"|[Aa]pplicant|[Hh]older|[Ss]ender|[Rr]ecipient|[Bb]uyer|[Ss]eller|[Gg]uest|[Mm]ember|[Uu]ser|[Ee]mployee|[Mm]um|[Mm]om"
    r"|[Dd]ad)(?:,| is"
    r"| was|'s name is| named| called)?"
    r"|[Rr]egards|[Ss]incerely|[Cc]heers|[Yy]ours(?: truly| sincerely| faithfully)?|[Bb]est(?: wishes)?|[Ss]igned|[Ll]ove)[,.!:]?\s*|(?:^"
    r"|[\n.!?] ?)(?:-{1,2}|—|~) ?)$"
)
_SIGN_OFF = re.compile(
    r"(?:[Rr]egards|[Ss]incerely|[Yy]ours(?: truly| faithfully)?|[Rr]espectfully|[Bb]est wishes|[Cc]heers|[Tt]hanks|[Tt]hank you"
    r"|[Bb]est),?[ ]*\n\s*"
    r"(?P<name>" + _CAPITAL + r"(?: (?:[A-Z]\.? )?" + _CAPITAL + r"){0,2}|[A-Z]\. ?" + _CAPITAL + r")\s*(?=$|\n|,)"
)
_NOT_A_NAME = frozenset(
    (
        "not n/a none no yes is the a an my your our this that it i and or for from to in on at of with was were are be but if so"
        " very just"
        " still also here there please thanks thank hi hello"
        " team support customer service amazon google apple microsoft alexa siri echo kindle samsung facebook paypal uber admin user test"
        " unknown anonymous app account email phone address"
        " monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september"
        " october november december"
        " inc llc ltd corp company bank store shop street road avenue card order who when where why what how because since has have"
        " had will"
        " would can could does did you we they he she"
        " everyone all sir madam guys there folks developer developers dear regards sent date subject re mr mrs ms dr now today yesterday"
        " please god jesus christmas easter prime"
    ).split()
)


def find_english(line: str) -> Iterator[tuple[int, int]]:
    """(start, end) of names in Latin script, stronger cues first; they may overlap."""
    if "ame" in line or "AME" in line or ":" in line:
        for match in _STRONG_EN.finditer(line):
            yield from _stated(line, *match.span("name"))
    for match in _TITLED_EN.finditer(line) if _HAS_TITLE.search(line) else ():
        words = match.group("name").split()
        if words[0].lower() not in _NOT_TITLED:
            start = match.start("name")
            end = match.end("name") if len(words) > 1 and words[-1].lower() not in _NOT_A_NAME else start + len(words[0])
            yield start, _without_possessive(line, end)
    for match in _SIGN_OFF.finditer(line) if "\n" in line else ():
        if not any(word.lower().strip(".") in _NOT_A_NAME for word in match.group("name").split()):
            yield match.span("name")
    if _ANY_NAME.isdisjoint(map(str.lower, _LISTED_EN.findall(line))):
        return
    for match in _WORD_EN.finditer(line):
        if _BEFORE_WORD.match(line, match.start()):
            announced = tuple(_listed(line, match.start(), match.end()))
            yield from announced or unannounced_english(line, match.start(), match.group())
    yield from initialed(line)


_RANK = re.compile(r"\b(?:Officer|Coach|Captain|Nurse|Detective|Judge|Sergeant|Pastor|Agent|Inspector|Mister|Señora?|Herr|Frau) $")
# Before and after a first name that is mostly another word: "spoke to Will on", "Tutor Joy makes".
_PERSON_BEFORE = re.compile(
    r"(?:\b(?:[Ss]poke|[Tt]alked|[Ss]peaking) (?:to|with)|\b(?:[Ss]hout ?-?out|[Kk]udos|[Tt]hanks|[Tt]hank you) to|\b(?:[Tt]utor"
    r"|[Aa]gent|[Tt]eacher|[Ii]nstructor|[Nn]urse|[Dd]river|[Ww]ife|[Hh]usband|[Dd]aughter|[Ss]on|[Ss]ister|[Bb]rother"
    r"|[Cc]olleague|[Cc]oach|[Ww]aitress|[Ww]aiter|named|[Rr]ep|[Mm]um|[Mm]om|[Aa]unt|[Uu]ncle|[Ff]riend|[Rr]egards|[Tt]rainer"
    r"|[Gg]randma|[Gg]randpa|[Cc]heers),?) $"
)
_PERSON_AFTER = re.compile(
    r"$|[.,!?]| (?:on|about|from|in|at|who|and|said|told|was|is|has|had|makes|made|never|for|yesterday|today|twice|again|but|hung|did)\b"
)


def _stated(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The one to three words after "my name is": capitalised, or a listed first name in lower case."""
    stop = start
    for position, match in enumerate(re.finditer(r"[^ ]+", line[start:end])):
        word = match.group().rstrip(".,")
        low = word.lower().removesuffix("'s")
        known = low in FIRST_NAMES or low in LAST_NAMES
        if low in _NOT_A_NAME or not low or not (word[0].isupper() or (known and (position or low not in AMBIGUOUS_FIRST_NAMES))):
            break
        stop = start + match.start() + len(word)
        if match.group() != word and len(word) > 1:
            break
    if stop > start:
        yield start, _without_possessive(line, stop)


def _listed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A listed first name (with the words of a last name) after a cue, or before an address of mail."""
    end = _without_possessive(line, end)
    first = line[start:end].lower()
    is_first, is_last = first in FIRST_NAMES or first in AMBIGUOUS_FIRST_NAMES, first in LAST_NAMES
    if not is_first and not is_last:
        return
    last_end = end
    more = _MORE_EN.match(line, end)
    while more is not None and line[more.start() + 1 : more.end()].lower() not in _NOT_A_NAME:
        last_end = _without_possessive(line, more.end())
        more = _MORE_EN.match(line, last_end) if last_end == more.end() and last_end - end < 30 else None
    alone = last_end == end
    if alone and is_last and not is_first and _RANK.search(line, max(0, start - 12), start):
        yield start, end
        return
    if line[start - 1 : start] and line[start - 1] in "跟由找让被请叫谢和给系" and first in CERTAIN_FIRST_NAMES and first not in NOT_BARE:
        yield start, last_end
        return
    if (
        alone
        and start
        and first in PERSON_WORDS
        and _PERSON_AFTER.match(line, end)
        and _PERSON_BEFORE.search(line, max(0, start - 24), start)
    ):
        yield start, end
        return
    if alone and (not is_first or first in AMBIGUOUS_FIRST_NAMES):
        return
    if (
        not is_first
        and line[end:last_end].split()[-1].lower() not in FIRST_NAMES
        and not is_pinyin(first, line[end:last_end].strip().lower())
    ):
        return
    before = _BEFORE_EN.search(line, max(0, start - 45), start)
    if before is not None or re.match(r" ?[<(\[]\[?(?:email|[A-Za-z0-9._+-]+@)", line[last_end : last_end + 40]):
        yield start, last_end


def _without_possessive(line: str, end: int) -> int:
    return end - 2 if line[end - 2 : end] in ("'s", "’s") else end


# Patterns of one set of characters or one literal are searched some ten times faster than alternatives.
_ASCII_CAPITAL = re.compile("[A-HJ-Z]")
_ASCII_I = re.compile("I[a-z]")
_CAPITAL_IN_CHINESE = re.compile(r"[A-Z\u00c0-\u00de][a-z\u00e0-\u00ff. ]")


_FIRST_WORD = re.compile("[A-Za-z]*")
_FIRST_ALONE = FIRST_NAMES | PERSON_WORDS
_FIRST_LETTERS = frozenset(name[:3].capitalize() for name in _FIRST_ALONE)


def may_hold_english(text: str) -> bool:
    """A cheap look: False means that `find_english` would find nothing."""
    return _may_begin(text) and _may_be_listed(text)


def _may_begin(text: str) -> bool:
    if text.isascii():
        return (
            _ASCII_CAPITAL.search(text, 1) is not None
            or "ame" in text
            or "AME" in text
            or _ASCII_I.search(text, 1) is not None
            or " <" in text
            or (text[:3] in _FIRST_LETTERS and _FIRST_WORD.match(text)[0].lower() in _FIRST_ALONE)  # type: ignore[index]
        )
    return _CAPITAL_IN_CHINESE.search(text) is not None or "name" in text


def _may_be_listed(text: str) -> bool:
    """Whether a listed name, a title, a label or a sign-off is there at all."""
    return (
        not _ANY_NAME.isdisjoint(map(str.lower, _LISTED_EN.findall(text)))
        or "\n" in text
        or ":" in text
        or "ame" in text
        or "AME" in text
        or "O'" in text
        or "O’" in text
        or _HAS_TITLE.search(text) is not None
    )
