"""Questionnaires: one row an open answer, with its question, its person and the rating asked beside it."""

from __future__ import annotations

import pytest

from productloop.foundation.errors import DataProblem

ASKED = "6、您最希望我们增加什么功能？"


@pytest.mark.parametrize("name", ["wjx_text.xlsx", "wjx_codes.csv"])
def test_wjx(bring, rows, notes, name):
    (done,) = bring(name)
    assert (done.table, done.num_new, done.num_quarantined) == ("feedback", 11, 0)
    assert notes(done)["source.survey"] == {"people": 7, "answers": 11, "questions": 2, "silent": 1}
    found = rows("question, text, rating, channel, market, conversation, author, 所用时间")
    first = {
        "question": "4、您不满意的地方是？",
        "text": "同步经常丢字，写了半天没了",
        "rating": 4,
        "channel": "链接",
        "market": "浙江-杭州",
    }
    assert first.items() <= found[0].items()
    assert {"question": ASKED, "text": "语音转文字", "rating": 5}.items() <= found[1].items()
    assert found[0]["conversation"] == found[1]["conversation"]
    assert found[0]["author"] == found[1]["author"]
    assert len({row["author"] for row in found}) == 7
    assert not {row["text"] for row in found} & {"(跳过)", "(空)"}
    assert bring(name)[0].num_new == 0


def test_wjx_ratings_come_to_stars_and_keep_their_points(bring, rows, notes):
    (done,) = bring("wjx_text.xlsx")
    points = '"5、您有多大可能向朋友推荐小记本（0-10分）"'
    asked = [row for row in rows(f"question, rating, {points}") if row["question"] == ASKED]
    assert [(row["rating"], row[points.strip('"')]) for row in asked] == [(5, 9), (5, 10), (3, 7), (3, 8), (5, 10), (1, 0)]
    assert notes(done)["source.survey_nps"] == {"column": points.strip('"')}


def test_wjx_says_when_options_are_numbers(bring, notes):
    assert notes(bring("wjx_codes.csv")[0])["source.survey_codes"] == {"count": 2, "first": "1、您的性别"}
    assert "source.survey_codes" not in notes(bring("wjx_text.xlsx")[0])


def test_no_address_of_a_respondent_is_kept(bring, store):
    bring("wjx_text.xlsx")
    bring("surveymonkey.csv")
    for path in (store.home / "lake").rglob("*.parquet"):
        assert b"1.2.3." not in path.read_bytes()


def test_a_person_may_keep_the_wide_form(bring, rows):
    (done,) = bring("wjx_text.xlsx", map={"text": ASKED})
    assert done.num_rows == 8
    assert [row["text"] for row in rows("text")][:2] == ["语音转文字", "希望能多人一起编辑一篇笔记"]


def test_typeform(bring, rows, notes):
    (done,) = bring("typeform.csv")
    assert notes(done)["source.survey"] == {"people": 3, "answers": 4, "questions": 2, "silent": 1}
    assert rows("question, text, rating, time, conversation")[:2] == [
        {
            "question": "What is the main reason for your score?",
            "text": "It never lost a note of mine",
            "rating": 5,
            "time": 1_772_355_940_000_000,
            "conversation": "a1b068127e3d5e9ca5f5fac8e04fa692",
        },
        {
            "question": "What should we build next?",
            "text": "Tables, please",
            "rating": 5,
            "time": 1_772_355_940_000_000,
            "conversation": "a1b068127e3d5e9ca5f5fac8e04fa692",
        },
    ]
    assert "Which_plan_are_you_on?" in [name.replace(" ", "_") for name in done.attributes]


def test_surveymonkey_with_its_second_header_row(bring, rows):
    (done,) = bring("surveymonkey.csv")
    assert done.num_new == 2
    assert "Which devices do you use?: Laptop" in done.attributes
    assert [(row["text"], row["rating"]) for row in rows("text, rating")] == [
        ("Make the text bigger please", 4),
        ("It crashes whenever I rotate it", 1),
    ]


def test_google_forms(bring, rows):
    bring("google_forms.csv")
    assert [(row["question"], row["text"], row["rating"]) for row in rows("question, text, rating")] == [
        ("What do you like most about it?", "The quick search over everything", 5),
        ("What do you like most about it?", "I do not like much, it is slow", 2),
    ]


def test_a_questionnaire_without_words_is_refused_and_may_be_a_table_of_people(bring, tmp_path):
    path = tmp_path / "a.csv"
    lines = "".join(f"{i},2026/3/{i} 10:00:00,{i + 30}秒,微信,N/A,{i % 2 + 1}\n" for i in range(1, 9))
    path.write_text("序号,提交答卷时间,所用时间,来源,来源详情,1、性别\n" + lines, encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        bring(path)
    assert (caught.value.code, caught.value.parameters["num"]) == ("file_no_open_answers", 8)
    assert bring(path, table="actors", map={"actor": "序号"})[0].num_new == 8
