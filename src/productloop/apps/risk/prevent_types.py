"""What can be asked of `risk prevent`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.risk.types import Rule
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Mode = Literal["rules", "groups", "value", "risk", "mean", "uplift", "stop"]
"""What the list goes by: counted groups (few results), counted groups times money (no model tells people apart), money alone (nor does any group),
risk times money, the measured mean effect, the measured effect on people like each, or nothing, since the action was measured and does not pay."""
Tellable = Literal["one", "several", "never"]
"""Whether this list alone shows an effect, or several do within a year, or neither."""


class PreventRequest(Request):
    """Whom to contact with what, whom to leave alone, and how we will know whether it worked."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    budget: float | None = Field(
        default=None, ge=0, description="what it may cost in all, in the currency of the orders | 总预算，按订单的币种"
    )
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="how many can be contacted; default a tenth | 最多联系多少（户或人），默认一成"
    )
    action: tuple[str, ...] = Field(default=(), max_length=20, description="only these actions of the playbook | 只用做法库里的这几种做法")
    holdout: float = Field(
        default=0.2,
        ge=0.05,
        le=0.5,
        description="share left alone by lot, so that the effect can be measured | 随机留出多大一份不联系，用来比效果",
    )
    margin: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="what a kept customer is worth, as a share of a year's payments | 留住一个客户值多少：占一年付款的比例",
    )
    pays: str | None = Field(
        default=None,
        max_length=80,
        description="without orders: the column of people that says what each pays a month | 没有订单时：用户表里写着每月付多少钱的那一列",
    )
    start: bool = Field(default=False, description="write down who is contacted and who is left alone | 正式开始：记下联系谁、不联系谁")
    campaign: str | None = Field(default=None, description="show the list of a started campaign again | 再看一次已经开始的某次活动的名单")
    export: str | None = Field(
        default=None,
        max_length=120,
        description="with --start or --campaign: write the list to this CSV file in the workspace's folder lists"
        " | 和 --start 或 --campaign 一起用：把名单写进工作区 lists 文件夹里的这个 CSV 文件",
    )
    texts: Literal["zh", "en"] | None = Field(
        default=None,
        description="language of the file's texts; default the setting interface.language | 文件里用哪种语言；默认按设置 interface.language",
    )
    webhook: str | None = Field(
        default=None,
        max_length=2_000,
        description="with --campaign: post the list (ids and actions only) to this address, or to risk.webhook of the settings: setting"
        " | 和 --campaign 一起用：把名单（只有编号和做法）用 POST 发到这个地址；写 setting 则用设置里的 risk.webhook",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListLine(_Part):
    """One customer to contact: an account with its people, or a person, by the source's own ids."""

    account: str
    people: tuple[str, ...]
    action: str
    title: Say
    chance: Figure | None
    """Of its person at the highest risk."""
    worth: tuple[Figure, ...]
    """What its payments of the last 84 days make in a year, by currency, or twelve times what it pays a month; nothing taken off."""
    gain: Figure | None
    """Expected gain after cost, once the effect was measured."""
    reasons: tuple[Say, ...]


class PlaybookLine(_Part):
    """One action of the playbook and for how many lines it is advised."""

    name: str
    title: Say
    cost: Figure
    lines: Figure


class Lessons(_Part):
    """What earlier campaigns say about the action."""

    people: Figure
    left: Figure
    missing: int
    """People who left that are still needed before differences between people can be learned."""
    effect: Figure
    """Change of the share who stay, in points."""
    any_p: float | None
    differs_p: float | None


class Power(_Part):
    """What this list can show. Points are of the people contacted."""

    tellable: Tellable
    smallest: Figure
    """The smallest fall of the share who leave that would be seen in four of five such campaigns, in points."""
    rate: Figure
    """Of 100 people on the list, how many would leave."""
    needed: Figure
    """People on lists to see a third fewer leave."""
    weeks: int | None


class PreventReport(Report):
    """Whom to contact with what."""

    state: Literal["no_task", "nobody", "preview", "started", "shown"]
    mode: Mode = "risk"
    task: str | None = None
    event: Say | None = None
    window_days: int | None = None
    campaign: str | None = None
    by_account: bool = False
    has_money: bool = False
    pays: str | None = None
    built_in: bool = False
    """True: the playbook is ours, with cost 0."""
    margin: float = 0.3
    holdout: float = 0.2
    lines: tuple[ListLine, ...] = ()
    contacted: Figure | None = None
    held_out: Figure | None = None
    cost: Figure | None = None
    at_stake: Figure | None = None
    """Chance to leave times worth, of those contacted: the most that could be kept."""
    gain: Figure | None = None
    break_even: Figure | None = None
    """Of 100 contacted, how many must be kept to earn the cost."""
    never_pays: int = 0
    no_action: int = 0
    not_moved: int = 0
    busy: int = 0
    """People in a campaign that still runs."""
    playbook: tuple[PlaybookLine, ...] = ()
    lessons: Lessons | None = None
    power: Power | None = None
    look_again: str | None = None
    rules: tuple[Rule, ...] = ()
    num_drafts: int = 0
    file: str | None = None
    num_sent: int | None = None
    sent_to: str | None = None
