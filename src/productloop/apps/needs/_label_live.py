"""The release of `needs.label` that is live for a question: what it learned, how well it does, what was answered since."""

from __future__ import annotations

from productloop.apps.needs._label_question import Question
from productloop.apps.needs.label_tasks import LABEL, MIN_ROWS, make_label
from productloop.apps.needs.label_types import LiveHead
from productloop.foundation.figures import Figure
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.loop.release import card_of


def live_head(run: Run, question: Question, num_labels: int) -> LiveHead | None:
    """The live release, or None where none was trained; `num_labels` answers are there now."""
    release = run.store.state.live(_task_name(run, question))
    card = card_of(run.store, release) if release is not None else None
    if card is None:
        return None
    accuracy, alone = card.figures["accuracy"], card.figures["alone"]
    return LiveHead(
        release=card.release,
        better=card.beats_baseline,
        learned=_texts(run, "learned", card.num_labelled),
        fresh=_texts(run, "fresh", max(0, num_labels - card.num_labelled)),
        right=_of_ten(run, "live_right", accuracy),
        alone=_of_ten(run, "live_alone", alone),
    )


def missing_to_train(run: Run, num_labels: int) -> Figure:
    """Answers that are missing before a turn trains."""
    return _texts(run, "to_train", max(0, MIN_ROWS - num_labels))


def _task_name(run: Run, question: Question) -> str:
    """The task that learns the question: one written in the settings, else the one the answers suggest."""
    for name, options in run.settings.tasks.items():
        if options.get("template") == LABEL.name:
            given = {key: value for key, value in options.items() if key != "template"}
            if dict(make_label(name, given, run.store).options or {})["question"] == question.key:
                return name
    return question.task


def _texts(run: Run, name: str, value: int) -> Figure:
    return run.figure(f"label.{name}", value, "texts", f"needs.d.label_{name}")


def _of_ten(run: Run, name: str, share: Figure) -> Figure:
    if share.value is None or not share.n:
        return run.figure(f"label.{name}", None, "number", f"needs.d.label_{name}")
    found = share_interval(round(share.value * share.n), share.n)
    low, high = round(10 * found.low, 1), round(10 * found.high, 1)
    return run.figure(f"label.{name}", round(10 * share.value, 1), "number", f"needs.d.label_{name}", n=share.n, interval=(low, high))
