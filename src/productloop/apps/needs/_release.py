"""What the product's own sentiment model says, where one is live and better than guessing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs.tasks import SENTIMENT, SUGGESTED_NAME
from productloop.loop.action import Run
from productloop.loop.serve import open_live


def judge(run: Run, texts: list[str]) -> tuple[NDArray[np.float64] | None, str | None]:
    """(chance (n,) that each text is positive, name of the release), or (None, None) where no release beats the baseline."""
    written = [name for name, options in run.settings.tasks.items() if options.get("template") == SENTIMENT.name]
    for name in written or [SUGGESTED_NAME]:
        if run.store.state.live(name) is None or len(texts) == 0:
            continue
        options = {key: value for key, value in run.settings.tasks.get(name, {}).items() if key != "template"}
        live = open_live(run.store, SENTIMENT.make(name, options, run.store))
        if live.release.card.beats_baseline:
            return live.model.predict(np.array(texts, dtype=object))[:, 1], live.release.id
    return None, None
