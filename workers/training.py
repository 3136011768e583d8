"""Training by daily sheets: is a sheet right, has enough been served, is a certificate still valid."""

from dataclasses import dataclass
from datetime import date

from engine import Facts, decision

DAILY_CAP = 8.0
"""Machine hours one person may have in a day unless the diagram says otherwise: a working day. A suggestion, not from the text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A daily sheet as the trainer has filled it."""

    kind: str | None = None
    day: str | None = None
    """ISO day; nothing said means today."""
    hours: float | None = None
    attended: bool = True
    corrects: bool = False
    trainee: str | None = None
    cap: float = DAILY_CAP


@dataclass(frozen=True, slots=True)
class SheetChecked:
    """The sheet's day, who filled it, and what has to be put right before the trainee may sign; nothing if it is right."""

    day: str
    by: str
    problem: str = ""


@decision("training_sheet_check")
def check_sheet(sheet: Sheet, facts: Facts) -> SheetChecked:
    """Filled by another, one sheet a day and kind, no day to come, and no more machine hours in a day than a person can work."""
    day = date.fromisoformat(sheet.day) if sheet.day else facts.today
    held = facts.training_day(day)
    before = [s for s in held if s.kind == sheet.kind]
    hours = (sheet.hours or 0) * sheet.attended + sum(s.hours for s in held if s not in before)
    if facts.actor == sheet.trainee:
        problem = "学员不能填自己的培训表"
    elif day > facts.today:
        problem = f"{day} 还没到,不能先填"
    elif before and not sheet.corrects:
        problem = f"{day} 这一科目已有培训表;要改请勾选更正"
    elif sheet.corrects and not before:
        problem = f"{day} 这一科目还没有培训表,不用更正"
    elif hours > sheet.cap:
        problem = f"{day} 上机合计 {hours:g} 小时,超过每天 {sheet.cap:g} 小时"
    else:
        problem = ""
    return SheetChecked(day.isoformat(), facts.actor, problem)


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a stage asks for at least."""

    stage: str
    min_days: float
    min_hours: float = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been served: working days, machine hours, and whether that is enough."""

    days: int
    hours: float
    enough: bool


@decision("training_progress")
def progress(minimum: Minimum, facts: Facts) -> Progress:
    """Working days and machine hours of a stage from signed sheets, against its minimum; reaching it is enough."""
    served = facts.training_totals().get(minimum.stage)
    days, hours = (served.days, served.hours) if served else (0, 0.0)
    return Progress(days, hours, days >= minimum.min_days and hours >= minimum.min_hours)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as filed."""

    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateChecked:
    """Whether it is valid today; the last day printed on it still is."""

    valid: bool
    problem: str = ""


@decision("certificate_check")
def check_certificate(certificate: Certificate, facts: Facts) -> CertificateChecked:
    """The date printed on the card decides."""
    if not certificate.valid_until:
        return CertificateChecked(False, "没有写证书有效期")
    if date.fromisoformat(certificate.valid_until) < facts.today:
        return CertificateChecked(False, f"证书已于 {certificate.valid_until} 过期")
    return CertificateChecked(True)
