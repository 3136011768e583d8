"""Every mutant of a procedure, in an order and under names that stay the same from run to run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.mutation import events, flows, limits, performers, scripts, tables
from engine.bpmn.mutation.change import Change, Draft, Kind, drawn

OF_DIAGRAMS: Mapping[str, Kind] = {
    "drop-flow": flows.drop_flow,
    "negate": flows.negate,
    "swap-default": flows.swap_default,
    "limit": limits.limit,
    "drop-event": events.drop_event,
    "flip-event": events.flip_event,
    "performer": performers.performer,
    "assignee": performers.assignee,
    "recipient": performers.recipient,
    "notice": performers.notice,
    "drop-assignment": scripts.drop_assignment,
    "number": scripts.number,
}
OF_TABLES: Mapping[str, Kind] = {
    "output": tables.output,
    "limit": tables.limit,
    "drop-rule": tables.drop_rule,
    "swap-rules": tables.swap_rules,
    "any-input": tables.any_input,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A procedure with one thing changed."""

    id: str
    """`kind:element[:detail]`, the same in every run."""
    file: str
    change: Change
    root: etree._Element

    @property
    def said(self) -> str:
        """What was changed, in words of the owner."""
        return self.change.said

    @property
    def near(self) -> tuple[str, ...]:
        """Places that a scenario which notices is likely to come by."""
        return self.change.near

    def files(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Give the procedure's files with the change in them.

        The table of clauses is left out: a clause that points at what was removed is not what scenarios are asked about.
        """
        draft = Draft(self.root)
        self.change.edit(draft)
        return {name: content for name, content in files.items() if name != "clauses.csv"} | {self.file: draft.text()}


def mutants(files: Mapping[str, bytes]) -> list[Mutant]:
    """Give every mutant of a procedure's diagrams and decision tables; raise InvalidDiagram for files that are no XML."""
    found = [m for name in sorted(files) for m in _of_file(name, files[name])]
    seen: Counter[str] = Counter()
    numbered = []
    for mutant in found:
        seen[mutant.id] += 1
        again = f"~{seen[mutant.id]}" if seen[mutant.id] > 1 else ""
        numbered.append(Mutant(mutant.id + again, mutant.file, mutant.change, mutant.root))
    return numbered


def _of_file(name: str, content: bytes) -> Iterator[Mutant]:
    kinds = OF_DIAGRAMS if name.endswith(".bpmn") else OF_TABLES if name.endswith(".dmn") else {}
    if not kinds:
        return
    root = drawn(content, name)
    for kind, changes in kinds.items():
        for change in changes(root):
            yield Mutant(f"{kind}:{change.place}", name, change, root)
