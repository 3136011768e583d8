"""Deadlines: one grammar for timers, camunda:dueDate, followUpDate and decision tables, and what each form means.

The grammar is written down in docs/reference/dialect.md (时限), the conventions in docs/reference/working-time.md.
This is the door: reading is in deadline_grammar, meaning in deadline_meaning, telling in deadline_receipt and _echo.
"""

from engine.domain.deadline_echo import Echo, Sample, echo
from engine.domain.deadline_grammar import parse, parse_cycle, parse_warning
from engine.domain.deadline_meaning import Cycle, Deadline, DueMoment, Unit, WarningPoint
from engine.domain.deadline_receipt import explain

__all__ = [
    "Cycle",
    "Deadline",
    "DueMoment",
    "Echo",
    "Sample",
    "Unit",
    "WarningPoint",
    "echo",
    "explain",
    "parse",
    "parse_cycle",
    "parse_warning",
]
