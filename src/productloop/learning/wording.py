"""Sentences of the learning floor: titles of the recipes and what can go wrong with one."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

CONSTANT_TITLE = Text(zh="平均水平（对照）", en="Overall rate (the baseline)")
LOGISTIC_TITLE = Text(zh="逻辑回归", en="Logistic regression")
BOOSTING_TITLE = Text(zh="小型提升树", en="Small boosted trees")
BLEND_TITLE = Text(zh="逻辑回归与提升树的组合", en="Blend of logistic regression and boosted trees")
FOREST_TITLE = Text(zh="随机森林", en="Random forest")
HISTOGRAM_BOOSTING_TITLE = Text(zh="直方图提升树（scikit-learn）", en="Histogram boosting (scikit-learn)")
NETWORK_TITLE = Text(zh="小型神经网络", en="Small neural network")
STACK_TITLE = Text(zh="所有模型按成绩加权的组合", en="All of these models together, weighted by how well each does")
SELECTION_TITLE = Text(zh="自动挑选最合适的模型", en="The best of these, picked automatically")
UNTREATED = Text(zh="不处理", en="Left as it is")
CLASS_WEIGHTS = Text(zh="少数类加权", en="Rare cases weigh more")
OVERSAMPLING = Text(zh="重复抽取少数类", en="Rare cases drawn again")
UNDERSAMPLING = Text(zh="抽掉一部分多数类", en="Frequent cases left out")
SMOTE_TITLE = Text(zh="合成少数类（SMOTE）", en="Rare cases made up (SMOTE)")
FOCAL_LOSS = Text(zh="focal loss：少算已经有把握的人", en="Focal loss: sure cases weigh less")
TREATED_TITLE = Text(zh="{model}，{treatment}", en="{model}, {treatment}")
TEXT_LETTERS_TITLE = Text(zh="字词片段加逻辑回归", en="Runs of letters and logistic regression")
TEXT_BLEND_TITLE = Text(zh="字词片段、句意向量与情感词典的组合", en="Runs of letters, meaning of the sentence and word lists together")
FEW_SHOT_TITLE = Text(zh="几十条标注上的小模型", en="A small model on a few dozen labels")
COUNT_MEAN_TITLE = Text(zh="平均次数（对照）", en="Mean number (the baseline)")
COUNT_LINE_TITLE = Text(zh="次数的回归", en="Regression for numbers of times")
COUNT_TREES_TITLE = Text(zh="次数的小型提升树", en="Small boosted trees for numbers of times")
HAZARD_CONSTANT_TITLE = Text(zh="只看时间长短（对照）", en="Length of time alone (the baseline)")
HAZARD_LINE_TITLE = Text(zh="每一期的逻辑回归", en="Logistic regression in each period")
HAZARD_TREES_TITLE = Text(zh="每一期的小型提升树", en="Small boosted trees in each period")

RECIPE_INVALID = Problem(
    code="recipe_invalid",
    happened=Text(zh="插件 {name} 提供的不是模型配方，而是 {found}。", en="The plug-in {name} offers a {found}, not a model recipe."),
    expected=Text(
        zh="入口组 productloop.recipes 里的每一项都应指向一个 Recipe。",
        en="Each entry of the group productloop.recipes must point to a Recipe.",
    ),
    fix=Text(
        zh="请升级或卸载该插件；如果是你写的，请用 productloop.testing.check_recipe 检查。",
        en="Upgrade or uninstall the plug-in; if it is yours, try it with productloop.testing.check_recipe.",
    ),
)
RECIPE_NAME_TAKEN = Problem(
    code="recipe_name_taken",
    happened=Text(zh="{place} 使用了已被占用的模型名 {name}。", en="{place} uses the model name {name}, which is taken."),
    expected=Text(zh="每个模型配方的名字只能用一次。", en="Each recipe needs a name of its own."),
    fix=Text(zh="请给这个配方换一个名字，或卸载其中一个插件。", en="Rename the recipe, or uninstall one of the two plug-ins."),
)
RECIPE_UNKNOWN = Problem(
    code="recipe_unknown",
    happened=Text(zh="保存的模型用到了这里没有的配方：{name}。", en="The saved model needs a recipe that is not here: {name}."),
    expected=Text(zh="当前可用的配方：{known}。", en="Recipes available: {known}."),
    fix=Text(zh="请安装提供该配方的插件，或重新训练模型。", en="Install the plug-in that provides it, or train the model again."),
)
COLUMNS_DIFFER = Problem(
    code="columns_differ",
    happened=Text(zh="输入的列与训练时不同：{found}。", en="The columns are not those the model was trained on: {found}."),
    expected=Text(zh="训练时的列：{trained}。", en="Trained on: {trained}."),
    fix=Text(zh="请用训练时的列来预测，或重新训练模型。", en="Predict with the columns of the training, or train the model again."),
)
NETWORK_EXTRA_MISSING = Problem(
    code="network_extra_missing",
    happened=Text(zh="训练神经网络需要 PyTorch，这里没有装。", en="A neural network is trained with PyTorch, which is not installed here."),
    expected=Text(
        zh="需要可选部分 deep；用已经训练好的网络做预测则不需要。",
        en="The optional part deep; a network that is trained already predicts without it.",
    ),
    fix=Text(zh='请运行：pip install "productloop[deep]"', en='Run: pip install "productloop[deep]"'),
)
