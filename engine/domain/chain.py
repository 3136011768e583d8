"""By which channels a notice goes to a person, one after another: decided from what the procedure, the person and the office say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.domain.notice_rules import CHANNEL_KINDS, NoticeRules

USUAL = tuple(kind for kind in CHANNEL_KINDS if kind != "sms")
"""Where nobody has said anything: every kind that is set up, but nothing that costs money for each message."""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that is switched on; `unit` is whose people and those below it serves, None: everyone."""

    key: str
    kind: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody can be reached, and what they wish."""

    email: str = ""
    phone: str = ""
    wishes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By kind of notice, kinds of channels in order; none of them: the inbox alone."""
    above: Mapping[str, int] = field(default_factory=dict)
    """Their units and all above, each with how far up it is."""

    def address(self, kind: str) -> str | None:
        """Give where a kind of channel finds them; None where it needs an address that nobody has told."""
        if kind in ("email", "sms"):
            return (self.email if kind == "email" else self.phone) or None
        return ""


def kinds_for(rules: NoticeRules, reach: Reach, usual: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Give the kinds of channels in order; `usual` is what the office has chosen, by kind of notice.

    What a procedure makes mandatory goes by its channels, or, where it names none, by something in any case.
    """
    if rules.mandatory and rules.channels:
        return rules.channels
    wish = reach.wishes.get(rules.kind)
    if wish is not None and (wish or not rules.mandatory):
        return tuple(wish)
    chosen = usual.get(rules.kind)
    if chosen is not None and (chosen or not rules.mandatory):
        return tuple(chosen)
    return rules.channels or USUAL


def chain(kinds: Sequence[str], ways: Sequence[Way], reach: Reach) -> tuple[str, ...]:
    """Give the channels in order: of each kind the one nearest to the person; kinds that nobody serves are passed over."""
    found = (_nearest(kind, ways, reach) for kind in kinds if reach.address(kind) is not None)
    return tuple(dict.fromkeys(key for key in found if key is not None))


def _nearest(kind: str, ways: Sequence[Way], reach: Reach) -> str | None:
    everyones = len(reach.above) + 1
    serving = [
        (everyones if way.unit is None else reach.above[way.unit], way.key)
        for way in ways
        if way.kind == kind and (way.unit is None or way.unit in reach.above)
    ]
    return min(serving)[1] if serving else None
