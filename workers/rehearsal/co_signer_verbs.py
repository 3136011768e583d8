"""One more co-signer, one less, as scenarios say it: `action = "add_co_signer"` with `with = { who, reason }`."""

from collections.abc import Callable, Mapping
from typing import Any

from engine import AddCoSigner, CaseView, Command, CoSignersOf, DropCoSigner, Engine, History


def co_signer_verbs(
    engine: Engine, task_id: int, actor: str, said: Mapping[str, Any]
) -> dict[str, Callable[[], Command[Any]]]:
    """Give the command of each action, made when it is asked for; `who` is a person or a unit, as the step's list names."""
    reason = said.get("reason", "")
    return {
        "add_co_signer": lambda: AddCoSigner(task_id, actor, said["who"], reason, said.get("next", False)),
        "drop_co_signer": lambda: DropCoSigner(task_id, actor, key_of(engine, task_id, actor, said["who"]), reason),
    }


def key_of(engine: Engine, task_id: int, actor: str, who: str) -> str:
    """Give by which key somebody signs with an open task; empty where they do not."""
    several = engine.ask(CoSignersOf(task_id), actor)
    return next((line.key for line in several.lines if line.value == who), "") if several else ""


def added_key(engine: Engine, case: CaseView, who: str) -> str:
    """Give the key of whom somebody added last (`where = { added = "…" }`); empty where nobody was."""
    added = [e.payload for e in engine.ask(History(case.instance_id)) if e.kind == "CoSignerAdded"]
    return str(next((said["key"] for said in reversed(added) if said["value"] == who), ""))
