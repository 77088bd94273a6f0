"""What a person can ask of `needs`. The first action is the default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from productloop.apps.needs.report import page as analyse_page
from productloop.apps.needs.search_types import SearchReport, SearchRequest
from productloop.apps.needs.sentiment_types import SentimentReport, SentimentRequest
from productloop.apps.needs.storm_types import StormReport, StormRequest
from productloop.apps.needs.topics_types import TopicsReport, TopicsRequest
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Page
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Report, Request, Run


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


def _reading(
    name: str,
    title: Text,
    run: Callable[[Run, Any], Report],
    page: Callable[[Any], Page],
    request: type[Request],
    report: type[Report],
    also: tuple[str, ...] = (),
) -> Action:
    """An action that answers from the feedback and what is kept of its topics, changes nothing, and takes its time."""
    return Action(name, title, run, page, request, report, effect="reads", length="long", reads=(*STUDIED, *also))


ANALYSE = Action(
    name="analyse",
    title=wording.ANALYSE_TITLE,
    run=analyse,
    page=analyse_page,
    request=AnalyseRequest,
    report=AnalyseReport,
    effect="writes",
    length="long",
    reads=("feedback", "changes", "events"),
    writes=("points", "topics", "findings"),
    on_run=True,
)
TOPICS = _reading("topics", topics_wording.TOPICS_TITLE, topics, topics_report.page, TopicsRequest, TopicsReport)
RELEASES = _reading(
    "releases", releases_wording.RELEASES_TITLE, releases, releases_report.page, ReleasesRequest, ReleasesReport, also=("changes",)
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
OPPORTUNITIES = _reading(
    "opportunities",
    opportunities_wording.OPPORTUNITIES_TITLE,
    opportunities,
    opportunities_report.page,
    OpportunitiesRequest,
    OpportunitiesReport,
    also=("events", "orders", "outcomes"),
)
SEARCH = _reading("search", search_wording.SEARCH_TITLE, search, search_report.page, SearchRequest, SearchReport)
COMPARE = _reading("compare", compare_wording.COMPARE_TITLE, compare, compare_report.page, CompareRequest, CompareReport)
KEYWORDS = _reading("keywords", keywords_wording.KEYWORDS_TITLE, keywords, keywords_report.page, KeywordsRequest, KeywordsReport)
ASPECTS = _reading("aspects", aspects_wording.ASPECTS_TITLE, aspects, aspects_report.page, AspectsRequest, AspectsReport)
STORM = _reading("storm", storm_wording.STORM_TITLE, storm, storm_report.page, StormRequest, StormReport, also=("changes",))
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
SENTIMENT = _reading("sentiment", sentiment_wording.SENTIMENT_TITLE, sentiment, sentiment_report.page, SentimentRequest, SentimentReport)
TYPES = _reading("types", kinds_wording.TYPES_TITLE, types, kinds_report.page, TypesRequest, TypesReport)
ACTIONS = (ANALYSE, TOPICS, RELEASES, LEDGER, OPPORTUNITIES, SEARCH, COMPARE, KEYWORDS, ASPECTS, STORM, LABEL, SENTIMENT, TYPES)
