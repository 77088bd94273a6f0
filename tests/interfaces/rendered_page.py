"""A page with every kind of block, with hostile texts among them; the renderers' tests share it."""

from __future__ import annotations

from productloop.foundation.figures import Figure
from productloop.foundation.page import Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Text, say
from productloop.interfaces.html import PageMeta
from productloop.interfaces.sentences import Quote

HOSTILE = "<script>alert('x')</script> & \"[bold]导出[/bold]\" `a|b` *c* \x1b[31m\u202e"

TEXTS: dict[str, Text] = {
    "t.title": Text(zh="用户这周需要什么", en="What users needed this week"),
    "t.first": Text(zh="先做这一件", en="Do this first"),
    "t.lead": Text(
        zh="{people} 人说{topic}太慢，比上周多；大概 {people:range} 人（九成把握）。",
        en="{people} {people|person|people} said {topic} is too slow, more than last week; about {people:range}, nine times in ten.",
    ),
    "t.topic": Text(zh="「{name}」", en="“{name}”"),
    "t.good": Text(
        zh="登录问题解决了：抱怨的人从 {was} 降到 {now}。", en="Signing in is fixed: complaints fell from {was} to {now} people."
    ),
    "t.bad": Text(zh="付费用户的续费率只有 {rate}。", en="Only {rate} of paying users renewed."),
    "t.caution": Text(zh="应用商店的数据停在 {day}，本周不要看星级。", en="Store reviews stop at {day}: do not read the stars this week."),
    "t.people": Text(zh="说话的人", en="People who spoke"),
    "t.negative": Text(zh="不满意的占比", en="Unhappy"),
    "t.money": Text(zh="涉及的收入", en="Revenue touched"),
    "t.stars": Text(zh="平均星级", en="Average stars"),
    "t.unknown": Text(zh="回复时长", en="Time to answer"),
    "t.ranked": Text(zh="需求，按涉及的人数", en="Needs, by people"),
    "t.topic_column": Text(zh="需求", en="Need"),
    "t.people_column": Text(zh="人数", en="People"),
    "t.change_column": Text(zh="和上周比", en="Against last week"),
    "t.share_column": Text(zh="其中付费", en="Of them paying"),
    "t.money_column": Text(zh="涉及收入", en="Revenue"),
    "t.rising": Text(zh="上升", en="rising"),
    "t.steady": Text(zh="持平", en="steady"),
    "t.voices": Text(zh="他们怎么说", en="What they say"),
    "t.chart_bars": Text(zh="哪些需求涉及的人最多", en="Which needs touch most people"),
    "t.chart_steps": Text(zh="从看到买，走到每一步的人", en="From looking to buying: people at each step"),
    "t.chart_lines": Text(zh="每周不满意的人占多少", en="Share of unhappy people, by week"),
    "t.chart_groups": Text(zh="新老用户的留存差在哪里", en="Where new and old users differ"),
    "t.chart_heat": Text(zh="每周新用户，后来还在的比例", en="New users of each week who are still here"),
    "t.week": Text(zh="第 {week} 周", en="Week {week}"),
    "t.weeks_later": Text(zh="几周以后", en="Weeks later"),
    "t.share_axis": Text(zh="占比", en="Share"),
    "t.new": Text(zh="新用户", en="New users"),
    "t.old": Text(zh="老用户", en="Returning users"),
    "t.all": Text(zh="所有人", en="Everyone"),
    "t.fold": Text(zh="全部 {num_topics} 个需求", en="All {num_topics} needs"),
    "t.quality": Text(zh="这些分类有多准", en="How good the sorting is"),
    "d.people": Text(
        zh="同一个人说几次都只算一人；没有署名的按条数算。",
        en="A person counts once however often they speak; unsigned texts count as texts.",
    ),
    "d.share": Text(zh="分母是本周说过话的人。", en="Out of everybody who spoke this week."),
    "d.money": Text(zh="这些人最近一个账期的付款，不含退款。", en="What these people paid in their last period, refunds excluded."),
    "d.quality": Text(zh="机器的判断与人一致的比例。", en="How often the machine agrees with a person."),
    "p.quality": Text(zh="在训练之后的数据上比对", en="Compared on data newer than the training"),
}


def people(name: str, value: int | None, low: float | None = None, high: float | None = None, n: int | None = None) -> Figure:
    return Figure(id=f"needs7f3a.{name}", value=value, unit="people", low=low, high=high, n=n, definition="d.people")


def share(name: str, value: float, low: float | None = None, high: float | None = None, n: int | None = None) -> Figure:
    return Figure(id=f"needs7f3a.{name}", value=value, unit="share", low=low, high=high, n=n, definition="d.share")


def money(name: str, value: int) -> Figure:
    return Figure(id=f"needs7f3a.{name}", value=value, unit="money:CNY", low=value * 0.8, high=value * 1.3, definition="d.money")


