"""Sentences of `behaviour experiment`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

EXPERIMENT_TITLE = Text("实验：哪一组赢了", "Experiment: which variant won")

EXPERIMENT_UNKNOWN = Problem(
    "experiment_unknown",
    Text("没有叫 {name:quote} 的实验", "there is no experiment {name:quote}"),
    Text("assignments 表里有的实验：{known}", "an experiment in the table assignments: {known}"),
    Text("改 --experiment 再来", "change --experiment"),
)
WHICH_EXPERIMENT = Problem(
    "which_experiment",
    Text("assignments 表里有 {num} 个实验", "the table assignments holds {num} experiments"),
    Text("一次看一个", "one of them at a time"),
    Text("用 --experiment 指明，例如：{known}", "name it with --experiment: {known}"),
)
NO_VARIANT_COLUMN = Problem(
    "no_variant_column",
    Text("没说事件 {event:quote} 的哪一列是组名", "which column of the event {event:quote} holds the variant is not said"),
    Text("--exposure 和 --variant 一起给", "--exposure together with --variant"),
    Text("加上 --variant 列名", "add --variant COLUMN"),
)
VARIANT_UNKNOWN = Problem(
    "variant_unknown",
    Text("actors 表里没有叫 {name:quote} 的列", "the table actors has no column {name:quote}"),
    Text("已有的列：{known}", "a column that exists: {known}"),
    Text("改 --variant；组名在事件里的话，再加 --exposure 事件名", "change --variant; if an event carries it, add --exposure EVENT"),
)
CONTROL_UNKNOWN = Problem(
    "control_unknown",
    Text("没有叫 {name:quote} 的组", "there is no variant {name:quote}"),
    Text("数据里的组：{known}", "a variant in the data: {known}"),
    Text("改 --control 再来", "change --control"),
)
TOO_MANY_VARIANTS = Problem(
    "too_many_variants",
    Text("组名那一列有 {num} 个不同的值", "the column with the variant holds {num} different values"),
    Text("最多 {most} 个组", "at most {most} variants"),
    Text("看看 --variant 是不是写错了列", "see whether --variant names the right column"),
)
SPLIT_UNREADABLE = Problem(
    "split_unreadable",
    Text("看不懂分流比例 {given:quote}", "the split {given:quote} cannot be read"),
    Text("每个组一个大于 0 的数；组有：{known}", "one number above 0 for each variant: {known}"),
    Text("例如 --split A=50,B=50", "such as --split A=50,B=50"),
)
PERSON_METRIC_UNKNOWN = Problem(
    "person_metric_unknown",
    Text("没有叫 {name:quote} 的指标", "there is no metric {name:quote}"),
    Text(
        "people(事件)、count(事件)、sum(事件.列)、revenue，或 actors 表的一列",
        "people(EVENT), count(EVENT), sum(EVENT.COLUMN), revenue or a column of actors",
    ),
    Text("换一个再来，例如：{known}", "try another, such as: {known}"),
)
COLUMN_NOT_NUMBERS = Problem(
    "column_not_numbers",
    Text("列 {name:quote} 里不是数，也不是“是/否”", "the column {name:quote} holds neither numbers nor yes and no"),
    Text("每个人一个数，或者是/否", "a number, or yes or no, for each person"),
    Text("换一列再来", "name another column"),
)
NO_METRIC = Problem(
    "no_metric",
    Text("没说看哪个指标，也猜不出来", "which metric should differ is not said, and cannot be guessed"),
    Text("至少一个指标", "at least one metric"),
    Text("用 --metrics，例如 people(购买)", "use --metrics, such as people(purchase)"),
)

TEXTS = {
    "behaviour.person.people": Text("“{event}”过的人的比例{column}", "share of people with “{event}”{column}"),
    "behaviour.person.count": Text("人均“{event}”次数{column}", "number of “{event}” a person{column}"),
    "behaviour.person.sum": Text("人均“{event}”的 {column} 合计", "sum of {column} of “{event}” a person"),
    "behaviour.person.revenue": Text("人均收入（退款已扣）", "revenue a person, less refunds"),
    "behaviour.experiment.title": Text("实验：哪一组赢了", "Experiment: which variant won"),
    "behaviour.experiment.title_named": Text("实验“{name}”：哪一组赢了", "Experiment “{name}”: which variant won"),
    "behaviour.experiment.title_plan": Text("实验开始之前：能看出多大的差别", "Before an experiment: how small a difference you could see"),
    # the verdict
    "behaviour.experiment.won": Text(
        "“{winner}”赢了：它是最好的一组，把握 {best}。", "“{winner}” won; the chance that it is the best: {best}."
    ),
    "behaviour.experiment.more": Text(
        "{metric}：“{variant}”是 {value}，“{control}”是 {base}；高 {gap}（九成把握：{gap:range}）{unit}。",
        "{metric}: {value} with “{variant}”, {base} with “{control}”; {gap} {unit} more (nine times in ten {gap:range}).",
    ),
    "behaviour.experiment.less": Text(
        "{metric}：“{variant}”是 {value}，“{control}”是 {base}；低 {gap}（九成把握：{gap:range}）{unit}。",
        "{metric}: {value} with “{variant}”, {base} with “{control}”; {gap} {unit} less (nine times in ten {gap:range}).",
    ),
    "behaviour.experiment.no_difference": Text(
        "{metric}：“{variant}”是 {value}，“{control}”是 {base}；看不出差别：可能低 {down}，也可能高 {up} {unit}（九成把握）。",
        "{metric}: {value} with “{variant}”, {base} with “{control}”; no difference can be told: between {down} {unit} less and {up} more "
        "(nine times in ten).",
    ),
    "behaviour.experiment.points": Text("个百分点", "points"),
    "behaviour.experiment.each": Text("（每人）", "a person"),
    "behaviour.experiment.unclear": Text(
        "分不出胜负。要看出 {effect} % 的差别，各组合计约需 {needed} 人。",
        "No variant won. Seeing a difference of {effect} % takes about {needed} people in all.",
    ),
    "behaviour.experiment.unclear_enough": Text(
        "人数够了，还是分不出胜负：{effect} % 以上的差别多半没有。按成本或喜好选就行。",
        "There were people enough, and still no variant won: a difference of {effect} % or more is unlikely. Choose by cost or taste.",
    ),
    "behaviour.experiment.open": Text(
        "还太早：先别选。{day} 再来看。",
        "Too early to choose: look again on {day}.",
    ),
    "behaviour.experiment.hopeless": Text(
        "照现在的人数，一年也看不出 {effect} % 的差别（约需 {needed} 人）：换个更敏感的指标，或者做更大的改动。",
        "At this pace a difference of {effect} % would not show within a year (it takes about {needed} people): take a metric that moves more, "
        "or make a bigger change.",
    ),
    "behaviour.experiment.few": Text(
        "人太少：每组至少要 30 个观察期已满的人，才说得出什么。",
        "Too few people: each variant needs 30 whose window is over before anything can be said.",
    ),
    "behaviour.experiment.few_until": Text("照现在的速度，{day} 再来看。", "At this pace, look again on {day}."),
    "behaviour.experiment.one_variant": Text("只看到一组，没有可比的。", "There is only one variant: nothing to compare."),
    "behaviour.experiment.nothing": Text(
        "没找到实验，数据也不够估计能看出多大的差别。给 --exposure 事件 和 --variant 列名，或者让 actors 表有一列组名。",
        "No experiment was found, and there are too few data to say what one could show. Give --exposure EVENT and --variant COLUMN, "
        "or a column with the variant in the table actors.",
    ),
    "behaviour.experiment.mismatch": Text(
        "不下结论：各组人数和原定比例对不上，碰巧这样的可能不到千分之一。分流或记录出了问题，差别多大都不能信。",
        "No verdict: the groups do not have the sizes they should (by chance less than once in a thousand). Something is wrong with the split or "
        "with what is recorded, and no difference can be trusted.",
    ),
    "behaviour.experiment.look_for": Text(
        "先查这些：有一组的页面更慢、崩溃或被跳转，人没记上；爬虫只进了一组；中途改过比例或重新分过组；看到那一刻的事件在两组触发的条件不同；"
        "按结果筛过人。",
        "Look for: one variant that is slower, crashes or redirects before it is recorded; robots in one group only; a split that was changed or "
        "drawn again on the way; an exposure event that fires under other conditions in one group; people filtered by what happened later.",
    ),
    "behaviour.experiment.guard_worse": Text(
        "注意：不能变差的{metric}，在“{variant}”里变差了。先别全量。",
        "Mind: {metric}, which must not get worse, got worse with “{variant}”. Do not ship it.",
    ),
    "behaviour.experiment.guard_fine": Text(
        "不能变差的指标里，没有一个明显变差。", "None of the metrics that must not get worse clearly did."
    ),
    "behaviour.experiment.rule_window": Text(
        "怎么算：每个人从第一次看到自己那一组起算 {days} 天；还没满的人不算进去。每人只算一次。",
        "How it counts: {days} {days|day|days} of each person from the first time they saw their variant; people whose days are not over wait. "
        "Each person counts once.",
    ),
    "behaviour.experiment.rule_table": Text(
        "怎么算：表里一行一个人，每人只算一次；指标是表里的列。",
        "How it counts: one row is one person, each counts once; the metrics are columns of the table.",
    ),
    "behaviour.experiment.parts": Text("{metric}，按 {column}", "{metric} by {column}"),
    "behaviour.experiment.parts_none": Text(
        "还没有结论，所以也没有按 {column} 拆开。", "Without a verdict, nothing is split by {column} either."
    ),
    "behaviour.experiment.parts_alike": Text(
        "看不出效果因 {column} 而不同：按全部人的结论办，别挑某一类人的数字。",
        "There is no sign that the effect depends on {column}: go by the verdict for everybody, and do not pick one row.",
    ),
    "behaviour.experiment.parts_differ": Text(
        "效果因 {column} 而不同，不像是碰巧（.05 以下）：值得为看到差别的那类人单独再做一次实验，然后再分开对待。",
        "The effect depends on {column}, which is unlikely to be chance (below .05): worth a new experiment on the kind of people that differs "
        "before treating them differently.",
    ),
    "behaviour.experiment.parts_alone": Text(
        "按 {column} 拆开后，能比的不到两类，说不出效果是不是因它而不同。",
        "Split by {column}, fewer than two kinds of people can be compared: whether the effect depends on it cannot be said.",
    ),
    "behaviour.experiment.parts_warning": Text(
        "拆得越细，越容易碰巧看到“有差别”：这张表做了 {num} 次比较，结论已按次数校正（Holm），没校正的区间不能拿来挑。输赢仍看全部人。",
        "The more parts, the more differences by chance: this table makes {num} {num|comparison|comparisons}; verdicts are adjusted for all of them "
        "(Holm), the intervals are not and are not for picking. Who won is decided by everybody.",
    ),
    "behaviour.experiment.part_few": Text("人太少", "too few"),
    "behaviour.experiment.part_sizes": Text("各组人数对不上，不判", "sizes do not fit: not judged"),
    "behaviour.experiment.part_rest": Text("不判", "not judged"),
    "behaviour.d.experiment_differs": Text(
        "每一类人的效果其实一样时，碰巧差这么多的概率（Cochran 的 Q）。",
        "Chance of effects this far apart if every kind of people had the same (Cochran's Q).",
    ),
    "behaviour.experiment.others": Text("其他指标", "Other metrics"),
    "behaviour.experiment.chart": Text("{metric}：每一组的值和九成区间", "{metric}: each variant with its interval, nine times in ten"),
    # before the start
    "behaviour.experiment.plan_lead": Text(
        "照您现在每周 {people} 个活跃的人，{weeks} 周只看得出 {smallest} {unit}以上的差别（{metric}现在是 {value}）。",
        "With your {people} active people a week, {weeks} {weeks|week|weeks} can only show a difference of {smallest} {unit} or more "
        "({metric}: {value} now).",
    ),
    "behaviour.experiment.plan_needed": Text(
        "要看出 {effect} % 的差别，两组合计约需 {needed} 人。",
        "Seeing a difference of {effect} % takes about {needed} people in both groups.",
    ),
    "behaviour.experiment.plan_how": Text(
        "没找到正在做的实验，所以先说能看出什么。有实验时：--exposure 事件 --variant 列名，或 --variant actors 表里的列。",
        "No experiment was found, so this says what one could show. With one: --exposure EVENT --variant COLUMN, or --variant and a column of actors.",
    ),
    "behaviour.experiment.plan_rule": Text(
        "怎么算：活跃的人对半分成两组，看每人 {days} 天；真有这么大的差别时，五次里看得出四次；本来没有差别时，二十次里会误报一次。",
        "How it counts: active people split in halves, {days} {days|day|days} of each; a difference of that size is seen four times in five, and "
        "where there is none, one is seen once in twenty.",
    ),
    # labels
    "behaviour.experiment.gap_points": Text("{value}（{low} 到 {high}）个百分点", "{value} points ({low} to {high})"),
    "behaviour.experiment.gap_number": Text("{value}（{low} 到 {high}）", "{value} ({low} to {high})"),
    "behaviour.experiment.variant": Text("组", "variant"),
    "behaviour.experiment.people": Text("人数", "people"),
    "behaviour.experiment.waiting": Text("进行中", "in progress"),
    "behaviour.experiment.value": Text("数值", "value"),
    "behaviour.experiment.metric": Text("指标", "metric"),
    "behaviour.experiment.difference": Text("比对照", "against the control"),
    "behaviour.experiment.judged": Text("结论", "verdict"),
    "behaviour.experiment.better": Text("更好", "better"),
    "behaviour.experiment.worse": Text("更差", "worse"),
    "behaviour.experiment.same": Text("看不出差别", "no clear difference"),
    "behaviour.experiment.control_name": Text("{name}（对照）", "{name} (control)"),
    "behaviour.experiment.weeks": Text("跑几周", "weeks"),
    "behaviour.experiment.each_group": Text("每组人数", "people in each group"),
    "behaviour.experiment.smallest_points": Text("看得出的最小差别（百分点）", "smallest difference seen (points)"),
    "behaviour.experiment.smallest_number": Text("看得出的最小差别", "smallest difference seen"),
    "behaviour.experiment.relative": Text("占现在的", "of the present value"),
    "behaviour.experiment.ratio": Text("倍数", "ratio"),
    "behaviour.experiment.p": Text("校正后的 p 值", "adjusted p"),
    "behaviour.experiment.always": Text("随时可看的区间", "interval valid at any look"),
    "behaviour.experiment.best": Text("是最好的把握", "chance to be best"),
    "behaviour.experiment.loss": Text("选错平均损失", "expected loss"),
    "behaviour.experiment.method": Text("方法", "method"),
    "behaviour.experiment.shares": Text("两个比例", "two shares"),
    "behaviour.experiment.means": Text("Welch", "Welch"),
    "behaviour.experiment.bootstrap": Text("自助法", "bootstrap"),
    "behaviour.experiment.reduction": Text("CUPED 减小的方差", "variance taken away by CUPED"),
    "behaviour.experiment.mismatch_p": Text("人数对不上的 p 值", "p of the sample ratio"),
    "behaviour.experiment.fold": Text("统计明细", "Statistics"),
    "behaviour.experiment.fold_text": Text(
        "差别的区间：比例用 Newcombe，平均用 Welch，偏斜的合计用自助法；p 对所有指标和组用 Holm 校正，.05 以下算明显。"
        "“随时可看”的区间（混合 SPRT，置信序列）看多少次都作数；还在进新人、又没定天数时由它（95 %，按指标数校正）下结论。"
        "把握用 Beta(1,1) 或正态后验。人数比例用卡方，p 不到 .001 不下结论。",
        "Intervals of differences: Newcombe for shares, Welch for means, bootstrap for skewed sums; p is adjusted for all metrics and variants (Holm), "
        "clear below .05. The interval valid at any look (mixture SPRT, a confidence sequence) decides, at 95 % shared among the metrics, "
        "while people still come in and no length was fixed. Chances come from Beta(1,1) or normal posteriors. Sizes of groups: "
        "chi-square, no verdict below .001.",
    ),
    "behaviour.caution.running": Text(
        "实验还在进新人，事先也没定天数（--days），所以只有“看多少次都作数”的区间说了算，比平常的严。",
        "People still come in and no length was fixed beforehand (--days): only an interval that stays valid at any number of looks decides, "
        "which is stricter than the usual one.",
    ),
    "behaviour.caution.crossed": Text(
        "{people} 人看到过不止一组，没有算进去；多的话，分组本身有问题。",
        "{people} {people|person|people} saw more than one variant and {people|was|were} left out; where there are many, the split itself is at fault.",
    ),
    "behaviour.caution.guessed_variant": Text(
        "组名那一列是猜的：{column}。不对就用 --variant 指明。",
        "The column with the variant was guessed: {column}. If that is wrong, name it with --variant.",
    ),
    "behaviour.caution.guessed_metric": Text(
        "指标是猜的，由{metric}下结论。用 --metrics 写出您事先定的指标，第一个说了算。",
        "The metrics were guessed, and {metric} decides. Name those you chose beforehand with --metrics; the first decides.",
    ),
    # definitions
    "behaviour.d.experiment_none": Text("没有实验，没有这个数。", "There is no experiment, so there is no such number."),
    "behaviour.d.mismatch": Text(
        "按原定比例分流时，碰巧出现这样或更偏的人数的概率（卡方检验）。",
        "Chance of group sizes at least this far off if people were split as intended (chi-square).",
    ),
    "behaviour.d.crossed": Text("看到过不止一组的人数。", "People who saw more than one variant."),
    "behaviour.d.experiment_people": Text("观察期已满的人数，每人只在一组。", "People whose window is over, each in one variant."),
    "behaviour.d.experiment_open": Text("已分组、观察期未满的人数。", "People in the variant whose window is not over."),
    "behaviour.d.experiment_share": Text("这一组里发生的人的比例。", "Share of the people of the variant with whom it happened."),
    "behaviour.d.experiment_mean": Text(
        "这一组的人均数值，没发生的人算 0。", "Mean per person of the variant; people without any count as 0."
    ),
    "behaviour.d.experiment_difference": Text("这一组减对照组，90 % 区间。", "The variant less the control, with its 90 % interval."),
    "behaviour.d.experiment_ratio": Text("这一组除以对照组，90 % 区间。", "The variant divided by the control, with its 90 % interval."),
    "behaviour.d.experiment_p": Text(
        "两组其实没差别时，碰巧看到这么大差别的概率，按所有比较做 Holm 校正。",
        "Chance of a difference this large if there were none, adjusted for all comparisons (Holm).",
    ),
    "behaviour.d.always_valid": Text(
        "同一个差别，区间在任意多次查看下都至少九成成立。",
        "The same difference; its interval holds at least nine times in ten however often one looks.",
    ),
    "behaviour.d.best": Text("后验中这一组是所有组里最好的概率。", "Posterior chance that the variant is the best of all."),
    "behaviour.d.loss": Text("选了它、它又不是最好时，平均少多少。", "What choosing it costs on average if it is not the best."),
    "behaviour.d.cuped": Text(
        "用实验前同一指标解释掉的方差比例。", "Share of the variance that the same metric before the start explains."
    ),
    "behaviour.d.needed": Text(
        "各组合计多少人，才能五次里四次看出值得做的最小差别（双侧 5 %）。",
        "People in all variants with which the smallest difference worth having is seen four times in five (two-sided 5 %).",
    ),
    "behaviour.d.plan_people": Text(
        "最近这么多个完整的周里有过活动的不同的人，除以 2。",
        "Different people active in as many of the newest whole weeks, divided by two.",
    ),
    "behaviour.d.smallest": Text(
        "五次里四次看得出的最小差别（双侧 5 %）。", "Smallest difference that is seen four times in five (two-sided 5 %)."
    ),
    "behaviour.d.smallest_relative": Text("看得出的最小差别除以现在的数值。", "The smallest difference divided by the present value."),
    "behaviour.d.plan_value": Text(
        "最近几周活跃的人，从那时起观察期内的数值。", "Of people active in the newest weeks, within their window from then on."
    ),
    "behaviour.d.plan_traffic": Text("最近一个完整的周里有过活动的人。", "People active in the newest whole week."),
}
