"""Notices of the office itself, which belong to no case: a duty that changes hands, a calendar that has to be confirmed."""

from collections.abc import Iterable

from engine.executor import Context
from engine.steps.notices import CONSOLE
from engine.store import outbox


def put(ctx: Context, notice: str, subject: str, body: str, recipients: Iterable[str], mark: str = "") -> None:
    """Put one row into the outbox for each person; `mark` names the occasion, else the moment does: an occasion is told once."""
    occasion = mark or ctx.now.isoformat()
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
        for person in dict.fromkeys(recipients)
    ]
    if rows:
        outbox.put(ctx.connection, rows)
