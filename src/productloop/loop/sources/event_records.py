"""One record of an event tool -> what it says: an event, a person, group or item as known at a moment, or that two ids are one person.

Shapes, by what their makers publish:
  Segment    spec of the six calls (segment.com/docs/connections/spec): type, userId | anonymousId, messageId, timestamp, traits, context
  Mixpanel   raw export (developer.mixpanel.com/reference/raw-event-export): {"event", "properties": {"time", "distinct_id", "$insert_id"}},
             not deduplicated: one event = event + distinct_id + time + $insert_id; people as {"$distinct_id", "$properties"}
  Amplitude  export API (amplitude.com/docs/apis/analytics/export): event_type, user_id | device_id, event_time in UTC, $insert_id, uuid
  PostHog    batch export (posthog.com/docs/cdp/batch-exports): uuid, event, distinct_id, properties, timestamp; the group of a person is what
             their events name in $groups, its traits come by $groupidentify (posthog.com/docs/product-analytics/group-analytics)
  神策       manual.sensorsdata.cn, data format: distinct_id, time in ms, type track | track_signup | profile_* | item_set, original_id

Pages and screens become "page_view" and "screen", with the name as the property `page`. Times become microseconds UTC; none of these tools
writes local times, so a time without a zone is UTC.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from productloop.foundation.tables import TABLES, fold_header

Record = Mapping[str, Any]
Kind = Literal["events", "actors", "merges", "items", "groups", "left_out"]
Change = Literal["set", "add", "append", "unset", "clear"]
PAGE_VIEW, SCREEN = "page_view", "screen"
NO_PAIR, UNCHANGED, UNKNOWN = "no_pair", "unchanged", "unknown"
"""Reasons for leaving a record out; any other is the name of a kind of record that is not read."""
_PAGES = frozenset({"$pageview", "$mp_web_page_view", "[Amplitude] Page Viewed", "$web_page_view"})
_SCREENS = frozenset({"$screen", "$AppViewScreen", "$MPViewScreen", "[Amplitude] Screen Viewed"})
_CALLS = frozenset({"track", "identify", "page", "screen", "group", "alias"})
ACCOUNT_TRAIT = "account_"
"""Before the name of a trait of the group that a person belongs to."""
_PROFILES: dict[str, Change] = {
    "profile_set": "set", "profile_set_once": "set", "profile_increment": "add", "profile_append": "append",
    "profile_unset": "unset", "profile_delete": "clear",
}  # fmt: skip
_ACCOUNT_GROUPS = ("company", "organization", "organisation", "account", "customer", "team", "workspace")
"""Kinds of groups that are a business customer, the likeliest first; a group of another kind counts where it is the only one."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a record says. `fields` are columns of the canonical table; `extra` its further properties; a merge has alias, actor, time, source;
    what is left out has the reason.
    """

    kind: Kind
    fields: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    once: frozenset[str] = frozenset()
    """Names of traits that are set once: an earlier value stays."""
    change: Change = "set"
    """What happens to what was known: numbers are added, lists grow, names are taken back (their values do not count), everything is."""
    aside: bool = False
    """Said beside an event: nothing is lost where it is not new."""


Shape = Callable[[Record], Iterator[Fact]]


def shape_of(record: Record) -> tuple[str, Shape] | None:
    """(tool, how to read its records), told by one record; None for any other program."""
    properties = record.get("properties")
    if record.get("type") in _CALLS and record.keys() & {"messageId", "userId", "anonymousId", "previousId", "groupId"}:
        return "segment", segment
    if isinstance(record.get("type"), str) and "distinct_id" in record and _is_sensors(record):
        return "sensors", sensors
    if (
        "event_type" in record
        and record.keys() & {"amplitude_id", "device_id", "user_id"}
        and record.keys() & {"event_time", "client_event_time"}
    ):
        return "amplitude", amplitude
    if "event" in record and isinstance(properties, dict) and "distinct_id" in properties and "time" in properties:
        return "mixpanel", mixpanel
    if "$distinct_id" in record and isinstance(record.get("$properties"), dict):
        return "mixpanel", mixpanel
    if "event" in record and "distinct_id" in record and "timestamp" in record and "properties" in record:
        return "posthog", posthog
    return None


def _is_sensors(record: Record) -> bool:
    kind = str(record["type"])
    return kind.startswith(("track", "profile_", "item_")) and "time" in record


# --- the tools ---------------------------------------------------------------------------------------------------------------------------


def segment(record: Record) -> Iterator[Fact]:
    """One call of the Segment spec; a name that no call has is left out."""
    call = record.get("type")
    if call not in _CALLS:
        yield _left_out(str(call))
        return
    user, anonymous = _text(record.get("userId")), _text(record.get("anonymousId"))
    time = moment(record.get("timestamp") or record.get("originalTimestamp") or record.get("sentAt") or record.get("receivedAt"))
    context = _mapping(record.get("context"))
    if call == "alias":
        yield _merge(_text(record.get("previousId")), user or anonymous, time, "alias")
        return
    if call == "identify" and user and anonymous:
        yield _merge(anonymous, user, time, "identify")
    traits = {**_mapping(context.get("traits") if call in ("identify", "group") else None), **_mapping(record.get("traits"))}
    own: dict[str, Any] = {"id": _text(record.get("messageId")), "actor": user or anonymous, "time": time}
    if call == "identify":
        if traits:
            yield _person(own["actor"], time, traits)
    elif call == "group":
        group = {f"{ACCOUNT_TRAIT}{name}": value for name, value in _mapping(record.get("traits")).items()}
        yield Fact("actors", {"actor": own["actor"], "known_at": time, "account": _text(record.get("groupId"))}, group)
    else:
        properties = {**_surroundings(context), **_mapping(record.get("properties"))}
        name = {"page": PAGE_VIEW, "screen": SCREEN}.get(call, _text(record.get("event")))
        if call != "track":
            properties = {"page": _text(record.get("name")), "page_category": _text(record.get("category"))} | properties
        yield _event({**own, "name": name, **_device(context)}, properties)


def mixpanel(record: Record) -> Iterator[Fact]:
    """An event of the raw export, or a profile of the people export."""
    if "$distinct_id" in record:
        traits = _mapping(record.get("$properties"))
        yield _person(_text(record["$distinct_id"]), moment(traits.get("$last_seen")), traits)
        return
    properties = dict(_mapping(record.get("properties")))
    name, actor, stamp = _text(record.get("event")), _text(properties.pop("distinct_id", None)), properties.pop("time", None)
    time, insert = moment(stamp), properties.pop("$insert_id", None)
    if name == "$identify":
        yield _merge(_text(properties.get("$anon_id")), _text(properties.get("$identified_id")) or actor, time, "$identify")
    elif name == "$create_alias":
        yield _merge(_text(properties.get("alias")), actor, time, "$create_alias")
    elif name == "$merge":
        ids = [_text(one) for one in properties.get("$distinct_ids") or ()]
        yield _merge(ids[0] if ids else None, ids[1] if len(ids) > 1 else None, time, "$merge")
    else:
        identity = None if insert is None else "|".join((name or "", actor or "", str(stamp), str(insert)))
        yield _event({"id": identity, "actor": actor, "name": name, "time": time}, properties)


def amplitude(record: Record) -> Iterator[Fact]:
    """A row of the export. Anonymous events of a device belong to the person who signs in on it."""
    user, device = _text(record.get("user_id")), _text(record.get("device_id"))
    time = moment(record.get("event_time") or record.get("client_event_time"))
    name = _text(record.get("event_type"))
    if user and device and user != device:
        yield _merge(device, user, time, "user_id")
    traits = _mapping(record.get("user_properties"))
    if name == "$identify":
        if traits:
            yield _person(user or device, time, traits)
        elif not (user and device):
            yield _left_out("$identify")
        return
    session = record.get("session_id")
    fields = {
        "id": _text(record.get("$insert_id") or record.get("uuid")),
        "actor": user or device or _text(record.get("amplitude_id")),
        "name": name,
        "time": time,
        "session": None if session in (None, -1, "-1") else str(session),
        "platform": _text(record.get("platform") or record.get("os_name")),
        "version": _text(record.get("version_name") or record.get("app_version")),
        "device": _text(record.get("device_model") or record.get("device_type") or record.get("device_family")),
    }
    beside = {
        key: record[key]
        for key in ("country", "region", "city", "language", "os_version", "revenue", "price", "quantity", "product_id")
        if key in record
    }
    groups = {f"{ACCOUNT_TRAIT}{kind}": value for kind, value in _mapping(record.get("groups")).items()}
    yield from _belongs(user or device, time, _mapping(record.get("groups")))
    yield _event(fields, {**beside, **groups, **_mapping(record.get("event_properties"))})


def posthog(record: Record) -> Iterator[Fact]:
    """An event of a batch export; `properties` may be JSON text."""
    properties = dict(_mapping(record.get("properties")))
    name, actor, time = _text(record.get("event")), _text(record.get("distinct_id")), moment(record.get("timestamp"))
    for noise in ("token", "distinct_id", "$elements", "elements_chain", "$sent_at", "$time", "$ip"):
        properties.pop(noise, None)
    once, now = _mapping(properties.pop("$set_once", None)), _mapping(properties.pop("$set", None))
    traits = {**once, **now}
    says = False
    if name == "$identify":
        anonymous = _text(properties.get("$anon_distinct_id"))
        if anonymous and anonymous != actor:
            yield _merge(anonymous, actor, time, "$identify")
            says = True
    elif name in ("$create_alias", "$merge_dangerously"):
        yield _merge(_text(properties.get("alias")), actor, time, str(name))
        return
    elif name == "$groupidentify":
        key = _text(properties.get("$group_key"))
        group = Fact("groups", {"account": key, "known_at": time}, dict(_mapping(properties.get("$group_set"))))
        yield _left_out(str(name)) if key is None else group
        return
    if traits:
        yield _person(actor, time, traits, frozenset(once.keys() - now.keys()))
        says = True
    if name in ("$identify", "$set"):
        if not says:
            yield _left_out(str(name))
        return
    groups = _mapping(properties.pop("$groups", None))
    yield from _belongs(actor, time, groups)
    named = {f"{ACCOUNT_TRAIT}{kind}": value for kind, value in groups.items()}
    yield _event({"id": _text(record.get("uuid")), "actor": actor, "name": name, "time": time}, {**named, **properties})


def sensors(record: Record) -> Iterator[Fact]:
    """A line of 神策: events, sign-ups (which join an anonymous id to a user), changes of profiles, items."""
    kind, actor, time = str(record.get("type")), _text(record.get("distinct_id")), moment(record.get("time"))
    properties = dict(_mapping(record.get("properties")))
    for noise in ("$ip", "$is_login_id", "$lib", "$lib_version", "$lib_method", "$lib_detail"):
        properties.pop(noise, None)
    if kind == "track_signup":
        yield _merge(_text(record.get("original_id")), actor, time, "track_signup")
    if kind in _PROFILES:
        change = _PROFILES[kind]
        if change == "unset":
            properties = dict.fromkeys(properties, True)
        found = _person(actor, time, properties, frozenset(properties) if kind == "profile_set_once" else frozenset())
        yield replace(found, change=change)
    elif kind == "item_set" and _text(record.get("item_id")):
        yield _item(str(record["item_id"]), time, {"category": record.get("item_type"), **properties})
    elif kind in ("track", "track_signup", "track_id_bind"):
        name, mark = _text(record.get("event")) or ("$SignUp" if kind == "track_signup" else None), record.get("_track_id")
        identity = None if mark is None else "|".join((name or "", actor or "", str(record.get("time")), str(mark)))
        yield _event({"id": identity, "actor": actor, "name": name, "time": time}, properties)
    else:
        yield _left_out(kind)


# --- parts -------------------------------------------------------------------------------------------------------------------------------

COLUMNS_OF_PROPERTIES: dict[str, tuple[str, ...]] = {
    "item": ("itemid", "productid", "sku", "contentid", "goodsid", "商品id"),
    "session": ("$sessionid", "sessionid"),
    "value": ("revenue", "$revenue", "total", "value", "amount", "price", "$price"),
    "platform": ("$os", "platform", "$lib"),
    "version": ("$appversion", "$appversionstring", "appversion"),
    "device": ("$model", "$devicemodel", "$device", "$devicetype", "devicemodel"),
}
"""Columns of an event and the folded names of the properties that may hold them, the first filled one counts."""
_PLAIN_NAMES = {
    "$current_url": "url", "$url": "url", "$pathname": "path", "$url_path": "path", "$referrer": "referrer", "$title": "title",
    "mp_country_code": "country", "$geoip_country_code": "country", "$country": "country", "$province": "region", "$region": "region",
    "$city": "city", "$browser": "browser", "$os_version": "os_version",
}  # fmt: skip
"""Properties that tools set themselves, by names that read the same whoever set them."""
_PAGE_NAMES = ("$screen_name", "$title", "title", "$pathname", "$url_path", "path", "$current_url", "$url", "url", "[Amplitude] Page Title")
_DURATIONS = {"$event_duration": 1000.0, "event_duration": 1000.0, "$duration": 1000.0, "duration_ms": 1.0}
"""Property -> milliseconds in one of its units: 神策 and Mixpanel write seconds."""


_folded = lru_cache(maxsize=10_000)(fold_header)
"""Names of properties repeat in every record."""


def _event(fields: dict[str, Any], properties: Mapping[str, Any]) -> Fact:
    """An event with the columns that its properties hold; what is moved to a column does not stand among the properties."""
    rest = {name: value for name, value in properties.items() if value not in (None, "", {}, [])}
    name = fields["name"]
    if name in _PAGES or name in _SCREENS:
        fields["name"] = PAGE_VIEW if name in _PAGES else SCREEN
        page = next((rest[key] for key in _PAGE_NAMES if key in rest), None)
        if page is not None and "page" not in rest:
            rest["page"] = page
    by_fold = {_folded(key): key for key in reversed(rest)}
    for column, names in COLUMNS_OF_PROPERTIES.items():
        if fields.get(column) is not None:
            continue
        for folded in names:
            key = by_fold.get(folded)
            if key is not None and key in rest and _fits(column, rest[key]):
                fields[column] = rest.pop(key)
                break
    for key, factor in _DURATIONS.items():
        if key in rest and _number(rest[key]) is not None:
            fields["duration_ms"] = round(factor * float(rest.pop(key)))
            break
    for key in sorted(_PLAIN_NAMES.keys() & rest.keys()):
        rest.setdefault(_PLAIN_NAMES[key], rest.pop(key))
    return Fact("events", fields, rest)


def _person(actor: str | None, time: int | str | None, traits: Mapping[str, Any], once: frozenset[str] = frozenset()) -> Fact:
    """A person as known at a moment."""
    rest = {name: value for name, value in traits.items() if value not in (None, "", {}, [])}
    fields: dict[str, Any] = {"actor": actor, "known_at": time}
    wanted = {
        "first_seen": ("createdat", "$created", "$firstvisittime", "signuptime", "$signuptime", "firstseen", "registeredat"),
        "plan": ("plan",),
        "platform": ("$os", "platform"),
        "country": ("country", "$countrycode", "$geoipcountrycode", "$country"),
        "account": ("accountid", "companyid"),
    }
    by_fold = {_folded(key): key for key in reversed(rest)}
    for column, names in wanted.items():
        key = next((by_fold[name] for name in names if name in by_fold and _fits(column, rest[by_fold[name]])), None)
        if key is not None:
            value = rest.pop(key)
            fields[column] = moment(value) if column == "first_seen" else value
    return Fact("actors", fields, rest, once)


def _item(item: str, time: int | str | None, traits: Mapping[str, Any]) -> Fact:
    """A thing as known at a moment."""
    rest = {name: value for name, value in traits.items() if value not in (None, "", {}, [])}
    fields: dict[str, Any] = {"item": item, "known_at": time}
    for column in ("title", "category", "price", "text", "picture"):
        names = TABLES["items"].column(column).aliases
        key = next((key for key in reversed(rest) if _folded(key) in names and not isinstance(rest[key], (dict, list))), None)
        if key is not None:
            fields[column] = rest.pop(key)
    return Fact("items", fields, rest)


def _belongs(actor: str | None, time: int | str | None, groups: Mapping[str, Any]) -> Iterator[Fact]:
    """The business customer that a person belongs to, by the groups their event names."""
    kind = next((kind for kind in _ACCOUNT_GROUPS if groups.get(kind)), next(iter(groups)) if len(groups) == 1 else None)
    named = None if kind is None else groups[kind]
    account = _text(named[0] if isinstance(named, list) and named else named)
    if actor is not None and account is not None:
        yield Fact("actors", {"actor": actor, "known_at": time, "account": account}, aside=True)


def _merge(alias: str | None, actor: str | None, time: int | str | None, source: str) -> Fact:
    """Two ids are one person; without two different ids there is nothing to join."""
    if alias is None or actor is None or alias == actor:
        return _left_out(NO_PAIR)
    return Fact("merges", {"alias": alias, "actor": actor, "time": time, "source": source})


def _left_out(reason: str) -> Fact:
    return Fact("left_out", {"reason": reason})


def _fits(column: str, value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return False
    return _number(value) is not None if column == "value" else True


def _surroundings(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a Segment context tells besides the device: page, campaign, language. Address and browser line of the visitor are not read."""
    page, campaign, system = (_mapping(context.get(name)) for name in ("page", "campaign", "os"))
    found = {name: page.get(name) for name in ("url", "path", "referrer", "title")}
    found |= {f"utm_{'campaign' if name == 'name' else name}": value for name, value in campaign.items()}
    return found | {"locale": context.get("locale"), "os_version": system.get("version")}


