from hypothesis import given
from hypothesis import strategies as st

from productloop.text.cleaning import (
    DELETED_MARKER,
    clean,
    clean_with_offsets,
    find_emoji,
    separate_emoji,
    strip_deleted_marker,
    strip_form,
    strip_html,
    strip_quoted_mail,
    strip_reply,
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


def test_developer_replies_are_cut_and_stay_where_nothing_else_is():
    assert clean("老是闪退\n-----\n开发者回复：您好，已修复") == "老是闪退"
    assert clean("Crashes daily.\nDeveloper response: we are sorry") == "Crashes daily."
    assert strip_reply("开发者回复：您好") == "开发者回复：您好"
    assert strip_reply("给客服发消息，客服回复：等着") == "给客服发消息，客服回复：等着"


def test_forms_keep_the_answers_and_lose_the_labels():
    english = "Steps to reproduce:\n1. open it\nExpected result: opens\nActual result: crashes\nDevice: Pixel 8"
    assert clean(english) == "1. open it\nopens\ncrashes\nPixel 8"
    assert clean("【问题描述】导出失败\n【设备信息】iPhone 15") == "导出失败\niPhone 15"
    assert clean("问题描述：导出失败\n联系方式：\n系统版本：17.2") == "导出失败\n17.2"
    assert clean("Summary: I like it") == "Summary: I like it"
    assert strip_form("版本：") == "版本："


def test_automatic_lines_and_device_lines_go():
    assert clean("##- Please type your reply above this line -##\nStill broken") == "Still broken"
    assert clean("您好，欢迎使用小米客服中心\n手机打不开") == "手机打不开"
    assert clean("工单号：A123\n退款没到") == "退款没到"
    assert clean("The export fails. Sent from my iPhone") == "The export fails."
    assert clean("一直闪退 发自我的iPhone") == "一直闪退"
    assert clean("Photos sent from my iPhone never arrive") == "Photos sent from my iPhone never arrive"
    assert clean("Thank you for contacting us today") == "Thank you for contacting us today"


def test_spans_lead_back_to_the_original():
    text = "<p>Ｔｈｅ ａｐｐ &amp; site</p>\r\n\r\n好吃😋😋很快\n-- \nBob"
    cleaned, index = clean_with_offsets(text)
    assert cleaned == clean(text) == "The app & site\n好吃 😋😋 很快"
    for word, original in (("app", "ａｐｐ"), ("&", "&amp;"), ("site", "site"), ("😋😋", "😋😋"), ("很快", "很快")):
        start = cleaned.index(word)
        assert text[index[start] : index[start + len(word)]].startswith(original)
    assert text[: index[-1]].endswith("很快")


MARKUP = ("<p>", "</p>", "<br>", "&amp;", "&lt;b&gt;", "&#x1F600;", "<style>x</style>", "<!--y-->", "a<b")
BLANKS = (" ", "　", "\n", "\r\n", "\r", "\u2028", "\u200b")
MAIL = ("> quoted\n", "--\n", "Sent from my iPhone", "Thanks,\n", "From: a\nSent: b\n", "\n开发者回复：")
FORM = ("\n问题描述：", "\nDevice: ", "工单号：A12\n")
PARTS = st.sampled_from((*MARKUP, *BLANKS, *MAIL, *FORM, "Ａ１", "好吃", "😀👍🏽"))


@given(st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=60))
def test_offsets_fit_the_clean_text(text):
    cleaned, index = clean_with_offsets(text)
    assert cleaned == clean(text)
    assert len(index) == len(cleaned) + 1
    assert (index[1:] >= index[:-1]).all()
    assert ((index >= 0) & (index <= len(text))).all()
    for character, place, following in zip(cleaned, index, index[1:], strict=False):
        if not character.isspace():
            original = text[place]
            assert original == "&" or to_half_width(original) == character, (character, original)
            assert place < following
