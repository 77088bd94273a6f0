"""Texts about a question, in both languages: by their words, by the concepts they name, and by their vectors.

Three signals, because each is blind where another sees: words find names and error codes, concepts (`productloop.text.concepts`) lead from
Chinese to English, vectors find what is said in other words.
- Words and concepts: BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009; k1 = 1.2, b = 0.75),
  with the idf that is never negative. English words are stemmed; Chinese is cut by jieba, with pairs of characters beside the words, so that
  a word cut differently in question and text still counts.
- Vectors: cosine, after each language's mean is taken off: an encoder puts texts of one language nearer to each other than to their
  translations, and without that step the other language is never found.
- Fusion: a weighted sum. BM25 is divided by the idf of the question's words, so that it says which share of the question a text holds, and
  is as large for long questions as for short ones. (Reciprocal ranks, Cormack, Clarke and Buettcher, SIGIR 2009, were worse on the
  half of the written set that may be read: .25 instead of .31 of the first ten, because a text that shares one common word ranks high.)
- Feedback: the best few texts move the question's vector towards them (Rocchio, The SMART Retrieval System, 1971), which leads to the
  other language more often than the question alone; .44 -> .47 of the first ten across languages on that half.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from productloop.foundation.errors import DataProblem
from productloop.text import wording
from productloop.text.chinese import to_simplified
from productloop.text.concepts import find_concepts
from productloop.text.encoders import normalise_rows
from productloop.text.language import detect_many
from productloop.text.stopwords import STOP_WORDS
from productloop.text.tokens import stem, words

Scores = NDArray[np.float64]

_K1, _B = 1.2, 0.75
_WORD_WEIGHT, _CONCEPT_WEIGHT = 0.3, 0.2
"""Beside a cosine, which has weight 1."""
_FEEDBACK_TEXTS, _FEEDBACK_WEIGHT = 5, 0.5
_MEAN_STRENGTH = 10.0
"""A language's mean counts as if the mean of all texts had been seen this many times: three texts do not make a mean."""


class SearchIndex:
    """Texts that can be asked for. Rows are the positions in `texts`."""

    def __init__(self, texts: Sequence[str], vectors: NDArray[np.float32], product_words: Iterable[str] = ()) -> None:
        """Index `texts` (n,) with their `vectors` (n, d), of length 1, by one encoder; `product_words` are never cut apart.

        Raises DataProblem where the number of vectors differs from the texts'.
        """
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"({len(texts)}, d)")
        self._product_words = tuple(product_words)
        simple = [to_simplified(text) for text in texts]
        self._words = _Bm25([search_words(text, self._product_words) for text in simple])
        self._concepts = _Bm25([find_concepts(text) for text in simple])
        self._groups = _groups(texts)
        self._means = _means(vectors, self._groups)
        self._vectors = normalise_rows(vectors - self._means[self._groups]) if len(texts) else vectors

    def __len__(self) -> int:
        return self._words.num_texts

    def search(self, query: str, query_vector: NDArray[np.float32], num: int = 10) -> list[tuple[int, float]]:
        """(row, score) of the best `num` texts, best first, fewer where the others have nothing in common with the question.

        `query_vector` (d,) by the encoder of the index. Scores are comparable within one answer only. Ties: the earlier row first.
        """
        if query_vector.shape != (self._vectors.shape[1],):
            raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(query_vector.shape), expected=f"({self._vectors.shape[1]},)")
        if len(self) == 0 or num < 1:
            return []
        simple = to_simplified(query)
        shared = _WORD_WEIGHT * self._words.coverage(search_words(simple, self._product_words))
        shared += _CONCEPT_WEIGHT * self._concepts.coverage(find_concepts(simple))
        centred = normalise_rows((query_vector - self._means[_groups([query])[0]])[None, :])[0]
        first = shared + self._vectors @ centred
        nearest = _best(first, _FEEDBACK_TEXTS)
        trust = np.maximum(first[nearest], 0.0)
        if trust.sum() > 0:
            towards = (trust[:, None] * self._vectors[nearest]).sum(axis=0) / trust.sum()
            centred = normalise_rows((centred + _FEEDBACK_WEIGHT * towards).astype(np.float32)[None, :])[0]
        scores = shared + self._vectors @ centred
        return [(int(row), float(scores[row])) for row in _best(scores, num) if scores[row] > 0]


def _best(scores: Scores, num: int) -> NDArray[np.int64]:
    """Rows of the `num` highest scores, best first, the earlier row first among equals."""
    if num < len(scores):
        lowest = np.partition(scores, len(scores) - num)[len(scores) - num]
        rows = np.flatnonzero(scores >= lowest)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:num].astype(np.int64)


def search_words(text: str, product_words: Sequence[str] = ()) -> list[str]:
    """Words that texts are found by: stems, and pairs of characters of longer Chinese words."""
    found: list[str] = []
    for word in words(text, product_words):
        if word in STOP_WORDS:
            continue
        found.append(stem(word))
        if len(word) > 2 and "\u3400" <= word[0] <= "\u9fff":
            found += [word[start : start + 2] for start in range(len(word) - 1)]
    return found


class _Bm25:
    """Weight of each word in each text, worked out once: a question only adds up columns."""

    def __init__(self, bags: Sequence[Sequence[str]]) -> None:
        self.num_texts = len(bags)
        self._numbers: dict[str, int] = {}
        codes = np.fromiter((self._numbers.setdefault(word, len(self._numbers)) for bag in bags for word in bag), dtype=np.int64)
        lengths = np.fromiter((len(bag) for bag in bags), dtype=np.int64, count=len(bags))
        rows = np.repeat(np.arange(len(bags)), lengths)
        counts = sparse.csc_array((np.ones(len(codes)), (rows, codes)), shape=(len(bags), len(self._numbers)))
        counts.sum_duplicates()
        frequency = np.diff(counts.indptr)
        idf = np.log1p((len(bags) - frequency + 0.5) / (frequency + 0.5))
        relative = lengths / max(float(lengths.mean()), 1.0) if len(bags) else lengths.astype(np.float64)
        within = counts.data
        saturated = within * (_K1 + 1.0) / (within + _K1 * (1.0 - _B + _B * relative[counts.indices]))
        self._idf, self._unseen = idf, float(np.log1p((len(bags) + 0.5) / 0.5))
        self._indptr, self._indices = counts.indptr, counts.indices
        self._weights = saturated * np.repeat(idf, frequency)

    def coverage(self, bag: Sequence[str]) -> Scores:
        """BM25 of each text (n,) for the words of a question, over the idf of these words; 0 where none is given."""
        scores, total = np.zeros(self.num_texts), 0.0
        for word in bag:
            number = self._numbers.get(word)
            total += self._unseen if number is None else float(self._idf[number])
            if number is not None:
                column = slice(self._indptr[number], self._indptr[number + 1])
                scores[self._indices[column]] += self._weights[column]
        return scores / total if total else scores


def _groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """0 for Chinese and mixed texts, 1 for the others, (n,): the means of these two are told apart."""
    return np.fromiter((code not in ("zh", "mixed") for code in detect_many(texts)), dtype=np.int64, count=len(texts))


def _means(vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean vector of each group, (2, d), drawn to the mean of all where a group is small."""
    overall = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1])
    sums = np.stack([vectors[groups == group].sum(axis=0) for group in (0, 1)])
    sizes = np.bincount(groups, minlength=2)[:, None]
    return ((sums + _MEAN_STRENGTH * overall) / (sizes + _MEAN_STRENGTH)).astype(np.float32)
