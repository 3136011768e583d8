"""Attachments named in a form: they must be the actor's own uploads or the order's already, and belong to the order from now on."""

from collections.abc import Mapping
from typing import Any

from engine.domain.errors import InvalidForm
from engine.forms import FormSchema
from engine.steps.scene import Scene
from engine.store import papers


def take(scene: Scene, form: FormSchema | None, cleaned: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    """Tie a form's attachments to the scene's order; raise InvalidForm for ids that are not the actor's to hand in."""
    named = {f.key: f.label for f in (form.fields if form is not None else ()) if f.type == "filepicker"}
    ids = {key: [str(i) for i in cleaned.get(key) or ()] for key in named}
    wanted = {i for found in ids.values() for i in found}
    if not wanted:
        return
    connection, order_id = scene.ctx.connection, scene.row.order_id
    loose = papers.loose(connection, scene.ctx.actor.id, wanted)
    known = loose | papers.owned(connection, wanted, order_id)
    wrong = {key: f"“{named[key]}”里有找不到的附件,请重新上传" for key, found in ids.items() if set(found) - known}
    if wrong:
        raise InvalidForm(wrong, answers)
    papers.attach(connection, loose, order_id)
