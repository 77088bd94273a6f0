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
STATE_UNREACHABLE = _problem(
    "state_unreachable",
    ("打不开 {path}：{reason}", "cannot open {path}: {reason}"),
    (
        "可读可写的文件夹，磁盘有空间，没有别的程序长时间占用",
        "a folder that may be read and written, room on the disk, and no program that holds it for long",
    ),
    ("腾出空间、改权限，或稍后再试；数据没有动", "free space, change the rights or try again later; the data was not touched"),
)
DATABASE_REASONS: dict[str, Text] = {
    "readonly": Text("这里不可写", "it cannot be written here"),
    "disk I/O error": Text("磁盘写不进去，多半是满了", "the disk cannot be written; it is probably full"),
    "full": Text("磁盘满了", "the disk is full"),
    "locked": Text("另一个程序正占着它", "another program holds it"),
    "unable to open": Text("没有权限，或者文件夹不在了", "no right to do so, or the folder is gone"),
    "not a database": Text("文件坏了，不是数据库", "it is damaged and no longer a database"),
    "malformed": Text("文件坏了", "it is damaged"),
}
"""What SQLite says, in a person's words, by a part of its message."""
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
SEGMENT_UNKNOWN = _problem(
    "segment_unknown",
    ("没有叫 {segment:quote} 的人群", "there is no segment called {segment:quote}"),
    ("已经算好的人群：{known}", "a segment that was made: {known}"),
    ("先运行 productloop behaviour segments，再用它列出的名字", "run productloop behaviour segments first and use a name that it lists"),
)
COLUMN_UNKNOWN = _problem(
    "column_unknown",
    ("没有叫 {column:quote} 的列", "there is no column called {column:quote}"),
    ("这些列之一：{known}", "one of: {known}"),
    ("改列名；productloop doctor 会列出全部", "change the name; productloop doctor lists them all"),
)
NOTHING_IMPORTED = _problem(
    "nothing_imported",
    ("这个工作区里还没有 {tables} 数据", "this workspace has no {tables} yet"),
    ("至少导入其中一种", "at least one of them imported"),
    ("productloop import 文件", "productloop import FILE"),
)
INPUT_MISSING = _problem(
    "input_missing",
    ("少了必需的输入 {column}", "the required input {column} is missing"),
    ("这些都要有：{needed}", "all of: {needed}"),
    ("补上它，或重新训练一个不需要它的模型", "add it, or train a model that does without"),
)
RELEASE_GONE = _problem(
    "release_gone",
    ("模型 {release} 的文件不见了", "the files of model release {release} are gone"),
    (".productloop/models 里有它的文件夹", "its folder in .productloop/models"),
    ("重新跑一轮 productloop run，或恢复备份", "run productloop run again, or restore a backup"),
)
RELEASE_CHANGED = _problem(
    "release_changed",
    ("模型 {release} 的文件 {file} 和上线时不一样", "file {file} of model release {release} is not the one that was released"),
    ("上线以后没人改过的文件", "files that nobody changed since"),
    ("恢复备份，或退回上一个模型：productloop rollback", "restore a backup, or go back to the release before: productloop rollback"),
)
RECIPE_GONE = _problem(
    "recipe_gone",
    ("模型 {release} 用的配方 {recipe} 没有安装", "the recipe {recipe} of model release {release} is not installed"),
    ("训练它时用的插件", "the plug-in it was trained with"),
    ("装回插件，或重新训练", "install the plug-in again, or train anew"),
)
NOTHING_LIVE = _problem(
    "nothing_live",
    ("任务 {task} 还没有上线的模型", "task {task} has no live model release"),
    ("先有一个训练好、过了关的模型", "a model that was trained and passed the gate"),
    ("运行 productloop run", "run productloop run"),
)
NO_EARLIER_RELEASE = _problem(
    "no_earlier_release",
    ("任务 {task} 只上线过 {release}，没有更早的可退", "task {task} only ever had {release} live; there is none to go back to"),
    ("至少上线过两个模型", "at least two releases that were live"),
    ("留着现在这个", "keep the present one"),
)
TASK_UNKNOWN = _problem(
    "task_unknown",
    ("没有叫 {task:quote} 的任务", "there is no task called {task:quote}"),
    ("这些之一：{known}", "one of: {known}"),
    ("改名，或在 productloop.toml 的 [tasks.名字] 里写上", "change the name, or write it in productloop.toml as [tasks.NAME]"),
)
SUBJECT_UNKNOWN = _problem(
    "subject_unknown",
    ("没有编号为 {subject:quote} 的人", "nobody is called {subject:quote}"),
    ("数据里出现过的编号，或直接给出各个输入", "an id that stands in the data, or the inputs themselves"),
    ("检查编号；新用户请把输入一并给出", "check the id; for a new person give the inputs"),
)
PERSON_UNKNOWN = _problem(
    "person_unknown",
    ("数据里没有编号为 {person:quote} 的人，什么都没有删", "nobody in the data is called {person:quote}; nothing was removed"),
    ("这个人在您数据里的编号，一字不差", "the person's id as it stands in your data, letter by letter"),
    ("用 productloop export actor_codes 查看全部编号", "see all ids with productloop export actor_codes"),
)
NOT_A_ZIP = Text("不是完整的 zip 文件", "it is not a whole zip file")
OUTCOME_INCOMPLETE = _problem(
    "outcome_incomplete",
    ("第 {number} 条结果少了 {column}", "outcome {number} lacks {column}"),
    ("每条都有 subject、task、value", "subject, task and value in each"),
    ("补上再发；这一批一条都没有收下", "add it and send again; nothing of this batch was kept"),
)
CHOICE_UNKNOWN = _problem(
    "choice_unknown",
    ("没有 {choice:quote} 这种决定", "{choice:quote} is not a choice"),
    ("这些之一：{known}", "one of: {known}"),
    ("改成其中一个", "use one of them"),
)

