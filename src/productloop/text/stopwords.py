"""Words that say nothing about a topic, Chinese and English. Small lists written for this project.

Three kinds, because they behave differently in key phrases:
- STOP_WORDS never are a key word and never begin or end a phrase;
- PARTICLES (up, in, out ...) never stand alone or begin a phrase, but may close one: "log in", "top up", "sign out";
- WEAK_WORDS (good, problem, 感受 ...) may stand inside a phrase but are no topic by themselves: they praise or blame, or belong to
  every review.
"""

from __future__ import annotations

_EN_STOP = """
a an the this that these those such same other another each every all any some both few many much more most less least own i me my
mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they
them their theirs themselves who whom whose which what when where why how there here am is are was were be been being do does did
doing done have has had having will would shall should can could may might must ought i'm i've i'd i'll you're you've you'll he's
she's it's we're we've they're they've that's there's what's let's isn't aren't wasn't weren't don't doesn't didn't haven't hasn't
hadn't won't wouldn't can't couldn't shouldn't cannot ain't dont doesnt didnt cant wont im ive and or but nor so yet if then else
than because while although though unless until since as whether of at by for with about against between into through during before
after above below to from under again further once no not only just also too very really quite even still already almost always
never ever often sometimes maybe perhaps actually basically well now today yesterday please thanks thank hi hello hey dear ok okay
yes yeah oh lol etc eg ie per via get gets got getting gotten go goes going gone went make makes made making let lets want wants
wanted need needs needed try tries tried trying know knows knew think thinks thought say says said tell tells told see sees saw seen
look looks looked use uses used using seem seems seemed take takes took taken give gives gave given come comes came put puts keep
keeps kept thing things something anything nothing everything someone anyone everyone way lot lots bit kind sort one two three first
second last next time times day days week weeks month months year years ago s t d ll m o re ve y don
"""

_EN_PARTICLES = "up down in out on off over back away"

_EN_WEAK = """
good great nice best better bad worse worst awesome amazing excellent perfect terrible horrible awful poor fine cool love loved like
liked hate hated happy sad disappointed easy hard big small new old app apps application product products user users people guys
issue issues problem problems help
"""

_ZH_STOP = """
的 了 着 过 地 得 之 乎 者 也 吧 吗 呢 啊 呀 哦 哈 哈哈 哈哈哈 嘛 啦 哎 唉 嗯 额 呵呵 嘿 喔 哇 噢 么 我 你 您 他 她 它 我们 你们
您们 他们 她们 它们 咱 咱们 自己 别人 人家 大家 本人 俺 这 那 哪 此 该 各 每 某 这个 那个 哪个 这些 那些 哪些 这样 那样 怎样 这么
那么 怎么 什么 为什么 为啥 啥 咋 怎么样 如何 多少 几 谁 何 这里 那里 哪里 这儿 那儿 这边 那边 这种 那种 这次 是 有 在 和 与 及 或
或者 以及 跟 同 对 对于 关于 向 往 从 自 自从 到 至 由 于 把 被 让 给 将 以 用 为 为了 因为 因 所以 因此 由于 如果 要是 假如 虽然
尽管 但是 但 可是 不过 而 而且 并 并且 然后 然而 于是 则 即 既 既然 还是 只要 只有 无论 不管 除了 除 以后 之后 以前 之前 时候 的时候
的话 之类 等 等等 比 比如 例如 像 如 按 按照 根据 通过 随着 不 没 没有 无 非 未 别 不要 不用 不是 不能 不会 不了 不可以 没法 无法
不想 不让 不给 也不 都不 还不 就不 又不 也没 都没 还没 就没 就 都 还 又 再 才 只 很 太 非常 特别 十分 挺 蛮 相当 比较 更 更加 最 极
极其 超 超级 真 真的 真是 实在 确实 其实 有点 有些 稍微 一点 一些 一下 一直 一样 总是 经常 老是 每次 已经 曾经 正在 刚 刚刚 马上
现在 目前 今天 昨天 明天 今年 去年 一次 一个 一种 两个 几个 第一 第一次 第二 一 二 三 四 五 六 七 八 九 十 两 个 次 种 些 点 下 上
里 中 内 外 前 后 左右 多 少 大 小 来 去 起来 出来 下来 上去 下去 过来 过去 进去 进来 会 能 能够 可以 可 可能 应该 应 要 想 想要
需要 需 必须 得到 希望 愿意 觉得 感觉 认为 以为 知道 看到 看见 发现 说 讲 问 告诉 做 弄 搞 干 看 看看 试 试试 使用 进行 成为 变成 出
找 请 请问 麻烦 谢谢 感谢 您好 你好 完全 根本 居然 竟然 简直 几乎 大概 也许 好像 似乎 甚至 尤其 当然 肯定 一定 绝对 果然 反正 终于
突然 直接 还有 另外 另 其他 其它 其中 所有 全部 整个 任何 有时 有时候 时 年 月 日 号 天 元 块 分钟 小时
"""

_ZH_WEAK = """
好 好用 不错 很好 喜欢 满意 棒 赞 差 垃圾 烂 不好 一般 还行 可以的 还可以 推荐 东西 产品 软件 应用 问题 情况 方面 地方 用户 客户
建议 人 事 事情 感受 体验 总体 总的来说 个人 方便 舒服 开心 失望 差评 好评 五星 给力 麻烦
"""

_ZH_SEAMS = "的 了 着 过 地 得 一下 用 给 到 是 在 就 先 也 都"

_NAME_WORDS = """
没收到 收不到 没到账 不到账 到账 忘记密码 忘了密码 改密码 绑卡 解绑 绑定不了 扣款 扣费 重复扣款 乱扣费 连不上 连接不上 登录不上 用不了 退不了
搜不到 搜索不到 找不到 看不到 加载不出来 不显示 不同步 不支持 没反应 无反应 打不开 点不开 没声音 不更新 更新后 充不了 付不了 刷不了 提不了现
"""

_SCOLDS = "垃圾 玩意 玩意儿 烂 破 狗屎 傻 坑爹 恶心 shit crap garbage rubbish trash junk happy unhappy hello customer"

STOP_WORDS: frozenset[str] = frozenset((_EN_STOP + _ZH_STOP).split())
PARTICLES: frozenset[str] = frozenset(_EN_PARTICLES.split())
WEAK_WORDS: frozenset[str] = frozenset((_EN_WEAK + _ZH_WEAK).split())
SEAM_WORDS: frozenset[str] = frozenset(_ZH_SEAMS.split())
"""Where one of these stands inside a Chinese phrase, the phrase is a piece of a sentence (低了自动, 先给三星) and no name."""
SCOLDS: frozenset[str] = frozenset(_SCOLDS.split())
"""Words that scold, greet or say how somebody feels: a phrase with one of them does not say what a topic is about."""
NAME_WORDS: tuple[str, ...] = tuple(_NAME_WORDS.split())
"""Denials and acts that the general dictionary cuts apart: 「没收到」 as 没收 (confiscate) and 到. Names are told from texts cut with them."""
