"""Words that tell which kind of question it is: `ask_cues.txt`, one pattern a line under the name of its kind.

They were written from general knowledge of how product people ask; every kind in both languages. A kind's pattern is searched in the
question after days, columns and values were taken out of it (`_ask_grammar`).
"""

from __future__ import annotations

import re
from importlib.resources import files


def _read() -> dict[str, str]:
    """Name of a kind -> its patterns as one alternation."""
    text = files("productloop.apps.behaviour").joinpath("ask_cues.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)[1:]
    return {name: "|".join(line for line in body.splitlines() if line) for name, body in zip(sections[::2], sections[1::2], strict=True)}


_CUES = _read()


def section(name: str) -> str:
    """The pattern of a section by its name."""
    return _CUES[name]


DOCTOR = _CUES["DOCTOR"]
EXPERIMENT = _CUES["EXPERIMENT"]
PERFORMANCE = _CUES["PERFORMANCE"]
SESSIONS = _CUES["SESSIONS"]
PATHS = _CUES["PATHS"]
SEGMENTS = _CUES["SEGMENTS"]
VALUE = _CUES["VALUE"]
REVENUE = _CUES["REVENUE"]
FORECAST = _CUES["FORECAST"]
STICKINESS = _CUES["STICKINESS"]
LIFECYCLE = _CUES["LIFECYCLE"]
DRIVERS = _CUES["DRIVERS"]
WHY = _CUES["WHY"]
WRITTEN = _CUES["WRITTEN"]
DROP = _CUES["DROP"]
CHANGES = _CUES["CHANGES"]
RETENTION = _CUES["RETENTION"]
FUNNEL = _CUES["FUNNEL"]
OF_THOSE = _CUES["OF_THOSE"]
STRICT = _CUES["STRICT"]
UNORDERED = _CUES["UNORDERED"]
ON_OR_AFTER = _CUES["ON_OR_AFTER"]
ON_THE_DAY = _CUES["ON_THE_DAY"]
RECURRING = _CUES["RECURRING"]
COUNT_TIMES = _CUES["COUNT_TIMES"]
COUNT_PEOPLE = _CUES["COUNT_PEOPLE"]
SUM = _CUES["SUM"]
AVERAGE = _CUES["AVERAGE"]
DURATION = _CUES["DURATION"]
TREND = _CUES["TREND"]
RATIO = _CUES["RATIO"]
REFUSE = _CUES["REFUSE"]
PERSON_ZH = _CUES["PERSON_ZH"]
WILL_ONE = _CUES["WILL_ONE"]
PEOPLE_WORDS = _CUES["PEOPLE_WORDS"]
ZH_PEOPLE_WORDS = _CUES["ZH_PEOPLE_WORDS"]
SPLIT_VERB = _CUES["SPLIT_VERB"]
SPLIT_BY = _CUES["SPLIT_BY"]
ACTIVE_PEOPLE = _CUES["ACTIVE_PEOPLE"]
MONEY_WORDS = _CUES["MONEY_WORDS"]
CHANGE_NOUN = _CUES["CHANGE_NOUN"]
FILLER_WORDS = _CUES["FILLER_WORDS"]
GENERIC_WORDS = _CUES["GENERIC_WORDS"]
EVENT_VERBS = _CUES["EVENT_VERBS"]
ZH_GENERIC_WORDS = _CUES["ZH_GENERIC_WORDS"]
KNOWN_WORDS = _CUES["KNOWN_WORDS"]
NOT_EVENTS = _CUES["NOT_EVENTS"]
AFTER_VERB_WORDS = _CUES["AFTER_VERB_WORDS"]
JOINED = _CUES["JOINED"]
WHERE_LOST = _CUES["WHERE_LOST"]
BROKEN = _CUES["BROKEN"]
NAMED_ONE = _CUES["NAMED_ONE"]
ONLY_PEOPLE = _CUES["ONLY_PEOPLE"]
NET_RETENTION = _CUES["NET_RETENTION"]
LOST_MOST = _CUES["LOST_MOST"]
_UNITS = (("day", "DAY", "(?:天|日)", "day"), ("week", "WEEK", "(?:周|星期|礼拜)", "week"), ("month", "MONTH", "月", "month"))
PERIODS = tuple((unit, _CUES[own] + "|" + _CUES["PERIOD"].replace("{zh}", zh).replace("{en}", en)) for unit, own, zh, en in _UNITS)
"""(unit of time, the ways to want something per unit): each unit's own words and those that are alike for all."""
