"""Worker functions that test procedures may name, beside the real ones of workers/."""

from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import BpmnError
from engine.service_tasks import Register, ServiceTask, load_workers


@dataclass(frozen=True, slots=True)
class Letter:
    """What the job `send_letter` takes."""

    text: str | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What it gives back."""

    tracking: str


@dataclass
class LetterBox:
    """The world outside: remembers every letter, and fails as it is told."""

    letters: list[Letter] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def send(self, letter: Letter) -> Receipt:
        """Send a letter, or raise the next failure that was asked for."""
        self.letters.append(letter)
        if self.failures:
            raise self.failures.pop(0)
        return Receipt(f"T{len(self.letters)}")

    def fail(self, times: int = 1) -> None:
        """Let the next letters fail for a technical reason."""
        self.failures += [RuntimeError("邮路不通")] * times

    def refuse(self, code: str) -> None:
        """Let the next letter fail for a business reason."""
        self.failures.append(BpmnError(code, "查无此址"))


@dataclass(frozen=True, slots=True)
class Question:
    """What the test decisions take."""

    value: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What they give back."""

    value: Any = None


def explode(question: Question) -> Answer:
    """A decision with a bug, as long as its question says so."""
    if question.value == "boom":
        raise RuntimeError("决定里有错误")
    return Answer(question.value)


def register_with(letters: LetterBox) -> Register:
    """Give the workers' register with the test functions beside it."""
    found = Register(dict(load_workers().tasks))
    found.add(ServiceTask("send_letter", True, letters.send, Letter, False, attempts=3))
    found.add(ServiceTask("explode", False, explode, Question, False))
    return found
