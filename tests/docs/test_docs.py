"""The documents are true: their commands run, their links lead somewhere, both languages say the same, the tree is the one on disk.

A line `$ productloop ...` in a block marked console is run as a reader would: each document begins in the folder that holds `my-product`
(the demo), `$ cd` moves, and a command that two documents share in the same folder is run once.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from productloop.interfaces.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")

NOT_RUN = {
    "productloop demo": "the shared workspace was made by it, at a fifth of the size",
    "productloop serve": "answers until it is stopped; tests/interfaces starts it",
}
"""Commands that stand in a document and are not run here, and why."""

CUSTOMERS = "customerID,plan,months,tickets,Churn\n" + "".join(
    f"c{n:03},{('basic', 'pro')[n % 2]},{n % 24},{n % 5},{'Yes' if n % 4 == 0 else 'No'}\n" for n in range(80)
)
SAYINGS = ("The export is slow and I wait for minutes", "界面很好看，用起来顺手", "闪退了三次，钱也没到账", "Works fine for our small team")
REVIEWS = "text,rating,user_id,created_at\n" + "".join(
    f"{SAYINGS[n % 4]},{(2, 5, 1, 4)[n % 4]},u{n},2026-03-{n % 28 + 1:02} 10:00:00\n" for n in range(40)
)


def blocks(document: Path, mark: str) -> Iterator[str]:
    """Bodies of the fenced blocks with this mark, in order."""
    for match in FENCE.finditer(document.read_text(encoding="utf-8")):
        if match.group(1) == mark:
            yield match.group(2)


def commands(document: Path) -> list[str]:
    """Lines after `$ ` of all console blocks."""
    return [line[2:].strip() for block in blocks(document, "console") for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a reader stands: the demo in `my-product`, two files of their own beside it."""
    place = tmp_path_factory.mktemp("reader")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "PRODUCTLOOP_INTERFACE_LANGUAGE"):
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "en_US.UTF-8")
        patch.chdir(place)
        (place / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
        (place / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        (place / "segment.jsonl").write_bytes((ROOT / "tests" / "fixtures" / "sources" / "segment.jsonl").read_bytes())
        assert main(["demo", "my-product", "--scale", "0.2"]) == 0
        yield place


@pytest.mark.slow
def test_every_command_works(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    done: set[tuple[Path, str]] = set()
    for document in DOCUMENTS:
        here = folder
        for command in commands(document):
            if command.startswith("cd "):
                name = command[3:].strip()
                here = (here / name).resolve() if (here / name).is_dir() else folder / name  # the Chinese half begins anew
                assert here.is_dir(), f"{document.name}: {command}"
            if not command.startswith("productloop") or command in NOT_RUN or (here, command) in done:
                continue
            done.add((here, command))
            monkeypatch.chdir(here)
            code = main(shlex.split(command)[1:])
            said = capsys.readouterr()
            assert code == 0, f"{document.name}: {command} in {here.name} ended with {code}\n{said.out[-800:]}{said.err[-800:]}"
    assert len(done) >= 15


def test_what_is_not_run_stands_somewhere() -> None:
    written = {command for document in DOCUMENTS for command in commands(document)}
    assert set(NOT_RUN) <= written


def test_make_commands_are_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {command.split()[1] for document in DOCUMENTS for command in commands(document) if command.startswith("make ")}
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if not re.match(r"[a-z]+:|#", target):
            path = document.parent / unquote(target.partition("#")[0])
            assert path.exists(), f"{document.name} links to {target}"


def test_both_readmes_say_the_same() -> None:
    english, chinese = READMES
    assert commands(english) == commands(chinese)
    levels = [
        [line.split()[0] for line in FENCE.sub("", path.read_text(encoding="utf-8")).splitlines() if line.startswith("#")]
        for path in READMES
    ]
    assert levels[0] == levels[1]
    targets = [sorted(set(LINK.findall(path.read_text(encoding="utf-8"))) - {"README.md", "README.zh.md"}) for path in READMES]
    assert targets[0] == targets[1]


@pytest.mark.parametrize("app", ["needs", "behaviour", "recommend", "risk"])
def test_each_app_has_the_same_five_headings_in_both_languages(app: str) -> None:
    text = FENCE.sub("", (ROOT / "docs" / f"{app}.md").read_text(encoding="utf-8"))
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Question", "Data", "Command", "Reading the report", "Limits", "问题", "数据", "命令", "怎么读报告", "局限"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_tree_is_the_one_on_disk(readme: Path) -> None:
    tree = next(block for block in blocks(readme, "text") if "src/productloop/" in block)
    shown = [line.split()[0].rstrip("/") for line in tree.splitlines()]
    inside = {line.split()[0].rstrip("/") for line in tree.splitlines() if line.startswith("  ")}
    ignored = {line.strip("/ ") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()} | {".git"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in ignored}
    assert {name.partition("/")[0] for name in shown if name not in inside and (ROOT / name).is_dir()} == folders
    package = ROOT / "src" / "productloop"
    assert inside == {path.name for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert all((ROOT / name).exists() for name in shown if name not in inside)
