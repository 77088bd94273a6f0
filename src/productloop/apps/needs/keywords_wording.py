"""Sentences of `needs keywords`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

KEYWORDS_TITLE = Text("不满意和满意的人都用哪些词", "The words of unhappy and of happy people")

TEXTS = {
    "needs.keywords.title": Text("用户都用哪些词", "The words people use"),
    "needs.keywords.few": Text(
        "现在只有 {texts} 条内容，再有 {missing} 条左右才比得出用词的差别；想看某几个词，可以用 --words。",
        "There {texts|is|are} only {texts} {texts|text|texts}; words can be told apart with about {missing} more. Follow given words with --words.",
    ),
    "needs.keywords.lead": Text(
        "不满意的人最常带上「{first}」：{ours:range} 的不满意的人用到它，其余的人只有 {theirs:range}（九成把握）。",
        "Unhappy people stand out by “{first}”: {ours:range} of them use it, {theirs:range} of the others do (nine times in ten).",
    ),
    "needs.keywords.lead.happy": Text(
        "满意的人最常带上「{first}」：{ours:range} 的满意的人用到它，其余的人只有 {theirs:range}（九成把握）。",
        "Happy people stand out by “{first}”: {ours:range} of them use it, {theirs:range} of the others do (nine times in ten).",
    ),
    "needs.keywords.lead.all": Text(
        "用得最多的词是「{first}」：{ours:range} 的人用到它（九成把握）。",
        "The word used most is “{first}”: {ours:range} of people use it (nine times in ten).",
    ),
    "needs.keywords.in": Text("{speech}：{lead}", "{speech}: {lead}"),
    "needs.keywords.none": Text("没有哪个词用得明显比别人多。", "No word stands out beyond chance."),
    "needs.keywords.no_mood": Text(
        "看不出谁满意、谁不满意，所以只列出大家用得最多的词。", "Nobody's feeling is known, so only the words used most can be listed."
    ),
    "needs.keywords.group.unhappy": Text(
        "不满意的人（{speech}，{people} 人）", "Unhappy people ({speech}, {people} {people|voice|voices})"
    ),
    "needs.keywords.group.happy": Text("满意的人（{speech}，{people} 人）", "Happy people ({speech}, {people} {people|voice|voices})"),
    "needs.keywords.group.all": Text("所有人（{speech}，{people} 人）", "Everybody ({speech}, {people} {people|voice|voices})"),
    "needs.keywords.moving": Text("「{phrase}」从 {since} 那周开始变多。", "“{phrase}” has been growing since the week of {since}."),
    "needs.keywords.fading": Text("「{phrase}」从 {since} 那周开始变少。", "“{phrase}” has been fading since the week of {since}."),
    "needs.keywords.followed": Text(
        "「{word}」：{people} 人用到，占 {share:range}（九成把握），其中 {unhappy:range} 不满意；{first} 到 {last} 都有人说，{trend}。",
        "“{word}”: {people} {people|person uses|people use} it, {share:range} of all (nine times in ten), {unhappy:range} of them unhappy; seen from "
        "{first} to {last}, {trend}.",
    ),
    "needs.keywords.followed_undated": Text(
        "「{word}」：{people} 人用到，占 {share:range}（九成把握），其中 {unhappy:range} 不满意。",
        "“{word}”: {people} {people|person uses|people use} it, {share:range} of all (nine times in ten), {unhappy:range} of them unhappy.",
    ),
    "needs.keywords.unused": Text("没有人用过「{word}」。", "Nobody has used “{word}”."),
    "needs.keywords.trend.growing": Text("近来变多", "growing of late"),
    "needs.keywords.trend.fading": Text("近来变少", "fading of late"),
    "needs.keywords.trend.steady": Text("没有明显变化", "without a clear change"),
    "needs.keywords.trend.unknown": Text("还看不出走势", "too early for a trend"),
    "needs.keywords.chart": Text("每周有多少人用到这些词", "People using these words each week"),
    "needs.keywords.fold": Text("怎么数的", "How it was counted"),
    "needs.keywords.method": Text(
        "中文先分词，词组最多三个词，不跨标点；英文按词。每种语言分开数，每人只算一次。排序用的是对数几率比（Monroe、Colaresi、Quinn 2008），"
        "按标准差算；读了 {num} 条（很多时取最新的）。",
        "Chinese is cut into words first, a phrase has at most three and never crosses punctuation; English by words. Each language by itself, "
        "each voice once. Ordered by log-odds with an informative prior in standard deviations (Monroe, Colaresi and Quinn 2008), over {num} "
        "{num|text|texts} (the newest where there are very many).",
    ),
    "needs.column.here": Text("这些人里", "Of these"),
    "needs.column.others": Text("其余的人里", "Of the others"),
    "needs.column.score": Text("突出程度", "Standing out"),
    "needs.d.keywords_people": Text("这一组里说话的人。", "Voices of the group."),
    "needs.d.keywords_others": Text("同一种语言里其余的人。", "Other voices in the same language."),
    "needs.d.keywords_users": Text(
        "用到这个词的人数，每人只算一次；n 是这一组的人数。", "Voices who use the phrase, each once; n is all of the group."
    ),
    "needs.d.keywords_share": Text("用到这个词的人占多少。", "Share of voices who use the phrase."),
    "needs.d.keywords_score": Text(
        "对数几率比高出 0 多少个标准差（Monroe 等 2008）；不到 1.64 的不列。",
        "Standard deviations of the log-odds above 0 (Monroe et al. 2008); below 1.64 a phrase is not listed.",
    ),
    "needs.d.keywords_read": Text("读了多少条来找词。", "Texts read for phrases."),
}
