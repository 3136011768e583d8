"""Bring people in from a file that was previewed."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.errors import Invalid
from engine.executor import Context
from engine.steps.acts import note
from engine.steps.people_lines import PersonLine, judge
from engine.store import people


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    people: int
    """Lines that added or renamed somebody."""
    memberships: int


@dataclass(frozen=True, slots=True)
class ImportLines:
    """Add and rename people and give them roles, all lines or none."""

    lines: Sequence[PersonLine]
    actor: str

    def run(self, ctx: Context) -> Imported:
        """Judge once more what the preview judged, then write. Raises Invalid, naming the first line that is wrong."""
        judged = judge(ctx, self.lines)
        for one in judged:
            if one.errors:
                raise Invalid(f"第 {one.line.row} 行:{one.errors[0]}")
        here = people.named(ctx.connection, {one.person for one in judged})
        named = {one.person: one.name for one in judged if here.get(one.person, ("", True))[0] != one.name}
        rows = [{"id": ident, "name": name, "active": here.get(ident, ("", True))[1]} for ident, name in named.items()]
        people.put_people(ctx.connection, rows)
        new = {(one.person, *one.belongs) for one in judged if one.belongs and "新增岗位" in one.does}
        people.put_memberships(ctx.connection, [{"person": p, "unit": u, "role": r} for p, u, r in sorted(new)])
        if rows or new:
            note(ctx, "PeopleImported", "", people=sorted(named), memberships=sorted(new))
        return Imported(len(rows), len(new))
