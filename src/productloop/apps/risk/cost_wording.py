"""Sentences about whom it pays to contact, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

COSTS_INCOMPLETE = Problem(
    "risk_costs_incomplete",
    Text("只给了一半的成本，算不出门槛", "only half of the costs was given, so no threshold follows"),
    Text(
        "流失一个人损失多少（cost-missed）和联系一次花多少（cost-contact），都大于 0",
        "what a lost person costs (cost-missed) and what a contact costs (cost-contact), both above 0",
    ),
    Text(
        "两个都写，例如 --cost-missed 300 --cost-contact 5；或在设置里写 [tasks.{task}] costs = {missed = 300, contact = 5}",
        "give both, such as --cost-missed 300 --cost-contact 5; or write [tasks.{task}] costs = {missed = 300, contact = 5} in the settings",
    ),
)
COST_TEXTS = {
    "risk.cost.some": Text(
        "联系一次花 {contact}，流失一个损失 {missed}：可能性超过 {threshold} 的才值得联系，共 {people:count} 人；"
        "和谁也不联系相比，预计省 {saving}（{saving:range}，九成把握）。",
        "A contact costs {contact}, a person lost {missed}: contacting pays above a chance of {threshold}, for {people:count} {people|person|people}; "
        "expected saving against contacting nobody {saving} ({saving:range}, nine times in ten).",
    ),
    "risk.cost.everybody": Text(
        "联系一次花 {contact}，流失一个损失 {missed}：可能性超过 {threshold} 就值得联系，{people:count} 人全都在内，联系所有人是对的；"
        "预计省 {saving}（{saving:range}，九成把握）。",
        "A contact costs {contact}, a person lost {missed}: contacting pays above a chance of {threshold}, and that is everybody ({people:count}); expected "
        "saving {saving} ({saving:range}, nine times in ten).",
    ),
    "risk.cost.nobody": Text(
        "谁也不联系是对的：联系一次花 {contact}，流失一个损失 {missed}，可能性要超过 {threshold} 才划算，而现在最高的只有 {highest}。",
        "Contacting nobody is right: a contact costs {contact}, a person lost {missed}, so it pays above a chance of "
        "{threshold}, and the highest is {highest}.",
    ),
    "risk.cost.never": Text(
        "谁也不联系是对的：联系一次花 {contact}，比联系最多能挽回的 {worth} 还多。",
        "Contacting nobody is right: a contact costs {contact}, more than the {worth} it can save.",
    ),
    "risk.cost.all_kept": Text(
        "这里假设一联系就能留住人，是上限；知道实际能留住几成，就加上 --kept-share（如 0.2）。",
        "This supposes that every contact keeps the person, so it is the most there can be; if you know the share, give it: --kept-share 0.2.",
    ),
    "risk.cost.some_kept": Text(
        "这里假设要流失的人里，联系能留住 {kept}。", "This supposes that a contact keeps {kept} of those who would leave."
    ),
    "risk.cost.fold": Text("值不值得联系，怎么算的", "Whom it pays to contact, and how that was found"),
    "risk.cost.rule": Text(
        "门槛 = 联系成本 ÷（流失损失 × 留住的比例）；可能性说得准时，这就是最省钱的门槛（Elkan 2001）。",
        "Threshold = cost of a contact / (cost of a person lost x share kept); with chances that can be taken at their word no other is cheaper (Elkan 2001).",
    ),
    "risk.cost.against_everybody": Text(
        "和联系所有人相比，预计再省 {saving}（{saving:range}）。",
        "Against contacting everybody, a further {saving} ({saving:range}) is expected to be saved.",
    ),
    "risk.cost.checked": Text(
        "拿没学过的人验证：按这个门槛，平均每个人省 {saving}（{saving:range}），{num:count} 条记录。",
        "Checked on people the model had not seen: by this threshold {saving} a person would have been saved ({saving:range}), {num:count} records.",
    ),
    "risk.define.cost_contact": Text("您给的：联系一次的花费", "given by you: the cost of a contact"),
    "risk.define.cost_missed": Text("您给的：流失一个人的损失", "given by you: the cost of a person lost"),
    "risk.define.cost_worth": Text("流失损失 × 留住的比例", "cost of a person lost x share kept"),
    "risk.define.cost_kept": Text(
        "您给的：要流失的人里，联系能留住的比例", "given by you: share of those who would leave whom a contact keeps"
    ),
    "risk.define.cost_threshold": Text("可能性高于它，联系才划算", "a contact pays above this chance"),
    "risk.define.cost_people": Text("可能性高于门槛的人", "people with a chance above the threshold"),
    "risk.define.cost_saving": Text(
        "可能性之和 × 留住的比例 × 流失损失 − 联系成本；范围包含运气和模型的误差",
        "sum of chances x share kept x cost of a person lost - cost of contacts; the range holds chance and the model's error",
    ),
    "risk.define.cost_everybody": Text(
        "不联系门槛以下的人省下的：联系成本 − 可能性之和 × 留住的比例 × 流失损失",
        "saved by leaving out those below the threshold: cost of contacts - sum of chances x share kept x cost of a person lost",
    ),
    "risk.define.cost_checked": Text(
        "结果已知、模型没学过的人：按门槛联系，每人平均省多少",
        "people with a known result whom the model had not seen: saved per person by this threshold",
    ),
}
