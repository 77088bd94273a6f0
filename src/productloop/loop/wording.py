"""Sentences of the loop: problems of the workspace, the store, the stages, and the lines a turn prints."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text


def _problem(code: str, happened: tuple[str, str], expected: tuple[str, str], fix: tuple[str, str]) -> Problem:
    return Problem(code, Text(*happened), Text(*expected), Text(*fix))


NO_WORKSPACE = _problem(
    "no_workspace",
    ("{path} 不是 productloop 工作区", "{path} is not a productloop workspace"),
    ("这里或上级文件夹里应有 .productloop", "a folder .productloop here or above"),
    ("运行 productloop init 建一个，或用 --workspace 指到已有的", "run productloop init to make one, or point to one with --workspace"),
)
WORKSPACE_UNWRITABLE = _problem(
    "workspace_unwritable",
    ("写不进 {path}：{reason}", "cannot write to {path}: {reason}"),
    ("一个您有写权限、磁盘没满的文件夹", "a folder you may write to, on a disk with room"),
    (
        "换一个文件夹，或腾出空间、改权限后重来；什么都没有写一半",
        "choose another folder, or free space or change the rights and try again; nothing is half-written",
    ),
)
WORKSPACE_BUSY = _problem(
    "workspace_busy",
    ("等了 {seconds} 秒，另一个程序还在写这个工作区", "another program is still writing to this workspace after {seconds} seconds"),
    ("同一时间只有一个在写", "one writer at a time"),
    ("等它结束再试；看报告不受影响", "try again when it is done; reading is not held up"),
)
LAKE_UNWRITABLE = _problem(
    "lake_unwritable",
    ("表 {table} 没有写成：{reason}", "table {table} could not be written: {reason}"),
    ("磁盘有空间、文件夹可写", "room on the disk and a writable folder"),
    (
        "腾出空间后原样再运行一次；之前的数据都在，没有写一半",
        "free space and run the same command again; all earlier data is there and nothing is half-written",
    ),
)
STATE_UNREADABLE = _problem(
    "state_unreadable",
    ("打不开 {path}：{reason}", "cannot open {path}: {reason}"),
    ("一个完好的 state.db", "an intact state.db"),
    ("用 productloop restore 恢复备份", "restore a backup with productloop restore"),
)
STATE_UNWRITABLE = _problem(
    "state_unwritable",
    ("state.db 写不进去：{reason}", "state.db cannot be written: {reason}"),
    ("磁盘有空间、没有别的程序长时间占用", "room on the disk, and no program that holds it for long"),
    ("腾出空间或稍后再试；没有写一半", "free space or try again later; nothing is half-written"),
)
RANGE_EMPTY = _problem(
    "range_empty",
    ("{since} 到 {until} 之间没有一天", "there is no day between {since} and {until}"),
    ("起始日不晚于截止日", "a first day not after the last"),
    ("对调 --since 和 --until", "swap --since and --until"),
)
DAY_UNREADABLE = _problem(
    "day_unreadable",
    ("看不懂日期 {day:quote}", "cannot read the day {day:quote}"),
    ("形如 2026-03-31", "a day such as 2026-03-31"),
    ("改成年-月-日", "write year-month-day"),
)
CONDITION_UNREADABLE = _problem(
    "condition_unreadable",
    ("看不懂条件 {condition:quote}", "cannot read the condition {condition:quote}"),
    (
        "列名、比较符、值，比如 platform=android、rating<=2、text~退款",
        "column, comparison, value, such as platform=android, rating<=2, text~refund",
    ),
    ("照这个样子改写 --where", "rewrite --where like that"),
)
COLUMN_UNKNOWN = _problem(
    "column_unknown",
    ("没有叫 {column:quote} 的列", "there is no column called {column:quote}"),
    ("这些列之一：{known}", "one of: {known}"),
    ("改列名；productloop doctor 会列出全部", "change the name; productloop doctor lists them all"),
)
