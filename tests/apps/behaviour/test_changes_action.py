"""`changes` from files to page: a planted change, quiet ones, too early, inseparable, placebo, marks on charts, both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from event_workspace import NOW, at, quiet, workspace, written
from order_workspace import ask

from productloop.apps.behaviour import APP
from productloop.apps.behaviour.changes_report import changes_page
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Chart
from productloop.foundation.settings import load_settings
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store

NUM_DAYS = 150
CHANGES = f"""time,kind,title,version
{at(90)},version,Payments rebuilt,4.5
{at(50)},version,Small things,4.4
{at(70)},price,Plus costs more,
{at(72)},campaign,Spring,
{at(145)},version,Brand new,4.9
{at(5)},version,Old,4.0
"""


def planted(effect: float, seed: int = 2026) -> str:
    """About 40 people a day, fewer at weekends; from day 90 on `effect` times as many. Each begins with `open`; a third buys the same day."""
    random = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp"]
    person = 0
    for day in range(NUM_DAYS):
        level = (40 if day % 7 < 5 else 20) * (effect if day >= 90 else 1.0)
        for _ in range(random.poisson(level)):
            person += 1
            rows.append(f"u{person},open,{at(day + 0.9 * random.random())}")
            if random.random() < 1 / 3:
                rows.append(f"u{person},buy,{at(day + 0.95)}")
    return "\n".join([*rows, f"first,open,{at(0)}", f"watchman,zzz,{at(NUM_DAYS)}"]) + "\n"


def with_changes(folder: Path, effect: float, changes: str = CHANGES) -> Store:
    store = workspace(folder, events=planted(effect))
    path = folder / "changes.csv"
    path.write_text(changes, encoding="utf-8")
    import_path(store, load_settings(None, {}), ImportRequest(path, table="changes"), NOW, quiet)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return with_changes(tmp_path_factory.mktemp("changes"), 0.6)


def test_the_planted_change_is_found(store: Store) -> None:
    report = ask(store, "changes")
    clear = [(entry.day, effect.metric) for entry in report.changes for effect in entry.effects if effect.clear]
    assert ("2026-05-31", "people(any)") in clear
    assert not any(metric == "conversion" for _, metric in clear)
    assert len(clear) <= 2
    planted_one = next(entry for entry in report.changes if entry.day == "2026-05-31")
    effect = planted_one.effects[0]
    assert effect.change.low <= -0.4 <= effect.change.high
    assert effect.change.value == pytest.approx(-0.4, abs=0.1)
    assert effect.change.high < -0.25
    assert effect.by_chance.value < 0.05
    english = "\n".join(written(changes_page(report), "en"))
    assert "After version 4.5 (2026-05-31), active people" in english
    assert "less than the same weekdays and the trend before make expected" in english
    assert "version 4.9 (2026-07-25): too early, look again on" in english
    assert "campaign: Spring (2026-05-13) fell in the same week as price: Plus costs more" in english
    assert english.count("cannot be told apart") == 1
    assert "placebo" not in english[: english.index("--\n")]
    assert "还太早" in "\n".join(written(changes_page(report), "zh"))
    assert report.findings
    assert report.findings[0].subject == "2026-05-31 | people(any)"


def test_states_of_what_cannot_be_said(store: Store) -> None:
    states = {entry.day: [effect.state for effect in entry.effects] for entry in ask(store, "changes").changes}
    assert states["2026-03-07"] == ["short", "short"]
    assert states["2026-07-25"] == ["early", "early"]
    early = ask(store, "changes", {"change": "4.9"}).changes[0].effects
    assert [effect.look_again for effect in early] == ["2026-08-08", "2026-08-15"]
    report = ask(store, "changes", {"change": "4.9"})
    half = report.changes[0].model_copy(update={"effects": (early[0].model_copy(update={"state": "ok"}), early[1])})
    page = "\n".join(written(changes_page(report.model_copy(update={"changes": (half,)})), "en"))
    assert "too early for conversion from “open” to “buy”, look again on 2026-08-15" in page


def test_one_change_by_version_day_or_title(store: Store) -> None:
    for asked in ("4.5", "2026-05-31", "rebuilt"):
        assert [entry.day for entry in ask(store, "changes", {"change": asked}).changes] == ["2026-05-31"]
    unknown = ask(store, "changes", {"change": "nothing like it"})
    assert unknown.state == "unknown"
    assert "No change is called" in "\n".join(written(changes_page(unknown), "en"))


def test_metrics_as_asked(store: Store) -> None:
    report = ask(store, "changes", {"change": "4.5", "metrics": ["count(buy)", "people(buy) / people(any)"]})
    fell, share = report.changes[0].effects
    assert fell.clear
    assert fell.change.high < 0
    assert not share.clear
    with pytest.raises(UsageError):
        ask(store, "changes", {"metrics": ["people(nothing)"]})
    with pytest.raises(UsageError):
        ask(store, "changes", {"scope": {"by": "platform"}})


def test_the_chart_carries_the_changes(store: Store) -> None:
    report = ask(store, "changes")
    [chart] = [block for block in APP.action("changes").shown(report).blocks if isinstance(block, Chart)]
    assert sorted(day for day, _ in chart.marks) == ["2026-03-07", "2026-04-21", "2026-05-11", "2026-05-13", "2026-05-31", "2026-07-25"]


def test_nothing_recorded_and_nothing_happened(tmp_path: Path) -> None:
    calm = with_changes(tmp_path, 1.0)
    report = ask(calm, "changes")
    assert sum(effect.clear for entry in report.changes for effect in entry.effects) <= 1
    none = ask(workspace(tmp_path / "none", events=f"user_id,event,timestamp\nu,A,{at(0)}\n"), "changes")
    assert none.state == "none"
    assert "productloop import changes.csv" in "\n".join(written(changes_page(none), "en"))


def test_every_chart_over_time_carries_the_changes_also_those_recorded_later(tmp_path: Path) -> None:
    store = workspace(tmp_path, events=planted(1.0))

    def dated(name: str) -> list[Chart]:
        page = APP.action(name).shown(ask(store, name))
        return [block for block in page.blocks if isinstance(block, Chart) and block.days() is not None]

    names = ("funnel", "lifecycle", "stickiness", "sessions", "trends", "forecast")
    assert [name for name in names if not dated(name) or any(chart.marks for chart in dated(name))] == []
    path = tmp_path / "changes.csv"
    path.write_text(CHANGES, encoding="utf-8")
    import_path(store, load_settings(None, {}), ImportRequest(path, table="changes"), NOW, quiet)
    assert all(chart.marks for name in names for chart in dated(name))
