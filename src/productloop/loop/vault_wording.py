"""What can go wrong with the vault, in Chinese and English."""

from __future__ import annotations

from productloop.foundation.errors import Problem
from productloop.foundation.wording import Text

VAULT_KEY_LOST = Problem(
    "vault_key_lost",
    happened=Text(zh="联系方式保险箱 {path} 还在，但它的密钥不见了。", en="The vault {path} is there, but its key is not."),
    expected=Text(zh="密钥文件应在 {key_path}，或由环境变量提供。", en="The key should be in {key_path} or come from the environment."),
    fix=Text(
        zh="请从备份恢复密钥文件；没有密钥，里面的联系方式谁也打不开。如果不再需要它们，删除 {path}，再重新导入数据。",
        en="Restore the key file from a backup; without it nobody can read the contact details. If they are no longer needed, "
        "delete {path} and import the data again.",
    ),
)
VAULT_KEY_WRONG = Problem(
    "vault_key_wrong",
    happened=Text(zh="现有的密钥打不开联系方式保险箱 {path}。", en="The key at hand does not open the vault {path}."),
    expected=Text(zh="需要创建这个保险箱时用的那把密钥。", en="It needs the key it was made with."),
    fix=Text(
        zh="请检查环境变量里的密钥，或从备份恢复 {key_path}。",
        en="Check the key in the environment, or restore {key_path} from a backup.",
    ),
)
VAULT_KEY_MALFORMED = Problem(
    "vault_key_malformed",
    happened=Text(zh="保险箱的密钥格式不对（来源：{source}）。", en="The key of the vault is not a key (it came from {source})."),
    expected=Text(zh="密钥是 32 个字节的 URL 安全 base64，共 44 个字符。", en="A key is 32 bytes in URL-safe base64, 44 characters."),
    fix=Text(
        zh="请核对是否复制完整；第一次使用时不要自己填写，留空会自动生成。",
        en="Check that it was copied whole; for a new vault leave it empty and one is made.",
    ),
)
VAULT_UNREADABLE = Problem(
    "vault_unreadable",
    happened=Text(zh="读写联系方式保险箱 {path} 失败：{reason}。", en="The vault {path} could not be read or written: {reason}."),
    expected=Text(
        zh="它应是一个可读写、未损坏的 SQLite 文件。", en="It should be an undamaged SQLite file that this account may read and write."
    ),
    fix=Text(
        zh="请检查文件权限、磁盘空间和是否被别的程序占用；文件损坏时从备份恢复。",
        en="Check rights, disk space and other programs that hold it; restore it from a backup if it is damaged.",
    ),
)
REVEAL_WITHOUT_REASON = Problem(
    "reveal_without_reason",
    happened=Text(zh="查看联系方式时没有写明原因。", en="Contact details were asked for without a reason."),
    expected=Text(zh="每次查看都要写一句原因，它会留在记录里。", en="Each look needs a reason in a few words; it stays in the audit."),
    fix=Text(zh="补上原因再试，例如“回访近期流失的用户”。", en="Say why and try again, for example “call back users who left”."),
)
