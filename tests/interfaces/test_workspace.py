from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces import fake_app
from tests.interfaces.conftest import Command

from productloop.foundation.wording import say
from productloop.interfaces import registry
from productloop.interfaces.commands import COMMANDS
from productloop.interfaces.workspace_commands import RUNS

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def workspace(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    code, out, err = command("init", "shop", "--from", "reviews.csv")
    assert code == 0, err
    assert "Columns understood" in out
    monkeypatch.chdir(folder / "shop")
    return folder / "shop"


def test_every_command_has_something_to_do() -> None:
    assert RUNS.keys() == COMMANDS.keys()


def test_settings_file_of_a_new_workspace_is_valid_and_explains_itself(workspace: Path, ask: Ask) -> None:
    path = workspace / "productloop.toml"
    explained = path.read_text("utf-8").splitlines()
    switched_on = [line.removeprefix("# ") if re.match(r"# (?:[a-z_]+ = |\[events\])", line) else line for line in explained]
    path.write_text("\n".join(line for line in switched_on if "template" not in line), "utf-8")
    answer = ask("settings")
    assert answer["settings"]["serve.port"] == 8321
    assert set(answer["origins"].values()) == {"productloop.toml"}
    assert ask("settings", "--set", "serve.port=9000")["origins"]["serve.port"] == "flag"


def test_import_is_told_and_can_be_undone(workspace: Path, folder: Path, ask: Ask, command: Command) -> None:
    (folder / "more.csv").write_text("text,rating,user_id,created_at\n再来一条,3,u9,2026-03-05 10:00:00\n", "utf-8")
    answer = ask("import", "../more.csv")
    assert [part["num_new"] for part in answer["imports"]] == [1]
    assert ask("import", "../more.csv")["imports"][0]["num_new"] == 0
    assert ask("fake", "count")["report"]["texts"]["value"] == 5
    ledger = ask("imports")["imports"]
    assert [row["status"] for row in ledger] == ["done"] * 3
    code, out, err = command("undo", "2", "--language", "zh")
    assert code == 0, err
    assert "撤销了第 2 次导入" in out
    assert ask("fake", "count")["report"]["texts"]["value"] == 4
    assert ask("undo", "77")["error"]["code"] == "import_unknown"


def test_a_file_given_to_an_app_narrows_its_report(workspace: Path, folder: Path, ask: Ask) -> None:
    (folder / "more.csv").write_text("text,rating,user_id,created_at\n再来一条,3,u9,2026-03-05 10:00:00\n", "utf-8")
    assert ask("fake", "../more.csv")["report"]["texts"]["value"] == 1
    assert ask("fake", "../more.csv", "--all")["report"]["texts"]["value"] == 5
    assert ask("fake", "../more.csv")["report"]["texts"]["value"] == 1, "the same file again is the same data"


def test_run_makes_reports_and_the_first_page_and_keeps_what_did_not_change(workspace: Path, ask: Ask) -> None:
    fake_app.CALLS.clear()
    first = ask("run")
    assert first["ok"], first
    assert fake_app.CALLS == ["mark", "count"], "writers come before readers"
    assert first["files"] == [f"{name}.{language}.html" for name in ("fake-count", "fake-mark", "first-page") for language in ("en", "zh")]
    assert [offer["finding"]["kind"] for offer in first["first_page"]["offers"]] == ["many"]
    assert len(first["quotes"]) == 2
    page = (workspace / "reports" / "first-page.zh.html").read_text("utf-8")
    parts = [page.index(words) for words in ("数据截至 2026-03-04", "上次的决定怎么样了", "变化</h2>", "今天要定的", "这次别太信的")]
    assert parts == sorted(parts)
    assert 'href="fake-count.zh.html"' in page
    fake_app.CALLS.clear()
    second = ask("run")
    assert fake_app.CALLS == []
    assert second["first_page"]["reports"] == first["first_page"]["reports"]


def test_the_first_page_takes_from_a_report_what_its_action_says(workspace: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    only_link = replace(fake_app.COUNT, name="only_link", on_first_page="nothing")
    never = replace(fake_app.COUNT, name="never", on_run=lambda store: store.exists("orders"))
    news = replace(fake_app.COUNT, name="news", on_first_page="line", headline=lambda report: say("fake.many", texts=report.texts))
    no_news = replace(news, name="no_news", headline=lambda _report: None)
    monkeypatch.setattr(registry, "load_apps", lambda: (replace(fake_app.APP, actions=(only_link, never, news, no_news)),))
    page = ask("run")["first_page"]
    said = {made["action"]: (made["headline"] or {}).get("key") for made in page["reports"]}
    assert said == {"fake.only_link": None, "fake.news": "fake.many", "fake.no_news": None}
    assert (page["offers"], page["cautions"]) == ([], []), "their findings and cautions stay on their own pages"
    assert 'href="fake-only_link.en.html"' in (workspace / "reports" / "first-page.en.html").read_text("utf-8")


def test_run_imports_the_inbox_once(workspace: Path, ask: Ask) -> None:
    (workspace / "inbox" / "new.csv").write_text("text,rating,user_id,created_at\n再来一条,3,u9,2026-03-05 10:00:00\n", "utf-8")
    (workspace / "inbox" / "empty.csv").write_text("", "utf-8")
    answer = ask("run")
    assert answer["num_imported"] == 1
    assert [entry["name_en"] for entry in answer["first_page"]["unreadable"]] == ["empty.csv"]
    assert ask("run")["num_imported"] == 0


def test_decide_keeps_the_finding_and_the_next_page_waits_for_it(workspace: Path, ask: Ask, command: Command) -> None:
    assert ask("decide", "1", "do")["error"]["code"] == "finding_unknown"
    ask("run")
    assert ask("decide", "4", "do")["error"]["code"] == "finding_unknown"
    assert ask("decide", "1", "perhaps")["error"]["code"] == "option_value"
    answer = ask("decide", "1", "do", "--owner", "小李", "--review", "2099-01-31")
    assert (answer["finding"], answer["review"]) == ("fake/many/texts", "2099-01-31")
    page = ask("run")["first_page"]
    assert page["offers"] == []
    assert [(entry["verdict"], entry["owner"]) for entry in page["followed"]] == [("too_early", "小李")]
    code, out, _ = command("run", "--language", "zh")
    assert code == 0
    assert "还太早，2099-01-31 再看" in out
    assert "平静的一周" in out


def test_show_counts_a_number_again_on_the_data_it_was_counted_on(workspace: Path, folder: Path, ask: Ask, command: Command) -> None:
    figure = ask("fake", "count")["report"]["texts"]["id"]
    (folder / "more.csv").write_text("text,rating,user_id,created_at\n再来一条,3,u9,2026-03-05 10:00:00\n", "utf-8")
    ask("import", "../more.csv")
    answer = ask("show", figure)
    assert (answer["figure"]["value"], answer["again"]["value"]) == (4, 4)
    assert ask("fake", "count")["report"]["texts"]["value"] == 5
    _, out, _ = command("show", figure, "--language", "zh")
    assert "重算的结果一样" in out
    assert ask("show", "0123456789ab.nothing")["error"]["code"] == "figure_unknown"
    assert ask("show", "x")["error"]["code"] == "figure_unknown"


def test_status_and_doctor_tell_real_numbers(workspace: Path, ask: Ask, command: Command) -> None:
    ask("run")
    answer = ask("status")
    assert answer["loop"]["store"] == {"feedback": 4}
    assert answer["loop"]["features"]["num_people"] == 4
    for language, words in (("zh", "一圈"), ("en", "The loop")):
        code, out, err = command("status", "--language", language)
        assert code == 0, err
        assert words in out
        code, out, err = command("doctor", "--language", language)
        assert code == 0, err
        assert "feedback" in json.dumps(ask("doctor")["tables"])


def test_backup_restore_export_erase_reset(
    workspace: Path, folder: Path, ask: Ask, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("backup", "../copy.zip")["bytes"] > 0
    assert ask("export", "feedback", "../feedback.csv")["rows"] == 4
    assert ask("export", "feedbak")["error"]["code"] == "table_unknown"
    assert ask("erase", "u1")["erased"]["feedback"] == 1
    assert ask("fake", "count")["report"]["texts"]["value"] == 3
    assert ask("compact")["ok"]
    assert ask("reset")["error"]["code"] == "not_confirmed"
    assert ask("reset", "--yes")["ok"]
    assert ask("fake", "count")["error"]["code"] == "nothing_imported"
    monkeypatch.chdir(folder)
    assert ask("restore", "copy.zip", "again")["ok"]
    assert ask("fake", "count", "--workspace", "again")["report"]["texts"]["value"] == 4
    code, out, _ = command("version")
    assert (code, out.startswith("productloop ")) == (0, True)


def test_an_unknown_task_template_names_the_nearest(workspace: Path, ask: Ask) -> None:
    with (workspace / "productloop.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tasks.mine]\ntemplate = "nowhere"\n')
    answer = ask("status")
    assert answer["error"]["code"] == "task_template"
