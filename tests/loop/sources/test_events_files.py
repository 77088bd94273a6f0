"""Exports of event tools: the right events, people and merges from each, nothing twice, everything accounted for."""

from __future__ import annotations

import json
import zipfile

import pytest
from tests.loop.sources.conftest import FIXTURES

from productloop.foundation.errors import DataProblem
from productloop.foundation.settings import load_settings
from productloop.loop.identities import reverse, statements
from productloop.loop.importing import repair, undo
from productloop.loop.upkeep import erase

WITH_NAMES = "events e JOIN actor_codes c ON c.code = e.actor"
SETTINGS = load_settings(None, {})


@pytest.fixture
def happened(store):
    """`happened("e.name, c.id")`: events with the ids of people, in order of time."""

    def happened(columns):
        return store.rows(f"SELECT {columns} FROM {WITH_NAMES} ORDER BY e.time, e.sequence")

    return happened


def accounted(imported):
    for one in imported:
        assert one.num_rows == one.num_new + one.num_repeated + one.num_quarantined, one.table


def told(imported, key):
    return [dict(note.slots) for note in imported[0].notes if note.key == key]


def test_segment_lines(bring, happened, store):
    imported = bring("segment.jsonl")
    accounted(imported)
    assert [(one.table, one.num_rows, one.num_new, one.num_repeated) for one in imported] == [
        ("events", 4, 3, 1),
        ("actors", 3, 3, 0),
        ("merges", 3, 2, 0),
    ]
    assert imported[2].num_quarantined == 1  # anon-1 was u1 before it was said to be u2
    assert happened("e.id, e.name, c.id, e.value, e.platform, e.version, e.device, e.item, e.time") == [
        ("ajs-1", "page_view", "u1", None, "web", None, None, None, 1_772_352_000_000_000),
        ("ajs-3", "Order Completed", "u1", 25.5, "iOS", "1.2.0", "iPhone12,1", "p9", 1_772_352_120_000_000),
        ("ajs-4", "screen", "u2", None, "iOS", "1.2.0", "iPhone12,1", None, 1_772_352_180_000_000),
    ]
    page, order, _ = (json.loads(row[0]) for row in happened("e.properties"))
    assert page == {
        "page": "Pricing", "url": "https://shop.example/pricing?x=1", "path": "/pricing", "referrer": "https://search.example/",
        "title": "Pricing", "utm_campaign": "spring", "utm_source": "news", "locale": "zh-CN", "plan": "free",
    }  # fmt: skip
    assert (order["currency"], order["order_id"], json.loads(order["products"])) == ("USD", "o1", [{"sku": "p9", "price": 25.5}])
    people = store.rows("SELECT c.id, account, plan, first_seen FROM actors a JOIN actor_codes c ON c.code = a.actor ORDER BY known_at")
    since = 1_771_545_600_000_000
    assert people == [
        ("u1", None, "pro", since),
        ("u1", "acme", "pro", since),
        ("u1", "acme", "team", since),
    ]  # each row says all that is known


@pytest.mark.parametrize("name", ["segment.jsonl", "mixpanel.jsonl", "amplitude.zip", "posthog.jsonl", "sensors.jsonl", "umeng.csv"])
def test_a_second_time_adds_nothing(bring, store, name):
    first = bring(name)
    accounted(first)
    before = {table: store.count(table) for table in ("events", "actors", "metrics", "actor_codes", "quarantine")}
    said = statements(store)
    again = bring(name)
    accounted(again)
    assert sum(one.num_new for one in first) > 0
    assert [one.num_new for one in again] == [0] * len(again)
    assert {table: store.count(table) for table in before} == before
    assert statements(store) == said


def test_mixpanel_is_deduplicated_by_event_person_time_and_insert_id(bring, happened, store):
    imported = bring("mixpanel.jsonl")
    accounted(imported)
    assert [(one.table, one.num_rows, one.num_new) for one in imported] == [("events", 5, 4), ("merges", 1, 1)]
    assert happened("e.name, c.id, e.value, e.duration_ms, e.platform, e.version, e.device") == [
        ("page_view", "u1", None, None, "Mac OS X", None, None),
        ("Purchase", "u1", 9.9, None, "iOS", "1.2.0", "iPhone12,1"),
        ("Purchase", "u2", 5.0, None, None, None, None),
        ("Watched", "u2", None, 12_500, None, None, None),
    ]
    assert json.loads(happened("e.properties")[0][0])["country"] == "DE"
    (people,) = bring("mixpanel_people.jsonl")
    assert (people.table, people.num_new) == ("actors", 1)
    assert store.rows("SELECT plan, country, first_seen FROM actors") == [("pro", "DE", 1_769_904_000_000_000)]