OUTCOME_UNREADABLE = _problem(
    "outcome_unreadable",
    ("看不懂 --outcome {outcome:quote}", "cannot read --outcome {outcome:quote}"),
    ("列名=算数的值，例如 Churn=Yes", "COLUMN=VALUE, such as Churn=Yes"),
    ("照这个样子改写", "write it like that"),
)
OUTCOME_NEEDS_ACTOR = _problem(
    "outcome_needs_actor",
    (
        "这张表（{table}）里没有认出是谁的那一列，结果没处挂",
        "this table ({table}) has no column that says who, so an outcome has nobody to belong to",
    ),
    ("一列用户编号", "a column with the person's id"),
    ("用 --map actor=列名 指出来", "name it with --map actor=COLUMN"),
)
NO_USABLE_ROW = _problem(
    "no_usable_row",
    (
        "{path} 的 {num:count} 行一行都用不了：列 {header:quote} 读不出 {column}",
        "none of the {num:count} rows of {path} can be used: column {header:quote} gives no {column}",
    ),
    ("每行都有 {column}，年份在 1970 到 2100 之间", "a {column} in each row; years between 1970 and 2100"),
    (
        "用 --map {column}=列名 指对列，或改好文件再导入；什么都没有写入",
        "point to the right column with --map {column}=COLUMN, or mend the file; nothing was written",
    ),
)
IMPORT_UNKNOWN = _problem(
    "import_unknown",
    ("没有可以撤销的第 {number} 次导入", "there is no import {number} to undo"),
    ("这些之一：{known}", "one of: {known}"),
    ("productloop imports 会列出全部", "productloop imports lists them"),
)

IDENTITY_UNKNOWN = _problem(
    "identity_unknown",
    ("没有第 {number} 条合并", "there is no merge {number} to take back"),
    ("这些之一：{known}", "one of: {known}"),
    ("productloop identities 会列出全部", "productloop identities lists them"),
)
BACKUP_FAILED = _problem(
    "backup_failed",
    ("备份没有写成 {path}：{reason}", "the backup {path} could not be written: {reason}"),
    ("有空间、可写的地方", "a place with room that may be written"),
    ("换个地方或腾出空间再来；工作区没有动", "choose another place or free space; the workspace was not touched"),
)
BACKUP_UNREADABLE = _problem(
    "backup_unreadable",
    ("{path} 不是能用的备份：{reason}", "{path} is not a backup that can be used: {reason}"),
    ("productloop backup 写出的 zip", "a zip written by productloop backup"),
    ("换一个备份文件；什么都没有覆盖", "use another backup; nothing was overwritten"),
)
RESTORE_OCCUPIED = _problem(
    "restore_occupied",
    ("{path} 里已经有工作区", "{path} already holds a workspace"),
    ("空的或新的文件夹", "an empty or new folder"),
    ("换一个文件夹恢复；现有的不会被覆盖", "restore into another folder; an existing one is never overwritten"),
)
TABLE_UNKNOWN = _problem(
    "table_unknown",
    ("没有叫 {table:quote} 的表", "there is no table called {table:quote}"),
    ("这些之一：{known}", "one of: {known}"),
    ("改名再来", "use one of them"),
)

