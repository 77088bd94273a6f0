"""Reviews as the app stores and their watchers export them.

Google Play Console, monthly CSV `reviews_PACKAGE_YYYYMM.csv` (UTF-16LE with a BOM; support.google.com/googleplay/android-developer,
"Download & export monthly reports"); Google Play Developer API v3 `reviews.list`; App Store Connect API `customerReviews`; workbooks of
七麦; the consoles of Chinese Android stores, whose columns bear the same few names in any order.
"""

from __future__ import annotations

from productloop.loop.sources.export import Export

_REPLIED = "CASE WHEN {%s} IS NOT NULL THEN 'replied' END"

GOOGLE_PLAY = Export(
    "google_play",
    frozenset({"packagename", "starrating", "reviewtext"}),
    {
        "text": ("reviewtext",),
        "title": ("reviewtitle",),
        "rating": ("starrating",),
        "time": ("reviewsubmitmillissinceepoch", "reviewsubmitdateandtime", "reviewlastupdatemillissinceepoch"),
        "product": ("packagename",),
        "version": ("appversionname", "appversioncode"),
        "language": ("reviewerlanguage",),
    },
    computed={
        "review id": (
            "coalesce(nullif(url_decode(regexp_extract({reviewlink}, '[Rr]eview[Ii]d=([^&#]+)', 1)), ''), {reviewlink}, {whole_row})",
            "id",
        ),
        "reply status": (_REPLIED % "developerreplytext", "status"),
    },
    has_rating_only=True,
)
GOOGLE_PLAY_API = Export(
    "google_play",
    frozenset({"reviewid", "starrating", "lastmodified"}),
    {
        "id": ("reviewid",),
        "text": ("text",),
        "title": ("title",),
        "rating": ("starrating",),
        "time": ("lastmodified",),
        "author": ("authorname",),
        "version": ("appversionname", "appversioncode"),
        "language": ("reviewerlanguage",),
    },
    computed={"reply status": (_REPLIED % "developerreply", "status")},
    has_rating_only=True,
)
APP_STORE_CONNECT = Export(
    "app_store",
    frozenset({"rating", "body", "territory"}),
    {
        "id": ("id",),
        "text": ("body",),
        "title": ("title",),
        "rating": ("rating",),
        "time": ("createddate",),
        "author": ("reviewernickname",),
        "market": ("territory",),
    },
    any_of=(frozenset({"reviewernickname", "createddate"}),),
    computed={"reply status": (_REPLIED % "responsebody", "status")},
    has_rating_only=True,
)
QIMAI = Export(
    "qimai",
    frozenset({"发表时间", "作者", "评级", "内容"}),
    {"time": ("发表时间",), "author": ("作者",), "rating": ("评级",), "title": ("标题",), "text": ("内容",)},
)
_REPLIES = ("回复内容", "开发者回复", "开发者回复内容", "商家回复", "官方回复", "回复")
_STARS = ("评分", "星级", "评论星级", "用户评分", "评价星级")
STORE_CONSOLE = Export(
    "store_console",
    frozenset(),
    {
        "text": ("评论内容", "用户评论", "评价内容", "评论", "内容"),
        "title": ("评论标题", "标题"),
        "rating": _STARS,
        "time": ("评论时间", "评价时间", "评论日期", "发表时间", "时间"),
        "author": ("用户昵称", "昵称", "用户名", "用户id", "评论用户", "用户"),
        "version": ("应用版本", "应用版本号", "app版本", "版本", "版本号", "版本名称"),
        "market": ("国家/地区", "国家", "地区"),
        "channel": ("渠道", "应用市场", "来源"),
    },
    any_of=(frozenset(_REPLIES), frozenset(_STARS)),
    computed={
        "回复状态": (
            "coalesce({状态}, CASE WHEN coalesce(" + ", ".join(f"{{{name}}}" for name in _REPLIES) + ") IS NOT NULL THEN 'replied' END)",
            "status",
        )
    },
    has_rating_only=True,
)
EXPORTS: tuple[Export, ...] = (GOOGLE_PLAY, GOOGLE_PLAY_API, APP_STORE_CONNECT, QIMAI, STORE_CONSOLE)
