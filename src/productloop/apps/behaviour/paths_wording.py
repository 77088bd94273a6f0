"""Sentences of `behaviour paths`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

PATHS_TITLE = Text("路径：人都怎么走，走到哪里离开", "Paths: which ways people take, and where they leave")

GROUP_UNREADABLE = Problem(
    "paths_group_unreadable",
    Text("看不懂合并规则 {group:quote}", "the group {group:quote} cannot be read"),
    Text("名字=事件，事件可以用 * 通配，多个用 + 连起来", "NAME=EVENT, where * stands for anything and several are joined by +"),
    Text("例如 --group 浏览=view_*+item_view", "for example --group viewing=view_*+item_view"),
)
STEP_IGNORED = Problem(
    "paths_step_ignored",
    Text("{name:quote} 被 --ignore 排除了，不能再当起点或终点", "{name:quote} is left out by --ignore and cannot be a start or an end"),
    Text("起点和终点是要看的事件", "a start and an end that are looked at"),
    Text("去掉这个 --ignore，或者换一个起点、终点", "drop that --ignore, or choose another start or end"),
)
NO_SESSIONS = Problem(
    "paths_no_sessions",
    Text("数据里没有会话编号", "the data give no sessions"),
    Text("事件表里有一列 session", "a column session in the events"),
    Text("去掉 --own-sessions，按静默时间切分访问", "drop --own-sessions: visits are then split by silence"),
)

TEXTS = {
    "behaviour.paths.title": Text("路径", "Paths"),
    "behaviour.paths.title_from": Text("{start} 之后怎么走", "Paths after {start}"),
    "behaviour.paths.title_to": Text("{end} 之前怎么走", "Paths to {end}"),
    "behaviour.paths.title_between": Text("从{start}到{end}", "Paths from {start} to {end}"),
    "behaviour.paths.none": Text(
        "这段时间里没有这样的访问：换个日期，或者换个起点、终点。",
        "No such visits in this range: take other dates, or another start or end.",
    ),
    "behaviour.paths.begin": Text(
        "每 100 次访问，大约 {percent} 次从“{label}”开始；最常见的走法是 {path}（占 {share}）。",
        "Of 100 visits, about {percent} begin with “{label}”; the most frequent way is {path} ({share}).",
    ),
    "behaviour.paths.after": Text(
        "每 100 次出现“{start}”的访问，之后大约 {percent} 次接着“{label}”，{ended} 次就此结束。",
        "Of 100 visits with “{start}”, about {percent} go on to “{label}” and {ended} end right there.",
    ),
    "behaviour.paths.before": Text(
        "每 100 次走到“{end}”的访问，大约 {percent} 次是从“{label}”过来的。",
        "Of 100 visits that get to “{end}”, about {percent} come straight from “{label}”.",
    ),
    "behaviour.paths.between": Text(
        "每 100 次做过“{start}”的访问，大约 {percent} 次在同一次访问里走到“{end}”。",
        "Of 100 visits with “{start}”, about {percent} get to “{end}” in the same visit.",
    ),
    "behaviour.paths.leaving": Text(
        "最容易断在“{label}”：有它的访问里，每 100 次大约 {percent} 次做完它就走了。如果那不是他们想到的地方，就先看那里。",
        "People leave most readily after “{label}”: of 100 visits with it, about {percent} end on it. "
        "If that is not where they wanted to get, look there first.",
    ),
    "behaviour.paths.loop": Text(
        "{people} 人连着做过“{label}”，一般连做 {times} 次，最多 {most} 次。",
        "{people} {people|person|people} did “{label}” several times in a row, typically {times} times and at most {most}.",
    ),
    "behaviour.paths.rule": Text(
        "怎么算：静默 {minutes} 分钟算一次访问结束；连着做的同一个动作算一步；一条路径最多看 {steps} 步。数字是访问次数和人数。",
        "How it counts: a visit ends after {minutes} {minutes|minute|minutes} of silence; the same event in a row is one step; "
        "at most {steps} steps are shown. Numbers are visits and people.",
    ),
    "behaviour.paths.rule_sessions": Text(
        "怎么算：访问按数据自带的会话编号；连着做的同一个动作算一步；一条路径最多看 {steps} 步。数字是访问次数和人数。",
        "How it counts: visits are the sessions that the data give; the same event in a row is one step; at most {steps} steps are shown. "
        "Numbers are visits and people.",
    ),
    "behaviour.paths.more_edges": Text(
        "一共 {num:count} 种“一步接一步”，这里是人数最多的 {shown} 种。",
        "{num:count} pairs of steps in all; these are the {shown} with the most people.",
    ),
    "behaviour.paths.method": Text(
        "每一步的用时，从一个动作第一次发生算到下一个动作第一次发生。数据结束时静默还不到时限的访问是“进行中”，不算离开。"
        "占比的范围把同一个人的多次访问看成一体。日期范围限定访问的开始。",
        "The time of a step runs from the first event of one to the first event of the next. A visit whose silence is not over at the end of the data is "
        "in progress and has not left. Ranges of shares take all visits of a person together. Dates bind the beginning of a visit.",
    ),
    "behaviour.paths.different": Text(
        "“{first}”和“{second}”走法不同最明显的一步：{before} → {after}，分别有 {one} 和 {two} 的人走过。",
        "“{first}” and “{second}” differ most at {before} → {after}: {one} and {two} of their people went this way.",
    ),
    "behaviour.paths.same": Text(
        "“{first}”和“{second}”的走法没有明显差别。", "No clear difference between the ways of “{first}” and of “{second}”."
    ),
    "behaviour.chart.paths": Text("访问怎么走（单位：次）", "Where visits go (number of visits)"),
    "behaviour.chart.paths_of": Text("{value}：访问怎么走（单位：次）", "{value}: where visits go (number of visits)"),
    "behaviour.heading.frequent": Text("最常见的走法", "The most frequent ways"),
    "behaviour.heading.leaving": Text("离开前最后做的事", "What people do right before leaving"),
    "behaviour.heading.path_steps": Text("每一步结束了多少", "How many visits end at each step"),
    "behaviour.heading.loops": Text("连着重复的动作", "Done several times in a row"),
    "behaviour.heading.begin": Text("从哪里开始", "What visits begin with"),
    "behaviour.heading.after": Text("紧接着做什么", "What comes right after"),
    "behaviour.heading.before": Text("之前在做什么", "What comes right before"),
    "behaviour.heading.path_differences": Text("两边走法的差别", "Where the two differ"),
    "behaviour.fold.edges": Text("一步接一步：次数与用时", "Each step after another, with times"),
    "behaviour.fold.paths_method": Text("具体规则", "The exact rules"),
    "behaviour.label.plain_step": Text("{name}", "{name}"),
    "behaviour.label.value_share": Text("{value}：走过的人", "{value}: people who did"),
    "behaviour.label.more_steps": Text("……", "…"),
    "behaviour.label.other_steps": Text("其他", "other"),
    "behaviour.label.ended": Text("离开", "left"),
    "behaviour.label.step_number": Text("第 {num} 步", "step {num}"),
    "behaviour.label.before_end": Text("前 {num} 步", "{num} before"),
    "behaviour.label.the_end": Text("终点", "the end"),
    "behaviour.label.visits": Text("访问次数", "visits"),
    "behaviour.label.visits_made": Text("访问", "visits"),
    "behaviour.column.path": Text("走法", "way"),
    "behaviour.column.of_visits": Text("占访问", "of visits"),
    "behaviour.column.event": Text("动作", "event"),
    "behaviour.column.before": Text("先", "first"),
    "behaviour.column.after": Text("再", "then"),
    "behaviour.column.place": Text("第几步", "step"),
    "behaviour.column.mean_minutes": Text("平均用时（分钟）", "mean minutes"),
    "behaviour.column.median_minutes": Text("中位用时（分钟）", "median minutes"),
    "behaviour.column.ended": Text("到此结束", "end here"),
    "behaviour.column.of_all_visits": Text("占所有离开", "of all that left"),
    "behaviour.column.of_its_visits": Text("做了就走的比例", "visits with it that end on it"),
    "behaviour.column.loop_visits": Text("发生次数", "how often"),
    "behaviour.column.loop_median": Text("一般连做几次", "typically in a row"),
    "behaviour.column.loop_most": Text("最多连做几次", "most in a row"),
    "behaviour.caution.few_visits": Text(
        "只有 {visits} 次访问；少于 {needed} 次，比例只能看个大概。",
        "Only {visits} {visits|visit|visits}; below {needed}, shares are rough at best.",
    ),
    "behaviour.caution.short_visits": Text(
        "{of:count} 次访问里有 {visits:count} 次只做了一件事：埋点可能太少，或者静默时间设得太短。",
        "{visits:count} of {of:count} visits have one single step: perhaps too little is recorded, or the silence is set too short.",
    ),
    "behaviour.caution.open_visits": Text(
        "有 {visits} 次访问在数据结束时还没完，不算离开。",
        "{visits} {visits|visit was|visits were} not over at the end of the data and did not leave.",
    ),
    "behaviour.d.visits": Text("开始于这段时间、走法符合条件的访问", "visits that begin in the range and have the asked path"),
    "behaviour.d.visit_people": Text("有这样访问的不同的人", "different people with such a visit"),
    "behaviour.d.path_share": Text("走法完全相同的访问占所有访问的比例", "share of all visits that go exactly this way"),
    "behaviour.d.path_reached": Text(
        "做过起点的访问里，同一次访问走到终点的比例", "share of the visits with the start that get to the end"
    ),
    "behaviour.d.near": Text("占所有这样的访问的比例", "share of all such visits"),
    "behaviour.d.edge_people": Text("在这个位置先后走过这两步的不同的人", "different people who took the two steps at this place"),
    "behaviour.d.edge_visits": Text("在这个位置先后走过这两步的访问", "visits with the two steps at this place"),
    "behaviour.d.edge_time": Text(
        "从前一步第一次发生到后一步第一次发生", "from the first event of the one to the first event of the other"
    ),
    "behaviour.d.edge_share": Text("走过这一步接一步的人占这一边所有人的比例", "share of the people of this side who ever went this way"),
    "behaviour.d.edge_difference": Text("两边比例之差", "the one share minus the other"),
    "behaviour.d.step_visits": Text("至少走到这一步的访问", "visits with at least so many steps"),
    "behaviour.d.step_ended": Text(
        "走到这一步的已结束访问里，到此为止的比例", "of the finished visits that got here, the share that ends here"
    ),
    "behaviour.d.leaving": Text("以它结尾的访问占所有已结束访问的比例", "share of all finished visits that end on it"),
    "behaviour.d.leaving_of_its": Text(
        "有它的已结束访问里，以它结尾的比例", "of the finished visits in which it happens, the share that ends on it"
    ),
    "behaviour.d.loop_people": Text("在一次访问里连着做过两次以上的不同的人", "different people who did it twice or more in a row"),
    "behaviour.d.loop_visits": Text("连着做两次以上的情形发生了几回", "how often it was done twice or more in a row"),
    "behaviour.d.loop_times": Text("连做次数的中位数，只看连着做的", "median length of such a row"),
    "behaviour.d.loop_most": Text("连做次数的最大值", "longest such row"),
}
