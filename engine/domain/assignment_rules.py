"""Rules of assignment: what becomes of a task that nobody could do, or somebody who had better not do it.

A user task says so by properties, procedure.toml for all tasks by `[assignment]`. None of them ever takes a step for done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

SUPERVISORS, INCIDENT = "supervisors", "incident"
ALLOW, OTHERS, LEADER = "allow", "others", "leader"
RECUSED = "recused"
"""The rule by which a task is kept from whom its case is about; it is no choice of a diagram's."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "nobody": (SUPERVISORS, INCIDENT),
    "same_as_starter": (ALLOW, OTHERS, LEADER),
    "twice_in_a_row": (ALLOW, OTHERS, LEADER),
}
"""By rule: the words it may be answered with, the usual one first."""


@dataclass(frozen=True, slots=True)
class AssignmentRules:
    """What holds for a task."""

    nobody: str = SUPERVISORS
    """Where nobody could do it: whoever looks after the procedure gets it, or the step stops as an incident."""
    same_as_starter: str = ALLOW
    """Whether the starter of the case may do it; else the other candidates, or the leader above where there are none."""
    twice_in_a_row: str = ALLOW
    """The same for whoever did a step right before it."""

    def of(self, properties: Mapping[str, str]) -> "AssignmentRules":
        """Give the rules of a task whose properties say otherwise."""
        said = {name: properties[name].strip() for name in WORDS if properties.get(name, "").strip()}
        return replace(self, **said) if said else self

    @property
    def keeps_away(self) -> bool:
        """Whether anybody is kept from a task but those whom its case is about."""
        return self.same_as_starter != ALLOW or self.twice_in_a_row != ALLOW


def wrong_words(said: Mapping[str, Any]) -> Iterator[str]:
    """Give a sentence for every rule that is answered with a word nobody knows."""
    for name, allowed in WORDS.items():
        word = said.get(name, "")
        if word not in ("", *allowed):
            yield f"{name} 写的是“{word}”,只能写 {'、'.join(allowed)}"