def test_amplitude_zip_goes_by_time_of_upload(bring, happened):
    imported = bring("amplitude.zip", time_zone="Asia/Shanghai")  # its times are UTC whatever the workspace says
    accounted(imported)
    assert told(imported, "source.events.uploaded") == [{"first": "2026-03-01 08:00", "last": "2026-03-02 10:00"}]
    assert happened("e.id, e.name, c.id, e.session, e.value, e.version, e.item, e.time") == [
        ("a1", "session_start", "u1", "1772352000000", None, "1.2.0", None, 1_772_352_000_100_000),
        ("a2", "page_view", "u1", "1772352000000", None, "1.2.0", None, 1_772_352_001_200_000),
        ("a4", "Song Played", "u1", None, None, "1.2.0", None, 1_772_355_600_000_000),
        ("a5", "Purchase", "u1", "1772352000000", 4.5, "1.2.0", "sku-1", 1_772_355_900_000_000),
    ]
    assert json.loads(happened("e.properties")[2][0])["genre"] == "爵士"
    assert "203.0.113.7" not in str(happened("e.*"))


def test_posthog_lines(bring, happened, store):
    imported = bring("posthog.jsonl")
    accounted(imported)
    assert happened("e.name, c.id, e.session, e.value, e.version, e.platform") == [
        ("page_view", "u1", "s1", None, None, "Windows"),
        ("order paid", "u1", "s1", 12.5, "1.2.0", "Windows"),
        ("screen", "u1", "s1", None, None, "Windows"),
    ]
    page, order, screen = (json.loads(row[0]) for row in happened("e.properties"))
    assert (page["page"], page["url"], page["country"], screen["page"]) == ("/pricing", "https://shop.example/pricing", "DE", "Home")
    assert order["$feature/new-cart"] == "test"
    assert "phc_x" not in str(page)
    assert store.rows("SELECT plan, first_utm FROM actors ORDER BY known_at") == [("pro", "news"), ("team", "news")]
    assert told(imported, "source.events.counts") == [{"num": 7, "events": 3, "people": 2, "merges": 2, "rest": 1}]


def test_sensors_lines(bring, happened, store):
    imported = bring("sensors.jsonl")
    accounted(imported)
    events, people, merges = imported
    assert (events.num_rows, events.num_new, events.num_quarantined) == (4, 3, 1)  # nobody did $AppStart
    assert dict(events.quarantine) == {"actor": 1}
    assert happened("e.name, c.id, e.value, e.duration_ms, e.item, e.version, e.time") == [
        ("screen", "u1", None, None, None, "1.2.0", 1_772_352_000_123_000),
        ("$SignUp", "u1", None, None, None, None, 1_772_352_060_000_000),
        ("支付订单", "u1", 99.0, 3250, "p9", None, 1_772_352_120_000_000),
    ]
    known = store.rows("SELECT 等级, 积分 FROM actors ORDER BY known_at")
    assert known == [("金卡", None), ("金卡", None), ("金卡", 10)]  # set once: the first stays
    assert [slots["num"] for slots in told(imported, "source.events.left_out")] == [1]  # an item without an id
    assert [slots["num"] for slots in told(imported, "source.events.from_zero")] == [1]
    assert (people.num_new, merges.num_new) == (3, 1)


def lines(path, records):
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    return path


def test_sensors_profiles_count_up_grow_and_lose_values(bring, store, tmp_path):
    changes = [
        ("profile_set", {"积分": 5, "爱好": ["跑步"], "plan": "pro"}),
        ("profile_increment", {"积分": 2.5}),
        ("profile_increment", {"积分": 0.5, "次数": 1}),
        ("profile_append", {"爱好": ["读书", "跑步"]}),
        ("profile_unset", {"爱好": None, "plan": None}),
        ("profile_delete", {}),
    ]
    records = [
        {"distinct_id": "u1", "time": 1_772_352_000_000 + n, "type": kind, "properties": what} for n, (kind, what) in enumerate(changes)
    ]
    imported = bring(lines(tmp_path / "profiles.jsonl", records))
    accounted(imported)
    assert store.rows("SELECT 积分, 次数, 爱好, plan FROM actors ORDER BY known_at") == [
        (5.0, None, '["跑步"]', "pro"),
        (7.5, None, '["跑步"]', "pro"),
        (8.0, 1, '["跑步"]', "pro"),
        (8.0, 1, '["跑步", "读书"]', "pro"),
        (8.0, 1, None, None),
        (None, None, None, None),
    ]
    assert told(imported, "source.events.from_zero") == [{"num": 1}]  # 次数 was never set


