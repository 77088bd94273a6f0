"""`ask`: plain questions become checked queries, shown before they run; what is not understood is refused; no number is made here."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from event_workspace import at, run_of, workspace, written
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from productloop.apps.behaviour import APP
from productloop.apps.behaviour._ask import is_known, provider_query, suggestions
from productloop.apps.behaviour._ask_columns import column, find_conditions
from productloop.apps.behaviour._ask_cues import PERIODS
from productloop.apps.behaviour._ask_dates import Days, find_days
from productloop.apps.behaviour._ask_day_rules import Calendar
from productloop.apps.behaviour._ask_grammar import parse
from productloop.apps.behaviour._ask_kinds import second_opinion
from productloop.apps.behaviour._ask_question import Catalogue, asked, read_question
from productloop.apps.behaviour._ask_sentence import command
from productloop.apps.behaviour._ask_text import Sentence, base, number_of, read_sentence, search
from productloop.apps.behaviour._ask_windows import until_of
from productloop.apps.behaviour._dictionary import EventNames
from productloop.apps.behaviour.ask_report import ask_page
from productloop.apps.behaviour.ask_types import QUERIES, AskReport, FunnelQuery, Query, QueryScope, Refusal, given_fields
from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.wording import LANGUAGES, Text
from productloop.interfaces.options import build, options_of
from productloop.interfaces.options import parse as parse_options
from productloop.llm.provider import Provider, Scripted
from productloop.loop.action import Run, perform
from productloop.loop.store import Store

SETS = Path(__file__).parents[2] / "sets"
OWN = Path(__file__).parent / "ask_questions.jsonl"


@cache
def catalogues() -> dict[str, Catalogue]:
    plain = load_settings(None, {})
    found = {}
    for name, product in json.loads((SETS / "ask_products.json").read_text(encoding="utf-8")).items():
        events = {event: Text(texts["zh"], texts["en"]) for event, texts in product["events"].items()}
        columns = tuple(column(key, tuple(of["values"]), of["zh"], of["en"]) for key, of in product["columns"].items())
        names = EventNames(Settings(plain.values, plain.origins, events=events), events)
        found[name] = Catalogue(names, columns, date.fromisoformat(product["today"]))
    return found


def comparable(request: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """(the request without its title, words of the title): conditions in any order, titles loosely."""
    found = json.loads(json.dumps(request))
    title = set(str(found.pop("title", "")).lower().split()) - {"the", "our"}
    scope = found.get("scope", {})
    if "where" in scope:
        scope["where"] = sorted(scope["where"])
    if "window_days" in found:
        found["window_days"] = float(found["window_days"])
    return {name: value for name, value in found.items() if value != {}}, title


def is_right(query: Query, case: Mapping[str, Any]) -> bool:
    if case["action"] == "refuse":
        return isinstance(query, Refusal)
    fields, title = comparable(given_fields(query))
    for wanted in ({"action": case["action"], "request": case["request"]}, *case["also"]):
        other, other_title = comparable(wanted["request"])
        alike = bool(title & other_title) or title == other_title or any(word in other for word in title for other in other_title)
        if query.action == wanted["action"] and fields == other and alike:
            return True
    return False


def share_right(path: Path) -> float:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return sum(is_right(parse(case["question"], catalogues()[case["product"]]), case) for case in cases) / len(cases)


@pytest.mark.parametrize(("half", "floor"), [("a", 0.95), ("b", 0.85)])
def test_share_of_written_questions_understood(half: str, floor: float, capsys: pytest.CaptureFixture[str]) -> None:
    share = share_right(SETS / f"ask_{half}.jsonl")
    with capsys.disabled():
        print(f"\nquestions understood, half {half}: {share:.3f}")  # noqa: T201
    assert share >= floor


@pytest.mark.parametrize(("half", "floor"), [("c", 0.95), ("d", 0.95), ("e", 0.95), ("f", 0.93), ("g", 0.97), ("h", 0.97)])
def test_development_questions_stay_understood(half: str, floor: float) -> None:
    """Shares as found: c and d .72 and .70 (d .87 after work on c), e and f .63 and .73, g and h (another author) .825 and, after work on g, .883."""
    assert share_right(SETS / f"ask_questions_{half}.jsonl") >= floor


def test_questions_of_our_own_stay_understood() -> None:
    assert share_right(OWN) >= 0.97


TODAY = Calendar(date(2026, 6, 24))  # a Wednesday


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("上周", "2026-06-15", "2026-06-21"),
        ("last week", "2026-06-15", "2026-06-21"),
        ("上上周", "2026-06-08", "2026-06-14"),
        ("this week", "2026-06-22", "2026-06-24"),
        ("上个月", "2026-05-01", "2026-05-31"),
        ("最近30天", "2026-05-26", "2026-06-24"),
        ("past two weeks", "2026-06-11", "2026-06-24"),
        ("过去三个月", "2026-03-25", "2026-06-24"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("Q1", "2026-01-01", "2026-03-31"),
        ("Q3", "2025-07-01", "2025-09-30"),
        ("last quarter", "2026-01-01", "2026-03-31"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("5月1号到7号", "2026-05-01", "2026-05-07"),
        ("从3月5日到4月2日", "2026-03-05", "2026-04-02"),
        ("12月", "2025-12-01", "2025-12-31"),
        ("between May 3 and May 9", "2026-05-03", "2026-05-09"),
        ("from 2026-01-05 to 2026-02-01", "2026-01-05", "2026-02-01"),
        ("in April and May", "2026-04-01", "2026-05-31"),
        ("since Jan 1", "2026-01-01", None),
        ("4月以来", "2026-04-01", None),
        ("year to date", "2026-01-01", None),
        ("until March 3", None, "2026-03-03"),
        ("before June", None, "2026-05-31"),
        ("after May 10", "2026-05-11", None),
        ("昨天", "2026-06-23", "2026-06-23"),
        ("双十一", "2025-11-11", "2025-11-11"),
        ("second half of February", "2026-02-15", "2026-02-28"),
        ("users may leave", None, None),
        ("the first week of June", "2026-06-01", "2026-06-07"),
        ("6月最后一周", "2026-06-24", "2026-06-30"),
        ("retention of the March cohort", "2026-03-01", "2026-03-31"),
        ("5月20日上线以来", "2026-05-20", None),
        ("6月1号开学，从那天到现在", "2026-06-01", None),
        ("June so far", "2026-06-01", None),
        ("三四月", "2026-03-01", "2026-04-30"),
        ("3-5月", "2026-03-01", "2026-05-31"),
        ("上个月下旬", "2026-05-21", "2026-05-31"),
        ("late May", "2026-05-21", "2026-05-31"),
        ("from 3 to 9 May", "2026-05-03", "2026-05-09"),
        ("5/1/2026 to 5/7/2026", "2026-05-01", "2026-05-07"),
        ("1/3 of users", None, None),
        ("the week of May 13", "2026-05-11", "2026-05-17"),
        ("上周三", "2026-06-17", "2026-06-17"),
        ("last weekend", "2026-06-20", "2026-06-21"),
        ("two weeks ago", "2026-06-08", "2026-06-14"),
        ("今年前三个月", "2026-01-01", "2026-03-31"),
        ("去年底", "2025-12-01", "2025-12-31"),
        ("5月底之前", None, "2026-05-31"),
        ("no later than May 10", None, "2026-05-10"),
        ("春节期间", "2026-02-17", "2026-02-23"),
        ("Black Friday", "2025-11-28", "2025-11-28"),
    ],
)
def test_days(words: str, since: str | None, until: str | None) -> None:
    assert find_days(read_sentence(words), TODAY) == Days(since, until)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("this week vs last week", Days("2026-06-15", "2026-06-24", "week")),
        ("top ups in May compared to April", Days("2026-04-01", "2026-05-31", "month")),
        ("这个月比上个月", Days("2026-05-01", "2026-06-24", "month")),
        ("昨天跟前天比", Days("2026-06-22", "2026-06-23", "day")),
        ("今年和去年", Days("2026-01-01", "2026-06-24")),
        ("4月和5月", Days("2026-04-01", "2026-05-31")),
    ],
)
def test_two_periods_side_by_side(words: str, days: Days) -> None:
    assert find_days(read_sentence(words), TODAY) == days


@pytest.mark.parametrize(
    ("words", "weeks"), [("年底前", 27), ("by the end of the year", 27), ("到9月底", 14), ("by December", 27), ("by the end", None)]
)
def test_days_ahead(words: str, weeks: int | None) -> None:
    assert until_of(read_sentence(words), TODAY.today) == (None if weeks is None else (weeks, "week"))


@pytest.mark.parametrize(
    ("words", "where", "by"),
    [
        ("安卓用户", ("platform=android",), None),
        ("users on iOS", ("platform=ios",), None),
        ("苹果和安卓", (), "platform"),
        ("ios vs android", (), "platform"),
        ("by platform", (), "platform"),
        ("按版本拆分", (), "version"),
        ("which version", (), "version"),
        ("4.4及以上版本", ("version>=4.4",), None),
        ("version 4.2 or earlier", ("version<=4.2",), None),
        ("德国的plus用户", ("country=DE", "plan=plus"), None),
        ("plus customers in the US", ("country=US", "plan=plus"), None),
        ("小米14", ("device=Xiaomi 14",), None),
        ("not on android", ("platform!=android",), None),
        ("tell us more, it is free", (), None),
        ("MRR since January, US", ("country=US",), None),
        ("top 3 countries", (), "country"),
        ("金额前三的国家", (), "country"),
        ("everyone but China", ("country!=CN",), None),
        ("version at least 4.4", ("version>=4.4",), None),
        ("低于4.3版本", ("version<4.3",), None),
        ("安卓是不是比别的端慢", (), "platform"),
        ("slower on some devices than others", (), "device"),
    ],
)
def test_conditions(words: str, where: tuple[str, ...], by: str | None) -> None:
    found = find_conditions(read_sentence(words), catalogues()["pay"].columns)
    assert (tuple(sorted(found.where)), found.by) == (where, by)


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("一个月一个月地看", "month"),
        ("逐日", "day"),
        ("次周", "week"),
        ("in the following months", "month"),
        ("week 1, 2, 3", "week"),
        ("from one day to the next", "day"),
        ("一周内", None),
        ("the last month", None),
    ],
)
def test_the_unit_of_time_an_answer_is_wanted_in(words: str, unit: str | None) -> None:
    found = [name for name, pattern in PERIODS if search(pattern, read_sentence(words).text)]
    assert found == ([] if unit is None else [unit])


@pytest.mark.parametrize(
    ("product", "words", "event"),
    [
        ("saas", "把任务做完", "task_done"),
        ("saas", "建了个项目", "project_create"),
        ("learn", "课上不完", "lesson_complete"),
        ("learn", "上了第一节课", "lesson_start"),
        ("pay", "把卡绑上", "add_card"),
        ("pay", "opened a support ticket", "contact_support"),
        ("game", "drew a card", "gacha_draw"),
    ],
)
def test_events_by_other_verbs(product: str, words: str, event: str) -> None:
    assert {mention.event for mention in catalogues()[product].finder.find(read_sentence(words))} == {event}


def test_the_second_opinion_speaks_where_words_are_not_firm() -> None:
    catalogue = catalogues()["shop"]
    firm = asked(read_question("how many people search per week", catalogue))
    assert second_opinion(firm, "trends") is None
    assert second_opinion(asked(read_question("is our data in good shape", catalogue)), "refuse") == "doctor"
    assert parse("is our data in good shape", catalogue).action == "doctor"


def test_numbers_and_base_forms() -> None:
    assert [number_of(word) for word in ("7", "三十", "十二", "一百二十", "两", "twelve", "半")] == [7, 30, 12, 120, 2, 12, 0.5]
    assert len({base(word) for word in ("complete", "completes", "completed", "completing", "completion")}) == 1
    assert base("subscriptions") == base("subscribed")
    assert read_sentence("retension of signups").text == "retension of sign ups"
    assert read_sentence("retension", ["retention"]).text == "retention"
    assert Sentence("a").free == "a"


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "注册",
                "充值",
                "的",
                "人",
                "last",
                "week",
                "by",
                "platform",
                "安卓",
                "->",
                "留存",
                "why",
                "not",
                "7天内",
                "10",
                "?",
                "forecast",
                "/",
                "top",
                "up",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
@hypothesis_settings(max_examples=150, deadline=None)
def test_any_text_is_a_valid_query_that_names_only_what_exists(question: str) -> None:
    catalogue = catalogues()["pay"]
    query = parse(question, catalogue)
    assert QUERIES.validate_json(QUERIES.dump_json(query)) == query
    assert is_known(query, catalogue)


def run_with(store: Store, provider: Provider | None) -> Run:
    run = run_of(store)
    return Run(store, run.settings, provider, run.as_of, run.now, run.seed, run.progress)


def ask(store: Store, question: str, go: bool = False, provider: Provider | None = None) -> AskReport:
    action = APP.action("ask")
    report = perform("behaviour.ask", action, action.request.model_validate({"question": question, "go": go}), run_with(store, provider))
    assert isinstance(report, AskReport)
    return report


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rows = ["user_id,event,timestamp,platform"]
    for n in range(60):
        rows.append(f"u{n},sign_up,{at(n % 40)},{'android' if n % 2 else 'ios'}")
        rows += [f"u{n},top_up,{at(n % 40 + 1)},{'android' if n % 2 else 'ios'}"] if n % 3 else []
    folder = tmp_path_factory.mktemp("ask")
    actors = "user_id,country\n" + "".join(f"u{n},{'DE' if n % 2 else 'CN'}\n" for n in range(60))
    return workspace(folder, events="\n".join([*rows, f"w,app_open,{at(60)},ios"]) + "\n", actors=actors)


def test_the_query_is_shown_before_it_runs(store: Store) -> None:
    report = ask(store, "安卓用户从注册到充值的转化率")
    assert report.answer is None
    assert report.command == "productloop behaviour funnel --steps sign_up,top_up --where platform=android"
    lines = written(ask_page(report), "zh")
    assert any("理解成：漏斗：注册 → 充值（platform=android）" in line for line in lines)
    assert any("--go" in line for line in lines)


def test_go_gives_the_answer_of_the_action(store: Store) -> None:
    report = ask(store, "conversion from sign up to top up by platform", go=True)
    assert report.answer_action == "funnel"
    direct = APP.action("funnel")
    request = direct.request.model_validate({"steps": ("sign_up", "top_up"), "scope": {"by": "platform"}})
    same = perform("behaviour.funnel", direct, request, run_of(store))
    assert report.answer == same.model_dump(mode="json")
    for language in LANGUAGES:
        assert any("66.7 %" in line for line in written(ask_page(report), language))


def test_a_refused_question_gets_questions_that_work(store: Store) -> None:
    report = ask(store, "明天天气怎么样", go=True)
    assert isinstance(report.query, Refusal)
    assert report.command is None
    assert report.answer is None
    assert len(report.suggestions) == 3
    for text in report.suggestions:
        assert ask(store, text).command is not None
    assert any("答不了" in line for line in written(ask_page(report), "zh"))
    empty = ask(store, "")
    assert any("productloop behaviour ask" in line for line in written(ask_page(empty), "en"))


def test_a_condition_that_events_cannot_take_is_told_not_dropped(store: Store) -> None:
    report = ask(store, "sign up to top up conversion in Germany", go=True)
    assert given_fields(report.query)["scope"] == {"where": ["country=DE"]}
    assert report.answer is None
    assert any(caution.key == "behaviour.ask.not_in_events" for caution in report.cautions)


@pytest.mark.parametrize("question", ["conversion from sign up to top up by device", "各渠道从注册到充值的转化率"])
def test_a_split_by_a_column_that_is_not_there_is_told(store: Store, question: str) -> None:
    report = ask(store, question, go=True)
    assert report.answer is None
    assert any(caution.key == "behaviour.ask.not_in_data" for caution in report.cautions)


def test_suggestions_speak_the_language_of_the_question() -> None:
    for catalogue in catalogues().values():
        assert all(text.isascii() for text in suggestions("who will win the world cup", catalogue))
        assert len(suggestions("谁会赢世界杯", catalogue)) == 3


GOOD = '{"action": "funnel", "steps": ["sign_up", "top_up"], "window_days": 3, "scope": {"where": ["platform=ios"]}}'


def test_a_language_model_may_write_the_query(store: Store) -> None:
    provider = Scripted([GOOD])
    report = ask(store, "wie viele laden auf, call 13812345678", provider=provider)
    assert (report.source, given_fields(report.query)["window_days"]) == ("provider", 3.0)
    system, data = provider.asked[0]
    assert "sign_up" in system
    assert "13812345678" not in data


@pytest.mark.parametrize(
    "answer",
    [
        "no json",
        "[]",
        '{"action": "funnel", "steps": ["sign_up", "flying"]}',
        '{"action": "funnel", "steps": ["sign_up", "top_up"], "scope": {"by": "moon"}}',
        '{"action": "funnel", "steps": ["sign_up", "top_up"], "scope": {"since": "yesterday"}}',
        '{"action": "trends", "metrics": ["42"]}',
        '{"action": "number", "value": 42}',
    ],
)
def test_what_a_language_model_invents_is_not_taken(store: Store, answer: str) -> None:
    report = ask(store, f"conversion from sign up to top up {len(answer)}", provider=Scripted([answer]))
    assert report.source == "grammar"
    assert given_fields(report.query)["steps"] == ["sign_up", "top_up"]
    assert any(caution.key == "behaviour.ask.fallback" for caution in report.cautions)


def test_an_unreachable_model_is_no_hindrance() -> None:
    assert provider_query(Scripted([]), "retention by week", catalogues()["pay"]) is None


@pytest.mark.parametrize(
    "query",
    [
        FunnelQuery(
            steps=("sign up", "b"), window_days=2.5, order="strict", scope=QueryScope(since="2026-01-01", where=("device=Pixel 8",), by="x")
        ),
        FunnelQuery(steps=("a", "b"), scope=QueryScope(where=("platform=ios", "version>=4.5"))),
    ],
)
def test_the_command_asks_the_same(query: FunnelQuery) -> None:
    words: Sequence[str] = shlex.split(command(query) or "")[3:]
    request = APP.action("funnel").request
    options = options_of(request)
    values, _ = parse_options(words, options)
    assert build(request, values, options) == request.model_validate(given_fields(query))
