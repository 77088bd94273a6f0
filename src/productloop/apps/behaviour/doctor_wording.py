"""Sentences of `behaviour doctor`, in Chinese and English."""

from __future__ import annotations

from productloop.foundation.wording import Text

DOCTOR_TITLE = Text("数据体检：看数之前，数据本身有没有问题", "Doctor: before the numbers, what is wrong with the data")

TEXTS: dict[str, Text] = {
    "behaviour.doctor.title": Text("数据体检", "Doctor: the data before the numbers"),
    "behaviour.doctor.nothing": Text("还没有事件，没什么可查的。", "There are no events yet, so there is nothing to check."),
    "behaviour.doctor.well": Text(
        "没查出问题。下面写着查了什么；没查的问题，这里说不了。",
        "Nothing wrong was found. Below stands what was checked; what was not checked cannot be told.",
    ),
    "behaviour.doctor.found": Text(
        "查出 {num:count} 处问题，先处理再看数。",
        "{num:count} {num|thing looks|things look} wrong; settle {num|it|them} before you read the numbers.",
    ),
    "behaviour.doctor.funnel": Text("用来衡量影响的漏斗：{steps}", "The funnel by which a fault is weighed: {steps}"),
    "behaviour.doctor.effects": Text("去掉每处问题以后", "Without each fault"),
    "behaviour.doctor.moves": Text("影响：{conversion}；{retention}。", "What it moves: {conversion}; {retention}."),
    "behaviour.doctor.moved_conversion": Text(
        "走完漏斗的比例现在是 {now}，去掉这处问题是 {without}", "{now} go through the funnel now, {without} without this fault"
    ),
    "behaviour.doctor.same_conversion": Text("走完漏斗的比例不受影响（{now}）", "{now} go through the funnel with and without this fault"),
    "behaviour.doctor.known_conversion": Text(
        "走完漏斗的比例现在算不出来，去掉后是 {without}",
        "the share through the funnel cannot be told now, it is {without} without this fault",
    ),
    "behaviour.doctor.unknown_conversion": Text("走完漏斗的比例去掉后也算不出来", "the share through the funnel cannot be told without it"),
    "behaviour.doctor.moved_retention": Text(
        "第 1 周留存现在是 {now}，去掉后是 {without}", "week 1 retention is {now} now, {without} without it"
    ),
    "behaviour.doctor.same_retention": Text("第 1 周留存不受影响（{now}）", "week 1 retention is {now} with and without it"),
    "behaviour.doctor.known_retention": Text(
        "第 1 周留存现在算不出来，去掉后是 {without}", "week 1 retention cannot be told now, it is {without} without it"
    ),
    "behaviour.doctor.unknown_retention": Text("第 1 周留存去掉后也算不出来", "week 1 retention cannot be told without it"),
    "behaviour.doctor.settled": Text(
        "除了“时间不可能的事件”，其他每处的影响都是先去掉那些事件再算的。",
        "The effect of every other fault is counted with the impossible times left out first.",
    ),
    "behaviour.doctor.command": Text("可以用：{command}", "Use: {command}"),
    "behaviour.doctor.checked": Text("查过的：{names}。", "Checked: {names}."),
    "behaviour.doctor.how": Text("每一项怎么查", "How each is checked"),
    "behaviour.doctor.other": Text(
        "程序和工作区本身好不好，用 productloop doctor 查。",
        "Whether the installation and the workspace are well is told by: productloop doctor",
    ),
    "behaviour.label.week_1": Text("第 1 周留存", "week 1 retention"),
    "behaviour.column.fault": Text("问题", "fault"),
    "behaviour.column.conversion_without": Text("走完漏斗", "through the funnel"),
    "behaviour.column.retention_without": Text("第 1 周留存", "week 1 retention"),
    # the checks
    "behaviour.check.clock": Text("时间不可能的事件", "impossible times"),
    "behaviour.check.doubled": Text("重复上报的事件", "events fired twice"),
    "behaviour.check.ties": Text("时间只精确到秒", "times in whole seconds"),
    "behaviour.check.zone": Text("时区", "time zone"),
    "behaviour.check.before_sign_up": Text("注册之前就有行为", "activity before sign-up"),
    "behaviour.check.bots": Text("不像真人的用户", "people who are no people"),
    "behaviour.check.stopped": Text("突然停报的事件", "events that stopped"),
    "behaviour.check.gap": Text("漏记的日子", "days without tracking"),
    "behaviour.check.identities": Text("一人多个编号", "one person with two ids"),
    "behaviour.check.spellings": Text("一个事件两种写法", "one event with two spellings"),
    "behaviour.check.versions": Text("缺版本号", "missing versions"),
    "behaviour.check.sudden": Text("突然出现的事件", "events that suddenly began"),
    "behaviour.how.clock": Text("时间在未来或在 2000 年以前的事件。", "Impossible times: events in the future or before the year 2000."),
    "behaviour.how.doubled": Text(
        "同一个人、同一个事件、同一件东西，在同一秒里出现不止一次；占全部事件的千分之五以上才报。",
        "Fired twice: the same person, event and thing more than once within a second; told from five in a thousand events.",
    ),
    "behaviour.how.ties": Text(
        "几乎所有时间都是整秒，而且至少百分之二的人有不同事件落在同一时刻。",
        "Whole seconds: nearly all times are whole seconds, and at least two in a hundred people have different events at one instant.",
    ),
    "behaviour.how.zone": Text(
        "一天里最安静的六小时应该在夜里；如果落在白天，多半是时区读错了。",
        "Time zone: the six quietest hours belong to the night; where they lie in the day, times were probably read in another zone.",
    ),
    "behaviour.how.before_sign_up": Text(
        "第一个事件落在注册日前一天的人，占两成以上。",
        "Before sign-up: at least a fifth of people have their first event on the day before they signed up.",
    ),
    "behaviour.how.bots": Text(
        "一天 500 个事件以上，而且是九成人最忙一天的 20 倍以上。",
        "No people: 500 events a day or more, and 20 times what nine in ten people reach on their busiest day.",
    ),
    "behaviour.how.stopped": Text(
        "原来每天三次以上的事件，最后七天以上一次也没有，别的事件照常。",
        "Stopped: an event with three a day or more that is missing for the last seven days or longer while others go on.",
    ),
    "behaviour.how.gap": Text(
        "某天的事件不到前后同一星期几的一成。", "Gaps: a day with less than a tenth of the events of the same weekday around it."
    ),
    "behaviour.how.identities": Text(
        "两个编号在一小时内用过同一个会话，或用过同一台设备、同一个联系方式。",
        "Two ids: two ids share a session within an hour, or one device or contact.",
    ),
    "behaviour.how.spellings": Text(
        "只差大小写、空格、下划线的事件名。", "Spellings: names that differ only in capitals, blanks and underscores."
    ),
    "behaviour.how.versions": Text("两成以上的事件没有版本号。", "Versions: at least a fifth of the events have none."),
    "behaviour.how.sudden": Text(
        "数据中途才出现、而且一出现就占百分之五以上的事件。",
        "Suddenly began: an event that is missing at first and then is at least five in a hundred of all.",
    ),
    # evidence
    "behaviour.doctor.clock": Text(
        "{future} 个事件的时间在未来，{old} 个在 2000 年以前。",
        "{future} {future|event lies|events lie} in the future, {old} before the year 2000.",
    ),
    "behaviour.doctor.doubled": Text(
        "{events} 个事件（{share}）在同一秒里重复；最多的是“{name}”，{of_name} 个。",
        "{events} {events|event|events} ({share}) {events|repeats|repeat} another within the same second; most of them are “{name}”: {of_name}.",
    ),
    "behaviour.doctor.ties": Text(
        "时间都是整秒，{of:count} 人里有 {people} 人的不同事件落在同一时刻，分不清先后。",
        "All times are whole seconds, and {people} of {of:count} people have different events at one instant, in no known order.",
    ),
    "behaviour.doctor.zone": Text(
        "按产品时区，{night} 的事件发生在 0 点到 6 点，而白天有一段几乎没人：时间大概差了 {hours} 小时。",
        "In the product's zone {night} of the events happen between midnight and six, and hours of the day are empty: times are probably {hours} "
        "{hours|hour|hours} off.",
    ),
    "behaviour.doctor.before_sign_up": Text(
        "{share} 的人在注册的前一天就有事件：事件和注册时间多半不是同一个时区。",
        "{share} of people have events on the day before they signed up: events and sign-ups are probably in different zones.",
    ),
    "behaviour.doctor.bots": Text(
        "{people} 个编号一天最多有 {most} 个事件，真人做不到；它们占全部事件的 {share}：{ids}",
        "{people} {people|id has|ids have} up to {most} events a day, more than a person can; {share} of all events are theirs: {ids}",
    ),
    "behaviour.doctor.stopped": Text(
        "“{name}”从 {since} 起一次也没有，之前每天约 {before} 次。",
        "“{name}” is missing since {since}; before, there were about {before} a day.",
    ),
    "behaviour.doctor.stopped_release": Text(
        "“{name}”从 {since} 起一次也没有，之前每天约 {before} 次；那几天上线了“{release}”。",
        "“{name}” is missing since {since}; before, there were about {before} a day. “{release}” went live around that day.",
    ),
    "behaviour.doctor.gap": Text(
        "{since} 到 {until} 几乎没有事件，之前每天约 {before} 个。",
        "From {since} to {until} there are hardly any events; before, there were about {before} a day.",
    ),
    "behaviour.doctor.identities": Text(
        "{pairs} 对编号很像同一个人，例如 {example}。", "{pairs} {pairs|pair|pairs} of ids look like one person each, such as {example}."
    ),
    "behaviour.doctor.spellings": Text("这些名字像是同一个事件：{names}。", "These names look like one event each: {names}."),
    "behaviour.doctor.versions": Text(
        "{share} 的事件没有版本号，按版本看会漏掉它们。", "{share} of the events have no version; a split by version leaves them out."
    ),
    "behaviour.doctor.sudden": Text(
        "“{name}”在 {since} 之前一次也没有，之后有 {events} 次。", "“{name}” never happened before {since} and {events} times since."
    ),
    # fixes
    "behaviour.fix.clock": Text(
        "先用日期把它们排除在外，再请工程师改客户端的时钟。", "Leave them out by dates for now, and have the clock of the client mended."
    ),
    "behaviour.fix.doubled": Text(
        "请工程师查客户端是不是发了两次；每个事件带上唯一编号后重新导入，重复的只算一次。",
        "Have the client checked for sending twice; with an id on every event, import again, and repeats count once.",
    ),
    "behaviour.fix.ties": Text(
        "导出时带上毫秒；在那之前，漏斗按有利的顺序算。", "Export with milliseconds; until then funnels take the order that helps."
    ),
    "behaviour.fix.zone": Text(
        "如果用户确实在那里，把产品时区设成 {zone}；如果时间本来就是当地时间，导入时写明时区重新导入。",
        "If that is where your users are, set the product's zone to {zone}; if the times were local times, import again and name their zone.",
    ),
    "behaviour.fix.before_sign_up": Text(
        "查清两份文件各是哪个时区，导入时用 --time-zone 写明，重新导入。",
        "Find out in which zone each file is, and import it again with --time-zone.",
    ),
    "behaviour.fix.bots": Text(
        "看数时把它们排除；是测试账号就请工程师别再上报。", "Leave them out; if they are test accounts, have them no longer sent."
    ),
    "behaviour.fix.stopped": Text(
        "请工程师查“{name}”那天起是否还在上报；在那之前，只看到前一天为止。",
        "Have it checked whether “{name}” is still sent; until then read up to the day before.",
    ),
    "behaviour.fix.gap": Text(
        "如果源头还有那几天的数据，补导；没有就别拿那几周作比较。",
        "If the source still has those days, import them; if not, compare no weeks that hold them.",
    ),
    "behaviour.fix.identities": Text(
        '请源头系统导出绑定记录，一行一条：{"type": "alias", "previousId": "旧编号", "userId": "用户编号"}，导入后两个编号按一个人算。',
        'Export the links, one a line: {"type": "alias", "previousId": "OLD ID", "userId": "USER ID"}; once imported, both ids count as one person.',
    ),
    "behaviour.fix.spellings": Text(
        "在源头改成一种写法后重新导入；在那之前，漏斗只认其中一种。",
        "Agree on one spelling at the source and import again; until then a funnel knows one of them only.",
    ),
    "behaviour.fix.versions": Text(
        "如果别的列里有版本号，导入时用 --map 指明。", "If another column holds the version, name it with --map at import."
    ),
    "behaviour.fix.sudden": Text(
        "如果“{name}”是新功能，没有问题；如果是新埋点，之前的日子不能拿来比。",
        "If “{name}” is a new feature, all is well; if only its tracking is new, earlier days cannot be compared.",
    ),
    # how each number is counted
    "behaviour.d.doctor_events": Text("表里全部事件", "all events of the table"),
    "behaviour.d.doctor_found": Text("符合这一项查法的事件、人或它们的比例", "events or people that this check found, or their share"),
    "behaviour.d.doctor_night": Text("产品时区 0 点到 6 点的事件占比", "share of events between midnight and six in the product's zone"),
    "behaviour.d.doctor_before": Text(
        "注册时间已知的人里，第一个事件落在注册日前一天的比例",
        "of people whose sign-up is known: share whose first event is on the day before",
    ),
    "behaviour.d.doctor_per_day": Text("停下之前四周平均每天的事件数", "events a day over the four weeks before it stopped"),
    "behaviour.d.doctor_conversion": Text(
        "转化窗口已走完的人里走完默认漏斗的比例", "of people whose window is over: share that went through the default funnel"
    ),
    "behaviour.d.doctor_retention": Text(
        "新来的人里第 1 周还回来的比例（最近 26 周）", "of new people: share that came back in week 1 (last 26 weeks)"
    ),
}
