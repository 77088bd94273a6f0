"""What is said of a text, kept in the workspace's cache: a text is judged once by a release or by the marks of its words, not once a question.

Judging is most of the cost of a question about texts. What is kept is known by the text, by who judged it and by the package's own code, so
that an update judges anew; the folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.loop.serve import Live
from productloop.loop.source_code import own_fingerprint
from productloop.loop.store import Store
from productloop.text.vectors import VectorCache


def predict_texts(live: Live, store: Store, texts: Sequence[str]) -> NDArray[np.float64]:
    """(n, classes) probabilities of texts (n,), n >= 1, by a live release of texts; each text is judged once and kept in the workspace's cache."""
    files = hashlib.sha256(json.dumps(live.release.hashes, sort_keys=True).encode()).hexdigest()[:12]
    return once_a_text(store, f"{live.release.id} {files}", texts, lambda new: live.model.predict(np.array(new, dtype=object)))


def once_a_text(store: Store, name: str, texts: Sequence[str], judge: Callable[[list[str]], NDArray[np.float64]]) -> NDArray[np.float64]:
    """(n, k) what `judge` (m texts -> (m, k)) says of texts (n,), n >= 1: asked for new texts only, what it said before is in the workspace's cache.

    What it says of a text must depend on nothing but the text, `name` and the package's own code.
    """
    name = f"{name} {own_fingerprint()[:12]}"
    cache = VectorCache(store.cache / "judged", np.float64)
    distinct = sorted(set(texts))
    kept, found = cache.get(distinct, name)
    new = [text for text, known in zip(distinct, found.tolist(), strict=True) if not known]
    if new:
        fresh = judge(new)
        cache.put(new, fresh, name)
        kept = kept if kept.shape[1] else np.zeros((len(distinct), fresh.shape[1]))
        kept[~found] = fresh
    places = {text: place for place, text in enumerate(distinct)}
    return np.asarray(kept[[places[text] for text in texts]], dtype=np.float64)
