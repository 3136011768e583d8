"""The tree of units, and what roles are called."""

from dataclasses import dataclass

from engine.domain.accounts import shown_name, word_id
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.executor import Context
from engine.steps.acts import note
from engine.store import calendars, people


@dataclass(frozen=True, slots=True)
class AddUnit:
    """Open a unit below another, or at the top."""

    unit: str
    name: str
    actor: str
    parent: str | None = None
    calendar: str | None = None

    def run(self, ctx: Context) -> str:
        """Give the code as kept. Raises Invalid, Conflict where the code is taken."""
        ident = word_id(self.unit, "单位")
        taken = people.unit_name(ctx.connection, ident)
        if taken is not None:
            raise Conflict(f"单位代码 {ident} 已经有了,是{taken}")
        _check(ctx, self.parent, self.calendar)
        row = {"id": ident, "name": shown_name(self.name, "单位名称"), "parent": self.parent or None}
        people.put_units(ctx.connection, [{**row, "kind": "unit", "calendar": self.calendar or None}])
        note(ctx, "UnitAdded", ident, name=row["name"], parent=row["parent"], calendar=self.calendar or None)
        return ident


@dataclass(frozen=True, slots=True)
class ChangeUnit:
    """Rename a unit, move it in the tree, let it count by another calendar."""

    unit: str
    name: str
    actor: str
    parent: str | None = None
    calendar: str | None = None

    def run(self, ctx: Context) -> None:
        """Its code stays. Raises NotFound, Invalid where it would come to stand below itself."""
        if people.unit_name(ctx.connection, self.unit) is None:
            raise NotFound(f"没有单位 {self.unit}")
        _check(ctx, self.parent, self.calendar)
        above, parents = self.parent or None, people.parents(ctx.connection)
        while above is not None:
            if above == self.unit:
                raise Invalid("单位不能归自己或自己的下级管")
            above = parents.get(above)
        changed = {
            "name": shown_name(self.name, "单位名称"),
            "parent": self.parent or None,
            "calendar": self.calendar or None,
        }
        people.change_unit(ctx.connection, self.unit, **changed)
        note(ctx, "UnitChanged", self.unit, **changed)


@dataclass(frozen=True, slots=True)
class PutRole:
    """Give a role a name people know; a new code becomes known by it."""

    role: str
    name: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises Invalid."""
        ident, name = word_id(self.role, "岗位"), shown_name(self.name, "岗位名称")
        people.put_roles(ctx.connection, [{"id": ident, "name": name}])
        note(ctx, "RolePut", ident, name=name)


def _check(ctx: Context, parent: str | None, calendar: str | None) -> None:
    if parent and people.unit_name(ctx.connection, parent) is None:
        raise Invalid(f"没有上级单位 {parent}")
    if calendar and calendar not in calendars.names(ctx.connection):
        raise Invalid(f"没有工作日历 {calendar}")
