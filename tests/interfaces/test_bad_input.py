"""Bad files, bad words, bad folders: each gets a plain answer in both languages, the right exit code, and leaves nothing half-written."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from productloop.interfaces.cli import main
from productloop.loop.store import Store

SLOT = re.compile(r"\{\w+(?::\w+)?(?:\|[^}]*)?\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("zh", "en")


def reviews(num_rows: int = 40, year: str = "2025") -> list[str]:
    """A good file: header and rows."""
    rows = (f'r{i},"The app crashes when I pay {i}",{1 + i % 5},{year}-03-{1 + i % 28:02d},u{i % 13}' for i in range(num_rows))
    return ["review_id,text,rating,date,user_id", *rows]


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    return buffer.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
PROGRAM = b"MZ\x90\x00" + bytes(i * 7 % 256 for i in range(4000))
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 4000
GZIPPED = gzip.compress(lines(*reviews(400)), mtime=0)
GIANT = lines(*reviews(5)[:5], 'rb,"' + "x" * 10_000_000 + '",1,2025-03-03,u1')

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("x.csv", b"", "file_empty"),
    "mark": ("x.csv", b"\xef\xbb\xbf", "file_empty"),
    "header": ("x.csv", b"text,rating,date\n", "file_only_header"),
    "numbers": ("x.csv", lines(*map(str, range(50))), "map_no_table"),
    "fifty": ("x.csv", lines(",".join(f"zz{i}" for i in range(50)), *(",".join(str(i * j % 7) for i in range(50)) for j in range(9))), "map_no_table"),
    "png-csv": ("x.csv", PNG, "file_binary"),
    "program-csv": ("x.csv", PROGRAM, "file_binary"),
    "zip-csv": ("x.csv", a_zip(), "file_binary"),
    "noise-csv": ("x.csv", random.Random(1).randbytes(5000), "file_binary"),
    "page-xls": ("x.xls", b"<html><body><table><tr><td>text</td></tr></table></body></html>", "file_binary"),
    "page-csv": ("x.csv", b"\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "file_binary"),
    "xls": ("x.xls", OLD_EXCEL, "file_xls_old"),
    "xls-csv": ("x.csv", OLD_EXCEL, "file_xls_old"),
    "zip-xlsx": ("x.xlsx", a_zip(), "file_broken"),
    "cut-xlsx": ("x.xlsx", a_zip()[:40], "file_broken"),
    "cut-parquet": ("x.parquet", b"PAR1" + b"\0" * 300, "file_broken"),
    "cut-json": ("x.json", b'[{"text":"a","rating":1},{"tex', "file_broken"),
    "deep-json": ("x.json", b"[" * 100_000, "file_broken"),
    "half-json": ("x.jsonl", b'{"text":"bad app","rating":1}\nnot json\n' * 9, "file_broken"),
    "cut-gzip": ("x.csv.gz", GZIPPED[: len(GZIPPED) // 2], "file_gzip_truncated"),
    "damaged-gzip": ("x.csv.gz", GZIPPED[:60] + bytes([GZIPPED[60] ^ 255]) + GZIPPED[61:], "file_gzip_truncated"),
    "giant-cell": ("x.csv", GIANT, "file_cell_too_large"),
    "no-year": ("x.csv", lines("user_id,event,time", *(f"u{i},view,20255-01-0{1 + i % 9} 10:00:00" for i in range(9))), "no_usable_row"),
}  # fmt: skip
"""Case -> (name of the file, its bytes, code of the error)."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty workspace `ws` and a good file `good.csv`; nothing in this module may change the workspace."""
    folder = tmp_path_factory.mktemp("bad")
    Store.create(folder / "ws").close()
    (folder / "good.csv").write_bytes(lines(*reviews()))
    return folder


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "PRODUCTLOOP_INTERFACE_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(home)


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*tokens: str | Path) -> tuple[int, str, str]:
        code = main([str(token) for token in tokens])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def snapshot(root: Path) -> dict[str, int]:
    """Files of a workspace that hold data, with their sizes; empty database journals come and go."""
    left_out = ("-wal", "-shm", ".lock")
    return {
        p.relative_to(root).as_posix(): p.stat().st_size for p in sorted(root.rglob("*")) if p.is_file() and not p.name.endswith(left_out)
    }


