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

NOTHING_TO_SPLIT = Problem(
    "risk_nothing_to_split",
    Text("不能按 {name} 分开看", "people cannot be split by {name}"),
    Text("每个值至少 30 人、至少两个值的列：{known}", "columns with at least two values of 30 people each: {known}"),
    Text(
        "用 --by 换一列，或不写 --by，让它自己找差别最大的一列",
        "name another with --by, or leave --by out to see the column that differs most",
    ),
)
WHEN_TITLE = Text("用户什么时候走，谁走得早", "When people leave, and who sooner")

TEXTS = {
    "risk.number.it": Text("它", "it"),
    "risk.number.likely": Text("{name}（{chance:percent}）", "{name} ({chance:percent})"),
    "risk.number.column.likely": Text("最可能是哪种", "most likely which"),
    "risk.number.line.likely": Text("最可能的是：{likely}。", "Most likely: {likely}."),
    "risk.number.label.mean": Text("以往平均几次（{what}）", "mean so far ({what})"),
    "risk.number.label.total": Text(
        "所有人接下来 {days:count} 天大概几次（{what}）", "expected of everybody in the next {days:count} days ({what})"
    ),
    "risk.number.heading.count": Text("估计最多的人", "Who is expected to have most"),
    "risk.number.heading.time": Text("估计最早的人", "Who is expected first"),
    "risk.number.number_count": Text("估计几次", "expected"),
    "risk.number.number_time": Text("估计还有多久", "time left"),
    "risk.number.count": Text(
        "{number:number} 次（多半 {low:number} 到 {high:number}）", "{number:number} (mostly {low:number} to {high:number})"
    ),
    "risk.number.count_open": Text("{number:number} 次（至少 {low:number}）", "{number:number} (at least {low:number})"),
    "risk.number.time.days": Text(
        "{number:number} 天（多半 {low:number} 到 {high:number}）", "{number:number} days (mostly {low:number} to {high:number})"
    ),
    "risk.number.time.days_open": Text(
        "{number:number} 天（多半超过 {low:number}，最多多久说不准）",
        "{number:number} days (mostly over {low:number}; how long at most cannot be said)",
    ),
    "risk.number.time.weeks": Text(
        "{number:number} 周（多半 {low:number} 到 {high:number}）", "{number:number} weeks (mostly {low:number} to {high:number})"
    ),
    "risk.number.time.weeks_open": Text(
        "{number:number} 周（多半超过 {low:number}，最多多久说不准）",
        "{number:number} weeks (mostly over {low:number}; how long at most cannot be said)",
    ),
    "risk.number.time.months": Text(
        "{number:number} 个月（多半 {low:number} 到 {high:number}）", "{number:number} months (mostly {low:number} to {high:number})"
    ),
    "risk.number.time.months_open": Text(
        "{number:number} 个月（多半超过 {low:number}，最多多久说不准）",
        "{number:number} months (mostly over {low:number}; how long at most cannot be said)",
    ),
    "risk.number.time.years": Text(
        "{number:number} 年（多半 {low:number} 到 {high:number}）", "{number:number} years (mostly {low:number} to {high:number})"
    ),
    "risk.number.time.years_open": Text(
        "{number:number} 年（多半超过 {low:number}，最多多久说不准）",
        "{number:number} years (mostly over {low:number}; how long at most cannot be said)",
    ),
    "risk.number.unknown": Text("超出数据能看到的时间", "longer than the data reach"),
    "risk.number.few": Text(
        "知道结果的记录只有 {num:count} 条，还差 {missing:count} 条才值得训练模型。",
        "Only {num:count} {num|record has|records have} a known result; {missing:count} more are needed for a model.",
    ),
    "risk.number.alike": Text(
        "所有已知的结果都一样，分不出谁多谁少、谁早谁晚。", "Every known result is the same, so nobody can be told apart."
    ),
    "risk.number.baseline": Text(
        "模型没有比总体平均更准，所以不列名单。", "The model is no better than the overall mean, so nobody is listed."
    ),
    "risk.number.hits": Text(
        "拿没学过的数据来考：估计最高的一成人，实际平均 {high:number} 次；所有人平均 {mean:number} 次。",
        "Judged on data the model had not seen: the tenth with the highest guesses really had {high:number} on average; everybody {mean:number}.",
    ),
    "risk.number.order": Text(
        "拿没学过的数据来考：随便挑 10 对能分先后的人，大约 {pairs:count} 对排对了谁先{event}；乱猜是 5 对。",
        "Judged on data the model had not seen: of 10 pairs, about {pairs:count} are put in the right order of who will {event} first; guessing gets 5.",
    ),
    "risk.number.beyond": Text(
        "另有 {num:count} 人：在数据能看到的时间里，多半不会{event}，所以不列日子。",
        "{num:count} others: within the time the data reach they will more likely stay than {event}, so no time is named.",
    ),
    "risk.number.one_count": Text("{subject} 估计{event}：{number}。", "{subject} is expected to {event}: {number}."),
    "risk.number.one_time": Text(
        "像 {subject} 这样的人，一半{event}要多久：{number}。", "How long until half of the people like {subject} {event}: {number}."
    ),
    "risk.number.versus": Text(
        "误差 {quality:number}，什么都不看是 {baseline:number}；越低越好。",
        "Loss {quality:number}; looking at nothing has {baseline:number}. Lower is better.",
    ),
    "risk.number.verdict.first": Text(
        "第一个模型训练好了，比总体平均准，已经上线。", "The first model is trained, beats the overall mean, and is live."
    ),
    "risk.number.verdict.baseline": Text(
        "训练好了，但没有比总体平均更准：上线的是总体平均，不列名单。",
        "Trained, but no better than the overall mean: the overall mean is live and nobody is listed.",
    ),
    "risk.define.mean_number": Text("知道结果的记录，平均每条几次", "mean over records with a known result"),
    "risk.define.total_number": Text("所有人估计次数之和；范围包含运气", "sum of everybody's expected number; the range holds luck"),
    "risk.define.number_count": Text("模型估计的次数；范围是九成情况", "the model's expected number; limits hold nine times in ten"),
    "risk.define.number_time": Text(
        "一半这样的人已经发生的时间；范围是九成情况", "time by which half of such people had it; limits hold nine times in ten"
    ),
    "risk.event.count": Text("出现 {column}", "have {column}"),
    "risk.event.any": Text("出现 {column}（{values}）", "have {column} ({values})"),
    "risk.page.when": Text("用户什么时候走", "When people leave"),
    "risk.when.no_duration": Text(
        "结果没有日期，也没有一列说每个人来了多久，所以说不了什么时候{event}。用 --duration 指明那一列（例如 tenure），或给结果补上日期。",
        "The outcomes carry no dates and no column says how long each has been here, so nobody can say when they {event}. "
        "Name that column with --duration (such as tenure), or import outcomes with dates.",
    ),
    "risk.when.few": Text(
        "{event}的人还太少（不到 10 个），画不出曲线。多等一阵，或导入更早的结果。",
        "Too few people have been seen to {event} (fewer than 10) for a curve. Wait, or import earlier outcomes.",
    ),
    "risk.when.nobody": Text(
        "到现在没有一个人{event}，说不了什么时候。", "Nobody has been seen to {event} so far, so nothing can be said about when."
    ),
    "risk.when.label.people": Text("看到的人", "people watched"),
    "risk.when.label.left": Text("其中已经{event}", "of them, seen to {event}"),
    "risk.when.label.here": Text("现在还在", "still here"),
    "risk.when.label.soon": Text("接下来 4 周大概会{event}", "likely to {event} in the next 4 weeks"),
    "risk.when.all": Text("所有人", "all"),
    "risk.when.who": Text("{column} 是 {value} 的人", "those with {column} = {value}"),
    "risk.when.half": Text(
        "{who}：来了 {median}（九成把握 {range:range}）后，一半已经{event}（{n:count} 人）。",
        "Half of {who} {event} within {median} ({range:range}, nine times in ten; {n:count} people).",
    ),
    "risk.when.half_sure": Text(
        "{who}：来了 {median}后，一半已经{event}（{n:count} 人）。",
        "Half of {who} {event} within {median} ({n:count} people).",
    ),
    "risk.when.half_open": Text(
        "{who}：来了 {median}后，大约一半已经{event}；最早可能 {low}，最晚还说不准（{n:count} 人）。",
        "About half of {who} {event} within {median}; not before {low}, and how late cannot be said yet ({n:count} people).",
    ),
    "risk.when.never_half": Text(
        "{who}：来了 {at}时还有 {still} 在（九成把握 {still:range}，{n:count} 人），所以说不了多久会有一半{event}。",
        "Of {who}, {still} are still there after {at} ({still:range}, nine times in ten; {n:count} people), so it cannot be said by when half {event}.",
    ),
    "risk.when.heading.groups": Text("差别最大的：{column}", "Where it differs most: {column}"),
    "risk.when.heading.asked": Text("按 {column} 分开看", "By {column}"),
    "risk.when.not_apart": Text("按 {column} 分的几组人，差别没超出巧合。", "Groups of {column} do not differ beyond chance."),
    "risk.when.no_column": Text(
        "比了 {num:count} 列，没有哪一类人明显走得更早或更晚。",
        "Of {num:count} columns compared, none tells who leaves clearly sooner or later.",
    ),
    "risk.when.no_columns": Text(
        "没有可以分开看的列（套餐、平台等，每个值至少 30 人）。",
        "There is no column to split people by (a plan, a platform; 30 people a value).",
    ),
    "risk.when.association": Text(
        "{column} 和走得早一起出现，不等于原因：选不同的人本来就不同。",
        "{column} goes with leaving sooner; that does not make it the cause: people who choose differently are different.",
    ),
    "risk.when.peak_first": Text(
        "来了不到 {end}时最危险：在的每 100 人里，4 周内大约 {rate:number} 人{event}（{rate:range}）；之后大约 {rest:number} 人。",
        "The riskiest time is up to {end} after they came: of 100 people there, about {rate:number} {event} within 4 weeks "
        "({rate:range}); after that {rest:number}.",
    ),
    "risk.when.peak": Text(
        "来了 {start}到 {end}时最危险：在的每 100 人里，4 周内大约 {rate:number} 人{event}（{rate:range}）；"
        "其他时候大约 {rest:number} 人。",
        "The riskiest time is from {start} to {end} after they came: of 100 people there, about {rate:number} {event} within 4 weeks "
        "({rate:range}); otherwise {rest:number}.",
    ),
    "risk.when.peak_late": Text(
        "来了 {start}以后最危险：在的每 100 人里，4 周内大约 {rate:number} 人{event}（{rate:range}）；之前大约 {rest:number} 人。",
        "The riskiest time is from {start} on: of 100 people there, about {rate:number} {event} within 4 weeks "
        "({rate:range}); before that {rest:number}.",
    ),
    "risk.when.even": Text(
        "早来晚来，风险没有明显不同：不存在特别危险的那几周。",
        "The risk hardly depends on how long people have been here: no time stands out.",
    ),
    "risk.when.next": Text(
        "现在还在的 {here:count} 人里，接下来 12 周大概 {later:count} 人会{event}（{later:range}）。",
        "Of the {here:count} still here, about {later:count} will {event} in the next 12 weeks ({later:range}).",
    ),
    "risk.when.next_if": Text(
        "如果走掉的人都还在这张表里：现在还在的 {here:count} 人，接下来 4 周大概 {soon:count} 人会{event}（{soon:range}），12 周大概 {later:count} 人"
        "（{later:range}）。如果走掉的都是最近走的，会多得多；要准数，请导入带日期的结果。",
        "If the table holds everybody who ever left: of the {here:count} still here about {soon:count} will {event} in the next 4 weeks ({soon:range}), and "
        "about {later:count} in 12 ({later:range}). If it holds only recent leavers, far more; outcomes with dates would tell.",
    ),
    "risk.when.guessed": Text(
        "{column} 按“{unit}”来读；不对就用 --unit 指明（days、weeks、months、years）。",
        "{column} is read in {unit}; if that is wrong, say --unit days, weeks, months or years.",
    ),
    "risk.when.snapshot": Text(
        "这张表没有日期，只能假定走掉的人都还在表里；如果只留着最近走的，实际会走得更早。套餐这类列是今天的样子：待得久的人才有机会改，差别会被放大。",
        "The table carries no dates, so it is taken to hold everybody who ever left; if it holds only recent leavers, people really leave sooner. "
        "Columns such as a contract are as of today: only those who stayed could change them, which widens the difference.",
    ),
    "risk.when.left_out": Text(
        "没有拿来排先后的列（它们只是跟着时间长）：{columns}。", "Not used to order people, since they only grow with time: {columns}."
    ),
    "risk.when.delayed": Text(
        "有些人在记录开始之前就来了，从记录开始才算进来；更早走掉的人不在数据里，没有当作留下。",
        "Some people came before the record began and count only from then on; who left earlier is not in the data and is not taken to have stayed.",
    ),
    "risk.when.unknown": Text(
        "{num:count} 人不知道是什么时候来的，没算进来。", "{num:count} {num|person|people} left out: nothing says when they began."
    ),
    "risk.when.at_once": Text(
        "{num:count} 人来的当天就结束了记录，没算进来。", "{num:count} {num|person|people} left out: their record ends where it begins."
    ),
    "risk.when.unit.days": Text("天", "days"),
    "risk.when.unit.weeks": Text("周", "weeks"),
    "risk.when.unit.months": Text("月", "months"),
    "risk.when.unit.years": Text("年", "years"),
    "risk.when.time.days": Text("{n:number} 天", "{n:number} {n|day|days}"),
    "risk.when.time.weeks": Text("{n:number} 周", "{n:number} {n|week|weeks}"),
    "risk.when.time.months": Text("{n:number} 个月", "{n:number} {n|month|months}"),
    "risk.when.time.years": Text("{n:number} 年", "{n:number} {n|year|years}"),
    "risk.when.unknown_range": Text("说不准", "cannot be said"),
    "risk.when.chart_by": Text(
        "按 {column}：来了多久之后，还有多少人没{event}", "By {column}: how many do not {event}, by how long they have been here"
    ),
    "risk.when.chart": Text("来了多久之后，还有多少人没{event}", "How many do not {event}, by how long they have been here"),
    "risk.when.chart_x": Text("来了多久（{unit}）", "{unit} since they came"),
    "risk.when.from": Text("{start}以后", "from {start} on"),
    "risk.when.from_to": Text("{start:number} 到 {end}", "{start:number} to {end}"),
    "risk.when.between": Text("{low} 到 {high}", "{low} to {high}"),
    "risk.when.not_yet": Text("还不到一半", "fewer than half"),
    "risk.when.fold.stretches": Text("来了多久，风险多大", "The risk along the time with us"),
    "risk.when.fold.segments": Text("每一组的数字", "Each group in numbers"),
    "risk.when.fold.columns": Text("比过的列", "The columns compared"),
    "risk.when.fold.method": Text("怎么算的", "How it is counted"),
    "risk.when.column.stretch": Text("来了多久", "time with us"),
    "risk.when.column.left": Text("{event}的人", "seen to {event}"),
    "risk.when.column.rate": Text("在的 100 人里，4 周内", "of 100 there, within 4 weeks"),
    "risk.when.column.between": Text("九成把握", "nine times in ten"),
    "risk.when.column.value": Text("哪一组", "group"),
    "risk.when.column.people": Text("人数", "people"),
    "risk.when.column.half": Text("一半{event}要多久", "time until half {event}"),
    "risk.when.column.still": Text("最后还在的比例", "still there at the end"),
    "risk.when.column.what": Text("哪一列", "column"),
    "risk.when.column.speed": Text("最快的是最慢的几倍", "fastest against slowest"),
    "risk.when.column.p": Text("巧合的可能（p，Holm 校正后）", "chance of a coincidence (p after Holm)"),
    "risk.when.method.curve": Text(
        "曲线是 Kaplan-Meier，阴影是九成把握（Greenwood，log-log）；还在的人只算“到那天还在”，不算走也不算留；在看的人少于 5 个时曲线停下。"
        "时间段的风险是人数除以看到的时间，区间是 Garwood 的精确区间。",
        "The curve is Kaplan and Meier's, its band 90 % (Greenwood, log-log). Those still here count as “there until that day”, neither gone nor kept; "
        "a curve ends where fewer than 5 people are watched. The risk of a stretch is people divided by time watched, with Garwood's exact limits.",
    ),
    "risk.when.method.columns": Text(
        "每一列用 log-rank 检验，所有列一起做 Holm 校正；“几倍”是实际人数除以没有差别时该有的人数，最快一组比最慢一组。",
        "Each column has a log-rank test, corrected for all columns by Holm; “fastest against slowest” compares "
        "people seen with people expected without a difference.",
    ),
    "risk.when.order": Text(
        "拿开始时知道的信息给没见过的人排先后（Cox 模型，五折）：C 指数 {order:number}（九成把握 {between}）；"
        "按看到的时间加权后 {uno:number}（Uno）。0.5 是乱排，1 是全对。",
        "Ordering unseen people by what was known at the start (Cox, five folds): C-index {order:number} ({between}, nine times in ten); "
        "weighted for the time watched {uno:number} (Uno). 0.5 is a coin, 1 is right every time.",
    ),
    "risk.when.order_caution": Text(
        "这个数偏乐观：表里的列是今天的样子，合同这类信息，待得久的人才有机会选。",
        "That number flatters: the columns are as of today, and a long contract is known only of those who stayed long enough to choose it.",
    ),
    "risk.when.order_dated": Text(
        "从第一次被问到的那天算起，只用那天之前知道的信息。", "Counted from the first moment asked, with only what was known before it."
    ),
    "risk.define.watched": Text("知道什么时候来、也知道后来怎样的人", "people of whom it is known when they began and what became of them"),
    "risk.define.left": Text("看到它发生的人", "people to whom it was seen to happen"),
    "risk.define.here": Text(
        "到数据最后一刻还没发生、也还在用的人", "people to whom it had not happened when the data end, and who have not gone quiet"
    ),
    "risk.define.half_life": Text(
        "曲线第一次到一半或以下的时间；范围是阴影越过一半的时间（Brookmeyer-Crowley）",
        "the first time at which the curve is at one half or below; limits are where its band crosses one half (Brookmeyer and Crowley)",
    ),
    "risk.define.still": Text("曲线末端还在的比例（Kaplan-Meier）", "share still there at the curve's last step (Kaplan and Meier)"),
    "risk.define.speed": Text(
        "实际人数 ÷ 没有差别时该有的人数，最快一组 ÷ 最慢一组",
        "people seen over people expected, of the fastest group, divided by that of the slowest",
    ),
    "risk.define.of_hundred": Text(
        "在的每 100 人里，4 周内发生的人数：人数 ÷ 看到的时间，按 4 周算",
        "of 100 people there, how many within 4 weeks: people over time watched, for 4 weeks",
    ),
    "risk.define.expected_when": Text(
        "每个还在的人按来了多久、属于哪一组的风险往后算，再加总；范围包含运气和风险本身的不确定",
        "the risk of each person's time here and group, carried on and summed; the range holds luck and the uncertainty of that risk",
    ),
    "risk.define.uno": Text(
        "Uno 的 C 指数：每一对按还在被看的可能性加权", "Uno's C-index: each pair weighted by the chance to still be watched"
    ),
    "risk.protocol.folds": Text("五折，每个人由没见过他的模型来排", "five folds: each person ordered by a model that had not seen them"),
}
