"""A tiny app for the tests of the doors: one action that counts, one that writes topics, one template."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from productloop.foundation.errors import DataProblem, Problem
from productloop.foundation.figures import Figure
from productloop.foundation.page import Line, Numbers, Page, Quotes
from productloop.foundation.wording import Text, say
from productloop.loop.action import Action, App, Finding, Report, Request, Run

BROKEN = Problem("fake_broken", Text("坏了", "it broke"), Text("好的", "one that works"), Text("再来", "try again"))
CALLS: list[str] = []


class CountRequest(Request):
    limit: int = Field(default=10, ge=1, description="how many rows at most | 最多几行")
    words: tuple[str, ...] = Field(default=(), description="words to look for | 要找的词")
    order: Literal["time", "rating"] = Field(default="time", description="order of the rows | 按什么排")
    strict: bool = Field(default=False, description="only exact matches | 只要完全一致的")
    note: str | None = Field(default=None, description="a note | 备注")
    fail: bool = Field(default=False, description="raise an error | 报错")


class CountReport(Report):
    texts: Figure
    people: Figure
    quotes: tuple[str, ...]
    echo: dict[str, Any]


def count(run: Run, request: CountRequest) -> CountReport:
    CALLS.append("count")
    run.progress("report", 0, 1)
    if request.fail:
        raise DataProblem(BROKEN)
    num = run.store.count("feedback")
    rows = tuple(str(row[0]) for row in run.store.rows("SELECT row_id FROM feedback WHERE text IS NOT NULL ORDER BY sequence LIMIT 2"))
    people = run.figure("people", num, "people", "fake.definition", n=num, interval=(num * 0.9, num * 1.1))
    finding = Finding(
        kind="many", subject="texts", text=say("fake.many", texts=people), people=people, was=run.figure("was", num / 2, "people", "fake.definition"),
        now=people, quotes=rows, strength=0.8, advice=say("fake.advice"),
    )  # fmt: skip
    return CountReport(
        **run.frame("fake.count", ("feedback",)), cautions=(say("fake.caution"),), findings=(finding,) if num >= 3 else (),
        texts=run.figure("texts", num, "texts", "fake.definition", n=num), people=people, quotes=rows, echo=request.model_dump(mode="json"),
    )  # fmt: skip


def count_page(report: CountReport) -> Page:
    return Page(
        title=say("fake.title"),
        blocks=(Numbers(items=((say("fake.texts"), report.texts),)), Quotes(rows=report.quotes)),
        details=(Line(text=say("fake.caution")),),
    )


def mark(run: Run, _request: Request) -> CountReport:
    """Writes a topic."""
    import arro3.core as arrow

    CALLS.append("mark")
    num = run.store.count("feedback")
    text = arrow.DataType.utf8()
    one = {"row_id": arrow.Array(["t1"], text), "import_id": arrow.Array([0], arrow.DataType.int64())}
    one |= {"sequence": arrow.Array([0], arrow.DataType.int64()), "topic": arrow.Array(["t1"], text)}
    run.at_end(lambda: run.store.overwrite("topics", arrow.Table.from_pydict(one)))
    figure = run.figure("texts", num, "texts", "fake.definition", n=num)
    return CountReport(**run.frame("fake.mark", ("feedback",)), texts=figure, people=figure, quotes=(), echo={})


COUNT = Action(
    "count", Text("数一数", "count texts"), count, count_page, CountRequest, CountReport, "reads", "quick", ("feedback", "topics"), on_run=True
)  # fmt: skip
MARK = Action(
    "mark", Text("标一标", "mark topics"), mark, count_page, Request, CountReport, "writes", "long", ("feedback",), ("topics",), on_run=True
)
TEXTS = {
    "fake.title": Text("数出来了", "Counted"),
    "fake.texts": Text("条数", "texts"),
    "fake.definition": Text("反馈的条数", "number of texts"),
    "fake.caution": Text("只是数数", "this only counts"),
    "fake.many": Text("有 {texts} 条", "there are {texts} of them"),
    "fake.advice": Text("看一看", "have a look"),
}
APP = App("fake", Text("假应用", "fake"), Text("有多少？", "How many are there?"), ("feedback",), (COUNT, MARK), (), TEXTS)
