"""`search`: what people said about something, by meaning and by words, one text a voice, and the topics it lies in."""

from __future__ import annotations

from collections import Counter as Counts

from productloop.apps.needs import search_wording
from productloop.apps.needs._counting import count_topics
from productloop.apps.needs._figures import entry_name
from productloop.apps.needs._study import embed_aligned, study
from productloop.apps.needs.search_types import ResultLine, ResultTopic, SearchReport, SearchRequest
from productloop.foundation.errors import UsageError
from productloop.loop.action import Run
from productloop.text.chinese import to_simplified
from productloop.text.language import detect
from productloop.text.search import SearchIndex

LOOKED_AT = 10
"""Points looked at for each result, since several may be of one voice."""
MAX_TOPICS = 5


def search_texts(run: Run, request: SearchRequest) -> SearchReport:
    """The report. UsageError without a question."""
    query = to_simplified(request.query.strip())
    if not query:
        raise UsageError(search_wording.NO_QUERY)
    found = study(run)
    run.progress("search", 3, 4)
    points = found.points
    index = SearchIndex(points.words, found.vectors, run.settings.words("product.words"))
    side = "zh" if detect(query) in ("zh", "mixed") else "en"
    vector = embed_aligned([query], [side], run.store, run.progress)[0]
    ranked = index.search(query, vector, request.num_results * LOOKED_AT) if len(points) else []
    seen: set[int] = set()
    lines: list[ResultLine] = []
    topics: Counts[int] = Counts()
    languages: Counts[str] = Counts()
    for point, score in ranked:
        voice = int(found.voice[point])
        if voice in seen or len(lines) == request.num_results:
            continue
        seen.add(voice)
        row = int(points.text[point])
        closeness = run.figure(f"result_{len(lines)}", round(score, 3), "number", "needs.d.closeness")
        lines.append(ResultLine(quote=str(found.texts.row_id[row]), language=points.language[point], closeness=closeness))
        languages[points.language[point]] += 1
        if found.ledger is not None and found.ledger.labels[point] >= 0:
            topics[int(found.ledger.labels[point])] += 1
    counted = {topic.number: topic for topic in count_topics(found)} if topics else {}
    head = "people" if found.texts.counts_people else "texts"
    often = sorted(topics, key=lambda number: (-topics[number], number))[:MAX_TOPICS]
    return SearchReport(
        **run.frame("needs.search", ("feedback",)),
        query=request.query.strip(),
        results=tuple(lines),
        found=run.figure("found", len(lines), head, "needs.d.found"),
        searched=run.figure("searched", len(found.texts), "texts", "needs.d.searched"),
        languages={name: run.figure(f"language_{name}", n, "texts", "needs.d.language") for name, n in sorted(languages.items())},
        topics=tuple(
            ResultTopic(
                topic=counted[number].id,
                name=entry_name(counted[number].entry),
                results=run.figure(f"{counted[number].id}.results", topics[number], "texts", "needs.d.results_in"),
                people=run.figure(f"{counted[number].id}.people", counted[number].num_voices, head, f"needs.d.{head}"),
            )
            for number in often
        ),
    )
