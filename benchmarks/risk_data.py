"""Labelled public tables for the benchmark of risk models, as encoded columns.

One reader for all: a column whose cells are all numbers is a number, one whose cells are all dates is a number of days, every other one a
category with its codes in alphabetical order; a blank is missing. Names of rows and of people, and columns that say the outcome, are dropped
by name below. The folder is `../shared/data` beside the checkout, or PRODUCTLOOP_SHARED_DATA.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import ColumnKind, Columns

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
DATE_FORMATS = ("%m/%d/%Y", "%Y-%m-%d")
Labelled = tuple[Columns, NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file with a header: which column is the outcome, which value counts, which columns are no inputs."""

    path: str
    outcome: str
    counted: str
    dropped: tuple[str, ...] = ()

    def read(self) -> Labelled:
        """Columns and 0/1 outcomes."""
        path = SHARED / self.path
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        header, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
        place = header.index(self.outcome)
        kept = [column for column, name in enumerate(header) if name not in (self.outcome, *self.dropped)]
        columns = encode([[row[column] for column in kept] for row in rows], [header[column].strip() for column in kept])
        return columns, np.array([row[place].strip() == self.counted for row in rows], dtype=np.intp)


def encode(rows: list[list[str]], names: list[str]) -> Columns:
    """Text cells to numbers, days or codes."""
    values, kinds, sizes = np.empty((len(rows), len(names))), list[ColumnKind](), []
    for place in range(len(names)):
        cells = [row[place].strip() for row in rows]
        numbers = _read(cells, float) or _read(cells, _days)
        if numbers is None:
            codes = {cell: code for code, cell in enumerate(sorted(set(cells) - {""}))}
            values[:, place] = [codes.get(cell, np.nan) for cell in cells]
        else:
            values[:, place] = numbers
        kinds.append("category" if numbers is None else "number")
        sizes.append(len(codes) if numbers is None else 0)
    return Columns(values, tuple(names), tuple(kinds), tuple(sizes))


def _read(cells: list[str], number: Callable[[str], float]) -> list[float] | None:
    try:
        return [number(cell) if cell else np.nan for cell in cells]
    except ValueError:
        return None


def _days(cell: str) -> float:
    for written in DATE_FORMATS:
        try:
            return float(datetime.strptime(cell, written).toordinal())
        except ValueError:
            continue
    raise ValueError(cell)


def german() -> Labelled:
    """1,000 applicants, 20 columns without names; 2 = bad."""
    rows = [line.split() for line in (SHARED / "german_credit" / "german.data").read_text(encoding="utf-8").splitlines() if line.strip()]
    columns = encode([row[:20] for row in rows], [f"a{place + 1}" for place in range(20)])
    return columns, np.array([row[20] == "2" for row in rows], dtype=np.intp)


def breast_cancer() -> Labelled:
    """569 tumours, 30 measures, from scikit-learn; 1 = malignant."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    names = tuple(str(name) for name in data.feature_names)
    return Columns(data.data.astype(np.float64), names, ("number",) * 30, (0,) * 30), (data.target == 0).astype(np.intp)


TABLES: dict[str, Callable[[], Labelled]] = {
    "telco": TableFile("telco_churn/Telco-Customer-Churn.csv", "Churn", "Yes", ("customerID",)).read,
    "bank": TableFile("bank_churn/Churn_Modelling.csv", "Exited", "1", ("RowNumber", "CustomerId", "Surname")).read,
    "taiwan": TableFile("taiwan_credit_default/UCI_Credit_Card.csv.gz", "default.payment.next.month", "1", ("ID",)).read,
    "fraud": TableFile(
        "auto_insurance_fraud/insurance_claims.csv", "fraud_reported", "Y", ("_c39", "policy_number", "incident_location", "insured_zip")
    ).read,
    "ai4i": TableFile("ai4i2020/ai4i2020.csv", "Machine failure", "1", ("UID", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF")).read,
    "german": german,
    "heart": TableFile("heart_disease/heart_disease.csv", "Disease", "1").read,
    "cancer": breast_cancer,
}
