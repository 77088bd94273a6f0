"""Boards, trackers and service desks: each in its own format, votes and staff told apart, exports without words refused with advice."""

from __future__ import annotations

import pytest

from productloop.foundation.errors import DataProblem
from productloop.foundation.wording import LANGUAGES


def test_fider(bring, rows, store):
    (done,) = bring("fider.csv")
    assert done.num_new == 3
    found = rows("title, text, status, votes, response, tags")
    assert found[0] == {
        "title": "Dark mode",
        "text": "My eyes hurt at night, please add a dark theme",
        "status": "planned",
        "votes": 42,
        "response": "It is on the roadmap",
        "tags": "ui, mobile",
    }
    assert found[1]["text"] == "Export to CSV", "a post without a description says its title"
    assert all(str(row[0]).startswith("p_") for row in store.rows("SELECT id FROM actor_codes"))
    assert bring("fider.csv")[0].num_new == 0


def test_canny(bring, rows):
    (done,) = bring("canny.csv")
    assert rows("title, text, rating, votes, status, Board") == [
        {
            "title": "Offline maps",
            "text": "I hike where there is no signal",
            "rating": None,
            "votes": 88,
            "status": "open",
            "Board": "Feature Requests",
        },
        {
            "title": "Login with Apple",
            "text": "Login with Apple",
            "rating": None,
            "votes": 12,
            "status": "planned",
            "Board": "Feature Requests",
        },
    ]
    assert done.num_quarantined == 0


def test_quackback_posts_comments_and_votes(bring, rows, store):
    for name, num in (("posts", 2), ("comments", 2), ("votes", 3)):
        assert bring(f"quackback_{name}.csv")[0].num_new == num
        assert bring(f"quackback_{name}.csv")[0].num_new == 0
    found = rows("conversation, text, role, votes")
    assert [(row["conversation"], row["role"], row["votes"]) for row in found] == [
        ("post_1", None, 5),
        ("post_2", None, 2),
        ("post_1", None, None),
        ("post_1", "staff", None),
    ]
    assert store.rows("SELECT item, name, count(DISTINCT actor) FROM events GROUP BY ALL ORDER BY 1") == [
        ("post_1", "vote", 2),
        ("post_2", "vote", 1),
    ]
    joined = store.rows("SELECT count(*) FROM events e JOIN feedback f ON e.actor = f.author")[0][0]
    assert joined == 3, "who votes and who writes is the same person: ann twice, bo once"


def test_productboard_notes_lose_their_markup(bring, rows):
    bring("productboard_notes.csv")
    assert rows("id, title, text, channel, status, Company_name, Tags") == [
        {
            "id": "n1",
            "title": "Call with Acme",
            "text": "They need SSO before rollout.\nBudget is approved & signed.",
            "channel": "call",
            "status": "processed",
            "Company_name": "Acme",
            "Tags": "sso, enterprise",
        },
        {
            "id": "n2",
            "title": None,
            "text": "Search is slow\nFilters reset",
            "channel": "email",
            "status": "unprocessed",
            "Company_name": "Bolt",
            "Tags": "search",
        },
    ]


def test_linear_with_a_row_one_field_short(bring, rows, notes):
    (done,) = bring("linear.csv")
    assert notes(done)["source.padded"] == {"count": 1}
    assert rows("id, text, status, label, time")[:2] == [
        {
            "id": "APP-1",
            "text": 'Pasting a table crashes the editor,\n"always" on Android',
            "status": "Todo",
            "label": "bug, mobile",
            "time": 1_767_348_000_000_000,
        },
        {"id": "APP-2", "text": "Search takes ten seconds", "status": "Todo", "label": "bug, mobile", "time": 1_767_434_400_000_000},
    ]


def test_linear_of_34_columns_and_script_dates(bring, rows):
    bring("linear_34.csv")
    assert [row["time"] for row in rows("time")] == [1_767_882_051_000_000, 1_767_968_451_000_000]


