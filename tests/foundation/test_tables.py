"""Table specs: nothing ambiguous for the import, the lake or the docs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation.tables import BOOKKEEPING, CANONICAL, DERIVED, STORED_TYPES, SYSTEM, TABLES, fold_header


def test_names_types_orders_and_keys() -> None:
    assert len(TABLES) == len(CANONICAL) + len(DERIVED) + len(SYSTEM)
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert not set(names) & {name for name, _ in BOOKKEEPING}
        assert all(column.type in STORED_TYPES for column in table.columns)
        assert {*table.key, *table.order} <= {*names, "sequence"}
        assert all(table.column(name).name == name for name in names)
        assert table.title.zh
        assert table.row.en


def test_texts_are_masked_and_every_canonical_table_says_what_it_needs() -> None:
    for table in CANONICAL:
        assert table.required, table.name
        assert all(column.privacy == "mask" for column in table.columns if column.type == "text"), table.name
        assert all(column.prevents is None or column.prevents.zh for column in table.columns)


def test_aliases_are_folded_and_belong_to_one_column_of_a_table() -> None:
    for table in CANONICAL:
        seen: dict[str, str] = {}
        for column in table.columns:
            for alias in {*column.aliases, fold_header(column.name)}:
                assert alias == fold_header(alias), (table.name, alias)
                assert seen.setdefault(alias, column.name) == column.name, (table.name, alias)


def test_headers_as_exporters_write_them() -> None:
    for header in ("User ID", "user_id", "USER-ID", " userId ", "\ufeffuser.id", "ＵｓｅｒＩＤ", "user\u3000id"):
        assert fold_header(header) == "userid"
    assert fold_header("评论 内容") == "评论内容"


@given(st.text())
def test_folding_twice_is_folding_once(header: str) -> None:
    once = fold_header(header)
    assert fold_header(once) == fold_header(fold_header(once))
    assert not set(once) & set(" _-.\t")
