"""The JSON Schema of a form's answers, derived from the same fields."""

from typing import Any

from engine.forms.specs import LONGEST, MOST_ROWS, ONE_OF, SOME_OF, FieldSpec

FORMATS = {"date": "date", "time": "time", "datetime": "date-time"}


def json_schema(fields: tuple[FieldSpec, ...]) -> dict[str, Any]:
    """Give the schema of one set of answers; a field that may be hidden is never required here."""
    written = [field for field in fields if not field.readonly]
    return {
        "type": "object",
        "properties": {field.key: _property(field) for field in written},
        "required": [
            field.key for field in written if field.rules.required and not field.hides and field.default is None
        ],
        "additionalProperties": False,
    }


def _property(field: FieldSpec) -> dict[str, Any]:
    schema = {"title": field.label, **_kind(field)}
    if field.description:
        schema["description"] = field.description
    if field.default is not None:
        schema["default"] = field.default
    return schema


def _kind(field: FieldSpec) -> dict[str, Any]:
    """Give the type and limits of one field."""
    if field.people and not field.options:
        return {"type": _or_null(field, "string")}
    if field.type in ONE_OF:
        return {"enum": [*(option.value for option in field.options), *([] if field.rules.required else [None])]}
    if field.type in SOME_OF:
        return {"type": "array", "items": {"enum": [option.value for option in field.options]}, "uniqueItems": True}
    if field.type == "filepicker":
        return {"type": "array", "items": {"type": "string"}}
    if field.type == "dynamiclist":
        return {"type": "array", "items": json_schema(field.inner), "maxItems": MOST_ROWS}
    if field.type == "checkbox":
        return {"type": "boolean"}
    if field.type == "number":
        return _number(field)
    return _text(field)


def _number(field: FieldSpec) -> dict[str, Any]:
    rules = field.rules
    limits = {"minimum": rules.minimum, "maximum": rules.maximum}
    kind = "integer" if rules.decimals == 0 else "number"
    return {"type": _or_null(field, kind), **{name: limit for name, limit in limits.items() if limit is not None}}


def _text(field: FieldSpec) -> dict[str, Any]:
    """Give the schema of texts and of moments."""
    if field.type == "datetime":
        return {"type": _or_null(field, "string"), "format": FORMATS[field.subtype]}
    rules = field.rules
    schema: dict[str, Any] = {"type": _or_null(field, "string"), "maxLength": rules.max_length or LONGEST[field.type]}
    if rules.min_length is not None:
        schema["minLength"] = rules.min_length
    if rules.pattern is not None:
        schema["pattern"] = rules.pattern.pattern
    return schema


def _or_null(field: FieldSpec, kind: str) -> str | list[str]:
    return kind if field.rules.required and not field.hides else [kind, "null"]
