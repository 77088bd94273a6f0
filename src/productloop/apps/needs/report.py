"""The report of `analyse` as a page: the main need first, what moves, the ranked needs, quotes; everything else in the fold."""

from __future__ import annotations

from productloop.apps.needs._charts import topic_map, unhappy_ranges, weekly
from productloop.apps.needs._trend import FIRST_SPLIT, LAST_SPLIT, MAX_BEFORE, MAX_P, MIN_RATIO
from productloop.apps.needs.types import AnalyseReport, TopicLine
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Say, say

NUM_QUOTED, NUM_DRAWN = 3, 3
MAX_MOVING = 3
MAX_TOPICS = 60
NUM_KEYWORDS = 5


def page(report: AnalyseReport) -> Page:
    """The page of a report; with too few texts it says how many would do and shows what there is."""
    if not report.enough:
        return Page(title=say("needs.title"), blocks=(*_too_few(report), *_cautions(report)), details=_details(report))
    by_id = {topic.id: topic for topic in report.topics}
    needs = [by_id[topic] for topic in report.needs]
    blocks: list[Block] = [Line(text=_lead(report, needs)), *_moving(report), *_by_version(report), _numbers(report), _base(report)]
    if needs:
        blocks.append(_needs_grid(needs, report))
    if len(report.weeks) > 1:
        drawn = needs[:NUM_DRAWN]
        blocks += [weekly(drawn, report.weeks, report.counts_people)] if drawn else []
    blocks += _to_do(report, needs)
    for need in needs[:NUM_QUOTED]:
        blocks += [Heading(text=say("needs.quotes", topic=need.name)), Quotes(rows=need.quotes, dissent=need.dissent)]
    if len(needs) > 1:
        blocks.append(unhappy_ranges(needs, report.counts_people))
    if needs and len(report.topics) > 2:
        blocks.append(topic_map(report.topics, report.places))
    return Page(title=say("needs.title"), blocks=(*blocks, *_cautions(report)), details=_details(report))


def _lead(report: AnalyseReport, needs: list[TopicLine]) -> Say:
    if not needs:
        return say("needs.lead.none" if any(topic.state == "praise" for topic in report.topics) else "needs.lead.small")
    main = needs[0]
    window = say("needs.window.all") if report.window_since is None else say("needs.window", since=report.window_since)
    key = "needs.lead.people" if report.counts_people else "needs.lead.texts"
    since = say(f"needs.since.{main.trend}", since=main.since) if main.since else say(f"needs.since.{main.trend}")
    return say(key, topic=main.name, window=window, people=main.people, share=main.share, unhappy=main.unhappy, since=since)


def _moving(report: AnalyseReport) -> list[Block]:
    """What grows (bad for a need, good for praise) and fades, the largest ratios first; one line where nothing does."""
    moving = [topic for topic in report.topics if topic.trend in ("growing", "fading") and topic.state in ("need", "praise")]
    if not moving:
        known = any(topic.trend == "steady" for topic in report.topics)
        return [Line(text=say("needs.quiet"))] if known else []
    moving.sort(key=lambda topic: (topic.trend != "growing", topic.state != "need", -(topic.people.value or 0), topic.id))
    lines: list[Block] = []
    for topic in moving[:MAX_MOVING]:
        bad = (topic.trend == "growing") == (topic.state == "need")
        text = say(f"needs.{topic.trend}", topic=topic.name, was=topic.was, now=topic.now, since=topic.since or "")
        lines.append(Line(text=text, tone="bad" if bad else "good"))
    return lines


def _by_version(report: AnalyseReport) -> list[Block]:
    """What versions changed."""
    lines: list[Block] = []
    for moved in report.by_version[:MAX_MOVING]:
        effect = moved.effect
        direction = say(f"needs.releases.{effect.direction}")
        text = say("needs.releases.lead", version=moved.version, topic=effect.name, direction=direction, was=effect.was, now=effect.now)
        lines.append(Line(text=text, tone="good" if effect.direction == "fell" else "bad"))
    return lines


