"""Sentences about histories and next-item models: what can be wrong with the arrays given or with a saved model."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

POPULARITY_TITLE = Text(zh="人气榜：人人一样（对照）", en="The best-seller list, the same for everyone (the baseline)")
ITEM_KNN_TITLE = Text(zh="相似物品", en="Similar items")
PROFILE_LINEAR_TITLE = Text(zh="按各人近来的选择", en="Each person's own recent choices")

HISTORY_MALFORMED = Problem(
    code="history_malformed",
    happened=Text(
        zh="行为历史的数组有误：{reason}（第 {row:count} 行，从 0 数起，值为 {found}）。",
        en="The history arrays are wrong: {reason} (row {row:count}, counted from 0, value {found}).",
    ),
    expected=Text(
        zh="每个用户的记录按时间先后排列，数组等长，物品编号从 0 到 {num_items:count} 之前，权重为正的有限数。",
        en="Each actor's rows in time order, arrays of one length, item codes from 0 to below {num_items:count}, finite weights above 0.",
    ),
    fix=Text(zh="请用 build_history 从原始记录重新生成。", en="Build it again from the raw rows with build_history."),
)

HISTORY_REASONS = {
    "lengths": Text(zh="数组长度不一致", en="the arrays differ in length"),
    "indptr": Text(zh="indptr 必须从 0 开始、不减、并以行数结束", en="indptr must start at 0, never fall and end at the number of rows"),
    "items": Text(zh="物品编号超出范围", en="an item code is out of range"),
    "actors": Text(zh="用户编号超出范围", en="an actor code is out of range"),
    "weights": Text(zh="权重不是正的有限数", en="a weight is not a finite number above 0"),
    "order": Text(zh="同一用户的记录没有按时间排列", en="one actor's rows are not in time order"),
}

MODEL_FILES_MALFORMED = Problem(
    code="model_files_malformed",
    happened=Text(
        zh="无法读取模型文件夹 {folder}：其中是「{found}」。", en="The model folder {folder} cannot be used: it holds “{found}”."
    ),
    expected=Text(zh="应为「{expected}」。", en="It should hold “{expected}”."),
    fix=Text(zh="请重新训练，或指向正确的文件夹。", en="Train the model again, or name the right folder."),
)
