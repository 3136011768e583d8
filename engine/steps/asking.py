"""Whether more time may be asked for on a task: the command asks before it writes, the page before it draws a form."""

from collections.abc import Mapping
from datetime import datetime

from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed
from engine.domain.procedure import Procedure
from engine.store.instances import TaskRow


def why_not(
    procedure: Procedure, task: TaskRow, now: datetime, *, asked: bool, granted: Mapping[int, int]
) -> EngineError | None:
    """Give what refuses a request of whoever holds the task; None where it may be asked for.

    `now` is the moment the limit has got to: in a paused order when the pause began. `asked`: a request waits for its decision.
    `granted`: how often tasks were extended, by task; read only where the procedure counts.
    """
    if not procedure.offers_extensions or task.element_id in procedure.drawn_extensions:
        return NotAllowed("这一步的延期按流程图上自己的办法申请,不从这里申请")
    if task.due_at is None:
        return Invalid("这件待办没有时限,不用延期")
    if asked:
        return Conflict("这件待办的延期已经申请过,正等着批准")
    if task.due_at <= now and not procedure.extends_after_expiry:
        return Conflict("已经到期,这个流程不收到期后的延期申请")
    most = procedure.most_extensions
    if most is not None and granted.get(task.id, 0) >= most:
        return Conflict(f"这件待办已经延期 {most} 次,不能再申请" if most else "这个流程的待办不能延期")
    return None
