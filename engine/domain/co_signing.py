"""Co-signing (会签, 或签, 依次, 票签): how votes are counted, when they decide, and the words by which a diagram says so."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from engine.domain.errors import Invalid

ALL, ANY, RATIO, WEIGHTS = "all", "any", "ratio", "weights"
EARLY, LAST = "early", "last"
EVERYBODY = "any"
"""In `veto`: everybody has one."""
PASSED, REFUSED = "passed", "refused"
KIND = "co_sign"
WORDS = (KIND, "pass_share", "weights", "veto", "stop", "vote_field", "agree_value")
"""The properties by which a user task says how it is co-signed; the first makes the others count."""
MORE_THAN_HALF = "过半"
"""How much is enough where nothing else is said; the only share that is not reached by just that much."""
_NAMED = {MORE_THAN_HALF: "1/2", "半数": "1/2", "三分之一": "1/3", "三分之二": "2/3", "四分之三": "3/4"}
_PERCENT, _PART, _COUNT = re.compile(r"(\d+(?:\.\d+)?)%"), re.compile(r"(\d+)/(\d+)"), re.compile(r"(\d+)人")
_WEIGHT = re.compile(r"([^=,\s]+)\s*=\s*(\d{1,6}(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True)
class Share:
    """How much agreement is enough."""

    part: Fraction = Fraction(1, 2)
    """Of all votes, this much or more."""
    more: bool = True
    """Only more will do."""
    count: int = 0
    """So many people, whatever the part; 0: it is a part."""

    def is_met(self, agreed: Fraction, people: int, whole: Fraction) -> bool:
        """Whether some votes, given by some people, are enough of the whole."""
        if self.count:
            return people >= self.count
        return agreed > self.part * whole if self.more else agreed >= self.part * whole


@dataclass(frozen=True, slots=True)
class CoSigning:
    """How one task is co-signed."""

    kind: str = ALL
    share: Share = Share()
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    """By signer as the list names them; whoever is not named has one."""
    veto: frozenset[str] = frozenset()
    """Signers whose refusal alone decides; EVERYBODY for all of them."""
    stops_early: bool = True
    """Whether it is over as soon as nothing can change the outcome any more."""

    def weight(self, signer: str) -> Fraction:
        """Give how much somebody's vote counts."""
        return self.weights.get(signer, Fraction(1)) if self.kind == WEIGHTS else Fraction(1)

    def may_veto(self, signer: str) -> bool:
        """Whether somebody's refusal alone decides."""
        return self.kind == ALL or not self.veto.isdisjoint({signer, EVERYBODY})


