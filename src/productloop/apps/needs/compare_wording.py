"""Sentences of `needs compare`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

COMPARE_TITLE = Text("两边说的有什么不同", "What differs between two sides")

_EXAMPLE = Text(
    '比如 productloop needs compare --this "version=4.3" --that "version=4.2"，或 --by language',
    'such as productloop needs compare --this "version=4.3" --that "version=4.2", or --by language',
)
TWO_WAYS = Problem(
    "needs_compare_two_ways",
    Text("--by {name:quote} 和 --this、--that 不能一起用", "--by {name:quote} cannot be used together with --this and --that"),
    Text("要么按一列拆开，要么自己写两边的条件", "either a column to split by or the conditions of two sides"),
    _EXAMPLE,
)
ONE_SIDE = Problem(
    "needs_compare_one_side",
    Text("只写了 --that {conditions:quote}，没有写跟谁比", "only --that {conditions:quote} is given"),
    Text("至少写 --this；--that 不写就是其余全部", "--this at least; without --that it is compared with all others"),
    _EXAMPLE,
)
NO_SUCH_COLUMN = Problem(
    "needs_compare_no_column",
    Text("反馈里没有 {column:quote} 这一列", "there is no column {column:quote} in the feedback"),
    Text("现在能用来比较的：{known}", "these can be compared by now: {known}"),
    _EXAMPLE,
)
DAY_UNREADABLE = Problem(
    "needs_compare_day",
    Text("看不懂日期条件 {condition:quote}", "the day in {condition:quote} cannot be read"),
    Text("date 后面跟 =、>=、<、<= 或 >，再加一天，写成 2026-05-01", "date with =, >=, <, <= or > and a day as 2026-05-01"),
    Text('比如 --this "date>=2026-05-01"', 'such as --this "date>=2026-05-01"'),
)

_PAGE = {
    "needs.compare.title": Text("两边说的有什么不同", "What differs between two sides"),
    "needs.compare.undated": Text(
        '内容没有日期，比不了前后两段时间；可以按一列来比，比如 --by language，或 --this "version=4.3"。',
        'The texts carry no dates, so two periods cannot be compared; compare by a column instead, such as --by language or --this "version=4.3".',
    ),
    "needs.compare.short": Text(
        "完整的星期还不到两个，比不了前后两段时间；可以按一列来比，比如 --by language。",
        "There are not yet two whole weeks to compare; compare by a column instead, such as --by language.",
    ),
    "needs.compare.one_value": Text(
        "「{column}」这一列里，够 8 个人的取值不到两个，没有可比的两边。",
        "Fewer than two values of {column} have 8 people or more: there are no two sides to compare.",
    ),
    "needs.compare.side.weeks": Text("{since} 起的 {num} 周", "the {num} {num|week|weeks} from {since}"),
    "needs.compare.side.conditions": Text("{conditions}", "{conditions}"),
    "needs.compare.side.rest": Text("其余", "all others"),
    "needs.compare.side.others": Text("{column} 的其他取值", "the other values of {column}"),
    "needs.compare.side.value": Text("{column} = {value}", "{column} = {value}"),
    "needs.compare.heading": Text("{this} 对比 {that}", "{this} against {that}"),
    "needs.compare.nothing": Text(
        "「{this}」和「{that}」之间没有看出真正的差别：一共比了 {num} 项，差距都在偶然的范围里。",
        "Nothing differs between “{this}” and “{that}” beyond chance: all {num} {num|thing|things} compared may well be equal.",
    ),
    "needs.compare.nothing_all": Text(
        "这些取值之间没有看出真正的差别：一共比了 {num} 项，差距都在偶然的范围里。",
        "Nothing differs between these values beyond chance: all {num} {num|thing|things} compared may well be equal.",
    ),
    "needs.compare.tiny": Text(
        "「{this}」有 {ours} 人，「{that}」有 {theirs} 人；每边至少要 8 人才比得出。",
        "“{this}” has {ours} {ours|person|people} and “{that}” {theirs}; a comparison takes at least 8 on each side.",
    ),
    "needs.compare.more": Text(
        "「{this}」里提到「{topic}」的更多：占 {ours:range}，「{that}」只占 {theirs:range}（九成把握），大约是 {ratio:range} 倍。",
        "“{topic}” comes up more in “{this}”: {ours:range} of its people against {theirs:range} in “{that}” (nine times in ten), "
        "{ratio:range} times as often.",
    ),
    "needs.compare.less": Text(
        "「{this}」里提到「{topic}」的更少：占 {ours:range}，「{that}」占 {theirs:range}（九成把握）。",
        "“{topic}” comes up less in “{this}”: {ours:range} of its people against {theirs:range} in “{that}” (nine times in ten).",
    ),
    "needs.compare.only_this": Text(
        "只有「{this}」在说「{topic}」：占 {ours:range}；「{that}」里没有人提。",
        "Only “{this}” speaks of “{topic}”: {ours:range} of its people, nobody in “{that}”.",
    ),
    "needs.compare.only_that": Text(
        "只有「{that}」在说「{topic}」：占 {theirs:range}；「{this}」里没有人提。",
        "Only “{that}” speaks of “{topic}”: {theirs:range} of its people, nobody in “{this}”.",
    ),
    "needs.compare.unhappy.higher": Text(
        "「{this}」不满意的更多：{ours:range}，「{that}」是 {theirs:range}。",
        "More are unhappy in “{this}”: {ours:range} against {theirs:range} in “{that}”.",
    ),
    "needs.compare.unhappy.lower": Text(
        "「{this}」不满意的更少：{ours:range}，「{that}」是 {theirs:range}。",
        "Fewer are unhappy in “{this}”: {ours:range} against {theirs:range} in “{that}”.",
    ),
    "needs.compare.stars.higher": Text(
        "「{this}」的星级更高：平均 {ours}，「{that}」是 {theirs}。",
        "“{this}” gives more stars: {ours} on average against {theirs} in “{that}”.",
    ),
    "needs.compare.stars.lower": Text(
        "「{this}」的星级更低：平均 {ours}，「{that}」是 {theirs}。",
        "“{this}” gives fewer stars: {ours} on average against {theirs} in “{that}”.",
    ),
    "needs.compare.mix": Text(
        "注意两边的{column}构成不一样：数出来不满意的是 {ours} 对 {theirs}；如果两边的{column}构成相同，就是 {ours_level:range} 对 {theirs_level:range}。"
        "看后一组数字再下结论。",
        "Mind the mix of {column}, which differs between the sides: {ours} against {theirs} are unhappy as counted; with the same mix on both "
        "it would be {ours_level:range} against {theirs_level:range}. Judge by the second pair.",
    ),
    "needs.compare.turns": Text(
        "两边的{column}构成不一样，结论因此反了过来：数出来不满意的是 {ours} 对 {theirs}；{column}构成相同时是 {ours_level:range} 对 {theirs_level:range}。",
        "The mix of {column} turns the result round: {ours} against {theirs} are unhappy as counted, but {ours_level:range} against "
        "{theirs_level:range} with the same mix of {column} on both sides.",
    ),
    "needs.compare.column.channel": Text("渠道", "channels"),
    "needs.compare.column.market": Text("地区", "markets"),
    "needs.compare.column.product": Text("产品", "products"),
    "needs.compare.column.language": Text("语言", "languages"),
    "needs.compare.column.version": Text("版本", "versions"),
    "needs.compare.column.platform": Text("平台", "platforms"),
    "needs.compare.overlap": Text(
        "有 {num} 条两边的条件都符合，只算在「{this}」里。",
        "{num} {num|text meets|texts meet} the conditions of both sides and {num|counts|count} for “{this}” only.",
    ),
    "needs.compare.both": Text(
        "有 {num} 人两边都说过话；比较时当成不同的人，所以宁可少报，不会多报差别。",
        "{num} {num|person|people} wrote on both sides and are compared as if they were different people: this errs towards finding too little.",
    ),
    "needs.compare.one_each": Text(
        "「{this}」平均每人写了 {ours} 条，「{that}」是 {theirs} 条；写得多自然提到的也多，所以每人只算最新的一条。",
        "People wrote {ours} {ours|text|texts} each in “{this}” and {theirs} in “{that}”; who writes more brings up more, so only the newest text of "
        "each person counts.",
    ),
    "needs.compare.grid.sides": Text("两边各有多少", "The two sides"),
    "needs.compare.grid.topics": Text("各个话题", "Topics"),
    "needs.compare.grid.mix": Text("如果构成相同，不满意的占比", "Unhappy with the same mix on both sides"),
    "needs.compare.chart": Text(
        "这边的比例是那边的几倍（线段是九成把握的范围，1 是一样多）", "How many times as often (90 % intervals; 1 is equally often)"
    ),
    "needs.compare.chart.series": Text("倍数", "Times as often"),
    "needs.compare.quotes": Text("他们怎么说「{topic}」", "How they put it: “{topic}”"),
    "needs.compare.words": Text("「{side}」用得更多的词", "Words “{side}” uses more"),
    "needs.compare.words_note": Text(
        "这些词是线索，不是结论：词很多，总有几个碰巧偏多。", "These are leads, not findings: of so many words a few stand out by chance."
    ),
    "needs.compare.fold": Text("怎么比的", "How it was compared"),
    "needs.compare.method": Text(
        "按人算：提到话题的人占这一边说话的人的比例，用 Fisher 精确检验（双侧）；星级按每人平均后比较（Welch）。"
        "全部 {num} 项一起校正（Holm），校正后 p 小于 0.05 才算不同。",
        "Voices who bring a topic up against all of the side, Fisher's exact test both ways; stars by the mean of each voice (Welch). Corrected "
        "for all {num} {num|comparison|comparisons} together (Holm); what has p below .05 then differs.",
    ),
    "needs.compare.state.more": Text("更多", "more"),
    "needs.compare.state.less": Text("更少", "less"),
    "needs.compare.state.only_this": Text("只有这边", "only this side"),
    "needs.compare.state.only_that": Text("只有那边", "only that side"),
    "needs.compare.state.same": Text("看不出差别", "no difference seen"),
    "needs.compare.state.too_few": Text("人太少", "too few"),
    "needs.column.side": Text("哪一边", "Side"),
    "needs.column.this": Text("这边", "This side"),
    "needs.column.that": Text("那边", "That side"),
    "needs.column.difference": Text("差别", "Difference"),
    "needs.column.chance": Text("校正后的 p", "Adjusted p"),
    "needs.column.mix": Text("按什么", "By"),
    "needs.column.this_level": Text("这边（构成相同时）", "This side, same mix"),
    "needs.column.that_level": Text("那边（构成相同时）", "That side, same mix"),
    "needs.column.shift": Text("构成差多少", "Mix differs by"),
}
_DEFINITIONS = {
    "needs.d.compare_tests": Text("一共比较了几项，校正时都算上。", "Things compared; the correction counts them all."),
    "needs.d.compare_different": Text("校正后 p 小于 0.05 的项数。", "Things whose corrected p is below .05."),
    "needs.d.compare_texts": Text("这一边的内容条数。", "Texts of the side that count."),
    "needs.d.compare_each": Text("这一边平均每人写了几条。", "Mean number of texts of the side's people."),
    "needs.d.compare_overlap": Text(
        "两边的条件都符合的内容，只算在第一边。", "Texts that meet the conditions of both sides; they count for the first."
    ),
    "needs.d.compare_both": Text("两边都说过话的人。", "People who wrote on both sides."),
    "needs.d.compare_unhappy_difference": Text(
        "这边不满意的占比减去那边的（Newcombe 区间）。", "Unhappy share of this side minus that of the other (Newcombe's interval)."
    ),
    "needs.d.compare_stars_difference": Text(
        "每人平均星级的差，区间来自自助法。", "Difference of the mean stars of voices; interval by bootstrap."
    ),
    "needs.d.compare_topic_people": Text(
        "这一边提到这个话题的人数；n 是这一边的人数。", "People of the side who bring the topic up; n is all of the side."
    ),
    "needs.d.compare_topic_share": Text("这一边提到这个话题的人占这一边的比例。", "Share of the side's people who bring the topic up."),
    "needs.d.compare_ratio": Text("这边的比例除以那边的比例。", "Share of this side over the share of the other."),
    "needs.d.compare_chance": Text(
        "如果两边其实一样，差得这么多或更多的概率（已按比较次数校正）。",
        "Chance of a difference this large or larger if both sides were alike, corrected for all comparisons.",
    ),
    "needs.d.compare_word": Text("用了这个词的人数。", "People who use the phrase."),
    "needs.d.compare_counted": Text(
        "数出来的不满意占比，只算两边都有的取值。", "Unhappy share as counted, over values that both sides have."
    ),
    "needs.d.compare_level": Text(
        "两边都换成合在一起的构成以后的不满意占比（直接标准化）。",
        "Unhappy share with the mix of both sides together (direct standardisation).",
    ),
    "needs.d.compare_shift": Text(
        "两边构成的差（总变差距离），0 是一样，1 是完全不同。", "Total variation distance between the two mixes, 0 to 1."
    ),
    "needs.d.compare_left_out": Text(
        "只有一边才有的取值里的人，不参加这项换算。", "People of values that only one side has; they are left out here."
    ),
}
TEXTS = {**_PAGE, **_DEFINITIONS}
