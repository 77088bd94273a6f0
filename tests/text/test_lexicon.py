import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from productloop.text.lexicon import evidence, polarity

PRAISE_ZH = """
好吃|没问题|味道不错，送得很快|虽然贵，但是质量很好|没有不好|👍👍|太香了，已经回购三次
真心好用，yyds|客服小姐姐特别耐心|骑手很准时，餐还是热的
比以前好用多了|界面简洁，没有广告|房间干净，床很舒服|前台很热情，还给升级了房型|音质超出预期
续航给力，两天一充|开起来很安静，油耗也低|隔音不错，睡得很香
物超所值，推荐购买|包装严实，没有破损|五星好评|一点都不贵|不是不好，是太好了|完全没毛病
从没失望过|闪退问题终于修复了|性价比之王|杠杠的|绝了，爱了爱了
除了有点贵，其他都很满意|老人用着很方便|孩子特别喜欢|必须给个赞|很划算，下次还来
操作简单，上手快|物流给力，第二天就到|不愧是大品牌|到账很快，手续费也低
效率翻倍，离不开了|服务态度很好，很专业|尺码合适，没有色差|良心软件，支持
挺好的，继续加油|值得入手|不踩雷，放心冲|味道很正宗|画面精美，玩法新颖
手感很好，颜值高|虽然等了一会儿，但是味道绝了|入住体验非常好|降噪效果惊艳
""".replace("\n", "|")
BLAME_ZH = """
不好吃|不太好吃|闪退|味道不错，但是送餐太慢|客服态度不好|😡|什么垃圾软件，卸载了
更新之后就打不开了|智商税，千万别买|踩雷了，避雷|服了，又崩了|无语，客服一直不回复
真是“好”服务|呵呵，这也叫五星酒店|不如以前好用|以前挺好的，现在越来越卡|广告太多，关都关不掉
充值了不到账|验证码收不到|退款拖了半个月|隔音太差，一夜没睡
房间有霉味，毛巾也不干净|蓝牙总断连|充电慢，还发烫|异响严重，4S店推卸责任|送错了，还不给退
汤洒了一地|饭都凉了|吃出头发，恶心|想钱想疯了|氪金游戏，逼氪
外挂满天飞|封号不给理由|希望能加个夜间模式|能不能别弹广告了|又贵又难吃|一点都不好用
没有想象中那么好|算不上好用|太坑了，多扣我钱|货不对板，质量很差
一股塑料味|没用几天就坏了|再也不来了|白跑一趟|等了两个小时还没到|售后踢皮球|借了一次就天天催收
数据全没了|语音助手听不懂人话|越更新越难用|说好的优惠用不了券
不值这个价|鸡肋功能|心塞
""".replace("\n", "|")
PRAISE_EN = """
Love it, works great|no problems so far|not bad at all
Best purchase I've made this year|A total game changer for our team|Worth every penny
The staff went above and beyond|Couldn't be happier with it|Food arrived hot and fresh
Super easy to set up|No ads, no bugs, just works|I can't recommend it enough
Pricey, but the sound is amazing|Battery lasts all day|Crystal clear screen
Never had a problem in two years|Five stars|10/10 would order again|My kids adore it
The room was spotless and quiet|Fast delivery and well packaged
Customer service was quick and friendly|Finally fixed, thank you|It's not expensive at all
Not only cheap but also reliable|Smooth ride and great mileage|The new design is beautiful
Saves me hours every week|Exceeded my expectations|Hassle free refund
Delicious, will be back|Can't go wrong with this one|Exactly as described
Great value for money|Simple, intuitive and fast|Lovely little place
The app is stable and responsive|No complaints|Although it was late, the pizza was excellent
Really impressed|Transfers are instant, love that|Solid build quality
A joy to use|Much better than before|Fits perfectly|Highly recommended
Fantastic graphics and gameplay|I trust this bank|Comfortable seats|👏 brilliant
""".replace("\n", "|")
BLAME_EN = """
The app crashes every time|not great|Terrible support, never again|Waste of money
It keeps freezing after the update|Great, just great. It lost my order again|Thanks for nothing
I wish it had dark mode|Used to be better|Would be nice if it worked offline
Doesn't work at all|Too many ads|meh|Nice update /s|Amazing service 🙄
The food was cold and the driver was rude|My card was charged twice|Still waiting for my refund
Not as described|Broke after two weeks|Battery drains in an hour
I can't log in|The room smelled of smoke|Thin walls, couldn't sleep|Overpriced and slow|Do not buy
Stay away from this company|Support never replied|It's not good or useful
Looks nice but it is useless|Good idea, however it is full of bugs|The hotel was not clean
Hidden fees everywhere|Scam|They refused to refund me|Laggy and unresponsive
Pay to win garbage|Lost all my progress|The screen cracked on day one
Bluetooth disconnects constantly|Not worth the price|I expected better
No response from customer service|The brakes squeak|Cancelled my subscription
Switching to a competitor|One star|Unusable|Very disappointed|I regret buying it
""".replace("\n", "|")


def cases(block):
    return [text for text in block.split("|") if text]


@pytest.mark.parametrize("text", cases(PRAISE_ZH) + cases(PRAISE_EN))
def test_praise(text):
    assert polarity(text) > 0


@pytest.mark.parametrize("text", cases(BLAME_ZH) + cases(BLAME_EN))
def test_blame(text):
    assert polarity(text) < 0


@pytest.mark.parametrize(
    "text", ["", "今天星期三", "I opened it on Wednesday", "123", "好像有好多人", "it looks like a box", "你好，请问一下"]
)
def test_no_evidence_is_not_neutral(text):
    assert polarity(text) is None
    assert evidence(text) == 0


@pytest.mark.parametrize("text", ["一般", "中规中矩", "it is average", "so so"])
def test_neither_side_is_evidence_too(text):
    assert polarity(text) == 0


def test_intensity_counts():
    assert polarity("非常好吃") > polarity("好吃") > polarity("有点好吃") > 0
    assert polarity("very slow") < polarity("slow") < polarity("slightly slow") < 0


def test_what_follows_but_counts_more():
    assert polarity("好看但是难用") < 0 < polarity("难用但是好看")
    assert polarity("fast but ugly") < 0 < polarity("ugly but fast")


def test_a_question_asserts_less():
    assert abs(polarity("这个软件很好用吗？")) < polarity("这个软件很好用")
    assert abs(polarity("Is it reliable?")) < polarity("It is reliable.")


def test_a_long_text_is_not_extreme_by_its_length():
    assert polarity("很好用。" * 30) < 1
    assert evidence("很好用。" * 2) == pytest.approx(2 * evidence("很好用。"))


@given(st.text(max_size=60))
def test_polarity_stays_within_its_scale(text):
    value = polarity(text)
    assert value is None or -1.0 <= value <= 1.0
    assert (evidence(text) > 0) or not value


@pytest.mark.shared
def test_real_reviews_are_told_apart_without_a_label(shared_data):
    with shared_data("waimai_10k/waimai_10k.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))[::6]
    assert roc_auc_score([int(row["label"]) for row in rows], [polarity(row["review"]) or 0.0 for row in rows]) > 0.8
