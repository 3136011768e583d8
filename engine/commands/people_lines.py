"""Bring people in from a file that was previewed."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.errors import Invalid
from engine.executor import Context
from engine.steps.acts import note
from engine.steps.people_lines import Judged, PersonLine, judge
from engine.store import people, reach


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    people: int
    """Lines that added or renamed somebody."""
    memberships: int
    addresses: int
    """People whose mail address or phone number was written."""


@dataclass(frozen=True, slots=True)
class ImportLines:
    """Add and rename people, give them roles and write their addresses, all lines or none."""

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
        reached = _addresses(ctx, judged)
        reach.put(ctx.connection, reached)
        if rows or new or reached:
            told = sorted(
                str(row["person"]) for row in reached
            )  # whose, not which: addresses stay out of the admins' log
            note(ctx, "PeopleImported", "", people=sorted(named), memberships=sorted(new), addresses=told)
        return Imported(len(rows), len(new), len(reached))


def _addresses(ctx: Context, judged: Sequence[Judged]) -> list[dict[str, str | None]]:
    """Give the addresses of those for whom the file brings another one, beside what they keep."""
    said: dict[str, dict[str, str]] = {}
    for one in judged:
        for kind, address in (("email", one.email), ("phone", one.phone)):
            if address:
                said.setdefault(one.person, {})[kind] = address
    here = reach.addresses(ctx.connection, said)
    rows: list[dict[str, str | None]] = []
    for person, told in said.items():
        kept = here.get(person, {"email": None, "phone": None})
        if {**kept, **told} != kept:
            rows.append({"person": person, **kept, **told})
    return rows
