"""Sentences of `needs`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

TITLE = Text("需求", "Needs")
QUESTION = Text("用户需要什么？", "What do users need?")
ANALYSE_TITLE = Text("用户在说什么、最需要什么", "What users say and what they need most")
SENTIMENT_TITLE = Text("一句话是好评还是差评", "Is a text positive or negative?")

NO_BREAKDOWN = Problem(
    "needs_no_breakdown",
    Text("反馈分析还不能用 --by {name:quote} 拆分", "the analysis of feedback cannot be split with --by {name:quote}"),
    Text("一次看一类反馈", "one kind of feedback at a time"),
    Text("改用 --where，比如 --where {name}=某个值，各看一次", "use --where instead, such as --where {name}=VALUE, once for each value"),
)
OPTION_UNKNOWN = Problem(
    "needs_option_unknown",
    Text("情感任务没有 {option:quote} 这个选项", "a sentiment task has no option {option:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("在 productloop.toml 里改名或删掉", "rename or remove it in productloop.toml"),
)
LABELS_UNKNOWN = Problem(
    "needs_labels_unknown",
    Text("不能从 {labels:quote} 这一列学好评差评", "liking cannot be learned from a column {labels:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("把 labels 改成其中之一", "set labels to one of them"),
)
ENCODER_UNKNOWN = Problem(
    "needs_encoder_unknown",
    Text("情感、类型和方面任务没有 {encoder:quote} 这个编码器", "tasks of feelings, kinds and parts have no encoder {encoder:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("在 productloop.toml 里改成其中之一，或者删掉这一行", "set encoder to one of them in productloop.toml, or remove the line"),
)
TEXT_MISSING = Problem(
    "needs_text_missing",
    Text("要判断的内容里没有 text（只有 {given}）", "there is no text to judge (given: {given})"),
    Text("一个带 text 的对象，例如 text 等于「闪退了」", "an object with a text, such as text = “it crashes”"),
    Text("把要判断的话放进 text 再发", "put the words to judge into text and send again"),
)

_PAGE = {
    "needs.title": Text("用户需要什么", "What users need"),
    # A plural slot with two empty forms is silent: each language shows its own name, and both know both slots.
    "needs.topic": Text("{zh}{en||}", "{en}{zh||}"),
    "needs.varied": Text("零散内容", "Varied, no common theme"),
    "needs.lead.people": Text(
        "用户最需要解决的是「{topic}」：{window}共有 {people} 人提到，占说话的人的 {share:range}（九成把握），其中大概 {unhappy:range} 人不满意{since}。",
        "What users need most is “{topic}”: {window}{people} {people|person|people} brought it up, {share:range} of all who spoke "
        "(nine times in ten), and about {unhappy:range} of them are unhappy{since}.",
    ),
    "needs.lead.texts": Text(
        "用户最需要解决的是「{topic}」：{window}共有 {people} 条提到，占全部内容的 {share:range}（九成把握），其中大概 {unhappy:range} 条不满意{since}。",
        "What users need most is “{topic}”: {window}{people} {people|text brings|texts bring} it up, {share:range} of all texts "
        "(nine times in ten), and about {unhappy:range} of them are unhappy{since}.",
    ),
    "needs.since.growing": Text("；从 {since} 那周开始变多", "; it has grown since the week of {since}"),
    "needs.since.fading": Text("；从 {since} 那周开始变少", "; it has faded since the week of {since}"),
    "needs.since.steady": Text("；这段时间一直如此", "; it has been so all that time"),
    "needs.since.unknown": Text("；是变多还是变少，现在还看不出", "; whether it grows cannot be told yet"),
    "needs.window": Text("{since} 以来，", "since {since}, "),
    "needs.window.all": Text("全部数据里，", "in all the data, "),
    "needs.lead.none": Text(
        "没有看到明显的不满：说得多的话题里，不满意的人都很少。",
        "No clear complaint: in every topic of some size hardly anybody is unhappy.",
    ),
    "needs.lead.small": Text("话题都太小，还排不出用户最需要什么。", "All topics are too small to say what users need most."),
    "needs.lead.few": Text(
        "现在只有 {texts} 条内容，说不出用户最需要什么。再有 {missing} 条左右，就能看出主要话题；要把比例说到上下十个百分点以内，一共要 {precise} 条。",
        "There {texts|is|are} only {texts} {texts|text|texts}: too few to say what users need. With about {missing} more the main topics can be "
        "seen; to know a share to ten points either way takes {precise} in all.",
    ),
    "needs.lead.empty": Text("没有可以分析的内容。", "There is no text to analyse."),
    "needs.growing": Text(
        "「{topic}」变多了：每周从 {was} 人到 {now} 人，从 {since} 那周开始。",
        "“{topic}” is growing: from {was} to {now} people a week, since the week of {since}.",
    ),
    "needs.fading": Text(
        "「{topic}」变少了：每周从 {was} 人到 {now} 人，从 {since} 那周开始。",
        "“{topic}” is fading: from {was} to {now} people a week, since the week of {since}.",
    ),
    "needs.quiet": Text("最近没有哪个话题明显变多或变少。", "No topic has clearly grown or faded of late."),
    "needs.base.people": Text(
        "比例都是在说过话的人里算的；没说话的人怎么想，这里看不出来。",
        "All shares are of those who wrote; what the others think cannot be seen here.",
    ),
    "needs.base.texts": Text(
        "比例都是在这些内容里算的；没说话的人怎么想，这里看不出来。",
        "All shares are of what was written; what those who wrote nothing think cannot be seen here.",
    ),
    "needs.base.active": Text(
        "比例都是在说过话的 {people} 人里算的；同一段时间用过产品的有 {active} 人，没说话的人怎么想，这里看不出来。",
        "All shares are of the {people} {people|person|people} who wrote; {active} {active|person|people} used the product in the same time, and what "
        "those who wrote nothing think cannot be seen here.",
    ),
    "needs.numbers.people": Text("说话的人", "People who spoke"),
    "needs.numbers.texts": Text("内容条数", "Texts"),
    "needs.numbers.unhappy": Text("至少不满意过一次的人", "Unhappy at least once"),
    "needs.numbers.unhappy_texts": Text("不满意的内容", "Unhappy texts"),
    "needs.numbers.unhappy_overall": Text("合起来看不满意的人", "Unhappy all in all"),
    "needs.numbers.stars": Text("平均星级", "Mean stars"),
    "needs.grid.needs": Text("用户现在需要什么", "What users need now"),
    "needs.column.topic": Text("话题", "Topic"),
    "needs.column.people": Text("人数", "People"),
    "needs.column.texts": Text("条数", "Texts"),
    "needs.column.share": Text("占比", "Share"),
    "needs.column.unhappy": Text("不满意", "Unhappy"),
    "needs.column.stars": Text("星级", "Stars"),
    "needs.column.drag": Text("对评分的影响", "Effect on the rating"),
    "needs.column.trend": Text("走势", "Trend"),
    "needs.column.state": Text("性质", "Kind"),
    "needs.column.stability": Text("稳定性", "Stability"),
    "needs.column.keywords": Text("关键词", "Key words"),
    "needs.column.phrase": Text("词", "Phrase"),
    "needs.column.phrase_unhappy": Text("不满意的内容里", "In unhappy texts"),
    "needs.column.phrase_others": Text("其他内容里", "In the others"),
    "needs.column.language": Text("语言", "Language"),
    "needs.column.source": Text("依据", "Taken from"),
    "needs.column.left_out": Text("没有算进去的", "Left out"),
    "needs.trend.growing": Text("变多，从 {since} 那周", "growing since {since}"),
    "needs.trend.fading": Text("变少，从 {since} 那周", "fading since {since}"),
    "needs.trend.steady": Text("平稳", "steady"),
    "needs.trend.unknown": Text("还看不出", "not known yet"),
    "needs.state.need": Text("需求", "need"),
    "needs.state.praise": Text("好评", "praise"),
    "needs.state.varied": Text("零散", "varied"),
    "needs.state.too_small": Text("太小，先别信", "too small to trust"),
    "needs.chart.people": Text("每周提到的人数", "People who bring it up, by week"),
    "needs.chart.texts": Text("每周提到的条数", "Texts that bring it up, by week"),
    "needs.chart.unhappy_people": Text(
        "先做哪个：每个需求有多少人不满意，横线是九成把握的范围",
        "Where the opportunities are: unhappy people of each need; the line is where their number lies nine times in ten",
    ),
    "needs.chart.unhappy_texts": Text(
        "先做哪个：每个需求有多少条不满意，横线是九成把握的范围",
        "Where the opportunities are: unhappy texts of each need; the line is where their number lies nine times in ten",
    ),
    "needs.chart.unhappy": Text("每周不满意的占比", "Share unhappy, by week"),
    "needs.chart.unhappy_series": Text("不满意", "unhappy"),
    "needs.quotes": Text("「{topic}」，用户原话", "“{topic}”, in their words"),
    "needs.heading.do": Text("接下来做什么", "What to do next"),
    "needs.do.rising": Text(
        "「{topic}」在变多：读原话，查 {since} 那周前后改了什么，今天定下负责人。",
        "“{topic}” is growing: read the quotes, look at what changed around the week of {since}, and name an owner today.",
    ),
    "needs.do.broken": Text(
        "「{topic}」在 {version} 版之后多了：查这个版本动了哪里。",
        "“{topic}” rose with version {version}: look at what that version touched.",
    ),
    "needs.do.fixed": Text(
        "「{topic}」在 {version} 版之后少了：告诉当初提过的人，已经修好了。",
        "“{topic}” fell with version {version}: tell those who had asked that it is fixed.",
    ),
    "needs.do.rank": Text(
        "先做哪个更值：productloop needs opportunities（按人数、轻重和钱排序，带把握）。",
        "Which to build first: productloop needs opportunities (by people, severity and money, with how sure that is).",
    ),
    "needs.heading.cautions": Text("哪些先别当真", "What not to believe"),
    "needs.fold.topics": Text("全部话题", "All topics"),
    "needs.fold.small": Text("{num} 个话题太小，先别信", "{num} {num|topic|topics} too small to trust"),
    "needs.fold.keywords": Text("不满意的人常用的词", "Words that unhappy people use"),
    "needs.fold.copies": Text("重复的内容：{num} 条", "Repeated texts: {num}"),
    "needs.fold.counted": Text("算了哪些，没算哪些", "What was counted and what was not"),
    "needs.fold.languages": Text("语言", "Languages"),
    "needs.copy.campaign": Text(
        "像是统一发的：{copies} 条，{people} 个不同的作者，只算作同一个声音。",
        "Looks like a campaign: {copies} copies by {people} {people|author|authors}, counted as a single voice.",
    ),
    "needs.copy.repeat": Text(
        "同样的话：{copies} 条，{people} 个不同的作者。",
        "The same words: {copies} {copies|text|texts} by {people} {people|author|authors}.",
    ),
    "needs.sentiment.model": Text("您自己的情感模型", "your own sentiment model"),
    "needs.sentiment.stars": Text("星级或评分", "stars or ratings"),
    "needs.sentiment.labels": Text("数据里的标注", "labels in the data"),
    "needs.sentiment.lexicon": Text("词表估计", "word lists"),
    "needs.sentiment.none": Text("看不出态度", "no sign of liking or not"),
    "needs.left.staff": Text("员工和客服说的", "staff lines"),
    "needs.left.robots": Text("机器人说的", "robot lines"),
    "needs.left.greetings": Text("只是打招呼或道别的", "lines that only greet or say goodbye"),
    "needs.left.unread": Text("别的语言，没有读", "in other languages, not read"),
    "needs.left.wordless": Text("没有文字的", "rows without words"),
    "needs.left.deleted": Text("后来被商店删除的（仍算在内）", "since deleted by the store (still counted)"),
    "needs.language.zh": Text("中文", "Chinese"),
    "needs.language.en": Text("英文", "English"),
    "needs.language.mixed": Text("中英混合", "Chinese and English mixed"),
    "needs.language.ja": Text("日文", "Japanese"),
    "needs.language.ko": Text("韩文", "Korean"),
    "needs.language.es": Text("西班牙文", "Spanish"),
    "needs.language.fr": Text("法文", "French"),
    "needs.language.de": Text("德文", "German"),
    "needs.language.pt": Text("葡萄牙文", "Portuguese"),
    "needs.language.it": Text("意大利文", "Italian"),
    "needs.language.id": Text("印尼文", "Indonesian"),
    "needs.language.vi": Text("越南文", "Vietnamese"),
    "needs.language.ru": Text("俄文", "Russian"),
    "needs.language.ar": Text("阿拉伯文", "Arabic"),
    "needs.language.th": Text("泰文", "Thai"),
    "needs.language.hi": Text("印地文", "Hindi"),
    "needs.language.tr": Text("土耳其文", "Turkish"),
    "needs.language.other": Text("认不出语言（表情、数字、人名）", "no language to tell (emoji, numbers, names)"),
    "needs.method.topics": Text(
        "一条内容先拆成几个观点（“好吃，但是送餐慢”是两个），意思相近的观点自动归成话题；一条内容可以在几个话题里。"
        "话题编号长期不变，新内容归进已有的话题，旧的不动；人改过的名字和合并不会被覆盖。",
        "A text is split into the points it makes (“tasty, but delivery is slow” makes two) and points of like meaning form a topic, so a text may "
        "be in several. A topic keeps its id; new texts are placed into the topics that are there and none is moved; what a person renamed or "
        "merged is never overwritten.",
    ),
    "needs.method.trend": Text(
        "变多变少：在最近 {first} 到 {last} 个整周里找变化的起点，和之前最多 {before} 个整周比占比；"
        "Fisher 精确检验，按比较的次数校正，p 小于 {p} 且差到 {ratio} 倍以上才算。",
        "Growing or fading: a change is sought in the last {first} to {last} whole weeks, against up to {before} before; Fisher's exact test of the "
        "shares, corrected for the number of comparisons; it takes p below {p} and a factor of {ratio}.",
    ),
}

_FINDINGS = {
    "needs.finding.growing": Text(
        "越来越多的人提到「{topic}」：每周从 {was} 人到 {now} 人，从 {since} 那周开始。",
        "More and more people bring up “{topic}”: from {was} to {now} a week, since the week of {since}.",
    ),
    "needs.finding.fading": Text(
        "提到「{topic}」的人少了：每周从 {was} 人到 {now} 人，从 {since} 那周开始。",
        "Fewer people bring up “{topic}”: from {was} to {now} a week, since the week of {since}.",
    ),
    "needs.advice.growing": Text(
        "先读原话，再找那周前后改了什么；定个负责人。", "Read the quotes, look at what changed around that week, and name an owner."
    ),
    "needs.advice.fading": Text("看看是不是修好了；是的话告诉提过的人。", "Check whether it was fixed; if so, tell those who had asked."),
}

_CAUTIONS = {
    "needs.caution.undated": Text(
        "内容没有日期：看不了走势，也说不了从什么时候开始。", "The texts carry no dates: no trend, and no answer to “since when”."
    ),
    "needs.caution.few_weeks": Text(
        "只有 {weeks} 个完整的周，要 {needed} 个才看得出走势。", "Only {weeks} whole {weeks|week|weeks}; a trend takes {needed}."
    ),
    "needs.caution.few_people": Text(
        "总共才 {people} 人（或条），排名随时会变。",
        "Only {people} {people|voice|voices} in all: the ranking may change with every new one.",
    ),
    "needs.caution.capped": Text(
        "有个文件正好 {rows} 行，多半是导出时的上限：更早的内容没有导出来。",
        "A file has exactly {rows} rows, probably the most its exporter allows: what is older is missing.",
    ),
    "needs.caution.texts_counted": Text(
        "不知道是谁说的：这里数的是条数，不是人数。", "Authors are not known: texts are counted here, not people."
    ),
    "needs.caution.unsigned": Text(
        "有 {texts} 条没有署名，每条按不同的人算。", "{texts} {texts|text is|texts are} unsigned, each counted as another person."
    ),
    "needs.caution.nicknames": Text(
        "用户是按昵称认的：同名会并成同一个人，改名会变成不同的人。",
        "People are told apart by nickname: namesakes count as the same person, and a new nickname as a new one.",
    ),
    "needs.caution.stars": Text(
        "满意与否主要看星级：有人给五星却在抱怨，这种会算错。",
        "Whether people are happy is mostly read from their stars: who complains with all stars given is misread.",
    ),
    "needs.caution.lexicon": Text(
        "有 {texts} 条没有星级，态度是按词表估的，反话和提问常常看错。",
        "{texts} {texts|text has|texts have} no stars; their mood is estimated by word lists, which misread irony and questions.",
    ),
    "needs.caution.no_mood": Text(
        "有 {texts} 条看不出态度，没有算进不满意的占比。",
        "{texts} {texts|text shows|texts show} no mood and {texts|is|are} not in the share of unhappy people.",
    ),
    "needs.caution.unread": Text(
        "有 {texts} 条是别的语言，没有读，也没有算进去：{parts}。",
        "{texts} {texts|text is|texts are} in other languages, not read and not counted: {parts}.",
    ),
    "needs.caution.unread_part": Text("{name} {texts} 条", "{name} {texts}"),
    "needs.caution.same_stars": Text(
        "所有内容的星级都一样，星级说明不了什么：满意不满意请看原话。",
        "All texts carry the same stars, which then say nothing: judge by what people wrote.",
    ),
    "needs.caution.stores": Text(
        "平均星级把差别很大的几处混在了一起：{low} 是 {lowest} 星，{high} 是 {highest} 星，请分开看（--where）。",
        "The mean of the stars mixes places that differ: {low} has {lowest}, {high} has {highest}; look at each by itself (--where).",
    ),
    "needs.caution.campaigns": Text(
        "有 {campaigns} 批像是统一发的内容，共 {texts} 条，每批只算作同一个声音。",
        "{campaigns} {campaigns|campaign|campaigns} of copied texts, {texts} in all; each counts as a single voice.",
    ),
}

_DEFINITIONS = {
    "needs.d.people": Text(
        "同一个人说几次都只算一人；没有署名的，按会话或条数算；员工和机器人不算。",
        "A person counts once however often they speak; unsigned texts count by conversation or by text; staff and robots do not count.",
    ),
    "needs.d.active_users": Text(
        "同一段时间里有行为记录的人数；没有行为数据就不知道。",
        "Different people with events in the same time; not known without events.",
    ),
    "needs.d.texts": Text("有文字、不是员工或机器人说的内容。", "Texts with words that are not by staff or robots."),
    "needs.d.missing": Text("看出主要话题还缺的条数。", "Texts still missing until the main topics can be seen."),
    "needs.d.precise": Text(
        "把比例说到上下十个百分点以内要的条数（九成把握）。", "Texts it takes to know a share to ten points either way, nine times in ten."
    ),
    "needs.d.deleted": Text(
        "商店标明已删除的内容；文字还在，所以照样分析。",
        "Texts the store marks as deleted; their words are still here, so they are analysed.",
    ),
    "needs.d.staff": Text("说话人是员工或客服的行。", "Rows whose speaker is staff."),
    "needs.d.robots": Text("说话人是机器人或系统的行。", "Rows whose speaker is a robot or the system."),
    "needs.d.greetings": Text("只有招呼或道别的行。", "Lines that only greet or say goodbye."),
    "needs.d.unread": Text("既不是中文也不是英文的内容，没有读。", "Texts that are neither Chinese nor English; they are not read."),
    "needs.d.topic_cohesion": Text("话题里的内容彼此有多接近，越高越像。", "How alike the texts of the topic are; higher is closer."),
    "needs.d.wordless": Text("只有星级、没有文字的行。", "Rows with stars and no words."),
    "needs.d.unhappy_share": Text(
        "看得出态度的人里，说过不满意的话的人占多少。", "Of those whose mood is known, the share who said something negative."
    ),
    "needs.d.stars": Text("星级的平均。", "Mean of the stars."),
    "needs.d.share": Text("提到这个话题的人，占全部说话的人。", "Those who bring up the topic, out of all who spoke."),
    "needs.d.topic_texts": Text("归到这个话题的内容条数。", "Texts of the topic."),
    "needs.d.topic_unhappy_share": Text(
        "话题里不满意的人的占比；看得出态度的人少时，向总体靠拢。",
        "Share of unhappy people in the topic; where few moods are known it leans towards the overall share.",
    ),
    "needs.d.topic_unhappy": Text(
        "提到的人数乘以不满意的占比；排名按它。", "People who bring it up times the share unhappy; needs are ranked by it."
    ),
    "needs.d.topic_stars": Text("话题里内容的平均星级。", "Mean stars of the topic's texts."),
    "needs.d.topic_drag": Text(
        "全部的平均星级，减去没有这个话题时的平均；负数是拉低。",
        "Mean stars of everything minus the mean without the topic; below zero it pulls down.",
    ),
    "needs.d.topic_stability": Text(
        "换一批内容重新归类，还能找回这个话题的程度，越高越稳。",
        "How well the topic is found again in resamples of the texts; higher is steadier.",
    ),
    "needs.d.topic_was": Text(
        "变化之前的整周里，平均每周提到的人数。", "People a week who brought it up in the whole weeks before the change."
    ),
    "needs.d.topic_now": Text("变化以来的整周里，平均每周提到的人数。", "People a week who bring it up in the whole weeks since."),
    "needs.d.topic_ratio": Text("现在的占比是之前的几倍。", "Its share now over its share before."),
    "needs.d.too_small": Text("人数太少，或换一批内容就找不回来的话题。", "Topics of too few people, or not found again in resamples."),
    "needs.d.copies": Text("和别的内容几乎一字不差的，不计头一条。", "Texts nearly word for word like another, the first not counted."),
    "needs.d.copies_of": Text("几乎一字不差的条数。", "Texts that are nearly word for word the same."),
    "needs.d.copies_by": Text(
        "发过它的不同作者；没有署名的每条算不同的人。", "Different authors who posted it; an unsigned one is somebody else each time."
    ),
    "needs.d.keyword": Text("含这个词的不满意内容。", "Unhappy texts that hold the phrase."),
    "needs.d.keyword_elsewhere": Text("含这个词的其他内容。", "Other texts that hold the phrase."),
    "needs.d.language": Text("按文字判断的语言。", "Language told from the script."),
    "needs.d.sentiment_model": Text("由您自己数据训练、已上线的模型判断。", "Judged by the live model trained on your own data."),
    "needs.d.sentiment_stars": Text("低星算不满意，高星算满意，中间不算。", "Low stars are unhappy, high stars happy, the middle neither."),
    "needs.d.sentiment_labels": Text("数据里自带的好评差评标注。", "Labels of good and bad that came with the data."),
    "needs.d.sentiment_lexicon": Text("按褒贬词和否定词估计。", "Estimated from words of praise and blame, and negation."),
    "needs.d.sentiment_none": Text("没有星级，也没有褒贬词。", "No stars and no words of praise or blame."),
}

TEXTS: dict[str, Text] = {**_PAGE, **_FINDINGS, **_CAUTIONS, **_DEFINITIONS}
