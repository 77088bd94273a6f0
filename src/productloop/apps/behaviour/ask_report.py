"""`ask` as a page: the question, what it was taken to mean, the command that asks the same, and the answer of its action."""

from __future__ import annotations

from productloop.apps.behaviour.ask_types import AskReport
from productloop.foundation.page import Block, Heading, Line, Page
from productloop.foundation.wording import say


def ask_page(report: AskReport) -> Page:
    """The query before the answer; a refused question with questions that work."""
    title = say("behaviour.ask.title")
    if report.command is None:
        return Page(title=title, blocks=tuple(_refused(report)))
    blocks: list[Block] = [
        Line(text=say("behaviour.ask.question", question=report.question)),
        Line(text=say("behaviour.ask.understood", sentence=report.sentence), tone="good"),
        Line(text=say("behaviour.ask.command", command=report.command)),
    ]
    answer = _answer(report)
    if answer is None:
        blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
        if not any(caution.key.startswith("behaviour.ask.not") for caution in report.cautions):
            blocks.append(Line(text=say("behaviour.ask.go")))
        return Page(title=title, blocks=tuple(blocks))
    own = [caution for caution in report.cautions if caution.key.startswith("behaviour.ask.")]
    blocks += [Line(text=caution, tone="caution") for caution in own]
    return Page(title=title, blocks=(*blocks, Heading(text=answer.title), *answer.blocks), details=answer.details)


def _answer(report: AskReport) -> Page | None:
    """The page of the action that answered; None when nothing was run."""
    from productloop.apps.behaviour.actions import ACTIONS  # the list holds `ask` itself

    action = next((action for action in ACTIONS if action.name == report.answer_action), None)
    return None if action is None or report.answer is None else action.page(action.report.model_validate(report.answer))


def _refused(report: AskReport) -> list[Block]:
    blocks: list[Block] = []
    if report.question:
        blocks += [Line(text=say("behaviour.ask.question", question=report.question)), Line(text=say("behaviour.ask.refused"), tone="bad")]
        if report.unknown:
            blocks.append(Line(text=say("behaviour.ask.unknown", words=", ".join(report.unknown))))
    elif report.suggestions:
        blocks.append(Line(text=say("behaviour.ask.empty", example=report.suggestions[0])))
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions if caution.key.startswith("behaviour.ask.")]
    if report.suggestions:
        blocks.append(Heading(text=say("behaviour.ask.try")))
        blocks += [Line(text=say("behaviour.ask.suggestion", question=text)) for text in report.suggestions]
    return blocks
