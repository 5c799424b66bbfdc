"""Rules about the channel in Fanfare itself: an instance takes it in and finds no fault."""

from channels.testing.instance import Instance
from channels.testing.rules import Rules


class FittingRules(Rules):
    """A channel that passes the suite is one that an instance offers."""

    def test_an_instance_takes_the_channel_in(self, instance: Instance) -> None:
        said = instance.run("plugin", "check", self.channel.kind)

        assert said.code == 0, f"fanfare plugin check says:\n{said.out}{said.err}"
