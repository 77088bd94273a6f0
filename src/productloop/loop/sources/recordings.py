"""Recordings of talks, sound or video: speech is written down by Whisper (extra `speech`: faster-whisper) from a model folder of the user's, one segment a row.

The folder is the setting `speech.model` (environment PRODUCTLOOP_SPEECH_MODEL): a Whisper model in the form of CTranslate2, as faster-whisper's
converter writes it (model.bin, config.json, tokenizer.json). Nothing is ever downloaded. Silence is taken out first, because Whisper makes
words up in it; a beam of five at temperature 0, higher temperatures only where a text repeats itself or is improbable, and no text before
as context, so that one mistake does not spread (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", section
4.5). The seed is fixed, so that the same file gives the same words. Who speaks is not told apart; who and when a file's name may say.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from productloop.foundation.errors import DataProblem, NotInstalled, excerpt
from productloop.foundation.wording import say
from productloop.loop.sources.chats import conversation_id
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.notes import understand
from productloop.loop.sources.notes_wording import NO_SPEECH, SPEECH_MISSING, SPEECH_MODEL_MISSING
from productloop.loop.sources.records import RawTable, Reader, ReadOptions
from productloop.loop.sources.speakers import status_of
from productloop.loop.sources.wording import BROKEN_FILE

if TYPE_CHECKING:
    import duckdb

STATUS = "recording"
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")
MAX_SILENCE_PROBABILITY = 0.6
MIN_LOG_PROBABILITY = -1.0
"""Whisper's own rule for a segment without speech: both must hold (Radford et al. 2022, section 4.5)."""
NUM_BEAMS, TEMPERATURES, SEED = 5, (0.0, 0.2, 0.4, 0.6), 0
SILENCE_MS = 1000
"""Shorter pauses stay in: spoken digits with half a second between them come out whole."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What was said between two moments, in seconds from the start; how likely there is no speech, and the mean log probability of its words."""

    start: float
    end: float
    text: str
    silence: float = 0.0
    log_probability: float = 0.0


def matches(path: Path, head: bytes) -> bool:
    """Sound by its first bytes, or by its name where these vary."""
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WAVE"
    if head.startswith((b"fLaC", b"OggS", b"ID3")):
        return True
    return path.suffix.lower() in READER.suffixes and b"\0" in head


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table of segments. Raises NotInstalled without the extra or the model, DataProblem: broken, nobody speaks."""
    if importlib.util.find_spec("faster_whisper") is None:
        raise NotInstalled(SPEECH_MISSING, path=path.name)
    model = Path(options.speech_model)
    if not options.speech_model or not all((model / name).is_file() for name in MODEL_FILES):
        raise NotInstalled(SPEECH_MODEL_MISSING, path=path.name, folder=excerpt(options.speech_model or "-", 160))
    segments, language, seconds = _listen(path, model)
    cells = rows_of(segments, path.stem)
    if not cells:
        raise DataProblem(NO_SPEECH, path=path.name)
    about = understand((), path.stem)[1]
    own = [(name, value) for name, value in (("time", about.time), ("author name", about.author)) if value]
    header = ("conversation", "start seconds", "end seconds", "text", "channel", "status", *(name for name, _ in own))
    rows = [(*row, *(value for _, value in own)) for row in cells]
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        relation, width = land(connection, enumerate(rows, 1), len(header), Path(name), path)
        found = Found(path, width, header, 1)
        found.notes.append(say("recordings.rows", count=len(rows), spoken=language, seconds=round(seconds)))
        return [finish(connection, relation, found, options)]


READER = Reader("recordings", (".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".mp4", ".mov", ".webm"), matches, read)


def rows_of(segments: Iterable[Segment], stem: str) -> list[Sequence[str | None]]:
    """One row a segment that holds speech; the file is one conversation."""
    conversation = conversation_id(stem)
    return [
        (
            conversation,
            f"{segment.start:.2f}",
            f"{segment.end:.2f}",
            text,
            STATUS,
            status_of("user", text) or STATUS,
        )
        for segment in segments
        if (text := segment.text.strip())
        and not (segment.silence > MAX_SILENCE_PROBABILITY and segment.log_probability < MIN_LOG_PROBABILITY)
    ]


@functools.cache
def _model(folder: str) -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)


def _listen(path: Path, folder: Path) -> tuple[list[Segment], str, float]:
    """(segments, language, seconds of sound) of a recording."""
    errors = importlib.import_module("av.error")  # what faster-whisper reads sound with
    try:
        importlib.import_module("ctranslate2").set_random_seed(SEED)
        found, info = _model(str(folder)).transcribe(
            str(path),
            beam_size=NUM_BEAMS,
            temperature=TEMPERATURES,
            condition_on_previous_text=False,
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": SILENCE_MS},
        )
        segments = [Segment(each.start, each.end, each.text, each.no_speech_prob, each.avg_logprob) for each in found]
    except (errors.FFmpegError, IndexError) as error:
        raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(error, 80)) from None
    except RuntimeError:  # what the engine says of a model that is damaged or of another make
        raise NotInstalled(SPEECH_MODEL_MISSING, path=path.name, folder=excerpt(folder, 160)) from None
    return segments, str(info.language), float(info.duration)
