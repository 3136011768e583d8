"""Text messages through a gateway that sends approved templates; one gateway in the shape of Aliyun's SendSms."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import orjson

from engine import Outgoing
from engine.domain.clock import Clock
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry, Unknown
from workers.channels.answers import clean, code_of, read_json
from workers.channels.net import Answer, Net

LONGEST_VARIABLE = 35
"""Characters a template's variable may have."""
LIMITED = timedelta(hours=1)
"""How long a number that has had too many messages is left alone."""
PASSING = frozenset({"isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "isp.UNKNOWN", "InternalError", "ServiceUnavailable"})
PER_NUMBER = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL_IN_ISP"})
THROTTLED = ("Throttling", "isv.LIMIT_CONTROL")
WHOLE = timedelta(seconds=60)


class Gateway(Protocol):
    """A provider of text messages."""

    def send(self, phone: str, variables: Mapping[str, str], key: str) -> Outcome:
        """Hand a message over under our key; a gateway that reports the arrival later gives Delivered(confirmed=False)."""


@dataclass(frozen=True, slots=True)
class Sms:
    """Fills the template's variables and hands the message to the gateway."""

    gateway: Gateway
    title_variable: str
    link_variable: str = ""

    def send(self, message: Outgoing) -> Outcome:
        """Send to the person's phone; a text too long for its variable ends in an ellipsis."""
        if not message.address:
            return Rejected("address", "没有手机号")
        variables = {self.title_variable: _fitting(message.subject)}
        if self.link_variable and message.link:
            variables[self.link_variable] = message.link
        return self.gateway.send(message.address, variables, message.idempotency_key)


def _fitting(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VARIABLE else line[: LONGEST_VARIABLE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Aliyun:
    """The RPC call SendSms of version 2017-05-25, signed with HMAC-SHA1 as that interface demands."""

    net: Net
    clock: Clock
    endpoint: str
    access_key_id: str
    access_key_secret: str
    sign_name: str
    template: str

    def send(self, phone: str, variables: Mapping[str, str], key: str) -> Outcome:
        """Send one message; our key goes along as OutId and comes back with the report of arrival."""
        asked = {
            "AccessKeyId": self.access_key_id,
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": key,
            "PhoneNumbers": phone,
            "RegionId": "cn-hangzhou",
            "SignName": self.sign_name,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": uuid.uuid4().hex,
            "SignatureVersion": "1.0",
            "TemplateCode": self.template,
            "TemplateParam": orjson.dumps(dict(variables)).decode(),
            "Timestamp": self.clock.lease_now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Version": "2017-05-25",
        }
        asked["Signature"] = signature(asked, self.access_key_secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._judged(self.net.post(f"{self.endpoint.rstrip('/')}/", urlencode(asked).encode(), headers))

    def _judged(self, answer: Answer | Outcome) -> Outcome:
        if not isinstance(answer, Answer):
            return answer
        said = read_json(answer.body)
        if said is None or not isinstance(said.get("Code"), str):
            return answer.failure or Unknown("answer", f"回答看不懂:{answer.words}")
        code = code_of(said["Code"], self.net.secrets)
        words = clean(said.get("Message", ""), self.net.secrets)
        if code == "OK" and answer.failure is None:
            return Delivered(_receipt(said), code, words, confirmed=False)
        if code in PER_NUMBER:
            return Retry(code, words, LIMITED)
        if code.startswith(THROTTLED):
            return Retry(code, words, WHOLE, whole_channel=True)
        if code in PASSING or isinstance(answer.failure, Retry):
            return Retry(code, words)
        return Rejected(code, words)


def signature(asked: Mapping[str, str], secret: str, verb: str = "POST") -> str:
    """Give the signature of an RPC call: HMAC-SHA1 over the sorted parameters, each encoded by RFC 3986."""
    sorted_ones = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(asked.items()))
    signed = f"{verb}&%2F&{_encoded(sorted_ones)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _receipt(said: Mapping[str, Any]) -> str:
    return clean(said.get("BizId", ""))[:200]