@dataclass(frozen=True, slots=True)
class Tally:
    """How a co-signing stands: who agrees, who does not, who has not said."""

    rules: CoSigning
    agreed: tuple[str, ...]
    refused: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether it passes as the votes are; where nobody has agreed nothing does."""
        return bool(self.agreed) and not self._vetoed and self._enough(self.agreed)

    @property
    def settled(self) -> bool:
        """Whether the outcome stands, whatever those may say who have not yet."""
        if not self.waiting:
            return True
        if self.rules.kind == ANY:
            return bool(self.agreed or self.refused)
        if self._vetoed or not self._enough((*self.agreed, *self.waiting)):
            return True
        return self.passed and not any(self.rules.may_veto(who) for who in self.waiting)

    @property
    def over(self) -> bool:
        """Whether nobody need sign any more."""
        return self.settled and (self.rules.stops_early or not self.waiting)

    @property
    def outcome(self) -> str:
        """Give `passed` or `refused`."""
        return PASSED if self.passed else REFUSED

    def counted(self) -> dict[str, int | float]:
        """Give the numbers as the record keeps them: people, and where votes weigh differently their weights."""
        found: dict[str, int | float] = {
            "agreed": len(self.agreed),
            "refused": len(self.refused),
            "waiting": len(self.waiting),
            "total": len(self._everybody),
        }
        if self.rules.kind == WEIGHTS:
            sides = {"agreed": self.agreed, "refused": self.refused, "total": self._everybody}
            found |= {f"{name}_weight": _number(self._weight(who)) for name, who in sides.items()}
        return found

    @property
    def _everybody(self) -> tuple[str, ...]:
        return (*self.agreed, *self.refused, *self.waiting)

    @property
    def _vetoed(self) -> bool:
        return any(self.rules.may_veto(who) for who in self.refused)

    def _enough(self, agreeing: tuple[str, ...]) -> bool:
        if self.rules.kind == ALL:
            return len(agreeing) == len(self._everybody)
        if self.rules.kind == ANY:
            return bool(agreeing)
        return self.rules.share.is_met(self._weight(agreeing), len(agreeing), self._weight(self._everybody))

    def _weight(self, signers: Iterable[str]) -> Fraction:
        return sum((self.rules.weight(who) for who in signers), Fraction(0))


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def parse_share(text: str) -> Share:
    """Read how much is enough: `过半`, `三分之二`, `2/3`, `60%`, `3人`; raise Invalid for anything else, or out of range."""
    said = unicodedata.normalize("NFKC", text).replace(" ", "")
    if (count := _COUNT.fullmatch(said)) and 0 < int(count[1]) <= 1000:
        return Share(count=int(count[1]), more=False)
    said = _NAMED.get(said, said)
    found = None
    if (percent := _PERCENT.fullmatch(said)) is not None:
        found = Fraction(percent[1]) / 100
    elif (part := _PART.fullmatch(said)) is not None and int(part[2]):
        found = Fraction(int(part[1]), int(part[2]))
    if found is None or not 0 < found <= 1:
        raise Invalid(f"pass_share 写的是“{text}”,要写 过半、三分之二、2/3、60% 这样的比例(大于 0、不超过 1),或 3人")
    return Share(found, more=text.strip() == MORE_THAN_HALF)


def parse_weights(text: str) -> dict[str, Fraction]:
    """Read `name=2,other=1`; raise Invalid for anything else."""
    found: dict[str, Fraction] = {}
    for part in unicodedata.normalize("NFKC", text).split(","):
        said = _WEIGHT.fullmatch(part.strip())
        if said is None or said[1] in found:
            raise Invalid(f"weights 里的“{part.strip()}”看不懂;要写 名单里的一项=票数,逗号分隔,每项一次")
        found[said[1]] = Fraction(said[2])
    return found


def wrong_words(said: Mapping[str, str]) -> Iterator[str]:
    """Give a sentence for each word about co-signing that nobody understands, or that does not go with another."""
    kind = said.get(KIND, "")
    if kind not in (ALL, ANY, RATIO, WEIGHTS):
        yield f"co_sign 写的是“{kind}”,只能写 all、any、ratio、weights"
        return
    if said.get("stop", "") not in ("", EARLY, LAST):
        yield f"stop 写的是“{said['stop']}”,只能写 early、last"
    if kind == ANY and (said.get("stop") == LAST or said.get("veto")):
        yield "或签(any)以先签的一位为准,不能再写 stop = last 或 veto"
    if kind not in (RATIO, WEIGHTS) and said.get("pass_share"):
        yield f"pass_share 只用于 ratio、weights,co_sign 写的是 {kind}"
    if (kind == WEIGHTS) != bool(said.get("weights")):
        yield "weights 写各人的票数,要与 co_sign = weights 一起写"
    yield from _unreadable(said)


def _unreadable(said: Mapping[str, str]) -> Iterator[str]:
    try:
        share = parse_share(said["pass_share"]) if said.get("pass_share") else Share()
        if said.get(KIND) == WEIGHTS and share.count:
            yield "票签(weights)按票数算,pass_share 不能写几人"
    except Invalid as error:
        yield str(error)
    try:
        if said.get("weights") and "${" not in said["weights"]:
            parse_weights(said["weights"])
    except Invalid as error:
        yield str(error)


def said_about(properties: Mapping[str, str]) -> dict[str, str]:
    """Give what properties say about co-signing, empty ones left out."""
    return {name: properties[name].strip() for name in WORDS if properties.get(name, "").strip()}


def rules_of(properties: Mapping[str, str], weights: Mapping[str, Fraction] | None = None) -> CoSigning:
    """Give the rules that properties say; `weights` are those worked out where they are an expression. Raises Invalid."""
    said = said_about(properties)
    if weights is None and "${" not in said.get("weights", ""):
        weights = parse_weights(said["weights"]) if "weights" in said else {}
    return CoSigning(
        said[KIND],
        parse_share(said["pass_share"]) if "pass_share" in said else Share(),
        weights or {},
        frozenset(who.strip() for who in said.get("veto", "").split(",") if who.strip()),
        said.get("stop", EARLY) == EARLY,
    )


def vote_of(properties: Mapping[str, str]) -> tuple[str, str]:
    """Give the form's field that is the vote, and the value that agrees."""
    said = said_about(properties)
    return said.get("vote_field", "verdict"), said.get("agree_value", "agree")


def agrees(value: object, wanted: str) -> bool:
    """Whether an answer is the value that agrees; a ticked box is `true`."""
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return value is not None and text == wanted
