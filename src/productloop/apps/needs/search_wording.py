"""Sentences of `needs search`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

SEARCH_TITLE = Text("找用户说过的话", "Find what people said")

NO_QUERY = Problem(
    "needs_no_query",
    Text("没有写要找什么", "nothing to look for was given"),
    Text("一个词或一句话，中英文都行", "a word or a sentence, in Chinese or English"),
    Text("例如 productloop needs search --query 退款没到账", 'for example: productloop needs search --query "refund missing"'),
)

TEXTS = {
    "needs.search.title": Text("「{query}」：用户怎么说", "“{query}”: what people say"),
    "needs.search.lead": Text(
        "离「{query}」最近的 {found} 条，每人一条，从 {searched} 条里按意思找到，中英文一起找。",
        "The {found} {found|text|texts} nearest to “{query}”, one a voice, out of {searched}; found by meaning, in Chinese and English alike.",
    ),
    "needs.search.nothing": Text("没有可以找的内容。", "There is nothing to search."),
    "needs.search.topics": Text("它们大多属于", "Most of them belong to"),
    "needs.search.fold": Text("每条有多接近", "How near each is"),
    "needs.column.results": Text("结果里几条", "Results in it"),
    "needs.column.closeness": Text("接近度", "Closeness"),
    "needs.column.row": Text("行号", "Row"),
    "needs.d.closeness": Text(
        "意思、概念和用词的接近程度合成的分，只能在一次搜索里比大小。",
        "Score made of meaning, concepts and words; it only orders the results of one question.",
    ),
    "needs.d.found": Text("找到的内容，每人最多一条。", "Texts found, at most one a voice."),
    "needs.d.searched": Text("找过的内容条数。", "Texts that were searched."),
    "needs.d.results_in": Text("结果里属于这个话题的条数。", "Results that lie in the topic."),
}
