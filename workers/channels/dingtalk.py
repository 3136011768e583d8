"""DingTalk group robot (钉钉群机器人) with signed calls: text with mentions by phone."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import orjson

from engine import Outgoing
from engine.domain.clock import Clock
from engine.domain.delivery import Outcome
from workers.channels.net import Net
from workers.channels.robots import Codes, judged, send_parts, text_of
from workers.channels.wecom import JSON

LONGEST = 6000
"""Bytes of one text: well below the 20 KB of a call, and as much as anybody reads in a group."""
TOO_FAST = timedelta(minutes=10)
"""How long a robot that sent too fast is shut out."""
CODES = Codes(
    limits={130101: TOO_FAST, 410100: TOO_FAST, 90018: TOO_FAST, 90030: TOO_FAST},
    passing=frozenset({-1}),
)


def signed(secret: str, at: datetime) -> dict[str, str]:
    """Give the two parameters that prove who calls: milliseconds since 1970 and their signature."""
    timestamp = str(int(at.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


@dataclass(frozen=True, slots=True)
class DingTalk:
    """Writes into one group; calls are signed by the true time, which no offset of a demo moves."""

    net: Net
    clock: Clock
    endpoint: str
    access_token: str
    sign_secret: str

    def send(self, message: Outgoing) -> Outcome:
        """Send the text in parts; the person is mentioned in the first."""
        text = text_of(message)
        return send_parts(message, text, LONGEST, lambda part, is_first: self._part(message, part, is_first))

    def _part(self, message: Outgoing, part: str, is_first: bool) -> Outcome:
        said: dict[str, object] = {"msgtype": "text", "text": {"content": part}}
        if message.phone and is_first:
            said["text"] = {"content": f"{part}\n@{message.phone}"}
            said["at"] = {"atMobiles": [message.phone], "isAtAll": False}
        asked = {"access_token": self.access_token, **signed(self.sign_secret, self.clock.lease_now())}
        url = f"{self.endpoint.rstrip('/')}/robot/send?{urlencode(asked)}"
        return judged(self.net.post(url, orjson.dumps(said), JSON), CODES, self.net.secrets)
