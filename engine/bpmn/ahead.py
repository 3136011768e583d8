"""What is still to come on the drawing: from where a case stands, along the flows, with choices taken where they are known.

What may break in at the boundary of a step (limits that pass, messages) is not followed: this is the way if nothing happens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.elements import Element, Flow
from engine.bpmn.onward import STOPS

_BEGIN = ""
"""The place before the first: from it the case stands everywhere it stands now."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a token goes: by every `sure` flow; where there is none, by one of `open`; beside sure ones, by any of them."""

    sure: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every element it may go to."""
        return (*self.sure, *self.open)


Choose = Callable[[Element], tuple[Sequence[Flow], Sequence[Flow]]]
"""Give the flows of a gateway that are taken for certain, and those of which nobody can say yet."""
Leave = Callable[[Element, datetime | None], datetime | None]
"""Give when an element is left at the latest, entered at a moment; None: nobody can say."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step that may come."""

    element: Element
    sure: bool
    """Whether every way leads through it."""
    hangs_on: Element | None
    """The gateway that decides about it, where one alone does."""
    if_: str
    """What is written on the flow of that gateway which leads here."""
    beside: bool
    """Whether other steps are done at the same time."""
    repeats: bool
    """Whether a way leads back to it."""
    by: datetime | None
    """When it is done at the latest; None: nobody can say."""


