"""A form on the server: answers in, one cleaned result out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from engine.domain.errors import InvalidDiagram, InvalidForm
from engine.forms.answers import Texts, plain_answers, rows_of
from engine.forms.fields import field_for
from engine.forms.json_schema import json_schema
from engine.forms.reading import read_form
from engine.forms.specs import MOST_ROWS, ONE_OF, FieldSpec, Option

MAX_PASSES = 10


class _Meta(DefaultMeta):  # type: ignore[misc]  # WTForms ships no types
    """No token (web has its own) and no translations (our fields speak Chinese)."""

    csrf = False
    locales = False


_META = _Meta()


class FormSchema:
    """One form: its fields, the keys it writes, and the only way from answers to data."""

    def __init__(self, fields: tuple[FieldSpec, ...], components: Sequence[Mapping[str, Any]] = ()) -> None:
        self.fields = fields
        self.components = components
        """The form-js components as drawn, groups and texts included, for whoever renders the page."""
        self.keys = frozenset(field.key for field in fields if not field.readonly)
        self.shown_keys = frozenset(field.key for field in fields if field.readonly)
        self._scope = _Scope(fields)

    def clean(self, answers: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Give every key of the form a clean value: None for what is empty or hidden, lists for what has many.

        `record` is what readonly fields show, for conditions over them. Raises InvalidForm, one sentence per field.
        """
        errors: dict[str, str] = {}
        result = self._scope.clean(answers, record or {}, errors, "")
        if errors:
            raise InvalidForm(errors, answers)
        return result

    @property
    def roles(self) -> frozenset[str]:
        """The roles whose holders this form lets people choose from."""
        return frozenset(field.people for field in self.fields if field.people)

    def staffed(self, people: Mapping[str, Mapping[str, str]], record: Mapping[str, Any]) -> "FormSchema":
        """Give the form with the holders of each role (id → name) as the options of its fields for people."""
        fields = (_staffed(f, people.get(f.people, {}), record.get(f.but)) if f.people else f for f in self.fields)
        return FormSchema(tuple(fields), self.components)

    @property
    def choices(self) -> dict[str, frozenset[str]]:
        """The fields that are always answered with one of a few values, each with these values as texts."""
        always = [f for f in self.fields if not (f.hides or f.readonly or f.people)]
        boxes = {f.key: frozenset({"true", "false"}) for f in always if f.type == "checkbox"}
        asked = [f for f in always if f.type in ONE_OF and f.rules.required]
        return boxes | {f.key: frozenset(option.text for option in f.options) for f in asked}

    @property
    def files(self) -> frozenset[str]:
        """The keys of fields that take files."""
        return frozenset(spec.key for spec in self.fields if spec.type == "filepicker")

    def hidden(self, answers: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> frozenset[str]:
        """Give the keys that the conditions hide for these answers; nothing is validated."""
        form = self._scope.bound(plain_answers(answers, self._scope.lists))
        return self._scope.hidden(form, record or {})

    def json_schema(self) -> dict[str, Any]:
        """Give a JSON Schema of the answers, for the REST API."""
        return json_schema(self.fields)


def load_form(content: bytes, file: str = "") -> FormSchema:
    """Read a form; raise InvalidDiagram with findings when it leaves what we support."""
    fields, findings = read_form(file, content)
    if findings:
        raise InvalidDiagram(f"表单不能用：{'；'.join(each.message for each in findings)}", findings)
    return FormSchema(fields, orjson.loads(content)["components"])


def _staffed(field: FieldSpec, people: Mapping[str, str], but: Any) -> FieldSpec:
    chosen = tuple(Option(who, name) for who, name in people.items() if who != but)
    return replace(field, options=chosen)


class _Scope:
    """The fields of a form, or of one row of a list, built once and bound to each set of answers."""

    def __init__(self, fields: tuple[FieldSpec, ...]) -> None:
        written = [field for field in fields if not field.readonly]
        self.simple = {field.key: field_for(field) for field in written if field.type != "dynamiclist"}
        self.lists = frozenset(field.key for field in written if field.type == "dynamiclist")
        self.rows = [(field, _Scope(field.inner)) for field in written if field.type == "dynamiclist"]
        self.readonly = frozenset(field.key for field in fields if field.readonly)
        self.conditions = {field.key: field.hides for field in fields if field.hides}
        self.known = frozenset(self.simple) | self.lists | self.readonly

    def clean(
        self, answers: Mapping[str, Any], around: Mapping[str, Any], errors: dict[str, str], prefix: str
    ) -> dict[str, Any]:
        """Clean one set of answers; sentences about what is wrong go to `errors` under prefixed keys."""
        given = plain_answers(answers, self.lists)
        for key, value in given.items():
            if key not in self.known and value is not None:
                errors[f"{prefix}{key}"] = f"表单里没有“{key[:40]}”这一项"
        form = self.bound(given)
        hidden = self.hidden(form, around)
        result: dict[str, Any] = {}
        for key, field in form._fields.items():
            result[key] = None if key in hidden else field.data
            if key not in hidden and not field.validate(form):
                errors[f"{prefix}{key}"] = field.errors[0]
        seen = {**around, **result}
        for spec, scope in self.rows:
            shown = spec.key not in hidden
            result[spec.key] = _rows(spec, scope, given.get(spec.key), seen, errors, prefix) if shown else None
        return result

    def bound(self, given: Mapping[str, Any]) -> BaseForm:
        """Give the WTForms form holding these answers."""
        form = BaseForm(self.simple, meta=_META)
        form.process(Texts(given, self.simple))
        return form

    def hidden(self, form: BaseForm, around: Mapping[str, Any]) -> frozenset[str]:
        """Give the hidden keys: a hidden field has no answer, which may hide or show others in turn."""
        hidden: frozenset[str] = frozenset()
        if not self.conditions:
            return hidden
        answers = {key: field.data for key, field in form._fields.items()}
        for _ in range(MAX_PASSES):
            seen = {**around, **answers, **dict.fromkeys(hidden)}
            before, hidden = (
                hidden,
                frozenset(key for key, hides in self.conditions.items() if any(hide.holds(seen.get) for hide in hides)),
            )
            if hidden == before:
                break
        return hidden


def _rows(
    spec: FieldSpec, scope: _Scope, value: Any, around: Mapping[str, Any], errors: dict[str, str], prefix: str
) -> list[dict[str, Any]]:
    """Clean the rows of a list; empty rows are dropped."""
    rows = rows_of(value)
    name = f"{prefix}{spec.key}"
    if rows is None:
        errors[name] = f"{spec.called}要填一张表，最多 {MOST_ROWS} 行"
        return []
    if spec.rules.required and not rows:
        errors[name] = f"{spec.called}至少填一行"
    return [scope.clean(row, around, errors, f"{name}-{number}-") for number, row in enumerate(rows)]
