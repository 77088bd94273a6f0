"""The likely kind of a question: fits the heads of the second opinion and measures them with each set of written questions left out.

    python benchmarks/ask_kinds.py fit        fits both heads on all development questions and writes them into the package
    python benchmarks/ask_kinds.py leave-out  questions whose kind is right by the rules alone and with the second opinion, each set left out in turn

The rules were written with sets a and c to h in view, so that only what the second opinion adds or spoils is measured there. `kinds` (ask_kinds.csv)
are short questions written from the names of the kinds alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from productloop.apps.behaviour import _ask_grammar as grammar
from productloop.apps.behaviour import _ask_kinds as kinds_of
from productloop.apps.behaviour._ask_columns import column
from productloop.apps.behaviour._ask_question import Catalogue, asked, read_question
from productloop.apps.behaviour._dictionary import EventNames
from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.wording import Text
from productloop.text.encoders import encode

TESTS = Path(__file__).parents[1] / "tests"
SETS = {
    "own": TESTS / "apps" / "behaviour" / "ask_questions.jsonl",
    "a": TESTS / "sets" / "ask_a.jsonl",
    **{name: TESTS / "sets" / f"ask_questions_{name}.jsonl" for name in "cdefgh"},
}
PENALTY = 1.0
DIGITS = 3


def catalogues() -> dict[str, Catalogue]:
    """The products of the written questions."""
    plain = load_settings(None, {})
    found = {}
    for name, product in json.loads((TESTS / "sets" / "ask_products.json").read_text(encoding="utf-8")).items():
        events = {event: Text(texts["zh"], texts["en"]) for event, texts in product["events"].items()}
        columns = tuple(column(key, tuple(of["values"]), of["zh"], of["en"]) for key, of in product["columns"].items())
        names = EventNames(Settings(plain.values, plain.origins, events=events), events)
        found[name] = Catalogue(names, columns, date.fromisoformat(product["today"]))
    return found


def questions() -> dict[str, list[dict[str, Any]]]:
    """Set -> its questions."""
    found = {name: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line] for name, path in SETS.items()}
    with (TESTS / "sets" / "ask_kinds.csv").open(encoding="utf-8", newline="") as file:
        found["kinds"] = [{"action": row["kind"], "product": row["product"], "question": row["question"]} for row in csv.DictReader(file)]
    return found


def read(cases: list[dict[str, Any]]) -> tuple[np.ndarray, list[kinds_of.Asked]]:
    """Marks and scaled vectors (n, marks + 512), and what was read."""
    products = catalogues()
    found = [asked(read_question(case["question"], products[case["product"]])) for case in cases]
    vectors = encode([kinds_of.masked(one) for one in found])
    return np.hstack([np.array([kinds_of.marks(one) for one in found]), kinds_of.VECTOR_SCALE * vectors]), found


def fitted(inputs: np.ndarray, labels: list[str]) -> dict[str, Any]:
    """The content of the shipped file."""
    num_marks = inputs.shape[1] - 512
    content: dict[str, Any] = {"kinds": sorted(set(labels))}
    for name, used in (("marks", inputs[:, :num_marks]), ("both", inputs)):
        model = LogisticRegression(C=1 / PENALTY, max_iter=1000).fit(used, labels)
        content[name] = {
            "coefficients": np.round(model.coef_.T, DIGITS).tolist(),
            "intercept": np.round(model.intercept_, DIGITS).tolist(),
        }
    return content


def fit() -> None:
    """Write the heads of all development questions into the package."""
    every = [case for cases in questions().values() for case in cases]
    text = json.dumps(fitted(read(every)[0], [case["action"] for case in every]), separators=(",", ":")) + "\n"
    (Path(kinds_of.__file__).parent / kinds_of.FILE).write_text(text, encoding="utf-8", newline="\n")


def leave_out() -> None:
    """Print for each set how many kinds are right when both heads were fitted on the others."""
    sets = questions()
    inputs = {name: read(cases)[0] for name, cases in sets.items()}
    products = catalogues()
    for name, cases in sets.items():
        others = [other for other in sets if other != name]
        content = fitted(np.vstack([inputs[other] for other in others]), [case["action"] for other in others for case in sets[other]])
        heads = tuple(
            kinds_of.Head(np.array(content[head]["coefficients"]), np.array(content[head]["intercept"])) for head in ("marks", "both")
        )
        right = {True: 0, False: 0}
        for with_opinion in right:
            kinds_of.heads = lambda: (tuple(content["kinds"]), *heads)  # noqa: B023
            grammar.second_opinion = kinds_of.second_opinion if with_opinion else lambda *_: None
            for case in cases:
                wanted = {case["action"], *(other["action"] for other in case.get("also", ()))}
                right[with_opinion] += grammar.parse(case["question"], products[case["product"]]).action in wanted
        sys.stdout.write(f"{name}: {len(cases)} questions, kind right by the rules {right[False]}, with the second opinion {right[True]}\n")


def main() -> None:
    """Run the task of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["fit", "leave-out"])
    fit() if parser.parse_args().task == "fit" else leave_out()


if __name__ == "__main__":
    main()
