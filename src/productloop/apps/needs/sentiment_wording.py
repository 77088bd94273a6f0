"""Sentences of `needs sentiment`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

SENTIMENT_TITLE = Text("用户现在满不满意", "How people feel now")

TEXTS = {
    "needs.mood.title": Text("用户现在满不满意", "How people feel now"),
    "needs.mood.nothing": Text(
        "没有星级、标注，也没有看得出态度的话，说不了满不满意。",
        "No stars, no labels and no words of liking or not: how people feel cannot be told.",
    ),
    "needs.mood.lead.people": Text(
        "看得出态度的 {felt} 人里，{unhappy:range} 不满意，{happy:range} 满意（九成把握）。",
        "Of {felt} {felt|person|people} whose feeling is known, {unhappy:range} are unhappy and {happy:range} happy (nine times in ten).",
    ),
    "needs.mood.lead.texts": Text(
        "看得出态度的 {felt} 条里，{unhappy:range} 不满意，{happy:range} 满意（九成把握）。",
        "Of {felt} {felt|text|texts} whose feeling is known, {unhappy:range} are unhappy and {happy:range} happy (nine times in ten).",
    ),
    "needs.mood.ever": Text(
        "这里把每个人说过的话合起来看；至少有一次不满意的占 {ever:range}。",
        "Here all that a person wrote counts together; {ever:range} were unhappy at least once.",
    ),
    "needs.mood.about": Text("不满意的人说得最多的：{topics}。", "The unhappy speak most of {topics}."),
    "needs.mood.more": Text(
        "{part} 的人更不满意：{share:range}，其余的人 {rest:range}。",
        "Of {part}, more are unhappy: {share:range}, against {rest:range} elsewhere.",
    ),
    "needs.mood.less": Text(
        "{part} 的人不满意的更少：{share:range}，其余的人 {rest:range}。",
        "Of {part}, fewer are unhappy: {share:range}, against {rest:range} elsewhere.",
    ),
    "needs.mood.alike": Text("各版本、渠道、语言之间没有看出超出偶然的差别。", "No version, channel or language differs beyond chance."),
    "needs.mood.unhappy": Text("不满意", "Unhappy"),
    "needs.mood.neutral": Text("说不上", "Neither"),
    "needs.mood.happy": Text("满意", "Happy"),
    "needs.mood.quotes": Text("不满意的人最近说的", "What unhappy people said last"),
    "needs.mood.column.part": Text("哪一部分", "Part"),
    "needs.mood.column.people": Text("看得出态度的", "Feeling known"),
    "needs.mood.column.share": Text("不满意", "Unhappy"),
    "needs.mood.column.rest": Text("其余不满意", "Unhappy elsewhere"),
    "needs.mood.column.source": Text("按什么判断", "Judged by"),
    "needs.mood.fold.parts": Text("按版本、渠道、语言看", "By version, channel and language"),
    "needs.mood.fold.trust": Text("判断准不准", "How far to trust the judgement"),
    "needs.mood.fold.unsure": Text("看不出态度的例子", "Examples without a clear feeling"),
    "needs.mood.check": Text(
        "只看文字、有 {level} % 把握算作不满意的 {texts} 条里，{right:range} 打的是一两星。",
        "Of {texts} {texts|text|texts} that words alone call negative with {level} % certainty, {right:range} have one or two stars.",
    ),
    "needs.mood.unchecked": Text(
        "带星级的内容不够，没法核对只看文字准不准。", "There are too few texts with stars to check the judgement by words."
    ),
    "needs.d.mood_felt": Text("至少有一条看得出态度的人（或条）。", "Voices with at least one text whose feeling is known."),
    "needs.d.mood_unhappy": Text(
        "平均态度低于 -1/3 的人占比，Wilson 区间。", "Share of voices whose mean feeling lies below -1/3; Wilson interval."
    ),
    "needs.d.mood_neutral": Text("平均态度在 -1/3 到 1/3 之间的占比。", "Share of voices whose mean feeling lies between -1/3 and 1/3."),
    "needs.d.mood_happy": Text("平均态度高于 1/3 的占比。", "Share of voices whose mean feeling lies above 1/3."),
    "needs.d.mood_part": Text("这一部分里不满意的占比。", "Share unhappy in this part."),
    "needs.d.mood_rest": Text("同一列其余部分里不满意的占比。", "Share unhappy in the rest of the same column."),
    "needs.d.mood_part_people": Text("这一部分里看得出态度的人（或条）。", "Voices of this part whose feeling is known."),
    "needs.d.mood_topic": Text("不满意的人里，在这个话题上说了不满的。", "Unhappy voices with a negative point in the topic."),
    "needs.d.mood_check": Text(
        "有星级的内容（重复的只算一条）里，没见过星级的判断说是负面的，有多少确实是一两星。",
        "Among texts with stars (copies once): of those called negative by a judgement that never saw the stars, how many have one or two.",
    ),
}
