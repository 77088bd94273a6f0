"""Reference pages made from the definitions themselves: docs/tables.md, docs/settings.md, docs/actions.md.

`python -m productloop.interfaces.reference docs` writes them; `--check docs` fails when one is not what the code says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from productloop.foundation.settings import EVENT_FORM, EVENTS_SECTION, SETTINGS
from productloop.foundation.tables import CANONICAL, DERIVED, SYSTEM, Table
from productloop.interfaces.command_wording import EVENTS_HELP
from productloop.interfaces.options import options_of
from productloop.interfaces.registry import apps


def tables_page() -> str:
    """Every table with its columns, in both languages."""
    lines = ["# Tables / 表", "", "Made from `foundation/tables.py`; do not edit. 由代码生成，请勿手改。", ""]
    for heading, group in (
        ("What you import / 导入的表", CANONICAL),
        ("What apps write / 应用写的表", DERIVED),
        ("Bookkeeping / 记账的表", SYSTEM),
    ):
        lines += [f"## {heading}", ""]
        for table in group:
            lines += _table(table)
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    lines = [f"### `{table.name}` · {table.title.en} · {table.title.zh}", "", f"A row is {table.row.en}. 一行是{table.row.zh}。", ""]
    lines += [
        "| column 列 | type | needed 必需 | unit | privacy | header names that are recognised 认得的表头 |",
        "|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        aliases = ", ".join(column.aliases[:14]) + (" …" if len(column.aliases) > 14 else "")
        needed = "yes 是" if column.required else ""
        lines.append(
            f"| `{column.name}` {column.title.zh} | {column.type} | {needed} | {column.unit or ''} | {column.privacy} | {aliases} |"
        )
    return [*lines, ""]


def settings_page() -> str:
    """Every setting."""
    lines = ["# Settings / 设置", "", "Made from `foundation/settings.py`; do not edit. 由代码生成，请勿手改。", ""]
    lines += ["flag > environment > `productloop.toml` > default. `productloop settings` shows each value and where it comes from.", ""]
    lines += ["| setting | default | environment variable | meaning 含义 |", "|---|---|---|---|"]
    for setting in SETTINGS:
        default = (
            ""
            if setting.default in ("", ())
            else f"`{str(setting.default).lower() if isinstance(setting.default, bool) else setting.default}`"
        )
        lines.append(f"| `{setting.name}` | {default} | `{setting.variable}` | {setting.help.en}<br>{setting.help.zh} |")
    lines += ["", f"`[{EVENTS_SECTION}]` {EVENTS_HELP.en} {EVENTS_HELP.zh}", "", "```toml", f"[{EVENTS_SECTION}]", EVENT_FORM, "```"]
    return "\n".join([*lines, ""])


def actions_page() -> str:
    """Every action of every app with its options."""
    lines = ["# Actions / 能问的事", "", "Made from the apps' definitions; do not edit. 由代码生成，请勿手改。", ""]
    lines += ["The same definitions make the command line, the HTTP routes `POST /api/APP/ACTION` and the forms of the pages.", ""]
    for app in apps():
        lines += [f"## {app.name} · {app.title.en} · {app.title.zh}", "", f"{app.question.en} {app.question.zh}", ""]
        for action in app.actions:
            lines += [f"### `productloop {app.name} {action.name}`", "", f"{action.title.en} · {action.title.zh}", ""]
            facts = f"{action.length}, {action.effect}; reads {', '.join(f'`{t}`' for t in action.reads) or 'nothing'}"
            lines += [facts + (f"; writes {', '.join(f'`{t}`' for t in action.writes)}" if action.writes else "") + ".", ""]
            lines += ["| option | default | meaning 含义 |", "|---|---|---|"]
            for option in options_of(action.request):
                default = "" if option.default in (None, (), "") else f"`{option.default}`"
                lines.append(f"| `--{option.name}` | {default} | {option.meaning.en}<br>{option.meaning.zh} |")
            lines.append("")
    return "\n".join(lines)


PAGES: dict[str, Callable[[], str]] = {"tables.md": tables_page, "settings.md": settings_page, "actions.md": actions_page}


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; returns an exit code."""
    check = "--check" in arguments
    folder = Path(next((a for a in arguments if not a.startswith("-")), "docs"))
    stale = []
    for name, make in PAGES.items():
        text = make().rstrip("\n") + "\n"
        path = folder / name
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        sys.stderr.write(f"not up to date: {', '.join(stale)}; run `make docs`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
