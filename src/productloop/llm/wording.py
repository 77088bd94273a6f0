"""Sentences of the llm floor."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

UNREACHABLE = Problem(
    "provider_unreachable",
    Text("大模型 {address} 没有应答：{reason}", "the language model at {address} did not answer: {reason}"),
    Text("一个 OpenAI 兼容、能连上的地址", "an OpenAI-compatible address that can be reached"),
    Text(
        "检查 provider.address 和网络；不用大模型也能出报告：把地址留空",
        "check provider.address and the network; reports work without a model too: leave the address empty",
    ),
)
KEY_MISSING = Problem(
    "provider_key",
    Text("环境变量 {variable} 里没有密钥", "the environment variable {variable} holds no key"),
    Text("大模型 {address} 的密钥", "the key of the language model at {address}"),
    Text("设好这个环境变量，或用 provider.key_variable 换一个名字", "set that variable, or name another with provider.key_variable"),
)
NOT_AS_ASKED = Problem(
    "provider_answer",
    Text("大模型 {model} 的回答不合要求：{answer:quote}", "the language model {model} did not answer as asked: {answer:quote}"),
    Text("{expected}", "{expected}"),
    Text("换一个更强的模型，或不用大模型", "use a stronger model, or none"),
)
SCRIPT_EMPTY = Problem(
    "provider_script",
    Text("测试脚本里没有下一个回答了", "the scripted provider has no further answer"),
    Text("每次调用一个回答", "one answer for each call"),
    Text("给脚本补上回答", "add answers to the script"),
)
