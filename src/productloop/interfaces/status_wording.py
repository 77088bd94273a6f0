"""Sentences of `productloop status` and `productloop doctor`."""

from __future__ import annotations

from productloop.foundation.wording import Text

TEXTS: dict[str, Text] = {
    "status.title": Text("{product}：转到哪了", "{product}: where the loop stands"),
    "status.old": Text(
        "数据只到 {day}，已经 {num:count} 天没更新：先导入新的再看结论。",
        "The data end on {day}, {num:count} {num|day|days} ago: import what is new before you trust the reports.",
    ),
    "status.ring": Text("一圈", "The loop"),
    "status.stage": Text("环节", "stage"),
    "status.state": Text("现状", "state"),
    "status.sources": Text("来源", "sources"),
    "status.sources_state": Text(
        "{num_imports:count} 次导入；inbox 里有 {num_waiting:count} 个文件、{num_rows:count} 条接口数据在等",
        "{num_imports:count} {num_imports|import|imports}; waiting: {num_waiting:count} {num_waiting|file|files} in the inbox, "
        "{num_rows:count} {num_rows|row|rows} from HTTP",
    ),
    "status.store": Text("存储", "store"),
    "status.table": Text("{table} {num:count} 行", "{num:count} {table}"),
    "status.tables": Text("{tables}", "{tables}"),
    "status.empty": Text("空的", "empty"),
    "status.features": Text("特征", "features"),
    "status.features_state": Text(
        "{num_people:count} 个用户，{num_attributes:count} 个附加列，{num_points:count} 个观点",
        "{num_people:count} {num_people|person|people}, {num_attributes:count} extra {num_attributes|column|columns}, "
        "{num_points:count} {num_points|point|points} made in texts",
    ),
    "status.train": Text("训练", "train"),
    "status.train_state": Text(
        "{num_tasks:count} 个任务，{num_releases:count} 个训练好的模型",
        "{num_tasks:count} {num_tasks|task|tasks}, {num_releases:count} trained {num_releases|model|models}",
    ),
    "status.evaluate": Text("评估", "evaluate"),
    "status.evaluate_state": Text("{num:count} 个模型比对照好", "{num:count} {num|model beats|models beat} the baseline"),
    "status.release": Text("模型上线", "release"),
    "status.release_state": Text("{num:count} 个在用", "{num:count} live"),
    "status.serve": Text("服务", "serve"),
    "status.serve_state": Text(
        "批量打分 {num_scores:count} 条，在线预测 {num_predictions:count} 次",
        "{num_scores:count} scores in batch, {num_predictions:count} {num_predictions|prediction|predictions} online",
    ),
    "status.monitor": Text("监控", "monitor"),
    "status.monitor_state": Text(
        "{num:count} 次在线预测已经知道结果", "{num:count} online {num|prediction has|predictions have} a known outcome"
    ),
    "status.feedback": Text("反馈", "feedback"),
    "status.feedback_state": Text(
        "{num_outcomes:count} 条结果，{num_decisions:count} 个决定",
        "{num_outcomes:count} {num_outcomes|outcome|outcomes}, {num_decisions:count} {num_decisions|decision|decisions}",
    ),
    "status.tasks": Text("任务", "Tasks"),
    "status.no_tasks": Text(
        "数据里还没有可学的任务。有结果列就能学：productloop import 文件 --outcome 列名=值",
        "The data suggest no task yet. A column of results makes one: productloop import FILE --outcome Column=Value",
    ),
    "status.task": Text("{name}：{title}", "{name}: {title}"),
    "status.labelled": Text("{num:count} 条有结果的数据", "{num:count} {num|row|rows} with a known result"),
    "status.never": Text("还没训练过，运行 productloop run", "not trained yet: productloop run"),
    "status.live": Text("在用：{release}", "live: {release}"),
    "status.not_live": Text("没有在用的模型", "no live model"),
    "status.missing": Text("再有 {num:count} 条才够换一次模型", "{num:count} more {num|row|rows} needed for the next release"),
    "status.missing_first": Text("再有 {num:count} 条才够训练", "{num:count} more {num|row|rows} needed to train"),
    "status.quality_flagged": Text(
        "我们标出的 {of} 个里大约 {hits} 个真的发生；随便挑 {of} 个是 {base} 个",
        "of {of} we flag, about {hits} really happen; of any {of}, {base}",
    ),
    "status.quality_right": Text("10 个里大约对 {hits} 个", "about {hits} of 10 are right"),
    "status.quality_next": Text(
        "100 个人里，{hits} 个人接下来真看的在推荐的前十里", "for {hits} of 100 people, what they chose next stands among the ten we show"
    ),
    "status.beats": Text("比对照好", "better than the baseline"),
    "status.not_beats": Text("没有比对照好，用的就是对照", "not better than the baseline, so the baseline is live"),
    "status.name": Text("{name}", "{name}"),
    "status.drifted": Text(
        "有 {num:count} 个输入和训练时不一样了：{names}；想想为什么，再决定要不要重新训练",
        "{num:count} {num|input looks|inputs look} different from the training: {names}; ask why, then whether to train anew",
    ),
    "status.turn": Text("上一轮（{day}）：{verdict}", "last turn ({day}): {verdict}"),
    "status.verdict.first": Text("第一次上线", "first release"),
    "status.verdict.baseline": Text("对照上线", "the baseline went live"),
    "status.verdict.replace": Text("换成了更好的模型", "replaced by a better model"),
    "status.verdict.refresh": Text("用新数据更新了", "refreshed with newer data"),
    "status.verdict.renewed": Text("有答案改了或撤了，照现在的答案重新学了", "answers were changed or withdrawn, so it was trained anew"),
    "status.verdict.refused": Text("新的不比在用的好，没有换", "the new one is not better, so it was not released"),
    "status.verdict.too_few": Text("新数据太少，没有换", "too few new rows, so nothing was released"),
    "status.verdict.no_data": Text("数据太少，没有训练", "too few rows to train"),
    "status.verdict.skipped": Text("数据没变，不用重来", "nothing changed"),
    "status.tracked": Text(
        "在线预测里 {num:count} 次已知结果，对了 {accuracy:percent}",
        "of {num:count} online {num|prediction|predictions} with a known outcome, {accuracy:percent} were right",
    ),
    "status.warning": Text("注意：{text}", "take care: {text}"),
    "doctor.title": Text("检查", "Check"),
    "doctor.python": Text("productloop {version}，Python {python}，{system}", "productloop {version}, Python {python}, {system}"),
    "doctor.console": Text("控制台编码 {encoding}，语言 {spoken}", "console encoding {encoding}, language {spoken}"),
    "doctor.no_workspace": Text("这里没有工作区：productloop init 建一个", "there is no workspace here: productloop init makes one"),
    "doctor.workspace": Text(
        "工作区 {path}，占 {size_mb:number} MB，磁盘还剩 {free_gb:number} GB",
        "workspace {path}, {size_mb:number} MB; {free_gb:number} GB free on the disk",
    ),
    "doctor.library": Text("{name} {version}", "{name} {version}"),
    "doctor.library_missing": Text("{name} 没有安装", "{name} is not installed"),
    "doctor.provider": Text("大模型：{model}，{address}", "language model: {model} at {address}"),
    "doctor.no_provider": Text("没有设大模型；报告照样出", "no language model is set; reports are made without one"),
    "doctor.no_key": Text(
        "大模型的密钥不在环境变量 {variable} 里", "the key of the language model is not in the environment variable {variable}"
    ),
    "doctor.running": Text(
        "有一次导入没做完（第 {number} 次）；下次导入会自动修好", "import {number} did not finish; the next import repairs it"
    ),
    "doctor.private": Text("{name} 别人也能读，应当只有您能读", "{name} can be read by others and should not be"),
    "doctor.tables": Text("表和列", "Tables and columns"),
    "doctor.table": Text("表", "table"),
    "doctor.columns": Text("列", "columns"),
    "doctor.well": Text("没有发现问题。", "No problem was found."),
}