def test_sensors_items(bring, store, tmp_path):
    records = [
        {
            "type": "item_set",
            "item_type": "book",
            "item_id": "b1",
            "time": 1_772_352_000_000,
            "properties": {"名称": "三体", "price": 39.9},
        },
        {"type": "item_set", "item_type": "book", "item_id": "b1", "time": 1_772_352_060_000, "properties": {"price": 29.9, "页数": 302}},
        {"type": "item_set", "item_type": "book", "item_id": "b1", "time": 1_772_352_070_000, "properties": {"price": 29.9}},
        {"type": "item_delete", "item_type": "book", "item_id": "b2", "time": 1_772_352_080_000},
    ]
    path = lines(tmp_path / "items.jsonl", [record | {"distinct_id": ""} for record in records])
    imported = bring(path)
    accounted(imported)
    assert [(one.table, one.num_new) for one in imported] == [("items", 2)]
    assert store.rows("SELECT item, title, category, price, 页数 FROM items ORDER BY known_at") == [
        ("b1", "三体", "book", 3990, None),
        ("b1", "三体", "book", 2990, 302),
    ]
    assert [bring(path)[0].num_new, store.count("items")] == [0, 2]


def test_people_belong_to_the_groups_their_events_name(bring, store, tmp_path):
    def posthog(n, name, who, properties):
        return {"uuid": str(n), "event": name, "distinct_id": who, "timestamp": f"2026-03-01T08:00:0{n}Z", "properties": properties}

    traits = {"$group_type": "company", "$group_key": "acme", "$group_set": {"size": "large"}}
    path = lines(
        tmp_path / "groups.jsonl",
        [
            posthog(0, "open", "u1", {"$groups": {"project": "p", "company": "acme"}}),
            posthog(1, "open", "u1", {"$groups": {"project": "p", "company": "acme"}}),
            posthog(2, "$groupidentify", "company_acme", traits),
            posthog(3, "open", "u2", {"$groups": {"company": "acme"}}),
            posthog(4, "open", "u3", {"$groups": {"project": "p", "channel": "c"}}),
            posthog(5, "$groupidentify", "x", {}),
        ],
    )
    imported = bring(path)
    accounted(imported)
    people = store.rows("SELECT c.id, account, account_size FROM actors a JOIN actor_codes c ON c.code = a.actor ORDER BY known_at")
    assert people == [("u1", "acme", None), ("u1", "acme", "large"), ("u2", "acme", "large")]
    assert json.loads(store.rows("SELECT properties FROM events ORDER BY time")[0][0])["account_project"] == "p"
    assert [slots["num"] for slots in told(imported, "source.events.left_out")] == [1]  # a group without a key


def test_umeng_totals_become_metrics(bring, store):
    (done,) = bring("umeng.csv")
    assert (done.table, done.num_new) == ("metrics", 14)
    found = {(row[0], row[1], row[2]): (row[3], row[4]) for row in store.rows("SELECT metric, segment, time, value, unit FROM metrics")}
    first = 1_772_323_200_000_000
    assert found["活跃用户", "App Store", first] == (1530.0, None)
    assert found["人均使用时长", "App Store", first] == (201.0, "s")
    assert found["次日留存率", "华为", first] == (0.28, "share")
    assert not any(segment is None for _, segment, _ in found)


def test_merges_are_undone_with_their_import_and_one_by_one(bring, happened, store):
    events, _, merges = bring("segment.jsonl")
    assert {row[0] for row in happened("c.id")} == {"u1", "u2"}
    first = statements(store)[0]
    reverse(store, first.number, 2)
    assert ("page_view", "u2") in happened("e.name, c.id")  # what was set aside counts now
    bring("segment.jsonl")
    assert statements(store)[0].status == "undone"  # taken back stays taken back
    undo(store, SETTINGS, merges.import_id)
    store.refresh()
    assert statements(store) == []
    assert ("page_view", "anon-1") in happened("e.name, c.id")
    assert store.count("events") == events.num_new


