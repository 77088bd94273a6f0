"""The commands about a workspace: their names, titles and requests.

What they do stands in `workspace_commands.py`, which is only loaded when one of them runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from productloop.foundation.wording import Text
from productloop.interfaces.types import (
    Decide,
    Demo,
    Erase,
    Export,
    FileOut,
    Identities,
    Import,
    Init,
    Nothing,
    Reading,
    Reset,
    Restore,
    Rollback,
    Serve,
    Show,
    Undo,
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command about the workspace."""

    name: str
    title: Text
    request: type[BaseModel]


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("init", Text("建一个工作区", "make a workspace"), Init),
        Command("import", Text("导入文件", "import files"), Import),
        Command("run", Text("转一圈，出报告和首页", "once round the loop: import, train, reports, first page"), Nothing),
        Command("status", Text("每一环走到哪了", "how far each part of the loop is"), Nothing),
        Command("decide", Text("对一条发现做决定", "decide about a finding"), Decide),
        Command("serve", Text("打开网页和接口", "open the pages and the API"), Serve),
        Command("demo", Text("建演示工作区（模拟数据）", "make a demo workspace with simulated data"), Demo),
        Command("imports", Text("导入账本", "list the imports"), Nothing),
        Command("undo", Text("撤销一次导入", "take an import back"), Undo),
        Command("identities", Text("哪些编号是同一个人", "which ids are one person; merges can be taken back"), Identities),
        Command("show", Text("一个数字是怎么来的", "where a number comes from"), Show),
        Command("settings", Text("列出全部设置", "list all settings"), Nothing),
        Command("doctor", Text("检查安装、工作区和各列", "check installation, workspace and columns"), Nothing),
        Command("export", Text("把一张表写成文件", "write a table to a file"), Export),
        Command("backup", Text("备份", "write a backup"), FileOut),
        Command("restore", Text("从备份恢复", "restore a backup"), Restore),
        Command("erase", Text("把一个人从所有地方删掉", "remove a person everywhere"), Erase),
        Command("compact", Text("整理文件，腾出空间", "tidy files and free space"), Nothing),
        Command("rollback", Text("退回上一个模型", "go back to the model release before"), Rollback),
        Command("reset", Text("清空工作区", "empty the workspace"), Reset),
        Command("version", Text("版本号", "print the version"), Nothing),
    )
}

__all__ = [
    "COMMANDS",
    "Command",
    "Decide",
    "Demo",
    "Erase",
    "Export",
    "FileOut",
    "Identities",
    "Import",
    "Init",
    "Nothing",
    "Reading",
    "Reset",
    "Restore",
    "Rollback",
    "Serve",
    "Show",
    "Undo",
]
