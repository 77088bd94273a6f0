from hypothesis import given
from hypothesis import strategies as st

from productloop.text.cleaning import (
    DELETED_MARKER,
    clean,
    find_emoji,
    separate_emoji,
    strip_deleted_marker,
    strip_html,
    strip_quoted_mail,
    tidy_whitespace,
    to_half_width,
)


def test_markup_goes_and_comparisons_stay():
    page = "<style>p {color: red}</style><p>你好&nbsp;<b>世界</b></p><br/>a < b, 1<2 &amp; <3"
    assert tidy_whitespace(strip_html(page)) == "你好 世界\na < b, 1<2 & <3"
    assert strip_html("I <really> mean List<String>") == "I <really> mean List<String>"


def test_width_is_halved_but_chinese_punctuation_keeps_its_own():
    assert to_half_width("ＡＢＣ１２３＠ｘ．ｃｏｍ　好，真的！") == "ABC123@x.com 好，真的！"


def test_emoji_stay_as_words_of_their_own():
    assert clean("好吃😋😋👍🏽很快") == "好吃 😋😋👍🏽 很快"
    assert find_emoji("a👨‍👩‍👧b❤️c") == ["👨‍👩‍👧", "❤️"]


def test_quoted_mail_and_signatures_are_cut():
    english = "The export fails.\n\nThanks,\nBob\n\nSent from my iPhone\n\nOn Mon, 3 Mar 2025 at 10:00, Help <h@x.com> wrote:\n> Hi Bob\n> How are you"
    assert clean(english) == "The export fails."
    chinese = "还是导不出来。\n发自我的iPhone\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n您好"
    assert clean(chinese) == "还是导不出来。"
    assert clean("问题还在\n\n在 2026年3月2日，客服 <a@b.cn> 写道：\n> 已修复") == "问题还在"
    assert clean("See below\nFrom: a@b.c\nSent: Monday\nold text") == "See below"


def test_thanks_and_fields_in_the_middle_are_the_users_own_words():
    text = "Thanks\nfor the update, but:\nSubject: is empty in every mail\none\ntwo\nthree"
    assert clean(text) == text
    only_quoted = "> everything is quoted"
    assert strip_quoted_mail(only_quoted) == only_quoted


def test_deleted_marker_is_reported_and_removed():
    assert strip_deleted_marker(DELETED_MARKER + "不好用") == ("不好用", True)
    assert strip_deleted_marker("(该条评论已经被删除) 不好用") == ("不好用", True)
    assert strip_deleted_marker("我的（该条评论已经被删除）") == ("我的（该条评论已经被删除）", False)
    assert strip_deleted_marker("") == ("", False)


@given(st.text(max_size=200))
def test_clean_text_is_tidy_whatever_came_in(text):
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert "\n\n" not in cleaned
    assert "\u200b" not in cleaned


@given(st.text(alphabet="好a 😀👍🏽,\n", max_size=40))
def test_separating_emoji_loses_no_character(text):
    assert separate_emoji(text).replace(" ", "") == text.replace(" ", "")
