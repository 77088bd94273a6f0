"""Tickets of service desks, and the exports of theirs that hold everything but what people said.

Zendesk's view CSV, Freshdesk's ticket CSV, Intercom's conversation report and Jira's CSV without its description have subjects, states and
times, no words. Taking the subject for the text would look like success and be worth little, so such a file is refused with the export
that holds the words; `--map text=SUBJECT` overrules. Headers: support.zendesk.com "Exporting data", developers.freshdesk.com,
intercom.com/help "Export your conversations data", Jira issue navigator.
"""

from __future__ import annotations

from collections.abc import Set

from productloop.foundation.errors import DataProblem
from productloop.foundation.tables import FEEDBACK, fold_header
from productloop.loop.sources.export import Export
from productloop.loop.sources.exports_wording import NO_WORDS, WORDS_ELSEWHERE
from productloop.loop.sources.records import RawTable

ZENDESK = Export(
    "zendesk",
    frozenset({"subject", "description", "requesterid"}),
    {
        "id": ("id",),
        "text": ("description",),
        "title": ("subject", "rawsubject"),
        "time": ("createdat",),
        "author": ("requesterid",),
        "status": ("status",),
        "channel": ("via",),
        "conversation": ("conversation",),
    },
)
INTERCOM_CONTACTS = Export(
    "intercom_contacts",
    frozenset({"lastseen"}),
    {
        "actor": ("userid", "id", "email"),
        "first_seen": ("signedup", "firstseen"),
        "country": ("country",),
        "account": ("companyid", "companies"),
    },
    any_of=(frozenset({"userid", "email"}), frozenset({"lastheardfrom", "lastcontacted", "websessions", "unsubscribedfromemails"})),
    table="actors",
)
EXPORTS: tuple[Export, ...] = (ZENDESK, INTERCOM_CONTACTS)

_WORDS = frozenset({*FEEDBACK.column("text").aliases, "text", "comment", "latestcomment", "firstcomment", "conversation", "transcript"})
_SILENT: tuple[tuple[str, int, frozenset[str]], ...] = (
    (
        "zendesk",
        3,
        frozenset(
            [
                "summationcolumn",
                "requesterid",
                "requesterexternalid",
                "requesterdomain",
                "groupstations",
                "assigneestations",
                "tickettype",
                "satisfactionscore",
                "initiallyassignedat",
                "solvedat",
                "resolutiontime",
            ]
        ),
    ),
    (
        "freshdesk",
        3,
        frozenset(
            [
                "ticketid",
                "duebytime",
                "initialresponsetime",
                "resolvedtime",
                "firstresponsestatus",
                "resolutionstatus",
                "agentinteractions",
                "customerinteractions",
                "surveyresults",
                "everyresponsestatus",
            ]
        ),
    ),
    (
        "intercom",
        2,
        frozenset(["conversationid", "conversationstartedat", "teammateassigned", "firstteammatereplied", "conversationrating"]),
    ),
    ("jira", 2, frozenset({"issuekey", "summary"})),
    ("ticket", 1, frozenset({"ticketid", "ticketnumber", "casenumber", "工单编号", "工单号", "工单id"})),
)
"""(program, how many of the names must be there, names)."""
_SUBJECTS = ("subject", "summary", "主题", "标题")


def refuse_without_words(raw: RawTable, filled: Set[int]) -> None:
    """Raise DataProblem for a ticket export that has no column of words; `filled` are the columns that hold anything."""
    folded = {fold_header(name) for index, name in enumerate(raw.header) if index in filled}
    if folded & _WORDS or (raw.table is not None and any(target == "text" for target, _ in raw.known)):
        return
    every = {fold_header(name) for name in raw.header}
    system = next((name for name, enough, names in _SILENT if len(names & every) >= enough), None)
    subject = next((name for name in raw.header if fold_header(name) in _SUBJECTS), None)
    if system is not None and (subject is not None or system != "ticket"):  # a log of tickets by number and state alone is no feedback
        raise DataProblem(NO_WORDS, path=raw.path.name, advice=WORDS_ELSEWHERE[system], subject=subject or "-")
