"""The pages in a real browser, driven over its debugging pipe (Chrome DevTools Protocol): no console message, no request elsewhere,
nothing wider than a phone, and the whole way from dropped files over a run to the first page and a report. Also the lap over HTTP alone.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces.served import wait_for

from productloop.loop.simulation import simulate, write_files
from productloop.loop.store import Store

fcntl = pytest.importorskip("fcntl", reason="the debugging pipe needs file descriptors 3 and 4")
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"),
)
SECONDS = 240
pytestmark = pytest.mark.slow


class Browser:
    """One tab. Every console message and every requested address is kept."""

    def __init__(self, folder: Path) -> None:
        reading, theirs = os.pipe()
        ours, writing = os.pipe()
        at_hand, quiet = (fcntl.fcntl(ours, fcntl.F_DUPFD, 20), fcntl.fcntl(theirs, fcntl.F_DUPFD, 20)), subprocess.DEVNULL

        def arrange() -> None:  # the browser reads from 3 and writes to 4
            os.dup2(at_hand[0], 3)
            os.dup2(at_hand[1], 4)

        command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder}"]
        self.process = subprocess.Popen(command, preexec_fn=arrange, pass_fds=(3, 4), stdout=quiet, stderr=quiet)
        for number in (ours, theirs, *at_hand):
            os.close(number)
        self.reading, self.writing, self.buffer, self.number = reading, writing, b"", 0
        self.messages: list[str] = []
        self.addresses: list[str] = []
        self.session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters} | ({"sessionId": self.session} if self.session else {})
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 60
        while True:
            answer = self._next(end)
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self.buffer:
            assert select.select([self.reading], [], [], max(0.0, end - time.monotonic()))[0], "the browser does not answer"
            self.buffer += os.read(self.reading, 1 << 20)
        line, _, self.buffer = self.buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        given = message.get("params", {})
        if message.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.messages.append(json.dumps(given))
        if message.get("method") == "Network.requestWillBeSent":
            self.addresses.append(given["request"]["url"])
        return message

    def ask(self, script: str) -> Any:
        return self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)["result"].get("value")

    def open(self, address: str, width: int = 1360) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.send("Page.navigate", url=address)
        self.until(f"document.readyState === 'complete' && location.href.startsWith({json.dumps(address)})")

    def until(self, script: str, seconds: float = 30) -> None:
        wait_for(lambda: self.ask(script) is True, seconds)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(address, files to import) of a real server on an empty workspace."""
    folder = tmp_path_factory.mktemp("browser")
    Store.create(folder / "shop").close()
    files = tmp_path_factory.mktemp("files")
    write_files(simulate(3, 0.2), files)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "en_US.UTF-8"}
    command = [sys.executable, "-m", "productloop", "--workspace", str(folder / "shop"), "serve", "--port", "8398"]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        wait_for(lambda: ready("http://127.0.0.1:8398"), 60)
        yield "http://127.0.0.1:8398", files
    finally:
        server.send_signal(signal.SIGINT) if os.name != "nt" else server.terminate()
        server.wait(timeout=60)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def ready(address: str) -> bool:
    try:
        return bool(call(address, "/api/health")["ok"])
    except OSError:
        return False


def call(address: str, path: str, body: Any = None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json", "Accept-Language": "en"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    browser = Browser(tmp_path / "profile")
    yield browser
    browser.close()


def test_from_files_to_the_first_page(shop: tuple[str, Path], browser: Browser) -> None:
    address, files = shop
    browser.open(f"{address}/?language=en")
    assert browser.ask("document.querySelector('h1').textContent") == "Begin with your data"
    document = browser.send("DOM.getDocument")["root"]["nodeId"]
    chooser = browser.send("DOM.querySelector", nodeId=document, selector="input[type=file]")["nodeId"]
    browser.send("DOM.setFileInputFiles", nodeId=chooser, files=[str(path) for path in sorted(files.iterdir())])
    browser.until("document.querySelectorAll('.files li').length >= 7 && document.querySelector('form.run') !== null", 60)
    browser.ask("document.querySelector('form.run button').click()")
    browser.until("document.querySelector('[data-job] progress') !== null")
    browser.until("document.querySelector('.first') !== null && document.querySelector('[data-job]') === null", SECONDS)
    assert browser.ask("document.querySelector('h1').textContent").endswith("what you should know now")
    look_around(browser, address)


def look_around(browser: Browser, address: str) -> None:
    pages = ["/", *dict.fromkeys(browser.ask("[...document.querySelectorAll('nav.places a')].map(a => a.getAttribute('href'))"))]
    for page in pages:
        for language in ("zh", "en"):
            for width in (390, 1360):
                browser.open(f"{address}{page}{'' if page.startswith('/app') else f'?language={language}'}", width)
                wide = browser.ask("document.documentElement.scrollWidth")
                assert wide <= width, f"{page} is {wide} wide at {width}"
                focus = "(() => { const a = document.querySelector('nav.places a'); a.focus(); return getComputedStyle(a).outlineStyle })()"
                assert browser.ask(focus) == "solid", page
    browser.open(f"{address}/nothing")
    expected = [message for message in browser.messages if "404" in message]  # the page that is not there
    assert [message for message in browser.messages if message not in expected] == []
    assert [one for one in browser.addresses if not one.startswith((address, "data:", "about:"))] == []
    assert not [one for one in browser.addresses if "/analytics" in one or "/events" in one]


def test_the_lap_over_http(shop: tuple[str, Path]) -> None:
    """A run that is stopped leaves nothing half-written; the next one ends, and its model answers."""
    address, files = shop
    inbox = next(files.parent.glob("browser*/shop")) / "inbox"
    for path in files.iterdir():
        if not (inbox / path.name).exists():
            shutil.copy(path, inbox / path.name)
    call(address, "/v1/feedback", [{"text": "one more, so that there is something to do"}])
    job = call(address, "/api/run", method="POST")["job"]

    def status() -> str:
        return str(call(address, f"/api/jobs/{job}")["status"])

    wait_for(lambda: status() != "waiting", 60)
    call(address, f"/api/jobs/{job}", method="DELETE")
    wait_for(lambda: status() in ("cancelled", "done"), 60)
    job = call(address, "/api/run", method="POST")["job"]
    wait_for(lambda: status() not in ("waiting", "running"), SECONDS)
    assert status() == "done"
    store = Store(inbox.parent)
    assert {row["status"] for row in store.state.imports()} == {"done"}
    assert not list(store.models.glob("*.partial"))
    live = {task["name"]: task["live"] for task in call(address, "/api/tasks")}
    assert live["sentiment"]
    answer = call(address, "/v1/predict/sentiment", [{"text": "the export is broken and slow"}])
    assert answer["release"] == live["sentiment"]
    assert sum(answer["predictions"][0]["value"].values()) == pytest.approx(1, abs=1e-3)
    wait_for(lambda: len(store.state.predictions("sentiment")) == 1)
    store.close()
