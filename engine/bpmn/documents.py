"""Diagrams as bytes: read without trusting them, and a digest that ignores formatting."""

import hashlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.domain.errors import InvalidDiagram

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
MAX_BYTES = 2 * 1024 * 1024
_DRAWING = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI")


def tag(name: str) -> str:
    """Give the full name of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """Give the full name of an attribute or element of the camunda dialect."""
    return f"{{{CAMUNDA}}}{name}"


def local_name(node: etree._Element) -> str:
    """Give an element's name without its namespace; comments and the like have none."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def read(content: bytes, file: str = "") -> etree._Element:
    """Parse an untrusted XML file; raise InvalidDiagram for anything but a small, plain document.

    A DOCTYPE is looked for in the parsed document: a search in the bytes misses it in a UTF-16 file.
    """
    if len(content) > MAX_BYTES:
        raise InvalidDiagram(f"{file}:文件超过 2 MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidDiagram(f"{file}:不是可读的 XML({error})") from error
    info: Any = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise InvalidDiagram(f"{file}:不允许 DOCTYPE 与实体声明")
    return root


def digest(files: dict[str, bytes]) -> str:
    """Give the SHA-256 of a bundle's meaning: XML is taken without formatting, drawing and attribute order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0")
        total.update(_meaning(name, files[name]) + b"\0")
    return total.hexdigest()


def _meaning(name: str, content: bytes) -> bytes:
    if not name.endswith((".bpmn", ".dmn")):
        return content.replace(b"\r\n", b"\n").strip()
    return "\n".join(_lines(read(content, name), 0)).encode()


def _lines(node: etree._Element, depth: int) -> Iterator[str]:
    if not isinstance(node.tag, str) or etree.QName(node).namespace in _DRAWING:
        return
    attributes = " ".join(f"{key!s}={value!r}" for key, value in sorted(node.attrib.items()))
    text = "\n".join(line.rstrip() for line in (node.text or "").strip().splitlines())
    yield f"{depth} {node.tag} {attributes} {text!r}"
    for child in node:
        yield from _lines(child, depth + 1)
