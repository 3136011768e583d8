"""People: bring them in, name them, place them in units, disable and enable them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.domain import reaching
from engine.domain.accounts import person_id, shown_name
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps import roles
from engine.steps.acts import note
from engine.store import accounts, people, reach


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """Insert or update an organisation; units come parents first, people with a list of {unit, role}, perhaps `email`, `phone`."""

    actor: str
    units: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    persons: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    roles: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def run(self, ctx: Context) -> int:
        """Give the number of people. Raises Invalid for a unit or membership that points nowhere, and for an address that is none."""
        known: set[str] = set()
        for unit in self.units:
            if unit.get("parent") and unit["parent"] not in known:
                raise Invalid(f"单位 {unit['id']} 的上级 {unit['parent']} 不存在或排在后面")
            known.add(unit["id"])
        if any(p["id"] == SYSTEM.id for p in self.persons):
            raise Invalid(f"账号 {SYSTEM.id} 留给系统自己用")
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
        people.put_roles(ctx.connection, [{"id": r["id"], "name": r["name"]} for r in self.roles])
        for kind, read in (("email", reaching.email), ("phone", reaching.phone)):
            said = [{"person": p["id"], kind: read(str(p[kind]))} for p in self.persons if p.get(kind)]
            reach.put(ctx.connection, said)
        return len(self.persons)


def _unit(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": said["id"],
        "name": said["name"],
        "parent": said.get("parent") or None,
        "kind": said.get("kind", "unit"),
        "calendar": said.get("calendar"),
    }


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Open an account, with a first role in a unit if one is named; it has no password yet."""

    person: str
    name: str
    actor: str
    unit: str = ""
    role: str = ""

    def run(self, ctx: Context) -> str:
        """Give the id as kept. Raises Invalid, Conflict where the account exists."""
        ident = person_id(self.person)
        if people.exists(ctx.connection, ident):
            raise Conflict(f"账号 {ident} 已经有了,是{people.name_of(ctx.connection, ident)}")
        name = shown_name(self.name)
        people.put_people(ctx.connection, [{"id": ident, "name": name, "active": True}])
        note(ctx, "PersonAdded", ident, name=name)
        if self.unit or self.role:
            _place(ctx, ident, self.unit, self.role)
        return ident


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Call somebody by another name; the account stays."""

    person: str
    name: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Invalid."""
        _require(ctx, self.person)
        name, was = shown_name(self.name), people.name_of(ctx.connection, self.person)
        if name != was:
            people.change(ctx.connection, self.person, name=name)
            note(ctx, "PersonChanged", self.person, name=name, was=was)


@dataclass(frozen=True, slots=True)
class DisablePerson:
    """Shut an account at once: every session ends, nothing can be done in this name."""

    person: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give how many sessions ended. The tasks stay in hand until they are handed over. Raises NotFound, Conflict."""
        _require(ctx, self.person)
        if (ADMIN in _roles_of(ctx, self.person)) and not people.others_with_role(ctx.connection, ADMIN, self.person):
            raise Conflict("这是最后一个在用的管理员,停用之后没有人能管理系统;请先让别人当管理员")
        people.change(ctx.connection, self.person, active=False)
        ended = accounts.close_sessions_of(ctx.connection, self.person)
        note(ctx, "PersonDisabled", self.person, sessions=ended)
        return ended


@dataclass(frozen=True, slots=True)
class EnablePerson:
    """Let a disabled account work again, with the password and memberships it had."""

    person: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound."""
        _require(ctx, self.person)
        people.change(ctx.connection, self.person, active=True)
        accounts.forget_failures(ctx.connection, self.person)
        note(ctx, "PersonEnabled", self.person)


@dataclass(frozen=True, slots=True)
class PutMembership:
    """Give somebody a role in a unit."""

    person: str
    unit: str
    role: str
    actor: str

    def run(self, ctx: Context) -> None:
        """A membership that is there already stays. Raises NotFound, Invalid for an unknown unit or role."""
        _require(ctx, self.person)
        _place(ctx, self.person, self.unit, self.role)


@dataclass(frozen=True, slots=True)
class DropMembership:
    """Take a role in a unit from somebody; tasks already in hand stay there."""

    person: str
    unit: str
    role: str
    actor: str

    def run(self, ctx: Context) -> None:
        """A membership that is not there is no matter. Raises NotFound, Conflict for the last admin."""
        _require(ctx, self.person)
        others = people.others_with_role(ctx.connection, ADMIN, self.person) if self.role == ADMIN else [""]
        if not people.drop_membership(ctx.connection, self.person, self.unit, self.role):
            return
        if not others and ADMIN not in _roles_of(ctx, self.person):
            raise Conflict("这是最后一个在用的管理员;请先让别人当管理员")
        note(ctx, "MembershipDropped", self.person, unit=self.unit, role=self.role)


def _require(ctx: Context, person: str) -> None:
    if not people.exists(ctx.connection, person):
        raise NotFound(f"没有账号 {person}")


def _roles_of(ctx: Context, person: str) -> set[str]:
    return {role for _, role in people.memberships_of(ctx.connection, [person]).get(person, set())}


def _place(ctx: Context, person: str, unit: str, role: str) -> None:
    if people.unit_name(ctx.connection, unit) is None:
        raise Invalid(f"没有单位 {unit}" if unit else "请选单位")
    if role not in roles.known(ctx):
        raise Invalid(f"没有岗位 {role};请先在“岗位”里加上" if role else "请选岗位")
    if (unit, role) in people.memberships_of(ctx.connection, [person]).get(person, set()):
        return
    people.put_memberships(ctx.connection, [{"person": person, "unit": unit, "role": role}])
    note(ctx, "MembershipPut", person, unit=unit, role=role)
