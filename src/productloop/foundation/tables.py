"""The tables of a workspace: nine canonical ones that imports fill, and the derived ones through which apps meet.

Import mapping, masking, validation, the lake's schema and `docs/tables.md` all fall out of these frozen specs.

Column types and how they are stored
    actor     a person, by the source's own id        int32 code in the lake; ids stand in `actor_codes`
    id        an identifier of the source             text
    text      free text, masked before it is stored   text
    category  a short value with few repeats          text
    number    a measured value                        float64
    integer   a count                                 int64
    boolean   yes or no                               boolean
    time      an instant                              int64 microseconds UTC
    money     an amount                               int64 minor units (cents, 分)
    json      the remaining columns of the row        text (one JSON object)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from productloop.foundation.wording import Text

ColumnType = Literal["actor", "id", "text", "category", "number", "integer", "boolean", "time", "money", "json"]
PrivacyClass = Literal["keep", "mask", "pseudonym", "drop"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `aliases` are header names people's files use, already folded to lower case without spaces or underscores."""

    name: str
    type: ColumnType
    title: Text
    aliases: tuple[str, ...] = ()
    privacy: PrivacyClass = "keep"
    required: bool = False
    unit: str | None = None
    prevents: Text | None = None
    """What is impossible without this column, for the line the import prints."""


