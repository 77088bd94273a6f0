"""Sentences of the HTTP door and of the pages: what can go wrong with a request, and every word around the reports."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text


def _problem(code: str, happened: tuple[str, str], expected: tuple[str, str], fix: tuple[str, str]) -> Problem:
    return Problem(code, Text(*happened), Text(*expected), Text(*fix))


NO_SUCH_TABLE = _problem(
    "no_such_table",
    ("没有叫 {table:quote} 的表可以收数据", "no rows can be sent to {table:quote}"),
    ("这些之一：{known}", "one of: {known}"),
    ("改地址里的表名；结果发到 /v1/outcomes", "change the table in the address; outcomes go to /v1/outcomes"),
)
ROW_INCOMPLETE = _problem(
    "row_incomplete",
    ("第 {number} 行少了 {column}", "row {number} lacks {column}"),
    ("{table} 的每一行都有 {column}", "{column} in each row of {table}"),
    ("补上再发；这一批一行都没有收下", "add it and send again; nothing of this batch was kept"),
)
TIME_UNREADABLE = _problem(
    "time_unreadable",
    ("第 {number} 行的 {column} 看不懂：{value:quote}", "{column} of row {number} cannot be read: {value:quote}"),
    (
        "形如 2026-03-31T08:00:00+08:00，或 1970 年以来的秒、毫秒、微秒数",
        "a time such as 2026-03-31T08:00:00+08:00, or seconds, milliseconds or microseconds since 1970",
    ),
    ("改好再发；这一批一行都没有收下", "mend it and send again; nothing of this batch was kept"),
)
VALUE_UNREADABLE = _problem(
    "value_unreadable",
    ("第 {number} 行的 {column} 看不懂：{value:quote}", "{column} of row {number} cannot be read: {value:quote}"),
    ("{kind}", "{kind}"),
    ("改好再发；这一批一行都没有收下", "mend it and send again; nothing of this batch was kept"),
)
TOO_MANY_ROWS = _problem(
    "too_many_rows",
    ("一次发了 {num:count} 行", "{num:count} rows were sent at once"),
    ("最多 {limit:count} 行", "at most {limit:count}"),
    ("分几次发；大文件请用导入", "send them in parts; import large files instead"),
)
JOB_UNKNOWN = _problem(
    "job_unknown",
    ("没有编号为 {job:quote} 的作业", "there is no job {job:quote}"),
    ("开始作业时得到的编号", "the id that was given when the job began"),
    ("检查地址，或重新开始一次", "check the address, or start it again"),
)
FOREIGN_REQUEST = _problem(
    "foreign_request",
    ("这个请求是从别的网站（{host}）来的，没有理它", "this request came by way of another site ({host}) and was refused"),
    ("从这台机器自己的地址打开，例如 http://127.0.0.1:8321", "a request to this machine's own address, such as http://127.0.0.1:8321"),
    (
        "直接打开那个地址；要让别的机器访问，设 serve.host 和令牌",
        "open that address directly; to let other machines in, set serve.host and a token",
    ),
)
SEGMENT_INVALID = _problem(
    "segment_invalid",
    ("第 {number} 条消息不能用：{reason}", "message {number} cannot be used: {reason}"),
    ("Segment 规范里的消息", "messages as the Segment spec has them"),
    ("改好再发；这一批一条都没有收下", "mend it and send again; nothing of this batch was kept"),
)
SEGMENT_NO_JSON = Text("不是 JSON", "it is not JSON")
SEGMENT_GZIP = Text("gzip 压缩坏了", "its gzip is broken")
SEGMENT_NO_OBJECT = Text("不是一个 JSON 对象", "it is not a JSON object")
SEGMENT_NO_BATCH = Text("没有 batch 列表", "it has no list called batch")
SEGMENT_NO_TYPE = Text(
    "type 不是 track、identify、page、screen、group、alias 之一", "its type is none of track, identify, page, screen, group, alias"
)
SEGMENT_NOBODY = Text("userId 和 anonymousId 都没有", "it has neither userId nor anonymousId")
SEGMENT_LACKS = Text("{call} 少了 {name}", "{call} lacks {name}")
SEGMENT_NO_FIELDS = Text("{name} 不是一个对象", "{name} is not an object")
TOO_BUSY = _problem(
    "too_busy",
    ("等着存的数据太多，现在收不了", "too many rows wait to be stored, no more can be taken now"),
    ("{seconds} 秒后再发", "the same request again in {seconds} seconds"),
    (
        "一般的 SDK 会自己重发；一直这样的话看 /api/health 里的 trouble",
        "most SDKs do that by themselves; if it lasts, see trouble in /api/health",
    ),
)
TOKEN_MISSING = _problem(
    "token_missing",
    ("没有令牌，或令牌不对", "there is no token, or it is wrong"),
    (
        "不只监听本机时，每个请求都要带令牌：Authorization: Bearer 令牌",
        "a token with each request when not only this machine is served: Authorization: Bearer TOKEN",
    ),
    (
        "在环境变量 PRODUCTLOOP_TOKEN 里设一个长的随机令牌，再启动",
        "set a long random token in the environment variable PRODUCTLOOP_TOKEN and start again",
    ),
)
BODY_TOO_LARGE = _problem(
    "body_too_large",
    ("请求太大，或没说多大", "the request is too large, or does not say how large it is"),
    ("最多 {limit:count} MB，带 Content-Length", "at most {limit:count} MB, with a Content-Length"),
    (
        "分几次发；大文件放进 inbox 文件夹；上限由 serve.body_limit_mb 设定",
        "send it in parts, or put the file into the inbox folder; serve.body_limit_mb sets the limit",
    ),
)
REQUEST_INVALID = _problem(
    "request_invalid",
    ("请求里的 {place} 不对：{reason}", "{place} of the request is wrong: {reason}"),
    ("接口说明里的样子：/api/openapi.json", "what /api/openapi.json describes"),
    ("改好再发", "mend it and send again"),
)
NOT_FOUND = _problem(
    "not_found",
    ("没有 {path} 这个页面或接口", "there is no page or route {path}"),
    ("导航里的页面，或 /api/openapi.json 里的接口", "a page of the navigation, or a route of /api/openapi.json"),
    ("回到首页", "go back to the overview"),
)
FILE_NAME = _problem(
    "file_name",
    ("文件名 {name:quote} 不能用", "the file name {name:quote} cannot be used"),
    ("普通的文件名，不带路径，不以点开头", "a plain file name, without folders, not beginning with a dot"),
    ("改名再传", "rename the file and send it again"),
)
FILE_CUT = _problem(
    "file_cut",
    ("{name} 没有传完", "{name} did not arrive whole"),
    ("整个文件", "the whole file"),
    ("再传一次；没有留下半个文件", "send it again; no half file was kept"),
)
PORT_TAKEN = _problem(
    "port_taken",
    ("{host}:{port} 已经被别的程序占用", "{host}:{port} is already used by another program"),
    ("一个空闲的端口", "a free port"),
    ("换一个：productloop serve --port 8322", "choose another: productloop serve --port 8322"),
)
POINT_NAME = Text("{metric}（{segment}）", "{metric} ({segment})")
POINT_USUAL = Text("{name}：{value:number}，在往常范围内", "{name} is {value:number}, within what is usual")
POINT_OUTSIDE = Text(
    "{name}：{value:number}，不在常见的 {low:number} 到 {high:number} 之间，但这样的情况以前也有，算不上不寻常",
    "{name} is {value:number}, not between {low:number} and {high:number} as nine in ten are, but the like has been before: not unusual",
)
POINT_UNUSUAL = Text(
    "{name}：{value:number}，不寻常，这时候十次里有九次在 {low:number} 到 {high:number} 之间",
    "{name} is {value:number}, which is unusual: nine times in ten it lies between {low:number} and {high:number} then",
)
POINT_SHIFTED = Text(
    "{name}：水平变了：最近这些数都偏到一边，往常十次里有九次在 {low:number} 到 {high:number} 之间",
    "the level of {name} has shifted: its last values lie to one side; nine times in ten they lay between {low:number} and {high:number}",
)
POINT_LEARNING = Text(
    "还说不准：连这个在内，再来 {num:count} 个数就能判断", "too early to say: {num:count} values more, this one among them, and it can"
)
POINT_LATE = Text("比这条线上最后一个点还早：已经存下，不再判断", "earlier than the last value of this series: stored, not judged")
ANSWER_NUMBER = Text("一个数", "a number")
ANSWER_WHOLE = Text("一个整数", "a whole number")
ANSWER_BOOLEAN = Text("true 或 false", "true or false")
ANSWER_MONEY = Text("一个金额，例如 12.50", "an amount such as 12.50")

TEXTS: dict[str, Text] = {
    "server.skip": Text("跳到正文", "Skip to the content"),
    "server.navigation": Text("导航", "navigation"),
    "server.overview": Text("首页", "Overview"),
    "server.data": Text("数据", "Data"),
    "server.models": Text("模型", "Models"),
    "server.settings": Text("设置", "Settings"),
    "server.language": Text("切换语言", "Language"),
    "server.simulated": Text(
        "模拟数据。这里的用户和数字都是编的，只用来演示。",
        "Simulated data. The people and numbers here are made up, for show only.",
    ),
    "server.footer": Text("productloop {version}，在您自己的机器上运行", "productloop {version}, running on your own machine"),
    "server.run": Text("转一圈", "Run"),
    "server.run_again": Text("再转一圈", "Run again"),
    "server.run_meaning": Text(
        "导入 inbox 里的新文件，训练该训练的模型，重新出全部报告。",
        "Import what is new in inbox, train what needs training, and make every report again.",
    ),
    "server.welcome": Text("先把数据放进来", "Begin with your data"),
    "server.welcome_lead": Text(
        "手头有什么就放什么：评论、工单、问卷、行为日志、用户表、订单都行。不用改格式，列会自动认。数据只留在这台机器上。",
        "Bring what you already have: reviews, tickets, surveys, event logs, users, orders. Columns are recognised. Nothing leaves this machine.",
    ),
    "server.add": Text("加数据", "Add data"),
    "server.drop": Text("把文件拖到这里", "Drop files here"),
    "server.choose": Text("选择文件", "Choose files"),
    "server.kinds": Text("CSV、TSV、Excel、Parquet、JSON 或文本，也可以压成 gz", "CSV, TSV, Excel, Parquet, JSON or text, also as gz"),
    "server.waiting": Text("inbox 里等着导入", "Waiting in inbox"),
    "server.file": Text("{name}（{size}）", "{name} ({size})"),
    "server.sending": Text("正在传 {name}", "Sending {name}"),
    "server.send_failed": Text("{name} 没有传成", "{name} could not be sent"),
    "server.brings": Text("放进什么，能回答什么", "What you bring, and what it answers"),
    "server.brings.feedback": Text("评论、工单、问卷：一列文字就够", "Reviews, tickets, surveys: one column of text is enough"),
    "server.brings.events": Text("行为日志：谁、做了什么、什么时候", "Event logs: who, what, when"),
    "server.brings.actors": Text(
        "用户表：每个用户一行，已知结果（比如流失）也放进来", "Users: a row for each, with known results such as churn"
    ),
    "server.brings.orders": Text("订单：谁、什么时候、多少钱", "Orders: who, when, how much"),
    "server.api": Text(
        "也可以让程序送数据：POST /v1/feedback、/v1/outcomes 等，说明在 {address}",
        "Programs may send rows too: POST /v1/feedback, /v1/outcomes and more, described at {address}",
    ),
    "server.reports": Text("全部报告", "All reports"),
    "server.made_at": Text("这一页出于 {when}", "This page was made on {when}"),
    "server.decide_how": Text("每条选一个；写上谁负责、哪天再看。", "Choose one for each; say who sees to it and when to look again."),
    "server.choice": Text("决定", "Decision"),
    "server.owner": Text("谁负责", "Who sees to it"),
    "server.review": Text("哪天再看", "Look again on"),
    "server.decide": Text("记下", "Note it"),
    "server.noted": Text("已记下：{choice}，{day} 再看", "Noted: {choice}, to be looked at again on {day}"),
    "server.options": Text("换个算法或范围", "Change what is counted"),
    "server.scope": Text("范围", "Which rows"),
    "server.apply": Text("重新算", "Apply"),
    "server.clear": Text("恢复默认", "Back to the defaults"),
    "server.start": Text("开始", "Start"),
    "server.start_again": Text("重新做一次", "Make it again"),
    "server.long": Text(
        "这份报告要算一会儿，在后台进行，可以关掉页面。",
        "This report takes a while; it is made in the background and you may leave the page.",
    ),
    "server.writes": Text("它会写入结果，所以要您点一下才开始。", "It stores its results, so it starts only when you say so."),
    "server.no_report": Text("还没有做过这份报告。", "This report was not made yet."),
    "server.kept": Text("这是 {when} 做的", "Made on {when}"),
    "server.older": Text("之后数据又变了，重新做一次才是最新的。", "The data changed since; make it again to see the present."),
    "server.save": Text("存成一个文件", "Save as one file"),
    "server.default": Text("默认：{value}", "default: {value}"),
    "server.comma": Text("多个用逗号隔开", "several, separated by commas"),
    "server.lines": Text("每行一个", "one per line"),
    "server.pairs": Text("写成 a=b,c=d", "write a=b,c=d"),
    "server.any": Text("不限", "any"),
    "server.tables": Text("表", "Tables"),
    "server.table": Text("表", "table"),
    "server.rows": Text("行数", "rows"),
    "server.until": Text("到哪天", "until"),
    "server.columns": Text("附加的列", "extra columns"),
    "server.imports": Text("导入账本", "Imports"),
    "server.no_data": Text("还没有数据。", "There is no data yet."),
    "server.aside": Text("没法用的行", "Rows set aside"),
    "server.aside_lead": Text(
        "这些行缺了必需的内容或读不懂，没有算进任何报告。改好原文件再导入就行。",
        "These rows lack something required or cannot be read, and count in no report. Mend the file and import it again.",
    ),
    "server.aside_file": Text("文件", "file"),
    "server.aside_column": Text("哪一列", "column"),
    "server.aside_none": Text("没有。", "None."),
    "server.loop": Text("一圈转到哪了", "Where the loop stands"),
    "server.history": Text("上线过的模型", "Releases that were live"),
    "server.history_when": Text("何时", "when"),
    "server.history_release": Text("模型", "model release"),
    "server.history_reason": Text("原因", "why"),
    "server.rollback": Text("退回上一个模型", "Go back to the release before"),
    "server.rolled_back": Text("已从 {before} 退回 {after}", "Back from {before} to {after}"),
    "server.settings_lead": Text(
        "设置写在 productloop.toml 里，改完重新打开就生效；密钥只放在环境变量里。",
        "Settings stand in productloop.toml and take effect when the server is started again; keys stay in the environment.",
    ),
    "server.setting": Text("名字", "name"),
    "server.value": Text("现在的值", "value"),
    "server.origin": Text("来自", "from"),
    "server.origin.default": Text("默认", "default"),
    "server.origin.flag": Text("命令行", "command line"),
    "server.empty": Text("（空）", "(empty)"),
    "server.task": Text("任务 {name}", "task {name}"),
    "server.problem": Text("没有做成", "That did not work"),
    "server.happened": Text("出了什么事", "What happened"),
    "server.expected": Text("应该是什么", "What was expected"),
    "server.fix": Text("接下来怎么办", "What to do next"),
    "server.home": Text("回到首页", "Back to the overview"),
    "server.sign_in": Text("请输入令牌", "Please give your token"),
    "server.token": Text("令牌", "Token"),
    "server.enter": Text("进入", "Enter"),
    "server.job.title": Text("正在做", "At work"),
    "server.job.waiting": Text("正在准备", "getting ready"),
    "server.job.running": Text("正在做", "at work"),
    "server.job.stage": Text("正在做：{stage}", "at work: {stage}"),
    "server.job.stage_of": Text("正在做：{stage}（{done:count}/{total:count}）", "at work: {stage} ({done:count} of {total:count})"),
    "server.job.cancelling": Text("正在停下，没有写一半的东西", "stopping; nothing is left half-written"),
    "server.job.cancelled": Text("已停下。没有写一半的东西。", "Stopped. Nothing is half-written."),
    "server.job.done": Text("做完了", "Done"),
    "server.job.failed": Text("没有做成：{happened}。{fix}", "It failed: {happened}. {fix}"),
    "server.job.killed": Text(
        "做到一半进程没了（可能是内存不够或机器重启）。重新开始就行，没有写一半的东西。",
        "Its process ended half-way (memory may have run out, or the machine was restarted). Start it again; nothing is half-written.",
    ),
    "server.cancel": Text("停下", "Stop"),
    "server.lost": Text("连不上服务器，还在试", "The server does not answer; still trying"),
}
