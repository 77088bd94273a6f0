"""Sentences of `needs releases`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

RELEASES_TITLE = Text("每个版本之后，用户说的变了什么", "What each version changed in what people say")

NO_VERSIONS = Problem(
    "needs_no_versions",
    Text("不知道产品什么时候发过版本", "it is not known when versions of the product came out"),
    Text("一张变更表：日期、类型（version）、标题、版本号", "a table of changes: date, kind (version), title, version"),
    Text("导入一份：productloop import changes.csv", "import one with: productloop import changes.csv"),
)
NO_SUCH_VERSION = Problem(
    "needs_no_such_version",
    Text("没有 {version:quote} 这个版本", "there is no version {version:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("换一个，或去掉 --version 看全部", "choose one of them, or leave --version out to see all"),
)

TEXTS = {
    "needs.releases.title": Text("发版之后变了什么", "What changed with each version"),
    "needs.releases.few": Text("内容太少，还看不出哪个版本改变了什么。", "There are too few texts to tell what a version changed."),
    "needs.releases.undated": Text("内容没有日期，分不出发版前后。", "The texts carry no dates, so before and after cannot be told apart."),
    "needs.releases.lead": Text(
        "{version} 版之后，提到「{topic}」的{direction}：从 {was:percent} 到 {now:percent}。",
        "With version {version}, {direction} people bring up “{topic}”: {was:percent} -> {now:percent} of those who wrote.",
    ),
    "needs.releases.lead.none": Text("没有哪个版本让某个话题明显变多或变少。", "No version made any topic clearly more or less frequent."),
    "needs.releases.fell": Text("明显变少", "clearly fewer"),
    "needs.releases.rose": Text("明显变多", "clearly more"),
    "needs.releases.effect.fell": Text(
        "「{topic}」少了：有这个版本的人里 {now:percent} 提到，没有的 {was:percent}；大概是原来的 {ratio:range} 倍（九成把握）。",
        "“{topic}” fell: {now:percent} of those with the version bring it up, {was:percent} of those without; about {ratio:range} times the earlier rate "
        "(nine times in ten).",
    ),
    "needs.releases.effect.rose": Text(
        "「{topic}」多了：有这个版本的人里 {now:percent} 提到，没有的 {was:percent}；大概是原来的 {ratio:range} 倍（九成把握）。",
        "“{topic}” rose: {now:percent} of those with the version bring it up, {was:percent} of those without; about {ratio:range} times the earlier rate "
        "(nine times in ten).",
    ),
    "needs.releases.noted.unchanged": Text(
        "发版说明里提到了「{topic}」，但说的人没有明显变少（{ratio:range} 倍，九成把握）。",
        "The release note speaks of “{topic}”, yet no fewer people bring it up ({ratio:range} times the earlier rate, nine times in ten).",
    ),
    "needs.releases.quiet": Text("没有话题明显变化。", "No topic clearly changed."),
    "needs.releases.too_early": Text("太早了，{date} 再看。", "Too early; look again on {date}."),
    "needs.releases.too_few": Text("写反馈的人太少，说不出变化。", "Too few people wrote to tell a change."),
    "needs.releases.heading": Text("{version}（{date}）{note}", "{version} ({date}) {note}"),
    "needs.releases.caution": Text(
        "这是时间上的先后，不证明是版本造成的：同一时间发生的别的事也算在里面。",
        "This is before and after, not proof that the version did it: whatever else happened at the time is in it.",
    ),
    "needs.releases.chart": Text(
        "每个版本之后，话题变成原来的几倍（点和九成区间，1 是没变）",
        "Rate of each topic with the version, times the rate without (1 is no change)",
    ),
    "needs.releases.chart.name": Text("{topic}｜{version}", "{topic} | {version}"),
    "needs.releases.chart.series": Text("倍数", "times"),
    "needs.releases.fold": Text("比较过的全部话题和版本", "All topics and versions that were compared"),
    "needs.releases.method.version": Text(
        "把有这个版本的人和还没有的人按周对着比，泊松回归，台阶式的变化要明显比渐变更说得通；"
        "前后各最多 12 周；一共比较了 {num} 次，按 Holm 校正，p 小于 0.05 且差到 1.3 倍以上才算。",
        "Those who have the version are set against those who do not, week by week, in a Poisson regression; "
        "a step must explain clearly more than a trend; up to 12 weeks either side; "
        "{num} comparisons, corrected by Holm; a change takes p below .05 and a factor of 1.3.",
    ),
    "needs.releases.method.week": Text(
        "内容没有版本号，所以拿发版后的周和发版前的周比，泊松回归，台阶式的变化要明显比渐变更说得通；"
        "前后各最多 12 周；"
        "一共比较了 {num} 次，按 Holm 校正，p 小于 0.05 且差到 1.3 倍以上才算。",
        "The texts carry no version, so the weeks since are set against the weeks before in a Poisson regression; "
        "a step must explain clearly more than a trend; up to 12 weeks either side; "
        "{num} comparisons, corrected by Holm; a change takes p below .05 and a factor of 1.3.",
    ),
    "needs.column.version": Text("版本", "Version"),
    "needs.column.was": Text("没有这个版本", "Without it"),
    "needs.column.now": Text("有这个版本", "With it"),
    "needs.column.ratio": Text("倍数", "Times"),
    "needs.d.release_people": Text(
        "用这个版本（或之后版本）写过反馈的人；没有版本号时，是发版后写过的人。",
        "People who wrote from that version or a later one; without versions, people who wrote since it came out.",
    ),
    "needs.d.release_was": Text("没有这个版本的人里，提到它的比例。", "Of those without the version, the share who bring it up."),
    "needs.d.release_now": Text("有这个版本的人里，提到它的比例。", "Of those with the version, the share who bring it up."),
    "needs.d.release_ratio": Text(
        "有这个版本时的频率，除以没有它时的频率。",
        "Rate with the version over the rate without it.",
    ),
    "needs.d.num_compared": Text("比较的次数；显著性按它校正。", "Comparisons made; significance is corrected for them."),
}
