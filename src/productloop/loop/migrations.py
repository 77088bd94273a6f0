"""Forward-only numbered migrations of `state.db`; the applied numbers are kept in the database.

A migration is never edited after a release: a change is a new function at the end of MIGRATIONS.
`tests/fixtures/state_v1.sql` holds the first schema forever and a test migrates it to the newest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    inspect,
    select,
)


def m001_initial(connection: Connection) -> None:
    """Ledger of imports, remembered mappings, releases, predictions, decisions, jobs, tokens, inbox, reports, merges, turns."""
    schema = MetaData()
    Table(
        "imports", schema,
        Column("id", Integer, primary_key=True), Column("source", Text, nullable=False), Column("part", Text, nullable=False),
        Column("file_hash", String(64), nullable=False), Column("target", String(40), nullable=False), Column("status", String(20), nullable=False),
        Column("started_at", BigInteger, nullable=False), Column("finished_at", BigInteger), Column("num_rows", BigInteger, nullable=False),
        Column("num_new", BigInteger, nullable=False), Column("num_repeated", BigInteger, nullable=False),
        Column("num_quarantined", BigInteger, nullable=False), Column("notes", Text, nullable=False),
    )  # fmt: skip
    Table(
        "mappings",
        schema,
        Column("fingerprint", String(64), primary_key=True),
        Column("target", String(40)),
        Column("columns", Text, nullable=False),
    )
    Table(
        "releases", schema,
        Column("id", String(100), primary_key=True), Column("task", String(80), nullable=False), Column("recipe", String(80), nullable=False),
        Column("created_at", BigInteger, nullable=False), Column("status", String(20), nullable=False), Column("card", Text, nullable=False),
    )  # fmt: skip
    Table(
        "pointers", schema,
        Column("id", Integer, primary_key=True), Column("task", String(80), nullable=False), Column("release", String(100), nullable=False),
        Column("at", BigInteger, nullable=False), Column("reason", Text, nullable=False),
    )  # fmt: skip
    predictions = Table(
        "predictions", schema,
        Column("id", String(40), primary_key=True), Column("task", String(80), nullable=False), Column("release", String(100), nullable=False),
        Column("subject", Text, nullable=False), Column("input_hash", String(64), nullable=False), Column("value", Text, nullable=False),
        Column("latency_ms", Float, nullable=False), Column("at", BigInteger, nullable=False),
    )  # fmt: skip
    Index("predictions_task_at", predictions.c.task, predictions.c.at)
    Table(
        "decisions", schema,
        Column("id", Integer, primary_key=True), Column("at", BigInteger, nullable=False), Column("finding", Text, nullable=False),
        Column("choice", String(20), nullable=False), Column("owner", Text, nullable=False), Column("review_at", BigInteger),
        Column("figure", Text), Column("expected", Float), Column("result", Text),
    )  # fmt: skip
    Table(
        "jobs", schema,
        Column("id", String(40), primary_key=True), Column("action", String(80), nullable=False), Column("request", Text, nullable=False),
        Column("status", String(20), nullable=False), Column("created_at", BigInteger, nullable=False), Column("lease_until", BigInteger),
        Column("process", Integer), Column("progress", Text, nullable=False), Column("report", String(80)), Column("error", Text),
    )  # fmt: skip
    Table(
        "tokens",
        schema,
        Column("hash", String(64), primary_key=True),
        Column("name", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
    )
    Table(
        "inbox", schema,
        Column("id", Integer, primary_key=True), Column("target", String(40), nullable=False), Column("row_id", String(64), nullable=False, unique=True),
        Column("payload", Text, nullable=False), Column("received_at", BigInteger, nullable=False),
    )  # fmt: skip
    Table(
        "reports", schema,
        Column("id", String(64), primary_key=True), Column("action", String(80), nullable=False), Column("request", Text, nullable=False),
        Column("as_of", BigInteger), Column("versions", Text, nullable=False), Column("created_at", BigInteger, nullable=False),
        Column("body", Text, nullable=False),
    )  # fmt: skip
    Table(
        "merges",
        schema,
        Column("alias", Integer, primary_key=True),
        Column("actor", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
    )
    Table(
        "turns",
        schema,
        Column("task", String(80), primary_key=True),
        Column("key", String(64), nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("result", Text, nullable=False),
    )
    schema.create_all(connection)


def m002_labels(connection: Connection) -> None:
    """Answers of people about single rows: every answer is kept, the newest of a row counts."""
    schema = MetaData()
    labels = Table(
        "labels", schema,
        Column("id", Integer, primary_key=True), Column("question", Text, nullable=False), Column("row_id", Text, nullable=False),
        Column("value", Text, nullable=False), Column("at", BigInteger, nullable=False),
    )  # fmt: skip
    Index("labels_row", labels.c.row_id)
    schema.create_all(connection)


def m003_identities(connection: Connection) -> None:
    """Every statement that two ids are one person, with its source and import; `merges` becomes what follows from those that count."""
    schema = MetaData()
    identities = Table(
        "identities", schema,
        Column("id", Integer, primary_key=True), Column("alias", Integer, nullable=False), Column("actor", Integer, nullable=False),
        Column("at", BigInteger, nullable=False), Column("source", String(40), nullable=False), Column("import_id", Integer, nullable=False),
        Column("status", String(20), nullable=False), Column("undone_at", BigInteger),
    )  # fmt: skip
    Index("identities_alias", identities.c.alias)
    schema.create_all(connection)
    merges = Table("merges", MetaData(), autoload_with=connection)
    rows = connection.execute(select(merges.c.alias, merges.c.actor, merges.c.at)).fetchall()
    for alias, actor, at in rows:
        connection.execute(insert(identities).values(alias=alias, actor=actor, at=at, source="", import_id=0, status="counts"))


def m004_campaigns(connection: Connection) -> None:
    """What was started for people at risk, and the messages written for it; who got what stands in the lake table `assignments`."""
    schema = MetaData()
    Table(
        "campaigns", schema,
        Column("id", String(80), primary_key=True), Column("task", String(80), nullable=False), Column("started_at", BigInteger, nullable=False),
        Column("data_until", BigInteger, nullable=False), Column("ends_at", BigInteger, nullable=False), Column("plan", Text, nullable=False),
    )  # fmt: skip
    drafts = Table(
        "drafts", schema,
        Column("id", String(40), primary_key=True), Column("campaign", String(80), nullable=False), Column("action", String(80), nullable=False),
        Column("zh", Text, nullable=False), Column("en", Text, nullable=False), Column("source", String(80), nullable=False),
        Column("status", String(20), nullable=False), Column("changed_at", BigInteger, nullable=False),
    )  # fmt: skip
    Index("drafts_campaign", drafts.c.campaign)
    schema.create_all(connection)


def m005_detectors(connection: Connection) -> None:
    """What is known about each metric that is posted point by point, and what was answered about the points of the last days."""
    schema = MetaData()
    Table(
        "detectors",
        schema,
        Column("metric", Text, primary_key=True),
        Column("segment", Text, primary_key=True),
        Column("last_time", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
    )
    answers = Table(
        "point_answers",
        schema,
        Column("row_id", String(64), primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("answer", Text, nullable=False),
    )
    Index("point_answers_at", answers.c.at)
    schema.create_all(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m001_initial, m002_labels, m003_identities, m004_campaigns, m005_detectors)
APPLIED = Table("migrations", MetaData(), Column("number", Integer, primary_key=True), Column("name", String(80), nullable=False))


def migrate(connection: Connection) -> int:
    """Apply what is missing, in order; returns how many were applied. Runs inside the caller's transaction."""
    missing = _missing(connection)
    if missing and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # who opens at the same moment waits; the driver begins none before DDL
        missing = _missing(connection)
    if missing:
        APPLIED.create(connection, checkfirst=True)
    for number, step in missing:
        step(connection)
        connection.execute(insert(APPLIED).values(number=number, name=step.__name__))
    return len(missing)


def newest_schema() -> MetaData:
    """Every table as the last migration leaves it, to write statements with."""
    return _schema_after(MIGRATIONS)


@cache
def _schema_after(steps: tuple[Callable[[Connection], None], ...]) -> MetaData:
    """The tables these steps make, read once in a process from an empty database in memory: reading them from each database
    that is opened took most of its opening.
    """
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for step in steps:
            step(connection)
    schema = MetaData()
    schema.reflect(engine)
    engine.dispose()
    return schema


def _missing(connection: Connection) -> list[tuple[int, Callable[[Connection], None]]]:
    known = inspect(connection).has_table("migrations")
    done = set(connection.execute(select(APPLIED.c.number)).scalars()) if known else set()
    return [(number, step) for number, step in enumerate(MIGRATIONS, 1) if number not in done]
