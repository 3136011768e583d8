"""Every error a caller may see, drawn as one tree; the class name is the stable error code.

EngineError
├── NotFound            the thing named does not exist (or may not be seen)
├── NotAllowed          the actor may not do this
│   └── LoginRefused    account, password or lock: never which
├── Conflict            someone else was first; reload and look again
│   ├── AlreadyClaimed  the task is in somebody else's hands
│   ├── Repeated        this very form was sent before: it counts once
│   ├── StaleState      another writer was first; the executor tries once more
│   └── Busy            the database is taken by another writer; the executor tries once more
├── Unavailable         the database is away or has no room; nothing is half-done
├── Invalid             the input breaks a rule the caller can fix
│   ├── InvalidForm     one or more fields of a form are refused
│   ├── InvalidDiagram  a deployment is refused, with findings per element
│   ├── InvalidExpression  an expression or script leaves the allowed subset
│   ├── InvalidLines    a text or table is refused line by line
│   ├── InvalidDeadline a text is not a deadline of our grammar
│   └── CalendarExhausted  a due moment lies beyond the calendar's last day (engine.domain.work_calendar)
├── StepFailed          the diagram could not go on; nothing was saved, an incident was recorded
│   └── DecisionConflict  two rows of a UNIQUE table hold at once (engine.bpmn.dmn)
└── BpmnError           a business error that a diagram may catch
"""

from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "没有这件工单,或者你不能看它"
"""What somebody is told of an order that is not there, or not there for them: never which."""


class EngineError(Exception):
    """Root of all errors with a sentence for people; `code` is the class name and never renamed."""

    @property
    def code(self) -> str:
        """The stable error code."""
        return type(self).__name__

    def is_a(self, code: str) -> bool:
        """Say whether this error's class or one of its ancestors has the given code."""
        return any(cls.__name__ == code for cls in type(self).__mro__)


class NotFound(EngineError):
    """The thing named does not exist, or the actor may not know that it does."""


class NotAllowed(EngineError):
    """The actor may not do this."""


class LoginRefused(NotAllowed):
    """Account, password or lock: the sentence never says which."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对,或者这个账号现在不能登录")


class Conflict(EngineError):
    """Someone else was first; reload and look again."""


class AlreadyClaimed(Conflict):
    """The task is in somebody else's hands."""


class Repeated(Conflict):
    """The very same form was sent before (a double click): it has counted, and counts once."""


class StaleState(Conflict):
    """Another writer was first: the state loaded is not the state stored any more."""


class Busy(Conflict):
    """Another writer kept the database for longer than we wait."""


class Unavailable(EngineError):
    """The database is away, or its disk is full: nothing is half-done, try again when it is back."""


class Invalid(EngineError):
    """The input breaks a rule that the caller can fix."""


class InvalidForm(Invalid):
    """One or more fields of a form are refused; `errors` maps field key to sentence, `answers` is what was typed."""

    def __init__(self, errors: Mapping[str, str], answers: Mapping[str, Any]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)
        self.answers = dict(answers)


class InvalidDiagram(Invalid):
    """A deployment is refused; `findings` lists element, rule and sentence."""

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = list(findings)


class InvalidExpression(Invalid):
    """An expression or script leaves the allowed subset."""


class InvalidLines(Invalid):
    """A text or table is refused as a whole; `lines` has one sentence for each thing wrong, with its line."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(";".join(lines))
        self.lines = list(lines)


class InvalidDeadline(Invalid):
    """A text is not a deadline of our grammar."""


class StepFailed(EngineError):
    """The diagram could not go on: nothing of the step was saved and an incident was recorded."""

    instance_id: int | None = None
    """Where it happened, as far as known."""


class BpmnError(EngineError):
    """A business error that a boundary event of the diagram may catch by its code."""

    def __init__(self, error_code: str, message: str = "") -> None:
        super().__init__(message or error_code)
        self.error_code = error_code
