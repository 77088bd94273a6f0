"""The event dictionary: guessed names, names from the settings, what a person types, and what pages show."""

from __future__ import annotations

from pathlib import Path

import pytest
from event_workspace import ask_funnel, ask_retention, at, run_of, workspace, written
from hypothesis import given
from hypothesis import strategies as st

from productloop.apps.behaviour._dictionary import EventNames, _lists, guessed_label, name_words
from productloop.apps.behaviour.report import funnel_page
from productloop.apps.behaviour.retention_report import retention_page
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.wording import LANGUAGES, Say, Text, say
from productloop.loop.store import Store


def settings(**events: Text) -> Settings:
    plain = load_settings(None, {})
    return Settings(plain.values, plain.origins, events=events)


@pytest.mark.parametrize("name", ["add_to_cart", "addToCart", "Add to Cart", "$add-to-cart", "ADD_TO_CART"])
def test_spellings_of_a_name_have_one_label(name: str) -> None:
    assert guessed_label(name) == Text("加入购物车", "add to cart")


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("add_card", "添加银行卡", "add card"),
        ("sign_up", "注册", "sign up"),
        ("Product Viewed", "查看商品", "view product"),
        ("view_coupon_detail", "查看优惠券详情", "view coupon detail"),
        ("project_created", "创建项目", "create project"),
        ("video_paused", "暂停视频", "pause video"),
        ("$pageview", "浏览页面", "page view"),
        ("加入购物车", "加入购物车", "add to cart"),
    ],
)
def test_names_are_put_together_word_by_word(name: str, zh: str, en: str) -> None:
    assert guessed_label(name) == Text(zh, en)


@pytest.mark.parametrize("name", ["zzz", "A", "", "evt_17", "add_frobnicator", "点亮灯塔"])
def test_a_name_with_an_unknown_word_stays_as_it_is(name: str) -> None:
    assert guessed_label(name) is None
    assert EventNames(settings(), [name]).label(name) == name


def test_the_list_is_whole() -> None:
    lists = _lists()
    assert len(lists.events) > 150
    for label in [*lists.verbs.values(), *lists.nouns.values()]:
        assert label.zh.strip()
        assert label.en.strip()
    for name, (zh, en) in lists.events.items():
        assert all(zh), name
        assert all(en), name
        assert " ".join(name_words(name)) == name


def test_settings_come_before_the_guess() -> None:
    names = EventNames(settings(add_card=Text("绑卡", "link a card"), evt_17=Text("抽奖", "lucky draw")), ["add_card", "evt_17", "top_up"])
    assert names.label("add_card") == say("behaviour.event", name=Text("绑卡", "link a card"))
    assert names.text("evt_17").zh == "抽奖"
    assert names.find("抽奖", "zh") == ("evt_17",)
    assert names.find("link a card", "en") == ("add_card",)
    assert names.find("添加银行卡", "zh") == ("add_card",)


def test_what_a_person_types_is_found() -> None:
    names = EventNames(settings(), ["sign_up", "top_up", "transfer", "zzz"])
    assert names.find("signup", "en") == ("sign_up",)
    assert names.find("transfr", "en") == ("transfer",)
    assert names.find("充值", "zh") == ("top_up",)
    assert names.find("zzz", "en") == ("zzz",)
    assert names.find("zeppelin", "en") == ()
    assert names.find("", "zh") == ()


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=12))
def test_no_name_breaks_the_dictionary(found: list[str], typed: str) -> None:
    names = EventNames(settings(), found)
    for language in LANGUAGES:
        assert set(names.find(typed, language)) <= set(found)
    for name in found:
        label = names.label(name)
        assert isinstance(label, Say) or label == name


def test_a_label_survives_being_kept() -> None:
    label = say("behaviour.event", name=Text("充值", "top up"))
    assert Say.model_validate_json(label.model_dump_json()) == label


@pytest.mark.parametrize(
    "text", ["events = 3\n", "[events]\nadd = 3\n", '[events]\nadd = ""\n', '[events]\nadd = "a | b | c"\n', '[events]\nadd = "x |"\n']
)
def test_an_entry_that_cannot_be_read_names_itself(tmp_path: Path, text: str) -> None:
    path = tmp_path / "productloop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        load_settings(path, {})
    assert str(error.value.parameters["name"]).startswith("events")
    assert "add_to_cart" in error.value.render("zh")[1]


def test_entries_are_read(tmp_path: Path) -> None:
    path = tmp_path / "productloop.toml"
    path.write_text('[events]\nadd_to_cart = "加购 | put in basket"\n"Order Paid" = "付款"\n', encoding="utf-8")
    assert load_settings(path, {}).events == {"add_to_cart": Text("加购", "put in basket"), "Order Paid": Text("付款", "付款")}


def shop(folder: Path) -> Store:
    rows = ["user_id,event,timestamp", *(f"u{n},sign_up,{at(n % 20)}" for n in range(40))]
    rows += [f"u{n},top_up,{at(n % 20 + 1)}" for n in range(25)] + [f"w,zzz,{at(60)}"]
    return workspace(folder, events="\n".join(rows) + "\n")


def test_pages_show_labels_and_say_what_to_type(tmp_path: Path) -> None:
    store = shop(tmp_path)
    report = ask_funnel(store, {"steps": ("sign_up", "top_up")})
    chinese, english = (written(funnel_page(report), language) for language in LANGUAGES)
    assert chinese[0] == "漏斗：注册 → 充值"
    assert english[0] == "Funnel: sign up → top up"
    assert any("注册 = sign_up、充值 = top_up" in line for line in chinese)
    assert report.steps[0].name == "sign_up"
    guessed = " ".join(written(funnel_page(ask_funnel(store)), "zh"))
    assert "sign_up → top_up" in guessed  # the names to type stand in the sentence that asks for them
    retention = written(retention_page(ask_retention(store, {"start": "sign_up"})), "zh")
    assert any("“注册”" in line for line in retention)


def test_a_label_that_was_typed_is_answered_with_the_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as unknown:
        ask_funnel(shop(tmp_path), {"steps": ("注册", "top_up")})
    assert unknown.value.parameters["nearest"] == "sign_up"


def test_other_labels_are_another_report(tmp_path: Path) -> None:
    store = shop(tmp_path)
    run = run_of(store)
    before = ask_funnel(store, {"steps": ("sign_up", "top_up")}, run)
    run.settings.events["top_up"] = Text("加钱", "add money")
    after = ask_funnel(store, {"steps": ("sign_up", "top_up")}, run)
    assert before.id != after.id
    assert "加钱" in written(funnel_page(after), "zh")[0]
