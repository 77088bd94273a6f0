"""Sentences of `risk watch`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

WATCH_TITLE = Text("哪些指标不对劲：从哪天起、出在哪里", "Which metrics are off: since when, and where it comes from")

NO_BREAKDOWN = Problem(
    "watch_no_breakdown",
    Text("这里不能用 --by {name:quote} 拆分", "this cannot be split with --by {name:quote}"),
    Text("平台、套餐、版本这些列本来就会逐个查", "platform, plan, version and the like are looked into anyway"),
    Text("只看一类人，用 --where {name}=某个值", "to look at one kind of people only, use --where {name}=VALUE"),
)
METRIC_UNKNOWN = Problem(
    "watch_metric_unknown",
    Text("没有 {name:quote} 这个指标", "there is no metric {name:quote}"),
    Text("其中一个：{known}；最接近的是 {nearest}", "one of {known}; the nearest is {nearest}"),
    Text("换成上面的名字；不写就全部都看", "write one of those names, or none to look at all of them"),
)
METRIC_EMPTY = Problem(
    "watch_metric_empty",
    Text("指标 {name:quote} 在数据里没有值", "the metric {name:quote} has no values in the data"),
    Text("至少有几周的值", "values of some weeks at least"),
    Text("先导入数据，或换一个指标", "import the data first, or choose another metric"),
)
COUNTRY_UNKNOWN = Problem(
    "watch_country_unknown",
    Text("没有 {name:quote} 的节假日", "the holidays of {name:quote} are not known"),
    Text("其中几个：{known}", "some of {known}"),
    Text("写成 --holidays CN,US 这样", "write it like --holidays CN,US"),
)

_METRICS = {
    "risk.watch.metric_active": Text("活跃人数", "active people"),
    "risk.watch.metric_signups": Text("新注册", "sign-ups"),
    "risk.watch.metric_errors": Text("遇到崩溃或报错的人", "people who meet a crash or an error"),
    "risk.watch.metric_revenue": Text("收入（{currency}）", "revenue ({currency})"),
    "risk.watch.metric_rating": Text("评分", "stars given"),
    "risk.watch.metric_feedback": Text("反馈条数", "pieces of feedback"),
    "risk.watch.metric_topic": Text("提到“{name}”的反馈", "feedback about “{name}”"),
    "risk.watch.metric_people": Text("做“{event}”的人", "people who do “{event}”"),
    "risk.watch.metric_count": Text("“{event}”的次数", "times of “{event}”"),
}
_LINES = {
    "risk.watch.title": Text("指标看板", "Metrics under watch"),
    "risk.watch.nothing": Text(
        "没有可看的指标：导入事件、订单、反馈或 metrics 表之后再来。",
        "There is no metric to watch yet: import events, orders, feedback or a table of metrics.",
    ),
    "risk.watch.quiet": Text(
        "一切平静：{num} 个指标都在预期范围里，没有哪个值得专门去查。",
        "A quiet week: {num} {num|metric is|metrics are} within what was to be expected, none deserves a look.",
    ),
    "risk.watch.quiet_one": Text("没有异常：{metric}在预期范围里。", "Nothing unusual: {metric}, within what was to be expected."),
    "risk.watch.untested": Text(
        "数据还太短或太少，现在什么也看不出来。", "There is too little data, or too short a history, to tell anything yet."
    ),
    "risk.watch.heading": Text("{metric}", "{metric}"),
    "risk.watch.first_of": Text(
        "{what}（另有 {num:count} 个指标也不对劲，见 productloop risk watch）",
        "{what} ({num:count} more {num|metric deserves|metrics deserve} a look: productloop risk watch)",
    ),
    "risk.watch.looks": Text("{num} 个指标值得看一眼，共查了 {total} 个。", "{num} of {total} metrics {num|deserves|deserve} a look."),
    "risk.watch.more": Text("另有 {num} 个也出了预期范围，在下面的表里。", "{num} more also left what was expected; see the table below."),
    "risk.watch.below_lasting": Text(
        "{metric}：自 {day:date}（{weekday}）起比预期少 {gap:percent}（九成把握少 {gap:range}），到现在还是。",
        "{metric}: {gap:percent} under what was expected since {weekday}, {day:date} (nine times in ten {gap:range}), and still so.",
    ),
    "risk.watch.above_lasting": Text(
        "{metric}：自 {day:date}（{weekday}）起比预期多 {gap:percent}（九成把握多 {gap:range}），到现在还是。",
        "{metric}: {gap:percent} over what was expected since {weekday}, {day:date} (nine times in ten {gap:range}), and still so.",
    ),
    "risk.watch.below_over": Text(
        "{metric}：{day:date}（{weekday}）到 {until:date} 比预期少 {gap:percent}（九成把握少 {gap:range}），现在已经恢复。",
        "{metric}: {gap:percent} under what was expected from {weekday}, {day:date}, to {until:date} (nine times in ten {gap:range}); it is over.",
    ),
    "risk.watch.above_over": Text(
        "{metric}：{day:date}（{weekday}）到 {until:date} 比预期多 {gap:percent}（九成把握多 {gap:range}），现在已经恢复。",
        "{metric}: {gap:percent} over what was expected from {weekday}, {day:date}, to {until:date} (nine times in ten {gap:range}); it is over.",
    ),
    "risk.watch.times_lasting": Text(
        "{metric}：自 {day:date}（{weekday}）起是预期的 {times} 倍，到现在还是。",
        "{metric}: {times} times what was expected since {weekday}, {day:date}, and still so.",
    ),
    "risk.watch.times_over": Text(
        "{metric}：{day:date}（{weekday}）到 {until:date} 是预期的 {times} 倍，现在已经恢复。",
        "{metric}: {times} times what was expected from {weekday}, {day:date}, to {until:date}; it is over.",
    ),
    "risk.watch.means_day": Text(
        "平均每天 {came}，预期 {expected}（{expected:range}）。", "On average {came} a day; {expected} were expected ({expected:range})."
    ),
    "risk.watch.means_week": Text(
        "平均每周 {came}，预期 {expected}（{expected:range}）。", "On average {came} a week; {expected} were expected ({expected:range})."
    ),
    "risk.watch.means_month": Text(
        "平均每月 {came}，预期 {expected}（{expected:range}）。", "On average {came} a month; {expected} were expected ({expected:range})."
    ),
    "risk.watch.source": Text(
        "其中 {share:percent}（九成把握 {share:range}）来自 {part}，平时它只占 {usual:percent}。",
        "{share:percent} of it (nine times in ten {share:range}) comes from {part}, usually {usual:percent} of the whole.",
    ),
    "risk.watch.everywhere": Text("各部分差不多都一样，没有哪一块特别突出。", "It is about the same everywhere: no part stands out."),
    "risk.watch.unsplit": Text(
        "没有平台、套餐之类的列，说不出出在哪一块。", "There is no column such as platform or plan to say where it comes from."
    ),
    "risk.watch.near_change": Text(
        "前后几天有一次变更：{day}，{name}（{detail}）。", "About then we changed something: {day}, {name} ({detail})."
    ),
    "risk.watch.near_version": Text("前后几天出现了新版本 {name}（{day}）。", "A new version appeared about then: {name} ({day})."),
    "risk.watch.near_holiday": Text("正赶上{name}（{detail}，{day}）。", "It falls on {name} ({detail}, {day})."),
    "risk.watch.near_none": Text("前后几天没有记录到变更、新版本或节假日。", "No change, new version or holiday is on record about then."),
    "risk.watch.check_active": Text(
        "建议先查：那天起事件有没有漏传，登录和首页能不能正常打开。",
        "Check first: did all events arrive from that day on, and do sign-in and the first screen work?",
    ),
    "risk.watch.check_signups": Text(
        "建议先查：自己在那个平台上走一遍注册，再看投放和渠道有没有停。",
        "Check first: sign up yourself there, then whether a campaign or channel stopped.",
    ),
    "risk.watch.check_errors": Text(
        "建议先查：那天前后上线的版本，用 productloop behaviour performance 看哪个版本、哪种机型在崩。",
        "Check first: the version released about then; `productloop behaviour performance` says which version and device crash.",
    ),
    "risk.watch.check_revenue": Text(
        "建议先查：支付成功率和续费扣款，再看价格有没有动。", "Check first: do payments and renewals go through, and did a price change?"
    ),
    "risk.watch.check_rating": Text(
        "建议先查：低分的人在说什么（productloop needs topics）。",
        "Check first: what do those with few stars say? See `productloop needs topics`.",
    ),
    "risk.watch.check_feedback": Text(
        "建议先查：是哪个渠道的反馈变了，有没有漏导。", "Check first: which channel changed, and was everything imported?"
    ),
    "risk.watch.check_topic": Text(
        "建议先查：读几条原话，看是不是同一件事。", "Check first: read a few of them; are they about one thing?"
    ),
    "risk.watch.check_events": Text(
        "建议先查：那一步自己走一遍，再看埋点有没有改。", "Check first: do that step yourself, and whether its tracking changed."
    ),
    "risk.watch.check_table": Text(
        "建议先查：这个数是谁算的，口径有没有改。", "Check first: who computes this number, and did its definition change?"
    ),
    "risk.watch.together": Text(
        "好几个指标在同样的日子一起掉：先确认那几天的数据有没有导全。",
        "Several metrics fell on the same days: first make sure that all data of those days have arrived.",
    ),
    "risk.watch.finding_below": Text(
        "{metric}比预期少 {gap:percent}，从 {day:date} 起。", "{metric}: {gap:percent} under what was expected since {day:date}."
    ),
    "risk.watch.finding_above": Text(
        "{metric}比预期多 {gap:percent}，从 {day:date} 起。", "{metric}: {gap:percent} over what was expected since {day:date}."
    ),
}
_TABLE = {
    "risk.watch.table": Text("全部指标", "All metrics"),
    "risk.watch.column_metric": Text("指标", "metric"),
    "risk.watch.column_newest": Text("最近一期", "newest"),
    "risk.watch.column_band": Text("预期范围", "to be expected"),
    "risk.watch.column_verdict": Text("看法", "verdict"),
    "risk.watch.newest_day": Text("{value}（一天）", "{value} a day"),
    "risk.watch.newest_week": Text("{value}（一周）", "{value} a week"),
    "risk.watch.newest_month": Text("{value}（一个月）", "{value} a month"),
    "risk.watch.band": Text("{low} 到 {high}", "{low} to {high}"),
    "risk.watch.verdict_below_out": Text("偏低，自 {day:date}", "low since {day:date}"),
    "risk.watch.verdict_below_over": Text("偏低过，{day:date} 到 {until:date}", "was low, {day:date} to {until:date}"),
    "risk.watch.verdict_above_out": Text("偏高，自 {day:date}", "high since {day:date}"),
    "risk.watch.verdict_above_over": Text("偏高过，{day:date} 到 {until:date}", "was high, {day:date} to {until:date}"),
    "risk.watch.verdict_below": Text("最近一期偏低，可能是偶然", "newest is low, may be chance"),
    "risk.watch.verdict_above": Text("最近一期偏高，可能是偶然", "newest is high, may be chance"),
    "risk.watch.verdict_inside": Text("正常", "fine"),
    "risk.watch.verdict_short": Text("历史太短", "too short a history"),
    "risk.watch.verdict_short_until": Text("历史太短，{day} 再看", "too short a history, look again on {day}"),
    "risk.watch.verdict_small": Text("太少，看不出变化", "too few to tell"),
    "risk.watch.chart": Text(
        "{metric}：实际与预期（阴影是九成范围）", "{metric}: what came and what was expected (shaded: nine times in ten)"
    ),
    "risk.watch.line_actual": Text("实际", "what came"),
    "risk.watch.line_expected": Text("预期", "expected"),
    "risk.watch.mark_since": Text("开始偏离预期", "leaves what was expected"),
    "risk.watch.weekday_0": Text("周一", "Monday"),
    "risk.watch.weekday_1": Text("周二", "Tuesday"),
    "risk.watch.weekday_2": Text("周三", "Wednesday"),
    "risk.watch.weekday_3": Text("周四", "Thursday"),
    "risk.watch.weekday_4": Text("周五", "Friday"),
    "risk.watch.weekday_5": Text("周六", "Saturday"),
    "risk.watch.weekday_6": Text("周日", "Sunday"),
    "risk.watch.fold_method": Text("怎么算的", "How this is made"),
    "risk.watch.fold_points": Text("逐期数字", "The numbers"),
    "risk.watch.method": Text(
        "每个指标用观察窗口（最近 {days} 天，或 6 周、4 个月）之前的数据做预测；把窗口里每一段的偏差和过去预测的偏差比，取最突出的一段。"
        "p 由 4,000 次模拟得出（过去各起点的误差水平与漂移、余下部分按块抽样），对全部指标用 Holm 校正，小于 .03 才算。",
        "Each metric is forecast from what lay before the window (the last {days} days, or 6 weeks, 4 months); every stretch of the window is held "
        "against what forecasts missed in the past, and the one that stands out most is taken. Its p comes from 4,000 simulations (level and drift "
        "of past errors, the rest drawn in blocks) and is corrected for all metrics (Holm); it counts below .03.",
    ),
    "risk.watch.method_parts": Text(
        "出在哪一块：各部分占总偏差的份额，按天抽样得区间；只有明显大于它平时占比的才点名（Bonferroni 校正），参照 Adtributor（Bhagwan 2014）。",
        "Where it comes from: each part's share of the whole gap, with intervals from drawing days; a part is named only where that is clearly more "
        "than its usual share (Bonferroni), after Adtributor (Bhagwan 2014).",
    ),
    "risk.watch.method_holidays": Text(
        "节假日看这些国家：{countries}。预测本身不含节假日。", "Holidays of: {countries}. The forecast itself does not know holidays."
    ),
    "risk.watch.column_start": Text("日期", "from"),
    "risk.watch.column_value": Text("实际", "came"),
    "risk.watch.column_expected": Text("预期", "expected"),
    "risk.watch.column_chance": Text("p（已校正）", "p (corrected)"),
}
_DEFINITIONS = {
    "risk.define.watch_newest": Text("最近一个完整周期的值", "value of the newest whole period"),
    "risk.define.watch_low": Text("预测区间的下限（90 %）", "low end of the forecast interval (90 %)"),
    "risk.define.watch_high": Text("预测区间的上限（90 %）", "high end of the forecast interval (90 %)"),
    "risk.define.watch_gap": Text(
        "这一段里，实际减预期，再除以预期", "what came minus what was expected over this stretch, divided by what was expected"
    ),
    "risk.define.watch_came": Text("这一段里每期的平均", "mean per period over this stretch"),
    "risk.define.watch_expected": Text(
        "这一段里预测的每期平均，区间来自过去预测的误差",
        "mean forecast per period over this stretch; the interval comes from past forecast errors",
    ),
    "risk.define.watch_chance": Text(
        "没有变化时，看到这么突出的一段的概率（已校正）", "chance of a stretch standing out so much when nothing changed, corrected"
    ),
    "risk.define.watch_part": Text("这一部分的偏差占总偏差的份额", "share of the whole gap that this part's gap makes up"),
    "risk.define.watch_usual": Text("变化之前这一部分占总数的份额", "share of the whole this part had before the change"),
}
TEXTS: dict[str, Text] = {**_METRICS, **_LINES, **_TABLE, **_DEFINITIONS}
