"""`needs.label`: a question that people answered about some texts (`needs label`), as a task of the loop: one task for each question.

Outcomes are the answers; what nobody answered, or skipped, is unknown and never "no". Judged are only answers to texts that were asked by lot,
in folds over all of them: thirty labels are too few to hold the newest quarter back, so the task has no moments and its Card says so. The texts
without an answer help to learn (learning/few_shot.py); the copies of a text count once, by the newest answer, and none is in that pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import label_wording as wording
from productloop.apps.needs._label_question import SKIPPED, Question, is_check, lot, question_of
from productloop.apps.needs._reading import whole_text
from productloop.apps.needs.tasks import feedback_keys, feedback_texts, refuse_unknown, row_text, text_code
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Text
from productloop.learning.constant import constant_of
from productloop.learning.few_shot_model import few_shot_recipe
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.release import content_key
from productloop.loop.store import Store
from productloop.loop.task import Task, TaskTemplate

MIN_ROWS = 24
"""Answers, skipped ones not counted: thirty texts of which a fifth cannot be told."""
MIN_NEW = 10
"""Newer answers that the gate needs: one batch."""
ERROR = 0.10
"""Promised share of texts decided alone and wrongly, as in `needs label`."""
MAX_POOL = 200
"""Unlabelled texts that a head learns from; more make it slower and no better."""


def make_label(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """The task of one question. Options: `question` as in `needs label`; `answers`, with commas or as a list, else all that were given.

    UsageError where there is no question or fewer than two answers are known.
    """
    refuse_unknown(LABEL, options)
    if not str(options.get("question", "")).strip():
        raise UsageError(wording.QUESTION_MISSING, task=name)
    given = options.get("answers", ())
    named = (given,) if isinstance(given, str) else tuple(str(answer) for answer in given)
    question = question_of(str(options["question"]), named, store.state.label_questions())
    return Task(
        name=name,
        template=LABEL.name,
        kind="classes",
        title=_title(question),
        keys=_keys,
        inputs=partial(_inputs, question),
        outcomes=partial(_outcomes, question),
        recipes=(constant_of(len(question.answers)), few_shot_recipe(question.guess, partial(_pool, store, question))),
        metric="log_loss",
        reads=("feedback",),
        classes=question.answers,
        min_rows=MIN_ROWS,
        row_input=row_text,
        # the answers stand in no table with a version: their digest tells a turn that they changed
        options={
            "question": question.key,
            "answers": question.answers,
            "given": content_key(list(store.state.labels(question.key).items())),
        },
        answered=True,
        min_new=MIN_NEW,
        judges=partial(_judges, store, question),
        alone_error=ERROR,
    )


def suggest_labels(store: Store) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """A task for each question that has answers of two kinds, or a built-in one that has any."""
    found = []
    answered = store.state.label_questions() if store.exists("feedback") else {}
    for key, values in answered.items():
        kept = set(values) - {SKIPPED}
        if len(kept) >= 2 or (kept and key in wording.QUESTION_WORDS):
            found.append((question_of(key, (), answered).task, {"question": key}))
    return found


def _title(question: Question) -> Text:
    if question.kind != "own":
        name = wording.TEXTS[f"needs.label.question.{question.kind}"]
        return Text(wording.TASK_TITLE.render("zh", question=name), wording.TASK_TITLE.render("en", question=name))
    shown = question.key.replace("{", "(").replace("}", ")")  # the title is a sentence, where braces are slots
    return Text(wording.TASK_TITLE.render("zh", question=shown), wording.TASK_TITLE.render("en", question=shown))


def _keys(store: Store, as_of: int | None) -> Keys:
    """All texts, without moments."""
    keys = feedback_keys(store, as_of)
    return Keys(keys.code, np.zeros(len(keys), dtype=np.int64), keys.ids)


def _inputs(question: Question, store: Store, keys: Keys, signature: Signature | None) -> tuple[NDArray[np.object_], Signature]:
    texts, used = feedback_texts(store, keys, signature)
    return texts, used if signature is not None else used.model_copy(update={"classes": question.answers})


def _outcomes(question: Question, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """The newest answer about a text or a copy of it, on the row that was asked; -1 for everything else."""
    place = {str(row): number for number, row in enumerate(keys.ids)}
    newest = {int(keys.code[place[row]]): (place[row], value) for row, value in store.state.labels(question.key).items() if row in place}
    value = np.full(len(keys), -1, dtype=np.int64)
    for row, answer in newest.values():
        if answer in question.answers:
            value[row] = question.answers.index(answer)
    return Outcomes(value, keys.at, np.ones(len(keys)))


def _judges(store: Store, question: Question, keys: Keys) -> NDArray[np.bool_]:
    return np.array([is_check(question.key, str(row)) for row in keys.ids], dtype=np.bool_)


def _pool(store: Store, question: Question) -> list[str]:
    """Texts that nobody answered, nor any copy of them, the first of the lot."""
    rows = store.rows("SELECT row_id, title, text FROM feedback")
    texts = {str(row_id): whole_text(title, text) for row_id, title, text in rows}
    taken = {text_code(texts[row]) for row in store.state.labels(question.key) if row in texts}
    found: dict[int, str] = {}
    for row in sorted(texts, key=lambda row: lot(question.key, row)):
        code = text_code(texts[row])
        if texts[row] and code not in taken:
            found.setdefault(code, texts[row])
        if len(found) == MAX_POOL:
            break
    return list(found.values())


LABEL = TaskTemplate(
    name="needs.label", title=wording.LABEL_TITLE, make=make_label, options=("question", "answers"), suggest_all=suggest_labels
)
