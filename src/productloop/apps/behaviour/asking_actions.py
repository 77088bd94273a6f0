"""The actions about the data and the question themselves: `doctor` (can the data be believed?) and `ask` (a question in plain words)."""

from __future__ import annotations

from productloop.apps.behaviour import ask_wording, doctor_wording
from productloop.apps.behaviour.ask_report import ask_page
from productloop.apps.behaviour.ask_types import AskReport, AskRequest
from productloop.apps.behaviour.doctor_report import doctor_page
from productloop.apps.behaviour.doctor_types import DoctorReport, DoctorRequest
from productloop.loop.action import Action, Run


def doctor(run: Run, request: DoctorRequest) -> DoctorReport:
    """Before the numbers: what is wrong with the data, how far it moves them, and what to do."""
    from productloop.apps.behaviour._doctor import answer_doctor  # loads the array kernels

    return answer_doctor(run, request)


def ask(run: Run, request: AskRequest) -> AskReport:
    """A plain question as a query, shown before it runs."""
    from productloop.apps.behaviour._ask import answer_ask  # loads the grammar and the actions it may call

    return answer_ask(run, request)


DOCTOR = Action(
    name="doctor",
    title=doctor_wording.DOCTOR_TITLE,
    run=doctor,
    page=doctor_page,
    request=DoctorRequest,
    report=DoctorReport,
    effect="reads",
    length="quick",
    reads=("events", "actors", "changes"),
)
ASK = Action(
    name="ask",
    title=ask_wording.ASK_TITLE,
    run=ask,
    page=ask_page,
    request=AskRequest,
    report=AskReport,
    effect="reads",
    length="quick",
    reads=("events", "actors", "orders", "changes", "items", "metrics", "feedback", "assignments"),
)
ASKING_ACTIONS = (ASK, DOCTOR)
ASKING_TEXTS = {**doctor_wording.TEXTS, **ask_wording.TEXTS}
