"""Providers: whatever completes a prompt. A language model makes reports read better; nothing needs one.

`OpenAICompatible` speaks to every OpenAI-compatible address (DeepSeek, Qwen, Kimi, GLM, OpenAI, Ollama, vLLM, llama.cpp);
`Scripted` answers from a queue, for tests. Text from users goes in as data, already masked, never as instructions.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from productloop.foundation.errors import ProviderUnreachable, excerpt
from productloop.llm import wording


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer of a provider with what it cost."""

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    milliseconds: float


class Provider(Protocol):
    """Anything that completes. `system` holds our instructions, `data` the users' texts, kept apart so that texts stay data."""

    name: str

    def complete(self, system: str, data: str, *, max_tokens: int = 800, schema: Mapping[str, object] | None = None) -> Completion:
        """One answer; with `schema` a JSON object of that JSON schema. Raises ProviderUnreachable."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text. Raises ProviderUnreachable."""
        ...


class OpenAICompatible:
    """A chat model at an OpenAI-compatible address. Loopback addresses need no key."""

    def __init__(self, address: str, model: str, key: str, key_variable: str = "OPENAI_API_KEY", timeout_seconds: float = 60.0) -> None:
        local = any(host in address for host in ("127.0.0.1", "localhost", "[::1]"))
        if not key and not local:
            raise ProviderUnreachable(wording.KEY_MISSING, variable=key_variable, address=address)
        self.name = f"openai:{model}"
        self._address, self._model, self._key, self._timeout = address, model, key or "none", timeout_seconds

    def complete(self, system: str, data: str, *, max_tokens: int = 800, schema: Mapping[str, object] | None = None) -> Completion:
        """One chat answer at temperature 0."""
        import openai  # heavy, and only needed when an address is set

        client = openai.OpenAI(base_url=self._address, api_key=self._key, timeout=self._timeout, max_retries=1)
        extra = (
            {}
            if schema is None
            else {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}}
        )
        started = time.perf_counter()
        try:
            answer = client.chat.completions.create(
                model=self._model, temperature=0, max_tokens=max_tokens,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": data}], **extra,  # type: ignore[call-overload]
            )  # fmt: skip
        except (openai.OpenAIError, ValueError) as error:  # ValueError: the body is no JSON
            raise ProviderUnreachable(wording.UNREACHABLE, address=self._address, reason=excerpt(error, 120)) from error
        choices = getattr(answer, "choices", None)  # a web page or a list comes back as it is
        message = choices[0].message if choices else None
        text = message.content if message else None
        if not text:
            raise ProviderUnreachable(wording.NOT_AS_ASKED, model=self._model, answer="", expected="text")
        usage = answer.usage
        return Completion(
            text,
            self._model,
            usage.prompt_tokens if usage else 0,
            usage.completion_tokens if usage else 0,
            1000 * (time.perf_counter() - started),
        )

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors from `/v1/embeddings`."""
        import openai

        client = openai.OpenAI(base_url=self._address, api_key=self._key, timeout=self._timeout, max_retries=1)
        try:
            answer = client.embeddings.create(model=self._model, input=list(texts))
        except (openai.OpenAIError, ValueError, AttributeError) as error:  # the last two: no JSON, no vectors in it, a web page
            raise ProviderUnreachable(wording.UNREACHABLE, address=self._address, reason=excerpt(error, 120)) from error
        vectors = [list(entry.embedding) for entry in getattr(answer, "data", None) or ()]
        if len(vectors) != len(texts):
            raise ProviderUnreachable(wording.NOT_AS_ASKED, model=self._model, answer="", expected=f"{len(texts)} vectors")
        return vectors


class Scripted:
    """A provider for tests: answers from a queue, and keeps what it was asked."""

    name = "scripted"

    def __init__(self, answers: Sequence[str]) -> None:
        self._answers = deque(answers)
        self.asked: list[tuple[str, str]] = []

    def complete(self, system: str, data: str, *, max_tokens: int = 800, schema: Mapping[str, object] | None = None) -> Completion:
        """The next answer of the script."""
        self.asked.append((system, data))
        if not self._answers:
            raise ProviderUnreachable(wording.SCRIPT_EMPTY)
        text = self._answers.popleft()
        return Completion(text, "scripted", len(system) + len(data), len(text), 0.0)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One small vector per text, from its length: enough to test the plumbing."""
        return [[float(len(text)), 1.0] for text in texts]
