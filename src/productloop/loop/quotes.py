"""A stored text as it is quoted: what the person said, and nothing else.

App stores keep the title apart, and it is often half of the sentence ("Camera" / "Just great"); some exports append the developer's answer
to the review, which the person never said.
"""

from __future__ import annotations

from productloop.text.cleaning import strip_reply


def as_said(title: str | None, text: str | None) -> str:
    """Title and text on a line each, without an appended answer; a title that the text repeats is not said twice."""
    said = strip_reply(text or "").strip()
    head = (title or "").strip()
    return said if not head or said.startswith(head) else f"{head}\n{said}" if said else head
