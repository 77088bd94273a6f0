"""Exports of service desks: who spoke, in which conversation, what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation.errors import DataProblem
from productloop.foundation.wording import LANGUAGES
from productloop.loop.sources import RawTable, read
from productloop.loop.sources.chats import _SYSTEMS, Heard
from productloop.loop.sources.notes_wording import PROBLEMS, REASONS, TEXTS
from productloop.loop.sources.speakers import is_greeting, role_of, status_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def said(path: Path) -> tuple[RawTable, list[dict[str, str | None]]]:
    connection = duckdb.connect()
    (table,) = read(connection, path)
    rows = connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()
    return table, [dict(zip(table.header, row, strict=True)) for row in rows]


def noted(table: RawTable) -> dict[str, object]:
    return {note.key: note.slots.get("count") for note in table.notes}


def test_both_languages_say_the_same_slots():
    for problem in PROBLEMS:
        for text in (problem.happened, problem.expected, problem.fix):
            assert text.slots("zh") == text.slots("en"), problem.code
    assert {problem.code for problem in PROBLEMS} == set(REASONS)
    assert all(text.in_language(language) for text in TEXTS.values() for language in LANGUAGES)


def test_wecom_archive():
    table, rows = said(FIXTURES / "wecom_archive.jsonl")
    assert [row["role"] for row in rows] == ["user", "staff", "user", "user", "robot", "user"]
    assert [row["status"] for row in rows] == ["greeting", None, None, None, None, None]
    assert len({row["conversation"] for row in rows}) == 2
    assert rows[3]["conversation"] == "wrErxtDgAAgroup0001"
    assert rows[0]["time"] == "2026-01-02T02:00:00+00:00"
    assert rows[-1]["text"] == "像这张图一样分颜色"
    assert not any("发错了" in str(row["text"]) for row in rows)
    assert noted(table) == {
        "chats.roles": None,
        "chats.greetings": 1,
        "chats.left_out.recalled": 1,
        "chats.left_out.event": 1,
        "chats.left_out": 1,
    }


def test_wechat_customer_service():
    table, rows = said(FIXTURES / "wechat_service.json")
    assert [(row["role"], row["status"]) for row in rows] == [("user", "greeting"), ("user", None), ("staff", None)]
    assert {row["conversation"] for row in rows} == {rows[0]["conversation"]}
    assert rows[2]["author_id"] == "WangWu"
    assert noted(table)["chats.left_out.event"] == 1


def test_sobot_table():
    table, rows = said(FIXTURES / "sobot.csv")
    assert [row["role"] for row in rows] == ["robot", "user", "user", "staff", "user", "user"]
    assert [row["author_id"] for row in rows] == [None, "v-77", "v-77", None, "v-77", "v-78"]
    assert rows[2]["text"] == "扫码之后没有反应，换了两台手机都一样"
    assert rows[1]["status"] is None  # who asks for a person says something
    assert rows[4]["status"] == "greeting"
    assert rows[0]["渠道"] == "APP"
    assert noted(table)["chats.left_out.empty"] == 1


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_sobot_in_other_files(tmp_path, kind):
    records = [
        {"cid": "a1", "senderType": 0, "msg": "<p>你好</p>", "t": 1767319200000, "visitorId": "v1"},
        {"cid": "a1", "senderType": 2, "msg": "您好，请讲", "t": 1767319210000, "visitorId": "v1"},
        {"cid": "a1", "senderType": 0, "msg": "账单对不上", "t": 1767319220000, "visitorId": "v1"},
    ]
    path = tmp_path / f"history.{kind}"
    if kind == "json":
        path.write_text(json.dumps({"items": records}, ensure_ascii=False), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        book.worksheets[0].append(list(records[0]))
        for record in records:
            book.worksheets[0].append(list(record.values()))
        book.save(path)
    _, rows = said(path)
    assert [(row["role"], row["status"], row["text"]) for row in rows] == [
        ("user", "greeting", "你好"),
        ("staff", None, "您好，请讲"),
        ("user", None, "账单对不上"),
    ]


def test_zendesk_comments():
    _, rows = said(FIXTURES / "zendesk.json")
    assert [row["role"] for row in rows] == ["user", "staff", "user", "user"]
    assert [row["title"] for row in rows] == ["Export to Excel fails", None, None, None]
    assert not any("refund" in str(row["text"]) for row in rows), "a private comment was read"
    assert {row["conversation"] for row in rows} == {"501"}


def test_zendesk_without_its_users_tells_by_the_requester(tmp_path):
    path = tmp_path / "tickets.jsonl"
    line = (
        '{"id":7,"requester":{"id":1},"subject":"Slow","comments":[{"id":1,"author_id":1,"body":"It is slow","public":true},'
        '{"id":2,"author_id":5,"body":"We look into it","public":true}]}'
    )
    path.write_text(line + "\n" + line.replace('"id":7', '"id":8') + "\n", encoding="utf-8")
    _, rows = said(path)
    assert [(row["conversation"], row["role"]) for row in rows] == [("7", "user"), ("7", "staff"), ("8", "user"), ("8", "staff")]


def test_intercom_conversations():
    table, rows = said(FIXTURES / "intercom.json")
    assert [row["role"] for row in rows] == ["user", "robot", "staff", "user"]
    assert rows[0]["text"] == "How do I change the time zone of the calendar?\nIt shows everything an hour late."
    assert rows[3]["status"] == "greeting"
    assert noted(table)["chats.left_out.private"] == 1


def test_intercom_flat_table():
    table, rows = said(FIXTURES / "intercom_flat.csv")
    assert [(row["role"], row["status"]) for row in rows] == [("user", None), ("staff", None), ("user", "greeting")]
    assert "<" not in str(rows[0]["text"])
    assert rows[0]["tags"] == "calendar"
    assert noted(table)["chats.left_out.private"] == 1


def test_only_pictures_are_no_conversation(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"msgid":"1","action":"send","from":"wm1","tolist":["a"],"msgtime":1,"msgtype":"image"}\n', encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        said(path)
    assert caught.value.code == "file_no_conversation"


def test_other_json_stays_a_table(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"id": 1, "comments": 3, "text": "works"}, {"id": 2, "comments": 0, "text": "fails"}]', encoding="utf-8")
    table, _ = said(path)
    assert table.header == ("id", "comments", "text")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2_000_000_000) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["content", "id", "author", "role", "channel", "body", "part_type", "item"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = (  # noqa: SIM905 - a row of words reads better
    "msgid msgtime tolist from roomid action msgtype text mixed revoke open_kfid origin external_userid send_time comments requester_id requester author_id "
    "subject via users conversation_parts source created_at id"
).split()


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), json_values, max_size=8), max_size=3), st.sampled_from(sorted(_SYSTEMS)))
def test_no_shape_of_json_is_a_traceback(records, system):
    needed = {"wecom": "msgid", "wechat_service": "msgid", "zendesk": "comments", "intercom": "conversation_parts"}[system]
    message = {"msgtype": "mixed" if system == "wecom" else "text"}
    heard = Heard()
    _SYSTEMS[system][1]([{**record, needed: record.get(needed), **message} for record in records], heard)
    assert all(message.text and message.role in ("user", "staff", "robot", "system") for message in heard.messages)


def test_what_counts_reaches_the_lake(bring, rows):
    for name in ("sobot.csv", "wecom_archive.jsonl", "intercom.json", "whatsapp.txt", "Interview 3 – Anna, 2026-05-02.md"):
        (done,) = bring(name)
        assert done.table == "feedback"
    kept = rows("text, role, status, conversation, author", "import_id, sequence")
    assert {row["role"] for row in kept} == {"user", "staff", "robot"}
    assert {row["status"] for row in kept} == {None, "greeting"}
    counted = [row for row in kept if row["role"] == "user" and row["status"] != "greeting"]
    assert len(counted) == 3 + 3 + 1 + 2 + 4
    assert all(row["conversation"] and row["author"] is not None for row in counted)


def test_words_and_numbers_of_speakers():
    for label, role in {
        "客服小王": "staff",
        "Agent Tom": "staff",
        "Shop Support": "staff",
        "智能客服": "robot",
        "Bot": "robot",
        "客户": "user",
        "Customer": "user",
        "用户A": "user",
        "系统": "system",
        "0": "user",
        "1": "robot",
        "2": "staff",
        "Abbott": None,
        "张三": None,
    }.items():
        assert role_of(label) == role, label


@pytest.mark.parametrize(
    "text", ["你好", "在吗？", "您好，在吗", "hi", "Hello!", "ok thanks", "OK, thank you very much!", "好的谢谢", "嗯嗯", "👍", "再见～"]
)
def test_greetings(text):
    assert is_greeting(text)
    assert status_of("user", text) == "greeting"
    assert status_of("staff", text) is None


@pytest.mark.parametrize(
    "text", ["转人工", "好用", "不行", "你好，怎么退款", "hi, the app crashes", "no sound", "谢谢你们把搜索修好了", "OK button is broken"]
)
def test_no_greetings(text):
    assert not is_greeting(text)


@given(st.text(alphabet="退款失败崩溃卡慢refundcrash", min_size=6))
def test_words_of_a_need_are_no_greeting(text):
    assert not is_greeting("无法登录" + text)
