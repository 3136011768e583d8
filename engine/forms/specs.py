"""What a form asks: one frozen description per field, independent of how it is drawn."""

from dataclasses import dataclass
from typing import Any

from engine.expressions import FUNCTION_NAMES
from engine.forms.conditions import Condition

INPUTS = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "select",
        "radio",
        "checklist",
        "taglist",
        "datetime",
        "filepicker",
        "dynamiclist",
    }
)
ORNAMENTS = frozenset({"text", "spacer", "separator", "button"})
ONE_OF = frozenset({"select", "radio"})
SOME_OF = frozenset({"checklist", "taglist"})
WORK_ORDER_NAMES = frozenset({"number", "title", "created_by", "received_at", "due_at", "status"})
RESERVED_KEYS = WORK_ORDER_NAMES | FUNCTION_NAMES

LONGEST = {"textfield": 200, "textarea": 4000}
LONGEST_ALLOWED = 20_000
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice: the value stored and what people read."""

    value: str | int | float | bool
    label: str

    @property
    def text(self) -> str:
        """The value as an HTML form sends it."""
        return ("true" if self.value else "false") if isinstance(self.value, bool) else str(self.value)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must meet."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    pattern: Any = None
    pattern_message: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its key in the record, its kind, label, rules, options, and the conditions that hide it."""

    id: str
    key: str
    type: str
    label: str
    rules: Rules = Rules()
    options: tuple[Option, ...] = ()
    default: Any = None
    subtype: str = ""
    multiple: bool = False
    readonly: bool = False
    description: str = ""
    hides: tuple[Condition, ...] = ()
    inner: tuple["FieldSpec", ...] = ()
    people: str = ""
    """The role whose active holders are the options; they are filled in when the form is used."""
    but: str = ""
    """The key whose answer is left out of them: nobody trains themselves."""

    @property
    def called(self) -> str:
        """The field's name in sentences."""
        return f"“{self.label}”"
