"""What `needs` learns: `needs.sentiment`, whether a text is positive or negative, from the product's own stars or labels; and `needs.type`,
what kind of feedback it is, from a column that says so.

Stars 1-2 are negative, 4-5 positive, 3 is left out; a `label` (or `feedback`) column counts where its values are 0/1 or words for good
and bad. Of copies of a text the earliest is learned from or judged, the others neither. The title of a review is part of its text; a
store's deleted-marker is not, because it tells the star.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import kinds_wording, wording
from productloop.apps.needs._reading import whole_text
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE, of_labels, of_ratings
from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.text_classifier import TEXT_RECIPES, text_recipes
from productloop.learning.text_features import MAX_LETTERS, remember
from productloop.loop.records import InputColumn, Keys, Outcomes, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task, TaskTemplate
from productloop.text.duplicates import level
from productloop.text.encoders import DEFAULT_ENCODER, REGISTRY, encode
from productloop.text.feedback_types import TYPES
from productloop.text.vectors import VectorCache

SUGGESTED_NAME = "sentiment"
MIN_ROWS = 60
"""Labelled texts of both classes together that are needed for a model, and MIN_CLASS of each."""
MIN_CLASS = 15
LABEL_COLUMNS = ("rating", "label", "feedback")
CLASSES = ("negative", "positive")
SUGGESTED_KIND = "type"
KIND_COLUMNS = ("type", "label", "tags")
KNOWN_SHARE = 0.5
"""A column is about kinds of feedback when at least this share of its values is."""
_KIND_CODES = {word: TYPES.index(kind) for kind, words in kinds_wording.KIND_WORDS.items() for word in words}


def make(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """A sentiment task. Options: `labels` = rating, label or feedback, without it the first of these that says enough; `encoder`."""
    refuse_unknown(SENTIMENT, options)
    labels = options.get("labels", find_labels(store) or LABEL_COLUMNS[0])
    if labels not in LABEL_COLUMNS:
        raise UsageError(wording.LABELS_UNKNOWN, labels=str(labels), known=", ".join(LABEL_COLUMNS))

    def codes(store: Store, keys: Keys) -> NDArray[np.int64]:
        sentiment = _by_id(store, keys, labels)
        return np.select([sentiment < NEGATIVE_BELOW, sentiment > POSITIVE_ABOVE], [0, 1], default=-1).astype(np.int64)

    return with_encoder(text_task(name, SENTIMENT, labels, CLASSES, feedback_texts, codes), options)


def suggest(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    """A sentiment task where a column says enough about liking."""
    labels = find_labels(store)
    return None if labels is None else (SUGGESTED_NAME, {"labels": labels})


def find_labels(store: Store) -> str | None:
    """The first of LABEL_COLUMNS with enough texts of both classes, or None."""
    if not store.exists("feedback"):
        return None
    for labels in LABEL_COLUMNS:
        if labels not in store.names("feedback"):
            continue
        found = _labelled(store, labels)
        negative, positive = int((found < NEGATIVE_BELOW).sum()), int((found > POSITIVE_ABOVE).sum())
        if negative + positive >= MIN_ROWS and min(negative, positive) >= MIN_CLASS:
            return labels
    return None


def make_kind(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """A task of kinds of feedback. Options: `labels` = type, label or tags, without it the first of these that says enough; `encoder`."""
    refuse_unknown(KIND, options)
    labels = options.get("labels", find_kinds(store) or KIND_COLUMNS[0])
    if labels not in KIND_COLUMNS or not store.exists("feedback") or labels not in store.names("feedback"):
        raise UsageError(wording.LABELS_UNKNOWN, labels=str(labels), known=", ".join(KIND_COLUMNS))

    def codes(store: Store, keys: Keys) -> NDArray[np.int64]:
        found = _kinds_by_id(store, str(labels))
        return np.array([found[str(row)] for row in keys.ids], dtype=np.int64)

    return with_encoder(text_task(name, KIND, labels, TYPES, kind_texts, codes), options)


def suggest_kind(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    """A task of kinds where a column says them."""
    labels = find_kinds(store)
    return None if labels is None else (SUGGESTED_KIND, {"labels": labels})


def find_kinds(store: Store) -> str | None:
    """The first of KIND_COLUMNS with MIN_ROWS texts of a known kind, two kinds of MIN_CLASS, and few words that are no kind; or None."""
    if not store.exists("feedback"):
        return None
    for labels in KIND_COLUMNS:
        if labels not in store.names("feedback"):
            continue
        rows = store.rows(f'SELECT "{labels}"::VARCHAR FROM feedback WHERE "{labels}" IS NOT NULL')
        codes = np.array([kind_code(row[0]) for row in rows if str(row[0]).strip()], dtype=np.int64)
        counts = np.bincount(codes[codes >= 0], minlength=len(TYPES))
        if counts.sum() >= max(MIN_ROWS, KNOWN_SHARE * len(codes)) and np.sort(counts)[-2] >= MIN_CLASS:
            return labels
    return None


def refuse_unknown(template: TaskTemplate, options: Mapping[str, Any]) -> None:
    """UsageError for an option that the template does not know."""
    unknown = sorted(set(options) - set(template.options))
    if unknown:
        raise UsageError(wording.OPTION_UNKNOWN, option=unknown[0], known=", ".join(template.options))


def text_task(
    name: str,
    template: TaskTemplate,
    labels: str,
    classes: tuple[str, ...],
    inputs: Callable[[Store, Keys, Signature | None], tuple[NDArray[np.object_], Signature]],
    codes: Callable[[Store, Keys], NDArray[np.int64]],
) -> Task:
    """A task on the words of a text, learned from the column `labels`; `codes(store, keys)` are places in `classes` (n,), -1 unlabelled."""

    def outcomes(store: Store, keys: Keys, as_of: int | None) -> Outcomes:
        return Outcomes(first_copies(codes(store, keys), keys), keys.at, np.ones(len(keys)))

    return Task(
        name=name,
        template=template.name,
        kind="classes",
        title=template.title,
        keys=feedback_keys,
        inputs=inputs,
        outcomes=outcomes,
        recipes=TEXT_RECIPES,
        metric="log_loss",
        reads=("feedback",),
        classes=classes,
        min_rows=MIN_ROWS,
        row_input=row_text,
        options={"labels": labels},
    )


def with_encoder(task: Task, options: Mapping[str, Any]) -> Task:
    """A text task that learns from a second encoder, too, where `encoder` names one of the registry (its extra may have to be installed).

    Raises UsageError for another name: nothing is downloaded and no text leaves the machine for a model of this kind.
    """
    name = str(options.get("encoder") or "")
    if not name:
        return task
    spec = next((spec for spec in REGISTRY if name in (spec.id, spec.ref)), None)
    if spec is None:
        raise UsageError(wording.ENCODER_UNKNOWN, encoder=name, known=", ".join(spec.ref for spec in REGISTRY))
    if spec == DEFAULT_ENCODER:
        return task

    def inputs(store: Store, keys: Keys, signature: Signature | None) -> tuple[NDArray[np.object_], Signature]:
        texts, found = task.inputs(store, keys, signature)
        cut = list(dict.fromkeys(text[:MAX_LETTERS] for text in texts))
        remember(cut, encode(cut, spec, VectorCache(store.cache / "vectors")), spec.id)  # slow ones: once a workspace, not once a process
        return texts, found

    return replace(task, inputs=inputs, recipes=text_recipes(spec.id), options={**(task.options or {}), "encoder": spec.ref})


def kind_code(label: object) -> int:
    """Place in TYPES of what a label says, -1 where it is none; of several tags the first that is one."""
    for part in re.split(r"[,;|/、，；]", str(label or "")):
        code = _KIND_CODES.get(re.sub(r"[\s_-]+", " ", part).strip().lower())
        if code is not None:
            return code
    return -1


def first_copies(value: NDArray[np.int64], keys: Keys) -> NDArray[np.int64]:
    """Outcomes (n,) with -1 for all but the earliest labelled copy of a text, so that no copy is judged by a model that learned the text."""
    labelled = np.flatnonzero(value >= 0)
    ordered = labelled[np.argsort(keys.at[labelled], kind="stable")]
    kept = ordered[np.unique(keys.code[ordered], return_index=True)[1]]
    found = np.full(len(value), -1, dtype=np.int64)
    found[kept] = value[kept]
    return found


def feedback_keys(store: Store, as_of: int | None) -> Keys:
    """All texts with words, in the order they came. `code` numbers the words, not the row: copies of a text are one subject and never face themselves."""
    rows = store.rows("SELECT row_id, coalesce(time, 0), title, text FROM feedback ORDER BY import_id, sequence, row_id")
    written = [(str(row_id), int(time), whole_text(title, text)) for row_id, time, title, text in rows]
    kept = [(row_id, time, text) for row_id, time, text in written if text and (as_of is None or time <= as_of)]
    code = np.array([text_code(text) for _, _, text in kept], dtype=np.int32)
    ids = np.array([row_id for row_id, _, _ in kept], dtype=object)
    return Keys(code, np.array([time for _, time, _ in kept], dtype=np.int64), ids)


def text_code(text: str) -> int:
    """31 bits of a hash of the levelled text: the same from turn to turn; texts that collide merely share a side of the split."""
    return int.from_bytes(blake2b(level(text).encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") >> 1


def feedback_texts(store: Store, keys: Keys, signature: Signature | None) -> tuple[NDArray[np.object_], Signature]:
    """(n,) cleaned texts with their titles, as the recipes take them."""
    rows = store.rows("SELECT row_id, title, text FROM feedback WHERE row_id IN (SELECT unnest(?))", [[str(row) for row in keys.ids]])
    texts = {str(row_id): whole_text(title, text) for row_id, title, text in rows}
    return _as_array([texts[str(row)] for row in keys.ids]), signature or SIGNATURE


def kind_texts(store: Store, keys: Keys, signature: Signature | None) -> tuple[NDArray[np.object_], Signature]:
    """As `feedback_texts`, with the classes of kinds."""
    return feedback_texts(store, keys, signature or KIND_SIGNATURE)


def row_text(store: Store, row: Mapping[str, Any], signature: Signature) -> NDArray[np.object_]:
    """{"text": ..., "title": ... (optional)} as the model takes it."""
    if not isinstance(row.get("text"), str):
        raise DataProblem(wording.TEXT_MISSING, given=", ".join(sorted(str(name) for name in row)) or "-")
    return _as_array([whole_text(str(row.get("title") or ""), row["text"])])


SIGNATURE = Signature(columns=(InputColumn(name="text", kind="text", required=True),), classes=CLASSES)
KIND_SIGNATURE = Signature(columns=SIGNATURE.columns, classes=TYPES)


def _as_array(texts: list[str]) -> NDArray[np.object_]:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def _labelled(store: Store, labels: str) -> NDArray[np.float64]:
    """Sentiment of every row by one column, by row id."""
    if labels == "rating":
        return of_ratings(store.columns("SELECT rating FROM feedback ORDER BY import_id, sequence, row_id")["rating"].astype(np.float64))
    rows = store.rows(f'SELECT "{labels}"::VARCHAR, title, text FROM feedback ORDER BY import_id, sequence, row_id')
    return of_labels(_as_array([row[0] for row in rows]), [whole_text(row[1], row[2]) for row in rows])


def _kinds_by_id(store: Store, labels: str) -> dict[str, int]:
    return {str(row_id): kind_code(label) for row_id, label in store.rows(f'SELECT row_id, "{labels}"::VARCHAR FROM feedback')}


def _by_id(store: Store, keys: Keys, labels: str) -> NDArray[np.float64]:
    ids = store.rows("SELECT row_id FROM feedback ORDER BY import_id, sequence, row_id")
    found = dict(zip((str(row[0]) for row in ids), _labelled(store, labels), strict=True))
    return np.array([found[str(row)] for row in keys.ids], dtype=np.float64)


SENTIMENT = TaskTemplate(name="needs.sentiment", title=wording.SENTIMENT_TITLE, make=make, options=("labels", "encoder"), suggest=suggest)
KIND = TaskTemplate(name="needs.type", title=kinds_wording.TASK_TITLE, make=make_kind, options=("labels", "encoder"), suggest=suggest_kind)
TEMPLATES = (SENTIMENT, KIND)
