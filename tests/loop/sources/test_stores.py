"""Reviews as the stores export them: the right columns, nothing lost, the developer's words never taken for the user's."""

from __future__ import annotations

import json

import pytest

from productloop.foundation.errors import DataProblem

MARCH = "reviews_com.example.notes_202603.csv"


def test_google_play_console(bring, rows, notes):
    (done,) = bring(MARCH)
    assert (done.table, done.num_new, done.num_quarantined) == ("feedback", 4, 0)
    assert notes(done)["source.rating_only_mean"] == {"count": 2, "mean": 4.5}
    found = rows("id, title, text, rating, product, version, language, status, author, Device, Developer_Reply_Text")
    assert [row["id"] for row in found] == [f"gp:AOq{i}" for i in (0, 1, 3, 5)]
    assert found[1] | {"author": None} == {
        "id": "gp:AOq1",
        "title": "Crashes",
        "text": 'It crashes, every time I open a "long" note',
        "rating": 1,
        "product": "com.example.notes",
        "version": "1.2.0",
        "language": "en",
        "status": None,
        "author": None,
        "Device": "oriole",
        "Developer_Reply_Text": None,
    }
    assert (found[2]["status"], found[2]["Developer_Reply_Text"]) == ("replied", "Thanks, fixed in 1.2.1")
    assert found[3]["text"] == "希望有\n暗色模式"
    assert rows("time")[0]["time"] == 1_772_323_200_000_000
    assert bring(MARCH)[0].num_new == 0


def test_google_play_without_device_adds_to_the_month_before(bring, rows):
    bring(MARCH)
    (done,) = bring("reviews_com.example.notes_202604.csv")
    assert done.num_new == 4
    assert len(rows("id")) == 8


def test_google_play_with_stars_only_is_refused(bring, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("Package Name,Star Rating,Review Text,Review Link\ncom.a,5,,\ncom.a,4,,\n", encoding="utf-16")
    with pytest.raises(DataProblem) as caught:
        bring(path)
    assert (caught.value.code, caught.value.parameters["num"]) == ("file_only_ratings", 2)


def test_google_play_api(bring, rows):
    (done,) = bring("google_play_api.json")
    assert done.num_new == 2
    assert rows("id, title, text, rating, version, language, status, developerReply", "id") == [
        {
            "id": "r1",
            "title": "Great",
            "text": "Sync just works",
            "rating": 5,
            "version": "1.2.0",
            "language": "en",
            "status": None,
            "developerReply": None,
        },
        {
            "id": "r2",
            "title": None,
            "text": "打开长笔记就闪退",
            "rating": 1,
            "version": "1.2.1",
            "language": "zh",
            "status": "replied",
            "developerReply": "已修复，请更新",
        },
    ]


def test_a_review_of_the_api_and_of_the_month_is_one(bring, rows, tmp_path):
    bring(MARCH)
    comment = {"userComment": {"text": "\tWidget is blank after the update", "lastModified": {"seconds": "1772582400"}, "starRating": 2}}
    path = tmp_path / "reviews.json"
    path.write_text(json.dumps({"reviews": [{"reviewId": "gp:AOq3", "authorName": "", "comments": [comment]}]}), encoding="utf-8")
    assert bring(path)[0].num_repeated == 1


def test_app_store_connect(bring, rows, store):
    (done,) = bring("app_store_connect.json")
    assert done.num_new == 2
    assert rows("id, title, text, rating, market, status, responseBody, time", "id") == [
        {
            "id": "00000061-aaaa",
            "title": "Love it",
            "text": "The widget saves me time",
            "rating": 5,
            "market": "USA",
            "status": None,
            "responseBody": None,
            "time": 1_772_381_730_000_000,
        },
        {
            "id": "00000062-bbbb",
            "title": "闪退",
            "text": "更新之后一打开就闪退",
            "rating": 1,
            "market": "CHN",
            "status": "replied",
            "responseBody": "1.2.1 已修复",
            "time": 1_772_442_000_000_000,
        },
    ]
    assert all(str(row[0]).startswith("p_") for row in store.rows("SELECT id FROM actor_codes")), "nicknames are not kept"
    assert bring("app_store_connect.json")[0].num_new == 0


def test_qimai_is_capped_and_goes_on_in_a_second_sheet(bring, rows, notes, store):
    first, second = bring("qimai.xlsx")
    assert (first.num_new, second.num_new) == (12, 4)
    assert notes(first)["source.capped"] == {"limit": 12, "num": 12, "first": "2026-02"}
    found = rows('product, title, text, rating, status, author, "time"', "time DESC")
    assert {row["product"] for row in found} == {"小记本"}
    assert [row["status"] for row in found[:6]] == ["deleted", None, None, None, None, "deleted"]
    assert found[0]["text"] == "第0条：同步有时候会丢字"
    assert [row["rating"] for row in found[:5]] == [5, 4, 3, 2, 1]
    stored = [note["key"] for row in store.state.imports("done") for note in json.loads(row["notes"])]
    assert stored.count("source.capped") == 1, "the import record carries the caution"
    assert [done.num_new for done in bring("qimai.xlsx")] == [0, 0]


@pytest.mark.shared
def test_qimai_as_published(bring, shared_data, rows, notes):
    (done,) = bring(shared_data("appstore_zh/CommentsOf米家.xlsx"))
    assert done.num_new + done.num_quarantined == 5000
    assert notes(done)["source.capped"]["limit"] == 5000
    assert {row["product"] for row in rows("product")} == {"米家"}


def test_a_console_of_a_chinese_store(bring, rows, notes):
    (done,) = bring("huawei.csv")
    assert notes(done)["source.rating_only_mean"] == {"count": 1, "mean": 4}
    assert rows("text, rating, product, version, market, status, 设备型号, 系统版本, 回复内容") == [
        {
            "text": "很好用，字体也舒服",
            "rating": 5,
            "product": "小记本",
            "version": "1.2.0",
            "market": "中国",
            "status": None,
            "设备型号": "Mate 60",
            "系统版本": "HarmonyOS 4.2",
            "回复内容": None,
        },
        {
            "text": "登录一直转圈，卸载重装也不行",
            "rating": 1,
            "product": "小记本",
            "version": "1.2.0",
            "market": "中国",
            "status": "replied",
            "设备型号": "P60",
            "系统版本": "HarmonyOS 4.0",
            "回复内容": "您好，已修复，请更新到最新版本再试一下，给您带来不便非常抱歉",
        },
    ]
