"""Admins' acts, written down in the transaction that does them."""

from typing import Any

from engine.executor import Context
from engine.store import admin_events


def note(ctx: Context, kind: str, subject: str, /, **payload: Any) -> None:
    """Write down what was done to whom; kind in the past tense."""
    admin_events.add(ctx.connection, ctx.now, ctx.actor.id, kind, subject, payload)
