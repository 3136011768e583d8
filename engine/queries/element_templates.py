"""The modeller's element templates, with the calendars of this office to choose from by name."""

from dataclasses import dataclass
from typing import Any

import orjson

from engine.bundles import procedures_root
from engine.executor import Context
from engine.steps.calendar_choice import OF_UNIT
from engine.store import calendars

_FILE = ".camunda/element-templates/banjie.json"
_CALENDAR = {"type": "camunda:property", "name": "calendar"}


@dataclass(frozen=True, slots=True)
class ElementTemplates:
    """What is shipped, where every choice of a calendar lists those there are."""

    def read(self, ctx: Context) -> list[dict[str, Any]]:
        """Give the templates as JSON data."""
        templates: list[dict[str, Any]] = orjson.loads((procedures_root() / _FILE).read_bytes())
        known = calendars.names(ctx.connection)
        choices = [
            {"name": "跟流程", "value": ""},
            *({"name": name, "value": key} for key, name in known.items()),
            {"name": "按工单所属单位", "value": OF_UNIT},
        ]
        for template in templates:
            for said in template["properties"]:
                if said["binding"] == _CALENDAR:
                    said["choices"] = choices
        return templates