class Road:
    """The ways from some positions on; `standing` maps elements to when they are left at the latest.

    `straight` says where a position leads to that was sent back and goes on without what lies between.
    """

    def __init__(
        self,
        elements: Mapping[str, Element],
        standing: Mapping[str, datetime | None],
        choose: Choose,
        leave: Leave,
        straight: Mapping[str, str] | None = None,
    ) -> None:
        self._elements, self._standing, self._choose, self._leave = elements, standing, choose, leave
        self._forks = {ident: Fork((to,)) for ident, to in (straight or {}).items()}
        self._forks[_BEGIN] = self._beginning()
        self._order = self._sorted()
        self._reach = {ident: self._beyond(ident) for ident in self._order}

    def steps(self) -> list[Ahead]:
        """Give the steps still to come, in an order in which they may be done; those at hand are none of them."""
        moments = self._moments()
        named = [
            e
            for i in self._order
            if i and i not in self._standing and _is_named(self._elements, e := self._elements[i])
        ]
        found = []
        for element in named:
            avoiding = self._avoiding(element.id)
            gateway, words = self._decider(element.id, avoiding)
            sure = _BEGIN not in avoiding
            found.append(
                Ahead(
                    element,
                    sure,
                    None if sure else gateway,
                    "" if sure else words,
                    self._is_beside(element.id),
                    element.id in self._reach[element.id],
                    moments[element.id],
                )
            )
        return found

    def _beginning(self) -> Fork:
        """Of events that wait behind one gateway only one will happen."""
        either: dict[str, list[str]] = {}
        for ident in self._standing:
            gate = next((e.id for e in self._elements.values() if _splits_events(e) and ident in e.leads_to), ident)
            either.setdefault(gate, []).append(ident)
        groups = list(either.values())
        if len(groups) == 1 and len(groups[0]) > 1:
            return Fork(open=tuple(groups[0]))
        return Fork(tuple(ident for group in groups for ident in group))

    def _fork(self, ident: str) -> Fork:
        if ident not in self._forks:
            self._forks[ident] = self._onward(self._elements[ident])
        return self._forks[ident]

    def _onward(self, element: Element) -> Fork:
        """An embedded sub-process is entered at its start and left at its ends; so is a called process."""
        elements = self._elements
        if element.kind == "endEvent":
            callers = [e for e in elements.values() if e.calls and e.calls == element.scope]
            around = [elements[element.scope]] if element.scope in elements else callers
            return Fork(open=tuple(dict.fromkeys(t for e in around for t in e.leads_to if t in elements)))
        if element.kind in ("subProcess", "transaction", "adHocSubProcess"):
            inside = [e.id for e in elements.values() if e.scope == element.id]
            return Fork(tuple(i for i in inside if elements[i].kind == "startEvent"))
        if element.kind in ("exclusiveGateway", "inclusiveGateway", "complexGateway") and len(element.flows) > 1:
            sure, unknown = self._choose(element)
            return Fork(*(tuple(f.target for f in flows if f.target in elements) for flows in (sure, unknown)))
        known = tuple(t for t in element.leads_to if t in elements)
        return Fork(open=known) if _splits_events(element) else Fork(known)

    def _sorted(self) -> list[str]:
        """Give every element that can be reached, each before what follows it; flows that lead back are cut."""
        done: list[str] = []
        seen = {_BEGIN}
        trail = [(_BEGIN, self._last_first(_BEGIN))]
        while trail:
            ident, following = trail[-1]
            target = next((t for t in following if t not in seen), None)
            if target is None:
                done.append(ident)
                trail.pop()
            else:
                seen.add(target)
                trail.append((target, self._last_first(target)))
        return done[::-1]

    def _last_first(self, ident: str) -> Iterator[str]:
        """Give what follows, the last to be listed first: ways that only lead back to where the case stands come after others."""
        following = self._fork(ident).all
        return iter(
            [*(t for t in following[::-1] if not self._leads_on(t)), *(t for t in following[::-1] if self._leads_on(t))]
        )

    def _leads_on(self, ident: str) -> bool:
        """Whether an end can be reached without coming by where the case stands now."""
        seen: set[str] = set()
        todo = [ident]
        while todo:
            at = todo.pop()
            if at in seen or at in self._standing:
                continue
            if not self._fork(at).all:
                return True
            seen.add(at)
            todo += self._fork(at).all
        return False

    def _beyond(self, ident: str) -> frozenset[str]:
        found: set[str] = set()
        todo = list(self._fork(ident).all)
        while todo:
            target = todo.pop()
            if target not in found:
                found.add(target)
                todo += self._fork(target).all
        return frozenset(found)

    def _moments(self) -> dict[str, datetime | None]:
        """Give when each element is left at the latest: after the last of those before it, and no sooner than is known."""
        place = {ident: n for n, ident in enumerate(self._order)}
        before: dict[str, list[str]] = {ident: [] for ident in self._order}
        for ident in self._order:
            for target in self._fork(ident).all:
                if place[target] > place[ident] and ident:
                    before[target].append(ident)
        left: dict[str, datetime | None] = {}
        for ident in self._order[1:]:
            if ident in self._standing:
                left[ident] = self._standing[ident]
                continue
            known = [left[b] for b in before[ident]]
            moments = [at for at in known if at is not None]
            left[ident] = self._leave(self._elements[ident], max(moments) if len(moments) == len(known) else None)
        return left

    def _avoiding(self, ident: str) -> set[str]:
        """Give the places from which a case may come to its end without passing an element."""
        found: set[str] = set()
        changed = True
        while changed:
            changed = False
            for place in reversed(self._order):
                if place in found or place == ident:
                    continue
                fork = self._fork(place)
                if fork.sure:
                    avoids = all(t in found for t in fork.sure)
                else:
                    avoids = not fork.open or any(t in found for t in fork.open)
                if avoids:
                    found.add(place)
                    changed = True
        return found

    def _decider(self, ident: str, avoiding: set[str]) -> tuple[Element | None, str]:
        """Give the last gateway one of whose flows leads to an element for certain, and what is written on that flow."""
        for place in reversed(self._order):
            fork = self._fork(place)
            leading = [t for t in fork.open if t not in avoiding]
            if place in avoiding and leading and place in self._elements:
                gateway = self._elements[place]
                names = [flow.name for flow in gateway.flows if flow.target in leading and flow.name]
                return gateway, "、".join(names)
        return None, ""

    def _is_beside(self, ident: str) -> bool:
        """Whether some fork sends a token here by one of its flows and others elsewhere, to be met again later or never."""
        for place in self._order:
            sure = self._fork(place).sure
            here = [t for t in sure if t == ident or ident in self._reach[t]]
            if len(sure) > 1 and 0 < len(here) < len(sure):
                return True
        return False


def _splits_events(element: Element) -> bool:
    return element.kind == "eventBasedGateway"


def _is_named(elements: Mapping[str, Element], element: Element) -> bool:
    """Ends of the whole case are named too; those of what is inside it are not."""
    is_last = element.kind == "endEvent" and element.scope not in elements
    is_called = any(e.calls == element.scope for e in elements.values() if e.calls)
    return element.is_manual or element.kind in STOPS or (is_last and not is_called)
