"""Release a version to new cases, and go back to an older one."""

from dataclasses import dataclass

from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.executor import Context
from engine.steps import acts
from engine.steps.four_eyes import four_eyes
from engine.store import definitions


@dataclass(frozen=True, slots=True)
class ReleaseDefinition:
    """Let new cases start on a draft; running cases stay on their version."""

    definition_id: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, NotAllowed for one's own draft under four eyes, Conflict unless it is a draft."""
        row = definitions.get(ctx.connection, self.definition_id)
        if row.state != "draft":
            raise Conflict("这一版不是草稿:已经发布过的版本请用回退")
        if four_eyes(ctx) and definitions.deployed_by(ctx.connection, row.id) == ctx.actor.id:
            raise NotAllowed("这一版是你部署的。按四眼原则,要由另一位流程负责人或管理员看过后发布")
        definitions.release(ctx.connection, row.id, row.key)
        acts.note(ctx, "DefinitionReleased", row.key, version=row.version)


@dataclass(frozen=True, slots=True)
class RollBack:
    """Let new cases start on an older version again, for a reason; what has been released once needs no second pair of eyes."""

    definition_id: int
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Invalid without a reason, Conflict unless the version was released before and is not active."""
        if not self.reason.strip():
            raise Invalid("请写明为什么回退")
        row = definitions.get(ctx.connection, self.definition_id)
        if row.state != "retired":
            raise Conflict("只能回退到从前发布过的版本")
        definitions.release(ctx.connection, row.id, row.key)
        acts.note(ctx, "DefinitionRolledBack", row.key, version=row.version, reason=self.reason.strip())
