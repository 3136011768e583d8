"""An office with a task in somebody's hands, and short words for asking people to sign it and for what came of it."""

from typing import Any

from engine import AskSigners, CompleteUserTask, DropSigner, History, Inbox, SignUserTask
from tests.support.offices import Office
from tests.support.procedures import procedure, user

QUESTION = "请看是否合规"


def open_desk(office: Office) -> Office:
    """Start an errand whose first step clerk zhou holds; another clerk checks it afterwards."""
    steps = user("draft", groups="clerk"), user("check", groups="clerk")
    office.deploy(procedure("errand", *steps, flows="start >> draft >> check >> end", forms={"draft": "text!"}))
    office.start("errand")
    office.claim("draft", "zhou")
    return office


def ask(office: Office, *to: str, mode: str = "before", who: str = "zhou", question: str = QUESTION) -> None:
    """Ask people to sign the draft."""
    office.engine.execute(AskSigners(office.open_task("draft").id, who, to, mode, question))


def sign(office: Office, who: str, agrees: bool = True, answer: str = "") -> None:
    """Sign the draft."""
    office.engine.execute(SignUserTask(office.open_task("draft").id, who, agrees, answer))


def drop(office: Office, person: str, who: str = "zhou", reason: str = "已电话确认") -> None:
    """Take somebody off who was asked to sign the draft."""
    office.engine.execute(DropSigner(office.open_task("draft").id, who, person, reason))


def hand_in(office: Office, who: str = "zhou", text: str = "拟办") -> bool:
    """Hand in the draft; say whether it waits for signatures."""
    return office.engine.execute(CompleteUserTask(office.open_task("draft").id, who, {"text": text}))


def todo(office: Office, who: str) -> list[str]:
    """Give the names of somebody's tasks."""
    return [row.name for row in office.engine.ask(Inbox("todo"), who).rows]


def told(office: Office, notice: str) -> list[str]:
    """Give whom a notice reached."""
    return sorted(row.person for row in office.rows("notification") if row.notice == notice)


def events(office: Office, kind: str) -> list[Any]:
    """Give the order's events of a kind."""
    return [e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind]
