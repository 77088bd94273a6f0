"""Leak alarms on public tables, and how fast a snapshot of past moments is built.

    python benchmarks/leaks.py tables
    python benchmarks/leaks.py snapshot

`tables`: columns go through the project's own encoder (ids and free text left out, dates as days, weekday and month); printed are the best
ROC-AUC of one column alone, the shares of judging rows with a copy among the learned ones (exact, and but for one column), and all alarms.
Only AI4I holds leaks: TWF, HDF, PWF and OSF are written down after the failure they name.
`snapshot`: 50,000 keys (5,000 people at 10 moments) over 100,000 events, 20,000 orders and 20,000 messages, all made up; CPU seconds of the
process, one thread of BLAS. The folder of the public sets is `../shared/data` beside the checkout, or PRODUCTLOOP_SHARED_DATA.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.leaks import area_alone, copies, gives_away, identifiers
from productloop.learning.splitting import stratified_folds
from productloop.loop.features import DAY_US, describe, encode, raw_columns
from productloop.loop.records import Keys
from productloop.loop.store import Store

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
TABLES = {
    "Telco churn": ("telco_churn/Telco-Customer-Churn.csv", "Churn", "Yes", ("customerID",)),
    "bank churn": ("bank_churn/Churn_Modelling.csv", "Exited", "1", ("RowNumber", "CustomerId", "Surname")),
    "Taiwan credit": ("taiwan_credit_default/UCI_Credit_Card.csv.gz", "default.payment.next.month", "1", ("ID",)),
    "German credit": ("german_credit/GermanCredit_selva86.csv", "credit_risk", "0", ()),
    "auto insurance fraud": ("auto_insurance_fraud/insurance_claims.csv", "fraud_reported", "Y", ("policy_number",)),
    "heart disease": ("heart_disease/heart_disease.csv", "Disease", "1", ()),
    "AI4I failures": ("ai4i2020/ai4i2020.csv", "Machine failure", "1", ("UID",)),
}


def read(path: str, outcome: str, counted: str, dropped: tuple[str, ...]) -> tuple[Columns, NDArray[np.int64]]:
    """A table as a model would see it, and 0/1 outcomes."""
    content = (SHARED / path).read_bytes()
    text = (gzip.decompress(content) if path.endswith(".gz") else content).decode("utf-8-sig")
    header, *rows = csv.reader(text.splitlines())
    raw: dict[str, NDArray[Any]] = {}
    for place, name in enumerate(header):
        if name not in (outcome, *dropped):
            cells = [row[place].strip() or None for row in rows]
            try:
                raw[name] = np.array([np.nan if cell is None else float(cell) for cell in cells])
            except ValueError:
                raw[name] = np.array(cells, dtype=object)
    happened = np.array([row[header.index(outcome)] == counted for row in rows], dtype=np.int64)
    return encode(raw, describe(raw), len(rows)), happened


def tables() -> None:
    """One line a table."""
    for name, source in TABLES.items():
        columns, happened = read(*source)
        start = time.process_time()
        folds = [split.test for split in stratified_folds(happened, 5, 0)]
        judges = np.isin(np.arange(len(happened)), folds[0])
        subject = np.arange(len(happened))
        found = [*gives_away(columns, happened, 0), *identifiers(columns, subject), *copies(columns, subject, judges)]
        seconds = time.process_time() - start
        areas = [area_alone(columns.values[:, place], happened, kind == "category", folds) for place, kind in enumerate(columns.kinds)]
        alarms = ", ".join(f"{leak.column} ({leak.kind})" for leak in found) or "none"
        best = columns.names[int(np.argmax(areas))]
        print(
            f"{name:22s} {len(happened):6d} x {len(columns.names):2d}  best alone {max(areas):.3f} {best:28s} {seconds:5.2f} CPU s  {alarms}"
        )


def snapshot() -> None:
    """CPU seconds of 50,000 keys, and of one."""
    import arro3.core as arrow

    people, num, moments = 5_000, 100_000, 10
    generator, first = np.random.default_rng(0), 1_750_000_000_000_000

    def table(size: int, **columns: Any) -> Any:
        whole = {"row_id": [str(row) for row in range(size)], "import_id": np.zeros(size, dtype=np.int64), **columns}
        whole["sequence"] = np.arange(size, dtype=np.int64)
        return arrow.Table.from_pydict(
            {
                key: arrow.Array.from_numpy(values) if isinstance(values, np.ndarray) else arrow.Array(values, arrow.DataType.utf8())
                for key, values in whole.items()
            }
        )

    def who(size: int) -> NDArray[np.int32]:
        return generator.integers(0, people, size).astype(np.int32)

    def when(size: int) -> NDArray[np.int64]:
        return np.sort(first + generator.integers(0, 200 * DAY_US, size))

    def one_of(names: list[str], size: int) -> list[str]:
        return [names[place] for place in generator.integers(0, len(names), size)]

    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder))
        codes, orders = np.arange(people, dtype=np.int32), 20_000
        since = np.full(people, first, dtype=np.int64)
        store.append("actors", table(people, actor=codes, account=[f"a{code // 4}" for code in codes], first_seen=since, known_at=since), 1)
        names = one_of(["open", "view", "buy", "app_crash", "contact_support"], num)
        store.append("events", table(num, actor=who(num), time=when(num), name=names, duration_ms=generator.integers(0, 6000, num)), 1)
        kinds = one_of(["new", "renewal", "refund"], orders)
        amounts = generator.integers(100, 900, orders)
        store.append("orders", table(orders, actor=who(orders), time=when(orders), amount=amounts, kind=kinds), 1)
        talks = {"conversation": [f"c{row // 3}" for row in range(orders)], "role": one_of(["user", "user", "staff"], orders)}
        store.append(
            "feedback", table(orders, author=who(orders), time=when(orders), channel=one_of(["chat", "review"], orders), **talks), 1
        )
        at = np.repeat(first + np.arange(1, moments + 1) * 18 * DAY_US, people)
        keys = Keys(np.tile(codes, moments), at, np.tile(codes.astype(str).astype(object), moments))
        raw_columns(store, keys.take(np.arange(5)))
        for size in (len(keys), 1):
            start = time.process_time()
            raw = raw_columns(store, keys.take(np.arange(size)))
            print(f"{size:6d} keys, {num:,} events: {len(raw)} features in {time.process_time() - start:.2f} CPU s")
        store.close()


def main() -> None:
    """Run one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("tables", "snapshot"))
    {"tables": tables, "snapshot": snapshot}[parser.parse_args().what]()


if __name__ == "__main__":
    main()
