"""Who may give which command: one table. Finer questions (is it my task?) are asked by the command itself."""

from engine.domain.actors import SYSTEM, Actor

ADMIN = "admin"
OWNER = "process_owner"
PERSON = "person"
MACHINE = "machine"

TABLE: dict[str, frozenset[str]] = {
    "StartInstance": frozenset({PERSON}),
    "ClaimUserTask": frozenset({PERSON}),
    "ReleaseUserTask": frozenset({PERSON}),
    "CompleteUserTask": frozenset({PERSON}),
    "UrgeUserTask": frozenset({PERSON}),
    "ExtendUserTask": frozenset({PERSON}),
    "CancelOrder": frozenset({PERSON}),
    "LinkOrders": frozenset({PERSON}),
    "SendMessage": frozenset({PERSON, MACHINE}),
    "Deploy": frozenset({OWNER, ADMIN, MACHINE}),
    "SeedCalendars": frozenset({ADMIN, MACHINE}),
    "ImportPeople": frozenset({ADMIN, MACHINE}),
    "ChangeSetting": frozenset({ADMIN, MACHINE}),
    "RetryIncident": frozenset({ADMIN, MACHINE}),
    "FireTimer": frozenset({MACHINE}),
    "LeaseJobs": frozenset({MACHINE}),
    "ExtendLease": frozenset({MACHINE}),
    "CompleteJob": frozenset({MACHINE}),
    "FailJob": frozenset({MACHINE}),
    "LeaseOutbox": frozenset({MACHINE}),
    "FinishOutbox": frozenset({MACHINE}),
}


def may(actor: Actor, command: str) -> bool:
    """Say whether an actor's roles open a command at all; a command not in the table is open to nobody."""
    kinds = {MACHINE} if actor is SYSTEM else {PERSON, *actor.roles}
    return not kinds.isdisjoint(TABLE.get(command, frozenset()))