def test_erasing_a_person_reaches_all_ids(bring, store):
    bring("segment.jsonl")
    gone = erase(store, SETTINGS, "anon-1")
    assert (gone["events"], gone["actors"], gone["identities"]) == (2, 3, 3)
    left = {row[0] for row in store.rows("SELECT id FROM actor_codes WHERE id IS NOT NULL")}
    assert left == {"u2"}
    assert store.rows("SELECT name FROM events") == [("screen",)]


def test_history_filled_in_later_comes_first(bring, store, tmp_path):
    def track(number, time, who):
        return {"type": "track", "event": "open", "messageId": f"h{number}", "anonymousId": who, "timestamp": time}

    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    new.write_text(json.dumps(track(1, "2026-03-05T00:00:00Z", "x")) + "\n" + json.dumps(track(2, "2026-03-06T00:00:00Z", "x")), "utf-8")
    old.write_text(
        json.dumps(track(3, "2025-01-01T00:00:00Z", "x")) + "\n" + json.dumps({"type": "alias", "previousId": "x", "userId": "u"}), "utf-8"
    )
    bring(new)
    bring(old)
    first = store.rows(f"SELECT c.id, min(e.time) FROM {WITH_NAMES} GROUP BY 1")
    assert first == [("u", 1_735_689_600_000_000)]


def test_ids_that_are_contacts_are_hidden_each_for_itself(bring, happened, store, tmp_path):
    path = tmp_path / "mixed.jsonl"
    ids = ["jane@example.com", "13800138000", *(f"user-{number}" for number in range(50))]
    rows = [
        {"type": "track", "event": "open", "messageId": f"p{n}", "userId": who, "timestamp": "2026-03-05T00:00:00Z"}
        for n, who in enumerate(ids)
    ]
    rows.append(
        {"type": "alias", "messageId": "q", "previousId": "anon", "userId": "jane@example.com", "timestamp": "2026-03-05T00:00:00Z"}
    )
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    bring(path)
    found = [row[0] for row in happened("c.id")]
    assert len(set(found)) == 52
    assert sum(name.startswith("p_") for name in found) == 2
    assert "jane@example.com" not in str(store.rows("SELECT * FROM actor_codes"))
    assert statements(store)[0].actor in found


def test_broken_parts_are_left_out_and_said(bring, store, tmp_path):
    text = (FIXTURES / "segment.jsonl").read_text("utf-8")
    cut = tmp_path / "cut.jsonl"
    cut.write_text(text[:-40], "utf-8")  # the last line ends early
    imported = bring(cut)
    assert told(imported, "source.json_bad_lines") == [{"count": 1}]
    assert store.count("events") == 3
    half = tmp_path / "half.zip"
    with zipfile.ZipFile(FIXTURES / "amplitude.zip") as whole, zipfile.ZipFile(half, "w") as out:
        first, second = whole.namelist()
        out.writestr(first, whole.read(first))
        out.writestr(second, whole.read(second)[:-60])
    imported = bring(half)
    assert told(imported, "source.events.member") == [{"file": second.rpartition("/")[2]}]
    assert {"a1", "a2"} <= {row[0] for row in store.rows("SELECT id FROM events")}
    nonsense = tmp_path / "nonsense.jsonl"
    nonsense.write_text(text.splitlines()[0] + "\n" + "{broken\n" * 20, "utf-8")
    with pytest.raises(DataProblem) as caught:
        bring(nonsense)
    assert caught.value.code == "file_broken"


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_other_encodings(bring, happened, tmp_path, encoding):
    path = tmp_path / "神策.jsonl"
    path.write_text((FIXTURES / "sensors.jsonl").read_text("utf-8"), encoding=encoding)
    bring(path)
    assert [row[0] for row in happened("e.name")] == ["screen", "$SignUp", "支付订单"]


def test_lists_and_batches_and_many_properties(bring, happened, store, tmp_path):
    message = {"type": "track", "event": "wide", "userId": "u", "timestamp": 1_772_352_000}
    path = tmp_path / "batch.json"
    path.write_text(
        json.dumps({"batch": [{**message, "messageId": str(n), "properties": {f"p{n}_{k}": k for k in range(150)}} for n in range(4)]}),
        "utf-8",
    )
    (done,) = bring(path)
    assert done.num_new == 4
    properties = [json.loads(row[0]) for row in happened("e.properties")]
    assert properties[0]["p0_149"] == 149
    assert json.loads(properties[3]["more_properties"])["p3_149"] == "149"


