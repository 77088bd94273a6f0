"""Sentences of `risk model`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

MODEL_TITLE = Text("模型有多可信，看重什么", "How far to trust the model, and what it goes by")

MODEL_NO_TASK = Problem(
    "risk_model_no_task",
    Text("还没有风险任务，也就没有模型", "there is no risk to learn, so there is no model"),
    Text("知道谁流失了的一列，或说好多少天没动静算流失", "a column that says who left, or how many days without activity count as lost"),
    Text("导入时加 --outcome 列名=值，例如 --outcome Churn=Yes", "import with --outcome COLUMN=VALUE, such as --outcome Churn=Yes"),
)
MODEL_NOT_TRAINED = Problem(
    "risk_model_not_trained",
    Text("任务 {task} 还没有模型", "task {task} has no model yet"),
    Text("先训练好一个", "a trained model"),
    Text("运行 productloop risk train", "run productloop risk train"),
)

TEXTS = {
    "risk.model.title": MODEL_TITLE,
    "risk.model.number": Text(
        "这个任务预测的是多少次或还有多久，不是会不会：没有“可能性”可查准不准。它和平均数比好多少在下面的折叠里，"
        "排在最前的人和准头看 productloop risk --task {task}。",
        "This task predicts how many or how long, not whether something happens: there is no chance whose truth could be checked. How much better it is than "
        "the average is folded below; who comes first, and how far off it is: productloop risk --task {task}.",
    ),
    "risk.model.heading_classes": Text("每一种结果分别看", "Each outcome by itself"),
    "risk.model.column_class": Text("结果", "outcome"),
    "risk.model.column_class_rate": Text("占全部的", "share of all"),
    "risk.model.column_class_hits": Text("可能性最高的人里", "of those with the highest chance of it"),
    "risk.model.class_hits": Text(
        "{of:count} 人里约 {hits:count} 人真是；随便挑 {base:count} 人",
        "of {of:count} about {hits:count} really; picked at random, {base:count}",
    ),
    "risk.model.class_more": Text(
        "只看一种：productloop risk model --task {task} --value {name}",
        "Only one of them: productloop risk model --task {task} --value {name}",
    ),
    "risk.model.trust_right": Text(
        "它说的可能性可以照着用：说的和实际的平均差 {gap:number} 个百分点；就算每个可能性都说准，单凭运气也会差到 {luck:number} 个。",
        "Its chances can be taken at their word: what it said and what happened are {gap:number} points apart on average; even chances that are exactly "
        "right would be up to {luck:number} apart by luck.",
    ),
    "risk.model.trust_too_high": Text(
        "它说的可能性偏高：和实际平均差 {gap:number} 个百分点，单凭运气最多差 {luck:number} 个。排先后可以用，数字要打折看。",
        "Its chances are too high: {gap:number} points from what happened on average, where luck makes {luck:number} at most. The order can be used; "
        "take the numbers with a discount.",
    ),
    "risk.model.trust_too_low": Text(
        "它说的可能性偏低：和实际平均差 {gap:number} 个百分点，单凭运气最多差 {luck:number} 个。排先后可以用，数字要往高里看。",
        "Its chances are too low: {gap:number} points from what happened on average, where luck makes {luck:number} at most. The order can be used; "
        "read the numbers as somewhat higher.",
    ),
    "risk.model.trust_mixed": Text(
        "它说的可能性有的偏高、有的偏低：和实际平均差 {gap:number} 个百分点，单凭运气最多差 {luck:number} 个。排先后可以用，数字别当真。",
        "Its chances are too high in places and too low in others: {gap:number} points from what happened on average, where luck makes {luck:number} at "
        "most. The order can be used; do not take the numbers at their word.",
    ),
    "risk.model.few_judged": Text(
        "考它的记录只有 {num:count} 条，运气的份量很大：再攒一些结果再看。",
        "Only {num:count} records judged it, so luck weighs heavily: look again when more results are in.",
    ),
    "risk.model.chart_said": Text("说的可能性，和实际发生的比例", "What it said, and what happened"),
    "risk.model.exact": Text("说得正好", "exactly as said"),
    "risk.model.happened": Text("实际发生", "happened"),
    "risk.model.axis_said": Text("它说的可能性", "the chance it said"),
    "risk.model.heading_goes_by": Text("它看重什么", "What it goes by"),
    "risk.model.most": Text("最看重的是“{first}”：占全部份量的 {share}。", "It goes mostly by {first}: {share} of all weight."),
    "risk.model.most_two": Text(
        "最看重的是“{first}”（占全部份量的 {share}）和“{second}”（{second_share}）。",
        "It goes mostly by {first} ({share} of all weight) and {second} ({second_share}).",
    ),
    "risk.model.association": Text(
        "这是模型判断的依据，不等于原因：改了它，风险不一定跟着变。",
        "This is what the model goes by, not the cause: changing it need not change the risk.",
    ),
    "risk.model.association_number": Text(
        "这是模型判断的依据，不等于原因：改了它，结果不一定跟着变。",
        "This is what the model goes by, not the cause: changing it need not change the number.",
    ),
    "risk.model.chart_weights": Text("每类信息占多少份量", "Share of the weight of each kind of information"),
    "risk.model.weight": Text("占的份量", "share of the weight"),
    "risk.model.heading_curves": Text("可能性怎么随它变", "How the chance moves"),
    "risk.model.chart_curve": Text("“{feature}”不同，{event}的可能性怎么变", "The chance to {event}, by {feature}"),
    "risk.model.curve_mean": Text("平均可能性", "mean chance"),
    "risk.model.heading_curves_number": Text("预测的数怎么随它变", "How the predicted number moves"),
    "risk.model.chart_curve_number": Text("“{feature}”不同，预测的数（{event}）怎么变", "The predicted number ({event}), by {feature}"),
    "risk.model.curve_mean_number": Text("平均预测", "mean prediction"),
    "risk.model.heading_tree": Text("用几条规则大致说出这个模型", "The model in a few rules, roughly"),
    "risk.model.fidelity": Text(
        "这几条规则只是模型的简写：每 100 人里，约 {agreement} 人（{agreement:range}）两者对“高于还是低于平均”看法一致，可能性平均差 {gap:number} 个百分点。",
        "The rules are shorthand for the model: for about {agreement:count} of 100 people ({agreement:range}) both agree on above or below average, and "
        "their chances differ by {gap:number} points on average.",
    ),
    "risk.model.column_rule": Text("什么样的人", "who"),
    "risk.model.column_chance": Text("{event}的可能", "chance to {event}"),
    "risk.model.column_people": Text("占多少人", "share of people"),
    "risk.model.everybody": Text("所有人", "everybody"),
    "risk.model.is": Text("{feature}：{values}", "{feature}: {values}"),
    "risk.model.or": Text("{first} 或 {second}", "{first} or {second}"),
    "risk.model.and": Text("{first}；{second}", "{first}; {second}"),
    "risk.model.between": Text(
        "{feature} 超过 {above:number}、不超过 {up_to:number}", "{feature}: above {above:number}, up to {up_to:number}"
    ),
    "risk.model.missing": Text("没填", "not known"),
    "risk.model.other": Text("少见的值", "a rare value"),
    "risk.model.category": Text("{name}", "{name}"),
    # folds
    "risk.model.fold_marks": Text("成绩单", "Marks"),
    "risk.model.column_model": Text("这个模型", "this model"),
    "risk.model.column_perfect": Text("同样的可能性，若个个说准", "the same chances, were each exactly right"),
    "risk.model.column_overall": Text("只用总体比例", "the overall rate alone"),
    "risk.model.range": Text("{value:number}（{low:number}-{high:number}）", "{value:number} ({low:number}-{high:number})"),
    "risk.model.fold_bins": Text("每一档说了多少、发生了多少", "Each level: what was said, what happened"),
    "risk.model.column_said": Text("说的可能性", "said"),
    "risk.model.column_happened": Text("实际发生", "happened"),
    "risk.model.column_records": Text("记录数", "records"),
    "risk.model.share_range": Text("{value}（{value:range}）", "{value} ({value:range})"),
    "risk.model.fold_curves": Text("排序的两条曲线（精确率-召回率、ROC）", "Two curves of the order (precision-recall, ROC)"),
    "risk.model.chart_found": Text(
        "要找出这么多会{event}的人，点名的人里有多少真的会", "To find so many of those who {event}, how many of the flagged really do"
    ),
    "risk.model.right": Text("点名的人里真的会的（精确率）", "of the flagged, really do (precision)"),
    "risk.model.axis_found": Text("找出的比例（召回率）", "share found (recall)"),
    "risk.model.chart_disturbed": Text(
        "误点这么多不会{event}的人，能找出多少会的人（ROC）", "Flagging so many who do not {event}, how many who do are found (ROC)"
    ),
    "risk.model.axis_disturbed": Text("误点的比例（假阳性率）", "share flagged in error (false positive rate)"),
    "risk.model.found": Text("找出的比例", "share found"),
    "risk.model.by_luck": Text("随便挑", "picked at random"),
    "risk.model.fold_alone": Text("有多少可以让模型自己定（保形预测）", "How much the model may decide alone (conformal prediction)"),
    "risk.model.alone": Text(
        "若允许全部人里最多一成被它单独判错，{share} 的人可以由模型自己定，其中判错的占全部人的 {wrong}；其余两种结果都说得通，留给人。",
        "If at most a tenth of all people may be decided alone and wrongly, {share} can be left to the model ({wrong} of all were wrong); for the others both "
        "results stay possible, and a person decides.",
    ),
    "risk.model.alone_threshold": Text(
        "一种结果的可能性不到 {threshold} 就排除。依据：Vovk、Gammerman、Shafer 2005。",
        "A result is ruled out below a chance of {threshold}. After Vovk, Gammerman and Shafer 2005.",
    ),
    "risk.model.fold_corrections": Text("类别不平衡的几种修正，各有什么代价", "Corrections of imbalance, and what each costs"),
    "risk.model.column_correction": Text("做法", "correction"),
    "risk.model.corrections": Text(
        "同样的折、同样的方法（逻辑回归）。修正能改变点名多少人，但会让可能性不准；要多点名或少点名，调门槛就够了。",
        "Same folds, same method (logistic regression). A correction changes how many are flagged at the price of wrong "
        "chances; to flag more or fewer, move the threshold.",
    ),
    "risk.model.correction": Text("{name}", "{name}"),
    "risk.model.fold_method": Text("这些图怎么算的", "How the pictures are made"),
    "risk.model.method_weights": Text(
        "份量：每类信息把得分推动了多少（绝对值的平均），占全部的比例；横线只含抽到哪些人的运气，换一批数据重新训练会差得更多。",
        "Weight: mean size of the push that each kind of information gives the score, as a share of all; the bar holds "
        "only the luck of whom we asked, training again on other data moves it more.",
    ),
    "risk.model.method_shuffled": Text(
        "份量：把一类信息在人之间打乱，得分（对数几率）平均变多少，占全部的比例。",
        "Weight: how far the score (log-odds) moves when one kind of information is shuffled among people, as a share of all.",
    ),
    "risk.model.method_values": Text(
        "{feature}：让每个人依次取这些值，看平均可能性（部分依赖，Friedman 2001）；色带里是九成的人（ICE）。",
        "{feature}: everybody is given each value in turn, and the mean chance is shown (partial dependence, Friedman 2001); the band holds nine in ten "
        "people (ICE).",
    ),
    "risk.model.method_local": Text(
        "{feature}：它和别的数字连着变，所以只看本来就在附近的人，把一小步一小步的变化累加起来（累积局部效应，Apley、Zhu 2020）；色带是九成把握的范围。",
        "{feature}: it moves together with other numbers, so only people near each value count and small steps are summed (accumulated local effects, Apley "
        "and Zhu 2020); the band is the 90 % interval.",
    ),
    "risk.model.method_among": Text(
        "{feature}：它和别的信息连在一起，单独改它会造出不存在的人，所以给的是本来就是这个值的人的平均可能性；色带里是其中九成的人。",
        "{feature}: it goes together with other information, and changing it alone would make people who do not exist; so this is the mean chance of the "
        "people who have the value, and the bar holds nine in ten of them.",
    ),
    "risk.model.method_tree": Text(
        "规则：一棵三层的小树，学的是模型说的可能性，不是结果；在没学过的人身上 R² = {r_squared:number}。",
        "Rules: a tree of depth 3 that learned the model's chances, not the outcomes; R² = {r_squared:number} on people it had not seen.",
    ),
    # definitions
    "risk.define.model_gap": Text(
        "十档里说的和发生的之差，按人数平均（ECE，十个等宽档）", "mean over people of |said - happened| in ten equal-width levels (ECE)"
    ),
    "risk.define.model_luck": Text(
        "若每个可能性都说准，这个差由运气造成的上限（二十次里十九次在它以下）",
        "upper end of that difference by luck, were each chance exactly right (19 times in 20 it is below)",
    ),
    "risk.define.model_brier": Text(
        "布里尔分数：可能性与结果之差的平方，平均；越低越好",
        "Brier score: mean squared distance of the chance from what happened; lower is better",
    ),
    "risk.define.model_bin": Text("这一档里实际发生的比例", "share of this level that happened"),
    "risk.define.model_said": Text("这一档的平均可能性", "mean chance of this level"),
    "risk.define.model_perfect": Text(
        "若每个可能性都说准，这个分数会是多少（模拟）", "what the measure would be were each chance exactly right (simulated)"
    ),
    "risk.define.model_overall": Text("给每个人总体比例时的分数", "the measure when everybody gets the overall rate"),
    "risk.define.model_alone": Text("只剩一种结果说得通的人", "people for whom one result alone stays possible"),
    "risk.define.model_alone_wrong": Text("由模型单独判定且判错的人，占全部", "decided alone and wrongly, as a share of all"),
    "risk.define.model_alone_threshold": Text("可能性低于它的结果被排除", "a result is ruled out below this chance"),
    "risk.define.model_rule": Text("这些人的平均可能性（模型说的）", "mean chance of these people, as the model says"),
    "risk.define.model_rule_share": Text("这些人占全部人的比例", "these people as a share of all"),
    "risk.define.model_agreement": Text(
        "每 100 人里，规则和模型对高于还是低于平均看法一致的人",
        "of 100 people, those on whom rules and model agree: above or below the mean",
    ),
    "risk.define.model_tree_gap": Text("规则和模型的可能性之差，平均", "mean difference between the chances of rules and model"),
    "risk.define.model_r_squared": Text(
        "规则解释了模型可能性方差的多少", "share of the variance of the model's chances that the rules reproduce"
    ),
    "risk.define.correction_order": Text("ROC-AUC：排对先后的比例", "ROC-AUC: share of pairs put in the right order"),
    "risk.define.correction_extra": Text("对数损失多出多少（大于 0 是变差）", "log-loss added (above 0: worse)"),
    "risk.define.correction_gap": Text("说的和实际差几个百分点（ECE）", "said against happened, points apart (ECE)"),
    "risk.define.correction_flagged": Text("超过 50 % 的人数", "people above 50 %"),
    "risk.define.correction_right": Text("其中真的会的", "of them, really do"),
    "risk.define.correction_untreated": Text("不修正、点同样多的人时真的会的", "of as many flagged without it, really do"),
}