@dataclass(frozen=True, slots=True)
class Table:
    """Frozen spec of one table. `key` names the columns that identify a row when the source gives an id."""

    name: str
    title: Text
    row: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    derived: bool = False
    order: tuple[str, ...] = ()
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when the table has none."""
        return self.by_name[name]

    @property
    def required(self) -> tuple[Column, ...]:
        """Columns without which a row cannot be used."""
        return tuple(column for column in self.columns if column.required)


def _c(name: str, kind: ColumnType, zh: str, en: str, aliases: str = "", **more: object) -> Column:
    return Column(name, kind, Text(zh, en), tuple(aliases.split()), **more)  # type: ignore[arg-type]


_ACTOR = "userid uid user customerid customer clientid memberid distinctid visitorid accountuser 用户id 用户编号 客户id 客户编号 会员id 用户 客户"
_TIME = (
    "timestamp time date datetime createdat created createdtime eventtime ts day submittedat postedat updatedat at "
    "时间 日期 发表时间 评论时间 创建时间 提交时间 发布时间 下单时间 发生时间"
)

FEEDBACK = Table(
    "feedback",
    Text("反馈", "feedback"),
    Text("一个人说的一句话", "something a person said"),
    (
        _c("id", "id", "编号", "id", "reviewid messageid ticketid feedbackid commentid 评论id 工单编号"),
        _c(
            "text",
            "text",
            "内容",
            "text",
            "review reviews reviewtext verifiedreviews content comment comments message body description feedbacktext tweet sentence question utterance "
            "内容 评论 评论内容 反馈内容 正文 意见 留言 描述 评价 评价内容 评论正文 用户评论 用户反馈 反馈描述 问题描述 details notetext",
            privacy="mask",
            required=True,
        ),
        _c("title", "text", "标题", "title", "subject summary reviewtitle 标题 主题 评论标题", privacy="mask"),
        _c(
            "time",
            "time",
            "时间",
            "time",
            f"{_TIME} createddate 评论时间 评价时间 反馈时间 评论日期",
            prevents=Text("没有时间列：看不了趋势，也说不了“从什么时候开始”", "no time column: no trend, and no answer to “since when”"),
        ),
        _c(
            "rating",
            "number",
            "评分",
            "rating",
            "stars star score starrating rating 评分 评级 星级 打分 评论星级 用户评分",
            unit="stars",
            prevents=Text("没有评分列：学不了您自己的好评差评", "no rating column: sentiment cannot be learned from your own stars"),
        ),
        _c(
            "author",
            "actor",
            "作者",
            "author",
            f"{_ACTOR} authorid requesterid respondentid author authorname reviewer reviewernickname nickname username "
            "作者 昵称 用户名 用户昵称 评论者 评论用户 提交人 反馈人 填写人",
            prevents=Text(
                "没有用户列：只能数条数，数不了人数，也连不上行为",
                "no user column: texts are counted instead of people, and words cannot be joined with behaviour",
            ),
        ),
        _c("product", "category", "产品", "product", "product app appname packagename 产品 应用 应用名称 应用名 包名"),
        _c(
            "version", "category", "版本", "version", "version appversion appversionname 版本 应用版本 版本号 应用版本号 app版本 客户端版本"
        ),
        _c("market", "category", "地区", "market", "market country territory region 国家 地区 国家/地区 市场"),
        _c("channel", "category", "渠道", "channel", "channel source via platform 渠道 来源 应用市场"),
        _c("role", "category", "说话人", "speaker role", "role authortype messagetype origin 角色"),
        _c("conversation", "id", "会话", "conversation", "conversationid threadid sessionid 会话id 会话"),
        _c("status", "category", "状态", "status", "status state 状态"),
        _c("language", "category", "语言", "language", "language lang reviewerlanguage 语言"),
        _c("label", "category", "标注", "label", "label labels sentiment sentimentlabel subtaska 标签 标注 情感"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    key=("id",),
    order=("time",),
)
EVENTS = Table(
    "events",
    Text("事件", "events"),
    Text("一个人做的一件事", "something a person did"),
    (
        _c("id", "id", "编号", "id", "messageid insertid $insertid eventid 事件id"),
        _c("actor", "actor", "用户", "actor", _ACTOR, required=True),
        _c(
            "name",
            "category",
            "事件名",
            "event name",
            "event eventname name action activity eventtype 事件 事件名 事件名称 行为",
            required=True,
        ),
        _c("time", "time", "时间", "time", _TIME, required=True),
        _c("item", "id", "对象", "item", "item itemid productid movieid contentid sku goodsid 商品id 商品 物品"),
        _c("session", "id", "会话", "session", "sessionid session visitid 会话"),
        _c("value", "number", "数值", "value", "value rating score weight quantity 数值"),
        _c("platform", "category", "平台", "platform", "platform os devicetype 平台 系统"),
        _c("version", "category", "版本", "version", "version appversion 版本 应用版本"),
        _c("device", "category", "设备", "device", "device devicemodel 设备 机型"),
        _c("duration_ms", "integer", "耗时", "duration", "durationms latencyms 耗时", unit="ms"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    key=("id",),
    order=("actor", "time", "sequence"),
)
ACTORS = Table(
    "actors",
    Text("用户", "actors"),
    Text("一个用户在某一时刻的样子", "a user as known at one moment"),
    (
        _c("actor", "actor", "用户", "actor", f"{_ACTOR} id", required=True),
        _c("account", "id", "账户", "account", "account accountid companyid company organization 账户 公司 企业"),
        _c(
            "first_seen",
            "time",
            "首次出现",
            "first seen",
            "firstseen signedupat signup signupdate signupat registeredat createdat 注册时间 首次出现",
        ),
        _c("plan", "category", "套餐", "plan", "plan tier subscription 套餐 版本类型"),
        _c("platform", "category", "平台", "platform", "platform os 平台"),
        _c("country", "category", "国家", "country", "country market region 国家 地区"),
        _c("known_at", "time", "得知时间", "known at", "knownat snapshotdate asof updatedat 快照日期"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    order=("actor", "known_at"),
)
ORDERS = Table(
    "orders",
    Text("订单", "orders"),
    Text("一笔钱", "money"),
    (
        _c("id", "id", "订单号", "order id", "orderid invoiceid transactionid 订单号 订单编号 流水号"),
        _c("line", "id", "行号", "line", "line lineitem orderline 行号"),
        _c("actor", "actor", "用户", "actor", _ACTOR, required=True),
        _c("time", "time", "时间", "time", f"orderdate paidat {_TIME}", required=True),
        _c(
            "amount",
            "money",
            "金额",
            "amount",
            "amount price total dollarvalue revenue paid value 金额 实付 价格 总价",
            unit="minor units",
            prevents=Text("没有金额列：算不了钱", "no amount column: money cannot be counted"),
        ),
        _c("currency", "category", "币种", "currency", "currency 币种 货币"),
        _c("kind", "category", "类型", "kind", "kind ordertype type 类型 订单类型"),
        _c("plan", "category", "套餐", "plan", "plan tier 套餐"),
        _c("item", "id", "商品", "item", "item itemid productid sku 商品id 商品"),
        _c("quantity", "number", "数量", "quantity", "quantity qty numberofcds count 数量"),
        _c("period_start", "time", "周期开始", "period start", "periodstart 开始日期"),
        _c("period_end", "time", "周期结束", "period end", "periodend 结束日期"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    key=("id", "line"),
    order=("actor", "time", "sequence"),
)
ITEMS = Table(
    "items",
    Text("商品与内容", "items"),
    Text("展示或出售的东西", "what is shown or sold"),
    (
        _c("item", "id", "编号", "item", "id itemid productid movieid sku 商品id 编号", required=True),
        _c("title", "text", "标题", "title", "title name itemname productname movietitle 名称 标题 商品名称", privacy="mask"),
        _c("title_zh", "text", "中文标题", "Chinese title", "titlezh namezh 中文名称", privacy="mask"),
        _c("text", "text", "介绍", "text", "text description 介绍 描述", privacy="mask"),
        _c("category", "category", "类别", "category", "category genre type 类别 分类"),
        _c("price", "money", "价格", "price", "price 价格", unit="minor units"),
        _c("picture", "id", "图片", "picture", "picture image imageurl 图片"),
        _c("known_at", "time", "得知时间", "known at", "knownat"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    order=("item",),
)
METRICS = Table(
    "metrics",
    Text("指标", "metrics"),
    Text("一个带日期的数", "a dated number"),
    (
        _c("metric", "category", "指标", "metric", "metric metricname series 指标", required=True),
        _c("time", "time", "时间", "time", _TIME, required=True),
        _c("segment", "category", "分组", "segment", "segment group 分组"),
        _c("value", "number", "数值", "value", "value y 数值", required=True),
        _c("unit", "category", "单位", "unit", "unit 单位"),
    ),
    order=("metric", "time"),
)
DOCUMENTS = Table(
    "documents",
    Text("文档", "documents"),
    Text("我们写的一页", "a page we wrote"),
    (
        _c("id", "id", "编号", "id", "documentid articleid"),
        _c("title", "text", "标题", "title", "title 标题", privacy="mask"),
        _c("text", "text", "正文", "text", "text body content markdown 正文 内容", privacy="mask", required=True),
        _c("address", "id", "地址", "address", "address url link 链接 网址", required=True),
        _c("time", "time", "时间", "time", _TIME),
    ),
    key=("id",),
    order=("time",),
)
CHANGES = Table(
    "changes",
    Text("变更", "changes"),
    Text("我们或外界改变了什么", "something we or the world changed"),
    (
        _c("time", "time", "日期", "date", f"releasedat {_TIME}", required=True),
        _c("kind", "category", "类型", "kind", "kind type changetype 类型", required=True),
        _c("title", "text", "标题", "title", "title name description 标题 说明", privacy="mask"),
        _c("version", "category", "版本", "version", "version 版本"),
        _c("market", "category", "地区", "market", "market country 地区"),
        _c("share", "number", "覆盖比例", "share of users", "share rollout 覆盖比例", unit="share"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    order=("time",),
)
OUTCOMES = Table(
    "outcomes",
    Text("结果", "outcomes"),
    Text("后来真正发生的事", "what really happened to a subject"),
    (
        _c("subject", "actor", "对象", "subject", f"subject {_ACTOR}", required=True),
        _c("task", "category", "任务", "task", "task outcome 任务", required=True),
        _c("value", "category", "结果", "value", "value result label 结果", required=True),
        _c("time", "time", "观察时间", "observed at", f"observedat knownat {_TIME}"),
        _c("properties", "json", "其他列", "other columns"),
    ),
    order=("subject", "time"),
)
CANONICAL: tuple[Table, ...] = (FEEDBACK, EVENTS, ACTORS, ORDERS, ITEMS, METRICS, DOCUMENTS, CHANGES, OUTCOMES)

POINTS = Table(
    "points",
    Text("观点", "points"),
    Text("一条反馈里的一个观点", "one point that a text makes"),
    (
        _c("feedback", "id", "反馈", "feedback row"),
        _c("start", "integer", "起", "start"),
        _c("end", "integer", "止", "end"),
        _c("language", "category", "语言", "language"),
        _c("sentiment", "number", "情感", "sentiment"),
        _c("certainty", "number", "把握", "certainty"),
        _c("type", "category", "类型", "type"),
        _c("topic", "id", "话题", "topic"),
        _c("near", "category", "处在哪些话题的边上", "topics at whose edge it stands"),
        _c("voice", "integer", "第几个人", "voice"),
    ),
    derived=True,
    order=("feedback", "start"),
)
TOPICS = Table(
    "topics",
    Text("话题", "topics"),
    Text("一个话题", "one topic of the ledger"),
    (
        _c("topic", "id", "话题", "topic"),
        _c("name_zh", "category", "中文名", "Chinese name"),
        _c("name_en", "category", "英文名", "English name"),
        _c("num_texts", "integer", "条数", "texts"),
        _c("num_people", "integer", "人数", "people"),
        _c("state", "category", "状态", "state"),
        _c("merged_into", "id", "并入", "merged into"),
        _c("held", "boolean", "人工保留", "held by hand"),
        _c("middle", "integer", "中层", "middle level"),
        _c("coarse", "integer", "粗层", "coarse level"),
        _c("stability", "number", "稳定性", "stability"),
        _c("cohesion", "number", "紧密度", "cohesion"),
        _c("varied", "boolean", "零散", "varied"),
        _c("phrases", "json", "关键词", "key phrases"),
        _c("encoder", "id", "编码器", "encoder"),
        _c("dial", "number", "粗细", "granularity"),
        _c("centroid", "json", "中心", "centroid"),
        _c("change", "json", "上次的变化", "last change"),
    ),
    derived=True,
    order=("topic",),
)
SEGMENTS = Table(
    "segments",
    Text("人群", "segments"),
    Text("一个人在某人群中", "a person in a segment"),
    (_c("segment", "category", "人群", "segment"), _c("actor", "actor", "用户", "actor"), _c("time", "time", "时间", "time")),
    derived=True,
    order=("segment", "actor"),
)
SCORES = Table(
    "scores",
    Text("打分", "scores"),
    Text("一次批量预测", "one prediction of a batch"),
    (
        _c("task", "category", "任务", "task"),
        _c("release", "id", "模型上线", "model release"),
        _c("subject", "actor", "对象", "subject"),
        _c("time", "time", "时间", "time"),
        _c("value", "number", "分数", "value"),
        _c("item", "id", "对象物", "item"),
        _c("rank", "integer", "名次", "rank"),
    ),
    derived=True,
    order=("task", "subject"),
)
FINDINGS = Table(
    "findings",
    Text("发现", "findings"),
    Text("报告里的一条发现", "one finding of a report"),
    (
        _c("app", "category", "应用", "app"),
        _c("action", "category", "动作", "action"),
        _c("kind", "category", "类型", "kind"),
        _c("subject", "category", "关于", "subject"),
        _c("strength", "number", "强度", "strength"),
        _c("people", "integer", "人数", "people"),
        _c("time", "time", "时间", "time"),
        _c("report", "id", "报告", "report"),
        _c("properties", "json", "内容", "content"),
    ),
    derived=True,
    order=("time",),
)
ASSIGNMENTS = Table(
    "assignments",
    Text("分组", "assignments"),
    Text("一个人被分到一组", "a person assigned to a variant"),
    (
        _c("experiment", "category", "实验", "experiment"),
        _c("actor", "actor", "用户", "actor"),
        _c("variant", "category", "组", "variant"),
        _c("propensity", "number", "概率", "propensity"),
        _c("time", "time", "时间", "time"),
        _c("action", "category", "动作", "action"),
    ),
    derived=True,
    order=("experiment", "actor"),
)
DERIVED: tuple[Table, ...] = (POINTS, TOPICS, SEGMENTS, SCORES, FINDINGS, ASSIGNMENTS)

ACTOR_CODES = Table(
    "actor_codes",
    Text("用户编码", "actor codes"),
    Text("来源中的用户编号与整数编码", "a source's own id and its integer code"),
    (_c("code", "integer", "编码", "code"), _c("id", "id", "编号", "id")),
    derived=True,
    order=("code",),
)
QUARANTINE = Table(
    "quarantine",
    Text("隔离区", "quarantine"),
    Text("一行没法用的数据", "a row that could not be used"),
    (
        _c("file", "category", "文件", "file"),
        _c("line", "integer", "行号", "line"),
        _c("column", "category", "列", "column"),
        _c("reason", "category", "原因", "reason"),
        _c("row", "json", "该行（已脱敏）", "the row, masked"),
    ),
    derived=True,
    order=("line",),
)
SYSTEM: tuple[Table, ...] = (ACTOR_CODES, QUARANTINE)
TABLES: dict[str, Table] = {table.name: table for table in (*CANONICAL, *DERIVED, *SYSTEM)}

STORED_TYPES: dict[ColumnType, str] = {
    "actor": "INTEGER",
    "id": "VARCHAR",
    "text": "VARCHAR",
    "category": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "time": "BIGINT",
    "money": "BIGINT",
    "json": "VARCHAR",
}
"""DuckDB type in which each column type lies in the lake."""

BOOKKEEPING: tuple[tuple[str, str], ...] = (("row_id", "VARCHAR"), ("import_id", "BIGINT"), ("sequence", "BIGINT"))
"""Columns every lake table carries before its own: row identity, the import that brought the row, its row number there."""


def fold_header(header: str) -> str:
    """A header as it is compared with aliases: half-width, lower case, without spaces, underscores, dots and dashes."""
    half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in header)
    return "".join(c for c in half.lower().strip() if c not in " _-.　\t\ufeff")
