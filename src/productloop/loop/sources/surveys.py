"""Questionnaires: one row a respondent becomes one row an open answer.

问卷星 (序号, 提交答卷时间, 所用时间, 来源, 来源详情, 来自IP, then the questions), 腾讯问卷, 金数据, Typeform (`#` … Start Date (UTC), Submit Date
(UTC), Network ID), SurveyMonkey (a second header row) and Google Forms. Each open answer keeps its question (`question`), who gave it (one
respondent is one author and one conversation), all other answers of that person as attributes, and a rating where one was asked.

Which question is what is told by its answers and its words, by rules of this file: nothing is learned. Ratings come to 1..5 stars, since
one column must not mix scales: 0..10 recommendations by the bands of the Net Promoter Score (Reichheld 2003: 0-6, 7-8, 9-10 -> 1, 3, 5),
other scales up to 10 are halved, words of satisfaction count 1..5; the question's own column keeps what was chosen.
问卷星 writes "(跳过)" and "(空)" (-3 and -2 in exports by number) for questions not seen and not answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem
from productloop.foundation.privacy import classify_column
from productloop.foundation.tables import FEEDBACK, fold_header
from productloop.foundation.wording import Say, say
from productloop.loop.sources.exports_wording import NO_OPEN_ANSWERS
from productloop.loop.sources.profile import Profile, profile
from productloop.loop.sources.records import RawTable, new_relation

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Survey:
    """One questionnaire program, by folded headers. `asides` are columns about the answering, not answers."""

    key: str
    has: frozenset[str]
    any_of: frozenset[str]
    respondent: tuple[str, ...]
    time: str
    asides: frozenset[str]
    is_utc: bool = False


_CHINESE_ASIDES = frozenset(
    [
        "序号",
        "编号",
        "提交答卷时间",
        "提交时间",
        "修改时间",
        "所用时间",
        "来源",
        "来源详情",
        "来自ip",
        "总分",
        "开始答题时间",
        "结束答题时间",
        "答题时长",
        "地理位置",
        "ip",
        "ip省份",
        "ip城市",
        "提交人",
        "填写设备",
        "操作系统",
        "浏览器",
        "填写地区",
        "答题设备",
        "用户类型",
        "自定义字段",
        "清洗数据结果",
        "智能清洗数据无效概率",
    ]
)
SURVEYS: tuple[Survey, ...] = (
    Survey(
        "wjx",
        frozenset({"序号", "提交答卷时间"}),
        frozenset({"所用时间", "来源详情", "来自ip"}),
        ("序号", "提交答卷时间"),
        "提交答卷时间",
        _CHINESE_ASIDES,
    ),
    Survey(
        "tencent",
        frozenset({"编号", "开始答题时间", "结束答题时间"}),
        frozenset(),
        ("编号", "结束答题时间"),
        "结束答题时间",
        _CHINESE_ASIDES,
    ),
    Survey(
        "jinshuju",
        frozenset({"序号", "提交时间"}),
        frozenset({"填写设备", "填写地区", "操作系统"}),
        ("序号", "提交时间"),
        "提交时间",
        _CHINESE_ASIDES,
    ),
    Survey(
        "typeform",
        frozenset({"submitdate(utc)"}),
        frozenset({"startdate(utc)", "networkid", "#"}),
        ("#", "networkid", "submitdate(utc)"),
        "submitdate(utc)",
        frozenset({"#", "startdate(utc)", "submitdate(utc)", "stagedate(utc)", "networkid", "responsetype", "tags", "ending", "score"}),
        is_utc=True,
    ),
    Survey(
        "surveymonkey",
        frozenset({"respondentid", "collectorid"}),
        frozenset(),
        ("respondentid",),
        "enddate",
        frozenset(
            [
                "respondentid",
                "collectorid",
                "startdate",
                "enddate",
                "datecreated",
                "datemodified",
                "ipaddress",
                "emailaddress",
                "firstname",
                "lastname",
                "customdata1",
            ]
        ),
    ),
)
_GOOGLE_TIMES = frozenset({"timestamp", "时间戳记", "时间戳"})
_QUESTION = re.compile(r"[?？]\s*(?:[*＊]|\[.*\])?\s*$")
_RATING = re.compile(
    r"满意|评分|打分|星级|几分|多少分|推荐|nps|\brat(?:e|ing)\b|score|satisf|how likely|recommend|\bstars?\b|out of (?:5|10)", re.IGNORECASE
)
_RECOMMENDS = re.compile(r"推荐|nps|how likely|recommend", re.IGNORECASE)
_OVERALL = re.compile(r"总体|整体|总的|overall|nps|推荐|recommend", re.IGNORECASE)
_AMOUNT = re.compile(r"年龄|几个|几次|多少|数量|金额|次数|收入|\bage\b|how (?:many|much|old|often)|number of", re.IGNORECASE)
_OPEN = re.compile(
    r"建议|意见|原因|为什么|为何|想法|说说|谈谈|描述|反馈|其他|其它|补充|希望|改进|不满意的|吐槽|留言|理由|"
    r"\bwhy\b|\bwhat\b|how (?:can|could|do|would)|\bdescribe\b|tell us|suggest|feedback|comment|improve|anything|explain|reason|thoughts",
    re.IGNORECASE,
)
_CODES = re.compile(r"\d{1,2}(?:\s*[┋,，;；|]\s*\d{1,2})*")
_SEVERAL = "┋"
MAX_CODE = 30
"""A question has fewer options than this; larger numbers are amounts."""
SKIPPED = ("(跳过)", "(空)", "（跳过）", "（空）", "-3", "-2")
LIKERT: dict[str, int] = {
    **dict.fromkeys(("非常满意", "很满意", "十分满意", "very satisfied", "strongly agree", "excellent"), 5),
    **dict.fromkeys(("满意", "比较满意", "较满意", "satisfied", "somewhat satisfied", "agree", "good"), 4),
    **dict.fromkeys(("一般", "中立", "neutral", "neither satisfied nor dissatisfied", "neither agree nor disagree", "fair"), 3),
    **dict.fromkeys(("不满意", "比较不满意", "不太满意", "较不满意", "dissatisfied", "somewhat dissatisfied", "disagree", "poor"), 2),
    **dict.fromkeys(("非常不满意", "很不满意", "十分不满意", "very dissatisfied", "strongly disagree", "very poor"), 1),
}


def survey_of(raw: RawTable) -> Survey | None:
    """The program a table comes from; None when it is no questionnaire."""
    folded = [fold_header(name) for name in raw.header]
    names = frozenset(folded)
    for survey in SURVEYS:
        if survey.has <= names and (not survey.any_of or survey.any_of & names):
            return survey
    if folded and folded[0] in _GOOGLE_TIMES and any(_QUESTION.search(name) for name in raw.header[1:]):
        asides = frozenset({folded[0], "score", "emailaddress", "电子邮件地址"})
        return Survey("google_forms", frozenset({folded[0]}), frozenset(), (folded[0],), folded[0], asides)
    return None


def unpivot(connection: duckdb.DuckDBPyConnection, raw: RawTable, survey: Survey) -> RawTable:
    """One row an open answer. Raises DataProblem where nobody wrote anything."""
    raw = _cleaned(connection, raw)
    folded = [fold_header(name) for name in raw.header]
    kinds = {
        held.index: _kind(raw.header[held.index], held) for held in profile(connection, raw) if folded[held.index] not in survey.asides
    }
    questions = [index for index, kind in kinds.items() if kind == "open"]
    codes = [raw.header[index] for index, kind in kinds.items() if kind == "code"]
    notes = [*raw.notes, say("source.export", name=say(f"export.{survey.key}"))]
    if codes:
        notes.append(say("source.survey_codes", count=len(codes), first=codes[0]))
    if not questions:
        raise DataProblem(
            NO_OPEN_ANSWERS,
            path=raw.path.name,
            num=raw.num_rows,
            column=next((raw.header[folded.index(name)] for name in survey.respondent if name in folded), "#"),
        )
    ratings = {index: kind for index, kind in kinds.items() if kind in ("stars", "ten", "nps", "likert")}
    kept = [index for index in range(len(raw.header)) if index not in questions]
    key = _respondent(folded, survey)
    relation = new_relation()
    parts = []
    for number, index in enumerate(questions):
        chosen = _rating_for(index, ratings, raw.header)
        rating = "NULL" if chosen is None else _stars(chosen, ratings[chosen])
        question = raw.header[index].replace("'", "''")
        cells = ", ".join(f"{_aside(folded[i], i, survey)} AS k{i}" for i in kept)
        parts.append(
            f"SELECT line AS row_at, {number} AS row_part, {key} AS person, {key} || ' ' || '{index + 1}' AS id, '{question}' AS question, "
            f"c{index} AS answer, ({rating})::VARCHAR AS stars{', ' + cells if cells else ''} FROM {raw.relation} WHERE c{index} IS NOT NULL"
        )
    names = ["id", "person", "question", "answer", "stars", *(f"k{index}" for index in kept)]
    columns = ", ".join(f"{name} AS c{position}" for position, name in enumerate(names))
    connection.execute(
        f"CREATE TEMP TABLE {relation} AS SELECT row_number() OVER (ORDER BY row_at, row_part) AS line, {columns} FROM ({' UNION ALL '.join(parts)})"
    )
    num_rows, num_people = connection.execute(f"SELECT count(*), count(DISTINCT c1) FROM {relation}").fetchall()[0]
    connection.execute(f"DROP TABLE {raw.relation}")
    notes.append(say("source.survey", people=num_people, answers=num_rows, questions=len(questions), silent=raw.num_rows - num_people))
    notes += _said_ratings(ratings, raw.header)
    header = ("answer id", "respondent", "question", "answer", "stars", *(_shown(raw.header[index], survey) for index in kept))
    return replace(
        raw,
        relation=relation,
        header=header,
        num_rows=num_rows,
        notes=tuple(notes),
        table="feedback",
        known=_known(folded, kept, ratings, survey),
    )


def _cleaned(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """Without the marks for questions not seen, and without SurveyMonkey's second header row, whose options go into the names."""
    marks = ", ".join(f"'{mark}'" for mark in SKIPPED)
    updates = ", ".join(f"c{i} = CASE WHEN trim(c{i}) IN ({marks}) THEN NULL ELSE c{i} END" for i in range(len(raw.header)))
    connection.execute(f"UPDATE {raw.relation} SET {updates}")
    folded = [fold_header(name) for name in raw.header]
    if "respondentid" not in folded:
        return raw
    at = folded.index("respondentid")
    second = connection.execute(f"SELECT * FROM {raw.relation} ORDER BY line LIMIT 1").fetchall()[0]
    if second[at + 1] is not None:
        return raw
    header, asked = [], ""
    for name, option in zip(raw.header, second[1:], strict=True):
        asked = name or asked
        header.append(
            name if name and (not option or option in ("Response", "Open-Ended Response")) else f"{asked}: {option}" if option else name
        )
    connection.execute(f"DELETE FROM {raw.relation} WHERE line = {second[0]}")
    return replace(raw, header=tuple(header), num_rows=raw.num_rows - 1)


