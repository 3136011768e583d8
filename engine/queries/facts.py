"""Answers in the words of the forms they were given in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.domain import personal
from engine.domain.clock import in_words as moment_in_words
from engine.forms import FieldSpec
from engine.steps.released import Released


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer in words; `personal` ones are shown masked, `files` are ids of attachments."""

    key: str
    label: str
    value: str
    personal: bool = False
    files: tuple[str, ...] = ()


def facts_of(version: Released, form: str, answers: Mapping[str, Any], names: Mapping[str, str]) -> list[Fact]:
    """Give the filled answers of a form in its own words and order; people by their `names`."""
    schema = version.form_of(form)
    found = []
    for spec in schema.fields if schema is not None else ():
        value = answers.get(spec.key)
        if value not in (None, "", []):
            files = tuple(str(each) for each in value) if spec.type == "filepicker" else ()
            words = names.get(str(value), str(value)) if spec.people else in_words(spec, value)
            found.append(Fact(spec.key, spec.label, words, is_personal(version, spec), files))
    return found


def is_personal(version: Released, spec: FieldSpec) -> bool:
    """Whether a field asks for a phone or identity number, by its form's rules or as the order's phone."""
    return spec.key == version.procedure.columns.get("phone") or spec.rules.named in personal.KINDS


def in_words(spec: FieldSpec, value: Any) -> str:
    """Give an answer as people read it: the label of an option, 是 or 否, lists with 、, moments in local time."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return (";" if spec.inner else "、").join(in_words(spec, each) for each in value)
    if isinstance(value, dict):
        rows = [(inner, value.get(inner.key)) for inner in spec.inner]
        return ",".join(f"{inner.label} {_cell(inner, each)}" for inner, each in rows if each not in (None, "", []))
    if spec.type == "datetime":
        return _moment(spec, str(value))
    return next((option.label for option in spec.options if value in (option.value, option.text)), str(value))


def _cell(spec: FieldSpec, value: Any) -> str:
    return personal.masked(value) if spec.rules.named in personal.KINDS else in_words(spec, value)


def _moment(spec: FieldSpec, text: str) -> str:
    try:
        if spec.subtype == "datetime":
            return moment_in_words(datetime.fromisoformat(text))
        day = date.fromisoformat(text) if spec.subtype == "date" else None
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日" if day else text
