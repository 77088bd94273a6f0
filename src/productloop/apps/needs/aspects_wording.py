"""Sentences of `needs aspects`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

ASPECTS_TITLE = Text("用户对产品各个方面的感受", "How people feel about each part of the product")

TASK_TITLE = Text("说的是哪个方面", "Which part of the product a text is about")
FEELING_TASK_TITLE = Text("对这个方面是什么感受", "How a text feels about that part")

NO_ASPECTS = Problem(
    "needs_no_aspects",
    Text("{column:quote} 这一列学不出方面", "no parts of the product can be learned from the column {column:quote}"),
    Text("至少两个方面，每个 {least} 条不同的内容", "two parts at least, each with {least} different texts"),
    Text("换一列，或多导入一些", "name another column, or import more"),
)
NO_SUCH_ASPECT = Problem(
    "needs_no_such_aspect",
    Text("没有叫 {aspect:quote} 的方面", "there is no aspect {aspect:quote}"),
    Text("方面的名字或其中一个词；现在有：{known}", "the name of an aspect or one of its words; there are: {known}"),
    Text("运行 productloop needs aspects 看看有哪些", "see them all with: productloop needs aspects"),
)

TEXTS = {
    "needs.aspects.title": Text("用户对产品各个方面的感受", "How people feel about each part of the product"),
    "needs.aspects.few": Text(
        "现在只有 {texts} 条内容，再有 {missing} 条左右才分得出产品的各个方面。",
        "There {texts|is|are} only {texts} {texts|text|texts}; parts of the product can be told apart with about {missing} more.",
    ),
    "needs.aspects.none": Text("没有找到够多的人说到的方面。", "No part of the product is named by enough people."),
    "needs.aspects.lead.worse": Text(
        "让最多人不满意的方面是「{name}」：说到它的 {people} 人里有 {unhappy:range} 不满意（九成把握），所有方面合在一起是 {overall}。",
        "What makes most people unhappy is “{name}”: {unhappy:range} of the {people} who speak of it are unhappy (nine times in ten), against {overall} over "
        "all parts of the product.",
    ),
    "needs.aspects.lead.usual": Text(
        "说得最多的方面是「{name}」（{people} 人）；没有哪个方面比别的明显更让人不满意。",
        "What people speak of most is “{name}” ({people} {people|person|people}); no part of the product is clearly worse than the others.",
    ),
    "needs.aspects.better": Text(
        "最让人满意的是「{name}」：{people} 人里只有 {unhappy:range} 不满意。",
        "People are happiest about “{name}”: only {unhappy:range} of {people} are unhappy.",
    ),
    "needs.aspects.growing": Text(
        "说到「{name}」的人从 {since} 那周开始变多。", "More people speak of “{name}” since the week of {since}."
    ),
    "needs.aspects.covered": Text(
        "{covered} 的人说到了至少一个方面；其余的人只说好坏，或者说的东西太少见。",
        "{covered} of people speak of at least one part; the others only praise or blame, or name something rare.",
    ),
    "needs.aspects.grid": Text("各个方面", "Parts of the product"),
    "needs.aspects.heat": Text("说到各个方面的人是什么感受", "How those who speak of each part feel"),
    "needs.aspects.mood.unhappy": Text("不满意", "unhappy"),
    "needs.aspects.mood.neither": Text("说不上", "neither"),
    "needs.aspects.mood.happy": Text("满意", "happy"),
    "needs.aspects.state.worse": Text("明显更差", "clearly worse"),
    "needs.aspects.state.better": Text("明显更好", "clearly better"),
    "needs.aspects.state.usual": Text("和别的差不多", "like the others"),
    "needs.aspects.state.too_few": Text("人太少", "too few"),
    "needs.aspects.fold": Text("每个方面包括哪些词，怎么找的", "The words of each part, and how they were found"),
    "needs.aspects.method": Text(
        "从内容里找带评价的名词（中文按词典的词性，英文按前后的词），意思相近的并成一个方面，中英文一起；每人只算一次。"
        "是否更差用 Fisher 精确检验和其他方面比，按方面的个数校正（Holm），p 小于 0.05 才算。没有标注可学，难免有并错或漏掉的词。",
        "Nouns that are judged (Chinese by the word classes of a dictionary, English by the words around them), those of like meaning joined, both "
        "languages together; each voice once. Worse or better: Fisher's exact test against the other parts, corrected for all of them (Holm), p "
        "below .05. Nothing was labelled, so some words are joined wrongly or missed.",
    ),
    "needs.aspects.method_column": Text(
        "方面取自「{column}」这一列；感受是整条内容的感受。",
        "The parts are the values of the column {column}; feelings are those of whole texts.",
    ),
    "needs.aspects.by_release": Text(
        "说的是哪个方面，由您自己的模型判断：没学过的内容，10 条判对 {right} 条；它拿不准的话不算进任何方面。",
        "Which part is meant is decided by your own model, right for {right} of 10 texts it had not learned; what it is unsure of counts for no part.",
    ),
    "needs.aspects.method_release": Text(
        "方面由模型 {release} 逐句判断：保形预测的线以上只剩一个方面时才算，判错的平均不超过整条内容的一成，句子比整条短，会略差一些。"
        "是否更差用 Fisher 精确检验和其他方面比，按方面的个数校正（Holm），p 小于 0.05 才算。",
        "The model {release} decides sentence by sentence, where a single part is left above its conformal threshold: wrong for a tenth of whole texts at "
        "most, somewhat more of sentences, which are shorter. Worse or better: Fisher's exact test against the other parts, corrected for all "
        "of them (Holm), p below .05.",
    ),
    "needs.aspects.method_feelings": Text(
        "没有星级的内容，感受由模型 {release} 判断。", "Where a text has no stars, the model {release} says how it feels."
    ),
    "needs.d.aspects_right": Text(
        "模型没学过的内容里，方面判对的比例乘 10（按最可能的一个算）。",
        "Share of texts the model had not learned whose part it names rightly, times 10, by the most probable part.",
    ),
    "needs.column.aspect": Text("方面", "Part"),
    "needs.column.happy": Text("满意", "Happy"),
    "needs.column.against": Text("和其他方面比", "Against the others"),
    "needs.column.blame": Text("怎么骂", "Blamed as"),
    "needs.column.praise": Text("怎么夸", "Praised as"),
    "needs.column.terms": Text("包括的词", "Words"),
    "needs.d.aspects_people": Text("说到这个方面的人。", "Voices who speak of the part."),
    "needs.d.aspects_share": Text("说到这个方面的人占说话的人多少。", "Share of all who wrote."),
    "needs.d.aspects_unhappy": Text(
        "说到它并且看得出感受的人里，至少有一句不满意的占多少。",
        "Of the voices whose feeling about it is known, those with at least one unhappy point.",
    ),
    "needs.d.aspects_happy": Text(
        "说到它并且看得出感受的人里，有满意的话、没有不满意的话的占多少。",
        "Of the voices whose feeling about it is known, those with a happy point and no unhappy one.",
    ),
    "needs.d.aspects_covered": Text("说到至少一个方面的人占多少。", "Share of voices who speak of at least one part."),
    "needs.d.aspects_overall": Text(
        "各个方面合在一起，看得出感受的人里不满意的占多少；一个人说到几个方面就算几次。",
        "Unhappy share over all parts together; a voice counts once for each part it speaks of.",
    ),
    "needs.d.aspects_chance": Text(
        "如果它其实和其他方面一样，差得这么多或更多的概率（按方面的个数校正）。",
        "Chance of a difference this large or larger if it were like the others, corrected for all parts.",
    ),
    "needs.d.aspects_word": Text("说到它时用了这个词的人。", "Voices who use the word when they speak of it."),
    "needs.d.aspects_word_elsewhere": Text("说到别的方面时用了这个词的人。", "Voices who use the word of other parts."),
    "needs.d.num_aspects": Text("够多的人说到的方面。", "Parts that enough voices speak of."),
}
