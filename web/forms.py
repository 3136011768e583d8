"""A form-js form as blocks a template can draw: values as typed, errors beside the field, conditions for the browser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from werkzeug.datastructures import MultiDict

from engine.domain.clock import SHANGHAI, local
from engine.domain.personal import masked
from engine.forms import FieldSpec, FormSchema
from engine.forms.answers import plain_answers, rows_of
from web.words import moment, on_day

EMPTY_ROWS = 3
"""Blank rows a list offers beyond the filled ones, so that it works without JavaScript."""
Files = Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Input:
    """One field as drawn."""

    spec: FieldSpec
    name: str
    values: tuple[str, ...]
    error: str = ""
    hidden: bool = False
    hides: str = ""
    """The hide conditions as JSON for the browser: any of groups of [key, literal, equal]."""
    files: tuple[tuple[str, str, int], ...] = ()
    """Files already here: id, name, size."""

    @property
    def value(self) -> str:
        """The single value."""
        return self.values[0] if self.values else ""

    @property
    def help_id(self) -> str:
        """The id that aria-describedby names."""
        return f"{self.name}-help"

    @property
    def words(self) -> str:
        """The values as people read them."""
        labels = {option.text: option.label for option in self.spec.options}
        if self.spec.type == "datetime":
            return "、".join(_dated(value) for value in self.values)
        return "、".join(labels.get(value, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a text, a field, or a list of rows."""

    kind: str
    text: str = ""
    input: Input | None = None
    rows: list[list[Input]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a form is drawn from."""

    known: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def blocks(
    form: FormSchema,
    answers: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    record: Mapping[str, Any] | None = None,
    files: Files | None = None,
    secret: frozenset[str] = frozenset(),
) -> list[Block]:
    """Give a form's blocks in the order they were drawn.

    `record` fills readonly fields, `files` names attachments by id, `secret` are readonly keys to be shown masked.
    """
    shown = {key: value for key, value in (record or {}).items() if key in form.shown_keys}
    known = {**shown, **_folded(form, answers)}
    drawing = Drawing(known, errors or {}, files or {}, secret, form.hidden(answers, record or {}))
    return list(_walk(form.components, {spec.key: spec for spec in form.fields}, drawing))


def typed(sent: "MultiDict[str, str]", form: FormSchema) -> dict[str, Any]:
    """Give what a browser sent, by key, without what is not the form's own (token, buttons)."""
    own = form.keys
    return {key: sent.getlist(key) for key in sent if key in own or key.partition("-")[0] in own}


def file_ids(form: FormSchema, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the ids of the attachments that some answers name."""
    keys = [spec.key for spec in form.fields if spec.type == "filepicker"]
    return tuple(ident for key in keys for ident in answers.get(key) or () if ident)


def said(drawn: list[Block]) -> list[tuple[str, str]]:
    """Give what was typed, label and words, for a form that can only be read any more."""
    inputs = [block.input for block in drawn if block.input is not None and not block.input.hidden]
    lists = [(c.spec.label, c.words) for block in drawn for row in block.rows for c in row if c.values]
    names = [(i.spec.label, "、".join(name for _, name, _ in i.files) or i.words) for i in inputs if i.values]
    return [*names, *lists]


def _folded(form: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of lists come as `steps-0-name` from a browser; the engine numbers the filled ones."""
    lists = frozenset(spec.key for spec in form.fields if spec.type == "dynamiclist")
    folded = plain_answers(answers, lists)
    return {**folded, **{key: rows_of(folded[key]) or [] for key in lists if key in folded}}


def _walk(components: Any, specs: Mapping[str, FieldSpec], drawing: Drawing) -> Iterator[Block]:
    for component in components:
        kind = component.get("type")
        if kind == "text":
            yield Block("text", str(component.get("text", "")))
        elif kind == "group":
            yield Block("heading", str(component.get("label", "")))
            yield from _walk(component.get("components", ()), specs, drawing)
        elif kind == "dynamiclist" and component.get("path") in specs:
            yield _list(specs[component["path"]], drawing)
        elif component.get("key") in specs:
            spec = specs[component["key"]]
            yield Block("field", input=_input(spec, spec.key, drawing.known.get(spec.key), drawing))


def _list(spec: FieldSpec, drawing: Drawing) -> Block:
    filled = [row for row in drawing.known.get(spec.key) or () if isinstance(row, Mapping)]
    rows = [*filled, *({} for _ in range(EMPTY_ROWS))]
    drawn = [
        [_input(inner, f"{spec.key}-{n}-{inner.key}", row.get(inner.key), drawing) for inner in spec.inner]
        for n, row in enumerate(rows)
    ]
    return Block("list", spec.label, _input(spec, spec.key, None, drawing), drawn)


def _input(spec: FieldSpec, name: str, value: Any, drawing: Drawing) -> Input:
    texts = tuple(_texts(spec, spec.default if value is None else value))
    if spec.readonly and spec.key in drawing.secret:
        texts = tuple(masked(text) for text in texts)
    files = tuple((ident, *drawing.files[ident]) for ident in texts if ident in drawing.files)
    hidden = name in drawing.hidden
    return Input(spec, name, texts, drawing.errors.get(name, ""), hidden, _conditions(spec), files)


def _texts(spec: FieldSpec, value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in _texts(spec, each)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if spec.type == "datetime" and "T" in str(value) and spec.subtype != "date":
        try:
            return [f"{local(datetime.fromisoformat(str(value))):%Y-%m-%dT%H:%M}"]
        except ValueError:
            return [str(value)]
    return [str(value)]


def _dated(text: str) -> str:
    """Give a day or a moment of a field (Asia/Shanghai) as people write it; anything else as it stands."""
    try:
        if "T" in text:
            return moment(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))
        return on_day(date.fromisoformat(text))
    except ValueError:
        return text


def _conditions(spec: FieldSpec) -> str:
    if not spec.hides:
        return ""
    groups = [[[c.key, c.literal, c.equal] for c in group] for hide in spec.hides for group in hide.groups]
    return orjson.dumps(groups).decode()
