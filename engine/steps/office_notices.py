"""Notices of the office itself, which belong to no case: a duty that changes hands, a calendar that changes or is missing."""

from collections.abc import Mapping

from engine.executor import Context
from engine.steps.notices import CONSOLE
from engine.store import outbox


def put(ctx: Context, notice: str, told: Mapping[str, tuple[str, str]], occasion: str) -> None:
    """Put one row into the outbox for each person, who is told (subject, body); of an occasion nobody is told twice."""
    rows = [
        {
            "instance_id": None,
            "channel": CONSOLE,
            "recipient": person,
            "notice": notice,
            "subject": subject[:200],
            "body": body,
            "idempotency_key": f"{notice}:{occasion}:{person}"[:80],
            "created_at": ctx.now,
            "run_at": ctx.now,
            "state": "ready",
            "fence": 0,
            "attempts": 0,
        }
        for person, (subject, body) in told.items()
    ]
    if rows:
        outbox.put(ctx.connection, rows)
