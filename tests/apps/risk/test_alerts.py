"""Alert rules: read and checked, sent to a real local web server and a real local mail server, not twice within the cool-down, and never lost."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from risk_workspaces import run_on, settings_of
from watch_workspaces import DAY_US, metric_rows

from productloop.apps.risk import APP
from productloop.apps.risk._alerts_rules import read_rules
from productloop.apps.risk.alerts_report import alerts_page
from productloop.apps.risk.alerts_types import AlertsReport, AlertsRequest
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.page import Grid, Line
from productloop.foundation.wording import LANGUAGES, speak
from productloop.loop.action import perform
from productloop.loop.store import Store


class Hook:
    """A web server that keeps what is posted, and answers with `status`."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.status, self.answer = 200, b"ok"
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.received.append({"type": self.headers["Content-Type"], **json.loads(body)})
                self.send_response(hook.status)
                self.end_headers()
                self.wfile.write(hook.answer)

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook/secret-token"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class Mailbox(socketserver.TCPServer):
    """A mail server that speaks as much SMTP as is needed to take a mail in (RFC 5321)."""

    allow_reuse_address = True

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.refuses = False
        super().__init__(("127.0.0.1", 0), _Smtp)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class _Smtp(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        to = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.split(b"<")[1].split(b">")[0].decode()
                self.wfile.write(b"550 nobody\r\n" if self.server.refuses else b"250 ok\r\n")
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append((to, b"".join(lines)))
                self.wfile.write(b"250 kept\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture(scope="module")
def fallen(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return metric_rows(tmp_path_factory.mktemp("alerts"), 5, num=2, drops={1: 0.4})


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    yield made
    made.shutdown()
    made.server_close()


def ask(store: Store, alerts: dict[str, dict[str, Any]], *, send: bool = False, days: float = 0, **flags: Any) -> AlertsReport:
    settings = replace(settings_of(**flags), alerts=alerts)
    run = run_on(store, settings)
    run = replace(run, now=run.now + int(days * DAY_US))
    report = perform("risk.alerts", APP.action("alerts"), AlertsRequest(send=send), run)
    assert isinstance(report, AlertsReport)
    return report


def states(report: AlertsReport) -> list[str]:
    return [channel.state for rule in report.rules for channel in rule.channels]


def said(report: AlertsReport, language: Any = "en") -> str:
    texts = []
    for block in alerts_page(report).blocks:
        if isinstance(block, Line):
            texts.append(speak(block.text, APP.texts, language))
        if isinstance(block, Grid):
            texts += [speak(cell, APP.texts, language) for row in block.rows for cell in row if not isinstance(cell, (float, type(None)))]  # type: ignore[arg-type]
    return "\n".join(texts)


def band(*to: str, name: str = "fall", metric: str = "m1") -> dict[str, dict[str, Any]]:
    return {name: {"metric": metric, "band": True, "cool_down_days": 3, "to": list(to)}}


def test_it_is_sent_by_webhook_and_by_mail_and_not_again_within_the_cool_down(fallen: Store, hook: Hook, mailbox: Mailbox) -> None:
    rules = band(f"webhook:{hook.address}", "mail:me@example.com", name="both")
    mail = {
        "mail__host": "127.0.0.1",
        "mail__port": mailbox.server_address[1],
        "mail__security": "none",
        "mail__sender": "loop@example.com",
    }
    preview = ask(fallen, rules, **mail)
    assert states(preview) == ["would_send", "would_send"]
    assert hook.received == []
    assert "secret-token" not in preview.model_dump_json()
    sent = ask(fallen, rules, send=True, **mail, interface__language="zh", product__name="Demo Pay")
    assert states(sent) == ["sent", "sent"]
    body = hook.received[0]
    assert body["type"].startswith("application/json")
    assert body["metric"] == "m1"
    assert body["gap"] == pytest.approx(-0.4, abs=0.1)
    assert "比预期少" in body["text"]
    to, raw = mailbox.mails[0]
    parsed = message_from_bytes(raw, policy=default)
    assert to == "me@example.com"
    assert parsed["Subject"] == "Demo Pay: both"
    assert "比预期少" in parsed.get_content()
    assert states(ask(fallen, rules, send=True, days=2, **mail)) == ["cooling", "cooling"]
    assert (len(hook.received), len(mailbox.mails)) == (1, 1)
    assert states(ask(fallen, rules, send=True, days=4, **mail)) == ["sent", "sent"]


def test_what_cannot_be_sent_is_kept_and_sent_when_it_can_even_if_it_is_over(fallen: Store, hook: Hook) -> None:
    hook.status = 503
    rules = band(f"webhook:{hook.address}", name="kept")
    failed = ask(fallen, rules, send=True)
    assert (states(failed), failed.num_failed) == (["failed"], 1)
    assert "127.0.0.1 refused it (HTTP 503)" in said(failed)
    assert "拒收" in said(failed, "zh")
    hook.status = 200
    over = {"kept": {"metric": "m0", "below": 1, "to": [f"webhook:{hook.address}"]}}
    again = ask(fallen, over, send=True, days=1)
    assert not again.rules[0].fires
    assert (states(again), again.rules[0].channels[0].waiting) == (["sent"], True)
    assert hook.received[-1]["metric"] == "m1"
    assert states(ask(fallen, over, send=True, days=2)) == ["quiet"]


def test_unreachable_and_unset_are_sentences_in_both_languages(fallen: Store, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_HOOK", raising=False)
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    mailbox.refuses = True
    to = ["webhook:http://127.0.0.1:9/x", "webhook:$NO_SUCH_HOOK", "mail:me@example.com"]
    unset = ask(fallen, band(*to, name="u1"), send=True)
    assert states(unset) == ["failed"] * 3
    for language, words in (
        ("en", ("cannot be reached", "NO_SUCH_HOOK is not set", "mail.host")),
        ("zh", ("连不上", "没有设置", "mail.host")),
    ):
        assert all(word in said(unset, language) for word in words)
    here = {"mail__host": "127.0.0.1", "mail__port": mailbox.server_address[1], "mail__sender": "a@example.com"}
    refused = ask(fallen, band("mail:me@example.com", name="u2"), send=True, **here, mail__security="none")
    assert "takes no mail for me@example.com" in said(refused)
    open_mail = ask(
        fallen,
        band("mail:me@example.com", name="u3"),
        send=True,
        mail__host="mail.example.com",
        mail__sender="a@b.c",
        mail__security="none",
    )
    assert "without encryption" in said(open_mail)
    locked = ask(fallen, band("mail:me@example.com", name="u4"), send=True, **here, mail__security="none", mail__user="a")
    assert "SMTP_PASSWORD is not set" in said(locked)


def test_a_robot_that_answers_200_and_means_no_is_a_failure(fallen: Store, hook: Hook) -> None:
    hook.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    assert "93000" in said(ask(fallen, band(f"webhook:{hook.address}", name="robot"), send=True))


def test_bounds_fire_on_the_newest_period_and_quiet_rules_do_not(fallen: Store) -> None:
    rules = {
        "low": {"metric": "m0", "below": 1000, "to": "mail:a@example.com"},
        "high": {"metric": "m0", "above": 1000, "to": "mail:a@example.com"},
        "band": {"metric": "m0", "band": True, "to": "mail:a@example.com"},
    }
    report = ask(fallen, rules)
    assert {rule.name: rule.fires for rule in report.rules} == {"low": True, "high": False, "band": False}
    assert report.rules[0].name == "low"
    assert "below 1,000" in said(report)
    assert "--send" in said(report)
    assert all("crontab" in said(report, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"metric": "m0", "band": True, "too": ["mail:a@b.c"]}, "alerts_rule_key"),
        ({"band": True, "to": ["mail:a@b.c"]}, "alerts_rule_metric"),
        ({"metric": "m0", "to": ["mail:a@b.c"]}, "alerts_rule_condition"),
        ({"metric": "m0", "below": "20", "to": ["mail:a@b.c"]}, "alerts_rule_number"),
        ({"metric": "m0", "below": 1, "cool_down_days": -1, "to": ["mail:a@b.c"]}, "alerts_rule_number"),
        ({"metric": "m0", "band": True}, "alerts_rule_to"),
        ({"metric": "m0", "band": True, "to": ["ftp:x"]}, "alerts_rule_to"),
        ({"metric": "m0", "band": True, "to": ["mail:nobody"]}, "alerts_rule_to"),
    ],
)
def test_a_rule_that_cannot_be_used_is_said(options: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_rules({"r": options}, None)
    assert caught.value.code == code
    assert all(caught.value.render(language)[0] for language in LANGUAGES)


def test_no_rules_and_unknown_rules_say_what_to_write(fallen: Store, tmp_path: Path) -> None:
    with pytest.raises(MissingData) as caught:
        ask(fallen, {})
    assert "[alerts.signups]" in caught.value.render("en")[2]
    with pytest.raises(UsageError):
        read_rules(band("mail:a@b.c"), "other")
