"""`pricing` from files to page: a 问卷星 survey and a plain table, planted prices, cohorts around a change of price, what is missing is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from event_workspace import NOW, quiet, workspace, written
from hypothesis import given
from hypothesis import strategies as st
from order_workspace import BEGIN, ask, orders_csv

from productloop.apps.behaviour._pricing_survey import as_buy, as_price
from productloop.apps.behaviour.pricing_report import pricing_page
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Text
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.marks import in_both
from productloop.loop.store import Store

WJX = (
    "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、多少钱会便宜到您怀疑质量？,2、多少钱您觉得便宜划算？,3、多少钱您开始觉得贵？,4、多少钱您觉得太贵？,"
    "5、如果定价 19 元，您会买吗？,6、如果定价 39 元，您会买吗？,7、您还有什么建议？"
)


def questionnaire(num: int) -> str:
    """Prices spread around 18, 26, 34 and 42; 90 in 100 would buy at 19, 60 in 100 at 39."""
    random = np.random.default_rng(3)
    rows = [WJX]
    for person in range(num):
        middle = random.normal(30, 5)
        prices = [round(middle + shift + random.normal(0, 0.5), 1) for shift in (-12, -4, 4, 12)]
        buys = ["会" if random.random() < share else "不会" for share in (0.9, 0.6)]
        rows.append(
            f"{person + 1},2026/3/1 10:{person // 60:02d}:{person % 60:02d},60秒,微信,N/A,1.2.3.4,{prices[0]},{prices[1]},{prices[2]},{prices[3]}元,"
            f"{buys[0]},{buys[1]},希望导出功能更快一些，现在要等很久（第 {person} 次提）"
        )
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("pricing")
    store = Store.create(folder / "workspace")
    (folder / "问卷.csv").write_text(questionnaire(150), encoding="utf-8")
    import_path(store, load_settings(None, {}), ImportRequest(folder / "问卷.csv"), NOW, quiet)
    return store


def test_a_questionnaire_gives_the_planted_prices(survey: Store) -> None:
    report = ask(survey, "pricing")
    assert report.currency == "CNY"
    assert report.meter.people.value == 150
    assert report.meter.guessed
    for name, truth in (("optimal", 30), ("indifference", 30), ("lowest", 22), ("highest", 38)):
        figure = getattr(report.meter, name)
        assert figure.unit == "money:CNY"
        assert figure.value == pytest.approx(100 * truth, abs=300 if name == "optimal" else 150)  # few are near both ends
        assert figure.low <= figure.value <= figure.high
    assert [point.price.value for point in report.demand.points] == [1900, 3900]
    assert report.demand.points[report.demand.best].price.value == 3900
    assert report.demand.points[0].share.value == pytest.approx(0.9, abs=0.08)


def test_pages_in_both_languages(survey: Store) -> None:
    page = pricing_page(ask(survey, "pricing"))
    english, chinese = "\n".join(written(page, "en")), "\n".join(written(page, "zh"))
    assert "are acceptable" in english
    assert "能接受的价格大致在" in chinese
    assert "say they would buy" in english
    assert "No change of price is recorded" in english
    assert "Van Westendorp" not in english[: english.index("--\n")]
    assert "太便宜 = " in chinese


def test_columns_can_be_named(tmp_path: Path) -> None:
    rows = ["user_id,p1,p2,p3,p4,q10,q20"]
    rows += [
        f"u{n},{5 + n % 3},{9 + n % 4},{20 + n % 5},{30 + n % 6},{'yes' if n % 4 else 'no'},{'no' if n % 3 else 'yes'}" for n in range(40)
    ]
    store = workspace(tmp_path, actors="\n".join(rows) + "\n")
    assert ask(store, "pricing").meter is None
    named = ask(store, "pricing", {"too_cheap": "p1", "cheap": "p2", "expensive": "p3", "too_expensive": "p4", "buy": ("q10", "q20")})
    assert named.meter.columns == ("p1", "p2", "p3", "p4")
    assert not named.meter.guessed
    assert named.currency == ""
    assert named.meter.optimal.unit == "number"
    assert [point.price.value for point in named.demand.points] == [10, 20]
    assert named.demand.points[0].share.value == 0.75
    with pytest.raises(UsageError) as error:
        ask(store, "pricing", {"too_cheap": "p9"})
    assert error.value.code == "pricing_column"
    with pytest.raises(UsageError) as error:
        ask(store, "pricing", {"scope": {"by": "plan"}})
    assert error.value.code == "pricing_no_breakdown"


def test_english_headers_and_one_price_a_row(tmp_path: Path) -> None:
    rows = ["user_id,Too cheap,A bargain,Getting expensive,Too expensive to consider"]
    rows += [f"u{n},{5 + n % 3},{9 + n % 4},{20 + n % 5},{30 + n % 6}" for n in range(30)]
    meter = ask(workspace(tmp_path / "meter", actors="\n".join(rows) + "\n"), "pricing").meter
    assert meter.people.value == 30
    long = ["user_id,asked_price,would_take"]
    long += [f"u{n},{price},{'yes' if (n + price) % 40 < 20 else 'no'}" for n in range(20) for price in (10, 20, 30)]
    found = ask(workspace(tmp_path / "long", actors="\n".join(long) + "\n"), "pricing", {"price": "asked_price", "buy": ("would_take",)})
    assert [point.price.value for point in found.demand.points] == [10, 20, 30]
    assert all(point.asked.value == 20 for point in found.demand.points)


def test_few_answers_and_none_at_all(tmp_path: Path) -> None:
    few = ask(workspace(tmp_path / "few", actors="user_id,too cheap,cheap,expensive,too expensive\na,1,2,3,4\nb,9,8,7,6\n"), "pricing")
    assert few.few == "meter"
    assert "fewer than 5 people" in "\n".join(written(pricing_page(few), "en"))
    none = ask(workspace(tmp_path / "none", actors="user_id,plan\na,pro\n"), "pricing")
    assert (none.meter, none.demand, none.changes, none.few) == (None, None, (), "")
    assert "没有找到价格问卷" in "\n".join(written(pricing_page(none), "zh"))


def changed(new_share: float, num: int = 400) -> dict[str, str]:
    """People sign up over 140 days; the price rises on day 70; half pay at the old price, `new_share` at the new one; half of the payers then stop."""
    random = np.random.default_rng(7)
    events, rows = ["user_id,event,timestamp"], []
    for person in range(num):
        day = int(person * 140 / num)
        events.append(f"u{person},sign_up,{BEGIN + day}T09:00:00Z")
        events += [f"u{person},open,{BEGIN + later}T09:00:00Z" for later in range(day, min(day + 60, 140), 6)]
        if random.random() < (0.5 if day < 70 else new_share):
            rows.append((f"u{person}", day + 2, 10.0, "CNY", "new", "pro"))
            stays = 6 if day < 10 else 2
            rows += [
                (f"u{person}", day + 2 + 30 * month, 10.0, "CNY", "renewal", "pro")
                for month in range(1, stays)
                if day + 2 + 30 * month < 140
            ]
    texts = ["id,text,time,user_id"]
    texts += [f"f{n},涨价以后太贵了不值得（{n}）,{BEGIN + 72 + n % 20}T10:00:00Z,u{150 + n}" for n in range(40)]
    changes = f"date,kind,title\n{BEGIN + 70},price,Pro 涨到 15 元\n{BEGIN + 135},price,又涨了\n"
    return {"events": "\n".join(events) + "\n", "orders": orders_csv(rows), "changes": changes, "feedback": "\n".join(texts) + "\n"}


def test_people_before_and_after_a_change(tmp_path: Path) -> None:
    report = ask(workspace(tmp_path, **changed(0.15)), "pricing")
    early, change = report.changes
    assert early.state == "early"
    assert early.look_again is not None
    assert change.state == "ok"
    measures = {one.measure: one for one in change.measures}
    assert measures["paid"].old.value == pytest.approx(0.5, abs=0.12)
    assert measures["paid"].new.value == pytest.approx(0.15, abs=0.1)
    assert measures["paid"].verdict == "less"
    assert measures["paid"].difference.low < measures["paid"].difference.value < measures["paid"].difference.high < 0
    assert measures["wrote"].verdict == "more"
    assert measures["refunded"].verdict == "unclear"
    text = "\n".join(written(pricing_page(report), "en"))
    assert "Fewer newcomers pay at the new price" in text
    assert "it cannot be said that the price caused it" in text
    assert "Too early; look again on" in text


def test_nothing_is_claimed_where_nothing_changed(tmp_path: Path) -> None:
    files = changed(0.5)
    del files["feedback"]
    change = ask(workspace(tmp_path, **files), "pricing").changes[1]
    assert {one.measure: one.verdict for one in change.measures}["paid"] == "unclear"


def test_too_little_before_the_change(tmp_path: Path) -> None:
    files = changed(0.5)
    files["changes"] = f"date,kind,title\n{BEGIN + 3},price,first\n"
    change = ask(workspace(tmp_path, **files), "pricing").changes[0]
    assert change.state == "short"
    assert change.measures == ()


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans()))
def test_any_cell_can_be_read(value: object) -> None:
    price, buy = as_price(value), as_buy(value)
    assert np.isnan(price) or isinstance(price, float)
    assert np.isnan(buy) or buy in (0.0, 1.0)


@pytest.mark.parametrize(("written_price", "price"), [("30元", 30), ("¥ 19.9", 19.9), ("12,5 €", 12.5), ("没想过", None), (7, 7)])
def test_prices_as_people_write_them(written_price: object, price: float | None) -> None:
    found = as_price(written_price)
    assert np.isnan(found) if price is None else found == price


def test_a_title_in_two_languages_is_read_in_one() -> None:
    assert in_both("Plus costs more / Plus 涨价") == Text("Plus 涨价", "Plus costs more")
    assert in_both("Plus 涨价 / Plus costs more") == Text("Plus 涨价", "Plus costs more")
    assert (in_both("A / B"), in_both("涨价")) == ("A / B", "涨价")
