"""What not to believe in a report of `needs`, in a sentence each."""

from __future__ import annotations

import numpy as np

from productloop.apps.needs._reading import Texts
from productloop.apps.needs._sentiment import Source
from productloop.apps.needs._study import Study
from productloop.apps.needs._trend import WEEKS_NEEDED, comparable
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run

CAP_ROWS = 1000
"""An import of a whole multiple of this is probably what the exporter allows, not all there is."""
FEW_PEOPLE = 60
MIN_RATED, STARS_APART = 30, 0.5
"""Stores with this many rated texts whose mean stars lie this far apart are named, since one mean hides them."""


def cautions(run: Run, study: Study, num_recent: int) -> tuple[Say, ...]:
    """In order of weight."""
    texts, weeks = study.texts, study.weeks
    found: list[Say] = []
    if weeks is None and len(texts):
        found.append(say("needs.caution.undated"))
    elif weeks is not None and not comparable(weeks):
        found.append(say("needs.caution.few_weeks", weeks=weeks.num_whole, needed=WEEKS_NEEDED))
    if 0 < num_recent < FEW_PEOPLE:
        found.append(say("needs.caution.few_people", people=num_recent))
    found += _capped(run)
    found += _who(run, texts)
    found += _mood(study.sources)
    if study.reading.unread:
        named = [(say(f"needs.language.{code}"), num) for code, num in study.reading.unread.items()][:3]
        parts = [say("needs.caution.unread_part", name=language, texts=num) for language, num in named]
        found.append(say("needs.caution.unread", texts=sum(study.reading.unread.values()), parts=parts))
    rated = study.texts.rating[np.isfinite(study.texts.rating)]
    if len(rated) > len(texts) / 2 and rated.min() == rated.max():
        found.append(say("needs.caution.same_stars"))
    found += _stores(study)
    campaigns = len(np.unique(texts.campaign[texts.campaign >= 0]))
    if campaigns:
        found.append(say("needs.caution.campaigns", campaigns=campaigns, texts=int((texts.campaign >= 0).sum())))
    return tuple(found)


def _stores(study: Study) -> list[Say]:
    """Products, stores or countries whose stars differ much: their mean says little about any of them."""
    texts, found = study.texts, []
    for name in ("product", "channel", "market"):
        values = getattr(texts, name)
        rated = study.recent & np.isfinite(study.stars) & np.array([value is not None for value in values], dtype=bool)
        names, numbers = np.unique(values[rated].astype(str), return_inverse=True)
        counts = np.bincount(numbers, minlength=len(names))
        means = np.bincount(numbers, weights=study.stars[rated], minlength=len(names)) / np.maximum(counts, 1)
        large = np.flatnonzero(counts >= MIN_RATED)
        if len(large) < 2 or means[large].max() - means[large].min() < STARS_APART:
            continue
        low, high = large[np.argmin(means[large])], large[np.argmax(means[large])]
        lowest, highest = round(float(means[low]), 1), round(float(means[high]), 1)
        found.append(say("needs.caution.stores", low=str(names[low]), lowest=lowest, high=str(names[high]), highest=highest))
    return found


def _capped(run: Run) -> list[Say]:
    counts = [int(row["num_rows"]) for row in run.store.state.imports("done") if row["target"] == "feedback"]
    sizes = sorted({CAP_ROWS * round(n / CAP_ROWS) for n in counts if n >= CAP_ROWS and n % CAP_ROWS in (0, 1)})
    return [say("needs.caution.capped", rows=rows) for rows in sizes]


def _who(run: Run, texts: Texts) -> list[Say]:
    if len(texts) == 0:
        return []
    if not texts.counts_people:
        return [say("needs.caution.texts_counted")]
    found: list[Say] = []
    unsigned = int((~texts.signed).sum())
    if unsigned:
        found.append(say("needs.caution.unsigned", texts=unsigned))
    # an import writes names and contacts of authors as p_ and a keyed hash
    hidden = run.store.rows(
        "SELECT count(DISTINCT f.author) FILTER (c.id LIKE 'p!_%' ESCAPE '!'), count(DISTINCT f.author) "
        "FROM feedback f JOIN actor_codes c ON c.code = f.author"
    )[0]
    if hidden[1] and hidden[0] > hidden[1] / 2:
        found.append(say("needs.caution.nicknames"))
    return found


def _mood(sources: dict[Source, int]) -> list[Say]:
    total = sum(sources.values())
    found: list[Say] = []
    if total and sources.get("lexicon", 0) > total / 10:
        found.append(say("needs.caution.lexicon", texts=sources["lexicon"]))
    elif total and sources.get("stars", 0) > total / 2:
        found.append(say("needs.caution.stars"))
    if total and sources.get("none", 0) > total / 10:
        found.append(say("needs.caution.no_mood", texts=sources["none"]))
    return found
