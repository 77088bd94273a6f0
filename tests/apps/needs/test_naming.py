from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from feedback_workspace import analyse, feedback_workspace, make_run
from test_analyse import small_columns

from productloop.apps.needs._naming import read_names
from productloop.apps.needs.actions import ANALYSE
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.llm.provider import Scripted
from productloop.loop.action import perform


def test_only_short_names_without_numbers_for_known_topics_are_taken() -> None:
    given = [
        {"id": "t1", "zh": "退款没到账", "en": "Refund not received"},
        {"id": "t2", "zh": "闪退 90 次", "en": "Crashes 90 times"},
        {"id": "t3", "zh": "", "en": "x"},
        {"id": "stranger", "zh": "好", "en": "good"},
        "nonsense",
    ]
    answer = "Here you are:\n" + json.dumps({"names": given}, ensure_ascii=False)
    assert read_names(answer, {"t1", "t2", "t3"}) == {"t1": ("退款没到账", "Refund not received")}
    for broken in ("", "{", "[]", '{"names": 3}', '{"names": [1]}', "no json at all"):
        assert read_names(broken, {"t1"}) == {}


def test_a_provider_names_new_topics_once_and_its_silence_changes_nothing(tmp_path: Path) -> None:
    plain = analyse(feedback_workspace(tmp_path / "plain", small_columns()))
    store = feedback_workspace(tmp_path / "named", small_columns())
    ids = [topic.id for topic in plain.topics]
    script = {"names": [{"id": ids[0], "zh": "退款到不了账", "en": "Refunds never arrive"}]}
    provider = Scripted([json.dumps(script, ensure_ascii=False)])
    named = perform("needs.analyse", ANALYSE, AnalyseRequest(), replace(make_run(store), provider=provider))
    assert isinstance(named, AnalyseReport)
    by_id = {topic.id: topic.name for topic in named.topics}
    assert by_id[ids[0]].slots == {"zh": "退款到不了账", "en": "Refunds never arrive"}
    assert [topic.id for topic in named.topics] == ids, "names change nothing else"
    assert "data" in provider.asked[0][0]
    again = perform("needs.analyse", ANALYSE, AnalyseRequest(), replace(make_run(store), provider=provider), fresh=True)
    assert isinstance(again, AnalyseReport)
    assert len(provider.asked) == 1, "the ledger keeps the names"
    assert {topic.id: topic.name for topic in again.topics} == by_id


def test_places_whose_stars_differ_are_not_averaged_in_silence(tmp_path: Path) -> None:
    columns = small_columns()
    columns["channel"] = ["华为" if star == 1.0 else "小米" if star == 5.0 else None for star in columns["rating"]]
    for name in columns:
        columns[name] = [*columns[name], *columns[name][:96]]
    report = analyse(feedback_workspace(tmp_path, columns))
    said = next(caution for caution in report.cautions if caution.key == "needs.caution.stores")
    assert (said.slots["low"], said.slots["lowest"], said.slots["high"], said.slots["highest"]) == ("华为", 1.0, "小米", 5.0)