def _kind(header: str, held: Profile) -> str:
    """open, stars, ten, nps, likert, code, or other (a choice, an amount, a personal detail)."""
    if not held.values:
        return "other"
    lowered = [value.lower() for value in held.values]
    if sum(value in LIKERT for value in lowered) >= 0.8 * len(lowered):
        return "likert"
    if held.number:
        if held.is_rating and _RATING.search(header):
            if max(held.numbers) <= 5:
                return "stars" if min(held.numbers) >= 1 else "other"
            return "nps" if _RECOMMENDS.search(header) else "ten"
        whole = held.numbers and all(value == int(value) and 0 <= value <= MAX_CODE for value in held.numbers)
        return "code" if whole and held.num_distinct <= MAX_CODE and not _AMOUNT.search(header) else "other"
    if all(_CODES.fullmatch(value) for value in held.values):
        return "code"
    privacy, _ = classify_column(header, held.values[:200])
    several = sum(_SEVERAL in value for value in held.values) >= 0.2 * len(held.values)
    if privacy in ("drop", "pseudonym") or several or held.time or held.is_address:
        return "other"
    hinted = _OPEN.search(header) is not None and held.width >= 4 and (held.num_distinct > 10 or held.distinct_share > 0.4)
    return "open" if held.is_text or hinted else "other"


