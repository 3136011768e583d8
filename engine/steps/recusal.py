"""Whom a case is about (回避): procedure.toml names where its record says so; they neither see it nor have a hand in it."""

from collections.abc import Mapping
from typing import Any

from engine.domain.procedure import Procedure


def about(procedure: Procedure, record: Mapping[str, Any]) -> frozenset[str]:
    """Give the people whom a record's names hold: one id, or a list of them."""
    found: set[str] = set()
    for key in procedure.recused:
        value = record.get(key)
        found.update(str(who) for who in (value if isinstance(value, list) else [value]) if who)
    return frozenset(found)