def _to_do(report: AnalyseReport, needs: list[TopicLine]) -> list[Block]:
    """What to do next: what grows, what was fixed, and how to rank the rest."""
    lines: list[Block] = []
    rising = [need for need in needs if need.trend == "growing"]
    lines += [Line(text=say("needs.do.rising", topic=need.name, since=need.since or "")) for need in rising[:1]]
    broken = [moved for moved in report.by_version if moved.effect.direction == "rose"]
    lines += [Line(text=say("needs.do.broken", topic=moved.effect.name, version=moved.version)) for moved in broken[:1]]
    fixed = [moved for moved in report.by_version if moved.effect.direction == "fell"]
    lines += [Line(text=say("needs.do.fixed", topic=moved.effect.name, version=moved.version)) for moved in fixed[:1]]
    if needs:
        lines.append(Line(text=say("needs.do.rank")))
    return [Heading(text=say("needs.heading.do")), *lines] if lines else []


def _base(report: AnalyseReport) -> Line:
    """Of whom all shares are: of those who wrote, never of all users."""
    if report.active_users.value is not None and report.counts_people:
        return Line(text=say("needs.base.active", people=report.people, active=report.active_users))
    return Line(text=say("needs.base.people" if report.counts_people else "needs.base.texts"))


def _numbers(report: AnalyseReport) -> Numbers:
    unhappy = say("needs.numbers.unhappy" if report.counts_people else "needs.numbers.unhappy_texts")
    items = [(say("needs.numbers.texts"), report.texts), (unhappy, report.unhappy_share)]
    if report.counts_people:
        items.append((say("needs.numbers.unhappy_overall"), report.unhappy_overall))
        items.insert(0, (say("needs.numbers.people"), report.people))
    if report.stars.value is not None:
        items.append((say("needs.numbers.stars"), report.stars))
    return Numbers(items=tuple(items))


def _needs_grid(needs: list[TopicLine], report: AnalyseReport) -> Grid:
    stars = report.stars.value is not None
    columns = [say("needs.column.topic"), _head_column(report), say("needs.column.share"), say("needs.column.unhappy")]
    columns += [say("needs.column.stars")] if stars else []
    rows: list[tuple[Cell, ...]] = []
    for need in needs:
        cells: list[Cell] = [need.name, need.people, need.share, need.unhappy]
        cells += [need.stars if need.stars.value is not None else None] if stars else []
        rows.append((*cells, _trend(need)))
    return Grid(title=say("needs.grid.needs"), columns=(*columns, say("needs.column.trend")), rows=tuple(rows))


def _head_column(report: AnalyseReport) -> Say:
    return say("needs.column.people" if report.counts_people else "needs.column.texts")


def _trend(topic: TopicLine) -> Say:
    if topic.since is not None:
        return say(f"needs.trend.{topic.trend}", since=topic.since)
    return say(f"needs.trend.{topic.trend}")


def _too_few(report: AnalyseReport) -> list[Block]:
    if report.texts.value == 0:
        return [Line(text=say("needs.lead.empty"), tone="caution")]
    text = say("needs.lead.few", texts=report.texts, missing=report.missing, precise=report.precise)
    return [Line(text=text, tone="caution"), _numbers(report)]


def _cautions(report: AnalyseReport) -> list[Block]:
    if not report.cautions:
        return []
    return [Heading(text=say("needs.heading.cautions")), *(Line(text=caution, tone="caution") for caution in report.cautions)]


# the fold -----------------------------------------------------------------------------------------------------------------


