"""The head of `few_shot` as a recipe: it reads texts, makes their vectors and first guesses, learns from a few labels, and is kept as plain files.

The first guess is the cold start where the classes are feelings or kinds of feedback. For other classes it is the likeness of a text to their
names by the sentence encoder (Chang and others 2008, "Importance of semantic representation: dataless classification", AAAI), and
even where the names say nothing ("yes", "no"). Unlabelled texts (`pool`) are read at training only and leave nothing in the files
but numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.few_shot import FewShotHead, fit_few_shot
from productloop.learning.model import Recipe
from productloop.learning.text_features import vectors_of
from productloop.learning.wording import FEW_SHOT_TITLE
from productloop.text.cold_start import LABELS, chances
from productloop.text.encoders import DEFAULT_ENCODER

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]
Kind = Literal["sentiment", "type", "names", "even"]
Pool = Callable[[], Sequence[str]]

LIKENESS = 12.0
"""Cosines of sentence vectors differ by tenths: times this, a clear likeness to an answer's words is a clear first guess."""
JSON_FILE, ARRAY_FILE = "few_shot.json", "few_shot.npz"


@dataclass(frozen=True, slots=True)
class FirstGuess:
    """What is thought of a text before anything is labelled. `classes` are names of `kind`'s labels, in any choice and order."""

    kind: Kind
    classes: tuple[str, ...]

    def chances(self, texts: Sequence[str], vectors: NDArray[Any], middle: Floats | None = None) -> Floats:
        """(n, classes); vectors (n, d) of the default encoder. `middle` (classes,) is the mean likeness to each name, else that of these texts."""
        if self.kind == "even" or len(texts) == 0:
            return np.full((len(texts), len(self.classes)), 1.0 / len(self.classes))
        if self.kind == "names":
            near = self.likeness(vectors)
            raised = np.exp(near - (near.mean(axis=0) if middle is None else middle))
        else:
            its = [LABELS[self.kind].index(name) for name in self.classes]
            raised = chances(self.kind, texts, np.asarray(vectors, dtype=np.float32))[:, its]
        return np.asarray(raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-12), dtype=np.float64)

    def likeness(self, vectors: NDArray[Any]) -> Floats:
        """(n, classes) how like (n, d) vectors are to the names of the classes, stretched by LIKENESS."""
        names = vectors_of(self.classes)
        return np.asarray(LIKENESS * (np.asarray(vectors, dtype=np.float64) @ names.T), dtype=np.float64)


class FewShotModel:
    """A head on sentence vectors and first guesses."""

    head: FewShotHead
    middle: Floats
    """(classes,) mean likeness of the texts of the training to the names of the classes: what is likely is what is above it."""

    def __init__(self, guess: FirstGuess, pool: Pool) -> None:
        """`pool` gives the unlabelled texts, called at training."""
        self.guess, self.pool, self.encoder_id = guess, pool, DEFAULT_ENCODER.id

    def fit(self, inputs: Strings, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Inputs (n,) texts, outcomes (n,) class codes, n >= 1; weights change nothing: each label is a person's answer."""
        order = np.lexsort((np.asarray(outcomes), np.asarray(inputs, dtype=str)))
        texts, pool = [str(inputs[row]) for row in order], [str(text) for text in self.pool()]
        vectors, pool_vectors = vectors_of(texts, self.encoder_id), vectors_of(pool, self.encoder_id)
        self.middle = np.zeros(len(self.guess.classes))
        if self.guess.kind == "names":
            self.middle = self.guess.likeness(np.concatenate([vectors, pool_vectors])).mean(axis=0)
        guessed = [self._guessed(its, of) for its, of in ((texts, vectors), (pool, pool_vectors))]
        self.head = fit_few_shot(vectors, guessed[0], np.asarray(outcomes)[order], pool_vectors, guessed[1], seed)

    def predict(self, inputs: Strings) -> Floats:
        """(n, classes) probabilities of (n,) texts."""
        texts = [str(text) for text in inputs]
        vectors = vectors_of(texts, self.encoder_id)
        return self.head.predict(vectors, self._guessed(texts, vectors))

    def _guessed(self, texts: list[str], vectors: Floats) -> Floats:
        return self.guess.chances(texts, vectors, self.middle)

    def save(self, folder: Path) -> None:
        """Write few_shot.json (classes, encoder) and few_shot.npz (weights); no text is kept."""
        content = {"kind": self.guess.kind, "classes": list(self.guess.classes), "encoder": self.encoder_id}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        head = self.head
        arrays = {"mean": head.mean, "coefficients": head.coefficients, "intercept": head.intercept, "mix": head.mix, "middle": self.middle}
        np.savez_compressed(folder / ARRAY_FILE, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls(FirstGuess(content["kind"], tuple(content["classes"])), tuple)
        model.encoder_id = content["encoder"]
        with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
            model.head = FewShotHead(arrays["mean"], arrays["coefficients"], arrays["intercept"], arrays["mix"])
            model.middle = arrays["middle"]
        return model


def few_shot_recipe(guess: FirstGuess, pool: Pool) -> Recipe:
    """The recipe for these classes and this pool of unlabelled texts."""
    return Recipe("few_shot", "classes", partial(FewShotModel, guess, pool), FewShotModel.load, FEW_SHOT_TITLE)
