import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.text.language import detect, detect_many


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("物流很快，包装也好👍", "zh"),
        ("APP老是闪退", "zh"),
        ("優の良品很好吃", "zh"),
        ("这个app的UI很好看，但是经常崩溃", "zh"),
        ("The app crashes every time I open it", "en"),
        ("ｈｅｌｌｏ ｗｏｒｌｄ", "en"),
        ("Met him at a café in Paris and the app worked", "en"),
        ("微信 login fail", "mixed"),
        ("please check 支付宝 payment page", "mixed"),
        ("とても良いアプリです", "ja"),
        ("ｱﾌﾟﾘがすぐ落ちる", "ja"),
        ("앱이 자꾸 꺼져요", "ko"),
        ("Отличное приложение", "other"),
        ("C'est très bien, merci beaucoup", "other"),
        ("el producto no es muy bueno para la casa", "other"),
        ("", "other"),
        ("12345 !!! 😀", "other"),
    ],
)
def test_detect(text, code):
    assert detect(text) == code


@given(st.lists(st.text(max_size=30), max_size=8))
def test_many_at_once_answer_as_one_by_one(texts):
    assert detect_many(texts) == [detect(text) for text in texts]


def test_lone_surrogates_do_not_stop_a_file():
    assert detect_many(["很好\ud83d", "ok"]) == ["zh", "en"]
