"""Which channel a set-up opens."""

from collections.abc import Callable
from dataclasses import replace

from engine.domain.channel_setup import ChannelSetup
from engine.domain.clock import Clock, SystemClock
from workers.channels import Channel
from workers.channels.apprise_channel import AppriseChannel
from workers.channels.console import Console
from workers.channels.dingtalk import DingTalk
from workers.channels.email import Email
from workers.channels.net import Net
from workers.channels.shut import Shut
from workers.channels.sms import Aliyun, Sms
from workers.channels.webhook import Webhook
from workers.channels.wecom import WeCom


def open_channel(setup: ChannelSetup, clock: Clock | None = None, net: Net | None = None) -> Channel:
    """Give the channel of a set-up; one in trouble, or of a kind nobody knows, is shut. Nothing is connected yet.

    `clock` tells the true time for signatures (its lease time); `net` holds limits and the resolver.
    """
    opener = OPENERS.get(setup.kind)
    if setup.trouble or opener is None:
        return Shut(setup.trouble or f"不认识的通道种类:{setup.kind}")
    hidden = tuple(setup.secrets.values())
    ours = replace(
        net or Net(), allows_inside=setup.allows_inside, ca=str(setup.settings.get("ca", "")), secrets=hidden
    )
    return opener(setup, ours, clock or SystemClock())


def _email(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    said = setup.settings
    return Email(
        net,
        clock,
        server=said["server"],
        port=int(said["port"]),
        security=said["security"],
        sender=said["sender"],
        sender_name=said.get("sender_name", ""),
        user=said.get("user", ""),
        password=setup.secrets.get("password", ""),
    )


def _wecom(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    return WeCom(net, setup.settings["endpoint"], setup.secrets["key"])


def _dingtalk(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    secrets = setup.secrets
    return DingTalk(net, clock, setup.settings["endpoint"], secrets["access_token"], secrets["sign_secret"])


def _webhook(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    return Webhook(net, clock, setup.settings["url"], setup.secrets["secret"])


def _sms(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    said = setup.settings
    gateway = Aliyun(
        net,
        clock,
        said["endpoint"],
        said["access_key_id"],
        setup.secrets["access_key_secret"],
        said["sign_name"],
        said["template"],
    )
    return Sms(gateway, said["title_variable"], said.get("link_variable", ""))


def _apprise(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    return AppriseChannel(setup.secrets["url"], setup.allows_inside)


def _console(setup: ChannelSetup, net: Net, clock: Clock) -> Channel:
    return Console()


OPENERS: dict[str, Callable[[ChannelSetup, Net, Clock], Channel]] = {
    "email": _email,
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "webhook": _webhook,
    "sms": _sms,
    "apprise": _apprise,
    "console": _console,
}
