"""Sentences of the first page."""

from __future__ import annotations

from productloop.foundation.wording import Text

TEXTS: dict[str, Text] = {
    "first.title": Text("{product}：现在该知道的", "{product}: what you should know now"),
    "first.until": Text("数据截至 {day}", "Data until {day}"),
    "first.no_dates": Text("数据里没有日期", "The data carry no dates"),
    "first.sources": Text("{sources}", "{sources}"),
    "first.source": Text("{table} {num:count} 条（到 {day}）", "{num:count} {table} (until {day})"),
    "first.source_undated": Text("{table} {num:count} 条", "{num:count} {table}"),
    "first.stale": Text(
        "{table}比别的数据旧：只到 {day}，下面的结论没算进之后的事。",
        "{table} lag behind the rest: they end on {day}, so what follows says nothing about later.",
    ),
    "first.old": Text(
        "数据已经是 {num:count} 天前的了，先把新的导进来。", "The data are {num:count} {num|day|days} old: import what is new first."
    ),
    "first.missing": Text("还没有：{tables}", "Not there yet: {tables}"),
    "first.unreadable": Text("inbox 里的 {file} 没有导入：{reason}", "{file} in the inbox was not imported: {reason}"),
    "first.decisions": Text("上次的决定怎么样了", "Last decisions"),
    "first.no_decisions": Text("还没有记过决定。", "No decision was noted yet."),
    "first.decided": Text("{finding}（{day} 决定：{choice}）", "{finding} (decided on {day}: {choice})"),
    "first.worked": Text("起作用了：那时 {was}，现在 {now}。", "It worked: {was} then, {now} now."),
    "first.did_not": Text("没有好转：那时 {was}，现在 {now}。", "It did not: {was} then, {now} now."),
    "first.unclear": Text("看不出差别：那时 {was}，现在 {now}。", "No difference can be told: {was} then, {now} now."),
    "first.faded": Text(
        "不再冒头了；可能是做对了，也可能本来就会过去。", "It no longer stands out; that may be your work, or it may have passed by itself."
    ),
    "first.too_early": Text("还太早，{day} 再看。", "Too early; look again on {day}."),
    "first.still": Text("还在，没有可比的数字。", "It is still there; there is no number to compare."),
    "first.changes": Text("变化", "What changed"),
    "first.quiet": Text("平静的一周：没有大到需要您动手的变化。", "A quiet week: nothing changed enough to act on."),
    "first.no_data": Text(
        "还没有数据：把文件放进 inbox，或 productloop import 文件。",
        "There is no data yet: put files into inbox, or productloop import FILE.",
    ),
    "first.finding": Text("{number}. {finding}", "{number}. {finding}"),
    "first.people": Text("涉及的人", "people"),
    "first.was": Text("之前", "was"),
    "first.now": Text("现在", "is"),
    "first.others": Text("其他人", "others"),
    "first.those": Text("这些人", "these people"),
    "first.money": Text("牵涉的钱", "money touched"),
    "first.decide": Text("今天要定的", "Decide today"),
    "first.nothing_to_decide": Text("今天没有要定的。", "There is nothing to decide today."),
    "first.how": Text(
        "每条选一个：do 做、answer 回复用户、wait 先等等；写上谁负责、哪天再看。",
        "For each, choose do, answer or wait; say who sees to it and when to look again.",
    ),
    "first.command": Text(
        "productloop decide {number} do --owner 名字 --review {day}", "productloop decide {number} do --owner NAME --review {day}"
    ),
    "first.doubt": Text("这次别太信的", "What not to believe this week"),
    "first.nothing_to_doubt": Text("没有特别要提醒的。", "Nothing in particular."),
    "first.stand": Text("现在的情况", "Where things stand"),
    "first.reports": Text("全部报告", "All reports"),
    "first.skipped": Text("没有出的报告", "Reports that were not made"),
    "first.skipped_one": Text("{title}：{reason}", "{title}: {reason}"),
    "first.turns": Text("模型", "Models"),
    "first.files": Text("报告都在 {folder}，用浏览器打开 {file}", "All reports are in {folder}; open {file} in a browser"),
    "first.nothing_new": Text("inbox 里没有新文件。", "Nothing new in the inbox."),
    "first.imported": Text("导入了 {num:count} 个新文件", "{num:count} new {num|file|files} imported"),
}
