"""Say something about an order (评论): kept in its history, never changed."""

from dataclasses import dataclass

from engine.commands.copies import seen_order
from engine.domain.errors import Invalid
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps.notices import tell
from engine.steps.noting import note_down
from engine.store import user_tasks

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class CommentOrder:
    """Write a comment on an order, open or ended: whoever may see it."""

    number: str
    actor: str
    text: str

    def run(self, ctx: Context) -> None:
        """Keep it, and tell who started the order and who has a step of it in hand. Raises NotFound, Invalid."""
        scene = seen_order(ctx, self.number)
        text = free_text("评论", self.text, LONGEST).strip()
        if not text:
            raise Invalid("请写评论的内容")
        holders = [task.assignee for task in user_tasks.open_of(ctx.connection, scene.row.instance_id)]
        told = [f"person:{who}" for who in (scene.row.created_by, *holders) if who]
        tell(scene, "commented", told, text=text)
        scene.note("OrderCommented", "", text=text)
        note_down(scene)
