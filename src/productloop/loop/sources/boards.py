"""Boards on which people ask and vote, and trackers in which teams write it down.

Headers as their programs write them: Fider's posts CSV; Quackback's posts, comments and votes CSVs; Linear's CSV of 30 or 34 columns (its
rows may be a field short); Jira's CSV, which repeats a column for each label, sprint and comment; issues of `gh issue list --json` and of
GitHub's REST API (`nested.py` makes them flat). Canny and Productboard publish no header of their CSVs: the names of the fields of their
APIs are taken, in any order. A vote is no text: votes are events, and a post keeps their number as `votes`.
"""

from __future__ import annotations

from productloop.loop.sources.export import Export

_STAFF = "CASE WHEN lower({isstaff}) IN ('true', 't', '1', 'yes') THEN 'staff' END"
PLAIN = (
    "trim(replace(replace(replace(replace(replace(regexp_replace(regexp_replace({%s}, '<(br|/p|/div|/li|/h[1-6])[^<>]*>', chr(10), 'gi'), "
    "'<[^<>]{{1,500}}>', '', 'g'), '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '\"'), '&amp;', '&'))"
)
"""SQL of a text without its markup."""
_JS_DATE = (
    "coalesce(try_strptime(regexp_extract({%s}, '^[A-Z][a-z]{{2}} ([A-Z][a-z]{{2}} [0-9]{{2}} [0-9]{{4}} [0-9:]{{8}})', 1), "
    "'%%b %%d %%Y %%H:%%M:%%S')::VARCHAR || regexp_extract({%s}, 'GMT([+-][0-9]{{4}})', 1), {%s})"
)
"""SQL of a time that JavaScript wrote (`Thu Jun 16 2022 14:20:51 GMT+0000 (GMT)`) in ISO 8601; any other time stays."""
_JIRA_DATE = "regexp_replace({%s}, '^([0-9]{{1,2}})/([A-Za-z]{{3}})/([0-9]{{2,4}})', '\\1-\\2-\\3')"

FIDER = Export(
    "fider",
    frozenset({"number", "title", "description", "votescount"}),
    {
        "text": ("description",),
        "title": ("title",),
        "time": ("createdat",),
        "author": ("createdby",),
        "status": ("status",),
    },
    computed={"post": ("concat_ws(' ', {number}, {createdat})", "id")},  # numbers begin at 1 on every board
    renamed={"votescount": "votes"},
)
CANNY = Export(
    "canny",
    frozenset({"title", "details"}),
    {
        "id": ("id", "postid", "url"),
        "text": ("details",),
        "title": ("title",),
        "time": ("created", "createdat", "creationdate", "date"),
        "author": ("authorid", "authoremail", "author", "authorname"),
        "status": ("status",),
    },
    any_of=(frozenset({"score", "votes", "votecount"}), frozenset({"board", "category", "status", "commentcount", "comments"})),
    computed={"conversation": ("coalesce({id}, {postid}, {url})", "conversation")},
    renamed={"score": "votes", "votecount": "votes"},
)
QUACKBACK_POSTS = Export(
    "quackback",
    frozenset({"id", "title", "body", "board", "votecount"}),
    {
        "id": ("id",),
        "text": ("body",),
        "title": ("title",),
        "time": ("createdat",),
        "author": ("authoremail", "authorname"),
        "status": ("status",),
    },
    computed={"conversation": ("{id}", "conversation")},
    renamed={"votecount": "votes"},
)
QUACKBACK_COMMENTS = Export(
    "quackback_comments",
    frozenset({"postid", "body", "isstaff"}),
    {"text": ("body",), "time": ("createdat",), "author": ("authoremail", "authorname"), "conversation": ("postid",)},
    computed={"role": (_STAFF, "role")},
)
QUACKBACK_VOTES = Export(
    "quackback_votes",
    frozenset({"postid", "voteremail"}),
    {"actor": ("voteremail",), "item": ("postid",), "time": ("createdat",)},
    lacks=frozenset({"body"}),
    computed={"event": ("'vote'", "name")},
    table="events",
)
PRODUCTBOARD = Export(
    "productboard",
    frozenset({"title"}),
    {
        "id": ("noteid", "id"),
        "text": ("notetext", "notecontent", "text", "content", "note", "body"),
        "title": ("title",),
        "time": ("createdat", "notecreatedat", "created", "createddate"),
        "author": ("userid", "useremail", "customeremail", "username"),
        "status": ("state", "status", "notestate"),
        "channel": ("source", "sourcename", "sourceorigin", "origin"),
    },
    any_of=(
        frozenset({"notetext", "notecontent", "text", "content", "note", "body"}),
        frozenset({"useremail", "customeremail"}),
        frozenset({"companyname", "companydomain", "company"}),
        frozenset({"noteid", "notetext", "notecontent", "state", "notestate", "owner", "displayurl", "sourceorigin"}),
    ),
    replaced={name: PLAIN % name for name in ("notetext", "notecontent", "text", "content", "note", "body")},
)
LINEAR = Export(
    "linear",
    frozenset({"id", "team", "title", "description", "priority", "creator"}),
    {
        "id": ("id",),
        "text": ("description",),
        "title": ("title",),
        "time": ("created",),
        "author": ("creator",),
        "status": ("status",),
        "label": ("labels",),
    },
    any_of=(frozenset({"cyclenumber", "cyclename", "parentissue", "projectmilestone", "slastatus"}),),
    replaced={
        name: _JS_DATE % (name, name, name) for name in ("created", "updated", "started", "triaged", "completed", "canceled", "archived")
    },
)
JIRA = Export(
    "jira",
    frozenset({"issuekey", "summary", "description"}),
    {
        "id": ("issuekey",),
        "text": ("description",),
        "title": ("summary",),
        "time": ("created",),
        "author": ("reporterid", "reporter", "creatorid", "creator"),
        "status": ("status",),
        "product": ("projectname",),
        "label": ("labels",),
    },
    replaced={name: _JIRA_DATE % name for name in ("created", "updated", "resolved", "lastviewed")},
    joins_repeated=True,
)
GITHUB = Export(
    "github",
    frozenset({"number", "title", "body", "conversation"}),
    {
        "id": ("id",),
        "text": ("body",),
        "title": ("title",),
        "time": ("createdat",),
        "author": ("author",),
        "status": ("state",),
        "label": ("labels",),
        "role": ("role",),
        "conversation": ("conversation",),
    },
)
EXPORTS: tuple[Export, ...] = (
    FIDER,
    QUACKBACK_POSTS,
    QUACKBACK_COMMENTS,
    QUACKBACK_VOTES,
    LINEAR,
    JIRA,
    GITHUB,
    CANNY,
    PRODUCTBOARD,
)
