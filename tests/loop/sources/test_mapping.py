"""Understanding a file: its table, its columns, what is missing; explicit words win; public files are understood without help."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from productloop.foundation.errors import DataProblem, UsageError
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import LANGUAGES, speak
from productloop.loop.sources import ReadOptions, read
from productloop.loop.sources.mapping import Mapping, MapRequest, expression, reason, understand
from productloop.loop.sources.wording import TEXTS


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def targets(mapping: Mapping) -> dict[str, str]:
    return {column.target: column.source for column in mapping.columns if column.target is not None}


def map_text(connection: duckdb.DuckDBPyConnection, folder: Path, text: str, **request: object) -> Mapping:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    (raw,) = read(connection, path, ReadOptions(columns=request.get("columns")))  # type: ignore[arg-type]
    return understand(connection, raw, MapRequest(**request))  # type: ignore[arg-type]


def converted(connection: duckdb.DuckDBPyConnection, folder: Path, text: str, target: str, **request: object) -> list[object]:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    (raw,) = read(connection, path)
    mapping = understand(connection, raw, MapRequest(**request))  # type: ignore[arg-type]
    column = next(column for column in mapping.columns if column.target == target)
    sql = expression(column, TABLES[mapping.table].column(target).type)
    return [row[0] for row in connection.execute(f"SELECT {sql} FROM {raw.relation} ORDER BY line").fetchall()]


@pytest.mark.parametrize(
    ("header", "row", "table", "expected"),
    [
        (
            "发表时间,作者,评级,标题,内容",
            "2024-01-0{i},张{i},5,不错{i},用了一个月一直很好用{i}",
            "feedback",
            {"text": "内容", "time": "发表时间"},
        ),
        ("User ID,Event_Name,Time Stamp", "u{i},open,2024-01-0{i} 10:00", "events", {"actor": "User ID", "name": "Event_Name"}),
        ("用户ID,事件名称,时间,商品ID", "u{i},点击,2024-01-0{i},g{i}", "events", {"actor": "用户ID", "name": "事件名称", "item": "商品ID"}),
        ("订单号,客户ID,下单时间,实付", "o{i},u1,2024-01-0{i},12.50", "orders", {"id": "订单号", "actor": "客户ID", "amount": "实付"}),
        ("customer_id,plan,signup_date", "c{i},pro,2024-01-0{i}", "actors", {"actor": "customer_id", "first_seen": "signup_date"}),
        ("title,body,url", "Page {i},How to do thing number {i},https://example.com/{i}", "documents", {"address": "url", "text": "body"}),
        ("timestamp,value", "2024-01-0{i},3.{i}", "metrics", {"time": "timestamp", "value": "value", "metric": ""}),
        ("item_id,title,price", "i{i},Mug {i},9.90", "items", {"item": "item_id", "title": "title", "price": "price"}),
        ("date,type,version,title", "2024-01-0{i},version,1.{i},Release {i}", "changes", {"time": "date", "kind": "type"}),
        ("subject,task,value,observed_at", "u{i},churn,yes,2024-01-0{i}", "outcomes", {"subject": "subject", "task": "task"}),
        ("用户评论内容（必填）,打分", "物流太慢了等了一周{i},2", "feedback", {"text": "用户评论内容（必填）", "rating": "打分"}),
        ("ＵｓｅｒＩＤ,ＥＶＥＮＴ,time", "u{i},open,2024-01-0{i}", "events", {"actor": "ＵｓｅｒＩＤ", "name": "ＥＶＥＮＴ"}),
    ],
)
def test_tables_by_header(connection, tmp_path, header, row, table, expected):
    mapping = map_text(connection, tmp_path, "\n".join([header, *(row.format(i=i) for i in range(1, 9))]))
    assert mapping.table == table
    assert expected.items() <= targets(mapping).items()


def test_nested_names_and_surveys(connection, tmp_path):
    lines = "\n".join(f'{{"event": "open", "details": {{"user_id": "u{i % 3}", "time": {1700000000 + i}}}}}' for i in range(10))
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    (raw,) = read(connection, tmp_path / "a.jsonl")
    mapping = understand(connection, raw, MapRequest())
    assert mapping.table == "events"
    assert targets(mapping) == {"name": "event", "actor": "details.user_id", "time": "details.time"}
    rows = "\n".join(f"2024/3/{i + 1} 10:00,{i + 20}秒,男,希望增加暗色模式和离线功能{i},{i % 10 + 1}" for i in range(20))
    mapping = map_text(connection, tmp_path, "提交答卷时间,所用时间,1、您的性别,2、您对产品的想法,3、推荐打分\n" + rows)
    assert mapping.table == "feedback"
    assert targets(mapping) == {"time": "提交答卷时间", "text": "2、您对产品的想法", "rating": "3、推荐打分"}


def test_content_decides_where_names_do_not(connection, tmp_path):
    rows = "\n".join(f"第{i}次用就闪退，希望尽快修复这个问题,2024/1/{i} 9:0{i}" for i in range(1, 9))
    mapping = map_text(connection, tmp_path, "您怎么看,填写于\n" + rows)
    assert mapping.table == "feedback"
    assert targets(mapping) == {"text": "您怎么看", "time": "填写于"}
    assert {column.how for column in mapping.columns} == {"content"}


def test_a_name_is_not_believed_against_the_content(connection, tmp_path):
    rows = "\n".join(f"It broke after the update number {i},12:44,{i}" for i in range(1, 30))
    mapping = map_text(connection, tmp_path, "review,date,comments\n" + rows)
    assert targets(mapping) == {"text": "review"}
    assert [column.how for column in mapping.columns] == ["alias", "attribute", "attribute"]
    assert [say.key for say in mapping.prevents] == ["prevents.feedback.time", "prevents.feedback.rating", "prevents.feedback.author"]


def test_every_sentence_can_be_said(connection, tmp_path):
    rows = "\n".join(f"It broke after the update number {i},{i}/5/2024,," for i in range(1, 29))
    mapping = map_text(connection, tmp_path, "review,date,,empty\n" + rows)
    for language in LANGUAGES:
        said = [speak(sentence, TEXTS, language) for sentence in (*(column.reason for column in mapping.columns), *mapping.prevents)]
        assert all(said)


def test_headerless_ratings_and_sales(connection, tmp_path):
    ratings = "\n".join(f"{i % 9 + 1}\t{i * 7 % 40 + 100}\t{i % 5 + 1}\t{881250949 + i * 3600}" for i in range(100))
    mapping = map_text(connection, tmp_path, ratings)
    assert mapping.table == "events"
    assert targets(mapping) == {"actor": "column 1", "item": "column 2", "value": "column 3", "time": "column 4", "name": ""}
    sales = "\n".join(f"{i % 9:05d} 199701{i % 28 + 1:02d}  {i % 3 + 1}  {i * 1.37:.2f}" for i in range(100))
    mapping = map_text(connection, tmp_path, sales)
    assert mapping.table == "orders"
    assert targets(mapping) == {"actor": "column 1", "time": "column 2", "quantity": "column 3", "amount": "column 4"}


def test_columns_named_in_order(connection, tmp_path):
    rows = "\n".join(f"{i % 9 + 1}\t{i * 7 % 40 + 100}\t{i % 5 + 1}\t{881250949 + i * 3600}" for i in range(50))
    mapping = map_text(connection, tmp_path, rows, columns=("actor", "item", "value", "time"))
    assert mapping.table == "events"
    assert targets(mapping) == {"actor": "actor", "item": "item", "value": "value", "time": "time", "name": ""}
    constant = next(column for column in mapping.columns if column.target == "name")
    assert expression(constant, "category") == "'rate'"
    assert [column.how for column in mapping.columns][:4] == ["explicit"] * 4


def test_one_text_a_line_is_feedback(connection, tmp_path):
    (tmp_path / "a.txt").write_text("很好用\n太慢了\n还行\n", encoding="utf-8")
    (raw,) = read(connection, tmp_path / "a.txt")
    mapping = understand(connection, raw, MapRequest())
    assert (mapping.table, targets(mapping)) == ("feedback", {"text": "column 1"})


def test_explicit_words_win(connection, tmp_path):
    text = "user_id,event,timestamp,note\n" + "\n".join(f"u{i},open,2024-01-0{i},the note number {i} is long" for i in range(1, 9))
    assert map_text(connection, tmp_path, text).table == "events"
    mapping = map_text(connection, tmp_path, text, table="feedback", map={"text": "NOTE", "author": "user_id"})
    assert mapping.table == "feedback"
    assert targets(mapping)["text"] == "note"
    assert {c.source: c.how for c in mapping.columns}["note"] == "explicit"
    assert map_text(connection, tmp_path, text, map={"text": "event"}).table in ("feedback", "documents", "items")


def test_the_row_number_may_stand_for_a_person(connection, tmp_path):
    text = "age,income,default\n" + "\n".join(f"{20 + i},{i * 1000},no" for i in range(1, 9))
    with pytest.raises(DataProblem) as caught:
        map_text(connection, tmp_path, text)
    assert caught.value.code == "map_no_table"
    assert "age, income, default" in caught.value.render("zh")[0]
    assert converted(connection, tmp_path, text, "actor", table="actors", map={"actor": "#"}) == [str(i) for i in range(1, 9)]


@pytest.mark.parametrize(
    ("request_", "code", "nearest"),
    [
        ({"table": "feedbak"}, "map_table_unknown", "feedback"),
        ({"map": {"texte": "review"}}, "map_target_unknown", "text"),
        ({"map": {"text": "reviw"}}, "map_column_unknown", "review"),
        ({"map": {"text": "review", "title": "review"}}, "map_column_twice", None),
        ({"table": "feedback", "map": {"amount": "score"}}, "map_target_unknown", None),
    ],
)
def test_words_that_do_not_exist(connection, tmp_path, request_, code, nearest):
    text = "review,score\n" + "\n".join(f"it is good number {i},5" for i in range(9))
    with pytest.raises(UsageError) as caught:
        map_text(connection, tmp_path, text, **request_)
    assert caught.value.code == code
    for language in LANGUAGES:
        assert nearest is None or nearest in " ".join(caught.value.render(language))


def test_a_missing_column_says_what_to_type(connection, tmp_path):
    text = "event,timestamp,page\n" + "\n".join(f"open,2024-01-0{i},home" for i in range(1, 9))
    with pytest.raises(DataProblem) as caught:
        map_text(connection, tmp_path, text, table="events")
    assert caught.value.code == "map_column_missing"
    happened, expected, fix = caught.value.render("zh")
    assert "event, timestamp, page" in happened
    assert "userid" in expected
    assert "--map actor=" in fix


def test_fifty_unknown_columns(connection, tmp_path):
    header = ",".join(f"x{i}" for i in range(50))
    rows = "\n".join(",".join(str(i * j % 17) for i in range(50)) for j in range(20))
    with pytest.raises(DataProblem) as caught:
        map_text(connection, tmp_path, f"{header}\n{rows}")
    assert caught.value.code == "map_no_table"
    assert caught.value.parameters["num"] == 50
    assert len(str(caught.value.parameters["seen"])) <= 300


def test_privacy_may_drop_a_column(connection, tmp_path):
    asked: list[tuple[str, int]] = []

    def classify(header: str, values: object) -> tuple[str, str]:
        asked.append((header, len(list(values))))  # type: ignore[call-overload]
        return ("drop", "name") if header == "real name" else ("keep", "category")

    text = "user_id,real name,city\n" + "\n".join(f"u{i},Ann,Paris" for i in range(9))
    mapping = map_text(connection, tmp_path, text, classify=classify)
    assert {column.source: column.how for column in mapping.columns} == {"user_id": "alias", "real name": "ignored", "city": "attribute"}
    assert asked == [("real name", 9), ("city", 9)]


def test_the_fingerprint_follows_the_header_only(connection, tmp_path):
    one = map_text(connection, tmp_path, "User_ID,plan\nu1,a\nu2,b\n")
    two = map_text(connection, tmp_path, "user id,Plan\nx9,c\nx8,c\n")
    other = map_text(connection, tmp_path, "user_id,plan,city\nu1,a,x\nu2,b,y\n")
    assert one.fingerprint == two.fingerprint != other.fingerprint
    assert len(one.fingerprint) == 64


def test_day_or_month_first_is_decided_over_the_column(connection, tmp_path):
    def days(rows: list[str]) -> tuple[list[object], str]:
        text = "user_id,event,date\n" + "\n".join(f"u{i},open,{row}" for i, row in enumerate(rows))
        found = converted(connection, tmp_path, text, "time")
        mapping = map_text(connection, tmp_path, text)
        return found, next(column.reason.key for column in mapping.columns if column.target == "time")

    fifth_of_october, tenth_of_may = 1_570_233_600_000_000, 1_557_446_400_000_000
    assert days(["5/10/2019"] * 9 + ["25/10/2019"]) == (
        [fifth_of_october] * 9 + [fifth_of_october + 20 * 86_400_000_000],
        "mapping.day_first",
    )
    found, key = days(["5/10/2019"] * 9 + ["5/25/2019"])
    assert (found[0], key) == (tenth_of_may, "mapping.month_first")
    found, key = days(["5/10/2019"] * 9)
    assert (found[0], key) == (tenth_of_may, "mapping.month_first_guess")


def test_a_zone_anywhere_makes_the_column_zoned(connection, tmp_path):
    rows = ["2019-10-05T09:06:01"] * 30 + ["2019-10-05T09:06:01+08:00"]
    text = "user_id,event,timestamp\n" + "\n".join(f"u{i},open,{row}" for i, row in enumerate(rows))
    found = converted(connection, tmp_path, text, "time")
    assert found[0] - found[-1] == 8 * 3_600_000_000
    mapping = map_text(connection, tmp_path, text)
    assert next(column.format for column in mapping.columns if column.target == "time") == "zoned"


@pytest.mark.parametrize(("kind", "expected"), [("TIMESTAMP", "iso"), ("TIMESTAMPTZ", "zoned"), ("VARCHAR", "zoned")])
def test_what_parquet_stores_says_whether_there_is_a_zone(connection, tmp_path, kind, expected):
    path = tmp_path / "a.parquet"
    made = "SELECT 'u' || i AS user_id, 'open' AS event, '2019-10-05 09:06:01' || CASE i WHEN 7 THEN '+08:00' ELSE '' END AS seen FROM range(9) t(i)"
    connection.execute(f"COPY (SELECT * REPLACE (CAST(seen AS {kind}) AS seen) FROM ({made})) TO '{path}' (FORMAT parquet)")
    (raw,) = read(connection, path)
    column = next(column for column in understand(connection, raw, MapRequest(map={"time": "seen"})).columns if column.target == "time")
    assert column.format == expected


def test_a_wrong_year_has_its_reason(connection, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "user_id,event,time\n" + "u1,open,2025-01-01\n" * 20 + "u2,open,20255-01-01\nu3,open,soon\nu4,open,\n", encoding="utf-8"
    )
    (raw,) = read(connection, path)
    mapping = understand(connection, raw, MapRequest())
    time = next(column for column in mapping.columns if column.target == "time")
    rows = connection.execute(f"SELECT {reason(time, 'time')}, {expression(time, 'time')} FROM {raw.relation} ORDER BY line").fetchall()
    assert rows[19:] == [(None, 1_735_689_600_000_000), ("year_out_of_range", None), ("unreadable", None), (None, None)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        (
            "appstore_zh/CommentsOf小米商城.xlsx",
            "feedback",
            {"text": "内容", "time": "发表时间", "rating": "评级", "title": "标题", "author": "作者"},
        ),
        ("olid/olid-training-v1.0.tsv.gz", "feedback", {"text": "tweet", "label": "subtask_a", "id": "id"}),
        ("waimai_10k/waimai_10k.csv", "feedback", {"text": "review", "label": "label"}),
        ("amazon_alexa/amazon_alexa.tsv", "feedback", {"text": "verified_reviews", "rating": "rating", "time": "date"}),
        ("cold_zh/dev.csv", "feedback", {"text": "TEXT", "label": "label"}),
        ("fewclue_bustm/test_public.json", "feedback", {"id": "id", "label": "label"}),
        ("simple_shop/simple-onlineshop.csv", "events", {"actor": "user_id", "name": "event", "time": "timestamp"}),
        ("movielens_100k/u.data.gz", "events", {"actor": "column 1", "item": "column 2", "value": "column 3", "time": "column 4"}),
        ("movielens_100k/u.item", "items", {"item": "column 1", "title": "column 2"}),
        (
            "cdnow/CDNOW_master.txt.gz",
            "orders",
            {"actor": "customer_id", "time": "date", "quantity": "number_of_cds", "amount": "dollar_value"},
        ),
        ("cdnow/CDNOW_sample.txt", "orders", {"actor": "column 1", "time": "column 3", "quantity": "column 4", "amount": "column 5"}),
        ("telco_churn/Telco-Customer-Churn.csv", "actors", {"actor": "customerID"}),
        ("cookie_cats/cookie_cats.csv.gz", "actors", {"actor": "userid"}),
        ("auto_insurance_fraud/insurance_claims.csv", "actors", {"actor": "policy_number"}),
        ("nab/realAdExchange__exchange-2_cpc_results.csv", "metrics", {"time": "timestamp", "value": "value"}),
    ],
)
def test_public_files_are_understood(connection, shared_data, name, table, expected):
    raw = read(connection, shared_data(name))[0]
    mapping = understand(connection, raw, MapRequest())
    assert mapping.table == table
    assert expected.items() <= targets(mapping).items()
    for column in mapping.columns:
        kind = TABLES[table].column(column.target).type if column.target else None
        if kind in ("time", "money", "number", "actor"):
            bad = connection.execute(f"SELECT count({reason(column, kind)}) FROM {raw.relation}").fetchone()
            assert bad == (0,), column
