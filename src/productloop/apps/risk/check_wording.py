"""Sentences of `risk check`."""

from __future__ import annotations

from productloop.foundation.wording import Text

CHECK_TITLE = Text("信模型之前先查一遍", "Check the data before you trust the model")

TEXTS: dict[str, Text] = {
    "risk.check.title": Text("信模型之前：{task}", "Before you trust the model: {task}"),
    "risk.check.title_none": Text("信模型之前先查一遍", "Check the data before you trust the model"),
    # the first line
    "risk.check.clean": Text(
        "没有发现泄露答案的列：{inputs:count} 个输入、{rows:count} 条知道结果的记录都查过了。",
        "No column gives the answer away: {inputs:count} inputs and {rows:count} records with a known result were checked.",
    ),
    "risk.check.leaks": Text(
        "先别信这个模型：{num:count} 处提前知道了答案，成绩会好看，用起来却不灵。",
        "Do not trust this model yet: {num:count} {num|thing knows|things know} the answer beforehand. "
        "It will look good and fail when used.",
    ),
    "risk.check.copies_only": Text(
        "没有列泄露答案，但有重复的记录，成绩会偏好看。",
        "No column gives the answer away, but there are copies of records: the marks will look too good.",
    ),
    "risk.check.few": Text(
        "知道结果的记录只有 {num:count} 条，还差 {missing:count} 条才查得出什么。",
        "Only {num:count} {num|record has|records have} a known result; {missing:count} more are needed before anything can be checked.",
    ),
    "risk.check.one_class": Text(
        "{num:count} 条记录的结果全都一样：没有可比的，什么也查不出来。",
        "All {num:count} records have the same result: there is nothing to compare, so nothing can be checked.",
    ),
    # alarms
    "risk.check.rows": Text("重复的记录", "copies of records"),
    "risk.check.alarm.answer": Text(
        "{name}：从会{event}的人和不会的人里各抽一个，光看这一列，100 次能认对 {pairs} 次。事先就知道的东西做不到，多半是事后才填的。",
        "{name}: take two people, one with the outcome ({event}) and one without; this column alone tells which is which {pairs} times in 100. "
        "Nothing known beforehand does that; it was most likely filled in afterwards.",
    ),
    "risk.check.alarm.value.value.has": Text(
        "{name} 是 {value} 的 {num} 条里，{share} 都{event}（总体是 {base}）：像是事后才记下的。",
        "{name} = {value}: of {num} records with it, {share} {event} (overall {base}). It looks like something written down afterwards.",
    ),
    "risk.check.alarm.value.value.has_not": Text(
        "{name} 是 {value} 的 {num} 条里，{share} 都没有{event}（总体是 {base}）：像是事后才记下的。",
        "{name} = {value}: of {num} records with it, {share} did not {event} (overall {base}). It looks like something written down afterwards.",
    ),
    "risk.check.alarm.value.rest.has": Text(
        "{name} 只要不是 {value}，{num} 条里 {share} 都{event}（总体是 {base}）：像是事后才记下的。",
        "{name} other than {value}: of {num} records, {share} {event} (overall {base}). It looks like something written down afterwards.",
    ),
    "risk.check.alarm.value.rest.has_not": Text(
        "{name} 只要不是 {value}，{num} 条里 {share} 都没有{event}（总体是 {base}）：像是事后才记下的。",
        "{name} other than {value}: of {num} records, {share} did not {event} (overall {base}). It looks like something written down afterwards.",
    ),
    "risk.check.alarm.value.filled.has": Text(
        "{name} 一旦填了，{num} 条里 {share} 都{event}（总体是 {base}）：像是事后才填的。",
        "{name}, wherever it is filled in: of {num} records, {share} {event} (overall {base}). It looks like something filled in afterwards.",
    ),
    "risk.check.alarm.value.filled.has_not": Text(
        "{name} 一旦填了，{num} 条里 {share} 都没有{event}（总体是 {base}）：像是事后才填的。",
        "{name}, wherever it is filled in: of {num} records, {share} did not {event} (overall {base}). It looks like something filled in afterwards.",
    ),
    "risk.check.alarm.value.empty.has": Text(
        "{name} 空着的 {num} 条里，{share} 都{event}（总体是 {base}）：像是出事以后被清空或没再更新。",
        "{name}, wherever it is empty: of {num} records, {share} {event} (overall {base}). It looks emptied, or no longer kept, afterwards.",
    ),
    "risk.check.alarm.value.empty.has_not": Text(
        "{name} 空着的 {num} 条里，{share} 都没有{event}（总体是 {base}）：像是只在出事以后才填。",
        "{name}, wherever it is empty: of {num} records, {share} did not {event} (overall {base}). It looks filled in only afterwards.",
    ),
    "risk.check.alarm.future": Text(
        "{name}：{num} 条（{share}）里的日期晚于我们提问的那一刻，当时不可能知道。",
        "{name}: {num} records ({share}) hold a date later than the moment we ask about; nobody could have known it then.",
    ),
    "risk.check.alarm.identifier": Text(
        "{name} 是流水号，一人一个：模型会背号码，换一批人就不准。",
        "{name} is a running number, another for each person: a model learns the numbers by heart and fails on other people.",
    ),
    "risk.check.alarm.total": Text(
        "{name} 是截至今天的累计：{num} 条能看出差别的记录里，{share} 等于数据最后一刻的总数，而不是提问那一刻的。走了的人不再增加，答案就写在里面。",
        "{name} is a total of today: of {num} records where it makes a difference, {share} equal the sum at the end of the data, not at the moment we ask "
        "about. Those who left stopped adding to it, so it holds the answer.",
    ),
    "risk.check.alarm.present": Text(
        "{name} 写的是今天的样子：{num} 条后来变过的记录里，{share} 等于数据最后一刻的值，而不是提问那一刻的。",
        "{name} says what is true today: of {num} records where it changed later, {share} hold the value at the end of the data, not the one at the "
        "moment we ask about.",
    ),
    "risk.check.alarm.copies": Text(
        "拿来考模型的记录里，{num} 条（{share}）和学过的一模一样，却写着不同的编号：等于提前看了考题。",
        "Of the records that judge the model, {num} ({share}) are exactly like one it learned from, under another id: it has seen the test.",
    ),
    "risk.check.alarm.near_copies": Text(
        "拿来考模型的记录里，{num} 条（{share}）和学过的只差 {name} 这一列，却写着不同的编号：多半是同一个人录了两次。",
        "Of the records that judge the model, {num} ({share}) differ from one it learned from only in {name}, under another id: "
        "probably the same person entered twice.",
    ),
    # what to do
    "risk.check.fix.answer": Text("去掉 {name}", "leave {name} out"),
    "risk.check.fix.value": Text(
        "查 {name} 是什么时候填的；事后才填的就去掉", "ask when {name} is filled in; leave it out if that is afterwards"
    ),
    "risk.check.fix.future": Text(
        "去掉 {name}，或在导入时给每条加上得知时间（known_at）", "leave {name} out, or import when each was known (known_at)"
    ),
    "risk.check.fix.identifier": Text("去掉 {name}", "leave {name} out"),
    "risk.check.fix.total": Text(
        "去掉 {name}；订单和行为导进来，到那一刻为止的总数会自己算",
        "leave {name} out; with orders and events imported, sums up to each moment are counted for you",
    ),
    "risk.check.fix.present": Text(
        "去掉 {name}，或导入它每次变更的时间（known_at）", "leave {name} out, or import when it changed (known_at)"
    ),
    "risk.check.fix.copies": Text("导入前去重，或把同一个人的编号合并", "remove copies before importing, or merge the ids of one person"),
    "risk.check.do": Text(
        "怎么做：在 productloop.toml 的 [tasks.{task}] 下加一行", "What to do: under [tasks.{task}] in productloop.toml add the line"
    ),
    "risk.check.then": Text("然后运行 productloop risk train，再看成绩。", "Then run productloop risk train and look at the marks again."),
    "risk.check.already": Text("已经去掉：{columns}", "Already left out: {columns}"),
    "risk.check.setting": Text("leave_out = [{columns}]", "leave_out = [{columns}]"),
    # numbers
    "risk.check.label.rows": Text("知道结果的记录", "records with a known result"),
    "risk.check.label.subjects": Text("涉及的人", "people in them"),
    "risk.check.label.cases": Text("其中{event}的", "of them, who {event}"),
    "risk.check.label.rate": Text("比例", "share"),
    "risk.check.span": Text("提问的时刻：{first:date} 到 {last:date}。", "Moments asked about: {first:date} to {last:date}."),
    "risk.check.open": Text(
        "另有 {num:count} 条结果还没到时候，不算“没有”。",
        "{num:count} more {num|record is|records are} still open; open is not taken as “no”.",
    ),
    "risk.check.rare": Text("少见的值", "a rare value"),
    "risk.check.empty": Text("空着", "empty"),
    # headings and tables
    "risk.check.heading.look": Text("自己看看这几条", "Look at these records yourself"),
    "risk.check.heading.alarms": Text("提前知道答案的", "What knows the answer beforehand"),
    "risk.check.heading.limits": Text("从这些数据里看不出来的", "What these data cannot tell"),
    "risk.check.column.column": Text("列", "column"),
    "risk.check.column.who": Text("谁", "who"),
    "risk.check.column.when": Text("提问的时刻", "moment asked about"),
    "risk.check.column.value": Text("这一列写着", "says there"),
    "risk.check.column.happened": Text("结果", "what happened"),
    "risk.check.column.fix": Text("怎么办", "what to do"),
    "risk.check.column.evidence": Text("证据", "evidence"),
    "risk.check.column.with": Text("{event}的人里空着的", "empty among those who {event}"),
    "risk.check.column.without": Text("其他人里空着的", "empty among the others"),
    "risk.check.column.change": Text("变化指数", "index of change"),
    "risk.check.column.size": Text("变化", "change"),
    "risk.check.happened": Text("{event}", "{event}"),
    "risk.check.not_happened": Text("没有", "no"),
    "risk.check.large": Text("大", "large"),
    "risk.check.moderate": Text("中", "moderate"),
    "risk.check.gap": Text(
        "{name} 空着的比例不一样：{event}的人里 {with_share}，其他人里 {without}。先弄清为什么空着，再信它。",
        "{name} is empty for {with_share} of those who {event} and {without} of the others. Find out why before you trust it.",
    ),
    "risk.check.drift": Text(
        "现在的 {num:count} 人和训练时不一样的：{names}。模型在这些人身上会差一些，该重新训练了。",
        "The {num:count} people there are now differ from the training in {names}. The model will be worse on them; train it anew.",
    ),
    "risk.check.unused": Text(
        "没有用来学的列（编号、各不相同的文字）：{columns}", "Columns no model learns from (ids, words that are all different): {columns}"
    ),
    # what cannot be known
    "risk.check.limit.undated": Text(
        "结果没有日期：每一列都是今天的样子，哪一列是事后才变的，从数据里看不出来；也说不了是哪个月。",
        "The results carry no dates: every column is as of today, so which of them changed only afterwards cannot be told; nor can any month.",
    ),
    "risk.check.limit.undated_activity": Text(
        "行为和订单数到今天为止：走了的人自然少。给结果加上日期，才能只数出事之前的。",
        "Events and orders are counted up to today, and those who left have fewer. With dated results only what came before is counted.",
    ),
    "risk.check.limit.one_moment": Text(
        "所有结果都在同一刻：说不了换一个月还准不准。",
        "All results lie at one moment: whether the model holds in another month cannot be told.",
    ),
    "risk.check.limit.no_history": Text(
        "用户属性没有得知时间：只能当成一直如此，中途改过的看不出来。",
        "Attributes of people carry no date of being known: they are taken as always so, and a change on the way cannot be seen.",
    ),
    "risk.check.limit.few_cases": Text(
        "较少的一类只有 {num:count} 条：成绩会晃，几条之差不能当真。",
        "Only {num:count} {num|record has|records have} the rarer result: the marks will move, and a few records' difference means nothing.",
    ),
    # folds
    "risk.check.fold.evidence": Text("每个警报的依据", "The evidence of each alarm"),
    "risk.check.fold.rows": Text("记录和结果", "Records and results"),
    "risk.check.fold.gaps": Text("空着的比例随结果不同的列", "Columns that are empty more often with one result"),
    "risk.check.fold.drift": Text("和训练时不一样的输入", "Inputs that are no longer as in training"),
    "risk.check.fold.method": Text("怎么查的", "How this was checked"),
    "risk.check.method": Text(
        "一列单独排序的 ROC-AUC 超过 0.98（类别按自己那些行的比例，平滑并交叉验证）；一个值覆盖 30 行以上、99 % 都是同一结果，而这一结果占总体不到一半，"
        "且相邻的值没有逐步升高；日期晚于提问时刻但不晚于数据末尾；整数、各不相同、像流水号或随行序递增；累计等于数据末尾的总数而不是提问时刻的；"
        "不同编号的行在划分两侧相同，远多于各列独立时的巧合。",
        "A column's ROC-AUC by itself above .98 (categories by the share of their own rows, smoothed and cross-validated); a value of 30 rows or more of which "
        "99 % have one result that at most half of all have, unless neighbouring values lead up to it; dates later than the moment asked though not "
        "later than the data; whole numbers that are all different and run like a counter or with the rows; totals that equal those at the data's end "
        "and not at the moment; rows under other ids alike on both sides of the split, far more than independent columns would give.",
    ),
    "risk.check.method_drift": Text(
        "变化指数是总体稳定性指数（PSI）：0.1 以下算稳定，0.25 以上算大；人太少时不下结论。",
        "The index of change is the population stability index (PSI): below .1 stable, above .25 large; too few people give no verdict.",
    ),
    "risk.protocol.check": Text("在知道结果的记录上，五折交叉", "on the records with a known result, five folds"),
    # definitions
    "risk.check.define.subjects": Text("这些记录涉及几个不同的人", "different people in these records"),
    "risk.check.define.cases": Text("知道结果的记录里，出现这个结果的条数", "records with a known result that had the outcome"),
    "risk.check.define.alarm_rows": Text("这个警报说的是多少条记录", "records that the alarm speaks of"),
    "risk.check.define.answer": Text(
        "只看这一列，把有结果的排在没结果的前面的比例（ROC-AUC）", "share of pairs that the column alone puts in the right order (ROC-AUC)"
    ),
    "risk.check.define.value": Text("有这个值的记录里，同一种结果的比例", "share of records with this value that have one result"),
    "risk.check.define.future": Text("日期晚于提问时刻的记录的比例", "share of records with a date later than the moment asked"),
    "risk.check.define.identifier": Text("各不相同的值的比例", "share of different values"),
    "risk.check.define.total": Text(
        "两个总数不同的记录里，和今天的总数一致的比例", "of records where both totals differ, the share that equals today's"
    ),
    "risk.check.define.present": Text(
        "后来变过的记录里，和今天的值一致的比例", "of records where it changed later, the share that hold today's value"
    ),
    "risk.check.define.copies": Text("考题里和学过的一模一样的比例", "share of judging records with a twin among the learned ones"),
    "risk.check.define.near_copies": Text(
        "考题里和学过的只差一列的比例", "share of judging records that differ from a learned one in one column only"
    ),
    "risk.check.define.gap": Text("这一列空着的比例", "share of records in which the column is empty"),
    "risk.check.define.drift": Text("现在和训练时的分布差多少（PSI）", "how far the values now lie from those of the training (PSI)"),
}
