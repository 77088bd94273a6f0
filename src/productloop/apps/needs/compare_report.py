"""The report of `compare` as a page: the clearest difference first, both sides in numbers, the topics; method and words in the fold."""

from __future__ import annotations

from productloop.apps.needs.compare_types import CompareReport, DifferenceLine, MixLine, PairLine, SideLine
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

MAX_SAID, MAX_DRAWN, MAX_QUOTED = 5, 12, 2
UNSURE = ("same", "too_few")


def page(report: CompareReport) -> Page:
    """The page of a report."""
    title = say("needs.compare.title")
    if report.reason is not None:
        return Page(title=title, blocks=(Line(text=report.reason, tone="caution"),))
    many = len(report.pairs) > 1
    blocks: list[Block] = []
    if many and not report.num_different.value:
        blocks.append(Line(text=say("needs.compare.nothing_all", num=report.num_tests)))
    for pair in report.pairs:
        if many:
            blocks.append(Heading(text=say("needs.compare.heading", this=pair.this.name, that=pair.that.name)))
        blocks += _pair(pair, report, many)
    return Page(title=title, blocks=tuple(blocks), details=_details(report))


def _pair(pair: PairLine, report: CompareReport, many: bool) -> list[Block]:
    names = {"this": pair.this.name, "that": pair.that.name}
    if pair.tiny:
        text = say("needs.compare.tiny", ours=pair.this.people, theirs=pair.that.people, **names)
        return [Line(text=text, tone="caution")]
    found = [line for line in pair.topics if line.state not in UNSURE]
    blocks: list[Block] = [_difference(pair, line) for line in found[:MAX_SAID]]
    if pair.unhappy in ("higher", "lower"):
        text = say(f"needs.compare.unhappy.{pair.unhappy}", ours=pair.this.unhappy_share, theirs=pair.that.unhappy_share, **names)
        blocks.append(Line(text=text, tone="bad" if pair.unhappy == "higher" else "good"))
    if pair.stars in ("higher", "lower"):
        text = say(f"needs.compare.stars.{pair.stars}", ours=pair.this.stars, theirs=pair.that.stars, **names)
        blocks.append(Line(text=text, tone="good" if pair.stars == "higher" else "bad"))
    if not blocks and (not many or report.num_different.value):
        blocks.append(Line(text=say("needs.compare.nothing", num=report.num_tests, **names)))
    blocks += [_mix(line) for line in pair.mixes if line.matters][:1]
    if pair.one_each:
        text = say("needs.compare.one_each", ours=pair.this_texts_each, theirs=pair.that_texts_each, **names)
        blocks.append(Line(text=text))
    if pair.overlap.value:
        blocks.append(Line(text=say("needs.compare.overlap", num=pair.overlap, this=pair.this.name), tone="caution"))
    if pair.many_on_both:
        blocks.append(Line(text=say("needs.compare.both", num=pair.both)))
    blocks.append(_sides(pair, report))
    if found:
        blocks += [_chart(found), _topics(pair)]
        for line in found[: 1 if many else MAX_QUOTED]:
            if line.quotes:
                blocks += [Heading(text=say("needs.compare.quotes", topic=line.name)), Quotes(rows=line.quotes)]
    return blocks


def _difference(pair: PairLine, line: DifferenceLine) -> Line:
    slots: dict[str, Figure | Say] = {
        "this": pair.this.name,
        "that": pair.that.name,
        "topic": line.name,
        "ours": line.this_share,
        "theirs": line.that_share,
    }
    if line.state == "more":
        return Line(text=say("needs.compare.more", ratio=line.ratio, **slots))
    return Line(text=say(f"needs.compare.{line.state}", **slots))


def _mix(line: MixLine) -> Line:
    column = say(f"needs.compare.column.{line.column}")
    key = "needs.compare.turns" if line.turns else "needs.compare.mix"
    slots = {"ours": line.this_counted, "theirs": line.that_counted, "ours_level": line.this_level, "theirs_level": line.that_level}
    return Line(text=say(key, column=column, **slots), tone="caution")


def _sides(pair: PairLine, report: CompareReport) -> Grid:
    stars = pair.this.stars.value is not None or pair.that.stars.value is not None
    heads = ["people"] if report.counts_people else []
    columns = ["side", *heads, "texts", "unhappy", *(["stars"] if stars else [])]
    rows = [_side_row(side, report.counts_people, stars) for side in (pair.this, pair.that)]
    return Grid(title=say("needs.compare.grid.sides"), columns=tuple(say(f"needs.column.{key}") for key in columns), rows=tuple(rows))


def _side_row(side: SideLine, people: bool, stars: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = [side.name, *([side.people] if people else []), side.texts]
    cells.append(side.unhappy_share if side.unhappy_share.value is not None else None)
    return (*cells, *([side.stars if side.stars.value is not None else None] if stars else []))


def _chart(found: list[DifferenceLine]) -> Chart:
    drawn = [line for line in found if line.ratio.value is not None and line.ratio.low is not None][:MAX_DRAWN]
    names = tuple(line.name for line in drawn)
    y, low, high = (tuple(getattr(line.ratio, part) for line in drawn) for part in ("value", "low", "high"))
    series = Series(name=say("needs.compare.chart.series"), y=y, low=low, high=high)
    return Chart(form="ranges", title=say("needs.compare.chart"), x=names, series=(series,))


def _topics(pair: PairLine) -> Grid:
    keys = ("topic", "this", "that", "difference")
    rows: list[tuple[Cell, ...]] = [
        (line.name, line.this_share, line.that_share, say(f"needs.compare.state.{line.state}")) for line in pair.topics
    ]
    return Grid(title=say("needs.compare.grid.topics"), columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(rows))


def _details(report: CompareReport) -> tuple[Block, ...]:
    folds = [_words(side) for pair in report.pairs for side in (pair.this, pair.that) if side.words]
    blocks: list[Block] = [Line(text=say("needs.compare.method", num=report.num_tests))]
    for pair in report.pairs:
        if pair.tiny:
            continue
        blocks += [Heading(text=say("needs.compare.heading", this=pair.this.name, that=pair.that.name)), _numbers(pair)]
        if pair.mixes:
            blocks.append(_mixes(pair))
    return (*folds, Fold(title=say("needs.compare.fold"), blocks=tuple(blocks)))


def _words(side: SideLine) -> Fold:
    columns = (say("needs.column.phrase"), say("needs.column.this"), say("needs.column.that"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((word.phrase, word.people, word.elsewhere) for word in side.words)
    title: Say = say("needs.compare.words", side=side.name)
    return Fold(title=title, blocks=(Line(text=say("needs.compare.words_note")), Grid(columns=columns, rows=rows)))


def _numbers(pair: PairLine) -> Grid:
    keys = ("id", "topic", "this", "that", "ratio", "chance", "difference")
    rows: list[tuple[Cell, ...]] = []
    for line in pair.topics:
        chance = line.chance if line.chance.value is not None else None
        ratio = line.ratio if line.ratio.value is not None else None
        rows.append((line.topic, line.name, line.this_people, line.that_people, ratio, chance, say(f"needs.compare.state.{line.state}")))
    return Grid(columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(rows))


def _mixes(pair: PairLine) -> Grid:
    keys = ("mix", "this", "that", "this_level", "that_level", "shift")
    rows: list[tuple[Cell, ...]] = [
        (
            say(f"needs.compare.column.{line.column}"),
            line.this_counted,
            line.that_counted,
            line.this_level,
            line.that_level,
            line.shift,
        )
        for line in pair.mixes
    ]
    title = say("needs.compare.grid.mix")
    return Grid(title=title, columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(rows))
