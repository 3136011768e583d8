"""Follow the link of a message."""

from dataclasses import dataclass

from engine.domain import action_links
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, NotFound
from engine.executor import Context
from engine.steps.performers import is_candidate
from engine.store import action_links as links
from engine.store import user_tasks


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads: to a task, else to an order, else (a digest, a notice of the office) to the inbox."""

    task_id: int | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class FollowLink:
    """Use up the link of a message, on behalf of whoever is logged in."""

    token: str
    actor: str

    def run(self, ctx: Context) -> LinkTarget:
        """Give the target: the one open task of the order that is the actor's to do, else the order.

        Raises NotFound for a forged link and for somebody else's, Conflict for one that was used or has expired.
        """
        link = action_links.read(ctx.engine.settings.secret, self.token)
        message = links.find(ctx.connection, link.message) if link else None
        if link is None or message is None or not link.person == message.recipient == ctx.actor.id:
            raise NotFound("没有这个链接,或者它不是发给你的")
        if ctx.now >= link.expires_at:
            raise Conflict("这个链接已经过期了")
        if not links.use(ctx.connection, link.message, ctx.now):
            used = f",是{in_words(message.used_at)}用的" if message.used_at else ""
            raise Conflict(f"这个链接已经用过了{used}")
        if message.instance_id is None:
            return LinkTarget()
        return LinkTarget(_own_task(ctx, message.instance_id), message.number)


def _own_task(ctx: Context, instance_id: int) -> int | None:
    """Give the one open task that the actor holds or may take; None where there is none or a choice."""
    me = ctx.actor
    mine = [
        task.id
        for task in user_tasks.open_of(ctx.connection, instance_id)
        if task.assignee == me.id or (task.assignee is None and is_candidate(me, task))
    ]
    return mine[0] if len(mine) == 1 else None
