"""What a person can ask of `needs`. The first action is the default."""

from __future__ import annotations

from productloop.apps.needs import (
    aspects_report,
    aspects_wording,
    compare_report,
    compare_wording,
    keywords_report,
    keywords_wording,
    kinds_report,
    kinds_wording,
    label_report,
    label_wording,
    ledger_report,
    ledger_wording,
    opportunities_report,
    opportunities_wording,
    releases_report,
    releases_wording,
    search_report,
    search_wording,
    sentiment_report,
    sentiment_wording,
    storm_report,
    storm_wording,
    topics_report,
    topics_wording,
    wording,
)
from productloop.apps.needs.aspects_types import AspectsReport, AspectsRequest
from productloop.apps.needs.compare_types import CompareReport, CompareRequest
from productloop.apps.needs.keywords_types import KeywordsReport, KeywordsRequest
from productloop.apps.needs.kinds_types import TypesReport, TypesRequest
from productloop.apps.needs.label_types import LabelReport, LabelRequest
from productloop.apps.needs.ledger_types import LedgerReport, LedgerRequest
from productloop.apps.needs.opportunities_types import OpportunitiesReport, OpportunitiesRequest
from productloop.apps.needs.releases_types import ReleasesReport, ReleasesRequest
from productloop.apps.needs.report import page
from productloop.apps.needs.search_types import SearchReport, SearchRequest
from productloop.apps.needs.sentiment_types import SentimentReport, SentimentRequest
from productloop.apps.needs.storm_types import StormReport, StormRequest
from productloop.apps.needs.topics_types import TopicsReport, TopicsRequest
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.foundation.errors import UsageError
from productloop.loop.action import Action, Request, Run


def analyse(run: Run, request: AnalyseRequest) -> AnalyseReport:
    """Needs, topics, mood and trends of all feedback in scope; keeps points, topics and findings when the scope is everything."""
    _refuse_breakdown(request)
    from productloop.apps.needs._analysis import analyse_feedback  # loads scipy

    return analyse_feedback(run, request)


def topics(run: Run, request: TopicsRequest) -> TopicsReport:
    """Every topic with its people, feelings, segments and place on the map."""
    _refuse_breakdown(request)
    from productloop.apps.needs._topics import list_topics

    return list_topics(run, request)


def releases(run: Run, request: ReleasesRequest) -> ReleasesReport:
    """What fell and what rose in what people say with each version."""
    _refuse_breakdown(request)
    from productloop.apps.needs._releases_answer import judge_releases

    return judge_releases(run, request)


def ledger(run: Run, request: LedgerRequest) -> LedgerReport:
    """The topics with their permanent ids, what the last run changed, and changes by hand."""
    _refuse_breakdown(request)
    from productloop.apps.needs._ledger_answer import show_ledger

    return show_ledger(run, request)


def opportunities(run: Run, request: OpportunitiesRequest) -> OpportunitiesReport:
    """What to build first, how sure the order is, and what would change it."""
    _refuse_breakdown(request)
    from productloop.apps.needs._opportunities import rank_opportunities

    return rank_opportunities(run, request)


def search(run: Run, request: SearchRequest) -> SearchReport:
    """What people said about something, by meaning, in either language."""
    _refuse_breakdown(request)
    from productloop.apps.needs._search import search_texts

    return search_texts(run, request)


def compare(run: Run, request: CompareRequest) -> CompareReport:
    """What differs between two periods, versions, languages or kinds of people, beyond chance."""
    from productloop.apps.needs._compare import compare_sides

    return compare_sides(run, request)


def keywords(run: Run, request: KeywordsRequest) -> KeywordsReport:
    """Which words unhappy and happy people use, and how given words move over time."""
    _refuse_breakdown(request)
    from productloop.apps.needs._keywords import find_keywords

    return find_keywords(run, request)


def storm(run: Run, request: StormRequest) -> StormReport:
    """Whether there is a complaint storm: since when, how many people, about what, and drafts of a reply."""
    _refuse_breakdown(request)
    from productloop.apps.needs._storm_answer import report_storms

    return report_storms(run, request)


def label(run: Run, request: LabelRequest) -> LabelReport:
    """Which texts to label next, and what a model learns from the labels."""
    _refuse_breakdown(request)
    from productloop.apps.needs._label import label_texts

    return label_texts(run, request)


def aspects(run: Run, request: AspectsRequest) -> AspectsReport:
    """Which parts of the product people speak of, and how they feel about each."""
    from productloop.apps.needs._aspects import feel_aspects

    return feel_aspects(run, request)


