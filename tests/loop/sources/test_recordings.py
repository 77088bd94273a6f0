"""Recordings: segments to rows, what is missing; Whisper itself where the extra and a model folder are there."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import wave
from pathlib import Path

import duckdb
import pytest

from productloop.foundation.errors import NotInstalled
from productloop.loop.sources import ReadOptions, read, recordings
from productloop.loop.sources.notes_wording import TEXTS
from productloop.loop.sources.recordings import Segment, rows_of

MODEL = os.environ.get("PRODUCTLOOP_SPEECH_MODEL", "")
installed = importlib.util.find_spec("faster_whisper") is not None and Path(MODEL, "model.bin").is_file() and bool(MODEL)


def silence(path: Path, seconds: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * seconds))
    return path


def test_segments_become_rows():
    rows = rows_of(
        [
            Segment(0.0, 1.5, " Hello. "),
            Segment(1.5, 4.25, " 导出太慢了，等了十分钟。"),
            Segment(4.25, 5.0, " Thank you for watching", silence=0.9, log_probability=-1.5),
            Segment(5.0, 6.0, " quiet but sure", silence=0.9, log_probability=-0.2),
            Segment(6.0, 7.0, "  "),
        ],
        "interview",
    )
    assert [row[1:] for row in rows] == [
        ("0.00", "1.50", "Hello.", "recording", "greeting"),
        ("1.50", "4.25", "导出太慢了，等了十分钟。", "recording", "recording"),
        ("5.00", "6.00", "quiet but sure", "recording", "recording"),
    ]
    assert len({row[0] for row in rows}) == 1


def test_without_the_extra_the_error_names_extra_and_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotInstalled) as caught:
        read(duckdb.connect(), silence(tmp_path / "a.wav"))
    for language in ("zh", "en"):
        fix = caught.value.render(language)[2]
        assert "productloop[speech]" in fix
        assert "PRODUCTLOOP_SPEECH_MODEL" in fix


@pytest.mark.parametrize("folder", ["", "here"])
def test_without_a_model_the_error_names_the_setting(tmp_path, monkeypatch, folder):
    monkeypatch.setattr(recordings.importlib.util, "find_spec", lambda name: importlib.machinery.ModuleSpec(name, None))
    model = str(tmp_path) if folder else ""
    with pytest.raises(NotInstalled) as caught:
        read(duckdb.connect(), silence(tmp_path / "a.wav"), ReadOptions(speech_model=model))
    assert caught.value.code == "speech_model_missing"
    assert "PRODUCTLOOP_SPEECH_MODEL" in caught.value.render("en")[2]
    assert (model or "-") in caught.value.render("en")[0]


@pytest.mark.skipif(not installed, reason="the extra speech is not installed, or PRODUCTLOOP_SPEECH_MODEL names no model")
@pytest.mark.filterwarnings("default")
def test_silence_says_nothing(tmp_path):
    from productloop.foundation.errors import DataProblem

    with pytest.raises(DataProblem) as caught:
        read(duckdb.connect(), silence(tmp_path / "a.wav", 3), ReadOptions(speech_model=MODEL))
    assert caught.value.code == "file_recording_no_speech"


def test_no_slot_of_a_sentence_has_a_name_that_rendering_uses():
    for key, text in TEXTS.items():
        assert not text.slots("en") & {"language", "self"}, key
