"""Sentences of `behaviour forecast`, Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

FORECAST_TITLE = Text("一个数接下来会怎样", "Where a number is going")

NO_BREAKDOWN = Problem(
    "forecast_no_breakdown",
    Text("预测不能用 --by {name:quote} 拆分", "a forecast cannot be split with --by {name:quote}"),
    Text("一次看一类人", "one kind of people at a time"),
    Text("改用 --where，比如 --where {name}=某个值，各看一次", "use --where instead, such as --where {name}=VALUE, once for each value"),
)

TEXTS = {
    "behaviour.forecast.title": Text("预测：{metric}", "Forecast: {metric}"),
    "behaviour.forecast.none": Text(
        "这个指标在数据里一次也没有出现，没法预测。", "This was never counted in the data: there is nothing to forecast from."
    ),
    "behaviour.forecast.few": Text(
        "完整的周期只有 {num} 个，至少要 8 个才能预测；最好有两个完整的季节（两周、两年）。",
        "There {num|is|are} {num} whole {num|period|periods}; at least 8 are needed, better two whole seasons (two weeks, two years).",
    ),
    "behaviour.forecast.lead_hour": Text(
        "未来 {horizon} 小时，{metric}平均每小时约 {ahead}（九成把握：{ahead:range}）；前面同样长的时间是 {recent}。",
        "In the next {horizon} {horizon|hour|hours}, {metric}: about {ahead} an hour (nine times in ten {ahead:range}); "
        "it was {recent} in as many hours before.",
    ),
    "behaviour.forecast.lead_day": Text(
        "未来 {horizon} 天，{metric}平均每天约 {ahead}（九成把握：{ahead:range}）；前面同样长的时间是 {recent}。",
        "In the next {horizon} {horizon|day|days}, {metric}: about {ahead} a day (nine times in ten {ahead:range}); "
        "it was {recent} in as many days before.",
    ),
    "behaviour.forecast.lead_week": Text(
        "未来 {horizon} 周，{metric}平均每周约 {ahead}（九成把握：{ahead:range}）；前面同样长的时间是 {recent}。",
        "In the next {horizon} {horizon|week|weeks}, {metric}: about {ahead} a week (nine times in ten {ahead:range}); "
        "it was {recent} in as many weeks before.",
    ),
    "behaviour.forecast.lead_month": Text(
        "未来 {horizon} 个月，{metric}平均每月约 {ahead}（九成把握：{ahead:range}）；前面同样长的时间是 {recent}。",
        "In the next {horizon} {horizon|month|months}, {metric}: about {ahead} a month (nine times in ten {ahead:range}); "
        "it was {recent} in as many months before.",
    ),
    "behaviour.forecast.better": Text(
        "拿过去检验：比“{season}”的误差小 {saved}。", "Held against the past: its error is {saved} smaller than “{season}” would have made."
    ),
    "behaviour.forecast.same": Text(
        "拿过去检验：并不比“{season}”更准，直接照搬就行。", "Held against the past: no better than “{season}”; that simple rule will do."
    ),
    "behaviour.forecast.worse": Text(
        "拿过去检验：还不如“{season}”准，别用这个预测。", "Held against the past: worse than “{season}”. Do not use this forecast."
    ),
    "behaviour.forecast.untested": Text(
        "历史太短，没法拿过去检验：这个预测还没被证实过。",
        "The history is too short to hold this against the past: nothing has confirmed it yet.",
    ),
    "behaviour.forecast.covered": Text(
        "过去这样画的区间，{percent} % 的时候把实际值包在里面（本来要求 90 %）。",
        "In the past, intervals made like this held {percent} % of what came (90 % is what they aim at).",
    ),
    "behaviour.forecast.season_hour_168": Text("和上周同一小时一样", "the same hour of the week before"),
    "behaviour.forecast.season_hour_1": Text("和最近一小时一样", "the same as the last hour"),
    "behaviour.forecast.season_day_7": Text("和上周同一天一样", "the same day of the week before"),
    "behaviour.forecast.season_day_365": Text("和去年同一天一样", "the same day of the year before"),
    "behaviour.forecast.season_day_1": Text("和最近一天一样", "the same as the last day"),
    "behaviour.forecast.season_week_52": Text("和去年同一周一样", "the same week of the year before"),
    "behaviour.forecast.season_week_1": Text("和最近一周一样", "the same as the last week"),
    "behaviour.forecast.season_month_12": Text("和去年同月一样", "the same month of the year before"),
    "behaviour.forecast.season_month_1": Text("和最近一个月一样", "the same as the last month"),
    "behaviour.forecast.method": Text(
        "几种简单方法（季节朴素、阻尼 Holt-Winters、季节轮廓、傅里叶回归，各在原值和对数上）按过去 {num} 个起点的误差加权；"
        "每个起点只用它之前的数据。区间是这些起点上误差的 90 % 分位（conformal）。不含节假日和计划中的活动。",
        "Simple methods (seasonal naive, damped Holt-Winters, seasonal profile, Fourier regression, each on values and logarithms) are weighted "
        "by their mistakes at {num} past {num|origin|origins}, each seeing only what lay before it. Intervals are the 90 % point of the mistakes "
        "made there (conformal). Holidays and planned campaigns are not in it.",
    ),
    "behaviour.forecast.combined_sum": Text("同一周期内的值相加。", "Values within a period are added up."),
    "behaviour.forecast.combined_mean": Text("同一周期内的值取平均。", "Values within a period are averaged."),
    "behaviour.forecast.combined_count": Text("同一周期内每人（或每次）算一次。", "Each person (or event) counts once in a period."),
    "behaviour.chart.forecast": Text(
        "{metric}：到现在与接下来（阴影是九成区间）", "{metric}: so far and to come (shaded: nine times in ten)"
    ),
    "behaviour.chart.so_far": Text("实际", "so far"),
    "behaviour.chart.ahead": Text("预测", "forecast"),
    "behaviour.fold.forecast_steps": Text("每个周期的预测", "Forecast of each period"),
    "behaviour.fold.forecast_test": Text("怎么算、怎么检验", "How it is made and tested"),
    "behaviour.heading.mix": Text("各方法占多少", "What the mix is made of"),
    "behaviour.label.from_hour": Text("小时", "hour"),
    "behaviour.label.from_day": Text("日期", "day"),
    "behaviour.label.from_week": Text("周（第一天）", "week of"),
    "behaviour.label.from_month": Text("月（第一天）", "month of"),
    "behaviour.label.at_least": Text("九成把握不低于", "low end"),
    "behaviour.label.at_most": Text("九成把握不高于", "high end"),
    "behaviour.label.method": Text("方法", "method"),
    "behaviour.label.forecast_error": Text("平均误差", "mean error"),
    "behaviour.label.forecast_naive": Text("照搬上一季的平均误差", "mean error of repeating the season before"),
    "behaviour.label.forecast_gain": Text("少错多少", "error saved"),
    "behaviour.label.coverage": Text("区间覆盖率", "coverage of the intervals"),
    "behaviour.method.naive": Text("照搬上一季", "season before again"),
    "behaviour.method.smoothing": Text("阻尼 Holt-Winters", "damped Holt-Winters"),
    "behaviour.method.profile": Text("季节轮廓", "seasonal profile"),
    "behaviour.method.waves": Text("傅里叶回归", "Fourier regression"),
    "behaviour.method.log_smoothing": Text("阻尼 Holt-Winters（对数）", "damped Holt-Winters (logarithms)"),
    "behaviour.method.log_profile": Text("季节轮廓（对数）", "seasonal profile (logarithms)"),
    "behaviour.method.log_waves": Text("傅里叶回归（对数）", "Fourier regression (logarithms)"),
    "behaviour.caution.no_season_hour": Text(
        "历史不到两周，看不出一周里的起伏。", "Less than two weeks of history: no weekly pattern was assumed."
    ),
    "behaviour.caution.no_season_day": Text(
        "历史不到两周，看不出一周里的起伏。", "Less than two weeks of history: no weekly pattern was assumed."
    ),
    "behaviour.caution.no_season_week": Text(
        "历史不到两年，看不出一年里的淡旺季。", "Less than two years of history: no yearly pattern was assumed."
    ),
    "behaviour.caution.no_season_month": Text(
        "历史不到两年，看不出一年里的淡旺季。", "Less than two years of history: no yearly pattern was assumed."
    ),
    "behaviour.caution.forecast_far": Text(
        "历史只有 {num} 个周期，却要往后看 {horizon} 个：越远越不可信。",
        "The history has {num} {num|period|periods} and the look ahead {horizon}: the further out, the less it can be believed.",
    ),
    "behaviour.caution.forecast_gaps": Text(
        "{total} 个周期里有 {num} 个没有值，跳过了。", "{num} of the {total} periods {num|has|have} no value and {num|was|were} skipped."
    ),
    "behaviour.d.forecast_unknown": Text("没有预测", "not forecast"),
    "behaviour.d.forecast_periods": Text("有值的完整周期数", "whole periods with a value"),
    "behaviour.d.forecast_step": Text("这个周期的预测值", "forecast of this period"),
    "behaviour.d.forecast_ahead": Text("预测期内每个周期的平均", "mean per period over the time forecast"),
    "behaviour.d.forecast_recent": Text("之前同样多个周期的平均", "mean per period over as many periods before"),
    "behaviour.d.forecast_error": Text(
        "过去各起点上预测与实际之差的绝对值，取平均", "mean absolute difference of forecast and value at past origins"
    ),
    "behaviour.d.forecast_naive": Text("同样的起点上，照搬上一季的误差", "the same for repeating the season before, at the same origins"),
    "behaviour.d.forecast_gain": Text(
        "照搬上一季的误差减去预测的误差；大于 0 表示预测更准",
        "error of repeating the season before, minus the forecast's; above 0 the forecast is closer",
    ),
    "behaviour.d.forecast_mase": Text(
        "预测误差除以照搬上一季的误差；小于 1 更准", "error over that of repeating the season before; below 1 is better"
    ),
    "behaviour.d.forecast_coverage": Text(
        "过去各起点上，只用更早的误差画的区间包住实际值的比例",
        "share of past values within intervals that were made from earlier mistakes only",
    ),
    "behaviour.d.forecast_weight": Text("这种方法在预测里的权重", "weight of this method in the forecast"),
    "behaviour.d.forecast_protocol": Text(
        "滚动起点：每个起点只用之前的数据，方法的权重也只看更早的误差",
        "rolling origins: each sees only what lay before it, and methods are weighed by earlier mistakes only",
    ),
}
