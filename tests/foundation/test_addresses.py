from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.test_names import scores

from productloop.foundation.addresses import find_addresses, may_hold_addresses
from productloop.foundation.privacy import mask
from productloop.foundation.recognisers import plain


@pytest.mark.parametrize("half", ["a", "b"])
def test_precision_and_recall_on_the_written_set(half):
    """Half a was read while the rules were written; half b never was."""
    precision, recall = scores(half, "address")
    assert precision >= 0.95
    assert recall >= 0.94


ADDRESSES = [
    ("收货地址：浙江省杭州市西湖区文三路478号3栋2单元501室，谢谢", "浙江省杭州市西湖区文三路478号3栋2单元501室"),
    ("我住在朝阳区建国路88号院3号楼1502，请改", "朝阳区建国路88号院3号楼1502"),
    ("送到龙湖花园12栋1单元302", "龙湖花园12栋1单元302"),
    ("台北市信義區信義路五段7號", "台北市信義區信義路五段7號"),
    ("河北省保定市清苑县王庄村5组", "河北省保定市清苑县王庄村5组"),
    ("I live at 221B Baker Street, London NW1 6XE", "221B Baker Street, London NW1 6XE"),
    ("Ship to 1600 Pennsylvania Ave NW, Washington, DC 20500 please", "1600 Pennsylvania Ave NW, Washington, DC 20500"),
    ("it is 123 main st apt 4", "123 main st apt 4"),
    ("PO Box 1234, Springfield, IL 62701", "PO Box 1234, Springfield, IL 62701"),
    ("My zip code is 90210", "90210"),
    ("Flat No. 302, Sai Apartments, MG Road, Bengaluru 560001", "Flat No. 302, Sai Apartments, MG Road, Bengaluru 560001"),
    ("Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin"),
    ("12 rue de Rivoli, 75001 Paris", "12 rue de Rivoli, 75001 Paris"),
    ("123 Main Street, Apt 4B, Springfield, IL 62704, USA", "123 Main Street, Apt 4B, Springfield, IL 62704, USA"),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_finds_the_address_and_nothing_else(text, address):
    assert [text[start:end] for start, end in find_addresses(plain(text))] == [address]
    assert mask(text).text == text.replace(address, "[address]")


NO_ADDRESSES = [
    "地铁8号线人民路3号口",
    "人民路店的服务",
    "3号桌的菜",
    "跑了100公里没问题",
    "买了12号的",
    "我在上海",
    "2 hours drive down the road",
    "It is a 5 Star Place",
    "a 256 GB hard drive",
    "10 minutes down the lane",
    "I bought 2 Echo Dots. Way better",
    "version 10 Street Fighter",
    "[address]",
    "",
]


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_leaves_other_places_alone(text):
    assert find_addresses(plain(text)) == []


@given(
    st.lists(
        st.one_of(
            st.sampled_from([text for text, _ in ADDRESSES] + NO_ADDRESSES),
            st.text("上海市朝阳区建国路号栋单元室村0123456789 ,StreetPOBox", max_size=20),
        ),
        max_size=4,
    ).map("".join)
)
def test_spans_are_in_order_inside_the_text_and_apart_and_seen_at_a_glance(text):
    line = plain(text)
    spans = find_addresses(line)
    assert all(0 <= start < end <= len(line) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert may_hold_addresses(line) or not spans
    masked = mask(text).text
    assert mask(masked) == (masked, ())
