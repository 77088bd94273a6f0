"""Sentences of the help texts and of the settings file that `init` writes."""

from __future__ import annotations

from productloop.foundation.wording import Text

LEAD = Text(
    "从用户说了什么、做了什么，到接下来做什么，再看做了有没有用。",
    "From what users say and do, to what to build next, and whether it worked.",
)
USAGE = Text("用法", "Usage")
APPS = Text("看什么", "Ask")
WORKSPACE = Text("工作区", "Workspace")
ACTIONS = Text("能问的（第一个是默认）", "What can be asked (the first is the default)")
OPTIONS = Text("选项", "Options")
ARGUMENTS = Text("要给的", "Arguments")
COMMON = Text("到处可用", "Everywhere")
WORDS = {"file": Text("文件", "FILE"), "command": Text("命令", "COMMAND"), "options": Text("选项", "options")}
DEFAULT = Text("默认 {value}", "default: {value}")
ALL = Text("命令里给了文件时，仍按全部数据出报告", "report on all data although a file was given")
EXAMPLE = Text(
    "先试试：productloop needs 评论.csv，或 productloop demo",
    "To begin: productloop needs reviews.csv, or productloop demo",
)

HEAD = Text(
    "# productloop 的设置。去掉行首的 # 就生效；密钥不写在这里，放在环境变量里。",
    "# Settings of productloop. Remove the # at the start of a line to set it; keys stay in the environment, never here.",
)
TASKS = Text(
    '# 要学的任务：有结果列时会自动建议，也可以自己写。\n# [tasks.churn]\n# template = "risk.outcome"',
    '# What is to be learned; results in the data suggest tasks by themselves, and you may write your own.\n# [tasks.churn]\n# template = "risk.outcome"',
)
EVENTS = Text(
    '# 事件在报告里怎么叫（中文 | 英文）；常见的事件名会自动认出来。\n# [events]\n# add_to_cart = "加入购物车 | add to cart"',
    '# What reports call your events (Chinese | English); frequent names are known by themselves.\n# [events]\n# add_to_cart = "加入购物车 | add to cart"',
)
EVENTS_HELP = Text(
    "写事件在报告和提问里怎么叫，左边是数据里的名字；没写的按名字猜。",
    "says what reports and questions call an event; left its name in the data. Events that are not listed are guessed from their names.",
)
