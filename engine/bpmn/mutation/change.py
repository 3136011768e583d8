"""One change to one file: what it is called, what it does, which elements a scenario must reach to notice."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.documents import local_name, read


class Draft:
    """A copy of a document that may be spoiled; `draft[node]` is the copy of a node of the original."""

    def __init__(self, root: etree._Element) -> None:
        self.root = deepcopy(root)
        self._twins = dict(zip(root.iter(), self.root.iter(), strict=True))

    def __getitem__(self, node: etree._Element) -> etree._Element:
        return self._twins[node]

    def remove(self, *nodes: etree._Element) -> None:
        """Take nodes of the original out of the copy."""
        for node in nodes:
            twin = self[node]
            around = twin.getparent()
            if around is not None:
                around.remove(twin)

    def text(self) -> bytes:
        """Give the copy as a file."""
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)


@dataclass(frozen=True, slots=True)
class Change:
    """What a kind of mutation would do at one place."""

    element: str
    detail: str
    said: str
    """In words of the owner: what was, what is instead."""
    near: tuple[str, ...]
    """Places (elements, rules) that whoever notices is likely to have reached."""
    edit: Callable[[Draft], None]

    @property
    def place(self) -> str:
        """The stable part of the id after the kind."""
        return f"{self.element}:{self.detail}" if self.detail else self.element


def drawn(content: bytes, file: str) -> etree._Element:
    """Read a file without its drawing: what runs is the meaning."""
    root = read(content, file)
    for plane in [n for n in root if local_name(n) in ("BPMNDiagram", "DMNDI")]:
        root.remove(plane)
    return root


def named(node: etree._Element) -> str:
    """Give how an owner knows an element: its name with its id."""
    ident = node.get("id") or ""
    return f"“{node.get('name')}”({ident})" if node.get("name") else ident


def around(node: etree._Element, *kinds: str) -> etree._Element | None:
    """Give the nearest element of some kinds that holds a node, or None."""
    return next((n for n in node.iterancestors() if local_name(n) in kinds), None)


def children(node: etree._Element, name: str) -> list[etree._Element]:
    """Give the children with a local name, in order."""
    return [child for child in node if local_name(child) == name]


def following(value: str, values: list[str]) -> str | None:
    """Give the next other value of a list, after the last round to the first; None when there is no other."""
    others = list(dict.fromkeys(values))
    if len(others) < 2:
        return None
    return others[(others.index(value) + 1) % len(others)] if value in others else others[0]


def bare(text: str) -> str:
    """Give an expression without the `${…}` around it."""
    stripped = text.strip()
    return stripped[2:-1].strip() if stripped.startswith("${") and stripped.endswith("}") else stripped


def set_text(node: etree._Element, text: str) -> Callable[[Draft], None]:
    """Give the edit that writes a text into a node."""

    def edit(draft: Draft) -> None:
        draft[node].text = text

    return edit


def set_attribute(node: etree._Element, name: str, value: str | None) -> Callable[[Draft], None]:
    """Give the edit that sets an attribute, or with None takes it away."""

    def edit(draft: Draft) -> None:
        if value is None:
            del draft[node].attrib[name]
        else:
            draft[node].set(name, value)

    return edit


Kind = Callable[[etree._Element], Iterator[Change]]
