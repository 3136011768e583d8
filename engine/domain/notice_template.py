"""Templates of notices: `${name}` and nothing else is filled; the first line is the subject, the rest the body."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from engine.domain.personal import hidden, masked, numbers_in

LONGEST_SUBJECT, LONGEST_BODY = 60, 1000
"""Characters of fixed text that a template may have."""
KEPT_SUBJECT = 200
"""Characters of a filled subject that are kept."""
_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = frozenset("\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that take no room but turn or split what is read."""


def names_in(template: str) -> frozenset[str]:
    """Give the names that a template asks for."""
    return frozenset(_NAME.findall(template))


def faults_of(template: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Give what an owner has to mend in a template before it is used: (rule, sentence); `known` are the names that exist."""
    subject, _, body = template.partition("\n")
    found = []
    if not subject.strip():
        found.append(("notice-subject", "第一行是标题，不能空着"))
    if len(_NAME.sub("", subject).strip()) > LONGEST_SUBJECT:
        found.append(("notice-length", f"标题（第一行）的固定文字超过 {LONGEST_SUBJECT} 个字，请写短一些"))
    if len(_NAME.sub("", body).strip()) > LONGEST_BODY:
        found.append(("notice-length", f"正文的固定文字超过 {LONGEST_BODY} 个字，请写短一些"))
    for stray in sorted({part[:12] for part in re.findall(r"\$[^\n]*", _NAME.sub("", template))}):
        found.append(("notice-dollar", f"“{stray}”里的 $ 后面不是 {{名字}}；要填的写成 ${{名字}}，美元请写“美元”"))
    for name in sorted(names_in(template) - set(known)):
        found.append(("notice-name", f"没有谁会填 ${{{name}}}{_meant(name, known)}"))
    return found


def filled(template: str, words: Mapping[str, str], secret: Collection[str] = (), plain: Collection[str] = ()) -> str:
    """Fill a template: each `${name}` once, from `words` (empty where there are none); a filled value is never read again.

    What stands under the `secret` names is hidden altogether as a phone or identity number, and every such number that
    a value brings into the text loses its middle too, unless it stands under a `plain` name or in the template itself.
    """
    parts, values, at, length = list[str](), list[tuple[int, int]](), 0, 0
    for match in _NAME.finditer(template):
        said = words.get(match[1], "")
        said = masked(said) if match[1] in secret else said
        fixed = template[at : match.start()]
        parts += [fixed, said]
        length += len(fixed) + len(said)
        if match[1] not in plain:
            values.append((length - len(said), length))
        at = match.end()
    text = "".join([*parts, template[at:]])
    for first, last in numbers_in(text):
        if any(first < end and begin < last for begin, end in values):
            text = hidden(text, first, last)
    return text


def one_line(value: str) -> str:
    """Give a value fit for a subject: line breaks and signs that cannot be seen are gone."""
    return " ".join(cleaned(value).split())


def cleaned(value: str) -> str:
    """Give a value fit for a body: lines end with a line feed, control characters and signs that turn the text are gone."""
    text = _BREAKS.sub("\n", value)
    return "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _UNSEEN))


def _meant(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, sorted(known), 1, 0.6)
    return f"，您是不是想写 ${{{close[0]}}}" if close else "；请检查拼写，或让表单、脚本、服务任务的输入给出它"
