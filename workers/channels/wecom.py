"""WeCom group robot (企业微信群机器人): text with mentions by phone."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import orjson

from engine import Outgoing
from engine.domain.delivery import Outcome
from workers.channels.net import Net
from workers.channels.robots import Codes, judged, send_parts, text_of

LONGEST = 2048
"""Bytes of one text."""
JSON = {"Content-Type": "application/json; charset=utf-8"}
CODES = Codes(
    limits={45009: timedelta(seconds=60), 45033: timedelta(seconds=60)},
    passing=frozenset({-1}),
)


@dataclass(frozen=True, slots=True)
class WeCom:
    """Writes into one group."""

    net: Net
    endpoint: str
    key: str

    def send(self, message: Outgoing) -> Outcome:
        """Send the text in parts; the person is mentioned in the first."""
        return send_parts(
            message, text_of(message), LONGEST, lambda part, is_first: self._part(message, part, is_first)
        )

    def _part(self, message: Outgoing, part: str, is_first: bool) -> Outcome:
        text: dict[str, object] = {"content": part}
        if message.phone and is_first:
            text["mentioned_mobile_list"] = [message.phone]
        url = f"{self.endpoint.rstrip('/')}/cgi-bin/webhook/send?{urlencode({'key': self.key})}"
        return judged(
            self.net.post(url, orjson.dumps({"msgtype": "text", "text": text}), JSON), CODES, self.net.secrets
        )
