"""A deployed version ready for use: diagram, settings, forms and notices, built once per process."""

from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.definition import BY_A_PERSON, Definition, build
from engine.domain import personal
from engine.domain.errors import Invalid
from engine.domain.procedure import Procedure, parse_procedure
from engine.executor import Context
from engine.forms import FormSchema, load_form
from engine.store import definitions

START_FORM = "start"


@dataclass(frozen=True)
class Released:
    """One version of one procedure."""

    id: int
    key: str
    definition: Definition
    procedure: Procedure
    forms: dict[str, FormSchema]
    notices: dict[str, str]

    def is_start(self, element_id: str) -> bool:
        """Whether an element is the start event by which people begin."""
        return element_id == self.definition.starts.get(BY_A_PERSON)

    def form_of(self, element_id: str) -> FormSchema | None:
        """Give the form of a step; that of the start event by which people begin is the start form."""
        return self.forms.get(START_FORM if self.is_start(element_id) else element_id)

    @cached_property
    def people_keys(self) -> frozenset[str]:
        """The names in the record that hold a person's id."""
        return frozenset(spec.key for form in self.forms.values() for spec in form.fields if spec.people)

    @cached_property
    def personal_keys(self) -> frozenset[str]:
        """The names in the record that hold a phone or identity number."""
        named = {spec.key for form in self.forms.values() for spec in form.fields if spec.rules.named in personal.KINDS}
        return frozenset(named | {self.procedure.columns.get("phone", "")} - {""})


def released(ctx: Context, definition_id: int) -> Released:
    """Give a version by id, from the cache or built from its files."""
    return ctx.engine.cached("released", definition_id, lambda: _load(ctx, definition_id))


def _load(ctx: Context, definition_id: int) -> Released:
    return assemble(definition_id, definitions.files(ctx.connection, definition_id))


def assemble(definition_id: int, files: dict[str, bytes]) -> Released:
    """Build a version from its files; raise Invalid or InvalidDiagram when they do not fit together."""
    if "procedure.toml" not in files:
        raise Invalid("缺少 procedure.toml")
    procedure = parse_procedure(files["procedure.toml"].decode("utf-8"))
    forms = {_stem(n): load_form(c) for n, c in files.items() if n.startswith("forms/") and n.endswith(".form")}
    notices = {_stem(n): c.decode("utf-8") for n, c in files.items() if n.startswith("notices/")}
    keys = {key for form in forms.values() for key in form.keys}
    definition = build(procedure.id, files, keys, procedure.start_name)
    return Released(definition_id, procedure.id, definition, procedure, forms, notices)


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
