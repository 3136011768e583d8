"""What the robots of work groups have in common: texts in parts, and answers that say in their body what HTTP did not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from engine import Outgoing
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry, Unknown
from workers.channels.answers import clean, code_of, read_json
from workers.channels.net import Answer
from workers.channels.splitting import split


@dataclass(frozen=True, slots=True)
class Codes:
    """A provider's error codes: how long the whole channel waits, what may go better by itself; all others refuse for good."""

    limits: Mapping[int, timedelta]
    passing: frozenset[int]


def text_of(message: Outgoing) -> str:
    """Give a message as one text: subject, body, link, each on lines of its own."""
    return "\n".join(part for part in (message.subject, message.body, message.link) if part)


def judged(answer: Answer | Outcome, codes: Codes, secrets: Iterable[str] = ()) -> Outcome:
    """Give the outcome of one part by HTTP status and `errcode`; an answer without one that can be read is no success."""
    if not isinstance(answer, Answer):
        return answer
    if answer.failure is not None:
        return answer.failure
    said = read_json(answer.body)
    errcode = said.get("errcode") if said is not None else None
    if said is None or isinstance(errcode, bool) or not isinstance(errcode, int):
        return Unknown("answer", f"回答看不懂:{answer.words}")
    code, words = code_of(errcode), clean(said.get("errmsg", answer.words), secrets)
    if errcode == 0:
        return Delivered(code=code, words=words)
    if errcode in codes.limits:
        return Retry(code, words, codes.limits[errcode], whole_channel=True)
    return Retry(code, words) if errcode in codes.passing else Rejected(code, words)


def send_parts(message: Outgoing, text: str, most: int, send: Callable[[str, bool], Outcome]) -> Outcome:
    """Send a text part by part, from the first that has not arrived yet; `send` is told whether it is the very first.

    What goes wrong says how many parts have arrived; a part refused after others is refused for the rest.
    """
    outcome: Outcome = Delivered(words="没有内容")
    for n, part in enumerate(split(text, most)):
        if n < message.parts_done:
            continue
        outcome = send(part, n == 0)
        if isinstance(outcome, (Retry, Unknown)):
            return replace(outcome, parts_done=n)
        if isinstance(outcome, Rejected):
            return outcome
    return outcome