def refused(say: Said, home: Path, *tokens: str | Path) -> tuple[int, str, dict[str, str]]:
    """(exit code, code of the error, its English sentences) of a refusal: in both languages, nothing unfilled, nothing written."""
    before = snapshot(home / "ws")
    exit_code, out, _ = say(*tokens, "--language", "zh", "--json")
    chinese = json.loads(out)["error"]
    got, out, err = say(*tokens, "--language", "en")
    assert (got, out) == (exit_code, ""), err
    titles, english = zip(*(line.split(": ", 1) for line in err.splitlines()[-3:]), strict=True)
    assert titles == ("What happened", "What was expected", "What to do next")
    assert all(text.strip() and not SLOT.search(text) for text in (*chinese.values(), *english))
    assert HAN.search(chinese["happened"])
    assert HAN.search(chinese["fix"])
    assert not HAN.search(english[2])
    assert snapshot(home / "ws") == before
    return exit_code, chinese["code"], dict(zip(("happened", "expected", "fix"), english, strict=True))


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_told_and_nothing_is_written(say: Said, home: Path, tmp_path: Path, case: str) -> None:
    name, content, code = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    exit_code, told, error = refused(say, home, "import", tmp_path / name, "--workspace", "ws")
    assert (exit_code, told) == (3, code)
    assert name in error["happened"]
    assert len(error["happened"]) < 500
    with contextlib.closing(Store(home / "ws")) as store:
        assert store.state.imports() == []


def test_a_database_is_no_table(say: Said, home: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "x.csv")) as connection:
        connection.execute("CREATE TABLE t (a)")
    exit_code, code, error = refused(say, home, "import", tmp_path / "x.csv", "--workspace", "ws")
    assert (exit_code, code) == (3, "file_binary")
    assert "Export the tables" in error["fix"]


