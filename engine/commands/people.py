"""Bring units, people and memberships in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Invalid
from engine.executor import Context
from engine.store import people


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """Insert or update an organisation; units come parents first, people with a list of {unit, role}."""

    actor: str
    units: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    persons: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def run(self, ctx: Context) -> int:
        """Give the number of people. Raises Invalid for a unit or membership that points nowhere."""
        known: set[str] = set()
        for unit in self.units:
            if unit.get("parent") and unit["parent"] not in known:
                raise Invalid(f"单位 {unit['id']} 的上级 {unit['parent']} 不存在或排在后面")
            known.add(unit["id"])
        people.put_units(ctx.connection, [_unit(u) for u in self.units])
        people.put_people(
            ctx.connection, [{"id": p["id"], "name": p["name"], "active": p.get("active", True)} for p in self.persons]
        )
        belongs = [
            {"person": p["id"], "unit": m["unit"], "role": m["role"]}
            for p in self.persons
            for m in p.get("memberships", ())
        ]
        for row in belongs:
            if row["unit"] not in known:
                raise Invalid(f"{row['person']} 的单位 {row['unit']} 不存在")
        people.put_memberships(ctx.connection, belongs)
        return len(self.persons)


def _unit(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": said["id"],
        "name": said["name"],
        "parent": said.get("parent") or None,
        "kind": said.get("kind", "unit"),
        "calendar": said.get("calendar"),
    }
