"""A question becomes a query without a language model: days, columns, events, then the kind of question, then its fields.

No rule knows a particular question. What stands in a question is taken out piece by piece (days, windows, conditions); the kind is the first
whose words are there (the list in `_kinds` is the order in which kinds exclude each other), unless a second opinion finds another one much
likelier (`_ask_kinds`); the events left fill its fields. A question that
names none of the known kinds, or wants something counted that no event is called, is refused: a wrong number is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from productloop.apps.behaviour import _ask_cues as cues
from productloop.apps.behaviour._ask_events import steps_of
from productloop.apps.behaviour._ask_kinds import REFUSE, second_opinion
from productloop.apps.behaviour._ask_metrics import forecast_metric, is_ratio, trend_metrics
from productloop.apps.behaviour._ask_names import change_title, experiment_name
from productloop.apps.behaviour._ask_question import Catalogue, Question, asked, read_question
from productloop.apps.behaviour._ask_text import TAKEN, search
from productloop.apps.behaviour._ask_windows import DAYS
from productloop.apps.behaviour.ask_types import QUERIES, Query, Refusal


def parse(question: str, catalogue: Catalogue) -> Query:
    """The query of a question; a `Refusal` when it is none of the known kinds."""
    found = read_question(question, catalogue)
    if _is_refused(found):
        return Refusal()
    query = next((query for kind in _kinds(found) if (query := _query(kind, found)) is not None), Refusal())
    other = second_opinion(asked(found), query.action)
    if other is None or (other == "forecast" and found.horizon is None and not found.said(cues.FORECAST)):
        return query
    return _query(other, found) or query


def _query(kind: str, found: Question) -> Query | None:
    """The query of a kind; None when the question lacks what such a query needs."""
    if kind == REFUSE:
        return Refusal()
    fields = _FIELDS[kind](found)
    return None if fields is None else QUERIES.validate_python({"action": kind, **fields, "scope": _scope(kind, found)})


def _kinds(found: Question) -> list[str]:
    """Kinds whose words are there, the most exclusive first."""
    many = len(steps_of(found.mentions))
    order = (*_telling_kinds(found, many), *_counting_kinds(found, many))
    return list(dict.fromkeys(kind for kind, fits in order if fits))


def _telling_kinds(found: Question, many: int) -> tuple[tuple[str, bool], ...]:
    """Kinds that words of their own tell, whatever events are named."""
    return (
        ("revenue", found.said(cues.NET_RETENTION)),
        ("doctor", found.said(cues.DOCTOR)),
        ("experiment", found.said(cues.EXPERIMENT)),
        ("leaks", found.has(cues.WRITTEN) and many > 0),
        ("leaks", found.has(cues.WHY) and found.has(cues.DROP) and many > 0),
        ("leaks", found.has(cues.WHERE_LOST) and many == 2),
        ("funnel", found.has(cues.WHERE_LOST) and many != 1),
        ("stickiness", found.said(cues.STICKINESS)),
        ("drivers", found.said(cues.DRIVERS)),
        ("value", found.said(cues.VALUE)),
        (
            "forecast",
            found.said(cues.FORECAST) and (found.horizon is not None or (found.window_days is None and not found.has(cues.RETENTION))),
        ),
        ("forecast", found.horizon is not None and found.has(cues.TREND) and not found.has(cues.RETENTION) and found.window_days is None),
        (
            "changes",
            found.said(cues.CHANGES)
            and not _is_of_events_only(found)
            and not (many > 1 and found.has(r"转化|漏斗|\bconver\w*\b|\bfunnel")),
        ),
        ("segments", found.has(cues.SEGMENTS)),
        ("paths", found.said(cues.PATHS) and not (many > 1 and found.has(cues.OF_THOSE)) and many > 0),
    )


def _counting_kinds(found: Question, many: int) -> tuple[tuple[str, bool], ...]:
    """Kinds that depend on how many events are named, and what is left for any event."""
    strong = len([mention for mention in found.mentions if mention.strength > 0])
    return (
        ("funnel", found.has(r"漏斗|\bfunnels?\b|->|→|=>") and many > 1),
        ("trends", many > 1 and is_ratio(found.text, found.mentions) and (found.has(_DIVISION) or not found.has(cues.FUNNEL))),
        ("lifecycle", found.has(cues.LIFECYCLE) or (many == 0 and found.has(cues.LOST_MOST))),
        ("funnel", found.has(cues.UNORDERED + "|" + cues.STRICT) and many > 1),
        ("funnel", many > 1 and found.window_days is not None and not found.has(_COMING_BACK)),
        (
            "sessions",
            (found.has(cues.SESSIONS) and strong == 0)
            or found.has(
                r"会话|使用时长|停留时|在线时长|[玩用逛待](?:了)?多久|\bhow many (?:hours|minutes)\b|\bsessions?\b|\btime spent in\b"
            ),
        ),
        ("performance", found.has(cues.PERFORMANCE) and not (many > 1) and not found.has(_LEAVING)),
        ("retention", (found.has(cues.RETENTION) or (many > 1 and found.has(_COMING_BACK))) and not _is_funnel_of(found, many)),
        ("revenue", found.has(cues.REVENUE)),
        ("funnel", many > 1 and (found.has(cues.FUNNEL) or _is_joined(found))),
        ("trends", many > 1 and is_ratio(found.text, found.mentions)),
        ("funnel", many > 1 and (found.said(cues.OF_THOSE) or found.window_days is not None)),
        ("funnel", many == 1 and found.has(_ABANDON)),
        ("funnel", many == 0 and found.has(r"转化率|的转化|漏斗|\bconversion\b|\bfunnel\b")),
        ("funnel", many == 1 and found.has(r"转化|漏斗|完成率|完课率|学完率|\bcompletion rate\b|\bconver\w*\b|\bfunnel\b")),
        ("trends", found.has(cues.TREND) or found.has(cues.COUNT_PEOPLE) or found.period is not None or found.scope["since"] is not None),
        ("trends", many == 0 and found.scope["by"] is not None),
        ("funnel", many > 1),
        (
            "trends",
            strong > 0
            and (
                found.scope["by"] is not None
                or found.has(
                    r"最|哪(?:个|种|类|边|些).{0,10}(?:多|高|好|大|少|低|强|快)|\b(?:most|least|best|worst|top|highest|lowest|more|fewer)\b"
                )
            ),
        ),
        ("performance", found.has(cues.PERFORMANCE)),
        ("sessions", found.has(cues.SESSIONS)),
        ("performance", found.has(cues.BROKEN) and not found.mentions),
    )


_LEAVING = r"留存|流失|\bretention\b|\bchurn\w*\b|\bdrop(?:ping|s)? off\b|\bleav(?:e|es|ing)\b"
"""Words of people, not of machines: who drops off faster is not slow."""
_COMING_BACK = (
    r"留存|回来|回访|\bretention\b|\b(?:come|came|coming) ?back\b|\bstill (?!not\b)\w+|\breturn\w*\b|(?:之后|以后|后)每(?:天|周|月|个)"
)
_ABANDON = r"弃购|弃单|放弃率|流失率|跳失|未(?:支付|付款|下单|完成)|\babandon\w*\b|\bdrop[- ]?offs?\b"
_DIVISION = r"除以|÷|/|比值|\bdivided by\b|\bratio\b"


def _is_of_events_only(found: Question) -> bool:
    """What people do after an event called 升级 or "update": no change of the product is named."""
    named = search(r"\d\.\d", found.sentence.text) is not None or change_title(found.original) is not None
    return not named and bool(found.mentions) and found.said(cues.PATHS)


def _is_joined(found: Question) -> bool:
    """Whether two events stand as "A to B" or A到B, without anything between."""
    pairs = pairwise(found.mentions)
    return any(left.event != right.event and search(cues.JOINED, found.text[left.end : right.start]) for left, right in pairs)


def _is_funnel_of(found: Question, many: int) -> bool:
    """Two events and a share, without words of coming back: a funnel that happens to say "still" or 再."""
    return many > 1 and found.has(r"转化|漏斗|->|→|走到") and not found.has(r"留存|回来|\bretention\b|\bcome back\b")


def _is_refused(found: Question) -> bool:
    if search(cues.REFUSE, found.sentence.text) is not None and not (found.mentions and search(cues.WRITTEN, found.sentence.text)):
        return True
    free = found.text
    for mention in found.mentions:
        free = free[: mention.start] + TAKEN * (mention.end - mention.start) + free[mention.end :]
    named = search(cues.NAMED_ONE, found.original)
    if named is not None and named.group(1).lower() in found.text:
        return True
    return search(cues.PERSON_ZH, free) is not None or search(cues.WILL_ONE, found.original) is not None


_SHARE_OF = r"占(?:多少|几成|比|百分|多大)|\b(?:share|percentage|proportion|fraction|part) of\b|\bwhat (?:percent|share)"
"""A share that one value of a column has: the split by that column says it."""


def _scope(kind: str, found: Question) -> dict[str, Any]:
    scope = {name: value for name, value in found.scope.items() if value}
    if kind == "trends" and len(steps_of(found.mentions)) == 1 and "by" not in scope and found.said(_SHARE_OF):
        named = [condition.partition("=")[0] for condition in scope.get("where", ()) if re.match(r"\w+=", condition)]
        if len(named) == 1:
            scope = {**scope, "by": named[0], "where": tuple(c for c in scope["where"] if not c.startswith(named[0] + "="))}
            scope = {name: value for name, value in scope.items() if value}
    if kind == "forecast" and scope.get("until", found.today) != found.today:
        scope = {name: value for name, value in scope.items() if name in ("where", "by")}
    if kind == "changes":
        title = (change_title(found.original) or "").lower()
        scope["where"] = tuple(c for c in scope.get("where", ()) if c.partition("=")[2].lower() not in title or not title)
        scope["where"] = tuple(condition for condition in scope["where"] if not condition.startswith("version"))
        scope = {name: value for name, value in scope.items() if value}
    if kind in ("doctor", "experiment", "changes", "drivers", "segments", "stickiness", "forecast", "value"):
        scope = {name: value for name, value in scope.items() if name in ("where", "by") or kind not in ("changes", "doctor", "experiment")}
    return scope


# ---- the fields of each kind; None means that the question is not of this kind after all


_TILL = r"cart|basket|checkout|check_out"
"""Events that are completed by paying."""


def _funnel(found: Question) -> dict[str, Any] | None:
    steps = _steps(found)
    if not found.mentions:
        return {}  # the default funnel
    if len(steps) < 2:
        return None
    order = "unordered" if found.has(cues.UNORDERED) else "strict" if found.has(cues.STRICT) else None
    return {"steps": steps, "window_days": found.window_days, "order": order}


def _steps(found: Question) -> tuple[str, ...]:
    """Events in the order in which they are done: "B after A" and A之前的B turn it round."""
    strong = [mention for mention in found.mentions if mention.strength > 0]
    mentions = strong if len(strong) > 1 and not search(r"->|→|>", found.text) else found.mentions
    steps = steps_of(mentions)
    if len(steps) == 2:
        between = found.sentence.text[mentions[0].end : mentions[-1].start]
        if search(r"(?:里|中|当中|里面|之中).{0,8}(?:之前|此前|先前|以前|事先)\W{0,2}$", between):
            steps = steps[::-1]  # 下单的人里有多少之前搜索过
        if search(
            r"\b(?:within|in) .{1,24} of\s*$|\b(?:after|once they|having|of (?:those|the people|users|people|everyone) who|out of|among|from those|given)\b",
            between,
        ) and not search(r"\bthen\b", between):
            steps = steps[::-1]
    if len(steps) > 2 and len(set(steps)) < len(steps):
        steps = tuple(dict.fromkeys(steps))
    if len(steps) == 1 and found.has(r"完成率|完课率|学完率|\bcompletion\b"):
        before, goal = found.finder.sibling(steps[0]), found.finder.money_event()
        if before is None and goal not in (None, steps[0]) and search(_TILL, steps[0].lower()):
            return (steps[0], str(goal))
        return steps if before is None else (before, steps[0])
    if len(steps) == 1 and (found.has(r"转化|\bconver\w*\b|\bfunnel\b|漏斗") or (found.has(_ABANDON) and not found.has(cues.WHY))):
        begin = found.finder.sign_up_event()
        ahead, first = found.text[: found.mentions[0].start], found.text[found.mentions[0].start :]
        if begin not in (None, steps[0]) and (
            search(r"\b(?:to|into) (?:\w+ )?$|转化(?:到|成|为)$|首次?$", ahead) or first.startswith("首")
        ):
            return (str(begin), steps[0])  # "conversion to first top up": of those who signed up
        goal = found.finder.money_event()
        entry = found.finder.entry_event() if goal == steps[0] else steps[0]
        goal = steps[0] if goal is None or goal == steps[0] else goal
        return (entry, goal) if entry is not None and entry != goal else steps
    return steps


def _retention(found: Question) -> dict[str, Any] | None:
    unit = {1.0: "day", 7.0: "week", 30.0: "month"}
    after = None if found.window_days is None else next((unit[days] for days in (30.0, 7.0, 1.0) if found.window_days % days == 0), None)
    ahead = found.horizon[1] if found.horizon is not None else None
    fields: dict[str, Any] = {"period": found.period or after or ahead}
    mentions = [m for m in found.mentions if m.event != found.finder.active_event() or m.strength > 0]
    if found.has(
        r"复购|回购|再次购买|重复购买|再买|\brepeat (?:purchas|order|buy|custom|shop)|\brepurchas|\breorder|\bbuy again\b|\border again\b"
    ):
        event = next((m.event for m in mentions), found.finder.money_event())
        return {"period": found.period or ahead, "start": event, "back": event}
    cue = search(cues.RETENTION, found.text)
    place = cue.start() if cue is not None else len(found.text)
    if len(steps_of(mentions)) >= 2:
        fields |= {"start": mentions[0].event, "back": mentions[-1].event}
        middle = found.text[mentions[0].end : mentions[-1].start]
        if search(r"\b(?:after|of (?:those|the people|users|people) who|among)\b", middle) and place < mentions[-1].start:
            fields |= {"start": mentions[-1].event, "back": mentions[0].event}
    elif mentions:
        event = mentions[0].event
        verb = re.escape(found.text[mentions[0].start])  # 刷过卡的人还刷吗
        again = len(mentions) > 1 or found.has(
            rf"\b(?:again|another|second|repeat\w*)\b|再次|又|(?:还|再|继续|接着)[会在来去]?{verb}(?![a-z])"
        )
        back_first = search(
            r"\b(?:come|came|comes|coming) ?back (?:to|and|for)\b|\breturn(?:s|ed|ing)? to\b|\bstill\b|\bkeep\b|还|回来|继续|接着|持续|仍",
            found.text[: mentions[0].start],
        )
        if again:
            fields |= {"start": event, "back": event}
        elif back_first is not None and not search(r"\bafter\b", found.text[: mentions[0].start]):
            fields["back"] = event
        else:
            fields["start"] = event
    if (
        "start" not in fields
        and not (found.has(cues.RECURRING) and found.said(r"不.{0,6}新|\bnot (?:just|only)\b"))
        and found.said(
            r"新用户|新客|新增用户|新人|新学生|新会员|\bnew (?:users?|customers?|people|students?|members?|learners?|cohorts?|sign ?ups?)\b"
        )
    ):
        event = found.finder.sign_up_event()
        fields |= {"start": event} if event is not None else {}
    if found.has(cues.ON_OR_AFTER):
        fields["rule"] = "on_or_after"
    elif found.has(cues.ON_THE_DAY):
        fields["rule"] = "on"
    if found.has(cues.RECURRING):
        fields["cohorts"] = "recurring"
    return fields


def _lifecycle(found: Question) -> dict[str, Any] | None:
    return {"period": found.period}


def _stickiness(found: Question) -> dict[str, Any] | None:
    text = found.sentence.text
    ratio = search(r"(dau|wau) ?(?:/|to|over|divided by|and|比|除以) ?(wau|mau)", text)
    period = found.period
    if ratio is not None:
        period = "week" if ratio.group(2) == "wau" else None
    elif search(r"(?:每|一)个?(?:周|星期)|\b(?:a|per|each|of the) week\b|\bweekly\b", text):
        period = "week"
    elif search(r"(?:每|一)个?月|\b(?:a|per|each|of the) month\b|\bmonthly\b", text):
        period = "month"
    elif period == "day":
        period = None
    event = next((m.event for m in found.mentions if m.strength > 0 and m.event != found.finder.active_event()), None)
    return {"period": period, "event": event}


def _trends(found: Question) -> dict[str, Any] | None:
    if found.finder.is_of_something_else(found.text, found.mentions):
        return None
    if any(
        search(
            r"^(?:失败|异常|出错|成功率|(?:没|无)有?(?:结果|成功|反应|内容|响应))|^ (?:success|failure|error) rate",
            found.text[mention.end :],
        )
        for mention in found.mentions
    ):
        return None  # what failed is another event than what was done
    metrics = trend_metrics(found.sentence, found.mentions, found.finder)
    return {"metrics": metrics, "period": found.period} if metrics else None


def _forecast(found: Question) -> dict[str, Any] | None:
    metric = forecast_metric(found.sentence, found.mentions, found.finder)
    if metric is None:
        return None
    horizon, unit = found.horizon or (None, None)
    period = found.period or unit
    if horizon is not None and unit != period and period is not None and unit is not None:
        horizon = max(1, round(horizon * DAYS[unit] / DAYS[period])) if period != "month" or unit != "day" else max(1, round(horizon / 30))
        horizon = {("month", "week"): 4 * (found.horizon or (1, ""))[0]}.get((unit, period), horizon)
    return {"metric": metric, "horizon": horizon, "period": period}


def _paths(found: Question) -> dict[str, Any] | None:
    mentions = [m for m in found.mentions if m.strength > 0] or found.mentions
    steps = steps_of(mentions)
    if len(steps) >= 2:
        return {"start": steps[0], "end": steps[-1]}
    if not steps:
        return {}
    event = mentions[0]
    ahead, behind = found.text[: event.start], found.text[event.end :]
    is_end = (
        (
            search(
                r"\b(?:before|prior to|leading (?:up )?to|lead(?:s|ing)? (?:up )?to|to|get to|arrive at|reach|end up (?:with|in|at)?)\s*(?:\w+\s){0,3}$",
                ahead,
            )
            is not None
            and search(r"\bafter\s*(?:\w+\s){0,3}$", ahead) is None
        )
        or re.match(r".{0,6}?(?:之前|前(?!\d)|以前)", behind) is not None
        or search(r"(?:到|走到|来到|到达|导致)\W{0,2}$", ahead) is not None
        or search(r"从哪(?:里|儿|些)?", behind) is not None
    )
    return {"end": event.event} if is_end else {"start": event.event}


def _leaks(found: Question) -> dict[str, Any] | None:
    steps = _steps(found)
    goal = found.finder.money_event()
    if len(steps) == 1 and goal is not None and goal != steps[0] and search(_TILL, steps[0].lower()):
        return {"steps": (steps[0], goal)}  # who leaves at the till has not paid
    if len(steps) == 1 and (begin := found.finder.sibling(steps[0])) is not None:
        return {"steps": (begin, steps[0])}
    return {"steps": steps} if steps else None


def _sessions(found: Question) -> dict[str, Any] | None:
    return {"period": found.period}


def _nothing(found: Question) -> dict[str, Any] | None:
    return {}


_CURRENCIES = (
    ("USD", r"美元|美金|\busd\b|\bdollars?\b|\$"),
    ("CNY", r"人民币|\bcny\b|\brmb\b|\byuan\b|¥|元"),
    ("EUR", r"欧元|\beur\b|\beuros?\b|€"),
    ("GBP", r"英镑|\bgbp\b|\bpounds?\b|£"),
    ("JPY", r"日元|\bjpy\b|\byen\b"),
    ("HKD", r"港币|港元|\bhkd\b"),
    ("SGD", r"新币|新加坡元|\bsgd\b"),
)


def _revenue(found: Question) -> dict[str, Any] | None:
    currency = next((code for code, pattern in _CURRENCIES if found.said(pattern)), None)
    return {"currency": currency, "period": "month" if found.period == "month" else None}


def _experiment(found: Question) -> dict[str, Any] | None:
    return {"experiment": experiment_name(found.original)}


def _drivers(found: Question) -> dict[str, Any] | None:
    text = found.sentence.text
    patterns = (
        ("leave", r"流失|离开|走掉|不来了|弃用|卸载|退订|取消|\bchurn\w*\b|\bleav\w*\b|\bquit\w*\b|\bcancel\w*\b|\buninstall\w*\b|\bdisengag\w*\b"),
        ("pay", r"复购|付费|付钱|购买|买单|掏钱|下单|订阅|充钱|转化|续费|\bpa(?:y\w*|id)\b|\b(?:purchas|buy|subscri|conver|spend|upgrad)\w*\b"),
        ("stay", r"留|回来|活跃|粘|\bstay\w*\b|\b(?:retention|retain\w*|stick\w*|come back|coming back)\b|\bloyal\w*\b|\bkeeps?\b|\bactive\b|\baha\b"),
    )  # fmt: skip
    places = [(match.start(), outcome) for outcome, pattern in patterns if (match := search(pattern, text)) is not None]
    return {"outcome": min(places)[1] if places else None}


def _changes(found: Question) -> dict[str, Any] | None:
    version = search(r"(?<![\d.])v?(\d+\.\d+(?:\.\d+)?)(?![\d.])", found.sentence.text)
    if version is not None:
        return {"version": version.group(1)}
    return {"title": change_title(found.original)}


_FIELDS: Mapping[str, Any] = {
    "funnel": _funnel,
    "retention": _retention,
    "lifecycle": _lifecycle,
    "stickiness": _stickiness,
    "trends": _trends,
    "paths": _paths,
    "sessions": _sessions,
    "segments": _nothing,
    "revenue": _revenue,
    "value": _nothing,
    "forecast": _forecast,
    "experiment": _experiment,
    "performance": _nothing,
    "leaks": _leaks,
    "drivers": _drivers,
    "changes": _changes,
    "doctor": _nothing,
}