WRONG_WORDS: dict[str, tuple[tuple[str, ...], str, int, str]] = {
    "file": (("import", "god.csv"), "file_not_found", 3, "good.csv"),
    "long-name": (("import", "x" * 300 + ".csv"), "file_not_found", 3, ""),
    "empty-word": (("import", ""), "word_empty", 2, ""),
    "map-target": (("import", "good.csv", "--map", "txet=text"), "map_target_unknown", 2, "text"),
    "map-column": (("import", "good.csv", "--map", "text=txet"), "map_column_unknown", 2, "text"),
    "map-twice": (("import", "good.csv", "--map", "text=text,title=text"), "map_column_twice", 2, "text"),
    "table": (("import", "good.csv", "--table", "feedbak"), "map_table_unknown", 2, "feedback"),
    "outcome-shape": (("import", "good.csv", "--outcome", "Churn"), "outcome_unreadable", 2, "Churn=Yes"),
    "outcome-column": (("import", "good.csv", "--outcome", "ratng=1"), "map_column_unknown", 2, "rating"),
    "columns": (("import", "good.csv", "--columns", "a,b"), "file_columns_do_not_fit", 3, "r0"),
    "columns-twice": (("import", "good.csv", "--columns", "a,b,a,c,d"), "file_columns_twice", 2, "a"),
    "encoding": (("import", "good.csv", "--encoding", "utf99"), "file_unknown_encoding", 3, "gb18030"),
    "no-encoding": (("import", "good.csv", "--encoding", "base64"), "file_unknown_encoding", 3, "utf-8"),
    "other-encoding": (("import", "good.csv", "--encoding", "utf-16"), "file_wrong_encoding", 3, "utf-16"),
    "delimiter": (("import", "good.csv", "--delimiter", ";"), "file_wrong_delimiter", 3, ","),
    "time-zone": (("import", "good.csv", "--time-zone", "Asia/Shangai"), "time_zone_unknown", 2, "Asia/Shanghai"),
    "time-zone-path": (("import", "good.csv", "--time-zone", "../etc/passwd"), "time_zone_unknown", 2, ""),
    "option": (("import", "good.csv", "--tabel", "orders"), "option_unknown", 2, "--table"),
    "app": (("neds",), "command_unknown", 2, "needs"),
    "action": (("needs", "anaylse"), "action_unknown", 2, "analyse"),
    "path": (("needs", "./god.csv"), "action_unknown", 2, "good.csv"),
    "setting": (("status", "--set", "product.timezone=UTC"), "setting_unknown", 2, "product.time_zone"),
    "setting-zone": (("status", "--set", "product.time_zone=Mars/Base"), "time_zone_unknown", 2, "command line"),
    "number": (("undo", "abc"), "option_value", 2, "a whole number"),
    "bound": (("demo", "elsewhere", "--scale", "0"), "option_value", 2, "more than 0"),
    "day": (("needs", "--since", "2025-13-45"), "day_unreadable", 2, "2026-03-31"),
    "range": (("needs", "good.csv", "--since", "2025-05-01", "--until", "2025-04-01"), "range_empty", 2, "swap"),
    "condition": (("needs", "good.csv", "--where", "nonsense"), "condition_unreadable", 2, "platform=android"),
    "output": (("status", "--output", "x.docx"), "output_format", 2, ".html"),
    "undo": (("undo", "99"), "import_unknown", 2, "99"),
    "undo-far": (("undo", "9" * 23), "import_unknown", 2, "9" * 23),
    "show": (("show", "nosuch"), "figure_unknown", 2, "nosuch"),
    "erase": (("erase", "nobody"), "person_unknown", 2, "nobody"),
    "export": (("export", "nosuch"), "table_unknown", 2, "feedback"),
    "export-folder": (("export", "feedback", "."), "workspace_unwritable", 3, "folder"),
    "backup-folder": (("backup", "."), "backup_failed", 3, "folder"),
    "restore": (("restore", "good.csv", "restored"), "backup_unreadable", 3, "zip"),
    "restore-nothing": (("restore", "none.zip", "restored"), "backup_unreadable", 3, "no such file"),
    "rollback": (("rollback", "churn"), "nothing_live", 2, "productloop run"),
    "decide": (("decide", "1", "do"), "finding_unknown", 2, "productloop run"),
    "needs-nothing": (("needs",), "nothing_imported", 3, "feedback"),
    "behaviour-nothing": (("behaviour",), "nothing_imported", 3, "events"),
    "recommend-nothing": (("recommend",), "nothing_imported", 3, "events"),
}  # fmt: skip
"""Case -> (the command, code of the error, exit code, a word its sentences hold)."""


@pytest.mark.parametrize("case", WRONG_WORDS)
def test_a_wrong_word_is_told_with_what_is_near(say: Said, home: Path, case: str) -> None:
    tokens, code, exit_code, word = WRONG_WORDS[case]
    *codes, error = refused(say, home, *tokens, "--workspace", "ws")
    assert codes == [exit_code, code]
    assert word in " ".join(error.values())
    assert sorted(path.name for path in home.iterdir()) == ["good.csv", "ws"]


SETTINGS_FILES: dict[str, tuple[bytes, str, str]] = {
    "key": (b"[product]\nnmae='x'\n", "setting_unknown", "product.name"),
    "section": (b"[prodct]\nname='x'\n", "setting_unknown", "product.name"),
    "broken": (b"[product\nname=", "setting_file", "line 1"),
    "encoding": ("[product]\nname='产品'\n".encode("gb18030"), "setting_file", "UTF-8"),
    "zone": (b"[product]\ntime_zone='Asia/Shangai'\n", "time_zone_unknown", "Asia/Shanghai"),
    "kind": (b"[loop]\nseed='x'\n", "setting_value", "a whole number"),
    "week": (b"[product]\nweek_start='friday'\n", "setting_value", "monday"),
    "template": (b"[tasks.x]\ntemplate='nope'\n", "task_template", "risk.outcome"),
}


