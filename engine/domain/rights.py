"""Who may give which command: one table. Finer questions (is it my task?) are asked by the command itself."""

from engine.domain.actors import SYSTEM, Actor

ADMIN = "admin"
OWNER = "process_owner"
PERSON = "person"
MACHINE = "machine"

TABLE: dict[str, frozenset[str]] = {
    "StartInstance": frozenset({PERSON}),
    "StartByMessage": frozenset({PERSON, MACHINE}),
    "ClaimUserTask": frozenset({PERSON}),
    "ReleaseUserTask": frozenset({PERSON}),
    "CompleteUserTask": frozenset({PERSON}),
    "UrgeUserTask": frozenset({PERSON}),
    "ExtendUserTask": frozenset({PERSON}),
    "RequestExtension": frozenset({PERSON}),
    "DecideExtension": frozenset({PERSON}),
    "WithdrawExtension": frozenset({PERSON}),
    "PauseCase": frozenset({PERSON}),
    "ResumeCase": frozenset({PERSON}),
    "ReviewPause": frozenset({MACHINE}),
    "CancelOrder": frozenset({PERSON}),
    "FollowLink": frozenset({PERSON}),
    "TransferUserTask": frozenset({PERSON}),
    "SaveDraft": frozenset({PERSON}),
    "DropDraft": frozenset({PERSON}),
    "UploadAttachment": frozenset({PERSON}),
    "RevealPersonal": frozenset({PERSON}),
    "LinkOrders": frozenset({PERSON}),
    "SendMessage": frozenset({PERSON, MACHINE}),
    "Deploy": frozenset({OWNER, ADMIN, MACHINE}),
    "MarkDemo": frozenset({MACHINE}),
    "SeedCalendars": frozenset({ADMIN, MACHINE}),
    "ChangeCalendar": frozenset({ADMIN, MACHINE}),
    "AddCalendar": frozenset({ADMIN}),
    "RenameCalendar": frozenset({ADMIN}),
    "KeepCalendars": frozenset({MACHINE}),
    "CatchUpCalendar": frozenset({MACHINE}),
    "NoteFailedLogin": frozenset({MACHINE}),
    "OpenSession": frozenset({MACHINE}),
    "TouchSession": frozenset({MACHINE}),
    "CloseSession": frozenset({PERSON, MACHINE}),
    "ChangePassword": frozenset({PERSON}),
    "ResetPassword": frozenset({ADMIN, MACHINE}),
    "AddPerson": frozenset({ADMIN, MACHINE}),
    "ChangePerson": frozenset({ADMIN, MACHINE}),
    "DisablePerson": frozenset({ADMIN, MACHINE}),
    "EnablePerson": frozenset({ADMIN, MACHINE}),
    "PutMembership": frozenset({ADMIN, MACHINE}),
    "DropMembership": frozenset({ADMIN, MACHINE}),
    "HandOverTasks": frozenset({ADMIN, MACHINE}),
    "ImportLines": frozenset({ADMIN, MACHINE}),
    "AddUnit": frozenset({ADMIN, MACHINE}),
    "ChangeUnit": frozenset({ADMIN, MACHINE}),
    "PutRole": frozenset({ADMIN, MACHINE}),
    "ImportPeople": frozenset({ADMIN, MACHINE}),
    "ChangeSetting": frozenset({ADMIN, MACHINE}),
    "PutRoster": frozenset({ADMIN, MACHINE}),
    "AddDutyTurn": frozenset({ADMIN, MACHINE}),
    "EndDutyTurn": frozenset({ADMIN}),
    "ChangeDuty": frozenset({ADMIN}),
    "HandOverDuty": frozenset({PERSON}),
    "DropDutyChange": frozenset({ADMIN}),
    "ReleaseDefinition": frozenset({OWNER, ADMIN}),
    "RollBack": frozenset({OWNER, ADMIN}),
    "RetryIncident": frozenset({ADMIN}),
    "SkipIncident": frozenset({ADMIN}),
    "CancelCase": frozenset({ADMIN}),
    "FireTimer": frozenset({MACHINE}),
    "LeaseJobs": frozenset({MACHINE}),
    "ExtendLease": frozenset({MACHINE}),
    "GiveBackJob": frozenset({MACHINE}),
    "CompleteJob": frozenset({MACHINE}),
    "FailJob": frozenset({MACHINE}),
    "DeliverMessage": frozenset({MACHINE}),
    "SealHistory": frozenset({MACHINE}),
    "LeaseOutbox": frozenset({MACHINE}),
    "ExtendOutbox": frozenset({MACHINE}),
    "GiveBackMessage": frozenset({MACHINE}),
    "FinishOutbox": frozenset({MACHINE}),
}


def may(actor: Actor, command: str) -> bool:
    """Say whether an actor's roles open a command at all; a command not in the table is open to nobody."""
    kinds = {MACHINE} if actor is SYSTEM else {PERSON, *actor.roles}
    return not kinds.isdisjoint(TABLE.get(command, frozenset()))
