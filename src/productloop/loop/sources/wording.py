"""Sentences of the readers of files: what can go wrong, and what a reader did that a person should know."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.tables import CANONICAL
from productloop.foundation.wording import Text
from productloop.loop.sources.exports_wording import NO_OPEN_ANSWERS, NO_WORDS, ONLY_RATINGS
from productloop.loop.sources.exports_wording import TEXTS as EXPORT_TEXTS

NOT_FOUND = Problem(
    "file_not_found",
    Text("找不到 {path}。", "{path} does not exist."),
    Text("一个文件或文件夹的路径。", "The path of a file or a folder."),
    Text("检查路径；同一文件夹里名字最像的是 {nearest}。", "Check the path; the nearest name in that folder is {nearest}."),
)
LINK_BROKEN = Problem(
    "file_link_broken",
    Text(
        "{path} 是一个链接，指向的文件不存在，或者绕成了圈。",
        "{path} is a link to a file that does not exist, or one that leads in a circle.",
    ),
    Text("一个文件或文件夹的路径。", "The path of a file or a folder."),
    Text("直接写真正的文件，或重新建这个链接。", "Name the file itself, or make the link again."),
)
NOT_A_FILE = Problem(
    "file_special",
    Text("{path} 既不是文件也不是文件夹（可能是管道或设备）。", "{path} is neither a file nor a folder, but a pipe or a device."),
    Text("一个文件或文件夹的路径。", "The path of a file or a folder."),
    Text("先把内容存成文件，再导入那个文件。", "Save what it gives to a file first, and import that."),
)
NO_RIGHTS = Problem(
    "file_no_rights",
    Text("没有权限读取 {path}。", "{path} may not be read."),
    Text("当前用户能读的文件。", "A file that the current user may read."),
    Text(
        "改一下文件权限，或者复制到自己的文件夹再导入。",
        "Change the rights of the file, or copy it to a folder of your own and import that.",
    ),
)
EMPTY_FILE = Problem(
    "file_empty",
    Text("{path} 是空的。", "{path} is empty."),
    Text("至少有一行数据的文件。", "A file with at least one row of data."),
    Text("重新导出一次，确认导出时没有把数据全部筛掉。", "Export it again, and make sure that no filter removes every row."),
)
ONLY_HEADER = Problem(
    "file_only_header",
    Text("{path} 只有表头（{columns}），没有数据。", "{path} has a header ({columns}) and no rows."),
    Text("表头下面至少有一行数据。", "At least one row below the header."),
    Text("重新导出一次，确认所选的时间段里有数据。", "Export it again, and make sure that the chosen period holds data."),
)
WRONG_DELIMITER = Problem(
    "file_wrong_delimiter",
    Text("按现在的分隔符，{path} 只读出一列。", "{path} gives a single column with the separator in use."),
    Text("每行一条文本，或者列与列之间有统一的分隔符。", "One text a line, or columns set apart by one separator throughout."),
    Text(
        "看起来列是用 “{delimiter}” 分开的：加上 --delimiter '{delimiter}'。",
        "The columns look set apart by “{delimiter}”: add --delimiter '{delimiter}'.",
    ),
)
BINARY_FILE = Problem(
    "file_binary",
    Text("{path} 不是表格，而是{kind}。", "{path} is not a table but {kind}."),
    Text(
        "CSV、TSV、XLSX、JSON、JSON Lines、Parquet 或每行一条的文本（都可以是 .gz）。",
        "CSV, TSV, XLSX, JSON, JSON Lines, Parquet or one text a line (each may be .gz).",
    ),
    Text("{advice}", "{advice}"),
)
OLD_EXCEL = Problem(
    "file_xls_old",
    Text("{path} 是旧版 Excel（.xls）。", "{path} is an old Excel file (.xls)."),
    Text(".xlsx 或 CSV。", ".xlsx or CSV."),
    Text("用 Excel 或 WPS 打开，另存为 .xlsx 再导入。", "Open it in Excel or LibreOffice, save it as .xlsx, and import that."),
)
PASSWORD = Problem(
    "file_password",
    Text("{path} 有密码保护。", "{path} is protected by a password."),
    Text("没有密码的文件。", "A file without a password."),
    Text("在 Excel 里去掉密码另存一份再导入。", "Save a copy without the password in Excel, and import that."),
)
BROKEN_FILE = Problem(
    "file_broken",
    Text("{path} 读不下去：{detail}。", "{path} cannot be read to its end: {detail}."),
    Text("完整的文件。", "A whole file."),
    Text(
        "多半是下载或复制时断了，重新拿一份；还不行就改好上面说的那一处。",
        "A download or copy was probably cut off: fetch it again; if that does not help, mend the place named.",
    ),
)
GZIP_ENDS_EARLY = Problem(
    "file_gzip_truncated",
    Text("压缩文件 {path} 不完整或已损坏，读到一半就断了。", "The compressed file {path} ends early or is damaged."),
    Text("完整的 .gz 文件。", "A whole .gz file."),
    Text("重新下载或重新压缩一次。", "Download or compress it again."),
)
CELL_TOO_LARGE = Problem(
    "file_cell_too_large",
    Text("{path} 第 {line} 行有一格超过 {limit:count} 个字符。", "{path} has a cell of more than {limit:count} characters in row {line}."),
    Text("每一格是一个值或一段话。", "Each cell holds one value or one text."),
    Text(
        "多半是引号没有配对，或者把图片贴成了文字：改好这一行再导入。",
        "A quotation mark is probably not closed, or a picture was pasted as text: mend that row and import again.",
    ),
)
RAGGED = Problem(
    "file_ragged",
    Text(
        "{path} 的 {total:count} 行里有 {ragged:count} 行的列数对不上（应有 {width} 列，第一处在第 {line} 行）。",
        "{ragged:count} of {total:count} rows of {path} do not have {width} columns (the first is row {line}).",
    ),
    Text(
        "每行的列数一样；含有分隔符的文字要用引号括起来。",
        "The same number of columns in every row; texts that hold the separator stand in quotation marks.",
    ),
    Text(
        "重新导出（选“文本加引号”），或者用 --delimiter 指明分隔符。",
        "Export again with texts quoted, or name the separator with --delimiter.",
    ),
)
COLUMNS_DO_NOT_FIT = Problem(
    "file_columns_do_not_fit",
    Text("给了 {given} 个列名，而 {path} 有 {width} 列。", "{given} column names were given, and {path} has {width} columns."),
    Text("每列一个名字。", "One name for each column."),
    Text("第一行是：{row}。用 --columns 按顺序写全。", "The first row is: {row}. Name every column in order with --columns."),
)
UNKNOWN_ENCODING = Problem(
    "file_unknown_encoding",
    Text("不认识编码 {encoding}。", "There is no encoding called {encoding}."),
    Text("utf-8、gb18030、utf-16、latin-1 之类的名字。", "A name such as utf-8, gb18030, utf-16 or latin-1."),
    Text("去掉 --encoding 让程序自己判断，或者换一个名字。", "Leave --encoding out to have it detected, or give another name."),
)
WRONG_ENCODING = Problem(
    "file_wrong_encoding",
    Text("{path} 不能按编码 {encoding} 来读。", "{path} cannot be read in the encoding {encoding}."),
    Text("文件真正的编码。", "The encoding that the file really has."),
    Text("去掉 --encoding 让程序自己判断，或者换一个名字。", "Leave --encoding out to have it detected, or give another name."),
)
DELIMITER_EMPTY = Problem(
    "file_delimiter_empty",
    Text("--delimiter 给的是空的。", "--delimiter was given nothing."),
    Text("一个字符，例如 , ; 或 tab。", "A character, such as , ; or tab."),
    Text("去掉 --delimiter 让程序自己判断，或者写上分隔符。", "Leave --delimiter out to have it detected, or name the separator."),
)
COLUMNS_TWICE = Problem(
    "file_columns_twice",
    Text("--columns 里“{column}”出现了两次。", "--columns names “{column}” twice."),
    Text("每列一个不同的名字。", "A different name for each column."),
    Text("给其中一个换个名字，例如“{column} 2”。", "Give one of them another name, such as “{column} 2”."),
)
NO_SUCH_SHEET = Problem(
    "file_no_such_sheet",
    Text("{path} 里没有叫“{sheet}”的工作表。", "{path} has no sheet called “{sheet}”."),
    Text("其中之一：{sheets}。", "One of: {sheets}."),
    Text("用 --sheet 写上面的一个名字。", "Name one of these with --sheet."),
)
NO_TABLE_IN_JSON = Problem(
    "file_json_no_table",
    Text("{path} 是 JSON，但里面没有一列记录（{detail}）。", "{path} is JSON, and holds no list of records ({detail})."),
    Text(
        "一个对象的列表、在 data 之类的名下带一个列表的对象，或者每行一个对象。",
        "A list of objects, an object with one list of them under a name such as data, or one object a line.",
    ),
    Text("把记录单独导出成列表，或者每行一个对象。", "Export the records alone as a list, or one object a line."),
)
NOTHING_READABLE = Problem(
    "folder_nothing_readable",
    Text(
        "文件夹 {path} 里没有能读的表格（看了 {num_files:count} 个文件）。",
        "The folder {path} holds no table that can be read ({num_files:count} {num_files|file|files} seen).",
    ),
    Text("CSV、TSV、XLSX、JSON、JSON Lines 或 Parquet 文件。", "CSV, TSV, XLSX, JSON, JSON Lines or Parquet files."),
    Text(
        "把导出的文件放进去再试；单独导入某个文件能看到它的具体问题。",
        "Put exported files there; importing one file alone shows what is wrong with it.",
    ),
)
TABLE_UNKNOWN = Problem(
    "map_table_unknown",
    Text("没有叫 {table} 的表。", "There is no table called {table}."),
    Text("其中之一：{tables}。", "One of: {tables}."),
    Text("最像的是 {nearest}。", "The nearest is {nearest}."),
)
TARGET_UNKNOWN = Problem(
    "map_target_unknown",
    Text("--map 里的 {target} 不是{table}的列。", "{target} in --map is no column of {table}."),
    Text(
        "等号左边写产品里的列名，右边写文件里的列名：--map text=内容。",
        "The table's column left of the sign, the file's column right of it: --map text=comment.",
    ),
    Text("最像的是 {nearest}。", "The nearest is {nearest}."),
)
COLUMN_UNKNOWN = Problem(
    "map_column_unknown",
    Text("文件里没有叫“{column}”的列。", "The file has no column called “{column}”."),
    Text("其中之一：{known}。", "One of: {known}."),
    Text("最像的是“{nearest}”。", "The nearest is “{nearest}”."),
)
COLUMN_TWICE = Problem(
    "map_column_twice",
    Text("“{column}”被指定了两次。", "“{column}” is named twice."),
    Text("文件里的一列只能是一样东西。", "A column of the file can be one thing only."),
    Text("去掉多余的那个 --map。", "Remove one of the --map options."),
)
NO_TABLE_FITS = Problem(
    "map_no_table",
    Text(
        "看不出 {path} 是什么表（{num:count} 列：{seen}）。", "What {path} holds is not clear ({num:count} {num|column|columns}: {seen})."
    ),
    Text(
        "反馈（有一列文字）、事件（谁、做了什么、何时）、订单（谁、金额、何时）、用户（每人一行）等等。",
        "Feedback (a column of texts), events (who, what, when), orders (who, how much, when), actors (one row a user), and so on.",
    ),
    Text(
        "用 --table 和 --map 说明，例如 --table feedback --map text=列名；没有表头时用 --columns 按顺序写列名；"
        "每行一个对象而没有编号时用 --table actors --map actor=#。",
        "Say it with --table and --map, for example --table feedback --map text=COLUMN; for a file without a header name the columns in order with --columns; "
        "where each row is one subject without an id, --table actors --map actor=#.",
    ),
)
COLUMN_MISSING = Problem(
    "map_column_missing",
    Text(
        "{path} 当作{table}来读，缺“{column}”这一列；看到的列：{seen}。",
        "{path}, read as {table}, lacks the column “{column}”; the columns seen are: {seen}.",
    ),
    Text("能认出的列名：{aliases}。", "A column with one of these names: {aliases}."),
    Text(
        "告诉程序是哪一列：--map {target}={example}（换成真正的列名；每行一个对象而没有编号时写 --map {target}=#）。",
        "Say which column it is: --map {target}={example} (with the right name; where each row is one subject without an id, --map {target}=#).",
    ),
)
PROBLEMS: tuple[Problem, ...] = (
    NO_OPEN_ANSWERS,
    NO_WORDS,
    ONLY_RATINGS,
    NOT_FOUND,
    LINK_BROKEN,
    NOT_A_FILE,
    NO_RIGHTS,
    EMPTY_FILE,
    ONLY_HEADER,
    WRONG_DELIMITER,
    BINARY_FILE,
    OLD_EXCEL,
    PASSWORD,
    BROKEN_FILE,
    GZIP_ENDS_EARLY,
    CELL_TOO_LARGE,
    RAGGED,
    COLUMNS_DO_NOT_FIT,
    COLUMNS_TWICE,
    UNKNOWN_ENCODING,
    WRONG_ENCODING,
    DELIMITER_EMPTY,
    NO_SUCH_SHEET,
    NO_TABLE_IN_JSON,
    NOTHING_READABLE,
    TABLE_UNKNOWN,
    TARGET_UNKNOWN,
    COLUMN_UNKNOWN,
    COLUMN_TWICE,
    NO_TABLE_FITS,
    COLUMN_MISSING,
)

KINDS: dict[str, Text] = {
    "zip": Text("压缩包（zip）", "an archive (zip)"),
    "archive": Text("压缩包", "an archive"),
    "program": Text("程序", "a program"),
    "picture": Text("图片", "a picture"),
    "database": Text(" SQLite 数据库", "an SQLite database"),
    "pdf": Text(" PDF 文档", "a PDF document"),
    "page": Text("网页", "a web page"),
    "office": Text(" Office 文档", "an Office document"),
    "binary": Text("二进制文件", "a binary file"),
}

NESTED = Text("嵌套太深", "it is nested too deeply")
ANY_TABLE = Text("任何一张表", "any table")
ADVICE: dict[str, Text] = {
    "zip": Text("先解压，再导入里面的文件。", "Unpack it, and import the files inside."),
    "picture": Text(
        "把图片另存为 PNG 或 JPG 再导入（识别文字需要可选组件 ocr）。",
        "Save the picture as PNG or JPG, and import that (reading it needs the optional part ocr).",
    ),
    "database": Text("先把要用的表导出成 CSV。", "Export the tables you need to CSV first."),
    "office": Text("用 Excel 或 WPS 打开，把表格另存为 .xlsx。", "Open it in its program, and save the table as .xlsx."),
    "page": Text(
        "多半是登录页或网页版导出：登录后重新下载，或用 Excel 或 WPS 打开，另存为 .xlsx。",
        "It is probably a sign-in page or an export made for a browser: download it again, or open it in Excel and save it as .xlsx.",
    ),
    "": Text(
        "换成导出的数据文件；从产生它的系统里导出 CSV 或 Excel。",
        "Choose the exported data instead: export CSV or Excel from the system it came from.",
    ),
}
ADVICE["archive"] = ADVICE["zip"]

TEXTS: dict[str, Text] = {
    "source.replaced": Text("有 {count:count} 处坏掉的字节，换成了 �。", "{count:count} broken {count|byte was|bytes were} replaced by �."),
    "source.no_header": Text("没有表头，列名按顺序编号。", "No header: columns are numbered."),
    "source.header_replaced": Text("文件自带表头，用您给的列名代替。", "The file has a header of its own; your column names replace it."),
    "source.unquoted": Text("引号没有配对，按普通字符读。", "Quotation marks do not pair and are read as ordinary characters."),
    "source.padded": Text(
        "{count:count} 行末尾缺列，缺的当作空。", "{count:count} {count|row ends|rows end} early; the missing cells are empty."
    ),
    "source.overflow": Text(
        "{count:count} 行的最后一列里有分隔符，已并回最后一列。",
        "{count:count} {count|row has|rows have} the separator inside the last column; it was joined again.",
    ),
    "source.sheet_repeats": Text(
        "工作表“{sheet}”没有导入：它的 {share:percent} 的文字与“{first}”相同。需要的话用 --sheet 单独读。",
        "The sheet “{sheet}” was left out: {share:percent} of its texts stand in “{first}” already. Read it alone with --sheet.",
    ),
    "source.sheet_empty": Text("工作表“{sheet}”是空的。", "The sheet “{sheet}” is empty."),
    "source.unreadable": Text("没有读 {file}：{reason}", "{file} was not read: {reason}"),
    "source.json_bad_lines": Text(
        "{count:count} 行不是 JSON，没有读。", "{count:count} {count|line is|lines are} not JSON and {count|was|were} left out."
    ),
}
"""What a reader tells besides the table: keys of the `Say` in `RawTable.notes`."""

REASONS: dict[str, Text] = {
    "file_link_broken": Text("链接指向的文件不存在", "the link leads nowhere"),
    "file_special": Text("是管道或设备", "it is a pipe or a device"),
    "file_wrong_encoding": Text("编码不对", "it has another encoding"),
    "file_delimiter_empty": Text("分隔符是空的", "the separator given is empty"),
    "file_columns_twice": Text("列名重复", "a column name was given twice"),
    "file_no_rights": Text("没有读取权限", "no right to read it"),
    "file_empty": Text("是空的", "it is empty"),
    "file_only_header": Text("只有表头", "it has only a header"),
    "file_wrong_delimiter": Text("分隔符不对", "its separator is not known"),
    "file_binary": Text("不是表格", "it is not a table"),
    "file_xls_old": Text("旧版 Excel", "it is an old Excel file"),
    "file_password": Text("有密码", "it is protected by a password"),
    "file_broken": Text("文件不完整或格式有误", "it is broken"),
    "file_gzip_truncated": Text("压缩文件不完整", "the compressed file ends early"),
    "file_cell_too_large": Text("有一格太大", "a cell is too large"),
    "file_ragged": Text("各行列数不一", "its rows differ in width"),
    "file_columns_do_not_fit": Text("列名个数不对", "the column names given do not fit"),
    "file_unknown_encoding": Text("编码名不对", "the encoding given does not exist"),
    "file_no_such_sheet": Text("没有这个工作表", "it has no such sheet"),
    "file_no_open_answers": Text("问卷里没有写字的回答", "nobody wrote anything in it"),
    "file_only_ratings": Text("只有评分，没有文字", "it holds stars without words"),
    "file_json_no_table": Text("JSON 里没有记录列表", "the JSON holds no list of records"),
}
"""Why a file of a folder was not read, in a few words; one for each problem a reader raises."""
TEXTS.update({f"problem.{code}": text for code, text in REASONS.items()})
TEXTS.update(
    {
        f"prevents.{table.name}.{column.name}": column.prevents
        for table in CANONICAL
        for column in table.columns
        if column.prevents is not None
    }
)
TEXTS.update(
    {
        "mapping.alias": Text("列名“{column}”就是 {target}", "the name “{column}” means {target}"),
        "mapping.content": Text("看内容，“{column}”是 {target}", "by what it holds, “{column}” is {target}"),
        "mapping.explicit": Text("您说“{column}”是 {target}", "you said that “{column}” is {target}"),
        "mapping.attribute": Text("“{column}”作为属性保留", "“{column}” is kept as an attribute"),
        "mapping.constant": Text("文件里没有 {target} 列，一律记作“{value}”", "no column says {target}: every row gets “{value}”"),
        "mapping.line_number": Text("用行号代替", "the row number stands for it"),
        "mapping.empty": Text("“{column}”整列是空的", "“{column}” is empty"),
        "mapping.no_name": Text("第 {index} 列没有名字，没有读", "column {index} has no name and was left out"),
        "mapping.dropped": Text("“{column}”是个人信息（{kind}），不保存", "“{column}” is personal ({kind}) and is not kept"),
        "mapping.day_first": Text("“{column}”的日期按 日/月/年 读", "the dates in “{column}” are read day first"),
        "mapping.month_first": Text("“{column}”的日期按 月/日/年 读", "the dates in “{column}” are read month first"),
        "mapping.month_first_guess": Text(
            "“{column}”的日期看不出是日在前还是月在前，按 月/日/年 读",
            "whether day or month comes first in “{column}” cannot be told; read month first",
        ),
    }
)

TEXTS.update(EXPORT_TEXTS)
