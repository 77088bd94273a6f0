"""Sentences of `risk prevent`: whom to contact with what, whom to leave alone, and how we will know whether it worked."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

PREVENT_TITLE = Text("先联系谁、怎么联系、不联系谁", "Whom to contact with what, and whom to leave alone")

BUILT_IN_TITLES = {
    "call": Text("打电话", "Call"),
    "annual_offer": Text("年付优惠", "Annual plan offer"),
    "message": Text("发消息", "Message"),
}
OUR_PRODUCT = Text("我们的产品", "our product")
MESSAGES = {
    "call": Text(
        "（电话提纲）您好，我是{product}的同事。想听听您最近用得怎么样，有没有哪里不顺手，我们来解决。",
        "(Notes for a call) Hello, I am with the team of {product}. I would like to hear how it has been going lately, and what gets in your way, so that "
        "we can mend it.",
    ),
    "annual_offer": Text(
        "您好，感谢一直使用{product}。如果您打算长期用，可以改成年付，会更划算；想了解的话直接回复就好。",
        "Hello, thank you for using {product}. If you plan to stay, paying by the year costs less; just reply if you would like to know more.",
    ),
    "message": Text(
        "您好，感谢使用{product}。最近用着有什么不顺手的地方吗？直接回复这条消息，我们都会看。",
        "Hello, thank you for using {product}. Is there anything that gets in your way lately? Just reply to this message; we read every answer.",
    ),
}
"""Drafts of the built-in playbook; a person approves each before it leaves."""

FILE_COLUMNS = {
    "account": Text("客户编号", "customer"),
    "people": Text("联系人编号", "people"),
    "action": Text("建议做法", "advised action"),
    "chance": Text("流失可能", "chance to leave"),
    "worth": Text("一年付款", "paid in a year"),
    "reasons": Text("主要原因", "main reasons"),
    "message": Text("消息草稿", "draft message"),
    "status": Text("草稿状态", "state of the draft"),
}

PLAYBOOK_UNREADABLE = Problem(
    "risk_playbook_unreadable",
    Text(
        "productloop.toml 的 [playbook.{action}] 里，{option} = {value:quote} 不能用",
        "[playbook.{action}] in productloop.toml gives {option} = {value:quote}, which cannot be used",
    ),
    Text("{expected}", "{expected}"),
    Text("改好再运行", "mend it and run again"),
)
ACTION_UNKNOWN = Problem(
    "risk_action_unknown",
    Text("做法库里没有 {action:quote}", "the playbook has no action {action:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("改名再来，或在 productloop.toml 里写 [playbook.{action}]", "use one of them, or write [playbook.{action}] in productloop.toml"),
)
OTHER_CURRENCY = Problem(
    "risk_playbook_currency",
    Text(
        "做法 {action} 的花费是 {currency}，订单大多是 {orders}：两种钱不能相加",
        "the action {action} costs {currency}, most orders are in {orders}: they cannot be added up",
    ),
    Text("和订单一样的币种", "the currency of the orders"),
    Text("在 [playbook.{action}] 里把花费换算成 {orders}", "write the cost in {orders} under [playbook.{action}]"),
)
PAYS_UNKNOWN = Problem(
    "risk_pays_unknown",
    Text("用户表里没有 {column:quote} 这个数字列", "the table of people has no column of numbers called {column:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("换成写着每月付多少钱的那一列，或不写 --pays", "name the column of what people pay a month, or leave --pays out"),
)
NOT_YES_NO = Problem(
    "risk_not_yes_no",
    Text("任务 {task} 问的不是“会不会”，没法比联系了有没有用", "the task {task} does not ask yes or no, so contacting cannot be compared"),
    Text("一个只有两种结果的任务", "a task with two outcomes"),
    Text("换一个任务名，或不写任务名", "name another task, or none"),
)
START_OR_SHOW = Problem(
    "risk_start_or_show",
    Text("--start 和 --campaign 同时写了", "both --start and --campaign were given"),
    Text("要么开始新的，要么看已有的", "either a new list, or an earlier one"),
    Text("去掉其中一个", "leave one of them out"),
)
NOT_STARTED = Problem(
    "risk_not_started",
    Text("{option} 需要一份已经开始的名单", "{option} needs a list that was started"),
    Text("先记下谁联系、谁不联系，名单才能离开这里", "who is contacted and who is left alone is written down before a list leaves"),
    Text(
        "先运行 productloop risk prevent --start，再加 --campaign 名字 {option} ...",
        "run productloop risk prevent --start first, then --campaign NAME {option} ...",
    ),
)
NOBODY_TO_START = Problem(
    "risk_nobody_to_start",
    Text("名单上没有人，没有什么可开始", "the list is empty, so there is nothing to start"),
    Text("至少一个值得联系的客户", "at least one customer worth contacting"),
    Text(
        "看看 productloop risk prevent 说为什么没有，再调预算或做法",
        "read why in productloop risk prevent, then change the budget or the playbook",
    ),
)
CAMPAIGN_UNKNOWN = Problem(
    "risk_campaign_unknown",
    Text("没有叫 {campaign:quote} 的活动", "there is no campaign {campaign:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("productloop risk campaigns 列出全部", "productloop risk campaigns lists them all"),
)
FILE_NAME = Problem(
    "risk_list_name",
    Text("{name:quote} 不能当名单的文件名", "{name:quote} cannot be the name of a list"),
    Text("一个以 .csv 结尾的文件名，不带文件夹，例如 list.csv", "a plain name that ends in .csv, without folders, such as list.csv"),
    Text("换个名字；文件写在工作区的 lists 文件夹里", "use such a name; the file is written to the workspace's folder lists"),
)
LIST_UNWRITABLE = Problem(
    "risk_list_unwritable",
    Text("名单 {path} 写不进去：{reason}", "the list {path} cannot be written: {reason}"),
    Text("工作区的 lists 文件夹可以写", "a folder lists in the workspace that can be written"),
    Text(
        "活动已经记下，不会丢：腾出空间或权限后，用 --campaign 名字 --export 再写一次",
        "the campaign is written down and not lost: make room or set the rights, then write it again with --campaign NAME --export",
    ),
)
ADDRESS_UNUSABLE = Problem(
    "risk_webhook_address",
    Text("不能往 {address:quote} 发名单", "a list cannot be posted to {address:quote}"),
    Text("https:// 开头的地址；本机可以用 http://127.0.0.1", "an address that begins with https://; on this machine also http://127.0.0.1"),
    Text(
        "改好 --webhook 或设置 risk.webhook；地址里不要带用户名和密码",
        "mend --webhook or the setting risk.webhook; leave name and password out",
    ),
)
NO_WEBHOOK = Problem(
    "risk_no_webhook",
    Text("设置里没有写往哪里发", "the settings name no address to post to"),
    Text("productloop.toml 的 [risk] 里有 webhook", "webhook under [risk] in productloop.toml"),
    Text("写上地址，或直接 --webhook https://...", "write one, or give --webhook https://..."),
)
NOT_SENT = Problem(
    "risk_not_sent",
    Text(
        "发到 {host} 没成功（{reason}），{total} 个客户发出了 {sent} 个",
        "posting to {host} failed ({reason}); {sent} of {total} customers arrived",
    ),
    Text("对方回复 2xx", "an answer of 2xx"),
    Text(
        "检查对方是否在运行，再来一次：--campaign {campaign} --webhook；重复的对方能认出来",
        "see whether it runs and try again: --campaign {campaign} --webhook; repeats carry the same key",
    ),
)

TEXTS: dict[str, Text] = {
    "risk.prevent.named": Text("{name}", "{name}"),
    "risk.prevent.page": PREVENT_TITLE,
    # numbers
    "risk.prevent.label.contacted": Text("联系多少客户", "customers to contact"),
    "risk.prevent.label.held_out": Text("随机留出、不联系的", "left alone by lot"),
    "risk.prevent.label.cost": Text("总花费", "cost in all"),
    "risk.prevent.label.at_stake": Text(
        "他们流失会少掉的钱（最多能留住这么多）", "what would be lost with them (at most so much can be kept)"
    ),
    "risk.prevent.label.gain": Text("预计净赚", "expected gain after cost"),
    # what the list goes by
    "risk.prevent.mode.rules": Text(
        "知道流失的人还不到 100 个，不训练模型：名单按下面这些数得出来的分组排。",
        "Fewer than 100 people are known to have left, so no model is used: the list goes by the groups below, which were simply counted.",
    ),
    "risk.prevent.mode.rules_none": Text(
        "知道流失的人还不到 100 个，也数不出哪一组明显更危险：名单只按付的钱排。",
        "Fewer than 100 people are known to have left, and no group that can be counted stands out: the list goes by money alone.",
    ),
    "risk.prevent.mode.groups": Text(
        "没有模型能把单个人分出来，但有几组人流失得明显多或少：名单按“所在那组的流失比例 × 值多少钱”排。",
        "No model tells single people apart, but some groups clearly leave more or less: the list goes by the share that leaves in a person's group x worth.",
    ),
    "risk.prevent.mode.groups_no_money": Text(
        "没有模型能把单个人分出来，但有几组人流失得明显多或少；也不知道谁付多少钱：名单按所在那组的流失比例排。",
        "No model tells single people apart, but some groups clearly leave more or less; who pays what is not known: the list goes by the share that leaves "
        "in a person's group.",
    ),
    "risk.prevent.mode.value": Text(
        "没有模型能分出谁更危险，名单只按付的钱排。", "No model tells who is at more risk, so the list goes by money alone."
    ),
    "risk.prevent.mode.risk": Text(
        "还没量过联系有没有用：名单先按“流失的可能 × 值多少钱”排，最上面的损失最大。",
        "Whether contacting helps was not measured yet: the list goes by chance to leave x worth, the largest loss first.",
    ),
    "risk.prevent.mode.risk_no_money": Text(
        "还没量过联系有没有用，也不知道谁付多少钱：名单先按流失的可能排。",
        "Whether contacting helps was not measured yet, nor is it known who pays what: the list goes by the chance to leave.",
    ),
    "risk.prevent.mode.value_no_money": Text(
        "没有模型能分出谁更危险，也不知道谁付多少钱：名单没有先后，等于随机。",
        "No model tells who is at more risk, nor is it known who pays what: the list is in no order.",
    ),
    "risk.prevent.mode.mean": Text(
        "以往的活动量出来了：每联系 100 人，大约多留住 {effect:number} 人（{low:number} 到 {high:number}，九成把握）。看不出对谁更有用，"
        "所以人人按同样的效果算，先找值钱的。",
        "Earlier campaigns measured it: of 100 contacted about {effect:number} more stay ({low:number} to {high:number}, nine times in ten). Nobody in "
        "particular is moved more, so everybody counts alike and the most valuable come first.",
    ),
    "risk.prevent.mode.uplift": Text(
        "以往活动的结果够多了（{people:count} 人，其中 {left:count} 人流失），看得出联系对谁有用："
        "名单不再按风险排，改按“联系能多留住多少 × 值多少钱 − 花费”排。",
        "Earlier campaigns hold enough results ({people:count} people, {left:count} of whom left) to see whom contacting keeps: the list no longer goes "
        "by risk, but by how much contacting changes x worth - cost.",
    ),
    "risk.prevent.mode.stop": Text(
        "量过了，别再这样做：{people:count} 人的结果说，每联系 100 人多留住的是 {low:number} 到 {high:number} 人（九成把握），挣不回花费。",
        "It was measured, and it is not worth doing: over {people:count} people, of 100 contacted {low:number} to {high:number} more stay (nine times in ten), "
        "which does not earn the cost.",
    ),
    "risk.prevent.mode.stop_next": Text(
        "换一种做法，在 [playbook] 里写一个新的，用 --action 单独试。",
        "Try something else: write it under [playbook] and test it alone with --action.",
    ),
    "risk.prevent.lessons.early": Text(
        "以往活动到现在：每联系 100 人多留住 {low:number} 到 {high:number} 人（九成把握，{people:count} 人）。"
        "再有 {missing:count} 个流失的结果，才学得会联系对谁有用。",
        "Earlier campaigns so far: of 100 contacted {low:number} to {high:number} more stay (nine times in ten, {people:count} people). {missing:count} more "
        "who left are needed to learn whom it keeps.",
    ),
    "risk.prevent.lessons.none": Text(
        "以往活动有 {people:count} 人的结果，还不能肯定有用：每联系 100 人多留住 {low:number} 到 {high:number} 人。名单仍按风险排，照样留出一部分人。",
        "Earlier campaigns hold the results of {people:count} people, and it is not yet sure that contacting helps: of 100 contacted {low:number} to "
        "{high:number} more stay. The list still goes by risk, and some are still left alone.",
    ),
    "risk.prevent.lessons.waiting": Text("以往活动的结果还没出来。", "The outcomes of earlier campaigns are not known yet."),
    # how we will know
    "risk.prevent.power.one": Text(
        "这一份名单就看得出有没有用：不联系大约 100 人流失 {rate:number} 个，少流失 {smallest:number} 个以上就量得出来，{day} 看结果。",
        "This one list is enough to see it: without contact about {rate:number} of 100 leave; {smallest:number} fewer or more would be seen. Look on {day}.",
    ),
    "risk.prevent.power.several_far": Text(
        "一份名单太小：100 人里大约 {rate:number} 个会流失，就算一个都不走，也和运气分不开。想看出“少流失三分之一”要 {needed:count} 人，"
        "每周一份这样的名单，大约 {weeks:count} 周。",
        "One list is too small: about {rate:number} of 100 leave, and even if nobody did, it could not be told from luck. To see a third fewer leave takes "
        "{needed:count} people: a list like this each week for about {weeks:count} weeks.",
    ),
    "risk.prevent.power.several": Text(
        "一份名单太小：100 人里大约 {rate:number} 个会流失，要少流失 {smallest:number} 个以上才量得出来。想看出“少流失三分之一”要 {needed:count} 人，"
        "每周一份这样的名单，大约 {weeks:count} 周。",
        "One list is too small: about {rate:number} of 100 leave, and only {smallest:number} fewer or more would be seen. To see a third fewer leave takes "
        "{needed:count} people: a list like this each week for about {weeks:count} weeks.",
    ),
    "risk.prevent.power.never": Text(
        "这样做一年也说不出有没有用：100 人里大约 {rate:number} 个会流失，想看出“少流失三分之一”要 {needed:count} 人。多联系些人，或者只当服务来做。",
        "You will not be able to tell within a year: about {rate:number} of 100 leave, and to see a third fewer takes {needed:count} people. Contact "
        "more people, or do it as a service and expect no proof.",
    ),
    "risk.prevent.power.nobody_alone": Text(
        "名单太短，抽签没有留出任何人：这一次比不出效果。",
        "The list is so short that the lot left nobody alone: this one cannot be compared.",
    ),
    "risk.prevent.line.break_even": Text(
        "要不亏，每联系 100 人至少得留住 {people:number} 个。", "To earn its cost, it must keep at least {people:number} of 100 contacted."
    ),
    # states
    "risk.prevent.state.no_task": Text(
        "还不知道什么算流失，所以说不了先联系谁。运行 productloop risk 看怎么办。",
        "It is not known yet what counts as leaving, so nobody can be listed. Run productloop risk to see what to do.",
    ),
    "risk.prevent.state.nobody": Text("现在没有可以联系的人。", "There is nobody to contact now."),
    "risk.prevent.state.empty": Text(
        "没有值得联系的客户：不联系就是答案。", "No customer is worth contacting: leaving them alone is the answer."
    ),
    "risk.prevent.state.preview": Text(
        "这只是预览，什么都没记下。照做就加 --start：先抽签记下谁不联系，再给您名单。",
        "This is a preview; nothing was written. Add --start to do it: who is left alone is drawn and written down first, then you get the list.",
    ),
    "risk.prevent.state.started": Text(
        "已经开始：{campaign}。谁联系、谁不联系都记下了；{day} 以后运行 productloop risk campaigns 看效果。请不要联系名单以外的人，不然比不出来。",
        "Started: {campaign}. Who is contacted and who is left alone is written down; run productloop risk campaigns after {day}. Please contact nobody "
        "else of them, or nothing can be compared.",
    ),
    "risk.prevent.state.shown": Text(
        "{campaign} 的名单，和开始时一样；{day} 以后看效果。", "The list of {campaign} as it was started; look at the effect after {day}."
    ),
    "risk.prevent.line.drafts": Text(
        "{num:count} 条消息草稿等您点头才会给出去：productloop risk drafts",
        "{num:count} draft {num|message waits|messages wait} for your approval: productloop risk drafts",
    ),
    "risk.prevent.line.file": Text("名单写在 {file}。", "The list stands in {file}."),
    "risk.prevent.line.sent": Text(
        "{num:count} 个客户的编号和做法发到了 {host}。", "Ids and actions of {num:count} {num|customer|customers} were posted to {host}."
    ),
    "risk.prevent.line.built_in": Text(
        "做法是我们自带的（打电话、年付优惠、发消息），花费按 0 算：我们不知道您的。在 productloop.toml 里写 [playbook.名字] 和 cost 就按您的来。",
        "The actions are ours (call, annual plan offer, message) and cost 0 here, since we cannot know yours. Write [playbook.NAME] with a cost in "
        "productloop.toml to use your own.",
    ),
    "risk.prevent.line.margin": Text(
        "一个客户值多少，按最近 12 周的付款折成一年再乘 {share:number} % 算（--margin 可以改）。",
        "What a customer is worth: payments of the last 12 weeks as a year, times {share:number} % (--margin changes it).",
    ),
    "risk.prevent.line.pays": Text(
        "一个客户值多少，按 {column} 那一列乘 12 个月再乘 {share:number} % 算（--margin 可以改）。",
        "What a customer is worth: the column {column} times 12 months, times {share:number} % (--margin changes it).",
    ),
    "risk.prevent.line.no_money": Text(
        "没有订单，算不了钱，花费没有扣。用户表里有“每月付多少”这一列的话，加 --pays 列名。",
        "There are no orders, so money cannot be counted and no cost is taken off. If a column says what people pay a month: --pays COLUMN.",
    ),
    "risk.prevent.heading.list": Text("先联系这些", "Contact these first"),
    "risk.prevent.heading.alone": Text("不用联系的", "Leave these alone"),
    "risk.prevent.heading.rules": Text("名单按这些分组排", "The groups the list goes by"),
    "risk.prevent.alone.never": Text(
        "{num:count} 个客户：就算一个不走，也不够花费。",
        "{num:count} {num|customer|customers}: even if all of them stayed, it would cost more than they bring.",
    ),
    "risk.prevent.alone.no_action": Text(
        "{num:count} 个客户：做法库里没有合适的。", "{num:count} {num|customer|customers}: no action of the playbook fits them."
    ),
    "risk.prevent.alone.not_moved": Text(
        "{num:count} 个客户：量过的效果乘以他们值的钱，不够花费，或者联系了反而更容易走。",
        "{num:count} {num|customer|customers}: the measured effect times what they are worth does not earn the cost, or contacting them does harm.",
    ),
    "risk.prevent.alone.busy": Text(
        "{num:count} 人正在另一次活动里，结果没出来之前不再动他们。",
        "{num:count} {num|person is|people are} in another campaign and left as they are until it ends.",
    ),
    "risk.prevent.line.rest": Text(
        "这里列 {shown:count} 个，一共联系 {total:count} 个：开始时加 --export list.csv 得到全部。",
        "{shown:count} stand here of {total:count} to contact: add --export list.csv when you start to get all.",
    ),
    # grids
    "risk.prevent.column.customer": Text("客户", "customer"),
    "risk.prevent.column.people": Text("联系人", "people"),
    "risk.prevent.column.chance": Text("会{event}的可能", "chance to {event}"),
    "risk.prevent.column.worth": Text("一年付款", "paid in a year"),
    "risk.prevent.column.action": Text("怎么做", "do"),
    "risk.prevent.column.gain": Text("预计净赚", "expected gain"),
    "risk.prevent.column.why": Text("主要原因", "main reasons"),
    "risk.prevent.column.cost": Text("一次花费", "cost each"),
    "risk.prevent.column.lines": Text("建议给几个客户", "advised for customers"),
    "risk.prevent.people_more": Text("{first} 和另外 {others:count} 人", "{first} and {others:count} more"),
    "risk.prevent.worths": Text("{worths}", "{worths}"),
    "risk.prevent.money": Text("{money:money}", "{money:money}"),
    "risk.prevent.fold.playbook": Text("做法和花费", "Actions and their cost"),
    "risk.prevent.fold.lessons": Text("以往活动量出了什么（显著性检验）", "What earlier campaigns measured (tests)"),
    "risk.prevent.line.tests": Text(
        "平均效果 {effect:number} 个百分点（{low:number} 到 {high:number}）；有没有效果：p = {any_p:number}；人和人有没有差别：p = {differs_p:number}"
        "（两个问题一起校正过；小于 0.05、并且两个里小的那个小于 0.025 才算有）。"
        "效果用双重稳健估计（DR）加 S-learner 的平均（LightGBM），每个人的估计来自没见过他的模型。",
        "Mean effect {effect:number} points ({low:number} to {high:number}); any effect: p = {any_p:number}; a difference between people: "
        "p = {differs_p:number} (both questions corrected together; claimed below 0.05 where the smaller one is below 0.025). "
        "Effects are the mean of a DR- and an S-learner (LightGBM); each person's comes from a model that never saw them.",
    ),
    "risk.prevent.line.no_tests": Text(
        "人还太少，只比了两组的比例，没有检验人和人的差别。",
        "There are too few people: both shares were compared, differences between people were not tested.",
    ),
    # definitions
    "risk.prevent.define.contacted": Text("名单上要联系的客户数", "customers on the list who are contacted"),
    "risk.prevent.define.held_out": Text(
        "名单上抽签留出的客户数，同一账户的人一起抽",
        "customers on the list whom the lot leaves alone; people of one account are drawn together",
    ),
    "risk.prevent.define.cost": Text("每个要联系的客户一次的花费之和", "cost of the action, once for each customer contacted"),
    "risk.prevent.define.cost_line": Text("一个客户一次的花费", "cost for one customer"),
    "risk.prevent.define.at_stake": Text(
        "要联系的客户：流失的可能 × 一年付款 × --margin", "customers contacted: chance to leave x a year's payments x --margin"
    ),
    "risk.prevent.define.gain": Text(
        "量到的效果（不超过流失的可能）× 要联系的人值多少钱 − 花费；范围是效果的 90 % 区间",
        "measured effect (at most the chance to leave) x worth of the people contacted - cost; the range is the 90 % interval of the effect",
    ),
    "risk.prevent.define.gain_line": Text("这一户：估计的效果 × 值多少钱 − 花费", "this customer: estimated effect x worth - cost"),
    "risk.prevent.define.worth": Text("最近 84 天的付款（退款已减）折成一年", "payments of the last 84 days, refunds taken off, as a year"),
    "risk.prevent.define.break_even": Text("花费 ÷ 要联系的人值多少钱", "cost / worth of the people contacted"),
    "risk.prevent.define.lessons": Text("以往活动里结果已知的人", "people of earlier campaigns whose outcome is known"),
    "risk.prevent.define.effect": Text(
        "联系的人留下的比例减去留出的人留下的比例，百分点", "share of the contacted who stay minus share of those left alone, in points"
    ),
    "risk.prevent.define.smallest": Text(
        "五次里有四次能看出的最小差别（双侧 5 %，把握 80 %），同一账户的人按一起算",
        "the smallest difference seen in four of five campaigns (two-sided 5 %, power 80 %), people of an account counted together",
    ),
    "risk.prevent.define.list_rate": Text("名单上 100 人里大约会流失几个", "of 100 people on the list, how many would leave"),
    "risk.prevent.define.needed": Text("要看出少流失三分之一，两组一共要多少人", "people in both groups to see a third fewer leave"),
    # drafts' states
    "risk.drafts.status.waiting": Text("等您点头", "waits for approval"),
    "risk.drafts.status.approved": Text("已同意", "approved"),
    "risk.drafts.status.rejected": Text("不用", "rejected"),
}
