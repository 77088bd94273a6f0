"""What can be said to the commands about a workspace: pydantic requests like those of the actions, every field with its meaning."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

PLACE: dict[str, Any] = {"positional": True}
"""Marks a field that is given without its name."""


class Nothing(BaseModel):
    """A command without options."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reading(Nothing):
    """How a file is to be read."""

    table: str | None = Field(
        default=None, description="table to fill (feedback, events, orders ...); else found out | 放进哪张表；不写则自动判断"
    )
    map: dict[str, str] = Field(default={}, description="which column is which: text=评论,time=日期 | 哪一列是什么：text=评论,time=日期")
    columns: tuple[str, ...] | None = Field(
        default=None, description="names of the columns of a file without header: a,b,c | 没有表头时的列名"
    )
    outcome: str | None = Field(default=None, description="a known result to learn from: Churn=Yes | 要预测的结果：Churn=Yes")
    encoding: str | None = Field(default=None, description="encoding of the file; else found out | 文件编码；不写则自动判断")
    delimiter: str | None = Field(default=None, description="separator of the columns; else found out | 列分隔符；不写则自动判断")
    sheet: str | None = Field(default=None, description="sheet of an Excel file; else all | Excel 工作表；不写则全部")
    time_zone: str | None = Field(
        default=None, description="zone of times without one: Asia/Shanghai | 没写时区的时间按哪个时区：Asia/Shanghai"
    )


class Init(Reading):
    """A new workspace."""

    folder: str = Field(default=".", description="folder of the workspace | 工作区文件夹", json_schema_extra=PLACE)
    source: str | None = Field(default=None, alias="from", description="file to import at once | 顺便导入的文件")


class Import(Reading):
    """Files to import."""

    files: tuple[str, ...] = Field(min_length=1, description="files or folders | 文件或文件夹", json_schema_extra=PLACE)


class Undo(Nothing):
    """An import to take back."""

    number: int = Field(description="number of the import | 导入的编号", json_schema_extra=PLACE)


class Identities(Nothing):
    """Ids that are one person."""

    undo: int | None = Field(default=None, description="number of a merge to take back | 要撤销的合并的编号")


class Demo(Nothing):
    """A demo workspace."""

    folder: str = Field(default="my-product", description="folder of the demo | 演示工作区的文件夹", json_schema_extra=PLACE)
    scale: float = Field(default=1.0, gt=0, le=20, description="size: 1 = 1,200 people | 规模：1 表示 1200 人")


class Show(Nothing):
    """A number to explain."""

    figure: str = Field(description="id of a number in a report | 报告里数字的编号", json_schema_extra=PLACE)


class Serve(Nothing):
    """Where to listen."""

    host: str | None = Field(default=None, description="address to listen on | 监听地址")
    port: int | None = Field(default=None, ge=0, le=65535, description="port | 端口")


class FileOut(Nothing):
    """A file to write."""

    file: str = Field(description="file to write | 写到哪个文件", json_schema_extra=PLACE)


class Restore(Nothing):
    """A backup to unpack."""

    file: str = Field(description="backup to read | 备份文件", json_schema_extra=PLACE)
    folder: str = Field(default=".", description="empty folder to restore into | 恢复到哪个空文件夹", json_schema_extra=PLACE)


class Erase(Nothing):
    """A person to forget."""

    person: str = Field(description="the person's id in your data | 这个人在您数据里的编号", json_schema_extra=PLACE)


class Export(Nothing):
    """A table to write."""

    table: str = Field(description="table | 表", json_schema_extra=PLACE)
    file: str | None = Field(
        default=None, description=".csv or .parquet; TABLE.csv if left out | .csv 或 .parquet；默认 表名.csv", json_schema_extra=PLACE
    )


class Rollback(Nothing):
    """A task to turn back."""

    task: str = Field(description="task | 任务", json_schema_extra=PLACE)


class Decide(Nothing):
    """A decision about a finding."""

    finding: str = Field(description="number of the finding on the first page | 首页上发现的编号", json_schema_extra=PLACE)
    choice: Literal["do", "answer", "wait"] = Field(
        description="do, answer or wait | do 做、answer 回复用户、wait 先等等", json_schema_extra=PLACE
    )
    owner: str = Field(default="", description="who sees to it | 谁负责")
    review: str | None = Field(
        default=None, description="day to look again, YYYY-MM-DD; four weeks from today if left out | 哪天再看；默认四周后"
    )


class Reset(Nothing):
    """Delete everything."""

    yes: bool = Field(default=False, description="you are sure | 确定")
