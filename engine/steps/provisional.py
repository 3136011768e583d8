"""Due moments as notices tell them: a moment that a holiday notice may still move says so."""

from datetime import datetime

from engine.domain.clock import in_words
from engine.domain.time_left import is_provisional
from engine.steps import limits
from engine.steps.scene import Scene
from engine.store import user_tasks

DUE_NAMES = frozenset({"due_at", "task_due_at", "new_due_at"})
"""The names under which notices speak of limits."""
MARK = "（暂定）"


def due_words(scene: Scene, at: datetime) -> str:
    """Give a due moment in words, marked 暂定 where its days are not settled yet and it counts by the calendar."""
    words = in_words(at)
    return words + MARK if _may_move(scene, at) else words


def _may_move(scene: Scene, at: datetime) -> bool:
    due = user_tasks.due_at(scene.ctx.connection, scene.row.instance_id, at)
    return any(is_provisional(row.due_from, at, row.due_text, limits.calendar(scene.ctx, row.calendar)) for row in due)
