"""Sentences of `risk fairness`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

FAIRNESS_TITLE = Text("模型对不同的人群一样吗", "Does the model treat groups of people alike?")

FAIRNESS_NO_TASK = Problem(
    "risk_fairness_no_task",
    Text("还没有风险任务，没有模型可查", "there is no risk to learn, so there is no model to look at"),
    Text("知道谁流失了的一列，或说好多少天没动静算流失", "a column that says who left, or how many days without activity count as lost"),
    Text("导入时加 --outcome 列名=值，例如 --outcome Churn=Yes", "import with --outcome COLUMN=VALUE, such as --outcome Churn=Yes"),
)
FAIRNESS_NOT_TRAINED = Problem(
    "risk_fairness_not_trained",
    Text("任务 {task} 还没有模型，没有可查的", "task {task} has no model yet, so there is nothing to look at"),
    Text("先训练好一个", "a trained model"),
    Text("运行 productloop risk train", "run productloop risk train"),
)

TEXTS = {
    "risk.fairness.title": FAIRNESS_TITLE,
    "risk.fairness.baseline": Text(
        "现在上线的是总体比例，对每个人都一样，没有人被点名，也就谈不上区别对待。",
        "What is live is the overall rate: it is the same for everybody and flags nobody, so nobody is treated differently.",
    ),
    "risk.fairness.number": Text(
        '任务 {task} 预测的是多少次或还有多久，不会点名谁，所以比不了谁被点得多、谁被漏掉。想比较，就加一个会不会的任务，例如 outcome = "列名=值"。',
        "Task {task} predicts how many or how long and flags nobody, so who is flagged or missed more often cannot be compared. To compare, add a task "
        'of yes or no, such as outcome = "COLUMN=VALUE".',
    ),
    "risk.fairness.classes": Text(
        "结果有几种（{names}），这里比的是“{event}”；只看一种：productloop risk fairness --task {task} --value {name}",
        "There are several outcomes ({names}); compared here: who {event}. Only one of them: productloop risk fairness --task {task} --value {name}",
    ),
    "risk.fairness.few": Text(
        "知道结果的只有 {num:count} 人，分组后什么也看不出来；有了几百人再看。",
        "Only {num:count} people have a known result, too few to part into groups: look again with a few hundred.",
    ),
    "risk.fairness.no_column": Text(
        "没找到名字像性别、年龄、民族这类的列。要查哪一列，用 --column 指明，例如 --column {example}。",
        "No column has a name like sex, age or nationality. Name the one to look at with --column, such as --column {example}.",
    ),
    "risk.fairness.no_such_column": Text("没有叫这些名字的列：{names}。", "There are no columns called {names}."),
    "risk.fairness.judged": Text(
        "看的是 {people:count} 个知道结果的人，每个人都由没见过他的模型来判，可能性最高的 {flagged:count} 人算被点名。",
        "Looked at: {people:count} people with a known result, each judged by a model that had not seen them; the {flagged:count} with the highest "
        "chance count as flagged.",
    ),
    "risk.fairness.heading": Text("按{column}看", "By {column}"),
    "risk.fairness.used": Text("模型用到了这一列。", "The model sees this column."),
    "risk.fairness.not_used": Text(
        "模型没用这一列（别的列仍可能带着它的影子）。", "The model does not see this column (others may still carry its shadow)."
    ),
    "risk.fairness.even": Text("各组之间没有明显差别。", "No clear difference between the groups."),
    "risk.fairness.happened": Text(
        "{group}：真的{event}的占 {here}，其他人 {elsewhere}。下面的差别要对照这一条看。",
        "{group}: {here} really {event}, of the others {elsewhere}. Read the differences below against this.",
    ),
    "risk.fairness.flagged": Text(
        "{group}：被点名的占 {here}，其他人 {elsewhere}（差 {difference:range} 个百分点）。",
        "{group}: {here} are flagged, of the others {elsewhere} ({difference:range} points apart).",
    ),
    "risk.fairness.missed": Text(
        "{group}：真的会{event}的人里，漏掉 {here}，其他人 {elsewhere}（差 {difference:range} 个百分点）。",
        "{group}: of those who {event}, {here} are missed, of the others {elsewhere} ({difference:range} points apart).",
    ),
    "risk.fairness.false_alarm": Text(
        "{group}：不会{event}的人里，误点 {here}，其他人 {elsewhere}（差 {difference:range} 个百分点）。",
        "{group}: of those who do not {event}, {here} are flagged in error, of the others {elsewhere} ({difference:range} points apart).",
    ),
    "risk.fairness.right": Text(
        "{group}：被点名的人里真的{event}的占 {here}，其他人 {elsewhere}（差 {difference:range} 个百分点）。",
        "{group}: of the flagged, {here} really {event}, of the others {elsewhere} ({difference:range} points apart).",
    ),
    "risk.fairness.gap": Text(
        "{group}：说的可能性比实际高 {here:number} 个百分点，其他人高 {elsewhere:number} 个（负数是偏低）。",
        "{group}: the chances are {here:number} points above what happened, for the others {elsewhere:number} (below 0: too low).",
    ),
    "risk.fairness.meaning": Text(
        "有差别不等于不公平：哪组真的更容易{event}，点名、漏掉、误点就不可能全都一样。该不该接受，由人来定。",
        "A difference is not yet unfair: where one group really does {event} more often, flags, misses and errors cannot all be equal. Whether to accept it is "
        "for people to decide.",
    ),
    "risk.fairness.leave_out": Text(
        "想让模型看不到这些列，又继续查：在 [tasks.{task}] 里写 protected = [{names}]，再运行 productloop risk train。",
        "To keep these columns from the model and go on looking at them: write protected = [{names}] under [tasks.{task}] and run productloop risk train.",
    ),
    "risk.fairness.too_few": Text("太少，说不了", "too few to say"),
    "risk.fairness.unknown": Text("另有 {num:count} 人不知道是哪一组。", "{num:count} more people belong to no known group."),
    "risk.fairness.others": Text("其他", "others"),
    "risk.fairness.up_to": Text("不超过 {value:number}", "up to {value:number}"),
    "risk.fairness.above": Text("超过 {value:number}", "above {value:number}"),
    "risk.fairness.between": Text("{above:number} 以上到 {up_to:number}", "above {above:number}, up to {up_to:number}"),
    "risk.fairness.group": Text("{column} 是“{group}”的人", "{column} “{group}”"),
    "risk.fairness.column_group": Text("哪一组", "group"),
    "risk.fairness.column_people": Text("人数", "people"),
    "risk.fairness.column_happened": Text("真的{event}", "really {event}"),
    "risk.fairness.column_flagged": Text("被点名", "flagged"),
    "risk.fairness.column_missed": Text("会{event}却漏掉", "{event}, but missed"),
    "risk.fairness.column_false_alarm": Text("不会却误点", "flagged in error"),
    "risk.fairness.column_right": Text("点名点对", "flagged rightly"),
    "risk.fairness.column_gap": Text("说的比实际高（百分点）", "said above happened (points)"),
    "risk.fairness.chart": Text("按“{column}”分：被点名的比例", "Share flagged, by {column}"),
    "risk.fairness.fold": Text("按“{column}”分：每个数和它的范围", "By {column}: every number with its range"),
    "risk.fairness.points_range": Text("{value:number}（{value:range}）", "{value:number} ({value:range})"),
    "risk.fairness.method_title": Text("怎么判断有没有差别", "How differences are judged"),
    "risk.fairness.method": Text(
        "每组和其他所有人比：比例用 Fisher 精确检验，范围用 Wilson 和 Newcombe；同一列的全部比较一起按 Holm 修正，范围不含 0 才说。每人只算最近一条。"
        "四种口径：人口均等（被点名）、机会均等（漏掉、误点；Hardt 等 2016）、预测均等（点名点对）、组内校准；"
        "组间实际比例不同时无法同时满足（Chouldechova 2017）。",
        "Each group against everybody else: Fisher's exact test for shares, Wilson's and Newcombe's intervals; all comparisons of a column adjusted together "
        "(Holm), said only where the interval excludes 0. One row per person, the latest. Four views: demographic parity (flagged), equalised odds (missed, in "
        "error; Hardt and others 2016), predictive parity (flagged rightly), calibration within groups; with unequal real rates they cannot all hold "
        "(Chouldechova 2017).",
    ),
    "risk.define.fairness_judged": Text(
        "知道结果、由没见过他们的模型判过的人", "people with a known result, judged by a model that had not seen them"
    ),
    "risk.define.fairness_flagged": Text(
        "可能性最高的一成，或超过给定门槛的人", "the tenth with the highest chance, or those above the given threshold"
    ),
    "risk.define.fairness_happened": Text("这一组里真的出现结果的比例", "share of the group that had the outcome"),
    "risk.define.fairness_missed": Text(
        "出现结果的人里没被点名的比例（假阴性率）", "of those with the outcome, not flagged (false negative rate)"
    ),
    "risk.define.fairness_false_alarm": Text(
        "没出现结果的人里被点名的比例（假阳性率）", "of those without the outcome, flagged (false positive rate)"
    ),
    "risk.define.fairness_right": Text("被点名的人里真的出现结果的比例（精确率）", "of the flagged, who had the outcome (precision)"),
    "risk.define.fairness_gap": Text(
        "平均可能性减去实际比例，百分点（组内校准）", "mean chance minus the share that happened, in points (calibration in the group)"
    ),
    "risk.define.fairness_difference": Text("这一组减去其他所有人，百分点", "this group minus everybody else, in points"),
}
