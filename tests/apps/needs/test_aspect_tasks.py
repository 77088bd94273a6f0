"""needs.aspect: columns that name parts and feelings become tasks; what is planted is learned, and `needs aspects` counts by the live release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run

from productloop.apps.needs import APP
from productloop.apps.needs.actions import ASPECTS
from productloop.apps.needs.aspect_tasks import ASPECT, FEELINGS, find_aspects, suggest_aspects
from productloop.apps.needs.aspects_report import page
from productloop.apps.needs.aspects_types import AspectsReport, AspectsRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import tasks_of
from productloop.loop.action import perform
from productloop.loop.release import card_of
from productloop.loop.serve import open_live, predict_row
from productloop.loop.store import Store
from productloop.loop.train import build_examples
from productloop.loop.turn import turn
from productloop.testing import check_task

ENGINE = ("发动机声音很大", "动力很足", "the engine is loud", "提速慢", "起步没劲")
SEATS = ("座椅坐着累", "座椅很软", "seats are comfortable", "后排空间挤", "皮质摸着舒服")
FEELS = {"发动机声音很大": -1, "动力很足": 1, "the engine is loud": -1, "提速慢": -1, "起步没劲": -1}
FEELS |= {"座椅坐着累": -1, "座椅很软": 1, "seats are comfortable": 1, "后排空间挤": -1, "皮质摸着舒服": 1}


def cars(folder: Path, repeats: int = 12, **more: list[Any]) -> Store:
    said = [(text, part) for _ in range(repeats) for part, texts in (("动力", ENGINE), ("座椅", SEATS)) for text in texts]
    columns = {
        "text": [f"{text} {number}" for number, (text, _) in enumerate(said)],
        "subject": [part for _, part in said],
        "sentiment_value": [str(FEELS[text]) for text, _ in said],
    }
    return feedback_workspace(folder, {name: values + more.get(name, []) for name, values in columns.items()})


def ask(store: Store) -> tuple[AspectsReport, str]:
    report = perform("needs.aspects", ASPECTS, AspectsRequest(), make_run(store))
    assert isinstance(report, AspectsReport)
    both = "\n".join(render_markdown(page(report), APP.texts, language, {}) for language in LANGUAGES)
    assert "{" not in both
    return report, both


def test_columns_of_parts_and_feelings_are_found_and_others_are_not(tmp_path: Path) -> None:
    store = cars(tmp_path / "a")
    assert suggest_aspects(store) == [
        ("aspect", {"labels": "subject"}),
        ("aspect-feeling", {"labels": "subject", "feelings": "sentiment_value"}),
    ]
    texts = [f"{text} {number}" for number in range(12) for text in ENGINE]
    numbered = feedback_workspace(tmp_path / "b", {"text": texts, "subject": [f"ticket {n}" for n in range(60)]})
    assert find_aspects(numbered) is None
    kinds = feedback_workspace(tmp_path / "c", {"text": texts, "category": ["bug", "建议"] * 30})
    assert find_aspects(kinds) is None
    assert suggest_aspects(Store.create(tmp_path / "d")) == ()


def test_texts_of_two_parts_and_rare_parts_are_unknown(tmp_path: Path) -> None:
    more: dict[str, list[Any]] = {
        "text": ["又吵又挤", "又吵又挤", "油漆掉了", "吵，也掉漆", "吵，也掉漆", "没有写"],
        "subject": ["动力", "座椅", "油漆", "动力", "油漆", None],
        "sentiment_value": ["-1", "-1", "-1", "-1", "1", "-1"],
    }
    store = cars(tmp_path, **more)
    parts = ASPECT.make("aspect", {}, store)
    assert parts.classes == ("动力", "座椅")
    assert build_examples(parts, store, None).outcomes.value[-6:].tolist() == [-1] * 6
    feelings = ASPECT.make("mood", {"feelings": "sentiment_value"}, store)
    assert feelings.classes == FEELINGS
    assert build_examples(feelings, store, None).outcomes.value[-6:].tolist() == [0, -1, 0, -1, -1, -1]


def test_a_turn_releases_both_and_the_answer_counts_by_them(tmp_path: Path) -> None:
    store = cars(tmp_path)
    before, cold = ask(store)
    assert before.release is None
    assert "您自己的模型" not in cold
    tasks = [task for task in tasks_of(store, load_settings(None, {})) if task.template == "needs.aspect"]
    for task in tasks:
        check_task(task, store, store.as_of())
    results = turn(make_run(store), tuple(tasks))
    assert [result.verdict for result in results] == ["first", "first"]
    card = card_of(store, str(results[0].live))
    assert card is not None
    assert (card.figures["accuracy"].value or 0) > 0.9
    assert 0 < (card.figures["alone"].value or 0) <= 1
    value, _, _ = predict_row(open_live(store, tasks[0]), store, {"text": "发动机没劲"}, 0)
    assert value["动力"] > 0.7
    report, shown = ask(store)
    assert (report.release, report.feelings) == (results[0].live, results[1].live)
    assert "您自己的模型" in shown
    assert "your own model" in shown
    by_name = {line.id: line for line in report.aspects}
    assert set(by_name) == {"动力", "座椅"}
    assert by_name["动力"].state == "worse"
    assert (by_name["动力"].people.value or 0) > 50
    assert abs((by_name["动力"].unhappy_share.value or 0) - 0.8) < 0.12
    assert abs((by_name["座椅"].unhappy_share.value or 0) - 0.4) < 0.12


def test_parts_by_chance_do_not_beat_the_base_rate_and_the_answer_stays_cold(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    texts = [f"{text} {number}" for number in range(12) for text in (*ENGINE, *SEATS)]
    store = feedback_workspace(tmp_path, {"text": texts, "subject": draw.choice(["动力", "座椅"], len(texts)).tolist()})
    task = ASPECT.make("aspect", {}, store)
    assert turn(make_run(store), (task,))[0].verdict == "baseline"
    assert ask(store)[0].release is None


def test_a_column_that_is_not_there_or_names_nothing_is_an_error_that_helps(tmp_path: Path) -> None:
    store = cars(tmp_path)
    with pytest.raises(UsageError, match="needs_labels_unknown"):
        ASPECT.make("aspect", {"labels": "nothing"}, store)
    with pytest.raises(UsageError, match="needs_labels_unknown"):
        ASPECT.make("aspect", {"feelings": "nothing"}, store)
    with pytest.raises(UsageError, match="needs_no_aspects"):
        ASPECT.make("aspect", {"labels": "text"}, store)
    with pytest.raises(UsageError, match="needs_option_unknown"):
        ASPECT.make("aspect", {"label": "subject"}, store)
