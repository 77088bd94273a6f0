"""Sentences of the readers of conversations, notes, pictures and recordings."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

NO_CONVERSATION = Problem(
    "file_no_conversation",
    Text(
        "{path} 里没有能读的文字消息（略过 {left_out:count} 条）。",
        "{path} holds no message with text in it ({left_out:count} left out).",
    ),
    Text("至少有一条文字消息。", "At least one message with text."),
    Text(
        "导出时选上聊天内容；图片和语音要另外导入。",
        "Include the content of messages in the export; pictures and recordings are imported apart.",
    ),
)
NO_TEXT_IN_NOTES = Problem(
    "file_notes_no_text",
    Text("{path} 里没有文字。", "{path} holds no text."),
    Text("带文字的 PDF 或 Word 文档。", "A PDF or Word document with text in it."),
    Text(
        '多半是扫描件：把每页存成图片（PNG 或 JPG）再导入，文字识别需要先运行 pip install "productloop[ocr]"。',
        'It is probably a scan: save its pages as pictures (PNG or JPG) and import those; reading them needs pip install "productloop[ocr]".',
    ),
)
NOTES_PASSWORD = Problem(
    "file_notes_password",
    Text("{path} 有密码保护。", "{path} is protected by a password."),
    Text("没有密码的文件。", "A file without a password."),
    Text("去掉密码另存一份再导入。", "Save a copy without the password, and import that."),
)
NO_TEXT_IN_PICTURE = Problem(
    "file_picture_no_text",
    Text("{path} 里没有认出文字。", "No text was found in {path}."),
    Text("文字清楚的截图。", "A screenshot with clear text."),
    Text("换一张更清楚的原图，不要用缩略图。", "Choose the original picture, not a preview of it."),
)
NO_SPEECH = Problem(
    "file_recording_no_speech",
    Text("{path} 里没有听出说话。", "No speech was found in {path}."),
    Text("有人说话的录音。", "A recording in which somebody speaks."),
    Text("检查录音有没有声音，或者是不是选错了文件。", "Check that the recording has sound, and that it is the right file."),
)
OCR_MISSING = Problem(
    "ocr_not_installed",
    Text("{path} 是图片，识别文字的组件没有安装。", "{path} is a picture, and the part that reads pictures is not installed."),
    Text("可选组件 ocr。", "The optional part ocr."),
    Text('请运行：pip install "productloop[ocr]"', 'Run: pip install "productloop[ocr]"'),
)
SPEECH_MISSING = Problem(
    "speech_not_installed",
    Text("{path} 是录音，转写的组件没有安装。", "{path} is a recording, and the part that writes speech down is not installed."),
    Text(
        "可选组件 speech，以及一个 Whisper 模型文件夹（设置 speech.model）。",
        "The optional part speech, and a folder with a Whisper model (setting speech.model).",
    ),
    Text(
        '先运行：pip install "productloop[speech]"，再在 productloop.toml 里写 [speech] model = "文件夹"，或设环境变量 PRODUCTLOOP_SPEECH_MODEL。',
        'Run pip install "productloop[speech]", then write [speech] model = "FOLDER" in productloop.toml or set PRODUCTLOOP_SPEECH_MODEL.',
    ),
)
SPEECH_MODEL_MISSING = Problem(
    "speech_model_missing",
    Text(
        "转写 {path} 需要一个 Whisper 模型文件夹，而“{folder}”不是。",
        "Writing down {path} needs a folder with a Whisper model, and “{folder}” is none.",
    ),
    Text(
        "faster-whisper 格式的文件夹：里面有 model.bin、config.json 和 tokenizer.json；可选组件 speech 已安装。",
        "A folder in the form of faster-whisper, with model.bin, config.json and tokenizer.json; the optional part speech is installed.",
    ),
    Text(
        '在 productloop.toml 里写 [speech] model = "文件夹"，或设环境变量 PRODUCTLOOP_SPEECH_MODEL。',
        'Write [speech] model = "FOLDER" in productloop.toml, or set PRODUCTLOOP_SPEECH_MODEL.',
    ),
)
OLD_WORD = Problem(
    "file_doc_old",
    Text("{path} 是旧版 Word（.doc）。", "{path} is an old Word file (.doc)."),
    Text(".docx、PDF、Markdown 或纯文本。", ".docx, PDF, Markdown or plain text."),
    Text("用 Word 或 WPS 打开，另存为 .docx 再导入。", "Open it in Word or LibreOffice, save it as .docx, and import that."),
)
PROBLEMS: tuple[Problem, ...] = (
    NO_CONVERSATION,
    NO_TEXT_IN_NOTES,
    NOTES_PASSWORD,
    NO_TEXT_IN_PICTURE,
    NO_SPEECH,
    OCR_MISSING,
    SPEECH_MISSING,
    SPEECH_MODEL_MISSING,
    OLD_WORD,
)

REASONS: dict[str, Text] = {
    "file_no_conversation": Text("没有文字消息", "it holds no message with text"),
    "file_notes_no_text": Text("没有文字，多半是扫描件", "it holds no text and is probably a scan"),
    "file_notes_password": Text("有密码", "it is protected by a password"),
    "file_picture_no_text": Text("没有认出文字", "no text was found in it"),
    "file_recording_no_speech": Text("没有听出说话", "no speech was found in it"),
    "ocr_not_installed": Text("识别图片的可选组件 ocr 没有安装", "the optional part ocr is not installed"),
    "speech_not_installed": Text("转写录音的可选组件 speech 没有安装", "the optional part speech is not installed"),
    "speech_model_missing": Text("没有设置 Whisper 模型文件夹（speech.model）", "no folder with a Whisper model is set (speech.model)"),
    "file_doc_old": Text("旧版 Word", "it is an old Word file"),
}
"""Why a file of a folder was not read, in a few words."""

TEXTS: dict[str, Text] = {
    "chats.roles": Text(
        "{conversations:count} 段会话：用户 {user:count} 条，客服 {staff:count} 条，机器人和系统 {robot:count} 条。只有用户的话算需求。",
        "{conversations:count} {conversations|conversation|conversations}: {user:count} {user|line|lines} of users, {staff:count} of staff, "
        "{robot:count} of robots and the system. Only what users say counts as a need.",
    ),
    "chats.greetings": Text(
        "用户的 {count:count} 条只是打招呼、道谢或答应，保留但不算需求。",
        "{count:count} {count|line|lines} of users only {count|greets, thanks or agrees|greet, thank or agree}: kept, and not counted as needs.",
    ),
    "chats.roles_unknown": Text(
        "看不出谁是客服，全部当作用户的话；把客服那一方的名字改成“客服…”再导入，就能分开。",
        "Who is staff cannot be told, so every line counts as a user's; put “Agent” before the names of staff to set them apart.",
    ),
    "chats.day_first": Text("日期按 日/月/年 读。", "Dates are read day first."),
    "chats.month_first": Text("日期按 月/日/年 读。", "Dates are read month first."),
    "chats.left_out": Text(
        "略过 {count:count} 条不是文字的消息（{kinds}）。", "{count:count} {count|message|messages} without text left out ({kinds})."
    ),
    "chats.left_out.private": Text("{count:count} 条内部备注没有读。", "{count:count} internal {count|note was|notes were} not read."),
    "chats.left_out.recalled": Text(
        "{count:count} 条已撤回，没有读。", "{count:count} recalled {count|message was|messages were} not read."
    ),
    "chats.left_out.event": Text("略过 {count:count} 条系统事件。", "{count:count} {count|event|events} of the system left out."),
    "chats.left_out.empty": Text("略过 {count:count} 条空消息。", "{count:count} empty {count|message|messages} left out."),
    "notes.rows": Text(
        "按段落读成 {count:count} 条，算作同一个人的一次谈话；主持人的话不算需求。",
        "Read as {count:count} {count|paragraph|paragraphs} of one conversation; what an interviewer says is no need.",
    ),
    "notes.apart": Text(
        "没有读 {file}：它是{kind}，而文件夹里有数据表；需要的话单独导入。",
        "{file} was not read: it is {kind} beside tables of data; import it alone if it is wanted.",
    ),
    "notes.kind.notes": Text("文档", "a document"),
    "notes.kind.pictures": Text("图片", "a picture"),
    "notes.kind.recordings": Text("录音", "a recording"),
    "pictures.rows": Text(
        "从图片认出 {count:count} 段文字；有 {num_doubtful:count} 段认得不太确定，请对照原图看一眼。",
        "{count:count} {count|block|blocks} of text read from the picture; {num_doubtful:count} with some doubt: compare them with the picture.",
    ),
    "pictures.sides": Text(
        "像是聊天截图：气泡在左还是在右记在 side 列，但看不出哪边是客服，全部当作用户的话。",
        "It looks like a chat: the column side says on which side a bubble stands; which side is staff cannot be told, so all count as a user's words.",
    ),
    "recordings.rows": Text(
        "录音转写成 {count:count} 段（语言：{spoken}），时长 {seconds:count} 秒；转写会有错字，引用前请听原声。",
        "Written down as {count:count} {count|segment|segments} ({spoken}) of {seconds:count} seconds; there will be errors: listen before you quote.",
    ),
}
TEXTS.update({f"problem.{code}": text for code, text in REASONS.items()})
