from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from productloop.foundation.errors import UsageError
from productloop.interfaces.options import build, fill_positionals, options_of, parse, take_globals
from productloop.loop.action import Request


class Asked(Request):
    subject: str = Field(description="who | 谁")
    top: int = Field(default=5, ge=1, description="how many | 几个")
    parts: tuple[str, ...] | None = Field(default=None, description="parts | 部分")
    days: tuple[int, ...] = Field(default=(1, 7), description="days | 天数")
    costs: dict[str, float] = Field(default={}, description="costs | 成本")
    mode: Literal["fast", "exact"] = Field(default="fast", description="mode | 方式")
    loud: bool = Field(default=True, description="loud | 大声")
    language: str | None = Field(default=None, description="texts in this language | 语言")


OPTIONS = options_of(Asked)


def asked(*words: str) -> Asked:
    values, left = parse(words, OPTIONS)
    assert fill_positionals(values, left, OPTIONS, "ask") == []
    return build(Asked, values, OPTIONS)


def test_every_kind_of_field() -> None:
    request = asked("u 1", "--top=3", "--parts", "a，b, c", "--days", "3", "--costs", "call=2.5,mail=0.1", "--mode", "exact", "--no-loud")
    assert (request.subject, request.top, request.parts, request.days) == ("u 1", 3, ("a", "b", "c"), (3,))
    assert (request.costs, request.mode, request.loud) == ({"call": 2.5, "mail": 0.1}, "exact", False)
    assert asked("x", "--parts", "a,b", "--parts", "c").parts == ("a,b", "c"), "named twice: nothing is cut"
    assert asked("--top", "2", "--", "--odd").subject == "--odd"
    assert asked("x", "--request-language", "zh").language == "zh", "a name that is taken everywhere gets a prefix"


def test_scope_fields_stand_beside_the_others() -> None:
    request = asked("x", "--since", "2026-01-01", "--where", "a=1,b=2", "--where", "c=3")
    assert request.scope.since == "2026-01-01"
    assert request.scope.where == ("a=1,b=2", "c=3")


@pytest.mark.parametrize(
    "words",
    [(), ("x", "--top", "0"), ("x", "--top"), ("x", "--mode", "slow"), ("x", "--costs", "call"), ("x", "--tpo", "1"), ("x", "--loud=perhaps")],
)  # fmt: skip
def test_wrong_words_are_usage_errors(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        asked(*words)


def test_globals_stand_anywhere_and_leave_the_rest_in_order() -> None:
    values, rest = take_globals(["--language", "zh", "needs", "x.csv", "--since", "2026-01-01", "--json", "--", "--json"])
    assert values == {("language",): "zh", ("json",): True}
    assert rest == ["needs", "x.csv", "--since", "2026-01-01", "--", "--json"]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_words_are_parsed_or_refused_never_a_crash(words: list[str]) -> None:
    refused: UsageError | None = None
    try:
        _, rest = take_globals(words)
        values, left = parse(rest, OPTIONS)
        fill_positionals(values, left, OPTIONS, "ask")
        assert isinstance(build(Asked, values, OPTIONS), BaseModel)
    except UsageError as error:
        refused = error
    sentences = [] if refused is None else [*refused.render("zh"), *refused.render("en")]
    assert all(sentences)


@given(st.text(min_size=1).filter(lambda text: text.strip()), st.integers(1, 10**6))
def test_values_come_through_unchanged(text: str, top: int) -> None:
    request = asked(f"--subject={text}", f"--top={top}")
    assert (request.subject, request.top) == (text, top)
