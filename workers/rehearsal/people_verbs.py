"""What people do with a task between them, as scenarios say it: `action = "transfer"` and the like, with `with = {…}`."""

from collections.abc import Callable, Mapping
from typing import Any

from engine import AnswerDelegation, Command, DelegateUserTask, RecallDelegation, TransferUserTask


def people_verbs(task_id: int, actor: str, said: Mapping[str, Any]) -> dict[str, Callable[[], Command[Any]]]:
    """Give the command of each action on a task, made when it is asked for."""
    return {
        "transfer": lambda: TransferUserTask(task_id, actor, said["to"], said.get("reason", "")),
        "delegate": lambda: DelegateUserTask(task_id, actor, said["to"], said.get("question", "")),
        "answer_delegation": lambda: AnswerDelegation(task_id, actor, said.get("answer", "")),
        "recall": lambda: RecallDelegation(task_id, actor, said.get("reason", "")),
    }
