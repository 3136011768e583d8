"""Somebody is told something: a procedure of one notice, and what became of it."""

from engine import ChangeReach, DeliveriesOf
from tests.support.offices import Office
from tests.support.procedures import procedure, tell, user


def deploy(office: Office, rules: str = "", to: str = "person:wang") -> None:
    """Start a case that will tell somebody."""
    files = procedure(
        "told",
        user("do"),
        tell("tell", "news", to),
        user("rest"),
        flows="start >> do >> tell >> rest >> end",
        forms={"do": "word", "rest": "word"},
        notices={"news": "有新消息\n请看"},
    )
    if rules:
        files["procedure.toml"] += f"\n[notice.news]\n{rules}\n".encode()
    office.deploy(files)
    office.start("told")


def told(office: Office, rules: str = "", to: str = "person:wang") -> None:
    """Tell somebody; nothing has left the house yet."""
    deploy(office, rules, to)
    office.complete("do", "zhou", word="好")


def ways(office: Office) -> list[tuple[str, str]]:
    """Give (channel, state) of every way of the case's notices."""
    found = office.engine.ask(DeliveriesOf(office.case().instance_id))
    return [(way.channel, way.state) for one in found for way in one.ways]


def reach(
    office: Office,
    person: str = "wang",
    email: str = "wang@example.invalid",
    phone: str = "13900001111",
    *,
    quiet: bool = False,
) -> None:
    """Write somebody's addresses."""
    office.engine.execute(ChangeReach(person, email, phone, quiet, person))
