"""What people do with a task between them, as scenarios say it: `action = "transfer"` and the like, with `with = {…}`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import (
    AddSubstitute,
    AnswerDelegation,
    AskSigners,
    Command,
    DelegateUserTask,
    DropSigner,
    HandOverTasks,
    RecallDelegation,
    SignUserTask,
    TransferUserTask,
)


def people_verbs(task_id: int, actor: str, said: Mapping[str, Any]) -> dict[str, Callable[[], Command[Any]]]:
    """Give the command of each action on a task, made when it is asked for."""
    return {
        "transfer": lambda: TransferUserTask(task_id, actor, said["to"], said.get("reason", "")),
        "delegate": lambda: DelegateUserTask(task_id, actor, said["to"], said.get("question", "")),
        "answer_delegation": lambda: AnswerDelegation(task_id, actor, said.get("answer", "")),
        "ask_signers": lambda: AskSigners(task_id, actor, said["to"], said["mode"], said.get("question", "")),
        "sign": lambda: SignUserTask(task_id, actor, said["verdict"] == "agree", said.get("answer", "")),
        "drop_signer": lambda: DropSigner(task_id, actor, said["person"], said.get("reason", "")),
        "recall": lambda: RecallDelegation(task_id, actor, said.get("reason", "")),
    }


def stand_in(said: Mapping[str, Any], now: datetime, until: datetime) -> AddSubstitute:
    """Give the command of `substitute = { actor, person, until, reason, processes, principal }`; it holds from now on."""
    away, processes = said.get("principal", said["actor"]), tuple(said.get("processes", ()))
    return AddSubstitute(away, said["person"], now, until, processes, said.get("reason", "代理"), said["actor"])


def hand_over(said: Mapping[str, Any]) -> HandOverTasks:
    """Give the command of `hand_over = { actor, person, to, reason }`: an admin hands a leaver's work over."""
    return HandOverTasks(said["person"], said["to"], said.get("reason", ""), said["actor"])
