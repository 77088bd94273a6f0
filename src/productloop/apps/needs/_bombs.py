"""Review bombs: days on which far more low ratings arrive than usual. They are shown, never left out.

What they do to the counts is bounded by voices: a person counts once, and a campaign of copies once (`_reading`), so a bomb moves a topic
only by the people who wrote in words of their own.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from productloop.apps.needs._calendar import local_days
from productloop.apps.needs._study import Study
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run
from productloop.text.duplicates import find_bombs

MAX_BOMBS = 3
DAY_US = 86_400_000_000


def bomb_cautions(run: Run, study: Study) -> tuple[Say, ...]:
    """A sentence for each of the newest bombs; days are those of the product's own calendar."""
    texts = study.texts
    if study.weeks is None or not np.isfinite(study.stars).any():
        return ()
    day_us = np.zeros(len(texts), dtype=np.int64)
    dated = np.flatnonzero(texts.time > 0)
    day_us[dated] = local_days(texts.time[dated], run.time_zone) * DAY_US
    said = []
    for bomb in reversed(find_bombs(day_us, study.stars, texts.author, texts.copy_group)[-MAX_BOMBS:]):
        first, last = (date(1970, 1, 1) + timedelta(days=day) for day in (bomb.start // DAY_US, bomb.end // DAY_US - 1))
        new = say("needs.caution.bomb.all") if not bomb.num_new_authors else say("needs.caution.bomb.new", new=bomb.num_new_authors)
        usual = round(bomb.num_expected)
        if first == last:
            said.append(say("needs.caution.bomb.day", day=first, low=bomb.num_texts, usual=usual, new=new))
        else:
            said.append(say("needs.caution.bomb.days", first=first, last=last, low=bomb.num_texts, usual=usual, new=new))
    return tuple(said)
