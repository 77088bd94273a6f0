"""The settings file that `productloop init` writes: every setting with its meaning, commented out at its default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby

from productloop.foundation.settings import SETTINGS, Setting, Value
from productloop.foundation.wording import Language
from productloop.interfaces.command_wording import EVENTS, HEAD, TASKS


def settings_file(language: Language, given: Mapping[str, Value] | None = None) -> str:
    """The text of productloop.toml; `given` settings stand uncommented."""
    chosen = given or {}
    lines = [HEAD.in_language(language), ""]
    for section, settings in groupby(SETTINGS, key=lambda setting: setting.name.partition(".")[0]):
        entries = list(settings)
        lines.append(f"[{section}]")
        lines += [line for setting in entries for line in _entry(setting, chosen, language)]
        lines.append("")
    return "\n".join([*lines, TASKS.in_language(language), "", EVENTS.in_language(language), ""])


def _entry(setting: Setting, chosen: Mapping[str, Value], language: Language) -> list[str]:
    value = chosen.get(setting.name, setting.default)
    mark = "" if setting.name in chosen else "# "
    written = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return [f"# {setting.help.in_language(language)}", f"{mark}{setting.name.partition('.')[2]} = {written}"]
