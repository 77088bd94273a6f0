"""Settings: flag over environment over file over default; an unknown key names the nearest one."""

from __future__ import annotations

from pathlib import Path

import pytest

from productloop.foundation.errors import UsageError
from productloop.foundation.settings import SETTINGS, load_settings


def file(tmp_path: Path, text: str) -> Path:
    (tmp_path / "productloop.toml").write_text(text, encoding="utf-8")
    return tmp_path / "productloop.toml"


def test_flag_over_environment_over_file_over_default(tmp_path: Path) -> None:
    path = file(tmp_path, "[loop]\nseed = 1\nmin_rows = 7\n")
    environment = {"PRODUCTLOOP_LOOP_SEED": "2"}
    seeds = [
        load_settings(None, {}),
        load_settings(path, {}),
        load_settings(path, environment),
        load_settings(path, environment, {"loop.seed": 3}),
        load_settings(path, environment, {"loop.seed": None}),
    ]
    assert [s.number("loop.seed") for s in seeds] == [0, 1, 2, 3, 2]
    assert [s.origins["loop.seed"] for s in seeds] == [
        "default",
        "productloop.toml",
        "PRODUCTLOOP_LOOP_SEED",
        "flag",
        "PRODUCTLOOP_LOOP_SEED",
    ]
    assert {s.number("loop.min_rows") for s in seeds[1:]} == {7}


def test_every_setting_has_a_meaning_and_its_own_variable() -> None:
    assert len({s.variable for s in SETTINGS}) == len(SETTINGS)
    assert all(s.help.zh and s.help.en for s in SETTINGS)
    assert load_settings(None, {}).values == {s.name: s.default for s in SETTINGS}


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(file(tmp_path, '[product]\ntime_zon = "UTC"\n'), {})
    assert caught.value.code == "setting_unknown"
    happened, expected, _ = caught.value.render("en")
    assert "productloop.toml" in happened
    assert "product.time_zone" in expected
    for text in ('[zzz]\nqqq = "x"\n', "top = 1\n"):
        with pytest.raises(UsageError):
            load_settings(file(tmp_path, text), {})
    with pytest.raises(UsageError):
        load_settings(None, {}, {"loop.sed": 1})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[loop]\nseed = "many"\n', "loop.seed"),
        ("[loop]\nseed = 1.5\n", "loop.seed"),
        ("[loop]\nseed = true\n", "loop.seed"),
        ("[product]\nname = 3\n", "product.name"),
        ("[privacy]\nvault = 'perhaps'\n", "privacy.vault"),
        ("[product]\nwords = 3\n", "product.words"),
        ('[product]\nweek_start = "friday"\n', "product.week_start"),
    ],
)
def test_a_value_of_the_wrong_kind(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(file(tmp_path, text), {})
    assert caught.value.code == "setting_value"
    assert name in caught.value.render("zh")[0]


def test_a_time_zone_that_does_not_exist_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(file(tmp_path, '[product]\ntime_zone = "Asia/Shangai"\n'), {})
    assert caught.value.code == "time_zone_unknown"
    assert "Asia/Shanghai" in caught.value.render("zh")[1]
    with pytest.raises(UsageError) as caught:
        load_settings(None, {}, {"product.time_zone": "Mars/Olympus"})
    assert "the command line" in caught.value.render("en")[0]


def test_values_of_each_kind(tmp_path: Path) -> None:
    path = file(
        tmp_path, '\ufeff[product]\nwords = ["极速到账", "Pay+"]\n[privacy]\nvault = false\n[tasks.churn]\ntemplate = "risk.outcome"\n'
    )
    loaded = load_settings(path, {"PRODUCTLOOP_BEHAVIOUR_FUNNEL": "visit, pay ,"})
    assert loaded.words("product.words") == ("极速到账", "Pay+")
    assert loaded.words("behaviour.funnel") == ("visit", "pay")
    assert not loaded.flag("privacy.vault")
    assert loaded.tasks == {"churn": {"template": "risk.outcome"}}
    for word, meant in (("YES", True), ("0", False), ("true", True)):
        assert load_settings(None, {"PRODUCTLOOP_PRIVACY_VAULT": word}).flag("privacy.vault") is meant


@pytest.mark.parametrize("text", ["[product\n", "name = \n", "tasks = 3\n", "[tasks]\nchurn = 3\n"])
def test_a_broken_file_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(file(tmp_path, text), {})
    assert caught.value.code in ("setting_file", "setting_value")


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}).text("product.name") == ""


def test_rules_of_alerts_keep_their_names(tmp_path: Path) -> None:
    settings = load_settings(file(tmp_path, '[alerts.signups]\nmetric = "signups"\nband = true\nto = ["mail:a@example.com"]\n'), {})
    assert settings.alerts == {"signups": {"metric": "signups", "band": True, "to": ["mail:a@example.com"]}}
    assert load_settings(None, {}).alerts == {}
