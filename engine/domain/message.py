"""One message of a notice to one recipient, before it is decided by which ways it goes."""

from dataclasses import dataclass

from engine.domain.notice_rules import PLAIN, NoticeRules

OUTSIDE = "phone:"
"""How performer words name somebody outside the office, who has no inbox."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is to be told."""

    mark: str
    """Tells it from every other message for ever: the key under which it leaves, and stays the same over retries."""
    recipient: str
    """A person's id, or `phone:` and a number."""
    notice: str
    subject: str
    body: str
    instance_id: int | None = None
    meant: str = ""
    """The performer word that means the recipient."""
    rules: NoticeRules = PLAIN

    @property
    def is_outside(self) -> bool:
        """Whether it goes to somebody who has no inbox here."""
        return self.recipient.startswith(OUTSIDE)

    @property
    def address(self) -> str:
        """The recipient as the outbox knows them: a person's id, or a bare number."""
        return self.recipient.removeprefix(OUTSIDE)
