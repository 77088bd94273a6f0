"""What is said of a text is asked once a workspace, comes back to the last bit, and depends on who says it."""

from pathlib import Path

import numpy as np

from productloop.loop.judged import once_a_text
from productloop.loop.store import Store


def test_what_was_said_of_a_text_is_asked_once(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    asked: list[str] = []

    def judge(new: list[str]) -> np.ndarray:
        asked.extend(new)
        return np.array([[len(text) / 3, 1.0] for text in new])

    assert once_a_text(store, "lengths", ["bb", "a", "bb"], judge).tolist() == [[2 / 3, 1.0], [1 / 3, 1.0], [2 / 3, 1.0]]
    assert once_a_text(store, "lengths", ["ccc", "a"], judge).tolist() == [[1.0, 1.0], [1 / 3, 1.0]]
    assert asked == ["a", "bb", "ccc"]
    assert once_a_text(store, "other", ["a"], lambda new: np.zeros((len(new), 1))).tolist() == [[0.0]]