@pytest.mark.parametrize("case", SETTINGS_FILES)
def test_a_broken_settings_file_is_told(say: Said, tmp_path: Path, case: str) -> None:
    content, code, word = SETTINGS_FILES[case]
    Store.create(tmp_path / "ws").close()
    (tmp_path / "ws" / "productloop.toml").write_bytes(content)
    exit_code, told, error = refused(say, tmp_path, "status", "--workspace", tmp_path / "ws")
    assert (exit_code, told) == (2, code)
    assert word in " ".join(error.values())


def test_a_damaged_state_asks_for_a_backup(say: Said, tmp_path: Path) -> None:
    Store.create(tmp_path / "ws").close()
    (tmp_path / "ws" / ".productloop" / "state.db").write_bytes(b"garbage" * 1000)
    exit_code, code, error = refused(say, tmp_path, "status", "--workspace", tmp_path / "ws")
    assert (exit_code, code) == (3, "state_unreadable")
    assert "restore" in error["fix"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_links_in_a_circle_pipes_and_links_to_nowhere(say: Said, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "c.csv").symlink_to(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    link = ("file_link_broken", "a link to a file that does not exist, or one that leads in a circle", "Name the file itself")
    pipe = ("file_special", "neither a file nor a folder, but a pipe or a device", "Save what it gives to a file first")
    for name, (code, what, fix) in {"a.csv": link, "c.csv": link, "pipe.csv": pipe}.items():
        exit_code, told, error = refused(say, home, "import", tmp_path / name, "--workspace", "ws")
        assert (exit_code, told) == (3, code)
        assert f"{name} is {what}" in error["happened"]
        assert fix in error["fix"]


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(Store(folder / "ws")) as store:
        return store.rows(query)


def brought(say: Said, folder: Path, path: Path, *more: str) -> dict[str, Any]:
    """Import into a fresh workspace beside it; the only part."""
    if not (folder / "ws").exists():
        Store.create(folder / "ws").close()
    code, out, err = say("import", path, "--workspace", folder / "ws", "--json", *more)
    assert code == 0, out + err
    (part,) = json.loads(out)["imports"]
    assert say("status", "--workspace", folder / "ws")[0] == 0
    return dict(part)


def chinese() -> list[str]:
    return ["评论,评分,时间,用户", *(f"支付页面总是卡住{i},{1 + i % 5},2025-03-{1 + i % 28:02d},用户{i % 9}" for i in range(40))]


ODD_NAMES = '"te""xt\nreview","😀","date","{slot}","[red]x[/red]"\n'.encode() + lines(
    *(f"the app is slow {i},{i},2025-01-0{i},{{a}},[b]" for i in range(1, 10))
)
MANY_COLUMNS = lines(
    "user_id,date," + ",".join(f"f{i}" for i in range(298)),
    *(f"u{j},2025-01-0{1 + j}," + ",".join(str(i * j % 7) for i in range(298)) for j in range(9)),
)
ODD: dict[str, tuple[str, bytes, str, int]] = {
    "utf-16": ("x.csv", "\n".join(reviews()).encode("utf-16"), "feedback", 40),
    "gb18030": ("x.csv", "\n".join(chinese()).encode("gb18030"), "feedback", 40),
    "zero-byte": ("x.csv", lines(*reviews()).replace(b"crashes when I pay 4", b"cra\0shes when I pay 4"), "feedback", 40),
    "line-ends": ("x.csv", "".join(row + ("\r\n", "\n", "\r")[i % 3] for i, row in enumerate(reviews())).encode(), "feedback", 40),
    "same-names": ("x.csv", lines("text,text,date,date", *(f"good app {i},bad app {i},2025-01-0{i},2025-02-0{i}" for i in range(1, 10))), "feedback", 9),
    "odd-names": ("x.csv", ODD_NAMES, "feedback", 9),
    "one-row": ("x.csv", lines(*reviews(1)), "feedback", 1),
    "not-xlsx": ("x.xlsx", lines(*reviews()), "feedback", 40),
    "chinese-path": ("我的 文件 (1).csv", lines(*reviews()), "feedback", 40),
    "many-columns": ("x.csv", MANY_COLUMNS, "actors", 9),
    "negative": ("x.csv", lines("order_id,user_id,amount,currency,date", *(f"o{i},u{i},-{i}.50,CNY,2025-01-0{i}" for i in range(1, 10))), "orders", 9),
    "future": ("x.csv", lines("user_id,event,time", *(f"u{i},view,2090-01-0{i} 10:00:00" for i in range(1, 10))), "events", 9),
}  # fmt: skip
"""Case -> (name, bytes, table, rows)."""


@pytest.mark.parametrize("case", ODD)
def test_an_odd_file_is_read(say: Said, tmp_path: Path, case: str) -> None:
    name, content, table, num_rows = ODD[case]
    (tmp_path / name).write_bytes(content)
    part = brought(say, tmp_path, tmp_path / name)
    assert (part["table"], part["num_rows"], part["num_new"], part["num_quarantined"]) == (table, num_rows, num_rows, 0)
    if case == "many-columns":
        return  # two seconds each time
    said = say("import", tmp_path / name, "--workspace", tmp_path / "ws", "--language", "zh")[1]
    assert HAN.search(said)
    assert case == "odd-names" or not SLOT.search(said)


def test_impossible_years_are_counted_and_kept_aside(say: Said, tmp_path: Path) -> None:
    rows = reviews()
    rows[3], rows[9] = rows[3].replace("2025-", "20255-"), rows[9].replace("2025-", "20255-")
    (tmp_path / "some.csv").write_bytes(lines(*rows))
    part = brought(say, tmp_path, tmp_path / "some.csv")
    assert part["unreadable"] == [["date", "year_out_of_range", 2]]
    assert rows_of(tmp_path, 'SELECT line, "column", reason FROM quarantine ORDER BY line') == [
        (4, "time", "year_out_of_range"),
        (10, "time", "year_out_of_range"),
    ]
    assert rows_of(tmp_path, "SELECT count(*), count(time) FROM feedback") == [(40, 38)]
    for language, words in (("en", "2 cells of date cannot be read"), ("zh", "date 有 2 格读不出来")):
        code, out, _ = say("import", tmp_path / "some.csv", "--workspace", tmp_path / "ws", "--language", language)
        assert code == 0
        assert words in out
    (tmp_path / "all.csv").write_bytes(lines(*reviews(year="20255")).replace(b"\nr", b"\ns"))
    part = brought(say, tmp_path, tmp_path / "all.csv")
    assert part["unreadable"] == [["date", "year_out_of_range", 40]]
    assert "prevents.feedback.time" in {said["key"] for said in part["prevents"]}


def test_impossible_years_of_events_set_their_rows_aside(say: Said, tmp_path: Path) -> None:
    rows = [f"u{i},view,{'20255' if i == 3 else '2025'}-01-0{i} 10:00:00" for i in range(1, 10)]
    (tmp_path / "x.csv").write_bytes(lines("user_id,event,time", *rows))
    part = brought(say, tmp_path, tmp_path / "x.csv")
    assert (part["num_new"], part["num_quarantined"], part["quarantine"]) == (8, 1, [["time", 1]])
    assert rows_of(tmp_path, 'SELECT line, "column" FROM quarantine') == [(4, "time")]


def test_the_sign_of_an_amount_is_its_currency(say: Said, tmp_path: Path) -> None:
    rows = (f"o{i},u{i},{'¥$€'[i % 3]}{i}.50,2025-01-0{1 + i}" for i in range(9))
    (tmp_path / "x.csv").write_bytes(lines("order_id,user_id,amount,date", *rows))
    brought(say, tmp_path, tmp_path / "x.csv")
    found = rows_of(tmp_path, "SELECT currency, sum(amount) FROM orders GROUP BY 1 ORDER BY 1")
    assert [(currency, int(total)) for currency, total in found] == [("CNY", 1050), ("EUR", 1650), ("USD", 1350)]


def test_a_formula_is_text_inside_and_escaped_outside(say: Said, tmp_path: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    (tmp_path / "x.csv").write_bytes(lines(*reviews(5), f'rb,"{formula}",1,2025-03-03,u1'))
    brought(say, tmp_path, tmp_path / "x.csv")
    assert rows_of(tmp_path, "SELECT text FROM feedback WHERE id = 'rb'") == [(formula,)]
    assert say("export", "feedback", tmp_path / "out.csv", "--workspace", tmp_path / "ws")[0] == 0
    assert f"'{formula}" in (tmp_path / "out.csv").read_text("utf-8-sig")


ORDERS = (f"o{i},u{i % 7},{i}.5,{('CNY', 'USD')[i % 2]},2025-01-{1 + i % 28:02d}" for i in range(40))
ACTORS = (f"c{i},{i % 30},{'ab'[i % 2]}" for i in range(40))
THIN: dict[str, tuple[bytes, tuple[int, int, int, int]]] = {
    "one-row": (lines(*reviews(1)), (0, 3, 3, 0)),
    "only-orders": (lines("order_id,user_id,amount,currency,date", *ORDERS), (3, 3, 0, 0)),
    "only-actors": (lines("customer_id,tenure,plan", *ACTORS), (3, 3, 3, 0)),
    "undated": (lines("text,rating", *(f"The app crashes when I pay {i},{1 + i % 5}" for i in range(12))), (0, 3, 3, 0)),
    "one-user": (
        lines("user_id,event,time,item", *(f"u1,view,2025-01-{1 + i % 28:02d} 10:00:00,i{i % 5}" for i in range(40))),
        (3, 0, 0, 0),
    ),
    "same-time": (lines("user_id,event,time,item", *(f"u{i % 20},view,2025-01-01 10:00:00,i{i % 5}" for i in range(40))), (3, 0, 0, 0)),
}
"""Case -> (bytes of the only file, exit codes of needs, behaviour, recommend, risk)."""


@pytest.mark.parametrize("case", THIN)
def test_a_thin_workspace_answers_plainly(say: Said, tmp_path: Path, case: str) -> None:
    content, exits = THIN[case]
    (tmp_path / "x.csv").write_bytes(content)
    brought(say, tmp_path, tmp_path / "x.csv")
    for app, exit_code in zip(("needs", "behaviour", "recommend", "risk"), exits, strict=True):
        answers = {language: say(app, "--workspace", tmp_path / "ws", "--language", language) for language in LANGUAGES}
        assert {answer[0] for answer in answers.values()} == {exit_code}, (app, answers)
        texts = {language: answer[1] + answer[2] for language, answer in answers.items()}
        assert HAN.search(texts["zh"]), (app, texts["zh"])
        assert texts["zh"] != texts["en"]
        assert not SLOT.search("".join(texts.values()))


def test_labels_that_are_all_equal_are_said(say: Said, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(lines("customer_id,tenure,Churn", *(f"c{i},{i % 30},No" for i in range(40))))
    brought(say, tmp_path, tmp_path / "x.csv", "--outcome", "Churn=Yes")
    assert "Every known result is the same" in " ".join(say("risk", "--workspace", tmp_path / "ws", "--language", "en")[1].split())
    assert "结果" in say("risk", "--workspace", tmp_path / "ws", "--language", "zh")[1]


def test_a_full_disk_is_said_and_the_workspace_goes_on(say: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_bytes(lines(*reviews(3)))
    brought(say, tmp_path, tmp_path / "x.csv")
    (tmp_path / "y.csv").write_bytes(lines(*reviews(9)))

    def full(*_: object, **__: object) -> None:
        raise OSError("Generic LocalFileSystem error: Unable to copy data to file: No space left on device (os error 28)")

    with monkeypatch.context() as patch:
        patch.setattr("productloop.loop.lake.write_file", full)
        for language, words in (("zh", "磁盘满了"), ("en", "the disk is full")):
            code, out, _ = say("import", tmp_path / "y.csv", "--workspace", tmp_path / "ws", "--json", "--language", language)
            error = json.loads(out)["error"]
            assert (code, error["code"]) == (3, "lake_unwritable")
            if sys.platform != "win32":
                assert words in error["happened"]
    assert rows_of(tmp_path, "SELECT count(*) FROM feedback") == [(3,)]
    assert brought(say, tmp_path, tmp_path / "y.csv")["num_new"] == 6


@pytest.mark.parametrize(("number", "zh", "en"), [(28, "磁盘满了", "the disk is full"), (13, "没有权限", "no right")])
def test_what_the_system_refuses_anywhere_is_no_traceback(
    say: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, zh: str, en: str
) -> None:
    Store.create(tmp_path / "ws").close()

    def refuse(*_: object, **__: object) -> bytes:
        raise OSError(number, os.strerror(number), "identity.key")

    (tmp_path / "x.csv").write_bytes(lines(*reviews(3)))
    monkeypatch.setattr(Store, "identity_key", refuse)
    for language, words in (("zh", zh), ("en", en)):
        code, out, _ = say("import", tmp_path / "x.csv", "--workspace", tmp_path / "ws", "--json", "--language", language)
        error = json.loads(out)["error"]
        assert (code, error["code"]) == (3, "system_refused")
        assert words in error["happened"]


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do everything")
def test_folders_without_rights(say: Said, home: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "x.csv").write_bytes(lines(*reviews(3)))
    (tmp_path / "locked").chmod(0)
    (tmp_path / "unread.csv").write_bytes(lines(*reviews(3)))
    (tmp_path / "unread.csv").chmod(0)
    try:
        for path in (tmp_path / "locked" / "x.csv", tmp_path / "unread.csv"):
            exit_code, code, error = refused(say, home, "import", path, "--workspace", "ws")
            assert (exit_code, code) == (3, "file_no_rights")
            assert f"{path.name} may not be read" in error["happened"]
            assert "Change the rights of the file" in error["fix"]
    finally:
        (tmp_path / "locked").chmod(0o700)


def run_cli(folder: Path, *tokens: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL", "LANG", "PYTHONUTF8")}
    command = [sys.executable, "-m", "productloop", *map(str, tokens)]
    return subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize(("encoding", "language"), [("gbk", "zh"), ("ascii", "zh")])
def test_an_old_console_never_stops_a_command(home: Path, encoding: str, language: str) -> None:
    done = run_cli(home, "status", "--workspace", "ws", "--language", language, PYTHONIOENCODING=encoding, LANG="C", NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert b"\x1b[" not in done.stdout
    assert (HAN.search(done.stdout.decode(encoding)) is not None) == (encoding == "gbk")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell pipe")
def test_a_reader_that_leaves_is_no_error(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "productloop", "settings", "--workspace", "ws"], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=120), said) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux only")
def test_a_file_name_that_is_no_text(say: Said, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff\xfename.csv"))
    path.write_bytes(lines(*reviews(3)))
    assert brought(say, tmp_path, path)["num_new"] == 3
    assert say("imports", "--workspace", tmp_path / "ws", "--json")[0] == 0
    assert say("needs", path, "--workspace", tmp_path / "ws")[0] == 0


def test_two_imports_at_the_same_time(tmp_path: Path) -> None:
    Store.create(tmp_path / "ws").close()
    (tmp_path / "a.csv").write_bytes(lines(*reviews(30)))
    (tmp_path / "b.csv").write_bytes(lines(*reviews(40)))
    command = [sys.executable, "-m", "productloop", "import", "--workspace", "ws", "--json"]
    both = [subprocess.Popen([*command, name], cwd=tmp_path, stdout=subprocess.PIPE) for name in ("a.csv", "b.csv")]
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert [answer["ok"] for answer in answers] == [True, True]
    assert rows_of(tmp_path, "SELECT count(*), count(DISTINCT row_id) FROM feedback") == [(40, 40)]
