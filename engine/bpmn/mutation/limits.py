"""Limits: longer by a little, wherever one is written: due dates, timers, parameters, scripts, decision tables."""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from engine.bpmn.documents import camunda, local_name, tag
from engine.bpmn.elements import FLOW_NODES
from engine.bpmn.mutation.change import Change, Draft, around, named, set_attribute, set_text
from engine.domain.deadline import Unit, parse, parse_cycle
from engine.domain.errors import InvalidDeadline

_QUOTED = re.compile(r""" "[^"\n]*" | '[^'\n]*' """, re.VERBOSE)
_AMOUNT = re.compile(r"半(?=个?小时)|[0-9]+")
_SAME_DAY = re.compile(r"^当[日天](?:内|下班前)?")
_SHARE = re.compile(r"(?P<before>(?:时限的)?)(?P<n>[0-9]{1,2})%")
_TIMERS = ("timeDuration", "timeDate", "timeCycle")


def limit(root: etree._Element) -> Iterator[Change]:
    """Give every limit another length: `3个工作日` becomes `4个工作日`, `PT10M` becomes `PT20M`."""
    for node in root.iter():
        if local_name(node) in FLOW_NODES:
            for name in ("dueDate", "followUpDate"):
                text = node.get(camunda(name), "")
                yield from _texts(node, name, text, _attribute(node, camunda(name)))
        elif local_name(node) in _TIMERS:
            yield from _inside(node, "timer")
        elif node.tag == tag("script"):
            yield from _inside(node, "script")
        elif node.tag == camunda("inputParameter"):
            yield from _inside(node, node.get("name", ""))


def longer(text: str) -> str | None:
    """Give a limit a little longer than a text's, in the same words; None when the text is no limit.

    Of a range the upper bound is moved, of a share half of what is left is added.
    """
    share = _SHARE.fullmatch(text.strip())
    if share:
        return f"{share['before']}{(int(share['n']) + 100) // 2}%" if 0 < int(share["n"]) < 99 else None
    head, slash, body = text.strip().rpartition("/")
    if not _is_limit(head + slash + body):
        return None
    amounts = list(_AMOUNT.finditer(body))
    if not amounts:
        later = _SAME_DAY.sub("1个工作日", body, count=1)
        return None if later == body else f"{head}{slash}{later}"
    moved = amounts[-1] if _is_range(head + slash + body) else amounts[0]
    return f"{head}{slash}{body[: moved.start()]}{_more(moved[0])}{body[moved.end() :]}"


def limits_in(text: str) -> list[tuple[int, int, str]]:
    """Give the limits in a text as (start, end, longer): the whole text, or what stands in quotes inside."""
    whole = longer(text)
    if whole is not None and not _QUOTED.fullmatch(text.strip()):
        return [(0, len(text), whole)]
    found = []
    for quoted in _QUOTED.finditer(text):
        more = longer(quoted[0].strip()[1:-1])
        if more is not None:
            start = quoted.start() + quoted[0].index(quoted[0].strip()) + 1
            found.append((start, start + len(quoted[0].strip()) - 2, more))
    return found


def _is_limit(text: str) -> bool:
    try:
        if text.startswith(("R", "每")):
            parse_cycle(text)
            return True
        return bool(text) and parse(text).unit is not Unit.MOMENT
    except InvalidDeadline:
        return False


def _is_range(text: str) -> bool:
    return not text.startswith(("R", "每")) and parse(text).amber is not None


def _more(amount: str) -> str:
    """One more, but at least half as much again would be noticed: ten and above are doubled."""
    if amount == "半":
        return "1"
    return str(int(amount) + 1 if int(amount) < 10 else int(amount) * 2)


def _inside(node: etree._Element, name: str) -> Iterator[Change]:
    holder = around(node, *FLOW_NODES)
    if holder is not None:
        yield from _texts(holder, name, node.text or "", lambda text: set_text(node, text))


def _texts(
    holder: etree._Element, name: str, text: str, write: Callable[[str], Callable[[Draft], None]]
) -> Iterator[Change]:
    found = limits_in(text)
    for number, (start, end, more) in enumerate(found, 1):
        detail = name if len(found) == 1 else f"{name}.{number}"
        said = f"{named(holder)}的时限 {text[start:end].strip()} 改成 {more}"
        ident = holder.get("id", "")
        near = (ident, holder.get("attachedToRef") or ident)
        yield Change(ident, detail, said, near, write(f"{text[:start]}{more}{text[end:]}"))


def _attribute(node: etree._Element, name: str) -> Callable[[str], Callable[[Draft], None]]:
    return lambda text: set_attribute(node, name, text)
