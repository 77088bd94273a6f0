"""The settings file that `productloop init` writes: every setting with its meaning, commented out at its default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby

from productloop.foundation.settings import SETTINGS, Setting, Value
from productloop.foundation.wording import Language, Text

HEAD = Text(
    "# productloop 的设置。去掉行首的 # 就生效；密钥不写在这里，放在环境变量里。",
    "# Settings of productloop. Remove the # at the start of a line to set it; keys stay in the environment, never here.",
)
TASKS = Text(
    '# 要学的任务：有结果列时会自动建议，也可以自己写。\n# [tasks.churn]\n# template = "risk.outcome"',
    '# What is to be learned; results in the data suggest tasks by themselves, and you may write your own.\n# [tasks.churn]\n# template = "risk.outcome"',
)


def settings_file(language: Language, given: Mapping[str, Value] | None = None) -> str:
    """The text of productloop.toml; `given` settings stand uncommented."""
    chosen = given or {}
    lines = [HEAD.in_language(language), ""]
    for section, settings in groupby(SETTINGS, key=lambda setting: setting.name.partition(".")[0]):
        entries = list(settings)
        lines.append(f"[{section}]")
        lines += [line for setting in entries for line in _entry(setting, chosen, language)]
        lines.append("")
    return "\n".join([*lines, TASKS.in_language(language), ""])


def _entry(setting: Setting, chosen: Mapping[str, Value], language: Language) -> list[str]:
    value = chosen.get(setting.name, setting.default)
    mark = "" if setting.name in chosen else "# "
    written = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return [f"# {setting.help.in_language(language)}", f"{mark}{setting.name.partition('.')[2]} = {written}"]
