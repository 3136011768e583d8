"""Where a step may lead: the next steps that people see, told from the drawing alone."""

from collections.abc import Iterator, Mapping

from engine.bpmn.elements import Element

STOPS = frozenset({"callActivity", "receiveTask", "intermediateCatchEvent"})
"""What the drawing does not let us look past: it is named itself."""


def next_steps(elements: Mapping[str, Element], element_id: str) -> list[Element]:
    """Give the steps that may follow an element, nearest first: user tasks, waits, called procedures and ends."""
    found: dict[str, Element] = {}
    seen, queue = {element_id}, list(elements[element_id].leads_to)
    while queue:
        ident = queue.pop(0)
        if ident in seen or ident not in elements:
            continue
        seen.add(ident)
        element = elements[ident]
        if element.is_manual or element.kind in STOPS or _is_last(elements, element):
            found[ident] = element
        else:
            queue += _beyond(elements, element)
    return list(found.values())


def _is_last(elements: Mapping[str, Element], element: Element) -> bool:
    return element.kind == "endEvent" and element.scope not in elements


def _beyond(elements: Mapping[str, Element], element: Element) -> Iterator[str]:
    """An embedded sub-process is entered at its start and left at its only end; of several, at the one that ends it all."""
    if element.kind == "endEvent":
        ends = [e for e in elements.values() if e.scope == element.scope and e.kind == "endEvent"]
        yield from elements[element.scope].leads_to if element.ends_all or len(ends) == 1 else ()
    elif element.kind in ("subProcess", "transaction", "adHocSubProcess"):
        yield from (e.id for e in elements.values() if e.scope == element.id and e.kind == "startEvent")
    else:
        yield from element.leads_to
