"""Both languages have the same slots, every sentence that is said exists, and no sentence for people stands outside wording."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from productloop.foundation.errors import Problem
from productloop.foundation.wording import _SLOT, KINDS, Text

SOURCE = Path(__file__).parents[2] / "src" / "productloop"
FILES = sorted(SOURCE.rglob("*.py"))
HAN = re.compile(r"[\u4e00-\u9fff]")
MAY_HOLD_CHINESE = {
    "foundation/tables.py": "header aliases and titles of columns",
    "foundation/settings.py": "meaning of each setting and its three problems stand in the table itself",
    "foundation/recognisers.py": "words that stand beside personal details",
    "foundation/names.py": "words that announce a name",
    "text/cues.py": "words that ask, wish, report a fault, leave, praise and greet",
    "foundation/unannounced_names.py": "what people do after a name, words that look like names",
    "foundation/name_lists.py": "surnames, characters of given names, words that are none",
    "foundation/addresses.py": "words of postal addresses",
    "foundation/anonymity.py": "endings of dates and places",
    "foundation/privacy.py": "header words of personal columns",
    "text/stopwords.py": "a word list",
    "text/keywords.py": "words of negation",
    "text/lexicon.py": "a word list",
    "text/tokens.py": "words that must not be cut apart",
    "text/cleaning.py": "patterns of quoted mail",
    "text/aspects.py": "nouns that name no part of a product",
    "text/language.py": "grammar words and brands that tell languages apart",
    "text/points.py": "connectors and words that judge",
    "text/point_words.py": "words that judge, wish and name nothing",
    "learning/text_features.py": "words that turn a sentence",
    "loop/sources/conversion.py": "patterns of stars and dates",
    "loop/sources/detect.py": "patterns of title rows",
    "loop/sources/recognise.py": "beginnings of headers",
    "loop/sources/tickets.py": "headers of exports",
    "loop/sources/umeng.py": "headers of reports",
    "loop/sources/event_records.py": "the name of a program and headers of exports",
    "loop/sources/surveys.py": "headers of exports and words of questions",
    "loop/sources/pasted.py": "patterns of stars",
    "loop/sources/export.py": "patterns of exporters' remarks",
    "loop/sources/nested.py": "the name of a program",
    "loop/sources/stores.py": "headers of exports",
    "loop/sources/chats.py": "headers of message exports",
    "loop/sources/notes.py": "words before questions and answers",
    "loop/sources/pictures.py": "words of buttons and dates in screenshots",
    "loop/sources/speakers.py": "words for speakers, greetings and thanks",
    "loop/sources/transcripts.py": "patterns of lines in a chat",
    "apps/behaviour/_orders.py": "words for kinds of orders",
    "apps/behaviour/_pricing_changes.py": "words for prices",
    "apps/behaviour/_pricing_survey.py": "words of headers and answers",
    "apps/behaviour/_ask_text.py": "numbers in Chinese words",
    "apps/behaviour/_ask_windows.py": "numbers in Chinese words",
    "apps/behaviour/_ask_dates.py": "words around days in questions",
    "apps/behaviour/_ask_day_rules.py": "words of days, weeks, months and holidays",
    "apps/behaviour/_ask_kinds.py": "the word that stands for an event in questions",
    "apps/behaviour/_ask_verbs.py": "verbs of events in questions",
    "apps/behaviour/_ask_columns.py": "words around columns and values in questions",
    "apps/behaviour/_ask_events.py": "words around events in questions",
    "apps/behaviour/_ask_metrics.py": "words of counting in questions",
    "apps/behaviour/_ask_names.py": "words around names in questions",
    "apps/behaviour/_ask_grammar.py": "words that ask",
    "apps/risk/_drafts.py": "words of numbers and quantities",
    "apps/needs/_sentiment.py": "words of labels",
    "apps/risk/_case_words.py": "words of promises and due days",
    "apps/needs/_severity.py": "words for leaving",
}


def texts() -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    for path in FILES:
        if path.stem.endswith("wording") and path.parent.name != "foundation":
            module = importlib.import_module("productloop." + ".".join(path.relative_to(SOURCE).with_suffix("").parts))
            for name, value in vars(module).items():
                if isinstance(value, Text):
                    found.append((f"{module.__name__}.{name}", value))
                elif isinstance(value, Problem):
                    found += [(f"{module.__name__}.{name}.{part}", getattr(value, part)) for part in ("happened", "expected", "fix")]
                elif isinstance(value, dict):
                    found += [(f"{module.__name__}[{key}]", text) for key, text in value.items() if isinstance(text, Text)]
    return found


def test_both_languages_have_the_same_slots() -> None:
    assert len(texts()) > 100
    for name, text in texts():
        assert text.slots("zh") == text.slots("en"), f"{name}: {text}"
        assert text.zh.strip(), name
        assert text.en.strip(), name
        for template in (text.zh, text.en):
            for match in _SLOT.finditer(template):
                assert match.group(2) is None or match.group(2) in KINDS, f"{name}: unknown kind in {match.group(0)}"


def test_problem_codes_are_unique() -> None:
    seen: dict[str, str] = {}
    for path in FILES:
        if "wording" in path.stem or path.name == "settings.py":
            module = importlib.import_module("productloop." + ".".join(path.relative_to(SOURCE).with_suffix("").parts))
            for name, value in vars(module).items():
                if isinstance(value, Problem):
                    place = f"{module.__name__}.{name}"
                    assert (
                        seen.setdefault(value.code, place) == place
                        or getattr(importlib.import_module(seen[value.code].rsplit(".", 1)[0]), name, None) is value
                    ), value.code
    assert len(seen) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_chinese_sentence_outside_wording(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    if (
        "wording" in path.stem or path.name.endswith("types.py") or path.name == "scope.py" or name in MAY_HOLD_CHINESE
    ):  # a request's fields carry their meaning
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            assert len(HAN.findall(node.value)) < 12, f"{name}:{node.lineno}: {node.value[:40]}"


def test_every_sentence_that_is_said_exists() -> None:
    known = set()
    for path in FILES:
        if "wording" in path.stem:
            module = importlib.import_module("productloop." + ".".join(path.relative_to(SOURCE).with_suffix("").parts))
            for value in vars(module).values():
                if isinstance(value, dict):
                    known |= {key for key in value if isinstance(key, str)}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "say"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                assert node.args[0].value in known, f"{path.name}:{node.lineno} says {node.args[0].value}"