TEXTS: dict[str, Text] = {
    "loop.mark.version": Text("版本 {version}", "version {version}"),
    "loop.mark.release": Text("版本 {version}：{title}", "version {version}: {title}"),
    "loop.mark.plain": Text("{title}", "{title}"),
    "loop.mark.titled": Text("{kind}：{title}", "{kind}: {title}"),
    "loop.change.version": Text("版本", "version"),
    "loop.change.price": Text("价格", "price"),
    "loop.change.campaign": Text("活动", "campaign"),
    "loop.change.outage": Text("故障", "outage"),
    "loop.change.policy": Text("政策", "policy"),
    "loop.change.competitor": Text("竞品", "competitor"),
    "loop.protocol.by_time": Text(
        "最新四分之一的数据留着不学，只用来考", "the newest quarter of the rows was held back and only used to judge"
    ),
    "loop.protocol.stratified": Text(
        "数据没有日期：分五份轮流考，说明不了下个月", "no dates: five folds in turn; says nothing about next month"
    ),
    "loop.protocol.slice": Text("只看这一类的留出数据", "the held-out rows of this category only"),
    "loop.protocol.last_item": Text(
        "每人最后一个对象留着考，和所有没见过的一起排名", "each person's last item was held back and ranked among all unseen items"
    ),
    "loop.metric.log_loss": Text("对数损失：概率估得越准越低", "log-loss: lower when the probabilities are better"),
    "loop.metric.ndcg": Text("NDCG@10：真正看的排得越靠前越高", "NDCG@10: higher when what was really chosen stands nearer the top"),
    "loop.metric.poisson_deviance": Text("泊松偏差：次数估得越准越低", "Poisson deviance: lower when numbers of times are guessed better"),
    "loop.metric.time_loss": Text(
        "时间的负对数似然：什么时候发生估得越准越低",
        "negative log-likelihood of the times: lower when it is guessed better when it happens",
    ),
    "loop.metric.mean_error": Text("平均差多少次", "mean distance from what really happened"),
    "loop.metric.mean_number": Text("平均多少次", "mean number of times"),
    "loop.metric.mean_top": Text(
        "估计最多的十分之一里，实际平均多少次", "mean number that really happened in the tenth with the highest guesses"
    ),
    "loop.metric.concordance": Text(
        "C 指数：随便挑一对能分先后的人，排对的比例", "C-index: share of pairs with a known order that are put in that order (Harrell)"
    ),
    "loop.metric.gain": Text("比对照好多少，同样的行上成对比较", "gain over the baseline, paired on the same rows"),
    "loop.metric.accuracy": Text("答对的比例", "share of right answers"),
    "loop.metric.macro_f1": Text("各类 F1 的平均", "mean F1 over the classes"),
    "loop.metric.roc_auc": Text("ROC-AUC：随便挑一对，排对先后的比例", "ROC-AUC: share of pairs put in the right order"),
    "loop.metric.pr_auc": Text("PR-AUC", "PR-AUC"),
    "loop.metric.brier": Text(
        "布里尔分数：可能性与实际结果差的平方，越低越好", "Brier score: squared distance of the chance from what happened; lower is better"
    ),
    "loop.metric.ece": Text("校准误差：十个等宽档里，预测和实际差多少", "ECE: gap between predicted and observed in ten equal-width bins"),
    "loop.metric.base_rate": Text("不用模型时的比例", "the share without any model"),
    "loop.metric.precision": Text("风险最高的十分之一里，真发生的比例", "share that really happened among the riskiest tenth"),
    "loop.metric.recall": Text("Recall@10：前十个里有真正看的那个的比例", "Recall@10: share whose next item stands in the first ten"),
    "loop.metric.mrr": Text("MRR@10：真正看的那个名次倒数的平均", "MRR@10: mean of one over the rank of the next item"),
    "loop.metric.coverage": Text("前十里出现过的对象占全部的比例", "share of all items that stand in someone's first ten"),
    "loop.metric.alone": Text("模型能自己定的占多少", "share of rows that the model can decide alone"),
    "loop.metric.alone_wrong": Text("自己定、而且定错的占多少", "share of rows that the model would decide alone and wrongly"),
    "loop.metric.alone_threshold": Text(
        "保形预测的线：答案的概率到了线上才算可能，只剩一个可能时模型自己定",
        "conformal threshold: an answer stays possible from this probability on, and the model decides where a single one is left",
    ),
    "loop.warning.answered": Text(
        "标注太少，新旧内容混在一起检查，说明不了下个月",
        "there are few labels, so old and new texts are judged together: this says nothing about next month",
    ),
    "loop.warning.undated": Text("数据没有日期，说明不了下个月", "the rows have no dates: this says nothing about next month"),
    "loop.warning.leak": Text(
        "{columns} 单独一列就几乎说中结果，多半是事后才有的，已提醒",
        "{columns} alone almost gives the answer away and is probably known only afterwards",
    ),
    "loop.warning.no_history": Text(
        "用户属性没有得知时间：可能混进了事后才知道的内容",
        "attributes carry no date of being known: they may contain what was only known afterwards",
    ),
    "loop.import.dropped": Text("{column} 是姓名或地址一类，没有保存", "{column} holds names or addresses and was not kept"),
    "loop.import.masked": Text(
        "{column} 里有 {num:count} 段文字含联系方式，已遮住", "{num:count} {num|text|texts} in {column} held contact details, now masked"
    ),
    "loop.import.pseudonym": Text(
        "{column} 只用来数人头，已换成代号，原文没有保存",
        "{column} is only used to count people: replaced by a code, the original was not kept",
    ),
    "loop.import.merges": Text(
        "{num:count} 个编号并到了别的用户名下；productloop identities 能看、能撤。",
        "{num:count} {num|id belongs|ids belong} to another person from now on; productloop identities lists them and takes them back.",
    ),
    "loop.import.merges_aside": Text(
        "{num:count} 条合并没有采用：编号已经属于别人，或者会绕成一圈。",
        "{num:count} {num|merge was|merges were} set aside: the id belongs to somebody else already, or the chain would close a circle.",
    ),
    "loop.import.widened": Text("{column} 和之前的类型不同，已统一当文字", "{column} had another type before: kept as text from now on"),
}
