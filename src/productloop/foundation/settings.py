"""Settings are one visible table: flag > environment > productloop.toml > default, and each value knows its origin.

`productloop settings` prints them; an unknown key is an error that names the nearest one. Secrets never stand in the file:
`provider.key_variable` names the environment variable that holds the key.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from productloop.foundation.errors import Problem, UsageError, reason_of
from productloop.foundation.wording import Text

Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: dotted name, default (its type is the type), meaning."""

    name: str
    default: Value
    help: Text

    @property
    def variable(self) -> str:
        """Environment variable that overrides the file."""
        return "PRODUCTLOOP_" + self.name.upper().replace(".", "_")


SETTINGS: tuple[Setting, ...] = (
    Setting("product.name", "", Text("产品名，写在每份报告上", "name of the product, written on every report")),
    Setting(
        "product.time_zone",
        "UTC",
        Text("日、周按哪个时区算，例如 Asia/Shanghai", "zone in which days and weeks are counted, e.g. Asia/Shanghai"),
    ),
    Setting("product.week_start", "monday", Text("一周从哪天开始：monday 或 sunday", "first day of a week: monday or sunday")),
    Setting("product.currency", "", Text("没写币种的金额按哪种货币算", "currency of amounts that name none")),
    Setting("product.words", (), Text("产品自己的词：不拆开、不脱敏", "the product's own words: never cut apart, never masked")),
    Setting(
        "interface.language",
        "",
        Text("界面和报告的语言：zh 或 en；空则跟随系统", "language of interface and reports: zh or en; empty follows the system"),
    ),
    Setting("loop.seed", 0, Text("所有随机步骤的种子", "seed of every random step")),
    Setting(
        "loop.min_rows", 100, Text("少于这么多条新标签，不自动换模型", "fewer newly labelled rows than this: no automatic model release")
    ),
    Setting(
        "risk.inactive_days",
        0,
        Text(
            "没有流失标签时：多少天没动静算流失；0 表示不做", "without churn labels: days without activity that count as lost; 0 = do not"
        ),
    ),
    Setting(
        "risk.webhook",
        "",
        Text(
            "名单用 POST 发到哪个地址（只发编号和动作）；空则不发",
            "address that lists are posted to (ids and actions only); empty: none",
        ),
    ),
    Setting(
        "behaviour.funnel",
        (),
        Text("默认漏斗的步骤，按顺序；空则从数据里猜", "steps of the default funnel, in order; empty: guessed from the data"),
    ),
    Setting("behaviour.window_days", 7, Text("漏斗窗口天数，从第一步算起", "funnel window in days, from the first step")),
    Setting("metrics.active", "", Text("算“活跃”的事件名；空则任何事件都算", "event that counts as active; empty: any event")),
    Setting("metrics.north_star", "", Text("北极星事件名", "north star event")),
    Setting(
        "provider.address",
        "",
        Text("大模型地址（OpenAI 兼容）；空则不用大模型", "address of a language model (OpenAI-compatible); empty: none is used"),
    ),
    Setting("provider.model", "", Text("大模型名", "name of the language model")),
    Setting("provider.key_variable", "OPENAI_API_KEY", Text("放密钥的环境变量名", "environment variable that holds the key")),
    Setting(
        "speech.model",
        "",
        Text(
            "转写录音的 Whisper 模型文件夹（faster-whisper 格式）；空则不转写",
            "folder of the Whisper model (faster-whisper's form) that writes recordings down; empty: none",
        ),
    ),
    Setting(
        "mail.host", "", Text("发提醒邮件的 SMTP 服务器；空则不发邮件", "SMTP server that sends alerts by mail; empty: no mail is sent")
    ),
    Setting("mail.port", 587, Text("SMTP 端口", "port of the SMTP server")),
    Setting(
        "mail.security",
        "starttls",
        Text("加密方式：starttls、tls，或 none（只限本机）", "how it is encrypted: starttls, tls, or none (this machine only)"),
    ),
    Setting("mail.sender", "", Text("发件人地址", "address the mail comes from")),
    Setting("mail.user", "", Text("SMTP 用户名；空则不登录", "user name for the SMTP server; empty: no sign-in")),
    Setting(
        "mail.password_variable", "SMTP_PASSWORD", Text("放 SMTP 密码的环境变量名", "environment variable that holds the SMTP password")
    ),
    Setting("privacy.vault", True, Text("保存加密的联系方式对照；false 则一概不存", "keep contact details encrypted; false keeps none")),
    Setting("serve.host", "127.0.0.1", Text("监听地址；不是本机时必须有令牌", "address to listen on; off loopback a token is required")),
    Setting("serve.port", 8321, Text("端口", "port")),
    Setting("serve.body_limit_mb", 32, Text("一次请求最多多少 MB", "largest request body in MB")),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
FREE_SECTIONS = ("tasks", "sources", "playbook", "alerts")
"""Sections of the file whose keys are names the user gives; each holds options of its own."""
EVENTS_SECTION = "events"
"""The section of what events are called: `add_to_cart = "加入购物车 | add to cart"`."""
EVENT_FORM = 'add_to_cart = "加入购物车 | add to cart"'
MAX_LABEL_CHARACTERS = 60

UNKNOWN_SETTING = Problem(
    "setting_unknown",
    Text("{origin} 里没有 {name:quote} 这个设置", "{origin} has a setting {name:quote} that does not exist"),
    Text("已有的设置；最接近的是 {nearest}", "a known setting; the nearest is {nearest}"),
    Text("改名或删掉；productloop settings 列出全部", "rename or remove it; productloop settings lists them all"),
)
BAD_VALUE = Problem(
    "setting_value",
    Text("{origin} 里 {name} 的值 {value:quote} 不能用", "{origin} gives {name} the value {value:quote}, which cannot be used"),
    Text("{expected}", "{expected}"),
    Text("改成上面那样的值", "write a value like that"),
)
UNKNOWN_ZONE = Problem(
    "time_zone_unknown",
    Text("{origin} 里的时区 {zone:quote} 不存在", "{origin} names the time zone {zone:quote}, which does not exist"),
    Text("一个时区名，例如 Asia/Shanghai；最接近的是 {nearest}", "the name of a zone, such as Asia/Shanghai; the nearest is {nearest}"),
    Text("改成上面那样的名字", "write a name like that"),
)
NOT_UTF8 = Text("不是 UTF-8 编码：用编辑器另存为 UTF-8", "it is not UTF-8: save it as UTF-8 in an editor")
COMMAND_LINE = Text("命令行", "the command line")
WHOLE_NUMBER = Text("一个整数", "a whole number")
BAD_FILE = Problem(
    "setting_file",
    Text("读不懂 {path}：{reason}", "cannot read {path}: {reason}"),
    Text("一个正确的 TOML 文件", "a valid TOML file"),
    Text(
        "按提示的行号改正，或删掉文件让 productloop init 重建",
        "mend the line named, or remove the file and let productloop init make a new one",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Resolved settings of one workspace."""

    values: dict[str, Value]
    origins: dict[str, str]
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, Text] = field(default_factory=dict)
    """What events are called in both languages, by their names in the data."""
    playbook: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What can be done for a customer at risk, by name; the risk app reads cost, fit and texts."""
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rules by which somebody is told of a metric, by name; the risk app reads them."""

    def text(self, name: str) -> str:
        """A setting as text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A whole-number setting."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list setting."""
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    def flag(self, name: str) -> bool:
        """A yes/no setting."""
        return bool(self.values[name])


def load_settings(path: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any] | None = None) -> Settings:
    """Resolve all settings. `path` may not exist. Raises UsageError for an unknown key or a value of the wrong kind."""
    document = _read(path)
    values: dict[str, Value] = {setting.name: setting.default for setting in SETTINGS}
    origins = {setting.name: "default" for setting in SETTINGS}
    for section, content in document.items():
        if section in FREE_SECTIONS:
            if not isinstance(content, dict) or not all(isinstance(entry, dict) for entry in content.values()):
                raise UsageError(BAD_VALUE, origin=path.name if path else "file", name=section, value=content, expected=f"[{section}.NAME]")
            continue
        if section == EVENTS_SECTION:
            continue
        entries = content.items() if isinstance(content, dict) else [("", content)]
        for key, value in entries:
            _set(values, origins, f"{section}.{key}" if key else section, value, path.name if path else "file")
    for setting in SETTINGS:
        if setting.variable in environment:
            _set(values, origins, setting.name, environment[setting.variable], setting.variable)
    for name, value in (flags or {}).items():
        if value is not None:
            _set(values, origins, name, value, "flag")
    check_zone(str(values["product.time_zone"]), _shown(origins["product.time_zone"]))
    if values["product.week_start"] not in ("monday", "sunday"):
        raise UsageError(
            BAD_VALUE,
            origin=_shown(origins["product.week_start"]),
            name="product.week_start",
            value=values["product.week_start"],
            expected="monday / sunday",
        )
    events = _event_labels(document.get(EVENTS_SECTION, {}), path.name if path else "file")
    free = {section: dict(document.get(section, {})) for section in FREE_SECTIONS}
    return Settings(values, origins, free["tasks"], free["sources"], events, free["playbook"], free["alerts"])


def _event_labels(content: Any, origin: str) -> dict[str, Text]:
    """Name in the data -> its names in Chinese and English; one name without a bar serves both."""
    if not isinstance(content, dict):
        raise UsageError(BAD_VALUE, origin=origin, name=EVENTS_SECTION, value=str(content), expected=EVENT_FORM)
    labels = {}
    for name, value in content.items():
        parts = [part.strip() for part in value.split("|")] if isinstance(value, str) else []
        fits = all(part.isprintable() and 0 < len(part) <= MAX_LABEL_CHARACTERS for part in parts)
        if len(parts) not in (1, 2) or not fits:
            raise UsageError(BAD_VALUE, origin=origin, name=f"{EVENTS_SECTION}.{name}", value=str(value), expected=EVENT_FORM)
        labels[name] = Text(zh=parts[0], en=parts[-1])
    return labels


def _read(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(BAD_FILE, path=str(path), reason=str(error)) from error
    except UnicodeDecodeError as error:
        raise UsageError(BAD_FILE, path=str(path), reason=NOT_UTF8) from error
    except OSError as error:
        raise UsageError(BAD_FILE, path=str(path), reason=reason_of(error)) from error


def check_zone(zone: str, origin: Text | str) -> None:
    """Raise UsageError, with the nearest name, unless `zone` is the name of a time zone. `origin` says who named it."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        nearest = difflib.get_close_matches(zone, sorted(available_timezones()), 1, 0.5)
        raise UsageError(UNKNOWN_ZONE, origin=origin, zone=zone, nearest=nearest[0] if nearest else "UTC") from error


def _shown(origin: str) -> Text | str:
    return COMMAND_LINE if origin == "flag" else origin


def _set(values: dict[str, Value], origins: dict[str, str], name: str, value: Any, origin: str) -> None:
    setting = BY_NAME.get(name)
    if setting is None:
        nearest = difflib.get_close_matches(name, BY_NAME, 1, 0.3)
        raise UsageError(UNKNOWN_SETTING, origin=_shown(origin), name=name, nearest=nearest[0] if nearest else "productloop settings")
    values[name] = _cast(setting, value, origin)
    origins[name] = origin


def _cast(setting: Setting, value: Any, origin: str) -> Value:
    default = setting.default
    expected: Text | str
    if isinstance(default, bool):
        known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if str(value).lower() in known:
            return known[str(value).lower()]
        expected = "true / false"
    elif isinstance(default, int):
        expected = WHOLE_NUMBER
        if not isinstance(value, bool | float) or (isinstance(value, float) and value.is_integer()):
            try:
                return int(value)
            except (TypeError, ValueError):
                pass
    elif isinstance(default, tuple):
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        if isinstance(value, list | tuple):
            return tuple(str(part) for part in value)
        expected = '["...", "..."]'
    else:
        if isinstance(value, str):
            return value
        expected = '"..."'
    raise UsageError(BAD_VALUE, origin=_shown(origin), name=setting.name, value=str(value), expected=expected)