TOPICS = ("导出 Excel 太慢", "exports time out on large projects", "希望支持深色模式", "付款后没有收到发票", HOSTILE, "离线也能看")
_WEEKS = ("2026-08-31", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19")


def _charts() -> tuple[Chart, ...]:
    bars = Series(name=say("t.all"), y=(24, 18, 11, 9, 4, None), low=(18, 12, 7, 5, 1, None), high=(31, 25, 16, 14, 8, None))
    steps = Series(name=say("t.all"), y=(1, 0.62, 0.31, 0.082), low=(1, 0.59, 0.28, 0.07), high=(1, 0.65, 0.34, 0.095))
    line_new = Series(
        name=say("t.new"),
        y=(0.31, 0.33, None, 0.36, 0.41, 0.38, 0.44, None),
        low=(0.26, 0.28, None, 0.31, 0.36, 0.33, 0.38, None),
        high=(0.36, 0.38, None, 0.42, 0.47, 0.44, 0.5, None),
    )
    line_old = Series(name=say("t.old"), y=(0.2, 0.21, 0.19, 0.2, 0.22, 0.21, 0.2, None))
    heat = tuple(
        Series(name=week, y=tuple(None if row + later > 7 else round(0.52 * 0.84**later + 0.02 * row, 3) for later in range(8)))
        for row, week in enumerate(_WEEKS)
    )
    return (
        Chart(form="bars", title=say("t.chart_bars"), x=TOPICS, series=(bars,)),
        Chart(form="bars", title=say("t.chart_steps"), x=("浏览", "加购物车", "结算", "付款"), series=(steps,), share=True),
        Chart(form="lines", title=say("t.chart_lines"), x=_WEEKS, series=(line_new, line_old), share=True, y_title=say("t.share_axis")),
        Chart(
            form="bars",
            title=say("t.chart_groups"),
            x=tuple(say("t.week", week=week) for week in range(1, 5)),
            series=(Series(name=say("t.new"), y=(0.42, 0.31, 0.22, None)), Series(name=say("t.old"), y=(0.71, 0.66, 0.6, 0.57))),
            share=True,
        ),
        Chart(
            form="heat",
            title=say("t.chart_heat"),
            x=tuple(str(week) for week in range(8)),
            series=heat,
            share=True,
            x_title=say("t.weeks_later"),
        ),
    )


def full_page() -> Page:
    """Every kind of block; figures with and without intervals, unknown ones, money, hostile names."""
    lead = say("t.lead", people=people("export.people", 24, 18, 31, 312), topic=say("t.topic", name="导出"))
    charts = _charts()
    grid = Grid(
        title=say("t.ranked"),
        columns=tuple(say(key) for key in ("t.topic_column", "t.people_column", "t.change_column", "t.share_column", "t.money_column")),
        rows=tuple(
            (
                topic,
                people(f"topic.{place}.people", 24 - 3 * place, 18 - 3 * place, 31 - 3 * place),
                say("t.rising") if place < 2 else say("t.steady"),
                share(f"topic.{place}.paying", 0.41 - 0.05 * place),
                money(f"topic.{place}.money", 1_234_500 // (place + 1)) if place != 3 else None,
            )
            for place, topic in enumerate(TOPICS)
        ),
    )
    return Page(
        title=say("t.title"),
        blocks=(
            Line(text=lead),
            Numbers(
                items=(
                    (say("t.people"), people("people", 312)),
                    (say("t.negative"), share("negative", 0.382, 0.331, 0.43, 312)),
                    (say("t.money"), money("money", 1_234_500)),
                    (say("t.unknown"), Figure(id="needs7f3a.answer", value=None, unit="days", definition="d.share")),
                )
            ),
            Heading(text=say("t.first")),
            Line(text=say("t.good", was=people("login.was", 41), now=people("login.now", 6)), tone="good"),
            Line(text=say("t.bad", rate=share("renewed", 0.183, 0.15, 0.22, 96)), tone="bad"),
            Line(text=say("t.caution", day="2026-10-12"), tone="caution"),
            Heading(text=say("t.voices")),
            Quotes(rows=("r1", "r2", "r3"), dissent=("r4", "gone")),
            grid,
            *charts[:3],
            Fold(title=say("t.fold", num_topics=37), blocks=(Line(text=say("t.rising")), charts[3])),
        ),
        details=(
            Heading(text=say("t.quality")),
            Numbers(
                items=(
                    (
                        say("t.quality"),
                        Figure(
                            id="needs7f3a.agreement",
                            value=0.8123,
                            unit="ratio",
                            low=0.77,
                            high=0.85,
                            n=420,
                            definition="d.quality",
                            protocol="p.quality",
                        ),
                    ),
                )
            ),
            charts[4],
        ),
    )


QUOTES: dict[str, Quote | str] = {
    "r1": Quote("导出一个 2,000 行的表要等三分钟，电话 138****1234，每次开会前都来不及。", "2026-10-16 · 应用商店 · ★★"),
    "r2": Quote("Export spins forever on our biggest project. We went back to screenshots.", "2026-10-15 · support ticket"),
    "r3": HOSTILE,
    "r4": Quote("导出挺快的，没遇到问题 👍"),
}

META = PageMeta(
    product="木舟笔记 <Muzhou>",
    as_of="2026-10-18",
    simulated=True,
    report_id="needs7f3a",
    versions={"feedback": 12, "events": 3},
    sources=(("应用商店评论", "2026-10-12"), ("Zendesk", "2026-10-18")),
    generated_by="productloop 0.1.0",
)
