"""Diagrams broken at random: attributes lost or exchanged, elements lost or doubled, texts garbled."""

import copy
import random
import xml.etree.ElementTree as ElementTree

GARBLED = [
    "",
    "${",
    "}",
    "x ==",
    "${a",
    "3个工作日",
    "P1D",
    "到期",
    "R/PT1S",
    "nobody",
    "${nobody}",
    "nobody@${x}",
    "true",
    "a,b",
    "-1",
    "長" * 50,
]


def mutated(content: bytes, chance: random.Random, times: int = 1) -> bytes:
    """Give a file after some random changes; it stays XML."""
    root = ElementTree.fromstring(content)
    for _ in range(times):
        chance.choice([_lose_attribute, _exchange_attribute, _garble_attribute, _lose, _double, _garble])(root, chance)
    written: bytes = ElementTree.tostring(root, encoding="utf-8")
    return written


def _any(root: ElementTree.Element, chance: random.Random) -> ElementTree.Element:
    return chance.choice(list(root.iter()))


def _lose_attribute(root: ElementTree.Element, chance: random.Random) -> None:
    node = _any(root, chance)
    if node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]


def _exchange_attribute(root: ElementTree.Element, chance: random.Random) -> None:
    node, other = _any(root, chance), _any(root, chance)
    if node.attrib and other.attrib:
        node.attrib[chance.choice(list(node.attrib))] = other.attrib[chance.choice(list(other.attrib))]


def _garble_attribute(root: ElementTree.Element, chance: random.Random) -> None:
    node = _any(root, chance)
    if node.attrib:
        node.attrib[chance.choice(list(node.attrib))] = chance.choice(GARBLED)


def _lose(root: ElementTree.Element, chance: random.Random) -> None:
    parent = _any(root, chance)
    if len(parent):
        parent.remove(chance.choice(list(parent)))


def _double(root: ElementTree.Element, chance: random.Random) -> None:
    parent = _any(root, chance)
    if len(parent):
        parent.append(copy.deepcopy(chance.choice(list(parent))))


def _garble(root: ElementTree.Element, chance: random.Random) -> None:
    _any(root, chance).text = chance.choice(GARBLED)
