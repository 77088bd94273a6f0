"""Sentences of `needs label`, Chinese and English; and the words by which answers may be given."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

LABEL_TITLE = Text("标 30 条，得到自己的判断模型", "Label 30 texts, own a model")

TASK_TITLE = Text("您标的答案：{question}", "Your own answers: {question}")

QUESTION_WORDS = {
    "sentiment": ("sentiment", "mood", "feeling", "情绪", "情感", "好评差评"),
    "type": ("type", "types", "kind", "类型", "反馈类型", "种类"),
}
ANSWER_WORDS = {
    "negative": ("negative", "neg", "bad", "负面", "负", "差评", "消极"),
    "neutral": ("neutral", "neu", "中性", "中", "一般"),
    "positive": ("positive", "pos", "good", "正面", "正", "好评", "积极"),
    "bug": ("bug", "defect", "故障", "缺陷"),
    "request": ("request", "wish", "建议", "需求"),
    "praise": ("praise", "表扬", "夸奖"),
    "question": ("question", "咨询", "提问"),
    "complaint": ("complaint", "投诉", "抱怨"),
    "churn_threat": ("churn_threat", "churn", "leaving", "要走", "流失"),
    "other": ("other", "其他", "其它"),
}
"""The first is the answer's own name; within one question no word stands twice."""
SKIP_WORDS = ("skip", "?", "？", "跳过", "说不准")
PLAIN_WORDS = ("yes", "no", "true", "false", "是", "否", "不是", "有", "没有", "对", "不对", "y", "n", "1", "0")
"""Answers that say nothing about what a text is about: no first guess can be made from them."""

NO_ANSWERS = Problem(
    "needs_label_no_answers",
    Text("没有写 {question:quote} 有哪些答案", "nothing says which answers {question:quote} has"),
    Text("至少两个不同的答案", "two different answers at least"),
    Text("例如 --answers 是,否", "for example: --answers yes,no"),
)
QUESTION_MISSING = Problem(
    "needs_label_question_missing",
    Text("任务 {task:quote} 没有写问什么", "the task {task:quote} does not say what is asked"),
    Text("question：sentiment、type，或自己的问题", "question: sentiment, type, or a question of your own"),
    Text('在 productloop.toml 里写上，例如 question = "sentiment"', 'write it in productloop.toml, for example question = "sentiment"'),
)
ANSWER_UNKNOWN = Problem(
    "needs_label_answer_unknown",
    Text("没有 {answer:quote} 这个答案", "there is no answer {answer:quote}"),
    Text("其中一个：{known}；说不准的写“跳过”", "one of: {known}; or skip where nobody can tell"),
    Text("改好后整批再给一次；这一批都还没有存", "correct it and give all of them again; none of them was stored"),
)
MARK_SHAPE = Problem(
    "needs_label_mark_shape",
    Text("看不懂这个答案：{given:quote}", "cannot read this answer: {given:quote}"),
    Text("编号=答案，几条之间用逗号", "ROW=ANSWER, with commas between several"),
    Text("例如 --mark '编号=答案'；这一批都还没有存", "for example --mark 'ROW=ANSWER'; none of them was stored"),
)
NO_SUCH_TEXT = Problem(
    "needs_label_no_such_text",
    Text("没有编号是 {row:quote} 的内容", "there is no text with the number {row:quote}"),
    Text("下面列出的编号", "a number from the list of texts"),
    Text("运行 productloop needs label 看看有哪些；这一批都还没有存", "see them with: productloop needs label; none of them was stored"),
)
SEVERAL_TEXTS = Problem(
    "needs_label_several_texts",
    Text("编号以 {row:quote} 开头的内容不止一条", "several texts have numbers that begin with {row:quote}"),
    Text("多写几位", "more characters of it"),
    Text("把编号写全；这一批都还没有存", "write the number in full; none of them was stored"),
)

