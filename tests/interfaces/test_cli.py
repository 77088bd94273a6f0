from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.interfaces.conftest import Command


def test_a_file_outside_a_workspace_gives_a_report_and_leaves_nothing(command: Command, folder: Path) -> None:
    code, out, err = command("fake", "reviews.csv")
    assert code == 0, err
    assert "Counted" in out
    assert out.rstrip().endswith("productloop init my-product --from reviews.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["reviews.csv"]


def test_json_is_one_object_with_report_quotes_and_definitions(command: Command) -> None:
    code, out, _ = command("fake", "count", "reviews.csv", "--json", "--language", "zh")
    answer = json.loads(out)
    assert code == 0
    assert answer["ok"] is True
    assert answer["report"]["texts"]["value"] == 4
    assert set(answer["quotes"]) == set(answer["report"]["quotes"])
    assert answer["definitions"]["fake.definition"] == "反馈的条数"


def test_request_fields_become_options(command: Command) -> None:
    tokens = (
        "--limit",
        "3",
        "--words",
        "慢,slow",
        "--order=rating",
        "--strict",
        "--since",
        "2026-03-02",
        "--where",
        "rating>=1",
        "--where",
        "rating<=4",
    )
    code, out, err = command("fake", "reviews.csv", *tokens, "--json")
    assert code == 0, err
    answer = json.loads(out)
    echo = answer["report"]["echo"]
    assert (echo["limit"], echo["words"], echo["order"], echo["strict"]) == (3, ["慢", "slow"], "rating", True)
    assert echo["scope"]["where"] == ["rating>=1", "rating<=4"]
    assert answer["report"]["texts"]["value"] == 2


@pytest.mark.parametrize(
    ("tokens", "code", "words"),
    [
        (("fkae",), "command_unknown", "fake"),
        (("fake", "cuont"), "action_unknown", "count"),
        (("fake", "review.csv"), "action_unknown", "reviews.csv"),
        (("fake", "reviews.csv", "--limt", "3"), "option_unknown", "limit"),
        (("fake", "reviews.csv", "--limit", "many"), "option_value", "limit"),
        (("fake", "reviews.csv", "--limit", "0"), "option_value", "limit"),
        (("fake", "reviews.csv", "--order", "size"), "option_value", "time / rating"),
        (("fake", "reviews.csv", "--limit"), "option_no_value", "limit"),
        (("fake",), "no_workspace", "productloop init"),
        (("undo",), "argument_missing", "number"),
    ],
)
def test_a_wrong_word_is_an_error_that_names_the_nearest(command: Command, tokens: tuple[str, ...], code: str, words: str) -> None:
    exit_code, out, _ = command(*tokens, "--json")
    answer = json.loads(out)
    assert exit_code == 2
    assert answer["error"]["code"] == code
    assert words in " ".join(answer["error"].values())
    exit_code, out, err = command(*tokens)
    assert (exit_code, out) == (2, "")
    assert "What to do next" in err


def test_a_data_problem_exits_with_three_in_the_readers_language(command: Command) -> None:
    code, _, err = command("fake", "reviews.csv", "--fail", "--language", "zh")
    assert code == 3
    assert "接下来怎么办：再来" in err


def test_output_writes_a_report_that_loads_nothing_from_anywhere(command: Command, folder: Path) -> None:
    for name in ("report.html", "report.md", "report.json"):
        code, _, err = command("fake", "reviews.csv", "--output", name)
        assert code == 0, err
    assert "导出太慢了" in (folder / "report.html").read_text("utf-8")
    assert json.loads((folder / "report.json").read_text("utf-8"))["ok"] is True
    code, _, err = command("fake", "reviews.csv", "--output", "report.docx")
    assert code == 2
    assert ".html" in err


def test_help_is_derived_and_in_the_readers_language(command: Command) -> None:
    code, out, _ = command("--help")
    assert code == 0
    assert "How many are there?" in out
    assert "status" in out
    _, out, _ = command("fake", "--help", "--language", "zh")
    assert "最多几行（默认 10）" in out
    assert "--since" in out
    assert "数一数" in out
    _, out, _ = command("import", "--help")
    assert "--outcome" in out


def test_an_interrupt_says_that_nothing_is_half_written(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("productloop.interfaces.app_command.import_path", stop)
    code, _, err = command("fake", "reviews.csv", "--language", "zh")
    assert code == 130
    assert "没有写一半" in err


HEAVY = ("sklearn", "duckdb", "fastapi", "torch", "scipy", "lightgbm", "deltalake", "openai", "jieba")


@pytest.mark.parametrize(
    "statement",
    [
        "import productloop",
        "from productloop.interfaces.cli import main; main(['--help'])",
        "from productloop.interfaces.cli import main; main(['needs', '--help'])",
    ],
)
def test_import_and_help_load_nothing_heavy(statement: str) -> None:
    check = f"import sys; {statement}; found = [name for name in {HEAVY} if name in sys.modules]; sys.exit(','.join(found) if found else 0)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-400:]


def test_a_console_of_an_old_code_page_never_stops_a_report(folder: Path) -> None:
    (folder / "emoji.csv").write_text(
        "text,rating,user_id,created_at\n好用 👍🎉,5,u1,2026-03-01\n太慢 😡,1,u2,2026-03-02\n", encoding="utf-8"
    )
    code = (
        "import sys, tests.interfaces.fake_app as f, productloop.interfaces.registry as r, productloop.interfaces.cli as c\n"
        "r.load_apps = lambda: (f.APP,)\nsys.exit(c.main(['fake', 'emoji.csv', '--language', 'zh']))"
    )
    root = Path(__file__).parents[2]
    for encoding in ("gbk", "ascii"):
        environment = {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(root), "PATH": "", "SYSTEMROOT": "", "PYTHONUTF8": "0"}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, cwd=folder)
        assert done.returncode == 0, done.stderr[-600:]
