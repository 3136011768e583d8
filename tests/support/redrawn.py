"""A shipped procedure as an owner would have revised it: the fields of the desktop modeller's panel, a few lines of settings.

`revision.toml` says why an office would want it and what changes; nothing but that changes:

    [panel.<element>]      what the element template of its kind offers, by the name it is written under; "" takes it away
    [markers]              a repeated task: "in_turn" (three lying lines) or "together" (three standing ones)
    [conditions]           the condition on a flow
    [settings]             lines that procedure.toml did not have
    [[fields.<form>]]      components that are put at the end of a form
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn.documents import camunda, local_name, read, tag
from engine.bundles import procedures_root, read_bundle

ROOT = Path(__file__).parent.parent / "fixtures" / "redrawn"
CHANGES = ("panel", "markers", "conditions", "settings", "fields")
MARKERS = {"in_turn": "true", "together": "false"}


class NoSuchChange(Exception):
    """A revision changes something that is not there, or nothing."""


@dataclass(frozen=True)
class Revision:
    """What becomes of a shipped procedure."""

    folder: Path
    procedure: str
    """Where the shipped one lies: family/name."""
    title: str
    why: str
    changes: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Procedure and revision, as a test is called."""
        return f"{self.procedure.partition('/')[2]}/{self.folder.name}"

    def files(self) -> dict[str, bytes]:
        """Give the whole procedure as the owner would upload it. Raises NoSuchChange."""
        return redraw(read_bundle(procedures_root() / self.procedure), self.changes)

    def put(self, place: Path) -> Path:
        """Write the procedure below a place, family/name; give its folder."""
        for name, content in self.files().items():
            path = place / self.procedure / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return place / self.procedure


def revisions() -> list[Revision]:
    """Give all revisions that are kept."""
    return [_revision(path) for path in sorted(ROOT.glob("*/*/revision.toml"))]


def revision(name: str) -> Revision:
    """Give one: procedure/revision."""
    return _revision(ROOT / name / "revision.toml")


def redraw(files: Mapping[str, bytes], changes: Mapping[str, Any]) -> dict[str, bytes]:
    """Give a procedure's files after some changes; raise NoSuchChange for one that names nothing or changes nothing."""
    if unknown := changes.keys() - set(CHANGES):
        raise NoSuchChange(f"no such kind of change: {sorted(unknown)}")
    after = dict(files)
    [file] = [name for name in files if name.endswith(".bpmn")]
    root = read(files[file], file)
    for element, said in changes.get("panel", {}).items():
        for name, value in said.items():
            _fill_in(_element(root, element), name, value)
    for element, marker in changes.get("markers", {}).items():
        _mark(_element(root, element), marker)
    for flow, condition in changes.get("conditions", {}).items():
        _word(_only(_element(root, flow), "conditionExpression"), condition)
    if {"panel", "markers", "conditions"} & changes.keys():
        after[file] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    for form, fields in changes.get("fields", {}).items():
        after[f"forms/{form}.form"] = _with_fields(files, f"forms/{form}.form", fields)
    if settings := changes.get("settings"):
        after["procedure.toml"] = _with_settings(files["procedure.toml"], settings)
    return after


def _revision(path: Path) -> Revision:
    said = tomllib.loads(path.read_text("utf-8"))
    return Revision(path.parent, said.pop("procedure"), said.pop("title"), said.pop("why"), said)


def _element(root: etree._Element, ident: str) -> etree._Element:
    found = [node for node in root.iter() if node.get("id") == ident]
    if len(found) != 1:
        raise NoSuchChange(f"the diagram has no element {ident}")
    return found[0]


def _only(node: etree._Element, name: str) -> etree._Element:
    found = node.find(tag(name))
    if found is None:
        raise NoSuchChange(f"{node.get('id')} has no {name}")
    return found


@cache
def _offered() -> dict[tuple[str, str], tuple[str, frozenset[str] | None]]:
    """By kind of element and name: how the modeller writes it, and what may be chosen (None: anything)."""
    text = (procedures_root() / ".camunda" / "element-templates" / "banjie.json").read_text("utf-8")
    found: dict[tuple[str, str], tuple[str, frozenset[str] | None]] = {}
    for template in json.loads(text):
        for field in template["properties"]:
            binding, choices = field["binding"], field.get("choices")
            for kind in template["appliesTo"]:
                words = frozenset(c["value"] for c in choices) if choices else None
                found[kind.partition(":")[2], binding.get("name", "")] = binding["type"], words
    return found


def _fill_in(node: etree._Element, name: str, value: str) -> None:
    """Write one field of the panel as the modeller does."""
    where = f"{node.get('id')}: {name}"
    kind = local_name(node)
    binding, choices = _offered().get((kind[0].upper() + kind[1:], name), ("", None))
    if binding not in ("property", "camunda:property") or (choices is not None and value not in choices):
        raise NoSuchChange(f"{where} = {value!r} cannot be chosen in the modeller")
    if binding == "property":
        _attribute(node, camunda(name.removeprefix("camunda:")), value, where)
    else:
        _property(node, name, value, where)


def _attribute(node: etree._Element, name: str, value: str, where: str) -> None:
    if node.get(name, "") == value:
        raise NoSuchChange(f"{where} is {value!r} already")
    if value:
        node.set(name, value)
    else:
        del node.attrib[name]


def _property(node: etree._Element, name: str, value: str, where: str) -> None:
    holder = node.find(f"{tag('extensionElements')}/{camunda('properties')}")
    if holder is None:
        raise NoSuchChange(f"{where}: the element has no properties yet")
    found = {prop.get("name"): prop for prop in holder}.get(name)
    if (found.get("value") if found is not None else "") == value:
        raise NoSuchChange(f"{where} is {value!r} already")
    if found is not None and not value:
        holder.remove(found)
        return
    if found is None:
        found = etree.SubElement(holder, camunda("property"), {"name": name})
    found.set("value", value)


def _mark(node: etree._Element, marker: str) -> None:
    marks = _only(node, "multiInstanceLoopCharacteristics")
    if marks.get("isSequential", "false") == MARKERS[marker]:
        raise NoSuchChange(f"{node.get('id')} is {marker} already")
    marks.set("isSequential", MARKERS[marker])


def _word(node: etree._Element, text: str) -> None:
    if node.text == text:
        raise NoSuchChange(f"the condition is {text!r} already")
    node.text = text


def _with_fields(files: Mapping[str, bytes], name: str, fields: list[dict[str, Any]]) -> bytes:
    if name not in files:
        raise NoSuchChange(f"there is no {name}")
    form = json.loads(files[name])
    if again := {f["key"] for f in fields} & {c.get("key") for c in form["components"]}:
        raise NoSuchChange(f"{name} has {sorted(again)} already")
    form["components"] += [{"id": f"field_{field['key']}", **field} for field in fields]
    return json.dumps(form, ensure_ascii=False, indent=2).encode()


def _with_settings(content: bytes, settings: Mapping[str, Any]) -> bytes:
    """Put lines before the first table: there they belong to the whole procedure."""
    text = content.decode()
    if again := settings.keys() & tomllib.loads(text).keys():
        raise NoSuchChange(f"procedure.toml says {sorted(again)} already")
    return ("".join(f"{name} = {_toml(value)}\n" for name, value in settings.items()) + text).encode()


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
