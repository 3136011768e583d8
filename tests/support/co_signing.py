"""A paper that several sign before somebody files it, and short words for letting one more sign and taking one off."""

from typing import Any

from engine import AddCoSigner, ClaimUserTask, DropCoSigner, History
from tests.support.offices import Office
from tests.support.procedures import each, procedure, timer, user

REASON = "事关消防"
PEOPLE = ("zhou", "wu", "zheng")


def open_signing(
    office: Office,
    *,
    in_turn: bool = False,
    until: str = "",
    people: tuple[str, ...] = PEOPLE,
    named: str = "person:${signer}",
    **said: str,
) -> Office:
    """Start a case whose paper these people or units sign."""
    marker = each("people.split()", "signer", in_turn=in_turn, until=until)
    steps = user("sign", groups=named, inside=marker, **said), user("file")
    watch = (timer("sign_due", "到期", on="sign"),) if "due" in said else ()
    flows = "start >> sign >> file >> end" + ("; sign_due >> end" if watch else "")
    files = procedure(
        "paper",
        *steps,
        *watch,
        flows=flows,
        fields="people",
        forms={"sign": "opinion", "file": "note"},
        deadline=["sign"] if watch else [],
    )
    office.deploy(files)
    office.start("paper", people=" ".join(people))
    if named.startswith("person"):
        for key, who in enumerate(people[:1] if in_turn else people):
            office.engine.execute(ClaimUserTask(office.open_task("sign", str(key)).id, who))
    return office


def add(
    office: Office, who: str = "mei", by: str = "zhou", beside: str = "0", reason: str = REASON, **said: Any
) -> str:
    """Let one more sign; give their key."""
    office.engine.execute(AddCoSigner(office.open_task("sign", beside).id, by, who, reason, **said))
    return str(event(office, "CoSignerAdded").payload["key"])


def drop(office: Office, key: str, by: str = "sun", beside: str | None = None, reason: str = "已电话确认") -> None:
    """Take one off."""
    task = office.open_task("sign", key if beside is None else beside)
    office.engine.execute(DropCoSigner(task.id, by, key, reason))


def sign(office: Office, *keys: str, opinion: str = "同意") -> None:
    """Let some sign, each by whoever has the task or is named first."""
    for key in keys:
        task = office.open_task("sign", key)
        office.complete("sign", task.assignee or task.groups[0].partition(":")[2], key, opinion=opinion)


def signing(office: Office) -> list[str]:
    """Give the keys of those whose turn it is."""
    return sorted(t.item for t in office.case().open_tasks if t.element_id == "sign")


def event(office: Office, kind: str) -> Any:
    """Give the last event of a kind."""
    return [e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind][-1]


def told(office: Office, notice: str) -> list[str]:
    """Give whom a notice reached."""
    return sorted(row.person for row in office.rows("notification") if row.notice == notice)
