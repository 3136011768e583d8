"""Forms that let people choose people: the holders of a role, as they are now."""

from collections.abc import Mapping
from typing import Any

from engine.executor import Context
from engine.forms import FormSchema
from engine.store import people


def staffed(ctx: Context, form: FormSchema, record: Mapping[str, Any]) -> FormSchema:
    """Give a form with the active holders of its roles as options; the form itself where it asks for nobody."""
    roles = form.roles
    return form.staffed(people.named_with_role(ctx.connection, roles), record) if roles else form
