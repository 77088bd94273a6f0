"""Drafts of a reply to a storm, in Chinese and in English: written from the figures, with blanks for what only a person knows.

Where a language model is set it may put the draft into other words. It sees names of slots, never the numbers, and what comes back is
taken only if every slot is still there, once, and no number stands outside; else the draft stays as it was. Nothing is ever sent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from productloop.apps.needs import storm_wording
from productloop.apps.needs.storm_types import Reply
from productloop.foundation.errors import ProviderUnreachable
from productloop.foundation.wording import Language, Text
from productloop.llm.provider import Provider
from productloop.text.language import detect

SLOT = re.compile(r"\{(\w+)\}")
MAX_LETTERS = 1500


def draft(language: Language, values: Mapping[str, str], provider: Provider | None) -> Reply:
    """One draft. `values`: slot -> words; a sentence whose slot is missing is left out, blanks are always there."""
    filled = {**{name: text.in_language(language) for name, text in storm_wording.BLANKS.items()}, **values}
    parts = [part.in_language(language) for part in storm_wording.REPLY if part.slots(language) <= filled.keys()]
    template = ("" if language == "zh" else " ").join(parts)
    reworded = None if provider is None else _reworded(template, language, provider)
    text = template if reworded is None else reworded
    return Reply(
        language=language,
        text=Text(zh=text, en=text).render(language, **filled),
        source="template" if reworded is None else "provider",
    )


def readable(name: str, language: Language) -> bool:
    """Whether a topic's name can stand in a reply of this language: English readers are spared Chinese words."""
    return bool(name) and (language == "zh" or detect(name) not in ("zh", "mixed", "ja"))


def _reworded(template: str, language: Language, provider: Provider) -> str | None:
    """The draft in the model's words; None where it broke the lock or did not answer."""
    try:
        answer = provider.complete(storm_wording.REWORD.in_language(language), template, max_tokens=600).text.strip()
    except ProviderUnreachable:
        return None
    return answer if keeps_numbers_locked(template, answer) else None


def keeps_numbers_locked(template: str, answer: str) -> bool:
    """Whether `answer` has the slots of `template`, each as often, and neither numbers nor words of quantity nor braces outside them."""
    outside = SLOT.sub(" ", answer)
    return (
        0 < len(answer) <= MAX_LETTERS
        and Counter(SLOT.findall(answer)) == Counter(SLOT.findall(template))
        and not any(character.isnumeric() and character != storm_wording.ONE for character in outside)
        and not storm_wording.QUANTITY.search(outside)
        and not {"{", "}"} & set(outside)
    )