def _device(context: Mapping[str, Any]) -> dict[str, Any]:
    system, device, app, library = (_mapping(context.get(name)) for name in ("os", "device", "app", "library"))
    web = "web" if str(library.get("name", "")).startswith("analytics.js") else None
    return {
        "platform": _text(system.get("name") or device.get("type") or web),
        "version": _text(app.get("version")),
        "device": _text(device.get("model") or device.get("type")),
        "session": _text(context.get("sessionId") or _mapping(context.get("session")).get("id")),
    }


def moment(value: Any) -> int | str | None:
    """Microseconds UTC of ISO 8601 (without a zone: UTC) or of seconds, milliseconds, microseconds since 1970; text that is no time as it is."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) or (isinstance(value, str) and value.strip().replace(".", "", 1).isdigit()):
        try:
            count = float(value)
            scale = 1_000_000 if count < 1e11 else 1000 if count < 1e14 else 1
            return int(value) * scale if isinstance(value, int) else int(count * scale)
        except (OverflowError, ValueError):
            return str(value)
    try:
        found = datetime.fromisoformat(str(value).strip())
        return _microseconds(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return str(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(found: datetime) -> int:
    passed = found - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    if value is None or value == "" or isinstance(value, (dict, list)):
        return None
    text = str(value).strip()
    return text or None


def _mapping(value: Any) -> Mapping[str, Any]:
    """An object, or one written as JSON text; anything else is empty."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str) and value.startswith("{"):
        try:
            parsed = json.loads(value)
        except (json.JSONDecodeError, RecursionError):
            return {}
        return parsed if isinstance(parsed, dict) else {}
    return {}
