"""Whether every run from some positions can still end: a search through the markings of one scope.

What an activity does inside is its own scope's matter: here it is over some day, or one of the events on its boundary ends it.
Of several tokens that can move, one moves first in every way it can: tokens do not get into each other's way, so no marking
in which everything stands still is missed by that.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from engine.bpmn.elements import Element

MOST = 20_000
"""Markings that are looked at before the question counts as too large."""
_MANY = 2
"""Tokens at one place beyond which more make no difference to whether joins are fed."""
_EITHER = frozenset({"exclusiveGateway", "eventBasedGateway", "complexGateway"})
_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a token stands: at an element, or at a join by the flow from one of its sources."""

    at: str
    source: str = ""


Marking = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Stuck:
    """A join that waits for ever, and the sources from which nothing comes any more."""

    join: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every run can end; None: there are too many markings to say. `stuck` names the joins of the first that cannot."""

    sound: bool | None
    stuck: tuple[Stuck, ...] = ()


class Net:
    """The flows of one scope (a process or an embedded sub-process), as tokens walk them.

    A `quiet` one leaves out what events beside an activity begin that do not end it.
    """

    def __init__(self, elements: Mapping[str, Element], scope: str, *, quiet: bool = False) -> None:
        self.scope = scope
        self.nodes = {ident: e for ident, e in elements.items() if e.scope == scope}
        self.sources: dict[str, list[str]] = {ident: [] for ident in self.nodes}
        self.boundary: dict[str, list[Element]] = {}
        for element in self.nodes.values():
            for target in element.leads_to:
                if target in self.sources:
                    self.sources[target].append(element.id)
            if element.attached_to and (element.interrupts or not quiet):
                self.boundary.setdefault(element.attached_to, []).append(element)
        self._upstream: dict[tuple[str, str], frozenset[str]] = {}
        self._onward: dict[str, int] = {}

    def is_join(self, ident: str) -> bool:
        """Whether tokens wait for each other at an element."""
        return self.nodes[ident].kind in _JOINS and len(self.sources[ident]) > 1

    def beginnings(self) -> list[Marking]:
        """Give the markings in which the scope may begin: one for each of its start events."""
        return [(Place(e.id),) for e in self.nodes.values() if e.kind == "startEvent"]

    def after(self, marking: Marking) -> list[Marking]:
        """Give the markings that may follow; none when nothing can move."""
        for join in sorted({p.at for p in marking if self.is_join(p.at)}):
            taken = self._fires(join, marking)
            if taken is not None:
                return self._moved(marking, taken, join)
        movers = [p for p in marking if not self.is_join(p.at)]
        if not movers:
            return []
        mover = min(movers, key=lambda p: (self._ahead(p.at), p))
        return self._moved(marking, [mover], mover.at)

    def in_any_order(self, marking: Marking) -> Iterator[Marking]:
        """Give the markings that may follow whichever token moves first."""
        for join in sorted({p.at for p in marking if self.is_join(p.at)}):
            taken = self._fires(join, marking)
            if taken is not None:
                yield from self._moved(marking, taken, join)
        for mover in dict.fromkeys(p for p in marking if not self.is_join(p.at)):
            yield from self._moved(marking, [mover], mover.at)

    def stuck(self, marking: Marking) -> tuple[Stuck, ...]:
        """Give the joins at which the tokens of a marking wait in vain."""
        standing: dict[str, set[str]] = {}
        for place in marking:
            standing.setdefault(place.at, set()).add(place.source)
        return tuple(
            Stuck(join, tuple(s for s in dict.fromkeys(self.sources[join]) if s not in came))
            for join, came in sorted(standing.items())
        )

    def _fires(self, join: str, marking: Marking) -> list[Place] | None:
        """Give the tokens a join takes when it is satisfied: one of each flow, or of each filled flow."""
        here = {p.source for p in marking if p.at == join}
        empty = [s for s in self.sources[join] if s not in here]
        if self.nodes[join].kind == "parallelGateway":
            return None if empty else [Place(join, s) for s in dict.fromkeys(self.sources[join])]
        for other in {p.at for p in marking if p.at != join}:
            fills = any(other in self._before(e, join) for e in empty)
            if fills and not any(other in self._before(h, join) for h in here):
                return None
        return [Place(join, s) for s in sorted(here)]

    def _before(self, ident: str, without: str) -> frozenset[str]:
        """Give the elements from which one can be reached without passing a join, itself included."""
        key = ident, without
        if key not in self._upstream:
            found, todo = {ident}, [ident]
            while todo:
                node = todo.pop()
                host = self.nodes[node].attached_to
                for source in (*self.sources[node], *([host] if host in self.nodes else ())):
                    if source not in found and source != without:
                        found.add(source)
                        todo.append(source)
            self._upstream[key] = frozenset(found)
        return self._upstream[key]

    def _ahead(self, ident: str) -> int:
        """Count the elements that can be reached: whoever is nearest to an end moves first, so that few tokens stand at once."""
        if ident not in self._onward:
            found, todo = {ident}, [ident]
            while todo:
                node = todo.pop()
                further = [*self.nodes[node].leads_to, *(e.id for e in self.boundary.get(node, ()))]
                new = [t for t in further if t in self.nodes and t not in found]
                found.update(new)
                todo += new
            self._onward[ident] = len(found)
        return self._onward[ident]

    def _moved(self, marking: Marking, taken: list[Place], at: str) -> list[Marking]:
        if self.nodes[at].kind == "endEvent" and self.nodes[at].ends_all:
            return [()]
        rest = list(marking)
        for place in taken:
            rest.remove(place)
        return list(dict.fromkeys(_counted([*rest, *fresh]) for fresh in self._ways(self.nodes[at])))

    def _ways(self, element: Element) -> Iterator[list[Place]]:
        """Give what may become of a token at an element: the tokens it leaves, in each way it can go on."""
        whole = self._all(element)
        if element.kind in _EITHER:
            yield from ([place] for place in whole)
        elif element.kind == "inclusiveGateway" and len(whole) > 1:
            for chosen in product((False, True), repeat=len(whole)):
                if any(chosen):
                    yield [place for place, is_on in zip(whole, chosen, strict=True) if is_on]
        else:
            yield from self._of_activity(element, whole)

    def _of_activity(self, element: Element, whole: list[Place]) -> Iterator[list[Place]]:
        """It is done, or an event on its boundary ends it; those that do not end it may each have happened meanwhile."""
        events = self.boundary.get(element.id, [])
        beside = [self._all(e) for e in events if not e.interrupts]
        outcomes = [whole, *(self._all(e) for e in events if e.interrupts)]
        for outcome in outcomes:
            for chosen in product((False, True), repeat=len(beside)):
                extra = [p for places, is_on in zip(beside, chosen, strict=True) if is_on for p in places]
                yield [*outcome, *extra]

    def _all(self, element: Element) -> list[Place]:
        return [Place(t, element.id if self.is_join(t) else "") for t in element.leads_to if t in self.nodes]


def judge(net: Net, standing: Iterable[Place], most: int = MOST) -> Verdict:
    """Say whether every run from a marking can end; name the joins that would wait for ever where one cannot."""
    first = _counted(list(standing))
    before: dict[Marking, list[Marking]] = {first: []}
    todo = [first]
    while todo:
        marking = todo.pop()
        following = net.after(marking)
        if marking and not following:
            return Verdict(False, net.stuck(marking))
        for new in following:
            if new not in before:
                before[new] = []
                todo.append(new)
            before[new].append(marking)
        if len(before) > most:
            return Verdict(None)
    return Verdict(len(_leading_to_the_end(before)) == len(before))


def doubled(net: Net, standing: Iterable[Place], most: int = MOST) -> frozenset[str] | None:
    """Give the elements at which two tokens may come to stand at the same time; None: there are too many markings to say.

    Here every order counts in which tokens may move.
    """
    first = _counted(list(standing))
    seen, todo, found = {first}, [first], set[str]()
    while todo:
        marking = todo.pop()
        found.update(one.at for one, other in pairwise(marking) if one == other)
        for new in net.in_any_order(marking):
            if new not in seen:
                seen.add(new)
                todo.append(new)
        if len(seen) > most:
            return None
    return frozenset(found)


def _leading_to_the_end(before: Mapping[Marking, list[Marking]]) -> set[Marking]:
    found: set[Marking] = {marking for marking in before if not marking}
    todo = list(found)
    while todo:
        for marking in before[todo.pop()]:
            if marking not in found:
                found.add(marking)
                todo.append(marking)
    return found


def _counted(places: list[Place]) -> Marking:
    """Give a marking in order, of tokens at one place no more than make a difference."""
    kept: dict[Place, int] = {}
    for place in places:
        kept[place] = min(kept.get(place, 0) + 1, _MANY)
    return tuple(place for place in sorted(kept) for _ in range(kept[place]))
