"""What leaves: a list by file or webhook, only once started, and messages only once approved."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from prevention_workspace import act
from risk_workspaces import run_on, settings_of

from productloop.apps.risk import _delivery, _drafts
from productloop.apps.risk._playbook import BUILT_IN
from productloop.apps.risk.drafts_report import approve_page, drafts_page
from productloop.apps.risk.drafts_types import ApproveRequest, DraftsRequest
from productloop.apps.risk.prevent_types import PreventRequest
from productloop.foundation.errors import ProviderUnreachable, UsageError
from productloop.llm.provider import Scripted
from productloop.loop.campaigns import campaigns, drafts
from productloop.loop.store import Store


@pytest.fixture
def store(tmp_path: Path, prevention_template: Path) -> Iterator[Store]:
    shutil.copytree(prevention_template, tmp_path / "w")
    made = Store(tmp_path / "w")
    yield made
    made.close()


# leaving the house -------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]], list[int]]]:
    """A server on this machine: (address, what it got, codes it answers with, 200 once they are used up)."""
    got: list[tuple[str, dict[str, Any]]] = []
    codes: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = codes.pop(0) if codes else 200
            got.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/lists", got, codes
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_list_is_posted_with_ids_and_actions_only_and_the_message_after_approval(
    store: Store, receiver: tuple[str, list[tuple[str, dict[str, Any]]], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, got, codes = receiver
    monkeypatch.setattr(_delivery, "PART_LINES", 20)
    monkeypatch.setattr(_delivery, "FIRST_WAIT_SECONDS", 0.0)
    run = run_on(store)
    act(run, "prevent", PreventRequest(capacity=30, start=True, action=("message",)))
    name = campaigns(store)[0].id
    codes.append(503)
    report = act(run, "prevent", PreventRequest(campaign=name, webhook=address))
    assert report.num_sent == 30
    worths = [line.worth[0].value for line in report.lines]
    assert worths == sorted(worths, reverse=True)
    assert [body["part"] for _, body in got] == [1, 1, 2]
    assert got[0][0] == got[1][0] != got[2][0]
    line = got[0][1]["lines"][0]
    assert set(line) == {"account", "people", "action", "message"}
    assert line["message"] is None
    listed = act(run, "drafts", DraftsRequest())
    assert [draft.status for draft in listed.drafts] == ["waiting"]
    assert drafts_page(listed).blocks
    assert approve_page(act(run, "approve", ApproveRequest(draft=listed.drafts[0].id))).blocks
    assert {draft.status for draft in drafts(store)} == {"approved"}
    act(run, "prevent", PreventRequest(campaign=name, webhook=address))
    assert "Acme" not in got[-1][1]["lines"][0]["message"]["en"]
    assert "our product" in got[-1][1]["lines"][0]["message"]["en"]


@pytest.mark.parametrize(("code", "tries"), [(404, 1), (302, 1), (500, 3)])
def test_a_list_that_does_not_arrive_is_an_error_that_says_how_to_go_on(
    receiver: tuple[str, list[tuple[str, dict[str, Any]]], list[int]], code: int, tries: int
) -> None:
    address, got, codes = receiver
    codes += [code] * 3
    with pytest.raises(ProviderUnreachable) as error:
        _delivery.post_list(address, "prevent:churn:x", [{"account": "a"}], {}, first_wait=0.0)
    assert len(got) == tries
    assert f"HTTP {code}" in str(error.value)
    assert "/lists" not in str(error.value)
    assert error.value.exit_code == 4


@pytest.mark.parametrize(
    "address", ["http://example.com/x", "file:///etc/passwd", "https://a:b@example.com", "ftp://example.com", "x", "https://["]
)
def test_a_list_goes_to_no_unsafe_address(address: str) -> None:
    with pytest.raises(UsageError):
        _delivery.check_address(address)
    assert _delivery.check_address("https://example.com/hook?key=1") == "example.com"


@pytest.mark.parametrize("name", ["../x.csv", "/tmp/x.csv", "x.txt", "a/b.csv", ".csv", "C:\\x.csv", "lists/../x.csv"])
def test_a_list_is_written_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        _delivery.list_path(tmp_path, name)
    assert _delivery.list_path(tmp_path, "名单 1.csv") == tmp_path / "lists" / "名单 1.csv"


def test_a_list_leaves_only_once_it_was_started(store: Store) -> None:
    run = run_on(store)
    for request in (
        PreventRequest(export="x.csv"),
        PreventRequest(webhook="https://example.com"),
        PreventRequest(campaign="x", start=True),
    ):
        with pytest.raises(UsageError):
            act(run, "prevent", request)
    with pytest.raises(UsageError):
        act(run, "prevent", PreventRequest(campaign="nothing"))
    assert not (store.root / "lists").exists()


def test_a_file_escapes_formulas_and_opens_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "lists" / "x.csv"
    _delivery.write_list(path, ["customer"], [["=cmd()"], ["公司"]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "lists" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["customer", "'=cmd()", "公司"]


# messages ----------------------------------------------------------------------------------------------------------------


def test_a_model_may_word_a_message_but_add_no_number(store: Store) -> None:
    good = json.dumps({"zh": "您好，{product}最近用得顺手吗？", "en": "Hello, how is {product} going?"}, ensure_ascii=False)
    bad = json.dumps({"zh": "您好，{product}给您打五折！", "en": "Half price on {product}!"}, ensure_ascii=False)
    run = replace(run_on(store, settings_of(product__name="Acme")), provider=Scripted([good, bad, "no json"]))
    made = _drafts.make_drafts(run, "prevent:churn:x", BUILT_IN, 5)
    assert [draft.source for draft in made] == ["scripted", "template", "template"]
    assert made[0].en == "Hello, how is Acme going?"
    assert made[1].en == BUILT_IN[1].message.en.replace("{product}", "Acme")
    with pytest.raises(UsageError):
        act(run, "approve", ApproveRequest(draft="nothing"))


@pytest.mark.parametrize("text", ["3 days", "two weeks free", "八折", "一半", "https://x.cn", "{name}", "", "x" * 700, "50％", "<b>"])
def test_what_a_model_may_not_write(text: str) -> None:
    assert not _drafts.is_locked(text, "Hello {product}")
    assert _drafts.is_locked("Hello, {product} misses you", "Hello {product}")
