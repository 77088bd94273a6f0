"""Word lists behind the points of a text: what judges, wishes, says how much, names nothing, and makes a clause in English.

Written for this project from general knowledge; single Han characters and English words in one list, pairs of Han characters in another.
"""

from __future__ import annotations

GOOD_TEXT = """
好 棒 赞 香 爽 酷 美 妙 靓 快 甜 值 佳 优 稳 准 牛 顶 强 嫩
good great nice excellent awesome amazing fantastic wonderful perfect perfectly brilliant superb outstanding love loved loves loving like
liked likes enjoy enjoyed best better happy glad pleased satisfied delighted impressed impressive recommend recommended easy easier easily
simple intuitive smooth smoothly fast faster quick quickly responsive reliable helpful useful handy convenient comfortable clean clear
beautiful beautifully gorgeous friendly polite professional worth affordable cheap fun cool delicious tasty fresh flawless flawlessly
solid accurate secure safe improved fixed solved resolved fine lovely neat super wow cute sturdy durable bright crisp generous attentive
prompt promptly reasonable superior comfy spotless decent okay fair juicy tender sharp vivid stylish elegant sleek spacious roomy quiet
courteous knowledgeable efficient punctual welcoming lively
"""
GOOD_PAIRS_TEXT = """
不错 喜欢 满意 推荐 方便 便捷 迅速 及时 准时 流畅 顺畅 顺利 稳定 清晰 清楚 舒服 舒适 干净 整洁 卫生 安静 热情 耐心 周到 贴心 细心 礼貌
友好 亲切 专业 负责 靠谱 放心 安心 省心 开心 高兴 愉快 惊喜 感动 给力 厉害 强大 漂亮 精致 精美 大方 丰富 齐全 全面 实用 耐用 结实 足量
量足 量大 实惠 便宜 划算 超值 新鲜 美味 可口 入味 优秀 完美 支持 正宗 地道 有用 省钱 良心 不贵 宽敞 五星 点赞 简洁 人性 好评 值得 没毛
惊艳
"""
BAD_TEXT = """
差 少 烂 坑 慢 卡 贵 脏 臭 烦 难 崩 凉 咸 腻 硬 吵 丑 糟 骗 坏 破 垃 没 无 未 别 不 错 漏 丢 假 扣 酸 苦 涩 薄 旧 吐 坨 涨 乱 淡 弱 太
bad worse worst terrible horrible awful poor poorly disappointing disappointed hate hated hates annoying annoyed frustrating frustrated
useless worthless pointless garbage trash junk crap rubbish suck sucks waste wasted broken break breaks broke crash crashes crashed
crashing freeze freezes froze frozen freezing lag lags laggy slow slower slowly sluggish bug bugs buggy glitch glitches glitchy error
errors fail fails failed failing failure problem problems issue issues wrong missing lost loses stuck unable impossible difficult hard
confusing confused complicated clunky unusable unreliable unresponsive unhelpful rude unacceptable ridiculous scam fraud fake cheated
expensive overpriced overcharged pricey spam intrusive nightmare angry upset sad late delayed delay delays never nothing nobody ugly dirty
noisy loud cold stale flimsy defective damaged dead dies died drain drains drained draining disconnect disconnects disconnecting blank
unfortunately lack lacks lacking inaccurate misleading outdated meh mediocre not no can't cannot cant don't dont doesn't doesnt didn't
didnt won't wont isn't isnt aren't wasn't weren't couldn't wouldn't haven't hasn't without too few ignores ignored ignore forever keeps
keep crappy leaks leaking scratched bland soggy tiny heavy overheats hot cramped disappears disappeared vanished refuses refused charged
hidden cluttered stops stopped hangs hung expired blurry uncomfortable hours takes costs cost tedious doubled rejected rejects declined
duplicate duplicated twice lousy tinny dim flaky rough greasy dull shame gone mess pain joke steep ripoff rip-off unfair chaos pathetic shoddy
jerky choppy grainy dated overcooked undercooked burnt salty oily watery dry soaked leaked cracked skips smears bumpy crowded smelly filthy
squeaky squeaks flickers drops bulky fragile poorly smelled stains smudges melted crushed torn
"""
BAD_PAIRS_TEXT = """
闪退 粗糙 毛刺 死机 报错 失败 故障 异常 崩溃 超时 迟到 延迟 敷衍 推脱 冷漠 恶劣 恶心 难吃 难用 投诉 退款 失望 后悔 生气 无语 讨厌 垃圾 黑屏 白屏
掉线 断开 断连 失灵 误导 过期 变质 头发 虫子 油腻 发热 发烫 耗电 费电 流氓 强制 卸载 麻烦 复杂 繁琐 漏洞 拖延 转圈 封号 扣费 扣钱 广告
弹窗 太少 很少 少了 洒了 撒了 重复 缺少 缺货 缺点 浪费 卡顿 乱码 模糊 异味 开裂 掉色 褪色 起球 瑕疵 噪音 陈旧 简陋 狭小 一般 凑合 久了
小时 半天 好久 排队 鸡肋 诈骗 虚假 丢失 消失
"""
WISH_TEXT = """
please wish hope should need needs want would could add suggest suggestion bring why
"""
WISH_PAIRS_TEXT = """
希望 建议 能否 最好 应该 要是 增加 加个 加上 添加 想要 需要 优化 改进 改善 支持 提供 期待 请问 求出 可否 什么 怎么 为啥 能不 可不 尽快
赶紧
"""
DEGREE_PAIRS_TEXT = """
有点 有些 比较 不够 经常 总是 老是 有时 多了 少了 就到 才到 得到 倒是 偏大 偏小 形同 怀念 分钟 我要 容易 再也
"""
DEGREE_TEXT = """
很 也 够 偏 才 还 非 特 超 挺 蛮 真 极 更 最 越 巨 贼 略
very really extremely super so highly quite pretty absolutely totally
"""
# Han characters and English words that name no thing of their own: a clause of nothing else has no subject.
EMPTY_TEXT = """
的 了 着 过 得 地 也 都 就 还 又 再 才 很 太 非 常 特 别 超 挺 蛮 真 极 更 最 越 来 有 点 些 比 较 十 分 相 当 实 在 是 不 没 无 我 你 他
她 它 们 这 那 个 样 么 什 怎 啊 呀 吧 呢 吗 嘛 哦 啦 哈 唉 嗯 给 要 会 能 可 以 想 说 觉 感 一 次 下 上 直 总 老 整 体 人 家 大 小 多 少
到 去 起 出 让 被 把 对 为 而 且 并 但 却 只 已 经
a an the this that these those it its it's i i'm i've me my we us our you your they them their he she him her is are was were be been am
has have had do does did will would can could should may might must to of in on at for from by with as and or but if so very really just
too much more most always never not no don't doesn't didn't can't cannot won't isn't wasn't every all any some one again still even also
there here when what how why who well only ever get gets got getting go make makes made thing things everything nothing anything something
time times day days back up out off over down now then than use using used work works worked working app it'd
"""
FINITE_TEXT = """
is are was were am be has have had does do did can can't cannot could couldn't will won't would wouldn't should shouldn't must may might
isn't aren't wasn't weren't don't doesn't didn't haven't hasn't never always keeps kept takes took costs works worked needs needed crashes
crashed fails failed lacks looks looked feels felt makes made gets got goes went comes came runs ran loads loaded drains drained freezes
froze stopped stops arrived arrives answers answered responds responded replies replied shows showed says said seems seemed tastes tasted
sounds smells broke breaks disappeared disappears charged charges sends sent gives gave helped helps ignores ignored refuses refused hangs
hung lags loses lost disconnects disconnected opens opened closes closed lets let wants allows changed changes increased dropped sucks
rocks deserves love loves like likes hate hates wish hope recommend ate delivers delivered fits fit lasts lasted leaks leaked reads
smelled melted rejects rejected cost cut bounce bounces skips smears squeaks flickers empties blinks blink beeps stutters buffers sank broke
sits stays stayed turns rings shuts shut jumps jumped scrolls overlaps hurts buzzes rattles wobbles bends expires expired resets skipped
deletes asks adds blocks covers prints stutter crash fail freeze lag leak rejects rejected cost cut
died dies doubled explains explained fell handles leaves left offers overheats pays plays provides saves starts
started tells told tried tries turns turned used
"""
PRONOUNS_TEXT = """
i it it's they they're we he she this that these those there there's you nobody nothing everyone everything someone no-one
"""
LINKS_TEXT = """
me us him them
to for with without from at in on of by as like than about not only just even so very too more much never still
"""
"""What cannot begin a clause with a subject of its own."""
OUTBURSTS_TEXT = """
fun cool lovely easy simple
terrible horrible awful annoying ridiculous useless unacceptable disappointing disappointed frustrating great awesome amazing perfect
excellent fantastic wonderful brilliant good bad nice love hate best worst happy pathetic scam never not no nothing too unfortunately
please wow super recommended worth poor sad angry upset like
"""
"""One word that says again what the sentence before said: "Terrible." after a complaint."""
NOT_NEGATION_TEXT = """
不错 多少 不少 至少 不但 不仅 不管 不过 不同 不断 没毛 不贵 别人 特别 分别 未来 无论 错的 很难 不愧 不止 无比 不差
"""
"""Pairs in which 不, 没, 少 or 错 blames nothing."""
