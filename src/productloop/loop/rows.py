"""Rows: one raw table on its way into the lake.

Steps in order: convert, mask_texts, quarantine, then under the write lock identify and commit. Everything heavy is one vectorised DuckDB
query; Python sees only distinct values that may hold personal details.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem, UsageError, shown_path
from productloop.foundation.privacy import classify_column, mask_many, normalise_contact, pseudonym
from productloop.foundation.row_identity import identity_sql
from productloop.foundation.settings import Settings
from productloop.foundation.tables import STORED_TYPES, TABLES, ColumnType, Table, fold_header
from productloop.foundation.wording import Say, say
from productloop.loop import wording
from productloop.loop.contacts import hide_contacts
from productloop.loop.sources import RawTable
from productloop.loop.sources.conversion import currency_sql
from productloop.loop.sources.mapping import ColumnMap, Mapping, expression, first_names
from productloop.loop.sources.mapping import reason as reason_sql
from productloop.loop.sources.recognise import nearest
from productloop.loop.sources.wording import COLUMN_UNKNOWN
from productloop.loop.store import Store
from productloop.loop.vault import Vault

if TYPE_CHECKING:
    import duckdb

SAMPLE_ROWS = 200
NOT_KEPT = ("name", "address")
"""Found in texts these are masked like the others, but nobody can be reached or joined by them: the vault does not keep them."""
CONVERTED_TYPES = ("time", "number", "integer", "money", "boolean")
"""Types a filled cell may fail to give."""
DELETED_MARKERS = ("（该条评论已经被删除）", "(该条评论已经被删除)")


@dataclass(frozen=True, slots=True)
class OutcomeColumn:
    """`--outcome Churn=Yes`: the column, its name as a task, the value that counts."""

    index: int
    task: str
    header: str
    value: str

    @classmethod
    def find(cls, raw: RawTable, mapping: Mapping, asked: str) -> OutcomeColumn:
        """The column that `asked` ("Churn=Yes") names; UsageError when it is not there."""
        header, separator, value = asked.partition("=")
        if not separator or not value:
            raise UsageError(wording.OUTCOME_UNREADABLE, outcome=asked)
        folded = [fold_header(name) for name in raw.header]
        if fold_header(header) not in folded:
            raise UsageError(COLUMN_UNKNOWN, column=header, nearest=nearest(header, raw.header), known=first_names(raw))
        if not any(column.target in ("actor", "author", "subject") for column in mapping.columns):
            raise DataProblem(wording.OUTCOME_NEEDS_ACTOR, table=mapping.table)
        index = folded.index(fold_header(header))
        return cls(index, fold_header(header), raw.header[index], value)


class Conversion:
    """One table on its way into the lake. Steps in order: convert, quarantine, mask_texts, (under the lock) identify, commit."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        db: duckdb.DuckDBPyConnection,
        raw: RawTable,
        mapping: Mapping,
        outcome: OutcomeColumn | None,
        zone: str,
    ) -> None:
        self.store, self.settings, self.db, self.raw, self.mapping, self.outcome, self.zone = (
            store,
            settings,
            db,
            raw,
            mapping,
            outcome,
            zone,
        )
        self.table: Table = TABLES[mapping.table]
        self.key = store.identity_key()
        self.notes: list[Say] = []
        self.typed = f"typed_{raw.relation}"
        self.ready = f"ready_{raw.relation}"
        self.mapped = {c.target: c for c in mapping.columns if c.target is not None and c.how != "attribute"}
        self.people = [c.name for c in self.table.columns if c.type == "actor" and c.name in self.mapped]
        self.attributes = self._attributes()
        self.lean = self.table.name == "events" and outcome is None
        """Many rows are usual: columns that the file lacks and a second copy of the rows take no memory."""
        self.to_mask = [c.name for c in self.table.columns if c.privacy == "mask" and c.name in self.mapped]
        self.stored = ""
        """SQL of the columns as they are stored, from the rows of narrow_X; made by `identify`."""
        self.details: list[tuple[str, str, str]] = []
        self.unreadable: list[tuple[str, str, int]] = []
        """(column of the table, reason, cells) in rows that are kept."""

    def _attributes(self) -> list[tuple[str, ColumnMap, str]]:
        """(name, column, privacy class) of columns beyond the declared ones, named so that nothing clashes."""
        taken = {name.lower() for name, _ in Store.declared(self.table)}
        # a column that differs in capitals only is the one already stored: the lake does not tell them apart
        known = self.store.attributes(self.table.name) if self.store.exists(self.table.name) else []
        stored = {name.lower(): name for name, _ in known}
        found: list[tuple[str, ColumnMap, str]] = []
        for column in self.mapping.columns:
            if column.how != "attribute" or (self.outcome is not None and column.source_index == self.outcome.index):
                continue
            sample = [
                str(row[0])
                for row in self.db.execute(
                    f"SELECT c{column.source_index} FROM {self.raw.relation} WHERE c{column.source_index} IS NOT NULL LIMIT {SAMPLE_ROWS}"
                ).fetchall()
            ]
            privacy, _ = classify_column(column.source, sample)
            if privacy == "drop":
                self.notes.append(say("loop.import.dropped", column=column.source))
                continue
            name = "".join("_" if c in ' ,;{}()\n\t="' else c for c in column.source.strip()) or f"column_{column.source_index + 1}"
            while name.lower() in taken:
                name += "_"
            taken.add(name.lower())
            found.append((stored.get(name.lower(), name), column, privacy))
        return found

    def convert(self) -> None:
        """Every row with its identity hash, canonical columns in their types (people still by id), attributes typed by what they hold."""
        parts = [f"line AS sequence, {self._hash()} AS row_hash"]
        for column in self.table.columns:
            source = self.mapped.get(column.name)
            stored = "VARCHAR" if column.type == "actor" else STORED_TYPES[column.type]
            if column.name == "currency" and source is None and self._amount() is not None:
                parts.append(f"{currency_sql(f'c{self._amount()}', self.settings.text('product.currency'))}::VARCHAR AS currency")
            elif source is None and self.lean:
                continue
            elif source is None:
                parts.append(f'NULL::{stored} AS "{column.name}"')
            else:
                parts.append(f'({self._expression(source, column.type)})::{stored} AS "{column.name}"')
        for name, source, privacy in self.attributes:
            cell = f"nullif(trim(c{source.source_index}), '')"
            numeric = privacy == "keep" and self._is_numeric(source.source_index)
            parts.append(f'{f"TRY_CAST({cell} AS DOUBLE)" if numeric else cell} AS "{name}"')
        if self.outcome is not None:
            parts.append(f"nullif(trim(c{self.outcome.index}), '') AS outcome_value_")
        self.db.execute(f"CREATE TEMP TABLE {self.typed} AS SELECT {', '.join(parts)} FROM {self.raw.relation}")
        self._mark_defaults()

    def _expression(self, source: ColumnMap, kind: ColumnType) -> str:
        sql = expression(source, kind)
        if kind == "time" and self.zone != "UTC" and source.format is not None and not source.format.startswith(("epoch", "zoned")):
            return f"epoch_us(timezone('{self.zone}', make_timestamp({sql})))"
        return sql

    def _mark_defaults(self) -> None:
        """What the file says outside its cells: the app in the title row, a store's deleted-marker, the default currency."""
        if self.table.name == "feedback":
            if "product" not in self.mapped and self.raw.title:
                self.db.execute(f"UPDATE {self.typed} SET product = ?", [self.raw.title])
            for marker in DELETED_MARKERS:
                rest = f"coalesce(nullif(trim(substr(text, {len(marker) + 1})), ''), title, '')"
                self.db.execute(f"UPDATE {self.typed} SET status = 'deleted', text = {rest} WHERE starts_with(text, '{marker}')")
            self.db.execute(f"UPDATE {self.typed} SET text = title WHERE text IS NULL")  # a review that is only a title says something
        if self.table.name == "orders" and "currency" not in self.mapped and self.settings.text("product.currency"):
            self.db.execute(f"UPDATE {self.typed} SET currency = ? WHERE currency IS NULL", [self.settings.text("product.currency")])

    def _amount(self) -> int | None:
        """Index of the file's column of amounts; their signs name the currency where no column does."""
        found = self.mapped.get("amount") if self.table.name == "orders" else None
        return found.source_index if found is not None and found.source_index >= 0 else None

    def _is_numeric(self, index: int) -> bool:
        cell = f"nullif(trim(c{index}), '')"
        row = self.db.execute(f"SELECT count({cell}), count(TRY_CAST({cell} AS DOUBLE)) FROM {self.raw.relation}").fetchall()[0]
        return bool(row[0] > 0 and row[0] == row[1])

    def _hash(self) -> str:
        """SQL of the identity of a row: of the source's own id or of the whole raw row."""
        ids = [self.mapped[name].source_index for name in self.table.key if name in self.mapped and self.mapped[name].source_index >= 0]
        own = (
            bool(ids) and self.mapped[self.table.key[0]].source_index >= 0 if self.table.key and self.table.key[0] in self.mapped else False
        )
        whole = self._identity_text("row", range(len(self.raw.header)))
        text = whole
        if own:  # a row whose own id is missing is known by all of its cells, as where no row has one
            text = f"CASE WHEN c{ids[0]} IS NULL THEN {whole} ELSE {self._identity_text('id', ids)} END"
        return identity_sql(self.key, text)

    def _identity_text(self, kind: str, cells: Iterable[int]) -> str:
        label = f"{self.table.name}|{kind}|{self.raw.title or ''}".replace("'", "''")
        return f"concat_ws(chr(31), '{label}', {', '.join(f'coalesce(c{index}, chr(30))' for index in cells)})"

    def quarantine(self) -> list[tuple[str, int]]:
        """Set rows aside that lack a required value; returns (column, rows)."""
        needed = [column.name for column in self.table.required]
        cases = " ".join(f"WHEN \"{name}\" IS NULL THEN '{name}'" for name in needed)
        self.db.execute(
            f"CREATE TEMP TABLE bad_{self.raw.relation} AS SELECT sequence, CASE {cases} END AS reason FROM {self.typed} WHERE (CASE {cases} END) IS NOT NULL"
        )
        found = self.db.execute(f"SELECT reason, count(*) FROM bad_{self.raw.relation} GROUP BY reason ORDER BY 2 DESC, 1").fetchall()
        total = self.db.execute(f"SELECT count(*) FROM {self.typed}").fetchall()[0]
        unusable = sum(int(count) for _, count in found)
        if unusable and unusable == total[0]:
            column = str(found[0][0])
            raise DataProblem(wording.NO_USABLE_ROW, path=self.raw.path.name, num=unusable, column=column, header=self.header_of(column))
        self._find_unreadable()
        return [(str(reason), int(count)) for reason, count in found]

    def _find_unreadable(self) -> None:
        """Cells that hold something which gives no value, in rows that are kept: noted with their reason and counted."""
        self.db.execute(f'CREATE TEMP TABLE cells_{self.raw.relation} (sequence BIGINT, "column" VARCHAR, reason VARCHAR)')
        for column in self.table.columns:
            source = self.mapped.get(column.name)
            if source is None or source.source_index < 0 or column.type not in CONVERTED_TYPES or self._all_read(column.name, source):
                continue
            self.db.execute(
                f"""INSERT INTO cells_{self.raw.relation} SELECT line, '{column.name}', reason FROM (
                SELECT r.line, {reason_sql(source, column.type)} AS reason FROM {self.raw.relation} r JOIN {self.typed} t ON t.sequence = r.line
                WHERE t."{column.name}" IS NULL AND r.c{source.source_index} IS NOT NULL
                AND r.line NOT IN (SELECT sequence FROM bad_{self.raw.relation})) WHERE reason IS NOT NULL"""
            )
        counted = f'SELECT "column", reason, count(*) FROM cells_{self.raw.relation} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2'
        self.unreadable = [(str(name), str(why), int(num)) for name, why, num in self.db.execute(counted).fetchall()]

    def _all_read(self, name: str, source: ColumnMap) -> bool:
        """Whether every filled cell of a column gave a value: cheaper to count than to find out why one did not."""
        read = self._count(f'(SELECT 1 FROM {self.typed} WHERE "{name}" IS NOT NULL)')
        if read == self._count(self.typed):
            return True
        return read == self._count(f"(SELECT 1 FROM {self.raw.relation} WHERE c{source.source_index} IS NOT NULL)")

    def prevents(self) -> list[Say]:
        """What columns make impossible that are there, but in which not one cell could be read."""
        lost = dict.fromkeys(name for name, _, _ in self.unreadable if self.table.column(name).prevents)
        return [
            say(f"prevents.{self.table.name}.{name}")
            for name in lost
            if not self._count(f'(SELECT 1 FROM {self.typed} WHERE "{name}" IS NOT NULL)')
        ]

    def header_of(self, name: str) -> str:
        """The file's name of a column of the table."""
        return self.mapped[name].source if name in self.mapped else name

    def mask_texts(self) -> None:
        """Mask personal details in texts, turn contact columns and nicknames into pseudonyms; each distinct value once."""
        own = frozenset(self.settings.words("product.words"))
        for name in (*self.to_mask, *(name for name, _, privacy in self.attributes if privacy == "mask")):
            values = [
                row[0] for row in self.db.execute(f'SELECT DISTINCT "{name}" FROM {self.typed} WHERE "{name}" IS NOT NULL').fetchall()
            ]
            changed: list[tuple[str, str | None]] = []
            for value, masked in zip(values, mask_many(values, own), strict=True):
                if masked is not None and masked.text != value:
                    changed.append((value, masked.text))
                    found = [detail for detail in masked.details if detail.kind not in NOT_KEPT]
                    self.details += [(pseudonym(self.key, d.kind, d.normalised), d.kind, d.value) for d in found]
            self._replace(name, changed)
            if changed:
                self.notes.append(say("loop.import.masked", column=name, num=len(changed)))
        for name in (*self.people, *(name for name, _, privacy in self.attributes if privacy == "pseudonym")):
            self._pseudonymise(name)

    def _pseudonymise(self, name: str) -> None:
        if self.raw.complete and name in self.people:  # ids of many kinds in one column: each for itself, as over HTTP
            details = hide_contacts(self.db, self.typed, (f'"{name}"',), self.key)
            self.details += details
            if details:
                self.notes.append(say("loop.import.pseudonym", column=self.header_of(name)))
            return
        header = self.header_of(name)
        sample = [
            str(row[0])
            for row in self.db.execute(
                f'SELECT DISTINCT "{name}" FROM {self.typed} WHERE "{name}" IS NOT NULL LIMIT {SAMPLE_ROWS}'
            ).fetchall()
        ]
        privacy, kind = classify_column(header, sample)
        if privacy not in ("drop", "pseudonym"):
            return  # the source's own id stays usable in lists
        values = [
            str(row[0]) for row in self.db.execute(f'SELECT DISTINCT "{name}" FROM {self.typed} WHERE "{name}" IS NOT NULL').fetchall()
        ]
        changed: list[tuple[str, str | None]] = []
        for value in values:
            contact = normalise_contact(value)
            if contact is not None:
                hidden = pseudonym(self.key, *contact)
                self.details.append((hidden, contact[0], value))
                changed.append((value, hidden))
            elif "*" in value and privacy == "pseudonym":
                changed.append((value, None))  # a masked contact is never a key
            else:
                changed.append((value, pseudonym(self.key, kind, value.strip())))
        self._replace(name, changed)
        self.notes.append(say("loop.import.pseudonym", column=header))

    def _replace(self, name: str, changed: Sequence[tuple[str, str | None]]) -> None:
        if not changed:
            return
        import arro3.core as arrow

        text = arrow.DataType.utf8()
        replaced = arrow.Table.from_pydict(
            {"old": arrow.Array([a for a, _ in changed], text), "new": arrow.Array([b for _, b in changed], text)}
        )
        self.db.register("replaced_values", replaced)
        self.db.execute(f'UPDATE {self.typed} SET "{name}" = r.new FROM replaced_values r WHERE "{name}" = r.old')
        self.db.unregister("replaced_values")

    def identify(self) -> dict[str, int]:
        """Give actor codes and final row ids, leave out rows that are already there; returns the counts. Called under the write lock."""
        self._assign_codes()
        picked = ", ".join(f'{self._final(c.name, c.type)} AS "{c.name}"' for c in self.table.columns)
        own = "".join(f', t."{name}"' for name, _, _ in self.attributes) if self.table.name != "events" else ""
        extra = ", t.outcome_value_" if self.outcome is not None else ""
        joins = " ".join(f'LEFT JOIN codes_{self.raw.relation} k{i} ON k{i}.id = t."{name}"' for i, name in enumerate(self.people))
        self._number_repeats()
        usable = (
            "" if not self._count(f"bad_{self.raw.relation}") else f"WHERE sequence NOT IN (SELECT sequence FROM bad_{self.raw.relation})"
        )
        codes = ", ".join(f'k{i}.code AS "{name}"' for i, name in enumerate(self.people))
        narrow = f"""SELECT t.* {f"REPLACE ({codes})" if codes else ""}, r.ordinal AS ordinal_ FROM (SELECT * FROM {self.typed} {usable}) t
            LEFT JOIN repeats_{self.raw.relation} r ON r.sequence = t.sequence {joins}"""
        sent_again = self.raw.complete and "id" in self.mapped  # event tools say of themselves that a message may come twice
        narrow += " WHERE r.ordinal IS NULL OR t.id IS NULL" if sent_again else ""
        row_id = "CASE WHEN t.ordinal_ IS NULL THEN t.row_hash ELSE t.row_hash || '-' || t.ordinal_ END AS row_id"
        self.stored = f"{row_id}, t.sequence, {picked}{own}{extra}"
        if self.outcome is not None:
            self.db.execute(f"CREATE TEMP VIEW every_{self.raw.relation} AS SELECT {self.stored} FROM ({narrow}) t")
        known = self.store.parquet(self.table.name)
        total = self._count(f"(SELECT 1 FROM {self.typed} {usable})")
        if known is not None:
            fresh = f"SELECT sequence FROM (SELECT {row_id}, t.sequence FROM ({narrow}) t) WHERE row_id NOT IN (SELECT row_id FROM {known})"
            self.db.execute(f"CREATE TEMP TABLE fresh_{self.raw.relation} AS {fresh}")
            narrow = f"SELECT * FROM ({narrow}) WHERE sequence IN (SELECT sequence FROM fresh_{self.raw.relation})"
        self.db.execute(f"CREATE TEMP VIEW narrow_{self.raw.relation} AS {narrow}")
        if not self.lean:
            self.db.execute(f"CREATE TEMP TABLE {self.ready} AS SELECT {self.stored} FROM narrow_{self.raw.relation} t")
        again = f"(SELECT 1 FROM repeats_{self.raw.relation} r JOIN {self.typed} t ON t.sequence = r.sequence WHERE t.id IS NOT NULL)"
        new = total - (self._count(again) if sent_again else 0) if known is None else self._count(f"fresh_{self.raw.relation}")
        return {"num_rows": self.raw.num_rows, "num_new": new, "num_repeated": total - new}

    def _number_repeats(self) -> None:
        """Table repeats_X (sequence, ordinal): the second row of equal ones is number 1. Rows are told apart by 64 bits, then by all of them."""
        start = "('0x' || substr(row_hash, 1, 16))::UBIGINT"
        usable = f"sequence NOT IN (SELECT sequence FROM bad_{self.raw.relation})"
        twice = f"SELECT {start} AS start FROM {self.typed} GROUP BY 1 HAVING count(*) > 1"
        self.db.execute(
            f"""CREATE TEMP TABLE repeats_{self.raw.relation} AS SELECT * FROM (
            SELECT sequence, row_number() OVER (PARTITION BY row_hash ORDER BY sequence) - 1 AS ordinal
            FROM {self.typed} WHERE {start} IN ({twice}) AND {usable}) WHERE ordinal > 0"""
        )

    def _final(self, name: str, kind: str) -> str:
        """SQL of a declared column as it is stored: people by code, event attributes as one JSON column."""
        if self.lean and name not in self.mapped and name != "properties":
            return f"NULL::{STORED_TYPES[self.table.column(name).type]}"
        if name == "properties" and self.lean and not self.attributes:
            return "NULL::VARCHAR"
        if name == "properties" and self.table.name == "events" and self.attributes:
            return self._as_json()
        return f't."{name}"' + ("::INTEGER" if kind == "actor" else "")

    def _as_json(self) -> str:
        """SQL of one JSON object with the attributes that a row has."""
        filled = []
        for name, _, _ in self.attributes:
            key = json.dumps(name, ensure_ascii=False).replace("'", "''")
            filled.append(f"""CASE WHEN t."{name}" IS NOT NULL THEN '{key}:' || to_json(t."{name}")::VARCHAR END""")
        return f"'{{' || concat_ws(',', {', '.join(filled)}) || '}}'"

    def _count(self, relation: str) -> int:
        row = self.db.execute(f"SELECT count(*) FROM {relation}").fetchall()[0]
        return int(row[0])

    def _assign_codes(self) -> None:
        """Table codes_X(id, code, is_new): known codes are kept, new ids get the next ones in order of first appearance."""
        union = " UNION ALL ".join(f'SELECT "{name}" AS id, sequence FROM {self.typed} WHERE "{name}" IS NOT NULL' for name in self.people)
        known = self.store.parquet("actor_codes") or "(SELECT NULL::VARCHAR AS id, NULL::BIGINT AS code WHERE false)"
        union = union or "SELECT NULL::VARCHAR AS id, 0 AS sequence WHERE false"
        self.db.execute(
            f"""CREATE TEMP TABLE codes_{self.raw.relation} AS
            WITH seen AS (SELECT id, min(sequence) AS first FROM ({union}) GROUP BY id),
                 joined AS (SELECT s.id, s.first, k.code FROM seen s LEFT JOIN {known} k ON k.id = s.id)
            SELECT id, (CASE WHEN code IS NOT NULL THEN code
                   ELSE (SELECT coalesce(max(code), -1) FROM {known}) + row_number() OVER (PARTITION BY code IS NULL ORDER BY first, id) END)::INTEGER AS code,
                   code IS NULL AS is_new FROM joined"""
        )

    def commit(self, import_id: int) -> None:
        """Write codes, quarantine, outcomes and, last, the table itself: when that commit stands, the import is complete."""
        own = f"{import_id}::BIGINT AS import_id"
        given = f"codes_{self.raw.relation} WHERE is_new ORDER BY code"
        codes = f"SELECT 'code-' || code AS row_id, {own}, code::BIGINT AS sequence, code::BIGINT AS code, id FROM {given}"
        self._append("actor_codes", codes, import_id)
        set_aside = f"SELECT * FROM ({self._quarantined(own)})"
        known = self.store.parquet("quarantine")
        self._append("quarantine", set_aside + (f" WHERE row_id NOT IN (SELECT row_id FROM {known})" if known else ""), import_id)
        if self.outcome is not None:
            self._append("outcomes", self._outcomes(own), import_id)
        keep_details(self.store, self.settings, self.details, import_id)
        if not self.lean:
            self._widen()
        columns = "* EXCLUDE (outcome_value_)" if self.outcome is not None else "*"
        order = (
            ", ".join(f'"{name}"' for name in (*self.table.order, "sequence"))
            if "sequence" not in self.table.order
            else ", ".join(f'"{n}"' for n in self.table.order)
        )
        rows = f"SELECT {columns}, {own} FROM {self.ready} ORDER BY {order}"
        if self.lean:  # what a row becomes is made after the sort, which would carry every column of it
            rows = f"SELECT {self.stored}, {own} FROM (SELECT * FROM narrow_{self.raw.relation} ORDER BY {order}) t"
        self._append(self.table.name, rows, import_id, always=True)

    def count_outcomes(self, value: str) -> tuple[int, int]:
        """(rows with the value that counts, rows with any value) of the outcome column."""
        row = self.db.execute(f"SELECT count(*) FILTER (outcome_value_ = ?), count(outcome_value_) FROM {self.typed}", [value]).fetchall()[
            0
        ]
        return int(row[0]), int(row[1])

    def _append(self, table: str, query: str, import_id: int, always: bool = False) -> None:
        relation = self.db.sql(query)
        if always or self._count(f"({query})"):
            self.store.append(table, relation, import_id)

    def _quarantined(self, own: str) -> str:
        cells = ", ".join(
            "'" + name.replace("'", "''") + f"': left(r.c{index}, 40)"
            for index, name in enumerate(self.raw.header)
            if self._may_show(index)
        )
        row = f"regexp_replace(to_json({{{cells}}})::VARCHAR, '[0-9]{{5,}}|[^\\s\"@]+@[^\\s\"@]+', '*', 'g')" if cells else "NULL"
        number = 'row_number() OVER (PARTITION BY t.row_hash ORDER BY b.sequence, b."column")'
        return f"""SELECT 'bad-' || t.row_hash || '-' || {number} AS row_id, {own}, b.sequence,
            '{shown_path(self.raw.path.name).replace("'", "''")}' AS file, b.sequence + {self.raw.first_row - 1} AS line,
            b."column", b.reason, {row} AS row
            FROM ({self._set_aside()}) b JOIN {self.typed} t ON t.sequence = b.sequence JOIN {self.raw.relation} r ON r.line = b.sequence"""

    def _set_aside(self) -> str:
        """Rows that lack a required value, then cells that could not be read in rows that were kept."""
        whole = f"SELECT sequence, reason AS \"column\", 'missing_or_unreadable' AS reason FROM bad_{self.raw.relation}"
        return f"{whole} UNION ALL SELECT * FROM cells_{self.raw.relation}"

    def _may_show(self, index: int) -> bool:
        """Whether a raw cell may stand in quarantine: numbers, dates and short categories; never people, names or texts."""
        shown = {c.source_index for target, c in self.mapped.items() if target not in self.people and target not in self.to_mask}
        return index in shown or any(c.source_index == index and privacy == "keep" for _, c, privacy in self.attributes)

    def _outcomes(self, own: str) -> str:
        assert self.outcome is not None
        person = self.people[0]
        dated = next((name for name in ("known_at", "time") if name in self.table.by_name), None)
        time = f"t.{dated}" if dated else "NULL::BIGINT"
        task = self.outcome.task.replace("'", "''")
        known = self.store.parquet("outcomes")  # rows that were imported before without their outcome get it now
        fresh = f" AND t.row_id || '-{task}' NOT IN (SELECT row_id FROM {known})" if known is not None else ""
        return f"""SELECT t.row_id || '-{task}' AS row_id, {own}, t.sequence, t."{person}"::INTEGER AS subject,
            '{task}' AS task, t.outcome_value_ AS value, {time} AS time
            FROM every_{self.raw.relation} t WHERE t.outcome_value_ IS NOT NULL{fresh} ORDER BY subject, t.sequence"""

    def _widen(self) -> None:
        """An attribute whose type differs from what is stored becomes text on both sides, and the import says so."""
        stored = dict(self.store.attributes(self.table.name)) if self.store.exists(self.table.name) else {}
        described = {str(r[0]): str(r[1]) for r in self.db.execute(f"DESCRIBE {self.ready}").fetchall()}
        clash = [name for name, kind in stored.items() if name in described and described[name] != kind]
        for name in clash:
            self.db.execute(f'ALTER TABLE {self.ready} ALTER COLUMN "{name}" TYPE VARCHAR')
            self.notes.append(say("loop.import.widened", column=name))
        to_rewrite = [name for name in clash if stored[name] != "VARCHAR"]
        if to_rewrite:
            casts = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name in to_rewrite)
            self.store.overwrite(self.table.name, self.db.sql(f"SELECT * REPLACE ({casts}) FROM {self.store.parquet(self.table.name)}"))


def keep_details(store: Store, settings: Settings, details: Sequence[tuple[str, str, str]], import_id: int) -> None:
    """Contact details that were taken out of rows, encrypted, with the import that brought them."""
    vault = open_vault(store, settings)
    vault.put_many((*detail, str(import_id)) for detail in dict.fromkeys(details))
    vault.close()


def open_vault(store: Store, settings: Settings) -> Vault:
    """The vault of a workspace; one that keeps nothing when `privacy.vault = false`. PRODUCTLOOP_VAULT_KEY wins over the key file."""
    return Vault.open(store.home, os.environ.get("PRODUCTLOOP_VAULT_KEY")) if settings.flag("privacy.vault") else Vault.none()