def test_rows_without_an_id_are_all_kept(bring, store, tmp_path):
    path = tmp_path / "no_ids.jsonl"
    rows = [
        {"event": "open", "properties": {"time": 1_772_352_000 + n, "distinct_id": "u", **({"$insert_id": "i"} if n == 0 else {})}}
        for n in range(3)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    other = tmp_path / "no_ids_either.jsonl"
    rows = [
        {"event": "open", "properties": {"time": 1_772_352_100 + n, "distinct_id": "u", **({"$insert_id": "j"} if n == 0 else {})}}
        for n in range(3)
    ]
    other.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert [bring(path)[0].num_new, bring(other)[0].num_new, bring(path)[0].num_new] == [3, 3, 0]
    assert store.count("events") == 6


def test_killed_between_merges_and_ledger_leaves_nothing(bring, store, monkeypatch):
    """What a killed process leaves is taken back by the next writer, and importing again brings it all."""
    real = store.state.finish_import

    def killed(import_id, at, counts=None):
        if counts is not None:
            raise KeyboardInterrupt
        real(import_id, at, counts)

    monkeypatch.setattr(store.state, "finish_import", killed)
    with pytest.raises(KeyboardInterrupt):
        bring("segment.jsonl")
    assert statements(store) != []
    monkeypatch.undo()
    with store.writing():
        assert len(repair(store)) == 1
    store.refresh()
    assert statements(store) == []
    assert [one.num_new for one in bring("segment.jsonl")] == [0, 0, 2]
    assert len(statements(store)) == 3


def test_a_damaged_parquet_file_is_refused_and_nothing_is_kept(bring, store, tmp_path):
    import duckdb

    path = tmp_path / "events.parquet"
    with duckdb.connect() as db:
        db.execute(
            f"""COPY (SELECT 'u' || (i % 9) AS user_id, 'open' AS event, make_timestamp(1772352000000000 + (hash(i) % 1000000000)::BIGINT)
            AS "timestamp", (hash(i) % 1000000)::BIGINT AS value FROM range(20000) t(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 5000)"""
        )
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\0" * 3000 + whole[middle + 3000 :])
    with pytest.raises(DataProblem) as caught:
        bring(path)
    assert caught.value.code == "file_broken"
    assert store.count("events") == 0
    path.write_bytes(whole[:-100])
    with pytest.raises(DataProblem):
        bring(path)
    path.write_bytes(whole)
    (done,) = bring(path)
    assert (done.num_new, store.count("events")) == (20_000, 20_000)
    assert bring(path)[0].num_new == 0


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_column_of_properties_is_taken_apart(bring, happened, store, tmp_path, form):
    import duckdb

    path = tmp_path / f"warehouse.{form}"
    rows = [
        ("u1", "open", "2026-03-01T08:00:00Z", {"$os": "iOS", "label": "Home", "price": 3.5, "nested": {"a": [1]}}),
        ("u2", "buy", "2026-03-01T09:00:00Z", {"label": 'with "quotes"', "$session_id": "s2"}),
        ("u2", "close", "2026-03-01T09:00:01Z", None),
    ]
    values = ", ".join("(?, ?, ?, ?)" for _ in rows)
    given = [value if not isinstance(value, dict) else json.dumps(value) for row in rows for value in row]
    with duckdb.connect() as db:
        db.execute("CREATE TABLE t (distinct_id VARCHAR, event VARCHAR, timestamp VARCHAR, properties VARCHAR)")
        db.execute(f"INSERT INTO t VALUES {values}", given)
        db.execute(f"COPY t TO '{path}' (FORMAT {form})")
    (done,) = bring(path)
    assert (done.table, done.num_new) == ("events", 3)
    assert happened("c.id, e.name, e.platform, e.value, e.session") == [
        ("u1", "open", "iOS", 3.5, None),
        ("u2", "buy", None, None, "s2"),
        ("u2", "close", None, None, None),
    ]
    assert json.loads(happened("e.properties")[0][0]) == {"label": "Home", "nested": '{"a":[1]}'}
    assert bring(path)[0].num_new == 0
