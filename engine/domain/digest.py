"""One message in place of many that wait for the same person."""

from collections.abc import Sequence

FROM = 5
"""How many have to wait for somebody on a channel before they become one."""
_LONGEST = 6000


def digest(texts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Give subject and body for several (subject, body), in their order; the same for the same, however often it is sent."""
    subjects = [f"{place}. {subject}" for place, (subject, _) in enumerate(texts, 1)]
    whole = "\n\n".join(f"{line}\n{body}".strip() for line, (_, body) in zip(subjects, texts, strict=True))
    body = whole if len(whole) <= _LONGEST else "\n".join(subjects)
    return f"您有 {len(texts)} 条通知:{texts[0][0]} 等"[:200], body
