"""Jumps in the words of an order's timeline."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


def jump_line(kind: str, said: Mapping[str, Any], who: str, name: str) -> tuple[str, str] | None:
    """Give line and detail of a jump to the step `name`; None for any other event."""
    if kind != "InstanceJumped":
        return None
    was = "、".join(f"“{each.get('name', '')}”" for each in said.get("from", ()))
    return _("%(who)s从%(was)s跳转到“%(to)s”", who=who, was=was, to=name), str(said.get("reason", ""))
