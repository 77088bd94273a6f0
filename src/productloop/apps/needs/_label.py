"""`label`: a person answers a question about some texts; a head learns from the answers and says what it can do alone.

Each text belongs, by a hash of its row id and the question, to one of two halves. One half is asked in the order of the hash, which is a lot
drawn once and for all: those labels are the checks. Of the other half the most informative are asked. So it is known of every
label, now and after any import, whether it was drawn by lot, and what is said about quality never rests on texts picked for being hard.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import label_wording as wording
from productloop.apps.needs._label_head import MIN_CHECKS, Labels, Learned, Space, learn
from productloop.apps.needs._label_live import live_head, missing_to_train
from productloop.apps.needs._label_question import BUILT_IN, SKIPPED, Question, answer_of, lot, parts_of, question_of
from productloop.apps.needs._reading import Texts, read_texts
from productloop.apps.needs._study import embed
from productloop.apps.needs.label_types import AnswerLine, AskedText, LabelReport, LabelRequest, Quality
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.learning.few_shot import choose
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.loop.store import Store

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

GOAL = 30
MIN_LABELS = 8
"""Labels from which on a head is trained."""
CONFORMAL_CHECKS = 9
"""With fewer checks no threshold can promise a tenth: floor(.1 * (9 + 1)) is the first 1."""
CHECK_SHARE = 0.7
"""Of a batch so many are drawn by lot: 21 checks in thirty labels, for 19 is where a tenth is first two of them and the promise stops being stingy."""
MAX_CANDIDATES = 4_000
"""Texts among which the most informative are chosen, by lot."""
SHORT_ID = 6

_MASK = re.compile(r"\[[a-z]+\]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Pool:
    """The n different texts that can be labelled; copies of one text are one."""

    ids: list[str]
    words: list[str]
    copies: Ints
    """(n,) rows that say the same."""
    weight: Floats
    """(n,) its part of all voices."""
    voice: Ints
    order: NDArray[np.uint64]
    """(n,) place in the lot."""
    of_row: dict[str, int]
    """Row id of any copy -> its text."""

    @property
    def check(self) -> Flags:
        """(n,) whether a text is asked by lot."""
        return np.asarray(self.order % 2 == 0, dtype=np.bool_)


def label_texts(run: Run, request: LabelRequest) -> LabelReport:
    """The report; answers given are stored in the last step. UsageError where a question, answer or row cannot be read: nothing is stored."""
    run.progress("read", 0, 4)
    texts = read_texts(run.store).texts
    question = question_of(request.question, request.answers, run.store.state.label_questions())
    given = _read_marks(request.mark, question, sorted(str(row) for row in texts.row_id))
    if given:
        run.at_end(lambda: _store(run, question, given))
    stored = run.store.state.labels(question.key)
    stored = {row: value for row, value in stored.items() if row not in given} | given
    pool = _pool(texts, question)
    answered = {pool.of_row[row]: value for row, value in stored.items() if row in pool.of_row}
    space = _space(run, pool, question)
    labels = _labels(pool, question, answered)
    run.progress("learn", 2, 4)
    enough = len(labels.rows) >= MIN_LABELS and len(np.unique(labels.codes)) > 1
    learned = learn(space, labels, run.seed) if enough else None
    run.progress("choose", 3, 4)
    taken = np.zeros(len(pool.ids), dtype=bool)
    taken[list(answered)] = True
    asked = _next(pool, space, taken, space.prior if learned is None else learned.chances, request.num_texts, run.seed)
    return _report(run, _State(texts, question, pool, answered, labels, learned, asked, len(given)))


# the question and the answers ------------------------------------------------------------------------------------------------


def _read_marks(marks: tuple[str, ...], question: Question, rows: list[str]) -> dict[str, str]:
    """Row id -> answer. All or nothing: UsageError for the first part that cannot be read. A part without an answer is not yet one."""
    found: dict[str, str] = {}
    for part in (part for text in marks for part in parts_of(text)):
        if not part:
            continue
        row, equals, value = part.replace("＝", "=").rpartition("=")
        if not equals or not row.strip():
            raise UsageError(wording.MARK_SHAPE, given=excerpt(part))
        if value.strip():
            found[_find_row(row.strip(), rows)] = answer_of(value, question.answers, question.kind)
    return found


def _find_row(wanted: str, rows: list[str]) -> str:
    """The row with this id or the only one that begins so; `rows` ascending."""
    place = bisect_left(rows, wanted)
    near = [row for row in rows[place : place + 2] if row.startswith(wanted)]
    if not near:
        raise UsageError(wording.NO_SUCH_TEXT, row=excerpt(wanted))
    if len(near) > 1 and near[0] != wanted:
        raise UsageError(wording.SEVERAL_TEXTS, row=excerpt(wanted))
    return near[0]


def _store(run: Run, question: Question, given: dict[str, str]) -> None:
    store = Store(run.store.root)  # the store of the run is narrowed and closed by now
    try:
        store.state.add_labels(question.key, list(given.items()), run.now)
    finally:
        store.close()


# the texts --------------------------------------------------------------------------------------------------------------------


def _pool(texts: Texts, question: Question) -> Pool:
    """The different texts with words of their own, in the order they came."""
    usable = np.array([bool(_WORD.search(_MASK.sub("", text))) for text in texts.text], dtype=bool)
    rows = np.flatnonzero(usable)
    groups, first, place = np.unique(texts.copy_group[rows], return_index=True, return_inverse=True)
    often = np.bincount(texts.voice[rows], minlength=1)
    weight = np.bincount(place, weights=1.0 / often[texts.voice[rows]], minlength=len(groups)) if len(rows) else np.zeros(0)
    chosen = rows[first]
    ids = [str(texts.row_id[row]) for row in chosen]
    return Pool(
        ids=ids,
        words=[texts.text[row] for row in chosen],
        copies=np.bincount(place, minlength=len(groups)).astype(np.int64),
        weight=weight / max(float(weight.sum()), 1e-12),
        voice=texts.voice[chosen],
        order=np.array([lot(question.key, row) for row in ids], dtype=np.uint64),
        of_row={str(texts.row_id[row]): int(text) for row, text in zip(rows.tolist(), place.tolist(), strict=True)},
    )


def _space(run: Run, pool: Pool, question: Question) -> Space:
    vectors = embed(pool.words, run.store, run.progress)
    prior = question.guess.chances(pool.words, vectors)
    return Space(vectors.astype(np.float64), prior, pool.weight)


def _labels(pool: Pool, question: Question, answered: dict[int, str]) -> Labels:
    """The labels with one of the answers, in the order of the texts."""
    kept = sorted((text, question.answers.index(value)) for text, value in answered.items() if value in question.answers)
    rows = np.array([text for text, _ in kept], dtype=np.intp)
    return Labels(rows, np.array([code for _, code in kept], dtype=np.intp), pool.check[rows])


def _next(pool: Pool, space: Space, taken: Flags, chances: Floats, num_texts: int, seed: int) -> list[int]:
    """Texts to ask next: some by lot, the rest the most informative; at most one a voice as long as there are voices."""
    by_lot = np.argsort(pool.order, kind="stable")
    candidates = by_lot[~pool.check[by_lot]][:MAX_CANDIDATES]
    known = np.concatenate([np.flatnonzero(taken & pool.check), candidates])
    best = known[choose(space.vectors[known], chances[known], (taken | pool.check)[known], 3 * num_texts, seed)]
    lot = by_lot[pool.check[by_lot] & ~taken[by_lot]]
    wanted = round(CHECK_SHARE * num_texts)
    asked: list[int] = []
    voices: set[int] = set()

    def take(texts: NDArray[np.intp], limit: int, *, anyone: bool) -> None:
        for text in texts.tolist():
            if len(asked) < limit and text not in asked and (anyone or int(pool.voice[text]) not in voices):
                asked.append(text)
                voices.add(int(pool.voice[text]))

    for anyone in (False, True):
        take(lot, wanted, anyone=anyone)
        take(best, num_texts, anyone=anyone)
        take(lot, num_texts, anyone=anyone)
    return sorted(asked, key=lambda text: int(pool.order[text]))


# the report -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """Everything a report is made of."""

    texts: Texts
    question: Question
    pool: Pool
    answered: dict[int, str]
    labels: Labels
    learned: Learned | None
    asked: list[int]
    num_done: int


def _report(run: Run, state: _State) -> LabelReport:
    question, num_labels = state.question, len(state.labels.rows)
    num_checks = int(state.labels.check.sum())
    one_answer = num_labels >= MIN_LABELS and state.learned is None
    asked = tuple(AskedText(number=number, row=row) for number, row in _short_ids(state.pool, state.asked, state.texts))
    return LabelReport(
        **run.frame("needs.label", ("feedback",)),
        question=question.key,
        name=question.name,
        answers=_answers(run, state),
        done=_count(run, "done", state.num_done),
        skipped=_count(run, "skipped", sum(value == SKIPPED for value in state.answered.values())),
        labelled=_count(run, "labelled", num_labels),
        goal=_count(run, "goal", GOAL),
        missing=_count(run, "missing", max(0, MIN_LABELS - num_labels)),
        one_answer=one_answer,
        texts=_count(run, "texts", len(state.pool.ids)),
        counts_people=state.texts.counts_people,
        quality=_quality(run, state, state.learned) if state.learned is not None and num_checks >= MIN_CHECKS else None,
        live=live_head(run, question, num_labels),
        to_train=missing_to_train(run, num_labels),
        checks_missing=_count(run, "checks_missing", max(0, CONFORMAL_CHECKS - num_checks)),
        asked=asked,
        num_asked=_count(run, "asked", len(asked)),
        command=_command(question, asked),
    )


def _count(run: Run, name: str, value: int, n: int | None = None) -> Figure:
    return run.figure(f"label.{name}", value, "texts", f"needs.d.label_{name}", n=n)


def _answers(run: Run, state: _State) -> tuple[AnswerLine, ...]:
    alone = _decided(state)
    lines = []
    for code, answer in enumerate(state.question.answers):
        decided = 0 if state.learned is None else int(state.pool.copies[alone & (state.learned.chances.argmax(axis=1) == code)].sum())
        share = state.learned.shares[code] if state.learned is not None and state.learned.shares else None
        definition, num_checks = "needs.d.label_share", int(state.labels.check.sum())
        limits = None if share is None else (share.low, share.high)
        value = None if share is None else share.value
        lines.append(
            AnswerLine(
                answer=answer,
                name=state.question.answer_name(answer),
                labelled=run.figure(f"label.answer_{code}", int((state.labels.codes == code).sum()), "texts", "needs.d.label_answer"),
                decided=run.figure(f"label.decided_{code}", decided, "texts", "needs.d.label_decided"),
                share=run.figure(f"label.share_{code}", value, "share", definition, n=num_checks, interval=limits),
            )
        )
    return tuple(lines)


def _decided(state: _State) -> Flags:
    """(n,) texts without a label that the head decides alone."""
    if state.learned is None:
        return np.zeros(len(state.pool.ids), dtype=bool)
    alone = state.learned.conformal.alone(state.learned.chances)
    alone[list(state.answered)] = False
    return alone


def _quality(run: Run, state: _State, learned: Learned) -> Quality:
    num_checks, copies = len(learned.right), state.pool.copies
    open_texts = int(copies.sum() - copies[list(state.answered)].sum())
    alone = int(copies[_decided(state)].sum())
    cold = None if _even(state) else learned.cold
    checked, wrong = round(learned.conformal.share * num_checks), round(learned.conformal.wrong * num_checks)
    gain = learned.gain
    return Quality(
        checks=_count(run, "checks", num_checks),
        right=_of_ten(run, "right", learned.right),
        cold=_of_ten(run, "cold", cold),
        common=_of_ten(run, "common", learned.common),
        open=_count(run, "open", open_texts),
        alone=_count(run, "alone", alone, open_texts),
        left=_count(run, "left", open_texts - alone, open_texts),
        alone_checks=_count(run, "alone_checks", checked, num_checks),
        alone_wrong=_count(run, "alone_wrong", wrong, checked),
        gain=run.figure(
            "label.gain",
            None if gain is None else 10 * gain.value,
            "number",
            "needs.d.label_gain",
            n=num_checks,
            interval=None if gain is None else (10 * gain.low, 10 * gain.high),
        ),
    )


def _even(state: _State) -> bool:
    """Whether there is no first guess to compare with."""
    return state.question.kind == "own" and any(answer.lower() in wording.PLAIN_WORDS for answer in state.question.answers)


def _of_ten(run: Run, name: str, right: Flags | None) -> Figure:
    """Texts of 10 that are right."""
    if right is None:
        return run.figure(f"label.{name}", None, "number", f"needs.d.label_{name}")
    share = share_interval(int(right.sum()), len(right))
    value, low, high = (round(10 * part, 1) for part in (share.value, share.low, share.high))
    return run.figure(f"label.{name}", value, "number", f"needs.d.label_{name}", n=len(right), interval=(low, high))


def _short_ids(pool: Pool, asked: list[int], texts: Texts) -> list[tuple[str, str]]:
    """(shortest beginning of at least SHORT_ID characters that no other row has, row id)."""
    rows = sorted(str(row) for row in texts.row_id)
    found = []
    for row in (pool.ids[text] for text in asked):
        place = bisect_left(rows, row)
        beside = [rows[near] for near in (place - 1, place + 1) if 0 <= near < len(rows)]
        shared = max((_num_shared(row, other) for other in beside), default=0)
        found.append((row[: max(SHORT_ID, shared + 1)], row))
    return found


def _num_shared(first: str, second: str) -> int:
    return next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))


def _command(question: Question, asked: tuple[AskedText, ...]) -> str:
    """What to type next, with the ids filled in. A terminal may break the line inside the quotes only: there a line break parts answers."""
    known = BUILT_IN.get(question.kind)
    name = question.key if question.kind != "own" else f'"{question.key}"'
    answers = "" if question.answers == known else f' --answers "{",".join(question.answers)}"'
    return f'productloop needs label --question {name}{answers} --mark="{", ".join(f"{one.number}=" for one in asked)}"'
