"""Pages: quotes and figures are found wherever they stand, and a page survives JSON."""

from __future__ import annotations

from productloop.foundation.figures import Figure
from productloop.foundation.page import Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import say


def figure(name: str) -> Figure:
    return Figure(id=f"k.{name}", value=1, unit="people", definition="d")


PAGE = Page(
    title=say("t"),
    blocks=(
        Heading(text=say("h")),
        Line(text=say("l", n=figure("line"), word="x"), tone="bad"),
        Numbers(items=((say("n"), figure("numbers")),)),
        Quotes(rows=("r1", "r2"), dissent=("r3",)),
        Fold(title=say("f"), blocks=(Grid(columns=(say("c"),), rows=((figure("grid"),), ("name",), (None,))), Quotes(rows=("r4",)))),
    ),
    details=(
        Chart(form="lines", title=say("c"), x=("a", say("b")), series=(Series(name="s", y=(1.0, None)),)),
        Line(text=say("l", inner=say("m", n=figure("nested")), several=[say("m", n=figure("listed"))])),
    ),
)


def test_quotes_and_figures_are_found_in_order() -> None:
    assert PAGE.quote_rows() == ["r1", "r2", "r3", "r4"]
    assert [found.id for found in PAGE.figures()] == ["k.line", "k.numbers", "k.grid", "k.nested", "k.listed"]


def test_a_page_survives_json() -> None:
    assert Page.model_validate_json(PAGE.model_dump_json()) == PAGE
