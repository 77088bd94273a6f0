from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.text.keywords import key_phrases, phrases_of
from productloop.text.stopwords import STOP_WORDS

REFUNDS = ["退款一直没到账，客服不理人", "申请退款三天了退款还没到账", "退款太慢了", "什么时候退款到账？", "退款退款退款"]
OTHERS = ["夜间模式很好看", "希望增加夜间模式", "界面好看，但是字太小", "客服态度很好", "登录很快"]
LOGIN = ["I can't log in since the update", "Unable to log in with my email", "It won't let me log in!", "log in fails"]
EXPORT = ["Export to PDF is missing", "The export to PDF fails", "Where is export to PDF?", "exports are slow"]


def test_phrases_that_set_a_group_apart_come_first():
    found = key_phrases(REFUNDS, OTHERS)
    assert found[0].phrase.startswith("退款")
    assert found[0].num_texts_elsewhere == 0
    assert "客服" not in [key.phrase for key in found]
    assert [key.score for key in found] == sorted((key.score for key in found), reverse=True)


def test_particles_and_stop_words_hold_phrases_together():
    assert key_phrases(LOGIN, EXPORT)[0].phrase == "log in"
    assert key_phrases(EXPORT, LOGIN)[0].phrase == "export to pdf"


def test_a_person_who_repeats_a_word_is_one_voice():
    found = {key.phrase: key for key in key_phrases(REFUNDS, OTHERS)}
    assert found["退款"].num_texts == 5


def test_phrases_never_cross_punctuation_or_end_in_a_stop_word():
    phrases = phrases_of("Great app, the search is slow. 退款，到账的")
    assert ("app", "search") not in phrases
    assert all(phrase[0] not in STOP_WORDS and phrase[-1] not in STOP_WORDS for phrase in phrases)
    assert ("退款", "到账") not in phrases


def test_plurals_count_together_and_the_commonest_spelling_is_shown():
    found = key_phrases(["cards arrived", "cards lost", "card broken"], ["nothing here", "other words"])
    assert found[0].phrase == "cards"
    assert found[0].num_texts == 3


def test_without_a_rest_the_shared_phrases_come_first():
    assert key_phrases(REFUNDS, [])[0].phrase == "退款"
    assert key_phrases([], OTHERS) == []
    assert key_phrases(["的", "the", "😀"], []) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="退款到账慢 refund late,。", max_size=24), max_size=8), st.lists(st.text(max_size=12), max_size=4))
def test_no_phrase_is_a_stop_word_or_part_of_another(subset, rest):
    found = [key.phrase for key in key_phrases(subset, rest)]
    assert not STOP_WORDS & set(found)
    for phrase in found:
        assert not any(phrase != other and phrase in other for other in found)