def _details(report: AnalyseReport) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if report.topics:
        blocks += [_topics_fold(report), *_small_fold(report)]
    if any(share is not None for share, _, _ in report.unhappy_by_week):
        blocks.append(_unhappy_chart(report))
    if report.keywords:
        columns = (say("needs.column.phrase"), say("needs.column.phrase_unhappy"), say("needs.column.phrase_others"))
        rows = tuple((key.phrase, key.texts, key.elsewhere) for key in report.keywords)
        blocks.append(Fold(title=say("needs.fold.keywords"), blocks=(Grid(columns=columns, rows=rows),)))
    if report.copies:
        blocks.append(_copies_fold(report))
    blocks.append(_counted_fold(report))
    return tuple(blocks)


def _topics_fold(report: AnalyseReport) -> Fold:
    keys = ("topic", "state", "people", "share", "unhappy", "stars", "drag", "trend", "stability", "keywords")
    shown = [topic for topic in report.topics if topic.state != "too_small"][:MAX_TOPICS]
    rows: list[tuple[Cell, ...]] = []
    for topic in shown:
        stars, drag = (figure if figure.value is not None else None for figure in (topic.stars, topic.drag))
        words = ", ".join(topic.keywords[:NUM_KEYWORDS])
        head: tuple[Cell, ...] = (
            topic.name,
            say(f"needs.state.{topic.state}"),
            topic.people,
            topic.share,
            topic.unhappy_share,
            stars,
            drag,
        )
        rows.append((*head, _trend(topic), topic.stability, words))
    grid = Grid(columns=tuple(_head_column(report) if key == "people" else say(f"needs.column.{key}") for key in keys), rows=tuple(rows))
    trend = say("needs.method.trend", first=FIRST_SPLIT, last=LAST_SPLIT, before=MAX_BEFORE, p=MAX_P, ratio=MIN_RATIO)
    return Fold(title=say("needs.fold.topics"), blocks=(Line(text=say("needs.method.topics")), Line(text=trend), grid))


def _small_fold(report: AnalyseReport) -> list[Block]:
    small = [topic for topic in report.topics if topic.state == "too_small"][:MAX_TOPICS]
    if not small:
        return []
    columns = (say("needs.column.topic"), _head_column(report), say("needs.column.stability"))
    rows = tuple((topic.name, topic.people, topic.stability) for topic in small)
    return [Fold(title=say("needs.fold.small", num=report.num_small), blocks=(Grid(columns=columns, rows=rows),))]


def _unhappy_chart(report: AnalyseReport) -> Chart:
    shares, lows, highs = zip(*report.unhappy_by_week, strict=True)
    series = Series(name=say("needs.chart.unhappy_series"), y=shares, low=lows, high=highs)
    return Chart(form="lines", title=say("needs.chart.unhappy"), x=report.weeks, series=(series,), share=True)


def _copies_fold(report: AnalyseReport) -> Fold:
    blocks: list[Block] = []
    for copy in report.copies:
        key = "needs.copy.campaign" if copy.campaign else "needs.copy.repeat"
        blocks += [Line(text=say(key, copies=copy.copies, people=copy.people)), Quotes(rows=(copy.quote,))]
    return Fold(title=say("needs.fold.copies", num=report.num_copies), blocks=tuple(blocks))


def _counted_fold(report: AnalyseReport) -> Fold:
    mood = Grid(
        columns=(say("needs.column.source"), say("needs.column.texts")),
        rows=tuple((say(f"needs.sentiment.{name}"), figure) for name, figure in report.sentiment_from.items()),
    )
    left_out = (
        ("staff", report.staff),
        ("robots", report.robots),
        ("greetings", report.greetings),
        ("wordless", report.wordless),
        ("deleted", report.deleted),
    )
    out = Grid(
        columns=(say("needs.column.left_out"), say("needs.column.texts")),
        rows=tuple((say(f"needs.left.{name}"), figure) for name, figure in left_out),
    )
    languages = Grid(
        columns=(say("needs.column.language"), say("needs.column.texts")),
        rows=tuple((say(f"needs.language.{name}"), figure) for name, figure in report.languages.items()),
    )
    return Fold(title=say("needs.fold.counted"), blocks=(out, mood, languages))
