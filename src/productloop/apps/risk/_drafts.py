"""Messages for an action of a campaign: from its template, or by a language model that may not add a number or a promise.

One message an action, not one a person: it holds no personal data, and three messages get read where three hundred are waved through. A model is
given the template alone, never a customer. What it writes is taken only if it is number-locked: no digit, number word, quantity word, address or slot that the
template lacks; else, and where no model answers, the template stands. Nothing leaves before a person approves it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

from productloop.apps.risk import prevent_wording as wording
from productloop.apps.risk._playbook import Treatment
from productloop.foundation.errors import ProviderUnreachable
from productloop.llm.provider import Provider
from productloop.loop.action import Run
from productloop.loop.campaigns import Draft

MAX_CHARACTERS = 600
_NUMBERS = re.compile(
    r"[0-9０-９%％‰¥$€£]|[一二三四五六七八九十百千万亿两]+\s*(?:折|倍|半|成|元|块|天|日|周|个?月|年(?!付)|次|分钟|小时|人|份|分之)|半价|一半|翻倍|免费"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half|third|quarter|twice|double|triple|percent|free)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|@|\{(?!product\})|<")
SYSTEM = (
    "You write one short message from a product's team to a customer, in Chinese and in English. Keep the meaning of the template. "
    "No numbers, no prices, no discounts, no deadlines, no promises that the template does not make, no links, no names. Keep {product} as it is. "
    'Answer with JSON: {"zh": "...", "en": "..."}'
)
SCHEMA = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}, "required": ["zh", "en"]}


def draft_id(campaign: str, action: str) -> str:
    """Short name by which a person approves a message."""
    return hashlib.sha256(f"{campaign}|{action}".encode()).hexdigest()[:8]


def make_drafts(run: Run, campaign: str, treatments: Sequence[Treatment], at: int) -> list[Draft]:
    """One waiting message for each action."""
    found = []
    for treatment in treatments:
        zh, en = treatment.message.zh, treatment.message.en
        source, written = "template", None if run.provider is None else _written(run.provider, zh, en)
        if written is not None and run.provider is not None:
            (zh, en), source = written, run.provider.name
        product = run.settings.text("product.name")
        zh, en = (text.replace("{product}", product or own) for text, own in ((zh, wording.OUR_PRODUCT.zh), (en, wording.OUR_PRODUCT.en)))
        found.append(Draft(draft_id(campaign, treatment.name), campaign, treatment.name, zh, en, source, "waiting", at))
    return found


def _written(provider: Provider, zh: str, en: str) -> tuple[str, str] | None:
    """The model's (Chinese, English) message where both hold to the rules."""
    try:
        answer = json.loads(provider.complete(SYSTEM, json.dumps({"zh": zh, "en": en}, ensure_ascii=False), schema=SCHEMA).text)
    except (ProviderUnreachable, ValueError):
        return None
    if not isinstance(answer, dict):
        return None
    texts = [answer.get("zh"), answer.get("en")]
    if not all(isinstance(text, str) and is_locked(text, template) for text, template in zip(texts, (zh, en), strict=True)):
        return None
    return str(texts[0]).strip(), str(texts[1]).strip()


def is_locked(text: str, template: str) -> bool:
    """Whether a text adds no number, quantity, address or slot to its template."""
    if not 0 < len(text.strip()) <= MAX_CHARACTERS or _ADDRESS.search(text):
        return False
    allowed = {match.group(0).lower() for match in _NUMBERS.finditer(template)}
    return all(match.group(0).lower() in allowed for match in _NUMBERS.finditer(text))
