"""What the product's own models of feeling and of kinds of feedback say, where they are live and better than guessing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs.tasks import KIND, SENTIMENT, SUGGESTED_KIND, SUGGESTED_NAME
from productloop.loop.action import Run
from productloop.loop.judged import predict_texts
from productloop.loop.serve import open_live
from productloop.loop.task import TaskTemplate


def judge(run: Run, texts: list[str]) -> tuple[NDArray[np.float64] | None, str | None]:
    """(chance (n,) that each text is positive, name of the release), or (None, None) where no release beats the baseline."""
    found, release = _judge(run, texts, SENTIMENT, SUGGESTED_NAME)
    return (None if found is None else found[:, 1]), release


def judge_kinds(run: Run, texts: list[str]) -> NDArray[np.float64] | None:
    """Chances (n, 7) of the kinds of feedback, or None where no release beats the baseline."""
    return _judge(run, texts, KIND, SUGGESTED_KIND)[0]


def has_kinds(run: Run) -> bool:
    """Whether kinds of feedback are judged by the product's own release."""
    return judge_kinds(run, [""]) is not None


def _judge(run: Run, texts: list[str], template: TaskTemplate, suggested: str) -> tuple[NDArray[np.float64] | None, str | None]:
    written = [name for name, options in run.settings.tasks.items() if options.get("template") == template.name]
    for name in written or [suggested]:
        if run.store.state.live(name) is None or len(texts) == 0:
            continue
        options = {key: value for key, value in run.settings.tasks.get(name, {}).items() if key != "template"}
        live = open_live(run.store, template.make(name, options, run.store))
        if live.release.card.beats_baseline:
            return predict_texts(live, run.store, texts), live.release.id
    return None, None