def _respondent(folded: Sequence[str], survey: Survey) -> str:
    """SQL of who answered: the program's own code where it is unique, else number and time, else time and answers."""
    if "#" in survey.respondent and "#" in folded:
        return f"c{folded.index('#')}"
    cells = [f"c{folded.index(name)}" for name in survey.respondent if name in folded]
    if len(survey.respondent) == 1 and survey.time in survey.respondent:
        cells.append("substr(md5(concat_ws(chr(31), " + ", ".join(f"coalesce(c{index}, '')" for index in range(len(folded))) + ")), 1, 8)")
    return f"concat_ws(' ', {', '.join(cells)})"


def _rating_for(question: int, ratings: dict[int, str], header: Sequence[str]) -> int | None:
    """The rating that an open answer belongs to: asked right before it and alone, else the overall one, else the first."""
    if question - 1 in ratings and question - 2 not in ratings:
        return question - 1
    return next((index for index in ratings if _OVERALL.search(header[index])), next(iter(ratings), None))


def _stars(index: int, kind: str) -> str:
    number = f"TRY_CAST(c{index} AS DOUBLE)"
    if kind == "nps":
        return f"CASE WHEN {number} <= 6 THEN 1 WHEN {number} <= 8 THEN 3 WHEN {number} IS NOT NULL THEN 5 END"
    if kind == "likert":
        cases = " ".join(f"WHEN '{word}' THEN {stars}" for word, stars in LIKERT.items())
        return f"CASE lower(trim(c{index})) {cases} END"
    return f"{number} / 2" if kind == "ten" else number


