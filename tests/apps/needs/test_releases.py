from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from feedback_workspace import feedback_workspace, make_run, table

from productloop.apps.needs import APP, _releases_answer
from productloop.apps.needs._releases import version_key
from productloop.apps.needs.actions import RELEASES
from productloop.apps.needs.releases_report import page
from productloop.apps.needs.releases_types import ReleasesReport, ReleasesRequest
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.wording import Language
from productloop.interfaces.markdown import render_markdown
from productloop.loop.action import perform
from productloop.loop.store import Store

DAY = 86_400_000_000
MONDAY = 1_767_571_200_000_000
"""2026-01-05, UTC"""
WEEKS, RELEASE = 24, 12
ENDS = [
    "",
    "，唉",
    "，求修复",
    "，什么时候能好",
    "，安卓手机",
    "，苹果手机",
    "，昨天也是",
    "，反馈过好几次",
    "，太影响使用了",
    "，朋友也这样",
]
SAID = {
    "crash": ["闪退，打不开", "更新之后老是闪退", "一打开就闪退", "用着用着就闪退了", "闪退好几次"],
    "refund": ["退款一直没到账", "退款太慢了", "申请退款两周没消息", "退款去哪了", "不给退款"],
    "slow": ["太卡了，加载很慢", "打开要转圈半天，很慢", "页面加载太慢", "卡得不行，很慢", "越来越慢"],
}


def workspace(folder: Path, *, fixed: bool, versions: bool = True, seed: int = 0) -> Store:
    """24 weeks of 45 people each about three needs; with `fixed`, those on 2.0 hardly speak of crashes any more."""
    random = np.random.default_rng(seed)
    columns: dict[str, list[object]] = {name: [] for name in ("text", "time", "rating", "author", "version")}
    for week in range(WEEKS):
        for person in range(45):
            new = week >= RELEASE and (not versions or random.random() < 1 - 0.4 ** (week - RELEASE + 1))
            weights = np.array([0.15 if new and fixed else 1.0, 1.0, 1.0])
            need = list(SAID)[int(random.choice(3, p=weights / weights.sum()))]
            columns["text"].append(f"{SAID[need][int(random.integers(5))]}{ENDS[int(random.integers(len(ENDS)))]}")
            columns["time"].append(MONDAY + (7 * week + int(random.integers(7))) * DAY + int(random.integers(DAY)))
            columns["rating"].append(1.0)
            columns["author"].append(f"u{week}-{person}")
            columns["version"].append(None if not versions else "2.0" if new else "1.9")
    columns["time"][-1] = MONDAY + 7 * WEEKS * DAY - 1
    store = feedback_workspace(folder, columns)
    changes = {
        "row_id": ["c0", "c1", "c2"],
        "import_id": [2] * 3,
        "sequence": range(3),
        "time": [MONDAY - 30 * DAY, MONDAY + 7 * RELEASE * DAY, MONDAY + 7 * (WEEKS - 2) * DAY],
        "kind": ["version"] * 3,
        "title": ["First", "Crashes fixed / 修复闪退", "New icons / 新图标"],
        "version": ["1.9", "2.0", "2.1"],
    }
    with store.writing():
        store.append("changes", table(changes), 2)
    store.refresh()
    return store


def ask(store: Store, request: ReleasesRequest | None = None) -> ReleasesReport:
    report = perform("needs.releases", RELEASES, request or ReleasesRequest(), make_run(store))
    assert isinstance(report, ReleasesReport)
    return report


@pytest.mark.parametrize("versions", [True, False])
def test_the_version_that_fixed_a_need_is_named_with_its_size(tmp_path: Path, versions: bool) -> None:
    report = ask(workspace(tmp_path, fixed=True, versions=versions))
    assert report.by_version is versions
    moved = [(line.version, effect) for line in report.releases for effect in line.effects if effect.direction == "fell"]
    assert {version for version, _ in moved} == {"2.0"}
    effect = max((effect for _, effect in moved), key=lambda effect: effect.was.value or 0)
    assert "闪退" in str(effect.name.slots["zh"])
    assert (effect.ratio.low or 0) <= 0.28 <= (effect.ratio.high or 0), "about .07 of all instead of a third, by the weights above"
    assert (effect.was.value or 0) > (effect.now.value or 0)
    newest = report.releases[0]
    assert (newest.version, newest.state) == ("2.1", "too_early")
    assert newest.look_again is not None
    assert newest.look_again > "2026-06-20"
    for language in ("zh", "en"):
        text = render_markdown(page(report), APP.texts, language, {})  # type: ignore[arg-type]
        assert "2.0" in text
        assert "{" not in text


def test_where_nothing_was_fixed_nothing_is_said_to_be(tmp_path: Path) -> None:
    named = 0
    for seed in range(3):
        report = ask(workspace(tmp_path / str(seed), fixed=False, seed=seed))
        named += sum(effect.direction != "unchanged" for line in report.releases for effect in line.effects)
    assert named == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_note_without_an_effect_says_so(tmp_path: Path, language: Language) -> None:
    report = ask(workspace(tmp_path, fixed=False))
    noted = [effect for line in report.releases for effect in line.effects if effect.noted and line.version == "2.0"]
    assert ["闪退" in str(effect.name.slots["zh"]) for effect in noted] == [True]
    assert "{" not in render_markdown(page(report), APP.texts, language, {})


def test_a_note_promises_nothing_to_praise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Faster" in a note is no promise that fewer people praise the speed."""
    monkeypatch.setattr(_releases_answer, "topic_state", lambda topic: "praise")
    effects = [effect for line in ask(workspace(tmp_path, fixed=False)).releases for effect in line.effects]
    assert effects
    assert not any(effect.noted for effect in effects)


def test_what_cannot_be_judged_is_said(tmp_path: Path) -> None:
    store = feedback_workspace(tmp_path / "none", {"text": ["闪退"] * 40, "rating": [1.0] * 40})
    with pytest.raises(MissingData) as missing:
        ask(store)
    assert missing.value.code == "needs_no_versions"
    store = workspace(tmp_path / "some", fixed=True)
    with pytest.raises(UsageError) as unknown:
        ask(store, ReleasesRequest(version="9.9"))
    assert "2.1" in unknown.value.render("en")[1]
    only = ask(store, ReleasesRequest(version="2.0", topic="退款"))
    assert [line.version for line in only.releases] == ["2.0"]
    assert all("退款" in str(effect.name.slots["zh"]) for effect in only.releases[0].effects)


def test_versions_are_ordered_by_their_numbers() -> None:
    assert version_key("4.10") > version_key("4.9")
    assert version_key("v2.0.1-beta") > version_key("2.0")
    assert version_key("发布") == ()
