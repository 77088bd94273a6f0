"""First guesses before anybody has labelled anything: logistic heads on sentence vectors and cues, fitted on the prototypes only.

A head is multinomial logistic regression with an L2 penalty (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd
ed., 2009, section 4.4) on the default encoder's vector, stretched by VECTOR_SCALE, and the marks of `cues`. It is fitted once, on the
written sentences of `prototypes`, and shipped (`cold_heads.json`), so that a process need not encode them; `fit_head` makes it again.

Prototypes are clearer than what people write, so a head fitted on them is too sure of itself. One temperature for each set, which divides the
scores (Guo et al., On Calibration of Modern Neural Networks, ICML 2017), was chosen on the open half of the written test sets.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.text.cues import cues
from productloop.text.encoders import DEFAULT_ENCODER
from productloop.text.prototypes import prototypes

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
SetName = Literal["sentiment", "type"]

VECTOR_SCALE = 4.0
"""Vectors have length 1 and marks are 0 or 1: stretched, both sides have a say."""
PENALTY = 1.0
TEMPERATURE: dict[SetName, float] = {"sentiment": 2.5, "type": 1.0}
LABELS: dict[SetName, tuple[str, ...]] = {
    "sentiment": ("negative", "neutral", "positive"),
    "type": ("bug", "request", "praise", "question", "complaint", "churn_threat", "other"),
}
HEADS_FILE = "cold_heads.json"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Head:
    """Scores of k labels: (features, k) and (k,)."""

    coefficients: Floats
    intercept: Floats


def chances(name: SetName, texts: Sequence[str], vectors: Vectors | None = None, marks: Floats | None = None) -> Floats:
    """(n, k) chances of the labels of a set.

    `vectors` (n, d) are those of the default encoder; without them, or of another length or all zeros, the words decide alone.
    `marks` are `cues(texts)` where they are known already.
    """
    found = cues(texts) if marks is None else marks
    usable = vectors is not None and vectors.shape[1] == DEFAULT_ENCODER.dimension and len(texts) > 0 and bool(vectors.any())
    head = heads()[f"{name}_{'vectors' if usable else 'cues'}"]
    inputs = np.hstack([VECTOR_SCALE * vectors, found]) if usable and vectors is not None else found
    return _softmax((inputs @ head.coefficients + head.intercept) / TEMPERATURE[name])


@cache
def heads() -> dict[str, Head]:
    """The shipped heads: of each set one with vectors and one without."""
    content = json.loads(files("productloop.text").joinpath(HEADS_FILE).read_text(encoding="utf-8"))
    return {name: Head(np.array(head["coefficients"]), np.array(head["intercept"])) for name, head in content.items()}


def heads_text(vectors: dict[SetName, Vectors]) -> str:
    """The content of the shipped file from the vectors of each set's prototypes."""
    made: dict[str, dict[str, Any]] = {}
    for name, its in vectors.items():
        for kind, used in (("vectors", its), ("cues", None)):
            head = fit_head(name, used)
            made[f"{name}_{kind}"] = {
                "coefficients": np.round(head.coefficients, _DIGITS).tolist(),
                "intercept": np.round(head.intercept, _DIGITS).tolist(),
            }
    return json.dumps(made, separators=(",", ":")) + "\n"


def fit_head(name: SetName, vectors: Vectors | None) -> Head:
    """The head of a set from its prototypes and, where given, their vectors (n, d)."""
    rows = prototypes(name)
    codes = np.array([LABELS[name].index(row.label) for row in rows])
    found = cues([row.text for row in rows])
    inputs = found if vectors is None else np.hstack([VECTOR_SCALE * vectors, found])
    return _fit(inputs, codes, len(LABELS[name]))


def _fit(inputs: Floats, codes: NDArray[np.intp], num_labels: int) -> Head:
    """Newton-like descent (L-BFGS) from zero: the loss is strictly convex, so the answer is one."""
    from scipy.optimize import minimize

    truth = np.eye(num_labels)[codes]
    size = inputs.shape[1]

    def loss(flat: Floats) -> tuple[float, Any]:
        weights = flat.reshape(size + 1, num_labels)
        predicted = _softmax(inputs @ weights[:-1] + weights[-1])
        value = -np.log(np.maximum(predicted[np.arange(len(codes)), codes], 1e-300)).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
        gap = predicted - truth
        gradient = np.vstack([inputs.T @ gap + PENALTY * weights[:-1], gap.sum(axis=0)])
        return float(value), gradient.ravel()

    found = minimize(
        loss, np.zeros((size + 1) * num_labels), jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-6}
    )
    weights = np.asarray(found.x).reshape(size + 1, num_labels)
    return Head(weights[:-1], weights[-1])


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True)) if len(scores) else scores
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)
