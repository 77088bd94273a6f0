import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.vectors import VectorCache, text_key

ROWS = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], dtype=np.float32)


def test_what_was_put_is_found_in_any_order_by_any_process(tmp_path):
    VectorCache(tmp_path).put(["a", "b", "好"], ROWS, "encoder-1")
    vectors, found = VectorCache(tmp_path).get(["好", "missing", "a"], "encoder-1")
    assert found.tolist() == [True, False, True]
    assert vectors.tolist() == [[0.5, 0.5], [0.0, 0.0], [1.0, 0.0]]


def test_encoders_are_never_mixed(tmp_path):
    cache = VectorCache(tmp_path)
    cache.put(["a"], ROWS[:1], "one/model")
    cache.put(["a"], np.ones((1, 5), dtype=np.float32), "one-model")
    assert cache.get(["a"], "one/model")[0].shape == (1, 2)
    assert cache.get(["a"], "one-model")[0].shape == (1, 5)
    assert not cache.get(["a"], "third")[1].any()


def test_nothing_is_stored_twice(tmp_path):
    cache = VectorCache(tmp_path)
    cache.put(["a", "b"], ROWS[:2], "e")
    cache.put(["a", "b"], ROWS[:2], "e")
    VectorCache(tmp_path).put(["b"], ROWS[1:2], "e")
    assert len(list(tmp_path.glob("*/*.npy"))) == 1


def test_another_process_is_seen_at_once(tmp_path):
    cache = VectorCache(tmp_path)
    assert not cache.get(["a"], "e")[1].any()
    VectorCache(tmp_path).put(["a"], ROWS[:1], "e")
    assert cache.get(["a"], "e")[1].all()


def test_deleted_or_damaged_files_are_only_a_loss_of_time(tmp_path):
    cache = VectorCache(tmp_path)
    cache.put(["a"], ROWS[:1], "e")
    (segment,) = tmp_path.glob("*/*.npy")
    segment.write_bytes(segment.read_bytes()[:-3])
    assert not VectorCache(tmp_path).get(["a"], "e")[1].any()
    segment.unlink()
    assert not cache.get(["a"], "e")[1].any()
    cache.put(["a"], ROWS[:1], "e")
    assert cache.get(["a"], "e")[1].all()
    cache.clear()
    assert not cache.get(["a"], "e")[1].any()


def test_two_processes_write_at_the_same_time(tmp_path):
    code = (
        "import sys, numpy as np; from pathlib import Path; from productloop.text.vectors import VectorCache\n"
        "cache = VectorCache(Path(sys.argv[1]))\n"
        "for i in range(30): cache.put([f'shared {i}', f'{sys.argv[2]} {i}'], np.full((2, 4), i, dtype=np.float32), 'e')"
    )
    running = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(tmp_path), name], stderr=subprocess.PIPE) for name in ("x", "y")
    ]
    assert [process.communicate()[1] for process in running] == [b"", b""]
    texts = [f"{name} {i}" for name in ("shared", "x", "y") for i in range(30)]
    vectors, found = VectorCache(tmp_path).get(texts, "e")
    assert found.all()
    assert np.array_equal(vectors[:, 0], np.tile(np.arange(30), 3))


@settings(max_examples=50)
@given(st.lists(st.text(max_size=8), unique=True, max_size=20))
def test_keys_of_different_texts_differ(texts):
    assert len({text_key(text) for text in texts}) == len(texts)


def test_numbers_that_must_come_back_as_they_were_have_their_own_precision(tmp_path):
    third = np.array([[1 / 3]])
    VectorCache(tmp_path, np.float64).put(["a"], third, "model")
    assert VectorCache(tmp_path, np.float64).get(["a"], "model")[0].tolist() == third.tolist()
    assert not VectorCache(tmp_path).get(["a"], "model")[1].any()  # what is kept with another precision is not taken for its own
