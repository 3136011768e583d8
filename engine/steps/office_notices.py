"""Notices of the office itself, which belong to no case: a duty that changes hands, a calendar that changes or is missing."""

from collections.abc import Mapping

from engine.domain.message import Message
from engine.domain.notice_rules import NoticeRules
from engine.executor import Context
from engine.steps.posting import post

RULES = NoticeRules(kind="office")


def put(ctx: Context, notice: str, told: Mapping[str, tuple[str, str]], occasion: str) -> None:
    """Tell each person (subject, body); of an occasion nobody is told twice."""
    messages = [
        Message(f"{notice}:{occasion}:{person}"[:80], person, notice, subject[:200], body, rules=RULES)
        for person, (subject, body) in told.items()
    ]
    post(ctx, messages)
