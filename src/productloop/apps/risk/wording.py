"""Sentences of the risk app: who may be lost or turn out badly, what goes with it, and what to do about it."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

APP_TITLE = Text("风险", "Risk")
APP_QUESTION = Text("谁有风险，怎么办？", "Who or what is at risk, and what do we do about it?")
SCORE_TITLE = Text("谁可能流失，先找谁", "Who is at risk, and whom to call first")
TRAIN_TITLE = Text("训练风险模型", "Train the risk model")
EXPLAIN_TITLE = Text("说清一个人的风险", "Explain one person's risk")
TEMPLATE_TITLE = Text("谁会出现某个结果", "who will have an outcome")
TASK_TITLE = Text("谁会出现 {outcome}", "who will have {outcome}")
TASK_TITLE_INACTIVE = Text("谁会连续 {days} 天没动静", "who will do nothing for {days} days")

OPTION_MISSING = Problem(
    "risk_option_missing",
    Text("任务 {task} 没说要预测什么", "task {task} does not say what to predict"),
    Text('outcome = "任务=算数的值"，或 inactive_days = 天数', 'outcome = "TASK=VALUE", or inactive_days = DAYS'),
    Text("在 productloop.toml 的 [tasks.{task}] 里补上其中一行", "add one of the two under [tasks.{task}] in productloop.toml"),
)
OPTION_UNREADABLE = Problem(
    "risk_option_unreadable",
    Text("任务 {task} 的 {option} = {value:quote} 不能用", "task {task} gives {option} = {value:quote}, which cannot be used"),
    Text("{expected}", "{expected}"),
    Text("改好 productloop.toml 再运行", "mend productloop.toml and run again"),
)
TASK_MISSING = Problem(
    "risk_task_missing",
    Text("还没有可以学的风险任务", "there is no risk to learn yet"),
    Text("知道谁流失了的一列，或说好多少天没动静算流失", "a column that says who left, or how many days without activity count as lost"),
    Text(
        "导入时加 --outcome 列名=值，例如 --outcome Churn=Yes；或在 productloop.toml 的 [risk] 里写 inactive_days = 28",
        "import with --outcome COLUMN=VALUE, such as --outcome Churn=Yes; or write inactive_days = 28 under [risk] in productloop.toml",
    ),
)
TASK_UNKNOWN = Problem(
    "risk_task_unknown",
    Text("没有叫 {task:quote} 的风险任务", "there is no risk task called {task:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("改名再来，或不写任务名", "use one of them, or name none"),
)
CLASS_UNKNOWN = Problem(
    "risk_class_unknown",
    Text("任务 {task} 没有叫 {value:quote} 的结果", "task {task} has no outcome called {value:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("改 --value 再来，或不写它", "use one of them with --value, or leave it out"),
)
NOT_TRAINED = Problem(
    "risk_not_trained",
    Text("任务 {task} 还没有模型，说不了某一个人", "task {task} has no model yet, so nothing can be said about one person"),
    Text("先训练好一个", "a trained model"),
    Text("运行 productloop risk train", "run productloop risk train"),
)

FEATURES: dict[str, Text] = {
    "events_7_days": Text("最近 7 天操作次数", "actions in the last 7 days"),
    "events_28_days": Text("最近 28 天操作次数", "actions in the last 28 days"),
    "events_28_days_before": Text("再往前 28 天操作次数", "actions in the 28 days before those"),
    "active_days_28_days": Text("最近 28 天来过的天数", "days of use in the last 28"),
    "days_since_last_event": Text("距上次使用的天数", "days since last use"),
    "days_since_first_event": Text("距第一次使用的天数", "days since first use"),
    "days_since_sign_up": Text("注册了多少天", "days since sign-up"),
    "orders": Text("总订单数", "orders so far"),
    "orders_84_days": Text("最近 12 周订单数", "orders in the last 12 weeks"),
    "amount_84_days": Text("最近 12 周付了多少钱", "paid in the last 12 weeks"),
    "days_since_last_order": Text("距上次付款的天数", "days since the last payment"),
    "feedback_84_days": Text("最近 12 周说了几次话", "messages in the last 12 weeks"),
    "mean_rating_84_days": Text("最近 12 周平均打几星", "mean stars in the last 12 weeks"),
    "events_trend": Text("近 4 周的使用量（此前为 1）", "use in the last 4 weeks, with the weeks before as 1"),
    "sessions_28_days": Text("最近 28 天打开的次数", "visits in the last 28 days"),
    "mean_session_minutes": Text("最近 28 天每次用几分钟", "minutes a visit in the last 28 days"),
    "longest_gap_days_84_days": Text("最近 12 周最长几天没来", "longest break in the last 12 weeks, in days"),
    "errors_28_days": Text("最近 28 天遇到的崩溃和报错", "crashes and errors met in the last 28 days"),
    "slow_loads_28_days": Text("最近 28 天等了 3 秒以上的次数", "waits of 3 seconds or more in the last 28 days"),
    "support_contacts_84_days": Text("最近 12 周找客服的次数", "calls for help in the last 12 weeks"),
    "days_unanswered": Text("上一条没人回的话等了几天", "days their last unanswered message has waited"),
    "mean_sentiment_84_days": Text("最近 12 周说话的语气（-1 最差，1 最好）", "tone of what they wrote in the last 12 weeks (-1 to 1)"),
    "unhappy_messages_84_days": Text("最近 12 周不满的话", "unhappy messages in the last 12 weeks"),
    "amount_84_days_before": Text("再往前 12 周付了多少钱", "paid in the 12 weeks before those"),
    "refunds_84_days": Text("最近 12 周退款次数", "refunds in the last 12 weeks"),
    "plan_changes_168_days": Text("最近 24 周换套餐的次数", "changes of plan in the last 24 weeks"),
    "dearer_renewals_168_days": Text("最近 24 周同一套餐续费变贵的次数", "renewals at a higher price in the last 24 weeks"),
    "days_to_renewal": Text("距下次续费的天数（负数是已过期）", "days to the next renewal (below 0: overdue)"),
    "account_people": Text("所在客户有几个人", "people of their account"),
    "account_active_share": Text("所在客户最近 28 天还在用的人的比例", "share of their account active in the last 28 days"),
    "plan": Text("套餐", "plan"),
    "platform": Text("平台", "platform"),
    "country": Text("国家或地区", "country"),
}
"""Plain names of the features that every task has; other columns keep the name the user gave them."""

TEXTS: dict[str, Text] = {
    **{f"risk.feature.{name}": text for name, text in FEATURES.items()},
    "risk.feature.event": Text("最近 28 天 {name} 的次数", "times {name} in the last 28 days"),
    "risk.feature.topic": Text("最近 12 周提过“{topic}”", "wrote about “{topic}” in the last 12 weeks"),
    "risk.feature.date.day": Text("{name}", "{name}"),
    "risk.feature.date.weekday": Text("{name} 是星期几", "day of the week of {name}"),
    "risk.feature.date.month": Text("{name} 在几月", "month of {name}"),
    "risk.feature.group.activity": Text("使用频率", "how much they use it"),
    "risk.feature.group.age": Text("用了多久", "how long they have been here"),
    "risk.feature.group.money": Text("付款", "what they pay"),
    "risk.feature.group.voice": Text("说过的话", "what they say"),
    "risk.feature.group.help": Text("找客服和等回复", "calls for help and the wait for an answer"),
    "risk.feature.group.trouble": Text("崩溃、报错和等待", "crashes, errors and waiting"),
    "risk.feature.group.price": Text("涨价", "price changes"),
    "risk.feature.group.account": Text("所在的客户", "their account"),
    "risk.name": Text("{name_zh}{name_en||}", "{name_en}{name_zh||}"),
    # events
    "risk.event.churn": Text("流失", "leave"),
    "risk.event.inactive": Text("连续 {days:count} 天没动静", "do nothing for {days:count} days"),
    "risk.event.other": Text("出现 {column}={value}", "have {column} = {value}"),
    # pages and headings
    "risk.page.score": Text("谁有风险，先找谁", "Who is at risk, and whom to call first"),
    "risk.page.train": Text("风险模型：{task}", "The risk model: {task}"),
    "risk.page.explain": Text("{subject} 的风险", "The risk of {subject}"),
    "risk.heading.causes": Text("什么和它一起出现", "What goes with it"),
    "risk.heading.call": Text("先找谁", "Whom to call first"),
    "risk.heading.rules": Text("直接数出来的差别", "Differences that can simply be counted"),
    "risk.heading.quality": Text("这个判断有多可靠", "How far to trust this"),
    "risk.heading.reasons": Text("原因", "Why"),
    "risk.heading.said": Text("最近说的话", "What they said last"),
    "risk.fold.measures": Text("模型的成绩单", "The model's marks"),
    "risk.fold.causes": Text("每个话题和行为的对比", "Every topic and event compared"),
    "risk.fold.periods": Text("以往各期的比例", "The share in each earlier period"),
    # the first screen
    "risk.label.people": Text("现在的人数", "people now"),
    "risk.label.expected": Text("接下来 {days:count} 天大概会{event}的人", "likely to {event} in the next {days:count} days"),
    "risk.label.flagged": Text("我们点名的人（风险最高的）", "people we flag (the riskiest)"),
    "risk.label.expected_flagged": Text("其中大概会{event}", "of them likely to {event}"),
    "risk.label.money": Text("点名的人最近 12 周付的钱", "paid by the flagged in the last 12 weeks"),
    "risk.label.rate": Text("以往{event}的比例", "share who {event}, so far"),
    "risk.label.labelled": Text("知道结果的记录", "records with a known result"),
    "risk.line.hits": Text(
        "每点名 {of:count} 人，大约 {hits:count} 人真的会{event}；不用模型随便挑，只有 {base:count} 人。",
        "Of {of:count} people we flag, about {hits:count} really {event}; picked at random, {base:count} would.",
    ),
    "risk.line.hits_undated": Text(
        "拿所有知道结果的人来考（包括已经不在名单上的）：每 {of:count} 个风险最高的人里，大约 {hits:count} 人{event}；随便挑，只有 {base:count} 人。",
        "Tested on everybody whose result is known, those no longer on the list included: of {of:count} with the highest risk about {hits:count} "
        "{event}; picked at random, {base:count}.",
    ),
    "risk.line.hits_range": Text(
        "这是拿没学过的数据考出来的；九成把握是每 {of:count} 人里 {hits:range} 人。",
        "Judged on data the model had not seen; nine times in ten it is {hits:range} of {of:count}.",
    ),
    "risk.line.undated": Text(
        "您的结果没有日期：只能说谁像以往会{event}的人，说不了是哪个月。",
        "Your outcomes carry no dates: this says who resembles those who {event}, not in which month.",
    ),
    "risk.line.baseline": Text(
        "模型没有比总体比例更准，所以不点名。总体大约 {rate} {event}。",
        "The model is no better than the overall rate, so nobody is flagged: of everybody about {rate} {event}.",
    ),
    "risk.line.baseline_next": Text(
        "更多带日期的结果，或者还没有导入的行为、订单和反馈，才可能分得出谁更危险。",
        "More outcomes with dates may tell them apart, or events, orders and feedback that were not imported yet.",
    ),
    "risk.line.few": Text(
        "知道结果的记录只有 {num:count} 条，还差 {missing:count} 条才值得训练模型。下面只数比例，不猜个人。",
        "Only {num:count} {num|record has|records have} a known result; {missing:count} more are needed for a model. Below: shares, no guesses about persons.",
    ),
    "risk.line.one_class": Text(
        "所有已知结果都一样，分不出谁更危险；至少要有几个会{event}、几个不会的人。",
        "Every known result is the same, so nobody can be told apart; a few who {event} and a few who do not are needed.",
    ),
    "risk.line.untrained": Text(
        "数据够了（{num:count} 条已知结果），但模型还没训练：运行 productloop risk train，一两分钟。",
        "There is enough data ({num:count} known results), but no model has been trained: run productloop risk train, a minute or two.",
    ),
    "risk.line.no_task": Text(
        "还不知道什么算流失，所以说不了谁有风险。",
        "It is not known yet what counts as leaving, so nobody can be called at risk.",
    ),
    "risk.line.no_task_next": Text(
        "两个办法选一个：导入一张写着谁流失了的表（--outcome 列名=值），或在设置里写 risk.inactive_days，说好多少天没动静算流失。",
        "Either import a table that says who left (--outcome COLUMN=VALUE), or set risk.inactive_days: days without activity that count as lost.",
    ),
    "risk.line.said_by": Text(
        "“{column}”这一列看起来写着谁流失了。把那个文件再导入一次：productloop import 文件 --outcome {column}={value}（行不会重复存），"
        "再运行 productloop run。",
        "The column {column} looks as if it said who left. Import that file once more: productloop import FILE --outcome {column}={value} (no row is stored "
        "twice), then productloop run.",
    ),
    "risk.line.gone": Text(
        "没有算进来：{gone:count} 人已经出现这个结果，{silent:count} 人安静得比以往任何有结果的人都久。",
        "Left out: {gone:count} already had this outcome, and {silent:count} have been quiet for longer than anyone with a known result.",
    ),
    "risk.line.gone_only": Text("没有算进来：{gone:count} 人已经出现这个结果。", "Left out: {gone:count} already had this outcome."),
    "risk.line.silent_only": Text(
        "没有算进来：{silent:count} 人安静得太久，已经不算在用。", "Left out: {silent:count} have been quiet for too long to count as here."
    ),
    "risk.line.cause": Text(
        "{name}：这样的人{event}的比例是其他人的 {ratio:number} 倍（大概 {ratio:range} 倍，九成把握），{rate} 对 {other}，{people:count} 人。",
        "{name}: {people:count} people; they {event} {ratio:number} times as often as others ({ratio:range}, nine times in ten), {rate} against {other}.",
    ),
    "risk.line.association": Text(
        "这是一起出现，不等于原因：已经按时期、套餐、使用频率和爱不爱说话分开比过，但没有做实验。",
        "They go together; that does not make it the cause. Compared within the same period, plan, activity and habit of writing, but no experiment was run.",
    ),
    "risk.line.no_cause": Text(
        "没有哪个话题或行为和它明显一起出现（强到不像巧合的才列）。",
        "No topic or event clearly goes with it (only what is too strong for chance is named).",
    ),
    "risk.line.no_topics": Text(
        "还没有话题：先运行 productloop needs，才能看说过哪些话的人风险更高。",
        "There are no topics yet: run productloop needs first to see which words go with it.",
    ),
    "risk.line.call": Text(
        "先联系风险乘以付费最高的人，从上往下；联系前看一眼原因。",
        "Begin at the top: risk times what they pay. Read the reasons before you call.",
    ),
    "risk.line.call_no_money": Text(
        "没有订单数据，名单按风险从高到低排。", "There are no orders, so the list runs from the highest risk down."
    ),
    "risk.line.no_experiment": Text(
        "还没做过实验：这里说的是谁危险，不是联系谁有用。运行 productloop risk prevent：它抽签留出一些人不联系，过后就比得出来。",
        "No experiment has been run: this says who is at risk, not whom a call keeps. productloop risk prevent leaves some uncalled by lot, "
        "which tells later.",
    ),
    "risk.line.rest": Text(
        "这里最多列 {shown:count} 人；全部 {total:count} 人的分数在 scores 表里，productloop export scores 导出。",
        "At most {shown:count} people stand here; the scores of all {total:count} are in the table scores: productloop export scores.",
    ),
    "risk.line.rest_later": Text(
        "这里最多列 {shown:count} 人；运行 productloop run 后，全部 {total:count} 人的分数会写进 scores 表。",
        "At most {shown:count} people stand here; productloop run writes the scores of all {total:count} to the table scores.",
    ),
    "risk.line.rule": Text(
        "{name}：{rate} {event}（{people:count} 条记录），其他人 {other}。",
        "{name}: {rate} {event} ({people:count} {people|record|records}); the others {other}.",
    ),
    "risk.line.no_rule": Text("数得出来的分组之间没有明显差别。", "No group that can be counted differs clearly from the rest."),
    # findings
    "risk.finding.topic": Text(
        "写过“{name}”的人{event}的比例是其他人的 {ratio:number} 倍（大概 {ratio:range} 倍）",
        "People who wrote about “{name}” {event} {ratio:number} times as often ({ratio:range})",
    ),
    "risk.finding.event": Text(
        "做过 {name} 的人{event}的比例是其他人的 {ratio:number} 倍（大概 {ratio:range} 倍）",
        "People who did {name} {event} {ratio:number} times as often ({ratio:range})",
    ),
    "risk.finding.advice": Text(
        "先联系最近提到它、还没走的人；修好之后留一批人对照，看比例降没降。",
        "Call those who met it lately and are still here; when it is mended, keep some people apart to see whether the share falls.",
    ),
    "risk.cause.topic": Text("写过“{name}”", "Wrote about “{name}”"),
    "risk.cause.event": Text("最近 28 天做过 {name}", "Did {name} in the last 28 days"),
    # grid headers
    "risk.column.who": Text("谁", "who"),
    "risk.column.chance": Text("会{event}的可能", "chance to {event}"),
    "risk.column.why": Text("主要原因", "main reasons"),
    "risk.column.paid": Text("最近 12 周付款", "paid in 12 weeks"),
    "risk.column.last_seen": Text("最后一次使用", "last seen"),
    "risk.column.what": Text("什么", "what"),
    "risk.column.rate": Text("这些人", "these people"),
    "risk.column.other": Text("其他人", "the others"),
    "risk.column.ratio": Text("几倍", "times as often"),
    "risk.column.people": Text("人数", "people"),
    "risk.column.measure": Text("量的是什么", "measure"),
    "risk.column.value": Text("数值", "value"),
    "risk.column.direction": Text("作用", "effect"),
    "risk.column.change": Text("能不能改变", "can we change it"),
    "risk.column.weight": Text("占多大分量", "share of the weight"),
    "risk.column.input": Text("输入", "input"),
    # reasons
    "risk.reason.number": Text("{feature} {value:number}（通常 {usual:number}）", "{feature}: {value:number} (usually {usual:number})"),
    "risk.reason.category": Text("{feature}：{value}", "{feature}: {value}"),
    "risk.reason.weekday.1": Text("{feature}：星期一", "{feature}: Monday"),
    "risk.reason.weekday.2": Text("{feature}：星期二", "{feature}: Tuesday"),
    "risk.reason.weekday.3": Text("{feature}：星期三", "{feature}: Wednesday"),
    "risk.reason.weekday.4": Text("{feature}：星期四", "{feature}: Thursday"),
    "risk.reason.weekday.5": Text("{feature}：星期五", "{feature}: Friday"),
    "risk.reason.weekday.6": Text("{feature}：星期六", "{feature}: Saturday"),
    "risk.reason.weekday.7": Text("{feature}：星期日", "{feature}: Sunday"),
    "risk.reason.silent": Text("最近 12 周没提过“{topic}”", "has not written about “{topic}” in the last 12 weeks"),
    "risk.reason.missing": Text("{feature}：不知道", "{feature}: not known"),
    "risk.reason.other": Text("{feature}：少见的值", "{feature}: a rare value"),
    "risk.reason.none": Text("没有单独突出的原因", "nothing stands out by itself"),
    "risk.reasons": Text("{reasons}", "{reasons}"),
    "risk.direction.up": Text("更危险", "raises the risk"),
    "risk.direction.down": Text("更安全", "lowers the risk"),
    "risk.change.yes": Text("可以想办法", "yes, work on it"),
    "risk.change.no": Text("改不了", "no"),
    # explain
    "risk.line.like_this": Text(
        "像 {subject} 这样的 100 人里，大约 {hits:count} 人会{event}（大概 {hits:range} 人，九成把握）。",
        "Of 100 people like {subject}, about {hits:count} {event} ({hits:range}, nine times in ten).",
    ),
    "risk.line.average": Text("全部人平均是 100 人里 {hits:count} 人。", "Over everybody it is {hits:count} of 100."),
    "risk.line.already": Text("{subject} 已经出现过这个结果。", "{subject} already had this outcome."),
    "risk.line.no_words": Text("{subject} 没留下过文字。", "{subject} has not written anything."),
    "risk.line.explain_baseline": Text(
        "现在的模型没有比总体比例更准，说不了这一个人和别人有什么不同。",
        "The present model is no better than the overall rate: it cannot tell this person from the others.",
    ),
    "risk.line.explain_group": Text(
        "没有模型能把单个人分出来，但数得出来，{subject} 在比例更高的一组里：{name}，{rate} {event}，其他人 {other}。",
        "No model tells single people apart, but {subject} is in a group that does worse ({name}): {rate} {event}; the others {other}.",
    ),
    # train
    "risk.verdict.first": Text(
        "第一个模型训练好了，比总体比例准，已经上线。", "The first model is trained, beats the overall rate, and is live."
    ),
    "risk.verdict.baseline": Text(
        "训练好了，但没有比总体比例更准：上线的是总体比例，不点名。",
        "Trained, but no better than the overall rate: the overall rate is live and nobody is flagged.",
    ),
    "risk.verdict.replace": Text(
        "新模型在新结果上明显更准，已经换上。", "The new model is clearly better on the new results and has taken over."
    ),
    "risk.verdict.refresh": Text(
        "用新数据重新训练，没有变差，已经换上。", "Trained again with the newer data, no worse, and has taken over."
    ),
    "risk.verdict.refused": Text("新模型没有过关，继续用原来的。", "The new model did not pass; the old one stays."),
    "risk.verdict.too_few": Text(
        "新的结果还不够评判，差 {missing:count} 条，继续用原来的模型。",
        "There are too few new results to judge by, {missing:count} more are needed; the present model stays.",
    ),
    "risk.verdict.skipped": Text("数据和设置都没变，不用重新训练。", "Neither data nor settings changed: there is nothing to train again."),
    "risk.verdict.no_data": Text(
        "知道结果的记录太少（{num:count} 条，还差 {missing:count} 条）或者全都一样，没有训练。",
        "Too few known results ({num:count}, {missing:count} more needed), or all the same: nothing was trained.",
    ),
    "risk.line.scored": Text("给 {num:count} 人打了分，在 scores 表里。", "{num:count} people were scored, in the table scores."),
    "risk.line.next": Text("看名单：productloop risk", "See the list: productloop risk"),
    # quality
    "risk.chart.calibration": Text(
        "说的可能性和实际发生的比例，越贴近越好", "What was predicted, and what happened: the closer the better"
    ),
    "risk.chart.predicted": Text("预测", "predicted"),
    "risk.chart.happened": Text("实际", "happened"),
    "risk.chart.periods": Text("每期{event}的比例", "share who {event} in each period"),
    "risk.chart.importance": Text("模型看重什么", "What the model goes by"),
    "risk.line.release": Text(
        "模型 {release}，配方 {recipe}，学了 {num:count} 条记录。", "Model {release}, recipe {recipe}, learned from {num:count} records."
    ),
    "risk.line.versus": Text(
        "对数损失 {quality:number}，只用总体比例是 {baseline:number}；越低越好。",
        "Log-loss {quality:number}; the overall rate alone has {baseline:number}. Lower is better.",
    ),
    "risk.fold.importance": Text("模型看重什么", "What the model goes by"),
    # warnings
    "risk.warning.leak": Text(
        "有一列几乎单独就能说中结果，多半是事后才有的：运行 productloop risk check 看是哪一列，去掉它再相信这个模型",
        "one column alone almost gives the answer away and is probably known only afterwards: productloop risk check names it; take it out before you "
        "trust this model",
    ),
    "risk.warning.id_like": Text(
        "有一列像编号（每行都不同）：模型可能在背编号，换一批人就不准",
        "one column looks like an id (different in every row): the model may learn ids by heart and fail on other people",
    ),
    "risk.warning.duplicates": Text(
        "有不少一模一样的记录，考题里会混进学过的：成绩可能偏高",
        "many records are exactly alike, so some that judge were also learned: the marks may be too good",
    ),
    "risk.warning.few_cases": Text(
        "会出现这个结果的人很少（不到 50），数字会晃", "fewer than 50 records have the outcome: the numbers will move"
    ),
    "risk.caution.in_sample": Text(
        "名单上的人，模型训练时都见过：这些可能性会比实际更极端一点。",
        "The people listed were also in the training, so their chances are a little too certain.",
    ),
    # definitions
    "risk.define.people": Text("截至数据最后一刻、还没出现这个结果的人", "people who had not had the outcome when the data end"),
    "risk.define.expected": Text(
        "每个人可能性之和；范围包含运气和模型在没学过的数据上的误差",
        "sum of everybody's chances; the range holds chance and the model's error on data it had not seen",
    ),
    "risk.define.flagged": Text(
        "可能性最高的一成人，或您给的名额", "the tenth of people with the highest chance, or as many as you can call"
    ),
    "risk.define.money": Text(
        "这些人最近 84 天的订单金额，退款已减，只算主要币种",
        "orders of these people in the last 84 days, refunds taken off, main currency only",
    ),
    "risk.define.rate": Text("知道结果的记录里，出现这个结果的比例", "share of records with a known result that had the outcome"),
    "risk.define.labelled": Text("知道结果的记录条数，一个人每期算一条", "records with a known result, one a person and period"),
    "risk.define.chance": Text("模型给这个人的可能性", "the model's chance for this person"),
    "risk.define.hits": Text(
        "风险最高的一成里真的出现的比例，换算成人数", "share of the riskiest tenth that really had the outcome, as people"
    ),
    "risk.define.base": Text("全部人里出现的比例，换算成人数", "share of everybody that had the outcome, as people"),
    "risk.define.group_rate": Text("这一组里出现这个结果的比例", "share of this group that had the outcome"),
    "risk.define.other_rate": Text("其他人里出现这个结果的比例", "share of the others that had the outcome"),
    "risk.define.ratio": Text(
        "两个比例之比，在同一时期、套餐、使用频率、来了多久和爱不爱说话的人之间比（泊松回归），归错话题的内容和比较期内才遇到它的人都已折算",
        "ratio of the two shares, within the same period, plan, activity, time since they came and habit of writing (Poisson regression); "
        "texts under a wrong topic and people who only met it within the window are allowed for",
    ),
    "risk.define.exposed": Text("出现之前写过或做过它的人", "people who wrote about it or did it before"),
    "risk.define.like_this": Text(
        "在没学过的数据里，模型给出相近可能性的人真的出现的比例",
        "share who really had the outcome among unseen people to whom the model gave a similar chance",
    ),
    "risk.define.paid": Text("最近 84 天的订单金额，退款已减", "orders in the last 84 days, refunds taken off"),
    "risk.define.weight": Text(
        "这一类输入对分数的平均影响，占全部影响的比例", "mean effect of these inputs on the score, as a share of all effects"
    ),
    "risk.rule.none": Text("{feature}为 0", "{feature} = 0"),
    "risk.rule.up_to": Text("{feature} 不超过 {value:number}", "{feature}: up to {value:number}"),
    "risk.rule.above": Text("{feature} 超过 {value:number}", "{feature}: above {value:number}"),
}
