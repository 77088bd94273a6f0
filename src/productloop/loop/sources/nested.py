"""JSON as programs nest it, brought to one flat record a text: reviews, issues, tickets, conversations, table records.

Shapes are told by the first record. Sources: Google Play Developer API v3 `reviews`; JSON:API 1.1 (App Store Connect `customerReviews`
with included `customerReviewResponses`); `gh issue list --json` and the GitHub REST API; Zendesk's incremental ticket export (tickets with
their comments are conversations: `chats.py`); records of 飞书多维表格 and Airtable (`fields`) and of Jira (`fields`). A comment on an issue
becomes a record of its own that carries the issue's id as its conversation, so that nothing said is lost.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from productloop.loop.sources.records import RawTable

if TYPE_CHECKING:
    import duckdb

Record = dict[str, object]
Shape = Callable[[Record], Iterator[Record]]
SAMPLE_CELLS = 50
_LISTS = ("tickets", "reviews", "issues", "records", "items", "data")
"""Names under which such lists stand, asked in this order; beside them lists of users and groups may be longer."""
_STAFF = {"OWNER", "MEMBER", "COLLABORATOR"}


def records_of(document: object) -> list[Record] | None:
    """The records of a document whose shape is known; None for any other."""
    if not isinstance(document, dict):
        return None
    for name in _LISTS:
        found = document.get(name)
        if isinstance(found, dict) and isinstance(found.get("items"), list):
            found = found["items"]
        if isinstance(found, list) and found and isinstance(found[0], dict) and shape_of(found[0]) is not None:
            included = document.get("included")
            return [_with_response(record, included) for record in found] if isinstance(included, list) else found
    return None


def unfold(records: Iterable[tuple[int, Record]]) -> Iterator[tuple[int, Record]]:
    """(line, record) pairs with known shapes made flat; the first record decides, others pass untouched."""
    rest = iter(records)
    first = next(rest, None)
    if first is None:
        return
    shape = shape_of(first[1])
    for line, record in itertools.chain([first], rest):
        if shape is None:
            yield line, record
        else:
            for flat in shape(record):
                yield line, flat


def shape_of(record: Mapping[str, Any]) -> Shape | None:
    """How to flatten records like this one; None when they are flat enough or unknown."""
    if isinstance(record.get("attributes"), dict) and "type" in record:
        return _json_api
    if "reviewId" in record and isinstance(record.get("comments"), list):
        return _google_review
    if isinstance(record.get("fields"), dict) and ("record_id" in record or "id" in record or "key" in record):
        return _table_record
    if "requester_id" in record and "subject" in record:
        return _zendesk
    if "number" in record and "title" in record and "body" in record:
        return _issue
    return None


def flatten_cells(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """Cells that hold JSON of rich text, people or options (`[{"text": "…", "type": "text"}]`) as what they say.

    Only in columns whose first cells are so; lists of plain words only in a table that has such a column, since elsewhere they are data.
    """
    first = connection.execute(f"SELECT * EXCLUDE (line) FROM {raw.relation} LIMIT {SAMPLE_CELLS}").fetchall()
    rich: list[int] = []
    lists: list[int] = []
    for index in range(len(raw.header)):
        values = [_parsed(row[index]) for row in first if row[index]]
        if values and all(isinstance(value, list) and isinstance(words(value), str) for value in values):
            (lists if all(isinstance(value, list) and all(isinstance(part, str) for part in value) for value in values) else rich).append(
                index
            )
        elif values and all(isinstance(value, dict) and "text" in value for value in values):
            rich.append(index)
    for index in (*rich, *lists) if rich else ():
        said = [
            (value, None if shown is None else str(shown))
            for (value,) in connection.execute(f"SELECT DISTINCT c{index} FROM {raw.relation} WHERE c{index} IS NOT NULL").fetchall()
            for shown in [words(_parsed(value))]
            if isinstance(shown, (str, int, float))
        ]
        connection.execute("CREATE OR REPLACE TEMP TABLE flat_cells (old VARCHAR, new VARCHAR)")
        connection.executemany("INSERT INTO flat_cells VALUES (?, ?)", said)
        connection.execute(f"UPDATE {raw.relation} SET c{index} = nullif(f.new, '') FROM flat_cells f WHERE c{index} = f.old")
    return raw


def _parsed(cell: str) -> object:
    if not cell.startswith(("[", "{")):
        return None
    try:
        return json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return None


def words(value: object) -> object:
    """What a nested cell says: rich text, names of people and options, in one text; anything else as it is."""
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        if all("text" in part for part in value):
            return "".join(str(part["text"] or "") for part in value)
        for key in ("name", "value"):
            if all(key in part for part in value):
                return ", ".join(str(part[key]) for part in value)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    if isinstance(value, dict):
        for key in ("text", "name", "value", "displayName"):
            if isinstance(value.get(key), (str, int, float)):
                return value[key]
        if isinstance(value.get("content"), list):  # Atlassian document format
            inner = [str(words(part) or "") for part in value["content"]]
            return ("" if value.get("type") == "paragraph" else "\n").join(inner).strip()
    return value


def _json_api(record: Record) -> Iterator[Record]:
    attributes = record["attributes"]
    assert isinstance(attributes, dict)
    yield {"id": record.get("id"), **attributes, **{key: record[key] for key in ("responseBody", "responseState") if key in record}}


def _with_response(record: Record, included: list[Any]) -> Record:
    """A JSON:API review with the answer that the document includes beside it."""
    relation: Any = record.get("relationships")
    data = relation.get("response", {}).get("data") if isinstance(relation, dict) else None
    wanted = data.get("id") if isinstance(data, dict) else None
    for other in included if wanted is not None else ():
        if other.get("id") == wanted:
            attributes = other.get("attributes", {})
            return {**record, "responseBody": attributes.get("responseBody"), "responseState": attributes.get("state")}
    return record


def _google_review(record: Record) -> Iterator[Record]:
    """Comments of a review: the user's newest words, and the developer's answer. `text` is "title TAB body"."""
    flat: Record = {"reviewId": record["reviewId"], "authorName": record.get("authorName")}
    comments: Any = record["comments"]
    for comment in comments:
        user, developer = comment.get("userComment"), comment.get("developerComment")
        if isinstance(user, dict):
            title, tab, body = str(user.get("text") or "").partition("\t")
            flat |= {key: value for key, value in user.items() if key not in ("text", "lastModified")}
            flat |= {"title": title.strip() if tab else None, "text": (body if tab else title).strip()}
            flat["lastModified"] = _seconds(user.get("lastModified"))
        if isinstance(developer, dict):
            flat["developerReply"] = developer.get("text")
            flat["developerReplyModified"] = _seconds(developer.get("lastModified"))
    flat.setdefault("starRating", None)
    flat.setdefault("lastModified", None)
    yield flat


def _seconds(value: object) -> object:
    return value.get("seconds") if isinstance(value, dict) else value


def _issue(record: Record) -> Iterator[Record]:
    number = record["number"]
    comments: Any = record.get("comments")
    own = {key: words(value) for key, value in record.items() if key not in ("comments", "author", "user", "reactionGroups")}
    created = record.get("createdAt") or record.get("created_at")
    thread = str(record.get("url") or record.get("html_url") or f"{number} {created}")  # numbers begin at 1 in every repository
    own |= {"id": thread, "conversation": thread, **_writer(record)}
    if isinstance(comments, list):
        own["num_comments"] = len(comments)
    elif comments is not None:
        own["num_comments"] = comments
    yield own
    for index, comment in enumerate(comments if isinstance(comments, list) else (), 1):
        name = str(comment.get("url") or comment.get("id") or f"{thread}/{index}")
        yield {
            "id": name,
            "number": number,
            "body": comment.get("body"),
            "createdAt": comment.get("createdAt") or comment.get("created_at"),
            "conversation": thread,
            **_writer(comment),
        }


def _writer(record: Mapping[str, Any]) -> Record:
    person = record.get("author") or record.get("user") or {}
    login = person.get("login") if isinstance(person, dict) else person
    association = record.get("authorAssociation") or record.get("author_association")
    robot = isinstance(person, dict) and (person.get("is_bot") or person.get("type") == "Bot")
    return {"author": login, "role": "bot" if robot else "staff" if association in _STAFF else None}


def _zendesk(record: Record) -> Iterator[Record]:
    flat = {key: value for key, value in record.items() if key not in ("custom_fields", "fields", "url", "satisfaction_rating")}
    flat |= {"tags": words(record.get("tags")), "conversation": record.get("id")}
    satisfaction = record.get("satisfaction_rating")
    if isinstance(satisfaction, dict):
        flat |= {"satisfaction": satisfaction.get("score"), "satisfaction comment": satisfaction.get("comment")}
    fields: Any = record.get("custom_fields") or []
    flat |= {f"field {field.get('id')}": words(field.get("value")) for field in fields if isinstance(field, dict)}
    via: Any = record.get("via")
    flat["via"] = via.get("channel") if isinstance(via, dict) else via
    yield flat


def _table_record(record: Record) -> Iterator[Record]:
    fields = record["fields"]
    assert isinstance(fields, dict)
    flat: Record = {name: words(value) for name, value in fields.items()}
    for name, value in record.items():
        if name != "fields" and not isinstance(value, (dict, list)):
            flat.setdefault("id" if name == "record_id" else name, value)
    yield flat
