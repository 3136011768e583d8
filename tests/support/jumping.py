"""Jumping in an office under test: previewed, done, and compared with the preview."""

from engine import JumpInstance, JumpPositions, JumpPreview, JumpTargets, PreviewJump
from engine.store.instances import TaskRow
from tests.support.offices import Office


def places(office: Office, *names: str, actor: str = "root") -> tuple[str, ...]:
    """Give the positions at some elements."""
    found = office.engine.ask(JumpPositions(office.number), actor)
    return tuple(p.ident for name in names for p in found if p.element_id == name)


def standing(office: Office) -> list[str]:
    """Give the elements at which an order stands, sorted."""
    return sorted(p.element_id for p in office.engine.ask(JumpPositions(office.number), "root"))


def refused(office: Office, *names: str) -> dict[str, str]:
    """Give where positions may not jump to and why, by element."""
    targets = office.engine.ask(JumpTargets(office.number, places(office, *names)), "root")
    return {t.element_id: t.refusal for t in targets if t.refusal}


def jump(office: Office, *names: str, to: str) -> JumpPreview:
    """Jump from some elements to another; what happens is just what was previewed."""
    chosen = places(office, *names)
    seen = office.engine.ask(PreviewJump(office.number, chosen, to), "root")
    before, wrong = {t.id: t for t in _open(office)}, len(office.incidents())
    office.engine.execute(JumpInstance(office.number, "root", chosen, to, "换一条路"))
    after = {t.id: t for t in _open(office)}
    assert sorted(ident for ident, _, _ in seen.closes) == sorted(before.keys() - after.keys())
    opened = [after[ident] for ident in after.keys() - before.keys()]
    assert sorted((t.name, t.item, t.due_at) for t in opened) == sorted((n, i, at) for n, i, _, at in seen.opens)
    assert seen.completes == (office.case().status == "closed")
    assert len(office.incidents()) == wrong - len(seen.incidents)
    return seen


def _open(office: Office) -> list[TaskRow]:
    return list(office.case().open_tasks)
