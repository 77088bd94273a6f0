"""What imports did, as a page: understood, not used and why, what a missing column prevents, rows set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from productloop.foundation.page import Block, Grid, Heading, Line, Page
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Say, say
from productloop.interfaces.answering import day_of
from productloop.loop.identities import MERGES, Statement
from productloop.loop.importing import Imported

SHOWN_IMPORTS = 50
SHOWN_ATTRIBUTES = 30


def table_title(table: str) -> Say:
    """The name people read of a table."""
    return say(f"table.{table}")


def import_page(imported: Sequence[Imported]) -> Page:
    """One section for each table that was imported."""
    blocks: list[Block] = []
    for part in imported:
        blocks += _part(part)
    return Page(title=say("import.title", num_files=len({part.path for part in imported})), blocks=tuple(blocks))


def _part(part: Imported) -> list[Block]:
    name = part.path.replace("\\", "/").rpartition("/")[2]
    sheet = bool(part.part) and part.part != name
    key = "import.part_sheet" if sheet else "import.part"
    blocks: list[Block] = [
        Heading(text=say(key, path=name, table=table_title(part.table), **({"part": part.part} if sheet else {}))),
        Line(text=say("import.counts", num_rows=part.num_rows, num_new=part.num_new)),
    ]
    if part.num_repeated:
        blocks.append(Line(text=say("import.repeated", num=part.num_repeated)))
    if part.understood:
        pairs = [say("import.pair", column=source, meaning=target) for source, target in part.understood if source]
        blocks.append(Line(text=say("import.understood", pairs=pairs)))
    if part.attributes:
        names = [say("import.name", name=name) for name in part.attributes[:SHOWN_ATTRIBUTES]]
        key = "import.attributes" if len(names) == len(part.attributes) else "import.attributes_more"
        blocks.append(Line(text=say(key, names=names, num=len(part.attributes))))
    if part.outcome is not None:
        task, value, num_counted, num_known = part.outcome
        blocks.append(Line(text=say("import.outcome", task=task, value=value, num=num_counted, of=num_known), tone="good"))
    blocks += [Line(text=note) for note in part.notes]
    blocks += [Line(text=say("import.ignored", column=column, reason=reason)) for column, reason in part.ignored]
    blocks += [Line(text=sentence, tone="caution") for sentence in part.prevents]
    blocks += [_unreadable(column, reason, num) for column, reason, num in part.unreadable]
    blocks += [Line(text=say("import.quarantine", column=column, num=num), tone="bad") for column, num in part.quarantine]
    return blocks


def _unreadable(column: str, reason: str, num: int) -> Line:
    return Line(text=say("import.unreadable", column=column, num=num, reason=say(f"import.reason.{reason}")), tone="bad")


def imports_page(rows: Sequence[Mapping[str, Any]], time_zone: str) -> Page:
    """The ledger, newest last."""
    if not rows:
        return Page(title=say("imports.title"), blocks=(Line(text=say("imports.empty")),))
    columns = tuple(say(f"imports.{name}") for name in ("number", "source", "table", "rows", "new", "aside", "when", "status"))
    grid = tuple(_ledger_row(row, time_zone) for row in rows[-SHOWN_IMPORTS:])
    return Page(title=say("imports.title"), blocks=(Grid(columns=columns, rows=grid), Line(text=say("imports.undo"))))


def identities_page(found: Sequence[Statement], time_zone: str) -> Page:
    """Which ids are one person, newest last."""
    if not found:
        return Page(title=say("identities.title"), blocks=(Line(text=say("identities.empty")),))
    columns = tuple(say(f"identities.{name}") for name in ("number", "alias", "actor", "person", "source", "when", "import", "status"))
    grid: list[tuple[Say | str, ...]] = [
        (
            say("cell.count", num=one.number),
            one.alias,
            one.actor,
            one.person or "–",
            one.source or "–",
            day_of(one.at, time_zone) or "",
            say("cell.count", num=one.import_id),
            say(f"identities.status.{one.status}"),
        )
        for one in found[-SHOWN_IMPORTS:]
    ]
    counted = len({one.alias for one in found if one.status == "counts"})
    lines = (Line(text=say("identities.count", num=counted)), Grid(columns=columns, rows=tuple(grid)), Line(text=say("identities.undo")))
    return Page(title=say("identities.title"), blocks=lines)


def _ledger_row(row: Mapping[str, Any], time_zone: str) -> tuple[Say | str, ...]:
    counts = [say("cell.count", num=int(row[name])) for name in ("num_rows", "num_new", "num_quarantined")]
    source = str(row["source"]).rpartition("/")[2]
    table = table_title(row["target"]) if row["target"] in (*TABLES, MERGES) else str(row["target"])
    return (
        say("cell.count", num=int(row["id"])),
        source,
        table,
        *counts,
        day_of(row["started_at"], time_zone) or "",
        say(f"imports.status.{row['status']}"),
    )