TEXTS = {
    "needs.label.title": Text("标注：{question}", "Labelling: {question}"),
    "needs.label.question.sentiment": Text("情绪", "sentiment"),
    "needs.label.question.type": Text("反馈类型", "type of feedback"),
    "needs.label.answer.negative": Text("负面", "negative"),
    "needs.label.answer.neutral": Text("中性", "neutral"),
    "needs.label.answer.positive": Text("正面", "positive"),
    "needs.label.answer.bug": Text("故障", "bug"),
    "needs.label.answer.request": Text("建议", "request"),
    "needs.label.answer.praise": Text("表扬", "praise"),
    "needs.label.answer.question": Text("咨询", "question"),
    "needs.label.answer.complaint": Text("投诉", "complaint"),
    "needs.label.answer.churn_threat": Text("要走", "churn_threat"),
    "needs.label.answer.other": Text("其他", "other"),
    "needs.label.empty": Text("没有可以标的内容。", "There is no text that could be labelled."),
    "needs.label.done": Text("记下了 {done} 条答案。", "{done} {done|answer|answers} stored."),
    "needs.label.start": Text(
        "还没有标过。先标下面这些，标到 {goal} 条左右就能看出模型能替您判多少。",
        "Nothing is labelled yet. Label the texts below; with about {goal} you will see how many it can decide for you.",
    ),
    "needs.label.more": Text(
        "标了 {labelled} 条，目标 {goal} 条；再标 {missing} 条，模型就开始学。",
        "{labelled} of {goal} {goal|text|texts} labelled; it starts to learn with {missing} more.",
    ),
    "needs.label.few_checks": Text(
        "标了 {labelled} 条，目标 {goal} 条。已经在学，但抽签抽中的还太少，说不出它判得准不准；接着标下面这些。",
        "{labelled} of {goal} {goal|text|texts} labelled. It has begun to learn, but too few of them were drawn by lot to say how well; label the texts below.",
    ),
    "needs.label.one_answer": Text(
        "标了 {labelled} 条，全是同一个答案；出现第二种答案它才有东西可学。",
        "{labelled} {labelled|text is|texts are} labelled, all with the same answer; it can learn once there is a second one.",
    ),
    "needs.label.lead": Text(
        "标了 {labelled} 条。现在每 10 条内容，模型大约判对 {right:count} 条（九成把握在 {right:range} 条之间）；{without}。",
        "{labelled} {labelled|text|texts} labelled. Of 10 texts the model decides about {right:count} rightly ({right:range}, nine times in ten); {without}.",
    ),
    "needs.label.without.cold": Text(
        "不标也能判对 {cold:count} 条，全猜最常见的答案能对 {common:count} 条",
        "without labels it is {cold:count}, and {common:count} by always giving the most common answer",
    ),
    "needs.label.without.common": Text(
        "全猜最常见的答案能对 {common:count} 条", "always giving the most common answer would get {common:count}"
    ),
    "needs.label.no_better": Text(
        "这些标注还没有让它比现成的办法更准。", "So far the labels have not made it better than what there was without them."
    ),
    "needs.label.alone": Text(
        "剩下的 {open} 条里，它自己就能判 {alone} 条；另外 {left} 条它拿不准，要问人。抽查的 {checks} 条里它敢判 {alone_checks} 条，判错 {alone_wrong} 条。",
        "Of the {open} texts left it can decide {alone} alone; about the other {left} it should ask a person. "
        "Of {checks} checks it would decide {alone_checks} alone, {alone_wrong} of them wrongly.",
    ),
    "needs.label.alone_none": Text(
        "现在它一条都不能自己判：还差 {checks_missing} 条抽查，才知道它错得多不多。",
        "So far it may decide nothing alone: {checks_missing} more {checks_missing|check is|checks are} needed to know how often it is wrong.",
    ),
    "needs.label.alone_unsure": Text(
        "现在它一条都不能自己判：要保证错得少，剩下的 {open} 条都得问人。",
        "So far it may decide nothing alone: to keep mistakes few it would have to ask about all {open} texts that are left.",
    ),
    "needs.label.gain_up": Text(
        "标注还在见效：标了一半的时候，每 10 条少判对 {gain} 条（九成把握 {gain:range}）。接着标还会更准。",
        "Labels still help: with half of them it got {gain} fewer of 10 right ({gain:range}, nine times in ten). More will make it better.",
    ),
    "needs.label.gain_flat": Text(
        "跟只用一半标注比，还看不出变准了多少；再标一批才看得清。",
        "Compared with half of the labels no gain can be seen yet; another batch would tell.",
    ),
    "needs.label.live.wait": Text(
        "再标 {to_train} 条，运行 productloop run，它就能上线，别的程序也能来问它。",
        "With {to_train} more {to_train|answer|answers}, productloop run puts it live, and other programs can ask it, too.",
    ),
    "needs.label.live.ready": Text(
        "标得够了：运行 productloop run，检验过关就上线，别的程序也能来问它。",
        "There are enough answers: productloop run checks it and puts it live, and other programs can ask it, too.",
    ),
    "needs.label.live.good": Text(
        "在用的是 {release}：学了 {learned} 条；抽签抽中、它没学过的内容，10 条判对 {right:count} 条（九成把握在 {right:range} 条之间），"
        "10 条里它敢自己判 {alone:count} 条。",
        "Live is {release}, trained on {learned} {learned|answer|answers}: of 10 texts drawn by lot that it had not learned it is right for {right:count} "
        "({right:range}, nine times in ten), and would decide {alone:count} of the 10 alone.",
    ),
    "needs.label.live.baseline": Text(
        "学过 {learned} 条，没有比全猜最常见的答案好，所以还没有上线自己的模型；多标一批再试。",
        "Trained on {learned} {learned|answer|answers}, it was no better than the most common answer, so no model of yours is live; label another batch.",
    ),
    "needs.label.live.fresh": Text(
        "之后又标了 {fresh} 条；下次 productloop run 拿来检验，新的不差才换。",
        "{fresh} {fresh|answer was|answers were} given since; the next productloop run judges by them whether a new one may replace it.",
    ),
    "needs.label.range": Text("{share:range}", "{share:range}"),
    "needs.label.gain_done": Text(
        "跟只用一半标注时一样准；再标，主要是让它敢自己判更多条。",
        "It is as right as with half of the labels; more of them mainly let it decide more texts alone.",
    ),
    "needs.label.shares": Text("全部内容里各占多少（九成把握）", "Share of each answer among all texts (nine times in ten)"),
    "needs.label.table": Text("各个答案", "The answers"),
    "needs.label.heading.next": Text("接下来标这 {asked} 条", "Label these {asked} next"),
    "needs.label.asked": Text("编号 {number}", "Number {number}"),
    "needs.label.none_left": Text("能标的都标完了。", "Everything that can be labelled is labelled."),
    "needs.label.how": Text(
        "可选的答案：{answers}；说不准的写“跳过”。在每个等号后面填上答案，再运行（网页上，把引号里的一段填进表单）：",
        "Answers: {answers}; skip where nobody can tell. Fill in an answer after each equals sign and run this "
        "(on a web page, put what stands in quotes into the form):",
    ),
    "needs.label.own": Text("{name}", "{name}"),
    "needs.label.command": Text("{command}", "{command}"),
    "needs.label.fold.numbers": Text("它判得怎么样：全部数字", "How well it does: all numbers"),
    "needs.label.fold.method": Text("怎么挑、怎么学、怎么算", "How texts are picked, learnt from and counted"),
    "needs.label.method.pick": Text(
        "每批大约七成是抽签抽的，用来检查它判得准不准；其余是模型最拿不准、彼此又不像的（按不确定程度加权的 k-means++）。"
        "同样的话只问一次，一批里每人最多一条，只剩打码的不问。",
        "About seven in ten of a batch are drawn by lot and serve to check the head; "
        "the others are those it is least sure of, spread apart (k-means++ weighted by uncertainty). "
        "The same words are asked once, at most one text a voice in a batch, and none that is only masks.",
    ),
    "needs.label.method.learn": Text(
        "句向量上的逻辑回归，从标注学，也从现成判断对没标内容的看法学；同样的标注永远学出同样的模型，不到几秒，所以这一页每次现学；"
        "productloop run 学出的那个要过检验，上线后不变，直到有更好的。",
        "A logistic regression on sentence vectors learns from the labels and, weaker, from the first guesses about unlabelled texts; "
        "the same labels always give the same head within seconds, so this page trains it when asked; the one that productloop run trains is "
        "checked, goes live, and stays until there is a better one.",
    ),
    "needs.label.method.alone": Text(
        "自己判：用保形预测（conformal）在抽查的内容上定一条线，线以上只剩一个答案才自己判；照这样，自己判而判错的，平均不超过全部内容的一成。",
        "Alone: conformal prediction sets a threshold on the checks, and a text with a single answer left above it is decided alone; "
        "on average at most a tenth of all texts are then decided alone and wrongly.",
    ),
    "needs.label.method.shares": Text(
        "占比：先把模型对每条的把握加起来，再用抽查里它偏了多少来纠正（差值估计）；按人算，一个人不管说几条都算一个。",
        "Shares: the head's chances added up, corrected by how far it was off on the checks (difference estimator); counted by voices, however much each said.",
    ),
    "needs.column.label_answer": Text("答案", "Answer"),
    "needs.column.labelled": Text("您标的", "Labelled by you"),
    "needs.column.decided": Text("它自己判的", "Decided alone"),
    "needs.column.label_share": Text("占全部（九成把握）", "Share of all (nine times in ten)"),
    "needs.label.column.what": Text("数字", "Number"),
    "needs.label.column.value": Text("多少", "Value"),
    "needs.label.number.checks": Text("抽查的条数", "Checks"),
    "needs.label.number.right": Text("每 10 条判对", "Right of 10"),
    "needs.label.number.cold": Text("不标时每 10 条判对", "Right of 10 without labels"),
    "needs.label.number.common": Text("全猜最常见的答案，每 10 条判对", "Right of 10 by the most common answer"),
    "needs.label.number.alone_checks": Text("抽查里它敢自己判的", "Checks it would decide alone"),
    "needs.label.number.alone_wrong": Text("其中判错的", "Of these wrong"),
    "needs.label.number.gain": Text("比一半标注时每 10 条多判对", "More right of 10 than with half of the labels"),
    "needs.label.number.skipped": Text("跳过的", "Skipped"),
    "needs.d.label_done": Text("这次存下的答案，包括跳过的。", "Answers stored by this request, skipped ones included."),
    "needs.d.label_skipped": Text(
        "说不准而跳过的内容，不再问，也不拿来学。", "Texts where nobody can tell; they are neither asked again nor learnt from."
    ),
    "needs.d.label_labelled": Text(
        "有答案的内容，同样的话算一条；每条以最后一次的答案为准。",
        "Texts with an answer, the same words once; the newest answer of each counts.",
    ),
    "needs.d.label_goal": Text(
        "多数问题标到这么多就看得出模型有没有用。", "With so many labels most questions show whether a model helps."
    ),
    "needs.d.label_missing": Text(
        "离开始学还差的条数：至少 8 条、两种答案。", "Labels missing before it learns: 8 at least, with two different answers."
    ),
    "needs.d.label_texts": Text(
        "可以标的内容，同样的话算一条，只剩打码的不算。", "Texts that can be labelled, the same words once, none that is only masks."
    ),
    "needs.d.label_checks": Text(
        "抽签抽中的标注；模型没有学过这条的答案，再拿来比。", "Labels drawn by lot, each judged by a head that did not learn from it."
    ),
    "needs.d.label_checks_missing": Text(
        "还差几条抽查：不到 9 条，定不出“错不过一成”的线。", "Checks missing: with fewer than 9 no threshold can promise a tenth."
    ),
    "needs.d.label_right": Text(
        "抽查里判对的比例乘 10；模型没学过这些条的答案；区间是九成把握（Wilson）。",
        "Share of checks decided rightly times 10, by heads that had not seen their labels; Wilson interval at 90 %.",
    ),
    "needs.d.label_cold": Text(
        "同一批抽查，不用任何标注时判对的比例乘 10。", "The same checks, share decided rightly without any label, times 10."
    ),
    "needs.d.label_common": Text(
        "同一批抽查，每条都猜标注里最多的答案，猜对的比例乘 10。",
        "The same checks, each given the most common answer of all labels, times 10.",
    ),
    "needs.d.label_alone": Text(
        "没标的内容里，超过那条线的答案只有一个的条数（含同样的话）。",
        "Unlabelled texts, copies included, with one single answer above the threshold.",
    ),
    "needs.d.label_left": Text(
        "没标的内容里，剩下不止一个答案或一个都没有的条数。", "Unlabelled texts with several answers above the threshold, or none."
    ),
    "needs.d.label_open": Text("还没标的内容条数（含同样的话）。", "Texts without a label, copies included."),
    "needs.d.label_alone_checks": Text("抽查里只剩一个答案的条数。", "Checks with one single answer above the threshold."),
    "needs.d.label_alone_wrong": Text("这些抽查里判错的条数。", "Those of them that are decided wrongly."),
    "needs.d.label_gain": Text(
        "用全部标注和只用随机一半标注学，同一批抽查每 10 条判对数之差；重抽样的九成区间。",
        "Right of 10 on the same checks, all labels against a random half of them; bootstrap interval at 90 %.",
    ),
    "needs.d.label_learned": Text("在用的模型学过的标注。", "Answers that the live model learned from."),
    "needs.d.label_fresh": Text("在用的模型训练之后多出来的标注。", "Answers beyond those that the live model learned from."),
    "needs.d.label_to_train": Text(
        "离能训练还差的条数：至少 24 条有答案的，跳过的不算。",
        "Answers missing before a turn trains: 24 at least, skipped ones not counted.",
    ),
    "needs.d.label_live_right": Text(
        "模型卡上的：抽签抽中的标注，每条由没学过它的模型判，判对的比例乘 10；区间是九成把握（Wilson）。",
        "From its Card: labels drawn by lot, each judged by a model that had not learned it, share right times 10; Wilson interval at 90 %.",
    ),
    "needs.d.label_live_alone": Text(
        "模型卡上的：同一批里超过保形预测那条线、只剩一个答案的比例乘 10。",
        "From its Card: the same labels, share with one single answer left above the conformal threshold, times 10.",
    ),
    "needs.d.label_answer": Text("标成这个答案的内容。", "Texts labelled with this answer."),
    "needs.d.label_decided": Text(
        "没标、模型自己判成这个答案的内容条数（含同样的话）。", "Unlabelled texts, copies included, that the head gives this answer alone."
    ),
    "needs.d.label_share": Text(
        "这个答案占全部声音的比例：模型的把握之和，用抽查里的偏差纠正（差值估计，Särndal 等 1992），区间按 t 分布。",
        "Share of this answer among all voices: the sum of the head's chances corrected by its errors on the checks "
        "(difference estimator, Särndal and others 1992), t interval.",
    ),
    "needs.d.label_asked": Text("这一批请您标的内容。", "Texts of this batch."),
}
