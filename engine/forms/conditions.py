"""When a form hides a field: `= key = "text"`, `!=`, `and`, `or`; read once, evaluated on the server."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain.errors import InvalidExpression

MAX_LENGTH = 1000
TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"\\]*")|(?P<sign>!=|=)|(?P<word>[^\W\d]\w*)|(?P<number>-?\d{1,15}(?:\.\d{1,10})?))'
)
CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One `key = literal` or `key != literal`."""

    key: str
    literal: Any
    equal: bool

    def holds(self, find: Callable[[str], Any]) -> bool:
        """Compare the present answer with the literal."""
        return _same(find(self.key), self.literal) is self.equal


@dataclass(frozen=True, slots=True)
class Condition:
    """Comparisons joined by `and` within a group and by `or` between groups."""

    source: str
    groups: tuple[tuple[Comparison, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        """The keys the condition looks at."""
        return frozenset(each.key for group in self.groups for each in group)

    def holds(self, find: Callable[[str], Any]) -> bool:
        """Say whether the condition holds over the answers that `find` gives."""
        return any(all(each.holds(find) for each in group) for group in self.groups)


def parse_condition(source: str) -> Condition:
    """Read a condition; raise InvalidExpression when it is anything but the documented form."""
    tokens = _tokens(source)
    groups: list[tuple[Comparison, ...]] = []
    group: list[Comparison] = []
    for at in range(0, len(tokens), 4):
        group.append(_comparison(source, tokens[at : at + 3]))
        joint = tokens[at + 3][1] if at + 3 < len(tokens) else "end"
        if joint == "or" or joint == "end":
            groups.append(tuple(group))
            group = []
        elif joint != "and":
            raise _refused(source)
    if group or not groups:
        raise _refused(source)
    return Condition(source, tuple(groups))


def _tokens(source: str) -> list[tuple[str, str]]:
    """Split a condition, after its leading `=`, into (kind, text) pairs."""
    text = source.strip()
    if not text.startswith("=") or len(text) > MAX_LENGTH:
        raise _refused(source)
    tokens = []
    at = 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _refused(source)
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


def _comparison(source: str, tokens: list[tuple[str, str]]) -> Comparison:
    if [kind for kind, _text in tokens[:2]] != ["word", "sign"] or len(tokens) != 3:
        raise _refused(source)
    (_, key), (_, sign), (kind, text) = tokens
    if kind == "word" and text not in CONSTANTS or kind == "sign" or key in (*CONSTANTS, "and", "or"):
        raise _refused(source)
    return Comparison(key, _literal(kind, text), sign == "=")


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return text[1:-1]
    if kind == "word":
        return CONSTANTS[text]
    return float(text) if "." in text else int(text)


def _same(answer: Any, literal: Any) -> bool:
    """Compare as people read it: a ticked box is "true", a list holds the literal."""
    if isinstance(answer, list):
        return any(_same(each, literal) for each in answer)
    if isinstance(answer, bool) and isinstance(literal, str):
        return ("true" if answer else "false") == literal
    if isinstance(answer, (int, float)) and isinstance(literal, str):
        return str(answer) == literal
    if isinstance(answer, bool) is not isinstance(literal, bool):
        return False
    return bool(answer == literal)


def _refused(source: str) -> InvalidExpression:
    return InvalidExpression(f'看不懂隐藏条件“{source}”，只能写 = 键 = "文字"、!=、and、or')
