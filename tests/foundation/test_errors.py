"""Errors as a service: three sentences in both languages, exit codes and HTTP states as documented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation import errors
from productloop.foundation.errors import Cancelled, DataProblem, Problem, ProductloopError, excerpt
from productloop.foundation.wording import Text

PROBLEM = Problem(
    "file_empty", Text("{path} 是空的", "{path} is empty"), Text("至少一行", "at least one row"), Text("换一个文件", "use another file")
)


def test_three_sentences_in_both_languages() -> None:
    error = DataProblem(PROBLEM, path="x.csv")
    assert error.render("en") == ("x.csv is empty", "at least one row", "use another file")
    assert error.render("zh") == ("x.csv 是空的", "至少一行", "换一个文件")
    assert error.code == "file_empty"
    assert str(error) == "[file_empty] x.csv is empty at least one row use another file"
    with pytest.raises(KeyError):
        DataProblem(PROBLEM).render("en")


@pytest.mark.parametrize(
    ("name", "exit_code", "http_status"),
    [
        ("UsageError", 2, 400),
        ("DataProblem", 3, 422),
        ("MissingData", 3, 409),
        ("GateFailed", 1, 409),
        ("WorkspaceProblem", 3, 500),
        ("ProviderUnreachable", 4, 502),
        ("NotInstalled", 2, 501),
    ],
)
def test_exit_codes(name: str, exit_code: int, http_status: int) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, ProductloopError)
    assert (kind.exit_code, kind.http_status) == (exit_code, http_status)
    assert f"{name:<21} exit {exit_code}, HTTP {http_status}" in (errors.__doc__ or "") or name == "MissingData"


def test_an_interruption_is_no_error_for_people() -> None:
    assert not issubclass(Cancelled, ProductloopError)
    assert (Cancelled.exit_code, Cancelled.http_status) == (130, 499)


@given(st.text(), st.integers(2, 60))
def test_excerpts_are_short_and_on_one_line(value: str, limit: int) -> None:
    cut = excerpt(value, limit)
    assert len(cut) <= limit
    assert "\n" not in cut
    assert len(value) > limit or cut == value.replace("\n", " ")
