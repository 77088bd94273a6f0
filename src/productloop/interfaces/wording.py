"""Sentences of the doors: what can go wrong with a command, what an import did, what a run says. Help texts stand in command_wording."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.settings import SETTINGS
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Text
from productloop.interfaces.first_page_wording import TEXTS as FIRST_PAGE_TEXTS
from productloop.interfaces.status_wording import TEXTS as STATUS_TEXTS


def _problem(code: str, happened: tuple[str, str], expected: tuple[str, str], fix: tuple[str, str]) -> Problem:
    return Problem(code, Text(*happened), Text(*expected), Text(*fix))


COMMAND_UNKNOWN = _problem(
    "command_unknown",
    ("没有 {word:quote} 这个命令", "there is no command {word:quote}"),
    ("最接近的是 {nearest}", "the nearest is {nearest}"),
    ("productloop --help 列出全部", "productloop --help lists them all"),
)
ACTION_UNKNOWN = _problem(
    "action_unknown",
    ("{app} 没有叫 {word:quote} 的功能，这里也没有这个文件", "{app} has no action {word:quote}, and there is no file of that name here"),
    ("已有的功能（{known}）或一个存在的文件；最接近的是 {nearest}", "an action ({known}) or a file that exists; the nearest is {nearest}"),
    ("改名，或检查文件路径；productloop {app} --help 有说明", "change the name or check the path; see productloop {app} --help"),
)
OPTION_UNKNOWN = _problem(
    "option_unknown",
    ("没有 --{option} 这个选项", "there is no option --{option}"),
    ("最接近的是 --{nearest}", "the nearest is --{nearest}"),
    ("改名或去掉；在命令后面加 --help 看全部选项", "rename or remove it; add --help to the command to see all options"),
)
OPTION_NO_VALUE = _problem(
    "option_no_value",
    ("--{option} 后面没有值", "--{option} has no value"),
    ("--{option} 加一个值", "--{option} followed by a value"),
    ("补上值；值以 -- 开头时写成 --{option}=值", "add the value; write --{option}=VALUE where it begins with --"),
)
OPTION_VALUE = _problem(
    "option_value",
    ("--{option} 的值 {value:quote} 不能用", "--{option} was given {value:quote}, which cannot be used"),
    ("{expected}", "{expected}"),
    ("改成上面那样的值", "write a value like that"),
)
ARGUMENT_MISSING = _problem(
    "argument_missing",
    ("{command} 少了 {argument}", "{command} lacks {argument}"),
    ("在命令后面写上 {argument}", "{argument} after the command"),
    ("补上再来；productloop {command} --help 有例子", "add it; productloop {command} --help shows how"),
)
ARGUMENT_UNEXPECTED = _problem(
    "argument_unexpected",
    ("{command} 不知道 {word:quote} 是什么", "{command} does not know what {word:quote} is"),
    ("选项以 -- 开头", "options that begin with --"),
    ("去掉它，或加上选项名", "remove it, or name the option it belongs to"),
)
TEMPLATE_UNKNOWN = _problem(
    "task_template",
    ("任务 {task} 用的模板 {template:quote} 不存在", "task {task} uses the template {template:quote}, which does not exist"),
    ("这些之一：{known}；最接近的是 {nearest}", "one of: {known}; the nearest is {nearest}"),
    ("改 productloop.toml 里 [tasks.{task}] 的 template", "change template in [tasks.{task}] of productloop.toml"),
)
TASK_OPTION_UNKNOWN = _problem(
    "task_option",
    ("任务 {task} 没有 {option:quote} 这个选项", "task {task} has no option {option:quote}"),
    ("这些之一：{known}；最接近的是 {nearest}", "one of: {known}; the nearest is {nearest}"),
    ("改 productloop.toml 里的 [tasks.{task}]", "change [tasks.{task}] in productloop.toml"),
)
WORD_EMPTY = _problem(
    "word_empty",
    ("命令里有一个空的词", "one word of the command is empty"),
    ("命令、选项、文件名都有内容", "commands, options and names that say something"),
    ("多半是没有值的变量：看看引号里写了什么", "it is probably a variable without a value: look at what stands in quotation marks"),
)
SYSTEM_REFUSED = _problem(
    "system_refused",
    ("系统不让读写 {path}：{reason}", "the system refused to read or write {path}: {reason}"),
    ("能读能写的文件夹，磁盘还有空间", "a folder that may be read and written, on a disk with room"),
    (
        "改权限、腾出空间，或换一个文件夹，再运行一次；没有写一半",
        "change the rights, free space or choose another folder, and run it again; nothing is half-written",
    ),
)
OUTPUT_FORMAT = _problem(
    "output_format",
    ("不知道 {path} 该写成什么格式", "cannot tell what to write into {path}"),
    ("以 .html、.md 或 .json 结尾的文件名", "a name that ends in .html, .md or .json"),
    ("改文件名", "change the name of the file"),
)
OUTPUT_NOTHING = _problem(
    "output_nothing",
    ("{command} 没有可存的页面", "{command} makes no page to write"),
    ("报告类命令才能用 --output 存成页面", "a command that makes a report"),
    ("去掉 --output，或存成 .json", "leave --output out, or write .json"),
)
OUTPUT_UNWRITABLE = _problem(
    "output_unwritable",
    ("写不进 {path}：{reason}", "cannot write {path}: {reason}"),
    ("一个可写的位置", "a place that may be written"),
    ("换一个文件名或文件夹", "choose another name or folder"),
)
FIGURE_UNKNOWN = _problem(
    "figure_unknown",
    ("找不到编号为 {figure:quote} 的数字", "there is no number with the id {figure:quote}"),
    ("报告里数字的编号，比如 3f2a9c01b7de.share", "the id of a number in a report, such as 3f2a9c01b7de.share"),
    ("在报告末尾的说明里找编号；重置或删人之后旧编号会失效", "find the id at the end of a report; old ids end after a reset or an erase"),
)
FINDING_UNKNOWN = _problem(
    "finding_unknown",
    ("首页上没有第 {finding} 条发现", "the first page has no finding {finding}"),
    ("{known}", "{known}"),
    ("先运行 productloop run，再用首页上的编号", "run productloop run and use a number of its first page"),
)
NOT_CONFIRMED = _problem(
    "not_confirmed",
    ("这会删掉 {path} 里的全部数据、模型和记录", "this deletes all data, models and records of {path}"),
    ("加上 --yes 表示确定", "--yes, to say that you are sure"),
    ("先用 productloop backup 留一份，再加 --yes", "make a copy with productloop backup first, then add --yes"),
)
FOLDER_NOT_EMPTY = _problem(
    "folder_not_empty",
    ("{path} 里已经有一个装着数据的工作区", "{path} already is a workspace with data"),
    ("空的或新的文件夹：模拟数据从不混进真数据", "an empty or new folder: simulated data is never mixed with real data"),
    ("换一个文件夹：productloop demo 新文件夹", "choose another one: productloop demo NEW-FOLDER"),
)
EXPECTATIONS: dict[str, Text] = {
    "int": Text("一个整数", "a whole number"),
    "float": Text("一个数", "a number"),
    "finite_number": Text("一个数", "a number"),
    "bool": Text("true 或 false", "true or false"),
    "greater_than": Text("大于 {gt}", "more than {gt}"),
    "greater_than_equal": Text("不小于 {ge}", "{ge} or more"),
    "less_than": Text("小于 {lt}", "less than {lt}"),
    "less_than_equal": Text("不大于 {le}", "{le} or less"),
}
"""What a value should have been, by pydantic's type of error (those of one kind, as int_parsing and int_type, under the kind)."""
TEXTS: dict[str, Text] = {
    "door.happened": Text("出了什么事：{text}", "What happened: {text}"),
    "door.expected": Text("应该是什么：{text}", "What was expected: {text}"),
    "door.fix": Text("接下来怎么办：{text}", "What to do next: {text}"),
    "door.cancelled": Text("已停下。没有写一半的东西。", "Stopped. Nothing is half-written."),
    "door.stopping": Text(
        "正在停下……再按一次 Ctrl-C 立即退出", "stopping at the next safe place ... press Ctrl-C once more to leave at once"
    ),
    "door.keep": Text(
        "这是临时看一眼，什么都没留下。要留着：productloop init my-product --from {path}",
        "This was a look without keeping anything. To keep it: productloop init my-product --from {path}",
    ),
    "door.written": Text("已写到 {path}", "written to {path}"),
    "door.as_of": Text("数据截至 {day}", "data until {day}"),
    "door.no_provider": Text(
        "这次没用大模型：{reason}。报告照样出。", "No language model this time: {reason}. Reports are made without one."
    ),
    "door.drained": Text("收进 {num:count} 条通过接口送来的数据", "took in {num:count} {num|row|rows} that came over HTTP"),
    "door.all_data": Text(
        "这份文件有些行以前导入过，所以按全部数据出报告。",
        "Some rows of this file were imported before, so the report covers all data.",
    ),
    "door.this_import": Text(
        "只看这次导入的数据；要看全部，加 --all。", "This report covers only what was just imported; add --all for everything."
    ),
    "import.title": Text("导入了 {num_files:count} 个文件", "{num_files:count} {num_files|file|files} imported"),
    "import.part": Text("{path} → {table}", "{path} → {table}"),
    "import.part_sheet": Text("{path}（{part}）→ {table}", "{path} ({part}) → {table}"),
    "import.counts": Text(
        "{num_rows:count} 行，其中 {num_new:count} 行是新的", "{num_rows:count} {num_rows|row|rows}, {num_new:count} of them new"
    ),
    "import.repeated": Text("{num:count} 行以前就有，没有重复存", "{num:count} {num|row was|rows were} there already and not stored twice"),
    "import.understood": Text("看懂的列：{pairs}", "Columns understood: {pairs}"),
    "import.pair": Text("{column} → {meaning}", "{column} → {meaning}"),
    "import.name": Text("{name}", "{name}"),
    "import.attributes": Text("另外保留了 {num:count} 列：{names}", "{num:count} more {num|column|columns} kept: {names}"),
    "import.attributes_more": Text("另外保留了 {num:count} 列：{names} 等", "{num:count} more columns kept: {names} and others"),
    "import.outcome": Text(
        "结果：{of:count} 行里 {num:count} 行是 {value}。任务 {task} 已写进 productloop.toml，productloop run 就会学",
        "Outcome: {num:count} of {of:count} rows are {value}. The task {task} is written in productloop.toml; productloop run learns it",
    ),
    "import.ignored": Text("没有用 {column}：{reason}", "{column} was not used: {reason}"),
    "import.quarantine": Text(
        "{num:count} 行的 {column} 读不懂，放进了隔离区（productloop export quarantine 可以查看）",
        "{num:count} {num|row has|rows have} an unreadable {column} and {num|was|were} set aside (see them with productloop export quarantine)",
    ),
    "import.unreadable": Text(
        "{column} 有 {num:count} 格读不出来（{reason}），那几行少了这个值，其余照常留用；原样记在隔离区（productloop export quarantine 可以查看）",
        "{num:count} {num|cell|cells} of {column} cannot be read ({reason}); the {num|row was|rows were} kept without it "
        "(see productloop export quarantine)",
    ),
    "import.reason.year_out_of_range": Text("年份不在 1970 到 2100 之间", "the year is not between 1970 and 2100"),
    "import.reason.unreadable": Text("格式不对", "not in the form of the column"),
    "import.next": Text("接下来：productloop run", "Next: productloop run"),
    "imports.title": Text("导入账本", "Imports"),
    "imports.empty": Text("还没有导入过。", "Nothing was imported yet."),
    "imports.number": Text("编号", "number"),
    "imports.source": Text("来源", "source"),
    "imports.table": Text("表", "table"),
    "imports.rows": Text("行数", "rows"),
    "imports.new": Text("新增", "new"),
    "imports.aside": Text("隔离", "set aside"),
    "imports.when": Text("时间", "when"),
    "imports.status": Text("状态", "status"),
    "imports.status.done": Text("完成", "done"),
    "imports.status.running": Text("没做完", "not finished"),
    "imports.status.undoing": Text("撤销没做完", "undo not finished"),
    "imports.status.undone": Text("已撤销", "undone"),
    "imports.status.failed": Text("失败", "failed"),
    "imports.undo": Text("撤销一次导入：productloop undo 编号", "Take one back with productloop undo NUMBER"),
    "table.merges": Text("身份合并", "identity merges"),
    "identities.title": Text("哪些编号是同一个人", "Which ids are one person"),
    "identities.empty": Text("还没有合并过身份。", "No identities were merged yet."),
    "identities.count": Text(
        "{num:count} 个编号并到了别人名下，按一个人算。",
        "{num:count} {num|id belongs|ids belong} to another id and {num|counts|count} as one person with it.",
    ),
    "identities.number": Text("编号", "number"),
    "identities.alias": Text("这个编号", "this id"),
    "identities.actor": Text("就是", "is"),
    "identities.person": Text("算作", "counts as"),
    "identities.source": Text("依据", "said by"),
    "identities.when": Text("时间", "when"),
    "identities.import": Text("导入", "import"),
    "identities.status": Text("状态", "status"),
    "identities.status.counts": Text("有效", "counts"),
    "identities.status.taken": Text("没采用：已属于别人", "set aside: belongs to somebody else"),
    "identities.status.circle": Text("没采用：会绕成一圈", "set aside: would close a circle"),
    "identities.status.undone": Text("已撤销", "taken back"),
    "identities.undo": Text("撤销一条：productloop identities --undo 编号", "Take one back with productloop identities --undo NUMBER"),
    "identities.undone": Text("{alias} 和 {actor} 分开了。", "{alias} and {actor} are two people again."),
    "cell.count": Text("{num:count}", "{num:count}"),
    "cell.day": Text("{day:date}", "{day:date}"),
    "undo.done": Text(
        "撤销了第 {number} 次导入，拿掉 {num:count} 行。", "Import {number} was taken back: {num:count} {num|row|rows} removed."
    ),
    "undo.again": Text(
        "{file} 里有些行和它重复，撤销后要重新导入一次：productloop import {file}",
        "{file} held some of the same rows: import it again with productloop import {file}",
    ),
    "undo.next": Text("重新出报告：productloop run", "Make the reports again with productloop run"),
    "init.done": Text("工作区建好了：{path}", "The workspace is ready: {path}"),
    "init.next_import": Text("导入数据：productloop import 文件", "Import data: productloop import FILE"),
    "init.next_run": Text("出首页：productloop run", "Make the first page: productloop run"),
    "init.there": Text("这里已经有工作区，原样留着：{path}", "There is a workspace already, left as it is: {path}"),
    "demo.done": Text(
        "演示工作区在 {path}。里面是模拟的支付创业公司，人和数字都是编的。",
        "The demo workspace is in {path}. It holds a simulated payment startup; its people and numbers are made up.",
    ),
    "demo.next": Text("用浏览器看：productloop serve --workspace {path}", "See it in the browser: productloop serve --workspace {path}"),
    "backup.done": Text("备份好了：{path}（{size_mb:number} MB）", "Backup written: {path} ({size_mb:number} MB)"),
    "restore.done": Text("恢复到了 {path}", "Restored into {path}"),
    "erase.done": Text("{person} 已从所有表、历史版本、缓存里删掉：", "{person} was removed from every table, version and cache:"),
    "erase.place": Text("{place}：{num:count} 行", "{place}: {num:count} {num|row|rows}"),
    "erase.reports": Text(
        "用过这些数据的旧报告已丢弃，请重新 productloop run；reports 文件夹里导出的文件请自己删。",
        "Kept reports that used these rows were dropped: run productloop run again, and delete files in reports/ yourself.",
    ),
    "export.done": Text("{num:count} 行写到了 {path}", "{num:count} {num|row|rows} written to {path}"),
    "export.rare": Text(
        "其中 {num} 行（{share}）和别人不一样到可以认出来：同样的组合不到 {k} 行，主要因为 {column} 这一列。",
        "{num} {num|row|rows} ({share}) could lead back to a person: fewer than {k} rows share their values, mostly because of {column}.",
    ),
    "export.advice": Text("要让每种组合都够人数：{steps}。", "To have enough rows behind every combination: {steps}."),
    "export.advice.part": Text("先做这些，还会剩 {left} 行：{steps}。", "First do this, which leaves {left} {left|row|rows}: {steps}."),
    "export.anonymous": Text(
        "每种组合至少有 {smallest} 行，不容易对回某个人。",
        "At least {smallest} rows share every combination of values: hard to lead back to a person.",
    ),
    "export.step.month": Text("{column} 只留到月", "{column} to months"),
    "export.step.year": Text("{column} 只留到年", "{column} to years"),
    "export.step.band_5": Text("{column} 每 5 归成一档", "{column} to bands of 5"),
    "export.step.band_10": Text("{column} 每 10 归成一档", "{column} to bands of 10"),
    "export.step.band_20": Text("{column} 每 20 归成一档", "{column} to bands of 20"),
    "export.step.first_level": Text("{column} 只留第一级", "{column} to its first level"),
    "export.step.drop": Text("去掉 {column}", "leave {column} out"),
    "export.warning": Text("这个文件含逐人的数据，转发前请想清楚。", "This file holds rows about people: think before you pass it on."),
    "compact.done": Text(
        "{table}：{before:count} 个文件并成 {after:count} 个", "{table}: {before:count} {before|file|files} became {after:count}"
    ),
    "compact.nothing": Text("没有要整理的。", "There was nothing to compact."),
    "rollback.done": Text("任务 {task}：从 {before} 退回到 {after}", "Task {task}: back from {before} to {after}"),
    "reset.done": Text(
        "{path} 已清空；productloop.toml、inbox 和 reports 里的文件没有动。",
        "{path} is empty now; productloop.toml and the files in inbox and reports were not touched.",
    ),
    "decide.done": Text("记下了：{finding} → {choice}，{day} 再看。", "Noted: {finding} -> {choice}; to be looked at again on {day}."),
    "decide.choice.do": Text("做", "do"),
    "decide.choice.answer": Text("回复用户", "answer"),
    "decide.choice.wait": Text("先等等", "wait"),
    "version.line": Text("productloop {version}", "productloop {version}"),
    "settings.title": Text("设置", "Settings"),
    "settings.name": Text("名字", "name"),
    "settings.value": Text("现在的值", "value"),
    "settings.origin": Text("来自", "from"),
    "settings.meaning": Text("意思", "meaning"),
    "settings.origin.default": Text("默认", "default"),
    "settings.origin.flag": Text("命令行", "command line"),
    "settings.task": Text("任务 {name}：{options}", "task {name}: {options}"),
    "doctor.data": Text(
        "数据本身有没有问题，用 productloop behaviour doctor 查。",
        "Whether the data themselves are right is told by: productloop behaviour doctor",
    ),
    "settings.event": Text("事件 {name} 叫“{label}”", "event {name} is called “{label}”"),
    "settings.how": Text(
        "改设置：写进 productloop.toml，或临时用 --set 名=值", "Change one in productloop.toml, or for one command with --set name=value"
    ),
    "show.title": Text("{figure} 是怎么来的", "Where {figure} comes from"),
    "show.value": Text("当时报告里的数", "the number in the report"),
    "show.again": Text("用同一版数据重新算", "counted again on the same data"),
    "show.same": Text("重算的结果一样。", "Counting again gives the same number."),
    "show.differs": Text(
        "重算的结果不一样：软件或设置在那之后变了。", "Counting again gives another number: the software or a setting changed since."
    ),
    "show.gone": Text(
        "当时那一版数据已经清理，没法重算；上面是留存报告里的数。",
        "That version of the data is gone, so it cannot be counted again; the number is the one kept in the report.",
    ),
    "show.definition": Text("怎么算的：{definition}", "How it is counted: {definition}"),
    "show.protocol": Text("怎么测的：{protocol}", "How it was measured: {protocol}"),
    "show.origin": Text("出自 {action}，数据版本：{versions}", "From {action}, data versions: {versions}"),
    "show.request": Text("当时的请求：{request}", "What was asked: {request}"),
    "serve.at": Text("打开 {address}（Ctrl-C 停止）", "Open {address} (Ctrl-C stops it)"),
    "progress.read": Text("读文件", "reading"),
    "progress.convert": Text("整理数据", "converting"),
    "progress.write": Text("写入", "writing"),
    "progress.evaluate": Text("评估", "evaluating"),
    "progress.score": Text("打分", "scoring"),
    "progress.report": Text("出报告", "making reports"),
    **FIRST_PAGE_TEXTS,
    **STATUS_TEXTS,
    **{f"setting.{setting.name}": setting.help for setting in SETTINGS},
    **{f"table.{table.name}": table.title for table in TABLES.values()},
}
