"""Which channel takes a message: one given to the worker, else the one that administrators have set up, else the fallback."""

from dataclasses import dataclass, field

from engine import ChannelSetups, Engine, Outgoing
from workers.channels import Channel, Channels
from workers.channels.registry import open_channel
from workers.channels.shut import Shut


@dataclass(slots=True)
class Switchboard:
    """Opens each channel once for each version of its set-up."""

    engine: Engine
    given: Channels
    fallback: Channel
    opened: dict[str, tuple[int, Channel]] = field(default_factory=dict)

    def channel_for(self, message: Outgoing) -> Channel:
        """Give the channel of a message; one whose set-up is gone by now is shut."""
        if message.channel in self.given:
            return self.given[message.channel]
        if not message.version:
            return self.fallback
        known = self.opened.get(message.channel)
        if known is None or known[0] < message.version:
            known = self._open(message)
            self.opened[message.channel] = known
        return known[1]

    def _open(self, message: Outgoing) -> tuple[int, Channel]:
        for setup in self.engine.ask(ChannelSetups()):
            if setup.key == message.channel:
                return setup.version, open_channel(setup, self.engine.clock)
        return message.version, Shut("通道刚才被删掉了")
