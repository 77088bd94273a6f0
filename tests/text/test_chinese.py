from hypothesis import given
from hypothesis import strategies as st

from productloop.text.chinese import has_traditional, to_simplified, to_simplified_many


def test_traditional_becomes_simplified():
    assert to_simplified("這個軟體更新後經常閃退，登錄頁面卡頓") == "这个软体更新后经常闪退，登录页面卡顿"
    assert to_simplified("佢哋嘅客服態度好差") == "佢哋嘅客服态度好差"
    assert to_simplified("餅乾很脆，乾杯") == "饼干很脆，干杯"


def test_half_a_character_does_not_stop_a_file():
    assert to_simplified("閃退\ud83d") == "闪退\ud83d"


def test_other_texts_stay_as_they_are():
    texts = ["", "The app crashes", "这个软件闪退", "乾隆", "앱이 자꾸 꺼져요", "🎉"]
    assert to_simplified_many(texts) == texts
    assert not has_traditional("这个软件闪退 app")
    assert has_traditional("閃退")


@given(
    st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("a 1，\n😀"), max_size=40)
    | st.text(max_size=40)
)
def test_length_and_other_characters_stay(text):
    simple = to_simplified(text)
    assert len(simple) == len(text)
    assert [new for old, new in zip(text, simple, strict=True) if not ("\u3400" <= old <= "\u9fff")] == [
        old for old in text if not ("\u3400" <= old <= "\u9fff")
    ]