def sentiment(run: Run, request: SentimentRequest) -> SentimentReport:
    """How people feel now, by week and by kind of people, and how far the judgement can be trusted."""
    _refuse_breakdown(request)
    from productloop.apps.needs._sentiment_answer import tell_sentiment

    return tell_sentiment(run, request)


def types(run: Run, request: TypesRequest) -> TypesReport:
    """Bugs, requests, questions, complaints and threats to leave, by voices."""
    _refuse_breakdown(request)
    from productloop.apps.needs._kinds import count_kinds

    return count_kinds(run, request)


def _refuse_breakdown(request: Request) -> None:
    if request.scope.by:
        raise UsageError(wording.NO_BREAKDOWN, name=request.scope.by)


STUDIED = ("feedback", "points", "topics", "actors")
"""What every answer about topics reads."""

ANALYSE = Action(
    name="analyse",
    title=wording.ANALYSE_TITLE,
    run=analyse,
    page=page,
    request=AnalyseRequest,
    report=AnalyseReport,
    effect="writes",
    length="long",
    reads=("feedback", "changes", "events"),
    writes=("points", "topics", "findings"),
    on_run=True,
)
TOPICS = Action(
    name="topics",
    title=topics_wording.TOPICS_TITLE,
    run=topics,
    page=topics_report.page,
    request=TopicsRequest,
    report=TopicsReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
RELEASES = Action(
    name="releases",
    title=releases_wording.RELEASES_TITLE,
    run=releases,
    page=releases_report.page,
    request=ReleasesRequest,
    report=ReleasesReport,
    effect="reads",
    length="long",
    reads=(*STUDIED, "changes"),
)
LEDGER = Action(
    name="ledger",
    title=ledger_wording.LEDGER_TITLE,
    run=ledger,
    page=ledger_report.page,
    request=LedgerRequest,
    report=LedgerReport,
    effect="writes",
    length="long",
    reads=("feedback", "points", "topics"),
    writes=("points", "topics"),
)
OPPORTUNITIES = Action(
    name="opportunities",
    title=opportunities_wording.OPPORTUNITIES_TITLE,
    run=opportunities,
    page=opportunities_report.page,
    request=OpportunitiesRequest,
    report=OpportunitiesReport,
    effect="reads",
    length="long",
    reads=(*STUDIED, "events", "orders", "outcomes"),
)
SEARCH = Action(
    name="search",
    title=search_wording.SEARCH_TITLE,
    run=search,
    page=search_report.page,
    request=SearchRequest,
    report=SearchReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
COMPARE = Action(
    name="compare",
    title=compare_wording.COMPARE_TITLE,
    run=compare,
    page=compare_report.page,
    request=CompareRequest,
    report=CompareReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
KEYWORDS = Action(
    name="keywords",
    title=keywords_wording.KEYWORDS_TITLE,
    run=keywords,
    page=keywords_report.page,
    request=KeywordsRequest,
    report=KeywordsReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
ASPECTS = Action(
    name="aspects",
    title=aspects_wording.ASPECTS_TITLE,
    run=aspects,
    page=aspects_report.page,
    request=AspectsRequest,
    report=AspectsReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
STORM = Action(
    name="storm",
    title=storm_wording.STORM_TITLE,
    run=storm,
    page=storm_report.page,
    request=StormRequest,
    report=StormReport,
    effect="reads",
    length="long",
    reads=(*STUDIED, "changes"),
)
LABEL = Action(
    name="label",
    title=label_wording.LABEL_TITLE,
    run=label,
    page=label_report.page,
    request=LabelRequest,
    report=LabelReport,
    effect="writes",
    length="long",
    reads=("feedback",),
)
SENTIMENT = Action(
    name="sentiment",
    title=sentiment_wording.SENTIMENT_TITLE,
    run=sentiment,
    page=sentiment_report.page,
    request=SentimentRequest,
    report=SentimentReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
TYPES = Action(
    name="types",
    title=kinds_wording.TYPES_TITLE,
    run=types,
    page=kinds_report.page,
    request=TypesRequest,
    report=TypesReport,
    effect="reads",
    length="long",
    reads=STUDIED,
)
ACTIONS = (ANALYSE, TOPICS, RELEASES, LEDGER, OPPORTUNITIES, SEARCH, COMPARE, KEYWORDS, ASPECTS, STORM, LABEL, SENTIMENT, TYPES)
