"""Sentences about the exports of known programs: whose they are, what was done with them, what they lack."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

ONLY_RATINGS = Problem(
    "file_only_ratings",
    Text("{path} 的 {num:count} 行都只有评分，没有文字。", "All {num:count} rows of {path} are stars without words."),
    Text("至少有一条写了字的评论。", "At least one review with words."),
    Text("换一个有文字评论的时间段再导出。", "Export a period in which people wrote something."),
)
NO_OPEN_ANSWERS = Problem(
    "file_no_open_answers",
    Text(
        "{path} 是问卷，{num:count} 份答卷里没有写字的回答。",
        "{path} is a questionnaire, and nobody wrote anything in its {num:count} responses.",
    ),
    Text("至少一道填空题或简答题的回答。", "Answers to at least one open question."),
    Text(
        "只有选项的问卷可以当作用户表导入：--table actors --map actor={column}。",
        "Choices alone can be imported as a table of people: --table actors --map actor={column}.",
    ),
)
NO_WORDS = Problem(
    "map_no_words",
    Text("{path} 是工单清单，里面没有用户写的话。", "{path} is a list of tickets without what the customers wrote."),
    Text("带正文的导出（描述、留言或对话）。", "An export with the words: descriptions, comments or conversations."),
    Text("{advice}只想看标题的话：--map text={subject}。", "{advice} For the subjects alone: --map text={subject}."),
)
WORDS_ELSEWHERE: dict[str, Text] = {
    "zendesk": Text(
        "Zendesk 视图的 CSV 不带正文：到 管理中心 → 账户 → 工具 → 报告 → 导出，选 JSON 完整导出；或用增量导出接口（Incremental Ticket Export）取 JSON。",
        "A Zendesk view CSV has no text: take the JSON in Admin Center > Account > Tools > Reports > Export (“Full JSON export”), "
        "or the incremental ticket export of the API.",
    ),
    "freshdesk": Text(
        "Freshdesk 的工单 CSV 不带正文：到 管理 → 账户 → 导出数据 取完整备份，或用接口 /api/v2/tickets?include=description 取 JSON。",
        "A Freshdesk ticket CSV has no text: take the full backup in Admin > Account > Export data, "
        "or JSON from the API, /api/v2/tickets?include=description.",
    ),
    "intercom": Text(
        "Intercom 的会话报表不带正文：用 设置 → 数据 → 导入与导出 里的会话导出（S3），或用接口 /conversations 取 JSON。",
        "An Intercom conversation report has no text: export the conversations under Settings > Data > Imports & exports (S3), "
        "or take JSON from the API, /conversations.",
    ),
    "jira": Text(
        "这份 Jira 导出里没有描述：在搜索结果页选 导出 → 导出 CSV（所有字段）。",
        "This Jira export lacks the description: choose Export > Export CSV (all fields) above the search results.",
    ),
    "ticket": Text(
        "在工单系统里重新导出，并勾选“描述”或“对话内容”；没有这个选项就导出 JSON。",
        "Export again with the description or the conversation ticked; where that is no option, export JSON.",
    ),
}
"""Which export of a service desk holds the words."""
EXPORTS: dict[str, Text] = {
    "google_play": Text("Google Play 评论", "Google Play reviews"),
    "app_store": Text("App Store Connect 评论", "App Store Connect reviews"),
    "qimai": Text("七麦的评论", "七麦 (Qimai) reviews"),
    "fider": Text("Fider 的建议", "Fider posts"),
    "canny": Text("Canny 的建议", "Canny posts"),
    "quackback": Text("Quackback 的建议", "Quackback posts"),
    "quackback_comments": Text("Quackback 的评论", "Quackback comments"),
    "quackback_votes": Text("Quackback 的投票（没有文字，记作事件）", "Quackback votes, which are events without words"),
    "productboard": Text("Productboard 的笔记", "Productboard notes"),
    "linear": Text("Linear 的任务", "Linear issues"),
    "jira": Text("Jira 的任务", "Jira issues"),
    "github": Text("GitHub 的 issue", "GitHub issues"),
    "intercom_contacts": Text(
        "Intercom 联系人（只有人，没有他们说的话；要看反馈请导出会话）",
        "Intercom contacts (people without their words; export conversations for those)",
    ),
    "zendesk": Text("Zendesk 的工单", "Zendesk tickets"),
    "wjx": Text("问卷星的答卷", "a 问卷星 (Wenjuanxing) questionnaire"),
    "tencent": Text("腾讯问卷的答卷", "a 腾讯问卷 (Tencent) questionnaire"),
    "jinshuju": Text("金数据的答卷", "a 金数据 (Jinshuju) questionnaire"),
    "typeform": Text("Typeform 的答卷", "Typeform responses"),
    "surveymonkey": Text("SurveyMonkey 的答卷", "SurveyMonkey responses"),
    "google_forms": Text("Google 表单的答卷", "Google Forms responses"),
    "store_console": Text("应用商店后台的评论", "an app store's reviews"),
    "segment": Text("Segment 格式的事件", "events in the form of Segment"),
    "mixpanel": Text("Mixpanel 的导出", "a Mixpanel export"),
    "amplitude": Text("Amplitude 的导出", "an Amplitude export"),
    "posthog": Text("PostHog 的导出", "a PostHog export"),
    "sensors": Text("神策的数据", "神策 (Sensors Data) lines"),
    "umeng": Text("友盟的汇总报表", "a 友盟 (Umeng) report of totals"),
}
"""Whose export a file is; said in `source.export`."""
TEXTS: dict[str, Text] = {f"export.{key}": text for key, text in EXPORTS.items()}
TEXTS.update(
    {
        "source.export": Text("认出来了：{name}。", "Recognised: {name}."),
        "source.rating_only": Text(
            "{count:count} 行只有评分没有文字，没有导入。",
            "{count:count} {count|row has|rows have} stars without words and {count|was|were} left out.",
        ),
        "source.rating_only_mean": Text(
            "{count:count} 行只有评分没有文字（平均 {mean:number} 星），没有导入。",
            "{count:count} {count|row has|rows have} stars without words (mean {mean:number}) and {count|was|were} left out.",
        ),
        "source.survey": Text(
            "问卷按“一人一道开放题一行”展开：{people:count} 人写了 {answers:count} 条回答（{questions:count} 道题），{silent:count} 人一个字没写，没有导入。",
            "The questionnaire became one row an open answer: {people:count} {people|person|people} wrote {answers:count} {answers|answer|answers} "
            "to {questions:count} {questions|question|questions}; {silent:count} wrote nothing and {silent|is|are} left out.",
        ),
        "source.survey_codes": Text(
            "{count:count} 道题里只有选项的编号（例如“{first}”），看不出选了什么，只作为属性保留。请重新导出，选“按选项文本下载”。",
            "{count:count} {count|question holds|questions hold} option numbers only (“{first}”, for one) and {count|is|are} kept as they are. "
            "Export again with the option texts (按选项文本下载).",
        ),
        "source.survey_nps": Text(
            "“{column}”是 0–10 分的推荐意愿：按 NPS 折成星级（0–6 为 1 星，7–8 为 3 星，9–10 为 5 星），原分数也保留。",
            "“{column}” is a recommendation from 0 to 10: it counts as stars by the bands of NPS (0-6: 1, 7-8: 3, 9-10: 5); the points are kept too.",
        ),
        "source.pasted": Text(
            "从网页上复制来的文字，按空行分成 {count:count} 条。",
            "Text copied from a page, cut at blank lines into {count:count} {count|review|reviews}.",
        ),
        "source.events.counts": Text(
            "读了 {num:count} 条记录：事件 {events:count}，用户资料 {people:count}，身份合并 {merges:count}，没用上 {rest:count}。"
            "一条记录可以既是事件又是合并。",
            "{num:count} {num|record|records} read: {events:count} {events|event|events}, {people:count} {people|profile|profiles}, "
            "{merges:count} identity {merges|merge|merges}, {rest:count} not used. One record may be an event and a merge.",
        ),
        "source.events.left_out": Text(
            "{num:count} 条没有用上：{reason}。", "{num:count} {num|record was|records were} not used: {reason}."
        ),
        "events.reason.no_pair": Text("没有两个不同的编号可以合并", "there are no two different ids to join"),
        "events.reason.unchanged": Text("用户资料和之前一样", "the profile says nothing new"),
        "events.reason.unknown": Text("看不出是什么", "what it is cannot be told"),
        "events.reason.kind": Text("“{kind}”这类记录不读", "records of the kind “{kind}” are not read"),
        "source.events.from_zero": Text(
            "{num:count} 处用户资料的数是从这份文件开头往上累加的：文件开始之前累计的部分不在里面，另外导入当前的用户资料才完整。",
            "{num:count} {num|number|numbers} of profiles were counted up from the beginning of this file: what had been counted before it is not in "
            "them. Import the profiles as they stand now, too, to have all of it.",
        ),
        "source.events.uploaded": Text(
            "这份导出按上传时间取（{first} 到 {last}，UTC）：手机离线的人晚些才上传，最后几天的事件会少，看趋势前再导一次。",
            "This export goes by time of upload ({first} to {last}, UTC): devices that were offline upload later, so the last days lack events; "
            "export again before reading a trend.",
        ),
        "source.events.member": Text("{file} 不完整，读到断开的地方为止。", "{file} is broken and was read as far as it goes."),
        "source.umeng.rows": Text(
            "{days:count} 行按天的汇总展开成 {num:count} 个指标值。",
            "{days:count} {days|row|rows} of totals became {num:count} {num|number|numbers}.",
        ),
        "source.umeng.sums": Text(
            "{num:count} 行合计或均值没有导入，免得重复算。",
            "{num:count} {num|line of sums was|lines of sums were} left out, so that nothing counts twice.",
        ),
        "source.capped": Text(
            "导出到了 {limit:count} 条的上限：最早的月份（{first}）不完整，更早的没有，看趋势时不要算上。分批导出可以补全。",
            "The export stops at {limit:count} rows: its first month ({first}) is cut and nothing older is there, so leave it out of trends. "
            "Export in parts to have the rest.",
        ),
    }
)
