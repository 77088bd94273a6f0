"""A message leaves by webhook or mail. One try each: what does not arrive is kept and tried at the next run.

Webhook: POST of a JSON object with the figures and a sentence in `text` (which Slack shows as it is); WeCom, DingTalk and Feishu robots get the envelope
their documents ask for. Redirects are not followed. Mail: SMTP (RFC 5321) with STARTTLS or TLS; without encryption only to this machine, so a
password never travels in the open. Secrets come from the environment alone; errors name the host, never the whole address.
"""

from __future__ import annotations

import ipaddress
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from productloop.foundation.errors import excerpt
from productloop.foundation.settings import Settings
from productloop.foundation.wording import Say, say

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a title, a text of some lines, the figures behind it."""

    title: str
    text: str
    data: dict[str, Any]


def channel_name(channel: str) -> str:
    """A channel as it can be shown: the host of a webhook, the address of a mail."""
    kind, _, target = channel.partition(":")
    if kind == "webhook" and not target.startswith("$"):
        return f"webhook {urlsplit(target).hostname or '?'}"
    return f"{kind} {target}"


def deliver(settings: Settings, channel: str, message: Message) -> Say | None:
    """Send; None when it arrived, else why not."""
    kind, _, target = channel.partition(":")
    if kind == "mail":
        return _mail(settings, target, message)
    address = target
    if target.startswith("$"):
        address = os.environ.get(target[1:], "").strip()
        if not address:
            return say("risk.alerts.error_variable", name=target[1:])
    return _post(address, message)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message goes where the person said, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(address: str, message: Message) -> Say | None:
    host = "?"
    try:
        parts = urlsplit(address)
        host = parts.hostname or "?"
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return say("risk.alerts.error_address", host=host)
        body = json.dumps(_envelope(host, message), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "productloop"}
        request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 (http and https only, checked above)
        proxies: dict[str, str] | None = {} if _is_here(host) else None
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            refused = _refused(answer.read(2000))
            return None if refused is None else say("risk.alerts.error_refused", host=host, reason=refused)
    except urllib.error.HTTPError as error:
        error.close()
        return say("risk.alerts.error_refused", host=host, reason=f"HTTP {error.code}")
    except (OSError, ValueError) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        return say("risk.alerts.error_unreachable", host=host, reason=excerpt(cause, 80))


def _envelope(host: str, message: Message) -> dict[str, Any]:
    text = f"{message.title}\n{message.text}"
    if host in ("qyapi.weixin.qq.com", "oapi.dingtalk.com"):
        return {"msgtype": "text", "text": {"content": text}}
    if host in ("open.feishu.cn", "open.larksuite.com"):
        return {"msg_type": "text", "content": {"text": text}}
    return {"text": text, **message.data}


def _refused(answer: bytes) -> str | None:
    """What a robot says that answers 200 and means no (WeCom, DingTalk: errcode; Feishu: code)."""
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    code = found.get("errcode", found.get("code", 0)) if isinstance(found, dict) else 0
    return f"{code} {excerpt(found.get('errmsg', found.get('msg', '')), 60)}" if isinstance(code, int) and code != 0 else None


def _mail(settings: Settings, to: str, message: Message) -> Say | None:
    host, port, security = settings.text("mail.host"), settings.number("mail.port"), settings.text("mail.security")
    user, variable = settings.text("mail.user"), settings.text("mail.password_variable")
    sender = settings.text("mail.sender") or (user if "@" in user else "")
    if not host or not sender:
        return say("risk.alerts.error_mail_unset")
    if security not in ("starttls", "tls", "none") or (security == "none" and not _is_here(host)):
        return say("risk.alerts.error_mail_open", host=host)
    password = os.environ.get(variable, "")
    if user and not password:
        return say("risk.alerts.error_variable", name=variable)
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = " ".join(message.title.split()), sender, to
    mail.set_content(message.text)
    context = ssl.create_default_context()
    try:
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
            if security == "tls"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        with server:
            if security == "starttls":
                server.starttls(context=context)
            if user:
                server.login(user, password)
            server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        return say("risk.alerts.error_login", host=host, reason=f"SMTP {error.smtp_code}")
    except smtplib.SMTPResponseException as error:
        return say("risk.alerts.error_refused", host=host, reason=f"SMTP {error.smtp_code}")
    except smtplib.SMTPRecipientsRefused:
        return say("risk.alerts.error_recipient", host=host, to=to)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return say("risk.alerts.error_unreachable", host=host, reason=excerpt(error, 80))
    return None


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