def test_jira_joins_repeated_columns(bring, rows):
    bring("jira.csv")
    assert rows("id, title, text, label, Sprint, Comment, time, product")[0] == {
        "id": "APP-1",
        "title": "Cannot log in",
        "text": "Login fails with error 42 on Android",
        "label": "login, mobile",
        "Sprint": "Sprint 1, Sprint 2",
        "Comment": "03/Jan/26 9:00 AM;bo;Looking into it\n03/Jan/26 9:30 AM;ann;Thanks",
        "time": 1_767_348_000_000_000,
        "product": "Notes app",
    }


def test_github_issues_and_what_was_said_below_them(bring, rows):
    (done,) = bring("github_issues.json")
    assert done.num_new == 4
    found = rows("text, role, label, status, conversation")
    assert [row["text"] for row in found] == [
        "### Steps\n1. Copy a table\n2. Paste\n\nIt crashes.",
        "Same here on Linux",
        "Fixed in main",
        "Please add 夜间模式",
    ]
    assert [row["role"] for row in found] == [None, None, "staff", "bot"]
    assert len({row["conversation"] for row in found}) == 2
    assert found[0]["label"] == "bug, editor"


def test_zendesk_incremental_export(bring, rows):
    (done,) = bring("zendesk_incremental.json")
    assert done.table == "feedback"
    assert rows("id, title, text, status, channel, tags, satisfaction, field_360001", "id") == [
        {
            "id": "501",
            "title": "Export fails",
            "text": "Every export over 10,000 rows ends with error 500.",
            "status": "open",
            "channel": "email",
            "tags": "export, vip",
            "satisfaction": "bad",
            "field_360001": "pro",
        },
        {
            "id": "502",
            "title": "发票",
            "text": "开票之后一直没有收到邮件",
            "status": "pending",
            "channel": "web",
            "tags": None,
            "satisfaction": "unoffered",
            "field_360001": "free",
        },
    ]


@pytest.mark.parametrize(
    ("name", "said"), [("zendesk_view.csv", "JSON"), ("freshdesk.csv", "description"), ("jira_bare.csv", "CSV (all fields)")]
)
def test_tickets_without_words_are_refused_with_advice(bring, name, said):
    with pytest.raises(DataProblem) as caught:
        bring(name)
    assert caught.value.code == "map_no_words"
    assert said in caught.value.parameters["advice"].in_language("en")
    for language in LANGUAGES:
        assert len(caught.value.parameters["advice"].in_language(language)) > 20


def test_any_ticket_list_with_subjects_alone_is_refused_and_a_log_of_tickets_is_not(bring, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("工单编号,标题,状态,时间\n1,登录不了怎么办,已解决,2026-01-02\n2,发票什么时候开,处理中,2026-01-03\n", encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        bring(path)
    assert caught.value.code == "map_no_words"
    log = "".join(f"{i},u{i % 3},{'open' if i % 2 else 'closed'},2026-01-0{i}\n" for i in range(1, 9))
    path.write_text("ticket_id,user_id,event,timestamp\n" + log, encoding="utf-8")
    assert bring(path)[0].table == "events"


def test_a_person_may_take_the_subject_for_the_text(bring, rows):
    (done,) = bring("zendesk_view.csv", map={"text": "Subject"})
    assert (done.table, done.num_new) == ("feedback", 3)
    assert rows("text", "id")[0]["text"] == "Export to Excel fails again"


def test_contacts_are_people(bring, notes):
    (done,) = bring("intercom_contacts.csv")
    assert (done.table, done.num_new) == ("actors", 2)
    assert "source.export" in notes(done)


@pytest.mark.parametrize("name", ["feishu.csv", "feishu_records.json"])
def test_nested_cells_of_feishu(bring, rows, name):
    (done,) = bring(name)
    assert rows("text, rating, time, 类型") == [
        {"text": "导出的表格打不开", "rating": 2, "time": 1_767_319_200_000_000, "类型": "缺陷, 导出"},
        {"text": "希望可以多人同时编辑", "rating": 4, "time": 1_767_405_600_000_000, "类型": "建议"},
    ]
    assert ("提交人", "author") in done.understood
