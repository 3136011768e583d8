"""Lines of a people file judged against who is already here: what each would do, or what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from engine.domain import reaching
from engine.domain.accounts import person_id, shown_name
from engine.domain.errors import Invalid
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps import roles
from engine.store import people, reach

MOST = 5000
_ADDRESSES = {"email": "邮箱", "phone": "手机号"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line as typed; `row` is its number in the file."""

    row: int
    person: str
    name: str
    unit: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(slots=True)
class Judged:
    """One line with what it means."""

    line: PersonLine
    person: str = ""
    name: str = ""
    unit: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    """Both as they are kept; empty leaves what is there."""
    does: list[str] = field(default_factory=list)
    """What importing it changes, in words; empty means nothing."""
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def belongs(self) -> tuple[str, str] | None:
        """The membership it speaks of."""
        return (self.unit, self.role) if self.unit and self.role else None


def judge(ctx: Context, lines: Sequence[PersonLine]) -> list[Judged]:
    """Give every line's meaning; raise Invalid where there are none or too many."""
    if not lines:
        raise Invalid("文件里没有人员")
    if len(lines) > MOST:
        raise Invalid(f"一次至多导入 {MOST} 行,这个文件有 {len(lines)} 行;请分成几个文件")
    return _Judge(ctx, lines).all()


class _Judge:
    """Knows who and what is here, and what earlier lines said."""

    def __init__(self, ctx: Context, lines: Sequence[PersonLine]) -> None:
        self.lines = lines
        self.units, self.roles = _Names(people.unit_names(ctx.connection)), _Names(roles.known(ctx))
        idents = {line.person.strip().lower() for line in lines}
        self.here = people.named(ctx.connection, idents)
        self.belongs = people.memberships_of(ctx.connection, idents)
        self.addresses = reach.addresses(ctx.connection, idents)
        self.said: dict[str, tuple[str, int]] = {}
        """Name and first line of the people of this file."""
        self.told: dict[tuple[str, str], tuple[str, int]] = {}
        """Address and its first line, by person and `email` or `phone`."""

    def all(self) -> list[Judged]:
        """Judge the lines in order: a later one knows what an earlier one brings."""
        return [self._one(line) for line in self.lines]

    def _one(self, line: PersonLine) -> Judged:
        found = Judged(line)
        found.person = _tried(found, lambda: person_id(line.person)) or ""
        found.unit = _tried(found, lambda: self.units.code(line.unit, "单位")) or ""
        found.role = _tried(found, lambda: self.roles.code(line.role, "岗位")) or ""
        if bool(line.unit.strip()) != bool(line.role.strip()):
            found.errors.append("单位和岗位要一起填,或者都空着")
        if found.person:
            self._name(found)
            found.email = self._address(found, "email", line.email, reaching.email)
            found.phone = self._address(found, "phone", line.phone, reaching.phone)
        if not found.errors:
            self._membership(found)
        return found

    def _name(self, found: Judged) -> None:
        line, (name_here, active) = found.line, self.here.get(found.person, ("", True))
        earlier, row = self.said.get(found.person, ("", 0))
        found.name = _tried(found, lambda: shown_name(line.name or earlier or name_here)) or ""
        if not found.name:
            return
        if earlier and earlier != found.name:
            found.errors.append(f"同一个账号在第 {row} 行叫“{earlier}”")
        if not earlier:
            self.said[found.person] = (found.name, line.row)
            if not name_here:
                found.does.append("新增人员")
            elif name_here != found.name:
                found.does.append(f"改名(原来叫“{name_here}”)")
            if not active:
                found.notes.append("这个账号已停用,导入不会启用它")

    def _address(self, found: Judged, kind: str, typed: str, read: Callable[[str], str | None]) -> str:
        """Give an address as it is kept; one person has one of each, however many lines they have."""
        address, called = _tried(found, lambda: read(typed)) or "", _ADDRESSES[kind]
        if not address:
            return ""
        earlier, row = self.told.setdefault((found.person, kind), (address, found.line.row))
        here = self.addresses.get(found.person, {}).get(kind) or ""
        if earlier != address:
            found.errors.append(f"同一个账号在第 {row} 行的{called}不一样")
        elif row == found.line.row and here != address:
            found.does.append(f"改{called}" if here else f"填{called}")
        return address

    def _membership(self, found: Judged) -> None:
        belongs = found.belongs
        mine = self.belongs.setdefault(found.person, set())
        if belongs is None or belongs in mine:
            return
        mine.add(belongs)
        found.does.append("新增岗位")
        if found.role == ADMIN:
            found.notes.append("将成为系统管理员")


class _Names:
    """Codes that may also be said by name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.codes: dict[str, list[str]] = {}
        for code, name in names.items():
            self.codes.setdefault(name, []).append(code)

    def code(self, said: str, what: str) -> str:
        """Give the code of what was said by code or name; raise Invalid for an unknown or ambiguous one."""
        text = " ".join(said.split())
        if not text or text in self.names:
            return text
        codes = self.codes.get(text, [])
        if len(codes) > 1:
            raise Invalid(f"叫“{text}”的{what}有 {len(codes)} 个,请写代码:{'、'.join(codes)}")
        if not codes:
            raise Invalid(f"没有{what}“{text}”")
        return codes[0]


def _tried(found: Judged, ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Invalid as error:
        found.errors.append(str(error))
        return None