def _said_ratings(ratings: dict[int, str], header: Sequence[str]) -> list[Say]:
    return [say("source.survey_nps", column=header[index]) for index, kind in ratings.items() if kind == "nps"]


def _aside(folded: str, index: int, survey: Survey) -> str:
    """A kept cell: times of a program that counts in UTC get their zone, of an IP address only the place in brackets stays."""
    if survey.is_utc and folded.endswith("(utc)"):
        return f"c{index} || 'Z'"
    if folded in ("来自ip", "ip"):
        return f"nullif(regexp_extract(c{index}, '[(（](.+)[)）]', 1), '')"
    return "NULL" if folded == "ipaddress" else f"c{index}"


def _shown(name: str, survey: Survey) -> str:
    return "来自地区" if fold_header(name) == "来自ip" else name


def _known(folded: Sequence[str], kept: Sequence[int], ratings: dict[int, str], survey: Survey) -> tuple[tuple[str, int], ...]:
    known = {"id": 0, "conversation": 1, "text": 3}
    if ratings:
        known["rating"] = 4
    if survey.time in folded:
        known["time"] = 5 + kept.index(folded.index(survey.time))
    for name, target in (("来源", "channel"), ("来自ip", "market")):
        if name in folded and folded.index(name) in kept:
            known[target] = 5 + kept.index(folded.index(name))
    people = {fold_header("author"), *FEEDBACK.column("author").aliases}
    if not any(folded[index] in people for index in kept):
        known["author"] = 1
    return tuple(sorted(known.items()))
