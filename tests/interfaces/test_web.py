from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.interfaces import fake_app
from tests.interfaces.served import NOW, make_workspace, served, serving_of

from productloop.foundation.errors import UsageError
from productloop.foundation.wording import say
from productloop.interfaces import jobs
from productloop.interfaces.first_page import FirstPage
from productloop.interfaces.session import clock
from productloop.interfaces.uploads import safe_name
from productloop.interfaces.web_forms import make_form, read_form
from productloop.loop.action import Finding, source_states
from productloop.loop.decisions import Offer
from productloop.loop.store import Store

BROWSER = {"Accept": "text/html", "Origin": "http://127.0.0.1:8321"}
PAGES = ("/", "/app/fake/count", "/app/fake/mark", "/data", "/models", "/settings")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One server for the whole file: no test minds what another left."""
    with pytest.MonkeyPatch.context() as patch, served(make_workspace(tmp_path_factory.mktemp("shop")), patch) as client:
        client.headers["Accept"] = "text/html"
        yield client


def keep_first_page(root: Path) -> None:
    """A first page with one finding, as `productloop run` keeps it."""
    store = Store(root)
    rows = [str(row[0]) for row in store.rows("SELECT row_id FROM feedback ORDER BY sequence LIMIT 1")]
    finding = Finding(kind="many", subject="texts", text=say("fake.caution"), quotes=tuple(rows), strength=0.5)
    offer = Offer(app="fake", action="count", report="abc", finding=finding)
    record = FirstPage(
        product="shop",
        simulated=False,
        time_zone="UTC",
        as_of=NOW,
        made_at=NOW,
        sources=source_states(store, ("feedback",)),
        offers=(offer,),
    )
    store.state.save_report(
        {
            "id": "first-1",
            "action": "first_page",
            "request": "{}",
            "as_of": NOW,
            "versions": "{}",
            "created_at": NOW,
            "body": record.model_dump_json(),
        }
    )
    store.close()


class Outline(HTMLParser):
    """What matters of a page for browsers and for people who do not see it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.names: list[str] = []
        self.labels: set[str] = set()
        self.unnamed: list[str] = []
        self.headings: list[str] = []
        self.inline: list[str] = []
        self.open_labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action") and value is not None]
        self.inline += [name for name, _ in attrs if name.startswith("on")] + (["script"] if tag == "script" and "src" not in given else [])
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag == "label":
            self.open_labels += 1
            self.labels.add(given.get("for") or "")
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.names.append(given.get("id") or "")
            if not self.open_labels and given.get("id") not in self.labels:
                self.unnamed.append(str(given))
        if tag == "img":
            assert "alt" in given

    def handle_endtag(self, tag: str) -> None:
        self.open_labels -= tag == "label"


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    return found


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_asks_nobody_else_and_is_named_for_everyone(client: TestClient, address: str, language: str) -> None:
    keep_first_page(serving_of(client).root)
    answer = client.get(f"{address}?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    )
    assert f"language={language}" in answer.headers["set-cookie"]
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text
    found = outline(answer.text)
    assert all(value.startswith(("/", "#", "data:")) and not value.startswith("//") for value in found.addresses)
    assert not any("/analytics" in value or "/events" in value for value in found.addresses)
    assert found.unnamed == []
    assert found.inline == []
    assert found.headings.count("h1") == 1
    chinese = [letter for letter in re.sub(r"<[^>]+>|中文", "", answer.text) if "\u4e00" <= letter <= "\u9fff"]
    quoted = len("导出太慢了，每次都要等好几分钟界面很好看，用起来顺手")
    assert len(chinese) > 30 if language == "zh" else len(chinese) <= 2 * quoted


def test_before_any_run_the_overview_says_what_to_bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(make_workspace(tmp_path, with_data=False), monkeypatch) as client:
        page = client.get("/", headers=BROWSER).text
        assert "Begin with your data" in page
        assert 'data-upload="/upload"' in page
        assert 'action="/run"' not in page
        sent = client.post("/upload?name=re%20views.csv", content=b"text\nhello\n")
        assert (sent.status_code, sent.json()["name"]) == (201, "re views.csv")
        assert client.post("/upload?name=re%20views.csv", content=b"text\nother\n").json()["name"] == "re views-2.csv"
        assert (tmp_path / "inbox" / "re views.csv").read_bytes() == b"text\nhello\n"
        page = client.get("/", headers=BROWSER).text
        assert "re views.csv" in page
        assert 'action="/run"' in page
        assert sorted(path.name for path in (tmp_path / "inbox").iterdir()) == ["re views-2.csv", "re views.csv"]


@pytest.mark.parametrize(
    "name",
    ["", "../x.csv", "a/b.csv", "a\\b.csv", ".hidden", "~$x.xlsx", "con.csv", "NUL", "x.csv.", "x\x00.csv", "a" * 300, "C:x.csv", "x?.csv"],
)
def test_a_file_name_cannot_leave_the_inbox(client: TestClient, name: str) -> None:
    with pytest.raises(UsageError):
        safe_name(name)
    answer = client.post("/upload", params={"name": name}, content=b"x", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "file_name")
    assert not [path for path in serving_of(client).root.rglob("*.csv") if path.name not in ("reviews.csv", "a&b'c.csv")]


def test_a_name_in_any_script_is_fine() -> None:
    assert safe_name("用户反馈 (三月).xlsx") == "用户反馈 (三月).xlsx"


def test_decisions_are_noted_on_the_first_page(client: TestClient) -> None:
    keep_first_page(serving_of(client).root)
    page = client.get("/").text
    assert "this only counts" in page
    assert "导出太慢了" in page
    answer = client.post("/decide", data={"finding": "1", "choice": "do", "owner": "Ann", "review": "2026-05-01"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#decide")
    assert "Noted: do, to be looked at again on 2026-05-01" in client.get("/").text
    (decision,) = serving_of(client).store.state.decisions()
    assert (decision["choice"], decision["owner"]) == ("do", "Ann")
    assert client.post("/decide", data={"finding": "1"}, headers=BROWSER).status_code == 400
    posted = client.post("/api/decisions", json={"finding": "1", "choice": "wait"})
    assert posted.status_code == 201
    assert client.post("/api/decisions", json={"finding": "9", "choice": "wait"}).json()["error"]["code"] == "finding_unknown"


def test_a_quick_report_follows_its_address(client: TestClient) -> None:
    assert client.get("/app/fake?rating=1").headers["location"] == "/app/fake/count?rating=1"
    page = client.get("/app/fake/count").text
    assert ">4<" in page
    assert "导出太慢了" in page
    narrowed = client.get("/app/fake/count", params={"limit": "3", "where": "rating>=2\nrating<=4", "strict": "true"})
    assert '<span class="figure"' in narrowed.text
    assert ">2<" in narrowed.text
    assert '<details class="fold" open>' in narrowed.text
    assert 'value="3"' in narrowed.text
    file = client.get("/app/fake/count/file", params={"since": "2026-03-03"})
    assert file.headers["content-disposition"] == 'attachment; filename="fake-count.en.html"'
    assert "Counted" in file.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("limit=many", "limit"),
        ("order=size", "time / rating"),
        ("since=soon", "soon"),
        ("where=nothing", "nothing"),
        ("fail=true", "it broke"),
    ],
)
def test_a_wrong_field_keeps_the_form_and_says_why(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"/app/fake/count?{query}")
    assert answer.status_code in (400, 422)
    assert 'role="alert"' in answer.text
    assert words in answer.text
    assert 'name="limit"' in answer.text


def test_what_people_typed_is_never_markup(client: TestClient) -> None:
    hostile = "<script>alert(1)</script>"
    for address in (f"/app/fake/count?limit={hostile}", f"/app/fake/count?note={hostile}", f"/{hostile}", f"/?job={hostile}"):
        assert hostile not in client.get(address).text
    client.post("/upload", params={"name": "a&b'c.csv"}, content=b"x")
    assert "a&amp;b&#39;c.csv" in client.get("/data").text


def test_a_long_action_starts_with_a_button_and_shows_its_newest_report(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.get("/app/fake/mark").text
    assert "This report was not made yet." in page
    assert '<form method="post" action="/app/fake/mark"' in page
    assert "mark" not in fake_app.CALLS
    store = serving_of(client).store
    asked: list[tuple[str, object]] = []

    def start(_store: Store, action: str, request: dict[str, object], *_more: object) -> str:
        asked.append((action, request))
        store.state.add_job(
            {
                "id": "j1",
                "action": action,
                "request": "{}",
                "status": "running",
                "created_at": NOW,
                "progress": "{}",
                "lease_until": clock() + 10**8,
            }
        )
        return "j1"

    monkeypatch.setattr(jobs, "start_job", start)
    answer = client.post("/app/fake/mark", data={"since": "2026-03-02"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/fake/mark?since=2026-03-02&job=j1")
    assert asked[0][0] == "fake.mark"
    assert json.loads(json.dumps(asked[0][1]))["scope"]["since"] == "2026-03-02"
    at_work = client.get(answer.headers["location"]).text
    assert 'data-job="j1"' in at_work
    assert 'data-here="/app/fake/mark?since=2026-03-02"' in at_work
    stopped = client.post("/jobs/j1/cancel", data={"back": "//evil.example"}, headers=BROWSER)
    assert stopped.headers["location"] == "/"
    assert store.state.jobs("j1")[0]["status"] == "cancelling"
    store.state.update_job("j1", status="cancelled")
    assert "Nothing is half-written" in client.get("/app/fake/mark?job=j1").text
    assert "data-job" not in client.get("/app/fake/mark").text


def test_a_report_kept_by_an_earlier_version_is_as_if_never_made(client: TestClient) -> None:
    row = {"id": "old", "action": "fake.mark", "request": "{}", "as_of": NOW, "created_at": NOW, "versions": "{}"}
    serving_of(client).store.state.save_report({**row, "body": '{"id": "old", "of_another_version": 1}'})
    page = client.get("/app/fake/mark")
    assert page.status_code == 200
    assert "This report was not made yet." in page.text


def test_a_kept_report_says_when_it_is_older_than_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(make_workspace(tmp_path), monkeypatch) as client:
        job = {
            "id": "j",
            "action": "fake.mark",
            "request": "{}",
            "status": "waiting",
            "created_at": NOW,
            "progress": "{}",
            "lease_until": clock() + 10**8,
        }
        serving_of(client).store.state.add_job(job)
        assert jobs.run_job(tmp_path, "j", {}) == 0
        page = client.get("/app/fake/mark", headers=BROWSER).text
        assert "Made on" in page
        assert "The data changed since" not in page
        client.post("/v1/feedback", json=[{"text": "one more"}])
        assert "The data changed since" in client.get("/app/fake/mark", headers=BROWSER).text


def test_data_shows_tables_imports_and_rows_set_aside(client: TestClient) -> None:
    page = client.get("/data").text
    assert "reviews.csv" in page
    assert "until 2026-03-04" in page
    assert "None." in page


def test_settings_know_their_origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path)
    (tmp_path / "productloop.toml").write_text('[product]\nname = "<b>Shop</b>"\n[tasks.churn]\ntemplate = "x"\n', encoding="utf-8")
    with served(tmp_path, monkeypatch, {"LANG": "en", "PRODUCTLOOP_LOOP_SEED": "7"}, {"serve.port": 9000}) as client:
        page = client.get("/settings", headers=BROWSER).text
        assert "&lt;b&gt;Shop&lt;/b&gt;" in page
        assert "<b>Shop</b>" not in page
        assert re.search(r"loop\.seed</code>.*</td><td>7</td><td>PRODUCTLOOP_LOOP_SEED", page)
        assert re.search(r"serve\.port</code>.*</td><td>9000</td><td>command line", page)


def test_static_files_are_ours_small_and_kept(client: TestClient) -> None:
    page = client.get("/").text
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(names) == 3
    for name in names:
        answer = client.get(name, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert len(gzip.compress(answer.content)) < 8_000
        assert "http" not in re.sub(r"http://www\.w3\.org\S*", "", answer.text)
    assert client.get("/static/app.0000000000.css").status_code == 404
    assert client.get("/static/..%2f..%2fweb.py").status_code == 404


def test_a_form_and_its_address_say_the_same() -> None:
    given = {
        "limit": ["3"],
        "words": ["慢, slow"],
        "order": ["rating"],
        "strict": ["true"],
        "where": ["a=1\n b=2 "],
        "since": [""],
        "unknown": ["x"],
    }
    asked = read_form(fake_app.CountRequest, given)
    assert asked == fake_app.CountRequest.model_validate(
        {"limit": 3, "words": ["慢", "slow"], "order": "rating", "strict": True, "scope": {"where": ["a=1", "b=2"]}}
    )
    form = make_form(fake_app.CountRequest, given, "zh")
    assert form.touched
    assert [field.label for field in form.own][:2] == ["最多几行", "要找的词"]
    kinds = {field.name: field.kind for field in (*form.own, *form.scope)}
    assert kinds == {
        "limit": "text", "words": "text", "order": "choice", "strict": "flag", "note": "text", "fail": "flag",
        "since": "day", "until": "day", "where": "lines", "by": "text", "segment": "text", "product": "text",
    }  # fmt: skip
    assert not make_form(fake_app.CountRequest, {}, "en").touched
    assert read_form(fake_app.CountRequest, {}) == fake_app.CountRequest()
