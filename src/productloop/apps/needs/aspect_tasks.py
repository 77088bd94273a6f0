"""`needs.aspect`: which part of the product a text speaks of, or how it feels about that part, learned from columns that say so.

`labels` is the column of parts; with `feelings`, a column of -1/0/1 or of words, the task learns those instead, on the texts that have a part.
A text whose copies say different things (a table with one row for each part spoken of) teaches neither: what stands where in it is not
known. Parts of fewer than MIN_CLASS texts are no class; their texts are unknown, not "something else".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import aspects_wording, wording
from productloop.apps.needs._reading import whole_text
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE, of_labels
from productloop.apps.needs.tasks import MIN_CLASS, MIN_ROWS, feedback_texts, kind_code, refuse_unknown, text_task, with_encoder
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import Settings
from productloop.foundation.tables import fold_header
from productloop.loop.records import Keys, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task, TaskTemplate
from productloop.text.cold_start import LABELS

ASPECT_COLUMNS = (
    "aspect",
    "aspects",
    "subject",
    "topic",
    "category",
    "feature",
    "component",
    "module",
    "方面",
    "主题",
    "分类",
    "类别",
    "模块",
    "功能",
)
FEELING_COLUMNS = ("sentimentvalue", "sentiment", "polarity", "feeling", "tone", "label", "情感", "情感倾向", "情感极性", "情绪")
MAX_CLASSES = 40
MAX_LETTERS = 40
"""A longer value describes, it does not name."""
KNOWN_SHARE = 0.5
"""Of the texts with a value so many must have one that is a class: a column of ids has many values of a few texts each."""
FEELINGS = LABELS["sentiment"]
SUGGESTED_ASPECT, SUGGESTED_FEELING = "aspect", "aspect-feeling"
ERROR = 0.10
"""Promised share of texts given a wrong part."""
_SIGNS = {"-1": 0, "0": 1, "1": 2}


def make_aspect(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """A task of parts, or of feelings about them. UsageError for a column that is not there or says too little of any part."""
    refuse_unknown(ASPECT, options)
    names = store.names("feedback") if store.exists("feedback") else []
    labels = str(options.get("labels") or find_aspects(store) or ASPECT_COLUMNS[0])
    feelings = str(options.get("feelings") or "")
    for column in (labels, feelings):
        if column and column not in names:
            raise UsageError(wording.LABELS_UNKNOWN, labels=column, known=", ".join(_candidates(store)) or "-")
    if feelings:
        made = text_task(name, ASPECT, labels, FEELINGS, partial(_inputs, FEELINGS), partial(_feelings, labels, feelings))
        made = replace(made, title=aspects_wording.FEELING_TASK_TITLE, options={"labels": labels, "feelings": feelings})
    else:
        classes = aspects_of(store, labels)
        if len(classes) < 2:
            raise UsageError(aspects_wording.NO_ASPECTS, column=labels, least=MIN_CLASS)
        made = text_task(name, ASPECT, labels, classes, partial(_inputs, classes), partial(_aspects, labels, classes))
    return with_encoder(replace(made, alone_error=ERROR), options)


def suggest_aspects(store: Store) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """A task of parts where a column names them, and one of feelings where another says them."""
    labels = find_aspects(store)
    if labels is None:
        return ()
    found: list[tuple[str, Mapping[str, Any]]] = [(SUGGESTED_ASPECT, {"labels": labels})]
    feelings = find_feelings(store, labels)
    return found if feelings is None else [*found, (SUGGESTED_FEELING, {"labels": labels, "feelings": feelings})]


def aspect_tasks(store: Store, settings: Settings, *, feelings: bool) -> list[Task]:
    """The tasks of parts (or of feelings about them): those written in the settings, else those that the data suggest."""
    written = [
        (name, {key: value for key, value in options.items() if key != "template"})
        for name, options in settings.tasks.items()
        if options.get("template") == ASPECT.name
    ]
    mine = [(name, options) for name, options in (written or suggest_aspects(store)) if bool(options.get("feelings")) == feelings]
    return [make_aspect(name, options, store) for name, options in mine]


def find_aspects(store: Store) -> str | None:
    """The first column of ASPECT_COLUMNS with MIN_ROWS texts of two parts or more, or None."""
    for column in _candidates(store):
        classes = aspects_of(store, column)
        if len(classes) < 2 or any(kind_code(name) >= 0 for name in classes):
            continue
        counts = _counts(store, column)
        known = sum(counts[name] for name in classes)
        if known >= max(MIN_ROWS, KNOWN_SHARE * sum(counts.values())):
            return column
    return None


def find_feelings(store: Store, labels: str) -> str | None:
    """The first column of FEELING_COLUMNS with MIN_ROWS texts of two feelings of MIN_CLASS, or None."""
    for wanted in FEELING_COLUMNS:
        for column in store.names("feedback"):
            if fold_header(column) == wanted and column != labels:
                counts = np.bincount([code for code in _feeling_codes(store, column).values() if code >= 0], minlength=len(FEELINGS))
                if counts.sum() >= MIN_ROWS and np.sort(counts)[-2] >= MIN_CLASS:
                    return column
    return None


def aspects_of(store: Store, column: str) -> tuple[str, ...]:
    """Names of parts with MIN_CLASS texts, sorted; at most the MAX_CLASSES most frequent."""
    counts = _counts(store, column)
    often = sorted((name for name, count in counts.items() if count >= MIN_CLASS), key=lambda name: (-counts[name], name))
    return tuple(sorted(often[:MAX_CLASSES]))


def _candidates(store: Store) -> list[str]:
    names = store.names("feedback") if store.exists("feedback") else []
    return [column for wanted in ASPECT_COLUMNS for column in names if fold_header(column) == wanted]


def _counts(store: Store, column: str) -> dict[str, int]:
    query = f"SELECT trim({_quoted(column)}::VARCHAR), count(DISTINCT text) FROM feedback WHERE text IS NOT NULL GROUP BY 1"
    return {str(name): int(count) for name, count in store.rows(query) if name and len(str(name)) <= MAX_LETTERS}


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _aspects(labels: str, classes: tuple[str, ...], store: Store, keys: Keys) -> NDArray[np.int64]:
    place = {name: number for number, name in enumerate(classes)}
    rows = store.rows(f"SELECT row_id, trim({_quoted(labels)}::VARCHAR) FROM feedback")
    found = {str(row): place.setdefault(str(value), len(place)) if value else -1 for row, value in rows}
    codes = _agreed(np.array([found[str(row)] for row in keys.ids], dtype=np.int64), keys)
    return np.where(codes < len(classes), codes, -1)  # after the rare ones were compared, too


def _feelings(labels: str, feelings: str, store: Store, keys: Keys) -> NDArray[np.int64]:
    found = _feeling_codes(store, feelings)
    rows = store.rows(f"SELECT row_id FROM feedback WHERE trim({_quoted(labels)}::VARCHAR) <> ''")
    about = {str(row[0]) for row in rows}
    return _agreed(np.array([found[str(row)] if str(row) in about else -1 for row in keys.ids], dtype=np.int64), keys)


def _agreed(codes: NDArray[np.int64], keys: Keys) -> NDArray[np.int64]:
    """Codes (n,) with -1 where copies of a text say different things."""
    known = np.flatnonzero(codes >= 0)
    pairs = np.unique(np.stack([keys.code[known].astype(np.int64), codes[known]]), axis=1)
    texts, values = np.unique(pairs[0], return_counts=True)
    return np.where(np.isin(keys.code, texts[values > 1]), -1, codes)


def _feeling_codes(store: Store, column: str) -> dict[str, int]:
    """Row id -> place in FEELINGS, -1 where nothing is said; all -1 where the column's values are not feelings."""
    rows = store.rows(f"SELECT row_id, trim({_quoted(column)}::VARCHAR), title, text FROM feedback ORDER BY import_id, sequence, row_id")
    values = [None if value is None else str(value).removesuffix(".0") for _, value, _, _ in rows]
    present = {value for value in values if value}
    if "-1" in present and present <= set(_SIGNS):
        return {str(row[0]): _SIGNS.get(value or "", -1) for row, value in zip(rows, values, strict=True)}
    sentiment = of_labels(np.array(values, dtype=object), [whole_text(title, text) for _, _, title, text in rows])
    codes = np.select([sentiment < NEGATIVE_BELOW, sentiment > POSITIVE_ABOVE, np.isfinite(sentiment)], [0, 2, 1], default=-1)
    return {str(row[0]): int(code) for row, code in zip(rows, codes, strict=True)}


def _inputs(classes: tuple[str, ...], store: Store, keys: Keys, signature: Signature | None) -> tuple[NDArray[np.object_], Signature]:
    texts, used = feedback_texts(store, keys, signature)
    return texts, used if signature is not None else used.model_copy(update={"classes": classes})


ASPECT = TaskTemplate(
    name="needs.aspect",
    title=aspects_wording.TASK_TITLE,
    make=make_aspect,
    options=("labels", "feelings", "encoder"),
    suggest_all=suggest_aspects,
)
