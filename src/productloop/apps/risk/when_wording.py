"""Sentences of `risk when` and of targets other than yes or no, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

MANY_TITLE = Text("谁会出现哪种 {outcome}", "who will have which {outcome}")
COUNT_TITLE = Text("谁会有多少次 {what}", "how many times {what} for whom")
TIME_TITLE = Text("谁什么时候会出现 {outcome}", "when who will have {outcome}")
DURATION_MISSING = Problem(
    "risk_duration_missing",
    Text(
        "任务 {task} 的结果没有日期，也没有一列说每个人来了多久",
        "task {task} has outcomes without dates, and no column says how long each has been here",
    ),
    Text('一列数字，例如 duration = "tenure"', 'a column of numbers, such as duration = "tenure"'),
    Text(
        '在 [tasks.{task}] 里写 duration = "列名"，或给结果补上日期',
        'write duration = "COLUMN" under [tasks.{task}], or import outcomes with dates',
    ),
)
NOT_YES_OR_NO = Problem(
    "risk_not_yes_or_no",
    Text("任务 {task} 问的不是“会不会”，这个功能答不了", "task {task} is no question of yes or no, and this action can answer no other"),
    Text("能用的任务：{known}", "tasks that fit: {known}"),
    Text(
        '换一个任务，或在 productloop.toml 里加一个 outcome = "列名=值" 的任务',
        'choose another task, or add one with outcome = "COLUMN=VALUE" to productloop.toml',
    ),
)

TEXTS = {
    "risk.event.count": Text("出现 {column}", "have {column}"),
    "risk.event.any": Text("{column} 是 {values}", "have {column} = {values}"),
}
