"""Links in a text, and which of them open something private: a reset link, a session in the address, a key in the query.

A plain link says what somebody talks about and stays; a link that carries a token, a key, a session, a password or a person's address is
a key lying in the street and is masked as a whole. The names of such parameters follow OAuth 2.0 (RFC 6749, RFC 6750), JWT (RFC 7519),
OpenID Connect, the presigned addresses of S3 and the session parameters of PHP and Java servlets.
"""

from __future__ import annotations

import re
from itertools import pairwise

_URL = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]{1,14}://|(?<![A-Za-z0-9@.])(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}(?::[0-9]{1,5})?[/?](?=[^ ]))[!-~]+"
)
_URL_END = ".,;:!?)]}>'\"*"
_STRICT_KEYS = re.compile(
    r"(?:access|refresh|id|auth|invite|reset|verify|session|client|app|user|x|csrf)?-?_?(?:tokens?|secrets?|password|passwd|pwd|session-?_?(?:id|key)?)"
    r"|api-?_?key|access-?_?key(?:-?_?id)?|(?:app|secret|auth|p|s)-?_?key|authorization|bearer|jwt|s?sid|jsessionid|phpsessid|asp\.net_sessionid"
    r"|sig|signature|otp|credentials?|cookie|(?:auth|access|verify)-?_?code|open-?_?id|union-?_?id|(?:user-?_?)?e-?_?mail|x-amz-[a-z-]+"
    r"|[a-z_-]+[_-](?:token|secret|session|password|apikey|jwt|signature|sid)|[a-z]+(?:token|secret|password|sessionid)",
    re.IGNORECASE,
)
# These keys also stand in harmless links (?key=shoes, ?code=SAVE10): their value must look made by a machine.
_LOOSE_KEYS = re.compile(
    r"(?:[a-z]+[_-])?(?:key|code|auth|sign|pass|phone|mobile|tel|ticket|sess|mail|link|magic|hash|phone_?number)", re.IGNORECASE
)
_SECRET_FOLDERS = re.compile(
    r"(?:tokens?|resets?|reset-?password|password-?reset|verify|verification|verify-?email|confirm|confirmation|activate|activation|sessions?|secrets?|invites?|invitations?|unsubscribe|magic|magic-?link"
    r"|webhooks?|recover|recovery|bind|api-?keys?)",
    re.IGNORECASE,
)
# Folders of plain pages too ("/login/2024-update"): only a long value without hyphens behind them is a key.
_LOOSE_FOLDERS = re.compile(r"login|signin|sso|services|hooks?|auth|keys?", re.IGNORECASE)
_LONG_KEY = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9_]{12,}")
_MACHINE_MADE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9_\-.~%+=:]{8,}|[0-9]{6,}|[A-Za-z0-9_-]{24,}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+")
_MAIL_IN_URL = re.compile(r"[A-Za-z0-9._+-]+(?:@|%40)(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.IGNORECASE)


def find_urls(line: str) -> list[tuple[int, int]]:
    """(start, end) of the links of a text in ASCII form, without the punctuation that ends the sentence around them."""
    if "/" not in line and "?" not in line:
        return []
    found = []
    for match in _URL.finditer(line):
        address = match.group().rstrip(_URL_END)
        found.append((match.start(), match.start() + len(address)))
    return found


def is_secret_link(address: str) -> bool:
    """Whether a link carries a key, a session, a password, an address of mail or of a person: it opens or names something private."""
    host_and_path, _, query = address.partition("?")
    rest = host_and_path.split("://", 1)[-1]
    if "@" in rest.split("/", 1)[0] or _MAIL_IN_URL.search(rest) or _MAIL_IN_URL.search(query) or _JWT.search(address):
        return True
    path, _, fragment = rest.partition("#")
    query, _, late_fragment = query.partition("#")
    for pair in re.split("[&;?/]", "&".join((query, fragment, late_fragment, *path.split(";")[1:]))):
        name, _, value = pair.partition("=")
        if value and _is_secret_pair(name, value):
            return True
    segments = path.split(";")[0].split("/")[1:]
    if any(_is_secret_pair(*part.split("=", 1)) for part in segments if "=" in part):
        return True
    return rest.startswith("hooks.") or any(_is_secret_step(folder, value) for folder, value in pairwise(segments))


def _is_secret_step(folder: str, value: str) -> bool:
    if _SECRET_FOLDERS.fullmatch(folder):
        return _MACHINE_MADE.fullmatch(value) is not None
    return _LOOSE_FOLDERS.fullmatch(folder) is not None and _LONG_KEY.fullmatch(value) is not None


def _is_secret_pair(name: str, value: str) -> bool:
    if _STRICT_KEYS.fullmatch(name):
        return True
    return _LOOSE_KEYS.fullmatch(name) is not None and _MACHINE_MADE.fullmatch(value) is not None
