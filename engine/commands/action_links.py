"""What a notice leads to: from the inbox, or by the link of a message."""

from dataclasses import dataclass

from engine.domain import action_links
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, NotFound
from engine.executor import Context
from engine.steps.performers import acting_as, is_to_do
from engine.store import action_links as links
from engine.store import instances, notifications, user_tasks


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
        if message.mark:
            notifications.read_by_mark(ctx.connection, ctx.actor.id, message.mark, ctx.now)
        return _target(ctx, message.instance_id, message.number)


@dataclass(frozen=True, slots=True)
class OpenNotification:
    """Read a notice of one's own, and go on to what it is about."""

    notification_id: int
    actor: str

    def run(self, ctx: Context) -> LinkTarget:
        """Give the target, as a link's; raise NotFound for a notice of somebody else's."""
        found = notifications.about(ctx.connection, ctx.actor.id, self.notification_id)
        if found is None:
            raise NotFound("没有这条通知")
        notifications.read(ctx.connection, ctx.actor.id, ctx.now, [self.notification_id])
        return _target(ctx, found.instance_id, found.number)


def _target(ctx: Context, instance_id: int | None, number: str | None) -> LinkTarget:
    return LinkTarget() if instance_id is None else LinkTarget(_own_task(ctx, instance_id), number)


def _own_task(ctx: Context, instance_id: int) -> int | None:
    """Give the one open task that the actor holds or may take; None where there is none or a choice."""
    process, tasks = (
        instances.order_of(ctx.connection, instance_id).process,
        user_tasks.open_of(ctx.connection, instance_id),
    )
    mine = [task.id for task in tasks if acting_as(ctx.actor, task, process, is_to_do)]
    return mine[0] if len(mine) == 1 else None
