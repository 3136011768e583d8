"""Everything else, through the optional library Apprise: it says whether it worked, and hardly ever why not."""

from dataclasses import dataclass, field
from importlib import import_module

from engine import Outgoing
from engine.domain.channel_setup import APPRISE_NEVER
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry
from workers.channels.robots import text_of


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """One address of Apprise's. It connects by itself, so that an administrator must have allowed inside addresses."""

    url: str = field(repr=False)
    allows_inside: bool = False

    def send(self, message: Outgoing) -> Outcome:
        """Send without attachments; success means that Apprise saw no error, not that the service took the message."""
        if not self.allows_inside:
            return Rejected("address", "Apprise 自己连出去,没有允许内网地址就不用它")
        if self.url.partition("://")[0].lower() in APPRISE_NEVER:
            return Rejected("url", "企业微信、钉钉、飞书不能经 Apprise 发:对方拒收时它也报成功")
        try:
            apprise = import_module("apprise")
        except ImportError:
            return Rejected("apprise", "没有装 apprise:pip install 'banjie[apprise]'")
        service = apprise.Apprise()
        if not service.add(self.url):
            return Rejected("url", "Apprise 看不懂这个地址")
        if service.notify(body=text_of(message), title=message.subject):
            return Delivered(words="Apprise 没有报错;对方自己的回答不得而知")
        return Retry("apprise", "Apprise 报失败,没有说原因")
