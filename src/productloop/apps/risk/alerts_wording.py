"""Sentences of `risk alerts`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

ALERTS_TITLE = Text("指标提醒：该发的、发过的", "Alerts: what is due and what was sent")

_FORM = '\n[alerts.signups]\nmetric = "signups"\nband = true\nto = ["mail:me@example.com"]'
NO_RULES = Problem(
    "alerts_none",
    Text("productloop.toml 里还没有提醒规则", "productloop.toml has no alert rules yet"),
    Text("至少一条规则", "one rule at least"),
    Text(f"在里面写上这四行：{_FORM}", f"write four lines such as these into it:{_FORM}"),
)
RULE_UNKNOWN = Problem(
    "alerts_rule_unknown",
    Text("没有 {name:quote} 这条规则", "there is no rule {name:quote}"),
    Text("其中一条：{known}", "one of {known}"),
    Text("换成上面的名字；不写就全部都看", "write one of those names, or none to judge all of them"),
)
RULE_KEY = Problem(
    "alerts_rule_key",
    Text("规则 {rule:quote} 里没有 {key:quote} 这一项", "the rule {rule:quote} has {key:quote}, which does not exist"),
    Text("{known}；最接近的是 {nearest}", "{known}; the nearest is {nearest}"),
    Text("改名或删掉", "rename or remove it"),
)
RULE_METRIC = Problem(
    "alerts_rule_metric",
    Text("规则 {rule:quote} 没写看哪个指标", "the rule {rule:quote} names no metric"),
    Text('metric = "signups" 这样一行', 'a line such as metric = "signups"'),
    Text("productloop risk watch 会列出可以看的指标", "productloop risk watch lists the metrics there are"),
)
RULE_CONDITION = Problem(
    "alerts_rule_condition",
    Text("规则 {rule:quote} 没写什么时候提醒", "the rule {rule:quote} does not say when to tell"),
    Text("below = 数字、above = 数字，或 band = true", "below = NUMBER, above = NUMBER or band = true"),
    Text("写上其中一个", "write one of these"),
)
RULE_NUMBER = Problem(
    "alerts_rule_number",
    Text("规则 {rule:quote} 的 {key} 不是能用的数字", "{key} of the rule {rule:quote} is no number that can be used"),
    Text("一个数字，天数不能小于 0", "a number; days are not below 0"),
    Text("改成数字，不加引号", "write a number, without quotes"),
)
RULE_TO = Problem(
    "alerts_rule_to",
    Text("规则 {rule:quote} 的 to 不能用", "the rule {rule:quote} says to whom in a way that cannot be used"),
    Text(
        'to = ["webhook:https://...", "webhook:$环境变量名", "mail:me@example.com"] 里的一种或几种',
        'one or more of to = ["webhook:https://...", "webhook:$VARIABLE", "mail:me@example.com"]',
    ),
    Text("照这个样子写；带密钥的地址放进环境变量", "write it like that; an address that holds a secret goes into an environment variable"),
)

TEXTS: dict[str, Text] = {
    "risk.alerts.title": Text("指标提醒", "Alerts"),
    "risk.alerts.none_fires": Text("{num} 条规则都没有触发。", "{num|The rule does|None of the rules} {num|not fire|fires}."),
    "risk.alerts.fires": Text("{total} 条规则里触发了 {num} 条。", "{num} of {total} rules {num|fires|fire}."),
    "risk.alerts.sent": Text("发出了 {num} 条消息。", "{num} {num|message was|messages were} sent."),
    "risk.alerts.failed": Text(
        "{num} 条没发出去，已经记下，下次运行会再试。",
        "{num} could not be sent; {num|it is|they are} kept and tried again at the next run.",
    ),
    "risk.alerts.how_to_send": Text(
        "这里只是预览，没有发送；真的要发加上 --send。", "This only shows what would be sent; add --send to send it."
    ),
    "risk.alerts.cron": Text(
        "productloop run 不会自己发提醒。要定时发，在 crontab 里加一行：{line}",
        "productloop run never sends by itself. To have it sent every day, put a line into crontab: {line}",
    ),
    "risk.alerts.heading": Text("{rule}：{metric}", "{rule}: {metric}"),
    "risk.alerts.below_day": Text("{metric}：最近一天 {value}，低于 {limit}。", "{metric}: {value} on the newest day, below {limit}."),
    "risk.alerts.below_week": Text("{metric}：最近一周 {value}，低于 {limit}。", "{metric}: {value} in the newest week, below {limit}."),
    "risk.alerts.below_month": Text(
        "{metric}：最近一个月 {value}，低于 {limit}。", "{metric}: {value} in the newest month, below {limit}."
    ),
    "risk.alerts.above_day": Text("{metric}：最近一天 {value}，高于 {limit}。", "{metric}: {value} on the newest day, above {limit}."),
    "risk.alerts.above_week": Text("{metric}：最近一周 {value}，高于 {limit}。", "{metric}: {value} in the newest week, above {limit}."),
    "risk.alerts.above_month": Text(
        "{metric}：最近一个月 {value}，高于 {limit}。", "{metric}: {value} in the newest month, above {limit}."
    ),
    "risk.alerts.quiet_day": Text("{metric}：最近一天 {value}，不用提醒。", "{metric}: {value} on the newest day, nothing to tell."),
    "risk.alerts.quiet_week": Text("{metric}：最近一周 {value}，不用提醒。", "{metric}: {value} in the newest week, nothing to tell."),
    "risk.alerts.quiet_month": Text("{metric}：最近一个月 {value}，不用提醒。", "{metric}: {value} in the newest month, nothing to tell."),
    "risk.alerts.unknown": Text("{metric}：数据还太少，判断不了。", "{metric}: too little data to judge it yet."),
    "risk.alerts.simulated": Text("（演示数据，不是真的产品。）", "(Simulated demo data, no real product.)"),
    "risk.alerts.column_to": Text("发给", "to"),
    "risk.alerts.column_state": Text("状态", "state"),
    "risk.alerts.state_would_send": Text("会发", "would be sent"),
    "risk.alerts.state_sent": Text("已发出", "sent"),
    "risk.alerts.state_cooling": Text("发过了，{until} 之前不再发", "sent lately, nothing more before {until}"),
    "risk.alerts.state_quiet": Text("没有要发的", "nothing to send"),
    "risk.alerts.state_failed": Text("没发出去：{error}", "not sent: {error}"),
    "risk.alerts.state_late": Text("{state}（上次没发出去的那条）", "{state} (the one that could not be sent before)"),
    "risk.alerts.error_unreachable": Text(
        "连不上 {host}（{reason}）；检查网络、地址和端口", "{host} cannot be reached ({reason}); check network, address and port"
    ),
    "risk.alerts.error_refused": Text("{host} 拒收（{reason}）", "{host} refused it ({reason})"),
    "risk.alerts.error_login": Text(
        "{host} 不认用户名或密码（{reason}）；检查 mail.user 和放密码的环境变量",
        "{host} does not accept user name or password ({reason}); check mail.user and the variable that holds the password",
    ),
    "risk.alerts.error_recipient": Text("{host} 不收发给 {to} 的邮件", "{host} takes no mail for {to}"),
    "risk.alerts.error_variable": Text("环境变量 {name} 没有设置", "the environment variable {name} is not set"),
    "risk.alerts.error_address": Text(
        "地址 {host} 不能用，要以 http:// 或 https:// 开头", "the address {host} cannot be used; it begins with http:// or https://"
    ),
    "risk.alerts.error_mail_unset": Text(
        "还没设发邮件的服务器：在 productloop.toml 里写 mail.host 和 mail.sender",
        "no mail server is set: write mail.host and mail.sender in productloop.toml",
    ),
    "risk.alerts.error_mail_open": Text(
        "不加密只能发给本机的服务器，{host} 不是：把 mail.security 改成 starttls 或 tls",
        "without encryption only a server on this machine is used, which {host} is not: set mail.security to starttls or tls",
    ),
}
