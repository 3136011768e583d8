"""Keep what people have typed, take in the files they attach, and note who looks at personal data."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.errors import Invalid, NotFound
from engine.domain.file_types import plain_name, recognise
from engine.domain.texts import free_text, savable
from engine.executor import Context
from engine.steps.scope import scope
from engine.store import papers
from engine.store.access import log_access, order_seen

MOST_DRAFTED = 65_536
LONGEST_ABOUT = 90
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep a form as typed so far; `about` is `task:ID` or `start:PROCESS:NAME`."""

    actor: str
    about: str
    answers: Mapping[str, Any]

    def run(self, ctx: Context) -> None:
        """Nothing is validated: a draft is nobody's business but its writer's. Raises Invalid beyond 64 KB."""
        if len(str(self.answers)) > MOST_DRAFTED:
            raise Invalid("草稿太长")
        if self.about.partition(":")[0] not in ("task", "start") or len(self.about) > LONGEST_ABOUT:
            raise Invalid("草稿要说明是哪件事的")
        papers.save_draft(ctx.connection, ctx.actor.id, self.about, _kept(self.answers), ctx.now)


def _kept(value: Any) -> Any:
    """What no database keeps is taken out of a draft; everything else stays as typed."""
    if isinstance(value, str):
        return savable(value)
    if isinstance(value, Mapping):
        return {_kept(key): _kept(each) for key, each in value.items()}
    return [_kept(each) for each in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Forget a draft."""

    actor: str
    about: str

    def run(self, ctx: Context) -> None:
        """Forgetting what is not there changes nothing."""
        papers.drop_draft(ctx.connection, ctx.actor.id, self.about)


@dataclass(frozen=True, slots=True)
class UploadAttachment:
    """Take in a file for a field of a form; it belongs to an order once that form is handed in."""

    actor: str
    field: str
    name: str
    content: bytes

    def run(self, ctx: Context) -> str:
        """Give the attachment's id; raise Invalid for a file that is too large, refused, or not what it is named."""
        name = plain_name(self.name)
        mime = recognise(name, self.content)
        ident = secrets.token_hex(16)
        values = {
            "id": ident,
            "order_id": None,
            "field": self.field[:100],
            "name": name,
            "mime": mime,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "uploaded_by": ctx.actor.id,
            "uploaded_at": ctx.now,
        }
        papers.add_attachment(ctx.connection, values, self.content)
        return ident


@dataclass(frozen=True, slots=True)
class RevealPersonal:
    """Look at a masked phone or identity number; the reason is kept."""

    actor: str
    number: str
    field: str
    reason: str

    def run(self, ctx: Context) -> str:
        """Give the value in full. Raises Invalid without a reason, NotFound for strangers."""
        reason = free_text("查看的原因", self.reason, LONGEST_REASON).strip()
        if len(reason) < 2:
            raise Invalid("请写明查看的原因")
        seen = order_seen(ctx.connection, self.number, scope(ctx))
        if seen is None or self.field not in seen[1]:
            raise NotFound(f"没有工单 {self.number},或者你不能看它")
        log_access(ctx.connection, ctx.actor.id, seen[0], self.field, reason, ctx.now)
        return str(seen[1][self.field] or "")
