"""A signed call to any system that knows Standard Webhooks."""

from dataclasses import dataclass

import orjson

from engine import Outgoing
from engine.domain.clock import Clock
from engine.domain.delivery import Delivered, Outcome
from engine.domain.signatures import sign
from workers.channels.net import Answer, Net

TYPE = "notice"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts one JSON object; the message's key is the call's number, the same whenever it is sent again."""

    net: Net
    clock: Clock
    url: str
    secret: str

    def send(self, message: Outgoing) -> Outcome:
        """Sign and post; any 2xx is a success."""
        at = self.clock.lease_now()
        data = {
            "notice": message.notice,
            "recipient": message.recipient,
            "name": message.name,
            "subject": message.subject,
            "body": message.body,
            "link": message.link,
            "urgent": message.urgent,
        }
        body = orjson.dumps({"type": TYPE, "timestamp": at.isoformat(), "data": data})
        headers = {"Content-Type": "application/json", **sign(self.secret, message.idempotency_key, at, body)}
        answer = self.net.post(self.url, body, headers)
        if not isinstance(answer, Answer):
            return answer
        return answer.failure or Delivered(code=f"HTTP {answer.status}", words=answer.words)
