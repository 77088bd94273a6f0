"""Sentences of `behaviour performance`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

PERFORMANCE_TITLE = Text("崩溃、报错和等待，各付出什么代价", "Crashes, errors and waiting, and what they cost")

PERFORMANCE_NO_BREAKDOWN = Problem(
    "performance_no_breakdown",
    Text("这里不能用 --by {name:quote} 拆分", "this cannot be split with --by {name:quote}"),
    Text("版本、机型、平台本来就在比较之内", "version, device and platform are compared anyway"),
    Text("只看一类人，用 --where {name}=某个值", "to look at one kind of people only, use --where {name}=VALUE"),
)

TEXTS = {
    "behaviour.performance.title": Text("崩溃、报错和等待", "Crashes, errors and waiting"),
    "behaviour.performance.no_events": Text("这段时间没有事件。", "There are no events in this time."),
    "behaviour.performance.nothing": Text(
        "数据里没有崩溃或报错的事件，也没有耗时，这件事现在看不了。请让应用多发两样：崩溃、报错时发一个事件（如 app_crash、payment_error，带 version、device、"
        "platform），打开和关键操作的事件上带 duration_ms（毫秒）。事件叫别的名字，就用 --crashes 指明。",
        "The data hold no event for a crash or an error and no durations, so nothing can be said yet. Have the app send two things: an event when it "
        "crashes or fails (such as app_crash or payment_error, with version, device and platform), and duration_ms (milliseconds) on opening and on "
        "what matters. Events called otherwise are named with --crashes.",
    ),
    "behaviour.performance.no_faults": Text(
        "没有崩溃或报错的事件（按名字找的；叫别的名字就用 --crashes 指明），所以只看耗时。",
        "There is no event for a crash or an error (found by name; name others with --crashes), so this is about waiting only.",
    ),
    "behaviour.performance.no_durations": Text(
        "事件上没有 duration_ms（耗时，毫秒），所以看不了快慢。",
        "No event carries duration_ms (milliseconds), so nothing is known about waiting.",
    ),
    "behaviour.performance.met": Text(
        "{active} 个活跃的人里，{people} 人（{share}）遇到过崩溃或报错。",
        "Of {active} active people, {people} ({share}) met a crash or an error.",
    ),
    "behaviour.performance.slowest": Text(
        "最慢的是“{event}”：一半在 {median} 毫秒以内，最慢的十分之一超过 {ninety} 毫秒。",
        "The slowest is “{event}”: half take up to {median} ms, the slowest tenth over {ninety} ms.",
    ),
    "behaviour.performance.worse": Text(
        "{column} 是 {value} 的人里，{here} 遇到过崩溃或报错，其他人 {elsewhere}。",
        "Where {column} is {value}, {here} met a crash or an error; elsewhere {elsewhere}.",
    ),
    "behaviour.performance.slower": Text(
        "{column} 是 {value} 时，“{event}”要 {ratio:range} 倍的时间（中位 {median} 毫秒）。",
        "Where {column} is {value}, “{event}” takes {ratio:range} times as long (median {median} ms).",
    ),
    "behaviour.performance.even": Text(
        "没有哪个版本、机型或平台明显更糟。", "No version, device or platform is clearly worse than the others."
    ),
    "behaviour.performance.met_fault": Text("遇到崩溃或报错的人", "People who met a crash or an error"),
    "behaviour.performance.met_slow": Text("等得久的人", "People who had to wait long"),
    "behaviour.performance.cost_retention": Text(
        "{who}，下一周还在的少 {gap:range} 个百分点（和同一周、同样活跃的人比），大约每周 {lost:range} 人。",
        "{who} are there the next week {gap:range} points less often (against equally active people of the same week): about {lost:range} people a week.",
    ),
    "behaviour.performance.cost_conversion": Text(
        "{who}，下一周“{goal}”的少 {gap:range} 个百分点（和同一周、同样活跃的人比），大约每周 {lost:range} 人。",
        "{who} reach “{goal}” the next week {gap:range} points less often (against equally active people of the same week): about {lost:range} people a week.",
    ),
    "behaviour.performance.cost_stars": Text(
        "{who}，之后四周里打的分低 {gap:range} 星（{here} 对 {elsewhere}）。",
        "{who} give {gap:range} stars less in the four weeks after ({here} against {elsewhere}).",
    ),
    "behaviour.performance.no_cost": Text(
        "和同样活跃的人比，遇到过的人之后没有明显变差（或人还太少，看不出来）。",
        "Against equally active people, those who met it do not clearly do worse afterwards (or there are too few to tell).",
    ),
    "behaviour.performance.better": Text(
        "有一项反而更好：多半是用得多的人才更常遇到，不是好事。",
        "One of these is better instead: probably people who use it more also meet more; that is no good news.",
    ),
    "behaviour.performance.rule": Text(
        "怎么算：一行是一个人的一周；遇到的人和同一周、活跃天数和事件数相近、没遇到的人比下一周。“慢”是每种事件里最慢的十分之一，或 --slow-ms。",
        "How it counts: one row is one person in one week; those who met it are compared with people of the same week with about as many days and events "
        "who did not, by the week after. Slow is the slowest tenth of each event, or --slow-ms.",
    ),
    "behaviour.performance.chart_faults": Text("每周遇到崩溃或报错的人的比例", "Share of people who met a crash or an error, by week"),
    "behaviour.performance.chart_median": Text("“{event}”每周的中位耗时（毫秒）", "Median milliseconds of “{event}”, by week"),
    "behaviour.performance.faults": Text("崩溃和报错", "Crashes and errors"),
    "behaviour.performance.timings": Text("各事件的耗时（毫秒）", "How long things take (milliseconds)"),
    "behaviour.performance.places": Text("按版本、机型、平台", "By version, device and platform"),
    "behaviour.performance.costs": Text("付出的代价", "What it costs"),
    "behaviour.performance.event": Text("事件", "event"),
    "behaviour.performance.people": Text("人数", "people"),
    "behaviour.performance.share": Text("占活跃的人", "of active people"),
    "behaviour.performance.times": Text("次数", "times"),
    "behaviour.performance.median": Text("中位", "median"),
    "behaviour.performance.ninety": Text("最慢的十分之一超过", "slowest tenth over"),
    "behaviour.performance.ninety_nine": Text("最慢的百分之一超过", "slowest hundredth over"),
    "behaviour.performance.where": Text("哪些人", "who"),
    "behaviour.performance.here": Text("遇到过的比例", "met one"),
    "behaviour.performance.elsewhere": Text("其他人", "elsewhere"),
    "behaviour.performance.slowness": Text("耗时倍数", "times as long"),
    "behaviour.performance.between": Text("{value}（{low} 到 {high}）", "{value} ({low} to {high})"),
    "behaviour.performance.outcome_retention": Text("下一周还在", "there the next week"),
    "behaviour.performance.outcome_conversion": Text("下一周转化", "converted the next week"),
    "behaviour.performance.outcome_stars": Text("打的分", "stars given"),
    "behaviour.performance.outcome": Text("之后", "afterwards"),
    "behaviour.performance.difference": Text("相差（同样活跃的人之间）", "difference among equally active"),
    "behaviour.performance.ratio": Text("倍数", "ratio"),
    "behaviour.performance.fold_text": Text(
        "代价按周、活跃天数（1、2、3-4、5 天以上）和事件数四分位分层后合并（Mantel-Haenszel），区间 90 %；分位数的区间按人重抽样。"
        "版本、机型、平台之间的 p 用 Fisher 精确检验和 Holm 校正，.05 以下算明显。这是相关，不能证明因果。",
        "Costs are pooled over weeks, days active (1, 2, 3-4, 5 and more) and quarters of the number of events (Mantel-Haenszel), intervals 90 %; "
        "intervals of quantiles draw people. Versions, devices and platforms are compared with Fisher's exact test and Holm, clear below .05. "
        "This is association; it does not prove a cause.",
    ),
    "behaviour.finding.performance": Text(
        "{column} 是 {value} 的人里，{here} 遇到过崩溃或报错，其他人 {elsewhere}。",
        "Where {column} is {value}, {here} met a crash or an error; elsewhere {elsewhere}.",
    ),
    "behaviour.d.performance_active": Text(
        "这段时间做过任何事（崩溃、报错除外）的人。", "People who did anything but meet a fault in this time."
    ),
    "behaviour.d.fault_people": Text("至少遇到过一次的人。", "People who met it at least once."),
    "behaviour.d.fault_share": Text("遇到过的人除以活跃的人。", "People who met it, of active people."),
    "behaviour.d.fault_times": Text("发生的次数。", "How often it happened."),
    "behaviour.d.timed_people": Text("这个事件带耗时的人。", "People with a duration of this event."),
    "behaviour.d.median": Text("一半不超过这么多毫秒。", "Half take no longer than this, in milliseconds."),
    "behaviour.d.ninety": Text("十次里九次不超过这么多毫秒。", "Nine in ten take no longer than this, in milliseconds."),
    "behaviour.d.ninety_nine": Text("一百次里九十九次不超过这么多毫秒。", "99 in 100 take no longer than this, in milliseconds."),
    "behaviour.d.place_people": Text("在这个版本、机型或平台上有过事件的人。", "People with any event there."),
    "behaviour.d.place_gap": Text("遇到过的比例，减其他人的。", "Share who met one, less that of the others."),
    "behaviour.d.slowness": Text("这里的中位耗时除以别处的。", "Median here divided by the median elsewhere."),
    "behaviour.d.cost_people": Text("遇到过的人。", "People who met it."),
    "behaviour.d.cost_retention": Text("人周里，下一周还有活动的比例。", "Share of person-weeks with any activity in the week after."),
    "behaviour.d.cost_conversion": Text("人周里，下一周转化的比例。", "Share of person-weeks with a goal in the week after."),
    "behaviour.d.cost_stars": Text("每人打分的平均，再对人平均。", "Mean of each person's stars, then over people."),
    "behaviour.d.cost_ratio": Text("和同样活跃的人相比的倍数。", "Ratio to equally active people."),
    "behaviour.d.cost_gap": Text("和同样活跃的人相差几个百分点。", "Difference to equally active people, in points."),
    "behaviour.d.cost_stars_gap": Text("相差几颗星。", "Difference in stars."),
    "behaviour.d.cost_lost": Text("每周遇到的人次乘以相差的比例。", "Person-weeks that met it, a week, times the difference."),
}
