"""Sentences of `recommend`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

TITLE = Text("推荐", "Recommend")
QUESTION = Text("接下来该给每个人看什么？", "What should each user see next?")
RECOMMEND_TITLE = Text("接下来给谁看什么", "What each person should see next")
EVALUATE_TITLE = Text("推荐得准不准、哪些东西总在一起", "How good the recommendations are, and what goes together")
TRAIN_TITLE = Text("用最新的数据重新学一遍推荐", "Learn the recommendations again from the newest data")
NEXT_ITEM_TITLE = Text("每个人下一个会选什么", "Which item each person chooses next")

OPTION_UNKNOWN = Problem(
    "recommend_option_unknown",
    Text("推荐任务没有 {option:quote} 这个选项", "a next-item task has no option {option:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text("在 productloop.toml 里改名或删掉", "rename or remove it in productloop.toml"),
)
EVENT_UNKNOWN = Problem(
    "recommend_event_unknown",
    Text("没有带对象的事件叫 {event:quote}", "no event with an item is called {event:quote}"),
    Text("这些之一：{known}", "one of: {known}"),
    Text(
        "在 productloop.toml 里改 events；不写就算上所有带对象的事件",
        "change events in productloop.toml; without it every event with an item counts",
    ),
)
ITEMS_MISSING = Problem(
    "recommend_items_missing",
    Text("没有说这个人选过什么（只有 {given}）", "nothing says what this person chose (given: {given})"),
    Text(
        "subject（数据里的用户），或 items：选过的对象编号，从早到晚", "subject, a person in the data, or items: ids chosen, oldest first"
    ),
    Text("补上其中之一再发", "send one of them"),
)
SCOPE_NOT_FOR_TRAINING = Problem(
    "recommend_scope_not_for_training",
    Text("训练推荐不能只挑一部分数据", "recommendations cannot be trained on a part of the data"),
    Text("不带 since、until、where、segment 这些条件", "no since, until, where or segment"),
    Text(
        "去掉这些条件；想只学某些行为，在 productloop.toml 里写 events",
        "leave them out; to learn from some events only, name them as events in productloop.toml",
    ),
)

_SHARED = {
    # A plural slot with two empty forms is silent: each language shows its own name, and both know both slots.
    "recommend.item": Text("{zh}{en||}", "{en}{zh||}"),
    "recommend.state.not_trained": Text(
        "数据够了，还没有训练：运行 productloop recommend train（或 productloop run）。在那之前只有一份人人相同的人气榜。",
        "There is enough data but nothing is trained yet: run productloop recommend train (or productloop run). Until then there is only "
        "what most people choose, the same for everyone.",
    ),
    "recommend.state.too_few": Text(
        "还学不了：选过三次以上的有 {people} 人，被选过的对象有 {items} 个；至少要 {needed_people:count} 人和 {needed_items:count} 个对象。",
        "Too little to learn from: {people} {people|person has|people have} chosen three times or more, among {items} {items|item|items}; "
        "it takes at least {needed_people:count} people and {needed_items:count} items.",
    ),
    "recommend.quality": Text(
        "每 100 人里，大概有 {hits} 人（{hits:range}，九成把握）下一个要选的就在前十个推荐里；只按人气榜推荐是 {baseline} 人。",
        "Of 100 people, about {hits} ({hits:range}, nine times in ten) find their next item among the first ten; with the plain best-seller "
        "list it is {baseline}.",
    ),
    "recommend.quality.baseline": Text(
        "目前推荐的就是人气榜：按各人口味的推荐没有更准。每 100 人里，大概有 {hits} 人（{hits:range}，九成把握）下一个要选的就在前十个里。",
        "What is recommended now is the best-seller list: personal recommendations were not better. Of 100 people, about {hits} "
        "({hits:range}, nine times in ten) find their next item among the first ten.",
    ),
    "recommend.caution.offline": Text(
        "这是拿过去的选择考出来的：没被推荐过的人，本来也会选到其中一些。想知道推荐带来多少，要留一组人不推荐来比。",
        "This was judged on past choices: people would have found some of these items anyway. What recommending adds can only be told by "
        "leaving a group without it.",
    ),
    "recommend.caution.no_better": Text(
        "按各人口味的推荐暂时不比人气榜准，所以没有换上。",
        "Personal recommendations are not better than the best-seller list yet, so they were not put live.",
    ),
    "recommend.caution.unknown": Text(
        "数据里没有编号是 {subject} 的人：当作新来的，给的是大家都在选的。",
        "Nobody with the id {subject} is in the data: taken as somebody new, who gets what most people choose.",
    ),
}

_RECOMMEND = {
    "recommend.title": Text("接下来给谁看什么", "What each person should see next"),
    "recommend.lead.sample": Text(
        "没有指定是谁：下面是最近选过东西的 {people:count} 个人。用 --subject 指定一个人。",
        "Nobody was named: here are the {people:count} people who chose something last. Name one with --subject.",
    ),
    "recommend.lead.empty": Text(
        "还没有人选过任何对象：导入带对象（item）的事件或订单。", "Nobody has chosen any item yet: import events or orders with an item."
    ),
    "recommend.person": Text("给 {subject} 的推荐", "For {subject}"),
    "recommend.person.personal": Text(
        "根据 {subject} 选过的 {choices} 个对象排出来的。", "Ranked by the {choices} {choices|item|items} that {subject} chose."
    ),
    "recommend.person.cold": Text(
        "还不知道 {subject} 的口味，先给大家都在选的；选过第一个以后就会按口味来，不用重新训练。",
        "Nothing is known yet of what {subject} likes, so this is what most people choose; from the first choice on it becomes personal, "
        "without training again.",
    ),
    "recommend.person.popular": Text(
        "给 {subject} 的是大家都在选的、{subject} 还没选过的。", "What most people choose and {subject} has not chosen yet."
    ),
    "recommend.person.nothing": Text(
        "按这些规则，没有可以推荐给 {subject} 的了。", "By these rules nothing is left to recommend to {subject}."
    ),
    "recommend.because": Text("因为选过：{items}", "because they chose {items}"),
    "recommend.because.alike": Text("和选过的相似", "similar to what they chose"),
    "recommend.because.popular": Text("很多人都在选", "many people choose it"),
    "recommend.column.item": Text("推荐", "Item"),
    "recommend.column.reason": Text("为什么", "Why"),
    "recommend.column.person": Text("谁", "Who"),
    "recommend.column.next": Text("接下来给看", "Show next"),
    "recommend.column.first_reason": Text("第一个的理由", "Why the first"),
    "recommend.column.people": Text("人数", "People"),
    "recommend.column.score": Text("分数", "Score"),
    "recommend.column.id": Text("编号", "Id"),
    "recommend.several": Text("{items}", "{items}"),
    "recommend.grid.people": Text("最近活跃的人", "People active lately"),
    "recommend.grid.popular": Text("大家都在选的", "What most people choose"),
    "recommend.fold.lists": Text("每个人的完整名单和分数", "The full lists with scores"),
    "recommend.fold.method": Text("推荐是怎么来的", "How items are chosen"),
    "recommend.method": Text(
        "看每个人先后选过什么，越近的算得越重，再看选过这些的人接着选了什么。理由就是分数里最大的几项。默认不重复推荐选过的。",
        "What each person chose, the latest weighing most, and what people with such choices chose next. The reasons are the largest terms of "
        "the score itself. Items already chosen are left out unless asked for.",
    ),
}

_EVALUATE = {
    "recommend.evaluate.title": Text("推荐得准不准", "How good the recommendations are"),
    "recommend.pairs.lead": Text(
        "「{first}」和「{second}」总在一起：有 {people} 人一口气接连选了这两个，大概是碰巧的 {lift:range} 倍（九成把握）。",
        "“{first}” and “{second}” go together: {people} {people|person|people} chose one right after the other, about {lift:range} times as many as by "
        "chance (nine times in ten).",
    ),
    "recommend.pairs.none": Text(
        "没有哪两个对象的接连出现超出碰巧。", "No two items follow each other more often than chance would have it."
    ),
    "recommend.grid.pairs": Text("总在一起的", "What goes together"),
    "recommend.column.first": Text("先", "First"),
    "recommend.column.second": Text("后", "Then"),
    "recommend.column.pair_people": Text("接连选过的人", "People who chose both in a row"),
    "recommend.column.expected": Text("碰巧会有", "By chance"),
    "recommend.column.lift": Text("多少倍", "Times as many"),
    "recommend.finding.pair": Text(
        "「{first}」和「{second}」总在一起：{people} 人接连选了这两个，碰巧的话只有大概 {expected} 人。",
        "“{first}” and “{second}” go together: {people} {people|person|people} chose one right after the other; by chance it would be about {expected}.",
    ),
    "recommend.advice.pair": Text(
        "在「{first}」旁边放上「{second}」，留一半人不放，两周后看差多少。",
        "Show “{second}” beside “{first}” to half of the people and compare after two weeks.",
    ),
    "recommend.fold.recipes": Text("和别的办法比", "Compared with other ways"),
    "recommend.fold.pairs": Text("更多成对的，以及怎么算的", "More pairs, and how they are counted"),
    "recommend.column.recipe": Text("办法", "Way"),
    "recommend.column.live": Text("在用", "Live"),
    "recommend.column.ndcg": Text("NDCG@10", "NDCG@10"),
    "recommend.column.recall": Text("Recall@10", "Recall@10"),
    "recommend.column.mrr": Text("MRR@10", "MRR@10"),
    "recommend.column.coverage": Text("覆盖", "Coverage"),
    "recommend.column.forward": Text("先→后次数", "Times in this order"),
    "recommend.column.backward": Text("反过来次数", "Times the other way"),
    "recommend.live.yes": Text("是", "yes"),
    "recommend.recipe.popularity": Text("人气榜（对照）", "Best-seller list (baseline)"),
    "recommend.recipe.item-knn": Text("相似物品（item-kNN）", "Similar items (item-kNN)"),
    "recommend.recipe.profile-linear": Text("各人近来的选择（EASE 加先后）", "Each person's recent choices (EASE and order)"),
    "recommend.method.quality": Text(
        "每人最后一个选的留着不学，和所有没选过的一起排名；选过的又选一次的不算。"
        "NDCG 看排得多靠前，Recall 看前十里有没有，MRR 看名次，覆盖看多少对象有机会露面。",
        "Each person's last choice was held back and ranked among all items they had not chosen; repeated choices do not count. NDCG says how "
        "near the top it stood, recall whether it was in the first ten, MRR how high, coverage how many items get shown at all.",
    ),
    "recommend.number.gain": Text("NDCG@10 比人气榜高多少", "NDCG@10 above the best-seller list"),
    "recommend.method.pairs": Text(
        "同一个人相隔不到 {minutes:count} 分钟、紧挨着选的算接连。碰巧：每个人选的东西和时间都不变，只把先后打乱。"
        "一共比了 {tested} 对，对这么多次比较做过校正后仍远超碰巧（p < {level}）、至少 {people:count} 人的才列出来。",
        "In a row = chosen by one person next to each other, less than {minutes:count} minutes apart. Chance = each person's choices and times "
        "stay, only which came when is shuffled. "
        "{tested} {tested|pair was|pairs were} compared; listed are those far beyond chance after a correction for that many "
        "comparisons (p < {level}) and with at least {people:count} people.",
    ),
    "recommend.protocol.pairs": Text(
        "每个人选的东西不变、先后打乱时会有多少人，用泊松分布检验并对全部比较做 Bonferroni 校正",
        "against the people expected when each person's choices are shuffled in time; Poisson test, Bonferroni over all pairs compared",
    ),
}

_TRAIN = {
    "recommend.train.title": Text("训练推荐", "Training the recommender"),
    "recommend.train.first": Text(
        "第一个推荐模型已经上线，学自 {people} 人的选择。", "The first recommender is live, learned from {people} {people|person|people}."
    ),
    "recommend.train.baseline": Text(
        "按各人口味的推荐没有比人气榜准，先用人气榜。",
        "Personal recommendations were not better than the best-seller list, so the list is live.",
    ),
    "recommend.train.replace": Text("新的推荐更准，已经换上。", "The new recommender is better and is live now."),
    "recommend.train.refresh": Text("用新数据重新学过，没有变差，已经换上。", "Learned again from newer data, no worse, live now."),
    "recommend.train.refused": Text("新的没有更好，仍用原来的。", "The new one was not better: the one before stays live."),
    "recommend.train.too_few": Text(
        "新的选择还太少，再有 {missing} 人有新选择才换；仍用原来的。",
        "Too few new choices: it takes {missing} more {missing|person|people} with one. The one before stays live.",
    ),
    "recommend.train.skipped": Text("数据没有变，不用重新学。", "Nothing changed since the last time, so nothing was done."),
    "recommend.train.no_data": Text(
        "还差 {missing} 人的选择才能学。", "Too little to learn from: it takes {missing} more {missing|person|people} who choose."
    ),
}

_DEFINITIONS = {
    "recommend.d.hits": Text(
        "每 100 个人里，留着没学的下一个选择排进前十的有多少人",
        "of 100 people, how many have the choice that was held back among their first ten",
    ),
    "recommend.d.popular": Text("选过它的人数", "people who chose it"),
    "recommend.d.choices": Text("这个人选过的不同对象", "different items this person chose"),
    "recommend.d.score": Text("只在这个人的名单里排先后用，不能和别人比", "orders this person's list; compares with nobody else's"),
    "recommend.d.enough_people": Text("选过三次以上的人", "people with three choices or more"),
    "recommend.d.num_items": Text("被选过的不同对象", "different items that were chosen"),
    "recommend.d.num_pairs": Text("远超碰巧的对数", "pairs far beyond chance"),
    "recommend.d.num_tested": Text("比过的对数：两个都至少有十个人选过", "pairs compared: both items chosen by at least ten people"),
    "recommend.d.pair_people": Text(
        "在半小时内接连选了这两个的人，先后不论", "people who chose the two next to each other within half an hour, in either order"
    ),
    "recommend.d.pair_expected": Text(
        "每个人选的东西不变、先后打乱时会有多少人",
        "people there would be if each person's choices stayed and only their order was shuffled",
    ),
    "recommend.d.pair_lift": Text("实际人数是碰巧人数的几倍", "people seen over people expected by chance"),
    "recommend.d.pair_forward": Text("先这个、紧接着那个的次数", "times the second came right after the first"),
    "recommend.d.pair_backward": Text("反过来的次数", "times the first came right after the second"),
    "recommend.d.people": Text("有选择可学的人", "people with choices to learn from"),
    "recommend.d.missing": Text("还差的人数", "people still missing"),
}

TEXTS: dict[str, Text] = {**_SHARED, **_RECOMMEND, **_EVALUATE, **_TRAIN, **_DEFINITIONS}
