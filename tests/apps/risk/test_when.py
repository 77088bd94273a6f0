"""`risk when`: planted lives come out again, shuffled ones name nothing, and thin data get a sentence."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, run_on, settings_of, write

from productloop.apps.risk import APP
from productloop.apps.risk._when import _compared
from productloop.apps.risk._when_lives import lives_by_date
from productloop.apps.risk.tasks import make_outcome
from productloop.apps.risk.when_types import WhenReport, WhenRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Chart, Heading, Line, Page
from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import all_texts
from productloop.learning.survival import spans_of
from productloop.loop.action import perform
from productloop.loop.features import DAY_US
from productloop.loop.scope import Scope
from productloop.loop.store import Store

START = 1_700_000_000_000_000 // DAY_US * DAY_US
JARGON = ("hazard", "Kaplan", "log-rank", "C-index", "Cox", "censor", "删失", "风险比")


def ask(store: Store, settings: Settings | None = None, **request: Any) -> tuple[WhenReport, str]:
    """The report and its first screen in English; both languages render and every figure is defined."""
    store.refresh()
    report = perform("risk.when", APP.action("when"), WhenRequest(**request), run_on(store, settings))
    assert isinstance(report, WhenReport)
    page, texts = APP.action("when").page(report), all_texts()
    for language in LANGUAGES:
        assert render_markdown(page, texts, language, {})
        screen = render_markdown(Page(title=page.title, blocks=page.blocks), texts, language, {})
        assert not [word for word in JARGON if word in screen]
    for figure in page.figures():
        assert figure.definition in texts, figure
    assert WhenReport.model_validate_json(report.model_dump_json()) == report
    return report, render_markdown(Page(title=page.title, blocks=page.blocks), texts, "en", {}).replace("**", "")


def startup(root: Path, seed: int, ratio: float, size: int = 500) -> Store:
    """People who join over 400 days; the record looks every 28 days from day 200 on. Half-life 140 days, `ratio` times as fast on free."""
    random = np.random.default_rng(seed)
    plan = random.integers(0, 2, size)
    joined = random.uniform(0, 400, size)
    pace = math.log(2) / 140 * np.where(plan == 0, ratio, 1.0)
    gone = joined + random.exponential(1 / pace)
    store = Store.create(root)
    write(store, "actor_codes", {"code": list(range(size)), "id": [f"u{i}" for i in range(size)]})
    write(store, "actors", {"actor": list(range(size)), "plan": [("free", "pro")[p] for p in plan], "platform": list(random.choice(["ios", "web"], size)),
                            "first_seen": [START + int(j * DAY_US) for j in joined]})  # fmt: skip
    rows = [
        (person, "1" if gone[person] <= look else "0", START + look * DAY_US)
        for look in range(228, 600, 28)
        for person in np.flatnonzero((joined < look - 28) & (gone > look - 28)).tolist()
    ]
    write(
        store,
        "outcomes",
        {"subject": [r[0] for r in rows], "task": ["churn"] * len(rows), "value": [r[1] for r in rows], "time": [r[2] for r in rows]},
    )
    return store


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return startup(tmp_path_factory.mktemp("startup"), 1, 3.0)


def test_planted_lives_come_out_again(planted: Store) -> None:
    report, screen = ask(planted)
    assert report.state == "ok"
    assert report.unit == "weeks"
    assert report.delayed
    assert [one.value for one in report.segments] in (["free", "pro"], ["pro", "free"])
    medians = {one.value: one.median for one in report.segments}
    assert medians["free"].low <= 140 / 7 / 3 <= medians["free"].high + 0.5  # type: ignore[operator]
    assert medians["pro"].low - 0.5 <= 20  # type: ignore[operator]
    assert medians["pro"].high is None or medians["pro"].high >= 20
    ratio = report.columns[0].ratio
    assert ratio.low < 3 < ratio.high  # type: ignore[operator]
    assert not report.columns[1].differs
    assert "Half of those with plan = free leave within" in screen
    charts = [block for block in APP.action("when").page(report).blocks if isinstance(block, Chart)]
    assert len(charts) == 1
    assert len(charts[0].series) == 2
    assert charts[0].series[0].low[1] <= charts[0].series[0].y[1] <= charts[0].series[0].high[1]  # type: ignore[operator]
    assert report.order is not None
    assert 0.55 < report.order.value < 0.8  # type: ignore[operator]


def test_expected_leavers_are_what_the_planted_pace_gives(planted: Store) -> None:
    report, _ = ask(planted)
    here = report.here.value or 0  # type: ignore[union-attr]
    pro = 1 - 0.5 ** (28 / 140)
    assert report.soon is not None
    assert report.later is not None
    assert here * pro * 0.8 < report.soon.value < here * (1 - 0.5 ** (84 / 140))  # type: ignore[operator]
    assert report.soon.low < report.soon.value < report.soon.high  # type: ignore[operator]
    assert report.soon.value < report.later.value <= here  # type: ignore[operator]


def test_outcomes_lie_evenly_between_two_looks_and_late_arrivals_are_watched_from_their_first_look(planted: Store) -> None:
    lives = lives_by_date(planted, make_outcome("churn", {"outcome": "churn=1"}, planted), planted.as_of())
    late = np.flatnonzero(lives.spans.entry > 60)
    assert len(late) > 10
    since_look = (lives.begun_days + lives.spans.exit - START / DAY_US - 228) % 28
    assert since_look[lives.here] == pytest.approx(0, abs=1e-6)
    spread = np.histogram(since_look[lives.spans.happened], bins=4, range=(0, 28))[0]
    assert spread.min() > 0.8 * spread.max()


def test_shuffled_groups_name_nothing() -> None:
    random = np.random.default_rng(0)
    named = 0
    for _ in range(30):
        life, end = random.exponential(1.0, 90), random.uniform(0.3, 2, 90)
        columns = [(f"c{k}", random.integers(0, 3, 90), ("a", "b", "c")) for k in range(4)]
        named += _compared(spans_of(np.minimum(life, end), life <= end), columns)[0].p < 0.01
    assert named <= 2  # one in a hundred after Holm


def test_a_column_may_be_asked_for_and_one_without_groups_is_refused(planted: Store) -> None:
    planted.refresh()
    report = perform("risk.when", APP.action("when"), WhenRequest(scope=Scope(by="platform")), run_on(planted))
    assert isinstance(report, WhenReport)
    assert {one.value for one in report.segments} == {"ios", "web"}
    assert "risk.when.not_apart" in {block.text.key for block in APP.action("when").page(report).blocks if isinstance(block, Line)}
    headings = {block.text.key for block in APP.action("when").page(report).blocks if isinstance(block, Heading)}
    assert "risk.when.heading.asked" in headings, "what does not differ is not where it differs most"
    with pytest.raises(UsageError):
        perform("risk.when", APP.action("when"), WhenRequest(scope=Scope(by="country")), run_on(planted))


def table(root: Path, size: int, seed: int, **more: Any) -> Store:
    """A table of customers without dates: most leave in the first three months, contracts differ, bills grow with time."""
    random = np.random.default_rng(seed)
    contract = random.integers(0, 2, size)
    life = np.where(random.random(size) < 0.3, random.exponential(0.5, size), random.exponential(np.where(contract == 1, 200.0, 30.0)))
    end = random.uniform(0, 60, size)
    tenure = np.ceil(np.minimum(life, end))
    attributes = {
        "contract": ["year" if c else "month" for c in contract],
        "tenure": tenure,
        "bills": tenure * 50.0,
        "note": [f"n{i}" for i in range(size)],
    }
    return customers(root, [f"c{i}" for i in range(size)], ["Yes" if gone else "No" for gone in life <= end], attributes | more)


def test_a_table_without_dates_reads_its_tenure(tmp_path: Path) -> None:
    store = table(tmp_path, 600, 1)
    report, screen = ask(store)
    assert report.state == "ok"
    assert (report.duration, report.unit, report.guessed) == ("tenure", "months", True)
    assert report.column == "contract"
    assert report.left_out == ("bills",)
    assert report.peak == 0
    assert "The riskiest time is up to" in screen
    assert "tenure is read in months" in screen
    assert "If the table holds everybody who ever left" in screen
    said, _ = ask(store, unit="weeks")
    assert (said.unit, said.guessed) == ("weeks", False)
    written = settings_of()
    named = Settings(
        written.values,
        written.origins,
        tasks={"gone": {"template": "risk.outcome", "outcome": "churn=Yes", "duration": "bills", "unit": "days"}},
    )
    other, _ = ask(store, named, task="gone")
    assert (other.duration, other.unit) == ("bills", "days")


def test_thin_data_get_a_sentence(tmp_path: Path) -> None:
    nothing = Store.create(tmp_path / "nothing")
    write(nothing, "actors", {"actor": [0], "plan": ["free"]})
    assert ask(nothing)[0].state == "no_task"
    without = customers(tmp_path / "without", ["a", "b"], ["1", "0"], {"visits": [1.0, 2.0]})
    assert ask(without)[0].state == "no_duration"
    few = customers(tmp_path / "few", [f"c{i}" for i in range(40)], ["1"] * 3 + ["0"] * 37, {"tenure": np.arange(40.0)})
    report, screen = ask(few)
    assert report.state == "few"
    assert report.num_at_once == 1
    assert "Too few" in screen
    ids = [f"c{i}" for i in range(40)]
    kept = Settings(settings_of().values, settings_of().origins, tasks={"churn": {"template": "risk.outcome", "outcome": "churn=1"}})
    nobody = customers(tmp_path / "nobody", ids, ["0"] * 40, {"tenure": np.arange(1.0, 41.0)})
    assert ask(nobody, kept)[0].state == "nobody"


def test_a_list_of_cancellations_leaves_everybody_else_here(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    life = random.exponential(100.0, 300)
    left = np.flatnonzero(life < 90)
    store = Store.create(tmp_path)
    write(store, "actor_codes", {"code": list(range(300)), "id": [f"u{i}" for i in range(300)]})
    write(store, "actors", {"actor": list(range(300)), "first_seen": [START] * 300})
    write(store, "outcomes", {"subject": left.tolist(), "task": ["churn"] * len(left), "value": ["1"] * len(left),
                              "time": [START + int(life[i] * DAY_US) for i in left]})  # fmt: skip
    settings = Settings(settings_of().values, settings_of().origins, tasks={"churn": {"template": "risk.outcome", "outcome": "churn=1"}})
    report, _ = ask(store, settings)
    assert report.people.value >= 298  # type: ignore[union-attr,operator]
    assert report.left.value >= len(left) - 1  # type: ignore[union-attr,operator]
    median = report.everybody.median  # type: ignore[union-attr]
    assert median.low - 0.5 <= 100 * math.log(2) / 7 <= (median.high or math.inf)


@pytest.mark.shared
@pytest.mark.slow
def test_telco_tells_contracts_apart(tmp_path: Path, shared_data: Any) -> None:
    from productloop.loop.importing import ImportRequest, import_path

    store = Store.create(tmp_path)
    path = shared_data("telco_churn/Telco-Customer-Churn.csv")
    import_path(store, settings_of(), ImportRequest(path, outcome="Churn=Yes"), 1, lambda stage, done, total: None)
    report, screen = ask(store)
    assert report.column == "Contract"
    assert report.left_out == ("TotalCharges",)
    assert report.order.value >= 0.86  # type: ignore[union-attr,operator]
    assert "Month-to-month leave within 35 months" in screen
