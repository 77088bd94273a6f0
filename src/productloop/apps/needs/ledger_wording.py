"""Sentences of `needs ledger`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

LEDGER_TITLE = Text("话题账本：改名、合并、拆分、固定", "The ledger of topics: rename, merge, split, pin")

_SEE = Text("运行 productloop needs ledger 看看有哪些", "see them all with: productloop needs ledger")
_BY_HAND = Text("直接改回来，比如再改一次名", "change it back by hand, for example by another --rename")

ONE_AT_A_TIME = Problem(
    "needs_ledger_one_at_a_time",
    Text("一次给了好几个改动：{given}", "several changes at once: {given}"),
    Text("一次一个", "one at a time"),
    Text("分几次运行", "run them one after another"),
)
NO_TOPIC = Problem(
    "needs_ledger_no_topic",
    Text("账本里没有 {topic:quote} 这个话题", "there is no topic {topic:quote} in the ledger"),
    Text("话题的编号，或名字里的几个字；最像的是 {nearest}", "the id of a topic or words of its name; the nearest is {nearest}"),
    _SEE,
)
SEVERAL_TOPICS = Problem(
    "needs_ledger_several_topics",
    Text("名字里有 {topic:quote} 的话题不止一个", "several topics have {topic:quote} in their names"),
    Text("其中一个：{found}", "one of: {found}"),
    Text("改用编号", "give its id instead"),
)
RENAME_SHAPE = Problem(
    "needs_ledger_rename_shape",
    Text("看不懂怎么改名：{given:quote}", "cannot tell what to rename: {given:quote}"),
    Text("话题=新名字，或 话题=中文名|English name", "TOPIC=NAME, or TOPIC=Chinese|English"),
    Text("例如 productloop needs ledger --rename '编号=新名字'", "for example productloop needs ledger --rename 'ID=new name'"),
)
MERGE_SHAPE = Problem(
    "needs_ledger_merge_shape",
    Text("合并至少要两个不同的话题：{given:quote}", "a merge takes two different topics: {given:quote}"),
    Text("A+B，A 并入 B", "A+B, where A goes into B"),
    Text("例如 productloop needs ledger --merge '编号1+编号2'", "for example productloop needs ledger --merge 'ID1+ID2'"),
)
NOT_LIVE = Problem(
    "needs_ledger_not_live",
    Text("「{topic}」里已经没有内容了", "topic {topic:quote} holds nothing any more"),
    Text("还在的话题", "a topic that is still there"),
    _SEE,
)
SPLIT_WHOLE = Problem(
    "needs_ledger_split_whole",
    Text(
        "「{topic}」拆不开：{points} 个观点说的是同一件事，只是说法不同",
        "topic {topic:quote} does not fall apart: its {points} points say one thing in different words",
    ),
    Text(
        "里面说的是两件事，每件至少占一成、不少于 5 个观点",
        "two different matters in it, each a tenth of it and 5 points at least",
    ),
    Text(
        "想单独看其中一件事，用 productloop needs ledger --define '一句话'",
        "to see one thing in it by itself: productloop needs ledger --define 'a sentence'",
    ),
)
DEFINE_NOTHING = Problem(
    "needs_ledger_define_nothing",
    Text("几乎没有人说过意思接近 {sentence:quote} 的话", "hardly anybody said anything like {sentence:quote}"),
    Text("意思相近的观点至少 3 个，而且不在人工定好的话题里", "at least 3 points of like meaning outside the topics that are held by hand"),
    Text("换成用户会说的一句话再试", "put it the way a user would say it"),
)
NOTHING_TO_UNDO = Problem(
    "needs_ledger_nothing_to_undo",
    Text("没有可以撤销的改动", "there is no change to take back"),
    Text("最近一次分析之后的人工改动", "a change by hand since the last analysis"),
    _BY_HAND,
)
UNDO_GONE = Problem(
    "needs_ledger_undo_gone",
    Text("改动前的版本已经清理掉了", "the version before the change has been cleaned away"),
    Text("一周内的改动", "a change of the last week"),
    _BY_HAND,
)
NO_LEDGER = Problem(
    "needs_ledger_none",
    Text("还没有话题账本", "there is no ledger of topics yet"),
    Text("分析过一次的反馈，至少 30 条", "feedback that was analysed once, 30 texts or more"),
    Text("先运行 productloop needs analyse", "run productloop needs analyse first"),
)
NO_SCOPE = Problem(
    "needs_ledger_no_scope",
    Text("账本只有一本，不能只看一部分数据", "there is one ledger for all data; it cannot be narrowed"),
    Text("不带 --since、--where 等范围", "no --since, --where and the like"),
    Text("只看一部分，用 productloop needs topics", "for a part of the data use productloop needs topics"),
)

TEXTS = {
    "needs.ledger.title": Text("话题账本", "The ledger of topics"),
    "needs.ledger.few": Text(
        "现在只有 {texts} 条内容，再有 {missing} 条左右才分得出话题。",
        "There {texts|is|are} only {texts} {texts|text|texts}; topics can be told apart with about {missing} more.",
    ),
    "needs.ledger.lead.first": Text(
        "一共 {topics} 个话题，第一次记账；下次分析起会告诉你哪些是新的、变多的、合并的。",
        "{topics} {topics|topic|topics}, on record for the first time; from the next analysis on you will see what is new, grew or merged.",
    ),
    "needs.ledger.lead.same": Text(
        "一共 {topics} 个话题；{since}没有什么变化。",
        "{topics} {topics|topic|topics}; {since}nothing of note has changed.",
    ),
    "needs.ledger.lead": Text("一共 {topics} 个话题；{since}{changes}。", "{topics} {topics|topic|topics}; {since}{changes}."),
    "needs.ledger.since": Text("和 {since} 那次比，", "since the data of {since}: "),
    "needs.ledger.since_last": Text("和上次比，", "since last time: "),
    "needs.ledger.count.new": Text("新出现 {num} 个", "{num} new"),
    "needs.ledger.count.grew": Text("变多 {num} 个", "{num} grew"),
    "needs.ledger.count.shrank": Text("变少 {num} 个", "{num} shrank"),
    "needs.ledger.count.split": Text("分出来 {num} 个", "{num} split off"),
    "needs.ledger.count.merged": Text("合并成 {num} 个", "{num} merged"),
    "needs.ledger.count.faded": Text("散掉 {num} 个", "{num} dissolved"),
    "needs.ledger.anew": Text("话题刚刚重新归纳过。", "The topics have just been found anew."),
    "needs.ledger.heading.changes": Text("有什么变化", "What changed"),
    "needs.ledger.people": Text("{num} 人", "{num} {num|person|people}"),
    "needs.ledger.texts": Text("{num} 条", "{num} {num|text|texts}"),
    "needs.ledger.quoted": Text("「{name}」", "“{name}”"),
    "needs.ledger.new": Text("「{name}」是新话题，{now}提到。", "“{name}” is new, with {now}."),
    "needs.ledger.grew": Text("「{name}」从 {was}涨到 {now}。", "“{name}” grew from {was} to {now}."),
    "needs.ledger.shrank": Text("「{name}」从 {was}变成 {now}。", "“{name}” went from {was} to {now}."),
    "needs.ledger.split_off": Text("「{name}」从{others}里分了出来，{now}提到。", "“{name}” split off from {others}, with {now}."),
    "needs.ledger.merged_in": Text("{others}并入了「{name}」，现在一共 {now}。", "{others} went into “{name}”, now {now} in all."),
    "needs.ledger.faded": Text("「{name}」（{was}）不再单独成话题。", "“{name}” ({was}) is no longer a topic of its own."),
    "needs.ledger.faded_into": Text(
        "「{name}」（{was}）不再单独成话题，内容散到了{others}。",
        "“{name}” ({was}) is no longer a topic of its own; its content is now in {others}.",
    ),
    "needs.ledger.renamed": Text(
        "「{was}」改名为「{name}」，以后不会被自动改掉。", "“{was}” is now called “{name}”; no run will rename it."
    ),
    "needs.ledger.pinned": Text("「{name}」固定了，以后的分析不会改动它。", "“{name}” is pinned; no run will change it."),
    "needs.ledger.unpinned": Text("「{name}」不再固定，以后的分析可以改动它。", "“{name}” is no longer pinned; runs may change it."),
    "needs.ledger.merged": Text(
        "{topics}已经并入「{name}」，旧编号仍然找得到它。", "{topics} went into “{name}”; the old ids still lead to it."
    ),
    "needs.ledger.split": Text("「{name}」拆成了：{topics}。", "“{name}” is now in parts: {topics}."),
    "needs.ledger.defined": Text(
        "新话题「{name}」建好了，{now}说过这个意思；以后意思相近的话会自动归进来。",
        "The new topic “{name}” holds {now}; what is said to the same effect from now on will go into it.",
    ),
    "needs.ledger.undone": Text("上一次人工改动已经撤销。", "The last change made by hand is taken back."),
    "needs.ledger.grid": Text("全部话题", "All topics"),
    "needs.ledger.grid.largest": Text("最大的话题", "The largest topics"),
    "needs.ledger.fold.rest": Text("其余话题", "The other topics"),
    "needs.ledger.grid.gone": Text("已经不在的话题", "Topics that are gone"),
    "needs.ledger.column.state": Text("状态", "State"),
    "needs.ledger.column.into": Text("去了哪里", "Went into"),
    "needs.ledger.live": Text("在", "live"),
    "needs.ledger.gone.faded": Text("散了", "dissolved"),
    "needs.ledger.gone.merged": Text("并入别的话题", "merged"),
    "needs.ledger.fold.try": Text("接下来可以做什么", "What you can do next"),
    "needs.ledger.try.rename": Text(
        "改名：productloop needs ledger --rename '{id}=新名字'", "Rename: productloop needs ledger --rename '{id}=new name'"
    ),
    "needs.ledger.try.merge": Text(
        "合并（前一个并入后一个）：productloop needs ledger --merge '{id}+{other}'",
        "Merge, the first into the second: productloop needs ledger --merge '{id}+{other}'",
    ),
    "needs.ledger.try.split": Text("拆开：productloop needs ledger --split {id}", "Split: productloop needs ledger --split {id}"),
    "needs.ledger.try.pin": Text("固定：productloop needs ledger --pin {id}", "Pin: productloop needs ledger --pin {id}"),
    "needs.ledger.try.define": Text(
        "用一句话定义：productloop needs ledger --define '一句用户会说的话'",
        "Define by a sentence: productloop needs ledger --define 'what a user would say'",
    ),
    "needs.ledger.try.refit": Text("重新归纳话题：productloop needs ledger --refit", "Find topics anew: productloop needs ledger --refit"),
    "needs.ledger.try.undo": Text("撤销：productloop needs ledger --undo", "Take back: productloop needs ledger --undo"),
    "needs.ledger.fold.how": Text("账本怎么记", "How the ledger is kept"),
    "needs.ledger.how": Text(
        "话题靠里面的内容认人：重新归纳时，一组内容和旧话题重合过半（Jaccard 0.5），就沿用旧编号。平时新内容归入最近的话题，旧的不动；"
        "哪儿都放不进的攒够 30 个观点，会长出新话题。「变多」指涨了一成以上，而且比按旧比例分到的明显多（单侧 5%）。人工定过的话题不会被自动改动。",
        "A topic is known by what it holds: when topics are found anew, a group that shares half with an earlier topic (Jaccard .5) keeps its id. "
        "In between, new texts go to the nearest topic and no old one moves; 30 points that fit nowhere become topics of their own. "
        "“Grew” means by a tenth or more, and by clearly more than its old share of what came (one-sided 5 %). What was set by hand is left alone.",
    ),
    "needs.d.ledger_people": Text("这个话题一共有多少人提到（全部时间）。", "People who ever brought the topic up."),
    "needs.d.ledger_texts": Text("这个话题一共有多少条内容（全部时间）。", "Texts that ever brought the topic up."),
    "needs.d.ledger_was": Text("上一次记账时的人数。", "People at the run before."),
    "needs.d.ledger_topics": Text("账本里现在还在的话题。", "Topics of the ledger that are there now."),
    "needs.d.ledger_held": Text(
        "人工改名、合并、拆分、固定或定义过的话题。", "Topics that a person renamed, merged, split, pinned or defined."
    ),
    "needs.d.ledger_changes": Text("上次分析里这样变化的话题个数。", "Topics that changed this way in the last analysis."),
}
