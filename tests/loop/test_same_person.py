"""Which statements count: every chain ends, an id is one person, and statements that are taken back leave no trace."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from productloop.loop.same_person import resolve
from productloop.loop.state import State

PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=25)


def by_hand(pairs: list[tuple[int, int]]) -> tuple[dict[int, int], list[str]]:
    """The rules as they are written, one after the other, following every chain anew."""
    told: dict[int, int] = {}

    def end(code: int) -> int:
        while code in told:
            code = told[code]
        return code

    verdicts = []
    for alias, actor in pairs:
        if alias in told:
            verdicts.append("counts" if told[alias] == actor else "taken")
        elif end(actor) == alias:
            verdicts.append("circle")
        else:
            told[alias] = actor
            verdicts.append("counts")
    return {alias: end(alias) for alias in told}, verdicts


@given(PAIRS)
def test_as_by_hand(pairs: list[tuple[int, int]]) -> None:
    merged, verdicts = resolve(pairs)
    assert (merged, verdicts) == by_hand(pairs)
    assert not set(merged.values()) & merged.keys()  # whoever is a person is nobody's alias


def test_a_long_chain_costs_no_more_than_its_length() -> None:
    merged, verdicts = resolve([(number, number + 1) for number in range(200_000)])
    assert set(merged.values()) == {200_000}
    assert set(verdicts) == {"counts"}
    assert resolve([(0, 1), (1, 2), (2, 0), (0, 2)])[1] == ["counts", "counts", "circle", "taken"]


def test_the_order_of_imports_does_not_matter(tmp_path: Path) -> None:
    said = [(1, 2, 50, "a"), (1, 3, 40, "b"), (2, 4, 60, "c"), (4, 1, 70, "d"), (3, 5, 10, "e")]
    found = []
    for place, order in enumerate((said, said[::-1], said[2:] + said[:2])):
        state = State(tmp_path / f"{place}.db")
        for number, one in enumerate(order, 1):
            state.add_identities([one], number)
        found.append((state.merges(), sorted((row["alias"], row["actor"], row["status"]) for row in state.identities())))
        for number in range(1, 6):
            state.drop_identities(number)
        assert (state.merges(), state.identities()) == ([], [])
        state.close()
    assert found[0] == found[1] == found[2]
    assert found[0][0] == [(1, 5), (2, 5), (3, 5), (4, 5)]


def test_said_again_taken_back_and_earlier(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    assert state.add_identities([(1, 2, 50, "a"), (1, 3, 60, "a")], 1) == (2, 1)
    mark = state.merges_mark()
    assert state.add_identities([(1, 2, 55, "a")], 2) == (0, 0)
    assert state.merges_mark() == mark
    assert state.add_identities([(1, 3, 40, "a")], 3) == (0, 0)  # the other one was there before, as history shows
    assert state.merges() == [(1, 3)]
    second = state.identities()[1]
    state.reverse_identity(second["id"], 99)
    assert state.merges() == [(1, 2)]
    assert state.merges_mark() == mark
    state.add_identities([(1, 3, 1, "a")], 4)
    assert state.merges() == [(1, 2)]  # taken back by a person stays so
    assert state.erase_identities([1]) == 2
    assert state.merges() == []
    state.close()
