"""Begin a case by a message: its data fills the start form and what the start event names besides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.runtime import Case
from engine.executor import Context
from engine.steps import saving
from engine.steps.opening import Opening
from engine.steps.past import STARTED
from engine.steps.released import START_FORM, Released, released
from engine.steps.scene import Scene
from engine.steps.services import StepServices
from engine.steps.staffing import staffed
from engine.store import definitions


def begun_by(ctx: Context, message: str) -> Released | None:
    """Give the active version that begins with a message; the check at deployment sees to it that there is at most one."""
    for ident in definitions.active_ids(ctx.connection):
        version = released(ctx, ident)
        if message in version.definition.starts:
            return version
    return None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A procedure, the message it begins with, and in whose name."""

    version: Released
    message: str
    by: str
    channel: str

    def run(self, ctx: Context, data: Mapping[str, Any], **noted: Any) -> Scene:
        """Open the order and let the diagram act; `noted` goes into its history. Raises InvalidForm, StepFailed."""
        event = self.version.definition.elements[self.version.definition.starts[self.message]]
        record = self._answers(ctx, data) | {k: data[k] for k in event.fills if k in data}
        ctx.acting = True
        scene = Opening(self.version, record, self.by, self.channel).scene(ctx)
        services = StepServices(scene)
        case = Case.start(self.version.definition, record, scene.columns(), services, self.message, scene.mark)
        said = {"number": scene.row.number, "definition": self.version.id, "message": self.message}
        saving.stepped(scene, case, STARTED, event.id, **said, **noted)
        saving.save(scene, case)
        return scene

    def _answers(self, ctx: Context, data: Mapping[str, Any]) -> dict[str, Any]:
        form = self.version.forms.get(START_FORM)
        if form is None:
            return {}
        given = {k: v for k, v in data.items() if k in form.keys and v is not None}
        return staffed(ctx, form, {}).clean(given)
