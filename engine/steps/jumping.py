"""Jump (跳转): which positions an admin chose, where they may go, why they may not, and the doing."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple

from engine.bpmn import jumping
from engine.bpmn.elements import Element
from engine.bpmn.jumping import Position, Refusal
from engine.bpmn.onward import next_steps
from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict, Invalid
from engine.steps.scene import Scene

_NOT_TO_BE_SAID = "岔路太多,判断不了跳过去以后还能不能走到结束,所以不能跳"
Left = list[tuple[str, str, str, list[int], bool]]


def chosen(case: Case, idents: Sequence[str]) -> list[Position]:
    """Give the positions an admin chose; raise Invalid for none or for some of different activities, Conflict when one is gone."""
    if not idents:
        raise Invalid("请先选择从哪里跳走")
    known = {each.ident: each for each in jumping.positions(case)}
    if not known.keys() >= set(idents):
        raise Conflict("刚才已经变了:选中的位置已经走过,请重新选择")
    found = [known[ident] for ident in dict.fromkeys(idents)]
    if len({each.scope for each in found}) > 1:
        raise Invalid("一起跳走的位置要在同一个流程或同一个子流程里")
    return found


def refused(case: Case, positions: Sequence[Position], to: str) -> str:
    """Give the sentence that says why a jump is not sound; empty where it is."""
    wrong = jumping.refusal(case, positions, to)
    return "" if wrong is None else _sentence(case.step.elements, wrong)


def leap(scene: Scene, case: Case, idents: Sequence[str], to: str) -> tuple[list[Position], Left]:
    """End the positions and begin at the target; nothing is saved yet. Gives them, and what the history keeps of them.

    Raises Invalid for a choice that nobody may make or that is not sound, Conflict when a position is gone, StepFailed.
    """
    scene.ctx.acting = False  # a wrong choice is nobody's failure
    positions = chosen(case, idents)
    if to not in {each.id for each in jumping.targets(case, positions)}:
        raise Invalid("请选择跳到哪一步")
    why_not = refused(case, positions, to)
    if why_not:
        raise Invalid(why_not)
    scene.ctx.acting = True
    return positions, [astuple(each) for each in jumping.jump(case, positions, to)]


def _sentence(elements: Mapping[str, Element], wrong: Refusal) -> str:
    if wrong.unknown:
        return _NOT_TO_BE_SAID
    if wrong.twice:
        names = "、".join(f"“{_named(elements, ident)}”" for ident in wrong.twice)
        return f"跳过去以后,{names}会同时有两份;请把那里的位置一起选上,或换一步"
    if not wrong.stuck:
        return "从那里再也走不到结束"
    waits = [f"{_join(elements, s.join)}会一直等{_branches(elements, s.missing)}" for s in wrong.stuck]
    return f"跳过去以后,{';'.join(waits)},工单走不到结束;可以把并行的位置一起选上"


def _join(elements: Mapping[str, Element], ident: str) -> str:
    if _has_a_name(elements[ident]):
        return f"汇合处“{elements[ident].name}”"
    following = [each.name for each in next_steps(elements, ident)[:1]]
    return f"“{following[0]}”前面的汇合" if following else "汇合处"


def _branches(elements: Mapping[str, Element], missing: Sequence[str]) -> str:
    """A branch that ends at a choice or a join without a name is known by the nearest steps before that."""
    names = dict.fromkeys(name for ident in missing for name in _before(elements, ident))
    return "、".join(f"“{name}”" for name in names) + "那一路" if names else "别的支路"


def _before(elements: Mapping[str, Element], ident: str) -> list[str]:
    seen: set[str] = set()
    todo, found = [ident], []
    while todo:
        at = todo.pop(0)
        if at in seen:
            continue
        seen.add(at)
        if _has_a_name(elements[at]):
            found.append(elements[at].name)
        else:
            todo += [each.id for each in elements.values() if at in each.leads_to]
    return found


def _named(elements: Mapping[str, Element], ident: str) -> str:
    return next(iter(_before(elements, ident)), ident)


def _has_a_name(element: Element) -> bool:
    """Gateways are drawn without one as a rule."""
    return not element.kind.endswith("Gateway") or element.name != element.id
